/* Every law: mean and variance, shape, tails; and the alias table.
 *
 * Moments: 20 replications of 50,000 draws; z is the distance of their mean from the exact value in
 * standard errors estimated from the replications themselves, and 4 is the limit. Shapes:
 * Kolmogorov and Smirnov's distance for continuous laws against distribution functions from libm,
 * chi-square for whole numbers. Keys are fixed, so the outcome is too.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/laws.h"

#define REPLICATION_COUNT 20
#define DRAW_COUNT 50000
#define SHAPE_COUNT 100000
#define KS_LIMIT 1.95 /* of sqrt(n) D: exceeded once in 1000 */

struct law_case {
    omo_law law;
    double mean;
    double variance;
};

static const struct law_case law_cases[] = {
    {{OMO_LAW_CONSTANT, 7.5, 0, 0}, 7.5, 0},
    {{OMO_LAW_EXPONENTIAL, 3, 0, 0}, 3, 9},
    {{OMO_LAW_UNIFORM, 2, 8, 0}, 5, 3},
    {{OMO_LAW_ERLANG, 6, 1, 0}, 6, 36},
    {{OMO_LAW_ERLANG, 6, 4, 0}, 6, 9},
    {{OMO_LAW_ERLANG, 6, 1000, 0}, 6, 0.036},
    {{OMO_LAW_GAMMA, 5, 0.5, 0}, 5, 6.25},
    {{OMO_LAW_GAMMA, 5, 1.8, 0}, 5, 81},
    {{OMO_LAW_GAMMA, 5, 0, 0}, 5, 0},
    {{OMO_LAW_LOGNORMAL, 4, 0.5, 0}, 4, 4},
    {{OMO_LAW_LOGNORMAL, 4, 0, 0}, 4, 0},
    {{OMO_LAW_NORMAL, 10, 2, 0}, 10, 4},
    {{OMO_LAW_WEIBULL, 3, 1, 0}, 3, 9},
    {{OMO_LAW_WEIBULL, 2, 2, 0}, 1.7724538509055159, 0.8584073464102069}, /* sqrt(pi), 4 - pi */
    {{OMO_LAW_TRIANGULAR, 1, 2, 6}, 3, 7.0 / 6},
    {{OMO_LAW_TRIANGULAR, 1, 1, 4}, 2, 0.5},
    {{OMO_LAW_TRIANGULAR, 3, 3, 3}, 3, 0},
    {{OMO_LAW_POISSON, 0, 0, 0}, 0, 0},
    {{OMO_LAW_POISSON, 0.3, 0, 0}, 0.3, 0.3},
    {{OMO_LAW_POISSON, 9.9, 0, 0}, 9.9, 9.9},
    {{OMO_LAW_POISSON, 350, 0, 0}, 350, 350},
    {{OMO_LAW_POISSON, 1e6, 0, 0}, 1e6, 1e6},
    {{OMO_LAW_GEOMETRIC, 1, 0, 0}, 1, 0},
    {{OMO_LAW_GEOMETRIC, 2.5, 0, 0}, 2.5, 3.75},
    {{OMO_LAW_GEOMETRIC, 1e6, 0, 0}, 1e6, 1e12 - 1e6},
};

#define LAW_CASE_COUNT ((int)(sizeof(law_cases) / sizeof(law_cases[0])))

/* Distance of the replications' mean from `expected` in its own standard errors. */
static double z_of(const double *value, double expected)
{
    double sum = 0, squares = 0, mean;

    for (int i = 0; i < REPLICATION_COUNT; i++)
        sum += value[i];
    mean = sum / REPLICATION_COUNT;
    for (int i = 0; i < REPLICATION_COUNT; i++)
        squares += (value[i] - mean) * (value[i] - mean);
    if (fabs(mean - expected) <= 1e-12 * fabs(expected))
        return 0;
    return (mean - expected) / sqrt(squares / (REPLICATION_COUNT - 1) / REPLICATION_COUNT);
}

START_TEST(test_moments)
{
    const struct law_case *k = &law_cases[_i];
    double mean[REPLICATION_COUNT], variance[REPLICATION_COUNT], lowest = INFINITY;

    ck_assert_int_eq(omo_law_check(&k->law, NULL), OMO_OK);
    ck_assert_double_le(fabs(omo_law_mean(&k->law) - k->mean), 1e-12 * k->mean);
    for (uint64_t r = 0; r < REPLICATION_COUNT; r++) {
        struct draw_cursor c;
        double sum = 0, squares = 0;

        draw_begin(&c, draw_key_make(20, r), DRAW_SERVICE, (uint64_t)_i, 0);
        for (int i = 0; i < DRAW_COUNT; i++) {
            double x = law_draw(&k->law, &c);

            lowest = fmin(lowest, x);
            sum += x;
            squares += (x - k->mean) * (x - k->mean);
        }
        mean[r] = sum / DRAW_COUNT;
        variance[r] = squares / DRAW_COUNT;
    }
    ck_assert_double_ge(lowest, 0);
    ck_assert_msg(fabs(z_of(mean, k->mean)) < 4, "case %d: mean z = %g", _i, z_of(mean, k->mean));
    ck_assert_msg(fabs(z_of(variance, k->variance)) < 4, "case %d: variance z = %g", _i,
                  z_of(variance, k->variance));
}
END_TEST

