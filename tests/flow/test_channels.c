/* What each kind of channel does that no other does: who comes, at which step they give up, what it
 * costs, when it is closed, and what comes of a purchase. */
#include <math.h>

#include "flow/saved.h"

#include "flow/world.h"

#define SHELF 100000

/* A shop at 0 km, another without some of its goods at 3 km, a warehouse at 10 km; one zone at 0. */
struct town {
    omo_model *model;
    omo_channel_options channel[3];
    double utility[3];
    uint32_t channel_count;
    omo_segment_options segment;
    uint32_t member_count;
    uint32_t shop_skus; /* that the shops stock, of 10 */
};

static struct town town_of(double days, const char *kind, const char *mode)
{
    struct town t = {.model = build_model(days), .shop_skus = 10, .channel_count = 1};

    t.channel[0] = build_channel(kind, mode);
    t.channel[0].id = "own";
    t.utility[0] = OMO_UTILITY_ALWAYS;
    t.segment = build_segment(50.0);
    return t;
}

static omo_channel_options *town_adds(struct town *t, const char *id, const char *kind,
                                      const char *mode, double utility)
{
    omo_channel_options *o = &t->channel[t->channel_count];

    *o = build_channel(kind, mode);
    o->id = id;
    t->utility[t->channel_count++] = utility;
    return o;
}

static omo_status town_seal(struct town *t, omo_error *ret_error)
{
    omo_place_options shop, other, warehouse;
    omo_channel channel[3];
    omo_segment segment;

    for (uint32_t i = 0; i < 10; i++)
        build_sku(t->model);
    omo_assortment all = build_assortment(t->model, 10),
                   some = build_assortment(t->model, t->shop_skus);
    shop = build_place(OMO_PLACE_STORE, some, 0.0, SHELF);
    other = build_place(OMO_PLACE_STORE, some, 3.0, SHELF);
    warehouse = build_place(OMO_PLACE_WAREHOUSE, all, 10.0, SHELF);
    shop.capabilities = other.capabilities = OMO_SELLS_ON_SITE | OMO_OFFERS_PICKUP;
    warehouse.capabilities = OMO_SHIPS_PARCEL | OMO_SHIPS_COURIER;
    shop.station[OMO_ROLE_TILL] = (omo_role_options){1, build_constant(60e6)};
    shop.station[OMO_ROLE_PICKER] = (omo_role_options){OMO_UNLIMITED, build_constant(180e6)};
    build_add_place(t->model, &shop);
    build_add_place(t->model, &other);
    build_add_place(t->model, &warehouse);
    build_zone(t->model, 0.0, t->member_count);
    for (uint32_t i = 0; i < t->channel_count; i++)
        if (omo_model_add_channel(t->model, &t->channel[i], &channel[i], ret_error) != OMO_OK)
            return OMO_EINVAL;
    segment = build_add_segment(t->model, &t->segment, channel[0]);
    for (uint32_t i = 0; i < t->channel_count; i++)
        ck_assert_int_eq(omo_model_set_utility(t->model, segment, channel[i], t->utility[i], NULL),
                         OMO_OK);
    return omo_model_seal(t->model, ret_error);
}

static struct build_facts town_run(struct town *t, uint64_t seed)
{
    omo_error error = {0};
    struct build_facts facts;

    ck_assert_msg(town_seal(t, &error) == OMO_OK, "%s", error.text);
    build_run(t->model, seed, 0, &facts);
    return facts;
}

static void town_end(struct town *t, struct build_facts *facts)
{
    build_facts_free(facts);
    omo_model_free(t->model);
}

static const char *town_story(struct town *t)
{
    struct build_facts facts = town_run(t, 2);
    const char *text = build_story(&facts, 0);

    town_end(t, &facts);
    return text;
}

static int64_t cents_of(const struct build_facts *f, const char *kind)
{
    uint32_t of = build_fact_kind(kind);
    int64_t sum = 0;

    for (size_t i = 0; i < f->count; i++)
        if (omo_fact_kind(&f->fact[i]) == of)
            sum += f->fact[i].amount;
    return sum;
}

