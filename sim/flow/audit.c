/* Conservation, always on: at the end of the warm-up and at the horizon every unit, cent and
 * coupon is counted again.
 *
 * Two independent sums must agree: what the columns hold (recounted position by position, order
 * by order, member by member) and what the facts since the last audit say must be there. A
 * mismatch is a bug in the simulator and stops the run with the law's name and both sums. Costs
 * one pass over the positions. Every midnight the books are closed the cheap way: levels that are kept
 * running against the facts, so that a mistake is found within a day of its making. */
#include "flow/member.h"

struct audit_count {
    int64_t free_units, reserved_units, held_units, on_order_units, backordered, in_stock, value;
    int64_t lot_units, lot_free_units;
    int64_t waiting_units, waiting_cents;
    int64_t coupons_held, points_held, members;
    int64_t carried_units;
    int64_t held_cents;                         /* for group buys that are filling */
    int64_t phantom, phantom_units, inaccurate; /* net; missing ones; positions */
    int64_t quarantined, returning;             /* units; returning: not yet arrived */
    int64_t posted_units, requested_cents;
    int64_t due_cents;
    int64_t shelf_level, shelf_back, boxes, boxes_back;
    int64_t pickups, parcels; /* all to be fetched; third parties' */
};

static void audit_count_place(const struct omo_world *w, uint32_t place, struct audit_count *c)
{
    const struct network *n = &w->model->network;
    const struct place *p = &n->place[place];
    const struct stock *s = &w->stock;
    uint32_t count = network_place_positions(n, p);

    for (uint32_t rank = 0; rank < count; rank++) {
        size_t at = p->position_first + rank;
        const struct assortment *a = &n->assortment[p->assortment];
        int32_t free_units = stock_free(s, at);
        OMO_ASSERT(s->available[at] >= 0 && s->reserved[at] >= 0 && s->on_order[at] >= 0);
        OMO_ASSERT(s->fenced == NULL || s->fenced[at] >= 0);
        c->free_units += free_units;
        c->reserved_units += s->reserved[at];
        c->on_order_units += s->on_order[at];
        c->in_stock += stock_has(s, at);
        int32_t quarantined = s->quarantined != NULL ? s->quarantined[at] : 0;
        OMO_ASSERT(quarantined >= 0);
        c->quarantined += quarantined;
        int32_t phantom = s->phantom != NULL ? s->phantom[at] : 0;
        OMO_ASSERT(s->phantom == NULL || stock_shelf(s, at) >= 0);
        OMO_ASSERT(s->phantom == NULL || (s->picked[at] >= 0 && s->picked[at] <= s->reserved[at]));
        c->phantom += phantom;
        c->phantom_units += core_max_i32(phantom, 0);
        c->inaccurate += phantom != 0;
        c->value += (int64_t)(free_units + s->reserved[at] + quarantined - phantom) *
                    n->cost_cents[a->sku[rank]];
        c->backordered += s->backordered != NULL ? s->backordered[at] : 0;
        if (a->lot_first == NULL || a->lot_first[rank] == OMO_NONE)
            continue;
        c->lot_free_units += free_units;
        for (uint32_t age = 0; age < n->shelf_life_days[a->sku[rank]]; age++)
            c->lot_units += s->lot[p->lot_first + a->lot_first[rank] + age];
    }
}

/* What is to be fetched, shelf by shelf, and what is still to be paid. */
static void audit_count_pickups(const struct omo_world *w, struct audit_count *c)
{
    for (uint32_t i = 0; i < w->model->network.place_count; i++) {
        const struct shelf *s = &w->pickups.shelf[i];
        bool locker = w->model->network.place[i].kind == OMO_PLACE_LOCKER;
        *(locker ? &c->boxes : &c->shelf_level) += s->level;
        *(locker ? &c->boxes_back : &c->shelf_back) += s->back_count;
        c->pickups += s->level + s->back_count;
    }
    /* A detail that is given back owes nothing, a pickup that is given back stands nowhere. */
    for (uint32_t i = 0; i < w->orders.details.touched; i++)
        c->due_cents += w->orders.detail[i].due_cents;
    for (uint32_t i = 0; i < w->pickups.pool.touched; i++)
        c->parcels += w->pickups.item[i].place != OMO_NONE && w->pickups.item[i].order == OMO_NONE;
}

