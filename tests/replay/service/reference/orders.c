/* Orders of the reference service, from the cart to the return.
 *
 * An order is known by the reference that its client gave it: the same reference again is the same
 * order (200 in place of 201), whatever happened to the first answer. Stock is taken when the order
 * is placed, all lines or none, and comes back when it is cancelled; what is returned is not for
 * sale again. Clerks work in units of the whole order, since a simulated order may be split over
 * places that this service did not choose: it holds only that nobody picks, hands over or returns
 * more than there is.
 */
#include "shop_private.h"

#include <string.h>

void order_free(gpointer data)
{
    struct order *order = data;

    g_free(order->reference);
    g_free(order->member);
    g_free(order->place);
    g_free(order->channel);
    g_array_unref(order->lines);
    g_free(order);
}

static const char *status_name(const struct order *order)
{
    if (order->status == CANCELLED)
        return "cancelled";
    if (order->returned > 0)
        return "returned";
    if (order->handed_over > 0)
        return "handed_over";
    if (order->ready > 0)
        return "ready";
    if (order->picked > 0)
        return "picked";
    return order->status == PAID ? "paid" : "placed";
}

static struct shop_answer order_answer(uint32_t status, const struct order *order)
{
    g_autofree char *id = g_strdup_printf("o-%" G_GUINT64_FORMAT, order->id);

    return (struct shop_answer){status,
                                json_pack("{s:s, s:s, s:s, s:I, s:I}", "id", id, "reference",
                                          order->reference, "status", status_name(order), "units",
                                          order->units, "total_cents", order->total_cents)};
}

static struct shop_answer no_such_order(void)
{
    return shop_refuse(404, "no_such_order", "no order has this reference");
}

static struct order *order_find(struct shop *shop, const struct shop_call *call)
{
    return g_hash_table_lookup(shop->orders, call->segment[1]);
}

/* ---- customers ------------------------------------------------------------------------------- */

/* All lines or none. Lines of one SKU are taken one after the other. */
static bool take_stock(struct shop *shop, const char *place, const GArray *lines, guint count,
                       bool back)
{
    for (guint i = 0; i < count; i++) {
        const struct line *line = &g_array_index(lines, struct line, i);
        int64_t *left = shop_stock(shop, place, line->sku);
        if (!back && *left < line->quantity) {
            take_stock(shop, place, lines, i, true);
            return false;
        }
        *left += back ? line->quantity : -line->quantity;
    }
    return true;
}

struct shop_answer shop_check_out(struct shop *shop, const struct shop_call *call,
                                  const char *member)
{
    const char *reference = shop_text(call->body, "reference");
    const char *name = shop_text(call->body, "cart"), *place = shop_text(call->body, "place");
    const char *channel = shop_text(call->body, "channel");

    if (reference == NULL || *reference == '\0' || name == NULL || place == NULL || channel == NULL)
        return shop_refuse(400, "bad_request", "an order needs reference, cart, place, channel");
    struct order *order = g_hash_table_lookup(shop->orders, reference);
    struct cart *cart = g_hash_table_lookup(shop->carts, name);
    if (order != NULL && strcmp(order->member, member) == 0) {
        g_hash_table_remove(shop->carts, name);
        return order_answer(200, order);
    }
    if (order != NULL || (cart != NULL && strcmp(cart->member, member) != 0))
        return shop_refuse(403, "forbidden", "another member's");
    if (cart == NULL)
        return shop_refuse(404, "no_such_cart", "the cart is empty or was ordered");
    if (!take_stock(shop, place, cart->lines, cart->lines->len, false)) {
        shop->refused_sold_out++;
        return shop_refuse(409, "sold_out", "a line of the cart is not there any more");
    }
    order = g_new0(struct order, 1);
    order->reference = g_strdup(reference);
    order->member = g_strdup(member);
    order->place = g_strdup(place);
    order->channel = g_strdup(channel);
    order->id = ++shop->next_order;
    order->lines = g_array_ref(cart->lines);
    order->total_cents = cart_total_cents(cart);
    for (guint i = 0; i < order->lines->len; i++)
        order->units += g_array_index(order->lines, struct line, i).quantity;
    shop->units_sold += (uint64_t)order->units;
    g_hash_table_insert(shop->orders, g_strdup(reference), order);
    g_hash_table_remove(shop->carts, name);
    return order_answer(201, order);
}

struct shop_answer shop_pay(struct shop *shop, const struct shop_call *call, const char *member)
{
    struct order *order = order_find(shop, call);
    int64_t cents;

    if (order == NULL || strcmp(order->member, member) != 0)
        return no_such_order();
    if (!shop_whole(call->body, "amount_cents", &cents) || shop_text(call->body, "method") == NULL)
        return shop_refuse(400, "bad_request", "a payment needs amount_cents and method");
    if (order->status == CANCELLED)
        return shop_refuse(409, "order_cancelled", "the order was cancelled");
    if (cents != order->total_cents)
        return shop_refuse(422, "wrong_amount", "the order's total is another");
    if (order->status == PAID)
        return order_answer(200, order);
    order->status = PAID;
    shop->paid_cents += (uint64_t)cents;
    shop_member(shop, member)->points += cents / 100;
    return order_answer(201, order);
}

