/* What is brought, fact by fact: couriers' tours, carriers, lockers, from the store to the door. */
#include "flow/modes.h"

/* ---- couriers and carriers ------------------------------------------------------------------- */

START_TEST(a_tour_of_one)
{
    struct modes s = modes_begin("app", "courier", 2.0);

    s.place.station[OMO_ROLE_COURIER] = modes_servers(1, 4.0);
    s.channel.travel = build_constant(6.0 * (double)MINUTE);
    s.channel.speed_kmh = 12.0; /* 10 minutes for 2 km */
    s.channel.batch_orders = 2;
    s.channel.batch_wait_us = 5 * MINUTE;
    s.channel.cost_parcel_cents = 500;
    s.channel.cost_km_cents = 100;
    modes_run(&s);
    ck_assert_str_eq(strstr(build_story(&s.facts, 0), "PICKED"), "PICKED@0 1 0min\n"
                                                                 "TOUR@0 1 4km\n"
                                                                 "SHIPPED@0 1 9.00\n"
                                                                 "TRIP@0 0 2km\n"
                                                                 "DELIVERED@0 1 25min\n"
                                                                 "CLOSED 1 25min\n");
    modes_end(&s);
}
END_TEST

START_TEST(a_tour_of_three)
{
    struct modes s = modes_begin("app", "courier", 300.0);

    s.place.station[OMO_ROLE_COURIER] = modes_servers(1, 4.0);
    s.channel.travel = build_constant(6.0 * (double)MINUTE);
    s.channel.speed_kmh = 12.0;
    s.channel.batch_orders = 3;
    s.channel.batch_wait_us = 300 * MINUTE;
    s.channel.cost_parcel_cents = 500;
    s.channel.cost_km_cents = 100;
    modes_run(&s);
    size_t tours = build_count(&s.facts, "TOUR"), three = 0;
    for (size_t i = 0; i < tours; i++) {
        const omo_fact *tour = modes_fact(&s, "TOUR", i);
        /* All customers stand at one point: out, twice nothing, and back. */
        ck_assert_int_eq(tour->amount, 4000000);
        three += omo_fact_quantity(tour) == 3;
    }
    ck_assert_uint_ge(three + 2, tours); /* load above 1: all are full, but the last perhaps */
    ck_assert_uint_eq(build_units(&s.facts, "TOUR"), build_count(&s.facts, "TRIP"));
    ck_assert_int_eq(modes_cents(&s, "SHIPPED"), (int64_t)tours * 900);
    /* The courier is away for 4 + 10 + 3 x 6 + 10 minutes, and sets out again at once. */
    for (size_t i = 11; i < tours && i < 60; i++)
        ck_assert_int_eq(modes_fact(&s, "TOUR", i)->at_us,
                         modes_fact(&s, "TOUR", i - 1)->at_us + 42 * MINUTE);
    modes_end(&s);
}
END_TEST

START_TEST(on_to_the_nearest_that_is_left)
{
    struct modes s = {.model = build_model(2.0)};
    omo_zone_options zone = omo_zone_defaults();

    /* The shop at 2 km; customers at 0, 1 and 5 km, one visit each an hour or so. */
    build_sku(s.model);
    s.place = build_place(OMO_PLACE_STORE, build_assortment(s.model, 1), 2.0, 100000);
    s.channel = build_channel("app", "courier");
    s.channel.batch_orders = 32;
    s.channel.batch_wait_us = 12 * OMO_US_PER_HOUR;
    s.segment = build_segment(20.0);
    s.segment.visits_each_zone = true;
    for (uint32_t i = 0; i < 3; i++) {
        zone.lon = (double[]){0.0, 1.0, 5.0}[i];
        ck_assert_int_eq(omo_model_add_zone(s.model, &zone, NULL, NULL), OMO_OK);
    }
    modes_run(&s);
    /* To 1, on to 0 (1 km), over to 5 (5 km), back to 2 (3 km): 10 km in all. */
    const omo_fact *tour = modes_fact(&s, "TOUR", 0);
    ck_assert_uint_gt(omo_fact_quantity(tour), 5);
    ck_assert_int_eq(tour->amount, 10000000);
    modes_end(&s);
}
END_TEST

START_TEST(the_carrier_calls_at_four)
{
    struct modes s = modes_begin("web", "parcel", 50.0);

    s.channel.cutoff_us = 16 * OMO_US_PER_HOUR;
    s.place.station[OMO_ROLE_PICKER] = modes_servers(5, 30.0);
    modes_run(&s);
    size_t count = build_count(&s.facts, "SHIPPED");
    ck_assert_uint_gt(count, 500);
    for (size_t i = 0; i < count; i++)
        ck_assert_int_eq(modes_fact(&s, "SHIPPED", i)->at_us % OMO_US_PER_DAY,
                         16 * OMO_US_PER_HOUR);
    for (size_t i = 0; i < count; i++) /* with the next call, not a later one */
        ck_assert_int_le(modes_fact(&s, "SHIPPED", i)->at_us - modes_fact(&s, "PICKED", i)->at_us,
                         OMO_US_PER_DAY);
    modes_end(&s);
}
END_TEST

