/* Who makes a visit can be asked at any time, and is the one who made it. */
#include "flow/build.h"
#include "flow/chain.h"

START_TEST(test_visitor)
{
    const struct chain chain = chain_new(CHAIN_DELAYED);
    omo_model *m = chain_model(&chain);
    omo_world *w = omo_world_new(m, 3, 1, NULL);
    struct build_facts f = {.count = 0};
    const uint32_t opened = build_fact_kind("OPENED"), line = build_fact_kind("LINE"),
                   claimed = build_fact_kind("CLAIMED");
    omo_visitor v = {.line_count = 0};
    uint64_t order = 0;
    uint32_t next = 0, visits = 0, members = 0;

    ck_assert_ptr_nonnull(w);
    omo_world_set_reader(w, build_facts_read, &f);
    ck_assert_int_eq(omo_world_run(w, INT64_MAX, NULL), OMO_OK);
    for (size_t i = 0; i < f.count; i++) {
        const omo_fact *fact = &f.fact[i];
        const uint32_t kind = omo_fact_kind(fact);
        if (kind == claimed) {
            ck_assert(omo_world_visitor(w, fact->order, &v));
            ck_assert_uint_ne(v.member, UINT32_MAX);
            members++;
        }
        /* Who goes on to another shop wants what the first one lacked. */
        if (kind == opened && fact->order >> 62 == 0) {
            ck_assert(omo_world_visitor(w, fact->order, &v));
            ck_assert_uint_eq(v.line_count, omo_fact_quantity(fact));
            order = fact->order;
            next = 0;
            visits++;
        }
        if (kind != line || fact->order != order) /* the order of what a shop lacked is shorter */
            continue;
        ck_assert_uint_eq(v.sku[next], omo_fact_sku(fact));
        ck_assert_uint_eq(v.quantity[next], omo_fact_quantity(fact));
        ck_assert_int_eq(v.cents[next], omo_fact_line_cents(fact));
        next++;
    }
    ck_assert_uint_gt(visits, 200);
    ck_assert_uint_gt(members, 20);
    /* The second order of a visit has the same visitor; a cell that is not there has none. */
    omo_visitor again;
    ck_assert(omo_world_visitor(w, order | UINT64_C(1) << 63, &again));
    ck_assert(omo_world_visitor(w, order, &v));
    ck_assert_uint_eq(again.member, v.member);
    ck_assert_uint_eq(again.sku[0], v.sku[0]);
    ck_assert(!omo_world_visitor(w, UINT64_C(1) << 60, &again));
    build_facts_free(&f);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

START_TEST(test_names)
{
    omo_model *m = build_model(2);
    omo_sku_options sku = omo_sku_defaults();
    omo_zone zone = build_zone(m, 0, 10);
    const omo_channel_options walk_in = build_channel("walk_in", NULL),
                              parcel = build_channel("web", "parcel");

    (void)zone;
    sku.id = "milk";
    sku.price_cents = 500;
    ck_assert_int_eq(omo_model_add_sku(m, &sku, NULL, NULL), OMO_OK);
    sku.id = NULL;
    ck_assert_int_eq(omo_model_add_sku(m, &sku, NULL, NULL), OMO_OK);
    const omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, 2), 0, 10);
    build_add_place(m, &place);
    build_add_channel(m, &walk_in);
    const omo_channel second = build_add_channel(m, &parcel);
    const omo_segment_options segment = build_segment(10);
    build_add_segment(m, &segment, second);
    build_seal(m);
    ck_assert_str_eq(omo_model_sku_id(m, 0), "milk");
    ck_assert_str_eq(omo_model_sku_id(m, 1), "");
    ck_assert_str_eq(omo_registry_name(OMO_REGISTRY_CHANNEL, omo_model_channel_kind(m, 1)), "web");
    ck_assert(!omo_model_segment_offers(m, 0, 0));
    ck_assert(omo_model_segment_offers(m, 0, 1));
    ck_assert_int_eq(omo_model_warm_up_us(m), 0);
    omo_model_free(m);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("visitor");
    TCase *tc = tcase_create("visitor");
    SRunner *runner;

    tcase_add_test(tc, test_visitor);
    tcase_add_test(tc, test_names);
    suite_add_tcase(suite, tc);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
