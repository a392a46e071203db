/* What --watch, and `w` of --step, look out for: orders, places, stations; in a queueing network
 * customers and stations. */
#ifndef CLI_TRACE_WATCH_H
#define CLI_TRACE_WATCH_H

#include "cli/trace_moment.h"

#include <stdio.h>

typedef struct trace_watch TraceWatch;

/* `targets`, NULL-terminated: "order=1.0.17", "place=east", "station=east.till"; of a queueing network
 * "customer=web.17", "station=pick". Unknown names are BAD_USAGE with the nearest spelling. Borrows
 * `source`. Caller frees. */
TraceWatch *trace_watch_new(const struct trace_source *source, const char *const *targets,
                            GError **ret_error);
void trace_watch_free(TraceWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TraceWatch, trace_watch_free)

/* Whether an event is about a target, before it is handled. */
bool trace_watch_wants_event(const TraceWatch *watch, const omo_event_record *record);
/* Whether a moment touched a target: its event, its facts or steps, or the level of a station. To be asked of
 * every moment, because it remembers levels and what was seen. */
bool trace_watch_touched(TraceWatch *watch, const struct trace_moment *moment);
/* Prints a moment that was touched: the event, its facts about targets, the levels it left. */
void trace_watch_print(const TraceWatch *watch, const struct trace_moment *moment, FILE *stream);
/* FALSE with BAD_USAGE when an order or customer among the targets was never met. */
gboolean trace_watch_check_seen(const TraceWatch *watch, GError **ret_error);

#endif
