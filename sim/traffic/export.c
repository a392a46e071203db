/* Walks a plan for the exporters of recorded requests, and owns the file that they write. */
#include "shell/diagnostic.h"
#include "shell/output.h"
#include "traffic/export_private.h"

#include <errno.h>
#include <string.h>

#define EXPORT_LOOK_EACH 1024 /* journeys */

static gboolean (*const exporters[FORMAT_COUNT])(struct export *, GError **) = {
#define FORMAT(name) [FORMAT_##name] = export_##name,
#include "traffic/formats.def"
#undef FORMAT
};

char *export_text(struct message_text text) { return g_strndup(text.text, text.size); }

int64_t export_epoch_us(const PlanMerge *merge)
{
    const int64_t epoch_us = plan_merge_about(merge)->epoch_us;

    return epoch_us != INT64_MIN ? epoch_us : 0;
}

gboolean export_go_on(const struct export *export, double share, GError **ret_error)
{
    const struct export_options *options = export->options;

    if (options->go_on == NULL || options->go_on(share, options->context))
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: stopped",
                export->plan_path);
    return FALSE;
}

/* The URL of a request. Caller frees; NULL when it has no host. */
static char *export_url(const struct export *export, struct message_text target, bool needs_host)
{
    const char *base = export->options->target;

    if (!needs_host || target.text[0] != '/')
        return export_text(target);
    if (base == NULL)
        return NULL;
    const size_t size = strlen(base);
    return g_strdup_printf("%.*s%.*s", (int)(size > 0 && base[size - 1] == '/' ? size - 1 : size),
                           base, (int)target.size, target.text);
}

static gboolean export_visit(struct export *export, const struct plan_visit *visit,
                             int64_t epoch_us, bool needs_host, export_write write,
                             GError **ret_error)
{
    for (uint32_t i = 0; i < visit->journey.step_count; i++) {
        struct export_request request = {.visit = visit, .step = &visit->steps[i]};
        if (visit->payloads == NULL || visit->payloads[i].size == 0) {
            export->report->left_count++;
            continue;
        }
        if (!message_parse(&visit->payloads[i], &request.message)) {
            g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                        "%s: journey %" G_GUINT64_FORMAT ", step %u: not an HTTP/1.1 message",
                        export->plan_path, visit->number, i + 1);
            return FALSE;
        }
        g_autofree char *url = export_url(export, request.message.target, needs_host);
        if (url == NULL) {
            g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                        "%s: its requests have no host: give --target URL", export->plan_path);
            return FALSE;
        }
        request.url = url;
        if (__builtin_add_overflow(request.step->at_us, epoch_us, &request.at_us))
            request.at_us = request.step->at_us;
        if (!write(export, &request, ret_error))
            return FALSE;
        export->report->requests++;
    }
    return TRUE;
}

gboolean export_requests(struct export *export, bool needs_host, export_write write,
                         GError **ret_error)
{
    const char *const paths[] = {export->plan_path, NULL};
    g_autoptr(PlanMerge) merge = plan_merge_open(paths, 0, ret_error);
    g_autoptr(GError) end = NULL;
    struct plan_visit visit;

    if (merge == NULL)
        return FALSE;
    const int64_t epoch_us = export_epoch_us(merge);
    while (plan_merge_next(merge, &visit, &end)) {
        if (!export_visit(export, &visit, epoch_us, needs_host, write, ret_error))
            return FALSE;
        if (visit.number % EXPORT_LOOK_EACH == 0 &&
            !export_go_on(export, plan_merge_share_done(merge), ret_error))
            return FALSE;
    }
    if (end == NULL)
        return TRUE;
    g_propagate_error(ret_error, g_steal_pointer(&end));
    return FALSE;
}

static gboolean export_to(struct export *export, enum traffic_format format, GError **ret_error)
{
    gboolean done;

    export->text = g_string_new(NULL);
    done = exporters[format](export, ret_error);
    g_string_free(export->text, TRUE);
    if (done && format != FORMAT_csv && export->report->requests == 0 &&
        export->report->left_count > 0) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: has no recorded requests: export it to csv", export->plan_path);
        return FALSE;
    }
    return done;
}

gboolean traffic_export(enum traffic_format format, const char *plan_path, const char *path,
                        const struct export_options *options, struct export_report *ret_report,
                        GError **ret_error)
{
    struct export_report report = {.requests = 0};
    struct export export = {.plan_path = plan_path,
                            .options = options,
                            .report = &report,
                            .stream = stdout};

    if (strcmp(path, "-") == 0) {
        if (!export_to(&export, format, ret_error))
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
        export.stream = output_stream(output);
        if (!export_to(&export, format, ret_error) || !output_commit(output, ret_error))
            return FALSE;
    }
    *ret_report = report;
    return TRUE;
}
