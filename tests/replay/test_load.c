/* Whole runs: what is counted, what is judged, what is refused before the start. */
#include "replay/load_case.h"
#include "replay/load_private.h" /* when the run began, by the server's clock */

#include <check.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>

#define MS INT64_C(1000000)
#define S (1000 * MS)

static atomic_int freeze_at, freeze_ms; /* the request that finds the server frozen, and how long */
static atomic_int request_count;
static _Atomic int64_t freeze_end_ns;

static void serve(struct peer *peer, int fd, uint32_t turn)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    char request[512];

    (void)turn;
    while (peer_read(peer, fd, request, sizeof request)) {
        const uint32_t logged = load_case_log(request);
        if (++request_count == freeze_at)
            freeze_end_ns = clock_ns() + freeze_ms * MS;
        while (clock_ns() < freeze_end_ns)
            peer_sleep_ms(1);
        load_case_log_answer(logged);
        peer_write(fd, text);
    }
}

static struct peer *begin(struct load_case *c, const char *map, int at, int ms)
{
    freeze_at = at;
    freeze_ms = ms;
    freeze_end_ns = 0;
    request_count = 0;
    struct peer *peer = peer_start(PEER_IPV4, serve);
    load_case_open(c, map, peer_url(peer));
    return peer;
}

static void finish(struct load_case *c, struct peer *peer)
{
    load_case_close(c);
    peer_stop(peer);
}

static void assert_no_error(const struct load_case *c)
{
    ck_assert_msg(c->error == NULL, "%s", c->error != NULL ? c->error->message : "");
}

static void set_rate(struct load_case *c, struct load_stage *stage, double rate, int64_t length_ns)
{
    *stage = (struct load_stage){length_ns, rate, rate};
    c->options.mode = LOAD_RATE;
    c->options.stages = stage;
    c->options.stage_count = 1;
}

static uint64_t sum_of_outcomes(const struct load_case *c)
{
    uint64_t sum = 0;

    for (int i = 0; i < OUTCOME_COUNT; i++)
        sum += load_case_outcome(c, (enum outcome)i);
    return sum;
}

static int compare_times(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* From the server's own log: what request N waited from 2 N ms of the run on until it was answered,
 * of which `share_ppm` waited less. */
static double true_response_ms(const struct load_case *c, uint32_t share_ppm)
{
    const uint32_t count = load_case_log_count();
    g_autofree int64_t *waited = g_new(int64_t, count);

    for (uint32_t i = 0; i < count; i++) {
        const struct load_case_arrival *a = load_case_log_at(i);
        const int64_t number = strtoll(a->line + strlen("GET /"), NULL, 10);
        waited[i] = a->answered_ns - c->load->run.start_ns - number * 2 * MS;
    }
    qsort(waited, count, sizeof *waited, compare_times);
    return (double)waited[(uint64_t)count * share_ppm / 1000000] / 1e6;
}

/* A server frozen for 500 ms of a run of 4 s at 500/s: 250 requests find it so. In open loop each of
 * them shows what its customer waited; in a closed loop each connection sends one request and waits,
 * so a handful of slow ones are all that is seen. */
START_TEST(test_coordinated_omission)
{
    struct load_stage stage;
    struct load_case c;
    struct peer *peer = begin(&c, NULL, 1000, 500);

    for (uint32_t i = 0; i < 2000; i++) {
        g_autofree char *path = g_strdup_printf("/%u", i);
        load_case_get(&c, i * 2, path);
    }
    set_rate(&c, &stage, 500, 4 * S);
    c.options.pool.links_max = 8;
    load_case_run(&c, NULL, NULL);
    assert_no_error(&c);
    ck_assert_uint_eq(c.result->intended_requests, 2000);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 2000);
    const double p99 = load_case_response_ms(&c, MEASURE_TOTAL, 990000);
    ck_assert_double_ge(p99, 459); /* request 1000 waits 500 ms, each one after it 2 ms less */
    ck_assert_double_eq_tol(p99, true_response_ms(&c, 990000), 0.05 * p99);
    ck_assert_double_eq_tol(load_case_response_ms(&c, MEASURE_TOTAL, 950000),
                            true_response_ms(&c, 950000), 0.05 * p99);
    finish(&c, peer);

    peer = begin(&c, NULL, 1000, 500);
    load_case_get(&c, 0, "/");
    c.options.mode = LOAD_CLOSED;
    c.options.users = 8;
    c.options.duration_ns = 2 * S;
    load_case_run(&c, NULL, NULL);
    assert_no_error(&c);
    ck_assert_uint_gt(load_case_outcome(&c, OUTCOME_ok), 1000);
    ck_assert_double_lt(load_case_response_ms(&c, MEASURE_TOTAL, 990000), p99 / 2);
    finish(&c, peer);
}
END_TEST

