/* Which requests belong to a position, a reservation or a payment: looked up when there is something
 * to tell, row by row. */
#include "replay/audit/judge.h"

static bool is_line_of(const struct judge *judge, const struct judge_position *position,
                       uint32_t line)
{
    return JUDGE_TEXT(judge->after, order_lines, sku, line) == position->sku &&
           (position->place == INTERN_NONE ||
            JUDGE_TEXT(judge->after, order_lines, place, line) == position->place);
}

static void show_rows(const struct judge *judge, const struct judge_position *position,
                      struct audit_finding *finding, bool only_cancelled)
{
    const uint32_t rows = books_row_count(judge->after, BOOK_orders);

    for (uint32_t row = 0; row < rows && finding->requests->len < AUDIT_REQUESTS_MAX; row++) {
        const uint32_t number = judge->book_order[row];
        if (number == JUDGE_NONE || judge->book_is_old[row] ||
            (only_cancelled && !JUDGE_FLAG(judge->after, orders, cancelled, row)))
            continue;
        for (uint32_t line = judge->line_first[row]; line < judge->line_first[row + 1]; line++) {
            if (!is_line_of(judge, position, line))
                continue;
            judge_show_order(judge, finding, judge_order(judge, number));
            break;
        }
    }
}

void judge_show_cancelled(const struct judge *judge, const struct judge_position *position,
                          struct audit_finding *finding)
{
    show_rows(judge, position, finding, true);
}

/* Cancelled orders first: they are the usual reason. */
void judge_show_position(const struct judge *judge, const struct judge_position *position,
                         struct audit_finding *finding)
{
    show_rows(judge, position, finding, true);
    show_rows(judge, position, finding, false);
}

bool judge_order_may_still(const struct judge *judge, const struct judge_order *order)
{
    for (uint32_t k = 0; k < order->deed_count; k++)
        if (judge_may_still(judge, judge->deeds[order->deed_first + k].row))
            return true;
    return false;
}

int64_t *judge_payments(const struct judge *judge)
{
    const uint32_t count = books_row_count(judge->after, BOOK_orders);
    int64_t *paid;

    if (!books_has(judge->after, BOOK_payments) || !JUDGE_HAS(judge->after, payments, order))
        return NULL;
    paid = g_new0(int64_t, count + 1);
    for (uint32_t row = 0; row < books_row_count(judge->after, BOOK_payments); row++) {
        const uint32_t at = judge_named_row(judge, JUDGE_TEXT(judge->after, payments, order, row));
        paid[at == JUDGE_NONE ? count : at] += JUDGE_NUMBER(judge->after, payments, amount, row);
    }
    return paid;
}
