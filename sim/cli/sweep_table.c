/* Sweeps as tables.
 *
 * A sweep has many points and few measures, so the table stands the other way round than that of a
 * comparison: a row is a point, first its values on the axes, then each KPI with the half-width of
 * its 95 % interval. A second table has the differences to the first point, which are what a sweep
 * is about: all points met the same customers, so their intervals are the narrow ones.
 */
#include "cli/sweep_table.h"
#include "cli/emit.h"
#include "cli/estimate.h"
#include "shell/json.h"
#include "shell/table.h"

#include <math.h>
#include <omosim/registry.h>
#include <stdio.h>
#include <string.h>

static const char *column_name(const Study *study, const GArray *columns, guint i,
                               uint32_t *ret_kpi)
{
    return omo_model_kpi_name(omo_experiment_point_model(study_experiment(study), 0),
                              g_array_index(columns, uint32_t, i), ret_kpi, NULL);
}

static const char *column_unit(const Study *study, uint32_t kpi)
{
    return estimate_unit(kpi, scenario_currency(study_scenario(study)));
}

static void add_axes(Table *table, const Study *study)
{
    const Scenario *scenario = study_scenario(study);

    for (uint32_t i = 0; i < scenario_axis_count(scenario); i++) {
        const char *path = scenario_axis(scenario, i)->path;
        const bool named = scenario_axis(scenario, i)->kind != SCENARIO_AXIS_CATEGORY;
        table_column(table, path, named ? TABLE_RIGHT : TABLE_LEFT);
    }
}

static void add_headings(Table *table, const Study *study, const GArray *columns)
{
    add_axes(table, study);
    for (guint i = 0; i < columns->len; i++) {
        uint32_t kpi;
        const char *name = column_name(study, columns, i, &kpi);
        const char *unit = column_unit(study, kpi);
        g_autofree char *heading = strcmp(unit, "1") == 0 ? g_strdup_printf("%s  ", name)
                                                          : g_strdup_printf("%s, %s  ", name, unit);
        table_column(table, heading, TABLE_RIGHT);
    }
}

static void add_values(Table *table, const Study *study, uint32_t point)
{
    const Scenario *scenario = study_scenario(study);

    for (uint32_t i = 0; i < scenario_axis_count(scenario); i++)
        table_add(table, scenario_axis_value(scenario, study_scenario_point(study, point), i).text);
}

static void print_means(const Study *study, const GArray *columns)
{
    g_autoptr(Table) table = table_new();

    add_headings(table, study, columns);
    for (uint32_t point = 0; point < study_done_count(study); point++) {
        add_values(table, study, point);
        for (guint i = 0; i < columns->len; i++) {
            g_autofree char *value =
                estimate_format(omo_experiment_summary(study_experiment(study), point,
                                                       g_array_index(columns, uint32_t, i)),
                                false);
            table_add_format(table, "%s  ", value);
        }
    }
    table_print(table, stdout);
}

static void print_differences(const Study *study, const GArray *columns)
{
    g_autoptr(Table) table = table_new();

    if (study_done_count(study) < 2)
        return;
    printf("\npaired differences to %s (same customers; * the 95 %% interval excludes 0)\n\n",
           study_point(study, 0)->name);
    add_headings(table, study, columns);
    for (uint32_t point = 1; point < study_done_count(study); point++) {
        add_values(table, study, point);
        for (guint i = 0; i < columns->len; i++) {
            const omo_summary paired = omo_experiment_paired(study_experiment(study), point, 0,
                                                             g_array_index(columns, uint32_t, i));
            g_autofree char *difference = estimate_format(paired, true);
            table_add_format(table, "%s %s", difference,
                             estimate_excludes_zero(paired) ? "*" : " ");
        }
    }
    table_print(table, stdout);
}

/* The closed form beside the simulation, where one is known. */
static void print_expected(const Study *study)
{
    g_autoptr(Table) table = table_new();
    uint32_t column;
    bool any = false;

    for (uint32_t point = 0; point < study_done_count(study); point++)
        any = any || study_expected_oversold(study, point).units > 0;
    if (!any || !study_find_column(study, "oversold_units", &column, NULL))
        return;
    printf("\noversold units in closed form: a Poisson race until the news arrives, and until the "
           "next delivery\n\n");
    add_axes(table, study);
    table_column(table, "simulated", TABLE_RIGHT);
    table_column(table, "closed form", TABLE_RIGHT);
    table_column(table, "until delivery", TABLE_RIGHT);
    for (uint32_t point = 0; point < study_done_count(study); point++) {
        const omo_oversell_units expected = study_expected_oversold(study, point);
        g_autofree char *value =
            estimate_format(omo_experiment_summary(study_experiment(study), point, column), false);
        g_autofree char *whole = estimate_format_number(expected.units);
        g_autofree char *stopped = estimate_format_number(expected.stopped);
        add_values(table, study, point);
        table_add(table, value);
        table_add(table, whole);
        table_add(table, stopped);
    }
    table_print(table, stdout);
}

