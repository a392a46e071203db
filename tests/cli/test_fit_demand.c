/* From tables to demand: what a visit is, in which hour it falls, which columns are which. */
#include <check.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fit_demand.h"

static char *folder;

static void make_folder(void) { folder = g_dir_make_tmp("omosim-fit-XXXXXX", NULL); }

static void remove_folder(void)
{
    static const char *const names[] = {"t.csv", "a.csv", "p.csv", "q.csv"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
    g_free(folder);
}

/* Writes a file of the folder; returns its path. */
static char *put(const char *name, const char *text)
{
    char *path = g_build_filename(folder, name, NULL);

    ck_assert(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static FitDemand *fit_paths(char **paths, GError **ret_error)
{
    const struct fit_demand_options options = {.columns = NULL};

    return fit_demand_read(paths, &options, ret_error);
}

static FitDemand *fit_well(char **paths)
{
    g_autoptr(GError) error = NULL;
    FitDemand *fit = fit_paths(paths, &error);

    ck_assert_msg(fit != NULL, "%s", error != NULL ? error->message : "");
    return fit;
}

static void check_refused(const char *first, const char *second, const char *message)
{
    g_autofree char *a = put("a.csv", first);
    g_autofree char *p = second != NULL ? put("p.csv", second) : NULL;
    char *paths[] = {a, p, NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(FitDemand) fit = fit_paths(paths, &error);

    ck_assert_ptr_null(fit);
    ck_assert_int_eq(diagnostic_exit_status(error), 2);
    ck_assert_msg(strstr(error->message, message) != NULL, "'%s' lacks '%s'", error->message,
                  message);
}

static void check_figure(const FitDemand *fit, const char *name, double expected)
{
    double value;

    ck_assert_msg(fit_demand_figure(fit, name, &value), "%s", name);
    ck_assert_double_eq_tol(value, expected, 1e-9 * (1 + fabs(expected)));
}

/* 2020-01-06 is a Monday. Basket 1 on it at 9 (its lines stand apart, the first at 8:59), basket 2 on
 * the next Monday at 9, basket 3 on the first Tuesday at 0; 8 days, so two Mondays. */
static const char transactions[] =
    "household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,coupon_disc,"
    "transaction_timestamp\n"
    "7,1,1,milk,1,2.00,0.50,0,2020-01-06 09:10:00\n"
    "7,1,2,milk,2,4.00,1.00,0,2020-01-13 09:59:59\n"
    "8,2,3,bread,1,3.00,0,0.25,2020-01-07 00:00:00\n"
    "7,1,1,bread,3,9.00,0,0,2020-01-06 09:12:00\n"
    "7,1,1,petrol,3000,6.00,0,0,2020-01-06 08:59:00\n"
    "7,1,1,coupon,0,0,0,0,2020-01-06 09:12:00\n";

START_TEST(transactions_are_counted)
{
    g_autofree char *t = put("t.csv", transactions);
    char *paths[] = {t, NULL};
    g_autoptr(FitDemand) fit = fit_well(paths);
    const double *hour = fit->stream[0].hour;

    check_figure(fit, "lines", 6);
    check_figure(fit, "baskets", 3);
    check_figure(fit, "households", 2);
    check_figure(fit, "stores", 2);
    check_figure(fit, "products", 4);
    check_figure(fit, "sales", 24);
    check_figure(fit, "retail_disc", 1.5);
    check_figure(fit, "coupon_disc", 0.25);
    check_figure(fit, "coupon_lines", 1);
    check_figure(fit, "visits_per_week", 2);
    ck_assert(!fit_demand_figure(fit, "visit_per_week", &(double){0}));
    ck_assert_uint_eq(fit->odd_line_count, 2);
    ck_assert_uint_eq(fit->day->len, 8);
    ck_assert(fit->has_clock);
    ck_assert_double_eq(hour[8], 0.5); /* Monday, over two of them */
    ck_assert_double_eq(hour[9], 0.5);
    ck_assert_double_eq(hour[24], 1); /* Tuesday at midnight */
    ck_assert_uint_eq(fit->lines.counts->len, 4);
    ck_assert_uint_eq(g_array_index(fit->lines.counts, uint64_t, 0), 2);
    ck_assert_uint_eq(g_array_index(fit->lines.counts, uint64_t, 3), 1);
    ck_assert_uint_eq(g_array_index(fit->quantities.counts, uint64_t, 0), 2);
    ck_assert_uint_eq(g_array_index(fit->quantities.counts, uint64_t, 2), 1);
    /* List prices: milk (2.5 + 5) / 3, bread 12 / 4. */
    ck_assert_uint_eq(fit->price->len, 2);
    ck_assert_double_eq_tol(g_array_index(fit->price, double, 0), 2.5, 1e-12);
    ck_assert_double_eq_tol(g_array_index(fit->price, double, 1), 3, 1e-12);
    ck_assert_double_eq(g_array_index(fit->weight, double, 0), 2);
}
END_TEST

START_TEST(without_a_clock_a_day_is_spread)
{
    g_autofree char *t = put("t.csv", "order_id,date\n1,2020-01-06\n2,2020-01-06\n2,2020-01-06\n");
    char *paths[] = {t, NULL};
    g_autoptr(FitDemand) fit = fit_well(paths);

    ck_assert(!fit->has_clock);
    ck_assert_double_eq_tol(fit->stream[0].hour[0], 2.0 / 24, 1e-15);
    ck_assert_double_eq_tol(fit->stream[0].hour[23], 2.0 / 24, 1e-15);
    ck_assert_double_eq(fit->stream[0].hour[24], 0);
    ck_assert(!fit->has_price);
    ck_assert(!fit->has_rank);
}
END_TEST

/* 168 hours, 10 in store and 2 online in each; `skip` leaves one out. */
static char *arrivals(int skip)
{
    static const char *const days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
    g_autoptr(GString) text = g_string_new(
        "Day,From time,To time,Avg. in-store customer arrivals,Avg. online order arrivals\n");

    for (int h = 0; h < FIT_DEMAND_HOURS; h++)
        if (h != skip)
            g_string_append_printf(text, "%s,%d,%d,10,2\n", days[h / 24], h % 24, h % 24 + 1);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

START_TEST(tables_are_known_by_their_words)
{
    g_autofree char *text = arrivals(-1);
    g_autofree char *a = put("a.csv", text);
    g_autofree char *p = put("p.csv", "Aisle ID,Purchase percentage,Average daily demand (online) ,"
                                      "Average daily demand (in-store)\n"
                                      "1,5%,24,480\n2,1%,12,240\n3,2%,6,60\n");
    g_autofree char *q = put("q.csv", "Aisle ID,Avg price (USD),SD of price (USD)\n"
                                      "3,7.5,1\n1,2.5,1\n2,5,1\n");
    char *paths[] = {a, p, q, NULL};
    g_autoptr(FitDemand) fit = fit_well(paths);

    ck_assert(!fit->is_transactions);
    ck_assert_uint_eq(fit->stream_count, 2);
    ck_assert_str_eq(fit->stream[0].name, "in_store");
    ck_assert_str_eq(fit->stream[1].name, "online");
    check_figure(fit, "in_store_per_week", 1680);
    check_figure(fit, "online_per_week", 336);
    check_figure(fit, "in_store_units_per_day", 780);
    check_figure(fit, "online_units_per_day", 42);
    check_figure(fit, "online_basket", 42 * 7 / 336.0);
    ck_assert(!fit_demand_figure(fit, "lines", &(double){0}));
    ck_assert_uint_eq(fit->product_count, 3);
    ck_assert_double_eq(g_array_index(fit->weight, double, 0), 504);
    ck_assert_double_eq(g_array_index(fit->weight, double, 2), 66);
    ck_assert_double_eq(g_array_index(fit->price, double, 0), 2.5);
    ck_assert(fit->has_rank);
    ck_assert(fit->has_price);
}
END_TEST

START_TEST(bad_tables_are_refused)
{
    g_autofree char *short_week = arrivals(100);
    g_autofree char *week = arrivals(-1);

    check_refused("name,size\na,1\n", NULL,
                  "a.csv:1: the first table has neither a column of dates");
    check_refused(short_week, NULL, "167 of the 168 hours");
    check_refused("Day,Hour,Arrivals\nMonday,0,5\nMonday,0,5\n", NULL,
                  "a.csv:3:8: this hour stands");
    check_refused("Day,Hour,Arrivals\nMonda,0,5\n", NULL, "did you mean 'monday'?");
    check_refused("Day,Hour,Arrivals\nMonday,24,5\n", NULL,
                  "a.csv:2:8: expected a day from 0 to 6");
    check_refused("Day,Hour,Arrivals\nMonday,0,-5\n", NULL, "a.csv:2:10: expected arrivals");
    check_refused("Day,Hour\nMonday,0\n", NULL, "no column of arrivals");
    check_refused(week, "size,color\n1,2\n", "nor of products");
    check_refused(week, "id,color\n1,2\n", "without a price and without the daily demand");
    check_refused(week, "id,price\n1,cheap\n", "p.csv:2:3: bad number");
    check_refused(week, "id,price\n1,-1\n", "p.csv:2:3: expected a number from 0");
    check_refused(week, week, "a second table of arrivals");
    check_refused(transactions, week, "stands alone");
    check_refused("basket,product,day\n1,2,3\n", NULL, "no column for the date");
    check_refused("date,basket_id\n2020-01-01 25:00,1\n", NULL, "a.csv:2:1: expected a date");
    check_refused("date,basket_id\n", NULL, "there are no purchases");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fit_demand");
    TCase *tcase = tcase_create("fit_demand");
    SRunner *runner = srunner_create(suite);

    tcase_add_checked_fixture(tcase, make_folder, remove_folder);
    tcase_add_test(tcase, transactions_are_counted);
    tcase_add_test(tcase, without_a_clock_a_day_is_spread);
    tcase_add_test(tcase, tables_are_known_by_their_words);
    tcase_add_test(tcase, bad_tables_are_refused);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
