/* Coupons: how often each may be used, by one member and in all, and who has used it.
 *
 * A coupon that is applied to a cart is held for it, and what is held counts against the limits just
 * as what is redeemed: a customer who was shown a discount gets it, and the budget is not burned
 * twice by two carts that both saw the last one. The order turns what its cart holds into a
 * redemption; a cancelled order gives it back; a cart that is left standing loses its hold when the
 * time of a reservation is over.
 *
 *     claim     "this coupon is mine": for nothing yet, and done on the way when it is applied
 *     held      by carts      +1 when applied, -1 when ordered or lapsed
 *     redeemed  by orders     +1 when ordered, -1 when cancelled
 *
 * Both counts stand twice, with the coupon (budget) and with the claim (per member), so that each
 * limit is one look-up. They are looked at and raised in the same transaction: nobody comes between.
 * With double-coupon what carts hold is not looked at, and nobody looks again when an order redeems
 * it: everybody who applies the last one before somebody has ordered with it gets it.
 */
#include "backend/shop.h"

#include <string.h>

struct coupon {
    int64_t id, amount_cents, share_ppm, threshold_cents, budget, per_member, held, redeemed;
};

static bool coupon_find(struct call *call, struct coupon *ret_coupon)
{
    const enum statement s = STATEMENT_coupon_find;
    const char *name;

    if (!call_text(call, "coupon", &name))
        return false;
    store_bind(call->store, s, "t", name);
    if (!store_row(call->store, s)) {
        call_refuse(call, 404, "no_such_coupon", "there is no coupon '%s'", name);
        return false;
    }
    *ret_coupon = (struct coupon){store_int(call->store, s, 0), store_int(call->store, s, 1),
                                  store_int(call->store, s, 2), store_int(call->store, s, 3),
                                  store_int(call->store, s, 4), store_int(call->store, s, 5),
                                  store_int(call->store, s, 6), store_int(call->store, s, 7)};
    return true;
}

static int64_t coupon_cents(const struct coupon *c, int64_t gross_cents)
{
    if (gross_cents < c->threshold_cents)
        return 0;
    /* 10^15 cents in parts per million are below 2^63 only when the million is taken first. */
    const int64_t share_cents =
        gross_cents / 1000000 * c->share_ppm + gross_cents % 1000000 * c->share_ppm / 1000000;
    return MIN(gross_cents, c->amount_cents + share_cents);
}

int64_t coupon_discount(struct call *call, int64_t coupon, int64_t gross_cents)
{
    const enum statement s = STATEMENT_coupon_terms;

    if (coupon == 0)
        return 0;
    store_bind(call->store, s, "i", coupon);
    if (!store_row(call->store, s))
        return 0;
    const struct coupon c = {.amount_cents = store_int(call->store, s, 0),
                             .share_ppm = store_int(call->store, s, 1),
                             .threshold_cents = store_int(call->store, s, 2)};
    return coupon_cents(&c, gross_cents);
}

/* Of the limits, what is used up by these counts. */
static int64_t coupon_used(struct call *call, int64_t held, int64_t redeemed)
{
    return faults_has(call->faults, FAULT_double_coupon) ? redeemed : held + redeemed;
}

/* Whether the budget and the member's share of it leave one more. */
static bool coupon_is_left(struct call *call, const struct coupon *c)
{
    const enum statement s = STATEMENT_claim_used;
    int64_t used = 0;

    if (c->budget >= 0 && coupon_used(call, c->held, c->redeemed) >= c->budget) {
        call_refuse(call, 410, "coupon_used_up", "nothing is left of this coupon");
        return false;
    }
    store_bind(call->store, s, "ii", call->member, c->id);
    if (store_row(call->store, s))
        used = coupon_used(call, store_int(call->store, s, 0), store_int(call->store, s, 1));
    if (c->per_member >= 0 && used >= c->per_member) {
        call_refuse(call, 410, "coupon_used_up", "you have used this coupon as often as you may");
        return false;
    }
    return true;
}

