/* omosim check: is this a scenario (or an API map: check_api.c), and what is in it?
 *
 * Reading finds what a table of keys can find, in all points at once; building the models finds the
 * rest (a channel that nobody can serve, a lane in a circle), so every point is built. All findings
 * of a stage come together, each with file:line:column.
 */
#include "cli/check_api.h"
#include "cli/command.h"
#include "cli/emit.h"
#include "cli/options.h"
#include "scenario/scenario.h"
#include "shell/json.h"
#include "shell/table.h"
#include "shell/units.h"

#include <stdio.h>
#include <string.h>

static const struct options_page page = {
    .usage = "check [OPTION...] FILE",
    .summary = "Reads a scenario, builds the model of each of its points and says what they hold.\n"
               "Or reads an API map (a file with the key `api`), holds it against the OpenAPI\n"
               "document of its service, and says which requests the steps become.\n"
               "Status 2 with all findings when something is wrong.\n",
    .examples = "  omosim check scenarios/o2o_vs_omo.yaml\n"
                "  omosim check my_chain.yaml --set places.0.opens=06:00\n"
                "  omosim check my_chain.yaml --json\n"
                "  omosim check my_api.yaml --openapi my_service.openapi.json\n",
    .positional_min = 1,
    .positional_max = 1,
};

#define MEASURE_COUNT 8

static const char *const measure_names[MEASURE_COUNT] = {"places",   "skus",     "positions",
                                                         "zones",    "segments", "channels",
                                                         "stations", "sources"};

struct check_row {
    const char *point; /* interned by the scenario */
    uint64_t count[MEASURE_COUNT];
};

/* A chain has the first six measures, a queueing network the last two. */
static bool is_measured(const GArray *rows, size_t measure)
{
    return (measure >= 6) == (g_array_index(rows, struct check_row, 0).count[6] > 0);
}

/* The model does not tell its segments; a bare station has a single one, a network none. */
static uint64_t count_segments(const Scenario *scenario, const omo_model *model)
{
    if (omo_model_station_count(model) > 0)
        return 0;
    const char *text = scenario_text(scenario);
    g_autoptr(Node) root = node_read_text(text, strlen(text), "check", NULL);
    const Node *demand = root != NULL ? node_get(root, "demand") : NULL;
    const Node *segments = demand != NULL ? node_get(demand, "segments") : NULL;

    return segments != NULL ? node_count(segments) : 1;
}

static GArray *build_all(const Scenario *scenario, GError **ret_error)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct check_row));

    for (uint32_t i = 0; i < scenario_point_count(scenario); i++) {
        omo_model *model = scenario_build(scenario, i, ret_error);
        if (model == NULL)
            return NULL;
        const struct check_row row = {
            .point = scenario_point(scenario, i)->name,
            .count = {omo_model_place_count(model), omo_model_sku_count(model),
                      omo_model_position_count(model), omo_model_zone_count(model),
                      count_segments(scenario, model), omo_model_channel_count(model),
                      omo_model_station_count(model), omo_model_source_count(model)},
        };
        g_array_append_val(rows, row);
        omo_model_free(model);
    }
    return g_steal_pointer(&rows);
}

static void print_table(const char *path, const Scenario *scenario, const GArray *rows)
{
    g_autoptr(Table) table = table_new();

    printf("OK %s: %s\n", path, scenario_title(scenario));
    if (scenario_question(scenario)[0] != '\0')
        printf("%s\n", scenario_question(scenario));
    emit_days(scenario);
    printf(", %u replications, seed %" G_GUINT64_FORMAT "\n\n", scenario_replications(scenario),
           scenario_seed(scenario));
    table_column(table, "point", TABLE_LEFT);
    for (size_t i = 0; i < MEASURE_COUNT; i++)
        if (is_measured(rows, i))
            table_column(table, strcmp(measure_names[i], "skus") == 0 ? "SKUs" : measure_names[i],
                         TABLE_RIGHT);
    for (guint i = 0; i < rows->len; i++) {
        const struct check_row *row = &g_array_index(rows, struct check_row, i);
        table_add_format(table, "%s%s", row->point,
                         rows->len > 1 && i == scenario_default_point(scenario) ? " (default)"
                                                                                : "");
        for (size_t m = 0; m < MEASURE_COUNT; m++) {
            if (!is_measured(rows, m))
                continue;
            g_autofree char *count = units_format_count((int64_t)row->count[m]);
            table_add(table, count);
        }
    }
    table_print(table, stdout);
}

