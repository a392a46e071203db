/* What must hold in every random network: the world's own audits, Little's law at the tills in
 * integers, values of KPIs, and a profit that is the sum of its parts. */
#include "flow/swarm.h"

#include <math.h>

#include "flow/world.h"

static char swarm_text[512];

static const char *swarm_fail(const char *what, double a, double b)
{
    snprintf(swarm_text, sizeof(swarm_text), "%s: %.17g and %.17g", what, a, b);
    return swarm_text;
}

struct swarm_till { /* customers at tills, as the facts tell */
    const omo_model *model;
    int64_t inside, at_us;
    core_int128 area;
    uint32_t placed, done, queued, reneged;
    uint64_t waits[4096]; /* who queue with limited patience, and pay later */
    uint32_t wait_count;
};

/* Whether the order is among those who queue; it leaves them. */
static bool swarm_till_waited(struct swarm_till *t, uint64_t order)
{
    for (uint32_t i = 0; i < t->wait_count; i++)
        if (t->waits[i] == order) {
            t->waits[i] = t->waits[--t->wait_count];
            return true;
        }
    return false;
}

static void swarm_till_until(struct swarm_till *t, int64_t at_us)
{
    int64_t from_us = core_max_i64(t->at_us, t->model->run.warm_up_us);

    if (at_us > from_us)
        t->area += (core_int128)t->inside * (at_us - from_us);
    t->at_us = at_us;
}

static void swarm_till_read(void *user, const omo_fact *f, size_t count)
{
    struct swarm_till *t = user;

    for (size_t i = 0; i < count; i++) {
        uint32_t kind = omo_fact_kind(&f[i]);
        bool joins = kind == t->placed && f[i].place != OMO_NONE &&
                     t->model->network.station[f[i].place * OMO_ROLE_COUNT].servers != 0;
        swarm_till_until(t, f[i].at_us);
        if (kind == t->queued) {
            ck_assert_uint_lt(t->wait_count, 4096);
            t->waits[t->wait_count++] = f[i].order;
            joins = true;
        } else if (joins || kind == t->reneged) {
            joins = !swarm_till_waited(t, f[i].order) && joins;
        }
        t->inside += joins - (kind == t->done || kind == t->reneged);
    }
}

static const char *swarm_little(const omo_world *w, struct swarm_till *t)
{
    const struct gauge *g = w->tally.gauge;
    core_int128 area = g[GAUGE_TILL_QUEUE].area + g[GAUGE_TILL_BUSY].area;

    swarm_till_until(t, w->model->run.horizon_us);
    if (area != t->area)
        return swarm_fail("Little's law at the tills", (double)area, (double)t->area);
    return NULL;
}

static const char *swarm_profit(const omo_world *w)
{
    double sum =
        build_kpi(w, "net_sales") + build_kpi(w, "service_income") - build_kpi(w, "cost_of_goods") -
        build_kpi(w, "fulfilment_cost") - build_kpi(w, "holding_cost") -
        build_kpi(w, "waste_cost") - build_kpi(w, "shrink_cost") - build_kpi(w, "count_cost") -
        build_kpi(w, "commission") - build_kpi(w, "penalties") - build_kpi(w, "backorder_cost");

    if (fabs(sum - build_kpi(w, "profit")) > 1e-6 * (1.0 + fabs(sum)))
        return swarm_fail("the profit is not the sum of its parts", sum, build_kpi(w, "profit"));
    return NULL;
}

/* Ratios that may pass 1: what the warm-up began (a coupon claimed, a shelf emptied, a sale that comes
 * back) is counted by
 * what came of it, and a visit that orders online what the shop lacks is two orders. */
static bool swarm_is_share(uint32_t kpi)
{
    static const char *const other[] = {"redemption_rate", "P_any_oversell", "P_no_oversell",
                                        "conversion", "return_rate"};

    if (strcmp(omo_kpi_unit(kpi), "1") != 0)
        return false;
    for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
        if (strcmp(omo_registry_name(OMO_REGISTRY_KPI, kpi), other[i]) == 0)
            return false;
    return true;
}

static const char *swarm_values(const omo_world *w)
{
    static const char *const cased[] = {"conversion", "shares", "shares.no_purchase"};
    static char name[128];

    for (uint32_t i = 0; i < omo_model_kpi_count(w->model); i++) {
        double value = omo_world_kpi(w, i);
        uint32_t kpi;
        snprintf(name, sizeof(name), "%s", omo_model_kpi_name(w->model, i, &kpi, NULL));
        if (isinf(value))
            return swarm_fail(name, value, value);
        if (!isnan(value) && swarm_is_share(kpi) && (value < -1e-9 || value > 1.0 + 1e-9))
            return swarm_fail(name, value, 1.0);
    }
    for (size_t i = 0; build_kpi(w, "visits") > 0.0 && i < sizeof(cased) / sizeof(cased[0]); i++)
        if (isnan(build_kpi(w, cased[i])))
            return swarm_fail(cased[i], build_kpi(w, cased[i]), build_kpi(w, "visits"));
    if (build_kpi(w, "orders") > 0.0 && isnan(build_kpi(w, "aov")))
        return swarm_fail("aov", build_kpi(w, "aov"), build_kpi(w, "orders"));
    return NULL;
}

const char *swarm_check(uint64_t seed)
{
    omo_model *m = swarm_model(seed);
    omo_error error = {0};
    omo_world *w = omo_world_new(m, seed, 0, &error);
    struct swarm_till till = {
        .model = m,
        .placed = build_fact_kind("PLACED"),
        .done = build_fact_kind("TILL_DONE"),
        .queued = build_fact_kind("QUEUED"),
        .reneged = build_fact_kind("RENEGED"),
    };
    const char *wrong = NULL;

    ck_assert_msg(w != NULL, "%s", error.text);
    omo_world_set_reader(w, swarm_till_read, &till);
    if (omo_world_run(w, INT64_MAX, &error) != OMO_OK) {
        snprintf(swarm_text, sizeof(swarm_text), "%s", error.text);
        wrong = swarm_text;
    }
    if (wrong == NULL)
        wrong = swarm_little(w, &till);
    if (wrong == NULL)
        wrong = swarm_values(w);
    if (wrong == NULL)
        wrong = swarm_profit(w);
    omo_world_free(w);
    omo_model_free(m);
    return wrong;
}
