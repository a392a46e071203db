/* What an audit found, on pages: of a record alone, and of a load run that took it over. Violations
 * stand before all figures; a run without an audit has no word of it.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/audit_sample.h"
#include "report/load_sample.h"
#include "report/pages.h"
#include "report/report.h"
#include "results/audit_results.h"
#include "results/scratch.h"
#include "shell/diagnostic.h"

static char *page_of(const char *path)
{
    g_autofree char *html = path_of("page.html");
    const struct report_options options = {.plots_directory = plots};
    g_autoptr(GError) error = NULL;
    const gboolean written = report_write(path, html, &options, &error);
    const char *kept = g_getenv("OMO_KEEP_PAGES"); /* a folder, to look at them */
    char *text = NULL;

    ck_assert_msg(written, "%s", error != NULL ? error->message : "");
    ck_assert(g_file_get_contents(html, &text, NULL, NULL));
    if (kept != NULL) {
        g_autofree char *base = g_path_get_basename(path);
        g_autofree char *copy = g_strdup_printf("%s/%s.html", kept, base);
        ck_assert(g_file_set_contents(copy, text, -1, NULL));
    }
    return text;
}

static size_t check_has(const char *page, const char *text)
{
    const char *found = strstr(page, text);

    ck_assert_msg(found != NULL, "the page lacks: %s", text);
    return (size_t)(found - page);
}

static void check_lacks(const char *page, const char *text)
{
    ck_assert_msg(strstr(page, text) == NULL, "the page has: %s", text);
}

static void check_violations(const char *page)
{
    check_has(page, "The service did not keep its books: \u201cacknowledged orders exist\u201d is "
                    "violated 3 times, and one more of its promises is broken.");
    check_has(page, "\u2717 violated");
    check_has(page, "\u2713 holds");
    check_has(page, "cannot tell<small>no book &apos;points&apos; after the run</small>");
    check_has(page, "33 units sold, 24 were there: 9 sold twice");
    check_has(page, "<small>check_out of order 31: acknowledged, 201\ncheck_out of order 32: "
                    "acknowledged, 201</small>");
    check_has(page, "12.500 s");
    check_has(page, "order &lt;23&gt;");
    check_has(page, "in the books");
    check_has(page, "The service was killed meanwhile. Nobody else changed the books.");
    check_has(page, "SKU sku_1 at north_gate: at most 34 units were sold at once, of 25 that were "
                    "there; from second 12.500 on too many.");
    check_has(page,
              "3 findings have a known moment, the first at 7.900 s. 10 requests were answered "
              "with an error of the service, 50 were not answered.");
    check_has(page, "id=\"audit_units\"");
    check_has(page, "id=\"audit_time\"");
    check_has(page, "process 4711");
    check_has(page, "omosim backend --db &lt;shop.db&gt;");
}

START_TEST(of_a_record)
{
    g_autofree char *path = path_of("violated.db"), *page = NULL, *again = NULL;

    audit_sample_write(path, AUDIT_SAMPLE_VIOLATED);
    page = page_of(path);
    check_violations(page);
    check_has(page, "<h1>Audit of flash.plan</h1>");
    check_has(page, "against http://127.0.0.1:8080");
    check_has(page,
              "1,000 requests (940 acknowledged, 10 certainly not done, 50 may or may not have "
              "happened), 700 orders asked for, 612 of them confirmed, 609 new in the books.");
    again = page_of(path);
    ck_assert_str_eq(page, again);
}
END_TEST

START_TEST(that_holds)
{
    g_autofree char *path = path_of("holds.db"), *page = NULL;

    audit_sample_write(path, AUDIT_SAMPLE_HOLDS);
    page = page_of(path);
    check_has(page, "The service kept its books as far as can be told: 3 of 4 invariants hold, 1 "
                    "cannot be told.");
    check_lacks(page, "The evidence");
    check_lacks(page, "violated</span>");
    check_lacks(page, "<figure");
}
END_TEST

