/* All workers' measures: collecting while they run, merging when they have ended.
 *
 * Collecting is described in measure.c. Sums over workers are made when asked for: a few hundred
 * loads. The exact histograms are merged once, at the end, in the order of the workers; as they are
 * integers, any other order gives the same bytes.
 */
#include "replay/measure_all_private.h"

#include <stdlib.h>

/* Memory of the merged rows: those in use and the total. */
static bool measure_all_allocate(struct measure_all *all)
{
    all->entered = calloc(all->worker_count + 1, sizeof *all->entered);
    all->so_far = calloc(all->row_count + 1, sizeof *all->so_far);
    if (all->entered == NULL || all->so_far == NULL)
        return false;
    for (uint32_t row = 0; row < MEASURE_ROWS; row++) {
        if (row != MEASURE_TOTAL && all->row_of[row] == MEASURE_NO_ROW)
            continue;
        for (uint32_t clock = 0; clock < MEASURE_CLOCKS; clock++) {
            all->rows[row].clock[clock] = omo_histogram_new(MEASURE_VALUE_MAX);
            if (all->rows[row].clock[clock] == NULL)
                return false;
        }
    }
    return true;
}

struct measure_all *measure_all_new(struct measure *const *workers, uint32_t worker_count,
                                    int64_t timeout_ns)
{
    struct measure_all *all = calloc(1, sizeof *all);

    g_assert(worker_count > 0);
    if (all == NULL)
        return NULL;
    all->workers = workers;
    all->worker_count = worker_count;
    all->timeout_ns = timeout_ns;
    all->interval_ns = workers[0]->interval_ns;
    all->warm_up_ns = workers[0]->warm_up_ns;
    all->row_count = workers[0]->row_count;
    all->series = g_ptr_array_new_with_free_func((GDestroyNotify)measure_closed_free);
    all->series_factor = 1;
    for (uint32_t step = 0; step < MEASURE_ROWS; step++) {
        all->row_of[step] = workers[0]->row_of[step];
        if (all->row_of[step] != MEASURE_NO_ROW)
            all->step_of[all->row_of[step]] = step;
    }
    for (uint32_t i = 1; i < worker_count; i++) {
        g_assert(workers[i]->row_count == all->row_count);
        g_assert(workers[i]->interval_ns == all->interval_ns);
    }
    if (!measure_all_allocate(all)) {
        measure_all_free(all);
        return NULL;
    }
    return all;
}

void measure_all_free(struct measure_all *all)
{
    if (all == NULL)
        return;
    for (uint32_t i = 0; i < MEASURE_RING; i++)
        measure_closed_free(all->recent[i]);
    for (uint32_t row = 0; row < MEASURE_ROWS; row++)
        for (uint32_t clock = 0; clock < MEASURE_CLOCKS; clock++)
            omo_histogram_free(all->rows[row].clock[clock]);
    g_ptr_array_unref(all->series);
    free(all->entered);
    free(all->so_far);
    free(all);
}

/* ---- collecting ----------------------------------------------------------------------------- */

/* Whether every record that may have gone into an interval before open_from has been made. */
static bool measure_all_are_through(struct measure_all *all)
{
    for (uint32_t i = 0; !all->looked && i < all->worker_count; i++)
        all->entered[i] = atomic_load_explicit(&all->workers[i]->entered, memory_order_relaxed);
    all->looked = true;
    for (uint32_t i = 0; i < all->worker_count; i++)
        if (atomic_load_explicit(&all->workers[i]->left, memory_order_acquire) < all->entered[i])
            return false;
    return true;
}

static void measure_all_take(struct measure_all *all)
{
    for (int64_t key = all->taken; key < all->open_from; key++)
        measure_series_close(all, key);
    all->taken = all->open_from;
    for (uint32_t i = 0; i < all->worker_count; i++)
        atomic_store_explicit(&all->workers[i]->taken, all->taken, memory_order_release);
}

/* One past the last interval that has anything in it. */
static int64_t measure_all_end_key(const struct measure_all *all)
{
    int64_t end = all->open_from;

    for (uint32_t i = 0; i < all->worker_count; i++)
        for (uint32_t place = 0; place < MEASURE_RING; place++) {
            const struct measure_slot *slot =
                atomic_load_explicit(&all->workers[i]->ring[place], memory_order_acquire);
            if (slot != NULL)
                end = MAX(end, atomic_load_explicit(&slot->key, memory_order_acquire) + 1);
        }
    return end;
}

