/* Networks of stations, and what interrupts or gathers jobs, against queueing theory, at parameters
 * that are drawn anew for each seed. */
#include <check.h>
#include <math.h>

#include "conformance/seed.h"

#include "kernel/queues.h"
#include "kernel/trial.h"

#define STRIDE 104729 /* between the seeds of draws */

/* ---- open networks -------------------------------------------------------------------------- */

/* Burke (1956): what leaves M/M/c is Poisson again, so the second station does not feel the first. */
START_TEST(tandem)
{
    uint64_t state = trial_state(_i, STRIDE);
    struct trial t;
    uint32_t servers = (uint32_t)seed_between(&state, 2, 4);
    double lambda = trial_draw(&state, 1, 3), load = servers * trial_draw(&state, 0.4, 0.7);
    double rho = trial_draw(&state, 0.4, 0.7), waits = queues_erlang_c(servers, load);

    trial_begin(&t, "tandem", 2);
    trial_source(&t, 0, lambda);
    trial_route(&t, 0, OMO_DONE, 1, 1);
    t.station[0].servers = servers;
    t.station[0].service = trial_exponential(load / lambda);
    t.station[1].service = trial_exponential(rho / lambda);
    t.station[0].period_us = t.station[1].period_us = OMO_US_PER_HOUR;
    trial_expect(&t, 0, "queue of the first", trial_queue, waits * load / (servers - load));
    trial_expect(&t, 1, "queue of the second", trial_queue, rho * rho / (1 - rho));
    trial_expect(&t, 1, "level variance", trial_level_variance, rho / (1 - rho) / (1 - rho));
    trial_expect(&t, 0, "done in an hour", trial_period_mean, lambda);
    trial_expect(&t, 0, "their variance", trial_period_variance, lambda);
    trial_expect(&t, 1, "done in an hour", trial_period_mean, lambda);
    trial_expect(&t, 1, "their variance", trial_period_variance, lambda);
    trial_run(&t, state);
}
END_TEST

/* Three stations, each sends jobs to each other one or out (Jackson 1957). */
START_TEST(jackson)
{
    uint64_t state = trial_state(_i, STRIDE);
    struct trial t;
    double share[3][3], enters[3] = {1, 1, 1}, lambda[3] = {0}, rho[3];

    trial_begin(&t, "Jackson", 3);
    for (uint32_t i = 0; i < 3; i++) {
        double per_hour = trial_draw(&state, 0.5, 1.5);
        trial_source(&t, i, per_hour);
        enters[i] = per_hour;
        for (uint32_t j = 0; j < 3; j++) { /* itself too */
            share[i][j] = floor(trial_draw(&state, 0, 0.3) * 1e6) / 1e6;
            trial_route(&t, i, OMO_DONE, j, share[i][j]);
        }
    }
    for (uint32_t round = 0; round < 1000; round++) {
        double next[3];
        for (uint32_t j = 0; j < 3; j++) {
            next[j] = enters[j];
            for (uint32_t i = 0; i < 3; i++)
                next[j] += lambda[i] * share[i][j];
        }
        for (uint32_t j = 0; j < 3; j++)
            lambda[j] = next[j];
    }
    for (uint32_t i = 0; i < 3; i++) {
        rho[i] = trial_draw(&state, 0.3, 0.7);
        t.station[i].service = trial_exponential(rho[i] / lambda[i]);
        trial_expect(&t, i, "throughput", trial_throughput, lambda[i]);
        trial_expect(&t, i, "queue", trial_queue, rho[i] * rho[i] / (1 - rho[i]));
        trial_expect(&t, i, "level variance", trial_level_variance,
                     rho[i] / (1 - rho[i]) / (1 - rho[i]));
    }
    trial_run(&t, state);
}
END_TEST

