/* Samples and meters: literals, the ends of int64, and agreement with schoolbook arithmetic on
 * random data, merged in any order. Prints OMO_SEED=... and obeys it. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/seed.h"

#include "base/draws.h"
#include "base/meter.h"
#include "base/sample.h"

/* A number of 256 bits in digits of 32, two's complement: the slow reference. */
struct digits {
    uint32_t digit[8];
};

static void digits_add(struct digits *a, const struct digits *b)
{
    uint64_t carry = 0;

    for (int i = 0; i < 8; i++) {
        carry += (uint64_t)a->digit[i] + b->digit[i];
        a->digit[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static struct digits digits_of(int64_t value)
{
    struct digits a = {{(uint32_t)value, (uint32_t)((uint64_t)value >> 32)}};

    for (int i = 2; i < 8; i++)
        a.digit[i] = value < 0 ? UINT32_MAX : 0;
    return a;
}

static struct digits digits_times(const struct digits *a, int64_t factor)
{
    struct digits product = {{0}}, b = digits_of(factor);

    for (int i = 0; i < 8; i++) {
        uint64_t carry = 0;

        for (int j = 0; i + j < 8; j++) {
            carry += (uint64_t)a->digit[i] * b.digit[j] + product.digit[i + j];
            product.digit[i + j] = (uint32_t)carry;
            carry >>= 32;
        }
    }
    return product;
}

struct reference {
    struct digits sum, squares;
};

static void reference_add(struct reference *r, int64_t value, int64_t weight)
{
    struct digits v = digits_of(value), sum = digits_times(&v, weight),
                  squares = digits_times(&sum, value);

    digits_add(&r->sum, &sum);
    digits_add(&r->squares, &squares);
}

static void reference_check(const struct reference *r, const struct moments *m)
{
    for (int i = 0; i < 4; i++) {
        ck_assert_uint_eq(r->sum.digit[i], (uint32_t)((core_uint128)m->sum >> 32 * i));
        ck_assert_uint_eq(r->squares.digit[i], (uint32_t)(m->squares_low >> 32 * i));
    }
    ck_assert_uint_eq(r->squares.digit[4], (uint32_t)m->squares_high);
    ck_assert_uint_eq(r->squares.digit[5], (uint32_t)(m->squares_high >> 32));
    ck_assert_uint_eq(r->squares.digit[6] | r->squares.digit[7], 0);
}

/* All magnitudes of both signs, the ends included. */
static int64_t draw_value(struct draw_cursor *c)
{
    uint64_t word = draw_u64(c);

    switch (draw_below(c, 16)) {
    case 0:
        return INT64_MIN;
    case 1:
        return INT64_MAX;
    default:
        return (int64_t)word >> draw_below(c, 63);
    }
}

START_TEST(test_literals)
{
    struct sample s = {0};

    ck_assert_double_nan(sample_mean(&s));
    ck_assert_double_nan(sample_variance(&s));
    sample_add(&s, -7);
    ck_assert_double_eq(sample_mean(&s), -7);
    ck_assert_double_nan(sample_variance(&s));
    ck_assert_int_eq(s.max, -7);
    sample_add(&s, 2);
    sample_add(&s, 4);
    sample_add(&s, 4);
    sample_add(&s, 2);
    ck_assert_int_eq(sample_count(&s), 5);
    ck_assert_int_eq(s.min, -7);
    ck_assert_int_eq(s.max, 4);
    ck_assert_double_eq(sample_mean(&s), 1);
    ck_assert_double_eq(sample_variance(&s), 21); /* 64 + 1 + 9 + 9 + 1 over 4 */
    ck_assert_double_eq(sample_deviation(&s), sqrt(21));
}
END_TEST

START_TEST(test_no_digits_cancel)
{
    static const int64_t offsets[] =
        {INT64_MIN, -INT64_C(1000000000000000000), -2, 0, INT64_C(1) << 62, INT64_MAX - 2};
    struct sample s = {0};

    for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
        s = (struct sample){0};
        for (int64_t k = 0; k < 3; k++)
            sample_add(&s, offsets[i] + k);
        ck_assert_double_eq(sample_variance(&s), 1);
        sample_add(&s, offsets[i]);
        ck_assert_double_eq_tol(sample_variance(&s), 11.0 / 12, 1e-15);
    }
    s = (struct sample){0};
    sample_add(&s, INT64_MIN);
    sample_add(&s, INT64_MAX);
    ck_assert_double_eq(sample_mean(&s), -0.5);
    ck_assert_double_eq(sample_variance(&s), 0x1p127);
    s = (struct sample){0};
    for (int i = 0; i < 5; i++)
        sample_add(&s, INT64_MIN);
    ck_assert_double_eq(sample_variance(&s), 0);
    /* 10^9 - 1 ones and a zero, by weight: (n - 1) / n^2. */
    s = (struct sample){0};
    moments_add_weighted(&s.moments, 1, 999999999);
    moments_add_weighted(&s.moments, 0, 1);
    ck_assert_double_eq_tol(moments_spread(&s.moments), 0.999999999, 1e-15);
}
END_TEST

/* Squares of 2^128 + 2 around a mean near 0.07: taking the sum away borrows from the high word. */
START_TEST(test_squares_past_128_bits)
{
    struct moments m = {0};

    moments_add_weighted(&m, INT64_C(1) << 62, 8);
    moments_add_weighted(&m, -(INT64_C(1) << 62), 7);
    moments_add(&m, 1 - (INT64_C(1) << 62));
    moments_add(&m, INT64_C(1) << 31);
    moments_add(&m, 1 - (INT64_C(1) << 31));
    moments_add(&m, 1 << 16);
    moments_add_weighted(&m, 0, 1000000);
    ck_assert_uint_eq(m.squares_high, 1);
    ck_assert_uint_eq((uint64_t)m.squares_low, 2);
    ck_assert_int_eq((int64_t)m.sum, 65538);
    ck_assert_double_eq(moments_spread(&m), 0x1p128);
}
END_TEST

START_TEST(test_merging_in_any_order)
{
    struct sample whole = {0}, part[16] = {{.min = 0}}, merged = {0};
    struct reference reference = {{{0}}, {{0}}};
    uint64_t seed = seed_take();
    struct draw_cursor c;

    draw_begin(&c, draw_key_make(seed, 0), DRAW_SERVICE, 0, 0);
    for (int i = 0; i < 20000; i++) {
        int64_t value = draw_value(&c);

        reference_add(&reference, value, 1);
        sample_add(&whole, value);
        sample_add(&part[1 + draw_below(&c, 15)], value); /* part 0 stays empty */
    }
    reference_check(&reference, &whole.moments);
    ck_assert_int_eq(whole.min, INT64_MIN);
    ck_assert_int_eq(whole.max, INT64_MAX);
    for (int round = 0; round < 20; round++) {
        memset(&merged, 0, sizeof(merged));
        for (uint32_t i = 16; i > 0; i--) {
            uint32_t k = draw_below(&c, i);
            struct sample other = part[k];

            part[k] = part[i - 1];
            part[i - 1] = other;
            sample_merge(&merged, &other);
        }
        ck_assert_mem_eq(&merged, &whole, sizeof(whole));
    }
}
END_TEST

/* Against the definition, in long double, where values are moderate. */
START_TEST(test_variance_by_definition)
{
    static int64_t values[5000];
    struct sample s = {0};
    struct draw_cursor c;
    long double mean = 0, squares = 0;

    draw_begin(&c, draw_key_make(seed_take(), 0), DRAW_SERVICE, 0, 0);
    for (int i = 0; i < 5000; i++) {
        values[i] = (int64_t)draw_below(&c, 100000) - 50000;
        mean += (long double)values[i] / 5000;
        sample_add(&s, values[i]);
    }
    for (int i = 0; i < 5000; i++)
        squares += ((long double)values[i] - mean) * ((long double)values[i] - mean);
    ck_assert_double_eq_tol(sample_mean(&s), (double)mean, 1e-10);
    ck_assert_double_eq_tol(sample_variance(&s) / (double)(squares / 4999), 1, 1e-14);
}
END_TEST

START_TEST(test_meter_literals)
{
    struct meter m = {0};
    struct meter_threshold t[2] = {{.level = 0}, {.level = 2}};

    ck_assert_double_nan(meter_mean(&m));
    ck_assert_double_nan(meter_variance(&m));
    meter_add(&m, 10, 1); /* 0 for 10 us, 1 for 30, 3 for 10 */
    meter_thresholds(&m, 40, t, 2);
    meter_add(&m, 40, 2);
    meter_thresholds(&m, 50, t, 2);
    meter_touch(&m, 50);
    ck_assert_double_eq(meter_mean(&m), 60.0 / 50);
    ck_assert_double_eq_tol(meter_variance(&m), 120.0 / 50 - 1.44, 1e-15);
    ck_assert_int_eq(m.min, 0);
    ck_assert_int_eq(m.max, 3);
    ck_assert_int_eq(t[0].above_us, 40);
    ck_assert_int_eq(t[1].above_us, 10);
    meter_reset(&m, 60);
    ck_assert_double_nan(meter_mean(&m));
    ck_assert_int_eq(m.level, 3);
    ck_assert_int_eq(m.min, 3);
    meter_set(&m, 70, -1);
    meter_touch(&m, 100);
    ck_assert_double_eq(meter_mean(&m), 0);
    ck_assert_double_eq(meter_variance(&m), 3);
    ck_assert_int_eq(m.min, -1);
    ck_assert_int_eq(m.max, 3);
}
END_TEST

START_TEST(test_meter_on_random_events)
{
    uint64_t seed = seed_take();

    for (uint32_t round = 0; round < 200; round++) {
        struct meter m = {0};
        struct reference reference = {{{0}}, {{0}}};
        struct meter_threshold t = {.level = 5};
        struct draw_cursor c;
        int64_t now_us = 0, level = 0, min = 0, max = 0, above_us = 0, measured_us = 0;
        /* Small levels, as of a queue; or up to the limits of levels and of time. */
        bool huge = round % 2 == 1;

        draw_begin(&c, draw_key_make(seed, round), DRAW_SERVICE, 0, 0);
        for (uint32_t i = 0; i < 300; i++) {
            int64_t span_us = (int64_t)(draw_u64(&c) >> (huge ? 10 : 40) >> draw_below(&c, 20));
            int64_t next = huge ? draw_value(&c) : (int64_t)draw_below(&c, 12) - 2;

            now_us += span_us;
            measured_us += span_us;
            meter_thresholds(&m, now_us, &t, 1);
            if (i == 100) {
                meter_reset(&m, now_us);
                t.above_us = above_us = measured_us = 0;
                reference = (struct reference){{{0}}, {{0}}};
                min = max = level;
                continue;
            }
            reference_add(&reference, level, span_us);
            above_us += level > 5 ? span_us : 0;
            meter_set(&m, now_us, next);
            level = next;
            min = core_min_i64(min, level);
            max = core_max_i64(max, level);
        }
        reference_check(&reference, &m.moments);
        ck_assert_int_eq(m.moments.weight, measured_us);
        ck_assert_int_eq(m.min, min);
        ck_assert_int_eq(m.max, max);
        ck_assert_int_eq(t.above_us, above_us);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("moments");
    TCase *tcase = tcase_create("moments");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_test(tcase, test_literals);
    tcase_add_test(tcase, test_no_digits_cancel);
    tcase_add_test(tcase, test_squares_past_128_bits);
    tcase_add_test(tcase, test_merging_in_any_order);
    tcase_add_test(tcase, test_variance_by_definition);
    tcase_add_test(tcase, test_meter_literals);
    tcase_add_test(tcase, test_meter_on_random_events);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
