/* Targets of vegeta in its JSON format, one object a line:
 *
 *   {"method": "POST", "url": "http://...", "body": "BASE64", "header": {"NAME": ["VALUE"]}}
 *
 * Method and URL are required, body and header are not (github.com/tsenart/vegeta, README, "json
 * format"). Targets have no times: they are spaced evenly at a rate, each a journey of nobody known.
 */
#include "shell/json.h"
#include "traffic/import_lines.h"
#include "traffic/import_private.h"
#include "traffic/message.h"

#include <omosim/types.h>
#include <string.h>

#define VEGETA_RATE_PER_S 50 /* vegeta's own default */
#define VEGETA_LOOK_EACH 8192

static gboolean vegeta_fail(GError **ret_error, const char *text)
{
    g_set_error_literal(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT, text);
    return FALSE;
}

static gboolean vegeta_headers(const json_t *headers, GString *message, GError **ret_error)
{
    const json_t *connection = json_array_get(json_object_get(headers, "Connection"), 0);
    const char *name;
    json_t *values, *value;
    size_t i;

    if (headers != NULL && !json_is_object(headers))
        return vegeta_fail(ret_error, "'header' is not an object");
    json_object_foreach((json_t *)(uintptr_t)headers, name, values)
    {
        if (!json_is_array(values))
            return vegeta_fail(ret_error, "the values of a header are not a list");
        json_array_foreach(values, i, value)
        {
            if (!json_is_string(value))
                return vegeta_fail(ret_error, "the value of a header is not a text");
            if (!message_add_header(message, name, json_string_value(value),
                                    json_string_value(connection), ret_error))
                return FALSE;
        }
    }
    return TRUE;
}

static gboolean vegeta_body(const json_t *body, GString *message, GError **ret_error)
{
    gsize size = 0;

    if (body == NULL || json_is_null(body))
        return message_end(message, "", 0, ret_error);
    if (!json_is_string(body))
        return vegeta_fail(ret_error, "'body' is not a text");
    const char *text = json_string_value(body);
    if (strlen(text) % 4 != 0 ||
        strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") !=
            strlen(text))
        return vegeta_fail(ret_error, "'body' is not base64");
    g_autofree guchar *bytes = g_base64_decode(text, &size);
    return message_end(message, bytes, size, ret_error);
}

static gboolean vegeta_message(const json_t *target, GString *ret_message, GError **ret_error)
{
    const char *method = json_string_value(json_object_get(target, "method"));
    const char *url = json_string_value(json_object_get(target, "url"));

    if (method == NULL)
        return vegeta_fail(ret_error, "a target has no 'method'");
    if (url == NULL)
        return vegeta_fail(ret_error, "a target has no 'url'");
    return message_begin(ret_message, method, url, ret_error) &&
           vegeta_headers(json_object_get(target, "header"), ret_message, ret_error) &&
           vegeta_body(json_object_get(target, "body"), ret_message, ret_error);
}

static GError *vegeta_look(const struct lines *lines, const struct line *line, GString *ret_message)
{
    json_error_t syntax;
    GError *error = NULL;
    json_t *target = json_loadb(line->text, line->size, 0, &syntax);

    if (target == NULL)
        return lines_error(lines, line,
                           line->text + CLAMP(syntax.position - 1, 0, (int64_t)line->size), "%s",
                           syntax.text);
    if (!json_is_object(target)) {
        error = lines_error(lines, line, line->text, "expected an object with method and url");
    } else if (!vegeta_message(target, ret_message, &error)) {
        GError *placed = lines_error(lines, line, line->text, "%s", error->message);
        g_error_free(error);
        error = placed;
    }
    json_decref(target);
    return error;
}

static gboolean vegeta_message_at(void *context, uint64_t where, GString *ret_message,
                                  GError **ret_error)
{
    const struct lines *lines = context;
    const struct line line = lines_at(lines, where);
    GError *error = vegeta_look(lines, &line, ret_message);

    if (error == NULL)
        return TRUE;
    g_propagate_error(ret_error, error);
    return FALSE;
}

static gboolean vegeta_gather(const struct import *import, struct lines *lines, Gather *gather,
                              GError **ret_error)
{
    const double rate =
        import->options->rate_per_s > 0 ? import->options->rate_per_s : VEGETA_RATE_PER_S;
    g_autoptr(GString) message = g_string_new(NULL);
    struct line line;
    uint64_t count = 0;

    while (lines_next(lines, &line)) {
        GError *error = vegeta_look(lines, &line, message);
        if (error == NULL) {
            const double at_us = (double)count++ * OMO_US_PER_SECOND / rate;
            if (at_us > (double)OMO_PLAN_AT_US_MAX) {
                g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                            "--rate: the plan would be longer than 285 years");
                return FALSE;
            }
            gather_add(gather, (int64_t)at_us, 0, (uint32_t)count,
                       (uint64_t)(line.text - lines->begin));
        } else if (!import_skip(import, error, ret_error)) {
            return FALSE;
        }
        if (lines->number % VEGETA_LOOK_EACH == 0 &&
            !import_go_on(import,
                          0.5 * (double)(lines->at - lines->begin) /
                              (double)(lines->end - lines->begin),
                          ret_error))
            return FALSE;
    }
    return TRUE;
}

gboolean import_vegeta(const struct import *import, GError **ret_error)
{
    GMappedFile *map = import_map(import->path, ret_error);
    g_autoptr(Gather) gather = gather_new();

    if (map == NULL)
        return FALSE;
    struct lines lines = lines_begin(import->path, map);
    const gboolean done =
        vegeta_gather(import, &lines, gather, ret_error) &&
        gather_write(gather, import, 0, false, vegeta_message_at, &lines, ret_error);
    g_mapped_file_unref(map);
    return done;
}
