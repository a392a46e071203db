/* What a model may not do: options that make no sense are refused with the station's or the
 * source's name and the reason, before anything runs. */
#include <check.h>
#include <math.h>
#include <string.h>

#include <omosim/kernel.h>

#define NO_STATION UINT32_MAX

static omo_law constant(double us) { return (omo_law){OMO_LAW_CONSTANT, us, 0, 0}; }

static void must_say(omo_kernel *k, omo_status status, const char *text)
{
    omo_error error = {0};

    ck_assert_int_eq(omo_kernel_status(k, &error), status);
    ck_assert_int_eq(error.status, status);
    ck_assert_msg(strstr(error.text, text) != NULL, "\"%s\" is not in \"%s\"", text, error.text);
}

/* ---- kernels --------------------------------------------------------------------------------- */

START_TEST(kernels)
{
    omo_kernel_options o = omo_kernel_defaults();
    omo_error error = {0};
    omo_kernel *k = omo_kernel_new(NULL, NULL);

    ck_assert_ptr_nonnull(k);
    ck_assert_int_eq(omo_kernel_status(k, NULL), OMO_OK);
    omo_kernel_free(k);
    omo_kernel_free(NULL);
    o.size--;
    ck_assert_ptr_null(omo_kernel_new(&o, &error));
    ck_assert_int_eq(error.status, OMO_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, "size"));
    o = omo_kernel_defaults();
    o.job_max = 0;
    ck_assert_ptr_null(omo_kernel_new(&o, &error));
    ck_assert_ptr_nonnull(strstr(error.text, "job_max"));
    o.job_max = UINT32_MAX;
    ck_assert_ptr_null(omo_kernel_new(&o, NULL));
    o = omo_kernel_defaults();
    o.timer_max = UINT32_MAX;
    ck_assert_ptr_null(omo_kernel_new(&o, &error));
    ck_assert_ptr_nonnull(strstr(error.text, "timer_max"));
}
END_TEST

/* An allocation that failed may be noticed as late as by the run. */
START_TEST(no_kernel)
{
    omo_station_options till = omo_station_defaults("till");
    omo_source_options door = omo_source_defaults("door");
    omo_station_report station;
    omo_class_report source;
    omo_error error = {0};

    omo_kernel_add_kind(NULL, "tick", NULL, NULL);
    omo_kernel_add_station(NULL, &till);
    omo_kernel_add_source(NULL, &door);
    ck_assert_int_eq(omo_kernel_route(NULL, (omo_station){0}, OMO_DONE, (omo_station){0}, 1),
                     OMO_EINVAL);
    ck_assert_int_eq(omo_kernel_run(NULL, OMO_FOREVER, &error), OMO_EINVAL);
    ck_assert_int_eq(error.status, OMO_EINVAL);
    ck_assert_int_eq(omo_kernel_status(NULL, &error), OMO_EINVAL);
    ck_assert_int_eq(omo_kernel_station(NULL, (omo_station){0}, &station), OMO_EINVAL);
    ck_assert_int_eq(omo_kernel_station_class(NULL, (omo_station){0}, (omo_source){0}, &source),
                     OMO_EINVAL);
    ck_assert_int_eq(omo_kernel_source(NULL, (omo_source){0}, &source), OMO_EINVAL);
    omo_kernel_free(NULL);
}
END_TEST

/* ---- stations -------------------------------------------------------------------------------- */

static const omo_shift late[] = {{5, 1}};
static const omo_shift descending[] = {{0, 1}, {50, 2}, {40, 1}};
static const omo_shift twice[] = {{0, 1}, {0, 2}};
static const omo_shift beyond[] = {{0, 1}, {100, 2}};
static const omo_shift good_shifts[] = {{0, 1}, {50, 2}};
static const omo_crew nobody[] = {{0, 1, 1}};
static const omo_crew unskilled[] = {{1, 0, 1}};
static const omo_crew still[] = {{1, 1, 0}};
static const omo_crew backwards[] = {{1, 1, -1}};
static const omo_crew not_a_speed[] = {{1, 1, (double)NAN}};
static const omo_crew good_crew[] = {{2, 1, 1}};

