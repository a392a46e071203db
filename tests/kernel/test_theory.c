/* One station against queueing theory, at parameters that are drawn anew for each seed. */
#include <check.h>
#include <math.h>

#include "conformance/seed.h"

#include "kernel/queues.h"
#include "kernel/trial.h"

#define STRIDE 7919 /* between the seeds of draws */

/* ---- exponential service -------------------------------------------------------------------- */

START_TEST(mm1)
{
    uint64_t state = trial_state(_i, STRIDE);
    struct trial t;
    double mu = trial_draw(&state, 1, 4), rho = trial_draw(&state, 0.3, 0.75), lambda = rho * mu;
    double limit = trial_draw(&state, 0.5, 2) / (mu - lambda);

    trial_begin(&t, "M/M/1", 1);
    trial_source(&t, 0, lambda);
    t.station[0].service = trial_exponential(1 / mu);
    t.station[0].wait_over_us = t.station[0].time_over_us = (int64_t)(limit * TRIAL_HOUR);
    t.station[0].level_over = 3;
    trial_expect(&t, 0, "busy", trial_busy, rho);
    trial_expect(&t, 0, "queue", trial_queue, rho * rho / (1 - rho));
    trial_expect(&t, 0, "level", trial_level, rho / (1 - rho));
    trial_expect(&t, 0, "level variance", trial_level_variance, rho / (1 - rho) / (1 - rho));
    trial_expect(&t, 0, "level over 3", trial_level_over, pow(rho, 4));
    trial_expect(&t, 0, "empty", trial_empty, 1 - rho);
    trial_expect(&t, 0, "wait", trial_wait, rho / (mu - lambda));
    trial_expect(&t, 0, "queue time", trial_queue_time, rho / (mu - lambda));
    trial_expect(&t, 0, "class queue time", trial_class_queue_time, rho / (mu - lambda));
    trial_expect(&t, 0, "wait over", trial_wait_over, rho * exp(-(mu - lambda) * limit));
    trial_expect(&t, 0, "waited", trial_waited, rho);
    trial_expect(&t, 0, "time", trial_time, 1 / (mu - lambda));
    trial_expect(&t, 0, "time variance", trial_time_variance, pow(mu - lambda, -2));
    trial_expect(&t, 0, "time over", trial_time_over, exp(-(mu - lambda) * limit));
    trial_run(&t, state);
}
END_TEST

START_TEST(mmc)
{
    uint64_t state = trial_state(_i, STRIDE);
    struct trial t;
    uint32_t servers = (uint32_t)seed_between(&state, 2, 8);
    double mu = trial_draw(&state, 0.5, 1), load = servers * trial_draw(&state, 0.5, 0.8),
           lambda = load * mu;
    double waits = queues_erlang_c(servers, load), rate = servers * mu - lambda;
    double limit = trial_draw(&state, 0.2, 1) / rate;

    trial_begin(&t, "M/M/c", 1);
    trial_source(&t, 0, lambda);
    t.station[0].servers = servers;
    t.station[0].service = trial_exponential(1 / mu);
    t.station[0].wait_over_us = (int64_t)(limit * TRIAL_HOUR);
    trial_expect(&t, 0, "busy", trial_busy, load);
    trial_expect(&t, 0, "waited", trial_waited, waits);
    trial_expect(&t, 0, "wait", trial_wait, waits / rate);
    trial_expect(&t, 0, "wait over", trial_wait_over, waits * exp(-rate * limit));
    trial_expect(&t, 0, "queue", trial_queue, lambda * waits / rate);
    trial_expect(&t, 0, "duty", trial_duty, servers);
    trial_run(&t, state);
}
END_TEST

/* c servers, room for so many, and an arrival that sees from_waiting or more waiting turns away
 * with this probability. */
