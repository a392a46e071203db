/* The models of the theory tests. Times are in hours or days as in the books, so that the numbers
 * can be compared with theirs. */
#include "experiment/textbook.h"

#define OK(call) ck_assert_msg((call) == OMO_OK, "%s: %s", #call, error.text)

omo_law textbook_constant(double value) { return (omo_law){.kind = OMO_LAW_CONSTANT, .a = value}; }
omo_law textbook_exponential(double mean)
{
    return (omo_law){.kind = OMO_LAW_EXPONENTIAL, .a = mean};
}

static omo_model *textbook_model(int64_t horizon_us, int64_t warm_up_us, int64_t time_unit_us)
{
    omo_run_options run = omo_run_defaults();
    omo_model *m = omo_model_new();
    omo_error error = {0};

    run.geometry = OMO_GEOMETRY_PLANE;
    run.horizon_us = horizon_us;
    run.warm_up_us = warm_up_us;
    run.time_unit_us = time_unit_us;
    OK(omo_model_set_run(m, &run, &error));
    return m;
}

static omo_assortment textbook_product(omo_model *m)
{
    omo_sku_options o = omo_sku_defaults();
    omo_assortment all;
    omo_error error = {0};
    omo_sku sku;

    o.price_cents = 1000;
    o.cost_cents = 600;
    OK(omo_model_add_sku(m, &o, &sku, &error));
    OK(omo_model_add_assortment(m, &sku, 1, &all, &error));
    return all;
}

static void textbook_zone(omo_model *m, double x_km)
{
    omo_zone_options zone = omo_zone_defaults();
    omo_error error = {0};

    zone.lon = x_km;
    OK(omo_model_add_zone(m, &zone, NULL, &error));
}

static void textbook_buyers(omo_model *m, const char *kind, const char *mode, double radius_km,
                            double per_day, bool empty_basket)
{
    omo_channel_options channel = omo_channel_defaults(kind, mode);
    omo_segment_options segment = omo_segment_defaults();
    omo_channel c;
    omo_segment s;
    omo_error error = {0};

    channel.radius_km = radius_km;
    channel.collect = textbook_constant(0.0);
    segment.visits_per_day = per_day;
    segment.visits_each_zone = true;
    segment.empty_basket = empty_basket;
    OK(omo_model_add_channel(m, &channel, &c, &error));
    OK(omo_model_add_segment(m, &segment, &s, &error));
    OK(omo_model_set_utility(m, s, c, OMO_UTILITY_ALWAYS, &error));
}

omo_model *textbook_queue(uint32_t servers, double arrivals_per_hour, omo_law service_us,
                          double hours)
{
    int64_t horizon_us = (int64_t)(hours * (double)OMO_US_PER_HOUR);
    omo_model *m = textbook_model(horizon_us, horizon_us / 20, OMO_US_PER_HOUR);
    omo_place_options place = omo_place_defaults();
    omo_error error = {0};

    place.capabilities = OMO_SELLS_ON_SITE;
    place.station[OMO_ROLE_TILL] = (omo_role_options){servers, service_us};
    OK(omo_model_add_place(m, &place, NULL, &error));
    textbook_zone(m, 0.0);
    textbook_buyers(m, "walk_in", NULL, 0.0, 24.0 * arrivals_per_hour, true);
    OK(omo_model_seal(m, &error));
    return m;
}

omo_model *textbook_base_stock(omo_shortage_kind shortage, double per_day, omo_law lead_time_us,
                               int32_t level, double days)
{
    int64_t horizon_us = (int64_t)(days * (double)OMO_US_PER_DAY);
    omo_model *m = textbook_model(horizon_us, horizon_us / 20, OMO_US_PER_DAY);
    omo_place_options place = omo_place_defaults(), supplier = place;
    omo_stocking_options stocking = omo_stocking_defaults();
    omo_lane_options lane = omo_lane_defaults();
    omo_error error = {0};

    place.capabilities = OMO_SELLS_ON_SITE;
    place.assortment = textbook_product(m);
    supplier.kind = OMO_PLACE_SUPPLIER;
    stocking.review_us = 0;
    stocking.level_high = level;
    lane.lead_time = lead_time_us;
    OK(omo_model_add_place(m, &place, &lane.to, &error));
    OK(omo_model_add_place(m, &supplier, &lane.from, &error));
    OK(omo_model_add_lane(m, &lane, &error));
    OK(omo_model_set_stocking(m, OMO_PLACE_STORE, &stocking, &error));
    OK(omo_model_set_shortage(m, shortage, &error));
    textbook_zone(m, 0.0);
    textbook_buyers(m, "walk_in", NULL, 0.0, per_day, false);
    OK(omo_model_seal(m, &error));
    return m;
}

