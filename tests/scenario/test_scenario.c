/* Scenarios that are right: what they say about themselves, what --set and --vary do to them, and
 * the models that come out. */
#include "scenario/fixture.h"
#include "scenario/build.h"
#include "scenario/quasi.h"

#include <check.h>
#include <math.h>
#include <string.h>

static Scenario *read_fine(const char *path, const char *const *sets)
{
    g_autoptr(GError) error = NULL;
    Scenario *s = scenario_read(path, sets, &error);

    ck_assert_msg(s != NULL, "%s", error == NULL ? "" : error->message);
    return s;
}

static Scenario *read_chain(const char *set)
{
    const char *const sets[] = {set, NULL};

    fixture_write("chain.yaml", fixture_chain);
    return read_fine("chain.yaml", sets);
}

static omo_model *build_fine(const Scenario *s, uint32_t point)
{
    g_autoptr(GError) error = NULL;
    omo_model *model = scenario_build(s, point, &error);

    ck_assert_msg(model != NULL, "%s", error == NULL ? "" : error->message);
    return model;
}

START_TEST(test_shipped)
{
    g_auto(GStrv) paths = fixture_shipped();

    ck_assert_uint_gt(g_strv_length(paths), 10);
    for (uint32_t i = 0; paths[i] != NULL; i++) {
        g_autoptr(Scenario) s = read_fine(paths[i], NULL);
        ck_assert_str_ne(scenario_question(s), "");
        ck_assert_uint_ge(scenario_point_count(s), 1);
        ck_assert_uint_lt(scenario_default_point(s), scenario_point_count(s));
        ck_assert_double_gt(scenario_days(s), 0);
        ck_assert_uint_eq(strlen(scenario_hash(s)), 64);
        omo_model *model = build_fine(s, scenario_default_point(s));
        ck_assert_uint_ge(omo_model_place_count(model) + omo_model_station_count(model), 1);
        omo_model_free(model);
    }
}
END_TEST

START_TEST(test_schema)
{
    g_autoptr(GError) error = NULL;

    ck_assert_msg(schema_audit(scenario_schema(), &error), "%s",
                  error == NULL ? "" : error->message);
}
END_TEST

START_TEST(test_header)
{
    g_autofree char *path = fixture_source("scenarios/o2o_vs_omo.yaml");
    g_autoptr(Scenario) s = read_fine(path, NULL);
    uint32_t point = 9;

    ck_assert_str_eq(scenario_path(s), path);
    ck_assert_str_eq(scenario_name(s), "o2o_vs_omo");
    ck_assert(g_str_has_prefix(scenario_title(s), "Tangjiu"));
    ck_assert_str_eq(scenario_currency(s), "CNY");
    ck_assert_uint_eq(scenario_seed(s), 2024);
    ck_assert_uint_eq(scenario_replications(s), 5);
    ck_assert_double_eq(scenario_days(s), 35);
    ck_assert_double_eq(scenario_warm_up_days(s), 7);
    ck_assert_uint_eq(scenario_point_count(s), 3);
    ck_assert_uint_eq(scenario_default_point(s), 2);
    ck_assert_str_eq(scenario_point(s, 0)->name, "o2o");
    ck_assert_str_eq(scenario_point(s, 0)->label, "O2O, two silos");
    ck_assert_str_eq(scenario_role_name(scenario_point(s, 0)->role), "calibrated");
    ck_assert_str_eq(scenario_point(s, 1)->overrides, "integration.sync_lag=15min");
    ck_assert_str_eq(scenario_point(s, 2)->overrides, "");
    ck_assert(scenario_find_point(s, "omo_15min", &point, NULL));
    ck_assert_uint_eq(point, 1);
    ck_assert(scenario_wants_kpi(s, "sales", "orders"));
    ck_assert(!scenario_wants_kpi(s, "queue", "Lq"));
}
END_TEST

