/* KPIs over tallies worked out by hand, and the books: the profit is the sum of its parts to the
 * cent.
 *
 * Three channels: 0 is the shop, 1 pickup, 2 parcels; ten days are measured. */
#include <check.h>
#include <math.h>

#include "measure/kpi.h"

enum { SHOP, PICKUP, PARCEL, NO_CHANNEL = OMO_CHANNELS_MAX };

static struct tally tally;

static void put(enum fact_kind kind, uint32_t column, int64_t count, int64_t quantity,
                int64_t amount)
{
    tally.cell[kind][column] = (struct tally_cell){count, quantity, amount, 0};
}

static void level(enum gauge_kind gauge, double mean)
{
    tally.gauge[gauge].area = (core_int128)(mean * (double)tally.span_us);
}

static double kpi(const char *name, uint32_t channel)
{
    for (uint32_t i = 0; i < kpi_registry_count; i++)
        if (strcmp(kpi_registry[i]->name, name) == 0) {
            ck_assert_msg(channel == TALLY_ALL || kpi_registry[i]->per_channel,
                          "%s is not per channel", name);
            return kpi_registry[i]->value(&tally, channel);
        }
    ck_abort_msg("no KPI %s", name);
    return 0.0;
}

static void is(const char *name, uint32_t channel, double expected)
{
    double value = kpi(name, channel);

    ck_assert_msg(fabs(value - expected) <= 1e-12 * fmax(1.0, fabs(expected)),
                  "%s.%u = %.17g, not %.17g", name, channel, value, expected);
}

static void is_nan(const char *name, uint32_t channel)
{
    ck_assert_msg(isnan(kpi(name, channel)), "%s.%u has a value", name, channel);
}

static void empty(void)
{
    memset(&tally, 0, sizeof(tally));
    tally.channel_count = 3;
    tally.online[PICKUP] = tally.online[PARCEL] = true;
    tally.ships[PARCEL] = true;
    tally.span_us = 10 * OMO_US_PER_DAY;
    tally.time_unit_us = OMO_US_PER_HOUR;
}

START_TEST(sales)
{
    put(FACT_OPENED, SHOP, 60, 120, 600000);
    put(FACT_OPENED, PICKUP, 10, 20, 100000);
    put(FACT_OPENED, PARCEL, 20, 60, 300000);
    put(FACT_LEFT, NO_CHANNEL, 10, 0, 0);
    put(FACT_PLACED, SHOP, 50, 100, 500000);
    put(FACT_PLACED, PICKUP, 10, 18, 90000);
    put(FACT_PLACED, PARCEL, 20, 52, 280000);
    put(FACT_REFUNDED, PARCEL, 1, 0, 10000);
    put(FACT_RESERVED, SHOP, 80, 100, 500000);
    put(FACT_RESERVED, PICKUP, 12, 18, 90000);
    put(FACT_RESERVED, PARCEL, 30, 50, 262000);
    put(FACT_FEE, PARCEL, 10, 0, 8000);
    put(FACT_DISCOUNT, PICKUP, 4, 0, 2000);
    put(FACT_GOODS, SHOP, 50, 0, 300000);
    put(FACT_GOODS, PARCEL, 20, 0, 160000);
    put(FACT_CLAIMED, PICKUP, 8, 0, 0);
    put(FACT_REDEEMED, SHOP, 2, 0, 1000);
    put(FACT_REDEEMED, PICKUP, 4, 0, 2000);
    is("visits", TALLY_ALL, 100);
    is("orders", TALLY_ALL, 80);
    is("orders", SHOP, 50);
    is("conversion", TALLY_ALL, 0.8);
    is("gmv", TALLY_ALL, 10000);
    is("gmv", PARCEL, 3000);
    is("net_sales", TALLY_ALL, 8600);
    is("net_sales", PARCEL, 2700);
    is("units_sold", TALLY_ALL, 168);
    is("units_sold", PICKUP, 18);
    is("discounts", PICKUP, 20);
    is("fees", TALLY_ALL, 80);
    is("gross_margin", TALLY_ALL, 4000);
    is("gross_margin", PARCEL, 1100);
    is("aov", TALLY_ALL, 107.5);
    is("aov", PARCEL, 135);
    is("units_per_order", PARCEL, 2.6);
    is("online_share", TALLY_ALL, 0.375);
    is("coupons_claimed", TALLY_ALL, 8);
    is("coupons_redeemed", SHOP, 2);
    is("redemption_rate", TALLY_ALL, 0.75);
    is("shares", SHOP, 0.6);
    is("shares", TALLY_ALL, 0.9);
    is("shares.no_purchase", TALLY_ALL, 0.1);
}
END_TEST

