/* The model builder: every add call checks its own options and appends to a list; what needs the
 * whole is checked at sealing.
 *
 * A failing call leaves the model as it was. Options begin with their size, so that a library
 * newer than its caller can tell; today only the present size is known. */
#define OMO_CORE_MAY_ALLOCATE
#include <stdlib.h>

#include "base/maths.h"
#include "experiment/draft.h"
#include "network/orders.h"

static bool model_finite(double value) { return value - value == 0.0; }

omo_model *omo_model_new(void)
{
    omo_model *m = calloc(1, sizeof(*m));

    if (m == NULL)
        return NULL;
    m->draft = calloc(1, sizeof(*m->draft));
    if (m->draft == NULL) {
        free(m);
        return NULL;
    }
    arena_init(&m->arena, 0);
    arena_init(&m->tables, 0);
    m->run = omo_run_defaults();
    m->integration = omo_integration_defaults();
    m->prices = omo_price_defaults();
    m->costs = omo_cost_defaults();
    m->routing = routing_find("nearest_in_stock");
    for (uint32_t kind = 0; kind < OMO_PLACE_KIND_COUNT; kind++) {
        m->stocking[kind].options = omo_stocking_defaults();
        m->stocking[kind].policy = stocking_find(m->stocking[kind].options.policy);
    }
    return m;
}

void omo_model_free(omo_model *model)
{
    if (model == NULL)
        return;
    draft_free(model->draft);
    arena_free(&model->arena);
    arena_free(&model->tables);
    free(model);
}

omo_status omo_model_set_run(omo_model *model, const omo_run_options *options, omo_error *ret_error)
{
    DRAFT_OPEN(model, options);
    DRAFT_CHECK(options->horizon_us > 0 && options->horizon_us <= INT64_C(1) << 61,
                "the horizon must be above 0");
    DRAFT_CHECK(options->horizon_us / OMO_US_PER_DAY < INT64_C(1) << ORDERS_DAY_BITS,
                "the horizon is above %d million days", 4);
    DRAFT_CHECK(options->warm_up_us >= 0 && options->warm_up_us < options->horizon_us,
                "the warm-up must end before the horizon");
    DRAFT_CHECK(options->first_weekday < 7, "the first weekday must be 0 to 6");
    DRAFT_CHECK(options->reach_count >= 1 && options->reach_count <= REACH_COUNT_MAX,
                "reach must be 1 to %d", REACH_COUNT_MAX);
    DRAFT_CHECK(options->time_unit_us > 0, "the time unit must be above 0");
    DRAFT_CHECK(options->torus_side_km >= 0.0 && model_finite(options->torus_side_km),
                "the torus' side can't be negative");
    model->run = *options;
    return OMO_OK;
}

omo_status omo_model_set_field(omo_model *model, double density_per_km2, omo_error *ret_error)
{
    DRAFT_CHECK(model != NULL && !model->sealed, "the model is sealed or missing");
    DRAFT_CHECK(density_per_km2 > 0.0 && model_finite(density_per_km2),
                "the density of a field must be above 0");
    model->field_density = density_per_km2;
    return OMO_OK;
}

omo_status omo_model_set_routing(omo_model *model, const char *policy, omo_error *ret_error)
{
    DRAFT_CHECK(model != NULL && policy != NULL && !model->sealed,
                "the model is sealed or missing");
    const struct routing_policy *found = routing_find(policy);
    DRAFT_CHECK(found != NULL, "no routing policy '%s'", policy);
    model->routing = found;
    return OMO_OK;
}

static bool model_level_ok(int32_t level)
{
    return level == OMO_DERIVED || (level >= -STOCKING_LEVEL_MAX && level <= STOCKING_LEVEL_MAX);
}