/* Whoever finds no room goes to the second station, whoever loses patience to the third. */
START_TEST(overflow)
{
    uint64_t state = trial_state(_i, STRIDE);
    struct trial t;
    double lambda = trial_draw(&state, 1, 2), mu = trial_draw(&state, 1, 2),
           theta = trial_draw(&state, 0.5, 2);
    uint32_t room = (uint32_t)seed_between(&state, 2, 6);
    struct queues_chain c = {.states = room + 1};
    double stay = trial_draw(&state, 1, 3);

    for (uint32_t n = 0; n <= room; n++) {
        c.up[n] = lambda;
        c.down[n] = mu + (n > 1 ? (n - 1) * theta : 0);
    }
    queues_solve(&c);
    trial_begin(&t, "overflow", 3);
    trial_source(&t, 0, lambda);
    trial_route(&t, 0, OMO_REFUSED, 1, 0.5);
    trial_route(&t, 0, OMO_RENEGED, 2, 1);
    t.station[0].room = room;
    t.station[0].impatient = true;
    t.station[0].patience = trial_exponential(1 / theta);
    t.station[0].service = trial_exponential(1 / mu);
    t.station[1].servers = t.station[2].servers = OMO_UNLIMITED;
    t.station[1].service = t.station[2].service = trial_exponential(stay);
    trial_expect(&t, 0, "refused", trial_refused, c.p[room]);
    trial_expect(&t, 0, "reneged", trial_reneged, theta * queues_above(&c, 1) / lambda);
    trial_expect(&t, 1, "refused, inside", trial_level, lambda * c.p[room] / 2 * stay);
    trial_expect(&t, 2, "reneged, inside", trial_level, theta * queues_above(&c, 1) * stay);
    trial_run(&t, state);
}
END_TEST

/* No room between two stations, and always somebody before the first: a job leaves every
 * max(S1, S2) on average. */
START_TEST(blocking)
{
    uint64_t state = trial_state(_i, STRIDE);
    struct trial t;
    double first = trial_draw(&state, 0.5, 2), second = trial_draw(&state, 0.5, 2);
    double cycle = first + second - 1 / (1 / first + 1 / second);

    trial_begin(&t, "blocking", 2);
    trial_source(&t, 0, 12 / first);
    trial_route(&t, 0, OMO_DONE, 1, 1);
    t.station[0].room = 20;
    t.station[0].service = trial_exponential(first);
    t.station[1].room = 1;
    t.station[1].when_full = OMO_BLOCK;
    t.station[1].service = trial_exponential(second);
    trial_expect(&t, 1, "throughput", trial_throughput, 1 / cycle);
    trial_expect(&t, 0, "busy", trial_busy, first / cycle);
    trial_expect(&t, 0, "blocked", trial_blocked, 1 - first / cycle);
    trial_expect(&t, 1, "busy", trial_busy, second / cycle);
    trial_run(&t, state);
}
END_TEST

/* ---- closed networks ------------------------------------------------------------------------ */

/* Machines that run, break down and wait for one of the mechanics. */
START_TEST(machine_repair)
{
    uint64_t state = trial_state(_i, STRIDE);
    struct trial t;
    uint32_t machines = (uint32_t)seed_between(&state, 3, 12);
    uint32_t mechanics = (uint32_t)seed_between(&state, 1, 3);
    double runs = trial_draw(&state, 2, 8), repair = trial_draw(&state, 0.5, 1.5);
    struct queues_chain c = {.states = machines + 1};

    for (uint32_t n = 0; n <= machines; n++) {
        c.up[n] = (machines - n) / runs;
        c.down[n] = (n < mechanics ? n : mechanics) / repair;
    }
    queues_solve(&c);
    trial_begin(&t, "machine repair", 2);
    trial_source(&t, 0, 1)->population = machines;
    trial_route(&t, 0, OMO_DONE, 1, 1);
    t.station[0].servers = OMO_UNLIMITED;
    t.station[0].service = trial_exponential(runs);
    t.station[1].servers = mechanics;
    t.station[1].service = trial_exponential(repair);
    trial_expect(&t, 0, "running", trial_level, machines - queues_above(&c, 0));
    trial_expect(&t, 1, "down", trial_level, queues_above(&c, 0));
    trial_expect(&t, 1, "down variance", trial_level_variance, queues_variance(&c));
    trial_expect(&t, 1, "waiting", trial_queue, queues_above(&c, mechanics));
    trial_expect(&t, 1, "none down", trial_empty, c.p[0]);
    trial_run(&t, state);
}
END_TEST

/* ---- split, interrupted, gathered ----------------------------------------------------------- */

