/* What follows from the touch points together: which channels go on by themselves, and columns for
 * open groups.
 *
 * Every purchase may be shared through every channel that shares links, so it is the sum of their
 * means that must stay below 1: each order brings m others at most, on average, and 1 / (1 - m) in
 * the end. That friends may leave with nothing only makes it less. */
#include "experiment/seal.h"

#include "experiment/draft.h"
#include "network/orders.h"

/* Orders that one order brings through the channel in the mean, if every friend who comes buys. */
static double seal_touch_offspring(const omo_channel_options *o)
{
    return (double)o->share_ppm / OMO_PPM * omo_law_mean(&o->friends) * (double)o->come_ppm /
           OMO_PPM;
}

static bool seal_touch_entry(const struct channel *c)
{
    const omo_channel_options *o = &c->options;
    bool entry = o->visit_cost_cents != 0 || c->kind->way == CHANNEL_GROUPS;

    for (uint32_t i = 0; i < o->terms_count; i++)
        entry = entry || o->terms[i].visit_cost_cents != 0;
    for (uint32_t i = 0; i < o->step_count; i++)
        entry = entry || o->step[i].abandon_ppm != 0;
    return entry;
}

static void seal_touch_group(const omo_model *m, struct demand *d, struct channel *c)
{
    if (c->kind->way != CHANNEL_GROUPS || !c->options.enabled)
        return;
    d->groups = true;
    c->group_first = d->group_columns;
    d->group_columns += c->options.group_scope == OMO_GROUP_OF_ZONE ? m->draft->zones.count : 1;
}

omo_status seal_touch(omo_model *m, omo_error *ret_error)
{
    struct demand *d = &m->demand;
    double offspring = 0.0;

    for (uint32_t i = 0; i < d->channel_count; i++) {
        struct channel *c = &d->channel[i];
        const omo_channel_options *o = &c->options;
        c->has_entry = seal_touch_entry(c);
        if (!o->enabled)
            continue;
        for (uint32_t k = 0; k < o->outage_count; k++)
            DRAFT_CHECK(o->outage[k].from_us < m->run.horizon_us,
                        "%s: an outage begins after the end of the run", o->id);
        for (uint32_t k = 0; k < o->terms_count; k++)
            DRAFT_CHECK(o->terms[k].at_us < m->run.horizon_us,
                        "%s: a change of terms comes after the end of the run", o->id);
        d->acquires = d->acquires || o->acquisition_cents != 0;
        seal_touch_group(m, d, c);
        if (c->kind->way == CHANNEL_SUBSCRIBES && o->subscribe_ppm != 0)
            d->subscribing |= UINT32_C(1) << i;
        if (c->kind->way != CHANNEL_SHARES || o->share_ppm == 0)
            continue;
        d->sharing |= UINT32_C(1) << i;
        if (o->generations == 0)
            offspring += seal_touch_offspring(o);
        DRAFT_CHECK(offspring < 1.0,
                    "%s: an order brings %.3g others on average, so links would go round for ever; "
                    "it must be below 1, or generations limit how often they are passed on",
                    o->id, offspring);
    }
    return OMO_OK;
}

omo_status seal_bursts(omo_model *m, struct segment *to, const omo_segment_options *o,
                       const char *id, omo_error *ret_error)
{
    struct demand *d = &m->demand;
    double weight = 0.0, most = 0.0;

    to->burst_count = o->burst_count;
    if (o->burst_count == 0)
        return OMO_OK;
    d->bursts = true;
    memcpy(to->burst, o->burst, sizeof(to->burst));
    to->burst_share = arena_take(&m->arena, d->zone_count, sizeof(to->burst_share[0]));
    if (to->burst_share == NULL)
        return draft_memory(ret_error);
    for (uint32_t zone = 0; zone < d->zone_count; zone++)
        weight += d->zone[zone].weight;
    DRAFT_CHECK(weight > 0.0, "%s: the zones' weights are all zero", id);
    for (uint32_t zone = 0; zone < d->zone_count; zone++)
        to->burst_share[zone] = d->zone[zone].weight / weight;
    for (uint32_t i = 0; i < o->burst_count; i++)
        most +=
            o->burst[i].visits * (o->burst[i].every_us != 0 && o->burst[i].every_us < OMO_US_PER_DAY
                                      ? (double)OMO_US_PER_DAY / (double)o->burst[i].every_us + 1.0
                                      : 1.0);
    /* The profile's visits have their ordinals from below, these from above. */
    DRAFT_CHECK(o->visits_per_day * 7.0 + most < 0.9 * ORDERS_DERIVED,
                "%s: more than %d visits a day in one zone", id, (int)(0.9 * ORDERS_DERIVED));
    return OMO_OK;
}