omo_status omo_model_set_stocking(omo_model *model, omo_place_kind kind,
                                  const omo_stocking_options *options, omo_error *ret_error)
{
    DRAFT_OPEN(model, options);
    DRAFT_CHECK((unsigned)kind < OMO_PLACE_KIND_COUNT, "no such kind of place");
    const struct stocking_policy *found =
        options->policy != NULL ? stocking_find(options->policy) : NULL;
    DRAFT_CHECK(found != NULL, "no stocking policy '%s'",
                options->policy != NULL ? options->policy : "");
    DRAFT_CHECK(options->review_us >= 0 && options->review_at_us >= 0,
                "a review period can't be negative");
    DRAFT_CHECK(model_finite(options->safety_factor), "the safety factor must be a number");
    DRAFT_CHECK(model_level_ok(options->level_low) && model_level_ok(options->level_high) &&
                    model_level_ok(options->level_min) && options->level_min != OMO_DERIVED,
                "a stock level must lie within %d", STOCKING_LEVEL_MAX);
    DRAFT_CHECK(options->quantity == OMO_DERIVED ||
                    (options->quantity >= 1 && options->quantity <= STOCKING_LEVEL_MAX),
                "an order quantity must be at least 1");
    DRAFT_CHECK(options->level_low == OMO_DERIVED || options->level_high == OMO_DERIVED ||
                    options->level_low < options->level_high,
                "the reorder point (%d) must be below the order-up-to level (%d)",
                options->level_low, options->level_high);
    DRAFT_CHECK(options->opening == OMO_DERIVED ||
                    (options->opening >= 0 && options->opening <= STOCKING_LEVEL_MAX),
                "opening stock can't be negative");
    DRAFT_CHECK(options->opening_share_ppm <= OMO_PPM, "a share can't be above 1");
    model->stocking[kind].options = *options;
    model->stocking[kind].options.policy = found->name;
    model->stocking[kind].policy = found;
    return OMO_OK;
}

omo_status omo_model_set_integration(omo_model *model, const omo_integration_options *options,
                                     omo_error *ret_error)
{
    DRAFT_OPEN(model, options);
    DRAFT_CHECK(options->sync_lag_us >= 0, "a sync lag can't be negative");
    DRAFT_CHECK(options->sync_at_us >= 0 && options->sync_at_us <= OMO_US_PER_DAY,
                "a nightly sync is at a time of day");
    for (uint32_t i = 0; i < OMO_DATA_COUNT; i++) {
        const omo_sync_options *own = &options->own_sync[i];
        DRAFT_CHECK(!own->own ||
                        (own->lag_us >= 0 && own->at_us >= 0 && own->at_us <= OMO_US_PER_DAY &&
                         (unsigned)own->kind <= OMO_SYNC_NIGHTLY),
                    "a sync lag can't be negative, and a nightly sync is at a time of day");
    }
    DRAFT_CHECK(options->buffer >= 0, "a buffer can't be negative");
    DRAFT_CHECK(options->online_share_ppm <= OMO_PPM && options->mismatch_leave_ppm <= OMO_PPM &&
                    options->entry_error_ppm <= OMO_PPM,
                "a share can't be above 1");
    DRAFT_CHECK(options->entry_error_cents >= 0, "a cost can't be negative");
    DRAFT_CHECK(model_finite(options->acceptance_base) &&
                    model_finite(options->acceptance_credit) &&
                    model_finite(options->acceptance_load) && options->acceptance_load >= 0.0,
                "acceptance: base and credit must be numbers, load one from 0");
    omo_law entry_time = options->entry_time;
    if (draft_keep_law(&model->tables, &entry_time, ret_error) != OMO_OK)
        return OMO_EINVAL;
    model->integration = *options;
    model->integration.entry_time = entry_time;
    return OMO_OK;
}

omo_status omo_model_set_prices(omo_model *model, const omo_price_options *options,
                                omo_error *ret_error)
{
    DRAFT_OPEN(model, options);
    DRAFT_CHECK(options->every_us == 0 || options->every_us >= OMO_US_PER_MINUTE,
                "prices change every minute at most");
    DRAFT_CHECK(options->share_ppm <= OMO_PPM, "a share can't be above 1");
    omo_law factor = options->factor;
    if (draft_keep_law(&model->tables, &factor, ret_error) != OMO_OK)
        return OMO_EINVAL;
    model->prices = *options;
    model->prices.factor = factor;
    return OMO_OK;
}

omo_status omo_model_set_shortage(omo_model *model, omo_shortage_kind kind, omo_error *ret_error)
{
    DRAFT_CHECK(model != NULL && !model->sealed, "the model is sealed or missing");
    model->shortage = kind;
    return OMO_OK;
}

