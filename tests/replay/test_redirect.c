/* Redirects that are followed within a request: where they lead, as what, and what is counted. */
#include "replay/certificates.h"
#include "replay/load_case.h"
#include "replay/nginx_tls.h"

#include <check.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define MS INT64_C(1000000)

static struct peer *server;
static atomic_uint fails;

static void answer(int fd, int status, const char *location)
{
    g_autofree char *line =
        location != NULL ? g_strdup_printf("Location: %s\r\n", location) : g_strdup("");
    g_autofree char *text =
        g_strdup_printf("HTTP/1.1 %d X\r\n%sContent-Length: 0\r\n\r\n", status, line);

    peer_write(fd, text);
}

/* "POST /end[{}]+type": what was asked, its body, and whether it says what that is. */
static char *log_request(const char *request)
{
    g_auto(GStrv) word = g_strsplit(request, " ", 3);
    const char *body = strstr(request, "\r\n\r\n") + 4;
    g_autofree char *line =
        g_strdup_printf("%s %s[%s]%s ", word[0], word[1], body,
                        strstr(request, "\r\nContent-Type:") != NULL ? "+type" : "");

    load_case_log(line);
    return g_strdup(word[1]);
}

static const struct {
    const char *path, *location;
} moved[] = {
    {"/relative/a", "b"},
    {"/relative/b", "../end"},
    {"/query?a=1", "?b=2#there"},
    {"/loop", "/loop"},
    {"/v1/based", "next"},
    {"/v1/next", "/end"},
    {"/foreign", "//b.invalid/end"},
    {"/other", "https://127.0.0.1/end"},
    {"/lost", "/silent"},
    {"/failing", "/fails"},
    {"/renewed", "/denied"},
};

static void serve(struct peer *peer, int fd, uint32_t turn)
{
    char request[1024];

    (void)turn;
    while (peer_read(peer, fd, request, sizeof request)) {
        g_autofree char *path = log_request(request);
        const char *location = NULL;
        for (size_t i = 0; i < G_N_ELEMENTS(moved); i++)
            if (strcmp(path, moved[i].path) == 0)
                location = moved[i].location;
        g_autofree char *own = g_strconcat(peer_url(server), "/end", NULL);
        if (location != NULL)
            answer(fd, 302, location);
        else if (g_str_has_prefix(path, "/status/"))
            answer(fd, atoi(path + strlen("/status/")), "/end");
        else if (strcmp(path, "/absolute") == 0)
            answer(fd, 302, own);
        else if (strcmp(path, "/nowhere") == 0)
            answer(fd, 302, NULL);
        else if (strcmp(path, "/fails") == 0 && fails > 0 && fails-- > 0)
            answer(fd, 503, NULL);
        else if (strcmp(path, "/denied") == 0 && fails > 0 && fails-- > 0)
            answer(fd, 401, NULL);
        else if (strcmp(path, "/silent") == 0)
            peer_wait_end(fd);
        else if (g_str_has_prefix(path, "/slow"))
            peer_sleep_ms(200), answer(fd, strlen(path) < 6 ? 302 : 200, "/slower");
        else
            answer(fd, 200, NULL);
    }
}

static void open_map(struct load_case *c, const char *map, const char *base, uint32_t redirects)
{
    fails = 0;
    server = peer_start(PEER_IPV4, serve);
    g_autofree char *url = g_strconcat(peer_url(server), base, NULL);
    load_case_open(c, map, url);
    c->options.redirects = redirects;
}

/* A journey of one request, "METHOD PATH", with a body when it is a POST. */
static void open_request(struct load_case *c, const char *request, const char *more,
                         uint32_t redirects)
{
    g_auto(GStrv) word = g_strsplit(request, " ", 2);
    const bool posts = strcmp(word[0], "POST") == 0;
    g_autofree char *map =
        g_strdup_printf("api: 1\nname: test\nsteps:\n  browse: {method: %s, path: '%s'%s%s}\n",
                        word[0], word[1],
                        posts ? ", body: '{}', headers: {Content-Type: application/json}" : "",
                        more);

    open_map(c, map, "", redirects);
    load_case_journey(c, 0, 0, 0, 1, "browse");
}

static void finish(struct load_case *c)
{
    ck_assert_msg(c->error == NULL, "%s", c->error != NULL ? c->error->message : "");
    load_case_close(c);
    peer_stop(server);
}

static void check(const struct load_case *c, enum outcome outcome, uint64_t redirects)
{
    ck_assert_uint_eq(load_case_outcome(c, outcome), 1);
    ck_assert_uint_eq(c->result->intended_requests, 1);
    ck_assert_uint_eq(measure_all_requests(c->result->all, MEASURE_TOTAL), 1);
    ck_assert_uint_eq(load_case_count(c, MEASURE_REDIRECTS), redirects);
    ck_assert_uint_eq(load_case_count(c, MEASURE_RETRIES), 0);
}

