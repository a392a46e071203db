/* Connections against servers that behave well, badly and worse. */
#include "replay/customer.h"
#include "replay/peer.h"

#include <check.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

static struct customer customer; /* too large for a stack */

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

static void assert_fine(uint32_t which)
{
    const struct customer_end *end = &customer.end[which];

    ck_assert_msg(end->ended && !end->failed, "%u: %s", which,
                  end->ended ? outcome_name(end->outcome) : "no end");
    ck_assert_uint_eq(end->status, 200);
    ck_assert_uint_eq(end->body_size, 5);
    ck_assert_str_eq(end->body, "hello");
}

static void serve_well(struct peer *peer, int fd, uint32_t turn)
{
    (void)turn;
    while (peer_read(peer, fd, NULL, 0))
        peer_write(fd, answer);
}

static void ask_next(struct customer *c, uint32_t which)
{
    if (which + 1 < c->user)
        customer_ask(c, which + 1);
}

START_TEST(test_keeps_alive)
{
    struct peer *peer = peer_start(PEER_IPV4, serve_well);

    customer_open(&customer, peer_url(peer), NULL);
    customer.after = ask_next;
    customer.user = 100;
    customer_ask(&customer, 0);
    customer_run(&customer, 100);
    for (uint32_t i = 0; i < 100; i++)
        assert_fine(i);
    ck_assert_uint_eq(peer_connections(peer), 1);
    ck_assert_uint_eq(peer_requests(peer), 100);
    ck_assert_uint_eq(pool_counts(customer.pool)->bytes_in, 100 * (sizeof(answer) - 1));
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_keeps_alive};
    Suite *suite = suite_create("pool");
    TCase *tcase = tcase_create("pool");

    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        tcase_add_test(tcase, tests[i]);
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