/* What customers hold who queue at a place's till with limited patience. */
static int64_t audit_count_carried(const struct omo_world *w, uint32_t place)
{
    const struct orders *o = &w->orders;
    int64_t units = 0;

    for (uint32_t slot = w->station[place * OMO_ROLE_COUNT + OMO_ROLE_TILL].first; slot != OMO_NONE;
         slot = o->till_link[slot])
        for (uint32_t i = 0; o->order[slot].carried != OMO_NONE &&
                             i < o->carried[o->order[slot].carried].line_count;
             i++)
            units += o->carried[o->order[slot].carried].quantity[i];
    return units;
}

/* Members: the prefixes of the zones, and those of the table that stand outside of them. */
static void audit_count_members(const struct omo_world *w, struct audit_count *c)
{
    const struct members *t = &w->members;

    for (uint32_t i = 0; t->zone != NULL && i < w->model->demand.zone_count; i++)
        c->members += (int64_t)t->zone[i].joined - t->zone[i].gone;
    for (uint32_t i = 0; i < t->capacity; i++) {
        const struct member *e = &t->item[i];
        if (e->key == 0)
            continue;
        for (uint32_t k = 0; k < w->model->demand.coupon_count; k++)
            c->coupons_held += e->coupon[k] & 1;
        c->points_held += points_of(w, e);
        if (t->zone != NULL)
            c->members += member_aside(w, e);
    }
}

/* A slot that was given back holds no units. */
static void audit_count_returns(const struct omo_world *w, struct audit_count *c)
{
    const struct returns *r = &w->returns;

    for (uint32_t i = 0; i < r->pool.touched; i++) {
        const struct return_item *item = &r->item[i];
        if (item->quantity == 0)
            continue;
        c->returning += item->stage != RETURN_HERE ? item->quantity : 0;
        c->posted_units += item->stage == RETURN_POSTED ? item->quantity : 0;
        c->requested_cents += item->stage != RETURN_OUT ? item->cents : 0;
    }
}

static void audit_count_groups(const struct omo_world *w, struct audit_count *c)
{
    const struct groups *g = &w->groups;

    for (uint32_t i = 0; i < w->model->demand.group_columns; i++)
        if (g->open[i] != OMO_NONE)
            for (uint32_t at = g->group[g->open[i]].first; at != OMO_NONE; at = g->joiner[at].next)
                c->held_cents += g->joiner[at].held_cents;
}

static void audit_count_all(const struct omo_world *w, struct audit_count *c)
{
    const struct network *n = &w->model->network;

    *c = (struct audit_count){0};
    for (uint32_t i = 0; i < n->place_count; i++) {
        audit_count_place(w, i, c);
        c->carried_units += audit_count_carried(w, i);
    }
    if (w->waiting.first != NULL)
        for (size_t at = 0; at < n->position_count; at++)
            for (uint32_t i = w->waiting.first[at]; i != OMO_NONE; i = w->waiting.waiter[i].next) {
                c->waiting_units += w->waiting.waiter[i].quantity;
                c->waiting_cents += w->waiting.waiter[i].cents;
            }
    for (uint32_t i = 0; i < w->checkouts.pool.touched; i++) {
        uint32_t slot = w->checkouts.item[i].slot;
        c->held_units += slot != OMO_NONE
                             ? order_hold_units(&w->orders.detail[w->orders.order[slot].detail])
                             : 0;
    }
    audit_count_members(w, c);
    audit_count_returns(w, c);
    audit_count_groups(w, c);
    audit_count_pickups(w, c);
}

static bool audit_equal(struct omo_world *w, const char *law, int64_t counted, int64_t expected)
{
    if (counted == expected)
        return true;
    w->status = core_error(w->error, OMO_EAUDIT, "%s: counted %lld, the facts say %lld", law,
                           (long long)counted, (long long)expected);
    return false;
}

static int64_t audit_quantity(const struct omo_world *w, enum fact_kind kind)
{
    return tally_quantity(&w->tally, kind, TALLY_ALL);
}

static int64_t audit_cents(const struct omo_world *w, enum fact_kind kind)
{
    return tally_cents(&w->tally, kind, TALLY_ALL);
}

