/* The audit's judgement of answers, and its frame: the map must fit the record. */
#include "replay/audit_literals.h"

#include "shell/diagnostic.h"

static const struct audit_result *result_of(enum audit_invariant invariant)
{
    audit_case_run(&c);
    return audit_case_result(&c, invariant);
}

START_TEST(test_internal_errors)
{
    ASK(&c, .step = STEP_browse, .sku = "S1", .outcome = OUTCOME_bad_status, .status = 404);
    ASK(&c, .step = STEP_browse, .sku = "S1", .outcome = OUTCOME_bad_status, .status = 503);
    ck_assert_int_eq(result_of(AUDIT_no_internal_errors)->verdict, AUDIT_HOLDS);
    ASK(&c, .step = STEP_browse, .sku = "S1", .outcome = OUTCOME_bad_status, .status = 500);
    ASK(&c, .step = STEP_browse, .sku = "S1", .outcome = OUTCOME_bad_status, .status = 500,
        .sent = 7000);
    ASK(&c, .step = STEP_browse, .sku = "S1", .outcome = OUTCOME_bad_status, .status = 502,
        .sent = 20000);
    ck_assert_uint_eq(result_of(AUDIT_no_internal_errors)->violations, 2);
    ck_assert_int_eq(result_of(AUDIT_no_internal_errors)->amount, 3);
    g_autofree char *text = audit_case_text(&c, AUDIT_no_internal_errors);
    ck_assert_ptr_nonnull(strstr(text, "request browse: 2 of them answered 500\n  browse, S1"));
    audit_case_hook(&c, 6000, "kill"); /* until 5 s after the restart nothing counts */
    audit_case_hook(&c, 7500, "restart");
    ck_assert_int_eq(result_of(AUDIT_no_internal_errors)->amount, 2);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_no_internal_errors)->checked, 4);
    audit_case_hook(&c, 15000, "kill"); /* for ever */
    ck_assert_int_eq(result_of(AUDIT_no_internal_errors)->amount, 1);
}
END_TEST

START_TEST(test_in_time)
{
    for (int i = 0; i < 1998; i++)
        ASK(&c, .step = STEP_browse, .sku = "S1", .sent = i);
    ASK(&c, .step = STEP_browse, .sku = "S1", .sent = 5000, .done = 6001);
    ASK(&c, .step = STEP_browse, .sku = "S1", .sent = 5000, .done = 8000,
        .outcome = OUTCOME_timeout);
    ck_assert_int_eq(result_of(AUDIT_answers_in_time)->verdict, AUDIT_HOLDS);
    ck_assert_uint_eq(result_of(AUDIT_answers_in_time)->checked, 2000);
    ASK(&c, .step = STEP_browse, .sku = "S1", .sent = 5000, .done = 7000);
    ck_assert_int_eq(result_of(AUDIT_answers_in_time)->verdict, AUDIT_VIOLATED);
    ck_assert_int_eq(result_of(AUDIT_answers_in_time)->amount, 3);
    g_autofree char *text = audit_case_text(&c, AUDIT_answers_in_time);
    ck_assert_ptr_nonnull(strstr(text, "3 of 2001 requests waited longer than 1.000 s"));
    ck_assert_ptr_nonnull(strstr(text, "one in 1000 may\n  browse, S1: timeout, sent 5.000 s"));
    ASK(&c, .step = STEP_browse, .sku = "S1", .due = 3000, .sent = 8000, .tries = 2);
    g_autofree char *again = NULL;
    ck_assert_uint_eq(result_of(AUDIT_answers_in_time)->amount, 4);
    again = audit_case_text(&c, AUDIT_answers_in_time);
    ck_assert_ptr_nonnull(strstr(again, "acknowledged, 200, due 3.000 s, last sent 8.000 s, "
                                        "answered 8.010 s, 2 tries"));
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_answers_in_time)->open, 0);
    ASK(&c, .step = STEP_browse, .sku = "S1", .sent = 5000, .done = 5200,
        .outcome = OUTCOME_timeout); /* who knows how long it would have been */
    ck_assert_uint_eq(result_of(AUDIT_answers_in_time)->open, 1);
    audit_case_hook(&c, 5500, "kill");
    ck_assert_int_eq(result_of(AUDIT_answers_in_time)->verdict, AUDIT_HOLDS);
}
END_TEST

