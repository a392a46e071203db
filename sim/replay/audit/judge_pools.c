/* Orders without a common name: the books' rows that name nobody of the run, held against the run's
 * orders that the books may name otherwise, member by member, by counting.
 *
 * Among a member's new rows there must be as many as were acknowledged to this member, and no more
 * than were acknowledged or are open. What is beyond that is an order made twice as far as the
 * member's requests were sent more than once, else one that nobody asked for. Where the books don't
 * name members everybody is in one pool.
 */
#include "replay/audit/judge.h"

struct pool {
    uint32_t rows, standing; /* of the books; those that are not cancelled */
    uint32_t done, open;     /* orders that may be they */
    uint32_t again;          /* sendings beyond the first */
    uint32_t first_row;
};

bool judge_order_is_known(const struct judge *judge, const struct judge_order *order)
{
    return (order->key != INTERN_NONE && JUDGE_HAS(judge->after, orders, order)) ||
           (order->id != INTERN_NONE && JUDGE_HAS(judge->after, orders, id));
}

bool judge_row_is_named(const struct judge *judge, uint32_t row)
{
    return judge->is_every_key_known &&
           JUDGE_TEXT(judge->after, orders, order, row) != BOOKS_NO_TEXT;
}

/* Number of a pool: 0 = of everybody, else a member's + 1. */
static uint32_t pool_of_row(const struct judge *judge, uint32_t row)
{
    const uint32_t member = judge_member_find(judge, JUDGE_TEXT(judge->after, orders, member, row));

    return member == JUDGE_NONE ? 0 : member + 1;
}

static uint32_t pool_of_order(const struct judge *judge, const struct judge_order *order)
{
    return order->member == JUDGE_NONE || !JUDGE_HAS(judge->after, orders, member)
               ? 0
               : order->member + 1;
}

static uint32_t sent_again(const struct judge *judge, const struct judge_order *order)
{
    uint32_t sendings = 0;

    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        if ((deed->deed == DEED_place || deed->deed == DEED_place_and_pay) &&
            deed->certainty != CERTAINTY_NOT_DONE)
            sendings += judge_sendings(judge, deed->row);
    }
    return sendings > 0 ? sendings - 1 : 0;
}

static struct pool *fill(const struct judge *judge)
{
    struct pool *pools = g_new0(struct pool, judge->members->len + 1);

    for (uint32_t row = 0; row < books_row_count(judge->after, BOOK_orders); row++) {
        struct pool *pool = &pools[pool_of_row(judge, row)];
        if (judge->book_order[row] != JUDGE_NONE || judge->book_is_old[row] ||
            judge_row_is_named(judge, row))
            continue;
        if (pool->rows++ == 0)
            pool->first_row = row;
        pool->standing += !JUDGE_FLAG(judge->after, orders, cancelled, row);
    }
    for (guint i = 0; i < judge->orders->len; i++) {
        const struct judge_order *order = judge_order(judge, i);
        struct pool *pool = &pools[pool_of_order(judge, order)];
        pool->again += sent_again(judge, order);
        if (order->book != JUDGE_NONE || order->is_old)
            continue;
        if (judge_certain(order, DEED_place) == CERTAINTY_OPEN)
            pool->open++;
        else if (judge_certain(order, DEED_place) == CERTAINTY_DONE &&
                 !judge_order_is_known(judge, order))
            pool->done++;
    }
    return pools;
}

static void show_member(const struct judge *judge, uint32_t pool, struct audit_finding *finding)
{
    for (guint i = 0; i < judge->orders->len; i++) {
        const struct judge_order *order = judge_order(judge, i);
        if (pool_of_order(judge, order) == pool && order->book == JUDGE_NONE)
            judge_show_order(judge, finding, order);
    }
}

static char *pool_text(const struct judge *judge, uint32_t pool)
{
    if (pool == 0)
        return g_strdup("all members");
    return g_strdup_printf("member %s",
                           intern_text(judge->texts,
                                       g_array_index(judge->members, struct judge_member, pool - 1)
                                           .name));
}

static void judge_pool(const struct judge *judge, uint32_t number, const struct pool *pool,
                       struct audit_result *result, enum judge_pool which)
{
    const int64_t lost = (int64_t)pool->done - pool->rows;
    const int64_t surplus = (int64_t)pool->standing - pool->done - pool->open;
    const int64_t twice = MIN(MAX(surplus, 0), pool->again);
    const int64_t amount = which == JUDGE_POOL_LOST    ? lost
                           : which == JUDGE_POOL_TWICE ? twice
                                                       : surplus - twice;
    char *text;

    result->checked += which == JUDGE_POOL_LOST ? pool->done : pool->rows;
    result->open += pool->open > 0;
    if (amount <= 0 || !judge_violated(result, amount))
        return;
    if (which == JUDGE_POOL_LOST)
        text = g_strdup_printf("%u orders were promised, and the books have %u new ones that may "
                               "be they: %" G_GINT64_FORMAT " are lost",
                               pool->done, pool->rows, amount);
    else if (which == JUDGE_POOL_TWICE)
        text = g_strdup_printf("requests were sent again, and the books have %" G_GINT64_FORMAT
                               " orders more than were asked for",
                               amount);
    else
        text = g_strdup_printf("the books have %u new orders that name no order of the run, of "
                               "which %u may have been asked for",
                               pool->standing, pool->done + pool->open);
    show_member(judge, number, judge_find(result, amount, -1, pool_text(judge, number), text));
}

void judge_pools(const struct judge *judge, struct audit_result *result, enum judge_pool which)
{
    g_autofree struct pool *pools = fill(judge);
    const bool is_whole = books_has(judge->after, BOOK_orders);

    if (!books_has(judge->before, BOOK_orders) || (which == JUDGE_POOL_LOST && !is_whole) ||
        (which != JUDGE_POOL_LOST && !judge->is_complete))
        return;
    for (uint32_t i = 0; i <= judge->members->len; i++)
        if (pools[i].rows > 0 || pools[i].done > 0)
            judge_pool(judge, i, &pools[i], result, which);
}
