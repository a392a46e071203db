/* Coupons within their limits, at the end and at every moment of the run.
 *
 * How often a coupon was redeemed, by a member and in all, is counted at the end by the book of
 * redemptions and by the orders that carry it, and over time by the orders that certainly carried it
 * (judge_coupons.c): a budget that was overdrawn is overdrawn even though orders were cancelled later.
 * Each of them is a proof by itself. The service's own counter must agree with its books, and an order
 * that carries a coupon must be among the redemptions. Cancelled orders don't count at the end:
 * whether their coupon was given back is another question.
 */
#include "replay/audit/judge.h"

struct count {               /* of a coupon, or of a coupon and a member */
    uint32_t coupon, member; /* texts; member INTERN_NONE = in all */
    int64_t rows, orders;    /* that count */
    int64_t rows_all, orders_new, orders_new_all;
    int64_t open;   /* may come true while the books are read */
    uint32_t order; /* one of them, JUDGE_NONE */
};

struct counting {
    const struct judge *judge;
    GArray *counts;
    GHashTable *of;                   /* (coupon, member) -> count + 1 */
    GHashTable *named;                /* orders of the redemptions: names */
    GHashTable *before, *rows_before; /* the run: coupon -> row + 1, redemptions */
    GArray *holds;                    /* over time: judge_coupons.c */
};

static struct count *count_of(struct counting *c, uint32_t coupon, uint32_t member)
{
    const struct count count = {.coupon = coupon, .member = member, .order = JUDGE_NONE};
    gpointer key = judge_pair(coupon, member);
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(c->of, key));

    if (found == 0) {
        g_array_append_val(c->counts, count);
        found = c->counts->len;
        g_hash_table_insert(c->of, key, GUINT_TO_POINTER(found));
    }
    return &g_array_index(c->counts, struct count, found - 1);
}

/* Whether the order of a row certainly counts. */
static bool row_counts(const struct judge *judge, uint32_t row)
{
    const uint32_t number = judge->book_order[row];

    if (JUDGE_HAS(judge->after, orders, cancelled))
        return judge_row_stands(judge, row);
    return number != JUDGE_NONE && !judge_order(judge, number)->is_old &&
           judge_order_is_firm(judge, judge_order(judge, number)) &&
           !judge_may(judge_order(judge, number), DEED_cancel);
}

static void count_redemptions(struct counting *c)
{
    const struct judge *judge = c->judge;
    const Books *books = judge->after;

    for (uint32_t row = 0; row < books_row_count(books, BOOK_redemptions); row++) {
        const uint32_t coupon = JUDGE_TEXT(books, redemptions, coupon, row);
        const uint32_t name = JUDGE_TEXT(books, redemptions, order, row);
        const uint32_t book_row = judge_named_row(judge, name);
        const uint32_t order = judge_named_order(judge, name);
        const bool counts = book_row == JUDGE_NONE || row_counts(judge, book_row);
        uint32_t member = JUDGE_TEXT(books, redemptions, member, row);

        g_hash_table_add(c->named, judge_pair(coupon, name));
        if (member == INTERN_NONE)
            member = judge_order_member(judge, order);
        for (int each = 0; each < (member != INTERN_NONE ? 2 : 1); each++) {
            struct count *count = count_of(c, coupon, each == 0 ? INTERN_NONE : member);
            count->rows += counts;
            count->rows_all++;
            count->order = counts && order != JUDGE_NONE ? order : count->order;
        }
    }
}

static void count_order(struct counting *c, uint32_t coupon, uint32_t member, uint32_t order,
                        bool counts, bool is_new)
{
    for (int each = 0; each < (member != INTERN_NONE ? 2 : 1); each++) {
        struct count *count = count_of(c, coupon, each == 0 ? INTERN_NONE : member);
        count->orders += counts;
        count->orders_new += counts && is_new;
        count->orders_new_all += is_new;
        count->order = counts && order != JUDGE_NONE ? order : count->order;
    }
}

static void count_books(struct counting *c)
{
    const struct judge *judge = c->judge;
    uint32_t member;

    for (uint32_t row = 0; row < books_row_count(judge->after, BOOK_orders); row++) {
        const uint32_t coupon = judge_row_coupon(judge, row, &member);
        if (coupon != BOOKS_NO_TEXT)
            count_order(c, coupon, member, judge->book_order[row], row_counts(judge, row),
                        !judge->book_is_old[row]);
    }
}