/* Units reserved for orders that are still with the place: what is taken away, and its backorders,
 * leave at once. */
static int64_t audit_reserved_kept(const struct omo_world *w)
{
    int64_t units = 0;

    for (uint32_t i = 0; i < w->model->demand.channel_count; i++)
        if (w->model->demand.channel[i].mode->path != MODE_TAKE_AWAY)
            units += tally_quantity(&w->tally, FACT_RESERVED, i);
    return units;
}

/* What the facts say of points held, and of members. */
static int64_t audit_points(const struct omo_world *w)
{
    return w->audit.points_held + audit_cents(w, FACT_POINTS_EARNED) -
           audit_cents(w, FACT_POINTS_SPENT) - audit_cents(w, FACT_POINTS_TAKEN_BACK) -
           audit_cents(w, FACT_POINTS_LAPSED);
}

static int64_t audit_members(const struct omo_world *w)
{
    return w->audit.members + audit_quantity(w, FACT_MEMBERS_JOINED) -
           audit_quantity(w, FACT_MEMBERS_LEFT);
}

static bool audit_pickups(struct omo_world *w, const struct audit_count *c)
{
    const struct gauge *g = w->tally.gauge;

    return audit_equal(w, "orders to be fetched", c->pickups, w->pickups.pool.used) &&
           audit_equal(w, "gauge of pickup shelves", g[GAUGE_SHELF_LEVEL].level, c->shelf_level) &&
           audit_equal(w, "gauge of full shelves' backs", g[GAUGE_SHELF_BACK].level,
                       c->shelf_back) &&
           audit_equal(w, "gauge of boxes", g[GAUGE_BOXES_TAKEN].level, c->boxes) &&
           audit_equal(w, "gauge of parcels without a box", g[GAUGE_BOXES_BACK].level,
                       c->boxes_back) &&
           audit_equal(w, "third parties' parcels", c->parcels,
                       w->audit.parcels + tally_count(&w->tally, FACT_PARCEL_IN, TALLY_ALL) -
                           tally_count(&w->tally, FACT_PARCEL_OUT, TALLY_ALL));
}

/* What the facts say must be there: units on shelves or carried by customers, reserved ones, those
 * in quarantine, those on record alone; what was paid beyond what is still waited for. */
/* Units held by now for check-outs that were not paid, on top of those at the last audit. */
static int64_t audit_held(const struct omo_world *w)
{
    return audit_quantity(w, FACT_HELD) - audit_quantity(w, FACT_HOLD_RELEASED) -
           audit_quantity(w, FACT_HOLD_PAID);
}

static int64_t audit_due_free(const struct omo_world *w)
{
    const struct audit *base = &w->audit;

    return base->free_units + base->carried_units + audit_quantity(w, FACT_OPENING) -
           base->opening_units + audit_quantity(w, FACT_RECEIVED) -
           audit_quantity(w, FACT_RESERVED) - audit_quantity(w, FACT_WASTED) -
           audit_quantity(w, FACT_ISSUED) + audit_quantity(w, FACT_RESTOCKED) +
           audit_quantity(w, FACT_WRITTEN_UP) - audit_quantity(w, FACT_WRITTEN_OFF) +
           audit_quantity(w, FACT_RELEASED) + audit_quantity(w, FACT_BROUGHT_BACK) - audit_held(w) +
           audit_quantity(w, FACT_ENTRY_ERROR);
}

static int64_t audit_due_reserved(const struct omo_world *w)
{
    return w->audit.reserved_units + audit_reserved_kept(w) - audit_quantity(w, FACT_SHIPPED) -
           audit_quantity(w, FACT_COLLECTED) - audit_quantity(w, FACT_PICK_NIL) -
           audit_quantity(w, FACT_RELEASED) + audit_held(w) - audit_quantity(w, FACT_ENTRY_ERROR);
}

static int64_t audit_due_quarantine(const struct omo_world *w)
{
    return w->audit.quarantined + audit_quantity(w, FACT_RETURNED) -
           audit_quantity(w, FACT_RETURN_INSPECTED);
}

