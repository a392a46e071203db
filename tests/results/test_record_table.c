/* Tables beside the requests of a record: what is written is read; all of it or nothing.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "results/database.h"
#include "results/history.h"
#include "results/record_table.h"
#include "results/scratch.h"
#include "shell/diagnostic.h"

static const struct record_column stock[] = {{"sku", true},
                                             {"order", true},
                                             {"units", false},
                                             {"_at_2", false}};
#define STOCK_COLUMNS G_N_ELEMENTS(stock)

static char *path;

static void make_record(void)
{
    const struct record_row row = {.number = 7};
    Recorder *recorder;
    uint64_t count;

    scratch_make();
    path = path_of("r.db");
    recorder = recorder_open(path, 1, NULL, NULL);
    ck_assert(recorder_add(recorder, 0, &row));
    ck_assert(recorder_close(recorder, &count, NULL));
}

static void remove_record(void)
{
    g_clear_pointer(&path, g_free);
    scratch_remove();
}

static void write_stock(uint32_t count)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RecordTable) table =
        record_table_write(path, "book_stock", stock, STOCK_COLUMNS, &error);

    ck_assert_msg(table != NULL, "%s", error != NULL ? error->message : "");
    for (uint32_t i = 0; i < count; i++) {
        g_autofree char *sku = g_strdup_printf("it's \"%u\"", i);
        const struct record_cell cells[] = {{.text = sku},
                                            {.text = i % 2 == 0 ? NULL : ""},
                                            {.number = i % 3 == 0 ? RECORD_NO_NUMBER : -5},
                                            {.number = INT64_MAX - i}};
        ck_assert(record_table_add(table, cells, &error));
    }
    ck_assert(record_table_commit(table, &error));
}

static uint32_t row_count;

static void check_row(void *user, const struct record_cell *cells)
{
    const uint32_t i = row_count++;
    g_autofree char *sku = g_strdup_printf("it's \"%u\"", i);

    ck_assert_str_eq((const char *)user, "user");
    ck_assert_str_eq(cells[0].text, sku);
    if (i % 2 == 0)
        ck_assert_ptr_null(cells[1].text);
    else
        ck_assert_str_eq(cells[1].text, "");
    ck_assert_int_eq(cells[2].number, i % 3 == 0 ? RECORD_NO_NUMBER : -5);
    ck_assert_int_eq(cells[3].number, INT64_MAX - i);
}

static void assert_stock(uint32_t count)
{
    g_autoptr(GError) error = NULL;
    bool found = false;
    char user[] = "user";

    row_count = 0;
    ck_assert(record_table_read(path, "book_stock", stock, STOCK_COLUMNS, check_row, user, &found,
                                &error));
    ck_assert(found);
    ck_assert_uint_eq(row_count, count);
}

START_TEST(test_round_trip)
{
    g_autoptr(History) history = NULL;
    uint64_t count;

    write_stock(1000);
    assert_stock(1000);
    write_stock(3); /* replaces */
    assert_stock(3);
    write_stock(0);
    assert_stock(0);
    history = history_open(path, NULL); /* the record is as it was */
    ck_assert_ptr_nonnull(history);
    ck_assert_uint_eq(history_rows(history, &count)[0].number, 7);
    ck_assert_uint_eq(count, 1);
}
END_TEST

/* Given up before the commit, or in its middle: the table before stays. */
START_TEST(test_not_committed)
{
    const struct record_cell cells[STOCK_COLUMNS] = {{.text = "a"}};

    write_stock(3);
    RecordTable *table = record_table_write(path, "book_stock", stock, STOCK_COLUMNS, NULL);
    ck_assert_ptr_nonnull(table);
    ck_assert(record_table_add(table, cells, NULL));
    record_table_free(table);
    assert_stock(3);
}
END_TEST

static void never(void *user, const struct record_cell *cells)
{
    (void)user;
    (void)cells;
    ck_abort_msg("there is no row");
}

static void take_last(void *user, const struct record_cell *cells)
{
    struct record_cell *last = user;

    last[0].number = cells[0].number;
    ck_assert_ptr_null(cells[1].text);
    ck_assert_int_eq(cells[2].number, RECORD_NO_NUMBER);
}

/* Columns come by their names, in any order; those that the table lacks are NULL. */
START_TEST(test_other_columns)
{
    static const struct record_column other[] = {{"_at_2", false},
                                                 {"colour", true},
                                                 {"weight", false}};
    struct record_cell last = {.number = 0};
    bool found = true;

    ck_assert(record_table_read(path, "book_points", other, 3, never, NULL, &found, NULL));
    ck_assert(!found);
    write_stock(2);
    ck_assert(record_table_read(path, "book_stock", other, 3, take_last, &last, &found, NULL));
    ck_assert(found);
    ck_assert_int_eq(last.number, INT64_MAX - 1);
}
END_TEST

static void ignore(void *user, const struct record_cell *cells)
{
    (void)user;
    (void)cells;
}

static void assert_unreadable(const char *file, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *expected = g_strdup_printf("%s: %s", file, text);
    bool found = true;

    ck_assert(
        !record_table_read(file, "book_stock", stock, STOCK_COLUMNS, ignore, NULL, &found, &error));
    ck_assert_str_eq(error->message, expected);
    ck_assert_int_eq(diagnostic_exit_status(error), 2);
    ck_assert(found);
}

START_TEST(test_wrong_files)
{
    static const struct record_column wrong[] = {{"sku", false}, {"order", false}};
    g_autofree char *absent = path_of("absent.db"), *letter = path_of("letter.txt"), *bytes = NULL;
    g_autoptr(GError) error = NULL;
    const char *const pairs[] = {"a", "b", NULL};
    bool found;
    gsize size;

    assert_unreadable(absent, "no such file");
    ck_assert(g_file_set_contents(letter, "a letter", -1, NULL));
    assert_unreadable(letter, "not the record of a load run's requests, or one of another version");
    ck_assert_ptr_null(record_table_write(letter, "book_stock", stock, STOCK_COLUMNS, NULL));
    ck_assert(!record_note_later(letter, pairs, NULL));
    write_stock(2000);
    ck_assert(!record_table_read(path, "book_stock", wrong, 2, ignore, NULL, &found, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "r.db: book_stock: row 1: sku is not a number"));
    ck_assert(g_file_get_contents(path, &bytes, &size, NULL));
    ck_assert(g_file_set_contents(path, bytes, (gssize)size - 4096, NULL));
    assert_unreadable(path, "book_stock: not a result file, or a damaged one");
}
END_TEST

START_TEST(test_notes)
{
    const char *const pairs[] = {"api", "a.yaml", "audited", "it's", "api", "b.yaml", NULL};
    g_autoptr(History) history = NULL;

    ck_assert(record_note_later(path, pairs, NULL));
    history = history_open(path, NULL);
    ck_assert_str_eq(history_note(history, "api"), "b.yaml");
    ck_assert_str_eq(history_note(history, "audited"), "it's");
    ck_assert(history_complete(history));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("record_table");
    TCase *tests = tcase_create("record_table");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, make_record, remove_record);
    tcase_add_test(tests, test_round_trip);
    tcase_add_test(tests, test_not_committed);
    tcase_add_test(tests, test_other_columns);
    tcase_add_test(tests, test_wrong_files);
    tcase_add_test(tests, test_notes);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
