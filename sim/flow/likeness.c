/* The line between a world and its policy.
 *
 * The rule: a trait is what the columns are indexed by (places, positions, cells, coupons), what
 * the past was measured with (thresholds, costs by area, the value of stock) and who comes
 * (visits, baskets, members), because two branches are to meet the same customers. All else is a
 * decision, or an answer to one, and may differ: prices, fees, promises, channels on and off,
 * routing, levels, periods, lags, utilities, promotions without coupons.
 *
 * Of a queueing network, kernel/shape.c says the same. */
#include "flow/likeness.h"

#include "kernel/shape.h"

static void likeness_run(struct traits *l, const omo_model *m, struct checksum *c)
{
    const omo_run_options *run = &m->run;

    traits_count(l, "microseconds of warm-up", (uint64_t)run->warm_up_us);
    traits_count(l, "first weekday", run->first_weekday);
    TRAITS_VALUE(c, run->geometry);
    TRAITS_VALUE(c, run->torus_side_km);
    TRAITS_VALUE(c, run->reach_count);
    TRAITS_VALUE(c, m->field_density);
    traits_print(l, "geometry (kind, torus, reach, field)", c);
    TRAITS_VALUE(c, run->wait_over_us);
    TRAITS_VALUE(c, run->sojourn_over_us);
    TRAITS_VALUE(c, run->distance_over_km);
    TRAITS_VALUE(c, run->nearest_facts);
    TRAITS_VALUE(c, run->shelf_over);
    TRAITS_VALUE(c, run->time_unit_us);
    traits_print(l, "thresholds and unit of the measures", c);
}

static void likeness_places(struct traits *l, const omo_model *m, struct checksum *c)
{
    const struct network *n = &m->network;

    traits_count(l, "places", n->place_count);
    for (uint32_t i = 0; i < n->place_count; i++)
        traits_text(c, n->place_id[i]);
    traits_print(l, "ids of places", c);
    for (uint32_t i = 0; i < n->place_count; i++) {
        TRAITS_VALUE(c, n->place[i].kind);
        TRAITS_VALUE(c, n->place[i].capabilities);
    }
    traits_print(l, "kinds and capabilities of places", c);
    for (uint32_t i = 0; i < n->place_count; i++) {
        TRAITS_VALUE(c, n->place[i].lat);
        TRAITS_VALUE(c, n->place[i].lon);
        TRAITS_VALUE(c, n->place[i].random_position);
    }
    traits_print(l, "sites of places", c);
    for (uint32_t i = 0; i < n->place_count * OMO_ROLE_COUNT; i++) {
        const struct station_spec *s = &n->station[i];
        TRAITS_VALUE(c, s->servers);
        TRAITS_VALUE(c, s->wave_us);
        TRAITS_VALUE(c, s->shift_period_us);
        for (uint32_t k = 0; k < s->shift_count; k++) {
            TRAITS_VALUE(c, s->shift[k].from_us);
            TRAITS_VALUE(c, s->shift[k].servers);
        }
    }
    traits_print(l, "servers of stations", c);
    for (uint32_t i = 0; i < n->place_count; i++) {
        TRAITS_VALUE(c, n->place[i].shelf_slots);
        TRAITS_VALUE(c, n->place[i].parcels);
    }
    traits_print(l, "pickup shelves and parcel points", c);
    traits_count(l, "lanes", n->lane_count);
    for (uint32_t i = 0; i < n->lane_count; i++) {
        TRAITS_VALUE(c, n->lane[i].from);
        TRAITS_VALUE(c, n->lane[i].to);
    }
    traits_print(l, "ends of lanes", c);
}

static void likeness_goods(struct traits *l, const omo_model *m, struct checksum *c)
{
    const struct network *n = &m->network;

    traits_count(l, "SKUs", n->sku_count);
    checksum_add(c, n->cost_cents, n->sku_count * sizeof(n->cost_cents[0]));
    traits_print(l, "costs of SKUs", c);
    checksum_add(c, n->shelf_life_days, n->sku_count * sizeof(n->shelf_life_days[0]));
    traits_print(l, "shelf lives of SKUs", c);
    checksum_add(c, m->popularity, n->sku_count * sizeof(m->popularity[0]));
    traits_print(l, "popularity of SKUs", c);
    traits_count(l, "assortments", n->assortment_count);
    for (uint32_t i = 0; i < n->assortment_count; i++) {
        TRAITS_VALUE(c, n->assortment[i].count);
        checksum_add(c, n->assortment[i].sku, n->assortment[i].count * sizeof(uint32_t));
    }
    traits_print(l, "SKUs of assortments", c);
    for (uint32_t i = 0; i < n->place_count; i++)
        TRAITS_VALUE(c, n->place[i].assortment);
    traits_print(l, "assortments of places", c);
    traits_count(l, "stock positions", n->position_count);
}

static void likeness_segment(struct checksum *c, const struct segment *s, uint32_t zones)
{
    TRAITS_VALUE(c, s->profile);
    for (uint32_t day = 0; day < 7; day++) {
        TRAITS_VALUE(c, s->day_share[day]);
        checksum_add(c, s->hour_until[day], sizeof(s->hour_until[day]));
    }
    TRAITS_VALUE(c, s->amplitude);
    TRAITS_VALUE(c, s->period_us);
    checksum_add(c, s->visits_per_day, zones * sizeof(s->visits_per_day[0]));
}

