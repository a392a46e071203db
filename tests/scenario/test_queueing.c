/* The block `queueing`: what it must not say, with position and nearest spelling; that its ways of
 * saying the same thing build the same model; and that the kernel's refusals find their place. */
#include "scenario/fixture.h"

#include "scenario/scenario.h"

#include <check.h>
#include <omosim/omosim.h>
#include <string.h>

static const char *const network = "time_unit: h\n"                                        /* 1 */
                                   "run: {customers: 1000, warm_up_customers: 100}\n"      /* 2 */
                                   "queueing:\n"                                           /* 3 */
                                   "  sources:\n"                                          /* 4 */
                                   "    orders: {rate: 0.5, to: pick}\n"                   /* 5 */
                                   "    cold: {rate: 0.2, to: pick, skill: frozen}\n"      /* 6 */
                                   "  stations:\n"                                         /* 7 */
                                   "    pick: {crews: [{servers: 1, skills: fresh}, "      /* 8 */
                                   "{servers: 2, skills: [fresh, frozen]}], "              /* 8 */
                                   "service_rate: 1, next: {pack: 80%, check: 20%}}\n"     /* 8 */
                                   "    check: {service: exponential(1), next: pack}\n"    /* 9 */
                                   "    pack: {servers: 2, service_rate: 0.9, room: 4}\n"; /* 10 */

