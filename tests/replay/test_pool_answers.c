/* Answers of every shape, as the owner of a pool gets them: cut into bytes, without length, packed, large,
 * with headers that are wanted. */
#include "replay/customer.h"
#include "replay/peer.h"
#include "shell/folder.h"

#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define TEXT(literal) ((struct api_text){literal, sizeof(literal) - 1})

static struct customer customer; /* too large for a stack */

static const char answer[] = PEER_ANSWER;

static GBytes *told; /* what the peer answers with */
static bool told_slowly, told_end;

static void serve_told(struct peer *peer, int fd, uint32_t turn)
{
    gsize size;
    const char *bytes = g_bytes_get_data(told, &size);

    (void)turn;
    while (peer_read(peer, fd, NULL, 0)) {
        for (gsize i = 0; told_slowly && i < size; i++) {
            peer_write_bytes(fd, bytes + i, 1);
            g_usleep(200);
        }
        if (!told_slowly)
            peer_write_bytes(fd, bytes, size);
        if (told_end)
            break;
    }
}

/* Asks once and leaves the customer open. */
static struct peer *ask_told(const char *bytes, size_t size, const ApiMap *map)
{
    struct peer *peer = peer_start(PEER_IPV4, serve_told);

    told = g_bytes_new(bytes, size);
    customer_open_map(&customer, peer_url(peer), NULL, map);
    customer_ask(&customer, 0);
    customer_run(&customer, 1);
    return peer;
}

static void end_told(struct peer *peer)
{
    customer_close(&customer);
    peer_stop(peer);
    g_bytes_unref(told);
    told_slowly = told_end = false;
}

START_TEST(test_byte_by_byte)
{
    static const char chunked[] = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"
                                  "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n"
                                  "Trailer: x\r\n\r\n";

    told_slowly = true;
    struct peer *peer = ask_told(chunked, sizeof(chunked) - 1, NULL);
    customer_assert_fine(&customer, 0);
    customer_ask(&customer, 1);
    customer_run(&customer, 2);
    customer_assert_fine(&customer, 1);
    ck_assert_uint_eq(peer_connections(peer), 1);
    end_told(peer);
}
END_TEST

START_TEST(test_until_close)
{
    static const char bytes[] = "HTTP/1.0 200 OK\r\n\r\nhello";

    told_end = true;
    struct peer *peer = ask_told(bytes, sizeof(bytes) - 1, NULL);
    customer_assert_fine(&customer, 0);
    end_told(peer);
}
END_TEST

