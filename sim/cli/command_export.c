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
        "The first three hold requests that were recorded; steps without one are left out.\n",
    .examples = "  omosim export csv day.plan -o day.csv\n"
                "  omosim export vegeta shop.plan --target http://127.0.0.1:8080 -o targets.json\n",
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
        fprintf(stderr, "export: left out %" G_GUINT64_FORMAT " steps without a recorded request\n",
                report->left_count);
    if (report->cut_count > 0)
        fprintf(stderr, "export: %" G_GUINT64_FORMAT " %s\n", report->cut_count, report->cut_what);
}

static enum command_status run(const char *format_text, const char *plan_path, const char *out,
                               const char *target, GError **ret_error)
{
    struct export_options options = {.target = target, .go_on = go_on};
    struct export_report report;
    enum traffic_format format;

    if (!traffic_format_find(format_text, &format, ret_error) || !check_target(target, ret_error))
        return COMMAND_ERROR;
    if (out == NULL) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--out: say where the file goes: -o FILE, or -o - for standard output");
        return COMMAND_ERROR;
    }
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
    char *out = NULL, *target = NULL;
    const GOptionEntry entries[] = {
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &out, "The file (-: to standard output)", "FILE"},
        {"target", 0, 0, G_OPTION_ARG_FILENAME, &target,
         "har, vegeta: where paths without a host are", "URL"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    enum command_status status = COMMAND_ERROR;

    switch (options_parse(&page, entries, &argc, &argv, ret_error)) {
    case OPTIONS_GO:
        status = run(argv[1], argv[2], out, target, ret_error);
        break;
    case OPTIONS_SHOWN:
        status = COMMAND_DONE;
        break;
    case OPTIONS_ERROR:
        break;
    }
    g_free(out);
    g_free(target);
    return status;
}
