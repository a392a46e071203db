/* Journeys hold what the facts say: nothing lost, nothing made up, in the order of time. */
#include "traffic/journeys_case.h"

#include <string.h>

/* Two stores for nine days with enough online customers, a coupon, and nothing but what the facts
 * know; late views, so that some orders are oversold, and rare cancellations of whole ones. */
static const char *const busy[] = {"run.days=9",
                                   "run.warm_up=0s",
                                   "demand.segments.members.visits=600/d",
                                   "stations.picker.servers=4",
                                   "integration.sync_lag=2h",
                                   "promotion={policy: coupon, amount: 2.00, threshold: 15.00, "
                                   "claim: 30%}",
                                   "traffic.cancel_share=0",
                                   "traffic.return_share=0",
                                   NULL};

static void assert_equal(struct journeys_case_sum steps, struct journeys_case_sum facts)
{
    ck_assert_int_gt(facts.count, 0);
    ck_assert_int_eq(steps.count, facts.count);
    ck_assert_int_eq(steps.units, facts.units);
    ck_assert_int_eq(steps.cents, facts.cents);
}

START_TEST(test_conservation)
{
    g_autoptr(JourneysCase) c = journeys_case_new("two_stores.yaml", busy);

    journeys_case_run(c);
    assert_equal(journeys_case_steps(c, STEP_check_out), journeys_case_facts(c, "PLACED"));
    assert_equal(journeys_case_steps(c, STEP_pay), journeys_case_facts(c, "PLACED"));
    const struct journeys_case_sum lines = journeys_case_facts(c, "LINE");
    assert_equal(journeys_case_steps(c, STEP_add_to_cart), lines);
    ck_assert_int_eq(journeys_case_steps(c, STEP_apply_coupon).cents,
                     journeys_case_facts(c, "REDEEMED").cents);
    ck_assert_int_gt(journeys_case_steps(c, STEP_apply_coupon).count, 50);

    static const struct {
        enum step_kind step;
        const char *fact;
    } tasks[] = {{STEP_pick_list, "PICK_START"},
                 {STEP_pick_confirm, "PICKED"},
                 {STEP_ready, "READY"},
                 {STEP_collect, "COLLECTED"},
                 {STEP_deliver, "DELIVERED"}};
    for (size_t i = 0; i < G_N_ELEMENTS(tasks); i++) {
        const struct journeys_case_sum facts = journeys_case_facts(c, tasks[i].fact);
        const struct journeys_case_sum steps = journeys_case_steps(c, tasks[i].step);
        ck_assert_int_gt(facts.count, 100);
        ck_assert_int_eq(steps.count, facts.count);
        if (tasks[i].step != STEP_pick_list) /* whose fact counts pickers */
            ck_assert_int_eq(steps.units, facts.units);
    }
    /* Minutes of picking are one journey. */
    ck_assert_int_eq(c->counts.journeys[JOURNEYS_PICK], journeys_case_facts(c, "PICK_START").count);
    ck_assert_int_eq(journeys_case_steps(c, STEP_cancel).count, 0);
    ck_assert_int_eq(journeys_case_steps(c, STEP_take_back).count, 0);
}
END_TEST

/* A part is worth what was paid for what its place has reserved. */
START_TEST(test_parts)
{
    g_autoptr(JourneysCase) c = journeys_case_new("two_stores.yaml", busy);
    g_autoptr(GHashTable) cents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const uint32_t reserved = journeys_case_fact("RESERVED");
    uint32_t several = 0;

    journeys_case_run(c);
    for (guint i = 0; i < c->facts->len; i++) {
        const omo_fact *f = &g_array_index(c->facts, omo_fact, i);
        if (omo_fact_kind(f) != reserved)
            continue;
        char *key = g_strdup_printf("%" G_GUINT64_FORMAT "@%u", f->order, f->place);
        const gint before = GPOINTER_TO_INT(g_hash_table_lookup(cents, key));
        several += before != 0;
        g_hash_table_replace(cents, key, GINT_TO_POINTER(before + omo_fact_line_cents(f)));
    }
    for (guint i = 0; i < c->journeys->len; i++) {
        const omo_plan_journey *j = journeys_case_journey(c, i);
        if (journeys_case_is_visit(c, i))
            continue;
        g_autofree char *key = g_strdup_printf("%" G_GUINT64_FORMAT "@%u", j->order, j->place);
        for (uint32_t k = 0; k < j->step_count; k++) {
            ck_assert_int_eq(journeys_case_step(c, i, k)->amount,
                             GPOINTER_TO_INT(g_hash_table_lookup(cents, key)));
            ck_assert_uint_eq(journeys_case_step(c, i, k)->place, j->place);
        }
    }
    ck_assert_uint_gt(several, 100);
}
END_TEST

