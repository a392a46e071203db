/* omosim fit: a scenario's numbers from what real customers did. */
#include "cli/command.h"
#include "cli/emit.h"
#include "cli/fit_demand.h"
#include "cli/fit_members.h"
#include "cli/fit_report.h"
#include "cli/fit_tell.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/replay_outputs.h"
#include "report/report.h"
#include "shell/output.h"
#include "shell/progress.h"
#include "shell/spelling.h"
#include "shell/units.h"
#include "traffic/moment.h"

#include <stdio.h>
#include <string.h>

static const struct options_page page = {
    .usage = "fit [OPTION...] members|demand FILE.csv [FILE.csv...]",
    .summary =
        "Fits a scenario's laws to real transactions by maximum likelihood and says how well they\n"
        "fit.\n"
        "  members  how often customers buy and when they stop (BG/NBD), from id, date and, if\n"
        "           known, amount; what a customer bought on one day is one purchase. Or from a\n"
        "           table with a row a customer: frequency, recency, T\n"
        "  demand   when customers come, how much they buy, which products, at which prices: from\n"
        "           transactions (date, basket, product, quantity, amount), or from tables of\n"
        "           means: arrivals by weekday and hour, then products with daily demand and "
        "price;\n"
        "           --out writes a scenario of one shop that runs at once, and its table of hours\n"
        "Columns are found under the names that such tables usually have; --column names others.\n",
    .examples =
        "  omosim fit members transactions.csv\n"
        "  omosim fit members transactions.csv --calibrate-until 2017-09-30 --json\n"
        "  omosim fit members orders.csv --column id=buyer --column date=placed "
        "--out members.yaml\n"
        "  omosim fit demand transactions.csv --out my_shop.yaml && omosim run my_shop.yaml\n"
        "  omosim fit demand arrivals.csv products.csv --json\n",
    .positional_min = 2,
    .positional_max = 9,
};

struct fit_arguments {
    char **columns;
    char *unit, *until, *out, *report;
    gboolean json;
    const char *command; /* this command line */
};

static bool go_on(double share, void *context)
{
    progress_update(context, share, -1, 0);
    return !interrupt_requested();
}

static gboolean parse_members(const struct fit_arguments *a, struct fit_members_options *options,
                              GError **ret_error)
{
    g_autoptr(GError) reason = NULL;
    int64_t us;
    bool clock;

    if (a->unit != NULL && !units_parse_duration_us(a->unit, 0, &options->unit_us, &reason))
        return options_bad_usage(ret_error, "--unit: %s", reason->message);
    if (options->unit_us <= 0)
        return options_bad_usage(ret_error, "--unit: expected a duration above 0, such as 1w");
    if (a->until == NULL)
        return TRUE;
    if (!moment_parse_local(a->until, strlen(a->until), &us, &clock) || clock)
        return options_bad_usage(ret_error,
                                 "--calibrate-until: expected a date such as 2017-09-30, found "
                                 "'%s'",
                                 a->until);
    options->until_day = (int32_t)(us / OMO_US_PER_DAY);
    return TRUE;
}

static enum command_status fit_members_command(const struct fit_arguments *a, const char *path,
                                               GError **ret_error)
{
    struct fit_members_options options = {.columns = a->columns,
                                          .unit_us = 7 * OMO_US_PER_DAY,
                                          .until_day = FIT_MEMBERS_NO_DAY,
                                          .go_on = go_on};

    if (!parse_members(a, &options, ret_error))
        return COMMAND_ERROR;
    g_autoptr(Progress) progress = progress_new("reading", PROGRESS_NO_DATE);
    options.context = progress;
    g_autoptr(FitMembers) fit = fit_members_read(path, &options, ret_error);
    progress_clear(progress);
    if (fit == NULL)
        return interrupt_requested() ? COMMAND_INTERRUPTED : COMMAND_ERROR;
    if (fit->left_out > 0)
        fprintf(stderr, "fit: left out %" G_GUINT64_FORMAT " lines without an id or of refunds\n",
                fit->left_out);
    if (fit->fit.edge != 0)
        fprintf(stderr, "fit: the likelihood has no maximum inside the range; see the parameters "
                        "at its edge\n");
    if (a->out != NULL) {
        g_autofree char *text = fit_tell_members_scenario(fit);
        if (!output_write(a->out, text, strlen(text), ret_error))
            return COMMAND_ERROR;
    }
    if (a->report != NULL && !fit_report_members(fit, a->command, a->report, ret_error))
        return COMMAND_ERROR;
    if (a->json)
        emit_json(fit_tell_members_json(fit));
    else
        fit_tell_members(fit);
    return COMMAND_DONE;
}

