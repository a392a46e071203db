/* Quantiles within 1/2048 of a sorted array, merging in any order, clipping, and the walk over
 * cells. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <omosim/histogram.h>

#include "base/draws.h"
#include "base/histogram.h"

#define VALUE_COUNT 100000
#define VALUE_MAX (INT64_C(3600) * 1000000)

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Spread over all magnitudes up to an hour in microseconds. */
static int64_t draw_value(struct draw_cursor *c)
{
    return (int64_t)(draw_u64(c) >> 33 >> draw_below(c, 31));
}

START_TEST(test_quantiles)
{
    static const uint32_t shares[] = {0,      1,      10,     1000,   250000, 500000,
                                      900000, 990000, 999000, 999999, 1000000};
    static int64_t values[VALUE_COUNT];
    omo_histogram *h = omo_histogram_new(VALUE_MAX);
    struct draw_cursor c;
    double sum = 0;

    draw_begin(&c, draw_key_make(1, 1), DRAW_SERVICE, 0, 0);
    for (int i = 0; i < VALUE_COUNT; i++) {
        values[i] = draw_value(&c);
        sum += (double)values[i];
        omo_histogram_record(h, values[i], 1);
    }
    qsort(values, VALUE_COUNT, sizeof(values[0]), compare);
    for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
        int64_t rank = ((int64_t)shares[i] * VALUE_COUNT + 999999) / 1000000;
        int64_t exact = values[rank > 0 ? rank - 1 : 0];
        int64_t value = omo_histogram_quantile(h, shares[i]);

        ck_assert_int_ge(value, exact);
        ck_assert_int_le((value - exact) * 2048, exact);
    }
    ck_assert_int_eq(omo_histogram_max(h), values[VALUE_COUNT - 1]);
    ck_assert_uint_eq(omo_histogram_count(h), VALUE_COUNT);
    ck_assert_double_eq_tol(omo_histogram_mean(h), sum / VALUE_COUNT, 1e-6);
    omo_histogram_free(h);
}
END_TEST

static bool same(const omo_histogram *a, const omo_histogram *b)
{
    uint32_t cursor_a = 0, cursor_b = 0;
    int64_t low_a, high_a, low_b, high_b;
    uint64_t count_a, count_b;

    if (omo_histogram_count(a) != omo_histogram_count(b) ||
        omo_histogram_mean(a) != omo_histogram_mean(b) ||
        omo_histogram_max(a) != omo_histogram_max(b) ||
        omo_histogram_clipped(a) != omo_histogram_clipped(b))
        return false;
    while (omo_histogram_next(a, &cursor_a, &low_a, &high_a, &count_a))
        if (!omo_histogram_next(b, &cursor_b, &low_b, &high_b, &count_b) || low_a != low_b ||
            high_a != high_b || count_a != count_b)
            return false;
    return !omo_histogram_next(b, &cursor_b, &low_b, &high_b, &count_b);
}

START_TEST(test_merge_is_exact)
{
    omo_histogram *whole = omo_histogram_new(1000000);
    omo_histogram *part[3], *forward, *backward;
    struct draw_cursor c;

    for (int i = 0; i < 3; i++)
        part[i] = omo_histogram_new(1000000);
    forward = omo_histogram_new(1000000);
    backward = omo_histogram_new(1000000);
    draw_begin(&c, draw_key_make(1, 2), DRAW_SERVICE, 0, 0);
    for (int i = 0; i < VALUE_COUNT; i++) {
        int64_t value = draw_value(&c);
        uint64_t count = draw_below(&c, 4);

        omo_histogram_record(whole, value, count);
        omo_histogram_record(part[i % 3], value, count);
    }
    for (int i = 0; i < 3; i++) {
        omo_histogram_merge(forward, part[i]);
        omo_histogram_merge(backward, part[2 - i]);
    }
    ck_assert_uint_gt(omo_histogram_clipped(whole), 0);
    ck_assert(same(whole, forward));
    ck_assert(same(whole, backward));
    omo_histogram_reset(backward);
    omo_histogram_merge(part[1], part[2]);
    omo_histogram_merge(backward, part[1]);
    omo_histogram_merge(backward, part[0]);
    ck_assert(same(whole, backward));
    omo_histogram_reset(forward);
    ck_assert_uint_eq(omo_histogram_count(forward), 0);
    ck_assert_int_eq(omo_histogram_quantile(forward, 500000), 0);
    ck_assert_double_eq(omo_histogram_mean(forward), 0);
    ck_assert(!same(whole, forward));
    for (int i = 0; i < 3; i++)
        omo_histogram_free(part[i]);
    omo_histogram_free(whole);
    omo_histogram_free(forward);
    omo_histogram_free(backward);
    omo_histogram_free(NULL);
}
END_TEST

