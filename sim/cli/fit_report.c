/* What a fit found, as rows for its page (results/fit_results.h). Ranks are thinned out to about a
 * hundred points, evenly on the logarithmic axis that they are shown on. */
#include "cli/fit_report.h"

#include "report/report.h"
#include "results/fit_results.h"
#include "shell/units.h"

#include <math.h>
#include <string.h>

#define RANK_STEP 1.08
#define PRICE_CLASSES 32
#define COUNTS_SHOWN 40

static struct load_value whole(int64_t number)
{
    return (struct load_value){.kind = LOAD_VALUE_WHOLE, .whole = number};
}

static struct load_value real(double number)
{
    return (struct load_value){.kind = LOAD_VALUE_NUMBER, .number = number};
}

static struct load_value text(const char *words)
{
    return (struct load_value){.kind = LOAD_VALUE_TEXT, .text = words};
}

#define ADD(results, table, error, ...)                                                            \
    fit_results_add(results, table, (const struct load_value[]){__VA_ARGS__},                      \
                    G_N_ELEMENTS(((const struct load_value[]){__VA_ARGS__})), error)

static void add_fact(Results *results, const char *key, const char *words, GError **error)
{
    ADD(results, "fit", error, text(key), text(words));
}

static void add_parameter(Results *results, const char *law, const char *name, double value,
                          double standard_error, const char *note, GError **error)
{
    ADD(results, "fit_parameter", error, text(law), text(name), real(value), real(standard_error),
        text(note));
}

/* ---- members --------------------------------------------------------------------------------- */

static void add_bgnbd(Results *results, const FitMembers *fit, GError **error)
{
    const omo_bgnbd *m = &fit->fit.model, *se = &fit->fit.standard_error;
    const double mean = m->a / (m->a + m->b);
    g_autofree char *unit = units_format_duration_short(fit->unit_us);
    g_autofree char *alpha = g_strdup_printf("scale of the rates, in units of %s", unit);
    g_autofree char *drop =
        g_strdup_printf("drop-out; %.2g %% of the customers leave after a purchase", 100 * mean);

    add_parameter(results, "BG/NBD", "r", m->r, se->r, "shape of the rates", error);
    add_parameter(results, "BG/NBD", "alpha", m->alpha, se->alpha, alpha, error);
    add_parameter(results, "BG/NBD", "a", m->a, se->a, drop, error);
    add_parameter(results, "BG/NBD", "b", m->b, se->b, "staying", error);
    if (!fit->has_spend)
        return;
    add_parameter(results, "gamma-gamma", "p", fit->spend.model.p, fit->spend.standard_error.p,
                  "shape of what a customer spends on a purchase", error);
    add_parameter(results, "gamma-gamma", "q", fit->spend.model.q, fit->spend.standard_error.q,
                  "shape of how customers differ", error);
    add_parameter(results, "gamma-gamma", "gamma", fit->spend.model.gamma,
                  fit->spend.standard_error.gamma, "scale, in money", error);
}

static void add_goodness(Results *results, const FitMembers *fit, GError **error)
{
    for (guint i = 0; i < fit->frequency->len; i++) {
        const struct fit_members_frequency *row =
            &g_array_index(fit->frequency, struct fit_members_frequency, i);
        ADD(results, "fit_frequency", error, whole(row->repeats),
            whole(i + 1 == fit->frequency->len), whole((int64_t)row->actual), real(row->expected));
    }
    for (guint i = 0; i < fit->weeks->len; i++) {
        const struct fit_members_week *row = &g_array_index(fit->weeks, struct fit_members_week, i);
        ADD(results, "fit_week", error, real((row->day - fit->first_day + 1) / 7.0),
            whole((int64_t)row->actual), real(row->expected), whole(row->day > fit->until_day));
    }
    for (guint i = 0; i < fit->holdout->len; i++) {
        const struct fit_members_holdout *row =
            &g_array_index(fit->holdout, struct fit_members_holdout, i);
        ADD(results, "fit_holdout", error, whole(row->repeats), whole(i + 1 == fit->holdout->len),
            whole((int64_t)row->customers), whole((int64_t)row->actual), real(row->expected));
    }
}

