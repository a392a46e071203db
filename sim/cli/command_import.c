/* omosim import: recorded traffic as a plan. */
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "shell/diagnostic.h"
#include "shell/progress.h"
#include "shell/units.h"
#include "traffic/import.h"

#include <omosim/types.h>
#include <stdio.h>

static const struct options_page page = {
    .usage = "import [OPTION...] FORMAT FILE",
    .summary =
        "Makes a traffic plan of recorded traffic. Formats:\n"
        "  har     HTTP Archive: a journey for each page; what has none is cut by gaps\n"
        "  vegeta  JSON targets, one a line, spaced evenly by --rate\n"
        "  log     access log, common or combined: GET requests with their times; members are\n"
        "          told apart by address and user agent; each request is a journey of its own\n"
        "          unless --gap joins them\n"
        "  csv     table of steps, as `omosim export csv` writes it\n"
        "Cookies and tokens that were recorded are kept: they are what is sent again.\n",
    .examples = "  omosim import har shop.har -o shop.plan\n"
                "  omosim import log access.log --gap 30min -o visits.plan\n"
                "  omosim import vegeta targets.json --rate 200/s -o targets.plan\n",
    .positional_min = 2,
    .positional_max = 2,
};

struct import_arguments {
    char *out, *rate, *gap, *like;
    gboolean all_methods, skip_bad;
};

static gboolean set_usage_error(GError **ret_error, const char *option, const char *text)
{
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE, "--%s: %s", option, text);
    return FALSE;
}

static gboolean parse_options(const struct import_arguments *arguments, enum traffic_format format,
                              struct import_options *options, GError **ret_error)
{
    g_autoptr(GError) reason = NULL;

    if (arguments->out == NULL)
        return set_usage_error(ret_error, "out", "say where the plan goes: -o FILE.plan");
    if (arguments->rate != NULL && format != FORMAT_vegeta)
        return set_usage_error(ret_error, "rate", "is for vegeta; other formats have times");
    if (arguments->gap != NULL && format != FORMAT_har && format != FORMAT_log)
        return set_usage_error(ret_error, "gap", "is for har and log");
    if (arguments->like != NULL && format != FORMAT_csv)
        return set_usage_error(ret_error, "like", "is for csv");
    if (arguments->all_methods && format != FORMAT_log)
        return set_usage_error(ret_error, "all-methods", "is for log; other formats have them all");
    if (arguments->rate != NULL &&
        !units_parse_rate(arguments->rate, OMO_US_PER_SECOND, OMO_US_PER_SECOND,
                          &options->rate_per_s, &reason))
        return set_usage_error(ret_error, "rate", reason->message);
    if (arguments->rate != NULL && !(options->rate_per_s > 0))
        return set_usage_error(ret_error, "rate", "expected a rate above 0, such as 50/s");
    if (arguments->gap != NULL &&
        !units_parse_duration_us(arguments->gap, 0, &options->gap_us, &reason))
        return set_usage_error(ret_error, "gap", reason->message);
    return TRUE;
}

static bool go_on(double share, void *context)
{
    progress_update(context, share, -1, 0);
    return !interrupt_requested();
}

/* What was made, and what was not, on standard error. */
static void tell(const char *path, const struct import_report *report)
{
    const uint64_t journey_count = report->counts.journeys, step_count = report->counts.steps;
    g_autofree char *journeys = units_format_count((int64_t)journey_count);
    g_autofree char *steps = units_format_count((int64_t)step_count);

    fprintf(stderr, "import: %s journey%s, %s step%s\n", journeys, journey_count == 1 ? "" : "s",
            steps, step_count == 1 ? "" : "s");
    if (report->left_count > 0)
        fprintf(stderr, "import: left out %" G_GUINT64_FORMAT " that %s\n", report->left_count,
                report->left_why);
    if (report->bad_count > 0)
        fprintf(stderr, "import: skipped %" G_GUINT64_FORMAT " bad part%s of %s, the first: %s\n",
                report->bad_count, report->bad_count == 1 ? "" : "s", path, report->first_bad);
}

static enum command_status run(const struct import_arguments *arguments, const char *format_text,
                               const char *path, GError **ret_error)
{
    struct import_options options = {.skip_bad = arguments->skip_bad,
                                     .all_methods = arguments->all_methods,
                                     .gap_us = -1,
                                     .like = arguments->like,
                                     .go_on = go_on};
    struct import_report report;
    enum traffic_format format;

    if (!traffic_format_find(format_text, &format, ret_error) ||
        !parse_options(arguments, format, &options, ret_error))
        return COMMAND_ERROR;
    g_autoptr(Progress) progress = progress_new(format_text, PROGRESS_NO_DATE);
    options.context = progress;
    if (!traffic_import(format, path, arguments->out, &options, &report, ret_error)) {
        if (!interrupt_requested())
            return COMMAND_ERROR;
        g_clear_error(ret_error);
        return COMMAND_INTERRUPTED;
    }
    progress_clear(progress);
    tell(path, &report);
    g_free(report.first_bad);
    return COMMAND_DONE;
}

enum command_status command_import(int argc, char **argv, GError **ret_error)
{
    struct import_arguments a = {.out = NULL};
    const GOptionEntry entries[] = {
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &a.out, "The plan (-: to standard output)",
         "FILE.plan"},
        {"rate", 0, 0, G_OPTION_ARG_FILENAME, &a.rate, "vegeta: requests a second (default: 50/s)",
         "RATE"},
        {"gap", 0, 0, G_OPTION_ARG_FILENAME, &a.gap,
         "har, log: a journey ends after so long a silence (default: har 30s, log 0s)", "DURATION"},
        {"all-methods", 0, 0, G_OPTION_ARG_NONE, &a.all_methods,
         "log: other methods than GET, too, without their bodies", NULL},
        {"skip-bad", 0, 0, G_OPTION_ARG_NONE, &a.skip_bad, "Count bad lines and go on", NULL},
        {"like", 0, 0, G_OPTION_ARG_FILENAME, &a.like,
         "csv: take names, their numbers, and the header from this plan", "FILE.plan"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    enum command_status status = COMMAND_ERROR;

    switch (options_parse(&page, entries, &argc, &argv, ret_error)) {
    case OPTIONS_GO:
        status = run(&a, argv[1], argv[2], ret_error);
        break;
    case OPTIONS_SHOWN:
        status = COMMAND_DONE;
        break;
    case OPTIONS_ERROR:
        break;
    }
    g_free(a.out);
    g_free(a.rate);
    g_free(a.gap);
    g_free(a.like);
    return status;
}
