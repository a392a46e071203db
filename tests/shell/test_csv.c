/* CSV: what is read, what is refused and where. */
#include "shell/csv.h"
#include "shell/folder.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static Csv *open_text(const char *text)
{
    g_autoptr(GError) error = NULL;
    folder_write("t.csv", text);
    Csv *csv = csv_open("t.csv", &error);
    folder_assert_fine(error);
    return csv;
}

static void next(Csv *csv)
{
    g_autoptr(GError) error = NULL;
    gboolean more = csv_next(csv, &error);
    folder_assert_fine(error);
    ck_assert(more);
}

/* Reads all of a text; the last row or the header is wrong. */
static void assert_refused(const char *text, const char *message)
{
    g_autoptr(GError) error = NULL;
    folder_write("t.csv", text);
    g_autoptr(Csv) csv = csv_open("t.csv", &error);
    while (csv != NULL && csv_next(csv, &error))
        ;
    folder_assert_error(error, message);
}

START_TEST(test_rows)
{
    g_autoptr(Csv) csv = open_text("\xef\xbb\xbfName,City ,n\r\n"
                                   "\"a, \"\"b\"\"\",\"two\nlines\",1\r\n"
                                   "\r\n"
                                   "太原市,,\"\"\n"
                                   "x,y,3");
    g_autoptr(GError) error = NULL;
    uint32_t city = 9;

    ck_assert_uint_eq(csv_column_count(csv), 3);
    ck_assert_str_eq(csv_column_names(csv)[0], "Name");
    ck_assert(csv_column(csv, "City", &city, &error));
    ck_assert_uint_eq(city, 1);
    ck_assert_int_eq(csv_column_find(csv, "none"), -1);
    next(csv);
    ck_assert_str_eq(csv_text(csv, 0), "a, \"b\"");
    ck_assert_str_eq(csv_text(csv, 1), "two\nlines");
    ck_assert_str_eq(csv_text(csv, 2), "1");
    ck_assert_uint_eq(csv_position(csv, 1).line, 2);
    ck_assert_uint_eq(csv_position(csv, 1).column, 12);
    ck_assert_uint_eq(csv_position(csv, 2).line, 3);
    ck_assert_uint_eq(csv_position(csv, 2).column, 8);
    next(csv);
    ck_assert_str_eq(csv_text(csv, 0), "太原市");
    ck_assert_str_eq(csv_text(csv, 1), "");
    ck_assert_str_eq(csv_text(csv, 2), "");
    ck_assert_uint_eq(csv_position(csv, 1).line, 5);
    ck_assert_uint_eq(csv_position(csv, 1).column, 5);
    next(csv);
    ck_assert_str_eq(csv_text(csv, 2), "3");
    ck_assert(!csv_next(csv, &error));
    folder_assert_fine(error);
    ck_assert_uint_eq(csv_row_count(csv), 3);
    ck_assert_double_eq(csv_share_done(csv), 1.0);
}
END_TEST

START_TEST(test_typed)
{
    g_autoptr(Csv) csv = open_text("n,w,m,s,d,l,b\n1.5,7,12.50,3%,2h,3km,yes\nx,x,x,x,x,x,x\n");
    g_autoptr(GError) error = NULL;
    double number, metres;
    int64_t whole, cents, ppm, us;
    gboolean truth;

    next(csv);
    ck_assert(csv_get_number(csv, 0, &number, &error) && number == 1.5);
    ck_assert(csv_get_whole(csv, 1, &whole, &error) && whole == 7);
    ck_assert(csv_get_money_cents(csv, 2, &cents, &error) && cents == 1250);
    ck_assert(csv_get_share_ppm(csv, 3, &ppm, &error) && ppm == 30000);
    ck_assert(csv_get_duration_us(csv, 4, 0, &us, &error) && us == INT64_C(7200000000));
    ck_assert(csv_get_distance_m(csv, 5, &metres, &error) && metres == 3000);
    ck_assert(csv_get_bool(csv, 6, &truth, &error) && truth);
    next(csv);
    ck_assert(!csv_get_number(csv, 0, &number, &error));
    folder_assert_error(error, "t.csv:3:1: bad number in column 'n': expected a number, found 'x'");
    ck_assert(!csv_get_whole(csv, 1, &whole, &error));
    folder_assert_error(error, "t.csv:3:3: bad whole number in column 'w': expected a whole "
                               "number, found 'x'");
    ck_assert(!csv_get_duration_us(csv, 4, 0, &us, &error));
    folder_assert_error(error, "t.csv:3:9: bad duration in column 'd': expected a duration such "
                               "as 15min, 2h or 3d, found 'x'");
    ck_assert(!csv_get_bool(csv, 6, &truth, NULL));
}
END_TEST

