/* bench_demo: what one core does with the demo scenario.
 *
 * One world of the default point of scenarios/o2o_vs_omo.yaml, one thread: events handled per
 * second of processor time (the wall clock of a shared machine would measure its neighbours),
 * nanoseconds per event, bytes of columns per stock position and of the whole world. Rows
 * without a peer are null there. The calendar's share of the time is measured in a second run,
 * in which the linker puts a stopwatch around all of the calendar that is not inline (--wrap):
 * one call in 64 is timed, the stopwatch's own cost is measured and taken off. `--quick` runs
 * three simulated days, `--json` prints one object a row.
 */
#include "bench/bench.h"
#include "kernel/calendar.h"
#include "scenario/scenario.h"
#include "shell/diagnostic.h"
#include "shell/paths.h"

#include <omosim/omosim.h>
#include <stdio.h>
#include <time.h>

#define QUICK_DAYS 3

/* ---- the stopwatch around the calendar ------------------------------------------------------- */

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

static omo_model *build(bool quick, GError **ret_error)
{
    const char *const quick_sets[] = {"run.days=" G_STRINGIFY(QUICK_DAYS), "run.warm_up=0s", NULL};
    g_autofree char *path = paths_find("scenarios/o2o_vs_omo.yaml", ret_error);
    g_autoptr(Scenario) scenario =
        path != NULL ? scenario_read(path, quick ? quick_sets : NULL, ret_error) : NULL;

    return scenario != NULL ? scenario_build(scenario, scenario_default_point(scenario), ret_error)
                            : NULL;
}

static gboolean measure(struct bench *b, GError **ret_error)
{
    const double build_began_s = bench_processor_s();
    omo_model *model = build(b->quick, ret_error);
    const double began_s = bench_processor_s();
    omo_error error = {OMO_OK, ""};

    if (model == NULL)
        return FALSE;
    omo_world *world = omo_world_new(model, 1, 0, &error);
    gboolean ran = world != NULL && omo_world_run(world, INT64_MAX, &error) == OMO_OK;
    const double spent_s = bench_processor_s() - began_s;
    double calendar_s = 0.0;
    ran = ran && measure_calendar(model, &calendar_s, &error);
    if (ran) {
        const double events = (double)omo_world_event_count(world);
        bench_row(b, "events a second and core", events / spent_s, "events/s", NULL, 0);
        bench_row(b, "time per event", spent_s * 1e9 / events, "ns", NULL, 0);
        bench_row(b, "share of time in the calendar", calendar_s / spent_s, "1", NULL, 0);
        bench_row(b, "events", events, "events", NULL, 0);
        bench_row(b, "facts per event", (double)omo_world_fact_count(world) / events, "1", NULL, 0);
        bench_row(b, "stock positions", (double)omo_model_position_count(model), "positions", NULL,
                  0);
        bench_row(b, "columns per stock position", omo_model_position_size(model), "bytes", NULL,
                  0);
        bench_row(b, "world, room for the worst day included", (double)omo_world_size(world),
                  "bytes", NULL, 0);
        bench_row(b, "reading and sealing", began_s - build_began_s, "s", NULL, 0);
    } else {
        g_set_error_literal(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, error.text);
    }
    omo_world_free(world);
    omo_model_free(model);
    return ran;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    struct bench b;

    if (!bench_begin(&b, "demo", argc, argv))
        return 2;
    const int status = bench_end(&b, measure(&b, &error));
    if (error == NULL)
        return status;
    diagnostic_print(stderr, error);
    return diagnostic_exit_status(error);
}