omo_model *textbook_field(double density_per_km2, double side_km, double visits)
{
    omo_model *m = omo_model_new();
    omo_run_options run = omo_run_defaults();
    omo_place_options place = omo_place_defaults();
    omo_zone_options zone = omo_zone_defaults();
    double mean = density_per_km2 * side_km * side_km;
    omo_error error = {0};

    run.geometry = OMO_GEOMETRY_PLANE;
    run.torus_side_km = side_km;
    run.horizon_us = OMO_US_PER_DAY;
    run.nearest_facts = true;
    run.distance_over_km = 1.0;
    OK(omo_model_set_run(m, &run, &error));
    OK(omo_model_set_field(m, density_per_km2, &error));
    place.capabilities = OMO_OFFERS_PICKUP;
    place.assortment = textbook_product(m);
    place.opening = 1000000;
    place.random_position = true;
    for (double i = 0; i < mean + 6.0 * sqrt(mean); i++)
        OK(omo_model_add_place(m, &place, NULL, &error));
    zone.shape = OMO_ZONE_SQUARE;
    zone.side_km = side_km;
    OK(omo_model_add_zone(m, &zone, NULL, &error));
    textbook_buyers(m, "app", "pickup", 0.0, visits, false);
    OK(omo_model_seal(m, &error));
    return m;
}

omo_model *textbook_race(uint32_t shops, int64_t lag_us, int32_t buffer)
{
    omo_model *m = textbook_model(OMO_US_PER_DAY / 2, 0, OMO_US_PER_HOUR);
    omo_integration_options integration = omo_integration_defaults();
    omo_place_options place = omo_place_defaults();
    omo_error error = {0};

    place.capabilities = OMO_SELLS_ON_SITE | OMO_OFFERS_PICKUP;
    place.assortment = textbook_product(m);
    place.opening = 50;
    for (uint32_t i = 0; i < shops; i++) {
        place.lon = i;
        OK(omo_model_add_place(m, &place, NULL, &error));
        textbook_zone(m, i);
    }
    integration.sync_lag_us = lag_us;
    integration.buffer = buffer;
    integration.oversold = OMO_OVERSOLD_CANCEL;
    OK(omo_model_set_integration(m, &integration, &error));
    textbook_buyers(m, "walk_in", NULL, 0.0, 24.0 * 6.0, false);
    textbook_buyers(m, "app", "pickup", 0.5, 24.0 * 4.0, false);
    OK(omo_model_seal(m, &error));
    return m;
}

omo_experiment *textbook_run(const omo_model *m, uint32_t replications)
{
    omo_experiment_options o = omo_experiment_defaults();
    omo_error error = {0};

    o.replications = replications;
    omo_experiment *e = omo_experiment_new(&o, &error);
    ck_assert_ptr_nonnull(e);
    OK(omo_experiment_add_point(e, "textbook", m, &error));
    OK(omo_experiment_run(e, &error));
    return e;
}

uint32_t textbook_column(const omo_model *m, const char *name)
{
    for (uint32_t i = 0; i < omo_model_kpi_count(m); i++)
        if (strcmp(omo_model_kpi_name(m, i, NULL, NULL), name) == 0)
            return i;
    ck_abort_msg("no KPI %s", name);
    return 0;
}

void textbook_check(const omo_experiment *e, const char *kpi, double exact)
{
    const omo_model *m = omo_experiment_point_model(e, 0);
    omo_summary s = omo_experiment_summary(e, 0, textbook_column(m, kpi));
    double z = (s.mean - exact) / s.standard_error;

    ck_assert_uint_ge(s.count, 10);
    ck_assert_msg(fabs(z) <= 4.0, "%s: %.6g after %u replications, %.6g expected, z = %.2f", kpi,
                  s.mean, s.count, exact, z);
    /* A test that cannot tell 10 % from nothing would prove little. */
    ck_assert_msg(s.standard_error < 0.1 * exact, "%s: the standard error is %.2g of %.2g", kpi,
                  s.standard_error, exact);
}
