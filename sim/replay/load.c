/* A load run: checked and set up in the caller's thread, run by workers, watched ten times a second.
 *
 * Everything that can fail for lack of something fails in load_new(): an empty plan, too low a limit
 * of open files, memory, threads. The soft limit is raised as far as the hard one allows, since that
 * is what the user would be told to do.
 *
 * All workers count time from one start, 50 ms after the threads exist, so that a schedule's first
 * requests find everybody awake.
 */
#include "replay/load_private.h"

#include "results/record.h"
#include "shell/diagnostic.h"
#include "shell/units.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define LEAD_NS INT64_C(50000000)
#define TICK_US 100000
#define FILES_BESIDE 64 /* open files that are no connections */
#define FILES_WORKER 8  /* of a worker's loop */
#define TICK_RATE 20000 /* requests a second and thread, from which on ticks are cheaper */
#define JOURNEYS_LIMIT (1u << 27)

void load_defaults(struct load_options *options)
{
    *options =
        (struct load_options){.speed = 1,
                              .from_us = INT64_MIN,
                              .to_us = INT64_MAX,
                              .duration_ns = INT64_MAX,
                              .timeout_ns = INT64_C(30000000000),
                              .drain_ns = INT64_C(30000000000),
                              .journeys_max = 1000000,
                              .sessions_max = 1000000,
                              .interval_ns = INT64_C(1000000000),
                              .pool = {.links_max = 256,
                                       .pipeline = 1,
                                       .streams = 100,
                                       .waiting_max = 1000000,
                                       .connect_timeout_us = 10000000,
                                       .user_agent = "omosim/" G_STRINGIFY(
                                           OMO_VERSION_MAJOR) "." G_STRINGIFY(OMO_VERSION_MINOR)}};
}

/* ---- tables ---------------------------------------------------------------------------------- */

static uint8_t timeout_class(struct run *run, int64_t timeout_ns)
{
    for (uint32_t i = 0; i < run->timeout_count; i++)
        if (run->timeout_ns[i] == timeout_ns)
            return (uint8_t)i;
    if (run->timeout_count == RUN_TIMEOUTS_MAX)
        return RUN_TIMEOUTS_MAX;
    run->timeout_ns[run->timeout_count] = timeout_ns;
    return (uint8_t)run->timeout_count++;
}

static gboolean make_requests(struct run *run, GError **ret_error)
{
    const ApiMap *map = run->options.map;
    const uint32_t count = api_request_count(map);

    run->request = g_new0(const struct api_request *, count + 1);
    run->timeout_class = g_new0(uint8_t, count + 1);
    timeout_class(run, run->options.timeout_ns);
    for (uint32_t i = 0; i < count; i++) {
        run->request[i] = api_request(map, i);
        run->timeout_class[i] = run->request[i]->timeout_us > 0
                                    ? timeout_class(run, run->request[i]->timeout_us * 1000)
                                    : 0;
        if (run->timeout_class[i] == RUN_TIMEOUTS_MAX) {
            g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                        "%s: more than %d different time-outs", api_name(map), RUN_TIMEOUTS_MAX);
            return FALSE;
        }
    }
    return TRUE;
}

static void make_steps(struct run *run)
{
    const ApiMap *map = run->options.map;

    for (uint32_t step = 0; step < STEP_COUNT; step++) {
        uint32_t count = 0;
        const uint32_t first = api_step_requests(map, step, &count);
        run->requests[step] = (struct run_requests){(uint16_t)first, (uint16_t)count};
    }
    for (uint32_t kind = 0; kind < 256; kind++)
        run->kind[kind] = (uint8_t)plan_step_kind(run->options.plan, (uint8_t)kind);
    run->variable_count = api_variable_count(map);
    for (uint32_t v = 0; v < run->variable_count; v++)
        run->session_variables |= (uint32_t)api_variable_is_session(map, v) << v;
    if (run->requests[STEP_log_in].count > 0 && run->requests[STEP_log_in].count <= UINT8_MAX)
        run->session_valid_ns = api_session_valid_for_us(map) * 1000;
}

