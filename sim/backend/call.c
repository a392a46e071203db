/* What handlers use. Whatever a client sends is checked here, once: names are UTF-8 without control
 * characters and of bounded length, numbers are whole and within bounds that sums stay far below
 * overflow with, bodies are objects that hold each key once.
 *
 * The first answer counts: a reader that refuses has answered, and a handler that goes on all the
 * same does no harm.
 */
#include "backend/backend_private.h"

#include <stdarg.h>
#include <string.h>

static struct job *job_of(struct call *call) { return (struct job *)call; }

void call_answer(struct call *call, uint32_t status, json_t *answer)
{
    if (call->status != 0) {
        json_decref(answer);
        return;
    }
    call->status = status;
    call->answer = answer;
}

void call_refuse(struct call *call, uint32_t status, const char *error, const char *format, ...)
{
    g_autofree char *detail = NULL;
    va_list list;

    if (call->status != 0)
        return;
    va_start(list, format);
    detail = g_strdup_vprintf(format, list);
    va_end(list);
    job_fail(job_of(call), status, error, detail);
}

void call_later(struct call *call, int64_t after_us)
{
    g_assert(job_of(call)->route->writes && after_us >= 0);
    job_of(call)->again_us = after_us;
}

/* ---- bodies ---------------------------------------------------------------------------------- */

/* U+0000 .. U+001F, U+007F .. U+009F; the latter are C2 and another byte in UTF-8. */
static bool is_control(const char *at)
{
    const unsigned char first = (unsigned char)at[0], second = (unsigned char)at[1];

    return first < 0x20 || first == 0x7f || (first == 0xc2 && second < 0xa0);
}

static bool text_is_name(const char *text, size_t size)
{
    if (size == 0 || size > CALL_ID_MAX || strlen(text) != size ||
        !g_utf8_validate(text, (gssize)size, NULL))
        return false;
    for (size_t i = 0; i < size; i++)
        if (is_control(text + i))
            return false;
    return true;
}

bool call_name_is_good(const char *text) { return text_is_name(text, strlen(text)); }

static bool text_refuse(struct call *call, const char *key)
{
    call_refuse(call, 400, "bad_request",
                "%s: expected a text of 1 to %d bytes without control characters", key,
                CALL_ID_MAX);
    return false;
}

bool call_text(struct call *call, const char *key, const char **ret_text)
{
    json_t *value = json_object_get(call->body, key);

    if (!json_is_string(value) ||
        !text_is_name(json_string_value(value), json_string_length(value)))
        return text_refuse(call, key);
    *ret_text = json_string_value(value);
    return true;
}

bool call_text_or(struct call *call, const char *key, const char *fallback, const char **ret_text)
{
    json_t *value = json_object_get(call->body, key);

    if (value == NULL || json_is_null(value) ||
        (json_is_string(value) && json_string_length(value) == 0)) {
        *ret_text = fallback;
        return true;
    }
    return call_text(call, key, ret_text);
}

bool call_whole(struct call *call, const char *key, int64_t low, int64_t high, int64_t *ret_whole)
{
    json_t *value = json_object_get(call->body, key);

    if (!json_is_integer(value) || json_integer_value(value) < low ||
        json_integer_value(value) > high) {
        call_refuse(call, 400, "bad_request",
                    "%s: expected a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                    key, low, high);
        return false;
    }
    *ret_whole = json_integer_value(value);
    return true;
}

bool call_whole_or(struct call *call, const char *key, int64_t low, int64_t high, int64_t fallback,
                   int64_t *ret_whole)
{
    json_t *value = json_object_get(call->body, key);

    if (value == NULL || json_is_null(value)) {
        *ret_whole = fallback;
        return true;
    }
    return call_whole(call, key, low, high, ret_whole);
}

/* ---- queries --------------------------------------------------------------------------------- */

const char *call_parameter(struct call *call, const char *name)
{
    const char *text = service_parameter(call->request, name);

    if (text == NULL || *text == '\0' || call_name_is_good(text))
        return text;
    text_refuse(call, name);
    return NULL;
}

bool call_parameter_whole(struct call *call, const char *name, int64_t low, int64_t high,
                          int64_t fallback, int64_t *ret_whole)
{
    const char *text = service_parameter(call->request, name);
    gint64 whole;

    if (text == NULL || *text == '\0') {
        *ret_whole = fallback;
        return true;
    }
    if (!g_ascii_string_to_signed(text, 10, low, high, &whole, NULL)) {
        call_refuse(call, 400, "bad_request",
                    "%s: expected a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                    name, low, high);
        return false;
    }
    *ret_whole = whole;
    return true;
}
