/* What reading facts is made of. Inside of sim/traffic, for journeys*.c. */
#ifndef TRAFFIC_JOURNEYS_PRIVATE_H
#define TRAFFIC_JOURNEYS_PRIVATE_H

#include "traffic/journeys_orders.h"
#include "traffic/journeys_queue.h"
#include "traffic/journeys_visit.h"

/* What a kind of facts means here. */
enum journeys_mark {
    JOURNEYS_MARK_NONE,
    JOURNEYS_MARK_CLAIMED,
    JOURNEYS_MARK_OPENED,
    JOURNEYS_MARK_GROUPED,
    JOURNEYS_MARK_ABANDONED,
    JOURNEYS_MARK_LEFT,
    JOURNEYS_MARK_LINE,
    JOURNEYS_MARK_SWITCHED,
    JOURNEYS_MARK_DISCOUNT,
    JOURNEYS_MARK_REDEEMED,
    JOURNEYS_MARK_TURNED_DOWN,
    JOURNEYS_MARK_PLACED,
    JOURNEYS_MARK_TAKEN,
    JOURNEYS_MARK_LACKED,
    JOURNEYS_MARK_FAILED,
    JOURNEYS_MARK_PICK_START, /* from here on: tasks */
    JOURNEYS_MARK_PICKED,
    JOURNEYS_MARK_READY,
    JOURNEYS_MARK_COLLECTED,
    JOURNEYS_MARK_DELIVERED,
    JOURNEYS_MARK_RETURNED,
    JOURNEYS_MARK_CLOSED
};

/* A walk-in's order of what the shop lacked has the identity of the visit with this bit. */
#define JOURNEYS_SWITCHED (UINT64_C(1) << 63)
#define JOURNEYS_FACT_KINDS 256 /* that a fact can tell apart */

struct journeys {
    const omo_world *world;
    const omo_model *model;
    struct journeys_options options;
    bool online[OMO_CHANNELS_MAX];
    enum journeys_manner manner[OMO_CHANNELS_MAX];
    bool returns; /* the simulation itself has returns: none are made up */
    enum journeys_mark mark[JOURNEYS_FACT_KINDS];

    int64_t now_us;
    struct journeys_visit visit;
    uint32_t switched_place; /* of the last SWITCHED fact */
    JourneysOrders *orders;
    struct journeys_queue queue;
    struct journeys_laying laying;

    journeys_sink sink;
    void *user;
    GError *error;
    struct journeys_counts counts;
};

/* journeys.c */

/* Whether a journey that starts then is in the traced times. */
bool journeys_starts_inside(const struct journeys_options *options, int64_t at_us);
bool journeys_passes_place(const struct journeys_options *options, uint32_t place);

/* journeys_close.c: the visit whose facts have all been seen becomes a journey, if the filters let
 * it. */
void journeys_close_visit(struct journeys *j);

/* journeys_task.c: a fact of picking or handing over. */
void journeys_read_task(struct journeys *j, enum journeys_mark mark, const omo_fact *fact);

#endif
