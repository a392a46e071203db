/* Design points side by side.
 *
 * Rows are KPIs, columns are points: the eye compares along a line. Below each value stands the
 * paired difference to the first point, marked where its 95 % interval excludes 0. Without --kpis
 * the rows are the headline measures that a planner decides on; a scenario whose run.kpis has none
 * of them (a textbook queue, say) shows what it asks for. More than a handful of points would not
 * fit a screen: they come in several tables, each with the differences to the same first point.
 */
#include "cli/comparison.h"
#include "cli/emit.h"
#include "cli/estimate.h"
#include "cli/headlines.h"
#include "shell/json.h"
#include "shell/table.h"

#include <math.h>
#include <omosim/registry.h>
#include <stdio.h>
#include <string.h>

#define POINTS_PER_TABLE 5

static const char *const headlines[] =
    {"profit",          "net_sales", "gross_margin", "fulfilment_cost",   "holding_cost",
     "conversion",      "orders",    "fill_rate",    "lost_sales",        "oversold_units",
     "cancelled_units", "otif",      "lead_time",    "parcels_per_order", "online_share",
     "stock_value",     NULL};

static const omo_model *base_model(const Study *study)
{
    return omo_experiment_point_model(study_experiment(study), 0);
}

static void add_rows(Table *table, const Study *study, uint32_t column, uint32_t from,
                     uint32_t until)
{
    const omo_experiment *experiment = study_experiment(study);
    uint32_t kpi;
    const char *name = omo_model_kpi_name(base_model(study), column, &kpi, NULL);
    const char *unit = estimate_unit(kpi, scenario_currency(study_scenario(study)));

    if (strcmp(unit, "1") == 0)
        table_add(table, name);
    else
        table_add_format(table, "%s, %s", name, unit);
    for (uint32_t i = from; i < until; i++) {
        g_autofree char *value =
            estimate_format(omo_experiment_summary(experiment, i, column), false);
        table_add_format(table, "%s  ", value);
    }
    table_add(table, NULL);
    for (uint32_t i = from; i < until; i++) {
        if (i == 0) {
            table_add(table, NULL);
            continue;
        }
        const omo_summary paired = omo_experiment_paired(experiment, i, 0, column);
        g_autofree char *difference = estimate_format(paired, true);
        table_add_format(table, "%s %s", difference, estimate_excludes_zero(paired) ? "*" : " ");
    }
}

static void print_tables(const Study *study, const KpiFilter *filter)
{
    g_autoptr(GArray) rows = headlines_choose(study, filter, headlines);
    const uint32_t count = study_done_count(study);

    for (uint32_t from = 0; from < count; from += POINTS_PER_TABLE) {
        const uint32_t until = MIN(count, from + POINTS_PER_TABLE);
        g_autoptr(Table) table = table_new();
        table_column(table, "KPI", TABLE_LEFT);
        for (uint32_t i = from; i < until; i++) {
            g_autofree char *heading = g_strdup_printf("%s  ", study_point(study, i)->name);
            table_column(table, heading, TABLE_RIGHT);
        }
        for (guint row = 0; row < rows->len; row++)
            add_rows(table, study, g_array_index(rows, uint32_t, row), from, until);
        table_print(table, stdout);
        putchar('\n');
    }
    if (count > 1)
        printf("below each value: paired difference to %s; * its 95 %% interval excludes 0\n",
               study_point(study, 0)->name);
}

static omo_summary scaled(omo_summary summary, double factor)
{
    summary.mean *= factor;
    summary.half_width *= fabs(factor);
    summary.standard_error *= fabs(factor);
    return summary;
}

/* What the calibrated point says where row `i` of the scenario was published. */
static gboolean find_simulated(const Study *study, uint32_t i, uint32_t point,
                               omo_summary *ret_summary)
{
    const Scenario *scenario = study_scenario(study);
    uint32_t column;

    if (!study_find_column(study, scenario_calibration(scenario, i)->measure, &column, NULL))
        return FALSE;
    *ret_summary =
        scaled(omo_experiment_summary(study_experiment(study), point, column),
               scenario_calibration_factor(scenario, i, study_scenario_point(study, point),
                                           omo_experiment_point_model(study_experiment(study),
                                                                      point)));
    return TRUE;
}

static bool has_calibration(const Study *study, uint32_t *ret_point)
{
    return scenario_calibration_count(study_scenario(study)) > 0 &&
           study_calibrated_point(study, ret_point) && *ret_point < study_done_count(study);
}