START_TEST(test_find_point)
{
    g_autoptr(Scenario) s = read_chain(NULL);
    g_autoptr(GError) error = NULL;
    uint32_t point = 9;

    ck_assert(!scenario_find_point(s, "sillo", &point, &error));
    ck_assert_uint_eq(point, 9);
    ck_assert_int_eq(diagnostic_exit_status(error), 2);
    ck_assert_str_eq(error->message, "chain.yaml: unknown point 'sillo', did you mean 'silo'?"
                                     " (one of silo, omo)");
}
END_TEST

START_TEST(test_calibration)
{
    g_autoptr(Scenario) s = read_chain(NULL);
    omo_model *model = build_fine(s, 0);
    const struct scenario_calibration *row = scenario_calibration(s, 0);

    ck_assert_uint_eq(scenario_calibration_count(s), 1);
    ck_assert_str_eq(row->figure, "orders");
    ck_assert_double_eq(row->published, 9);
    ck_assert_str_eq(row->measure, "orders.app");
    ck_assert_str_eq(row->source, "");
    ck_assert_double_eq_tol(scenario_calibration_factor(s, 0, 0, model), 365.0 / 6, 1e-12);
    omo_model_free(model);

    scenario_free(s);
    s = read_chain("calibration.0.scale=per_store_day");
    model = build_fine(s, 0);
    ck_assert_double_eq_tol(scenario_calibration_factor(s, 0, 0, model), 1.0 / 6, 1e-12);
    omo_model_free(model);
}
END_TEST

START_TEST(test_kpis)
{
    g_autoptr(Scenario) s = read_chain("run.kpis=[queue, orders]");

    ck_assert(scenario_wants_kpi(s, "queue", "Lq"));
    ck_assert(scenario_wants_kpi(s, "sales", "orders"));
    ck_assert(!scenario_wants_kpi(s, "sales", "gmv"));
}
END_TEST

/* Every kind of value that --set may hold. */
static const char *const sets[] = {
    "name=other",
    "run.days=3.5",
    "run.duration=2w",
    "run.seed=77",
    "run.first_weekday=sunday",
    "run.kpis=queue",
    "run.memory_max=1.5GiB",
    "geometry=sphere",
    "skus.tea.price=12.50",
    "skus.0.shelf_life=3d",
    "skus=[{id: a, price: 1, cost: 0.50}]",
    "skus={generate: {count: 5, price: \"lognormal(5, 0.7)\", cost_share: 70%}}",
    "places.shop.stocks=1",
    "places.shop.lat=-1.5",
    "places.shop={id: shop, lat: 37.8, lon: 112.5, opens: 06:30, closes: 24:00}",
    "places.shop.stations={till: {servers: unlimited}}",
    "places.depot.sells=[parcel, pickup]",
    "lanes.0.lead_time=\"lognormal(7d, 0.5)\"",
    "lanes.0.from=supplier",
    "stations.till.servers=unlimited",
    "stations.picker={servers: 2, service: 5min}",
    "stations.till=[{servers: 1, service: 1min}, {at: shop, servers: 2, service: 1min}]",
    "channels.app.enabled=false",
    "channels.app.speed=15km/h",
    "channels.web={kind: web, mode: parcel, travel: 2d}",
    "demand.zones={one_per: store, members: 7}",
    "demand.zones.town.members=20",
    "demand.segments.people.visits=7/h",
    "demand.segments.people.visits_per_zone=7/h",
    "demand.segments.people.profile=flat",
    "demand.segments.people.profile.amplitude=0.5",
    "demand.segments.people.profile={amplitude: 0.5, period: 12h}",
    "demand.segments.people.utility.app=-0.5",
    "demand.segments.people.utility.app=~",
    "routing=cheapest",
    "routing.policy=cheapest",
    "stocking=min_max",
    "stocking.review=continuous",
    "stocking.warehouse.safety_factor=2",
    "stocking.store=reorder_quantity",
    "promotion=coupon",
    "promotion=[{policy: percent_off, share: 10%}, {policy: none}]",
    "integration.sync_lag=0",
    "costs.holding=0",
    "costs.holding=~",
    "shortage=backorder",
    "points.silo.label=One",
    "points.more={default: false}",
};

