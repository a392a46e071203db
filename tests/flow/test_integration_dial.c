/* The integration dial: what real time, siloed and stale stock must do, on the same customers. */
#include "flow/build.h"

#include <math.h>

#define DIAL_DAYS 10.0

/* Two shops with scarce stock, a warehouse, walk-ins and app users. */
static omo_model *dial_model(const omo_integration_options *integration)
{
    omo_model *m = build_model(DIAL_DAYS);
    omo_channel_options walk_in = build_channel("walk_in", NULL),
                        app = build_channel("app", "pickup");
    omo_segment_options segment = build_segment(200.0);

    for (uint32_t i = 0; i < 10; i++)
        build_sku(m);
    omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, 10), 0.0, 60);
    build_integration(m, integration);
    for (uint32_t i = 0; i < 2; i++) {
        place.lon = 4.0 * i;
        build_supplied(m, build_add_place(m, &place), build_constant((double)OMO_US_PER_DAY));
        build_zone(m, 4.0 * i, 0);
    }
    segment.lines = (omo_law){.kind = OMO_LAW_GEOMETRIC, .a = 2.0};
    build_add_segment(m, &segment, build_add_channel(m, &walk_in));
    build_add_segment(m, &segment, build_add_channel(m, &app));
    build_seal(m);
    return m;
}

static omo_integration_options dial(omo_integration_kind inventory, int64_t lag_us)
{
    omo_integration_options o = omo_integration_defaults();

    o.inventory = inventory;
    o.sync_lag_us = lag_us;
    o.oversold = OMO_OVERSOLD_CANCEL;
    return o;
}

/* Mean number of oversold units over some replications. */
static double dial_oversold(const omo_integration_options *integration, uint32_t replications)
{
    omo_model *m = dial_model(integration);
    uint64_t units = 0;

    for (uint32_t r = 0; r < replications; r++) {
        struct build_facts f;
        build_run(m, 1, r, &f);
        units += build_units(&f, "OVERSOLD");
        ck_assert_uint_gt(build_units(&f, "LOST"), 0);
        build_facts_free(&f);
    }
    omo_model_free(m);
    return (double)units / replications;
}

START_TEST(real_time_never_oversells)
{
    omo_integration_options o = dial(OMO_MERGED, 0);

    ck_assert_double_eq(dial_oversold(&o, 5), 0.0);
    o.sync = OMO_SYNC_PERIODIC;
    o.buffer = 2;
    ck_assert_double_eq(dial_oversold(&o, 5), 0.0);
}
END_TEST

START_TEST(siloed_never_oversells)
{
    static const int64_t lag_h[] = {0, 1, 30};

    for (uint32_t i = 0; i < 3; i++) {
        omo_integration_options o = dial(OMO_SILOED, lag_h[i] * OMO_US_PER_HOUR);
        ck_assert_double_eq(dial_oversold(&o, 3), 0.0);
    }
}
END_TEST

START_TEST(older_views_oversell_more)
{
    static const int64_t lag_min[] = {0, 5, 60, 720};
    double before = -1.0;

    for (uint32_t i = 0; i < 4; i++) {
        omo_integration_options o = dial(OMO_MERGED, lag_min[i] * OMO_US_PER_MINUTE);
        double oversold = dial_oversold(&o, 10);
        ck_assert_double_gt(oversold, before);
        before = oversold;
    }
    omo_integration_options buffered = dial(OMO_MERGED, 60 * OMO_US_PER_MINUTE);
    double bare = dial_oversold(&buffered, 10);
    buffered.buffer = 3;
    ck_assert_double_lt(dial_oversold(&buffered, 10), bare);
}
END_TEST

/* The fence is all or nothing: who stands on the wrong side of it gets nothing. */
START_TEST(walk_ins_never_take_fenced_units)
{
    static const uint32_t share_ppm[] = {0, OMO_PPM};

    for (uint32_t i = 0; i < 2; i++) {
        omo_integration_options o = dial(OMO_SILOED, 0);
        o.online_share_ppm = share_ppm[i];
        omo_model *m = dial_model(&o);
        struct build_facts f;
        uint32_t reserved = build_fact_kind("RESERVED");
        uint64_t units[2] = {0};
        build_run(m, 1, 0, &f);
        /* Until the first receipt all stock is on one side. */
        for (size_t k = 0; k < f.count && f.fact[k].at_us < OMO_US_PER_DAY; k++)
            if (omo_fact_kind(&f.fact[k]) == reserved)
                units[omo_fact_channel(&f.fact[k])] += omo_fact_quantity(&f.fact[k]);
        ck_assert_uint_eq(units[share_ppm[i] == OMO_PPM ? 0 : 1], 0);
        ck_assert_uint_gt(units[share_ppm[i] == OMO_PPM ? 1 : 0], 0);
        build_facts_free(&f);
        omo_model_free(m);
    }
}
END_TEST

START_TEST(every_arm_begins_with_the_same_stock)
{
    const omo_integration_options arm[] = {dial(OMO_MERGED, 0), dial(OMO_MERGED, OMO_US_PER_DAY),
                                           dial(OMO_SILOED, 0)};
    uint64_t opening = 0;

    for (uint32_t i = 0; i < 3; i++) {
        omo_model *m = dial_model(&arm[i]);
        struct build_facts f;
        build_run(m, 1, 0, &f);
        if (i == 0)
            opening = build_units(&f, "OPENING");
        ck_assert_uint_eq(opening, 2 * 10 * 60);
        ck_assert_uint_eq(build_units(&f, "OPENING"), opening);
        build_facts_free(&f);
        omo_model_free(m);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("integration_dial");
    TCase *tcase = tcase_create("integration_dial");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, real_time_never_oversells);
    tcase_add_test(tcase, siloed_never_oversells);
    tcase_add_test(tcase, older_views_oversell_more);
    tcase_add_test(tcase, walk_ins_never_take_fenced_units);
    tcase_add_test(tcase, every_arm_begins_with_the_same_stock);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
