/* Sealing: lists become arrays in one arena, references are checked, tables are built, and
 * nothing changes any more.
 *
 * The order matters: SKUs, then assortments (which need the SKU count for their rank tables),
 * then places (positions, lots), lanes, channels, zones, segments (alias tables over the
 * popularity ranking), reach, levels. */
#define OMO_CORE_MAY_ALLOCATE
#include <stdlib.h>

#include "experiment/seal.h"

#include "base/maths.h"
#include "network/orders.h"

#define SEAL_TAKE(target, count)                                                                   \
    do {                                                                                           \
        (target) = arena_take(&m->arena, (count), sizeof((target)[0]));                            \
        if ((target) == NULL)                                                                      \
            return draft_memory(ret_error);                                                        \
    } while (0)

static omo_status seal_skus(omo_model *m, omo_error *ret_error)
{
    const struct draft_sku *sku = m->draft->skus.item;
    struct network *n = &m->network;
    const char **id;

    n->sku_count = m->draft->skus.count;
    SEAL_TAKE(id, n->sku_count);
    n->sku_id = id;
    SEAL_TAKE(n->price_cents, n->sku_count);
    SEAL_TAKE(n->cost_cents, n->sku_count);
    SEAL_TAKE(n->shelf_life_days, n->sku_count);
    SEAL_TAKE(n->return_ppm, n->sku_count);
    SEAL_TAKE(m->demand.ranked, n->sku_count);
    SEAL_TAKE(m->popularity, n->sku_count);
    for (uint32_t i = 0; i < n->sku_count; i++) {
        n->price_cents[i] = (int32_t)sku[i].options.price_cents;
        n->cost_cents[i] = (int32_t)sku[i].options.cost_cents;
        n->shelf_life_days[i] = sku[i].options.shelf_life_days;
        n->return_ppm[i] = sku[i].options.return_rate_ppm;
        m->popularity[i] = sku[i].options.popularity;
        m->demand.ranked[i] = i;
        id[i] = m->text + sku[i].id;
    }
    return OMO_OK;
}

/* Merge sort of SKU indices by falling popularity, ties by index: no global state for a
 * comparison function, and stable. */
static void seal_rank(const double *popularity, uint32_t *ranked, uint32_t *work, uint32_t count)
{
    for (uint32_t width = 1; width < count; width *= 2) {
        for (uint32_t low = 0; low < count; low += 2 * width) {
            uint32_t middle = core_min_u32(low + width, count),
                     high = core_min_u32(low + 2 * width, count);
            uint32_t a = low, b = middle;
            for (uint32_t i = low; i < high; i++) {
                bool left =
                    b == high || (a < middle && popularity[ranked[a]] >= popularity[ranked[b]]);
                work[i] = left ? ranked[a++] : ranked[b++];
            }
        }
        memcpy(ranked, work, count * sizeof(ranked[0]));
    }
}

static omo_status seal_assortments(omo_model *m, omo_error *ret_error)
{
    const struct draft_assortment *a = m->draft->assortments.item;
    struct network *n = &m->network;

    n->assortment_count = m->draft->assortments.count;
    SEAL_TAKE(n->assortment, n->assortment_count);
    for (uint32_t i = 0; i < n->assortment_count; i++) {
        struct assortment *to = &n->assortment[i];
        to->count = a[i].count;
        m->review_places_max = to->count > m->review_places_max ? to->count : m->review_places_max;
        SEAL_TAKE(to->sku, to->count);
        SEAL_TAKE(to->rank, n->sku_count);
        memset(to->rank, 0xff, n->sku_count * sizeof(to->rank[0]));
        bool perishable = false;
        for (uint32_t rank = 0; rank < to->count; rank++) {
            to->sku[rank] = a[i].sku[rank];
            to->rank[to->sku[rank]] = rank;
            perishable = perishable || n->shelf_life_days[to->sku[rank]] != 0;
        }
        if (!perishable)
            continue;
        SEAL_TAKE(to->lot_first, to->count);
        for (uint32_t rank = 0; rank < to->count; rank++) {
            uint32_t days = n->shelf_life_days[to->sku[rank]];
            to->lot_first[rank] = days != 0 ? to->lot_count : OMO_NONE;
            to->lot_count += days;
        }
    }
    return OMO_OK;
}

