/* Journeys from facts: what simulated customers and clerks ask of a service, as steps with times.
 *
 *     g_autoptr(Journeys) journeys = journeys_new(world, model, &options, sink, user);
 *     omo_world_run(world, journeys_read_from_us(&options), &error);     the time before, unread
 *     omo_world_set_reader(world, journeys_read, journeys);
 *     omo_world_run(world, journeys_read_until_us(&options), &error);     in slices if you like
 *     if (!journeys_finish(journeys, &counts, &error)) return FALSE;
 *
 * A journey is a customer's visit through a channel, a sale at a till, or a clerk's task for an
 * order. Journeys reach the sink in the order of their start, their steps in the order of time;
 * both are borrowed for the call. Each is decided by facts and keyed draws alone: a narrower filter
 * gives exactly those of the wider one that pass it. Memory holds what JOURNEYS_SPAN_US of
 * simulated time brings, and the orders under way, however long the run.
 *
 * Identities: `order` is that of the facts, also of a cart that never became an order; 0 of someone
 * who only looked. `member` of a customer is 1 + the simulated member's pseudonym; a customer without
 * one who needs an account to buy online gets one of the cell's, (cell + 1) << 32 | number from 1.
 * It is 0 in clerks' journeys, sales at tills among them. `coupon` is the promotion's number.
 */
#ifndef TRAFFIC_JOURNEYS_H
#define TRAFFIC_JOURNEYS_H

#include <glib.h>
#include <omosim/draws.h>
#include <omosim/plan.h>
#include <omosim/world.h>

/* A visit is no longer than this, and a pick that takes longer becomes two journeys. */
#define JOURNEYS_SPAN_US (30 * OMO_US_PER_MINUTE)

/* What customers do that the simulation knows nothing of, all of it drawn. */
struct journeys_habits {
    uint32_t browse_ppm; /* product pages looked at for each line, in millionths */
    uint32_t search_ppm; /* a line's product is found by a search, ... */
    uint32_t scan_ppm;   /* ... by its QR code on a shelf, else by browsing */
    uint32_t check_stock_ppm, points_ppm, coupons_ppm;
    uint32_t looking_ppm;       /* of online visits that end with nothing, those that are traced */
    uint32_t cancel_ppm;        /* of orders, soon after paying; such an order has no clerk tasks */
    uint32_t return_ppm;        /* of parts that were handed over, where the model has no returns */
    uint32_t double_tap_ppm;    /* of orders, checked out again a moment later */
    uint32_t points_after_ppm;  /* of orders: the points are asked for after paying */
    uint32_t accounts_per_cell; /* of customers who are nobody's member, at least 1 */
    omo_law think, pay, cancel_after, return_after; /* us */
    int64_t notice_us; /* from payment until a clerk can have heard of an order */
    /* A time of day at which a sale begins: who is ready to show a coupon and check out within
     * `hold` before it waits for it, and then takes a moment to react. Hold 0 = there is none. */
    int64_t rush_at_us, rush_hold_us;
    omo_law rush_reaction;
};

struct journeys_options {
    uint64_t seed; /* of the world, as its replication */
    uint32_t replication;
    int64_t first_day, day_count;
    int64_t from_us, to_us; /* time of day at which journeys start; to <= from: over midnight */
    const bool *channel;    /* [channels of the model] */
    const bool *place;      /* [places]; NULL = all */
    bool clerks;            /* tasks for the orders of the journeys that are let through */
    struct journeys_habits habits;
};

enum journeys_kind {
    JOURNEYS_ORDER, /* a visit with an order */
    JOURNEYS_CART,  /* everything was sold out: the cart was left alone */
    JOURNEYS_LOOK,  /* nothing wanted */
    JOURNEYS_TILL,
    JOURNEYS_PICK,
    JOURNEYS_COLLECT,
    JOURNEYS_DELIVER,
    JOURNEYS_RETURN,
    JOURNEYS_KIND_COUNT
};
/* "order", "pick", ... */
const char *journeys_kind_name(enum journeys_kind kind);

struct journeys_counts {
    uint64_t journeys[JOURNEYS_KIND_COUNT];
    uint64_t channel[OMO_CHANNELS_MAX]; /* customers' journeys and sales at tills */
    uint32_t waiting_max;               /* most journeys held at once */
};

typedef gboolean (*journeys_sink)(void *user, const omo_plan_journey *journey,
                                  const omo_plan_step *steps, GError **ret_error);

typedef struct journeys Journeys;

/* Borrows the world, the model, the arrays of the options and the user. Caller frees. */
Journeys *journeys_new(const omo_world *world, const omo_model *model,
                       const struct journeys_options *options, journeys_sink sink, void *user);
void journeys_free(Journeys *journeys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Journeys, journeys_free)

/* From when on facts are needed, and until when. */
int64_t journeys_read_from_us(const struct journeys_options *options);
int64_t journeys_read_until_us(const struct journeys_options *options);

/* An omo_fact_reader; `user` is the Journeys. After a failure of the sink nothing more is read:
 * journeys_failed() tells, and journeys_finish() gives the error. */
void journeys_read(void *user, const omo_fact *facts, size_t count);
bool journeys_failed(const Journeys *journeys);
/* Hands out what is still held. *ret_counts may be NULL. */
gboolean journeys_finish(Journeys *journeys, struct journeys_counts *ret_counts,
                         GError **ret_error);

#endif
