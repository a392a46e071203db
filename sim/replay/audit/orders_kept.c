/* Acknowledged orders exist: each stands in the books, with what was ordered.
 *
 * What was ordered is what the customer's cart certainly held when the order was sent (requests that
 * were acknowledged before), up to what it may have held. Orders that may have been cancelled are not
 * held to their lines, nor those of which units may have come back when the books have no column for
 * that: some services write it into the quantity. Services whose cart belongs to the session may
 * bring in what the same member left in an earlier one.
 *
 * An order that the service cancelled by itself is right if nobody paid for it (it expired), and wrong
 * if the payment was acknowledged.
 *
 * Sales at tills are promises as well: lines that were acknowledged stand in the book of sales.
 */
#include "replay/audit/judge.h"

#define ORDERS_MAX 1000

static int64_t units_in_books(const struct judge *judge, const struct judge_order *order,
                              uint32_t sku)
{
    int64_t units = 0;

    for (uint32_t line = judge->line_first[order->book]; line < judge->line_first[order->book + 1];
         line++)
        if (JUDGE_TEXT(judge->after, order_lines, sku, line) == sku)
            units += JUDGE_NUMBER(judge->after, order_lines, quantity, line);
    return units;
}

/* What may have been left in this member's carts that became no order. Of members with very many
 * orders (one account for a whole run) anything may have been: looking through all of them for each
 * would cost their square. */
static int64_t left_behind(const struct judge *judge, const struct judge_order *order, uint32_t sku)
{
    int64_t units = 0, low, high;

    if (order->member == JUDGE_NONE)
        return 0;
    const struct judge_member *member =
        &g_array_index(judge->members, struct judge_member, order->member);
    if (member->order_count > ORDERS_MAX)
        return INT64_MAX / 4;
    for (uint32_t i = 0; i < member->order_count; i++) {
        const struct judge_order *other =
            judge_order(judge, judge->member_orders[member->order_first + i]);
        if (other == order || other->book != JUDGE_NONE)
            continue;
        judge_order_cart(judge, other, sku, &low, &high);
        units += high;
    }
    return units;
}

static void judge_sku(const struct judge *judge, const struct judge_order *order, uint32_t sku,
                      struct audit_result *result)
{
    const int64_t units = units_in_books(judge, order, sku);
    int64_t low, high;

    judge_order_cart(judge, order, sku, &low, &high);
    if (units > high)
        high += left_behind(judge, order, sku);
    if (units >= low && units <= high)
        return;
    const int64_t amount = units < low ? low - units : units - high;
    if (!judge_violated(result, amount))
        return;
    g_autofree char *name = judge_order_text(judge, order);
    struct audit_finding *finding =
        judge_find(result, amount, -1, g_strdup_printf("order %s", name),
                   units < low ? g_strdup_printf("%" G_GINT64_FORMAT
                                                 " units of SKU %s were ordered and acknowledged, "
                                                 "the books have %" G_GINT64_FORMAT,
                                                 low, intern_text(judge->texts, sku), units)
                               : g_strdup_printf("the books have %" G_GINT64_FORMAT
                                                 " units of SKU %s, no more than %" G_GINT64_FORMAT
                                                 " were ordered",
                                                 units, intern_text(judge->texts, sku), high));
    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        if (deed->deed != DEED_add ||
            history_sku(judge->history, judge->rows[deed->row].sku) == sku)
            judge_show(judge, finding, deed->row);
    }
}

static bool is_among(const uint32_t *skus, uint32_t count, uint32_t sku)
{
    for (uint32_t i = 0; i < count; i++)
        if (skus[i] == sku)
            return true;
    return false;
}

static void judge_contents(const struct judge *judge, const struct judge_order *order,
                           struct audit_result *result)
{
    g_autoptr(GArray) skus = g_array_new(FALSE, FALSE, sizeof(uint32_t));

    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        const uint32_t sku = history_sku(judge->history, judge->rows[deed->row].sku);
        if (deed->deed == DEED_add && !is_among((uint32_t *)(void *)skus->data, skus->len, sku))
            g_array_append_val(skus, sku);
    }
    for (uint32_t line = judge->line_first[order->book]; line < judge->line_first[order->book + 1];
         line++) {
        const uint32_t sku = JUDGE_TEXT(judge->after, order_lines, sku, line);
        if (!is_among((uint32_t *)(void *)skus->data, skus->len, sku))
            g_array_append_val(skus, sku);
    }
    for (guint i = 0; i < skus->len; i++)
        judge_sku(judge, order, g_array_index(skus, uint32_t, i), result);
}

static void lost(const struct judge *judge, const struct judge_order *order,
                 struct audit_result *result)
{
    g_autofree char *name = judge_order_text(judge, order);
    g_autofree char *member = judge_member_text(judge, order);
    g_autofree char *since = judge_time_text(order->placed_by_us);
    const char *paid = judge_certain(order, DEED_pay) == CERTAINTY_DONE ? ", and paid for" : "";

