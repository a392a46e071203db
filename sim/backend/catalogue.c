/* What everybody may look at: products, shelves, stock. Read in the thread that received the request,
 * from the last commit.
 */
#include "backend/backend_private.h"
#include "backend/stale.h"

#include <string.h>

#define CATALOGUE_LIMIT_MAX 100
#define CATALOGUE_LIMIT 20

static const struct directory_product *catalogue_product(struct call *call, const char *name)
{
    const struct directory_product *product = directory_product(call->shared->directory, name);

    if (product == NULL)
        call_refuse(call, 404, "no_such_product", "there is no product '%s'", name);
    return product;
}

static const struct directory_place *catalogue_place(struct call *call, const char *name)
{
    const struct directory_place *place = directory_place(call->shared->directory, name);

    if (place == NULL)
        call_refuse(call, 404, "no_such_place", "there is no place '%s'", name);
    return place;
}

static json_t *product_json(struct call *call, const struct directory_product *product)
{
    int64_t price_cents = 0;

    store_bind(call->store, STATEMENT_product_price, "i", product->id);
    if (store_row(call->store, STATEMENT_product_price))
        price_cents = store_int(call->store, STATEMENT_product_price, 0);
    return json_pack("{s:s, s:s, s:I}", "sku", product->name, "name", product->name, "price_cents",
                     (json_int_t)price_cents);
}

/* What may be promised; 0 where the place does not keep the product. */
static int64_t available(struct call *call, const struct directory_place *place,
                         const struct directory_product *product)
{
    const enum statement s = STATEMENT_stock_get;
    int64_t units = 0;

    if (stale_get(call->shared->stale, place->id << 32 | product->id, &units))
        return units;
    store_bind(call->store, s, "ii", place->id, product->id);
    if (store_row(call->store, s))
        units = store_int(call->store, s, 0) - store_int(call->store, s, 1);
    stale_put(call->shared->stale, place->id << 32 | product->id, units);
    return units;
}

void get_product(struct call *call)
{
    const struct directory_product *product = catalogue_product(call, call->segment[1]);

    if (product != NULL)
        call_answer(call, 200, product_json(call, product));
}

void scan_shelf(struct call *call)
{
    const struct directory_place *place = catalogue_place(call, call->segment[1]);
    const struct directory_product *product =
        place != NULL ? catalogue_product(call, call->segment[3]) : NULL;
    json_t *answer;

    if (product == NULL)
        return;
    answer = product_json(call, product);
    json_object_set_new(answer, "place", json_string(place->name));
    json_object_set_new(answer, "available", json_integer(available(call, place, product)));
    call_answer(call, 200, answer);
}

void get_stock(struct call *call)
{
    const struct directory_place *place = catalogue_place(call, call->segment[1]);
    const struct directory_product *product =
        place != NULL ? catalogue_product(call, call->segment[3]) : NULL;

    if (product != NULL)
        call_answer(call, 200,
                    json_pack("{s:s, s:s, s:I}", "place", place->name, "sku", product->name,
                              "available", (json_int_t)available(call, place, product)));
}

/* ---- search ---------------------------------------------------------------------------------- */

struct search {
    struct call *call;
    json_t *products;
    int64_t limit, total;
};

static void search_found(void *user, const struct directory_product *product)
{
    struct search *search = user;

    if (search->total++ < search->limit)
        json_array_append_new(search->products, product_json(search->call, product));
}

void find_products(struct call *call)
{
    struct search search = {.call = call};
    const char *query = call_parameter(call, "query");

    if (query == NULL || *query == '\0') {
        call_refuse(call, 400, "bad_request", "query: expected what to look for");
        return;
    }
    if (!call_parameter_whole(call, "limit", 1, CATALOGUE_LIMIT_MAX, CATALOGUE_LIMIT,
                              &search.limit))
        return;
    search.products = json_array();
    directory_search(call->shared->directory, query, search_found, &search);
    call_answer(call, 200,
                json_pack("{s:o, s:I}", "products", search.products, "total",
                          (json_int_t)search.total));
}
