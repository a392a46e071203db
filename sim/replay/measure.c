/* A worker's measures: the hot half of measure.h.
 *
 * A request is recorded once, in the row of its step: the total is the sum of the rows and is made
 * when somebody asks. That is three exact histograms, three coarse ones of the interval, and two
 * counters of outcomes.
 *
 * The main thread reads the coarse half while the worker writes it. Every such cell is an atomic
 * with one writer, so an addition is a load and a store that any processor makes as ordinary ones.
 * What needs care is the end of an interval: the main thread wants to read it when nothing is added
 * any more, and the worker must not be made to wait.
 *
 *   main    open_from = k           "nothing more into intervals before k"
 *   worker  entered++; reads open_from; writes; left++
 *   main    one collect later reads `entered`, and takes the intervals before k once `left` has
 *           come that far: whoever may have read the old open_from is through
 *   main    taken = k               "their slots are yours again"
 *
 * The worker's store to `entered` might still be in its store buffer when main reads it, which would
 * take a full barrier in every record to rule out; between two collects lies a tenth of a second,
 * and a store buffer drains in microseconds.
 *
 * Slots are taken from a stack, the last one freed first: with a time-out of ten seconds a dozen of
 * them is ever touched, though there are memory addresses for all.
 */
#include "replay/measure_private.h"

#include <stdlib.h>

const char *measure_clock_name(enum measure_clock clock)
{
    static const char *const names[MEASURE_CLOCKS] = {"response", "service", "lateness"};

    return names[clock];
}

const char *measure_count_name(enum measure_count count)
{
    static const char *const names[MEASURE_COUNTS] = {
        [MEASURE_RETRIES] = "retries",
        [MEASURE_REDIRECTS] = "redirects",
        [MEASURE_LOG_INS] = "log_ins",
        [MEASURE_LOG_INS_SAVED] = "log_ins_saved",
        [MEASURE_SESSIONS_LOST] = "sessions_lost",
        [MEASURE_SKIPPED_STEPS] = "skipped_steps",
        [MEASURE_RESENT] = "resent",
        [MEASURE_BYTES_OUT] = "bytes_out",
        [MEASURE_BYTES_IN] = "bytes_in",
        [MEASURE_GZIP] = "gzip",
        [MEASURE_CONNECTS] = "connects",
        [MEASURE_CONNECTIONS] = "connections",
        [MEASURE_WAITING] = "waiting",
        [MEASURE_SHED_JOURNEYS] = "shed_journeys",
    };

    return names[count];
}

/* The steps in use get rows in the order of their kinds. */
static void measure_map_rows(struct measure *m, const struct measure_options *options)
{
    m->row_of[MEASURE_TOTAL] = MEASURE_NO_ROW;
    for (uint32_t step = 0; step < STEP_COUNT; step++)
        m->row_of[step] = options->step_used[step] ? m->row_count++ : MEASURE_NO_ROW;
}

static bool measure_allocate(struct measure *m)
{
    m->slot_size = sizeof(struct measure_slot) + m->row_count * sizeof(struct measure_slot_row);
    m->slot_size = (m->slot_size + 63) / 64 * 64;
    m->rows = calloc(m->row_count + 1, sizeof *m->rows);
    m->slots = calloc(MEASURE_RING, m->slot_size);
    if (m->rows == NULL || m->slots == NULL)
        return false;
    for (uint32_t row = 0; row < m->row_count; row++)
        for (uint32_t clock = 0; clock < MEASURE_CLOCKS; clock++) {
            m->rows[row].clock[clock] = omo_histogram_new(MEASURE_VALUE_MAX);
            if (m->rows[row].clock[clock] == NULL)
                return false;
        }
    return true;
}

struct measure *measure_new(const struct measure_options *options)
{
    struct measure *m = aligned_alloc(64, (sizeof *m + 63) / 64 * 64);

    g_assert(options->interval_ns > 0);
    if (m == NULL)
        return NULL;
    *m = (struct measure){
        .interval_ns = options->interval_ns,
        .warm_up_ns = options->warm_up_ns,
    };
    measure_map_rows(m, options);
    if (!measure_allocate(m)) {
        measure_free(m);
        return NULL;
    }
    for (uint32_t i = 0; i < MEASURE_RING; i++) {
        struct measure_slot *slot = (void *)(m->slots + (MEASURE_RING - 1 - i) * m->slot_size);
        m->free_slots[m->free_count++] = slot;
    }
    return m;
}

void measure_free(struct measure *measure)
{
    if (measure == NULL)
        return;
    for (uint32_t row = 0; measure->rows != NULL && row < measure->row_count; row++)
        for (uint32_t clock = 0; clock < MEASURE_CLOCKS; clock++)
            omo_histogram_free(measure->rows[row].clock[clock]);
    free(measure->rows);
    free(measure->slots);
    free(measure);
}

/* Puts back the slots that main has taken. Once an interval: 128 loads. */
static void measure_reclaim(struct measure *m)
{
    int64_t taken = atomic_load_explicit(&m->taken, memory_order_acquire);

    for (uint32_t i = 0; i < MEASURE_RING; i++) {
        struct measure_slot *slot = atomic_load_explicit(&m->ring[i], memory_order_relaxed);
        if (slot == NULL || atomic_load_explicit(&slot->key, memory_order_relaxed) >= taken)
            continue;
        atomic_store_explicit(&m->ring[i], NULL, memory_order_relaxed);
        m->free_slots[m->free_count++] = slot;
    }
}

static struct measure_slot *measure_slot_open(struct measure *m, int64_t key)
{
    struct measure_slot *slot;

