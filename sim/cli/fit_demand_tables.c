/* Tables of means: arrivals by the hour, products with daily demand and prices.
 *
 * Such tables are made for readers, so a column is known by its words: "Avg. in-store customer
 * arrivals" and "Average daily demand (in-store)" both become in_store once the words that say what
 * is counted are taken away. A table with a column of days and one of hours is one of arrivals; its
 * other columns of numbers are channels. Any other table is one of products.
 */
#include "cli/fit_demand.h"

#include "shell/csv.h"
#include "shell/intern.h"
#include "shell/spelling.h"

#include <math.h>
#include <string.h>

static const char *const weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday",    NULL};
static const char *const day_words[] = {"day", "weekday", NULL};
static const char *const hour_words[] = {"hour", "from", "from_time", NULL};
static const char *const end_words[] = {"to", "to_time", "until", NULL};
static const char *const product_words[] = {"id",     "aisle_id", "product_id", "product",
                                            "sku",    "item_id",  "item",       "product_family",
                                            "family", NULL};
static const char *const idle_words[] = {"avg",      "average",   "mean",   "daily",  "demand",
                                         "customer", "customers", "order",  "orders", "arrival",
                                         "arrivals", "visit",     "visits", "of",     "per",
                                         "hour",     "day",       "number", "the",    NULL};

struct product {
    double price; /* NaN = not known */
    double demand[FIT_DEMAND_STREAMS_MAX];
};

struct tables {
    FitDemand *fit;
    const char *file; /* the table that is being read; interned */
    Intern *ids;
    GArray *product; /* struct product by number - 1 */
};

/* "Avg. in-store customer arrivals" as "avg_in_store_customer_arrivals". Caller frees. */
static char *get_words(const char *heading)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (const char *c = heading; *c != '\0'; c++)
        if (g_ascii_isalnum(*c) || (guchar)*c >= 0x80)
            g_string_append_c(text, g_ascii_tolower(*c));
        else if (text->len > 0 && text->str[text->len - 1] != '_')
            g_string_append_c(text, '_');
    if (text->len > 0 && text->str[text->len - 1] == '_')
        g_string_truncate(text, text->len - 1);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The channel's name in a heading, "all" when nothing is left. Caller frees. */
static char *get_channel(const char *heading)
{
    g_autofree char *words = get_words(heading);
    g_auto(GStrv) word = g_strsplit(words, "_", -1);
    g_autoptr(GString) name = g_string_new(NULL);

    for (char **w = word; *w != NULL; w++)
        if (**w != '\0' && !g_strv_contains(idle_words, *w))
            g_string_append_printf(name, "%s%s", name->len > 0 ? "_" : "", *w);
    return name->len > 0 ? g_string_free(g_steal_pointer(&name), FALSE) : g_strdup("all");
}

static bool has_word(const char *heading, const char *wanted)
{
    g_autofree char *words = get_words(heading);
    g_auto(GStrv) word = g_strsplit(words, "_", -1);

    return g_strv_contains((const char *const *)word, wanted);
}

/* The first column whose words, together, are one of these; -1 = none. */
static int64_t find_column(const Csv *csv, const char *const *wanted)
{
    const char *const *header = csv_column_names(csv);

    for (; *wanted != NULL; wanted++)
        for (int64_t c = 0; header[c] != NULL; c++) {
            g_autofree char *words = get_words(header[c]);
            if (strcmp(words, *wanted) == 0)
                return c;
        }
    return -1;
}

/* ---- arrivals -------------------------------------------------------------------------------- */

static gboolean read_day(const Csv *csv, uint32_t column, int64_t *ret_day, GError **ret_error)
{
    const char *text = csv_text(csv, column);

    for (int d = 0; weekdays[d] != NULL; d++)
        if (g_ascii_strcasecmp(text, weekdays[d]) == 0 ||
            (strlen(text) >= 3 && g_ascii_strncasecmp(text, weekdays[d], 3) == 0 &&
             strlen(text) == 3)) {
            *ret_day = d;
            return TRUE;
        }
    if (g_ascii_isdigit(*text))
        return csv_get_whole(csv, column, ret_day, ret_error);
    g_autofree char *hint = spelling_hint(text, weekdays);
    diagnostic_bad_input(ret_error, csv_position(csv, column),
                         "expected a weekday, or 0 for monday to 6, found '%s'%s", text, hint);
    return FALSE;
}

