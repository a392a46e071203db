/* The published view: at any time it is the stock as it was one lag ago, found again in a plain
 * history of all changes. */
#include <check.h>
#include <signal.h>

#include "conformance/seed.h"

#include "network/view.h"

#define POSITIONS 5
#define STEPS 4000
#define CAPACITY 1024

struct change {
    int64_t at_us;
    size_t position;
    int32_t units;
};

struct bench {
    struct network network;
    int32_t available[POSITIONS], published[POSITIONS];
    struct view_change ring[CAPACITY];
    int64_t now_us;
    struct stock stock;
    struct view view;
    struct change history[STEPS + POSITIONS];
    size_t changes;
};

static void bench_init(struct bench *b, enum view_kind kind, int64_t lag_us)
{
    *b = (struct bench){.network.position_count = POSITIONS};
    b->stock =
        (struct stock){.network = &b->network, .available = b->available, .now_us = &b->now_us};
    b->view = (struct view){.kind = kind,
                            .lag_us = lag_us,
                            .published = kind == VIEW_REAL_TIME ? NULL : b->published,
                            .ring = b->ring,
                            .capacity = CAPACITY,
                            .wrap = 2};
    view_refresh(&b->view, &b->stock);
}

/* Units of a position at a time, all changes of that instant included. */
static int32_t history_units(const struct bench *b, size_t position, int64_t at_us)
{
    int32_t units = 0;

    for (size_t i = 0; i < b->changes && b->history[i].at_us <= at_us; i++)
        if (b->history[i].position == position)
            units = b->history[i].units;
    return units;
}

START_TEST(delayed_is_the_stock_of_one_lag_ago)
{
    static const int64_t lags_us[] = {1, 7, 100, 900};
    uint64_t state = seed_take();
    struct bench b;

    bench_init(&b, VIEW_DELAYED, lags_us[_i]);
    for (uint32_t step = 0; step < STEPS; step++) {
        b.now_us += seed_between(&state, 0, step % 500 < 250 ? 2 : 20);
        view_advance(&b.view, b.now_us);
        size_t position = (size_t)seed_between(&state, 0, POSITIONS - 1);
        ck_assert_int_eq(view_units(&b.view, &b.stock, position, STOCK_SHOP, 0),
                         history_units(&b, position, b.now_us - lags_us[_i]));
        b.available[position] = (int32_t)seed_between(&state, 0, 50);
        view_note(&b.view, &b.stock, position);
        b.history[b.changes++] = (struct change){b.now_us, position, b.available[position]};
    }
    ck_assert_uint_le(b.view.wrap, b.view.capacity);
    ck_assert(lags_us[_i] < 100 || b.view.wrap > 64); /* the ring was widened */
    b.now_us += lags_us[_i];
    view_advance(&b.view, b.now_us);
    ck_assert_mem_eq(b.published, b.available, sizeof(b.available));
}
END_TEST

START_TEST(periodic_is_the_stock_of_the_last_refresh)
{
    struct bench b;

    b.network.position_count = 0;
    bench_init(&b, VIEW_PERIODIC, 100);
    b.available[2] = 9;
    view_note(&b.view, &b.stock, 2);
    b.now_us = 1000;
    view_advance(&b.view, b.now_us);
    ck_assert_int_eq(view_units(&b.view, &b.stock, 2, STOCK_SHOP, 0), 0);
    view_refresh(&b.view, &b.stock);
    b.available[2] = 4;
    ck_assert_int_eq(view_units(&b.view, &b.stock, 2, STOCK_SHOP, 0), 9);
}
END_TEST

START_TEST(real_time_and_buffer)
{
    int32_t fenced[POSITIONS] = {0, 6};
    struct bench b;

    bench_init(&b, VIEW_REAL_TIME, 0);
    b.available[1] = 3;
    ck_assert_int_eq(view_units(&b.view, &b.stock, 1, STOCK_SHOP, 0), 3);
    ck_assert_int_eq(view_units(&b.view, &b.stock, 1, STOCK_FENCED, 0), 3); /* there is no fence */
    b.stock.fenced = fenced;
    ck_assert_int_eq(view_units(&b.view, &b.stock, 1, STOCK_FENCED, 0), 6);
    ck_assert_int_eq(view_units(&b.view, &b.stock, 1, STOCK_SHOP, 2), 1);
    ck_assert_int_eq(view_units(&b.view, &b.stock, 1, STOCK_SHOP, 4), 0);
}
END_TEST

START_TEST(a_full_ring_is_a_bug)
{
    struct bench b;

    bench_init(&b, VIEW_DELAYED, 10);
    for (uint32_t i = 0; i <= CAPACITY; i++)
        view_note(&b.view, &b.stock, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("view");
    TCase *tcase = tcase_create("view");
    SRunner *runner = srunner_create(suite);

    tcase_add_loop_test(tcase, delayed_is_the_stock_of_one_lag_ago, 0, 4);
    tcase_add_test(tcase, periodic_is_the_stock_of_the_last_refresh);
    tcase_add_test(tcase, real_time_and_buffer);
    if (srunner_fork_status(runner) == CK_FORK)
        tcase_add_test_raise_signal(tcase, a_full_ring_is_a_bug, SIGABRT);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
