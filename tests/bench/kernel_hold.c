/* The hold model: what a pop and a push of the calendar cost, against the four-ary heap before it.
 *
 * Hold model (Jones 1986): SIZE events are pending; the earliest is taken and one is scheduled an
 * increment later, over and over. The increments have the mean MEAN_US and the shape of the
 * pattern; kinds, and so phases, go round. The peer holds the same whole 32-byte events. Both are
 * filled and worn in alike, then timed in turns. The increments come from a table, so that drawing
 * them costs next to nothing; they are the same for both. What comes out is compared, too.
 *
 *   exponential, uniform, triangular   as they are called
 *   bimodal   nine short to one about ten times the mean
 *   equal     all increments are the same: a queue, first in first out
 *   ties      nine of ten at the next multiple of the mean, where all of them meet
 *   burst     no hold: SIZE events are scheduled over twice the mean, then all are taken
 *
 * Quick stops at 10^4 events.
 */
#include "bench/kernel.h"

#include "base/arena.h"
#include "kernel/calendar.h"

#include <glib.h>
#include <math.h>
#include <stdio.h>

#define MEAN_US ((int64_t)1 << 28)
#define INCREMENTS (1 << 16)
#define RUN_STEPS_MIN 1000000

/* ---- the peer -------------------------------------------------------------------------------- */

struct heap {
    struct event *event;
    uint32_t count;
    uint64_t sequence;
};

static void heap_push(struct heap *h, int64_t at_us, enum event_kind kind)
{
    struct event e = {
        .at_us = at_us,
        .order = (uint64_t)event_phase_of[kind] << EVENT_SEQUENCE_BITS | h->sequence++,
        .kind = (uint16_t)kind,
    };
    uint32_t hole = h->count++;

    while (hole != 0) {
        uint32_t parent = (hole - 1) / 4;
        if (!event_before(&e, &h->event[parent]))
            break;
        h->event[hole] = h->event[parent];
        hole = parent;
    }
    h->event[hole] = e;
}

static struct event heap_pop(struct heap *h)
{
    struct event top = h->event[0];
    struct event last = h->event[--h->count];
    uint32_t count = h->count;
    uint32_t hole = 0;

    for (;;) {
        uint32_t child = 4 * hole + 1;
        if (child >= count)
            break;
        uint32_t end = core_min_u32(child + 4, count);
        uint32_t best = child;
        for (uint32_t i = child + 1; i < end; i++)
            if (event_before(&h->event[i], &h->event[best]))
                best = i;
        if (!event_before(&h->event[best], &last))
            break;
        h->event[hole] = h->event[best];
        hole = best;
    }
    h->event[hole] = last;
    return top;
}

/* ---- both queues behind one face ------------------------------------------------------------- */

struct queue {
    void *state;
    void (*push)(void *state, int64_t at_us, enum event_kind kind);
    struct event (*pop)(void *state);
    int64_t now_us;
    uint32_t step; /* increments and kinds used */
    uint64_t sum;  /* of what came: equal in both, or one of them is wrong */
};

static void face_calendar_push(void *state, int64_t at_us, enum event_kind kind)
{
    calendar_push(state, at_us, event_phase_of[kind], (struct event_about){.kind = (uint16_t)kind});
}

static struct event face_calendar_pop(void *state) { return calendar_pop(state); }

static void face_heap_push(void *state, int64_t at_us, enum event_kind kind)
{
    heap_push(state, at_us, kind);
}

static struct event face_heap_pop(void *state) { return heap_pop(state); }

/* ---- patterns -------------------------------------------------------------------------------- */

enum shape { EXPONENTIAL, UNIFORM, BIMODAL, EQUAL, TRIANGULAR, TIES, BURST, SHAPES };

static const char *const shape_name[SHAPES] = {"exponential", "uniform", "bimodal", "equal",
                                               "triangular",  "ties",    "burst"};

static uint32_t increment[INCREMENTS];

