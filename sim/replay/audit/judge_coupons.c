/* Coupons that are certainly redeemed, from when until when.
 *
 * An order that was acknowledged holds the coupon that it carries from its answer on, until somebody
 * may have cancelled it: what judge_holds.c says of units. Which coupon, the books say (of the order,
 * else of the redemption); where they can't, the customer was told: applied, ordered with it, and
 * money taken off. Orders that nobody paid may expire by themselves: unless they still stand
 * afterwards, they prove nothing.
 */
#include "replay/audit/judge.h"

struct gathering {
    const struct judge *judge;
    GArray *holds;    /* struct judge_coupon_hold */
    bool *is_counted; /* by order */
};

uint32_t judge_order_member(const struct judge *judge, uint32_t order)
{
    const uint32_t member = order == JUDGE_NONE ? JUDGE_NONE : judge_order(judge, order)->member;

    return member == JUDGE_NONE ? INTERN_NONE
                                : g_array_index(judge->members, struct judge_member, member).name;
}

uint32_t judge_row_coupon(const struct judge *judge, uint32_t row, uint32_t *ret_member)
{
    const uint32_t member = JUDGE_TEXT(judge->after, orders, member, row);

    *ret_member =
        member != BOOKS_NO_TEXT ? member : judge_order_member(judge, judge->book_order[row]);
    return JUDGE_TEXT(judge->after, orders, coupon, row);
}

/* For all members, and for this one. */
static void add(struct gathering *g, struct judge_coupon_hold hold)
{
    const uint32_t member = hold.member;

    if (hold.from_us >= hold.until_us)
        return;
    if (hold.order != JUDGE_NONE)
        g->is_counted[hold.order] = true;
    hold.member = INTERN_NONE;
    g_array_append_val(g->holds, hold);
    hold.member = member;
    if (member != INTERN_NONE)
        g_array_append_val(g->holds, hold);
}

static void gather_row(struct gathering *g, uint32_t row, uint32_t coupon, uint32_t member)
{
    const struct judge *judge = g->judge;
    const uint32_t number = judge->book_order[row];
    const bool stands = judge_row_stands(judge, row);
    struct judge_coupon_hold hold = {.from_us = JUDGE_BOOKS,
                                     .until_us = JUDGE_NEVER,
                                     .coupon = coupon,
                                     .member = member,
                                     .order = number};

    if (!stands && (number == JUDGE_NONE || judge_order(judge, number)->is_old ||
                    (JUDGE_FLAG(judge->after, orders, cancelled, row) &&
                     !judge_may(judge_order(judge, number), DEED_cancel)) ||
                    !judge_order_is_firm(judge, judge_order(judge, number))))
        return;
    if (judge->book_is_old[row]) {
        hold.from_us = 0;
    } else if (number != JUDGE_NONE && judge_order(judge, number)->book == row &&
               judge_order(judge, number)->placed_by_us != JUDGE_NEVER) {
        hold.from_us = judge_standing_from_us(judge, number, !stands);
    }
    if (!stands)
        hold.until_us = judge_order(judge, number)->cancelled_from_us;
    add(g, hold);
}

static void gather_orders(struct gathering *g)
{
    const struct judge *judge = g->judge;
    uint32_t member;

    for (uint32_t row = 0; row < books_row_count(judge->after, BOOK_orders); row++) {
        const uint32_t coupon = judge_row_coupon(judge, row, &member);
        if (coupon != BOOKS_NO_TEXT)
            gather_row(g, row, coupon, member);
    }
}

/* Where the orders don't say which coupon they carry. */
static void gather_redemptions(struct gathering *g)
{
    const struct judge *judge = g->judge;
    const Books *books = judge->after;

    if (JUDGE_HAS(books, orders, coupon))
        return;
    for (uint32_t row = 0; row < books_row_count(books, BOOK_redemptions); row++) {
        const uint32_t at = judge_named_row(judge, JUDGE_TEXT(books, redemptions, order, row));
        uint32_t member = JUDGE_TEXT(books, redemptions, member, row);
        if (at == JUDGE_NONE)
            continue;
        if (member == BOOKS_NO_TEXT)
            member = judge_order_member(judge, judge->book_order[at]);
        gather_row(g, at, JUDGE_TEXT(books, redemptions, coupon, row), member);
    }
}

/* Whether the acknowledgement says that money was taken off. */
static bool was_taken_off(const struct judge *judge, const struct judge_order *order)
{
    bool taken_off = false;
    int64_t discount;

    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        if ((deed->deed != DEED_place && deed->deed != DEED_place_and_pay) ||
            deed->certainty != CERTAINTY_DONE ||
            !judge_told(judge, deed->row, TELLING_discount, &discount))
            continue;
        if (discount == 0)
            return false;
        taken_off = true;
    }
    return taken_off;
}

