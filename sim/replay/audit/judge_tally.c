/* What the books themselves say of each position, added up: lines of orders, sales, ledger.
 *
 * From these sums follows what must be left of a position, and how much of it may be reserved, as a
 * range: where a column was not read, a return may have gone to any place, nobody paid (so that the
 * hold may have expired), or a request is open, the range is wider than one number.
 *
 *   left      = left before - units of standing orders - units sold at tills + units returned
 *               + units received
 *   on hand   = on hand before - units handed over - units sold at tills + units returned + received
 *   reserved  = units of standing orders that were not handed over yet
 *
 * What a book before the run was off by (units reserved by other systems) may stay as it was.
 */
#include "replay/audit/judge.h"

enum moment { BEFORE, AFTER };

static const Books *books_of(const struct judge *judge, enum moment moment)
{
    return moment == BEFORE ? judge->before : judge->after;
}

static struct judge_tally *tally_of(struct judge *judge, uint32_t place, uint32_t sku)
{
    const uint32_t at = judge_position_find(judge, place, sku);

    return at == JUDGE_NONE ? NULL : &judge->tallies[at];
}

/* Whether somebody certainly paid, so that the order's units are held. */
static bool is_paid(const struct judge *judge, enum moment moment, uint32_t row)
{
    const Books *books = books_of(judge, moment);
    const uint32_t order = moment == AFTER ? judge->book_order[row] : JUDGE_NONE;

    if (JUDGE_HAS(books, orders, settled))
        return JUDGE_FLAG(books, orders, settled, row);
    if (!judge_knows(judge, DEED_pay))
        return true;
    return order != JUDGE_NONE && judge_order_is_firm(judge, judge_order(judge, order));
}

struct line {
    int64_t quantity, handed_over, returned;
    bool stands, is_paid, may_be_gone;
};

static void tally_line(struct judge_tally *tally, enum moment moment, const struct line *line)
{
    const int64_t taken = line->stands ? line->quantity : line->handed_over;
    const int64_t open = line->stands ? line->quantity - line->handed_over : 0;

    tally->taken[moment] += taken;
    tally->unpaid[moment] += line->stands && !line->is_paid ? open : 0;
    tally->handed_over[moment] += line->handed_over;
    tally->returned[moment] += line->returned;
    tally->open[moment] += open;
    tally->may_be_gone[moment] += line->may_be_gone ? open : 0;
    tally->cancelled[moment] += line->stands ? 0 : line->quantity - line->handed_over;
}

static int64_t or_zero(int64_t number) { return number == BOOKS_NO_NUMBER ? 0 : number; }

static void tally_row(struct judge *judge, enum moment moment, uint32_t row, uint32_t line)
{
    const Books *books = books_of(judge, moment);
    const uint32_t order = moment == AFTER ? judge->book_order[row] : JUDGE_NONE;
    const uint32_t place = JUDGE_TEXT(books, order_lines, place, line);
    const uint32_t sku = JUDGE_TEXT(books, order_lines, sku, line);
    const struct line l = {.quantity = or_zero(JUDGE_NUMBER(books, order_lines, quantity, line)),
                           .handed_over =
                               or_zero(JUDGE_NUMBER(books, order_lines, handed_over, line)),
                           .returned = or_zero(JUDGE_NUMBER(books, order_lines, returned, line)),
                           .stands = !JUDGE_FLAG(books, orders, cancelled, row),
                           .is_paid = is_paid(judge, moment, row),
                           .may_be_gone = !JUDGE_HAS(books, order_lines, handed_over) &&
                                          order != JUDGE_NONE &&
                                          judge_may(judge_order(judge, order), DEED_hand_over)};
    struct judge_tally *sum = tally_of(judge, INTERN_NONE, sku);

    if (sum == NULL)
        return;
    tally_line(sum, moment, &l);
    if (place != INTERN_NONE && tally_of(judge, place, sku) != NULL)
        tally_line(tally_of(judge, place, sku), moment, &l);
    else if (place == INTERN_NONE)
        sum->is_astray = true;
}

