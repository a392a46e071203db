/* bench_kernel: what a pop and a push of the calendar cost, against the four-ary heap before it.
 *
 * Hold model (Jones 1986): SIZE events are pending; the earliest is taken and one is scheduled an
 * increment later, over and over. The increments have the mean MEAN_US and the shape of the
 * pattern; kinds, and so phases, go round. The peer holds the same whole 32-byte events. Both are
 * filled and worn in alike, then timed in turns by processor time (the wall clock of a shared
 * machine would measure its neighbours); a row is the median of RUNS. The increments come from a
 * table, so that drawing them costs next to nothing; they are the same for both. What comes out is
 * compared, too.
 *
 *   exponential, uniform, triangular   as they are called
 *   bimodal   nine short to one about ten times the mean
 *   equal     all increments are the same: a queue, first in first out
 *   ties      nine of ten at the next multiple of the mean, where all of them meet
 *   burst     no hold: SIZE events are scheduled over twice the mean, then all are taken
 *
 * `--quick` stops at 10^4 events, `--json` prints one object a row.
 */
#include "base/arena.h"
#include "kernel/calendar.h"
#include "shell/json.h"
#include "shell/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MEAN_US ((int64_t)1 << 28)
#define INCREMENTS (1 << 16)
#define RUNS 5
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

static double processor_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void queue_fill(struct queue *q, enum shape shape, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        queue_push(q, shape);
}

/* Nanoseconds per pop and push over at least `steps` of them. */
static double queue_run(struct queue *q, enum shape shape, uint32_t size, uint32_t steps)
{
    double began_s = processor_s();
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
    return (processor_s() - began_s) * 1e9 / done;
}

static int order_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void add_row(json_t *rows, enum shape shape, uint32_t size, double value, double peer_value)
{
    g_autofree char *name = g_strdup_printf("hold/%s/1e%.0f", shape_name[shape], log10(size));
    json_t *row = json_object();

    json_object_set_new(row, "bench", json_make_text("kernel"));
    json_object_set_new(row, "case", json_make_text(name));
    json_object_set_new(row, "value", json_make_number(value));
    json_object_set_new(row, "unit", json_make_text("ns"));
    json_object_set_new(row, "peer", json_make_text("four-ary heap"));
    json_object_set_new(row, "peer_value", json_make_number(peer_value));
    json_object_set_new(row, "ratio", json_make_number(value / peer_value));
    json_array_append_new(rows, row);
}

/* False when memory is short or the queues disagree. */
static bool measure(json_t *rows, enum shape shape, uint32_t size)
{
    struct arena arena;
    struct calendar *calendar = g_new0(struct calendar, 1);
    struct heap heap = {0};
    struct queue queue[2] = {{calendar, face_calendar_push, face_calendar_pop, 0, 0, 0},
                             {&heap, face_heap_push, face_heap_pop, 0, 0, 0}};
    double ns[2][RUNS];
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
        for (uint32_t run = 0; run <= RUNS; run++) /* the first is for wearing in */
            for (uint32_t i = 0; i < 2; i++)
                ns[i][run == 0 ? 0 : run - 1] = queue_run(&queue[i], shape, size, steps);
        good = queue[0].sum == queue[1].sum;
        for (uint32_t i = 0; i < 2; i++)
            qsort(ns[i], RUNS, sizeof(ns[i][0]), order_doubles);
        add_row(rows, shape, size, ns[0][RUNS / 2], ns[1][RUNS / 2]);
    }
    arena_free(&arena);
    g_free(calendar);
    return good;
}

/* ---- output ---------------------------------------------------------------------------------- */

static void print_machine(void)
{
    g_autofree char *text = NULL;
    const char *model = NULL;

    if (g_file_get_contents("/proc/cpuinfo", &text, NULL, NULL))
        model = strstr(text, "model name\t: ");
    model = model != NULL ? model + strlen("model name\t: ") : "unknown processor";
    fprintf(stderr, "machine: %.*s, %ld cores\n", (int)strcspn(model, "\n"), model,
            sysconf(_SC_NPROCESSORS_ONLN));
}

static bool print_line(const json_t *row)
{
    g_autofree char *line = json_dumps(row, JSON_COMPACT | JSON_REAL_PRECISION(6));

    return line != NULL && printf("%s\n", line) > 0 && fflush(stdout) == 0;
}

static void print_rows(const json_t *rows)
{
    g_autoptr(Table) table = table_new();
    size_t i;
    json_t *row;

    table_column(table, "kernel", TABLE_LEFT);
    table_column(table, "ns per pop and push", TABLE_RIGHT);
    table_column(table, "four-ary heap", TABLE_RIGHT);
    table_column(table, "ratio", TABLE_RIGHT);
    json_array_foreach(rows, i, row)
    {
        table_add(table, json_string_value(json_object_get(row, "case")));
        table_add_format(table, "%.1f", json_number_value(json_object_get(row, "value")));
        table_add_format(table, "%.1f", json_number_value(json_object_get(row, "peer_value")));
        table_add_format(table, "%.2f", json_number_value(json_object_get(row, "ratio")));
    }
    table_print(table, stdout);
}

int main(int argc, char **argv)
{
    static const uint32_t sizes[] = {1000, 10000, 100000, 1000000, 10000000};
    bool json = false, quick = false, good = true;

    for (int i = 1; i < argc; i++) {
        json |= strcmp(argv[i], "--json") == 0;
        quick |= strcmp(argv[i], "--quick") == 0;
        if (strcmp(argv[i], "--json") != 0 && strcmp(argv[i], "--quick") != 0) {
            fprintf(stderr, "usage: bench_kernel [--quick] [--json]\n");
            return 2;
        }
    }
    print_machine();
    json_t *rows = json_array();
    for (enum shape shape = 0; shape < SHAPES && good; shape++)
        for (uint32_t i = 0; i < (quick ? 2 : G_N_ELEMENTS(sizes)) && good; i++) {
            if (sizes[i] == 10000 && !quick)
                continue;
            good = measure(rows, shape, sizes[i]);
            if (!good)
                fprintf(stderr, "bench_kernel: no memory, or calendar and heap disagree\n");
            else if (json)
                good = print_line(json_array_get(rows, json_array_size(rows) - 1));
        }
    if (good && !json)
        print_rows(rows);
    json_decref(rows);
    return good ? 0 : 1;
}
