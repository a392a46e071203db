/* omosim trace: a traffic plan of simulated days.
 *
 * One replication of one point, in this thread. The days before the traced ones are simulated
 * without a reader of facts, then the world runs an hour at a time, for a look at signals and the
 * progress line between. It stops when nothing can start any more that belongs to the plan: the
 * rest of the horizon has no part in it.
 *
 * With the plan on standard output the summary goes to standard error.
 */
#include "cli/command.h"
#include "cli/emit.h"
#include "cli/interrupt.h"
#include "cli/study.h"
#include "cli/trace_filter.h"
#include "shell/diagnostic.h"
#include "shell/json.h"
#include "shell/progress.h"
#include "shell/table.h"
#include "shell/units.h"
#include "traffic/plan.h"
#include "traffic/steps.h"

#include <stdio.h>
#include <string.h>

static const struct options_page page = {
    .usage = "trace [OPTION...] SCENARIO -o FILE.plan",
    .summary =
        "Simulates a scenario and writes what its customers and clerks ask of a service as a\n"
        "traffic plan: one journey for each visit through an online channel and each clerk's\n"
        "task, its steps with their times and values. The scenario's block `traffic` says what\n"
        "customers do besides ordering (omosim list schema traffic).\n",
    .examples = "  omosim trace scenarios/two_stores.yaml -o day.plan\n"
                "  omosim trace scenarios/o2o_vs_omo.yaml --from 18:00 --to 22:00 --channel app "
                "-o evening.plan\n"
                "  omosim trace scenarios/two_stores.yaml --channel walk_in -o tills.plan\n"
                "  omosim trace scenarios/two_stores.yaml --days 7 --set traffic.cancel_share=0 "
                "-o week.plan\n",
    .positional_min = 1,
    .positional_max = 1,
};

#define SLICE_US OMO_US_PER_HOUR

struct trace_command { /* options as they come, and what they are turned into */
    struct options_study study;
    char *replication_text;
    struct trace_filter_options filter;
};

typedef struct tracing {
    const struct trace_command *command;
    Study *study;
    const omo_model *model;
    struct journeys_options options;
    TraceFilter *filter;
    omo_world *world;
    Journeys *journeys;
    PlanWriter *writer;
    Progress *progress;
    struct journeys_counts counts;
    struct plan_counts plan;
} Tracing;

static void tracing_free(Tracing *t)
{
    progress_free(t->progress);
    plan_writer_free(t->writer);
    journeys_free(t->journeys);
    omo_world_free(t->world);
    trace_filter_free(t->filter);
    study_free(t->study);
    g_free(t);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tracing, tracing_free)

/* ---- beginning ------------------------------------------------------------------------------- */

static gboolean read_habits(const Study *study, struct journeys_habits *ret_habits,
                            GError **ret_error)
{
    struct scenario_traffic s;

    if (!scenario_traffic(study_scenario(study), study_scenario_point(study, 0), &s, ret_error))
        return FALSE;
    *ret_habits = (struct journeys_habits){
        .browse_ppm = s.browse_ppm,
        .search_ppm = s.search_ppm,
        .scan_ppm = s.scan_ppm,
        .check_stock_ppm = s.check_stock_ppm,
        .points_ppm = s.points_ppm,
        .coupons_ppm = s.coupons_ppm,
        .looking_ppm = s.looking_ppm,
        .cancel_ppm = s.cancel_ppm,
        .return_ppm = s.return_ppm,
        .double_tap_ppm = s.double_tap_ppm,
        .points_after_ppm = s.points_after_ppm,
        .rush_at_us = s.rush_at_us,
        .rush_hold_us = s.rush_hold_us,
        .rush_reaction = s.rush_reaction,
        .accounts_per_cell = s.accounts,
        .think = s.think,
        .pay = s.pay,
        .cancel_after = s.cancel_after,
        .return_after = s.return_after,
        .notice_us = s.notice_us,
    };
    return TRUE;
}

static gboolean on_journey(void *user, const omo_plan_journey *journey, const omo_plan_step *steps,
                           GError **ret_error)
{
    Tracing *t = user;

    return plan_write_journey(t->writer, journey, steps, NULL, ret_error);
}

