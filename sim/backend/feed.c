/* The change feed: what other systems (a search index, a marketplace, a display in a shop) poll to
 * follow the stock without asking for each position.
 *
 * It is the ledger itself, read in order after a number: each entry is one change of a position, with
 * what is available there now. Whoever asks with the `next` of the answer before misses nothing and
 * gets nothing twice; whoever comes late reads on from wherever it was. An answer with fewer entries
 * than the limit is the end for now. Entries of a request that is rolled back are never seen, and the
 * numbers of one transaction become visible together: nothing can appear behind a reader's back.
 */
#include "backend/shop.h"

#define FEED_LIMIT 100
#define FEED_LIMIT_MAX 10000

/* GET /feed?after=N&limit= */
void feed_get(struct call *call)
{
    const enum statement s = STATEMENT_movement_after;
    int64_t after, limit;

    if (!call_parameter_whole(call, "after", 0, INT64_MAX, 0, &after) ||
        !call_parameter_whole(call, "limit", 1, FEED_LIMIT_MAX, FEED_LIMIT, &limit))
        return;
    json_t *list = json_array();
    store_bind(call->store, s, "ii", after, limit);
    while (store_row(call->store, s)) {
        const int64_t position = store_int(call->store, s, 2);
        after = store_int(call->store, s, 0);
        json_array_append_new(list, json_pack("{s:I, s:I, s:s, s:s, s:I, s:I, s:s, s:I}", "number",
                                              after, "at_us", store_int(call->store, s, 1), "place",
                                              shop_place_name(call, position), "sku",
                                              shop_product_name(call, position), "on_hand",
                                              store_int(call->store, s, 3), "reserved",
                                              store_int(call->store, s, 4), "reason",
                                              store_text(call->store, s, 5), "available",
                                              store_int(call->store, s, 6)));
    }
    call_answer(call, 200, json_pack("{s:o, s:I}", "changes", list, "next", after));
}
