/* What customers do when the shelf is empty, the queue long, the promise broken, or when they only
 * came to look: the facts of single visits. */
#include "flow/build.h"

/* Two shops 3 km apart, the customers at the first, a warehouse with everything; a walk-in channel
 * and a web shop that sends parcels. */
struct street {
    omo_model *model;
    omo_place_options first, second;
    omo_segment_options segment;
    uint32_t members;
    double web; /* utility of the web shop; not offered when it is 0 */
    bool siloed;
};

static struct street street_begin(int32_t first, int32_t second)
{
    struct street s = {.model = build_model(20.0), .segment = build_segment(2.0)};

    build_sku(s.model);
    omo_assortment all = build_assortment(s.model, 1);
    s.first = build_place(OMO_PLACE_STORE, all, 0.0, first);
    s.second = build_place(OMO_PLACE_STORE, all, 3.0, second);
    s.first.capabilities = s.second.capabilities = OMO_SELLS_ON_SITE;
    return s;
}

static omo_model *street_seal(struct street *s)
{
    omo_place_options depot = s->first;
    omo_integration_options integration = omo_integration_defaults();
    omo_channel_options walk_in = build_channel("walk_in", NULL),
                        web = build_channel("web", "parcel");
    omo_segment segment;

    depot.kind = OMO_PLACE_WAREHOUSE;
    depot.capabilities = OMO_SHIPS_PARCEL;
    depot.opening = 1000;
    integration.inventory = s->siloed ? OMO_SILOED : OMO_MERGED;
    integration.online_share_ppm = 0;
    build_integration(s->model, &integration);
    build_add_place(s->model, &s->first);
    build_add_place(s->model, &s->second);
    build_add_place(s->model, &depot);
    build_zone(s->model, 0.0, s->members);
    walk_in.id = "walk_in";
    web.id = "web";
    omo_channel shop = build_add_channel(s->model, &walk_in),
                online = build_add_channel(s->model, &web);
    if (s->web == 0.0) {
        build_add_segment(s->model, &s->segment, shop);
    } else {
        ck_assert_int_eq(omo_model_add_segment(s->model, &s->segment, &segment, NULL), OMO_OK);
        ck_assert_int_eq(omo_model_set_utility(s->model, segment, shop,
                                               s->web > 0.0 ? -1e6 : OMO_UTILITY_ALWAYS, NULL),
                         OMO_OK);
        ck_assert_int_eq(omo_model_set_utility(s->model, segment, online, s->web, NULL), OMO_OK);
    }
    build_seal(s->model);
    return s->model;
}

static const char *street_story(struct street *s)
{
    struct build_facts facts;

    build_run(street_seal(s), 2, 0, &facts);
    const char *text = build_story(&facts, 0);
    build_facts_free(&facts);
    omo_model_free(s->model);
    return text;
}

/* ---- the shelf ------------------------------------------------------------------------------- */

START_TEST(goes_to_another_shop)
{
    struct street s = street_begin(0, 10);

    s.segment.stockout.other_store_ppm = OMO_PPM;
    ck_assert_str_eq(street_story(&s), "OPENED@0 1 10.00\n"
                                       "LINE@0 1 sku0 10.00\n"
                                       "ELSEWHERE@0 1 sku0 10.00\n"
                                       ">FOLLOWS 3\n"
                                       ">OPENED@1 1 10.00\n"
                                       ">LINE@1 1 sku0 10.00\n"
                                       ">FROM_SHOP@1 0 10.00\n"
                                       ">PLACED@1 1 10.00\n"
                                       ">RESERVED@1 1 sku0 10.00\n"
                                       ">GOODS@1 0 6.00\n");
}
END_TEST