/* What the customer was told, where the books can't say otherwise. */
static void count_told(struct counting *c, uint32_t number)
{
    const struct judge *judge = c->judge;
    const struct judge_order *order = judge_order(judge, number);
    const bool may_still = judge_order_may_still(judge, order);
    const uint32_t told = judge_coupon_told(judge, order);

    for (uint32_t k = 0; may_still && k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        const uint32_t coupon = history_coupon(judge->history, judge->rows[deed->row].coupon);
        if (deed->deed != DEED_redeem || coupon == INTERN_NONE ||
            deed->certainty == CERTAINTY_NOT_DONE)
            continue;
        count_of(c, coupon, INTERN_NONE)->open++;
        if (judge_order_member(judge, number) != INTERN_NONE)
            count_of(c, coupon, judge_order_member(judge, number))->open++;
    }
    if (told != INTERN_NONE && !judge_may(order, DEED_cancel))
        count_order(c, told, judge_order_member(judge, number), number, true, true);
}

/* ---- judging --------------------------------------------------------------------------------- */

static char *subject_of(const struct judge *judge, const struct count *count)
{
    if (count->member == INTERN_NONE)
        return g_strdup_printf("coupon %s", intern_text(judge->texts, count->coupon));
    return g_strdup_printf("coupon %s of member %s", intern_text(judge->texts, count->coupon),
                           intern_text(judge->texts, count->member));
}

static bool is_of(const struct judge *judge, uint32_t number, const struct count *count)
{
    const struct judge_order *order = judge_order(judge, number);

    if (count->member != INTERN_NONE && judge_order_member(judge, number) != count->member)
        return false;
    if (order->book != JUDGE_NONE &&
        JUDGE_TEXT(judge->after, orders, coupon, order->book) == count->coupon)
        return true;
    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        if (deed->deed == DEED_redeem && deed->certainty != CERTAINTY_NOT_DONE &&
            history_coupon(judge->history, judge->rows[deed->row].coupon) == count->coupon)
            return judge_may(order, DEED_place);
    }
    return false;
}

/* The orders that were made last with it. */
static void show(const struct judge *judge, const struct count *count,
                 struct audit_finding *finding)
{
    for (guint i = judge->orders->len; i-- > 0 && finding->requests->len < AUDIT_REQUESTS_MAX;) {
        if (!is_of(judge, i, count))
            continue;
        const struct judge_order *order = judge_order(judge, i);
        for (uint32_t k = 0; k < order->deed_count; k++)
            if (judge->deeds[order->deed_first + k].deed != DEED_add)
                judge_show(judge, finding, judge->deeds[order->deed_first + k].row);
    }
}

/* The orders that redeemed it last, of those that hold it at the worst moment. */
static char *surplus_text(const struct judge *judge, const struct judge_coupon_hold *holds,
                          guint count, int64_t surplus, int64_t at_us,
                          struct audit_finding *finding)
{
    GString *text = g_string_new(NULL);
    uint32_t more = 0;

    for (guint i = count; surplus > 0 && i-- > 0;) {
        const struct judge_coupon_hold *hold = &holds[i];
        if (hold->from_us > at_us || hold->until_us <= at_us)
            continue;
        surplus--;
        if (hold->order == JUDGE_NONE || finding->requests->len == AUDIT_REQUESTS_MAX) {
            more++;
            continue;
        }
        g_autofree char *name = judge_order_text(judge, judge_order(judge, hold->order));
        g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", name);
        judge_show_order(judge, finding, judge_order(judge, hold->order));
    }
    if (more > 0)
        g_string_append_printf(text, "%s%u more", text->len > 0 ? " and " : "", more);
    return g_string_free(text, FALSE);
}

/* At one moment of the run more than at its end: some were given back since. */
static void tell_peak(const struct judge *judge, const struct count *count,
                      const struct judge_coupon_hold *holds, guint hold_count, int64_t limit,
                      const struct judge_coupon_peak *peak, struct audit_result *result)
{
    const int64_t amount = peak->redeemed - limit;
    g_autofree char *since = judge_time_text(peak->from_us);
    g_autofree char *worst = judge_time_text(peak->at_us);
    struct audit_finding *finding =
        judge_find(result, amount, peak->from_us, subject_of(judge, count), NULL);
    g_autofree char *orders = surplus_text(judge, holds, hold_count, amount, peak->at_us, finding);

    finding->text = g_strdup_printf("orders that stood at %s had redeemed it %" G_GINT64_FORMAT
                                    " times, and it may be %" G_GINT64_FORMAT
                                    " times: too often from %s on; the last of them: %s",
                                    worst, peak->redeemed, limit, since, orders);
}

