/* Stock adds up: position by position, what is left is what was there, less what orders and tills
 * took, plus what came back; units on hand likewise; the ledger's rows sum up to the change on hand;
 * and the book's own columns go together as they did before. The ranges are judge_tally.c's.
 *
 * Over all places only what the places did not show is told.
 */
#include "replay/audit/judge.h"

static int64_t off_by(const struct judge_range *range)
{
    if (!range->is_known)
        return 0;
    return range->actual < range->low    ? range->actual - range->low
           : range->actual > range->high ? range->actual - range->high
                                         : 0;
}

static void tell(const struct judge *judge, const struct judge_position *position,
                 const struct judge_range *range, const char *what, struct audit_result *result)
{
    const int64_t amount = off_by(range);
    struct audit_finding *finding;

    if (amount == 0 || !judge_violated(result, amount))
        return;
    finding = judge_find(result, amount, -1, judge_position_text(judge, position),
                         g_strdup_printf("%" G_GINT64_FORMAT
                                         " units %s were there before; by orders, sales and "
                                         "returns %" G_GINT64_FORMAT "%s%" G_GINT64_FORMAT
                                         " should be now, the book has %" G_GINT64_FORMAT
                                         ": %" G_GINT64_FORMAT " %s",
                                         range->before, what, range->low,
                                         range->low < range->high ? " to " : ", ", range->high,
                                         range->actual, ABS(amount),
                                         amount < 0 ? "are missing" : "too many"));
    judge_show_position(judge, position, finding);
}

/* Ledger and columns: what must be equal before and after. */
static void judge_equal(const struct judge *judge, const struct judge_position *position,
                        int64_t changed, int64_t by, const char *text, struct audit_result *result)
{
    const int64_t amount = ABS(changed - by);

    if (amount == 0 || amount <= judge_slack(judge, position) || !judge_violated(result, amount))
        return;
    judge_find(result, amount, -1, judge_position_text(judge, position),
               g_strdup_printf(text, changed, by));
}

static bool has_ledger(const struct judge *judge, const struct judge_position *position)
{
    return books_has(judge->before, BOOK_movements) && books_has(judge->after, BOOK_movements) &&
           position->before.is_there && position->after.is_there &&
           position->before.on_hand != BOOKS_NO_NUMBER &&
           position->after.on_hand != BOOKS_NO_NUMBER &&
           (position->place == INTERN_NONE || JUDGE_HAS(judge->after, movements, place)) &&
           (position->place != INTERN_NONE || !judge->has_places || judge->stock_is_whole);
}

static bool judge_one(const struct judge *judge, uint32_t i, const void *user,
                      struct audit_result *result)
{
    const struct judge_position *position = judge_position(judge, i);
    const struct judge_range left = judge_left(judge, position);
    const struct judge_range on_hand = judge_on_hand(judge, position);
    const uint64_t violations = result->violations;
    int64_t before, after;

    (void)user;
    if (!left.is_known && !on_hand.is_known && !has_ledger(judge, position))
        return false;
    result->checked++;
    result->open += position->has_open;
    tell(judge, position, &left, "left", result);
    if (off_by(&left) != off_by(&on_hand))
        tell(judge, position, &on_hand, "on hand", result);
    if (has_ledger(judge, position))
        judge_equal(judge, position, position->after.on_hand - position->before.on_hand,
                    judge->tallies[i].moved[1] - judge->tallies[i].moved[0],
                    "units on hand changed by %" G_GINT64_FORMAT ", the ledger's rows sum up to "
                    "%" G_GINT64_FORMAT,
                    result);
    if (!judge_columns_agree(position, &before, &after))
        judge_equal(judge, position, after, before,
                    "units on hand less those reserved are %" G_GINT64_FORMAT
                    " more than those available, before the run it was %" G_GINT64_FORMAT,
                    result);
    return result->violations > violations;
}

void stock_adds_up_judge(const struct judge *judge, struct audit_result *result)
{
    static const enum book needed[] = {BOOK_stock, BOOK_orders};

    for (guint i = 0; i < G_N_ELEMENTS(needed); i++) {
        judge_needs(result, judge->before, "before", needed[i]);
        judge_needs(result, judge->after, "after", needed[i]);
    }
    if (books_has(judge->after, BOOK_orders) && !JUDGE_HAS(judge->after, order_lines, quantity))
        judge_missing(result, "the orders' lines were not read");
    judge_needs_cancelled(judge, result);
    if (!judge->is_complete &&
        !(books_has(judge->before, BOOK_sales) && books_has(judge->after, BOOK_sales))) {
        judge_missing(result, "the record is not complete: it may lack sales");
        return;
    }
    judge_each_position(judge, judge_one, NULL, result);
}
