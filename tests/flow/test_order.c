/* Single orders, fact by fact: what a shop, a picker, a courier and a member would tell of them. */
#include "flow/build.h"

/* One shop at x km with so many units, one customer's zone at 0, one channel. */
struct shop {
    omo_model *model;
    omo_place_options place;
    omo_channel_options channel;
    omo_segment_options segment;
};

static struct shop shop_begin(const char *kind, const char *mode, double x_km, int32_t opening)
{
    struct shop s = {.model = build_model(20.0)};

    build_sku(s.model);
    s.place = build_place(OMO_PLACE_STORE, build_assortment(s.model, 1), x_km, opening);
    s.channel = build_channel(kind, mode);
    s.segment = build_segment(2.0);
    build_zone(s.model, 0.0, 0);
    return s;
}

static void shop_seal(struct shop *s)
{
    build_add_place(s->model, &s->place);
    build_add_segment(s->model, &s->segment, build_add_channel(s->model, &s->channel));
    build_seal(s->model);
}

/* What happened to the n-th order; frees the model. */
static const char *shop_story(struct shop *s, uint32_t nth)
{
    struct build_facts facts;

    build_run(s->model, 2, 0, &facts);
    const char *text = build_story(&facts, nth);
    build_facts_free(&facts);
    omo_model_free(s->model);
    return text;
}

START_TEST(walk_in)
{
    struct shop s = shop_begin("walk_in", NULL, 0.0, 1000);

    s.place.station[OMO_ROLE_TILL] =
        (omo_role_options){1, build_constant(2.0 * (double)OMO_US_PER_MINUTE)};
    s.channel.commission_ppm = 50000;
    shop_seal(&s);
    ck_assert_str_eq(shop_story(&s, 0), "OPENED@0 1 10.00\n"
                                        "LINE@0 1 sku0 10.00\n"
                                        "PLACED@0 1 10.00\n"
                                        "RESERVED@0 1 sku0 10.00\n"
                                        "GOODS@0 0 6.00\n"
                                        "COMMISSION@0 0 0.50\n"
                                        "TILL_START@0 0 0min\n"
                                        "TILL_DONE@0 1 2min\n");
}
END_TEST

START_TEST(walk_in_finds_an_empty_shelf)
{
    struct shop s = shop_begin("walk_in", NULL, 0.0, 0);
    omo_cost_options costs = omo_cost_defaults();

    costs.lost_cents = 150;
    ck_assert_int_eq(omo_model_set_costs(s.model, &costs, NULL), OMO_OK);
    shop_seal(&s);
    ck_assert_str_eq(shop_story(&s, 0), "OPENED@0 1 10.00\n"
                                        "LINE@0 1 sku0 10.00\n"
                                        "LOST@0 1 sku0 10.00\n"
                                        "PENALTY@0 0 1.50\n");
}
END_TEST

START_TEST(pickup)
{
    struct shop s = shop_begin("app", "pickup", 2.0, 1000);

    s.place.station[OMO_ROLE_PICKER] =
        (omo_role_options){1, build_constant(5.0 * (double)OMO_US_PER_MINUTE)};
    s.channel.collect = build_constant(90.0 * (double)OMO_US_PER_MINUTE);
    s.channel.promise_us = OMO_US_PER_HOUR;
    s.channel.fee_cents = 300;
    s.channel.cost_order_cents = 150;
    s.channel.cost_line_cents = 50;
    s.channel.commission_ppm = 100000;
    shop_seal(&s);
    ck_assert_str_eq(shop_story(&s, 0), "OPENED 1 10.00\n"
                                        "LINE 1 sku0 10.00\n"
                                        "FEE 0 3.00\n"
                                        "PLACED 1 13.00\n"
                                        "RESERVED@0 1 sku0 10.00\n"
                                        "GOODS 0 6.00\n"
                                        "COMMISSION 0 1.00\n"
                                        "ROUTED@0 1 2km\n"
                                        "HANDLING 0 2.00\n"
                                        "COMPLETE_NEAR@0 1\n"
                                        "PICK_START@0 1 0min\n"
                                        "PICKED@0 1 5min\n"
                                        "READY@0 1 5min\n"
                                        "COLLECTED@0 1 90min\n"
                                        "CLOSED 1 5min\n");
}
END_TEST

