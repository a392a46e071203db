/* A checksum depends on every byte, on their order and number, and on nothing else. */
#include <check.h>
#include <stdlib.h>

#include "base/checksum.h"

#define SIZE 1000

static unsigned char bytes[SIZE];

static uint64_t sum_of(const void *from, size_t size)
{
    struct checksum c;

    checksum_init(&c);
    checksum_add(&c, from, size);
    return checksum_value(&c);
}

static void fill(void)
{
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (unsigned char)(i * 37 + i / 7);
}

START_TEST(cuts_do_not_matter)
{
    fill();
    for (size_t size = 0; size <= 200; size++)
        for (size_t step = 1; step <= 70; step++) {
            struct checksum c;
            checksum_init(&c);
            for (size_t at = 0; at < size; at += step)
                checksum_add(&c, bytes + at, size - at < step ? size - at : step);
            ck_assert_uint_eq(checksum_value(&c), sum_of(bytes, size));
            ck_assert_uint_eq(checksum_value(&c), checksum_value(&c));
        }
}
END_TEST

START_TEST(every_bit_matters)
{
    fill();
    uint64_t sum = sum_of(bytes, SIZE);
    for (size_t bit = 0; bit < SIZE * 8; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        ck_assert_uint_ne(sum_of(bytes, SIZE), sum);
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    ck_assert_uint_eq(sum_of(bytes, SIZE), sum);
}
END_TEST

START_TEST(length_and_order_matter)
{
    static const unsigned char zeros[200];
    uint64_t sum[200];

    for (size_t size = 0; size < 200; size++) {
        sum[size] = sum_of(zeros, size);
        for (size_t i = 0; i < size; i++)
            ck_assert_uint_ne(sum[i], sum[size]);
    }
    fill();
    uint64_t before = sum_of(bytes, 96);
    for (size_t i = 0; i < 32; i++) { /* two blocks change places */
        unsigned char byte = bytes[i];
        bytes[i] = bytes[32 + i];
        bytes[32 + i] = byte;
    }
    ck_assert_uint_ne(sum_of(bytes, 96), before);
}
END_TEST

/* The number stands in files: it may not change without the format. */
START_TEST(known_value)
{
    fill();
    ck_assert_uint_eq(sum_of(bytes, SIZE), UINT64_C(16760446077192467869));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("checksum");
    TCase *tcase = tcase_create("checksum");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tcase, cuts_do_not_matter);
    tcase_add_test(tcase, every_bit_matters);
    tcase_add_test(tcase, length_and_order_matter);
    tcase_add_test(tcase, known_value);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
