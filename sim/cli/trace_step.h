/* Stepping through a run: the next event is shown, then a command is read.
 *
 * Commands come from a file descriptor, a terminal or a pipe; a prompt is shown on a terminal only.
 * The end of the commands is the command q. All text goes to `stream`. */
#ifndef CLI_TRACE_STEP_H
#define CLI_TRACE_STEP_H

#include "cli/trace_moment.h"

#include <omosim/world.h>
#include <stdio.h>

typedef struct trace_step TraceStep;

/* Borrows all. Caller frees. */
TraceStep *trace_step_new(const struct trace_source *source, const omo_world *world, int input,
                          FILE *stream);
void trace_step_free(TraceStep *step);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TraceStep, trace_step_free)

/* Before an event is handled: shows it and obeys, or lets it pass. False: stop here. */
bool trace_step_before(TraceStep *step, const omo_event_record *record);
/* After it: shows what it led to. */
void trace_step_after(TraceStep *step, const struct trace_moment *moment);

#endif
