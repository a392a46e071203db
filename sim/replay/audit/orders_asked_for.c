/* No order without a request: each new order in the books was asked for, and not refused.
 *
 * A cancelled order that was refused is right: many services keep a record of what they did not sell.
 * Orders that name nobody of the run are held against its open requests by counting (judge_pools.c);
 * those that carry a key the run never used were made by nobody.
 */
#include "replay/audit/judge.h"

static void tell(const struct judge *judge, uint32_t row, const struct judge_order *order,
                 struct audit_result *result)
{
    const bool was_refused = order != NULL && (order->asked >> DEED_place & 1) != 0;
    g_autofree char *name = judge_book_order_text(judge, row);
    struct audit_finding *finding;

    if (!judge_violated(result, 1))
        return;
    finding = judge_find(result, 1, -1, g_strdup_printf("order %s", name),
                         g_strdup(was_refused ? "it stands in the books, though every request for "
                                                "it was refused or never sent"
                                              : "it is in the books, though nobody asked for it"));
    if (order != NULL)
        judge_show_order(judge, finding, order);
}

void orders_asked_for_judge(const struct judge *judge, struct audit_result *result)
{
    const bool is_new_known = judge_needs(result, judge->before, "before", BOOK_orders);

    if (!judge_needs(result, judge->after, "after", BOOK_orders) &&
        books_row_count(judge->after, BOOK_orders) == 0)
        return;
    if (!judge->is_complete) {
        judge_missing(result, "the record is not complete: it may lack requests");
        return;
    }
    for (uint32_t row = 0; row < books_row_count(judge->after, BOOK_orders); row++) {
        const uint32_t number = judge->book_order[row];
        if (judge->book_is_old[row])
            continue;
        if (number != JUDGE_NONE) {
            const struct judge_order *order = judge_order(judge, number);
            result->checked++;
            result->open += judge_certain(order, DEED_place) == CERTAINTY_OPEN;
            if (!judge_may(order, DEED_place) && !order->is_old &&
                !JUDGE_FLAG(judge->after, orders, cancelled, row))
                tell(judge, row, order, result);
        } else if (is_new_known && judge_row_is_named(judge, row)) {
            result->checked++;
            tell(judge, row, NULL, result);
        }
    }
    if (is_new_known)
        judge_pools(judge, result, JUDGE_POOL_UNASKED);
}
