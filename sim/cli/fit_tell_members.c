/* Members fitted, told. A parameter at its edge has no standard error, and is told as what it means:
 * that these purchases show no drop-out, or no difference between customers. */
#include "cli/fit_tell.h"

#include "shell/json.h"
#include "shell/table.h"
#include "shell/units.h"
#include "traffic/moment.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What the scenario language takes. */
#define LIFETIME_MIN 0.001
#define LIFETIME_MAX 1e6
#define DROP_OUT_MIN 1e-5

static const char *const parameter_names[] = {"r", "alpha", "a", "b"};
static const char *const parameter_helps[] = {"shape of the rates", "scale of the rates, a time",
                                              "drop-out, against", "staying"};

static void get_parameters(const omo_bgnbd *m, double parameter[OMO_BGNBD_PARAMETERS])
{
    parameter[0] = m->r;
    parameter[1] = m->alpha;
    parameter[2] = m->a;
    parameter[3] = m->b;
}

/* "2017-01-28". */
static void format_day(int32_t day, char text[MOMENT_TEXT_SIZE])
{
    moment_format_iso((int64_t)day * OMO_US_PER_DAY, text);
    text[strlen("2017-01-28")] = '\0';
}

static void print_parameters(const FitMembers *fit)
{
    g_autoptr(Table) table = table_new();
    double value[OMO_BGNBD_PARAMETERS], error[OMO_BGNBD_PARAMETERS];

    get_parameters(&fit->fit.model, value);
    get_parameters(&fit->fit.standard_error, error);
    table_column(table, "BG/NBD", TABLE_LEFT);
    table_column(table, "estimate", TABLE_RIGHT);
    table_column(table, "SE", TABLE_RIGHT);
    table_column(table, "", TABLE_LEFT);
    for (int i = 0; i < OMO_BGNBD_PARAMETERS; i++) {
        table_add(table, parameter_names[i]);
        table_add_format(table, "%.4g", value[i]);
        if (isfinite(error[i]))
            table_add_format(table, "%.2g", error[i]);
        else
            table_add(table, "–");
        table_add(table,
                  (fit->fit.edge >> i & 1) != 0 ? "at the edge of the range" : parameter_helps[i]);
    }
    table_print(table, stdout);
}

static void print_frequencies(const FitMembers *fit)
{
    g_autoptr(Table) table = table_new();

    table_column(table, "repeats", TABLE_RIGHT);
    table_column(table, "customers", TABLE_RIGHT);
    table_column(table, "model", TABLE_RIGHT);
    for (guint i = 0; i < fit->frequency->len; i++) {
        const struct fit_members_frequency *row =
            &g_array_index(fit->frequency, struct fit_members_frequency, i);
        g_autofree char *count = units_format_count((int64_t)row->actual);
        g_autofree char *expected = units_format_count((int64_t)llround(row->expected));
        table_add_format(table, "%u%s", row->repeats, i + 1 == fit->frequency->len ? "+" : "");
        table_add(table, count);
        table_add(table, expected);
    }
    table_print(table, stdout);
    if (fit->chi_square_degrees > 0)
        printf("chi-square %.1f with %u degrees of freedom, p = %.2g\n", fit->chi_square,
               fit->chi_square_degrees, fit->chi_square_p);
}

static void print_holdout(const FitMembers *fit)
{
    g_autoptr(Table) table = table_new();
    uint64_t actual = 0;
    double expected = 0;

    table_column(table, "repeats before", TABLE_RIGHT);
    table_column(table, "customers", TABLE_RIGHT);
    table_column(table, "bought then, each", TABLE_RIGHT);
    table_column(table, "model", TABLE_RIGHT);
    for (guint i = 0; i < fit->holdout->len; i++) {
        const struct fit_members_holdout *row =
            &g_array_index(fit->holdout, struct fit_members_holdout, i);
        const double n = (double)row->customers;
        g_autofree char *customers = units_format_count((int64_t)row->customers);
        actual += row->actual;
        expected += row->expected;
        if (row->customers == 0)
            continue;
        table_add_format(table, "%u%s", row->repeats, i + 1 == fit->holdout->len ? "+" : "");
        table_add(table, customers);
        table_add_format(table, "%.3g", (double)row->actual / n);
        table_add_format(table, "%.3g", row->expected / n);
    }
    printf("\n");
    table_print(table, stdout);
    printf("In the holdout: %" G_GUINT64_FORMAT " purchases, %.0f expected (%+.1f %%)\n", actual,
           expected, actual > 0 ? 100 * (expected / (double)actual - 1) : (double)NAN);
}

