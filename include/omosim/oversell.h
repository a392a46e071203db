/* How much is oversold while online channels see old stock, in closed form.
 *
 * The model is a race of Poisson arrivals at one stock position. Units are taken in the shop at one
 * rate and ordered online at another. When the last unit that online channels may promise goes (all
 * but `buffer`), they still see the position as it was and keep selling until the news arrives:
 * after `lag_us` where every change is published so late (OMO_SYNC_DELAYED), or at the next refresh
 * where all are published together every `lag_us` (OMO_SYNC_PERIODIC), which is a uniform part of
 * the period away. Until then N units are asked for in all; the first `buffer` of them are there,
 * each one behind is an online one with probability p = online / (shop + online), and those are
 * oversold: p E[(N - buffer)+].
 *
 * What that leaves out: no stock comes in before the news; demand does not react to what is shown;
 * units are asked for one by one. Plain functions, any thread.
 */
#ifndef OMOSIM_OVERSELL_H
#define OMOSIM_OVERSELL_H

#include <omosim/model.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct omo_oversell_options {
    size_t size;
    double shop_per_hour;   /* units taken in the shop */
    double online_per_hour; /* units ordered online from this position */
    omo_sync_kind sync;
    int64_t lag_us; /* delay, or period of the refreshes */
    int32_t buffer; /* units held back from online channels */
} omo_oversell_options;

typedef struct omo_oversell {
    double units; /* expected units oversold each time the position runs out */
    double any;   /* probability that any is */
} omo_oversell;

OMO_API omo_oversell_options omo_oversell_defaults(void);
/* The race at one position. Rates and lag are finite and at least 0, and no more than 10^6 units
 * are asked for within the lag. */
OMO_API omo_status omo_oversell_race(const omo_oversell_options *options,
                                     omo_oversell *ret_oversell, omo_error *ret_error);

typedef struct omo_oversell_units {
    double units;   /* expected, if nothing is delivered before the news arrives */
    double stopped; /* expected, if the race ends with the next delivery of a periodic review */
} omo_oversell_units;

/* Expected units oversold by a sealed chain in a run in which positions ran out `stockouts` times
 * (its KPI): the race at every position with the demand that the model forecasts for it hour by
 * hour, averaged over the positions and hours in which stock is likely to run out, by its levels.
 * Zeros where what channels see is never stale. */
OMO_API omo_status omo_model_oversell(const omo_model *model, double stockouts,
                                      omo_oversell_units *ret_units, omo_error *ret_error);

#ifdef __cplusplus
}
#endif
#endif
