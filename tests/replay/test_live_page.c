/* The live page as a browser shows it: headless Chromium opens it while numbers come, and its
 * document is read. Skipped (77) where there is no Chromium.
 */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "replay/live.h"
#include "replay/live_numbers.h"

#define WATCH_US (2 * G_USEC_PER_SEC)
#define PATIENCE_US (120 * G_USEC_PER_SEC)

static char *browser, *profile;
static struct live_numbers numbers;

static void stop(void *user) { (void)user; }

static void setup(void)
{
    profile = g_dir_make_tmp("omosim-chromium-XXXXXX", NULL);
    live_numbers_open(&numbers, 20);
}

static void teardown(void)
{
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", profile);

    live_numbers_close(&numbers);
    g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL);
    g_free(profile);
}

/* Opens the page with one more option of the browser, and goes on with the run meanwhile: it ends
 * once the page has been open for WATCH_US, or has ended before. Returns what the browser printed. */
static char *browse(Live *live, const char *option, gboolean ended)
{
    g_autofree char *user_data = g_strconcat("--user-data-dir=", profile, NULL);
    g_autofree char *path = g_build_filename(profile, "out", NULL);
    const char *argv[] = {"sh",
                          "-c",
                          "out=$1; shift; exec \"$@\" >\"$out\" 2>/dev/null",
                          "sh",
                          path,
                          browser,
                          "--headless",
                          "--no-sandbox",
                          "--disable-gpu",
                          "--disable-dev-shm-usage",
                          "--hide-scrollbars",
                          user_data,
                          "--virtual-time-budget=3000",
                          option,
                          live_url(live),
                          NULL};
    int64_t began_us = g_get_monotonic_time(), opened_us = 0;
    char *text = NULL;
    GPid pid;

    ck_assert(g_spawn_async(NULL, (char **)argv, NULL,
                            G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                            NULL));
    while (waitpid(pid, NULL, WNOHANG) == 0) {
        int64_t now_us = g_get_monotonic_time();
        if (opened_us == 0 && live_watchers(live) > 0)
            opened_us = now_us;
        if (now_us - began_us > PATIENCE_US) {
            kill(pid, SIGKILL);
            waitpid(pid, NULL, 0);
            ck_abort_msg("the browser does not end");
        }
        if (!ended && opened_us != 0 && now_us - opened_us > WATCH_US) {
            ended = TRUE;
            numbers.now.requests = 31000;
        }
        if (ended)
            live_end(live, &numbers.now, numbers.all, "FAILED: p99<10ms was 20.1 ms");
        else
            live_update(live, &numbers.now, numbers.all);
        g_usleep(100000);
    }
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static Live *start(void)
{
    const struct live_about about = {.title = "shop.plan at 1,000 journeys a second",
                                     .mode = "open loop, rate",
                                     .target = "http://127.0.0.1:8080",
                                     .stop = stop};
    g_autoptr(GError) error = NULL;
    Live *live = live_start("0", &about, &error);

    ck_assert_msg(live != NULL, "%s", error != NULL ? error->message : "");
    return live;
}

static void check_number(const char *dom, const char *id, const char *value, const char *text)
{
    g_autofree char *pattern =
        g_strdup_printf("<b id=\"%s\"[^>]*data-value=\"%s\"[^>]*>%s</b>", id, value, text);

    ck_assert_msg(g_regex_match_simple(pattern, dom, (GRegexCompileFlags)0, (GRegexMatchFlags)0),
                  "no %s in the page: %s", pattern, dom);
}

static void check_shown(const char *dom)
{
    check_number(dom, "rate", "1000", "1,000");
    check_number(dom, "p50", "4.05", "4.05 ms");
    check_number(dom, "p99", "20.05", "20.1 ms");
    check_number(dom, "errors", "5", "5");
    check_number(dom, "in_flight", "7", "7");
    check_number(dom, "connections", "64", "64");
    ck_assert_ptr_nonnull(strstr(dom, "<td>timeout</td><td>3</td>"));
    ck_assert_ptr_nonnull(strstr(dom, "<td>bad status</td><td>2</td>"));
    ck_assert_ptr_nonnull(strstr(dom, "FAILED: p99&lt;10ms was 20.1 ms"));
    ck_assert_ptr_nonnull(strstr(dom, "disabled=\"\">Ended"));
}

/* The page follows a run to its end. */
START_TEST(test_followed)
{
    g_autoptr(Live) live = start();
    g_autofree char *dom = browse(live, "--dump-dom", FALSE);

    check_shown(dom);
    check_number(dom, "requests", "31000", "31,000");
}
END_TEST

/* The page is opened when all is over. */
START_TEST(test_ended)
{
    g_autoptr(Live) live = start();
    g_autofree char *dom = browse(live, "--dump-dom", TRUE);

    check_shown(dom);
    check_number(dom, "requests", "20000", "20,000");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("live page");
    TCase *tests = tcase_create("browser");
    SRunner *runner = srunner_create(suite);
    int failed;

    browser = g_find_program_in_path("chromium");
    if (browser == NULL) {
        g_printerr("no chromium: skipped\n");
        srunner_free(runner);
        return 77;
    }
    tcase_set_timeout(tests, 240);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_followed);
    tcase_add_test(tests, test_ended);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    g_free(browser);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
