/* bench_demo: what one core does with the demo scenario.
 *
 * One world of the default point of scenarios/o2o_vs_omo.yaml, one thread: events handled per second
 * of processor time (the wall clock of a shared machine would measure its neighbours), nanoseconds
 * per event, bytes of columns per stock position and of the whole world. Rows without a peer are
 * null there. `--quick` runs three simulated days, `--json` prints an array of rows.
 */
#include "scenario/scenario.h"
#include "shell/diagnostic.h"
#include "shell/json.h"
#include "shell/paths.h"
#include "shell/table.h"

#include <omosim/omosim.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define QUICK_DAYS 3

static double processor_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void add_row(json_t *rows, const char *name, double value, const char *unit)
{
    json_t *row = json_object();

    json_object_set_new(row, "bench", json_make_text("demo"));
    json_object_set_new(row, "case", json_make_text(name));
    json_object_set_new(row, "value", json_make_number(value));
    json_object_set_new(row, "unit", json_make_text(unit));
    json_object_set_new(row, "peer", json_null());
    json_object_set_new(row, "peer_value", json_null());
    json_object_set_new(row, "ratio", json_null());
    json_array_append_new(rows, row);
}

static omo_model *build(bool quick, GError **ret_error)
{
    const char *const quick_sets[] = {"run.days=" G_STRINGIFY(QUICK_DAYS), NULL};
    g_autofree char *path = paths_find("scenarios/o2o_vs_omo.yaml", ret_error);
    g_autoptr(Scenario) scenario =
        path != NULL ? scenario_read(path, quick ? quick_sets : NULL, ret_error) : NULL;

    return scenario != NULL ? scenario_build(scenario, scenario_default_point(scenario), ret_error)
                            : NULL;
}

static gboolean measure(bool quick, json_t *rows, GError **ret_error)
{
    const double build_began_s = processor_s();
    omo_model *model = build(quick, ret_error);
    const double began_s = processor_s();
    omo_error error = {OMO_OK, ""};

    if (model == NULL)
        return FALSE;
    omo_world *world = omo_world_new(model, 1, 0, &error);
    const gboolean ran = world != NULL && omo_world_run(world, INT64_MAX, &error) == OMO_OK;
    if (ran) {
        const double spent_s = processor_s() - began_s;
        const double events = (double)omo_world_event_count(world);
        add_row(rows, "events a second and core", events / spent_s, "events/s");
        add_row(rows, "time per event", spent_s * 1e9 / events, "ns");
        add_row(rows, "events", events, "events");
        add_row(rows, "facts per event", (double)omo_world_fact_count(world) / events, "1");
        add_row(rows, "stock positions", (double)omo_model_position_count(model), "positions");
        add_row(rows, "columns per stock position", omo_model_position_size(model), "bytes");
        add_row(rows, "world", (double)omo_world_size(world), "bytes");
        add_row(rows, "reading and sealing", began_s - build_began_s, "s");
    } else {
        g_set_error_literal(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, error.text);
    }
    omo_world_free(world);
    omo_model_free(model);
    return ran;
}

static void print_rows(const json_t *rows)
{
    g_autoptr(Table) table = table_new();
    size_t i;
    json_t *row;

    table_column(table, "demo", TABLE_LEFT);
    table_column(table, "value", TABLE_RIGHT);
    table_column(table, "unit", TABLE_LEFT);
    json_array_foreach(rows, i, row)
    {
        table_add(table, json_string_value(json_object_get(row, "case")));
        table_add_format(table, "%.6g", json_number_value(json_object_get(row, "value")));
        table_add(table, json_string_value(json_object_get(row, "unit")));
    }
    table_print(table, stdout);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    bool json = false;
    bool quick = false;

    for (int i = 1; i < argc; i++) {
        json |= strcmp(argv[i], "--json") == 0;
        quick |= strcmp(argv[i], "--quick") == 0;
        if (strcmp(argv[i], "--json") != 0 && strcmp(argv[i], "--quick") != 0) {
            fprintf(stderr, "usage: bench_demo [--quick] [--json]\n");
            return 2;
        }
    }
    json_t *rows = json_array();
    gboolean done = measure(quick, rows, &error);
    if (done && json)
        done = json_write_stream(rows, TRUE, stdout, &error);
    else if (done)
        print_rows(rows);
    json_decref(rows);
    if (!done)
        diagnostic_print(stderr, error);
    return done ? 0 : diagnostic_exit_status(error);
}
