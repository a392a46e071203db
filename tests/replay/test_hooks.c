/* Hooks with real processes: what is started, killed and run again at its time, what is noted of it,
 * and that nothing is left behind, even when the one who started it is killed. */
#include "replay/hooks.h"
#include "replay/pool.h"
#include "replay/process.h"
#include "shell/folder.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 30000

static const char *const no_texts[] = {NULL};
static GMutex lock;
static GString *notes; /* "what detail\n", in their order */
static int64_t noted_us[16];
static uint32_t noted_count;

static void on_note(void *user, int64_t at_us, const char *what, const char *detail)
{
    g_mutex_lock(&lock);
    ck_assert_ptr_eq(user, &lock);
    g_string_append_printf(notes, "%s %s\n", what, detail);
    noted_us[noted_count++ % G_N_ELEMENTS(noted_us)] = at_us;
    g_mutex_unlock(&lock);
}

static void set_up(void)
{
    folder_enter();
    notes = g_string_new(NULL);
    noted_count = 0;
}

static void tear_down(void)
{
    g_string_free(notes, TRUE);
    folder_leave();
}

static Hooks *make(const char *start, const char *kill_at, const char *restart_at,
                   const char *run_at)
{
    const char *const kills[] = {kill_at, NULL}, *const restarts[] = {restart_at, NULL};
    const char *const runs[] = {run_at, NULL};
    g_autoptr(GError) error = NULL;
    Hooks *hooks = hooks_new(start, kills, restarts, runs, &error);

    folder_assert_fine(error);
    return hooks;
}

/* The number in a file, once it is there and whole. */
static pid_t read_pid(const char *file)
{
    for (int ms = 0; ms < PATIENCE_MS; ms += 10) {
        g_autofree char *text = NULL;
        gsize size = 0;
        if (g_file_get_contents(file, &text, &size, NULL) && size > 1 && text[size - 1] == '\n')
            return (pid_t)atoi(text);
        g_usleep(10000);
    }
    ck_abort_msg("no %s", file);
    return 0;
}

/* Runs, and is not only a dead process that nobody has waited for. */
static bool runs(pid_t pid)
{
    g_autofree char *file = g_strdup_printf("/proc/%d/stat", (int)pid);
    g_autofree char *text = NULL;

    if (kill(pid, 0) != 0 || !g_file_get_contents(file, &text, NULL, NULL))
        return false;
    const char *state = strrchr(text, ')');
    return state != NULL && state[2] != 'Z' && state[2] != 'X';
}

static void wait_gone(pid_t pid)
{
    for (int ms = 0; ms < PATIENCE_MS; ms += 10) {
        if (!runs(pid))
            return;
        g_usleep(10000);
    }
    ck_abort_msg("process %d still runs", (int)pid);
}

static void wait_notes(uint32_t count)
{
    for (int ms = 0; ms < PATIENCE_MS; ms += 10) {
        g_mutex_lock(&lock);
        const bool there = noted_count >= count;
        g_mutex_unlock(&lock);
        if (there)
            return;
        g_usleep(10000);
    }
    ck_abort_msg("noted only: %s", notes->str);
}

/* ---- options --------------------------------------------------------------------------------- */

START_TEST(test_bad_options)
{
    static const struct {
        const char *start, *kill, *restart, *run, *error;
    } cases[] = {
        {NULL, "30s", NULL, NULL,
         "--kill-target-at 30s: which process? Give its number (30s=PID), or --start the target's "
         "command"},
        {NULL, "soon", NULL, NULL,
         "--kill-target-at: expected TIME[=PID], such as 30s or 30s=4711, found 'soon'"},
        {"x", "30s=", NULL, NULL,
         "--kill-target-at: expected TIME[=PID], such as 30s or 30s=4711, found '30s='"},
        {NULL, "30s=1", NULL, NULL,
         "--kill-target-at: expected TIME[=PID], such as 30s or 30s=4711, found '30s=1'"},
        {NULL, "30s=-7", NULL, NULL,
         "--kill-target-at: expected TIME[=PID], such as 30s or 30s=4711, found '30s=-7'"},
        {NULL, NULL, "5s", NULL,
         "--restart-target-at 5s: --start says with what command, and is missing"},
        {"x", NULL, "-5s", NULL, "--restart-target-at: expected a time such as 31s, found '-5s'"},
        {NULL, NULL, NULL, "10s",
         "--run-at: expected TIME=COMMAND, such as '10s=./fail_over.sh', found '10s'"},
        {NULL, NULL, NULL,
         "10s=", "--run-at: expected TIME=COMMAND, such as '10s=./fail_over.sh', found '10s='"},
        {"", NULL, NULL, NULL, "--start: expected a shell command, found ''"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *const kills[] = {cases[i].kill, NULL}, *const restarts[] = {cases[i].restart,
                                                                                NULL};
        const char *const runs_at[] = {cases[i].run, NULL};
        g_autoptr(GError) error = NULL;
        ck_assert_ptr_null(hooks_new(cases[i].start, kills, restarts, runs_at, &error));
        ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE));
        ck_assert_str_eq(error->message, cases[i].error);
    }
    g_autoptr(Hooks) none = hooks_new(NULL, NULL, NULL, NULL, NULL);
    ck_assert(!hooks_any(none));
    ck_assert(hooks_start_target(none, NULL) && hooks_target_lives(none, NULL));
}
END_TEST

