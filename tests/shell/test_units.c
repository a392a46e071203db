/* Values with units: what is read, exactly; what is refused, with which words; what is written. */
#include "shell/folder.h"
#include "shell/units.h"

#include <math.h>
#include <omosim/types.h>

typedef gboolean parse_whole(const char *text, int64_t *ret_value, GError **ret_error);
typedef gboolean parse_double(const char *text, double *ret_value, GError **ret_error);

static gboolean parse_duration(const char *text, int64_t *ret_value, GError **ret_error)
{
    return units_parse_duration_us(text, 0, ret_value, ret_error);
}

static gboolean parse_hours(const char *text, int64_t *ret_value, GError **ret_error)
{
    return units_parse_duration_us(text, OMO_US_PER_HOUR, ret_value, ret_error);
}

static gboolean parse_rate(const char *text, double *ret_value, GError **ret_error)
{
    return units_parse_rate(text, 0, OMO_US_PER_HOUR, ret_value, ret_error);
}

static gboolean parse_rate_per_hour(const char *text, double *ret_value, GError **ret_error)
{
    return units_parse_rate(text, OMO_US_PER_HOUR, OMO_US_PER_DAY, ret_value, ret_error);
}

static void assert_whole(parse_whole *parse, const char *text, int64_t expected)
{
    g_autoptr(GError) error = NULL;
    int64_t value = -77;
    parse(text, &value, &error);
    folder_assert_fine(error);
    ck_assert_int_eq(value, expected);
}

static void assert_whole_refused(parse_whole *parse, const char *text, const char *message)
{
    g_autoptr(GError) error = NULL;
    int64_t value = -77;
    ck_assert(!parse(text, &value, &error));
    ck_assert_int_eq(value, -77);
    folder_assert_error(error, message);
}

static void assert_double(parse_double *parse, const char *text, double expected)
{
    g_autoptr(GError) error = NULL;
    double value = -77;
    parse(text, &value, &error);
    folder_assert_fine(error);
    ck_assert_double_eq(value, expected);
}

static void assert_double_refused(parse_double *parse, const char *text, const char *message)
{
    g_autoptr(GError) error = NULL;
    double value = -77;
    ck_assert(!parse(text, &value, &error));
    ck_assert_double_eq(value, -77);
    folder_assert_error(error, message);
}

START_TEST(test_duration)
{
    assert_whole(parse_duration, "500ms", 500000);
    assert_whole(parse_duration, "15min", 15 * OMO_US_PER_MINUTE);
    assert_whole(parse_duration, " 2.5 h ", 150 * OMO_US_PER_MINUTE);
    assert_whole(parse_duration, "3d", 3 * OMO_US_PER_DAY);
    assert_whole(parse_duration, "2w", 14 * OMO_US_PER_DAY);
    assert_whole(parse_duration, "1d 12h30min", 36 * OMO_US_PER_HOUR + 30 * OMO_US_PER_MINUTE);
    assert_whole(parse_duration, "0", 0);
    assert_whole(parse_duration, "0.1us", 0);
    assert_whole(parse_duration, "0.5us", 1);
    assert_whole(parse_duration, "1e-3s", 1000);
    assert_whole(parse_duration, "0.333333333333333333333333333s", 333333);
    assert_whole(parse_hours, "4", 4 * OMO_US_PER_HOUR);
    assert_whole(parse_hours, "0.5", OMO_US_PER_HOUR / 2);
    assert_whole(parse_hours, "4d", 4 * OMO_US_PER_DAY);

    assert_whole_refused(parse_duration, "15kg",
                         "expected a duration such as 15min, 2h or 3d, found '15kg'");
    assert_whole_refused(parse_duration, "15",
                         "expected a duration such as 15min, 2h or 3d, found '15' without a unit");
    assert_whole_refused(parse_duration, "15m",
                         "expected a duration such as 15min, 2h or 3d, found '15m' (minutes are "
                         "min)");
    assert_whole_refused(parse_duration, "-1h",
                         "expected a duration such as 15min, 2h or 3d, found '-1h'");
    assert_whole_refused(parse_duration, "30min1h",
                         "expected a duration such as 15min, 2h or 3d, found '30min1h'");
    assert_whole_refused(parse_duration, "",
                         "expected a duration such as 15min, 2h or 3d, found nothing");
    assert_whole_refused(parse_duration, "nan",
                         "expected a duration such as 15min, 2h or 3d, found 'nan'");
    assert_whole_refused(parse_duration, "99999999999d",
                         "expected a duration such as 15min, 2h or 3d, found '99999999999d', which "
                         "is too large");
    assert_whole_refused(parse_duration, "106751991d106751991h",
                         "expected a duration such as 15min, 2h or 3d, found "
                         "'106751991d106751991h', which is too large");
    assert_whole_refused(parse_hours, "1e300",
                         "expected a duration such as 15min, 2h or 3d, found '1e300', which is too "
                         "large");
}
END_TEST