static int64_t audit_due_phantom(const struct omo_world *w)
{
    return w->audit.phantom + audit_quantity(w, FACT_SHRUNK) + audit_quantity(w, FACT_WRITTEN_UP) -
           audit_quantity(w, FACT_WRITTEN_OFF) - audit_quantity(w, FACT_PICK_NIL);
}

static int64_t audit_due_money(const struct omo_world *w)
{
    return audit_cents(w, FACT_RESERVED) - audit_cents(w, FACT_PICK_NIL) +
           audit_cents(w, FACT_FEE) + audit_cents(w, FACT_CANCELLED) - w->audit.waiting_cents;
}

static int64_t audit_due_coupons(const struct omo_world *w)
{
    return w->audit.coupons_held + tally_count(&w->tally, FACT_CLAIMED, TALLY_ALL) -
           tally_count(&w->tally, FACT_REDEEMED, TALLY_ALL);
}

/* Returned goods: what was asked for is on its way, what came back is looked at, what was looked at
 * is on sale or waste; and who brought it is paid what was paid for it. */
static bool audit_check_returns(struct omo_world *w, const struct audit_count *c)
{
    const struct audit *base = &w->audit;
    const struct gauge *g = w->tally.gauge;
    int64_t requested = audit_quantity(w, FACT_RETURN_REQUESTED),
            returned = audit_quantity(w, FACT_RETURNED),
            inspected = audit_quantity(w, FACT_RETURN_INSPECTED);

    return audit_equal(w, "units in quarantine", c->quarantined, audit_due_quarantine(w)) &&
           audit_equal(w, "units inspected", inspected,
                       audit_quantity(w, FACT_RESTOCKED) + audit_quantity(w, FACT_RETURN_WASTED)) &&
           audit_equal(w, "returns posted", c->posted_units,
                       base->posted_units + requested - returned) &&
           audit_equal(w, "money of returns", c->requested_cents,
                       base->requested_cents + audit_cents(w, FACT_RETURN_REQUESTED) -
                           audit_cents(w, FACT_RETURN_INSPECTED)) &&
           audit_equal(w, "gauge of returns", g[GAUGE_RETURNING].level, c->returning) &&
           audit_equal(w, "gauge of quarantine", g[GAUGE_QUARANTINE].level, c->quarantined);
}

/* What is on record and not there has vanished, and nobody has noticed. */
static bool audit_check_record(struct omo_world *w, const struct audit_count *c)
{
    const struct gauge *g = w->tally.gauge;

    return audit_equal(w, "units on record and not there", c->phantom, audit_due_phantom(w)) &&
           audit_equal(w, "gauge of phantom units", g[GAUGE_PHANTOM].level, c->phantom_units) &&
           audit_equal(w, "gauge of wrong positions", g[GAUGE_INACCURATE].level, c->inaccurate);
}

/* Group buys that are filling, and subscriptions. */
static bool audit_check_followed(struct omo_world *w, const struct audit_count *c)
{
    const struct audit *base = &w->audit;

    return audit_equal(w, "money held for group buys", c->held_cents,
                       base->held_cents + audit_cents(w, FACT_JOINED) -
                           audit_cents(w, FACT_GROUP_RELEASED)) &&
           audit_equal(w, "subscriptions", w->tally.gauge[GAUGE_SUBSCRIPTIONS].level,
                       base->subscriptions + tally_count(&w->tally, FACT_SUBSCRIBED, TALLY_ALL) -
                           tally_count(&w->tally, FACT_UNSUBSCRIBED, TALLY_ALL));
}

