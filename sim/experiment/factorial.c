/* Contrasts of 2^k designs.
 *
 * The effect of a term is a signed mean of all points: + where an even number of its factors is
 * off, - where an odd number is, over 2^(k-1). The textbooks' table of signs, one bit count a
 * point. With at most 256 points there is nothing to gain from Yates' algorithm, which finds all
 * effects at once. */
#include <omosim/factorial.h>

#include "base/core.h"

static omo_status factorial_check(const double *values, uint32_t factors, uint32_t replications,
                                  const double *ret, omo_error *ret_error)
{
    if (values == NULL || ret == NULL || replications == 0)
        return core_error(ret_error, OMO_EINVAL, "values or results are missing");
    if (factors < 1 || factors > OMO_FACTORS_MAX)
        return core_error(ret_error, OMO_EINVAL, "a design has 1 to %d factors, not %u",
                          OMO_FACTORS_MAX, factors);
    return OMO_OK;
}

omo_status omo_factorial_effect(const double *values, uint32_t factors, uint32_t replications,
                                uint32_t term, double *ret_effect, omo_error *ret_error)
{
    omo_status status = factorial_check(values, factors, replications, ret_effect, ret_error);

    if (status != OMO_OK)
        return status;
    const uint32_t points = UINT32_C(1) << factors;
    if (term == 0 || term >= points)
        return core_error(ret_error, OMO_EINVAL, "a term has one to all of the factors");
    for (uint32_t r = 0; r < replications; r++) {
        double sum = 0.0;
        for (uint32_t point = 0; point < points; point++) {
            const int off = __builtin_popcount(term & ~point);
            const double value = values[(size_t)point * replications + r];
            sum += off % 2 == 0 ? value : -value;
        }
        ret_effect[r] = sum / (double)(points / 2);
    }
    return OMO_OK;
}

static double factorial_alone(const double *values, uint32_t factors, uint32_t replications,
                              uint32_t replication)
{
    double sum = 0.0;

    for (uint32_t i = 0; i < factors; i++)
        sum += values[((size_t)1 << i) * replications + replication] - values[replication];
    return sum;
}

omo_status omo_factorial_alone(const double *values, uint32_t factors, uint32_t replications,
                               double *ret_sum, omo_error *ret_error)
{
    omo_status status = factorial_check(values, factors, replications, ret_sum, ret_error);

    for (uint32_t r = 0; status == OMO_OK && r < replications; r++)
        ret_sum[r] = factorial_alone(values, factors, replications, r);
    return status;
}

omo_status omo_factorial_synergy(const double *values, uint32_t factors, uint32_t replications,
                                 double *ret_synergy, omo_error *ret_error)
{
    omo_status status = factorial_check(values, factors, replications, ret_synergy, ret_error);

    if (status != OMO_OK)
        return status;
    const size_t all = ((size_t)1 << factors) - 1;
    for (uint32_t r = 0; r < replications; r++)
        ret_synergy[r] = values[all * replications + r] - values[r] -
                         factorial_alone(values, factors, replications, r);
    return OMO_OK;
}
