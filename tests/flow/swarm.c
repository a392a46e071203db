/* What is random: everything that a scenario can set and the engine has a branch for. Sizes are
 * small, so that shelves run empty, queues build up and promises break within days. */
#include "flow/swarm.h"

#include <math.h>

#include "flow/world.h"

struct swarm {
    uint64_t state;
    omo_model *m;
    uint32_t sku_count, assortment_count, channel_count;
    omo_place place[8];
    uint32_t place_count;
    bool locker; /* there is one */
    bool sphere;
    bool warehouse_accepts; /* returns */
    /* Never mixed with finite ones: utilisation counts the servers of finite stations alone. */
    bool unlimited[OMO_ROLE_COUNT];
    double side_km;
};

static int64_t pick(struct swarm *s, int64_t low, int64_t high)
{
    return seed_between(&s->state, low, high);
}
static bool chance(struct swarm *s, int64_t percent) { return pick(s, 1, 100) <= percent; }
static double pick_real(struct swarm *s, double low, double high)
{
    return low + (high - low) * (double)pick(s, 0, 1000000) * 1e-6;
}

static void must(omo_status status, const omo_error *error)
{
    if (status != OMO_OK)
        ck_abort_msg("the random model was refused: %s", error->text);
}

static omo_law swarm_time(struct swarm *s, double mean_us)
{
    switch (pick(s, 0, 4)) {
    case 0:
        return build_constant(floor(mean_us));
    case 1:
        return (omo_law){.kind = OMO_LAW_UNIFORM, .a = 0.5 * mean_us, .b = 1.5 * mean_us};
    case 2:
        return (omo_law){.kind = OMO_LAW_LOGNORMAL, .a = mean_us, .b = 1.0};
    case 3:
        return (omo_law){.kind = OMO_LAW_ERLANG, .a = mean_us, .b = 3.0};
    default:
        return build_exponential(mean_us);
    }
}

static void swarm_run_options(struct swarm *s, omo_error *e)
{
    omo_run_options run = omo_run_defaults();

    s->sphere = chance(s, 40);
    s->side_km = chance(s, 50) ? 20.0 : 0.0;
    run.geometry = s->sphere ? OMO_GEOMETRY_SPHERE : OMO_GEOMETRY_PLANE;
    run.torus_side_km = s->sphere ? 0.0 : s->side_km;
    run.horizon_us = pick(s, 2, 12) * OMO_US_PER_DAY;
    if (chance(s, 30))
        run.horizon_us += pick(s, 1, OMO_US_PER_DAY);
    if (chance(s, 50))
        run.warm_up_us = chance(s, 50) ? OMO_US_PER_DAY : pick(s, 1, OMO_US_PER_DAY);
    run.first_weekday = (uint32_t)pick(s, 0, 6);
    run.reach_count = (uint32_t)pick(s, 1, 16);
    run.nearest_facts = chance(s, 50);
    run.wait_over_us = chance(s, 50) ? OMO_US_PER_MINUTE : -1;
    run.sojourn_over_us = chance(s, 50) ? OMO_US_PER_HOUR : -1;
    run.distance_over_km = chance(s, 50) ? 1.0 : -1.0;
    must(omo_model_set_run(s->m, &run, e), e);
    must(omo_model_set_routing(
             s->m,
             omo_registry_name(OMO_REGISTRY_ROUTING,
                               (uint32_t)pick(s, 0, omo_registry_count(OMO_REGISTRY_ROUTING) - 1)),
             e),
         e);
}

