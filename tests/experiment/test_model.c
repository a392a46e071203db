/* The model builder: every refusal with its text, references, sealing once, mending what was
 * refused. A bad argument is OMO_EINVAL and leaves the model as it was, never a crash. */
#include "experiment/textbook.h"

#define REFUSED(call, expected)                                                                    \
    do {                                                                                           \
        omo_error error_ = {0};                                                                    \
        omo_error *error = &error_;                                                                \
        ck_assert_int_eq((call), OMO_EINVAL);                                                      \
        ck_assert_int_eq(error_.status, OMO_EINVAL);                                               \
        ck_assert_msg(strstr(error_.text, (expected)) != NULL, "%s", error_.text);                 \
    } while (0)
#define OK(call) ck_assert_int_eq((call), OMO_OK)

static omo_model *m;

static void setup(void) { m = omo_model_new(); }
static void teardown(void) { omo_model_free(m); }

/* ---- run, policies, costs ---------------------------------------- */

START_TEST(run)
{
    omo_run_options good = omo_run_defaults(), o = good;

    o.horizon_us = 0;
    REFUSED(omo_model_set_run(m, &o, error), "horizon must be above 0");
    o.horizon_us = INT64_MAX;
    REFUSED(omo_model_set_run(m, &o, error), "horizon");
    o.horizon_us = (INT64_C(1) << 22) * OMO_US_PER_DAY;
    REFUSED(omo_model_set_run(m, &o, error), "million days");
    o = good;
    o.warm_up_us = o.horizon_us;
    REFUSED(omo_model_set_run(m, &o, error), "warm-up must end before the horizon");
    o.warm_up_us = -1;
    REFUSED(omo_model_set_run(m, &o, error), "warm-up");
    o = good;
    o.first_weekday = 7;
    REFUSED(omo_model_set_run(m, &o, error), "weekday must be 0 to 6");
    o = good;
    o.reach_count = 0;
    REFUSED(omo_model_set_run(m, &o, error), "reach must be 1 to 32");
    o.reach_count = 33;
    REFUSED(omo_model_set_run(m, &o, error), "reach must be 1 to 32");
    o = good;
    o.time_unit_us = 0;
    REFUSED(omo_model_set_run(m, &o, error), "time unit");
    o = good;
    o.torus_side_km = NAN;
    REFUSED(omo_model_set_run(m, &o, error), "torus");
    o = good;
    o.size = 4;
    REFUSED(omo_model_set_run(m, &o, error), "unknown size");
    REFUSED(omo_model_set_run(m, NULL, error), "sealed or missing");
    REFUSED(omo_model_set_run(NULL, &good, error), "sealed or missing");
    ck_assert_int_eq(omo_model_set_run(NULL, &good, NULL), OMO_EINVAL);
    REFUSED(omo_model_set_field(m, 0.0, error), "density");
    REFUSED(omo_model_set_field(m, INFINITY, error), "density");
    REFUSED(omo_model_set_routing(m, "nearby", error), "no routing policy 'nearby'");
    REFUSED(omo_model_set_routing(m, NULL, error), "missing");
    OK(omo_model_set_run(m, &good, NULL));
}
END_TEST

