/* Returns: single ones fact by fact, where they go, and what they do to the books. That daily returns
 * are Poisson is an oracle (thinning_returns_boris). */
#include "flow/build.h"

#include <math.h>

#include "flow/world.h"

/* A shop at 0, where the customers are, another one at 2 km and a warehouse at 5 km; one product. */
struct town {
    omo_model *model;
    omo_sku_options sku;
    omo_place_options place[3];
    omo_channel_options channel;
    omo_segment_options segment;
    omo_returns_options returns;
    bool on;
};

enum { NEAR, FAR, DEPOT };

static struct town town_begin(const char *kind, const char *mode)
{
    struct town t = {.model = build_model(20.0), .sku = omo_sku_defaults(), .on = true};
    static const double at_km[3] = {0.0, 2.0, 5.0};

    t.sku.price_cents = 1000;
    t.sku.cost_cents = 600;
    t.sku.return_rate_ppm = OMO_PPM;
    for (int i = 0; i < 3; i++) {
        t.place[i] = build_place(i == DEPOT ? OMO_PLACE_WAREHOUSE : OMO_PLACE_STORE,
                                 (omo_assortment){0}, at_km[i], 1000);
        t.place[i].capabilities |= OMO_ACCEPTS_RETURNS;
    }
    t.channel = build_channel(kind, mode);
    t.segment = build_segment(2.0);
    t.returns = omo_returns_defaults();
    t.returns.delay = build_constant(3.0 * (double)OMO_US_PER_HOUR);
    t.returns.travel = build_constant(2.0 * (double)OMO_US_PER_HOUR);
    t.returns.inspect = build_constant(1.0 * (double)OMO_US_PER_HOUR);
    t.returns.restock_ppm = OMO_PPM;
    t.returns.handling_cents = 100;
    t.returns.parcel_cents = 400;
    return t;
}

static omo_status town_seal(struct town *t, omo_error *error)
{
    omo_sku sku;

    ck_assert_int_eq(omo_model_add_sku(t->model, &t->sku, &sku, NULL), OMO_OK);
    build_assortment(t->model, 1);
    for (int i = 0; i < 3; i++)
        build_add_place(t->model, &t->place[i]);
    build_zone(t->model, 0.0, 0);
    build_add_segment(t->model, &t->segment, build_add_channel(t->model, &t->channel));
    if (t->on)
        ck_assert_int_eq(omo_model_set_returns(t->model, &t->returns, NULL), OMO_OK);
    return omo_model_seal(t->model, error);
}

/* The end of the first order's story, from the request of the return on; frees the model. */
static const char *town_story(struct town *t)
{
    struct build_facts facts;

    ck_assert_int_eq(town_seal(t, NULL), OMO_OK);
    build_run(t->model, 2, 0, &facts);
    const char *text = strstr(build_story(&facts, 0), "RETURN_REQUESTED");
    build_facts_free(&facts);
    omo_model_free(t->model);
    return text != NULL ? text : "";
}

START_TEST(to_the_shop_again)
{
    struct town t = town_begin("walk_in", NULL);

    t.channel.commission_ppm = 100000;
    ck_assert_str_eq(town_story(&t), "RETURN_REQUESTED@0 1 sku0 10.00\n"
                                     "RETURNED@0 1 sku0 10.00\n"
                                     "RETURN_INSPECTED@0 1 sku0 10.00\n"
                                     "REFUNDED@0 1 10.00\n"
                                     "GOODS_BACK@0 1 6.00\n"
                                     "COMMISSION@0 0 -1.00\n"
                                     "RETURN_COST@0 0 1.00\n"
                                     "RESTOCKED@0 1 sku0 6.00\n");
}
END_TEST

START_TEST(bought_online_and_brought_to_a_shop)
{
    struct town t = town_begin("web", "parcel");

    t.place[NEAR].capabilities = OMO_SELLS_ON_SITE | OMO_ACCEPTS_RETURNS;
    t.place[FAR].capabilities = OMO_SELLS_ON_SITE;
    ck_assert_str_eq(town_story(&t), "RETURN_REQUESTED@0 1 sku0 10.00\n"
                                     "RETURNED@0 1 sku0 10.00\n"
                                     "RETURN_CROSSED@0 1\n"
                                     "RETURN_INSPECTED@0 1 sku0 10.00\n"
                                     "REFUNDED@0 1 10.00\n"
                                     "GOODS_BACK@0 1 6.00\n"
                                     "RETURN_COST@0 0 1.00\n"
                                     "RESTOCKED@0 1 sku0 6.00\n");
}
END_TEST

