/* The pipeline: shipments under way to places, as chains of chunks of (position, quantity).
 *
 * Owns nothing: pools and columns are the world's. A shipment is a slot of `shipments`; its
 * lines are appended while it is made and read back when it arrives, which frees it.
 */
#ifndef OMO_NETWORK_PIPELINE_H
#define OMO_NETWORK_PIPELINE_H

#include "base/pool.h"

#define PIPELINE_CHUNK_LINES 31

struct pipeline_chunk {
    uint32_t next; /* chunk, or OMO_NONE */
    uint32_t count;
    struct {
        uint32_t position; /* within the place */
        int32_t quantity;
    } line[PIPELINE_CHUNK_LINES];
};

struct shipment {
    uint32_t place;
    uint32_t first, last; /* chunks */
    uint32_t spare;       /* 0: what is saved has no holes */
    int64_t units;
};

struct pipeline {
    struct pool shipments;
    struct pool chunks;
    struct shipment *shipment;    /* [shipments.capacity] */
    struct pipeline_chunk *chunk; /* [chunks.capacity] */
    uint64_t line_count;          /* of all shipments under way */
};

/* Opens an empty shipment to a place. */
uint32_t pipeline_begin(struct pipeline *p, uint32_t place);
void pipeline_add(struct pipeline *p, uint32_t shipment, uint32_t position, int32_t quantity);
/* Gives a shipment and its chunks back. */
void pipeline_end(struct pipeline *p, uint32_t shipment);

#endif
