/* Who buys and how they react: zones, segments, channels, promotions. Sealed with the model,
 * read-only.
 *
 * A cell is a segment in a zone (zone * segment_count + segment); each cell is a Poisson process of
 * its own, keyed by its index, so adding a zone leaves every other customer as they were.
 */
#ifndef OMO_DEMAND_DEMAND_H
#define OMO_DEMAND_DEMAND_H

#include "base/laws.h"
#include "demand/channel.h"
#include "demand/promotion.h"
#include "network/network.h"
#include "network/reach.h"

#define DEMAND_HOURS 168

struct zone {
    double lat, lon;
    omo_zone_shape shape;
    double side_km;
    double weight;
    uint32_t member_first, member_count;
    /* With buying rates of their own: the member whose rate stands at rank i of all is number i x
     * member_step modulo member_count (members_draw.h). */
    uint32_t member_step;
};

struct segment {
    omo_profile_kind profile;
    double day_share[7]; /* of a mean day's visits, by weekday; mean 1 */
    /* hourly: P(hour <= h) x 2^32 within the weekday; 2^32 from the last hour with visits on */
    uint64_t hour_until[7][24];
    double amplitude;
    int64_t period_us;
    double *visits_per_day; /* [zone] mean */
    omo_law lines, quantity;
    bool empty_basket;
    uint32_t sku_count;        /* the most popular ones */
    struct alias_entry *alias; /* [sku_count] over popularity rank */
    uint32_t member_share_ppm;
    double scatter_km;
    double price_sensitivity, distance_sensitivity, wait_sensitivity, fee_sensitivity,
        missing_sensitivity;
    uint32_t switch_ppm;
    double utility[OMO_CHANNELS_MAX];
    uint8_t offered[OMO_CHANNELS_MAX]; /* channels of the choice set, in rising order */
    uint32_t offered_count;
    bool goes_online;    /* offers an online channel */
    bool orders;         /* offers one whose goods follow: anything but taking them away */
    uint32_t nest_count; /* of those that make a difference: lambda below 1 */
    omo_nest nest[OMO_NESTS_MAX];
    bool gravity, sees_queue;
    double gravity_attraction, gravity_distance;
    double slot_utility[24]; /* by the hour that a slot begins in */
    omo_detour showroom, webroom;
    omo_stockout stockout;
    uint32_t balk_queue;
    omo_law balk_wait, patience;
    uint32_t churn_late_ppm, churn_cancelled_ppm;
};

struct channel {
    const struct channel_kind *kind;
    const struct mode_kind *mode;
    omo_channel_options options; /* `id` is the model's copy, `mode` the mode's name */
    int64_t radius_mm;           /* 0 = no limit */
    size_t slot_first;           /* in the world's column of booked slots */
};

struct promotion {
    const struct promotion_kind *kind;
    omo_promotion_options options;
    uint32_t coupon; /* index among promotions with coupons, or OMO_NONE */
};

struct demand {
    uint32_t zone_count;
    struct zone *zone;
    const char *const *zone_id;
    uint32_t segment_count;
    struct segment *segment;
    uint32_t channel_count;
    struct channel *channel;
    uint32_t
        online_mask; /* channels for what a shop lacks: bit i = channel i, enabled and online */
    uint32_t screen_mask; /* those of its screen: the kiosks, else those that send parcels */
    uint32_t promotion_count;
    struct promotion *promotion;
    uint32_t coupon_count;
    uint32_t member_count;
    size_t slot_cells; /* of all channels with time slots: places x slots offered */
    uint32_t *ranked;  /* [sku_count] SKUs by falling popularity, ties by index */
    uint32_t *rank_of; /* [sku_count] its inverse; NULL where nobody takes a substitute */
    uint32_t first_weekday;
};

static inline uint32_t demand_cell(const struct demand *d, uint32_t segment, uint32_t zone)
{
    return zone * d->segment_count + segment;
}

#endif
