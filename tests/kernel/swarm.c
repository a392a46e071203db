/* Networks keep to what can't run away: refusals lead forward only, closed sources begin at station
 * 0, which takes everybody, and where jobs are split they never come back. Handlers draw what they
 * do from the kernel's own keyed draws, so that the same seed does the same. */
#include <check.h>
#include <math.h>

#include "conformance/seed.h"

#include "kernel/swarm.h"

#include <string.h>

#define HOUR OMO_US_PER_HOUR
#define STREAM_HANDLER 77

static bool one_in(uint64_t *state, int64_t n) { return seed_between(state, 1, n) == 1; }

static omo_law random_law(uint64_t *state, double mean_us)
{
    switch (seed_between(state, 0, 6)) {
    case 0:
        return (omo_law){OMO_LAW_CONSTANT, mean_us, 0, 0};
    case 1:
        return (omo_law){OMO_LAW_UNIFORM, 0, 2 * mean_us, 0};
    case 2:
        return (omo_law){OMO_LAW_ERLANG, mean_us, 3, 0};
    case 3:
        return (omo_law){OMO_LAW_LOGNORMAL, mean_us, 1.5, 0};
    case 4: /* ties */
        return (omo_law){OMO_LAW_CONSTANT, (double)HOUR / 4, 0, 0};
    default:
        return (omo_law){OMO_LAW_EXPONENTIAL, mean_us, 0, 0};
    }
}

static double hours(uint64_t *state, double low, double high)
{
    return (low + (high - low) * (double)(seed_next(state) >> 11) * 0x1p-53) * (double)HOUR;
}

/* ---- handlers -------------------------------------------------------------------------------- */

static void maybe_stop(struct swarm *s, omo_kernel *k)
{
    if (s->stop_one_in == 0 || ++s->stops % (uint64_t)s->stop_one_in != 0)
        return;
    omo_kernel_stop(k);
}

static double handler_unit(omo_kernel *k, omo_job job, uint32_t station)
{
    uint64_t entity = omo_job_identity(k, job) * 31 + (uint64_t)omo_kernel_now_us(k) + station;

    return omo_kernel_draw_unit(k, STREAM_HANDLER, entity);
}

static void on_start(omo_kernel *k, void *user, omo_job job)
{
    struct swarm_spot *spot = user;

    (void)job;
    spot->started++;
    ++*omo_job_data(k, job);
    maybe_stop(spot->swarm, k);
}

/* Mostly leaves the job to the routes; now and then sends it on, or ends it. */
static void move(struct swarm_spot *spot, omo_kernel *k, omo_job job)
{
    struct swarm *s = spot->swarm;
    double unit = handler_unit(k, job, spot->index);

    maybe_stop(s, k);
    if (unit < 0.1) {
        omo_job_end(k, job);
    } else if (unit < 0.2 && spot->index + 1 < s->station_count) {
        uint32_t ahead = s->station_count - spot->index - 1;
        omo_job_set_priority(k, job, (int32_t)(unit * 100) - 15);
        omo_job_set_skill(k, job, (uint32_t)(unit * 1000) % 3);
        omo_job_set_service_us(k, job, (int64_t)(unit * (double)HOUR));
        omo_job_send(k, job, (omo_station){spot->index + 1 + (uint32_t)(unit * 1e6) % ahead});
    }
}

static void on_done(omo_kernel *k, void *user, omo_job job)
{
    ((struct swarm_spot *)user)->done++;
    move(user, k, job);
}

static void on_reneged(omo_kernel *k, void *user, omo_job job)
{
    ((struct swarm_spot *)user)->reneged++;
    move(user, k, job);
}

static void on_refused(omo_kernel *k, void *user, omo_job job)
{
    ((struct swarm_spot *)user)->refused++;
    move(user, k, job);
}

static void on_arrival(omo_kernel *k, void *user, omo_job job)
{
    struct swarm_door *door = user;
    double unit = handler_unit(k, job, 1000 + door->index);

    door->arrived++;
    maybe_stop(door->swarm, k);
    omo_job_set_priority(k, job, (int32_t)(unit * 4));
    omo_job_set_skill(k, job, (uint32_t)(unit * 4e6) % 4);
    if (!door->swarm->closed[door->index] && unit < 0.05)
        omo_job_end(k, job);
    else if (!door->swarm->closed[door->index] && unit < 0.1)
        omo_job_send(k, job, (omo_station){(uint32_t)(unit * 1e6) % door->swarm->station_count});
}