START_TEST(test_methods)
{
    static const struct {
        const char *request, *then;
    } cases[] = {
        {"GET /status/301", "GET /end[]"},          {"GET /status/302", "GET /end[]"},
        {"GET /status/303", "GET /end[]"},          {"GET /status/307", "GET /end[]"},
        {"GET /status/308", "GET /end[]"},          {"POST /status/301", "GET /end[]"},
        {"POST /status/302", "GET /end[]"},         {"POST /status/303", "GET /end[]"},
        {"POST /status/307", "POST /end[{}]+type"}, {"POST /status/308", "POST /end[{}]+type"},
        {"HEAD /status/302", "HEAD /end[]"},        {"HEAD /status/303", "HEAD /end[]"},
        {"DELETE /status/302", "DELETE /end[]"},    {"DELETE /status/303", "GET /end[]"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct load_case c;
        open_request(&c, cases[i].request, "", 1);
        load_case_run(&c, NULL, NULL);
        check(&c, OUTCOME_ok, 1);
        ck_assert_uint_eq(load_case_log_count(), 2);
        ck_assert_str_eq(load_case_log_at(1)->line, cases[i].then);
        finish(&c);
    }
}
END_TEST

START_TEST(test_places)
{
    static const struct {
        const char *request, *last;
        uint64_t redirects;
    } cases[] = {
        {"GET /relative/a", "GET /end[]", 2},
        {"GET /query?a=1", "GET /query?b=2[]", 1},
        {"GET /absolute", "GET /end[]", 1},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct load_case c;
        open_request(&c, cases[i].request, "", 5);
        load_case_run(&c, NULL, NULL);
        check(&c, OUTCOME_ok, cases[i].redirects);
        ck_assert_str_eq(load_case_log_at(load_case_log_count() - 1)->line, cases[i].last);
        finish(&c);
    }
}
END_TEST

/* A path of the answer is whole: the target's base path is not put before it again. */
START_TEST(test_base_path)
{
    struct load_case c;

    open_map(&c, "api: 1\nname: test\nsteps:\n  browse: {path: /based}\n", "/v1", 5);
    load_case_journey(&c, 0, 0, 0, 1, "browse");
    load_case_run(&c, NULL, NULL);
    check(&c, OUTCOME_ok, 2);
    ck_assert_str_eq(load_case_log_at(1)->line, "GET /v1/next[]");
    ck_assert_str_eq(load_case_log_at(2)->line, "GET /end[]");
    finish(&c);
}
END_TEST

START_TEST(test_not_followed)
{
    static const struct {
        const char *request, *more;
        uint32_t redirects, followed;
        enum outcome outcome;
    } cases[] = {
        {"GET /loop", "", 3, 3, OUTCOME_bad_status},
        {"GET /relative/a", "", 1, 1, OUTCOME_bad_status},
        {"GET /foreign", "", 3, 0, OUTCOME_bad_status},
        {"GET /other", "", 3, 0, OUTCOME_bad_status},
        {"GET /nowhere", "", 3, 0, OUTCOME_bad_status},
        {"GET /status/304", "", 3, 0, OUTCOME_bad_status},
        {"GET /status/302", "", 0, 0, OUTCOME_bad_status},
        {"GET /status/302", ", expect: [302]", 3, 0, OUTCOME_ok},
        {"GET /status/302", ", refused: [302]", 3, 0, OUTCOME_refused},
        {"GET /status/302", ", expect: [302], check: [{header: Location, is: /end}]", 3, 0,
         OUTCOME_ok},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct load_case c;
        open_request(&c, cases[i].request, cases[i].more, cases[i].redirects);
        load_case_run(&c, NULL, NULL);
        check(&c, cases[i].outcome, cases[i].followed);
        ck_assert_uint_eq(load_case_log_count(), 1 + cases[i].followed);
        finish(&c);
    }
}
END_TEST

START_TEST(test_clocks)
{
    struct load_case c;

    open_request(&c, "GET /slow", "", 1);
    load_case_run(&c, NULL, NULL);
    check(&c, OUTCOME_ok, 1);
    const struct measure_row *row = measure_all_row(c.result->all, STEP_browse);
    ck_assert_double_ge(load_case_response_ms(&c, STEP_browse, 500000), 390);
    ck_assert_int_ge(omo_histogram_quantile(row->clock[MEASURE_SERVICE], 500000), 390 * MS);
    ck_assert_int_lt(omo_histogram_quantile(row->clock[MEASURE_LATENESS], 500000), 190 * MS);
    ck_assert_int_lt(omo_histogram_quantile(c.result->own_lateness, 500000), 190 * MS);
    finish(&c);
}
END_TEST

START_TEST(test_recorded)
{
    for (uint32_t redirects = 0; redirects <= 1; redirects++) {
        struct load_case c;
        open_map(&c, NULL, "", redirects);
        load_case_get(&c, 0, "/status/302");
        load_case_run(&c, NULL, NULL);
        check(&c, OUTCOME_ok, redirects);
        ck_assert_uint_eq(load_case_log_count(), 1 + redirects);
        finish(&c);
    }
}
END_TEST

/* The second answer never comes: time-out first, then the end of the run. */
START_TEST(test_lost)
{
    struct load_case c;

    open_request(&c, "GET /lost", "", 2);
    c.options.timeout_ns = 200 * MS;
    load_case_run(&c, NULL, NULL);
    check(&c, OUTCOME_timeout, 1);
    finish(&c);
    open_request(&c, "GET /lost", "", 2);
    c.options.drain_ns = 1000 * MS;
    load_case_run(&c, NULL, NULL);
    check(&c, OUTCOME_cut_off, 1);
    finish(&c);
}
END_TEST

/* A try again begins where the first one did. */
START_TEST(test_retried)
{
    struct load_case c;

    open_request(&c, "GET /failing", ", on_failure: retry, retry: {times: 2, backoff: 1ms}", 1);
    fails = 2;
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 1);
    ck_assert_uint_eq(load_case_count(&c, MEASURE_RETRIES), 2);
    ck_assert_uint_eq(load_case_count(&c, MEASURE_REDIRECTS), 3);
    ck_assert_uint_eq(load_case_log_find("GET /failing[]"), 3);
    ck_assert_uint_eq(load_case_log_find("GET /fails[]"), 3);
    finish(&c);
}
END_TEST

