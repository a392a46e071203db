/* Queueing networks through the model API: deep copies, refusals that leave the model as it was,
 * the warm-up, cuts and threads that change nothing, and Little's law over what is reported. */
#include "experiment/textbook.h"

#define HOUR ((double)OMO_US_PER_HOUR)

static omo_error error;

static omo_station add(omo_model *m, const char *name, uint32_t servers, double mean_hours)
{
    omo_station_options o = omo_station_defaults(name);
    omo_station station;

    o.servers = servers;
    o.service = textbook_exponential(mean_hours * HOUR);
    ck_assert_msg(omo_model_add_station(m, &o, &station, &error) == OMO_OK, "%s", error.text);
    return station;
}

static omo_source arrive(omo_model *m, const char *name, omo_station to, double per_hour)
{
    omo_source_options o = omo_source_defaults(name);
    omo_source source;

    o.interval = textbook_exponential(HOUR / per_hour);
    o.to = to;
    ck_assert_msg(omo_model_add_source(m, &o, &source, &error) == OMO_OK, "%s", error.text);
    return source;
}

static void run_for(omo_model *m, double hours, double warm_up_hours)
{
    omo_run_options run = omo_run_defaults();

    run.horizon_us = (int64_t)(hours * HOUR);
    run.warm_up_us = (int64_t)(warm_up_hours * HOUR);
    ck_assert_int_eq(omo_model_set_run(m, &run, &error), OMO_OK);
}

/* Pick, then pack; one in five is checked between. Sealed. */
static omo_model *network(double hours, double warm_up_hours)
{
    omo_model *m = omo_model_new();
    omo_station pick = add(m, "pick", 2, 1.0), check = add(m, "check", 1, 0.5),
                pack = add(m, "pack", 1, 0.8);

    run_for(m, hours, warm_up_hours);
    ck_assert_int_eq(omo_model_add_route(m, pick, OMO_DONE, pack, 800000, &error), OMO_OK);
    ck_assert_int_eq(omo_model_add_route(m, pick, OMO_DONE, check, 200000, &error), OMO_OK);
    ck_assert_int_eq(omo_model_add_route(m, check, OMO_DONE, pack, OMO_PPM, &error), OMO_OK);
    arrive(m, "app", pick, 0.6);
    arrive(m, "web", pick, 0.3);
    ck_assert_msg(omo_model_seal(m, &error) == OMO_OK, "%s", error.text);
    return m;
}

static double value(const omo_world *w, const omo_model *m, const char *name)
{
    return omo_world_kpi(w, textbook_column(m, name));
}

START_TEST(refusals_change_nothing)
{
    omo_model *m = network(1000, 0), *other = omo_model_new();
    omo_station_options o = omo_station_defaults("pick");
    omo_source_options s = omo_source_defaults("app");
    omo_station station;

    o.service = textbook_exponential(HOUR);
    ck_assert_int_eq(omo_model_add_station(m, &o, &station, &error), OMO_EINVAL); /* sealed */
    omo_station pick = add(other, "pick", 2, 1.0), check = add(other, "check", 1, 0.5);
    ck_assert_int_eq(omo_model_add_station(other, &o, &station, &error), OMO_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, "pick"));
    o.name = "a.b";
    ck_assert_int_eq(omo_model_add_station(other, &o, &station, &error), OMO_EINVAL);
    o.name = "pack";
    o.servers = 0;
    ck_assert_int_eq(omo_model_add_station(other, &o, &station, &error), OMO_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, "pack"));
    o.servers = 1;
    o.service.a = -HOUR;
    ck_assert_int_eq(omo_model_add_station(other, &o, &station, &error), OMO_EINVAL);
    o.service = textbook_exponential(0.8 * HOUR);
    o.on_done = (omo_job_handler)1;
    ck_assert_int_eq(omo_model_add_station(other, &o, &station, &error), OMO_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, "handler"));
    o.on_done = NULL;
    ck_assert_int_eq(omo_model_add_station(other, &o, &station, &error), OMO_OK);

    ck_assert_int_eq(omo_model_add_route(other, pick, OMO_DONE, station, 800000, &error), OMO_OK);
    ck_assert_int_eq(omo_model_add_route(other, pick, OMO_DONE, check, 200001, &error), OMO_EINVAL);
    ck_assert_int_eq(omo_model_add_route(other, pick, OMO_DONE, (omo_station){7}, 1, &error),
                     OMO_EINVAL);
    ck_assert_int_eq(omo_model_add_route(other, pick, OMO_DONE, check, 200000, &error), OMO_OK);
    ck_assert_int_eq(omo_model_add_route(other, check, OMO_DONE, station, OMO_PPM, &error), OMO_OK);

    s.to.index = 9;
    s.interval = textbook_exponential(HOUR);
    ck_assert_int_eq(omo_model_add_source(other, &s, NULL, &error), OMO_EINVAL);
    s.to = pick;
    s.interval.a = 0.0 / 0.0;
    ck_assert_int_eq(omo_model_add_source(other, &s, NULL, &error), OMO_EINVAL);
    s.name = "pick";
    s.interval.a = HOUR;
    ck_assert_int_eq(omo_model_add_source(other, &s, NULL, &error), OMO_EINVAL);
    run_for(other, 1000, 0);
    ck_assert_int_eq(omo_model_seal(other, &error), OMO_EINVAL); /* no source */
    arrive(other, "app", pick, 0.6);
    arrive(other, "web", pick, 0.3);
    ck_assert_msg(omo_model_seal(other, &error) == OMO_OK, "%s", error.text);

    omo_world *a = omo_world_new(m, 1, 0, &error), *b = omo_world_new(other, 1, 0, &error);
    ck_assert_int_eq(omo_world_run(a, INT64_MAX, &error), OMO_OK);
    ck_assert_int_eq(omo_world_run(b, INT64_MAX, &error), OMO_OK);
    ck_assert_uint_eq(omo_world_digest(a), omo_world_digest(b));
    omo_world_free(a);
    omo_world_free(b);
    omo_model_free(m);
    omo_model_free(other);
}
END_TEST

