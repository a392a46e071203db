/* Events, facts and levels as lines of text: what --trace-events writes to a plain file, and what
 * --watch and --step print.
 *
 *     #day hh:mm:ss.us          event pending  phase   kind        subject         where
 *        0 07:02:17.875642          8       4  WORK    TILL_DONE   order 0.0.247   east.till
 *                           TILL_DONE      0.0.247   east   walk_in      1  1min18s
 *                         = east.till: queue 0, busy 1 of 1
 *
 * An event that is dropped because it is stale ends with "stale". Errors of the stream are found by
 * its owner. */
#ifndef CLI_TRACE_TEXT_H
#define CLI_TRACE_TEXT_H

#include "cli/trace_names.h"

#include <omosim/fact.h>
#include <stdio.h>

#define TRACE_TEXT_TIME_MAX 32

/* "   0 07:03:11.250000": the day, and the time of day. */
void trace_text_time(int64_t at_us, char ret_text[TRACE_TEXT_TIME_MAX]);
void trace_text_heading(FILE *stream);
void trace_text_event(const TraceNames *names, const omo_event_record *record, FILE *stream);
/* Stands before facts that no event led to: those of the opening, and of a midnight. */
void trace_text_between(int64_t at_us, FILE *stream);
void trace_text_fact(const TraceNames *names, const omo_fact *fact, FILE *stream);
/* "STARTED   web.17   pick   after 3min" */
void trace_text_step(const TraceNames *names, const omo_step *step, FILE *stream);
void trace_text_level(const char *station, const omo_station_level *level, FILE *stream);

#endif
