/* One request, one order: what was sent again, or twice, is in the books once.
 *
 * Two orders of one key are one too many, unless the first may have been cancelled before the second
 * was sent for. Services that name orders by their own ids alone are judged by what they told: two
 * acknowledgements of one order with different ids are two orders; and by counting (judge_pools.c).
 */
#include "replay/audit/judge.h"

/* How many orders can be right: one, and one more for each cancellation that may lie between two
 * requests. */
static uint32_t orders_right(const struct judge *judge, const struct judge_order *order)
{
    uint32_t right = 1;

    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *cancel = &judge->deeds[order->deed_first + k];
        bool again = false;
        if (cancel->deed != DEED_cancel || cancel->certainty == CERTAINTY_NOT_DONE)
            continue;
        for (uint32_t i = 0; i < order->deed_count; i++) {
            const struct judge_deed *place = &judge->deeds[order->deed_first + i];
            const bool places = place->deed == DEED_place || place->deed == DEED_place_and_pay;
            again |= places && place->certainty != CERTAINTY_NOT_DONE &&
                     (place->certainty == CERTAINTY_OPEN ||
                      judge->rows[place->row].done_us >= judge_from_us(judge, cancel->row));
        }
        right += again;
    }
    return right;
}

/* A book that is read page by page while orders come in may show one of them on two pages. */
static bool is_read_twice(const struct judge *judge, const struct judge_order *order, uint32_t row)
{
    const uint32_t id = JUDGE_TEXT(judge->after, orders, id, row);

    for (uint32_t other = order->book; other != row; other = judge->book_next[other])
        if (id != BOOKS_NO_TEXT && JUDGE_TEXT(judge->after, orders, id, other) == id)
            return true;
    return false;
}

static uint32_t new_rows(const struct judge *judge, const struct judge_order *order)
{
    uint32_t count = 0;

    for (uint32_t row = order->book; row != JUDGE_NONE; row = judge->book_next[row])
        count += !judge->book_is_old[row] && !is_read_twice(judge, order, row);
    return count;
}

/* Different names that acknowledgements gave the order. */
static uint32_t names_told(const struct judge *judge, const struct judge_order *order)
{
    uint32_t count = 0, id, other;

    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        bool is_new = true;
        if ((deed->deed != DEED_place && deed->deed != DEED_place_and_pay) ||
            deed->certainty != CERTAINTY_DONE ||
            !judge_told_text(judge, deed->row, TELLING_order, &id))
            continue;
        for (uint32_t i = 0; i < k; i++) {
            const struct judge_deed *earlier = &judge->deeds[order->deed_first + i];
            if ((earlier->deed == DEED_place || earlier->deed == DEED_place_and_pay) &&
                earlier->certainty == CERTAINTY_DONE &&
                judge_told_text(judge, earlier->row, TELLING_order, &other))
                is_new &= other != id;
        }
        count += is_new;
    }
    return count;
}

static void judge_sale(const struct judge *judge, const struct judge_order *order, uint32_t sku,
                       int64_t sold, struct audit_result *result)
{
    int64_t asked = 0;

    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        if (deed->deed == DEED_sell && deed->certainty != CERTAINTY_NOT_DONE &&
            history_sku(judge->history, judge->rows[deed->row].sku) == sku)
            asked += judge->rows[deed->row].quantity;
    }
    result->checked++;
    if (sold <= asked || !judge_violated(result, sold - asked))
        return;
    g_autofree char *name = judge_order_text(judge, order);
    judge_show_order(
        judge,
        judge_find(result, sold - asked, -1, g_strdup_printf("sale %s", name),
                   g_strdup_printf("the books have %" G_GINT64_FORMAT
                                   " units of SKU %s, tills asked for %" G_GINT64_FORMAT,
                                   sold, intern_text(judge->texts, sku), asked)),
        order);
}

static void judge_sales(const struct judge *judge, struct audit_result *result)
{
    const Books *books = judge->after;
    g_autoptr(GHashTable) sold = g_hash_table_new(judge_pair_hash, g_direct_equal);
    GHashTableIter iterator;
    gpointer key, units;

    if (!judge_knows(judge, DEED_sell) || !judge->is_complete || judge->is_repeat)
        return;
    for (uint32_t row = 0; row < books_row_count(books, BOOK_sales); row++) {
        const uint32_t order = judge_named_order(judge, JUDGE_TEXT(books, sales, sale, row));
        if (order == JUDGE_NONE || !judge_may(judge_order(judge, order), DEED_sell))
            continue;
        key = judge_pair(order, JUDGE_TEXT(books, sales, sku, row));
        g_hash_table_insert(sold, key,
                            GSIZE_TO_POINTER(GPOINTER_TO_SIZE(g_hash_table_lookup(sold, key)) +
                                             (gsize)JUDGE_NUMBER(books, sales, quantity, row)));
    }
    g_hash_table_iter_init(&iterator, sold);
    while (g_hash_table_iter_next(&iterator, &key, &units))
        judge_sale(judge, judge_order(judge, (uint32_t)(GPOINTER_TO_SIZE(key) >> 32)),
                   (uint32_t)GPOINTER_TO_SIZE(key), (int64_t)GPOINTER_TO_SIZE(units), result);
}

void orders_once_judge(const struct judge *judge, struct audit_result *result)
{
    judge_needs(result, judge->after, "after", BOOK_orders);
    for (guint i = 0; i < judge->orders->len; i++) {
        const struct judge_order *order = judge_order(judge, i);
        const uint32_t in_books = new_rows(judge, order);
        const uint32_t told = names_told(judge, order);
        const uint32_t count = MAX(in_books, told);
        if (count == 0)
            continue;
        const uint32_t right = count > 1 ? orders_right(judge, order) : 1;
        result->checked++;
        result->open += right > 1;
        if (count <= right || !judge_violated(result, count - right))
            continue;
        g_autofree char *name = judge_order_text(judge, order);
        judge_show_order(
            judge,
            judge_find(result, count - right, -1, g_strdup_printf("order %s", name),
                       in_books >= told
                           ? g_strdup_printf("it is in the books %u times", in_books)
                           : g_strdup_printf("it was acknowledged as %u different orders", told)),
            order);
    }
    judge_pools(judge, result, JUDGE_POOL_TWICE);
    judge_sales(judge, result);
}