void fit_tell_members(const FitMembers *fit)
{
    g_autofree char *customers = units_format_count((int64_t)fit->customers);
    g_autofree char *purchases = units_format_count((int64_t)fit->purchases);
    g_autofree char *unit = units_format_duration_short(fit->unit_us);
    char from[MOMENT_TEXT_SIZE], to[MOMENT_TEXT_SIZE];

    printf("%s customers, %s purchases", customers, purchases);
    if (fit->until_day != FIT_MEMBERS_NO_DAY) {
        format_day(fit->first_day, from);
        format_day(fit->until_day, to);
        printf(" from %s to %s", from, to);
    }
    printf(", time in units of %s\n\n", unit);
    print_parameters(fit);
    printf("log-likelihood %.2f, %u steps\n", fit->fit.log_likelihood, fit->fit.iterations);
    printf("A new customer comes back %.2f times in 52 weeks; %.1f %% are still customers.\n\n",
           fit->expected_year, 100 * fit->alive_share);
    print_frequencies(fit);
    if (fit->holdout->len > 0)
        print_holdout(fit);
    if (fit->has_amounts)
        printf("\nA purchase comes to %.2f on average.\n", fit->mean_spend);
    if (fit->has_spend)
        printf(
            "Gamma-gamma: p %.4g (%.2g), q %.4g (%.2g), gamma %.4g (%.2g); customers' mean %.2f\n",
            fit->spend.model.p, fit->spend.standard_error.p, fit->spend.model.q,
            fit->spend.standard_error.q, fit->spend.model.gamma, fit->spend.standard_error.gamma,
            fit->spend.mean);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static json_t *estimate_json(double value, double error)
{
    json_t *estimate = json_object();

    json_object_set_new(estimate, "value", json_make_number(value));
    json_object_set_new(estimate, "standard_error", json_make_number(error));
    return estimate;
}

static void set_day(json_t *object, const char *key, int32_t day)
{
    char text[MOMENT_TEXT_SIZE];

    if (day == FIT_MEMBERS_NO_DAY)
        return;
    format_day(day, text);
    json_object_set_new(object, key, json_make_text(text));
}

static json_t *rows_json(const FitMembers *fit)
{
    json_t *goodness = json_object(), *frequency = json_array(), *weeks = json_array();

    for (guint i = 0; i < fit->frequency->len; i++) {
        const struct fit_members_frequency *row =
            &g_array_index(fit->frequency, struct fit_members_frequency, i);
        json_array_append_new(frequency, json_pack("{s:i, s:I, s:o}", "repeats", (int)row->repeats,
                                                   "customers", (json_int_t)row->actual, "expected",
                                                   json_make_number(row->expected)));
    }
    for (guint i = 0; i < fit->weeks->len; i++) {
        const struct fit_members_week *row = &g_array_index(fit->weeks, struct fit_members_week, i);
        json_t *week = json_object();
        set_day(week, "day", row->day);
        json_object_set_new(week, "repeats", json_integer((json_int_t)row->actual));
        json_object_set_new(week, "expected", json_make_number(row->expected));
        json_array_append_new(weeks, week);
    }
    json_object_set_new(goodness, "frequency", frequency);
    json_object_set_new(goodness, "cumulative", weeks);
    if (fit->chi_square_degrees > 0) {
        json_object_set_new(goodness, "chi_square", json_make_number(fit->chi_square));
        json_object_set_new(goodness, "degrees", json_integer(fit->chi_square_degrees));
        json_object_set_new(goodness, "p", json_make_number(fit->chi_square_p));
    }
    return goodness;
}

static json_t *holdout_json(const FitMembers *fit)
{
    json_t *holdout = json_array();

    for (guint i = 0; i < fit->holdout->len; i++) {
        const struct fit_members_holdout *row =
            &g_array_index(fit->holdout, struct fit_members_holdout, i);
        json_array_append_new(holdout,
                              json_pack("{s:i, s:I, s:I, s:o}", "repeats_before", (int)row->repeats,
                                        "customers", (json_int_t)row->customers, "purchases",
                                        (json_int_t)row->actual, "expected",
                                        json_make_number(row->expected)));
    }
    return holdout;
}

static json_t *spend_json(const FitMembers *fit)
{
    json_t *spend = json_object();

    json_object_set_new(spend, "mean_purchase", json_make_number(fit->mean_spend));
    if (fit->has_spend) {
        const omo_spend *m = &fit->spend.model, *se = &fit->spend.standard_error;
        json_object_set_new(spend, "p", estimate_json(m->p, se->p));
        json_object_set_new(spend, "q", estimate_json(m->q, se->q));
        json_object_set_new(spend, "gamma", estimate_json(m->gamma, se->gamma));
        json_object_set_new(spend, "mean", json_make_number(fit->spend.mean));
        json_object_set_new(spend, "log_likelihood", json_make_number(fit->spend.log_likelihood));
    }
    return spend;
}

json_t *fit_tell_members_json(const FitMembers *fit)
{
    json_t *root = json_object(), *model = json_object(), *edge = json_array();
    double value[OMO_BGNBD_PARAMETERS], error[OMO_BGNBD_PARAMETERS];

    get_parameters(&fit->fit.model, value);
    get_parameters(&fit->fit.standard_error, error);
    for (int i = 0; i < OMO_BGNBD_PARAMETERS; i++) {
        json_object_set_new(model, parameter_names[i], estimate_json(value[i], error[i]));
        if ((fit->fit.edge >> i & 1) != 0)
            json_array_append_new(edge, json_make_text(parameter_names[i]));
    }
    json_object_set_new(root, "file", json_make_text(fit->path));
    json_object_set_new(root, "lines", json_integer((json_int_t)fit->lines));
    json_object_set_new(root, "left_out", json_integer((json_int_t)fit->left_out));
    json_object_set_new(root, "customers", json_integer((json_int_t)fit->customers));
    json_object_set_new(root, "purchases", json_integer((json_int_t)fit->purchases));
    set_day(root, "first_day", fit->first_day);
    set_day(root, "calibrated_until", fit->until_day);
    set_day(root, "last_day", fit->last_day);
    json_object_set_new(root, "unit_s", json_make_number((double)fit->unit_us / OMO_US_PER_SECOND));
    json_object_set_new(root, "bgnbd", model);
    json_object_set_new(root, "at_edge", edge);
    json_object_set_new(root, "log_likelihood", json_make_number(fit->fit.log_likelihood));
    json_object_set_new(root, "expected_52_weeks", json_make_number(fit->expected_year));
    json_object_set_new(root, "alive_share", json_make_number(fit->alive_share));
    json_object_set_new(root, "goodness_of_fit", rows_json(fit));
    if (fit->holdout->len > 0)
        json_object_set_new(root, "holdout", holdout_json(fit));
    if (fit->has_amounts)
        json_object_set_new(root, "spend", spend_json(fit));
    return root;
}

/* ---- scenario -------------------------------------------------------------------------------- */

/* A count of units as a duration that reads back: "4.414w". */
static char *format_alpha(const FitMembers *fit)
{
    static const struct {
        int64_t us;
        const char *suffix;
    } units[] = {{7 * OMO_US_PER_DAY, "w"}, {OMO_US_PER_DAY, "d"}, {OMO_US_PER_HOUR, "h"}};

    for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
        if (fit->unit_us % units[i].us == 0)
            return g_strdup_printf("%.6f%s",
                                   fit->fit.model.alpha * (double)(fit->unit_us / units[i].us),
                                   units[i].suffix);
    return g_strdup_printf("%.6fs",
                           fit->fit.model.alpha * (double)fit->unit_us / OMO_US_PER_SECOND);
}

/* Whether anybody leaves: at the edge a / (a + b) is as good as 0. */
static bool shows_drop_out(const omo_bgnbd *m) { return m->a > DROP_OUT_MIN * (m->a + m->b); }

char *fit_tell_members_scenario(const FitMembers *fit)
{
    const omo_bgnbd *m = &fit->fit.model, *se = &fit->fit.standard_error;
    g_autofree char *alpha = format_alpha(fit);
    g_autofree char *name = g_path_get_basename(fit->path);
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append_printf(text,
                           "# Fitted by `omosim fit members` to %s: %" G_GUINT64_FORMAT
                           " customers, %" G_GUINT64_FORMAT " purchases.\n"
                           "# BG/NBD by maximum likelihood; ",
                           name, fit->customers, fit->purchases);
    if (fit->fit.edge == 0)
        g_string_append_printf(text, "standard errors: r %.3g, alpha %.3g, a %.3g, b %.3g.\n",
                               se->r, se->alpha, se->a, se->b);
    else
        g_string_append(text, "parameters at the edge of their range have no standard errors.\n");
    if (fit->has_amounts)
        g_string_append_printf(text, "# A purchase comes to %.2f on average.\n", fit->mean_spend);
    g_string_append(text,
                    "# alpha must agree with the visits of the segments: leave it out where theirs "
                    "are to count.\n");
    g_string_append_printf(text, "members:\n  lifetime: {r: %.6g, alpha: %s",
                           CLAMP(m->r, LIFETIME_MIN, LIFETIME_MAX), alpha);
    if (shows_drop_out(m))
        g_string_append_printf(text, ", a: %.6g, b: %.6g}\n",
                               CLAMP(m->a, LIFETIME_MIN, LIFETIME_MAX),
                               CLAMP(m->b, LIFETIME_MIN, LIFETIME_MAX));
    else
        g_string_append(text, "} # no drop-out shows in these purchases\n");
    return g_string_free(g_steal_pointer(&text), FALSE);
}