static void no_servers(omo_station_options *o) { o->servers = 0; }
static void too_many_servers(omo_station_options *o) { o->servers = OMO_UNLIMITED - 1; }
static void negative_service(omo_station_options *o) { o->service.a = -1; }
static void nan_service(omo_station_options *o) { o->service.a = (double)NAN; }
static void infinite_service(omo_station_options *o) { o->service.a = (double)INFINITY; }
static void endless_service(omo_station_options *o) { o->service.a = 0x1p63; }
static void no_such_law(omo_station_options *o) { o->service.kind = OMO_LAW_KIND_COUNT; }
static void no_such_discipline(omo_station_options *o) { o->discipline = (omo_discipline)6; }
static void negative_discipline(omo_station_options *o) { o->discipline = (omo_discipline)-1; }
static void no_such_full(omo_station_options *o) { o->when_full = (omo_full)2; }
static void no_such_shift_end(omo_station_options *o) { o->shift_end = (omo_shift_end)2; }
static void no_room(omo_station_options *o) { o->room = 0; }
static void balks_too_often(omo_station_options *o) { o->balk_ppm = OMO_PPM + 1; }
static void no_batch(omo_station_options *o) { o->batch_min = 0; }
static void batch_upside_down(omo_station_options *o)
{
    o->batch_min = 5;
    o->batch_max = 4;
}
static void batch_above_room(omo_station_options *o)
{
    o->batch_min = o->batch_max = 5;
    o->room = 4;
}
static void negative_batch_wait(omo_station_options *o)
{
    o->batch_max = 2;
    o->batch_wait_us = -1;
}
static void negative_wave(omo_station_options *o) { o->wave_us = -1; }
static void no_patience(omo_station_options *o)
{
    o->impatient = true;
    o->patience = constant(0);
}
static void negative_patience(omo_station_options *o)
{
    o->impatient = true;
    o->patience = constant(-5);
}
static void never_up(omo_station_options *o)
{
    o->breaks = true;
    o->up = constant(0);
    o->down = constant(1);
}
static void nan_down(omo_station_options *o)
{
    o->breaks = true;
    o->up = constant(1);
    o->down = constant((double)NAN);
}
static void shifts(omo_station_options *o, const omo_shift *list, uint32_t count)
{
    o->shifts = list;
    o->shift_count = count;
    o->shift_period_us = 100;
}
static void shifts_late(omo_station_options *o) { shifts(o, late, 1); }
static void shifts_descend(omo_station_options *o) { shifts(o, descending, 3); }
static void shifts_twice(omo_station_options *o) { shifts(o, twice, 2); }
static void shifts_beyond(omo_station_options *o) { shifts(o, beyond, 2); }
static void shifts_missing(omo_station_options *o) { shifts(o, NULL, 2); }
static void shifts_no_period(omo_station_options *o)
{
    shifts(o, good_shifts, 2);
    o->shift_period_us = 0;
}
static void crews(omo_station_options *o, const omo_crew *list)
{
    o->crews = list;
    o->crew_count = 1;
}
static void crew_of_nobody(omo_station_options *o) { crews(o, nobody); }
static void crew_without_skill(omo_station_options *o) { crews(o, unskilled); }
static void crew_that_stands(omo_station_options *o) { crews(o, still); }
static void crew_backwards(omo_station_options *o) { crews(o, backwards); }
static void crew_not_a_speed(omo_station_options *o) { crews(o, not_a_speed); }
static void crews_missing(omo_station_options *o) { crews(o, NULL); }
static void crews_and_shifts(omo_station_options *o)
{
    crews(o, good_crew);
    shifts(o, good_shifts, 2);
}
static void branches_missing(omo_station_options *o) { o->branch_count = 2; }
static void no_report_period(omo_station_options *o) { o->period_us = 0; }
static void unlimited_breaks(omo_station_options *o)
{
    o->servers = OMO_UNLIMITED;
    o->breaks = true;
    o->up = o->down = constant(1);
}
static void preemptive_batches(omo_station_options *o)
{
    o->batch_max = 2;
    o->discipline = OMO_PRIORITY_PREEMPTIVE;
}

