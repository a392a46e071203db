/* omosim capacity: the highest rate at which a service level holds.
 *
 * Each probe is a load run of its own, at one rate, with fresh connections and a pass of the plan that
 * the service has not seen (else it would answer that it knows the orders). Its first second is left
 * out. A rate is held when every threshold of --slo holds and at least 98 % of what was asked was
 * answered in the time. One that broke while the generator was too slow proves nothing.
 */
#include "cli/command.h"
#include "cli/emit.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/replay_options.h"
#include "cli/replay_outputs.h"
#include "cli/replay_progress.h"
#include "replay/capacity.h"
#include "replay/figure.h"
#include "replay/summary.h"
#include "report/report.h"
#include "shell/diagnostic.h"
#include "shell/json.h"
#include "shell/output.h"
#include "shell/table.h"
#include "shell/units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HELD_SHARE 0.98
#define HOLD_DEFAULT_NS INT64_C(10000000000)
#define WARM_UP_DEFAULT_NS INT64_C(1000000000)
#define START_DEFAULT 100.0
#define SPEED_DEFAULT 600.0 /* of a plan: visits of minutes are then over within the hold time */
#define RATE_MIN_DEFAULT 1.0
#define RATE_MAX_DEFAULT 1e6
#define PRECISION_DEFAULT_PPM 50000
#define REPEATS_DEFAULT 3
#define REPEATS_MAX 100
#define PASSES_OF_PROBE 1000 /* more than a probe goes through a plan */

static const struct options_page page = {
    .usage = "capacity [OPTION...] [PLAN] --target URL --slo TEXT",
    .summary = "Finds the highest rate of journeys at which a service level holds: doubles the "
               "rate until\n"
               "it breaks, narrows it down, and does so again for an interval. Without a PLAN the\n"
               "target's own path is asked for, and a journey is one request.\n",
    .examples =
        "  omosim capacity --target http://127.0.0.1:8080/hello --slo 'p99<20ms,errors<0.1%'\n"
        "  omosim capacity day.plan --api scenarios/api/reference.yaml \\\n"
        "      --target http://127.0.0.1:8080 --slo 'p99<200ms,errors<0.1%' --hold 30s \\\n"
        "      --report capacity.html\n",
    .positional_min = 0,
    .positional_max = 1,
};

struct capacity {
    struct replay_options options;
    struct replay_progress progress;
    char *slo, *hold_text, *start_text, *rate_min_text, *rate_max_text, *precision_text;
    char *repeats_text, *out, *report;
    gboolean json;

    int64_t hold_ns;
    GPtrArray *thresholds; /* struct threshold */
    uint32_t probe_count;
    double held_rate;                   /* the highest that held so far ... */
    struct threshold_finding *findings; /* ... and what it was found to be there */
};

static void capacity_free(struct capacity *c)
{
    char **texts[] = {&c->slo,           &c->hold_text,     &c->start_text,
                      &c->rate_min_text, &c->rate_max_text, &c->precision_text,
                      &c->repeats_text,  &c->out,           &c->report};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
    g_clear_pointer(&c->thresholds, g_ptr_array_unref);
    g_clear_pointer(&c->findings, g_free);
    replay_options_clear(&c->options);
}

/* ---- a probe --------------------------------------------------------------------------------- */

static void on_tick(void *user, Load *load)
{
    struct capacity *c = user;

    if (interrupt_requested())
        load_stop(load, "interrupted");
    replay_progress_update(&c->progress, load);
}

/* Judges the level; what was found at the highest rate that held is kept for the page. */
static bool slo_holds(struct capacity *c, const struct load_options *load,
                      const struct load_result *result)
{
    const guint count = c->thresholds->len;
    g_autofree struct threshold_finding *findings = g_new0(struct threshold_finding, count);
    const double rate = load->stages[0].from;
    bool held = result->held_rate >= HELD_SHARE * result->asked_rate;

    for (guint i = 0; i < count; i++) {
        threshold_judge(c->thresholds->pdata[i], result, load->stages, load->stage_count,
                        &findings[i]);
        held = held && findings[i].held;
    }
    if (c->findings == NULL || (held && rate > c->held_rate)) {
        g_free(c->findings);
        c->findings = g_steal_pointer(&findings);
        c->held_rate = held ? rate : 0.0;
    }
    return held;
}