static void swarm_skus(struct swarm *s, omo_error *e)
{
    omo_sku sku[40];
    bool perishable = chance(s, 50);

    s->sku_count = (uint32_t)pick(s, 1, 40);
    for (uint32_t i = 0; i < s->sku_count; i++) {
        omo_sku_options o = omo_sku_defaults();
        o.price_cents = pick(s, 0, 5000);
        o.cost_cents = pick(s, 0, 3000);
        o.popularity = pick_real(s, 0.1, 5.0);
        if (perishable && chance(s, 40))
            o.shelf_life_days = (uint32_t)pick(s, 1, 6);
        o.return_rate_ppm = chance(s, 60) ? (uint32_t)pick(s, 0, OMO_PPM / 2) : 0;
        must(omo_model_add_sku(s->m, &o, &sku[i], e), e);
    }
    s->assortment_count = (uint32_t)pick(s, 1, 3);
    for (uint32_t i = 0; i < s->assortment_count; i++) {
        omo_sku some[40];
        uint32_t count = 0;
        for (uint32_t k = 0; k < s->sku_count; k++)
            if (i == 0 || chance(s, 60))
                some[count++] = sku[k];
        must(omo_model_add_assortment(s->m, some, count, NULL, e), e);
    }
}

static void swarm_position(struct swarm *s, double *ret_lat, double *ret_lon)
{
    /* A coarse grid on purpose: equal distances are frequent. */
    *ret_lat = (double)pick(s, 0, 8) * (s->sphere ? 0.02 : 2.0);
    *ret_lon = (double)pick(s, 0, 8) * (s->sphere ? 0.02 : 2.0);
}

static void swarm_place(struct swarm *s, omo_place_kind kind, omo_error *e)
{
    omo_place_options o = omo_place_defaults();

    o.kind = kind;
    swarm_position(s, &o.lat, &o.lon);
    o.capabilities = (uint32_t)pick(s, 0, 31);
    if (kind == OMO_PLACE_LOCKER) {
        o.capabilities = 0;
        o.shelf_slots = (uint32_t)pick(s, 1, 12);
        s->locker = true;
        must(omo_model_add_place(s->m, &o, &s->place[s->place_count++], e), e);
        return;
    }
    if (s->place_count == 0)
        o.capabilities |= OMO_SELLS_ON_SITE | OMO_ACCEPTS_RETURNS;
    s->warehouse_accepts = s->warehouse_accepts || (kind == OMO_PLACE_WAREHOUSE &&
                                                    (o.capabilities & OMO_ACCEPTS_RETURNS) != 0);
    if (kind != OMO_PLACE_SUPPLIER && chance(s, 95))
        o.assortment.index = (uint32_t)pick(s, 0, s->assortment_count - 1);
    if (chance(s, 40)) {
        o.opens_us = pick(s, 0, 24) * OMO_US_PER_HOUR;
        o.closes_us = pick(s, 0, 24) * OMO_US_PER_HOUR;
    }
    for (uint32_t role = 0; role < OMO_ROLE_COUNT; role++) {
        static const uint32_t servers[] = {0, 1, 1, 2, 3};
        o.station[role].servers = servers[pick(s, 0, 4)];
        if (s->unlimited[role] && o.station[role].servers != 0)
            o.station[role].servers = OMO_UNLIMITED;
        o.station[role].service = swarm_time(s, pick_real(s, 10.0, 900.0) * 1e6);
    }
    swarm_modes_place((uint64_t)pick(s, 1, INT32_MAX), &o);
    if (chance(s, 40))
        o.opening = (int32_t)pick(s, 0, 30);
    o.opening_share_ppm = chance(s, 30) ? 700000 : OMO_PPM;
    o.shrink_factor = chance(s, 20) ? pick_real(s, 0.0, 2.0) : 1.0;
    must(omo_model_add_place(s->m, &o, &s->place[s->place_count++], e), e);
}