static const struct {
    const char *from, *to, *expected;
} mistakes[] = {
    /* numbers */
    {"rate: 0.5", "rate: -1", "s.yaml:5:20: queueing.sources.orders.rate: expected a rate"},
    {"rate: 0.5", "rate: .nan", "s.yaml:5:20: queueing.sources.orders.rate: expected a rate"},
    {"rate: 0.5", "rate: 0", "s.yaml:5:20: queueing.sources.orders.rate: expected above 0"},
    {"rate: 0.5", "interval: exponential(0)", "s.yaml:5:"},
    {"rate: 0.5", "interval: exponential(-3)", "s.yaml:5:"},
    {"rate: 0.5", "population: 0", "s.yaml:5:26: queueing.sources.orders.population: expected 1"},
    {"rate: 0.5", "rates: [{from: 0h, rate: 0}]", "s.yaml:5:21: the rate is 0 at all times"},
    {"rate: 0.5", "rate: 0.5, hours: [1, 2]",
     "s.yaml:5:32: queueing.sources.orders.hours: expected at least 24 items, found 2"},
    {"servers: 2, service_rate: 0.9", "servers: 0, service_rate: 0.9",
     "s.yaml:10:21: a station needs at least one server"},
    {"servers: 2, service_rate: 0.9", "servers: -2, service_rate: 0.9",
     "s.yaml:10:21: expected a number of servers from 0 to 1000000, or unlimited, found '-2'"},
    {"servers: 2, service_rate: 0.9", "servers: two, service_rate: 0.9", "s.yaml:10:21: expected"},
    {"service_rate: 0.9", "service_rate: 0", "s.yaml:10:38: queueing.stations.pack.service_rate"},
    {"service_rate: 0.9", "service_rate: nan", "s.yaml:10:38: queueing.stations.pack.service_rate"},
    {"room: 4", "room: 0", "s.yaml:10:49: queueing.stations.pack.room: expected 1"},
    {"room: 4", "patience: constant(0)", "s.yaml:10:5: station pack: "},
    {"room: 4", "patience: exponential(0)", "s.yaml:10:"},
    {"room: 4", "balk: {from: 2, share: 120%}", "s.yaml:10:66: queueing.stations.pack.balk.share"},
    {"room: 4", "wave: 0h", "s.yaml:10:49: queueing.stations.pack.wave: expected above 0"},
    {"room: 4", "batch: {min: 4, max: 2}", "s.yaml:10:64: the largest batch is below the smallest"},
    {"room: 4", "breakdown: {up: exponential(5)}",
     "s.yaml:10:54: queueing.stations.pack.breakdown: missing key 'down'"},
    /* names */
    {"to: pick}", "to: pik}", "s.yaml:5:29: unknown station 'pik', did you mean 'pick'?"},
    {"next: pack}", "next: pakc}", "s.yaml:9:44: unknown station 'pakc', did you mean 'pack'?"},
    {"check: 20%", "chek: 20%", "s.yaml:8:124: unknown station 'chek', did you mean 'check'?"},
    {"skill: frozen}", "skill: frosen}",
     "s.yaml:6:40: unknown skill 'frosen', did you mean 'frozen'?"},
    {"room: 4", "discipline: lofi", "s.yaml:10:55: queueing.stations.pack.discipline: unknown"},
    {"room: 4", "rom: 4",
     "s.yaml:10:43: queueing.stations.pack: unknown key 'rom', did you mean 'room'?"},
    {"    check: {", "    orders: {", "s.yaml:8:124: unknown station 'check'"},
    /* shares */
    {"check: 20%", "check: 30%", "s.yaml:8:124: pick: the shares of its routes add up to 110 %"},
    {"check: 20%", "check: much", "s.yaml:8:131: next.check: expected a share"},
    {"check: 20%", "check: -1%", "s.yaml:8:131: next.check: expected a share"},
    {"next: pack}", "next: [pack]}", "s.yaml:9:44: next: expected a station or shares"},
    /* two at once, or none */
    {"rate: 0.5", "rate: 0.5, interval: constant(1)", "s.yaml:5:35: there is 'rate' already"},
    {"rate: 0.5, ", "", "s.yaml:5:13: give the arrivals: rate, interval, rates or population"},
    {"service_rate: 0.9", "service_rate: 0.9, service: constant(1)",
     "s.yaml:10:38: there is 'service' already: keep one"},
    {"servers: 2, service_rate: 0.9", "servers: 2",
     "s.yaml:10:11: give the service time: service_rate or service"},
    {"servers: 2, service_rate: 0.9",
     "servers: 2, shifts: {at: [{from: 0h, servers: 1}]}, service_rate: 0.9",
     "s.yaml:10:21: the servers are counted in 'shifts'"},
    {"servers: 2, service_rate: 0.9", "shifts: {at: [{from: 1h, servers: 1}]}, service_rate: 0.9",
     "s.yaml:10:33: the first shift begins at 0h"},
    {"servers: 2, service_rate: 0.9",
     "shifts: {at: [{from: 0h, servers: 1}, {from: 25h, servers: 2}]}, service_rate: 0.9",
     "s.yaml:10:57: a shift begins within the period"},
    {"servers: 2, service_rate: 0.9", "shifts: {at: [{from: 0h, servers: 0}]}, service_rate: 0.9",
     "s.yaml:10:25: no shift has a server"},
    {"servers: 2, service_rate: 0.9", "branches: [check], servers: 2",
     "s.yaml:10:40: a station with branches only splits jobs: it has no servers"},
    {"servers: 2, service_rate: 0.9, room: 4", "branches: [pack]",
     "s.yaml:10:5: pack: its branches lead in a circle"},
    /* other blocks */
    {"queueing:", "station: {arrival_rate: 1, service_rate: 2}\nqueueing:",
     "s.yaml:3:10: a queueing network has no station"},
    {"warm_up_customers: 100", "memory_max: 1GiB", "s.yaml:2:36: run.memory_max is for chains"},
    {"queueing:", "shortage: lost\nqueueing:", "s.yaml:3:11: a queueing network has no shortage"},
    {"rate: 0.5, to: pick}\n    cold: {rate: 0.2,",
     "population: 5, to: pick}\n    cold: {population: 1,",
     "s.yaml:2:18: no source has arrivals that could be counted"},
};

static char *first_line(const char *text)
{
    g_autoptr(GError) error = NULL;

    fixture_write("s.yaml", text);
    g_autoptr(Scenario) s = scenario_read("s.yaml", NULL, &error);
    omo_model *model = s != NULL ? scenario_build(s, 0, &error) : NULL;
    omo_model_free(model);
    return error == NULL ? NULL : g_strndup(error->message, strcspn(error->message, "\n"));
}

START_TEST(mistake)
{
    g_autofree char *text = fixture_replace(network, mistakes[_i].from, mistakes[_i].to);
    g_autofree char *found = first_line(text);

    ck_assert_msg(found != NULL && g_str_has_prefix(found, mistakes[_i].expected),
                  "'%s' -> '%s':\n expected %s\n found    %s", mistakes[_i].from, mistakes[_i].to,
                  mistakes[_i].expected, found != NULL ? found : "nothing");
}
END_TEST

