/* The response parser beside http-parser, over a corpus and its mutations.
 *
 * Both must tell the same answers with the same bodies, headers and keep-alive, and end alike. Where
 * they don't there must be a known reason, found at the very byte where one of them gives up:
 * explain_strict() lists where ours is stricter (Debian builds http-parser without its strict mode),
 * explain_lenient() where it is more lenient or finds out later, explain_framing() where http-parser
 * reads a header otherwise than RFC 9112 has it. OMO_SEED sets the seed of the mutations,
 * OMO_MUTATIONS how many there are.
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

#define MUTATIONS 200000

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
    /* No body, whatever their length says (RFC 9112, 6.3). */
    return parser->status_code < 200 || parser->status_code == 204 || parser->status_code == 304;
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

    t->is_inside = parser->status_code < 200; /* the answer itself is still to come */
    if (!t->is_inside) {
        GString *text = g_string_new(NULL);
        g_string_append_printf(text, "%u%s|%s%zu:", parser->status_code,
                               http_should_keep_alive(parser) ? " keep-alive" : "", t->headers->str,
                               t->body->len);
        g_string_append_len(text, t->body->str, (gssize)t->body->len);
        g_ptr_array_add(t->list, g_string_free(text, FALSE));
    }
    return 0;
}

static GPtrArray *read_theirs(const char *bytes, size_t size, size_t *ret_used)
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
    *ret_used = used;
    if (HTTP_PARSER_ERRNO(&parser) == HPE_OK && used == size)
        http_parser_execute(&parser, &settings, NULL, 0);
    const enum http_errno fault = HTTP_PARSER_ERRNO(&parser);
    const char *end = fault == HPE_INVALID_EOF_STATE ? "more"
                      : fault != HPE_OK              ? "broken"
                      : t.is_inside                  ? "more"
                                                     : "end";
    g_ptr_array_add(t.list, g_strdup(end));
    g_string_free(t.headers, TRUE);
    g_string_free(t.body, TRUE);
    return t.list;
}

/* ---- why they may differ --------------------------------------------------------------------- */

static void ignore_body(void *user, const char *bytes, size_t size, bool whole)
{
    (void)user;
    (void)bytes;
    (void)size;
    (void)whole;
}

static char *static_buffer(void *user)
{
    static char buffer[HTTP1_HEAD_MAX];

    (void)user;
    return buffer;
}

/* Ours after these bytes; *ret_head is where the head that it is in begins. */
static struct http1 ours_after(const char *bytes, size_t size, size_t *ret_head)
{
    const struct http1_sink sink = {.body = ignore_body};
    struct http1 parser = {0};
    size_t at = 0, used = 0;

    http1_begin(&parser, false);
    *ret_head = 0;
    while (at < size &&
           http1_take(&parser, bytes + at, size - at, &sink, static_buffer, &used) == HTTP1_DONE) {
        at += used;
        *ret_head = at;
        http1_begin(&parser, false);
    }
    *ret_head += parser.head_bytes; /* of interim answers */
    return parser;
}

/* How many bytes it takes until ours gives up; the last of them is the one that it does not like. */
static size_t breaking_size(const char *bytes, size_t size)
{
    size_t low = 0, high = size; /* good, broken */

    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        g_autoptr(GPtrArray) list = http1_case_list(bytes, middle, NULL, 0, false);
        if (strcmp(list->pdata[list->len - 1], "broken") == 0)
            high = middle;
        else
            low = middle;
    }
    return high;
}

/* As a string: zero bytes as '0'. */
static char *visible(const char *bytes, size_t size)
{
    char *text = g_malloc(size + 1);

    for (size_t i = 0; i < size; i++)
        text[i] = bytes[i] != '\0' ? bytes[i] : '0';
    text[size] = '\0';
    return text;
}

/* Header line `name` in a text of lines. */
static bool has_line(const char *text, const char *name)
{
    for (const char *line = text; (line = strchr(line, '\n')) != NULL; line++)
        if (g_ascii_strncasecmp(line + 1, name, strlen(name)) == 0)
            return true;
    return false;
}

/* Why ours gives up at the last of these bytes when theirs does not. NULL = for no known reason. */
static const char *explain_strict(const char *bytes, size_t size)
{
    size_t head, line = size - 1;
    const char last = bytes[size - 1];
    const struct http1 parser = ours_after(bytes, size - 1, &head);

    while (line > 0 && bytes[line - 1] != '\n')
        line--;
    g_autofree char *text = visible(bytes + line, size - line);
    g_autofree char *all = visible(bytes + head, size - head);
    if (parser.status != 0 && parser.chunk_digits >= 15)
        return "chunk size of 16 digits";
    if (parser.status != 0 && strchr(text, ';') != NULL)
        return "control character in a chunk extension";
    if (parser.status != 0 && strchr(text, ' ') != NULL)
        return "text behind a chunk's size";
    if (parser.status != 0)
        return "chunk without its CR LF";
    if (head == size - 1 && (last == '\r' || last == '\n'))
        return "empty line before the status line";
    if (line <= head)
        return "status line";
    if (line == size - 1 && (last == ' ' || last == '\t'))
        return "folded line";
    if (g_ascii_iscntrl(last) && last != '\t' && last != '\r' && last != '\n' &&
        strchr(text, ':') != NULL)
        return "control character in a value";
    if (size > 1 && bytes[size - 2] == '\r' && last != '\n')
        return "CR without LF";
    if (last == ' ' && strchr(text, ':') == NULL)
        return "blank in a header's name";
    if (last == '\n' && g_ascii_strncasecmp(text, "Transfer-Encoding:", 18) == 0)
        return "transfer coding that is not chunked";
    if (last == '\n' && g_ascii_strncasecmp(text, "Content-Length:", 15) == 0)
        return "length without digits, or over 10^18";
    if (last == '\n' && strncmp(all, "HTTP/1.0", 8) == 0 && has_line(all, "Transfer-Encoding:"))
        return "chunks in HTTP/1.0";
    return NULL;
}

