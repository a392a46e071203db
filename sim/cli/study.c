/* One study.
 *
 * The order matters: everything that can be wrong with the input is found before the first file is
 * opened, the database is opened before the first event is simulated (a full or forbidden disk is
 * known at once), and each point is on disk before the next one ends. A database that cannot be
 * written stops the experiment through the same door as Ctrl-C: on_progress says no.
 *
 * A report is made of a database alone. Asked for without --out, the database lives in a temporary
 * directory and is removed with it.
 */
#include "cli/study.h"
#include "cli/interrupt.h"
#include "cli/study_results.h"
#include "report/report.h"
#include "shell/diagnostic.h"
#include "shell/progress.h"
#include "shell/spelling.h"
#include "shell/units.h"

#include <glib/gstdio.h>
#include <math.h>
#include <omosim/registry.h>
#include <stdio.h>
#include <string.h>

struct study {
    const struct options_study *options;
    Scenario *scenario;
    uint32_t *points; /* the scenario's numbers */
    uint32_t point_count;
    GPtrArray *models;
    omo_experiment *experiment;
    Checkpoint *checkpoint;
    Progress *progress;
    Results *results;
    GError *save_error;
    char *temporary; /* directory of a database that nobody asked for */
    char *database;
    char *command_line;
    char *objective;
    const GPtrArray *shown;
    omo_oversell_units *expected_oversold; /* [point] of a sweep, else NULL */
    int64_t started_us, simulated_us;
    uint64_t event_count; /* simulated here: not before a checkpoint */
};

void study_set_library_error(GError **ret_error, const omo_error *error)
{
    g_set_error_literal(ret_error, OMO_SHELL_ERROR,
                        error->status == OMO_EINVAL ? OMO_SHELL_ERROR_BAD_INPUT
                                                    : OMO_SHELL_ERROR_CANNOT_RUN,
                        error->text);
}

/* ---- points ---------------------------------------------------------------------------------- */

static gboolean choose_named(Study *study, char **names, GError **ret_error)
{
    study->point_count = 0;
    for (char **name = names; *name != NULL; name++) {
        uint32_t point;
        if (!scenario_find_point(study->scenario, *name, &point, ret_error))
            return FALSE;
        for (uint32_t i = 0; i < study->point_count; i++)
            if (study->points[i] == point) {
                g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                            "--points names '%s' twice", *name);
                return FALSE;
            }
        study->points[study->point_count++] = point;
    }
    return TRUE;
}

/* Points of --vary, all or a sample. */
static gboolean choose_varied(Study *study, GError **ret_error)
{
    const struct options_study *options = study->options;
    const char *const *varies = (const char *const *)options->varies;

    if (options->sample > 0)
        return scenario_sample(study->scenario, options->point, varies, options->sample, ret_error);
    return scenario_vary(study->scenario, options->point, varies, ret_error);
}

/* What only a sweep does: factors, and something to sweep at all. */
static gboolean choose_sweep(Study *study, GError **ret_error)
{
    const struct options_study *options = study->options;
    g_auto(GStrv) names = options_split(options->factorial);

    if (options->factorial != NULL && (options->varies != NULL || options->sample > 0))
        return options_bad_usage(ret_error, "--factorial excludes --vary and --sample");
    if (options->factorial != NULL)
        return scenario_factorial(study->scenario, options->point, (const char *const *)names,
                                  ret_error);
    if (options->varies == NULL)
        return options_bad_usage(ret_error,
                                 "nothing to sweep: --vary PATH=V1,V2,... says what and over which "
                                 "values, --factorial switches the scenario's factors");
    return TRUE;
}

static gboolean choose_points(Study *study, enum study_points which, GError **ret_error)
{
    const struct options_study *options = study->options;
    g_auto(GStrv) names = options_split(options->points);

    if (options->varies != NULL && options->points != NULL) {
        g_set_error_literal(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                            "--vary and --points exclude each other; --point says what to vary");
        return FALSE;
    }
    if (options->varies != NULL && !choose_varied(study, ret_error))
        return FALSE;
    if (which == STUDY_SWEEP && !choose_sweep(study, ret_error))
        return FALSE;

    const uint32_t count = scenario_point_count(study->scenario);
    study->points = g_new(uint32_t, MAX(count, g_strv_length(names) + 1));
    if (options->points != NULL && names[0] != NULL)
        return choose_named(study, names, ret_error);
    if (which == STUDY_SWEEP ||
        (which == STUDY_ALL_POINTS && (options->varies != NULL || options->point == NULL))) {
        for (uint32_t i = 0; i < count; i++)
            study->points[i] = i;
        study->point_count = count;
        return TRUE;
    }
    study->point_count = 1;
    study->points[0] = scenario_default_point(study->scenario);
    return options->point == NULL ||
           scenario_find_point(study->scenario, options->point, &study->points[0], ret_error);
}

