/* What errors say of a request that is sent by itself, outside of journeys (the sections `seed` and
 * `audit` of an API map): what could not be filled in, and what was answered instead. A journey's
 * requests don't come here: what goes wrong with them is counted, not told.
 */
#include "traffic/api_private.h"

#include "shell/diagnostic.h"

#define API_EXCERPT_MAX 400 /* bytes of an answer that are shown */

gboolean api_is_set(const GArray *unset, GError **ret_error)
{
    if (unset->len == 0)
        return TRUE;
    const struct api_unset *first = &g_array_index(unset, struct api_unset, 0);
    diagnostic_set(ret_error, OMO_SHELL_ERROR_CANNOT_RUN, first->at,
                   "environment variable '%s' is not set", first->name);
    return FALSE;
}

/* Values that are no variables are there, as `each` gives them, but perhaps not in their table. */
static bool api_piece_may_lack(const struct api_piece *piece, const struct api_text *variable)
{
    if (piece->source != API_SOURCE_VARIABLE)
        return piece->table != NULL;
    const struct api_text *value = &variable[piece->variable];
    return value->text == NULL ||
           (piece->table != NULL && api_table_find(piece->table, value->text, value->size) == NULL);
}

static const char *api_template_missing(const ApiTemplate *template,
                                        const struct api_text *variable)
{
    for (uint32_t i = 0; template != NULL && i < template->piece_count; i++)
        if (api_piece_may_lack(&template->pieces[i], variable))
            return template->pieces[i].name;
    return NULL;
}

const char *api_request_missing(const struct api_request *request, const struct api_text *variable)
{
    const char *missing = api_template_missing(request->path, variable);

    for (uint32_t i = 0; missing == NULL && i < request->header_count; i++)
        missing = api_template_missing(request->headers[i].value, variable);
    return missing != NULL ? missing : api_template_missing(request->body, variable);
}

char *api_excerpt(const struct api_reply *reply)
{
    const uint32_t size = MIN(reply->body.size, API_EXCERPT_MAX);
    g_autofree char *bytes = g_strndup(reply->body.text != NULL ? reply->body.text : "", size);
    g_autofree char *text = g_utf8_make_valid(bytes, -1);

    for (char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20)
            *c = ' ';
    g_strchomp(text);
    return g_strconcat(text, reply->body.size > size ? "..." : "", NULL);
}

const char *api_verdict_text(enum api_verdict verdict)
{
    return verdict == API_FAILED_CHECK      ? ", which fails a check"
           : verdict == API_MISSING_CAPTURE ? " without what is captured"
                                            : "";
}
