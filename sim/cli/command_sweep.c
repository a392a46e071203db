/* omosim sweep: KPIs along one setting or several.
 *
 * The points are made of the arguments, not of the scenario: the grid of all values, or a Latin
 * hypercube of it. As in a comparison all of them meet the same customers, so the curve of a KPI
 * along a setting is smoother than its intervals say. The result database keeps the axes, and the
 * report draws curves over them.
 *
 * A factorial design is the sweep over the scenario's own factors, each off and on. Its effects are
 * worked out once, here, and kept in the database for the report.
 */
#include "cli/factorial.h"
#include "cli/headlines.h"
#include "cli/sweep_table.h"

#include <string.h>

#define COLUMNS_MAX 6 /* KPIs beside the axes that fit a screen */

static const struct options_page page = {
    .usage = "sweep [OPTION...] SCENARIO",
    .summary =
        "Runs a scenario along one setting or several, all points on the same customers, and "
        "shows\n"
        "a row for each point: KPIs with 95 % half-widths and paired differences to the first. "
        "The\n"
        "report draws a curve of each KPI over the setting.\n"
        "\n"
        "--vary PATH=V1,V2,... lists values, PATH=LO:HI:STEP counts them; several make a grid.\n"
        "With --sample N the points are a Latin hypercube of N points instead, and PATH=LO:HI is\n"
        "any value between, with as many decimals as LO and HI.\n"
        "\n"
        "--factorial switches the levers of the scenario's block `factors`, all of them or those\n"
        "named, in all 2^k combinations, and shows each alone, all together, main effects and\n"
        "interactions.\n",
    .examples =
        "  omosim sweep scenarios/o2o_vs_omo.yaml --vary "
        "integration.sync_lag=0,1min,15min,1h,4h,1d "
        "\\\n      --report lag.html\n"
        "  omosim sweep scenarios/two_stores.yaml --vary stocking.safety_factor=0:3:0.5 "
        "--vary routing=nearest,cheapest\n"
        "  omosim sweep scenarios/two_stores.yaml --sample 20 --vary "
        "stocking.safety_factor=0.0:3.0 \\\n      --vary integration.sync_lag=0min:240min "
        "--out sample.db --json\n"
        "  omosim sweep chain.yaml --factorial=members,inventory --objective profit --report "
        "levers.html\n",
    .positional_min = 1,
    .positional_max = 1,
};

static const char *const headlines[] = {"profit",     "oversold_units", "cancelled_units",
                                        "lost_sales", "fill_rate",      NULL};

/* The objective, then what --kpis or the scenario selects. Caller frees. */
static GArray *choose_columns(const Study *study, const KpiFilter *filter, uint32_t objective)
{
    g_autoptr(GArray) chosen = headlines_choose(study, filter, headlines);
    GArray *columns = g_array_new(FALSE, FALSE, sizeof(uint32_t));

    g_array_append_val(columns, objective);
    for (guint i = 0; i < chosen->len; i++) {
        const uint32_t column = g_array_index(chosen, uint32_t, i);
        if (column != objective && (kpi_filter_is_explicit(filter) || columns->len < COLUMNS_MAX))
            g_array_append_val(columns, column);
    }
    return columns;
}

static GPtrArray *column_names(const Study *study, const GArray *columns)
{
    const omo_model *model = omo_experiment_point_model(study_experiment(study), 0);
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; i < columns->len; i++)
        g_ptr_array_add(names,
                        (gpointer)omo_model_kpi_name(model, g_array_index(columns, uint32_t, i),
                                                     NULL, NULL));
    return names;
}

static enum command_status sweep_study(const char *path, struct options_study *options,
                                       GError **ret_error)
{
    g_autoptr(Study) study = NULL;
    g_autoptr(KpiFilter) filter = NULL;
    uint32_t objective;

    if (!options_study_check(options, ret_error))
        return COMMAND_ERROR;
    study = study_new(path, options, STUDY_SWEEP, ret_error);
    if (study == NULL || !winner_find_objective(study, &objective, ret_error))
        return COMMAND_ERROR;
    filter = kpi_filter_new(options->kpis, study_scenario(study),
                            omo_experiment_point_model(study_experiment(study), 0), ret_error);
    if (filter == NULL)
        return COMMAND_ERROR;

    g_autoptr(GArray) columns = choose_columns(study, filter, objective);
    g_autoptr(GPtrArray) shown = column_names(study, columns);
    study_show(study, shown);
    const enum command_status status = study_run(study, ret_error);
    if (status == COMMAND_ERROR)
        return status;
    if (study_done_count(study) > 0 && status != COMMAND_FAILED) {
        const struct winner winner = winner_find(study, objective);
        g_autoptr(GPtrArray) effects = options->factorial != NULL && status == COMMAND_DONE
                                           ? factorial_rows(study, columns)
                                           : NULL;
        if (effects != NULL && !factorial_save(study, columns, effects, ret_error))
            return COMMAND_ERROR;
        if (options->json)
            sweep_table_print_json(study, columns, effects, &winner);
        else
            sweep_table_print(study, columns, effects, &winner);
    }
    return study_finish(study, ret_error) ? status : COMMAND_ERROR;
}

/* GOption knows no option whose value may be left out: a lone --factorial becomes --factorial=, all
 * of the factors. */
static void complete_factorial(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--factorial") == 0 && (i + 1 == argc || argv[i + 1][0] == '-'))
            argv[i] = (char *)"--factorial=";
}

enum command_status command_sweep(int argc, char **argv, GError **ret_error)
{
    struct options_study options = {.json = FALSE};
    const GOptionEntry entries[] = {
        {"vary", 'v', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.varies,
         "An axis: values of a setting; may be repeated for a grid", "PATH=V1,V2,..."},
        {"sample", 0, 0, G_OPTION_ARG_FILENAME, &options.sample_text,
         "A Latin hypercube of N points of the axes instead of the grid", "N"},
        {"factorial", 0, 0, G_OPTION_ARG_FILENAME, &options.factorial,
         "All combinations of the scenario's factors, or of those named", "[A,B,...]"},
        {"objective", 0, 0, G_OPTION_ARG_FILENAME, &options.objective,
         "KPI that decides the winner (default: profit; of queueing the first source's W)", "KPI"},
        OPTIONS_STUDY(options),
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    enum command_status status = COMMAND_ERROR;

    complete_factorial(argc, argv);
    switch (options_parse(&page, entries, &argc, &argv, ret_error)) {
    case OPTIONS_GO:
        status = sweep_study(argv[1], &options, ret_error);
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
