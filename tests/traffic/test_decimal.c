/* Decimal numbers: products that a binary fraction would get wrong. */
#include "traffic/decimal.h"

#include "shell/folder.h"

#include <string.h>

/* a x b; INT64_MIN = it is too large. */
static int64_t product(const char *a, const char *b)
{
    struct decimal x, y;
    int64_t whole;

    ck_assert_msg(decimal_read(a, strlen(a), &x), "%s", a);
    ck_assert_msg(decimal_read(b, strlen(b), &y), "%s", b);
    return decimal_product(x, y, &whole) ? whole : INT64_MIN;
}

START_TEST(test_exact)
{
    ck_assert_int_eq(product("12.50", "100"), 1250);
    ck_assert_int_eq(product("0.29", "100"), 29); /* 28.999999999999996 as doubles */
    ck_assert_int_eq(product("1.005", "1000"), 1005);
    ck_assert_int_eq(product("-19.99", "100"), -1999);
    ck_assert_int_eq(product("1e2", "1"), 100);
    ck_assert_int_eq(product("1.5E-1", "100"), 15);
    ck_assert_int_eq(product("25", "0.01"), 0);
    ck_assert_int_eq(product("150", "0.01"), 2);
    ck_assert_int_eq(product("0", "100"), 0);
    ck_assert_int_eq(product("-0", "1"), 0);
    ck_assert_int_eq(product("007", "1"), 7);
    ck_assert_int_eq(product("9007199254740993", "1"), INT64_C(9007199254740993));
}
END_TEST

START_TEST(test_half_away_from_zero)
{
    ck_assert_int_eq(product("0.5", "1"), 1);
    ck_assert_int_eq(product("-0.5", "1"), -1);
    ck_assert_int_eq(product("2.5", "1"), 3);
    ck_assert_int_eq(product("2.4999999999999999999999999", "1"), 2);
    ck_assert_int_eq(product("0.05", "1"), 0);
    ck_assert_int_eq(product("0.005", "100"), 1);
    ck_assert_int_eq(product("0.00499", "100"), 0);
}
END_TEST

START_TEST(test_limits)
{
    ck_assert_int_eq(product("9223372036854775807", "1"), INT64_MAX);
    ck_assert_int_eq(product("9223372036854775808", "1"), INT64_MIN);
    ck_assert_int_eq(product("9223372036854775807.4", "1"), INT64_MAX);
    ck_assert_int_eq(product("99999999999999999999", "0.01"), INT64_C(1000000000000000000));
    ck_assert_int_eq(product("1e400", "1"), INT64_MIN);
    ck_assert_int_eq(product("1e-400", "1"), 0);
    ck_assert_int_eq(product("0e999999999", "1"), 0);
    ck_assert_int_eq(product("1e999999999", "1e-999999999"), 1);
    ck_assert_int_eq(product("0.0000000000000000000000012", "1e24"), 1);
    ck_assert_int_eq(product("12345678901234567890123", "1e-20"), 123);
}
END_TEST

START_TEST(test_no_numbers)
{
    static const char *const texts[] = {"",   "-",   "+1",  ".5",  "1.",  "1e",    "1e+", " 1",
                                        "1 ", "0x1", "1,5", "nan", "1-2", "1.2.3", "--1", "1e5x"};
    struct decimal d;

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        ck_assert_msg(!decimal_read(texts[i], strlen(texts[i]), &d), "'%s'", texts[i]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_exact, test_half_away_from_zero, test_limits,
                                  test_no_numbers};

    return folder_run("traffic/decimal", tests, G_N_ELEMENTS(tests));
}
