/* One traced replication.
 *
 * Readers of events are called before an event, readers of facts after it. Both are gathered here
 * into moments, an event with what it led to, and a moment is handed on when the next event comes:
 * then the levels that can be asked for are those it left behind. What listens (file, watch, step)
 * gets the same moments and knows nothing of the others.
 *
 * The world is this file's own and not one of the experiment's. That simulates one replication twice
 * when a table is printed too, but a trace may stop at its bounds, a step may take an hour, and the
 * experiment stays free of both. That the two agree is checked by command_run.c: the digest of a
 * replication does not depend on who listens.
 *
 * A picture has to see the run from its beginning, to know what is under way when the traced time
 * begins. Text does not: there the time before is run without readers.
 */
#include "cli/trace.h"
#include "cli/interrupt.h"
#include "cli/trace_network.h"
#include "cli/trace_story.h"
#include "cli/trace_step.h"
#include "cli/trace_text.h"
#include "cli/trace_watch.h"
#include "shell/diagnostic.h"
#include "shell/output.h"
#include "shell/progress.h"
#include "shell/units.h"

#include <omosim/experiment.h>

#include <string.h>
#include <unistd.h>

#define PROGRESS_EVENTS 4096 /* between looks at the clock */

typedef struct trace {
    const struct options_trace *options;
    TraceNames *names;
    omo_world *world;
    struct trace_source source;

    /* The moment under way. */
    bool under_way;
    struct trace_moment moment;
    GArray *facts;
    GArray *steps; /* of a queueing network */

    Output *output;
    FILE *text; /* of a trace as text */
    TraceChrome *chrome;
    TraceStory *story;     /* of a chain */
    TraceNetwork *network; /* of a queueing network */
    TraceWatch *watch;
    TraceStep *step;

    Progress *progress;  /* until standard output is needed */
    int64_t expected_us; /* how far the run goes at most */
    uint64_t written;    /* events */
    int64_t last_us;
    const char *stopped; /* why the run ended before its end; NULL: it did not */
} Trace;

static void trace_free(Trace *t)
{
    progress_free(t->progress);
    trace_step_free(t->step);
    trace_watch_free(t->watch);
    trace_story_free(t->story);
    trace_network_free(t->network);
    trace_chrome_free(t->chrome);
    output_free(t->output);
    omo_world_free(t->world);
    trace_names_free(t->names);
    g_clear_pointer(&t->facts, g_array_unref);
    g_clear_pointer(&t->steps, g_array_unref);
    g_free(t);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trace, trace_free)

static bool read_level(void *user, uint32_t station, omo_station_level *ret_level)
{
    const Trace *t = user;

    if (t->names->source != NULL)
        return omo_world_station(t->world, station, 0, ret_level);
    return omo_world_station(t->world, station / OMO_ROLE_COUNT, station % OMO_ROLE_COUNT,
                             ret_level);
}

static void list_customers(void *user, omo_step_reader reader, void *reader_user)
{
    const Trace *t = user;

    omo_world_list_customers(t->world, reader, reader_user);
}

/* ---- moments --------------------------------------------------------------------------------- */

/* Hands the moment on to whoever listens. */
static void end_moment(Trace *t)
{
    struct trace_moment *m = &t->moment;

    if (!t->under_way)
        return;
    t->under_way = false;
    m->facts = (const omo_fact *)(void *)t->facts->data;
    m->fact_count = t->facts->len;
    m->steps = (const omo_step *)(void *)t->steps->data;
    m->step_count = t->steps->len;
    const bool inside = m->at_us >= t->options->from_us;
    if (t->story != NULL)
        trace_story_add(t->story, m);
    if (t->network != NULL)
        trace_network_add(t->network, m);
    if (t->text != NULL && inside && m->has_event)
        trace_text_event(t->names, &m->event, t->text);
    const bool touched = t->watch != NULL && trace_watch_touched(t->watch, m) && inside;
    if (touched)
        trace_watch_print(t->watch, m, stdout);
    if (t->step != NULL)
        trace_step_after(t->step, m);
    if (inside && m->has_event && (t->options->events != NULL || touched))
        t->written++;
}

static void begin_moment(Trace *t, int64_t at_us, const omo_event_record *record)
{
    end_moment(t);
    t->under_way = true;
    t->last_us = at_us;
    t->moment = (struct trace_moment){.at_us = at_us, .has_event = record != NULL};
    if (record != NULL)
        t->moment.event = *record;
    g_array_set_size(t->facts, 0);
    g_array_set_size(t->steps, 0);
}

static void on_facts(void *user, const omo_fact *facts, size_t count)
{
    Trace *t = user;

    for (size_t i = 0; i < count; i++) {
        if (!t->under_way || facts[i].at_us != t->moment.at_us)
            begin_moment(t, facts[i].at_us, NULL);
        g_array_append_val(t->facts, facts[i]);
    }
}

