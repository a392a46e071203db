/* Records read back: every field and every order as it was written; records that are cut, damaged,
 * foreign or not complete.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <omosim/plan.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "results/database.h"
#include "results/history.h"
#include "results/scratch.h"
#include "shell/diagnostic.h"

#define WORKERS 3

static struct record_row row_of(uint64_t number)
{
    return (struct record_row){.number = number,
                               .journey = number / 7,
                               .member = UINT64_MAX - number,
                               .order = number * 5,
                               .amount = -(int64_t)number,
                               .intended_us = (int64_t)number * 10,
                               .sent_us = number % 5 == 0 ? -1 : (int64_t)number * 10 + 1,
                               .done_us = number % 6 == 0 ? -1 : (int64_t)number * 10 + 300,
                               .sku = number % 3 == 0 ? (uint32_t)number : OMO_PLAN_NONE,
                               .place = number % 7 == 0 ? OMO_PLAN_NONE : 1,
                               .request = 2,
                               .quantity = 65535,
                               .coupon = number % 2 == 0 ? 1 : OMO_PLAN_NO_COUPON,
                               .status = 503,
                               .step = 3,
                               .outcome = 6,
                               .tries = 15,
                               .resent = 3,
                               .pass = 4000000000u};
}

static struct record_telling text_of(uint64_t number, uint8_t what, const char *text)
{
    struct record_telling telling = {.number = number,
                                     .what = what,
                                     .text_size = (uint8_t)strlen(text)};

    memcpy(telling.text, text, strlen(text));
    return telling;
}

static void add(Recorder *recorder, uint64_t number)
{
    const uint32_t worker = (uint32_t)(number % WORKERS);
    const struct record_row row = row_of(number);
    g_autofree char *key = g_strdup_printf("%" PRIu64 "-order", number);
    const struct record_telling telling = text_of(number, 0, key);
    const struct record_telling price = {.number = number,
                                         .what = 3,
                                         .value = -(int64_t)number * 99};

    ck_assert(recorder_tell(recorder, worker, &telling));
    ck_assert(recorder_add(recorder, worker, &row));
    ck_assert(recorder_tell(recorder, worker, &price));
}

/* A record of `count` requests, told backwards, by three workers. */
static void make(const char *path, uint64_t count)
{
    static const char *const requests[] = {"log_in", "cart", "pay", NULL};
    static const char *const places[] = {"store_0000", "store_0001", "", NULL};
    static const char *const skus[] = {"sku_0", NULL}, *const coupons[] = {"ten", "free", NULL};
    static const char *const steps[] = {"log_in", "browse", "search", "scan", NULL};
    static const char *const tellings[] = {"key", "order", "available", "price", NULL};
    static const char *const outcomes[] = {"ok", "refused", NULL};
    g_autoptr(GError) error = NULL;
    Recorder *recorder = recorder_open(path, WORKERS, requests, &error);
    uint64_t saved;

    ck_assert_msg(recorder != NULL, "%s", error != NULL ? error->message : "");
    ck_assert(recorder_name(recorder, "step", steps, NULL));
    ck_assert(recorder_name(recorder, "outcome", outcomes, NULL));
    ck_assert(recorder_name(recorder, "telling", tellings, NULL));
    ck_assert(recorder_name(recorder, "place", places, NULL));
    ck_assert(recorder_name(recorder, "sku", skus, NULL));
    ck_assert(recorder_name(recorder, "coupon", coupons, NULL));
    for (uint64_t i = count; i > 0; i--)
        add(recorder, i - 1);
    recorder_note(recorder, "target", "http://127.0.0.1:1");
    recorder_hook(recorder, 30000000, "kill", "SIGKILL to 42");
    recorder_hook(recorder, 31000000, "start", "it's \"back\"");
    ck_assert(recorder_close(recorder, &saved, &error));
    ck_assert_uint_eq(saved, count);
}

