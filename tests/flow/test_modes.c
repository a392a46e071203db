/* What customers fetch, fact by fact: shelves, counters, third parties' parcels, and the staff that
 * comes and goes. */
#include "flow/modes.h"

/* ---- the pickup shelf ------------------------------------------------------------------------ */

START_TEST(a_full_shelf)
{
    struct modes s = modes_begin("app", "pickup", 40.0);

    s.place.shelf_slots = 1;
    s.place.station[OMO_ROLE_PICKER] = modes_servers(3, 60.0);
    s.channel.collect = build_constant(120.0 * (double)MINUTE);
    modes_run(&s);
    /* Orders that were on their way when the slot was taken wait; nobody can order meanwhile. */
    ck_assert_uint_gt(build_count(&s.facts, "SHELF_WAIT"), 0);
    ck_assert_uint_gt(build_count(&s.facts, "LEFT"), 100);
    size_t ready = build_count(&s.facts, "READY");
    ck_assert_uint_gt(ready, 20);
    for (size_t i = 1; i < ready; i++) /* never two at a time */
        ck_assert_int_ge(modes_fact(&s, "READY", i)->at_us,
                         modes_fact(&s, "COLLECTED", i - 1)->at_us);
    modes_end(&s);
}
END_TEST

START_TEST(nobody_comes)
{
    struct modes s = modes_begin("app", "pickup", 2.0);

    s.place.opening = 1;
    s.channel.collect = build_constant(300.0 * (double)MINUTE);
    s.channel.pickup_hold_us = 2 * OMO_US_PER_HOUR;
    s.channel.commission_ppm = 100000;
    modes_run(&s);
    ck_assert_str_eq(build_story(&s.facts, 0), "OPENED 1 10.00\n"
                                               "LINE 1 sku0 10.00\n"
                                               "PLACED 1 10.00\n"
                                               "RESERVED@0 1 sku0 10.00\n"
                                               "GOODS 0 6.00\n"
                                               "COMMISSION 0 1.00\n"
                                               "ROUTED@0 1 2km\n"
                                               "COMPLETE_NEAR@0 1\n"
                                               "PICKED@0 1 0min\n"
                                               "READY@0 1 0min\n"
                                               "PICKUP_EXPIRED@0 1 120min\n"
                                               "RELEASED@0 1 sku0 10.00\n"
                                               "GOODS_BACK@0 1 6.00\n"
                                               "COMMISSION@0 0 -1.00\n"
                                               "REFUNDED@0 1 10.00\n"
                                               "CLOSED 0 0min\n");
    /* The unit is sold again and again, and never leaves. */
    ck_assert_uint_gt(build_count(&s.facts, "RESERVED"), 10);
    ck_assert_uint_eq(build_count(&s.facts, "COLLECTED"), 0);
    ck_assert_uint_eq(build_count(&s.facts, "NO_SHOW"), 0);
    modes_end(&s);
}
END_TEST

START_TEST(no_shows)
{
    struct modes s = modes_begin("app", "pickup", 500.0);

    s.channel.collect = build_constant(30.0 * (double)MINUTE);
    s.channel.pickup_hold_us = OMO_US_PER_HOUR;
    s.channel.no_show_ppm = 50000;
    modes_run(&s);
    double n = (double)build_count(&s.facts, "READY"), k = (double)build_count(&s.facts, "NO_SHOW");
    /* Binomial: within four standard deviations. */
    ck_assert_double_lt((k - 0.05 * n) * (k - 0.05 * n), 16.0 * n * 0.05 * 0.95);
    ck_assert_uint_gt(build_count(&s.facts, "NO_SHOW"), 100);
    ck_assert_uint_eq(build_count(&s.facts, "NO_SHOW"), build_count(&s.facts, "PICKUP_EXPIRED"));
    modes_end(&s);
}
END_TEST