/* Steps come while an event is handled. */
static void on_step(void *user, const omo_step *step)
{
    Trace *t = user;

    g_array_append_vals(t->steps, step, 1);
}

/* Shows how far the run is; once the traced time begins standard output may be the terminal. */
static void show_progress(Trace *t, int64_t at_us, uint64_t events)
{
    if (t->progress == NULL)
        return;
    if (trace_options_alone(t->options) && at_us >= t->options->from_us)
        g_clear_pointer(&t->progress, progress_free);
    else if (events % PROGRESS_EVENTS == 0)
        progress_update(t->progress, (double)at_us / (double)t->expected_us, at_us, events);
}

static bool stop(Trace *t, const char *why)
{
    t->stopped = why;
    return false;
}

static bool on_event(void *user, const omo_event_record *record)
{
    Trace *t = user;

    if (record->stale && t->names->source != NULL) /* cancelled: not handled, and has no number */
        return true;
    end_moment(t);
    show_progress(t, record->at_us, record->number - 1);
    if (interrupt_requested())
        return stop(t, "interrupted");
    if (record->at_us >= t->options->until_us)
        return stop(t, "--trace-until");
    if (t->options->limit != 0 && t->written >= t->options->limit)
        return stop(t, "--trace-limit");
    if ((t->output != NULL && ferror(output_stream(t->output)) != 0) || ferror(stdout) != 0)
        return stop(t, "cannot write");
    if (t->step != NULL && record->at_us >= t->options->from_us &&
        !trace_step_before(t->step, record))
        return stop(t, interrupt_requested() ? "interrupted" : "q");
    begin_moment(t, record->at_us, record);
    return true;
}

/* ---- beginning and end ----------------------------------------------------------------------- */

static gboolean open_file(Trace *t, GError **ret_error)
{
    const char *path = t->options->events;

    if (path == NULL)
        return TRUE;
    if (strcmp(path, "-") == 0) {
        t->text = stdout;
    } else {
        t->output = output_open(path, ret_error);
        if (t->output == NULL)
            return FALSE;
        if (g_str_has_suffix(path, ".json")) {
            t->chrome = trace_chrome_new(t->names, t->options->from_us, output_stream(t->output));
            if (t->names->source != NULL)
                t->network = trace_network_new(&t->source, t->chrome, t->options->from_us);
            else
                t->story = trace_story_new(&t->source, t->chrome, t->options->from_us);
            return TRUE;
        }
        t->text = output_stream(t->output);
    }
    trace_text_heading(t->text);
    return TRUE;
}

static Trace *trace_new(const Study *study, uint32_t point, const struct options_trace *options,
                        GError **ret_error)
{
    const omo_experiment *experiment = study_experiment(study);
    const omo_model *model = omo_experiment_point_model(experiment, point);
    g_autoptr(Trace) t = g_new0(Trace, 1);
    omo_error error;

    if (options->replication >= omo_experiment_replications(experiment)) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--trace-replication %u: there are %u, counted from 0", options->replication,
                    omo_experiment_replications(experiment));
        return NULL;
    }
    t->options = options;
    t->progress = progress_new(scenario_name(study_scenario(study)), PROGRESS_NO_DATE);
    t->expected_us =
        MIN(options->until_us,
            (int64_t)(scenario_days(study_scenario(study)) * (double)OMO_US_PER_DAY) + 1);
    t->names = trace_names_new(model);
    t->facts = g_array_new(FALSE, FALSE, sizeof(omo_fact));
    t->steps = g_array_new(FALSE, FALSE, sizeof(omo_step));
    t->source = (struct trace_source){.names = t->names,
                                      .level = read_level,
                                      .list = list_customers,
                                      .user = t};
    t->world = omo_world_new(model, omo_experiment_seed(experiment), options->replication, &error);
    if (t->world == NULL) {
        study_set_library_error(ret_error, &error);
        return NULL;
    }
    if (options->watches != NULL) {
        t->watch = trace_watch_new(&t->source, (const char *const *)options->watches, ret_error);
        if (t->watch == NULL)
            return NULL;
    }
    if (options->step)
        t->step = trace_step_new(&t->source, t->world, STDIN_FILENO, stdout);
    if (!open_file(t, ret_error))
        return NULL;
    return g_steal_pointer(&t);
}

/* Runs what comes before the traced time, a day at a time, for a look at the signals between. */
static omo_status run_before(Trace *t, omo_error *ret_error)
{
    omo_status status = OMO_OK;

    if (t->chrome != NULL || t->options->from_us == 0)
        return OMO_OK;
    for (int64_t at_us = 0; at_us < t->options->from_us && status == OMO_OK;) {
        at_us = MIN(at_us + OMO_US_PER_DAY, t->options->from_us);
        if (interrupt_requested()) {
            t->stopped = "interrupted";
            return OMO_ECANCELLED;
        }
        status = omo_world_run(t->world, at_us, ret_error);
        progress_update(t->progress, (double)at_us / (double)t->expected_us, at_us,
                        omo_world_event_count(t->world));
        if (omo_world_finished(t->world))
            break;
    }
    return status;
}

