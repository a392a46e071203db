/* Judging thresholds.
 *
 * Over the whole run figures come from the exact histograms and counters; over stages and windows
 * from the series (replay/measure.h), whose quantiles are at most 0.8 % above: a threshold that
 * holds there by less than that holds. Of windows the worst is told, also when it held.
 *
 * An early end must never turn a run that would have passed into one that failed. So a share or a
 * quantile over the whole run is given the best end that it can have: all requests that are still to
 * come end well and fast. Where nobody knows how many will come, the present state is taken for the
 * end's, once there are a hundred requests; --abort-on says that the user wants that.
 */
#include "replay/verdict_private.h"

#include "replay/figure.h"

#include <math.h>
#include <string.h>

#define THRESHOLD_REQUESTS_MIN 100

static bool threshold_holds(const struct threshold *t, double value)
{
    switch (t->comparison) {
    case THRESHOLD_LT:
        return value < t->limit;
    case THRESHOLD_LE:
        return value <= t->limit;
    case THRESHOLD_GT:
        return value > t->limit;
    default:
        return value >= t->limit;
    }
}

/* ---- figures -------------------------------------------------------------------------------- */

static uint64_t threshold_errors(const uint64_t outcome[OUTCOME_COUNT])
{
    uint64_t errors = 0;

    for (uint32_t i = 0; i < OUTCOME_COUNT; i++)
        errors += outcome_is_error(i) ? outcome[i] : 0;
    return errors;
}

static uint64_t threshold_answered(const uint64_t outcome[OUTCOME_COUNT])
{
    uint64_t answered = 0;

    for (uint32_t i = 0; i < OUTCOME_COUNT; i++)
        answered += outcome_class(i) == OUTCOME_ACKNOWLEDGED ? outcome[i] : 0;
    return answered;
}

/* Of `count`; NaN when there are none. */
static double threshold_part(uint64_t part, uint64_t count)
{
    return count == 0 ? NAN : (double)part / (double)count;
}

static double threshold_whole_time(const struct threshold *t, const struct measure_row *row)
{
    const omo_histogram *h = row->clock[t->clock];

    if (h == NULL || omo_histogram_count(h) == 0)
        return NAN;
    if (t->measure == THRESHOLD_MAX)
        return (double)omo_histogram_max(h);
    if (t->measure == THRESHOLD_MEAN)
        return omo_histogram_mean(h);
    return (double)MIN(omo_histogram_quantile(h, t->share_ppm), omo_histogram_max(h));
}

/* Requests of the row answered a second. */
static double threshold_whole_rate(const struct threshold *t, const struct load_result *result)
{
    const struct measure_row *total = measure_all_row(result->all, MEASURE_TOTAL);
    const struct measure_row *row = measure_all_row(result->all, t->row);
    double part =
        threshold_part(threshold_answered(row->outcome), threshold_answered(total->outcome));

    return isnan(part) ? 0 : result->held_rate * part;
}

static double threshold_whole_value(const struct threshold *t, const struct load_result *result)
{
    const struct measure_row *row = measure_all_row(result->all, t->row);

    switch (t->measure) {
    case THRESHOLD_ERRORS:
        return threshold_part(threshold_errors(row->outcome), row->count);
    case THRESHOLD_OUTCOME:
        return threshold_part(row->outcome[t->outcome], row->count);
    case THRESHOLD_REQUESTS:
        return (double)row->count;
    case THRESHOLD_RATE:
        return threshold_whole_rate(t, result);
    case THRESHOLD_JOURNEYS_FAILED:
        return threshold_part(measure_all_journeys(result->all, MEASURE_FAILED),
                              measure_all_journeys(result->all, MEASURE_STARTED));
    default:
        return threshold_whole_time(t, row);
    }
}

static double threshold_window_value(const struct threshold *t, const struct measure_window *w,
                                     int64_t length_ns)
{
    switch (t->measure) {
    case THRESHOLD_ERRORS:
        return threshold_part(w->errors, w->count);
    case THRESHOLD_OUTCOME:
        return threshold_part(w->outcome[t->outcome], w->count);
    case THRESHOLD_REQUESTS:
        return (double)w->count;
    case THRESHOLD_RATE:
        return (double)threshold_answered(w->outcome) / ((double)length_ns / 1e9);
    case THRESHOLD_MAX:
        return w->clock.count == 0 ? NAN : (double)w->clock.max_ns;
    case THRESHOLD_MEAN:
        return w->clock.count == 0 ? NAN : (double)w->clock.sum_ns / (double)w->clock.count;
    default:
        return w->clock.count == 0 ? NAN : (double)coarse_sum_quantile_ns(&w->clock, t->share_ppm);
    }
}

/* ---- parts of the run ----------------------------------------------------------------------- */

