/* The closed form of overselling: against its oracles, as a formula and summed over a model. */
#include "experiment/textbook.h"

#define HALF_HOUR (OMO_US_PER_HOUR / 2)

static omo_oversell race(double shop, double online, omo_sync_kind sync, int64_t lag_us,
                         int32_t buffer)
{
    omo_oversell_options options = omo_oversell_defaults();
    omo_oversell result = {NAN, NAN};
    omo_error error = {0};

    options.shop_per_hour = shop;
    options.online_per_hour = online;
    options.sync = sync;
    options.lag_us = lag_us;
    options.buffer = buffer;
    ck_assert_msg(omo_oversell_race(&options, &result, &error) == OMO_OK, "%s", error.text);
    return result;
}

/* p E[(N - b)+] with N ~ Poisson(5), and a uniform residual of an hour. */
START_TEST(oracles)
{
    const omo_oversell none = race(6, 4, OMO_SYNC_DELAYED, HALF_HOUR, 0);
    const omo_oversell two = race(6, 4, OMO_SYNC_DELAYED, HALF_HOUR, 2);
    const omo_oversell hourly = race(0, 4, OMO_SYNC_PERIODIC, OMO_US_PER_HOUR, 0);

    ck_assert_double_eq_tol(none.units, 2.0, 1e-12);
    ck_assert_double_eq_tol(none.any, 0.864664717, 1e-9);
    ck_assert_double_eq_tol(two.units, 1.218866252, 1e-9);
    ck_assert_double_eq_tol(two.any, 0.658507053, 1e-9);
    ck_assert_double_eq_tol(hourly.units, 2.0, 1e-12);
    ck_assert_double_eq_tol(hourly.any, 1 - 0.24542109, 1e-8);
}
END_TEST

START_TEST(limits)
{
    const omo_oversell busy = race(6000, 4000, OMO_SYNC_DELAYED, 24 * OMO_US_PER_HOUR, 100);
    const omo_oversell shop = race(6, 0, OMO_SYNC_DELAYED, HALF_HOUR, 0);
    const omo_oversell fresh = race(6, 4, OMO_SYNC_DELAYED, 0, 0);
    const omo_oversell walled = race(6, 4, OMO_SYNC_DELAYED, HALF_HOUR, 40);
    const omo_oversell buffered = race(6, 4, OMO_SYNC_PERIODIC, OMO_US_PER_HOUR, 1);

    ck_assert_double_eq_tol(busy.units, 0.4 * (240000 - 100), 1e-6);
    ck_assert_double_eq_tol(busy.any, 1, 1e-9);
    ck_assert_double_eq(shop.units, 0);
    ck_assert_double_eq(shop.any, 0);
    ck_assert_double_eq(fresh.units, 0);
    ck_assert_double_eq(fresh.any, 0);
    ck_assert_double_eq_tol(walled.units, 0, 1e-12);
    /* 0.4 (5 - 1 + P(N = 0)), P(N = 0) = (1 - exp(-10)) / 10 */
    ck_assert_double_eq_tol(buffered.units, 0.4 * (4 + (1 - exp(-10)) / 10), 1e-12);
}
END_TEST

START_TEST(bad_input_is_refused)
{
    omo_oversell_options options = omo_oversell_defaults();
    omo_oversell result = {7, 7};
    omo_error error;

    options.online_per_hour = -1;
    ck_assert_int_eq(omo_oversell_race(&options, &result, &error), OMO_EINVAL);
    options.online_per_hour = NAN;
    ck_assert_int_eq(omo_oversell_race(&options, &result, &error), OMO_EINVAL);
    options.online_per_hour = 1e9;
    options.lag_us = OMO_US_PER_DAY;
    ck_assert_int_eq(omo_oversell_race(&options, &result, &error), OMO_EINVAL);
    options = omo_oversell_defaults();
    options.buffer = -1;
    ck_assert_int_eq(omo_oversell_race(&options, &result, &error), OMO_EINVAL);
    options = omo_oversell_defaults();
    options.size = 3;
    ck_assert_int_eq(omo_oversell_race(&options, &result, &error), OMO_EINVAL);
    ck_assert_double_eq(result.units, 7);
}
END_TEST

/* A chain of shops that are alike and never delivered to is the race, times its stock-outs. */
START_TEST(chain_of_races)
{
    for (int32_t buffer = 0; buffer <= 2; buffer += 2) {
        omo_model *m = textbook_race(20, HALF_HOUR, buffer);
        omo_oversell_units units = {NAN, NAN};
        omo_error error = {0};
        ck_assert_msg(omo_model_oversell(m, 20, &units, &error) == OMO_OK, "%s", error.text);
        ck_assert_double_eq_tol(units.units, 20 * (buffer == 0 ? 2.0 : 1.218866252), 1e-7);
        ck_assert_double_eq(units.stopped, units.units);
        omo_model_free(m);
    }
}
END_TEST

START_TEST(fresh_view_oversells_nothing)
{
    omo_model *m = textbook_race(2, 0, 0);
    omo_oversell_units units = {7, 7};

    ck_assert_int_eq(omo_model_oversell(m, 20, &units, NULL), OMO_OK);
    ck_assert_double_eq(units.units, 0);
    ck_assert_double_eq(units.stopped, 0);
    ck_assert_int_eq(omo_model_oversell(m, -1, &units, NULL), OMO_EINVAL);
    ck_assert_int_eq(omo_model_oversell(NULL, 1, &units, NULL), OMO_EINVAL);
    omo_model_free(m);
}
END_TEST

/* The simulation of the same chain agrees (20 replications, 4 standard errors). */
START_TEST(simulation_agrees)
{
    omo_model *m = textbook_race(200, HALF_HOUR, 2);
    omo_experiment *e = textbook_run(m, 20);
    omo_oversell_units units;

    ck_assert_int_eq(omo_model_oversell(m, 200, &units, NULL), OMO_OK);
    textbook_check(e, "oversold_units", units.units);
    omo_experiment_free(e);
    omo_model_free(m);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("experiment_oversell");
    TCase *tests = tcase_create("oversell");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, oracles);
    tcase_add_test(tests, limits);
    tcase_add_test(tests, bad_input_is_refused);
    tcase_add_test(tests, chain_of_races);
    tcase_add_test(tests, fresh_view_oversells_nothing);
    tcase_add_test(tests, simulation_agrees);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