static void judge_limit(const struct judge *judge, const GArray *holds, const struct count *count,
                        int64_t limit, struct audit_result *result)
{
    const int64_t redeemed = MAX(count->rows, count->orders);
    guint hold_count;
    const struct judge_coupon_hold *of =
        judge_coupon_holds_of(holds, count->coupon, count->member, &hold_count);

    if (limit == BOOKS_NO_NUMBER)
        return;
    const struct judge_coupon_peak peak = judge_coupon_peak(of, hold_count, limit);
    const int64_t amount = MAX(redeemed, peak.redeemed) - limit;
    if (amount <= 0 || !judge_violated(result, amount))
        return;
    if (peak.redeemed > redeemed) {
        tell_peak(judge, count, of, hold_count, limit, &peak, result);
        return;
    }
    show(judge, count,
         judge_find(result, amount, peak.from_us, subject_of(judge, count),
                    g_strdup_printf("it was redeemed %" G_GINT64_FORMAT
                                    " times, and may be %" G_GINT64_FORMAT
                                    " times (%" G_GINT64_FORMAT " orders, %" G_GINT64_FORMAT
                                    " in the book of redemptions)",
                                    redeemed, limit, count->orders, count->rows)));
}

/* What the book before the run counted, or BOOKS_NO_NUMBER. */
static int64_t redeemed_before(const struct counting *c, uint32_t coupon)
{
    const guint row = GPOINTER_TO_UINT(g_hash_table_lookup(c->before, GUINT_TO_POINTER(coupon)));

    return row == 0 ? BOOKS_NO_NUMBER : JUDGE_NUMBER(c->judge->before, coupons, redeemed, row - 1);
}

static int64_t rows_before(const struct counting *c, uint32_t coupon)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(c->rows_before, GUINT_TO_POINTER(coupon)));
}

static void index_before(struct counting *c)
{
    const Books *books = c->judge->before;

    for (uint32_t row = books_row_count(books, BOOK_coupons); row-- > 0;)
        g_hash_table_insert(c->before, GUINT_TO_POINTER(JUDGE_TEXT(books, coupons, coupon, row)),
                            GUINT_TO_POINTER(row + 1));
    for (uint32_t row = 0; row < books_row_count(books, BOOK_redemptions); row++) {
        gpointer coupon = GUINT_TO_POINTER(JUDGE_TEXT(books, redemptions, coupon, row));
        const guint count = GPOINTER_TO_UINT(g_hash_table_lookup(c->rows_before, coupon));
        g_hash_table_insert(c->rows_before, coupon, GUINT_TO_POINTER(count + 1));
    }
}

/* What the service counts must be what its redemptions, or its orders, add up to. */
static void judge_counter(const struct counting *c, const struct count *count, int64_t redeemed,
                          struct audit_result *result)
{
    const struct judge *judge = c->judge;
    const int64_t before = redeemed_before(c, count->coupon);
    int64_t low, high, off_by = 0;

    if (books_has(judge->after, BOOK_redemptions)) {
        if (before != BOOKS_NO_NUMBER && books_has(judge->before, BOOK_redemptions))
            off_by = before - rows_before(c, count->coupon);
        low = count->rows + MIN(off_by, 0);
        high = count->rows_all + MAX(off_by, 0);
    } else if (books_has(judge->after, BOOK_orders) && books_has(judge->before, BOOK_orders) &&
               JUDGE_HAS(judge->after, orders, coupon) && before != BOOKS_NO_NUMBER) {
        low = before + count->orders_new;
        high = before + count->orders_new_all;
    } else {
        return;
    }
    const int64_t amount = MAX(low - count->open - redeemed, redeemed - high - count->open);
    if (amount <= 0 || !judge_violated(result, amount))
        return;
    show(judge, count,
         judge_find(result, amount, -1, subject_of(judge, count),
                    g_strdup_printf("the service counts %" G_GINT64_FORMAT
                                    " redemptions, its books have %" G_GINT64_FORMAT,
                                    redeemed, redeemed < low ? low : high)));
}

