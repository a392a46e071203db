/* Orders: what they are in the books, and what answers say of them.
 *
 *     placed --pay--> paid --pick, ready--> handed over --> returned
 *        \____________/ cancel, or no payment in time: cancelled
 *
 * Only placed, paid and cancelled are states; how far the goods are is counted per line (units
 * picked, ready, handed over, returned), since an order may be served by several places, part by
 * part. The word that an answer gives is made of both.
 *
 * An order that ends gives everything back in one transaction: its units, its money, its coupon, the
 * points spent on it, and takes back those earned with it. With leak-reservation it forgets the
 * units.
 *
 * Cents are split over returns by what came back so far, rounded once and never twice: refunded =
 * total x value returned / value, so that the last unit brings the last cent.
 */
#include "backend/shop.h"

static const char *order_state(const struct call *call, const struct order *o)
{
    if (order_has_ended(call, o))
        return "cancelled";
    if (o->returned > 0)
        return "returned";
    if (o->handed_over > 0)
        return "handed_over";
    if (o->ready > 0)
        return "ready";
    if (o->picked > 0)
        return "picked";
    return o->status == ORDER_PAID ? "paid" : "placed";
}

bool order_has_ended(const struct call *call, const struct order *o)
{
    return o->status == ORDER_CANCELLED ||
           (o->status == ORDER_PLACED && o->until_us != 0 && o->until_us <= call->now_us);
}

static void order_fill(struct call *call, enum statement s, struct order *o)
{
    int64_t *const field[] = {&o->id,           &o->member,         &o->place,
                              &o->status,       &o->until_us,       &o->units,
                              &o->gross_cents,  &o->discount_cents, &o->total_cents,
                              &o->paid_cents,   &o->coupon,         &o->points_spent,
                              &o->points_given, &o->points_earned,  &o->points_taken,
                              &o->asked};

    for (int i = 0; i < (int)G_N_ELEMENTS(field); i++)
        *field[i] = store_int(call->store, s, i);
    const char *code = store_text(call->store, s, 16);
    g_strlcpy(o->code, code != NULL ? code : "", sizeof o->code);
    g_strlcpy(o->reference, store_text(call->store, s, 17), sizeof o->reference);
}

void order_progress(struct call *call, struct order *o)
{
    const enum statement s = STATEMENT_order_progress;

    store_bind(call->store, s, "i", o->id);
    if (store_row(call->store, s)) {
        o->picked = store_int(call->store, s, 0);
        o->ready = store_int(call->store, s, 1);
        o->handed_over = store_int(call->store, s, 2);
        o->returned = store_int(call->store, s, 3);
    }
}

bool order_by(struct call *call, enum statement s, struct order *ret_order)
{
    *ret_order = (struct order){0};
    if (!store_row(call->store, s))
        return false;
    order_fill(call, s, ret_order);
    order_progress(call, ret_order);
    return true;
}

bool order_find(struct call *call, const char *reference, struct order *ret_order)
{
    store_bind(call->store, STATEMENT_order_find, "t", reference);
    return order_by(call, STATEMENT_order_find, ret_order);
}

uint32_t order_parts(struct call *call, int64_t order, struct order_part *ret_part)
{
    const enum statement s = STATEMENT_order_lines;
    uint32_t count = 0;

    store_bind(call->store, s, "i", order);
    while (count < SHOP_PARTS_MAX && store_row(call->store, s))
        ret_part[count++] =
            (struct order_part){store_int(call->store, s, 0), store_int(call->store, s, 1),
                                store_int(call->store, s, 2), store_int(call->store, s, 3),
                                store_int(call->store, s, 4), store_int(call->store, s, 5),
                                store_int(call->store, s, 6), store_int(call->store, s, 7)};
    return count;
}