/* Siloed, the shop does not know of the order, whatever the rule says. */
START_TEST(two_silos)
{
    static const omo_return_to to[] = {OMO_RETURN_TO_ANY, OMO_RETURN_TO_ORIGIN,
                                       OMO_RETURN_TO_WAREHOUSE};
    struct town t = town_begin("web", "parcel");
    omo_integration_options i = omo_integration_defaults();

    i.inventory = _i % 2 == 0 ? OMO_SILOED : OMO_MERGED;
    i.orders = OMO_SILOED;
    build_integration(t.model, &i);
    t.returns.to = to[_i / 2];
    const char *story = town_story(&t);
    ck_assert_msg(strstr(story, "RETURN_REQUESTED@2 1") == story, "%s", story);
    ck_assert_ptr_nonnull(strstr(story, "RETURN_COST@2 1 4.00\nRETURNED@2 1"));
    ck_assert_ptr_null(strstr(story, "RETURN_CROSSED"));
}
END_TEST

START_TEST(to_where_it_came_from)
{
    struct town t = town_begin("walk_in", NULL);

    t.returns.to = OMO_RETURN_TO_ORIGIN;
    t.place[NEAR].capabilities = OMO_ACCEPTS_RETURNS; /* sells nothing: all buy at the far shop */
    const char *story = town_story(&t);
    ck_assert_msg(strstr(story, "RETURN_REQUESTED@1 1") == story, "%s", story);
}
END_TEST

START_TEST(the_origin_takes_nothing_back)
{
    struct town t = town_begin("walk_in", NULL);

    t.returns.to = OMO_RETURN_TO_ORIGIN;
    t.place[NEAR].capabilities = OMO_SELLS_ON_SITE;
    const char *story = town_story(&t);
    ck_assert_msg(strstr(story, "RETURN_REQUESTED@1 1") == story, "%s", story);
    ck_assert_ptr_nonnull(strstr(story, "RESTOCKED@1 1"));
}
END_TEST

/* The near shop takes it back, has no such product and sends it on to where it came from. */
START_TEST(a_shop_without_the_product)
{
    struct town t = town_begin("walk_in", NULL);

    t.place[NEAR].capabilities = OMO_ACCEPTS_RETURNS;
    t.place[NEAR].assortment.index = OMO_UNLIMITED;
    t.place[FAR].capabilities = OMO_SELLS_ON_SITE;
    ck_assert_str_eq(town_story(&t), "RETURN_REQUESTED@0 1 sku0 10.00\n"
                                     "RETURNED@0 1 sku0 10.00\n"
                                     "RETURN_COST@0 1 4.00\n"
                                     "RETURN_INSPECTED@1 1 sku0 10.00\n"
                                     "REFUNDED@1 1 10.00\n"
                                     "GOODS_BACK@1 1 6.00\n"
                                     "RETURN_COST@1 0 1.00\n"
                                     "RESTOCKED@1 1 sku0 6.00\n");
}
END_TEST

START_TEST(what_cannot_be_sold_again)
{
    struct town t = town_begin("walk_in", NULL);

    if (_i == 0)
        t.returns.restock_ppm = 0;
    else
        t.sku.shelf_life_days = 60; /* who would buy it a second time? */
    const char *story = town_story(&t);
    ck_assert_ptr_nonnull(strstr(story, "RETURN_WASTED@0 1 sku0 6.00\n"));
    ck_assert_ptr_null(strstr(story, "RESTOCKED"));
}
END_TEST