static void swarm_network(struct swarm *s, omo_error *e)
{
    omo_place_kind kind[8] = {OMO_PLACE_STORE, OMO_PLACE_SUPPLIER};
    uint32_t count = 2 + (uint32_t)pick(s, 0, 5);

    for (uint32_t role = 0; role < OMO_ROLE_COUNT; role++)
        s->unlimited[role] = chance(s, 20);
    for (uint32_t i = 0; i < count; i++) {
        if (i >= 2)
            kind[i] = (omo_place_kind)pick(s, 0, OMO_PLACE_KIND_COUNT - 1);
        swarm_place(s, kind[i], e);
    }
    for (uint32_t i = 0; i < count; i++) {
        omo_lane_options lane = omo_lane_defaults();
        if (kind[i] == OMO_PLACE_SUPPLIER || kind[i] == OMO_PLACE_LOCKER || chance(s, 15))
            continue;
        /* From the supplier, or from a warehouse that comes later: no circles. */
        lane.from = s->place[1];
        for (uint32_t from = i + 1; from < count; from++)
            if (kind[from] == OMO_PLACE_WAREHOUSE && chance(s, 60))
                lane.from = s->place[from];
        lane.to = s->place[i];
        lane.lead_time = swarm_time(s, pick_real(s, 0.05, 2.0) * (double)OMO_US_PER_DAY);
        lane.order_cost_cents = pick(s, 0, 500);
        must(omo_model_add_lane(s->m, &lane, e), e);
    }
    for (uint32_t k = 0; k < OMO_PLACE_SUPPLIER; k++) {
        omo_stocking_options o = omo_stocking_defaults();
        static const int64_t review_h[] = {0, 0, 6, 24, 72};
        o.policy =
            omo_registry_name(OMO_REGISTRY_STOCKING,
                              (uint32_t)pick(s, 0, omo_registry_count(OMO_REGISTRY_STOCKING) - 1));
        o.review_us = review_h[pick(s, 0, 4)] * OMO_US_PER_HOUR;
        o.review_at_us = pick(s, 0, 23) * OMO_US_PER_HOUR;
        o.safety_factor = pick_real(s, -1.0, 3.0);
        if (chance(s, 30))
            o.level_high = (int32_t)pick(s, 1, 40);
        if (chance(s, 30))
            o.opening = (int32_t)pick(s, 0, 40);
        must(omo_model_set_stocking(s->m, (omo_place_kind)k, &o, e), e);
    }
}

/* Touch points at random, from a generator of their own. */
static void swarm_touch(struct swarm *s, omo_channel_options *o)
{
    for (uint32_t i = 0; i < o->step_count; i++)
        o->step[i].abandon_ppm = chance(s, 30) ? (uint32_t)pick(s, 0, 300000) : 0;
    if (chance(s, 20)) {
        o->opens_us = pick(s, 0, 23) * OMO_US_PER_HOUR;
        o->closes_us = pick(s, 0, 23) * OMO_US_PER_HOUR;
    }
    if (chance(s, 20)) {
        o->outage_count = 1;
        o->outage[0] = (omo_outage){pick(s, 0, 24) * OMO_US_PER_HOUR, OMO_US_PER_DAY};
    }
    if (chance(s, 20)) {
        o->down_every = swarm_time(s, pick_real(s, 3.0, 40.0) * 3600e6);
        o->down_for = swarm_time(s, pick_real(s, 0.1, 10.0) * 3600e6);
    }
    if (chance(s, 20)) {
        o->terms_count = 1;
        o->terms[0] = (omo_terms){pick(s, 0, 24) * OMO_US_PER_HOUR, 100000, 50};
    }
    o->visit_cost_cents = chance(s, 20) ? pick(s, 1, 200) : 0;
    o->acquisition_cents = chance(s, 20) ? pick(s, 1, 3000) : 0;
    o->acquisition_growth_ppm = chance(s, 50) ? 500000 : 0;
    if (o->group_size != 0) {
        o->group_size = (uint32_t)pick(s, 2, 5);
        o->group_within_us = pick(s, 1, 30) * OMO_US_PER_HOUR;
        o->group_scope = (omo_group_scope)pick(s, 0, 1);
    }
    if (o->subscribe_ppm != 0) {
        o->subscribe_ppm = (uint32_t)pick(s, 0, 500000);
        o->period_us = pick(s, 2, 60) * OMO_US_PER_HOUR;
    }
    if (o->share_ppm != 0)
        o->generations = (uint32_t)pick(s, 0, 2);
}

