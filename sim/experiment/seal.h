/* The steps of sealing that have a file of their own. */
#ifndef OMO_EXPERIMENT_SEAL_H
#define OMO_EXPERIMENT_SEAL_H

#include "experiment/draft.h"

/* Works out levels and opening stock of every position from forecast demand (seal_levels.c).
 * False when memory is short. */
bool seal_levels(omo_model *m);
/* What a segment chooses by: its offered channels are known (seal_choice.c). */
omo_status seal_choice(const omo_model *m, struct segment *to, const omo_segment_options *options,
                       const char *id, omo_error *ret_error);
/* Where each channel's booked slots stand in a world's column of them. */
omo_status seal_slots(omo_model *m, omo_error *ret_error);
/* Forecast: units[place * segments + segment] and those of them that are ordered online (or NULL),
 * mean units a day, added to what stands there; share[segment * SKUs + sku], the probability that a
 * unit of the segment is of that SKU. */
void seal_flows(const omo_model *m, double *units, double *online);
void seal_demand_shares(const omo_model *m, double *share);
/* What stocking policies are told of a place (seal_levels.c). */
struct stocking_params seal_params(const omo_model *m, const struct place *p);
/* Deep copies of the options of a station or a source into an arena (model_stations.c). False when
 * memory is short. */
bool seal_copy_station(struct arena *a, const omo_station_options *from, omo_station_options *to);
bool seal_copy_source(struct arena *a, const omo_source_options *from, omo_source_options *to);
/* The network, its own by now, and what its KPI columns are about (seal_stations.c). */
omo_status seal_stations(omo_model *m, omo_error *ret_error);
/* The members' options against the population and its visits (model_members.c). */
omo_status seal_members(omo_model *m, omo_error *ret_error);
/* Names the KPI columns (seal_kpis.c). */
bool seal_kpis(omo_model *m);

struct kpi_column {
    uint32_t kpi;
    uint32_t channel; /* TALLY_ALL or the channel */
    uint32_t subject; /* of a queueing network, else OMO_NONE */
    const char *name;
};

/* Which places take goods back (seal_returns.c). */
omo_status seal_returns(omo_model *m, omo_error *ret_error);

#endif