/* Requests of the first journeys, to know what a rate of journeys means in requests. */
static double requests_a_journey(const struct run *run)
{
    struct plan_cursor cursor = run->first;
    uint64_t journeys = 0;
    uint64_t requests = 0;
    const omo_plan_journey *journey;

    while (journeys < 1000 && (journey = plan_next(run->options.plan, &cursor)) != NULL) {
        const omo_plan_step *step = plan_first_step(journey);
        for (uint32_t i = 0; i < journey->step_count; i++, step = plan_next_step(step))
            requests += run->requests[run->kind[step->kind]].count;
        journeys++;
    }
    return journeys > 0 ? (double)requests / (double)journeys : 0;
}

static void choose_pace(struct run *run)
{
    const struct load_options *o = &run->options;
    double rate = 0;

    run->requests_a_journey = requests_a_journey(run);
    if (o->mode != LOAD_RATE)
        return;
    for (uint32_t i = 0; i < o->stage_count; i++)
        rate = MAX(rate, MAX(o->stages[i].from, o->stages[i].to));
    run->tick = rate * run->requests_a_journey / run->worker_count > TICK_RATE;
}

/* ---- limits ---------------------------------------------------------------------------------- */

static gboolean set_file_limit_error(uint64_t connections, uint64_t files, uint64_t limit,
                                     GError **ret_error)
{
    g_autofree char *asked = units_format_count((int64_t)connections);
    g_autofree char *have = units_format_count((int64_t)limit);

    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                "%s connections asked for, the limit of open files is %s: raise it (ulimit -Hn "
                "%" G_GUINT64_FORMAT ", as root) or ask for fewer with --connections",
                asked, have, files);
    return FALSE;
}

static gboolean raise_file_limit(const struct run *run, GError **ret_error)
{
    const uint64_t connections = (uint64_t)run->options.pool.links_max * run->options.target_count;
    const uint64_t files = connections + FILES_BESIDE + (uint64_t)run->worker_count * FILES_WORKER;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= files)
        return TRUE;
    if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < files)
        return set_file_limit_error(connections, files, limit.rlim_max, ret_error);
    const uint64_t before = limit.rlim_cur;
    limit.rlim_cur = files;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        return set_file_limit_error(connections, files, before, ret_error);
    return TRUE;
}

static void choose_workers(struct run *run)
{
    const struct load_options *o = &run->options;
    const uint32_t processors = g_get_num_processors();
    uint32_t count = o->threads > 0 ? o->threads : MAX(processors, 2) - 1;

    count = MIN(count, o->pool.links_max); /* each has a connection at least */
    count = MIN(count, o->journeys_max);
    if (o->mode == LOAD_CLOSED)
        count = MIN(count, o->users);
    run->worker_count = MAX(count, 1);
}

/* ---- set-up ---------------------------------------------------------------------------------- */

static void check_options(const struct load_options *o)
{
    g_assert(o->plan != NULL && o->map != NULL && o->target_count > 0);
    g_assert(o->speed > 0 && o->timeout_ns > 0 && o->drain_ns >= 0 && o->interval_ns > 0);
    g_assert(o->pool.links_max > 0 && o->journeys_max > 0 && o->journeys_max <= JOURNEYS_LIMIT);
    g_assert(o->mode != LOAD_RATE || o->stage_count > 0);
    g_assert(o->mode != LOAD_CLOSED || o->users > 0);
}

static gboolean make_workers(Load *load, GError **ret_error)
{
    const struct run *run = &load->run;
    bool used[STEP_COUNT];
    const struct measure_options measures = {.step_used = used,
                                             .interval_ns = run->options.interval_ns,
                                             .warm_up_ns = run->options.warm_up_ns};

    for (uint32_t step = 0; step < STEP_COUNT; step++)
        used[step] = run->requests[step].count > 0;
    load->worker = g_new0(struct worker, run->worker_count);
    load->measure = g_new0(struct measure *, run->worker_count);
    for (uint32_t i = 0; i < run->worker_count; i++) {
        load->worker_made = i + 1;
        if (!worker_init(&load->worker[i], run, i, &measures, ret_error))
            return FALSE;
        load->measure[i] = load->worker[i].measure;
    }
    int64_t timeout_ns = 0;
    for (uint32_t i = 0; i < run->timeout_count; i++)
        timeout_ns = MAX(timeout_ns, run->timeout_ns[i]);
    load->all = measure_all_new(load->measure, run->worker_count, timeout_ns);
    return TRUE;
}