START_TEST(perishables_that_nobody_fetches_are_waste)
{
    struct modes s = {.model = build_model(20.0)};
    omo_sku_options sku = omo_sku_defaults();

    sku.price_cents = 500;
    sku.cost_cents = 300;
    sku.shelf_life_days = 30;
    ck_assert_int_eq(omo_model_add_sku(s.model, &sku, NULL, NULL), OMO_OK);
    s.place = build_place(OMO_PLACE_STORE, build_assortment(s.model, 1), 2.0, 1000);
    s.channel = build_channel("app", "pickup");
    s.channel.collect = build_constant(300.0 * (double)MINUTE);
    s.channel.pickup_hold_us = OMO_US_PER_HOUR;
    s.segment = build_segment(5.0);
    build_zone(s.model, 0.0, 0);
    modes_run(&s);
    ck_assert_uint_gt(build_units(&s.facts, "RELEASED"), 10);
    ck_assert_uint_eq(build_units(&s.facts, "RELEASED"), build_units(&s.facts, "WASTED"));
    modes_end(&s);
}
END_TEST

START_TEST(the_counter_verifies)
{
    struct modes s = modes_begin("app", "pickup", 60.0);

    s.channel.collect = build_constant(10.0 * (double)MINUTE);
    s.channel.verify = build_constant(20.0 * (double)MINUTE);
    s.place.station[OMO_ROLE_COUNTER] = modes_servers(1, 5.0);
    modes_run(&s);
    ck_assert_str_eq(strstr(build_story(&s.facts, 0), "READY"), "READY@0 1 0min\n"
                                                                "VERIFY_START@0 0 0min\n"
                                                                "VERIFIED@0 1 25min\n"
                                                                "COLLECTED@0 1 35min\n"
                                                                "CLOSED 1 0min\n");
    size_t count = build_count(&s.facts, "VERIFY_START");
    ck_assert_uint_gt(build_units(&s.facts, "VERIFY_START"), count / 2); /* load 1.04: most wait */
    for (size_t i = 1; i + 1 < count; i++)
        ck_assert_int_ge(modes_fact(&s, "VERIFIED", i)->at_us,
                         modes_fact(&s, "VERIFIED", i - 1)->at_us + 25 * MINUTE);
    modes_end(&s);
}
END_TEST

START_TEST(paid_when_it_is_fetched)
{
    struct modes s = modes_begin("app", "reserve", 2.0);

    s.channel.collect = build_constant(90.0 * (double)MINUTE);
    s.channel.fee_cents = 100;
    modes_run(&s);
    ck_assert_str_eq(build_story(&s.facts, 0), "OPENED 1 10.00\n"
                                               "LINE 1 sku0 10.00\n"
                                               "FEE 0 1.00\n"
                                               "PLACED 1 11.00\n"
                                               "DUE 1 11.00\n"
                                               "RESERVED@0 1 sku0 10.00\n"
                                               "GOODS 0 6.00\n"
                                               "ROUTED@0 1 2km\n"
                                               "COMPLETE_NEAR@0 1\n"
                                               "PICKED@0 1 0min\n"
                                               "READY@0 1 0min\n"
                                               "COLLECTED@0 1 90min\n"
                                               "SETTLED@0 1 11.00\n"
                                               "CLOSED 1 0min\n");
    modes_end(&s);
}
END_TEST

START_TEST(reserved_in_vain)
{
    struct modes s = modes_begin("app", "reserve", 2.0);

    s.channel.collect = build_constant(90.0 * (double)MINUTE);
    s.channel.pickup_hold_us = OMO_US_PER_HOUR;
    s.channel.fee_cents = 100;
    modes_run(&s);
    ck_assert_str_eq(strstr(build_story(&s.facts, 0), "PICKUP_EXPIRED"),
                     "PICKUP_EXPIRED@0 1 60min\n"
                     "RELEASED@0 1 sku0 10.00\n"
                     "GOODS_BACK@0 1 6.00\n"
                     "WAIVED@0 1 10.00\n"
                     "WAIVED 0 1.00\n"
                     "CLOSED 0 0min\n");
    ck_assert_int_eq(modes_cents(&s, "REFUNDED"), 0);
    modes_end(&s);
}
END_TEST

/* ---- third parties' parcels ------------------------------------------------------------------ */

