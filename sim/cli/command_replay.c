/* omosim replay: a plan, or a rate, against live services.
 *
 * What to send comes from a plan and an API map, or from a target's path; when, from the plan's own
 * times, from stages of a rate, or (closed loop) from the answers. The exit status is the verdict:
 * 0 all thresholds hold, 1 one does not or the generator was too slow, 3 the target can't be
 * reached, 130 interrupted, with what was measured until then printed and written.
 */
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/replay_audit.h"
#include "cli/replay_dry_run.h"
#include "cli/replay_hooks.h"
#include "cli/replay_options.h"
#include "cli/replay_outputs.h"
#include "cli/replay_progress.h"
#include "replay/live.h"
#include "shell/diagnostic.h"
#include "shell/units.h"

#include <stdio.h>
#include <string.h>

#define DRY_RUN_DEFAULT "2"
#define GET_DURATION_NS INT64_C(10000000000) /* without a plan and without --duration */
#define USERS_MAX 10000000

static const struct options_page page = {
    .usage = "replay [OPTION...] [PLAN] --target URL",
    .summary =
        "Sends the customer journeys of a plan at live services: each request at its intended\n"
        "time, whatever is still open. Without a PLAN the target's own path is asked for.\n"
        "The exit status is 1 when a threshold is broken or the generator was too slow.\n",
    .examples =
        "  omosim replay --target http://127.0.0.1:8080/hello --rate 1000 --duration 30s\n"
        "  omosim replay day.plan --api scenarios/api/reference.yaml --speed 600 \\\n"
        "      --target http://127.0.0.1:8080 --threshold 'p99<250ms' "
        "--threshold 'errors<0.1%'\n"
        "  omosim replay day.plan --api api.yaml --target http://127.0.0.1:8080 \\\n"
        "      --stages 30s:100,2m:100-1000,10s:1000-0 --report load.html\n"
        "  omosim replay day.plan --api api.yaml --target http://127.0.0.1:8080 --dry-run\n",
    .positional_min = 0,
    .positional_max = 1,
};

struct replay {
    struct replay_options options;
    struct replay_outputs outputs;
    struct replay_hooks hooks;
    struct replay_audit audit;
    struct replay_progress progress;
    char *rate_text, *stages_text, *users_text, *duration_text, *dry_run_text, *record;
    char *live_address;
    char **threshold_texts, **abort_texts;

    GArray *stages;        /* struct load_stage; NULL = none */
    GPtrArray *thresholds; /* struct threshold; those of --abort-on last */
    guint abort_first;     /* of them */
    uint64_t expected_requests;
    char *title, *mode;
    Live *live; /* NULL = no page */
};

static void replay_clear(struct replay *r)
{
    char **texts[] = {&r->rate_text,     &r->stages_text,  &r->users_text,
                      &r->duration_text, &r->dry_run_text, &r->record,
                      &r->title,         &r->mode,         &r->live_address};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
    g_clear_pointer(&r->threshold_texts, g_strfreev);
    g_clear_pointer(&r->abort_texts, g_strfreev);
    g_clear_pointer(&r->stages, g_array_unref);
    g_clear_pointer(&r->thresholds, g_ptr_array_unref);
    g_clear_pointer(&r->live, live_free);
    replay_hooks_clear(&r->hooks);
    replay_audit_clear(&r->audit);
    replay_outputs_clear(&r->outputs);
    replay_options_clear(&r->options);
}

/* ---- what and when --------------------------------------------------------------------------- */

static uint64_t count_window(const struct load_options *load)
{
    struct plan_cursor cursor = plan_begin(load->plan);
    const omo_plan_journey *journey;
    uint64_t count = 0;

    if (load->from_us == INT64_MIN && load->to_us == INT64_MAX)
        return plan_journey_count(load->plan);
    while ((journey = plan_next(load->plan, &cursor)) != NULL && journey->at_us < load->to_us)
        count += journey->at_us >= load->from_us;
    return count;
}

/* --rate as a single stage: as long as --duration says, else once through the plan. */
static gboolean set_rate(struct replay *r, bool has_plan, GError **ret_error)
{
    struct load_options *load = &r->options.load;
    struct load_stage stage = {.duration_ns = load->duration_ns};

    if (!replay_parse_rate("rate", r->rate_text, false, &stage.from, ret_error))
        return FALSE;
    stage.to = stage.from;
    if (stage.duration_ns == INT64_MAX)
        stage.duration_ns = has_plan ? (int64_t)((double)count_window(load) / stage.from * 1e9) + 1
                                     : GET_DURATION_NS;
    r->stages = g_array_new(FALSE, TRUE, sizeof stage);
    g_array_append_val(r->stages, stage);
    return TRUE;
}

