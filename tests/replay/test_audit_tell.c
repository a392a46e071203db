/* What an audit found, told: to people, as JSON and JUnit, and kept in the record. The audit is made
 * by hand; what it is made of is private to the audit and these tests.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "replay/audit/audit_private.h"
#include "replay/audit/tell.h"
#include "results/audit_results.h"
#include "results/record.h"
#include "results/scratch.h"
#include "shell/diagnostic.h"

/* ---- an audit made by hand ------------------------------------------------------------------- */

static void finding_free(gpointer data)
{
    struct audit_finding *f = data;

    for (guint i = 0; i < f->requests->len; i++)
        g_free(g_array_index(f->requests, struct audit_request, i).text);
    g_array_unref(f->requests);
    g_free(f->subject);
    g_free(f->text);
    g_free(f);
}

static Audit *made_new(void)
{
    Audit *audit = g_new0(Audit, 1);

    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++) {
        audit->results[i].findings = g_ptr_array_new_with_free_func(finding_free);
        audit->results[i].missing = g_ptr_array_new_with_free_func(g_free);
        audit->results[i].checked = 1200 + i;
    }
    audit->notes = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(audit->notes, g_strdup("the record is not complete"));
    g_ptr_array_add(audit->notes, NULL);
    audit->counts = (struct audit_counts){.requests = 16586,
                                          .done = 16000,
                                          .not_done = 500,
                                          .open = 86,
                                          .orders_asked = 1917,
                                          .orders_done = 340,
                                          .orders_open = 7,
                                          .orders_in_books = 345};
    return audit;
}

static struct audit_finding *put_finding(Audit *audit, enum audit_invariant invariant,
                                         const char *subject, const char *text, int64_t at_us,
                                         int64_t amount)
{
    struct audit_result *r = &audit->results[invariant];
    struct audit_finding *f = g_new0(struct audit_finding, 1);

    *f =
        (struct audit_finding){.subject = g_strdup(subject),
                               .text = g_strdup(text),
                               .at_us = at_us,
                               .amount = amount,
                               .requests = g_array_new(FALSE, FALSE, sizeof(struct audit_request))};
    g_ptr_array_add(r->findings, f);
    r->verdict = AUDIT_VIOLATED;
    r->violations++;
    r->amount += amount;
    return f;
}

static void put_request(struct audit_finding *f, uint64_t number, const char *text)
{
    const struct audit_request request = {number, g_strdup(text)};

    g_array_append_val(f->requests, request);
}

/* Units sold twice, a lost order known from the books, one invariant that cannot be told. */
static Audit *made_violated(void)
{
    Audit *audit = made_new();
    struct audit_finding *f =
        put_finding(audit, AUDIT_units_sold_once, "SKU sku_1 at north_gate",
                    "33 units sold, 24 were there: 9 sold twice, from 20.812 s on", 20812000, 9);

    put_request(f, 4711, "check_out of order 31: acknowledged, 201, sent 20.810 s");
    put_request(f, 4712, "check_out of order 32: acknowledged, 201, sent 20.811 s");
    put_finding(audit, AUDIT_units_sold_once, "SKU <&\"\1> at east_wing", "1 sold twice", 21000000,
                1);
    put_finding(audit, AUDIT_orders_kept, "order 21", "confirmed, and not in the books", -1, 1);
    audit->results[AUDIT_units_sold_once].open = 3;
    audit->results[AUDIT_points_balance].verdict = AUDIT_CANNOT_TELL;
    audit->results[AUDIT_points_balance].checked = 0;
    g_ptr_array_add(audit->results[AUDIT_points_balance].missing,
                    g_strdup("no book 'points' after the run"));
    audit->levels.subject = g_strdup("SKU sku_1 at north_gate");
    audit->levels.rows = g_array_new(FALSE, FALSE, sizeof(struct audit_level));
    const struct audit_level levels[] = {{0, 0, 24}, {20812000, 25, 24}, {21500000, 33, 24}};
    g_array_append_vals(audit->levels.rows, levels, G_N_ELEMENTS(levels));
    return audit;
}

static char *printed(const Audit *audit, uint32_t findings_max)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    audit_print(audit, stream, findings_max);
    fclose(stream);
    return text;
}

static void check_has(const char *text, const char *part)
{
    ck_assert_msg(strstr(text, part) != NULL, "'%s' is not in:\n%s", part, text);
}

/* ---- people ---------------------------------------------------------------------------------- */

