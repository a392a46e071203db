/* Between two midnights nothing is allocated, and a world that reaches its limit of memory says
 * where. */
#define _GNU_SOURCE
#include "conformance/noalloc.h"

#include "flow/build.h"

/* Runs from just after each midnight, and its review, to just before the next; counts what is
 * allocated between. */
static uint64_t noalloc_run(const omo_model *m, uint64_t seed)
{
    omo_world *w = omo_world_new(m, seed, 0, NULL);
    uint64_t found = 0;

    ck_assert_ptr_nonnull(w);
    for (int64_t day = 0; !omo_world_finished(w); day++) {
        /* Past midnight, and past a review at midnight. */
        ck_assert_int_eq(omo_world_run(w, day * OMO_US_PER_DAY + 2, NULL), OMO_OK);
        unsigned long before = calls;
        omo_status status = omo_world_run(w, (day + 1) * OMO_US_PER_DAY - 1, NULL);
        found += calls - before;
        ck_assert_int_eq(status, OMO_OK);
    }
    omo_world_free(w);
    return found;
}

/* A busy shop whose every sale is ordered again at once, with pickers, tills and backorders. */
static omo_model *busy_model(int64_t review_us, uint64_t memory_max)
{
    omo_model *m = build_model(6.0);
    omo_run_options run = omo_run_defaults();
    omo_channel_options walk_in = build_channel("walk_in", NULL),
                        app = omo_channel_defaults("app", "pickup");
    omo_segment_options segment = build_segment(3000.0);
    omo_stocking_options stocking = omo_stocking_defaults();
    omo_integration_options integration = omo_integration_defaults();

    run.geometry = OMO_GEOMETRY_PLANE;
    run.horizon_us = 6 * OMO_US_PER_DAY;
    run.memory_max = memory_max;
    ck_assert_int_eq(omo_model_set_run(m, &run, NULL), OMO_OK);
    for (uint32_t i = 0; i < 20; i++)
        build_sku(m);
    omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, 20), 0.0, 100);
    for (uint32_t role = 0; role < OMO_ROLE_COUNT; role++)
        place.station[role] =
            (omo_role_options){2, build_exponential(40.0 * (double)OMO_US_PER_SECOND)};
    integration.sync_lag_us = 10 * OMO_US_PER_HOUR;
    build_integration(m, &integration);
    stocking.review_us = review_us;
    ck_assert_int_eq(omo_model_set_stocking(m, OMO_PLACE_STORE, &stocking, NULL), OMO_OK);
    ck_assert_int_eq(omo_model_set_shortage(m, OMO_SHORTAGE_BACKORDER, NULL), OMO_OK);
    build_supplied(m, build_add_place(m, &place), build_exponential((double)OMO_US_PER_DAY));
    build_zone(m, 0.0, 0);
    segment.lines = (omo_law){.kind = OMO_LAW_GEOMETRIC, .a = 3.0};
    build_add_segment(m, &segment, build_add_channel(m, &walk_in));
    build_add_segment(m, &segment, build_add_channel(m, &app));
    build_seal(m);
    return m;
}

START_TEST(nothing_between_midnights)
{
    static const int64_t review_us[] = {0, OMO_US_PER_DAY};

    ck_assert(calls > 0 || !NOALLOC_COUNTS); /* the counter counts */
    for (uint32_t i = 0; i < 2; i++) {
        omo_model *m = busy_model(review_us[i], 0);
        ck_assert_uint_eq(noalloc_run(m, 1), 0);
        omo_model_free(m);
    }
}
END_TEST

/* Halving the limit until the world stops: it does so with a name, not with a crash. */
START_TEST(memory_max_names_the_pool)
{
    static const char *const name[] = {"orders in flight", "visits a day",
                                       "pending events",   "backorders",
                                       "shipments",        "shipment lines",
                                       "run.memory_max",   "on their way to a view"};
    bool stopped_new = false, stopped_run = false;

    for (uint64_t max = UINT64_C(1) << 31; max > 4096; max -= max / 4) {
        omo_model *m = busy_model(0, max);
        omo_error error = {0};
        omo_world *w = omo_world_new(m, 1, 0, &error);
        bool named = false;
        omo_status status = w != NULL ? omo_world_run(w, INT64_MAX, &error) : OMO_ELIMIT;
        stopped_new = stopped_new || w == NULL;
        stopped_run = stopped_run || (w != NULL && status != OMO_OK);
        for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++)
            named = named || strstr(error.text, name[i]) != NULL;
        if (status != OMO_OK) {
            ck_assert_int_eq(status, OMO_ELIMIT);
            ck_assert_int_eq(error.status, OMO_ELIMIT);
            ck_assert_msg(named && strstr(error.text, "run.memory_max") != NULL, "%s", error.text);
        } else {
            ck_assert_uint_le(omo_world_size(w), max);
        }
        omo_world_free(w);
        omo_model_free(m);
    }
    ck_assert(stopped_new);
    ck_assert(stopped_run);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("noalloc");
    TCase *tcase = tcase_create("noalloc");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, nothing_between_midnights);
    tcase_add_test(tcase, memory_max_names_the_pool);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