static gboolean set_schedule(struct replay *r, const char *plan, GError **ret_error)
{
    struct load_options *load = &r->options.load;
    uint64_t users = 0;

    if ((r->rate_text != NULL) + (r->stages_text != NULL) + (r->users_text != NULL) > 1) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--rate, --stages and --users: only one of them");
        return FALSE;
    }
    if (!replay_parse_duration("duration", r->duration_text, &load->duration_ns, ret_error) ||
        !replay_parse_whole("users", r->users_text, 1, USERS_MAX, &users, ret_error))
        return FALSE;
    if (load->duration_ns <= 0) { /* nothing would be sent, and every threshold hold */
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--duration: expected a time above 0, found '%s'", r->duration_text);
        return FALSE;
    }
    if (r->users_text != NULL) {
        load->mode = LOAD_CLOSED;
        load->users = (uint32_t)users;
        if (plan == NULL && load->duration_ns == INT64_MAX)
            load->duration_ns = GET_DURATION_NS;
        return TRUE;
    }
    if (r->rate_text == NULL && r->stages_text == NULL) {
        if (plan != NULL)
            return TRUE;
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "without a PLAN --rate, --stages or --users is needed");
        return FALSE;
    }
    load->mode = LOAD_RATE;
    if (r->rate_text != NULL) {
        if (!set_rate(r, plan != NULL, ret_error))
            return FALSE;
    } else {
        r->stages = replay_parse_stages("stages", r->stages_text, ret_error);
        if (r->stages == NULL)
            return FALSE;
    }
    load->stages = (const struct load_stage *)(const void *)r->stages->data;
    load->stage_count = r->stages->len;
    return TRUE;
}

static void set_title(struct replay *r, const char *plan)
{
    const struct load_options *load = &r->options.load;
    g_autofree char *name =
        plan != NULL ? g_path_get_basename(plan) : g_strdup(r->options.request_path);
    const struct load_stage *first = load->stages;

    switch (load->mode) {
    case LOAD_PLAN:
        r->title = g_strdup_printf("%s at %g times its speed", name, load->speed);
        r->mode = g_strdup("open loop, plan");
        break;
    case LOAD_RATE:
        r->title = load->stage_count == 1 && first->from == first->to
                       ? g_strdup_printf("%s at %g/s", name, first->from)
                       : g_strdup_printf("%s in %u stages", name, load->stage_count);
        r->mode = g_strdup(load->poisson ? "open loop, Poisson rate" : "open loop, rate");
        break;
    case LOAD_CLOSED:
        r->title = g_strdup_printf("%s, %u users", name, load->users);
        r->mode =
            g_strdup_printf("closed loop (%u users): waits for answers, so it hides their delay",
                            load->users);
        break;
    }
}

/* ---- thresholds ------------------------------------------------------------------------------ */

static gboolean add_thresholds(struct replay *r, const char *const *texts, const char *source,
                               GError **ret_error)
{
    for (; texts != NULL && *texts != NULL; texts++) {
        struct threshold *threshold = threshold_parse(*texts, source, ret_error);
        if (threshold == NULL)
            return FALSE;
        g_ptr_array_add(r->thresholds, threshold);
    }
    return TRUE;
}

static gboolean parse_thresholds(struct replay *r, GError **ret_error)
{
    r->thresholds = g_ptr_array_new_with_free_func((GDestroyNotify)threshold_free);
    if (!add_thresholds(r, api_thresholds(r->options.map), "API map", ret_error) ||
        !add_thresholds(r, (const char *const *)r->threshold_texts, "--threshold", ret_error))
        return FALSE;
    r->abort_first = r->thresholds->len;
    return add_thresholds(r, (const char *const *)r->abort_texts, "--abort-on", ret_error);
}

/* Once the stages are known: what a threshold says of one that is not there. */
static gboolean check_thresholds(const struct replay *r, GError **ret_error)
{
    for (guint i = 0; i < r->thresholds->len; i++)
        if (!threshold_check_stage(r->thresholds->pdata[i], r->options.load.stage_count, ret_error))
            return FALSE;
    return TRUE;
}

