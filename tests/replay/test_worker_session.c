/* Log-ins: one for each member and session, renewed when the service or the clock says so. */
#include "replay/load_case.h"
#include "replay/sessions.h"

#include <check.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define MS INT64_C(1000000)

static const char map[] = "api: 1\n"
                          "name: test\n"
                          "headers: {Authorization: 'Bearer {{token}}'}\n"
                          "session: {valid_for: 10min, renew_on: [401]}\n"
                          "steps:\n"
                          "  log_in: {method: POST, path: '/sessions/{{member}}', body: '{}',\n"
                          "           headers: {Authorization: ~}, expect: [200],\n"
                          "           capture: {token: {json: /token}}}\n"
                          "  browse: {path: '/browse/{{member}}'}\n"
                          "  search: {path: '/search/{{member}}'}\n";

static atomic_uint token_count, token_lowest; /* given; lowest that is accepted */
static atomic_uint slow_log_in_ms, failing_log_ins, failing_browses;

static void answer(int fd, int status, const char *body)
{
    g_autofree char *text = g_strdup_printf("HTTP/1.1 %d X\r\nContent-Length: %zu\r\n\r\n%s",
                                            status, strlen(body), body);

    peer_write(fd, text);
}

static void serve_log_in(int fd)
{
    if (failing_log_ins > 0) {
        failing_log_ins--;
        answer(fd, 500, "");
        return;
    }
    g_autofree char *body = g_strdup_printf("{\"token\": \"t%u\"}", ++token_count);
    if (slow_log_in_ms > 0)
        peer_sleep_ms(slow_log_in_ms);
    answer(fd, 200, body);
}

static void serve(struct peer *peer, int fd, uint32_t turn)
{
    char request[512];

    (void)turn;
    while (peer_read(peer, fd, request, sizeof request)) {
        const char *token = strstr(request, "Bearer t");
        load_case_log(request);
        if (strstr(request, "POST /sessions") != NULL)
            serve_log_in(fd);
        else if (token == NULL || strtoul(token + strlen("Bearer t"), NULL, 10) < token_lowest)
            answer(fd, 401, "");
        else if (failing_browses > 0 && failing_browses-- > 0)
            answer(fd, 500, "");
        else
            answer(fd, 200, "{}");
    }
}

static struct peer *begin(struct load_case *c, const char *text)
{
    token_count = 0;
    token_lowest = 1;
    slow_log_in_ms = 0;
    failing_log_ins = 0;
    failing_browses = 0;
    struct peer *peer = peer_start(PEER_IPV4, serve);
    load_case_open(c, text, peer_url(peer));
    return peer;
}

static void finish(struct load_case *c, struct peer *peer)
{
    ck_assert_msg(c->error == NULL, "%s", c->error != NULL ? c->error->message : "");
    load_case_close(c);
    peer_stop(peer);
}

START_TEST(test_once_a_member)
{
    struct load_case c;
    struct peer *peer = begin(&c, map);

    for (uint32_t i = 0; i < 30; i++) /* 3 members, 10 journeys each; every other logs in itself */
        load_case_journey(&c, i * 20, 1 + i % 3, 0, 1,
                          i / 3 % 2 == 0 ? "browse search" : "log_in browse search");
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_log_find("POST /sessions/1"), 1);
    ck_assert_uint_eq(load_case_log_find("POST /sessions/2"), 1);
    ck_assert_uint_eq(load_case_log_find("POST /sessions/3"), 1);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 63);
    ck_assert_uint_eq(c.result->intended_requests, 63);
    ck_assert_uint_eq(load_case_count(&c, MEASURE_LOG_INS), 3);
    ck_assert_uint_eq(load_case_count(&c, MEASURE_LOG_INS_SAVED), 15);
    ck_assert_str_eq(load_case_log_at(0)->line, "POST /sessions/1");
    finish(&c, peer);
}
END_TEST

/* Ten journeys of one member begin at once, the log-in takes 200 ms. */
START_TEST(test_others_wait)
{
    struct load_case c;
    struct peer *peer = begin(&c, map);

    for (uint32_t i = 0; i < 10; i++)
        load_case_journey(&c, i, 7, 0, 0, i % 2 == 0 ? "browse" : "log_in browse");
    slow_log_in_ms = 200;
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_log_find("POST /sessions/7"), 1);
    ck_assert_uint_eq(load_case_log_find("GET /browse/7"), 10);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 11);
    /* Waiting for the log-in is part of each one's response. */
    ck_assert_double_ge(load_case_response_ms(&c, STEP_browse, 1), 150);
    finish(&c, peer);
}
END_TEST

static void revoke(void *user, Load *load)
{
    (void)user;
    (void)load;
    if (load_case_log_count() >= 3)
        token_lowest = 2; /* what was given first is over */
}

