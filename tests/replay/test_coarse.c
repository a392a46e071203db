/* Coarse histograms: cells that tile the line, forms that say the same, quantiles near the truth. */
#include "replay/coarse.h"

#include <check.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define VALUE_COUNT 20000
#define HOUR_NS (INT64_C(3600) * 1000000000)

/* Over ten doublings, evenly in the logarithm as latencies are. */
static int64_t draw_value(GRand *random)
{
    double octave = g_rand_double_range(random, 0, 41);
    int64_t value = (int64_t)((double)(INT64_C(1) << (int)octave) * (1 + octave - (int)octave));

    return MIN(value, HOUR_NS);
}

static int compare_values(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

START_TEST(test_cells_tile_the_line)
{
    int64_t next = 0;

    for (uint32_t cell = 0; cell < COARSE_CELLS; cell++) {
        int64_t low = coarse_cell_low_ns(cell), high = coarse_cell_high_ns(cell);
        ck_assert_int_eq(low, next);
        ck_assert_uint_eq(coarse_cell(low), cell);
        ck_assert_uint_eq(coarse_cell(high), cell);
        ck_assert_int_le(high - low, MAX(7, low / 128 - 1));
        next = high + 1;
    }
    ck_assert_int_gt(next, HOUR_NS);
}
END_TEST

START_TEST(test_forms_agree)
{
    struct coarse_live *live = calloc(1, sizeof *live);
    struct coarse_sum *from_live = calloc(1, sizeof *from_live);
    struct coarse_sum *from_packed = calloc(1, sizeof *from_packed);
    struct coarse_packed packed = {0};
    GRand *random = g_rand_new_with_seed(4);
    uint64_t sum_ns = 0;
    int64_t max_ns = 0;

    for (int i = 0; i < VALUE_COUNT; i++) {
        int64_t value = draw_value(random);
        coarse_live_record(live, value);
        sum_ns += (uint64_t)value;
        max_ns = MAX(max_ns, value);
    }
    coarse_sum_add_live(from_live, live);
    ck_assert_uint_eq(from_live->count, VALUE_COUNT);
    ck_assert_uint_eq(from_live->sum_ns, sum_ns);
    ck_assert_int_eq(from_live->max_ns, max_ns);
    coarse_pack(from_live, &packed);
    coarse_sum_add_packed(from_packed, &packed);
    ck_assert_mem_eq(from_live, from_packed, sizeof *from_live);
    coarse_sum_add(from_packed, from_live);
    ck_assert_uint_eq(from_packed->count, 2 * VALUE_COUNT);

    coarse_sum_remove_packed(from_packed, &packed);
    ck_assert_mem_eq(from_live->cells, from_packed->cells, sizeof from_live->cells);
    coarse_sum_remove_packed(from_packed, &packed);
    from_packed->max_ns = 0;
    from_packed->groups = 0; /* groups stay in use */
    coarse_sum_clear(from_live);
    ck_assert_mem_eq(from_live, from_packed, sizeof *from_live);

    coarse_live_clear(live);
    coarse_sum_add_live(from_live, live);
    ck_assert_mem_eq(from_live, from_packed, sizeof *from_live);
    coarse_packed_clear(&packed);
    coarse_pack(from_live, &packed);
    ck_assert_uint_eq(packed.size, 0);
    coarse_packed_clear(&packed);
    g_rand_free(random);
    free(live);
    free(from_live);
    free(from_packed);
}
END_TEST

START_TEST(test_quantiles_are_near)
{
    static const uint32_t shares_ppm[] = {1,      100000, 500000, 900000,
                                          990000, 999000, 999990, 1000000};
    struct coarse_live *live = calloc(1, sizeof *live);
    struct coarse_sum *sum = calloc(1, sizeof *sum);
    int64_t *values = malloc(VALUE_COUNT * sizeof *values);
    GRand *random = g_rand_new_with_seed(5);

    ck_assert_int_eq(coarse_sum_quantile_ns(sum, 500000), 0);
    for (int i = 0; i < VALUE_COUNT; i++) {
        values[i] = draw_value(random);
        coarse_live_record(live, values[i]);
    }
    coarse_sum_add_live(sum, live);
    qsort(values, VALUE_COUNT, sizeof *values, compare_values);
    for (size_t i = 0; i < G_N_ELEMENTS(shares_ppm); i++) {
        uint64_t rank = ((uint64_t)shares_ppm[i] * VALUE_COUNT + 999999) / 1000000;
        int64_t exact = values[rank - 1], found = coarse_sum_quantile_ns(sum, shares_ppm[i]);
        ck_assert_int_ge(found, exact);
        ck_assert_int_le(found - exact, MAX(7, exact / 128));
    }
    ck_assert_int_eq(coarse_sum_quantile_ns(sum, 1000000), values[VALUE_COUNT - 1]);

    for (int i = 0; i < VALUE_COUNT; i += 997) {
        uint64_t above = coarse_sum_above(sum, values[i]), exact = 0;
        for (int j = 0; j < VALUE_COUNT; j++)
            exact += values[j] > values[i];
        ck_assert_uint_le(above, exact);
        exact = 0;
        for (int j = 0; j < VALUE_COUNT; j++)
            exact += values[j] > coarse_cell_high_ns(coarse_cell(values[i]));
        ck_assert_uint_eq(above, exact);
    }
    g_rand_free(random);
    free(values);
    free(live);
    free(sum);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("coarse");
    TCase *tests = tcase_create("coarse");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tests, test_cells_tile_the_line);
    tcase_add_test(tests, test_forms_agree);
    tcase_add_test(tests, test_quantiles_are_near);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
