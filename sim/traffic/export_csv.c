/* A plan as a table: the columns are in csv_columns.h. All that is in the records is written; the
 * header and names that no record uses are not (import --like takes them from the plan again).
 */
#include "shell/csv.h"
#include "shell/diagnostic.h"
#include "traffic/csv_columns.h"
#include "traffic/export_private.h"
#include "traffic/plan_merge.h"
#include "traffic/steps.h"

#include <string.h>

#define CSV_LOOK_EACH 1024
#define CSV_REQUEST_SIZE_MAX ((size_t)700000) /* of which base64 fits into a row */

/* A field, quoted when it must be. */
static void csv_put_text(const char *text, FILE *stream)
{
    if (text[strcspn(text, ",\"\r\n")] == '\0') {
        fputs(text, stream);
        return;
    }
    fputc('"', stream);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', stream);
        fputc(*text, stream);
    }
    fputc('"', stream);
}

static gboolean csv_put_name(const PlanMerge *merge, enum plan_name list, uint32_t number,
                             FILE *stream, GError **ret_error)
{
    static const uint32_t none[PLAN_NAME_COUNT] = {OMO_PLAN_NO_CHANNEL, OMO_PLAN_NONE,
                                                   OMO_PLAN_NONE, OMO_PLAN_NO_COUPON};
    const char *name = plan_merge_name(merge, list, number);

    if (*name == '\0' && number != none[list]) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "one of the plan's names is empty, which a table cannot tell from none");
        return FALSE;
    }
    csv_put_text(name, stream);
    fputc(',', stream);
    return TRUE;
}

static void csv_put_number(uint64_t number, FILE *stream)
{
    if (number != 0)
        fprintf(stream, "%" G_GUINT64_FORMAT, number);
    fputc(',', stream);
}

static void csv_put_money(int64_t cents, FILE *stream)
{
    const uint64_t size = cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;

    if (cents != 0)
        fprintf(stream, "%s%" G_GUINT64_FORMAT ".%02u", cents < 0 ? "-" : "", size / 100,
                (unsigned)(size % 100));
    fputc(',', stream);
}

static gboolean csv_put_request(struct export_job *job, const struct plan_payload *payload,
                                GError **ret_error)
{
    if (payload->size > CSV_REQUEST_SIZE_MAX) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: a request of %zu bytes does not fit into a table's row of %zu KiB",
                    job->plan_path, payload->size, CSV_ROW_SIZE_MAX >> 10);
        return FALSE;
    }
    g_autofree char *text = g_base64_encode(payload->bytes, payload->size);
    fputs(text, job->stream);
    return TRUE;
}

static gboolean csv_put_step(struct export_job *job, const PlanMerge *merge,
                             const struct plan_visit *visit, uint32_t i, GError **ret_error)
{
    const omo_plan_journey *journey = &visit->journey;
    const omo_plan_step *step = &visit->steps[i];
    FILE *stream = job->stream;

    fprintf(stream, "%" G_GUINT64_FORMAT ",%" G_GINT64_FORMAT ",", visit->number, journey->at_us);
    csv_put_number(journey->member, stream);
    csv_put_number(journey->order, stream);
    if (!csv_put_name(merge, PLAN_CHANNEL, journey->channel, stream, ret_error) ||
        !csv_put_name(merge, PLAN_PLACE, journey->place, stream, ret_error))
        return FALSE;
    fprintf(stream, "%" G_GINT64_FORMAT ",%s,", step->at_us, step_name(step->kind));
    if (!csv_put_name(merge, PLAN_PLACE, step->place, stream, ret_error) ||
        !csv_put_name(merge, PLAN_SKU, step->sku, stream, ret_error))
        return FALSE;
    csv_put_number(step->quantity, stream);
    csv_put_money(step->amount, stream);
    if (!csv_put_name(merge, PLAN_COUPON, step->coupon, stream, ret_error))
        return FALSE;
    if (visit->payloads != NULL && visit->payloads[i].size > 0 &&
        !csv_put_request(job, &visit->payloads[i], ret_error))
        return FALSE;
    fputc('\n', stream);
    return TRUE;
}

gboolean export_csv(struct export_job *job, GError **ret_error)
{
    const char *const paths[] = {job->plan_path, NULL};
    g_autoptr(PlanMerge) merge = plan_merge_open(paths, 0, ret_error);
    g_autoptr(GError) end = NULL;
    struct plan_visit visit;

    if (merge == NULL)
        return FALSE;
    for (int i = 0; i < CSV_COLUMNS; i++)
        fprintf(job->stream, "%s%s", i > 0 ? "," : "", csv_columns[i]);
    fputc('\n', job->stream);
    while (plan_merge_next(merge, &visit, &end)) {
        for (uint32_t i = 0; i < visit.journey.step_count; i++)
            if (!csv_put_step(job, merge, &visit, i, ret_error))
                return FALSE;
        job->report->requests += visit.journey.step_count;
        if (visit.number % CSV_LOOK_EACH == 0 &&
            !export_go_on(job, plan_merge_share_done(merge), ret_error))
            return FALSE;
    }
    if (end == NULL)
        return TRUE;
    g_propagate_error(ret_error, g_steal_pointer(&end));
    return FALSE;
}