/* ---- the experiment -------------------------------------------------------------------------- */

static bool on_progress(void *user, const omo_progress *progress)
{
    Study *study = user;

    study->event_count = progress->event_count;
    if (study->progress != NULL)
        progress_update(study->progress, progress->share, progress->now_us, progress->event_count);
    return !interrupt_requested() && study->save_error == NULL;
}

/* Mean of a KPI at a point; NaN when the model has none of that name. */
static double point_mean(const Study *study, uint32_t point, const char *kpi)
{
    uint32_t column;

    return study_find_column(study, kpi, &column, NULL)
               ? omo_experiment_summary(study->experiment, point, column).mean
               : (double)NAN;
}

/* Cheap beside the simulation, but not cheap enough to do twice. */
static void expect_oversold(Study *study, uint32_t point)
{
    const omo_model *model = omo_experiment_point_model(study->experiment, point);
    const double stockouts = point_mean(study, point, "stockouts");

    if (study->expected_oversold != NULL && isfinite(stockouts))
        omo_model_oversell(model, stockouts, &study->expected_oversold[point], NULL);
}

static void on_point(void *user, const omo_experiment *experiment, uint32_t point)
{
    Study *study = user;

    (void)experiment; /* the study's */
    expect_oversold(study, point);
    if (study->results != NULL && study->save_error == NULL)
        study_results_add(study->results, study, point, &study->save_error);
}

static bool on_checkpoint(void *user, uint32_t point, uint32_t replication, const omo_world *world)
{
    Study *study = user;

    (void)point; /* checkpoints are for one point */
    return checkpoint_take(study->checkpoint, replication,
                           omo_experiment_replications(study->experiment), world);
}

static omo_world *on_start(void *user, uint32_t point, uint32_t replication, omo_error *ret_error)
{
    Study *study = user;

    return checkpoint_start(study->checkpoint, omo_experiment_point_model(study->experiment, point),
                            replication, ret_error);
}

static gboolean make_experiment(Study *study, GError **ret_error)
{
    const struct options_study *options = study->options;
    omo_experiment_options settings = omo_experiment_defaults();
    omo_error error;

    settings.seed = options->has_seed ? options->seed : scenario_seed(study->scenario);
    settings.replications =
        options->replications != 0 ? options->replications : scenario_replications(study->scenario);
    settings.threads = options->threads;
    settings.keep_detail = options->out != NULL || options->report != NULL;
    settings.on_progress = on_progress;
    settings.on_point = on_point;
    settings.user = study;
    study->checkpoint = checkpoint_new(options, scenario_name(study->scenario), ret_error);
    if (study->checkpoint == NULL || !checkpoint_settle(study->checkpoint, &settings, ret_error))
        return FALSE;
    settings.on_checkpoint = options->checkpoint_at != NULL ? on_checkpoint : NULL;
    settings.on_start = options->from != NULL ? on_start : NULL;
    study->experiment = omo_experiment_new(&settings, &error);
    if (study->experiment == NULL) {
        study_set_library_error(ret_error, &error);
        return FALSE;
    }
    for (uint32_t i = 0; i < study->point_count; i++) {
        omo_model *model = scenario_build(study->scenario, study->points[i], ret_error);
        if (model == NULL)
            return FALSE;
        g_ptr_array_add(study->models, model);
        if (!checkpoint_check(study->checkpoint, model, ret_error))
            return FALSE;
        if (omo_experiment_add_point(study->experiment, study_point(study, i)->name, model,
                                     &error) != OMO_OK) {
            study_set_library_error(ret_error, &error);
            return FALSE;
        }
    }
    return TRUE;
}

static void free_model(void *model) { omo_model_free(model); }

