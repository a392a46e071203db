/* Transactions counted: a basket is all lines of one basket id, and its visit is the moment of the
 * first line that the table has of it. Without a column of baskets each line is a basket.
 *
 * A product's weight is the number of lines that it is on, since that is what a simulated customer
 * chooses; units would let petrol, sold by the thousandth of a gallon, outsell milk. Lines with no
 * units (a coupon handed in) or with more than a hundred (sold by volume) are left out of the laws of
 * quantity and price, and counted. A list price is what the customer paid plus the shop's discount.
 */
#include "cli/fit_demand.h"

#include "cli/transactions.h"

#include <math.h>

#define DAYS_MAX 200000
#define DAYS_TO_MONDAY 3 /* 1970-01-01 was a Thursday */

struct basket {
    int64_t at_us;
    uint32_t lines;
};

struct product {
    uint64_t lines;
    double units;
    int64_t list_cents;
};

struct reading {
    FitDemand *fit;
    GArray *basket, *product; /* by number - 1 */
    GArray *bare;             /* int64_t: moments of lines without a basket */
};

gboolean fit_demand_is_transactions(const char *path, char **columns, bool *ret_is,
                                    GError **ret_error)
{
    g_autoptr(Transactions) table = transactions_open(path, columns, ret_error);

    if (table == NULL)
        return FALSE;
    *ret_is = transactions_has(table, TRANSACTIONS_DATE) ||
              (transactions_has(table, TRANSACTIONS_BASKET) &&
               transactions_has(table, TRANSACTIONS_PRODUCT));
    return TRUE;
}

static void take_quantity(struct reading *r, const struct transaction *row, struct product *product)
{
    const double whole = floor(row->quantity + 0.5);

    if (!(row->quantity >= 0.5 && whole <= FIT_DEMAND_QUANTITY_MAX)) {
        r->fit->odd_line_count++;
        return;
    }
    if (r->fit->quantities.counts->len < whole)
        g_array_set_size(r->fit->quantities.counts, (guint)whole);
    g_array_index(r->fit->quantities.counts, uint64_t, (guint)whole - 1)++;
    if (product != NULL) {
        product->units += row->quantity;
        product->list_cents += row->amount_cents + row->discount_cents;
    }
}

static void take_row(struct reading *r, const struct transaction *row)
{
    FitDemand *fit = r->fit;
    struct product *product = NULL;

    fit->sales_cents += row->amount_cents;
    fit->discount_cents += row->discount_cents;
    fit->coupon_cents += row->coupon_cents;
    fit->coupon_line_count += row->coupon_cents != 0;
    if (row->basket == 0) {
        g_array_append_val(r->bare, row->at_us);
    } else {
        if (row->basket > r->basket->len) {
            const struct basket fresh = {.at_us = row->at_us};
            g_array_append_val(r->basket, fresh);
        }
        struct basket *basket = &g_array_index(r->basket, struct basket, row->basket - 1);
        basket->at_us = MIN(basket->at_us, row->at_us);
        basket->lines++;
    }
    if (row->product > 0) {
        if (row->product > r->product->len)
            g_array_set_size(r->product, row->product);
        product = &g_array_index(r->product, struct product, row->product - 1);
        product->lines++;
    }
    take_quantity(r, row, product);
}

static gboolean read_rows(struct reading *r, Transactions *table,
                          const struct fit_demand_options *options, GError **ret_error)
{
    g_autoptr(GError) row_error = NULL;
    struct transaction row;

    while (transactions_next(table, &row, &row_error)) {
        take_row(r, &row);
        r->fit->has_clock = r->fit->has_clock || row.has_clock;
        if (options->go_on != NULL && transactions_line_count(table) % 65536 == 0 &&
            !options->go_on(transactions_share_done(table), options->context))
            return FALSE;
    }
    if (row_error == NULL)
        return TRUE;
    g_propagate_error(ret_error, g_steal_pointer(&row_error));
    return FALSE;
}

static int32_t day_of(int64_t us)
{
    return (int32_t)((us >= 0 ? us : us - OMO_US_PER_DAY + 1) / OMO_US_PER_DAY);
}

/* Weekday of a day since 1970, 0 for monday. */
static int32_t weekday_of(int32_t day)
{
    const int32_t weekday = (day + DAYS_TO_MONDAY) % 7;

    return weekday < 0 ? weekday + 7 : weekday;
}

static void count_visit(FitDemand *fit, int64_t at_us)
{
    const int32_t day = day_of(at_us);
    const int64_t hour = (at_us - day * OMO_US_PER_DAY) / OMO_US_PER_HOUR;

    g_array_index(fit->day, uint32_t, day - fit->first_day)++;
    fit->stream[0].hour[weekday_of(day) * 24 + hour]++;
}

