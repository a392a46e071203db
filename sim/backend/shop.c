/* Names and small things that all areas of the shop use.
 *
 * A client's names (sku, place) become rows here and nowhere else, so that an unknown one is 404 in
 * every request in the same words. Clerks act where they work: the body says the place, because the
 * API says so everywhere, and it must be the one of their Authorization.
 *
 * shop_pause() is how faults are made that look, then act. The handler runs twice: first it looks,
 * remembers what it saw and leaves, while the writer serves others; then it acts on what it saw. The
 * gap of 5 to 20 ms is what a real service spends between two round trips to its database.
 */
#include "backend/shop.h"

#include "backend/backend_private.h"

#include <string.h>

#define PAUSE_US_MIN 5000
#define PAUSE_US_MAX 20000

bool shop_place(struct call *call, const char *name, int64_t *ret_place)
{
    const struct directory_place *place = directory_place(call->shared->directory, name);

    if (place == NULL) {
        call_refuse(call, 404, "no_such_place", "there is no place '%s'", name);
        return false;
    }
    *ret_place = place->id;
    return true;
}

bool shop_product(struct call *call, const char *name, struct shop_product *ret_product)
{
    const struct directory_product *product = directory_product(call->shared->directory, name);

    if (product == NULL) {
        call_refuse(call, 404, "no_such_product", "there is no product '%s'", name);
        return false;
    }
    store_bind(call->store, STATEMENT_product_price, "i", product->id);
    if (!store_row(call->store, STATEMENT_product_price))
        return false; /* the store has failed, which is answered */
    *ret_product = (struct shop_product){
        .id = product->id,
        .price_cents = store_int(call->store, STATEMENT_product_price, 0),
        .old_price_cents = store_int(call->store, STATEMENT_product_price, 1),
        .name = product->name,
    };
    return true;
}

const char *shop_place_name(const struct call *call, int64_t position)
{
    return directory_place_of(call->shared->directory, position >> 32)->name;
}

const char *shop_product_name(const struct call *call, int64_t position)
{
    return directory_product_of(call->shared->directory, position & UINT32_MAX)->name;
}

bool shop_goods(struct call *call, struct shop_product *ret_product, int64_t *ret_quantity)
{
    const char *sku;

    return call_text(call, "sku", &sku) &&
           call_whole(call, "quantity", 1, CALL_QUANTITY_MAX, ret_quantity) &&
           shop_product(call, sku, ret_product);
}

bool shop_own_place(struct call *call, int64_t *ret_place)
{
    const char *place;

    if (!call_text(call, "place", &place))
        return false;
    if (strcmp(place, call->clerk) != 0) {
        call_refuse(call, 403, "forbidden", "you work at %s, not at %s", call->clerk, place);
        return false;
    }
    return shop_place(call, place, ret_place);
}

int64_t shop_until_us(const struct call *call)
{
    return call->now_us + call->shared->reserve_for_us;
}

bool shop_pause(struct call *call, void *seen, size_t seen_size)
{
    if (call->state == NULL) {
        call->state = g_memdup2(seen, seen_size);
        call_later(call, g_random_int_range(PAUSE_US_MIN, PAUSE_US_MAX + 1));
        return true;
    }
    memcpy(seen, call->state, seen_size);
    g_clear_pointer(&call->state, g_free);
    return false;
}