/* A log-in that is sent on, and a request that is sent on to where the session has ended. */
START_TEST(test_sessions)
{
    struct load_case c;

    open_map(&c,
             "api: 1\nname: test\nsession: {valid_for: 10min, renew_on: [401]}\nsteps:\n"
             "  log_in: {method: POST, path: /status/303, body: '{}'}\n"
             "  browse: {path: /renewed}\n",
             "", 3);
    load_case_journey(&c, 0, 7, 0, 1, "browse");
    fails = 1;
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 3);
    ck_assert_uint_eq(load_case_count(&c, MEASURE_LOG_INS), 2);
    ck_assert_uint_eq(load_case_count(&c, MEASURE_REDIRECTS), 4);
    ck_assert_uint_eq(load_case_log_find("POST /status/303[{}]+type"), 2);
    ck_assert_uint_eq(load_case_log_find("GET /end[]"), 2);
    ck_assert_uint_eq(load_case_log_find("GET /renewed[]"), 2);
    ck_assert_uint_eq(load_case_log_find("GET /denied[]"), 2);
    finish(&c);
}
END_TEST

START_TEST(test_many)
{
    struct load_case c;

    open_request(&c, "GET /relative/a", "", 2);
    for (uint32_t i = 1; i < 300; i++)
        load_case_journey(&c, i / 10, 0, 0, 1, "browse browse");
    c.options.pool.links_max = 20;
    load_case_run(&c, NULL, NULL);
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 599);
    ck_assert_uint_eq(load_case_count(&c, MEASURE_REDIRECTS), 1198);
    ck_assert_uint_eq(load_case_log_find("GET /end[]"), 599);
    finish(&c);
}
END_TEST

/* A real service, which names itself in its Location headers. */
START_TEST(test_http2)
{
    if (!nginx_tls_is_installed())
        return;
    struct certificates *certificates = certificates_new();
    struct nginx_tls *nginx =
        nginx_tls_start(&(struct nginx_tls_options){.certificate = certificates->good,
                                                    .key = certificates->good_key,
                                                    .core = -1});
    struct load_case c;

    load_case_open(
        &c,
        "api: 1\nname: test\nsteps:\n"
        "  browse: {method: POST, path: /kept, body: '{}', check: [{contains: posted}]}\n",
        nginx->http2);
    c.target->http2_prior = true;
    c.options.redirects = 2;
    for (uint32_t i = 0; i < 50; i++)
        load_case_journey(&c, i, 0, 0, 1, "browse");
    load_case_run(&c, NULL, NULL);
    ck_assert_msg(c.error == NULL, "%s", c.error != NULL ? c.error->message : "");
    ck_assert_uint_eq(load_case_outcome(&c, OUTCOME_ok), 50);
    ck_assert_uint_eq(load_case_count(&c, MEASURE_REDIRECTS), 100);
    load_case_close(&c);
    nginx_tls_stop(nginx);
    certificates_free(certificates);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_methods,  test_places,   test_base_path, test_not_followed,
                                  test_clocks,   test_recorded, test_lost,      test_retried,
                                  test_sessions, test_many,     test_http2};
    Suite *suite = suite_create("redirect");
    TCase *cases = tcase_create("redirect");

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
