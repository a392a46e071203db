/* Forecast demand of every position, and the levels that the stocking policy makes of it.
 *
 * The forecast is the model's own mean: a segment's visits in a zone, times the share of each
 * channel by its utility alone, go to the nearest place that serves the channel (where
 * customers choose among places, to each by its share), times lines, units and the SKU's
 * popularity. It leaves out prices, distances and the integration dial on
 * purpose: two arms of a comparison that differ in the dial then hold the same opening stock and
 * the same levels, so the dial is all that differs. Cost: positions x segments, once. */
#include "experiment/seal.h"

#include "demand/behaviour.h"

static bool seal_serves(const struct place *p, const struct channel *c)
{
    return (p->capabilities & c->mode->capability) != 0;
}

/* The places that a channel's orders from a zone fall to when everything is in stock: the nearest
 * that serves it, or as many as customers choose from. Returns how many. */
static uint32_t seal_serving(const omo_model *m, uint32_t zone, const struct channel *c,
                             const struct reach_near *ret_near[REACH_COUNT_MAX])
{
    const struct near_list *list = &m->zone_near[zone];
    const struct reach_near *near = m->near + list->first;
    uint32_t first = c->mode->path == MODE_PARCEL ? list->store_count : 0;
    uint32_t end = list->store_count + list->warehouse_count, count = 0;

    for (uint32_t i = first; i < end && count < c->options.place_count; i++)
        if (seal_serves(&m->network.place[near[i].place], c))
            ret_near[count++] = &near[i];
    for (uint32_t i = 0; i < first && count == 0; i++)
        if (seal_serves(&m->network.place[near[i].place], c))
            ret_near[count++] = &near[i];
    return count;
}

/* Shares of the channels of a segment by utility alone. Who only comes to a channel by an invitation or
 * a subscription is in no forecast. */
static void seal_shares(const struct demand *d, const struct segment *s,
                        double ret_share[OMO_CHANNELS_MAX])
{
    double utility[OMO_CHANNELS_MAX];
    bool open[OMO_CHANNELS_MAX];

    for (uint32_t i = 0; i < s->offered_count; i++) {
        utility[i] = s->utility[s->offered[i]];
        open[i] = !channel_is_followed(d->channel[s->offered[i]].kind);
    }
    behaviour_nest(s, s->offered, open, s->offered_count, utility);
    double sum = behaviour_weights(utility, open, s->offered_count, ret_share);
    for (uint32_t i = 0; i < s->offered_count; i++)
        ret_share[i] /= sum;
}

/* Shares of the places that customers of a channel choose from, by distance and attraction. */
static void seal_place_shares(const omo_model *m, const struct segment *s, uint32_t channel,
                              const struct reach_near *const *near, uint32_t count,
                              double ret_share[REACH_COUNT_MAX])
{
    double utility[REACH_COUNT_MAX], sum = 0.0;
    bool open[REACH_COUNT_MAX];

    for (uint32_t i = 0; i < count; i++) {
        const struct behaviour_option o = {.channel = channel,
                                           .distance_mm = near[i]->distance_mm,
                                           .size_log = m->network.place[near[i]->place].size_log};
        utility[i] = behaviour_utility(s, &m->demand.channel[channel], &o, 1);
        open[i] = true;
    }
    behaviour_weights(utility, open, count, ret_share);
    for (uint32_t i = 0; i < count; i++)
        sum += ret_share[i];
    for (uint32_t i = 0; i < count; i++)
        ret_share[i] = sum > 0.0 ? ret_share[i] / sum : 1.0 / count;
}

static double seal_mean_at_least_one(const omo_law *law)
{
    double mean = omo_law_mean(law);
    return mean < 1.0 ? 1.0 : mean;
}

/* Adds what a zone's visits of a segment want of a channel, in units a day; to `online` (or NULL)
 * where the channel is. */
static void seal_flow(const omo_model *m, uint32_t segment, uint32_t zone, uint32_t channel,
                      double wanted, double *units, double *online)
{
    const struct demand *d = &m->demand;
    const struct reach_near *near[REACH_COUNT_MAX];
    double share[REACH_COUNT_MAX] = {1.0};
    uint32_t count = seal_serving(m, zone, &d->channel[channel], near);

    if (count > 1)
        seal_place_shares(m, &d->segment[segment], channel, near, count, share);
    for (uint32_t i = 0; i < count; i++) {
        size_t at = (size_t)near[i]->place * d->segment_count + segment;
        units[at] += wanted * share[i];
        if (online != NULL && d->channel[channel].kind->online)
            online[at] += wanted * share[i];
    }
}