/* What a walk-in orders online of missing lines is ordered in that shop, by its QR codes. */
START_TEST(test_switched)
{
    static const char *const sets[] = {"run.days=9",
                                       "run.warm_up=0s",
                                       "demand.segments.passers_by.switch=100%",
                                       "stocking.safety_factor=0",
                                       "traffic.cancel_share=0",
                                       NULL};
    g_autoptr(JourneysCase) c = journeys_case_new("two_stores.yaml", sets);
    g_autoptr(GHashTable) shop = g_hash_table_new(g_int64_hash, g_int64_equal);
    const uint32_t kind = journeys_case_fact("SWITCHED");
    uint32_t count = 0, places[2] = {0};

    journeys_case_run(c);
    for (guint i = 0; i < c->facts->len; i++) {
        const omo_fact *f = &g_array_index(c->facts, omo_fact, i);
        if (omo_fact_kind(f) == kind)
            g_hash_table_insert(shop, (gpointer)&f->order, GUINT_TO_POINTER(f->place));
    }
    for (guint i = 0; i < c->journeys->len; i++) {
        const omo_plan_journey *j = journeys_case_journey(c, i);
        const uint64_t walk_in = j->order & ~(UINT64_C(1) << 63);
        if (j->order == walk_in || !journeys_case_is_visit(c, i))
            continue;
        count++;
        ck_assert(g_hash_table_contains(shop, &walk_in));
        ck_assert_uint_eq(j->place, GPOINTER_TO_UINT(g_hash_table_lookup(shop, &walk_in)));
        places[j->place]++;
        ck_assert_ptr_nonnull(journeys_case_find(c, i, STEP_scan));
        ck_assert_ptr_null(journeys_case_find(c, i, STEP_search));
        ck_assert_uint_eq(journeys_case_find(c, i, STEP_scan)->place, j->place);
    }
    ck_assert_uint_eq(count, g_hash_table_size(shop));
    ck_assert(places[0] > 5 && places[1] > 5);
}
END_TEST

START_TEST(test_tills)
{
    g_autoptr(JourneysCase) c = journeys_case_new("two_stores.yaml", busy);

    memset(c->channel, 0, sizeof c->channel);
    c->channel[0] = true;
    ck_assert_str_eq(omo_model_channel_id(c->model, 0), "walk_in");
    journeys_case_run(c);
    const struct journeys_case_sum till = journeys_case_steps(c, STEP_till);
    ck_assert_int_eq(till.count, c->steps->len);
    assert_equal(till, journeys_case_facts(c, "RESERVED"));
    ck_assert_int_eq(till.cents, journeys_case_facts(c, "PLACED").cents);
    ck_assert_int_eq(c->counts.journeys[JOURNEYS_TILL], journeys_case_facts(c, "PLACED").count);
    for (guint i = 0; i < c->journeys->len; i++)
        ck_assert(journeys_case_journey(c, i)->place < 2 &&
                  journeys_case_journey(c, i)->member == 0);
}
END_TEST

/* Where nobody has anything: carts are left alone; orders that were promised on a stale view fail
 * after they are paid, and have no tasks. Both name a place that was asked. */
