/* Seeding a live service: a scenario's places, SKUs, stock, coupons and members, made one by one with
 * the requests of an API map's section `seed` (traffic/api_seed.h).
 *
 * In this order: begin, places, SKUs, positions (place by place), coupons, members, end. Suppliers
 * are no places, and promotions of other kinds than coupons need no seeding.
 */
#ifndef REPLAY_SEED_H
#define REPLAY_SEED_H

#include "replay/fetch.h"
#include "traffic/api_seed.h"

#include <omosim/world.h>

struct seed_options {
    const omo_model *model;
    const omo_world *world;                     /* whose stock the positions open with */
    const Plan *plan;                           /* only what its journeys name; NULL = everything */
    uint64_t places_max, skus_max, members_max; /* of each the first so many */
};

struct seed_counts {
    uint64_t places, skus, positions, coupons, members, requests;
};

typedef struct seed Seed;

/* Chooses what is to be made. BAD_INPUT when a plan names what the model doesn't have: it is another
 * scenario's. Borrows all of `options`. Caller frees. */
Seed *seed_new(const struct seed_options *options, GError **ret_error);
void seed_free(Seed *seed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Seed, seed_free)

/* What will be made, and with how many requests of that map. */
void seed_count(const Seed *seed, const ApiMap *map, struct seed_counts *ret_counts);

/* Called after each request, with how many are done; FALSE ends the seeding. */
typedef gboolean seed_progress(void *user, uint64_t requests);

/* Sends all of it; waits for each answer before the next request. Errors as api_seeding_answer() and
 * fetch_send() have them. *ret_stopped, when `progress` said so: nothing is wrong, but not all was
 * made. */
gboolean seed_run(const Seed *seed, const ApiMap *map, Fetch *fetch, ApiSeeding *seeding,
                  seed_progress *progress, void *user, gboolean *ret_stopped, GError **ret_error);

#endif
