/* Ends the process on whatever must not be, since a fuzzer looks for that. */
#include "traffic/chew.h"
#include "shell/diagnostic.h"
#include "traffic/export.h"
#include "traffic/plan_filter.h"
#include "traffic/plan_print.h"
#include "traffic/plan_tally.h"

#include <stdio.h>
#include <string.h>

static void chew_error(GError *error, const char *path)
{
    if (error == NULL)
        g_error("%s: refused without an error", path);
    if (!g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT) ||
        !g_utf8_validate(error->message, -1, NULL) || error->message[0] == '\0')
        g_error("%s: a bad error: %s", path, error->message);
    g_error_free(error);
}

static volatile uint32_t chewed; /* so that reading is not left out */

/* Follows every pointer that a reader would; false when the cursor broke. */
static bool chew_records(const Plan *plan)
{
    struct plan_cursor cursor = plan_begin(plan);
    const omo_plan_journey *journey;
    int64_t before_us = INT64_MIN;

    while ((journey = plan_next(plan, &cursor)) != NULL) {
        const omo_plan_step *step = plan_first_step(journey);
        if (journey->at_us < before_us || journey->step_count == 0)
            g_error("%s: a journey out of order", plan_path(plan));
        before_us = journey->at_us;
        (void)plan_name(plan, PLAN_CHANNEL, journey->channel);
        for (uint32_t i = 0; i < journey->step_count; i++, step = plan_next_step(step)) {
            const struct plan_payload payload = plan_step_payload(step);
            for (size_t b = 0; b < payload.size; b++)
                chewed += ((const uint8_t *)payload.bytes)[b];
            if (plan_step_kind(plan, step->kind) > STEP_COUNT)
                g_error("%s: a kind of step that cannot be", plan_path(plan));
            (void)plan_name(plan, PLAN_PLACE, step->place);
            (void)plan_name(plan, PLAN_SKU, step->sku);
            (void)plan_name(plan, PLAN_COUPON, step->coupon);
        }
    }
    return !cursor.broken;
}

/* Through merge, filter, tally and print. */
static bool chew_merge(const char *const *paths)
{
    static const struct plan_filter_options options = {.from = "00:00",
                                                       .to = "23:00",
                                                       .steps = "log_in,request,browse",
                                                       .sample = "50%"};
    GError *error = NULL;
    struct plan_visit visit;
    g_autoptr(PlanMerge) merge = plan_merge_open(paths, 0, &error);
    FILE *nowhere = fopen("/dev/null", "w");

    if (merge != NULL && nowhere != NULL) {
        g_autoptr(PlanFilter) filter = plan_filter_new(&options, merge, NULL);
        g_autoptr(PlanTally) tally = plan_tally_new();
        plan_print_heading(merge, nowhere);
        while (plan_merge_next(merge, &visit, &error)) {
            plan_tally_add(tally, &visit);
            if (filter != NULL && plan_filter_match(filter, &visit))
                plan_print_visit(merge, &visit, 3, nowhere);
        }
        (void)plan_tally_totals(tally);
    }
    if (nowhere != NULL)
        fclose(nowhere);
    if (error == NULL)
        return true;
    chew_error(error, paths[0]);
    return false;
}

static void chew_export(const char *path)
{
    static const struct export_options options = {.target = "http://127.0.0.1"};
    struct export_report report;

    for (int format = 0; format < FORMAT_COUNT; format++) {
        GError *error = NULL;
        if (!traffic_export((enum traffic_format)format, path, "/dev/null", &options, &report,
                            &error))
            chew_error(error, path);
    }
}

bool chew_plan(const char *path)
{
    const char *const one[] = {path, NULL};
    const char *const two[] = {path, path, NULL};
    GError *error = NULL;
    g_autoptr(Plan) plan = plan_open(path, &error);

    if (plan == NULL) {
        chew_error(error, path);
        return false;
    }
    const bool walked = chew_records(plan);
    const bool whole = plan_verify(plan, NULL, &error);
    if (whole && !walked)
        g_error("%s: checked well, and cannot be walked", path);
    if (!whole)
        chew_error(error, path);
    const bool merged = chew_merge(one);
    if (merged && !whole)
        g_error("%s: damaged, and not noticed when it was merged", path);
    (void)chew_merge(two);
    chew_export(path);
    return whole;
}

bool chew_import(enum traffic_format format, const char *path, const char *plan_path)
{
    const struct import_options strict = {.gap_us = -1};
    const struct import_options lenient = {.gap_us = 1000000, .skip_bad = true};
    struct import_report report;
    GError *error = NULL;
    const bool taken = traffic_import(format, path, plan_path, &strict, &report, &error);

    if (!taken)
        chew_error(error, path);
    else if (!chew_plan(plan_path))
        g_error("%s: became a damaged plan", path);
    error = NULL;
    if (traffic_import(format, path, plan_path, &lenient, &report, &error)) {
        g_free(report.first_bad);
        if (!chew_plan(plan_path))
            g_error("%s: became a damaged plan when bad lines were skipped", path);
    } else {
        chew_error(error, path);
        if (taken)
            g_error("%s: taken, and not when bad lines are skipped", path);
    }
    return taken;
}
