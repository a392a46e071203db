/* The record of stock and what is on the shelf: how they part, and how they meet again.
 *
 * Units vanish (theft, breakage) and are taken for others at the till, and the record does not know.
 * Online channels, stocking reviews and pickers' lists go by the record; walk-ins meet the shelf. So a
 * phantom unit is promised and not found, and a shelf that is empty is not replenished as long as the
 * record shows it full: Kang and Gershwin, "Information inaccuracy in inventory systems", IIE
 * Transactions 37 (2005). Counting puts the record right; smart shelves see at once what is on them.
 *
 * What vanishes from a place in a day is Poisson, drawn for place and day: a Poisson process along a
 * line on which each position has a length (its units on the shelf, or its popularity while it has
 * any), walked gap by gap in one pass. All of a day vanishes at one uniform time of that day, so with
 * counts every T the missing units of a place rise from 0 to rate x T: rate x T / 2 on average
 * (test_stock_count).
 *
 * Counting takes slices: with a period of n days, each day a different n-th of each place's positions,
 * places out of step, so that the work is even. A count changes free stock alone. Units that are
 * missing from what is reserved for orders stay on record until their picker misses them (order_nil.c).
 *
 * Costs: a pass over the positions a day to spread what vanishes, one over a slice to count. At
 * 1.6 million positions some 10 ms a day.
 */
#include "flow/world.h"

#define STOCK_COUNT_WHEN UINT64_MAX /* entity of the times of day; the day is the index */

/* ---- the record ------------------------------------------------------------------------------ */

void stock_written(struct omo_world *w, uint32_t place, uint32_t sku, int32_t change)
{
    enum fact_kind kind = change < 0 ? FACT_WRITTEN_OFF : FACT_WRITTEN_UP;
    int32_t cost_cents = w->model->network.cost_cents[sku], units = change < 0 ? -change : change;
    int32_t most = cost_cents == 0
                       ? (int32_t)OMO_FACT_QUANTITY_MAX
                       : core_min_i32((int32_t)OMO_FACT_QUANTITY_MAX, INT32_MAX / cost_cents);

    for (int32_t part; units > 0; units -= part) {
        part = core_min_i32(units, most);
        feed_line(&w->feed, kind, world_about(0, place, OMO_FACT_NO_CHANNEL), sku, part,
                  (int64_t)cost_cents * part);
    }
}

void stock_count_one(struct omo_world *w, uint32_t place, size_t position)
{
    const struct network *n = &w->model->network;
    const struct place *p = &n->place[place];

    if (w->stock.phantom[position] == 0 || !memory_before_corrections(w, 1))
        return;
    int32_t change = stock_correct(&w->stock, place, position);
    if (change == 0)
        return;
    stock_written(w, place, n->assortment[p->assortment].sku[position - p->position_first], change);
    stock_changed(w, place, position, false);
}

/* ---- what vanishes --------------------------------------------------------------------------- */

struct stock_shrink_walk {
    struct omo_world *w;
    uint32_t place;
    bool by_stock, sensors;
    int64_t units;       /* on the shelves */
    double length, rate; /* of the line, and of vanishing per length */
};

static double stock_shrink_length(const struct stock_shrink_walk *k, uint32_t sku, int32_t shelf)
{
    if (shelf <= 0)
        return 0.0;
    return k->by_stock ? (double)shelf : k->w->model->popularity[sku];
}

static void stock_shrink_measure(struct stock_shrink_walk *k)
{
    const struct network *n = &k->w->model->network;
    const struct place *p = &n->place[k->place];
    uint32_t count = network_place_positions(n, p);

    for (uint32_t rank = 0; rank < count; rank++) {
        int32_t shelf = stock_shelf(&k->w->stock, p->position_first + rank);
        k->units += shelf;
        k->length += stock_shrink_length(k, n->assortment[p->assortment].sku[rank], shelf);
    }
}

static void stock_shrink_take(struct stock_shrink_walk *k, size_t position, uint32_t sku,
                              int32_t units)
{
    struct omo_world *w = k->w;
    struct feed_about about = world_about(0, k->place, OMO_FACT_NO_CHANNEL);

    if (stock_vanish(&w->stock, k->place, position, units))
        feed_none(&w->feed, FACT_STOCKOUT, about, 1);
    feed_line(&w->feed, FACT_SHRUNK, about, sku, units,
              (int64_t)w->model->network.cost_cents[sku] * units);
    if (k->sensors)
        stock_count_one(w, k->place, position);
}

