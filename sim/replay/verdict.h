/* Thresholds: what a run must hold, over the whole of it, one stage, or a sliding window.
 *
 *   threshold = [STEP] measure OP value [scope]
 *   STEP      a step kind ("check_out", also "checkout"), default the total
 *   measure   p50 .. p99.999, max, mean: of response, or "service p99", "lateness p99";
 *             errors (share of requests), OUTCOME (share: "timeout<1%", "refused<5%"),
 *             requests, rate (answered a second), journeys_failed (share of those started)
 *   OP        <  <=  >  >=
 *   value     a duration, share or number with its unit
 *   scope     "stage N" from 1, or "over 10s": in every sliding window of that length (steps of one
 *             interval); none = the whole run. Stages and windows are coarse: at most 0.8 % above.
 *   e.g.      'p99<250ms'   'checkout p99.9<1s'   'errors<0.1%'   'rate>=950/s over 10s'
 *
 * A threshold about a step that was never sent fails ("no requests"), an empty window or stage
 * holds; `requests` and `rate` are 0 in either case, and judged as that. Windows and stages are of
 * intended time and leave the warm-up out. An interval that the end of the run cuts is in no window
 * of `rate`. In a run of more than an hour intervals grow (measure.h), and with them the shortest
 * window that can be judged.
 */
#ifndef REPLAY_VERDICT_H
#define REPLAY_VERDICT_H

#include "replay/load.h"

struct threshold; /* parsed */

struct threshold_finding {
    const char *text;   /* as written */
    const char *source; /* "--threshold", "API map", "--slo" */
    bool held;
    bool abort;          /* of --abort-on */
    double value, limit; /* in `unit`; value NaN = no requests. The worst window or the whole run */
    const char *unit;    /* "ms", "%", "/s", "" */
    double at_s;         /* begin of the worst window; NaN = whole run */
    char value_text[32]; /* "212 ms" */
};

/* BAD_USAGE: "--threshold 'chekout p99<1s', column 1: unknown step 'chekout', did you mean
 * 'check_out'?". `source` is borrowed. */
struct threshold *threshold_parse(const char *text, const char *source, GError **ret_error);
void threshold_free(struct threshold *threshold);
const char *threshold_text(const struct threshold *threshold);
/* BAD_USAGE when it is about a stage past the last one. */
gboolean threshold_check_stage(const struct threshold *threshold, uint32_t stage_count,
                               GError **ret_error);

/* Judges a merged run. Texts are borrowed from the threshold; `abort` is the caller's to set. The
 * threshold that is the run's stop_reason has not held. */
void threshold_judge(const struct threshold *threshold, const struct load_result *result,
                     const struct load_stage *stages, uint32_t stage_count,
                     struct threshold_finding *ret_finding);
/* While it runs: FALSE once it is hopeless. Over a window: when the latest whole window broke it (for
 * > and >=, the latest whose requests have all been answered or given up). Over the whole run: when
 * even a run whose `expected_requests` (0 = not known) all end well from here on would break it; not
 * known: as of now, after 100 requests. `max` at once; a stage, `rate` and a quantile that is to be
 * above something never. */
bool threshold_may_hold(const struct threshold *threshold, const struct measure_all *all,
                        int64_t now_ns, uint64_t expected_requests);

#endif