/* Names of `count` things; the texts are the model's. Caller frees the array. */
static const char **list_names(const omo_model *model, uint32_t count,
                               const char *(*name)(const omo_model *, uint32_t))
{
    const char **names = g_new(const char *, (size_t)count + 1);

    for (uint32_t i = 0; i < count; i++)
        names[i] = name(model, i);
    names[count] = NULL;
    return names;
}

/* Names of promotions, or the number of one without; empty when none has a name. The caller's. */
static GStrv list_coupons(const omo_model *model)
{
    const uint32_t count = omo_model_promotion_count(model);
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    omo_promotion_options promotion;
    bool named = false;

    for (uint32_t i = 0; i < count; i++) {
        omo_model_promotion(model, i, &promotion);
        named = named || promotion.id[0] != '\0';
    }
    for (uint32_t i = 0; i < count && named; i++) {
        g_autofree char *number = g_strdup_printf("%u", i);
        omo_model_promotion(model, i, &promotion);
        g_strv_builder_add(names, promotion.id[0] != '\0' ? promotion.id : number);
    }
    return g_strv_builder_end(names);
}

static gboolean open_plan(Tracing *t, GError **ret_error)
{
    const omo_model *m = t->model;
    g_autofree const char **channels =
        list_names(m, omo_model_channel_count(m), omo_model_channel_id);
    g_autofree const char **places = list_names(m, omo_model_place_count(m), omo_model_place_id);
    g_autofree const char **skus = list_names(m, omo_model_sku_count(m), omo_model_sku_id);
    g_auto(GStrv) coupons = list_coupons(m);
    const struct plan_about about = {.scenario = scenario_name(study_scenario(t->study)),
                                     .channels = channels,
                                     .places = places,
                                     .skus = skus,
                                     .coupons =
                                         coupons[0] != NULL ? (const char *const *)coupons : NULL,
                                     .epoch_us = INT64_MIN,
                                     .seed = t->options.seed,
                                     .replication = t->options.replication};

    t->writer = plan_writer_open(t->command->study.out, &about, ret_error);
    return t->writer != NULL;
}

static Tracing *tracing_new(const char *path, struct trace_command *command, GError **ret_error)
{
    g_autoptr(Tracing) t = g_new0(Tracing, 1);
    uint64_t replication = 0;
    omo_error error;

    t->command = command;
    if (command->study.out == NULL || command->study.out[0] == '\0') {
        options_bad_usage(ret_error,
                          "where to? give the plan a file with -o FILE.plan, or -o - for "
                          "standard output");
        return NULL;
    }
    if (command->study.json && strcmp(command->study.out, "-") == 0) {
        options_bad_usage(ret_error,
                          "-o - and --json both print to standard output; give the plan a file");
        return NULL;
    }
    if (!options_study_check(&command->study, ret_error))
        return NULL;
    if (command->replication_text != NULL &&
        !g_ascii_string_to_unsigned(command->replication_text, 10, 0, OPTIONS_REPLICATIONS_MAX - 1,
                                    &replication, NULL)) {
        options_bad_usage(ret_error,
                          "--replication: expected a whole number from 0 to %d, found '%s'",
                          OPTIONS_REPLICATIONS_MAX - 1, command->replication_text);
        return NULL;
    }
    t->study = study_new(path, &command->study, STUDY_ONE_POINT, ret_error);
    if (t->study == NULL)
        return NULL;
    t->model = omo_experiment_point_model(study_experiment(t->study), 0);
    t->options.seed = omo_experiment_seed(study_experiment(t->study));
    t->options.replication = (uint32_t)replication;
    t->filter = trace_filter_new(&command->filter, t->model, ret_error);
    if (t->filter == NULL || !read_habits(t->study, &t->options.habits, ret_error))
        return NULL;
    trace_filter_apply(t->filter, &t->options);
    t->world = omo_world_new(t->model, t->options.seed, t->options.replication, &error);
    if (t->world == NULL) {
        study_set_library_error(ret_error, &error);
        return NULL;
    }
    t->journeys = journeys_new(t->world, t->model, &t->options, on_journey, t);
    return g_steal_pointer(&t);
}

/* ---- running --------------------------------------------------------------------------------- */

