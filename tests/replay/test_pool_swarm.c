/* Many requests at once against a server that does anything, from an owner who gives up on some: each
 * ends once, nothing is left behind. OMO_SEED sets the owner's seed. */
#include "replay/customer.h"
#include "replay/peer.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct customer customer; /* too large for a stack */

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

static void serve_anything(struct peer *peer, int fd, uint32_t turn)
{
    uint32_t state = turn * 2654435761u + 12345;

    while (peer_read(peer, fd, NULL, 0)) {
        state = state * 1664525u + 1013904223u;
        switch (state >> 28) {
        case 0:
            return;
        case 1:
            peer_reset(fd);
            return;
        case 2:
            peer_write(fd, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
            return;
        case 3:
            peer_write(fd, "nonsense\r\n");
            break;
        case 4:
            peer_sleep_ms(3);
            peer_write(fd, answer);
            break;
        case 5:
            peer_write(fd,
                       "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
            return;
        case 6:
            peer_write(fd, answer);
            peer_write(fd, "HTTP/1.1 100 Continue\r\n\r\n");
            break;
        case 7:
            peer_write(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n");
            peer_sleep_ms(1);
            peer_write(fd, "3\r\nllo\r\n0\r\n\r\n");
            break;
        case 8:
            peer_write(fd, answer);
            return;
        default:
            peer_write(fd, answer);
        }
    }
}

static struct {
    uint32_t state, asked, answered, failed, cancelled;
    bool in_flight[CUSTOMER_EXCHANGES];
} swarm;

#define SWARM_ASKED 3000
#define SWARM_USERS 40

static void swarm_ask(struct customer *c, uint32_t which)
{
    if (swarm.asked == SWARM_ASKED)
        return;
    swarm.asked++;
    swarm.in_flight[which] = true;
    customer_ask(c, which);
}

static void swarm_after(struct customer *c, uint32_t which)
{
    ck_assert(swarm.in_flight[which]);
    swarm.in_flight[which] = false;
    if (c->end[which].failed) {
        swarm.failed++;
    } else {
        swarm.answered++;
        ck_assert_str_eq(c->end[which].body, "hello");
    }
    customer_forget(c, which);
    swarm.state = swarm.state * 1664525u + 1013904223u;
    const uint32_t other = (swarm.state >> 16) % SWARM_USERS;
    if (swarm.state >> 29 == 0 && swarm.in_flight[other]) {
        pool_cancel(c->pool, &c->exchange[other]);
        swarm.in_flight[other] = false;
        swarm.cancelled++;
        swarm_ask(c, other);
    }
    swarm_ask(c, which);
}

START_TEST(test_swarm)
{
    struct pool_options options = customer_options();
    struct peer *peer = peer_start(PEER_IPV4, serve_anything);
    const char *seed = getenv("OMO_SEED");

    memset(&swarm, 0, sizeof(swarm));
    swarm.state = seed != NULL ? (uint32_t)atoi(seed) : (uint32_t)_i;
    printf("OMO_SEED=%u\n", swarm.state);
    options.links_max = 8;
    options.pipeline = _i % 2 == 0 ? 1 : 3;
    options.idle_ms = 20;
    customer_open(&customer, peer_url(peer), &options);
    customer.after = swarm_after;
    customer.message.idempotent = true;
    for (uint32_t i = 0; i < SWARM_USERS; i++)
        swarm_ask(&customer, i);
    customer_run_ms(&customer, 1);
    for (int i = 0; i < 2000 && swarm.answered + swarm.failed + swarm.cancelled < SWARM_ASKED; i++)
        customer_run_ms(&customer, 20);
    ck_assert_uint_eq(swarm.answered + swarm.failed + swarm.cancelled, SWARM_ASKED);
    ck_assert_uint_gt(swarm.answered, SWARM_ASKED / 4);
    ck_assert_uint_gt(swarm.failed, 50);
    ck_assert_uint_gt(swarm.cancelled, 50);
    ck_assert_uint_gt(pool_counts(customer.pool)->resent, 10);
    ck_assert_uint_le(pool_counts(customer.pool)->open_max, 8);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pool_swarm");
    TCase *tcase = tcase_create("pool_swarm");

    tcase_add_loop_test(tcase, test_swarm, 0, 4);
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
