/* The life of a kernel: made, filled by a model, sealed by the first run, freed.
 *
 * Stations and sources are collected in plain growing arrays; the first run seals them:
 * references are checked, every column is taken from the arena at its full capacity (fresh
 * mappings cost address space until they are touched), and the first event of each source, gate,
 * shift and server is scheduled. From then on nothing is allocated.
 *
 * Room in the calendar: a job has at most one event that holds, a timer one, a source, gate,
 * shift, batch and server one each; cancelled ones are at most as many again and 64
 * (calendar_cancelled). */
#define OMO_CORE_MAY_ALLOCATE
#define _GNU_SOURCE /* strdup */
#include <stdlib.h>

#include "kernel/snapshot.h"

omo_kernel_options omo_kernel_defaults(void)
{
    return (omo_kernel_options){.size = sizeof(omo_kernel_options),
                                .seed = 1,
                                .job_max = 1000000,
                                .timer_max = 100000};
}

omo_kernel *omo_kernel_new(const omo_kernel_options *options, omo_error *ret_error)
{
    omo_kernel_options o = options != NULL ? *options : omo_kernel_defaults();

    if (o.size != sizeof(o)) {
        core_error(ret_error, OMO_EINVAL, "kernel options begin with their size: %zu, not %zu",
                   sizeof(o), o.size);
        return NULL;
    }
    if (o.job_max == 0 || o.job_max > UINT32_MAX / 8 || o.timer_max > UINT32_MAX / 8) {
        core_error(ret_error, OMO_EINVAL, "job_max is 1 to %u, timer_max 0 to %u", UINT32_MAX / 8,
                   UINT32_MAX / 8);
        return NULL;
    }
    struct omo_kernel *k = calloc(1, sizeof(*k));
    if (k == NULL) {
        core_error(ret_error, OMO_ENOMEM, "no memory for a kernel");
        return NULL;
    }
    k->options = o;
    k->key = draw_key_make(o.seed, o.replication);
    k->cell_free = k->source_first = OMO_NONE;
    arena_init(&k->arena, 0);
    return k;
}

static void kernel_free_station(struct station *s)
{
    free((void *)(uintptr_t)s->options.name);
    free((void *)(uintptr_t)s->options.shifts);
    free((void *)(uintptr_t)s->options.crews);
    free((void *)(uintptr_t)s->options.branches);
    for (uint32_t i = 0; i < OMO_OUTCOME_COUNT; i++)
        free(s->routes[i].route);
}

void omo_kernel_free(omo_kernel *k)
{
    if (k == NULL)
        return;
    for (uint32_t i = 0; i < k->station_count; i++)
        kernel_free_station(&k->station[i]);
    for (uint32_t i = 0; i < k->source_count; i++) {
        free((void *)(uintptr_t)k->source[i].options.name);
        free((void *)(uintptr_t)k->source[i].options.rates);
    }
    for (uint32_t i = 0; i < k->handler_count; i++)
        free(k->handler[i].name);
    free(k->station);
    free(k->source);
    free(k->handler);
    arena_free(&k->steps_arena);
    arena_free(&k->arena);
    free(k);
}

omo_status omo_kernel_status(const omo_kernel *k, omo_error *ret_error)
{
    if (k == NULL)
        return core_error(ret_error, OMO_EINVAL, "there is no kernel");
    if (k->status != OMO_OK && ret_error != NULL)
        *ret_error = k->error;
    return k->status;
}

/* ---- sealing --------------------------------------------------------------------------------- */

static void *kernel_column(struct omo_kernel *k, size_t count, size_t element_size)
{
    void *column = k->status == OMO_OK ? arena_take(&k->arena, count, element_size) : NULL;

    if (column == NULL)
        engine_fail(k, OMO_ENOMEM, "no memory for %zu x %zu bytes of a kernel", count,
                    element_size);
    return column;
}

static void kernel_pool(struct omo_kernel *k, struct pool *p, const char *name, uint32_t capacity)
{
    *p = (struct pool){.name = name, .capacity = capacity, .free_first = OMO_NONE};
    p->next = kernel_column(k, capacity, sizeof(uint32_t));
    p->generation = kernel_column(k, capacity, sizeof(uint32_t));
}

static void kernel_take_station(struct omo_kernel *k, struct station *s)
{
    s->sums = kernel_column(k, k->source_count, sizeof(s->sums[0]));
    s->queue_count = s->options.crew_count != 0 ? OMO_SKILLS_MAX : 1;
    s->queue = kernel_column(k, s->queue_count, sizeof(s->queue[0]));
    if (s->detailed)
        s->server = kernel_column(k, s->server_count, sizeof(s->server[0]));
    for (uint32_t i = 0; k->status == OMO_OK && i < s->queue_count; i++)
        s->queue[i] = queue_empty();
    s->gate = queue_empty();
    s->blocked_first = s->blocked_last = OMO_NONE;
    s->period_end_us = s->options.period_us;
}