START_TEST(courier_comes_too_late)
{
    struct shop s = shop_begin("app", "courier", 3.0, 1000);
    omo_cost_options costs = omo_cost_defaults();

    costs.late_cents = 200;
    ck_assert_int_eq(omo_model_set_costs(s.model, &costs, NULL), OMO_OK);
    s.place.station[OMO_ROLE_PICKER] =
        (omo_role_options){1, build_constant(5.0 * (double)OMO_US_PER_MINUTE)};
    s.place.station[OMO_ROLE_COURIER] =
        (omo_role_options){1, build_constant(4.0 * (double)OMO_US_PER_MINUTE)};
    s.channel.travel = build_constant(8.0 * (double)OMO_US_PER_MINUTE);
    s.channel.speed_kmh = 12.0; /* 15 minutes for 3 km */
    s.channel.promise_us = 30 * OMO_US_PER_MINUTE;
    s.channel.cost_parcel_cents = 500;
    s.channel.cost_km_cents = 100;
    shop_seal(&s);
    ck_assert_str_eq(shop_story(&s, 0), "OPENED 1 10.00\n"
                                        "LINE 1 sku0 10.00\n"
                                        "PLACED 1 10.00\n"
                                        "RESERVED@0 1 sku0 10.00\n"
                                        "GOODS 0 6.00\n"
                                        "ROUTED@0 1 3km\n"
                                        "COMPLETE_NEAR@0 1\n"
                                        "PICK_START@0 1 0min\n"
                                        "PICKED@0 1 5min\n"
                                        "SHIPPED@0 1 8.00\n"
                                        "TRIP@0 0 3km\n"
                                        "DELIVERED@0 1 32min\n"
                                        "PENALTY 1 2.00\n"
                                        "CLOSED 0 32min\n");
}
END_TEST

START_TEST(parcel_from_two_places)
{
    omo_model *m = build_model(5.0);
    omo_sku sku[2] = {build_sku(m), build_sku(m)};
    omo_assortment one, two;
    struct build_facts facts;

    ck_assert_int_eq(omo_model_add_assortment(m, &sku[0], 1, &one, NULL), OMO_OK);
    ck_assert_int_eq(omo_model_add_assortment(m, &sku[1], 1, &two, NULL), OMO_OK);
    omo_place_options store = build_place(OMO_PLACE_STORE, one, 1.0, 1000);
    omo_place_options warehouse = build_place(OMO_PLACE_WAREHOUSE, two, 5.0, 1000);
    omo_channel_options parcel = build_channel("web", "parcel");
    omo_segment_options segment = build_segment(4.0);
    parcel.travel = build_constant((double)OMO_US_PER_HOUR);
    segment.lines = build_constant(2.0);
    build_add_place(m, &store);
    build_add_place(m, &warehouse);
    build_zone(m, 0.0, 0);
    build_add_segment(m, &segment, build_add_channel(m, &parcel));
    build_seal(m);
    build_run(m, 5, 0, &facts);
    ck_assert_str_eq(build_story(&facts, 0), "OPENED 2 20.00\n"
                                             "LINE 1 sku0 10.00\n"
                                             "LINE 1 sku1 10.00\n"
                                             "PLACED 2 20.00\n"
                                             "RESERVED@0 1 sku0 10.00\n"
                                             "RESERVED@1 1 sku1 10.00\n"
                                             "GOODS 0 12.00\n"
                                             "ROUTED@0 1 1km\n"
                                             "ROUTED@1 1 5km\n"
                                             "SPLIT 2\n"
                                             "PICKED@0 1 0min\n"
                                             "SHIPPED@0 1 0.00\n"
                                             "TRIP@0 0 1km\n"
                                             "PICKED@1 1 0min\n"
                                             "SHIPPED@1 1 0.00\n"
                                             "TRIP@1 0 5km\n"
                                             "DELIVERED@0 1 60min\n"
                                             "DELIVERED@1 1 60min\n"
                                             "CLOSED 1 60min\n");
    build_facts_free(&facts);
    omo_model_free(m);
}
END_TEST

