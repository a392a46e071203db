/* What ends by itself: orders that nobody pays, goods put aside that nobody fetches, coupons held for
 * carts that nobody orders, carts and idempotency keys of days ago.
 *
 * The writer calls this now and then, and a customer who would be turned away calls it first: what
 * has lapsed is free at the latest when somebody wants it. Each round takes the few that are due from
 * an index that holds only what can still lapse, so that it costs nothing when nothing is due and
 * never stands in the way of requests for long. An order that has lapsed but not been swept yet is
 * cancelled for everybody who looks (order_has_ended()).
 */
#include "backend/shop.h"

#define EXPIRY_CART_US (INT64_C(7) * 24 * 3600 * 1000000)
#define EXPIRY_KEY_US (INT64_C(24) * 3600 * 1000000)

static bool expiry_order(struct call *call)
{
    struct order order;

    store_bind(call->store, STATEMENT_order_lapsed, "i", call->now_us);
    if (!order_by(call, STATEMENT_order_lapsed, &order))
        return false;
    order_end(call, &order, "expired");
    return true;
}

static bool expiry_hold(struct call *call)
{
    const enum statement s = STATEMENT_hold_lapsed;

    store_bind(call->store, s, "i", call->now_us);
    if (!store_row(call->store, s))
        return false;
    const int64_t id = store_int(call->store, s, 0);
    if (!faults_has(call->faults, FAULT_leak_reservation)) {
        units_put(call, &(struct units_change){store_int(call->store, s, 1), 0,
                                               -store_int(call->store, s, 2), "expired",
                                               store_text(call->store, s, 3)});
        store_run(call->store, STATEMENT_hold_release, "i", id);
    }
    store_run(call->store, STATEMENT_hold_end, "ii", id, (int64_t)HOLD_CANCELLED);
    return true;
}

/* A cart loses the coupon that it held; an old one is gone altogether. */
static bool expiry_cart(struct call *call, enum statement s, int64_t before_us)
{
    store_bind(call->store, s, "i", before_us);
    if (!store_row(call->store, s))
        return false;
    const int64_t id = store_int(call->store, s, 0), coupon = store_int(call->store, s, 1);
    const int64_t member = store_int(call->store, s, 2);
    if (coupon != 0)
        coupon_release(call, coupon, member);
    if (s == STATEMENT_cart_lapsed)
        store_run(call->store, STATEMENT_cart_release, "i", id);
    else
        cart_close(call, &(struct cart){.id = id});
    return true;
}

uint32_t expiry_sweep(struct call *call, uint32_t limit)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < limit && expiry_order(call); i++)
        count++;
    for (uint32_t i = 0; i < limit && expiry_hold(call); i++)
        count++;
    for (uint32_t i = 0; i < limit && expiry_cart(call, STATEMENT_cart_lapsed, call->now_us); i++)
        count++;
    return count;
}

void expiry_tidy(struct call *call, uint32_t limit)
{
    for (uint32_t i = 0;
         i < limit && expiry_cart(call, STATEMENT_cart_oldest, call->now_us - EXPIRY_CART_US);
         i++) {
    }
    store_run(call->store, STATEMENT_once_forget, "ii", call->now_us - EXPIRY_KEY_US,
              (int64_t)limit);
}