/* Intervals of the series that count: [*ret_first, the result). */
static uint32_t threshold_series(const struct threshold *t, const struct load_result *result,
                                 uint32_t *ret_first)
{
    uint32_t first = 0, end = measure_all_interval_count(result->all);

    while (first < end && measure_all_interval(result->all, first)->warm_up)
        first++;
    while (t->measure == THRESHOLD_RATE && end > first + 1 &&
           measure_all_interval(result->all, end - 1)->end_ns > result->intended_ns)
        end--;
    *ret_first = first;
    return end;
}

/* The worst window; NaN when all are empty. */
static double threshold_worst_window(const struct threshold *t, const struct load_result *result,
                                     int64_t *ret_begin_ns)
{
    g_autofree struct measure_window *window = g_new0(struct measure_window, 1);
    uint32_t first, end = threshold_series(t, result, &first);
    double worst = NAN;

    if (first == end)
        return NAN;
    const struct measure_interval *front = measure_all_interval(result->all, first);
    int64_t interval_ns = front->end_ns - front->begin_ns;
    uint32_t length = (uint32_t)MIN((t->over_ns + interval_ns - 1) / interval_ns, end - first);

    measure_all_window_add(result->all, t->row, t->clock, first, length, window);
    for (uint32_t i = first; i + length <= end; i++) {
        int64_t begin_ns = measure_all_interval(result->all, i)->begin_ns;
        int64_t end_ns = measure_all_interval(result->all, i + length - 1)->end_ns;
        double value = threshold_window_value(t, window, end_ns - begin_ns);
        if (isnan(worst) || (threshold_is_upper(t) ? value > worst : value < worst)) {
            worst = value;
            *ret_begin_ns = begin_ns;
        }
        if (i + length < end)
            measure_all_window_slide(result->all, t->row, t->clock, i, length, window);
    }
    return worst;
}

/* An interval belongs to the stage that its middle lies in. */
static double threshold_stage_value(const struct threshold *t, const struct load_result *result,
                                    const struct load_stage *stages, int64_t *ret_begin_ns)
{
    g_autofree struct measure_window *window = g_new0(struct measure_window, 1);
    uint32_t first, end = threshold_series(t, result, &first);
    int64_t begin_ns = 0, length_ns = 0;

    for (uint32_t i = 0; i + 1 < t->stage; i++)
        begin_ns += stages[i].duration_ns;
    for (uint32_t i = first; i < end; i++) {
        const struct measure_interval *interval = measure_all_interval(result->all, i);
        int64_t middle_ns = interval->begin_ns + (interval->end_ns - interval->begin_ns) / 2;
        if (middle_ns < begin_ns || middle_ns >= begin_ns + stages[t->stage - 1].duration_ns)
            continue;
        measure_all_window_add(result->all, t->row, t->clock, i, 1, window);
        length_ns += interval->end_ns - interval->begin_ns;
    }
    *ret_begin_ns = begin_ns;
    return length_ns == 0 ? NAN : threshold_window_value(t, window, length_ns);
}

/* ---- the finding ---------------------------------------------------------------------------- */

/* Says a value and its limit in the unit that people use. */
static void threshold_tell(const struct threshold *t, double value,
                           struct threshold_finding *finding)
{
    struct figure figure;
    double scale = 1;

    if (threshold_is_time(t)) {
        figure = figure_time(value);
        finding->unit = "ms";
        scale = 1e-6;
    } else if (t->measure == THRESHOLD_REQUESTS) {
        figure = figure_count((uint64_t)value);
        finding->unit = "";
    } else if (t->measure == THRESHOLD_RATE) {
        figure = figure_rate(value);
        finding->unit = "/s";
    } else {
        figure = figure_share(value);
        finding->unit = "%";
        scale = 100;
    }
    finding->value = value * scale;
    finding->limit = t->limit * scale;
    g_strlcpy(finding->value_text, isnan(value) ? "no requests" : figure.text,
              sizeof finding->value_text);
}

void threshold_judge(const struct threshold *threshold, const struct load_result *result,
                     const struct load_stage *stages, uint32_t stage_count,
                     struct threshold_finding *ret_finding)
{
    int64_t begin_ns = 0;
    double value;

