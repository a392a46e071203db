/* Answers as texts. */
#include "replay/http1_case.h"
#include "replay/http1.h"

#include <string.h>

struct reading {
    GString *headers, *body;
    char *buffer;
    bool whole;
};

static void on_header(void *user, const char *name, size_t name_size, const char *value,
                      size_t value_size)
{
    struct reading *reading = user;

    g_string_append_len(reading->headers, name, (gssize)name_size);
    g_string_append_c(reading->headers, '=');
    g_string_append_len(reading->headers, value, (gssize)value_size);
    g_string_append_c(reading->headers, '|');
}

static void on_body(void *user, const char *bytes, size_t size, bool whole)
{
    struct reading *reading = user;

    g_assert(size > 0);
    g_assert(!reading->whole); /* nothing follows what is said to be whole */
    g_assert(!whole || reading->body->len == 0);
    g_string_append_len(reading->body, bytes, (gssize)size);
    reading->whole = whole;
}

static char *give_buffer(void *user)
{
    struct reading *reading = user;

    if (reading->buffer == NULL)
        reading->buffer = g_malloc(HTTP1_HEAD_MAX);
    return reading->buffer;
}

static void tell(GPtrArray *list, const struct http1 *parser, struct reading *reading)
{
    GString *text = g_string_new(NULL);

    g_assert(parser->body_bytes == reading->body->len);
    g_string_append_printf(text, "%u%s%s", parser->status, parser->keep_alive ? " keep-alive" : "",
                           parser->gzip ? " gzip" : "");
    if (parser->says_timeout)
        g_string_append_printf(text, " %us", parser->keep_alive_s);
    g_string_append_printf(text, "|%s%zu:", reading->headers->str, reading->body->len);
    g_string_append_len(text, reading->body->str, (gssize)reading->body->len);
    g_ptr_array_add(list, g_string_free(text, FALSE));
    g_string_truncate(reading->headers, 0);
    g_string_truncate(reading->body, 0);
    reading->whole = false;
}

/* Feeds one piece, a heap copy of it, so that a byte read behind it is found. FALSE = it is over. */
static bool feed(struct http1 *parser, struct reading *reading, const char *bytes, size_t size,
                 bool method_head, GPtrArray *list)
{
    const struct http1_sink sink = {.user = reading, .header = on_header, .body = on_body};
    g_autofree char *copy = g_memdup2(bytes, size);
    size_t at = 0, used;

    while (at < size) {
        const enum http1_result result =
            http1_take(parser, copy + at, size - at, &sink, give_buffer, &used);
        g_assert(used <= size - at);
        at += used;
        if (result == HTTP1_BROKEN || result == HTTP1_TOO_LARGE) {
            g_ptr_array_add(list, g_strdup(result == HTTP1_BROKEN ? "broken" : "too large"));
            return false;
        }
        if (result == HTTP1_MORE) {
            g_assert(at == size);
            g_assert(!http1_is_fresh(parser));
            return true;
        }
        tell(list, parser, reading);
        http1_begin(parser, method_head);
    }
    return true;
}

GPtrArray *http1_case_list(const char *bytes, size_t size, const size_t *cuts, size_t cut_count,
                           bool method_head)
{
    struct reading reading = {.headers = g_string_new(NULL), .body = g_string_new(NULL)};
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
    struct http1 parser = {0};
    bool going = true;
    size_t begin = 0;

    http1_begin(&parser, method_head);
    for (size_t i = 0; going && i <= cut_count; i++) {
        const size_t end = i < cut_count ? cuts[i] : size;
        going = feed(&parser, &reading, bytes + begin, end - begin, method_head, list);
        begin = end;
    }
    if (going && http1_end(&parser)) {
        tell(list, &parser, &reading);
        g_ptr_array_add(list, g_strdup("end"));
    } else if (going) {
        g_ptr_array_add(list, g_strdup(http1_is_fresh(&parser) ? "end" : "more"));
    }
    g_string_free(reading.headers, TRUE);
    g_string_free(reading.body, TRUE);
    g_free(reading.buffer);
    return list;
}

char *http1_case_read(const char *bytes, size_t size, const size_t *cuts, size_t cut_count,
                      bool method_head)
{
    g_autoptr(GPtrArray) list = http1_case_list(bytes, size, cuts, cut_count, method_head);

    g_ptr_array_add(list, NULL);
    return g_strjoinv("\n", (char **)list->pdata);
}

static void check(const char *expected, const char *bytes, size_t size, const size_t *cuts,
                  size_t cut_count, bool method_head)
{
    g_autofree char *found = http1_case_read(bytes, size, cuts, cut_count, method_head);

    if (strcmp(found, expected) == 0)
        return;
    g_autofree char *shown = g_strescape(bytes, NULL);
    g_error("cut at %zu (%zu cuts): '%s' instead of '%s' for '%s'", cut_count > 0 ? cuts[0] : 0,
            cut_count, found, expected, shown);
}

void http1_case_check_pair(const char *bytes, size_t size, size_t first, size_t second,
                           bool method_head)
{
    const size_t cuts[] = {MIN(first, size), MAX(MIN(first, size), MIN(second, size))};
    g_autofree char *expected = http1_case_read(bytes, size, NULL, 0, method_head);

    check(expected, bytes, size, cuts, 2, method_head);
}

void http1_case_check_cuts(const char *bytes, size_t size, bool method_head)
{
    g_autofree char *expected = http1_case_read(bytes, size, NULL, 0, method_head);
    g_autofree size_t *all = g_new(size_t, size + 1);

    for (size_t i = 0; i <= size; i++) {
        all[i] = i;
        if (size <= 2048)
            check(expected, bytes, size, &i, 1, method_head);
    }
    if (size <= 8192)
        check(expected, bytes, size, all, size + 1, method_head);
    for (size_t i = 0; i < size; i += 7) {
        const size_t pair[] = {i, i + (size - i) / 3};
        if (size <= 8192 || i % 1001 == 0)
            check(expected, bytes, size, pair, 2, method_head);
    }
}
