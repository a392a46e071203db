/* Child processes with a limit on their time.
 *
 * The pictures are separate processes, so they are simply started together; a page of a dozen
 * takes as long as its slowest. A main context of our own waits for them: the caller may have one
 * running (the studio) that must not see our sources. What gnuplot prints goes to a file and not
 * to a pipe, so no child can block on a pipe that nobody reads.
 *
 * gnuplot is told to read no start-up files, and gets a fixed locale: the picture must not depend
 * on who draws it.
 */
#include "report/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "shell/diagnostic.h"

#define RUN_MESSAGE_SIZE_MAX 2000

struct run_child {
    GPid pid;
    const char *script;
    gboolean ended;
    int status;
};

struct run {
    GMainContext *context;
    GArray *children; /* struct run_child; never grows once watched */
    uint32_t open_count;
    gboolean timed_out;
};

gboolean gnuplot_find(const char *program, GError **ret_error)
{
    g_autofree char *path = g_find_program_in_path(program);

    if (path != NULL)
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                "%s: not found; the report's pictures need gnuplot (Debian package gnuplot-nox)",
                program);
    return FALSE;
}

void gnuplot_quote(GString *script, const char *text)
{
    g_string_append_c(script, '\'');
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\'')
            g_string_append_c(script, '\'');
        g_string_append_c(script, (unsigned char)*c < ' ' ? ' ' : *c);
    }
    g_string_append_c(script, '\'');
}

static void run_on_exit(GPid pid, int status, gpointer user)
{
    struct run *run = user;

    for (uint32_t i = 0; i < run->children->len; i++) {
        struct run_child *child = &g_array_index(run->children, struct run_child, i);
        if (child->pid == pid && !child->ended) {
            child->ended = TRUE;
            child->status = status;
            run->open_count--;
        }
    }
    g_spawn_close_pid(pid);
}

static gboolean run_on_timeout(gpointer user)
{
    struct run *run = user;

    run->timed_out = TRUE;
    return G_SOURCE_REMOVE;
}

static void run_watch(struct run *run, GSource *source)
{
    g_source_attach(source, run->context);
    g_source_unref(source);
}

static gboolean run_start(struct run *run, const char *program, const char *script,
                          GError **ret_error)
{
    const char *argv[] = {program, "-d", script, NULL};
    g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "LC_ALL", "C.UTF-8", TRUE);
    g_autofree char *messages = g_strconcat(script, ".err", NULL);
    g_autoptr(GError) error = NULL;
    struct run_child child = {.script = script};
    int fd = open(messages, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    gboolean started;

    if (fd < 0) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s", messages,
                    g_strerror(errno));
        return FALSE;
    }
    started = g_spawn_async_with_fds(NULL, (char **)argv, environment,
                                     G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH |
                                         G_SPAWN_STDOUT_TO_DEV_NULL,
                                     NULL, NULL, &child.pid, -1, -1, fd, &error);
    close(fd);
    if (!started) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s", program,
                    error->message);
        return FALSE;
    }
    g_array_append_val(run->children, child);
    run->open_count++;
    return TRUE;
}

/* Waits until all have ended; kills those that are left when `kill_now` or when time is over. */
static void run_wait(struct run *run, gboolean kill_now)
{
    gboolean killed = FALSE;

    while (run->open_count > 0) {
        if ((kill_now || run->timed_out) && !killed) {
            for (uint32_t i = 0; i < run->children->len; i++) {
                struct run_child *child = &g_array_index(run->children, struct run_child, i);
                if (!child->ended)
                    kill(child->pid, SIGKILL);
            }
            killed = TRUE;
        }
        g_main_context_iteration(run->context, TRUE);
    }
}

/* Sets the error of the first child that failed. */
static gboolean run_check(const struct run *run, uint32_t timeout_s, GError **ret_error)
{
    for (uint32_t i = 0; i < run->children->len; i++) {
        const struct run_child *child = &g_array_index(run->children, struct run_child, i);
        g_autofree char *messages = g_strconcat(child->script, ".err", NULL);
        g_autofree char *name = g_path_get_basename(child->script);
        g_autofree char *text = NULL;

        if (g_spawn_check_wait_status(child->status, NULL))
            continue;
        if (run->timed_out) {
            g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                        "gnuplot: %s is not drawn after %u s", name, timeout_s);
            return FALSE;
        }
        g_file_get_contents(messages, &text, NULL, NULL);
        text = text != NULL ? text : g_strdup("");
        if (strlen(text) > RUN_MESSAGE_SIZE_MAX)
            text[RUN_MESSAGE_SIZE_MAX] = '\0';
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                    "gnuplot failed on %s: %s", name, g_strstrip(text));
        return FALSE;
    }
    return TRUE;
}

gboolean gnuplot_run_all(const char *program, const GPtrArray *scripts, uint32_t timeout_s,
                         GError **ret_error)
{
    struct run run = {.context = g_main_context_new(),
                      .children = g_array_new(FALSE, TRUE, sizeof(struct run_child))};
    gboolean started = TRUE;
    GSource *timeout = g_timeout_source_new_seconds(timeout_s);

    for (uint32_t i = 0; started && i < scripts->len; i++)
        started = run_start(&run, program, g_ptr_array_index(scripts, i), ret_error);
    for (uint32_t i = 0; i < run.children->len; i++) {
        GSource *watch =
            g_child_watch_source_new(g_array_index(run.children, struct run_child, i).pid);
        g_source_set_callback(watch, G_SOURCE_FUNC(run_on_exit), &run, NULL);
        run_watch(&run, watch);
    }
    g_source_set_callback(timeout, run_on_timeout, &run, NULL);
    run_watch(&run, timeout);
    run_wait(&run, !started);
    g_main_context_unref(run.context);
    started = started && run_check(&run, timeout_s, ret_error);
    g_array_unref(run.children);
    return started;
}