START_TEST(print_violated)
{
    g_autoptr(Audit) audit = made_violated();
    char *text = printed(audit, 20), *short_text = printed(audit, 1);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    const char *last = lines[g_strv_length(lines) - 2];

    check_has(text,
              "  requests  16,586: 16,000 done, 500 not done, 86 open\n"
              "  orders    1,917 asked for: 340 acknowledged, 7 open; 345 new in the books\n");
    check_has(text, "no unit sold twice           violated         1,200          3           2\n");
    check_has(text, "stock never below zero       holds            1,201          -           -\n");
    check_has(text, "points add up                cannot tell          -          -           -\n");
    check_has(text, "\nno unit sold twice: at no moment more units of a SKU are sold");
    check_has(
        text,
        "  SKU sku_1 at north_gate: 33 units sold, 24 were there: 9 sold twice, from 20.812 s "
        "on\n      check_out of order 31: acknowledged, 201, sent 20.810 s\n"
        "      check_out of order 32: acknowledged, 201, sent 20.811 s\n");
    check_has(text, "\nnot there to tell by\n  points add up: no book 'points' after the run\n");
    check_has(text, "\nto know\n  the record is not complete\n");
    ck_assert_str_eq(
        last, "VIOLATED: 2 of 16 invariants (no unit sold twice, and others); 1 cannot be told");
    ck_assert_msg(strchr(text, '\033') == NULL, "colours where nobody sees them");
    check_has(short_text, "  and 1 more\n");
    ck_assert_ptr_null(strstr(short_text, "east_wing"));
    free(text);
    free(short_text);
}
END_TEST

START_TEST(print_others)
{
    g_autoptr(Audit) holds = made_new(), blind = made_new();
    char *text = printed(holds, 20), *none;

    check_has(text, "\nHOLDS: 16 of 16 invariants hold\n");
    ck_assert_ptr_null(strstr(text, "not there to tell by"));
    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++)
        blind->results[i].verdict = AUDIT_CANNOT_TELL;
    none = printed(blind, 20);
    check_has(none, "\nCANNOT TELL: there is nothing to judge by\n");
    free(text);
    free(none);
}
END_TEST

/* ---- machines -------------------------------------------------------------------------------- */

START_TEST(as_json)
{
    g_autoptr(Audit) audit = made_violated();
    json_auto_t *root = audit_json(audit);
    json_t *invariants = json_object_get(root, "invariants"),
           *units = json_array_get(invariants, AUDIT_units_sold_once),
           *orders = json_array_get(invariants, AUDIT_orders_kept),
           *points = json_array_get(invariants, AUDIT_points_balance),
           *finding = json_array_get(json_object_get(units, "findings"), 0),
           *request = json_array_get(json_object_get(finding, "requests"), 1);

    ck_assert_str_eq(json_string_value(json_object_get(root, "verdict")), "violated");
    ck_assert_int_eq(json_integer_value(
                         json_object_get(json_object_get(root, "counts"), "requests")),
                     16586);
    ck_assert_uint_eq(json_array_size(json_object_get(root, "notes")), 1);
    ck_assert_uint_eq(json_array_size(invariants), AUDIT_INVARIANT_COUNT);
    ck_assert_str_eq(json_string_value(json_object_get(units, "name")), "units_sold_once");
    ck_assert_int_eq(json_integer_value(json_object_get(units, "violations")), 2);
    ck_assert_int_eq(json_integer_value(json_object_get(units, "amount")), 10);
    ck_assert_double_eq(json_number_value(json_object_get(finding, "at_s")), 20.812);
    ck_assert_int_eq(json_integer_value(json_object_get(request, "number")), 4712);
    finding = json_array_get(json_object_get(orders, "findings"), 0);
    ck_assert(json_is_null(json_object_get(finding, "at_s")));
    ck_assert_str_eq(json_string_value(json_object_get(points, "verdict")), "cannot tell");
    ck_assert_uint_eq(json_array_size(json_object_get(points, "missing")), 1);
}
END_TEST

static void check_well_formed(const char *xml)
{
    static const GMarkupParser parser = {.start_element = NULL};
    GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, NULL, NULL);
    g_autoptr(GError) error = NULL;
    const gboolean fine = g_markup_parse_context_parse(context, xml, -1, &error) &&
                          g_markup_parse_context_end_parse(context, &error);

    ck_assert_msg(fine, "%s", error != NULL ? error->message : "");
    g_markup_parse_context_free(context);
}

