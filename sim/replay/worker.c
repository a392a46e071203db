/* A worker's thread: its loop and its pace.
 *
 * Before each wait of the loop on_turn() runs. It reads the clock once, begins what is due, goes on
 * with what became ready in callbacks, ends what timed out, and sets the timer to the next moment
 * at which something is due. The timer is a timerfd with absolute times: the loop's own timers know
 * whole milliseconds only, and relative ones drift. Setting it clears it, so it is never read.
 *
 *   timer   set to the next intended time. One wake-up for each distinct time: the least lateness
 *   tick    at most one wake-up a millisecond; answers wake the loop in between and what is due
 *           goes out with them. Cheaper above 20,000 requests a second, where most wake-ups find
 *           answers anyway
 *   spin    never waits: a processor for a few microseconds
 *   auto    timer, or tick while more than 20,000 requests a second are due, looked at ten times a
 *           second
 *
 * A turn begins a bounded number of requests and then lets the sockets have their turn, so a rate
 * that is too high for this machine makes requests late (which is measured) and nothing starve.
 */
#define _GNU_SOURCE 1 /* RUSAGE_THREAD */

#include "replay/worker.h"

#include "shell/diagnostic.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define MS INT64_C(1000000)
#define TURN_MAX 512 /* requests begun in one turn */
#define HOUSEKEEPING_NS (100 * MS)
#define TICK_NS MS
#define TICK_RATE 20000 /* a second, from which on ticks are cheaper */
#define LEAD_MAX_NS INT64_C(60000)
#define LEAD_STEP_NS INT64_C(500)

/* ---- the turn -------------------------------------------------------------------------------- */

static void release_due(struct worker *worker)
{
    const bool closed = worker_is_closed(worker); /* its users ask for journeys themselves */

    for (uint32_t i = 0; i < TURN_MAX; i++) {
        const int64_t due_ns = due_next_ns(&worker->due);
        const int64_t start_ns = closed ? INT64_MAX : worker->next.at_ns;
        if (MIN(due_ns, start_ns) > worker->now_ns)
            return;
        if (due_ns <= start_ns) {
            worker_turn(worker, &worker->journeys[due_take(&worker->due).journey]);
        } else {
            if (worker->next.journey != NULL)
                worker_begin_journey(worker, &worker->next);
            worker->next = feed_next(&worker->feed);
        }
    }
}

/* Closed loop: users without a journey take the next ones. */
static void release_users(struct worker *worker)
{
    if (worker->now_ns < worker->users_wait_ns || worker->now_ns < 0)
        return;
    for (uint32_t i = 0; i < TURN_MAX && worker->users_idle > 0; i++) {
        if (worker->now_ns >= worker->run->stop_starting_ns || worker->next.at_ns == INT64_MAX)
            return;
        if (worker->next.journey != NULL) {
            worker->next.at_ns = worker->now_ns;
            worker->users_idle--;
            worker_begin_journey(worker, &worker->next);
        }
        worker->next = feed_next(&worker->feed);
    }
}

static void run_ready(struct worker *worker)
{
    for (uint32_t i = 0; i < 2 * TURN_MAX && worker->ready.first != JOURNEY_NONE; i++) {
        struct journey *j = &worker->journeys[worker->ready.first];
        journey_list_remove(&worker->ready, worker->journeys, worker->ready.first);
        worker_turn(worker, j);
    }
}

static void keep_house(struct worker *worker)
{
    const struct pool_counts *counts = pool_counts(worker->pool);
    const uint64_t due = worker->due_count - worker->tick_count;
    const int64_t time_ns = worker->now_ns - worker->housekeeping_ns + HOUSEKEEPING_NS;

    measure_set(worker->measure, MEASURE_RESENT, counts->resent);
    measure_set(worker->measure, MEASURE_BYTES_OUT, counts->bytes_out);
    measure_set(worker->measure, MEASURE_BYTES_IN, counts->bytes_in);
    measure_set(worker->measure, MEASURE_GZIP, counts->gzip_replies);
    measure_set(worker->measure, MEASURE_CONNECTS, counts->opened);
    measure_set(worker->measure, MEASURE_CONNECTIONS, counts->open_now);
    measure_set(worker->measure, MEASURE_WAITING, counts->waiting_now);
    measure_set(worker->measure, MEASURE_SESSIONS_LOST, worker->sessions.lost);
    worker->link_memory = MAX(worker->link_memory, counts->link_memory);
    if (worker->ticking)
        worker->ticked_count += due;
    else
        worker->timer_count += due;
    if (worker->run->options.pace == LOAD_PACE_AUTO && worker->now_ns > HOUSEKEEPING_NS)
        worker->ticking = (double)due * 1e9 > (double)time_ns * TICK_RATE;
    worker->lead_max_ns = due > 0 ? MIN(time_ns / (4 * (int64_t)due), LEAD_MAX_NS) : LEAD_MAX_NS;
    worker->tick_count = worker->due_count;
    worker->housekeeping_ns = worker->now_ns + HOUSEKEEPING_NS;
}

