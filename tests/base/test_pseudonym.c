/* A keyed permutation: each number stands for one, another key shuffles anew, neighbours part. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/pseudonym.h"

START_TEST(each_once)
{
    static const uint32_t counts[] = {1, 2, 3, 4, 5, 17, 255, 256, 257, 1000, 65537};
    uint32_t count = counts[_i];
    uint8_t *seen = calloc(count, 1);

    for (uint32_t i = 0; i < count; i++) {
        uint32_t to = pseudonym_of(42, i, count);
        ck_assert_uint_lt(to, count);
        ck_assert_uint_eq(seen[to], 0);
        seen[to] = 1;
    }
    free(seen);
}
END_TEST

START_TEST(keys_and_neighbours)
{
    const uint32_t count = 4000000000u;
    uint32_t same = 0, neighbours = 0;

    for (uint32_t i = 0; i < 10000; i++) {
        uint32_t to = pseudonym_of(1, i, count);
        same += to == pseudonym_of(2, i, count);
        uint32_t after = pseudonym_of(1, i + 1, count);
        neighbours += to - after + 1000u < 2000u;
        ck_assert_uint_eq(to, pseudonym_of(1, i, count));
    }
    ck_assert_uint_le(same, 1);
    ck_assert_uint_le(neighbours, 1); /* 0.005 expected */
}
END_TEST

/* Where the first hundred of a thousand go: all over the place. Chi-square of ten cells, 9 degrees. */
START_TEST(spread)
{
    double square = 0.0;
    uint32_t cell[10] = {0};

    for (uint32_t key = 0; key < 200; key++)
        for (uint32_t i = 0; i < 100; i++)
            cell[pseudonym_of(key, i, 1000) / 100]++;
    for (uint32_t i = 0; i < 10; i++)
        square += ((double)cell[i] - 2000.0) * ((double)cell[i] - 2000.0) / 2000.0;
    ck_assert_double_lt(square, 33.7); /* passes by chance of 1 in 10,000 less */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pseudonym");
    TCase *tcase = tcase_create("pseudonym");

    tcase_add_loop_test(tcase, each_once, 0, 11);
    tcase_add_test(tcase, keys_and_neighbours);
    tcase_add_test(tcase, spread);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