static omo_status run(Tracing *t, omo_error *ret_error)
{
    const int64_t from_us = journeys_read_from_us(&t->options);
    const int64_t until_us =
        MIN(journeys_read_until_us(&t->options), omo_model_horizon_us(t->model));
    omo_status status = OMO_OK;

    t->progress = progress_new(scenario_name(study_scenario(t->study)), PROGRESS_NO_DATE);
    for (int64_t at_us = 0; at_us < until_us && status == OMO_OK;) {
        if (at_us == from_us)
            omo_world_set_reader(t->world, journeys_read, t->journeys);
        const int64_t next_us = MIN(at_us + SLICE_US, until_us);
        at_us = at_us < from_us ? MIN(next_us, from_us) : next_us;
        if (interrupt_requested() || journeys_failed(t->journeys))
            return OMO_ECANCELLED;
        status = omo_world_run(t->world, at_us, ret_error);
        progress_update(t->progress, (double)at_us / (double)until_us, at_us,
                        omo_world_event_count(t->world));
    }
    return status;
}

/* ---- telling --------------------------------------------------------------------------------- */

/* "day 7 06:30:05". Caller frees. */
static char *format_moment(int64_t us)
{
    const int64_t day = us / OMO_US_PER_DAY;
    const int64_t second_us = us % OMO_US_PER_DAY / OMO_US_PER_SECOND * OMO_US_PER_SECOND;
    g_autofree char *time = units_format_time_of_day(second_us);

    return g_strdup_printf("day %" G_GINT64_FORMAT " %s", day, time);
}

static void add_row(Table *table, const char *name, uint64_t count)
{
    g_autofree char *text = units_format_count((int64_t)count);

    table_add_format(table, "  %s", name);
    table_add(table, text);
}

static void print_summary(const Tracing *t, FILE *stream)
{
    g_autoptr(Table) table = table_new();
    g_autofree char *first = format_moment(t->plan.first_us);
    g_autofree char *last = format_moment(t->plan.last_us);
    g_autofree char *journeys = units_format_count((int64_t)t->plan.journeys);
    g_autofree char *steps = units_format_count((int64_t)t->plan.steps);

    table_column(table, "journeys", TABLE_LEFT);
    table_column(table, journeys, TABLE_RIGHT);
    for (uint32_t i = 0; i < omo_model_channel_count(t->model); i++)
        if (t->options.channel[i])
            add_row(table, omo_model_channel_id(t->model, i), t->counts.channel[i]);
    table_gap(table);
    for (uint32_t kind = 0; kind < JOURNEYS_KIND_COUNT; kind++)
        if (t->counts.journeys[kind] > 0)
            add_row(table, journeys_kind_name((enum journeys_kind)kind), t->counts.journeys[kind]);
    table_gap(table);
    table_add(table, "steps");
    table_add(table, steps);
    for (uint32_t kind = 0; kind < STEP_COUNT; kind++)
        if (t->plan.step_kind[kind] > 0)
            add_row(table, step_name(kind), t->plan.step_kind[kind]);
    table_print(table, stream);
    if (t->plan.journeys > 0)
        fprintf(stream, "\n%s to %s", first, last);
    fprintf(stream,
            "\nreplication %u, seed %" G_GUINT64_FORMAT ", digest %016" G_GINT64_MODIFIER "x\n",
            t->options.replication, t->options.seed, omo_world_digest(t->world));
}

