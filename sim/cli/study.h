/* A simulation as the command line asks for it: scenario, design points, models, experiment, result
 * database and report, in one object. `run` and `compare` differ only in which points they take and
 * in what they print.
 *
 *     g_autoptr(Study) study = study_new(path, &options, STUDY_ALL_POINTS, &error);
 *     status = study_run(study, &error);
 *     ... print study_experiment(study) ...
 *     study_finish(study, &error);
 */
#ifndef CLI_STUDY_H
#define CLI_STUDY_H

#include "cli/checkpoint.h"
#include "cli/command.h"
#include "cli/options.h"
#include "results/results.h"
#include "scenario/scenario.h"

#include <omosim/experiment.h>
#include <omosim/oversell.h>

typedef struct study Study;

enum study_points {
    STUDY_ONE_POINT,  /* --point, else the scenario's default */
    STUDY_ALL_POINTS, /* --vary, else --points, else all of the scenario's */
    STUDY_SWEEP       /* --vary or --factorial, over --point */
};

/* Reads, checks, builds and seals everything; no file is touched yet. Borrows `options`, which must
 * outlive the study. Caller frees. */
Study *study_new(const char *path, const struct options_study *options, enum study_points points,
                 GError **ret_error);
/* Frees the models, the experiment and the database; what was saved stays. */
void study_free(Study *study);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Study, study_free)

/* KPIs that a sweep's report shows (GPtrArray of borrowed names), before study_run(). Borrows. */
void study_show(Study *study, const GPtrArray *kpis);
/* They; NULL when nobody said. */
const GPtrArray *study_shown(const Study *study);

/* Units that a closed form says are oversold at a finished point of a sweep (omo_model_oversell()
 * with the point's own mean stock-outs); NaN where nothing is known. */
omo_oversell_units study_expected_oversold(const Study *study, uint32_t point);

/* Simulates, with progress on standard error, saving each point as it is finished. COMMAND_DONE;
 * COMMAND_INTERRUPTED: the points that were finished stay readable and saved; COMMAND_ERROR. A
 * conservation law that does not hold is COMMAND_FAILED with its text on standard error. */
enum command_status study_run(Study *study, GError **ret_error);
/* Saves the effects of a factorial design in the database, when there is one; after study_run(). */
gboolean study_save_effects(Study *study, const struct results_effect *effects, uint32_t count,
                            GError **ret_error);
/* Closes the database and writes the report when it was asked for; says on standard error how long
 * it all took and where the files are. */
gboolean study_finish(Study *study, GError **ret_error);

const Scenario *study_scenario(const Study *study);
const omo_experiment *study_experiment(const Study *study);
/* What was saved and gone on from; never NULL. */
const Checkpoint *study_checkpoint(const Study *study);
uint32_t study_point_count(const Study *study);
/* How many points, from the first, are finished. */
uint32_t study_done_count(const Study *study);
const struct scenario_point *study_point(const Study *study, uint32_t point);
/* The scenario's own number of point `point` of the study. */
uint32_t study_scenario_point(const Study *study, uint32_t point);
/* The calibrated point that calibration rows stand for; FALSE when the study has none. */
gboolean study_calibrated_point(const Study *study, uint32_t *ret_point);
/* KPI that decides the winner: --objective, else profit; of a queueing network the time in the
 * system of its first source. Borrowed. */
const char *study_objective(const Study *study);
/* Column of that name in every model of the study; a missing one is BAD_USAGE. */
gboolean study_find_column(const Study *study, const char *name, uint32_t *ret_column,
                           GError **ret_error);

/* An error of the library as one of the shell's: bad input, or the machine's refusal. */
void study_set_library_error(GError **ret_error, const omo_error *error);

#endif
