/* Members: who is recognised where, how ids come together, what points buy, who leaves; and that
 * the ledgers of points and members find every unit that is not where the facts say. */
#include "flow/build.h"

#include <math.h>

#include "flow/member.h"

#define DAYS 60.0
#define TILL 0u
#define APP 1u

/* A shop and an app, each with half of the visits, of one zone's population. */
static omo_model *chain_of(const omo_member_options *o, omo_integration_kind kind, uint32_t members,
                           double visits)
{
    omo_model *m = build_model(DAYS);
    omo_segment_options segment = build_segment(visits / 2.0);
    omo_channel_options till = build_channel("walk_in", NULL), app = build_channel("app", "pickup");
    omo_integration_options integration = omo_integration_defaults();

    build_sku(m);
    omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, 1), 0.0, 100000000);
    build_add_place(m, &place);
    build_zone(m, 0.0, members);
    integration.members = kind;
    build_integration(m, &integration);
    segment.member_share_ppm = OMO_PPM;
    build_add_segment(m, &segment, build_add_channel(m, &till));
    build_add_segment(m, &segment, build_add_channel(m, &app));
    ck_assert_int_eq(omo_model_set_members(m, o, NULL), OMO_OK);
    build_seal(m);
    return m;
}

static omo_world *run(const omo_model *m)
{
    omo_error error = {0};
    omo_world *w = omo_world_new(m, 11, 0, NULL);

    ck_assert_msg(omo_world_run(w, INT64_MAX, &error) == OMO_OK, "%s", error.text);
    return w;
}

static int64_t count(const omo_world *w, enum fact_kind kind, uint32_t channel)
{
    return tally_count(&w->tally, kind, channel);
}

/* Binomial: within 4 standard deviations. */
static void is_share(int64_t part, int64_t of, double share)
{
    double z = ((double)part - (double)of * share) / sqrt((double)of * share * (1.0 - share));

    ck_assert_msg(fabs(z) <= 4.0, "%lld of %lld, expected %.1f %%", (long long)part, (long long)of,
                  100.0 * share);
}

/* ---- ids ----------------------------------------------------------------------------------- */

