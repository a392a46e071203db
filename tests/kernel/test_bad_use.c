/* Mistakes of a model that runs, and what is at the edge of being one: each stops the run with a
 * text, nothing crashes, nothing is half done, and whatever is called afterwards is harmless. Here
 * those about time, pools and circles; test_bad_handles.c has those about jobs and timers. */
#include <check.h>
#include <string.h>

#include "kernel/small.h"

#define SECOND OMO_US_PER_SECOND
#define NONE UINT32_MAX

static omo_law constant(double us) { return (omo_law){OMO_LAW_CONSTANT, us, 0, 0}; }

/* ---- time ----------------------------------------------------------------------------------- */

static void into_the_past(struct small *m, uint32_t subject)
{
    (void)subject;
    omo_timer timer = omo_schedule(m->k, m->bell, -1, 0);
    ck_assert_uint_eq(timer.slot, NONE);
}

static void past_the_end(struct small *m, uint32_t subject)
{
    (void)subject;
    omo_schedule(m->k, m->bell, INT64_MAX - 5, 0);
}

START_TEST(events_of_no_time)
{
    struct small m = {0};

    small_begin(&m, NULL, 10, 10);
    small_ring(&m, 5, into_the_past);
    small_must_fail(&m, OMO_EINVAL, "past");
    m = (struct small){0};
    small_begin(&m, NULL, 10, 10);
    small_ring(&m, 5, past_the_end);
    small_must_fail(&m, OMO_EINVAL, "past the end of time");
    m = (struct small){0};
    small_begin(&m, NULL, 10, 10);
    omo_schedule(m.k, m.bell, INT64_MIN, 0);
    small_must_fail(&m, OMO_EINVAL, "past");
    m = (struct small){0};
    small_begin(&m, NULL, 10, 10);
    omo_schedule(m.k, m.bell, INT64_MAX, 0);
    small_must_fail(&m, OMO_EINVAL, "past the end of time");
}
END_TEST

START_TEST(the_last_instant)
{
    struct small m = {0};

    small_begin(&m, NULL, 10, 10);
    omo_schedule(m.k, m.bell, INT64_MAX - 1, 0);
    small_must_run(&m, OMO_FOREVER);
    ck_assert_uint_eq(m.bells, 1);
    ck_assert_int_eq(omo_kernel_now_us(m.k), INT64_MAX - 1);
    omo_schedule(m.k, m.bell, 0, 0);
    small_must_run(&m, OMO_FOREVER);
    ck_assert_uint_eq(m.bells, 2);
    omo_schedule(m.k, m.bell, 1, 0);
    small_must_fail(&m, OMO_EINVAL, "past the end of time");
}
END_TEST

/* Three services of almost 2^62 us, one after the other. */
START_TEST(services_past_the_end)
{
    struct small m = {0};
    omo_station_options till = omo_station_defaults("till");

    till.service = constant(0x1p62);
    small_begin(&m, &till, 10, 10);
    for (uint32_t i = 0; i < 3; i++)
        omo_job_send(m.k, omo_job_new(m.k, m.door), m.till);
    small_must_fail(&m, OMO_EINVAL, "past the end of time");
}
END_TEST

/* Periods of departures may be as long as time, and begin anew in the middle of it. */
START_TEST(a_period_without_end)
{
    struct small m = {0};
    omo_station_options till = omo_station_defaults("till");
    omo_station_report r;

    till.service = constant(SECOND);
    till.period_us = OMO_FOREVER;
    small_begin(&m, &till, 10, 10);
    small_ring(&m, 5, small_one_job);
    small_must_run(&m, OMO_FOREVER);
    omo_kernel_reset_measures(m.k);
    omo_schedule(m.k, m.bell, INT64_MAX - 3 * SECOND, 0);
    small_must_run(&m, OMO_FOREVER);
    ck_assert_int_eq(omo_kernel_station(m.k, m.till, &r), OMO_OK);
    ck_assert_uint_eq(r.done, 1);
    ck_assert(r.period_done_mean != r.period_done_mean); /* no period has ended */
    omo_kernel_free(m.k);
}
END_TEST

