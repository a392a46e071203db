/* Axes, samples and factors: which points come of them, and what is refused. */
#include "scenario/fixture.h"

#include <check.h>
#include <math.h>
#include <string.h>

static const char *const factors =
    "factors:\n"                                                      /* 35 */
    "  stock: {label: One stock, integration: {inventory: merged}}\n" /* 36 */
    "  fresh: {integration: {sync_lag: 0}}\n"                         /* 37 */
    "  cheap:\n"                                                      /* 38 */
    "    routing: cheapest\n"                                         /* 39 */
    "    stocking: {safety_factor: 2}\n";                             /* 40 */

static Scenario *read_with(const char *more, const char *const *sets)
{
    g_autofree char *text = g_strconcat(fixture_chain, more, NULL);
    g_autoptr(GError) error = NULL;

    fixture_write("s.yaml", text);
    Scenario *s = scenario_read("s.yaml", sets, &error);
    ck_assert_msg(s != NULL, "%s", error == NULL ? "" : error->message);
    return s;
}

static void ck_build(const Scenario *s, uint32_t point)
{
    g_autoptr(GError) error = NULL;
    omo_model *model = scenario_build(s, point, &error);

    ck_assert_msg(model != NULL, "%s", error == NULL ? "" : error->message);
    omo_model_free(model);
}

/* ---- axes ------------------------------------------------------------------------------------ */

START_TEST(test_axes)
{
    static const struct {
        const char *vary, *unit;
        enum scenario_axis_kind kind;
        uint32_t point;
        double number;
    } cases[] = {
        {"integration.sync_lag=0,1min,1h,1d", "s", SCENARIO_AXIS_DURATION, 2, 3600},
        {"stocking.safety_factor=0:3:0.5", "", SCENARIO_AXIS_NUMBER, 1, 0.5},
        {"stocking.safety_factor=0,0.0", "", SCENARIO_AXIS_NUMBER, 1, 0},
        {"channels.app.radius=1km,2.5km", "km", SCENARIO_AXIS_NUMBER, 1, 2.5},
        {"channels.app.commission=0,12%", "%", SCENARIO_AXIS_NUMBER, 1, 12},
        {"channels.app.radius=1km,300m", "", SCENARIO_AXIS_CATEGORY, 0, NAN},
        {"routing=nearest,cheapest", "", SCENARIO_AXIS_CATEGORY, 1, NAN},
        {"lanes.0.lead_time=1d,\"uniform(1d, 2d)\"", "", SCENARIO_AXIS_CATEGORY, 0, NAN},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Scenario) s = read_with("", NULL);
        g_autoptr(GError) error = NULL;
        const char *const varies[] = {cases[i].vary, NULL};
        ck_assert_uint_eq(scenario_axis_count(s), 0);
        ck_assert_msg(scenario_vary(s, NULL, varies, &error), "%s: %s", cases[i].vary,
                      error == NULL ? "" : error->message);
        ck_assert_uint_eq(scenario_axis_count(s), 1);
        const struct scenario_axis *axis = scenario_axis(s, 0);
        const double number = scenario_axis_value(s, cases[i].point, 0).number;
        ck_assert_msg(axis->kind == cases[i].kind, "%s: %s", cases[i].vary,
                      scenario_axis_kind_name(axis->kind));
        ck_assert_str_eq(axis->unit, cases[i].unit);
        ck_assert_msg(number == cases[i].number || (isnan(number) && isnan(cases[i].number)),
                      "%s: %g", cases[i].vary, number);
    }
}
END_TEST

/* Each of N equal parts of each axis is met once, and the middle of it is the value. */
START_TEST(test_sample)
{
    g_autoptr(Scenario) s = read_with("", NULL);
    g_autoptr(GError) error = NULL;
    const char *const varies[] = {"stocking.safety_factor=0.00:2.00",
                                  "integration.sync_lag=0:100min", "routing=nearest,cheapest",
                                  NULL};
    uint32_t cheapest = 0;
    bool seen[2][10] = {{false}};

    ck_assert_msg(scenario_sample(s, NULL, varies, 10, &error), "%s",
                  error == NULL ? "" : error->message);
    ck_assert_uint_eq(scenario_point_count(s), 10);
    ck_assert_uint_eq(scenario_axis_count(s), 3);
    for (uint32_t i = 0; i < 10; i++) {
        const double factor = scenario_axis_value(s, i, 0).number;
        const double lag_min = scenario_axis_value(s, i, 1).number / 60;
        ck_assert_double_eq_tol(remainder(factor - 0.1, 0.2), 0, 1e-9);
        ck_assert_double_eq_tol(remainder(lag_min - 5, 10), 0, 1e-9);
        seen[0][(int)(factor / 0.2)] = seen[1][(int)(lag_min / 10)] = true;
        cheapest += strcmp(scenario_axis_value(s, i, 2).text, "cheapest") == 0;
        ck_build(s, i);
    }
    for (int i = 0; i < 20; i++)
        ck_assert(seen[i / 10][i % 10]);
    ck_assert_uint_eq(cheapest, 5);
}
END_TEST

