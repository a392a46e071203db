/* One event and the facts or steps that it led to, as the readers of a trace get them: after the event has
 * been handled, so that levels are those which it left behind. */
#ifndef CLI_TRACE_MOMENT_H
#define CLI_TRACE_MOMENT_H

#include "cli/trace_names.h"

#include <omosim/fact.h>

struct trace_moment {
    int64_t at_us;
    bool has_event; /* no: facts between events, of the opening or of a midnight */
    omo_event_record event;
    const omo_fact *facts;
    size_t fact_count;
    const omo_step *steps; /* of a queueing network, in place of facts */
    size_t step_count;
};

/* Where readers of a trace look things up. The level of a station is that of now; false: there is
 * none. */
struct trace_source {
    const TraceNames *names;
    bool (*level)(void *user, uint32_t station, omo_station_level *ret_level);
    /* What every customer of a queueing network is doing; NULL for a chain. */
    void (*list)(void *user, omo_step_reader reader, void *reader_user);
    void *user;
};

#endif
