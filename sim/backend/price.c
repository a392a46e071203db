/* Price changes. A new price holds for pages and for what is put into carts from now on; lines that
 * are in carts keep the price that their customers were shown. The price before stays known: it is
 * what price-skew charges.
 */
#include "backend/shop.h"

/* PUT /products/{sku}/price */
void price_change(struct call *call)
{
    struct shop_product product;
    int64_t price_cents;

    if (!call_whole(call, "price_cents", 0, CALL_CENTS_MAX, &price_cents) ||
        !shop_product(call, call->segment[1], &product))
        return;
    store_run(call->store, STATEMENT_price_set, "ii", product.id, price_cents);
    call_answer(call, 200,
                json_pack("{s:s, s:s, s:I}", "sku", product.name, "name", product.name,
                          "price_cents", price_cents));
}
