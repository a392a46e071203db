/* Steps of customers: they agree with the levels, the handlers and the reports, whatever the network
 * consists of, and nobody's digest moves because somebody reads. */
#include <check.h>

#include "conformance/seed.h"

#include "kernel/swarm.h"

#include <stdio.h>
#include <stdlib.h>

#define SEEDS 60

struct log {
    struct swarm *swarm;
    uint64_t state;                  /* of the dice that say where to stop; 0 = nowhere */
    uint64_t stopped_at, stops;      /* number of the event refused last */
    int64_t serving[SWARM_STATIONS]; /* jobs, by steps */
    uint64_t done[SWARM_STATIONS], ended[SWARM_SOURCES], steps, interrupted, split, stale;
    uint64_t listed;
    int64_t listed_serving[SWARM_STATIONS];
};

static void read_step(void *user, const omo_step *step)
{
    struct log *log = user;
    uint64_t source = step->customer >> OMO_CUSTOMER_ORDINAL_BITS;

    log->steps++;
    log->split += step->job != step->customer;
    ck_assert_uint_lt(source, log->swarm->source_count);
    ck_assert(step->station < log->swarm->station_count ||
              (step->kind == OMO_STEP_ENDED && step->station == UINT32_MAX));
    ck_assert_int_ge(step->at_us, step->arrived_us);
    switch (step->kind) {
    case OMO_STEP_STARTED:
        log->serving[step->station]++;
        break;
    case OMO_STEP_INTERRUPTED:
        log->interrupted++;
        log->serving[step->station]--;
        break;
    case OMO_STEP_DONE:
        if (log->swarm->station[step->station].branch_count == 0)
            log->serving[step->station]--;
        log->done[step->station]++;
        break;
    case OMO_STEP_ENDED:
        log->ended[source]++;
        ck_assert_uint_eq(step->job, step->customer);
        break;
    default:
        break;
    }
}

static void list_customer(void *user, const omo_step *step)
{
    struct log *log = user;

    log->listed++;
    log->listed_serving[step->station] += step->kind == OMO_STEP_SERVED;
    ck_assert_int_ge(step->kind, OMO_STEP_WAITS);
}

/* Servers that are busy are those whose jobs have started and not ended, but for batches, which have
 * one server for several. */
static void check_levels(struct log *log)
{
    const struct swarm *s = log->swarm;

    for (uint32_t i = 0; i < s->station_count; i++) {
        omo_station_level level;
        ck_assert_int_eq(omo_kernel_station_level(s->k, (omo_station){i}, &level), OMO_OK);
        if (s->station[i].batch_max > 1)
            ck_assert_int_ge(log->serving[i], (int64_t)level.busy);
        else
            ck_assert_int_eq(log->serving[i], (int64_t)level.busy);
    }
}

static bool read_event(void *user, const omo_event_record *r)
{
    struct log *log = user;
    omo_event_record next;

    check_levels(log);
    ck_assert_uint_eq(r->number, omo_kernel_event_count(log->swarm->k) + 1);
    ck_assert(omo_kernel_next_event(log->swarm->k, &next));
    ck_assert_str_eq(next.kind, r->kind);
    ck_assert_int_eq(next.at_us, r->at_us);
    ck_assert_uint_eq(next.subject_id, r->subject_id);
    log->stale += r->stale;
    if (log->state != 0 && r->number != log->stopped_at && seed_between(&log->state, 0, 20) == 0) {
        log->stopped_at = r->number;
        log->stops++;
        return false;
    }
    return true;
}

/* Runs through all stops, of the reader and of the model's own. */
static void run_read(struct swarm *s, struct log *log, int64_t until_us)
{
    omo_error error;

    while (omo_kernel_now_us(s->k) < until_us) {
        omo_status status = omo_kernel_run(s->k, until_us, &error);
        ck_assert_msg(status == OMO_OK || status == OMO_ECANCELLED, "%s", error.text);
    }
    omo_kernel_set_event_reader(s->k, NULL, NULL);
    swarm_run(s, until_us);
    check_levels(log);
}

