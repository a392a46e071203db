/* omosim plan: what traffic plans hold, a part of one, several as one.
 *
 * One walk does all three jobs: the files are merged, journeys that the filters drop are left out,
 * and the rest is counted, and printed or written. The walk takes the checksums along, so a written
 * plan appears only when all that it was made of was whole.
 */
#include "cli/command.h"
#include "cli/emit.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "shell/diagnostic.h"
#include "shell/json.h"
#include "shell/progress.h"
#include "shell/table.h"
#include "shell/units.h"
#include "traffic/plan_filter.h"
#include "traffic/plan_print.h"
#include "traffic/plan_tally.h"

#include <stdio.h>
#include <string.h>

#define PLAN_LOOK_EACH 4096 /* journeys between looks at the clock and at interrupts */

static const struct options_page page = {
    .usage = "plan [OPTION...] FILE...",
    .summary =
        "Counts, prints, filters and merges traffic plans. Several files are merged by time:\n"
        "by the clock where they know when their time 0 was, else from time 0.\n"
        "Times for --from and --to count from time 0 (18h, 1d6h), or are a time of day (18:00)\n"
        "on each day of the plan. A journey is kept or dropped whole, by its start.\n",
    .examples = "  omosim plan day.plan\n"
                "  omosim plan day.plan --print --limit 20\n"
                "  omosim plan day.plan --from 18:00 --to 22:00 --channel app -o evening.plan\n"
                "  omosim plan app.plan web.plan --sample 10% -o small.plan\n",
    .positional_min = 1,
    .positional_max = 1000,
};

struct plan_options {
    struct plan_filter_options filter;
    char *seed, *shift, *limit, *out;
    gboolean print, json;
    int64_t shift_us;
    uint64_t line_max; /* of printed steps */
};

/* A walk through the plans, and what it does. */
struct plan_job {
    const struct plan_options *options;
    PlanMerge *merge;
    PlanFilter *filter;
    PlanTally *tally;
    PlanWriter *writer; /* NULL: nothing is written */
    uint64_t line_count;
};

static void plan_options_clear(struct plan_options *o)
{
    const char *texts[] = {o->filter.from,  o->filter.to,     o->filter.channels, o->filter.places,
                           o->filter.steps, o->filter.member, o->filter.journeys, o->filter.sample};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free((char *)(uintptr_t)texts[i]);
    g_free(o->seed);
    g_free(o->shift);
    g_free(o->limit);
    g_free(o->out);
}

static gboolean plan_usage_error(GError **ret_error, const char *text)
{
    g_set_error_literal(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE, text);
    return FALSE;
}

static gboolean plan_options_check(struct plan_options *o, GError **ret_error)
{
    const char *shift = o->shift != NULL ? o->shift : "0";

    if (o->print && (o->json || o->out != NULL))
        return plan_usage_error(ret_error, "--print goes without --json and --out");
    if (o->json && g_strcmp0(o->out, "-") == 0)
        return plan_usage_error(ret_error, "--json and --out - would both go to standard output");
    if (o->limit != NULL && !o->print)
        return plan_usage_error(ret_error, "--limit is for --print");
    o->line_max = UINT64_MAX;
    if (o->limit != NULL &&
        !g_ascii_string_to_unsigned(o->limit, 10, 0, UINT64_MAX, &o->line_max, NULL))
        return plan_usage_error(ret_error, "--limit: expected a number of lines");
    o->filter.seed = 1;
    if (o->seed != NULL &&
        !g_ascii_string_to_unsigned(o->seed, 10, 0, G_MAXINT64, &o->filter.seed, NULL))
        return plan_usage_error(ret_error, "--seed: expected a whole number");
    const gboolean back = *shift == '-';
    if (!units_parse_duration_us(shift + back, 0, &o->shift_us, ret_error)) {
        g_prefix_error(ret_error, "--shift: ");
        return FALSE;
    }
    if (back)
        o->shift_us = -o->shift_us;
    return TRUE;
}

/* ---- counts ---------------------------------------------------------------------------------- */

