/* Orders under a dial that is not turned to the end: unpaid, rejected, keyed in by hand, at a price
 * that is not the till's; promotions and coupons that one side has not heard of. */
#include "flow/build.h"

#include <math.h>

#define MINUTES(n) build_constant((double)(n) * (double)OMO_US_PER_MINUTE)

struct shop { /* one shop with plenty of one product, and what a test changes */
    omo_integration_options integration;
    omo_price_options prices;
    omo_channel_options app;
    omo_place_options place;
    bool second_shop;
};

static struct shop shop_new(void)
{
    struct shop s = {.integration = omo_integration_defaults(),
                     .prices = omo_price_defaults(),
                     .app = build_channel("app", "pickup")};

    s.place = build_place(OMO_PLACE_STORE, (omo_assortment){0}, 0.0, 100000);
    return s;
}

/* Runs it with 200 app orders a day. */
static void shop_run(struct shop *s, struct build_facts *ret_facts)
{
    omo_model *m = build_model(3.0);
    omo_segment_options segment = build_segment(200.0);

    build_sku(m);
    s->place.assortment = build_assortment(m, 1);
    build_integration(m, &s->integration);
    ck_assert_int_eq(omo_model_set_prices(m, &s->prices, NULL), OMO_OK);
    build_add_place(m, &s->place);
    if (s->second_shop) {
        omo_place_options other = s->place;
        other.lon = 1.0;
        other.acceptance_own = false;
        build_add_place(m, &other);
    }
    build_zone(m, 0.0, 0);
    build_add_segment(m, &segment, build_add_channel(m, &s->app));
    build_seal(m);
    build_run(m, 7, 0, ret_facts);
    omo_model_free(m);
}

START_TEST(what_is_not_paid_goes_back)
{
    struct shop s = shop_new();
    struct build_facts f;

    s.app.pay_time = MINUTES(5);
    s.app.pay_fail_ppm = OMO_PPM / 2;
    shop_run(&s, &f);
    uint64_t ended = build_units(&f, "HOLD_PAID") + build_units(&f, "HOLD_RELEASED");
    ck_assert_uint_le(ended, build_units(&f, "HELD"));
    ck_assert_uint_ge(ended + 5, build_units(&f, "HELD")); /* but for the last minutes */
    ck_assert_uint_eq(build_units(&f, "HOLD_PAID"), build_units(&f, "RESERVED"));
    ck_assert_uint_eq(build_count(&f, "PAYMENT_FAILED"), build_units(&f, "HOLD_RELEASED"));
    ck_assert_uint_gt(build_count(&f, "PAYMENT_FAILED"), 200);
    ck_assert_uint_gt(build_count(&f, "PLACED"), 200);
    ck_assert_uint_eq(build_count(&f, "HOLD_EXPIRED"), 0);
    build_facts_free(&f);
}
END_TEST

START_TEST(a_hold_runs_out)
{
    struct shop s = shop_new();
    struct build_facts f;

    s.app.pay_time = MINUTES(5);
    s.app.hold_us = 4 * OMO_US_PER_MINUTE;
    shop_run(&s, &f);
    ck_assert_uint_eq(build_count(&f, "PLACED"), 0);
    ck_assert_uint_eq(build_count(&f, "HOLD_EXPIRED"), build_units(&f, "HOLD_RELEASED"));
    ck_assert_str_eq(
        build_story(&f, 0),
        "OPENED 1 10.00\nLINE 1 sku0 10.00\nHELD@0 1 sku0 10.00\nHOLD_EXPIRED 1 10.00\n"
        "HOLD_RELEASED@0 1 sku0 10.00\n");
    build_facts_free(&f);
}
END_TEST

/* Everything is rejected once, and then has to be taken; without another shop it is cancelled. */
START_TEST(the_next_one_has_to_take_it)
{
    struct shop s = shop_new();
    struct build_facts f;

    s.integration.acceptance = true;
    s.integration.acceptance_base = -600.0;
    s.integration.reject_max = 1;
    s.second_shop = true;
    shop_run(&s, &f);
    ck_assert_uint_eq(build_count(&f, "REJECTED"), build_count(&f, "PLACED"));
    ck_assert_uint_eq(build_count(&f, "ACCEPTED"), build_count(&f, "PLACED"));
    ck_assert_uint_eq(build_units(&f, "REROUTED"), build_units(&f, "PLACED"));
    ck_assert_uint_eq(build_count(&f, "OVERSOLD"), 0);
    ck_assert_uint_eq(build_count(&f, "CANCELLED"), 0);
    build_facts_free(&f);
    s.second_shop = false;
    shop_run(&s, &f);
    ck_assert_uint_eq(build_units(&f, "CANCELLED"), build_units(&f, "PLACED"));
    ck_assert_uint_eq(build_count(&f, "FAILED"), build_count(&f, "PLACED"));
    build_facts_free(&f);
}
END_TEST

