/* Stock can be asked for: before a world runs it is what the world opens with, later what stands
 * there. What else a back end is seeded with can be read from the model. */
#include "flow/build.h"
#include "flow/chain.h"

#include "flow/world.h"

/* Units of a place, and that its SKUs rise. */
static int64_t units(const omo_world *w, uint32_t place, omo_sku *sku, int32_t *unit)
{
    const uint32_t count = omo_world_stock(w, place, sku, unit);
    int64_t sum = 0;

    ck_assert_uint_eq(count, omo_model_place_position_count(w->model, place));
    for (uint32_t i = 0; i < count; i++) {
        ck_assert(i == 0 || sku[i].index > sku[i - 1].index);
        ck_assert_int_ge(unit[i], 0);
        sum += unit[i];
    }
    return sum;
}

START_TEST(opening)
{
    struct chain chain = chain_new(CHAIN_SILOED);
    struct build_facts f = {.count = 0};
    omo_sku sku[CHAIN_SKUS];
    int32_t unit[CHAIN_SKUS];
    int64_t before[4];
    uint32_t facts = 0, some = 0;

    chain.store.opening = 9;
    chain.store.opening_share_ppm = 500000;
    omo_model *m = chain_model(&chain);
    omo_world *w = omo_world_new(m, 3, 1, NULL), *other = omo_world_new(m, 4, 1, NULL);
    omo_world_set_reader(w, build_facts_read, &f);
    ck_assert_uint_eq(omo_model_place_count(m), 4);
    for (uint32_t i = 0; i < 4; i++)
        before[i] = units(w, i, sku, unit);
    ck_assert_int_eq(before[2], 4000 * CHAIN_SKUS);
    ck_assert_int_eq(before[3], 0); /* the supplier */
    /* Another seed opens with other positions. */
    ck_assert(units(other, 0, sku, unit) != before[0] || units(other, 1, sku, unit) != before[1]);
    ck_assert_int_eq(omo_world_run(w, 1, NULL), OMO_OK);
    for (size_t i = 0; i < f.count; i++) {
        if (omo_fact_kind(&f.fact[i]) != build_fact_kind("OPENING"))
            continue;
        ck_assert_int_eq(omo_fact_quantity(&f.fact[i]), before[f.fact[i].place]);
        facts++;
    }
    ck_assert_uint_ge(facts, 3);
    for (uint32_t i = 0; i < 4; i++)
        ck_assert_int_eq(units(w, i, sku, unit), before[i]);
    for (uint32_t i = 0; i < CHAIN_SKUS; i++)
        some += (omo_world_stock(w, 0, sku, unit), unit[i] != 0);
    ck_assert_uint_gt(some, 0);
    ck_assert_uint_lt(some, CHAIN_SKUS);
    build_facts_free(&f);
    omo_world_free(w);
    omo_world_free(other);
    omo_model_free(m);
}
END_TEST

/* On hand is what is free and what is promised, of both pools. */
START_TEST(later)
{
    const struct chain chain = chain_new((enum chain_kind)_i);
    omo_model *m = chain_model(&chain);
    omo_world *w = omo_world_new(m, 3, 1, NULL);
    omo_sku sku[CHAIN_SKUS];
    int32_t unit[CHAIN_SKUS];

    ck_assert_int_eq(omo_world_run(w, 5 * BUILD_DAY + 11 * BUILD_HOUR, NULL), OMO_OK);
    for (uint32_t place = 0; place < 3; place++) {
        const struct place *p = &m->network.place[place];
        const int64_t sum = units(w, place, sku, unit);
        int64_t expected = 0;
        for (size_t i = p->position_first; i < p->position_first + CHAIN_SKUS; i++)
            expected += stock_free(&w->stock, i) + w->stock.reserved[i];
        ck_assert_int_eq(sum, expected);
    }
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

START_TEST(of_the_model)
{
    struct chain chain = chain_new(CHAIN_DELAYED);
    omo_promotion_options coupon;

    chain.promotion[0].id = "sunday";
    chain.promotion[0].budget = 7;
    chain.zone.member_count = 41;
    omo_model *m = chain_model(&chain);
    ck_assert_int_eq(omo_model_sku_price_cents(m, 0), chain.sku.price_cents);
    ck_assert_uint_eq(omo_model_place_capabilities(m, 0), chain.store.capabilities);
    ck_assert_uint_eq(omo_model_place_position_count(m, 0), CHAIN_SKUS);
    ck_assert_uint_eq(omo_model_place_position_count(m, 3), 0);
    ck_assert_uint_eq(omo_model_member_count(m), 41);
    ck_assert_uint_eq(omo_model_zone_member_count(m, 0), 41);
    ck_assert_str_eq(omo_model_zone_id(m, 0), chain.zone.id != NULL ? chain.zone.id : "");
    ck_assert_uint_eq(omo_model_promotion_count(m), 2);
    omo_model_promotion(m, 0, &coupon);
    ck_assert_str_eq(coupon.id, "sunday");
    ck_assert_str_eq(coupon.kind, "coupon");
    ck_assert_uint_eq(coupon.budget, 7);
    ck_assert_uint_eq(coupon.per_member, 3);
    ck_assert_int_eq(coupon.amount_cents, 200);
    omo_model_promotion(m, 1, &coupon);
    ck_assert_str_eq(coupon.id, "");
    ck_assert_str_eq(coupon.kind, "percent_off");
    ck_assert_uint_eq(coupon.share_ppm, 50000);
    omo_model_free(m);
}
END_TEST

/* ---- budget of a coupon ---------------------------------------------------------------------- */

struct budget_run {
    size_t claimed, redeemed, turned_down;
    uint64_t digest;
};

static struct budget_run budget_run(uint32_t budget)
{
    struct chain chain = chain_new(CHAIN_DELAYED);
    struct build_facts f = {.count = 0};
    struct budget_run r;

    chain.promotion[0].budget = budget;
    omo_model *m = chain_model(&chain);
    r.digest = build_run(m, 3, 1, &f);
    r.claimed = build_count(&f, "CLAIMED");
    r.redeemed = build_count(&f, "REDEEMED");
    r.turned_down = build_count(&f, "TURNED_DOWN");
    build_facts_free(&f);
    omo_model_free(m);
    return r;
}

START_TEST(budget)
{
    const struct budget_run none = budget_run(0);

    ck_assert_uint_gt(none.redeemed, 20);
    ck_assert_uint_eq(none.turned_down, 0);
    /* The last one that the budget pays for is paid; one less is one less. */
    const struct budget_run just = budget_run((uint32_t)none.redeemed);
    ck_assert_uint_eq(just.digest, none.digest);
    const struct budget_run less = budget_run((uint32_t)none.redeemed - 1);
    ck_assert_uint_eq(less.redeemed, none.redeemed - 1);
    ck_assert_uint_ne(less.digest, none.digest);
    const struct budget_run few = budget_run(5);
    ck_assert_uint_eq(few.redeemed, 5);
    /* Claims go on, and are shown in vain again and again: they are kept. */
    ck_assert_uint_gt(few.claimed, 20);
    ck_assert_uint_gt(few.turned_down, few.claimed - few.redeemed);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("world_stock");
    TCase *tc = tcase_create("world_stock");

    tcase_add_test(tc, opening);
    tcase_add_loop_test(tc, later, 0, CHAIN_KIND_COUNT);
    tcase_add_test(tc, of_the_model);
    tcase_add_test(tc, budget);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