static void read_one(struct swarm *s, struct log *log, uint64_t seed, uint64_t state)
{
    swarm_make(s, seed, seed);
    *log = (struct log){.swarm = s, .state = state};
    omo_kernel_set_event_reader(s->k, read_event, log);
    ck_assert_int_eq(omo_kernel_set_step_reader(s->k, read_step, log), OMO_OK);
    run_read(s, log, s->until_us);
    ck_assert_ptr_null(swarm_check(s)); /* its own handlers were called, too */
    for (uint32_t i = 0; i < s->source_count; i++)
        ck_assert_uint_eq(log->ended[i], s->door[i].ended);
    for (uint32_t i = 0; i < s->station_count; i++)
        ck_assert_uint_eq(log->done[i], s->spot[i].done);
    omo_kernel_list_customers(s->k, list_customer, log);
    ck_assert_uint_eq(log->listed, omo_kernel_customer_count(s->k));
    for (uint32_t i = 0; i < s->station_count; i++)
        ck_assert_int_eq(log->listed_serving[i], log->serving[i]);
}

START_TEST(reading_changes_nothing)
{
    static struct swarm plain, all, stopped;
    uint64_t seed = seed_take(), steps = 0, stops = 0, interrupted = 0, split = 0, stale = 0;
    struct log log;

    for (uint64_t i = seed; i < seed + SEEDS; i++) {
        swarm_make(&plain, i, i);
        swarm_run(&plain, plain.until_us);
        read_one(&all, &log, i, 0);
        ck_assert_uint_eq(omo_kernel_digest(all.k), omo_kernel_digest(plain.k));
        ck_assert_uint_eq(omo_kernel_event_count(all.k), omo_kernel_event_count(plain.k));
        steps += log.steps;
        interrupted += log.interrupted;
        split += log.split;
        stale += log.stale;
        read_one(&stopped, &log, i, i | 1);
        ck_assert_uint_eq(omo_kernel_digest(stopped.k), omo_kernel_digest(plain.k));
        stops += log.stops;
        omo_kernel_free(plain.k);
        omo_kernel_free(all.k);
        omo_kernel_free(stopped.k);
    }
    printf(
        "%d networks: %llu steps, %llu interruptions, %llu of branches, %llu stops, %llu stale\n",
        SEEDS, (unsigned long long)steps, (unsigned long long)interrupted,
        (unsigned long long)split, (unsigned long long)stops, (unsigned long long)stale);
    ck_assert_uint_gt(interrupted, SEEDS);
    ck_assert_uint_gt(split, SEEDS);
    ck_assert_uint_gt(stops, SEEDS);
    ck_assert_uint_gt(stale, SEEDS);
}
END_TEST

/* Handlers stand where they stood before, and the reader is not called again. */
START_TEST(reading_ends)
{
    static struct swarm plain, read;
    uint64_t seed = seed_take();
    struct log log;

    for (uint64_t i = seed; i < seed + 20; i++) {
        swarm_make(&plain, i, i);
        swarm_run(&plain, plain.until_us);
        swarm_make(&read, i, i);
        log = (struct log){.swarm = &read};
        ck_assert_int_eq(omo_kernel_set_step_reader(read.k, read_step, &log), OMO_OK);
        ck_assert_int_eq(omo_kernel_set_step_reader(read.k, read_step, &log), OMO_OK);
        swarm_run(&read, read.until_us / 2);
        ck_assert_int_eq(omo_kernel_set_step_reader(read.k, NULL, NULL), OMO_OK);
        uint64_t steps = log.steps;
        swarm_run(&read, read.until_us);
        ck_assert_uint_eq(log.steps, steps);
        ck_assert_ptr_null(swarm_check(&read));
        ck_assert_uint_eq(omo_kernel_digest(read.k), omo_kernel_digest(plain.k));
        omo_kernel_free(plain.k);
        omo_kernel_free(read.k);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kernel steps");
    TCase *tcase = tcase_create("steps");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, reading_changes_nothing);
    tcase_add_test(tcase, reading_ends);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