START_TEST(a_part_of_a_line)
{
    /* 7.00 for three units: whichever come back are refunded 2.33, 2.33 and 2.34. */
    enum { LINES = 60 };
    struct town t = town_begin("walk_in", NULL);

    t.sku.price_cents = 1000;
    t.sku.return_rate_ppm = 500000;
    t.segment.quantity = build_constant(3.0);
    ck_assert_int_eq(town_seal(&t, NULL), OMO_OK);
    omo_world *w = omo_world_new(t.model, 7, 0, NULL);
    for (uint32_t line = 0; line < LINES; line++)
        order_return_sold(w, &(struct sale){.identity = line,
                                            .place = NEAR,
                                            .channel = 0,
                                            .quantity = 3,
                                            .cents = 700,
                                            .line = 0});
    uint32_t by_units[4] = {LINES - w->returns.pool.used};
    for (uint32_t i = 0; i < w->returns.pool.used; i++) {
        const struct return_item *r = &w->returns.item[i];
        by_units[r->quantity]++;
        ck_assert_int_ge(r->cents, 233 * r->quantity);
        ck_assert_int_le(r->cents, 233 * r->quantity + 1);
        ck_assert(r->quantity != 3 || r->cents == 700);
    }
    for (uint32_t i = 0; i < 4; i++) /* 7.5, 22.5, 22.5, 7.5 expected */
        ck_assert_uint_gt(by_units[i], i % 3 == 0 ? 0 : 8);
    omo_world_free(w);
    omo_model_free(t.model);
}
END_TEST

/* The same units come back whether a line was handed over at once or in two parts. */
START_TEST(split_or_not)
{
    struct town t = town_begin("walk_in", NULL);
    struct sale whole = {.identity = 17, .quantity = 40, .cents = 4000, .line = 3};

    t.sku.return_rate_ppm = 300000;
    ck_assert_int_eq(town_seal(&t, NULL), OMO_OK);
    omo_world *w = omo_world_new(t.model, 7, 0, NULL);
    order_return_sold(w, &whole);
    struct sale first = whole, second = whole;
    first.quantity = 13;
    first.cents = 1300;
    second.first = 13;
    second.quantity = 27;
    second.cents = 2700;
    order_return_sold(w, &first);
    order_return_sold(w, &second);
    ck_assert_uint_eq(w->returns.pool.used, 3);
    ck_assert_int_eq(w->returns.item[0].quantity,
                     w->returns.item[1].quantity + w->returns.item[2].quantity);
    ck_assert_int_eq(w->returns.item[0].cents, 100 * w->returns.item[0].quantity);
    ck_assert_int_eq(w->tally.gauge[GAUGE_RETURNING].level, 2 * w->returns.item[0].quantity);
    omo_world_free(w);
    omo_model_free(t.model);
}
END_TEST

/* All that was sold comes back and is refunded: nothing is left of the sales but what it cost. */
START_TEST(the_books)
{
    struct town t = town_begin("web", "parcel");
    omo_error error;

    t.returns.restock_ppm = 500000;
    t.segment.visits_per_day = 60.0;
    t.channel.commission_ppm = 100000;
    t.channel.fee_cents = 200;
    ck_assert_int_eq(town_seal(&t, NULL), OMO_OK);
    omo_world *w = omo_world_new(t.model, 3, 0, NULL);
    ck_assert_int_eq(omo_world_run(w, INT64_MAX, &error), OMO_OK);
    const struct tally *k = &w->tally;
    int64_t units = tally_quantity(k, FACT_RETURN_INSPECTED, TALLY_ALL),
            sold = tally_quantity(k, FACT_RESERVED, TALLY_ALL),
            wasted = tally_quantity(k, FACT_RETURN_WASTED, TALLY_ALL);
    ck_assert_int_gt(units, 1000);
    ck_assert_int_gt(wasted, 400);
    struct tally_books b = tally_books(k, TALLY_ALL);
    ck_assert_int_eq(b.net_sales_cents, 1200 * sold - 1000 * units); /* fees are kept */
    ck_assert_int_eq(b.goods_cents, 600 * (sold - units));
    ck_assert_int_eq(b.waste_cents, 600 * wasted);
    ck_assert_int_eq(b.commission_cents, 100 * (sold - units));
    ck_assert_int_eq(b.fulfilment_cents, 100 * units);
    ck_assert_int_eq(b.profit_cents, b.net_sales_cents - b.goods_cents - b.waste_cents -
                                         b.commission_cents - b.fulfilment_cents);
    ck_assert_double_eq_tol(build_kpi(w, "refunds"), 10.0 * (double)units, 1e-9);
    ck_assert_double_eq_tol(build_kpi(w, "refunds_returned"), 10.0 * (double)units, 1e-9);
    ck_assert_double_eq_tol(build_kpi(w, "returns_cross_channel"), 1.0, 1e-9);
    ck_assert_double_eq_tol(build_kpi(w, "return_cost"),
                            (double)(100 * units + 600 * wasted) / 100.0, 1e-9);
    omo_world_free(w);
    omo_model_free(t.model);
}
END_TEST