/* The geometry may have been set after the place or zone. */
static bool seal_on_map(const omo_model *m, double lat, double lon)
{
    return m->run.geometry == OMO_GEOMETRY_PLANE ||
           (lat >= -90.0 && lat <= 90.0 && lon >= -180.0 && lon <= 180.0);
}

static omo_status seal_places(omo_model *m, omo_error *ret_error)
{
    const struct draft_place *p = m->draft->places.item;
    struct network *n = &m->network;
    const char **id;

    n->place_count = m->draft->places.count;
    DRAFT_CHECK(n->place_count > 0, "a model needs at least one place");
    SEAL_TAKE(n->place, n->place_count);
    SEAL_TAKE(n->station, (size_t)n->place_count * OMO_ROLE_COUNT);
    SEAL_TAKE(id, n->place_count);
    n->place_id = id;
    for (uint32_t i = 0; i < n->place_count; i++) {
        struct place *to = &n->place[i];
        *to = p[i].place;
        id[i] = m->text + p[i].id;
        memcpy(&n->station[(size_t)i * OMO_ROLE_COUNT], p[i].station, sizeof(p[i].station));
        to->position_first = n->position_count;
        to->lot_first = n->lot_count;
        DRAFT_CHECK(seal_on_map(m, to->lat, to->lon),
                    "%s: a latitude must be -90 to 90 and a longitude -180 to 180", id[i]);
        DRAFT_CHECK(!to->random_position || m->field_density > 0.0,
                    "%s: a random position needs a field", id[i]);
        if (to->assortment == OMO_NONE)
            continue;
        DRAFT_CHECK(to->kind != OMO_PLACE_SUPPLIER,
                    "%s: a supplier has endless stock and no assortment", id[i]);
        n->position_count += n->assortment[to->assortment].count;
        n->lot_count += n->assortment[to->assortment].lot_count;
    }
    DRAFT_CHECK(n->position_count < OMO_NONE, "a model has at most 2^32 - 1 stock positions");
    DRAFT_CHECK(m->field_density == 0.0 ||
                    (m->run.geometry == OMO_GEOMETRY_PLANE && m->run.torus_side_km > 0.0),
                "a field of places needs a plane with a torus");
    SEAL_TAKE(n->parcel_point, n->place_count);
    for (uint32_t i = 0; i < n->place_count; i++) {
        if (p[i].parcels.place == OMO_NONE)
            continue;
        n->place[i].parcels = n->parcel_point_count;
        n->parcel_point[n->parcel_point_count] = p[i].parcels;
        n->parcel_point[n->parcel_point_count++].place = i;
    }
    n->lane_count = m->draft->lanes.count;
    SEAL_TAKE(n->lane, n->lane_count);
    if (n->lane_count != 0)
        memcpy(n->lane, m->draft->lanes.item, n->lane_count * sizeof(n->lane[0]));
    for (uint32_t i = 0; i < n->place_count; i++) {
        bool continuous =
            n->place[i].lane != OMO_NONE && m->stocking[n->place[i].kind].options.review_us == 0;
        m->continuous = m->continuous || continuous;
    }
    return OMO_OK;
}

/* Longest chain of lanes. A chain that comes back to where it began has no source. */
static omo_status seal_lanes(omo_model *m, omo_error *ret_error)
{
    const struct network *n = &m->network;

    m->lane_depth = 0;
    for (uint32_t i = 0; i < n->place_count; i++) {
        uint32_t depth = 0;
        for (uint32_t at = i; n->place[at].lane != OMO_NONE; at = n->lane[n->place[at].lane].from)
            DRAFT_CHECK(depth++ < n->place_count, "%s: its lanes lead in a circle", n->place_id[i]);
        m->lane_depth = depth > m->lane_depth ? depth : m->lane_depth;
    }
    return OMO_OK;
}

static bool seal_has_locker(const omo_model *m)
{
    for (uint32_t i = 0; i < m->network.place_count; i++)
        if (m->network.place[i].kind == OMO_PLACE_LOCKER)
            return true;
    return false;
}