bool order_load(struct call *call, enum order_look look, struct order *ret_order)
{
    if (!order_find(call, call->segment[1], ret_order)) {
        call_refuse(call, 404, "no_such_order", "no order has this reference");
        return false;
    }
    if (look == ORDER_OF_MEMBER && ret_order->member != call->member) {
        call_refuse(call, 403, "forbidden", "another member's order");
        return false;
    }
    return true;
}

json_t *order_json(struct call *call, const struct order *o)
{
    char id[32];

    g_snprintf(id, sizeof id, "o-%" G_GINT64_FORMAT, o->id);
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I}", "id", id, "reference",
                     o->reference, "status", order_state(call, o), "units", o->units, "total_cents",
                     o->total_cents, "discount_cents", o->discount_cents, "paid_cents",
                     o->paid_cents, "points_spent", o->points_spent);
}

void order_answer(struct call *call, uint32_t status, const struct order *order)
{
    call_answer(call, status, order_json(call, order));
}

static json_t *order_lines_json(struct call *call, const struct order *o)
{
    struct order_part part[SHOP_PARTS_MAX];
    const uint32_t count = order_parts(call, o->id, part);
    json_t *list = json_array();

    for (uint32_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:I, s:I, s:I}", "sku",
                                              shop_product_name(call, part[i].position), "place",
                                              shop_place_name(call, part[i].position), "quantity",
                                              part[i].quantity, "price_cents", part[i].price_cents,
                                              "handed_over", part[i].handed_over, "returned",
                                              part[i].returned));
    return list;
}

/* GET /orders/{reference}: for its member, with the code that collects it. */
void order_get(struct call *call)
{
    struct order order;

    if (!order_load(call, ORDER_OF_MEMBER, &order))
        return;
    json_t *answer = order_json(call, &order);
    json_object_set_new(answer, "lines", order_lines_json(call, &order));
    if (order.code[0] != '\0')
        json_object_set_new(answer, "code", json_string(order.code));
    call_answer(call, 200, answer);
}

/* ---- ending ----------------------------------------------------------------------------------- */

static void order_write(struct call *call, const struct order *o)
{
    store_run(call->store, STATEMENT_order_write, "iiiiiii", o->id, o->status, o->until_us,
              o->paid_cents, o->points_given, o->points_earned, o->points_taken);
}

int64_t order_refund(struct call *call, struct order *o, int64_t cents)
{
    if (cents > 0)
        store_run(call->store, STATEMENT_payment_add, "iiit", call->now_us, o->id, -cents,
                  "refund");
    o->paid_cents -= cents;
    const int64_t take = o->points_earned - o->points_taken - o->paid_cents / SHOP_POINT_CENTS;
    o->points_taken += take;
    points_add(call, o->member, -take, "taken back", o->reference);
    order_write(call, o);
    return take;
}

static void order_release(struct call *call, const struct order *o, const char *reason)
{
    const enum statement s = STATEMENT_reservation_of_order;
    int64_t position[SHOP_PARTS_MAX], quantity[SHOP_PARTS_MAX];
    uint32_t count = 0;

    store_bind(call->store, s, "i", o->id);
    while (store_row(call->store, s)) {
        g_assert(count < SHOP_PARTS_MAX);
        position[count] = store_int(call->store, s, 0);
        quantity[count++] = store_int(call->store, s, 1);
    }
    for (uint32_t i = 0; i < count; i++)
        units_put(call, &(struct units_change){position[i], 0, -quantity[i], reason, o->reference});
    store_run(call->store, STATEMENT_reservation_end, "i", o->id);
}

void order_end(struct call *call, struct order *o, const char *reason)
{
    if (!faults_has(call->faults, FAULT_leak_reservation))
        order_release(call, o, reason);
    if (o->coupon != 0)
        coupon_give_back(call, o->id, o->coupon, o->member);
    points_add(call, o->member, o->points_spent - o->points_given, "given back", o->reference);
    o->points_given = o->points_spent;
    o->status = ORDER_CANCELLED;
    o->until_us = 0;
    order_refund(call, o, o->paid_cents);
}