static void step_set(omo_channel_options *o, uint32_t i, const char *name, uint32_t abandon_ppm)
{
    memset(&o->step[i], 0, sizeof(o->step[i]));
    memcpy(o->step[i].name, name, strlen(name));
    o->step[i].abandon_ppm = abandon_ppm;
    o->step_count = i + 1;
}

START_TEST(gives_up_at_a_step)
{
    struct town t = town_of(20.0, "app", "pickup");

    t.segment.visits_per_day = 1000.0;
    step_set(&t.channel[0], 0, "browse", 100000);
    step_set(&t.channel[0], 1, "cart", 0);
    step_set(&t.channel[0], 2, "pay", 250000);
    struct build_facts f = town_run(&t, 3);
    double opened = (double)build_count(&f, "OPENED"), at[4] = {0};
    for (size_t i = 0; i < f.count; i++)
        if (omo_fact_kind(&f.fact[i]) == build_fact_kind("ABANDONED"))
            at[omo_fact_quantity(&f.fact[i])] += 1.0;
    ck_assert_double_eq(at[2], 0.0);
    ck_assert_double_le(fabs(at[1] - 0.1 * opened) / sqrt(0.09 * opened), 4.0);
    ck_assert_double_le(fabs(at[3] - 0.225 * opened) / sqrt(0.225 * 0.775 * opened), 4.0);
    /* Nobody wants a line who gives up. */
    ck_assert_uint_eq(build_count(&f, "LINE"), build_count(&f, "PLACED"));
    ck_assert_double_eq((double)build_count(&f, "PLACED"), opened - at[1] - at[3]);
    town_end(&t, &f);
}
END_TEST

/* Everything is lost while the channel is closed, down or out of order; nothing else is. */
START_TEST(hours_and_outages)
{
    struct town t = town_of(10.0, "phone", "parcel");
    omo_channel_options *o = &t.channel[0];

    t.segment.visits_per_day = 2000.0;
    o->outage_count = 2; /* they overlap: down from 12 to 18 on day 1 */
    o->outage[0] = (omo_outage){BUILD_DAY + 12 * BUILD_HOUR, 4 * BUILD_HOUR};
    o->outage[1] = (omo_outage){BUILD_DAY + 14 * BUILD_HOUR, 4 * BUILD_HOUR};
    o->opens_us = 8 * BUILD_HOUR;
    o->closes_us = 20 * BUILD_HOUR;
    struct build_facts f = town_run(&t, 4);
    uint64_t placed = 0;
    for (size_t i = 0; i < f.count; i++) {
        uint32_t kind = omo_fact_kind(&f.fact[i]);
        int64_t at_us = f.fact[i].at_us, time_us = at_us % BUILD_DAY;
        bool down = at_us >= o->outage[0].from_us && at_us < BUILD_DAY + 18 * BUILD_HOUR;
        bool open = time_us >= o->opens_us && time_us < o->closes_us && !down;
        placed += kind == build_fact_kind("OPENED");
        ck_assert(kind != build_fact_kind("OPENED") || open);
        ck_assert(kind != build_fact_kind("LEFT") || !open);
    }
    ck_assert_double_le(fabs((double)placed - 2000.0 * 10.0 * 114.0 / 240.0), 4.0 * sqrt(9500.0));
    ck_assert_uint_eq(build_count(&f, "CHANNEL_DOWN"), 1);
    ck_assert_int_eq(cents_of(&f, "DOWNTIME"), 6 * BUILD_HOUR);
    /* An agent had 3.00 of each order. */
    ck_assert_int_eq(cents_of(&f, "AGENT"), 300 * (int64_t)placed);
    town_end(&t, &f);
}
END_TEST

/* Up and down times by chance: the share of time down is that of a renewal process, and what is told
 * at the end of the run is part of it. */
