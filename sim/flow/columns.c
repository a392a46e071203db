/* One line for each piece of a world.
 *
 * Pools and rings count what was ever touched, not what is in use at the moment: free lists, and
 * the events of free chunks, run through touched slots. Stale contents of free slots are saved with
 * them; they are as reproducible as the rest, and there are few. What follows from the model (views
 * of the integration dial, which channel is online, how many servers there are) is a link, though
 * no pointer: a world that goes on under another policy has to go by that policy.
 *
 * The struct of the calendar is taken whole, but for its pointers, in two pieces. */
#include "flow/columns.h"

#include "base/histogram.h"

static void columns_add(struct column_list *l, const char *name, struct column c)
{
    size_t size = strlen(name) + 1;

    OMO_ASSERT(l->count < COLUMNS_MAX);
    OMO_ASSERT(size <= CHECKPOINT_NAME_SIZE);
    memcpy(c.name, name, size);
    l->column[l->count++] = c;
}

#define COLUMNS_MEMBER(what, member)                                                               \
    columns_add(l, #member,                                                                        \
                (struct column){.kind = (what),                                                    \
                                .bytes = &w->member,                                               \
                                .element_size = sizeof(w->member),                                 \
                                .count = 1,                                                        \
                                .capacity = 1})
#define PART(member) COLUMNS_MEMBER(COLUMN_PART, member)
#define LINK(member) COLUMNS_MEMBER(COLUMN_LINK, member)
#define COLUMNS_BLOCK(what, member, in_use, room)                                                  \
    columns_add(l, #member,                                                                        \
                (struct column){.kind = (what),                                                    \
                                .bytes = w->member,                                                \
                                .pointer = (void **)&w->member,                                    \
                                .element_size = sizeof(w->member[0]),                              \
                                .count = (in_use),                                                 \
                                .capacity = (room)})
#define STATE(member, in_use, room) COLUMNS_BLOCK(COLUMN_STATE, member, in_use, room)
#define SCRATCH(member, room) COLUMNS_BLOCK(COLUMN_SCRATCH, member, 0, room)
#define POOL_PARTS(pool)                                                                           \
    do {                                                                                           \
        PART(pool.capacity);                                                                       \
        PART(pool.touched);                                                                        \
        PART(pool.free_first);                                                                     \
        PART(pool.used);                                                                           \
        PART(pool.used_max);                                                                       \
        LINK(pool.name);                                                                           \
    } while (0)
#define POOL_COLUMNS(pool)                                                                         \
    do {                                                                                           \
        STATE(pool.next, w->pool.touched, w->pool.capacity);                                       \
        STATE(pool.generation, w->pool.touched, w->pool.capacity);                                 \
    } while (0)

static void columns_clock(struct column_list *l, struct omo_world *w)
{
    char *calendar = (char *)&w->calendar;
    size_t head_size = offsetof(struct calendar, slot);
    size_t tail_at = offsetof(struct calendar, reference_us);

    PART(now_us);
    PART(day);
    PART(visits_today);
    PART(visits_first_quarter);
    PART(derived_today);
    PART(returned_today);
    PART(ordered_units);
    PART(charge_us);
    PART(redeemed);
    PART(touch);
    PART(room);
    PART(audit);
    PART(event_count);
    columns_add(l, "calendar.head",
                (struct column){.kind = COLUMN_PART,
                                .bytes = calendar,
                                .element_size = 1,
                                .count = head_size,
                                .capacity = head_size});
    columns_add(l, "calendar",
                (struct column){.kind = COLUMN_PART,
                                .bytes = calendar + tail_at,
                                .element_size = 1,
                                .count = sizeof(w->calendar) - tail_at,
                                .capacity = sizeof(w->calendar) - tail_at});
    PART(tape.capacity);
    PART(tape.count);
    PART(tape.next);
    PART(arrivals.candidates);
    PART(arrivals.accepted);
}

static void columns_pool_parts(struct column_list *l, struct omo_world *w)
{
    POOL_PARTS(pipeline.shipments);
    POOL_PARTS(pipeline.chunks);
    POOL_PARTS(waiting.pool);
    POOL_PARTS(follow_ups.pool);
    POOL_PARTS(groups.pool);
    POOL_PARTS(groups.joiners);
    POOL_PARTS(checkouts.pool);
    POOL_PARTS(returns.pool);
    POOL_PARTS(orders.slots);
    POOL_PARTS(orders.details);
    POOL_PARTS(pickups.pool);
    POOL_PARTS(orders.carrying);
    PART(members.capacity);
    PART(members.count);
    PART(members.registered_count);
    PART(members.left_count);
    PART(members.coupons_held);
    PART(pipeline.line_count);
    PART(view.capacity);
    PART(view.wrap);
    PART(view.head);
    PART(view.tail);
}