/* The load run's page with the same tables; high where a promise is broken, low where none is. */
START_TEST(of_a_load_run)
{
    g_autofree char *record = path_of("run.db"), *held = path_of("run2.db");
    g_autofree char *bad = path_of("load_bad.db"), *good = path_of("load_good.db"),
                    *none = path_of("load_none.db");
    struct load_sample sample = {.audited = record};
    g_autofree char *page = NULL, *fine = NULL, *plain = NULL;

    audit_sample_write(record, AUDIT_SAMPLE_VIOLATED);
    audit_sample_write(held, AUDIT_SAMPLE_HOLDS);
    load_sample_write(bad, &sample);
    sample.audited = held;
    load_sample_write(good, &sample);
    sample.audited = NULL;
    load_sample_write(none, &sample);
    ck_assert_int_eq(g_unlink(record), 0); /* it has all that the page needs */
    page = page_of(bad);
    check_violations(page);
    ck_assert_uint_lt(check_has(page, "class=\"warning\""),
                      check_has(page, "Did it keep its books?"));
    ck_assert_uint_lt(check_has(page, "The evidence"), check_has(page, "<h2>By step</h2>"));
    ck_assert_uint_lt(check_has(page, "id=\"audit_units\""),
                      check_has(page, "<h2>Thresholds</h2>"));
    fine = page_of(good);
    check_lacks(fine, "class=\"warning\"");
    check_has(fine, "The service kept its books as far as can be told");
    ck_assert_uint_gt(check_has(fine, "Did it keep its books?"),
                      check_has(fine, "<h2>By step</h2>"));
    plain = page_of(none);
    check_lacks(plain, "its books");
}
END_TEST

START_TEST(refused)
{
    g_autofree char *path = path_of("none.db"), *html = path_of("page.html"),
                    *load = path_of("load.db"), *other = path_of("letter.db"),
                    *gone = path_of("gone.db");
    const struct load_sample sample = {.audited = path};
    g_autoptr(GError) error = NULL, letter = NULL, missing = NULL, taken = NULL;

    audit_sample_write(path, AUDIT_SAMPLE_NONE);
    ck_assert(!report_write(path, html, NULL, &error));
    ck_assert_int_eq(diagnostic_exit_status(error), 2);
    ck_assert_ptr_nonnull(strstr(error->message, "none.db: nobody has audited this run"));
    ck_assert(g_file_set_contents(other, "a letter", -1, NULL));
    ck_assert(!report_write_audit(other, html, NULL, &letter));
    ck_assert_ptr_nonnull(strstr(letter->message, "letter.db: not the record"));
    ck_assert(!report_write_audit(gone, html, NULL, &missing));
    ck_assert_ptr_nonnull(strstr(missing->message, "gone.db: no such file"));
    LoadResults *results = load_results_create(load, NULL);
    load_results_take_audit(results, sample.audited);
    ck_assert(!load_results_close(results, &taken));
    ck_assert_ptr_nonnull(strstr(taken->message, "none.db: nobody has audited"));
    ck_assert(!g_file_test(html, G_FILE_TEST_EXISTS));
    ck_assert(!g_file_test(load, G_FILE_TEST_EXISTS));
}
END_TEST

/* A record cut in the middle is refused, not told as if it were whole. */
START_TEST(damaged)
{
    g_autofree char *path = path_of("cut.db"), *html = path_of("page.html"), *bytes = NULL;
    const struct report_options options = {.plots_directory = plots};
    gsize size;

    audit_sample_write(path, AUDIT_SAMPLE_VIOLATED);
    ck_assert(g_file_get_contents(path, &bytes, &size, NULL));
    for (gsize keep = size / 8; keep < size; keep += size / 8) {
        g_autoptr(GError) error = NULL;
        ck_assert(g_file_set_contents(path, bytes, (gssize)keep, NULL));
        ck_assert(!report_write(path, html, &options, &error));
        ck_assert_int_eq(diagnostic_exit_status(error), 2);
        ck_assert_msg(strstr(error->message, "cut.db") != NULL, "%s", error->message);
        ck_assert(!g_file_test(html, G_FILE_TEST_EXISTS));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("audit page");
    TCase *tests = tcase_create("page");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, make_directory, remove_directory);
    tcase_add_test(tests, of_a_record);
    tcase_add_test(tests, that_holds);
    tcase_add_test(tests, of_a_load_run);
    tcase_add_test(tests, refused);
    tcase_add_test(tests, damaged);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
