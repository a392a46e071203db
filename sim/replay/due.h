/* What is due when: a 4-ary min-heap of (time, journey), its memory taken once. One thread.
 *
 * Equal times come out in no particular order; each journey is in it once at most, so it never
 * needs more room than there are journeys. */
#ifndef REPLAY_DUE_H
#define REPLAY_DUE_H

#include <stdbool.h>
#include <stdint.h>

struct due_entry {
    int64_t at_ns;
    uint32_t journey;
    uint32_t spare;
};

struct due {
    struct due_entry *entry;
    uint32_t count, capacity, count_max;
};

bool due_init(struct due *due, uint32_t capacity);
void due_clear(struct due *due);
void due_add(struct due *due, int64_t at_ns, uint32_t journey);
/* Takes the earliest out; there must be one. */
struct due_entry due_take(struct due *due);
/* Time of the earliest, INT64_MAX when there is none. */
static inline int64_t due_next_ns(const struct due *due)
{
    return due->count > 0 ? due->entry[0].at_ns : INT64_MAX;
}

#endif