static void add_members_words(Results *results, const FitMembers *fit, GError **error)
{
    g_autofree char *name = g_path_get_basename(fit->path);
    g_autofree char *customers = units_format_count((int64_t)fit->customers);
    g_autofree char *purchases = units_format_count((int64_t)fit->purchases);
    g_autofree char *about =
        g_strdup_printf("How often do %s customers of %s buy, and when do they stop?", customers,
                        name);
    g_autofree char *answer = g_strdup_printf(
        "A new customer comes back %.2f times in 52 weeks; %.1f %% are still customers at the end.",
        fit->expected_year, 100 * fit->alive_share);
    g_autoptr(GString) note = g_string_new(NULL);

    g_string_append_printf(note, "Fitted to %s purchases.", purchases);
    if (fit->chi_square_degrees > 0)
        g_string_append_printf(note,
                               " Frequencies: chi-square %.1f with %u degrees of freedom, "
                               "p = %.2g.",
                               fit->chi_square, fit->chi_square_degrees, fit->chi_square_p);
    if (fit->has_amounts)
        g_string_append_printf(note, " A purchase comes to %.2f on average.", fit->mean_spend);
    if (fit->fit.edge != 0)
        g_string_append(note, " Some parameters ran to the edge of their range: these purchases "
                              "show no drop-out, or no difference between customers.");
    add_fact(results, "title", "Members fitted to real purchases", error);
    add_fact(results, "about", about, error);
    add_fact(results, "answer", answer, error);
    add_fact(results, "note", note->str, error);
}

gboolean fit_report_members(const FitMembers *fit, const char *command, const char *html_path,
                            GError **ret_error)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Results) results = fit_results_new(&error);

    if (results != NULL) {
        add_members_words(results, fit, &error);
        add_fact(results, "command", command, &error);
        add_bgnbd(results, fit, &error);
        add_goodness(results, fit, &error);
    }
    if (error != NULL) {
        g_propagate_error(ret_error, g_steal_pointer(&error));
        return FALSE;
    }
    return report_write_fit(results, html_path, NULL, ret_error);
}

/* ---- demand ---------------------------------------------------------------------------------- */

static void add_counts(Results *results, const struct fit_demand_counts *c, const char *what,
                       const char *title, GError **error)
{
    double total = 0;

    for (guint i = 0; i < c->counts->len; i++)
        total += (double)g_array_index(c->counts, uint64_t, i);
    for (guint i = 0; i < c->counts->len; i++)
        ADD(results, "fit_count", error, text(what), whole(i + 1),
            real((double)g_array_index(c->counts, uint64_t, i) / total));
    for (int law = 0; law < OMO_COUNT_LAWS && c->counts->len > 0; law++) {
        const omo_count_fit *fit = &c->law[law];
        const char *name = fit_demand_count_name((omo_count_law)law);
        g_autofree char *parameters =
            law == OMO_COUNT_NEGATIVE_BINOMIAL
                ? g_strdup_printf("mean %.4g, size %.4g", fit->mean, fit->size)
                : g_strdup_printf("mean %.4g", fit->mean);
        ADD(results, "fit_choice", error, text(title), text(name), text(parameters), real(fit->aic),
            real((double)NAN), whole(law == (int)c->best));
        for (uint32_t value = 1; value <= MIN(c->counts->len, COUNTS_SHOWN); value++)
            ADD(results, "fit_count_law", error, text(what), text(name), whole(value),
                real(omo_count_probability(fit, value)));
    }
}

static void add_ranks(Results *results, const FitDemand *fit, GError **error)
{
    double total = 0, below = 0;
    guint next = 1;

    for (guint i = 0; i < fit->weight->len; i++)
        total += g_array_index(fit->weight, double, i);
    for (int law = 0; law < OMO_RANK_LAWS && fit->has_rank; law++) {
        const omo_rank_fit *rank = &fit->rank[law];
        g_autofree char *parameters =
            law == OMO_RANK_MANDELBROT
                ? g_strdup_printf("exponent %.4g, shift %.4g", rank->exponent, rank->shift)
                : g_strdup_printf(law == OMO_RANK_ZIPF ? "exponent %.4g" : "sigma %.4g",
                                  rank->exponent);
        ADD(results, "fit_choice", error, text("popularity"),
            text(fit_demand_rank_name((omo_rank_law)law)), text(parameters), real(rank->aic),
            real(rank->distance), whole(law == (int)fit->rank_best));
    }
    for (guint i = 1; i <= fit->weight->len && fit->has_rank; i++) {
        const double share = g_array_index(fit->weight, double, i - 1) / total;
        below += share;
        if (i < next && i < fit->weight->len)
            continue;
        next = MAX(i + 1, (guint)(i * RANK_STEP));
        ADD(results, "fit_rank", error, text("actual"), whole(i), real(share), real(below));
        for (int law = 0; law < OMO_RANK_LAWS; law++)
            ADD(results, "fit_rank", error, text(fit_demand_rank_name((omo_rank_law)law)), whole(i),
                real(omo_rank_share(&fit->rank[law], i)), real((double)NAN));
    }
}

