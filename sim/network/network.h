/* What exists: places, SKUs, assortments, lanes. Sealed with the model, shared by all worlds,
 * read-only.
 *
 * A position is a SKU that a place stocks. Positions are place-major: position =
 * place.position_first + rank of the SKU in the place's assortment. Assortments are shared by
 * places (780 stores, one list), so the lookup SKU -> rank is one read of a shared table. All
 * arrays belong to the model's arena.
 */
#ifndef OMO_NETWORK_NETWORK_H
#define OMO_NETWORK_NETWORK_H

#include <omosim/model.h>

#include "base/core.h"

struct assortment {
    uint32_t count;
    uint32_t *sku;  /* [count] rising */
    uint32_t *rank; /* [sku_count] rank in `sku`, or OMO_NONE */
    /* [count] first lot within the place's lots, or OMO_NONE for SKUs that keep; NULL when all
     * keep */
    uint32_t *lot_first;
    uint32_t lot_count; /* lots of a place with this assortment */
};

struct place {
    omo_place_kind kind;
    uint32_t capabilities;
    uint32_t assortment; /* OMO_NONE = stocks nothing */
    uint32_t lane;       /* that supplies it, or OMO_NONE */
    size_t position_first;
    size_t lot_first;
    double lat, lon;
    double size_log; /* ln of its attraction */
    int64_t opens_us, closes_us;
    int32_t opening;
    uint32_t opening_share_ppm;
    bool random_position;
    bool acceptance_own; /* acceptance_base in place of the dial's */
    double acceptance_base;
    double shrink_factor;
    uint32_t shelf_slots; /* 0 = no limit */
    uint32_t parcels;     /* in network.parcel_point, or OMO_NONE */
};

struct parcel_point { /* third parties' parcels at a place */
    uint32_t place;
    omo_law interval; /* between arrivals */
    omo_law collect, service;
    int64_t fee_cents;
};

struct lane {
    uint32_t from, to;
    omo_law lead_time;
    int64_t order_cost_cents;
};

struct station_spec { /* one per place and role */
    uint32_t servers; /* with shifts, the most that are on duty together */
    omo_law service;
    int64_t mean_us;        /* of the service; rounded */
    const omo_shift *shift; /* the first from 0, ascending; NULL: always all servers */
    uint32_t shift_count;
    int64_t shift_period_us;
    int64_t wave_us; /* 0 = no gate */
};

struct network {
    uint32_t place_count;
    struct place *place;
    struct station_spec *station; /* [place * OMO_ROLE_COUNT + role] */
    uint32_t sku_count;
    int32_t *price_cents;      /* [sku] */
    int32_t *cost_cents;       /* [sku] */
    uint32_t *shelf_life_days; /* [sku] */
    uint32_t *return_ppm;      /* [sku] */
    const char *const *sku_id; /* [sku] */
    uint32_t assortment_count;
    struct assortment *assortment;
    uint32_t lane_count;
    struct lane *lane;
    uint32_t parcel_point_count;
    struct parcel_point *parcel_point;
    size_t position_count;
    size_t lot_count;
    int32_t *level_low;          /* [position] s or r */
    int32_t *level_high;         /* [position] S, or Q for reorder_quantity */
    int32_t *opening;            /* [position] opening units, before opening_share */
    const char *const *place_id; /* [place] */
};

/* Position of a SKU at a place, or SIZE_MAX when the place doesn't stock it. */
static inline size_t network_position(const struct network *n, const struct place *p, uint32_t sku)
{
    if (p->assortment == OMO_NONE)
        return SIZE_MAX;
    uint32_t rank = n->assortment[p->assortment].rank[sku];
    return rank == OMO_NONE ? SIZE_MAX : p->position_first + rank;
}

static inline uint32_t network_place_positions(const struct network *n, const struct place *p)
{
    return p->assortment == OMO_NONE ? 0 : n->assortment[p->assortment].count;
}

#endif
