/* Stale stock.
 *
 * The lag is the same for all positions, so changes become visible in the order of their
 * happening and a ring is all it takes: 16 bytes a change, O(1) each way, and reading costs
 * nothing but the advance. The ring uses a power-of-two part of its capacity and doubles in
 * place, so that a quiet scenario keeps it in the cache while the capacity (untouched memory)
 * covers the worst day. */
#include "network/view.h"

void view_refresh(struct view *v, const struct stock *s)
{
    if (v->published != NULL)
        memcpy(v->published, s->available, s->network->position_count * sizeof(v->published[0]));
}

/* Doubles the part of the ring in use; the wrapped half moves behind the rest. */
static void view_widen(struct view *v)
{
    OMO_ASSERT(v->wrap < v->capacity);
    uint64_t begin = v->head & (v->wrap - 1), count = v->tail - v->head;
    uint64_t wrapped = begin + count > v->wrap ? begin + count - v->wrap : 0;
    memcpy(v->ring + v->wrap, v->ring, (size_t)wrapped * sizeof(v->ring[0]));
    v->wrap *= 2;
    v->head = begin;
    v->tail = begin + count;
}

void view_note(struct view *v, const struct stock *s, size_t position)
{
    if (v->kind != VIEW_DELAYED)
        return;
    if (v->tail - v->head == v->wrap)
        view_widen(v);
    v->ring[v->tail++ & (v->wrap - 1)] = (struct view_change){
        .at_us = *s->now_us + v->lag_us,
        .position = (uint32_t)position,
        .units = s->available[position],
    };
}

void view_advance(struct view *v, int64_t now_us)
{
    if (v->kind != VIEW_DELAYED)
        return;
    while (v->head != v->tail) {
        const struct view_change *change = &v->ring[v->head & (v->wrap - 1)];
        if (change->at_us > now_us)
            break;
        v->published[change->position] = change->units;
        v->head++;
    }
}
