/* Walking plans: the cursor, the whole check, and giving memory back.
 *
 * A cursor hands out a journey only when all its steps and their payloads have been seen to lie
 * inside the file, so a caller may follow them without looking. Whatever does not fit ends the walk
 * at the journey's first byte. Each step is thus touched twice, the second time in the cache.
 *
 * Memory: pages of a mapped file stay in the process until the system wants them back. Under no
 * pressure a walk over 3 GiB would show 3 GiB, so readers give them back as they go (MADV_DONTNEED;
 * the pages stay in the system's cache). Scanning the page tables of the whole file each time would
 * cost more than the walk; so only the stretch since the furthest thread's last call is looked at,
 * and PLAN_FORGET_SIZE before the caller, which is enough for the threads that lag behind.
 */
#include "shell/diagnostic.h"
#include "shell/units.h"
#include "traffic/plan_private.h"

#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#define PLAN_CHECK_SIZE ((size_t)1 << 20)

struct plan_cursor plan_begin(const Plan *plan)
{
    return (struct plan_cursor){.at = plan->begin, .last_us = -OMO_PLAN_AT_US_MAX};
}

/* Whether a payload of `blocks` blocks at `bytes` is what a writer writes. */
static bool plan_payload_fits(const uint8_t *bytes, size_t blocks)
{
    const uint32_t size = *(const uint32_t *)(const void *)bytes;

    return size > 0 && plan_payload_blocks(size) == blocks;
}

/* The record behind a journey's last step, or NULL when something does not fit. */
static const uint8_t *plan_check_journey(const omo_plan_journey *journey, const uint8_t *end)
{
    const uint8_t *at = (const uint8_t *)(journey + 1);
    const uint32_t count = journey->step_count;
    int64_t last_us = journey->at_us;

    for (uint32_t i = 0; i < count; i++) {
        const omo_plan_step *step = (const void *)at;
        if (end - at < PLAN_BLOCK || step->tag != OMO_PLAN_STEP || step->at_us < last_us)
            return NULL;
        last_us = step->at_us;
        at += PLAN_BLOCK;
        if (step->payload > 0) {
            const size_t size = (size_t)step->payload * PLAN_BLOCK;
            if ((size_t)(end - at) < size || !plan_payload_fits(at, step->payload))
                return NULL;
            at += size;
        }
    }
    return last_us <= OMO_PLAN_AT_US_MAX ? at : NULL;
}

const omo_plan_journey *plan_next(const Plan *plan, struct plan_cursor *cursor)
{
    const omo_plan_journey *journey = (const void *)cursor->at;

    if (cursor->at == plan->end || cursor->broken)
        return NULL;
    const uint8_t *next = NULL;
    if (journey->tag == OMO_PLAN_JOURNEY && journey->at_us >= cursor->last_us &&
        journey->step_count >= 1 && journey->step_count <= OMO_PLAN_STEPS_MAX)
        next = plan_check_journey(journey, plan->end);
    if (next == NULL) {
        cursor->broken = true;
        return NULL;
    }
    cursor->last_us = journey->at_us;
    cursor->at = next;
    return journey;
}

bool plan_is_cut(const Plan *plan, const struct plan_cursor *cursor)
{
    const omo_plan_journey *journey = (const void *)cursor->at;

    if (cursor->at == plan->end)
        return true;
    if (journey->tag != OMO_PLAN_JOURNEY || journey->at_us < cursor->last_us ||
        journey->step_count < 1 || journey->step_count > OMO_PLAN_STEPS_MAX)
        return false;
    const uint8_t *at = cursor->at + PLAN_BLOCK;
    for (uint32_t i = 0; i < journey->step_count && at < plan->end; i++) {
        const omo_plan_step *step = (const void *)at;
        if (step->tag != OMO_PLAN_STEP)
            return false;
        const size_t left = (size_t)(plan->end - at) / PLAN_BLOCK;
        if (left < 1 + (size_t)step->payload)
            return true;
        at += (1 + (size_t)step->payload) * PLAN_BLOCK;
    }
    return at == plan->end;
}

