/* From events and steps to the picture of a queueing network: customers with their waits, servers
 * with their work, levels of stations, written through trace_chrome.h as they end.
 *
 * It has to see every moment from the beginning of the run, also those before the traced window, to
 * know what is under way when the window opens. One trace, one thread. */
#ifndef CLI_TRACE_NETWORK_H
#define CLI_TRACE_NETWORK_H

#include "cli/trace_chrome.h"
#include "cli/trace_moment.h"

typedef struct trace_network TraceNetwork;

/* Borrows all. Caller frees. */
TraceNetwork *trace_network_new(const struct trace_source *source, TraceChrome *chrome,
                                int64_t from_us);
void trace_network_free(TraceNetwork *network);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TraceNetwork, trace_network_free)

void trace_network_add(TraceNetwork *network, const struct trace_moment *moment);
/* Ends all that is still under way. */
void trace_network_finish(TraceNetwork *network, int64_t until_us);

#endif