static History *open_or_fail(const char *path)
{
    g_autoptr(GError) error = NULL;
    History *history = history_open(path, &error);

    ck_assert_msg(history != NULL, "%s", error != NULL ? error->message : "");
    return history;
}

/* It can't be opened: bad input, with exactly this text behind the file's name. */
static void assert_refused(const char *path, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *expected = g_strdup_printf("%s: %s", path, text);

    ck_assert_ptr_null(history_open(path, &error));
    ck_assert_ptr_nonnull(error);
    ck_assert_str_eq(error->message, expected);
    ck_assert_int_eq(diagnostic_exit_status(error), 2);
}

static void run_sql(const char *path, const char *sql)
{
    struct database database = {.sqlite = NULL};
    g_autoptr(GError) error = NULL;

    ck_assert(database_open(&database, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &error));
    ck_assert_msg(database_run(&database, sql, &error), "%s", error != NULL ? error->message : "");
    database_close(&database);
}

/* Without the syncs of g_file_set_contents(). */
static void write_bytes(const char *path, const char *bytes, gsize size)
{
    FILE *stream = g_fopen(path, "wb");

    ck_assert_ptr_nonnull(stream);
    ck_assert_uint_eq(fwrite(bytes, 1, size, stream), size);
    ck_assert_int_eq(fclose(stream), 0);
}

/* ---- what was written is read ---------------------------------------------------------------- */

static void assert_row(const struct record_row *row, uint64_t number)
{
    const struct record_row want = row_of(number);

    ck_assert_uint_eq(row->number, want.number);
    ck_assert_uint_eq(row->journey, want.journey);
    ck_assert_uint_eq(row->member, want.member);
    ck_assert_uint_eq(row->order, want.order);
    ck_assert_int_eq(row->amount, want.amount);
    ck_assert_int_eq(row->intended_us, want.intended_us);
    ck_assert_int_eq(row->sent_us, want.sent_us);
    ck_assert_int_eq(row->done_us, want.done_us);
    ck_assert_uint_eq(row->sku, want.sku);
    ck_assert_uint_eq(row->place, want.place);
    ck_assert_uint_eq(row->request, want.request);
    ck_assert_uint_eq(row->quantity, want.quantity);
    ck_assert_uint_eq(row->coupon, want.coupon);
    ck_assert_uint_eq(row->status, want.status);
    ck_assert_uint_eq(row->step, want.step);
    ck_assert_uint_eq(row->outcome, want.outcome);
    ck_assert_uint_eq(row->tries, want.tries);
    ck_assert_uint_eq(row->resent, want.resent);
    ck_assert_uint_eq(row->pass, want.pass);
}

/* 70,000 numbers: more than one digit of the sort. */
START_TEST(test_round_trip)
{
    const uint64_t count = 70000;
    g_autofree char *path = path_of("r.db");
    uint64_t row_count, telling_count;

    make(path, count);
    g_autoptr(History) history = open_or_fail(path);
    const struct record_row *rows = history_rows(history, &row_count);
    const struct history_telling *tellings = history_tellings(history, &telling_count);
    ck_assert(history_complete(history));
    ck_assert_uint_eq(row_count, count);
    ck_assert_uint_eq(telling_count, 2 * count);
    for (uint64_t i = 0; i < count; i += i < 100 ? 1 : 89)
        assert_row(&rows[i], i);
    for (uint64_t i = 0; i < count; i++) {
        const struct history_telling *key = &tellings[2 * i], *price = key + 1;
        char want[40];
        snprintf(want, sizeof want, "%" PRIu64 "-order", i);
        if (rows[i].number != i || key->number != i || price->number != i || key->what != 0 ||
            price->what != 3 || price->value != -(int64_t)i * 99 || price->text != 0 ||
            strcmp(intern_text(history_texts(history), key->text), want) != 0)
            ck_abort_msg("request %" PRIu64, i);
    }
}
END_TEST

