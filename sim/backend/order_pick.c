/* What clerks do with an order's goods: fetch the list, pick, make ready, hand over.
 *
 * Each step counts units of the order's lines at the place where the clerk works, and none can pass
 * the one before: picked <= ordered, ready <= picked, handed over <= picked. A clerk says how many
 * units, of all of the order's lines there or of one SKU; they are counted on the lines in their
 * order. An order that is not paid is not picked: its units would be back on the shelf when its time
 * is over.
 *
 * Until the goods are handed over they are in stock and reserved; handing over takes them from both.
 * Who brings the code that the payment gave collects without knowing anything else.
 */
#include "backend/shop.h"

#include <string.h>

enum pick_step { PICK_PICK, PICK_READY, PICK_HAND_OVER };

static bool pick_is_open(struct call *call, const struct order *o)
{
    if (order_has_ended(call, o))
        call_refuse(call, 409, "order_cancelled", "the order was cancelled");
    else if (o->status != ORDER_PAID)
        call_refuse(call, 409, "not_paid", "the order is not paid");
    return call->status == 0;
}

/* GET /orders/{reference}/pick-list?place=: what is still to be picked there */
void order_pick_list(struct call *call)
{
    const char *place = call_parameter(call, "place");
    struct order_part part[SHOP_PARTS_MAX];
    struct order order;

    if (call->status != 0 || !order_load(call, ORDER_OF_ANYBODY, &order) ||
        !pick_is_open(call, &order))
        return;
    if (place == NULL || strcmp(place, call->clerk) != 0) {
        call_refuse(call, place == NULL ? 400 : 403, place == NULL ? "bad_request" : "forbidden",
                    "place: expected %s, where you work", call->clerk);
        return;
    }
    json_t *list = json_array();
    const uint32_t count = order_parts(call, order.id, part);
    for (uint32_t i = 0; i < count; i++)
        if (part[i].quantity > part[i].picked &&
            strcmp(shop_place_name(call, part[i].position), place) == 0)
            json_array_append_new(list, json_pack("{s:s, s:I}", "sku",
                                                  shop_product_name(call, part[i].position),
                                                  "quantity", part[i].quantity - part[i].picked));
    call_answer(call, 200,
                json_pack("{s:s, s:s, s:o}", "reference", order.reference, "place", place, "lines",
                          list));
}

/* ---- steps ------------------------------------------------------------------------------------ */

static int64_t pick_room(const struct order_part *p, enum pick_step step)
{
    if (step == PICK_PICK)
        return p->quantity - p->picked;
    return p->picked - (step == PICK_READY ? p->ready : p->handed_over);
}

/* Units of a line have left for the customer. */
static void pick_take(struct call *call, const struct order *o, const struct order_part *p,
                      int64_t units)
{
    if (store_run(call->store, STATEMENT_reservation_cut, "iii", o->id, p->number, units) == 0)
        store_run(call->store, STATEMENT_reservation_drop, "ii", o->id, p->number);
    units_put(call,
              &(struct units_change){p->position, -units, -units, "handed over", o->reference});
}

/* Counts `quantity` units (0 = all that there are) of the order's lines at a place, of one product
 * or of all (product 0). Refuses when there are not so many. */
static bool pick_count(struct call *call, struct order *o, enum pick_step step, int64_t place,
                       int64_t product, int64_t quantity)
{
    struct order_part part[SHOP_PARTS_MAX];
    const uint32_t count = order_parts(call, o->id, part);
    int64_t room = 0;

    for (uint32_t i = 0; i < count; i++) {
        const bool here = part[i].position >> 32 == place &&
                          (product == 0 || (part[i].position & UINT32_MAX) == product);
        part[i].quantity = here ? pick_room(&part[i], step) : 0; /* now what may be counted */
        room += part[i].quantity;
    }
    int64_t left = quantity == 0 ? room : quantity;
    if (left > room || left == 0) {
        call_refuse(call, 409, "out_of_turn", "%" G_GINT64_FORMAT " units here can be, not more",
                    room);
        return false;
    }
    for (uint32_t i = 0; i < count && left > 0; i++) {
        const int64_t units = MIN(left, part[i].quantity);
        if (units == 0)
            continue;
        left -= units;
        store_run(call->store, STATEMENT_order_line_count, "iiiiii", o->id, part[i].number,
                  step == PICK_PICK ? units : 0, step == PICK_READY ? units : 0,
                  step == PICK_HAND_OVER ? units : 0, INT64_C(0));
        if (step == PICK_HAND_OVER)
            pick_take(call, o, &part[i], units);
    }
    order_progress(call, o);
    return true;
}

/* Body's `sku`, if there is one; 0 = all. */
static bool pick_product(struct call *call, int64_t *ret_product)
{
    struct shop_product product = {0};
    const char *sku;

    if (!call_text_or(call, "sku", NULL, &sku) ||
        (sku != NULL && !shop_product(call, sku, &product)))
        return false;
    *ret_product = product.id;
    return true;
}

static void pick_step(struct call *call, enum pick_step step)
{
    int64_t place, quantity, product;
    struct order order;

    if (shop_own_place(call, &place) &&
        call_whole(call, "quantity", 1, CALL_QUANTITY_MAX, &quantity) &&
        pick_product(call, &product) && order_load(call, ORDER_OF_ANYBODY, &order) &&
        pick_is_open(call, &order) && pick_count(call, &order, step, place, product, quantity))
        order_answer(call, 201, &order);
}

static void pick_pick(struct call *call) { pick_step(call, PICK_PICK); }
static void pick_ready(struct call *call) { pick_step(call, PICK_READY); }
static void pick_hand_over(struct call *call) { pick_step(call, PICK_HAND_OVER); }

/* POST /orders/{reference}/picks, ready, collections, deliveries */
void order_pick(struct call *call) { once(call, pick_pick); }
void order_ready(struct call *call) { once(call, pick_ready); }
void order_hand_over(struct call *call) { once(call, pick_hand_over); }
void order_deliver(struct call *call) { once(call, pick_hand_over); }

static void pick_collect(struct call *call)
{
    const char *code;
    struct order order;
    int64_t place;

    if (!call_text(call, "code", &code) || !shop_own_place(call, &place))
        return;
    store_bind(call->store, STATEMENT_order_of_code, "t", code);
    if (!order_by(call, STATEMENT_order_of_code, &order))
        call_refuse(call, 404, "no_such_code", "no order has this code");
    else if (pick_is_open(call, &order) && pick_count(call, &order, PICK_HAND_OVER, place, 0, 0))
        order_answer(call, 201, &order);
}

/* POST /collections: all that is picked here of the order with this code */
void order_collect_by_code(struct call *call) { once(call, pick_collect); }