/* ---- a stale view ------------------------------------------------ */

/* Two shops with a unit each, 1 and 2 km away, and an app that sees yesterday's stock: the second
 * order is promised the first one's unit. */
static struct shop stale_begin(omo_oversold_kind oversold)
{
    struct shop s = shop_begin("app", "courier", 1.0, 1);
    omo_integration_options integration = omo_integration_defaults();
    omo_cost_options costs = omo_cost_defaults();

    integration.sync_lag_us = 19 * OMO_US_PER_DAY;
    integration.oversold = oversold;
    costs.oversold_cents = 500;
    build_integration(s.model, &integration);
    ck_assert_int_eq(omo_model_set_costs(s.model, &costs, NULL), OMO_OK);
    s.channel.fee_cents = 300;
    build_add_place(s.model, &s.place);
    s.place.lon = 2.0;
    shop_seal(&s);
    return s;
}

START_TEST(oversold_then_rerouted)
{
    struct shop s = stale_begin(OMO_OVERSOLD_REROUTE);

    ck_assert_str_eq(shop_story(&s, 1), "OPENED 1 10.00\n"
                                        "LINE 1 sku0 10.00\n"
                                        "FEE 0 3.00\n"
                                        "PLACED 1 13.00\n"
                                        "OVERSOLD@0 1 sku0 10.00\n"
                                        "OVERSOLD_FIRST@0 1\n"
                                        "RESERVED@1 1 sku0 10.00\n"
                                        "REROUTED@1 1 sku0 0.00\n"
                                        "GOODS 0 6.00\n"
                                        "ROUTED@1 1 2km\n"
                                        "PICKED@1 1 0min\n"
                                        "SHIPPED@1 1 0.00\n"
                                        "TRIP@1 0 2km\n"
                                        "DELIVERED@1 1 0min\n"
                                        "CLOSED 1 0min\n");
}
END_TEST

START_TEST(oversold_and_nobody_else_has_it)
{
    struct shop s = stale_begin(OMO_OVERSOLD_REROUTE);

    ck_assert_str_eq(shop_story(&s, 2), "OPENED 1 10.00\n"
                                        "LINE 1 sku0 10.00\n"
                                        "FEE 0 3.00\n"
                                        "PLACED 1 13.00\n"
                                        "OVERSOLD@0 1 sku0 10.00\n"
                                        "CANCELLED 1 sku0 10.00\n"
                                        "FAILED 1\n"
                                        "REFUNDED 1 13.00\n"
                                        "PENALTY 1 5.00\n");
}
END_TEST

START_TEST(oversold_then_cancelled)
{
    struct shop s = stale_begin(OMO_OVERSOLD_CANCEL);

    ck_assert_str_eq(shop_story(&s, 1), "OPENED 1 10.00\n"
                                        "LINE 1 sku0 10.00\n"
                                        "FEE 0 3.00\n"
                                        "PLACED 1 13.00\n"
                                        "OVERSOLD@0 1 sku0 10.00\n"
                                        "OVERSOLD_FIRST@0 1\n"
                                        "CANCELLED 1 sku0 10.00\n"
                                        "FAILED 1\n"
                                        "REFUNDED 1 13.00\n"
                                        "PENALTY 1 5.00\n");
}
END_TEST

/* ---- members and coupons ----------------------------------------- */

