/* Goods come back, to any place: the one that sold them, another shop, a warehouse.
 *
 * They are on the shelf there from this moment on, and can be sold again; the customer gets back what
 * they cost, the order's discount taken into account (order.c), and gives back the points that were
 * earned with them. No more can come back than was handed over.
 */
#include "backend/shop.h"

/* Units of a product come back; ret_units of the lines that they were counted on. */
static bool return_count(struct call *call, const struct order *o, struct order_part *part,
                         uint32_t count, int64_t product, int64_t quantity, int64_t place)
{
    int64_t room = 0, left = quantity;

    for (uint32_t i = 0; i < count; i++)
        if (product == 0 || (part[i].position & UINT32_MAX) == product)
            room += part[i].handed_over - part[i].returned;
    if (room < quantity) {
        call_refuse(call, 409, "out_of_turn", "%" G_GINT64_FORMAT " units can come back, not more",
                    room);
        return false;
    }
    for (uint32_t i = 0; i < count && left > 0; i++) {
        const int64_t its = part[i].position & UINT32_MAX;
        const int64_t units =
            product == 0 || its == product ? MIN(left, part[i].handed_over - part[i].returned) : 0;
        if (units == 0)
            continue;
        left -= units;
        part[i].returned += units;
        store_run(call->store, STATEMENT_order_line_count, "iiiiii", o->id, part[i].number,
                  INT64_C(0), INT64_C(0), INT64_C(0), units);
        units_put(call, &(struct units_change){units_position(place, its), units, 0, "returned",
                                               o->reference});
    }
    return true;
}

/* What is to be paid back by now, of the order's total. Up to 10^15 x 10^15 on the way. */
static int64_t return_value(const struct order *o, const struct order_part *part, uint32_t count)
{
    int64_t back_cents = 0;

    for (uint32_t i = 0; i < count; i++)
        back_cents += part[i].returned * part[i].price_cents;
    return o->gross_cents == 0 ? 0
                               : (int64_t)((__int128)o->total_cents * back_cents / o->gross_cents);
}

static void return_now(struct call *call)
{
    struct order_part part[SHOP_PARTS_MAX];
    struct shop_product product = {0};
    int64_t place, quantity;
    struct order order;
    const char *sku;

    if (!shop_own_place(call, &place) ||
        !call_whole(call, "quantity", 1, CALL_QUANTITY_MAX, &quantity) ||
        !call_text_or(call, "sku", NULL, &sku) ||
        (sku != NULL && !shop_product(call, sku, &product)) ||
        !order_load(call, ORDER_OF_ANYBODY, &order))
        return;
    const uint32_t count = order_parts(call, order.id, part);
    if (!return_count(call, &order, part, count, product.id, quantity, place))
        return;
    const int64_t refund_cents =
        return_value(&order, part, count) - (order.total_cents - order.paid_cents);
    const int64_t taken = order_refund(call, &order, refund_cents);
    order_progress(call, &order);
    json_t *answer = order_json(call, &order);
    json_object_set_new(answer, "refunded_cents", json_integer(refund_cents));
    json_object_set_new(answer, "points_taken", json_integer(taken));
    call_answer(call, 201, answer);
}

/* POST /orders/{reference}/returns */
void order_take_back(struct call *call) { once(call, return_now); }
