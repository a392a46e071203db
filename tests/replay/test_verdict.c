/* Thresholds: what is read and refused, with which words; what holds, over what; when to give up. */
#include "replay/literal.h"
#include "replay/verdict_private.h"
#include "shell/diagnostic.h"

#include <check.h>
#include <math.h>

#define SECOND INT64_C(1000000000)
#define MS INT64_C(1000000)

static struct threshold *parse(const char *text)
{
    GError *error = NULL;
    struct threshold *threshold = threshold_parse(text, "--threshold", &error);

    ck_assert_msg(threshold != NULL, "%s", error == NULL ? "" : error->message);
    ck_assert_ptr_null(error);
    return threshold;
}

START_TEST(test_grammar)
{
    static const struct {
        const char *text;
        struct threshold expected;
    } cases[] = {
        {"p99<250ms", {.row = MEASURE_TOTAL, .share_ppm = 990000, .limit = 250e6}},
        {" checkout  p99.9 <= 1.5s ",
         {.row = STEP_check_out, .share_ppm = 999000, .comparison = THRESHOLD_LE, .limit = 1.5e9}},
        {"Check-Out p99.999<1min", {.row = STEP_check_out, .share_ppm = 999990, .limit = 60e9}},
        {"service p50<90us",
         {.row = MEASURE_TOTAL, .clock = MEASURE_SERVICE, .share_ppm = 500000, .limit = 90e3}},
        {"pay lateness max<1ms",
         {.row = STEP_pay, .clock = MEASURE_LATENESS, .measure = THRESHOLD_MAX, .limit = 1e6}},
        {"lateness pay mean>0",
         {.row = STEP_pay,
          .clock = MEASURE_LATENESS,
          .measure = THRESHOLD_MEAN,
          .comparison = THRESHOLD_GT}},
        {"errors<0.1%", {.row = MEASURE_TOTAL, .measure = THRESHOLD_ERRORS, .limit = 0.001}},
        {"service p99 < 250 ms over 10 s",
         {.row = MEASURE_TOTAL,
          .clock = MEASURE_SERVICE,
          .share_ppm = 990000,
          .limit = 250e6,
          .scope = THRESHOLD_OVER,
          .over_ns = 10 * SECOND}},
        {"errors<0.001", {.row = MEASURE_TOTAL, .measure = THRESHOLD_ERRORS, .limit = 0.001}},
        {"pay timeout <= 1 %",
         {.row = STEP_pay,
          .measure = THRESHOLD_OUTCOME,
          .outcome = OUTCOME_timeout,
          .comparison = THRESHOLD_LE,
          .limit = 0.01}},
        {"bad-status<1%",
         {.row = MEASURE_TOTAL,
          .measure = THRESHOLD_OUTCOME,
          .outcome = OUTCOME_bad_status,
          .limit = 0.01}},
        {"requests>=1000",
         {.row = MEASURE_TOTAL,
          .measure = THRESHOLD_REQUESTS,
          .comparison = THRESHOLD_GE,
          .limit = 1000}},
        {"rate>=950/s over 10s",
         {.row = MEASURE_TOTAL,
          .measure = THRESHOLD_RATE,
          .comparison = THRESHOLD_GE,
          .limit = 950,
          .scope = THRESHOLD_OVER,
          .over_ns = 10 * SECOND}},
        {"rate>60/min",
         {.row = MEASURE_TOTAL, .measure = THRESHOLD_RATE, .comparison = THRESHOLD_GT, .limit = 1}},
        {"browse p90<1s stage 3",
         {.row = STEP_browse,
          .share_ppm = 900000,
          .limit = 1e9,
          .scope = THRESHOLD_STAGE,
          .stage = 3}},
        {"journeys_failed<1%",
         {.row = MEASURE_TOTAL, .measure = THRESHOLD_JOURNEYS_FAILED, .limit = 0.01}},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct threshold *t = parse(cases[i].text);
        const struct threshold *e = &cases[i].expected;
        g_autofree char *stripped = g_strstrip(g_strdup(cases[i].text));
        ck_assert_str_eq(threshold_text(t), stripped);
        ck_assert_str_eq(t->source, "--threshold");
        ck_assert_msg(t->row == e->row && t->measure == e->measure && t->clock == e->clock &&
                          t->comparison == e->comparison && t->scope == e->scope &&
                          t->stage == e->stage && t->over_ns == e->over_ns,
                      "%s", cases[i].text);
        ck_assert_double_eq(t->limit, e->limit);
        if (t->measure == THRESHOLD_QUANTILE)
            ck_assert_uint_eq(t->share_ppm, e->share_ppm);
        if (t->measure == THRESHOLD_OUTCOME)
            ck_assert_int_eq(t->outcome, e->outcome);
        threshold_free(t);
    }
    threshold_free(NULL);
}
END_TEST

