/* Effects of a factorial design.
 *
 * All points of a replication met the same customers, so an effect is worked out in each
 * replication and its interval comes of how these differ (Student t): what customers have in common
 * cancels, as in a paired difference. The first table is for whoever decides: what each lever
 * brings alone, all of them together, and the rest, by which the whole is more or less than its
 * parts. The second is the analysis behind it: effects averaged over the settings of the other
 * levers, and interactions.
 */
#include "cli/factorial.h"
#include "cli/estimate.h"
#include "shell/json.h"
#include "shell/table.h"

#include <omosim/factorial.h>
#include <omosim/registry.h>
#include <stdio.h>
#include <string.h>

static const char *const kind_names[] = {"base", "alone", "sum", "all", "synergy", "effect"};

static void row_free(gpointer data)
{
    struct factorial_row *row = data;

    g_free(row->term);
    g_free(row->value);
    g_free(row);
}

static const char *factor_name(const Study *study, uint32_t factor)
{
    return scenario_axis(study_scenario(study), factor)->path;
}

/* "a x b". Caller frees. */
static char *term_name(const Study *study, uint32_t term)
{
    GString *name = g_string_new(NULL);

    for (uint32_t i = 0; i < scenario_axis_count(study_scenario(study)); i++)
        if ((term >> i & 1) != 0)
            g_string_append_printf(name, "%s%s", name->len > 0 ? " x " : "", factor_name(study, i));
    return g_string_free(name, FALSE);
}

/* Values of a column, point by point; replications together. Caller frees. */
static double *column_values(const Study *study, uint32_t column)
{
    const omo_experiment *experiment = study_experiment(study);
    const uint32_t replications = omo_experiment_replications(experiment);
    double *values = g_new(double, (gsize)study_point_count(study) * replications);

    for (uint32_t point = 0; point < study_point_count(study); point++)
        for (uint32_t r = 0; r < replications; r++)
            values[(gsize)point * replications + r] =
                omo_experiment_value(experiment, point, r, column);
    return values;
}

/* Adds a row; `term` is the factors that it is about. */
static void add_row(GPtrArray *rows, const Study *study, const GArray *columns,
                    double *const *values, enum factorial_kind kind, uint32_t term)
{
    const omo_experiment *experiment = study_experiment(study);
    const uint32_t replications = omo_experiment_replications(experiment);
    const uint32_t factors = scenario_axis_count(study_scenario(study));
    g_autofree double *contrast = g_new(double, replications);
    struct factorial_row *row = g_new0(struct factorial_row, 1);

    row->kind = kind;
    row->size = (uint32_t)__builtin_popcount(term);
    row->term = term != 0 ? term_name(study, term) : g_strdup(kind_names[kind]);
    row->value = g_new(omo_summary, columns->len);
    for (guint i = 0; i < columns->len; i++) {
        const uint32_t column = g_array_index(columns, uint32_t, i);
        switch (kind) {
        case FACTORIAL_BASE:
            row->value[i] = omo_experiment_summary(experiment, 0, column);
            continue;
        case FACTORIAL_ALONE:
            row->value[i] = omo_experiment_paired(experiment, term, 0, column);
            continue;
        case FACTORIAL_ALL:
            row->value[i] =
                omo_experiment_paired(experiment, (UINT32_C(1) << factors) - 1, 0, column);
            continue;
        case FACTORIAL_SUM:
            omo_factorial_alone(values[i], factors, replications, contrast, NULL);
            break;
        case FACTORIAL_SYNERGY:
            omo_factorial_synergy(values[i], factors, replications, contrast, NULL);
            break;
        case FACTORIAL_EFFECT:
            omo_factorial_effect(values[i], factors, replications, term, contrast, NULL);
            break;
        }
        row->value[i] = omo_summarise(contrast, replications, 0.95);
    }
    g_ptr_array_add(rows, row);
}

GPtrArray *factorial_rows(const Study *study, const GArray *columns)
{
    const uint32_t factors = scenario_axis_count(study_scenario(study));
    GPtrArray *rows = g_ptr_array_new_with_free_func(row_free);
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < columns->len; i++)
        g_ptr_array_add(values, column_values(study, g_array_index(columns, uint32_t, i)));
    double *const *of = (double *const *)values->pdata;
    add_row(rows, study, columns, of, FACTORIAL_BASE, 0);
    for (uint32_t i = 0; i < factors; i++)
        add_row(rows, study, columns, of, FACTORIAL_ALONE, UINT32_C(1) << i);
    if (factors > 1) {
        add_row(rows, study, columns, of, FACTORIAL_SUM, 0);
        add_row(rows, study, columns, of, FACTORIAL_ALL, 0);
        add_row(rows, study, columns, of, FACTORIAL_SYNERGY, 0);
    }
    for (int size = 1; size <= (factors <= 4 ? (int)factors : 2); size++)
        for (uint32_t term = 1; term < UINT32_C(1) << factors; term++)
            if (__builtin_popcount(term) == size)
                add_row(rows, study, columns, of, FACTORIAL_EFFECT, term);
    return rows;
}

