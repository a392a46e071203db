/* HTTP Archive 1.2 (J. Odvarko, "HTTP Archive (HAR) format", W3C web performance group, 2012).
 *
 * Requests of one page are a journey; those of none are cut into journeys by gaps. A browser asks
 * for the parts of a page side by side, a journey one after the other: intended times stay as they
 * were recorded, so only the order of what was simultaneous is new. The whole file belongs to one
 * member, whose number comes from the first request.
 *
 * The file is read whole, as JSON must be; it holds the answers too, which are dropped. Entries that
 * are not HTTP (web sockets, data: and extension URLs) are left out. Cookies and other secrets that
 * were recorded are kept: they are what is to be sent again.
 */
#include "shell/json.h"
#include "traffic/import_private.h"
#include "traffic/message.h"
#include "traffic/moment.h"

#include <omosim/types.h>
#include <string.h>

#define HAR_GAP_US (30 * OMO_US_PER_SECOND)

struct har_source {
    const char *path;
    const json_t *entries;
};

static gboolean har_fail(GError **ret_error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean har_fail(GError **ret_error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT, text);
    return FALSE;
}

/* ---- a request ------------------------------------------------------------------------------- */

/* Name and value of an element of a list of them; false when it is not one. */
static bool har_pair(const json_t *pair, const char **ret_name, const char **ret_value)
{
    *ret_name = json_string_value(json_object_get(pair, "name"));
    *ret_value = json_string_value(json_object_get(pair, "value"));
    return *ret_name != NULL && *ret_value != NULL;
}

static const char *har_header(const json_t *headers, const char *wanted)
{
    const char *name, *value;

    for (size_t i = 0; i < json_array_size(headers); i++)
        if (har_pair(json_array_get(headers, i), &name, &value) &&
            g_ascii_strcasecmp(name, wanted) == 0)
            return value;
    return NULL;
}

static gboolean har_headers(const json_t *request, GString *message, GError **ret_error)
{
    const json_t *headers = json_object_get(request, "headers");
    const char *connection = har_header(headers, "Connection");
    const char *type =
        json_string_value(json_object_get(json_object_get(request, "postData"), "mimeType"));
    const char *name, *value;

    if (headers != NULL && !json_is_array(headers))
        return har_fail(ret_error, "request.headers: expected a list");
    for (size_t i = 0; i < json_array_size(headers); i++) {
        if (!har_pair(json_array_get(headers, i), &name, &value))
            return har_fail(ret_error, "request.headers[%zu]: expected name and value", i);
        if (!message_add_header(message, name, value, connection, ret_error))
            return FALSE;
    }
    if (type != NULL && *type != '\0' && har_header(headers, "Content-Type") == NULL)
        return message_add_header(message, "Content-Type", type, NULL, ret_error);
    return TRUE;
}

/* The parameters of a form as a body. Caller frees; NULL when they are no simple form. */
static char *har_form(const json_t *post)
{
    const char *type = json_string_value(json_object_get(post, "mimeType"));
    const json_t *parameters = json_object_get(post, "params");
    const char *name, *value;

    if (type == NULL || !g_str_has_prefix(type, "application/x-www-form-urlencoded"))
        return NULL;
    g_autoptr(GString) form = g_string_new(NULL);
    for (size_t i = 0; i < json_array_size(parameters); i++) {
        if (!har_pair(json_array_get(parameters, i), &name, &value))
            return NULL;
        g_autofree char *safe_name = g_uri_escape_string(name, NULL, FALSE);
        g_autofree char *safe_value = g_uri_escape_string(value, NULL, FALSE);
        g_string_append_printf(form, "%s%s=%s", i > 0 ? "&" : "", safe_name, safe_value);
    }
    return g_strdup(form->str);
}

static gboolean har_body(const json_t *request, GString *message, GError **ret_error)
{
    const json_t *post = json_object_get(request, "postData");
    const char *text = json_string_value(json_object_get(post, "text"));
    const char *encoding = json_string_value(json_object_get(post, "encoding"));

    if (post == NULL || json_is_null(post))
        return message_end(message, "", 0, ret_error);
    if (!json_is_object(post))
        return har_fail(ret_error, "request.postData: expected an object");
    if (encoding == NULL)
        encoding = json_string_value(json_object_get(post, "_encoding"));
    if (text != NULL && encoding != NULL && g_ascii_strcasecmp(encoding, "base64") == 0) {
        gsize size;
        g_autofree guchar *bytes = g_base64_decode(text, &size);
        return message_end(message, bytes, size, ret_error);
    }
    if ((text == NULL || *text == '\0') && json_array_size(json_object_get(post, "params")) > 0) {
        g_autofree char *form = har_form(post);
        if (form == NULL)
            return har_fail(ret_error, "request.postData: has params of a form that cannot be made "
                                       "again, and no text");
        return message_end(message, form, strlen(form), ret_error);
    }
    return message_end(message, text != NULL ? text : "", text != NULL ? strlen(text) : 0,
                       ret_error);
}