static void print_json(const Tracing *t)
{
    json_t *root = json_object(), *channels = json_object(), *kinds = json_object(),
           *steps = json_object();
    g_autofree char *digest =
        g_strdup_printf("%016" G_GINT64_MODIFIER "x", omo_world_digest(t->world));

    for (uint32_t i = 0; i < omo_model_channel_count(t->model); i++)
        if (t->options.channel[i])
            json_object_set_new(channels, omo_model_channel_id(t->model, i),
                                json_integer((json_int_t)t->counts.channel[i]));
    for (uint32_t kind = 0; kind < JOURNEYS_KIND_COUNT; kind++)
        json_object_set_new(kinds, journeys_kind_name((enum journeys_kind)kind),
                            json_integer((json_int_t)t->counts.journeys[kind]));
    for (uint32_t kind = 0; kind < STEP_COUNT; kind++)
        if (t->plan.step_kind[kind] > 0)
            json_object_set_new(steps, step_name(kind),
                                json_integer((json_int_t)t->plan.step_kind[kind]));
    json_object_set_new(root, "scenario", json_make_text(scenario_name(study_scenario(t->study))));
    json_object_set_new(root, "point", json_make_text(study_point(t->study, 0)->name));
    json_object_set_new(root, "seed", json_integer((json_int_t)t->options.seed));
    json_object_set_new(root, "replication", json_integer(t->options.replication));
    json_object_set_new(root, "digest", json_make_text(digest));
    json_object_set_new(root, "plan", json_make_text(t->command->study.out));
    json_object_set_new(root, "journeys", json_integer((json_int_t)t->plan.journeys));
    json_object_set_new(root, "steps", json_integer((json_int_t)t->plan.steps));
    json_object_set_new(root, "first_us", json_integer((json_int_t)t->plan.first_us));
    json_object_set_new(root, "last_us", json_integer((json_int_t)t->plan.last_us));
    json_object_set_new(root, "waiting_max", json_integer(t->counts.waiting_max));
    json_object_set_new(root, "by_channel", channels);
    json_object_set_new(root, "by_kind", kinds);
    json_object_set_new(root, "by_step", steps);
    emit_json(root);
}

static enum command_status trace(const char *path, struct trace_command *command,
                                 GError **ret_error)
{
    g_autoptr(Tracing) t = tracing_new(path, command, ret_error);
    omo_error error = {OMO_OK, ""};

    if (t == NULL || !open_plan(t, ret_error))
        return COMMAND_ERROR;
    const omo_status status = run(t, &error);
    g_clear_pointer(&t->progress, progress_free);
    if (interrupt_requested()) {
        fprintf(stderr, "interrupted: no plan was written\n");
        return COMMAND_INTERRUPTED;
    }
    if (status == OMO_EAUDIT) {
        fprintf(stderr, "error: audit: %s\n", error.text);
        return COMMAND_FAILED;
    }
    if (status != OMO_OK && !journeys_failed(t->journeys)) {
        study_set_library_error(ret_error, &error);
        return COMMAND_ERROR;
    }
    if (!journeys_finish(t->journeys, &t->counts, ret_error))
        return COMMAND_ERROR;
    plan_writer_set_digest(t->writer, omo_world_digest(t->world));
    if (!plan_writer_commit(t->writer, &t->plan, ret_error))
        return COMMAND_ERROR;
    if (command->study.json)
        print_json(t);
    else
        print_summary(t, strcmp(command->study.out, "-") == 0 ? stderr : stdout);
    if (t->plan.journeys == 0)
        fprintf(stderr, "warning: the plan is empty\n");
    return COMMAND_DONE;
}

enum command_status command_trace(int argc, char **argv, GError **ret_error)
{
    struct trace_command c = {.filter = {.clerks = TRUE}};
    const GOptionEntry entries[] =
        {{"out", 'o', 0, G_OPTION_ARG_FILENAME, &c.study.out, "Write the plan; -: standard output",
          "FILE.plan"},
         TRACE_FILTER_OPTIONS(c.filter),
         {"point", 'p', 0, G_OPTION_ARG_FILENAME, &c.study.point,
          "Design point to run (default: the one marked default)", "NAME"},
         {"replication", 'R', 0, G_OPTION_ARG_FILENAME, &c.replication_text,
          "Which replication (default 0)", "N"},
         {"seed", 's', 0, G_OPTION_ARG_FILENAME, &c.study.seed_text,
          "Seed instead of the scenario's", "N"},
         {"set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &c.study.sets,
          "Override a value of the scenario; may be repeated", "PATH=VALUE"},
         {"json", 'j', 0, G_OPTION_ARG_NONE, &c.study.json, "Counts as JSON", NULL},
         {NULL, 0, 0, 0, NULL, NULL, NULL}};
    enum command_status status = COMMAND_ERROR;

    switch (options_parse(&page, entries, &argc, &argv, ret_error)) {
    case OPTIONS_GO:
        status = trace(argv[1], &c, ret_error);
        break;
    case OPTIONS_SHOWN:
        status = COMMAND_DONE;
        break;
    case OPTIONS_ERROR:
        break;
    }
    options_study_clear(&c.study);
    trace_filter_options_clear(&c.filter);
    g_free(c.replication_text);
    return status;
}
