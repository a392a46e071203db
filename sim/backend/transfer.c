/* Transfers between our places: a shop helps another one out, a warehouse fills a shelf.
 *
 * Sent goods are gone at one place and not yet there at the other: nobody can be promised what lies
 * on a lorry. Only units that are available can be sent; what is reserved stays. The receipt books
 * what was sent, once; the one who receives works at the other place.
 */
#include "backend/shop.h"

struct transfer {
    int64_t id, from, to, product, quantity, status;
    const char *reference;
};

static bool transfer_find(struct call *call, const char *reference, struct transfer *ret_transfer)
{
    const enum statement s = STATEMENT_transfer_find;

    store_bind(call->store, s, "t", reference);
    if (!store_row(call->store, s))
        return false;
    *ret_transfer = (struct transfer){store_int(call->store, s, 0),
                                      store_int(call->store, s, 1),
                                      store_int(call->store, s, 2),
                                      store_int(call->store, s, 3),
                                      store_int(call->store, s, 4),
                                      store_int(call->store, s, 5),
                                      reference};
    return true;
}

static void transfer_answer(struct call *call, uint32_t status, const struct transfer *t)
{
    const int64_t from = units_position(t->from, t->product),
                  to = units_position(t->to, t->product);

    call_answer(call, status,
                json_pack("{s:s, s:s, s:s, s:s, s:I, s:s}", "reference", t->reference, "from",
                          shop_place_name(call, from), "to", shop_place_name(call, to), "sku",
                          shop_product_name(call, from), "quantity", t->quantity, "status",
                          t->status == TRANSFER_SENT ? "sent" : "received"));
}

static void transfer_send_now(struct call *call)
{
    struct transfer t = {.status = TRANSFER_SENT}, old;
    struct shop_product product;
    const char *to;

    if (!call_text(call, "reference", &t.reference) || !shop_own_place(call, &t.from) ||
        !call_text(call, "to", &to) || !shop_place(call, to, &t.to) ||
        !shop_goods(call, &product, &t.quantity))
        return;
    t.product = product.id;
    if (t.from == t.to) {
        call_refuse(call, 400, "bad_request", "to: expected another place");
        return;
    }
    if (transfer_find(call, t.reference, &old)) {
        if (old.from != t.from || old.to != t.to || old.product != t.product ||
            old.quantity != t.quantity)
            call_refuse(call, 422, "reference_reused", "this reference was another transfer");
        else
            transfer_answer(call, 200, &old);
        return;
    }
    const int64_t position = units_position(t.from, t.product);
    if (units_available(call, position) < t.quantity ||
        !units_take(call, &(struct units_change){position, -t.quantity, 0, "sent", t.reference})) {
        call_refuse(call, 409, "sold_out", "there are not so many units that nobody waits for");
        return;
    }
    store_run(call->store, STATEMENT_transfer_add, "tiiii", t.reference, t.from, t.to, t.product,
              t.quantity);
    transfer_answer(call, 201, &t);
}

/* POST /transfers: `place`, where the clerk works, sends to `to` */
void transfer_send(struct call *call) { once(call, transfer_send_now); }

/* POST /transfers/{reference}/receipt */
void transfer_receive(struct call *call)
{
    struct transfer t;
    int64_t place;

    if (!shop_own_place(call, &place))
        return;
    if (!transfer_find(call, call->segment[1], &t)) {
        call_refuse(call, 404, "no_such_transfer", "nothing was sent under this reference");
        return;
    }
    if (t.to != place) {
        call_refuse(call, 403, "forbidden", "it was sent to another place");
        return;
    }
    const bool again = t.status == TRANSFER_RECEIVED;
    if (!again) {
        units_put(call, &(struct units_change){units_position(t.to, t.product), t.quantity, 0,
                                               "received", t.reference});
        store_run(call->store, STATEMENT_transfer_end, "i", t.id);
        t.status = TRANSFER_RECEIVED;
    }
    transfer_answer(call, again ? 200 : 201, &t);
}
