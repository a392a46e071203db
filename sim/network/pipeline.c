/* Shipments as chains of chunks.
 *
 * A nightly review ships some hundred lines to each store; a continuous one ships a line at a
 * time. Chunks of 31 lines (256 bytes) serve both: a big shipment wastes little, and a small one
 * costs four cache lines. Shipments end in any order, since lead times may be random, so chunks
 * come from a free list and not from a ring. */
#include "network/pipeline.h"

uint32_t pipeline_begin(struct pipeline *p, uint32_t place)
{
    uint32_t shipment = pool_take(&p->shipments);
    p->shipment[shipment] = (struct shipment){.place = place, .first = OMO_NONE, .last = OMO_NONE};
    return shipment;
}

void pipeline_add(struct pipeline *p, uint32_t shipment, uint32_t position, int32_t quantity)
{
    struct shipment *s = &p->shipment[shipment];

    OMO_ASSERT(quantity > 0);
    if (s->last == OMO_NONE || p->chunk[s->last].count == PIPELINE_CHUNK_LINES) {
        uint32_t chunk = pool_take(&p->chunks);
        p->chunk[chunk].next = OMO_NONE;
        p->chunk[chunk].count = 0;
        if (s->last == OMO_NONE)
            s->first = chunk;
        else
            p->chunk[s->last].next = chunk;
        s->last = chunk;
    }
    struct pipeline_chunk *c = &p->chunk[s->last];
    c->line[c->count].position = position;
    c->line[c->count].quantity = quantity;
    c->count++;
    s->units += quantity;
    p->line_count++;
}

void pipeline_end(struct pipeline *p, uint32_t shipment)
{
    uint32_t chunk = p->shipment[shipment].first;

    while (chunk != OMO_NONE) {
        uint32_t next = p->chunk[chunk].next;
        p->line_count -= p->chunk[chunk].count;
        pool_give(&p->chunks, chunk);
        chunk = next;
    }
    pool_give(&p->shipments, shipment);
}