/* ---- processes ------------------------------------------------------------------------------- */

START_TEST(test_start_and_end)
{
    g_autoptr(GError) error = NULL;
    Hooks *hooks = make("sleep 300 & echo $! >child; echo $$ >shell; wait", NULL, NULL, NULL);

    ck_assert(hooks_any(hooks));
    ck_assert(hooks_start_target(hooks, &error));
    const pid_t shell = read_pid("shell"), child = read_pid("child");
    ck_assert(runs(shell) && runs(child));
    ck_assert_int_ne(getpgid(child), getpgrp());
    ck_assert(hooks_target_lives(hooks, &error));
    hooks_free(hooks);
    ck_assert(!runs(shell) && !runs(child));
}
END_TEST

START_TEST(test_start_fails)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Hooks) hooks = make("exit 7", NULL, NULL, NULL);

    ck_assert(hooks_start_target(hooks, &error));
    for (int ms = 0; hooks_target_lives(hooks, &error) && ms < PATIENCE_MS; ms += 10)
        g_usleep(10000);
    ck_assert_ptr_nonnull(error);
    ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN));
    ck_assert_str_eq(error->message, "--start: 'exit 7' ended with status 7");
}
END_TEST

START_TEST(test_deaf_to_the_first_signal)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Guard) guard = guard_new(&error);
    Process *process =
        process_start(guard, "trap '' TERM; echo $$ >shell; while :; do sleep 1; done", &error);

    folder_assert_fine(error);
    const pid_t pid = read_pid("shell");
    ck_assert_int_eq(pid, process_id(process));
    process_end(process, 300);
    ck_assert(process_has_ended(process));
    g_autofree char *how = process_end_text(process);
    ck_assert_str_eq(how, "signal 9");
    ck_assert(!runs(pid));
    process_free(process);
}
END_TEST

/* ---- the schedule ---------------------------------------------------------------------------- */

START_TEST(test_kill_and_restart)
{
    g_autoptr(GError) error = NULL;
    const char *start = "echo $$ >>pids; exec sleep 300";
    Hooks *hooks = make(start, "200ms", "400ms", NULL);

    ck_assert(hooks_start_target(hooks, &error));
    const pid_t first = read_pid("pids");
    hooks_begin(hooks, clock_ns(), on_note, &lock);
    ck_assert(hooks_will_restart(hooks));
    wait_notes(2);
    g_autofree char *expected = g_strdup_printf("kill %s\nrestart %s\n", start, start);
    ck_assert_str_eq(notes->str, expected);
    ck_assert_int_ge(noted_us[0], 200000);
    ck_assert_int_ge(noted_us[1], 400000);
    ck_assert(!runs(first));
    ck_assert(hooks_target_lives(hooks, &error));
    ck_assert(!hooks_will_restart(hooks));
    g_autofree char *text = NULL;
    for (int ms = 0; ms < PATIENCE_MS; ms += 10) { /* until the second one has written, too */
        g_clear_pointer(&text, g_free);
        if (g_file_get_contents("pids", &text, NULL, NULL) && strchr(text, '\n') != NULL &&
            strchr(strchr(text, '\n') + 1, '\n') != NULL)
            break;
        g_usleep(10000);
    }
    const pid_t second = (pid_t)atoi(strchr(text, '\n') + 1);
    ck_assert(second != first && runs(second));
    ck_assert_uint_eq(hooks_end(hooks), 0);
    hooks_free(hooks);
    ck_assert(!runs(second));
}
END_TEST

