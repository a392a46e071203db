/* What makes a message is strict, so that nothing recorded can smuggle a second request into a
 * connection: methods and names are tokens, values have no line ends, targets no blanks. What reads
 * one trusts nothing either, since a plan may come from anywhere.
 */
#include "traffic/message.h"
#include "shell/diagnostic.h"

#include <string.h>

static const char *const message_dropped[] = {
    "connection",          "proxy-connection", "keep-alive",         "te",   "trailer",
    "transfer-encoding",   "upgrade",          "proxy-authenticate", "host", "content-length",
    "proxy-authorization", "expect",
};

static gboolean message_fail(GError **ret_error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean message_fail(GError **ret_error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *shown = g_utf8_make_valid(text, -1); /* any bytes, cut anywhere */
    g_set_error_literal(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT, shown);
    return FALSE;
}

/* RFC 9110, 5.6.2. */
static bool message_token_char(char c)
{
    return g_ascii_isalnum(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool message_is_token(const char *text, size_t size)
{
    size_t i = 0;

    while (i < size && message_token_char(text[i]))
        i++;
    return size > 0 && i == size;
}

/* ---- making ---------------------------------------------------------------------------------- */

gboolean message_begin(GString *text, const char *method, const char *target, GError **ret_error)
{
    g_string_truncate(text, 0);
    if (!message_is_token(method, strlen(method)))
        return message_fail(ret_error, "expected a method such as GET, found '%.40s'", method);
    if (*target != '/' && *target != '*' && g_ascii_strncasecmp(target, "http://", 7) != 0 &&
        g_ascii_strncasecmp(target, "https://", 8) != 0)
        return message_fail(ret_error, "expected a path or an http URL, found '%.80s'", target);
    g_string_append(text, method);
    g_string_append_c(text, ' ');
    for (const char *c = target; *c != '\0' && *c != '#'; c++) {
        if (*c > ' ' && *c < 0x7f)
            g_string_append_c(text, *c);
        else
            g_string_append_printf(text, "%%%02X", (guchar)*c);
    }
    g_string_append(text, " HTTP/1.1\r\n");
    return TRUE;
}

/* Whether the comma-separated list names the header. */
static bool message_lists(const char *list, const char *name)
{
    g_auto(GStrv) parts = g_strsplit(list, ",", -1);

    for (char **part = parts; *part != NULL; part++)
        if (g_ascii_strcasecmp(g_strstrip(*part), name) == 0)
            return true;
    return false;
}

gboolean message_add_header(GString *text, const char *name, const char *value,
                            const char *connection, GError **ret_error)
{
    if (*name == ':')
        return TRUE;
    if (!message_is_token(name, strlen(name)))
        return message_fail(ret_error, "expected a header's name, found '%.40s'", name);
    for (size_t i = 0; i < G_N_ELEMENTS(message_dropped); i++)
        if (g_ascii_strcasecmp(name, message_dropped[i]) == 0)
            return TRUE;
    if (connection != NULL && message_lists(connection, name))
        return TRUE;
    for (const char *c = value; *c != '\0'; c++)
        if (((guchar)*c < ' ' && *c != '\t') || *c == 0x7f)
            return message_fail(ret_error, "the value of header '%s' has a control character",
                                name);
    g_string_append_printf(text, "%s: %s\r\n", name, value);
    return TRUE;
}

gboolean message_end(GString *text, const void *body, size_t body_size, GError **ret_error)
{
    if (body_size > OMO_PLAN_PAYLOAD_MAX || text->len + 2 + body_size > OMO_PLAN_PAYLOAD_MAX)
        return message_fail(ret_error, "the request has %zu bytes; a plan holds %zu at most",
                            text->len + 2 + body_size, OMO_PLAN_PAYLOAD_MAX);
    g_string_append(text, "\r\n");
    g_string_append_len(text, body, (gssize)body_size);
    return TRUE;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Takes a line off; false when there is none that ends with CRLF. */
static bool message_take_line(struct message_text *rest, struct message_text *ret_line)
{
    const char *end = rest->size > 0 ? memchr(rest->text, '\r', rest->size) : NULL;
    const size_t size = end != NULL ? (size_t)(end - rest->text) : 0;

    if (end == NULL || size + 2 > rest->size || end[1] != '\n')
        return false;
    *ret_line = (struct message_text){rest->text, size};
    rest->text += size + 2;
    rest->size -= size + 2;
    return true;
}

bool message_next_header(struct message_text *headers, struct message_text *ret_name,
                         struct message_text *ret_value)
{
    struct message_text line;

    if (!message_take_line(headers, &line) || line.size == 0)
        return false;
    const char *colon = memchr(line.text, ':', line.size);
    if (colon == NULL)
        return false;
    struct message_text value = {colon + 1, line.size - (size_t)(colon + 1 - line.text)};
    while (value.size > 0 && (*value.text == ' ' || *value.text == '\t')) {
        value.text++;
        value.size--;
    }
    *ret_name = (struct message_text){line.text, (size_t)(colon - line.text)};
    *ret_value = value;
    return true;
}

static bool message_parse_line(const struct message_text *line, struct message *message)
{
    const char *blank = memchr(line->text, ' ', line->size);
    static const char version[] = " HTTP/1.1";
    const size_t version_size = sizeof version - 1;

    if (blank == NULL || line->size < version_size ||
        memcmp(line->text + line->size - version_size, version, version_size) != 0)
        return false;
    message->method = (struct message_text){line->text, (size_t)(blank - line->text)};
    message->target.text = blank + 1;
    if (line->text + line->size - version_size <= message->target.text)
        return false;
    message->target.size = (size_t)(line->text + line->size - version_size - message->target.text);
    for (size_t i = 0; i < message->target.size; i++)
        if (message->target.text[i] <= ' ' || message->target.text[i] >= 0x7f)
            return false;
    return message_is_token(message->method.text, message->method.size);
}

bool message_parse(const struct plan_payload *payload, struct message *ret_message)
{
    struct message_text rest = {payload->bytes, payload->size};
    struct message message = {.headers = {NULL, 0}};
    struct message_text line, name, value;

    if (!message_take_line(&rest, &line) || !message_parse_line(&line, &message))
        return false;
    message.headers.text = rest.text;
    for (;;) {
        struct message_text before = rest;
        if (!message_take_line(&rest, &line))
            return false;
        if (line.size == 0)
            break;
        if (memchr(line.text, '\n', line.size) != NULL ||
            memchr(line.text, '\0', line.size) != NULL)
            return false;
        if (!message_next_header(&before, &name, &value) || !message_is_token(name.text, name.size))
            return false;
    }
    message.headers.size = (size_t)(rest.text - 2 - message.headers.text);
    message.body = rest;
    *ret_message = message;
    return true;
}

struct message_text message_header(const struct message *message, const char *name)
{
    struct message_text headers = message->headers, found, value;

    while (message_next_header(&headers, &found, &value))
        if (found.size == strlen(name) && g_ascii_strncasecmp(found.text, name, found.size) == 0)
            return value;
    return (struct message_text){NULL, 0};
}
