/* The summary in all its forms, from the literal run. Text is compared with tests/golden; the files
 * are read back by other programs: outputs.py, and HdrHistogram's own log processor where Java has it.
 */
#define _GNU_SOURCE
#include "replay/hdr.h"
#include "replay/literal.h"
#include "replay/metrics.h"
#include "shell/diagnostic.h"

#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct literal *l;
static char *folder, *back;

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

static void setup(void)
{
    g_unsetenv("NO_COLOR");
    back = g_get_current_dir();
    folder = g_dir_make_tmp("omosim-test-XXXXXX", NULL);
    ck_assert_ptr_nonnull(folder);
    ck_assert_int_eq(chdir(folder), 0);
    l = literal_new();
}

static void teardown(void)
{
    literal_free(l);
    ck_assert_int_eq(chdir(back), 0);
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    g_clear_pointer(&folder, g_free);
    g_clear_pointer(&back, g_free);
}

static char *printed(void)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    summary_print(&l->report, stream);
    fclose(stream);
    return text;
}

static const char *source_dir(void)
{
    const char *source = g_getenv("OMO_SOURCE_DIR");

    ck_assert_msg(source != NULL, "OMO_SOURCE_DIR says where the sources are");
    return source;
}

static void assert_golden(const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(source_dir(), "tests", "golden", name, NULL);
    g_autofree char *golden = NULL;

    if (g_strcmp0(g_getenv("OMO_UPDATE_GOLDEN"), "1") == 0)
        ck_assert(g_file_set_contents(path, text, -1, NULL));
    ck_assert(g_file_get_contents(path, &golden, NULL, NULL));
    ck_assert_str_eq(text, golden);
}

START_TEST(test_text)
{
    char *text = printed();
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    assert_golden("load_summary.txt", text);
    ck_assert_uint_le(g_strv_length(lines), 40);
    for (char **line = lines; *line != NULL; line++)
        ck_assert_msg(g_utf8_strlen(*line, -1) <= 100, "%s", *line);
    free(text);
}
END_TEST

/* On a terminal, and only there: headings bold, the verdict in its colour, words unchanged. */
START_TEST(test_colour_on_a_terminal)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    char *plain = printed();
    g_autoptr(GString) seen = g_string_new(NULL);
    char bytes[4096];

    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
        return; /* a machine without pseudo-terminals */
    g_setenv("TERM", "xterm", TRUE);
    FILE *terminal = fopen(ptsname(master), "w");
    ck_assert_ptr_nonnull(terminal);
    summary_print(&l->report, terminal);
    fflush(terminal);
    while (strstr(seen->str, "FAILED") == NULL || !g_str_has_suffix(seen->str, "\033[0m")) {
        ssize_t got = read(master, bytes, sizeof bytes);
        ck_assert_int_gt(got, 0);
        g_string_append_len(seen, bytes, got);
    }
    fclose(terminal);
    close(master);
    ck_assert_ptr_nonnull(strstr(seen->str, "\033[31m\033[1mFAILED: 1 of 3"));
    ck_assert_ptr_nonnull(strstr(seen->str, "\033[31mBROKEN\033[0m"));
    ck_assert_ptr_nonnull(strstr(seen->str, "\033[32mheld  \033[0m"));
    g_autoptr(GRegex) codes = g_regex_new("\033\\[[0-9]*m|\r", 0, 0, NULL);
    g_autofree char *bare = g_regex_replace_literal(codes, seen->str, -1, 0, "", 0, NULL);
    ck_assert_str_eq(bare, plain);
    ck_assert_ptr_null(strchr(plain, '\033'));
    free(plain);
}
END_TEST

START_TEST(test_long_lines_go_on)
{
    static const char *const targets[] = {"http://127.0.0.1:8080/a-base-path-that-is-rather-long",
                                          "http://127.0.0.1:8081/a-base-path-that-is-rather-long",
                                          "http://127.0.0.1:8082/a-base-path-that-is-rather-long",
                                          NULL};
    l->report.targets = targets;
    l->report.mode = "closed loop (10 users): as other tools measure, for comparison";
    char *text = printed();
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    ck_assert_ptr_nonnull(strstr(text, "users who wait for an answer ask nothing meanwhile"));
    for (char **line = lines; *line != NULL; line++)
        ck_assert_msg(g_utf8_strlen(*line, -1) <= 100, "%s", *line);
    free(text);
}
END_TEST

static void assert_verdict(enum load_verdict verdict, const char *sentence)
{
    g_autofree char *text = load_verdict_text(&l->report);
    char *whole = printed();

    ck_assert_int_eq(load_verdict(&l->report), verdict);
    ck_assert_str_eq(text, sentence);
    /* Unfolded, it is the end of the summary. */
    g_auto(GStrv) parts = g_strsplit(whole, "\n    ", -1);
    g_autofree char *unfolded = g_strjoinv(" ", parts);
    g_autofree char *end = g_strconcat("\n", sentence, "\n", NULL);
    ck_assert(g_str_has_suffix(unfolded, end));
    free(whole);
}

