/* The loop of a kernel, and the events of the model's own.
 *
 * The loop takes the earliest event, drops it when its slot has moved on, and switches on its kind.
 * The calendar's front tells which event comes next, so that its job is fetched while this one is
 * handled. Handlers of the model may call anything but omo_kernel_run; a mistake is noted once
 * (engine_fail) and ends the loop after the event under way, so that no half-made state is left. */
#include <stdarg.h>

#include "kernel/engine.h"

void engine_fail(struct omo_kernel *k, omo_status status, const char *format, ...)
{
    va_list arguments;

    k->stopped = true;
    if (k->status != OMO_OK)
        return;
    k->status = status;
    va_start(arguments, format);
    core_error_list(&k->error, status, format, arguments);
    va_end(arguments);
}

bool engine_deeper(struct omo_kernel *k, uint64_t identity, const char *station)
{
    if (++k->depth < ENGINE_DEPTH_MAX)
        return true;
    engine_fail(k, OMO_EINVAL, "job %llu is sent round in a circle at %lld us, through station %s",
                (unsigned long long)identity, (long long)engine_now_us(k), station);
    return false;
}

/* ---- the loop -------------------------------------------------------------------------------- */

static void engine_call_model(struct omo_kernel *k, uint32_t kind, uint32_t timer, uint32_t subject)
{
    const struct engine_handler *h = &k->handler[kind - ENGINE_KINDS];

    pool_give(&k->timers, timer);
    h->handler(k, h->user, subject);
}

static OMO_HOT void engine_handle(struct omo_kernel *k, uint32_t kind, uint32_t slot, uint32_t arg)
{
    switch (kind) {
    case ENGINE_ARRIVAL:
        source_fire(k, slot, arg != 0);
        break;
    case ENGINE_DONE:
        station_done(k, slot);
        break;
    case ENGINE_PATIENCE:
        station_renege(k, slot);
        break;
    case ENGINE_BATCH:
        group_due(k, slot);
        break;
    case ENGINE_WAVE:
        group_wave(k, slot);
        break;
    case ENGINE_SHIFT:
        server_shift(k, slot, arg);
        break;
    case ENGINE_FAIL:
        server_fail(k, slot, arg);
        break;
    case ENGINE_REPAIR:
        server_repair(k, slot, arg);
        break;
    default:
        engine_call_model(k, kind, slot, arg);
        break;
    }
}

static OMO_HOT void engine_digest(struct omo_kernel *k, int64_t at_us, uint64_t what)
{
    uint64_t mixed = k->digest ^ (uint64_t)at_us * UINT64_C(0x9e3779b97f4a7c15) ^ what;

    mixed *= UINT64_C(0xd6e8feb86659fd93);
    k->digest = mixed ^ mixed >> 32;
}

/* The arrival that comes before all of the calendar, or OMO_NONE. */
static OMO_HOT uint32_t engine_arrival(const struct omo_kernel *k, const struct event *top)
{
    const struct source *s = &k->source[k->source_first];

    if (k->source_first == OMO_NONE)
        return OMO_NONE;
    if (top == NULL || s->next_us < top->at_us ||
        (s->next_us == top->at_us && s->next_order < top->order))
        return k->source_first;
    return OMO_NONE;
}

static struct event engine_arrival_event(const struct source *s, uint32_t source)
{
    return event_make(s->next_us, s->next_order,
                      (struct event_about){ENGINE_ARRIVAL, OWNER_NONE, source, 0, 0});
}

bool engine_next(const struct omo_kernel *k, struct event *ret_event)
{
    const struct event *top = calendar_peek(&k->calendar);
    uint32_t source = engine_arrival(k, top);

    if (source != OMO_NONE)
        *ret_event = engine_arrival_event(&k->source[source], source);
    else if (top != NULL)
        *ret_event = *top;
    return source != OMO_NONE || top != NULL;
}

static bool engine_show_arrival(struct omo_kernel *k, uint32_t source)
{
    struct event e = engine_arrival_event(&k->source[source], source);

    return inspect_event(k, &e);
}