START_TEST(options_are_copied)
{
    omo_shift shift[2] = {{0, 1}, {8 * OMO_US_PER_HOUR, 3}};
    char name[] = "desk";
    omo_station_options o = omo_station_defaults(name);
    omo_model *m = omo_model_new();
    omo_station desk;

    o.service = textbook_exponential(HOUR);
    o.servers = 3;
    o.shifts = shift;
    o.shift_count = 2;
    o.shift_period_us = OMO_US_PER_DAY;
    run_for(m, 24000, 0);
    ck_assert_msg(omo_model_add_station(m, &o, &desk, &error) == OMO_OK, "%s", error.text);
    memset(shift, 0xff, sizeof(shift));
    memset(name, 'x', sizeof(name) - 1);
    arrive(m, "door", desk, 1.0);
    ck_assert_msg(omo_model_seal(m, &error) == OMO_OK, "%s", error.text);
    ck_assert_str_eq(omo_model_station_name(m, 0), "desk");
    omo_world *w = omo_world_new(m, 1, 0, &error);
    ck_assert_int_eq(omo_world_run(w, INT64_MAX, &error), OMO_OK);
    ck_assert_double_eq_tol(value(w, m, "duty.desk"), (1.0 * 8 + 3.0 * 16) / 24, 1e-9);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

START_TEST(places_or_stations)
{
    omo_model *m = textbook_queue(1, 0.8, textbook_exponential(HOUR), 100);
    omo_place_options place = omo_place_defaults();
    omo_model *both = omo_model_new();
    omo_station desk = add(both, "desk", 1, 1.0);

    ck_assert_uint_eq(omo_model_station_count(m), 0);
    place.id = "shop";
    place.capabilities = OMO_SELLS_ON_SITE;
    arrive(both, "door", desk, 0.5);
    ck_assert_int_eq(omo_model_add_place(both, &place, NULL, &error), OMO_OK);
    ck_assert_int_eq(omo_model_seal(both, &error), OMO_EINVAL);
    ck_assert_str_eq(error.text, "a model has either places or stations, not both");
    omo_model_free(both);
    omo_model_free(m);
}
END_TEST

START_TEST(no_crew_for_a_skill)
{
    omo_crew crew = {.servers = 1, .skills = 1, .speed = 1.0};
    omo_station_options o = omo_station_defaults("desk");
    omo_source_options s = omo_source_defaults("door");
    omo_model *m = omo_model_new();

    o.service = textbook_exponential(HOUR);
    o.crews = &crew;
    o.crew_count = 1;
    s.interval = textbook_exponential(2 * HOUR);
    s.skill = 3;
    ck_assert_msg(omo_model_add_station(m, &o, &s.to, &error) == OMO_OK, "%s", error.text);
    ck_assert_msg(omo_model_add_source(m, &s, NULL, &error) == OMO_OK, "%s", error.text);
    ck_assert_int_eq(omo_model_seal(m, &error), OMO_EINVAL);
    ck_assert_str_eq(error.text, "door: its jobs come to desk, where no crew has their skill");
    omo_model_free(m);
}
END_TEST

START_TEST(cuts_change_nothing)
{
    omo_model *m = network(5000, 500);
    omo_world *whole = omo_world_new(m, 5, 2, &error), *cut = omo_world_new(m, 5, 2, &error);

    ck_assert_int_eq(omo_world_run(whole, INT64_MAX, &error), OMO_OK);
    for (int64_t at_us = 1; !omo_world_finished(cut); at_us += 173 * OMO_US_PER_HOUR) {
        ck_assert_int_eq(omo_world_run(cut, at_us, &error), OMO_OK);
        ck_assert_int_eq(omo_world_run(cut, at_us / 2, &error), OMO_OK);
    }
    ck_assert_uint_eq(omo_world_digest(whole), omo_world_digest(cut));
    ck_assert_uint_eq(omo_world_event_count(whole), omo_world_event_count(cut));
    ck_assert_uint_gt(omo_world_event_count(whole), 10000);
    ck_assert_int_eq(omo_world_now_us(cut), (int64_t)(5000 * HOUR));
    for (uint32_t i = 0; i < omo_model_kpi_count(m); i++) {
        double a = omo_world_kpi(whole, i), b = omo_world_kpi(cut, i);
        ck_assert_msg(memcmp(&a, &b, sizeof(a)) == 0, "%s: %.17g, %.17g",
                      omo_model_kpi_name(m, i, NULL, NULL), a, b);
    }
    omo_world_free(whole);
    omo_world_free(cut);
    omo_model_free(m);
}
END_TEST

START_TEST(warm_up_is_left_out)
{
    /* A thousand jobs come at once and nobody after: what is measured
     * after the warm-up is the emptying, and after that nothing. */
    omo_model *m = omo_model_new();
    omo_station_options o = omo_station_defaults("desk");
    omo_source_options s = omo_source_defaults("crowd");

    o.service = textbook_constant(HOUR);
    ck_assert_int_eq(omo_model_add_station(m, &o, &s.to, &error), OMO_OK);
    s.interval = textbook_constant(1);
    s.count_max = 1000;
    ck_assert_int_eq(omo_model_add_source(m, &s, NULL, &error), OMO_OK);
    run_for(m, 1100, 400);
    ck_assert_msg(omo_model_seal(m, &error) == OMO_OK, "%s", error.text);
    omo_world *w = omo_world_new(m, 1, 0, &error);
    ck_assert_int_eq(omo_world_run(w, INT64_MAX, &error), OMO_OK);
    /* 700 h are measured: busy for 600, and 600 jobs done. The first begins 1 us after 0. */
    ck_assert_double_eq_tol(value(w, m, "rho.desk"), 600.0 / 700, 1e-6);
    ck_assert_double_eq_tol(value(w, m, "throughput.desk"), 600.0 / 700, 2e-3);
    ck_assert_double_eq_tol(value(w, m, "p0.desk"), 100.0 / 700, 1e-6);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

START_TEST(threads_change_nothing)
{
    omo_model *m = network(20000, 1000);
    uint64_t digest[2];

    for (uint32_t i = 0; i < 2; i++) {
        omo_experiment_options options = omo_experiment_defaults();
        options.replications = 6;
        options.threads = i + 1;
        omo_experiment *e = omo_experiment_new(&options, &error);
        ck_assert_int_eq(omo_experiment_add_point(e, "base", m, &error), OMO_OK);
        ck_assert_msg(omo_experiment_run(e, &error) == OMO_OK, "%s", error.text);
        digest[i] = omo_experiment_point_digest(e, 0);
        ck_assert_uint_ne(omo_experiment_digest(e, 0, 0), omo_experiment_digest(e, 0, 1));
        omo_experiment_free(e);
    }
    ck_assert_uint_eq(digest[0], digest[1]);
    omo_model_free(m);
}
END_TEST

START_TEST(little_holds)
{
    static const char *const stations[] = {"pick", "check", "pack"};
    omo_model *m = network(200000, 1000);
    omo_experiment *e = textbook_run(m, 10);

    for (size_t i = 0; i < 3; i++) {
        char name[3][32];
        double mean[3];
        static const char *const kpi[] = {"L", "throughput", "W"};
        for (size_t k = 0; k < 3; k++) {
            snprintf(name[k], sizeof(name[k]), "%s.%s", kpi[k], stations[i]);
            mean[k] = omo_experiment_summary(e, 0, textbook_column(m, name[k])).mean;
        }
        ck_assert_msg(fabs(mean[0] - mean[1] * mean[2]) < 1e-3 * mean[0], "%s: L %g, lambda W %g",
                      stations[i], mean[0], mean[1] * mean[2]);
    }
    textbook_check(e, "W.check", 1.0 / (2.0 - 0.18)); /* M/M/1 at 0.18 of 2 an hour: Burke */
    textbook_check(e, "L.pack", 0.72 / 0.28);
    textbook_check(e, "throughput.web", 0.3);
    omo_experiment_free(e);
    omo_model_free(m);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("experiment_stations");
    TCase *tests = tcase_create("stations");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, refusals_change_nothing);
    tcase_add_test(tests, options_are_copied);
    tcase_add_test(tests, places_or_stations);
    tcase_add_test(tests, no_crew_for_a_skill);
    tcase_add_test(tests, cuts_change_nothing);
    tcase_add_test(tests, warm_up_is_left_out);
    tcase_add_test(tests, threads_change_nothing);
    tcase_add_test(tests, little_holds);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