static void serve_silent(struct peer *peer, int fd, uint32_t turn)
{
    char request[512];

    (void)turn;
    peer_read(peer, fd, request, sizeof request);
    peer_wait_end(fd);
}

/* Nothing is answered: what was sent, what waited and what stood behind them in its journey. */
START_TEST(test_cut_off)
{
    static const char map[] = "api: 1\n"
                              "name: test\n"
                              "steps:\n"
                              "  browse: {path: /browse}\n"
                              "  search: {path: /search}\n";
    struct load_case c;
    struct peer *peer = peer_start(PEER_IPV4, serve_silent);

    load_case_open(&c, map, peer_url(peer));
    for (uint32_t i = 0; i < 10; i++)
        load_case_journey(&c, 0, 0, 0, i < 5 ? 10 : 100000, "browse search");
    c.options.pool.links_max = 3;
    c.options.duration_ns = 100 * MS;
    c.options.drain_ns = 200 * MS;
    load_case_run(&c, NULL, NULL);
    assert_no_error(&c);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_cut_off), 15);
    ck_assert_uint_eq(c.result->intended_requests, 15);
    ck_assert_uint_eq(load_case_journeys(&c, MEASURE_CUT_OFF), 10);
    ck_assert_double_ge(load_case_response_ms(&c, STEP_browse, 1), 299);
    finish(&c, peer);
}
END_TEST

/* Steps that are due long after the end are not waited for. */
START_TEST(test_nothing_left_to_do)
{
    static const char map[] = "api: 1\n"
                              "name: test\n"
                              "steps:\n"
                              "  browse: {path: /browse}\n"
                              "  search: {path: /search}\n";
    struct load_case c;
    struct peer *peer = begin(&c, map, 0, 0);

    for (uint32_t i = 0; i < 5; i++)
        load_case_journey(&c, i, 0, 0, 1000000, "browse search");
    c.options.duration_ns = 100 * MS;
    c.options.drain_ns = 300 * S;
    const int64_t begin_ns = clock_ns();
    load_case_run(&c, NULL, NULL);
    assert_no_error(&c);
    ck_assert_int_lt(clock_ns() - begin_ns, 60 * S);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 5);
    ck_assert_uint_eq(c.result->intended_requests, 5);
    ck_assert_uint_eq(load_case_journeys(&c, MEASURE_CUT_OFF), 5);
    finish(&c, peer);
}
END_TEST

START_TEST(test_shed)
{
    struct load_stage stage;
    struct load_case c;
    struct peer *peer = peer_start(PEER_IPV4, serve_silent);

    load_case_open(&c, NULL, peer_url(peer));
    load_case_get(&c, 0, "/");
    set_rate(&c, &stage, 1000, 100 * MS);
    c.options.journeys_max = 30;
    c.options.pool.waiting_max = 10;
    c.options.pool.links_max = 4;
    c.options.drain_ns = 100 * MS;
    load_case_run(&c, NULL, NULL);
    assert_no_error(&c);
    /* Of 100 requests 4 are sent, 10 wait; whoever else comes is shed at once. */
    ck_assert_uint_eq(sum_of_outcomes(&c), 100);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_cut_off), 14);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_shed), 86);
    ck_assert(!c.result->too_slow || strstr(c.result->too_slow_why, "in flight") == NULL);

    c.options.pool.waiting_max = 1000;
    load_case_run(&c, NULL, NULL);
    assert_no_error(&c);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_cut_off), 30);
    ck_assert_uint_eq(load_case_count(&c, MEASURE_SHED_JOURNEYS), 70);
    ck_assert(c.result->too_slow);
    ck_assert_str_eq(c.result->too_slow_why, "70 journeys were not begun: more than 30 in flight");
    finish(&c, peer);
}
END_TEST

/* Ten million a second from one thread: it can't, and says so. */
START_TEST(test_too_slow)
{
    struct load_stage stage;
    struct load_case c;
    struct peer *peer = begin(&c, NULL, 0, 0);

    load_case_get(&c, 0, "/");
    set_rate(&c, &stage, 1e7, 200 * MS);
    c.options.pool.links_max = 4;
    c.options.drain_ns = 0;
    load_case_run(&c, NULL, NULL);
    assert_no_error(&c);
    ck_assert_uint_eq(sum_of_outcomes(&c), 2000000);
    ck_assert_uint_eq(c.result->intended_requests, 2000000);
    ck_assert(c.result->too_slow);
    ck_assert_double_eq_tol(c.result->asked_rate, 1e7, 1);
    ck_assert_double_lt(c.result->held_rate, 5e6);
    finish(&c, peer);
}
END_TEST

