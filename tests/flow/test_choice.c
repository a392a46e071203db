/* What is chosen from: places, time slots, nests; what they cost the model; and which wishes are
 * refused. */
#include "flow/build.h"

#include <math.h>

/* Three shops on the x axis and one zone at 0; one walk-in channel. */
static omo_model *three_shops(omo_segment_options *segment, uint32_t place_count)
{
    static const double at_km[3] = {1.0, 2.0, 4.0}, size[3] = {1.0, 8.0, 64.0};
    omo_model *m = build_model(20.0);
    omo_channel_options walk_in = build_channel("walk_in", NULL);

    build_sku(m);
    omo_assortment all = build_assortment(m, 1);
    for (uint32_t i = 0; i < 3; i++) {
        omo_place_options place = build_place(OMO_PLACE_STORE, all, at_km[i], 1000000);
        place.attraction = size[i];
        build_add_place(m, &place);
    }
    build_zone(m, 0.0, 0);
    walk_in.place_count = place_count;
    build_add_segment(m, segment, build_add_channel(m, &walk_in));
    build_seal(m);
    return m;
}

static void count_visits(const omo_model *m, double ret_visits[3], double *ret_all)
{
    struct build_facts f;
    uint32_t opened = build_fact_kind("OPENED");

    build_run(m, 4, 0, &f);
    *ret_all = 0.0;
    memset(ret_visits, 0, 3 * sizeof(ret_visits[0]));
    for (size_t i = 0; i < f.count; i++)
        if (omo_fact_kind(&f.fact[i]) == opened) {
            ret_visits[f.fact[i].place] += 1.0;
            *ret_all += 1.0;
        }
    build_facts_free(&f);
}

/* Huff (1964): size over the square of the distance, 1 : 8/4 : 64/16. */
START_TEST(gravity_shares_out_the_shops)
{
    static const double share[3] = {1.0 / 7.0, 2.0 / 7.0, 4.0 / 7.0};
    omo_segment_options segment = build_segment(2000.0);
    double visits[3], all;

    segment.gravity_attraction = 1.0;
    segment.gravity_distance = 2.0;
    omo_model *m = three_shops(&segment, 3);
    count_visits(m, visits, &all);
    for (uint32_t i = 0; i < 3; i++)
        ck_assert_double_le(fabs(visits[i] / all - share[i]) /
                                sqrt(share[i] * (1.0 - share[i]) / all),
                            4.0);
    omo_model_free(m);
}
END_TEST

START_TEST(one_place_is_the_nearest)
{
    omo_segment_options segment = build_segment(200.0);
    double visits[3], all;

    segment.gravity_attraction = 5.0;
    omo_model *m = three_shops(&segment, 1);
    count_visits(m, visits, &all);
    ck_assert(all > 0.0 && visits[0] == all);
    omo_model_free(m);
}
END_TEST

/* A nest with lambda 1 is none, to the byte; with 1/2 it is not. */
static uint64_t nest_digest(double lambda)
{
    omo_model *m = build_model(5.0);
    omo_segment_options segment = build_segment(500.0);
    omo_channel channel[2];
    omo_segment s;

    build_sku(m);
    omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, 1), 1.0, 1000000);
    build_add_place(m, &place);
    build_zone(m, 0.0, 0);
    for (uint32_t i = 0; i < 2; i++) {
        omo_channel_options o = build_channel("app", i == 0 ? "pickup" : "courier");
        o.id = i == 0 ? "a" : "b";
        channel[i] = build_add_channel(m, &o);
    }
    segment.nest_count = lambda > 0.0 ? 1 : 0;
    segment.nest[0] = (omo_nest){.channel_mask = 3, .lambda = lambda};
    ck_assert_int_eq(omo_model_add_segment(m, &segment, &s, NULL), OMO_OK);
    for (uint32_t i = 0; i < 2; i++)
        ck_assert_int_eq(omo_model_set_utility(m, s, channel[i], 0.3 + i, NULL), OMO_OK);
    build_seal(m);
    uint64_t digest = build_run(m, 1, 0, NULL);
    omo_model_free(m);
    return digest;
}

START_TEST(lambda_1_is_no_nest)
{
    ck_assert_uint_eq(nest_digest(1.0), nest_digest(0.0));
    ck_assert_uint_ne(nest_digest(0.5), nest_digest(0.0));
}
END_TEST

