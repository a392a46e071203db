/* The response parser: good answers, bad answers, and that cuts between pieces change nothing. */
#include "replay/http1.h"
#include "replay/http1_case.h"

#include <check.h>
#include <string.h>

#define OK "HTTP/1.1 200 OK\r\n"

static const struct {
    const char *bytes, *expected;
} cases[] = {
    /* Lengths. */
    {OK "Content-Length: 5\r\n\r\nhello", "200 keep-alive|Content-Length=5|5:hello\nend"},
    {OK "Content-Length: 0\r\n\r\n", "200 keep-alive|Content-Length=0|0:\nend"},
    {OK "content-LENGTH:   5 \t\r\n\r\nhello", "200 keep-alive|content-LENGTH=5|5:hello\nend"},
    {OK "Content-Length: 00005\r\n\r\nhello", "200 keep-alive|Content-Length=00005|5:hello\nend"},
    {OK "Content-Length: 5\r\n\r\nhel", "more"},
    {OK "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
     "200 keep-alive|Content-Length=5|Content-Length=5|5:hello\nend"},
    {OK "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", "broken"},
    {OK "Content-Length: 5, 5\r\n\r\nhello", "broken"},
    {OK "Content-Length:\r\n\r\n", "broken"},
    {OK "Content-Length: -1\r\n\r\n", "broken"},
    {OK "Content-Length: +5\r\n\r\nhello", "broken"},
    {OK "Content-Length: 0x5\r\n\r\nhello", "broken"},
    {OK "Content-Length: 5 5\r\n\r\nhello", "broken"},
    {OK "Content-Length: 99999999999999999999\r\n\r\n", "broken"},
    {OK "Content-Length: 18446744073709551621\r\n\r\nhello", "broken"},
    {OK "Content-Lengths: 5\r\n\r\nhi", "200|Content-Lengths=5|2:hi\nend"},
    /* Several answers behind each other. */
    {OK "Content-Length: 1\r\n\r\na" OK "Content-Length: 2\r\n\r\nbc",
     "200 keep-alive|Content-Length=1|1:a\n200 keep-alive|Content-Length=2|2:bc\nend"},
    {OK "Content-Length: 1\r\n\r\nab", "200 keep-alive|Content-Length=1|1:a\nbroken"},
    {OK "Content-Length: 1\r\n\r\na\r\n", "200 keep-alive|Content-Length=1|1:a\nbroken"},
    /* No body, whatever the head says. */
    {"HTTP/1.1 204 No Content\r\n\r\n" OK "Content-Length: 1\r\n\r\na",
     "204 keep-alive|0:\n200 keep-alive|Content-Length=1|1:a\nend"},
    {"HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n",
     "204 keep-alive|Content-Length=7|0:\nend"},
    {"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\nETag: \"x\"\r\n\r\n",
     "304 keep-alive|Content-Length=7|ETag=\"x\"|0:\nend"},
    {"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n",
     "304 keep-alive|Transfer-Encoding=chunked|0:\nend"},
    /* Interim answers. */
    {"HTTP/1.1 100 Continue\r\n\r\n" OK "Content-Length: 1\r\n\r\na",
     "200 keep-alive|Content-Length=1|1:a\nend"},
    {"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 9\r\n\r\nHTTP/1.1 100 x\r\n\r\n" OK
     "Content-Length: 1\r\n\r\na",
     "200 keep-alive|Content-Length=1|1:a\nend"},
    {"HTTP/1.1 100 Continue\r\n\r\n", "more"},
    {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "broken"},
    /* Up to the end of the connection. */
    {OK "\r\nall of it", "200|9:all of it\nend"},
    {OK "\r\n", "200|0:\nend"},
    {OK "Connection: keep-alive\r\n\r\nhi", "200|Connection=keep-alive|2:hi\nend"},
    {"HTTP/1.0 200 OK\r\n\r\nhi", "200|2:hi\nend"},
    /* Keeping alive. */
    {OK "Connection: close\r\nContent-Length: 1\r\n\r\na",
     "200|Connection=close|Content-Length=1|1:a\nend"},
    {OK "Connection: Close\r\nContent-Length: 0\r\n\r\n",
     "200|Connection=Close|Content-Length=0|0:\nend"},
    {OK "Connection: x, close ,y\r\nContent-Length: 0\r\n\r\n",
     "200|Connection=x, close ,y|Content-Length=0|0:\nend"},
    {OK "Connection: keep-alive\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
     "200|Connection=keep-alive|Connection=close|Content-Length=0|0:\nend"},
    {OK "Connection: closed\r\nContent-Length: 0\r\n\r\n",
     "200 keep-alive|Connection=closed|Content-Length=0|0:\nend"},
    {OK "Connection:\r\nContent-Length: 0\r\n\r\n",
     "200 keep-alive|Connection=|Content-Length=0|0:\nend"},
    {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", "200|Content-Length=1|1:a\nend"},
    {"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\na",
     "200 keep-alive|Connection=Keep-Alive|Content-Length=1|1:a\nend"},
    /* For how long. */
    {OK "Keep-Alive: timeout=5\r\nContent-Length: 0\r\n\r\n",
     "200 keep-alive 5s|Keep-Alive=timeout=5|Content-Length=0|0:\nend"},
    {OK "keep-alive: max=100 , TimeOut=72x\r\nContent-Length: 0\r\n\r\n",
     "200 keep-alive 72s|keep-alive=max=100 , TimeOut=72x|Content-Length=0|0:\nend"},
    {OK "Keep-Alive: timeout=0\r\nContent-Length: 0\r\n\r\n",
     "200 keep-alive 0s|Keep-Alive=timeout=0|Content-Length=0|0:\nend"},
    {OK "Keep-Alive: timeout=, timeout=x, timeouts=5,, timeout=4294967296\r\n"
        "Content-Length: 0\r\n\r\n",
     "200 keep-alive|Keep-Alive=timeout=, timeout=x, timeouts=5,, timeout=4294967296|"
     "Content-Length=0|0:\nend"},
    {OK "Keep-Alive:\r\nContent-Length: 0\r\n\r\n",
     "200 keep-alive|Keep-Alive=|Content-Length=0|0:\nend"},
    {"HTTP/1.1 103 Early Hints\r\nKeep-Alive: timeout=1\r\n\r\n" OK "Content-Length: 0\r\n\r\n",
     "200 keep-alive|Content-Length=0|0:\nend"},
    /* Chunks. */
    {OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
     "200 keep-alive|Transfer-Encoding=chunked|5:hello\nend"},
    {OK "Transfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\nA\r\n, customer\r\n00\r\n\r\n",
     "200 keep-alive|Transfer-Encoding=Chunked|15:hello, customer\nend"},
    {OK "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     "200 keep-alive|Transfer-Encoding=chunked|0:\nend"},
    {OK "Transfer-Encoding: chunked\r\n\r\n2;a=b;c=\"d e\"\r\nhi\r\n0;x\r\n\r\n",
     "200 keep-alive|Transfer-Encoding=chunked|2:hi\nend"},
    {OK "Transfer-Encoding: chunked\r\n\r\n2 \r\nhi\r\n0\r\n\r\n",
     "200 keep-alive|Transfer-Encoding=chunked|2:hi\nend"},
    {OK "Transfer-Encoding: chunked\r\n\r\n2 \t;x\r\nhi\r\n0\r\n\r\n",
     "200 keep-alive|Transfer-Encoding=chunked|2:hi\nend"},
    {OK "Transfer-Encoding: chunked\r\n\r\n2 2\r\nhi\r\n0\r\n\r\n", "broken"},
    {OK "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nDigest: x\r\nEmpty:\r\n\r\n" OK
        "Content-Length: 1\r\n\r\na",
     "200 keep-alive|Transfer-Encoding=chunked|2:hi\n200 keep-alive|Content-Length=1|1:a\nend"},
    {OK "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nContent-Length: 7\r\n\r\n",
     "200 keep-alive|Transfer-Encoding=chunked|2:hi\nend"},
    {OK "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n", "more"},
    {OK "Transfer-Encoding: chunked\r\n\r\n2\r\nhi", "more"},
    {OK "Transfer-Encoding: chunked\r\n\r\n2\r\nhi!\r\n0\r\n\r\n", "broken"},
    {OK "Transfer-Encoding: chunked\r\n\r\n2\nhi\r\n0\r\n\r\n", "broken"},
    {OK "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\n0\r\n\r\n", "broken"},
    {OK "Transfer-Encoding: chunked\r\n\r\n\r\nhi\r\n0\r\n\r\n", "broken"},
    {OK "Transfer-Encoding: chunked\r\n\r\n;a\r\nhi\r\n0\r\n\r\n", "broken"},
    {OK "Transfer-Encoding: chunked\r\n\r\ng\r\nhi\r\n0\r\n\r\n", "broken"},
    {OK "Transfer-Encoding: chunked\r\n\r\n-2\r\nhi\r\n0\r\n\r\n", "broken"},
    {OK "Transfer-Encoding: chunked\r\n\r\n0x2\r\nhi\r\n0\r\n\r\n", "broken"},
    {OK "Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\nhi\r\n0\r\n\r\n", "broken"},
    {OK "Transfer-Encoding: chunked\r\n\r\n2;\x01\r\nhi\r\n0\r\n\r\n", "broken"},
    {OK "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n bad\r\n\r\n", "broken"},
    {OK "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nhi\r\n0\r\n\r\n", "broken"},
    {OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "broken"},
    {OK "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "broken"},
    {OK "Transfer-Encoding: identity\r\n\r\n", "broken"},
    {"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "broken"},
    /* Codings. */
    {OK "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nzz",
     "200 keep-alive gzip|Content-Encoding=gzip|Content-Length=2|2:zz\nend"},
    {OK "Content-Encoding: X-GZip\r\nContent-Length: 0\r\n\r\n",
     "200 keep-alive gzip|Content-Encoding=X-GZip|Content-Length=0|0:\nend"},
    {OK "Content-Encoding: br\r\nContent-Length: 0\r\n\r\n",
     "200 keep-alive|Content-Encoding=br|Content-Length=0|0:\nend"},
    /* Status lines. */
    {"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "200 keep-alive|Content-Length=0|0:\nend"},
    {"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", "200 keep-alive|Content-Length=0|0:\nend"},
    {"HTTP/1.1 404 Nicht gef\xfcnden\r\nContent-Length: 0\r\n\r\n",
     "404 keep-alive|Content-Length=0|0:\nend"},
    {"HTTP/1.1 599 x\r\nContent-Length: 0\r\n\r\n", "599 keep-alive|Content-Length=0|0:\nend"},
    {"HTTP/1.9 200 OK\r\nContent-Length: 0\r\n\r\n", "200 keep-alive|Content-Length=0|0:\nend"},
    {"HTTP/1.1 600 x\r\n", "broken"},
    {"HTTP/1.1 099 x\r\n", "broken"},
    {"HTTP/1.1 2000 OK\r\n", "broken"},
    {"HTTP/1.1 20 OK\r\n", "broken"},
    {"HTTP/1.1  200 OK\r\n", "broken"},
    {"HTTP/2.0 200 OK\r\n", "broken"},
    {"HTTP/1 200 OK\r\n", "broken"},
    {"http/1.1 200 OK\r\n", "broken"},
    {"HTTP/1.1\t200 OK\r\n", "broken"},
    {"HTTP/1.1 200 O\x01K\r\n", "broken"},
    {"HTTP/1.1 200 O\rK\r\n", "broken"},
    {"HTTP/1.1 200 O\x7fK\r\n", "broken"},
    {"\r\nHTTP/1.1 200 OK\r\n", "broken"},
    {" HTTP/1.1 200 OK\r\n", "broken"},
    {"SSH-2.0-OpenSSH_9.2\r\n", "broken"},
    {"<html>", "broken"},
    {"\x15\x03\x03", "broken"},
    {"H", "more"},
    {"HTTP/1.1 200", "more"},
    {OK, "more"},
    {"", "end"},
    /* Header lines. */
    {"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", "200 keep-alive|Content-Length=2|2:hi\nend"},
    {OK "Content-Length: 2\r\nX: \xe2\x82\xac\tb\r\n\r\nhi",
     "200 keep-alive|Content-Length=2|X=\xe2\x82\xac\tb|2:hi\nend"},
    {OK "X!#$%&'*+-.^_`|~9:\r\nContent-Length: 0\r\n\r\n",
     "200 keep-alive|X!#$%&'*+-.^_`|~9=|Content-Length=0|0:\nend"},
    {OK "X: a:b: c\r\nContent-Length: 0\r\n\r\n",
     "200 keep-alive|X=a:b: c|Content-Length=0|0:\nend"},
    {OK "X : a\r\n", "broken"},
    {OK ": a\r\n", "broken"},
    {OK "X\r\n", "broken"},
    {OK "X Y: a\r\n", "broken"},
    {OK "X\xe9: a\r\n", "broken"},
    {OK "X: a\r\n folded\r\n", "broken"},
    {OK "X: a\r\n\tfolded\r\n", "broken"},
    {OK "X: a\rb\r\n", "broken"},
    {OK "X: a\x7f\r\n", "broken"},
    {OK "X: a long value with a bell in it\x07 and more\r\n", "broken"},
    {OK "X: a\r\n\rb", "broken"},
};

START_TEST(test_table)
{
    const char *bytes = cases[_i].bytes, *expected = cases[_i].expected;
    g_autofree char *found = http1_case_read(bytes, strlen(bytes), NULL, 0, false);

    ck_assert_msg(strcmp(found, expected) == 0, "case %d: '%s' instead of '%s'", _i, found,
                  expected);
    http1_case_check_cuts(bytes, strlen(bytes), false);
}
END_TEST

START_TEST(test_head)
{
    static const char bytes[] =
        OK "Content-Length: 5\r\n\r\n" OK "Transfer-Encoding: chunked\r\n\r\n" OK "\r\n";
    g_autofree char *found = http1_case_read(bytes, sizeof(bytes) - 1, NULL, 0, true);

    ck_assert_str_eq(found, "200 keep-alive|Content-Length=5|0:\n"
                            "200 keep-alive|Transfer-Encoding=chunked|0:\n"
                            "200 keep-alive|0:\nend");
    http1_case_check_cuts(bytes, sizeof(bytes) - 1, true);
}
END_TEST

START_TEST(test_zero_byte)
{
    static const char in_value[] = OK "X: a\0b\r\n\r\n", in_name[] = OK "X\0: a\r\n\r\n",
                      in_body[] = OK "Content-Length: 3\r\n\r\na\0b";
    g_autofree char *value = http1_case_read(in_value, sizeof(in_value) - 1, NULL, 0, false);
    g_autofree char *name = http1_case_read(in_name, sizeof(in_name) - 1, NULL, 0, false);
    g_autofree char *body = http1_case_read(in_body, sizeof(in_body) - 1, NULL, 0, false);

    ck_assert_str_eq(value, "broken");
    ck_assert_str_eq(name, "broken");
    ck_assert(g_str_has_prefix(body, "200 keep-alive|Content-Length=3|3:a"));
}
END_TEST

/* A head of exactly `size` bytes. */
static GString *head_of(size_t size)
{
    GString *head = g_string_new(OK "Content-Length: 0\r\nX: ");

    while (head->len + 4 < size)
        g_string_append_c(head, 'x');
    return g_string_append(head, "\r\n\r\n");
}

START_TEST(test_head_limit)
{
    const size_t cuts[] = {1000, 40000, 65535};
    g_autoptr(GString) fits = head_of(HTTP1_HEAD_MAX);
    g_autoptr(GString) over = head_of(HTTP1_HEAD_MAX + 1);
    g_autoptr(GString) endless = head_of(1 << 20);

    ck_assert_uint_eq(fits->len, HTTP1_HEAD_MAX);
    for (size_t i = 0; i <= G_N_ELEMENTS(cuts); i++) {
        g_autofree char *good = http1_case_read(fits->str, fits->len, cuts, i, false);
        g_autofree char *bad = http1_case_read(over->str, over->len, cuts, i, false);
        g_autofree char *worse = http1_case_read(endless->str, endless->len, cuts, i, false);
        ck_assert(g_str_has_prefix(good, "200 keep-alive|Content-Length=0|X=xxx"));
        ck_assert_str_eq(bad, "too large");
        ck_assert_str_eq(worse, "too large");
    }
    /* Interim heads and trailers count too. */
    g_autoptr(GString) interim = g_string_new("HTTP/1.1 100 Continue\r\n\r\n");
    g_string_append(interim, fits->str);
    g_autofree char *both = http1_case_read(interim->str, interim->len, NULL, 0, false);
    ck_assert_str_eq(both, "too large");
    g_autoptr(GString) trailers = g_string_new(OK "Transfer-Encoding: chunked\r\n\r\n0\r\n");
    g_string_append(trailers, fits->str + sizeof(OK) - 1);
    g_autofree char *last = http1_case_read(trailers->str, trailers->len, NULL, 0, false);
    ck_assert_str_eq(last, "too large");
}
END_TEST

START_TEST(test_long_extension)
{
    g_autoptr(GString) answer = g_string_new(OK "Transfer-Encoding: chunked\r\n\r\n");

    for (int i = 0; i < 100; i++) { /* many short ones are fine */
        g_string_append(answer, "1;");
        for (int k = 0; k < 1000; k++)
            g_string_append_c(answer, 'x');
        g_string_append(answer, "\r\na\r\n");
    }
    g_string_append(answer, "0\r\n\r\n");
    g_autofree char *found = http1_case_read(answer->str, answer->len, NULL, 0, false);
    ck_assert(g_str_has_prefix(found, "200 keep-alive|Transfer-Encoding=chunked|100:aaa"));

    g_string_assign(answer, OK "Transfer-Encoding: chunked\r\n\r\n1;");
    for (int k = 0; k < 5000; k++)
        g_string_append_c(answer, 'x');
    g_autofree char *broken = http1_case_read(answer->str, answer->len, NULL, 0, false);
    ck_assert_str_eq(broken, "broken");
}
END_TEST

static void count_bytes(void *user, const char *bytes, size_t size, bool whole)
{
    (void)bytes;
    ck_assert(!whole);
    *(uint64_t *)user += size;
}

static char *no_buffer(void *user)
{
    (void)user;
    return NULL;
}

START_TEST(test_ten_gibibytes)
{
    static const char head[] = OK "Content-Length: 10737418240\r\n\r\n";
    static char piece[1 << 20];
    uint64_t bytes = 0;
    const struct http1_sink sink = {.user = &bytes, .body = count_bytes};
    struct http1 parser = {0};
    enum http1_result result;
    size_t used;

    http1_begin(&parser, false);
    result = http1_take(&parser, head, sizeof(head) - 1, &sink, no_buffer, &used);
    for (int i = 0; i < 10240; i++) {
        ck_assert_int_eq(result, HTTP1_MORE);
        result = http1_take(&parser, piece, sizeof(piece), &sink, no_buffer, &used);
        ck_assert_uint_eq(used, sizeof(piece));
    }
    ck_assert_int_eq(result, HTTP1_DONE);
    ck_assert_uint_eq(bytes, UINT64_C(10737418240));
    ck_assert_uint_eq(parser.body_bytes, bytes);
}
END_TEST

static void count_whole(void *user, const char *bytes, size_t size, bool whole)
{
    ck_assert_uint_eq(size, 5);
    ck_assert(memcmp(bytes, "hello", 5) == 0);
    *(uint32_t *)user += whole;
}

/* Small answers are handed over in one piece, also when they are chunked. */
START_TEST(test_whole_body)
{
    static const char *const answers[] = {
        OK "Content-Length: 5\r\n\r\nhello",
        OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    };
    uint32_t whole = 0;
    const struct http1_sink sink = {.user = &whole, .body = count_whole};

    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
        struct http1 parser = {0};
        size_t used;
        http1_begin(&parser, false);
        ck_assert_int_eq(http1_take(&parser, answers[i], strlen(answers[i]), &sink, no_buffer,
                                    &used),
                         HTTP1_DONE);
    }
    ck_assert_uint_eq(whole, 2);
}
END_TEST

START_TEST(test_no_memory)
{
    uint64_t bytes = 0;
    const struct http1_sink sink = {.user = &bytes, .body = count_bytes};
    struct http1 parser = {0};
    size_t used;

    http1_begin(&parser, false);
    ck_assert_int_eq(http1_take(&parser, "HTTP", 4, &sink, no_buffer, &used), HTTP1_TOO_LARGE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("http1");
    TCase *tcase = tcase_create("http1");

    tcase_add_loop_test(tcase, test_table, 0, (int)G_N_ELEMENTS(cases));
    tcase_add_test(tcase, test_head);
    tcase_add_test(tcase, test_zero_byte);
    tcase_add_test(tcase, test_head_limit);
    tcase_add_test(tcase, test_long_extension);
    tcase_add_test(tcase, test_ten_gibibytes);
    tcase_add_test(tcase, test_whole_body);
    tcase_add_test(tcase, test_no_memory);
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