static void limited(uint64_t *state, uint32_t room_more, uint32_t from_waiting, double balks)
{
    struct trial t;
    uint32_t servers = (uint32_t)seed_between(state, 1, 5), room = servers + room_more;
    double mu = trial_draw(state, 0.5, 2), lambda = servers * mu * trial_draw(state, 0.6, 1.3),
           balked = 0;
    struct queues_chain c = {.states = room + 1};

    for (uint32_t n = 0; n <= room; n++) {
        bool may_balk = balks > 0 && n >= servers + from_waiting;
        c.up[n] = may_balk ? lambda * (1 - balks) : lambda;
        c.down[n] = mu * (n < servers ? n : servers);
    }
    queues_solve(&c);
    for (uint32_t n = servers + from_waiting; n <= room; n++)
        balked += c.p[n] * balks;
    trial_begin(&t, balks > 0 ? "M/M/c with balking" : "M/M/c/K", 1);
    trial_source(&t, 0, lambda);
    t.station[0].servers = servers;
    t.station[0].room = room_more < 200 ? room : OMO_UNLIMITED;
    t.station[0].service = trial_exponential(1 / mu);
    t.station[0].balk_from = from_waiting;
    t.station[0].balk_ppm = (uint32_t)lround(balks * OMO_PPM);
    t.station[0].level_over = servers;
    if (balks > 0)
        trial_expect(&t, 0, "balked", trial_balked, balked);
    else
        trial_expect(&t, 0, "refused", trial_refused, c.p[room]);
    trial_expect(&t, 0, "queue", trial_queue, queues_above(&c, servers));
    trial_expect(&t, 0, "level", trial_level, queues_above(&c, 0));
    trial_expect(&t, 0, "level variance", trial_level_variance, queues_variance(&c));
    trial_expect(&t, 0, "level over c", trial_level_over, queues_tail(&c, servers));
    trial_expect(&t, 0, "empty", trial_empty, c.p[0]);
    trial_run(&t, *state);
}

START_TEST(mmck)
{
    uint64_t state = trial_state(_i, STRIDE);

    limited(&state, (uint32_t)seed_between(&state, 1, 8), 0, 0);
}
END_TEST

START_TEST(balking)
{
    uint64_t state = trial_state(_i, STRIDE);
    uint32_t from = (uint32_t)seed_between(&state, 1, 4);

    limited(&state, 200, from, trial_draw(&state, 0.5, 0.9));
}
END_TEST

/* M/M/c+M, the Erlang A model. */
START_TEST(impatience)
{
    uint64_t state = trial_state(_i, STRIDE);
    struct trial t;
    uint32_t servers = (uint32_t)seed_between(&state, 1, 8);
    double mu = trial_draw(&state, 0.5, 2), lambda = servers * mu * trial_draw(&state, 0.7, 1.3);
    double theta = trial_draw(&state, 0.3, 2), queue;
    struct queues_chain c = {.states = 300};

    for (uint32_t n = 0; n < c.states; n++) {
        c.up[n] = lambda;
        c.down[n] = mu * (n < servers ? n : servers) + (n > servers ? theta * (n - servers) : 0);
    }
    queues_solve(&c);
    queue = queues_above(&c, servers);
    trial_begin(&t, "M/M/c+M", 1);
    trial_source(&t, 0, lambda);
    t.station[0].servers = servers;
    t.station[0].service = trial_exponential(1 / mu);
    t.station[0].impatient = true;
    t.station[0].patience = trial_exponential(1 / theta);
    trial_expect(&t, 0, "queue", trial_queue, queue);
    trial_expect(&t, 0, "queue time", trial_queue_time, queue / lambda);
    trial_expect(&t, 0, "reneged", trial_reneged, theta * queue / lambda);
    trial_expect(&t, 0, "waited", trial_waited, queues_tail(&c, servers - 1));
    trial_expect(&t, 0, "level", trial_level, queues_above(&c, 0));
    trial_run(&t, state);
}
END_TEST

/* ---- service of any law --------------------------------------------------------------------- */

struct moments {
    omo_law law; /* in hours */
    double square;
    const char *name;
};

/* Laws of the mean 1. */
static struct moments law_of(int i, uint64_t *state)
{
    double cv = trial_draw(state, 0.3, 1.5), low = trial_draw(state, 0, 0.9), phases = 2 + i % 4;