START_TEST(outages_by_chance)
{
    struct town t = town_of(400.0, "marketplace", "parcel");
    omo_error error = {0};

    t.segment.visits_per_day = 1.0;
    t.channel[0].down_every = build_exponential(18.0 * (double)BUILD_HOUR);
    t.channel[0].down_for = build_exponential(6.0 * (double)BUILD_HOUR);
    ck_assert_int_eq(town_seal(&t, &error), OMO_OK);
    double sum = 0.0, square = 0.0, n = 12.0;
    for (uint32_t r = 0; r < 12; r++) {
        omo_world *w = omo_world_new(t.model, 5, r, &error);
        ck_assert_int_eq(omo_world_run(w, INT64_MAX, &error), OMO_OK);
        double share = build_kpi(w, "downtime.own");
        sum += share;
        square += share * share;
        omo_world_free(w);
    }
    double se = sqrt((square - sum * sum / n) / (n - 1.0) / n);
    ck_assert_double_le(fabs(sum / n - 0.25) / se, 4.0);
    omo_model_free(t.model);
}
END_TEST

/* The take rate by the terms of the moment; traffic is paid for those who give up, too. */
START_TEST(terms_change)
{
    struct town t = town_of(4.0, "marketplace", "parcel");
    omo_channel_options *o = &t.channel[0];
    int64_t commission = 0, visits = 0;

    o->commission_ppm = 50000;
    o->visit_cost_cents = 20;
    step_set(o, 0, "browse", 500000);
    o->terms_count = 2;
    o->terms[0] = (omo_terms){BUILD_DAY, 200000, 20};
    o->terms[1] = (omo_terms){3 * BUILD_DAY, 200000, 90};
    struct build_facts f = town_run(&t, 6);
    for (size_t i = 0; i < f.count; i++) {
        const omo_fact *fact = &f.fact[i];
        if (omo_fact_kind(fact) == build_fact_kind("PLACED"))
            commission += fact->at_us < BUILD_DAY ? 50 : 200;
        if (omo_fact_kind(fact) == build_fact_kind("OPENED"))
            visits += fact->at_us < 3 * BUILD_DAY ? 20 : 90;
    }
    ck_assert_int_eq(cents_of(&f, "COMMISSION"), commission);
    ck_assert_int_eq(cents_of(&f, "TRAFFIC"), visits);
    ck_assert_uint_eq(build_count(&f, "TERMS"), 2);
    ck_assert_uint_gt(build_count(&f, "ABANDONED"), 50);
    town_end(&t, &f);
}
END_TEST

/* A member is won once; what that costs grows with the years. */
START_TEST(a_member_is_won_once)
{
    struct town t = town_of(100.0, "app", "pickup");

    t.member_count = 37;
    t.segment.member_share_ppm = OMO_PPM;
    t.channel[0].acquisition_cents = 3000;
    struct build_facts f = town_run(&t, 7);
    ck_assert_uint_eq(build_count(&f, "ACQUIRED"), 37);
    ck_assert_int_eq(cents_of(&f, "ACQUIRED"), 37 * 3000);
    town_end(&t, &f);

    t = town_of(730.0, "app", "pickup");
    t.segment.visits_per_day = 1.0; /* by nobody's member: each is won anew */
    t.channel[0].acquisition_cents = 10000;
    t.channel[0].acquisition_growth_ppm = 210000;
    f = town_run(&t, 7);
    for (size_t i = 0; i < f.count; i++)
        if (omo_fact_kind(&f.fact[i]) == build_fact_kind("ACQUIRED")) {
            double years = (double)f.fact[i].at_us / (365.0 * (double)BUILD_DAY);
            ck_assert_double_le(fabs((double)f.fact[i].amount - 10000.0 * pow(1.21, years)), 0.51);
        }
    ck_assert_uint_eq(build_count(&f, "ACQUIRED"), build_count(&f, "PLACED"));
    town_end(&t, &f);
}
END_TEST

