/* The live page's server: what it tells, to whom, and who may stop the run.
 */
#include <jansson.h>
#include <stdlib.h>

#include "replay/live.h"
#include "replay/live_numbers.h"
#include "shell/web.h"

static struct live_numbers numbers;
static GMutex lock;
static uint32_t stops;

static void stop(void *user)
{
    ck_assert_ptr_eq(user, &stops);
    g_mutex_lock(&lock);
    stops++;
    g_mutex_unlock(&lock);
}

static Live *start(void)
{
    const struct live_about about = {.title = "<day> & night",
                                     .mode = "open loop, rate",
                                     .target = "http://127.0.0.1:1",
                                     .user = &stops,
                                     .stop = stop};
    g_autoptr(GError) error = NULL;
    Live *live = live_start("0", &about, &error);

    ck_assert_msg(live != NULL, "%s", error != NULL ? error->message : "");
    return live;
}

static void setup(void)
{
    stops = 0;
    live_numbers_open(&numbers, 20);
}

static void teardown(void) { live_numbers_close(&numbers); }

/* The JSON that a path answers with. */
static json_t *ask_json(Live *live, const char *path)
{
    g_autofree char *answer = web_ask(live_url(live), "GET", path, "");
    const char *body = strstr(answer, "\r\n\r\n");
    json_t *json = body != NULL ? json_loads(body, 0, NULL) : NULL;

    ck_assert_msg(json != NULL, "%s is no JSON: %s", path, answer);
    return json;
}

static double number_of(const json_t *state, const char *key)
{
    const json_t *value = json_object_get(state, key);

    ck_assert_msg(json_is_number(value), "%s is no number", key);
    return json_number_value(value);
}

START_TEST(test_state)
{
    g_autoptr(Live) live = start();
    json_t *before = ask_json(live, "/state.json"), *state, *errors;

    ck_assert(json_is_true(json_object_get(before, "running")));
    ck_assert_uint_eq(json_array_size(json_object_get(before, "history")), 0);
    live_update(live, &numbers.now, numbers.all);
    state = ask_json(live, "/state.json");
    ck_assert(number_of(state, "requests") == 20000);
    ck_assert(number_of(state, "errors") == 5);
    ck_assert(number_of(state, "elapsed_s") == 20);
    ck_assert(number_of(state, "total_s") == 60);
    ck_assert(number_of(state, "rate") == 1000);
    ck_assert(number_of(state, "p50_ms") == 4.05);
    ck_assert(number_of(state, "p99_ms") == 20.05);
    ck_assert(number_of(state, "in_flight") == 7);
    ck_assert(number_of(state, "connections") == 64);
    ck_assert(number_of(state, "waiting") == 3);
    ck_assert(number_of(state, "late_p99_ms") >= 0.05 && number_of(state, "late_p99_ms") < 0.051);
    ck_assert(json_is_null(json_object_get(state, "verdict")));
    errors = json_object_get(state, "errors_by");
    ck_assert_uint_eq(json_object_size(errors), 2);
    ck_assert(number_of(errors, "timeout") == 3);
    ck_assert(number_of(errors, "bad_status") == 2);
    ck_assert_uint_eq(json_array_size(json_object_get(state, "history")), 1);
    json_decref(before);
    json_decref(state);
}
END_TEST

START_TEST(test_page)
{
    g_autoptr(Live) live = start();
    g_autofree char *page = web_ask(live_url(live), "GET", "/", "");

    ck_assert_ptr_nonnull(strstr(page, "<title>&lt;day&gt; &amp; night</title>"));
    ck_assert_ptr_nonnull(strstr(page, "open loop, rate, against http://127.0.0.1:1"));
    ck_assert_ptr_nonnull(strstr(page, "</html>"));
    ck_assert_ptr_null(strstr(page, "{token}"));
    ck_assert_ptr_null(strstr(page, "{script}"));
    ck_assert_ptr_null(strstr(page, "src="));
    ck_assert_ptr_null(strstr(page, "<link"));
}
END_TEST

