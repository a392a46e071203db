/* Full factorial designs of levers that are off or on: what each does by itself, and together.
 *
 * A design of k factors has 2^k points; bit i of a point's number says whether factor i is on, so
 * point 0 has none and the last has all. Values of one KPI come as values[point * replications +
 * replication]. Each call gives one number per replication, since all points of a replication met
 * the same customers; omo_summarise() makes an interval of them. A replication in which a point
 * that counts has no value (NaN) gives NaN. Terms are sets of factors, bit i for factor i. Pure
 * functions, any thread; ret_... need room for `replications`.
 */
#ifndef OMOSIM_FACTORIAL_H
#define OMOSIM_FACTORIAL_H

#include <omosim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OMO_FACTORS_MAX 8

/* Effect of a term (not empty). Of one factor: the mean change of the value when it goes on, over
 * all settings of the others. Of two: half of how much the one's effect changes when the other goes
 * on; and so on (Box, Hunter and Hunter, Statistics for Experimenters, 2005, ch. 5). */
OMO_API omo_status omo_factorial_effect(const double *values, uint32_t factors,
                                        uint32_t replications, uint32_t term, double *ret_effect,
                                        omo_error *ret_error);
/* What all factors bring together beyond the sum of what each brings alone:
 * all - none - sum of (alone - none). Positive: 1 + 1 > 2. */
OMO_API omo_status omo_factorial_synergy(const double *values, uint32_t factors,
                                         uint32_t replications, double *ret_synergy,
                                         omo_error *ret_error);
/* The sum of what each factor brings alone. */
OMO_API omo_status omo_factorial_alone(const double *values, uint32_t factors,
                                       uint32_t replications, double *ret_sum,
                                       omo_error *ret_error);

#ifdef __cplusplus
}
#endif
#endif