/* ---- tables ---------------------------------------------------------------------------------- */

static const char *column_name(const Study *study, const GArray *columns, guint i,
                               const char **ret_unit)
{
    uint32_t kpi;
    const char *name = omo_model_kpi_name(omo_experiment_point_model(study_experiment(study), 0),
                                          g_array_index(columns, uint32_t, i), &kpi, NULL);

    *ret_unit = estimate_unit(kpi, scenario_currency(study_scenario(study)));
    return name;
}

static const char *row_title(const struct factorial_row *row)
{
    switch (row->kind) {
    case FACTORIAL_BASE:
        return "base";
    case FACTORIAL_SUM:
        return "sum of each alone";
    case FACTORIAL_ALL:
        return "all together";
    case FACTORIAL_SYNERGY:
        return "synergy (all less sum)";
    case FACTORIAL_ALONE:
    case FACTORIAL_EFFECT:
        break;
    }
    return row->term;
}

static void print_rows(const Study *study, const GArray *columns, const GPtrArray *rows,
                       bool effects)
{
    g_autoptr(Table) table = table_new();

    table_column(table, effects ? "effect" : "lever", TABLE_LEFT);
    for (guint i = 0; i < columns->len; i++) {
        const char *unit;
        const char *name = column_name(study, columns, i, &unit);
        g_autofree char *heading = strcmp(unit, "1") == 0 ? g_strdup_printf("%s  ", name)
                                                          : g_strdup_printf("%s, %s  ", name, unit);
        table_column(table, heading, TABLE_RIGHT);
    }
    for (guint r = 0; r < rows->len; r++) {
        const struct factorial_row *row = g_ptr_array_index(rows, r);
        const bool change = row->kind != FACTORIAL_BASE;
        if ((row->kind == FACTORIAL_EFFECT) != effects)
            continue;
        if (row->kind == FACTORIAL_ALONE)
            table_add_format(table, "%s alone", row->term);
        else
            table_add(table, row_title(row));
        for (guint i = 0; i < columns->len; i++) {
            g_autofree char *value = estimate_format(row->value[i], change);
            table_add_format(table, "%s %s", value,
                             change && estimate_excludes_zero(row->value[i]) ? "*" : " ");
        }
    }
    table_print(table, stdout);
}

void factorial_print(const Study *study, const GArray *columns, const GPtrArray *rows)
{
    printf(
        "\neach lever alone and all together: changes to the base (* the 95 %% interval excludes "
        "0)\n\n");
    print_rows(study, columns, rows, false);
    printf("\nmain effects, averaged over the other levers, and interactions\n\n");
    print_rows(study, columns, rows, true);
}

json_t *factorial_json(const Study *study, const GArray *columns, const GPtrArray *rows)
{
    json_t *array = json_array();

    for (guint r = 0; r < rows->len; r++) {
        const struct factorial_row *row = g_ptr_array_index(rows, r);
        json_t *object = json_object();
        json_t *kpis = json_object();
        for (guint i = 0; i < columns->len; i++) {
            const char *unit;
            const char *name = column_name(study, columns, i, &unit);
            json_object_set_new(kpis, name, estimate_json(row->value[i], unit));
        }
        json_object_set_new(object, "kind", json_make_text(kind_names[row->kind]));
        json_object_set_new(object, "term", json_make_text(row->term));
        json_object_set_new(object, "size", json_integer(row->size));
        json_object_set_new(object, "kpi", kpis);
        json_array_append_new(array, object);
    }
    return array;
}

gboolean factorial_save(Study *study, const GArray *columns, const GPtrArray *rows,
                        GError **ret_error)
{
    g_autoptr(GArray) effects = g_array_new(FALSE, FALSE, sizeof(struct results_effect));

    for (guint r = 0; r < rows->len; r++) {
        const struct factorial_row *row = g_ptr_array_index(rows, r);
        for (guint i = 0; i < columns->len; i++) {
            const char *unit;
            const struct results_effect effect = {
                .kind = kind_names[row->kind],
                .term = row->term,
                .size = row->size,
                .kpi = column_name(study, columns, i, &unit),
                .value = row->value[i],
            };
            g_array_append_val(effects, effect);
        }
    }
    return study_save_effects(study, (const struct results_effect *)(const void *)effects->data,
                              effects->len, ret_error);
}
