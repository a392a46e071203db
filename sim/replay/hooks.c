/* The schedule of hooks: a list sorted by time, and a thread that does what is due.
 *
 * The thread sleeps until the next hook or for LOOK_US, whichever comes first: commands are polled
 * for their end, since a handler of SIGCHLD would be the whole process's. All state is under one
 * lock, which the thread gives up only while it sleeps; a restart that has to wait for the old
 * process to end holds up later hooks, and the caller's questions, for as long.
 */
#include "replay/hooks.h"

#include "replay/pool.h"
#include "replay/process.h"
#include "shell/diagnostic.h"
#include "shell/units.h"

#include <errno.h>
#include <omosim/types.h>
#include <signal.h>
#include <string.h>

#define LOOK_US 20000

enum hook_kind { HOOK_KILL, HOOK_RESTART, HOOK_RUN };

struct hook {
    int64_t at_us;
    enum hook_kind kind;
    pid_t pid;           /* of HOOK_KILL; 0 = what --start started */
    const char *command; /* of HOOK_RUN; borrowed from the options' texts, which hooks keep */
};

struct running { /* a command of --run-at */
    int64_t at_us;
    const char *command;
    Process *process; /* kept to the end: it may have left others of its group running */
    bool noted;
};

struct hooks {
    char *start;
    GPtrArray *texts; /* char *: what hooks borrow */
    GArray *hook;     /* struct hook, by time */
    Guard *guard;     /* NULL until the first command */
    Process *target;  /* NULL = never started */
    bool exit_noted;  /* it has ended, and that is known */
    GArray *running;  /* struct running */
    uint32_t done;    /* hooks, from the first */
    int64_t begin_ns;
    GThread *thread; /* NULL = not begun, or ended */
    bool ending;
    GMutex lock;
    GCond wake;
    void (*noted)(void *user, int64_t at_us, const char *what, const char *detail);
    void *user;
};

/* ---- options --------------------------------------------------------------------------------- */

static gboolean set_usage(GError **ret_error, const char *option, const char *expected,
                          const char *text)
{
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                "--%s: expected %s, found '%s'", option, expected, text);
    return FALSE;
}

/* As other load options: a bare number is seconds, "2m" two minutes. */
static bool parse_time(const char *text, int64_t *ret_us)
{
    const size_t size = strlen(text);
    const bool minutes = size >= 2 && text[size - 1] == 'm' && g_ascii_isdigit(text[size - 2]);
    g_autofree char *spelt = g_strconcat(text, minutes ? "in" : "", NULL);

    return units_parse_duration_us(spelt, OMO_US_PER_SECOND, ret_us, NULL) && *ret_us >= 0 &&
           *ret_us < INT64_MAX / 4000;
}

/* "TIME" or "TIME=VALUE": *ret_value points behind the "=", NULL without one. */
static bool parse_hook(const char *text, int64_t *ret_us, const char **ret_value)
{
    const char *equals = strchr(text, '=');
    g_autofree char *time = equals != NULL ? g_strndup(text, equals - text) : g_strdup(text);

    *ret_value = equals != NULL ? equals + 1 : NULL;
    return parse_time(time, ret_us);
}

static const char *hooks_keep(Hooks *hooks, const char *text)
{
    char *kept = g_strdup(text);

    g_ptr_array_add(hooks->texts, kept);
    return kept;
}

static gboolean add_kill(Hooks *hooks, const char *text, GError **ret_error)
{
    struct hook hook = {.kind = HOOK_KILL};
    const char *value = NULL;
    guint64 pid = 0;

    if (!parse_hook(text, &hook.at_us, &value) ||
        (value != NULL && !g_ascii_string_to_unsigned(value, 10, 2, G_MAXINT32, &pid, NULL)))
        return set_usage(ret_error, "kill-target-at", "TIME[=PID], such as 30s or 30s=4711", text);
    if (value == NULL && hooks->start == NULL) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--kill-target-at %s: which process? Give its number (%s=PID), or --start the "
                    "target's command",
                    text, text);
        return FALSE;
    }
    hook.pid = (pid_t)pid;
    g_array_append_val(hooks->hook, hook);
    return TRUE;
}

static gboolean add_restart(Hooks *hooks, const char *text, GError **ret_error)
{
    struct hook hook = {.kind = HOOK_RESTART};

    if (!parse_time(text, &hook.at_us))
        return set_usage(ret_error, "restart-target-at", "a time such as 31s", text);
    if (hooks->start == NULL) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--restart-target-at %s: --start says with what command, and is missing", text);
        return FALSE;
    }
    g_array_append_val(hooks->hook, hook);
    return TRUE;
}

