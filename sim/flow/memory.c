/* All memory of a world, in one place.
 *
 * Columns are sized by the model. Pools whose peak depends on luck (orders in flight, backorders, the
 * calendar, the view's ring) are given room at midnight for whatever the day's visits could do at most;
 * untouched room is address space, not memory. A day's visits are known before the day begins, so
 * nothing is allocated between two midnights but before a review, a follow-up or a correction of the
 * record. Reaching run.memory_max stops the run with the pool's name. */
#include "flow/member.h"
#include "flow/memory_bound.h"

static void *memory_column(struct omo_world *w, size_t count, size_t element_size)
{
    void *column = arena_take(&w->arena, count, element_size);

    if (column == NULL && w->status == OMO_OK)
        w->status = core_error(w->error, OMO_ELIMIT,
                               "run.memory_max: a world needs more than its limit of memory");
    return column;
}

static bool memory_full(struct omo_world *w, const char *name)
{
    w->status = core_error(w->error, OMO_ELIMIT, "run.memory_max: no room for more %s on day %lld",
                           name, (long long)w->day);
    return false;
}

/* Grows columns together: all or nothing is not needed, since a failure ends the run. */
struct memory_item {
    void **column;
    size_t element_size;
};

static bool memory_grow(struct omo_world *w, const char *name, struct memory_item *item,
                        size_t items, size_t count, size_t count_new)
{
    for (size_t i = 0; i < items; i++) {
        void *column =
            arena_grow(&w->arena, *item[i].column, count, count_new, item[i].element_size);
        if (column == NULL)
            return memory_full(w, name);
        *item[i].column = column;
    }
    return true;
}

/* Capacity for at least `needed`: doubling, so that growing is rare. */
static uint64_t memory_capacity(uint64_t have, uint64_t needed)
{
    uint64_t capacity = have;

    while (capacity < needed)
        capacity = capacity * 2;
    return capacity;
}

static bool memory_pool(struct omo_world *w, struct pool *p, uint64_t room,
                        struct memory_item *item, size_t items)
{
    struct memory_item all[8] = {{(void **)&p->next, sizeof(p->next[0])},
                                 {(void **)&p->generation, sizeof(p->generation[0])}};
    uint64_t needed = (uint64_t)p->used + room;

    if (needed <= p->capacity)
        return true;
    uint64_t capacity = memory_capacity(p->capacity, needed);
    if (capacity >= OMO_NONE)
        return memory_full(w, p->name);
    for (size_t i = 0; i < items; i++)
        all[2 + i] = item[i];
    if (!memory_grow(w, p->name, all, items + 2, p->capacity, capacity))
        return false;
    p->capacity = (uint32_t)capacity;
    return true;
}

static bool memory_pool_take(struct omo_world *w, struct pool *p, const char *name,
                             uint32_t capacity, struct memory_item *item, size_t items)
{
    *p = (struct pool){.name = name, .capacity = capacity, .free_first = OMO_NONE};
    p->next = memory_column(w, capacity, sizeof(p->next[0]));
    p->generation = memory_column(w, capacity, sizeof(p->generation[0]));
    for (size_t i = 0; i < items; i++)
        *item[i].column = memory_column(w, capacity, item[i].element_size);
    return w->status == OMO_OK;
}

#define MEMORY_SLOTS(w)                                                                            \
    {                                                                                              \
        {(void **)&(w)->orders.order, sizeof(struct order)},                                       \
            {(void **)&(w)->orders.till_link, sizeof(uint32_t)},                                   \
        {                                                                                          \
            (void **)&(w)->orders.till_back, sizeof(uint32_t)                                      \
        }                                                                                          \
    }
#define MEMORY_PICKUPS(w)                                                                          \
    {                                                                                              \
        {(void **)&(w)->pickups.item, sizeof(struct pickup)},                                      \
        {                                                                                          \
            (void **)&(w)->pickups.link, sizeof(uint32_t)                                          \
        }                                                                                          \
    }