START_TEST(stocking)
{
    omo_stocking_options good = omo_stocking_defaults(), o = good;

    REFUSED(omo_model_set_stocking(m, (omo_place_kind)9, &o, error), "no such kind of place");
    o.policy = "just_in_time";
    REFUSED(omo_model_set_stocking(m, OMO_PLACE_STORE, &o, error), "'just_in_time'");
    o.policy = NULL;
    REFUSED(omo_model_set_stocking(m, OMO_PLACE_STORE, &o, error), "no stocking policy ''");
    o = good;
    o.review_us = -1;
    REFUSED(omo_model_set_stocking(m, OMO_PLACE_STORE, &o, error), "review period");
    o = good;
    o.safety_factor = NAN;
    REFUSED(omo_model_set_stocking(m, OMO_PLACE_STORE, &o, error), "safety factor");
    o = good;
    o.level_high = 1 << 30;
    REFUSED(omo_model_set_stocking(m, OMO_PLACE_STORE, &o, error), "stock level");
    o = good;
    o.level_min = OMO_DERIVED; /* there is nothing to derive it from */
    REFUSED(omo_model_set_stocking(m, OMO_PLACE_STORE, &o, error), "stock level");
    o = good;
    o.quantity = 0;
    REFUSED(omo_model_set_stocking(m, OMO_PLACE_STORE, &o, error), "order quantity");
    o = good;
    o.level_low = o.level_high = 5;
    REFUSED(omo_model_set_stocking(m, OMO_PLACE_STORE, &o, error),
            "the reorder point (5) must be below the order-up-to level (5)");
    o = good;
    o.opening = -1;
    REFUSED(omo_model_set_stocking(m, OMO_PLACE_STORE, &o, error), "opening stock");
    o = good;
    o.opening_share_ppm = OMO_PPM + 1;
    REFUSED(omo_model_set_stocking(m, OMO_PLACE_STORE, &o, error), "share");
    OK(omo_model_set_stocking(m, OMO_PLACE_STORE, &good, NULL));
}
END_TEST

START_TEST(integration_and_costs)
{
    omo_integration_options i = omo_integration_defaults();
    omo_cost_options c = omo_cost_defaults();

    i.sync_lag_us = -1;
    REFUSED(omo_model_set_integration(m, &i, error), "sync lag");
    i = omo_integration_defaults();
    i.buffer = -1;
    REFUSED(omo_model_set_integration(m, &i, error), "buffer");
    i = omo_integration_defaults();
    i.online_share_ppm = OMO_PPM + 1;
    REFUSED(omo_model_set_integration(m, &i, error), "share");
    c.lost_cents = -1;
    REFUSED(omo_model_set_costs(m, &c, error), "a cost can't be negative");
    REFUSED(omo_model_set_shortage(NULL, OMO_SHORTAGE_LOST, error), "missing");
}
END_TEST

/* ---- network ----------------------------------------------------- */

START_TEST(skus_and_assortments)
{
    omo_sku_options good = omo_sku_defaults(), o = good;
    omo_sku sku[3];

    good.id = o.id = "tea";
    o.price_cents = -1;
    REFUSED(omo_model_add_sku(m, &o, NULL, error), "SKU tea: the price must be 0 to 1,000,000.00");
    o.price_cents = 100000001;
    REFUSED(omo_model_add_sku(m, &o, NULL, error), "price");
    o = good;
    o.cost_cents = 100000001;
    REFUSED(omo_model_add_sku(m, &o, NULL, error), "SKU tea: the cost");
    o = good;
    o.popularity = 0.0;
    REFUSED(omo_model_add_sku(m, &o, NULL, error), "SKU tea: the popularity must be above 0");
    o.popularity = NAN;
    REFUSED(omo_model_add_sku(m, &o, NULL, error), "popularity");
    o = good;
    o.shelf_life_days = 61;
    REFUSED(omo_model_add_sku(m, &o, NULL, error), "at most 60 days");
    OK(omo_model_add_sku(m, &good, &sku[0], NULL));
    OK(omo_model_add_sku(m, &good, &sku[1], NULL));
    ck_assert_uint_eq(sku[1].index, 1);
    REFUSED(omo_model_add_assortment(m, sku, 3, NULL, error), "more SKUs than there are");
    REFUSED(omo_model_add_assortment(m, sku, SIZE_MAX, NULL, error), "more SKUs than there are");
    sku[1] = sku[0];
    REFUSED(omo_model_add_assortment(m, sku, 2, NULL, error), "an unknown SKU, or one twice");
    REFUSED(omo_model_add_assortment(m, (omo_sku[]){{7}}, 1, NULL, error), "unknown SKU");
    REFUSED(omo_model_add_assortment(m, NULL, 1, NULL, error), "missing");
    OK(omo_model_add_assortment(m, NULL, 0, NULL, NULL));
}
END_TEST