static void on_tick(void *user, Load *load)
{
    struct replay *r = user;
    struct load_now now;

    if (interrupt_requested())
        load_stop(load, "interrupted");
    replay_progress_update(&r->progress, load);
    replay_hooks_tick(&r->hooks, load);
    load_now(load, &now);
    if (r->live != NULL)
        live_update(r->live, &now, load_measures(load));
    if (r->abort_first == r->thresholds->len)
        return;
    for (guint i = r->abort_first; i < r->thresholds->len; i++)
        if (!threshold_may_hold(r->thresholds->pdata[i], load_measures(load), now.elapsed_ns,
                                r->expected_requests))
            load_stop(load, threshold_text(r->thresholds->pdata[i]));
}

/* ---- the live page --------------------------------------------------------------------------- */

static void stop_load(void *user) { load_stop(user, "stopped on the live page"); }

static gboolean begin_live(struct replay *r, Load *load, GError **ret_error)
{
    const struct target *target = r->options.targets->pdata[0];
    const struct live_about about = {.title = r->title,
                                     .mode = r->mode,
                                     .target = target->url,
                                     .user = load,
                                     .stop = stop_load};

    if (r->live_address == NULL)
        return TRUE;
    r->live = live_start(r->live_address, &about, ret_error);
    if (r->live == NULL)
        return FALSE;
    fprintf(stderr, "live: %s\n", live_url(r->live));
    return TRUE;
}

/* ---- running --------------------------------------------------------------------------------- */

static enum command_status judge(struct replay *r, const Load *loaded, const char *plan,
                                 const char *command, GError **ret_error)
{
    const struct load_result *result = load_result(loaded);
    struct load_now now;
    const struct load_options *load = &r->options.load;
    const Audit *audit = r->audit.auditing.audit;
    g_autofree const char **urls = replay_options_urls(&r->options);
    g_autofree struct threshold_finding *findings =
        g_new0(struct threshold_finding, r->thresholds->len + 1);
    const struct load_report report = {.title = r->title,
                                       .command = command,
                                       .mode = r->mode,
                                       .targets = urls,
                                       .api = r->options.api,
                                       .plan = plan,
                                       .result = result,
                                       .stages = load->stages,
                                       .stage_count = load->stage_count,
                                       .findings = findings,
                                       .finding_count = r->thresholds->len,
                                       .audit = audit,
                                       .audited = audit != NULL ? r->audit.auditing.record : NULL};

    for (guint i = 0; i < r->thresholds->len; i++) {
        threshold_judge(r->thresholds->pdata[i], result, load->stages, load->stage_count,
                        &findings[i]);
        findings[i].abort = i >= r->abort_first;
    }
    if (r->live != NULL) {
        g_autofree char *verdict = load_verdict_text(&report);
        load_now(loaded, &now);
        live_end(r->live, &now, result->all, verdict);
    }
    r->outputs.findings_max = r->audit.findings_max;
    if (!replay_outputs_write(&r->outputs, &report, ret_error))
        return COMMAND_ERROR;
    const bool violated = audit != NULL && audit_verdict(audit) == AUDIT_VIOLATED;
    switch (load_verdict(&report)) {
    case LOAD_PASSED:
        return violated ? COMMAND_FAILED : COMMAND_DONE;
    case LOAD_INTERRUPTED:
        return COMMAND_INTERRUPTED;
    case LOAD_FAILED:
    case LOAD_TOO_SLOW:
        break;
    }
    return COMMAND_FAILED;
}

/* The record is closed: what the service did is judged with it, unless the run was broken off. */
static gboolean finish_audit(struct replay *r, GError **ret_error)
{
    const bool judges = r->audit.wanted && !interrupt_requested();

    if (!replay_hooks_end(&r->hooks, &r->options, judges, ret_error))
        return FALSE;
    if (r->audit.wanted && !judges)
        fputs("not audited, since the run was interrupted: omosim audit can do it\n", stderr);
    return replay_audit_end(&r->audit, judges, ret_error);
}

static enum command_status run(struct replay *r, const char *plan, const char *command,
                               GError **ret_error)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Load) load = load_new(&r->options.load, ret_error);

    if (load == NULL || !begin_live(r, load, ret_error))
        return COMMAND_ERROR;
    r->expected_requests = load_expected_requests(load);
    replay_progress_begin(&r->progress);
    gboolean done = load_run(load, on_tick, r, &error);
    replay_progress_end(&r->progress);
    if (done)
        done = finish_audit(r, &error);
    else
        replay_hooks_end(&r->hooks, &r->options, FALSE, NULL);
    enum command_status status = COMMAND_ERROR;
    if (load_result(load)->all != NULL) /* what was measured is told, whatever went wrong */
        status = judge(r, load, plan, command, done ? ret_error : NULL);
    g_clear_pointer(&r->live, live_free); /* its stop button knows the load */
    if (done)
        return status;
    g_propagate_error(ret_error, g_steal_pointer(&error));
    return COMMAND_ERROR;
}