static void swarm_channels(struct swarm *s, omo_error *e)
{
    uint32_t kinds = omo_registry_count(OMO_REGISTRY_CHANNEL);

    s->channel_count = (uint32_t)pick(s, 1, 4);
    for (uint32_t i = 0; i < s->channel_count; i++) {
        static const char *const id[] = {"a", "b", "c", "d"};
        uint32_t kind = (uint32_t)pick(s, 0, kinds - 1), modes = 0;
        while (omo_channel_mode(kind, modes) != NULL)
            modes++;
        omo_channel_options o =
            omo_channel_defaults(omo_registry_name(OMO_REGISTRY_CHANNEL, kind),
                                 omo_channel_mode(kind, (uint32_t)pick(s, 0, modes - 1)));
        o.id = id[i];
        o.enabled = i == 0 || chance(s, 90);
        if (chance(s, 50))
            o.radius_km = chance(s, 50) ? 0.0 : pick_real(s, 1.0, 12.0);
        o.commission_ppm = (uint32_t)pick(s, 0, 200000);
        o.return_rate_ppm = chance(s, 30) ? (uint32_t)pick(s, 0, 300000) : 0;
        o.buffer = chance(s, 70) ? OMO_DERIVED : (int32_t)pick(s, 0, 3);
        o.credit_ppm = (uint32_t)pick(s, 0, OMO_PPM);
        if (chance(s, 40)) {
            o.pay_time = swarm_time(s, pick_real(s, 10.0, 7200.0) * 1e6);
            o.pay_fail_ppm = (uint32_t)pick(s, 0, OMO_PPM / 2);
            o.hold_us = pick(s, 0, 3) * 20 * OMO_US_PER_MINUTE;
        }
        if (chance(s, 50))
            o.travel = swarm_time(s, pick_real(s, 60.0, 7200.0) * 1e6);
        if (chance(s, 50))
            o.collect = swarm_time(s, pick_real(s, 60.0, 7200.0) * 1e6);
        bool take_away = strcmp(o.mode, "take_away") == 0;
        bool goes = take_away || strcmp(o.mode, "pickup") == 0;
        o.place_count = goes && chance(s, 40) ? (uint32_t)pick(s, 2, 4) : 1;
        if (!take_away && chance(s, 30)) {
            o.slot_us = pick(s, 1, 6) * OMO_US_PER_HOUR;
            o.slot_count = (uint32_t)pick(s, 1, 4);
            o.slot_capacity = (uint32_t)pick(s, 0, 5);
            o.slot_from_us = pick(s, 0, 12) * OMO_US_PER_HOUR;
        }
        swarm_modes_channel((uint64_t)pick(s, 1, INT32_MAX), &o);
        if (strcmp(o.mode, "locker") == 0 && !s->locker)
            o.enabled = false;
        uint64_t state = s->state;
        swarm_touch(s, &o);
        s->state = state; /* what comes after does not depend on it */
        must(omo_model_add_channel(s->m, &o, NULL, e), e);
    }
}