/* The second shop has nothing either, and they go only once. */
START_TEST(goes_only_once)
{
    struct street s = street_begin(0, 0);

    s.segment.stockout.other_store_ppm = OMO_PPM;
    ck_assert_str_eq(street_story(&s), "OPENED@0 1 10.00\n"
                                       "LINE@0 1 sku0 10.00\n"
                                       "ELSEWHERE@0 1 sku0 10.00\n"
                                       ">FOLLOWS 3\n"
                                       ">OPENED@1 1 10.00\n"
                                       ">LINE@1 1 sku0 10.00\n"
                                       ">LOST@1 1 sku0 10.00\n");
}
END_TEST

/* There is no other shop: what they set out for is lost where they were. */
START_TEST(finds_no_other_shop)
{
    struct street s = street_begin(0, 0);

    s.second.capabilities = 0;
    s.segment.stockout.other_store_ppm = OMO_PPM;
    ck_assert_str_eq(street_story(&s), "OPENED@0 1 10.00\n"
                                       "LINE@0 1 sku0 10.00\n"
                                       "ELSEWHERE@0 1 sku0 10.00\n"
                                       ">FOLLOWS 3\n"
                                       ">LEFT@0 0\n"
                                       ">LINE@0 1 sku0 10.00\n"
                                       ">LOST@0 1 sku0 10.00\n");
}
END_TEST

/* Of four wanted, one is there: nobody travels for the rest of a line. */
START_TEST(stays_for_a_part_of_a_line)
{
    struct street s = street_begin(1, 10);

    s.segment.quantity = build_constant(4.0);
    s.segment.stockout.other_store_ppm = OMO_PPM;
    ck_assert_str_eq(street_story(&s), "OPENED@0 1 40.00\n"
                                       "LINE@0 4 sku0 40.00\n"
                                       "PLACED@0 1 10.00\n"
                                       "RESERVED@0 1 sku0 10.00\n"
                                       "GOODS@0 0 6.00\n"
                                       "LOST@0 3 sku0 30.00\n");
}
END_TEST

/* The screen in the shop sends a parcel, also where stock is siloed; switching needs merged stock. */
START_TEST(orders_at_the_screen)
{
    static const char story[] = "OPENED@0 1 10.00\n"
                                "LINE@0 1 sku0 10.00\n"
                                "SCREEN@0 1 sku0 10.00\n"
                                "+LINE 1 sku0 10.00\n"
                                "+PLACED 1 10.00\n"
                                "+RESERVED@2 1 sku0 10.00\n"
                                "+GOODS 0 6.00\n"
                                "+ROUTED@2 1 0km\n"
                                "+COMPLETE_NEAR@2 1\n"
                                "+PICKED@2 1 0min\n"
                                "+SHIPPED@2 1 0.00\n"
                                "+TRIP@2 0 0km\n"
                                "+DELIVERED@2 1 0min\n"
                                "+CLOSED 1 0min\n";

    for (uint32_t siloed = 0; siloed < 2; siloed++) {
        struct street s = street_begin(0, 0);
        s.siloed = siloed != 0;
        s.segment.stockout.endless_aisle_ppm = OMO_PPM;
        ck_assert_str_eq(street_story(&s), story);
    }
    struct street s = street_begin(0, 0);
    s.siloed = true;
    s.segment.switch_ppm = OMO_PPM;
    ck_assert_str_eq(street_story(&s), "OPENED@0 1 10.00\n"
                                       "LINE@0 1 sku0 10.00\n"
                                       "LOST@0 1 sku0 10.00\n");
}
END_TEST

/* Paid now, and comes with the next delivery, though shortages are lost otherwise. */
START_TEST(waits_for_it_here)
{
    omo_model *m = build_model(20.0);
    omo_place_options shop = build_place(OMO_PLACE_STORE, (omo_assortment){0}, 0.0, 0);
    omo_channel_options walk_in = build_channel("walk_in", NULL);
    omo_segment_options segment = build_segment(2.0);
    struct build_facts f;

    build_sku(m);
    build_assortment(m, 1);
    build_supplied(m, build_add_place(m, &shop), build_constant(2.0 * (double)BUILD_DAY));
    build_zone(m, 0.0, 0);
    segment.stockout.backorder_ppm = OMO_PPM;
    build_add_segment(m, &segment, build_add_channel(m, &walk_in));
    build_seal(m);
    build_run(m, 2, 0, &f);
    ck_assert_uint_eq(build_count(&f, "LOST"), 0);
    ck_assert_uint_gt(build_count(&f, "BACKORDERED"), 0);
    ck_assert_uint_gt(build_count(&f, "FILLED"), 0);
    build_facts_free(&f);
    omo_model_free(m);
}
END_TEST