/* One member claims a coupon in the app that holds at the till alone. */
static void coupon_run(omo_integration_kind members, struct build_facts *ret_facts)
{
    struct shop s = shop_begin("walk_in", NULL, 0.0, 100000);
    omo_integration_options integration = omo_integration_defaults();
    omo_promotion_options coupon = omo_promotion_defaults("coupon");
    omo_channel_options app = build_channel("app", "pickup");

    integration.members = members;
    build_integration(s.model, &integration);
    coupon.amount_cents = 400;
    coupon.threshold_cents = 1000;
    coupon.claim_ppm = OMO_PPM;
    coupon.channel_mask = 1u << 0;
    ck_assert_int_eq(omo_model_add_promotion(s.model, &coupon, NULL), OMO_OK);
    build_zone(s.model, 0.0, 1);
    s.segment.member_share_ppm = OMO_PPM;
    build_add_place(s.model, &s.place);
    build_add_segment(s.model, &s.segment, build_add_channel(s.model, &s.channel));
    build_add_segment(s.model, &s.segment, build_add_channel(s.model, &app));
    build_seal(s.model);
    build_run(s.model, 1, 0, ret_facts);
    omo_model_free(s.model);
}

/* Story of the order that redeemed a coupon. */
static const char *coupon_story(const struct build_facts *f)
{
    uint32_t opened = build_fact_kind("OPENED"), redeemed = build_fact_kind("REDEEMED");
    uint64_t order = 0;
    uint32_t nth = 0;

    for (size_t i = 0; i < f->count; i++)
        if (omo_fact_kind(&f->fact[i]) == redeemed)
            order = f->fact[i].order;
    for (size_t i = 0; i < f->count && f->fact[i].order != order; i++)
        nth += omo_fact_kind(&f->fact[i]) == opened;
    return build_story(f, nth);
}

START_TEST(coupon_from_the_app_at_the_till)
{
    struct build_facts merged, siloed;

    coupon_run(OMO_MERGED, &merged);
    coupon_run(OMO_SILOED, &siloed);
    ck_assert_uint_eq(build_count(&merged, "CLAIMED"), 1);
    ck_assert_uint_eq(build_count(&merged, "REDEEMED"), 1);
    ck_assert_uint_eq(build_count(&siloed, "CLAIMED"), 1);
    ck_assert_uint_eq(build_count(&siloed, "REDEEMED"), 0);
    ck_assert_str_eq(coupon_story(&merged), "OPENED@0 1 10.00\n"
                                            "LINE@0 1 sku0 10.00\n"
                                            "DISCOUNT@0 0 4.00\n"
                                            "REDEEMED@0 1 4.00\n"
                                            "PLACED@0 1 6.00\n"
                                            "RESERVED@0 1 sku0 6.00\n"
                                            "GOODS@0 0 6.00\n");
    build_facts_free(&merged);
    build_facts_free(&siloed);
}
END_TEST

/* ---- time and stock ---------------------------------------------- */

START_TEST(backorder_waits_for_the_supplier)
{
    struct shop s = shop_begin("app", "pickup", 1.0, 0);
    omo_stocking_options stocking = omo_stocking_defaults();

    stocking.review_us = 0;
    stocking.level_high = 0;
    ck_assert_int_eq(omo_model_set_stocking(s.model, OMO_PLACE_STORE, &stocking, NULL), OMO_OK);
    ck_assert_int_eq(omo_model_set_shortage(s.model, OMO_SHORTAGE_BACKORDER, NULL), OMO_OK);
    s.channel.commission_ppm = 100000;
    build_supplied(s.model, build_add_place(s.model, &s.place),
                   build_constant(2.0 * (double)OMO_US_PER_DAY));
    build_add_segment(s.model, &s.segment, build_add_channel(s.model, &s.channel));
    build_seal(s.model);
    ck_assert_str_eq(shop_story(&s, 0), "OPENED 1 10.00\n"
                                        "LINE 1 sku0 10.00\n"
                                        "PLACED 1 10.00\n"
                                        "BACKORDERED@0 1 sku0 10.00\n"
                                        "COMMISSION 0 1.00\n"
                                        "ROUTED@0 1 1km\n"
                                        "FILLED@0 1 2880min\n"
                                        "RESERVED@0 1 sku0 10.00\n"
                                        "GOODS@0 0 6.00\n"
                                        "PICKED@0 1 2880min\n"
                                        "READY@0 1 2880min\n"
                                        "COLLECTED@0 1 0min\n"
                                        "CLOSED 1 2880min\n");
}
END_TEST

