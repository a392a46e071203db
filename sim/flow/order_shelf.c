/* The pickup shelf: what is ready takes a slot until somebody has it.
 *
 * Parts of orders and third parties' parcels share a place's slots; a locker's boxes are slots, too.
 * What becomes ready when all are taken waits behind, first come first served, and is ready (and
 * its customer told) only when it has a slot; a place without a free slot is not offered for pickup.
 * Whether the customer comes before the hold ends is known in the moment of READY, because all draws
 * are keyed: one event is scheduled, the visit or the expiry, and nothing is ever taken back. */
#include "flow/world.h"

static bool order_shelf_full(const struct place *p, uint32_t level)
{
    return p->shelf_slots != 0 && level >= p->shelf_slots;
}

bool order_shelf_room(const struct omo_world *w, uint32_t place)
{
    const struct shelf *s = &w->pickups.shelf[place];

    return s->back_count == 0 && !order_shelf_full(&w->model->network.place[place], s->level);
}

static void order_shelf_level(struct omo_world *w, uint32_t place, int32_t change)
{
    const struct place *p = &w->model->network.place[place];
    struct shelf *s = &w->pickups.shelf[place];
    struct gauge *g = w->tally.gauge;
    int64_t before = s->level, after = before + change, over = w->model->run.shelf_over;
    bool locker = p->kind == OMO_PLACE_LOCKER;
    int32_t filled = order_shelf_full(p, (uint32_t)after) - order_shelf_full(p, (uint32_t)before);

    s->level = (uint32_t)after;
    gauge_add(&g[locker ? GAUGE_BOXES_TAKEN : GAUGE_SHELF_LEVEL], w->now_us, change);
    if (filled != 0)
        gauge_add(&g[locker ? GAUGE_LOCKERS_FULL : GAUGE_SHELF_FULL], w->now_us, filled);
    if (locker)
        return;
    gauge_add(&g[GAUGE_SHELF_SQUARE], w->now_us, after * after - before * before);
    if (before == 0 || after == 0)
        gauge_add(&g[GAUGE_SHELF_USED], w->now_us, change);
    if (over >= 0 && (before > over) != (after > over))
        gauge_add(&g[GAUGE_SHELF_OVER], w->now_us, change);
}

static void order_shelf_back(struct omo_world *w, uint32_t place, int32_t change)
{
    bool locker = w->model->network.place[place].kind == OMO_PLACE_LOCKER;

    gauge_add(&w->tally.gauge[locker ? GAUGE_BOXES_BACK : GAUGE_SHELF_BACK], w->now_us, change);
}

/* When the customer comes, or that nobody does. */
static void order_shelf_expect(struct omo_world *w, uint32_t pickup)
{
    const struct pickup *k = &w->pickups.item[pickup];
    const omo_channel_options *options = &w->model->demand.channel[k->channel].options;
    struct draw_cursor c;

    const struct order *o = &w->orders.order[k->order];
    /* Whoever has chosen a time slot does not come before. */
    int64_t from_us = core_max_i64(w->now_us, w->orders.detail[o->detail].from_us);
    draw_begin(&c, w->key, DRAW_COLLECT, k->identity, k->part);
    int64_t comes_us = core_max_i64(w->now_us + law_draw_us(&options->collect, &c), from_us);
    bool comes = options->pickup_hold_us == 0 ||
                 (comes_us <= from_us + options->pickup_hold_us && !order_expire_no_show(w, o));
    world_schedule(w, comes ? comes_us : from_us + options->pickup_hold_us,
                   comes ? EVENT_COLLECT : EVENT_PICKUP_EXPIRE, pickup,
                   w->pickups.pool.generation[pickup], 0);
}

/* It has a slot. */
static void order_shelf_take(struct omo_world *w, uint32_t pickup)
{
    struct pickup *k = &w->pickups.item[pickup];
    struct draw_cursor c;

    order_shelf_level(w, k->place, 1);
    k->ready_us = w->now_us;
    if (k->order == OMO_NONE) {
        const struct network *n = &w->model->network;
        draw_begin(&c, w->key, DRAW_PARCEL, k->identity, 1);
        int64_t after_us = law_draw_us(&n->parcel_point[n->place[k->place].parcels].collect, &c);
        world_schedule(w, w->now_us + after_us, EVENT_COLLECT, pickup,
                       w->pickups.pool.generation[pickup], 0);
        return;
    }
    const struct order *o = &w->orders.order[k->order];
    struct order_detail *d = &w->orders.detail[o->detail];
    bool locker = w->model->network.place[k->place].kind == OMO_PLACE_LOCKER;
    feed_span(&w->feed, locker ? FACT_DELIVERED : FACT_READY,
              world_about(k->identity, d->part[k->part].place, k->channel),
              (int64_t)d->part[k->part].units, w->now_us - o->placed_us);
    d->ready_us = w->now_us;
    order_shelf_expect(w, pickup);
}

void order_shelf_put(struct omo_world *w, const struct pickup *what)
{
    bool room = order_shelf_room(w, what->place);
    uint32_t pickup = pool_take(&w->pickups.pool);

    w->pickups.item[pickup] = *what;
    if (room) {
        order_shelf_take(w, pickup);
        return;
    }
    pickups_wait(&w->pickups, what->place, pickup);
    order_shelf_back(w, what->place, 1);
    if (what->order == OMO_NONE)
        return;
    const struct order *o = &w->orders.order[what->order];
    feed_none(&w->feed, FACT_SHELF_WAIT, world_about(what->identity, what->place, what->channel),
              w->orders.detail[o->detail].part[what->part].units);
}

void order_shelf_leave(struct omo_world *w, uint32_t pickup)
{
    uint32_t place = w->pickups.item[pickup].place;

    w->pickups.item[pickup].place = OMO_NONE; /* it stands nowhere */
    pool_give(&w->pickups.pool, pickup);
    order_shelf_level(w, place, -1);
    if (w->pickups.shelf[place].back_count == 0 ||
        order_shelf_full(&w->model->network.place[place], w->pickups.shelf[place].level))
        return;
    uint32_t next = pickups_next(&w->pickups, place);
    order_shelf_back(w, place, -1);
    order_shelf_take(w, next);
}