static void tally_lines(struct judge *judge, enum moment moment)
{
    const Books *books = books_of(judge, moment);
    const uint32_t count = books_row_count(books, BOOK_order_lines);
    const uint32_t *order = count > 0 ? books_line_order(books) : NULL;

    for (uint32_t line = 0; line < count; line++)
        tally_row(judge, moment, order[line], line);
}

/* Adds `units` to a column of the position and of the SKU over all places. */
static void put(struct judge *judge, uint32_t place, uint32_t sku, size_t column, int64_t units)
{
    struct judge_tally *there = tally_of(judge, place, sku);
    struct judge_tally *sum = tally_of(judge, INTERN_NONE, sku);

    if (sum == NULL)
        return;
    *(int64_t *)(void *)((char *)sum + column) += units;
    if (place != INTERN_NONE && there != NULL)
        *(int64_t *)(void *)((char *)there + column) += units;
    else if (place == INTERN_NONE)
        sum->is_astray = true;
}
#define PUT(judge, place, sku, column, units)                                                      \
    put(judge, place, sku, offsetof(struct judge_tally, column), units)

static void tally_books(struct judge *judge, enum moment moment)
{
    const Books *books = books_of(judge, moment);

    for (uint32_t row = 0; row < books_row_count(books, BOOK_sales); row++)
        PUT(judge, JUDGE_TEXT(books, sales, place, row), JUDGE_TEXT(books, sales, sku, row),
            sold[moment], JUDGE_NUMBER(books, sales, quantity, row));
    for (uint32_t row = 0; row < books_row_count(books, BOOK_reservations); row++)
        PUT(judge, JUDGE_TEXT(books, reservations, place, row),
            JUDGE_TEXT(books, reservations, sku, row), reservations[moment],
            JUDGE_NUMBER(books, reservations, quantity, row));
    for (uint32_t row = 0; row < books_row_count(books, BOOK_movements); row++) {
        const uint32_t place = JUDGE_TEXT(books, movements, place, row);
        const uint32_t sku = JUDGE_TEXT(books, movements, sku, row);
        const uint32_t name = JUDGE_TEXT(books, movements, order, row);
        const int64_t units = JUDGE_NUMBER(books, movements, quantity, row);
        PUT(judge, place, sku, moved[moment], units);
        if (JUDGE_HAS(books, movements, order) && judge_named_order(judge, name) == JUDGE_NONE &&
            judge_named_row(judge, name) == JUDGE_NONE)
            PUT(judge, place, sku, received[moment], units);
    }
}

/* What tills certainly sold and may have sold, and what may have come back, by the history. */
static void tally_history(struct judge *judge)
{
    for (uint32_t i = 0; i < judge->deed_count; i++) {
        const struct judge_deed *deed = &judge->deeds[i];
        const struct record_row *row = &judge->rows[deed->row];
        const uint32_t place = history_place(judge->history, row->place);
        const uint32_t sku = history_sku(judge->history, row->sku);
        const int64_t units = (int64_t)row->quantity * MAX(1, judge_sendings(judge, deed->row));
        if (deed->certainty == CERTAINTY_NOT_DONE || deed->deed != DEED_sell)
            continue;
        PUT(judge, place, sku, may_be_sold, units);
    }
    for (guint i = 0; i < judge->holds->len; i++) {
        const struct judge_hold *hold = &g_array_index(judge->holds, struct judge_hold, i);
        if (hold->row != JUDGE_NONE && hold->until_us == JUDGE_NEVER &&
            judge_deed_of(judge, hold->row) == DEED_sell)
            judge->tallies[hold->position].told_sold += hold->units;
    }
    for (guint i = 0; i < judge->releases->len; i++) {
        const struct judge_release *r = &g_array_index(judge->releases, struct judge_release, i);
        if (r->from_us != INT64_MIN)
            judge->tallies[r->position].may_be_back += r->units;
    }
}

void judge_make_tallies(struct judge *judge)
{
    judge->tallies = g_new0(struct judge_tally, judge->positions->len + 1);
    for (int moment = BEFORE; moment <= AFTER; moment++) {
        tally_lines(judge, moment);
        tally_books(judge, moment);
    }
    tally_history(judge);
}

/* ---- ranges ---------------------------------------------------------------------------------- */

static bool both_have(const struct judge *judge, enum book book)
{
    return books_has(judge->before, book) && books_has(judge->after, book);
}

