/* Paying an order and taking it back.
 *
 * A payment is of the whole sum that the order's answer told: whoever sends another one has not seen
 * it, and is refused. An order that is paid already is answered as it was the first time, so that a
 * lost answer costs nobody twice. Points are earned here and not at the check-out: what nobody pays
 * earns nothing. From now on nothing ends by itself, and there is a code by which the customer
 * collects the goods.
 *
 * Taking back is free as long as nothing was handed over; afterwards goods are returned
 * (order_return.c).
 */
#include "backend/shop.h"

static const char *const pay_methods[] = {"card", "wallet", "cash"};

static void order_pay_answer(struct call *call, uint32_t status, const struct order *o)
{
    json_t *answer = order_json(call, o);

    json_object_set_new(answer, "points_earned", json_integer(o->points_earned));
    json_object_set_new(answer, "points", json_integer(points_balance(call, o->member)));
    json_object_set_new(answer, "code", json_string(o->code));
    call_answer(call, status, answer);
}

static bool order_pay_read(struct call *call, const struct order *o, const char **ret_method)
{
    int64_t cents;
    bool known = false;

    if (!call_whole(call, "amount_cents", 0, SHOP_CENTS_MAX, &cents) ||
        !call_text(call, "method", ret_method))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(pay_methods); i++)
        known |= g_strcmp0(*ret_method, pay_methods[i]) == 0;
    if (!known)
        call_refuse(call, 400, "bad_request", "method: expected card, wallet or cash");
    else if (order_has_ended(call, o))
        call_refuse(call, 409, "order_cancelled", "the order was cancelled");
    else if (cents != o->total_cents)
        call_refuse(call, 422, "wrong_amount", "the order's total is %" G_GINT64_FORMAT " cents",
                    o->total_cents);
    return call->status == 0;
}

static void order_pay_now(struct call *call)
{
    struct order order;
    const char *method;
    int64_t balance;

    if (!order_load(call, ORDER_OF_MEMBER, &order) || !order_pay_read(call, &order, &method))
        return;
    if (order.status == ORDER_PAID) {
        order_pay_answer(call, 200, &order);
        return;
    }
    if (points_pause(call, order.member, &balance))
        return;
    store_run(call->store, STATEMENT_payment_add, "iiit", call->now_us, order.id, order.total_cents,
              method);
    order.status = ORDER_PAID;
    order.paid_cents = order.total_cents;
    order.points_earned = order.total_cents / SHOP_POINT_CENTS;
    points_add(call, order.member, order.points_earned, "earned", order.reference);
    if (faults_has(call->faults, FAULT_lost_update_points))
        points_overwrite(call, order.member, balance + order.points_earned);
    store_bind(call->store, STATEMENT_order_pay, "iii", order.id, order.paid_cents,
               order.points_earned);
    if (store_row(call->store, STATEMENT_order_pay))
        g_strlcpy(order.code, store_text(call->store, STATEMENT_order_pay, 0), sizeof order.code);
    order_pay_answer(call, 201, &order);
}

/* POST /orders/{reference}/payments */
void order_pay(struct call *call) { once(call, order_pay_now); }

/* POST /orders/{reference}/cancellation */
void order_cancel(struct call *call)
{
    struct order order;

    if (!order_load(call, ORDER_OF_MEMBER, &order))
        return;
    if (order.handed_over > 0) {
        call_refuse(call, 409, "too_late", "goods were handed over: bring them back instead");
        return;
    }
    if (order.status != ORDER_CANCELLED)
        order_end(call, &order, "cancelled");
    json_t *answer = order_json(call, &order);
    json_object_set_new(answer, "points_taken", json_integer(order.points_taken));
    json_object_set_new(answer, "points_given", json_integer(order.points_given));
    call_answer(call, 200, answer);
}
