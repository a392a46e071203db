/* Walks a plan for the exporters of requests, and owns the file that they write. A plan has one
 * journey after the other, the other formats what happened one after the other: requests wait in a
 * queue until no later journey can come before them. */
#include "shell/diagnostic.h"
#include "shell/output.h"
#include "traffic/export_private.h"
#include "traffic/export_queue.h"
#include "traffic/plan_private.h"

#include <errno.h>
#include <string.h>

#define EXPORT_LOOK_EACH 1024 /* journeys */

static gboolean (*const exporters[FORMAT_COUNT])(struct export_job *, GError **) = {
#define FORMAT(name) [FORMAT_##name] = export_##name,
#include "traffic/formats.def"
#undef FORMAT
};

char *export_text(struct message_text text) { return g_strndup(text.text, text.size); }

int64_t export_at_us(const Plan *plan, int64_t at_us)
{
    const int64_t epoch_us = plan_header(plan)->epoch_us;
    int64_t clock_us;

    if (epoch_us == INT64_MIN || __builtin_add_overflow(at_us, epoch_us, &clock_us))
        return at_us;
    return clock_us;
}

bool export_has_requests(const struct export_job *job, const Plan *plan, const omo_plan_step *step)
{
    uint32_t count = 0;

    if (step->payload == 0 && job->options->map != NULL)
        (void)api_step_requests(job->options->map, plan_step_kind(plan, step->kind), &count);
    return step->payload > 0 || count > 0;
}

gboolean export_go_on(const struct export_job *job, double share, GError **ret_error)
{
    const struct export_options *options = job->options;

    if (options->go_on == NULL || options->go_on(share, options->context))
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: stopped",
                job->plan_path);
    return FALSE;
}

/* The URL of a request. Caller frees; NULL when it has no host. */
static char *export_url(const struct export_job *job, struct message_text target, bool needs_host)
{
    const char *base = job->options->target;

    if (!needs_host || target.text[0] != '/')
        return export_text(target);
    if (base == NULL)
        return NULL;
    const size_t size = strlen(base);
    return g_strdup_printf("%.*s%.*s", (int)(size > 0 && base[size - 1] == '/' ? size - 1 : size),
                           base, (int)target.size, target.text);
}

/* A walk and what it does with each request. */
struct export_walk {
    struct export_job *job;
    const Plan *plan;
    bool needs_host;
    export_write write;
    ExportQueue *queue;
    uint64_t number;     /* of the journey */
    uint64_t made_count; /* requests that the map has made */
};

static gboolean export_queued(const struct export_walk *walk, const struct export_queued *queued,
                              GError **ret_error)
{
    struct export_job *job = walk->job;
    const struct plan_payload payload = {queued->bytes, queued->size};
    struct export_request request = {.member = queued->member, .number = queued->number};

    if (!message_parse(&payload, &request.message)) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: a request of journey %" G_GUINT64_FORMAT " is not an HTTP/1.1 message",
                    job->plan_path, queued->number);
        return FALSE;
    }
    g_autofree char *url = export_url(job, request.message.target, walk->needs_host);
    if (url == NULL) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "%s: its requests have no host: give --target URL", job->plan_path);
        return FALSE;
    }
    request.url = url;
    request.at_us = export_at_us(walk->plan, queued->at_us);
    job->report->requests++;
    return walk->write(job, &request, ret_error);
}

/* Hands out what is due by then. */
static gboolean export_until(const struct export_walk *walk, int64_t until_us, GError **ret_error)
{
    struct export_queued *queued;
    gboolean done = TRUE;

    while (done && (queued = export_queue_pop(walk->queue, until_us)) != NULL) {
        done = export_queued(walk, queued, ret_error);
        g_free(queued);
    }
    return done;
}

