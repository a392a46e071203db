/* The public draws are the internal ones: same key, same numbers; and what they refuse. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include <omosim/draws.h>

#include "base/laws.h"

START_TEST(test_same_numbers)
{
    struct draw_cursor c;
    omo_draws d;
    omo_law law = {OMO_LAW_GAMMA, 3, 0.7, 0};

    ck_assert_int_eq(omo_draws_open(&d, 5, 6, 200, UINT64_C(1) << 40, 9, NULL), OMO_OK);
    draw_begin(&c, draw_key_make(5, 6), (enum draw_purpose)200, UINT64_C(1) << 40, 9);
    for (int i = 0; i < 100; i++) {
        ck_assert_uint_eq(omo_draws_word(&d), draw_u32(&c));
        ck_assert_double_eq(omo_draws_unit(&d), draw_unit(&c));
        ck_assert_double_eq(omo_draws_exponential(&d), law_exponential(&c));
        ck_assert_double_eq(omo_law_draw(&law, &d), law_draw(&law, &c));
    }
}
END_TEST

START_TEST(test_fills)
{
    double filled[300];
    omo_draws a, b;

    omo_draws_open(&a, 1, 2, 128, 3, 4, NULL);
    b = a;
    omo_draws_fill_exponential(&a, 300, filled);
    for (int i = 0; i < 300; i++)
        ck_assert_double_eq(filled[i], omo_draws_exponential(&b));
    omo_draws_use_scalar(true);
    omo_draws_fill_unit(&a, 300, filled);
    omo_draws_use_scalar(false);
    for (int i = 0; i < 300; i++)
        ck_assert_double_eq(filled[i], omo_draws_unit(&b));
}
END_TEST

START_TEST(test_refuses)
{
    omo_draws d = {.used = 77};
    omo_error error = {0};

    ck_assert_int_eq(omo_draws_open(NULL, 1, 1, 1, 1, 1, NULL), OMO_EINVAL);
    ck_assert_int_eq(omo_draws_open(&d, 1, 1, 256, 1, 1, &error), OMO_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, "256"));
    ck_assert_int_eq(omo_draws_open(&d, 1, 1, 1, 1, 1 << 24, &error), OMO_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, "2^24"));
    ck_assert_uint_eq(d.used, 77);
}
END_TEST

/* Random123's known answers (kat_vectors of its distribution). */
START_TEST(test_known_answers)
{
    static const uint32_t known[3][10] = {
        {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
        {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d,
         0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
        {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09,
         0x94fdcceb, 0x5001e420, 0x24126ea1},
    };

    for (int i = 0; i < 3; i++) {
        uint32_t word[4];

        omo_draw_words(known[i], known[i] + 4, word);
        ck_assert_mem_eq(word, known[i] + 6, sizeof(word));
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("draws_public");
    TCase *t = tcase_create("draws_public");

    tcase_add_test(t, test_same_numbers);
    tcase_add_test(t, test_fills);
    tcase_add_test(t, test_refuses);
    tcase_add_test(t, test_known_answers);
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
