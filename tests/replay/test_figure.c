/* Figures as people read them: rounding before the choice of the unit, nothing that reads as all. */
#include "replay/figure.h"

#include <check.h>
#include <glib.h>
#include <math.h>

START_TEST(test_times)
{
    static const struct {
        double ns;
        const char *text;
    } cases[] = {
        {0, "0 ms"},         {1, "1 ns"},          {850, "850 ns"},      {999.4, "999 ns"},
        {999.6, "1 us"},     {1234, "1.23 us"},    {212e3, "212 us"},    {999499, "999 us"},
        {999500, "1 ms"},    {1.005e6, "1 ms"},    {12.35e6, "12.3 ms"}, {999.6e6, "1 s"},
        {95.14e9, "95.1 s"}, {119.99e9, "120 s"},  {120e9, "2 min"},     {7140e9, "119 min"},
        {7200e9, "2 h"},     {3600e12, "1,000 h"}, {-2.5e6, "-2.5 ms"},  {NAN, "-"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        ck_assert_str_eq(figure_time(cases[i].ns).text, cases[i].text);
}
END_TEST

START_TEST(test_shares)
{
    ck_assert_str_eq(figure_share(0).text, "0%");
    ck_assert_str_eq(figure_share(0.00211).text, "0.211%");
    ck_assert_str_eq(figure_share(1e-6).text, "0.0001%");
    ck_assert_str_eq(figure_share(0.5).text, "50%");
    ck_assert_str_eq(figure_share(0.9989).text, "99.9%");
    ck_assert_str_eq(figure_share(0.99999).text, "99.9990%");
    ck_assert_str_eq(figure_share(1 - 1e-12).text, "99.9999%"); /* not all */
    ck_assert_str_eq(figure_share(1).text, "100%");
    ck_assert_str_eq(figure_share(12.5).text, "1,250%");
    ck_assert_str_eq(figure_share(NAN).text, "-");
}
END_TEST

START_TEST(test_rates_counts_and_bytes)
{
    ck_assert_str_eq(figure_rate(0).text, "0/s");
    ck_assert_str_eq(figure_rate(99.84).text, "99.8/s");
    ck_assert_str_eq(figure_rate(999.6).text, "1,000/s");
    ck_assert_str_eq(figure_rate(10239.7).text, "10,240/s");
    ck_assert_str_eq(figure_rate(NAN).text, "-");
    ck_assert_str_eq(figure_count(0).text, "0");
    ck_assert_str_eq(figure_count(1204399).text, "1,204,399");
    ck_assert_str_eq(figure_count(UINT64_MAX).text, "9,223,372,036,854,775,807");
    ck_assert_str_eq(figure_bytes(0).text, "0 B");
    ck_assert_str_eq(figure_bytes(999).text, "999 B");
    ck_assert_str_eq(figure_bytes(1000).text, "1 kB");
    ck_assert_str_eq(figure_bytes(999600).text, "1 MB");
    ck_assert_str_eq(figure_bytes(12500000).text, "12.5 MB");
    ck_assert_str_eq(figure_bytes(UINT64_MAX).text, "18,446,744 TB");
    ck_assert_str_eq(figure_number(0.125).text, "0.125");
    ck_assert_str_eq(figure_number(1234.4).text, "1,234");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("figure");
    TCase *tests = tcase_create("figure");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tests, test_times);
    tcase_add_test(tests, test_shares);
    tcase_add_test(tests, test_rates_counts_and_bytes);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