/* What customers choose by and how they react, each in some of the networks. */
static void swarm_reactions(struct swarm *s, omo_segment_options *o)
{
    uint32_t left = OMO_PPM - o->switch_ppm;

    if (chance(s, 30)) {
        o->nest_count = 1;
        o->nest[0].channel_mask = (1u << s->channel_count) - 1;
        o->nest[0].lambda = pick_real(s, 0.05, 1.0);
    }
    if (chance(s, 30)) {
        o->gravity_attraction = pick_real(s, 0.0, 2.0);
        o->gravity_distance = pick_real(s, 0.0, 3.0);
    }
    o->sees_queue = chance(s, 30);
    if (chance(s, 50)) {
        o->stockout.substitute_ppm = (uint32_t)pick(s, 0, left / 4);
        o->stockout.endless_aisle_ppm = (uint32_t)pick(s, 0, left / 4);
        o->stockout.other_store_ppm = (uint32_t)pick(s, 0, left / 4);
        o->stockout.backorder_ppm = (uint32_t)pick(s, 0, left / 4);
    }
    if (chance(s, 30))
        o->balk_queue = (uint32_t)pick(s, 1, 6);
    if (chance(s, 30))
        o->balk_wait = swarm_time(s, pick_real(s, 60.0, 1200.0) * 1e6);
    if (chance(s, 40))
        o->patience = swarm_time(s, pick_real(s, 10.0, 600.0) * 1e6);
    if (chance(s, 40)) {
        o->showroom = (omo_detour){(uint32_t)pick(s, 0, OMO_PPM),
                                   swarm_time(s, pick_real(s, 60.0, 200000.0) * 1e6), 0};
        o->webroom = (omo_detour){(uint32_t)pick(s, 0, OMO_PPM),
                                  swarm_time(s, pick_real(s, 60.0, 200000.0) * 1e6), 0};
    }
    o->churn_late_ppm = o->churn_cancelled_ppm = chance(s, 50) ? (uint32_t)pick(s, 0, OMO_PPM) : 0;
}

static void swarm_demand(struct swarm *s, omo_error *e)
{
    uint32_t zones = (uint32_t)pick(s, 1, 5), segments = (uint32_t)pick(s, 1, 3);

    for (uint32_t i = 0; i < zones; i++) {
        omo_zone_options o = omo_zone_defaults();
        swarm_position(s, &o.lat, &o.lon);
        o.weight = i == 0 ? 1.0 : pick_real(s, 0.0, 2.0);
        o.member_count = (uint32_t)pick(s, 0, 20);
        if (!s->sphere && chance(s, 30)) {
            o.shape = OMO_ZONE_SQUARE;
            o.side_km = 3.0;
        }
        must(omo_model_add_zone(s->m, &o, NULL, e), e);
    }
    for (uint32_t i = 0; i < segments; i++) {
        omo_segment_options o = omo_segment_defaults();
        omo_segment segment;
        o.visits_per_day = pick_real(s, 5.0, 250.0);
        o.visits_each_zone = chance(s, 20);
        o.profile = (omo_profile_kind)pick(s, 0, 2);
        for (uint32_t h = 0; h < 168; h++)
            o.hour_weight[h] = h == 12 ? 1.0 : (double)pick(s, 0, 3);
        o.amplitude = pick_real(s, 0.0, 1.0);
        o.period_us = pick(s, 1, 48) * OMO_US_PER_HOUR;
        o.lines = (omo_law){.kind = OMO_LAW_GEOMETRIC, .a = pick_real(s, 1.0, 6.0)};
        o.quantity = (omo_law){.kind = OMO_LAW_POISSON, .a = pick_real(s, 0.0, 3.0)};
        o.sku_count = chance(s, 30) ? (uint32_t)pick(s, 1, 10) : 0;
        o.member_share_ppm = (uint32_t)pick(s, 0, OMO_PPM);
        o.scatter_km = chance(s, 30) ? 1.5 : 0.0;
        o.price_sensitivity = pick_real(s, 0.0, 5.0);
        o.distance_sensitivity = pick_real(s, 0.0, 0.5);
        o.wait_sensitivity = pick_real(s, 0.0, 0.1);
        o.fee_sensitivity = pick_real(s, 0.0, 0.3);
        o.missing_sensitivity = pick_real(s, 0.0, 3.0);
        o.switch_ppm = chance(s, 60) ? (uint32_t)pick(s, 0, OMO_PPM) : 0;
        swarm_reactions(s, &o);
        must(omo_model_add_segment(s->m, &o, &segment, e), e);
        for (uint32_t c = 0; c < s->channel_count; c++)
            if (chance(s, 80))
                must(omo_model_set_utility(s->m, segment, (omo_channel){c},
                                           chance(s, 20) ? OMO_UTILITY_ALWAYS
                                                         : pick_real(s, -1.0, 3.0),
                                           e),
                     e);
    }
}

