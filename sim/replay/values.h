/* Captured values of journeys and sessions: for each at most one block that holds all of them.
 *
 * Blocks come in sizes of 64 bytes to 16 KiB. For each size address space for `capacity` blocks is
 * reserved before the run; pages are touched as they are first needed and used again, so nothing is
 * allocated while running and an owner that may have one block always gets it. One thread.
 */
#ifndef REPLAY_VALUES_H
#define REPLAY_VALUES_H

#include "traffic/api.h"

#define VALUES_NONE UINT32_MAX
#define VALUES_CLASSES 9
#define VALUES_BLOCK_MIN 64u
#define VALUES_BLOCK_MAX (VALUES_BLOCK_MIN << (VALUES_CLASSES - 1))

struct values {
    uint8_t *area[VALUES_CLASSES];
    uint32_t used[VALUES_CLASSES]; /* blocks that were ever handed out */
    uint32_t free[VALUES_CLASSES]; /* first of those given back, VALUES_NONE = none */
    uint32_t capacity;
};

/* Reserves room for `capacity` owners. FALSE: the address space is not to be had. */
bool values_init(struct values *values, uint32_t capacity);
void values_clear(struct values *values);

/* Puts the texts of `captured` that are set and that `mine` names (a bit for each variable) over
 * those in block *handle (VALUES_NONE = none yet), which changes. FALSE: together they are more
 * than VALUES_BLOCK_MAX, *handle stays as it was. */
bool values_put(struct values *values, uint32_t *handle, const struct api_text *captured,
                uint32_t variable_count, uint32_t mine);
/* Points `ret_variable` at the values of a block; the others are left alone. They hold until the
 * block changes. */
void values_get(const struct values *values, uint32_t handle, struct api_text *ret_variable);
/* Gives a block back; VALUES_NONE is none. */
void values_drop(struct values *values, uint32_t handle);
/* Bytes touched so far, at their highest. */
uint64_t values_memory(const struct values *values);

/* Address space that costs memory only where it is touched; NULL when it is not to be had. */
void *values_reserve(size_t size);
void values_release(void *area, size_t size);

#endif
