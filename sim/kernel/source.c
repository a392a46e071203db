/* Sources: jobs come one by one, at intervals of a law or at the pace of a rate; or they are
 * there from the start and never leave.
 *
 * A rate is inverted: the next arrival is where the cumulative rate has grown by a unit
 * exponential. A source's intervals are the stream keyed by (seed, replication, SOURCE, source):
 * which customer comes when does not depend on what the stations do. The next arrival is
 * scheduled when one is handled, so a source holds one event however long it is open. */
#include "base/batch.h"
#include "kernel/engine.h"

/* The next interval. Exponential ones are drawn by the batch: the same numbers in the same
 * order. */
static OMO_HOT int64_t source_interval_us(struct source *s)
{
    const omo_law *law = &s->options.interval;

    if (law->kind != OMO_LAW_EXPONENTIAL)
        return law_draw_us(law, &s->cursor);
    if (s->gap_used == SOURCE_GAPS) {
        batch_exponentials(&s->cursor, SOURCE_GAPS, s->gap);
        s->gap_used = 0;
    }
    return law_round_us(law->a * s->gap[s->gap_used++]);
}

static int64_t source_rate_us(const struct nhpp *rates, int64_t now_us, struct draw_cursor *c)
{
    int64_t at_us = nhpp_next_us(rates, now_us, c);

    return at_us == NHPP_NEVER ? OMO_FOREVER : at_us - now_us;
}

static OMO_HOT void source_schedule(struct omo_kernel *k, uint32_t index, struct source *s)
{
    if (s->ordinal >= s->options.count_max)
        return;
    int64_t after_us = s->options.rate_count == 0
                           ? source_interval_us(s)
                           : source_rate_us(&s->rates, engine_now_us(k), &s->cursor);
    if (after_us > s->options.until_us - engine_now_us(k) || after_us == OMO_FOREVER)
        return;
    engine_schedule(k, after_us, (struct event_about){ENGINE_ARRIVAL, OWNER_NONE, index, 0, 0});
}

void source_begin(struct omo_kernel *k, uint32_t index)
{
    struct source *s = &k->source[index];
    const omo_source_options *o = &s->options;

    draw_begin(&s->cursor, k->key, DRAW_SOURCE, index, 0);
    s->gap_used = SOURCE_GAPS;
    if (o->population != 0 || o->from_us != 0)
        engine_schedule(k, o->from_us,
                        (struct event_about){ENGINE_ARRIVAL, OWNER_NONE, index, 0, 1});
    else
        source_schedule(k, index, s);
}

static OMO_HOT void source_emit(struct omo_kernel *k, uint32_t index, struct source *s)
{
    uint32_t slot = job_take(k, index);

    if (slot == OMO_NONE)
        return;
    job_call(k, slot, s->options.on_arrival, s->options.user, true);
    uint32_t target = k->job[slot].target;
    if (target == JOB_TARGET_END)
        job_leave(k, slot);
    else
        station_send(k, slot, target == JOB_TARGET_ROUTES ? s->options.to.index : target);
}

static void source_open(struct omo_kernel *k, uint32_t index, struct source *s)
{
    for (uint32_t i = 0; i < s->options.population && k->status == OMO_OK; i++)
        source_emit(k, index, s);
    if (s->options.population == 0)
        source_schedule(k, index, s);
}

void source_fire(struct omo_kernel *k, uint32_t index, bool opens)
{
    struct source *s = &k->source[index];

    if (__builtin_expect(opens, 0)) {
        source_open(k, index, s);
        return;
    }
    source_emit(k, index, s);
    source_schedule(k, index, s);
}