static void columns_measures(struct column_list *l, struct omo_world *w)
{
    PART(tally.cell);
    PART(tally.gauge);
    PART(tally.cycle_count);
    PART(tally.review_count);
    PART(tally.cost_microcents);
    PART(tally.arrival);
    PART(tally.wave);
    PART(feed.digest);
    PART(feed.fact_count);
    PART(detail.measuring);
    PART(detail.day_count);
    PART(detail.today);
}

static void columns_links(struct column_list *l, struct omo_world *w)
{
    LINK(model);
    LINK(seed);
    LINK(replication);
    LINK(key);
    LINK(arena);
    LINK(kernel);   /* NULL: such worlds are a kernel and nothing else (kernel/snapshot.c) */
    LINK(finished); /* and failed: such worlds are not saved */
    LINK(error);
    LINK(status);
    LINK(calendar.owner);
    LINK(event_reader);
    LINK(event_reader_user);
    LINK(arrivals.demand);
    LINK(arrivals.key);
    LINK(stock);
    LINK(view.kind);
    LINK(view.lag_us);
    LINK(labour_gauges);
    LINK(stores);
    LINK(warehouses);
    LINK(stores_own);
    LINK(members.points_ring);
    LINK(expected); /* drawn anew when it is not there */
    LINK(expected_person);
    LINK(refresh);
    LINK(tally.channel_count);
    LINK(tally.online);
    LINK(tally.ships);
    LINK(tally.comes_in);
    LINK(tally.position_count);
    LINK(tally.member_potential);
    LINK(tally.member_period_us);
    LINK(tally.point_money);
    LINK(tally.server_count);
    LINK(tally.station_count);
    LINK(tally.has_shifts);
    LINK(tally.shelf_count);
    LINK(tally.shelf_limited_count);
    LINK(tally.box_count);
    LINK(tally.locker_count);
    LINK(tally.span_us); /* with `cost`, when the books are closed */
    LINK(tally.cost);
    LINK(tally.time_unit_us);
    LINK(tally.per_period);
    LINK(tally.counts_over_wait);
    LINK(tally.counts_over_sojourn);
    LINK(tally.counts_over_distance);
    LINK(tally.counts_over_shelf);
    LINK(tally.counts_returns);
    LINK(tally.counts_accuracy);
    LINK(feed.tally);
    LINK(feed.now_us);
    LINK(feed.detail);
    LINK(feed.reader);
    LINK(feed.reader_user);
    LINK(feed.batch_count); /* a world that stands still has handed on all its facts */
    LINK(feed.batch);
    LINK(detail.channel_count);
    LINK(detail.place_count);
    LINK(detail.zone_count);
    LINK(detail.day_capacity);
    LINK(detail_kept);
}

static void columns_positions(struct column_list *l, struct omo_world *w)
{
    const struct network *n = &w->model->network;
    uint64_t positions = n->position_count;

    STATE(stock.available, positions, positions);
    STATE(stock.reserved, positions, positions);
    STATE(stock.on_order, positions, positions);
    STATE(stock.fenced, positions, positions);
    STATE(stock.backordered, positions, positions);
    STATE(stock.quarantined, positions, positions);
    STATE(stock.phantom, positions, positions);
    STATE(stock.picked, positions, positions);
    STATE(stock.moved, positions / 64 + 1, positions / 64 + 1);
    STATE(stock.lot, n->lot_count, n->lot_count);
    STATE(stock.oversold_seen, positions / 64 + 1, positions / 64 + 1);
    STATE(view.published, positions, positions);
    STATE(waiting.first, positions, positions);
    STATE(waiting.last, positions, positions);
}

static void columns_pools(struct column_list *l, struct omo_world *w)
{
    const struct pool *slots = &w->orders.slots, *details = &w->orders.details;
    const struct pipeline *p = &w->pipeline;

    POOL_COLUMNS(pipeline.shipments);
    STATE(pipeline.shipment, p->shipments.touched, p->shipments.capacity);
    POOL_COLUMNS(pipeline.chunks);
    STATE(pipeline.chunk, p->chunks.touched, p->chunks.capacity);
    POOL_COLUMNS(waiting.pool);
    STATE(waiting.waiter, w->waiting.pool.touched, w->waiting.pool.capacity);
    POOL_COLUMNS(follow_ups.pool);
    STATE(follow_ups.item, w->follow_ups.pool.touched, w->follow_ups.pool.capacity);
    POOL_COLUMNS(groups.pool);
    STATE(groups.group, w->groups.pool.touched, w->groups.pool.capacity);
    POOL_COLUMNS(groups.joiners);
    STATE(groups.joiner, w->groups.joiners.touched, w->groups.joiners.capacity);
    POOL_COLUMNS(checkouts.pool);
    STATE(checkouts.item, w->checkouts.pool.touched, w->checkouts.pool.capacity);
    POOL_COLUMNS(returns.pool);
    STATE(returns.item, w->returns.pool.touched, w->returns.pool.capacity);
    POOL_COLUMNS(orders.slots);
    STATE(orders.order, slots->touched, slots->capacity);
    STATE(orders.till_link, slots->touched, slots->capacity);
    STATE(orders.till_back, slots->touched, slots->capacity);
    POOL_COLUMNS(orders.carrying);
    STATE(orders.carried, w->orders.carrying.touched, w->orders.carrying.capacity);
    POOL_COLUMNS(orders.details);
    STATE(orders.detail, details->touched, details->capacity);
    STATE(orders.part_link, (uint64_t)details->touched * ORDERS_PARTS_MAX,
          (uint64_t)details->capacity * ORDERS_PARTS_MAX);
    STATE(orders.detail_order, details->touched, details->capacity);
    POOL_COLUMNS(pickups.pool);
    STATE(pickups.item, w->pickups.pool.touched, w->pickups.pool.capacity);
    STATE(pickups.link, w->pickups.pool.touched, w->pickups.pool.capacity);
    STATE(view.ring, w->view.wrap, w->view.capacity);
}

