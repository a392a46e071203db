/* Whether a JSON body will be JSON, seen before the first request is sent.
 *
 * Each value is replaced by a sample of what it can be and the text is scanned: a number for a
 * number, a mark inside quotes. A value that is text outside of quotes would give {"sku": tea}; the
 * sample would hide it, so it is a finding of its own. A captured variable may be anything.
 */
#include "traffic/api_private.h"

#include <string.h>

void api_body_sample(struct api_reader *r, const ApiTemplate *body, GString *sample)
{
    bool in_string = false;

    for (uint32_t i = 0; i < body->piece_count; i++) {
        const struct api_piece *piece = &body->pieces[i];
        for (uint32_t b = 0; b < piece->text_size; b++) {
            if (in_string && piece->text[b] == '\\')
                b++;
            else if (piece->text[b] == '"')
                in_string = !in_string;
        }
        g_string_append_len(sample, piece->text, piece->text_size);
        if (piece->source == API_SOURCE_NONE)
            continue;
        const enum api_kind kind = api_piece_kind(piece);
        if (in_string)
            g_string_append(sample, API_SAMPLE_MARK);
        else if (kind == API_KIND_ANY)
            g_string_append_printf(sample, "%" G_GINT64_FORMAT, API_SAMPLE_ANY);
        else
            g_string_append_c(sample, '0');
        if (r != NULL && !in_string && kind == API_KIND_TEXT)
            diagnostic_add(r->list, piece->at, "this value is a text: in JSON it stands in quotes");
        if (r != NULL && in_string && piece->escape == API_QUOTED)
            diagnostic_add(r->list, piece->at, "quoted brings its own quotes");
    }
}

void api_body_check(struct api_reader *r, const Node *node, const ApiTemplate *body)
{
    g_autoptr(GString) sample = g_string_new(NULL);

    api_body_sample(r, body, sample);
    if (!json_scan_is_valid(sample->str, sample->len))
        diagnostic_add(r->list, node_position(node),
                       "the body is not JSON once its values are filled in; other bodies need "
                       "a Content-Type of their own");
}
