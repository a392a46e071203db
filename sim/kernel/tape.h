/* The tape: a day's visits, drawn at midnight, sorted once, read in order. Keeps millions of
 * arrivals off the calendar.
 *
 * Owns nothing; the arrays are borrowed columns that flow/memory.c sizes. Life of a day:
 * tape_clear, tape_add for each visit, tape_sort, then tape_peek / tape_next until it is empty.
 */
#ifndef OMO_KERNEL_TAPE_H
#define OMO_KERNEL_TAPE_H

#include "base/core.h"

struct visit {
    int64_t at_us;
    uint32_t cell;    /* zone x segment */
    uint32_t ordinal; /* of the cell's day, from 1 */
};

struct tape {
    struct visit *drawn;  /* [capacity] in the order of drawing */
    struct visit *sorted; /* [capacity] */
    uint32_t *bucket;     /* [capacity + 1] */
    uint32_t capacity;
    uint32_t count;
    uint32_t next;
};

void tape_init(struct tape *t, struct visit *drawn, struct visit *sorted, uint32_t *bucket,
               uint32_t capacity);
static inline void tape_clear(struct tape *t) { t->count = t->next = 0; }
static inline void tape_add(struct tape *t, struct visit v)
{
    OMO_ASSERT(t->count < t->capacity);
    t->drawn[t->count++] = v;
}
/* Sorts by (time, cell, ordinal); all times are in [from_us, until_us). */
void tape_sort(struct tape *t, int64_t from_us, int64_t until_us);
static inline const struct visit *tape_peek(const struct tape *t)
{
    return t->next < t->count ? &t->sorted[t->next] : NULL;
}
static inline struct visit tape_next(struct tape *t) { return t->sorted[t->next++]; }

#endif