uint32_t judge_coupon_told(const struct judge *judge, const struct judge_order *order)
{
    uint32_t last = INTERN_NONE;

    if (judge_certain(order, DEED_place) != CERTAINTY_DONE || order->is_old ||
        !judge_order_is_firm(judge, order) || !was_taken_off(judge, order) ||
        (order->book != JUDGE_NONE && JUDGE_HAS(judge->after, orders, coupon)) ||
        (order->book == JUDGE_NONE && books_has(judge->after, BOOK_orders) &&
         !judge_order_is_known(judge, order)))
        return INTERN_NONE;
    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        const uint32_t coupon = history_coupon(judge->history, judge->rows[deed->row].coupon);
        if (deed->deed == DEED_redeem && coupon != INTERN_NONE &&
            deed->certainty == CERTAINTY_DONE &&
            judge->rows[deed->row].done_us <= order->placed_from_us)
            last = coupon;
    }
    return last;
}

static void gather_told(struct gathering *g)
{
    const struct judge *judge = g->judge;

    for (guint i = 0; i < judge->orders->len; i++) {
        const struct judge_order *order = judge_order(judge, i);
        const uint32_t coupon = (order->asked >> DEED_redeem & 1) != 0 && !g->is_counted[i]
                                    ? judge_coupon_told(judge, order)
                                    : INTERN_NONE;
        if (coupon != INTERN_NONE)
            add(g, (struct judge_coupon_hold){.from_us = order->placed_by_us,
                                              .until_us = order->cancelled_from_us,
                                              .coupon = coupon,
                                              .member = judge_order_member(judge, i),
                                              .order = i});
    }
}

static int compare(gconstpointer a, gconstpointer b)
{
    const struct judge_coupon_hold *one = a, *other = b;

    if (one->coupon != other->coupon)
        return one->coupon < other->coupon ? -1 : 1;
    if (one->member != other->member)
        return one->member < other->member ? -1 : 1;
    if (one->from_us != other->from_us)
        return one->from_us < other->from_us ? -1 : 1;
    return one->order < other->order ? -1 : one->order > other->order;
}

GArray *judge_coupon_holds(const struct judge *judge)
{
    struct gathering g = {.judge = judge,
                          .holds = g_array_new(FALSE, FALSE, sizeof(struct judge_coupon_hold)),
                          .is_counted = g_new0(bool, judge->orders->len + 1)};

    gather_orders(&g);
    gather_redemptions(&g);
    gather_told(&g);
    g_array_sort(g.holds, compare);
    g_free(g.is_counted);
    return g.holds;
}

/* ---- sweeping -------------------------------------------------------------------------------- */

const struct judge_coupon_hold *judge_coupon_holds_of(const GArray *holds, uint32_t coupon,
                                                      uint32_t member, guint *ret_count)
{
    const struct judge_coupon_hold wanted = {.coupon = coupon,
                                             .member = member,
                                             .from_us = INT64_MIN};
    guint low = 0, high = holds->len, end;

    while (low < high) {
        const guint middle = low + (high - low) / 2;
        if (compare(&g_array_index(holds, struct judge_coupon_hold, middle), &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (end = low; end < holds->len; end++) {
        const struct judge_coupon_hold *hold = &g_array_index(holds, struct judge_coupon_hold, end);
        if (hold->coupon != coupon || hold->member != member)
            break;
    }
    *ret_count = end - low;
    return &g_array_index(holds, struct judge_coupon_hold, low);
}

static int compare_times(gconstpointer a, gconstpointer b)
{
    const int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;

    return one < other ? -1 : one > other;
}

/* Two lists by time: those that begin (as the holds are sorted) and those that end. */
struct judge_coupon_peak judge_coupon_peak(const struct judge_coupon_hold *holds, guint count,
                                           int64_t limit)
{
    struct judge_coupon_peak peak = {.from_us = JUDGE_NEVER, .at_us = JUDGE_NEVER};
    g_autofree int64_t *until_us = g_new(int64_t, count + 1);
    int64_t redeemed = 0;
    guint ended = 0;

    for (guint i = 0; i < count; i++)
        until_us[i] = holds[i].until_us;
    qsort(until_us, count, sizeof *until_us, compare_times);
    for (guint i = 0; i < count; i++) {
        redeemed++;
        for (; ended < count && until_us[ended] <= holds[i].from_us; ended++)
            redeemed--;
        if (redeemed > limit)
            peak.from_us = MIN(peak.from_us, holds[i].from_us);
        if (redeemed > peak.redeemed) {
            peak.redeemed = redeemed;
            peak.at_us = holds[i].from_us;
        }
    }
    return peak;
}
