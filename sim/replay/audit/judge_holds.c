/* Units that are certainly sold, from when until when; and units that may have come back.
 *
 * An order that was acknowledged holds its units from its answer on, until somebody may have
 * cancelled it. How many and where, its lines in the books say; where the books lack them, its cart
 * does, and then only over all places. A place that the customer did not ask for may have been chosen
 * later: there the units count from the reading of the books on, as do orders that only the books
 * know of; and where somebody may have routed the order, from the last of those requests on. So do
 * orders that stand though they may have been cancelled and ordered again. Orders that nobody paid may
 * expire by themselves: unless they still stand afterwards, they prove nothing.
 *
 * Units may have come back from the moment when a return was sent, to its place or to where they
 * came from.
 */
#include "replay/audit/judge.h"

#define FOREVER INT64_MIN

bool judge_order_is_firm(const struct judge *judge, const struct judge_order *order)
{
    return judge_certain(order, DEED_pay) == CERTAINTY_DONE || !judge_knows(judge, DEED_pay);
}

bool judge_row_stands(const struct judge *judge, uint32_t row)
{
    return JUDGE_HAS(judge->after, orders, cancelled) &&
           !JUDGE_FLAG(judge->after, orders, cancelled, row);
}

bool judge_is_placed_again(const struct judge *judge, const struct judge_order *order)
{
    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        if ((deed->deed == DEED_place || deed->deed == DEED_place_and_pay) &&
            deed->certainty != CERTAINTY_NOT_DONE &&
            (deed->certainty == CERTAINTY_OPEN ||
             judge->rows[deed->row].done_us > order->cancelled_from_us))
            return true;
    }
    return false;
}

int64_t judge_standing_from_us(const struct judge *judge, uint32_t number, bool is_cancelled)
{
    const struct judge_order *order = judge_order(judge, number);
    const bool may_be_back = judge_may(order, DEED_cancel) && !is_cancelled &&
                             (judge_certain(order, DEED_cancel) == CERTAINTY_DONE ||
                              judge_is_placed_again(judge, order));

    return may_be_back ? JUDGE_BOOKS : order->placed_by_us;
}

static void add_units(GArray *units, uint32_t place, uint32_t sku, int64_t count)
{
    const struct judge_units unit = {.place = place, .sku = sku, .units = count};

    if (count > 0)
        g_array_append_val(units, unit);
}

static bool is_first_add(const struct judge *judge, const struct judge_order *order, uint32_t k)
{
    const uint32_t sku =
        history_sku(judge->history, judge->rows[judge->deeds[order->deed_first + k].row].sku);

    for (uint32_t i = 0; i < k; i++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + i];
        if (deed->deed == DEED_add &&
            history_sku(judge->history, judge->rows[deed->row].sku) == sku)
            return false;
    }
    return true;
}

/* What the cart certainly held, or may have held. */
static void cart_units(const struct judge *judge, const struct judge_order *order, bool certain,
                       GArray *units)
{
    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        const uint32_t sku = history_sku(judge->history, judge->rows[deed->row].sku);
        int64_t low, high;
        if (deed->deed != DEED_add || !is_first_add(judge, order, k))
            continue;
        judge_order_cart(judge, order, sku, &low, &high);
        add_units(units, INTERN_NONE, sku, certain ? low : high);
    }
}

static void line_units(const struct judge *judge, uint32_t book_row, GArray *units)
{
    for (uint32_t line = judge->line_first[book_row]; line < judge->line_first[book_row + 1];
         line++)
        add_units(units, JUDGE_TEXT(judge->after, order_lines, place, line),
                  JUDGE_TEXT(judge->after, order_lines, sku, line),
                  JUDGE_NUMBER(judge->after, order_lines, quantity, line));
}

static bool has_lines(const struct judge *judge)
{
    return books_has(judge->after, BOOK_orders) && JUDGE_HAS(judge->after, order_lines, quantity);
}

void judge_order_units(const struct judge *judge, const struct judge_order *order,
                       GArray *ret_units)
{
    if (order->book != JUDGE_NONE && has_lines(judge)) {
        for (uint32_t row = order->book; row != JUDGE_NONE; row = judge->book_next[row])
            line_units(judge, row, ret_units);
    } else {
        cart_units(judge, order, false, ret_units);
    }
    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct record_row *row = &judge->rows[judge->deeds[order->deed_first + k].row];
        if (judge->deeds[order->deed_first + k].deed == DEED_sell)
            add_units(ret_units, history_place(judge->history, row->place),
                      history_sku(judge->history, row->sku), row->quantity);
    }
}

/* ---- holds ----------------------------------------------------------------------------------- */

