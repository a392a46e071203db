/* Hooks around a load run.
 *
 * Before: something that answers at the target's address already is an error, since --start's command
 * could not take that address and the run would shoot at the wrong process. After: a target that was
 * killed near the end may be on its way up, or wait for a restart that is still to come; the schedule
 * goes on until it answers.
 */
#include "cli/replay_hooks.h"
#include "cli/interrupt.h"
#include "shell/diagnostic.h"

#include <stdio.h>
#include <unistd.h>

#define ANSWER_US (60 * G_USEC_PER_SEC)
#define PROBE_MS 1000
#define LOOK_US 50000

void replay_hooks_add(GArray *entries, struct replay_hooks *h)
{
    const GOptionEntry mine[] = {
        {"start", 0, 0, G_OPTION_ARG_FILENAME, &h->start,
         "Start the target with this shell command, wait until it answers, end it afterwards",
         "COMMAND"},
        {"kill-target-at", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &h->kills,
         "Kill (-9) it, or process PID, at this time of the run; may be repeated", "TIME[=PID]"},
        {"restart-target-at", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &h->restarts,
         "Run --start's command again; may be repeated", "TIME"},
        {"run-at", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &h->runs,
         "Run a shell command at this time; may be repeated", "TIME=COMMAND"},
    };

    g_array_append_vals(entries, mine, G_N_ELEMENTS(mine));
}

void replay_hooks_clear(struct replay_hooks *h)
{
    g_clear_pointer(&h->hooks, hooks_free);
    g_clear_pointer(&h->start, g_free);
    g_clear_pointer(&h->kills, g_strfreev);
    g_clear_pointer(&h->restarts, g_strfreev);
    g_clear_pointer(&h->runs, g_strfreev);
}

gboolean replay_hooks_check(struct replay_hooks *h, GError **ret_error)
{
    h->hooks = hooks_new(h->start, (const char *const *)h->kills, (const char *const *)h->restarts,
                         (const char *const *)h->runs, ret_error);
    return h->hooks != NULL;
}

/* ---- waiting --------------------------------------------------------------------------------- */

static gboolean all_answer(const struct replay_options *options, GError **ret_error)
{
    for (guint i = 0; i < options->targets->len; i++)
        if (!target_probe(options->targets->pdata[i], PROBE_MS, ret_error))
            return FALSE;
    return TRUE;
}

/* Until all targets answer: FALSE when that takes too long, when a target that nobody will start
 * again has ended, or when the user has had enough. */
static gboolean wait_until_answers(struct replay_hooks *h, const struct replay_options *options,
                                   GError **ret_error)
{
    const gint64 until_us = g_get_monotonic_time() + ANSWER_US;

    for (;;) {
        g_autoptr(GError) error = NULL;
        if (all_answer(options, &error))
            return TRUE;
        if (!hooks_will_restart(h->hooks) && !hooks_target_lives(h->hooks, ret_error))
            return FALSE;
        if (g_get_monotonic_time() >= until_us || interrupt_requested()) {
            g_propagate_error(ret_error, g_steal_pointer(&error));
            return FALSE;
        }
        g_usleep(LOOK_US);
    }
}

gboolean replay_hooks_start(struct replay_hooks *h, const struct replay_options *options,
                            GError **ret_error)
{
    for (guint i = 0; h->start != NULL && i < options->targets->len; i++) {
        const struct target *target = options->targets->pdata[i];
        if (!target_probe(target, PROBE_MS, NULL))
            continue;
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                    "--start: something answers at %s already; end it first", target->url);
        return FALSE;
    }
    if (!hooks_start_target(h->hooks, ret_error))
        return FALSE;
    return h->start == NULL || wait_until_answers(h, options, ret_error);
}

/* ---- while it runs --------------------------------------------------------------------------- */

static void on_noted(void *user, int64_t at_us, const char *what, const char *detail)
{
    struct replay_hooks *h = user;

    load_hook(h->load, at_us, what, detail);
    fprintf(stderr, "%sat %.3f s: %s: %s\n", isatty(STDERR_FILENO) ? "\r\033[K" : "",
            (double)at_us / 1e6, what, detail);
}

void replay_hooks_tick(struct replay_hooks *h, Load *load)
{
    if (h->load != NULL || !hooks_any(h->hooks))
        return;
    h->load = load;
    hooks_begin(h->hooks, load_start_ns(load), on_noted, h);
}

gboolean replay_hooks_end(struct replay_hooks *h, const struct replay_options *options,
                          gboolean wait, GError **ret_error)
{
    const gboolean answers =
        !wait || !hooks_any(h->hooks) || wait_until_answers(h, options, ret_error);
    const uint32_t left_out = hooks_end(h->hooks);

    h->load = NULL;
    if (left_out > 0)
        fprintf(stderr, "warning: the run was over before %u of its hooks were due\n", left_out);
    return answers;
}
