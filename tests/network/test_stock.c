/* Stock columns against numbers worked out by hand: two positions of one place, one of them
 * perishable. */
#include <check.h>
#include <signal.h>

#include "network/stock.h"

/* Product 0 keeps and costs 3.00, product 1 lives three days and costs 5.00. */
struct bench {
    struct network network;
    struct place place;
    struct assortment assortment;
    uint32_t sku[2], rank[2], lot_first[2], shelf_life_days[2];
    int32_t cost_cents[2];
    int32_t available[2], fenced[2], reserved[2], on_order[2], backordered[2];
    int32_t lot[3];
    uint64_t oversold_seen[1];
    struct gauge units, value, in_stock, in_transit;
    int64_t now_us;
    struct stock stock;
};

static void bench_init(struct bench *b, bool fenced)
{
    *b = (struct bench){
        .sku = {0, 1},
        .rank = {0, 1},
        .lot_first = {OMO_NONE, 0},
        .shelf_life_days = {0, 3},
        .cost_cents = {300, 500},
    };
    b->assortment = (struct assortment){.count = 2,
                                        .sku = b->sku,
                                        .rank = b->rank,
                                        .lot_first = b->lot_first,
                                        .lot_count = 3};
    b->network = (struct network){.place_count = 1,
                                  .place = &b->place,
                                  .sku_count = 2,
                                  .cost_cents = b->cost_cents,
                                  .shelf_life_days = b->shelf_life_days,
                                  .assortment_count = 1,
                                  .assortment = &b->assortment,
                                  .position_count = 2,
                                  .lot_count = 3};
    b->stock = (struct stock){.network = &b->network,
                              .available = b->available,
                              .fenced = fenced ? b->fenced : NULL,
                              .reserved = b->reserved,
                              .on_order = b->on_order,
                              .lot = b->lot,
                              .oversold_seen = b->oversold_seen,
                              .units = &b->units,
                              .value = &b->value,
                              .in_stock = &b->in_stock,
                              .in_transit = &b->in_transit,
                              .now_us = &b->now_us};
}

#define ck_levels(b, units_, value_, in_stock_, in_transit_)                                       \
    do {                                                                                           \
        ck_assert_int_eq((b)->units.level, (units_));                                              \
        ck_assert_int_eq((b)->value.level, (value_));                                              \
        ck_assert_int_eq((b)->in_stock.level, (in_stock_));                                        \
        ck_assert_int_eq((b)->in_transit.level, (in_transit_));                                    \
    } while (0)

START_TEST(from_the_order_to_the_customer)
{
    struct bench b;

    bench_init(&b, false);
    stock_open(&b.stock, 0, 0, 2);
    stock_open(&b.stock, 0, 1, 0);
    ck_levels(&b, 2, 600, 1, 0);
    stock_order(&b.stock, 0, 10);
    ck_levels(&b, 2, 600, 1, 10);
    ck_assert_int_eq(stock_inventory_position(&b.stock, 0), 12);
    ck_assert(!stock_reserve(&b.stock, 0, 0, 1, STOCK_SHOP));
    ck_assert(stock_take(&b.stock, 0, 0, 1, STOCK_SHOP)); /* the last free one */
    ck_levels(&b, 1, 300, 0, 10);
    ck_assert_int_eq(b.reserved[0], 1);
    stock_issue(&b.stock, 0, 0, 1);
    ck_levels(&b, 0, 0, 0, 10);
    stock_receive(&b.stock, 0, 0, 4);
    ck_levels(&b, 4, 1200, 1, 6);
    ck_assert_int_eq(b.available[0], 4);
    ck_assert_int_eq(b.on_order[0], 6);
    b.stock.backordered = b.backordered;
    b.backordered[0] = 3;
    ck_assert_int_eq(stock_inventory_position(&b.stock, 0), 7);
}
END_TEST

START_TEST(gauges_integrate_over_time)
{
    struct bench b;

    bench_init(&b, false);
    stock_open(&b.stock, 0, 0, 5);
    b.now_us = 10;
    stock_take(&b.stock, 0, 0, 3, STOCK_SHOP);
    b.now_us = 14;
    stock_take(&b.stock, 0, 0, 2, STOCK_SHOP);
    b.now_us = 20;
    gauge_touch(&b.units, b.now_us);
    gauge_touch(&b.in_stock, b.now_us);
    ck_assert_int_eq((int64_t)b.units.area, 5 * 10 + 2 * 4);
    ck_assert_int_eq((int64_t)b.in_stock.area, 14);
}
END_TEST