/* No till, whatever its queue: packed by a picker, handed over at once. */
START_TEST(scan_and_go)
{
    struct town t = town_of(2.0, "scan_go", NULL);

    ck_assert_str_eq(town_story(&t), "OPENED@0 1 10.00\n"
                                     "LINE@0 1 sku6 10.00\n"
                                     "PLACED 1 10.00\n"
                                     "RESERVED@0 1 sku6 10.00\n"
                                     "GOODS 0 6.00\n"
                                     "ROUTED@0 1 0km\n"
                                     "COMPLETE_NEAR@0 1\n"
                                     "PICK_START@0 1 0min\n"
                                     "PICKED@0 1 3min\n"
                                     "READY@0 1 3min\n"
                                     "COLLECTED@0 1 0min\n"
                                     "CLOSED 1 3min\n");
}
END_TEST

/* The shop's own shelf and nothing else, even where online orders may not touch it: what the other
 * shop or the fence holds is out of reach. */
START_TEST(scan_and_go_sells_the_shelf)
{
    struct town t = town_of(2.0, "scan_go", NULL);
    omo_integration_options i = omo_integration_defaults();

    i.inventory = OMO_SILOED;
    i.online_share_ppm = 0;
    build_integration(t.model, &i);
    t.shop_skus = 5;
    struct build_facts f = town_run(&t, 8);
    for (size_t k = 0; k < f.count; k++) {
        const omo_fact *fact = &f.fact[k];
        if (omo_fact_kind(fact) == build_fact_kind("RESERVED")) {
            ck_assert_uint_eq(fact->place, 0);
            ck_assert_uint_lt(omo_fact_sku(fact), 5);
        }
        if (omo_fact_kind(fact) == build_fact_kind("LOST"))
            ck_assert_uint_ge(omo_fact_sku(fact), 5);
    }
    ck_assert_uint_gt(build_count(&f, "RESERVED"), 20);
    ck_assert_uint_gt(build_count(&f, "LOST"), 20);
    town_end(&t, &f);
}
END_TEST

/* What the shop does not stock comes from the warehouse and is counted; what it stocks is not. */
START_TEST(screen_sells_what_the_shop_lacks)
{
    struct town t = town_of(4.0, "kiosk", "parcel");
    uint64_t aisle = 0;

    t.shop_skus = 3;
    struct build_facts f = town_run(&t, 9);
    for (size_t i = 0; i < f.count; i++)
        if (omo_fact_kind(&f.fact[i]) == build_fact_kind("RESERVED")) {
            ck_assert_uint_eq(f.fact[i].place, 2);
            aisle += omo_fact_sku(&f.fact[i]) >= 3;
        }
    ck_assert_uint_eq(build_units(&f, "AISLE"), aisle);
    ck_assert_uint_gt(aisle, 50);
    ck_assert_uint_lt(aisle, build_count(&f, "PLACED"));
    ck_assert_uint_eq(build_count(&f, "LOST"), 0);
    town_end(&t, &f);
}
END_TEST

/* Customers at a screen have come to the shop: its distance counts, and without one in reach there is
 * no screen. */
START_TEST(screen_stands_in_a_shop)
{
    struct town t = town_of(30.0, "kiosk", "parcel");

    t.utility[0] = 0.0;
    t.segment.distance_sensitivity = 1.0;
    t.segment.scatter_km = 0.0;
    struct build_facts f = town_run(&t, 10);
    double opened = (double)build_count(&f, "OPENED"),
           all = opened + (double)build_count(&f, "LEFT");
    /* The shop is at 0 km, the warehouse that serves it at 10. */
    ck_assert_double_le(fabs(opened - 0.5 * all) / sqrt(0.25 * all), 4.0);
    town_end(&t, &f);
}
END_TEST

