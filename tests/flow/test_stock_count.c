/* The record of stock and the shelf: what vanishes and is counted, against theory, and what a wrong
 * record does to customers, pickers and reviews, fact by fact. */
#include "flow/build.h"

#include <math.h>

#include "flow/world.h"

#define REPLICATIONS 20

/* A shop with many products and no customers to speak of. */
static omo_model *shelves(const omo_accuracy_options *o, double days, uint32_t skus,
                          double first_popularity)
{
    omo_model *m = build_model(days);
    omo_segment_options segment = build_segment(0.0);
    omo_channel_options channel = build_channel("walk_in", NULL);

    for (uint32_t i = 0; i < skus; i++) {
        omo_sku_options sku = omo_sku_defaults();
        sku.popularity = i == 0 ? first_popularity : 1.0;
        sku.cost_cents = 100;
        ck_assert_int_eq(omo_model_add_sku(m, &sku, NULL, NULL), OMO_OK);
    }
    omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, skus), 0.0, 100000);
    build_add_place(m, &place);
    build_zone(m, 0.0, 0);
    build_add_segment(m, &segment, build_add_channel(m, &channel));
    ck_assert_int_eq(omo_model_set_accuracy(m, o, NULL), OMO_OK);
    build_seal(m);
    return m;
}

struct sample {
    double sum, square;
};

static void sample_add(struct sample *s, double value)
{
    s->sum += value;
    s->square += value * value;
}

static void sample_is(const struct sample *s, const char *what, double expected)
{
    double mean = s->sum / REPLICATIONS;
    double error = sqrt((s->square / REPLICATIONS - mean * mean) / (REPLICATIONS - 1));
    double z = (mean - expected) / error;

    ck_assert_msg(fabs(z) <= 4.0, "%s: %g, expected %g, z = %.2f", what, mean, expected, z);
    ck_assert_msg(error < 0.02 * expected, "%s: standard error %g", what, error);
}

/* Counted every T, the missing units rise from 0 to rate x T: rate x T / 2 on average. In slices of a
 * day or all at once; from units or from shares of the stock. */
START_TEST(half_a_period_is_missing)
{
    omo_accuracy_options o = omo_accuracy_defaults();
    struct sample phantom = {0}, vanished = {0};
    double rate = 40.0, days = _i == 1 ? 0.5 : 10.0;

    o.count_every_us = (int64_t)(days * (double)BUILD_DAY);
    if (_i < 2)
        o.shrink_units = rate;
    else { /* of 2 million units, for which a few hundred taken away are nothing */
        o.shrink_share_ppm = 140;
        rate = 2e6 * 140e-6 / 7.0;
    }
    omo_model *m = shelves(&o, 200.0, 20, 1.0);
    for (uint32_t i = 0; i < REPLICATIONS; i++) {
        omo_world *w = omo_world_new(m, 11, i, NULL);
        ck_assert_int_eq(omo_world_run(w, INT64_MAX, NULL), OMO_OK);
        sample_add(&phantom, build_kpi(w, "phantom_units"));
        sample_add(&vanished, build_kpi(w, "shrink_units"));
        ck_assert_double_eq_tol(build_kpi(w, "shrink_cost"), build_kpi(w, "shrink_units"), 1e-6);
        omo_world_free(w);
    }
    /* The first period has no full slices behind it: all positions were right at the start. */
    double first = days >= 1.0 ? 1.0 - days / 3.0 / 200.0 : 1.0;
    sample_is(&phantom, "missing units", rate * days / 2.0 * first);
    sample_is(&vanished, "vanished units", rate * 200.0);
    omo_model_free(m);
}
END_TEST

