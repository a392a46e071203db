/* Common random numbers: two policies meet the same customers with the same wishes, and a new
 * neighbour changes nobody's. */
#include "flow/build.h"

/* Three places, orders of some lines; utilities don't depend on the policy. */
static omo_model *crn_model(const char *routing, int64_t lag_us, uint32_t zones)
{
    omo_model *m = build_model(5.0);
    omo_channel_options parcel = build_channel("web", "parcel"),
                        pickup = build_channel("app", "pickup");
    omo_segment_options segment = build_segment(60.0);
    omo_integration_options integration = omo_integration_defaults();
    omo_segment first;

    for (uint32_t i = 0; i < 12; i++)
        build_sku(m);
    omo_assortment all = build_assortment(m, 12), some = build_assortment(m, 6);
    integration.sync_lag_us = lag_us;
    build_integration(m, &integration);
    ck_assert_int_eq(omo_model_set_routing(m, routing, NULL), OMO_OK);
    omo_place_options near = build_place(OMO_PLACE_STORE, some, 1.0, 15);
    omo_place_options middle = build_place(OMO_PLACE_STORE, all, 3.0, 15);
    omo_place_options far = build_place(OMO_PLACE_WAREHOUSE, all, 9.0, 40);
    build_add_place(m, &near);
    build_add_place(m, &middle);
    build_add_place(m, &far);
    for (uint32_t i = 0; i < zones; i++)
        build_zone(m, 0.5 * i, 0);
    parcel.cost_parcel_cents = 500;
    segment.visits_each_zone = true;
    segment.lines = (omo_law){.kind = OMO_LAW_GEOMETRIC, .a = 3.0};
    segment.quantity = (omo_law){.kind = OMO_LAW_POISSON, .a = 1.5};
    first = build_add_segment(m, &segment, build_add_channel(m, &parcel));
    ck_assert_int_eq(omo_model_set_utility(m, first, (omo_channel){0}, 0.3, NULL), OMO_OK);
    omo_channel second = build_add_channel(m, &pickup);
    ck_assert_int_eq(omo_model_set_utility(m, first, second, -0.3, NULL), OMO_OK);
    build_seal(m);
    return m;
}

static bool is_wish(const omo_fact *f)
{
    return omo_fact_kind(f) == build_fact_kind("OPENED") ||
           omo_fact_kind(f) == build_fact_kind("LINE") ||
           omo_fact_kind(f) == build_fact_kind("LEFT");
}

/* Keeps visits and wishes alone. */
static void crn_wishes(struct build_facts *f)
{
    size_t kept = 0;

    for (size_t i = 0; i < f->count; i++)
        if (is_wish(&f->fact[i]))
            f->fact[kept++] = f->fact[i];
    f->count = kept;
}

static void crn_same(const char *policy, int64_t lag_us)
{
    omo_model *a = crn_model("nearest", 0, 2), *b = crn_model(policy, lag_us, 2);
    struct build_facts x, y;
    uint64_t one = build_run(a, 1, 0, &x), other = build_run(b, 1, 0, &y);

    ck_assert_uint_ne(one, other); /* they decided differently ... */
    crn_wishes(&x);
    crn_wishes(&y);
    ck_assert_uint_gt(x.count, 1000);
    ck_assert_uint_eq(x.count, y.count);
    ck_assert_mem_eq(x.fact, y.fact, x.count * sizeof(x.fact[0])); /* ... about the same wishes */
    build_facts_free(&x);
    build_facts_free(&y);
    omo_model_free(a);
    omo_model_free(b);
}

START_TEST(policies_meet_the_same_customers)
{
    crn_same("nearest_in_stock", 0);
    crn_same("cheapest", 0);
    crn_same("fewest_parcels", 0);
}
END_TEST

START_TEST(so_do_settings_of_the_dial) { crn_same("nearest", OMO_US_PER_HOUR * 6); }
END_TEST

/* The second zone is a second cell of the same segment: the first one's visits stay as they were,
 * to the microsecond. */
START_TEST(a_new_zone_changes_no_other)
{
    omo_model *one = crn_model("nearest", 0, 1), *two = crn_model("nearest", 0, 2);
    struct build_facts x, y;
    size_t k = 0;

    build_run(one, 1, 0, &x);
    build_run(two, 1, 0, &y);
    crn_wishes(&x);
    crn_wishes(&y);
    ck_assert_uint_gt(y.count, x.count);
    for (size_t i = 0; i < y.count; i++) {
        if (y.fact[i].order >> 44 != 0)
            continue;
        ck_assert_uint_lt(k, x.count);
        ck_assert_mem_eq(&x.fact[k++], &y.fact[i], sizeof(y.fact[i]));
    }
    ck_assert_uint_eq(k, x.count);
    build_facts_free(&x);
    build_facts_free(&y);
    omo_model_free(one);
    omo_model_free(two);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("crn");
    TCase *tcase = tcase_create("crn");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tcase, policies_meet_the_same_customers);
    tcase_add_test(tcase, so_do_settings_of_the_dial);
    tcase_add_test(tcase, a_new_zone_changes_no_other);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