static void hold(struct judge *judge, const struct judge_units *unit, struct judge_hold hold,
                 int64_t from_there_us)
{
    const bool at_place = unit->place != INTERN_NONE && judge->has_places;
    bool over_all = judge->stock_is_whole || !judge->has_places;

    hold.units = unit->units;
    if (hold.from_us >= hold.until_us)
        return;
    if (at_place) {
        struct judge_hold there = hold;
        there.position = judge_position_put(judge, unit->place, unit->sku);
        there.from_us = from_there_us;
        over_all |= judge_position(judge, there.position)->supply != BOOKS_NO_NUMBER;
        if (there.from_us < there.until_us)
            g_array_append_val(judge->holds, there);
    }
    if (over_all) {
        hold.position = judge_position_put(judge, INTERN_NONE, unit->sku);
        g_array_append_val(judge->holds, hold);
    }
}

/* The request that placed it first, of those acknowledged; else one that may have. */
static uint32_t placing_row(const struct judge *judge, const struct judge_order *order)
{
    uint32_t best = JUDGE_NONE;

    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        if ((deed->deed != DEED_place && deed->deed != DEED_place_and_pay) ||
            deed->certainty == CERTAINTY_NOT_DONE)
            continue;
        if (best == JUDGE_NONE || judge->rows[deed->row].done_us == order->placed_by_us)
            best = deed->row;
        if (judge->rows[deed->row].done_us == order->placed_by_us)
            break;
    }
    return best;
}

/* From when on the units are where the books have them, as far as anybody asked: an order may have
 * been routed away and back. */
static int64_t settled_us(const struct judge *judge, uint32_t number)
{
    int64_t settled_us = 0;

    if (number == JUDGE_NONE)
        return settled_us;
    const struct judge_order *order = judge_order(judge, number);
    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        if (deed->deed == DEED_route && deed->certainty != CERTAINTY_NOT_DONE)
            settled_us =
                MAX(settled_us, deed->certainty == CERTAINTY_DONE ? judge->rows[deed->row].done_us
                                                                  : JUDGE_BOOKS);
    }
    return settled_us;
}

static void hold_units(struct judge *judge, GArray *units, const struct judge_hold *of)
{
    const int64_t settled = settled_us(judge, of->order);
    const uint32_t asked = of->row == JUDGE_NONE
                               ? INTERN_NONE
                               : history_place(judge->history, judge->rows[of->row].place);

    for (guint i = 0; i < units->len; i++) {
        const struct judge_units *unit = &g_array_index(units, struct judge_units, i);
        hold(judge, unit, *of, MAX(of->from_us, unit->place == asked ? settled : JUDGE_BOOKS));
    }
}

/* A row of the books after the run: new, and not cancelled all by itself. */
static void hold_book_row(struct judge *judge, uint32_t row, GArray *units)
{
    const uint32_t number = judge->book_order[row];
    const bool is_cancelled = JUDGE_FLAG(judge->after, orders, cancelled, row);
    const bool stands = judge_row_stands(judge, row);
    struct judge_hold of = {.from_us = JUDGE_BOOKS,
                            .until_us = JUDGE_NEVER,
                            .order = number,
                            .row = JUDGE_NONE};

    if (judge->book_is_old[row] || (number == JUDGE_NONE && !stands) ||
        (number == JUDGE_NONE && !books_has(judge->before, BOOK_orders)))
        return; /* without a book before the run only its own orders are new for certain */
    if (number != JUDGE_NONE) {
        const struct judge_order *order = judge_order(judge, number);
        of.row = placing_row(judge, order);
        if (order->placed_by_us != JUDGE_NEVER && order->book == row)
            of.from_us = judge_standing_from_us(judge, number, !stands);
        if (!stands)
            of.until_us = order->cancelled_from_us;
        if (!stands && !judge_order_is_firm(judge, order))
            return;
        if (is_cancelled && (order->is_old || !judge_may(order, DEED_cancel)))
            return;
        if (order->is_old && order->book == row)
            return;
    }
    g_array_set_size(units, 0);
    if (has_lines(judge))
        line_units(judge, row, units);
    else if (number != JUDGE_NONE)
        cart_units(judge, judge_order(judge, number), true, units);
    hold_units(judge, units, &of);
}

/* Acknowledged, and not in the books: the customer holds the promise all the same. */
static void hold_promise(struct judge *judge, uint32_t number, GArray *units)
{
    const struct judge_order *order = judge_order(judge, number);
    const struct judge_hold of = {.from_us = order->placed_by_us,
                                  .until_us = order->cancelled_from_us,
                                  .order = number,
                                  .row = placing_row(judge, order)};

    if (order->book != JUDGE_NONE || order->placed_by_us == JUDGE_NEVER || order->is_old ||
        !judge_order_is_firm(judge, order))
        return;
    if (books_has(judge->after, BOOK_orders) && !judge_order_is_known(judge, order))
        return; /* it may be one of the rows that name nobody */
    g_array_set_size(units, 0);
    cart_units(judge, order, true, units);
    hold_units(judge, units, &of);
}

/* ---- tills ----------------------------------------------------------------------------------- */