/* An order that carries a coupon is among the redemptions. */
static void judge_rows(struct counting *c, struct audit_result *result)
{
    const struct judge *judge = c->judge;
    const Books *books = judge->after;

    if (!books_has(books, BOOK_redemptions) || !JUDGE_HAS(books, redemptions, order))
        return;
    for (uint32_t row = 0; row < books_row_count(books, BOOK_orders); row++) {
        const uint32_t coupon = JUDGE_TEXT(books, orders, coupon, row);
        const uint32_t key = JUDGE_TEXT(books, orders, order, row);
        const uint32_t id = JUDGE_TEXT(books, orders, id, row);
        const uint32_t number = judge->book_order[row];
        if (coupon == BOOKS_NO_TEXT || judge->book_is_old[row] || !row_counts(judge, row) ||
            g_hash_table_contains(c->named, judge_pair(coupon, key)) ||
            g_hash_table_contains(c->named, judge_pair(coupon, id)) ||
            (number != JUDGE_NONE && judge_order_may_still(judge, judge_order(judge, number))) ||
            !judge_violated(result, 1))
            continue;
        g_autofree char *name = judge_book_order_text(judge, row);
        struct audit_finding *finding =
            judge_find(result, 1, -1, g_strdup_printf("order %s", name),
                       g_strdup_printf("it has coupon %s, which is not among the redemptions",
                                       intern_text(judge->texts, coupon)));
        if (number != JUDGE_NONE)
            judge_show_order(judge, finding, judge_order(judge, number));
    }
}

static void judge_coupon(struct counting *c, uint32_t row, struct audit_result *result)
{
    const struct judge *judge = c->judge;
    const uint32_t coupon = JUDGE_TEXT(judge->after, coupons, coupon, row);
    const struct count *count = count_of(c, coupon, INTERN_NONE);
    const int64_t redeemed = JUDGE_NUMBER(judge->after, coupons, redeemed, row);

    result->checked++;
    result->open += count->open > 0;
    judge_limit(judge, c->holds, count, JUDGE_NUMBER(judge->after, coupons, limit, row), result);
    if (redeemed != BOOKS_NO_NUMBER)
        judge_counter(c, count, redeemed, result);
    g_hash_table_insert(c->named, judge_pair(coupon, JUDGE_NONE), GUINT_TO_POINTER(row + 1));
}

void coupons_once_judge(const struct judge *judge, struct audit_result *result)
{
    struct counting c = {.judge = judge,
                         .counts = g_array_new(FALSE, FALSE, sizeof(struct count)),
                         .of = g_hash_table_new(judge_pair_hash, g_direct_equal),
                         .named = g_hash_table_new(judge_pair_hash, g_direct_equal),
                         .before = g_hash_table_new(NULL, NULL),
                         .rows_before = g_hash_table_new(NULL, NULL),
                         .holds = judge_coupon_holds(judge)};

    if (judge_needs(result, judge->after, "after", BOOK_coupons)) {
        if (!JUDGE_HAS(judge->after, coupons, per_member))
            judge_missing(result, "no column `per_member` of book 'coupons'");
        if (!JUDGE_HAS(judge->after, coupons, limit))
            judge_missing(result, "no column `limit` of book 'coupons'");
    }
    index_before(&c);
    count_redemptions(&c);
    count_books(&c);
    for (guint i = 0; i < judge->orders->len; i++)
        if ((judge_order(judge, i)->asked >> DEED_redeem & 1) != 0)
            count_told(&c, i);
    for (guint i = 0; i < c.holds->len; i++) {
        const struct judge_coupon_hold *hold = &g_array_index(c.holds, struct judge_coupon_hold, i);
        count_of(&c, hold->coupon, hold->member);
    }
    judge_rows(&c, result);
    for (uint32_t row = 0; row < books_row_count(judge->after, BOOK_coupons); row++)
        judge_coupon(&c, row, result);
    for (guint i = 0; i < c.counts->len; i++) {
        const struct count *count = &g_array_index(c.counts, struct count, i);
        const guint row =
            GPOINTER_TO_UINT(g_hash_table_lookup(c.named, judge_pair(count->coupon, JUDGE_NONE)));
        if (count->member == INTERN_NONE || row == 0)
            continue;
        result->checked++;
        judge_limit(judge, c.holds, count, JUDGE_NUMBER(judge->after, coupons, per_member, row - 1),
                    result);
    }
    g_array_unref(c.counts);
    g_array_unref(c.holds);
    g_hash_table_unref(c.of);
    g_hash_table_unref(c.named);
    g_hash_table_unref(c.before);
    g_hash_table_unref(c.rows_before);
}
