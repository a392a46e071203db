/* Tracing, watching or stepping through one replication of a study's point. */
#ifndef CLI_TRACE_H
#define CLI_TRACE_H

#include "cli/study.h"
#include "cli/trace_options.h"

struct trace_outcome {
    bool whole; /* the replication was run to its end; what follows is known then */
    uint64_t digest;
};

/* Runs replication options->replication of point `point` of the study, in this thread, in a world of
 * its own. COMMAND_DONE, also when a bound or the user ended it early; COMMAND_INTERRUPTED: a file is
 * closed properly and says that it is cut; COMMAND_FAILED: an audit failed, which has been said;
 * COMMAND_ERROR. Says on standard error what was written and what was left out. */
enum command_status trace_run(const Study *study, uint32_t point,
                              const struct options_trace *options,
                              struct trace_outcome *ret_outcome, GError **ret_error);

#endif
