/* The life of a kernel, its loop, and the events of the model's own.
 *
 * Stations and sources are collected in plain growing arrays; the first run seals them: references
 * are checked, every column is taken from the arena at its full capacity (fresh mappings cost
 * address space until they are touched), and the first event of each source, gate, shift and server
 * is scheduled. From then on nothing is allocated.
 *
 * The loop takes the earliest event, drops it when its slot has moved on, and switches on its kind.
 * The calendar's front tells which event comes next, so that its job is fetched while this one is
 * handled. Handlers of the model may call anything but omo_kernel_run; a mistake is noted once
 * (engine_fail) and ends the loop after the event under way, so that no half-made state is left.
 *
 * Room in the calendar: a job has at most one event that holds, a timer one, a source, gate, shift,
 * batch and server one each; cancelled ones are at most as many again and 64 (calendar_cancelled). */
#define OMO_CORE_MAY_ALLOCATE
#define _GNU_SOURCE /* strdup */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "kernel/engine.h"

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
    k->cell_free = OMO_NONE;
    arena_init(&k->arena, 0);
    return k;
}

static void engine_free_station(struct station *s)
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
        engine_free_station(&k->station[i]);
    for (uint32_t i = 0; i < k->source_count; i++) {
        free((void *)(uintptr_t)k->source[i].options.name);
        free((void *)(uintptr_t)k->source[i].options.rates);
    }
    for (uint32_t i = 0; i < k->handler_count; i++)
        free(k->handler[i].name);
    free(k->station);
    free(k->source);
    free(k->handler);
    arena_free(&k->arena);
    free(k);
}

void engine_fail(struct omo_kernel *k, omo_status status, const char *format, ...)
{
    va_list arguments;

    k->stopped = true;
    if (k->status != OMO_OK)
        return;
    k->status = k->error.status = status;
    va_start(arguments, format);
    vsnprintf(k->error.text, sizeof(k->error.text), format, arguments);
    va_end(arguments);
}

omo_status omo_kernel_status(const omo_kernel *k, omo_error *ret_error)
{
    if (k->status != OMO_OK && ret_error != NULL)
        *ret_error = k->error;
    return k->status;
}

/* ---- sealing ------------------------------------------------------------------------------------ */

static void *engine_column(struct omo_kernel *k, size_t count, size_t element_size)
{
    void *column = k->status == OMO_OK ? arena_take(&k->arena, count, element_size) : NULL;

    if (column == NULL)
        engine_fail(k, OMO_ENOMEM, "no memory for %zu x %zu bytes of a kernel", count,
                    element_size);
    return column;
}

static void engine_pool(struct omo_kernel *k, struct pool *p, const char *name, uint32_t capacity)
{
    *p = (struct pool){.name = name, .capacity = capacity, .free_first = OMO_NONE};
    p->next = engine_column(k, capacity, sizeof(uint32_t));
    p->generation = engine_column(k, capacity, sizeof(uint32_t));
}

static void engine_take_station(struct omo_kernel *k, struct station *s)
{
    s->sums = engine_column(k, k->source_count, sizeof(s->sums[0]));
    s->queue_count = s->options.crew_count != 0 ? OMO_SKILLS_MAX : 1;
    s->queue = engine_column(k, s->queue_count, sizeof(s->queue[0]));
    if (s->detailed)
        s->server = engine_column(k, s->server_count, sizeof(s->server[0]));
    for (uint32_t i = 0; k->status == OMO_OK && i < s->queue_count; i++)
        s->queue[i] = queue_empty();
    s->gate = queue_empty();
    s->blocked_first = s->blocked_last = OMO_NONE;
    s->period_end_us = s->options.period_us;
}

