/* Random networks from a seed, and what must hold in each of them. */
#ifndef OMO_TESTS_FLOW_SWARM_H
#define OMO_TESTS_FLOW_SWARM_H

#include "conformance/seed.h"
#include "flow/build.h"

/* A sealed model: 1 to 7 places of all kinds, 1 to 40 products, 1 to 4 channels, any setting of
 * the dial. Caller frees. */
omo_model *swarm_model(uint64_t seed);
/* What swarm_modes.c adds to a place or channel that has its kind, stations and mode. */
void swarm_modes_place(uint64_t state, omo_place_options *o);
void swarm_modes_channel(uint64_t state, omo_channel_options *o);
/* Runs one replication of it. Returns NULL when everything holds, else what does not (a static
 * text): the world's own audits, Little's law at the tills as an identity in integers, shares
 * within 0..1, no value where there are cases, the sum that makes the profit. */
const char *swarm_check(uint64_t seed);

#endif
