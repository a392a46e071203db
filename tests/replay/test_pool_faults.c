/* Connections to servers that behave badly, and owners that change their minds. Each exchange must
 * end once, by the right name, whatever happens. */
#include "replay/customer.h"
#include "replay/peer.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TEXT(literal) ((struct api_text){literal, sizeof(literal) - 1})

static struct customer customer; /* too large for a stack */

static const char answer[] = PEER_ANSWER;

static void assert_failed(uint32_t which, enum outcome outcome)
{
    const struct customer_end *end = &customer.end[which];

    ck_assert_msg(end->failed && end->outcome == outcome, "%u: %s instead of %s", which,
                  !end->ended   ? "no end"
                  : end->failed ? outcome_name(end->outcome)
                                : "an answer",
                  outcome_name(outcome));
}

/* ---- broken answers -------------------------------------------------------------------------- */

enum ending { CLOSES, RESETS, STAYS };

static const struct {
    const char *bytes;
    enum ending ending;
    enum outcome outcome;
} broken[] = {
    {"", CLOSES, OUTCOME_reset},
    {"", RESETS, OUTCOME_reset},
    {"HTTP/1.1 200 OK\r\nConte", CLOSES, OUTCOME_short_body},
    {"HTTP/1.1 200 OK\r\nConte", RESETS, OUTCOME_reset},
    {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", CLOSES, OUTCOME_short_body},
    {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", RESETS, OUTCOME_reset},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", CLOSES,
     OUTCOME_short_body},
    {"HTTP/1.1 200 OK\r\n\r\nhello", RESETS, OUTCOME_reset},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nwhat?", STAYS, OUTCOME_bad_response},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello, customer", STAYS,
     OUTCOME_bad_response},
    {"SSH-2.0-OpenSSH_9.2p1\r\n", STAYS, OUTCOME_bad_response},
    {"\x15\x03\x03\x00\x02\x02\x46", STAYS, OUTCOME_bad_response},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", STAYS,
     OUTCOME_bad_response},
};

static int broken_case;

static void serve_broken(struct peer *peer, int fd, uint32_t turn)
{
    if (turn > 0) {
        peer_serve_well(peer, fd, turn);
        return;
    }
    if (!peer_read(peer, fd, NULL, 0))
        return;
    peer_write(fd, broken[broken_case].bytes);
    if (broken[broken_case].ending == RESETS) {
        peer_sleep_ms(100); /* a reset may overtake bytes that have not been read */
        peer_reset(fd);
    } else if (broken[broken_case].ending == STAYS) {
        peer_wait_end(fd);
    }
}