START_TEST(test_renewed_on_401)
{
    struct load_case c;
    struct peer *peer = begin(&c, map);

    load_case_journey(&c, 0, 7, 0, 1, "browse search");
    load_case_journey(&c, 800, 7, 0, 1, "browse search");
    load_case_run(&c, revoke, NULL);
    ck_assert_uint_eq(load_case_log_find("POST /sessions/7"), 2);
    ck_assert_uint_eq(load_case_log_find("GET /browse/7"), 3); /* refused once, sent again */
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 6);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_bad_status), 0);
    ck_assert_uint_eq(load_case_count(&c, MEASURE_RETRIES), 1);
    finish(&c, peer);
}
END_TEST

START_TEST(test_renewed_once_only)
{
    struct load_case c;
    struct peer *peer = begin(&c, map);

    token_lowest = 1000;
    load_case_journey(&c, 0, 7, 0, 1, "browse search");
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_bad_status), 1);
    ck_assert_uint_eq(load_case_log_find("GET /browse/7"), 2);
    ck_assert_uint_eq(load_case_log_find("POST /sessions/7"), 2);
    ck_assert_uint_eq(load_case_journeys(&c, MEASURE_FAILED), 1);
    finish(&c, peer);
}
END_TEST

START_TEST(test_ends_by_the_clock)
{
    g_autofree char *short_map = NULL;
    g_auto(GStrv) parts = g_strsplit(map, "10min", 2);
    struct load_case c;

    short_map = g_strconcat(parts[0], "300ms", parts[1], NULL);
    struct peer *peer = begin(&c, short_map);
    load_case_journey(&c, 0, 7, 0, 1, "browse");
    load_case_journey(&c, 1000, 7, 0, 1, "browse");
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_log_find("POST /sessions/7"), 2);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 4);
    finish(&c, peer);
}
END_TEST

/* The first log-in fails and ends its journey; one that waited for it tries again. */
START_TEST(test_failing_log_in)
{
    struct load_case c;
    struct peer *peer = begin(&c, map);

    failing_log_ins = 1;
    slow_log_in_ms = 50;
    for (uint32_t i = 0; i < 5; i++)
        load_case_journey(&c, 0, 7, 0, 0, "browse");
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_bad_status), 1);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_missing_value), 1);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 5);
    ck_assert_uint_eq(load_case_journeys(&c, MEASURE_FAILED), 1);
    ck_assert_uint_eq(load_case_journeys(&c, MEASURE_COMPLETED), 4);
    /* The step behind the failed log-in was never sent: no service time, whatever the log-in's. */
    const struct measure_row *browse = measure_all_row(c.result->all, STEP_browse);
    ck_assert_uint_eq(omo_histogram_count(browse->clock[MEASURE_RESPONSE]), 5);
    ck_assert_uint_eq(omo_histogram_count(browse->clock[MEASURE_SERVICE]), 4);
    finish(&c, peer);
}
END_TEST

/* The service forgets the session and then fails once: a renewal is none of the map's retries. */
START_TEST(test_renewal_is_no_retry)
{
    static const char plain[] = "browse: {path: '/browse/{{member}}'}\n";
    g_auto(GStrv) parts = g_strsplit(map, plain, 2);
    g_autofree char *retry_map =
        g_strconcat(parts[0], "browse: {path: '/browse/{{member}}', on_failure: retry,\n",
                    "           retry: {times: 1, backoff: 1ms}}\n", parts[1], NULL);
    struct load_case c;
    struct peer *peer = begin(&c, retry_map);

    token_lowest = 2;
    failing_browses = 1;
    load_case_journey(&c, 0, 7, 0, 1, "browse");
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_log_find("POST /sessions/7"), 2);
    ck_assert_uint_eq(load_case_log_find("GET /browse/7"), 3); /* 401, 500, 200 */
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 3);
    ck_assert_uint_eq(load_case_journeys(&c, MEASURE_COMPLETED), 1);
    finish(&c, peer);
}
END_TEST

/* A log-in of two requests, of which the first is refused: the second one opens nothing. */
START_TEST(test_half_a_log_in)
{
    static const char half_map[] =
        "api: 1\n"
        "name: test\n"
        "session: {valid_for: 10min}\n"
        "steps:\n"
        "  log_in:\n"
        "    - {method: POST, path: '/sessions/{{member}}', body: '{}', on_failure: continue,\n"
        "       capture: {token: {json: /token}}}\n"
        "    - {path: /profile, headers: {Authorization: Bearer t9}}\n"
        "  browse: {path: /browse, headers: {Authorization: Bearer t9}}\n";
    struct load_case c;
    struct peer *peer = begin(&c, half_map);

    failing_log_ins = 1;
    load_case_journey(&c, 0, 7, 0, 1, "log_in browse");
    load_case_journey(&c, 300, 7, 0, 1, "browse");
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_log_find("POST /sessions/7"), 2);
    ck_assert_uint_eq(load_case_log_find("GET /profile"), 2);
    ck_assert_uint_eq(load_case_log_find("GET /browse"), 2);
    ck_assert_uint_eq(load_case_count(&c, MEASURE_LOG_INS), 1);
    finish(&c, peer);
}
END_TEST