/* When whatever is still open is cut off. */
static int64_t cut_ns(const struct worker *worker)
{
    const struct run *run = worker->run;

    if (run->stop_starting_ns != INT64_MAX)
        return run->stop_starting_ns + run->options.drain_ns;
    return worker->next.at_ns == INT64_MAX && !worker_is_closed(worker)
               ? worker->last_intended_ns + run->options.drain_ns
               : INT64_MAX;
}

static bool is_over(const struct worker *worker)
{
    const struct run *run = worker->run;
    bool exhausted = worker->next.at_ns == INT64_MAX;

    if (worker_is_closed(worker) && worker->now_ns >= run->stop_starting_ns)
        exhausted = true;
    if (worker->in_flight > 0 && /* all that is left is due after the end */
        (worker->in_flight > worker->due.count || due_next_ns(&worker->due) <= cut_ns(worker)))
        exhausted = false;
    return exhausted || worker->now_ns >= cut_ns(worker) || worker->record_failed ||
           atomic_load_explicit(&run->stop_reason, memory_order_relaxed) != NULL;
}

/* When something is due next; in the past = at once. */
static int64_t next_due(const struct worker *worker)
{
    int64_t wake_ns = due_next_ns(&worker->due);

    if (worker->ready.first != JOURNEY_NONE)
        return worker->now_ns;
    if (!worker_is_closed(worker))
        wake_ns = MIN(wake_ns, worker->next.at_ns);
    else if (worker->users_idle > 0 && worker->next.at_ns != INT64_MAX)
        wake_ns = MIN(wake_ns, MAX(worker->users_wait_ns, 0));
    return worker->ticking ? MAX(wake_ns, worker->tick_ns + TICK_NS) : wake_ns;
}