/* Whether the books tell which orders stand. An empty book does. */
static bool tells_cancelled(const Books *books)
{
    return JUDGE_HAS(books, orders, cancelled) || books_row_count(books, BOOK_orders) == 0;
}

/* Whether the books before and after say enough of a position to hold one against the other. */
static bool can_balance(const struct judge *judge, const struct judge_position *position)
{
    const struct judge_tally *sum =
        &judge->tallies[judge_position_find(judge, INTERN_NONE, position->sku)];

    return both_have(judge, BOOK_orders) && both_have(judge, BOOK_stock) &&
           tells_cancelled(judge->before) && tells_cancelled(judge->after) &&
           JUDGE_HAS(judge->before, order_lines, quantity) &&
           JUDGE_HAS(judge->after, order_lines, quantity) && position->before.is_there &&
           position->after.is_there && (position->place == INTERN_NONE || !sum->is_astray) &&
           (position->place != INTERN_NONE || !judge->has_places || judge->stock_is_whole);
}

static int64_t change(const int64_t number[2]) { return number[AFTER] - number[BEFORE]; }

/* Sales, returns and receipts: what changes units on hand and those left alike. */
static void range_of_others(const struct judge *judge, const struct judge_position *position,
                            const struct judge_tally *t, struct judge_range *range)
{
    const struct judge_tally *sum =
        &judge->tallies[judge_position_find(judge, INTERN_NONE, position->sku)];
    const int64_t slack = judge_slack(judge, position);

    if (both_have(judge, BOOK_sales)) {
        range->low -= change(t->sold);
        range->high -= change(t->sold);
    } else {
        range->low -= t->may_be_sold;
        range->high -= t->told_sold;
    }
    if (!JUDGE_HAS(judge->after, order_lines, returned)) {
        range->high += t->may_be_back;
    } else if (position->place == INTERN_NONE) {
        range->low += change(t->returned);
        range->high += change(t->returned);
    } else {
        range->high += MAX(0, change(sum->returned));
    }
    if (both_have(judge, BOOK_movements)) {
        range->low += change(t->received);
        range->high += change(t->received);
    }
    range->low -= slack;
    range->high += slack;
}

static bool has_columns(const struct judge_level *level)
{
    return level->is_there && level->on_hand != BOOKS_NO_NUMBER &&
           level->reserved != BOOKS_NO_NUMBER && level->available != BOOKS_NO_NUMBER;
}

static int64_t set_aside(const struct judge_level *level)
{
    return level->on_hand - level->reserved - level->available;
}

static bool columns_differ(const struct judge_position *position, int64_t *ret_before,
                           int64_t *ret_after)
{
    const struct judge_level *before = &position->before, *after = &position->after;

    if (!has_columns(before) || !has_columns(after))
        return false;
    *ret_before = set_aside(before);
    *ret_after = set_aside(after);
    return *ret_before != *ret_after;
}

/* A shop that sets units aside (safety stock) promises none, and not fewer, when even those go. */
static bool is_cut_off(const struct judge_position *position)
{
    int64_t before, after;

    return columns_differ(position, &before, &after) &&
           (after < before ? position->after.available == 0 : position->before.available == 0);
}

bool judge_columns_agree(const struct judge_position *position, int64_t *ret_before,
                         int64_t *ret_after)
{
    return !columns_differ(position, ret_before, ret_after) || is_cut_off(position);
}

static int64_t left_of(const struct judge *judge, const struct judge_position *position,
                       const struct judge_level *level)
{
    if (is_cut_off(position))
        return level->on_hand - level->reserved;
    if (JUDGE_HAS(judge->before, stock, available) && JUDGE_HAS(judge->after, stock, available))
        return level->available;
    if (JUDGE_HAS(judge->before, stock, reserved) && JUDGE_HAS(judge->after, stock, reserved) &&
        level->on_hand != BOOKS_NO_NUMBER && level->reserved != BOOKS_NO_NUMBER)
        return level->on_hand - level->reserved;
    return level->on_hand;
}

static bool has_one_column(const struct judge *judge)
{
    return !(JUDGE_HAS(judge->before, stock, available) &&
             JUDGE_HAS(judge->after, stock, available)) &&
           !(JUDGE_HAS(judge->before, stock, reserved) && JUDGE_HAS(judge->after, stock, reserved));
}