START_TEST(test_names_and_notes)
{
    g_autofree char *path = path_of("r.db");
    uint32_t hook_count;

    make(path, 10);
    g_autoptr(History) history = open_or_fail(path);
    Intern *texts = history_texts(history);
    const struct history_hook *hooks = history_hooks(history, &hook_count);
    ck_assert_uint_eq(hook_count, 2);
    ck_assert_int_eq(hooks[0].at_us, 30000000);
    ck_assert_str_eq(hooks[0].what, "kill");
    ck_assert_str_eq(hooks[1].detail, "it's \"back\"");
    ck_assert_str_eq(history_note(history, "target"), "http://127.0.0.1:1");
    ck_assert_str_eq(history_note(history, "tellings"), "20");
    ck_assert_ptr_null(history_note(history, "weather"));
    ck_assert_str_eq(intern_text(texts, history_place(history, 1)), "store_0001");
    ck_assert_str_eq(intern_text(texts, history_place(history, 2)), "2"); /* it has no name */
    ck_assert_str_eq(intern_text(texts, history_place(history, 3)), "3");
    ck_assert_uint_eq(history_place(history, OMO_PLAN_NONE), INTERN_NONE);
    ck_assert_str_eq(intern_text(texts, history_sku(history, 0)), "sku_0");
    ck_assert_str_eq(intern_text(texts, history_sku(history, 4000000000u)), "4000000000");
    ck_assert_uint_eq(history_sku(history, OMO_PLAN_NONE), INTERN_NONE);
    ck_assert_str_eq(intern_text(texts, history_coupon(history, 1)), "free");
    ck_assert_uint_eq(history_coupon(history, OMO_PLAN_NO_COUPON), INTERN_NONE);
    ck_assert_str_eq(history_request_name(history, 2), "pay");
    ck_assert_ptr_null(history_request_name(history, 3));
    ck_assert_str_eq(history_outcome_name(history, 1), "refused");
    ck_assert_str_eq(history_telling_name(history, 3), "price");
    ck_assert_ptr_null(history_telling_name(history, 4));
}
END_TEST

START_TEST(test_empty_record)
{
    g_autofree char *path = path_of("r.db");
    uint64_t count;

    make(path, 0);
    g_autoptr(History) history = open_or_fail(path);
    ck_assert(history_complete(history));
    history_rows(history, &count);
    ck_assert_uint_eq(count, 0);
    history_tellings(history, &count);
    ck_assert_uint_eq(count, 0);
}
END_TEST

/* Numbers above INT64_MAX, which the file has as negative ones, come last. */
START_TEST(test_large_numbers)
{
    static const uint64_t numbers[] = {UINT64_MAX, 5, (uint64_t)INT64_MAX + 1, 0};
    static const uint64_t sorted[] = {0, 5, (uint64_t)INT64_MAX + 1, UINT64_MAX};
    g_autofree char *path = path_of("r.db");
    Recorder *recorder = recorder_open(path, 1, NULL, NULL);
    uint64_t count;

    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const struct record_row row = {.number = numbers[i]};
        const struct record_telling telling = {.number = numbers[i], .value = (int64_t)i};
        ck_assert(recorder_add(recorder, 0, &row));
        ck_assert(recorder_tell(recorder, 0, &telling));
    }
    ck_assert(recorder_close(recorder, &count, NULL));
    g_autoptr(History) history = open_or_fail(path);
    for (size_t i = 0; i < G_N_ELEMENTS(sorted); i++) {
        ck_assert_uint_eq(history_rows(history, &count)[i].number, sorted[i]);
        ck_assert_uint_eq(history_tellings(history, &count)[i].number, sorted[i]);
    }
}
END_TEST

/* ---- what is no record, or not a whole one --------------------------------------------------- */

