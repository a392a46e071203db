/* A JSON writer for jansson's values.
 *
 * jansson can print reals with a fixed number of digits only: 17 reads back exactly and shows 0.1
 * as 0.10000000000000001, fewer lose bits. The shortest text that reads back is one of %.15g,
 * %.16g, %.17g: 15 digits always survive decimal to binary to decimal, 17 always survive binary to
 * decimal to binary, and %g drops zeros at the end. GLib's ASCII conversions keep the decimal point
 * whatever the locale.
 *
 * jansson keeps members in insertion order, and so does this.
 */
#include "shell/json.h"
#include "shell/diagnostic.h"

#include <errno.h>
#include <math.h>
#include <string.h>

json_t *json_make_number(double number)
{
    return isfinite(number) ? json_real(number) : json_null();
}

json_t *json_make_text(const char *text)
{
    if (text == NULL)
        return json_null();
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    return json_string(valid);
}

char *json_format_number(double number)
{
    static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    if (!isfinite(number))
        return g_strdup("null");
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_ascii_formatd(text, sizeof text, formats[i], number);
        if (g_ascii_strtod(text, NULL) == number)
            break;
    }
    return g_strdup(text);
}

static void json_write_quoted(const char *value, size_t length, GString *text)
{
    g_string_append_c(text, '"');
    for (size_t i = 0; i < length; i++) {
        const char c = value[i];
        if (c == '"' || c == '\\')
            g_string_append_printf(text, "\\%c", c);
        else if (c == '\n')
            g_string_append(text, "\\n");
        else if (c == '\t')
            g_string_append(text, "\\t");
        else if ((guchar)c < 0x20)
            g_string_append_printf(text, "\\u%04x", (guchar)c);
        else
            g_string_append_c(text, c);
    }
    g_string_append_c(text, '"');
}

static void json_write_break(gboolean pretty, uint32_t depth, GString *text)
{
    if (pretty)
        g_string_append_printf(text, "\n%*s", (int)(2 * depth), "");
}

static void json_write_value(const json_t *json, gboolean pretty, uint32_t depth, GString *text);

static void json_write_array(const json_t *json, gboolean pretty, uint32_t depth, GString *text)
{
    const size_t size = json_array_size(json);

    g_string_append_c(text, '[');
    for (size_t i = 0; i < size; i++) {
        g_string_append(text, i == 0 ? "" : ",");
        json_write_break(pretty, depth + 1, text);
        json_write_value(json_array_get(json, i), pretty, depth + 1, text);
    }
    if (size > 0)
        json_write_break(pretty, depth, text);
    g_string_append_c(text, ']');
}

static void json_write_object(const json_t *json, gboolean pretty, uint32_t depth, GString *text)
{
    json_t *object = (json_t *)json; /* jansson's iterators take no const */
    gboolean first = TRUE;

    g_string_append_c(text, '{');
    for (void *member = json_object_iter(object); member != NULL;
         member = json_object_iter_next(object, member)) {
        const char *key = json_object_iter_key(member);
        g_string_append(text, first ? "" : ",");
        first = FALSE;
        json_write_break(pretty, depth + 1, text);
        json_write_quoted(key, strlen(key), text);
        g_string_append(text, pretty ? ": " : ":");
        json_write_value(json_object_iter_value(member), pretty, depth + 1, text);
    }
    if (!first)
        json_write_break(pretty, depth, text);
    g_string_append_c(text, '}');
}

static void json_write_value(const json_t *json, gboolean pretty, uint32_t depth, GString *text)
{
    switch (json == NULL ? JSON_NULL : json_typeof(json)) {
    case JSON_OBJECT:
        json_write_object(json, pretty, depth, text);
        return;
    case JSON_ARRAY:
        json_write_array(json, pretty, depth, text);
        return;
    case JSON_STRING:
        json_write_quoted(json_string_value(json), json_string_length(json), text);
        return;
    case JSON_INTEGER:
        g_string_append_printf(text, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
        return;
    case JSON_REAL: {
        g_autofree char *number = json_format_number(json_real_value(json));
        g_string_append(text, number);
        return;
    }
    case JSON_TRUE:
        g_string_append(text, "true");
        return;
    case JSON_FALSE:
        g_string_append(text, "false");
        return;
    case JSON_NULL:
        g_string_append(text, "null");
        return;
    }
}

void json_write_text(const json_t *json, gboolean pretty, GString *text)
{
    json_write_value(json, pretty, 0, text);
    if (pretty)
        g_string_append_c(text, '\n');
}

gboolean json_write_stream(const json_t *json, gboolean pretty, FILE *stream, GError **ret_error)
{
    g_autoptr(GString) text = g_string_new(NULL);

    json_write_text(json, pretty, text);
    if (fwrite(text->str, 1, text->len, stream) == text->len && fflush(stream) == 0)
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "cannot write JSON: %s",
                g_strerror(errno));
    return FALSE;
}
