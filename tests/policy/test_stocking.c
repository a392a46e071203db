/* Stocking policies: what each orders at the same positions, the levels they derive, and that given
 * levels win. */
#include <check.h>

#include "policy/stocking.h"

static const struct stocking_params derived = {
    .lead_days = 3.0,
    .review_days = 1.0,
    .safety_factor = 2.0,
    .level_low = STOCKING_DERIVED,
    .level_high = STOCKING_DERIVED,
    .quantity = STOCKING_DERIVED,
};

struct levels {
    int32_t low, high, opening;
};

static struct levels levels_of(const char *policy, const struct stocking_params *p,
                               double demand_per_day)
{
    struct levels l = {-99, -99, -99};

    stocking_find(policy)->levels(p, demand_per_day, &l.low, &l.high, &l.opening);
    return l;
}

static void check_review(const char *policy, int32_t low, int32_t high, const int32_t position[5],
                         const int32_t expected[5])
{
    const int32_t lows[5] = {low, low, low, low, low};
    const int32_t highs[5] = {high, high, high, high, high};
    int32_t quantity[5];

    stocking_find(policy)->review(&(struct stocking_table){5, position, lows, highs}, quantity);
    for (uint32_t i = 0; i < 5; i++)
        ck_assert_int_eq(quantity[i], expected[i]);
}

START_TEST(the_same_positions_are_ordered_for_differently)
{
    const int32_t position[5] = {-3, 0, 4, 5, 12};

    check_review("order_up_to", 4, 10, position, (const int32_t[5]){13, 10, 6, 5, 0});
    check_review("min_max", 4, 10, position, (const int32_t[5]){13, 10, 6, 0, 0});
    check_review("reorder_quantity", 4, 6, position, (const int32_t[5]){12, 6, 6, 0, 0});
}
END_TEST

START_TEST(levels_follow_from_poisson_demand)
{
    /* 4 a day over 3 + 1 days: mean 16, deviation 4, two of them held. */
    struct levels l = levels_of("order_up_to", &derived, 4.0);

    ck_assert_int_eq(l.high, 24);
    ck_assert_int_eq(l.opening, 24);
    l = levels_of("min_max", &derived, 4.0);
    ck_assert_int_eq(l.low, 24);
    ck_assert_int_eq(l.high, 28);
    ck_assert_int_eq(l.opening, 28);
    l = levels_of("reorder_quantity", &derived, 4.0);
    ck_assert_int_eq(l.low, 24);
    ck_assert_int_eq(l.high, 4);
    ck_assert_int_eq(l.opening, 28);
}
END_TEST

START_TEST(continuous_review_protects_the_lead_time_alone)
{
    struct stocking_params p = derived;

    p.review_days = 0.0;
    p.lead_days = 4.0;
    ck_assert_int_eq(levels_of("order_up_to", &p, 4.0).high, 24);
    ck_assert_int_eq(levels_of("min_max", &p, 4.0).high, 28); /* a lot of one day */
    p.review_days = 7.0;
    p.safety_factor = 0.0;
    ck_assert_int_eq(levels_of("min_max", &p, 4.0).low, 44);
    ck_assert_int_eq(levels_of("min_max", &p, 4.0).high, 72);
    ck_assert_int_eq(levels_of("reorder_quantity", &p, 4.0).high, 28);
}
END_TEST

START_TEST(rounding_noise_does_not_add_a_unit)
{
    struct stocking_params p = derived;

    p.safety_factor = 0.0;
    p.lead_days = 59.0;
    ck_assert_int_eq(levels_of("order_up_to", &p, 0.1).high, 6); /* 0.1 x 60 is a hair above 6 */
    ck_assert_int_eq(stocking_ceil(6.001), 7);
    ck_assert_int_eq(stocking_ceil(-2.5), 0);
    ck_assert_int_eq(stocking_ceil(1e300), STOCKING_LEVEL_MAX);
}
END_TEST

START_TEST(slow_and_dead_positions)
{
    struct stocking_params p = derived;
    const char *policies[] = {"order_up_to", "min_max"};

    p.safety_factor = -10.0;
    ck_assert_int_eq(levels_of("order_up_to", &p, 0.001).high, 1); /* sold at all: at least one */
    for (uint32_t i = 0; i < 2; i++) {
        p.level_min = 0;
        ck_assert_int_eq(levels_of(policies[i], &p, 0.0).high, 0);
        ck_assert_int_eq(levels_of(policies[i], &p, 0.0).low, -1);
        p.level_min = 2;
        ck_assert_int_eq(levels_of(policies[i], &p, 0.0).high, 2);
        ck_assert_int_eq(levels_of(policies[i], &p, 0.0).low, 1);
    }
    p.level_min = 5;
    ck_assert_int_eq(levels_of("reorder_quantity", &p, 0.0).low, 4); /* 4 + 1 is the facing stock */
    p.level_min = 0;
    ck_assert_int_eq(levels_of("reorder_quantity", &p, 0.0).low, -1);
}
END_TEST

START_TEST(given_levels_win)
{
    struct stocking_params p = derived;

    p.level_high = 9;
    ck_assert_int_eq(levels_of("order_up_to", &p, 4.0).high, 9);
    ck_assert_int_eq(levels_of("min_max", &p, 4.0).high, 9);
    ck_assert_int_eq(levels_of("min_max", &p, 4.0).low, 8); /* the derived 24 has to be below */
    p.level_low = 3;
    ck_assert_int_eq(levels_of("min_max", &p, 4.0).low, 3);
    p.quantity = 5;
    ck_assert_int_eq(levels_of("reorder_quantity", &p, 4.0).low, 3);
    ck_assert_int_eq(levels_of("reorder_quantity", &p, 4.0).high, 5);
    ck_assert_int_eq(levels_of("reorder_quantity", &p, 4.0).opening, 8);
    p.level_high = STOCKING_DERIVED;
    ck_assert_int_eq(levels_of("min_max", &p, 4.0).high, 7); /* one lot above */
    /* Order only when two are owed. */
    p.level_low = -2;
    ck_assert_int_eq(levels_of("reorder_quantity", &p, 4.0).low, -2);
    p.level_min = 40;
    ck_assert_int_eq(levels_of("reorder_quantity", &p, 4.0).low, -2);
    p.level_high = 9;
    ck_assert_int_eq(levels_of("order_up_to", &p, 4.0).high, 9);
}
END_TEST

START_TEST(base_stock_orders_one_for_one)
{
    /* Under continuous review each unit sold is ordered at once, whatever is under way. */
    const int32_t high = 9;
    int32_t position = high;

    for (uint32_t sale = 0; sale < 100; sale++) {
        int32_t low = high - 1, quantity = -1;

        position--;
        stocking_find("order_up_to")
            ->review(&(struct stocking_table){1, &position, &low, &high}, &quantity);
        ck_assert_int_eq(quantity, 1);
        position += quantity;
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stocking");
    TCase *tcase = tcase_create("stocking");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_test(tcase, the_same_positions_are_ordered_for_differently);
    tcase_add_test(tcase, levels_follow_from_poisson_demand);
    tcase_add_test(tcase, continuous_review_protects_the_lead_time_alone);
    tcase_add_test(tcase, rounding_noise_does_not_add_a_unit);
    tcase_add_test(tcase, slow_and_dead_positions);
    tcase_add_test(tcase, given_levels_win);
    tcase_add_test(tcase, base_stock_orders_one_for_one);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