START_TEST(from_the_store_to_the_door)
{
    struct modes s = modes_begin("walk_in", "store_to_home", 2.0);

    s.place.station[OMO_ROLE_TILL] = modes_servers(1, 3.0);
    s.channel.travel = build_constant(30.0 * (double)MINUTE);
    modes_run(&s);
    ck_assert_str_eq(build_story(&s.facts, 0), "OPENED 1 10.00\n"
                                               "LINE 1 sku0 10.00\n"
                                               "PLACED@0 1 10.00\n"
                                               "RESERVED@0 1 sku0 10.00\n"
                                               "GOODS 0 6.00\n"
                                               "ROUTED@0 1 2km\n"
                                               "COMPLETE_NEAR@0 1\n"
                                               "TILL_START@0 0 0min\n"
                                               "PICKED@0 1 0min\n"
                                               "SHIPPED@0 1 0.00\n"
                                               "TRIP@0 0 2km\n"
                                               "TILL_DONE@0 1 3min\n"
                                               "DELIVERED@0 1 30min\n"
                                               "CLOSED 1 30min\n");
    modes_end(&s);
}
END_TEST

/* ---- lockers --------------------------------------------------------------------------------- */

START_TEST(into_a_box)
{
    struct modes s = modes_begin("web", "locker", 1.0);

    s.locker = true;
    s.boxes = 4;
    s.channel.travel = build_constant(60.0 * (double)MINUTE);
    s.channel.collect = build_constant(120.0 * (double)MINUTE);
    modes_run(&s);
    ck_assert_str_eq(strstr(build_story(&s.facts, 0), "PICKED"), "PICKED@0 1 0min\n"
                                                                 "SHIPPED@0 1 0.00\n"
                                                                 "TRIP@0 0 2km\n"
                                                                 "DELIVERED@0 1 60min\n"
                                                                 "FETCHED@1 1 120min\n"
                                                                 "CLOSED 1 60min\n");
    modes_end(&s);
}
END_TEST

static void modes_locker_swamped(struct modes *s, bool second)
{
    *s = modes_begin("web", "locker", 100.0);
    s->locker = true;
    s->second_locker = second;
    s->boxes = 2;
    s->channel.travel = build_constant(600.0 * (double)MINUTE);
    s->channel.collect = build_constant(120.0 * (double)MINUTE);
    modes_run(s);
}

START_TEST(a_full_locker)
{
    struct modes s;
    size_t fetched, waited = 0;

    /* Two boxes, each emptied after two hours: 24 parcels a day of the hundred that come. */
    modes_locker_swamped(&s, false);
    fetched = build_count(&s.facts, "FETCHED");
    ck_assert_uint_gt(build_count(&s.facts, "BOX_FULL"), 20);
    ck_assert_uint_eq(build_units(&s.facts, "BOX_FULL"), 0);
    for (size_t i = 2; i < fetched; i++) {
        ck_assert_int_ge(modes_fact(&s, "FETCHED", i)->at_us,
                         modes_fact(&s, "FETCHED", i - 2)->at_us + 120 * MINUTE);
        waited++;
    }
    ck_assert_uint_gt(waited, 20);
    modes_end(&s);
}
END_TEST

START_TEST(the_next_locker)
{
    struct modes s;

    modes_locker_swamped(&s, true);
    ck_assert_uint_gt(build_units(&s.facts, "BOX_FULL"), 0); /* some go to the other one */
    ck_assert_uint_lt(build_units(&s.facts, "BOX_FULL"), build_count(&s.facts, "BOX_FULL"));
    modes_end(&s);
}
END_TEST

START_TEST(back_from_the_locker)
{
    struct modes s = modes_begin("web", "locker", 1.0);

    s.locker = true;
    s.boxes = 4;
    s.channel.pickup_hold_us = OMO_US_PER_HOUR;
    s.channel.collect = build_constant(120.0 * (double)MINUTE);
    modes_run(&s);
    ck_assert_str_eq(strstr(build_story(&s.facts, 0), "DELIVERED"), "DELIVERED@0 1 0min\n"
                                                                    "PICKUP_EXPIRED@0 1 60min\n"
                                                                    "BROUGHT_BACK@0 1 sku0 10.00\n"
                                                                    "GOODS_BACK@0 1 6.00\n"
                                                                    "REFUNDED@0 1 10.00\n"
                                                                    "CLOSED 0 0min\n");
    modes_end(&s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("couriers");
    TCase *c = tcase_create("couriers");

    tcase_add_test(c, a_tour_of_one);
    tcase_add_test(c, a_tour_of_three);
    tcase_add_test(c, on_to_the_nearest_that_is_left);
    tcase_add_test(c, the_carrier_calls_at_four);
    tcase_add_test(c, from_the_store_to_the_door);
    tcase_add_test(c, into_a_box);
    tcase_add_test(c, a_full_locker);
    tcase_add_test(c, the_next_locker);
    tcase_add_test(c, back_from_the_locker);
    suite_add_tcase(suite, c);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