START_TEST(fill_rate_with_lost_sales)
{
    put(FACT_LINE, SHOP, 90, 100, 0);
    put(FACT_RESERVED, SHOP, 85, 92, 0);
    put(FACT_LOST, SHOP, 5, 8, 4000);
    is("fill_rate", SHOP, 0.92);
    is("fill_rate", TALLY_ALL, 0.92);
    is("fill_rate_type2", TALLY_ALL, 0.92);
    is("lost_rate", TALLY_ALL, 0.08);
    is("P_lost", TALLY_ALL, 0.08);
    is("lost_units", SHOP, 8);
    is("lost_sales", SHOP, 40);
    is_nan("fill_rate", PICKUP);
}
END_TEST

START_TEST(fill_rate_with_backorders)
{
    /* 100 wanted: 92 at once, 8 owed, of which 6 arrived while measuring after 2.5 h each. */
    put(FACT_LINE, SHOP, 90, 100, 0);
    put(FACT_RESERVED, SHOP, 90, 98, 0);
    put(FACT_BACKORDERED, SHOP, 5, 8, 0);
    put(FACT_FILLED, SHOP, 5, 6, 6 * 5 * OMO_US_PER_HOUR / 2);
    level(GAUGE_BACKORDERS, 0.25);
    level(GAUGE_UNITS, 3.5);
    is("fill_rate", TALLY_ALL, 0.92);
    is("lost_rate", TALLY_ALL, 0);
    is("mean_backorder_wait_all", TALLY_ALL, 0.15);
    tally.time_unit_us = OMO_US_PER_DAY;
    is("mean_backorder_wait_all", TALLY_ALL, 0.15 / 24.0);
    is("E_backorders", TALLY_ALL, 0.25);
    is("E_on_hand", TALLY_ALL, 3.5);
}
END_TEST

START_TEST(switched_units_count_once)
{
    /* The shop lacks 10 of 100; customers order 10 online instead, of which 9 are there. */
    put(FACT_LINE, SHOP, 90, 100, 0);
    put(FACT_LINE, PARCEL, 10, 10, 0);
    put(FACT_SWITCHED, SHOP, 8, 10, 5000);
    put(FACT_RESERVED, SHOP, 85, 90, 0);
    put(FACT_RESERVED, PARCEL, 9, 9, 0);
    put(FACT_LOST, PARCEL, 1, 1, 500);
    is("fill_rate", SHOP, 0.9);
    is("fill_rate", PARCEL, 0.9);
    is("fill_rate", TALLY_ALL, 0.99);
    is("lost_rate", TALLY_ALL, 0.01);
    is("switched_units", SHOP, 10);
}
END_TEST