static void stop_soon(void *user, Load *load)
{
    (void)user;
    if (load_case_log_count() >= 20)
        load_stop(load, "interrupted");
}

START_TEST(test_stopped)
{
    struct load_stage stage;
    struct load_case c;
    struct peer *peer = begin(&c, NULL, 0, 0);

    load_case_get(&c, 0, "/");
    set_rate(&c, &stage, 100, 3600 * S);
    load_case_run(&c, stop_soon, NULL);
    assert_no_error(&c);
    ck_assert(c.result->interrupted);
    ck_assert_str_eq(c.result->stop_reason, "interrupted");
    ck_assert_uint_ge(load_case_outcome(&c, OUTCOME_ok), 19);
    ck_assert_uint_eq(sum_of_outcomes(&c), c.result->intended_requests);
    ck_assert_int_lt(c.result->elapsed_ns, 60 * S);
    finish(&c, peer);
}
END_TEST

START_TEST(test_warm_up_is_left_out)
{
    struct load_stage stage;
    struct load_case c;
    struct peer *peer = begin(&c, NULL, 0, 0);

    load_case_get(&c, 0, "/");
    set_rate(&c, &stage, 100, S);
    c.options.warm_up_ns = 400 * MS;
    load_case_run(&c, NULL, NULL);
    assert_no_error(&c);
    ck_assert_uint_eq(sum_of_outcomes(&c), 60);
    ck_assert_uint_eq(measure_all_warm_up_requests(c.result->all), 40);
    ck_assert_uint_eq(c.result->intended_requests, 100);
    ck_assert_double_eq_tol(c.result->asked_rate, 100, 1e-6);
    finish(&c, peer);
}
END_TEST

START_TEST(test_file_limit)
{
    struct load_stage stage;
    struct load_case c;
    struct peer *peer = begin(&c, NULL, 0, 0);
    struct rlimit before;
    struct rlimit low;

    load_case_get(&c, 0, "/");
    set_rate(&c, &stage, 100, 50 * MS);
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    low = before;
    low.rlim_cur = 100;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
    c.options.pool.links_max = 300; /* the soft limit is raised */
    load_case_run(&c, NULL, NULL);
    assert_no_error(&c);
    low.rlim_max = 1024;
    low.rlim_cur = 100;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
    c.options.pool.links_max = 200000;
    load_case_run(&c, NULL, NULL);
    ck_assert_ptr_nonnull(c.error);
    ck_assert_ptr_nonnull(strstr(c.error->message,
                                 "200,000 connections asked for, the limit of open "
                                 "files is 1,024"));
    finish(&c, peer);
}
END_TEST

/* Text of all intended times, by journey and step. Caller frees. */
static char *read_intended(const char *path)
{
    static const char query[] = "SELECT journey, step, intended_us FROM request ORDER BY 1, 3, 2";
    GString *text = g_string_new(NULL);
    sqlite3 *db = NULL;
    sqlite3_stmt *rows = NULL;

    ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(db, query, -1, &rows, NULL), SQLITE_OK);
    while (sqlite3_step(rows) == SQLITE_ROW)
        g_string_append_printf(text, "%lld %d %lld\n", sqlite3_column_int64(rows, 0),
                               sqlite3_column_int(rows, 1), sqlite3_column_int64(rows, 2));
    sqlite3_finalize(rows);
    sqlite3_close(db);
    return g_string_free(text, FALSE);
}

/* Intended times depend on plan, rate and seed, not on answers or threads. */
START_TEST(test_intended_times_are_the_same)
{
    static const char map[] = "api: 1\n"
                              "name: test\n"
                              "steps:\n"
                              "  browse: [{path: /browse, takes: 3ms}, {path: /more}]\n"
                              "  search: {path: /search}\n";
    g_autofree char *first = NULL;
    struct load_stage stage;

    for (uint32_t threads = 1; threads <= 3; threads++) {
        struct load_case c;
        struct peer *peer = begin(&c, map, threads == 2 ? 100 : 0, 150);
        for (uint32_t i = 0; i < 100; i++)
            load_case_journey(&c, i * 1000, i % 13, 0, 7, "browse search");
        set_rate(&c, &stage, 200, S);
        c.options.poisson = true;
        c.options.seed = 11;
        c.options.threads = threads;
        g_autofree char *record = g_build_filename(c.folder, "record.db", NULL);
        c.options.record = record;
        load_case_run(&c, NULL, NULL);
        assert_no_error(&c);
        ck_assert_uint_eq(c.result->threads, threads);
        ck_assert_uint_eq(c.result->recorded, c.result->intended_requests);
        g_autofree char *text = read_intended(record);
        ck_assert_uint_gt(strlen(text), 1000);
        if (first == NULL)
            first = g_steal_pointer(&text);
        else
            ck_assert_str_eq(text, first);
        finish(&c, peer);
    }
}
END_TEST

