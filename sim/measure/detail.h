/* The report's detail: what happened by place, by flow and by day, and how long orders took. A
 * reader of facts.
 *
 * Kept for one replication of a point, where asked. Columns come from the world's arena;
 * histograms are handles that detail_free gives back.
 */
#ifndef OMO_MEASURE_DETAIL_H
#define OMO_MEASURE_DETAIL_H

#include <omosim/experiment.h>

#include "base/arena.h"
#include "measure/tally.h"

#define DETAIL_LEAD_MS_MAX (INT64_C(90) * 24 * 3600 * 1000)
#define DETAIL_DAYS_MAX 4000
#define DETAIL_FLOWS_MAX ((size_t)4 << 20) /* place x zone cells */

struct detail {
    bool measuring; /* after the warm-up */
    uint32_t channel_count;
    uint32_t place_count, zone_count;
    omo_place_row *place; /* [place_count] */
    /* [place_count * zone_count] trips, or NULL when that is too many */
    uint32_t *flow;
    omo_histogram *lead[OMO_CHANNELS_MAX];
    omo_day_row *day; /* [day_capacity] */
    uint32_t day_capacity;
    uint32_t day_count;
    omo_day_row today;
};

/* Makes an empty detail in `arena`; false when memory is short. */
bool detail_init(struct detail *d, struct arena *arena, uint32_t channel_count,
                 uint32_t place_count, uint32_t zone_count, int64_t day_count);
void detail_free(struct detail *d);
void detail_read(struct detail *d, const omo_fact *fact);
/* A day is over: `t` gives the levels. */
void detail_day(struct detail *d, int64_t day, const struct tally *t);

#endif