START_TEST(test_every_complaint)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "'', column 1: expected a threshold such as 'p99<250ms'"},
        {"  ", "'  ', column 1: expected a threshold such as 'p99<250ms'"},
        {"p99", "'p99', column 4: expected <, <=, > or >= and a value"},
        {"p99=1s", "'p99=1s', column 4: expected <, <=, > or >=, found '='"},
        {"<1s", "'<1s', column 1: expected a measure such as p99 or errors before '<'"},
        {"chekout p99<1s",
         "'chekout p99<1s', column 1: unknown step 'chekout', did you mean 'check_out'?"},
        {"servce p99<1s", "'servce p99<1s', column 1: unknown step 'servce', did you mean "
                          "'service'?"},
        {"pay  erors<1%", "'pay  erors<1%', column 6: unknown measure 'erors', did you mean "
                          "'errors'?"},
        {"p9x<1s", "'p9x<1s', column 1: unknown measure 'p9x', did you mean 'p90'?"},
        {"xyzzy<1s",
         "'xyzzy<1s', column 1: unknown measure 'xyzzy': expected p50 .. p99.999, "
         "max, mean, errors, requests, rate, journeys_failed or an outcome such as timeout"},
        {"pay<1s", "'pay<1s', column 1: 'pay' needs a measure behind it, such as 'pay p99'"},
        {"service<1s",
         "'service<1s', column 1: 'service' needs a measure behind it, such as 'service p99'"},
        {"p100<1s", "'p100<1s', column 1: expected a quantile between p0 and p100, found 'p100' "
                    "(the largest value is max)"},
        {"pay p0<1s", "'pay p0<1s', column 5: expected a quantile between p0 and p100, found 'p0' "
                      "(the largest value is max)"},
        {"pay browse p99<1s",
         "'pay browse p99<1s', column 5: a second step, 'browse', where one is enough"},
        {"service lateness p99<1s", "'service lateness p99<1s', column 9: a second clock, "
                                    "'lateness', where one is enough"},
        {"a b c d<1s", "'a b c d<1s', column 7: expected a comparison after a step and a measure, "
                       "found 'd'"},
        {"a b c d e f<1s", "'a b c d e f<1s', column 7: expected a comparison after a step and a "
                           "measure, found 'd'"},
        {"service errors<1%", "'service errors<1%', column 1: 'service' goes with p50 .. p99.999, "
                              "max and mean, not with 'errors'"},
        {"pay journeys_failed<1%",
         "'pay journeys_failed<1%', column 1: journeys have no step: leave 'pay' out"},
        {"p99<", "'p99<', column 4: expected a value behind '<'"},
        {"p99 >= ", "'p99 >= ', column 5: expected a value behind '>='"},
        {"p99<250", "'p99<250', column 5: expected a time such as 250ms or 1.5s, found '250'"},
        {"p99<2h", "'p99<2h', column 5: expected a time such as 250ms or 1.5s, found '2h'"},
        {"p99<=-1s", "'p99<=-1s', column 6: expected a time such as 250ms or 1.5s, found '-1s'"},
        {"errors<150%",
         "'errors<150%', column 8: expected a share such as 0.1% or 0.001, found '150%'"},
        {"errors<10ms",
         "'errors<10ms', column 8: expected a share such as 0.1% or 0.001, found '10ms'"},
        {"rate>fast", "'rate>fast', column 6: expected a rate such as 950/s, found 'fast'"},
        {"requests>1.5",
         "'requests>1.5', column 10: expected a number of requests such as 1000, found '1.5'"},
        {"p99<1s ovr 10s", "'p99<1s ovr 10s', column 8: expected 'stage 2', 'over 10s' or nothing, "
                           "found 'ovr', did you mean 'over'?"},
        {"p99<1s zzz", "'p99<1s zzz', column 8: expected 'stage 2', 'over 10s' or nothing, found "
                       "'zzz'"},
        {"p99<1s stage", "'p99<1s stage', column 8: expected its number behind 'stage'"},
        {"p99<1s over", "'p99<1s over', column 8: expected a time such as 10s behind 'over'"},
        {"p99<1s stage 0",
         "'p99<1s stage 0', column 14: expected the number of a stage, from 1, found '0'"},
        {"p99<1s over 10",
         "'p99<1s over 10', column 13: expected a time such as 250ms or 1.5s, found '10'"},
        {"p99<1s over 0s", "'p99<1s over 0s', column 13: a window is longer than 0"},
        {"p99<1s over 10s please", "'p99<1s over 10s please', column 17: unexpected 'please' at "
                                   "the end"},
        {"p99<1s over 10s if you please", "'p99<1s over 10s if you please', column 17: unexpected "
                                          "'if' at the end"},
        {"journeys_failed<1% over 10s", "'journeys_failed<1% over 10s', column 20: journeys are "
                                        "counted over the whole run: leave 'over 10s' out"},
        {"\xe4\xb8\xad p99<1s", "'\xe4\xb8\xad p99<1s', column 1: unknown step '\xe4\xb8\xad'"},
        {"pay \xe4\xb8\xad<1s",
         "'pay \xe4\xb8\xad<1s', column 5: unknown measure "
         "'\xe4\xb8\xad': expected p50 .. p99.999, "
         "max, mean, errors, requests, rate, journeys_failed or an outcome such as timeout"},
        {"p99<\xff", "'p99<\xef\xbf\xbd', column 5: expected a time such as 250ms or 1.5s, found "
                     "'\xef\xbf\xbd'"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GError *error = NULL;
        ck_assert_msg(threshold_parse(cases[i].text, "--slo", &error) == NULL, "%s", cases[i].text);
        g_autofree char *message = g_strconcat("--slo ", cases[i].message, NULL);
        ck_assert_str_eq(error->message, message);
        ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE));
        g_clear_error(&error);
    }
}
END_TEST

