/* Second taps, questions after the payment, rushes, and coupons that come too late: each comes as
 * often as it was asked for, where it belongs, and leaves the rest of the plan as it was. */
#include "traffic/journeys_case.h"

#include <math.h>

#define SECOND OMO_US_PER_SECOND
#define BASE                                                                                       \
    "run.days=20", "run.warm_up=0s", "demand.segments.members.visits=300/d",                       \
        "stations.picker.servers=8", "traffic.cancel_share=10%"

static JourneysCase *run(const char *const *sets)
{
    JourneysCase *c = journeys_case_new("two_stores.yaml", sets);

    journeys_case_run(c);
    return c;
}

static JourneysCase *run_base(void)
{
    static const char *const sets[] = {BASE, NULL};

    return run(sets);
}

/* The customer's journey of each order: its index + 1. */
static GHashTable *index_orders(const JourneysCase *c)
{
    GHashTable *orders = g_hash_table_new(g_int64_hash, g_int64_equal);

    for (guint i = 0; i < c->journeys->len; i++)
        if (journeys_case_find(c, i, STEP_pay) != NULL)
            g_hash_table_insert(orders, (gpointer)&journeys_case_journey(c, i)->order,
                                GUINT_TO_POINTER(i + 1));
    return orders;
}

static void assert_share(int64_t count, int64_t cases, double share)
{
    const double mean = share * (double)cases;

    ck_assert_int_gt(cases, 500);
    ck_assert_double_lt(fabs((double)count - mean) / sqrt(mean * (1 - share)), 4);
}

static int64_t paid_us(const JourneysCase *c, uint32_t i)
{
    return journeys_case_find(c, i, STEP_pay)->at_us;
}

START_TEST(double_taps)
{
    static const char *const sets[] = {BASE, "traffic.double_tap_share=30%", NULL};
    g_autoptr(JourneysCase) base = run_base(), c = run(sets);
    g_autoptr(GHashTable) before = index_orders(base);
    int64_t orders = 0, taps = 0;

    ck_assert_uint_eq(c->journeys->len, base->journeys->len);
    for (guint i = 0; i < c->journeys->len; i++) {
        const omo_plan_journey *j = journeys_case_journey(c, i);
        const omo_plan_step *first = journeys_case_find(c, i, STEP_check_out);
        if (first == NULL)
            continue;
        const uint32_t was = GPOINTER_TO_UINT(g_hash_table_lookup(before, &j->order));
        const bool twice = first[1].kind == STEP_check_out;
        ck_assert_uint_ne(was, 0);
        ck_assert_int_eq(paid_us(c, i), paid_us(base, was - 1));
        ck_assert_uint_eq(j->step_count, journeys_case_journey(base, was - 1)->step_count + twice);
        orders++;
        taps += twice;
        if (!twice)
            continue;
        const int64_t gap_us = first[1].at_us - first->at_us;
        ck_assert_int_ge(gap_us, SECOND / 5);
        ck_assert_int_lt(gap_us, SECOND);
        ck_assert_int_eq(first[1].amount, first->amount);
        ck_assert_uint_eq(first[1].place, first->place);
        ck_assert_uint_eq(first[2].kind, STEP_pay);
    }
    assert_share(taps, orders, 0.3);
}
END_TEST

START_TEST(points_after)
{
    static const char *const sets[] = {BASE, "traffic.points_after_share=40%", NULL};
    g_autoptr(JourneysCase) base = run_base(), c = run(sets);
    int64_t orders = 0, asked = 0, before_cancel = 0, after_cancel = 0;

    ck_assert_uint_eq(c->journeys->len, base->journeys->len);
    for (guint i = 0; i < c->journeys->len; i++) {
        const omo_plan_journey *j = journeys_case_journey(c, i);
        const omo_plan_step *pay = journeys_case_find(c, i, STEP_pay);
        if (pay == NULL)
            continue;
        bool cancelled = false, seen = false;
        for (uint32_t k = 1; k < j->step_count; k++) {
            const omo_plan_step *s = journeys_case_step(c, i, k);
            ck_assert_int_ge(s->at_us, s[-1].at_us);
            seen = seen || (s->kind == STEP_points && s > pay);
            before_cancel += s->kind == STEP_cancel && seen;
            after_cancel += s->kind == STEP_points && cancelled;
            cancelled = cancelled || s->kind == STEP_cancel;
        }
        orders++;
        asked += seen;
    }
    assert_share(asked, orders, 0.4);
    ck_assert_int_gt(before_cancel, 0);
    ck_assert_int_gt(after_cancel, 0);
}
END_TEST