START_TEST(a_guide_has_a_share)
{
    struct town t = town_of(2.0, "guide_link", "parcel");

    t.channel[0].guide_share_ppm = 80000;
    struct build_facts f = town_run(&t, 11);
    ck_assert_int_eq(cents_of(&f, "GUIDED"), 80 * (int64_t)build_count(&f, "PLACED"));
    for (size_t i = 0; i < f.count; i++)
        if (omo_fact_kind(&f.fact[i]) == build_fact_kind("GUIDED"))
            ck_assert_uint_eq(f.fact[i].place, 0);
    town_end(&t, &f);
}
END_TEST

/* Friends come by the link alone, and nobody else does. */
START_TEST(friends_follow_a_link)
{
    struct town t = town_of(20.0, "web", "parcel");
    omo_channel_options *link = town_adds(&t, "link", "social_share", "parcel", OMO_UTILITY_ALWAYS);

    link->share_ppm = 500000;
    link->friends = build_constant(2.0);
    link->come_ppm = 300000;
    link->come_after = build_constant(60e6);
    struct build_facts f = town_run(&t, 12);
    uint64_t by_link = 0;
    for (size_t i = 0; i < f.count; i++)
        by_link += omo_fact_kind(&f.fact[i]) == build_fact_kind("PLACED") &&
                   omo_fact_channel(&f.fact[i]) == 1;
    ck_assert_uint_gt(by_link, 200);
    ck_assert_uint_eq(by_link, build_count(&f, "BROUGHT"));
    ck_assert_uint_le(by_link, build_units(&f, "SHARED"));
    ck_assert_uint_eq(build_units(&f, "SHARED"), build_count(&f, "FOLLOWS"));
    /* An order brings 0.3 others. */
    double orders = (double)build_count(&f, "PLACED");
    ck_assert_double_le(fabs((double)by_link - 0.3 * orders) / sqrt(orders), 4.0);
    town_end(&t, &f);
}
END_TEST

START_TEST(links_that_never_end)
{
    struct town t = town_of(2.0, "web", "parcel");
    omo_channel_options *link = town_adds(&t, "link", "social_share", "parcel", OMO_UTILITY_ALWAYS);
    omo_error error = {0};

    link->share_ppm = OMO_PPM;
    link->friends = build_constant(2.0);
    link->come_ppm = 500000;
    ck_assert_int_eq(town_seal(&t, &error), OMO_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, "link: an order brings 1 others"));
    omo_model_free(t.model);

    t = town_of(2.0, "web", "parcel");
    link = town_adds(&t, "link", "social_share", "parcel", OMO_UTILITY_ALWAYS);
    link->share_ppm = link->come_ppm = OMO_PPM;
    link->friends = build_constant(1.0);
    link->come_after = build_constant(1e6);
    link->generations = 3;
    struct build_facts f = town_run(&t, 13);
    /* Each order of nobody's brings one, which brings one, which brings one: but for the end. */
    size_t first = build_count(&f, "OPENED") - build_count(&f, "FOLLOWS");
    ck_assert_uint_gt(first, 50);
    ck_assert_uint_eq(build_count(&f, "PLACED"), 4 * first);
    ck_assert_uint_eq(build_units(&f, "BROUGHT"), (1 + 2 + 3) * first);
    town_end(&t, &f);
}
END_TEST

/* The same basket, every period, until it is cancelled. */
START_TEST(a_basket_comes_round)
{
    struct town t = town_of(30.0, "web", "parcel");
    omo_channel_options *box = town_adds(&t, "box", "subscription", "parcel", OMO_UTILITY_ALWAYS);
    uint32_t sku_of[2] = {0}, renewed = 0;

    t.segment.visits_per_day = 0.2;
    box->subscribe_ppm = OMO_PPM;
    box->period_us = BUILD_DAY;
    box->skip_ppm = box->cancel_ppm = 0;
    struct build_facts f = town_run(&t, 16);
    size_t subscribed = build_count(&f, "SUBSCRIBED");
    ck_assert_uint_gt(subscribed, 0);
    for (size_t i = 0; i < f.count; i++) {
        uint32_t kind = omo_fact_kind(&f.fact[i]), channel = omo_fact_channel(&f.fact[i]);
        if (kind != build_fact_kind("LINE"))
            continue;
        sku_of[channel] = omo_fact_sku(&f.fact[i]);
        renewed += channel == 1;
        if (subscribed == 1 && channel == 1)
            ck_assert_uint_eq(sku_of[0], sku_of[1]);
    }
    ck_assert_uint_eq(renewed, build_count(&f, "RENEWED"));
    ck_assert_uint_eq(build_count(&f, "UNSUBSCRIBED"), 0);
    town_end(&t, &f);
}
END_TEST