static void fill_in(struct capacity *c, const struct load_options *load,
                    const struct load_result *result, struct capacity_probe *probe)
{
    const struct measure_row *total = measure_all_row(result->all, MEASURE_TOTAL);
    const omo_histogram *response = total->clock[MEASURE_RESPONSE];
    uint64_t errors = 0;

    for (uint32_t outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        errors += outcome_is_error(outcome) ? total->outcome[outcome] : 0;
    probe->too_slow = result->too_slow;
    probe->held_rate = result->held_rate;
    probe->errors = total->count > 0 ? (double)errors / (double)total->count : 1.0;
    probe->p50_ms = (double)omo_histogram_quantile(response, 500000) / 1e6;
    probe->p99_ms = (double)omo_histogram_quantile(response, 990000) / 1e6;
    probe->lateness_p99_ms = (double)omo_histogram_quantile(result->own_lateness, 990000) / 1e6;
    probe->held = slo_holds(c, load, result);
}

static void tell(const struct capacity *c, const struct capacity_probe *probe)
{
    fprintf(stderr, "probe %u: %s, p99 %s, errors %s: %s\n", c->probe_count,
            figure_rate(probe->rate).text, figure_time(probe->p99_ms * 1e6).text,
            figure_share(probe->errors).text,
            probe->held       ? "holds"
            : probe->too_slow ? "the generator was too slow"
                              : "breaks");
}

static gboolean run_probe(void *user, struct capacity_probe *probe, GError **ret_error)
{
    struct capacity *c = user;
    struct load_options options = c->options.load;
    const struct load_stage stage = {.duration_ns = options.warm_up_ns + c->hold_ns,
                                     .from = probe->rate,
                                     .to = probe->rate};

    options.mode = LOAD_RATE;
    options.stages = &stage;
    options.stage_count = 1;
    options.first_pass += c->probe_count * PASSES_OF_PROBE;
    g_autoptr(Load) load = load_new(&options, ret_error);
    if (load == NULL)
        return FALSE;
    replay_progress_begin(&c->progress);
    const gboolean done = load_run(load, on_tick, c, ret_error);
    replay_progress_end(&c->progress);
    const struct load_result *result = load_result(load);
    if (!done || result->interrupted)
        return FALSE;
    fill_in(c, &options, result, probe);
    c->probe_count++;
    tell(c, probe);
    return TRUE;
}

/* ---- telling --------------------------------------------------------------------------------- */

static char *answer(const struct capacity_result *result)
{
    const struct figure rate = figure_number(result->rate);
    g_autofree char *interval =
        isnan(result->half_width)
            ? g_strdup(rate.text)
            : g_strdup_printf("%s ± %s", rate.text, figure_number(result->half_width).text);

    switch (result->end) {
    case CAPACITY_FOUND:
        return g_strdup_printf("the service level holds up to %s journeys a second", interval);
    case CAPACITY_BELOW:
        return g_strdup("the service level does not hold at the lowest rate that was tried");
    case CAPACITY_ABOVE:
        return g_strdup_printf("the service level still holds at %s journeys a second, the highest "
                               "rate allowed (--max)",
                               rate.text);
    case CAPACITY_GENERATOR:
        return g_strdup_printf("the service level holds at %s journeys a second at least; beyond, "
                               "the generator is too slow to tell",
                               interval);
    case CAPACITY_STOPPED:
        break;
    }
    return result->rate > 0.0
               ? g_strdup_printf("interrupted; the service level held at %s journeys a second",
                                 rate.text)
               : g_strdup("interrupted");
}

static void print_table(const struct capacity_result *result)
{
    g_autoptr(Table) table = table_new();
    g_autofree char *text = answer(result);

    table_column(table, "journeys/s", TABLE_RIGHT);
    table_column(table, "answered/s", TABLE_RIGHT);
    table_column(table, "p50", TABLE_RIGHT);
    table_column(table, "p99", TABLE_RIGHT);
    table_column(table, "errors", TABLE_RIGHT);
    table_column(table, "own lateness p99", TABLE_RIGHT);
    table_column(table, "search", TABLE_RIGHT);
    table_column(table, "", TABLE_LEFT);
    for (guint i = 0; i < result->probes->len; i++) {
        const struct capacity_probe *p = &g_array_index(result->probes, struct capacity_probe, i);

        table_add(table, figure_number(p->rate).text);
        table_add(table, figure_number(p->held_rate).text);
        table_add(table, figure_time(p->p50_ms * 1e6).text);
        table_add(table, figure_time(p->p99_ms * 1e6).text);
        table_add(table, figure_share(p->errors).text);
        table_add(table, figure_time(p->lateness_p99_ms * 1e6).text);
        table_add_format(table, "%u", p->repeat + 1);
        table_add(table, p->held ? "holds" : p->too_slow ? "generator too slow" : "breaks");
    }
    table_print(table, stdout);
    printf("\n%s\n", text);
    if (!isnan(result->knee))
        printf("the p99 turns upwards at about %s journeys a second\n",
               figure_number(result->knee).text);
}

static void print_json(const struct capacity *c, const struct capacity_result *result,
                       const char *command)
{
    static const char *const ends[] = {"found", "below", "above", "generator_too_slow",
                                       "interrupted"};
    json_t *probes = json_array();

    for (guint i = 0; i < result->probes->len; i++) {
        const struct capacity_probe *p = &g_array_index(result->probes, struct capacity_probe, i);

        json_array_append_new(probes,
                              json_pack("{s:o, s:i, s:b, s:b, s:o, s:o, s:o, s:o, s:o}", "rate",
                                        json_make_number(p->rate), "repeat", (int)p->repeat, "held",
                                        p->held, "too_slow", p->too_slow, "answered_per_s",
                                        json_make_number(p->held_rate), "p50_ms",
                                        json_make_number(p->p50_ms), "p99_ms",
                                        json_make_number(p->p99_ms), "error_share",
                                        json_make_number(p->errors), "own_lateness_p99_ms",
                                        json_make_number(p->lateness_p99_ms)));
    }
    g_autofree char *text = answer(result);
    emit_json(json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "slo",
                        json_make_text(c->slo), "end", ends[result->end], "text",
                        json_make_text(text), "rate", json_make_number(result->rate), "half_width",
                        json_make_number(result->half_width), "low", json_make_number(result->low),
                        "high", json_make_number(result->high), "knee",
                        json_make_number(result->knee), "command", json_make_text(command),
                        "probes", probes));
}