/* Whole ends give whole values; what comes twice is kept once. */
START_TEST(test_sample_whole)
{
    g_autoptr(Scenario) s = read_with("", NULL);
    g_autoptr(GError) error = NULL;
    const char *const varies[] = {"integration.buffer=0:3", NULL};

    ck_assert_msg(scenario_sample(s, NULL, varies, 50, &error), "%s",
                  error == NULL ? "" : error->message);
    ck_assert_uint_eq(scenario_point_count(s), 4);
}
END_TEST

static const struct {
    const char *vary, *expected;
} bad_samples[] = {
    {"stocking.safety_factor=3:1", "--vary: expected a range low:high with low <= high"},
    {"stocking.safety_factor=", "--vary: a value is empty"},
    {"stocking.safety_factro=0:1", "--vary: stocking: unknown key 'safety_factro', did you mean"},
    {"run.seed=1:9", "--vary: run.seed is the same for all points"},
};

START_TEST(test_bad_samples)
{
    g_autoptr(Scenario) s = read_with("", NULL);
    g_autoptr(GError) error = NULL;
    const char *const varies[] = {bad_samples[_i].vary, NULL};

    ck_assert(!scenario_sample(s, NULL, varies, 5, &error));
    ck_assert_msg(g_str_has_prefix(error->message, bad_samples[_i].expected), "%s", error->message);
    ck_assert_uint_eq(scenario_point_count(s), 2);
}
END_TEST

START_TEST(test_twice_an_axis)
{
    g_autoptr(Scenario) s = read_with("", NULL);
    g_autoptr(GError) error = NULL;
    const char *const varies[] = {"routing=nearest,cheapest", "routing=fewest_parcels", NULL};

    ck_assert(!scenario_vary(s, NULL, varies, &error));
    ck_assert_str_eq(error->message,
                     "--vary: two axes vary routing; list all of its values in one");
}
END_TEST

/* ---- factors --------------------------------------------------------------------------------- */

START_TEST(test_factorial)
{
    g_autoptr(Scenario) s = read_with(factors, NULL);
    g_autoptr(GError) error = NULL;

    ck_assert_msg(scenario_factorial(s, "silo", NULL, &error), "%s",
                  error == NULL ? "" : error->message);
    ck_assert_uint_eq(scenario_point_count(s), 8);
    ck_assert_str_eq(scenario_point(s, 0)->name, "base");
    ck_assert_str_eq(scenario_point(s, 1)->name, "stock");
    ck_assert_str_eq(scenario_point(s, 1)->label, "One stock");
    ck_assert_str_eq(scenario_point(s, 7)->name, "stock+fresh+cheap");
    ck_assert_str_eq(scenario_point(s, 7)->label, "One stock + fresh + cheap");
    ck_assert_str_eq(scenario_point(s, 5)->overrides, "integration.inventory=siloed\n"
                                                      "integration.inventory=merged\n"
                                                      "routing=cheapest\n"
                                                      "stocking.safety_factor=2");
    ck_assert_uint_eq(scenario_axis_count(s), 3);
    ck_assert_int_eq(scenario_axis(s, 2)->kind, SCENARIO_AXIS_FACTOR);
    ck_assert_str_eq(scenario_axis(s, 0)->label, "One stock");
    ck_assert_str_eq(scenario_axis_value(s, 5, 1).text, "off");
    ck_assert_double_eq(scenario_axis_value(s, 5, 2).number, 1);
    for (uint32_t i = 0; i < 8; i++)
        ck_build(s, i);
}
END_TEST

