/* bench_demo: what one core does with the demo scenario.
 *
 * One world of the default point of scenarios/o2o_vs_omo.yaml, one thread: events handled per second
 * of processor time (the wall clock of a shared machine would measure its neighbours), nanoseconds
 * per event, bytes of columns per stock position and of the whole world. Rows without a peer are
 * null there. The calendar's share of the time is measured in a second run, in which the linker
 * puts a stopwatch around all of the calendar that is not inline (--wrap): one call in 64 is timed,
 * the stopwatch's own cost is measured and taken off. `--quick` runs three simulated days, `--json`
 * prints one object a row.
 */
#include "kernel/calendar.h"
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

/* ---- the stopwatch around the calendar ---------------------------------------------------------- */

#define SAMPLE_EACH 64

void __real_calendar_file(struct calendar *c, bool is_near, int64_t at_us, uint64_t order,
                          struct event_about about);
void __wrap_calendar_file(struct calendar *c, bool is_near, int64_t at_us, uint64_t order,
                          struct event_about about);
void __real_calendar_refill(struct calendar *c);
void __wrap_calendar_refill(struct calendar *c);

static struct {
    bool on;
    uint64_t calls, sampled;
    double sampled_s;
} stopwatch;

static double wall_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool stopwatch_samples(void) { return stopwatch.on && stopwatch.calls++ % SAMPLE_EACH == 0; }

static void stopwatch_stop(double began_s)
{
    stopwatch.sampled_s += wall_s() - began_s;
    stopwatch.sampled++;
}

void __wrap_calendar_file(struct calendar *c, bool is_near, int64_t at_us, uint64_t order,
                          struct event_about about)
{
    const bool sample = stopwatch_samples();
    const double began_s = sample ? wall_s() : 0.0;

    __real_calendar_file(c, is_near, at_us, order, about);
    if (sample)
        stopwatch_stop(began_s);
}

void __wrap_calendar_refill(struct calendar *c)
{
    const bool sample = stopwatch_samples();
    const double began_s = sample ? wall_s() : 0.0;

    __real_calendar_refill(c);
    if (sample)
        stopwatch_stop(began_s);
}

/* What reading the clock twice costs, the median of many tries being overkill: the mean of 10^5. */
static double stopwatch_cost_s(void)
{
    const uint32_t tries = 100000;
    double sum_s = 0.0;

    for (uint32_t i = 0; i < tries; i++) {
        const double began_s = wall_s();
        sum_s += wall_s() - began_s;
    }
    return sum_s / tries;
}

/* Seconds spent in the calendar by a whole run of a world. */
static gboolean measure_calendar(const omo_model *model, double *ret_s, omo_error *ret_error)
{
    omo_world *world = omo_world_new(model, 1, 0, ret_error);

    stopwatch.on = true;
    const gboolean ran = world != NULL && omo_world_run(world, INT64_MAX, ret_error) == OMO_OK;
    stopwatch.on = false;
    omo_world_free(world);
    if (stopwatch.sampled != 0) {
        const double each_s = stopwatch.sampled_s / (double)stopwatch.sampled - stopwatch_cost_s();
        *ret_s = (each_s > 0.0 ? each_s : 0.0) * (double)stopwatch.calls;
    }
    return ran;
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
    const char *const quick_sets[] = {"run.days=" G_STRINGIFY(QUICK_DAYS), "run.warm_up=0s", NULL};
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
    gboolean ran = world != NULL && omo_world_run(world, INT64_MAX, &error) == OMO_OK;
    const double spent_s = processor_s() - began_s;
    double calendar_s = 0.0;
    ran = ran && measure_calendar(model, &calendar_s, &error);
    if (ran) {
        const double events = (double)omo_world_event_count(world);
        add_row(rows, "events a second and core", events / spent_s, "events/s");
        add_row(rows, "time per event", spent_s * 1e9 / events, "ns");
        add_row(rows, "share of time in the calendar", calendar_s / spent_s, "1");
        add_row(rows, "events", events, "events");
        add_row(rows, "facts per event", (double)omo_world_fact_count(world) / events, "1");
        add_row(rows, "stock positions", (double)omo_model_position_count(model), "positions");
        add_row(rows, "columns per stock position", omo_model_position_size(model), "bytes");
        add_row(rows, "world, room for the worst day included", (double)omo_world_size(world),
                "bytes");
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

static gboolean print_lines(const json_t *rows, GError **ret_error)
{
    size_t i;
    json_t *row;

    json_array_foreach(rows, i, row)
    {
        g_autofree char *line = json_dumps(row, JSON_COMPACT | JSON_REAL_PRECISION(9));
        if (line == NULL || printf("%s\n", line) < 0) {
            g_set_error_literal(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                                "cannot write to standard output");
            return FALSE;
        }
    }
    return TRUE;
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
        done = print_lines(rows, &error);
    else if (done)
        print_rows(rows);
    json_decref(rows);
    if (!done)
        diagnostic_print(stderr, error);
    return done ? 0 : diagnostic_exit_status(error);
}
