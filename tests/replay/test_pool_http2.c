/* Pools with HTTP/2 and TLS towards peers that refuse: what is sent again, how often, and what it is
 * called in the end. */
#include "replay/customer.h"
#include "replay/peer.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FRAME(size, type, flags, id) 0, 0, size, type, flags, 0, 0, 0, id

static const char settings[] = {FRAME(0, 4, 0, 0)};
static const char goaway[] = {FRAME(8, 7, 0, 0), 0, 0, 0, 0, 0, 0, 0, 0};
static const char answer[] = {FRAME(1, 1, 5, 1), (char)0x89}; /* 204 */

/* Reads until the request is there: its frame follows 24 bytes of preface and other frames. */
static bool read_request(int fd)
{
    char bytes[4096];
    size_t size = 0;

    for (ssize_t got; (got = read(fd, bytes + size, sizeof bytes - size)) > 0;) {
        size += (size_t)got;
        for (size_t at = 24; at + 9 <= size; at += 9 + (unsigned char)bytes[at + 2])
            if (bytes[at + 3] == 1)
                return true;
    }
    return false;
}

/* Looks at no request at all. */
static void refuse(struct peer *peer, int fd, uint32_t turn)
{
    (void)peer;
    (void)turn;
    peer_write_bytes(fd, settings, sizeof settings);
    if (read_request(fd))
        peer_write_bytes(fd, goaway, sizeof goaway);
    peer_wait_end(fd);
}

/* The same, but for each third connection. */
static void refuse_twice(struct peer *peer, int fd, uint32_t turn)
{
    if (turn % 3 != 2) {
        refuse(peer, fd, turn);
        return;
    }
    peer_write_bytes(fd, settings, sizeof settings);
    if (read_request(fd))
        peer_write_bytes(fd, answer, sizeof answer);
    peer_wait_end(fd);
}

static void hang_up(struct peer *peer, int fd, uint32_t turn)
{
    (void)peer;
    (void)fd;
    (void)turn;
}

START_TEST(refused_for_ever)
{
    struct peer *peer = peer_start(PEER_IPV4, refuse);
    struct customer customer;

    customer_open(&customer, peer_url(peer), NULL);
    customer.target->http2_prior = true;
    customer.message.idempotent = false; /* refused is refused: it is safe all the same */
    customer_ask(&customer, 0);
    customer_run(&customer, 1);
    ck_assert(customer.end[0].failed);
    ck_assert_str_eq(outcome_name(customer.end[0].outcome), "refused_stream");
    ck_assert_uint_eq(pool_counts(customer.pool)->resent, 8);
    customer_close(&customer);
    ck_assert_uint_eq(peer_connections(peer), 9);
    peer_stop(peer);
}
END_TEST

START_TEST(refused_at_first)
{
    struct peer *peer = peer_start(PEER_IPV4, refuse_twice);
    struct customer customer;

    customer_open(&customer, peer_url(peer), NULL);
    customer.target->http2_prior = true;
    customer.message.idempotent = false;
    customer_ask(&customer, 0);
    customer_run(&customer, 1);
    ck_assert(!customer.end[0].failed);
    ck_assert_uint_eq(customer.end[0].status, 204);
    ck_assert(customer.end[0].resent);
    ck_assert_uint_eq(pool_counts(customer.pool)->resent, 2);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

START_TEST(hung_up_in_the_handshake)
{
    const struct tls_options options = {.no_verify = true};
    struct peer *peer = peer_start(PEER_IPV4, hang_up);
    struct tls_context *context = tls_context_new(&options, "localhost", NULL);
    struct customer customer;

    customer_open(&customer, peer_url(peer), NULL);
    customer.target->tls = true;
    customer.target->tls_context = context;
    customer_ask(&customer, 0);
    customer_run(&customer, 1);
    ck_assert(customer.end[0].failed);
    ck_assert_str_eq(outcome_name(customer.end[0].outcome), "tls_error");
    ck_assert_str_eq(tls_last_error(context), "the connection ended in the handshake");
    customer.target->tls_context = NULL;
    customer_close(&customer);
    tls_context_free(context);
    peer_stop(peer);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("pool_http2");
    TCase *tc = tcase_create("pool_http2");

    tcase_add_test(tc, refused_for_ever);
    tcase_add_test(tc, refused_at_first);
    tcase_add_test(tc, hung_up_in_the_handshake);
    tcase_set_timeout(tc, 60);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    SRunner *runner = srunner_create(suite());

    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
