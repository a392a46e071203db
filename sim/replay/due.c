/* A heap with four children a node: half as deep as a binary one, and the children of a node are one
 * cache line. Entries carry their time, so sifting touches no journey. */
#include "replay/due.h"

#include "replay/values.h"

bool due_init(struct due *due, uint32_t capacity)
{
    *due = (struct due){.capacity = capacity};
    due->entry = values_reserve((size_t)capacity * sizeof *due->entry);
    return due->entry != NULL;
}

void due_clear(struct due *due)
{
    values_release(due->entry, (size_t)due->capacity * sizeof *due->entry);
    due->entry = NULL;
}

void due_add(struct due *due, int64_t at_ns, uint32_t journey)
{
    g_assert(due->count < due->capacity);
    uint32_t hole = due->count++;

    while (hole > 0) {
        const uint32_t parent = (hole - 1) / 4;
        if (due->entry[parent].at_ns <= at_ns)
            break;
        due->entry[hole] = due->entry[parent];
        hole = parent;
    }
    due->entry[hole] = (struct due_entry){at_ns, journey, 0};
    if (due->count > due->count_max)
        due->count_max = due->count;
}

struct due_entry due_take(struct due *due)
{
    g_assert(due->count > 0);
    const struct due_entry first = due->entry[0];
    const struct due_entry last = due->entry[--due->count];
    uint32_t hole = 0;

    for (;;) {
        const uint32_t begin = 4 * hole + 1;
        const uint32_t end = begin + 4 < due->count ? begin + 4 : due->count;
        if (begin >= due->count)
            break;
        uint32_t least = begin;
        for (uint32_t i = begin + 1; i < end; i++)
            if (due->entry[i].at_ns < due->entry[least].at_ns)
                least = i;
        if (due->entry[least].at_ns >= last.at_ns)
            break;
        due->entry[hole] = due->entry[least];
        hole = least;
    }
    due->entry[hole] = last;
    return first;
}
