/* Closed intervals: the series of a run, the last two minutes of it, and windows over both.
 *
 * An interval that is taken out of the rings is packed (replay/coarse.h) row by row, so that later
 * any quantile of any run of intervals can be had, also for one step. Its own figures are worked out
 * once. It stands in two places: in `recent`, as fine as it was measured, for what looks at a
 * running load, and in the series, which is made coarser when it grows too long. Merging unpacks
 * two and packs their sum; as packing loses nothing, it doesn't matter how often.
 *
 * The total of an interval is the sum of its rows here as everywhere.
 */
#include "replay/measure_all_private.h"

#include <stdlib.h>
#include <string.h>

int64_t measure_heat_low_ns(uint32_t cell)
{
    return (INT64_C(8) + cell % 8) << (COARSE_LOW_BITS - 3 + cell / 8);
}

/* A heat cell is sixteen coarse ones. */
static uint32_t measure_heat_cell(uint32_t coarse)
{
    if (coarse < COARSE_GROUP_CELLS)
        return 0;
    return MIN((coarse - COARSE_GROUP_CELLS) / 16, MEASURE_HEAT_CELLS - 1);
}

struct measure_closed *measure_closed_new(uint32_t row_count, int64_t begin_ns, int64_t end_ns)
{
    struct measure_closed *closed = g_new0(struct measure_closed, 1);

    closed->figures.begin_ns = begin_ns;
    closed->figures.end_ns = end_ns;
    closed->figures.heat = g_new0(uint32_t, MEASURE_HEAT_CELLS);
    closed->row_count = row_count;
    closed->outcome = g_malloc0_n(row_count + 1, sizeof *closed->outcome);
    closed->clock = g_malloc0_n(row_count + 1, sizeof *closed->clock);
    return closed;
}

void measure_closed_free(struct measure_closed *closed)
{
    if (closed == NULL)
        return;
    for (uint32_t row = 0; row < closed->row_count; row++)
        for (uint32_t clock = 0; clock < MEASURE_CLOCKS; clock++)
            coarse_packed_clear(&closed->clock[row][clock]);
    g_free(closed->outcome);
    g_free(closed->clock);
    g_free(closed->figures.heat);
    g_free(closed);
}

/* ---- figures of one interval ---------------------------------------------------------------- */

static void measure_closed_count(const struct measure_all *all, struct measure_closed *closed)
{
    struct measure_interval *f = &closed->figures;

    memset(f->count, 0, sizeof f->count);
    memset(f->errors, 0, sizeof f->errors);
    memset(f->outcome, 0, sizeof f->outcome);
    for (uint32_t row = 0; row < all->row_count; row++)
        for (uint32_t i = 0; i < OUTCOME_COUNT; i++) {
            uint64_t count = closed->outcome[row][i];
            uint64_t errors = outcome_is_error(i) ? count : 0;
            f->outcome[i] += count;
            f->count[all->step_of[row]] += count;
            f->count[MEASURE_TOTAL] += count;
            f->errors[all->step_of[row]] += errors;
            f->errors[MEASURE_TOTAL] += errors;
        }
}

static void measure_closed_sum(const struct measure_all *all, const struct measure_closed *closed,
                               enum measure_clock clock, struct coarse_sum *ret_sum)
{
    coarse_sum_clear(ret_sum);
    for (uint32_t row = 0; row < all->row_count; row++)
        coarse_sum_add_packed(ret_sum, &closed->clock[row][clock]);
}

static void measure_closed_work_out(struct measure_all *all, struct measure_closed *closed)
{
    struct measure_interval *f = &closed->figures;
    struct coarse_sum *sum = &all->total;

    measure_closed_count(all, closed);
    f->warm_up = f->begin_ns < all->warm_up_ns;
    measure_closed_sum(all, closed, MEASURE_RESPONSE, sum);
    f->p50_ns = coarse_sum_quantile_ns(sum, 500000);
    f->p90_ns = coarse_sum_quantile_ns(sum, 900000);
    f->p99_ns = coarse_sum_quantile_ns(sum, 990000);
    f->p999_ns = coarse_sum_quantile_ns(sum, 999000);
    f->max_ns = sum->max_ns;
    memset(f->heat, 0, MEASURE_HEAT_CELLS * sizeof *f->heat);
    for (uint64_t groups = sum->groups; groups != 0;)
        for (uint32_t i = 0, first = coarse_next_group(&groups); i < COARSE_GROUP_CELLS; i++)
            f->heat[measure_heat_cell(first + i)] += (uint32_t)sum->cells[first + i];
    measure_closed_sum(all, closed, MEASURE_LATENESS, sum);
    f->lateness_p50_ns = coarse_sum_quantile_ns(sum, 500000);
    f->lateness_p99_ns = coarse_sum_quantile_ns(sum, 990000);
    f->lateness_max_ns = sum->max_ns;
}