#define MEMORY_DETAILS(w)                                                                          \
    {                                                                                              \
        {(void **)&(w)->orders.detail, sizeof(struct order_detail)},                               \
            {(void **)&(w)->orders.part_link, sizeof(uint32_t) * ORDERS_PARTS_MAX},                \
        {                                                                                          \
            (void **)&(w)->orders.detail_order, sizeof(uint32_t)                                   \
        }                                                                                          \
    }

static bool memory_take_pools(struct omo_world *w)
{
    struct memory_item slots[] = MEMORY_SLOTS(w), details[] = MEMORY_DETAILS(w);
    struct memory_item pickups[] = MEMORY_PICKUPS(w);
    struct memory_item shipments[] = {{(void **)&w->pipeline.shipment, sizeof(struct shipment)}};
    struct memory_item chunks[] = {{(void **)&w->pipeline.chunk, sizeof(struct pipeline_chunk)}};
    struct memory_item waiters[] = {{(void **)&w->waiting.waiter, sizeof(struct waiter)}};
    struct memory_item follow_ups[] = {{(void **)&w->follow_ups.item, sizeof(struct follow_up)}};
    struct memory_item groups[] = {{(void **)&w->groups.group, sizeof(struct group)}};
    struct memory_item joiners[] = {{(void **)&w->groups.joiner, sizeof(struct joiner)}};
    uint32_t groups_capacity = w->model->demand.groups ? 64 : 0;
    struct memory_item checkouts[] = {{(void **)&w->checkouts.item, sizeof(struct checkout)}};
    struct memory_item carried[] = {{(void **)&w->orders.carried, sizeof(struct carried)}};
    struct memory_item returns[] = {{(void **)&w->returns.item, sizeof(struct return_item)}};
    uint32_t returns_capacity = w->model->returns.on ? 64 : 0;

    return memory_pool_take(w, &w->returns.pool, "returns", returns_capacity, returns, 1) &&
           memory_pool_take(w, &w->groups.pool, "group buys", groups_capacity, groups, 1) &&
           memory_pool_take(w, &w->groups.joiners, "orders in group buys", groups_capacity, joiners,
                            1) &&
           memory_pool_take(w, &w->orders.slots, "orders in flight", 1024, slots, 3) &&
           memory_pool_take(w, &w->orders.details, "online orders in flight", 64, details, 3) &&
           memory_pool_take(w, &w->pickups.pool, "orders to be fetched", 64, pickups, 2) &&
           memory_pool_take(w, &w->pipeline.shipments, "shipments", 64, shipments, 1) &&
           memory_pool_take(w, &w->pipeline.chunks, "shipment lines", 64, chunks, 1) &&
           memory_pool_take(w, &w->waiting.pool, "backorders", 64, waiters, 1) &&
           memory_pool_take(w, &w->follow_ups.pool, "visits to follow", 64, follow_ups, 1) &&
           memory_pool_take(w, &w->checkouts.pool, "check-outs to be paid", 64, checkouts, 1) &&
           memory_pool_take(w, &w->orders.carrying, "customers at tills with goods", 64, carried,
                            1);
}