START_TEST(a_run_into_the_past)
{
    struct small m = {0};
    omo_error error = {0};

    small_begin(&m, NULL, 10, 10);
    small_must_run(&m, 1000);
    ck_assert_int_eq(omo_kernel_now_us(m.k), 1000);
    ck_assert_int_eq(omo_kernel_run(m.k, 999, &error), OMO_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, "1000"));
    ck_assert_int_eq(omo_kernel_run(m.k, -1, NULL), OMO_EINVAL);
    ck_assert_int_eq(omo_kernel_now_us(m.k), 1000);
    small_must_run(&m, 1000); /* nothing was broken by asking */
    omo_kernel_free(m.k);
}
END_TEST

START_TEST(nothing_is_pending)
{
    struct small m = {0};
    omo_kernel *empty = omo_kernel_new(NULL, NULL);

    small_begin(&m, NULL, 10, 10);
    small_must_run(&m, OMO_FOREVER);
    ck_assert_int_eq(omo_kernel_now_us(m.k), 0);
    ck_assert_uint_eq(omo_kernel_event_count(m.k), 0);
    small_must_run(&m, 5 * SECOND);
    ck_assert_int_eq(omo_kernel_now_us(m.k), 5 * SECOND);
    small_must_run(&m, OMO_FOREVER);
    ck_assert_int_eq(omo_kernel_now_us(m.k), 5 * SECOND);
    omo_kernel_free(m.k);
    ck_assert_int_eq(omo_kernel_run(empty, OMO_FOREVER, NULL), OMO_OK);
    ck_assert_int_eq(omo_kernel_run(empty, 10, NULL), OMO_OK);
    omo_kernel_free(empty);
}
END_TEST

static void run_again(struct small *m, uint32_t subject)
{
    (void)subject;
    omo_kernel_run(m->k, OMO_FOREVER, NULL);
}

START_TEST(a_run_inside_a_run)
{
    struct small m = {0};

    small_begin(&m, NULL, 10, 10);
    small_ring(&m, 5, run_again);
    omo_schedule(m.k, m.bell, 7, 0);
    small_must_fail(&m, OMO_EINVAL, "run");
}
END_TEST

/* ---- pools ---------------------------------------------------------------------------------- */

static void seven_jobs(struct small *m, uint32_t subject)
{
    (void)subject;
    for (uint32_t i = 0; i < 7; i++)
        omo_job_send(m->k, omo_job_new(m->k, m->door), m->till);
}

static void seven_bells(struct small *m, uint32_t subject)
{
    (void)subject;
    for (uint32_t i = 0; i < 7; i++)
        omo_schedule(m->k, m->bell, 10, 0);
}

START_TEST(full_pools)
{
    struct small m = {0};

    small_begin(&m, NULL, 6, 6);
    small_ring(&m, 5, seven_jobs);
    small_must_fail(&m, OMO_ELIMIT, "pool jobs is full: job_max = 6");
    m = (struct small){0};
    small_begin(&m, NULL, 6, 6);
    small_ring(&m, 5, seven_bells);
    small_must_fail(&m, OMO_ELIMIT, "pool timers is full: timer_max = 6");
    m = (struct small){0};
    small_begin(&m, NULL, 7, 0);
    omo_schedule(m.k, m.bell, 10, 0);
    small_must_fail(&m, OMO_ELIMIT, "timer_max = 0");
    m = (struct small){0};
    small_begin(&m, NULL, 7, 7); /* exactly as many as there is room for */
    small_ring(&m, 5, seven_jobs);
    small_must_run(&m, SECOND);
    omo_kernel_free(m.k);
}
END_TEST