static omo_status seal_channels(omo_model *m, omo_error *ret_error)
{
    const struct draft_channel *c = m->draft->channels.item;
    const struct draft_promotion *p = m->draft->promotions.item;
    struct demand *d = &m->demand;

    d->channel_count = m->draft->channels.count;
    DRAFT_CHECK(d->channel_count > 0, "a model needs at least one channel");
    SEAL_TAKE(d->channel, d->channel_count);
    for (uint32_t i = 0; i < d->channel_count; i++) {
        d->channel[i] = c[i].channel;
        d->channel[i].options.id = m->text + c[i].id;
        DRAFT_CHECK(!d->channel[i].mode->to_locker || !d->channel[i].options.enabled ||
                        seal_has_locker(m),
                    "%s: there is no locker for mode %s", d->channel[i].options.id,
                    d->channel[i].mode->name);
    }
    for (uint32_t i = 0; i < OMO_DATA_COUNT; i++)
        DRAFT_CHECK(model_sync(m, (omo_data)i).lag_us <=
                        core_max_i64(m->run.horizon_us, OMO_US_PER_DAY),
                    "integration: a lag of %lld s is longer than the horizon of %lld s",
                    (long long)(model_sync(m, (omo_data)i).lag_us / OMO_US_PER_SECOND),
                    (long long)(m->run.horizon_us / OMO_US_PER_SECOND));
    d->promotion_count = m->draft->promotions.count;
    SEAL_TAKE(d->promotion, d->promotion_count);
    for (uint32_t i = 0; i < d->promotion_count; i++) {
        d->promotion[i] = p[i].promotion;
        d->promotion[i].options.id = m->text + p[i].id;
        if (d->promotion[i].kind->needs_coupon)
            d->promotion[i].coupon = d->coupon_count++;
    }
    return seal_slots(m, ret_error);
}

static omo_status seal_zones(omo_model *m, omo_error *ret_error)
{
    const struct draft_zone *z = m->draft->zones.item;
    struct demand *d = &m->demand;
    uint64_t members = 0;
    const char **id;

    d->zone_count = m->draft->zones.count;
    DRAFT_CHECK(d->zone_count > 0, "a model needs at least one zone");
    SEAL_TAKE(d->zone, d->zone_count);
    SEAL_TAKE(id, d->zone_count);
    d->zone_id = id;
    for (uint32_t i = 0; i < d->zone_count; i++) {
        d->zone[i] = z[i].zone;
        d->zone[i].member_first = (uint32_t)members;
        members += d->zone[i].member_count;
        id[i] = m->text + z[i].id;
        DRAFT_CHECK(seal_on_map(m, d->zone[i].lat, d->zone[i].lon),
                    "%s: a latitude must be -90 to 90 and a longitude -180 to 180", id[i]);
        DRAFT_CHECK(d->zone[i].shape != OMO_ZONE_SQUARE || m->run.geometry == OMO_GEOMETRY_PLANE,
                    "%s: a square zone needs a plane", id[i]);
    }
    DRAFT_CHECK(members < OMO_NONE, "a model has at most 2^32 - 1 members");
    d->member_count = (uint32_t)members;
    d->first_weekday = m->run.first_weekday;
    return OMO_OK;
}

/* Weekday shares and hourly thresholds of a profile of 168 weights. */
static void seal_profile(struct segment *s, const double weight[DEMAND_HOURS])
{
    double total = 0.0;

    for (uint32_t i = 0; i < DEMAND_HOURS; i++)
        total += weight[i];
    for (uint32_t day = 0; day < 7; day++) {
        double sum = 0.0, until = 0.0;
        for (uint32_t hour = 0; hour < 24; hour++)
            sum += weight[day * 24 + hour];
        s->day_share[day] = sum * 7.0 / total;
        uint32_t last = 0;
        for (uint32_t hour = 0; hour < 24; hour++)
            if (weight[day * 24 + hour] > 0.0)
                last = hour;
        for (uint32_t hour = 0; hour < 24; hour++) {
            until += weight[day * 24 + hour];
            /* A word falls into the first hour whose bound is above it: an hour without weight
             * repeats the bound before it and is never met. */
            s->hour_until[day][hour] =
                hour >= last ? UINT64_C(1) << 32 : (uint64_t)(until / sum * 0x1p32);
        }
    }
}

