/* What a load run leaves behind: on standard output and in the files that options name. */
#ifndef CLI_REPLAY_OUTPUTS_H
#define CLI_REPLAY_OUTPUTS_H

#include "replay/summary.h"

#include <stdbool.h>

/* Set by GOption; zeroed before use, freed with replay_outputs_clear(). */
struct replay_outputs {
    gboolean json;
    char *junit, *csv, *hlog, *hgrm, *out, *report;

    uint32_t findings_max; /* of each invariant that are printed; set by the caller */
};

void replay_outputs_add(GArray *entries, struct replay_outputs *outputs);
void replay_outputs_clear(struct replay_outputs *outputs);
/* Whether what they need is there: for runs that would last for minutes first. */
gboolean replay_outputs_ready(const struct replay_outputs *outputs, GError **ret_error);
gboolean replay_outputs_write(const struct replay_outputs *outputs,
                              const struct load_report *report, GError **ret_error);

/* The command line for reports: secrets in URLs and options are replaced by "***". Caller frees. */
char *replay_outputs_command(int argc, char *const *argv);

#endif