START_TEST(test_no_limit)
{
    ApiMap *bare = audit_case_map("api: 1\nname: bare\nsteps:\n  browse: {path: /b}\n");
    struct audit_case b;

    audit_case_begin(&b, bare);
    ASK(&b, .step = STEP_browse);
    ck_assert_int_eq(audit_case_result(&b, AUDIT_answers_in_time)->verdict, AUDIT_CANNOT_TELL);
    g_autofree char *text = audit_case_text(&b, AUDIT_answers_in_time);
    ck_assert_str_eq(text, "missing: the API map does not say `audit.answers_within`\n");
    audit_case_end(&b);
    api_free(bare);
}
END_TEST

/* A record of another map is refused; the numbers of its requests mean something else. */
START_TEST(test_other_map)
{
    ApiMap *other =
        audit_case_map("api: 1\nname: other\nsteps:\n  browse: {path: /b}\n  pay: {path: /p}\n");
    g_autoptr(GError) error = NULL;

    ASK(&c, .step = STEP_browse, .sku = "S1");
    const struct audit_input input = {.history = (History *)(void *)&c,
                                      .before = c.before,
                                      .after = c.after,
                                      .map = other};
    ck_assert_ptr_null(audit_run(&input, &error));
    ck_assert_int_eq(diagnostic_exit_status(error), 2);
    ck_assert_str_eq(error->message,
                     "it was recorded with an API map whose request 1 was 'check_stock', 'other' "
                     "has 'pay' there: audit it with the map of its run");
    api_free(other);
}
END_TEST

/* Nothing happened: nothing is wrong, and what was not read can't be told. */
START_TEST(test_nothing)
{
    ck_assert_int_eq(result_of(AUDIT_orders_kept)->verdict, AUDIT_CANNOT_TELL);
    ck_assert_int_eq(audit_verdict(c.audit), AUDIT_HOLDS); /* no internal errors */
    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++) {
        ck_assert_int_ne(audit_result(c.audit, i)->verdict, AUDIT_VIOLATED);
        ck_assert_uint_eq(audit_result(c.audit, i)->checked, 0);
        ck_assert_str_ne(audit_invariant_title(i), "");
        ck_assert_str_ne(audit_invariant_text(i), "");
    }
    ck_assert_str_eq(audit_invariant_name(AUDIT_units_sold_once), "units_sold_once");
    ck_assert_str_eq(audit_verdict_name(AUDIT_CANNOT_TELL), "cannot tell");
    ck_assert_str_eq(audit_notes(c.audit)[0], "books before the run were not read");
}
END_TEST

/* What makes it worth to read the books until they stand still: an outcome that may yet be done. */
START_TEST(test_has_open)
{
    const History *history = (const History *)(const void *)&c;

    ASK(&c, .step = STEP_check_out, .sku = "S1");
    ASK(&c, .step = STEP_check_out, .sku = "S1", .outcome = OUTCOME_refused, .status = 409);
    ck_assert(!audit_has_open(history));
    ASK(&c, .step = STEP_check_out, .sku = "S1", .outcome = OUTCOME_refused, .status = 409,
        .tries = 2);
    ck_assert(audit_has_open(history)); /* the first try may have been done */
    g_array_set_size(c.rows, 2);
    ASK(&c, .step = STEP_check_out, .sku = "S1", .outcome = OUTCOME_timeout);
    ck_assert(audit_has_open(history));
    g_array_index(c.rows, struct record_row, 2).outcome = UINT8_MAX; /* of a later omosim */
    ck_assert(audit_has_open(history));
}
END_TEST

/* Thousands of findings: the worst hundred are told, all are counted. */
START_TEST(test_many_findings)
{
    audit_case_book(&c, c.after, BOOK_stock, "place= sku= available=");
    for (int i = 1; i <= 3000; i++) {
        g_autofree char *row = g_strdup_printf("place=P1 sku=S%d available=%d", i, -(i * 7 % 3001));
        audit_case_book(&c, c.after, BOOK_stock, row);
    }
    const struct audit_result *result = result_of(AUDIT_stock_not_negative);
    ck_assert_uint_eq(result->violations, 3000);
    ck_assert_uint_eq(result->findings->len, AUDIT_FINDINGS_MAX);
    ck_assert_int_eq(result->amount, 3000 * 3001 / 2);
    for (guint i = 0; i < result->findings->len; i++)
        ck_assert_int_eq(((struct audit_finding *)result->findings->pdata[i])->amount, 3000 - i);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_has_open,     test_internal_errors, test_in_time,
                                  test_no_limit,     test_other_map,       test_nothing,
                                  test_many_findings};

    return run_literals("audit_answers", tests, G_N_ELEMENTS(tests));
}