/* A book of one column that is no `available` may count units until they are handed over. */
struct judge_range judge_left(const struct judge *judge, const struct judge_position *position)
{
    const struct judge_tally *t = &judge->tallies[position - judge_position(judge, 0)];
    struct judge_range range = {.before = left_of(judge, position, &position->before),
                                .actual = left_of(judge, position, &position->after)};

    range.is_known = can_balance(judge, position) && range.before != BOOKS_NO_NUMBER &&
                     range.actual != BOOKS_NO_NUMBER;
    if (!range.is_known)
        return range;
    range.low = range.before - change(t->taken) - t->unpaid[BEFORE];
    range.high = range.before - change(t->taken) + t->unpaid[AFTER];
    if (has_one_column(judge))
        range.high =
            MAX(range.high, range.before - (JUDGE_HAS(judge->after, order_lines, handed_over)
                                                ? change(t->handed_over)
                                                : 0));
    range_of_others(judge, position, t, &range);
    return range;
}

struct judge_range judge_on_hand(const struct judge *judge, const struct judge_position *position)
{
    const struct judge_tally *t = &judge->tallies[position - judge_position(judge, 0)];
    struct judge_range range = {.before = position->before.on_hand,
                                .actual = position->after.on_hand};

    range.is_known = can_balance(judge, position) && range.before != BOOKS_NO_NUMBER &&
                     range.actual != BOOKS_NO_NUMBER && !has_one_column(judge) &&
                     JUDGE_HAS(judge->before, order_lines, handed_over) &&
                     JUDGE_HAS(judge->after, order_lines, handed_over);
    if (!range.is_known)
        return range;
    range.low = range.high = range.before - change(t->handed_over);
    range_of_others(judge, position, t, &range);
    return range;
}

static void range_of_reserved(const struct judge *judge, const struct judge_position *position,
                              const struct judge_tally *t, struct judge_range *range)
{
    const int64_t slack = judge_slack(judge, position);

    range->is_known =
        books_has(judge->after, BOOK_orders) && tells_cancelled(judge->after) &&
        JUDGE_HAS(judge->after, order_lines, quantity) &&
        (position->place == INTERN_NONE ||
         !judge->tallies[judge_position_find(judge, INTERN_NONE, position->sku)].is_astray);
    range->low = t->open[AFTER] - t->unpaid[AFTER] - t->may_be_gone[AFTER] - slack;
    range->high = t->open[AFTER] + slack;
    if (range->before == BOOKS_NO_NUMBER || !books_has(judge->before, BOOK_orders))
        return;
    const int64_t off_by = range->before - t->open[BEFORE]; /* held for others, or not at all */
    range->low += MIN(off_by, 0);
    range->high += MAX(off_by, 0);
}

struct judge_range judge_reserved(const struct judge *judge, const struct judge_position *position)
{
    const struct judge_tally *t = &judge->tallies[position - judge_position(judge, 0)];
    struct judge_range range = {.before = position->before.is_there ? position->before.reserved
                                                                    : BOOKS_NO_NUMBER,
                                .actual = position->after.reserved};

    if (!position->after.is_there || range.actual == BOOKS_NO_NUMBER ||
        !books_has(judge->after, BOOK_stock))
        return (struct judge_range){.is_known = false};
    range_of_reserved(judge, position, t, &range);
    return range;
}

struct judge_range judge_reservations(const struct judge *judge,
                                      const struct judge_position *position)
{
    const struct judge_tally *t = &judge->tallies[position - judge_position(judge, 0)];
    struct judge_range range = {.before = books_has(judge->before, BOOK_reservations)
                                              ? t->reservations[BEFORE]
                                              : BOOKS_NO_NUMBER,
                                .actual = t->reservations[AFTER]};

    if (!books_has(judge->after, BOOK_reservations))
        return (struct judge_range){.is_known = false};
    if (position->place != INTERN_NONE && !JUDGE_HAS(judge->after, reservations, place))
        return (struct judge_range){.is_known = false};
    range_of_reserved(judge, position, t, &range);
    return range;
}
