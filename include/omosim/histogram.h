/* Log-linear histogram of non-negative int64 values with 3 significant digits, merged exactly.
 *
 * Layout as in HdrHistogram (Gil Tene, public description): buckets of 2^11 sub-buckets, relative
 * error at most 1/2048. One block of memory, sized by `value_max`: 16 KB for each doubling past
 * 2048; owned by the caller's handle. Recording costs O(1), allocates nothing, and never fails: a
 * value past value_max is counted at value_max and in `clipped`.
 */
#ifndef OMOSIM_HISTOGRAM_H
#define OMOSIM_HISTOGRAM_H

#include <omosim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct omo_histogram omo_histogram;

/* Returns a histogram for 0..value_max (at least 2048), or NULL when memory is short. Caller
 * frees. */
OMO_API omo_histogram *omo_histogram_new(int64_t value_max);
OMO_API void omo_histogram_free(omo_histogram *h);
/* Adds `count` times `value`; negative values count as 0. */
OMO_API void omo_histogram_record(omo_histogram *h, int64_t value, uint64_t count);
/* Adds all of `other` to `h`; both must have the same value_max. Exact: whatever the order and the
 * grouping, `h` is the histogram of all the values. */
OMO_API void omo_histogram_merge(omo_histogram *h, const omo_histogram *other);
OMO_API void omo_histogram_reset(omo_histogram *h);
OMO_API uint64_t omo_histogram_count(const omo_histogram *h);
OMO_API uint64_t omo_histogram_clipped(const omo_histogram *h);
OMO_API int64_t omo_histogram_max(const omo_histogram *h);
OMO_API double omo_histogram_mean(const omo_histogram *h);
/* Smallest recorded bucket's highest equivalent value such that at least share_ppm of the values
 * are at or below it: the exact quantile of the recorded values, or above it by at most 1/2048 of
 * it; clipped values count as value_max. 0 when empty. */
OMO_API int64_t omo_histogram_quantile(const omo_histogram *h, uint32_t share_ppm);
/* Walks the buckets in use in rising order: *ret_low..*ret_high (both included) holds *ret_count
 * values. `*cursor` starts at 0. Returns false when there are no more. */
OMO_API bool omo_histogram_next(const omo_histogram *h, uint32_t *cursor, int64_t *ret_low,
                                int64_t *ret_high, uint64_t *ret_count);

#ifdef __cplusplus
}
#endif
#endif