START_TEST(test_stage_must_be_there)
{
    struct threshold *t = parse("p99<1s stage 3");
    GError *error = NULL;

    ck_assert(threshold_check_stage(t, 3, &error));
    ck_assert_ptr_null(error);
    ck_assert(!threshold_check_stage(t, 2, &error));
    ck_assert_str_eq(error->message, "--threshold 'p99<1s stage 3': the run has only 2 stages");
    g_clear_error(&error);
    ck_assert(!threshold_check_stage(t, 0, &error));
    ck_assert_str_eq(error->message, "--threshold 'p99<1s stage 3': the run has no stages");
    ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE));
    g_clear_error(&error);
    threshold_free(t);
}
END_TEST

/* The literal run: what each threshold says of it. */
START_TEST(test_judging)
{
    static const struct {
        const char *text;
        bool held;
        double value, at_s; /* -1: NaN */
        const char *unit, *value_text;
        double tolerance;
    } cases[] = {
        {"max<1.0001s", false, 1000.1, -1, "ms", "1 s", 1e-9},
        {"max<=1000100us", true, 1000.1, -1, "ms", "1 s", 1e-9},
        {"p50<3ms", true, 2.1, -1, "ms", "2.1 ms", 0.002},
        {"browse p99.999<3ms", true, 2.1, -1, "ms", "2.1 ms", 0.002},
        {"service p50<2ms", false, 2.0, -1, "ms", "2 ms", 0.002},
        {"lateness p50<=101us", true, 0.1, -1, "ms", "100 us", 0.0001},
        {"lateness max<3ms", false, 3, -1, "ms", "3 ms", 0},
        {"pay mean<21ms", true, (188 * 10.1 + 2 * 1000.1) / 190, -1, "ms", "20.5 ms", 1e-9},
        {"errors<0.3%", true, 400.0 / 1900, -1, "%", "0.211%", 1e-9},
        {"pay errors<1%", false, 300.0 / 190, -1, "%", "1.58%", 1e-9},
        {"timeout<=0.2%", true, 200.0 / 1900, -1, "%", "0.105%", 1e-9},
        {"check_out refused>0%", true, 100.0 / 380, -1, "%", "0.263%", 1e-9},
        {"ok>99%", true, 189500.0 / 1900, -1, "%", "99.7%", 1e-9},
        {"requests>=1900", true, 1900, -1, "", "1,900", 0},
        {"pay requests>190", false, 190, -1, "", "190", 0},
        {"rate>99/s", true, 99.8, -1, "/s", "99.8/s", 0},
        {"browse rate>99/s", false, 99.8 * 1330 / 1897, -1, "/s", "70/s", 1e-9},
        {"journeys_failed<2%", false, 2, -1, "%", "2%", 1e-9},
        {"points p99<1s", false, -1, -1, "ms", "no requests", 0},
        {"points errors<1%", false, -1, -1, "%", "no requests", 0},
        {"search p99<1s", false, -1, -1, "ms", "no requests", 0},
        {"search requests<=0", true, 0, -1, "", "0", 0},
        {"check_out p50<250ms over 1s", false, 500.1, 10, "ms", "500 ms", 4},
        {"check_out p50<250ms over 3s", true, 5.1, 8, "ms", "5.1 ms", 0.04},
        {"check_out p99<250ms over 3s", false, 500.1, 8, "ms", "500 ms", 4},
        {"max<2s over 1s", true, 1000.1, 15, "ms", "1 s", 8},
        {"lateness max<=1ms over 5s", false, 3, 2, "ms", "3 ms", 0.03},
        {"pay errors<25% over 1s", false, 30, 15, "%", "30%", 1e-9},
        {"pay errors<25% over 2s", true, 15, 14, "%", "15%", 1e-9},
        {"rate>98/s over 1s", false, 98, 15, "/s", "98/s", 0},
        {"rate>=99/s over 2s", true, 99, 14, "/s", "99/s", 0},
        {"requests>=2000 over 100s", false, 1900, 1, "", "1,900", 0},
        {"pay errors<1% stage 1", true, 0, 0, "%", "0%", 0},
        {"pay errors<1% stage 2", false, 3, 10, "%", "3%", 1e-9},
        {"requests>=900 stage 1", true, 900, 0, "", "900", 0},
        {"rate>=100/s stage 1", false, 899.0 / 9, 0, "/s", "99.9/s", 1e-9},
        {"points p99<1s stage 1", false, -1, -1, "ms", "no requests", 0},
        {"p99<1s stage 3", false, -1, -1, "ms", "no such stage", 0},
    };
    struct literal *l = literal_new();

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct threshold *t = parse(cases[i].text);
        struct threshold_finding f;
        threshold_judge(t, &l->result, l->stages, 2, &f);
        const char *text = cases[i].text;
        ck_assert_str_eq(f.text, text);
        ck_assert_msg(f.held == cases[i].held, "%s: held %d, value %s", text, f.held, f.value_text);
        ck_assert_msg(cases[i].value < 0 ? isnan(f.value)
                                         : fabs(f.value - cases[i].value) <= cases[i].tolerance,
                      "%s: %.10g", text, f.value);
        ck_assert_msg(cases[i].at_s < 0 ? isnan(f.at_s) : f.at_s == cases[i].at_s, "%s: at %g",
                      text, f.at_s);
        ck_assert_str_eq(f.unit, cases[i].unit);
        ck_assert_msg(strcmp(f.value_text, cases[i].value_text) == 0 ||
                          (cases[i].tolerance > 0.03 &&
                           strncmp(f.value_text, cases[i].value_text, 1) == 0),
                      "%s: '%s'", text, f.value_text);
        threshold_free(t);
    }
    literal_free(l);
}
END_TEST

