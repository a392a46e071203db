/* omosim run: one design point, its KPIs.
 *
 * People get a table by group, all channels together, and a second one that spreads the KPIs over
 * the channels; columns without any case are left out. A queueing network has tables of its own
 * (network_table.c). JSON has every column unless --kpis says
 * otherwise, because a program looks keys up and does not scroll.
 */
#include "cli/checkpoint.h"
#include "cli/emit.h"
#include "cli/estimate.h"
#include "cli/kpi_filter.h"
#include "cli/network_table.h"
#include "cli/study.h"
#include "cli/trace.h"
#include "shell/diagnostic.h"
#include "shell/json.h"
#include "shell/table.h"
#include "shell/units.h"

#include <math.h>
#include <omosim/registry.h>
#include <stdio.h>
#include <string.h>

static const struct options_page page = {
    .usage = "run [OPTION...] SCENARIO",
    .summary = "Simulates one design point of a scenario and shows its KPIs: means over the\n"
               "replications with the half-width of their 95 % interval.\n",
    .examples = "  omosim run scenarios/two_stores.yaml\n"
                "  omosim run scenarios/two_stores.yaml --set routing=cheapest --kpis cost,otif\n"
                "  omosim run scenarios/o2o_vs_omo.yaml --point o2o --out o2o.db "
                "--report o2o.html\n"
                "  omosim run scenarios/two_stores.yaml --replications 20 --json\n"
                "  omosim run scenarios/two_stores.yaml --trace-events trace.json\n"
                "  omosim run scenarios/two_stores.yaml --watch place=east\n"
                "  omosim run scenarios/two_stores.yaml --step\n"
                "  omosim run scenarios/two_stores.yaml --checkpoint-at 14d --checkpoint "
                "day14.checkpoint\n"
                "  omosim run scenarios/two_stores.yaml --from day14.checkpoint --set "
                "routing=cheapest\n",
    .positional_min = 1,
    .positional_max = 1,
};

#define POINT 0 /* the only one */

static omo_summary summary_of(const Study *study, uint32_t column)
{
    return omo_experiment_summary(study_experiment(study), POINT, column);
}

static void print_head(const Study *study)
{
    const Scenario *scenario = study_scenario(study);
    const omo_experiment *experiment = study_experiment(study);
    const struct scenario_point *point = study_point(study, POINT);

    printf("%s\n", scenario_title(scenario));
    if (scenario_question(scenario)[0] != '\0')
        printf("%s\n", scenario_question(scenario));
    printf("\npoint %s", point->name);
    if (strcmp(point->name, point->label) != 0)
        printf(" (%s)", point->label);
    printf(", ");
    emit_days(scenario);
    printf(", %u replications, seed %" G_GUINT64_FORMAT "\n",
           omo_experiment_replications(experiment), omo_experiment_seed(experiment));
    checkpoint_print_from(study_checkpoint(study));
    putchar('\n');
}

static void print_kpis(const Study *study, const KpiFilter *filter)
{
    const omo_model *model = omo_experiment_point_model(study_experiment(study), POINT);
    const char *group = "";
    g_autoptr(Table) table = table_new();

    table_column(table, "KPI", TABLE_LEFT);
    table_column(table, "mean ± 95 %", TABLE_RIGHT);
    table_column(table, "unit", TABLE_LEFT);
    for (uint32_t i = 0; i < omo_model_kpi_count(model); i++) {
        uint32_t kpi;
        uint32_t channel;
        const char *name = omo_model_kpi_name(model, i, &kpi, &channel);
        const omo_summary summary = summary_of(study, i);
        if (channel != UINT32_MAX || !kpi_filter_wants(filter, model, i) || isnan(summary.mean))
            continue;
        if (strcmp(group, omo_kpi_group(kpi)) != 0) {
            if (group[0] != '\0')
                table_gap(table);
            group = omo_kpi_group(kpi);
            table_add(table, group);
            table_add(table, NULL);
            table_add(table, NULL);
        }
        g_autofree char *value = estimate_format(summary, false);
        const char *unit = estimate_unit(kpi, scenario_currency(study_scenario(study)));
        table_add_format(table, "  %s", name);
        table_add(table, value);
        table_add(table, strcmp(unit, "1") == 0 ? NULL : unit);
    }
    table_print(table, stdout);
}

