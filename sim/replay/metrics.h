/* The measures of a running load in Prometheus' text format, version 0.0.4. Main thread. */
#ifndef REPLAY_METRICS_H
#define REPLAY_METRICS_H

#include "replay/load.h"

#define METRICS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* Counters by step and outcome, response and lateness histograms, journeys, connections, rates: all
 * since the start, warm-up left out where measure.h leaves it out. Counters never fall. A histogram's
 * buckets are at most 0.8 % of their bound short. Caller frees with g_free(). */
char *metrics_text(const struct measure_all *all, const struct load_now *now);

#endif