START_TEST(test_what_ended_the_run)
{
    struct literal *l = literal_new();
    struct threshold *ended = parse("p99<750ms"), *other = parse("p99<751ms");
    struct threshold_finding f;

    l->result.stop_reason = "p99<750ms";
    threshold_judge(ended, &l->result, l->stages, 2, &f);
    ck_assert(!f.held);
    threshold_judge(other, &l->result, l->stages, 2, &f);
    ck_assert(f.held);
    threshold_free(ended);
    threshold_free(other);
    literal_free(l);
}
END_TEST

/* ---- early ends ------------------------------------------------------------------------------ */

static struct measure *worker;
static struct measure_all *all;
static int64_t recorded_ns;

static void setup(void)
{
    bool used[STEP_COUNT] = {[STEP_browse] = true, [STEP_pay] = true};

    worker = measure_new(&(struct measure_options){.step_used = used, .interval_ns = SECOND});
    all = measure_all_new(&worker, 1, 2 * SECOND);
    recorded_ns = 0;
}

static void teardown(void)
{
    measure_all_free(all);
    measure_free(worker);
}

/* `count` requests of a second, 10 ms apart, from where the last call left off. */
static void record(uint32_t count, int64_t response_ns, enum outcome outcome)
{
    for (uint32_t i = 0; i < count; i++, recorded_ns += 10 * MS)
        measure_record(worker, &(struct measure_sample){.step = STEP_browse,
                                                        .outcome = outcome,
                                                        .intended_ns = recorded_ns,
                                                        .sent_ns = recorded_ns,
                                                        .done_ns = recorded_ns + response_ns});
}

static bool may_hold(const char *text, uint64_t expected)
{
    struct threshold *t = parse(text);
    bool may = threshold_may_hold(t, all, recorded_ns, expected);

    threshold_free(t);
    return may;
}