/* Variance equals mean, day by day: Poisson. */
START_TEST(what_vanishes_is_poisson)
{
    omo_accuracy_options o = omo_accuracy_defaults();
    struct build_facts facts;
    int64_t day[400] = {0};
    double sum = 0.0, square = 0.0;

    o.shrink_units = 6.0;
    omo_model *m = shelves(&o, 400.0, 5, 1.0);
    build_run(m, 3, 0, &facts);
    for (size_t i = 0; i < facts.count; i++)
        if (omo_fact_kind(&facts.fact[i]) == FACT_SHRUNK)
            day[facts.fact[i].at_us / BUILD_DAY] += omo_fact_quantity(&facts.fact[i]);
    for (int i = 0; i < 400; i++) {
        sum += (double)day[i];
        square += (double)day[i] * (double)day[i];
    }
    double mean = sum / 400.0, variance = (square - sum * mean) / 399.0;
    ck_assert_double_le(fabs(mean - 6.0) / sqrt(6.0 / 400.0), 4.0);
    ck_assert_double_le(fabs(variance / 6.0 - 1.0) / sqrt(2.0 / 399.0), 4.0);
    build_facts_free(&facts);
    omo_model_free(m);
}
END_TEST

/* By popularity, a product that is wanted 9 times as much as each of 3 others loses 9 in 12. */
START_TEST(what_is_wanted_vanishes)
{
    omo_accuracy_options o = omo_accuracy_defaults();
    struct build_facts facts;
    double first = 0.0, all = 0.0;

    o.shrink_units = 20.0;
    o.shrink_by = _i == 0 ? OMO_SHRINK_BY_STOCK : OMO_SHRINK_BY_POPULARITY;
    omo_model *m = shelves(&o, 100.0, 4, 9.0);
    build_run(m, 3, 0, &facts);
    for (size_t i = 0; i < facts.count; i++) {
        if (omo_fact_kind(&facts.fact[i]) != FACT_SHRUNK)
            continue;
        all += omo_fact_quantity(&facts.fact[i]);
        first += omo_fact_sku(&facts.fact[i]) == 0 ? omo_fact_quantity(&facts.fact[i]) : 0;
    }
    double p = _i == 0 ? 0.25 : 0.75;
    ck_assert_double_le(fabs(first / all - p) / sqrt(p * (1.0 - p) / all), 4.0);
    build_facts_free(&facts);
    omo_model_free(m);
}
END_TEST

