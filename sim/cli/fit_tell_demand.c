/* Demand fitted, told. */
#include "cli/fit_tell.h"

#include "shell/json.h"
#include "shell/table.h"
#include "shell/units.h"

#include <math.h>
#include <stdio.h>

static const char *const days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                   "Friday", "Saturday", "Sunday"};

static double day_sum(const struct fit_demand_stream *stream, int day)
{
    double sum = 0;

    for (int h = 0; h < 24; h++)
        sum += stream->hour[day * 24 + h];
    return sum;
}

/* The hour of the day, over the week, that most visits fall into. */
static int busiest_hour(const struct fit_demand_stream *stream)
{
    double best = -1;
    int busiest = 0;

    for (int h = 0; h < 24; h++) {
        double sum = 0;
        for (int d = 0; d < 7; d++)
            sum += stream->hour[d * 24 + h];
        if (sum > best) {
            best = sum;
            busiest = h;
        }
    }
    return busiest;
}

static void print_totals(const FitDemand *fit)
{
    g_autofree char *lines = units_format_count((int64_t)fit->line_count);
    g_autofree char *baskets = units_format_count((int64_t)fit->basket_count);
    g_autofree char *products = units_format_count((int64_t)fit->product_count);
    g_autofree char *sales = units_format_money(fit->sales_cents);
    g_autofree char *off = units_format_money(fit->discount_cents);

    printf("%s lines in %s baskets, %" G_GUINT64_FORMAT " customers, %" G_GUINT64_FORMAT
           " stores, %s products\n",
           lines, baskets, fit->customer_count, fit->store_count, products);
    printf("Sales %s after discounts of %s; %u days\n", sales, off, fit->day->len);
}

static void print_visits(const FitDemand *fit)
{
    g_autoptr(Table) table = table_new();

    table_column(table, "visits", TABLE_LEFT);
    table_column(table, "a week", TABLE_RIGHT);
    for (int d = 0; d < 7; d++)
        table_column(table, days[d], TABLE_RIGHT);
    table_column(table, "busiest hour", TABLE_RIGHT);
    for (uint32_t s = 0; s < fit->stream_count; s++) {
        const struct fit_demand_stream *stream = &fit->stream[s];
        table_add(table, stream->name);
        table_add_format(table, "%.5g", stream->week);
        for (int d = 0; d < 7; d++)
            table_add_format(table, "%.4g", day_sum(stream, d));
        if (fit->has_clock)
            table_add_format(table, "%d to %d", busiest_hour(stream), busiest_hour(stream) + 1);
        else
            table_add(table, "not known");
    }
    printf("\n");
    table_print(table, stdout);
    if (fit->is_transactions && isfinite(fit->dispersion))
        printf("Days spread %.2f times as much as those of a Poisson process, weekdays aside.\n",
               fit->dispersion);
    for (uint32_t s = 0; s < fit->stream_count; s++)
        if (fit->stream[s].units_per_day > 0)
            printf("%s: %.6g units a day, %.4g a visit\n", fit->stream[s].name,
                   fit->stream[s].units_per_day,
                   fit->stream[s].units_per_day * 7 / fit->stream[s].week);
}

static void print_counts(const struct fit_demand_counts *c, const char *what)
{
    g_autoptr(Table) table = table_new();

    if (c->counts->len == 0)
        return;
    table_column(table, what, TABLE_LEFT);
    table_column(table, "mean", TABLE_RIGHT);
    table_column(table, "size", TABLE_RIGHT);
    table_column(table, "AIC", TABLE_RIGHT);
    table_column(table, "", TABLE_LEFT);
    for (int law = 0; law < OMO_COUNT_LAWS; law++) {
        const omo_count_fit *fit = &c->law[law];
        table_add(table, fit_demand_count_name((omo_count_law)law));
        table_add_format(table, "%.4g", fit->mean);
        if (law == OMO_COUNT_NEGATIVE_BINOMIAL && fit->edge == 0)
            table_add_format(table, "%.4g", fit->size);
        else
            table_add(table, "");
        table_add_format(table, "%.1f", fit->aic);
        table_add(table, law == (int)c->best ? "best" : "");
    }
    printf("\n");
    table_print(table, stdout);
}

static void print_products(const FitDemand *fit)
{
    g_autoptr(Table) table = table_new();

    table_column(table, "popularity", TABLE_LEFT);
    table_column(table, "exponent", TABLE_RIGHT);
    table_column(table, "SE", TABLE_RIGHT);
    table_column(table, "shift", TABLE_RIGHT);
    table_column(table, "AIC", TABLE_RIGHT);
    table_column(table, "KS", TABLE_RIGHT);
    table_column(table, "", TABLE_LEFT);
    for (int law = 0; law < OMO_RANK_LAWS && fit->has_rank; law++) {
        const omo_rank_fit *rank = &fit->rank[law];
        table_add(table, fit_demand_rank_name((omo_rank_law)law));
        table_add_format(table, "%.4g", rank->exponent);
        table_add_format(table, "%.2g", rank->exponent_error);
        if (law == OMO_RANK_MANDELBROT)
            table_add_format(table, "%.4g", rank->shift);
        else
            table_add(table, "");
        table_add_format(table, "%.1f", rank->aic);
        table_add_format(table, "%.4f", rank->distance);
        table_add(table, law == (int)fit->rank_best ? "best" : "");
    }
    if (fit->has_rank) {
        printf("\n");
        table_print(table, stdout);
    }
    if (fit->has_price)
        printf("\nPrices of products: lognormal with mean %.4g and cv %.4g, KS %.4f\n",
               fit->price_law.mean, fit->price_law.cv, fit->price_law.distance);
}