START_TEST(test_kill_by_number)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Guard) guard = guard_new(&error);
    Process *other = process_start(guard, "exec sleep 300", &error);
    g_autofree char *at = g_strdup_printf("0s=%d", (int)process_id(other));
    Hooks *hooks = make(NULL, at, NULL, NULL);

    ck_assert(hooks_start_target(hooks, &error)); /* there is nothing to start */
    hooks_begin(hooks, clock_ns(), on_note, &lock);
    wait_notes(1);
    g_autofree char *expected = g_strdup_printf("kill process %d\n", (int)process_id(other));
    ck_assert_str_eq(notes->str, expected);
    wait_gone(process_id(other));
    hooks_free(hooks);

    const pid_t gone = process_id(other);
    process_free(other); /* waited for: there is no such process any more */
    g_string_truncate(notes, 0);
    noted_count = 0;
    ck_assert_int_ne(kill(gone, 0), 0);
    hooks = make(NULL, at, NULL, NULL);
    hooks_begin(hooks, clock_ns(), on_note, &lock);
    wait_notes(1);
    ck_assert_ptr_nonnull(strstr(notes->str, ": No such process\n"));
    hooks_free(hooks);
}
END_TEST

START_TEST(test_run_at)
{
    g_autoptr(GError) error = NULL;
    const char *const runs_at[] = {"300ms=echo late >done; exit 3", "100ms=sleep 300",
                                   "1h=echo never >never", NULL};
    Hooks *hooks = hooks_new(NULL, NULL, NULL, runs_at, &error);

    folder_assert_fine(error);
    hooks_begin(hooks, clock_ns(), on_note, &lock);
    wait_notes(1);
    ck_assert_str_eq(notes->str, "run echo late >done; exit 3: status 3\n");
    ck_assert_int_ge(noted_us[0], 300000);
    ck_assert(g_file_test("done", G_FILE_TEST_EXISTS));
    ck_assert_uint_eq(hooks_end(hooks), 1);
    ck_assert_str_eq(notes->str,
                     "run echo late >done; exit 3: status 3\nrun sleep 300: still running\n");
    hooks_free(hooks);
    ck_assert(!g_file_test("never", G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(test_exit_is_noted)
{
    g_autoptr(GError) error = NULL;
    Hooks *hooks = make("while [ ! -e enough ]; do sleep 0.02; done; exit 5", NULL, NULL, NULL);

    ck_assert(hooks_start_target(hooks, &error));
    hooks_begin(hooks, clock_ns(), on_note, &lock);
    folder_write("enough", "");
    wait_notes(1);
    ck_assert_str_eq(notes->str,
                     "exit while [ ! -e enough ]; do sleep 0.02; done; exit 5: status 5\n");
    hooks_free(hooks);
}
END_TEST

/* ---- the guard ------------------------------------------------------------------------------- */

/* Starts a target and is killed. */
START_TEST(test_killed_starter)
{
    const pid_t starter = fork();

    if (starter == 0) {
        Hooks *hooks = hooks_new("sleep 300 & echo $! >child; echo $$ >shell; wait", no_texts,
                                 no_texts, no_texts, NULL);
        hooks_start_target(hooks, NULL);
        read_pid("shell");
        kill(getpid(), SIGKILL);
    }
    const pid_t shell = read_pid("shell"), child = read_pid("child");
    while (waitpid(starter, NULL, 0) < 0 && errno == EINTR) {
    }
    wait_gone(child);
    wait_gone(shell);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hooks");
    TCase *tests = tcase_create("hooks");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, test_bad_options);
    tcase_add_test(tests, test_start_and_end);
    tcase_add_test(tests, test_start_fails);
    tcase_add_test(tests, test_deaf_to_the_first_signal);
    tcase_add_test(tests, test_kill_and_restart);
    tcase_add_test(tests, test_kill_by_number);
    tcase_add_test(tests, test_run_at);
    tcase_add_test(tests, test_exit_is_noted);
    tcase_add_test(tests, test_killed_starter);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