START_TEST(smart_shelves_are_right)
{
    omo_accuracy_options o = omo_accuracy_defaults();

    o.shrink_units = 20.0;
    o.sensor_share_ppm = OMO_PPM;
    o.sensor_cents = 500;
    omo_model *m = shelves(&o, 50.0, 4, 1.0);
    omo_world *w = omo_world_new(m, 1, 0, NULL);
    ck_assert_int_eq(omo_world_run(w, INT64_MAX, NULL), OMO_OK);
    ck_assert_double_gt(build_kpi(w, "shrink_units"), 800.0);
    ck_assert_double_eq(build_kpi(w, "phantom_units"), 0.0);
    ck_assert_double_eq(build_kpi(w, "record_accuracy"), 1.0);
    ck_assert_double_eq_tol(build_kpi(w, "count_cost"), 250.0, 1e-9);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

/* ---- single orders --------------------------------------------------------------------------- */

/* Shops at 1 and 3 km with five units on record each, of which so many are there. */
static omo_world *lying_world(omo_model *m, const char *kind, const char *mode,
                              omo_accuracy_options o, omo_oversold_kind oversold,
                              const int32_t there[2])
{
    omo_segment_options segment = build_segment(1.0);
    omo_channel_options channel = build_channel(kind, mode);
    omo_integration_options i = omo_integration_defaults();

    i.oversold = oversold;
    build_integration(m, &i);
    segment.quantity = build_constant(4.0);
    channel.fee_cents = 300;
    channel.commission_ppm = 100000;
    build_sku(m);
    omo_assortment all = build_assortment(m, 1);
    for (int shop = 0; shop < 2; shop++) {
        omo_place_options place = build_place(OMO_PLACE_STORE, all, 1.0 + 2.0 * shop, 5);
        build_add_place(m, &place);
    }
    build_zone(m, 0.0, 0);
    build_add_segment(m, &segment, build_add_channel(m, &channel));
    ck_assert_int_eq(omo_model_set_accuracy(m, &o, NULL), OMO_OK);
    build_seal(m);
    omo_world *w = omo_world_new(m, 2, 0, NULL);
    ck_assert_int_eq(omo_world_run(w, 1, NULL), OMO_OK);
    for (uint32_t shop = 0; shop < 2; shop++)
        for (int32_t unit = there[shop]; unit < 5; unit++) {
            stock_vanish(&w->stock, shop, shop, 1);
            feed_line(&w->feed, FACT_SHRUNK, world_about(0, shop, OMO_FACT_NO_CHANNEL), 0, 1, 0);
        }
    return w;
}

/* The first order's facts from ROUTED on, or all of them. */
static void lying_story(const char *kind, const char *mode, omo_oversold_kind oversold,
                        const int32_t there[2], const char *expected)
{
    omo_model *m = build_model(20.0);
    omo_error error = {0};
    struct build_facts facts = {0};
    omo_world *w = lying_world(m, kind, mode, omo_accuracy_defaults(), oversold, there);

    omo_world_set_reader(w, build_facts_read, &facts);
    ck_assert_msg(omo_world_run(w, INT64_MAX, &error) == OMO_OK, "%s", error.text);
    const char *text = build_story(&facts, 0), *routed = strstr(text, "ROUTED");
    ck_assert_str_eq(routed != NULL ? routed : text, expected);
    build_facts_free(&facts);
    omo_world_free(w);
    omo_model_free(m);
}

/* Four wanted, five on record, two there: the rest is lost, and nobody has noticed. */
START_TEST(a_walk_in_meets_the_shelf)
{
    const int32_t there[2] = {2, 5};

    lying_story("walk_in", NULL, OMO_OVERSOLD_REROUTE, there,
                "OPENED@0 1 40.00\n"
                "LINE@0 4 sku0 40.00\n"
                "PLACED@0 2 20.00\n"
                "RESERVED@0 2 sku0 20.00\n"
                "GOODS@0 0 12.00\n"
                "COMMISSION@0 0 2.00\n"
                "LOST@0 2 sku0 20.00\n");
}
END_TEST

START_TEST(the_picker_finds_half_and_the_other_shop_has_the_rest)
{
    const int32_t there[2] = {2, 5};

    lying_story("app", "courier", OMO_OVERSOLD_REROUTE, there,
                "ROUTED@0 4 1km\n"
                "COMPLETE_NEAR@0 1\n"
                "PICK_NIL@0 2 sku0 20.00\n"
                "GOODS_BACK@0 2 12.00\n"
                "RESERVED@1 2 sku0 20.00\n"
                "REROUTED@1 2 sku0 0.00\n"
                "GOODS 0 12.00\n"
                "ROUTED@1 2 3km\n"
                "PICKED@1 2 0min\n"
                "SHIPPED@1 2 0.00\n"
                "TRIP@1 0 3km\n"
                "PICKED@0 2 0min\n"
                "SHIPPED@0 2 0.00\n"
                "TRIP@0 0 1km\n"
                "DELIVERED@1 2 0min\n"
                "DELIVERED@0 2 0min\n"
                "CLOSED 1 0min\n");
}
END_TEST

START_TEST(the_picker_finds_half_and_the_rest_is_cancelled)
{
    const int32_t there[2] = {2, 5};

    lying_story("app", "courier", OMO_OVERSOLD_CANCEL, there,
                "ROUTED@0 4 1km\n"
                "COMPLETE_NEAR@0 1\n"
                "PICK_NIL@0 2 sku0 20.00\n"
                "GOODS_BACK@0 2 12.00\n"
                "CANCELLED 2 sku0 20.00\n"
                "REFUNDED 2 20.00\n"
                "COMMISSION 0 -2.00\n"
                "PICKED@0 2 0min\n"
                "SHIPPED@0 2 0.00\n"
                "TRIP@0 0 1km\n"
                "DELIVERED@0 2 0min\n"
                "CLOSED 0 0min\n");
}
END_TEST

/* Nothing anywhere: the fee goes back too, and the order is over. */
START_TEST(nothing_is_there)
{
    const int32_t there[2] = {0, 0};

    lying_story("app", "courier", OMO_OVERSOLD_REROUTE, there,
                "ROUTED@0 4 1km\n"
                "COMPLETE_NEAR@0 1\n"
                "PICK_NIL@0 4 sku0 40.00\n"
                "GOODS_BACK@0 4 24.00\n"
                "RESERVED@1 4 sku0 40.00\n"
                "REROUTED@1 4 sku0 0.00\n"
                "GOODS 0 24.00\n"
                "ROUTED@1 4 3km\n"
                "PICK_NIL@1 4 sku0 40.00\n"
                "GOODS_BACK@1 4 24.00\n"
                "CANCELLED 4 sku0 40.00\n"
                "FAILED 1\n"
                "REFUNDED 4 43.00\n"
                "COMMISSION 0 -4.00\n"
                "CLOSED 0 0min\n");
}
END_TEST

/* The record is put right where a picker missed something, and stays wrong where nobody looked. */
START_TEST(the_record_after_that)
{
    const int32_t there[2] = {2, 1};
    omo_model *m = build_model(20.0);
    omo_world *w =
        lying_world(m, "app", "courier", omo_accuracy_defaults(), OMO_OVERSOLD_CANCEL, there);

    ck_assert_int_eq(w->stock.phantom[0], 3);
    ck_assert_int_eq(w->stock.available[0], 5);
    while (tally_count(&w->tally, FACT_PICK_NIL, TALLY_ALL) == 0)
        ck_assert_int_eq(omo_world_run(w, w->now_us + BUILD_HOUR, NULL), OMO_OK);
    ck_assert_int_eq(w->stock.phantom[0], 0);
    ck_assert_int_eq(w->stock.available[0], 0);
    ck_assert_int_eq(w->stock.reserved[0], 0);
    ck_assert_int_eq(w->stock.phantom[1], 4);
    ck_assert_int_eq(w->stock.available[1], 5);
    ck_assert_int_eq(tally_quantity(&w->tally, FACT_WRITTEN_OFF, TALLY_ALL), 1);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

/* Of what was taken for its neighbour, one record is too high and one too low; together they are
 * right. */
START_TEST(scan_errors_cancel_out)
{
    omo_accuracy_options o = omo_accuracy_defaults();
    omo_model *m = build_model(10.0);
    omo_segment_options segment = build_segment(100.0);
    omo_channel_options channel = build_channel("walk_in", NULL);
    int64_t net = 0, wrong = 0;

    o.scan_error_ppm = 100000;
    for (int i = 0; i < 5; i++)
        build_sku(m);
    omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, 5), 0.0, 1000);
    build_add_place(m, &place);
    build_zone(m, 0.0, 0);
    build_add_segment(m, &segment, build_add_channel(m, &channel));
    ck_assert_int_eq(omo_model_set_accuracy(m, &o, NULL), OMO_OK);
    build_seal(m);
    omo_world *w = omo_world_new(m, 1, 0, NULL);
    ck_assert_int_eq(omo_world_run(w, INT64_MAX, NULL), OMO_OK);
    for (size_t i = 0; i < 5; i++) {
        net += w->stock.phantom[i];
        wrong += w->stock.phantom[i] != 0;
    }
    ck_assert_int_eq(net, 0);
    ck_assert_int_ge(wrong, 2);
    int64_t errors = tally_count(&w->tally, FACT_SCAN_ERROR, TALLY_ALL);
    ck_assert_double_le(fabs((double)errors - 100.0) / sqrt(90.0), 4.0);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

/* A shelf that vanished is refilled when it is counted, and never without. */
START_TEST(reviews_go_by_the_record)
{
    omo_accuracy_options o = omo_accuracy_defaults();
    omo_model *m = build_model(20.0);
    omo_stocking_options stocking = omo_stocking_defaults();
    omo_segment_options segment = build_segment(0.0);
    omo_channel_options channel = build_channel("walk_in", NULL);

    if (_i == 1) {
        o.count_every_us = BUILD_DAY;
        o.count_at_us = 5 * BUILD_DAY;
    }
    build_sku(m);
    omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, 1), 0.0, 10);
    build_supplied(m, build_add_place(m, &place), build_constant((double)BUILD_DAY));
    stocking.policy = "min_max";
    stocking.level_low = 5;
    stocking.level_high = 10;
    ck_assert_int_eq(omo_model_set_stocking(m, OMO_PLACE_STORE, &stocking, NULL), OMO_OK);
    build_zone(m, 0.0, 0);
    build_add_segment(m, &segment, build_add_channel(m, &channel));
    ck_assert_int_eq(omo_model_set_accuracy(m, &o, NULL), OMO_OK);
    build_seal(m);
    omo_world *w = omo_world_new(m, 1, 0, NULL);
    ck_assert_int_eq(omo_world_run(w, 1, NULL), OMO_OK);
    stock_vanish(&w->stock, 0, 0, 10);
    feed_line(&w->feed, FACT_SHRUNK, world_about(0, 0, OMO_FACT_NO_CHANNEL), 0, 10, 0);
    ck_assert_int_eq(omo_world_run(w, INT64_MAX, NULL), OMO_OK);
    ck_assert_int_eq(stock_here(&w->stock, 0), _i == 1 ? 10 : 0);
    ck_assert_int_eq(w->stock.available[0], 10);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

