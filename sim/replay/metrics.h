/* The measures of a running load in Prometheus' text format, version 0.0.4. Main thread. */
#ifndef REPLAY_METRICS_H
#define REPLAY_METRICS_H

#include "replay/load.h"

#define METRICS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* Counters by step and outcome, histograms of the three clocks, journeys, connections, rates: all
 * since the start, warm-up left out (of histograms the whole interval in which it ends). Counters
 * never fall. A bucket may lack what lies within 0.8 % below its bound. Caller frees with g_free(). */
char *metrics_text(const struct measure_all *all, const struct load_now *now);

#endif
