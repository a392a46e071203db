/* Routing an order to another place: a shop takes over what another one was to serve, because it has
 * hands free, or because the other found an empty shelf where the books see goods.
 *
 * The clerk of the new place says how many of the order's units are to be picked here. Those that are
 * here already count; the rest comes from lines of other places of which nothing is picked yet beyond
 * what stays there. Units are reserved here first and released there then, in one transaction, so
 * that no unit of the order is without a home and none has two. A line that is taken over in part
 * becomes two lines. Asking again changes nothing.
 */
#include "backend/shop.h"

/* Takes `units` of a line over; they are there. `number` is that of a new line. */
static void route_move(struct call *call, const struct order *o, const struct order_part *p,
                       int64_t position, int64_t units, int64_t number)
{
    struct store *store = call->store;
    const bool whole = units == p->quantity;

    units_put(call, &(struct units_change){p->position, 0, -units, "routed", o->reference});
    if (store_run(store, STATEMENT_reservation_cut, "iii", o->id, p->number, units) == 0)
        store_run(store, STATEMENT_reservation_drop, "ii", o->id, p->number);
    if (whole) {
        store_run(store, STATEMENT_order_line_move, "iii", o->id, p->number, position);
    } else {
        store_run(store, STATEMENT_order_line_cut, "iii", o->id, p->number, p->quantity - units);
        store_run(store, STATEMENT_order_line_add, "iiiii", o->id, number, position, units,
                  p->price_cents);
    }
    store_run(store, STATEMENT_reservation_add, "iiii", o->id, whole ? p->number : number, position,
              units);
}

/* Takes over as much of a line as is wanted and there; returns the units. */
static int64_t route_line(struct call *call, const struct order *o, const struct order_part *p,
                          int64_t place, int64_t wanted, int64_t number)
{
    const int64_t position = units_position(place, p->position & UINT32_MAX);
    int64_t units = MIN(wanted, p->quantity - p->picked);

    if (p->position >> 32 == place)
        return 0;
    units = MIN(units, MAX(units_available(call, position), 0));
    if (units == 0 ||
        !units_take(call, &(struct units_change){position, 0, units, "routed", o->reference}))
        return 0;
    route_move(call, o, p, position, units, number);
    return units;
}

static void route_now(struct call *call)
{
    struct order_part part[SHOP_PARTS_MAX];
    int64_t place, quantity, left;
    struct order order;

    if (!shop_own_place(call, &place) ||
        !call_whole(call, "quantity", 1, CALL_QUANTITY_MAX, &quantity) ||
        !order_load(call, ORDER_OF_ANYBODY, &order))
        return;
    if (order_has_ended(call, &order)) {
        call_refuse(call, 409, "order_cancelled", "the order was cancelled");
        return;
    }
    const uint32_t count = order_parts(call, order.id, part);
    uint32_t number = count > 0 ? (uint32_t)part[count - 1].number : 0;
    left = quantity;
    for (uint32_t i = 0; i < count; i++)
        if (part[i].position >> 32 == place)
            left -= part[i].quantity - part[i].picked;
    const bool here = left <= 0;
    for (uint32_t i = 0; i < count && left > 0 && number < SHOP_PARTS_MAX; i++) {
        const int64_t units = route_line(call, &order, &part[i], place, left, number + 1);
        number += units > 0 && units < part[i].quantity;
        left -= units;
    }
    if (left > 0)
        call_refuse(call, 409, "sold_out", "%" G_GINT64_FORMAT " of these units cannot be had here",
                    left);
    else
        order_answer(call, here ? 200 : 201, &order);
}

/* POST /orders/{reference}/routes */
void order_reroute(struct call *call) { once(call, route_now); }