/* Regularised lower incomplete gamma function by its power series. */
static double gamma_below(double shape, double x)
{
    double term = 1 / shape, sum = term;

    for (double n = 1; n < 2000 && term > sum * 1e-17; n++) {
        term *= x / (shape + n);
        sum += term;
    }
    return x <= 0 ? 0 : exp(shape * log(x) - x - lgamma(shape)) * sum;
}

static double normal_below(double z) { return erfc(-z / sqrt(2)) / 2; }

static double law_below(const omo_law *law, double x)
{
    double s;

    switch (law->kind) {
    case OMO_LAW_EXPONENTIAL:
        return -expm1(-x / law->a);
    case OMO_LAW_UNIFORM:
        return (x - law->a) / (law->b - law->a);
    case OMO_LAW_ERLANG:
        return gamma_below(law->b, x * law->b / law->a);
    case OMO_LAW_GAMMA:
        return gamma_below(1 / (law->b * law->b), x / (law->a * law->b * law->b));
    case OMO_LAW_LOGNORMAL:
        s = sqrt(log1p(law->b * law->b));
        return normal_below((log(x / law->a) + s * s / 2) / s);
    case OMO_LAW_NORMAL:
        s = normal_below(-law->a / law->b);
        return (normal_below((x - law->a) / law->b) - s) / (1 - s);
    case OMO_LAW_WEIBULL:
        return -expm1(-pow(x / law->a, law->b));
    case OMO_LAW_TRIANGULAR:
        if (x < law->b)
            return (x - law->a) * (x - law->a) / ((law->c - law->a) * (law->b - law->a));
        return 1 - (law->c - x) * (law->c - x) / ((law->c - law->a) * (law->c - law->b));
    default:
        ck_abort();
    }
    return 0;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static const omo_law shapes[] = {
    {OMO_LAW_EXPONENTIAL, 3, 0, 0}, {OMO_LAW_UNIFORM, 2, 8, 0},     {OMO_LAW_ERLANG, 6, 3, 0},
    {OMO_LAW_ERLANG, 1, 40, 0},     {OMO_LAW_GAMMA, 5, 0.5, 0},     {OMO_LAW_GAMMA, 5, 1.8, 0},
    {OMO_LAW_GAMMA, 5, 4, 0},       {OMO_LAW_LOGNORMAL, 4, 0.5, 0}, {OMO_LAW_LOGNORMAL, 4, 3, 0},
    {OMO_LAW_NORMAL, 10, 2, 0},     {OMO_LAW_NORMAL, 1, 1, 0},      {OMO_LAW_NORMAL, 0, 1, 0},
    {OMO_LAW_WEIBULL, 3, 0.5, 0},   {OMO_LAW_WEIBULL, 3, 4, 0},     {OMO_LAW_TRIANGULAR, 1, 2, 6},
    {OMO_LAW_TRIANGULAR, 1, 6, 6},
};

#define SHAPE_CASE_COUNT ((int)(sizeof(shapes) / sizeof(shapes[0])))

START_TEST(test_shape)
{
    static double value[SHAPE_COUNT];
    const omo_law *law = &shapes[_i];
    struct draw_cursor c;
    double worst = 0;

    draw_begin(&c, draw_key_make(21, 0), DRAW_SERVICE, (uint64_t)_i, 0);
    for (int i = 0; i < SHAPE_COUNT; i++)
        value[i] = law_draw(law, &c);
    qsort(value, SHAPE_COUNT, sizeof(value[0]), compare);
    for (int i = 0; i < SHAPE_COUNT; i++) {
        double below = law_below(law, value[i]);

        worst = fmax(worst,
                     fmax(below - (double)i / SHAPE_COUNT, (double)(i + 1) / SHAPE_COUNT - below));
    }
    ck_assert_msg(worst * sqrt(SHAPE_COUNT) < KS_LIMIT, "shape %d: %g", _i,
                  worst * sqrt(SHAPE_COUNT));
}
END_TEST

/* Chi-square as a standard normal (Wilson and Hilferty, 1931). */
static double chi_z(double chi, double degrees)
{
    return (cbrt(chi / degrees) - (1 - 2 / (9 * degrees))) / sqrt(2 / (9 * degrees));
}

/* Chi-square of counts of whole numbers against probabilities; neighbours are pooled until 20 are
 * expected. */
static double counts_z(const uint32_t *count, const double *share, uint32_t size, double total)
{
    double chi = 0, degrees = -1, observed = 0, expected = 0, left = total, left_seen = total;

    for (uint32_t i = 0; i < size; i++) {
        observed += count[i];
        expected += share[i] * total;
        if (expected >= 20 && left - expected >= 20) {
            chi += (observed - expected) * (observed - expected) / expected;
            degrees++;
            left -= expected;
            left_seen -= observed;
            observed = expected = 0;
        }
    }
    chi += (left_seen - left) * (left_seen - left) / left;
    return chi_z(chi, degrees + 1);
}

static const double poisson_means[] = {0.05, 0.7, 3, 9.999, 10, 11, 14.5, 40, 350, 5000, 200000};

START_TEST(test_poisson_shape)
{
    enum { SIZE = 10000 };
    static uint32_t count[SIZE];
    static double share[SIZE];
    double mean = poisson_means[_i];
    double first = fmax(0, floor(mean - 10 * sqrt(mean)));
    struct draw_cursor c;
    double z;

    memset(count, 0, sizeof(count));
    draw_begin(&c, draw_key_make(22, 0), DRAW_ARRIVAL, (uint64_t)_i, 0);
    for (int i = 0; i < 1000000; i++) {
        double k = law_poisson(mean, &c) - first;

        if (k < 0 || k >= SIZE)
            ck_abort_msg("%g is far from the mean %g", k + first, mean);
        count[(int)k]++;
    }
    for (int i = 0; i < SIZE; i++) {
        long double k = (long double)(first + i);

        share[i] = (double)expl(k * logl((long double)mean) - (long double)mean - lgammal(k + 1));
    }
    z = counts_z(count, share, SIZE, 1e6);
    ck_assert_msg(z < 3.5, "Poisson %g: chi-square z = %g", mean, z);
}
END_TEST

START_TEST(test_geometric_shape)
{
    static uint32_t count[400];
    static double share[400];
    omo_law law = {OMO_LAW_GEOMETRIC, 5, 0, 0};
    struct draw_cursor c;

    memset(count, 0, sizeof(count));
    draw_begin(&c, draw_key_make(23, 0), DRAW_BASKET, 0, 0);
    for (int i = 0; i < 1000000; i++) {
        double k = law_draw(&law, &c);

        if (k < 1 || k >= 400 || k != floor(k))
            ck_abort_msg("%g is not to be drawn", k);
        count[(int)k]++;
    }
    for (int i = 1; i < 400; i++)
        share[i] = 0.2 * pow(0.8, i - 1);
    ck_assert_double_lt(counts_z(count, share, 400, 1e6), 3.5);
}
END_TEST

/* The tail goes on past what one 32-bit word can tell: forced words give the largest values, in
 * order. */
START_TEST(test_tails)
{
    struct draw_cursor c = {.word = {0, 0, 0, 0}};
    uint64_t beyond = 0;

    ck_assert_double_gt(law_exponential(&c), 50);
    c = (struct draw_cursor){.word = {UINT32_MAX, UINT32_MAX, UINT32_MAX, 0}};
    ck_assert_double_gt(law_normal(&c), 8);
    c = (struct draw_cursor){.word = {0, 0, 0, 0}};
    ck_assert_double_lt(law_normal(&c), -8);
    c = (struct draw_cursor){.word = {UINT32_MAX, UINT32_MAX, UINT32_MAX, 0}};
    ck_assert_double_gt(law_exponential(&c), 0);
    draw_begin(&c, draw_key_make(24, 0), DRAW_SERVICE, 0, 0);
    for (int i = 0; i < 20000000; i++)
        beyond += law_exponential(&c) > 12;
    /* exp(-12) x 2e7 = 122.9. */
    ck_assert_double_lt(fabs((double)beyond - 122.884) / sqrt(122.884), 4);
}
END_TEST

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
    ck_assert_double_lt(counts_z(count, share, SIZE, 2e6), 3.5);
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

START_TEST(test_draw_us)
{
    omo_law law = {OMO_LAW_CONSTANT, 2.5, 0, 0};
    struct draw_cursor c = {.used = 4};

    ck_assert_int_eq(law_draw_us(&law, &c), 3);
    law.a = 2.4999;
    ck_assert_int_eq(law_draw_us(&law, &c), 2);
    law.a = 0;
    ck_assert_int_eq(law_draw_us(&law, &c), 0);
    law.a = 1e300;
    ck_assert_int_eq(law_draw_us(&law, &c), (INT64_C(1) << 62) - 1);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("laws");
    TCase *t = tcase_create("laws");

    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, test_moments, 0, LAW_CASE_COUNT);
    tcase_add_loop_test(t, test_shape, 0, SHAPE_CASE_COUNT);
    tcase_add_loop_test(t, test_poisson_shape, 0,
                        (int)(sizeof(poisson_means) / sizeof(poisson_means[0])));
    tcase_add_test(t, test_geometric_shape);
    tcase_add_test(t, test_tails);
    tcase_add_test(t, test_alias_shape);
    tcase_add_test(t, test_alias_is_exact);
    tcase_add_test(t, test_draw_us);
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
