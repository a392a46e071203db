/* Zeroed memory in named columns, counted, freed all at once.
 *
 * An arena owns a list of blocks. Model and world take all their memory from one; nothing is freed
 * singly. Growing a column is for pools whose peak depends on luck, between simulated days. */
#ifndef OMO_BASE_ARENA_H
#define OMO_BASE_ARENA_H

#include "base/core.h"

struct arena {
    struct arena_block *first;
    size_t size;     /* bytes handed out */
    size_t size_max; /* 0 = no limit */
};

void arena_init(struct arena *a, size_t size_max);
/* Returns `count` zeroed elements, aligned to 64 bytes, or NULL when memory is short or size_max
 * would be passed. count may be 0. */
void *arena_take(struct arena *a, size_t count, size_t element_size);
/* Returns a bigger copy of a column taken from this arena (old contents kept, rest zero) and gives
 * the old memory back, or NULL with the old column untouched. */
void *arena_grow(struct arena *a, void *column, size_t count, size_t count_new,
                 size_t element_size);
/* How many columns there are, and whether `column` is one of them: O(columns). For checks that a
 * list of columns is complete. */
uint32_t arena_count(const struct arena *a);
bool arena_holds(const struct arena *a, const void *column);
/* Frees everything; the arena may be used again. Takes an arena that was only zeroed, too. */
void arena_free(struct arena *a);

#endif
