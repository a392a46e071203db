/* Many people at once in the small shop, at random: what they do must add up whatever happens. */
#ifndef TESTS_BACKEND_SHOP_SWARM_H
#define TESTS_BACKEND_SHOP_SWARM_H

#include "backend/shop_case.h"

struct swarm_told {        /* what the clients were told, all of them together */
    GHashTable *orders;    /* reference -> GINT_TO_POINTER(total cents + 1) of acknowledged ones */
    GHashTable *cancelled; /* references whose cancellation was acknowledged */
    int64_t paid_cents;    /* as acknowledged, less what was paid back */
    int64_t sold_cents;    /* at tills */
    uint32_t done, refused;
};

/* `threads` clients, each with `visits` visits; names of carts and orders begin with the seed. */
void swarm_run(uint32_t seed, uint32_t threads, uint32_t visits, struct swarm_told *ret_told);
void swarm_clear(struct swarm_told *told);
/* OMO_SEED of the environment, else this one; printed. */
uint32_t swarm_seed(uint32_t otherwise);

#endif