static gboolean har_message(const json_t *entry, GString *ret_message, GError **ret_error)
{
    const json_t *request = json_object_get(entry, "request");
    const char *method = json_string_value(json_object_get(request, "method"));
    const char *url = json_string_value(json_object_get(request, "url"));

    if (method == NULL)
        return har_fail(ret_error, "request.method: expected a text");
    return message_begin(ret_message, method, url, ret_error) &&
           har_headers(request, ret_message, ret_error) &&
           har_body(request, ret_message, ret_error);
}

static gboolean har_message_at(void *context, uint64_t where, GString *ret_message,
                               GError **ret_error)
{
    const struct har_source *source = context;

    return har_message(json_array_get(source->entries, where), ret_message, ret_error);
}

/* ---- the file -------------------------------------------------------------------------------- */

/* Whether an entry is HTTP at all. */
static bool har_is_http(const char *url)
{
    return g_ascii_strncasecmp(url, "http://", 7) == 0 ||
           g_ascii_strncasecmp(url, "https://", 8) == 0;
}

static gboolean har_time(const json_t *entry, int64_t *ret_us, GError **ret_error)
{
    const char *text = json_string_value(json_object_get(entry, "startedDateTime"));

    if (text == NULL || !moment_parse_iso(text, strlen(text), ret_us))
        return har_fail(ret_error,
                        "startedDateTime: expected a time such as 2009-07-24T19:20:30.45+01:00, "
                        "found %s%s%s",
                        text != NULL ? "'" : "", text != NULL ? text : "none",
                        text != NULL ? "'" : "");
    return TRUE;
}

/* Checks an entry; *ret_http says whether it can be sent at all. */
static gboolean har_look(const json_t *entry, GString *message, int64_t *ret_us, bool *ret_http,
                         GError **ret_error)
{
    const char *url = json_string_value(json_object_get(json_object_get(entry, "request"), "url"));

    if (url == NULL)
        return har_fail(ret_error, "request.url: expected a text");
    *ret_http = har_is_http(url);
    return har_time(entry, ret_us, ret_error) &&
           (!*ret_http || har_message(entry, message, ret_error));
}

static gboolean har_gather(const struct import *import, const struct har_source *source,
                           Gather *gather, GError **ret_error)
{
    g_autoptr(GHashTable) pages = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GString) message = g_string_new(NULL);
    const size_t count = json_array_size(source->entries);
    uint64_t member = 0;

    for (size_t i = 0; i < count; i++) {
        const json_t *entry = json_array_get(source->entries, i);
        const char *page = json_string_value(json_object_get(entry, "pageref"));
        GError *error = NULL;
        int64_t at_us = 0;
        bool http = false;
        if (!har_look(entry, message, &at_us, &http, &error)) {
            g_prefix_error(&error, "%s: log.entries[%zu].", source->path, i);
            if (!import_skip(import, error, ret_error))
                return FALSE;
            continue;
        }
        if (!http) {
            import->report->left_count++;
            continue;
        }
        if (member == 0)
            member = import_member(message->str, message->len, import_member(&at_us, 8, 0));
        uint32_t group = GATHER_NO_GROUP;
        if (page != NULL && *page != '\0') {
            gpointer known = g_hash_table_lookup(pages, page);
            group = known != NULL ? GPOINTER_TO_UINT(known) : g_hash_table_size(pages) + 1;
            g_hash_table_insert(pages, (char *)(uintptr_t)page, GUINT_TO_POINTER(group));
        }
        gather_add(gather, at_us, member, group, i);
        if (i % 1024 == 0 && !import_go_on(import, 0.5 * (double)i / (double)count, ret_error))
            return FALSE;
    }
    return TRUE;
}

static json_t *har_read(const char *path, GError **ret_error)
{
    GMappedFile *map = import_map(path, ret_error);
    json_error_t syntax;

    if (map == NULL)
        return NULL;
    const char *text = g_mapped_file_get_contents(map);
    size_t size = g_mapped_file_get_length(map);
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        size -= 3;
    }
    json_t *root = json_loadb(size > 0 ? text : "", size, 0, &syntax);
    g_mapped_file_unref(map);
    if (root == NULL)
        diagnostic_bad_input(ret_error,
                             diagnostic_at(g_intern_string(path), (uint32_t)MAX(syntax.line, 1),
                                           (uint32_t)MAX(syntax.column, 1)),
                             "not a HAR file: %s", syntax.text);
    return root;
}

gboolean import_har(const struct import *import, GError **ret_error)
{
    json_t *root = har_read(import->path, ret_error);
    g_autoptr(Gather) gather = gather_new();
    const int64_t gap_us = import->options->gap_us >= 0 ? import->options->gap_us : HAR_GAP_US;

    if (root == NULL)
        return FALSE;
    struct har_source source = {import->path,
                                json_object_get(json_object_get(root, "log"), "entries")};
    gboolean done = json_is_array(source.entries);
    import->report->left_why = "are not HTTP";
    if (!done)
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: not a HAR file: it has no log.entries", import->path);
    done = done && har_gather(import, &source, gather, ret_error) &&
           gather_write(gather, import, gap_us, true, har_message_at, &source, ret_error);
    json_decref(root);
    return done;
}