omo_status omo_model_set_costs(omo_model *model, const omo_cost_options *options,
                               omo_error *ret_error)
{
    DRAFT_OPEN(model, options);
    DRAFT_CHECK(options->holding_microcents >= 0 && options->backorder_microcents >= 0 &&
                    options->lost_cents >= 0 && options->oversold_cents >= 0 &&
                    options->late_cents >= 0,
                "a cost can't be negative");
    model->costs = *options;
    return OMO_OK;
}

omo_status omo_model_set_returns(omo_model *model, const omo_returns_options *options,
                                 omo_error *ret_error)
{
    DRAFT_OPEN(model, options);
    DRAFT_CHECK((unsigned)options->to <= OMO_RETURN_TO_WAREHOUSE, "no such way of returning goods");
    DRAFT_CHECK(options->restock_ppm <= OMO_PPM, "a share of returns can't be above 1");
    DRAFT_CHECK(options->handling_cents >= 0 && options->parcel_cents >= 0,
                "a cost of returns can't be negative");
    omo_returns_options kept = *options;
    if (draft_keep_law(&model->tables, &kept.delay, ret_error) != OMO_OK ||
        draft_keep_law(&model->tables, &kept.travel, ret_error) != OMO_OK ||
        draft_keep_law(&model->tables, &kept.inspect, ret_error) != OMO_OK)
        return OMO_EINVAL;
    model->returns.on = true;
    model->returns.options = kept;
    return OMO_OK;
}

omo_status omo_model_set_accuracy(omo_model *model, const omo_accuracy_options *options,
                                  omo_error *ret_error)
{
    const omo_accuracy_options *o = options;

    DRAFT_OPEN(model, o);
    DRAFT_CHECK(o->shrink_units >= 0.0 && o->shrink_units <= 1e6,
                "what vanishes from a place must be 0 to 1,000,000 units a day");
    DRAFT_CHECK(o->shrink_share_ppm <= OMO_PPM && o->scan_error_ppm <= OMO_PPM &&
                    o->sensor_share_ppm <= OMO_PPM,
                "a share of units or places can't be above 1");
    DRAFT_CHECK((unsigned)o->shrink_by <= OMO_SHRINK_BY_POPULARITY, "no such way of vanishing");
    DRAFT_CHECK(o->count_every_us >= 0 && o->count_at_us >= 0,
                "a period of counting can't be negative");
    DRAFT_CHECK(o->count_every_us == 0 || o->count_every_us >= OMO_US_PER_HOUR,
                "positions can be counted once an hour at most");
    DRAFT_CHECK(o->count_cents >= 0 && o->sensor_cents >= 0,
                "a cost of counting can't be negative");
    model->accuracy.on = true;
    model->accuracy.options = *o;
    return OMO_OK;
}

omo_status omo_model_add_sku(omo_model *model, const omo_sku_options *options, omo_sku *ret_sku,
                             omo_error *ret_error)
{
    DRAFT_OPEN(model, options);
    DRAFT_CHECK(options->price_cents >= 0 && options->price_cents <= 100000000,
                "SKU %s: the price must be 0 to 1,000,000.00", options->id);
    DRAFT_CHECK(options->cost_cents >= 0 && options->cost_cents <= 100000000,
                "SKU %s: the cost must be 0 to 1,000,000.00", options->id);
    DRAFT_CHECK(options->popularity > 0.0 && model_finite(options->popularity),
                "SKU %s: the popularity must be above 0", options->id);
    DRAFT_CHECK(options->shelf_life_days <= 60, "SKU %s: a shelf life must be at most 60 days",
                options->id);
    DRAFT_CHECK(options->return_rate_ppm <= OMO_PPM, "SKU %s: a return rate can't be above 100 %%",
                options->id);
    struct draft_sku sku = {*options,
                            draft_text(model->draft, options->id != NULL ? options->id : "")};
    sku.options.id = NULL;
    uint32_t index =
        sku.id != SIZE_MAX ? draft_add(&model->draft->skus, &sku, sizeof(sku)) : OMO_NONE;
    if (index == OMO_NONE)
        return draft_memory(ret_error);
    if (ret_sku != NULL)
        ret_sku->index = index;
    return OMO_OK;
}

static int model_compare_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

