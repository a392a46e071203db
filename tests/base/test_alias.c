/* Alias tables and the empirical tables over them: exact shares, drawn shares, what is refused. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fit.h"

#include "base/empirical.h"
#include "base/laws.h"

START_TEST(test_alias_shape)
{
    enum { SIZE = 300 };
    static double weight[SIZE], share[SIZE], work[SIZE * 2];
    static uint32_t count[SIZE];
    static struct alias_entry table[SIZE];
    struct draw_cursor c;
    double sum = 0;

    ck_assert_uint_le(alias_work_size(SIZE), sizeof(work));
    memset(count, 0, sizeof(count));
    for (int i = 0; i < SIZE; i++)
        sum += weight[i] = i % 10 == 3 ? 0 : 1 / (1.0 + i);
    for (int i = 0; i < SIZE; i++)
        share[i] = weight[i] / sum;
    alias_build(weight, SIZE, work, table);
    draw_begin(&c, draw_key_make(25, 0), DRAW_BASKET, 0, 0);
    for (int i = 0; i < 2000000; i++)
        count[alias_draw(table, SIZE, &c)]++;
    for (int i = 3; i < SIZE; i += 10)
        ck_assert_uint_eq(count[i], 0);
    ck_assert_double_lt(fit_counts_z(count, share, SIZE, 2e6), fit_z_limit());
}
END_TEST

/* The probabilities that a table stands for, summed exactly from its integers. */
START_TEST(test_alias_is_exact)
{
    enum { SIZE = 2000 };
    static double weight[SIZE], share[SIZE], work[SIZE * 2];
    static struct alias_entry table[SIZE];
    struct draw_cursor c;

    draw_begin(&c, draw_key_make(26, 0), DRAW_BASKET, 0, 0);
    for (uint32_t size = 1; size <= SIZE; size = size * 3 + 1) {
        double sum = 0;

        for (uint32_t i = 0; i < size; i++) {
            sum += weight[i] =
                draw_share(&c, 200000) && i > 0 ? 0 : law_exponential(&c) * law_exponential(&c);
            share[i] = 0;
        }
        alias_build(weight, size, work, table);
        for (uint32_t i = 0; i < size; i++) {
            double keep = table[i].threshold == UINT32_MAX ? 1 : table[i].threshold * 0x1p-32;

            ck_assert_uint_lt(table[i].other, size);
            share[i] += keep / size;
            share[table[i].other] += (1 - keep) / size;
        }
        for (uint32_t i = 0; i < size; i++) {
            ck_assert_double_eq_tol(share[i], weight[i] / sum, 1e-9);
            if (weight[i] == 0)
                ck_assert_double_eq(share[i], 0);
        }
    }
}
END_TEST

START_TEST(test_empirical)
{
    static const double value[] = {5, 1, 2.5, 1000};
    static const double weight[] = {2, 5, 3, 0};
    enum { DRAWS = 300000 };
    omo_error error = {0};
    omo_empirical *table = omo_empirical_new(value, weight, 4, &error);
    omo_law law = {.kind = OMO_LAW_EMPIRICAL, .table = table};
    uint32_t count[3] = {0};
    double share[3];
    struct draw_cursor c;

    ck_assert_ptr_nonnull(table);
    ck_assert_int_eq(omo_law_check(&law, NULL), OMO_OK);
    ck_assert_uint_eq(omo_empirical_count(table), 4);
    ck_assert_double_eq_tol(omo_law_mean(&law), 2.25, 1e-15);
    ck_assert_double_eq_tol(omo_law_variance(&law), 0.5 + 1.875 + 5 - 2.25 * 2.25, 1e-14);
    draw_begin(&c, draw_key_make(27, 0), DRAW_BASKET, 0, 0);
    for (int i = 0; i < DRAWS; i++) {
        double x = law_draw(&law, &c);
        uint32_t which = 0;

        while (value[which] != x)
            if (++which == 3)
                ck_abort_msg("%g is not to be drawn", x);
        count[which]++;
    }
    for (uint32_t i = 0; i < 3; i++) {
        ck_assert_double_eq(omo_empirical_value(table, i), value[i]);
        share[i] = omo_empirical_share(table, i);
        ck_assert_double_eq_tol(share[i], weight[i] / 10, 1e-16);
    }
    ck_assert_double_lt(fit_counts_z(count, share, 3, DRAWS), fit_z_limit());
    omo_empirical_free(table);
}
END_TEST

START_TEST(test_empirical_equal_weights)
{
    static const double value[] = {3, 1, 3};
    omo_empirical *table = omo_empirical_new(value, NULL, 3, NULL);
    omo_law law = {.kind = OMO_LAW_EMPIRICAL, .table = table};

    ck_assert_double_eq_tol(omo_law_mean(&law), 7.0 / 3, 1e-15);
    ck_assert_double_eq_tol(omo_law_variance(&law), 8.0 / 9, 1e-15);
    omo_empirical_free(table);
    omo_empirical_free(NULL);
}
END_TEST

START_TEST(test_empirical_refuses)
{
    static const struct {
        double value[2], weight[2];
        const char *text;
    } bad[] = {
        {{1, -1}, {1, 1}, "value 2"},   {{NAN, 1}, {1, 1}, "value 1"},
        {{1, 1e19}, {1, 1}, "value 2"}, {{1, 2}, {1, -1}, "weight 2"},
        {{1, 2}, {1, NAN}, "weight 2"}, {{1, 2}, {1, INFINITY}, "weight 2"},
        {{1, 2}, {0, 0}, "sum"},        {{1, 2}, {1e308, 1e308}, "sum"},
    };
    static const double one[] = {1};
    omo_law none = {.kind = OMO_LAW_EMPIRICAL};
    omo_error error;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        error = (omo_error){0};
        ck_assert_ptr_null(omo_empirical_new(bad[i].value, bad[i].weight, 2, &error));
        ck_assert_int_eq(error.status, OMO_EINVAL);
        ck_assert_msg(strstr(error.text, bad[i].text) != NULL, "%s", error.text);
    }
    ck_assert_ptr_null(omo_empirical_new(one, NULL, 0, &error));
    ck_assert_ptr_null(omo_empirical_new(NULL, NULL, 1, &error));
    ck_assert_ptr_null(omo_empirical_new(one, NULL, EMPIRICAL_COUNT_MAX + 1, &error));
    ck_assert_int_eq(omo_law_check(&none, &error), OMO_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, "table"));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("alias");
    TCase *t = tcase_create("alias");

    tcase_set_timeout(t, 60);
    tcase_add_test(t, test_alias_shape);
    tcase_add_test(t, test_alias_is_exact);
    tcase_add_test(t, test_empirical);
    tcase_add_test(t, test_empirical_equal_weights);
    tcase_add_test(t, test_empirical_refuses);
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