START_TEST(test_closed_loop)
{
    static const char map[] = "api: 1\n"
                              "name: test\n"
                              "steps:\n"
                              "  browse: {path: /browse, think: 20ms}\n"
                              "  search: {path: /search}\n";
    struct load_case c;
    struct peer *peer = begin(&c, map, 0, 0);

    for (uint32_t i = 0; i < 40; i++)
        load_case_journey(&c, i * 100000, i, 0, 50000, "browse search");
    c.options.mode = LOAD_CLOSED;
    c.options.users = 4;
    load_case_run(&c, NULL, NULL); /* once through the plan */
    assert_no_error(&c);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 80);
    ck_assert_uint_le(c.result->journeys_in_flight_max, 4);
    ck_assert_int_ge(c.result->elapsed_ns, 200 * MS); /* 10 rounds of 20 ms */
    const struct measure_row *total = measure_all_row(c.result->all, MEASURE_TOTAL);
    ck_assert_double_eq_tol(omo_histogram_mean(total->clock[MEASURE_RESPONSE]),
                            omo_histogram_mean(total->clock[MEASURE_SERVICE]), 50e6);
    finish(&c, peer);
}
END_TEST

START_TEST(test_paces)
{
    for (int pace = LOAD_PACE_AUTO; pace <= LOAD_PACE_SPIN; pace++) {
        static const char *const names[] = {"timer", "timer", "tick", "spin"};
        struct load_stage stage;
        struct load_case c;
        struct peer *peer = begin(&c, NULL, 0, 0);
        load_case_get(&c, 0, "/");
        set_rate(&c, &stage, 500, 400 * MS);
        c.options.pace = (enum load_pace)pace;
        load_case_run(&c, NULL, NULL);
        assert_no_error(&c);
        ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 200);
        ck_assert_str_eq(c.result->pace, names[pace]);
        finish(&c, peer);
    }
}
END_TEST

/* A service some way off that closes what was idle for 600 ms without saying so: the closing takes
 * 300 ms to get here, and what is sent meanwhile is lost. The map knows. */
static void serve_impatiently(struct peer *peer, int fd, uint32_t turn)
{
    const struct timeval patience = {.tv_usec = 600000};

    (void)turn;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    while (peer_read(peer, fd, NULL, 0))
        peer_write(fd, PEER_ANSWER);
    peer_sleep_ms(300);
    peer_reset(fd);
}

START_TEST(test_connections_idle)
{
    static const char map[] = "api: 1\nname: test\nconnection: {idle: 300ms}\nsteps:\n"
                              "  pay: {method: POST, path: /pay, body: '{}'}\n";
    struct load_case c;
    struct peer *peer = peer_start(PEER_IPV4, serve_impatiently);

    load_case_open(&c, map, peer_url(peer));
    for (uint32_t i = 0; i < 20; i++) /* they come back while connections are being closed */
        load_case_journey(&c, i, 0, 1 + i, 700, "pay pay pay");
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 60);
    load_case_close(&c);
    peer_stop(peer);
}
END_TEST

START_TEST(test_nobody_listens)
{
    struct load_stage stage;
    struct load_case c;
    struct peer *peer = begin(&c, NULL, 0, 0);

    load_case_get(&c, 0, "/");
    set_rate(&c, &stage, 500, 200 * MS);
    peer_stop(peer);
    load_case_run(&c, NULL, NULL);
    assert_no_error(&c);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_connect_error), 100);
    load_case_close(&c);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_coordinated_omission,
                                  test_cut_off,
                                  test_nothing_left_to_do,
                                  test_shed,
                                  test_too_slow,
                                  test_stopped,
                                  test_warm_up_is_left_out,
                                  test_file_limit,
                                  test_intended_times_are_the_same,
                                  test_closed_loop,
                                  test_paces,
                                  test_connections_idle,
                                  test_nobody_listens};
    Suite *suite = suite_create("load");
    TCase *cases = tcase_create("load");

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