    *ret_finding = (struct threshold_finding){
        .text = threshold->text,
        .source = threshold->source,
        .at_s = NAN,
    };
    if (threshold->scope == THRESHOLD_STAGE && threshold->stage > stage_count) {
        threshold_tell(threshold, NAN, ret_finding);
        g_strlcpy(ret_finding->value_text, "no such stage", sizeof ret_finding->value_text);
        return;
    }
    if (threshold->scope == THRESHOLD_WHOLE)
        value = threshold_whole_value(threshold, result);
    else if (threshold->scope == THRESHOLD_STAGE)
        value = threshold_stage_value(threshold, result, stages, &begin_ns);
    else
        value = threshold_worst_window(threshold, result, &begin_ns);
    threshold_tell(threshold, value, ret_finding);
    if (threshold->scope != THRESHOLD_WHOLE && !isnan(value))
        ret_finding->at_s = (double)begin_ns / 1e9;
    ret_finding->held = isnan(value) ? threshold->scope != THRESHOLD_WHOLE &&
                                           measure_all_row(result->all, threshold->row)->count > 0
                                     : threshold_holds(threshold, value);
    if (g_strcmp0(result->stop_reason, threshold->text) == 0)
        ret_finding->held = false; /* it ended the run, whatever came in after that */
}

/* ---- while it runs -------------------------------------------------------------------------- */

/* A share whose `part` of `count` requests may grow by none or by all of the `left` ones. */
static bool threshold_share_may_hold(const struct threshold *t, uint64_t part, uint64_t count,
                                     uint64_t left)
{
    uint64_t best = threshold_is_upper(t) ? part : part + left;

    return count + left == 0 || threshold_holds(t, threshold_part(best, count + left));
}

static bool threshold_time_may_hold(const struct threshold *t, const struct measure_window *w,
                                    uint64_t left)
{
    __extension__ typedef unsigned __int128 wide;
    uint64_t count = w->clock.count + left;

    if (!threshold_is_upper(t))
        return true;
    if (t->measure == THRESHOLD_MAX)
        return w->clock.count == 0 || threshold_holds(t, (double)w->clock.max_ns);
    if (t->measure == THRESHOLD_MEAN)
        return count == 0 || threshold_holds(t, (double)w->clock.sum_ns / (double)count);
    uint64_t rank = (uint64_t)(((wide)count * t->share_ppm + OMO_PPM - 1) / OMO_PPM);
    return coarse_sum_above(&w->clock, (int64_t)t->limit) <= count - rank;
}

static bool threshold_whole_may_hold(const struct threshold *t, const struct measure_all *all,
                                     uint64_t expected_requests)
{
    g_autofree struct measure_window *w = g_new0(struct measure_window, 1);
    uint64_t total = measure_all_requests(all, MEASURE_TOTAL);
    uint64_t left = expected_requests > total ? expected_requests - total : 0;

    if (t->measure == THRESHOLD_RATE)
        return true;
    measure_all_so_far(all, t->row, t->clock, w);
    if (t->measure == THRESHOLD_REQUESTS)
        return !threshold_is_upper(t) || threshold_holds(t, (double)w->count);
    if (t->measure == THRESHOLD_MAX)
        return threshold_time_may_hold(t, w, left);
    if (t->measure == THRESHOLD_JOURNEYS_FAILED) {
        uint64_t started = measure_all_journeys(all, MEASURE_STARTED);
        return started < THRESHOLD_REQUESTS_MIN || expected_requests > 0 ||
               threshold_share_may_hold(t, measure_all_journeys(all, MEASURE_FAILED), started, 0);
    }
    if (expected_requests == 0 && w->count < THRESHOLD_REQUESTS_MIN)
        return true;
    if (threshold_is_time(t))
        return threshold_time_may_hold(t, w, left);
    return threshold_share_may_hold(t,
                                    t->measure == THRESHOLD_ERRORS ? w->errors
                                                                   : w->outcome[t->outcome],
                                    w->count, left);
}

/* The latest whole window. */
static bool threshold_window_may_hold(const struct threshold *t, const struct measure_all *all,
                                      int64_t now_ns)
{
    g_autofree struct measure_window *w = g_new0(struct measure_window, 1);
    uint32_t closed = measure_all_interval_count(all);
    int64_t interval_ns = measure_all_interval_ns(all);
    int64_t length_ns = (t->over_ns + interval_ns - 1) / interval_ns * interval_ns;
    int64_t end_ns = now_ns / interval_ns * interval_ns;

    if (!threshold_is_upper(t))
        end_ns = closed == 0 ? 0 : measure_all_interval(all, closed - 1)->end_ns;
    if (end_ns - length_ns < measure_all_warm_up_ns(all))
        return true;
    measure_all_recent(all, t->row, t->clock, end_ns - length_ns, end_ns, w);
    double value = threshold_window_value(t, w, length_ns);
    return isnan(value) || threshold_holds(t, value);
}

bool threshold_may_hold(const struct threshold *threshold, const struct measure_all *all,
                        int64_t now_ns, uint64_t expected_requests)
{
    if (threshold->scope == THRESHOLD_STAGE)
        return true;
    if (threshold->scope == THRESHOLD_OVER)
        return threshold_window_may_hold(threshold, all, now_ns);
    return threshold_whole_may_hold(threshold, all, expected_requests);
}