static double normal_below(double z) { return 0.5 * erfc(-z / sqrt(2)); }

/* Classes of equal width in the logarithm, from the 0.5 % to the 99.5 % quantile of the prices. */
static void add_prices(Results *results, const FitDemand *fit, GError **error)
{
    const guint count = fit->price->len;
    const double *price = (const double *)(const void *)fit->price->data;

    if (!fit->has_price)
        return;
    const double first = log(price[count / 200]), last = log(price[count - 1 - count / 200]);
    const omo_lognormal_fit *law = &fit->price_law;
    for (int i = 0; i < PRICE_CLASSES && last > first; i++) {
        const double low = first + (last - first) * i / PRICE_CLASSES;
        const double high = first + (last - first) * (i + 1) / PRICE_CLASSES;
        guint inside = 0;
        for (guint k = 0; k < count; k++)
            inside += log(price[k]) >= low && log(price[k]) < high;
        ADD(results, "fit_price", error, real(exp(low)), real(exp(high)),
            real((double)inside / count),
            real(normal_below((high - law->log_mean) / law->log_deviation) -
                 normal_below((low - law->log_mean) / law->log_deviation)));
    }
    g_autofree char *parameters = g_strdup_printf("mean %.4g, cv %.4g", law->mean, law->cv);
    ADD(results, "fit_choice", error, text("price"), text("lognormal"), text(parameters),
        real((double)NAN), real(law->distance), whole(0));
}

static void add_demand_words(Results *results, const FitDemand *fit, GError **error)
{
    g_autofree char *about =
        g_strdup_printf("When do customers come, how much do they buy, and what? (%s)",
                        fit->source);
    g_autoptr(GString) answer = g_string_new(NULL), note = g_string_new(NULL);

    for (uint32_t s = 0; s < fit->stream_count; s++) {
        g_autofree char *name = g_strdelimit(g_strdup(fit->stream[s].name), "_", ' ');
        g_autofree char *week = units_format_count(llround(fit->stream[s].week));
        g_string_append_printf(answer, "%s%s a week%s%s", s > 0 ? ", " : "Visits: ", week,
                               fit->stream_count > 1 ? " " : "", fit->stream_count > 1 ? name : "");
    }
    g_string_append_c(answer, '.');
    if (fit->lines.counts->len > 0)
        g_string_append_printf(answer, " A basket has %.3g lines of %.3g units.",
                               fit->lines.law[0].mean, fit->quantities.law[0].mean);
    for (uint32_t s = 0; s < fit->stream_count; s++) {
        g_autofree char *name = g_strdelimit(g_strdup(fit->stream[s].name), "_", ' ');
        if (fit->stream[s].units_per_day > 0)
            g_string_append_printf(note, "%.4g units a visit %s. ",
                                   fit->stream[s].units_per_day * 7 / fit->stream[s].week, name);
    }
    if (fit->is_transactions && isfinite(fit->dispersion))
        g_string_append_printf(note,
                               "Days spread %.2f times as much as those of a Poisson process, "
                               "weekdays aside. ",
                               fit->dispersion);
    if (!fit->has_clock)
        g_string_append(note, "The data have no time of day: a day's visits are spread evenly. ");
    add_fact(results, "title", "Demand fitted to real data", error);
    add_fact(results, "about", about, error);
    add_fact(results, "answer", answer->str, error);
    add_fact(results, "note", note->str, error);
}

gboolean fit_report_demand(const FitDemand *fit, const char *command, const char *html_path,
                           GError **ret_error)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Results) results = fit_results_new(&error);

    if (results != NULL) {
        add_demand_words(results, fit, &error);
        add_fact(results, "command", command, &error);
        for (uint32_t s = 0; s < fit->stream_count && fit->has_clock; s++)
            for (int h = 0; h < FIT_DEMAND_HOURS; h++)
                ADD(results, "fit_hour", &error, text(fit->stream[s].name), whole(h),
                    real(fit->stream[s].hour[h]));
        add_counts(results, &fit->lines, "lines", "lines of a basket", &error);
        add_counts(results, &fit->quantities, "units", "units of a line", &error);
        add_ranks(results, fit, &error);
        add_prices(results, fit, &error);
    }
    if (error != NULL) {
        g_propagate_error(ret_error, g_steal_pointer(&error));
        return FALSE;
    }
    return report_write_fit(results, html_path, NULL, ret_error);
}