START_TEST(test_clipping)
{
    omo_histogram *h = omo_histogram_new(5000);

    omo_histogram_record(h, 5001, 2);
    omo_histogram_record(h, 5000, 1);
    omo_histogram_record(h, -3, 4);
    omo_histogram_record(h, INT64_MAX, 1);
    ck_assert_uint_eq(omo_histogram_clipped(h), 3);
    ck_assert_uint_eq(omo_histogram_count(h), 8);
    ck_assert_int_eq(omo_histogram_max(h), 5000);
    ck_assert_int_eq(omo_histogram_quantile(h, 500000), 0);
    ck_assert_int_eq(omo_histogram_quantile(h, 500001), 5001); /* 5000 and 5001 share a cell */
    ck_assert_double_eq(omo_histogram_mean(h), 2500);
    omo_histogram_free(h);
    h = omo_histogram_new(1);
    omo_histogram_record(h, 2048, 1);
    ck_assert_uint_eq(omo_histogram_clipped(h), 0);
    omo_histogram_free(h);
}
END_TEST

/* Every cell: its ends are its own, it follows the one before without a gap, and it is narrow
 * enough. */
START_TEST(test_cells_tile_the_line)
{
    omo_histogram *h = omo_histogram_new(INT64_MAX);
    uint32_t cursor = 0;
    int64_t low, high, next = 0;
    uint64_t count;

    for (int64_t value = 0; value < 70000; value++)
        omo_histogram_record(h, value, 1);
    while (omo_histogram_next(h, &cursor, &low, &high, &count)) {
        ck_assert_int_eq(low, next);
        ck_assert_int_ge(high, low);
        ck_assert_int_le((high - low) * 2048, low);
        if (high < 70000)
            ck_assert_uint_eq(count, (uint64_t)(high - low + 1));
        next = high + 1;
    }
    ck_assert_int_ge(next, 70000);
    omo_histogram_record(h, INT64_MAX, 1);
    ck_assert_int_eq(omo_histogram_quantile(h, 1000000), INT64_MAX);
    omo_histogram_free(h);
}
END_TEST

/* The front is all of it: copied onto an empty one it gives the same histogram. */
START_TEST(test_front_in_use)
{
    struct omo_histogram *h = omo_histogram_new(VALUE_MAX), *copy = omo_histogram_new(VALUE_MAX);
    size_t empty = histogram_used_size(h);

    ck_assert_uint_lt(empty, 100);
    omo_histogram_record(h, 0, 1);
    ck_assert_uint_eq(histogram_used_size(h), empty + sizeof(uint64_t));
    omo_histogram_record(h, 123456, 7);
    omo_histogram_record(h, 3000, 2);
    ck_assert_uint_lt(histogram_used_size(h), histogram_size(h) / 2);
    memcpy(copy, h, histogram_used_size(h));
    ck_assert_mem_eq(copy, h, histogram_size(h));
    omo_histogram_record(h, VALUE_MAX * 2, 1);
    ck_assert_uint_eq(histogram_used_size(h), histogram_size(h));
    omo_histogram_free(h);
    omo_histogram_free(copy);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("histogram");
    TCase *t = tcase_create("histogram");

    tcase_add_test(t, test_quantiles);
    tcase_add_test(t, test_merge_is_exact);
    tcase_add_test(t, test_clipping);
    tcase_add_test(t, test_cells_tile_the_line);
    tcase_add_test(t, test_front_in_use);
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