void plan_forget(const Plan *plan, const void *before)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t end = (size_t)((const uint8_t *)before - plan->map) / page * page;
    atomic_size_t *mark = (atomic_size_t *)(uintptr_t)&plan->forgotten;
    const size_t forgotten = atomic_load_explicit(mark, memory_order_relaxed);
    size_t begin = end > PLAN_FORGET_SIZE ? (end - PLAN_FORGET_SIZE) / page * page : 0;

    if (forgotten < begin)
        begin = forgotten;
    if (begin < end)
        (void)madvise((void *)(uintptr_t)(plan->map + begin), end - begin, MADV_DONTNEED);
    if (forgotten < end) /* a lost race with another thread costs a repeated call, no more */
        atomic_store_explicit(mark, end, memory_order_relaxed);
}

void plan_set_broken_error(const Plan *plan, const struct plan_cursor *cursor, GError **ret_error)
{
    g_autofree char *byte = units_format_count((int64_t)(cursor->at - plan->map));

    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                "%s: damaged: no whole journey at byte %s", plan->path, byte);
}

/* ---- the whole check ------------------------------------------------------------------------- */

struct plan_check plan_check_begin(const Plan *plan)
{
    return (struct plan_check){.cursor = plan_begin(plan), .summed = plan->begin};
}

static void plan_check_sum(const Plan *plan, struct plan_check *check)
{
    check->crc =
        (uint32_t)crc32_z(check->crc, check->summed, (size_t)(check->cursor.at - check->summed));
    check->summed = check->cursor.at;
    plan_forget(plan, check->summed);
}

const omo_plan_journey *plan_check_next(const Plan *plan, struct plan_check *check)
{
    if ((size_t)(check->cursor.at - check->summed) >= PLAN_CHECK_SIZE)
        plan_check_sum(plan, check);
    const omo_plan_journey *journey = plan_next(plan, &check->cursor);
    if (journey == NULL)
        return NULL;
    check->journeys++;
    check->steps += journey->step_count;
    return journey;
}

gboolean plan_check_end(const Plan *plan, struct plan_check *check, GError **ret_error)
{
    const char *wrong = NULL;

    if (check->cursor.broken) {
        plan_set_broken_error(plan, &check->cursor, ret_error);
        return FALSE;
    }
    plan_check_sum(plan, check);
    if (check->crc != plan->trailer->crc)
        wrong = "the checksum of its records is wrong";
    else if (check->journeys != plan->trailer->journey_count)
        wrong = "its trailer counts other journeys than there are";
    else if (check->steps != plan->trailer->step_count)
        wrong = "its trailer counts other steps than there are";
    if (wrong == NULL)
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT, "%s: damaged: %s",
                plan->path, wrong);
    return FALSE;
}

static void plan_count(struct plan_counts *counts, const omo_plan_journey *journey)
{
    const omo_plan_step *step = plan_first_step(journey);
    int64_t last_us = journey->at_us;

    for (uint32_t i = 0; i < journey->step_count; i++, step = plan_next_step(step)) {
        counts->step_kind[step->kind]++;
        last_us = step->at_us;
    }
    if (counts->journeys == 0) {
        counts->first_us = journey->at_us;
        counts->last_us = last_us;
    }
    counts->last_us = MAX(counts->last_us, last_us);
    counts->journeys++;
    counts->steps += journey->step_count;
}

gboolean plan_verify(const Plan *plan, struct plan_counts *ret_counts, GError **ret_error)
{
    struct plan_check check = plan_check_begin(plan);
    struct plan_counts counts = {0};
    const omo_plan_journey *journey;

    while ((journey = plan_check_next(plan, &check)) != NULL)
        plan_count(&counts, journey);
    if (!plan_check_end(plan, &check, ret_error))
        return FALSE;
    if (ret_counts != NULL)
        *ret_counts = counts;
    return TRUE;
}