START_TEST(places)
{
    omo_place_options good = omo_place_defaults(), o = good;

    good.id = o.id = "shop";
    o.lat = 91.0;
    REFUSED(omo_model_add_place(m, &o, NULL, error),
            "shop: a latitude must be -90 to 90, found 91");
    o = good;
    o.lon = -181.0;
    REFUSED(omo_model_add_place(m, &o, NULL, error), "shop: a longitude");
    o.lon = NAN;
    REFUSED(omo_model_add_place(m, &o, NULL, error), "shop: a position must be a number");
    o = good;
    o.kind = OMO_PLACE_KIND_COUNT;
    REFUSED(omo_model_add_place(m, &o, NULL, error), "shop: no such kind");
    o = good;
    o.assortment.index = 0;
    REFUSED(omo_model_add_place(m, &o, NULL, error), "shop: unknown assortment");
    o = good;
    o.closes_us = OMO_US_PER_DAY + 1;
    REFUSED(omo_model_add_place(m, &o, NULL, error), "shop: opening hours");
    o = good;
    o.opening = -3;
    REFUSED(omo_model_add_place(m, &o, NULL, error), "shop: opening stock");
    o = good;
    o.opening_share_ppm = OMO_PPM + 1;
    REFUSED(omo_model_add_place(m, &o, NULL, error), "shop: a share");
    o = good;
    o.station[OMO_ROLE_PICKER] = (omo_role_options){1, textbook_constant(-1.0)};
    REFUSED(omo_model_add_place(m, &o, NULL, error), "constant(value): parameter 1 is negative");
    o = good;
    o.id = NULL;
    OK(omo_model_add_place(m, &o, NULL, NULL)); /* a place may do without a name */
}
END_TEST

START_TEST(lanes)
{
    omo_place_options shop = omo_place_defaults(), supplier = shop;
    omo_lane_options good = omo_lane_defaults(), o;

    shop.id = "shop";
    supplier.kind = OMO_PLACE_SUPPLIER;
    OK(omo_model_add_place(m, &shop, &good.to, NULL));
    OK(omo_model_add_place(m, &supplier, &good.from, NULL));
    o = good;
    o.from.index = 2;
    REFUSED(omo_model_add_lane(m, &o, error), "unknown place");
    o.from = o.to;
    REFUSED(omo_model_add_lane(m, &o, error), "from a place to itself");
    o = good;
    o.order_cost_cents = -1;
    REFUSED(omo_model_add_lane(m, &o, error), "order cost");
    o = good;
    o.lead_time = textbook_exponential(NAN);
    REFUSED(omo_model_add_lane(m, &o, error), "not a finite number");
    o = good;
    o.from = good.to;
    o.to = good.from;
    REFUSED(omo_model_add_lane(m, &o, error), "a supplier needs no lane");
    OK(omo_model_add_lane(m, &good, NULL));
    REFUSED(omo_model_add_lane(m, &good, error), "shop: a place has at most one lane");
}
END_TEST

/* ---- demand ------------------------------------------------------ */

START_TEST(zones)
{
    omo_zone_options good = omo_zone_defaults(), o = good;

    good.id = o.id = "east";
    o.lat = -90.5;
    REFUSED(omo_model_add_zone(m, &o, NULL, error), "east: a latitude");
    o = good;
    o.weight = -0.5;
    REFUSED(omo_model_add_zone(m, &o, NULL, error), "east: a weight");
    o = good;
    o.shape = OMO_ZONE_SQUARE;
    o.side_km = 1.0;
    REFUSED(omo_model_add_zone(m, &o, NULL, error), "east: a square zone needs a side above 0");
}
END_TEST