static const struct {
    void (*spoil)(omo_station_options *o);
    const char *text; /* after the station's name */
} mistake[] = {
    {no_servers, "servers is 0"},
    {too_many_servers, "servers"},
    {negative_service, "service: constant(value): parameter 1 is negative"},
    {nan_service, "service: constant(value): parameter 1 is not a finite number"},
    {infinite_service, "service: constant(value): parameter 1 is not a finite number"},
    {endless_service, "service: constant(value): parameter 1 is past"},
    {no_such_law, "is no kind of law"},
    {no_such_discipline, "discipline"},
    {negative_discipline, "discipline"},
    {no_such_full, "when_full"},
    {no_such_shift_end, "shift_end"},
    {no_room, "room is 0"},
    {balks_too_often, "balk_ppm"},
    {no_batch, "batch_min"},
    {batch_upside_down, "batch_min is 1 to batch_max"},
    {batch_above_room, "room"},
    {negative_batch_wait, "batch_wait_us"},
    {negative_wave, "wave_us"},
    {no_patience, "patience of 0"},
    {negative_patience, "patience: constant(value): parameter 1 is negative"},
    {never_up, "up is 0"},
    {nan_down, "down: constant(value): parameter 1 is not a finite number"},
    {shifts_late, "shifts begin at 0"},
    {shifts_descend, "ascend"},
    {shifts_twice, "ascend"},
    {shifts_beyond, "period"},
    {shifts_missing, "shifts need their list"},
    {shifts_no_period, "period"},
    {crew_of_nobody, "at least one server"},
    {crew_without_skill, "at least one skill"},
    {crew_that_stands, "speed"},
    {crew_backwards, "speed"},
    {crew_not_a_speed, "speed"},
    {crews_missing, "crews need their list"},
    {crews_and_shifts, "shifts or crews"},
    {branches_missing, "branches need their list"},
    {no_report_period, "period_us"},
    {unlimited_breaks, "need a number"},
    {preemptive_batches, "batches"},
};
#define MISTAKES (sizeof(mistake) / sizeof(mistake[0]))

/* The first mistake is kept; nothing runs, and every later call is harmless. */
START_TEST(stations)
{
    omo_kernel *k = omo_kernel_new(NULL, NULL);
    omo_station_options o = omo_station_defaults("till number 5");
    omo_station_options good = omo_station_defaults("good");
    omo_error error = {0};

    o.service = constant(1);
    mistake[_i].spoil(&o);
    omo_station bad = omo_kernel_add_station(k, &o);
    must_say(k, OMO_EINVAL, "till number 5");
    must_say(k, OMO_EINVAL, mistake[_i].text);
    omo_kernel_add_station(k, &good);
    omo_kernel_route(k, bad, OMO_DONE, bad, OMO_PPM);
    must_say(k, OMO_EINVAL, mistake[_i].text);
    ck_assert_int_eq(omo_kernel_run(k, OMO_FOREVER, &error), OMO_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, "till number 5"));
    ck_assert_uint_eq(omo_kernel_event_count(k), 0);
    omo_kernel_free(k);
}
END_TEST

