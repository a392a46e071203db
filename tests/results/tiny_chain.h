/* A chain small enough to run in milliseconds, for tests of results and reports: one supplier, two
 * stores, a walk-in and a courier channel, three days, and any number of points that differ in the
 * price of the first SKU.
 */
#ifndef TESTS_RESULTS_TINY_CHAIN_H
#define TESTS_RESULTS_TINY_CHAIN_H

#include <check.h>
#include <glib.h>

#include <omosim/omosim.h>

#define TINY_POINTS_MAX 12

struct tiny_chain {
    omo_model *model[TINY_POINTS_MAX];
    omo_experiment *experiment;
    uint32_t point_count;
};

#define TINY_OK(call) ck_assert_msg((call) == OMO_OK, "%s", error.text)

static inline void tiny_chain_places(omo_model *m, omo_assortment stocked)
{
    static const char *const ids[] = {"supplier", "north \"1\"", "south 唐久"};
    omo_place place[3];
    omo_error error = {.text = ""};

    for (int i = 0; i < 3; i++) {
        omo_place_options p = omo_place_defaults();
        p.id = ids[i];
        p.lat = 37.80 + 0.05 * i;
        p.lon = 112.50 + 0.03 * i;
        p.kind = i == 0 ? OMO_PLACE_SUPPLIER : OMO_PLACE_STORE;
        if (i > 0) {
            p.assortment = stocked;
            p.capabilities = OMO_SELLS_ON_SITE | OMO_SHIPS_COURIER;
        }
        TINY_OK(omo_model_add_place(m, &p, &place[i], &error));
    }
    for (int i = 1; i < 3; i++) {
        omo_lane_options lane = omo_lane_defaults();
        lane.from = place[0];
        lane.to = place[i];
        lane.lead_time = (omo_law){OMO_LAW_CONSTANT, (double)OMO_US_PER_DAY, 0.0, 0.0};
        TINY_OK(omo_model_add_lane(m, &lane, &error));
    }
}

static inline void tiny_chain_demand(omo_model *m)
{
    omo_zone_options zone = omo_zone_defaults();
    omo_segment_options segment = omo_segment_defaults();
    omo_channel_options walk = omo_channel_defaults("walk_in", NULL);
    omo_channel_options courier = omo_channel_defaults("app", "courier");
    omo_zone z;
    omo_segment s;
    omo_channel c[2];
    omo_error error = {.text = ""};

    zone.id = "town";
    zone.lat = 37.87;
    zone.lon = 112.54;
    segment.id = "all";
    segment.visits_per_day = 300;
    TINY_OK(omo_model_add_zone(m, &zone, &z, &error));
    TINY_OK(omo_model_add_channel(m, &walk, &c[0], &error));
    TINY_OK(omo_model_add_channel(m, &courier, &c[1], &error));
    TINY_OK(omo_model_add_segment(m, &segment, &s, &error));
    TINY_OK(omo_model_set_utility(m, s, c[0], 1.0, &error));
    TINY_OK(omo_model_set_utility(m, s, c[1], 1.0, &error));
}

/* Sealed. Caller frees. */
static inline omo_model *tiny_chain_model(int64_t price_cents)
{
    omo_model *m = omo_model_new();
    omo_run_options run = omo_run_defaults();
    omo_cost_options costs = omo_cost_defaults();
    omo_sku sku[2];
    omo_assortment stocked;
    omo_error error = {.text = ""};

    run.horizon_us = 3 * OMO_US_PER_DAY;
    costs.holding_microcents = 1000000;
    TINY_OK(omo_model_set_run(m, &run, &error));
    TINY_OK(omo_model_set_costs(m, &costs, &error));
    for (int i = 0; i < 2; i++) {
        omo_sku_options o = omo_sku_defaults();
        o.id = i == 0 ? "tea" : "bun";
        o.price_cents = i == 0 ? price_cents : 500;
        o.cost_cents = 300;
        TINY_OK(omo_model_add_sku(m, &o, &sku[i], &error));
    }
    TINY_OK(omo_model_add_assortment(m, sku, 2, &stocked, &error));
    tiny_chain_places(m, stocked);
    tiny_chain_demand(m);
    TINY_OK(omo_model_seal(m, &error));
    return m;
}

/* Points "p0", "p1", ... not yet run. */
static inline void tiny_chain_make(struct tiny_chain *chain, uint32_t point_count,
                                   omo_experiment_options options)
{
    omo_error error = {.text = ""};

    chain->point_count = point_count;
    options.seed = 7;
    options.keep_detail = true;
    chain->experiment = omo_experiment_new(&options, &error);
    ck_assert_msg(chain->experiment != NULL, "%s", error.text);
    for (uint32_t i = 0; i < point_count; i++) {
        g_autofree char *name = g_strdup_printf("p%u", i);
        chain->model[i] = tiny_chain_model(600 + 50 * (int64_t)i);
        TINY_OK(omo_experiment_add_point(chain->experiment, name, chain->model[i], &error));
    }
}

static inline void tiny_chain_run(struct tiny_chain *chain)
{
    omo_error error = {.text = ""};

    TINY_OK(omo_experiment_run(chain->experiment, &error));
}

static inline void tiny_chain_free(struct tiny_chain *chain)
{
    omo_experiment_free(chain->experiment);
    for (uint32_t i = 0; i < chain->point_count; i++)
        omo_model_free(chain->model[i]);
}

#endif