START_TEST(test_verdicts)
{
    struct threshold_finding *f = l->findings;

    assert_verdict(LOAD_FAILED,
                   "FAILED: 1 of 3 thresholds broken: pay errors<1% (1.58%, 57.9% above)");
    f[0].held = false;
    f[0].value = 1000;
    g_strlcpy(f[0].value_text, "1 s", sizeof f[0].value_text);
    assert_verdict(LOAD_FAILED, "FAILED: 2 of 3 thresholds broken: p99<750ms (1 s, 33.3% above) "
                                "and others");
    f[0].held = true;
    f[1].value = NAN;
    g_strlcpy(f[1].value_text, "no requests", sizeof f[1].value_text);
    assert_verdict(LOAD_FAILED, "FAILED: 1 of 3 thresholds broken: pay errors<1% (no requests)");
    f[1].value = 50;
    g_strlcpy(f[1].value_text, "50%", sizeof f[1].value_text);
    assert_verdict(LOAD_FAILED,
                   "FAILED: 1 of 3 thresholds broken: pay errors<1% (50%, 50 times the limit)");
    f[1].held = true;
    assert_verdict(LOAD_PASSED, "PASSED: all 3 thresholds held");
    l->report.finding_count = 1;
    assert_verdict(LOAD_PASSED, "PASSED: the threshold held");
    l->report.finding_count = 0;
    assert_verdict(LOAD_PASSED, "PASSED: the generator kept up, no thresholds were given");

    l->report.finding_count = 3;
    f[1].held = false;
    l->result.too_slow = true;
    g_strlcpy(l->result.too_slow_why, "its own lateness p99 is 12 ms of a response p99 of 20 ms",
              sizeof l->result.too_slow_why);
    assert_verdict(LOAD_TOO_SLOW,
                   "GENERATOR TOO SLOW: its own lateness p99 is 12 ms of a response p99 of 20 ms. "
                   "The figures say more about this machine than about the service");
    l->result.interrupted = true;
    l->result.stop_reason = "interrupted";
    assert_verdict(LOAD_INTERRUPTED,
                   "INTERRUPTED after 20 s (interrupted): the figures are of what was done until "
                   "then");
    l->result.too_slow = false;
    f[1].abort = true;
    l->result.stop_reason = f[1].text;
    assert_verdict(LOAD_FAILED,
                   "FAILED: 1 of 3 thresholds broken: pay errors<1% (50%, 50 times the limit)");
}
END_TEST

START_TEST(test_nothing_was_sent)
{
    static const char *const targets[] = {NULL};
    bool used[STEP_COUNT] = {[STEP_pay] = true};
    struct measure *worker =
        measure_new(&(struct measure_options){.step_used = used, .interval_ns = 1000000000});
    struct load_result result = {.all = measure_all_new(&worker, 1, 1000000000), .pace = "timer"};

    measure_all_collect(result.all, INT64_MAX);
    measure_all_merge(result.all);
    l->report = (struct load_report){.title = "empty.plan",
                                     .command = "",
                                     .mode = "open loop, plan",
                                     .targets = targets,
                                     .result = &result};
    char *text = printed();
    ck_assert_ptr_nonnull(strstr(text, "requests     0, 0/s asked, 0/s held\n"));
    ck_assert_ptr_nonnull(strstr(text, "errors       none\n"));
    ck_assert_ptr_null(strstr(text, "nan"));
    json_t *json = summary_json(&l->report);
    ck_assert(json_is_null(json_object_get(json_object_get(json, "requests"), "error_share")));
    json_decref(json);
    ck_assert(summary_write_junit(&l->report, "empty.xml", NULL));
    ck_assert(summary_write_csv(&l->report, "empty.csv", NULL));
    ck_assert(summary_write_hlog(&l->report, "empty.hlog", NULL));
    ck_assert(summary_write_hgrm(&l->report, "empty.hgrm", NULL));
    free(text);
    measure_all_free(result.all);
    measure_free(worker);
}
END_TEST

START_TEST(test_files_that_cannot_be_written)
{
    typedef gboolean writer(const struct load_report *, const char *, GError **);
    static writer *const writers[] = {summary_write_junit, summary_write_csv, summary_write_hlog,
                                      summary_write_hgrm};

    for (size_t i = 0; i < G_N_ELEMENTS(writers); i++) {
        g_autoptr(GError) error = NULL, full = NULL;
        ck_assert(!writers[i](&l->report, "no/such/folder/x", &error));
        ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN));
        if (g_file_test("/dev/full", G_FILE_TEST_EXISTS)) {
            ck_assert(!writers[i](&l->report, "/dev/full", &full));
            ck_assert(g_error_matches(full, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN));
        }
    }
}
END_TEST

static void append_bucket(GString *text, const char *name, int64_t low, int64_t high,
                          uint64_t count)
{
    g_string_append_printf(text,
                           "%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GUINT64_FORMAT "\n",
                           name, low, high, count);
}

static void append_histogram(GString *text, const char *name, const omo_histogram *h)
{
    int64_t low, high;
    uint64_t count;
    uint32_t cursor = 0;

    while (omo_histogram_next(h, &cursor, &low, &high, &count))
        append_bucket(text, name, low, high, count);
}