START_TEST(test_money)
{
    assert_whole(units_parse_money_cents, "12.50", 1250);
    assert_whole(units_parse_money_cents, "12.35", 1235);
    assert_whole(units_parse_money_cents, "-3", -300);
    assert_whole(units_parse_money_cents, "-0.05", -5);
    assert_whole(units_parse_money_cents, "1.500", 150);
    assert_whole(units_parse_money_cents, "92233720368547758.07", INT64_MAX);
    assert_whole_refused(units_parse_money_cents, "92233720368547758.08",
                         "expected an amount of money such as 12.50, found "
                         "'92233720368547758.08', which is too large");
    assert_whole_refused(units_parse_money_cents, "0.125",
                         "expected an amount of money such as 12.50 with at most two decimals, "
                         "found '0.125'");
    assert_whole_refused(units_parse_money_cents, "12 yuan",
                         "expected an amount of money such as 12.50, found '12 yuan'");
    assert_whole_refused(units_parse_money_cents, "0x10",
                         "expected an amount of money such as 12.50, found '0x10'");
    assert_whole_refused(units_parse_money_cents, "1,200",
                         "expected an amount of money such as 12.50, found '1,200'");
    assert_whole(units_parse_money_rounded_cents, "12.50", 1250);
    assert_whole(units_parse_money_rounded_cents, "9.307921347999999", 931);
    assert_whole(units_parse_money_rounded_cents, "0.125", 13);
    assert_whole(units_parse_money_rounded_cents, "-0.125", -13);
    assert_whole_refused(units_parse_money_rounded_cents, "12 yuan",
                         "expected an amount of money such as 12.50, found '12 yuan'");
}
END_TEST

START_TEST(test_share)
{
    assert_whole(units_parse_share_ppm, "0.12", 120000);
    assert_whole(units_parse_share_ppm, "12%", 120000);
    assert_whole(units_parse_share_ppm, "0.25 %", 2500);
    assert_whole(units_parse_share_ppm, "1", 1000000);
    assert_whole(units_parse_share_ppm, "0.3333333333", 333333);
    assert_whole(units_parse_share_ppm, "-0.0000005", -1);
    assert_whole_refused(units_parse_share_ppm, "12 percent",
                         "expected a share such as 0.12 or 12%, found '12 percent'");
    assert_whole_refused(units_parse_share_ppm, "inf",
                         "expected a share such as 0.12 or 12%, found 'inf'");
}
END_TEST

START_TEST(test_numbers)
{
    assert_whole(units_parse_whole, "-42", -42);
    assert_whole(units_parse_whole, "1e6", 1000000);
    assert_whole(units_parse_whole, "9223372036854775807", INT64_MAX);
    assert_whole_refused(units_parse_whole, "9223372036854775808",
                         "expected a whole number, found '9223372036854775808', which is too "
                         "large");
    assert_whole_refused(units_parse_whole, "1.5", "expected a whole number, found '1.5'");
    assert_double(units_parse_number, "0.1", 0.1);
    assert_double(units_parse_number, ".5e1", 5);
    assert_double(units_parse_number, "-17.25", -17.25);
    assert_double_refused(units_parse_number, "nan", "expected a number, found 'nan'");
    assert_double_refused(units_parse_number, "1e999",
                          "expected a number, found '1e999', which is too large");
    assert_double_refused(units_parse_number, "0x1p3", "expected a number, found '0x1p3'");
    assert_double_refused(units_parse_number,
                          "a text that is longer than anybody would like to read",
                          "expected a number, found 'a text that is longer than anybody would...'");

    gboolean truth = FALSE;
    ck_assert(units_parse_bool("Yes", &truth, NULL) && truth);
    ck_assert(units_parse_bool("off", &truth, NULL) && !truth);
    g_autoptr(GError) error = NULL;
    ck_assert(!units_parse_bool("maybe", &truth, &error));
    folder_assert_error(error, "expected true or false, found 'maybe'");
}
END_TEST