START_TEST(test_sets)
{
    const char *const arguments[] = {sets[_i], NULL};
    g_autoptr(GError) error = NULL;

    fixture_write("chain.yaml", fixture_chain);
    g_autoptr(Scenario) s = scenario_read("chain.yaml", arguments, &error);
    ck_assert_msg(s != NULL, "%s: %s", sets[_i], error == NULL ? "" : error->message);
    for (uint32_t i = 0; i < scenario_point_count(s); i++)
        omo_model_free(build_fine(s, i));
}
END_TEST

START_TEST(test_set_effects)
{
    g_autoptr(Scenario) plain = read_chain(NULL);
    g_autoptr(Scenario) same = read_chain("run.seed=3");
    g_autoptr(Scenario) other = read_chain("run.seed=4");
    g_autoptr(Scenario) named = read_chain("points.silo.label=One");
    g_autoptr(Scenario) longer = read_chain("run.duration=2w");

    ck_assert_str_eq(scenario_hash(plain), scenario_hash(same));
    ck_assert_str_ne(scenario_hash(plain), scenario_hash(other));
    ck_assert_uint_eq(scenario_seed(other), 4);
    ck_assert_str_eq(scenario_point(named, 0)->label, "One");
    ck_assert_double_eq(scenario_days(longer), 14);
}
END_TEST

/* --set wins over a point. */
START_TEST(test_set_over_point)
{
    const char *const arguments[] = {"integration.inventory=mergd", NULL};
    g_autoptr(GError) error = NULL;

    fixture_write("chain.yaml", fixture_chain);
    ck_assert_ptr_null(scenario_read("chain.yaml", arguments, &error));
    ck_assert(g_str_has_prefix(error->message, "--set:1:23: "));
    ck_assert_ptr_null(strchr(error->message, '\n')); /* the same in all points: told once */
}
END_TEST

START_TEST(test_vary)
{
    g_autoptr(Scenario) s = read_chain(NULL);
    const char *const varies[] = {"routing=nearest,cheapest", "stocking.safety_factor=0.5:1:0.25",
                                  NULL};
    g_autoptr(GError) error = NULL;

    ck_assert(scenario_vary(s, "silo", varies, &error));
    ck_assert_uint_eq(scenario_point_count(s), 6);
    ck_assert_uint_eq(scenario_default_point(s), 0);
    ck_assert_str_eq(scenario_point(s, 0)->name, "routing=nearest stocking.safety_factor=0.5");
    ck_assert_str_eq(scenario_point(s, 4)->name, "routing=cheapest stocking.safety_factor=0.75");
    ck_assert_str_eq(scenario_point(s, 5)->overrides, "integration.inventory=siloed\n"
                                                      "routing=cheapest\n"
                                                      "stocking.safety_factor=1");
    for (uint32_t i = 0; i < 6; i++)
        omo_model_free(build_fine(s, i));
}
END_TEST

START_TEST(test_vary_values)
{
    static const struct {
        const char *vary;
        uint32_t count;
        const char *last;
    } cases[] = {
        {"promotion={policy: none},[{policy: none}, {policy: none}]", 2,
         "promotion=[{policy: none}, {policy: none}]"},
        {"lanes.0.lead_time=1d,\"uniform(1d, 2d)\"", 2, "lanes.0.lead_time=\"uniform(1d, 2d)\""},
        {"integration.sync_lag=0min:60min:15min", 5, "integration.sync_lag=60min"},
        {"costs.holding=0:1:0.1", 11, "costs.holding=1"},
        {"stocking.level_min=0:10:4", 3, "stocking.level_min=8"},
        {"run.days=7", 1, "run.days=7"},
        {"demand.segments.people.visits=100/d , 200/d", 2, "demand.segments.people.visits=200/d"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Scenario) s = read_chain(NULL);
        g_autoptr(GError) error = NULL;
        const char *const varies[] = {cases[i].vary, NULL};
        ck_assert_msg(scenario_vary(s, NULL, varies, &error), "%s: %s", cases[i].vary,
                      error == NULL ? "" : error->message);
        ck_assert_uint_eq(scenario_point_count(s), cases[i].count);
        ck_assert_str_eq(scenario_point(s, cases[i].count - 1)->name, cases[i].last);
    }
}
END_TEST

