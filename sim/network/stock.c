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

static void stock_set_phantom(struct stock *s, size_t position, int32_t phantom)
{
    int32_t before = s->phantom[position];

    s->phantom[position] = phantom;
    gauge_add(s->phantom_units, *s->now_us,
              (int64_t)core_max_i32(phantom, 0) - core_max_i32(before, 0));
    if ((before != 0) != (phantom != 0))
        gauge_add(s->inaccurate, *s->now_us, phantom != 0 ? 1 : -1);
}

/* Follows a change of what is there; true when the last free unit is gone. */
static bool stock_gauge_has(struct stock *s, size_t position, bool was)
{
    bool has = stock_has(s, position);

    if (has != was)
        gauge_add(s->in_stock, *s->now_us, has ? 1 : -1);
    return was && !has;
}

/* Takes units out of a pool; true when no free unit is left. */
static bool stock_leave_pool(struct stock *s, uint32_t place, size_t position, int32_t quantity,
                             enum stock_pool pool)
{
    int32_t *column = pool == STOCK_FENCED && s->fenced != NULL ? s->fenced : s->available;

    bool was = stock_has(s, position);

    OMO_ASSERT(quantity > 0);
    OMO_ASSERT(column[position] >= quantity);
    column[position] -= quantity;
    stock_draw_lots(s, place, position, quantity);
    return stock_gauge_has(s, position, was);
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
    if (s->picked != NULL) {
        OMO_ASSERT(s->picked[position] >= quantity);
        s->picked[position] -= quantity;
    }
    stock_gauge_units(s, sku, -(int64_t)quantity);
}

/* More units in the lots: new ones in the youngest, others in the oldest that has any. */
static void stock_add_lots(struct stock *s, uint32_t place, size_t position, int32_t quantity,
                           bool fresh)
{
    uint32_t days = 0, age = 0;
    int32_t *lot = stock_lots(s, place, position, &days);

    if (lot != NULL && !fresh)
        for (age = days - 1; age > 0 && lot[age] == 0;)
            age--;
    if (lot != NULL)
        lot[age] += quantity;
}

void stock_release(struct stock *s, uint32_t place, size_t position, int32_t quantity,
                   enum stock_pool pool)
{
    int32_t *column = pool == STOCK_FENCED && s->fenced != NULL ? s->fenced : s->available;

    OMO_ASSERT(quantity > 0);
    OMO_ASSERT(s->reserved[position] >= quantity);
    bool was = stock_has(s, position);
    stock_add_lots(s, place, position, quantity, false);
    s->reserved[position] -= quantity;
    column[position] += quantity;
    stock_gauge_has(s, position, was);
    s->oversold_seen[position / 64] &= ~(UINT64_C(1) << (position % 64));
}

void stock_order(struct stock *s, size_t position, int32_t quantity)
{
    OMO_ASSERT(quantity > 0);
    s->on_order[position] += quantity;
    gauge_add(s->in_transit, *s->now_us, quantity);
}

/* More units on the shelf. */
static void stock_add(struct stock *s, uint32_t place, size_t position, int32_t quantity,
                      bool fresh)
{
    stock_add_lots(s, place, position, quantity, fresh);
    bool was = stock_has(s, position);
    s->available[position] += quantity;
    stock_gauge_has(s, position, was);
    s->oversold_seen[position / 64] &= ~(UINT64_C(1) << (position % 64));
    stock_gauge_units(s, stock_sku(s, place, position), quantity);
}

void stock_receive(struct stock *s, uint32_t place, size_t position, int32_t quantity)
{
    OMO_ASSERT(quantity > 0);
    OMO_ASSERT(s->on_order[position] >= quantity);
    s->on_order[position] -= quantity;
    gauge_add(s->in_transit, *s->now_us, -(int64_t)quantity);
    stock_add(s, place, position, quantity, true);
}

void stock_give_back(struct stock *s, uint32_t place, size_t position, int32_t quantity)
{
    OMO_ASSERT(quantity > 0);
    stock_add(s, place, position, quantity, false);
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
    stock_add(s, place, position, quantity, true);
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
        stock_add(s, place, position, quantity, true);
}

