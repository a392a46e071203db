/* A scenario from fitted demand.
 *
 * It is complete so that it runs at once, and small so that it is read: one shop which all customers
 * visit, and its supplier. Laws are written as the scenario language has them; those that it has no
 * name for (one more than a Poisson variable) become tables of chances. Streams that are online by
 * their name order for collection, the others walk in.
 */
#include "cli/fit_tell.h"

#include "shell/output.h"

#include <math.h>
#include <omosim/model.h>
#include <string.h>

#define CHANCE_MIN 1e-6      /* smaller ones are left out of a table */
#define SERVICE_S 60         /* at the till, assumed */
#define LOAD_MAX 0.7         /* of the tills at the busiest hour */
#define PRICE_UNKNOWN "5.00" /* where the data have none */

static bool is_online(const struct fit_demand_stream *stream)
{
    static const char *const words[] = {"online", "app", "web", "mobile", "delivery"};
    g_auto(GStrv) word = g_strsplit(stream->name, "_", -1);

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_strv_contains((const char *const *)word, words[i]))
            return true;
    return false;
}

/* A number for a scenario, in the caller's buffer. */
static const char *show(double number, char text[G_ASCII_DTOSTR_BUF_SIZE])
{
    return g_ascii_formatd(text, G_ASCII_DTOSTR_BUF_SIZE, "%.6g", number);
}

/* ---- laws ------------------------------------------------------------------------------------ */

/* "empirical(1:0.65, 2:0.21, ...)"; what exceeds `value_max` counts as that. */
static void add_chances(const omo_count_fit *fit, uint32_t value_max, GString *text)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    double below = 0;

    g_string_append(text, "empirical(");
    for (uint32_t value = 1; value <= value_max; value++) {
        const double chance =
            value < value_max ? omo_count_probability(fit, value) : fmax(0, 1 - below);
        below += chance;
        if (chance >= CHANCE_MIN)
            g_string_append_printf(text, "%s%u:%s", value > 1 ? ", " : "", value,
                                   g_ascii_formatd(number, sizeof number, "%.4g", chance));
    }
    g_string_append_c(text, ')');
}

static void add_counts(const struct fit_demand_counts *c, uint32_t value_max, GString *text)
{
    const omo_count_fit *fit = &c->law[c->best];
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    if (c->counts->len == 0 || !(fit->mean > 1))
        g_string_append(text, "1");
    else if (c->best == OMO_COUNT_GEOMETRIC)
        g_string_append_printf(text, "\"geometric(%s)\"", show(fit->mean, number));
    else {
        g_string_append_c(text, '"');
        add_chances(fit, value_max, text);
        g_string_append_c(text, '"');
    }
}