/* Each period they cancel or skip; what is cancelled never comes again. */
START_TEST(subscribers_skip_and_cancel)
{
    struct town t = town_of(60.0, "web", "parcel");
    omo_channel_options *box = town_adds(&t, "box", "subscription", "parcel", OMO_UTILITY_ALWAYS);

    box->subscribe_ppm = 500000;
    box->period_us = BUILD_DAY;
    box->skip_ppm = 250000;
    box->cancel_ppm = 200000;
    struct build_facts f = town_run(&t, 17);
    double periods = (double)(build_count(&f, "RENEWED") + build_count(&f, "SKIPPED"));
    double ended = (double)build_count(&f, "UNSUBSCRIBED");
    ck_assert_double_le(fabs((double)build_count(&f, "SKIPPED") - 0.25 * periods) /
                            sqrt(0.1875 * periods),
                        4.0);
    ck_assert_double_le(fabs(ended - 0.2 * (ended + periods)) / sqrt(0.16 * (ended + periods)),
                        4.0);
    town_end(&t, &f);
}
END_TEST

/* Paid and held until the group is full, then an order like any other. */
START_TEST(a_group_fills)
{
    struct town t = town_of(10.0, "group_buy", "pickup");

    t.channel[0].group_size = 2;
    t.channel[0].group_within_us = 100 * BUILD_DAY;
    struct build_facts f = town_run(&t, 14);
    size_t joined = build_count(&f, "JOINED"), made = build_count(&f, "GROUP_MADE");
    ck_assert_uint_eq(joined, build_count(&f, "OPENED"));
    ck_assert_uint_eq(made, joined / 2);
    ck_assert_uint_eq(build_count(&f, "PLACED"), 2 * made);
    ck_assert_uint_eq(build_count(&f, "LINE"), 2 * made);
    ck_assert_uint_eq(build_count(&f, "GROUP_FAILED"), 0);
    ck_assert_int_eq(cents_of(&f, "JOINED") - cents_of(&f, "GROUP_RELEASED"),
                     1000 * (int64_t)(joined - 2 * made));
    ck_assert_str_eq(build_story(&f, 1), "OPENED 1 10.00\n"
                                         "JOINED 2 10.00\n"
                                         "GROUPED 1 0min\n"
                                         "GROUP_RELEASED 1 10.00\n"
                                         "LINE 1 sku4 10.00\n"
                                         "PLACED 1 10.00\n"
                                         "RESERVED@0 1 sku4 10.00\n"
                                         "GOODS 0 6.00\n"
                                         "ROUTED@0 1 0km\n"
                                         "COMPLETE_NEAR@0 1\n"
                                         "PICK_START@0 1 0min\n"
                                         "PICKED@0 1 3min\n"
                                         "READY@0 1 3min\n"
                                         "COLLECTED@0 1 0min\n"
                                         "CLOSED 1 3min\n");
    town_end(&t, &f);
}
END_TEST