static json_t *counts_json(const struct plan_job *job, const struct plan_totals *totals)
{
    const struct plan_about *about = plan_merge_about(job->merge);
    json_t *json = json_object();
    json_t *steps = json_object();
    json_t *channels = json_object();

    for (uint32_t kind = 0; kind < STEP_COUNT; kind++)
        if (totals->step_kind[kind] > 0)
            json_object_set_new(steps, step_name(kind),
                                json_integer((json_int_t)totals->step_kind[kind]));
    for (uint32_t channel = 0; channel <= UINT8_MAX; channel++)
        if (totals->channel[channel] > 0)
            json_object_set_new(channels, plan_merge_name(job->merge, PLAN_CHANNEL, channel),
                                json_integer((json_int_t)totals->channel[channel]));
    json_object_set_new(json, "scenario", json_make_text(about->scenario));
    json_object_set_new(json, "epoch_us",
                        about->epoch_us != INT64_MIN ? json_integer(about->epoch_us) : json_null());
    json_object_set_new(json, "journeys", json_integer((json_int_t)totals->journeys));
    json_object_set_new(json, "steps", json_integer((json_int_t)totals->steps));
    json_object_set_new(json, "first_us", json_integer(totals->first_us));
    json_object_set_new(json, "last_us", json_integer(totals->last_us));
    json_object_set_new(json, "request_bytes", json_integer((json_int_t)totals->payload_size));
    json_object_set_new(json, "busiest_minute_us", json_integer(totals->peak_us));
    json_object_set_new(json, "busiest_minute_steps", json_integer((json_int_t)totals->peak_steps));
    json_object_set_new(json, "by_step", steps);
    json_object_set_new(json, "by_channel", channels);
    return json;
}

static void add_count(Table *table, const char *name, uint64_t count, uint64_t total)
{
    g_autofree char *text = units_format_count((int64_t)count);

    table_add(table, name);
    table_add(table, text);
    table_add_format(table, "%.1f%%", 100.0 * (double)count / (double)total);
}

static void print_tables(const struct plan_job *job, const struct plan_totals *totals)
{
    g_autoptr(Table) steps = table_new();
    g_autoptr(Table) channels = table_new();

    table_column(steps, "step", TABLE_LEFT);
    table_column(steps, "count", TABLE_RIGHT);
    table_column(steps, "share", TABLE_RIGHT);
    for (uint32_t kind = 0; kind < STEP_COUNT; kind++)
        if (totals->step_kind[kind] > 0)
            add_count(steps, step_name(kind), totals->step_kind[kind], totals->steps);
    table_column(channels, "channel", TABLE_LEFT);
    table_column(channels, "journeys", TABLE_RIGHT);
    table_column(channels, "share", TABLE_RIGHT);
    for (uint32_t channel = 0; channel <= UINT8_MAX; channel++)
        if (totals->channel[channel] > 0)
            add_count(channels,
                      channel == OMO_PLAN_NO_CHANNEL
                          ? "(none)"
                          : plan_merge_name(job->merge, PLAN_CHANNEL, channel),
                      totals->channel[channel], totals->journeys);
    putchar('\n');
    table_print(steps, stdout);
    putchar('\n');
    table_print(channels, stdout);
}

static void print_counts(const struct plan_job *job, const struct plan_totals *totals)
{
    g_autofree char *journeys = units_format_count((int64_t)totals->journeys);
    g_autofree char *steps = units_format_count((int64_t)totals->steps);
    g_autofree char *peak = units_format_count((int64_t)totals->peak_steps);
    g_autofree char *span = units_format_duration_short(totals->last_us - totals->first_us);
    char first[PLAN_TIME_SIZE], last[PLAN_TIME_SIZE], busy[PLAN_TIME_SIZE];

    printf("%s journeys, %s steps\n", journeys, steps);
    if (totals->journeys == 0)
        return;
    printf("from %s to %s (%s)\n", plan_print_time(job->merge, totals->first_us, first),
           plan_print_time(job->merge, totals->last_us, last), span);
    printf("busiest minute: %s steps (%.1f/s) from %s\n", peak, (double)totals->peak_steps / 60.0,
           plan_print_time(job->merge, totals->peak_us, busy));
    if (totals->payload_size > 0) {
        g_autofree char *size = units_format_count((int64_t)totals->payload_size);
        printf("recorded requests: %s bytes\n", size);
    }
    print_tables(job, totals);
}

static void show(struct plan_job *job)
{
    const struct plan_totals *totals = plan_tally_totals(job->tally);

    if (job->options->print || g_strcmp0(job->options->out, "-") == 0)
        return;
    if (job->options->json)
        emit_json(counts_json(job, totals));
    else
        print_counts(job, totals);
}

/* ---- the walk -------------------------------------------------------------------------------- */

/* FALSE with the error set when writing fails. */
static gboolean handle(struct plan_job *job, const struct plan_visit *visit, GError **ret_error)
{
    plan_tally_add(job->tally, visit);
    if (job->options->print)
        job->line_count +=
            plan_print_visit(job->merge, visit, job->options->line_max - job->line_count, stdout);
    return job->writer == NULL || plan_write_journey(job->writer, &visit->journey, visit->steps,
                                                     visit->payloads, ret_error);
}