/* ---- substitutes ----------------------------------------------------------------------------- */

/* Six products in falling popularity; the shop lacks the fourth. What they take depends on prices. */
static const char *substitute_story(const int64_t price_cents[6])
{
    omo_model *m = build_model(20.0);
    omo_channel_options walk_in = build_channel("walk_in", NULL);
    omo_segment_options segment = build_segment(20.0);
    static char text[4096];
    omo_sku stocked[5];
    struct build_facts f;
    omo_assortment shelf;

    for (uint32_t i = 0; i < 6; i++) {
        omo_sku_options o = omo_sku_defaults();
        omo_sku sku;
        o.price_cents = price_cents[i];
        o.popularity = i == 3 ? 1e-3 : 1e-9 * (double)(6 - i); /* ranks 0: sku 3, 1: sku 0 ... */
        ck_assert_int_eq(omo_model_add_sku(m, &o, &sku, NULL), OMO_OK);
        if (i != 3)
            stocked[i - (i > 3)] = sku;
    }
    ck_assert_int_eq(omo_model_add_assortment(m, stocked, 5, &shelf, NULL), OMO_OK);
    omo_place_options shop = build_place(OMO_PLACE_STORE, shelf, 0.0, 1000);
    build_add_place(m, &shop);
    build_zone(m, 0.0, 0);
    segment.stockout.substitute_ppm = OMO_PPM;
    build_add_segment(m, &segment, build_add_channel(m, &walk_in));
    build_seal(m);
    build_run(m, 2, 0, &f);
    snprintf(text, sizeof(text), "%s", build_story(&f, 0));
    build_facts_free(&f);
    omo_model_free(m);
    return text;
}

START_TEST(takes_something_like_it)
{
    static const int64_t alike[6] = {1000, 1000, 1000, 1000, 1000, 1000},
                         dear[6] = {1510, 660, 1500, 1000, 1000, 1000},
                         none[6] = {2000, 2000, 100, 1000, 100, 5000};

    ck_assert_str_eq(substitute_story(alike), "OPENED@0 1 10.00\n"
                                              "LINE@0 1 sku3 10.00\n"
                                              "PLACED@0 1 10.00\n"
                                              "SUBSTITUTED@0 1 sku3 10.00\n"
                                              "RESERVED@0 1 sku0 10.00\n");
    ck_assert_str_eq(substitute_story(dear), "OPENED@0 1 10.00\n"
                                             "LINE@0 1 sku3 10.00\n"
                                             "PLACED@0 1 15.00\n"
                                             "SUBSTITUTED@0 1 sku3 10.00\n"
                                             "RESERVED@0 1 sku2 15.00\n");
    ck_assert_str_eq(substitute_story(none), "OPENED@0 1 10.00\n"
                                             "LINE@0 1 sku3 10.00\n"
                                             "LOST@0 1 sku3 10.00\n");
}
END_TEST

/* ---- the queue ------------------------------------------------------------------------------- */

/* Everybody comes within the busiest hour to one slow till. */
static struct build_facts queue_facts(struct street *s, int64_t minutes)
{
    struct build_facts f;

    s->first.station[OMO_ROLE_TILL] =
        (omo_role_options){1, build_constant((double)minutes * (double)OMO_US_PER_MINUTE)};
    s->segment.visits_per_day = 60.0;
    s->segment.profile = OMO_PROFILE_HOURLY;
    for (uint32_t day = 0; day < 7; day++)
        s->segment.hour_weight[day * 24 + 12] = 1.0;
    build_run(street_seal(s), 2, 0, &f);
    omo_model_free(s->model);
    return f;
}

