/* One replication: a world is a sealed model, a seed and a replication number, run to the
 * model's horizon.
 *
 * A world is used by one thread at a time; any number of worlds share a model. Same model, seed
 * and replication: same facts, same digest, on any machine.
 */
#ifndef OMOSIM_WORLD_H
#define OMOSIM_WORLD_H

#include <omosim/event.h>
#include <omosim/fact.h>
#include <omosim/histogram.h>
#include <omosim/model.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct omo_world omo_world;

/* Reads facts in the order of their happening, in batches. The array is borrowed for the call. */
typedef void (*omo_fact_reader)(void *user, const omo_fact *facts, size_t count);

/* Returns a world at time 0, or NULL with the error set. Caller frees with omo_world_free,
 * before the model. */
OMO_API omo_world *omo_world_new(const omo_model *model, uint64_t seed, uint32_t replication,
                                 omo_error *ret_error);
OMO_API void omo_world_free(omo_world *world);
/* At most one reader beside the measures; set before running. */
OMO_API void omo_world_set_reader(omo_world *world, omo_fact_reader reader, void *user);
/* Keeps the detail of the report (daily series, per-place sums, flows, lead-time histograms).
 * Set before running. */
OMO_API omo_status omo_world_keep_detail(omo_world *world, omo_error *ret_error);
/* Runs until simulated time until_us, or to the end of the horizon when that is earlier. At the
 * horizon the books are closed and audited (OMO_EAUDIT names the law that does not hold). A reader
 * of events may stop it (OMO_ECANCELLED); it can go on afterwards. */
OMO_API omo_status omo_world_run(omo_world *world, int64_t until_us, omo_error *ret_error);
OMO_API int64_t omo_world_now_us(const omo_world *world);
OMO_API bool omo_world_finished(const omo_world *world);
/* Digest of all facts so far, and counts: facts, and events handled by the loop. */
OMO_API uint64_t omo_world_digest(const omo_world *world);
OMO_API uint64_t omo_world_fact_count(const omo_world *world);
OMO_API uint64_t omo_world_event_count(const omo_world *world);
/* At most one reader of events; NULL = none, which costs nothing. Set before running, or between
 * runs. The fact reader then gets the facts of each event before the next event's record. */
OMO_API void omo_world_set_event_reader(omo_world *world, omo_event_reader reader, void *user);
/* Steps of customers between the records, of a queueing network only (OMO_EINVAL); NULL = none,
 * which costs nothing. Also OMO_ENOMEM. */
OMO_API omo_status omo_world_set_step_reader(omo_world *world, omo_step_reader reader, void *user,
                                             omo_error *ret_error);
/* What every customer of a queueing network is doing. */
OMO_API void omo_world_list_customers(const omo_world *world, omo_step_reader reader, void *user);
/* Level of a station; false when the place has none of that role. Of a queueing network `place` is
 * the station's index and role is 0. */
OMO_API bool omo_world_station(const omo_world *world, uint32_t place, uint32_t role,
                               omo_station_level *ret_level);
/* The next events in their order, at most `count`: visits of the day under way up to the earliest
 * other event, which is the last one (what stands behind it is not sorted). Returns how many. */
OMO_API uint32_t omo_world_pending(const omo_world *world, omo_event_record *ret_records,
                                   uint32_t count);
/* Units on hand (free or reserved) at each position of a place; of a world that has not run yet, what
 * it opens with. ret_skus and ret_units have room for omo_model_place_position_count(); SKUs rise.
 * Returns how many. */
OMO_API uint32_t omo_world_stock(const omo_world *world, uint32_t place, omo_sku *ret_skus,
                                 int32_t *ret_units);
/* Who makes a visit, and what he or she wants of it. */
typedef struct omo_visitor {
    uint32_t zone, segment;
    /* of the population, counted over all zones in their order, whether they have joined or not;
     * UINT32_MAX = nobody of it. Goes out as omo_world_pseudonym() alone. */
    uint32_t member;
    uint32_t line_count;
    uint32_t sku[OMO_LINES_MAX];
    uint32_t quantity[OMO_LINES_MAX];
    int64_t cents[OMO_LINES_MAX]; /* of a line, at list prices */
} omo_visitor;

/* The visitor of an order's identity: the same keyed draws once more, so it may be asked at any
 * time and also of a visit that never was. A visit that follows from another one has the first
 * one's, though who goes on to another shop only wants what the first one lacked. False when the
 * identity has no such cell. */
OMO_API bool omo_world_visitor(const omo_world *world, uint64_t order, omo_visitor *ret_visitor);
/* What stands for a member in anything that leaves the program: a number below
 * omo_model_member_count() that says nothing without the seed. One to one; the same in every
 * replication. */
OMO_API uint32_t omo_world_pseudonym(const omo_world *world, uint32_t member);
/* Orders under way: at a till, or not yet handed over; customers of a queueing network. */
OMO_API uint32_t omo_world_open_orders(const omo_world *world);
/* Bytes that the world has taken. */
OMO_API uint64_t omo_world_size(const omo_world *world);

/* The KPIs of this model: each registered KPI of a chain, then each per-channel one for each channel
 * as NAME.CHANNEL. Of a queueing network: NAME.STATION, NAME.STATION.SOURCE and NAME.SOURCE. */
OMO_API uint32_t omo_model_kpi_count(const omo_model *model);
/* Name of column i; *ret_kpi is its index in OMO_REGISTRY_KPI and *ret_channel the channel or
 * UINT32_MAX; both may be NULL. */
OMO_API const char *omo_model_kpi_name(const omo_model *model, uint32_t i, uint32_t *ret_kpi,
                                       uint32_t *ret_channel);
/* What column i of a queueing network is about: a station, a source in the whole network, or both;
 * UINT32_MAX where it is not of one, and both so in a chain. */
OMO_API void omo_model_kpi_subject(const omo_model *model, uint32_t i, uint32_t *ret_station,
                                   uint32_t *ret_source);
/* Value of column i of a finished world; NaN when it has no cases. */
OMO_API double omo_world_kpi(const omo_world *world, uint32_t i);

#ifdef __cplusplus
}
#endif
#endif