START_TEST(test_station)
{
    g_autofree char *path = fixture_source("scenarios/oracles/mmc.yaml");
    const char *const rate[] = {"station.service_rate=1", "station.servers=10",
                                "run.warm_up_customers=0", "run.customers=1920", NULL};
    const char *const law[] = {"station.service=\"erlang(0.3, 2)\"", "run.days=30",
                               "run.warm_up=1d", NULL};
    g_autoptr(Scenario) by_rate = read_fine(path, rate);
    g_autoptr(Scenario) by_law = read_fine(path, law);

    ck_assert_double_eq_tol(scenario_days(by_rate), 10, 1e-9);
    ck_assert_double_eq(scenario_days(by_law), 30);
    omo_model_free(build_fine(by_rate, 0));
    omo_model_free(build_fine(by_law, 0));
}
END_TEST

START_TEST(test_tables)
{
    g_autofree char *places = fixture_replace(
        fixture_chain, "{id: shop, kind: store, lat: 37.8, lon: 112.5}",
        "{kind: store, file: shops.csv, where: 'City == 太原市 or City == 北京市', columns: "
        "{id: Store Number, lat: Latitude, lon: Longitude, stocks: Range}}");
    g_autofree char *zones = fixture_replace(
        places, "[{id: town, lat: 37.8, lon: 112.5, members: 10}]",
        "{file: shops.csv, where: Range == 1, columns: {id: Store Number, lat: Latitude, lon: "
        "Longitude}, members: 10}");
    g_autofree char *text = fixture_replace(
        zones, "{weekdays: [1, 1, 1, 1, 1, 2, 2]}",
        "{file: week.csv, columns: {day: Day, hour: From, weight: \"Avg. arrivals\"}}");
    static const char *const days[] = {"Monday", "tue", "Wednesday", "3", "Fri", "5", "Sunday"};
    g_autoptr(GString) week = g_string_new("\xef\xbb\xbf"
                                           "Day,From,Avg. arrivals\n");

    for (int i = 0; i < 168; i++)
        g_string_append_printf(week, "%s,%d,0.%d\n", days[i / 24], i % 24, i);
    fixture_write("chain.yaml", text);
    fixture_write("week.csv", week->str);
    fixture_write("shops.csv", "Store Number,City,Latitude,Longitude,Range\n"
                               "1,太原市,37.8,112.5,1\n"
                               "2,北京市,39.9,116.4,2\n"
                               "1,Seoul,37.5,127,1\n"
                               "2,Seoul,37.5,127,2\n");
    g_autoptr(Scenario) s = scenario_read("chain.yaml", NULL, NULL);
    ck_assert_ptr_null(s); /* zone 1 stands there twice */
    const char *const fewer[] = {"demand.zones.where=Range == 2 and City == Seoul", NULL};
    s = read_fine("chain.yaml", fewer);
    omo_model *model = build_fine(s, 0);
    ck_assert_uint_eq(omo_model_place_count(model), 4);
    ck_assert_uint_eq(omo_model_zone_count(model), 1);
    ck_assert_str_eq(omo_model_place_id(model, 1), "2");
    omo_model_free(model);
}
END_TEST

