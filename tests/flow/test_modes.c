/* How goods reach the customer, fact by fact: shelves, counters, couriers' tours, carriers, lockers,
 * third parties' parcels, and staff that comes and goes. */
#include "flow/build.h"

#define MINUTE OMO_US_PER_MINUTE

/* One shop at x km with plenty of one product, one customer's zone at 0, one channel. */
struct modes {
    omo_model *model;
    omo_place_options place;
    omo_channel_options channel;
    omo_segment_options segment;
    bool locker, second_locker;
    uint32_t boxes;
    struct build_facts facts;
};

static struct modes modes_begin(const char *kind, const char *mode, double visits_per_day)
{
    struct modes s = {.model = build_model(20.0)};

    build_sku(s.model);
    s.place = build_place(OMO_PLACE_STORE, build_assortment(s.model, 1), 2.0, 100000);
    s.place.id = "shop";
    s.channel = build_channel(kind, mode);
    s.channel.pickup_hold_us = 0;
    s.channel.no_show_ppm = 0;
    s.segment = build_segment(visits_per_day);
    build_zone(s.model, 0.0, 0);
    return s;
}

static omo_role_options modes_servers(uint32_t servers, double minutes)
{
    return (omo_role_options){.servers = servers,
                              .service = build_constant(minutes * (double)MINUTE)};
}

/* Runs it to the end; the audit looks at its books there. */
static void modes_run(struct modes *s)
{
    omo_place_options box = omo_place_defaults();

    build_add_place(s->model, &s->place);
    box.kind = OMO_PLACE_LOCKER;
    box.shelf_slots = s->boxes;
    box.lon = 0.5;
    if (s->locker)
        build_add_place(s->model, &box);
    box.lon = -1.0;
    if (s->second_locker)
        build_add_place(s->model, &box);
    build_add_segment(s->model, &s->segment, build_add_channel(s->model, &s->channel));
    build_seal(s->model);
    build_run(s->model, 2, 0, &s->facts);
}

static void modes_end(struct modes *s)
{
    build_facts_free(&s->facts);
    omo_model_free(s->model);
}

/* The n-th fact of a kind. */
static const omo_fact *modes_fact(const struct modes *s, const char *kind, size_t n)
{
    const uint32_t number = build_fact_kind(kind);

    for (size_t i = 0; i < s->facts.count; i++)
        if (omo_fact_kind(&s->facts.fact[i]) == number && n-- == 0)
            return &s->facts.fact[i];
    ck_abort_msg("no such %s", kind);
}

static int64_t modes_cents(const struct modes *s, const char *kind)
{
    const uint32_t number = build_fact_kind(kind);
    int64_t sum = 0;

    for (size_t i = 0; i < s->facts.count; i++)
        if (omo_fact_kind(&s->facts.fact[i]) == number)
            sum += s->facts.fact[i].amount;
    return sum;
}

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
    tcase_add_test(c, a_tour_of_one);
    tcase_add_test(c, a_tour_of_three);
    tcase_add_test(c, on_to_the_nearest_that_is_left);
    tcase_add_test(c, the_carrier_calls_at_four);
    tcase_add_test(c, from_the_store_to_the_door);
    tcase_add_test(c, into_a_box);
    tcase_add_test(c, a_full_locker);
    tcase_add_test(c, the_next_locker);
    tcase_add_test(c, back_from_the_locker);
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
