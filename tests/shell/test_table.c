/* What people see: tables, the progress line, diagnostics, spellings. */
#include "shell/folder.h"
#include "shell/progress.h"
#include "shell/spelling.h"
#include "shell/table.h"

#include <omosim/types.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

START_TEST(test_layout)
{
    g_autoptr(Table) table = table_new();
    g_autoptr(GString) text = g_string_new(NULL);

    table_column(table, "city", TABLE_LEFT);
    table_column(table, "orders", TABLE_RIGHT);
    table_column(table, "note", TABLE_LEFT);
    table_add(table, "太原市");
    table_add_format(table, "%d", 7);
    table_add(table, "a\nb");
    table_gap(table);
    table_add(table, "e\xcc\x81t\xc3\xa9");
    table_add(table, "12,345.50");
    table_add(table, NULL);
    table_add(table, "short");
    table_write(table, FALSE, text);
    ck_assert_str_eq(text->str, "city       orders  note\n"
                                "太原市          7  a b\n"
                                "\n"
                                "e\xcc\x81t\xc3\xa9     12,345.50\n"
                                "short\n");
    g_string_assign(text, "");
    table_write(table, TRUE, text);
    ck_assert(g_str_has_prefix(text->str, "\033[1mcity       orders  note\033[0m\n太原市"));
    ck_assert_uint_eq(table_text_width("太原市 ok"), 9);
}
END_TEST

START_TEST(test_spelling)
{
    static const char *const names[] = {"routing", "stocking", "promotion", "run", NULL};

    ck_assert_uint_eq(spelling_distance("ruoting", "routing"), 1);
    ck_assert_uint_eq(spelling_distance("", "abc"), 3);
    ck_assert_uint_eq(spelling_distance("太原市", "太原"), 1);
    ck_assert_str_eq(spelling_nearest("ruotin", names), "routing");
    ck_assert_str_eq(spelling_nearest("Routing", names), "routing");
    ck_assert_str_eq(spelling_nearest("stoking", names), "stocking");
    ck_assert_str_eq(spelling_nearest("rnu", names), "run");
    ck_assert_ptr_null(spelling_nearest("x", names));
    ck_assert_ptr_null(spelling_nearest("", names));
    ck_assert_ptr_null(spelling_nearest("warehouse", names));
    ck_assert_ptr_null(spelling_nearest("r\xff", names));
    ck_assert_ptr_null(spelling_nearest("run", NULL));
    g_autofree char *long_word = g_strnfill(100000, 'r');
    ck_assert_ptr_null(spelling_nearest(long_word, names));
    g_autofree char *hint = spelling_hint("rnu", names);
    ck_assert_str_eq(hint, ", did you mean 'run'? (one of routing, stocking, promotion, run)");
}
END_TEST

START_TEST(test_diagnostics)
{
    static const char *const names[] = {"north", "south", NULL};
    g_autoptr(GPtrArray) list = diagnostic_list_new();
    g_autoptr(GError) error = NULL;

    ck_assert(diagnostic_list_finish(list, &error));
    diagnostic_add(list, diagnostic_at("a.yaml", 3, 5), "expected %s", "x");
    diagnostic_add(list, diagnostic_at("a.yaml", 4, 0), "whole line");
    diagnostic_add_unknown(list, diagnostic_at(NULL, 0, 0), "place", "nroth", names);
    ck_assert(!diagnostic_list_finish(list, &error));
    folder_assert_error(error, "a.yaml:3:5: expected x\na.yaml:4: whole line\nunknown place "
                               "'nroth', did you mean 'north'? (one of north, south)");
    for (int i = 0; i < 100; i++)
        diagnostic_add(list, diagnostic_at("a.yaml", 9, 9), "again");
    ck_assert_uint_eq(list->len, 21);
    const struct diagnostic *last = g_ptr_array_index(list, 20);
    ck_assert_str_eq(last->text, "more errors follow; the first 20 are shown");

    diagnostic_set(&error, OMO_SHELL_ERROR_BAD_USAGE, diagnostic_at(NULL, 0, 0), "no command");
    ck_assert_int_eq(diagnostic_exit_status(error), 2);
    diagnostic_prefix(&error, diagnostic_at("x", 1, 2));
    ck_assert_str_eq(error->message, "x:1:2: no command");
    ck_assert_int_eq(diagnostic_exit_status(NULL), 0);

    FILE *stream = fopen("out.txt", "w");
    ck_assert(!diagnostic_use_colour(stream));
    diagnostic_print(stream, error);
    diagnostic_print(stream, NULL);
    fclose(stream);
    g_autofree char *text = NULL;
    ck_assert(g_file_get_contents("out.txt", &text, NULL, NULL));
    ck_assert_str_eq(text, "error: x:1:2: no command\n");
}
END_TEST

static int64_t now_us;

static int64_t test_clock(void) { return now_us; }

static char *drawn(gboolean terminal, int64_t first_day)
{
    FILE *stream = fopen("progress.txt", "w");
    now_us = 1000;
    Progress *progress = progress_new_full("run", first_day, stream, terminal, test_clock);
    char *text = NULL;

    now_us += OMO_US_PER_SECOND;
    progress_update(progress, 0.1, 0, 10);
    now_us += 3 * OMO_US_PER_SECOND;
    progress_update(progress, 0.25, 40 * OMO_US_PER_DAY, 8000000);
    progress_update(progress, 0.26, 40 * OMO_US_PER_DAY, 8000000);
    now_us += 50 * OMO_US_PER_MS;
    progress_update(progress, 0.27, 40 * OMO_US_PER_DAY, 8000000);
    now_us += 50 * OMO_US_PER_MS;
    progress_update(progress, 0.5, -1, 0);
    progress_free(progress);
    fclose(stream);
    ck_assert(g_file_get_contents("progress.txt", &text, NULL, NULL));
    return text;
}

START_TEST(test_progress)
{
    g_autofree char *silent = drawn(FALSE, PROGRESS_NO_DATE);
    g_autofree char *days = drawn(TRUE, PROGRESS_NO_DATE);
    g_autofree char *dates = drawn(TRUE, 0);

    ck_assert_str_eq(silent, "");
    ck_assert_str_eq(days, "\rrun   25%  12s left  day 40  2.0M events/s\033[K"
                           "\rrun   50%  4.1s left\033[K"
                           "\r\033[K");
    ck_assert_str_eq(dates, "\rrun   25%  12s left  1970-02-10  2.0M events/s\033[K"
                            "\rrun   50%  4.1s left\033[K"
                            "\r\033[K");
}
END_TEST

static gpointer update_often(gpointer data)
{
    for (int i = 0; i < 10000; i++)
        progress_update(data, 0.5, 0, (uint64_t)i);
    return NULL;
}

static int64_t ticking_clock(void)
{
    static _Atomic int64_t ticks;
    return atomic_fetch_add(&ticks, 20 * OMO_US_PER_MS);
}

START_TEST(test_progress_threads)
{
    FILE *stream = fopen("progress.txt", "w");
    GThread *threads[4];
    Progress *progress = progress_new_full("run", PROGRESS_NO_DATE, stream, TRUE, ticking_clock);

    for (int i = 0; i < 4; i++)
        threads[i] = g_thread_new("update", update_often, progress);
    progress_clear(progress);
    for (int i = 0; i < 4; i++)
        g_thread_join(threads[i]);
    progress_free(progress);
    progress_free(NULL);
    fclose(stream);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_layout, test_spelling, test_diagnostics, test_progress, test_progress_threads,
    };
    return folder_run("table", tests, G_N_ELEMENTS(tests));
}
