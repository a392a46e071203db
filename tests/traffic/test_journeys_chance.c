/* What is drawn comes as often as the scenario says, at the hours when its customers come, and from
 * the members whom the simulation knows.
 *
 * Seeds are fixed, so a test passes always or never. Bounds are four standard deviations (a false
 * alarm in 16,000 for each), of chi-square a quantile of 10^-4. */
#include "traffic/journeys_case.h"

#include <math.h>

static const char *const month[] = {"run.days=30",
                                    "run.warm_up=0s",
                                    "demand.segments.members.visits=400/d",
                                    "stations.picker.servers=8",
                                    "traffic.browse_per_line=2.3",
                                    "traffic.scan_share=15%",
                                    "traffic.search_share=35%",
                                    "traffic.check_stock_share=45%",
                                    "traffic.points_share=12%",
                                    "traffic.coupons_share=25%",
                                    "traffic.cancel_share=6%",
                                    "traffic.return_share=9%",
                                    "traffic.return_after=constant(0s)",
                                    "traffic.just_looking_share=60%",
                                    NULL};

static void assert_share(const char *what, int64_t count, int64_t cases, double share)
{
    const double mean = share * (double)cases;
    const double z = ((double)count - mean) / sqrt(mean * (1 - share));

    ck_assert_msg(cases > 1000, "%s: %d cases", what, (int)cases);
    ck_assert_msg(fabs(z) < 4, "%s: %d of %d, z = %.2f", what, (int)count, (int)cases, z);
}

static bool is_switched(const omo_plan_journey *j) { return j->order >> 63 != 0; }

START_TEST(test_shares)
{
    g_autoptr(JourneysCase) c = journeys_case_new("two_stores.yaml", month);
    int64_t lines = 0, scans = 0, searches = 0, pages = 0, checks = 0;
    int64_t visits = 0, points = 0, coupons = 0, orders = 0, cancels = 0, handed = 0, returns = 0;
    g_autoptr(GHashTable) with_customer = g_hash_table_new(g_int64_hash, g_int64_equal);

    journeys_case_run(c);
    for (guint i = 0; i < c->journeys->len; i++) {
        const omo_plan_journey *j = journeys_case_journey(c, i);
        const bool carts = journeys_case_find(c, i, STEP_add_to_cart) != NULL;
        if (journeys_case_is_visit(c, i)) {
            visits++;
            points += journeys_case_find(c, i, STEP_points) != NULL;
            coupons += journeys_case_find(c, i, STEP_coupons) != NULL;
            orders += journeys_case_find(c, i, STEP_pay) != NULL;
            cancels += journeys_case_find(c, i, STEP_cancel) != NULL;
        }
        for (uint32_t k = 0; k < j->step_count && !is_switched(j); k++) {
            const enum step_kind kind = journeys_case_step(c, i, k)->kind;
            lines += carts && kind == STEP_add_to_cart;
            scans += carts && kind == STEP_scan;
            searches += carts && kind == STEP_search;
            pages += carts && kind == STEP_browse;
            checks += carts && kind == STEP_check_stock;
            returns += kind == STEP_take_back;
            /* At the same moment, and yet behind it. */
            ck_assert(kind != STEP_take_back || g_hash_table_contains(with_customer, &j->order));
            if (kind != STEP_collect && kind != STEP_deliver)
                continue;
            handed++;
            g_hash_table_add(with_customer, (gpointer)&j->order);
        }
    }
    assert_share("scan", scans, lines, 0.15);
    assert_share("search", searches, lines - scans, 0.35);
    assert_share("check_stock", checks, lines, 0.45);
    assert_share("points", points, visits, 0.12);
    assert_share("coupons", coupons, visits, 0.25);
    assert_share("cancel", cancels, orders, 0.06);
    assert_share("return", returns, handed, 0.09);
    assert_share("third page", pages - 2 * (lines - scans), lines - scans, 0.3);
}
END_TEST

static bool has_line(const struct journeys_case *c, uint32_t i, uint32_t sku)
{
    for (uint32_t k = 0; k < journeys_case_journey(c, i)->step_count; k++)
        if (journeys_case_step(c, i, k)->kind == STEP_add_to_cart &&
            journeys_case_step(c, i, k)->sku == sku)
            return true;
    return false;
}