/* A place's own inclination; what is oversold is cancelled, what is rejected looks elsewhere. */
START_TEST(a_place_of_its_own_mind)
{
    struct shop s = shop_new();
    struct build_facts f;

    s.integration.acceptance = true;
    s.integration.acceptance_base = 600.0;
    s.integration.oversold = OMO_OVERSOLD_CANCEL;
    s.place.acceptance_own = true;
    s.place.acceptance_base = -600.0;
    s.second_shop = true;
    shop_run(&s, &f);
    ck_assert_uint_eq(build_count(&f, "REJECTED"), build_count(&f, "PLACED"));
    ck_assert_uint_eq(build_units(&f, "REROUTED"), build_units(&f, "PLACED"));
    build_facts_free(&f);
}
END_TEST

START_TEST(what_is_keyed_in_wrongly_is_refunded)
{
    struct shop s = shop_new();
    struct build_facts f;
    int64_t placed = 0, refunded = 0, goods = 0;

    s.integration.orders = OMO_SILOED;
    s.integration.entry_time = MINUTES(6);
    s.integration.entry_error_ppm = OMO_PPM;
    s.integration.entry_error_cents = 300;
    shop_run(&s, &f);
    ck_assert_str_eq(build_story(&f, 0),
                     "OPENED 1 10.00\nLINE 1 sku0 10.00\nPLACED 1 10.00\nRESERVED@0 1 sku0 10.00\n"
                     "GOODS 0 6.00\nROUTED@0 1 0km\nCOMPLETE_NEAR@0 1\nENTERED@0 1 6min\n"
                     "ENTRY_ERROR@0 1 sku0 10.00\nGOODS_BACK@0 1 6.00\nREFUNDED@0 1 10.00\n"
                     "PENALTY@0 0 3.00\nCLOSED 0 6min\n");
    for (size_t i = 0; i < f.count; i++) {
        uint32_t kind = omo_fact_kind(&f.fact[i]);
        placed += kind == build_fact_kind("PLACED") ? f.fact[i].amount : 0;
        refunded += kind == build_fact_kind("REFUNDED") ? f.fact[i].amount : 0;
        goods += kind == build_fact_kind("GOODS") ? f.fact[i].amount : 0;
        goods -= kind == build_fact_kind("GOODS_BACK") ? f.fact[i].amount : 0;
    }
    ck_assert_int_le(placed - refunded, 10 * 1000); /* but for the last minutes */
    ck_assert_int_le(goods, 10 * 600);
    build_facts_free(&f);
}
END_TEST

/* The picker keys in and picks; nobody is asked twice at a time. */
START_TEST(pickers_key_in)
{
    struct shop s = shop_new();
    struct build_facts f;

    s.integration.orders = OMO_SILOED;
    s.integration.entry_time = MINUTES(2);
    s.place.station[OMO_ROLE_PICKER] = (omo_role_options){1, MINUTES(1)};
    shop_run(&s, &f);
    ck_assert_uint_ge(build_count(&f, "PICK_START") + 3, build_count(&f, "ENTERED"));
    int64_t free_us = 0;
    for (size_t i = 0; i < f.count; i++) {
        if (omo_fact_kind(&f.fact[i]) != build_fact_kind("ENTERED") &&
            omo_fact_kind(&f.fact[i]) != build_fact_kind("PICKED"))
            continue;
        bool entered = omo_fact_kind(&f.fact[i]) == build_fact_kind("ENTERED");
        ck_assert_int_ge(f.fact[i].at_us - free_us, (entered ? 2 : 1) * OMO_US_PER_MINUTE);
        free_us = f.fact[i].at_us;
    }
    build_facts_free(&f);
}
END_TEST