START_TEST(stations_in_any_case)
{
    omo_kernel *k = omo_kernel_new(NULL, NULL);
    omo_station_options o = omo_station_defaults("till");

    ck_assert_uint_eq(omo_kernel_add_station(k, NULL).index, NO_STATION);
    must_say(k, OMO_EINVAL, "station");
    omo_kernel_free(k);
    k = omo_kernel_new(NULL, NULL);
    o.size++;
    ck_assert_uint_eq(omo_kernel_add_station(k, &o).index, NO_STATION);
    must_say(k, OMO_EINVAL, "size");
    omo_kernel_free(k);
    k = omo_kernel_new(NULL, NULL);
    o = omo_station_defaults(NULL);
    ck_assert_uint_eq(omo_kernel_add_station(k, &o).index, NO_STATION);
    must_say(k, OMO_EINVAL, "name");
    omo_kernel_free(k);
}
END_TEST

/* What is asked about a station that does not exist. */
START_TEST(unknown_stations)
{
    omo_kernel *k = omo_kernel_new(NULL, NULL);
    omo_station_options o = omo_station_defaults("till");
    omo_station till = omo_kernel_add_station(k, &o);
    omo_station_report station;
    omo_class_report source;

    ck_assert_int_eq(omo_kernel_run(k, 1000, NULL), OMO_OK);
    ck_assert_int_eq(omo_kernel_station(k, (omo_station){1}, &station), OMO_EINVAL);
    ck_assert_int_eq(omo_kernel_station(k, till, NULL), OMO_EINVAL);
    ck_assert_int_eq(omo_kernel_station(k, till, &station), OMO_OK);
    ck_assert_int_eq(omo_kernel_station_class(k, till, (omo_source){0}, &source), OMO_EINVAL);
    ck_assert_int_eq(omo_kernel_source(k, (omo_source){0}, &source), OMO_EINVAL);
    ck_assert_ptr_null(omo_kernel_station_name(k, 1));
    ck_assert_ptr_null(omo_kernel_source_name(k, 0));
    ck_assert_uint_eq(omo_station_waiting(k, (omo_station){NO_STATION}), 0);
    ck_assert_uint_eq(omo_station_busy(k, (omo_station){NO_STATION}), 0);
    ck_assert_int_eq(omo_kernel_status(k, NULL), OMO_OK);
    omo_kernel_free(k);
}
END_TEST

/* ---- routes and references ------------------------------------------------------------------- */

static omo_kernel *two_stations(omo_station *ret_station)
{
    omo_kernel *k = omo_kernel_new(NULL, NULL);
    omo_station_options o = omo_station_defaults("first");

    o.service = constant(10);
    ret_station[0] = omo_kernel_add_station(k, &o);
    o.name = "second";
    ret_station[1] = omo_kernel_add_station(k, &o);
    return k;
}

START_TEST(routes)
{
    omo_station s[2];
    omo_kernel *k = two_stations(s);

    ck_assert_int_eq(omo_kernel_route(k, s[0], OMO_DONE, s[1], 600000), OMO_OK);
    ck_assert_int_eq(omo_kernel_route(k, s[0], OMO_DONE, s[0], 400000), OMO_OK);
    ck_assert_int_eq(omo_kernel_route(k, s[0], OMO_REFUSED, s[1], OMO_PPM), OMO_OK);
    ck_assert_int_eq(omo_kernel_route(k, s[0], OMO_RENEGED, s[1], 0), OMO_OK);
    ck_assert_int_eq(omo_kernel_route(k, s[0], OMO_DONE, s[1], 1), OMO_EINVAL);
    must_say(k, OMO_EINVAL, "first");
    omo_kernel_free(k);
    k = two_stations(s);
    ck_assert_int_eq(omo_kernel_route(k, s[0], OMO_DONE, s[1], OMO_PPM + 1), OMO_EINVAL);
    must_say(k, OMO_EINVAL, "first");
    omo_kernel_free(k);
    k = two_stations(s);
    ck_assert_int_eq(omo_kernel_route(k, s[0], OMO_DONE, (omo_station){2}, 1), OMO_EINVAL);
    must_say(k, OMO_EINVAL, "route");
    omo_kernel_free(k);
    k = two_stations(s);
    ck_assert_int_eq(omo_kernel_route(k, (omo_station){2}, OMO_DONE, s[0], 1), OMO_EINVAL);
    omo_kernel_free(k);
    k = two_stations(s);
    ck_assert_int_eq(omo_kernel_route(k, s[0], OMO_OUTCOME_COUNT, s[1], 1), OMO_EINVAL);
    omo_kernel_free(k);
}
END_TEST

