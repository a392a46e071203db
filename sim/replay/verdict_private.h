/* A parsed threshold, shared by the parser and the judge. */
#ifndef REPLAY_VERDICT_PRIVATE_H
#define REPLAY_VERDICT_PRIVATE_H

#include "replay/verdict.h"

enum threshold_measure {
    THRESHOLD_QUANTILE,
    THRESHOLD_MAX,
    THRESHOLD_MEAN,
    THRESHOLD_ERRORS,
    THRESHOLD_OUTCOME,
    THRESHOLD_REQUESTS,
    THRESHOLD_RATE,
    THRESHOLD_JOURNEYS_FAILED
};
enum threshold_comparison { THRESHOLD_LT, THRESHOLD_LE, THRESHOLD_GT, THRESHOLD_GE };
enum threshold_scope { THRESHOLD_WHOLE, THRESHOLD_STAGE, THRESHOLD_OVER };

struct threshold {
    char *text;
    const char *source;
    uint32_t row; /* step kind or MEASURE_TOTAL */
    enum threshold_measure measure;
    enum measure_clock clock;
    uint32_t share_ppm; /* of a quantile */
    enum outcome outcome;
    enum threshold_comparison comparison;
    double limit; /* ns, share, requests or requests a second */
    enum threshold_scope scope;
    uint32_t stage; /* from 1 */
    int64_t over_ns;
};

static inline bool threshold_is_time(const struct threshold *t)
{
    return t->measure <= THRESHOLD_MEAN;
}
static inline bool threshold_is_upper(const struct threshold *t)
{
    return t->comparison == THRESHOLD_LT || t->comparison == THRESHOLD_LE;
}

#endif
