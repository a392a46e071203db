/* omosim validate: the simulator against results that are known.
 *
 * Closed forms (Erlang, Pollaczek and Khinchine, Palm), textbook examples and published figures
 * stand in one table (oracle.h says how it is read); a row fails the command, whichever it is. Rows
 * that ask different measures of the same simulation share it.
 */
#include "cli/emit.h"
#include "cli/interrupt.h"
#include "cli/oracle.h"
#include "cli/study.h"
#include "shell/json.h"
#include "shell/paths.h"
#include "shell/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct options_page page = {
    .usage = "validate [OPTION...] [NAME|GROUP...]",
    .summary =
        "Runs the simulator against closed-form and published results, one row each, all of\n"
        "them or those named. A row passes when the estimate lies within four standard errors\n"
        "and the standard error is small against the tolerance. Status 1 when any row fails.\n",
    .examples = "  omosim validate\n"
                "  omosim validate queue basestock_poisson_backorder\n"
                "  omosim validate spatial --json\n"
                "  omosim validate mm1_rho0.8 --seed 7 --replications 20\n",
    .positional_min = 0,
    .positional_max = 1000,
};

static bool is_simulated(const struct oracle_row *row)
{
    return row->kind == ORACLE_SIMULATED || row->kind == ORACLE_FITTED;
}

static bool same_run(const struct oracle_row *a, const struct oracle_row *b)
{
    return b->selected && b->kind == a->kind && strcmp(a->scenario, b->scenario) == 0 &&
           strcmp(a->overrides, b->overrides) == 0;
}

/* Simulates the scenario at `path`, that of rows[first], and judges every row that shares it. */
static enum command_status simulate(GPtrArray *rows, guint first, const char *path,
                                    const struct options_study *options, GError **ret_error)
{
    const struct oracle_row *row = g_ptr_array_index(rows, first);
    g_auto(GStrv) words = g_strsplit_set(row->overrides, " ;", -1);
    g_autoptr(GStrvBuilder) sets = g_strv_builder_new();
    struct options_study own = *options;

    for (char **word = words; *word != NULL; word++)
        if (**word != '\0')
            g_strv_builder_add(sets, *word);
    g_auto(GStrv) set_texts = g_strv_builder_end(sets);
    own.sets = set_texts;
    g_autoptr(Study) study = study_new(path, &own, STUDY_ONE_POINT, ret_error);
    if (study == NULL)
        return COMMAND_ERROR;
    const enum command_status status = study_run(study, ret_error);
    for (guint i = first; i < rows->len && status == COMMAND_DONE; i++) {
        struct oracle_row *other = g_ptr_array_index(rows, i);
        uint32_t column;
        if (!same_run(row, other))
            continue;
        if (!study_find_column(study, other->measure, &column, ret_error)) {
            g_prefix_error(ret_error, "%s:%u: ", other->at.file, other->at.line);
            return COMMAND_ERROR;
        }
        const omo_summary summary = omo_experiment_summary(study_experiment(study), 0, column);
        oracle_judge(other, summary.mean, summary.standard_error);
    }
    return status;
}

/* The same of a scenario that is made of real data first; without them its rows are skipped. */
static enum command_status simulate_fitted(GPtrArray *rows, guint first, const char *folder,
                                           const struct options_study *options, GError **ret_error)
{
    const struct oracle_row *row = g_ptr_array_index(rows, first);
    g_autoptr(GError) error = NULL;
    char *path = oracle_fit_scenario(row, folder, &error);
    enum command_status status = COMMAND_DONE;

    if (error != NULL) {
        g_propagate_error(ret_error, g_steal_pointer(&error));
        return COMMAND_ERROR;
    }
    if (path != NULL)
        status = simulate(rows, first, path, options, ret_error);
    for (guint i = first; path == NULL && i < rows->len; i++) {
        struct oracle_row *other = g_ptr_array_index(rows, i);
        if (same_run(row, other))
            oracle_skip(other);
    }
    oracle_remove_scenario(path);
    return status;
}

/* One simulation that cannot run fails its rows and leaves the others their turn. */
static void mark_failed(GPtrArray *rows, guint first, const GError *error)
{
    const struct oracle_row *row = g_ptr_array_index(rows, first);

    if (error != NULL)
        fprintf(stderr, "error: %s (%s %s): %s\n", row->oracle, row->scenario, row->overrides,
                error->message);
    for (guint i = first; i < rows->len; i++) {
        struct oracle_row *other = g_ptr_array_index(rows, i);
        if (i == first || (is_simulated(row) && same_run(row, other))) {
            other->verdict = ORACLE_BROKEN;
            other->got = other->standard_error = other->z = NAN;
        }
    }
}

static enum command_status run_row(GPtrArray *rows, guint i, const char *folder,
                                   const struct options_study *options, GError **ret_error)
{
    struct oracle_row *row = g_ptr_array_index(rows, i);

    if (row->kind == ORACLE_FITTED)
        return simulate_fitted(rows, i, folder, options, ret_error);
    if (row->kind == ORACLE_SIMULATED) {
        g_autofree char *path = g_build_filename(folder, row->scenario, NULL);
        return simulate(rows, i, path, options, ret_error);
    }
    return oracle_call(row, folder, ret_error) ? COMMAND_DONE : COMMAND_ERROR;
}

static enum command_status run_rows(GPtrArray *rows, const char *folder,
                                    const struct options_study *options)
{
    for (guint i = 0; i < rows->len; i++) {
        const struct oracle_row *row = g_ptr_array_index(rows, i);
        g_autoptr(GError) error = NULL;
        if (!row->selected || row->verdict != ORACLE_PENDING)
            continue;
        const enum command_status status =
            interrupt_requested() ? COMMAND_INTERRUPTED : run_row(rows, i, folder, options, &error);
        if (status == COMMAND_INTERRUPTED)
            return status;
        if (status != COMMAND_DONE)
            mark_failed(rows, i, error);
    }
    return COMMAND_DONE;
}