START_TEST(balks_at_a_long_queue)
{
    struct street s = street_begin(5000, 0);

    s.segment.balk_queue = 2;
    struct build_facts f = queue_facts(&s, 60);
    size_t balked = build_count(&f, "BALKED"), opened = build_count(&f, "OPENED");
    ck_assert_uint_gt(balked, 0);
    /* One at the till and two behind, so that a day has room for three and a few. */
    ck_assert_uint_le(opened - balked, 20 * 5);
    ck_assert_uint_eq(build_count(&f, "PLACED"), opened - balked);
    ck_assert_uint_eq(build_count(&f, "LINE"), opened - balked);
    build_facts_free(&f);
}
END_TEST

/* Who expects to wait longer than they would like stays away: with 20 min at the till and 30 min of
 * patience at the door, one may wait (20 min) and no second (40 min). */
START_TEST(balks_at_a_long_wait)
{
    struct street s = street_begin(5000, 0);
    uint32_t most = 0, waiting = 0;

    s.segment.balk_wait = build_constant(30.0 * (double)OMO_US_PER_MINUTE);
    struct build_facts f = queue_facts(&s, 20);
    for (size_t i = 0; i < f.count; i++) {
        waiting += omo_fact_kind(&f.fact[i]) == build_fact_kind("PLACED");
        waiting -= omo_fact_kind(&f.fact[i]) == build_fact_kind("TILL_DONE");
        most = waiting > most ? waiting : most;
    }
    ck_assert_uint_eq(most, 2);
    ck_assert_uint_gt(build_count(&f, "BALKED"), 0);
    build_facts_free(&f);
}
END_TEST

/* Patience of 90 minutes at a till of 60: the third of a crowd gives up, and what is not paid is on
 * the shelf again. The waits of those who gave up are 90 minutes, all of them. */
START_TEST(reneges_and_puts_everything_back)
{
    struct street s = street_begin(5000, 0);

    s.segment.patience = build_constant(90.0 * (double)OMO_US_PER_MINUTE);
    s.segment.quantity = build_constant(2.0);
    struct build_facts f = queue_facts(&s, 60);
    size_t reneged = build_count(&f, "RENEGED"), sold = build_count(&f, "PLACED");
    for (size_t i = 0; i < f.count; i++)
        if (omo_fact_kind(&f.fact[i]) == build_fact_kind("RENEGED")) {
            ck_assert_int_eq(f.fact[i].amount, 90 * OMO_US_PER_MINUTE);
            ck_assert_uint_eq(omo_fact_quantity(&f.fact[i]), 2);
        }
    ck_assert_uint_gt(reneged, 20 * 40);
    ck_assert_uint_eq(reneged + sold, build_count(&f, "OPENED"));
    ck_assert_uint_eq(build_units(&f, "RESERVED"), 2 * sold);
    ck_assert_uint_eq(build_count(&f, "LOST"), 0);
    ck_assert_uint_eq(build_count(&f, "REFUNDED"), 0);
    build_facts_free(&f);
}
END_TEST

/* The only unit is in somebody's hands; when they give up, it is there for the next. */
START_TEST(what_is_put_back_can_be_bought)
{
    struct street s = street_begin(21, 0);

    s.segment.patience = build_constant(5.0 * (double)OMO_US_PER_MINUTE);
    struct build_facts f = queue_facts(&s, 60);
    ck_assert_uint_eq(build_units(&f, "RESERVED"), 21);
    ck_assert_uint_gt(build_units(&f, "RENEGED"), 21);
    build_facts_free(&f);
}
END_TEST

/* ---- detours --------------------------------------------------------------------------------- */