/* Dearer at the till: honoured, or the customer leaves; merged, nobody notices. */
START_TEST(the_price_shown)
{
    struct shop s = shop_new();
    struct build_facts f;

    s.prices = (omo_price_options){.size = sizeof(s.prices),
                                   .every_us = BUILD_DAY,
                                   .share_ppm = OMO_PPM,
                                   .factor = build_constant(1.5)};
    s.integration.prices = OMO_SILOED;
    shop_run(&s, &f);
    ck_assert_uint_eq(build_count(&f, "PRICE_MISMATCH"), build_count(&f, "PLACED"));
    ck_assert_str_eq(build_story(&f, 0),
                     "OPENED 1 10.00\nLINE 1 sku0 10.00\nPRICE_MISMATCH 1 5.00\nPLACED 1 10.00\n"
                     "RESERVED@0 1 sku0 10.00\nGOODS 0 6.00\nROUTED@0 1 0km\nCOMPLETE_NEAR@0 1\n"
                     "PICKED@0 1 0min\nREADY@0 1 0min\nCOLLECTED@0 1 0min\nCLOSED 1 0min\n");
    build_facts_free(&f);
    s.integration.mismatch = OMO_MISMATCH_CHARGE;
    s.integration.mismatch_leave_ppm = OMO_PPM;
    shop_run(&s, &f);
    ck_assert_uint_eq(build_count(&f, "PLACED"), 0);
    ck_assert_uint_eq(build_count(&f, "WALKED"), build_count(&f, "OPENED"));
    build_facts_free(&f);
    s.integration.prices = OMO_MERGED;
    shop_run(&s, &f);
    ck_assert_uint_eq(build_count(&f, "PRICE_MISMATCH"), 0);
    ck_assert_uint_eq(build_count(&f, "WALKED"), 0);
    ck_assert_uint_gt(build_count(&f, "PLACED"), 0);
    build_facts_free(&f);
}
END_TEST

/* A promotion made for the shops, from the second day on, as an app sees it half a day later. */
static uint64_t shop_discounts(omo_integration_kind promotions, omo_home home, int64_t *ret_first)
{
    omo_model *m = build_model(3.0);
    omo_segment_options segment = build_segment(400.0);
    omo_promotion_options o = omo_promotion_defaults("percent_off");
    omo_integration_options i = omo_integration_defaults();
    omo_channel_options app = build_channel("app", "pickup");
    struct build_facts f;

    build_sku(m);
    omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, 1), 0.0, 100000);
    i.promotions = promotions;
    i.own_sync[OMO_DATA_PROMOTIONS] = (omo_sync_options){true, OMO_SYNC_DELAYED, BUILD_DAY / 2, 0};
    build_integration(m, &i);
    build_add_place(m, &place);
    build_zone(m, 0.0, 0);
    build_add_segment(m, &segment, build_add_channel(m, &app));
    o.share_ppm = 100000;
    o.home = home;
    o.from_us = BUILD_DAY;
    ck_assert_int_eq(omo_model_add_promotion(m, &o, NULL), OMO_OK);
    build_seal(m);
    build_run(m, 7, 0, &f);
    *ret_first = 0;
    for (size_t k = f.count; k-- > 0;)
        if (omo_fact_kind(&f.fact[k]) == build_fact_kind("DISCOUNT"))
            *ret_first = f.fact[k].at_us;
    uint64_t count = build_count(&f, "DISCOUNT");
    build_facts_free(&f);
    omo_model_free(m);
    return count;
}

START_TEST(a_promotion_has_a_home)
{
    int64_t first_us;

    ck_assert_uint_gt(shop_discounts(OMO_MERGED, OMO_HOME_ONLINE, &first_us), 600);
    ck_assert_int_lt(first_us, BUILD_DAY + BUILD_HOUR);
    ck_assert_uint_gt(shop_discounts(OMO_MERGED, OMO_HOME_STORE, &first_us), 400);
    ck_assert_int_ge(first_us, BUILD_DAY + BUILD_DAY / 2);
    ck_assert_uint_eq(shop_discounts(OMO_SILOED, OMO_HOME_STORE, &first_us), 0);
    ck_assert_uint_gt(shop_discounts(OMO_SILOED, OMO_HOME_ALL, &first_us), 600);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dial_orders");
    TCase *tcase = tcase_create("dial_orders");

    tcase_add_test(tcase, what_is_not_paid_goes_back);
    tcase_add_test(tcase, a_hold_runs_out);
    tcase_add_test(tcase, the_next_one_has_to_take_it);
    tcase_add_test(tcase, a_place_of_its_own_mind);
    tcase_add_test(tcase, what_is_keyed_in_wrongly_is_refunded);
    tcase_add_test(tcase, pickers_key_in);
    tcase_add_test(tcase, the_price_shown);
    tcase_add_test(tcase, a_promotion_has_a_home);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