Study *study_new(const char *path, const struct options_study *options, enum study_points points,
                 GError **ret_error)
{
    static const char *const commands[] = {"run", "compare", "sweep"};
    g_autoptr(Study) study = g_new0(Study, 1);

    study->started_us = g_get_monotonic_time();
    study->options = options;
    study->models = g_ptr_array_new_with_free_func(free_model);
    study->scenario = scenario_read(path, (const char *const *)options->sets, ret_error);
    if (study->scenario == NULL || !choose_points(study, points, ret_error) ||
        !make_experiment(study, ret_error))
        return NULL;
    const omo_model *model = g_ptr_array_index(study->models, 0);
    if (options->objective != NULL)
        study->objective = g_strdup(options->objective);
    else if (omo_model_source_count(model) > 0)
        study->objective = g_strconcat("W.", omo_model_source_name(model, 0), NULL);
    else
        study->objective = g_strdup("profit");
    if (points == STUDY_SWEEP)
        study->expected_oversold = g_new(omo_oversell_units, study->point_count);
    for (uint32_t i = 0; points == STUDY_SWEEP && i < study->point_count; i++)
        study->expected_oversold[i] = (omo_oversell_units){(double)NAN, (double)NAN};
    study->command_line = study_results_command_line(commands[points], path, options);
    return g_steal_pointer(&study);
}

void study_free(Study *study)
{
    if (study == NULL)
        return;
    progress_free(study->progress);
    results_free(study->results);
    omo_experiment_free(study->experiment);
    checkpoint_free(study->checkpoint);
    g_clear_pointer(&study->models, g_ptr_array_unref);
    scenario_free(study->scenario);
    g_clear_error(&study->save_error);
    if (study->temporary != NULL) {
        static const char *const suffixes[] = {"", "-wal", "-shm"};
        for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
            g_autofree char *file = g_strconcat(study->database, suffixes[i], NULL);
            g_unlink(file);
        }
        g_rmdir(study->temporary);
    }
    g_free(study->temporary);
    g_free(study->database);
    g_free(study->command_line);
    g_free(study->objective);
    g_free(study->points);
    g_free(study->expected_oversold);
    g_free(study);
}

/* ---- running --------------------------------------------------------------------------------- */

static gboolean open_database(Study *study, GError **ret_error)
{
    const struct options_study *options = study->options;

    if (options->report != NULL && !report_ready(ret_error))
        return FALSE;
    if (options->out != NULL) {
        study->database = g_strdup(options->out);
    } else if (options->report != NULL) {
        g_autoptr(GError) reason = NULL;
        study->temporary = g_dir_make_tmp("omosim-XXXXXX", &reason);
        if (study->temporary == NULL) {
            g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                        "temporary directory: %s", reason->message);
            return FALSE;
        }
        study->database = g_build_filename(study->temporary, "result.db", NULL);
    } else {
        return TRUE;
    }
    study->results = study_results_create(study, study->database, study->command_line,
                                          study->objective, ret_error);
    return study->results != NULL;
}

static enum command_status explain_stop(Study *study, const omo_error *error, GError **ret_error)
{
    if (study->save_error != NULL) {
        g_propagate_error(ret_error, g_steal_pointer(&study->save_error));
        return COMMAND_ERROR;
    }
    if (!checkpoint_written(study->checkpoint, ret_error))
        return COMMAND_ERROR;
    if (error->status == OMO_EAUDIT) {
        fprintf(stderr, "error: audit: %s\n", error->text);
        return COMMAND_FAILED;
    }
    if (error->status != OMO_ECANCELLED) {
        study_set_library_error(ret_error, error);
        return COMMAND_ERROR;
    }
    fprintf(stderr, "interrupted: %u of %u points finished%s%s\n", study_done_count(study),
            study->point_count, study->options->out != NULL ? ", kept in " : "",
            study->options->out != NULL ? study->options->out : "");
    return COMMAND_INTERRUPTED;
}

enum command_status study_run(Study *study, GError **ret_error)
{
    omo_error error = {OMO_OK, ""};

    if (!open_database(study, ret_error) || !checkpoint_open(study->checkpoint, ret_error))
        return COMMAND_ERROR;
    study->progress = progress_new(scenario_name(study->scenario), PROGRESS_NO_DATE);

