/* Thresholds: what a run must hold, over the whole of it, one stage, or a sliding window.
 *
 *   threshold = [STEP] measure OP value [scope]
 *   STEP      a step kind ("check_out", also "checkout"), default the total
 *   measure   p50 .. p99.999, max, mean: of response, or "service p99", "lateness p99";
 *             errors (share of requests), refused (share), OUTCOME (share: "timeout<1%"),
 *             requests, rate (answered a second), journeys_failed (share)
 *   OP        <  <=  >  >=
 *   value     a duration, share or number with its unit
 *   scope     "stage N" from 1, or "over 10s": in every sliding window of that length (steps of one
 *             interval); none = the whole run. Stages and windows are coarse: at most 0.8 % above.
 *   e.g.      'p99<250ms'   'checkout p99.9<1s'   'errors<0.1%'   'rate>=950/s over 10s'
 *
 * A threshold about a step that was never sent fails ("no requests"), an empty window holds.
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

/* BAD_USAGE: "--threshold 'chekout p99<1s': unknown measure 'chekout', did you mean ..."; the
 * column of the fault is in the text. */
struct threshold *threshold_parse(const char *text, const char *source, GError **ret_error);
void threshold_free(struct threshold *threshold);
const char *threshold_text(const struct threshold *threshold);

/* Judges a merged run. */
void threshold_judge(const struct threshold *threshold, const struct load_result *result,
                     const struct load_stage *stages, uint32_t stage_count,
                     struct threshold_finding *ret_finding);
/* While it runs: FALSE once it is hopeless: over a window, when that window broke it; of errors or
 * another share over the whole run, when even a run without further errors would break it
 * (`expected_requests`, 0 = not known: judged as of now, after 100 requests); of a quantile over
 * the whole run, when more requests are above the limit than the quantile leaves room for. */
bool threshold_may_hold(const struct threshold *threshold, const struct measure_all *all,
                        int64_t now_ns, uint64_t expected_requests);

#endif