void fit_tell_demand(const FitDemand *fit)
{
    if (fit->is_transactions)
        print_totals(fit);
    print_visits(fit);
    print_counts(&fit->lines, "lines of a basket");
    print_counts(&fit->quantities, "units of a line");
    print_products(fit);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static json_t *stream_json(const FitDemand *fit, const struct fit_demand_stream *stream)
{
    json_t *object = json_object(), *hours = json_array(), *by_day = json_array();

    json_object_set_new(object, "name", json_make_text(stream->name));
    json_object_set_new(object, "per_week", json_make_number(stream->week));
    for (int d = 0; d < 7; d++)
        json_array_append_new(by_day, json_make_number(day_sum(stream, d)));
    for (int h = 0; h < FIT_DEMAND_HOURS && fit->has_clock; h++)
        json_array_append_new(hours, json_make_number(stream->hour[h]));
    json_object_set_new(object, "per_weekday", by_day);
    json_object_set_new(object, "per_hour", hours);
    json_object_set_new(object, "units_per_day", json_make_number(stream->units_per_day));
    return object;
}

static json_t *counts_json(const struct fit_demand_counts *c)
{
    json_t *object = json_object(), *counts = json_array(), *laws = json_array();

    for (guint i = 0; i < c->counts->len; i++)
        json_array_append_new(counts,
                              json_integer((json_int_t)g_array_index(c->counts, uint64_t, i)));
    for (int law = 0; law < OMO_COUNT_LAWS && c->counts->len > 0; law++) {
        const omo_count_fit *fit = &c->law[law];
        json_t *row = json_object();
        json_object_set_new(row, "law", json_make_text(fit_demand_count_name((omo_count_law)law)));
        json_object_set_new(row, "mean", json_make_number(fit->mean));
        if (law == OMO_COUNT_NEGATIVE_BINOMIAL)
            json_object_set_new(row, "size", json_make_number(fit->size));
        json_object_set_new(row, "log_likelihood", json_make_number(fit->log_likelihood));
        json_object_set_new(row, "aic", json_make_number(fit->aic));
        json_object_set_new(row, "best", json_boolean(law == (int)c->best));
        json_array_append_new(laws, row);
    }
    json_object_set_new(object, "counts", counts);
    json_object_set_new(object, "laws", laws);
    return object;
}

static json_t *ranks_json(const FitDemand *fit)
{
    json_t *laws = json_array();

    for (int law = 0; law < OMO_RANK_LAWS && fit->has_rank; law++) {
        const omo_rank_fit *rank = &fit->rank[law];
        json_t *row = json_object();
        json_object_set_new(row, "law", json_make_text(fit_demand_rank_name((omo_rank_law)law)));
        json_object_set_new(row, "exponent", json_make_number(rank->exponent));
        json_object_set_new(row, "standard_error", json_make_number(rank->exponent_error));
        if (law == OMO_RANK_MANDELBROT)
            json_object_set_new(row, "shift", json_make_number(rank->shift));
        json_object_set_new(row, "log_likelihood", json_make_number(rank->log_likelihood));
        json_object_set_new(row, "aic", json_make_number(rank->aic));
        json_object_set_new(row, "ks_distance", json_make_number(rank->distance));
        json_object_set_new(row, "best", json_boolean(law == (int)fit->rank_best));
        json_array_append_new(laws, row);
    }
    return laws;
}

static json_t *totals_json(const FitDemand *fit)
{
    static const char *const names[] = {"lines",        "baskets",     "households",
                                        "stores",       "products",    "sales",
                                        "coupon_lines", "coupon_disc", "retail_disc"};
    json_t *totals = json_object();

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        double value;
        if (fit_demand_figure(fit, names[i], &value))
            json_object_set_new(totals, names[i], json_make_number(value));
    }
    return totals;
}

json_t *fit_tell_demand_json(const FitDemand *fit)
{
    json_t *root = json_object(), *streams = json_array();

    for (uint32_t s = 0; s < fit->stream_count; s++)
        json_array_append_new(streams, stream_json(fit, &fit->stream[s]));
    json_object_set_new(root, "source", json_make_text(fit->source));
    if (fit->is_transactions) {
        json_object_set_new(root, "totals", totals_json(fit));
        json_object_set_new(root, "days", json_integer(fit->day->len));
        json_object_set_new(root, "dispersion", json_make_number(fit->dispersion));
        json_object_set_new(root, "odd_lines", json_integer((json_int_t)fit->odd_line_count));
        json_object_set_new(root, "lines", counts_json(&fit->lines));
        json_object_set_new(root, "quantities", counts_json(&fit->quantities));
    }
    json_object_set_new(root, "visits", streams);
    json_object_set_new(root, "popularity", ranks_json(fit));
    if (fit->has_price) {
        json_t *price = json_object();
        json_object_set_new(price, "law", json_make_text("lognormal"));
        json_object_set_new(price, "mean", json_make_number(fit->price_law.mean));
        json_object_set_new(price, "cv", json_make_number(fit->price_law.cv));
        json_object_set_new(price, "ks_distance", json_make_number(fit->price_law.distance));
        json_object_set_new(root, "price", price);
    }
    return root;
}