/* ---- slots ----------------------------------------------------------------------------------- */

/* A shop that delivers in slots of two hours from 8 to 20; all of them are offered alike. */
static omo_model *slots_model(uint32_t capacity, omo_segment_options *segment)
{
    omo_model *m = build_model(3.0);
    omo_channel_options o = build_channel("app", "courier");

    build_sku(m);
    omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, 1), 1.0, 1000000);
    build_add_place(m, &place);
    build_zone(m, 0.0, 0);
    o.slot_us = 2 * BUILD_HOUR;
    o.slot_count = 3;
    o.slot_capacity = capacity;
    o.slot_from_us = 8 * BUILD_HOUR;
    o.slot_until_us = 20 * BUILD_HOUR;
    build_add_segment(m, segment, build_add_channel(m, &o));
    build_seal(m);
    return m;
}

/* Deliveries by the hour of the run, of 72. */
static size_t slots_run(omo_model *m, uint32_t ret_hour[72])
{
    struct build_facts f;
    uint32_t delivered = build_fact_kind("DELIVERED"), left = build_fact_kind("LEFT");
    size_t leaving = 0;

    build_run(m, 1, 0, &f);
    memset(ret_hour, 0, 72 * sizeof(ret_hour[0]));
    for (size_t i = 0; i < f.count; i++) {
        if (omo_fact_kind(&f.fact[i]) == delivered)
            ret_hour[f.fact[i].at_us / BUILD_HOUR]++;
        leaving += omo_fact_kind(&f.fact[i]) == left;
    }
    build_facts_free(&f);
    omo_model_free(m);
    return leaving;
}

/* Nothing takes time here, so that deliveries come when their slot begins. */
START_TEST(slots_fill_up)
{
    omo_segment_options segment = build_segment(400.0);
    uint32_t hour[72];

    size_t leaving = slots_run(slots_model(7, &segment), hour);
    for (uint32_t h = 0; h < 72; h++) {
        bool begins = h % 24 >= 8 && h % 24 < 20 && h % 2 == 0;
        ck_assert_uint_eq(hour[h], begins ? 7 : 0);
    }
    ck_assert_uint_gt(leaving, 500); /* 18 slots took 126 of 1,200, and three are to come */
}
END_TEST

START_TEST(slots_without_limit)
{
    omo_segment_options segment = build_segment(400.0);
    uint32_t hour[72];

    ck_assert_uint_eq(slots_run(slots_model(0, &segment), hour), 0);
    ck_assert_uint_gt(hour[24 + 8], 7);
}
END_TEST

/* Who hates to wait takes the next slot; who loves the evening takes the first after 18:00. */
START_TEST(slots_are_chosen_by_wait_and_hour)
{
    omo_segment_options segment = build_segment(400.0);
    uint32_t hour[72];

    segment.wait_sensitivity = 50.0;
    slots_run(slots_model(0, &segment), hour);
    for (uint32_t h = 24 + 10; h < 24 + 20; h += 2)
        ck_assert_uint_gt(hour[h], 10);
    segment.wait_sensitivity = 0.0;
    segment.slot_utility[18] = 100.0;
    slots_run(slots_model(0, &segment), hour);
    ck_assert_uint_gt(hour[24 + 18], 2 * hour[24 + 14] + 2 * hour[24 + 16]);
}
END_TEST

/* The promise is the end of the slot: a trip of three hours is late in slots of two. */
START_TEST(a_slot_is_a_promise)
{
    omo_model *m = build_model(3.0);
    omo_channel_options o = build_channel("app", "courier");
    omo_segment_options segment = build_segment(50.0);
    struct build_facts f;

    build_sku(m);
    omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, 1), 1.0, 1000000);
    build_add_place(m, &place);
    build_zone(m, 0.0, 0);
    o.slot_us = 2 * BUILD_HOUR;
    o.slot_count = 1;
    o.travel = build_constant(3.0 * (double)BUILD_HOUR);
    build_add_segment(m, &segment, build_add_channel(m, &o));
    build_seal(m);
    build_run(m, 1, 0, &f);
    ck_assert_uint_gt(build_count(&f, "CLOSED"), 100);
    ck_assert_uint_eq(build_units(&f, "CLOSED"), 0); /* on time and in full: none */
    build_facts_free(&f);
    omo_model_free(m);
}
END_TEST

