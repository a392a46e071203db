/* Stock columns and their laws.
 *
 * Every function ends with the gauges equal to the columns' sums; the nightly audit recounts
 * them. Lots exist only for SKUs with a shelf life: 4 bytes per position and day of life (a
 * warehouse holds more milk than 16 bits can count), issued first-in first-out, and their sum
 * equals the position's free stock. Reserving takes from the oldest lot, for an order gets what
 * the picker finds first.
 * At 10^8 positions the three columns cost 1.2 GB, the fence 0.4 more; a basket of two lines
 * touches two cache lines of each column. */
#include "network/stock.h"

static int32_t *stock_lots(const struct stock *s, uint32_t place, size_t position,
                           uint32_t *ret_days)
{
    const struct network *n = s->network;
    const struct place *p = &n->place[place];
    const struct assortment *a = &n->assortment[p->assortment];

    if (a->lot_first == NULL)
        return NULL;
    uint32_t rank = (uint32_t)(position - p->position_first);
    if (a->lot_first[rank] == OMO_NONE)
        return NULL;
    *ret_days = n->shelf_life_days[a->sku[rank]];
    return s->lot + p->lot_first + a->lot_first[rank];
}

static uint32_t stock_sku(const struct stock *s, uint32_t place, size_t position)
{
    const struct place *p = &s->network->place[place];
    return s->network->assortment[p->assortment].sku[position - p->position_first];
}

/* Takes units from the oldest lots of a perishable position. */
static void stock_draw_lots(struct stock *s, uint32_t place, size_t position, int32_t quantity)
{
    uint32_t days = 0;
    int32_t *lot = stock_lots(s, place, position, &days);

    if (lot == NULL)
        return;
    for (uint32_t age = days; age-- > 0 && quantity > 0;) {
        int32_t from = core_min_i32(lot[age], quantity);
        lot[age] -= from;
        quantity -= from;
    }
    OMO_ASSERT(quantity == 0);
}

/* Takes units out of a pool; true when no free unit is left. */
static bool stock_leave_pool(struct stock *s, uint32_t place, size_t position, int32_t quantity,
                             enum stock_pool pool)
{
    int32_t *column = pool == STOCK_FENCED && s->fenced != NULL ? s->fenced : s->available;

    OMO_ASSERT(quantity > 0);
    OMO_ASSERT(column[position] >= quantity);
    column[position] -= quantity;
    stock_draw_lots(s, place, position, quantity);
    if (stock_free(s, position) != 0)
        return false;
    gauge_add(s->in_stock, *s->now_us, -1);
    return true;
}

static void stock_gauge_units(struct stock *s, uint32_t sku, int64_t change)
{
    gauge_add(s->units, *s->now_us, change);
    gauge_add(s->value, *s->now_us, change * s->network->cost_cents[sku]);
}

bool stock_reserve(struct stock *s, uint32_t place, size_t position, int32_t quantity,
                   enum stock_pool pool)
{
    bool last = stock_leave_pool(s, place, position, quantity, pool);
    s->reserved[position] += quantity;
    return last;
}

bool stock_take(struct stock *s, uint32_t place, size_t position, int32_t quantity,
                enum stock_pool pool)
{
    bool last = stock_leave_pool(s, place, position, quantity, pool);
    stock_gauge_units(s, stock_sku(s, place, position), -(int64_t)quantity);
    return last;
}

void stock_issue(struct stock *s, uint32_t sku, size_t position, int32_t quantity)
{
    OMO_ASSERT(quantity > 0);
    OMO_ASSERT(s->reserved[position] >= quantity);
    s->reserved[position] -= quantity;
    stock_gauge_units(s, sku, -(int64_t)quantity);
}

/* Reserving took from the oldest lot, so the units go back to the oldest there is. */
static void stock_return_lots(struct stock *s, uint32_t place, size_t position, int32_t quantity)
{
    uint32_t days = 0;
    int32_t *lot = stock_lots(s, place, position, &days);

    if (lot == NULL)
        return;
    uint32_t age = days - 1;
    while (age > 0 && lot[age] == 0)
        age--;
    lot[lot[age] != 0 ? age : days - 1] += quantity;
}