/* Two equal branches (Flatto and Hahn 1984): T = (12 - rho) / 8 x that of one M/M/1. */
START_TEST(fork_join)
{
    static const omo_station branches[] = {{1}, {2}};
    uint64_t state = trial_state(_i, STRIDE);
    struct trial t;
    double mu = trial_draw(&state, 1, 3), rho = trial_draw(&state, 0.2, 0.7),
           one = 1 / (mu - rho * mu);

    trial_begin(&t, "fork and join", 3);
    trial_source(&t, 0, rho * mu);
    t.station[0].branches = branches;
    t.station[0].branch_count = 2;
    t.station[1].service = t.station[2].service = trial_exponential(1 / mu);
    trial_expect(&t, 0, "time", trial_time, (12 - rho) / 8 * one);
    trial_expect(&t, 0, "level", trial_level, rho * mu * (12 - rho) / 8 * one);
    trial_expect(&t, 1, "time of one branch", trial_time, one);
    trial_expect(&t, 2, "time of the other", trial_time, one);
    trial_run(&t, state);
}
END_TEST

START_TEST(breakdown)
{
    uint64_t state = trial_state(_i, STRIDE);
    struct trial t;
    double up = trial_draw(&state, 2, 8), down = trial_draw(&state, 0.3, 1.5),
           share = up / (up + down);
    double mu = trial_draw(&state, 1, 3), rho = trial_draw(&state, 0.3, 0.7) * share;

    trial_begin(&t, "breakdown", 1);
    t.hours = 8000;
    trial_source(&t, 0, rho * mu);
    t.station[0].service = trial_exponential(1 / mu);
    t.station[0].breaks = true;
    t.station[0].up = trial_exponential(up);
    t.station[0].down = trial_exponential(down);
    trial_expect(&t, 0, "level", trial_level,
                 queues_breakdown_level(rho * mu, mu, 1 / up, 1 / down));
    trial_expect(&t, 0, "down", trial_down, 1 - share);
    trial_expect(&t, 0, "duty", trial_duty, share);
    trial_expect(&t, 0, "busy", trial_busy, rho);
    trial_run(&t, state);
}
END_TEST

START_TEST(waves)
{
    uint64_t state = trial_state(_i, STRIDE);
    struct trial t;
    double period = trial_draw(&state, 0.2, 2), lambda = trial_draw(&state, 0.5, 2) / period;
    int64_t wave_us = (int64_t)(period * TRIAL_HOUR);

    trial_begin(&t, "waves", 1);
    trial_source(&t, 0, lambda);
    t.station[0].servers = OMO_UNLIMITED;
    t.station[0].service = trial_exponential(trial_draw(&state, 0.1, 1));
    t.station[0].wave_us = wave_us;
    trial_expect(&t, 0, "wait", trial_wait, period / 2);
    trial_expect(&t, 0, "queue", trial_queue, lambda * period / 2);
    trial_expect(&t, 0, "wave size", trial_wave_size, lambda * period);
    trial_expect(&t, 0, "its variance", trial_wave_variance, lambda * period);
    trial_expect(&t, 0, "empty waves", trial_wave_empty, exp(-lambda * period));
    trial_run(&t, state);
}
END_TEST

/* Enough servers: a batch only waits for its last job, or as long as its first may wait. */
START_TEST(batches)
{
    uint64_t state = trial_state(_i, STRIDE);
    struct trial t;
    double lambda = trial_draw(&state, 1, 3);
    uint32_t size = (uint32_t)seed_between(&state, 2, 6);

    trial_begin(&t, "batches", 1);
    trial_source(&t, 0, lambda);
    t.station[0].servers = 100;
    t.station[0].batch_min = t.station[0].batch_max = size;
    t.station[0].service = trial_exponential(1);
    trial_expect(&t, 0, "wait", trial_wait, (size - 1) / (2 * lambda));
    trial_expect(&t, 0, "size", trial_wave_size, size);
    trial_expect(&t, 0, "busy", trial_busy, lambda / size);
    trial_run(&t, state);
    double wait = trial_draw(&state, 0.2, 2);
    trial_begin(&t, "batches by time", 1);
    trial_source(&t, 0, lambda);
    t.station[0].servers = 200;
    t.station[0].batch_min = t.station[0].batch_max = 1000;
    t.station[0].batch_wait_us = (int64_t)(wait * TRIAL_HOUR);
    t.station[0].service = trial_exponential(1);
    trial_expect(&t, 0, "size", trial_wave_size, 1 + lambda * wait);
    trial_expect(&t, 0, "its variance", trial_wave_variance, lambda * wait);
    trial_expect(&t, 0, "queue", trial_queue,
                 (wait + lambda * wait * wait / 2) / (1 / lambda + wait));
    trial_run(&t, state);
}
END_TEST