/* Rates p of the product and q of the channel together: 1 - (1 - p)(1 - q). */
START_TEST(two_reasons)
{
    double sum = 0.0, square = 0.0;
    enum { REPLICATIONS = 20 };

    for (uint32_t i = 0; i < REPLICATIONS; i++) {
        struct town t = town_begin("walk_in", NULL);
        t.sku.return_rate_ppm = 200000;
        t.channel.return_rate_ppm = 250000;
        t.segment.visits_per_day = 40.0;
        t.returns.delay = t.returns.inspect = build_constant(0.0);
        ck_assert_int_eq(town_seal(&t, NULL), OMO_OK);
        omo_world *w = omo_world_new(t.model, 5, i, NULL);
        ck_assert_int_eq(omo_world_run(w, INT64_MAX, NULL), OMO_OK);
        double rate = build_kpi(w, "return_rate");
        sum += rate;
        square += rate * rate;
        omo_world_free(w);
        omo_model_free(t.model);
    }
    double mean = sum / REPLICATIONS;
    double error = sqrt((square / REPLICATIONS - mean * mean) / (REPLICATIONS - 1));
    ck_assert_double_le(fabs(mean - 0.4) / error, 4.0);
    ck_assert_double_lt(error, 0.01);
}
END_TEST

START_TEST(nobody_takes_it_back)
{
    static const char *const text[] = {"no place accepts returns", "none accepts returns",
                                       "none accepts returns"};
    struct town t = town_begin("web", "parcel");
    omo_integration_options i = omo_integration_defaults();
    omo_error error;

    if (_i == 0)
        t.place[NEAR].capabilities = t.place[FAR].capabilities = 15;
    t.place[DEPOT].capabilities = 15;
    if (_i == 1)
        t.returns.to = OMO_RETURN_TO_WAREHOUSE;
    if (_i == 2) {
        i.inventory = OMO_SILOED;
        build_integration(t.model, &i);
    }
    ck_assert_int_eq(town_seal(&t, &error), OMO_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, text[_i]));
    omo_model_free(t.model);
}
END_TEST

/* Rates without the rule cost nothing and change nothing. */
START_TEST(off)
{
    uint64_t digest[2];

    for (int with = 0; with < 2; with++) {
        struct town t = town_begin("web", "parcel");
        t.on = false;
        if (with == 0)
            t.sku.return_rate_ppm = 0;
        ck_assert_int_eq(town_seal(&t, NULL), OMO_OK);
        digest[with] = build_run(t.model, 1, 0, NULL);
        omo_model_free(t.model);
    }
    ck_assert_uint_eq(digest[0], digest[1]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("order_return");
    TCase *tcase = tcase_create("order_return");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tcase, to_the_shop_again);
    tcase_add_test(tcase, bought_online_and_brought_to_a_shop);
    tcase_add_loop_test(tcase, two_silos, 0, 6);
    tcase_add_test(tcase, to_where_it_came_from);
    tcase_add_test(tcase, the_origin_takes_nothing_back);
    tcase_add_test(tcase, a_shop_without_the_product);
    tcase_add_loop_test(tcase, what_cannot_be_sold_again, 0, 2);
    tcase_add_test(tcase, a_part_of_a_line);
    tcase_add_test(tcase, split_or_not);
    tcase_add_test(tcase, the_books);
    tcase_add_test(tcase, two_reasons);
    tcase_add_loop_test(tcase, nobody_takes_it_back, 0, 3);
    tcase_add_test(tcase, off);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
