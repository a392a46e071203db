/* What befalls channels: outages, planned and by chance, and changes of a platform's terms.
 *
 * All of it is known or keyed by the channel, so it takes place in every run of a seed, whatever
 * customers do. Planned outages and terms are on the calendar from the beginning; of the outages by
 * chance one is, the next: times between them run from the end of one to the beginning of the next.
 * Outages may overlap, so a channel counts those under way and is down while there are any. How long
 * it was down is told when it works again, or when the books are closed; the part before the warm-up
 * ended is left out. */
#include "flow/world.h"

enum channel_change {
    CHANNEL_PLANNED_BEGINS,
    CHANNEL_PLANNED_ENDS,
    CHANNEL_CHANCE_BEGINS,
    CHANNEL_CHANCE_ENDS,
    CHANNEL_TERMS
};

static void channel_schedule(struct omo_world *w, uint32_t channel, int64_t at_us,
                             enum channel_change change)
{
    world_schedule(w, at_us, EVENT_CHANNEL, channel, 0, change);
}

static bool channel_fails_by_chance(const omo_channel_options *o)
{
    return omo_law_mean(&o->down_every) > 0.0;
}

/* A time of an outage by chance: 0 until it begins, 1 until it ends. At least 1 us, so that time
 * passes. */
static int64_t channel_chance_us(const struct omo_world *w, uint32_t channel, uint32_t which)
{
    const omo_channel_options *o = &w->model->demand.channel[channel].options;
    struct draw_cursor c;

    draw_begin(&c, w->key, DRAW_OUTAGE, (uint64_t)channel << 32 | w->touch[channel].outages, which);
    return core_max_i64(1, law_draw_us(which == 0 ? &o->down_every : &o->down_for, &c));
}

void channel_open_books(struct omo_world *w)
{
    const struct demand *d = &w->model->demand;

    for (uint32_t i = 0; i < d->channel_count; i++) {
        const omo_channel_options *o = &d->channel[i].options;
        if (!o->enabled)
            continue;
        for (uint32_t k = 0; k < o->outage_count; k++) {
            channel_schedule(w, i, o->outage[k].from_us, CHANNEL_PLANNED_BEGINS);
            channel_schedule(w, i, o->outage[k].from_us + o->outage[k].for_us,
                             CHANNEL_PLANNED_ENDS);
        }
        for (uint32_t k = 0; k < o->terms_count; k++)
            channel_schedule(w, i, o->terms[k].at_us, CHANNEL_TERMS);
        if (channel_fails_by_chance(o))
            channel_schedule(w, i, channel_chance_us(w, i, 0), CHANNEL_CHANCE_BEGINS);
    }
}

static void channel_tell_downtime(struct omo_world *w, uint32_t channel)
{
    int64_t from_us = w->touch[channel].down_since_us;

    if (w->now_us >= w->model->run.warm_up_us)
        from_us = core_max_i64(from_us, w->model->run.warm_up_us);
    feed_span(&w->feed, FACT_DOWNTIME, world_about(0, OMO_NONE, channel), 1, w->now_us - from_us);
}

static void channel_fail(struct omo_world *w, uint32_t channel, uint32_t why)
{
    struct touch_point *t = &w->touch[channel];

    if (t->down++ != 0)
        return;
    t->down_since_us = w->now_us;
    feed_none(&w->feed, FACT_CHANNEL_DOWN, world_about(0, OMO_NONE, channel), why);
}

static void channel_mend(struct omo_world *w, uint32_t channel)
{
    OMO_ASSERT(w->touch[channel].down > 0);
    if (--w->touch[channel].down == 0)
        channel_tell_downtime(w, channel);
}

void channel_event(struct omo_world *w, uint32_t channel, uint32_t change)
{
    struct touch_point *t = &w->touch[channel];

    switch ((enum channel_change)change) {
    case CHANNEL_PLANNED_BEGINS:
        channel_fail(w, channel, 1);
        break;
    case CHANNEL_PLANNED_ENDS:
        channel_mend(w, channel);
        break;
    case CHANNEL_CHANCE_BEGINS:
        channel_fail(w, channel, 2);
        channel_schedule(w, channel, w->now_us + channel_chance_us(w, channel, 1),
                         CHANNEL_CHANCE_ENDS);
        break;
    case CHANNEL_CHANCE_ENDS:
        channel_mend(w, channel);
        t->outages++;
        channel_schedule(w, channel, w->now_us + channel_chance_us(w, channel, 0),
                         CHANNEL_CHANCE_BEGINS);
        break;
    case CHANNEL_TERMS:
        t->terms++;
        feed_none(&w->feed, FACT_TERMS, world_about(0, OMO_NONE, channel), t->terms);
        break;
    }
}

void channel_close_books(struct omo_world *w)
{
    for (uint32_t i = 0; i < w->model->demand.channel_count; i++)
        if (w->touch[i].down != 0)
            channel_tell_downtime(w, i);
}
