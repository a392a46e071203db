/* The trace-event format of Chrome, as Perfetto and chrome://tracing open it: JSON, one entry a line.
 *
 * Processes are places (two more hold orders, and what belongs to no place: all of a queueing network,
 * whose customers are the orders here), threads are servers of stations and the events of a place.
 * Times are microseconds of simulated time. Each handled event stands in the file once, as an instant
 * or as the end of a slice; its number is `args.event`.
 *
 *   ph X    a server serves one order                          trace_chrome_slice()
 *   ph b e  an order from opened to closed, and its steps      trace_chrome_open(), _close(), _step()
 *   ph n    something befell an order                          trace_chrome_note()
 *   ph i    an event                                           trace_chrome_event()
 *   ph C    queue and busy servers of a station                trace_chrome_level()
 *   ph M    names of processes and threads, before their first use
 *
 * What ended before from_us is left out, what began before it is cut there. Knows stations, spans
 * and records, not what they mean: trace_story.h does. Errors of the stream are its owner's.
 */
#ifndef CLI_TRACE_CHROME_H
#define CLI_TRACE_CHROME_H

#include "cli/trace_names.h"

#include <stdio.h>

typedef struct trace_chrome TraceChrome;

/* Writes the beginning. Borrows both. Caller frees. */
TraceChrome *trace_chrome_new(const TraceNames *names, int64_t from_us, FILE *stream);
void trace_chrome_free(TraceChrome *chrome);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TraceChrome, trace_chrome_free)

/* A server's work for an order; `event` is the number of the event that ended it, 0: the trace ends
 * first, or the work is broken off. */
void trace_chrome_slice(TraceChrome *c, uint32_t place, uint32_t station, uint32_t lane,
                        uint64_t order, int64_t begin_us, int64_t end_us, uint64_t event);
/* An order's span, named after its channel; begun before it is closed, and closed once. */
void trace_chrome_open(TraceChrome *c, uint64_t order, const char *channel, int64_t at_us);
void trace_chrome_close(TraceChrome *c, uint64_t order, const char *channel, int64_t at_us,
                        bool cut);
/* A step of an order: on its own track, or at a place (else UINT32_MAX) on one there. Written once
 * it has ended, in the order of beginning within its track. */
void trace_chrome_step(TraceChrome *c, uint64_t order, uint32_t place, const char *name,
                       int64_t begin_us, int64_t end_us);
void trace_chrome_note(TraceChrome *c, uint64_t order, const char *name, int64_t at_us);
void trace_chrome_event(TraceChrome *c, const omo_event_record *record);
void trace_chrome_level(TraceChrome *c, uint32_t place, uint32_t station,
                        const omo_station_level *level, int64_t at_us);
/* Writes the end. `stopped` says why the trace ends before the run does; NULL: it does not. `events`
 * is how many were handled while it was written. */
void trace_chrome_finish(TraceChrome *c, int64_t until_us, uint64_t events, const char *stopped);

#endif