static void memory_take_stock(struct omo_world *w)
{
    const omo_model *m = w->model;
    size_t positions = m->network.position_count;
    struct stock *s = &w->stock;
    struct gauge *g = w->tally.gauge;

    *s = (struct stock){
        .network = &m->network,
        .available = memory_column(w, positions, sizeof(int32_t)),
        .reserved = memory_column(w, positions, sizeof(int32_t)),
        .on_order = memory_column(w, positions, sizeof(int32_t)),
        .lot = memory_column(w, m->network.lot_count, sizeof(int32_t)),
        .oversold_seen = memory_column(w, positions / 64 + 1, sizeof(uint64_t)),
        .units = &g[GAUGE_UNITS],
        .value = &g[GAUGE_VALUE],
        .in_stock = &g[GAUGE_IN_STOCK],
        .in_transit = &g[GAUGE_IN_TRANSIT],
        .phantom_units = &g[GAUGE_PHANTOM],
        .inaccurate = &g[GAUGE_INACCURATE],
        .now_us = &w->now_us,
    };
    if (m->integration.inventory == OMO_SILOED)
        s->fenced = memory_column(w, positions, sizeof(int32_t));
    if (m->accuracy.on) {
        s->phantom = memory_column(w, positions, sizeof(int32_t));
        s->picked = memory_column(w, positions, sizeof(int32_t));
        s->moved = memory_column(w, positions / 64 + 1, sizeof(uint64_t));
    }
    if (m->returns.on)
        s->quarantined = memory_column(w, positions, sizeof(int32_t));
    if (m->backorders) {
        s->backordered = memory_column(w, positions, sizeof(int32_t));
        w->waiting.first = memory_column(w, positions, sizeof(uint32_t));
        w->waiting.last = memory_column(w, positions, sizeof(uint32_t));
        if (w->waiting.first != NULL)
            memset(w->waiting.first, 0xff, positions * sizeof(uint32_t));
    }
}

static void memory_take_view(struct omo_world *w)
{
    struct view *v = &w->view;

    *v = (struct view){.kind = model_view_kind(w->model)};
    w->refresh = model_refresh(w->model);
    if (v->kind == VIEW_REAL_TIME)
        return;
    v->published = memory_column(w, w->model->network.position_count, sizeof(int32_t));
    if (v->kind == VIEW_PERIODIC)
        return;
    v->lag_us = model_sync(w->model, OMO_DATA_INVENTORY).lag_us;
    v->capacity = v->wrap = 4096;
    v->ring = memory_column(w, v->capacity, sizeof(struct view_change));
}

#define MEMORY_MEMBERS_FIRST 1024

static void memory_take_members(struct omo_world *w)
{
    const omo_model *m = w->model;
    const omo_member_options *o = &m->members;

    if (!model_remembers_members(m))
        return;
    w->members.capacity = MEMORY_MEMBERS_FIRST;
    w->members.item = memory_column(w, MEMORY_MEMBERS_FIRST, sizeof(struct member));
    if (!m->keeps_members)
        return;
    w->members.zone = memory_column(w, m->demand.zone_count, sizeof(struct member_zone));
    if (o->points_expiry_us != 0) {
        w->members.points_ring = points_expiry_days(m) + 1;
        w->members.points_of_day = memory_column(w, w->members.points_ring, sizeof(int64_t));
    }
}

/* Events that recur by the clock: each has one pending, from the opening on. */
static uint64_t memory_clock(const omo_model *m)
{
    uint64_t count = m->network.parcel_point_count;

    for (uint32_t i = 0; i < m->network.place_count * OMO_ROLE_COUNT; i++)
        count += (m->network.station[i].shift_count > 1 ? 1u : 0u) +
                 (m->network.station[i].wave_us != 0 ? 1u : 0u);
    return count;
}

bool memory_take(struct omo_world *w)
{
    const omo_model *m = w->model;
    const struct demand *d = &m->demand;
    uint32_t places = m->network.place_count;

    memory_take_stock(w);
    memory_take_view(w);
    w->station = memory_column(w, (size_t)places * OMO_ROLE_COUNT, sizeof(struct labour));
    memory_take_members(w);
    if (d->acquires)
        w->won = memory_column(w, d->member_count / 8 + 1, sizeof(uint8_t));
    if (d->groups) {
        w->groups.open = memory_column(w, d->group_columns, sizeof(uint32_t));
        if (w->groups.open != NULL)
            memset(w->groups.open, 0xff, d->group_columns * sizeof(uint32_t));
    }
    w->pickups.shelf = memory_column(w, places, sizeof(struct shelf));
    w->slot = memory_column(w, d->slot_cells, sizeof(struct slot_booked));
    w->lane_shipments = memory_column(w, m->network.lane_count, sizeof(uint32_t));
    w->review_position = memory_column(w, m->review_places_max + 1, sizeof(int32_t));
    w->review_quantity = memory_column(w, m->review_places_max + 1, sizeof(int32_t));
    w->arrivals = (struct arrivals){
        .demand = d,
        .key = w->key,
        .count = memory_column(w, (size_t)d->segment_count * d->zone_count, sizeof(uint32_t)),
    };
    if (d->bursts)
        w->arrivals.burst_count =
            memory_column(w, (size_t)d->segment_count * d->zone_count, sizeof(uint32_t));
    w->gate = memory_column(w, places, sizeof(struct gate));
    if (model_batches(m))
        w->batch = memory_column(w, (size_t)places * d->channel_count, sizeof(struct batch));
    uint32_t pending = (uint32_t)memory_capacity(1024, memory_clock(m) + 64);
    void *block = memory_column(w, calendar_size(pending), 1);
    calendar_init(&w->calendar, block, pending);
    struct visit *drawn = memory_column(w, 1024, sizeof(struct visit)),
                 *sorted = memory_column(w, 1024, sizeof(struct visit));
    uint32_t *bucket = memory_column(w, 1025, sizeof(uint32_t));
    tape_init(&w->tape, drawn, sorted, bucket, 1024);
    return w->status == OMO_OK && memory_take_pools(w);
}