/* The dimensions of the dial besides stock, and what a dial halfway leads to. */
static void swarm_dial(struct swarm *s, omo_integration_options *i)
{
    i->prices = chance(s, 30) ? OMO_SILOED : OMO_MERGED;
    i->promotions = chance(s, 30) ? OMO_SILOED : OMO_MERGED;
    i->orders = chance(s, 30) ? OMO_SILOED : OMO_MERGED;
    i->sync_at_us = pick(s, 0, 23) * OMO_US_PER_HOUR;
    for (uint32_t data = 0; data < OMO_DATA_COUNT; data++)
        i->own_sync[data] = (omo_sync_options){.own = chance(s, 40),
                                               .kind = (omo_sync_kind)pick(s, 0, 2),
                                               .lag_us = pick(s, 0, 20) * OMO_US_PER_HOUR,
                                               .at_us = pick(s, 0, 24) * OMO_US_PER_HOUR};
    i->mismatch = chance(s, 50) ? OMO_MISMATCH_HONOUR : OMO_MISMATCH_CHARGE;
    i->mismatch_leave_ppm = (uint32_t)pick(s, 0, OMO_PPM);
    i->entry_time = swarm_time(s, pick_real(s, 10.0, 3600.0) * 1e6);
    i->entry_staff = chance(s, 60);
    i->entry_error_ppm = (uint32_t)pick(s, 0, OMO_PPM / 3);
    i->entry_error_cents = pick(s, 0, 500);
    i->acceptance = chance(s, 40);
    i->acceptance_base = pick_real(s, -2.0, 3.0);
    i->acceptance_credit = pick_real(s, 0.0, 4.0);
    i->acceptance_load = pick_real(s, 0.0, 0.5);
    i->reject_max = (uint32_t)pick(s, 0, 4);
}

static void swarm_prices(struct swarm *s, omo_error *e)
{
    omo_price_options o = omo_price_defaults();

    o.every_us = chance(s, 50) ? 0 : pick(s, 1, 48) * OMO_US_PER_HOUR;
    o.share_ppm = (uint32_t)pick(s, 0, OMO_PPM);
    o.factor = chance(s, 50) ? build_exponential(1.0) : o.factor;
    must(omo_model_set_prices(s->m, &o, e), e);
}

static void swarm_rules(struct swarm *s, omo_error *e)
{
    omo_integration_options i = omo_integration_defaults();
    omo_cost_options c = omo_cost_defaults();
    static const int64_t lag_min[] = {0, 0, 1, 30, 360, 1440, 2880};

    i.inventory = chance(s, 35) ? OMO_SILOED : OMO_MERGED;
    i.members = chance(s, 50) ? OMO_SILOED : OMO_MERGED;
    i.sync = chance(s, 50) ? OMO_SYNC_PERIODIC : OMO_SYNC_DELAYED;
    i.sync_lag_us = lag_min[pick(s, 0, 6)] * OMO_US_PER_MINUTE;
    i.buffer = chance(s, 60) ? 0 : (int32_t)pick(s, 1, 4);
    i.oversold = chance(s, 50) ? OMO_OVERSOLD_CANCEL : OMO_OVERSOLD_REROUTE;
    i.online_share_ppm = (uint32_t)pick(s, 0, OMO_PPM);
    swarm_dial(s, &i);
    must(omo_model_set_integration(s->m, &i, e), e);
    swarm_prices(s, e);
    must(omo_model_set_shortage(s->m, chance(s, 40) ? OMO_SHORTAGE_BACKORDER : OMO_SHORTAGE_LOST,
                                e),
         e);
    c.holding_microcents = pick(s, 0, 5000000);
    c.holding_value_ppm = (uint32_t)pick(s, 0, 300000);
    c.backorder_microcents = pick(s, 0, 5000000);
    c.per_period = chance(s, 30);
    c.lost_cents = pick(s, 0, 200);
    c.oversold_cents = pick(s, 0, 500);
    c.late_cents = pick(s, 0, 300);
    must(omo_model_set_costs(s->m, &c, e), e);
    for (int64_t left = pick(s, 0, 3); left > 0; left--) {
        uint32_t kinds = omo_registry_count(OMO_REGISTRY_PROMOTION);
        omo_promotion_options o = omo_promotion_defaults(
            omo_registry_name(OMO_REGISTRY_PROMOTION, (uint32_t)pick(s, 0, kinds - 1)));
        o.per_member = (uint32_t)pick(s, 1, 3);
        o.channel_mask = chance(s, 50) ? 0 : (uint32_t)pick(s, 1, 15);
        o.home = (omo_home)pick(s, 0, 2);
        o.from_us = chance(s, 50) ? 0 : OMO_US_PER_DAY / 2;
        o.until_us = chance(s, 50) ? 0 : 3 * OMO_US_PER_DAY;
        must(omo_model_add_promotion(s->m, &o, e), e);
    }
}