/* The requests that the map makes of a step. */
static gboolean export_mapped(struct export_walk *walk, const omo_plan_journey *journey,
                              const omo_plan_step *step, GError **ret_error)
{
    const ApiMap *map = walk->job->options->map;
    struct api_values values = {.plan = walk->plan, .journey = journey, .step = step};
    int64_t at_us = step->at_us;
    uint32_t count;
    const uint32_t first = api_step_requests(map, plan_step_kind(walk->plan, step->kind), &count);

    for (uint32_t i = 0; i < count; i++) {
        const struct api_request *request = api_request(map, first + i);
        struct plan_payload payload;
        values.number = walk->made_count++;
        values.now_ms = export_at_us(walk->plan, at_us) / 1000;
        if (!export_map_request(walk->job, first + i, &values, &payload, ret_error))
            return FALSE;
        if (payload.size == 0)
            walk->job->report->left_count++;
        else
            export_queue_push(walk->queue, at_us, journey->member, walk->number, &payload);
        at_us += request->takes_us + request->think_us;
    }
    return TRUE;
}

static gboolean export_journey(struct export_walk *walk, const omo_plan_journey *journey,
                               GError **ret_error)
{
    const omo_plan_step *step = plan_first_step(journey);

    for (uint32_t i = 0; i < journey->step_count; i++, step = plan_next_step(step)) {
        const struct plan_payload payload = plan_step_payload(step);
        gboolean done = TRUE;
        if (payload.size > 0)
            export_queue_push(walk->queue, step->at_us, journey->member, walk->number, &payload);
        else if (export_has_requests(walk->job, walk->plan, step))
            done = export_mapped(walk, journey, step, ret_error);
        else
            walk->job->report->left_count++;
        if (!done)
            return FALSE;
    }
    return TRUE;
}

gboolean export_requests(struct export_job *job, bool needs_host, export_write write,
                         GError **ret_error)
{
    g_autoptr(Plan) plan = plan_open(job->plan_path, ret_error);
    g_autoptr(ExportQueue) queue = export_queue_new();
    struct export_walk walk = {.job = job,
                               .plan = plan,
                               .needs_host = needs_host,
                               .write = write,
                               .queue = queue};
    const omo_plan_journey *journey;

    if (plan == NULL)
        return FALSE;
    struct plan_check check = plan_check_begin(plan);
    while ((journey = plan_check_next(plan, &check)) != NULL) {
        walk.number++;
        if (!export_until(&walk, journey->at_us - 1, ret_error) ||
            !export_journey(&walk, journey, ret_error))
            return FALSE;
        if (walk.number % EXPORT_LOOK_EACH == 0 &&
            !export_go_on(job, (double)walk.number / (double)plan_journey_count(plan), ret_error))
            return FALSE;
    }
    return plan_check_end(plan, &check, ret_error) && export_until(&walk, INT64_MAX, ret_error);
}

static gboolean export_to(struct export_job *job, enum traffic_format format, GError **ret_error)
{
    gboolean done;

    job->text = g_string_new(NULL);
    export_map_begin(job);
    done = exporters[format](job, ret_error);
    export_map_end(job);
    g_string_free(job->text, TRUE);
    if (done && format != FORMAT_csv && job->report->requests == 0 && job->report->left_count > 0) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: has no recorded requests: export it to csv, or give --api MAP",
                    job->plan_path);
        return FALSE;
    }
    return done;
}

gboolean traffic_export(enum traffic_format format, const char *plan_path, const char *path,
                        const struct export_options *options, struct export_report *ret_report,
                        GError **ret_error)
{
    struct export_report report = {.requests = 0};
    struct export_job job = {.plan_path = plan_path,
                             .options = options,
                             .report = &report,
                             .stream = stdout};

    if (strcmp(path, "-") == 0) {
        if (!export_to(&job, format, ret_error))
            return FALSE;
        if (fflush(stdout) != 0 || ferror(stdout) != 0) {
            g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                        "standard output: %s", g_strerror(errno));
            return FALSE;
        }
    } else {
        g_autoptr(Output) output = output_open(path, ret_error);
        if (output == NULL)
            return FALSE;
        job.stream = output_stream(output);
        if (!export_to(&job, format, ret_error) || !output_commit(output, ret_error))
            return FALSE;
    }
    *ret_report = report;
    return TRUE;
}