/* Sources and forks ask the same pool. */
START_TEST(full_by_sources_and_forks)
{
    const omo_station branch[] = {{0}, {0}, {0}};
    omo_kernel_options options = omo_kernel_defaults();
    omo_station_options till = omo_station_defaults("till"), fork = omo_station_defaults("fork");
    omo_source_options door = omo_source_defaults("door");
    omo_error error = {0};

    for (uint32_t what = 0; what < 3; what++) {
        options.job_max = 5;
        omo_kernel *k = omo_kernel_new(&options, NULL);
        till.service = constant(0x1p40);
        door.interval = constant(SECOND);
        door.to = omo_kernel_add_station(k, &till);
        door.population = what == 1 ? 6 : 0;
        fork.branches = branch;
        fork.branch_count = 3;
        if (what == 2)
            door.to = omo_kernel_add_station(k, &fork);
        omo_kernel_add_source(k, &door);
        ck_assert_int_eq(omo_kernel_run(k, OMO_FOREVER, &error), OMO_ELIMIT);
        ck_assert_str_eq(error.text, "pool jobs is full: job_max = 5");
        ck_assert_int_eq(omo_kernel_run(k, OMO_FOREVER, &error), OMO_ELIMIT);
        omo_kernel_free(k);
    }
}
END_TEST

/* Jobs by the million at one instant are many, not a circle. */
static void very_many_jobs(struct small *m, uint32_t subject)
{
    (void)subject;
    for (uint32_t i = 0; i < 1200000; i++)
        omo_job_send(m->k, omo_job_new(m->k, m->door), m->till);
}

START_TEST(very_many_at_once)
{
    struct small m = {0};
    omo_station_options till = omo_station_defaults("till");
    omo_station_report r;

    till.servers = OMO_UNLIMITED;
    till.service = constant(SECOND);
    small_begin(&m, &till, 1200000, 10);
    small_ring(&m, 5, very_many_jobs);
    small_must_run(&m, OMO_FOREVER);
    ck_assert_int_eq(omo_kernel_station(m.k, m.till, &r), OMO_OK);
    ck_assert_uint_eq(r.done, 1200000);
    omo_kernel_free(m.k);
}
END_TEST

/* ---- circles -------------------------------------------------------------------------------- */

/* The station that is full sends its refused jobs to itself. */
START_TEST(refused_round_and_round)
{
    omo_station_options till = omo_station_defaults("till");
    omo_source_options door = omo_source_defaults("door");

    for (uint32_t closed = 0; closed < 2; closed++) {
        struct small m = {.k = omo_kernel_new(NULL, NULL)};
        till.service = constant(SECOND);
        till.room = 1;
        m.till = omo_kernel_add_station(m.k, &till);
        m.bell = omo_kernel_add_kind(m.k, "bell", small_bell, &m);
        if (closed == 0)
            omo_kernel_route(m.k, m.till, OMO_REFUSED, m.till, OMO_PPM);
        door.to = m.till;
        door.interval = constant((double)SECOND / 3);
        door.population = closed * 2; /* refused, the second one begins anew, and is refused */
        m.door = omo_kernel_add_source(m.k, &door);
        small_must_fail(&m, OMO_EINVAL, "circle");
    }
}
END_TEST

static void one_each(struct small *m, uint32_t subject)
{
    (void)subject;
    for (uint32_t i = 0; i < omo_kernel_station_count(m->k); i++)
        omo_job_send(m->k, omo_job_new(m->k, m->door), (omo_station){i});
}

