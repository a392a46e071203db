/* Orders: what the customer pays for the parts of a line adds up to its price; names of orders; the
 * queue of backorders. */
#include <check.h>

#include "conformance/seed.h"

#include "network/orders.h"
#include "network/waiting.h"

START_TEST(parts_of_a_line_add_up)
{
    struct order_line line = {.quantity = 3, .cents = 1000};

    ck_assert_int_eq(order_line_cents(&line, 1), 333);
    ck_assert_int_eq(order_line_cents(&line, 1), 333);
    ck_assert_int_eq(order_line_cents(&line, 1), 334);
    line = (struct order_line){.quantity = 7, .cents = 0};
    ck_assert_int_eq(order_line_cents(&line, 7), 0);
}
END_TEST

START_TEST(any_parts_of_any_line_add_up)
{
    uint64_t state = seed_take();

    for (uint32_t round = 0; round < 20000; round++) {
        struct order_line line = {.quantity = (int32_t)seed_between(&state, 1, 1000),
                                  .cents = seed_between(&state, 0, INT32_MAX)};
        int64_t sum = 0;
        while (line.done < line.quantity) {
            int32_t part = (int32_t)seed_between(&state, 1, line.quantity - line.done);
            int64_t cents = order_line_cents(&line, part);
            if (cents < 0)
                ck_abort_msg("%" PRId64 " cents", cents);
            sum += cents;
        }
        if (sum != line.cents)
            ck_abort_msg("%" PRId64 " of %" PRId64 " cents", sum, line.cents);
    }
}
END_TEST

START_TEST(identities_differ)
{
    ck_assert_uint_eq(orders_identity(1, 2, 3) >> 44, 1);
    ck_assert_uint_ne(orders_identity(0, 0, 1), orders_identity(0, 1, 0));
    ck_assert_uint_ne(orders_identity(0, 1, 0), orders_identity(1, 0, 0));
    /* The largest of each field leaves the top bit to switched orders. */
    uint64_t last = orders_identity((1u << 19) - 1, (1 << 22) - 1, (1u << 22) - 1);
    ck_assert_uint_eq(last & ORDERS_SWITCHED, 0);
}
END_TEST

START_TEST(backorders_wait_in_line)
{
    uint32_t next[4], generation[4] = {0}, first[2] = {OMO_NONE, OMO_NONE}, last[2];
    struct waiter waiter[4];
    struct waiting w = {
        .pool = {.name = "backorders",
                 .next = next,
                 .generation = generation,
                 .capacity = 4,
                 .free_first = OMO_NONE},
        .waiter = waiter,
        .first = first,
        .last = last,
    };

    waiting_add(&w, 1, (struct waiter){.identity = 10});
    waiting_add(&w, 0, (struct waiter){.identity = 11});
    waiting_add(&w, 1, (struct waiter){.identity = 12});
    ck_assert_uint_eq(w.waiter[w.first[1]].identity, 10);
    waiting_pop(&w, 1);
    ck_assert_uint_eq(w.waiter[w.first[1]].identity, 12);
    waiting_add(&w, 1, (struct waiter){.identity = 13});
    waiting_pop(&w, 1);
    ck_assert_uint_eq(w.waiter[w.first[1]].identity, 13);
    waiting_pop(&w, 1);
    ck_assert_uint_eq(w.first[1], OMO_NONE);
    ck_assert_uint_eq(w.waiter[w.first[0]].identity, 11);
    ck_assert_uint_eq(w.pool.used, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("orders");
    TCase *tcase = tcase_create("orders");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tcase, parts_of_a_line_add_up);
    tcase_add_test(tcase, any_parts_of_any_line_add_up);
    tcase_add_test(tcase, identities_differ);
    tcase_add_test(tcase, backorders_wait_in_line);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