START_TEST(service)
{
    tally.position_count = 40;
    level(GAUGE_IN_STOCK, 38);
    put(FACT_STOCKOUT, NO_CHANNEL, 5, 0, 0);
    tally.cycle_count = 20;
    put(FACT_CLOSED, PARCEL, 20, 17, 20 * 30 * OMO_US_PER_HOUR);
    put(FACT_CLOSED, PICKUP, 5, 5, 5 * 5 * OMO_US_PER_HOUR);
    put(FACT_READY, PICKUP, 4, 0, 6 * OMO_US_PER_HOUR);
    put(FACT_COLLECTED, PICKUP, 4, 8, 10 * OMO_US_PER_HOUR);
    put(FACT_DELIVERED, PARCEL, 22, 30, 22 * 29 * OMO_US_PER_HOUR);
    put(FACT_TILL_START, SHOP, 50, 20, 50 * 3 * OMO_US_PER_MINUTE);
    put(FACT_PLACED, SHOP, 50, 100, 0);
    put(FACT_PLACED, PICKUP, 10, 20, 0);
    put(FACT_PLACED, PARCEL, 20, 30, 0);
    put(FACT_OVERSOLD, PARCEL, 4, 5, 0);
    put(FACT_REROUTED, PARCEL, 3, 3, 0);
    put(FACT_CANCELLED, PARCEL, 2, 2, 0);
    is("ready_rate", TALLY_ALL, 0.95);
    is("cycle_service", TALLY_ALL, 0.75);
    is("otif", TALLY_ALL, 0.88);
    is("otif", PARCEL, 0.85);
    put(FACT_FAILED, PARCEL, 5, 5, 0);
    is("otif", PARCEL, 0.68);
    is("lead_time", PARCEL, 30);
    is("lead_time", TALLY_ALL, 25);
    is_nan("lead_time", SHOP);
    is("time_to_ready", PICKUP, 1.5);
    is("pickup_wait", PICKUP, 2.5);
    is("delivery_time", PARCEL, 29);
    is("till_wait", TALLY_ALL, 3);
    is("oversold_units", PARCEL, 5);
    is("rerouted_units", PARCEL, 3);
    is("cancelled_units", TALLY_ALL, 2);
    is("oversell_rate", TALLY_ALL, 0.1);
    is("oversell_rate", PARCEL, 5.0 / 30.0);
    is_nan("oversell_rate", SHOP);
    tally.cycle_count = 4;
    is("cycle_service", TALLY_ALL, 0);
    tally.cycle_count = 0;
    is_nan("cycle_service", TALLY_ALL);
}
END_TEST

START_TEST(fulfilment)
{
    put(FACT_PLACED, SHOP, 50, 0, 0);
    put(FACT_PLACED, PICKUP, 10, 0, 0);
    put(FACT_PLACED, PARCEL, 20, 0, 0);
    put(FACT_SHIPPED, PARCEL, 25, 0, 17500);
    put(FACT_TRIP, PARCEL, 25, 0, 25 * INT64_C(12000000));
    put(FACT_ROUTED, PICKUP, 10, 0, 10 * INT64_C(2000000));
    put(FACT_ROUTED, PARCEL, 26, 0, 26 * INT64_C(11000000));
    put(FACT_SPLIT, PARCEL, 6, 0, 0);
    put(FACT_COMPLETE_NEAR, PARCEL, 9, 0, 0);
    put(FACT_HANDLING, PICKUP, 10, 0, 2500);
    put(FACT_HANDLING, PARCEL, 26, 0, 5000);
    put(FACT_PURCHASE, NO_CHANNEL, 7, 300, 7000);
    put(FACT_PICK_START, PARCEL, 26, 0, 13 * OMO_US_PER_HOUR);
    tally.server_count[OMO_ROLE_PICKER] = 4;
    tally.server_count[OMO_ROLE_COURIER] = 2;
    level(GAUGE_PICKER_BUSY, 1.0);
    level(GAUGE_COURIER_BUSY, 1.5);
    is("parcels_per_order", TALLY_ALL, 1.25);
    is("parcels_per_order", PARCEL, 1.25);
    is_nan("parcels_per_order", PICKUP);
    is("split_rate", TALLY_ALL, 0.2);
    is("split_rate", PARCEL, 0.3);
    is("P_split", TALLY_ALL, 0.2);
    is("E_packages_split_allowed", TALLY_ALL, 1.2);
    is("P_ship_complete_from_near", TALLY_ALL, 0.3);
    is("trip_distance", PARCEL, 12);
    is("route_distance", PICKUP, 2);
    is("E_km", TALLY_ALL, 306.0 / 36.0);
    is("fulfilment_cost", TALLY_ALL, 320);
    is("fulfilment_cost", PARCEL, 225);
    is("ordering_cost", TALLY_ALL, 70);
    is("fulfilment_cost_per_order", TALLY_ALL, 4);
    is("fulfilment_cost_per_order", PARCEL, 11.25);
    is("picker_utilisation", TALLY_ALL, 0.25);
    is("courier_utilisation", TALLY_ALL, 0.75);
    is_nan("till_utilisation", TALLY_ALL);
    is("picker_wait", TALLY_ALL, 0.5);
}
END_TEST