    const int64_t started_us = g_get_monotonic_time();
    const omo_status status = omo_experiment_run(study->experiment, &error);
    study->simulated_us = g_get_monotonic_time() - started_us;
    g_clear_pointer(&study->progress, progress_free);

    if (status != OMO_OK || study->save_error != NULL) {
        error.status = status;
        return explain_stop(study, &error, ret_error);
    }
    return COMMAND_DONE;
}

static void say_time(const Study *study)
{
    const double simulated_s = (double)study->simulated_us / 1e6;
    const double all_s = (double)(g_get_monotonic_time() - study->started_us) / 1e6;
    const uint64_t events = study->event_count;
    g_autofree char *count = units_format_count((int64_t)events);
    g_autofree char *rate =
        units_format_count(simulated_s > 0 ? (int64_t)((double)events / simulated_s) : 0);
    fprintf(stderr, "%s events in %.2f s (%s a second); %.2f s in all\n", count, simulated_s, rate,
            all_s);
}

gboolean study_save_effects(Study *study, const struct results_effect *effects, uint32_t count,
                            GError **ret_error)
{
    return study->results == NULL || results_add_effects(study->results, effects, count, ret_error);
}

gboolean study_finish(Study *study, GError **ret_error)
{
    const struct options_study *options = study->options;

    if (study->results != NULL && !results_close(g_steal_pointer(&study->results), ret_error))
        return FALSE;
    const bool whole = study_done_count(study) == study->point_count;
    fflush(stdout); /* the tables before the messages, on a terminal */
    if (options->report != NULL && whole &&
        !report_write(study->database, options->report, NULL, ret_error))
        return FALSE;
    if (whole)
        say_time(study);
    if (options->out != NULL)
        fprintf(stderr, "result: %s\n", options->out);
    if (options->report != NULL && whole)
        fprintf(stderr, "report: %s\n", options->report);
    return TRUE;
}

/* ---- looking --------------------------------------------------------------------------------- */

const Scenario *study_scenario(const Study *study) { return study->scenario; }
const omo_experiment *study_experiment(const Study *study) { return study->experiment; }
const Checkpoint *study_checkpoint(const Study *study) { return study->checkpoint; }
uint32_t study_point_count(const Study *study) { return study->point_count; }

uint32_t study_done_count(const Study *study)
{
    uint32_t count = 0;

    while (count < study->point_count && omo_experiment_point_done(study->experiment, count))
        count++;
    return count;
}

const struct scenario_point *study_point(const Study *study, uint32_t point)
{
    return scenario_point(study->scenario, study->points[point]);
}

uint32_t study_scenario_point(const Study *study, uint32_t point) { return study->points[point]; }

gboolean study_calibrated_point(const Study *study, uint32_t *ret_point)
{
    for (uint32_t i = 0; i < study->point_count; i++)
        if (study_point(study, i)->role == SCENARIO_ROLE_CALIBRATED) {
            *ret_point = i;
            return TRUE;
        }
    return FALSE;
}

const char *study_objective(const Study *study) { return study->objective; }

omo_oversell_units study_expected_oversold(const Study *study, uint32_t point)
{
    const omo_oversell_units unknown = {(double)NAN, (double)NAN};

    return study->expected_oversold != NULL ? study->expected_oversold[point] : unknown;
}

void study_show(Study *study, const GPtrArray *kpis) { study->shown = kpis; }

const GPtrArray *study_shown(const Study *study) { return study->shown; }

gboolean study_find_column(const Study *study, const char *name, uint32_t *ret_column,
                           GError **ret_error)
{
    const omo_model *model = omo_experiment_point_model(study->experiment, 0);
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (uint32_t i = 0; i < omo_model_kpi_count(model); i++) {
        const char *column = omo_model_kpi_name(model, i, NULL, NULL);
        if (strcmp(column, name) == 0) {
            *ret_column = i;
            return TRUE;
        }
        g_ptr_array_add(names, (void *)column);
    }
    g_ptr_array_add(names, NULL);
    const char *nearest = spelling_nearest(name, (const char *const *)names->pdata);
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                "unknown KPI '%s'%s%s%s (see omosim list kpis)", name,
                nearest != NULL ? ", did you mean '" : "", nearest != NULL ? nearest : "",
                nearest != NULL ? "'?" : "");
    return FALSE;
}
