/* Closed forms of queueing theory, in hours and jobs an hour. */
#ifndef OMO_TESTS_KERNEL_QUEUES_H
#define OMO_TESTS_KERNEL_QUEUES_H

#include <stdint.h>

#define QUEUES_STATES 400

/* Birth and death: p[n] for n < states, from rates up[n] (n to n + 1) and down[n] (n to n - 1). */
struct queues_chain {
    uint32_t states;
    double up[QUEUES_STATES], down[QUEUES_STATES], p[QUEUES_STATES];
};

void queues_solve(struct queues_chain *c);
/* Mean of max(0, n - from). */
double queues_above(const struct queues_chain *c, uint32_t from);
double queues_variance(const struct queues_chain *c);
/* Probability of more than n. */
double queues_tail(const struct queues_chain *c, uint32_t n);

/* c servers, offered load a = lambda / mu. */
double queues_erlang_b(uint32_t servers, double load);
double queues_erlang_c(uint32_t servers, double load);
/* Wait in M/G/1, first in first out (Pollaczek and Khinchine). */
double queues_mg1_wait(double lambda, double mean, double square);
/* Wait in M/M/1 when the shortest job is next (Phipps 1956): Cobham's formula for classes without
 * end, by Simpson's rule. */
double queues_shortest_wait(double lambda, double mean);
/* Jobs in M/M/1 whose server breaks down at rate xi, busy or not, and is repaired at rate r; the
 * job is resumed (White and Christie 1958). */
double queues_breakdown_level(double lambda, double mu, double xi, double r);

#endif
