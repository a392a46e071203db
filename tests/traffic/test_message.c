/* Recorded messages and the moments of recordings. */
#include "shell/folder.h"
#include "traffic/message.h"
#include "traffic/moment.h"

#include <string.h>

static void assert_text(struct message_text text, const char *expected)
{
    ck_assert_uint_eq(text.size, strlen(expected));
    ck_assert_int_eq(memcmp(text.text, expected, text.size), 0);
}

START_TEST(test_made_and_read)
{
    g_autoptr(GString) text = g_string_new("old");
    g_autoptr(GError) error = NULL;
    struct message_text name, value;
    struct message message;

    ck_assert(message_begin(text, "POST", "/a b?q=é#part", &error));
    ck_assert(message_add_header(text, "Content-Type", "text/plain", NULL, &error));
    ck_assert(message_add_header(text, "X-Two", "", NULL, &error));
    ck_assert(message_end(text, "a\r\n\r\nb\0c", 8, &error));
    ck_assert_mem_eq(text->str,
                     "POST /a%20b?q=%C3%A9 HTTP/1.1\r\nContent-Type: text/plain\r\nX-Two: \r\n\r\n"
                     "a\r\n\r\nb\0c",
                     text->len);
    const struct plan_payload payload = {text->str, text->len};
    ck_assert(message_parse(&payload, &message));
    assert_text(message.method, "POST");
    assert_text(message.target, "/a%20b?q=%C3%A9");
    ck_assert_uint_eq(message.body.size, 8);
    ck_assert_mem_eq(message.body.text, "a\r\n\r\nb\0c", 8);
    assert_text(message_header(&message, "content-type"), "text/plain");
    ck_assert_ptr_null(message_header(&message, "X").text);
    ck_assert(message_next_header(&message.headers, &name, &value));
    ck_assert(message_next_header(&message.headers, &name, &value));
    assert_text(name, "X-Two");
    assert_text(value, "");
    ck_assert(!message_next_header(&message.headers, &name, &value));
}
END_TEST

/* What belongs to the connection is dropped. */
START_TEST(test_dropped)
{
    static const char *const names[] =
        {"Host",   "host",    "Content-Length",    "Connection", "Keep-Alive",
         "Te",     "TRAILER", "Transfer-Encoding", "Upgrade",    "Proxy-Connection",
         "Expect", ":path",   ":authority",        "X-Hop",      "x-other"};
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    ck_assert(message_begin(text, "GET", "/", &error));
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        ck_assert(message_add_header(text, names[i], "v", "close, x-hop ,X-Other", &error));
    ck_assert_str_eq(text->str, "GET / HTTP/1.1\r\n");
    ck_assert(message_add_header(text, "Cookie", "a=b", "close", &error));
    ck_assert_str_eq(text->str, "GET / HTTP/1.1\r\nCookie: a=b\r\n");
}
END_TEST

START_TEST(test_nothing_smuggled)
{
    static const char *const methods[] = {"", "G T", "GET\r\n", "G(T"};
    static const char *const targets[] = {"", "x", "ftp://a/", "//", "javascript:1"};
    static const char *const values[] = {"a\r\nB: c", "a\nb", "\x7f", "\x01"};
    g_autoptr(GString) text = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
        ck_assert(!message_begin(text, methods[i], "/", NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(targets); i++)
        ck_assert(message_begin(text, "GET", targets[i], NULL) == (targets[i][0] == '/'));
    ck_assert(message_begin(text, "GET", "/\r\nX: y", NULL));
    ck_assert_str_eq(text->str, "GET /%0D%0AX:%20y HTTP/1.1\r\n");
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
        ck_assert(!message_add_header(text, "A", values[i], NULL, NULL));
    ck_assert(!message_add_header(text, "A B", "c", NULL, NULL));
    ck_assert(!message_add_header(text, "", "c", NULL, NULL));
    g_autofree char *large = g_malloc0(OMO_PLAN_PAYLOAD_MAX);
    ck_assert(!message_end(text, large, OMO_PLAN_PAYLOAD_MAX, NULL));
}
END_TEST

START_TEST(test_no_message)
{
    static const char *const cases[] = {
        "",
        "GET / HTTP/1.1",
        "GET / HTTP/1.1\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET  HTTP/1.1\r\n\r\n",
        "GET HTTP/1.1\r\n\r\n",
        " / HTTP/1.1\r\n\r\n",
        "G\x01T / HTTP/1.1\r\n\r\n",
        "GET /a b HTTP/1.1\r\n\r\n",
        "GET /\x80 HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\n\n",
        "GET / HTTP/1.1\r\nA\r\n\r\n",
        "GET / HTTP/1.1\r\n: b\r\n\r\n",
        "GET / HTTP/1.1\r\nA b: c\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\r\n",
    };
    struct message message;

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        /* On the heap and without a NUL: a sanitizer sees a step too far. */
        const struct plan_payload payload = {g_memdup2(cases[i], strlen(cases[i])),
                                             strlen(cases[i])};
        ck_assert_msg(!message_parse(&payload, &message), "%s", cases[i]);
        g_free((void *)(uintptr_t)payload.bytes);
    }
}
END_TEST