/* Rooms of one in a very long line: when the last one is done, all move up at one instant. */
START_TEST(a_long_blocked_line)
{
    const uint32_t length = 50000;
    omo_kernel_options options = omo_kernel_defaults();
    omo_station_options o = omo_station_defaults("step");
    omo_source_options door = omo_source_defaults("door");
    struct small m = {0};
    omo_station_report r;

    options.job_max = length;
    m.k = omo_kernel_new(&options, NULL);
    o.room = 1;
    o.when_full = OMO_BLOCK;
    for (uint32_t i = 0; i < length; i++) {
        o.service = constant(i + 1 == length ? (double)SECOND : 1);
        omo_station here = omo_kernel_add_station(m.k, &o);
        if (i != 0)
            omo_kernel_route(m.k, m.till, OMO_DONE, here, OMO_PPM);
        m.till = here;
    }
    door.count_max = 0;
    door.interval = constant(1);
    m.door = omo_kernel_add_source(m.k, &door);
    m.bell = omo_kernel_add_kind(m.k, "bell", small_bell, &m);
    small_ring(&m, 0, one_each);
    small_must_run(&m, 3 * SECOND);
    ck_assert_int_eq(omo_kernel_station(m.k, m.till, &r), OMO_OK);
    ck_assert_uint_eq(r.done, 3);
    ck_assert_int_eq(omo_kernel_station(m.k, (omo_station){length - 5}, &r), OMO_OK);
    ck_assert_uint_eq(r.done, 3);
    ck_assert_int_eq(omo_kernel_station(m.k, (omo_station){1}, &r), OMO_OK);
    ck_assert_uint_eq(r.done, 2);
    omo_kernel_free(m.k);
}
END_TEST

/* ---- not mistakes --------------------------------------------------------------------------- */

/* A job of a skill that no crew has waits for ever. */
START_TEST(a_skill_that_nobody_has)
{
    struct small m = {0};
    omo_station_options till = omo_station_defaults("till");
    const omo_crew crew[] = {{1, 6, 1}};
    omo_station_report r;

    till.service = constant(SECOND);
    till.crews = crew;
    till.crew_count = 1;
    small_begin(&m, &till, 10, 10);
    small_ring(&m, 5, small_one_job); /* skill 0; the crew has 1 and 2 */
    small_must_run(&m, 1000 * SECOND);
    ck_assert_uint_eq(omo_station_waiting(m.k, m.till), 1);
    ck_assert_int_eq(omo_kernel_station(m.k, m.till, &r), OMO_OK);
    ck_assert_uint_eq(r.started, 0);
    omo_kernel_free(m.k);
}
END_TEST

static void resets(omo_kernel *k, void *user, omo_job job)
{
    (void)user;
    (void)job;
    omo_kernel_reset_measures(k);
}

/* The measures may begin anew in the middle of anything. */
START_TEST(a_reset_in_a_handler)
{
    omo_station_options till = omo_station_defaults("till");

    till.service = constant(SECOND);
    till.room = 4;
    for (uint32_t what = 0; what < 5; what++) {
        struct small m = {0};
        (what == 0   ? &m.on_start
         : what == 1 ? &m.on_done
         : what == 2 ? &m.on_refused
         : what == 3 ? &m.on_arrival
                     : &m.on_end)[0] = resets;
        small_begin(&m, &till, 10, 10);
        small_ring(&m, 5, seven_jobs);
        small_must_run(&m, 2 * SECOND);
        small_must_run(&m, OMO_FOREVER);
        omo_kernel_free(m.k);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kernel, bad use");
    TCase *tcase = tcase_create("bad use");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, events_of_no_time);
    tcase_add_test(tcase, the_last_instant);
    tcase_add_test(tcase, services_past_the_end);
    tcase_add_test(tcase, a_period_without_end);
    tcase_add_test(tcase, a_run_into_the_past);
    tcase_add_test(tcase, nothing_is_pending);
    tcase_add_test(tcase, a_run_inside_a_run);
    tcase_add_test(tcase, full_pools);
    tcase_add_test(tcase, full_by_sources_and_forks);
    tcase_add_test(tcase, very_many_at_once);
    tcase_add_test(tcase, refused_round_and_round);
    tcase_add_test(tcase, a_long_blocked_line);
    tcase_add_test(tcase, a_skill_that_nobody_has);
    tcase_add_test(tcase, a_reset_in_a_handler);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