omo_status omo_model_add_assortment(omo_model *model, const omo_sku *skus, size_t count,
                                    omo_assortment *ret_assortment, omo_error *ret_error)
{
    DRAFT_CHECK(model != NULL && !model->sealed && (skus != NULL || count == 0),
                "the model is sealed or missing");
    DRAFT_CHECK(count <= model->draft->skus.count,
                "an assortment can't hold more SKUs than there are");
    struct draft_assortment a = {.sku = malloc((count + 1) * sizeof(uint32_t)),
                                 .count = (uint32_t)count};
    if (a.sku == NULL)
        return draft_memory(ret_error);
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        a.sku[i] = skus[i].index;
        ok = ok && skus[i].index < model->draft->skus.count;
    }
    qsort(a.sku, count, sizeof(a.sku[0]), model_compare_u32);
    for (size_t i = 1; i < count; i++)
        ok = ok && a.sku[i] != a.sku[i - 1];
    uint32_t index = ok ? draft_add(&model->draft->assortments, &a, sizeof(a)) : OMO_NONE;
    if (index == OMO_NONE)
        free(a.sku);
    DRAFT_CHECK(ok, "an assortment names an unknown SKU, or one twice");
    if (index == OMO_NONE)
        return draft_memory(ret_error);
    if (ret_assortment != NULL)
        ret_assortment->index = index;
    return OMO_OK;
}

static omo_status model_check_position(const omo_model *m, const char *id, double lat, double lon,
                                       omo_error *ret_error)
{
    DRAFT_CHECK(model_finite(lat) && model_finite(lon), "%s: a position must be a number", id);
    if (m->run.geometry == OMO_GEOMETRY_SPHERE) {
        DRAFT_CHECK(lat >= -90.0 && lat <= 90.0, "%s: a latitude must be -90 to 90, found %.6g", id,
                    lat);
        DRAFT_CHECK(lon >= -180.0 && lon <= 180.0,
                    "%s: a longitude must be -180 to 180, found %.6g", id, lon);
    }
    return OMO_OK;
}

omo_status omo_model_add_place(omo_model *model, const omo_place_options *options,
                               omo_place *ret_place, omo_error *ret_error)
{
    DRAFT_OPEN(model, options);
    const char *id = options->id != NULL ? options->id : "";
    if (model_check_position(model, id, options->lat, options->lon, ret_error) != OMO_OK)
        return OMO_EINVAL;
    DRAFT_CHECK((unsigned)options->kind < OMO_PLACE_KIND_COUNT, "%s: no such kind of place", id);
    DRAFT_CHECK(options->assortment.index == OMO_NONE ||
                    options->assortment.index < model->draft->assortments.count,
                "%s: unknown assortment", id);
    DRAFT_CHECK(options->opens_us >= 0 && options->opens_us <= OMO_US_PER_DAY &&
                    options->closes_us >= 0 && options->closes_us <= OMO_US_PER_DAY,
                "%s: opening hours must lie within a day", id);
    DRAFT_CHECK(options->opening == OMO_DERIVED ||
                    (options->opening >= 0 && options->opening <= STOCKING_LEVEL_MAX),
                "%s: opening stock can't be negative", id);
    DRAFT_CHECK(options->opening_share_ppm <= OMO_PPM, "%s: a share can't be above 1", id);
    DRAFT_CHECK(!options->acceptance_own || model_finite(options->acceptance_base),
                "%s: a base of acceptance must be a number", id);
    DRAFT_CHECK(options->shrink_factor >= 0.0 && options->shrink_factor <= 1000.0,
                "%s: a factor of what vanishes must be 0 to 1,000", id);
    DRAFT_CHECK(options->attraction > 0.0 && model_finite(options->attraction),
                "%s: an attraction must be above 0", id);
    struct draft_place p = {
        .place = {.kind = options->kind,
                  .capabilities = options->capabilities,
                  .assortment = options->assortment.index,
                  .lane = OMO_NONE,
                  .lat = options->lat,
                  .lon = options->lon,
                  .size_log = maths_log(options->attraction),
                  .opens_us = options->opens_us,
                  .closes_us = options->closes_us,
                  .opening = options->opening,
                  .opening_share_ppm = options->opening_share_ppm,
                  .random_position = options->random_position,
                  .acceptance_own = options->acceptance_own,
                  .acceptance_base = options->acceptance_base,
                  .shrink_factor = options->shrink_factor,
                  .shelf_slots = options->shelf_slots,
                  .parcels = OMO_NONE},
    };
    omo_status status = draft_stations(&model->tables, options, id, p.station, ret_error);
    if (status == OMO_OK)
        status = draft_parcels(&model->tables, options, id, &p.parcels, ret_error);
    if (status != OMO_OK)
        return status;
    p.id = draft_text(model->draft, id);
    uint32_t index = p.id != SIZE_MAX ? draft_add(&model->draft->places, &p, sizeof(p)) : OMO_NONE;
    if (index == OMO_NONE)
        return draft_memory(ret_error);
    if (ret_place != NULL)
        ret_place->index = index;
    return OMO_OK;
}

