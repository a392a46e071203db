/* A queueing network: what the sealed model keeps of it, and how a world runs it.
 *
 * The model owns deep copies of the options; handlers are NULL. A world of such a model is a kernel
 * (omosim/kernel.h) with the clock, the warm-up and the horizon of the model, and nothing else.
 */
#ifndef OMO_FLOW_QUEUEING_H
#define OMO_FLOW_QUEUEING_H

#include <omosim/kernel.h>

#include "base/core.h"

struct kpi;
struct omo_world;

struct queueing_route {
    omo_station from;
    omo_outcome outcome;
    omo_station to;
    uint32_t share_ppm;
};

/* What KPI columns are about: a station, the jobs of a source at a station, or the jobs of a source
 * in the whole network. */
struct queueing_subject {
    uint32_t station, source; /* OMO_NONE where it is not of one */
    const char *name;         /* "pick", "pick.orders", "orders" */
};

struct queueing {
    omo_station_options *station;
    omo_source_options *source;
    struct queueing_route *route;
    struct queueing_subject *subject; /* stations, then pairs that can meet, then sources */
    uint32_t station_count, source_count, route_count, subject_count;
};

/* Adds the network to a kernel that has none; the kernel's first mistake is the result. */
omo_status queueing_fill(const struct queueing *q, omo_kernel *k, omo_error *ret_error);
/* Makes the world's kernel. False with the world's error set. */
bool queueing_begin(struct omo_world *w);
/* Runs to until_us, which is between now and the horizon. */
omo_status queueing_run(struct omo_world *w, int64_t until_us);
/* Value of a KPI for a subject of the model, over the measured time so far. */
double queueing_kpi(const struct omo_world *w, const struct kpi *kpi, uint32_t subject);

#endif