/* What the record is about. Targets are told without user info. */
static void note_run(const struct run *run)
{
    const struct load_options *o = &run->options;
    g_autoptr(GString) targets = g_string_new(NULL);

    for (uint32_t i = 0; i < o->target_count; i++)
        g_string_append_printf(targets, "%s%s", i > 0 ? " " : "", o->targets[i]->url);
    recorder_note(run->recorder, "plan", plan_path(o->plan));
    recorder_note(run->recorder, "api", api_name(o->map));
    recorder_note(run->recorder, "target", targets->str);
}

static gboolean open_record(struct run *run, GError **ret_error)
{
    const uint32_t count = api_request_count(run->options.map);
    g_autofree const char **names = g_new0(const char *, count + 1);
    const char *outcomes[OUTCOME_COUNT + 1] = {NULL};

    if (run->options.record == NULL)
        return TRUE;
    for (uint32_t i = 0; i < count; i++)
        names[i] = run->request[i]->name;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        outcomes[i] = outcome_name((enum outcome)i);
    run->recorder = recorder_open(run->options.record, run->worker_count, names, ret_error);
    if (run->recorder == NULL)
        return FALSE;
    note_run(run);
    return recorder_name(run->recorder, "step", step_names(), ret_error) &&
           recorder_name(run->recorder, "outcome", outcomes, ret_error);
}

Load *load_new(const struct load_options *options, GError **ret_error)
{
    g_autoptr(Load) load = g_new0(Load, 1);
    struct run *run = &load->run;

    check_options(options);
    run->options = *options;
    choose_workers(run);
    run->stop_starting_ns = options->duration_ns;
    if (options->mode == LOAD_RATE)
        run->stop_starting_ns = MIN(options->duration_ns, feed_stages_ns(options));
    if (!feed_find_first(options, &run->first, &run->first_us, ret_error) ||
        !make_requests(run, ret_error))
        return NULL;
    make_steps(run);
    choose_pace(run);
    if (!raise_file_limit(run, ret_error) || !make_workers(load, ret_error) ||
        !open_record(run, ret_error))
        return NULL;
    return g_steal_pointer(&load);
}

void load_free(Load *load)
{
    if (load == NULL)
        return;
    for (uint32_t i = 0; i < load->worker_made; i++) {
        worker_join(&load->worker[i]);
        worker_clear(&load->worker[i]);
    }
    measure_all_free(load->all);
    recorder_free(load->run.recorder);
    omo_histogram_free(load->result.own_lateness);
    g_free(load->worker);
    g_free(load->measure);
    g_free(load->run.request);
    g_free(load->run.timeout_class);
    g_free(load);
}

/* ---- running --------------------------------------------------------------------------------- */

void load_stop(Load *load, const char *reason)
{
    const char *none = NULL;

    if (atomic_compare_exchange_strong(&load->run.stop_reason, &none, reason))
        for (uint32_t i = 0; i < load->run.worker_count; i++)
            if (load->worker[i].thread != NULL)
                worker_wake(&load->worker[i]);
}

static gboolean start_workers(Load *load, GError **ret_error)
{
    struct run *run = &load->run;

    run->start_ns = clock_ns() + LEAD_NS;
    load->result.started_unix_us = g_get_real_time() + LEAD_NS / 1000;
    run->start_unix_ms = load->result.started_unix_us / 1000;
    if (run->recorder != NULL) {
        g_autoptr(GDateTime) started = g_date_time_new_from_unix_utc(run->start_unix_ms / 1000);
        g_autofree char *text = g_date_time_format_iso8601(started);
        recorder_note(run->recorder, "started", text);
    }
    for (uint32_t i = 0; i < run->worker_count; i++)
        if (!worker_start(&load->worker[i], ret_error)) {
            load_stop(load, "threads");
            for (uint32_t j = 0; j < i; j++)
                worker_join(&load->worker[j]);
            return FALSE;
        }
    return TRUE;
}