omo_status omo_model_add_lane(omo_model *model, const omo_lane_options *options,
                              omo_error *ret_error)
{
    DRAFT_OPEN(model, options);
    uint32_t places = model->draft->places.count;
    DRAFT_CHECK(options->from.index < places && options->to.index < places,
                "a lane to or from an unknown place");
    DRAFT_CHECK(options->from.index != options->to.index, "a lane from a place to itself");
    DRAFT_CHECK(options->order_cost_cents >= 0, "an order cost can't be negative");
    omo_law lead_time = options->lead_time;
    if (draft_keep_law(&model->tables, &lead_time, ret_error) != OMO_OK)
        return OMO_EINVAL;
    struct draft_place *to = (struct draft_place *)model->draft->places.item + options->to.index;
    DRAFT_CHECK(to->place.lane == OMO_NONE, "%s: a place has at most one lane that supplies it",
                (const char *)model->draft->text.item + to->id);
    DRAFT_CHECK(to->place.kind != OMO_PLACE_SUPPLIER, "a supplier needs no lane");
    struct lane lane = {options->from.index, options->to.index, lead_time,
                        options->order_cost_cents};
    uint32_t index = draft_add(&model->draft->lanes, &lane, sizeof(lane));
    if (index == OMO_NONE)
        return draft_memory(ret_error);
    to->place.lane = index;
    return OMO_OK;
}

omo_status omo_model_add_zone(omo_model *model, const omo_zone_options *options, omo_zone *ret_zone,
                              omo_error *ret_error)
{
    DRAFT_OPEN(model, options);
    const char *id = options->id != NULL ? options->id : "";
    if (model_check_position(model, id, options->lat, options->lon, ret_error) != OMO_OK)
        return OMO_EINVAL;
    DRAFT_CHECK(options->weight >= 0.0 && model_finite(options->weight),
                "%s: a weight can't be negative", id);
    DRAFT_CHECK(options->shape != OMO_ZONE_SQUARE ||
                    (options->side_km > 0.0 && model->run.geometry == OMO_GEOMETRY_PLANE),
                "%s: a square zone needs a side above 0 and a plane", id);
    struct draft_zone z = {
        .zone = {.lat = options->lat,
                 .lon = options->lon,
                 .shape = options->shape,
                 .side_km = options->side_km,
                 .weight = options->weight,
                 .member_count = options->member_count},
        .id = draft_text(model->draft, id),
    };
    uint32_t index = z.id != SIZE_MAX ? draft_add(&model->draft->zones, &z, sizeof(z)) : OMO_NONE;
    if (index == OMO_NONE)
        return draft_memory(ret_error);
    if (ret_zone != NULL)
        ret_zone->index = index;
    return OMO_OK;
}

