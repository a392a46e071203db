/* Rounding by table, and overflow as a bug. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/money.h"

START_TEST(test_share)
{
    static const struct {
        int64_t amount, share, result;
    } table[] = {
        {0, 500000, 0},
        {1, 500000, 1}, /* 0.5 away from zero */
        {-1, 500000, -1},
        {1, 499999, 0},
        {-1, 499999, 0},
        {3, 500000, 2},
        {-3, 500000, -2},
        {3, -500000, -2},
        {1999, 100000, 200},
        {1995, 100000, 200}, /* 199.5 */
        {1994, 100000, 199},
        {12345, 1000000, 12345},
        {12345, 2000000, 24690},
        {INT64_MAX, 1000000, INT64_MAX},
        {INT64_MIN, 1000000, INT64_MIN},
        {INT64_MAX, 1, INT64_C(9223372036855)},
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        ck_assert_int_eq(money_share(table[i].amount, table[i].share), table[i].result);
}
END_TEST

START_TEST(test_of_area)
{
    core_int128 day = OMO_US_PER_DAY;

    ck_assert_int_eq(money_of_area(0, 1000000), 0);
    ck_assert_int_eq(money_of_area(day, 1000000), 1);     /* a unit for a day at a cent a day */
    ck_assert_int_eq(money_of_area(day * 7, 250000), 2);  /* 1.75 */
    ck_assert_int_eq(money_of_area(day / 2, 1000000), 1); /* 0.5, up */
    ck_assert_int_eq(money_of_area(day / 2 - 1, 1000000), 0);
    ck_assert_int_eq(money_of_area(-(day / 2), 1000000), 0); /* -0.5, up */
    ck_assert_int_eq(money_of_area(-(day / 2) - 1, 1000000), -1);
    ck_assert_int_eq(money_of_area(day * 3, -500000), -1); /* -1.5, up */
    /* 10^8 positions, 10 units, a year, a tenth of a cent a day. */
    ck_assert_int_eq(money_of_area(day * 365 * 1000000000, 100000), INT64_C(36500000000));
    ck_assert_int_eq(money_of_area(day * 1000000 * (core_int128)1000000000000, 1),
                     INT64_C(1000000000000));
    ck_assert_int_eq(money_of_area(day * 2000000, INT64_MAX / 2), INT64_MAX - 1);
}
END_TEST

START_TEST(test_share_overflow_aborts) { money_share(INT64_MAX, 1000001); }
END_TEST

START_TEST(test_area_overflow_aborts)
{
    money_of_area((core_int128)OMO_US_PER_DAY * 3000000, INT64_MAX);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("money");
    TCase *t = tcase_create("money");

    tcase_add_test(t, test_share);
    tcase_add_test(t, test_of_area);
    if (getenv("CK_FORK") == NULL || strcmp(getenv("CK_FORK"), "no") != 0) {
        tcase_add_test_raise_signal(t, test_share_overflow_aborts, SIGABRT);
        tcase_add_test_raise_signal(t, test_area_overflow_aborts, SIGABRT);
    }
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