START_TEST(channels)
{
    omo_channel_options good = omo_channel_defaults("walk_in", NULL), o = good;

    o.kind = "fax";
    REFUSED(omo_model_add_channel(m, &o, NULL, error), "walk_in: no kind of channel 'fax'");
    o.kind = NULL;
    REFUSED(omo_model_add_channel(m, &o, NULL, error), "no kind of channel ''");
    o = good;
    o.id = "no_purchase";
    REFUSED(omo_model_add_channel(m, &o, NULL, error), "choice of none");
    o = good;
    o.radius_km = -1.0;
    REFUSED(omo_model_add_channel(m, &o, NULL, error), "radius or speed");
    o.radius_km = NAN;
    REFUSED(omo_model_add_channel(m, &o, NULL, error), "radius or speed");
    o = good;
    o.fee_cents = -1;
    REFUSED(omo_model_add_channel(m, &o, NULL, error), "fee or cost");
    o = good;
    o.commission_ppm = OMO_PPM + 1;
    REFUSED(omo_model_add_channel(m, &o, NULL, error), "commission");
    o = good;
    o.promise_us = -1;
    REFUSED(omo_model_add_channel(m, &o, NULL, error), "promise");
    o = good;
    o.travel.kind = OMO_LAW_KIND_COUNT;
    REFUSED(omo_model_add_channel(m, &o, NULL, error), "no kind of law");
    for (uint32_t i = 0; i < OMO_CHANNELS_MAX; i++)
        OK(omo_model_add_channel(m, &good, NULL, NULL));
    REFUSED(omo_model_add_channel(m, &good, NULL, error), "at most 24 channels");
}
END_TEST

START_TEST(segments)
{
    omo_segment_options good = omo_segment_defaults(), o = good;
    omo_channel_options channel = omo_channel_defaults("walk_in", NULL);

    good.id = o.id = "students";
    o.visits_per_day = -1.0;
    REFUSED(omo_model_add_segment(m, &o, NULL, error), "students: a rate of visits");
    o = good;
    o.profile = OMO_PROFILE_SINUSOID;
    o.amplitude = 1.1;
    REFUSED(omo_model_add_segment(m, &o, NULL, error), "students: the amplitude");
    o = good;
    o.profile = OMO_PROFILE_HOURLY;
    REFUSED(omo_model_add_segment(m, &o, NULL, error),
            "students: a profile can't be zero all week");
    o.hour_weight[3] = -1.0;
    REFUSED(omo_model_add_segment(m, &o, NULL, error), "students: a profile can't be negative");
    o = good;
    o.switch_ppm = OMO_PPM + 1;
    REFUSED(omo_model_add_segment(m, &o, NULL, error), "students: a share");
    o = good;
    o.scatter_km = -1.0;
    REFUSED(omo_model_add_segment(m, &o, NULL, error), "students: scatter");
    o = good;
    o.fee_sensitivity = INFINITY;
    REFUSED(omo_model_add_segment(m, &o, NULL, error), "students: a sensitivity");
    o = good;
    o.lines = (omo_law){.kind = OMO_LAW_GEOMETRIC, .a = 0.5};
    REFUSED(omo_model_add_segment(m, &o, NULL, error), "geometric(mean)");
    OK(omo_model_add_channel(m, &channel, NULL, NULL));
    REFUSED(omo_model_set_utility(m, (omo_segment){0}, (omo_channel){0}, 1.0, error), "unknown");
    for (uint32_t i = 0; i < OMO_SEGMENTS_MAX; i++)
        OK(omo_model_add_segment(m, &good, NULL, NULL));
    REFUSED(omo_model_add_segment(m, &good, NULL, error), "at most 32 segments");
    REFUSED(omo_model_set_utility(m, (omo_segment){0}, (omo_channel){1}, 1.0, error), "unknown");
    REFUSED(omo_model_set_utility(m, (omo_segment){0}, (omo_channel){0}, 2e6, error),
            "a number of at most 1e+06");
    REFUSED(omo_model_set_utility(m, (omo_segment){0}, (omo_channel){0}, NAN, error), "a number");
}
END_TEST