START_TEST(stock)
{
    level(GAUGE_UNITS, 500);
    level(GAUGE_VALUE, 2500000);
    level(GAUGE_IN_TRANSIT, 30);
    put(FACT_RESERVED, SHOP, 900, 1000, 0);
    put(FACT_OPENING, NO_CHANNEL, 3, 600, 0);
    put(FACT_RECEIVED, NO_CHANNEL, 8, 900, 0);
    put(FACT_PURCHASE, NO_CHANNEL, 9, 930, 0);
    put(FACT_WASTED, NO_CHANNEL, 2, 5, 1500);
    put(FACT_STOCKOUT, NO_CHANNEL, 11, 0, 0);
    is("stock_units", TALLY_ALL, 500);
    is("stock_value", TALLY_ALL, 25000);
    is("in_transit_units", TALLY_ALL, 30);
    is("turns", TALLY_ALL, 73); /* 100 a day, 36,500 a year */
    is("days_of_supply", TALLY_ALL, 5);
    is("opening_units", TALLY_ALL, 600);
    is("received_units", TALLY_ALL, 900);
    is("purchase_orders", TALLY_ALL, 9);
    is("wasted_units", TALLY_ALL, 5);
    is("waste_cost", TALLY_ALL, 15);
    is("stockouts", TALLY_ALL, 11);
}
END_TEST