/* Which of the 168 hours a row is about. */
static gboolean read_hour(const Csv *csv, uint32_t day_column, uint32_t hour_column,
                          uint32_t *ret_hour, GError **ret_error)
{
    int64_t day, hour;

    if (!read_day(csv, day_column, &day, ret_error) ||
        !csv_get_whole(csv, hour_column, &hour, ret_error))
        return FALSE;
    if (day < 0 || day > 6 || hour < 0 || hour > 23) {
        diagnostic_bad_input(ret_error,
                             csv_position(csv, day < 0 || day > 6 ? day_column : hour_column),
                             "expected a day from 0 to 6 and an hour from 0 to 23");
        return FALSE;
    }
    *ret_hour = (uint32_t)(day * 24 + hour);
    return TRUE;
}

/* A stream for each column that is left. */
static gboolean add_streams(struct tables *t, const Csv *csv, const int64_t taken[3],
                            uint32_t column[FIT_DEMAND_STREAMS_MAX], GError **ret_error)
{
    FitDemand *fit = t->fit;

    for (uint32_t c = 0; c < csv_column_count(csv); c++) {
        if (c == taken[0] || c == taken[1] || c == taken[2])
            continue;
        if (fit->stream_count == FIT_DEMAND_STREAMS_MAX) {
            diagnostic_bad_input(ret_error, csv_position(csv, c),
                                 "more than %d columns of arrivals", FIT_DEMAND_STREAMS_MAX);
            return FALSE;
        }
        column[fit->stream_count] = c;
        fit->stream[fit->stream_count].units_per_day = (double)NAN;
        fit->stream[fit->stream_count++].name = get_channel(csv_column_names(csv)[c]);
    }
    if (fit->stream_count == 0)
        diagnostic_bad_input(ret_error, diagnostic_at(t->file, 1, 0),
                             "no column of arrivals beside day and hour");
    return fit->stream_count > 0;
}

static gboolean read_arrivals(struct tables *t, Csv *csv, const int64_t taken[3],
                              GError **ret_error)
{
    FitDemand *fit = t->fit;
    g_autoptr(GError) row_error = NULL;
    uint32_t column[FIT_DEMAND_STREAMS_MAX], hour, rows = 0;
    bool seen[FIT_DEMAND_HOURS] = {false};

    if (fit->stream_count > 0) {
        diagnostic_bad_input(ret_error, diagnostic_at(t->file, 1, 0), "a second table of arrivals");
        return FALSE;
    }
    if (!add_streams(t, csv, taken, column, ret_error))
        return FALSE;
    while (csv_next(csv, &row_error)) {
        if (!read_hour(csv, (uint32_t)taken[0], (uint32_t)taken[1], &hour, ret_error))
            return FALSE;
        if (seen[hour]) {
            diagnostic_bad_input(ret_error, csv_position(csv, (uint32_t)taken[1]),
                                 "this hour stands in the table already");
            return FALSE;
        }
        seen[hour] = true;
        rows++;
        for (uint32_t s = 0; s < fit->stream_count; s++) {
            double visits;
            if (!csv_get_number(csv, column[s], &visits, ret_error))
                return FALSE;
            if (visits < 0) {
                diagnostic_bad_input(ret_error, csv_position(csv, column[s]),
                                     "expected arrivals, 0 or more, found %g", visits);
                return FALSE;
            }
            fit->stream[s].hour[hour] = visits;
            fit->stream[s].week += visits;
        }
    }
    if (row_error != NULL) {
        g_propagate_error(ret_error, g_steal_pointer(&row_error));
        return FALSE;
    }
    if (rows != FIT_DEMAND_HOURS)
        diagnostic_bad_input(ret_error, diagnostic_at(t->file, 0, 0),
                             "%u of the 168 hours of a week are there", rows);
    return rows == FIT_DEMAND_HOURS;
}

/* ---- products -------------------------------------------------------------------------------- */

/* What a column of products says. */
enum meaning { IDLE = -2, PRICE = -1 /* else: demand of that stream */ };

static bool is_price(const char *heading)
{
    return has_word(heading, "price") && !has_word(heading, "sd") && !has_word(heading, "max") &&
           !has_word(heading, "min");
}

static int find_meaning(const FitDemand *fit, const char *heading)
{
    g_autofree char *channel = get_channel(heading);

    if (is_price(heading))
        return PRICE;
    if (has_word(heading, "demand"))
        for (uint32_t s = 0; s < fit->stream_count; s++)
            if (strcmp(channel, fit->stream[s].name) == 0)
                return (int)s;
    return IDLE;
}