START_TEST(what_nobody_buys_expires)
{
    omo_model *m = build_model(5.0);
    omo_sku_options milk = omo_sku_defaults();
    omo_channel_options channel = build_channel("walk_in", NULL);
    omo_segment_options nobody = build_segment(0.0);
    struct build_facts facts;

    milk.price_cents = 1000;
    milk.cost_cents = 600;
    milk.shelf_life_days = 2;
    ck_assert_int_eq(omo_model_add_sku(m, &milk, NULL, NULL), OMO_OK);
    omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, 1), 0.0, 5);
    build_add_place(m, &place);
    build_zone(m, 0.0, 0);
    build_add_segment(m, &nobody, build_add_channel(m, &channel));
    build_seal(m);
    build_run(m, 1, 0, &facts);
    ck_assert_uint_eq(facts.count, 3); /* OPENING, WASTED, STOCKOUT */
    ck_assert_int_eq(facts.fact[1].at_us, 2 * OMO_US_PER_DAY);
    ck_assert_uint_eq(omo_fact_kind(&facts.fact[1]), build_fact_kind("WASTED"));
    ck_assert_uint_eq(omo_fact_quantity(&facts.fact[1]), 5);
    ck_assert_int_eq(omo_fact_line_cents(&facts.fact[1]), 3000);
    build_facts_free(&facts);
    omo_model_free(m);
}
END_TEST

/* Orders come at all hours; each is picked at once, or when the shop opens next. */
static void hours_run(int64_t opens_h, int64_t closes_h)
{
    struct shop s = shop_begin("app", "pickup", 1.0, 100000);
    uint32_t picked = build_fact_kind("PICKED");
    struct build_facts f;
    size_t at_once = 0, later = 0;

    s.segment.visits_per_day = 50.0;
    s.place.opens_us = opens_h * OMO_US_PER_HOUR;
    s.place.closes_us = closes_h * OMO_US_PER_HOUR;
    shop_seal(&s);
    build_run(s.model, 1, 0, &f);
    for (size_t i = 0; i < f.count; i++) {
        int64_t time_us = f.fact[i].at_us % OMO_US_PER_DAY;
        bool open = opens_h < closes_h ? time_us >= s.place.opens_us && time_us < s.place.closes_us
                                       : time_us >= s.place.opens_us || time_us < s.place.closes_us;
        if (omo_fact_kind(&f.fact[i]) == picked && f.fact[i].amount == 0) {
            ck_assert(open);
            at_once++;
        } else if (omo_fact_kind(&f.fact[i]) == picked) {
            ck_assert_int_eq(time_us, s.place.opens_us);
            ck_assert_int_lt(f.fact[i].amount, OMO_US_PER_DAY);
            later++;
        }
    }
    ck_assert_uint_gt(at_once, 20);
    ck_assert_uint_gt(later, 400);
    build_facts_free(&f);
    omo_model_free(s.model);
}

START_TEST(picking_waits_for_opening_hours)
{
    hours_run(9, 13);
    hours_run(22, 2);
}
END_TEST

/* ---- the shop lacks it, the warehouse has it --------------------- */

static struct build_facts switch_run(omo_integration_kind inventory)
{
    struct shop s = shop_begin("walk_in", NULL, 0.0, 1);
    omo_integration_options integration = omo_integration_defaults();
    omo_channel_options parcel = build_channel("web", "parcel");
    struct build_facts facts;

