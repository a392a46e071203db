/* Bounds of what visits can need: memory.c makes room for them. Inside of flow/memory*.c. */
#ifndef OMO_FLOW_MEMORY_BOUND_H
#define OMO_FLOW_MEMORY_BOUND_H

#include "flow/world.h"

/* Shipments that so many changed positions can lead to. Under continuous review a changed position
 * asks for a shipment, which changes a position at the other end of the lane, and so on to the end of
 * the chain. */
uint64_t memory_bound_triggers(const omo_model *m, uint64_t changes);
/* News of claims that a visit can send to the tills. */
uint64_t memory_bound_claims(const omo_model *m);
/* Events of an order's parts at most: one each, and where couriers have batches, two more for the
 * batch that each may be alone in. */
uint64_t memory_bound_part_events(const omo_model *m);
/* What the day under way can need, with so many visits. */
struct memory_room memory_bound_day(const struct omo_world *w, uint64_t visits);

#endif