static void swarm_returns(struct swarm *s, omo_error *e)
{
    omo_returns_options o = omo_returns_defaults();
    bool siloed = !model_returns_in_shop(s->m);

    if (chance(s, 40) || (siloed && !s->warehouse_accepts))
        return;
    o.to = (omo_return_to)pick(s, 0, s->warehouse_accepts ? 2 : 1);
    o.delay = swarm_time(s, pick_real(s, 0.0, 3.0) * (double)OMO_US_PER_DAY);
    o.travel = swarm_time(s, pick_real(s, 0.0, 2.0) * (double)OMO_US_PER_DAY);
    o.inspect = chance(s, 50) ? build_constant(0.0) : swarm_time(s, 3600e6);
    o.restock_ppm = (uint32_t)pick(s, 0, OMO_PPM);
    o.handling_cents = pick(s, 0, 300);
    o.parcel_cents = pick(s, 0, 800);
    must(omo_model_set_returns(s->m, &o, e), e);
}

static void swarm_accuracy(struct swarm *s, omo_error *e)
{
    omo_accuracy_options o = omo_accuracy_defaults();

    if (chance(s, 40))
        return;
    o.shrink_units = chance(s, 70) ? pick_real(s, 0.0, 30.0) : 0.0;
    o.shrink_share_ppm = chance(s, 50) ? (uint32_t)pick(s, 0, OMO_PPM) : 0;
    o.shrink_by = (omo_shrink_by)pick(s, 0, 1);
    o.scan_error_ppm = chance(s, 60) ? (uint32_t)pick(s, 0, 300000) : 0;
    if (chance(s, 60)) {
        o.count_every_us = pick(s, 1, 24 * 4) * OMO_US_PER_HOUR;
        o.count_at_us = pick(s, 0, 48) * OMO_US_PER_HOUR;
        o.count_suspects = chance(s, 30);
        o.count_cents = pick(s, 0, 100);
    }
    o.sensor_share_ppm = chance(s, 40) ? (uint32_t)pick(s, 0, OMO_PPM) : 0;
    o.sensor_cents = pick(s, 0, 500);
    must(omo_model_set_accuracy(s->m, &o, e), e);
}

omo_model *swarm_model(uint64_t seed)
{
    struct swarm s = {.state = seed, .m = omo_model_new()};
    omo_error e = {0};

    ck_assert_ptr_nonnull(s.m);
    swarm_run_options(&s, &e);
    swarm_skus(&s, &e);
    swarm_network(&s, &e);
    swarm_channels(&s, &e);
    swarm_demand(&s, &e);
    swarm_rules(&s, &e);
    swarm_returns(&s, &e);
    swarm_accuracy(&s, &e);
    must(omo_model_seal(s.m, &e), &e);
    return s.m;
}