START_TEST(test_generated_places)
{
    g_autofree char *text = fixture_replace(
        fixture_chain, "{id: shop, kind: store, lat: 37.8, lon: 112.5}",
        "{id: shop, kind: store, generate: {count: 10, by: towns.csv, weight: people, spread: "
        "4km}}");
    double lat, lon;

    fixture_write("chain.yaml", text);
    fixture_write("towns.csv", "lat,lon,people\n37.8,112.5,69\n38.8,112.5,31\n");
    g_autoptr(Scenario) s = read_fine("chain.yaml", NULL);
    omo_model *model = build_fine(s, 0);
    ck_assert_uint_eq(omo_model_place_count(model), 12);
    ck_assert_str_eq(omo_model_place_id(model, 9), "shop_10");
    for (uint32_t i = 0; i < 10; i++) { /* 6.9 and 3.1: seven and three */
        omo_model_place_position(model, i, &lat, &lon);
        ck_assert_double_le(omo_distance_km(lat, lon, i < 7 ? 37.8 : 38.8, 112.5), 4.001);
    }
    omo_model_free(model);
}
END_TEST

START_TEST(test_share_out)
{
    const double thirds[] = {1, 1, 1}, weights[] = {0, 5, 2.5, 2.5};
    uint32_t counts[4];

    build_share_out(10, thirds, 3, counts);
    ck_assert(counts[0] == 4 && counts[1] == 3 && counts[2] == 3);
    build_share_out(0, thirds, 3, counts);
    ck_assert(counts[0] == 0 && counts[1] == 0 && counts[2] == 0);
    build_share_out(7, weights, 4, counts);
    ck_assert(counts[0] == 0 && counts[1] == 3 && counts[2] == 2 && counts[3] == 2);
}
END_TEST

START_TEST(test_quasi)
{
    const omo_law prices = {OMO_LAW_LOGNORMAL, 5, 0.7, 0}, normal = {OMO_LAW_NORMAL, 10, 1, 0};
    const omo_law flat = {OMO_LAW_UNIFORM, 3, 20, 0}, counts = {OMO_LAW_POISSON, 3, 0, 0};
    double value, sum = 0, x, y;
    uint64_t cursor = 0;

    for (uint32_t i = 0; i < 1000; i++) {
        ck_assert(quasi_quantile(&prices, quasi_fraction(i), &value));
        sum += value;
        quasi_disc(&cursor, &x, &y);
        ck_assert_double_lt(x * x + y * y, 1);
    }
    ck_assert_double_eq_tol(sum / 1000, 5, 0.03);
    ck_assert(quasi_quantile(&normal, (uint64_t)(0.975 * 0x1p64), &value));
    ck_assert_double_eq_tol(value, 11.959964, 1e-6);
    ck_assert(quasi_quantile(&flat, UINT64_C(1) << 63, &value));
    ck_assert_double_eq_tol(value, 11.5, 1e-9);
    ck_assert(!quasi_quantile(&counts, 0, &value));
    ck_assert_double_eq(quasi_zipf(1, 0.9), 1);
    ck_assert_double_eq(quasi_zipf(2, 1), 0.5);
    ck_assert_double_eq_tol(quasi_zipf(10000, 0.9), 2.5118864315095801e-4, 1e-17);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario");
    TCase *tests = tcase_create("scenario");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, fixture_enter, fixture_leave);
    tcase_add_test(tests, test_shipped);
    tcase_add_test(tests, test_schema);
    tcase_add_test(tests, test_header);
    tcase_add_test(tests, test_find_point);
    tcase_add_test(tests, test_calibration);
    tcase_add_test(tests, test_kpis);
    tcase_add_loop_test(tests, test_sets, 0, G_N_ELEMENTS(sets));
    tcase_add_test(tests, test_set_effects);
    tcase_add_test(tests, test_set_over_point);
    tcase_add_test(tests, test_vary);
    tcase_add_test(tests, test_vary_values);
    tcase_add_test(tests, test_station);
    tcase_add_test(tests, test_tables);
    tcase_add_test(tests, test_generated_places);
    tcase_add_test(tests, test_share_out);
    tcase_add_test(tests, test_quasi);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