/* Pages of products that are not bought: as popular as those that are. */
START_TEST(test_pages)
{
    static const char *const sets[] = {"run.days=28",
                                       "run.warm_up=0s",
                                       "demand.segments.members.visits=400/d",
                                       "demand.segments.members.lines=constant(1)",
                                       "traffic.browse_per_line=3",
                                       NULL};
    g_autoptr(JourneysCase) c = journeys_case_new("two_stores.yaml", sets);
    double pages[20] = {0}, lines[20] = {0}, page_count = 0, line_count = 0;

    journeys_case_run(c);
    for (guint i = 0; i < c->journeys->len; i++)
        for (uint32_t k = 0; k < journeys_case_journey(c, i)->step_count; k++) {
            const omo_plan_step *s = journeys_case_step(c, i, k);
            if (is_switched(journeys_case_journey(c, i)))
                continue;
            if (s->kind == STEP_add_to_cart) {
                lines[s->sku]++;
                line_count++;
            } else if (s->kind == STEP_browse && !has_line(c, i, s->sku)) {
                pages[s->sku]++;
                page_count++;
            }
        }
    ck_assert_double_gt(page_count, 1.5 * line_count);
    /* Two pages are of one product, and the own line's is left out, so shares agree only roughly;
     * if all were as popular each had 5 %. */
    for (int sku = 0; sku < 20; sku++)
        ck_assert_double_lt(fabs(pages[sku] / page_count - lines[sku] / line_count), 0.03);
}
END_TEST

/* Those who leave with nothing: of the online segment, the share that is traced. */
START_TEST(test_looking)
{
    g_autoptr(JourneysCase) c = journeys_case_new("two_stores.yaml", month);
    const uint32_t left = journeys_case_fact("LEFT");
    int64_t online = 0;

    journeys_case_run(c);
    for (guint i = 0; i < c->facts->len; i++) {
        const omo_fact *f = &g_array_index(c->facts, omo_fact, i);
        omo_visitor visitor;
        ck_assert(f->order == 0 || omo_world_visitor(c->world, f->order, &visitor));
        online += omo_fact_kind(f) == left && visitor.segment == 1; /* members */
    }
    assert_share("just looking", (int64_t)c->counts.journeys[JOURNEYS_LOOK], online, 0.6);
}
END_TEST

/* Online visits of the members' segment by hour against its profile, all of them: with an order, a
 * cart left alone or nothing. The moment is that of the facts, the visit's last step. */
START_TEST(test_profile)
{
    static const double hours[24] = {1, 0, 0, 0, 0, 0, 1,  3,  4,  4, 5, 6,
                                     8, 6, 5, 5, 6, 8, 10, 11, 12, 9, 5, 2};
    static const char *const sets[] = {"run.days=28", "run.warm_up=0s",
                                       "demand.segments.members.visits=400/d",
                                       "traffic.cancel_share=0", NULL};
    g_autoptr(JourneysCase) c = journeys_case_new("two_stores.yaml", sets);
    double seen[24] = {0}, all = 0, weight = 0, chi_square = 0;

    journeys_case_run(c);
    for (guint i = 0; i < c->journeys->len; i++) {
        const omo_plan_journey *j = journeys_case_journey(c, i);
        if (!journeys_case_is_visit(c, i) || is_switched(j))
            continue;
        const int64_t at_us = journeys_case_step(c, i, j->step_count - 1u)->at_us;
        seen[at_us % OMO_US_PER_DAY / OMO_US_PER_HOUR]++;
        all++;
    }
    /* 400 a day, Poisson, for four weeks */
    ck_assert_double_lt(fabs(all - 11200) / sqrt(11200), 4);
    for (int h = 0; h < 24; h++)
        weight += hours[h];
    for (int h = 0; h < 24; h++) {
        const double expected = all * hours[h] / weight;
        ck_assert(expected > 0 || seen[h] == 0);
        if (expected > 0)
            chi_square += (seen[h] - expected) * (seen[h] - expected) / expected;
    }
    ck_assert_double_lt(chi_square, 48.3); /* 19 hours with visits: 18 degrees of freedom */
}
END_TEST