START_TEST(test_foreign)
{
    g_autofree char *path = path_of("r.db"), *letter = path_of("letter.txt");
    g_autofree char *other = path_of("other.db"), *absent = path_of("absent.db");

    assert_refused(absent, "no such file");
    ck_assert(g_file_set_contents(letter, "a letter", -1, NULL));
    assert_refused(letter, "not the record of a load run's requests");
    ck_assert(g_file_set_contents(letter, "", 0, NULL));
    assert_refused(letter, "not the record of a load run's requests");
    run_sql(other, "CREATE TABLE request (number INTEGER)");
    assert_refused(other, "not the record of a load run's requests");
    assert_refused(directory, "not the record of a load run's requests");
    make(path, 3);
    run_sql(path, "PRAGMA user_version = 101");
    assert_refused(path, "an omosim result, not the record of a load run's requests");
    run_sql(path, "PRAGMA user_version = 102");
    assert_refused(path, "a record of format 102, this version reads format 103");
}
END_TEST

START_TEST(test_wrong_tables)
{
    static const struct {
        const char *sql, *text;
    } cases[] = {
        {"DROP TABLE request", "request: no such table: request"},
        {"DROP TABLE telling", "telling: no such table: telling"},
        {"DROP TABLE hook", "hook: no such table: hook"},
        {"DROP TABLE place_name", "place_name: no such table: place_name"},
        {"DROP TABLE record_run", "record_run: no such table: record_run"},
        {"ALTER TABLE request DROP COLUMN resent", "request: no such column: resent"},
        {"UPDATE request SET outcome = 300 WHERE number = 2",
         "request: row 3: outcome is 300, not within 0 to 255"},
        {"UPDATE request SET sent_us = -7 WHERE number = 1",
         "request: row 2: sent_us is -7, not within 0 to 9223372036854775807"},
        {"UPDATE request SET member = 'Ann' WHERE number = 9",
         "request: row 10: member is not a number"},
        {"UPDATE telling SET value = NULL WHERE text IS NULL AND number = 9",
         "telling: row 2: value is not a number"},
        {"UPDATE telling SET text = x'00ff' WHERE number = 9 AND value IS NULL",
         "telling: row 1: text is not a text"},
        {"UPDATE sku_name SET number = 7", "sku_name: number 7 where 0 should be"},
        {"UPDATE hook SET detail = 3.5 WHERE what = 'start'", NULL},
        {"DELETE FROM request WHERE number = 4", "request: 10 rows were recorded and 9 are there"},
        {"DELETE FROM telling WHERE number = 4", "telling: 20 rows were recorded and 18 are there"},
        {"DELETE FROM record_run WHERE key = 'requests'",
         "request: an unknown number of rows were recorded and 10 are there"},
    };
    g_autofree char *path = path_of("r.db");

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        make(path, 10);
        run_sql(path, cases[i].sql);
        if (cases[i].text != NULL)
            assert_refused(path, cases[i].text);
        else
            history_free(open_or_fail(path)); /* SQLite makes a text of it */
    }
}
END_TEST

/* Cut anywhere, it is refused by name, and never takes the program along. */
START_TEST(test_cut)
{
    g_autofree char *path = path_of("r.db"), *cut = path_of("cut.db"), *bytes = NULL;
    gsize size;

    make(path, 200);
    ck_assert(g_file_get_contents(path, &bytes, &size, NULL));
    for (gsize at = 0; at < size; at += at % 4096 < 130 ? 1 : 97) {
        g_autoptr(GError) error = NULL;
        write_bytes(cut, bytes, at);
        if (history_open(cut, &error) != NULL || !g_str_has_prefix(error->message, cut) ||
            diagnostic_exit_status(error) != 2)
            ck_abort_msg("cut at %zu: %s", at, error != NULL ? error->message : "taken");
    }
}
END_TEST

