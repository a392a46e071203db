/* Requests one after the other: large answers, answers that never come, connections that break. */
#include "replay/fetch.h"
#include "replay/peer.h"
#include "shell/folder.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define TEXT(literal) ((struct api_text){literal, sizeof(literal) - 1})
#define SECOND_NS INT64_C(1000000000)

static const char map_text[] = "api: 1\n"
                               "name: small\n"
                               "steps:\n"
                               "  browse:\n"
                               "    method: GET\n"
                               "    path: /\n"
                               "    capture: {tag: {header: ETag}}\n";

static ApiMap *map;
static struct target *target;
static const struct api_message get = {.method = TEXT("GET"),
                                       .path = TEXT("/books?page=1"),
                                       .idempotent = true};
static const struct api_message post = {.method = TEXT("POST"),
                                        .path = TEXT("/log-in"),
                                        .body = TEXT("{}")};

static Fetch *open_fetch(const struct peer *peer, int64_t timeout_ns)
{
    g_autoptr(GError) error = NULL;

    signal(SIGPIPE, SIG_IGN);
    folder_write("api.yaml", map_text);
    map = api_read("api.yaml", NULL, &error);
    folder_assert_fine(error);
    target = target_new(peer_url(peer), NULL, &error);
    folder_assert_fine(error);
    Fetch *fetch = fetch_new(target, map, timeout_ns, &error);
    folder_assert_fine(error);
    return fetch;
}

static void close_fetch(Fetch *fetch, struct peer *peer)
{
    fetch_free(fetch);
    peer_stop(peer);
    target_free(target);
    api_free(map);
}

static void assert_body(Fetch *fetch, const struct api_message *message, const char *expected)
{
    g_autoptr(GError) error = NULL;
    struct api_reply reply;

    fetch_send(fetch, message, &reply, &error);
    folder_assert_fine(error);
    ck_assert_uint_eq(reply.status, 200);
    ck_assert_uint_eq(reply.body.size, strlen(expected));
    ck_assert_int_eq(memcmp(reply.body.text, expected, reply.body.size), 0);
}

static void assert_error(Fetch *fetch, const struct peer *peer, const struct api_message *message,
                         const char *end)
{
    g_autoptr(GError) error = NULL;
    struct api_reply reply;
    g_autofree char *expected =
        g_strdup_printf("%.*s %s%.*s: %s", (int)message->method.size, message->method.text,
                        peer_url(peer), (int)message->path.size, message->path.text, end);

    ck_assert(!fetch_send(fetch, message, &reply, &error));
    ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN));
    ck_assert_str_eq(error->message, expected);
}

/* ---- answers --------------------------------------------------------------------------------- */

START_TEST(test_one_after_the_other)
{
    struct peer *peer = peer_start(PEER_IPV4, peer_serve_well);
    Fetch *fetch = open_fetch(peer, 20 * SECOND_NS);

    for (int i = 0; i < 20; i++)
        assert_body(fetch, i % 2 == 0 ? &get : &post, "hello");
    ck_assert_uint_eq(peer_connections(peer), 1);
    ck_assert_uint_eq(peer_requests(peer), 20);
    close_fetch(fetch, peer);
}
END_TEST

START_TEST(test_unix_socket)
{
    struct peer *peer = peer_start(PEER_UNIX, peer_serve_well);
    Fetch *fetch = open_fetch(peer, 20 * SECOND_NS);

    assert_body(fetch, &get, "hello");
    close_fetch(fetch, peer);
}
END_TEST

static void serve_tagged(struct peer *peer, int fd, uint32_t turn)
{
    (void)turn;
    if (peer_read(peer, fd, NULL, 0))
        peer_write(fd, "HTTP/1.1 404 Not Found\r\nETag: first\r\nContent-Length: 0\r\n\r\n");
    if (peer_read(peer, fd, NULL, 0))
        peer_write(fd, PEER_ANSWER);
}

START_TEST(test_status_and_headers)
{
    struct peer *peer = peer_start(PEER_IPV4, serve_tagged);
    Fetch *fetch = open_fetch(peer, 20 * SECOND_NS);
    g_autoptr(GError) error = NULL;
    struct api_reply reply;

    ck_assert_uint_eq(api_wanted_count(map), 1);
    ck_assert(fetch_send(fetch, &get, &reply, &error));
    ck_assert_uint_eq(reply.status, 404);
    ck_assert_uint_eq(reply.body.size, 0);
    ck_assert_uint_eq(reply.wanted[0].size, 5);
    ck_assert_int_eq(memcmp(reply.wanted[0].text, "first", 5), 0);
    ck_assert(fetch_send(fetch, &get, &reply, &error));
    ck_assert_uint_eq(reply.status, 200);
    ck_assert_ptr_null(reply.wanted[0].text);
    close_fetch(fetch, peer);
}
END_TEST

/* ---- large answers --------------------------------------------------------------------------- */

#define LARGE (12u << 20)
static size_t large_size;
static bool large_packed;

/* A byte that tells where it is. */
static char byte_at(size_t at) { return (char)('a' + (at / 4093 + at) % 26); }