static void on_end(omo_kernel *k, void *user, omo_job job)
{
    struct swarm_door *door = user;

    (void)job;
    door->ended++;
    maybe_stop(door->swarm, k);
}

/* Makes a job by hand, and keeps a second timer alive that is put off again and again. */
static void on_tick(omo_kernel *k, void *user, uint32_t subject)
{
    struct swarm *s = user;
    uint64_t tick = ++s->ticks;
    double unit = omo_kernel_draw_unit(k, STREAM_HANDLER + 1, tick);

    maybe_stop(s, k);
    if (subject == 1) {
        s->timer = omo_schedule(k, s->tick, (int64_t)(unit * 100 * (double)HOUR), 1);
        return;
    }
    omo_schedule(k, s->tick, (int64_t)(unit * 4 * (double)HOUR), 0);
    if (unit < 0.3) {
        s->timer = omo_reschedule(k, s->timer, (int64_t)(unit * 50 * (double)HOUR));
    } else if (unit < 0.4) {
        omo_cancel(k, s->timer);
        s->timer = omo_schedule(k, s->tick, 0, 1);
    } else if (unit < 0.6 && !s->closed[0]) {
        omo_job job = omo_job_new(k, (omo_source){0});
        s->door[0].arrived++;
        if (unit < 0.45)
            omo_job_end(k, job);
        else
            omo_job_send(k, job, (omo_station){(uint32_t)(unit * 1e6) % s->station_count});
    }
}

/* ---- stations -------------------------------------------------------------------------------- */

static void make_servers(struct swarm *s, uint32_t i, uint64_t *state)
{
    omo_station_options *o = &s->station[i];

    o->servers = (uint32_t)seed_between(state, 1, 4);
    switch (seed_between(state, 0, 8)) {
    case 0:
        o->servers = OMO_UNLIMITED;
        break;
    case 1:
        o->shift_count = (uint32_t)seed_between(state, 1, 3);
        for (uint32_t j = 0; j < o->shift_count; j++)
            s->shift[i][j] = (omo_shift){j * 3 * HOUR, (uint32_t)seed_between(state, j != 0, 4)};
        o->shift_period_us = 8 * HOUR;
        o->shifts = s->shift[i];
        o->servers = 4;
        o->shift_end = (omo_shift_end)seed_between(state, 0, 1);
        break;
    case 2:
        o->crew_count = (uint32_t)seed_between(state, 1, 3);
        o->servers = 0;
        for (uint32_t j = 0; j < o->crew_count; j++) {
            s->crew[i][j] = (omo_crew){.servers = (uint32_t)seed_between(state, 1, 2),
                                       .skills = (uint32_t)seed_between(state, 1, 15),
                                       .speed = hours(state, 0.4, 2.5) / (double)HOUR};
            o->servers += s->crew[i][j].servers;
        }
        o->crews = s->crew[i];
        break;
    case 3:
        o->breaks = true;
        o->work_lost = one_in(state, 2);
        o->up = random_law(state, hours(state, 2, 10));
        o->down = random_law(state, hours(state, 0.2, 3));
        break;
    default:
        break;
    }
}

static void make_station(struct swarm *s, uint32_t i, uint64_t *state)
{
    omo_station_options *o = &s->station[i];
    bool apart;

    make_servers(s, i, state);
    o->service = random_law(state, hours(state, 0.1, 1.5));
    apart = o->breaks || o->crew_count != 0 || o->shift_end == OMO_HAND_OVER;
    if (o->servers != OMO_UNLIMITED)
        o->discipline = (omo_discipline)seed_between(state, 0, OMO_PRIORITY_PREEMPTIVE);
    apart = apart || o->discipline == OMO_PRIORITY_PREEMPTIVE;
    if (one_in(state, 4) && !apart && o->servers != OMO_UNLIMITED) {
        o->discipline = OMO_FIFO;
        o->batch_min = (uint32_t)seed_between(state, 1, 4);
        o->batch_max = o->batch_min + (uint32_t)seed_between(state, 0, 4);
        o->batch_wait_us = one_in(state, 2) ? OMO_FOREVER : (int64_t)hours(state, 0, 3);
    } else if (one_in(state, 5)) {
        o->wave_us = (int64_t)hours(state, 0.1, 3);
    }
    if (i != 0 && one_in(state, 3)) {
        o->room = o->batch_min + (uint32_t)seed_between(state, 0, 6);
        o->when_full = (omo_full)seed_between(state, 0, 1);
    }
    if (i != 0 && one_in(state, 4)) {
        o->balk_from = (uint32_t)seed_between(state, 0, 3);
        o->balk_ppm = (uint32_t)seed_between(state, 1, 900000);
    }
    if (one_in(state, 3)) {
        o->impatient = true;
        o->patience = random_law(state, hours(state, 0.2, 5));
    }
    o->wait_over_us = (int64_t)hours(state, 0, 2);
    o->time_over_us = (int64_t)hours(state, 0, 3);
    o->level_over = (uint32_t)seed_between(state, 0, 5);
    o->period_us = one_in(state, 2) ? HOUR : OMO_US_PER_DAY;
}