static void kernel_take_source(struct omo_kernel *k, struct source *s)
{
    uint32_t count = s->options.rate_count;

    if (count == 0)
        return;
    int64_t *begin_us = kernel_column(k, count, sizeof(int64_t));
    double *per_hour = kernel_column(k, count, sizeof(double));
    double *until = kernel_column(k, count, sizeof(double));
    if (k->status != OMO_OK)
        return;
    for (uint32_t i = 0; i < count; i++) {
        begin_us[i] = s->options.rates[i].from_us;
        per_hour[i] = s->options.rates[i].per_hour;
    }
    nhpp_init(&s->rates, count, begin_us, per_hour, s->options.rate_period_us, true, until);
}

static void kernel_take(struct omo_kernel *k)
{
    uint64_t jobs = k->options.job_max, timers = k->options.timer_max;
    uint64_t events = jobs + timers + k->source_count + 3 * (uint64_t)k->station_count;

    kernel_pool(k, &k->jobs, "jobs", (uint32_t)jobs);
    kernel_pool(k, &k->timers, "timers", (uint32_t)timers);
    k->job = kernel_column(k, jobs, sizeof(k->job[0]));
    k->stamp = kernel_column(k, jobs, sizeof(k->stamp[0]));
    k->cell = kernel_column(k, jobs, sizeof(k->cell[0]));
    k->timer_kind = kernel_column(k, timers, sizeof(uint32_t));
    k->timer_subject = kernel_column(k, timers, sizeof(uint32_t));
    k->station_stamp = kernel_column(k, k->station_count, sizeof(uint32_t));
    k->count = kernel_column(k, k->station_count, report_count_size());
    k->packed_station = kernel_column(k, k->station_count, snapshot_station_size());
    k->packed_source = kernel_column(k, k->source_count, snapshot_source_size());
    for (uint32_t i = 0; i < k->station_count; i++) {
        kernel_take_station(k, &k->station[i]);
        events += k->station[i].detailed ? k->station[i].server_count : 0;
    }
    for (uint32_t i = 0; i < k->source_count; i++)
        kernel_take_source(k, &k->source[i]);
    events = 2 * events + 256;
    if (events > UINT32_MAX / 2) {
        engine_fail(k, OMO_EINVAL, "job_max and timer_max ask for %llu events",
                    (unsigned long long)events);
        return;
    }
    void *block = kernel_column(k, calendar_size((uint32_t)events), 1);
    if (k->status != OMO_OK)
        return;
    calendar_init(&k->calendar, block, (uint32_t)events);
    k->calendar.owner[OWNER_JOB] = k->stamp;
    k->calendar.owner[OWNER_TIMER] = k->timers.generation;
    k->calendar.owner[OWNER_STATION] = k->station_stamp;
}

static void kernel_check_references(struct omo_kernel *k)
{
    for (uint32_t i = 0; i < k->source_count; i++)
        if (k->source[i].options.to.index >= k->station_count)
            engine_fail(k, OMO_EINVAL, "source %s: there is no station %u",
                        k->source[i].options.name, k->source[i].options.to.index);
    for (uint32_t i = 0; i < k->station_count; i++)
        for (uint32_t b = 0; b < k->station[i].options.branch_count; b++)
            if (k->station[i].options.branches[b].index >= k->station_count)
                engine_fail(k, OMO_EINVAL, "station %s: branch %u: there is no station %u",
                            k->station[i].options.name, b, k->station[i].options.branches[b].index);
}

void engine_seal(struct omo_kernel *k)
{
    k->sealed = true;
    kernel_check_references(k);
    if (k->status == OMO_OK)
        kernel_take(k);
    for (uint32_t i = 0; k->status == OMO_OK && i < k->station_count; i++)
        server_begin(k, i);
    for (uint32_t i = 0; k->status == OMO_OK && i < k->source_count; i++)
        source_begin(k, i);
}

/* ---- kinds of events ------------------------------------------------------------------------- */

omo_kind omo_kernel_add_kind(omo_kernel *k, const char *name, omo_event_handler handler, void *user)
{
    if (k == NULL)
        return (omo_kind){OMO_NONE};
    if (k->sealed || name == NULL || handler == NULL ||
        k->handler_count == UINT16_MAX - ENGINE_KINDS) {
        engine_fail(k, OMO_EINVAL,
                    "a kind of event is added before the first run, with a name "
                    "and a handler");
        return (omo_kind){OMO_NONE};
    }
    if (k->handler_count == k->handler_capacity) {
        uint32_t capacity = 2 * k->handler_capacity + 8;
        struct engine_handler *grown = realloc(k->handler, capacity * sizeof(*grown));
        if (grown == NULL) {
            engine_fail(k, OMO_ENOMEM, "no memory for kind %s", name);
            return (omo_kind){OMO_NONE};
        }
        k->handler = grown;
        k->handler_capacity = capacity;
    }
    k->handler[k->handler_count] = (struct engine_handler){handler, user, strdup(name)};
    return (omo_kind){k->handler_count++};
}
