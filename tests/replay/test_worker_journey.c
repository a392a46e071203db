/* The life of a journey: its times, its order, and what failures make of it. */
#include "replay/load_case.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define MS INT64_C(1000000)

static const char steps_map[] = "api: 1\n"
                                "name: test\n"
                                "steps:\n"
                                "  browse: {path: /browse}\n"
                                "  search: {path: /search}\n"
                                "  scan: {path: /scan}\n";

static int script; /* what the server does, set by each test before the peer starts */
enum { PLAIN, FIRST_SLOW, FAIL_TWICE, CONFLICT, FAIL_SEARCH, CAPTURE, NEVER };

static void answer(int fd, int status, const char *body)
{
    g_autofree char *text = g_strdup_printf("HTTP/1.1 %d X\r\nContent-Length: %zu\r\n\r\n%s",
                                            status, strlen(body), body);

    peer_write(fd, text);
}

static void serve(struct peer *peer, int fd, uint32_t turn)
{
    static _Atomic int failures;
    char request[512];

    if (turn == 0)
        failures = 0;
    while (peer_read(peer, fd, request, sizeof request)) {
        load_case_log(request);
        if (script == FIRST_SLOW && strstr(request, "/browse") != NULL)
            peer_sleep_ms(300);
        if (script == NEVER)
            peer_wait_end(fd);
        else if (script == FAIL_TWICE && failures++ < 2)
            answer(fd, 503, "");
        else if (script == CONFLICT && strstr(request, "/search") != NULL)
            answer(fd, 409, "");
        else if (script == FAIL_SEARCH && strstr(request, "/search") != NULL)
            answer(fd, 500, "");
        else
            answer(fd, 200, script == CAPTURE ? "{\"id\": \"a b\"}" : "{}");
    }
}

static struct peer *begin(struct load_case *c, int what, const char *map)
{
    script = what;
    struct peer *peer = peer_start(PEER_IPV4, serve);
    load_case_open(c, map, peer_url(peer));
    return peer;
}

static void finish(struct load_case *c, struct peer *peer)
{
    ck_assert_msg(c->error == NULL, "%s", c->error != NULL ? c->error->message : "");
    load_case_close(c);
    peer_stop(peer);
}

START_TEST(test_times_of_the_plan)
{
    struct load_case c;
    struct peer *peer = begin(&c, PLAIN, steps_map);

    for (uint32_t i = 0; i < 50; i++)
        load_case_journey(&c, i * 100, i, 0, 1000, "browse search scan");
    c.options.speed = 10; /* 50 journeys over 0.5 s, steps 0.1 s apart */
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 150);
    ck_assert_uint_eq(c.result->intended_requests, 150);
    ck_assert_uint_eq(load_case_journeys(&c, MEASURE_COMPLETED), 50);
    ck_assert_uint_eq(load_case_log_count(), 150);
    ck_assert_uint_eq(load_case_log_find("GET /search"), 50);
    /* No request arrives before its time, seen from the first one. */
    const int64_t begin_ns = load_case_log_at(0)->at_ns;
    uint32_t number[3] = {0};
    for (uint32_t i = 0; i < 150; i++) {
        const struct load_case_arrival *a = load_case_log_at(i);
        const int step = strcmp(a->line, "GET /browse") == 0   ? 0
                         : strcmp(a->line, "GET /search") == 0 ? 1
                                                               : 2;
        const int64_t due_ns = number[step]++ * 10 * MS + step * 100 * MS;
        ck_assert_int_ge(a->at_ns - begin_ns, due_ns - 50 * MS); /* the first may be late itself */
    }
    ck_assert_int_eq(c.result->intended_ns, (490 + 200) * MS);
    finish(&c, peer);
}
END_TEST

/* The first answer takes 300 ms; the steps behind it were intended after 50 and 100 ms. */
START_TEST(test_late_answer_shows_in_later_steps)
{
    struct load_case c;
    struct peer *peer = begin(&c, FIRST_SLOW, steps_map);

    load_case_journey(&c, 0, 0, 0, 50, "browse search scan");
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 3);
    ck_assert_double_ge(load_case_response_ms(&c, STEP_browse, 500000), 299);
    ck_assert_double_ge(load_case_response_ms(&c, STEP_search, 500000), 249);
    ck_assert_double_ge(load_case_response_ms(&c, STEP_scan, 500000), 199);
    const struct measure_row *scan = measure_all_row(c.result->all, STEP_scan);
    ck_assert_int_lt(omo_histogram_max(scan->clock[MEASURE_SERVICE]), 190 * MS);
    ck_assert_int_ge(omo_histogram_max(scan->clock[MEASURE_LATENESS]), 199 * MS);
    /* That lateness is the service's doing, not ours. */
    ck_assert_int_lt(omo_histogram_max(c.result->own_lateness), 190 * MS);
    finish(&c, peer);
}
END_TEST