/* Lines of one sale for one SKU at one place that look alike may be one line sent twice. */
static bool is_sold_before(const struct judge *judge, const struct judge_order *order, uint32_t k)
{
    const struct record_row *row = &judge->rows[judge->deeds[order->deed_first + k].row];

    for (uint32_t i = 0; i < k; i++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + i];
        const struct record_row *other = &judge->rows[deed->row];
        if (deed->deed == DEED_sell && deed->certainty == CERTAINTY_DONE &&
            other->sku == row->sku && other->place == row->place)
            return true;
    }
    return false;
}

static void hold_sales(struct judge *judge, uint32_t number)
{
    const struct judge_order *order = judge_order(judge, number);

    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        const struct record_row *row = &judge->rows[deed->row];
        const struct judge_units unit = {history_place(judge->history, row->place),
                                         history_sku(judge->history, row->sku), row->quantity};
        const struct judge_hold of = {.from_us = row->done_us,
                                      .until_us = JUDGE_NEVER,
                                      .order = number,
                                      .row = deed->row};
        if (deed->deed == DEED_sell && deed->certainty == CERTAINTY_DONE && unit.units > 0 &&
            unit.sku != INTERN_NONE && !is_sold_before(judge, order, k))
            hold(judge, &unit, of, of.from_us);
    }
}

/* ---- what may come back ---------------------------------------------------------------------- */

static void release(struct judge *judge, uint32_t place, uint32_t sku, int64_t from_us,
                    int64_t units)
{
    const struct judge_release release = {.from_us = from_us,
                                          .position = judge_position_put(judge, place, sku),
                                          .units = units};

    g_array_append_val(judge->releases, release);
}

static void release_return(struct judge *judge, uint32_t row, const GArray *units)
{
    const struct record_row *r = &judge->rows[row];
    const uint32_t sku = history_sku(judge->history, r->sku);
    const uint32_t place = history_place(judge->history, r->place);
    const int64_t from_us = judge_from_us(judge, row);

    for (guint i = 0; i < units->len; i++) {
        const struct judge_units *unit = &g_array_index(units, struct judge_units, i);
        const int64_t most =
            r->quantity > 0 ? (int64_t)r->quantity * judge_sendings(judge, row) : unit->units;
        const int64_t count = MIN(most, unit->units);
        if (sku != INTERN_NONE && sku != unit->sku)
            continue;
        release(judge, INTERN_NONE, unit->sku, from_us, count);
        if (place != INTERN_NONE)
            release(judge, place, unit->sku, from_us, count);
        if (unit->place != INTERN_NONE && unit->place != place)
            release(judge, unit->place, unit->sku, from_us, count);
    }
}

static void release_returns(struct judge *judge, const struct judge_order *order, GArray *units)
{
    if (!judge_may(order, DEED_take_back))
        return;
    g_array_set_size(units, 0);
    judge_order_units(judge, order, units);
    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        if (deed->deed == DEED_take_back && deed->certainty != CERTAINTY_NOT_DONE)
            release_return(judge, deed->row, units);
    }
}

/* ---- what is open ---------------------------------------------------------------------------- */

static bool moves_units(const struct judge_deed *deed)
{
    return deed->deed != DEED_add && deed->deed != DEED_redeem && deed->deed != DEED_nothing;
}

/* What an open outcome may do to stock while the books are read. */
static void note_open(struct judge *judge, const struct judge_order *order, GArray *units)
{
    bool is_open = false, may_still = false;

    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        is_open |= deed->certainty == CERTAINTY_OPEN && moves_units(deed);
        may_still |= moves_units(deed) && judge_may_still(judge, deed->row);
    }
    if (!is_open)
        return;
    g_array_set_size(units, 0);
    judge_order_units(judge, order, units);
    judge->has_unknown_open |= may_still && units->len == 0 && !judge_knows(judge, DEED_add);
    for (guint i = 0; i < units->len; i++) {
        const struct judge_units *unit = &g_array_index(units, struct judge_units, i);
        const uint32_t at = judge_position_put(judge, unit->place, unit->sku);
        struct judge_position *sum =
            judge_position(judge, judge_position_find(judge, INTERN_NONE, unit->sku));
        judge_position(judge, at)->has_open = sum->has_open = true;
        if (!may_still)
            continue;
        sum->open_units += unit->units;
        if (unit->place == INTERN_NONE || judge_may(order, DEED_take_back) ||
            judge_certain(order, DEED_route) == CERTAINTY_OPEN)
            sum->open_anywhere += unit->units;
        else
            judge_position(judge, at)->open_units += unit->units;
    }
}

void judge_make_holds(struct judge *judge)
{
    GArray *units = g_array_new(FALSE, FALSE, sizeof(struct judge_units));

    for (uint32_t row = 0; row < books_row_count(judge->after, BOOK_orders); row++)
        hold_book_row(judge, row, units);
    for (guint i = 0; i < judge->orders->len; i++) {
        const struct judge_order *order = judge_order(judge, i);
        hold_promise(judge, i, units);
        hold_sales(judge, i);
        release_returns(judge, order, units);
        note_open(judge, order, units);
    }
    g_array_unref(units);
}
