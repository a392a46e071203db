/* Results of load runs that never were, with truths that are known: a service at 1,000 requests a
 * second for 20 s that stands still from second 8 to second 10, met in open loop and in closed loop,
 * and a capacity search whose knee is at 1,600/s.
 */
#ifndef TESTS_REPORT_LOAD_SAMPLE_H
#define TESTS_REPORT_LOAD_SAMPLE_H

#include <glib.h>

struct load_sample {
    gboolean closed;     /* closed loop of 4 users; else open loop */
    gboolean too_slow;   /* the generator fell behind */
    const char *audited; /* the record whose audit it takes over; NULL = none */
    gboolean two_stages; /* shaded: 0 to 6 s at 1,000/s, then more */
};

/* Writes the result; asserts that it can. */
void load_sample_write(const char *path, const struct load_sample *sample);
void load_sample_write_capacity(const char *path);

#endif