/* Bytes changed at random: whatever is read or refused, the program lives, and most is refused. */
START_TEST(test_damaged)
{
    g_autofree char *path = path_of("r.db"), *damaged = path_of("damaged.db"), *bytes = NULL;
    const uint64_t seed =
        g_getenv("OMO_SEED") != NULL ? g_ascii_strtoull(g_getenv("OMO_SEED"), NULL, 10) : 20261122;
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)seed);
    uint32_t refused = 0;
    gsize size;

    g_print("OMO_SEED=%" PRIu64 "\n", seed);
    make(path, 200);
    ck_assert(g_file_get_contents(path, &bytes, &size, NULL));
    for (int round = 0; round < 1000; round++) {
        g_autofree char *copy = g_memdup2(bytes, size);
        g_autoptr(GError) error = NULL;
        const gsize at = 100 + g_rand_int(rand) % (size - 132); /* behind the file's head */
        for (int i = 0; i < 32; i++)
            copy[at + (gsize)i] = (char)g_rand_int(rand);
        write_bytes(damaged, copy, size);
        g_autoptr(History) history = history_open(damaged, &error);
        refused += history == NULL;
        if (history == NULL && !g_str_has_prefix(error->message, damaged))
            ck_abort_msg("round %d: %s", round, error->message);
    }
    ck_assert_uint_gt(refused, 100); /* the rest hit free space, or values that may be */
}
END_TEST

/* ---- records whose writer was killed --------------------------------------------------------- */

/* Lets a child record until `least` requests are on disk, and kills it. Returns how many were. */
static uint64_t make_killed(const char *path, uint64_t least)
{
    int ends[2], status;
    uint64_t saved = 0;
    pid_t child;

    ck_assert_int_eq(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        Recorder *recorder = recorder_open(path, WORKERS, NULL, NULL);
        for (uint64_t i = 0;; i++) {
            add(recorder, i);
            if (i % 50 != 0)
                continue;
            saved = recorder_saved(recorder);
            if (write(ends[1], &saved, sizeof saved) != sizeof saved)
                _exit(2);
            g_usleep(500);
        }
    }
    close(ends[1]);
    while (saved < least && read(ends[0], &saved, sizeof saved) > 0)
        continue;
    kill(child, SIGKILL);
    for (uint64_t next; read(ends[0], &next, sizeof next) > 0;)
        saved = next;
    close(ends[0]);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return saved;
}

/* What was on disk is read, and the record is not complete.
 * Without its log, or with a part of it, less is there, and that is read. */
START_TEST(test_killed)
{
    g_autofree char *path = path_of("r.db"), *log = path_of("r.db-wal"), *bytes = NULL;
    const uint64_t saved = make_killed(path, 20000);
    uint64_t count, fewer;
    gsize size;

    ck_assert(g_file_get_contents(log, &bytes, &size, NULL));
    g_autoptr(History) history = open_or_fail(path);
    const struct record_row *rows = history_rows(history, &count);
    ck_assert(!history_complete(history));
    ck_assert_uint_ge(saved, 20000);
    ck_assert_uint_ge(count, saved);
    for (uint64_t i = 1; i < count; i++)
        if (rows[i].number <= rows[i - 1].number || rows[i].member != UINT64_MAX - rows[i].number)
            ck_abort_msg("request %" PRIu64 " is out of order", rows[i].number);
    for (gsize part = 0; part < 8; part++) {
        write_bytes(log, bytes, size / 8 * part + part * 11);
        g_autoptr(History) cut = open_or_fail(path);
        ck_assert(!history_complete(cut));
        history_rows(cut, &fewer);
        ck_assert_uint_lt(fewer, count);
    }
    g_unlink(log);
    g_autoptr(History) folded = open_or_fail(path);
    history_rows(folded, &fewer);
    ck_assert_uint_lt(fewer, count);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("history");
    TCase *tests = tcase_create("history");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tests, 300);
    tcase_add_checked_fixture(tests, scratch_make, scratch_remove);
    tcase_add_test(tests, test_round_trip);
    tcase_add_test(tests, test_names_and_notes);
    tcase_add_test(tests, test_empty_record);
    tcase_add_test(tests, test_large_numbers);
    tcase_add_test(tests, test_foreign);
    tcase_add_test(tests, test_wrong_tables);
    tcase_add_test(tests, test_cut);
    tcase_add_test(tests, test_damaged);
    tcase_add_test(tests, test_killed);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
