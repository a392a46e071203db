/* The highest rate at which a service level holds: doubled until it breaks, then halved between the
 * last that held and the first that did not, several times over.
 *
 * The search knows nothing of HTTP: a probe is a call that runs one rate for the hold time and says
 * whether the level held. One thread.
 */
#ifndef REPLAY_CAPACITY_H
#define REPLAY_CAPACITY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum capacity_end {
    CAPACITY_FOUND,
    CAPACITY_BELOW,     /* the level does not hold at the lowest rate tried */
    CAPACITY_ABOVE,     /* it still holds at the highest rate allowed */
    CAPACITY_GENERATOR, /* the generator was too slow before the service was: a lower bound only */
    CAPACITY_STOPPED    /* the caller asked to stop */
};

struct capacity_probe {
    double rate;      /* asked, journeys a second */
    uint32_t repeat;  /* from 0 */
    bool held;        /* the service level, and the rate itself */
    bool too_slow;    /* the generator: says nothing of the service */
    double held_rate; /* requests answered a second */
    double p50_ms, p99_ms;
    double errors; /* share */
    double lateness_p99_ms;
};

struct capacity_options {
    double from;      /* first rate, above 0 */
    double rate_min;  /* the search gives up below it */
    double rate_max;  /* and above it */
    double precision; /* relative width at which a search ends, 0.05 = 5 % */
    uint32_t repeats; /* searches, at least 1; later ones begin around the first's result */
    void *user;
    /* Runs one rate; fills in all but `rate` and `repeat`. FALSE = stop (the error may be set). */
    gboolean (*probe)(void *user, struct capacity_probe *probe, GError **ret_error);
};

struct capacity_result {
    enum capacity_end end;
    double rate;       /* mean over repeats of the highest rate that held; 0 = none did */
    double half_width; /* 95 % Student-t over repeats; NaN with one */
    double low,
        high;    /* highest rate that held in every repeat, lowest that broke in any; NaN = none */
    double knee; /* rate at which the p99 turns upwards; NaN with fewer than 4 probes */
    GArray *probes; /* struct capacity_probe, in the order of running; owned */
};

/* FALSE only with an error of a probe; the result then holds what is known. The caller frees it with
 * capacity_clear(). */
gboolean capacity_search(const struct capacity_options *options, struct capacity_result *ret_result,
                         GError **ret_error);
void capacity_clear(struct capacity_result *result);

/* The knee of latency over rate by Kneedle (Satopaa, Albrecht, Irwin, Raghavan, ICDCSW 2011): of the
 * points scaled to the unit square, the one farthest below the diagonal; the p99 of a rate being the
 * worst at or below it. NaN when there are fewer than 4 different rates or the curve does not
 * rise. */
double capacity_knee(const struct capacity_probe *probes, uint32_t count);

#endif