/* Who is a member and who visits; what is known of them at a till or granted may differ. */
static void likeness_members(struct traits *l, const omo_model *m, struct checksum *c)
{
    const omo_member_options *o = &m->members;

    traits_count(l, "members are kept (0 or 1)", m->keeps_members);
    if (m->keeps_members) {
        TRAITS_VALUE(c, o->id_ppm);
        TRAITS_VALUE(c, o->start_ppm);
        TRAITS_VALUE(c, o->growth_step_us);
        TRAITS_VALUE(c, o->lifetime_r);
        TRAITS_VALUE(c, o->retention_period_us);
        TRAITS_VALUE(c, o->points_expiry_us);
    }
    traits_print(l, "ids, rates and periods of members", c);
}

static void likeness_customers(struct traits *l, const omo_model *m, struct checksum *c)
{
    const struct demand *d = &m->demand;

    traits_count(l, "zones", d->zone_count);
    for (uint32_t i = 0; i < d->zone_count; i++)
        traits_text(c, d->zone_id[i]);
    traits_print(l, "ids of zones", c);
    for (uint32_t i = 0; i < d->zone_count; i++) {
        TRAITS_VALUE(c, d->zone[i].lat);
        TRAITS_VALUE(c, d->zone[i].lon);
        TRAITS_VALUE(c, d->zone[i].shape);
        TRAITS_VALUE(c, d->zone[i].side_km);
        TRAITS_VALUE(c, d->zone[i].member_count);
    }
    traits_print(l, "sites and members of zones", c);
    traits_count(l, "segments", d->segment_count);
    for (uint32_t i = 0; i < d->segment_count; i++)
        likeness_segment(c, &d->segment[i], d->zone_count);
    traits_print(l, "visits of segments", c);
    for (uint32_t i = 0; i < d->segment_count; i++) {
        const struct segment *s = &d->segment[i];
        traits_law(c, &s->lines);
        traits_law(c, &s->quantity);
        TRAITS_VALUE(c, s->empty_basket);
        TRAITS_VALUE(c, s->sku_count);
        TRAITS_VALUE(c, s->member_share_ppm);
        TRAITS_VALUE(c, s->scatter_km);
    }
    traits_print(l, "baskets and members of segments", c);
    likeness_members(l, m, c);
}

static void likeness_offers(struct traits *l, const omo_model *m, struct checksum *c)
{
    const struct demand *d = &m->demand;

    traits_count(l, "channels", d->channel_count);
    for (uint32_t i = 0; i < d->channel_count; i++)
        traits_text(c, d->channel[i].options.id);
    traits_print(l, "ids of channels", c);
    for (uint32_t i = 0; i < d->channel_count; i++)
        traits_text(c, d->channel[i].kind->name);
    traits_print(l, "kinds of channels", c);
    for (uint32_t i = 0; i < d->channel_count; i++)
        traits_text(c, d->channel[i].mode->name);
    traits_print(l, "modes of channels", c);
    for (uint32_t i = 0; i < d->channel_count; i++) {
        bool batches = d->channel[i].options.batch_orders != 0;
        TRAITS_VALUE(c, batches);
    }
    traits_print(l, "channels whose couriers have batches", c);
    for (uint32_t i = 0; i < d->channel_count; i++) {
        const omo_channel_options *o = &d->channel[i].options;
        TRAITS_VALUE(c, o->slot_us);
        TRAITS_VALUE(c, o->slot_count);
        TRAITS_VALUE(c, o->slot_from_us);
        TRAITS_VALUE(c, o->slot_until_us);
    }
    traits_print(l, "time slots of channels", c);
    traits_count(l, "promotions with coupons", d->coupon_count);
}

static void likeness_rules(struct traits *l, const omo_model *m, struct checksum *c)
{
    enum view_kind view = model_view_kind(m);

    TRAITS_VALUE(c, m->integration.inventory);
    traits_print(l, "inventory (siloed or merged)", c);
    TRAITS_VALUE(c, view);
    traits_print(l, "sync (real time, delayed or periodic)", c);
    TRAITS_VALUE(c, m->backorders);
    traits_print(l, "shortage (lost or backordered)", c);
    TRAITS_VALUE(c, m->returns.on);
    traits_print(l, "returns (on or off)", c);
    bool counts = m->accuracy.options.count_every_us != 0;
    TRAITS_VALUE(c, m->accuracy.on);
    TRAITS_VALUE(c, counts);
    traits_print(l, "wrong stock records, counts", c);
    for (uint32_t kind = 0; kind < OMO_PLACE_KIND_COUNT; kind++) {
        bool continuous = model_supplies(m, kind) && m->stocking[kind].options.review_us == 0;
        TRAITS_VALUE(c, continuous);
    }
    traits_print(l, "review (periodic or continuous)", c);
    TRAITS_VALUE(c, m->costs.per_period);
    TRAITS_VALUE(c, m->costs.holding_microcents);
    TRAITS_VALUE(c, m->costs.holding_value_ppm);
    TRAITS_VALUE(c, m->costs.backorder_microcents);
    traits_print(l, "costs of holding and backorders", c);
}

static void likeness_queueing(struct traits *l, const struct queueing *q)
{
    struct shape shape;

    shape_begin(&shape);
    for (uint32_t i = 0; i < q->station_count; i++)
        shape_station(&shape, &q->station[i]);
    for (uint32_t i = 0; i < q->source_count; i++)
        shape_source(&shape, &q->source[i]);
    shape_end(&shape, l);
}

void likeness_of(const omo_model *m, struct traits *ret_traits)
{
    struct checksum c;

    memset(ret_traits, 0, sizeof(*ret_traits));
    checksum_init(&c);
    likeness_run(ret_traits, m, &c);
    likeness_places(ret_traits, m, &c);
    likeness_goods(ret_traits, m, &c);
    likeness_customers(ret_traits, m, &c);
    likeness_offers(ret_traits, m, &c);
    likeness_rules(ret_traits, m, &c);
    likeness_queueing(ret_traits, &m->queueing);
}
