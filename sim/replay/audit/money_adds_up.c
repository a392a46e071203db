/* Money adds up: order by order, what was received is what the order costs, and what the customer was
 * told; and no money came for an order that is not there.
 *
 * Orders of which goods may have come back are paid back in part. An order with an open request may
 * be paid between two looks at the books.
 */
#include "replay/audit/judge.h"

static void tell(const struct judge *judge, uint32_t row, int64_t amount, char *text,
                 struct audit_result *result)
{
    const uint32_t number = judge->book_order[row];
    g_autofree char *name = judge_book_order_text(judge, row);
    struct audit_finding *finding;

    if (!judge_violated(result, amount)) {
        g_free(text);
        return;
    }
    finding = judge_find(result, amount, -1, g_strdup_printf("order %s", name), text);
    if (number != JUDGE_NONE)
        judge_show_order(judge, finding, judge_order(judge, number));
}

/* What the last acknowledgement of a payment told. */
static bool told_paid(const struct judge *judge, const struct judge_order *order,
                      int64_t *ret_cents)
{
    bool found = false;

    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        if ((deed->deed == DEED_pay || deed->deed == DEED_place_and_pay) &&
            deed->certainty == CERTAINTY_DONE)
            found |= judge_told(judge, deed->row, TELLING_paid, ret_cents);
    }
    return found;
}

/* The first thing that is wrong with the money of a standing order; NULL = nothing. */
static char *what_is_wrong(const struct judge *judge, uint32_t row, int64_t paid, int64_t total,
                           int64_t *ret_amount)
{
    static const struct judge_order nobodys = {.certain = {0}};
    const struct judge_order *order = judge->book_order[row] == JUDGE_NONE
                                          ? &nobodys
                                          : judge_order(judge, judge->book_order[row]);
    const bool has_flag = JUDGE_HAS(judge->after, orders, settled);
    const bool was_paid = judge_certain(order, DEED_pay) == CERTAINTY_DONE;
    const bool is_settled = has_flag ? JUDGE_FLAG(judge->after, orders, settled, row) : was_paid;
    const bool may_be_less = judge_may(order, DEED_take_back) || judge_may(order, DEED_cancel);
    int64_t told;

    if (has_flag && was_paid && !is_settled && !may_be_less && order->book_count == 1) {
        *ret_amount = total != BOOKS_NO_NUMBER ? MAX(total, 1) : 1;
        return g_strdup("its payment was acknowledged, and the books have it as not paid");
    }
    if (paid == BOOKS_NO_NUMBER)
        return NULL;
    if (total != BOOKS_NO_NUMBER &&
        (paid > total || (is_settled && !may_be_less && paid < total))) {
        *ret_amount = ABS(paid - total);
        return g_strdup_printf("it costs %" G_GINT64_FORMAT " cents, %" G_GINT64_FORMAT
                               " were received",
                               total, paid);
    }
    if (was_paid && !may_be_less && order->book_count == 1 && told_paid(judge, order, &told) &&
        told != paid) {
        *ret_amount = ABS(told - paid);
        return g_strdup_printf("the customer was told that %" G_GINT64_FORMAT
                               " cents were charged, the books have %" G_GINT64_FORMAT,
                               told, paid);
    }
    return NULL;
}

static void judge_row(const struct judge *judge, uint32_t row, const int64_t *payments,
                      struct audit_result *result)
{
    const uint32_t number = judge->book_order[row];
    const int64_t total = JUDGE_NUMBER(judge->after, orders, total, row);
    const int64_t column = JUDGE_NUMBER(judge->after, orders, paid, row);
    const int64_t paid = column != BOOKS_NO_NUMBER ? column
                         : payments != NULL        ? payments[row]
                                                   : BOOKS_NO_NUMBER;
    int64_t amount = 0;
    char *text;

    result->checked++;
    if (number != JUDGE_NONE && judge_order_may_still(judge, judge_order(judge, number))) {
        result->open++;
        return;
    }
    if (column != BOOKS_NO_NUMBER && payments != NULL && payments[row] != column) {
        tell(judge, row, ABS(payments[row] - column),
             g_strdup_printf("the book of orders has %" G_GINT64_FORMAT
                             " cents received, the payments sum up to %" G_GINT64_FORMAT,
                             column, payments[row]),
             result);
        return;
    }
    if (JUDGE_FLAG(judge->after, orders, cancelled, row))
        return; /* cancelled_gives_back */
    text = what_is_wrong(judge, row, paid, total, &amount);
    if (text != NULL)
        tell(judge, row, amount, text, result);
}