START_TEST(promotions)
{
    omo_promotion_options good = omo_promotion_defaults("percent_off"), o = good;

    o.kind = "free_beer";
    REFUSED(omo_model_add_promotion(m, &o, error), "no kind of promotion 'free_beer'");
    o = good;
    o.share_ppm = 0;
    REFUSED(omo_model_add_promotion(m, &o, error), "promotion percent_off: share must be above 0");
    o = good;
    o.from_us = -1;
    REFUSED(omo_model_add_promotion(m, &o, error), "a time can't be negative");
    o = good;
    o.budget = 1;
    REFUSED(omo_model_add_promotion(m, &o, error), "only coupons have a budget");
    o = omo_promotion_defaults("coupon");
    o.id = "sunday";
    OK(omo_model_add_promotion(m, &o, NULL));
    REFUSED(omo_model_add_promotion(m, &o, error), "two promotions are called 'sunday'");
    for (uint32_t i = 1; i < OMO_PROMOTIONS_MAX; i++)
        OK(omo_model_add_promotion(m, &good, NULL));
    REFUSED(omo_model_add_promotion(m, &good, error), "at most 8 promotions");
}
END_TEST

/* ---- sealing ----------------------------------------------------- */

/* Each refusal is mended and the same model sealed again. */
START_TEST(sealing_refuses_and_is_mended)
{
    omo_place_options place = omo_place_defaults();
    omo_channel_options channel = omo_channel_defaults("walk_in", NULL), app;
    omo_segment_options segment = omo_segment_defaults();
    omo_zone_options zone = omo_zone_defaults();
    omo_sku_options sku = omo_sku_defaults();
    omo_segment s;
    omo_channel c;

    REFUSED(omo_model_seal(m, error), "a model needs at least one place");
    OK(omo_model_add_place(m, &place, NULL, NULL));
    REFUSED(omo_model_seal(m, error), "a model needs at least one channel");
    OK(omo_model_add_channel(m, &channel, &c, NULL));
    REFUSED(omo_model_seal(m, error), "a model needs at least one zone");
    zone.weight = 0.0;
    OK(omo_model_add_zone(m, &zone, NULL, NULL));
    REFUSED(omo_model_seal(m, error), "a model needs at least one segment");
    segment.visits_per_day = 10.0;
    OK(omo_model_add_segment(m, &segment, &s, NULL));
    REFUSED(omo_model_seal(m, error), "weights are all zero");
    zone.weight = 1.0;
    OK(omo_model_add_zone(m, &zone, NULL, NULL));
    REFUSED(omo_model_seal(m, error), "a model needs at least one SKU");
    OK(omo_model_add_sku(m, &sku, NULL, NULL));
    app = omo_channel_defaults("app", "pickup");
    OK(omo_model_add_channel(m, &app, NULL, NULL));
    OK(omo_model_set_utility(m, s, c, 1.0, NULL));
    ck_assert_int_eq(omo_model_seal(m, NULL), OMO_OK);
    REFUSED(omo_model_seal(m, error), "sealed");
    REFUSED(omo_model_seal(NULL, error), "missing");
    REFUSED(omo_model_add_sku(m, &sku, NULL, error), "sealed");
    REFUSED(omo_model_add_place(m, &place, NULL, error), "sealed");
    REFUSED(omo_model_set_utility(m, s, c, 1.0, error), "sealed");
    ck_assert_uint_eq(omo_model_place_count(m), 1);
    ck_assert_uint_eq(omo_model_zone_count(m), 2);
    omo_world *w = omo_world_new(m, 1, 0, NULL);
    OK(omo_world_run(w, INT64_MAX, NULL));
    omo_world_free(w);
}
END_TEST