START_TEST(as_junit)
{
    g_autoptr(Audit) audit = made_violated();
    g_autofree char *path = path_of("audit.xml"), *text = NULL,
                    *nowhere = path_of("no/such/folder.xml");
    g_autoptr(GError) error = NULL;

    ck_assert(audit_write_junit(audit, path, NULL));
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    check_well_formed(text);
    check_has(text, "tests=\"16\" failures=\"2\" errors=\"0\" skipped=\"1\"");
    check_has(text,
              "<testcase classname=\"omosim.audit.stock_not_negative\" name=\"stock never below "
              "zero\"/>");
    check_has(text, "<failure message=\"2 of 1200 violate it: at no moment");
    check_has(text, "9 sold twice, from 20.812 s on\n    check_out of order 31");
    check_has(text, "SKU &lt;&amp;&quot; &gt; at east_wing: 1 sold twice");
    check_has(text, "<skipped message=\"no book &apos;points&apos; after the run\"/>");
    ck_assert(!audit_write_junit(audit, nowhere, &error));
    ck_assert_int_eq(diagnostic_exit_status(error), 3);
}
END_TEST

/* ---- the record ------------------------------------------------------------------------------ */

static void make_record(const char *path)
{
    const struct record_row row = {.number = 1, .sent_us = 5, .done_us = 7, .status = 200};
    Recorder *recorder = recorder_open(path, 1, NULL, NULL);
    uint64_t count;

    ck_assert(recorder_add(recorder, 0, &row));
    ck_assert(recorder_close(recorder, &count, NULL));
}

static void check_answer(Results *results, const char *sql, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *answer = results_query_text(results, sql, NULL, 0, &error);

    ck_assert_msg(answer != NULL, "%s", error != NULL ? error->message : "");
    ck_assert_msg(strcmp(answer, expected) == 0, "%s: %s, not %s", sql, answer, expected);
}

START_TEST(saved)
{
    g_autofree char *path = path_of("run.db"), *letter = path_of("letter.db");
    g_autoptr(Audit) audit = made_violated(), later = made_new();
    g_autoptr(GError) error = NULL;

    make_record(path);
    ck_assert(audit_save(audit, path, NULL));
    Results *results = audit_results_open(path, &error);
    ck_assert_msg(results != NULL, "%s", error != NULL ? error->message : "");
    check_answer(results, "SELECT count(*) FROM audit", "16");
    check_answer(results,
                 "SELECT verdict || ' ' || checked || ' ' || open || ' ' || violations || ' ' ||"
                 " amount FROM audit WHERE invariant = 'units_sold_once'",
                 "violated 1200 3 2 10");
    check_answer(results, "SELECT missing FROM audit WHERE invariant = 'points_balance'",
                 "no book 'points' after the run");
    check_answer(results,
                 "SELECT subject || rank || ' ' || at_us || ' ' || amount FROM audit_finding"
                 " WHERE invariant = 'units_sold_once' ORDER BY rank",
                 "SKU sku_1 at north_gate1 20812000 9");
    check_answer(results, "SELECT requests FROM audit_finding WHERE rank = 1 ORDER BY rowid",
                 "check_out of order 31: acknowledged, 201, sent 20.810 s\n"
                 "check_out of order 32: acknowledged, 201, sent 20.811 s");
    check_answer(results, "SELECT count(*) FROM audit_finding WHERE at_us IS NULL", "1");
    check_answer(results, "SELECT max(sold - there) FROM audit_level", "9");
    check_answer(results, "SELECT value FROM audit_fact WHERE key = 'orders_in_books'", "345");
    check_answer(results, "SELECT answered FROM audit_rate", "1");
    results_free(results);
    ck_assert(audit_save(later, path, NULL));
    results = audit_results_open(path, NULL);
    check_answer(results, "SELECT count(*) FROM audit WHERE verdict = 'holds'", "16");
    check_answer(results, "SELECT count(*) FROM audit_finding", "0");
    check_answer(results, "SELECT count(*) FROM audit_level", "0");
    results_free(results);
    ck_assert(g_file_set_contents(letter, "a letter", -1, NULL));
    ck_assert(!audit_save(audit, letter, &error));
    ck_assert_int_eq(diagnostic_exit_status(error), 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("audit_tell");
    TCase *tests = tcase_create("tell");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_checked_fixture(tests, scratch_make, scratch_remove);
    tcase_add_test(tests, print_violated);
    tcase_add_test(tests, print_others);
    tcase_add_test(tests, as_json);
    tcase_add_test(tests, as_junit);
    tcase_add_test(tests, saved);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
