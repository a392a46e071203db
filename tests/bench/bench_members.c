/* What a visit costs, whatever the number of members and of stores.
 *
 * One chain is run with 10^5 to 10^8 members who have ids, lifetimes and points, and with 100 to
 * 25,000 stores; a row is nanoseconds of processor time for each visit, beside that of the fewest. */
#include "bench.h"

#include <omosim/omosim.h>

#include <stdio.h>
#include <stdlib.h>

#define VISITS_A_DAY 100000.0
#define ZONES 100
#define SIDE_KM 300.0

static void must(omo_status status, const omo_error *error)
{
    if (status == OMO_OK)
        return;
    fprintf(stderr, "bench_members: %s\n", error->text);
    exit(1);
}

static void add_places(omo_model *m, uint32_t stores, omo_error *error)
{
    omo_sku_options item = omo_sku_defaults();
    omo_sku sku[50];
    omo_assortment assortment;
    char id[32];

    item.price_cents = 1000;
    item.cost_cents = 600;
    for (uint32_t i = 0; i < 50; i++) {
        snprintf(id, sizeof(id), "sku%u", i);
        item.id = id;
        must(omo_model_add_sku(m, &item, &sku[i], error), error);
    }
    must(omo_model_add_assortment(m, sku, 50, &assortment, error), error);
    for (uint32_t i = 0; i < stores; i++) {
        omo_place_options place = omo_place_defaults();
        snprintf(id, sizeof(id), "store%u", i);
        place.id = id;
        place.capabilities = OMO_SELLS_ON_SITE | OMO_OFFERS_PICKUP;
        /* A low-discrepancy scatter: golden ratio and its square. */
        place.lat =
            SIDE_KM * ((double)i * 0.7548776662466927 - (int)((double)i * 0.7548776662466927));
        place.lon =
            SIDE_KM * ((double)i * 0.5698402909980532 - (int)((double)i * 0.5698402909980532));
        place.assortment = assortment;
        place.opening = 100000;
        must(omo_model_add_place(m, &place, NULL, error), error);
    }
}

static void add_demand(omo_model *m, uint32_t members, omo_error *error)
{
    omo_channel_options walk_in = omo_channel_defaults("walk_in", NULL),
                        app = omo_channel_defaults("app", "pickup");
    omo_segment_options segment = omo_segment_defaults();
    omo_channel till, online;
    omo_segment who;
    char id[32];

    walk_in.id = "walk_in";
    app.id = "app";
    walk_in.enabled = app.enabled = true;
    must(omo_model_add_channel(m, &walk_in, &till, error), error);
    must(omo_model_add_channel(m, &app, &online, error), error);
    for (uint32_t i = 0; i < ZONES; i++) {
        omo_zone_options zone = omo_zone_defaults();
        snprintf(id, sizeof(id), "zone%u", i);
        zone.id = id;
        zone.lat = SIDE_KM * (0.05 + 0.1 * (i / 10));
        zone.lon = SIDE_KM * (0.05 + 0.1 * (i % 10));
        zone.member_count = members / ZONES;
        must(omo_model_add_zone(m, &zone, NULL, error), error);
    }
    segment.id = "customers";
    segment.visits_per_day = VISITS_A_DAY;
    segment.member_share_ppm = OMO_PPM;
    must(omo_model_add_segment(m, &segment, &who, error), error);
    must(omo_model_set_utility(m, who, till, 1.0, error), error);
    must(omo_model_set_utility(m, who, online, 0.5, error), error);
}

static omo_model *chain(uint32_t members, uint32_t stores, uint32_t days)
{
    omo_error error = {0};
    omo_model *m = omo_model_new();
    omo_run_options run = omo_run_defaults();
    omo_member_options o = omo_member_defaults();

    run.horizon_us = days * OMO_US_PER_DAY;
    run.geometry = OMO_GEOMETRY_PLANE;
    must(omo_model_set_run(m, &run, &error), &error);
    add_places(m, stores, &error);
    add_demand(m, members, &error);
    o.linked_ppm = 500000;
    o.lifetime_r = 2.0;
    /* Few drop out, or the few members of the first row would be gone soon and cost nothing. */
    o.lifetime_a = 0.01;
    o.lifetime_b = 100.0;
    o.points_earn = 1.0;
    o.points_spend_ppm = 300000;
    must(omo_model_set_members(m, &o, &error), &error);
    must(omo_model_seal(m, &error), &error);
    return m;
}

/* Median nanoseconds of processor time for a visit. */
static double measure(uint32_t members, uint32_t stores, uint32_t days)
{
    double ns[BENCH_RUNS];
    omo_model *m = chain(members, stores, days);

    for (uint32_t i = 0; i < BENCH_RUNS; i++) {
        omo_error error = {0};
        omo_world *w = omo_world_new(m, 1, i, &error);
        if (w == NULL)
            must(error.status, &error);
        /* The first day pays for memory that is touched for the first time. */
        must(omo_world_run(w, OMO_US_PER_DAY, &error), &error);
        double begin = bench_processor_s();
        must(omo_world_run(w, (days - 1) * OMO_US_PER_DAY, &error), &error);
        ns[i] = (bench_processor_s() - begin) / (VISITS_A_DAY * (days - 2)) * 1e9;
        omo_world_free(w);
    }
    omo_model_free(m);
    return bench_median(ns, BENCH_RUNS);
}

int main(int argc, char **argv)
{
    static const uint32_t members[] = {100000, 1000000, 10000000, 100000000};
    static const uint32_t stores[] = {100, 1000, 5000, 25000};
    struct bench bench;
    char name[64];
    double least = 0.0;

    if (!bench_begin(&bench, "members", argc, argv))
        return 2;
    const uint32_t days = bench.quick ? 4 : 12;
    for (uint32_t i = 0; i < 4; i++) {
        double ns = measure(members[i], 100, days);
        snprintf(name, sizeof(name), "%u members, 100 stores", members[i]);
        least = i == 0 ? ns : least;
        bench_row(&bench, name, ns, "ns/visit", "100,000 members", least);
    }
    for (uint32_t i = 0; i < 4; i++) {
        double ns = measure(1000000, stores[i], days);
        snprintf(name, sizeof(name), "1,000,000 members, %u stores", stores[i]);
        least = i == 0 ? ns : least;
        bench_row(&bench, name, ns, "ns/visit", "100 stores", least);
    }
    return bench_end(&bench, true);
}