static gboolean add_run(Hooks *hooks, const char *text, GError **ret_error)
{
    struct hook hook = {.kind = HOOK_RUN};
    const char *value = NULL;

    if (!parse_hook(text, &hook.at_us, &value) || value == NULL || value[0] == '\0')
        return set_usage(ret_error, "run-at", "TIME=COMMAND, such as '10s=./fail_over.sh'", text);
    hook.command = hooks_keep(hooks, value);
    g_array_append_val(hooks->hook, hook);
    return TRUE;
}

static gboolean add_all(Hooks *hooks, const char *const *texts,
                        gboolean (*add)(Hooks *hooks, const char *text, GError **ret_error),
                        GError **ret_error)
{
    for (; texts != NULL && *texts != NULL; texts++)
        if (!add(hooks, *texts, ret_error))
            return FALSE;
    return TRUE;
}

static int by_time(const void *a, const void *b)
{
    const struct hook *x = a, *y = b;

    if (x->at_us != y->at_us)
        return x->at_us < y->at_us ? -1 : 1;
    return (int)x->kind - (int)y->kind; /* a kill before a restart */
}

Hooks *hooks_new(const char *start, const char *const *kills, const char *const *restarts,
                 const char *const *runs, GError **ret_error)
{
    g_autoptr(Hooks) hooks = g_new0(Hooks, 1);

    g_mutex_init(&hooks->lock);
    g_cond_init(&hooks->wake);
    hooks->start = g_strdup(start);
    hooks->texts = g_ptr_array_new_with_free_func(g_free);
    hooks->hook = g_array_new(FALSE, FALSE, sizeof(struct hook));
    hooks->running = g_array_new(FALSE, FALSE, sizeof(struct running));
    if (start != NULL && start[0] == '\0') {
        set_usage(ret_error, "start", "a shell command", start);
        return NULL;
    }
    if (!add_all(hooks, kills, add_kill, ret_error) ||
        !add_all(hooks, restarts, add_restart, ret_error) ||
        !add_all(hooks, runs, add_run, ret_error))
        return NULL;
    g_array_sort(hooks->hook, by_time);
    return g_steal_pointer(&hooks);
}

void hooks_free(Hooks *hooks)
{
    if (hooks == NULL)
        return;
    hooks_end(hooks);
    for (guint i = 0; i < hooks->running->len; i++)
        process_free(g_array_index(hooks->running, struct running, i).process);
    process_free(hooks->target);
    guard_free(hooks->guard);
    g_array_unref(hooks->running);
    g_array_unref(hooks->hook);
    g_ptr_array_unref(hooks->texts);
    g_free(hooks->start);
    g_mutex_clear(&hooks->lock);
    g_cond_clear(&hooks->wake);
    g_free(hooks);
}

gboolean hooks_any(const Hooks *hooks) { return hooks->start != NULL || hooks->hook->len > 0; }

/* ---- the target ------------------------------------------------------------------------------ */

static Process *hooks_run(Hooks *hooks, const char *command, GError **ret_error)
{
    if (hooks->guard == NULL)
        hooks->guard = guard_new(ret_error);
    return hooks->guard != NULL ? process_start(hooks->guard, command, ret_error) : NULL;
}

gboolean hooks_start_target(Hooks *hooks, GError **ret_error)
{
    if (hooks->guard == NULL && hooks_any(hooks)) /* while there is one thread */
        hooks->guard = guard_new(ret_error);
    if (hooks->guard == NULL)
        return !hooks_any(hooks);
    if (hooks->start == NULL)
        return TRUE;
    g_assert(hooks->target == NULL);
    hooks->target = hooks_run(hooks, hooks->start, ret_error);
    if (hooks->target == NULL)
        g_prefix_error(ret_error, "--start %s: ", hooks->start);
    return hooks->target != NULL;
}

gboolean hooks_target_lives(Hooks *hooks, GError **ret_error)
{
    g_mutex_lock(&hooks->lock);
    const gboolean lives = hooks->target == NULL || !process_has_ended(hooks->target);
    g_autofree char *how = lives ? NULL : process_end_text(hooks->target);
    g_mutex_unlock(&hooks->lock);
    if (!lives)
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                    "--start: '%s' ended with %s", hooks->start, how);
    return lives;
}

gboolean hooks_will_restart(Hooks *hooks)
{
    gboolean will = FALSE;

    g_mutex_lock(&hooks->lock);
    for (guint i = hooks->done; hooks->thread != NULL && i < hooks->hook->len; i++)
        will |= g_array_index(hooks->hook, struct hook, i).kind == HOOK_RESTART;
    g_mutex_unlock(&hooks->lock);
    return will;
}

/* ---- doing ----------------------------------------------------------------------------------- */

static int64_t hooks_now_us(const Hooks *hooks) { return (clock_ns() - hooks->begin_ns) / 1000; }