void stock_release(struct stock *s, uint32_t place, size_t position, int32_t quantity,
                   enum stock_pool pool)
{
    int32_t *column = pool == STOCK_FENCED && s->fenced != NULL ? s->fenced : s->available;

    OMO_ASSERT(quantity > 0);
    OMO_ASSERT(s->reserved[position] >= quantity);
    stock_return_lots(s, place, position, quantity);
    if (stock_free(s, position) == 0)
        gauge_add(s->in_stock, *s->now_us, 1);
    s->reserved[position] -= quantity;
    column[position] += quantity;
    s->oversold_seen[position / 64] &= ~(UINT64_C(1) << (position % 64));
}

void stock_order(struct stock *s, size_t position, int32_t quantity)
{
    OMO_ASSERT(quantity > 0);
    s->on_order[position] += quantity;
    gauge_add(s->in_transit, *s->now_us, quantity);
}

/* New units on the shelf, in the youngest lot. */
static void stock_add(struct stock *s, uint32_t place, size_t position, int32_t quantity)
{
    uint32_t days = 0;
    int32_t *lot = stock_lots(s, place, position, &days);

    if (lot != NULL)
        lot[0] += quantity;
    if (stock_free(s, position) == 0)
        gauge_add(s->in_stock, *s->now_us, 1);
    s->available[position] += quantity;
    s->oversold_seen[position / 64] &= ~(UINT64_C(1) << (position % 64));
    stock_gauge_units(s, stock_sku(s, place, position), quantity);
}

void stock_receive(struct stock *s, uint32_t place, size_t position, int32_t quantity)
{
    OMO_ASSERT(quantity > 0);
    OMO_ASSERT(s->on_order[position] >= quantity);
    s->on_order[position] -= quantity;
    gauge_add(s->in_transit, *s->now_us, -(int64_t)quantity);
    stock_add(s, place, position, quantity);
}

void stock_quarantine(struct stock *s, uint32_t sku, size_t position, int32_t quantity)
{
    OMO_ASSERT(quantity > 0);
    s->quarantined[position] += quantity;
    stock_gauge_units(s, sku, quantity);
}

void stock_restock(struct stock *s, uint32_t place, size_t position, int32_t quantity)
{
    uint32_t sku = stock_sku(s, place, position);

    OMO_ASSERT(s->network->shelf_life_days[sku] == 0);
    stock_discard(s, sku, position, quantity);
    stock_add(s, place, position, quantity);
}

void stock_discard(struct stock *s, uint32_t sku, size_t position, int32_t quantity)
{
    OMO_ASSERT(quantity > 0);
    OMO_ASSERT(s->quarantined[position] >= quantity);
    s->quarantined[position] -= quantity;
    stock_gauge_units(s, sku, -(int64_t)quantity);
}

void stock_open(struct stock *s, uint32_t place, size_t position, int32_t quantity)
{
    if (quantity > 0)
        stock_add(s, place, position, quantity);
}

int32_t stock_expire(struct stock *s, uint32_t place, size_t position)
{
    uint32_t days = 0;
    int32_t *lot = stock_lots(s, place, position, &days);

    if (lot == NULL)
        return 0;
    int32_t expired = lot[days - 1];
    memmove(lot + 1, lot, (days - 1) * sizeof(lot[0]));
    lot[0] = 0;
    if (expired == 0)
        return 0;
    int32_t from_shop = core_min_i32(expired, s->available[position]);
    s->available[position] -= from_shop;
    if (expired > from_shop)
        s->fenced[position] -= expired - from_shop;
    if (stock_free(s, position) == 0)
        gauge_add(s->in_stock, *s->now_us, -1);
    stock_gauge_units(s, stock_sku(s, place, position), -(int64_t)expired);
    return expired;
}

void stock_fence(struct stock *s, size_t position, uint32_t share_ppm)
{
    int32_t units = stock_free(s, position);
    int32_t fenced = (int32_t)(((int64_t)units * share_ppm + OMO_PPM / 2) / OMO_PPM);

    s->fenced[position] = fenced;
    s->available[position] = units - fenced;
}