    switch (i % 6) {
    case 0:
        return (struct moments){{.kind = OMO_LAW_CONSTANT, .a = 1}, 1, "constant"};
    case 1:
        return (struct moments){{OMO_LAW_UNIFORM, low, 2 - low, 0},
                                1 + (2 - 2 * low) * (2 - 2 * low) / 12,
                                "uniform"};
    case 2:
        return (struct moments){{OMO_LAW_ERLANG, 1, phases, 0}, 1 + 1 / phases, "Erlang"};
    case 3:
        return (struct moments){{OMO_LAW_LOGNORMAL, 1, cv, 0}, 1 + cv * cv, "lognormal"};
    case 4:
        return (struct moments){{OMO_LAW_GAMMA, 1, cv, 0}, 1 + cv * cv, "gamma"};
    default: /* symmetric */
        return (struct moments){{OMO_LAW_TRIANGULAR, low, 1, 2 - low},
                                1 + (1 - low) * (1 - low) / 6,
                                "triangular"};
    }
}

static omo_law scaled(omo_law law, double mean_hours)
{
    law.a *= mean_hours * TRIAL_HOUR;
    if (omo_law_parameter_scales(law.kind, 1))
        law.b *= mean_hours * TRIAL_HOUR;
    law.c *= mean_hours * TRIAL_HOUR;
    return law;
}

START_TEST(mg1)
{
    uint64_t state = trial_state(_i, STRIDE);
    struct moments m = law_of(_i, &state);
    struct trial t;
    double mean = trial_draw(&state, 0.3, 1), rho = trial_draw(&state, 0.4, 0.75),
           lambda = rho / mean;
    double wait = queues_mg1_wait(lambda, mean, m.square * mean * mean);

    trial_begin(&t, m.name, 1);
    trial_source(&t, 0, lambda);
    t.station[0].service = scaled(m.law, mean);
    trial_expect(&t, 0, "M/G/1 wait", trial_wait, wait);
    trial_expect(&t, 0, "M/G/1 queue", trial_queue, lambda * wait);
    trial_expect(&t, 0, "M/G/1 time", trial_time, wait + mean);
    trial_expect(&t, 0, "M/G/1 empty", trial_empty, 1 - rho);
    trial_run(&t, state);
}
END_TEST

/* Never a queue: as many inside as a Poisson law says, whatever the law of the service. */
START_TEST(mginf)
{
    uint64_t state = trial_state(_i, STRIDE);
    struct moments m = law_of(_i, &state);
    struct trial t;
    double mean = trial_draw(&state, 0.5, 3), lambda = trial_draw(&state, 1, 5);

    trial_begin(&t, m.name, 1);
    trial_source(&t, 0, lambda);
    t.station[0].servers = OMO_UNLIMITED;
    t.station[0].service = scaled(m.law, mean);
    trial_expect(&t, 0, "M/G/inf level", trial_level, lambda * mean);
    trial_expect(&t, 0, "M/G/inf variance", trial_level_variance, lambda * mean);
    trial_expect(&t, 0, "M/G/inf empty", trial_empty, exp(-lambda * mean));
    trial_expect(&t, 0, "M/G/inf busy", trial_busy, lambda * mean);
    trial_expect(&t, 0, "M/G/inf queue", trial_queue, 0);
    trial_expect(&t, 0, "done in a day", trial_period_mean, 24 * lambda);
    trial_expect(&t, 0, "their variance", trial_period_variance, 24 * lambda);
    trial_run(&t, state);
}
END_TEST

START_TEST(erlang_b)
{
    uint64_t state = trial_state(_i, STRIDE);
    struct moments m = law_of(_i, &state);
    struct trial t;
    uint32_t servers = (uint32_t)seed_between(&state, 1, 12);
    double mean = trial_draw(&state, 0.5, 2), load = servers * trial_draw(&state, 0.5, 1.4);
    double blocked = queues_erlang_b(servers, load);

    trial_begin(&t, m.name, 1);
    trial_source(&t, 0, load / mean);
    t.station[0].servers = t.station[0].room = servers;
    t.station[0].service = scaled(m.law, mean);
    trial_expect(&t, 0, "Erlang B refused", trial_refused, blocked);
    trial_expect(&t, 0, "Erlang B busy", trial_busy, load * (1 - blocked));
    trial_run(&t, state);
}
END_TEST

/* ---- order of service ----------------------------------------------------------------------- */

