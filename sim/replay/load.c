/* A load run from its start to its end, watched ten times a second by the caller's thread.
 *
 * All workers count time from one start, 50 ms after the threads exist, so that a schedule's first
 * requests find everybody awake.
 */
#include "replay/load_private.h"

#include "results/record.h"

#define LEAD_NS INT64_C(50000000)
#define TICK_US 100000

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
    g_free(load->run.keyed);
    g_mutex_clear(&load->hook_lock);
    g_free(load);
}

void load_stop(Load *load, const char *reason)
{
    const char *none = NULL;

    if (atomic_compare_exchange_strong(&load->run.stop_reason, &none, reason))
        for (uint32_t i = 0; i < load->run.worker_count; i++)
            worker_wake(&load->worker[i]);
}

static gboolean start_workers(Load *load, GError **ret_error)
{
    struct run *run = &load->run;

    run->start_ns = clock_ns() + LEAD_NS;
    load->result.started_unix_us = g_get_real_time() + LEAD_NS / 1000;
    run->start_unix_ms = load->result.started_unix_us / 1000;
    load_record_started(run, load->result.started_unix_us);
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

int64_t load_start_ns(const Load *load) { return load->run.start_ns; }

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