static bool memory_tape(struct omo_world *w, uint64_t visits)
{
    struct tape *t = &w->tape;

    if (visits <= t->capacity)
        return true;
    uint64_t capacity = memory_capacity(t->capacity, visits);
    if (capacity >= OMO_NONE)
        return memory_full(w, "visits a day");
    /* The day's visits are drawn after this, so nothing of the old contents is needed. */
    struct memory_item item[] = {{(void **)&t->drawn, sizeof(struct visit)},
                                 {(void **)&t->sorted, sizeof(struct visit)}};
    struct memory_item bucket[] = {{(void **)&t->bucket, sizeof(uint32_t)}};
    if (!memory_grow(w, "visits a day", item, 2, 0, capacity) ||
        !memory_grow(w, "visits a day", bucket, 1, 0, capacity + 1))
        return false;
    t->capacity = (uint32_t)capacity;
    return true;
}

/* Returns that what was ordered before may still bring: one for each line of a part or of a backorder
 * that is handed over; of what somebody carries to the till, one now and one that follows. */
static uint64_t memory_returns_open(const struct omo_world *w)
{
    const struct orders *o = &w->orders;

    if (!w->model->returns.on)
        return 0;
    return (uint64_t)o->details.used * ORDERS_ALLOCATIONS_MAX +
           2 * (uint64_t)o->carrying.used * OMO_LINES_MAX + w->waiting.pool.used;
}

static bool memory_calendar(struct omo_world *w, uint64_t room)
{
    /* Those who wait have no event pending; a part of theirs has one once it is complete. A part of a
     * batch may be the first or the last of one, which has an event of its own. */
    uint64_t open = model_batches(w->model) ? w->orders.details.used : 0;
    uint64_t needed = w->calendar.count + room + memory_returns_open(w) + w->waiting.pool.used +
                      2 * open * ORDERS_PARTS_MAX;

    if (needed <= w->calendar.capacity)
        return true;
    uint64_t capacity = memory_capacity(w->calendar.capacity, needed);
    void *block = w->calendar.slot;
    struct memory_item item[] = {{&block, 1}};
    if (capacity >= OMO_NONE ||
        !memory_grow(w, "pending events", item, 1, calendar_used_size(&w->calendar),
                     calendar_size((uint32_t)capacity)))
        return memory_full(w, "pending events");
    calendar_move(&w->calendar, block, (uint32_t)capacity);
    return true;
}