/* ---- refused --------------------------------------------------------------------------------- */

static void add_refused(const omo_segment_options *o, const char *text)
{
    omo_model *m = build_model(1.0);
    omo_error error = {0};

    ck_assert_int_eq(omo_model_add_segment(m, o, NULL, &error), OMO_EINVAL);
    ck_assert_msg(strstr(error.text, text) != NULL, "'%s' says nothing of '%s'", error.text, text);
    omo_model_free(m);
}

START_TEST(refused_segments)
{
    omo_segment_options o = build_segment(1.0);

    o.nest_count = 2;
    o.nest[0] = (omo_nest){3, 0.5};
    o.nest[1] = (omo_nest){6, 0.5};
    add_refused(&o, "two nests");
    o.nest[1] = (omo_nest){4, 0.0};
    add_refused(&o, "above 0 and at most 1");
    o.nest[1].lambda = (double)NAN;
    add_refused(&o, "above 0 and at most 1");
    o = build_segment(1.0);
    o.switch_ppm = 600000;
    o.stockout.substitute_ppm = 500000;
    add_refused(&o, "110 %");
    o = build_segment(1.0);
    o.gravity_distance = (double)INFINITY;
    add_refused(&o, "gravity");
}
END_TEST

static void channel_refused(omo_channel_options o, const char *text)
{
    omo_model *m = build_model(1.0);
    omo_error error = {0};

    ck_assert_int_eq(omo_model_add_channel(m, &o, NULL, &error), OMO_EINVAL);
    ck_assert_msg(strstr(error.text, text) != NULL, "'%s' says nothing of '%s'", error.text, text);
    omo_model_free(m);
}

START_TEST(refused_channels)
{
    omo_channel_options walk_in = build_channel("walk_in", NULL),
                        o = build_channel("app", "courier");

    o.place_count = 2;
    channel_refused(o, "routing's decision");
    walk_in.slot_us = BUILD_HOUR;
    channel_refused(walk_in, "no time slots");
    o.place_count = 1;
    o.slot_us = BUILD_HOUR;
    channel_refused(o, "0");
    o.slot_count = 4;
    o.slot_from_us = o.slot_until_us - BUILD_HOUR / 2;
    channel_refused(o, "no slot of that length");
}
END_TEST

static void seal_refused(const omo_segment_options *segment, const omo_channel_options *channel,
                         const char *text)
{
    omo_model *m = build_model(1.0);
    omo_error error = {0};

    build_sku(m);
    omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, 1), 1.0, 10);
    build_add_place(m, &place);
    build_zone(m, 0.0, 0);
    build_add_segment(m, segment, build_add_channel(m, channel));
    ck_assert_int_eq(omo_model_seal(m, &error), OMO_EINVAL);
    ck_assert_msg(strstr(error.text, text) != NULL, "'%s' says nothing of '%s'", error.text, text);
    omo_model_free(m);
}

START_TEST(refused_models)
{
    omo_segment_options segment = build_segment(1.0);
    omo_channel_options o = build_channel("app", "pickup");

    o.place_count = 20;
    o.slot_us = BUILD_HOUR;
    o.slot_count = 4;
    seal_refused(&segment, &o, "80 alternatives");
    o = build_channel("app", "pickup");
    segment.nest_count = 1;
    segment.nest[0] = (omo_nest){3, 0.5};
    seal_refused(&segment, &o, "unknown channel");
    segment = build_segment(1.0);
    segment.webroom = (omo_detour){.share_ppm = 1, .channel_mask = 1};
    seal_refused(&segment, &o, "shops");
    segment = build_segment(1.0);
    segment.distance_sensitivity = 1e300;
    seal_refused(&segment, &o, "overflow");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("choice");
    TCase *tcase = tcase_create("choice");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, gravity_shares_out_the_shops);
    tcase_add_test(tcase, one_place_is_the_nearest);
    tcase_add_test(tcase, lambda_1_is_no_nest);
    tcase_add_test(tcase, slots_fill_up);
    tcase_add_test(tcase, slots_without_limit);
    tcase_add_test(tcase, slots_are_chosen_by_wait_and_hour);
    tcase_add_test(tcase, a_slot_is_a_promise);
    tcase_add_test(tcase, refused_segments);
    tcase_add_test(tcase, refused_channels);
    tcase_add_test(tcase, refused_models);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