/* Why theirs gives up at byte `used` when ours does not. */
static const char *explain_lenient(const char *bytes, size_t size, size_t used)
{
    size_t head, line = used;
    const struct http1 parser = ours_after(bytes, size, &head);
    g_autoptr(GString) whole = g_string_new_len(bytes, (gssize)size);

    while (line > 0 && bytes[line - 1] != '\n')
        line--;
    if (parser.status == 0) {
        g_string_append(whole, "\r\n\r\n");
        g_autoptr(GPtrArray) list = http1_case_list(whole->str, whole->len, NULL, 0, false);
        if (strcmp(list->pdata[list->len - 1], "broken") == 0)
            return "found when the line is whole";
    }
    g_autofree char *text = visible(bytes + line, size - line);
    if (g_ascii_strncasecmp(text, "Content-Length:", 15) == 0)
        return "the same length twice";
    if (parser.status != 0 && bytes[used] == '\t')
        return "tab behind a chunk's size";
    return NULL;
}

/* Why the two understand an answer differently that neither refuses. */
static const char *explain_framing(const char *bytes, size_t size)
{
    static const char *const names[] = {"Content-Length:", "Transfer-Encoding:", "Connection:"};
    g_autofree char *text = visible(bytes, size);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    bool in_trailers = false, keep_alive = false, close = false;

    for (char **line = lines; *line != NULL; line++) {
        if (g_ascii_strncasecmp(*line, names[1], 17) == 0 && (*line)[17] != ':')
            return "name that only begins like Transfer-Encoding";
        in_trailers |= (*line)[0] == '0';
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
            if (g_ascii_strncasecmp(*line, names[i], strlen(names[i])) != 0)
                continue;
            if (strchr(*line, '\t') != NULL)
                return "tab beside a value";
            if (g_strchug(*line + strlen(names[i]))[0] == ',')
                return "list that begins with an empty element";
            keep_alive |= strstr(*line, "keep-alive") != NULL;
            close |= strstr(*line, "close") != NULL;
            if (in_trailers)
                return "trailers that theirs takes for headers";
        }
    }
    return keep_alive && close ? "close beside keep-alive, in HTTP/1.0" : NULL;
}

/* ---- comparing ------------------------------------------------------------------------------- */

/* How many answers both tell alike. */
static guint common(const GPtrArray *a, const GPtrArray *b)
{
    guint count = 0;

    while (count < a->len && count < b->len && strcmp(a->pdata[count], b->pdata[count]) == 0)
        count++;
    return count;
}

static void drop_gzip(GPtrArray *list) /* a flag that is ours alone */
{
    for (guint i = 0; i < list->len; i++) {
        char *bar = strchr(list->pdata[i], '|');
        if (bar != NULL && bar - (char *)list->pdata[i] > 5 && strncmp(bar - 5, " gzip", 5) == 0)
            memmove(bar - 5, bar, strlen(bar) + 1);
    }
}

static char *escape(const char *bytes, size_t size)
{
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < size; i++)
        g_string_append_printf(text, g_ascii_isprint(bytes[i]) ? "%c" : "\\x%02x",
                               (unsigned char)bytes[i]);
    return g_string_free(text, FALSE);
}

/* Holds the two against each other; counts differences that are explained. */
static void compare(const char *bytes, size_t size, GHashTable *reasons)
{
    g_autoptr(GPtrArray) ours = http1_case_list(bytes, size, NULL, 0, false);
    size_t used;
    g_autoptr(GPtrArray) theirs = read_theirs(bytes, size, &used);
    const char *reason = NULL;

    drop_gzip(ours);
    const guint same = common(ours, theirs);
    if (same == ours->len && same == theirs->len)
        return;
    if (same + 1 == ours->len && strcmp(ours->pdata[same], "broken") == 0)
        reason = explain_strict(bytes, breaking_size(bytes, size));
    else if (same + 1 == theirs->len && strcmp(theirs->pdata[same], "broken") == 0)
        reason = explain_lenient(bytes, size, used);
    if (reason == NULL)
        reason = explain_framing(bytes, size);
    if (reason != NULL) {
        const guint count = GPOINTER_TO_UINT(g_hash_table_lookup(reasons, reason));
        g_hash_table_insert(reasons, (char *)reason, GUINT_TO_POINTER(count + 1));
        return;
    }
    g_autofree char *shown_bytes = escape(bytes, size);
    g_autofree char *a = escape(ours->pdata[same], strlen(ours->pdata[same]));
    g_autofree char *b = escape(theirs->pdata[same], strlen(theirs->pdata[same]));
    printf("'%s'\nanswer %u, ours:   %s\nanswer %u, theirs: %s\n(up to byte %zu)\n", shown_bytes,
           same, a, same, b, used);
    ck_abort_msg("the two parsers differ");
}