/* Column of KPI `kpi` for `channel`, or UINT32_MAX. O(columns): a few hundred, once a table. */
static uint32_t find_channel_column(const omo_model *model, uint32_t kpi, uint32_t channel)
{
    for (uint32_t i = 0; i < omo_model_kpi_count(model); i++) {
        uint32_t column_kpi;
        uint32_t column_channel;
        omo_model_kpi_name(model, i, &column_kpi, &column_channel);
        if (column_kpi == kpi && column_channel == channel)
            return i;
    }
    return UINT32_MAX;
}

static bool wants_channels(const KpiFilter *filter, const omo_model *model, uint32_t kpi)
{
    for (uint32_t c = 0; c < omo_model_channel_count(model); c++) {
        const uint32_t column = find_channel_column(model, kpi, c);
        if (column != UINT32_MAX && kpi_filter_wants(filter, model, column))
            return true;
    }
    return false;
}

static void add_channel_row(Table *table, const Study *study, const omo_model *model, uint32_t kpi)
{
    const char *unit = estimate_unit(kpi, scenario_currency(study_scenario(study)));

    table_add(table, omo_registry_name(OMO_REGISTRY_KPI, kpi));
    for (uint32_t c = 0; c < omo_model_channel_count(model); c++) {
        const uint32_t column = find_channel_column(model, kpi, c);
        g_autofree char *value =
            column == UINT32_MAX ? g_strdup("–") : estimate_format_mean(summary_of(study, column));
        table_add(table, value);
    }
    table_add(table, strcmp(unit, "1") == 0 ? NULL : unit);
}

static void print_channels(const Study *study, const KpiFilter *filter)
{
    const omo_model *model = omo_experiment_point_model(study_experiment(study), POINT);
    g_autoptr(Table) table = table_new();
    uint32_t row_count = 0;

    if (omo_model_channel_count(model) < 2)
        return;
    table_column(table, "by channel", TABLE_LEFT);
    for (uint32_t c = 0; c < omo_model_channel_count(model); c++)
        table_column(table, omo_model_channel_id(model, c), TABLE_RIGHT);
    table_column(table, "unit", TABLE_LEFT);
    for (uint32_t kpi = 0; kpi < omo_registry_count(OMO_REGISTRY_KPI); kpi++)
        if (omo_kpi_per_channel(kpi) && wants_channels(filter, model, kpi)) {
            add_channel_row(table, study, model, kpi);
            row_count++;
        }
    if (row_count == 0)
        return;
    putchar('\n');
    table_print(table, stdout);
}

static void print_foot(const Study *study)
{
    const omo_experiment *experiment = study_experiment(study);
    uint64_t events = 0;
    uint64_t facts = 0;

    for (uint32_t r = 0; r < omo_experiment_replications(experiment); r++) {
        events += omo_experiment_event_count(experiment, POINT, r);
        facts += omo_experiment_fact_count(experiment, POINT, r);
    }
    g_autofree char *digest = estimate_digest(omo_experiment_point_digest(experiment, POINT));
    g_autofree char *event_count = units_format_count((int64_t)events);
    g_autofree char *fact_count = units_format_count((int64_t)facts);
    printf("\ndigest %s, %s events, %s facts\n", digest, event_count, fact_count);
    checkpoint_print_written(study_checkpoint(study));
}

