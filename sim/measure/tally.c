/* Reading a tally: sums over channels, levels, and the books.
 *
 * All that is kept is integer, so parts merge exactly in any order; only here, at the very end,
 * does it become a double, once. Money stays integer one step longer: the books are closed in
 * cents, so that the profit is the sum of its parts to the last digit whatever order a report adds
 * them in. Amounts are kept in 128 bits because waits (us) times units, squared, pass 64; money
 * fits in 64 (9e16 of any currency), and is asserted to.
 *
 * The columns 0 .. channel_count - 1 are channels, the last of all holds the facts without one;
 * those between are zero, so the total adds up all sixteen.
 */
#include "measure/tally.h"

/* First and last column of a sum. */
static void tally_columns(const struct tally *t, uint32_t channel, uint32_t *ret_first,
                          uint32_t *ret_last)
{
    OMO_ASSERT(t->channel_count <= OMO_CHANNELS_MAX);
    OMO_ASSERT(channel == TALLY_ALL || channel < t->channel_count);
    *ret_first = channel == TALLY_ALL ? 0 : channel;
    *ret_last = channel == TALLY_ALL ? TALLY_CHANNELS - 1 : channel;
}

int64_t tally_count(const struct tally *t, enum fact_kind kind, uint32_t channel)
{
    uint32_t first, last;
    int64_t sum = 0;

    tally_columns(t, channel, &first, &last);
    for (uint32_t i = first; i <= last; i++)
        sum += t->cell[kind][i].count;
    return sum;
}

int64_t tally_quantity(const struct tally *t, enum fact_kind kind, uint32_t channel)
{
    uint32_t first, last;
    int64_t sum = 0;

    tally_columns(t, channel, &first, &last);
    for (uint32_t i = first; i <= last; i++)
        sum += t->cell[kind][i].quantity;
    return sum;
}

static core_int128 tally_amount_exact(const struct tally *t, enum fact_kind kind, uint32_t channel)
{
    uint32_t first, last;
    core_int128 sum = 0;

    tally_columns(t, channel, &first, &last);
    for (uint32_t i = first; i <= last; i++)
        sum += t->cell[kind][i].amount;
    return sum;
}

double tally_amount(const struct tally *t, enum fact_kind kind, uint32_t channel)
{
    return (double)tally_amount_exact(t, kind, channel);
}

double tally_square(const struct tally *t, enum fact_kind kind, uint32_t channel)
{
    uint32_t first, last;
    core_int128 sum = 0;

    tally_columns(t, channel, &first, &last);
    for (uint32_t i = first; i <= last; i++)
        sum += t->cell[kind][i].square;
    return (double)sum;
}

int64_t tally_cents(const struct tally *t, enum fact_kind kind, uint32_t channel)
{
    core_int128 sum = tally_amount_exact(t, kind, channel);

    OMO_ASSERT(sum <= INT64_MAX);
    OMO_ASSERT(sum >= INT64_MIN);
    return (int64_t)sum;
}

int64_t tally_online_count(const struct tally *t, enum fact_kind kind, uint32_t channel)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < t->channel_count; i++)
        if (t->online[i] && (channel == TALLY_ALL || channel == i))
            sum += t->cell[kind][i].count;
    return sum;
}

int64_t tally_online_quantity(const struct tally *t, enum fact_kind kind, uint32_t channel)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < t->channel_count; i++)
        if (t->online[i] && (channel == TALLY_ALL || channel == i))
            sum += t->cell[kind][i].quantity;
    return sum;
}

int64_t tally_shipping_count(const struct tally *t, enum fact_kind kind, uint32_t channel)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < t->channel_count; i++)
        if (t->ships[i] && (channel == TALLY_ALL || channel == i))
            sum += t->cell[kind][i].count;
    return sum;
}

int64_t tally_demand(const struct tally *t, uint32_t channel)
{
    int64_t wanted = tally_quantity(t, FACT_LINE, channel);

    if (channel != TALLY_ALL)
        return wanted;
    return wanted - tally_quantity(t, FACT_SWITCHED, TALLY_ALL) -
           tally_quantity(t, FACT_SCREEN, TALLY_ALL) - tally_quantity(t, FACT_ELSEWHERE, TALLY_ALL);
}

int64_t tally_sold(const struct tally *t, uint32_t channel)
{
    return tally_quantity(t, FACT_RESERVED, channel) - tally_quantity(t, FACT_PICK_NIL, channel);
}

int64_t tally_from_stock(const struct tally *t, uint32_t channel)
{
    /* Units that filled a backorder, or were reserved in the warm-up, may be missed by the picker. */
    return core_max_i64(0, tally_sold(t, channel) - tally_quantity(t, FACT_FILLED, channel) -
                               tally_quantity(t, FACT_SUBSTITUTED, channel));
}

int64_t tally_at_tills(const struct tally *t, uint32_t channel)
{
    return tally_count(t, FACT_TILL_START, channel) + tally_count(t, FACT_RENEGED, channel) +
           tally_count(t, FACT_BALKED, channel);
}

struct tally_books tally_books(const struct tally *t, uint32_t channel)
{
    bool whole = channel == TALLY_ALL;
    struct tally_books books = {
        .net_sales_cents =
            tally_cents(t, FACT_PLACED, channel) - tally_cents(t, FACT_REFUNDED, channel) -
            tally_cents(t, FACT_DUE, channel) + tally_cents(t, FACT_SETTLED, channel),
        .services_cents = whole ? tally_cents(t, FACT_PARCEL_FEE, channel) : 0,
        .goods_cents =
            tally_cents(t, FACT_GOODS, channel) - tally_cents(t, FACT_GOODS_BACK, channel),
        .fulfilment_cents =
            tally_cents(t, FACT_HANDLING, channel) + tally_cents(t, FACT_SHIPPED, channel) +
            tally_cents(t, FACT_PURCHASE, channel) + tally_cents(t, FACT_RETURN_COST, channel),
        .holding_cents = whole ? t->cost.holding_cents : 0,
        .waste_cents =
            tally_cents(t, FACT_WASTED, channel) + tally_cents(t, FACT_RETURN_WASTED, channel),
        .shrink_cents = tally_cents(t, FACT_SHRUNK, channel),
        .counting_cents = tally_cents(t, FACT_COUNTED, channel),
        .commission_cents = tally_cents(t, FACT_COMMISSION, channel),
        .penalties_cents = tally_cents(t, FACT_PENALTY, channel),
        .backorder_cents = whole ? t->cost.backorder_cents : 0,
    };

    books.profit_cents = books.net_sales_cents + books.services_cents - books.goods_cents -
                         books.fulfilment_cents - books.holding_cents - books.waste_cents -
                         books.shrink_cents - books.counting_cents - books.commission_cents -
                         books.penalties_cents - books.backorder_cents;
    return books;
}

double tally_level(const struct tally *t, enum gauge_kind gauge)
{
    return tally_ratio((double)t->gauge[gauge].area, (double)t->span_us);
}

double tally_servers(const struct tally *t, omo_role role)
{
    const enum gauge_kind duty = (enum gauge_kind)(GAUGE_DUTY + role);

    return t->has_shifts[role] ? tally_level(t, duty) : (double)t->server_count[role];
}
