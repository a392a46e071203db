/* What can be asked of a model. */
#include "base/geo.h"
#include "flow/model.h"

uint32_t omo_model_place_count(const omo_model *model) { return model->network.place_count; }
uint32_t omo_model_sku_count(const omo_model *model) { return model->network.sku_count; }
uint32_t omo_model_zone_count(const omo_model *model) { return model->demand.zone_count; }
uint32_t omo_model_channel_count(const omo_model *model) { return model->demand.channel_count; }
uint64_t omo_model_position_count(const omo_model *model) { return model->network.position_count; }
int64_t omo_model_horizon_us(const omo_model *model) { return model->run.horizon_us; }
bool omo_model_has_returns(const omo_model *model) { return model->returns.on; }
int64_t omo_model_warm_up_us(const omo_model *model) { return model->run.warm_up_us; }
const char *omo_model_place_id(const omo_model *model, uint32_t index)
{
    return model->network.place_id[index];
}
omo_place_kind omo_model_place_kind(const omo_model *model, uint32_t index)
{
    return model->network.place[index].kind;
}
const char *omo_model_channel_id(const omo_model *model, uint32_t index)
{
    return model->demand.channel[index].options.id;
}

const char *omo_model_sku_id(const omo_model *model, uint32_t index)
{
    return model->network.sku_id[index];
}

const char *omo_model_zone_id(const omo_model *model, uint32_t index)
{
    return model->demand.zone_id[index];
}

int64_t omo_model_sku_price_cents(const omo_model *model, uint32_t index)
{
    return model->network.price_cents[index];
}

uint32_t omo_model_place_capabilities(const omo_model *model, uint32_t index)
{
    return model->network.place[index].capabilities;
}

uint32_t omo_model_place_position_count(const omo_model *model, uint32_t index)
{
    return network_place_positions(&model->network, &model->network.place[index]);
}

uint32_t omo_model_member_count(const omo_model *model) { return model->demand.member_count; }
uint32_t omo_model_zone_member_count(const omo_model *model, uint32_t index)
{
    return model->demand.zone[index].member_count;
}

uint32_t omo_model_promotion_count(const omo_model *model) { return model->demand.promotion_count; }
void omo_model_promotion(const omo_model *model, uint32_t index, omo_promotion_options *ret_options)
{
    *ret_options = model->demand.promotion[index].options;
}

uint32_t omo_model_channel_kind(const omo_model *model, uint32_t index)
{
    uint32_t kind = 0;

    while (channel_registry[kind] != model->demand.channel[index].kind)
        kind++;
    return kind;
}

uint32_t omo_model_channel_mode(const omo_model *model, uint32_t index)
{
    uint32_t mode = 0;

    while (mode_registry[mode] != model->demand.channel[index].mode)
        mode++;
    return mode;
}

bool omo_model_segment_offers(const omo_model *model, uint32_t segment, uint32_t channel)
{
    const struct segment *s = &model->demand.segment[segment];

    for (uint32_t i = 0; i < s->offered_count; i++)
        if (s->offered[i] == channel)
            return true;
    return false;
}

uint32_t omo_model_channel_capability(const omo_model *model, uint32_t index)
{
    return model->demand.channel[index].mode->capability;
}

void omo_model_place_position(const omo_model *model, uint32_t index, double *ret_lat,
                              double *ret_lon)
{
    *ret_lat = model->network.place[index].lat;
    *ret_lon = model->network.place[index].lon;
}

void omo_model_zone_position(const omo_model *model, uint32_t index, double *ret_lat,
                             double *ret_lon)
{
    *ret_lat = model->demand.zone[index].lat;
    *ret_lon = model->demand.zone[index].lon;
}

uint32_t omo_model_station_count(const omo_model *model) { return model->queueing.station_count; }
const char *omo_model_station_name(const omo_model *model, uint32_t index)
{
    return model->queueing.station[index].name;
}
uint32_t omo_model_source_count(const omo_model *model) { return model->queueing.source_count; }
const char *omo_model_source_name(const omo_model *model, uint32_t index)
{
    return model->queueing.source[index].name;
}

double omo_model_position_size(const omo_model *model)
{
    const omo_model *m = model;
    double size = 3.0 * sizeof(int32_t) + 1.0 / 8.0;

    if (m->integration.inventory == OMO_SILOED || model_view_kind(m) != VIEW_REAL_TIME)
        size += sizeof(int32_t);
    if (m->backorders)
        size += 3.0 * sizeof(int32_t);
    if (m->returns.on)
        size += sizeof(int32_t);
    if (m->accuracy.on)
        size += 2.0 * sizeof(int32_t) + 1.0 / 8.0;
    if (m->network.position_count != 0)
        size +=
            (double)(m->network.lot_count * sizeof(int32_t)) / (double)m->network.position_count;
    return size;
}

double omo_distance_km(double lat_a, double lon_a, double lat_b, double lon_b)
{
    return geo_haversine_km(lat_a, lon_a, lat_b, lon_b);
}

/* Stores and warehouses together, nearest first. */
uint32_t omo_model_nearest(const omo_model *model, double lat, double lon, uint32_t count,
                           double km_max, omo_place *ret_places, double *ret_km)
{
    struct reach_near store[REACH_COUNT_MAX], warehouse[REACH_COUNT_MAX];
    uint32_t stores = reach_nearest(&model->stores, lat, lon, count, store);
    uint32_t warehouses = reach_nearest(&model->warehouses, lat, lon, count, warehouse);
    uint32_t s = 0, w = 0, found = 0;

    while (found < count && (s < stores || w < warehouses)) {
        bool take_store =
            w == warehouses || (s < stores && (store[s].distance_mm < warehouse[w].distance_mm ||
                                               (store[s].distance_mm == warehouse[w].distance_mm &&
                                                store[s].place < warehouse[w].place)));
        const struct reach_near *near = take_store ? &store[s++] : &warehouse[w++];
        double km = (double)near->distance_mm * 1e-6;
        if (km_max > 0.0 && km > km_max)
            break;
        ret_places[found].index = near->place;
        ret_km[found++] = km;
    }
    return found;
}

uint32_t omo_model_within(const omo_model *model, double lat, double lon, double km)
{
    return reach_within(&model->stores, lat, lon, km) +
           reach_within(&model->warehouses, lat, lon, km);
}