static void engine_take(struct omo_kernel *k)
{
    uint64_t jobs = k->options.job_max, timers = k->options.timer_max;
    uint64_t events = jobs + timers + k->source_count + 3 * (uint64_t)k->station_count;

    engine_pool(k, &k->jobs, "jobs", (uint32_t)jobs);
    engine_pool(k, &k->timers, "timers", (uint32_t)timers);
    k->job = engine_column(k, jobs, sizeof(k->job[0]));
    k->stamp = engine_column(k, jobs, sizeof(k->stamp[0]));
    k->cell = engine_column(k, jobs, sizeof(k->cell[0]));
    k->timer_kind = engine_column(k, timers, sizeof(uint32_t));
    k->timer_subject = engine_column(k, timers, sizeof(uint32_t));
    k->station_stamp = engine_column(k, k->station_count, sizeof(uint32_t));
    k->count = engine_column(k, k->station_count, report_count_size());
    for (uint32_t i = 0; i < k->station_count; i++) {
        engine_take_station(k, &k->station[i]);
        events += k->station[i].detailed ? k->station[i].server_count : 0;
    }
    events = 2 * events + 256;
    if (events > UINT32_MAX / 2) {
        engine_fail(k, OMO_EINVAL, "job_max and timer_max ask for %llu events",
                    (unsigned long long)events);
        return;
    }
    void *block = engine_column(k, calendar_size((uint32_t)events), 1);
    if (k->status != OMO_OK)
        return;
    calendar_init(&k->calendar, block, (uint32_t)events);
    k->calendar.owner[OWNER_JOB] = k->stamp;
    k->calendar.owner[OWNER_TIMER] = k->timers.generation;
    k->calendar.owner[OWNER_STATION] = k->station_stamp;
}

static void engine_check_references(struct omo_kernel *k)
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

static void engine_seal(struct omo_kernel *k)
{
    k->sealed = true;
    engine_check_references(k);
    if (k->status == OMO_OK)
        engine_take(k);
    for (uint32_t i = 0; k->status == OMO_OK && i < k->station_count; i++)
        server_begin(k, i);
    for (uint32_t i = 0; k->status == OMO_OK && i < k->source_count; i++)
        source_begin(k, i);
}

/* ---- the loop ----------------------------------------------------------------------------------- */

static void engine_call_model(struct omo_kernel *k, const struct event *e)
{
    const struct engine_handler *h = &k->handler[e->kind - ENGINE_KINDS];

    pool_give(&k->timers, e->slot);
    h->handler(k, h->user, e->arg);
}

static inline void engine_handle(struct omo_kernel *k, const struct event *e)
{
    switch (e->kind) {
    case ENGINE_ARRIVAL:
        source_fire(k, e->slot, e->arg != 0);
        break;
    case ENGINE_DONE:
        station_done(k, e->slot);
        break;
    case ENGINE_PATIENCE:
        station_renege(k, e->slot);
        break;
    case ENGINE_BATCH:
        station_batch_due(k, e->slot);
        break;
    case ENGINE_WAVE:
        station_wave(k, e->slot);
        break;
    case ENGINE_SHIFT:
        server_shift(k, e->slot, e->arg);
        break;
    case ENGINE_FAIL:
        server_fail(k, e->slot, e->arg);
        break;
    case ENGINE_REPAIR:
        server_repair(k, e->slot, e->arg);
        break;
    default:
        engine_call_model(k, e);
        break;
    }
}

static inline void engine_digest(struct omo_kernel *k, const struct event *e)
{
    uint64_t what = (uint64_t)e->kind << 32 | e->slot;
    uint64_t mixed = k->digest ^ (uint64_t)e->at_us * UINT64_C(0x9e3779b97f4a7c15) ^ what;

    mixed *= UINT64_C(0xd6e8feb86659fd93);
    k->digest = mixed ^ mixed >> 32;
}

static void engine_run(struct omo_kernel *k, int64_t until_us)
{
    struct calendar *c = &k->calendar;

    while (!k->stopped) {
        const struct event *top = calendar_peek(c);
        if (top == NULL || top->at_us > until_us)
            return;
        if (k->recurring != 0 && until_us == OMO_FOREVER && c->count == k->recurring &&
            k->jobs.used == 0)
            return;
        struct event e = calendar_pop(c);
        if (e.owner != OWNER_NONE && calendar_is_stale(c, &e)) {
            c->stale++;
            c->cancelled -= c->cancelled != 0;
            continue;
        }
        if (c->near_first != c->near_end && c->near[c->near_first].owner == OWNER_JOB)
            __builtin_prefetch(&k->job[c->near[c->near_first].slot], 1);
        k->event_count++;
        k->hops = 0;
        engine_digest(k, &e);
        engine_handle(k, &e);
    }
}