/* Walks the line from one vanishing to the next. */
static void stock_shrink_spread(struct stock_shrink_walk *k)
{
    const struct network *n = &k->w->model->network;
    const struct place *p = &n->place[k->place];
    const omo_law gap = {.kind = OMO_LAW_EXPONENTIAL, .a = 1.0 / k->rate};
    uint32_t count = network_place_positions(n, p);
    struct draw_cursor c;

    draw_begin(&c, k->w->key, DRAW_SHRINK, (uint64_t)k->place << 32 | (uint64_t)(k->w->day - 1), 0);
    double next = law_draw(&gap, &c);
    for (uint32_t rank = 0; rank < count && k->w->status == OMO_OK; rank++) {
        uint32_t sku = n->assortment[p->assortment].sku[rank];
        int32_t shelf = stock_shelf(&k->w->stock, p->position_first + rank), units = 0;
        double length = stock_shrink_length(k, sku, shelf);
        for (; next < length; next += law_draw(&gap, &c))
            units += units < shelf;
        next -= length;
        if (units > 0)
            stock_shrink_take(k, p->position_first + rank, sku, units);
    }
}

static void stock_shrink_place(struct omo_world *w, uint32_t place)
{
    const omo_accuracy_options *o = &w->model->accuracy.options;
    const struct place *p = &w->model->network.place[place];
    struct stock_shrink_walk k = {.w = w,
                                  .place = place,
                                  .by_stock = o->shrink_by == OMO_SHRINK_BY_STOCK,
                                  .sensors = model_has_sensors(w->model, place)};

    if (k.sensors && o->sensor_cents != 0)
        feed_money(&w->feed, FACT_COUNTED, world_about(0, place, OMO_FACT_NO_CHANNEL), 0,
                   o->sensor_cents);
    stock_shrink_measure(&k);
    double share_a_day = (double)o->shrink_share_ppm / (7.0 * (double)OMO_PPM);
    double vanish = p->shrink_factor * (o->shrink_units + share_a_day * (double)k.units);
    if (k.length <= 0.0 || vanish <= 0.0)
        return;
    k.rate = vanish / k.length;
    stock_shrink_spread(&k);
}

static void stock_shrink_schedule(struct omo_world *w, int64_t day)
{
    struct draw_cursor c;

    draw_begin(&c, w->key, DRAW_SHRINK, STOCK_COUNT_WHEN, (uint32_t)day);
    int64_t time_us = (int64_t)(draw_unit53(&c) * (double)OMO_US_PER_DAY);
    world_schedule(w, day * OMO_US_PER_DAY + time_us, EVENT_SHRINK, 0, 0, 0);
}

void stock_shrink(struct omo_world *w)
{
    const struct network *n = &w->model->network;

    for (uint32_t i = 0; i < n->place_count && w->status == OMO_OK; i++)
        if (n->place[i].assortment != OMO_NONE)
            stock_shrink_place(w, i);
    stock_shrink_schedule(w, w->day);
}

/* ---- what is taken for another product ------------------------------------------------------- */

/* The next product on the shelf that keeps and has a free unit on record, or SIZE_MAX. */
static size_t stock_scan_neighbour(const struct omo_world *w, const struct place *p,
                                   size_t position)
{
    const struct network *n = &w->model->network;
    const struct assortment *a = &n->assortment[p->assortment];
    uint32_t rank = (uint32_t)(position - p->position_first);

    for (uint32_t step = 1; step < core_min_u32(a->count, 4); step++) {
        uint32_t other = (rank + step) % a->count;
        if (n->shelf_life_days[a->sku[other]] == 0 &&
            w->stock.available[p->position_first + other] > 0)
            return p->position_first + other;
    }
    return SIZE_MAX;
}

/* Smart shelves see what is on them. */
static void stock_sense(struct omo_world *w, uint32_t place, size_t position, size_t other)
{
    if (!model_has_sensors(w->model, place))
        return;
    stock_count_one(w, place, position);
    stock_count_one(w, place, other);
}

void stock_scan(struct omo_world *w, const struct sale *s)
{
    const omo_model *m = w->model;
    const struct place *p = &m->network.place[s->place];
    uint32_t ppm = m->accuracy.options.scan_error_ppm;
    struct draw_cursor c;

    if (w->stock.moved == NULL)
        return;
    size_t position = network_position(&m->network, p, s->sku);
    w->stock.moved[position / 64] |= UINT64_C(1) << (position % 64);
    if (ppm == 0 || m->network.shelf_life_days[s->sku] != 0)
        return;
    draw_begin(&c, w->key, DRAW_SCAN, s->identity, s->line);
    draw_skip(&c, s->first);
    for (int32_t unit = 0; unit < s->quantity; unit++) {
        if (!draw_share(&c, ppm))
            continue;
        size_t other = stock_scan_neighbour(w, p, position);
        if (other == SIZE_MAX)
            continue;
        stock_confuse(&w->stock, s->place, position, other);
        feed_line(&w->feed, FACT_SCAN_ERROR, world_about(s->identity, s->place, s->channel), s->sku,
                  1, 0);
        if (!memory_before_corrections(w, 2))
            return;
        stock_changed(w, s->place, position, false);
        stock_changed(w, s->place, other, false);
        stock_sense(w, s->place, position, other);
    }
}