/* The mean wait does not depend on the order, its square does (Kingman 1962 for random order). */
START_TEST(orders)
{
    static const omo_discipline discipline[] = {OMO_FIFO, OMO_LIFO, OMO_RANDOM};
    uint64_t state = trial_state(_i, STRIDE);
    struct trial t;
    double mu = trial_draw(&state, 1, 3), rho = trial_draw(&state, 0.3, 0.6), lambda = rho * mu;
    double square = 2 * rho / (mu * mu * (1 - rho) * (1 - rho));
    double factor[] = {1, 1 / (1 - rho), 1 / (1 - rho / 2)};

    trial_begin(&t, "order of service", 1);
    trial_source(&t, 0, lambda);
    t.station[0].service = trial_exponential(1 / mu);
    t.station[0].discipline = discipline[_i % 3];
    trial_expect(&t, 0, "wait", trial_wait, rho / (mu - lambda));
    trial_expect(&t, 0, "wait squared", trial_wait_square, square * factor[_i % 3]);
    trial_run(&t, state);
}
END_TEST

START_TEST(shortest)
{
    uint64_t state = trial_state(_i, STRIDE);
    struct trial t;
    double mean = trial_draw(&state, 0.3, 1), rho = trial_draw(&state, 0.5, 0.8),
           lambda = rho / mean;

    trial_begin(&t, "shortest first", 1);
    trial_source(&t, 0, lambda);
    t.station[0].service = trial_exponential(mean);
    t.station[0].discipline = OMO_SHORTEST;
    trial_expect(&t, 0, "wait", trial_wait, queues_shortest_wait(lambda, mean));
    trial_run(&t, state);
}
END_TEST

/* Three classes, Cobham (1954) and its preemptive-resume counterpart. */
static void classes(uint64_t *state, bool preemptive, int law)
{
    struct moments m = preemptive ? law_of(law, state) : law_of(law + 1, state);
    struct trial t;
    double mean = trial_draw(state, 0.3, 1), rate[3], load = 0, residual = 0, square, before = 0;

    square = m.square * mean * mean;
    trial_begin(&t, preemptive ? "preemptive" : "not preemptive", 1);
    t.station[0].service = scaled(m.law, mean);
    t.station[0].discipline = preemptive ? OMO_PRIORITY_PREEMPTIVE : OMO_PRIORITY;
    for (uint32_t i = 0; i < 3; i++) {
        rate[i] = trial_draw(state, 0.1, 0.27) / mean;
        trial_source(&t, 0, rate[i])->priority = (int32_t)i * 10 - 5;
        residual += rate[i] * square / 2;
    }
    for (uint32_t i = 0; i < 3; i++) {
        if (preemptive && i == 0)
            residual = 0;
        if (preemptive)
            residual += rate[i] * square / 2;
        load += rate[i] * mean;
        double wait = residual / ((1 - before) * (1 - load));
        if (preemptive)
            trial_expect_class(&t, 0, i, "class time", trial_class_time,
                               wait + mean / (1 - before));
        else
            trial_expect_class(&t, 0, i, "class wait", trial_class_queue_time, wait);
        before = load;
    }
    trial_run(&t, *state);
}

START_TEST(priorities)
{
    uint64_t state = trial_state(_i, STRIDE);

    classes(&state, false, _i);
    classes(&state, true, _i);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kernel theory");
    TCase *tcase = tcase_create("theory");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, mm1, 0, TRIAL_DRAWS);
    tcase_add_loop_test(tcase, mmc, 0, TRIAL_DRAWS);
    tcase_add_loop_test(tcase, mmck, 0, TRIAL_DRAWS);
    tcase_add_loop_test(tcase, balking, 0, TRIAL_DRAWS);
    tcase_add_loop_test(tcase, impatience, 0, TRIAL_DRAWS);
    tcase_add_loop_test(tcase, mg1, 0, 6);
    tcase_add_loop_test(tcase, mginf, 0, 6);
    tcase_add_loop_test(tcase, erlang_b, 0, 6);
    tcase_add_loop_test(tcase, orders, 0, 6);
    tcase_add_loop_test(tcase, shortest, 0, 2);
    tcase_add_loop_test(tcase, priorities, 0, TRIAL_DRAWS);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