START_TEST(test_sold_out)
{
    static const char *const sets[] = {"run.days=9",
                                       "run.warm_up=0s",
                                       "demand.segments.members.visits=600/d",
                                       "demand.segments.members.lines=constant(1)",
                                       "demand.segments.members.missing_sensitivity=0",
                                       "integration.sync_lag=4h",
                                       "stocking.safety_factor=0",
                                       "stocking.review=3d",
                                       "traffic.cancel_share=0",
                                       NULL};
    g_autoptr(JourneysCase) c = journeys_case_new("two_stores.yaml", sets);
    g_autoptr(GHashTable) failed = g_hash_table_new(g_int64_hash, g_int64_equal);
    const uint32_t kind = journeys_case_fact("FAILED");
    uint32_t carts = 0, failures = 0;

    journeys_case_run(c);
    for (guint i = 0; i < c->facts->len; i++) {
        const omo_fact *f = &g_array_index(c->facts, omo_fact, i);
        if (omo_fact_kind(f) == kind)
            g_hash_table_add(failed, (gpointer)&f->order);
    }
    for (guint i = 0; i < c->journeys->len; i++) {
        const omo_plan_journey *j = journeys_case_journey(c, i);
        const bool pays = journeys_case_find(c, i, STEP_pay) != NULL;
        const bool cart = !pays && journeys_case_find(c, i, STEP_add_to_cart) != NULL;
        const bool fails = g_hash_table_contains(failed, &j->order);
        ck_assert(!fails || pays);
        if (cart || fails)
            ck_assert_uint_lt(j->place, 3);
        ck_assert(!cart || journeys_case_find(c, i, STEP_check_out) == NULL);
        carts += cart;
        failures += fails;
    }
    ck_assert_uint_eq(carts, c->counts.journeys[JOURNEYS_CART]);
    ck_assert_uint_gt(carts, 20);
    ck_assert_uint_gt(failures, 5);
}
END_TEST

/* Backorders: units that follow are picked when they have come, and are in the plan once. */
START_TEST(test_backorders)
{
    static const char *const sets[] = {"run.days=9",
                                       "run.warm_up=0s",
                                       "shortage=backorder",
                                       "demand.segments.members.visits=600/d",
                                       "stocking.safety_factor=0",
                                       "traffic.cancel_share=0",
                                       NULL};
    g_autoptr(JourneysCase) c = journeys_case_new("two_stores.yaml", sets);

    journeys_case_run(c);
    ck_assert_int_gt(journeys_case_facts(c, "BACKORDERED").count, 10);
    assert_equal(journeys_case_steps(c, STEP_pay), journeys_case_facts(c, "PLACED"));
    ck_assert_int_eq(journeys_case_steps(c, STEP_pick_confirm).count,
                     journeys_case_facts(c, "PICKED").count);
}
END_TEST

/* Starts in order, steps in order, visits no longer than they may be; clerks after the payment. */
START_TEST(test_order)
{
    g_autoptr(JourneysCase) c = journeys_case_new("two_stores.yaml", busy);
    g_autoptr(GHashTable) paid = g_hash_table_new(g_int64_hash, g_int64_equal);
    int64_t last_us = 0;
    uint32_t at_notice = 0; /* an idle picker */

    journeys_case_run(c);
    for (guint i = 0; i < c->journeys->len; i++) {
        const omo_plan_journey *j = journeys_case_journey(c, i);
        ck_assert_int_ge(j->at_us, last_us);
        last_us = j->at_us;
        ck_assert_int_eq(journeys_case_step(c, i, 0)->at_us, j->at_us);
        for (uint32_t k = 1; k < j->step_count; k++)
            ck_assert_int_ge(journeys_case_step(c, i, k)->at_us,
                             journeys_case_step(c, i, k - 1)->at_us);
        const omo_plan_step *pay = journeys_case_find(c, i, STEP_pay);
        if (!journeys_case_is_visit(c, i)) {
            const int64_t *at_us = g_hash_table_lookup(paid, &j->order);
            ck_assert_ptr_nonnull(at_us);
            ck_assert_int_ge(j->at_us, *at_us + 5 * OMO_US_PER_SECOND);
            at_notice += j->at_us == *at_us + 5 * OMO_US_PER_SECOND;
            ck_assert_uint_eq(j->member, 0);
            continue;
        }
        ck_assert_uint_ne(j->member, 0);
        ck_assert_uint_eq(journeys_case_step(c, i, 0)->kind, STEP_log_in);
        ck_assert_int_le(journeys_case_step(c, i, j->step_count - 1u)->at_us - j->at_us,
                         JOURNEYS_SPAN_US);
        if (pay == NULL)
            continue;
        ck_assert_ptr_eq(pay, journeys_case_step(c, i, j->step_count - 1u));
        ck_assert_uint_eq((pay - 1)->kind, STEP_check_out);
        ck_assert_int_lt(pay->at_us - (pay - 1)->at_us, OMO_US_PER_MINUTE);
        g_hash_table_insert(paid, (gpointer)&j->order, (gpointer)&pay->at_us);
    }
    ck_assert_uint_gt(at_notice, 1000);
}
END_TEST