omo_status omo_model_add_channel(omo_model *model, const omo_channel_options *options,
                                 omo_channel *ret_channel, omo_error *ret_error)
{
    DRAFT_OPEN(model, options);
    const char *id = options->id != NULL ? options->id : "";
    const struct channel_kind *kind = options->kind != NULL ? channel_find(options->kind) : NULL;
    DRAFT_CHECK(kind != NULL, "%s: no kind of channel '%s'", id,
                options->kind != NULL ? options->kind : "");
    const uint32_t mode = channel_mode_find(kind, options->mode);
    DRAFT_CHECK(mode != OMO_NONE, "%s: a channel of kind %s has no mode '%s'", id, kind->name,
                options->mode);
    DRAFT_CHECK(model->draft->channels.count < OMO_CHANNELS_MAX, "a model has at most %d channels",
                OMO_CHANNELS_MAX);
    DRAFT_CHECK(strcmp(id, "no_purchase") != 0,
                "a channel can't be called no_purchase: that is the choice of none");
    DRAFT_CHECK(options->radius_km >= 0.0 && options->speed_kmh >= 0.0 &&
                    model_finite(options->radius_km) && model_finite(options->speed_kmh) &&
                    options->radius_km < 1e6,
                "%s: a radius or speed can't be negative", id);
    DRAFT_CHECK(options->fee_cents >= 0 && options->free_above_cents >= 0 &&
                    options->cost_order_cents >= 0 && options->cost_line_cents >= 0 &&
                    options->cost_parcel_cents >= 0 && options->cost_km_cents >= 0,
                "%s: a fee or cost can't be negative", id);
    DRAFT_CHECK(options->commission_ppm <= OMO_PPM, "%s: a commission can't be above 100 %%", id);
    DRAFT_CHECK(options->promise_us >= 0, "%s: a promise can't be negative", id);
    DRAFT_CHECK(options->return_rate_ppm <= OMO_PPM, "%s: a return rate can't be above 100 %%", id);
    if (draft_check_slots(options, mode_registry[mode], id, ret_error) != OMO_OK)
        return OMO_EINVAL;
    DRAFT_CHECK(options->buffer >= 0 || options->buffer == OMO_DERIVED,
                "%s: a buffer can't be negative", id);
    DRAFT_CHECK(options->credit_ppm <= OMO_PPM && options->pay_fail_ppm <= OMO_PPM,
                "%s: a share can't be above 1", id);
    DRAFT_CHECK(options->hold_us >= 0, "%s: a hold can't be negative", id);
    struct draft_channel c = {
        .channel = {.kind = kind,
                    .mode = mode_registry[mode],
                    .options = *options,
                    .radius_mm = (int64_t)(options->radius_km * 1e6 + 0.5)},
        .id = draft_text(model->draft, id),
    };
    c.channel.options.kind = kind->name;
    c.channel.options.mode = mode_registry[mode]->name;
    omo_status status =
        draft_collection(&model->tables, id, mode_registry[mode], &c.channel.options, ret_error);
    if (status != OMO_OK)
        return status;
    if (draft_keep_law(&model->tables, &c.channel.options.pay_time, ret_error) != OMO_OK ||
        draft_check_touch(&model->tables, kind, &c.channel.options, id, ret_error) != OMO_OK)
        return OMO_EINVAL;
    uint32_t index =
        c.id != SIZE_MAX ? draft_add(&model->draft->channels, &c, sizeof(c)) : OMO_NONE;
    if (index == OMO_NONE)
        return draft_memory(ret_error);
    if (ret_channel != NULL)
        ret_channel->index = index;
    return OMO_OK;
}

static omo_status model_check_segment(const omo_segment_options *o, const char *id,
                                      omo_error *ret_error)
{
    double positive = 0.0;

    DRAFT_CHECK(o->visits_per_day >= 0.0 && model_finite(o->visits_per_day),
                "%s: a rate of visits can't be negative", id);
    DRAFT_CHECK(o->profile != OMO_PROFILE_SINUSOID ||
                    (o->amplitude >= 0.0 && o->amplitude <= 1.0 && o->period_us > 0),
                "%s: the amplitude of a profile must be 0 to 1 and its period above 0", id);
    for (uint32_t i = 0; o->profile == OMO_PROFILE_HOURLY && i < DEMAND_HOURS; i++) {
        DRAFT_CHECK(o->hour_weight[i] >= 0.0 && model_finite(o->hour_weight[i]),
                    "%s: a profile can't be negative", id);
        positive += o->hour_weight[i];
    }
    DRAFT_CHECK(o->profile != OMO_PROFILE_HOURLY || positive > 0.0,
                "%s: a profile can't be zero all week", id);
    DRAFT_CHECK(o->member_share_ppm <= OMO_PPM && o->switch_ppm <= OMO_PPM,
                "%s: a share can't be above 1", id);
    DRAFT_CHECK(o->scatter_km >= 0.0 && o->scatter_km < 1e4, "%s: scatter must be 0 to 10,000 km",
                id);
    DRAFT_CHECK(model_finite(o->price_sensitivity) && model_finite(o->distance_sensitivity) &&
                    model_finite(o->wait_sensitivity) && model_finite(o->fee_sensitivity) &&
                    model_finite(o->missing_sensitivity),
                "%s: a sensitivity must be a number", id);
    return OMO_OK;
}

