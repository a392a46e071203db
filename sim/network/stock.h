/* Stock: the only code that changes a quantity.
 *
 * Per position, in units:
 *   available  on the shelf and free to promise (siloed: to walk-ins only)
 *   fenced     on the shelf, set aside for online orders (siloed stores only; else the column is NULL)
 *   reserved   on the shelf, promised to an order
 *   on_order   ordered from the lane's other end, not yet received
 *   quarantined  came back from a customer and not yet looked at (NULL without returns)
 *   phantom    on record in the above and not there; negative: there and not on record (NULL: never)
 *   picked     of the reserved, off the shelf already (with `phantom` only)
 * On hand is available + fenced + reserved + quarantined - phantom. Missing units are taken to be
 * missing from what is free as long as there is any. Gauges (units, value, positions in stock, in
 * transit) are kept exact with every change. Columns are borrowed from the world's arena.
 * Quantities are positive; the caller has checked that they are there: an oversell inside stock
 * is a bug, not an outcome.
 */
#ifndef OMO_NETWORK_STOCK_H
#define OMO_NETWORK_STOCK_H

#include "base/gauge.h"
#include "network/network.h"

enum stock_pool { STOCK_SHOP, STOCK_FENCED };

struct stock {
    const struct network *network;
    int32_t *available;
    int32_t *fenced; /* NULL = no ring-fence */
    int32_t *reserved;
    int32_t *on_order;
    int32_t *backordered; /* NULL = shortages are lost */
    int32_t *quarantined; /* NULL = nothing comes back */
    /* [network.lot_count] units by age in days, of SKUs with a shelf life */
    int32_t *lot;
    uint64_t *oversold_seen;   /* bit per position: oversold since it last ran out */
    int32_t *phantom, *picked; /* NULL = the record is right */
    uint64_t *moved; /* bit per position: sold or picked since its last turn to be counted */
    struct gauge *units, *value, *in_stock, *in_transit, *phantom_units, *inaccurate;
    const int64_t *now_us;
};

static inline int32_t stock_free(const struct stock *s, size_t position)
{
    return s->available[position] + (s->fenced != NULL ? s->fenced[position] : 0);
}

/* Units that customers find free on the shelf of the shop's part. */
static inline int32_t stock_here(const struct stock *s, size_t position)
{
    return s->phantom == NULL ? s->available[position]
                              : core_max_i32(0, s->available[position] - s->phantom[position]);
}

/* Units that are on the shelf, free or reserved and not yet picked. With `phantom` only. */
static inline int32_t stock_shelf(const struct stock *s, size_t position)
{
    return stock_free(s, position) + s->reserved[position] - s->picked[position] -
           s->phantom[position];
}

/* Whether a free unit is there. */
static inline bool stock_has(const struct stock *s, size_t position)
{
    int32_t phantom = s->phantom != NULL ? s->phantom[position] : 0;
    return stock_free(s, position) > phantom;
}

/* What a channel may take from a position right now: the shop's part, or the online part where
 * one is fenced. */
static inline int32_t stock_pool_units(const struct stock *s, size_t position, enum stock_pool pool)
{
    return pool == STOCK_FENCED && s->fenced != NULL ? s->fenced[position] : s->available[position];
}

/* Moves units from a pool to reserved. Returns true when that was the last free unit. */
bool stock_reserve(struct stock *s, uint32_t place, size_t position, int32_t quantity,
                   enum stock_pool pool);
/* Hands over units from a pool at once (a customer takes them from the shelf). Returns true when
 * that was the last free unit. */
bool stock_take(struct stock *s, uint32_t place, size_t position, int32_t quantity,
                enum stock_pool pool);
/* Reserved units leave the place. */
void stock_issue(struct stock *s, uint32_t sku, size_t position, int32_t quantity);
/* Reserved units are free again. */
void stock_release(struct stock *s, uint32_t place, size_t position, int32_t quantity,
                   enum stock_pool pool);
/* Units ordered, and received: on_order becomes available. */
void stock_order(struct stock *s, size_t position, int32_t quantity);
void stock_receive(struct stock *s, uint32_t place, size_t position, int32_t quantity);
/* Units come back from a customer. */
void stock_quarantine(struct stock *s, uint32_t sku, size_t position, int32_t quantity);
/* Quarantined units go back on sale (of SKUs that keep only), or are thrown away. */
void stock_restock(struct stock *s, uint32_t place, size_t position, int32_t quantity);
void stock_discard(struct stock *s, uint32_t sku, size_t position, int32_t quantity);
/* Units vanish, or (negative) turn up, and the record stays. Returns true when the last free unit is
 * gone. */
bool stock_vanish(struct stock *s, uint32_t place, size_t position, int32_t quantity);
/* Puts the record of a position's free stock right, as far as it goes: units that are missing from
 * reserved stock stay on record until the picker misses them. Returns the change of the record. */
int32_t stock_correct(struct stock *s, uint32_t place, size_t position);
/* A picker takes reserved units off the shelf, where they are; reports that they are not there. */
void stock_pick(struct stock *s, size_t position, int32_t quantity);
void stock_pick_nil(struct stock *s, size_t position, int32_t quantity);
/* A unit that was taken from one position is booked on another, which has one free on record. */
void stock_confuse(struct stock *s, uint32_t place, size_t taken, size_t booked);
/* Units that a customer took and did not buy are on the shelf again, of SKUs that expire with the
 * oldest that are there. */
void stock_give_back(struct stock *s, uint32_t place, size_t position, int32_t quantity);
/* Opening stock of a position. */
void stock_open(struct stock *s, uint32_t place, size_t position, int32_t quantity);
/* Ages the lots of a position by a day. Returns the units that expired; they are gone from the
 * shelf. *ret_missing of them were not there any more; they are gone from the record too. */
int32_t stock_expire(struct stock *s, uint32_t place, size_t position, int32_t *ret_missing);
/* Splits free stock anew: share_ppm of it, rounded half up, is fenced for online orders. */
void stock_fence(struct stock *s, size_t position, uint32_t share_ppm);
/* Inventory position for stocking policies: free + on order - backordered. */
static inline int32_t stock_inventory_position(const struct stock *s, size_t position)
{
    int32_t units = stock_free(s, position) + s->on_order[position];
    return s->backordered != NULL ? units - s->backordered[position] : units;
}

#endif
