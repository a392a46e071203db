/* Windows: what a few intervals hold together, for thresholds and for those who watch.
 *
 * A window slides over the series by adding an interval at its front and taking one away at its
 * back, so that 3,600 positions cost 3,600 additions however long the window. Looking back from a
 * running load, closed intervals come from `recent` and open ones straight from the workers' rings;
 * an interval is in exactly one of the two, because this is the thread that closes them.
 */
#include "replay/measure_all_private.h"

#include <string.h>

static bool measure_window_wants(const struct measure_all *all, uint32_t row, uint32_t r)
{
    return row == MEASURE_TOTAL || all->row_of[row] == r;
}

static void measure_window_add_outcome(struct measure_window *window, enum outcome outcome,
                                       uint64_t count)
{
    window->outcome[outcome] += count;
    window->count += count;
    if (outcome_is_error(outcome))
        window->errors += count;
}

static void measure_window_add_closed(const struct measure_all *all, uint32_t row,
                                      enum measure_clock clock, const struct measure_closed *closed,
                                      struct measure_window *window)
{
    for (uint32_t r = 0; r < all->row_count; r++) {
        if (!measure_window_wants(all, row, r))
            continue;
        for (uint32_t i = 0; i < OUTCOME_COUNT; i++)
            measure_window_add_outcome(window, i, closed->outcome[r][i]);
        coarse_sum_add_packed(&window->clock, &closed->clock[r][clock]);
    }
}

void measure_all_window_add(const struct measure_all *all, uint32_t row, enum measure_clock clock,
                            uint32_t first, uint32_t count, struct measure_window *window)
{
    for (uint32_t i = first; i < first + count; i++) {
        const struct measure_closed *closed = g_ptr_array_index(all->series, i);
        if (!closed->figures.warm_up)
            measure_window_add_closed(all, row, clock, closed, window);
    }
}

static void measure_window_remove_closed(const struct measure_all *all, uint32_t row,
                                         enum measure_clock clock,
                                         const struct measure_closed *closed,
                                         struct measure_window *window)
{
    for (uint32_t r = 0; r < all->row_count; r++) {
        if (!measure_window_wants(all, row, r))
            continue;
        for (uint32_t o = 0; o < OUTCOME_COUNT; o++) {
            window->outcome[o] -= closed->outcome[r][o];
            window->count -= closed->outcome[r][o];
            window->errors -= outcome_is_error(o) ? closed->outcome[r][o] : 0;
        }
        coarse_sum_remove_packed(&window->clock, &closed->clock[r][clock]);
    }
}

/* The exact maximum, which taking away has lost. */
static int64_t measure_window_max_ns(const struct measure_all *all, uint32_t row,
                                     enum measure_clock clock, uint32_t first, uint32_t count)
{
    int64_t max_ns = 0;

    for (uint32_t i = first; i < first + count; i++) {
        const struct measure_closed *closed = g_ptr_array_index(all->series, i);
        for (uint32_t r = 0; !closed->figures.warm_up && r < all->row_count; r++)
            if (measure_window_wants(all, row, r))
                max_ns = MAX(max_ns, closed->clock[r][clock].max_ns);
    }
    return max_ns;
}

void measure_all_window_slide(const struct measure_all *all, uint32_t row, enum measure_clock clock,
                              uint32_t first, uint32_t count, struct measure_window *window)
{
    const struct measure_closed *closed = g_ptr_array_index(all->series, first);

    if (!closed->figures.warm_up)
        measure_window_remove_closed(all, row, clock, closed, window);
    measure_all_window_add(all, row, clock, first + count, 1, window);
    window->clock.max_ns = measure_window_max_ns(all, row, clock, first + 1, count);
}

/* Adds what is still in the rings and lies in [from, to). */
static void measure_window_add_open(const struct measure_all *all, uint32_t row,
                                    enum measure_clock clock, int64_t from_ns, int64_t to_ns,
                                    struct measure_window *window)
{
    for (uint32_t i = 0; i < all->worker_count * MEASURE_RING; i++) {
        const struct measure_slot *slot =
            atomic_load_explicit(&all->workers[i / MEASURE_RING]->ring[i % MEASURE_RING],
                                 memory_order_acquire);
        int64_t key =
            slot == NULL ? MEASURE_NO_KEY : atomic_load_explicit(&slot->key, memory_order_acquire);
        if (key < all->taken || key % MEASURE_RING != i % MEASURE_RING ||
            key * all->interval_ns >= to_ns || (key + 1) * all->interval_ns <= from_ns)
            continue;
        for (uint32_t r = 0; r < all->row_count; r++) {
            if (!measure_window_wants(all, row, r))
                continue;
            for (uint32_t o = 0; o < OUTCOME_COUNT; o++)
                measure_window_add_outcome(window, o,
                                           atomic_load_explicit(&slot->rows[r].outcome[o],
                                                                memory_order_relaxed));
            coarse_sum_add_live(&window->clock, &slot->rows[r].clock[clock]);
        }
    }
}

void measure_all_recent(const struct measure_all *all, uint32_t row, enum measure_clock clock,
                        int64_t from_ns, int64_t to_ns, struct measure_window *ret_window)
{
    memset(ret_window, 0, sizeof *ret_window);
    for (uint32_t i = 0; i < MEASURE_RING; i++) {
        const struct measure_closed *closed = all->recent[i];
        if (closed != NULL && closed->figures.begin_ns < to_ns && closed->figures.end_ns > from_ns)
            measure_window_add_closed(all, row, clock, closed, ret_window);
    }
    measure_window_add_open(all, row, clock, from_ns, to_ns, ret_window);
}

void measure_all_so_far(const struct measure_all *all, uint32_t row, enum measure_clock clock,
                        struct measure_window *ret_window)
{
    int64_t warm_key = (all->warm_up_ns + all->interval_ns - 1) / all->interval_ns;

    memset(ret_window, 0, sizeof *ret_window);
    measure_window_add_open(all, row, clock, warm_key * all->interval_ns, INT64_MAX, ret_window);
    memset(ret_window->outcome, 0, sizeof ret_window->outcome);
    ret_window->count = ret_window->errors = 0;
    for (uint32_t i = 0; i < OUTCOME_COUNT; i++)
        measure_window_add_outcome(ret_window, i, measure_all_outcome(all, row, i));
    for (uint32_t r = 0; r < all->row_count; r++)
        if (measure_window_wants(all, row, r))
            coarse_sum_add(&ret_window->clock, &all->so_far[r][clock]);
}

int64_t measure_all_recent_quantile(const struct measure_all *all, uint32_t row, int64_t from_ns,
                                    int64_t to_ns, uint32_t share_ppm, uint64_t *ret_count,
                                    uint64_t *ret_errors)
{
    struct measure_window window;

    measure_all_recent(all, row, MEASURE_RESPONSE, from_ns, to_ns, &window);
    *ret_count = window.count;
    *ret_errors = window.errors;
    return coarse_sum_quantile_ns(&window.clock, share_ppm);
}