START_TEST(recognised_as_they_identify_themselves)
{
    omo_member_options o = omo_member_defaults();

    o.recognition_ppm[OMO_RECOGNISED_BARCODE] = 500000;
    o.recognition_ppm[OMO_RECOGNISED_PHONE] = 200000;
    o.recognition_ppm[OMO_RECOGNISED_BINDING] = 100000;
    omo_model *m = chain_of(&o, OMO_MERGED, 1000, 200.0);
    omo_world *w = run(m);
    int64_t bought = count(w, FACT_MEMBER_BOUGHT, TILL);
    is_share(count(w, FACT_RECOGNISED, TILL), bought, 0.8);
    ck_assert_int_eq(count(w, FACT_RECOGNISED, APP), count(w, FACT_MEMBER_BOUGHT, APP));
    /* 1, 2 and 3 for the three ways. */
    double mean = (double)tally_quantity(&w->tally, FACT_RECOGNISED, TILL) /
                  (double)count(w, FACT_RECOGNISED, TILL);
    ck_assert_double_eq_tol(mean, (0.5 + 2 * 0.2 + 3 * 0.1) / 0.8, 0.04);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

/* Who has no card is a stranger at the till, unless the ids are linked. */
START_TEST(links_carry_an_id_to_the_till)
{
    static const struct {
        omo_integration_kind kind;
        uint32_t linked_ppm, consent_ppm;
        double till; /* share recognised */
    } c[] = {
        {OMO_SILOED, OMO_PPM, OMO_PPM, 0.3},
        {OMO_MERGED, 0, OMO_PPM, 0.3},
        {OMO_MERGED, 500000, OMO_PPM, 0.3 + 0.7 * 0.5},
        {OMO_MERGED, OMO_PPM, 600000, 0.3 + 0.7 * 0.6},
        {OMO_MERGED, OMO_PPM, OMO_PPM, 1.0},
    };
    omo_member_options o = omo_member_defaults();

    o.id_ppm[OMO_ID_TILL] = 300000;
    o.linked_ppm = c[_i].linked_ppm;
    o.consent_ppm = c[_i].consent_ppm;
    omo_model *m = chain_of(&o, c[_i].kind, 1000000, 200.0);
    omo_world *w = run(m);
    int64_t bought = count(w, FACT_MEMBER_BOUGHT, TILL);
    if (c[_i].till == 1.0)
        ck_assert_int_eq(count(w, FACT_RECOGNISED, TILL), bought);
    else
        is_share(count(w, FACT_RECOGNISED, TILL), bought, c[_i].till);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

START_TEST(offers_bind_who_consents)
{
    omo_member_options o = omo_member_defaults();

    o.linked_ppm = 0;
    o.consent_ppm = 700000;
    o.bind_ppm = 250000;
    omo_model *m = chain_of(&o, OMO_MERGED, 500, 1000.0);
    omo_world *w = run(m);
    uint32_t linked = 0;
    for (uint32_t i = 0; i < 500; i++) {
        ck_assert(!member_linked(w, i) || member_consents(w, i));
        linked += member_linked(w, i);
    }
    ck_assert_int_eq(count(w, FACT_LINKED, TALLY_ALL), linked);
    is_share(linked, 500, 0.7); /* 120 purchases each: everybody who may */
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

/* Nobody is a member at first; buyers sign up where they buy, and in the other system later. */
START_TEST(buyers_register)
{
    omo_member_options o = omo_member_defaults();

    o.start_ppm = 0;
    o.id_ppm[OMO_ID_TILL] = o.id_ppm[OMO_ID_OWN] = o.id_ppm[OMO_ID_PLATFORM] = 0;
    o.register_ppm[TILL] = 100000;
    o.register_ppm[APP] = 400000;
    omo_model *m = chain_of(&o, OMO_SILOED, 10000000, 400.0);
    omo_world *w = run(m);
    int64_t joined = tally_quantity(&w->tally, FACT_MEMBERS_JOINED, TALLY_ALL);
    is_share(count(w, FACT_MEMBERS_JOINED, APP), count(w, FACT_CLOSED, APP), 0.4);
    ck_assert_int_gt(count(w, FACT_MEMBERS_JOINED, TILL), 0);
    ck_assert_int_eq(w->tally.gauge[GAUGE_MEMBERS].level, joined);
    ck_assert_int_eq(count(w, FACT_MEMBER_FIRST, TALLY_ALL), joined);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

/* Growth passes over who registered before their turn: nobody is counted twice. */
START_TEST(growth_passes_over_the_registered)
{
    omo_member_options o = omo_member_defaults();

    o.start_ppm = 100000;
    o.register_ppm[TILL] = 300000;
    o.growth_p = 0.5;
    o.growth_unit_us = 30 * BUILD_DAY;
    o.growth_step_us = BUILD_DAY / 3;
    omo_model *m = chain_of(&o, OMO_MERGED, 3000, 100.0);
    omo_world *w = run(m);
    uint32_t present = 0;
    for (uint32_t i = 0; i < 3000; i++)
        present += member_present(w, 0, i);
    ck_assert_int_gt(w->members.registered_count, 100);
    ck_assert_uint_eq(present, members_present(&w->members.zone[0]));
    ck_assert_int_eq(w->tally.gauge[GAUGE_MEMBERS].level, present);
    ck_assert_uint_lt(w->members.zone[0].ahead, w->members.registered_count);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

/* ---- points -------------------------------------------------------------------------------- */

static omo_member_options points_options(void)
{
    omo_member_options o = omo_member_defaults();

    o.points_earn = 2.0;
    o.point_microcents = 5000000; /* 0.05 */
    return o;
}

/* Ten for each purchase of 10.00, in the wallet of its system; one wallet when linked. */
START_TEST(a_wallet_for_each_system)
{
    omo_member_options o = points_options();
    omo_model *m = chain_of(&o, _i == 0 ? OMO_SILOED : OMO_MERGED, 1, 20.0);
    omo_world *w = run(m);
    const struct member *e = members_find(&w->members, 0);
    int64_t till = 20 * count(w, FACT_MEMBER_BOUGHT, TILL), app = 20 * count(w, FACT_CLOSED, APP);
    ck_assert_int_eq(e->points[OMO_ID_TILL], _i == 0 ? till : 0);
    ck_assert_int_eq(e->points[OMO_ID_OWN], _i == 0 ? app : till + app);
    ck_assert_double_eq_tol(build_kpi(w, "points_liability"), 0.05 * (double)(till + app), 1e-6);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

/* Points pay for up to half of an order; what they pay earns nothing. */
START_TEST(points_pay)
{
    omo_member_options o = points_options();

    o.points_spend_ppm = OMO_PPM;
    o.points_cover_ppm = 500000;
    omo_model *m = chain_of(&o, OMO_MERGED, 1, 20.0);
    omo_world *w = run(m);
    int64_t earned = tally_cents(&w->tally, FACT_POINTS_EARNED, TALLY_ALL);
    int64_t spent = tally_cents(&w->tally, FACT_POINTS_SPENT, TALLY_ALL);
    int64_t orders = count(w, FACT_PLACED, TALLY_ALL);
    int64_t paid = tally_cents(&w->tally, FACT_PLACED, TALLY_ALL);
    ck_assert_int_gt(spent, 100);
    ck_assert_int_eq(paid, 1000 * orders - 5 * spent);
    ck_assert_int_le(earned, paid / 50);
    ck_assert_int_gt(earned, paid / 50 - 2 * orders);
    ck_assert_int_eq(w->tally.gauge[GAUGE_POINTS].level, earned - spent);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

/* Points of one purchase lapse five days later, and nobody has walked through the members. */
START_TEST(points_lapse_after_the_last_were_earned)
{
    omo_member_options o = points_options();

    o.points_expiry_us = 5 * BUILD_DAY;
    omo_model *m = chain_of(&o, OMO_MERGED, 200, 10.0);
    omo_world *w = run(m);
    int64_t held = 0;
    for (uint32_t i = 0; i < 200; i++) {
        const struct member *e = members_find(&w->members, i);
        held += e != NULL ? points_of(w, e) : 0;
    }
    ck_assert_int_gt(tally_cents(&w->tally, FACT_POINTS_LAPSED, TALLY_ALL), 5000);
    ck_assert_int_eq(held, w->tally.gauge[GAUGE_POINTS].level);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

START_TEST(points_are_taken_back_with_the_money)
{
    omo_member_options o = points_options();
    omo_model *m = chain_of(&o, OMO_SILOED, 1, 20.0);
    omo_world *w = omo_world_new(m, 11, 0, NULL);
    struct feed_about at_till = {.order = 1, .place = 0, .channel = TILL};

    ck_assert_int_eq(omo_world_run(w, 30 * BUILD_DAY, NULL), OMO_OK);
    int64_t before = members_find(&w->members, 0)->points[OMO_ID_TILL];
    ck_assert_int_gt(before, 40);
    points_take_back(w, at_till, 0, 1000);
    ck_assert_int_eq(members_find(&w->members, 0)->points[OMO_ID_TILL], before - 20);
    points_take_back(w, at_till, OMO_NONE, 1000);
    points_take_back(w, at_till, 0, INT64_C(1000000000)); /* what is there, no more */
    ck_assert_int_eq(members_find(&w->members, 0)->points[OMO_ID_TILL], 0);
    ck_assert_int_eq(omo_world_run(w, INT64_MAX, NULL), OMO_OK);
    ck_assert_int_eq(tally_cents(&w->tally, FACT_POINTS_TAKEN_BACK, TALLY_ALL), before);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

/* Everything comes back, and with the money the points of what was recognised. */
START_TEST(returns_take_points_back)
{
    omo_model *m = build_model(DAYS);
    omo_segment_options segment = build_segment(20.0);
    omo_channel_options till = build_channel("walk_in", NULL);
    omo_returns_options returns = omo_returns_defaults();
    omo_member_options o = points_options();

    build_sku(m);
    omo_place_options place = build_place(OMO_PLACE_STORE, build_assortment(m, 1), 0.0, 1000000);
    place.capabilities |= OMO_ACCEPTS_RETURNS;
    build_add_place(m, &place);
    build_zone(m, 0.0, 1);
    segment.member_share_ppm = OMO_PPM;
    till.return_rate_ppm = OMO_PPM;
    build_add_segment(m, &segment, build_add_channel(m, &till));
    returns.delay = build_constant((double)BUILD_DAY);
    ck_assert_int_eq(omo_model_set_returns(m, &returns, NULL), OMO_OK);
    o.recognition_ppm[OMO_RECOGNISED_BARCODE] = 600000;
    ck_assert_int_eq(omo_model_set_members(m, &o, NULL), OMO_OK);
    build_seal(m);
    omo_world *w = run(m);
    int64_t back = tally_cents(&w->tally, FACT_POINTS_TAKEN_BACK, TALLY_ALL);
    int64_t earned = tally_cents(&w->tally, FACT_POINTS_EARNED, TALLY_ALL);
    is_share(earned / 20, count(w, FACT_MEMBER_BOUGHT, TALLY_ALL), 0.6);
    /* Of the last day's purchases the goods are still out. */
    ck_assert_int_gt(back, earned - 1000);
    ck_assert_int_lt(back, earned);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

/* ---- leaving ------------------------------------------------------------------------------- */

START_TEST(who_left_stays_away)
{
    omo_member_options o = omo_member_defaults();
    omo_model *m = chain_of(&o, OMO_MERGED, 2, 100.0);
    omo_world *w = omo_world_new(m, 11, 0, NULL);

    ck_assert_int_eq(omo_world_run(w, 20 * BUILD_DAY, NULL), OMO_OK);
    int64_t opened = count(w, FACT_OPENED, TALLY_ALL);
    for (uint32_t i = 0; i < 3; i++)
        member_leave(w, world_about(0, OMO_NONE, OMO_FACT_NO_CHANNEL), 1);
    ck_assert_int_eq(w->tally.gauge[GAUGE_MEMBERS].level, 1);
    ck_assert_int_eq(omo_world_run(w, INT64_MAX, NULL), OMO_OK);
    ck_assert_int_eq(count(w, FACT_MEMBERS_LEFT, TALLY_ALL), 1);
    int64_t away = count(w, FACT_STAYED_AWAY, TALLY_ALL);
    is_share(away, away + count(w, FACT_OPENED, TALLY_ALL) - opened, 0.5);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

/* Three periods end within the run; half of the members stay each time. */
START_TEST(half_of_them_stay)
{
    omo_member_options o = omo_member_defaults();

    o.retention_ppm = 500000;
    o.retention_period_us = 19 * BUILD_DAY;
    omo_model *m = chain_of(&o, OMO_MERGED, 80000, 100.0);
    omo_world *w = run(m);
    is_share(w->tally.gauge[GAUGE_MEMBERS].level, 80000, 0.125);
    ck_assert_int_gt(count(w, FACT_STAYED_AWAY, TALLY_ALL), 1000);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

/* ---- canary: what would happen if somebody's points or membership got lost ------------------ */

static void corrupt(omo_world *w, int which)
{
    struct member *e = members_take(&w->members, 0);

    switch (which) {
    case 0:
        e->points[OMO_ID_OWN]++;
        break;
    case 1:
        w->tally.gauge[GAUGE_POINTS].level--;
        break;
    case 2:
        w->tally.cell[FACT_POINTS_EARNED][TILL].amount++;
        break;
    case 3:
        e->flags |= MEMBER_LEFT;
        break;
    case 4:
        w->members.zone[0].joined--;
        break;
    default:
        w->tally.gauge[GAUGE_MEMBERS].level++;
        break;
    }
}

START_TEST(canary)
{
    static const struct {
        const char *law;
        bool tonight;
    } found[] = {{"points", false},  {"night: points", true},  {"night: points", true},
                 {"members", false}, {"night: members", true}, {"night: members", true}};
    omo_member_options o = points_options();
    omo_error error = {0};
    omo_model *m = chain_of(&o, OMO_MERGED, 50, 100.0);
    omo_world *w = omo_world_new(m, 11, 0, NULL);

    ck_assert_int_eq(omo_world_run(w, 2 * BUILD_DAY + BUILD_HOUR, NULL), OMO_OK);
    corrupt(w, _i);
    omo_status tonight = omo_world_run(w, 3 * BUILD_DAY + BUILD_HOUR, &error);
    ck_assert_int_eq(tonight, found[_i].tonight ? OMO_EAUDIT : OMO_OK);
    if (tonight == OMO_OK)
        ck_assert_int_eq(omo_world_run(w, INT64_MAX, &error), OMO_EAUDIT);
    ck_assert_msg(strncmp(error.text, found[_i].law, strlen(found[_i].law)) == 0, "%s", error.text);
    ck_assert(!omo_world_finished(w));
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("member");
    TCase *tcase = tcase_create("member");

    tcase_add_test(tcase, recognised_as_they_identify_themselves);
    tcase_add_loop_test(tcase, links_carry_an_id_to_the_till, 0, 5);
    tcase_add_test(tcase, offers_bind_who_consents);
    tcase_add_test(tcase, buyers_register);
    tcase_add_test(tcase, growth_passes_over_the_registered);
    tcase_add_loop_test(tcase, a_wallet_for_each_system, 0, 2);
    tcase_add_test(tcase, points_pay);
    tcase_add_test(tcase, points_lapse_after_the_last_were_earned);
    tcase_add_test(tcase, points_are_taken_back_with_the_money);
    tcase_add_test(tcase, returns_take_points_back);
    tcase_add_test(tcase, who_left_stays_away);
    tcase_add_test(tcase, half_of_them_stay);
    tcase_add_loop_test(tcase, canary, 0, 6);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