void measure_all_collect(struct measure_all *all, int64_t now_ns)
{
    if (now_ns == INT64_MAX) {
        all->open_from = measure_all_end_key(all);
        measure_all_take(all);
        return;
    }
    if (all->taken < all->open_from) {
        if (!measure_all_are_through(all))
            return;
        measure_all_take(all);
    }
    all->open_from = MAX(all->open_from, (now_ns - all->timeout_ns) / all->interval_ns);
    all->looked = false;
    for (uint32_t i = 0; i < all->worker_count; i++)
        atomic_store_explicit(&all->workers[i]->open_from, all->open_from, memory_order_release);
}

/* ---- merging -------------------------------------------------------------------------------- */

static void measure_all_merge_row(struct measure_all *all, uint32_t step)
{
    uint32_t row = all->row_of[step];
    struct measure_row *total = &all->rows[MEASURE_TOTAL], *merged = &all->rows[step];

    for (uint32_t i = 0; i < OUTCOME_COUNT; i++) {
        merged->outcome[i] = measure_all_outcome(all, step, i);
        merged->count += merged->outcome[i];
        total->outcome[i] += merged->outcome[i];
    }
    total->count += merged->count;
    for (uint32_t clock = 0; clock < MEASURE_CLOCKS; clock++) {
        for (uint32_t i = 0; i < all->worker_count; i++)
            omo_histogram_merge(merged->clock[clock], all->workers[i]->rows[row].clock[clock]);
        omo_histogram_merge(total->clock[clock], merged->clock[clock]);
    }
}

void measure_all_merge(struct measure_all *all)
{
    for (uint32_t step = 0; step < STEP_COUNT; step++)
        if (all->row_of[step] != MEASURE_NO_ROW)
            measure_all_merge_row(all, step);
}

const struct measure_row *measure_all_row(const struct measure_all *all, uint32_t row)
{
    return &all->rows[row];
}

/* ---- sums ----------------------------------------------------------------------------------- */

uint64_t measure_all_outcome(const struct measure_all *all, uint32_t row, enum outcome outcome)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < all->worker_count; i++)
        for (uint32_t r = 0; r < all->row_count; r++)
            if (row == MEASURE_TOTAL || r == all->row_of[row])
                sum += atomic_load_explicit(&all->workers[i]->rows[r].outcome[outcome],
                                            memory_order_relaxed);
    return sum;
}

uint64_t measure_all_requests(const struct measure_all *all, uint32_t row)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < OUTCOME_COUNT; i++)
        sum += measure_all_outcome(all, row, i);
    return sum;
}

/* The sum of one counter over the workers. */
#define MEASURE_ALL_SUM(all, counter)                                                              \
    uint64_t sum = 0;                                                                              \
    for (uint32_t i = 0; i < (all)->worker_count; i++)                                             \
        sum += atomic_load_explicit(&(all)->workers[i]->counter, memory_order_relaxed);            \
    return sum

uint64_t measure_all_journeys(const struct measure_all *all, enum measure_journey what)
{
    MEASURE_ALL_SUM(all, journeys[what]);
}

uint64_t measure_all_count(const struct measure_all *all, enum measure_count what)
{
    MEASURE_ALL_SUM(all, counts[what]);
}

uint64_t measure_all_status(const struct measure_all *all, uint32_t status)
{
    MEASURE_ALL_SUM(all, status[status]);
}

uint64_t measure_all_late_records(const struct measure_all *all) { MEASURE_ALL_SUM(all, late); }

uint64_t measure_all_lost_records(const struct measure_all *all) { MEASURE_ALL_SUM(all, lost); }

uint64_t measure_all_warm_up_requests(const struct measure_all *all)
{
    MEASURE_ALL_SUM(all, warm_up);
}

int64_t measure_all_interval_ns(const struct measure_all *all) { return all->interval_ns; }

int64_t measure_all_warm_up_ns(const struct measure_all *all) { return all->warm_up_ns; }
