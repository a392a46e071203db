/* The winner.
 *
 * The best mean wins; what is said of it depends on paired differences, because all points met the
 * same customers and the differences are far less noisy than the means. The difference that is
 * shown is the one to the runner-up, but the winner counts as established only when its 95 %
 * interval against every other point excludes 0: the point second by mean need not be the one that
 * is hardest to tell apart. Each interval stands alone; with many points a stricter procedure
 * (ranking and selection) is the right tool.
 */
#include "cli/winner.h"
#include "cli/estimate.h"
#include "shell/diagnostic.h"
#include "shell/json.h"

#include <math.h>
#include <omosim/registry.h>
#include <string.h>

static uint32_t kpi_of(const Study *study, uint32_t column)
{
    uint32_t kpi;

    omo_model_kpi_name(omo_experiment_point_model(study_experiment(study), 0), column, &kpi, NULL);
    return kpi;
}

static const char *objective_name(const Study *study, uint32_t column)
{
    return omo_model_kpi_name(omo_experiment_point_model(study_experiment(study), 0), column, NULL,
                              NULL);
}

gboolean winner_find_objective(const Study *study, uint32_t *ret_column, GError **ret_error)
{
    const char *name = study_objective(study);
    uint32_t column;

    if (!study_find_column(study, name, &column, ret_error)) {
        g_prefix_error(ret_error, "--objective: ");
        return FALSE;
    }
    if (omo_kpi_direction(kpi_of(study, column)) == 0) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--objective: neither more nor less of '%s' is better; choose one such as "
                    "profit, fill_rate or lost_sales",
                    name);
        return FALSE;
    }
    *ret_column = column;
    return TRUE;
}

struct winner winner_find(const Study *study, uint32_t column)
{
    const omo_experiment *experiment = study_experiment(study);
    const int direction = omo_kpi_direction(kpi_of(study, column));
    struct winner winner = {.column = column};
    double best = -INFINITY;
    double second = -INFINITY;

    for (uint32_t i = 0; i < study_done_count(study); i++) {
        const double mean = direction * omo_experiment_summary(experiment, i, column).mean;
        if (isnan(mean))
            continue;
        if (!winner.is_known || mean > best) {
            winner.has_runner_up = winner.is_known;
            winner.runner_up = winner.point;
            second = best;
            winner.point = i;
            best = mean;
            winner.is_known = true;
        } else if (!winner.has_runner_up || mean > second) {
            winner.has_runner_up = true;
            winner.runner_up = i;
            second = mean;
        }
    }
    if (!winner.is_known)
        return winner;
    winner.value = omo_experiment_summary(experiment, winner.point, column);
    if (!winner.has_runner_up)
        return winner;
    winner.difference = omo_experiment_paired(experiment, winner.point, winner.runner_up, column);
    winner.is_significant = true;
    for (uint32_t i = 0; i < study_done_count(study); i++)
        if (i != winner.point && !isnan(omo_experiment_summary(experiment, i, column).mean) &&
            !estimate_excludes_zero(omo_experiment_paired(experiment, winner.point, i, column)))
            winner.is_significant = false;
    return winner;
}

void winner_print(const struct winner *winner, const Study *study, FILE *stream)
{
    const char *objective = objective_name(study, winner->column);
    const char *unit =
        estimate_unit(kpi_of(study, winner->column), scenario_currency(study_scenario(study)));
    const char *blank = strcmp(unit, "1") == 0 ? "" : " ";

    if (strcmp(unit, "1") == 0)
        unit = "";
    if (!winner->is_known) {
        fprintf(stream, "no winner: %s has no value at any point\n", objective);
        return;
    }
    const char *name = study_point(study, winner->point)->name;
    g_autofree char *value = estimate_format(winner->value, false);
    if (!winner->has_runner_up) {
        fprintf(stream, "%s: %s %s%s%s; no other point to compare with\n", name, objective, value,
                blank, unit);
        return;
    }
    const char *other = study_point(study, winner->runner_up)->name;
    g_autofree char *difference = estimate_format(winner->difference, true);
    if (winner->difference.mean == 0 && winner->difference.half_width == 0)
        fprintf(stream, "tied on %s: %s and %s are the same in every replication\n", objective,
                name, other);
    else if (winner->is_significant)
        fprintf(stream, "winner on %s: %s, %s%s%s against %s on the same customers\n", objective,
                name, difference, blank, unit, other);
    else if (isnan(winner->difference.half_width))
        fprintf(stream,
                "best on %s: %s, %s%s%s against %s; one replication gives no interval, so this is "
                "not significant\n",
                objective, name, difference, blank, unit, other);
    else
        fprintf(stream,
                "best on %s: %s, %s%s%s against %s; the 95 %% intervals against the others do not "
                "all exclude 0, so this is not significant\n",
                objective, name, difference, blank, unit, other);
}

json_t *winner_json(const struct winner *winner, const Study *study)
{
    if (!winner->is_known)
        return json_null();

    json_t *root = json_object();
    const omo_summary none = {.mean = NAN, .half_width = NAN};
    const omo_summary difference = winner->has_runner_up ? winner->difference : none;

    json_object_set_new(root, "point", json_make_text(study_point(study, winner->point)->name));
    json_object_set_new(root, "objective", json_make_text(objective_name(study, winner->column)));
    json_object_set_new(root, "mean", json_make_number(winner->value.mean));
    json_object_set_new(root, "difference", json_make_number(difference.mean));
    json_object_set_new(root, "half_width", json_make_number(difference.half_width));
    json_object_set_new(root, "significant", json_boolean(winner->is_significant));
    json_object_set_new(root, "against",
                        winner->has_runner_up
                            ? json_make_text(study_point(study, winner->runner_up)->name)
                            : json_null());
    return root;
}