static enum command_status fit_demand_command(const struct fit_arguments *a, char **paths,
                                              GError **ret_error)
{
    struct fit_demand_options options = {.columns = a->columns, .go_on = go_on};

    if (a->unit != NULL || a->until != NULL) {
        options_bad_usage(ret_error, "--unit and --calibrate-until are for members");
        return COMMAND_ERROR;
    }
    g_autoptr(Progress) progress = progress_new("reading", PROGRESS_NO_DATE);
    options.context = progress;
    g_autoptr(FitDemand) fit = fit_demand_read(paths, &options, ret_error);
    progress_clear(progress);
    if (fit == NULL)
        return interrupt_requested() ? COMMAND_INTERRUPTED : COMMAND_ERROR;
    if (fit->odd_line_count > 0)
        fprintf(stderr,
                "fit: %" G_GUINT64_FORMAT " lines of 0 or of more than %d units are left out of "
                "quantities and prices\n",
                fit->odd_line_count, FIT_DEMAND_QUANTITY_MAX);
    if (a->out != NULL && !fit_scenario_write_demand(fit, a->out, ret_error))
        return COMMAND_ERROR;
    if (a->report != NULL && !fit_report_demand(fit, a->command, a->report, ret_error))
        return COMMAND_ERROR;
    if (a->json)
        emit_json(fit_tell_demand_json(fit));
    else
        fit_tell_demand(fit);
    return COMMAND_DONE;
}

static enum command_status run(const struct fit_arguments *a, const char *what, char **paths,
                               GError **ret_error)
{
    static const char *const kinds[] = {"members", "demand", NULL};

    if ((a->out != NULL && !output_check(a->out, ret_error)) ||
        (a->report != NULL && (!output_check(a->report, ret_error) || !report_ready(ret_error))))
        return COMMAND_ERROR;
    if (strcmp(what, "demand") == 0)
        return fit_demand_command(a, paths, ret_error);
    if (strcmp(what, "members") == 0 && paths[1] == NULL)
        return fit_members_command(a, paths[0], ret_error);
    if (strcmp(what, "members") == 0) {
        options_bad_usage(ret_error, "members are fitted to one table; '%s' is one too many",
                          paths[1]);
        return COMMAND_ERROR;
    }
    g_autofree char *hint = spelling_hint(what, kinds);
    options_bad_usage(ret_error, "unknown kind of fit '%s'%s", what, hint);
    return COMMAND_ERROR;
}

enum command_status command_fit(int argc, char **argv, GError **ret_error)
{
    g_autofree char *command = replay_outputs_command(argc, argv);
    struct fit_arguments a = {.command = command};
    const GOptionEntry entries[] = {
        {"column", 'c', 0, G_OPTION_ARG_FILENAME_ARRAY, &a.columns,
         "The column of a role (id, date, amount, ...); may be repeated", "ROLE=NAME"},
        {"unit", 0, 0, G_OPTION_ARG_FILENAME, &a.unit, "members: unit of time (default: 1w)",
         "DURATION"},
        {"calibrate-until", 0, 0, G_OPTION_ARG_FILENAME, &a.until,
         "members: fit up to this day and hold the rest against the forecast", "DATE"},
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &a.out, "Write the scenario block", "FILE.yaml"},
        {"report", 'r', 0, G_OPTION_ARG_FILENAME, &a.report, "Write the report as a web page",
         "FILE.html"},
        {"json", 'j', 0, G_OPTION_ARG_NONE, &a.json, "Results as JSON", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    enum command_status status = COMMAND_ERROR;

    switch (options_parse(&page, entries, &argc, &argv, ret_error)) {
    case OPTIONS_GO:
        status = run(&a, argv[1], argv + 2, ret_error);
        break;
    case OPTIONS_SHOWN:
        status = COMMAND_DONE;
        break;
    case OPTIONS_ERROR:
        break;
    }
    g_strfreev(a.columns);
    g_free(a.unit);
    g_free(a.until);
    g_free(a.out);
    g_free(a.report);
    return status;
}