static enum command_status replay(struct replay *r, const char *plan, const char *command,
                                  GError **ret_error)
{
    struct load_options *load = &r->options.load;
    uint64_t dry_run = 0;

    if (!replay_options_check(&r->options, ret_error) ||
        !replay_parse_whole("dry-run", r->dry_run_text, 1, G_MAXINT64, &dry_run, ret_error) ||
        !replay_hooks_check(&r->hooks, ret_error) ||
        !replay_options_open(&r->options, plan, ret_error) || !parse_thresholds(r, ret_error) ||
        !replay_audit_check(&r->audit, &r->options, ret_error))
        return COMMAND_ERROR;
    if (dry_run > 0)
        return replay_dry_run(load, dry_run, stdout, ret_error) ? COMMAND_DONE : COMMAND_ERROR;
    if (!set_schedule(r, plan, ret_error) || !check_thresholds(r, ret_error) ||
        !replay_outputs_ready(&r->outputs, ret_error) ||
        !replay_hooks_start(&r->hooks, &r->options, ret_error) ||
        !replay_options_probe(&r->options, ret_error) ||
        !replay_audit_begin(&r->audit, &r->options, r->record, ret_error))
        return COMMAND_ERROR;
    load->record = r->audit.auditing.record;
    load->api = r->options.api;
    set_title(r, plan);
    return run(r, plan, command, ret_error);
}

/* "--dry-run" without a number means the usual one: GOption knows no optional values that may stand
 * apart. */
static void complete_dry_run(int argc, char **argv)
{
    static char completed[] = "--dry-run=" DRY_RUN_DEFAULT;

    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--dry-run") == 0 &&
            (i + 1 == argc || !g_ascii_isdigit(argv[i + 1][0])))
            argv[i] = completed;
}

enum command_status command_replay(int argc, char **argv, GError **ret_error)
{
    struct replay r = {.expected_requests = 0};
    g_autofree char *command = replay_outputs_command(argc, argv);
    g_autoptr(GArray) entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    const GOptionEntry mine[] = {
        {"rate", 0, 0, G_OPTION_ARG_FILENAME, &r.rate_text,
         "Begin journeys at this rate instead of the plan's times", "N/s"},
        {"stages", 0, 0, G_OPTION_ARG_FILENAME, &r.stages_text,
         "The same in stages: length:rate or length:from-to, such as 30s:100,2m:100-1000", "LIST"},
        {"users", 0, 0, G_OPTION_ARG_FILENAME, &r.users_text,
         "Closed loop, for comparison: N users who wait for each answer", "N"},
        {"duration", 'd', 0, G_OPTION_ARG_FILENAME, &r.duration_text,
         "Begin no journeys after this time (default: the plan's end; without a PLAN 10s)", "TIME"},
        {"threshold", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &r.threshold_texts,
         "What must hold, such as 'check_out p99<250ms'; may be repeated", "TEXT"},
        {"abort-on", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &r.abort_texts,
         "The same, and stop as soon as it can't hold any more", "TEXT"},
        {"live", 0, 0, G_OPTION_ARG_FILENAME, &r.live_address,
         "Serve a page with what is happening, and /metrics, while it runs", "[HOST:]PORT"},
        {"record", 0, 0, G_OPTION_ARG_FILENAME, &r.record,
         "Record the outcome of every request (SQLite)", "FILE.db"},
        {"dry-run", 0, 0, G_OPTION_ARG_FILENAME, &r.dry_run_text,
         "Print the first journeys as curl commands (default: " DRY_RUN_DEFAULT ")", "[N]"},
    };
    enum command_status status = COMMAND_ERROR;

    g_array_append_vals(entries, mine, G_N_ELEMENTS(mine));
    replay_options_add(entries, &r.options);
    replay_audit_add(entries, &r.audit);
    replay_hooks_add(entries, &r.hooks);
    replay_outputs_add(entries, &r.outputs);
    complete_dry_run(argc, argv);
    switch (options_parse(&page, (const GOptionEntry *)(const void *)entries->data, &argc, &argv,
                          ret_error)) {
    case OPTIONS_GO:
        status = replay(&r, argc > 1 ? argv[1] : NULL, command, ret_error);
        break;
    case OPTIONS_SHOWN:
        status = COMMAND_DONE;
        break;
    case OPTIONS_ERROR:
        break;
    }
    replay_clear(&r);
    return status;
}