START_TEST(sealing_refuses_what_only_the_whole_shows)
{
    omo_place_options place = omo_place_defaults();
    omo_lane_options lane = omo_lane_defaults();

    place.id = "field";
    place.random_position = true;
    OK(omo_model_add_place(m, &place, NULL, NULL));
    REFUSED(omo_model_seal(m, error), "field: a random position needs a field");
    OK(omo_model_set_field(m, 1.0, NULL));
    REFUSED(omo_model_seal(m, error), "a field of places needs a plane with a torus");

    teardown();
    setup();
    place = omo_place_defaults();
    place.id = "shop";
    OK(omo_model_add_place(m, &place, &lane.from, NULL));
    OK(omo_model_add_place(m, &place, &lane.to, NULL));
    OK(omo_model_add_lane(m, &lane, NULL));
    lane = (omo_lane_options){.size = sizeof(lane), .from = lane.to, .to = lane.from};
    OK(omo_model_add_lane(m, &lane, NULL));
    REFUSED(omo_model_seal(m, error), "shop: its lanes lead in a circle");

    teardown();
    setup();
    OK(omo_model_add_assortment(m, NULL, 0, &place.assortment, NULL));
    place.kind = OMO_PLACE_SUPPLIER;
    OK(omo_model_add_place(m, &place, NULL, NULL));
    REFUSED(omo_model_seal(m, error), "shop: a supplier has endless stock and no assortment");
}
END_TEST

/* The geometry may be set after the places that it makes impossible. */
START_TEST(geometry_may_come_late)
{
    omo_run_options run_options = omo_run_defaults();
    omo_place_options place = omo_place_defaults();

    run_options.geometry = OMO_GEOMETRY_PLANE;
    OK(omo_model_set_run(m, &run_options, NULL));
    place.id = "far";
    place.lat = 5000.0;
    OK(omo_model_add_place(m, &place, NULL, NULL));
    run_options.geometry = OMO_GEOMETRY_SPHERE;
    OK(omo_model_set_run(m, &run_options, NULL));
    REFUSED(omo_model_seal(m, error), "far: a latitude must be -90 to 90");
}
END_TEST

START_TEST(empty_baskets_use_one_walk_in)
{
    omo_place_options place = omo_place_defaults();
    omo_channel_options app = omo_channel_defaults("app", "pickup");
    omo_segment_options segment = omo_segment_defaults();
    omo_zone_options zone = omo_zone_defaults();

    segment.empty_basket = true;
    segment.id = "queue";
    OK(omo_model_add_place(m, &place, NULL, NULL));
    OK(omo_model_add_zone(m, &zone, NULL, NULL));
    OK(omo_model_add_channel(m, &app, NULL, NULL));
    OK(omo_model_add_segment(m, &segment, NULL, NULL));
    REFUSED(omo_model_seal(m, error), "queue: customers with empty baskets use one walk-in");
    OK(omo_model_set_utility(m, (omo_segment){0}, (omo_channel){0}, 1.0, NULL));
    REFUSED(omo_model_seal(m, error), "queue: customers with empty baskets use one walk-in");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("model");
    TCase *tcase = tcase_create("model");
    SRunner *runner = srunner_create(suite);

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, run);
    tcase_add_test(tcase, stocking);
    tcase_add_test(tcase, integration_and_costs);
    tcase_add_test(tcase, skus_and_assortments);
    tcase_add_test(tcase, places);
    tcase_add_test(tcase, lanes);
    tcase_add_test(tcase, zones);
    tcase_add_test(tcase, channels);
    tcase_add_test(tcase, segments);
    tcase_add_test(tcase, promotions);
    tcase_add_test(tcase, sealing_refuses_and_is_mended);
    tcase_add_test(tcase, sealing_refuses_what_only_the_whole_shows);
    tcase_add_test(tcase, geometry_may_come_late);
    tcase_add_test(tcase, empty_baskets_use_one_walk_in);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