/* Sets the timer to what is due next, or to another moment at which there is something to do. */
static void arm(struct worker *worker, int64_t due_ns, int64_t other_ns)
{
    const int64_t lead_ns = worker->ticking ? 0 : worker->lead_ns;
    const int64_t wake_ns = MIN(due_ns - lead_ns, other_ns);
    int64_t at_ns = wake_ns + worker->run->start_ns;
    struct itimerspec when = {.it_value = {0, 1}}; /* long past: at once */

    worker->target_ns = due_ns - lead_ns <= other_ns ? due_ns : INT64_MIN;
    if (wake_ns > worker->now_ns) {
        when.it_value.tv_sec = (time_t)(at_ns / 1000000000);
        when.it_value.tv_nsec = (long)(at_ns % 1000000000);
    } else {
        at_ns = INT64_MIN + 1;
    }
    if (at_ns == worker->armed_ns ||
        (worker->armed_ns <= at_ns && worker->armed_ns > worker->now_ns + worker->run->start_ns))
        return; /* it is set, or set to a moment before: a needless wake-up costs less than setting */
    timerfd_settime(worker->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
    worker->armed_ns = at_ns;
}

/* After a wake-up by the timer: learns how late it came, and spends what is left of the lead. */
static void await_due(struct worker *worker)
{
    if (!worker->timer_fired)
        return;
    worker->timer_fired = false;
    if (worker->armed_ns > 0 && !worker->ticking) {
        const int64_t late_ns = worker->now_ns + worker->run->start_ns - worker->armed_ns;
        worker->lead_ns += late_ns > worker->lead_ns ? LEAD_STEP_NS : -LEAD_STEP_NS;
        worker->lead_ns = CLAMP(worker->lead_ns, 0, worker->lead_max_ns);
    }
    while (worker->now_ns < worker->target_ns && worker->target_ns - worker->now_ns <= LEAD_MAX_NS)
        worker->now_ns = clock_ns() - worker->run->start_ns;
}

static void on_turn(uv_prepare_t *prepare)
{
    struct worker *worker = prepare->data;

    worker->now_ns = clock_ns() - worker->run->start_ns;
    await_due(worker);
    if (worker->now_ns >= worker->tick_ns + TICK_NS)
        worker->tick_ns = worker->now_ns - worker->now_ns % TICK_NS;
    if (worker_is_closed(worker))
        release_users(worker);
    release_due(worker);
    run_ready(worker);
    const int64_t timeout_ns = worker_time_out(worker);
    if (worker->now_ns >= worker->housekeeping_ns)
        keep_house(worker);
    if (is_over(worker)) {
        uv_stop(&worker->loop);
        arm(worker, worker->now_ns, worker->now_ns);
    } else if (worker->run->options.pace != LOAD_PACE_SPIN) {
        arm(worker, next_due(worker),
            MIN(timeout_ns, MIN(worker->housekeeping_ns, cut_ns(worker))));
    }
}

static void on_timer(uv_poll_t *poll, int status, int events)
{
    struct worker *worker = poll->data;

    (void)status;
    (void)events;
    worker->timer_fired = true;
}

/* Only ends the loop's wait. */
static void on_wake(uv_async_t *wake) { (void)wake; }

/* ---- the thread ------------------------------------------------------------------------------ */

static void close_pool(struct worker *worker)
{
    if (worker->pool == NULL)
        return;
    pool_close(worker->pool, OUTCOME_cut_off);
    while (!pool_is_closed(worker->pool))
        uv_run(&worker->loop, UV_RUN_ONCE);
    pool_free(worker->pool);
    worker->pool = NULL;
}

/* Not before the join: until then any thread may wake the loop. */
static void close_loop(struct worker *worker)
{
    if (!worker->loop_open)
        return;
    uv_close((uv_handle_t *)&worker->prepare, NULL);
    uv_close((uv_handle_t *)&worker->timer_poll, NULL);
    uv_close((uv_handle_t *)&worker->wake, NULL);
    uv_run(&worker->loop, UV_RUN_DEFAULT);
    uv_loop_close(&worker->loop);
    worker->loop_open = false;
}

static void read_cpu(struct worker *worker)
{
    struct rusage usage;

    getrusage(RUSAGE_THREAD, &usage);
    worker->user_s = (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6;
    worker->system_s = (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6;
}

static gpointer work(gpointer data)
{
    struct worker *worker = data;

    uv_prepare_start(&worker->prepare, on_turn);
    uv_poll_start(&worker->timer_poll, UV_READABLE, on_timer);
    if (worker->run->options.pace == LOAD_PACE_SPIN)
        while (uv_run(&worker->loop, UV_RUN_NOWAIT), !is_over(worker))
            continue;
    else
        uv_run(&worker->loop, UV_RUN_DEFAULT);
    uv_prepare_stop(&worker->prepare);
    worker_cut_off(worker);
    keep_house(worker);
    worker->value_memory = values_memory(&worker->values) + values_memory(&worker->locations);
    close_pool(worker);
    read_cpu(worker);
    atomic_store_explicit(&worker->ended, true, memory_order_release);
    return NULL;
}

/* ---- set-up ---------------------------------------------------------------------------------- */

static gboolean set_errno(GError **ret_error, const char *what, int reason)
{
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s", what,
                g_strerror(reason));
    return FALSE;
}

static gboolean open_loop(struct worker *worker, GError **ret_error)
{
    int failure = uv_loop_init(&worker->loop);

    if (failure != 0)
        return set_errno(ret_error, "event loop", -failure);
    worker->loop_open = true;
    uv_prepare_init(&worker->loop, &worker->prepare);
    uv_poll_init(&worker->loop, &worker->timer_poll, worker->timer_fd);
    uv_async_init(&worker->loop, &worker->wake, on_wake);
    worker->prepare.data = worker;
    worker->timer_poll.data = worker;
    return TRUE;
}

static gboolean open_pool(struct worker *worker, GError **ret_error)
{
    const struct load_options *o = &worker->run->options;
    const uint32_t workers = worker->run->worker_count;
    struct pool_options pool = o->pool;

    worker->events = worker_events;
    worker->events.user = worker;
    worker->events.map = o->map;
    worker->events.also_wanted = worker_redirect_wanted(worker);
    pool.links_max = o->pool.links_max / workers + (worker->index < o->pool.links_max % workers);
    pool.links_max = MAX(pool.links_max, 1);
    pool.waiting_max = MAX(o->pool.waiting_max / workers, 1);
    worker->pool = pool_new(&worker->loop, (const struct target *const *)o->targets,
                            o->target_count, &pool, &worker->events);
    return worker->pool != NULL || set_errno(ret_error, "connections", ENOMEM);
}

static gboolean take_memory(struct worker *worker, const struct measure_options *measures,
                            GError **ret_error)
{
    const struct load_options *o = &worker->run->options;
    const uint32_t journeys = worker->journeys_max;
    const uint32_t sessions = worker->run->session_valid_ns > 0
                                  ? journeys + o->sessions_max / worker->run->worker_count
                                  : 1;

    worker->journeys = values_reserve((size_t)journeys * sizeof *worker->journeys);
    worker->scratch = malloc(WORKER_SCRATCH);
    worker->measure = measure_new(measures);
    worker->own_lateness = omo_histogram_new(MEASURE_VALUE_MAX);
    if (worker->journeys != NULL && worker->scratch != NULL && worker->measure != NULL &&
        worker->own_lateness != NULL && due_init(&worker->due, journeys) &&
        values_init(&worker->values, journeys + sessions) &&
        sessions_init(&worker->sessions, sessions, &worker->values) && worker_redirect_init(worker))
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                "no memory for %u journeys in flight on each thread", journeys);
    return FALSE;
}

gboolean worker_init(struct worker *worker, const struct run *run, uint32_t index,
                     const struct measure_options *measures, GError **ret_error)
{
    const struct load_options *o = &run->options;

    *worker = (struct worker){.run = run,
                              .index = index,
                              .journeys_max = MAX(o->journeys_max / run->worker_count, 1),
                              .journey_free = JOURNEY_NONE,
                              .ready = {JOURNEY_NONE, JOURNEY_NONE},
                              .timer_fd = -1,
                              .armed_ns = INT64_MIN,
                              .lead_max_ns = LEAD_MAX_NS,
                              .tick_ns = INT64_MIN / 2,
                              .ticking = o->pace == LOAD_PACE_TICK ||
                                         (o->pace == LOAD_PACE_AUTO && run->tick)};
    for (uint32_t i = 0; i < RUN_TIMEOUTS_MAX; i++) {
        worker->unsent[i] = (struct journey_list){JOURNEY_NONE, JOURNEY_NONE};
        worker->sent[i] = (struct journey_list){JOURNEY_NONE, JOURNEY_NONE};
    }
    if (o->mode == LOAD_CLOSED)
        worker->users_idle = o->users / run->worker_count + (index < o->users % run->worker_count);
    if (!take_memory(worker, measures, ret_error))
        return FALSE;
    worker->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (worker->timer_fd < 0)
        return set_errno(ret_error, "timer", errno);
    feed_init(&worker->feed, o, run->first, run->first_us, index, run->worker_count);
    worker->next = feed_next(&worker->feed);
    return open_loop(worker, ret_error) && open_pool(worker, ret_error);
}

void worker_clear(struct worker *worker)
{
    close_pool(worker);
    close_loop(worker);
    if (worker->timer_fd >= 0)
        close(worker->timer_fd);
    sessions_clear(&worker->sessions);
    values_clear(&worker->values);
    worker_redirect_clear(worker);
    due_clear(&worker->due);
    omo_histogram_free(worker->own_lateness);
    measure_free(worker->measure);
    free(worker->scratch);
    values_release(worker->journeys, (size_t)worker->journeys_max * sizeof *worker->journeys);
}

gboolean worker_start(struct worker *worker, GError **ret_error)
{
    g_autoptr(GError) reason = NULL;

    worker->thread = g_thread_try_new("load", work, worker, &reason);
    if (worker->thread == NULL)
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "thread %u: %s",
                    worker->index, reason->message);
    return worker->thread != NULL;
}

void worker_wake(struct worker *worker) { uv_async_send(&worker->wake); }

void worker_join(struct worker *worker)
{
    if (worker->thread != NULL)
        g_thread_join(worker->thread);
    worker->thread = NULL;
}
