/* Rows of a picture for the servers of stations: a service takes the lowest that is free, so that the
 * first row is the busiest, and there are as many as were ever needed at once. */
#ifndef CLI_TRACE_LANES_H
#define CLI_TRACE_LANES_H

#include <glib.h>
#include <stdint.h>

typedef struct trace_lanes TraceLanes;

#define TRACE_LANES_NONE UINT32_MAX

/* Caller frees. */
TraceLanes *trace_lanes_new(uint32_t station_count);
void trace_lanes_free(TraceLanes *lanes);
/* O(n) in the busy servers of the station. */
uint32_t trace_lanes_take(TraceLanes *lanes, uint32_t station);
void trace_lanes_give(TraceLanes *lanes, uint32_t station, uint32_t lane);

#endif