/* The token is in the page and nowhere else. */
START_TEST(test_stop)
{
    g_autoptr(Live) live = start();
    g_autofree char *page = web_ask(live_url(live), "GET", "/", "");
    const char *token = strstr(page, "token = '") + strlen("token = '");
    g_autofree char *line =
        g_strdup_printf("X-Omosim-Token: %.*s\r\n", (int)strcspn(token, "'"), token);
    g_autofree char *refused = web_ask(live_url(live), "POST", "/stop", "");
    g_autofree char *got = web_ask(live_url(live), "GET", "/stop", line), *taken = NULL;

    ck_assert_int_eq(web_status(refused), 403);
    ck_assert_int_eq(web_status(got), 405);
    ck_assert_uint_eq(stops, 0);
    taken = web_ask(live_url(live), "POST", "/stop", line);
    ck_assert_int_eq(web_status(taken), 202);
    ck_assert_uint_eq(stops, 1);
}
END_TEST

/* Each line of the metrics is a comment, or a name with a number. */
START_TEST(test_metrics)
{
    g_autoptr(Live) live = start();
    g_autoptr(GRegex) line = g_regex_new("^[a-zA-Z_:][a-zA-Z0-9_:]*(\\{[^}]*\\})? -?[0-9.e+-]+$|"
                                         "^# (HELP|TYPE) .+|^$|^[a-z_]+.* \\+Inf$",
                                         (GRegexCompileFlags)0, (GRegexMatchFlags)0, NULL);
    g_autofree char *answer = NULL;
    g_auto(GStrv) lines = NULL;
    uint32_t samples = 0;

    live_update(live, &numbers.now, numbers.all);
    answer = web_ask(live_url(live), "GET", "/metrics", "");
    ck_assert_ptr_nonnull(strstr(answer, "version=0.0.4"));
    lines = g_strsplit(strstr(answer, "\r\n\r\n") + 4, "\n", -1);
    for (uint32_t i = 0; lines[i] != NULL; i++) {
        ck_assert_msg(g_regex_match(line, lines[i], (GRegexMatchFlags)0, NULL), "line: %s",
                      lines[i]);
        samples += lines[i][0] != '\0' && lines[i][0] != '#';
    }
    ck_assert_uint_gt(samples, 20);
}
END_TEST

START_TEST(test_events)
{
    Live *live = start();
    int fd = web_connect(live_url(live));
    g_autofree char *first = NULL, *rest = NULL;

    web_send(fd, "GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    first = web_read(fd, "\"running\":true");
    live_update(live, &numbers.now, numbers.all);
    g_free(first);
    first = web_read(fd, "\"requests\":20000");
    ck_assert_ptr_nonnull(strstr(first, "event: state"));
    live_end(live, &numbers.now, numbers.all, "FAILED: \"p99\"\nwas late");
    live_free(live);
    rest = web_read(fd, NULL);
    ck_assert_ptr_nonnull(strstr(rest, "event: end\ndata: {\"running\":false"));
    ck_assert_ptr_nonnull(strstr(rest, "FAILED: \\\"p99\\\"\\nwas late"));
    close(fd);
}
END_TEST

/* The newest ten minutes are kept, a point a second; and a caller that ticks wildly is no matter. */
START_TEST(test_ticks)
{
    g_autoptr(Live) live = start();
    int64_t began_us = g_get_monotonic_time();
    json_t *state;

    for (int i = 0; i < 1000000; i++)
        live_update(live, &numbers.now, numbers.all);
    ck_assert_int_lt(g_get_monotonic_time() - began_us, 30000000);
    for (int i = 0; i < 700; i++) {
        numbers.now.elapsed_ns += 1000000000;
        live_end(live, &numbers.now, numbers.all, "again and again");
    }
    state = ask_json(live, "/state.json");
    ck_assert_uint_eq(json_array_size(json_object_get(state, "history")), 600);
    ck_assert(json_number_value(
                  json_array_get(json_array_get(json_object_get(state, "history"), 599), 0)) ==
              720);
    json_decref(state);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("live");
    TCase *tests = tcase_create("live");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_state);
    tcase_add_test(tests, test_page);
    tcase_add_test(tests, test_stop);
    tcase_add_test(tests, test_metrics);
    tcase_add_test(tests, test_events);
    tcase_add_test(tests, test_ticks);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
