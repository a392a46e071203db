/* Setting up a load run: what was asked for becomes tables, limits are raised, memory is taken.
 *
 * Everything that can fail for lack of something fails here: an empty plan, too low a limit of open
 * files, memory. The soft limit is raised as far as the hard one allows, since that is what the user
 * would be told to do.
 */
#include "replay/load_private.h"

#include "shell/diagnostic.h"
#include "shell/units.h"

#include <sys/resource.h>

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
                              .own_lateness_ns = INT64_C(5000000),
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
    g_assert(o->redirects <= 100);
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

Load *load_new(const struct load_options *options, GError **ret_error)
{
    g_autoptr(Load) load = g_new0(Load, 1);
    struct run *run = &load->run;
    const int64_t idle_ms = (api_connection_idle_us(options->map) + 999) / 1000;

    g_mutex_init(&load->hook_lock);
    check_options(options);
    run->options = *options;
    if (idle_ms > 0)
        run->options.pool.idle_ms = idle_ms;
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
        !load_record_open(run, ret_error))
        return NULL;
    return g_steal_pointer(&load);
}