START_TEST(test_shares_early)
{
    ck_assert(may_hold("errors<1%", 0));
    ck_assert(may_hold("errors<1%", 1000));
    record(9, MS, OUTCOME_timeout);
    ck_assert(may_hold("errors<1%", 0)); /* too early to say */
    ck_assert(may_hold("errors<1%", 1000));
    ck_assert(!may_hold("errors<1%", 900)); /* 9 of 900 is not below 1% */
    ck_assert(may_hold("errors<=1%", 900));
    ck_assert(!may_hold("timeout<1%", 900));
    ck_assert(may_hold("reset<1%", 900));
    ck_assert(may_hold("ok>99%", 1000));
    ck_assert(!may_hold("ok>99%", 900));
    ck_assert(may_hold("pay errors<1%", 900));
    record(91, MS, OUTCOME_ok);
    ck_assert(!may_hold("errors<1%", 0)); /* as of now: 9% */
    ck_assert(may_hold("errors<10%", 0));
    ck_assert(may_hold("requests<101", 0));
    ck_assert(!may_hold("requests<100", 0));
    ck_assert(may_hold("requests>1000", 0));
    ck_assert(may_hold("rate>1000/s", 0));
    ck_assert(may_hold("errors<1% stage 1", 0));
}
END_TEST

START_TEST(test_quantiles_early)
{
    record(11, 100 * MS, OUTCOME_ok);
    ck_assert(may_hold("p99<50ms", 0));
    ck_assert(may_hold("p99<50ms", 1100));  /* 11 above leaves 1,089: just enough */
    ck_assert(!may_hold("p99<50ms", 1099)); /* 1,088 of 1,099 is less than 99% */
    ck_assert(may_hold("p99<101ms", 1000));
    ck_assert(may_hold("p50>1s", 1000));
    ck_assert(!may_hold("max<100ms", 100000));
    ck_assert(!may_hold("max<100ms", 0));
    ck_assert(may_hold("max<=100ms", 0));
    ck_assert(may_hold("mean<10ms", 111));
    ck_assert(!may_hold("mean<10ms", 110));
    ck_assert(may_hold("lateness max<1us", 0));
    record(89, MS, OUTCOME_ok);
    ck_assert(!may_hold("p99<50ms", 0));
    ck_assert(may_hold("p75<50ms", 0));
    ck_assert(may_hold("pay p99<50ms", 0));
}
END_TEST

START_TEST(test_windows_early)
{
    record(300, MS, OUTCOME_ok);
    ck_assert(may_hold("p99<50ms over 3s", 0));
    record(150, 100 * MS, OUTCOME_ok);
    ck_assert(may_hold("p50<50ms over 3s", 0)); /* a third of the latest whole one, 1 s to 4 s */
    ck_assert(!may_hold("p50<50ms over 1s", 0));
    ck_assert(!may_hold("p99<50ms over 3s", 0));
    ck_assert(may_hold("p99<50ms over 5s", 0));   /* there is none yet */
    ck_assert(may_hold("rate>200/s over 1s", 0)); /* nothing has closed */
    measure_all_collect(all, recorded_ns);
    measure_all_collect(all, recorded_ns);
    ck_assert(!may_hold("rate>200/s over 1s", 0));
    ck_assert(may_hold("rate>=100/s over 2s", 0));
    ck_assert(!may_hold("p99<50ms over 3s", 0));
    record(300, MS, OUTCOME_ok);
    ck_assert(may_hold("p50<50ms over 1s", 0));
}
END_TEST

START_TEST(test_journeys_early)
{
    for (int i = 0; i < 99; i++)
        measure_journey(worker, MEASURE_STARTED);
    measure_journey(worker, MEASURE_FAILED);
    ck_assert(may_hold("journeys_failed<1%", 0));
    measure_journey(worker, MEASURE_STARTED);
    ck_assert(!may_hold("journeys_failed<1%", 0));
    ck_assert(may_hold("journeys_failed<=1%", 0));
    ck_assert(may_hold("journeys_failed<1%", 1000));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("verdict");
    TCase *whole = tcase_create("whole"), *early = tcase_create("early");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(whole, test_grammar);
    tcase_add_test(whole, test_every_complaint);
    tcase_add_test(whole, test_stage_must_be_there);
    tcase_add_test(whole, test_judging);
    tcase_add_test(whole, test_what_ended_the_run);
    suite_add_tcase(suite, whole);
    tcase_add_checked_fixture(early, setup, teardown);
    tcase_add_test(early, test_shares_early);
    tcase_add_test(early, test_quantiles_early);
    tcase_add_test(early, test_windows_early);
    tcase_add_test(early, test_journeys_early);
    suite_add_tcase(suite, early);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