/* ---- the series ----------------------------------------------------------------------------- */

/* Adds `from` to `into`; the two lie side by side, or `into` is new. */
static void measure_closed_merge(struct measure_all *all, struct measure_closed *into,
                                 const struct measure_closed *from)
{
    into->figures.end_ns = from->figures.end_ns;
    for (uint32_t row = 0; row < all->row_count; row++) {
        for (uint32_t i = 0; i < OUTCOME_COUNT; i++)
            into->outcome[row][i] += from->outcome[row][i];
        for (uint32_t clock = 0; clock < MEASURE_CLOCKS; clock++) {
            coarse_sum_clear(&all->scratch);
            coarse_sum_add_packed(&all->scratch, &into->clock[row][clock]);
            coarse_sum_add_packed(&all->scratch, &from->clock[row][clock]);
            coarse_packed_clear(&into->clock[row][clock]);
            coarse_pack(&all->scratch, &into->clock[row][clock]);
        }
    }
    measure_closed_work_out(all, into);
}

static void measure_series_halve(struct measure_all *all)
{
    GPtrArray *halved = g_ptr_array_new_with_free_func((GDestroyNotify)measure_closed_free);

    for (guint i = 0; i < all->series->len; i++) {
        struct measure_closed *closed = g_ptr_array_index(all->series, i);
        if (i % 2 == 0) {
            g_ptr_array_index(all->series, i) = NULL;
            g_ptr_array_add(halved, closed);
        } else
            measure_closed_merge(all, g_ptr_array_index(halved, halved->len - 1), closed);
    }
    g_ptr_array_unref(all->series);
    all->series = halved;
    all->series_factor *= 2;
}

static void measure_series_append(struct measure_all *all, const struct measure_closed *closed)
{
    bool full = all->series->len == 0 || all->series_last == all->series_factor;

    if (full && all->series->len == MEASURE_INTERVALS_MAX)
        measure_series_halve(all);
    if (full) {
        g_ptr_array_add(all->series, measure_closed_new(all->row_count, closed->figures.begin_ns,
                                                        closed->figures.end_ns));
        all->series_last = 0;
    }
    all->series_last++;
    measure_closed_merge(all, g_ptr_array_index(all->series, all->series->len - 1), closed);
}

/* The slot of an interval in a worker's ring, or NULL. */
static const struct measure_slot *measure_series_slot(const struct measure *worker, int64_t key)
{
    const struct measure_slot *slot =
        atomic_load_explicit(&worker->ring[key % MEASURE_RING], memory_order_acquire);

    if (slot == NULL || atomic_load_explicit(&slot->key, memory_order_acquire) != key)
        return NULL;
    return slot;
}

void measure_series_close(struct measure_all *all, int64_t key)
{
    struct measure_closed *closed =
        measure_closed_new(all->row_count, key * all->interval_ns, (key + 1) * all->interval_ns);
    bool counts = closed->figures.begin_ns >= all->warm_up_ns;

    for (uint32_t row = 0; row < all->row_count; row++)
        for (uint32_t clock = 0; clock < MEASURE_CLOCKS; clock++) {
            coarse_sum_clear(&all->scratch);
            for (uint32_t i = 0; i < all->worker_count; i++) {
                const struct measure_slot *slot = measure_series_slot(all->workers[i], key);
                if (slot != NULL)
                    coarse_sum_add_live(&all->scratch, &slot->rows[row].clock[clock]);
            }
            if (all->scratch.count > 0)
                coarse_pack(&all->scratch, &closed->clock[row][clock]);
            if (all->scratch.count > 0 && counts)
                coarse_sum_add(&all->so_far[row][clock], &all->scratch);
        }
    for (uint32_t i = 0; i < all->worker_count; i++) {
        const struct measure_slot *slot = measure_series_slot(all->workers[i], key);
        for (uint32_t row = 0; slot != NULL && row < all->row_count; row++)
            for (uint32_t o = 0; o < OUTCOME_COUNT; o++)
                closed->outcome[row][o] +=
                    atomic_load_explicit(&slot->rows[row].outcome[o], memory_order_relaxed);
    }
    measure_closed_work_out(all, closed);
    measure_series_append(all, closed);
    measure_closed_free(all->recent[key % MEASURE_RING]);
    all->recent[key % MEASURE_RING] = closed;
}

uint32_t measure_all_interval_count(const struct measure_all *all) { return all->series->len; }

const struct measure_interval *measure_all_interval(const struct measure_all *all, uint32_t i)
{
    const struct measure_closed *closed = g_ptr_array_index(all->series, i);

    return &closed->figures;
}
