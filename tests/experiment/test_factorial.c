/* Effects of 2^2 and 2^3 designs, worked out by hand. */
#include <check.h>
#include <math.h>

#include <omosim/factorial.h>

static double effect(const double *values, uint32_t factors, uint32_t term)
{
    double result = NAN;

    ck_assert_int_eq(omo_factorial_effect(values, factors, 1, term, &result, NULL), OMO_OK);
    return result;
}

/* Point 0 none, 1 a, 2 b, 3 both: a brings 10 alone and 30 with b. */
static const double two[] = {100, 110, 105, 135};

START_TEST(two_factors)
{
    double synergy, alone;

    ck_assert_double_eq(effect(two, 2, 1), (10.0 + 30.0) / 2);
    ck_assert_double_eq(effect(two, 2, 2), (5.0 + 25.0) / 2);
    ck_assert_double_eq(effect(two, 2, 3), (30.0 - 10.0) / 2);
    ck_assert_int_eq(omo_factorial_alone(two, 2, 1, &alone, NULL), OMO_OK);
    ck_assert_double_eq(alone, 15.0);
    ck_assert_int_eq(omo_factorial_synergy(two, 2, 1, &synergy, NULL), OMO_OK);
    ck_assert_double_eq(synergy, 20.0);
}
END_TEST

/* The pilot plant of Box, Hunter and Hunter (2005), table 5.1: temperature, concentration,
 * catalyst; yields 60 72 54 68 52 83 45 80; effects 23, -5, 1.5, 1.5, 10, 0, 0.5. */
START_TEST(three_factors)
{
    static const double yield[] = {60, 72, 54, 68, 52, 83, 45, 80};
    static const double expected[] = {0, 23, -5, 1.5, 1.5, 10, 0, 0.5};
    double synergy;

    for (uint32_t term = 1; term < 8; term++)
        ck_assert_double_eq(effect(yield, 3, term), expected[term]);
    ck_assert_int_eq(omo_factorial_synergy(yield, 3, 1, &synergy, NULL), OMO_OK);
    ck_assert_double_eq(synergy, 80.0 - 60.0 - (12.0 - 6.0 - 8.0));
}
END_TEST

START_TEST(each_replication_by_itself)
{
    static const double values[] = {100, 0, /* none */ 110, 3, /* a */ 105, 5, /* b */ 135, NAN};
    double effects[2];

    ck_assert_int_eq(omo_factorial_effect(values, 2, 2, 1, effects, NULL), OMO_OK);
    ck_assert_double_eq(effects[0], 20.0);
    ck_assert_double_nan(effects[1]);
    ck_assert_int_eq(omo_factorial_alone(values, 2, 2, effects, NULL), OMO_OK);
    ck_assert_double_eq(effects[1], 8.0);
}
END_TEST

START_TEST(bad_input_is_refused)
{
    omo_error error;
    double result = 7;

    ck_assert_int_eq(omo_factorial_effect(two, 9, 1, 1, &result, &error), OMO_EINVAL);
    ck_assert_str_eq(error.text, "a design has 1 to 8 factors, not 9");
    ck_assert_int_eq(omo_factorial_effect(two, 2, 1, 0, &result, &error), OMO_EINVAL);
    ck_assert_int_eq(omo_factorial_effect(two, 2, 1, 4, &result, &error), OMO_EINVAL);
    ck_assert_int_eq(omo_factorial_effect(NULL, 2, 1, 1, &result, &error), OMO_EINVAL);
    ck_assert_int_eq(omo_factorial_synergy(two, 2, 0, &result, &error), OMO_EINVAL);
    ck_assert_double_eq(result, 7);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("experiment_factorial");
    TCase *tests = tcase_create("factorial");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tests, two_factors);
    tcase_add_test(tests, three_factors);
    tcase_add_test(tests, each_replication_by_itself);
    tcase_add_test(tests, bad_input_is_refused);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