/* The table is filled anew at its new size, from a copy that lives as long as that takes. */
static bool memory_members(struct omo_world *w, uint64_t room)
{
    struct members *m = &w->members;
    struct arena work = {0};

    if (m->capacity == 0 || (m->count + room) * 2 <= m->capacity)
        return true;
    uint64_t capacity = memory_capacity(m->capacity, (m->count + room) * 2);
    struct member *old = arena_take(&work, m->capacity, sizeof(*old));
    struct member *item = NULL;
    if (old != NULL && capacity < OMO_NONE) {
        memcpy(old, m->item, m->capacity * sizeof(*old));
        item = arena_grow(&w->arena, m->item, 0, capacity, sizeof(*item));
    }
    if (item == NULL) {
        arena_free(&work);
        return memory_full(w, "members who did something");
    }
    uint32_t slots = m->capacity;
    m->item = item;
    m->capacity = (uint32_t)capacity;
    members_refill(m, old, slots);
    arena_free(&work);
    return true;
}

static bool memory_view(struct omo_world *w, uint64_t room)
{
    struct view *v = &w->view;

    if (v->kind != VIEW_DELAYED)
        return true;
    /* Each return may go back on sale, and each order that nobody fetches. */
    uint64_t open = model_fetches(w->model) ? w->orders.details.used : 0;
    uint64_t needed = v->tail - v->head + room + memory_returns_open(w) + w->returns.pool.used +
                      open * ORDERS_ALLOCATIONS_MAX;
    if (needed <= v->capacity)
        return true;
    uint64_t capacity = memory_capacity(v->capacity, needed);
    struct memory_item item[] = {{(void **)&v->ring, sizeof(struct view_change)}};
    if (capacity >= OMO_NONE ||
        !memory_grow(w, "stock changes on their way to a view", item, 1, v->wrap, capacity))
        return memory_full(w, "stock changes on their way to a view");
    v->capacity = (uint32_t)capacity;
    return true;
}

/* Room for what can still happen before it is made anew. */
static bool memory_room(struct omo_world *w, struct memory_room room)
{
    struct memory_item shipments[] = {{(void **)&w->pipeline.shipment, sizeof(struct shipment)}};
    struct memory_item chunks[] = {{(void **)&w->pipeline.chunk, sizeof(struct pipeline_chunk)}};

    return memory_pool(w, &w->pipeline.shipments, room.shipments, shipments, 1) &&
           memory_pool(w, &w->pipeline.chunks, room.chunks, chunks, 1) &&
           memory_calendar(w, room.events) && memory_view(w, room.notes);
}

/* What is under way reaches positions too: shipments, and units of orders that go back. */
static void memory_under_way(const struct omo_world *w, struct memory_room *room)
{
    /* A world that goes on under another model may have check-outs of the one before. */
    bool gives_back = model_gives_back(w->model) || w->checkouts.pool.used != 0;
    uint64_t back = gives_back ? (uint64_t)w->orders.details.used * ORDERS_ALLOCATIONS_MAX : 0;

    room->notes += w->pipeline.line_count + back;
}

/* Any part of an order that is open, or that the rest of the day may bring, may become ready to be
 * fetched; and so many parcels of third parties. */
static bool memory_pickups(struct omo_world *w, uint64_t online, uint64_t parcels)
{
    struct memory_item items[] = MEMORY_PICKUPS(w);
    uint64_t orders = model_fetches(w->model) ? w->orders.details.used + online : 0;

    return memory_pool(w, &w->pickups.pool, orders * ORDERS_PARTS_MAX + parcels, items, 2);
}

/* Room for a day's visits, or for the rest of them and some more. */
static bool memory_day(struct omo_world *w, struct memory_room room)
{
    struct memory_item slots[] = MEMORY_SLOTS(w), details[] = MEMORY_DETAILS(w);
    struct memory_item waiters[] = {{(void **)&w->waiting.waiter, sizeof(struct waiter)}};
    struct memory_item checkouts[] = {{(void **)&w->checkouts.item, sizeof(struct checkout)}};
    uint64_t held = model_gives_back(w->model) ? room.online : 0;
    struct memory_item carried[] = {{(void **)&w->orders.carried, sizeof(struct carried)}};
    struct memory_item returns[] = {{(void **)&w->returns.item, sizeof(struct return_item)}};

    memory_under_way(w, &room);
    return memory_pool(w, &w->checkouts.pool, held, checkouts, 1) &&
           memory_pool(w, &w->orders.slots, room.visits + room.online, slots, 3) &&
           memory_pool(w, &w->orders.details, room.online, details, 3) &&
           memory_pickups(w, room.online, 0) &&
           memory_pool(w, &w->waiting.pool, room.waiting, waiters, 1) &&
           memory_pool(w, &w->orders.carrying, room.carrying, carried, 1) &&
           memory_members(w, room.members) &&
           memory_pool(w, &w->returns.pool, room.returns + memory_returns_open(w), returns, 1) &&
           memory_room(w, room);
}