static void make_fork(struct swarm *s, uint32_t i, uint64_t *state)
{
    omo_station_options *o = &s->station[i];

    o->branch_count = (uint32_t)seed_between(state, 1, 3);
    for (uint32_t b = 0; b < o->branch_count; b++)
        s->branch[i][b].index = (uint32_t)seed_between(state, i + 1, s->station_count - 1);
    o->branches = s->branch[i];
    s->forward = true;
}

static void add_stations(struct swarm *s, uint64_t *state)
{
    static const char *const name[SWARM_STATIONS] = {"a", "b", "c", "d", "e", "f"};

    s->station_count = (uint32_t)seed_between(state, 1, SWARM_STATIONS);
    for (uint32_t i = 0; i < s->station_count; i++) {
        omo_station_options *o = &s->station[i];
        *o = omo_station_defaults(name[i]);
        if (i + 1 < s->station_count && one_in(state, 8))
            make_fork(s, i, state);
        else
            make_station(s, i, state);
        s->spot[i] = (struct swarm_spot){.swarm = s, .index = i};
        o->on_start = on_start;
        o->on_done = on_done;
        o->on_reneged = on_reneged;
        o->on_refused = on_refused;
        o->user = &s->spot[i];
        ck_assert_uint_eq(omo_kernel_add_station(s->k, o).index, i);
    }
}

static void add_routes(struct swarm *s, uint64_t *state)
{
    for (uint32_t i = 0; i < s->station_count; i++)
        for (omo_outcome outcome = 0; outcome < OMO_OUTCOME_COUNT; outcome++) {
            int64_t left = OMO_PPM * 9 / 10; /* some leave, so that no open job stays for ever */
            for (uint32_t n = 0; n < 3; n++) {
                bool ahead = s->forward || outcome != OMO_DONE;
                if (ahead && i + 1 == s->station_count)
                    break;
                uint32_t to =
                    (uint32_t)seed_between(state, ahead ? i + 1 : 0, s->station_count - 1);
                int64_t share = seed_between(state, 0, left);
                if (s->station[i].batch_max > 1 && s->station[to].when_full == OMO_BLOCK)
                    continue;
                ck_assert_int_eq(omo_kernel_route(s->k, (omo_station){i}, outcome,
                                                  (omo_station){to}, (uint32_t)share),
                                 OMO_OK);
                left -= share;
            }
        }
}

static void add_sources(struct swarm *s, uint64_t *state)
{
    static const char *const name[SWARM_SOURCES] = {"one", "two", "three"};

    s->source_count = (uint32_t)seed_between(state, 1, SWARM_SOURCES);
    for (uint32_t i = 0; i < s->source_count; i++) {
        omo_source_options o = omo_source_defaults(name[i]);
        o.to.index = (uint32_t)seed_between(state, 0, s->station_count - 1);
        o.interval = random_law(state, hours(state, 0.3, 3));
        o.priority = (int32_t)seed_between(state, -2, 2);
        o.skill = (uint32_t)seed_between(state, 0, 3);
        s->closed[i] = one_in(state, 5) && !s->forward;
        if (s->closed[i]) {
            o.population = (uint32_t)seed_between(state, 1, 12);
            o.to.index = 0;
        } else if (one_in(state, 4)) {
            for (uint32_t j = 0; j < 3; j++)
                s->rate[i][j] = (omo_rate){j * 5 * HOUR, (double)seed_between(state, 0, 40) / 10};
            s->rate[i][seed_between(state, 0, 2)].per_hour = 1;
            o.rates = s->rate[i];
            o.rate_count = 3;
            o.rate_period_us = 20 * HOUR;
        }
        if (one_in(state, 4))
            o.from_us = (int64_t)hours(state, 0, 20);
        if (one_in(state, 4) && !s->closed[i])
            o.until_us = o.from_us + (int64_t)hours(state, 0, 200);
        if (one_in(state, 4))
            o.count_max = (uint64_t)seed_between(state, 0, 100);
        s->door[i] = (struct swarm_door){.swarm = s, .index = i};
        o.on_arrival = on_arrival;
        o.on_end = on_end;
        o.user = &s->door[i];
        ck_assert_uint_eq(omo_kernel_add_source(s->k, &o).index, i);
    }
}

