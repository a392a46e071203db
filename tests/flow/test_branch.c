/* Branches: one past, the same customers, another policy from there on; and models that cannot go
 * on from it. */
#include "flow/chain.h"
#include "flow/saved.h"

#include <inttypes.h>

#include "flow/columns.h"

#define BRANCH_AT (5 * BUILD_DAY + 9 * BUILD_HOUR + 36 * OMO_US_PER_MINUTE) /* day 5.4 */

static omo_model *branch_model_of(enum chain_kind kind, const struct chain_change *change)
{
    struct chain c = chain_new(kind);

    if (change != NULL)
        change->change(&c);
    return chain_model(&c);
}

static omo_model *branch_model(const struct chain_change *change)
{
    return branch_model_of(CHAIN_DELAYED, change);
}

/* Another period or lag is no policy where review is continuous or views are real-time. */
static bool branch_fits(enum chain_kind kind, const struct chain_change *change)
{
    static const char *const other[] = {"longer period", "shorter period", "older views",
                                        "fresher views"};

    for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
        if (strcmp(change->name, other[i]) == 0)
            return kind != CHAIN_CONTINUOUS;
    return true;
}

/* Who came, when and what for: facts that no policy decides. A switched order, or a
 * visit that follows from another one, is another matter. */
static bool is_wish(const omo_fact *f)
{
    return omo_fact_kind(f) == build_fact_kind("LINE") && f->order >> 62 == 0;
}

struct visits {
    uint64_t count;
    struct build_facts facts;
};

/* The identities of those who came: of an order opened, or of a visit that ended with nothing. */
static void visits_read(void *user, const omo_fact *f, size_t count)
{
    struct visits *v = user;
    uint32_t opened = build_fact_kind("OPENED"), left = build_fact_kind("LEFT");
    uint32_t stayed_away =
        build_fact_kind("STAYED_AWAY"); /* a member who has left would have come */

    build_facts_read(&v->facts, f, count);
    for (size_t i = 0; i < count; i++)
        v->count += (omo_fact_kind(&f[i]) == opened || omo_fact_kind(&f[i]) == left ||
                     omo_fact_kind(&f[i]) == stayed_away) &&
                    f[i].order >> 62 == 0;
}

/* Restores, runs to the end with a reader. */
static omo_world *branch_run(struct saved *s, const omo_model *m, struct visits *ret)
{
    omo_error error = {0};
    omo_world *w = saved_restore(s, m, &error);

    ck_assert_msg(w != NULL, "%s", error.text);
    *ret = (struct visits){0};
    omo_world_set_reader(w, visits_read, ret);
    ck_assert_msg(omo_world_run(w, INT64_MAX, &error) == OMO_OK, "%s", error.text);
    ck_assert(omo_world_finished(w));
    return w;
}

/* Settings that the state does not hold: a world saved before anything happened and restored under
 * another policy is that policy's world. */
START_TEST(a_branch_goes_by_its_own_model)
{
    const struct chain_change *change = &chain_policies[_i / CHAIN_KIND_COUNT];
    enum chain_kind kind = (enum chain_kind)(_i % CHAIN_KIND_COUNT);
    if (!branch_fits(kind, change))
        return;
    omo_model *base = branch_model_of(kind, NULL), *other = branch_model_of(kind, change);
    omo_world *w = omo_world_new(base, 7, 0, NULL);
    struct saved saved = saved_of(w);
    struct visits visits;
    omo_world *branch = branch_run(&saved, other, &visits);
    omo_world *own = saved_world(other, 7, INT64_MAX);

    ck_assert_msg(omo_world_digest(branch) == omo_world_digest(own), "%s", change->name);
    for (uint32_t i = 0; i < omo_model_kpi_count(other); i++) {
        double x = omo_world_kpi(branch, i), y = omo_world_kpi(own, i);
        ck_assert_msg(memcmp(&x, &y, sizeof(x)) == 0 || (x != x && y != y), "%s: %s", change->name,
                      omo_model_kpi_name(other, i, NULL, NULL));
    }
    build_facts_free(&visits.facts);
    saved_free(&saved);
    omo_world_free(w);
    omo_world_free(own);
    omo_world_free(branch);
    omo_model_free(base);
    omo_model_free(other);
}
END_TEST

/* The same visits, each with the same wishes when it wants something in both. */
static void same_customers(const struct visits *a, const struct visits *b, const char *name,
                           int64_t until_us)
{
    size_t same = 0, k = 0;

    for (size_t i = 0; i < a->facts.count; i++) {
        const omo_fact *f = &a->facts.fact[i];
        if (!is_wish(f) || f->at_us >= until_us)
            continue;
        while (k < b->facts.count &&
               (!is_wish(&b->facts.fact[k]) || b->facts.fact[k].at_us < f->at_us))
            k++;
        if (k < b->facts.count && b->facts.fact[k].at_us == f->at_us &&
            b->facts.fact[k].order == f->order) {
            ck_assert_msg(omo_fact_sku(f) == omo_fact_sku(&b->facts.fact[k]) &&
                              omo_fact_quantity(f) == omo_fact_quantity(&b->facts.fact[k]),
                          "%s: another wish", name);
            same++;
            k++;
        }
    }
    ck_assert_msg(same > 300, "%s: %zu lines are the same", name, same);
}