/* Those who would have checked out in the ten minutes before 18:00 do it 2 s after. */
START_TEST(rush)
{
    static const char *const sets[] = {BASE, "traffic.rush_at=18:00", "traffic.rush_hold=10min",
                                       "traffic.rush_reaction=constant(2s)", NULL};
    const int64_t at_us = 18 * OMO_US_PER_HOUR;
    g_autoptr(JourneysCase) base = run_base(), c = run(sets);
    g_autoptr(GHashTable) before = index_orders(base), after = index_orders(c);
    int64_t held = 0, tasks = 0;

    ck_assert_uint_eq(c->journeys->len, base->journeys->len);
    for (guint i = 0; i < c->journeys->len; i++) {
        const omo_plan_journey *j = journeys_case_journey(c, i);
        const omo_plan_step *first = journeys_case_find(c, i, STEP_check_out);
        const uint32_t own = GPOINTER_TO_UINT(g_hash_table_lookup(after, &j->order));
        if (journeys_case_step(c, i, 0)->kind == STEP_pick_list) {
            ck_assert_uint_ne(own, 0);
            ck_assert_int_ge(j->at_us, paid_us(c, own - 1) + 5 * SECOND);
            tasks += paid_us(c, own - 1) % OMO_US_PER_DAY - at_us < 10 * SECOND;
        }
        if (first == NULL)
            continue;
        const uint32_t was = GPOINTER_TO_UINT(g_hash_table_lookup(before, &j->order)) - 1;
        const omo_plan_step *then = journeys_case_find(base, was, STEP_check_out);
        const int64_t early_us = at_us - then->at_us % OMO_US_PER_DAY;
        const bool waits = early_us > 0 && early_us <= 10 * OMO_US_PER_MINUTE;
        ck_assert_int_eq(first->at_us, then->at_us + (waits ? early_us + 2 * SECOND : 0));
        ck_assert_int_eq(paid_us(c, i) - first->at_us, paid_us(base, was) - then->at_us);
        ck_assert_int_eq(j->at_us, journeys_case_journey(base, was)->at_us);
        const omo_plan_step *cancel = journeys_case_find(c, i, STEP_cancel);
        ck_assert(cancel == NULL || cancel->at_us >= paid_us(c, i));
        held += waits;
    }
    ck_assert_int_gt(held, 20);
    ck_assert_int_gt(tasks, 10);
}
END_TEST

/* A coupon is shown whether or not its budget still pays for it. */
START_TEST(late_coupons)
{
    static const char *const sets[] =
        {BASE, "promotion={policy: coupon, threshold: 5, claim: 80%, per_member: 3, budget: 30}",
         NULL};
    g_autoptr(JourneysCase) c = run(sets);
    const struct journeys_case_sum redeemed = journeys_case_facts(c, "REDEEMED"),
                                   late = journeys_case_facts(c, "TURNED_DOWN"),
                                   shown = journeys_case_steps(c, STEP_apply_coupon);

    ck_assert_int_gt(late.count, 100);
    ck_assert_int_le(redeemed.count, 30); /* some at the tills */
    ck_assert_int_eq(shown.count, redeemed.count + late.count);
    ck_assert_int_eq(shown.cents, redeemed.cents + late.cents);
    for (guint i = 0; i < c->journeys->len; i++) {
        const omo_plan_step *shows = journeys_case_find(c, i, STEP_apply_coupon);
        const omo_plan_step *places = journeys_case_find(c, i, STEP_check_out);
        ck_assert(shows == NULL || shows->coupon == 0);
        ck_assert(places == NULL || places->coupon == (shows != NULL ? 0 : OMO_PLAN_NO_COUPON));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("journeys_habits");
    TCase *tc = tcase_create("journeys_habits");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, double_taps);
    tcase_add_test(tc, points_after);
    tcase_add_test(tc, rush);
    tcase_add_test(tc, late_coupons);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