/* `scenario` and `rows` are NULL when `error` is not. */
static void print_json(const char *path, const Scenario *scenario, const GArray *rows,
                       const GError *error)
{
    json_t *root = json_object();
    json_t *findings = json_array();
    json_t *points = json_array();

    json_object_set_new(root, "file", json_make_text(path));
    json_object_set_new(root, "ok", json_boolean(error == NULL));
    if (error != NULL) {
        g_auto(GStrv) lines = g_strsplit(error->message, "\n", -1);
        for (char **line = lines; *line != NULL; line++)
            if (**line != '\0')
                json_array_append_new(findings, json_make_text(*line));
    } else {
        json_object_set_new(root, "scenario", json_make_text(scenario_name(scenario)));
        json_object_set_new(root, "question", json_make_text(scenario_question(scenario)));
        for (guint i = 0; i < rows->len; i++) {
            const struct check_row *row = &g_array_index(rows, struct check_row, i);
            json_t *point = json_object();
            json_object_set_new(point, "name", json_make_text(row->point));
            for (size_t m = 0; m < MEASURE_COUNT; m++)
                if (is_measured(rows, m))
                    json_object_set_new(point, measure_names[m],
                                        json_integer((json_int_t)row->count[m]));
            json_array_append_new(points, point);
        }
    }
    json_object_set_new(root, "points", points);
    json_object_set_new(root, "findings", findings);
    emit_json(root);
}

static enum command_status check_file(const char *path, char **sets, gboolean json,
                                      GError **ret_error)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = scenario_read(path, (const char *const *)sets, &error);
    g_autoptr(GArray) rows = scenario != NULL ? build_all(scenario, &error) : NULL;

    if (json)
        print_json(path, scenario, rows, error);
    if (error != NULL) {
        g_propagate_error(ret_error, g_steal_pointer(&error));
        return COMMAND_ERROR;
    }
    if (!json)
        print_table(path, scenario, rows);
    return COMMAND_DONE;
}

static enum command_status check_any(const char *path, char **sets, const char *openapi,
                                     const char *tables, gboolean json, GError **ret_error)
{
    if (check_api_is_map(path)) {
        if (sets == NULL)
            return check_api(path, openapi, tables, json, ret_error);
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--set changes scenarios, %s is an API map", path);
        return COMMAND_ERROR;
    }
    if (openapi == NULL && tables == NULL)
        return check_file(path, sets, json, ret_error);
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                "--%s is for API maps, %s is none: it has no key `api`",
                openapi != NULL ? "openapi" : "tables", path);
    return COMMAND_ERROR;
}

enum command_status command_check(int argc, char **argv, GError **ret_error)
{
    g_auto(GStrv) sets = NULL;
    g_autofree char *openapi = NULL, *tables = NULL;
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        {"openapi", 0, 0, G_OPTION_ARG_FILENAME, &openapi,
         "Hold an API map against this OpenAPI 3 document", "FILE"},
        {"tables", 0, 0, G_OPTION_ARG_FILENAME, &tables,
         "Tables in place of an API map's, as omosim seed writes them", "FILE"},
        {"set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &sets,
         "Override a value of the scenario; may be repeated", "PATH=VALUE"},
        {"json", 'j', 0, G_OPTION_ARG_NONE, &json, "Machine output on standard output", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    switch (options_parse(&page, entries, &argc, &argv, ret_error)) {
    case OPTIONS_GO:
        return check_any(argv[1], sets, openapi, tables, json, ret_error);
    case OPTIONS_SHOWN:
        return COMMAND_DONE;
    case OPTIONS_ERROR:
        break;
    }
    return COMMAND_ERROR;
}
