/* Default options: what a model is when nothing is said. */
#include "experiment/draft.h"

omo_run_options omo_run_defaults(void)
{
    return (omo_run_options){
        .size = sizeof(omo_run_options),
        .horizon_us = 28 * OMO_US_PER_DAY,
        .geometry = OMO_GEOMETRY_SPHERE,
        .reach_count = 16,
        .wait_over_us = -1,
        .sojourn_over_us = -1,
        .distance_over_km = -1.0,
        .shelf_over = -1,
        .time_unit_us = OMO_US_PER_HOUR,
    };
}

omo_place_options omo_place_defaults(void)
{
    omo_place_options o = {
        .size = sizeof(o),
        .id = "",
        .kind = OMO_PLACE_STORE,
        .assortment = {OMO_NONE},
        .opening = OMO_DERIVED,
        .opening_share_ppm = OMO_PPM,
        .shrink_factor = 1.0,
        .attraction = 1.0,
    };
    return o;
}

omo_sku_options omo_sku_defaults(void)
{
    return (omo_sku_options){.size = sizeof(omo_sku_options), .id = "", .popularity = 1.0};
}

omo_lane_options omo_lane_defaults(void)
{
    return (omo_lane_options){.size = sizeof(omo_lane_options)};
}

omo_zone_options omo_zone_defaults(void)
{
    return (omo_zone_options){.size = sizeof(omo_zone_options), .id = "", .weight = 1.0};
}

omo_segment_options omo_segment_defaults(void)
{
    return (omo_segment_options){
        .size = sizeof(omo_segment_options),
        .id = "",
        .lines = {OMO_LAW_CONSTANT, 1.0, 0.0, 0.0},
        .quantity = {OMO_LAW_CONSTANT, 1.0, 0.0, 0.0},
        .period_us = OMO_US_PER_DAY,
        .stockout.travel = {OMO_LAW_CONSTANT, 30.0 * OMO_US_PER_MINUTE, 0.0, 0.0},
    };
}

omo_channel_options omo_channel_defaults(const char *kind, const char *mode)
{
    omo_channel_options o = {.size = sizeof(o),
                             .id = kind,
                             .kind = kind,
                             .mode = mode,
                             .enabled = true,
                             .cutoff_us = -1,
                             .place_count = 1,
                             .slot_until_us = OMO_US_PER_DAY,
                             .buffer = OMO_DERIVED};
    const struct channel_kind *found = kind != NULL ? channel_find(kind) : NULL;
    const uint32_t way = found != NULL ? channel_mode_find(found, mode) : OMO_NONE;

    if (way != OMO_NONE)
        mode_registry[way]->defaults(&o);

    if (found != NULL && found->defaults != NULL)
        found->defaults(&o);
    return o;
}

omo_promotion_options omo_promotion_defaults(const char *kind)
{
    omo_promotion_options o = {.size = sizeof(o), .kind = kind, .per_member = 1};
    const struct promotion_kind *found = kind != NULL ? promotion_find(kind) : NULL;

    if (found != NULL && found->defaults != NULL)
        found->defaults(&o);
    return o;
}

omo_stocking_options omo_stocking_defaults(void)
{
    return (omo_stocking_options){
        .size = sizeof(omo_stocking_options),
        .policy = "order_up_to",
        .review_us = OMO_US_PER_DAY,
        .safety_factor = 1.65,
        .level_low = OMO_DERIVED,
        .level_high = OMO_DERIVED,
        .quantity = OMO_DERIVED,
        .opening = OMO_DERIVED,
        .opening_share_ppm = OMO_PPM,
    };
}

omo_integration_options omo_integration_defaults(void)
{
    return (omo_integration_options){
        .size = sizeof(omo_integration_options),
        .inventory = OMO_MERGED,
        .members = OMO_MERGED,
        .prices = OMO_MERGED,
        .promotions = OMO_MERGED,
        .orders = OMO_MERGED,
        .sync = OMO_SYNC_DELAYED,
        .oversold = OMO_OVERSOLD_REROUTE,
        .online_share_ppm = 200000,
        .entry_time = {OMO_LAW_CONSTANT, 5.0 * OMO_US_PER_MINUTE, 0.0, 0.0},
        .entry_staff = true,
        .acceptance_base = 2.0,
        .reject_max = 3,
    };
}

omo_price_options omo_price_defaults(void)
{
    return (omo_price_options){
        .size = sizeof(omo_price_options),
        .share_ppm = OMO_PPM / 10,
        .factor = {OMO_LAW_UNIFORM, 0.8, 1.1, 0.0},
    };
}

omo_returns_options omo_returns_defaults(void)
{
    return (omo_returns_options){
        .size = sizeof(omo_returns_options),
        .to = OMO_RETURN_TO_ANY,
        .delay = {OMO_LAW_LOGNORMAL, 7.0 * (double)OMO_US_PER_DAY, 0.5, 0.0},
        .travel = {OMO_LAW_CONSTANT, 2.0 * (double)OMO_US_PER_DAY, 0.0, 0.0},
        .inspect = {OMO_LAW_CONSTANT, 0.0, 0.0, 0.0},
        .restock_ppm = 850000,
    };
}

omo_accuracy_options omo_accuracy_defaults(void)
{
    return (omo_accuracy_options){.size = sizeof(omo_accuracy_options)};
}

omo_cost_options omo_cost_defaults(void)
{
    return (omo_cost_options){.size = sizeof(omo_cost_options)};
}
