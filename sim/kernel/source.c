/* Sources: jobs come one by one, at intervals of a law or at the pace of a rate; or they are there
 * from the start and never leave.
 *
 * A source's intervals are the stream keyed by (seed, replication, SOURCE, source): which customer
 * comes when does not depend on what the stations do. The next arrival is scheduled when one is
 * handled, so a source holds one event however long it is open. */
#include "kernel/engine.h"

static void source_schedule(struct omo_kernel *k, uint32_t index)
{
    struct source *s = &k->source[index];
    const omo_source_options *o = &s->options;

    if (s->ordinal >= o->count_max)
        return;
    int64_t after_us = law_draw_us(&o->interval, &s->cursor);
    if (after_us > o->until_us - engine_now_us(k))
        return;
    engine_schedule(k, after_us, (struct event_about){ENGINE_ARRIVAL, OWNER_NONE, index, 0, 0});
}

void source_begin(struct omo_kernel *k, uint32_t index)
{
    struct source *s = &k->source[index];
    const omo_source_options *o = &s->options;

    draw_begin(&s->cursor, k->key, DRAW_SOURCE, index, 0);
    if (o->population != 0 || o->from_us != 0)
        engine_schedule(k, o->from_us,
                        (struct event_about){ENGINE_ARRIVAL, OWNER_NONE, index, 0, 1});
    else
        source_schedule(k, index);
}

static void source_emit(struct omo_kernel *k, uint32_t index)
{
    const omo_source_options *o = &k->source[index].options;
    uint32_t slot = job_take(k, index);

    if (slot == OMO_NONE)
        return;
    job_call(k, slot, o->on_arrival, o->user, true);
    if (k->job[slot].target == JOB_TARGET_ROUTES)
        station_send(k, slot, o->to.index);
    else if (k->job[slot].target == JOB_TARGET_END)
        job_leave(k, slot);
    else
        station_send(k, slot, k->job[slot].target);
}

void source_fire(struct omo_kernel *k, uint32_t index, bool opens)
{
    uint32_t population = k->source[index].options.population;

    for (uint32_t i = 0; i < population && !k->stopped; i++)
        source_emit(k, index);
    if (population != 0)
        return;
    if (!opens)
        source_emit(k, index);
    source_schedule(k, index);
}