/* The database, and the page made of it. */
static gboolean write_files(const struct capacity *c, const struct capacity_result *result,
                            const char *plan, const char *command, GError **ret_error)
{
    g_autofree const char **urls = replay_options_urls(&c->options);
    g_autofree char *title = g_strdup_printf("How much can it take? %s", c->slo);
    const struct load_report report = {.title = title,
                                       .command = command,
                                       .mode = "capacity search, open loop",
                                       .targets = urls,
                                       .api = c->options.api,
                                       .plan = plan,
                                       .findings = c->findings,
                                       .finding_count =
                                           c->findings != NULL ? c->thresholds->len : 0};
    g_autofree char *aside =
        c->out != NULL ? g_strdup(c->out) : g_strdup_printf("%s.db.part", c->report);

    if (c->out == NULL && c->report == NULL)
        return TRUE;
    const gboolean done = summary_write_capacity(&report, result, aside, ret_error) &&
                          (c->report == NULL || report_write(aside, c->report, NULL, ret_error));
    if (c->out == NULL)
        unlink(aside);
    return done;
}

/* ---- the command ----------------------------------------------------------------------------- */

static gboolean parse_slo(struct capacity *c, GError **ret_error)
{
    g_auto(GStrv) texts = options_split(c->slo);

    c->thresholds = g_ptr_array_new_with_free_func((GDestroyNotify)threshold_free);
    if (texts[0] == NULL) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--slo is missing: what must hold, such as 'p99<200ms,errors<0.1%%'");
        return FALSE;
    }
    for (char **text = texts; *text != NULL; text++) {
        struct threshold *threshold = threshold_parse(g_strstrip(*text), "--slo", ret_error);
        if (threshold == NULL)
            return FALSE;
        g_ptr_array_add(c->thresholds, threshold);
    }
    return TRUE;
}

static gboolean parse_search(struct capacity *c, struct capacity_options *search,
                             GError **ret_error)
{
    uint64_t repeats = REPEATS_DEFAULT;
    int64_t precision_ppm = PRECISION_DEFAULT_PPM;

    c->hold_ns = HOLD_DEFAULT_NS;
    *search = (struct capacity_options){.from = START_DEFAULT,
                                        .rate_min = RATE_MIN_DEFAULT,
                                        .rate_max = RATE_MAX_DEFAULT,
                                        .user = c,
                                        .probe = run_probe};
    if (!replay_parse_duration("hold", c->hold_text, &c->hold_ns, ret_error) ||
        (c->start_text != NULL &&
         !replay_parse_rate("start", c->start_text, false, &search->from, ret_error)) ||
        (c->rate_min_text != NULL &&
         !replay_parse_rate("min", c->rate_min_text, false, &search->rate_min, ret_error)) ||
        (c->rate_max_text != NULL &&
         !replay_parse_rate("max", c->rate_max_text, false, &search->rate_max, ret_error)) ||
        !replay_parse_whole("repeats", c->repeats_text, 1, REPEATS_MAX, &repeats, ret_error))
        return FALSE;
    if (c->precision_text != NULL &&
        (!units_parse_share_ppm(c->precision_text, &precision_ppm, NULL) || precision_ppm < 1000 ||
         precision_ppm > OMO_PPM)) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--precision: expected a share from 0.1%% to 100%%, found '%s'",
                    c->precision_text);
        return FALSE;
    }
    if (search->rate_min > search->rate_max) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--min %g is above --max %g", search->rate_min, search->rate_max);
        return FALSE;
    }
    search->repeats = (uint32_t)repeats;
    search->precision = (double)precision_ppm / OMO_PPM;
    return TRUE;
}

