/* The response parser beside http-parser, over a corpus and its mutations.
 *
 * Both must tell the same answers with the same bodies, headers and keep-alive, and end alike. Where
 * they end differently there must be a known reason, found at the very byte where one of them gives
 * up: ours is stricter in what explain_strict() lists, and more lenient in what explain_lenient()
 * does. OMO_SEED sets the seed of the mutations.
 */
#include "replay/http1.h"
#include "replay/http1_case.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef OMO_HTTP_PARSER

int main(void)
{
    fprintf(stderr, "libhttp-parser is not installed\n");
    return 77;
}

#else
#include <http_parser.h>

#define MUTATIONS 20000

/* ---- what http-parser makes of the bytes ----------------------------------------------------- */

struct theirs {
    GPtrArray *list;
    GString *headers, *body;
    bool in_value, is_inside;
    bool gzip;
};

static void end_header(struct theirs *t)
{
    if (t->in_value) { /* blanks behind a value are not part of it (RFC 9112, 5.1) */
        gsize size = t->headers->len;
        while (size > 0 && strchr(" \t", t->headers->str[size - 1]) != NULL)
            size--;
        g_string_truncate(t->headers, size);
        g_string_append_c(t->headers, '|');
    }
    t->in_value = false;
}

static int on_begin(http_parser *parser)
{
    struct theirs *t = parser->data;

    g_string_truncate(t->headers, 0);
    g_string_truncate(t->body, 0);
    t->in_value = false;
    t->is_inside = true;
    return 0;
}

static int on_field(http_parser *parser, const char *at, size_t size)
{
    struct theirs *t = parser->data;

    if (t->body->len > 0 || (parser->flags & F_TRAILING) != 0)
        return 0;
    end_header(t);
    g_string_append_len(t->headers, at, (gssize)size);
    return 0;
}

static int on_value(http_parser *parser, const char *at, size_t size)
{
    struct theirs *t = parser->data;

    if ((parser->flags & F_TRAILING) != 0)
        return 0;
    if (!t->in_value)
        g_string_append_c(t->headers, '=');
    t->in_value = true;
    g_string_append_len(t->headers, at, (gssize)size);
    return 0;
}

static int on_headers(http_parser *parser)
{
    end_header(parser->data);
    return 0;
}

static int on_body(http_parser *parser, const char *at, size_t size)
{
    struct theirs *t = parser->data;

    g_string_append_len(t->body, at, (gssize)size);
    return 0;
}

static int on_end(http_parser *parser)
{
    struct theirs *t = parser->data;

    t->is_inside = false;
    if (parser->status_code >= 200) {
        GString *text = g_string_new(NULL);
        g_string_append_printf(text, "%u%s|%s%zu:", parser->status_code,
                               http_should_keep_alive(parser) ? " keep-alive" : "",
                               t->headers->str, t->body->len);
        g_string_append_len(text, t->body->str, (gssize)t->body->len);
        g_ptr_array_add(t->list, g_string_free(text, FALSE));
    }
    return 0;
}

static GPtrArray *read_theirs(const char *bytes, size_t size)
{
    static const http_parser_settings settings = {.on_message_begin = on_begin,
                                                  .on_header_field = on_field,
                                                  .on_header_value = on_value,
                                                  .on_headers_complete = on_headers,
                                                  .on_body = on_body,
                                                  .on_message_complete = on_end};
    struct theirs t = {.list = g_ptr_array_new_with_free_func(g_free),
                       .headers = g_string_new(NULL),
                       .body = g_string_new(NULL)};
    http_parser parser = {.data = &t};

    http_parser_init(&parser, HTTP_RESPONSE);
    const size_t used = http_parser_execute(&parser, &settings, bytes, size);
    if (HTTP_PARSER_ERRNO(&parser) == HPE_OK && used == size)
        http_parser_execute(&parser, &settings, NULL, 0);
    const enum http_errno fault = HTTP_PARSER_ERRNO(&parser);
    const char *end = fault == HPE_INVALID_EOF_STATE ? "more"
                      : fault != HPE_OK              ? http_errno_name(fault)
                      : t.is_inside                  ? "more"
                                                     : "end";
    g_ptr_array_add(t.list, g_strdup(end));
    g_string_free(t.headers, TRUE);
    g_string_free(t.body, TRUE);
    return t.list;
}

static char *shown(const GPtrArray *list)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < list->len; i++)
        g_string_append_printf(text, "  %s\n", (char *)list->pdata[i]);
    return g_string_free(text, FALSE);
}

static void compare(const char *bytes, size_t size)
{
    g_autoptr(GPtrArray) ours = http1_case_list(bytes, size, NULL, 0, false);
    g_autoptr(GPtrArray) theirs = read_theirs(bytes, size);
    g_autofree char *a = shown(ours);
    g_autofree char *b = shown(theirs);

    if (strcmp(a, b) != 0) {
        g_autofree char *copy = g_strndup(bytes, size);
        g_autofree char *text = g_strescape(copy, NULL);
        printf("---\n%s\nours\n%stheirs\n%s", text, a, b);
    }
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        char *b;
        gsize n;
        g_file_get_contents(argv[i], &b, &n, NULL);
        compare(b, n);
        g_free(b);
    }
    return 0;
}
#endif
