/* omosim export: a plan as a file of another tool. */
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "shell/diagnostic.h"
#include "shell/progress.h"
#include "shell/units.h"
#include "traffic/export.h"

#include <stdio.h>
#include <string.h>

static const struct options_page page = {
    .usage = "export [OPTION...] FORMAT FILE.plan",
    .summary =
        "Writes a traffic plan as a file of another tool. Formats:\n"
        "  har     HTTP Archive: a page for each journey\n"
        "  vegeta  JSON targets, one a line (times are lost)\n"
        "  log     access log in the combined format (bodies are lost)\n"
        "  csv     table of steps, with all that a plan holds\n"
        "The first three hold requests: those that were recorded, and those that an API map\n"
        "makes of simulated steps (--api). What the map would capture from answers shows as\n"
        "{{NAME}}. Steps without a request are left out.\n",
    .examples = "  omosim export csv day.plan -o day.csv\n"
                "  omosim export vegeta shop.plan --target http://127.0.0.1:8080 -o targets.json\n"
                "  omosim export har day.plan --api scenarios/api/reference.yaml --target "
                "http://127.0.0.1:8080 -o day.har\n",
    .positional_min = 2,
    .positional_max = 2,
};

static gboolean check_target(const char *target, GError **ret_error)
{
    g_autoptr(GUri) uri = target != NULL ? g_uri_parse(target, G_URI_FLAGS_ENCODED, NULL) : NULL;
    const char *scheme = uri != NULL ? g_uri_get_scheme(uri) : "";

    if (target == NULL || ((strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0) &&
                           g_uri_get_host(uri) != NULL && *g_uri_get_host(uri) != '\0'))
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                "--target: expected a URL such as http://127.0.0.1:8080, found '%s'", target);
    return FALSE;
}

static bool go_on(double share, void *context)
{
    progress_update(context, share, -1, 0);
    return !interrupt_requested();
}

static void tell(const struct export_report *report, bool steps)
{
    g_autofree char *count = units_format_count((int64_t)report->requests);

    fprintf(stderr, "export: %s %s\n", count, steps ? "steps" : "requests");
    if (report->left_count > 0)
        fprintf(stderr, "export: left out %" G_GUINT64_FORMAT " steps without a request\n",
                report->left_count);
    if (report->cut_count > 0)
        fprintf(stderr, "export: %" G_GUINT64_FORMAT " %s\n", report->cut_count, report->cut_what);
}

static enum command_status run(const char *format_text, const char *plan_path, const char *out,
                               const char *target, const char *api, GError **ret_error)
{
    struct export_options options = {.target = target, .go_on = go_on};
    g_autoptr(ApiMap) map = NULL;
    struct export_report report;
    enum traffic_format format;

    if (!traffic_format_find(format_text, &format, ret_error) || !check_target(target, ret_error))
        return COMMAND_ERROR;
    if (out == NULL) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--out: say where the file goes: -o FILE, or -o - for standard output");
        return COMMAND_ERROR;
    }
    if (api != NULL && (map = api_read(api, NULL, ret_error)) == NULL)
        return COMMAND_ERROR;
    options.map = map;
    g_autoptr(Progress) progress = progress_new(format_text, PROGRESS_NO_DATE);
    options.context = progress;
    if (!traffic_export(format, plan_path, out, &options, &report, ret_error)) {
        if (!interrupt_requested())
            return COMMAND_ERROR;
        g_clear_error(ret_error);
        return COMMAND_INTERRUPTED;
    }
    progress_clear(progress);
    tell(&report, format == FORMAT_csv);
    return COMMAND_DONE;
}

enum command_status command_export(int argc, char **argv, GError **ret_error)
{
    char *out = NULL, *target = NULL, *api = NULL;
    const GOptionEntry entries[] = {
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &out, "The file (-: to standard output)", "FILE"},
        {"target", 0, 0, G_OPTION_ARG_FILENAME, &target,
         "har, vegeta: where paths without a host are", "URL"},
        {"api", 0, 0, G_OPTION_ARG_FILENAME, &api, "har, vegeta, log: requests of simulated steps",
         "MAP.yaml"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    enum command_status status = COMMAND_ERROR;

    switch (options_parse(&page, entries, &argc, &argv, ret_error)) {
    case OPTIONS_GO:
        status = run(argv[1], argv[2], out, target, api, ret_error);
        break;
    case OPTIONS_SHOWN:
        status = COMMAND_DONE;
        break;
    case OPTIONS_ERROR:
        break;
    }
    g_free(out);
    g_free(target);
    g_free(api);
    return status;
}
