/* bench_plan: writing, checking and walking a traffic plan through its public functions.
 *
 * A plan of 20 million steps (2 million with --quick) in journeys of seven, no payloads: 32 bytes a
 * step and as many a journey. Times are processor time, the kernel's share (the file's pages)
 * included; the disk's own time is not. The walk looks at each step, as a filter or the engine
 * does, and gives pages back every four MiB; the memory is what the process has resident beyond
 * what it had before the file was opened, at its highest.
 */
#include "bench/bench.h"
#include "shell/diagnostic.h"
#include "traffic/plan.h"
#include "traffic/steps.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#define STEPS_A_JOURNEY 7
#define FORGET_EACH ((size_t)4 << 20)

static const struct plan_about about = {.scenario = "bench", .epoch_us = INT64_MIN};

static gboolean write_plan(const char *path, uint64_t journey_count, GError **ret_error)
{
    g_autoptr(PlanWriter) writer = plan_writer_open(path, &about, ret_error);
    omo_plan_step steps[STEPS_A_JOURNEY];

    if (writer == NULL)
        return FALSE;
    for (uint64_t i = 0; i < journey_count; i++) {
        const omo_plan_journey journey = {.at_us = (int64_t)i * 1000,
                                          .member = 1 + i % 100000,
                                          .order = i,
                                          .place = (uint32_t)(i % 500),
                                          .step_count = STEPS_A_JOURNEY,
                                          .channel = i % 3};
        for (uint32_t s = 0; s < STEPS_A_JOURNEY; s++)
            steps[s] = (omo_plan_step){.at_us = journey.at_us + s * 1000000,
                                       .sku = (uint32_t)((i + s) % 25000),
                                       .place = journey.place,
                                       .quantity = 1,
                                       .amount = 100,
                                       .coupon = OMO_PLAN_NO_COUPON,
                                       .kind = (uint8_t)s};
        if (!plan_write_journey(writer, &journey, steps, NULL, ret_error))
            return FALSE;
    }
    return plan_writer_commit(writer, NULL, ret_error);
}

/* Bytes resident now. */
static double resident_size(void)
{
    g_autofree char *text = NULL;
    unsigned long pages = 0;

    if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL) ||
        sscanf(text, "%*s %lu", &pages) != 1)
        return 0.0;
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

/* Sum over all steps, so that none can be left out; the highest resident size on the way. */
static int64_t walk(const Plan *plan, double *ret_peak_size)
{
    struct plan_cursor cursor = plan_begin(plan);
    const uint8_t *forgotten = cursor.at;
    const omo_plan_journey *journey;
    int64_t sum = 0;

    *ret_peak_size = 0.0;
    while ((journey = plan_next(plan, &cursor)) != NULL) {
        const omo_plan_step *step = plan_first_step(journey);
        for (uint32_t i = 0; i < journey->step_count; i++, step = plan_next_step(step))
            sum += step->amount + step->kind;
        if ((size_t)(cursor.at - forgotten) >= FORGET_EACH) {
            *ret_peak_size = MAX(*ret_peak_size, resident_size());
            plan_forget(plan, cursor.at);
            forgotten = cursor.at;
        }
    }
    return cursor.broken ? -1 : sum;
}

static gboolean measure(struct bench *b, const char *path, GError **ret_error)
{
    const uint64_t journeys = (b->quick ? 2000000u : 20000000u) / STEPS_A_JOURNEY;
    const double steps = (double)(journeys * STEPS_A_JOURNEY);
    const double began_s = bench_processor_s();

    if (!write_plan(path, journeys, ret_error))
        return FALSE;
    const double written_s = bench_processor_s();
    const double before_size = resident_size();
    g_autoptr(Plan) plan = plan_open(path, ret_error);
    double peak_size;
    if (plan == NULL)
        return FALSE;
    const double opened_s = bench_processor_s();
    const int64_t sum = walk(plan, &peak_size);
    const double walked_s = bench_processor_s();
    g_assert(sum == (int64_t)journeys * (STEPS_A_JOURNEY * 100 + 21));
    if (!plan_verify(plan, NULL, ret_error))
        return FALSE;
    const double verified_s = bench_processor_s();
    bench_row(b, "written", steps / 1e6 / (written_s - began_s), "million steps/s", NULL, 0);
    bench_row(b, "walked", steps / 1e6 / (walked_s - opened_s), "million steps/s", NULL, 0);
    bench_row(b, "checked, with its checksum", steps / 1e6 / (verified_s - walked_s),
              "million steps/s", NULL, 0);
    bench_row(b, "file", (double)journeys * (STEPS_A_JOURNEY + 1) * 32 / 1e6, "MB", NULL, 0);
    bench_row(b, "memory of the walk", (peak_size - before_size) / 1e6, "MB", NULL, 0);
    return TRUE;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    struct bench b;

    if (!bench_begin(&b, "plan", argc, argv))
        return 2;
    g_autofree char *folder = g_dir_make_tmp("omosim-bench-XXXXXX", &error);
    g_autofree char *path = folder != NULL ? g_build_filename(folder, "bench.plan", NULL) : NULL;
    const int status = bench_end(&b, path != NULL && measure(&b, path, &error));
    if (path != NULL) {
        g_unlink(path);
        g_rmdir(folder);
    }
    if (error == NULL)
        return status;
    diagnostic_print(stderr, error);
    return diagnostic_exit_status(error);
}
