/* The line between a world and its policy.
 *
 * The rule: a trait is what the columns are indexed by (places, positions, cells, coupons), what
 * the past was measured with (thresholds, costs by area, the value of stock) and who comes
 * (visits, baskets, members), because two branches are to meet the same customers. All else is a
 * decision, or an answer to one, and may differ: prices, fees, promises, channels on and off,
 * routing, levels, periods, lags, utilities, promotions without coupons.
 *
 * Fingerprints instead of the values keep a saved world small (a chain's SKU list is megabytes) and
 * still say which of forty things differs, which is what a person needs to mend a scenario. */
#include "flow/likeness.h"

#include "base/checksum.h"

static void likeness_add(struct likeness *l, const char *name, bool counted, uint64_t value)
{
    struct trait t = {.counted = counted, .value = value};
    size_t size = strlen(name) + 1;

    OMO_ASSERT(l->count < LIKENESS_TRAITS_MAX);
    OMO_ASSERT(size <= sizeof(t.name));
    memcpy(t.name, name, size);
    l->trait[l->count++] = t;
}

static void likeness_count(struct likeness *l, const char *name, uint64_t value)
{
    likeness_add(l, name, true, value);
}

static void likeness_print(struct likeness *l, const char *name, struct checksum *c)
{
    likeness_add(l, name, false, checksum_value(c));
    checksum_init(c);
}

static void likeness_text(struct checksum *c, const char *text)
{
    checksum_add(c, text, strlen(text) + 1);
}

#define LIKENESS(c, value) checksum_add((c), &(value), sizeof(value))

static void likeness_law(struct checksum *c, const omo_law *law)
{
    LIKENESS(c, law->kind);
    LIKENESS(c, law->a);
    LIKENESS(c, law->b);
    LIKENESS(c, law->c);
}

static void likeness_run(struct likeness *l, const omo_model *m, struct checksum *c)
{
    const omo_run_options *run = &m->run;

    likeness_count(l, "microseconds of warm-up", (uint64_t)run->warm_up_us);
    likeness_count(l, "first weekday", run->first_weekday);
    LIKENESS(c, run->geometry);
    LIKENESS(c, run->torus_side_km);
    LIKENESS(c, run->reach_count);
    LIKENESS(c, m->field_density);
    likeness_print(l, "geometry (kind, torus, reach, field)", c);
    LIKENESS(c, run->wait_over_us);
    LIKENESS(c, run->sojourn_over_us);
    LIKENESS(c, run->distance_over_km);
    LIKENESS(c, run->nearest_facts);
    LIKENESS(c, run->time_unit_us);
    likeness_print(l, "thresholds and unit of the measures", c);
}

static void likeness_places(struct likeness *l, const omo_model *m, struct checksum *c)
{
    const struct network *n = &m->network;

    likeness_count(l, "places", n->place_count);
    for (uint32_t i = 0; i < n->place_count; i++)
        likeness_text(c, n->place_id[i]);
    likeness_print(l, "ids of places", c);
    for (uint32_t i = 0; i < n->place_count; i++) {
        LIKENESS(c, n->place[i].kind);
        LIKENESS(c, n->place[i].capabilities);
    }
    likeness_print(l, "kinds and capabilities of places", c);
    for (uint32_t i = 0; i < n->place_count; i++) {
        LIKENESS(c, n->place[i].lat);
        LIKENESS(c, n->place[i].lon);
        LIKENESS(c, n->place[i].random_position);
    }
    likeness_print(l, "sites of places", c);
    for (uint32_t i = 0; i < n->place_count * OMO_ROLE_COUNT; i++)
        LIKENESS(c, n->station[i].servers);
    likeness_print(l, "servers of stations", c);
    likeness_count(l, "lanes", n->lane_count);
    for (uint32_t i = 0; i < n->lane_count; i++) {
        LIKENESS(c, n->lane[i].from);
        LIKENESS(c, n->lane[i].to);
    }
    likeness_print(l, "ends of lanes", c);
}

static void likeness_goods(struct likeness *l, const omo_model *m, struct checksum *c)
{
    const struct network *n = &m->network;

    likeness_count(l, "SKUs", n->sku_count);
    checksum_add(c, n->cost_cents, n->sku_count * sizeof(n->cost_cents[0]));
    likeness_print(l, "costs of SKUs", c);
    checksum_add(c, n->shelf_life_days, n->sku_count * sizeof(n->shelf_life_days[0]));
    likeness_print(l, "shelf lives of SKUs", c);
    checksum_add(c, m->popularity, n->sku_count * sizeof(m->popularity[0]));
    likeness_print(l, "popularity of SKUs", c);
    likeness_count(l, "assortments", n->assortment_count);
    for (uint32_t i = 0; i < n->assortment_count; i++) {
        LIKENESS(c, n->assortment[i].count);
        checksum_add(c, n->assortment[i].sku, n->assortment[i].count * sizeof(uint32_t));
    }
    likeness_print(l, "SKUs of assortments", c);
    for (uint32_t i = 0; i < n->place_count; i++)
        LIKENESS(c, n->place[i].assortment);
    likeness_print(l, "assortments of places", c);
    likeness_count(l, "stock positions", n->position_count);
}