struct shop_answer shop_cancel(struct shop *shop, const struct shop_call *call, const char *member)
{
    struct order *order = order_find(shop, call);

    if (order == NULL || strcmp(order->member, member) != 0)
        return no_such_order();
    if (order->handed_over > 0)
        return shop_refuse(409, "too_late", "the goods were handed over");
    if (order->status != CANCELLED) {
        if (order->status == PAID)
            shop_member(shop, member)->points -= order->total_cents / 100;
        take_stock(shop, order->place, order->lines, order->lines->len, true);
        order->status = CANCELLED;
        shop->cancelled++;
    }
    return order_answer(200, order);
}

/* ---- clerks ---------------------------------------------------------------------------------- */

struct shop_answer shop_pick_list(struct shop *shop, const struct shop_call *call,
                                  const char *member)
{
    const struct order *order = order_find(shop, call);

    (void)member;
    if (call->place == NULL || *call->place == '\0')
        return shop_refuse(400, "bad_request", "a pick list is of a place");
    if (order == NULL)
        return no_such_order();
    if (order->status == CANCELLED)
        return shop_refuse(409, "order_cancelled", "the order was cancelled");
    json_t *lines = json_array();
    for (guint i = 0; i < order->lines->len; i++) {
        const struct line *line = &g_array_index(order->lines, struct line, i);
        json_array_append_new(lines, json_pack("{s:s, s:I}", "sku", line->sku, "quantity",
                                               line->quantity));
    }
    return (struct shop_answer){200, json_pack("{s:s, s:s, s:o}", "reference", order->reference,
                                               "place", call->place, "lines", lines)};
}

/* Adds units to one of an order's counters, which may not pass `most`. */
static struct shop_answer clerk_moves(struct shop *shop, const struct shop_call *call,
                                      size_t counter, size_t most)
{
    struct order *order = order_find(shop, call);
    const char *place = shop_text(call->body, "place");
    int64_t quantity;

    if (place == NULL || *place == '\0' || !shop_whole(call->body, "quantity", &quantity) ||
        quantity < 1)
        return shop_refuse(400, "bad_request", "place and quantity are needed");
    if (order == NULL)
        return no_such_order();
    if (order->status == CANCELLED)
        return shop_refuse(409, "order_cancelled", "the order was cancelled");
    int64_t *moved = (int64_t *)(void *)((char *)order + counter);
    if (quantity > *(int64_t *)(void *)((char *)order + most) - *moved)
        return shop_refuse(409, "out_of_turn", "more units than the step before has left");
    *moved += quantity;
    return order_answer(201, order);
}

struct shop_answer shop_pick(struct shop *shop, const struct shop_call *call, const char *member)
{
    (void)member;
    return clerk_moves(shop, call, offsetof(struct order, picked), offsetof(struct order, units));
}

struct shop_answer shop_ready(struct shop *shop, const struct shop_call *call, const char *member)
{
    (void)member;
    return clerk_moves(shop, call, offsetof(struct order, ready), offsetof(struct order, picked));
}

struct shop_answer shop_hand_over(struct shop *shop, const struct shop_call *call,
                                  const char *member)
{
    (void)member;
    return clerk_moves(shop, call, offsetof(struct order, handed_over),
                       offsetof(struct order, picked));
}

struct shop_answer shop_take_back(struct shop *shop, const struct shop_call *call,
                                  const char *member)
{
    struct order *order = order_find(shop, call);
    struct shop_answer answer = clerk_moves(shop, call, offsetof(struct order, returned),
                                            offsetof(struct order, handed_over));

    (void)member;
    if (answer.status == 201 && order->status == PAID)
        shop_member(shop, order->member)->points -=
            order->total_cents * json_integer_value(json_object_get(call->body, "quantity")) /
            (100 * order->units);
    return answer;
}

/* A line of a receipt; again with the same reference and SKU, it is the same line. */
struct shop_answer shop_sell(struct shop *shop, const struct shop_call *call, const char *member)
{
    const char *reference = shop_text(call->body, "reference");
    const char *place = shop_text(call->body, "place"), *sku = shop_text(call->body, "sku");
    int64_t quantity, cents;

    (void)member;
    if (reference == NULL || *reference == '\0' || place == NULL || *place == '\0' || sku == NULL ||
        *sku == '\0' || !shop_whole(call->body, "quantity", &quantity) || quantity < 1)
        return shop_refuse(400, "bad_request", "a sale needs reference, place, sku and quantity");
    if (!shop_whole(call->body, "amount_cents", &cents))
        cents = quantity * price_cents(sku);
    g_autofree char *key = g_strdup_printf("%s\n%s", reference, sku);
    const int64_t *sold = g_hash_table_lookup(shop->sales, key);
    if (sold == NULL) {
        int64_t *left = shop_stock(shop, place, sku);
        if (*left < quantity) {
            shop->refused_sold_out++;
            return shop_refuse(409, "sold_out", "the books know of no such units");
        }
        *left -= quantity;
        *shop_counter(shop->sales, key) = cents;
        shop->units_sold += (uint64_t)quantity;
        shop->paid_cents += (uint64_t)cents;
    }
    return (struct shop_answer){sold == NULL ? 201 : 200,
                                json_pack("{s:s, s:s, s:I}", "reference", reference, "sku", sku,
                                          "amount_cents", sold == NULL ? cents : *sold)};
}
