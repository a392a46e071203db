/* One shop, one customer's zone, one channel, perhaps lockers: what the tests of modes begin with. */
#ifndef OMO_TESTS_FLOW_MODES_H
#define OMO_TESTS_FLOW_MODES_H

#include "flow/build.h"

#define MINUTE OMO_US_PER_MINUTE

struct modes {
    omo_model *model;
    omo_place_options place;
    omo_channel_options channel;
    omo_segment_options segment;
    bool locker, second_locker;
    uint32_t boxes;
    struct build_facts facts;
};

/* The shop at 2 km with plenty of one product, nothing held, the zone at 0. */
struct modes modes_begin(const char *kind, const char *mode, double visits_per_day);
/* So many servers, whose service takes so many minutes. */
omo_role_options modes_servers(uint32_t servers, double minutes);
/* Runs it to the end; the audit looks at its books there. */
void modes_run(struct modes *s);
void modes_end(struct modes *s);
/* The n-th fact of a kind; the sum of their amounts. */
const omo_fact *modes_fact(const struct modes *s, const char *kind, size_t n);
int64_t modes_cents(const struct modes *s, const char *kind);

#endif
