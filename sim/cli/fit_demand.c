/* Laws fitted to what the readers have counted. */
#include "cli/fit_demand.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *fit_demand_count_name(omo_count_law law)
{
    static const char *const names[OMO_COUNT_LAWS] = {"geometric", "Poisson", "negative binomial"};

    return names[law];
}

const char *fit_demand_rank_name(omo_rank_law law)
{
    static const char *const names[OMO_RANK_LAWS] = {"Zipf", "Zipf-Mandelbrot", "lognormal"};

    return names[law];
}

static void fit_counts(struct fit_demand_counts *c)
{
    for (int law = 0; law < OMO_COUNT_LAWS && c->counts->len > 0; law++) {
        omo_count_estimate((omo_count_law)law, (const uint64_t *)(const void *)c->counts->data,
                           c->counts->len, &c->law[law], NULL);
        if (c->law[law].aic < c->law[c->best].aic)
            c->best = (omo_count_law)law;
    }
}

static int compare_down(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return *x > *y ? -1 : *x < *y;
}

static int compare_up(const void *a, const void *b) { return compare_down(b, a); }

static void fit_products(FitDemand *fit)
{
    g_array_sort(fit->weight, compare_down);
    g_array_sort(fit->price, compare_up);
    fit->has_rank = true;
    for (int law = 0; law < OMO_RANK_LAWS && fit->has_rank; law++) {
        fit->has_rank =
            omo_rank_estimate((omo_rank_law)law, (const double *)(const void *)fit->weight->data,
                              fit->weight->len, &fit->rank[law], NULL) == OMO_OK;
        if (fit->rank[law].aic < fit->rank[fit->rank_best].aic)
            fit->rank_best = (omo_rank_law)law;
    }
    fit->has_price = omo_lognormal_estimate((const double *)(const void *)fit->price->data,
                                            fit->price->len, &fit->price_law, NULL) == OMO_OK;
}

/* Spread of the days around the mean of their weekday, over what a Poisson process would have. */
static double fit_dispersion(const FitDemand *fit)
{
    double sum[7] = {0}, days[7] = {0}, chi_square = 0;
    int32_t degrees = (int32_t)fit->day->len;

    for (guint i = 0; i < fit->day->len; i++) {
        sum[i % 7] += g_array_index(fit->day, uint32_t, i);
        days[i % 7]++;
    }
    for (guint i = 0; i < fit->day->len; i++) {
        const double mean = sum[i % 7] / days[i % 7];
        const double off = g_array_index(fit->day, uint32_t, i) - mean;
        if (mean > 0)
            chi_square += off * off / mean;
    }
    for (int i = 0; i < 7; i++)
        degrees -= sum[i] > 0;
    return degrees > 0 ? chi_square / degrees : (double)NAN;
}

FitDemand *fit_demand_read(char **paths, const struct fit_demand_options *options,
                           GError **ret_error)
{
    g_autoptr(FitDemand) fit = g_new0(FitDemand, 1);
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    gboolean read;

    fit->day = g_array_new(FALSE, TRUE, sizeof(uint32_t));
    fit->lines.counts = g_array_new(FALSE, TRUE, sizeof(uint64_t));
    fit->quantities.counts = g_array_new(FALSE, TRUE, sizeof(uint64_t));
    fit->weight = g_array_new(FALSE, FALSE, sizeof(double));
    fit->price = g_array_new(FALSE, FALSE, sizeof(double));
    for (char **path = paths; *path != NULL; path++) {
        g_autofree char *name = g_path_get_basename(*path);
        g_strv_builder_add(names, name);
    }
    g_auto(GStrv) all = g_strv_builder_end(names);
    fit->source = g_strjoinv(", ", all);
    if (!fit_demand_is_transactions(paths[0], options->columns, &fit->is_transactions, ret_error))
        return NULL;
    if (fit->is_transactions && paths[1] != NULL) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "%s is a table of transactions, which stands alone; '%s' is one too many",
                    paths[0], paths[1]);
        return NULL;
    }
    read = fit->is_transactions ? fit_demand_read_transactions(fit, paths[0], options, ret_error)
                                : fit_demand_read_tables(fit, paths, ret_error);
    if (!read)
        return NULL;
    fit_counts(&fit->lines);
    fit_counts(&fit->quantities);
    fit_products(fit);
    fit->dispersion = fit_dispersion(fit);
    return g_steal_pointer(&fit);
}

void fit_demand_free(FitDemand *fit)
{
    if (fit == NULL)
        return;
    for (uint32_t i = 0; i < fit->stream_count; i++)
        g_free(fit->stream[i].name);
    g_free(fit->source);
    g_array_unref(fit->day);
    g_array_unref(fit->lines.counts);
    g_array_unref(fit->quantities.counts);
    g_array_unref(fit->weight);
    g_array_unref(fit->price);
    g_free(fit);
}

/* ---- figures --------------------------------------------------------------------------------- */

static bool find_stream_figure(const FitDemand *fit, const char *name, double *ret_value)
{
    for (uint32_t i = 0; i < fit->stream_count; i++) {
        const struct fit_demand_stream *s = &fit->stream[i];
        const char *what = name + strlen(s->name);
        if (!g_str_has_prefix(name, s->name))
            continue;
        if (strcmp(what, "_per_week") == 0)
            *ret_value = s->week;
        else if (strcmp(what, "_units_per_day") == 0)
            *ret_value = s->units_per_day;
        else if (strcmp(what, "_basket") == 0)
            *ret_value = s->units_per_day * 7 / s->week;
        else
            continue;
        return true;
    }
    return false;
}

bool fit_demand_figure(const FitDemand *fit, const char *name, double *ret_value)
{
    const struct {
        const char *name;
        double value;
    } figures[] = {
        {"lines", (double)fit->line_count},
        {"baskets", (double)fit->basket_count},
        {"households", (double)fit->customer_count},
        {"stores", (double)fit->store_count},
        {"products", (double)fit->product_count},
        {"sales", (double)fit->sales_cents / 100},
        {"coupon_lines", (double)fit->coupon_line_count},
        {"coupon_disc", (double)fit->coupon_cents / 100},
        {"retail_disc", (double)fit->discount_cents / 100},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(figures) && fit->is_transactions; i++)
        if (strcmp(name, figures[i].name) == 0) {
            *ret_value = figures[i].value;
            return true;
        }
    return find_stream_figure(fit, name, ret_value);
}