/* The payment of an order stands at its PLACED fact's time, to the microsecond. */
START_TEST(test_times)
{
    g_autoptr(JourneysCase) c = journeys_case_new("two_stores.yaml", busy);
    g_autoptr(GHashTable) placed = g_hash_table_new(g_int64_hash, g_int64_equal);
    const uint32_t kind = journeys_case_fact("PLACED");

    journeys_case_run(c);
    for (guint i = 0; i < c->facts->len; i++) {
        const omo_fact *f = &g_array_index(c->facts, omo_fact, i);
        if (omo_fact_kind(f) == kind)
            g_hash_table_insert(placed, (gpointer)&f->order, (gpointer)f);
    }
    for (guint i = 0; i < c->journeys->len; i++) {
        const omo_plan_step *pay = journeys_case_find(c, i, STEP_pay);
        const omo_fact *f = g_hash_table_lookup(placed, &journeys_case_journey(c, i)->order);
        if (pay == NULL)
            continue;
        ck_assert_ptr_nonnull(f);
        ck_assert_int_eq(pay->at_us, f->at_us);
        ck_assert_int_eq(pay->amount, f->amount);
        ck_assert_uint_eq(omo_fact_channel(f), journeys_case_journey(c, i)->channel);
    }
}
END_TEST

/* A pick that takes longer than a journey may becomes two, each in its place. */
START_TEST(test_long_picks)
{
    static const char *const sets[] = {"run.days=3",
                                       "run.warm_up=0s",
                                       "stations.picker.service=constant(45min)",
                                       "stations.picker.servers=20",
                                       "traffic.cancel_share=0",
                                       NULL};
    g_autoptr(JourneysCase) c = journeys_case_new("two_stores.yaml", sets);
    int64_t list = 0, confirm = 0;

    journeys_case_run(c);
    for (guint i = 0; i < c->journeys->len; i++) {
        const omo_plan_journey *j = journeys_case_journey(c, i);
        const enum step_kind first = journeys_case_step(c, i, 0)->kind;
        list += first == STEP_pick_list && j->step_count == 1;
        confirm += first == STEP_pick_confirm;
        ck_assert(first != STEP_pick_list || j->step_count == 1);
    }
    ck_assert_int_gt(confirm, 50);
    ck_assert_int_eq(list, journeys_case_facts(c, "PICK_START").count);
    ck_assert_int_eq(confirm, journeys_case_facts(c, "PICKED").count);
    ck_assert_int_eq(journeys_case_steps(c, STEP_ready).count,
                     journeys_case_facts(c, "READY").count);
}
END_TEST