static void add_lines(const FitDemand *fit, const struct fit_demand_stream *stream, GString *text)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    if (fit->lines.counts->len > 0) {
        const omo_count_fit *law = &fit->lines.law[fit->lines.best];
        g_string_append_printf(text, "      # one more than a %s number of mean %s, at most %d\n",
                               fit_demand_count_name(fit->lines.best), show(law->mean - 1, number),
                               OMO_LINES_MAX);
        g_string_append(text, "      lines: ");
        add_counts(&fit->lines, OMO_LINES_MAX, text);
        g_string_append_c(text, '\n');
    } else if (stream->units_per_day > 0) {
        const double basket = fmax(1, stream->units_per_day * 7 / stream->week);
        g_string_append_printf(
            text, "      lines: \"poisson(%s)\"          # only the mean is known; at most %d\n",
            show(basket, number), OMO_LINES_MAX);
    } else {
        g_string_append(text, "      lines: 1                  # not in the data\n");
    }
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static void add_skus(const FitDemand *fit, GString *text)
{
    /* The language has the first two laws of popularity. */
    const omo_rank_law law = fit->rank[OMO_RANK_MANDELBROT].aic < fit->rank[OMO_RANK_ZIPF].aic
                                 ? OMO_RANK_MANDELBROT
                                 : OMO_RANK_ZIPF;
    const omo_rank_fit *rank = &fit->rank[law];
    char a[G_ASCII_DTOSTR_BUF_SIZE], b[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append_printf(text, "skus:\n  generate:\n    count: %u\n", MAX(fit->weight->len, 1u));
    if (fit->has_price)
        g_string_append_printf(text, "    price: \"lognormal(%s, %s)\"\n",
                               show(fit->price_law.mean, a), show(fit->price_law.cv, b));
    else
        g_string_append(text, "    price: " PRICE_UNKNOWN "              # not in the data\n");
    g_string_append(text, "    cost_share: 70%              # not in the data\n");
    if (!fit->has_rank)
        g_string_append(text, "    popularity: uniform          # not in the data\n\n");
    else if (law == OMO_RANK_ZIPF)
        g_string_append_printf(text, "    popularity: \"zipf(%s)\"\n\n",
                               show(fmin(rank->exponent, 5), a));
    else
        g_string_append_printf(text, "    popularity: \"zipf(%s, %s)\"\n\n",
                               show(fmin(rank->exponent, 5), a), show(fmin(rank->shift, 1e6), b));
}

/* Servers that the busiest hour of these streams keeps busy enough. */
static uint32_t count_servers(const FitDemand *fit, bool online)
{
    double busiest = 0;

    for (int h = 0; h < FIT_DEMAND_HOURS; h++) {
        double visits = 0;
        for (uint32_t s = 0; s < fit->stream_count; s++)
            if (is_online(&fit->stream[s]) == online)
                visits += fit->stream[s].hour[h];
        busiest = fmax(busiest, visits);
    }
    return 1 + (uint32_t)(busiest * SERVICE_S * (online ? 4 : 1) / 3600 / LOAD_MAX);
}

static bool any_online(const FitDemand *fit, bool online)
{
    for (uint32_t s = 0; s < fit->stream_count; s++)
        if (is_online(&fit->stream[s]) == online)
            return true;
    return false;
}

/* The hours in which customers walk in on any day, as opening hours; day and night without a gap at
 * either end. */
static void add_opening(const FitDemand *fit, GString *text)
{
    int first = 24, last = -1;

    for (int h = 0; h < FIT_DEMAND_HOURS; h++)
        for (uint32_t s = 0; s < fit->stream_count; s++)
            if (!is_online(&fit->stream[s]) && fit->stream[s].hour[h] > 0) {
                first = MIN(first, h % 24);
                last = MAX(last, h % 24);
            }
    if (last >= 0 && (first > 0 || last < 23))
        g_string_append_printf(text, ", opens: %02d:00, closes: %02d:00", first, last + 1);
}

static void add_network(const FitDemand *fit, GString *text)
{
    g_string_append(text, "places:\n  - {id: shop, kind: store, lat: 0, lon: 0");
    add_opening(fit, text);
    g_string_append(text, "}\n  - {id: supplier, kind: supplier, lat: 0, lon: 0}\n\n"
                          "lanes:\n  - {from: supplier, to: shop, lead_time: 1d}\n\n"
                          "# Staff that the busiest hour needs; not in the data.\nstations:\n");
    if (any_online(fit, false))
        g_string_append_printf(text, "  till: {servers: %u, service: \"erlang(%ds, 2)\"}\n",
                               count_servers(fit, false), SERVICE_S);
    if (any_online(fit, true))
        g_string_append_printf(text, "  picker: {servers: %u, service: \"erlang(%ds, 3)\"}\n",
                               count_servers(fit, true), 4 * SERVICE_S);
    g_string_append(text, "\nchannels:\n");
    if (any_online(fit, false))
        g_string_append(text, "  walk_in: {kind: walk_in}\n");
    if (any_online(fit, true))
        g_string_append(text,
                        "  pickup: {kind: app, mode: pickup, collect: \"exponential(2h)\"}\n");
}

static void add_segments(const FitDemand *fit, const char *profile, GString *text)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append(text, "\ndemand:\n  zones:\n    - {id: around, lat: 0, lon: 0}\n  segments:\n");
    for (uint32_t s = 0; s < fit->stream_count; s++) {
        const struct fit_demand_stream *stream = &fit->stream[s];
        g_string_append_printf(text, "    %s:\n      visits: %s/w\n", stream->name,
                               show(stream->week, number));
        g_string_append_printf(text, "      profile: {file: %s, columns: {weight: %s}}\n", profile,
                               stream->name);
        add_lines(fit, stream, text);
        g_string_append(text, "      quantity: ");
        add_counts(&fit->quantities, FIT_DEMAND_QUANTITY_MAX, text);
        g_string_append_printf(text, "\n      utility: {%s: always}\n",
                               is_online(stream) ? "pickup" : "walk_in");
    }
}

static char *get_scenario(const FitDemand *fit, const char *name, const char *profile)
{
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append_printf(text,
                           "# Question: does one shop, with these customers, sell what they came "
                           "for?\n# Demand fitted by `omosim fit demand` to %s.\n"
                           "name: %s\ntitle: Demand fitted to real data\n"
                           "question: Does one shop, with these customers, sell what they came "
                           "for?\n\n"
                           "run: {days: 28, warm_up: 7d, replications: 5, seed: 1, first_weekday: "
                           "monday}\n\n",
                           fit->source, name);
    add_skus(fit, text);
    add_network(fit, text);
    add_segments(fit, profile, text);
    g_string_append(text, "\nrouting: nearest\n"
                          "stocking: {policy: order_up_to, review: 1d, safety_factor: 1.3}\n"
                          "costs: {holding_value: 20%}\nshortage: lost\n");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *get_profile(const FitDemand *fit)
{
    g_autoptr(GString) text = g_string_new("day,hour");
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    for (uint32_t s = 0; s < fit->stream_count; s++)
        g_string_append_printf(text, ",%s", fit->stream[s].name);
    for (int h = 0; h < FIT_DEMAND_HOURS; h++) {
        g_string_append_printf(text, "\n%d,%d", h / 24, h % 24);
        for (uint32_t s = 0; s < fit->stream_count; s++)
            g_string_append_printf(text, ",%s",
                                   g_ascii_formatd(number, sizeof number, "%.10g",
                                                   fit->stream[s].hour[h]));
    }
    g_string_append_c(text, '\n');
    return g_string_free(g_steal_pointer(&text), FALSE);
}

gboolean fit_scenario_write_demand(const FitDemand *fit, const char *path, GError **ret_error)
{
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *folder = g_path_get_dirname(path);
    char *dot = strrchr(name, '.');

    if (dot != NULL && dot != name)
        *dot = '\0';
    g_autofree char *profile = g_strconcat(name, "_profile.csv", NULL);
    g_autofree char *profile_path = g_build_filename(folder, profile, NULL);
    g_autofree char *table = get_profile(fit);
    g_autofree char *scenario = get_scenario(fit, name, profile);

    return output_write(profile_path, table, strlen(table), ret_error) &&
           output_write(path, scenario, strlen(scenario), ret_error);
}