/* Too few in time: all have their money back, no goods move. */
START_TEST(a_group_fails)
{
    struct town t = town_of(10.0, "group_buy", "pickup");

    t.channel[0].group_size = 1000;
    t.channel[0].group_within_us = 3 * BUILD_HOUR;
    struct build_facts f = town_run(&t, 15);
    ck_assert_uint_gt(build_count(&f, "GROUP_FAILED"), 20);
    ck_assert_uint_eq(build_count(&f, "PLACED"), 0);
    ck_assert_uint_eq(build_count(&f, "RESERVED"), 0);
    ck_assert_uint_eq(build_units(&f, "GROUP_RELEASED"), 0);
    for (size_t i = 0; i < f.count; i++) /* all joined in the three hours before */
        if (omo_fact_kind(&f.fact[i]) == build_fact_kind("GROUP_FAILED")) {
            size_t since = 0;
            for (size_t k = 0; k < i; k++)
                since += omo_fact_kind(&f.fact[k]) == build_fact_kind("JOINED") &&
                         f.fact[k].at_us >= f.fact[i].at_us - 3 * BUILD_HOUR;
            ck_assert_uint_eq(since, omo_fact_quantity(&f.fact[i]));
        }
    town_end(&t, &f);
}
END_TEST

START_TEST(goes_on_from_a_checkpoint)
{
    struct town t = town_of(12.0, "group_buy", "parcel");
    omo_channel_options *o = town_adds(&t, "link", "social_share", "parcel", OMO_UTILITY_ALWAYS);
    omo_error error = {0};

    o->come_after = build_exponential(20.0 * (double)BUILD_HOUR);
    o->share_ppm = 500000;
    o = town_adds(&t, "box", "subscription", "parcel", OMO_UTILITY_ALWAYS);
    o->subscribe_ppm = 500000;
    o->period_us = 30 * BUILD_HOUR;
    o->down_every = build_exponential(10.0 * (double)BUILD_HOUR);
    o->down_for = build_exponential(10.0 * (double)BUILD_HOUR);
    t.member_count = 100;
    t.segment.member_share_ppm = 500000;
    t.segment.burst_count = 1;
    t.segment.burst[0] = (omo_burst){.first_us = 22 * BUILD_HOUR,
                                     .every_us = BUILD_DAY,
                                     .for_us = 6 * BUILD_HOUR,
                                     .decay_us = BUILD_HOUR,
                                     .visits = 40.0};
    t.channel[0].acquisition_cents = 500;
    ck_assert_msg(town_seal(&t, &error) == OMO_OK, "%s", error.text);
    omo_world *whole = saved_world(t.model, 18, INT64_MAX);
    omo_world *half = saved_world(t.model, 18, 5 * BUILD_DAY + 7 * BUILD_HOUR);
    ck_assert_uint_gt(half->groups.joiners.used, 0);
    struct saved saved = saved_of(half);
    omo_world *again = saved_restore(&saved, t.model, &error);
    ck_assert_msg(again != NULL, "%s", error.text);
    ck_assert_int_eq(omo_world_run(again, INT64_MAX, &error), OMO_OK);
    ck_assert_uint_eq(omo_world_digest(whole), omo_world_digest(again));
    saved_free(&saved);
    omo_world_free(whole);
    omo_world_free(half);
    omo_world_free(again);
    omo_model_free(t.model);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("channels");
    TCase *tcase = tcase_create("channels");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tcase, gives_up_at_a_step);
    tcase_add_test(tcase, hours_and_outages);
    tcase_add_test(tcase, outages_by_chance);
    tcase_add_test(tcase, terms_change);
    tcase_add_test(tcase, a_member_is_won_once);
    tcase_add_test(tcase, scan_and_go);
    tcase_add_test(tcase, scan_and_go_sells_the_shelf);
    tcase_add_test(tcase, screen_sells_what_the_shop_lacks);
    tcase_add_test(tcase, screen_stands_in_a_shop);
    tcase_add_test(tcase, a_guide_has_a_share);
    tcase_add_test(tcase, friends_follow_a_link);
    tcase_add_test(tcase, links_that_never_end);
    tcase_add_test(tcase, a_basket_comes_round);
    tcase_add_test(tcase, subscribers_skip_and_cancel);
    tcase_add_test(tcase, a_group_fills);
    tcase_add_test(tcase, a_group_fails);
    tcase_add_test(tcase, goes_on_from_a_checkpoint);
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