/* Journeys of nobody known have no session: log_in is a step like any other. */
START_TEST(test_nobody_known)
{
    g_auto(GStrv) parts = g_strsplit(map, "{{member}}", -1);
    g_autofree char *nobodys_map = g_strjoinv("x", parts);
    struct load_case c;
    struct peer *peer = begin(&c, nobodys_map);

    load_case_journey(&c, 0, 0, 0, 50, "log_in browse");
    load_case_journey(&c, 10, 0, 0, 50, "log_in browse");
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 4);
    ck_assert_uint_eq(load_case_log_find("POST /sessions/x"), 2);
    finish(&c, peer);
}
END_TEST

START_TEST(test_table_is_bounded)
{
    struct sessions sessions;
    struct values values;
    uint32_t held;

    ck_assert(values_init(&values, 4));
    ck_assert(sessions_init(&sessions, 4, &values));
    held = sessions_hold(&sessions, 1, 0);
    sessions.session[held].state = SESSION_OPEN;
    sessions.session[held].valid_until_ns = 1000;
    for (uint64_t member = 2; member <= 4; member++)
        sessions_release(&sessions, sessions_hold(&sessions, member, 0));
    ck_assert_uint_eq(sessions_hold(&sessions, 1, 0), held);
    sessions_release(&sessions, held);
    sessions_release(&sessions, held);
    /* 2 is the least recently used one, then 3, 4 and 1, which was open. */
    for (uint64_t member = 5; member <= 7; member++) {
        sessions_release(&sessions, sessions_hold(&sessions, member, 0));
        ck_assert_uint_eq(sessions.lost, 0);
    }
    sessions_release(&sessions, sessions_hold(&sessions, 8, 0));
    ck_assert_uint_eq(sessions.lost, 1);
    held = sessions_hold(&sessions, 1, 0);
    ck_assert_uint_eq(sessions.session[held].state, SESSION_CLOSED);
    sessions_clear(&sessions);
    values_clear(&values);
}
END_TEST

START_TEST(test_values)
{
    struct api_text captured[3] = {{"abc", 3}, {NULL, 0}, {"defg", 4}};
    struct api_text read[3] = {{NULL, 0}};
    g_autofree char *big = g_strnfill(VALUES_BLOCK_MAX, 'x');
    struct values values;
    uint32_t handle = VALUES_NONE;

    ck_assert(values_init(&values, 2));
    ck_assert(values_put(&values, &handle, captured, 3, 1)); /* the first alone */
    values_get(&values, handle, read);
    ck_assert_uint_eq(read[0].size, 3);
    ck_assert_ptr_null(read[2].text);
    captured[0] = (struct api_text){NULL, 0};
    captured[1] = (struct api_text){big, 5000};
    ck_assert(values_put(&values, &handle, captured, 3, 7));
    values_get(&values, handle, read);
    ck_assert_mem_eq(read[0].text, "abc", 3);
    ck_assert_uint_eq(read[1].size, 5000);
    ck_assert_mem_eq(read[2].text, "defg", 4);
    captured[2] = (struct api_text){big, VALUES_BLOCK_MAX};
    const uint32_t before = handle;
    ck_assert(!values_put(&values, &handle, captured, 3, 7));
    ck_assert_uint_eq(handle, before);
    for (int i = 0; i < 1000; i++) { /* blocks are used again */
        values_drop(&values, handle);
        handle = VALUES_NONE;
        captured[2] = (struct api_text){big, (uint32_t)(i * 10)};
        ck_assert(values_put(&values, &handle, captured, 3, 4));
    }
    ck_assert_uint_le(values_memory(&values), 2 * 2 * VALUES_BLOCK_MAX);
    values_clear(&values);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_once_a_member,
                                  test_others_wait,
                                  test_renewed_on_401,
                                  test_renewed_once_only,
                                  test_ends_by_the_clock,
                                  test_failing_log_in,
                                  test_renewal_is_no_retry,
                                  test_half_a_log_in,
                                  test_nobody_known,
                                  test_table_is_bounded,
                                  test_values};
    Suite *suite = suite_create("worker_session");
    TCase *cases = tcase_create("worker_session");

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