static void likeness_segment(struct checksum *c, const struct segment *s, uint32_t zones)
{
    LIKENESS(c, s->profile);
    for (uint32_t day = 0; day < 7; day++) {
        LIKENESS(c, s->day_share[day]);
        checksum_add(c, s->hour_until[day], sizeof(s->hour_until[day]));
    }
    LIKENESS(c, s->amplitude);
    LIKENESS(c, s->period_us);
    checksum_add(c, s->visits_per_day, zones * sizeof(s->visits_per_day[0]));
}

static void likeness_customers(struct likeness *l, const omo_model *m, struct checksum *c)
{
    const struct demand *d = &m->demand;

    likeness_count(l, "zones", d->zone_count);
    for (uint32_t i = 0; i < d->zone_count; i++)
        likeness_text(c, d->zone_id[i]);
    likeness_print(l, "ids of zones", c);
    for (uint32_t i = 0; i < d->zone_count; i++) {
        LIKENESS(c, d->zone[i].lat);
        LIKENESS(c, d->zone[i].lon);
        LIKENESS(c, d->zone[i].shape);
        LIKENESS(c, d->zone[i].side_km);
        LIKENESS(c, d->zone[i].member_count);
    }
    likeness_print(l, "sites and members of zones", c);
    likeness_count(l, "segments", d->segment_count);
    for (uint32_t i = 0; i < d->segment_count; i++)
        likeness_segment(c, &d->segment[i], d->zone_count);
    likeness_print(l, "visits of segments", c);
    for (uint32_t i = 0; i < d->segment_count; i++) {
        const struct segment *s = &d->segment[i];
        likeness_law(c, &s->lines);
        likeness_law(c, &s->quantity);
        LIKENESS(c, s->empty_basket);
        LIKENESS(c, s->sku_count);
        LIKENESS(c, s->member_share_ppm);
        LIKENESS(c, s->scatter_km);
    }
    likeness_print(l, "baskets and members of segments", c);
}

static void likeness_offers(struct likeness *l, const omo_model *m, struct checksum *c)
{
    const struct demand *d = &m->demand;

    likeness_count(l, "channels", d->channel_count);
    for (uint32_t i = 0; i < d->channel_count; i++)
        likeness_text(c, d->channel[i].options.id);
    likeness_print(l, "ids of channels", c);
    for (uint32_t i = 0; i < d->channel_count; i++)
        likeness_text(c, d->channel[i].kind->name);
    likeness_print(l, "kinds of channels", c);
    likeness_count(l, "promotions with coupons", d->coupon_count);
}

static void likeness_rules(struct likeness *l, const omo_model *m, struct checksum *c)
{
    enum view_kind view = model_view_kind(m);

    LIKENESS(c, m->integration.inventory);
    likeness_print(l, "inventory (siloed or merged)", c);
    LIKENESS(c, view);
    likeness_print(l, "sync (real time, delayed or periodic)", c);
    LIKENESS(c, m->shortage);
    likeness_print(l, "shortage (lost or backordered)", c);
    for (uint32_t kind = 0; kind < OMO_PLACE_KIND_COUNT; kind++) {
        bool continuous = model_supplies(m, kind) && m->stocking[kind].options.review_us == 0;
        LIKENESS(c, continuous);
    }
    likeness_print(l, "review (periodic or continuous)", c);
    LIKENESS(c, m->costs.per_period);
    LIKENESS(c, m->costs.holding_microcents);
    LIKENESS(c, m->costs.holding_value_ppm);
    LIKENESS(c, m->costs.backorder_microcents);
    likeness_print(l, "costs of holding and backorders", c);
}

void likeness_of(const omo_model *m, struct likeness *ret_likeness)
{
    struct checksum c;

    memset(ret_likeness, 0, sizeof(*ret_likeness));
    checksum_init(&c);
    likeness_run(ret_likeness, m, &c);
    likeness_places(ret_likeness, m, &c);
    likeness_goods(ret_likeness, m, &c);
    likeness_customers(ret_likeness, m, &c);
    likeness_offers(ret_likeness, m, &c);
    likeness_rules(ret_likeness, m, &c);
}

omo_status likeness_check(const struct likeness *saved, const struct likeness *here,
                          omo_error *ret_error)
{
    if (saved->count != here->count)
        return core_error(ret_error, OMO_EINVAL, "saved with another list of traits");
    for (uint32_t i = 0; i < here->count; i++) {
        const struct trait *a = &saved->trait[i], *b = &here->trait[i];
        if (memcmp(a->name, b->name, sizeof(a->name)) != 0)
            return core_error(ret_error, OMO_EINVAL, "saved with another list of traits");
        if (a->value == b->value)
            continue;
        if (b->counted)
            return core_error(ret_error, OMO_EINVAL,
                              "saved from another model: %s: %llu there, %llu here", b->name,
                              (unsigned long long)a->value, (unsigned long long)b->value);
        return core_error(ret_error, OMO_EINVAL, "saved from another model: it differs in %s",
                          b->name);
    }
    return OMO_OK;
}