void swarm_make(struct swarm *s, uint64_t seed, uint64_t kernel_seed)
{
    omo_kernel_options options = omo_kernel_defaults();
    omo_error error = {0};
    uint64_t state = seed;

    memset(s, 0, sizeof(*s));
    options.seed = kernel_seed;
    options.job_max = 20000;
    options.timer_max = 10;
    s->seed = seed;
    s->k = omo_kernel_new(&options, &error);
    s->until_us = (int64_t)hours(&state, 100, 500);
    ck_assert_msg(s->k != NULL, "%s", error.text);
    add_stations(s, &state);
    add_routes(s, &state);
    add_sources(s, &state);
    s->tick = omo_kernel_add_kind(s->k, "tick", on_tick, s);
    omo_schedule(s->k, s->tick, HOUR, 0);
    s->timer = omo_schedule(s->k, s->tick, 2 * HOUR, 1);
    if (omo_kernel_status(s->k, &error) != OMO_OK)
        ck_abort_msg("seed %" PRIu64 ": %s", seed, error.text);
}

void swarm_run(struct swarm *s, int64_t until_us)
{
    omo_error error = {0};

    do {
        if (omo_kernel_run(s->k, until_us, &error) != OMO_OK)
            ck_abort_msg("seed %" PRIu64 ": %s", s->seed, error.text);
    } while (omo_kernel_now_us(s->k) < until_us);
    /* Stopped at the very end: what is left of that instant. */
    int64_t stop_one_in = s->stop_one_in;
    s->stop_one_in = 0;
    if (omo_kernel_run(s->k, until_us, &error) != OMO_OK)
        ck_abort_msg("seed %" PRIu64 ": %s", s->seed, error.text);
    s->stop_one_in = stop_one_in;
}

/* ---- what holds ------------------------------------------------------------------------------ */

static uint64_t inside(const struct swarm *s, uint32_t station)
{
    uint64_t sum = 0;
    omo_class_report r;

    for (uint32_t i = 0; i < s->source_count; i++) {
        omo_kernel_station_class(s->k, (omo_station){station}, (omo_source){i}, &r);
        sum += r.inside;
    }
    return sum;
}

static uint64_t of_source(const struct swarm *s, uint32_t source)
{
    omo_class_report r;

    omo_kernel_source(s->k, (omo_source){source}, &r);
    return r.inside;
}

void swarm_reset(struct swarm *s)
{
    omo_kernel_reset_measures(s->k);
    for (uint32_t i = 0; i < s->station_count; i++)
        s->spot[i] = (struct swarm_spot){.swarm = s, .index = i, .inside_reset = inside(s, i)};
    for (uint32_t i = 0; i < s->source_count; i++)
        s->door[i] = (struct swarm_door){.swarm = s, .index = i, .inside_reset = of_source(s, i)};
}

/* NaN, where there are no cases, is a share. */
static bool is_share(double x) { return !(x < -1e-12 || x > 1 + 1e-12); }

static bool is_equal(double a, double b) { return fabs(a - b) <= 1e-9 * fmax(1, fabs(b)); }

static const char *check_levels(const struct swarm *s, uint32_t i, const omo_station_report *r)
{
    const omo_station_options *o = &s->station[i];
    uint64_t here = inside(s, i);
    uint32_t waiting = omo_station_waiting(s->k, (omo_station){i});
    uint32_t busy = omo_station_busy(s->k, (omo_station){i});

    if (!is_share(r->empty_share) || !is_share(r->level_over_share) ||
        !is_share(r->wait_over_share) || !is_share(r->time_over_share) ||
        !is_share(r->wave_empty_share))
        return "a share is out of 0 to 1";
    if (r->level_max < here || (o->room != OMO_UNLIMITED && r->level_max > o->room))
        return "level_max is below the level or above the room";
    if (o->branch_count != 0 || r->span_us == 0)
        return NULL;
    if (o->batch_max == 1 && waiting + busy > here)
        return "more wait and are served than are inside";
    if (o->batch_max == 1 &&
        !is_equal(r->queue_mean + r->busy_mean + r->blocked_mean, r->level_mean))
        return "the level is not those waiting, served and blocked";
    if (o->servers != OMO_UNLIMITED &&
        r->busy_mean + r->blocked_mean > r->duty_mean + r->overtime_mean + r->down_mean + 1e-9)
        return "more servers are held than there are";
    if (r->level_mean > r->level_max + 1e-9 || r->level_variance < -1e-9 * r->level_max)
        return "the mean level or its variance can't be";
    return NULL;
}