START_TEST(a_parcel_point)
{
    struct modes s = modes_begin("walk_in", "take_away", 1.0);

    s.place.parcels_per_day = 50.0;
    s.place.parcel_collect = build_constant(5.0 * (double)OMO_US_PER_HOUR);
    s.place.parcel_service = build_constant(2.0 * (double)MINUTE);
    s.place.parcel_fee_cents = 50;
    s.place.station[OMO_ROLE_COUNTER] = modes_servers(1, 0.0);
    modes_run(&s);
    size_t in = build_count(&s.facts, "PARCEL_IN"), out = build_count(&s.facts, "PARCEL_OUT");
    ck_assert_uint_gt(in, 1000 - 4 * 32); /* Poisson with mean 1000 */
    ck_assert_uint_lt(in, 1000 + 4 * 32);
    ck_assert_uint_lt(in - out, 50);
    ck_assert_int_eq(modes_cents(&s, "PARCEL_FEE"), (int64_t)out * 50);
    ck_assert_uint_eq(build_count(&s.facts, "VERIFIED"), out);
    for (size_t i = 0; i < out; i++) /* on the shelf until it is handed over */
        ck_assert_int_ge(modes_fact(&s, "PARCEL_OUT", i)->amount, 5 * OMO_US_PER_HOUR + 2 * MINUTE);
    modes_end(&s);
}
END_TEST

START_TEST(parcels_take_the_slots)
{
    struct modes s = modes_begin("app", "pickup", 20.0);

    s.place.shelf_slots = 10;
    s.place.parcels_per_day = 100.0;
    s.place.parcel_collect = build_constant(8.0 * (double)OMO_US_PER_HOUR);
    modes_run(&s);
    /* 33 parcels would stand there; the shop's own orders are turned away nearly all the time. */
    ck_assert_uint_gt(build_count(&s.facts, "LEFT"), 250);
    ck_assert_uint_lt(build_count(&s.facts, "READY"), 60);
    modes_end(&s);
}
END_TEST

/* ---- staff ----------------------------------------------------------------------------------- */

START_TEST(a_night_without_pickers)
{
    static const omo_shift shifts[] = {{0, 0}, {8 * OMO_US_PER_HOUR, 2}, {20 * OMO_US_PER_HOUR, 0}};
    struct modes s = modes_begin("app", "pickup", 30.0);

    s.place.station[OMO_ROLE_PICKER] = modes_servers(0, 30.0);
    s.place.station[OMO_ROLE_PICKER].shifts = shifts;
    s.place.station[OMO_ROLE_PICKER].shift_count = 3;
    s.place.station[OMO_ROLE_PICKER].shift_period_us = OMO_US_PER_DAY;
    modes_run(&s);
    size_t count = build_count(&s.facts, "PICK_START"), at_eight = 0, overtime = 0;
    ck_assert_uint_gt(count, 400);
    for (size_t i = 0; i < count; i++) {
        int64_t time_us = modes_fact(&s, "PICK_START", i)->at_us % OMO_US_PER_DAY;
        ck_assert_int_ge(time_us, 8 * OMO_US_PER_HOUR);
        ck_assert_int_lt(time_us, 20 * OMO_US_PER_HOUR);
        at_eight += time_us == 8 * OMO_US_PER_HOUR;
    }
    for (size_t i = 0; i < build_count(&s.facts, "PICKED"); i++)
        overtime += modes_fact(&s, "PICKED", i)->at_us % OMO_US_PER_DAY > 20 * OMO_US_PER_HOUR;
    ck_assert_uint_gt(at_eight, 30); /* both pickers have work in the morning */
    ck_assert_uint_gt(overtime, 0);  /* who has begun finishes */
    modes_end(&s);
}
END_TEST

START_TEST(waves)
{
    struct modes s = modes_begin("app", "pickup", 100.0);

    s.place.station[OMO_ROLE_PICKER] = modes_servers(OMO_UNLIMITED, 5.0);
    s.place.station[OMO_ROLE_PICKER].wave_us = 30 * MINUTE;
    modes_run(&s);
    size_t count = build_count(&s.facts, "PICK_START");
    ck_assert_uint_gt(count, 1500);
    for (size_t i = 0; i < count; i++)
        ck_assert_int_eq(modes_fact(&s, "PICK_START", i)->at_us % (30 * MINUTE), 0);
    ck_assert_uint_eq(build_units(&s.facts, "WAVE"), count);
    modes_end(&s);
}
END_TEST