bool audit_check(struct omo_world *w)
{
    const struct audit *base = &w->audit;
    const struct gauge *g = w->tally.gauge;
    struct audit_count c;

    audit_count_all(w, &c);
    return audit_equal(w, "units free", c.free_units + c.carried_units, audit_due_free(w)) &&
           audit_equal(w, "units reserved", c.reserved_units, audit_due_reserved(w)) &&
           audit_equal(w, "units held", c.held_units, base->held_units + audit_held(w)) &&
           audit_equal(w, "gauge of units held", g[GAUGE_HELD].level, c.held_units) &&
           audit_equal(w, "units on order", c.on_order_units,
                       base->on_order_units + w->ordered_units -
                           audit_quantity(w, FACT_RECEIVED)) &&
           audit_equal(w, "gauge of units", g[GAUGE_UNITS].level,
                       c.free_units + c.reserved_units + c.quarantined - c.phantom) &&
           audit_equal(w, "gauge of value", g[GAUGE_VALUE].level, c.value) &&
           audit_equal(w, "gauge of positions in stock", g[GAUGE_IN_STOCK].level, c.in_stock) &&
           audit_equal(w, "gauge of units in transit", g[GAUGE_IN_TRANSIT].level,
                       c.on_order_units) &&
           audit_equal(w, "units backordered", c.backordered, c.waiting_units) &&
           audit_equal(w, "gauge of backorders", g[GAUGE_BACKORDERS].level, c.backordered) &&
           audit_equal(w, "units in lots", c.lot_units, c.lot_free_units) &&
           audit_equal(w, "orders open", g[GAUGE_ORDERS_OPEN].level,
                       (int64_t)w->orders.details.used - w->checkouts.pool.used) &&
           audit_equal(w, "money", audit_cents(w, FACT_PLACED),
                       audit_due_money(w) + c.waiting_cents) &&
           audit_equal(w, "money due", c.due_cents,
                       base->due_cents + audit_cents(w, FACT_DUE) - audit_cents(w, FACT_SETTLED) -
                           audit_cents(w, FACT_WAIVED)) &&
           audit_pickups(w, &c) &&
           audit_equal(w, "coupons", c.coupons_held, audit_due_coupons(w)) &&
           audit_equal(w, "points", c.points_held, audit_points(w)) &&
           audit_equal(w, "gauge of points", g[GAUGE_POINTS].level, c.points_held) &&
           (w->members.zone == NULL ||
            (audit_equal(w, "members", c.members, audit_members(w)) &&
             audit_equal(w, "gauge of members", g[GAUGE_MEMBERS].level, c.members))) &&
           audit_check_followed(w, &c) && audit_check_returns(w, &c) && audit_check_record(w, &c);
}

bool audit_night(struct omo_world *w)
{
    const struct gauge *g = w->tally.gauge;
    int64_t carried_units = 0;

    for (uint32_t i = 0; w->orders.carrying.used != 0 && i < w->model->network.place_count; i++)
        carried_units += audit_count_carried(w, i);
    return audit_equal(w, "night: units", g[GAUGE_UNITS].level,
                       audit_due_free(w) - carried_units + audit_due_reserved(w) +
                           audit_due_quarantine(w) - audit_due_phantom(w)) &&
           audit_equal(w, "night: units in transit", g[GAUGE_IN_TRANSIT].level,
                       w->audit.on_order_units + w->ordered_units -
                           audit_quantity(w, FACT_RECEIVED)) &&
           (w->waiting.first != NULL ||
            audit_equal(w, "night: money", audit_cents(w, FACT_PLACED), audit_due_money(w))) &&
           audit_equal(w, "night: coupons", w->members.coupons_held, audit_due_coupons(w)) &&
           audit_equal(w, "night: points", g[GAUGE_POINTS].level, audit_points(w)) &&
           (w->members.zone == NULL ||
            (audit_equal(w, "night: members", g[GAUGE_MEMBERS].level, audit_members(w)) &&
             audit_equal(w, "night: members of zones", member_count(w), audit_members(w))));
}

void audit_reset(struct omo_world *w)
{
    struct audit_count c;

    audit_count_all(w, &c);
    w->audit = (struct audit){
        .free_units = c.free_units,
        .reserved_units = c.reserved_units,
        .on_order_units = c.on_order_units,
        .held_units = c.held_units,
        .waiting_cents = c.waiting_cents,
        .coupons_held = c.coupons_held,
        .phantom = c.phantom,
        .due_cents = c.due_cents,
        .parcels = c.parcels,
        .carried_units = c.carried_units,
        .members = c.members,
        .points_held = c.points_held,
        .quarantined = c.quarantined,
        .posted_units = c.posted_units,
        .requested_cents = c.requested_cents,
        .opening_units = audit_quantity(w, FACT_OPENING),
        .held_cents = c.held_cents,
        .subscriptions = w->tally.gauge[GAUGE_SUBSCRIPTIONS].level,
    };
    w->ordered_units = 0;
}