static const char *check_station(const struct swarm *s, uint32_t i)
{
    const struct swarm_spot *spot = &s->spot[i];
    omo_station_report r;
    omo_class_report c, sum = {0};

    if (omo_kernel_station(s->k, (omo_station){i}, &r) != OMO_OK)
        return "a station has no report";
    for (uint32_t j = 0; j < s->source_count; j++) {
        omo_kernel_station_class(s->k, (omo_station){i}, (omo_source){j}, &c);
        sum.arrived += c.arrived;
        sum.refused += c.refused;
        sum.balked += c.balked;
        sum.reneged += c.reneged;
        sum.started += c.started;
        sum.done += c.done;
        sum.inside += c.inside;
    }
    if (sum.arrived != r.arrived || sum.refused != r.refused || sum.balked != r.balked ||
        sum.reneged != r.reneged || sum.started != r.started || sum.done != r.done)
        return "a station is not the sum of its classes";
    if (spot->inside_reset + r.arrived != r.refused + r.balked + r.reneged + r.done + sum.inside)
        return "conservation of jobs at a station";
    if (spot->reneged != r.reneged || spot->refused != r.refused + r.balked)
        return "handlers were not called once for each job that went";
    if (spot->done + spot->inside_reset < r.done || spot->done > r.done + sum.inside)
        return "on_done was not called once for each job that was done";
    if (s->station[i].branch_count == 0 && spot->started < r.started)
        return "on_start was not called for each job that started";
    if (r.waited > r.arrived || r.waves > omo_kernel_event_count(s->k))
        return "a count is too high";
    return check_levels(s, i, &r);
}

const char *swarm_check(const struct swarm *s)
{
    for (uint32_t i = 0; i < s->station_count; i++) {
        const char *text = check_station(s, i);
        if (text != NULL)
            return text;
    }
    for (uint32_t i = 0; i < s->source_count; i++) {
        omo_class_report r;
        omo_kernel_source(s->k, (omo_source){i}, &r);
        if (s->door[i].inside_reset + r.arrived != r.done + r.inside)
            return "conservation of jobs of a source";
        if (r.done != s->door[i].ended)
            return "on_end was not called once for each job that ended";
        if (!s->closed[i] && r.arrived != s->door[i].arrived)
            return "on_arrival was not called once for each arrival";
    }
    return NULL;
}

static void must_hold(const struct swarm *s)
{
    const char *text = swarm_check(s);

    if (text != NULL)
        ck_abort_msg("seed %" PRIu64 " at %" PRId64 ": %s", s->seed, omo_kernel_now_us(s->k), text);
}

void swarm_one(uint64_t seed, uint64_t *events)
{
    static struct swarm whole, steps, stopped, other;
    uint64_t state = seed;

    swarm_make(&whole, seed, seed);
    swarm_run(&whole, whole.until_us);
    must_hold(&whole);
    swarm_make(&steps, seed, seed);
    while (omo_kernel_now_us(steps.k) < steps.until_us) {
        int64_t next_us = omo_kernel_now_us(steps.k) + (int64_t)hours(&state, 0, 60);
        swarm_run(&steps, next_us < steps.until_us ? next_us : steps.until_us);
        must_hold(&steps);
        if (one_in(&state, 2))
            swarm_reset(&steps);
        must_hold(&steps);
    }
    swarm_make(&stopped, seed, seed);
    stopped.stop_one_in = seed_between(&state, 1, 20);
    swarm_run(&stopped, stopped.until_us);
    must_hold(&stopped);
    swarm_make(&other, seed, seed + 1);
    swarm_run(&other, other.until_us);
    must_hold(&other);
    if (omo_kernel_digest(whole.k) != omo_kernel_digest(steps.k) ||
        omo_kernel_event_count(whole.k) != omo_kernel_event_count(steps.k))
        ck_abort_msg("seed %" PRIu64 ": short steps are not one run", seed);
    if (omo_kernel_digest(whole.k) != omo_kernel_digest(stopped.k))
        ck_abort_msg("seed %" PRIu64 ": stopping changed what happens", seed);
    if (omo_kernel_digest(whole.k) == omo_kernel_digest(other.k))
        ck_abort_msg("seed %" PRIu64 ": another seed has the same digest", seed);
    *events += omo_kernel_event_count(whole.k);
    omo_kernel_free(whole.k);
    omo_kernel_free(steps.k);
    omo_kernel_free(stopped.k);
    omo_kernel_free(other.k);
}
