/* Options of `omosim replay` that do something to the service meanwhile (replay/hooks.h), and the
 * waiting that goes with them. */
#ifndef CLI_REPLAY_HOOKS_H
#define CLI_REPLAY_HOOKS_H

#include "cli/replay_options.h"
#include "replay/hooks.h"

/* Set by GOption; zeroed before use, freed with replay_hooks_clear(), which ends what was started. */
struct replay_hooks {
    char *start;
    char **kills, **restarts, **runs;

    Hooks *hooks;
    Load *load; /* while it runs, once the schedule has begun */
};

void replay_hooks_add(GArray *entries, struct replay_hooks *hooks);
void replay_hooks_clear(struct replay_hooks *hooks);
/* BAD_USAGE. */
gboolean replay_hooks_check(struct replay_hooks *hooks, GError **ret_error);
/* Runs --start's command and waits until the targets answer. CANNOT_RUN: it ended, or did not answer
 * in time, or something else answers there already. */
gboolean replay_hooks_start(struct replay_hooks *hooks, const struct replay_options *options,
                            GError **ret_error);
/* From on_tick of the run: the schedule begins at the first one. */
void replay_hooks_tick(struct replay_hooks *hooks, Load *load);
/* After the run, before the load is freed. `wait`: when anything was to be done to the target, until
 * it answers again, for a minute at most; then hooks that were not due are told to have been left
 * out. CANNOT_RUN: it does not answer. */
gboolean replay_hooks_end(struct replay_hooks *hooks, const struct replay_options *options,
                          gboolean wait, GError **ret_error);

#endif