START_TEST(test_broken)
{
    broken_case = _i;
    struct peer *peer = peer_start(PEER_IPV4, serve_broken);
    customer_open(&customer, peer_url(peer), NULL);
    customer_ask(&customer, 0);
    customer_run(&customer, 1);
    assert_failed(0, broken[_i].outcome);
    customer_ask(&customer, 1); /* the next one finds a new connection */
    customer_run(&customer, 2);
    customer_assert_fine(&customer, 1);
    ck_assert_uint_eq(pool_counts(customer.pool)->resent, 0);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

static void serve_large_head(struct peer *peer, int fd, uint32_t turn)
{
    g_autofree char *line = g_strnfill(1 << 20, 'x');

    (void)turn;
    if (!peer_read(peer, fd, NULL, 0))
        return;
    peer_write(fd, "HTTP/1.1 200 OK\r\nX: ");
    peer_write(fd, line);
    peer_write(fd, "\r\nContent-Length: 5\r\n\r\nhello");
}

START_TEST(test_large_head)
{
    struct peer *peer = peer_start(PEER_IPV4, serve_large_head);

    customer_open(&customer, peer_url(peer), NULL);
    customer_ask(&customer, 0);
    customer_run(&customer, 1);
    assert_failed(0, OUTCOME_too_large);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

static void serve_too_much(struct peer *peer, int fd, uint32_t turn)
{
    (void)turn;
    while (peer_read(peer, fd, NULL, 0))
        peer_write(fd, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, customer");
}

START_TEST(test_length_too_small)
{
    /* What is too much must not be taken for the next answer. */
    struct peer *peer = peer_start(PEER_IPV4, serve_too_much);

    customer_open(&customer, peer_url(peer), NULL);
    customer.after = customer_ask_next;
    customer.user = 10;
    customer_ask(&customer, 0);
    customer_run(&customer, 10);
    for (uint32_t i = 0; i < 10; i++)
        customer_assert_fine(&customer, i);
    ck_assert_uint_eq(peer_connections(peer), 10);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

static void serve_unasked(struct peer *peer, int fd, uint32_t turn)
{
    if (turn == 0 && peer_read(peer, fd, NULL, 0)) {
        peer_write(fd, answer);
        peer_sleep_ms(50);
        peer_write(fd, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
        peer_wait_end(fd);
    } else {
        peer_serve_well(peer, fd, turn);
    }
}

START_TEST(test_unasked_bytes)
{
    struct peer *peer = peer_start(PEER_IPV4, serve_unasked);

    customer_open(&customer, peer_url(peer), NULL);
    customer_ask(&customer, 0);
    customer_run(&customer, 1);
    for (int i = 0; i < 100 && pool_counts(customer.pool)->open_now > 0; i++)
        customer_run_ms(&customer, 50);
    ck_assert_uint_eq(pool_counts(customer.pool)->open_now, 0);
    customer_ask(&customer, 1);
    customer_run(&customer, 2);
    customer_assert_fine(&customer, 1);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

/* ---- stale connections ----------------------------------------------------------------------- */

/* The first connection is closed when its second request has come; `user` more do the same. */
static uint32_t stale_turns;

static void serve_stale(struct peer *peer, int fd, uint32_t turn)
{
    if (turn >= stale_turns) {
        peer_serve_well(peer, fd, turn);
        return;
    }
    if (turn == 0) {
        peer_read(peer, fd, NULL, 0);
        peer_write(fd, answer);
    }
    peer_read(peer, fd, NULL, 0);
}

static struct peer *ask_stale(bool idempotent, uint32_t turns)
{
    stale_turns = turns;
    struct peer *peer = peer_start(PEER_IPV4, serve_stale);
    customer_open(&customer, peer_url(peer), NULL);
    customer.message.idempotent = idempotent;
    customer_ask(&customer, 0);
    customer_run(&customer, 1);
    customer_assert_fine(&customer, 0);
    customer_ask(&customer, 1);
    customer_run(&customer, 2);
    return peer;
}

START_TEST(test_stale)
{
    struct peer *peer = ask_stale(true, 1);

    customer_assert_fine(&customer, 1);
    ck_assert(customer.end[1].resent);
    ck_assert_uint_eq(pool_counts(customer.pool)->resent, 1);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

START_TEST(test_stale_once)
{
    struct peer *peer = ask_stale(true, 2);

    assert_failed(1, OUTCOME_reset);
    ck_assert_uint_eq(pool_counts(customer.pool)->resent, 1);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

START_TEST(test_stale_order)
{
    struct peer *peer = ask_stale(false, 1);

    assert_failed(1, OUTCOME_reset); /* an order must not be placed twice */
    ck_assert_uint_eq(pool_counts(customer.pool)->resent, 0);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

/* ---- no connection --------------------------------------------------------------------------- */

/* A socket bound to a free port, not yet listening. */
static int bind_port(char **ret_url)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(in);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_eq(bind(fd, (struct sockaddr *)&in, size), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&in, &size), 0);
    *ret_url = g_strdup_printf("http://127.0.0.1:%u", ntohs(in.sin_port));
    return fd;
}

START_TEST(test_refused)
{
    g_autofree char *url = NULL;
    GError *error = NULL;
    const int fd = bind_port(&url);

    customer_open(&customer, url, NULL);
    ck_assert(!target_probe(customer.target, 1000, &error));
    g_autofree char *expected = g_strdup_printf("can't reach %s: Connection refused", url);
    ck_assert_str_eq(error->message, expected);
    g_error_free(error);
    for (uint32_t i = 0; i < 50; i++)
        customer_ask(&customer, i);
    customer_run(&customer, 50);
    for (uint32_t i = 0; i < 50; i++)
        assert_failed(i, OUTCOME_connect_error);
    const uint64_t errors = pool_counts(customer.pool)->connect_errors;
    ck_assert_uint_ge(errors, 1);
    ck_assert_uint_le(errors, 4);        /* not one for each request */
    for (uint32_t i = 50; i < 54; i++) { /* they wait for the rest to be over, and fail again */
        customer_ask(&customer, i);
        customer_run(&customer, i + 1);
        assert_failed(i, OUTCOME_connect_error);
    }
    close(fd);
    customer_close(&customer);
}
END_TEST

START_TEST(test_comes_back)
{
    g_autofree char *url = NULL;
    const int fd = bind_port(&url);

    customer_open(&customer, url, NULL);
    customer_ask(&customer, 0);
    customer_run(&customer, 1);
    assert_failed(0, OUTCOME_connect_error);
    ck_assert_int_eq(listen(fd, 16), 0);
    customer_ask(&customer, 1);
    customer_run_ms(&customer, 10);
    const int accepted = accept(fd, NULL, NULL);
    ck_assert_int_ge(accepted, 0);
    customer_run_ms(&customer, 100);
    ck_assert_ptr_nonnull(customer.exchange[1].link);
    peer_write(accepted, answer);
    customer_run(&customer, 2);
    customer_assert_fine(&customer, 1);
    close(accepted);
    close(fd);
    customer_close(&customer);
}
END_TEST

static int64_t retry_until_ns;

static void ask_again(struct customer *c, uint32_t which)
{
    assert_failed(which, OUTCOME_connect_error);
    customer_forget(c, which);
    if (clock_ns() < retry_until_ns)
        customer_ask(c, which);
}

START_TEST(test_hammering)
{
    /* An owner who tries again at once is slowed down by the rests. */
    g_autofree char *url = NULL;
    const int fd = bind_port(&url);

    customer_open(&customer, url, NULL);
    customer.after = ask_again;
    retry_until_ns = clock_ns() + 500000000;
    customer_ask(&customer, 0);
    customer_run_ms(&customer, 600);
    ck_assert_uint_ge(customer.end_count, 2);
    customer.after = NULL;
    ck_assert_uint_le(customer.end_count, 8); /* 0, 10, 30, 70, 150, 310, 630 ms */
    close(fd);
    customer_close(&customer);
}
END_TEST

START_TEST(test_connect_timeout)
{
    g_autofree char *url = NULL;
    const int fd = bind_port(&url);
    struct pool_options options = customer_options();
    int filler[8];

    /* A full backlog: the kernel drops what more asks for a connection. */
    ck_assert_int_eq(listen(fd, 0), 0);
    struct sockaddr_in in;
    socklen_t size = sizeof(in);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&in, &size), 0);
    for (size_t i = 0; i < G_N_ELEMENTS(filler); i++) {
        filler[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)!connect(filler[i], (struct sockaddr *)&in, size);
    }
    options.connect_timeout_us = 100000;
    options.links_max = 1;
    customer_open(&customer, url, &options);
    const int64_t began_ns = clock_ns();
    customer_ask(&customer, 0);
    customer_run(&customer, 1);
    assert_failed(0, OUTCOME_connect_error);
    ck_assert_int_ge(clock_ns() - began_ns, 90000000);
    for (size_t i = 0; i < G_N_ELEMENTS(filler); i++)
        close(filler[i]);
    close(fd);
    customer_close(&customer);
}
END_TEST

START_TEST(test_no_unix_socket)
{
    customer_open(&customer, "unix:/nonexistent/x.sock", NULL);
    customer_ask(&customer, 0);
    customer_run(&customer, 1);
    assert_failed(0, OUTCOME_connect_error);
    customer_close(&customer);
}
END_TEST

/* ---- owners who change their minds ----------------------------------------------------------- */

static void serve_nothing(struct peer *peer, int fd, uint32_t turn)
{
    (void)turn;
    while (peer_read(peer, fd, NULL, 0))
        ;
}

START_TEST(test_cancel)
{
    struct pool_options options = customer_options();
    struct peer *peer = peer_start(PEER_IPV4, serve_nothing);

    options.links_max = 2;
    customer_open(&customer, peer_url(peer), &options);
    for (uint32_t i = 0; i < 6; i++)
        customer_ask(&customer, i);
    for (int i = 0; i < 200 && peer_requests(peer) < 2; i++)
        customer_run_ms(&customer, 10);
    pool_cancel(customer.pool, &customer.exchange[3]); /* waits, in the middle */
    pool_cancel(customer.pool, &customer.exchange[2]); /* first */
    pool_cancel(customer.pool, &customer.exchange[5]); /* last */
    pool_cancel(customer.pool, &customer.exchange[0]); /* in flight: its link goes */
    customer_ask(&customer, 0);                        /* and it may be used again at once */
    ck_assert_uint_eq(pool_counts(customer.pool)->waiting_now, 2);
    for (int i = 0; i < 200 && peer_requests(peer) < 3; i++)
        customer_run_ms(&customer, 10);
    ck_assert_ptr_nonnull(customer.exchange[4].link); /* the queue went on */
    ck_assert_uint_eq(customer.end_count, 0);
    pool_close(customer.pool, OUTCOME_cut_off);
    ck_assert_uint_eq(customer.end_count, 3);
    assert_failed(0, OUTCOME_cut_off);
    assert_failed(1, OUTCOME_cut_off);
    assert_failed(4, OUTCOME_cut_off);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

static void cancel_others(struct customer *c, uint32_t which)
{
    for (uint32_t i = 0; i < 8; i++)
        if (i != which && !c->end[i].ended && (c->user >> i & 1) != 0) {
            pool_cancel(c->pool, &c->exchange[i]);
            c->user &= ~(1ul << i);
        }
}

static void serve_reset(struct peer *peer, int fd, uint32_t turn)
{
    (void)turn;
    for (int i = 0; i < 4; i++)
        peer_read(peer, fd, NULL, 0);
    peer_reset(fd);
}

START_TEST(test_cancel_while_failing)
{
    /* Four on one connection that breaks, four that wait: the first to hear of it gives up on all
     * the others. */
    struct pool_options options = customer_options();
    struct peer *peer = peer_start(PEER_IPV4, serve_reset);

    options.links_max = 1;
    options.pipeline = 4;
    customer_open(&customer, peer_url(peer), &options);
    customer.after = cancel_others;
    customer.user = 0xff;
    for (uint32_t i = 0; i < 8; i++)
        customer_ask(&customer, i);
    customer_run(&customer, 1);
    customer_run_ms(&customer, 50);
    ck_assert_uint_eq(customer.end_count, 1);
    assert_failed(0, OUTCOME_reset);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

START_TEST(test_cancel_while_refused)
{
    g_autofree char *url = NULL;
    const int fd = bind_port(&url);

    customer_open(&customer, url, NULL);
    customer.after = cancel_others;
    customer.user = 0xff;
    for (uint32_t i = 0; i < 8; i++)
        customer_ask(&customer, i);
    customer_run(&customer, 1);
    customer_run_ms(&customer, 50);
    ck_assert_uint_eq(customer.end_count, 1);
    ck_assert_uint_eq(pool_counts(customer.pool)->waiting_now, 0);
    close(fd);
    customer_close(&customer);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_large_head,
                                  test_length_too_small,
                                  test_unasked_bytes,
                                  test_stale,
                                  test_stale_once,
                                  test_stale_order,
                                  test_refused,
                                  test_comes_back,
                                  test_hammering,
                                  test_connect_timeout,
                                  test_no_unix_socket,
                                  test_cancel,
                                  test_cancel_while_failing,
                                  test_cancel_while_refused};
    Suite *suite = suite_create("pool_faults");
    TCase *tcase = tcase_create("pool_faults");

    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        tcase_add_test(tcase, tests[i]);
    tcase_add_loop_test(tcase, test_broken, 0, (int)G_N_ELEMENTS(broken));
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