/* Without pickers a part is picked in no time: list and confirmation, at once. */
START_TEST(test_no_pickers)
{
    static const char *const sets[] = {"run.days=3", "run.warm_up=0s", "stations.picker=~",
                                       "traffic.cancel_share=0", NULL};
    g_autoptr(JourneysCase) c = journeys_case_new("two_stores.yaml", sets);

    journeys_case_run(c);
    ck_assert_int_eq(journeys_case_facts(c, "PICK_START").count, 0);
    const int64_t picked = journeys_case_facts(c, "PICKED").count;
    ck_assert_int_gt(picked, 50);
    ck_assert_int_eq(journeys_case_steps(c, STEP_pick_list).count, picked);
    ck_assert_int_eq(journeys_case_steps(c, STEP_pick_confirm).count, picked);
}
END_TEST

/* A cancelled order has no tasks, the others have all of theirs; if all parts come back, all do. */
START_TEST(test_cancel_and_return)
{
    static const char *const sets[] = {"run.days=5",
                                       "run.warm_up=0s",
                                       "demand.segments.members.visits=300/d",
                                       "traffic.cancel_share=50%",
                                       "traffic.return_share=100%",
                                       "traffic.return_after=constant(10min)",
                                       NULL};
    g_autoptr(JourneysCase) c = journeys_case_new("two_stores.yaml", sets);
    g_autoptr(GHashTable) cancelled = g_hash_table_new(g_int64_hash, g_int64_equal);
    const int64_t end_us = 5 * OMO_US_PER_DAY;
    int64_t handed = 0;

    journeys_case_run(c);
    for (guint i = 0; i < c->journeys->len; i++) {
        const omo_plan_journey *j = journeys_case_journey(c, i);
        const omo_plan_step *step = journeys_case_find(c, i, STEP_cancel);
        if (step != NULL) {
            ck_assert_ptr_eq(step, journeys_case_step(c, i, j->step_count - 1u));
            ck_assert_uint_eq((step - 1)->kind, STEP_pay);
            g_hash_table_add(cancelled, (gpointer)&j->order);
        }
        if (journeys_case_is_visit(c, i))
            continue;
        ck_assert(!g_hash_table_contains(cancelled, &j->order));
        const enum step_kind kind = journeys_case_step(c, i, 0)->kind;
        handed += (kind == STEP_collect || kind == STEP_deliver) &&
                  j->at_us + 10 * OMO_US_PER_MINUTE < end_us;
        if (kind == STEP_take_back)
            ck_assert_uint_ne(journeys_case_step(c, i, 0)->sku, OMO_PLAN_NONE);
    }
    ck_assert_uint_gt(g_hash_table_size(cancelled), 100);
    ck_assert_int_gt(handed, 100);
    ck_assert_int_eq(journeys_case_steps(c, STEP_take_back).count, handed);
}
END_TEST

/* Where the simulation has returns, the plan has these and makes up no others. */
START_TEST(test_simulated_returns)
{
    static const char *const sets[] = {"run.days=9",
                                       "run.warm_up=0s",
                                       "demand.segments.members.visits=300/d",
                                       "returns.rate=20%",
                                       "returns.delay=exponential(1d)",
                                       "traffic.cancel_share=0",
                                       "traffic.return_share=100%",
                                       NULL};
    g_autoptr(JourneysCase) c = journeys_case_new("two_stores.yaml", sets);

    journeys_case_run(c);
    const struct journeys_case_sum facts = journeys_case_facts(c, "RETURNED");
    const struct journeys_case_sum steps = journeys_case_steps(c, STEP_take_back);
    ck_assert_int_gt(facts.count, 300);
    ck_assert_int_eq(steps.count, facts.count);
    ck_assert_int_eq(steps.units, facts.units);
    ck_assert_int_eq(steps.cents, facts.cents);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_conservation,
                                  test_parts,
                                  test_switched,
                                  test_sold_out,
                                  test_tills,
                                  test_backorders,
                                  test_order,
                                  test_times,
                                  test_long_picks,
                                  test_no_pickers,
                                  test_cancel_and_return,
                                  test_simulated_returns};
    return folder_run("journeys", tests, G_N_ELEMENTS(tests));
}
