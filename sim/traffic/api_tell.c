/* Requests as people read them: the path of a template, and a message as a command that can be run,
 * for dry runs and for bug reports.
 *
 * Each argument is in single quotes, where a POSIX shell leaves everything alone; a quote in it is
 * written as '\''. Bodies go through --data-binary, which keeps line ends; one that begins with '@'
 * would be taken for a file name, so --data-raw is used, which keeps them too when given a text.
 */
#include "traffic/api_private.h"

#include <string.h>

static void api_quote(GString *text, const char *bytes, size_t size)
{
    g_string_append_c(text, '\'');
    for (size_t i = 0; i < size; i++)
        if (bytes[i] == '\'')
            g_string_append(text, "'\\''");
        else
            g_string_append_c(text, bytes[i]);
    g_string_append_c(text, '\'');
}

char *api_template_text(const ApiTemplate *path)
{
    GString *text = g_string_new(NULL);

    for (uint32_t i = 0; i < path->piece_count; i++) {
        const struct api_piece *piece = &path->pieces[i];
        g_string_append_len(text, piece->text, piece->text_size);
        if (piece->source != API_SOURCE_NONE)
            g_string_append_printf(text, "{%s}", piece->name);
    }
    return g_string_free(text, FALSE);
}

char *api_path_text(const ApiMap *map, uint32_t request)
{
    const ApiTemplate *path = api_request(map, request)->path;

    return path != NULL ? api_template_text(path) : NULL;
}

char *api_to_curl(const ApiMap *map, const struct api_message *message, const char *target)
{
    GString *text = g_string_new("curl ");
    g_autoptr(GString) url = g_string_new(target);

    if (url->len > 0 && url->str[url->len - 1] == '/')
        g_string_truncate(url, url->len - 1);
    g_string_append_len(url, message->path.text, message->path.size);
    if (message->head_only) {
        g_string_append(text, "--head ");
    } else if (message->body.text != NULL || message->method.size != 3 ||
               memcmp(message->method.text, "GET", 3) != 0) {
        g_string_append(text, "-X ");
        g_string_append_len(text, message->method.text, message->method.size);
        g_string_append_c(text, ' ');
    }
    api_quote(text, url->str, url->len);
    for (uint32_t i = 0; i < message->header_count; i++) {
        const struct api_pair *pair = &message->header[i];
        g_autofree char *name = g_strndup(pair->name.text, pair->name.size);
        g_autofree char *value = g_strndup(pair->value.text, pair->value.size);
        g_autofree char *line =
            g_strdup_printf("%s: %s", name, api_header_is_secret(map, name) ? "***" : value);
        g_string_append(text, " \\\n  -H ");
        api_quote(text, line, strlen(line));
    }
    if (message->body.text != NULL) {
        g_string_append(text, " \\\n  --data-raw ");
        api_quote(text, message->body.text, message->body.size);
    }
    return g_string_free(text, FALSE);
}