START_TEST(references)
{
    omo_station s[2];
    omo_kernel *k = two_stations(s);
    omo_source_options door = omo_source_defaults("door");
    omo_station_options fork = omo_station_defaults("fork");
    const omo_station nowhere[] = {{7}};

    door.interval = constant(1);
    door.to.index = 2;
    omo_kernel_add_source(k, &door);
    ck_assert_int_eq(omo_kernel_run(k, 100, NULL), OMO_EINVAL);
    must_say(k, OMO_EINVAL, "source door: there is no station 2");
    omo_kernel_free(k);
    k = two_stations(s);
    fork.branches = nowhere;
    fork.branch_count = 1;
    omo_kernel_add_station(k, &fork);
    ck_assert_int_eq(omo_kernel_run(k, 100, NULL), OMO_EINVAL);
    must_say(k, OMO_EINVAL, "station fork: branch 0: there is no station 7");
    omo_kernel_free(k);
}
END_TEST

/* ---- sources --------------------------------------------------------------------------------- */

static const omo_rate rates_late[] = {{5, 1}};
static const omo_rate rates_descend[] = {{0, 1}, {60, 1}, {50, 1}};
static const omo_rate rates_negative[] = {{0, 1}, {50, -1}};
static const omo_rate rates_nan[] = {{0, (double)NAN}};
static const omo_rate rates_infinite[] = {{0, (double)INFINITY}};
static const omo_rate rates_none[] = {{0, 0}, {50, 0}};
static const omo_rate rates_beyond[] = {{0, 1}, {100, 1}};
static const omo_rate rates_good[] = {{0, 1}};

static void rates(omo_source_options *o, const omo_rate *list, uint32_t count)
{
    o->rates = list;
    o->rate_count = count;
    o->rate_period_us = 100;
}
static void no_interval(omo_source_options *o) { o->interval = constant(0); }
static void negative_interval(omo_source_options *o) { o->interval = constant(-1); }
static void nan_interval(omo_source_options *o) { o->interval = constant((double)NAN); }
static void opens_before(omo_source_options *o) { o->from_us = -1; }
static void closes_before(omo_source_options *o)
{
    o->from_us = 10;
    o->until_us = 9;
}
static void too_skilled(omo_source_options *o) { o->skill = OMO_SKILLS_MAX; }
static void begins_late(omo_source_options *o) { rates(o, rates_late, 1); }
static void descends(omo_source_options *o) { rates(o, rates_descend, 3); }
static void negative_rate(omo_source_options *o) { rates(o, rates_negative, 2); }
static void nan_rate(omo_source_options *o) { rates(o, rates_nan, 1); }
static void infinite_rate(omo_source_options *o) { rates(o, rates_infinite, 1); }
static void no_rate(omo_source_options *o) { rates(o, rates_none, 2); }
static void beyond_period(omo_source_options *o) { rates(o, rates_beyond, 2); }
static void rates_missing(omo_source_options *o) { rates(o, NULL, 2); }
static void no_rate_period(omo_source_options *o)
{
    rates(o, rates_good, 1);
    o->rate_period_us = 0;
}

static void (*const source_mistake[])(omo_source_options *o) =
    {no_interval,   negative_interval, nan_interval,  opens_before,  closes_before,
     too_skilled,   begins_late,       descends,      negative_rate, nan_rate,
     infinite_rate, no_rate,           beyond_period, rates_missing, no_rate_period};
#define SOURCE_MISTAKES (sizeof(source_mistake) / sizeof(source_mistake[0]))