/* ---- tests ----------------------------------------------------------------------------------- */

static GPtrArray *read_corpus(void)
{
    g_autofree char *folder =
        g_build_filename(getenv("OMO_SOURCE_DIR"), "tests", "replay", "corpus", "http1", NULL);
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
    GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

    ck_assert_ptr_nonnull(entries);
    for (const char *name; (name = g_dir_read_name(entries)) != NULL;) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        char *bytes;
        gsize size;
        ck_assert(g_file_get_contents(path, &bytes, &size, NULL));
        g_ptr_array_add(files, g_bytes_new_take(bytes, size));
    }
    ck_assert_uint_gt(files->len, 20);
    return files;
}

START_TEST(test_corpus)
{
    g_autoptr(GPtrArray) files = read_corpus();
    g_autoptr(GHashTable) reasons = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < files->len; i++) {
        gsize size;
        const char *bytes = g_bytes_get_data(files->pdata[i], &size);
        compare(bytes, size, reasons);
    }
}
END_TEST

static uint32_t next_random(uint64_t *state, uint32_t below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((*state >> 33) % below);
}

static void mutate(GString *text, const GBytes *other, uint64_t *state)
{
    static const char *const pieces[] = {"\r\n",
                                         "\n",
                                         "\r",
                                         " ",
                                         "\t",
                                         ":",
                                         ";",
                                         ",",
                                         "0",
                                         "9",
                                         "f",
                                         "HTTP/1.1 200 OK\r\n",
                                         "HTTP/1.0 ",
                                         "Content-Length: 3\r\n",
                                         "Content-Length: 0\r\n",
                                         "\r\n\r\n",
                                         "\r\n0\r\n\r\n",
                                         "Transfer-Encoding: chunked\r\n",
                                         "Connection: close\r\n",
                                         "Connection: keep-alive\r\n",
                                         "HTTP/1.1 100 Continue\r\n\r\n",
                                         "HTTP/1.1 204 x\r\n\r\n",
                                         "chunked",
                                         "close",
                                         "\x7f",
                                         "\x01",
                                         "\xff",
                                         "-",
                                         "+",
                                         "5\r\nhello\r\n"};
    gsize other_size;
    const char *other_bytes = g_bytes_get_data((GBytes *)other, &other_size);
    const gsize at = next_random(state, (uint32_t)text->len + 1);
    const gsize wanted = 1 + next_random(state, 8), size = MIN(text->len - at, wanted);
    const char *piece = pieces[next_random(state, G_N_ELEMENTS(pieces))];

    switch (next_random(state, 7)) {
    case 0:
        g_string_erase(text, (gssize)at, (gssize)size);
        break;
    case 1:
        g_string_truncate(text, at);
        break;
    case 2:
        if (at < text->len)
            text->str[at] = (char)next_random(state, 256);
        break;
    case 3:
        if (at < text->len)
            text->str[at] = (char)(text->str[at] ^ 1 << next_random(state, 8));
        break;
    case 4: /* another answer behind, or inside */
        g_string_insert_len(text, (gssize)at, other_bytes, (gssize)other_size);
        break;
    default:
        g_string_insert(text, (gssize)at, piece);
    }
}

START_TEST(test_mutations)
{
    const char *seed = getenv("OMO_SEED"), *count = getenv("OMO_MUTATIONS");
    uint64_t state = seed != NULL ? strtoull(seed, NULL, 10) : 1;
    const uint64_t rounds = count != NULL ? strtoull(count, NULL, 10) : MUTATIONS;
    g_autoptr(GPtrArray) files = read_corpus();
    g_autoptr(GHashTable) reasons = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    void *reason, *times;

    printf("OMO_SEED=%" G_GUINT64_FORMAT "\n", state);
    for (uint64_t i = 0; i < rounds; i++) {
        gsize size;
        const char *bytes = g_bytes_get_data(files->pdata[i % files->len], &size);
        g_autoptr(GString) text = g_string_new_len(bytes, (gssize)size);
        for (uint32_t k = next_random(&state, 4); k < 4; k++)
            mutate(text, files->pdata[next_random(&state, files->len)], &state);
        compare(text->str, text->len, reasons);
    }
    g_hash_table_iter_init(&iter, reasons);
    while (g_hash_table_iter_next(&iter, &reason, &times))
        printf("%6u %s\n", GPOINTER_TO_UINT(times), (char *)reason);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("http1_differential");
    TCase *tcase = tcase_create("http1_differential");

    tcase_add_test(tcase, test_corpus);
    tcase_add_test(tcase, test_mutations);
    tcase_set_timeout(tcase, 300);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
#endif