START_TEST(pickup_before_courier)
{
    struct modes s = modes_begin("app", "courier", 60.0);
    omo_channel_options first = build_channel("app", "pickup");
    omo_segment_options collectors = build_segment(60.0);
    uint32_t kind;
    size_t queue[2] = {0};

    first.id = "first";
    s.channel.id = "later";
    s.channel.priority = 1;
    s.place.station[OMO_ROLE_PICKER] = modes_servers(1, 11.0);
    build_add_segment(s.model, &collectors, build_add_channel(s.model, &first));
    modes_run(&s);
    /* Whenever a courier's order is begun, no pickup order is waiting. */
    kind = build_fact_kind("PICK_START");
    for (size_t i = 0; i < s.facts.count; i++) {
        const omo_fact *f = &s.facts.fact[i];
        if (omo_fact_kind(f) == build_fact_kind("ROUTED"))
            queue[omo_fact_channel(f)]++;
        if (omo_fact_kind(f) != kind)
            continue;
        queue[omo_fact_channel(f)]--;
        ck_assert(omo_fact_channel(f) == 0 || queue[0] == 0);
    }
    modes_end(&s);
}
END_TEST

/* ---- refusals -------------------------------------------------------------------------------- */

static void modes_refused(const omo_channel_options *o, const char *text)
{
    omo_model *m = build_model(1.0);
    omo_error e = {0};

    ck_assert_int_eq(omo_model_add_channel(m, o, NULL, &e), OMO_EINVAL);
    ck_assert_msg(strstr(e.text, text) != NULL, "%s", e.text);
    omo_model_free(m);
}

START_TEST(what_makes_no_sense)
{
    omo_channel_options o = omo_channel_defaults("app", "pickup");
    omo_model *m = build_model(1.0);
    omo_place_options box = omo_place_defaults();
    omo_error e = {0};

    o.id = "c";
    o.pickup_hold_us = -1;
    modes_refused(&o, "a hold can't be negative");
    o.pickup_hold_us = 0;
    o.no_show_ppm = 1;
    modes_refused(&o, "need a hold");
    o = omo_channel_defaults("app", "courier");
    o.pickup_hold_us = 1;
    modes_refused(&o, "goods that are fetched; mode courier brings them");
    o = omo_channel_defaults("app", "pickup");
    o.batch_orders = 2;
    modes_refused(&o, "mode pickup has none");
    o = omo_channel_defaults("app", "courier");
    o.batch_orders = OMO_TOUR_MAX + 1;
    modes_refused(&o, "at most 32 orders");
    o = omo_channel_defaults("app", "courier");
    o.cutoff_us = 0;
    modes_refused(&o, "a cut-off is a carrier's");
    o = omo_channel_defaults("app", "courier");
    o.priority = OMO_PRIORITIES;
    modes_refused(&o, "0 to 3");
    box.kind = OMO_PLACE_LOCKER;
    ck_assert_int_eq(omo_model_add_place(m, &box, NULL, &e), OMO_EINVAL);
    ck_assert_msg(strstr(e.text, "a locker needs boxes") != NULL, "%s", e.text);
    omo_model_free(m);
}
END_TEST

START_TEST(no_locker)
{
    struct modes s = modes_begin("web", "locker", 1.0);
    omo_error e = {0};

    build_add_place(s.model, &s.place);
    build_add_segment(s.model, &s.segment, build_add_channel(s.model, &s.channel));
    ck_assert_int_eq(omo_model_seal(s.model, &e), OMO_EINVAL);
    ck_assert_msg(strstr(e.text, "there is no locker") != NULL, "%s", e.text);
    omo_model_free(s.model);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("modes");
    TCase *c = tcase_create("modes");

    tcase_add_test(c, a_full_shelf);
    tcase_add_test(c, nobody_comes);
    tcase_add_test(c, no_shows);
    tcase_add_test(c, perishables_that_nobody_fetches_are_waste);
    tcase_add_test(c, the_counter_verifies);
    tcase_add_test(c, paid_when_it_is_fetched);
    tcase_add_test(c, reserved_in_vain);
    tcase_add_test(c, a_parcel_point);
    tcase_add_test(c, parcels_take_the_slots);
    tcase_add_test(c, a_night_without_pickers);
    tcase_add_test(c, waves);
    tcase_add_test(c, pickup_before_courier);
    tcase_add_test(c, what_makes_no_sense);
    tcase_add_test(c, no_locker);
    suite_add_tcase(suite, c);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
