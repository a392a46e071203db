/* Reserve and collect: goods put aside in a shop for a member who comes, looks at them and pays at
 * the till. No cart, no payment, no points yet: only units that nobody else is promised until the
 * time of a reservation is over.
 *
 * A hold is fetched by the sale that names it (till.c), given up by the member, or lapses
 * (expiry.c). Its reference, chosen by the client, makes it once.
 */
#include "backend/shop.h"

struct hold {
    int64_t id, member, position, quantity, status, until_us;
    const char *reference;
};

static bool hold_find(struct call *call, const char *reference, struct hold *ret_hold)
{
    const enum statement s = STATEMENT_hold_find;

    store_bind(call->store, s, "t", reference);
    if (!store_row(call->store, s))
        return false;
    *ret_hold = (struct hold){store_int(call->store, s, 0),
                              store_int(call->store, s, 1),
                              store_int(call->store, s, 2),
                              store_int(call->store, s, 3),
                              store_int(call->store, s, 4),
                              store_int(call->store, s, 5),
                              reference};
    return true;
}

static bool hold_is_mine(struct call *call, const struct hold *hold)
{
    if (hold->member == call->member)
        return true;
    call_refuse(call, 403, "forbidden", "another member's reservation");
    return false;
}

static void hold_answer(struct call *call, uint32_t status, const struct hold *hold)
{
    const bool active = hold->status == HOLD_ACTIVE && hold->until_us > call->now_us;
    const char *word = active ? "active" : hold->status == HOLD_COLLECTED ? "collected" : "ended";

    call_answer(call, status,
                json_pack("{s:s, s:s, s:s, s:I, s:s, s:I}", "reference", hold->reference, "place",
                          shop_place_name(call, hold->position), "sku",
                          shop_product_name(call, hold->position), "quantity", hold->quantity,
                          "status", word, "seconds_left",
                          active ? (hold->until_us - call->now_us) / G_USEC_PER_SEC : 0));
}

/* Looks for the units; the fault takes them later, unseen. */
static bool hold_looks(struct call *call, int64_t position, int64_t quantity)
{
    const bool races = faults_has(call->faults, FAULT_oversell_race);
    char seen = 1;

    if ((!races || call->state == NULL) && units_available(call, position) < quantity &&
        (expiry_sweep(call, EXPIRY_SOME) == 0 || units_available(call, position) < quantity)) {
        call_refuse(call, 409, "sold_out", "there are not so many units");
        return false;
    }
    return !races || !shop_pause(call, &seen, sizeof seen);
}

static void hold_make_now(struct call *call)
{
    struct hold hold = {.member = call->member, .until_us = shop_until_us(call)}, old;
    struct shop_product product;
    const char *name;
    int64_t place;

    if (!call_text(call, "reference", &hold.reference) || !call_text(call, "place", &name) ||
        !shop_place(call, name, &place) || !shop_goods(call, &product, &hold.quantity))
        return;
    hold.position = units_position(place, product.id);
    if (hold_find(call, hold.reference, &old)) {
        if (!hold_is_mine(call, &old))
            return;
        if (old.position != hold.position || old.quantity != hold.quantity)
            call_refuse(call, 422, "reference_reused", "this reference was used for other goods");
        else
            hold_answer(call, 200, &old);
        return;
    }
    if (!hold_looks(call, hold.position, hold.quantity))
        return;
    if (!units_take(call, &(struct units_change){hold.position, 0, hold.quantity, "put aside",
                                                 hold.reference})) {
        call_refuse(call, 409, "sold_out", "there are not so many units");
        return;
    }
    store_run(call->store, STATEMENT_hold_add, "tiiii", hold.reference, hold.member, hold.position,
              hold.quantity, hold.until_us);
    hold.id = store_last_id(call->store);
    store_run(call->store, STATEMENT_hold_reserve, "iii", hold.id, hold.position, hold.quantity);
    hold_answer(call, 201, &hold);
}

/* POST /reservations */
void hold_make(struct call *call) { once(call, hold_make_now); }

static bool hold_load(struct call *call, struct hold *ret_hold)
{
    if (hold_find(call, call->segment[1], ret_hold))
        return hold_is_mine(call, ret_hold);
    call_refuse(call, 404, "no_such_reservation", "nothing was put aside under this reference");
    return false;
}

/* GET /reservations/{reference} */
void hold_get(struct call *call)
{
    struct hold hold;

    if (hold_load(call, &hold))
        hold_answer(call, 200, &hold);
}

/* POST /reservations/{reference}/cancellation */
void hold_cancel(struct call *call)
{
    struct hold hold;

    if (!hold_load(call, &hold))
        return;
    if (hold.status == HOLD_COLLECTED) {
        call_refuse(call, 409, "too_late", "the goods were fetched");
        return;
    }
    if (hold.status == HOLD_ACTIVE) {
        if (!faults_has(call->faults, FAULT_leak_reservation)) {
            store_run(call->store, STATEMENT_hold_release, "i", hold.id);
            units_put(call, &(struct units_change){hold.position, 0, -hold.quantity, "given up",
                                                   hold.reference});
        }
        store_run(call->store, STATEMENT_hold_end, "ii", hold.id, (int64_t)HOLD_CANCELLED);
        hold.status = HOLD_CANCELLED;
    }
    hold_answer(call, 200, &hold);
}