START_TEST(test_space)
{
    assert_double(units_parse_distance_m, "2.5km", 2500);
    assert_double(units_parse_distance_m, "0.3 km", 300);
    assert_double(units_parse_distance_m, "300m", 300);
    assert_double(units_parse_distance_m, "0", 0);
    assert_double_refused(units_parse_distance_m, "3",
                          "expected a distance such as 2.5km or 300m, found '3' without a unit");
    assert_double_refused(units_parse_distance_m, "3h",
                          "expected a distance such as 2.5km or 300m, found '3h'");
    assert_double(units_parse_speed_m_per_s, "18km/h", 5);
    assert_double(units_parse_speed_m_per_s, "1.5 m/s", 1.5);
    assert_double_refused(units_parse_speed_m_per_s, "18km",
                          "expected a speed such as 18km/h or 1.4m/s, found '18km'");
    assert_double_refused(units_parse_speed_m_per_s, "18",
                          "expected a speed such as 18km/h or 1.4m/s, found '18' without a unit");
}
END_TEST

START_TEST(test_rate)
{
    assert_double(parse_rate, "48/d", 2);
    assert_double(parse_rate, "3 /15min", 12);
    assert_double(parse_rate, "0", 0);
    assert_double(parse_rate_per_hour, "2", 48);
    assert_double_refused(parse_rate, "48",
                          "expected a rate such as 350/d or 20/h, found '48' without a unit");
    assert_double_refused(parse_rate, "48/0s",
                          "expected a rate such as 350/d or 20/h, found "
                          "'48/0s'");
    assert_double_refused(parse_rate, "48/kg",
                          "expected a rate such as 350/d or 20/h, found "
                          "'48/kg'");
    assert_double_refused(parse_rate, "-1/d",
                          "expected a rate such as 350/d or 20/h, found "
                          "'-1/d'");
}
END_TEST

START_TEST(test_time_of_day)
{
    assert_whole(units_parse_time_of_day_us, "06:30", 390 * OMO_US_PER_MINUTE);
    assert_whole(units_parse_time_of_day_us, "6:30", 390 * OMO_US_PER_MINUTE);
    assert_whole(units_parse_time_of_day_us, "23:59:30.5",
                 OMO_US_PER_DAY - 30 * OMO_US_PER_SECOND + OMO_US_PER_SECOND / 2);
    assert_whole(units_parse_time_of_day_us, "24:00", OMO_US_PER_DAY);
    static const char *const wrong[] = {"24:01",  "6:60",   "6:5",    "630",   "06:30:60",
                                        "006:30", "06:30:", "06:30x", "-1:00", ":30"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *message =
            g_strdup_printf("expected a time of day such as 06:30, found '%s'", wrong[i]);
        assert_whole_refused(units_parse_time_of_day_us, wrong[i], message);
    }
}
END_TEST

static void assert_takes(char *text, const char *expected)
{
    ck_assert_str_eq(text, expected);
    g_free(text);
}

START_TEST(test_format)
{
    assert_takes(units_format_duration(0), "0s");
    assert_takes(units_format_duration(36 * OMO_US_PER_HOUR), "1d12h");
    assert_takes(units_format_duration(90500 * OMO_US_PER_MS + 7), "1min30s500ms7us");
    assert_takes(units_format_duration_short(150 * OMO_US_PER_MINUTE), "2.5h");
    assert_takes(units_format_duration_short(450 * OMO_US_PER_MS), "450ms");
    assert_takes(units_format_duration_short(365 * OMO_US_PER_DAY), "365d");
    assert_takes(units_format_duration_short(100 * OMO_US_PER_SECOND), "1.67min");
    assert_takes(units_format_money(123456789), "1,234,567.89");
    assert_takes(units_format_money(-5), "-0.05");
    assert_takes(units_format_money(99900), "999.00");
    assert_takes(units_format_money(INT64_MIN), "-92,233,720,368,547,758.08");
    assert_takes(units_format_share(120000), "12%");
    assert_takes(units_format_share(2500), "0.25%");
    assert_takes(units_format_count(-1234567), "-1,234,567");
    assert_takes(units_format_count(12), "12");
    assert_takes(units_format_time_of_day(390 * OMO_US_PER_MINUTE), "06:30");
    assert_takes(units_format_time_of_day(390 * OMO_US_PER_MINUTE + 1500000), "06:30:01.5");
}
END_TEST

START_TEST(test_round_trip)
{
    uint64_t x = 88172645463325252;
    for (int i = 0; i < 20000; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        int64_t us = (int64_t)(x >> (1 + i % 60));
        g_autofree char *text = units_format_duration(us);
        int64_t back = -1;
        ck_assert(units_parse_duration_us(text, 0, &back, NULL));
        ck_assert_int_eq(back, us);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_duration, test_money,       test_share,  test_numbers,    test_space,
        test_rate,     test_time_of_day, test_format, test_round_trip,
    };
    return folder_run("units", tests, G_N_ELEMENTS(tests));
}