static omo_status seal_segment(omo_model *m, struct segment *to, const struct draft_segment *from,
                               omo_error *ret_error)
{
    const omo_segment_options *o = &from->options;
    const char *id = m->text + from->id;
    struct demand *d = &m->demand;
    double weight = 0.0;

    *to = (struct segment){
        .profile = o->profile,
        .amplitude = o->amplitude,
        .period_us = o->period_us,
        .lines = o->lines,
        .quantity = o->quantity,
        .empty_basket = o->empty_basket,
        .member_share_ppm = o->member_share_ppm,
        .scatter_km = o->scatter_km,
        .price_sensitivity = o->price_sensitivity,
        .distance_sensitivity = o->distance_sensitivity,
        .wait_sensitivity = o->wait_sensitivity,
        .fee_sensitivity = o->fee_sensitivity,
        .missing_sensitivity = o->missing_sensitivity,
        .switch_ppm = o->switch_ppm,
    };
    if (o->profile == OMO_PROFILE_HOURLY)
        seal_profile(to, o->hour_weight);
    for (uint32_t i = 0; i < d->channel_count; i++) {
        if (!from->offered[i] || !d->channel[i].options.enabled)
            continue;
        to->utility[i] = from->utility[i];
        to->offered[to->offered_count++] = (uint8_t)i;
        to->goes_online = to->goes_online || d->channel[i].kind->online;
        to->orders = to->orders || d->channel[i].mode->path != MODE_TAKE_AWAY;
    }
    if (seal_choice(m, to, o, id, ret_error) != OMO_OK)
        return OMO_EINVAL;
    SEAL_TAKE(to->visits_per_day, d->zone_count);
    for (uint32_t zone = 0; zone < d->zone_count; zone++)
        weight += d->zone[zone].weight;
    DRAFT_CHECK(o->visits_each_zone || weight > 0.0 || o->visits_per_day == 0.0,
                "%s: the zones' weights are all zero", id);
    double peak = o->profile == OMO_PROFILE_SINUSOID ? 1.0 + o->amplitude : 1.0;
    for (uint32_t day = 0; o->profile == OMO_PROFILE_HOURLY && day < 7; day++)
        peak = to->day_share[day] > peak ? to->day_share[day] : peak;
    for (uint32_t zone = 0; zone < d->zone_count; zone++) {
        double rate = o->visits_each_zone ? o->visits_per_day
                      : weight > 0.0      ? o->visits_per_day * d->zone[zone].weight / weight
                                          : 0.0;
        to->visits_per_day[zone] = rate;
        DRAFT_CHECK(rate * peak < 0.9 * ORDERS_DERIVED, "%s: more than %d visits a day in one zone",
                    id, (int)(0.9 * ORDERS_DERIVED));
    }
    if (o->empty_basket) {
        DRAFT_CHECK(to->offered_count == 1 &&
                        d->channel[to->offered[0]].mode->path == MODE_TAKE_AWAY,
                    "%s: customers with empty baskets use one walk-in channel", id);
        return OMO_OK;
    }
    DRAFT_CHECK(m->network.sku_count > 0, "a model needs at least one SKU");
    to->sku_count =
        o->sku_count == 0 ? m->network.sku_count : core_min_u32(o->sku_count, m->network.sku_count);
    SEAL_TAKE(to->alias, to->sku_count);
    double *rank_weight = malloc(to->sku_count * sizeof(double));
    void *work = malloc(alias_work_size(to->sku_count));
    if (rank_weight != NULL && work != NULL) {
        for (uint32_t rank = 0; rank < to->sku_count; rank++)
            rank_weight[rank] = m->popularity[d->ranked[rank]];
        alias_build(rank_weight, to->sku_count, work, to->alias);
    }
    bool ok = rank_weight != NULL && work != NULL;
    free(rank_weight);
    free(work);
    return ok ? OMO_OK : core_error(ret_error, OMO_ENOMEM, "no memory for the model");
}

static omo_status seal_segments(omo_model *m, omo_error *ret_error)
{
    const struct draft_segment *s = m->draft->segments.item;
    struct demand *d = &m->demand;
    bool substitutes = false;
    uint32_t *work;

    DRAFT_CHECK(m->draft->segments.count > 0, "a model needs at least one segment of customers");
    d->segment_count = m->draft->segments.count;
    DRAFT_CHECK((uint64_t)d->segment_count * d->zone_count < UINT64_C(1) << (ORDERS_CELL_BITS - 2),
                "segments x zones must be below %d", 1 << (ORDERS_CELL_BITS - 2));
    SEAL_TAKE(d->segment, d->segment_count);
    SEAL_TAKE(work, m->network.sku_count);
    seal_rank(m->popularity, d->ranked, work, m->network.sku_count);
    for (uint32_t i = 0; i < d->segment_count; i++) {
        omo_status status = seal_segment(m, &d->segment[i], &s[i], ret_error);
        if (status != OMO_OK)
            return status;
        m->backorders = m->backorders || d->segment[i].stockout.backorder_ppm != 0;
        substitutes = substitutes || d->segment[i].stockout.substitute_ppm != 0;
    }
    if (!substitutes)
        return OMO_OK;
    SEAL_TAKE(d->rank_of, m->network.sku_count);
    for (uint32_t rank = 0; rank < m->network.sku_count; rank++)
        d->rank_of[d->ranked[rank]] = rank;
    return OMO_OK;
}