/* Without a time of day, a day's visits are spread over its hours. */
static void spread_hours(struct fit_demand_stream *stream)
{
    for (int d = 0; d < 7; d++) {
        double sum = 0;
        for (int h = 0; h < 24; h++)
            sum += stream->hour[d * 24 + h];
        for (int h = 0; h < 24; h++)
            stream->hour[d * 24 + h] = sum / 24;
    }
}

static gboolean count_visits(struct reading *r, const char *path, GError **ret_error)
{
    FitDemand *fit = r->fit;
    struct fit_demand_stream *stream = &fit->stream[0];
    double weekday_count[7] = {0};
    int64_t first_us = INT64_MAX, last_us = INT64_MIN;

    for (guint i = 0; i < r->basket->len; i++)
        g_array_append_val(r->bare, g_array_index(r->basket, struct basket, i).at_us);
    for (guint i = 0; i < r->bare->len; i++) {
        first_us = MIN(first_us, g_array_index(r->bare, int64_t, i));
        last_us = MAX(last_us, g_array_index(r->bare, int64_t, i));
    }
    if (r->bare->len == 0 || last_us - first_us > DAYS_MAX * OMO_US_PER_DAY) {
        diagnostic_bad_input(ret_error, diagnostic_at(path, 0, 0),
                             r->bare->len == 0 ? "there are no purchases"
                                               : "its dates span more than %d days",
                             DAYS_MAX);
        return FALSE;
    }
    fit->first_day = day_of(first_us);
    fit->last_day = day_of(last_us);
    g_array_set_size(fit->day, (guint)(fit->last_day - fit->first_day) + 1);
    for (guint i = 0; i < r->bare->len; i++)
        count_visit(fit, g_array_index(r->bare, int64_t, i));
    for (int32_t day = fit->first_day; day <= fit->last_day; day++)
        weekday_count[weekday_of(day)]++;
    if (!fit->has_clock)
        spread_hours(stream);
    for (int i = 0; i < FIT_DEMAND_HOURS; i++) {
        stream->hour[i] /= fmax(weekday_count[i / 24], 1);
        stream->week += stream->hour[i];
    }
    return TRUE;
}

static void count_lines(struct reading *r)
{
    for (guint i = 0; i < r->basket->len; i++) {
        const uint32_t lines = MIN(g_array_index(r->basket, struct basket, i).lines, OMO_COUNT_MAX);
        if (r->fit->lines.counts->len < lines)
            g_array_set_size(r->fit->lines.counts, lines);
        g_array_index(r->fit->lines.counts, uint64_t, lines - 1)++;
    }
}

static void count_products(struct reading *r)
{
    for (guint i = 0; i < r->product->len; i++) {
        const struct product *product = &g_array_index(r->product, struct product, i);
        const double weight = (double)product->lines;
        const double price = (double)product->list_cents / 100 / product->units;
        if (product->lines == 0)
            continue;
        g_array_append_val(r->fit->weight, weight);
        if (product->units > 0 && price > 0)
            g_array_append_val(r->fit->price, price);
    }
}

static gboolean read_all(struct reading *r, Transactions *table, const char *path,
                         const struct fit_demand_options *options, GError **ret_error)
{
    FitDemand *fit = r->fit;

    if (!transactions_need(table, TRANSACTIONS_DATE, ret_error) ||
        !read_rows(r, table, options, ret_error) || !count_visits(r, path, ret_error))
        return FALSE;
    count_lines(r);
    count_products(r);
    fit->stream[0].name = g_strdup("visits");
    fit->stream[0].units_per_day = (double)NAN;
    fit->stream_count = 1;
    fit->line_count = transactions_line_count(table);
    fit->basket_count = r->bare->len;
    fit->customer_count = transactions_count(table, TRANSACTIONS_CUSTOMER);
    fit->store_count = transactions_count(table, TRANSACTIONS_STORE);
    fit->product_count = transactions_count(table, TRANSACTIONS_PRODUCT);
    return TRUE;
}

gboolean fit_demand_read_transactions(FitDemand *fit, const char *path,
                                      const struct fit_demand_options *options, GError **ret_error)
{
    g_autoptr(Transactions) table = transactions_open(path, options->columns, ret_error);
    struct reading r = {.fit = fit};

    if (table == NULL)
        return FALSE;
    r.basket = g_array_new(FALSE, FALSE, sizeof(struct basket));
    r.product = g_array_new(FALSE, TRUE, sizeof(struct product));
    r.bare = g_array_new(FALSE, FALSE, sizeof(int64_t));
    const gboolean read = read_all(&r, table, g_intern_string(path), options, ret_error);
    g_array_unref(r.basket);
    g_array_unref(r.product);
    g_array_unref(r.bare);
    return read;
}