/* Money for orders that are not in the books. */
static void judge_payments_of_nothing(const struct judge *judge, struct audit_result *result)
{
    const Books *books = judge->after;

    if (!books_has(books, BOOK_orders) || !books_has(books, BOOK_payments))
        return;
    for (uint32_t row = 0; row < books_row_count(books, BOOK_payments); row++) {
        const uint32_t name = JUDGE_TEXT(books, payments, order, row);
        const uint32_t number = judge_named_order(judge, name);
        const int64_t amount = JUDGE_NUMBER(books, payments, amount, row);
        if (name == BOOKS_NO_TEXT || judge_named_row(judge, name) != JUDGE_NONE ||
            (number != JUDGE_NONE && (judge_order_may_still(judge, judge_order(judge, number)) ||
                                      judge_may(judge_order(judge, number), DEED_sell))) ||
            !judge_violated(result, amount))
            continue;
        struct audit_finding *finding =
            judge_find(result, ABS(amount), -1,
                       g_strdup_printf("order %s", intern_text(judge->texts, name)),
                       g_strdup_printf("%" G_GINT64_FORMAT
                                       " cents were received for it, and it is not in the books",
                                       amount));
        if (number != JUDGE_NONE)
            judge_show_order(judge, finding, judge_order(judge, number));
    }
}

/* ---- tills ----------------------------------------------------------------------------------- */

static void judge_sales(const struct judge *judge, struct audit_result *result)
{
    const Books *books = judge->after;
    g_autoptr(GHashTable) received = g_hash_table_new(judge_pair_hash, g_direct_equal);

    if (!JUDGE_HAS(books, sales, amount))
        return;
    for (uint32_t row = 0; row < books_row_count(books, BOOK_sales); row++) {
        gpointer key =
            judge_pair(JUDGE_TEXT(books, sales, sale, row), JUDGE_TEXT(books, sales, sku, row));
        const int64_t cents = JUDGE_NUMBER(books, sales, amount, row);
        if (cents != BOOKS_NO_NUMBER && !g_hash_table_contains(received, key))
            g_hash_table_insert(received, key, GSIZE_TO_POINTER((gsize)cents + 1));
    }
    for (uint32_t i = 0; i < judge->deed_count; i++) {
        const struct judge_deed *deed = &judge->deeds[i];
        const struct judge_order *order = judge_order(judge, deed->order);
        int64_t told;
        if (deed->deed != DEED_sell || deed->certainty != CERTAINTY_DONE ||
            (!judge_told(judge, deed->row, TELLING_paid, &told) &&
             !judge_told(judge, deed->row, TELLING_total, &told)))
            continue;
        const gsize found = GPOINTER_TO_SIZE(
            g_hash_table_lookup(received,
                                judge_pair(order->key, history_sku(judge->history,
                                                                   judge->rows[deed->row].sku))));
        if (found == 0)
            continue; /* orders_kept */
        const int64_t cents = (int64_t)found - 1;
        result->checked++;
        if (cents == told || !judge_violated(result, ABS(cents - told)))
            continue;
        g_autofree char *name = judge_order_text(judge, order);
        judge_show(judge,
                   judge_find(result, ABS(cents - told), -1, g_strdup_printf("sale %s", name),
                              g_strdup_printf("the till was told %" G_GINT64_FORMAT
                                              " cents, the books have %" G_GINT64_FORMAT,
                                              told, cents)),
                   deed->row);
    }
}

void money_adds_up_judge(const struct judge *judge, struct audit_result *result)
{
    g_autofree int64_t *payments = judge_payments(judge);

    if (!judge_needs(result, judge->after, "after", BOOK_orders))
        return;
    judge_sales(judge, result);
    if (!JUDGE_HAS(judge->after, orders, paid) && payments == NULL &&
        !JUDGE_HAS(judge->after, orders, settled)) {
        judge_missing(result,
                      "no column `paid` or `settled` of book 'orders' and no book 'payments'");
        return;
    }
    if (!JUDGE_HAS(judge->after, orders, total))
        judge_missing(result, "no column `total` of book 'orders'");
    for (uint32_t row = 0; row < books_row_count(judge->after, BOOK_orders); row++)
        if (!judge->book_is_old[row])
            judge_row(judge, row, payments, result);
    judge_payments_of_nothing(judge, result);
}
