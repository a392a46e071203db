/* Carts: what a customer means to buy, at the prices that the customer was shown.
 *
 * A cart is named by its client and belongs to the member who opened it, with its first line. What
 * counts is the service's own price at that moment, never one that a client sends; the cart keeps it,
 * so that what is paid in the end is what the page said, even when a clerk changes the price
 * meanwhile. Nothing is reserved for a cart: units are promised by an order, and a cart that is never
 * ordered costs nobody a sale. A coupon is another matter (coupon.c): it is held for a while.
 *
 * A cart ends when it is ordered, or some days after it was opened (expiry.c).
 */
#include "backend/shop.h"

/* False when there is none, and when it is another member's (answered). */
static bool cart_find(struct call *call, const char *name, struct cart *ret_cart)
{
    store_bind(call->store, STATEMENT_cart_find, "t", name);
    if (!store_row(call->store, STATEMENT_cart_find))
        return false;
    if (store_int(call->store, STATEMENT_cart_find, 1) != call->member) {
        call_refuse(call, 403, "forbidden", "another member's cart");
        return false;
    }
    *ret_cart = (struct cart){.id = store_int(call->store, STATEMENT_cart_find, 0),
                              .coupon = store_int(call->store, STATEMENT_cart_find, 2),
                              .name = name};
    return true;
}

/* Reads the lines, into `list` too unless it is NULL; false after refusing a cart that is too much. */
static bool cart_read(struct call *call, struct cart *cart, json_t *list)
{
    const enum statement s = STATEMENT_cart_lines;

    cart->line_count = 0;
    cart->gross_cents = 0;
    store_bind(call->store, s, "i", cart->id);
    while (store_row(call->store, s)) {
        if (cart->line_count == SHOP_LINES_MAX) {
            call_refuse(call, 409, "cart_full", "a cart has %d lines at most", SHOP_LINES_MAX);
            return false;
        }
        struct shop_line *line = &cart->line[cart->line_count++];
        *line = (struct shop_line){store_int(call->store, s, 0), store_int(call->store, s, 1),
                                   store_int(call->store, s, 2), store_int(call->store, s, 3)};
        cart->gross_cents += line->quantity * line->price_cents;
        if (cart->gross_cents > SHOP_CENTS_MAX) {
            call_refuse(call, 409, "cart_full", "a cart of that value is not sold here");
            return false;
        }
        if (list != NULL)
            json_array_append_new(list,
                                  json_pack("{s:s, s:I, s:I}", "sku",
                                            shop_product_name(call, line->product), "quantity",
                                            line->quantity, "price_cents", line->price_cents));
    }
    cart->discount_cents = coupon_discount(call, cart->coupon, cart->gross_cents);
    return true;
}

bool cart_load(struct call *call, const char *name, struct cart *ret_cart)
{
    if (!cart_find(call, name, ret_cart)) {
        if (call->status == 0)
            call_refuse(call, 404, "no_such_cart", "the cart is empty or was ordered");
        return false;
    }
    return cart_read(call, ret_cart, NULL);
}

json_t *cart_json(struct call *call, const struct cart *cart)
{
    struct cart now = *cart;
    json_t *list = json_array();

    cart_read(call, &now, list);
    return json_pack("{s:s, s:o, s:I, s:I}", "cart", now.name, "lines", list, "discount_cents",
                     now.discount_cents, "total_cents", now.gross_cents - now.discount_cents);
}

void cart_close(struct call *call, const struct cart *cart)
{
    store_run(call->store, STATEMENT_cart_line_delete, "i", cart->id);
    store_run(call->store, STATEMENT_cart_delete, "i", cart->id);
}

/* POST /carts/{cart}/lines: the line as added, and the cart as it is now. */
static void cart_add(struct call *call)
{
    struct shop_product product;
    struct cart cart;
    int64_t quantity;

    if (!shop_goods(call, &product, &quantity))
        return;
    if (!cart_find(call, call->segment[1], &cart)) {
        if (call->status != 0)
            return;
        store_run(call->store, STATEMENT_cart_add, "tii", call->segment[1], call->member,
                  call->now_us);
        cart = (struct cart){.id = store_last_id(call->store), .name = call->segment[1]};
    }
    store_run(call->store, STATEMENT_cart_line_add, "iiii", cart.id, product.id, quantity,
              product.price_cents);
    json_t *list = json_array();
    if (!cart_read(call, &cart, list)) {
        json_decref(list);
        return;
    }
    call_answer(call, 201,
                json_pack("{s:s, s:{s:s, s:I, s:I}, s:o, s:I, s:I}", "cart", cart.name, "line",
                          "sku", product.name, "quantity", quantity, "price_cents",
                          product.price_cents, "lines", list, "discount_cents", cart.discount_cents,
                          "total_cents", cart.gross_cents - cart.discount_cents));
}

void cart_add_line(struct call *call) { once(call, cart_add); }

/* GET /carts/{cart} */
void cart_get(struct call *call)
{
    struct cart cart;

    if (cart_load(call, call->segment[1], &cart))
        call_answer(call, 200, cart_json(call, &cart));
}
