/* What batch means of either kind, online or of an array, have in common. */
#ifndef OMO_BASE_STATISTICS_H
#define OMO_BASE_STATISTICS_H

#include <omosim/statistics.h>

#include "base/core.h"

/* From the batch means' own mean, their spread (sum of squares around it) and the sum of squared
 * steps between neighbours. NaNs and long_enough as omo_batch_estimate says. */
omo_batch_estimate statistics_batch_estimate(double mean, double spread, double steps,
                                             uint32_t batch_count, uint64_t batch_size,
                                             double confidence);

#endif