/* POST /carts/{cart}/coupons */
static void coupon_apply_now(struct call *call)
{
    struct coupon coupon;
    struct cart cart;

    if (!coupon_find(call, &coupon) || !cart_load(call, call->segment[1], &cart))
        return;
    if (cart.coupon != 0 && cart.coupon != coupon.id) {
        call_refuse(call, 409, "coupon_refused", "the cart has another coupon");
        return;
    }
    if (cart.gross_cents < coupon.threshold_cents) {
        call_refuse(call, 409, "coupon_refused", "it is for carts of %.2f and more",
                    (double)coupon.threshold_cents / 100);
        return;
    }
    if (cart.coupon == 0) {
        if (!coupon_is_left(call, &coupon))
            return;
        store_run(call->store, STATEMENT_coupon_count, "iii", coupon.id, INT64_C(1), INT64_C(0));
        store_run(call->store, STATEMENT_claim_count, "iiii", call->member, coupon.id, INT64_C(1),
                  INT64_C(0));
        cart.coupon = coupon.id;
        store_run(call->store, STATEMENT_cart_hold, "iii", cart.id, coupon.id, shop_until_us(call));
    }
    call_answer(call, 201, cart_json(call, &cart));
}

void coupon_apply(struct call *call) { once(call, coupon_apply_now); }

static bool coupon_is_mine(struct call *call)
{
    if (strcmp(call->segment[1], call->member_name) == 0)
        return true;
    call_refuse(call, 403, "forbidden", "another member's coupons");
    return false;
}

/* POST /members/{member}/coupons */
void coupon_claim(struct call *call)
{
    struct coupon coupon;

    if (!coupon_is_mine(call) || !coupon_find(call, &coupon) || !coupon_is_left(call, &coupon))
        return;
    const bool known =
        store_run(call->store, STATEMENT_claim_add, "ii", call->member, coupon.id) == 0;
    call_answer(call, known ? 200 : 201,
                json_pack("{s:O}", "coupon", json_object_get(call->body, "coupon")));
}

/* GET /members/{member}/coupons */
void coupon_list(struct call *call)
{
    const enum statement s = STATEMENT_claim_list;
    json_t *list = json_array();

    if (!coupon_is_mine(call)) {
        json_decref(list);
        return;
    }
    store_bind(call->store, s, "i", call->member);
    while (store_row(call->store, s))
        json_array_append_new(list,
                              json_pack("{s:s, s:I, s:I}", "coupon", store_text(call->store, s, 0),
                                        "redeemed", store_int(call->store, s, 1), "held",
                                        store_int(call->store, s, 2)));
    call_answer(call, 200, json_pack("{s:s, s:o}", "member", call->member_name, "coupons", list));
}

/* ---- with orders ------------------------------------------------------------------------------ */

void coupon_redeem(struct call *call, int64_t coupon, int64_t order)
{
    store_run(call->store, STATEMENT_coupon_count, "iii", coupon, INT64_C(-1), INT64_C(1));
    store_run(call->store, STATEMENT_claim_count, "iiii", call->member, coupon, INT64_C(-1),
              INT64_C(1));
    store_run(call->store, STATEMENT_redemption_add, "iii", coupon, call->member, order);
}

void coupon_release(struct call *call, int64_t coupon, int64_t member)
{
    store_run(call->store, STATEMENT_coupon_count, "iii", coupon, INT64_C(-1), INT64_C(0));
    store_run(call->store, STATEMENT_claim_count, "iiii", member, coupon, INT64_C(-1), INT64_C(0));
}

void coupon_give_back(struct call *call, int64_t order, int64_t coupon, int64_t member)
{
    if (store_run(call->store, STATEMENT_redemption_delete, "i", order) == 0)
        return;
    store_run(call->store, STATEMENT_coupon_count, "iii", coupon, INT64_C(0), INT64_C(-1));
    store_run(call->store, STATEMENT_claim_count, "iiii", member, coupon, INT64_C(0), INT64_C(-1));
}
