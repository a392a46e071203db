/* What is done to a service while it is under load: commands run, processes killed, at given times.
 *
 *     --start COMMAND             start it before the run; wait until the target answers
 *     --kill-target-at 30s        SIGKILL what --start started (its whole process group)
 *     --kill-target-at 30s=PID    or this process
 *     --restart-target-at 31s     --start's COMMAND once more; what still runs is ended first
 *     --run-at 10s=COMMAND        any shell command; may be repeated, as those above
 *
 * Times are since the run began; each hook is noted in the record when it is done, so that the audit
 * knows when the service was down. What --start and --run-at started is ended (SIGTERM, then SIGKILL
 * after 10 s) when the command ends, however it ends. Commands run with /bin/sh -c in their own
 * process group, their output goes to standard error. Hooks have a thread of their own: no worker
 * waits for them, and no hook for a command of --run-at.
 */
#ifndef REPLAY_HOOKS_H
#define REPLAY_HOOKS_H

#include <glib.h>
#include <stdint.h>

typedef struct hooks Hooks;

/* Texts of the options, NULL-terminated lists or NULL. BAD_USAGE: "--kill-target-at: expected
 * TIME[=PID], found ...", and --kill-target-at without --start and PID. */
Hooks *hooks_new(const char *start, const char *const *kills, const char *const *restarts,
                 const char *const *runs, GError **ret_error);
/* Ends what was started. */
void hooks_free(Hooks *hooks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hooks, hooks_free)

/* Starts the --start command, if there is one. Before other threads are started. CANNOT_RUN. */
gboolean hooks_start_target(Hooks *hooks, GError **ret_error);
/* FALSE when --start's command is known to have ended: CANNOT_RUN "--start: ... ended with status
 * 2". Also TRUE when there is none. */
gboolean hooks_target_lives(Hooks *hooks, GError **ret_error);
/* Begins the schedule, which counts from `begin_ns` (clock_ns()); `noted` is called from the hooks'
 * thread after each hook: what it did ("kill", "restart", "run"; "exit" when --start's command has
 * ended by itself), when (us since `begin_ns`), and the command or pid, with its exit status. */
void hooks_begin(Hooks *hooks, int64_t begin_ns,
                 void (*noted)(void *user, int64_t at_us, const char *what, const char *detail),
                 void *user);
/* Ends the schedule; hooks that were not due yet are not done. Returns how many that were. Commands
 * go on until hooks_free(). */
uint32_t hooks_end(Hooks *hooks);
/* Whether anything was asked for. */
gboolean hooks_any(const Hooks *hooks);
/* Whether a restart is still to come. Any thread. */
gboolean hooks_will_restart(Hooks *hooks);

#endif
