/* Intervals for the mean of a series whose values depend on each other.
 *
 * All functions make two passes over the caller's array, first for the mean and then around it, so
 * that no digits cancel, and sum in the order of the array: the same series gives the same bits.
 *
 * The test of lag 1 is von Neumann's ratio. Written as 1 - ratio / 2 it is the lag-1 correlation
 * with a correction for the two ends, which makes its mean exactly 0 and its variance exactly
 * (k - 2) / (k^2 - 1) for independent normal batches, and close to normal from k = 8 on (Young
 * 1941). The plain coefficient has a mean of about -1 / k, which matters at 32 batches. The test is
 * one-sided: batches that alternate make an interval too long, not too short.
 *
 * Overlapping batches: the window slides by one value, adding and taking away; on values that have
 * the mean subtracted the rounding this leaves is about count x 2^-53 of their deviation.
 *
 * MSER-5 needs mean and spread of every tail of the series. They are built from the end with
 * Welford's recurrence, one batch at a time, so O(count) without memory.
 */
#include "base/statistics.h"
#include "base/maths.h"

#define STATISTICS_VALUE_MAX 1e140
#define STATISTICS_NORMAL_95 1.6448536269514722 /* one-sided */
#define STATISTICS_LAG_BATCHES_MIN 8
#define STATISTICS_MSER_SIZE 5
#define STATISTICS_MSER_BATCHES_MIN 10
#define STATISTICS_MSER_TAIL 5

omo_batch_estimate statistics_batch_estimate(double mean, double spread, double steps,
                                             uint32_t batch_count, uint64_t batch_size,
                                             double confidence)
{
    double nan = (double)__builtin_nanf(""), k = (double)batch_count;
    omo_batch_estimate e = {.mean = mean,
                            .half_width = nan,
                            .standard_error = nan,
                            .lag1 = nan,
                            .lag1_bound = nan,
                            .batch_size = batch_size,
                            .batch_count = batch_count};

    if (batch_count < 2)
        return e;
    if (!(steps > 0)) /* equal batches; the rest is how their mean was rounded */
        spread = 0;
    e.standard_error = maths_sqrt(spread / (k - 1) / k);
    e.half_width = e.standard_error * maths_student_quantile(confidence, batch_count - 1);
    if (batch_count < STATISTICS_LAG_BATCHES_MIN)
        return e;
    e.lag1 = spread > 0 ? 1 - steps / (2 * spread) : 0;
    e.lag1_bound = STATISTICS_NORMAL_95 * maths_sqrt((k - 2) / (k * k - 1));
    e.long_enough = e.lag1 <= e.lag1_bound;
    return e;
}

static omo_status statistics_check(const double *values, size_t count, size_t count_min,
                                   omo_error *ret_error)
{
    if (values == NULL)
        return core_error(ret_error, OMO_EINVAL, "there are no values");
    if (count < count_min)
        return core_error(ret_error, OMO_EINVAL, "%zu values are too few; this needs at least %zu",
                          count, count_min);
    for (size_t i = 0; i < count; i++)
        if (!(values[i] >= -STATISTICS_VALUE_MAX && values[i] <= STATISTICS_VALUE_MAX))
            return core_error(ret_error, OMO_EINVAL,
                              "value %zu of the series is %g; values are finite and at most 1e140 "
                              "in magnitude, and none may be missing",
                              i, values[i]);
    return OMO_OK;
}

static omo_status statistics_check_batches(const double *values, size_t count, uint32_t batches,
                                           double confidence, omo_error *ret_error)
{
    omo_status status = statistics_check(values, count, 2, ret_error);

    if (status != OMO_OK)
        return status;
    if (batches < 2 || batches > count)
        return core_error(ret_error, OMO_EINVAL,
                          "%u batches of %zu values; there are at least 2 batches, each with a "
                          "value",
                          batches, count);
    if (!(confidence > 0 && confidence < 1))
        return core_error(ret_error, OMO_EINVAL, "a confidence of %g is not between 0 and 1",
                          confidence);
    return OMO_OK;
}

static double statistics_mean(const double *values, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum / (double)count;
}

/* Batches of `size` values each, their spread around `mean` that the caller computed. */
static omo_batch_estimate statistics_batches(const double *values, uint32_t batches, size_t size,
                                             double mean, double confidence)
{
    double spread = 0, steps = 0, before = 0;

    for (uint32_t i = 0; i < batches; i++) {
        double batch = statistics_mean(values + i * size, size);

        spread += (batch - mean) * (batch - mean);
        if (i > 0)
            steps += (batch - before) * (batch - before);
        before = batch;
    }
    return statistics_batch_estimate(mean, spread, steps, batches, size, confidence);
}

omo_status omo_batch_means(const double *values, size_t count, uint32_t batches, double confidence,
                           omo_batch_estimate *ret_estimate, omo_error *ret_error)
{
    omo_status status = statistics_check_batches(values, count, batches, confidence, ret_error);
    size_t size;

    if (status != OMO_OK)
        return status;
    size = count / batches;
    *ret_estimate = statistics_batches(values, batches, size,
                                       statistics_mean(values, batches * size), confidence);
    return OMO_OK;
}

