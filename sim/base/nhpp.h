/* Non-homogeneous Poisson processes: the next arrival after a time, from keyed draws.
 *
 * Two ways. Inversion is for rates that are constant in pieces, alone or over and over with a period
 * (rates per hour and weekday: 168 pieces, a week): one unit exponential an arrival, two searches of
 * log2(pieces) steps, no loop that could run long. Thinning is for any rate under a bound, at
 * bound / rate proposals an arrival. Times are whole microseconds, of which an arrival is at the
 * nearest; nothing adds up, for the next one is counted from there. Rates are per hour. Nothing is
 * allocated. Plain data; any thread, each with a cursor of its own.
 */
#ifndef OMO_BASE_NHPP_H
#define OMO_BASE_NHPP_H

#include "base/draws.h"

#define NHPP_NEVER INT64_MAX

struct nhpp {
    uint32_t piece_count;
    bool repeats;
    const int64_t *begin_us; /* [piece_count] */
    const double *per_hour;  /* [piece_count] */
    const double *until;     /* [piece_count] mean number of arrivals from 0 to the piece's end */
    int64_t end_us;
};

/* Piece i has rate per_hour[i] (finite, not negative) from begin_us[i] to the next piece's begin,
 * the last one to end_us; begin_us[0] is 0 and they rise. With `repeats` end_us is the period and
 * time goes on in it for ever; otherwise there is nothing after end_us. Borrows the arrays, and
 * `until` (room for `count`), which it fills. */
void nhpp_init(struct nhpp *p, uint32_t count, const int64_t *begin_us, const double *per_hour,
               int64_t end_us, bool repeats, double *until);

/* Mean number of arrivals from `from_us` to `until_us` (0 <= from <= until). */
double nhpp_mean(const struct nhpp *p, int64_t from_us, int64_t until_us);

/* Time of the first arrival after `after_us` (at least 0), at the same microsecond at the earliest;
 * NHPP_NEVER when there is none. Takes one exponential. */
int64_t nhpp_next_us(const struct nhpp *p, int64_t after_us, struct draw_cursor *c);

/* Thinning (Lewis and Shedler 1979). */
struct nhpp_thinning {
    double (*per_hour)(const void *context, int64_t at_us); /* 0 to `bound` */
    const void *context;
    double bound;         /* per hour; 0: never */
    uint64_t proposals;   /* made and */
    uint64_t acceptances; /* kept so far: nhpp_thin_us counts */
};

/* The same for a bounded rate, before `until_us`; NHPP_NEVER when the next is not before that (a
 * rate that stays 0 needs it to come to an end). A rate above its bound is a bug. */
int64_t nhpp_thin_us(struct nhpp_thinning *t, int64_t after_us, int64_t until_us,
                     struct draw_cursor *c);

#endif