/* `traced` is known where this is inlined: reading costs nothing when nobody reads. */
static OMO_HOT void engine_loop(struct omo_kernel *k, int64_t until_us, bool traced)
{
    struct calendar *c = &k->calendar;
    bool endless = until_us == OMO_FOREVER && k->recurring != 0;

    while (!k->stopped) {
        const struct event *top = calendar_peek(c);
        uint32_t source = engine_arrival(k, top);
        if (source != OMO_NONE) {
            if (k->source[source].next_us > until_us)
                return;
            if (traced && !engine_show_arrival(k, source))
                return;
            c->now_us = k->source[source].next_us;
            k->event_count++;
            engine_digest(k, c->now_us, (uint64_t)ENGINE_ARRIVAL << 32 | source);
            source_fire(k, source, false);
            continue;
        }
        if (top == NULL || top->at_us > until_us ||
            (endless && c->count == k->recurring && k->jobs.used == 0))
            return;
        if (traced && !inspect_event(k, top))
            return;
        top = calendar_top(c);
        uint32_t kind = top->kind, slot = top->slot, arg = top->arg;
        bool stale = calendar_is_stale(c, top);
        calendar_drop(c);
        if (__builtin_expect(stale, 0)) {
            c->stale++;
            c->cancelled -= c->cancelled != 0;
            continue;
        }
        if (c->near_first != c->near_end) /* whatever it is about: a hint may miss */
            __builtin_prefetch(&k->job[c->near[c->near_first].slot], 1);
        k->event_count++;
        engine_digest(k, c->now_us, (uint64_t)kind << 32 | slot);
        engine_handle(k, kind, slot, arg);
    }
}

static void engine_run(struct omo_kernel *k, int64_t until_us)
{
    k->interrupted = false;
    if (k->event_reader != NULL)
        engine_loop(k, until_us, true);
    else
        engine_loop(k, until_us, false);
}

omo_status omo_kernel_run(omo_kernel *k, int64_t until_us, omo_error *ret_error)
{
    if (k == NULL)
        return core_error(ret_error, OMO_EINVAL, "there is no kernel to run");
    if (k->running) {
        engine_fail(k, OMO_EINVAL, "omo_kernel_run was called by a handler, at %lld us",
                    (long long)engine_now_us(k));
        return omo_kernel_status(k, ret_error);
    }
    if (k->status == OMO_OK && !k->sealed)
        engine_seal(k);
    if (k->status == OMO_OK && until_us < engine_now_us(k))
        return core_error(ret_error, OMO_EINVAL, "time is %lld us already, %lld is past",
                          (long long)engine_now_us(k), (long long)until_us);
    if (k->status == OMO_OK) {
        k->stopped = false;
        k->running = true;
        engine_run(k, until_us);
        k->running = false;
        if (!k->stopped && !k->interrupted && until_us != OMO_FOREVER)
            k->calendar.now_us = until_us;
    }
    if (k->status == OMO_OK)
        k->status = report_audit(k, &k->error);
    if (k->status == OMO_OK && k->interrupted)
        return core_error(ret_error, OMO_ECANCELLED, "stopped by the reader of events");
    return omo_kernel_status(k, ret_error);
}

void omo_kernel_stop(omo_kernel *k) { k->stopped = true; }
int64_t omo_kernel_now_us(const omo_kernel *k) { return engine_now_us(k); }
uint64_t omo_kernel_event_count(const omo_kernel *k) { return k->event_count; }
uint64_t omo_kernel_stale_count(const omo_kernel *k) { return k->calendar.stale; }
uint64_t omo_kernel_digest(const omo_kernel *k) { return k->digest; }

/* ---- events of the model's own --------------------------------------------------------------- */

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
                        ? "an event was scheduled in the past, after %lld us, at %lld"
                        : "an event of no known kind was scheduled, after %lld us, at %lld",
                    (long long)delay_us, (long long)engine_now_us(k));
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

/* ---- draws ----------------------------------------------------------------------------------- */

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