START_TEST(branches_share_past_and_customers)
{
    const struct chain_change *change = &chain_policies[_i];
    bool later = strcmp(change->name, "a later horizon") == 0;
    omo_model *base = branch_model(NULL), *other = branch_model(change);
    omo_world *w = saved_world(base, 7, BRANCH_AT);
    struct saved saved = saved_of(w);
    struct visits a, b;
    omo_world *stay = branch_run(&saved, base, &a), *go = branch_run(&saved, other, &b);
    omo_world *at = saved_restore(&saved, other, NULL);

    ck_assert_uint_eq(omo_world_digest(at), omo_world_digest(w)); /* the past */
    ck_assert_uint_eq(omo_world_fact_count(at), omo_world_fact_count(w));
    ck_assert_uint_gt(a.count, 400);
    if (later)
        ck_assert_uint_gt(b.count, a.count + 400);
    else
        ck_assert_msg(a.count == b.count, "%s: %" PRIu64 " and %" PRIu64 " visits", change->name,
                      a.count, b.count);
    same_customers(&a, &b, change->name, 10 * BUILD_DAY);
    /* All of these changes show, but for the limit of memory. */
    ck_assert_msg((omo_world_digest(stay) != omo_world_digest(go)) ==
                      (strcmp(change->name, "memory_max") != 0),
                  "%s", change->name);
    build_facts_free(&a.facts);
    build_facts_free(&b.facts);
    saved_free(&saved);
    omo_world_free(w);
    omo_world_free(at);
    omo_world_free(stay);
    omo_world_free(go);
    omo_model_free(base);
    omo_model_free(other);
}
END_TEST

START_TEST(another_model_is_refused)
{
    const struct chain_change *change = &chain_shapes[_i];
    omo_model *base = branch_model(NULL), *other = branch_model(change);
    omo_world *w = saved_world(base, 7, BRANCH_AT);
    struct saved saved = saved_of(w);
    omo_error error = {0};

    ck_assert_msg(saved_restore(&saved, other, &error) == NULL, "%s was accepted", change->name);
    ck_assert_int_eq(error.status, OMO_EINVAL);
    ck_assert_msg(strstr(error.text, change->text) != NULL, "%s: %s", change->name, error.text);
    saved.at = 0;
    error = (omo_error){0};
    ck_assert_int_eq(omo_checkpoint_read(other, saved_read, &saved, NULL, &error), OMO_EINVAL);
    ck_assert_msg(strstr(error.text, change->text) != NULL, "%s: %s", change->name, error.text);
    ck_assert_uint_lt(saved.at, 5000);
    saved_free(&saved);
    omo_world_free(w);
    omo_model_free(base);
    omo_model_free(other);
}
END_TEST

/* What is under way was begun under other rules; what the rest of the day may need is made room for
 * again. All day long, in all directions. */
START_TEST(from_any_policy_to_any_other)
{
    enum chain_kind kind = (enum chain_kind)(_i % CHAIN_KIND_COUNT);
    if (!branch_fits(kind, &chain_policies[_i]))
        return;
    omo_model *from = branch_model_of(kind, &chain_policies[_i]);
    omo_error error = {0};

    for (int k = 0; k < chain_policy_count; k++) {
        if (!branch_fits(kind, &chain_policies[k]))
            continue;
        omo_model *to = branch_model_of(kind, &chain_policies[k]);
        omo_world *w = saved_world(from, 7, BRANCH_AT + (_i + k) % 24 * BUILD_HOUR);
        struct saved saved = saved_of(w);
        omo_world *branch = saved_restore(&saved, to, &error);
        ck_assert_msg(branch != NULL, "%s", error.text);
        ck_assert_msg(omo_world_run(branch, INT64_MAX, &error) == OMO_OK, "%s to %s: %s",
                      chain_policies[_i].name, chain_policies[k].name, error.text);
        saved_free(&saved);
        omo_world_free(w);
        omo_world_free(branch);
        omo_model_free(to);
    }
    omo_model_free(from);
}
END_TEST

/* At noon the customers begin to order all that the shop lacks: many more orders than midnight made
 * room for. */