void seal_flows(const omo_model *m, double *units, double *online)
{
    const struct demand *d = &m->demand;
    double share[OMO_CHANNELS_MAX];

    for (uint32_t i = 0; i < d->segment_count; i++) {
        const struct segment *s = &d->segment[i];
        double basket = seal_mean_at_least_one(&s->lines) * seal_mean_at_least_one(&s->quantity);
        if (s->empty_basket)
            continue;
        seal_shares(d, s, share);
        for (uint32_t zone = 0; zone < d->zone_count; zone++)
            for (uint32_t k = 0; k < s->offered_count; k++)
                seal_flow(m, i, zone, s->offered[k], s->visits_per_day[zone] * share[k] * basket,
                          units, online);
    }
}

struct stocking_params seal_params(const omo_model *m, const struct place *p)
{
    const omo_stocking_options *o = &m->stocking[p->kind].options;
    double lead_us = p->lane != OMO_NONE ? omo_law_mean(&m->network.lane[p->lane].lead_time) : 0.0;

    return (struct stocking_params){
        .lead_days = lead_us / (double)OMO_US_PER_DAY,
        .review_days = (double)o->review_us / (double)OMO_US_PER_DAY,
        .safety_factor = o->safety_factor,
        .level_low = o->level_low,
        .level_high = o->level_high,
        .quantity = o->quantity,
        .level_min = o->level_min,
    };
}

void seal_demand_shares(const omo_model *m, double *demand_share)
{
    const struct demand *d = &m->demand;

    for (uint32_t i = 0; i < d->segment_count; i++) {
        const struct segment *s = &d->segment[i];
        double sum = 0.0;
        for (uint32_t rank = 0; rank < s->sku_count; rank++)
            sum += m->popularity[d->ranked[rank]];
        for (uint32_t rank = 0; rank < s->sku_count; rank++)
            demand_share[(size_t)i * m->network.sku_count + d->ranked[rank]] =
                m->popularity[d->ranked[rank]] / sum;
    }
}

static void seal_levels_place(omo_model *m, uint32_t place, const double *units,
                              const double *demand_share)
{
    struct network *n = &m->network;
    const struct place *p = &n->place[place];
    const struct stocking_rule *rule = &m->stocking[p->kind];
    const struct assortment *a = &n->assortment[p->assortment];
    struct stocking_params params = seal_params(m, p);
    int32_t opening = p->opening != OMO_DERIVED ? p->opening : rule->options.opening;

    for (uint32_t rank = 0; rank < a->count; rank++) {
        size_t at = p->position_first + rank;
        double per_day = 0.0;
        for (uint32_t i = 0; i < m->demand.segment_count; i++)
            per_day += units[(size_t)place * m->demand.segment_count + i] *
                       demand_share[(size_t)i * n->sku_count + a->sku[rank]];
        rule->policy->levels(&params, per_day, &n->level_low[at], &n->level_high[at],
                             &n->opening[at]);
        if (opening != OMO_DERIVED)
            n->opening[at] = opening;
    }
}

bool seal_levels(omo_model *m)
{
    struct network *n = &m->network;
    struct arena work = {0};
    double *units =
        arena_take(&work, (size_t)n->place_count * m->demand.segment_count, sizeof(double));
    double *share =
        arena_take(&work, (size_t)m->demand.segment_count * n->sku_count, sizeof(double));

    n->level_low = arena_take(&m->arena, n->position_count, sizeof(int32_t));
    n->level_high = arena_take(&m->arena, n->position_count, sizeof(int32_t));
    n->opening = arena_take(&m->arena, n->position_count, sizeof(int32_t));
    bool ok = units != NULL && share != NULL && n->level_low != NULL && n->level_high != NULL &&
              n->opening != NULL;
    if (ok) {
        seal_flows(m, units, NULL);
        seal_demand_shares(m, share);
        for (uint32_t i = 0; i < n->place_count; i++)
            if (n->place[i].assortment != OMO_NONE)
                seal_levels_place(m, i, units, share);
        /* A place's own opening share stands with its own opening; otherwise the rule of its
         * kind holds. */
        for (uint32_t i = 0; i < n->place_count; i++)
            if (n->place[i].opening == OMO_DERIVED)
                n->place[i].opening_share_ppm =
                    m->stocking[n->place[i].kind].options.opening_share_ppm;
    }
    arena_free(&work);
    return ok;
}
