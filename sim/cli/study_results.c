/* The bridge from a study to its database.
 *
 * The bytes of a database depend on the input alone, so the command line kept in it is rebuilt from
 * the parsed options instead of copied from argv: spelling, order, threads and file names drop out.
 *
 * Warm-up and geometry are read from the scenario's own text: they describe the run for the reader
 * of the report and steer nothing.
 */
#include "cli/study_results.h"

#include <math.h>
#include <string.h>

static void append_option(GString *line, const char *option, const char *value)
{
    if (value == NULL)
        return;
    g_autofree char *quoted = g_shell_quote(value);
    const bool plain = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789_./=,:%+-") == strlen(value) &&
                       value[0] != '\0';

    g_string_append_c(line, ' ');
    if (option != NULL)
        g_string_append_printf(line, "%s ", option);
    g_string_append(line, plain ? value : quoted);
}

char *study_results_command_line(const char *command, const char *path,
                                 const struct options_study *options)
{
    GString *line = g_string_new("omosim ");

    g_string_append(line, command);
    append_option(line, NULL, path);
    append_option(line, "--point", options->point);
    append_option(line, "--points", options->points);
    for (char **set = options->sets; set != NULL && *set != NULL; set++)
        append_option(line, "--set", *set);
    for (char **vary = options->varies; vary != NULL && *vary != NULL; vary++)
        append_option(line, "--vary", *vary);
    append_option(line, "--sample", options->sample_text);
    append_option(line, "--factorial", options->factorial);
    append_option(line, "--seed", options->seed_text);
    append_option(line, "--replications", options->replications_text);
    append_option(line, "--objective", options->objective);
    append_option(line, "--from", options->from);
    return g_string_free(line, FALSE);
}

/* The published figures that the study's calibrated point stands for; empty without such a point.
 * Caller frees. */
static GArray *calibration_rows(const Study *study)
{
    const Scenario *scenario = study_scenario(study);
    const omo_experiment *experiment = study_experiment(study);
    GArray *rows = g_array_new(FALSE, TRUE, sizeof(struct results_calibration));
    uint32_t point;

    if (!study_calibrated_point(study, &point))
        return rows;
    for (uint32_t i = 0; i < scenario_calibration_count(scenario); i++) {
        const struct scenario_calibration *published = scenario_calibration(scenario, i);
        const struct results_calibration row = {
            .figure = published->figure,
            .source = published->source,
            .point = study_point(study, point)->label,
            .kpi = published->measure,
            .published = published->published,
            .scale = scenario_calibration_factor(scenario, i, study_scenario_point(study, point),
                                                 omo_experiment_point_model(experiment, point)),
        };
        g_array_append_val(rows, row);
    }
    return rows;
}

static void describe_run(const Scenario *scenario, struct results_meta *meta)
{
    g_autoptr(Node) root =
        node_read_text(scenario_text(scenario), strlen(scenario_text(scenario)), "run", NULL);

    meta->horizon_us = llround(scenario_days(scenario) * (double)OMO_US_PER_DAY);
    meta->warm_up_us = llround(scenario_warm_up_days(scenario) * (double)OMO_US_PER_DAY);
    if (root == NULL)
        return;
    const Node *geometry = node_get(root, "geometry");
    if (geometry != NULL && node_kind(geometry) == NODE_MAPPING)
        geometry = node_get(geometry, "kind");
    if (geometry != NULL && g_strcmp0(node_text(geometry), "plane") == 0)
        meta->geometry = OMO_GEOMETRY_PLANE;
}

Results *study_results_create(const Study *study, const char *path, const char *command_line,
                              const char *objective, GError **ret_error)
{
    const Scenario *scenario = study_scenario(study);
    const omo_experiment *experiment = study_experiment(study);
    const GPtrArray *shown = study_shown(study);
    g_autoptr(GArray) calibration = calibration_rows(study);
    g_autofree struct results_axis *axes =
        g_new0(struct results_axis, scenario_axis_count(scenario));
    struct results_meta meta = {
        .command = command_line,
        .scenario = scenario_path(scenario),
        .scenario_digest = scenario_hash(scenario),
        .title = scenario_title(scenario),
        .question = scenario_question(scenario),
        .currency = scenario_currency(scenario),
        .objective = objective,
        .seed = omo_experiment_seed(experiment),
        .replications = omo_experiment_replications(experiment),
        .point_count = study_point_count(study),
        .calibration = (const struct results_calibration *)(const void *)calibration->data,
        .calibration_count = calibration->len,
        .axes = axes,
        .axis_count = scenario_axis_count(scenario),
        .kpis = shown != NULL ? (const char *const *)shown->pdata : NULL,
        .kpi_count = shown != NULL ? shown->len : 0,
    };

    for (uint32_t i = 0; i < meta.axis_count; i++) {
        const struct scenario_axis *axis = scenario_axis(scenario, i);
        axes[i] = (struct results_axis){.path = axis->path,
                                        .label = axis->label,
                                        .kind = scenario_axis_kind_name(axis->kind),
                                        .unit = axis->unit};
    }
    describe_run(scenario, &meta);
    return results_create(path, &meta, ret_error);
}

gboolean study_results_add(Results *results, const Study *study, uint32_t point, GError **ret_error)
{
    const struct scenario_point *named = study_point(study, point);
    const Scenario *scenario = study_scenario(study);
    const uint32_t axis_count = scenario_axis_count(scenario);
    g_autofree struct results_value *values = g_new(struct results_value, axis_count);
    const omo_oversell_units oversold = study_expected_oversold(study, point);
    const struct results_expected expected[] = {
        {.kpi = "oversold_units", .name = "closed form", .value = oversold.units},
        {.kpi = "oversold_units", .name = "until the next delivery", .value = oversold.stopped},
    };
    const struct results_point_note note = {
        .label = named->label,
        .role = scenario_role_name(named->role),
        .overrides = named->overrides,
        .values = values,
        .expected = expected,
        .expected_count = isfinite(oversold.units) ? G_N_ELEMENTS(expected) : 0,
    };

    for (uint32_t i = 0; i < axis_count; i++) {
        const struct scenario_value value =
            scenario_axis_value(scenario, study_scenario_point(study, point), i);
        values[i] = (struct results_value){.text = value.text, .number = value.number};
    }
    return results_add_point(results, study_experiment(study), point, &note, ret_error);
}
