/* Arrivals: a day's visits of every cell, drawn onto the tape at midnight. */
#ifndef OMO_DEMAND_ARRIVALS_H
#define OMO_DEMAND_ARRIVALS_H

#include "demand/demand.h"
#include "kernel/tape.h"

struct arrivals {
    const struct demand *demand;
    struct draw_key key;
    uint32_t *count; /* [cell] visits (for thinned profiles: candidates) of the day */
    /* [cell] visits of bursts that day; NULL without bursts */
    uint32_t *burst_count;
    int64_t candidates; /* proposed and accepted by thinning, of the day */
    int64_t accepted;
};

/* Draws how many visits each cell has on a day (candidates, where the profile is thinned).
 * Returns the sum. */
uint64_t arrivals_count(struct arrivals *a, int64_t day);
/* Draws their times and puts those before until_us onto the tape, which has room for the sum.
 * Not sorted. */
void arrivals_draw(struct arrivals *a, int64_t day, int64_t until_us, struct tape *tape);

/* Visits of a cell that day, at most. */
static inline uint64_t arrivals_of_cell(const struct arrivals *a, uint32_t cell)
{
    return (uint64_t)a->count[cell] + (a->burst_count != NULL ? a->burst_count[cell] : 0);
}

#endif
