/* Shell commands in process groups of their own, none of which outlives this process, however that
 * ends: a guard, a small process that hears of each group through a pipe, ends those that are left
 * when the pipe closes. Any thread.
 */
#ifndef REPLAY_PROCESS_H
#define REPLAY_PROCESS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PROCESS_END_MS 10000 /* from SIGTERM to SIGKILL */

typedef struct guard Guard;
/* Best before there are threads. CANNOT_RUN. */
Guard *guard_new(GError **ret_error);
/* The groups must have been freed. */
void guard_free(Guard *guard);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Guard, guard_free)

typedef struct process Process;
/* /bin/sh -c COMMAND: standard input is empty, standard output goes to standard error. Borrows the
 * guard. CANNOT_RUN. */
Process *process_start(Guard *guard, const char *command, GError **ret_error);
/* Of the shell, and of its group. */
pid_t process_id(const Process *process);
/* Whether the shell has ended, without waiting. */
bool process_has_ended(Process *process);
/* How: "status 2", "signal 9"; "" before. Caller frees. */
char *process_end_text(const Process *process);
/* SIGKILL to the whole group, and waits until it is gone. */
void process_kill(Process *process);
/* SIGTERM to the whole group, SIGKILL to what is left after `patience_ms`. */
void process_end(Process *process, uint32_t patience_ms);
/* Ends it first, if need be. */
void process_free(Process *process);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Process, process_free)

#endif