static enum command_status capacity(struct capacity *c, const char *plan, const char *command,
                                    GError **ret_error)
{
    struct capacity_options search;
    struct capacity_result result;

    if (!replay_options_check(&c->options, ret_error) || !parse_slo(c, ret_error) ||
        !parse_search(c, &search, ret_error) ||
        (c->out != NULL && !output_check(c->out, ret_error)) ||
        (c->report != NULL && (!output_check(c->report, ret_error) || !report_ready(ret_error))) ||
        !replay_options_open(&c->options, plan, ret_error) ||
        !replay_options_probe(&c->options, ret_error))
        return COMMAND_ERROR;
    if (c->options.warm_up_text == NULL)
        c->options.load.warm_up_ns = WARM_UP_DEFAULT_NS;
    if (c->options.speed_text == NULL && plan != NULL)
        c->options.load.speed = SPEED_DEFAULT;
    enum command_status status = COMMAND_ERROR;
    if (capacity_search(&search, &result, ret_error)) {
        if (c->json)
            print_json(c, &result, command);
        else
            print_table(&result);
        status = result.end == CAPACITY_STOPPED     ? COMMAND_INTERRUPTED
                 : result.end == CAPACITY_BELOW     ? COMMAND_FAILED
                 : result.end == CAPACITY_GENERATOR ? COMMAND_FAILED
                                                    : COMMAND_DONE;
        if (!write_files(c, &result, plan, command, ret_error))
            status = COMMAND_ERROR;
    }
    capacity_clear(&result);
    return status;
}

enum command_status command_capacity(int argc, char **argv, GError **ret_error)
{
    struct capacity c = {.probe_count = 0};
    g_autofree char *command = replay_outputs_command(argc, argv);
    g_autoptr(GArray) entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    const GOptionEntry mine[] = {
        {"slo", 0, 0, G_OPTION_ARG_FILENAME, &c.slo,
         "What must hold, thresholds with commas between", "TEXT"},
        {"hold", 0, 0, G_OPTION_ARG_FILENAME, &c.hold_text,
         "For how long at each rate (default: 10s)", "TIME"},
        {"start", 0, 0, G_OPTION_ARG_FILENAME, &c.start_text, "First rate (default: 100/s)", "N/s"},
        {"min", 0, 0, G_OPTION_ARG_FILENAME, &c.rate_min_text,
         "Give up below this rate (default: 1/s)", "N/s"},
        {"max", 0, 0, G_OPTION_ARG_FILENAME, &c.rate_max_text, "Go no higher (default: 1000000/s)",
         "N/s"},
        {"precision", 0, 0, G_OPTION_ARG_FILENAME, &c.precision_text,
         "Stop when the rate is known to this share (default: 5%)", "SHARE"},
        {"repeats", 0, 0, G_OPTION_ARG_FILENAME, &c.repeats_text, "Searches (default: 3)", "N"},
        {"json", 'j', 0, G_OPTION_ARG_NONE, &c.json, "Machine output on standard output", NULL},
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &c.out, "Write the result database (SQLite)",
         "FILE.db"},
        {"report", 'r', 0, G_OPTION_ARG_FILENAME, &c.report, "Write the report as a web page",
         "FILE.html"},
    };
    enum command_status status = COMMAND_ERROR;

    g_array_append_vals(entries, mine, G_N_ELEMENTS(mine));
    replay_options_add(entries, &c.options);
    switch (options_parse(&page, (const GOptionEntry *)(const void *)entries->data, &argc, &argv,
                          ret_error)) {
    case OPTIONS_GO:
        status = capacity(&c, argc > 1 ? argv[1] : NULL, command, ret_error);
        break;
    case OPTIONS_SHOWN:
        status = COMMAND_DONE;
        break;
    case OPTIONS_ERROR:
        break;
    }
    capacity_free(&c);
    return status;
}