/* In the block's order, and with --set below the factors and into them. */
START_TEST(test_factorial_named)
{
    static const char *const sets[] = {"stocking.safety_factor=1",
                                       "factors.cheap.stocking.safety_factor=3", NULL};
    static const char *const names[] = {"cheap", "stock", NULL};
    g_autoptr(Scenario) s = read_with(factors, sets);
    g_autoptr(GError) error = NULL;

    ck_assert_msg(scenario_factorial(s, NULL, names, &error), "%s",
                  error == NULL ? "" : error->message);
    ck_assert_uint_eq(scenario_point_count(s), 4);
    ck_assert_str_eq(scenario_point(s, 3)->name, "stock+cheap");
    ck_assert_ptr_nonnull(strstr(scenario_point(s, 3)->overrides, "stocking.safety_factor=3"));
}
END_TEST

static const struct {
    const char *more, *expected;
} bad_factors[] = {
    {"factors:\n  a: {integration: {sync_lagg: 0}}\n",
     "s.yaml:36:21: integration: unknown key 'sync_lagg'"},
    {"factors:\n  a: {label: x}\n", "s.yaml:36:3: factors.a overrides nothing"},
    {"factors:\n  a: 3\n", "s.yaml:36:6: factors.a: expected a mapping"},
    {"factors:\n  a: {points: {}}\n",
     "s.yaml:36:7: 'points' belongs to the scenario, not to a factor"},
    {"factors:\n  a: {run: {seed: 3}}\n", "s.yaml:36:13: run.seed is the same for all points"},
    {"factors:\n  a+b: {shortage: backorder}\n", "s.yaml:36:3: factors.a+b: a name without"},
    {"factors:\n  a: {label: [x], shortage: backorder}\n", "s.yaml:36:14: "},
};

START_TEST(test_bad_factors)
{
    g_autofree char *text = g_strconcat(fixture_chain, bad_factors[_i].more, NULL);
    g_autoptr(GError) error = NULL;

    fixture_write("s.yaml", text);
    ck_assert_ptr_null(scenario_read("s.yaml", NULL, &error));
    ck_assert_msg(g_str_has_prefix(error->message, bad_factors[_i].expected), "%s", error->message);
}
END_TEST

static const struct {
    const char *more, *name, *expected;
} bad_designs[] = {
    {"", "a", "s.yaml: there is no block `factors`"},
    {"factors: {fresh: {shortage: backorder}}\n", "fersh",
     "s.yaml: unknown factor 'fersh', did you mean 'fresh'?"},
    {"factors:\n  a: {integration: {sync_lag: 0}}\n  b: {integration: {sync_lag: 1h}}\n", NULL,
     "s.yaml:37:3: the factors 'a' and 'b' set integration.sync_lag to different values"},
    {"factors: {a: {costs: {lost: 1}}, b: {costs: {late: 1}}, c: {costs: {oversold: 1}}, "
     "d: {shortage: lost}, e: {stocking: {safety_factor: 1}}, f: {routing: nearest}, "
     "g: {integration: {buffer: 1}}, h: {integration: {sync_lag: 0}}, "
     "i: {integration: {oversold: cancel}}}\n",
     NULL, "--factorial: 9 factors make 2^9 points; expected at most 8"},
};

START_TEST(test_bad_designs)
{
    g_autoptr(Scenario) s = read_with(bad_designs[_i].more, NULL);
    g_autoptr(GError) error = NULL;
    const char *const names[] = {bad_designs[_i].name, NULL};

    ck_assert(!scenario_factorial(s, NULL, names, &error));
    ck_assert_msg(g_str_has_prefix(error->message, bad_designs[_i].expected), "%s", error->message);
    ck_assert_uint_eq(scenario_point_count(s), 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario_sweep");
    TCase *tests = tcase_create("sweep");
    SRunner *runner = srunner_create(suite);

    tcase_add_checked_fixture(tests, fixture_enter, fixture_leave);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_axes);
    tcase_add_test(tests, test_sample);
    tcase_add_test(tests, test_sample_whole);
    tcase_add_loop_test(tests, test_bad_samples, 0, G_N_ELEMENTS(bad_samples));
    tcase_add_test(tests, test_twice_an_axis);
    tcase_add_test(tests, test_factorial);
    tcase_add_test(tests, test_factorial_named);
    tcase_add_loop_test(tests, test_bad_factors, 0, G_N_ELEMENTS(bad_factors));
    tcase_add_loop_test(tests, test_bad_designs, 0, G_N_ELEMENTS(bad_designs));
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
