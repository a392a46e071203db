/* Bursts: visits that come in one go besides a segment's profile, as the audience of a live stream
 * does. Read by arrivals.c; a segment without bursts never comes here. */
#ifndef OMO_DEMAND_BURSTS_H
#define OMO_DEMAND_BURSTS_H

#include "demand/demand.h"
#include "kernel/tape.h"

/* A cell on a day. */
struct bursts_cell {
    const struct segment *segment;
    uint32_t zone, cell;
    int64_t day;
};

/* Draws how many visits all bursts bring. */
uint32_t bursts_count(struct draw_key key, const struct bursts_cell *of);
/* Draws their times and puts those before until_us onto the tape. */
void bursts_draw(struct draw_key key, const struct bursts_cell *of, int64_t until_us,
                 struct tape *tape);

#endif
