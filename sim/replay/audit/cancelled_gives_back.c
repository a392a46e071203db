/* Cancelled orders give back: their units, their money and their coupon; and an order whose
 * cancellation was acknowledged is cancelled.
 *
 * Units that are held for nobody, or missing from what is left, at a position of which orders were
 * cancelled, count as not given back, up to what was cancelled there.
 */
#include "replay/audit/judge.h"

static void tell(const struct judge *judge, const struct judge_order *order, int64_t amount,
                 char *text, struct audit_result *result)
{
    g_autofree char *name = judge_order_text(judge, order);

    if (judge_violated(result, amount))
        judge_show_order(judge,
                         judge_find(result, amount, -1, g_strdup_printf("order %s", name), text),
                         order);
    else
        g_free(text);
}

/* Acknowledged as cancelled, but it stands. */
static void judge_standing(const struct judge *judge, const struct judge_order *order,
                           struct audit_result *result)
{
    if (judge_certain(order, DEED_cancel) != CERTAINTY_DONE || order->book == JUDGE_NONE ||
        !JUDGE_HAS(judge->after, orders, cancelled))
        return;
    result->checked++;
    if (judge_is_placed_again(judge, order)) {
        result->open++;
        return;
    }
    for (uint32_t row = order->book; row != JUDGE_NONE; row = judge->book_next[row])
        if (JUDGE_FLAG(judge->after, orders, cancelled, row))
            return;
    tell(judge, order, 1, g_strdup("its cancellation was acknowledged, and it stands in the books"),
         result);
}

static void judge_money(const struct judge *judge, uint32_t row, int64_t received,
                        struct audit_result *result)
{
    const uint32_t number = judge->book_order[row];
    g_autofree char *name = judge_book_order_text(judge, row);
    struct audit_finding *finding;

    if (received <= 0 || !judge_violated(result, received))
        return;
    finding = judge_find(result, received, -1, g_strdup_printf("order %s", name),
                         g_strdup_printf("it is cancelled, and %" G_GINT64_FORMAT
                                         " cents that were paid for it were not given back",
                                         received));
    if (number != JUDGE_NONE)
        judge_show_order(judge, finding, judge_order(judge, number));
}

static void judge_cancelled_orders(const struct judge *judge, struct audit_result *result)
{
    g_autofree int64_t *paid = judge_payments(judge);

    for (uint32_t row = 0; row < books_row_count(judge->after, BOOK_orders); row++) {
        const uint32_t number = judge->book_order[row];
        const int64_t column = JUDGE_NUMBER(judge->after, orders, paid, row);
        if (judge->book_is_old[row] || !JUDGE_FLAG(judge->after, orders, cancelled, row))
            continue;
        result->checked++;
        if (number != JUDGE_NONE && judge_order_may_still(judge, judge_order(judge, number))) {
            result->open++;
            continue;
        }
        if (column != BOOKS_NO_NUMBER)
            judge_money(judge, row, column, result);
        else if (paid != NULL)
            judge_money(judge, row, paid[row], result);
    }
}

static void judge_coupons(const struct judge *judge, struct audit_result *result)
{
    for (uint32_t row = 0; row < books_row_count(judge->after, BOOK_redemptions); row++) {
        const uint32_t name = JUDGE_TEXT(judge->after, redemptions, order, row);
        const uint32_t book_row = judge_named_row(judge, name);
        const uint32_t number = judge_named_order(judge, name);
        if (book_row == JUDGE_NONE || judge->book_is_old[book_row] ||
            !JUDGE_FLAG(judge->after, orders, cancelled, book_row) ||
            (number != JUDGE_NONE && judge_order(judge, number)->book_count > 1))
            continue;
        result->checked++;
        if (number != JUDGE_NONE && judge_order_may_still(judge, judge_order(judge, number)))
            result->open++;
        else if (number != JUDGE_NONE)
            tell(judge, judge_order(judge, number), 1,
                 g_strdup_printf("it is cancelled, and coupon %s is still redeemed with it",
                                 intern_text(judge->texts,
                                             JUDGE_TEXT(judge->after, redemptions, coupon, row))),
                 result);
    }
}

static void judge_units(const struct judge *judge, guint i, struct audit_result *result)
{
    const struct judge_position *position = judge_position(judge, i);
    const int64_t cancelled = judge->tallies[i].cancelled[1] - judge->tallies[i].cancelled[0];
    const struct judge_range left = judge_left(judge, position);
    const struct judge_range reserved = judge_reserved(judge, position);
    const struct judge_range rows = judge_reservations(judge, position);
    int64_t kept = 0;

    if (cancelled <= 0 || (!left.is_known && !reserved.is_known && !rows.is_known))
        return;
    result->checked++;
    result->open += position->has_open;
    if (left.is_known)
        kept = MAX(kept, left.low - left.actual);
    if (reserved.is_known)
        kept = MAX(kept, reserved.actual - reserved.high);
    if (rows.is_known)
        kept = MAX(kept, rows.actual - rows.high);
    kept = MIN(kept, cancelled);
    if (kept <= 0 || !judge_violated(result, kept))
        return;
    judge_show_cancelled(judge, position,
                         judge_find(result, kept, -1, judge_position_text(judge, position),
                                    g_strdup_printf("orders of %" G_GINT64_FORMAT
                                                    " units were cancelled, %" G_GINT64_FORMAT
                                                    " of them can't be sold again",
                                                    cancelled, kept)));
}

void cancelled_gives_back_judge(const struct judge *judge, struct audit_result *result)
{
    if (!judge_needs(result, judge->after, "after", BOOK_orders))
        return;
    if (!JUDGE_HAS(judge->after, orders, cancelled)) {
        judge_missing(result, "no column `cancelled` of book 'orders'");
        return;
    }
    for (guint i = 0; i < judge->orders->len; i++)
        judge_standing(judge, judge_order(judge, i), result);
    judge_cancelled_orders(judge, result);
    judge_coupons(judge, result);
    for (guint i = 0; i < judge->positions->len; i++)
        if (judge_position(judge, i)->place != INTERN_NONE || !judge->has_places)
            judge_units(judge, i, result);
}
