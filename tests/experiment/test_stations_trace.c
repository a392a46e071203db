/* The reader of events of a world that is a queueing network: it may stop the run anywhere, the end
 * of the warm-up among them, and changes nothing. */
#include "experiment/textbook.h"

#define MINUTE (OMO_US_PER_HOUR / 60)

static omo_error error;

struct log {
    omo_world *world;
    uint64_t events, steps, ended, stopped_at, stops;
    uint32_t most;
};

static omo_station add(omo_model *m, const char *name, double minutes)
{
    omo_station_options o = omo_station_defaults(name);
    omo_station station;

    o.service = textbook_constant(minutes * (double)MINUTE);
    ck_assert_int_eq(omo_model_add_station(m, &o, &station, &error), OMO_OK);
    return station;
}

/* Everything takes whole minutes, so that the warm-up ends between events of one instant: two
 * sources send every other minute, the warm-up lasts 60 minutes. Sealed. */
static omo_model *clockwork(void)
{
    omo_model *m = omo_model_new();
    omo_station pick = add(m, "pick", 1), pack = add(m, "pack", 1);
    omo_run_options run = omo_run_defaults();

    run.horizon_us = 200 * MINUTE;
    run.warm_up_us = 60 * MINUTE;
    ck_assert_int_eq(omo_model_set_run(m, &run, &error), OMO_OK);
    ck_assert_int_eq(omo_model_add_route(m, pick, OMO_DONE, pack, OMO_PPM, &error), OMO_OK);
    for (int i = 0; i < 2; i++) {
        omo_source_options o = omo_source_defaults(i == 0 ? "app" : "web");
        omo_source source;
        o.interval = textbook_constant(2.0 * (double)MINUTE);
        o.to = pick;
        ck_assert_int_eq(omo_model_add_source(m, &o, &source, &error), OMO_OK);
    }
    ck_assert_msg(omo_model_seal(m, &error) == OMO_OK, "%s", error.text);
    return m;
}

static void read_step(void *user, const omo_step *step)
{
    struct log *log = user;

    log->steps++;
    log->ended += step->kind == OMO_STEP_ENDED;
    ck_assert_int_eq(step->at_us, omo_world_now_us(log->world));
}

static bool read_event(void *user, const omo_event_record *r)
{
    struct log *log = user;
    omo_event_record next;
    omo_station_level level;
    uint32_t open = omo_world_open_orders(log->world);

    ck_assert_uint_eq(r->number, omo_world_event_count(log->world) + 1);
    ck_assert_int_ge(r->at_us, omo_world_now_us(log->world));
    ck_assert_uint_eq(omo_world_pending(log->world, &next, 1), 1);
    ck_assert_uint_eq(next.number, r->number);
    ck_assert_uint_eq(next.subject_id, r->subject_id);
    ck_assert(omo_world_station(log->world, 1, 0, &level));
    ck_assert(!omo_world_station(log->world, 1, 1, &level));
    ck_assert(!omo_world_station(log->world, 2, 0, &level));
    log->most = open > log->most ? open : log->most;
    if (r->number != log->stopped_at) {
        log->stopped_at = r->number;
        log->stops++;
        return false;
    }
    log->events++;
    return true;
}

START_TEST(every_stop)
{
    omo_model *m = clockwork();
    omo_world *plain = omo_world_new(m, 1, 0, &error), *read = omo_world_new(m, 1, 0, &error);
    struct log log = {.world = read};

    ck_assert_int_eq(omo_world_run(plain, INT64_MAX, &error), OMO_OK);
    omo_world_set_event_reader(read, read_event, &log);
    ck_assert_int_eq(omo_world_set_step_reader(read, read_step, &log, &error), OMO_OK);
    while (!omo_world_finished(read)) {
        omo_status status = omo_world_run(read, INT64_MAX, &error);
        ck_assert(status == OMO_OK || status == OMO_ECANCELLED);
        ck_assert_int_eq(status == OMO_OK, omo_world_finished(read));
    }
    ck_assert_uint_eq(log.stops, omo_world_event_count(plain));
    ck_assert_uint_eq(log.events, omo_world_event_count(plain));
    ck_assert_uint_ge(log.events, 350);
    ck_assert_uint_ge(log.ended, 150);
    ck_assert_uint_ge(log.most, 2);
    ck_assert_uint_eq(omo_world_digest(read), omo_world_digest(plain));
    for (uint32_t i = 0; i < omo_model_kpi_count(m); i++) {
        double a = omo_world_kpi(plain, i), b = omo_world_kpi(read, i);
        ck_assert_msg(memcmp(&a, &b, sizeof(a)) == 0, "%s: %g, read %g",
                      omo_model_kpi_name(m, i, NULL, NULL), a, b);
    }
    omo_world_free(plain);
    omo_world_free(read);
    omo_model_free(m);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stations_trace");
    TCase *tcase = tcase_create("stations_trace");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tcase, every_stop);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
