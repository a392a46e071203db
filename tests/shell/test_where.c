/* Row filters: precedence, comparison, and where errors point. */
#include "shell/folder.h"
#include "shell/where.h"

static const char *const table = "City,Area,Floor area,Kind\n"
                                 "太原市,120,5,store\n"
                                 "北京市,90.5,100,dark store\n"
                                 "上海市,unknown,7,it's\n"
                                 "New York,-3,-3,\n";

/* The rows that fit, as digits. */
static void assert_rows(const char *expression, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) rows = g_string_new(NULL);

    folder_write("t.csv", table);
    g_autoptr(Csv) csv = csv_open("t.csv", &error);
    g_autoptr(Where) where = where_parse(expression, diagnostic_at(NULL, 0, 0), &error);
    folder_assert_fine(error);
    ck_assert(where_bind(where, csv, &error));
    for (int i = 1; csv_next(csv, &error); i++)
        if (where_match(where, csv))
            g_string_append_printf(rows, "%d", i);
    folder_assert_fine(error);
    ck_assert_msg(g_str_equal(rows->str, expected), "%s gives %s and not %s", expression, rows->str,
                  expected);
}

static void assert_refused(const char *expression, const char *message)
{
    g_autoptr(GError) error = NULL;

    folder_write("t.csv", table);
    g_autoptr(Csv) csv = csv_open("t.csv", &error);
    g_autoptr(Where) where = where_parse(expression, diagnostic_at("s.yaml", 7, 10), &error);
    if (where != NULL)
        ck_assert(!where_bind(where, csv, &error));
    folder_assert_error(error, message);
}

START_TEST(test_match)
{
    assert_rows("City == 太原市", "1");
    assert_rows("City == 太原市 or City == 北京市", "12");
    assert_rows("City!=太原市", "234");
    assert_rows("Area >= 90.50", "12");
    assert_rows("Area < 100", "24");
    assert_rows("Area == 120.0", "1");
    assert_rows("Area != 120", "234");
    assert_rows("not Area >= 90.50", "34");
    assert_rows("`Floor area` > `Area`", "2");
    assert_rows("Kind == 'dark store'", "2");
    assert_rows("Kind == \"it's\" or Kind == ''", "34");
    assert_rows("Kind == 'it''s'", "3");
    assert_rows("City == 'New York' and Area == -3", "4");
    assert_rows("City == 太原市 or City == 北京市 and Area > 100", "1");
    assert_rows("(City == 太原市 or City == 北京市) and Area > 100", "1");
    assert_rows("(City == 太原市 or City == 北京市) and not (Area > 100)", "2");
    assert_rows("not not City == 太原市", "1");
    assert_rows("Kind > s", "1");
}
END_TEST

START_TEST(test_refused)
{
    assert_refused("", "s.yaml:7:10: expected a column, found the end");
    assert_refused("Citty == x", "s.yaml:7:10: no column 'Citty', did you mean 'City'? (one of "
                                 "City, Area, Floor area, Kind)");
    assert_refused("City == 太原市 or `Floor are` > 1",
                   "s.yaml:7:25: no column 'Floor are', did you mean 'Floor area'? (one of City, "
                   "Area, Floor area, Kind)");
    assert_refused("City = x", "s.yaml:7:15: unknown operator '=' (one of == != < <= > >=)");
    assert_refused("City x", "s.yaml:7:15: expected one of == != < <= > >=, found x");
    assert_refused("City ==", "s.yaml:7:17: expected a value, found the end");
    assert_refused("City == 'x", "s.yaml:7:18: quote without an end");
    assert_refused("City == New York", "s.yaml:7:22: expected and, or, or the end (texts with "
                                       "blanks need quotes), found York");
    assert_refused("(City == x", "s.yaml:7:20: expected and, or, or ')', found the end");
    assert_refused("City == x)", "s.yaml:7:19: expected and, or, or the end (texts with blanks "
                                 "need quotes), found )");
    assert_refused("'City' == x", "s.yaml:7:10: expected a column, found 'City'");
    assert_refused("City == x and and", "s.yaml:7:24: expected a column, found and");
    assert_refused("not", "s.yaml:7:13: expected a column, found the end");
    assert_refused("City == \xff", "s.yaml:7:10: the filter is not valid UTF-8");
}
END_TEST

START_TEST(test_limits)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    for (int i = 0; i < 10000; i++)
        g_string_append_c(text, '(');
    assert_refused(text->str, "s.yaml:7:75: nested deeper than 64");
    g_string_assign(text, "");
    for (int i = 0; i < 10000; i++)
        g_string_append(text, "not ");
    assert_refused(text->str, "s.yaml:7:270: nested deeper than 64");
    g_string_assign(text, "a == 1");
    for (int i = 0; i < 5000; i++)
        g_string_append(text, " or a == 1");
    ck_assert_ptr_null(where_parse(text->str, diagnostic_at(NULL, 0, 0), &error));
    folder_assert_error(error, "where:1:10008: more than 1000 conditions");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_match, test_refused, test_limits};
    return folder_run("where", tests, G_N_ELEMENTS(tests));
}
