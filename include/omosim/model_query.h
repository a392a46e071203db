/* What can be asked of a model: how much there is of what, what it is called, where it stands. Part of
 * model.h, which includes it. */
#ifndef OMOSIM_MODEL_QUERY_H
#define OMOSIM_MODEL_QUERY_H

#include <omosim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct omo_model omo_model; /* omosim/model.h */

OMO_API uint32_t omo_model_place_count(const omo_model *model);
OMO_API uint32_t omo_model_sku_count(const omo_model *model);
OMO_API uint32_t omo_model_zone_count(const omo_model *model);
OMO_API uint32_t omo_model_channel_count(const omo_model *model);
OMO_API uint64_t omo_model_position_count(const omo_model *model);
/* Stations and sources of a queueing network, 0 of a chain; names live as long as the model. */
OMO_API uint32_t omo_model_station_count(const omo_model *model);
OMO_API const char *omo_model_station_name(const omo_model *model, uint32_t index);
OMO_API uint32_t omo_model_source_count(const omo_model *model);
OMO_API const char *omo_model_source_name(const omo_model *model, uint32_t index);
/* Simulated time that is run. */
OMO_API int64_t omo_model_horizon_us(const omo_model *model);
/* When measuring begins. */
OMO_API int64_t omo_model_warm_up_us(const omo_model *model);
/* Id, kind and position of a place, zone, SKU or channel; strings live as long as the model. Index
 * below the count. */
OMO_API const char *omo_model_place_id(const omo_model *model, uint32_t index);
OMO_API void omo_model_place_position(const omo_model *model, uint32_t index, double *ret_lat,
                                      double *ret_lon);
OMO_API void omo_model_zone_position(const omo_model *model, uint32_t index, double *ret_lat,
                                     double *ret_lon);
OMO_API const char *omo_model_zone_id(const omo_model *model, uint32_t index);
OMO_API const char *omo_model_channel_id(const omo_model *model, uint32_t index);
OMO_API const char *omo_model_sku_id(const omo_model *model, uint32_t index);
OMO_API int64_t omo_model_sku_price_cents(const omo_model *model, uint32_t index);
/* What a place offers: bits of enum omo_capability. */
OMO_API uint32_t omo_model_place_capabilities(const omo_model *model, uint32_t index);
/* How many SKUs a place stocks; a supplier none. */
OMO_API uint32_t omo_model_place_position_count(const omo_model *model, uint32_t index);
/* Members of all zones; they are numbered from 0, zone after zone. */
OMO_API uint32_t omo_model_member_count(const omo_model *model);
OMO_API uint32_t omo_model_zone_member_count(const omo_model *model, uint32_t index);
/* Kind of a channel: its number in OMO_REGISTRY_CHANNEL; its mode: the number in
 * OMO_REGISTRY_MODE. */
OMO_API uint32_t omo_model_channel_kind(const omo_model *model, uint32_t index);
OMO_API uint32_t omo_model_channel_mode(const omo_model *model, uint32_t index);
/* Name of step `i` of its touch point; NULL past the last one. Lives as long as the model. */
OMO_API const char *omo_model_channel_step(const omo_model *model, uint32_t index, uint32_t i);
/* Whether customers of a segment may choose a channel: it is enabled and has a utility. */
OMO_API bool omo_model_segment_offers(const omo_model *model, uint32_t segment, uint32_t channel);
/* What a place needs to serve a channel: bits of enum omo_capability. */
OMO_API uint32_t omo_model_channel_capability(const omo_model *model, uint32_t index);
/* Bytes of a world's columns per stock position, for benchmarks; sealed models only. */
OMO_API double omo_model_position_size(const omo_model *model);

#ifdef __cplusplus
}
#endif
#endif