static enum command_status walk(struct plan_job *job, GError **ret_error)
{
    g_autoptr(Progress) progress = progress_new("plan", PROGRESS_NO_DATE);
    g_autoptr(GError) error = NULL;
    struct plan_visit visit;

    while (job->line_count < job->options->line_max &&
           plan_merge_next(job->merge, &visit, &error)) {
        if (visit.number % PLAN_LOOK_EACH == 0) {
            if (interrupt_requested())
                return COMMAND_INTERRUPTED;
            if (job->options->print && ferror(stdout) != 0)
                return COMMAND_CANNOT_RUN; /* main() says why */
            progress_update(progress, plan_merge_share_done(job->merge), -1, visit.number);
        }
        if (plan_filter_match(job->filter, &visit) && !handle(job, &visit, ret_error))
            return COMMAND_ERROR;
    }
    if (error == NULL)
        return COMMAND_DONE;
    g_propagate_error(ret_error, g_steal_pointer(&error));
    return COMMAND_ERROR;
}

static enum command_status run(const struct plan_options *options, const char *const *paths,
                               GError **ret_error)
{
    g_autoptr(PlanMerge) merge = plan_merge_open(paths, options->shift_us, ret_error);
    g_autoptr(PlanTally) tally = plan_tally_new();

    if (merge == NULL)
        return COMMAND_ERROR;
    g_autoptr(PlanFilter) filter = plan_filter_new(&options->filter, merge, ret_error);
    if (filter == NULL)
        return COMMAND_ERROR;
    g_autoptr(PlanWriter) writer = NULL;
    if (options->out != NULL) {
        writer = plan_writer_open(options->out, plan_merge_about(merge), ret_error);
        if (writer == NULL)
            return COMMAND_ERROR;
    }
    struct plan_job job = {.options = options,
                           .merge = merge,
                           .filter = filter,
                           .tally = tally,
                           .writer = writer};
    if (options->print)
        plan_print_heading(merge, stdout);
    const enum command_status status = walk(&job, ret_error);
    if (status != COMMAND_DONE)
        return status;
    if (writer != NULL && !plan_writer_commit(writer, NULL, ret_error))
        return COMMAND_ERROR;
    show(&job);
    return COMMAND_DONE;
}

#define PLAN_TEXT(name, target, help, form)                                                        \
    {                                                                                              \
        name, 0, 0, G_OPTION_ARG_FILENAME, (void *)(target), help, form                            \
    }

enum command_status command_plan(int argc, char **argv, GError **ret_error)
{
    struct plan_options o = {.print = FALSE};
    const GOptionEntry entries[] = {
        {"print", 'p', 0, G_OPTION_ARG_NONE, &o.print, "Print the steps, a line each", NULL},
        PLAN_TEXT("limit", &o.limit, "Print so many steps at most", "N"),
        PLAN_TEXT("from", &o.filter.from, "Journeys that start then or later", "TIME"),
        PLAN_TEXT("to", &o.filter.to, "Journeys that start before then", "TIME"),
        PLAN_TEXT("channel", &o.filter.channels, "Journeys of these channels", "NAME,..."),
        PLAN_TEXT("place", &o.filter.places, "Journeys with a step at these places", "NAME,..."),
        PLAN_TEXT("step", &o.filter.steps, "Journeys with a step of these kinds", "NAME,..."),
        PLAN_TEXT("member", &o.filter.member, "Journeys of one member", "N"),
        PLAN_TEXT("journeys", &o.filter.journeys, "Journeys by their numbers", "FIRST:COUNT"),
        PLAN_TEXT("sample", &o.filter.sample, "Journeys of a share of the members", "SHARE"),
        PLAN_TEXT("seed", &o.seed, "Seed of the sample (default: 1)", "N"),
        PLAN_TEXT("shift", &o.shift, "Move all times, back with -", "DURATION"),
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &o.out, "Write a plan (-: to standard output)",
         "FILE.plan"},
        {"json", 'j', 0, G_OPTION_ARG_NONE, &o.json, "The counts as JSON", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    enum command_status status = COMMAND_ERROR;

    switch (options_parse(&page, entries, &argc, &argv, ret_error)) {
    case OPTIONS_GO:
        if (plan_options_check(&o, ret_error))
            status = run(&o, (const char *const *)argv + 1, ret_error);
        break;
    case OPTIONS_SHOWN:
        status = COMMAND_DONE;
        break;
    case OPTIONS_ERROR:
        break;
    }
    plan_options_clear(&o);
    return status;
}