START_TEST(test_takes_and_think)
{
    static const char map[] = "api: 1\n"
                              "name: test\n"
                              "steps:\n"
                              "  browse:\n"
                              "    - {path: /a, takes: 100ms, think: 50ms}\n"
                              "    - {path: /b}\n";
    struct load_case c;
    struct peer *peer = begin(&c, PLAIN, map);

    load_case_journey(&c, 0, 0, 0, 0, "browse search");
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 2);
    ck_assert_uint_eq(load_case_count(&c, MEASURE_SKIPPED_STEPS), 1);
    ck_assert_str_eq(load_case_log_at(1)->line, "GET /b");
    ck_assert_int_ge(load_case_log_at(1)->at_ns - load_case_log_at(0)->at_ns, 100 * MS);
    finish(&c, peer);
}
END_TEST

START_TEST(test_retries_count_once)
{
    static const char map[] = "api: 1\n"
                              "name: test\n"
                              "steps:\n"
                              "  browse: {path: /browse, on_failure: retry,\n"
                              "           retry: {times: 3, backoff: 40ms}}\n"
                              "  search: {path: /search}\n";
    struct load_case c;
    struct peer *peer = begin(&c, FAIL_TWICE, map);

    load_case_journey(&c, 0, 0, 0, 0, "browse search");
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(c.result->intended_requests, 2);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 2);
    ck_assert_uint_eq(load_case_count(&c, MEASURE_RETRIES), 2);
    ck_assert_uint_eq(load_case_log_find("GET /browse"), 3);
    /* From the first intended time over both pauses, 40 and 80 ms. */
    ck_assert_double_ge(load_case_response_ms(&c, STEP_browse, 500000), 119);
    finish(&c, peer);
}
END_TEST

START_TEST(test_retries_end)
{
    static const char map[] = "api: 1\n"
                              "name: test\n"
                              "steps:\n"
                              "  browse: {path: /browse, on_failure: retry,\n"
                              "           retry: {times: 1, backoff: 1ms}}\n"
                              "  search: {path: /search}\n";
    struct load_case c;
    struct peer *peer = begin(&c, FAIL_TWICE, map);

    load_case_journey(&c, 0, 0, 0, 0, "browse search");
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_bad_status), 1);
    ck_assert_uint_eq(load_case_count(&c, MEASURE_RETRIES), 1);
    ck_assert_uint_eq(load_case_journeys(&c, MEASURE_FAILED), 1);
    ck_assert_uint_eq(load_case_log_count(), 2);
    finish(&c, peer);
}
END_TEST

START_TEST(test_abort_and_continue)
{
    static const char continue_map[] = "api: 1\n"
                                       "name: test\n"
                                       "steps:\n"
                                       "  browse: {path: /browse}\n"
                                       "  search: {path: /search, on_failure: continue}\n"
                                       "  scan: {path: /scan}\n";
    struct load_case c;
    struct peer *peer = begin(&c, FAIL_SEARCH, steps_map);

    load_case_journey(&c, 0, 0, 0, 1, "browse search scan");
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_bad_status), 1);
    ck_assert_uint_eq(load_case_journeys(&c, MEASURE_FAILED), 1);
    ck_assert_uint_eq(load_case_log_find("GET /scan"), 0);
    finish(&c, peer);

    peer = begin(&c, FAIL_SEARCH, continue_map);
    load_case_journey(&c, 0, 0, 0, 1, "browse search scan");
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_bad_status), 1);
    ck_assert_uint_eq(load_case_journeys(&c, MEASURE_COMPLETED), 1);
    ck_assert_uint_eq(load_case_log_find("GET /scan"), 1);
    finish(&c, peer);
}
END_TEST

START_TEST(test_refusal_ends_in_peace)
{
    static const char map[] = "api: 1\n"
                              "name: test\n"
                              "steps:\n"
                              "  browse: {path: /browse}\n"
                              "  search: {path: /search, refused: [409]}\n"
                              "  scan: {path: /scan}\n";
    struct load_case c;
    struct peer *peer = begin(&c, CONFLICT, map);

    load_case_journey(&c, 0, 0, 0, 1, "browse search scan");
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_refused), 1);
    ck_assert_uint_eq(load_case_journeys(&c, MEASURE_REFUSED), 1);
    ck_assert_uint_eq(load_case_log_find("GET /scan"), 0);
    finish(&c, peer);
}
END_TEST

