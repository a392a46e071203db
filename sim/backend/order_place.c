/* From a cart to an order: all of its lines are reserved, or none, and nothing else happens.
 *
 * The reference, chosen by the client, makes it safe to ask again after a lost answer: the same
 * reference leads to the same order for ever (and is an error when it asks for something else). It
 * is looked up in the transaction that places the order, so that two requests with one reference at
 * the same time make one order too. With duplicate-on-retry nobody looks, and the cart is left as it
 * is: what is sent twice is made twice.
 *
 * An order that is not paid within the time of a reservation is cancelled (expiry.c). Points that
 * are spent take off a cent each, after the coupon; they are gone from the balance at once.
 *
 * With oversell-race the units are looked for, and some milliseconds later taken without another
 * look. With price-skew the lines are charged from the older price list.
 */
#include "backend/shop.h"

struct order_wish { /* what the body asks for */
    const char *reference, *cart, *place, *channel;
    int64_t points, asked;
};

static bool order_wish_read(struct call *call, struct order_wish *w)
{
    char points[24];

    if (!call_text(call, "reference", &w->reference) || !call_text(call, "cart", &w->cart) ||
        !call_text_or(call, "place", NULL, &w->place) ||
        !call_text_or(call, "channel", "web", &w->channel) ||
        !call_whole_or(call, "points", 0, CALL_CENTS_MAX, 0, &w->points))
        return false;
    g_snprintf(points, sizeof points, "%" G_GINT64_FORMAT, w->points);
    w->asked = once_hash(w->cart, w->place != NULL ? w->place : "", w->channel, points, NULL);
    return true;
}

/* Whether this reference was ordered before: then it is answered. */
static bool order_was_placed(struct call *call, const struct order_wish *w)
{
    struct order order;

    if (faults_has(call->faults, FAULT_duplicate_on_retry) ||
        !order_find(call, w->reference, &order))
        return false;
    g_clear_pointer(&call->state, g_free); /* it was made while this one was looking */
    if (order.member != call->member)
        call_refuse(call, 403, "forbidden", "another member's order has this reference");
    else if (order.asked != w->asked)
        call_refuse(call, 422, "reference_reused", "this reference was used for another order");
    else
        order_answer(call, 200, &order);
    return true;
}

/* Finds the units; what has lapsed is released before somebody is turned away. */
static bool order_find_units(struct call *call, const struct order_wish *w, const struct cart *cart,
                             struct supply *ret_supply)
{
    const bool races = faults_has(call->faults, FAULT_oversell_race);
    int64_t place = 0;

    if (w->place != NULL && !shop_place(call, w->place, &place))
        return false;
    if ((!races || call->state == NULL) &&
        !supply_plan(call, place, cart->line, cart->line_count, ret_supply) &&
        (expiry_sweep(call, EXPIRY_SOME) == 0 ||
         !supply_plan(call, place, cart->line, cart->line_count, ret_supply))) {
        call_refuse(call, 409, "sold_out", "a line of the cart is not there any more");
        return false;
    }
    return !races || !shop_pause(call, ret_supply, sizeof *ret_supply);
}

/* Prices as charged; the coupon and the points come off. */
static bool order_price(struct call *call, const struct order_wish *w, struct cart *cart,
                        struct order *o)
{
    if (faults_has(call->faults, FAULT_price_skew)) {
        cart->gross_cents = 0;
        for (uint32_t i = 0; i < cart->line_count; i++) {
            cart->line[i].price_cents = cart->line[i].old_price_cents;
            cart->gross_cents += cart->line[i].quantity * cart->line[i].price_cents;
        }
        cart->discount_cents = coupon_discount(call, cart->coupon, cart->gross_cents);
    }
    const int64_t left_cents = cart->gross_cents - cart->discount_cents;
    if (w->points > 0 && w->points > points_balance(call, call->member)) {
        call_refuse(call, 409, "points_short", "you have not so many points");
        return false;
    }
    if (w->points > left_cents / SHOP_POINT_WORTH_CENTS) {
        call_refuse(call, 422, "too_many_points", "the order costs less than that");
        return false;
    }
    o->points_spent = w->points;
    o->gross_cents = cart->gross_cents;
    o->discount_cents = cart->discount_cents + w->points * SHOP_POINT_WORTH_CENTS;
    o->total_cents = o->gross_cents - o->discount_cents;
    return true;
}

static void order_insert(struct call *call, const struct order_wish *w, const struct cart *cart,
                         struct order *o)
{
    int64_t place = 0;

    for (uint32_t i = 0; i < cart->line_count; i++)
        o->units += cart->line[i].quantity;
    o->coupon = cart->coupon;
    o->member = call->member;
    o->until_us = shop_until_us(call);
    g_strlcpy(o->reference, w->reference, sizeof o->reference);
    if (w->place != NULL)
        shop_place(call, w->place, &place);
    store_run(call->store, STATEMENT_order_add, "tiiitiiiiiiii", w->reference, w->asked,
              call->member, place, w->channel, call->now_us, o->until_us, o->units, o->gross_cents,
              o->discount_cents, o->total_cents, o->coupon, o->points_spent);
    o->id = store_last_id(call->store);
}

static bool order_reserve(struct call *call, const struct cart *cart, const struct supply *supply,
                          const struct order *o)
{
    for (uint32_t i = 0; i < supply->count; i++) {
        const struct supply_part *part = &supply->part[i];
        const struct shop_line *line = &cart->line[part->line];
        const int64_t position = units_position(part->place, line->product);
        if (!units_take(call, &(struct units_change){position, 0, part->quantity, "reserved",
                                                     o->reference})) {
            call_refuse(call, 409, "sold_out", "a line of the cart is not there any more");
            return false;
        }
        store_run(call->store, STATEMENT_order_line_add, "iiiii", o->id, (int64_t)i + 1, position,
                  part->quantity, line->price_cents);
        store_run(call->store, STATEMENT_reservation_add, "iiii", o->id, (int64_t)i + 1, position,
                  part->quantity);
    }
    return true;
}

static void order_place_now(struct call *call)
{
    struct order order = {0};
    struct order_wish wish;
    struct cart cart;
    struct supply supply;

    if (!order_wish_read(call, &wish) || order_was_placed(call, &wish) ||
        !cart_load(call, wish.cart, &cart) || !order_price(call, &wish, &cart, &order) ||
        !order_find_units(call, &wish, &cart, &supply))
        return;
    order_insert(call, &wish, &cart, &order);
    if (!order_reserve(call, &cart, &supply, &order))
        return;
    if (cart.coupon != 0)
        coupon_redeem(call, cart.coupon, order.id);
    points_add(call, call->member, -order.points_spent, "spent", order.reference);
    if (!faults_has(call->faults, FAULT_duplicate_on_retry))
        cart_close(call, &cart);
    order_answer(call, 201, &order);
}

/* POST /orders */
void order_check_out(struct call *call) { once(call, order_place_now); }