static uint64_t split_mix(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* One increment in units of the mean; u and v are uniform in (0, 1). */
static double shape_increment(enum shape shape, double u, double v)
{
    switch (shape) {
    case EXPONENTIAL:
        return -log(u);
    case BIMODAL:
        return 0.95238 * u + (v < 0.1 ? 9.5238 - 0.95238 : 0.0);
    case EQUAL:
        return 1.0;
    case TRIANGULAR:
        return 1.5 * sqrt(u);
    case TIES:
        return v < 0.9 ? 0.0 : 2.0 * u; /* 0 stands for the next multiple of the mean */
    default:
        return 2.0 * u;
    }
}

static void shape_draw(enum shape shape)
{
    uint64_t state = 1;

    for (uint32_t i = 0; i < INCREMENTS; i++) {
        double u = ((double)(split_mix(&state) >> 12) + 0.5) * 0x1p-52;
        double v = ((double)(split_mix(&state) >> 12) + 0.5) * 0x1p-52;
        increment[i] = (uint32_t)(shape_increment(shape, u, v) * (double)MEAN_US);
    }
}

static inline void queue_push(struct queue *q, enum shape shape)
{
    uint32_t add = increment[q->step % INCREMENTS];

    if (shape == BURST) /* now stands still: the table must not come again as it was */
        add ^= q->step / INCREMENTS % 1024 << 8;
    int64_t at_us = q->now_us + add;
    if (shape == TIES && add == 0)
        at_us = (q->now_us | (MEAN_US - 1)) + 1;
    q->push(q->state, at_us, (enum event_kind)(q->step++ % EVENT_KIND_COUNT));
}

static inline void queue_pop(struct queue *q)
{
    struct event e = q->pop(q->state);

    q->now_us = e.at_us;
    q->sum = q->sum * 31 + e.order;
}

/* ---- measuring ------------------------------------------------------------------------------- */

static void queue_fill(struct queue *q, enum shape shape, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        queue_push(q, shape);
}

/* Nanoseconds per pop and push over at least `steps` of them. */
static double queue_run(struct queue *q, enum shape shape, uint32_t size, uint32_t steps)
{
    double began_s = bench_processor_s();
    uint32_t done = 0;

    while (done < steps && shape == BURST) {
        queue_fill(q, shape, size);
        for (uint32_t i = 0; i < size; i++)
            queue_pop(q);
        done += size;
    }
    for (; done < steps; done++) {
        queue_pop(q);
        queue_push(q, shape);
    }
    return (bench_processor_s() - began_s) * 1e9 / done;
}

/* False when memory is short or the queues disagree. */
static bool measure(struct bench *b, enum shape shape, uint32_t size)
{
    struct arena arena;
    struct calendar *calendar = g_new0(struct calendar, 1);
    struct heap heap = {0};
    struct queue queue[2] = {{calendar, face_calendar_push, face_calendar_pop, 0, 0, 0},
                             {&heap, face_heap_push, face_heap_pop, 0, 0, 0}};
    double ns[2][BENCH_RUNS];
    uint32_t steps = size > RUN_STEPS_MIN ? size : RUN_STEPS_MIN;

    arena_init(&arena, 0);
    void *block = arena_take(&arena, calendar_size(size), 1);
    heap.event = arena_take(&arena, size, sizeof(struct event));
    bool good = block != NULL && heap.event != NULL;
    if (good) {
        shape_draw(shape);
        calendar_init(calendar, block, size);
        for (uint32_t i = 0; i < 2 && shape != BURST; i++)
            queue_fill(&queue[i], shape, size);
        for (uint32_t run = 0; run <= BENCH_RUNS; run++) /* the first is for wearing in */
            for (uint32_t i = 0; i < 2; i++)
                ns[i][run == 0 ? 0 : run - 1] = queue_run(&queue[i], shape, size, steps);
        good = queue[0].sum == queue[1].sum;
        g_autofree char *name = g_strdup_printf("hold/%s/1e%.0f", shape_name[shape], log10(size));
        bench_row(b, name, bench_median(ns[0], BENCH_RUNS), "ns", "four-ary heap",
                  bench_median(ns[1], BENCH_RUNS));
    }
    arena_free(&arena);
    g_free(calendar);
    return good;
}

bool kernel_hold(struct bench *b)
{
    static const uint32_t sizes[] = {1000, 10000, 100000, 1000000, 10000000};

    for (enum shape shape = 0; shape < SHAPES; shape++)
        for (uint32_t i = 0; i < (b->quick ? 2 : G_N_ELEMENTS(sizes)); i++) {
            if (sizes[i] == 10000 && !b->quick)
                continue;
            if (!measure(b, shape, sizes[i])) {
                fprintf(stderr, "bench_kernel: no memory, or calendar and heap disagree\n");
                return false;
            }
        }
    return true;
}
