/* Bounds of the pools where many things happen on a day with few visits: what is made room for at
 * midnight has to be enough. Each of these models once ended in an assertion or could. */
#include "flow/build.h"

#define SKUS 5000

/* `count` products, all in one assortment. */
static omo_assortment memory_skus(omo_model *m, uint32_t count, uint32_t shelf_life_days)
{
    omo_sku *sku = calloc(count, sizeof(*sku));
    omo_sku_options o = omo_sku_defaults();
    omo_assortment all;

    o.price_cents = 1000;
    o.shelf_life_days = shelf_life_days;
    for (uint32_t i = 0; i < count; i++)
        ck_assert_int_eq(omo_model_add_sku(m, &o, &sku[i], NULL), OMO_OK);
    ck_assert_int_eq(omo_model_add_assortment(m, sku, count, &all, NULL), OMO_OK);
    free(sku);
    return all;
}

static void memory_lag(omo_model *m, int64_t lag_us)
{
    omo_integration_options integration = omo_integration_defaults();

    integration.sync_lag_us = lag_us;
    build_integration(m, &integration);
}

static void memory_demand(omo_model *m, const char *kind, double visits, double lines)
{
    omo_channel_options channel = build_channel(kind, NULL);
    omo_segment_options segment = build_segment(visits);

    segment.lines = build_constant(lines);
    build_zone(m, 0.0, 0);
    build_add_segment(m, &segment, build_add_channel(m, &channel));
    build_seal(m);
    build_run(m, 1, 0, NULL);
    omo_model_free(m);
}

/* All lots expire in one night, and a lagging view notes every one of them. */
START_TEST(a_night_of_expiry)
{
    omo_model *m = build_model(3.0);

    omo_place_options place = build_place(OMO_PLACE_STORE, memory_skus(m, SKUS, 1), 0.0, 1);
    build_add_place(m, &place);
    memory_lag(m, 2 * OMO_US_PER_DAY);
    memory_demand(m, "walk_in", 1.0, 1.0);
}
END_TEST

/* Shipments of many days arrive together, or on a day without a visit. */
START_TEST(a_day_of_receipts)
{
    omo_model *m = build_model(12.0);
    omo_stocking_options stocking = omo_stocking_defaults();
    omo_place_options place = build_place(OMO_PLACE_STORE, memory_skus(m, SKUS, 1), 0.0, 1);

    stocking.level_high = 5;
    ck_assert_int_eq(omo_model_set_stocking(m, OMO_PLACE_STORE, &stocking, NULL), OMO_OK);
    build_supplied(m, build_add_place(m, &place), build_exponential(1.0 * (double)OMO_US_PER_DAY));
    memory_lag(m, 5 * OMO_US_PER_DAY);
    memory_demand(m, "walk_in", 1.0, 1.0);
}
END_TEST

/* Every line sold is ordered from the warehouse, which orders from the next, and so on, and all of
 * it takes days: shipments pile up by the length of the chain. */
START_TEST(a_chain_of_continuous_reviews)
{
    omo_model *m = build_model(6.0);
    omo_stocking_options stocking = omo_stocking_defaults();
    omo_assortment all = memory_skus(m, 16, 0);
    omo_place_options place = build_place(OMO_PLACE_STORE, all, 0.0, 100000);
    omo_place chain[6];

    stocking.review_us = 0;
    stocking.level_high = 100000;
    for (uint32_t kind = 0; kind < OMO_PLACE_SUPPLIER; kind++)
        ck_assert_int_eq(omo_model_set_stocking(m, (omo_place_kind)kind, &stocking, NULL), OMO_OK);
    for (uint32_t i = 0; i < 6; i++) {
        chain[i] = build_add_place(m, &place);
        place.kind = OMO_PLACE_WAREHOUSE;
    }
    build_supplied(m, chain[5], build_constant(30.0 * (double)OMO_US_PER_DAY));
    for (uint32_t i = 0; i < 5; i++) {
        omo_lane_options lane = omo_lane_defaults();
        lane.from = chain[i + 1];
        lane.to = chain[i];
        lane.lead_time = build_constant(30.0 * (double)OMO_US_PER_DAY);
        ck_assert_int_eq(omo_model_add_lane(m, &lane, NULL), OMO_OK);
    }
    memory_lag(m, 6 * OMO_US_PER_DAY);
    memory_demand(m, "walk_in", 250.0, 16.0);
}
END_TEST

