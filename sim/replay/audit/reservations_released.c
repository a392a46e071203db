/* Reservations are released: units are held for open orders and for nothing else.
 *
 * The book of reservations is held against the orders one by one where it names them. The sums of
 * that book, and of the column `reserved` of the stock, are held against the units of standing
 * orders that were not handed over: more is a leak, less is an order whose units anybody may buy.
 */
#include "replay/audit/judge.h"

/* Units that reservations hold for orders that are cancelled, or not in the books. */
static void judge_row(const struct judge *judge, uint32_t row, GHashTable *before, int64_t *leaked,
                      struct audit_result *result)
{
    const Books *books = judge->after;
    const uint32_t name = JUDGE_TEXT(books, reservations, order, row);
    const uint32_t book_row = judge_named_row(judge, name);
    const uint32_t number = judge_named_order(judge, name);
    const int64_t units = JUDGE_NUMBER(books, reservations, quantity, row);
    const bool is_cancelled =
        book_row != JUDGE_NONE && JUDGE_FLAG(books, orders, cancelled, book_row);
    const uint32_t place = JUDGE_TEXT(books, reservations, place, row);
    const uint32_t sku = JUDGE_TEXT(books, reservations, sku, row);
    const uint32_t at = judge_position_find(judge, place, sku);

    const uint32_t over_all = judge_position_find(judge, INTERN_NONE, sku);

    result->checked++;
    if (units <= 0 || name == BOOKS_NO_TEXT || (book_row != JUDGE_NONE && !is_cancelled))
        return;
    if (g_hash_table_contains(before, GUINT_TO_POINTER(name)))
        return; /* before the run as well: nothing that the run did */
    if (number != JUDGE_NONE && judge_order_may_still(judge, judge_order(judge, number))) {
        result->open++;
        return;
    }
    if (at != JUDGE_NONE)
        leaked[at] += units;
    if (over_all != JUDGE_NONE && over_all != at)
        leaked[over_all] += units;
    if (!judge_violated(result, units))
        return;
    struct audit_finding *finding = judge_find(
        result, units, -1, g_strdup_printf("order %s", intern_text(judge->texts, name)),
        g_strdup_printf("%" G_GINT64_FORMAT " units of SKU %s are still held for it, and %s", units,
                        intern_text(judge->texts, JUDGE_TEXT(books, reservations, sku, row)),
                        is_cancelled ? "it is cancelled" : "it is not in the books"));
    if (number != JUDGE_NONE)
        judge_show_order(judge, finding, judge_order(judge, number));
}

static void judge_sum(const struct judge *judge, const struct judge_position *position,
                      const struct judge_range *range, int64_t leaked, const char *what,
                      struct audit_result *result)
{
    const int64_t amount = !range->is_known              ? 0
                           : range->actual > range->high ? range->actual - range->high - leaked
                                                         : MAX(0, range->low - range->actual);

    if (amount <= 0 || !judge_violated(result, amount))
        return;
    judge_show_cancelled(
        judge, position,
        judge_find(result, amount, -1, judge_position_text(judge, position),
                   g_strdup_printf("%" G_GINT64_FORMAT " units are held by %s, open orders have %s"
                                   "%" G_GINT64_FORMAT ": %" G_GINT64_FORMAT " %s",
                                   range->actual, what,
                                   range->actual > range->high ? "" : "at least ",
                                   range->actual > range->high ? range->high : range->low, amount,
                                   range->actual > range->high ? "held for nobody"
                                                               : "not held for anybody")));
}

/* `user`: units that single reservations were told of, by position. */
static bool judge_position_sums(const struct judge *judge, uint32_t i, const void *user,
                                struct audit_result *result)
{
    const int64_t leaked = ((const int64_t *)user)[i];
    const struct judge_position *position = judge_position(judge, i);
    const struct judge_range stock = judge_reserved(judge, position);
    const struct judge_range rows = judge_reservations(judge, position);
    const uint64_t violations = result->violations;

    if (!stock.is_known && !rows.is_known)
        return false;
    result->checked++;
    result->open += position->has_open;
    judge_sum(judge, position, &stock, leaked, "the book of stock", result);
    if (!stock.is_known || rows.actual != stock.actual)
        judge_sum(judge, position, &rows, leaked, "reservations", result);
    return leaked > 0 || result->violations > violations;
}

void reservations_released_judge(const struct judge *judge, struct audit_result *result)
{
    g_autofree int64_t *leaked = g_new0(int64_t, judge->positions->len + 1);
    g_autoptr(GHashTable) before = g_hash_table_new(NULL, NULL); /* orders that had some then */

    for (uint32_t row = 0; row < books_row_count(judge->before, BOOK_reservations); row++)
        g_hash_table_add(before,
                         GUINT_TO_POINTER(JUDGE_TEXT(judge->before, reservations, order, row)));
    if (!JUDGE_HAS(judge->after, stock, reserved))
        judge_needs(result, judge->after, "after", BOOK_reservations);
    if (!judge_needs(result, judge->after, "after", BOOK_orders))
        return;
    judge_needs_cancelled(judge, result);
    if (JUDGE_HAS(judge->after, reservations, order))
        for (uint32_t row = 0; row < books_row_count(judge->after, BOOK_reservations); row++)
            judge_row(judge, row, before, leaked, result);
    judge_each_position(judge, judge_position_sums, leaked, result);
}