START_TEST(test_moments)
{
    static const struct {
        const char *text;
        int64_t us;
    } iso[] = {{"1970-01-01T00:00:00Z", 0},
               {"2009-07-24T19:20:30.45+01:00", INT64_C(1248459630450000)},
               {"2000-02-29 23:59:59.1234567-0030", INT64_C(951870599123456)},
               {"0000-03-01T00:00:00", INT64_C(-62162035200000000)},
               {"9999-12-31T23:59:60Z", INT64_C(253402300800000000)}};
    static const char *const bad[] = {"",
                                      "2009",
                                      "2009-02-29T00:00:00Z",
                                      "2009-13-01T00:00:00Z",
                                      "2009-01-01T24:00:00Z",
                                      "2009-01-01T00:00:00.Z",
                                      "2009-01-01T00:00:00Zx",
                                      "2009-01-01T00:00:00+1",
                                      "+009-01-01T00:00:00Z"};
    char text[MOMENT_TEXT_SIZE];
    int64_t us = 7;

    for (size_t i = 0; i < G_N_ELEMENTS(iso); i++) {
        ck_assert_msg(moment_parse_iso(iso[i].text, strlen(iso[i].text), &us), "%s", iso[i].text);
        ck_assert_msg(us == iso[i].us, "%s: %" G_GINT64_FORMAT, iso[i].text, us);
    }
    us = 7;
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        ck_assert_msg(!moment_parse_iso(bad[i], strlen(bad[i]), &us), "%s", bad[i]);
    ck_assert_int_eq(us, 7);
    const char *log = "10/Oct/2000:13:55:36 -0700";
    ck_assert(moment_parse_log(log, strlen(log), &us));
    ck_assert_int_eq(us, INT64_C(971211336000000));
    ck_assert_str_eq(moment_format_log(us, text), "10/Oct/2000:20:55:36 +0000");
    ck_assert_str_eq(moment_format_iso(us + 1, text), "2000-10-10T20:55:36.000001Z");
    ck_assert_str_eq(moment_format_iso(-1, text), "1969-12-31T23:59:59.999999Z");
    ck_assert(!moment_parse_log("10/Okt/2000:13:55:36 -0700", 26, &us));
    ck_assert(!moment_parse_log("10/Oct/2000:13:55:36", 20, &us));
}
END_TEST

/* Each day of four centuries, there and back. */
START_TEST(test_all_days)
{
    char text[MOMENT_TEXT_SIZE];

    for (int64_t day = -73100; day < 73100; day++) {
        const int64_t at_us = day * INT64_C(86400000000) + 1;
        int64_t us;
        moment_format_iso(at_us, text);
        ck_assert(moment_parse_iso(text, strlen(text), &us));
        ck_assert_int_eq(us, at_us);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_made_and_read, test_dropped, test_nothing_smuggled,
                                  test_no_message,    test_moments, test_all_days};
    return folder_run("message", tests, G_N_ELEMENTS(tests));
}