/* A log of values from all over the range; the coarse one has counts of one to nine bytes. */
static void write_random_log(GString *text)
{
    omo_histogram *fine = omo_histogram_new(MEASURE_VALUE_MAX);
    omo_histogram *empty = omo_histogram_new(MEASURE_VALUE_MAX);
    struct coarse_sum *coarse = g_new0(struct coarse_sum, 1);
    GRand *random = g_rand_new_with_seed(7);
    FILE *stream = fopen("random.hlog", "w");

    for (int i = 0; i < 3000; i++) {
        int64_t value = i < 20 ? (INT64_C(1) << (2 * i)) - i % 2
                               : (int64_t)exp2(g_rand_double_range(random, 0, 41.7));
        uint64_t count = i % 100 == 0 ? UINT64_C(1) << (i / 50) : 1;
        value = MIN(value, MEASURE_VALUE_MAX);
        omo_histogram_record(fine, value, MIN(count, 1000000));
        coarse->cells[coarse_cell(value)] += count;
        coarse->groups |= UINT64_C(1) << (coarse_cell(value) / COARSE_GROUP_CELLS);
        coarse->count += count;
        coarse->max_ns = MAX(coarse->max_ns, value);
    }
    append_histogram(text, "random.fine", fine);
    for (uint32_t i = 0; i < COARSE_CELLS; i++)
        if (coarse->cells[i] > 0)
            append_bucket(text, "random.coarse", coarse_cell_low_ns(i), coarse_cell_high_ns(i),
                          coarse->cells[i]);
    hdr_write_log_head(stream, 1);
    struct hdr *hdrs[] = {hdr_new(fine, MEASURE_VALUE_MAX),
                          hdr_new_coarse(coarse, MEASURE_VALUE_MAX),
                          hdr_new(empty, MEASURE_VALUE_MAX)};
    static const char *const tags[] = {"random.fine", "random.coarse", "random.empty"};
    for (size_t i = 0; i < G_N_ELEMENTS(hdrs); i++) {
        hdr_write_log_line(stream, tags[i], 0, 1, hdrs[i]);
        hdr_free(hdrs[i]);
    }
    fclose(stream);
    g_rand_free(random);
    g_free(coarse);
    omo_histogram_free(fine);
    omo_histogram_free(empty);
}

/* The buckets as our histograms have them, for outputs.py to hold against the files. */
static void write_buckets(void)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (uint32_t row = 0; row <= MEASURE_TOTAL; row++)
        for (uint32_t clock = 0; clock < MEASURE_CLOCKS; clock++) {
            const struct measure_row *merged = measure_all_row(l->result.all, row);
            g_autofree char *name =
                g_strdup_printf("%s.%s", row == MEASURE_TOTAL ? "total" : step_name(row),
                                measure_clock_name(clock));
            if (merged->count > 0)
                append_histogram(text, name, merged->clock[clock]);
        }
    write_random_log(text);
    ck_assert(g_file_set_contents("buckets.txt", text->str, -1, NULL));
}

START_TEST(test_other_programs_read_the_files)
{
    g_autofree char *script = g_build_filename(source_dir(), "tests", "replay", "outputs.py", NULL);
    const char *arguments[] = {"python3", script, ".", NULL};
    struct load_now now = {.elapsed_ns = 20000000000,
                           .rate = 99.5,
                           .in_flight = 3,
                           .connections = 10,
                           .waiting = 2};
    g_autofree char *metrics = metrics_text(l->result.all, &now);
    g_autofree char *errors = NULL;
    g_autoptr(GError) error = NULL;
    json_t *json = summary_json(&l->report);
    int status;

    l->report.command = "omosim replay \"a<b>&c\" --note 'tab\there, bell\a, \xff'";
    ck_assert_int_eq(json_dump_file(json, "summary.json", 0), 0);
    json_decref(json);
    ck_assert(summary_write_junit(&l->report, "junit.xml", NULL));
    ck_assert(summary_write_csv(&l->report, "series.csv", NULL));
    ck_assert(summary_write_hlog(&l->report, "run.hlog", NULL));
    ck_assert(summary_write_hgrm(&l->report, "run.hgrm", NULL));
    ck_assert(g_file_set_contents("metrics.txt", metrics, -1, NULL));
    write_buckets();
    gboolean started = g_spawn_sync(NULL, (char **)arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                                    NULL, &errors, &status, &error);
    ck_assert_msg(started, "%s", error == NULL ? "" : error->message);
    ck_assert_msg(status == 0, "outputs.py: %s", errors);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("summary");
    TCase *tests = tcase_create("summary");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_text);
    tcase_add_test(tests, test_colour_on_a_terminal);
    tcase_add_test(tests, test_long_lines_go_on);
    tcase_add_test(tests, test_verdicts);
    tcase_add_test(tests, test_nothing_was_sent);
    tcase_add_test(tests, test_files_that_cannot_be_written);
    tcase_add_test(tests, test_other_programs_read_the_files);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
