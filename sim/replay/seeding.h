/* Seeding a live service: a scenario's places, SKUs, stock, coupons and members, made one by one with
 * the requests of an API map's section `seed` (traffic/api_seed.h).
 *
 * In this order: begin, places, SKUs, positions (place by place), coupons, members, end. Suppliers
 * are no places, and promotions of other kinds than coupons need no seeding.
 */
#ifndef REPLAY_SEEDING_H
#define REPLAY_SEEDING_H

#include "replay/fetch.h"
#include "traffic/api_seed.h"

#include <omosim/world.h>

struct seeding_options {
    const omo_model *model;
    const omo_world *world;                     /* whose stock the positions open with */
    const Plan *plan;                           /* only what its journeys name; NULL = everything */
    uint64_t places_max, skus_max, members_max; /* of each the first so many */
};

struct seeding_counts {
    uint64_t places, skus, positions, coupons, members, requests;
};

typedef struct seeding Seeding;

/* Chooses what is to be made. BAD_INPUT when a plan names what the model doesn't have: it is another
 * scenario's. Borrows all of `options`. Caller frees. */
Seeding *seeding_new(const struct seeding_options *options, GError **ret_error);
void seeding_free(Seeding *seeding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Seeding, seeding_free)

/* What will be made, and with how many requests of that map. */
void seeding_count(const Seeding *seeding, const ApiMap *map, struct seeding_counts *ret_counts);

/* Called after each request, with how many are done; FALSE ends the seeding. */
typedef gboolean seeding_progress(void *user, uint64_t requests);

/* Sends all of it; waits for each answer before the next request. Errors as api_seeding_answer() and
 * fetch_send() have them. *ret_stopped, when `progress` said so: nothing is wrong, but not all was
 * made. */
gboolean seeding_run(const Seeding *seeding, const ApiMap *map, Fetch *fetch, ApiSeeding *api,
                     seeding_progress *progress, void *user, gboolean *ret_stopped,
                     GError **ret_error);

#endif
