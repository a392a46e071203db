/* Names and parameters of laws, and what omo_law_check refuses. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <omosim/law.h>

#include "base/core.h"

START_TEST(test_names)
{
    for (int kind = 0; kind < OMO_LAW_KIND_COUNT; kind++) {
        uint32_t count = omo_law_parameter_count((omo_law_kind)kind);
        uint32_t commas = 0;

        ck_assert_ptr_nonnull(omo_law_name((omo_law_kind)kind));
        for (const char *p = omo_law_parameters((omo_law_kind)kind); *p != '\0'; p++)
            commas += *p == ',';
        if (kind == OMO_LAW_EMPIRICAL) {
            ck_assert_uint_eq(count, 0); /* a table */
            continue;
        }
        ck_assert_uint_eq(commas + 1, count);
        ck_assert(omo_law_parameter_scales((omo_law_kind)kind, 0));
        ck_assert(!omo_law_parameter_scales((omo_law_kind)kind, count));
    }
    ck_assert_str_eq(omo_law_name(OMO_LAW_WEIBULL), "weibull");
    ck_assert(omo_law_parameter_scales(OMO_LAW_NORMAL, 1));
    ck_assert(!omo_law_parameter_scales(OMO_LAW_GAMMA, 1));
    ck_assert_ptr_null(omo_law_name(OMO_LAW_KIND_COUNT));
    ck_assert_ptr_null(omo_law_parameters(OMO_LAW_KIND_COUNT));
}
END_TEST

START_TEST(test_check)
{
    static const omo_law bad[] = {
        {OMO_LAW_CONSTANT, -1, 0, 0},     {OMO_LAW_EXPONENTIAL, -1, 0, 0},
        {OMO_LAW_UNIFORM, 3, 2, 0},       {OMO_LAW_UNIFORM, -1, 2, 0},
        {OMO_LAW_ERLANG, 1, 0, 0},        {OMO_LAW_ERLANG, 1, 1.5, 0},
        {OMO_LAW_ERLANG, 1, 1001, 0},     {OMO_LAW_GAMMA, 1, -0.1, 0},
        {OMO_LAW_LOGNORMAL, 1, -1, 0},    {OMO_LAW_NORMAL, -1, 1, 0},
        {OMO_LAW_NORMAL, 1, -1, 0},       {OMO_LAW_WEIBULL, 1, 0, 0},
        {OMO_LAW_WEIBULL, 1, 0.001, 0},   {OMO_LAW_TRIANGULAR, 1, 0.5, 2},
        {OMO_LAW_TRIANGULAR, 1, 3, 2},    {OMO_LAW_POISSON, 1e9, 0, 0},
        {OMO_LAW_GEOMETRIC, 0.5, 0, 0},   {OMO_LAW_KIND_COUNT, 1, 0, 0},
        {OMO_LAW_EXPONENTIAL, NAN, 0, 0}, {OMO_LAW_EXPONENTIAL, INFINITY, 0, 0},
        {OMO_LAW_GAMMA, 1, 1e9, 0},       {OMO_LAW_CONSTANT, 1e19, 0, 0},
        {OMO_LAW_BETA, 1, 0, 1},          {OMO_LAW_BETA, 1, 1, 1e10},
        {OMO_LAW_BETA, -1, 1, 1},         {OMO_LAW_BINOMIAL, 2.5, 0.5, 0},
        {OMO_LAW_BINOMIAL, 2, 1.1, 0},    {OMO_LAW_BINOMIAL, 1e9, 0.1, 0},
        {OMO_LAW_BINOMIAL, 5, -0.1, 0},   {OMO_LAW_NEGATIVE_BINOMIAL, 1, 0, 0},
        {OMO_LAW_ZIPF, 0, 1, 0},          {OMO_LAW_NEGATIVE_BINOMIAL, 2e6, 1, 0},
        {OMO_LAW_ZIPF, 2.5, 1, 0},        {OMO_LAW_NEGATIVE_BINOMIAL, 1, 1e-6, 0},
        {OMO_LAW_ZIPF, 5, 101, 0},        {OMO_LAW_NEGATIVE_BINOMIAL, NAN, 1, 0},
        {OMO_LAW_ZIPF, 5, -1, 0},         {OMO_LAW_EMPIRICAL, 1, 1, 0},
    };
    omo_law good = {OMO_LAW_CONSTANT, 1, NAN,
                    NAN}; /* parameters that a kind does not take are not looked at */

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        omo_error error = {.status = OMO_OK};

        ck_assert_int_eq(omo_law_check(&bad[i], &error), OMO_EINVAL);
        ck_assert_int_eq(error.status, OMO_EINVAL);
        ck_assert_uint_gt(strlen(error.text), 5);
    }
    ck_assert_int_eq(omo_law_check(&good, NULL), OMO_OK);
    ck_assert_int_eq(omo_law_check(NULL, NULL), OMO_EINVAL);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("law");
    TCase *t = tcase_create("law");

    tcase_add_test(t, test_names);
    tcase_add_test(t, test_check);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    SRunner *runner = srunner_create(suite());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