static gboolean read_product(struct tables *t, const Csv *csv, uint32_t id, const int *meaning,
                             GError **ret_error)
{
    const uint32_t number = intern_put(t->ids, csv_text(csv, id), -1);

    if (number == INTERN_NONE) {
        diagnostic_bad_input(ret_error, csv_position(csv, id), "the product has no name");
        return FALSE;
    }
    if (number > t->product->len) {
        const struct product fresh = {.price = (double)NAN};
        g_array_append_val(t->product, fresh);
    }
    struct product *product = &g_array_index(t->product, struct product, number - 1);
    for (uint32_t c = 0; c < csv_column_count(csv); c++) {
        double value;
        if (meaning[c] == IDLE)
            continue;
        if (!csv_get_number(csv, c, &value, ret_error))
            return FALSE;
        if (value < 0) {
            diagnostic_bad_input(ret_error, csv_position(csv, c),
                                 "expected a number from 0 on, found %g", value);
            return FALSE;
        }
        if (meaning[c] == PRICE)
            product->price = value;
        else
            product->demand[meaning[c]] += value;
    }
    return TRUE;
}

static gboolean read_products(struct tables *t, Csv *csv, GError **ret_error)
{
    const int64_t id = find_column(csv, product_words);
    g_autofree int *meaning = g_new(int, csv_column_count(csv));
    g_autoptr(GError) row_error = NULL;
    bool any = false;

    if (id < 0) {
        diagnostic_bad_input(
            ret_error, diagnostic_at(t->file, 1, 0),
            "neither a table of transactions (no column of dates), nor of arrivals "
            "(columns day and hour), nor of products (column id, product_id, ...)");
        return FALSE;
    }
    for (uint32_t c = 0; c < csv_column_count(csv); c++) {
        meaning[c] = c == id ? IDLE : find_meaning(t->fit, csv_column_names(csv)[c]);
        any = any || meaning[c] != IDLE;
    }
    if (!any) {
        diagnostic_bad_input(ret_error, diagnostic_at(t->file, 1, 0),
                             "a table of products without a price and without the daily demand of "
                             "a channel that the table of arrivals has");
        return FALSE;
    }
    while (csv_next(csv, &row_error))
        if (!read_product(t, csv, (uint32_t)id, meaning, ret_error))
            return FALSE;
    if (row_error == NULL)
        return TRUE;
    g_propagate_error(ret_error, g_steal_pointer(&row_error));
    return FALSE;
}

/* ---- all of them ----------------------------------------------------------------------------- */

static gboolean read_table(struct tables *t, const char *path, GError **ret_error)
{
    g_autoptr(Csv) csv = csv_open(path, ret_error);

    if (csv == NULL)
        return FALSE;
    t->file = g_intern_string(path);
    const int64_t taken[3] = {find_column(csv, day_words), find_column(csv, hour_words),
                              find_column(csv, end_words)};
    if (taken[0] >= 0 && taken[1] >= 0)
        return read_arrivals(t, csv, taken, ret_error);
    if (t->fit->stream_count > 0)
        return read_products(t, csv, ret_error);
    diagnostic_bad_input(ret_error, diagnostic_at(t->file, 1, 0),
                         "the first table has neither a column of dates (transactions) nor columns "
                         "of day and hour (arrivals)");
    return FALSE;
}

static void gather_products(struct tables *t)
{
    FitDemand *fit = t->fit;

    fit->product_count = t->product->len;
    for (guint i = 0; i < t->product->len; i++) {
        const struct product *product = &g_array_index(t->product, struct product, i);
        double weight = 0;
        for (uint32_t s = 0; s < fit->stream_count; s++) {
            struct fit_demand_stream *stream = &fit->stream[s];
            weight += product->demand[s];
            if (product->demand[s] > 0)
                stream->units_per_day =
                    product->demand[s] + (isnan(stream->units_per_day) ? 0 : stream->units_per_day);
        }
        if (weight > 0)
            g_array_append_val(fit->weight, weight);
        if (product->price > 0)
            g_array_append_val(fit->price, product->price);
    }
}

gboolean fit_demand_read_tables(FitDemand *fit, char **paths, GError **ret_error)
{
    g_autoptr(Intern) ids = intern_new();
    struct tables t = {.fit = fit, .ids = ids};
    gboolean read = TRUE;

    fit->has_clock = true;
    t.product = g_array_new(FALSE, FALSE, sizeof(struct product));
    for (; read && *paths != NULL; paths++)
        read = read_table(&t, *paths, ret_error);
    if (read)
        gather_products(&t);
    g_array_unref(t.product);
    return read;
}
