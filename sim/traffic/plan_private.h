/* What the files that read plans share. */
#ifndef TRAFFIC_PLAN_PRIVATE_H
#define TRAFFIC_PLAN_PRIVATE_H

#include "traffic/plan.h"
#include "traffic/steps.h"

#include <assert.h>
#include <stdatomic.h>

#if G_BYTE_ORDER != G_LITTLE_ENDIAN
#error "plans are read in place: a little-endian machine is needed"
#endif

static_assert(sizeof(omo_plan_header) == 64, "two blocks");
static_assert(sizeof(omo_plan_journey) == 32 && sizeof(omo_plan_step) == 32 &&
                  sizeof(omo_plan_trailer) == 32,
              "one block each");

#define PLAN_BLOCK 32u

struct plan {
    char *path;
    const uint8_t *map;
    size_t map_size;
    const uint8_t *begin, *end; /* of the records, trailer not counted */
    const omo_plan_trailer *trailer;
    json_t *names;
    struct plan_list {
        const char **name; /* borrowed from `names` */
        uint32_t count;
    } list[PLAN_NAME_COUNT];
    uint8_t kind[256];       /* of the registry, by the file's numbers; STEP_COUNT = unknown */
    atomic_size_t forgotten; /* bytes of the map, as far as any thread has forgotten */
};

/* 32-byte blocks of a payload of `size` bytes. */
static inline size_t plan_payload_blocks(size_t size)
{
    return size == 0 ? 0 : (size + 4 + PLAN_BLOCK - 1) / PLAN_BLOCK;
}

/* Whether what a broken (or ended) cursor stands at is the beginning of a good journey. */
bool plan_is_cut(const Plan *plan, const struct plan_cursor *cursor);

/* A walk that takes the checksum along, and forgets what lies behind. */
struct plan_check {
    struct plan_cursor cursor;
    const uint8_t *summed; /* up to here */
    uint64_t journeys, steps;
    uint32_t crc;
};

struct plan_check plan_check_begin(const Plan *plan);
/* As plan_next(). */
const omo_plan_journey *plan_check_next(const Plan *plan, struct plan_check *check);
/* After the last journey: whether all of the file is as it was written. */
gboolean plan_check_end(const Plan *plan, struct plan_check *check, GError **ret_error);

#endif