omo_status omo_kernel_run(omo_kernel *k, int64_t until_us, omo_error *ret_error)
{
    if (k == NULL)
        return core_error(ret_error, OMO_EINVAL, "there is no kernel to run");
    if (k->status == OMO_OK && !k->sealed)
        engine_seal(k);
    if (k->status == OMO_OK && until_us < engine_now_us(k))
        return core_error(ret_error, OMO_EINVAL, "time is %lld us already, %lld is past",
                          (long long)engine_now_us(k), (long long)until_us);
    if (k->status == OMO_OK) {
        k->stopped = false;
        engine_run(k, until_us);
        if (!k->stopped && until_us != OMO_FOREVER)
            k->calendar.now_us = until_us;
    }
    if (k->status == OMO_OK)
        k->status = report_audit(k, &k->error);
    return omo_kernel_status(k, ret_error);
}

void omo_kernel_stop(omo_kernel *k) { k->stopped = true; }
int64_t omo_kernel_now_us(const omo_kernel *k) { return engine_now_us(k); }
uint64_t omo_kernel_event_count(const omo_kernel *k) { return k->event_count; }
uint64_t omo_kernel_stale_count(const omo_kernel *k) { return k->calendar.stale; }
uint64_t omo_kernel_digest(const omo_kernel *k) { return k->digest; }

/* ---- events of the model's own ------------------------------------------------------------------- */

omo_kind omo_kernel_add_kind(omo_kernel *k, const char *name, omo_event_handler handler, void *user)
{
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

omo_timer omo_schedule(omo_kernel *k, omo_kind kind, int64_t delay_us, uint32_t subject)
{
    const omo_timer none = {OMO_NONE, 0};

    if (k->status != OMO_OK)
        return none;
    if (!k->sealed)
        engine_seal(k);
    if (kind.index >= k->handler_count || delay_us < 0) {
        engine_fail(k, OMO_EINVAL,
                    delay_us < 0
                        ? "an event was scheduled %lld us in the past, at %lld"
                        : "an event of no known kind was scheduled, after %lld us, at %lld",
                    delay_us < 0 ? -(long long)delay_us : (long long)delay_us,
                    (long long)engine_now_us(k));
        return none;
    }
    if (k->timers.used == k->timers.capacity) {
        engine_fail(k, OMO_ELIMIT, "pool timers is full: timer_max = %u", k->timers.capacity);
        return none;
    }
    uint32_t slot = pool_take(&k->timers);
    k->timer_kind[slot] = kind.index;
    k->timer_subject[slot] = subject;
    engine_schedule(k, delay_us,
                    (struct event_about){(uint16_t)(ENGINE_KINDS + kind.index), OWNER_TIMER, slot,
                                         k->timers.generation[slot], subject});
    return (omo_timer){slot, k->timers.generation[slot]};
}

bool omo_cancel(omo_kernel *k, omo_timer timer)
{
    if (k->status != OMO_OK || !k->sealed || timer.slot >= k->timers.touched ||
        k->timers.generation[timer.slot] != timer.generation)
        return false;
    pool_give(&k->timers, timer.slot);
    calendar_cancelled(&k->calendar);
    return true;
}

omo_timer omo_reschedule(omo_kernel *k, omo_timer timer, int64_t delay_us)
{
    if (!omo_cancel(k, timer))
        return (omo_timer){OMO_NONE, 0};
    return omo_schedule(k, (omo_kind){k->timer_kind[timer.slot]}, delay_us,
                        k->timer_subject[timer.slot]);
}

/* ---- draws ---------------------------------------------------------------------------------------- */

int64_t omo_kernel_draw_us(const omo_kernel *k, const omo_law *law, uint32_t stream,
                           uint64_t entity)
{
    struct draw_cursor c;

    OMO_ASSERT(stream < ENGINE_STATIONS_MAX);
    draw_begin(&c, k->key, DRAW_MODEL, entity, stream);
    return law_draw_us(law, &c);
}

double omo_kernel_draw_unit(const omo_kernel *k, uint32_t stream, uint64_t entity)
{
    struct draw_cursor c;

    OMO_ASSERT(stream < ENGINE_STATIONS_MAX);
    draw_begin(&c, k->key, DRAW_MODEL, entity, stream);
    return draw_unit53(&c);
}