/* Two units change places: the one of `other` is gone, and that of `position` still there. */
static void stock_mispick_one(struct omo_world *w, uint32_t place, size_t position, size_t other)
{
    struct feed_about about = world_about(0, place, OMO_FACT_NO_CHANNEL);

    stock_vanish(&w->stock, place, position, -1);
    if (stock_vanish(&w->stock, place, other, 1))
        feed_none(&w->feed, FACT_STOCKOUT, about, 1);
}

void stock_mispick(struct omo_world *w, const struct sale *s)
{
    const omo_model *m = w->model;
    const struct place *p = &m->network.place[s->place];
    size_t position = network_position(&m->network, p, s->sku);
    uint32_t ppm = m->accuracy.options.scan_error_ppm;
    struct draw_cursor c;

    w->stock.moved[position / 64] |= UINT64_C(1) << (position % 64);
    if (ppm == 0)
        return;
    draw_begin(&c, w->key, DRAW_SCAN, s->identity, OMO_LINES_MAX + s->line);
    draw_skip(&c, s->first);
    for (int32_t unit = 0; unit < s->quantity; unit++) {
        if (!draw_share(&c, ppm))
            continue;
        size_t other = stock_scan_neighbour(w, p, position);
        if (other == SIZE_MAX || stock_shelf(&w->stock, other) <= 0)
            continue;
        stock_mispick_one(w, s->place, position, other);
        feed_line(&w->feed, FACT_SCAN_ERROR, world_about(s->identity, s->place, s->channel), s->sku,
                  1, 0);
        stock_sense(w, s->place, position, other);
    }
}

/* ---- counting -------------------------------------------------------------------------------- */

/* Days of the period, at least one. */
static int64_t stock_count_slices(const omo_accuracy_options *o)
{
    return core_max_i64(1, o->count_every_us / OMO_US_PER_DAY);
}

static void stock_count_schedule(struct omo_world *w, int64_t at_us, uint32_t slice)
{
    world_schedule(w, at_us, EVENT_COUNT, 0, 0, slice);
}

static bool stock_count_wanted(const struct omo_world *w, size_t position)
{
    const struct stock *s = &w->stock;

    if (!w->model->accuracy.options.count_suspects)
        return true;
    return (s->moved[position / 64] >> (position % 64) & 1) == 0 && stock_free(s, position) > 0;
}

static void stock_count_place(struct omo_world *w, uint32_t place, uint32_t slice, uint32_t slices)
{
    const struct network *n = &w->model->network;
    const struct place *p = &n->place[place];
    uint32_t count = network_place_positions(n, p);
    int64_t counted = 0;

    for (uint32_t rank = (slice + slices - place % slices) % slices; rank < count; rank += slices) {
        size_t position = p->position_first + rank;
        if (stock_count_wanted(w, position)) {
            counted++;
            stock_count_one(w, place, position);
        }
        w->stock.moved[position / 64] &= ~(UINT64_C(1) << (position % 64));
    }
    while (counted > 0) {
        int64_t part = core_min_i64(counted, (int64_t)OMO_FACT_QUANTITY_MAX);
        feed_money(&w->feed, FACT_COUNTED, world_about(0, place, OMO_FACT_NO_CHANNEL), part,
                   part * w->model->accuracy.options.count_cents);
        counted -= part;
    }
}

void stock_count(struct omo_world *w, uint32_t slice)
{
    const struct network *n = &w->model->network;
    const omo_accuracy_options *o = &w->model->accuracy.options;
    uint32_t slices = (uint32_t)core_min_i64(stock_count_slices(o), OMO_NONE);

    if (o->count_every_us == 0)
        return;
    for (uint32_t i = 0; i < n->place_count && w->status == OMO_OK; i++)
        stock_count_place(w, i, slice % slices, slices);
    stock_count_schedule(w, w->now_us + o->count_every_us / slices, (slice + 1) % slices);
}

void stock_count_open(struct omo_world *w)
{
    const omo_accuracy_options *o = &w->model->accuracy.options;

    stock_shrink_schedule(w, 0);
    if (o->count_every_us != 0)
        stock_count_schedule(w, o->count_at_us, 0);
}