static void print_json(const Study *study, const KpiFilter *filter)
{
    const omo_experiment *experiment = study_experiment(study);
    const omo_model *model = omo_experiment_point_model(experiment, POINT);
    const bool all = !kpi_filter_is_explicit(filter);
    g_autofree char *digest = estimate_digest(omo_experiment_point_digest(experiment, POINT));
    json_t *root = json_object();
    json_t *kpis = json_object();

    json_object_set_new(root, "scenario", json_make_text(scenario_name(study_scenario(study))));
    json_object_set_new(root, "point", json_make_text(study_point(study, POINT)->name));
    json_object_set_new(root, "seed", json_integer((json_int_t)omo_experiment_seed(experiment)));
    json_object_set_new(root, "replications",
                        json_integer(omo_experiment_replications(experiment)));
    json_object_set_new(root, "digest", json_make_text(digest));
    for (uint32_t i = 0; i < omo_model_kpi_count(model); i++) {
        uint32_t kpi;
        const char *name = omo_model_kpi_name(model, i, &kpi, NULL);
        const char *unit = estimate_unit(kpi, scenario_currency(study_scenario(study)));
        if (all || kpi_filter_wants(filter, model, i))
            json_object_set_new(kpis, name, estimate_json(summary_of(study, i), unit));
    }
    checkpoint_json(study_checkpoint(study), root);
    json_object_set_new(root, "kpi", kpis);
    emit_json(root);
}

/* A replication has one digest, whether somebody listens or not. */
static gboolean check_trace(const Study *study, const struct options_trace *trace,
                            const struct trace_outcome *outcome)
{
    const uint64_t digest =
        omo_experiment_digest(study_experiment(study), POINT, trace->replication);

    if (!trace_options_wanted(trace) || !outcome->whole || outcome->digest == digest)
        return TRUE;
    fprintf(stderr, "error: audit: replication %u has another digest when it is traced\n",
            trace->replication);
    return FALSE;
}

static enum command_status run_study(const char *path, struct options_study *options,
                                     struct options_trace *trace, GError **ret_error)
{
    struct trace_outcome outcome = {.whole = false};
    g_autoptr(Study) study = NULL;
    g_autoptr(KpiFilter) filter = NULL;

    if (!options_study_check(options, ret_error) || !trace_options_check(trace, options, ret_error))
        return COMMAND_ERROR;
    study = study_new(path, options, STUDY_ONE_POINT, ret_error);
    if (study == NULL)
        return COMMAND_ERROR;
    const omo_model *model = omo_experiment_point_model(study_experiment(study), POINT);
    filter = kpi_filter_new(options->kpis, study_scenario(study), model, ret_error);
    if (filter == NULL)
        return COMMAND_ERROR;

    if (trace_options_wanted(trace)) {
        const enum command_status traced = trace_run(study, POINT, trace, &outcome, ret_error);
        if (traced != COMMAND_DONE || trace_options_alone(trace))
            return traced;
    }
    const enum command_status status = study_run(study, ret_error);
    if (status == COMMAND_ERROR)
        return status;
    if (status == COMMAND_DONE && !check_trace(study, trace, &outcome))
        return COMMAND_FAILED;
    if (status == COMMAND_DONE) {
        if (options->json) {
            print_json(study, filter);
        } else {
            print_head(study);
            if (omo_model_station_count(model) > 0) {
                network_table_print(study, filter);
            } else {
                print_kpis(study, filter);
                print_channels(study, filter);
            }
            print_foot(study);
        }
    }
    return study_finish(study, ret_error) ? status : COMMAND_ERROR;
}

enum command_status command_run(int argc, char **argv, GError **ret_error)
{
    struct options_study options = {.json = FALSE};
    struct options_trace trace = {.step = FALSE};
    const GOptionEntry entries[] = {OPTIONS_STUDY(options),
                                    OPTIONS_TRACE(trace),
                                    OPTIONS_CHECKPOINT(options),
                                    {NULL, 0, 0, 0, NULL, NULL, NULL}};
    enum command_status status = COMMAND_ERROR;

    switch (options_parse(&page, entries, &argc, &argv, ret_error)) {
    case OPTIONS_GO:
        status = run_study(argv[1], &options, &trace, ret_error);
        break;
    case OPTIONS_SHOWN:
        status = COMMAND_DONE;
        break;
    case OPTIONS_ERROR:
        break;
    }
    options_study_clear(&options);
    trace_options_clear(&trace);
    return status;
}