START_TEST(profit_is_the_sum_of_its_parts)
{
    static const char *const parts[] = {"net_sales",    "cost_of_goods", "fulfilment_cost",
                                        "holding_cost", "waste_cost",    "commission",
                                        "penalties",    "backorder_cost"};
    int64_t cents = 0;

    put(FACT_PLACED, SHOP, 3, 0, 1234567);
    put(FACT_PLACED, PARCEL, 3, 0, 7654321);
    put(FACT_REFUNDED, PARCEL, 1, 0, 4321);
    put(FACT_GOODS, SHOP, 1, 0, 400009);
    put(FACT_GOODS, PARCEL, 1, 0, 2000003);
    put(FACT_HANDLING, PARCEL, 1, 0, 30011);
    put(FACT_SHIPPED, PARCEL, 1, 0, 70017);
    put(FACT_PURCHASE, NO_CHANNEL, 1, 0, 5003);
    put(FACT_WASTED, NO_CHANNEL, 1, 0, 1013);
    put(FACT_COMMISSION, PARCEL, 1, 0, 20021);
    put(FACT_PENALTY, PARCEL, 1, 0, 307);
    put(FACT_PENALTY, SHOP, 1, 0, 11);
    put(FACT_DISCOUNT, PARCEL, 1, 0, 99999);
    put(FACT_FEE, PARCEL, 1, 0, 88888);
    put(FACT_LOST, SHOP, 1, 0, 77777);
    tally.cost.holding_cents = 60029;
    tally.cost.backorder_cents = 1009;
    for (uint32_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        cents += (i == 0 ? 1 : -1) * llround(kpi(parts[i], TALLY_ALL) * 100.0);
    ck_assert_int_eq(cents, 1234567 + 7654321 - 4321 - 2400012 - 105031 - 60029 - 1013 - 20021 -
                                318 - 1009);
    ck_assert(kpi("profit", TALLY_ALL) == (double)cents / 100.0);
    is("refunds", PARCEL, 43.21);
    is("ordering_cost", TALLY_ALL, 50.03);
    is("penalties", SHOP, 0.11);
    is("commission", PARCEL, 200.21);
    is("cost_of_goods", SHOP, 4000.09);
}
END_TEST

START_TEST(queue)
{
    /* M/M/1 at load 0.8 in a time unit of 2 h: 100 customers, W = 5 and Wq = 4 time units. */
    tally.time_unit_us = 2 * OMO_US_PER_HOUR;
    tally.server_count[OMO_ROLE_TILL] = 1;
    tally.station_count[OMO_ROLE_TILL] = 1;
    level(GAUGE_TILL_QUEUE, 3.2);
    level(GAUGE_TILL_BUSY, 0.8);
    level(GAUGE_TILL_OCCUPIED, 0.8);
    put(FACT_TILL_START, SHOP, 100, 80, 100 * 8 * OMO_US_PER_HOUR);
    put(FACT_TILL_DONE, SHOP, 100, 0, 100 * 10 * OMO_US_PER_HOUR);
    is("L", TALLY_ALL, 4);
    is("Lq", TALLY_ALL, 3.2);
    is("W", TALLY_ALL, 5);
    is("Wq", TALLY_ALL, 4);
    is("P_wait", TALLY_ALL, 0.8);
    is("rho", TALLY_ALL, 0.8);
    is("till_utilisation", TALLY_ALL, 0.8);
    is("p0", TALLY_ALL, 0.2);
    is_nan("P_W_gt_t", TALLY_ALL);
    is_nan("P_wait_gt_t", TALLY_ALL);
    tally.counts_over_wait = tally.counts_over_sojourn = true;
    put(FACT_OVER_SOJOURN, SHOP, 37, 0, 0);
    is("P_W_gt_t", TALLY_ALL, 0.37);
    is("P_wait_gt_t", TALLY_ALL, 0);
}
END_TEST

START_TEST(inventory_cost)
{
    tally.cost.holding_cents = 24000;
    tally.cost.backorder_cents = 12000;
    put(FACT_PURCHASE, NO_CHANNEL, 12, 0, 6000);
    is("cost", TALLY_ALL, 1.75); /* 240 hours */
    tally.time_unit_us = OMO_US_PER_DAY;
    is("cost", TALLY_ALL, 42);
    tally.per_period = true;
    tally.review_count = 5;
    is("cost", TALLY_ALL, 84);
    is("holding_rate", TALLY_ALL, 48);
    is("backorder_rate", TALLY_ALL, 24);
    is("ordering_rate", TALLY_ALL, 12);
}
END_TEST

START_TEST(oversell)
{
    is_nan("P_no_oversell", TALLY_ALL);
    put(FACT_STOCKOUT, NO_CHANNEL, 100, 0, 0);
    put(FACT_OVERSOLD, PARCEL, 150, 200, 0);
    put(FACT_OVERSOLD_FIRST, PARCEL, 86, 0, 0);
    is("E_oversold_per_stockout", TALLY_ALL, 2);
    is("P_any_oversell", TALLY_ALL, 0.86);
    is("P_no_oversell", TALLY_ALL, 0.14);
}
END_TEST

START_TEST(arrival)
{
    /* Days of 10, 20 and 60 visits: mean 30, sample variance 700. */
    tally.arrival.days = 3;
    tally.arrival.visits = 90;
    tally.arrival.visits_square = 100 + 400 + 3600;
    tally.arrival.first_quarter_visits = 36;
    tally.arrival.candidates = 180;
    tally.arrival.accepted = 90;
    is("E_total", TALLY_ALL, 30);
    is("Var_total", TALLY_ALL, 700);
    is("E_first_6h", TALLY_ALL, 12);
    is("thinning_acceptance", TALLY_ALL, 0.5);
    is("max_rate", TALLY_ALL, 2.5); /* 60 a day */
    tally.time_unit_us = OMO_US_PER_DAY;
    is("max_rate", TALLY_ALL, 60);
    tally.arrival.days = 1;
    is_nan("Var_total", TALLY_ALL);
}
END_TEST

START_TEST(spatial)
{
    /* Distances of 1 km and 3 km: mean 2, variance 1. */
    put(FACT_NEAREST_1, NO_CHANNEL, 2, 0, 4000000);
    tally.cell[FACT_NEAREST_1][NO_CHANNEL].square = (core_int128)10 * 1000000 * 1000000;
    put(FACT_NEAREST_2, NO_CHANNEL, 2, 0, 6000000);
    put(FACT_NEAREST_3, NO_CHANNEL, 2, 0, 9000000);
    put(FACT_OVER_DISTANCE, NO_CHANNEL, 1, 0, 0);
    is("E_nearest_km", TALLY_ALL, 2);
    is("Var", TALLY_ALL, 1);
    is("E_2nd_km", TALLY_ALL, 3);
    is("E_3rd_km", TALLY_ALL, 4.5);
    is_nan("P_gt_1km", TALLY_ALL);
    tally.counts_over_distance = true;
    is("P_gt_1km", TALLY_ALL, 0.5);
}
END_TEST

/* 1,000 could be members; 300 are at the end, 100 left, 250 bought, 90 of them again. */
START_TEST(members)
{
    empty();
    is_nan("members", TALLY_ALL);
    is_nan("penetration", TALLY_ALL);
    is_nan("points_liability", TALLY_ALL);
    is_nan("ltv", TALLY_ALL);
    tally.member_potential = 1000;
    tally.member_period_us = OMO_US_PER_DAY;
    tally.point_money = 0.05;
    tally.gauge[GAUGE_MEMBERS].level = 300;
    tally.gauge[GAUGE_MEMBERS].area = (core_int128)1000 * OMO_US_PER_DAY;
    tally.gauge[GAUGE_POINTS].level = 4000;
    put(FACT_MEMBERS_JOINED, SHOP, 30, 30, 0);
    put(FACT_MEMBERS_JOINED, 3, 2, 120, 0); /* by themselves */
    put(FACT_MEMBERS_LEFT, SHOP, 100, 100, 0);
    put(FACT_MEMBER_FIRST, SHOP, 250, 250, 0);
    put(FACT_MEMBER_AGAIN, SHOP, 90, 90, 0);
    put(FACT_MEMBER_BOUGHT, SHOP, 400, 100, 500000);
    put(FACT_MEMBER_BOUGHT, PICKUP, 200, 80, 300000);
    put(FACT_MEMBER_MARGIN, SHOP, 400, 0, 120000);
    put(FACT_RECOGNISED, SHOP, 100, 150, 0);
    put(FACT_RECOGNISED, PICKUP, 200, 800, 0);
    put(FACT_POINTS_EARNED, SHOP, 400, 0, 5000);
    put(FACT_POINTS_SPENT, SHOP, 50, 0, 800);
    put(FACT_POINTS_LAPSED, 3, 1, 0, 200);
    is("members", TALLY_ALL, 300);
    is("members_joined", TALLY_ALL, 150);
    is("members_left", TALLY_ALL, 100);
    is("penetration", TALLY_ALL, 0.3);
    is("member_lifetime", TALLY_ALL, 2.5);
    is("members_idle", TALLY_ALL, 0.375);
    is("purchases_per_member", TALLY_ALL, 1.5);
    is("repeat_rate", TALLY_ALL, 0.36);
    is("recognised_share", TALLY_ALL, 0.5);
    is("recognised_share", SHOP, 0.25);
    is("share_linked", TALLY_ALL, 0.3);
    is("share_linked", PICKUP, 0.4);
    is("ltv", TALLY_ALL, 3.0);
    is("points_earned", TALLY_ALL, 5000);
    is("points_spent", SHOP, 800);
    is("points_lapsed", TALLY_ALL, 200);
    is("points_liability", TALLY_ALL, 200.0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kpi");
    TCase *tcase = tcase_create("kpi");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_checked_fixture(tcase, empty, NULL);
    tcase_add_test(tcase, sales);
    tcase_add_test(tcase, members);
    tcase_add_test(tcase, fill_rate_with_lost_sales);
    tcase_add_test(tcase, fill_rate_with_backorders);
    tcase_add_test(tcase, switched_units_count_once);
    tcase_add_test(tcase, service);
    tcase_add_test(tcase, fulfilment);
    tcase_add_test(tcase, stock);
    tcase_add_test(tcase, profit_is_the_sum_of_its_parts);
    tcase_add_test(tcase, queue);
    tcase_add_test(tcase, inventory_cost);
    tcase_add_test(tcase, oversell);
    tcase_add_test(tcase, arrival);
    tcase_add_test(tcase, spatial);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