START_TEST(test_head_request)
{
    static const char bytes[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    struct peer *peer = peer_start(PEER_IPV4, serve_told);

    told = g_bytes_new_static(bytes, sizeof(bytes) - 1);
    customer_open(&customer, peer_url(peer), NULL);
    customer.message.method = TEXT("HEAD");
    customer.message.head_only = true;
    customer.after = customer_ask_next;
    customer.user = 3;
    customer_ask(&customer, 0);
    customer_run(&customer, 3);
    ck_assert_uint_eq(customer.end[2].status, 200);
    ck_assert_uint_eq(customer.end[2].body_bytes, 0);
    ck_assert_uint_eq(peer_connections(peer), 1);
    end_told(peer);
}
END_TEST

START_TEST(test_large_body)
{
    const size_t size = 3u << 20;
    g_autoptr(GString) bytes = g_string_new(NULL);

    g_string_printf(bytes, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", size);
    for (size_t i = 0; i < size; i++)
        g_string_append_c(bytes, (char)('a' + i % 26));
    struct peer *peer = ask_told(bytes->str, bytes->len, NULL);
    ck_assert(!customer.end[0].failed);
    ck_assert_uint_eq(customer.end[0].body_bytes, size);
    ck_assert_uint_eq(customer.end[0].body_size, API_BODY_MAX); /* the rest is counted only */
    for (size_t i = 0; i < API_BODY_MAX; i++)
        ck_assert(customer.end[0].body[i] == (char)('a' + i % 26));
    /* Not wanted: nothing is kept. */
    customer.exchange[1].wants_body = false;
    pool_request(customer.pool, &customer.exchange[1]);
    customer_run(&customer, 2);
    ck_assert_uint_eq(customer.end[1].body_bytes, size);
    ck_assert_ptr_null(customer.end[1].body);
    ck_assert_uint_eq(peer_connections(peer), 1);
    end_told(peer);
}
END_TEST

/* A gzip member. Caller frees. */
static GString *pack(const char *text, size_t size)
{
    GString *packed = g_string_sized_new(size + 1000);
    z_stream z = {0};

    ck_assert_int_eq(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)text;
    z.avail_in = (uInt)size;
    z.next_out = (Bytef *)packed->str;
    z.avail_out = (uInt)(size + 1000);
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    packed->len = z.total_out;
    deflateEnd(&z);
    return packed;
}

static struct peer *ask_packed(const GString *packed)
{
    g_autoptr(GString) bytes = g_string_new(NULL);

    g_string_printf(bytes,
                    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n",
                    packed->len);
    g_string_append_len(bytes, packed->str, (gssize)packed->len);
    return ask_told(bytes->str, bytes->len, NULL);
}

START_TEST(test_gzip)
{
    g_autoptr(GString) packed = pack("hello", 5);
    struct peer *peer = ask_packed(packed);

    customer_assert_fine(&customer, 0);
    ck_assert(customer.end[0].gzip);
    ck_assert_uint_eq(customer.end[0].body_bytes, packed->len);
    ck_assert_uint_eq(pool_counts(customer.pool)->gzip_replies, 1);
    customer_ask(&customer, 1); /* the inflater is used again */
    customer_run(&customer, 2);
    customer_assert_fine(&customer, 1);
    end_told(peer);
}
END_TEST

START_TEST(test_gzip_members)
{
    g_autoptr(GString) packed = pack("hel", 3), second = pack("lo", 2);

    (void)packed;
    g_string_append_len(packed, second->str, (gssize)second->len);
    struct peer *peer = ask_packed(packed);
    customer_assert_fine(&customer, 0);
    end_told(peer);
}
END_TEST

START_TEST(test_gzip_bomb)
{
    const size_t size = 30u << 20;
    g_autofree char *zeros = g_malloc0(size);
    g_autoptr(GString) packed = pack(zeros, size);
    struct peer *peer = ask_packed(packed);

    ck_assert(!customer.end[0].failed);
    ck_assert_uint_eq(customer.end[0].body_size, API_BODY_MAX);
    end_told(peer);
}
END_TEST

START_TEST(test_gzip_broken)
{
    g_autoptr(GString) packed = pack("hello, hello, hello", 19);
    const bool cut = _i == 1;

    if (cut)
        g_string_truncate(packed, packed->len - 6);
    else
        packed->str[packed->len - 5] ^= 1; /* its checksum */
    struct peer *peer = ask_packed(packed);
    ck_assert(customer.end[0].failed);
    ck_assert_int_eq(customer.end[0].outcome, OUTCOME_bad_response);
    end_told(peer);
}
END_TEST

static const char map_text[] =
    "api: 1\nname: test\nsteps:\n  browse:\n    - method: GET\n      path: /\n"
    "      capture: {one: {header: X-One}, two: {header: Set-Cookie}}\n";

START_TEST(test_wanted_headers)
{
    static const char bytes[] =
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx-one:  a b \r\nX-On: no\r\nX-Ones: no\r\n"
        "SET-COOKIE: k=v; Path=/\r\nSet-Cookie: l=w\r\n\r\nhello";
    GError *error = NULL;

    ck_assert(g_file_set_contents("api.yaml", map_text, -1, NULL));
    g_autoptr(ApiMap) map = api_read("api.yaml", NULL, &error);
    ck_assert_msg(map != NULL, "%s", error != NULL ? error->message : "");
    told_slowly = _i == 1; /* then they are copied, for the body comes later */
    struct peer *peer = ask_told(bytes, sizeof(bytes) - 1, map);
    customer_assert_fine(&customer, 0);
    const bool one_first = strcmp(api_wanted_name(map, 0), "x-one") == 0;
    ck_assert_str_eq(customer.end[0].wanted, one_first ? "a b|k=v; Path=/|" : "k=v; Path=/|a b|");
    end_told(peer);
    peer = ask_told(answer, sizeof(answer) - 1, map);
    ck_assert_str_eq(customer.end[0].wanted, "-|-|");
    end_told(peer);
    g_unlink("api.yaml");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_byte_by_byte, test_until_close, test_head_request,
                                  test_large_body,   test_gzip,        test_gzip_members,
                                  test_gzip_bomb};
    Suite *suite = suite_create("pool_answers");
    TCase *tcase = tcase_create("pool_answers");

    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        tcase_add_test(tcase, tests[i]);
    tcase_add_checked_fixture(tcase, folder_enter, folder_leave);
    tcase_add_loop_test(tcase, test_gzip_broken, 0, 2);
    tcase_add_loop_test(tcase, test_wanted_headers, 0, 2);
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