omo_status omo_model_add_segment(omo_model *model, const omo_segment_options *options,
                                 omo_segment *ret_segment, omo_error *ret_error)
{
    DRAFT_OPEN(model, options);
    const char *id = options->id != NULL ? options->id : "";
    DRAFT_CHECK(model->draft->segments.count < OMO_SEGMENTS_MAX, "a model has at most %d segments",
                OMO_SEGMENTS_MAX);
    if (model_check_segment(options, id, ret_error) != OMO_OK ||
        draft_check_bursts(options, id, ret_error) != OMO_OK)
        return OMO_EINVAL;
    struct draft_segment s = {.options = *options, .id = draft_text(model->draft, id)};
    if (draft_keep_law(&model->tables, &s.options.lines, ret_error) != OMO_OK ||
        draft_keep_law(&model->tables, &s.options.quantity, ret_error) != OMO_OK ||
        draft_check_choice(&model->tables, &s.options, id, ret_error) != OMO_OK)
        return OMO_EINVAL;
    uint32_t index =
        s.id != SIZE_MAX ? draft_add(&model->draft->segments, &s, sizeof(s)) : OMO_NONE;
    if (index == OMO_NONE)
        return draft_memory(ret_error);
    if (ret_segment != NULL)
        ret_segment->index = index;
    return OMO_OK;
}

omo_status omo_model_set_utility(omo_model *model, omo_segment segment, omo_channel channel,
                                 double utility, omo_error *ret_error)
{
    DRAFT_CHECK(model != NULL && !model->sealed, "the model is sealed or missing");
    DRAFT_CHECK(segment.index < model->draft->segments.count &&
                    channel.index < model->draft->channels.count,
                "a utility names an unknown segment or channel");
    DRAFT_CHECK(model_finite(utility) && utility <= OMO_UTILITY_ALWAYS &&
                    utility >= -OMO_UTILITY_ALWAYS,
                "a utility must be a number of at most %g", OMO_UTILITY_ALWAYS);
    struct draft_segment *s = (struct draft_segment *)model->draft->segments.item + segment.index;
    s->utility[channel.index] = utility;
    s->offered[channel.index] = true;
    return OMO_OK;
}

static bool model_has_promotion(const omo_model *model, const char *id)
{
    const struct draft_promotion *p = model->draft->promotions.item;

    for (uint32_t i = 0; i < model->draft->promotions.count; i++)
        if (strcmp((const char *)model->draft->text.item + p[i].id, id) == 0)
            return true;
    return false;
}

omo_status omo_model_add_promotion(omo_model *model, const omo_promotion_options *options,
                                   omo_error *ret_error)
{
    DRAFT_OPEN(model, options);
    const struct promotion_kind *kind =
        options->kind != NULL ? promotion_find(options->kind) : NULL;
    DRAFT_CHECK(kind != NULL, "no kind of promotion '%s'",
                options->kind != NULL ? options->kind : "");
    DRAFT_CHECK(model->draft->promotions.count < OMO_PROMOTIONS_MAX,
                "a model has at most %d promotions", OMO_PROMOTIONS_MAX);
    const char *wrong = kind->check != NULL ? kind->check(options) : NULL;
    DRAFT_CHECK(wrong == NULL, "promotion %s: %s", kind->name, wrong);
    DRAFT_CHECK(options->from_us >= 0 && options->until_us >= 0,
                "promotion %s: a time can't be negative", kind->name);
    DRAFT_CHECK(!kind->needs_coupon || (options->per_member >= 1 && options->per_member <= 100 &&
                                        options->claim_ppm <= OMO_PPM),
                "promotion %s: a member may claim 1 to 100, with a share of at most 1", kind->name);
    const char *id = options->id != NULL ? options->id : "";
    DRAFT_CHECK(id[0] == '\0' || !model_has_promotion(model, id), "two promotions are called '%s'",
                id);
    DRAFT_CHECK(kind->needs_coupon || options->budget == 0,
                "promotion %s: only coupons have a budget", kind->name);
    struct draft_promotion p = {
        .promotion = {.kind = kind, .options = *options, .coupon = OMO_NONE},
        .id = draft_text(model->draft, id),
    };
    p.promotion.options.kind = kind->name;
    return p.id == SIZE_MAX || draft_add(&model->draft->promotions, &p, sizeof(p)) == OMO_NONE
               ? draft_memory(ret_error)
               : OMO_OK;
}