/* ---- arrivals ------------------------------------------------------------------------------- */

/* Arrivals in a window of a day of changing rates: Poisson, with the integral of the rates. */
START_TEST(changing_rates)
{
    uint64_t state = trial_state(_i, STRIDE);
    const int64_t period_us = 24 * OMO_US_PER_HOUR;
    omo_rate rates[] = {{0, trial_draw(&state, 0, 4)},
                        {seed_between(&state, 1, 9) * OMO_US_PER_HOUR + 12345, 0},
                        {10 * OMO_US_PER_HOUR, trial_draw(&state, 5, 20)},
                        {seed_between(&state, 11, 20) * OMO_US_PER_HOUR, trial_draw(&state, 1, 5)}};
    int64_t from_us = seed_between(&state, 0, 3 * period_us);
    int64_t until_us = from_us + seed_between(&state, period_us / 8, 2 * period_us);
    const uint32_t replications = 400;
    double expected = 0, sum = 0, square = 0;
    struct trial t;

    for (int64_t day = 0; day <= until_us; day += period_us)
        for (uint32_t i = 0; i < 4; i++) {
            int64_t begin_us = day + rates[i].from_us;
            int64_t end_us = day + (i == 3 ? period_us : rates[i + 1].from_us);
            begin_us = begin_us > from_us ? begin_us : from_us;
            end_us = end_us < until_us ? end_us : until_us;
            if (begin_us < end_us)
                expected += rates[i].per_hour * (double)(end_us - begin_us) / TRIAL_HOUR;
        }
    trial_begin(&t, "rates", 1);
    omo_source_options *o = trial_source(&t, 0, 1);
    o->rates = rates;
    o->rate_count = 4;
    o->rate_period_us = period_us;
    t.station[0].servers = OMO_UNLIMITED;
    for (uint32_t r = 0; r < replications; r++) {
        omo_kernel *k = trial_kernel(&t, state, r);
        omo_class_report report;
        ck_assert_int_eq(omo_kernel_run(k, from_us, NULL), OMO_OK);
        omo_kernel_reset_measures(k);
        ck_assert_int_eq(omo_kernel_run(k, until_us, NULL), OMO_OK);
        ck_assert_int_eq(omo_kernel_source(k, (omo_source){0}, &report), OMO_OK);
        sum += (double)report.arrived;
        square += ((double)report.arrived - expected) * ((double)report.arrived - expected);
        omo_kernel_free(k);
    }
    double z = (sum - replications * expected) / sqrt(replications * expected);
    /* The variance of (x - m)^2 of a Poisson law is m + 2 m^2. */
    double z_square = (square - replications * expected) /
                      sqrt(replications * (expected + 2 * expected * expected));
    printf("rates: %.3f expected, %.3f found, z %.2f, of the variance %.2f\n", expected,
           sum / replications, z, z_square);
    ck_assert(fabs(z) <= 4);
    ck_assert(fabs(z_square) <= 4);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kernel theory of networks");
    TCase *tcase = tcase_create("theory of networks");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, tandem, 0, TRIAL_DRAWS);
    tcase_add_loop_test(tcase, jackson, 0, TRIAL_DRAWS);
    tcase_add_loop_test(tcase, overflow, 0, TRIAL_DRAWS);
    tcase_add_loop_test(tcase, blocking, 0, TRIAL_DRAWS);
    tcase_add_loop_test(tcase, machine_repair, 0, TRIAL_DRAWS);
    tcase_add_loop_test(tcase, fork_join, 0, TRIAL_DRAWS);
    tcase_add_loop_test(tcase, breakdown, 0, 4);
    tcase_add_loop_test(tcase, waves, 0, TRIAL_DRAWS);
    tcase_add_loop_test(tcase, batches, 0, TRIAL_DRAWS);
    tcase_add_loop_test(tcase, changing_rates, 0, 6);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