int32_t stock_expire(struct stock *s, uint32_t place, size_t position, int32_t *ret_missing)
{
    uint32_t days = 0;
    int32_t *lot = stock_lots(s, place, position, &days);

    *ret_missing = 0;
    if (lot == NULL)
        return 0;
    int32_t expired = lot[days - 1];
    memmove(lot + 1, lot, (days - 1) * sizeof(lot[0]));
    lot[0] = 0;
    if (expired == 0)
        return 0;
    bool was = stock_has(s, position);
    int32_t from_shop = core_min_i32(expired, s->available[position]);
    s->available[position] -= from_shop;
    if (expired > from_shop)
        s->fenced[position] -= expired - from_shop;
    if (s->phantom != NULL) {
        /* Who clears the shelf sees what is not there. */
        *ret_missing = core_min_i32(expired, core_max_i32(0, s->phantom[position]));
        stock_set_phantom(s, position, s->phantom[position] - *ret_missing);
    }
    stock_gauge_has(s, position, was);
    stock_gauge_units(s, stock_sku(s, place, position), -(int64_t)(expired - *ret_missing));
    return expired - *ret_missing;
}

/* ---- record and shelf ------------------------------------------------------------------------ */

bool stock_vanish(struct stock *s, uint32_t place, size_t position, int32_t quantity)
{
    bool was = stock_has(s, position);

    stock_set_phantom(s, position, s->phantom[position] + quantity);
    OMO_ASSERT(stock_shelf(s, position) >= 0);
    stock_gauge_units(s, stock_sku(s, place, position), -(int64_t)quantity);
    return stock_gauge_has(s, position, was);
}

int32_t stock_correct(struct stock *s, uint32_t place, size_t position)
{
    int32_t change = core_max_i32(-s->phantom[position], -stock_free(s, position));
    uint32_t days = 0;
    int32_t *lot = stock_lots(s, place, position, &days);

    if (change < 0) {
        int32_t from_shop = core_min_i32(-change, s->available[position]);
        s->available[position] -= from_shop;
        if (from_shop < -change)
            s->fenced[position] -= -change - from_shop;
        stock_draw_lots(s, place, position, -change);
    } else {
        s->available[position] += change;
        if (lot != NULL)
            lot[0] += change;
    }
    stock_set_phantom(s, position, s->phantom[position] + change);
    return change;
}

void stock_pick(struct stock *s, size_t position, int32_t quantity)
{
    OMO_ASSERT(quantity >= 0);
    OMO_ASSERT(stock_shelf(s, position) >= quantity);
    s->picked[position] += quantity;
    OMO_ASSERT(s->picked[position] <= s->reserved[position]);
}

void stock_pick_nil(struct stock *s, size_t position, int32_t quantity)
{
    OMO_ASSERT(quantity > 0);
    OMO_ASSERT(s->reserved[position] - s->picked[position] >= quantity);
    bool was = stock_has(s, position);
    s->reserved[position] -= quantity;
    stock_set_phantom(s, position, s->phantom[position] - quantity);
    stock_gauge_has(s, position, was);
}

void stock_confuse(struct stock *s, uint32_t place, size_t taken, size_t booked)
{
    uint32_t days;

    OMO_ASSERT(stock_lots(s, place, taken, &days) == NULL);
    OMO_ASSERT(stock_lots(s, place, booked, &days) == NULL);
    OMO_ASSERT(s->available[booked] > 0);
    s->available[taken]++;
    stock_set_phantom(s, taken, s->phantom[taken] + 1);
    s->available[booked]--;
    stock_set_phantom(s, booked, s->phantom[booked] - 1);
}

void stock_fence(struct stock *s, size_t position, uint32_t share_ppm)
{
    int32_t units = stock_free(s, position);
    int32_t fenced = (int32_t)(((int64_t)units * share_ppm + OMO_PPM / 2) / OMO_PPM);

    s->fenced[position] = fenced;
    s->available[position] = units - fenced;
}
