/* Two stores, a warehouse, a supplier; walk-ins and members who order online. */
#include "flow/chain.h"

#include "base/core.h"

#define CHAIN_OK(call)                                                                             \
    do {                                                                                           \
        omo_error e_ = {0};                                                                        \
        omo_error *e = &e_;                                                                        \
        ck_assert_msg((call) == OMO_OK, "%s: %s", #call, e_.text);                                 \
    } while (0)

static void chain_kind(struct chain *c, enum chain_kind kind)
{
    if (kind == CHAIN_SILOED) {
        c->integration.inventory = OMO_SILOED;
        c->costs.per_period = true;
        c->costs.holding_microcents = 1000000;
    }
    if (kind == CHAIN_PERIODIC)
        c->integration.sync = OMO_SYNC_PERIODIC;
    if (kind == CHAIN_CONTINUOUS) {
        c->integration.sync_lag_us = 0;
        c->stocking.review_us = 0;
        c->stocking.policy = "reorder_quantity";
        c->warehouse_supplied = true;
    }
    if (kind == CHAIN_SILOED || kind == CHAIN_CONTINUOUS)
        c->shortage = OMO_SHORTAGE_BACKORDER;
}

struct chain chain_new(enum chain_kind kind)
{
    static const struct {
        const char *id, *kind, *mode;
    } like[CHAIN_CHANNELS] = {{"walk_in", "walk_in", "take_away"},
                              {"app_pickup", "app", "pickup"},
                              {"app_courier", "app", "courier"},
                              {"web_parcel", "web", "parcel"}};
    struct chain c = {
        .run = omo_run_defaults(),
        .routing = "nearest",
        .stocking = omo_stocking_defaults(),
        .integration = omo_integration_defaults(),
        .costs = omo_cost_defaults(),
        .members = omo_member_defaults(),
        .keeps_members = kind == CHAIN_PERIODIC,
        .prices = omo_price_defaults(),
        .sku = omo_sku_defaults(),
        .skus = CHAIN_SKUS,
        .assorted = CHAIN_SKUS,
        .store = build_place(OMO_PLACE_STORE, (omo_assortment){0}, 1.0, OMO_DERIVED),
        .lane = omo_lane_defaults(),
        .zone = omo_zone_defaults(),
        .segment = build_segment(150.0),
        .second_store = true,
        .utility = {1.0, 0.8, 0.7, 0.2},
        .promotion = {omo_promotion_defaults("coupon"), omo_promotion_defaults("percent_off"),
                      omo_promotion_defaults("amount_off_threshold")},
        .promotions = 2,
    };

    c.members.start_ppm = 300000;
    c.members.register_ppm[0] = c.members.register_ppm[1] = 200000;
    c.members.linked_ppm = 300000;
    c.members.bind_ppm = 200000;
    c.members.growth_q = 0.1;
    c.members.growth_unit_us = BUILD_DAY;
    c.members.growth_step_us = BUILD_DAY / 4;
    c.members.lifetime_r = 0.8;
    c.members.lifetime_a = 0.5;
    c.members.lifetime_b = 4.0;
    c.members.points_earn = 1.0;
    c.members.points_spend_ppm = 400000;
    c.members.points_expiry_us = 2 * BUILD_DAY;
    c.run.geometry = OMO_GEOMETRY_PLANE;
    c.run.horizon_us = 10 * BUILD_DAY;
    c.run.warm_up_us = 2 * BUILD_DAY;
    c.integration.sync_lag_us = 2 * BUILD_HOUR;
    c.stocking.safety_factor = 0.2;
    c.sku.price_cents = 900;
    c.sku.cost_cents = 500;
    c.sku.shelf_life_days = 3;
    c.store.id = "store";
    c.store.opens_us = 8 * BUILD_HOUR;
    c.store.closes_us = 20 * BUILD_HOUR;
    for (uint32_t role = 0; role < OMO_ROLE_COUNT; role++)
        c.store.station[role] =
            (omo_role_options){.servers = 1,
                               .service = build_exponential(3.0 * (double)OMO_US_PER_MINUTE)};
    c.lane.lead_time = build_exponential((double)BUILD_DAY);
    c.zone.id = "zone";
    c.zone.member_count = 60;
    c.segment.id = "segment";
    c.segment.lines = (omo_law){.kind = OMO_LAW_GEOMETRIC, .a = 2.0};
    c.segment.quantity = (omo_law){.kind = OMO_LAW_POISSON, .a = 1.5};
    c.segment.member_share_ppm = 600000;
    c.segment.price_sensitivity = 3.0;
    c.segment.missing_sensitivity = 1.0;
    c.segment.balk_queue = 4;
    c.segment.patience = build_exponential(3.0 * (double)OMO_US_PER_MINUTE);
    c.segment.stockout.substitute_ppm = c.segment.stockout.other_store_ppm = 200000;
    c.segment.showroom =
        (omo_detour){.share_ppm = 200000, .delay = build_exponential(8.0 * (double)BUILD_HOUR)};
    c.segment.webroom = c.segment.showroom;
    c.segment.churn_late_ppm = 100000;
    for (uint32_t i = 0; i < CHAIN_CHANNELS; i++) {
        c.channel[i] = build_channel(like[i].kind, like[i].mode);
        c.channel[i].id = like[i].id;
        c.channel[i].promise_us = 4 * BUILD_HOUR;
        c.channel[i].travel = c.channel[i].collect = build_exponential(2.0 * (double)BUILD_HOUR);
    }
    c.channel[2].slot_us = 2 * BUILD_HOUR;
    c.channel[2].slot_count = 3;
    c.channel[2].slot_capacity = 4;
    c.costs.late_cents = c.costs.oversold_cents = 100;
    c.promotion[0].claim_ppm = 500000;
    c.promotion[0].amount_cents = 200;
    c.promotion[0].per_member = 3;
    c.promotion[1].share_ppm = 50000;
    chain_kind(&c, kind);
    return c;
}

static void chain_places(const struct chain *c, omo_model *m, omo_assortment all)
{
    omo_place_options second = c->store, depot, supplier = omo_place_defaults();
    omo_lane_options lane = c->lane;
    omo_place store[2], warehouse;

    store[0] = build_add_place(m, &c->store);
    second.id = "second";
    second.lon += 2.0;
    if (c->second_store)
        store[1] = build_add_place(m, &second);
    depot = build_place(OMO_PLACE_WAREHOUSE, all, 6.0, 4000);
    depot.id = "depot";
    warehouse = build_add_place(m, &depot);
    supplier.id = "supplier";
    supplier.kind = OMO_PLACE_SUPPLIER;
    lane.from = build_add_place(m, &supplier);
    for (uint32_t i = 0; i < (c->second_store ? 2u : 1u); i++) {
        lane.to = store[i];
        CHAIN_OK(omo_model_add_lane(m, &lane, e));
    }
    lane.to = warehouse;
    if (c->warehouse_supplied)
        CHAIN_OK(omo_model_add_lane(m, &lane, e));
}

omo_model *chain_model(const struct chain *c)
{
    omo_model *m = omo_model_new();
    omo_segment segment;

    ck_assert_ptr_nonnull(m);
    CHAIN_OK(omo_model_set_run(m, &c->run, e));
    CHAIN_OK(omo_model_set_routing(m, c->routing, e));
    CHAIN_OK(omo_model_set_stocking(m, OMO_PLACE_STORE, &c->stocking, e));
    CHAIN_OK(omo_model_set_integration(m, &c->integration, e));
    CHAIN_OK(omo_model_set_shortage(m, c->shortage, e));
    CHAIN_OK(omo_model_set_costs(m, &c->costs, e));
    if (c->keeps_members)
        CHAIN_OK(omo_model_set_members(m, &c->members, e));
    CHAIN_OK(omo_model_set_prices(m, &c->prices, e));
    CHAIN_OK(omo_model_add_sku(m, &c->sku, NULL, e));
    for (uint32_t i = 1; i < c->skus; i++)
        build_sku(m);
    chain_places(c, m, build_assortment(m, c->assorted));
    CHAIN_OK(omo_model_add_zone(m, &c->zone, NULL, e));
    for (uint32_t i = 0; i < CHAIN_CHANNELS; i++)
        build_add_channel(m, &c->channel[i]);
    CHAIN_OK(omo_model_add_segment(m, &c->segment, &segment, e));
    for (uint32_t i = 0; i < CHAIN_CHANNELS; i++)
        CHAIN_OK(omo_model_set_utility(m, segment, (omo_channel){i}, c->utility[i], e));
    for (uint32_t i = 0; i < c->promotions; i++)
        CHAIN_OK(omo_model_add_promotion(m, &c->promotion[i], e));
    build_seal(m);
    return m;
}

/* ---- changes --------------------------------------------------------------------------------- */

#define CHANGE(name, statement)                                                                    \
    static void name(struct chain *c) { statement; }

CHANGE(routing, c->routing = "fewest_parcels")
CHANGE(levels, c->stocking.safety_factor = 3.0)
CHANGE(stocking, c->stocking.policy = "min_max")
CHANGE(period, c->stocking.review_us = 3 * BUILD_DAY)
CHANGE(more_often, c->stocking.review_us = 5 * BUILD_HOUR)
CHANGE(price, c->sku.price_cents = 1500)
CHANGE(hours, c->store.opens_us = c->store.closes_us = 0)
CHANGE(service, c->store.station[OMO_ROLE_PICKER].service = build_exponential(1e9))
CHANGE(lead_time, c->lane.lead_time = build_constant(3.0 * (double)BUILD_DAY))
CHANGE(order_cost, c->lane.order_cost_cents = 700)
CHANGE(fee, c->channel[2].fee_cents = 300)
CHANGE(radius, c->channel[2].radius_km = 1.5)
CHANGE(promise, c->channel[1].promise_us = OMO_US_PER_MINUTE)
CHANGE(travel, c->channel[3].travel = build_constant(2.0 * (double)BUILD_DAY))
CHANGE(closed, c->channel[1].enabled = false)
CHANGE(hold, c->channel[1].pickup_hold_us = BUILD_HOUR; c->channel[1].no_show_ppm = 100000)
CHANGE(verify, c->channel[1].verify = build_exponential(3.0 * (double)OMO_US_PER_MINUTE))
CHANGE(priority, c->channel[2].priority = 2)
CHANGE(cutoff, c->channel[3].cutoff_us = 16 * BUILD_HOUR)
CHANGE(commission, c->channel[2].commission_ppm = 150000)
CHANGE(utility, c->utility[3] = 4.0)
CHANGE(sensitivity, c->segment.price_sensitivity = 9.0)
CHANGE(switching, c->segment.switch_ppm = OMO_PPM / 2)
CHANGE(coupon, c->promotion[0].amount_cents = 600; c->promotion[0].claim_ppm = OMO_PPM)
CHANGE(budget, c->promotion[0].budget = 3)
CHANGE(percent, c->promotion[1].share_ppm = 300000)
CHANGE(another_promotion, c->promotions = 3; c->promotion[2].amount_cents = 300)
CHANGE(fewer_promotions, c->promotions = 1)
CHANGE(lag, c->integration.sync_lag_us = 30 * BUILD_HOUR)
CHANGE(fresher, c->integration.sync_lag_us = 10 * OMO_US_PER_MINUTE)
CHANGE(buffer, c->integration.buffer = 3)
CHANGE(oversold, c->integration.oversold = OMO_OVERSOLD_CANCEL)
CHANGE(members, c->integration.members = OMO_SILOED)
static omo_sync_options chain_sync(omo_sync_kind kind, int64_t lag_us, int64_t at_us)
{
    return (omo_sync_options){true, kind, lag_us, at_us};
}

CHANGE(nightly_members,
       c->integration.own_sync[OMO_DATA_MEMBERS] = chain_sync(OMO_SYNC_NIGHTLY, 0, 2 * BUILD_HOUR))
CHANGE(late_orders,
       c->integration.own_sync[OMO_DATA_ORDERS] = chain_sync(OMO_SYNC_DELAYED, BUILD_HOUR, 0))
CHANGE(by_hand, c->integration.orders = OMO_SILOED; c->integration.entry_error_ppm = 200000)
CHANGE(choosy, c->integration.acceptance = true; c->integration.acceptance_base = 0.0;
       c->integration.acceptance_load = 0.5)
CHANGE(unpaid, c->channel[1].pay_time = build_exponential((double)BUILD_HOUR);
       c->channel[1].pay_fail_ppm = 100000; c->channel[2].pay_fail_ppm = 300000;
       c->channel[1].hold_us = BUILD_HOUR)
CHANGE(credit, c->channel[1].credit_ppm = 300000)
CHANGE(own_buffer, c->channel[1].buffer = 2)
CHANGE(home, c->promotion[1].home = OMO_HOME_STORE; c->integration.promotions = OMO_SILOED)
CHANGE(prices, c->prices.every_us = BUILD_DAY; c->prices.share_ppm = 500000;
       c->integration.mismatch = OMO_MISMATCH_CHARGE; c->integration.mismatch_leave_ppm = 500000)
CHANGE(penalties, c->costs.late_cents = 500)
CHANGE(horizon, c->run.horizon_us = 14 * BUILD_DAY)
CHANGE(memory, c->run.memory_max = (uint64_t)1 << 30)

const struct chain_change chain_policies[] = {
    {"routing", routing, NULL},
    {"levels", levels, NULL},
    {"stocking policy", stocking, NULL},
    {"longer period", period, NULL},
    {"shorter period", more_often, NULL},
    {"price", price, NULL},
    {"opening hours", hours, NULL},
    {"service time", service, NULL},
    {"lead time", lead_time, NULL},
    {"order cost", order_cost, NULL},
    {"fee", fee, NULL},
    {"radius", radius, NULL},
    {"promise", promise, NULL},
    {"travel", travel, NULL},
    {"a channel closed", closed, NULL},
    {"hold", hold, NULL},
    {"verify", verify, NULL},
    {"priority", priority, NULL},
    {"cut-off", cutoff, NULL},
    {"commission", commission, NULL},
    {"utility", utility, NULL},
    {"sensitivity", sensitivity, NULL},
    {"switching", switching, NULL},
    {"coupon", coupon, NULL},
    {"budget", budget, NULL},
    {"percent off", percent, NULL},
    {"another promotion", another_promotion, NULL},
    {"fewer promotions", fewer_promotions, NULL},
    {"older views", lag, NULL},
    {"fresher views", fresher, NULL},
    {"buffer", buffer, NULL},
    {"oversold", oversold, NULL},
    {"members", members, NULL},
    {"members once a night", nightly_members, NULL},
    {"orders an hour late", late_orders, NULL},
    {"orders keyed in by hand", by_hand, NULL},
    {"stores that may reject", choosy, NULL},
    {"payment after check-out", unpaid, NULL},
    {"credit", credit, NULL},
    {"a channel's buffer", own_buffer, NULL},
    {"a promotion's home", home, NULL},
    {"prices that change", prices, NULL},
    {"penalties", penalties, NULL},
    {"a later horizon", horizon, NULL},
    {"memory_max", memory, NULL},
};
const int chain_policy_count = sizeof(chain_policies) / sizeof(chain_policies[0]);

CHANGE(fewer_places, c->second_store = false)
CHANGE(place_id, c->store.id = "shop")
CHANGE(site, c->store.lon = 1.25)
CHANGE(capabilities, c->store.capabilities = OMO_SELLS_ON_SITE | OMO_SHIPS_PARCEL)
CHANGE(servers, c->store.station[OMO_ROLE_TILL].servers = 2)
CHANGE(lanes, c->warehouse_supplied = true)
CHANGE(shelf_slots, c->store.shelf_slots = 5)
CHANGE(parcels, c->store.parcels_per_day = 5.0)
CHANGE(waves, c->store.station[OMO_ROLE_PICKER].wave_us = BUILD_HOUR)
CHANGE(batches, c->channel[2].batch_orders = 2)
CHANGE(shelf_threshold, c->run.shelf_over = 3)
CHANGE(skus, c->skus = CHAIN_SKUS + 1)
CHANGE(cost, c->sku.cost_cents = 400)
CHANGE(shelf_life, c->sku.shelf_life_days = 4)
CHANGE(popularity, c->sku.popularity = 2.0)
CHANGE(assortment, c->assorted = CHAIN_SKUS - 1)
CHANGE(zone_id, c->zone.id = "elsewhere")
CHANGE(zone_members, c->zone.member_count = 61)
CHANGE(slots, c->channel[2].slot_count = 2)
CHANGE(visits, c->segment.visits_per_day = 151.0)
CHANGE(baskets, c->segment.lines.a = 2.5)
CHANGE(channel_id, c->channel[1].id = "app")
CHANGE(channel_kind, c->channel[1].kind = "web")
CHANGE(channel_mode, c->channel[1].mode = "courier")
CHANGE(coupons, c->promotions = 3; c->promotion[2] = c->promotion[0])
CHANGE(inventory, c->integration.inventory = OMO_SILOED)
CHANGE(real_time, c->integration.sync_lag_us = 0)
CHANGE(periodic, c->integration.sync = OMO_SYNC_PERIODIC)
CHANGE(shortage, c->shortage = OMO_SHORTAGE_BACKORDER)
CHANGE(continuous, c->stocking.review_us = 0)
CHANGE(holding, c->costs.holding_microcents = 5)
CHANGE(per_period, c->costs.per_period = true)
CHANGE(warm_up, c->run.warm_up_us = BUILD_DAY)
CHANGE(weekday, c->run.first_weekday = 3)
CHANGE(threshold, c->run.wait_over_us = OMO_US_PER_MINUTE)
CHANGE(reach, c->run.reach_count = 2)
CHANGE(too_short, c->run.horizon_us = 5 * BUILD_DAY)

const struct chain_change chain_shapes[] = {
    {"fewer places", fewer_places, "places: 4 there, 3 here"},
    {"a place's id", place_id, "ids of places"},
    {"a place's site", site, "sites of places"},
    {"capabilities", capabilities, "capabilities"},
    {"servers", servers, "servers of stations"},
    {"lanes", lanes, "lanes: 2 there, 3 here"},
    {"slots of a shelf", shelf_slots, "pickup shelves"},
    {"a parcel point", parcels, "pickup shelves"},
    {"waves", waves, "servers of stations"},
    {"batches", batches, "channels whose couriers have batches"},
    {"a shelf's threshold", shelf_threshold, "thresholds"},
    {"SKUs", skus, "SKUs: 12 there, 13 here"},
    {"a SKU's cost", cost, "costs of SKUs"},
    {"a shelf life", shelf_life, "shelf lives"},
    {"popularity", popularity, "popularity"},
    {"an assortment", assortment, "assortments"},
    {"a zone's id", zone_id, "ids of zones"},
    {"members of a zone", zone_members, "members of zones"},
    {"visits", visits, "visits of segments"},
    {"baskets", baskets, "baskets"},
    {"a channel's id", channel_id, "ids of channels"},
    {"a channel's kind", channel_kind, "kinds of channels"},
    {"a channel's mode", channel_mode, "modes of channels"},
    {"time slots", slots, "time slots of channels"},
    {"promotions with coupons", coupons, "promotions with coupons: 1 there, 2 here"},
    {"inventory", inventory, "inventory"},
    {"real time", real_time, "sync"},
    {"periodic sync", periodic, "sync"},
    {"shortage", shortage, "shortage"},
    {"continuous review", continuous, "review"},
    {"holding costs", holding, "costs of holding"},
    {"costs per period", per_period, "costs of holding"},
    {"warm-up", warm_up, "warm-up"},
    {"weekday", weekday, "first weekday: 0 there, 3 here"},
    {"a threshold", threshold, "thresholds"},
    {"reach", reach, "geometry"},
    {"a horizon too short", too_short, "saved at day 5.4, but this model ends at day 5"},
};
const int chain_shape_count = sizeof(chain_shapes) / sizeof(chain_shapes[0]);