/* A review just after midnight takes the room that the day's tills will need. */
START_TEST(a_review_at_midnight)
{
    omo_model *m = build_model(4.0);
    omo_stocking_options stocking = omo_stocking_defaults();
    omo_assortment all = memory_skus(m, 1, 0);

    stocking.level_high = 3000;
    ck_assert_int_eq(omo_model_set_stocking(m, OMO_PLACE_STORE, &stocking, NULL), OMO_OK);
    for (uint32_t i = 0; i < 900; i++) {
        omo_place_options place = build_place(OMO_PLACE_STORE, all, 0.001 * i, 2000);
        place.station[OMO_ROLE_TILL] =
            (omo_role_options){OMO_UNLIMITED, build_constant(30.0 * (double)OMO_US_PER_DAY)};
        build_supplied(m, build_add_place(m, &place),
                       build_constant(20.0 * (double)OMO_US_PER_DAY));
    }
    memory_demand(m, "walk_in", 900.0, 1.0);
}
END_TEST

/* A daily review of the shop asks a warehouse that is itself reviewed continuously. */
START_TEST(a_review_that_triggers_others)
{
    omo_model *m = build_model(4.0);
    omo_stocking_options daily = omo_stocking_defaults(), continuous = daily;
    omo_assortment all = memory_skus(m, SKUS, 0);
    omo_place_options place = build_place(OMO_PLACE_STORE, all, 0.0, 1);
    omo_lane_options lane = omo_lane_defaults();

    daily.level_high = 5;
    continuous.review_us = 0;
    continuous.level_high = 100;
    ck_assert_int_eq(omo_model_set_stocking(m, OMO_PLACE_STORE, &daily, NULL), OMO_OK);
    ck_assert_int_eq(omo_model_set_stocking(m, OMO_PLACE_WAREHOUSE, &continuous, NULL), OMO_OK);
    lane.to = build_add_place(m, &place);
    place.kind = OMO_PLACE_WAREHOUSE;
    place.opening = 100;
    lane.from = build_add_place(m, &place);
    build_supplied(m, lane.from, build_constant(30.0 * (double)OMO_US_PER_DAY));
    ck_assert_int_eq(omo_model_add_lane(m, &lane, NULL), OMO_OK);
    memory_lag(m, 2 * OMO_US_PER_DAY);
    memory_demand(m, "walk_in", 1.0, 1.0);
}
END_TEST

/* An order gathered from many shops changes many positions a line. */
START_TEST(lines_gathered_from_many_shops)
{
    omo_model *m = build_model(2.0);
    omo_segment_options segment = build_segment(40.0);
    omo_channel_options channel = build_channel("web", "parcel");
    omo_assortment all = memory_skus(m, 16, 0);

    for (uint32_t i = 0; i < 400; i++) {
        omo_place_options place = build_place(OMO_PLACE_STORE, all, 1.0 * i, 1);
        build_add_place(m, &place);
    }
    memory_lag(m, 2 * OMO_US_PER_DAY);
    for (uint32_t i = 0; i < 100; i++)
        build_zone(m, 4.0 * i, 0);
    segment.lines = build_constant(16.0);
    segment.quantity = build_constant(8.0);
    build_add_segment(m, &segment, build_add_channel(m, &channel));
    build_seal(m);
    build_run(m, 1, 0, NULL);
    omo_model_free(m);
}
END_TEST

/* A price of a million and a thousand units are both allowed, and so is their product. */
START_TEST(a_line_worth_more_than_a_fact_can_hold)
{
    omo_model *m = build_model(4.0);
    omo_sku_options jewel = omo_sku_defaults();
    omo_segment_options segment = build_segment(20.0);
    omo_channel_options channel = build_channel("web", "parcel");
    omo_assortment all;

    jewel.price_cents = jewel.cost_cents = 100000000;
    jewel.shelf_life_days = 1;
    ck_assert_int_eq(omo_model_add_sku(m, &jewel, NULL, NULL), OMO_OK);
    all = build_assortment(m, 1);
    omo_place_options place = build_place(OMO_PLACE_STORE, all, 0.0, 2000);
    build_add_place(m, &place);
    segment.quantity = build_constant(400.0);
    build_zone(m, 0.0, 0);
    build_add_segment(m, &segment, build_add_channel(m, &channel));
    build_seal(m);
    build_run(m, 1, 0, NULL);
    omo_model_free(m);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("memory");
    TCase *tcase = tcase_create("memory");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_night_of_expiry);
    tcase_add_test(tcase, a_day_of_receipts);
    tcase_add_test(tcase, a_chain_of_continuous_reviews);
    tcase_add_test(tcase, a_review_at_midnight);
    tcase_add_test(tcase, a_review_that_triggers_others);
    tcase_add_test(tcase, lines_gathered_from_many_shops);
    tcase_add_test(tcase, a_line_worth_more_than_a_fact_can_hold);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
