/* One arena per model and per world: take columns, grow a few, free all.
 *
 * A column is a block of its own: a header of one cache line, then the elements. Blocks hang on a
 * doubly linked list, so that growing can give one back without a search; a column finds its header
 * at a fixed distance in front of itself. There is no carving of small columns out of shared
 * blocks: a world takes some dozens of columns, so their count does not matter, and single blocks
 * let valgrind and the address sanitizer see the end of each.
 *
 * Columns from 2 MiB on come from mmap, aligned to 2 MiB and advised to use huge pages. At 10^8
 * positions a column of 4 bytes is 400 MB: 100,000 pages of 4 KiB or 200 of 2 MiB, and random
 * access to it then misses the TLB rarely. Fresh mappings are zero already, so a pool that a run
 * never fills costs address space and no memory. The price is up to 2 MiB of address space while
 * mapping, trimmed at once.
 *
 * `size` counts what was asked for, rounded up to cache lines, and is checked against size_max
 * before anything is taken; headers and page rounding are not counted, so that the limit means the
 * same on every machine.
 */
#define _DEFAULT_SOURCE /* madvise and MAP_ANONYMOUS */
#define OMO_CORE_MAY_ALLOCATE

#include <stdlib.h>
#include <sys/mman.h>

#include "base/arena.h"

#define ARENA_LINE ((size_t)64)
#define ARENA_HUGE ((size_t)2 << 20)
#define ARENA_MARK UINT64_C(0x616e657261206b6f)

struct arena_block {
    alignas(64) struct arena_block *next;
    struct arena_block *previous;
    size_t size;        /* bytes of the column, rounded up to lines */
    size_t mapped_size; /* 0 when the block came from the heap */
    uint64_t mark;      /* tells a column from any other pointer */
};
static_assert(sizeof(struct arena_block) == 64,
              "the header is one cache line, so columns keep the block's alignment");

/* Maps `size` bytes at a multiple of 2 MiB by mapping 2 MiB too much and giving both ends back. */
static void *arena_map(size_t size)
{
    char *start = mmap(NULL, size + ARENA_HUGE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    size_t head;

    if (start == MAP_FAILED)
        return NULL;
    head = (ARENA_HUGE - (uintptr_t)start % ARENA_HUGE) % ARENA_HUGE;
    if (head > 0)
        munmap(start, head);
    munmap(start + head + size, ARENA_HUGE - head);
#ifdef MADV_HUGEPAGE
    /* Advice only: a kernel without huge pages refuses, and the memory is as good. */
    (void)madvise(start + head, size, MADV_HUGEPAGE);
#endif
    return start + head;
}

static struct arena_block *arena_block_new(size_t size)
{
    size_t full_size = sizeof(struct arena_block) + size;
    struct arena_block *block;

    if (full_size >= ARENA_HUGE) {
        size_t mapped_size = (full_size + ARENA_HUGE - 1) / ARENA_HUGE * ARENA_HUGE;

        block = arena_map(mapped_size);
        if (block == NULL)
            return NULL;
        block->mapped_size = mapped_size;
    } else {
        block = aligned_alloc(ARENA_LINE, full_size);
        if (block == NULL)
            return NULL;
        memset(block, 0, full_size);
    }
    block->size = size;
    block->mark = ARENA_MARK;
    return block;
}

static void arena_block_free(struct arena_block *block)
{
    OMO_ASSERT(block->mark == ARENA_MARK);

    block->mark = 0;
    if (block->mapped_size > 0)
        munmap(block, block->mapped_size);
    else
        free(block);
}

/* Bytes of a column in whole lines, or SIZE_MAX when that is past any address space. */
static size_t arena_column_size(size_t count, size_t element_size)
{
    OMO_ASSERT(element_size > 0);

    if (count > (SIZE_MAX / 4 - 2 * ARENA_HUGE) / element_size)
        return SIZE_MAX;
    return (count * element_size + ARENA_LINE - 1) / ARENA_LINE * ARENA_LINE;
}

static struct arena_block *arena_block_of(void *column)
{
    struct arena_block *block = (struct arena_block *)column - 1;

    OMO_ASSERT(block->mark == ARENA_MARK);
    return block;
}

void arena_init(struct arena *a, size_t size_max) { *a = (struct arena){.size_max = size_max}; }

void *arena_take(struct arena *a, size_t count, size_t element_size)
{
    size_t size = arena_column_size(count, element_size);
    struct arena_block *block;

    if (size == SIZE_MAX)
        return NULL;
    if (a->size_max > 0 && (a->size > a->size_max || size > a->size_max - a->size))
        return NULL;
    block = arena_block_new(size);
    if (block == NULL)
        return NULL;
    block->previous = NULL;
    block->next = a->first;
    if (a->first != NULL)
        a->first->previous = block;
    a->first = block;
    a->size += size;
    return block + 1;
}

/* While growing, both columns exist and both count: the limit holds at the peak, not only after
 * it. */
void *arena_grow(struct arena *a, void *column, size_t count, size_t count_new, size_t element_size)
{
    struct arena_block *old = arena_block_of(column);
    void *column_new;

    OMO_ASSERT(count_new >= count);
    OMO_ASSERT(arena_column_size(count, element_size) <= old->size);

    column_new = arena_take(a, count_new, element_size);
    if (column_new == NULL)
        return NULL;
    memcpy(column_new, column, count * element_size);
    if (old->previous != NULL)
        old->previous->next = old->next;
    else
        a->first = old->next;
    if (old->next != NULL)
        old->next->previous = old->previous;
    a->size -= old->size;
    arena_block_free(old);
    return column_new;
}

uint32_t arena_count(const struct arena *a)
{
    uint32_t count = 0;

    for (const struct arena_block *block = a->first; block != NULL; block = block->next)
        count++;
    return count;
}

bool arena_holds(const struct arena *a, const void *column)
{
    for (const struct arena_block *block = a->first; block != NULL; block = block->next)
        if (block + 1 == column)
            return true;
    return false;
}

void arena_free(struct arena *a)
{
    struct arena_block *block = a->first;

    while (block != NULL) {
        struct arena_block *next = block->next;

        arena_block_free(block);
        block = next;
    }
    a->first = NULL;
    a->size = 0;
}