static void hooks_note(const Hooks *hooks, int64_t at_us, const char *what, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
static void hooks_note(const Hooks *hooks, int64_t at_us, const char *what, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    hooks->noted(hooks->user, at_us, what, detail);
}

static void hooks_kill(Hooks *hooks, const struct hook *hook)
{
    const int64_t at_us = hooks_now_us(hooks);

    if (hook->pid > 0) {
        const int fault = kill(hook->pid, SIGKILL) == 0 ? 0 : errno;
        hooks_note(hooks, at_us, "kill", "process %d%s%s", (int)hook->pid, fault != 0 ? ": " : "",
                   fault != 0 ? g_strerror(fault) : "");
        return;
    }
    const bool lived = hooks->target != NULL && !process_has_ended(hooks->target);
    if (hooks->target != NULL)
        process_kill(hooks->target);
    hooks->exit_noted = true;
    hooks_note(hooks, at_us, "kill", "%s%s", hooks->start, lived ? "" : ": it did not run");
}

static void hooks_restart(Hooks *hooks)
{
    g_autoptr(GError) error = NULL;

    g_clear_pointer(&hooks->target, process_free);
    const int64_t at_us = hooks_now_us(hooks);
    hooks->target = hooks_run(hooks, hooks->start, &error);
    hooks->exit_noted = hooks->target == NULL;
    hooks_note(hooks, at_us, "restart", "%s%s%s", hooks->start, error != NULL ? ": " : "",
               error != NULL ? error->message : "");
}

static void hooks_begin_run(Hooks *hooks, const struct hook *hook)
{
    g_autoptr(GError) error = NULL;
    const struct running running = {.at_us = hooks_now_us(hooks),
                                    .command = hook->command,
                                    .process = hooks_run(hooks, hook->command, &error)};

    if (running.process == NULL)
        hooks_note(hooks, running.at_us, "run", "%s: %s", hook->command, error->message);
    else
        g_array_append_val(hooks->running, running);
}

static void hooks_do(Hooks *hooks, const struct hook *hook)
{
    switch (hook->kind) {
    case HOOK_KILL:
        hooks_kill(hooks, hook);
        break;
    case HOOK_RESTART:
        hooks_restart(hooks);
        break;
    case HOOK_RUN:
        hooks_begin_run(hooks, hook);
        break;
    }
}

/* What has ended since the last look. */
static void hooks_look(Hooks *hooks)
{
    for (guint i = 0; i < hooks->running->len; i++) {
        struct running *running = &g_array_index(hooks->running, struct running, i);
        if (running->noted || !process_has_ended(running->process))
            continue;
        g_autofree char *how = process_end_text(running->process);
        hooks_note(hooks, running->at_us, "run", "%s: %s", running->command, how);
        running->noted = true;
    }
    if (hooks->target != NULL && !hooks->exit_noted && process_has_ended(hooks->target)) {
        g_autofree char *how = process_end_text(hooks->target);
        hooks->exit_noted = true;
        hooks_note(hooks, hooks_now_us(hooks), "exit", "%s: %s", hooks->start, how);
    }
}

static gpointer hooks_thread(gpointer user)
{
    Hooks *hooks = user;

    g_mutex_lock(&hooks->lock);
    while (!hooks->ending) {
        int64_t wait_us = LOOK_US;
        while (hooks->done < hooks->hook->len) {
            const struct hook *hook = &g_array_index(hooks->hook, struct hook, hooks->done);
            const int64_t left_us = hook->at_us - hooks_now_us(hooks);
            wait_us = CLAMP(left_us, 0, LOOK_US);
            if (left_us > 0)
                break;
            hooks->done++;
            hooks_do(hooks, hook);
        }
        hooks_look(hooks);
        if (!hooks->ending)
            g_cond_wait_until(&hooks->wake, &hooks->lock, g_get_monotonic_time() + wait_us);
    }
    g_mutex_unlock(&hooks->lock);
    return NULL;
}

void hooks_begin(Hooks *hooks, int64_t begin_ns,
                 void (*noted)(void *user, int64_t at_us, const char *what, const char *detail),
                 void *user)
{
    g_assert(hooks->thread == NULL && noted != NULL);
    hooks->begin_ns = begin_ns;
    hooks->noted = noted;
    hooks->user = user;
    hooks->ending = false;
    hooks->thread = g_thread_new("hooks", hooks_thread, hooks);
}

uint32_t hooks_end(Hooks *hooks)
{
    if (hooks->thread == NULL)
        return 0;
    g_mutex_lock(&hooks->lock);
    hooks->ending = true;
    g_cond_signal(&hooks->wake);
    g_mutex_unlock(&hooks->lock);
    g_thread_join(g_steal_pointer(&hooks->thread));
    hooks_look(hooks);
    for (guint i = 0; i < hooks->running->len; i++) {
        const struct running *running = &g_array_index(hooks->running, struct running, i);
        if (!running->noted)
            hooks_note(hooks, running->at_us, "run", "%s: still running", running->command);
    }
    return hooks->hook->len - hooks->done;
}