static gboolean close_file(Trace *t, GError **ret_error)
{
    if (t->chrome != NULL) {
        const bool bound = t->stopped != NULL && strcmp(t->stopped, "--trace-until") == 0;
        const int64_t until_us = t->stopped == NULL ? omo_world_now_us(t->world)
                                 : bound            ? t->options->until_us
                                                    : MAX(t->last_us, t->options->from_us);
        if (t->network != NULL)
            trace_network_finish(t->network, until_us);
        else
            trace_story_finish(t->story, until_us);
        trace_chrome_finish(t->chrome, until_us, t->written, t->stopped);
    } else if (t->text != NULL && t->stopped != NULL) {
        fprintf(t->text, "#stopped: %s\n", t->stopped);
    }
    return t->output == NULL || output_commit(t->output, ret_error);
}

/* What was written, and why no more of it. */
static void report(const Trace *t)
{
    const struct options_trace *o = t->options;
    g_autofree char *count = units_format_count((int64_t)t->written);
    char time[TRACE_TEXT_TIME_MAX];

    fflush(stdout);
    trace_text_time(omo_world_now_us(t->world), time);
    if (t->output != NULL)
        fprintf(stderr, "trace: %s, %s events of replication %u\n", o->events, count,
                o->replication);
    if (t->stopped == NULL) {
        if (trace_options_alone(o))
            fprintf(stderr,
                    "end of replication %u: %" G_GUINT64_FORMAT " events, %" G_GUINT64_FORMAT
                    " facts, digest %016" G_GINT64_MODIFIER "x\n",
                    o->replication, omo_world_event_count(t->world), omo_world_fact_count(t->world),
                    omo_world_digest(t->world));
    } else if (strcmp(t->stopped, "--trace-limit") == 0) {
        fprintf(stderr, "the trace stops at day %s, after %s events: --trace-limit (0: no limit)\n",
                g_strchug(time), count);
    } else {
        fprintf(stderr, "the trace stops at day %s: %s\n", g_strchug(time), t->stopped);
    }
}

static enum command_status finish(Trace *t, omo_status status, const omo_error *error,
                                  GError **ret_error)
{
    const bool failed = status != OMO_OK && t->stopped == NULL;
    const bool unwritten = t->stopped != NULL && strcmp(t->stopped, "cannot write") == 0;

    g_clear_pointer(&t->progress, progress_free);
    if (failed)
        t->stopped = error->text;
    if (t->stopped == NULL && omo_world_now_us(t->world) <= t->options->from_us) {
        g_autofree char *end = units_format_duration(omo_world_now_us(t->world));
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--trace-from %s: the run ends at %s", t->options->from_text, end);
        return COMMAND_ERROR;
    }
    if (!close_file(t, ret_error))
        return COMMAND_ERROR;
    if (failed && status == OMO_EAUDIT) {
        fprintf(stderr, "error: audit: %s\n", error->text);
        return COMMAND_FAILED;
    }
    if (failed) {
        study_set_library_error(ret_error, error);
        return COMMAND_ERROR;
    }
    if (unwritten) /* standard output: main() says why */
        return COMMAND_DONE;
    report(t);
    if (interrupt_requested())
        return COMMAND_INTERRUPTED;
    if (t->watch != NULL && t->stopped == NULL && !trace_watch_check_seen(t->watch, ret_error))
        return COMMAND_ERROR;
    return COMMAND_DONE;
}

enum command_status trace_run(const Study *study, uint32_t point,
                              const struct options_trace *options,
                              struct trace_outcome *ret_outcome, GError **ret_error)
{
    g_autoptr(Trace) t = trace_new(study, point, options, ret_error);
    omo_error error = {OMO_OK, ""};

    if (t == NULL)
        return COMMAND_ERROR;
    omo_status status = run_before(t, &error);
    if (status == OMO_OK && !omo_world_finished(t->world)) {
        omo_world_set_reader(t->world, on_facts, t);
        omo_world_set_event_reader(t->world, on_event, t);
        if (t->names->source != NULL)
            status = omo_world_set_step_reader(t->world, on_step, t, &error);
        if (status == OMO_OK)
            status = omo_world_run(t->world, INT64_MAX, &error);
        end_moment(t);
    }
    *ret_outcome = (struct trace_outcome){.whole = omo_world_finished(t->world),
                                          .digest = omo_world_digest(t->world)};
    return finish(t, status, &error, ret_error);
}
