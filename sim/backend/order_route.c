/* Sending an order's open lines to another place: a shop that is short of hands, or that finds an
 * empty shelf where the books see goods.
 *
 * What is picked stays; what is not is reserved at the other place first and released here then, in
 * one transaction, so that no unit of the order is without a home and none has two. A line that is
 * picked in part becomes two lines.
 */
#include "backend/shop.h"

/* Moves what is not picked of one line. */
static bool route_move(struct call *call, const struct order *o, const struct order_part *p,
                       int64_t to)
{
    const int64_t units = p->quantity - p->picked;
    const int64_t there = units_position(to, p->position & UINT32_MAX);
    int64_t number = p->number;

    if (!units_take(call, &(struct units_change){there, 0, units, "routed", o->reference})) {
        call_refuse(call, 409, "sold_out", "%s has not all of it", shop_place_name(call, there));
        return false;
    }
    units_put(call, &(struct units_change){p->position, 0, -units, "routed", o->reference});
    if (p->picked == 0) {
        store_run(call->store, STATEMENT_order_line_move, "iii", o->id, number, there);
        store_run(call->store, STATEMENT_reservation_drop, "ii", o->id, number);
    } else {
        store_run(call->store, STATEMENT_order_line_cut, "iii", o->id, number, p->picked);
        if (store_run(call->store, STATEMENT_reservation_cut, "iii", o->id, number, units) == 0)
            store_run(call->store, STATEMENT_reservation_drop, "ii", o->id, number);
        store_bind(call->store, STATEMENT_order_line_last, "i", o->id);
        number = store_row(call->store, STATEMENT_order_line_last)
                     ? store_int(call->store, STATEMENT_order_line_last, 0) + 1
                     : 1;
        store_run(call->store, STATEMENT_order_line_add, "iiiii", o->id, number, there, units,
                  p->price_cents);
    }
    store_run(call->store, STATEMENT_reservation_add, "iiii", o->id, number, there, units);
    return true;
}

static void route_now(struct call *call)
{
    struct order_part part[SHOP_PARTS_MAX];
    int64_t from, to, moved = 0;
    struct order order;
    const char *name;

    if (!shop_own_place(call, &from) || !call_text(call, "to", &name) ||
        !shop_place(call, name, &to) || !order_load(call, ORDER_OF_ANYBODY, &order))
        return;
    if (order_has_ended(call, &order)) {
        call_refuse(call, 409, "order_cancelled", "the order was cancelled");
        return;
    }
    if (from == to) {
        call_refuse(call, 400, "bad_request", "to: expected another place");
        return;
    }
    const uint32_t count = order_parts(call, order.id, part);
    for (uint32_t i = 0; i < count; i++) {
        if (part[i].position >> 32 != from || part[i].picked == part[i].quantity)
            continue;
        if (count + moved >= SHOP_PARTS_MAX) {
            call_refuse(call, 409, "out_of_turn", "the order is in too many parts already");
            return;
        }
        if (!route_move(call, &order, &part[i], to))
            return;
        moved++;
    }
    if (moved == 0)
        call_refuse(call, 409, "out_of_turn", "nothing of the order is open here");
    else
        order_answer(call, 201, &order);
}

/* POST /orders/{reference}/routes */
void order_reroute(struct call *call) { once(call, route_now); }
