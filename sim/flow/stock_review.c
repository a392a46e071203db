/* Stock review: positions go to the stocking policy as columns, its quantities come back and are
 * shipped along the lane.
 *
 * A supplier has everything. A place of the chain ships what it has free, and the rest is asked
 * for again at the next review. One purchase order, one shipment and one lead time for each
 * place and review. Continuous review is the same with one position, at the end of the instant
 * at which it changed. */
#include "flow/world.h"

void stock_changed(struct omo_world *w, uint32_t place, size_t position, bool last_unit)
{
    const omo_model *m = w->model;
    const struct place *p = &m->network.place[place];

    if (last_unit)
        feed_none(&w->feed, FACT_STOCKOUT, world_about(0, place, OMO_FACT_NO_CHANNEL), 1);
    view_note(&w->view, &w->stock, position);
    if (m->continuous && p->lane != OMO_NONE && m->stocking[p->kind].options.review_us == 0)
        world_schedule(w, w->now_us, EVENT_REVIEW_ONE, place, 0,
                       (uint32_t)(position - p->position_first));
}

/* Units that the other end of the lane can ship of a SKU, taken from its stock there. */
static int32_t stock_review_source(struct omo_world *w, const struct lane *lane, uint32_t sku,
                                   int32_t quantity)
{
    const struct network *n = &w->model->network;
    const struct place *from = &n->place[lane->from];

    if (from->kind == OMO_PLACE_SUPPLIER)
        return quantity;
    size_t position = network_position(n, from, sku);
    if (position != SIZE_MAX && quantity > stock_here(&w->stock, position) &&
        w->stock.available[position] > stock_here(&w->stock, position))
        stock_count_one(w, lane->from, position);
    int32_t units = position == SIZE_MAX ? 0 : core_min_i32(quantity, w->stock.available[position]);
    if (units > 0) {
        bool last = stock_take(&w->stock, lane->from, position, units, STOCK_SHOP);
        stock_changed(w, lane->from, position, last);
        feed_units(&w->feed, FACT_ISSUED, lane->from, units);
    }
    return units;
}

/* Ships the quantities of `count` positions of a place, beginning at rank `first`. */
static void stock_review_ship(struct omo_world *w, uint32_t place, uint32_t first, uint32_t count,
                              const int32_t *quantity)
{
    const struct network *n = &w->model->network;
    const struct place *p = &n->place[place];
    const struct lane *lane = &n->lane[p->lane];
    const uint32_t *sku = n->assortment[p->assortment].sku;
    uint32_t shipment = OMO_NONE;

    for (uint32_t i = 0; i < count; i++) {
        if (quantity[i] <= 0)
            continue;
        int32_t units = stock_review_source(w, lane, sku[first + i], quantity[i]);
        if (units == 0)
            continue;
        if (shipment == OMO_NONE)
            shipment = pipeline_begin(&w->pipeline, place);
        pipeline_add(&w->pipeline, shipment, first + i, units);
        stock_order(&w->stock, p->position_first + first + i, units);
    }
    if (shipment == OMO_NONE)
        return;
    struct draw_cursor c;
    draw_begin(&c, w->key, DRAW_LEAD, (uint64_t)p->lane << 32 | w->lane_shipments[p->lane]++, 0);
    struct feed_about about = world_about(0, place, OMO_FACT_NO_CHANNEL);
    int64_t units = w->pipeline.shipment[shipment].units;
    feed_money(&w->feed, FACT_PURCHASE, about, core_min_i64(units, (int64_t)OMO_FACT_QUANTITY_MAX),
               lane->order_cost_cents);
    w->ordered_units += units;
    world_schedule(w, w->now_us + law_draw_us(&lane->lead_time, &c), EVENT_RECEIVE, shipment,
                   w->pipeline.shipments.generation[shipment], 0);
}

static void stock_review_place(struct omo_world *w, uint32_t place)
{
    const struct network *n = &w->model->network;
    const struct place *p = &n->place[place];
    uint32_t count = network_place_positions(n, p);
    size_t at = p->position_first;
    int32_t *restrict position = w->review_position;

    for (uint32_t i = 0; i < count; i++)
        position[i] = w->stock.available[at + i] + w->stock.on_order[at + i];
    if (w->stock.fenced != NULL)
        for (uint32_t i = 0; i < count; i++)
            position[i] += w->stock.fenced[at + i];
    if (w->stock.backordered != NULL)
        for (uint32_t i = 0; i < count; i++)
            position[i] -= w->stock.backordered[at + i];
    struct stocking_table t = {.count = count,
                               .position = position,
                               .low = n->level_low + at,
                               .high = n->level_high + at};
    w->model->stocking[p->kind].policy->review(&t, w->review_quantity);
    stock_review_ship(w, place, 0, count, w->review_quantity);
}

void stock_review(struct omo_world *w, omo_place_kind kind)
{
    const struct network *n = &w->model->network;
    uint64_t places = 0, lines = 0;

    for (uint32_t i = 0; i < n->place_count; i++)
        if (n->place[i].kind == kind && n->place[i].lane != OMO_NONE) {
            places++;
            lines += network_place_positions(n, &n->place[i]);
        }
    if (!memory_before_review(w, places, lines))
        return;
    for (uint32_t i = 0; i < n->place_count; i++)
        if (n->place[i].kind == kind && n->place[i].lane != OMO_NONE &&
            network_place_positions(n, &n->place[i]) != 0)
            stock_review_place(w, i);
    world_schedule(w, w->now_us + w->model->stocking[kind].options.review_us, EVENT_REVIEW, 0, 0,
                   kind);
}

void stock_review_one(struct omo_world *w, uint32_t place, uint32_t rank)
{
    const struct network *n = &w->model->network;
    const struct place *p = &n->place[place];
    size_t at = p->position_first + rank;
    int32_t position = stock_inventory_position(&w->stock, at);
    int32_t quantity = 0;
    struct stocking_table t = {.count = 1,
                               .position = &position,
                               .low = n->level_low + at,
                               .high = n->level_high + at};

    w->model->stocking[p->kind].policy->review(&t, &quantity);
    if (quantity > 0)
        stock_review_ship(w, place, rank, 1, &quantity);
}