    g_assert(m->free_count > 0); /* as many slots as places in the ring, and this place is empty */
    slot = m->free_slots[--m->free_count];
    for (uint32_t row = 0; row < m->row_count; row++) {
        for (uint32_t i = 0; i < OUTCOME_COUNT; i++)
            atomic_store_explicit(&slot->rows[row].outcome[i], 0, memory_order_relaxed);
        for (uint32_t clock = 0; clock < MEASURE_CLOCKS; clock++)
            coarse_live_clear(&slot->rows[row].clock[clock]);
    }
    atomic_store_explicit(&slot->key, key, memory_order_release);
    atomic_store_explicit(&m->ring[key % MEASURE_RING], slot, memory_order_release);
    return slot;
}

/* The slot to count into: that of the interval when it is open. NULL: there is none. */
static struct measure_slot *measure_slot_find(struct measure *m, int64_t key)
{
    int64_t open_from = atomic_load_explicit(&m->open_from, memory_order_acquire);
    int64_t wanted = MAX(key, open_from);
    struct measure_slot *slot = m->current;

    if (slot == NULL || atomic_load_explicit(&slot->key, memory_order_relaxed) != wanted) {
        slot = atomic_load_explicit(&m->ring[wanted % MEASURE_RING], memory_order_relaxed);
        if (slot == NULL || atomic_load_explicit(&slot->key, memory_order_relaxed) < wanted) {
            measure_reclaim(m);
            slot = atomic_load_explicit(&m->ring[wanted % MEASURE_RING], memory_order_relaxed);
            if (slot == NULL)
                slot = measure_slot_open(m, wanted);
        }
    }
    m->current = slot;
    if (atomic_load_explicit(&slot->key, memory_order_relaxed) == key)
        return slot;
    COARSE_BUMP(m->late, 1);
    if (atomic_load_explicit(&slot->key, memory_order_relaxed) >= open_from)
        return slot;
    COARSE_BUMP(m->lost, 1);
    m->current = NULL;
    return NULL;
}

/* The three clocks of a sample; service -1 = none. */
static void measure_clocks(const struct measure_sample *s, int64_t ret_ns[MEASURE_CLOCKS])
{
    bool sent = s->sent_ns >= 0;

    ret_ns[MEASURE_RESPONSE] = CLAMP(s->done_ns - s->intended_ns, 0, MEASURE_VALUE_MAX);
    ret_ns[MEASURE_SERVICE] = sent ? CLAMP(s->done_ns - s->sent_ns, 0, MEASURE_VALUE_MAX) : -1;
    ret_ns[MEASURE_LATENESS] =
        CLAMP((sent ? s->sent_ns : s->done_ns) - s->intended_ns, 0, MEASURE_VALUE_MAX);
}

static void measure_record_row(struct measure *m, uint32_t row, const struct measure_sample *s,
                               const int64_t ns[MEASURE_CLOCKS])
{
    struct measure_worker_row *whole = &m->rows[row];

    COARSE_BUMP(whole->outcome[s->outcome], 1);
    if (s->status > 0 && s->status < MEASURE_STATUS_MAX)
        COARSE_BUMP(m->status[s->status], 1);
    omo_histogram_record(whole->clock[MEASURE_RESPONSE], ns[MEASURE_RESPONSE], 1);
    if (ns[MEASURE_SERVICE] >= 0)
        omo_histogram_record(whole->clock[MEASURE_SERVICE], ns[MEASURE_SERVICE], 1);
    omo_histogram_record(whole->clock[MEASURE_LATENESS], ns[MEASURE_LATENESS], 1);
}

static void measure_record_slot(struct measure_slot_row *row, enum outcome outcome,
                                const int64_t ns[MEASURE_CLOCKS])
{
    COARSE_BUMP(row->outcome[outcome], 1);
    coarse_live_record(&row->clock[MEASURE_RESPONSE], ns[MEASURE_RESPONSE]);
    if (ns[MEASURE_SERVICE] >= 0)
        coarse_live_record(&row->clock[MEASURE_SERVICE], ns[MEASURE_SERVICE]);
    coarse_live_record(&row->clock[MEASURE_LATENESS], ns[MEASURE_LATENESS]);
}

void measure_record(struct measure *measure, const struct measure_sample *sample)
{
    uint64_t number = atomic_load_explicit(&measure->entered, memory_order_relaxed) + 1;
    uint32_t row = measure->row_of[sample->step];
    int64_t intended_ns = MAX(sample->intended_ns, 0);
    struct measure_slot *slot;
    int64_t ns[MEASURE_CLOCKS];

    g_assert(row != MEASURE_NO_ROW);
    atomic_store_explicit(&measure->entered, number, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst); /* the compiler keeps the order */
    measure_clocks(sample, ns);
    if (intended_ns >= measure->warm_up_ns)
        measure_record_row(measure, row, sample, ns);
    else
        COARSE_BUMP(measure->warm_up, 1);
    slot = measure_slot_find(measure, intended_ns / measure->interval_ns);
    if (slot != NULL)
        measure_record_slot(&slot->rows[row], sample->outcome, ns);
    atomic_store_explicit(&measure->left, number, memory_order_release);
}

void measure_journey(struct measure *measure, enum measure_journey what)
{
    COARSE_BUMP(measure->journeys[what], 1);
}

void measure_add(struct measure *measure, enum measure_count what, uint64_t count)
{
    COARSE_BUMP(measure->counts[what], count);
}

void measure_set(struct measure *measure, enum measure_count what, uint64_t value)
{
    atomic_store_explicit(&measure->counts[what], value, memory_order_relaxed);
}
