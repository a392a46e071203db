/* omosim compare: design points on the same customers.
 *
 * Every point gets the same seed, and the draws are keyed by what they are for, so that two
 * policies meet the same visits, baskets and patience; differences are paired replication by
 * replication. Stopped half-way, the points that were finished are shown and kept, and the status
 * is 130.
 */
#include "cli/comparison.h"
#include "cli/kpi_filter.h"
#include "cli/study.h"
#include "cli/winner.h"

static const struct options_page page = {
    .usage = "compare [OPTION...] SCENARIO",
    .summary = "Runs design points on the same customers and shows them side by side, with paired\n"
               "differences to the first and the winner on the objective. The points are those of\n"
               "the scenario, or the product of the --vary options.\n",
    .examples = "  omosim compare scenarios/o2o_vs_omo.yaml --out o2o.db --report o2o.html\n"
                "  omosim compare scenarios/two_stores.yaml --vary routing=nearest,cheapest\n"
                "  omosim compare scenarios/two_stores.yaml --vary integration.sync_lag=0,1h,1d "
                "--objective oversold_units\n"
                "  omosim compare scenarios/o2o_vs_omo.yaml --points o2o,omo_real_time --json\n",
    .positional_min = 1,
    .positional_max = 1,
};

static void print_result(const Study *study, const KpiFilter *filter, uint32_t objective,
                         gboolean json)
{
    const struct winner winner = winner_find(study, objective);

    if (json)
        comparison_print_json(study, filter, &winner);
    else
        comparison_print(study, filter, &winner);
}

static enum command_status compare_study(const char *path, struct options_study *options,
                                         GError **ret_error)
{
    g_autoptr(Study) study = NULL;
    g_autoptr(KpiFilter) filter = NULL;
    uint32_t objective;

    if (!options_study_check(options, ret_error))
        return COMMAND_ERROR;
    study = study_new(path, options, STUDY_ALL_POINTS, ret_error);
    if (study == NULL || !winner_find_objective(study, &objective, ret_error))
        return COMMAND_ERROR;
    const omo_model *model = omo_experiment_point_model(study_experiment(study), 0);
    filter = kpi_filter_new(options->kpis, study_scenario(study), model, ret_error);
    if (filter == NULL)
        return COMMAND_ERROR;

    const enum command_status status = study_run(study, ret_error);
    if (status == COMMAND_ERROR)
        return status;
    if (study_done_count(study) > 0 && status != COMMAND_FAILED)
        print_result(study, filter, objective, options->json);
    return study_finish(study, ret_error) ? status : COMMAND_ERROR;
}

enum command_status command_compare(int argc, char **argv, GError **ret_error)
{
    struct options_study options = {.json = FALSE};
    const GOptionEntry entries[] = {
        {"vary", 'v', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.varies,
         "Points of these values; may be repeated for a product", "PATH=V1,V2,..."},
        {"points", 0, 0, G_OPTION_ARG_FILENAME, &options.points,
         "Only these points of the scenario; the first is the base", "A,B,..."},
        {"objective", 0, 0, G_OPTION_ARG_FILENAME, &options.objective,
         "KPI that decides the winner (default: profit; of queueing the first source's W)", "KPI"},
        OPTIONS_STUDY(options),
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    enum command_status status = COMMAND_ERROR;

    switch (options_parse(&page, entries, &argc, &argv, ret_error)) {
    case OPTIONS_GO:
        status = compare_study(argv[1], &options, ret_error);
        break;
    case OPTIONS_SHOWN:
        status = COMMAND_DONE;
        break;
    case OPTIONS_ERROR:
        break;
    }
    options_study_clear(&options);
    return status;
}
