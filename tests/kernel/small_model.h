/* A small model that its test makes mistakes with: one till, a door that brings nobody, a kind of
 * event; and what must hold after a mistake. */
#ifndef TESTS_KERNEL_SMALL_MODEL_H
#define TESTS_KERNEL_SMALL_MODEL_H

#include <check.h>

#include <omosim/kernel.h>

#define SECOND OMO_US_PER_SECOND

static omo_law constant(double us) { return (omo_law){OMO_LAW_CONSTANT, us, 0, 0}; }

struct model {
    omo_kernel *k;
    omo_station till;
    omo_source door;
    omo_kind bell;
    void (*on_bell)(struct model *m, uint32_t subject);
    omo_job_handler on_start, on_done, on_refused, on_arrival, on_end;
    uint64_t bells, ends;
    omo_job job;
};

static void bell(omo_kernel *k, void *user, uint32_t subject)
{
    struct model *m = user;

    (void)k;
    m->bells++;
    if (m->on_bell != NULL)
        m->on_bell(m, subject);
}

/* Starts the kernel of a model whose handlers are set. */
static void begin(struct model *m, const omo_station_options *till, uint32_t job_max,
                  uint32_t timer_max)
{
    omo_kernel_options options = omo_kernel_defaults();
    omo_station_options o = till != NULL ? *till : omo_station_defaults("till");
    omo_source_options door = omo_source_defaults("door");

    options.job_max = job_max;
    options.timer_max = timer_max;
    m->k = omo_kernel_new(&options, NULL);
    ck_assert_ptr_nonnull(m->k);
    if (till == NULL)
        o.service = constant(SECOND);
    o.on_start = m->on_start;
    o.on_done = m->on_done;
    o.on_refused = m->on_refused;
    o.user = m;
    m->till = omo_kernel_add_station(m->k, &o);
    door.to = m->till;
    door.interval = constant(SECOND);
    door.count_max = 0;
    door.on_arrival = m->on_arrival;
    door.on_end = m->on_end;
    door.user = m;
    m->door = omo_kernel_add_source(m->k, &door);
    m->bell = omo_kernel_add_kind(m->k, "bell", bell, m);
    ck_assert_int_eq(omo_kernel_status(m->k, NULL), OMO_OK);
}

static void ring(struct model *m, int64_t at_us, void (*what)(struct model *m, uint32_t subject))
{
    m->on_bell = what;
    omo_schedule(m->k, m->bell, at_us, 0);
}

/* Calls everything there is; nothing may happen any more. */
static void must_stand_still(struct model *m, omo_status status)
{
    omo_station_report station;
    omo_class_report source;
    omo_station_options o = omo_station_defaults("late");
    omo_source_options d = omo_source_defaults("late");
    omo_error error = {0}, again = {0};
    uint64_t events = omo_kernel_event_count(m->k), digest = omo_kernel_digest(m->k);
    int64_t now_us = omo_kernel_now_us(m->k);

    ck_assert_int_eq(omo_kernel_status(m->k, &error), status);
    omo_timer timer = omo_schedule(m->k, m->bell, 0, 0);
    ck_assert(!omo_cancel(m->k, timer));
    omo_reschedule(m->k, timer, 5);
    omo_job job = omo_job_new(m->k, m->door);
    ck_assert(!omo_job_is_alive(m->k, job));
    omo_job_send(m->k, job, m->till);
    omo_job_send(m->k, m->job, m->till);
    omo_job_end(m->k, job);
    omo_job_set_priority(m->k, job, 1);
    omo_job_set_skill(m->k, job, 1);
    omo_job_set_service_us(m->k, job, 1);
    ck_assert_ptr_null(omo_job_data(m->k, job));
    omo_job_identity(m->k, job);
    omo_job_source(m->k, job);
    omo_job_age_us(m->k, job);
    omo_kernel_add_station(m->k, &o);
    omo_kernel_add_source(m->k, &d);
    omo_kernel_add_kind(m->k, "late", bell, m);
    omo_kernel_route(m->k, m->till, OMO_DONE, m->till, 1);
    omo_kernel_reset_measures(m->k);
    omo_kernel_stop(m->k);
    omo_kernel_station(m->k, m->till, &station);
    omo_kernel_station_class(m->k, m->till, m->door, &source);
    omo_kernel_source(m->k, m->door, &source);
    ck_assert_int_eq(omo_kernel_run(m->k, OMO_FOREVER, &again), status);
    ck_assert_str_eq(error.text, again.text);
    ck_assert_uint_eq(omo_kernel_event_count(m->k), events);
    ck_assert_uint_eq(omo_kernel_digest(m->k), digest);
    ck_assert_int_eq(omo_kernel_now_us(m->k), now_us);
}

/* Runs into a mistake with that text. */
static void must_fail(struct model *m, omo_status status, const char *text)
{
    omo_error error = {0};

    ck_assert_int_eq(omo_kernel_run(m->k, OMO_FOREVER, &error), status);
    ck_assert_int_eq(error.status, status);
    ck_assert_msg(strstr(error.text, text) != NULL, "\"%s\" is not in \"%s\"", text, error.text);
    must_stand_still(m, status);
    omo_kernel_free(m->k);
}

static void must_run(struct model *m, int64_t until_us)
{
    omo_error error = {0};

    if (omo_kernel_run(m->k, until_us, &error) != OMO_OK)
        ck_abort_msg("%s", error.text);
}

#endif