    integration.inventory = inventory;
    integration.online_share_ppm = 0;
    build_integration(s.model, &integration);
    s.segment.switch_ppm = OMO_PPM;
    s.segment.quantity = build_constant(2.0);
    build_add_place(s.model, &s.place);
    s.place.kind = OMO_PLACE_WAREHOUSE;
    s.place.capabilities = OMO_SHIPS_PARCEL;
    s.place.lon = 5.0;
    s.place.opening = 1000;
    build_add_place(s.model, &s.place);
    build_add_segment(s.model, &s.segment, build_add_channel(s.model, &s.channel));
    build_add_channel(s.model, &parcel);
    build_seal(s.model);
    build_run(s.model, 1, 0, &facts);
    omo_model_free(s.model);
    return facts;
}

START_TEST(switched_to_the_warehouse)
{
    struct build_facts merged = switch_run(OMO_MERGED), siloed = switch_run(OMO_SILOED);

    ck_assert_str_eq(build_story(&merged, 0), "OPENED@0 1 20.00\n"
                                              "LINE@0 2 sku0 20.00\n"
                                              "PLACED@0 1 10.00\n"
                                              "RESERVED@0 1 sku0 10.00\n"
                                              "GOODS@0 0 6.00\n"
                                              "SWITCHED@0 1 sku0 10.00\n"
                                              "+LINE 1 sku0 10.00\n"
                                              "+PLACED 1 10.00\n"
                                              "+RESERVED@1 1 sku0 10.00\n"
                                              "+GOODS 0 6.00\n"
                                              "+ROUTED@1 1 5km\n"
                                              "+PICKED@1 1 0min\n"
                                              "+SHIPPED@1 1 0.00\n"
                                              "+TRIP@1 0 5km\n"
                                              "+DELIVERED@1 1 0min\n"
                                              "+CLOSED 1 0min\n");
    ck_assert_str_eq(build_story(&siloed, 0), "OPENED@0 1 20.00\n"
                                              "LINE@0 2 sku0 20.00\n"
                                              "PLACED@0 1 10.00\n"
                                              "RESERVED@0 1 sku0 10.00\n"
                                              "GOODS@0 0 6.00\n"
                                              "LOST@0 1 sku0 10.00\n");
    build_facts_free(&merged);
    build_facts_free(&siloed);
}
END_TEST

/* A bare till beyond the customers' reach: nobody comes, nothing breaks. */
START_TEST(bare_station_out_of_reach)
{
    struct shop s = shop_begin("walk_in", NULL, 9.0, 0);
    struct build_facts facts;

    s.channel.radius_km = 1.0;
    s.segment.empty_basket = true;
    s.place.station[OMO_ROLE_TILL] = (omo_role_options){1, build_constant(1.0)};
    shop_seal(&s);
    build_run(s.model, 1, 0, &facts);
    ck_assert_uint_eq(build_count(&facts, "OPENED"), 0);
    ck_assert_uint_gt(build_count(&facts, "LEFT"), 10);
    build_facts_free(&facts);
    omo_model_free(s.model);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("order");
    TCase *tcase = tcase_create("order");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tcase, walk_in);
    tcase_add_test(tcase, walk_in_finds_an_empty_shelf);
    tcase_add_test(tcase, pickup);
    tcase_add_test(tcase, courier_comes_too_late);
    tcase_add_test(tcase, parcel_from_two_places);
    tcase_add_test(tcase, oversold_then_rerouted);
    tcase_add_test(tcase, oversold_and_nobody_else_has_it);
    tcase_add_test(tcase, oversold_then_cancelled);
    tcase_add_test(tcase, coupon_from_the_app_at_the_till);
    tcase_add_test(tcase, backorder_waits_for_the_supplier);
    tcase_add_test(tcase, what_nobody_buys_expires);
    tcase_add_test(tcase, picking_waits_for_opening_hours);
    tcase_add_test(tcase, switched_to_the_warehouse);
    tcase_add_test(tcase, bare_station_out_of_reach);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