/* Members are the simulated ones: they come again, and who redeems a coupon has claimed one. */
START_TEST(test_members)
{
    static const char *const sets[] = {"run.days=14", "run.warm_up=0s",
                                       "demand.segments.members.visits=400/d",
                                       "promotion={policy: coupon, amount: 2.00, threshold: 10.00, "
                                       "claim: 30%}",
                                       NULL};
    g_autoptr(JourneysCase) c = journeys_case_new("two_stores.yaml", sets);
    const uint32_t claimed = journeys_case_fact("CLAIMED"),
                   redeemed = journeys_case_fact("REDEEMED");
    bool holds[501] = {false};
    uint32_t visits[501] = {0}, redemptions = 0, seldom = 0, in_the_open = 0;

    journeys_case_run(c);
    for (guint i = 0; i < c->facts->len; i++) {
        const omo_fact *f = &g_array_index(c->facts, omo_fact, i);
        omo_visitor visitor;
        if (omo_fact_kind(f) != claimed && omo_fact_kind(f) != redeemed)
            continue;
        ck_assert(omo_world_visitor(c->world, f->order, &visitor));
        ck_assert_uint_lt(visitor.member, 500);
        ck_assert(holds[visitor.member] == (omo_fact_kind(f) == redeemed));
        holds[visitor.member] = omo_fact_kind(f) == claimed;
        redemptions += omo_fact_kind(f) == redeemed;
    }
    ck_assert_uint_gt(redemptions, 100);
    for (guint i = 0; i < c->journeys->len; i++) {
        const omo_plan_journey *j = journeys_case_journey(c, i);
        if (!journeys_case_is_visit(c, i) || is_switched(j))
            continue;
        ck_assert_uint_ge(j->member, 1);
        ck_assert_uint_le(j->member, 500);
        omo_visitor visitor;
        ck_assert(omo_world_visitor(c->world, j->order, &visitor));
        ck_assert_uint_eq(j->member, omo_world_pseudonym(c->world, visitor.member) + 1);
        in_the_open += j->member == visitor.member + 1;
        visits[j->member]++;
    }
    ck_assert_uint_lt(in_the_open, 100); /* a permutation leaves one in its place, on average */
    /* 5,600 visits by 500 members: 11.2 each, Poisson; one in 6,000 comes less than twice. */
    for (int m = 1; m <= 500; m++)
        seldom += visits[m] < 2;
    ck_assert_uint_le(seldom, 3);
}
END_TEST

/* Online customers who are nobody's members have accounts of their cell, which come again too. */
START_TEST(test_accounts)
{
    static const char *const sets[] = {"run.days=14",
                                       "run.warm_up=0s",
                                       "demand.segments.members.visits=400/d",
                                       "demand.segments.members.member_share=50%",
                                       "traffic.accounts=40",
                                       NULL};
    g_autoptr(JourneysCase) c = journeys_case_new("two_stores.yaml", sets);
    g_autoptr(GHashTable) accounts = g_hash_table_new(g_int64_hash, g_int64_equal);
    int64_t visits = 0, members = 0;

    journeys_case_run(c);
    for (guint i = 0; i < c->journeys->len; i++) {
        const omo_plan_journey *j = journeys_case_journey(c, i);
        const uint64_t cell = j->order >> 44 & 0x7ffff;
        if (!journeys_case_is_visit(c, i) || is_switched(j))
            continue;
        visits++;
        members += j->member >> 32 == 0;
        if (j->member >> 32 == 0)
            continue;
        ck_assert(j->order == 0 || j->member >> 32 == cell + 1);
        ck_assert_uint_ge(j->member & UINT32_MAX, 1);
        ck_assert_uint_le(j->member & UINT32_MAX, 40);
        g_hash_table_add(accounts, (gpointer)&j->member);
    }
    assert_share("members", members, visits, 0.5);
    ck_assert_uint_eq(g_hash_table_size(accounts), 80); /* one segment in two zones */
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_shares,  test_pages,   test_looking,
                                  test_profile, test_members, test_accounts};
    return folder_run("journeys_chance", tests, G_N_ELEMENTS(tests));
}