void sweep_table_print(const Study *study, const GArray *columns, const GPtrArray *effects,
                       const struct winner *winner)
{
    const Scenario *scenario = study_scenario(study);
    const omo_experiment *experiment = study_experiment(study);

    printf("%s\n\n", scenario_title(scenario));
    emit_days(scenario);
    printf(", %u points of %u replications, seed %" G_GUINT64_FORMAT "\n\n",
           study_done_count(study), omo_experiment_replications(experiment),
           omo_experiment_seed(experiment));
    print_means(study, columns);
    if (effects != NULL)
        factorial_print(study, columns, effects);
    else
        print_differences(study, columns);
    print_expected(study);
    putchar('\n');
    for (uint32_t i = 0; i < study_done_count(study); i++) {
        g_autofree char *digest = estimate_digest(omo_experiment_point_digest(experiment, i));
        printf("digest %s  %s\n", digest, study_point(study, i)->name);
    }
    putchar('\n');
    winner_print(winner, study, stdout);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static json_t *axes_json(const Scenario *scenario)
{
    json_t *axes = json_array();

    for (uint32_t i = 0; i < scenario_axis_count(scenario); i++) {
        const struct scenario_axis *axis = scenario_axis(scenario, i);
        json_t *object = json_object();
        json_object_set_new(object, "path", json_make_text(axis->path));
        json_object_set_new(object, "kind", json_make_text(scenario_axis_kind_name(axis->kind)));
        json_object_set_new(object, "unit", json_make_text(axis->unit));
        json_array_append_new(axes, object);
    }
    return axes;
}

/* {"oversold_units": {"closed_form", "until_delivery"}}, empty where nothing is known. */
static json_t *expected_json(omo_oversell_units oversold)
{
    json_t *root = json_object();

    if (isfinite(oversold.units)) {
        json_t *object = json_object();
        json_object_set_new(object, "closed_form", json_make_number(oversold.units));
        json_object_set_new(object, "until_delivery", json_make_number(oversold.stopped));
        json_object_set_new(root, "oversold_units", object);
    }
    return root;
}

static json_t *point_json(const Study *study, const GArray *columns, uint32_t point)
{
    const Scenario *scenario = study_scenario(study);
    const omo_experiment *experiment = study_experiment(study);
    g_autofree char *digest = estimate_digest(omo_experiment_point_digest(experiment, point));
    json_t *root = json_object();
    json_t *values = json_object();
    json_t *kpis = json_object();
    json_t *paired = json_object();

    for (uint32_t i = 0; i < scenario_axis_count(scenario); i++) {
        const struct scenario_value value =
            scenario_axis_value(scenario, study_scenario_point(study, point), i);
        json_t *object = json_object();
        json_object_set_new(object, "text", json_make_text(value.text));
        json_object_set_new(object, "number", json_make_number(value.number));
        json_object_set_new(values, scenario_axis(scenario, i)->path, object);
    }
    for (guint i = 0; i < columns->len; i++) {
        const uint32_t column = g_array_index(columns, uint32_t, i);
        uint32_t kpi;
        const char *name = column_name(study, columns, i, &kpi);
        const char *unit = column_unit(study, kpi);
        json_object_set_new(kpis, name,
                            estimate_json(omo_experiment_summary(experiment, point, column), unit));
        if (point > 0)
            json_object_set_new(paired, name,
                                estimate_json(omo_experiment_paired(experiment, point, 0, column),
                                              unit));
    }
    json_object_set_new(root, "name", json_make_text(study_point(study, point)->name));
    json_object_set_new(root, "values", values);
    json_object_set_new(root, "digest", json_make_text(digest));
    json_object_set_new(root, "kpi", kpis);
    json_object_set_new(root, "paired", paired);
    json_object_set_new(root, "expected", expected_json(study_expected_oversold(study, point)));
    return root;
}

void sweep_table_print_json(const Study *study, const GArray *columns, const GPtrArray *effects,
                            const struct winner *winner)
{
    const Scenario *scenario = study_scenario(study);
    const omo_experiment *experiment = study_experiment(study);
    json_t *root = json_object();
    json_t *points = json_array();

    for (uint32_t i = 0; i < study_done_count(study); i++)
        json_array_append_new(points, point_json(study, columns, i));
    json_object_set_new(root, "scenario", json_make_text(scenario_name(scenario)));
    json_object_set_new(root, "seed", json_integer((json_int_t)omo_experiment_seed(experiment)));
    json_object_set_new(root, "replications",
                        json_integer(omo_experiment_replications(experiment)));
    json_object_set_new(root, "axes", axes_json(scenario));
    json_object_set_new(root, "points", points);
    if (effects != NULL)
        json_object_set_new(root, "factorial", factorial_json(study, columns, effects));
    json_object_set_new(root, "winner", winner_json(winner, study));
    emit_json(root);
}
