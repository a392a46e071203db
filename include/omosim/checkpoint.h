/* Checkpoint and branch: a world saved at a simulated time, restored, and run on, under the same or
 * another policy.
 *
 * The restored world goes on as if it had never stopped: same facts, same digest, same KPIs. Under
 * another model it is a branch: it keeps its past, and meets the same customers as every other
 * branch. The library does no I/O; bytes go through the caller's functions.
 *
 * A branch may differ in what is decided: prices, opening hours, service and lead times, order
 * costs; everything of a channel but its kind; promotions (those with coupons may change their
 * terms, not their number); routing; stocking policy, levels and periods; utilities, sensitivities
 * and switching; members, sync_lag, buffer, oversold and online_share of the integration dial; the
 * costs of lost, oversold and late orders; memory_max; and a horizon later than the checkpoint.
 * Periods that are under way end as they were begun, orders in flight keep what they were promised
 * and paid. Opening stock is past and plays no part.
 *
 * It must be the same in what the state is indexed by and the past was measured with: geometry,
 * warm-up, thresholds and unit of the measures; places, their ids, sites, capabilities and servers;
 * lanes; SKUs with their costs, shelf lives and popularity; assortments; zones, segments, visits,
 * baskets and members; channels' ids and kinds; inventory siloed or merged; sync in real time,
 * delayed or periodic; shortage lost or backordered; review periodic or continuous; the costs of
 * holding and backorders, which are charged for the whole measured time at its end.
 *
 * A branch of a queueing network may differ in laws of service, patience, up and down times; work
 * lost; shares of routes; balking; where a source sends, its priority and skill. It must be the same
 * in stations and sources, their names and order; servers, shifts and crews; disciplines, rooms,
 * batches and waves; branches; thresholds and periods of the measures; arrivals and populations.
 *
 * A saved world is native: it is read by the same version of the library on a machine of the same
 * byte order. It holds, in this order:
 *
 *  offset size  header
 *       0    8  "omoworld"
 *       8    4  format, 1
 *      12    4  0x01020304 in the byte order of the machine
 *      16   16  version of the library, zeros behind
 *      32    8  seed
 *      40    4  replication
 *      44    4  bit 0: the report's detail is kept
 *      48    8  simulated time, microseconds
 *      56    8  horizon of the model that saved it, microseconds
 *      64    8  bytes of the whole, this header included
 *      72    8  checksum of the 72 bytes before
 *
 * and sections: first "model" (what must be the same), then one for each part and column in use. A
 * kernel saved by itself (kernel.h) begins with "omokernl"; its horizon is OMO_FOREVER.
 *
 *  offset size  section
 *       0   32  name, zeros behind
 *      32    8  bytes of an element
 *      40    8  elements
 *      48    8  checksum of the 48 bytes before and the elements
 *      56       elements, then zeros up to a multiple of 8
 *
 * Checksums find damage, not malice: read only what you or somebody you trust has saved.
 */
#ifndef OMOSIM_CHECKPOINT_H
#define OMOSIM_CHECKPOINT_H

#include <omosim/world.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct omo_checkpoint {
    uint64_t seed;
    uint32_t replication;
    bool has_detail;
    int64_t now_us;
    int64_t horizon_us;
    uint64_t size; /* bytes of the whole */
} omo_checkpoint;

/* Bytes that omo_world_save would write now. */
OMO_API uint64_t omo_world_save_size(const omo_world *world);
/* Saves a world between two calls of omo_world_run, at any time before it has finished; it is left
 * as it was. OMO_EINVAL for a world that has finished or failed, OMO_ECANCELLED when `write`
 * returns false. */
OMO_API omo_status omo_world_save(const omo_world *world, omo_bytes_writer write, void *user,
                                  omo_error *ret_error);
/* Reads the header of a saved world and, with a model, checks that the model can go on from it
 * (OMO_EINVAL says what is wrong). Reads no more than that. `model` and `ret_checkpoint` may be
 * NULL. */
OMO_API omo_status omo_checkpoint_read(const omo_model *model, omo_bytes_reader read, void *user,
                                       omo_checkpoint *ret_checkpoint, omo_error *ret_error);
/* Returns the saved world, ready to run on under `model`, without a reader of facts (set one before
 * running), or NULL with the error set: OMO_EINVAL for bytes that are foreign, cut short, damaged
 * or of another model; OMO_EAUDIT for a state that does not add up; OMO_ENOMEM, OMO_ELIMIT. Caller
 * frees with omo_world_free, before the model. */
OMO_API omo_world *omo_world_restore(const omo_model *model, omo_bytes_reader read, void *user,
                                     omo_error *ret_error);

#ifdef __cplusplus
}
#endif
#endif
