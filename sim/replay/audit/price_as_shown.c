/* Charged as shown: each line costs what the same journey was shown last for its SKU before the order
 * was sent, and the order costs what its acknowledgement said.
 *
 * Where the order was sent several times, what was shown in between may be meant as well. Prices that
 * nobody was shown prove nothing.
 */
#include "replay/audit/judge.h"

struct shown {
    uint64_t journey;
    int64_t at_us, cents;
    uint32_t sku, row;
};

static int compare(gconstpointer a, gconstpointer b)
{
    const struct shown *one = a, *other = b;

    if (one->journey != other->journey)
        return one->journey < other->journey ? -1 : 1;
    if (one->sku != other->sku)
        return one->sku < other->sku ? -1 : 1;
    return one->at_us < other->at_us ? -1 : one->at_us > other->at_us;
}

static bool is_placing(enum deed deed)
{
    return deed == DEED_place || deed == DEED_place_and_pay || deed == DEED_pay ||
           deed == DEED_sell;
}

static GArray *prices_shown(const struct judge *judge)
{
    GArray *prices = g_array_new(FALSE, FALSE, sizeof(struct shown));
    int64_t cents;

    for (uint32_t row = 0; row < judge->row_count; row++) {
        const struct record_row *r = &judge->rows[row];
        if (is_placing(judge_deed_of(judge, row)) ||
            !judge_told(judge, row, TELLING_price, &cents) || r->done_us < 0)
            continue;
        const struct shown shown = {.journey = r->journey,
                                    .at_us = r->done_us,
                                    .cents = cents,
                                    .sku = history_sku(judge->history, r->sku),
                                    .row = row};
        g_array_append_val(prices, shown);
    }
    g_array_sort(prices, compare);
    return prices;
}

/* The first price of this journey and SKU, as a number of the array. */
static guint find(const GArray *prices, uint64_t journey, uint32_t sku)
{
    const struct shown wanted = {.journey = journey, .sku = sku, .at_us = INT64_MIN};
    guint low = 0, high = prices->len;

    while (low < high) {
        const guint middle = low + (high - low) / 2;
        if (compare(&g_array_index(prices, struct shown, middle), &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether the price is what was shown last before the order, or while it was sent again. The last
 * one shown is *ret_shown; NULL = none was. */
static bool is_as_shown(const GArray *prices, uint64_t journey, uint32_t sku, int64_t from_us,
                        int64_t until_us, int64_t cents, const struct shown **ret_shown)
{
    bool good = false;

    *ret_shown = NULL;
    for (guint i = find(prices, journey, sku); i < prices->len; i++) {
        const struct shown *shown = &g_array_index(prices, struct shown, i);
        if (shown->journey != journey || shown->sku != sku || shown->at_us > until_us)
            break;
        good = shown->cents == cents || (good && shown->at_us > from_us);
        *ret_shown = shown;
    }
    return good || *ret_shown == NULL;
}

static void judge_lines(const struct judge *judge, const struct judge_order *order, uint32_t placed,
                        int64_t until_us, const GArray *prices, struct audit_result *result)
{
    const Books *books = judge->after;

    for (uint32_t line = judge->line_first[order->book]; line < judge->line_first[order->book + 1];
         line++) {
        const int64_t cents = JUDGE_NUMBER(books, order_lines, price, line);
        const uint32_t sku = JUDGE_TEXT(books, order_lines, sku, line);
        const int64_t units = JUDGE_NUMBER(books, order_lines, quantity, line);
        const struct shown *shown;
        if (cents == BOOKS_NO_NUMBER)
            continue;
        const bool good = is_as_shown(prices, judge->rows[placed].journey, sku,
                                      order->placed_from_us, until_us, cents, &shown);
        result->checked += shown != NULL;
        if (good)
            continue;
        const int64_t amount = ABS(cents - shown->cents) * MAX(1, units);
        if (!judge_violated(result, amount))
            continue;
        g_autofree char *name = judge_order_text(judge, order);
        struct audit_finding *finding =
            judge_find(result, amount, judge->rows[placed].done_us,
                       g_strdup_printf("order %s", name),
                       g_strdup_printf("SKU %s was shown at %" G_GINT64_FORMAT
                                       " cents and charged at %" G_GINT64_FORMAT,
                                       intern_text(judge->texts, sku), shown->cents, cents));
        judge_show(judge, finding, shown->row);
        judge_show_order(judge, finding, order);
    }
}

/* A number that the acknowledgement told against the books' column. */
static void judge_number_told(const struct judge *judge, const struct judge_order *order,
                              enum telling what, int64_t in_books, const char *name,
                              struct audit_result *result)
{
    bool good = false;
    uint32_t row = JUDGE_NONE;
    int64_t told = 0, cents;

    if (in_books == BOOKS_NO_NUMBER)
        return;
    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        if ((deed->deed != DEED_place && deed->deed != DEED_place_and_pay) ||
            deed->certainty != CERTAINTY_DONE || !judge_told(judge, deed->row, what, &cents))
            continue;
        good |= cents == in_books;
        row = deed->row;
        told = cents;
    }
    if (row == JUDGE_NONE)
        return;
    result->checked++;
    if (good || !judge_violated(result, ABS(told - in_books)))
        return;
    g_autofree char *text = judge_order_text(judge, order);
    judge_show(judge,
               judge_find(result, ABS(told - in_books), judge->rows[row].done_us,
                          g_strdup_printf("order %s", text),
                          g_strdup_printf("the customer was told %s of %" G_GINT64_FORMAT
                                          " cents, the books have %" G_GINT64_FORMAT,
                                          name, told, in_books)),
               row);
}

static void judge_order_prices(const struct judge *judge, const struct judge_order *order,
                               const GArray *prices, struct audit_result *result)
{
    uint32_t placed = JUDGE_NONE;
    int64_t until_us = 0;

    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        if ((deed->deed != DEED_place && deed->deed != DEED_place_and_pay) ||
            deed->certainty == CERTAINTY_NOT_DONE)
            continue;
        placed = placed == JUDGE_NONE ? deed->row : placed;
        until_us =
            MAX(until_us,
                deed->certainty == CERTAINTY_OPEN ? JUDGE_NEVER : judge->rows[deed->row].done_us);
    }
    if (placed == JUDGE_NONE)
        return;
    judge_lines(judge, order, placed, until_us, prices, result);
    if (judge_may(order, DEED_cancel) || judge_may(order, DEED_take_back) ||
        JUDGE_FLAG(judge->after, orders, cancelled, order->book))
        return;
    judge_number_told(judge, order, TELLING_total,
                      JUDGE_NUMBER(judge->after, orders, total, order->book), "a total", result);
    judge_number_told(judge, order, TELLING_discount,
                      JUDGE_NUMBER(judge->after, orders, discount, order->book), "a discount",
                      result);
}

void price_as_shown_judge(const struct judge *judge, struct audit_result *result)
{
    g_autoptr(GArray) prices = prices_shown(judge);

    if (!judge_needs(result, judge->after, "after", BOOK_orders) &&
        books_row_count(judge->after, BOOK_orders) == 0)
        return;
    if (!JUDGE_HAS(judge->after, order_lines, price))
        judge_missing(result, "no column `price` of book 'order_lines'");
    if (prices->len == 0)
        judge_missing(result, "no answer told a price");
    for (guint i = 0; i < judge->orders->len; i++) {
        const struct judge_order *order = judge_order(judge, i);
        if (order->book != JUDGE_NONE && !order->is_old && order->book_count == 1)
            judge_order_prices(judge, order, prices, result);
    }
}