/* Stores, warehouses and lockers are looked for apart; a supplier by nobody. */
static uint32_t seal_reach_group(omo_place_kind kind)
{
    switch (kind) {
    case OMO_PLACE_STORE:
    case OMO_PLACE_DARK_STORE:
        return 0;
    case OMO_PLACE_WAREHOUSE:
        return 1;
    case OMO_PLACE_LOCKER:
        return 2;
    default:
        return UINT32_MAX;
    }
}

/* Trees over the places that stand still, and the lists of the zones that are
 * points. */
static omo_status seal_reach(omo_model *m, omo_error *ret_error)
{
    const struct network *n = &m->network;
    const struct demand *d = &m->demand;
    struct reach *group[] = {&m->stores, &m->warehouses, &m->lockers};
    struct reach_node *node;
    uint32_t *place;
    double *lat, *lon;

    SEAL_TAKE(place, n->place_count);
    SEAL_TAKE(lat, n->place_count);
    SEAL_TAKE(lon, n->place_count);
    for (uint32_t g = 0; g < sizeof(group) / sizeof(group[0]); g++) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < n->place_count; i++) {
            const struct place *p = &n->place[i];
            if (p->random_position || seal_reach_group(p->kind) != g)
                continue;
            place[count] = i;
            lat[count] = p->lat;
            lon[count++] = p->lon;
        }
        SEAL_TAKE(node, count);
        reach_build(group[g], node, count, place, lat, lon, m->run.geometry, m->run.torus_side_km);
    }
    uint32_t each = m->run.reach_count + MODEL_WAREHOUSES_NEAR, first = 0;
    SEAL_TAKE(m->zone_near, d->zone_count);
    SEAL_TAKE(m->near, (size_t)d->zone_count * each);
    for (uint32_t i = 0; i < d->zone_count; i++) {
        struct near_list *list = &m->zone_near[i];
        list->first = first;
        list->store_count = reach_nearest(&m->stores, d->zone[i].lat, d->zone[i].lon,
                                          m->run.reach_count, m->near + first);
        list->warehouse_count =
            reach_nearest(&m->warehouses, d->zone[i].lat, d->zone[i].lon, MODEL_WAREHOUSES_NEAR,
                          m->near + first + list->store_count);
        first += list->store_count + list->warehouse_count;
    }
    return OMO_OK;
}

omo_status omo_model_seal(omo_model *model, omo_error *ret_error)
{
    static omo_status (*const chain_step[])(omo_model *, omo_error *) = {
        seal_skus,     seal_assortments, seal_places, seal_lanes,   seal_channels, seal_zones,
        seal_segments, seal_members,     seal_reach,  seal_returns, NULL,
    };
    static omo_status (*const network_step[])(omo_model *, omo_error *) = {seal_stations, NULL};
    omo_model *m = model;

    if (m == NULL || m->sealed)
        return core_error(ret_error, OMO_EINVAL, "the model is sealed or missing");
    /* Sealing fills the arena from nothing, so that a model that was refused can be mended and
     * sealed again. */
    arena_free(&m->arena);
    memset(&m->network, 0, sizeof(m->network));
    memset(&m->demand, 0, sizeof(m->demand));
    memset(&m->queueing, 0, sizeof(m->queueing));
    m->review_places_max = 0;
    m->continuous = false;
    m->backorders = m->shortage == OMO_SHORTAGE_BACKORDER;
    SEAL_TAKE(m->text, m->draft->text.count + 1);
    if (m->draft->text.count != 0)
        memcpy(m->text, m->draft->text.item, m->draft->text.count);
    bool network = m->draft->stations.count != 0;
    for (size_t i = 0; (network ? network_step : chain_step)[i] != NULL; i++) {
        omo_status status = (network ? network_step : chain_step)[i](m, ret_error);
        if (status != OMO_OK)
            return status;
    }
    if ((!network && !seal_levels(m)) || !seal_kpis(m))
        return core_error(ret_error, OMO_ENOMEM, "no memory for the model");
    draft_free(m->draft);
    m->draft = NULL;
    m->sealed = true;
    return OMO_OK;
}