START_TEST(test_captures)
{
    static const char map[] = "api: 1\n"
                              "name: test\n"
                              "steps:\n"
                              "  browse: {path: /browse, capture: {id: {json: /id}}}\n"
                              "  search: {path: '/search?id={{id}}'}\n";
    struct load_case c;
    struct peer *peer = begin(&c, CAPTURE, map);

    for (uint32_t i = 0; i < 20; i++)
        load_case_journey(&c, i, 0, 0, 30, "browse search");
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 40);
    ck_assert_uint_eq(load_case_log_find("GET /search?id=a%20b"), 20);
    finish(&c, peer);

    /* Without the value only the journey fails. */
    peer = begin(&c, PLAIN, map);
    for (uint32_t i = 0; i < 20; i++)
        load_case_journey(&c, i, 0, 0, 30, i % 2 == 0 ? "browse search" : "search");
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_missing_capture), 10);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_missing_value), 10);
    ck_assert_uint_eq(load_case_journeys(&c, MEASURE_FAILED), 20);
    ck_assert_uint_eq(c.result->intended_requests, 20);
    finish(&c, peer);
}
END_TEST

START_TEST(test_time_outs)
{
    static const char map[] = "api: 1\n"
                              "name: test\n"
                              "steps:\n"
                              "  browse: {path: /browse, timeout: 100ms}\n"
                              "  search: {path: /search}\n";
    struct load_case c;
    struct peer *peer = begin(&c, NEVER, map);

    for (uint32_t i = 0; i < 10; i++)
        load_case_journey(&c, i, 0, 0, 0, i % 2 == 0 ? "browse" : "search");
    c.options.timeout_ns = 300 * MS;
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_timeout), 10);
    ck_assert_double_ge(load_case_response_ms(&c, STEP_browse, 1), 100);
    ck_assert_double_lt(load_case_response_ms(&c, STEP_browse, 1), 290);
    ck_assert_double_ge(load_case_response_ms(&c, STEP_search, 1), 300);
    finish(&c, peer);
}
END_TEST

/* One connection, answers after 300 ms: the second request times out before it can be sent. */
START_TEST(test_time_out_while_waiting)
{
    struct load_case c;
    struct peer *peer = begin(&c, FIRST_SLOW, steps_map);

    load_case_journey(&c, 0, 0, 0, 0, "browse");
    load_case_journey(&c, 1, 0, 0, 0, "search");
    c.options.pool.links_max = 1;
    c.options.timeout_ns = 400 * MS;
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 2);
    c.options.timeout_ns = 100 * MS;
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_timeout) + load_case_outcome(&c, OUTCOME_ok),
                      2);
    ck_assert_uint_ge(load_case_outcome(&c, OUTCOME_timeout), 1);
    finish(&c, peer);
}
END_TEST

START_TEST(test_plan_begins_anew)
{
    const struct load_stage stage = {500 * MS, 100, 100};
    static const char map[] = "api: 1\n"
                              "name: test\n"
                              "steps:\n"
                              "  browse: {path: '/browse/{{order}}'}\n";
    struct load_case c;
    struct peer *peer = begin(&c, PLAIN, map);

    for (uint32_t i = 0; i < 20; i++)
        load_case_journey(&c, i * 1000, 0, 256 + i, 0, "browse");
    c.options.mode = LOAD_RATE;
    c.options.stages = &stage;
    c.options.stage_count = 1;
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 50);
    ck_assert_uint_eq(load_case_log_find("GET /browse/256"), 1);
    ck_assert_uint_eq(load_case_log_find("GET /browse/256-1"), 1);
    ck_assert_uint_eq(load_case_log_find("GET /browse/265-2"), 1);
    ck_assert_uint_eq(load_case_log_find("GET /browse/266-2"), 0);
    finish(&c, peer);
}
END_TEST

/* 3,000 second steps fall due at once at the very end of the run, more than one turn begins. */
START_TEST(test_due_at_the_cut)
{
    struct load_case c;
    struct peer *peer = begin(&c, PLAIN, steps_map);

    for (uint32_t i = 0; i < 3000; i++)
        load_case_journey(&c, 0, 0, 0, 2000, "browse search");
    c.options.drain_ns = 0;
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(c.result->intended_requests, 6000);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok) + load_case_outcome(&c, OUTCOME_cut_off),
                      6000);
    /* What was not sent has no service time, and its journey's earlier one is not it. */
    const struct measure_row *search = measure_all_row(c.result->all, STEP_search);
    ck_assert_int_lt(omo_histogram_max(search->clock[MEASURE_SERVICE]), 1900 * MS);
    finish(&c, peer);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_times_of_the_plan,
                                  test_late_answer_shows_in_later_steps,
                                  test_takes_and_think,
                                  test_retries_count_once,
                                  test_retries_end,
                                  test_abort_and_continue,
                                  test_refusal_ends_in_peace,
                                  test_captures,
                                  test_time_outs,
                                  test_time_out_while_waiting,
                                  test_plan_begins_anew,
                                  test_due_at_the_cut};
    Suite *suite = suite_create("worker_journey");
    TCase *cases = tcase_create("worker_journey");

    tcase_set_timeout(cases, 120);
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
        tcase_add_test(cases, tests[i]);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