START_TEST(room_for_the_rest_of_the_day)
{
    struct chain c = chain_new(CHAIN_DELAYED);
    omo_error error = {0};

    c.segment.visits_per_day = 4000.0;
    c.segment.lines = build_constant(8.0);
    c.utility[1] = c.utility[2] = c.utility[3] = -50.0;
    c.channel[1].enabled = c.channel[2].enabled = c.channel[3].enabled = false;
    omo_model *before = chain_model(&c);
    omo_world *w = saved_world(before, 3, BRANCH_AT);
    struct saved saved = saved_of(w);
    c.channel[1].enabled = c.channel[2].enabled = c.channel[3].enabled = true;
    c.utility[1] = c.utility[2] = c.utility[3] = 5.0;
    c.segment.switch_ppm = OMO_PPM - 2 * c.segment.stockout.substitute_ppm;
    omo_model *after = chain_model(&c);
    omo_world *branch = saved_restore(&saved, after, &error);
    ck_assert_msg(branch != NULL, "%s", error.text);
    ck_assert_uint_eq(w->orders.details.touched, 0);
    ck_assert_msg(omo_world_run(branch, BRANCH_AT + 12 * BUILD_HOUR, &error) == OMO_OK, "%s",
                  error.text);
    ck_assert_uint_gt(branch->orders.details.used_max, 64); /* what a new world has room for */
    ck_assert_int_eq(omo_world_run(branch, INT64_MAX, NULL), OMO_OK);
    saved_free(&saved);
    omo_world_free(w);
    omo_world_free(branch);
    omo_model_free(before);
    omo_model_free(after);
}
END_TEST

/* A horizon may move, but not over a day that it has cut already. */
START_TEST(horizons)
{
    struct chain c = chain_new(CHAIN_DELAYED);

    c.run.horizon_us = 5 * BUILD_DAY + 12 * BUILD_HOUR;
    omo_model *cut = chain_model(&c), *whole = branch_model(NULL);
    omo_world *w = saved_world(cut, 7, BRANCH_AT), *early = saved_world(cut, 7, 5 * BUILD_DAY);
    struct saved saved = saved_of(w), at_midnight = saved_of(early);
    omo_error error = {0};

    ck_assert_ptr_null(saved_restore(&saved, whole, &error));
    ck_assert_int_eq(error.status, OMO_EINVAL);
    ck_assert_msg(strstr(error.text, "day 5.5") != NULL, "%s", error.text);
    omo_world *go = saved_restore(&at_midnight, whole, &error);
    ck_assert_msg(go != NULL, "%s", error.text);
    ck_assert_int_eq(omo_world_run(go, INT64_MAX, NULL), OMO_OK);
    ck_assert_uint_eq(omo_world_digest(go), build_run(whole, 7, 0, NULL));
    omo_world_free(w);
    omo_world_free(go);
    w = saved_world(whole, 7, BRANCH_AT); /* a shorter one is no trouble */
    saved_free(&saved);
    saved = saved_of(w);
    go = saved_restore(&saved, cut, &error);
    ck_assert_msg(go != NULL, "%s", error.text);
    ck_assert_int_eq(omo_world_run(go, INT64_MAX, NULL), OMO_OK);
    ck_assert_uint_eq(omo_world_digest(go), build_run(cut, 7, 0, NULL));
    saved_free(&saved);
    saved_free(&at_midnight);
    omo_world_free(w);
    omo_world_free(go);
    omo_world_free(early);
    omo_model_free(cut);
    omo_model_free(whole);
}
END_TEST

/* Costs are charged per review period: the new period counts. */
START_TEST(charges_follow_the_period)
{
    struct chain c = chain_new(CHAIN_DELAYED);

    c.costs.per_period = true;
    c.costs.holding_microcents = 1000000;
    omo_model *daily = chain_model(&c);
    omo_world *w = saved_world(daily, 7, BRANCH_AT);
    struct saved saved = saved_of(w);
    c.stocking.review_us = 2 * BUILD_DAY;
    omo_model *slow = chain_model(&c);
    omo_world *branch = saved_restore(&saved, slow, NULL);
    ck_assert_ptr_nonnull(branch);
    ck_assert_int_eq(omo_world_run(branch, INT64_MAX, NULL), OMO_OK);
    /* Charges of days 2 to 5 daily (the first one by the warm-up's end), then 6 and 8. */
    ck_assert_int_eq(omo_world_run(w, INT64_MAX, NULL), OMO_OK);
    ck_assert_uint_eq(w->tally.review_count, branch->tally.review_count + 2);
    saved_free(&saved);
    omo_world_free(w);
    omo_world_free(branch);
    omo_model_free(daily);
    omo_model_free(slow);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("branch");
    TCase *tcase = tcase_create("branch");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_branch_goes_by_its_own_model, 0,
                        chain_policy_count * CHAIN_KIND_COUNT);
    tcase_add_loop_test(tcase, branches_share_past_and_customers, 0, chain_policy_count);
    tcase_add_loop_test(tcase, another_model_is_refused, 0, chain_shape_count);
    tcase_add_loop_test(tcase, from_any_policy_to_any_other, 0, chain_policy_count);
    tcase_add_test(tcase, room_for_the_rest_of_the_day);
    tcase_add_test(tcase, horizons);
    tcase_add_test(tcase, charges_follow_the_period);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