START_TEST(sources)
{
    omo_station s[2];
    omo_kernel *k = two_stations(s);
    omo_source_options o = omo_source_defaults("back door");
    omo_error error = {0};

    o.to = s[0];
    o.interval = constant(1);
    source_mistake[_i](&o);
    omo_kernel_add_source(k, &o);
    ck_assert_int_eq(omo_kernel_run(k, 1000, &error), OMO_EINVAL);
    must_say(k, OMO_EINVAL, "source back door: ");
    ck_assert_uint_eq(omo_kernel_event_count(k), 0);
    omo_kernel_free(k);
}
END_TEST

START_TEST(sources_in_any_case)
{
    omo_station s[2];
    omo_source_options o = omo_source_defaults("door");
    omo_kernel *k = two_stations(s);

    ck_assert_uint_eq(omo_kernel_add_source(k, NULL).index, NO_STATION);
    must_say(k, OMO_EINVAL, "source");
    omo_kernel_free(k);
    k = two_stations(s);
    o.size = 0;
    omo_kernel_add_source(k, &o);
    must_say(k, OMO_EINVAL, "size");
    omo_kernel_free(k);
    k = two_stations(s);
    o = omo_source_defaults(NULL);
    omo_kernel_add_source(k, &o);
    must_say(k, OMO_EINVAL, "name");
    omo_kernel_free(k);
}
END_TEST

/* ---- adding too late ------------------------------------------------------------------------- */

static void ring(omo_kernel *k, void *user, uint32_t subject)
{
    (void)k;
    (void)user;
    (void)subject;
}

START_TEST(nothing_is_added_after_the_first_run)
{
    omo_station_options till = omo_station_defaults("till");
    omo_source_options door = omo_source_defaults("door");
    omo_station s[2];

    for (uint32_t what = 0; what < 4; what++) {
        omo_kernel *k = two_stations(s);
        ck_assert_int_eq(omo_kernel_run(k, 10, NULL), OMO_OK);
        if (what == 0)
            ck_assert_uint_eq(omo_kernel_add_station(k, &till).index, NO_STATION);
        else if (what == 1)
            ck_assert_uint_eq(omo_kernel_add_source(k, &door).index, NO_STATION);
        else if (what == 2)
            ck_assert_uint_eq(omo_kernel_add_kind(k, "bell", ring, NULL).index, NO_STATION);
        else
            ck_assert_int_eq(omo_kernel_route(k, s[0], OMO_DONE, s[1], 1), OMO_EINVAL);
        must_say(k, OMO_EINVAL, "before the first run");
        ck_assert_uint_eq(omo_kernel_station_count(k), 2);
        ck_assert_int_eq(omo_kernel_run(k, 20, NULL), OMO_EINVAL);
        omo_kernel_free(k);
    }
}
END_TEST

START_TEST(kinds)
{
    omo_kernel *k = omo_kernel_new(NULL, NULL);

    ck_assert_uint_eq(omo_kernel_add_kind(k, "bell", NULL, NULL).index, NO_STATION);
    must_say(k, OMO_EINVAL, "handler");
    omo_kernel_free(k);
    k = omo_kernel_new(NULL, NULL);
    ck_assert_uint_eq(omo_kernel_add_kind(k, NULL, ring, NULL).index, NO_STATION);
    must_say(k, OMO_EINVAL, "name");
    omo_kernel_free(k);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kernel, bad models");
    TCase *tcase = tcase_create("bad models");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tcase, kernels);
    tcase_add_test(tcase, no_kernel);
    tcase_add_loop_test(tcase, stations, 0, (int)MISTAKES);
    tcase_add_test(tcase, stations_in_any_case);
    tcase_add_test(tcase, unknown_stations);
    tcase_add_test(tcase, routes);
    tcase_add_test(tcase, references);
    tcase_add_loop_test(tcase, sources, 0, (int)SOURCE_MISTAKES);
    tcase_add_test(tcase, sources_in_any_case);
    tcase_add_test(tcase, nothing_is_added_after_the_first_run);
    tcase_add_test(tcase, kinds);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