START_TEST(looks_in_the_shop_and_orders_online)
{
    struct street s = street_begin(10, 0);

    s.web = -1e5; /* offered, and never chosen at once */
    s.segment.showroom =
        (omo_detour){.share_ppm = OMO_PPM, .delay = build_constant(8.0 * (double)BUILD_HOUR)};
    struct build_facts f;
    build_run(street_seal(&s), 2, 0, &f);
    /* Online or not at all is their choice then; at that utility, not at all. */
    ck_assert_str_eq(build_story(&f, 0), "OPENED@0 1 10.00\n"
                                         "SHOWROOMED@0 1 10.00\n"
                                         ">FOLLOWS 1\n"
                                         ">LEFT@0 0\n");
    build_facts_free(&f);
    omo_model_free(s.model);
}
END_TEST

START_TEST(looks_online_and_comes_to_the_shop)
{
    struct street s = street_begin(0, 0);

    s.web = 100.0;
    s.segment.webroom =
        (omo_detour){.share_ppm = OMO_PPM, .delay = build_constant(8.0 * (double)BUILD_HOUR)};
    struct build_facts f;
    build_run(street_seal(&s), 2, 0, &f);
    ck_assert_str_eq(build_story(&f, 0), "OPENED 1 10.00\n"
                                         "WEBROOMED 1 10.00\n"
                                         ">FOLLOWS 2\n"
                                         ">LEFT@0 0\n");
    build_facts_free(&f);
    omo_model_free(s.model);
}
END_TEST

/* Who finds the shelf empty does not look: there is nothing to look at. */
START_TEST(an_empty_shelf_is_no_showroom)
{
    struct street s = street_begin(0, 0);

    s.web = -1e5;
    s.segment.showroom = (omo_detour){.share_ppm = OMO_PPM, .delay = build_constant(0.0)};
    ck_assert_str_eq(street_story(&s), "OPENED@0 1 10.00\n"
                                       "LINE@0 1 sku0 10.00\n"
                                       "LOST@0 1 sku0 10.00\n");
}
END_TEST

/* ---- promises -------------------------------------------------------------------------------- */

/* Late by an hour, every time: a quarter of the members' orders cost a member. */
START_TEST(churns_after_late_orders)
{
    omo_model *m = build_model(20.0);
    omo_channel_options o = build_channel("app", "courier");
    omo_segment_options segment = build_segment(200.0);
    struct build_facts f;

    build_sku(m);
    omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, 1), 1.0, 100000);
    build_add_place(m, &place);
    build_zone(m, 0.0, 100000);
    o.promise_us = BUILD_HOUR;
    o.travel = build_constant(2.0 * (double)BUILD_HOUR);
    segment.member_share_ppm = 500000;
    segment.churn_late_ppm = 250000;
    build_add_segment(m, &segment, build_add_channel(m, &o));
    build_seal(m);
    build_run(m, 2, 0, &f);
    double orders = (double)build_count(&f, "CLOSED"), churned = (double)build_count(&f, "CHURNED");
    /* 4,000 orders, 1/8 of them: 500, standard error 21 */
    ck_assert_double_gt(orders, 3500.0);
    ck_assert_double_eq_tol(churned / orders, 0.125, 4.0 * 0.33 / 60.0);
    build_facts_free(&f);
    omo_model_free(m);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("reactions");
    TCase *tcase = tcase_create("reactions");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, goes_to_another_shop);
    tcase_add_test(tcase, goes_only_once);
    tcase_add_test(tcase, finds_no_other_shop);
    tcase_add_test(tcase, stays_for_a_part_of_a_line);
    tcase_add_test(tcase, orders_at_the_screen);
    tcase_add_test(tcase, waits_for_it_here);
    tcase_add_test(tcase, takes_something_like_it);
    tcase_add_test(tcase, balks_at_a_long_queue);
    tcase_add_test(tcase, balks_at_a_long_wait);
    tcase_add_test(tcase, reneges_and_puts_everything_back);
    tcase_add_test(tcase, what_is_put_back_can_be_bought);
    tcase_add_test(tcase, looks_in_the_shop_and_orders_online);
    tcase_add_test(tcase, looks_online_and_comes_to_the_shop);
    tcase_add_test(tcase, an_empty_shelf_is_no_showroom);
    tcase_add_test(tcase, churns_after_late_orders);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