omo_status omo_overlapping_batch_means(const double *values, size_t count, uint32_t batches,
                                       double confidence, omo_batch_estimate *ret_estimate,
                                       omo_error *ret_error)
{
    omo_status status = statistics_check_batches(values, count, batches, confidence, ret_error);
    omo_batch_estimate e;
    double mean, n, m, degrees, window = 0, spread = 0;
    size_t size;

    if (status != OMO_OK)
        return status;
    size = count / batches;
    mean = statistics_mean(values, count);
    e = statistics_batches(values, batches, size, statistics_mean(values, batches * size),
                           confidence);
    for (size_t i = 0; i < count; i++) {
        window += values[i] - mean;
        if (i + 1 < size)
            continue;
        spread += window * window;
        window -= values[i + 1 - size] - mean;
    }
    n = (double)count;
    m = (double)size;
    degrees = maths_floor(1.5 * (n / m - 1));
    e.mean = mean;
    /* The window's squared sums are m^2 times those of its mean. */
    e.standard_error = maths_sqrt(spread / (m * (n - m + 1) * (n - m)));
    e.half_width =
        e.standard_error *
        maths_student_quantile(confidence, degrees < 0x1p31 ? (uint32_t)degrees : 1u << 31);
    *ret_estimate = e;
    return OMO_OK;
}

/* Sum of the products of deviations `lag` apart. */
static double statistics_products(const double *values, size_t count, size_t lag, double mean)
{
    double sum = 0;

    for (size_t i = 0; i + lag < count; i++)
        sum += (values[i] - mean) * (values[i + lag] - mean);
    return sum;
}

/* Sum of squared deviations, 0 for equal values: their mean can miss them by its rounding, and the
 * rest would look like variation. */
static double statistics_spread(const double *values, size_t count, double mean)
{
    for (size_t i = 1; i < count; i++)
        if (values[i] < values[0] || values[i] > values[0])
            return statistics_products(values, count, 0, mean);
    return 0;
}

omo_status omo_autocorrelation(const double *values, size_t count, size_t lag,
                               double *ret_correlation, omo_error *ret_error)
{
    omo_status status = statistics_check(values, count, 2, ret_error);
    double mean, spread;

    if (status != OMO_OK)
        return status;
    if (lag >= count)
        return core_error(ret_error, OMO_EINVAL, "no two of %zu values are %zu apart", count, lag);
    mean = statistics_mean(values, count);
    spread = statistics_spread(values, count, mean);
    if (!(spread > 0))
        return core_error(ret_error, OMO_EINVAL,
                          "all values are %g or too close to it; equal values have no correlation",
                          values[0]);
    *ret_correlation = statistics_products(values, count, lag, mean) / spread;
    return OMO_OK;
}

omo_status omo_effective_size(const double *values, size_t count, double *ret_size,
                              omo_error *ret_error)
{
    omo_status status = statistics_check(values, count, 4, ret_error);
    double mean, all, pair, inefficiency = -1;

    if (status != OMO_OK)
        return status;
    mean = statistics_mean(values, count);
    all = statistics_spread(values, count, mean);
    for (size_t lag = 0; lag + 1 < count && all > 0; lag += 2) {
        pair = (statistics_products(values, count, lag, mean) +
                statistics_products(values, count, lag + 1, mean)) /
               all;
        if (!(pair > 0))
            break;
        inefficiency += 2 * pair;
    }
    *ret_size = inefficiency > 1 ? (double)count / inefficiency : (double)count;
    return OMO_OK;
}

omo_status omo_mser5(const double *values, size_t count, omo_truncation *ret_truncation,
                     omo_error *ret_error)
{
    omo_status status =
        statistics_check(values, count, STATISTICS_MSER_SIZE * STATISTICS_MSER_BATCHES_MIN,
                         ret_error);
    double infinity = (double)__builtin_inf(), late = infinity;
    omo_truncation best = {.statistic = infinity};
    size_t batch_count = count / STATISTICS_MSER_SIZE;
    double mean = 0, spread = 0;

    if (status != OMO_OK)
        return status;
    for (size_t kept = 1; kept <= batch_count; kept++) {
        size_t first = (batch_count - kept) * STATISTICS_MSER_SIZE;
        double batch = statistics_mean(values + first, STATISTICS_MSER_SIZE);
        double deviation = batch - mean, statistic;

        mean += deviation / (double)kept;
        spread += deviation * (batch - mean);
        statistic = spread / ((double)kept * (double)kept);
        if (kept <= STATISTICS_MSER_TAIL)
            continue;
        if (2 * kept < batch_count) {
            late = statistic < late ? statistic : late;
        } else if (statistic <= best.statistic) { /* a tie leaves out fewer */
            best = (omo_truncation){.first = first, .statistic = statistic, .mean = mean};
        }
    }
    best.reliable = best.statistic <= late;
    *ret_truncation = best;
    return OMO_OK;
}