static bool all_ended(const Load *load)
{
    for (uint32_t i = 0; i < load->run.worker_count; i++)
        if (!atomic_load_explicit(&load->worker[i].ended, memory_order_acquire))
            return false;
    return true;
}

gboolean load_run(Load *load, void (*on_tick)(void *user, Load *load), void *user,
                  GError **ret_error)
{
    struct run *run = &load->run;

    g_assert(!load->ran);
    load->ran = true;
    if (!start_workers(load, ret_error))
        return FALSE;
    while (!all_ended(load)) {
        g_usleep(TICK_US);
        measure_all_collect(load->all, clock_ns() - run->start_ns);
        if (on_tick != NULL)
            on_tick(user, load);
    }
    for (uint32_t i = 0; i < run->worker_count; i++)
        worker_join(&load->worker[i]);
    load->ended_ns = clock_ns() - run->start_ns;
    measure_all_collect(load->all, INT64_MAX);
    measure_all_merge(load->all);
    load_result_make(load);
    return load_result_check(load, ret_error);
}

void load_now(const Load *load, struct load_now *ret_now)
{
    const struct run *run = &load->run;
    const struct measure_all *all = load->all;
    const int64_t second_ns = INT64_C(1000000000);
    const int64_t now_ns = load->ended_ns > 0 ? load->ended_ns : MAX(clock_ns() - run->start_ns, 0);
    const int64_t whole_ns = now_ns - now_ns % second_ns;
    uint64_t count = 0;
    uint64_t errors = 0;
    uint64_t ended = 0;

    for (int how = MEASURE_STARTED + 1; how < MEASURE_JOURNEYS; how++)
        ended += measure_all_journeys(all, (enum measure_journey)how);
    *ret_now =
        (struct load_now){.elapsed_ns = now_ns,
                          .total_ns =
                              run->stop_starting_ns == INT64_MAX ? 0 : run->stop_starting_ns,
                          .requests = measure_all_requests(all, MEASURE_TOTAL),
                          .journeys_started = measure_all_journeys(all, MEASURE_STARTED),
                          .journeys_ended = ended,
                          .connections = (uint32_t)measure_all_count(all, MEASURE_CONNECTIONS),
                          .waiting = (uint32_t)measure_all_count(all, MEASURE_WAITING)};
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        if (outcome_is_error((enum outcome)outcome))
            ret_now->errors += measure_all_outcome(all, MEASURE_TOTAL, (enum outcome)outcome);
    if (ret_now->journeys_started > ended)
        ret_now->in_flight = ret_now->journeys_started - ended;
    const int64_t from_ns = MAX(now_ns - 10 * second_ns, 0);
    ret_now->p50_ns =
        measure_all_recent_quantile(all, MEASURE_TOTAL, from_ns, now_ns, 500000, &count, &errors);
    ret_now->p99_ns =
        measure_all_recent_quantile(all, MEASURE_TOTAL, from_ns, now_ns, 990000, &count, &errors);
    ret_now->max_ns =
        measure_all_recent_quantile(all, MEASURE_TOTAL, from_ns, now_ns, 1000000, &count, &errors);
    if (whole_ns >= second_ns) {
        measure_all_recent_quantile(all, MEASURE_TOTAL, whole_ns - second_ns, whole_ns, 500000,
                                    &count, &errors);
        ret_now->rate = (double)count;
    }
}

uint64_t load_expected_requests(const Load *load)
{
    const struct load_options *o = &load->run.options;
    double journeys = 0;

    if (o->mode == LOAD_RATE)
        journeys = feed_integral(o, load->run.stop_starting_ns) - feed_integral(o, o->warm_up_ns);
    else if (o->mode == LOAD_PLAN && o->warm_up_ns == 0 && o->from_us == INT64_MIN &&
             o->to_us == INT64_MAX && o->duration_ns == INT64_MAX)
        journeys = (double)plan_journey_count(o->plan);
    return (uint64_t)(MAX(journeys, 0) * load->run.requests_a_journey + 0.5);
}

struct measure_all *load_measures(const Load *load) { return load->all; }

const struct load_result *load_result(const Load *load) { return &load->result; }