static void print_calibration(const Study *study)
{
    const Scenario *scenario = study_scenario(study);
    g_autoptr(Table) table = table_new();
    uint32_t point;

    if (!has_calibration(study, &point))
        return;
    g_autofree char *heading = g_strdup_printf("simulated, %s", study_point(study, point)->name);
    table_column(table, "published figure", TABLE_LEFT);
    table_column(table, "published", TABLE_RIGHT);
    table_column(table, heading, TABLE_RIGHT);
    table_column(table, "off by", TABLE_RIGHT);
    for (uint32_t i = 0; i < scenario_calibration_count(scenario); i++) {
        const struct scenario_calibration *row = scenario_calibration(scenario, i);
        omo_summary simulated;
        if (!find_simulated(study, i, point, &simulated))
            continue;
        g_autofree char *published = estimate_format_number(row->published);
        g_autofree char *value = estimate_format(simulated, false);
        table_add(table, row->figure);
        table_add(table, published);
        table_add(table, value);
        table_add_format(table, "%+.2f %%", 100 * (simulated.mean / row->published - 1));
    }
    putchar('\n');
    table_print(table, stdout);
}

void comparison_print(const Study *study, const KpiFilter *filter, const struct winner *winner)
{
    const Scenario *scenario = study_scenario(study);
    const omo_experiment *experiment = study_experiment(study);

    printf("%s\n", scenario_title(scenario));
    if (scenario_question(scenario)[0] != '\0')
        printf("%s\n", scenario_question(scenario));
    putchar('\n');
    emit_days(scenario);
    printf(", %u replications, seed %" G_GUINT64_FORMAT "\n\n",
           omo_experiment_replications(experiment), omo_experiment_seed(experiment));
    print_tables(study, filter);
    print_calibration(study);

    putchar('\n');
    for (uint32_t i = 0; i < study_done_count(study); i++) {
        const struct scenario_point *point = study_point(study, i);
        g_autofree char *digest = estimate_digest(omo_experiment_point_digest(experiment, i));
        const bool labelled = strcmp(point->name, point->label) != 0;
        printf("digest %s  %s%s%s\n", digest, point->name, labelled ? ": " : "",
               labelled ? point->label : "");
    }
    putchar('\n');
    winner_print(winner, study, stdout);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static json_t *point_json(const Study *study, const KpiFilter *filter, uint32_t point)
{
    const omo_experiment *experiment = study_experiment(study);
    const omo_model *model = omo_experiment_point_model(experiment, point);
    const bool all = !kpi_filter_is_explicit(filter);
    g_autofree char *digest = estimate_digest(omo_experiment_point_digest(experiment, point));
    json_t *root = json_object();
    json_t *kpis = json_object();
    json_t *paired = json_object();

    for (uint32_t i = 0; i < omo_model_kpi_count(model); i++) {
        uint32_t kpi;
        const char *name = omo_model_kpi_name(model, i, &kpi, NULL);
        const char *unit = estimate_unit(kpi, scenario_currency(study_scenario(study)));
        if (!all && !kpi_filter_wants(filter, model, i))
            continue;
        json_object_set_new(kpis, name,
                            estimate_json(omo_experiment_summary(experiment, point, i), unit));
        if (point > 0)
            json_object_set_new(paired, name,
                                estimate_json(omo_experiment_paired(experiment, point, 0, i),
                                              unit));
    }
    json_object_set_new(root, "name", json_make_text(study_point(study, point)->name));
    json_object_set_new(root, "label", json_make_text(study_point(study, point)->label));
    json_object_set_new(root, "digest", json_make_text(digest));
    json_object_set_new(root, "kpi", kpis);
    json_object_set_new(root, "paired", paired);
    return root;
}

static json_t *calibration_json(const Study *study)
{
    const Scenario *scenario = study_scenario(study);
    json_t *rows = json_array();
    uint32_t point;

    if (!has_calibration(study, &point))
        return rows;
    for (uint32_t i = 0; i < scenario_calibration_count(scenario); i++) {
        const struct scenario_calibration *published = scenario_calibration(scenario, i);
        omo_summary simulated;
        if (!find_simulated(study, i, point, &simulated))
            continue;
        json_t *row = json_object();
        json_object_set_new(row, "figure", json_make_text(published->figure));
        json_object_set_new(row, "point", json_make_text(study_point(study, point)->name));
        json_object_set_new(row, "published", json_make_number(published->published));
        json_object_set_new(row, "simulated", json_make_number(simulated.mean));
        json_object_set_new(row, "half_width", json_make_number(simulated.half_width));
        json_object_set_new(row, "source", json_make_text(published->source));
        json_array_append_new(rows, row);
    }
    return rows;
}

void comparison_print_json(const Study *study, const KpiFilter *filter, const struct winner *winner)
{
    const omo_experiment *experiment = study_experiment(study);
    json_t *root = json_object();
    json_t *points = json_array();

    for (uint32_t i = 0; i < study_done_count(study); i++)
        json_array_append_new(points, point_json(study, filter, i));
    json_object_set_new(root, "scenario", json_make_text(scenario_name(study_scenario(study))));
    json_object_set_new(root, "seed", json_integer((json_int_t)omo_experiment_seed(experiment)));
    json_object_set_new(root, "replications",
                        json_integer(omo_experiment_replications(experiment)));
    json_object_set_new(root, "points", points);
    json_object_set_new(root, "winner", winner_json(winner, study));
    json_object_set_new(root, "calibration", calibration_json(study));
    emit_json(root);
}