START_TEST(lots_age_and_expire_oldest_first)
{
    struct bench b;
    int32_t missing;

    bench_init(&b, false);
    stock_open(&b.stock, 0, 1, 4);
    ck_assert_int_eq(stock_expire(&b.stock, 0, 1, &missing), 0); /* after the first day */
    stock_order(&b.stock, 1, 3);
    stock_receive(&b.stock, 0, 1, 3);
    ck_assert_int_eq(b.lot[0], 3);
    ck_assert_int_eq(b.lot[1], 4);
    stock_take(&b.stock, 0, 1, 1, STOCK_SHOP); /* from the older lot */
    ck_assert_int_eq(b.lot[1], 3);
    ck_assert_int_eq(stock_expire(&b.stock, 0, 1, &missing), 0); /* after the second */
    stock_reserve(&b.stock, 0, 1, 2, STOCK_SHOP);
    ck_assert_int_eq(stock_expire(&b.stock, 0, 1, &missing), 1); /* after the third: what is left of it */
    ck_assert_int_eq(b.available[1], 3);
    ck_assert_int_eq(b.reserved[1], 2); /* goods set aside do not expire */
    ck_levels(&b, 5, 2500, 1, 0);
    ck_assert_int_eq(stock_expire(&b.stock, 0, 1, &missing), 3);
    ck_levels(&b, 2, 1000, 0, 0);
    ck_assert_int_eq(stock_expire(&b.stock, 0, 0, &missing), 0); /* keeps for ever */
}
END_TEST

START_TEST(a_lot_holds_more_than_16_bits)
{
    struct bench b;

    bench_init(&b, false);
    stock_open(&b.stock, 0, 1, 40000);
    stock_order(&b.stock, 1, 40000);
    stock_receive(&b.stock, 0, 1, 40000);
    ck_assert_int_eq(b.lot[0], 80000);
    stock_take(&b.stock, 0, 1, 70000, STOCK_SHOP);
    ck_assert_int_eq(b.lot[0], 10000);
}
END_TEST

START_TEST(fence)
{
    struct bench b;

    bench_init(&b, true);
    stock_open(&b.stock, 0, 0, 7);
    stock_fence(&b.stock, 0, 500000);
    ck_assert_int_eq(b.fenced[0], 4); /* 3.5 rounded half up */
    ck_assert_int_eq(b.available[0], 3);
    ck_assert_int_eq(stock_pool_units(&b.stock, 0, STOCK_FENCED), 4);
    ck_assert_int_eq(stock_pool_units(&b.stock, 0, STOCK_SHOP), 3);
    ck_assert(!stock_take(&b.stock, 0, 0, 3, STOCK_SHOP));
    ck_assert_int_eq(stock_free(&b.stock, 0), 4);
    ck_assert(stock_reserve(&b.stock, 0, 0, 4, STOCK_FENCED));
    ck_levels(&b, 4, 1200, 0, 0);
    stock_fence(&b.stock, 0, OMO_PPM);
    ck_assert_int_eq(b.fenced[0], 0);
}
END_TEST

START_TEST(expiry_takes_from_the_shop_first)
{
    struct bench b;
    int32_t missing;

    bench_init(&b, true);
    stock_open(&b.stock, 0, 1, 4);
    stock_fence(&b.stock, 1, 750000);
    for (int day = 0; day < 2; day++)
        ck_assert_int_eq(stock_expire(&b.stock, 0, 1, &missing), 0);
    stock_order(&b.stock, 1, 1);
    stock_receive(&b.stock, 0, 1, 1);
    ck_assert_int_eq(stock_expire(&b.stock, 0, 1, &missing), 4);
    ck_assert_int_eq(b.available[1], 0);
    ck_assert_int_eq(b.fenced[1], 1);
    ck_levels(&b, 1, 500, 1, 0);
}
END_TEST

START_TEST(a_receipt_forgets_the_oversell)
{
    struct bench b;

    bench_init(&b, false);
    b.oversold_seen[0] = 3;
    stock_order(&b.stock, 1, 1);
    stock_receive(&b.stock, 0, 1, 1);
    ck_assert_uint_eq(b.oversold_seen[0], 1);
}
END_TEST

START_TEST(overselling_is_a_bug)
{
    struct bench b;

    bench_init(&b, true);
    stock_open(&b.stock, 0, 0, 2);
    switch (_i) {
    case 0:
        stock_reserve(&b.stock, 0, 0, 3, STOCK_SHOP);
        break;
    case 1:
        stock_take(&b.stock, 0, 0, 1, STOCK_FENCED); /* the fence is empty */
        break;
    case 2:
        stock_issue(&b.stock, 0, 0, 1);
        break;
    case 3:
        stock_receive(&b.stock, 0, 0, 1);
        break;
    default:
        stock_take(&b.stock, 0, 0, 0, STOCK_SHOP);
        break;
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stock");
    TCase *tcase = tcase_create("stock");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tcase, from_the_order_to_the_customer);
    tcase_add_test(tcase, gauges_integrate_over_time);
    tcase_add_test(tcase, lots_age_and_expire_oldest_first);
    tcase_add_test(tcase, a_lot_holds_more_than_16_bits);
    tcase_add_test(tcase, fence);
    tcase_add_test(tcase, expiry_takes_from_the_shop_first);
    tcase_add_test(tcase, a_receipt_forgets_the_oversell);
    if (srunner_fork_status(runner) == CK_FORK)
        tcase_add_loop_test_raise_signal(tcase, overselling_is_a_bug, SIGABRT, 0, 5);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