START_TEST(test_columns)
{
    g_autoptr(Csv) csv = open_text("Latitude,Longitude\n1,2\n");
    g_autoptr(GError) error = NULL;
    uint32_t column = 9;

    ck_assert(!csv_column(csv, "Latitud", &column, &error));
    ck_assert_uint_eq(column, 9);
    folder_assert_error(error, "t.csv:1: no column 'Latitud', did you mean 'Latitude'? (one of "
                               "Latitude, Longitude)");
    ck_assert(!csv_column(csv, "Population", &column, &error));
    folder_assert_error(error, "t.csv:1: no column 'Population' (one of Latitude, Longitude)");
}
END_TEST

START_TEST(test_refused)
{
    assert_refused("", "t.csv:1:1: the table is empty, expected a header");
    assert_refused("\n\n", "t.csv:1:1: the table is empty, expected a header");
    assert_refused("a,b\n1,2\n1,2,3\n", "t.csv:3: expected 2 fields as in the header, found 3");
    assert_refused("a,b\n1\n", "t.csv:2: expected 2 fields as in the header, found 1");
    assert_refused("a,b\n1,\"x\n\n", "t.csv:2:3: quote without an end");
    assert_refused("a,b\n1,\"x\"y\n", "t.csv:2:6: expected a comma after the closing quote");
    assert_refused("a,b\n1,x\"y\n",
                   "t.csv:2:4: a quote inside a field: quote the whole field and double it");
    assert_refused("a,b\n1,2\rx\n", "t.csv:2:4: a carriage return without a line feed");
    assert_refused("a,b\n1,太\xff\n",
                   "t.csv:2:4: not a text file: byte 0xff is not valid UTF-8 here");

    g_autoptr(GError) error = NULL;
    ck_assert(g_file_set_contents("t.csv", "a,b\n1,\0002\n", 9, NULL));
    g_autoptr(Csv) csv = csv_open("t.csv", &error);
    folder_assert_fine(error);
    ck_assert(!csv_next(csv, &error));
    folder_assert_error(error, "t.csv:2:3: not a text file: it has a NUL byte here");
}
END_TEST

START_TEST(test_limits)
{
    g_autoptr(GString) text = g_string_new("a\n");
    g_autoptr(GError) error = NULL;

    g_string_append_c(text, '"');
    for (int i = 0; i < 300000; i++)
        g_string_append(text, "abc\n");
    assert_refused(text->str, "t.csv:2:1: a row is longer than 1 MiB; is a quote missing?");
    g_string_assign(text, "");
    for (int i = 0; i < 5000; i++)
        g_string_append(text, "a,");
    assert_refused(text->str, "t.csv:1:8193: more than 4096 columns");

    folder_write("huge.csv", "a\n");
    ck_assert_int_eq(truncate("huge.csv", ((off_t)4 << 30) + 1), 0);
    ck_assert_ptr_null(csv_open("huge.csv", &error));
    folder_assert_error(error, "huge.csv: is larger than 4 GiB, too large for a table");
    ck_assert_ptr_null(csv_open("none.csv", &error));
    folder_assert_error(error, "none.csv: cannot be read: No such file or directory");
    ck_assert_ptr_null(csv_open(".", &error));
    folder_assert_error(error, ".: cannot be read: it is a directory");
}
END_TEST

START_TEST(test_blocks)
{
    g_autoptr(GString) text = g_string_new("n,text\n");
    for (int i = 0; i < 20000; i++)
        g_string_append_printf(text, "%d,\"太%d\"\"\"\r\n", i, i);
    g_autoptr(Csv) csv = open_text(text->str);
    for (int i = 0; i < 20000; i++) {
        g_autofree char *expected = g_strdup_printf("太%d\"", i);
        int64_t whole = -1;
        next(csv);
        ck_assert(csv_get_whole(csv, 0, &whole, NULL) && whole == i);
        ck_assert_str_eq(csv_text(csv, 1), expected);
        ck_assert_uint_eq(csv_position(csv, 1).line, (unsigned)i + 2);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_rows, test_typed, test_columns, test_refused, test_limits, test_blocks,
    };
    return folder_run("csv", tests, G_N_ELEMENTS(tests));
}