static void columns_others(struct column_list *l, struct omo_world *w)
{
    const omo_model *m = w->model;
    const struct demand *d = &m->demand;
    uint64_t stations = (uint64_t)m->network.place_count * OMO_ROLE_COUNT;
    uint64_t cells = (uint64_t)d->segment_count * d->zone_count;
    uint64_t review = (uint64_t)m->review_places_max + 1;

    STATE(station, stations, stations);
    STATE(won, (uint64_t)d->member_count / 8 + 1, (uint64_t)d->member_count / 8 + 1);
    STATE(groups.open, d->group_columns, d->group_columns);
    STATE(members.item, w->members.capacity, w->members.capacity);
    STATE(members.zone, d->zone_count, d->zone_count);
    STATE(members.points_of_day, w->members.points_ring, w->members.points_ring);
    STATE(gate, m->network.place_count, m->network.place_count);
    STATE(batch, (uint64_t)m->network.place_count * d->channel_count,
          (uint64_t)m->network.place_count * d->channel_count);
    STATE(pickups.shelf, m->network.place_count, m->network.place_count);
    STATE(slot, d->slot_cells, d->slot_cells);
    STATE(lane_shipments, m->network.lane_count, m->network.lane_count);
    STATE(arrivals.count, cells, cells);
    STATE(arrivals.burst_count, cells, cells);
    STATE(tape.sorted, w->tape.count, w->tape.capacity);
    columns_add(l, "calendar.slot",
                (struct column){.kind = COLUMN_STATE,
                                .bytes = w->calendar.slot,
                                .pointer = (void **)&w->calendar.slot,
                                .element_size = 1,
                                .count = calendar_used_size(&w->calendar),
                                .capacity = calendar_size(w->calendar.capacity)});
    SCRATCH(tape.drawn, w->tape.capacity);
    SCRATCH(tape.bucket, (uint64_t)w->tape.capacity + 1);
    SCRATCH(review_position, review);
    SCRATCH(review_quantity, review);
    SCRATCH(stores_own.node, m->network.place_count);
}

static void columns_detail(struct column_list *l, struct omo_world *w)
{
    const struct detail *d = &w->detail;
    uint64_t flows = (uint64_t)d->place_count * d->zone_count;

    STATE(detail.day, d->day_count, d->day_capacity);
    STATE(detail.place, d->place_count, d->place_count);
    STATE(detail.flow, flows, flows);
    for (uint32_t i = 0; i < OMO_CHANNELS_MAX; i++) {
        omo_histogram *h = d->lead[i];
        columns_add(l, "detail.lead",
                    (struct column){.kind = COLUMN_HISTOGRAM,
                                    .bytes = h,
                                    .pointer = (void **)&w->detail.lead[i],
                                    .element_size = 1,
                                    .count = h != NULL ? histogram_used_size(h) : 0,
                                    .capacity = h != NULL ? histogram_size(h) : 0});
    }
}

void columns_list(struct omo_world *w, struct column_list *ret_list)
{
    ret_list->count = 0;
    columns_clock(ret_list, w);
    columns_pool_parts(ret_list, w);
    columns_measures(ret_list, w);
    columns_links(ret_list, w);
    columns_positions(ret_list, w);
    columns_pools(ret_list, w);
    columns_others(ret_list, w);
    columns_detail(ret_list, w);
}

bool columns_whole(const struct omo_world *w, const struct column_list *list)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < list->count; i++) {
        const struct column *c = &list->column[i];
        if (c->bytes == NULL || (c->kind != COLUMN_STATE && c->kind != COLUMN_SCRATCH))
            continue;
        for (uint32_t k = 0; k < i; k++)
            if (list->column[k].bytes == c->bytes)
                return false;
        if (!arena_holds(&w->arena, c->bytes))
            return false;
        count++;
    }
    return count == arena_count(&w->arena);
}
