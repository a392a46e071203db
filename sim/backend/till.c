/* Sales at a till: the customer has the goods in hand, so they leave the stock at once, or the books
 * say that they are not there and the sale is refused (the goods may be meant for somebody else).
 *
 * A till sends a receipt line by line; reference and SKU together are one line, and sending it again
 * changes nothing. The price is the service's own, whatever the till has printed on its label.
 * Customers who show a card, or say their telephone number, earn points. Goods that were put aside
 * (hold.c) are sold by the hold's reference: what was reserved for the customer is what is taken.
 *
 * With price-skew the till has the older price list; with oversell-race and lost-update-points it
 * looks first and acts later, as everywhere.
 */
#include "backend/shop.h"

struct till_sale {
    struct shop_product product;
    const char *reference, *hold;
    int64_t position, quantity, price_cents, amount_cents, member, points;
    int64_t hold_id, held; /* units that were put aside; 0 = none */
};

static void till_answer(struct call *call, uint32_t status, const struct till_sale *s)
{
    json_t *answer = json_pack("{s:s, s:s, s:I, s:I, s:I}", "reference", s->reference, "sku",
                               s->product.name, "quantity", s->quantity, "price_cents",
                               s->price_cents, "amount_cents", s->amount_cents);

    if (s->member != 0)
        json_object_set_new(answer, "points_earned", json_integer(s->points));
    call_answer(call, status, answer);
}

/* Who is known by `card` or `phone`; 0 = somebody. */
static bool till_member(struct call *call, int64_t *ret_member)
{
    static const char *const kind[] = {"card", "phone"};
    const char *value;

    *ret_member = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(kind); i++) {
        if (!call_text_or(call, kind[i], NULL, &value))
            return false;
        if (value == NULL)
            continue;
        *ret_member = member_of_identity(call, kind[i], value);
        if (*ret_member == 0) {
            call_refuse(call, 404, "no_such_member", "nobody has this %s", kind[i]);
            return false;
        }
    }
    return true;
}

/* Whether this line was sent before: then it is answered. */
static bool till_was_sold(struct call *call, struct till_sale *s)
{
    const enum statement find = STATEMENT_sale_find;

    store_bind(call->store, find, "ti", s->reference, s->product.id);
    if (!store_row(call->store, find))
        return false;
    if (store_int(call->store, find, 0) != s->position ||
        store_int(call->store, find, 1) != s->quantity) {
        call_refuse(call, 422, "reference_reused", "this line of the receipt was another one");
        return true;
    }
    s->price_cents = store_int(call->store, find, 2);
    s->amount_cents = store_int(call->store, find, 3);
    s->points = store_int(call->store, find, 4);
    till_answer(call, 200, s);
    return true;
}

static bool till_find_hold(struct call *call, struct till_sale *s)
{
    const enum statement find = STATEMENT_hold_find;

    if (s->hold == NULL)
        return true;
    store_bind(call->store, find, "t", s->hold);
    if (!store_row(call->store, find)) {
        call_refuse(call, 404, "no_such_reservation", "nothing was put aside as '%s'", s->hold);
        return false;
    }
    if (store_int(call->store, find, 4) != HOLD_ACTIVE ||
        store_int(call->store, find, 5) <= call->now_us ||
        store_int(call->store, find, 2) != s->position ||
        store_int(call->store, find, 3) < s->quantity) {
        call_refuse(call, 409, "out_of_turn", "that is not what was put aside here, or it ended");
        return false;
    }
    s->hold_id = store_int(call->store, find, 0);
    s->held = store_int(call->store, find, 3);
    s->member = s->member != 0 ? s->member : store_int(call->store, find, 1);
    return true;
}

/* Whether it is there. The faults look here and come back later. */
static bool till_looks(struct call *call, const struct till_sale *s, int64_t *ret_balance)
{
    const bool races = faults_has(call->faults, FAULT_oversell_race);

    if ((!races || call->state == NULL) &&
        units_available(call, s->position) + s->held < s->quantity &&
        (expiry_sweep(call, EXPIRY_SOME) == 0 ||
         units_available(call, s->position) + s->held < s->quantity)) {
        call_refuse(call, 409, "sold_out", "the books know of no such units");
        return false;
    }
    *ret_balance = s->member != 0 ? points_balance(call, s->member) : 0;
    if (races || (s->member != 0 && faults_has(call->faults, FAULT_lost_update_points)))
        return !shop_pause(call, ret_balance, sizeof *ret_balance);
    return true;
}

static void till_book(struct call *call, const struct till_sale *s, int64_t balance)
{
    if (s->hold_id != 0) {
        store_run(call->store, STATEMENT_hold_release, "i", s->hold_id);
        store_run(call->store, STATEMENT_hold_end, "ii", s->hold_id, (int64_t)HOLD_COLLECTED);
    }
    store_run(call->store, STATEMENT_sale_add, "itiiiiiii", call->now_us, s->reference, s->position,
              s->product.id, s->quantity, s->price_cents, s->amount_cents, s->member, s->points);
    if (s->member == 0)
        return;
    points_add(call, s->member, s->points, "earned", s->reference);
    if (faults_has(call->faults, FAULT_lost_update_points))
        points_overwrite(call, s->member, balance + s->points);
}

static void till_now(struct call *call)
{
    const bool skewed = faults_has(call->faults, FAULT_price_skew);
    struct till_sale s = {0};
    int64_t place, balance;

    if (!call_text(call, "reference", &s.reference) || !shop_own_place(call, &place) ||
        !shop_goods(call, &s.product, &s.quantity) ||
        !call_text_or(call, "reservation", NULL, &s.hold) || !till_member(call, &s.member))
        return;
    s.position = units_position(place, s.product.id);
    s.price_cents = skewed ? s.product.old_price_cents : s.product.price_cents;
    s.amount_cents = s.quantity * s.price_cents;
    if (till_was_sold(call, &s) || !till_find_hold(call, &s) || !till_looks(call, &s, &balance))
        return;
    s.points = s.member != 0 ? s.amount_cents / SHOP_POINT_CENTS : 0;
    if (!units_take(call, &(struct units_change){s.position, -s.quantity, -s.held, "sold",
                                                 s.reference})) {
        call_refuse(call, 409, "sold_out", "the books know of no such units");
        return;
    }
    till_book(call, &s, balance);
    till_answer(call, 201, &s);
}

/* POST /sales */
void till_sell(struct call *call) { once(call, till_now); }