static char *format_got(double number)
{
    return isfinite(number) ? g_strdup_printf("%.9g", number) : g_strdup("–");
}

static void count_verdicts(GPtrArray *rows, guint *ret_passed, guint *ret_failed,
                           guint *ret_skipped)
{
    guint passed = 0;
    guint failed = 0;
    guint skipped = 0;

    for (guint i = 0; i < rows->len; i++) {
        const struct oracle_row *row = g_ptr_array_index(rows, i);
        if (!row->selected)
            continue;
        passed += row->verdict == ORACLE_PASSED;
        skipped += row->verdict == ORACLE_SKIPPED;
        failed += row->verdict == ORACLE_OFF || row->verdict == ORACLE_UNSURE ||
                  row->verdict == ORACLE_BROKEN;
    }
    *ret_passed = passed;
    *ret_failed = failed;
    *ret_skipped = skipped;
}

static void print_rows(GPtrArray *rows)
{
    static const char *const headings[] = {"measure", "expected", "got", "SE", "z"};
    g_autoptr(Table) table = table_new();
    guint passed;
    guint failed;
    guint skipped;

    table_column(table, "oracle", TABLE_LEFT);
    for (size_t i = 0; i < G_N_ELEMENTS(headings); i++)
        table_column(table, headings[i], i == 0 ? TABLE_LEFT : TABLE_RIGHT);
    table_column(table, "verdict", TABLE_LEFT);
    for (guint i = 0; i < rows->len; i++) {
        const struct oracle_row *row = g_ptr_array_index(rows, i);
        if (!row->selected || row->verdict == ORACLE_PENDING)
            continue;
        g_autofree char *got =
            row->got_text != NULL ? g_strdup(row->got_text) : format_got(row->got);
        const bool sampled = row->standard_error > 0;
        table_add(table, row->oracle);
        table_add(table, row->measure);
        table_add(table, row->expected_text);
        table_add(table, got);
        g_autofree char *error = g_strdup_printf("%.2g", row->standard_error);
        g_autofree char *z = g_strdup_printf("%+.2f", row->z);
        table_add(table, sampled ? error : NULL);
        table_add(table, sampled ? z : NULL);
        table_add(table, oracle_verdict_name(row->verdict));
    }
    table_print(table, stdout);
    count_verdicts(rows, &passed, &failed, &skipped);
    printf("\n%u passed, %u failed, %u skipped\n", passed, failed, skipped);
}

static json_t *row_json(const struct oracle_row *row)
{
    json_t *object = json_object();

    json_object_set_new(object, "oracle", json_make_text(row->oracle));
    json_object_set_new(object, "group", json_make_text(row->group));
    json_object_set_new(object, "measure", json_make_text(row->measure));
    json_object_set_new(object, "expected",
                        isnan(row->expected) ? json_make_text(row->expected_text)
                                             : json_make_number(row->expected));
    json_object_set_new(object, "mean",
                        row->got_text != NULL ? json_make_text(row->got_text)
                                              : json_make_number(row->got));
    json_object_set_new(object, "standard_error", json_make_number(row->standard_error));
    json_object_set_new(object, "z", json_make_number(row->z));
    json_object_set_new(object, "unit", json_make_text(row->unit));
    json_object_set_new(object, "verdict", json_make_text(oracle_verdict_name(row->verdict)));
    return object;
}

static void print_json(GPtrArray *rows)
{
    json_t *root = json_object();
    json_t *list = json_array();
    guint passed;
    guint failed;
    guint skipped;

    for (guint i = 0; i < rows->len; i++) {
        const struct oracle_row *row = g_ptr_array_index(rows, i);
        if (row->selected && row->verdict != ORACLE_PENDING)
            json_array_append_new(list, row_json(row));
    }
    count_verdicts(rows, &passed, &failed, &skipped);
    json_object_set_new(root, "rows", list);
    json_object_set_new(root, "passed", json_integer(passed));
    json_object_set_new(root, "failed", json_integer(failed));
    json_object_set_new(root, "skipped", json_integer(skipped));
    emit_json(root);
}

static enum command_status validate(char **names, struct options_study *options, GError **ret_error)
{
    g_autofree char *path = NULL;
    guint passed;
    guint failed;
    guint skipped;

    if (!options_study_check(options, ret_error))
        return COMMAND_ERROR;
    path = paths_find("scenarios/oracles/oracles.csv", ret_error);
    if (path == NULL)
        return COMMAND_ERROR;
    g_autoptr(GPtrArray) rows = oracle_read(path, ret_error);
    if (rows == NULL || !oracle_select(rows, names, ret_error))
        return COMMAND_ERROR;

    g_autofree char *folder = g_path_get_dirname(path);
    const enum command_status status = run_rows(rows, folder, options);
    if (options->json)
        print_json(rows);
    else
        print_rows(rows);
    count_verdicts(rows, &passed, &failed, &skipped);
    return status == COMMAND_DONE && failed > 0 ? COMMAND_FAILED : status;
}

enum command_status command_validate(int argc, char **argv, GError **ret_error)
{
    struct options_study options = {.json = FALSE};
    const GOptionEntry entries[] = {
        OPTIONS_MANY(options),
        {"json", 'j', 0, G_OPTION_ARG_NONE, &options.json, "Machine output on standard output",
         NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    enum command_status status = COMMAND_ERROR;

    switch (options_parse(&page, entries, &argc, &argv, ret_error)) {
    case OPTIONS_GO:
        status = validate(argv + 1, &options, ret_error);
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