    if (judge_violated(result, 1))
        judge_show_order(
            judge,
            judge_find(result, 1, order->placed_by_us, g_strdup_printf("order %s", name),
                       g_strdup_printf("it was promised to %s at %s%s, and isn't in the books",
                                       member, since, paid)),
            order);
}

static void given_up(const struct judge *judge, const struct judge_order *order,
                     struct audit_result *result)
{
    g_autofree char *name = judge_order_text(judge, order);

    if (judge_violated(result, 1))
        judge_show_order(judge,
                         judge_find(result, 1, -1, g_strdup_printf("order %s", name),
                                    g_strdup("it was acknowledged and paid for, and is cancelled "
                                             "in the books though nobody asked for that")),
                         order);
}

static bool may_be_given_up(const struct judge_order *order)
{
    return judge_may(order, DEED_cancel) || judge_may(order, DEED_take_back);
}

static bool may_change(const struct judge *judge, const struct judge_order *order)
{
    return judge_may(order, DEED_cancel) ||
           (judge_may(order, DEED_take_back) && !JUDGE_HAS(judge->after, order_lines, returned));
}

static void judge_one(const struct judge *judge, const struct judge_order *order, bool is_whole,
                      struct audit_result *result)
{
    const bool has_lines = JUDGE_HAS(judge->after, order_lines, quantity);

    if (order->book == JUDGE_NONE) {
        if (is_whole && judge_order_is_known(judge, order))
            lost(judge, order, result);
    } else if (JUDGE_FLAG(judge->after, orders, cancelled, order->book)) {
        if (judge_certain(order, DEED_pay) == CERTAINTY_DONE && !may_be_given_up(order) &&
            judge->is_complete && order->book_count == 1)
            given_up(judge, order, result);
    } else if (has_lines && judge_knows(judge, DEED_add) && judge->is_complete && !order->is_old &&
               !may_change(judge, order)) {
        judge_contents(judge, order, result);
    }
}

/* ---- tills ----------------------------------------------------------------------------------- */

static void judge_sales(const struct judge *judge, struct audit_result *result)
{
    g_autoptr(GHashTable) sold = g_hash_table_new(judge_pair_hash, g_direct_equal);

    if (!judge_asked(judge, DEED_sell) || !judge_needs(result, judge->after, "after", BOOK_sales))
        return;
    for (uint32_t row = 0; row < books_row_count(judge->after, BOOK_sales); row++) {
        gpointer key = judge_pair(JUDGE_TEXT(judge->after, sales, sale, row),
                                  JUDGE_TEXT(judge->after, sales, sku, row));
        const gsize units = GPOINTER_TO_SIZE(g_hash_table_lookup(sold, key)) +
                            (gsize)JUDGE_NUMBER(judge->after, sales, quantity, row);
        g_hash_table_insert(sold, key, GSIZE_TO_POINTER(units));
    }
    for (uint32_t i = 0; i < judge->deed_count; i++) {
        const struct judge_deed *deed = &judge->deeds[i];
        const struct record_row *row = &judge->rows[deed->row];
        const struct judge_order *order = judge_order(judge, deed->order);
        if (deed->deed != DEED_sell || deed->certainty != CERTAINTY_DONE ||
            order->key == INTERN_NONE)
            continue;
        const int64_t units = (int64_t)GPOINTER_TO_SIZE(
            g_hash_table_lookup(sold,
                                judge_pair(order->key, history_sku(judge->history, row->sku))));
        result->checked++;
        if (units >= row->quantity || !judge_violated(result, row->quantity - units))
            continue;
        g_autofree char *name = judge_order_text(judge, order);
        judge_show(judge,
                   judge_find(result, row->quantity - units, row->done_us,
                              g_strdup_printf("sale %s", name),
                              g_strdup_printf("a till was told that %u units were sold, the books "
                                              "have %" G_GINT64_FORMAT,
                                              row->quantity, units)),
                   deed->row);
    }
}

void orders_kept_judge(const struct judge *judge, struct audit_result *result)
{
    const bool is_whole = judge_needs(result, judge->after, "after", BOOK_orders);

    for (guint i = 0; i < judge->orders->len; i++) {
        const struct judge_order *order = judge_order(judge, i);
        if (judge_certain(order, DEED_place) != CERTAINTY_DONE)
            continue;
        if (order->book == JUDGE_NONE && (!is_whole || !judge_order_is_known(judge, order)))
            continue;
        result->checked++;
        result->open += may_be_given_up(order);
        judge_one(judge, order, is_whole, result);
    }
    judge_pools(judge, result, JUDGE_POOL_LOST);
    judge_sales(judge, result);
}