static void serve_large(struct peer *peer, int fd, uint32_t turn)
{
    g_autofree char *body = g_malloc(large_size);
    uLongf packed_size = compressBound(large_size) + 64;
    g_autofree char *packed = g_malloc(packed_size);
    size_t size = large_size;

    (void)turn;
    for (size_t i = 0; i < large_size; i++)
        body[i] = byte_at(i);
    if (large_packed) {
        z_stream z = {.next_in = (Bytef *)body,
                      .avail_in = (uInt)large_size,
                      .next_out = (Bytef *)packed,
                      .avail_out = (uInt)packed_size};
        ck_assert_int_eq(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
        ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
        size = z.total_out;
        deflateEnd(&z);
    }
    g_autofree char *head = g_strdup_printf("HTTP/1.1 200 OK\r\n%sContent-Length: %zu\r\n\r\n",
                                            large_packed ? "Content-Encoding: gzip\r\n" : "", size);
    while (peer_read(peer, fd, NULL, 0)) {
        peer_write(fd, head);
        peer_write_bytes(fd, large_packed ? packed : body, size);
    }
}

START_TEST(test_large)
{
    large_size = LARGE;
    large_packed = _i == 1;
    struct peer *peer = peer_start(PEER_IPV4, serve_large);
    Fetch *fetch = open_fetch(peer, 60 * SECOND_NS);
    g_autoptr(GError) error = NULL;
    struct api_reply reply;

    for (int turn = 0; turn < 2; turn++) {
        fetch_send(fetch, &get, &reply, &error);
        folder_assert_fine(error);
        ck_assert_uint_eq(reply.body.size, LARGE);
        for (size_t i = 0; i < LARGE; i++)
            if (reply.body.text[i] != byte_at(i))
                ck_abort_msg("byte %zu", i);
    }
    close_fetch(fetch, peer);
}
END_TEST

START_TEST(test_too_large)
{
    large_size = FETCH_BODY_MAX + 1;
    large_packed = _i == 1;
    struct peer *peer = peer_start(PEER_IPV4, serve_large);
    Fetch *fetch = open_fetch(peer, 120 * SECOND_NS);

    assert_error(fetch, peer, &get, "the answer is longer than 64 MiB");
    close_fetch(fetch, peer);
}
END_TEST

/* ---- answers that do not come ---------------------------------------------------------------- */

static void serve_silence(struct peer *peer, int fd, uint32_t turn)
{
    if (!peer_read(peer, fd, NULL, 0))
        return;
    if (turn == 0) {
        peer_write(fd, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
        peer_wait_end(fd);
    } else {
        peer_write(fd, PEER_ANSWER);
    }
}

START_TEST(test_timeout)
{
    struct peer *peer = peer_start(PEER_IPV4, serve_silence);
    Fetch *fetch = open_fetch(peer, SECOND_NS);

    assert_error(fetch, peer, &get, "no whole answer in time (1s)");
    assert_body(fetch, &get, "hello");
    close_fetch(fetch, peer);
}
END_TEST

static void serve_reset_first(struct peer *peer, int fd, uint32_t turn)
{
    if (!peer_read(peer, fd, NULL, 0))
        return;
    if (turn == 0) {
        peer_reset(fd);
        return;
    }
    peer_write(fd, PEER_ANSWER);
    peer_serve_well(peer, fd, turn);
}

START_TEST(test_reset)
{
    struct peer *peer = peer_start(PEER_IPV4, serve_reset_first);
    Fetch *fetch = open_fetch(peer, 20 * SECOND_NS);

    assert_body(fetch, &get, "hello");
    ck_assert_uint_eq(peer_connections(peer), 2);
    close_fetch(fetch, peer);

    peer = peer_start(PEER_IPV4, serve_reset_first);
    fetch = open_fetch(peer, 20 * SECOND_NS);
    assert_error(fetch, peer, &post, "the connection broke before the answer");
    assert_body(fetch, &post, "hello");
    close_fetch(fetch, peer);
}
END_TEST

static void serve_one(struct peer *peer, int fd, uint32_t turn)
{
    (void)turn;
    if (peer_read(peer, fd, NULL, 0))
        peer_write(fd, PEER_ANSWER);
    peer_end(fd);
}

/* A service that closes what was idle for a while: what is sent next goes on a new connection. */
START_TEST(test_closed_meanwhile)
{
    struct peer *peer = peer_start(PEER_IPV4, serve_one);
    Fetch *fetch = open_fetch(peer, 20 * SECOND_NS);

    for (int i = 0; i < 3; i++) {
        assert_body(fetch, &post, "hello");
        peer_sleep_ms(300);
    }
    ck_assert_uint_eq(peer_connections(peer), 3);
    close_fetch(fetch, peer);
}
END_TEST

START_TEST(test_gone)
{
    struct peer *peer = peer_start(PEER_IPV4, peer_serve_well);
    Fetch *fetch = open_fetch(peer, 20 * SECOND_NS);
    g_autofree char *url = g_strdup(peer_url(peer));
    g_autoptr(GError) error = NULL;
    struct api_reply reply;

    assert_body(fetch, &get, "hello");
    peer_stop(peer);
    ck_assert(!fetch_send(fetch, &get, &reply, &error));
    g_autofree char *expected = g_strdup_printf("GET %s/books?page=1: no connection", url);
    ck_assert_str_eq(error->message, expected);
    fetch_free(fetch);
    target_free(target);
    api_free(map);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fetch");
    TCase *tests = tcase_create("fetch");

    tcase_add_checked_fixture(tests, folder_enter, folder_leave);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, test_one_after_the_other);
    tcase_add_test(tests, test_unix_socket);
    tcase_add_test(tests, test_status_and_headers);
    tcase_add_loop_test(tests, test_large, 0, 2);
    tcase_add_loop_test(tests, test_too_large, 0, 2);
    tcase_add_test(tests, test_timeout);
    tcase_add_test(tests, test_reset);
    tcase_add_test(tests, test_closed_meanwhile);
    tcase_add_test(tests, test_gone);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