START_TEST(suspects_are_counted_only)
{
    omo_accuracy_options o = omo_accuracy_defaults();
    struct build_facts facts;

    o.shrink_units = 5.0;
    o.count_every_us = 10 * BUILD_DAY;
    o.count_cents = 7;
    o.count_suspects = _i == 1;
    omo_model *m = build_model(20.0);
    omo_segment_options segment = build_segment(50.0); /* the first product alone is sold */
    omo_channel_options channel = build_channel("walk_in", NULL);
    segment.sku_count = 1;
    for (int i = 0; i < 10; i++)
        build_sku(m);
    omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, 10), 0.0, 5000);
    build_add_place(m, &place);
    build_zone(m, 0.0, 0);
    build_add_segment(m, &segment, build_add_channel(m, &channel));
    ck_assert_int_eq(omo_model_set_accuracy(m, &o, NULL), OMO_OK);
    build_seal(m);
    build_run(m, 1, 0, &facts);
    /* Two rounds of ten; the first product is a suspect only at midnight of day 0. */
    ck_assert_uint_eq(build_units(&facts, "COUNTED"), _i == 1 ? 19 : 20);
    build_facts_free(&facts);
    omo_model_free(m);
}
END_TEST

START_TEST(bad_options)
{
    static const char *const text[] = {"0 to 1,000,000", "can't be above 1", "once an hour"};
    omo_accuracy_options o = omo_accuracy_defaults();
    omo_model *m = omo_model_new();
    omo_error error;

    if (_i == 0)
        o.shrink_units = NAN;
    else if (_i == 1)
        o.scan_error_ppm = OMO_PPM + 1;
    else
        o.count_every_us = 1;
    ck_assert_int_eq(omo_model_set_accuracy(m, &o, &error), OMO_EINVAL);
    ck_assert_msg(strstr(error.text, text[_i]) != NULL, "%s", error.text);
    omo_model_free(m);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stock_count");
    TCase *tcase = tcase_create("stock_count");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, half_a_period_is_missing, 0, 3);
    tcase_add_test(tcase, what_vanishes_is_poisson);
    tcase_add_loop_test(tcase, what_is_wanted_vanishes, 0, 2);
    tcase_add_test(tcase, smart_shelves_are_right);
    tcase_add_test(tcase, a_walk_in_meets_the_shelf);
    tcase_add_test(tcase, the_picker_finds_half_and_the_other_shop_has_the_rest);
    tcase_add_test(tcase, the_picker_finds_half_and_the_rest_is_cancelled);
    tcase_add_test(tcase, nothing_is_there);
    tcase_add_test(tcase, the_record_after_that);
    tcase_add_test(tcase, scan_errors_cancel_out);
    tcase_add_loop_test(tcase, reviews_go_by_the_record, 0, 2);
    tcase_add_loop_test(tcase, suspects_are_counted_only, 0, 2);
    tcase_add_loop_test(tcase, bad_options, 0, 3);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