bool memory_before_day(struct omo_world *w, uint64_t visits)
{
    w->room = memory_bound_day(w, visits);
    return memory_tape(w, visits) && memory_day(w, w->room);
}

bool memory_before_follow_up(struct omo_world *w)
{
    struct memory_item items[] = {{(void **)&w->follow_ups.item, sizeof(struct follow_up)}};

    return memory_pool(w, &w->follow_ups.pool, 1, items, 1) &&
           memory_calendar(w, w->room.events + 1);
}

bool memory_before_join(struct omo_world *w)
{
    struct memory_item groups[] = {{(void **)&w->groups.group, sizeof(struct group)}};
    struct memory_item joiners[] = {{(void **)&w->groups.joiner, sizeof(struct joiner)}};

    return memory_pool(w, &w->groups.pool, 1, groups, 1) &&
           memory_pool(w, &w->groups.joiners, 1, joiners, 1) &&
           memory_calendar(w, w->room.events + 1);
}

bool memory_before_visit(struct omo_world *w)
{
    const uint64_t changes = 4 * OMO_LINES_MAX + 2 * ORDERS_ALLOCATIONS_MAX;
    const uint64_t triggers = memory_bound_triggers(w->model, changes);
    const uint64_t returns = w->model->returns.on ? changes : 0;
    struct memory_room room = w->room;

    room.visits++;
    room.online++;
    room.carrying++;
    room.members++;
    room.waiting += w->model->backorders ? changes : 0;
    room.returns += returns;
    room.shipments += triggers;
    room.chunks += triggers;
    room.events += 2 + memory_bound_claims(w->model) + memory_bound_part_events(w->model) +
                   2 * triggers + returns;
    room.notes += 2 * changes + 2 * triggers + returns;
    return memory_day(w, room);
}

bool memory_before_corrections(struct omo_world *w, uint64_t changes)
{
    const uint64_t triggers = memory_bound_triggers(w->model, changes);
    struct memory_room room = w->room;

    room.shipments += triggers;
    room.chunks += triggers;
    room.events += 2 * triggers + 1;
    room.notes += changes + 2 * triggers + w->pipeline.line_count;
    return memory_room(w, room);
}

bool memory_before_parcel(struct omo_world *w)
{
    return memory_pickups(w, w->room.online, 1) && memory_calendar(w, w->room.events + 2);
}

bool memory_after_restore(struct omo_world *w)
{
    const struct demand *d = &w->model->demand;
    uint64_t visits = 0;

    for (uint32_t cell = 0; cell < d->segment_count * d->zone_count; cell++)
        visits += arrivals_of_cell(&w->arrivals, cell);
    struct memory_room room = memory_bound_day(w, visits);
    bool same = w->day == 0 || memcmp(&room, &w->room, sizeof(room)) == 0;
    return same || memory_before_day(w, visits);
}

bool memory_before_review(struct omo_world *w, uint64_t places, uint64_t lines)
{
    uint64_t triggers = memory_bound_triggers(w->model, lines);
    /* The rest of the day needs what was made room for at midnight, at most. */
    struct memory_room room = w->room;

    /* At most one shipment a place; its lines fill chunks, with one more for each place. They leave
     * one position now and reach another later. */
    room.shipments += places + triggers;
    room.chunks += lines / PIPELINE_CHUNK_LINES + places + triggers;
    room.events += places + 2 * triggers + 64;
    room.notes += 2 * lines + 2 * triggers;
    memory_under_way(w, &room);
    return memory_room(w, room);
}