static uint64_t digest(const char *text, const char *const *sets)
{
    g_autoptr(GError) error = NULL;

    fixture_write("s.yaml", text);
    g_autoptr(Scenario) s = scenario_read("s.yaml", sets, &error);
    ck_assert_msg(s != NULL, "%s", error != NULL ? error->message : "");
    omo_model *model = scenario_build(s, 0, &error);
    ck_assert_msg(model != NULL, "%s", error != NULL ? error->message : "");
    omo_world *w = omo_world_new(model, 3, 0, NULL);
    ck_assert_int_eq(omo_world_run(w, INT64_MAX, NULL), OMO_OK);
    uint64_t value = omo_world_digest(w);
    omo_world_free(w);
    omo_model_free(model);
    return value;
}

START_TEST(ways_of_saying_the_same)
{
    static const char *const same[][2] = {
        {"rate: 0.5", "interval: exponential(2)"},
        {"rate: 0.5", "interval: exponential(120min)"},
        {"service_rate: 0.9", "service: \"exponential(1.1111111111111112)\""},
        {"next: pack}", "next: {pack: 100%}}"},
        {"    check: {service: exponential(1), next: pack}\n    pack: {servers: 2, service_rate: "
         "0.9, "
         "room: 4}\n",
         "    check: {service: exponential(1), next: pack, discipline: fifo, servers: 1}\n    "
         "pack: "
         "{servers: 2, service_rate: 0.9, room: 4, when_full: turn_away}\n"},
    };
    static const char *const sets[] = {"queueing.stations.pack.servers=2",
                                       "queueing.sources.orders.rate=0.5",
                                       "queueing.stations.pick.next.check=20%",
                                       "queueing.stations.pack.service_rate=0.9", NULL};
    static const char *const rivals[] = {"queueing.sources.orders.interval=exponential(2)",
                                         "queueing.stations.check.service_rate=1", NULL};
    static const char *const other[] = {"queueing.stations.pack.servers=3", NULL};

    uint64_t expected = digest(network, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(same); i++) {
        g_autofree char *text = fixture_replace(network, same[i][0], same[i][1]);
        ck_assert_msg(digest(text, NULL) == expected, "%s differs", same[i][1]);
    }
    ck_assert_uint_eq(digest(network, sets), expected);
    ck_assert_uint_eq(digest(network, rivals), expected);
    ck_assert_uint_ne(digest(network, other), expected);
}
END_TEST

START_TEST(columns)
{
    static const char *const wanted[] = {"W.pick",  "W.pick.cold",
                                         "W.cold",  "P_block.pack",
                                         "L.check", "throughput.pack.orders",
                                         NULL};
    g_autoptr(GError) error = NULL;
    uint32_t found = 0;

    fixture_write("s.yaml", network);
    g_autoptr(Scenario) s = scenario_read("s.yaml", NULL, &error);
    omo_model *model = scenario_build(s, 0, &error);
    ck_assert_ptr_nonnull(model);
    ck_assert_uint_eq(omo_model_station_count(model), 3);
    ck_assert_str_eq(omo_model_station_name(model, 1), "check");
    ck_assert_uint_eq(omo_model_source_count(model), 2);
    ck_assert_str_eq(omo_model_source_name(model, 1), "cold");
    ck_assert_uint_eq(omo_model_channel_count(model), 0);
    for (uint32_t i = 0; i < omo_model_kpi_count(model); i++) {
        const char *name = omo_model_kpi_name(model, i, NULL, NULL);
        found += g_strv_contains(wanted, name);
        ck_assert_msg(strcmp(name, "profit") != 0 && strcmp(name, "W") != 0, "%s", name);
    }
    ck_assert_uint_eq(found, 6);
    omo_model_free(model);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario_queueing");
    TCase *tests = tcase_create("queueing");
    SRunner *runner = srunner_create(suite);

    tcase_add_checked_fixture(tests, fixture_enter, fixture_leave);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, mistake, 0, G_N_ELEMENTS(mistakes));
    tcase_add_test(tests, ways_of_saying_the_same);
    tcase_add_test(tests, columns);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
