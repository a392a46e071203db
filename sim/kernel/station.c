/* Stations: joining, waiting, serving, leaving.
 *
 * Levels change in one place each, after the areas under them were completed (station_touch); so
 * every mean over time is exact in integers, and Little's law holds in integers too (report.c
 * checks it). A plain station, first come first served with servers alike, starts a job that
 * finds a free server without queueing it first; all others queue it and let the servers take
 * what they can (station_fill), which is one loop for every discipline, skill, batch and shift.
 *
 * When a service ends, the model's handler and the routes say where the job goes while it still
 * holds its server. If that station has no room and blocks, job and server stay. Else the job
 * leaves, the server takes its next job, the job joins the station ahead, and the room that it
 * left lets in whoever was blocked behind it: station_let_in, which goes upstream from station
 * to station. Whatever else may lead from sending to sending without end at one instant (refusals,
 * splitting, handlers) is counted: engine_deeper. */
#include "base/batch.h"
#include "kernel/group.h"
#include "kernel/station.h"

/* ---- areas ----------------------------------------------------------------------------------- */

static inline core_int128 station_product(uint64_t level, int64_t span_us)
{
    return (core_int128)((core_uint128)level * (uint64_t)span_us); /* one instruction */
}

OMO_HOT void station_touch(struct station *s, int64_t now_us)
{
    int64_t span_us = now_us - s->since_us;

    if (span_us == 0)
        return;
    s->since_us = now_us;
    s->waiting_area += station_product(s->waiting, span_us);
    s->busy_area += station_product(s->busy, span_us);
    s->level_square_area += station_product((uint64_t)s->inside * s->inside, span_us);
    /* there, who is inside waits, is served or blocked, and by a server of his own */
    if (!s->plain)
        s->level_area += station_product(s->inside, span_us);
}

void station_open_period(struct station *s, int64_t begin_us)
{
    int64_t period_us = s->options.period_us;

    s->period_end_us = begin_us <= OMO_FOREVER - period_us ? begin_us + period_us : OMO_FOREVER;
}

void station_close_periods(struct station *s, int64_t now_us)
{
    if (now_us < s->period_end_us)
        return;
    int64_t periods = (now_us - s->period_end_us) / s->options.period_us;
    moments_add(&s->period, s->period_done);
    moments_add_weighted(&s->period, 0, periods);
    s->period_done = 0;
    s->period_end_us += periods * s->options.period_us;
    station_open_period(s, s->period_end_us);
}

/* ---- where next ------------------------------------------------------------------------------ */

uint32_t station_next(const struct omo_kernel *k, const struct station *s, omo_outcome outcome,
                      const struct job *j)
{
    const struct station_routes *r = &s->routes[outcome];
    struct draw_cursor c;

    if (j->target != JOB_TARGET_ROUTES)
        return j->target;
    if (r->count == 0)
        return JOB_TARGET_END;
    if (r->route[0].until_ppm == OMO_PPM)
        return r->route[0].to;
    draw_begin(&c, k->key, DRAW_ROUTE, job_entity(j), s->index);
    uint32_t ppm = draw_below(&c, OMO_PPM);
    for (uint32_t i = 0; i < r->count; i++)
        if (ppm < r->route[i].until_ppm)
            return r->route[i].to;
    return JOB_TARGET_END;
}

OMO_HOT void station_onward(struct omo_kernel *k, uint32_t slot, uint32_t target)
{
    if (target == JOB_TARGET_END)
        job_leave(k, slot);
    else
        station_send(k, slot, target);
}

/* ---- serving --------------------------------------------------------------------------------- */

/* The unit exponential of a job's service: most jobs of a source are served at its first station, and
 * in their order, so theirs are drawn many at a time. */
static OMO_HOT double station_service_unit(const struct omo_kernel *k, const struct station *s,
                                           const struct job *j)
{
    struct source *source = &k->source[j->source];
    struct draw_cursor c;

    if (j->visit == 1 && source->options.to.index == s->index && j->parent == OMO_NONE) {
        uint64_t nth = j->identity - source->service_first;
        if (nth < SOURCE_GAPS)
            return source->service[nth];
        if (nth < UINT64_C(1) << JOB_ORDINAL_BITS) { /* further on, never back */
            batch_entity_exponentials(k->key, DRAW_STATION, j->identity, s->index, SOURCE_GAPS,
                                      source->service);
            source->service_first = j->identity;
            return source->service[0];
        }
    }
    draw_begin(&c, k->key, DRAW_STATION, job_entity(j), s->index);
    return law_exponential(&c);
}

OMO_HOT int64_t station_service(const struct omo_kernel *k, const struct station *s,
                                const struct job *j)
{
    struct draw_cursor c;

    if (s->service.kind == OMO_LAW_EXPONENTIAL)
        return law_round_us(s->service.a * station_service_unit(k, s, j));
    draw_begin(&c, k->key, DRAW_STATION, job_entity(j), s->index);
    return law_draw_us(&s->service, &c);
}

static inline int64_t station_clip(const struct omo_kernel *k, int64_t since_us)
{
    return core_max_i64(since_us, k->reset_us);
}

/* The job's time in the queue ends. */
OMO_HOT void station_unwait(struct omo_kernel *k, struct station *s, struct job *j, uint32_t slot)
{
    int64_t now_us = engine_now_us(k);

    s->waiting--;
    station_sums(s, j)->queued_us += now_us - station_clip(k, j->since_us);
    if (j->patient) {
        engine_stamp(k, slot);
        j->patient = false;
    }
}

OMO_HOT void station_first_start(struct omo_kernel *k, struct station *s, struct job *j)
{
    int64_t wait_us = engine_now_us(k) - j->joined_us;

    j->started = true;
    station_sums(s, j)->started++;
    moments_add(&s->wait, wait_us);
    batches_add(&s->batches_wait, wait_us);
    s->wait_over += wait_us > s->wait_over_us;
}

/* The job, which is in no list, is served from now on; `server` is read in detailed stations. */
static OMO_HOT void station_start(struct omo_kernel *k, struct station *s, uint32_t slot,
                                  uint32_t server)
{
    struct job *j = &k->job[slot];

    if (!j->started)
        station_first_start(k, s, j);
    if (j->work_us == JOB_WORK_UNKNOWN)
        j->work_us = station_service(k, s, j);
    j->state = JOB_SERVED;
    j->since_us = engine_now_us(k);
    s->busy++;
    int64_t work_us = j->work_us;
    if (s->detailed) {
        j->server = server;
        s->server[server].job = slot;
        j->service_us = core_max_i64(j->service_us, work_us);
        work_us = server_span_us(s, server, work_us);
    }
    engine_schedule(k, work_us,
                    (struct event_about){ENGINE_DONE, OWNER_JOB, slot, k->stamp[slot], 0});
    if (s->options.on_start != NULL)
        job_call(k, slot, s->options.on_start, s->options.user, false);
}

/* A waiting job is served from now on. */
static void station_start_waiting(struct omo_kernel *k, struct station *s, uint32_t slot,
                                  uint32_t server)
{
    struct job *j = &k->job[slot];

    queue_remove(k, station_queue(s, j), s->options.discipline, slot);
    station_unwait(k, s, j, slot);
    station_start(k, s, slot, server);
}

static uint32_t station_ready(const struct station *s) { return s->waiting - s->gate.count; }

/* ---- servers take what they can -------------------------------------------------------------- */

/* The waiting job whose turn it is among those of the given skills, or OMO_NONE. */
static uint32_t station_pick(struct omo_kernel *k, struct station *s, uint32_t skills)
{
    omo_discipline d = s->options.discipline;
    uint32_t best = OMO_NONE, total = 0;

    for (uint32_t i = 0; i < s->queue_count; i++) {
        const struct queue *q = &s->queue[i];
        if (q->count == 0 || (skills >> i & 1) == 0)
            continue;
        total += q->count;
        if (d == OMO_RANDOM)
            continue;
        uint32_t head = queue_head(k, q, d, 0);
        if (best == OMO_NONE || queue_before(k, d, head, best))
            best = head;
    }
    if (d != OMO_RANDOM || total == 0)
        return best;
    struct draw_cursor c;
    draw_begin(&c, k->key, DRAW_PICK, s->pick_count++, s->index);
    uint32_t n = draw_below(&c, total);
    for (uint32_t i = 0; i < s->queue_count; i++) {
        const struct queue *q = &s->queue[i];
        if ((skills >> i & 1) == 0)
            continue;
        if (n < q->count)
            return queue_head(k, q, d, n);
        n -= q->count;
    }
    return OMO_NONE;
}

/* A job in service that a waiting one may push out, or OMO_NONE; *ret_slot is the waiting one. */
static uint32_t station_pick_over(struct omo_kernel *k, struct station *s, uint32_t *ret_slot)
{
    uint32_t skills = UINT32_MAX, slot;

    while ((slot = station_pick(k, s, skills)) != OMO_NONE) {
        uint32_t least = server_least(k, s, slot);
        if (least != OMO_NONE) {
            *ret_slot = slot;
            return least;
        }
        skills &= s->queue_count == 1 ? 0 : ~(UINT32_C(1) << k->job[slot].skill);
    }
    return OMO_NONE;
}

static void station_fill_detailed(struct omo_kernel *k, struct station *s)
{
    bool preempts = s->options.discipline == OMO_PRIORITY_PREEMPTIVE;

    while (station_ready(s) != 0) {
        uint32_t slot = station_pick(k, s, server_skills(s)), server;
        if (slot != OMO_NONE) {
            server = server_find(s, k->job[slot].skill);
        } else {
            uint32_t least = preempts ? station_pick_over(k, s, &slot) : OMO_NONE;
            if (least == OMO_NONE)
                return;
            server = k->job[least].server;
            station_interrupt(k, s, least, false);
        }
        station_start_waiting(k, s, slot, server);
    }
}

/* The first of a plain station's queue is served. */
static OMO_HOT void station_start_first(struct omo_kernel *k, struct station *s)
{
    uint32_t slot = queue_list_shift(k, &s->queue[0]);

    station_unwait(k, s, &k->job[slot], slot);
    station_start(k, s, slot, 0);
}

/* One server of a station where jobs are waiting has become free. */
static OMO_HOT void station_fill_after(struct omo_kernel *k, struct station *s)
{
    if (!s->plain)
        station_fill(k, s);
    else if (s->busy + s->blocked < s->duty)
        station_start_first(k, s);
}

void station_fill(struct omo_kernel *k, struct station *s)
{
    if (s->plain) {
        while (s->waiting != 0 && s->busy + s->blocked < s->duty)
            station_start_first(k, s);
        return;
    }
    if (s->batches) {
        group_fill(k, s);
        return;
    }
    if (s->detailed) {
        station_fill_detailed(k, s);
        return;
    }
    while (s->busy + s->blocked < s->duty && station_ready(s) != 0) {
        uint32_t slot =
            s->options.discipline <= OMO_LIFO ? s->queue[0].first : station_pick(k, s, 1);
        station_start_waiting(k, s, slot, 0);
    }
}

void station_interrupt(struct omo_kernel *k, struct station *s, uint32_t slot, bool lose)
{
    struct job *j = &k->job[slot];
    int64_t now_us = engine_now_us(k);

    OMO_ASSERT(j->state == JOB_SERVED);
    station_touch(s, now_us);
    j->work_us -= server_work_us(s, j->server, now_us - j->since_us);
    j->work_us = lose ? j->service_us : core_max_i64(j->work_us, 0);
    engine_stamp(k, slot);
    s->server[j->server].job = OMO_NONE;
    if (k->steps != NULL)
        steps_interrupted(k, slot);
    s->busy--;
    s->preempted++;
    s->waiting++;
    j->state = JOB_WAITING;
    j->since_us = now_us;
    if (s->options.discipline == OMO_LIFO)
        j->turn = ++k->turn;
    queue_add(k, station_queue(s, j), s->options.discipline, slot, true);
}

/* ---- joining --------------------------------------------------------------------------------- */

/* The job begins to wait, with patience if the station's customers have no more. */
static void station_wait(struct omo_kernel *k, struct station *s, uint32_t slot)
{
    struct job *j = &k->job[slot];

    s->waiting++;
    j->since_us = engine_now_us(k);
    if (s->options.discipline == OMO_SHORTEST && j->work_us == JOB_WORK_UNKNOWN)
        j->work_us = station_service(k, s, j);
    if (s->options.wave_us != 0) {
        j->state = JOB_GATED;
        queue_list_append(k, &s->gate, slot);
    } else {
        j->state = JOB_WAITING;
        queue_add(k, station_queue(s, j), s->options.discipline, slot, false);
    }
}

static void station_patience(struct omo_kernel *k, struct station *s, uint32_t slot)
{
    struct job *j = &k->job[slot];
    struct draw_cursor c;

    draw_begin(&c, k->key, DRAW_PATIENCE, job_entity(j), s->index);
    j->patient = true;
    engine_schedule(k, law_draw_us(&s->options.patience, &c),
                    (struct event_about){ENGINE_PATIENCE, OWNER_JOB, slot, k->stamp[slot], 0});
}

/* A job joins a station that is not plain; true when it did not have to wait. */
static bool station_join_other(struct omo_kernel *k, struct station *s, uint32_t slot)
{
    if (s->options.branch_count != 0) {
        group_split(k, s, slot);
        return true;
    }
    station_wait(k, s, slot);
    station_fill(k, s);
    return k->job[slot].started;
}

static OMO_HOT void station_join(struct omo_kernel *k, struct station *s, uint32_t slot)
{
    struct job *j = &k->job[slot];

    j->station = s->index;
    j->joined_us = engine_now_us(k);
    j->work_us = j->next_work_us;
    j->next_work_us = JOB_WORK_UNKNOWN;
    j->service_us = 0;
    j->started = false;
    j->turn = ++k->turn;
    station_sums(s, j)->inside++;
    station_enter(s, j->joined_us);
    if (s->plain && s->waiting == 0 && s->busy + s->blocked < s->duty) {
        station_start(k, s, slot, 0);
        return;
    }
    if (s->plain) {
        s->waiting++;
        j->since_us = j->joined_us;
        j->state = JOB_WAITING;
        queue_list_append(k, &s->queue[0], slot);
    } else if (station_join_other(k, s, slot)) {
        return;
    }
    station_sums(s, j)->waited++;
    if (s->impatient)
        station_patience(k, s, slot);
}

static bool station_balks(const struct omo_kernel *k, const struct station *s, const struct job *j)
{
    struct draw_cursor c;

    if (s->waiting < s->options.balk_from)
        return false;
    draw_begin(&c, k->key, DRAW_BALK, job_entity(j), s->index);
    return draw_share(&c, s->options.balk_ppm);
}

void station_send(struct omo_kernel *k, uint32_t slot, uint32_t to)
{
    struct job *j = &k->job[slot];

    for (uint32_t hops = 0;; hops++) {
        struct station *s = &k->station[to];
        struct class_sums *sums = station_sums(s, j);
        station_touch(s, engine_now_us(k));
        j->visit++;
        j->state = JOB_NOWHERE;
        sums->arrived++;
        bool balks = s->options.balk_ppm != 0 && station_balks(k, s, j);
        if (!balks && s->inside < s->room) {
            station_join(k, s, slot);
            return;
        }
        sums->balked += balks;
        sums->refused += !balks;
        j->station = to;
        job_call(k, slot, s->options.on_refused, s->options.user, true);
        to = station_next(k, s, OMO_REFUSED, j);
        if (hops == ENGINE_HOPS_MAX)
            k->depth = ENGINE_DEPTH_MAX;
        if (!engine_deeper(k, j->identity, s->options.name))
            return;
        if (to == JOB_TARGET_END)
            job_leave(k, slot);
        engine_back(k);
        if (to == JOB_TARGET_END)
            return;
    }
}

/* ---- leaving --------------------------------------------------------------------------------- */

/* The job is done here, and stands nowhere. */
OMO_HOT void station_exit(struct omo_kernel *k, struct station *s, uint32_t slot)
{
    struct job *j = &k->job[slot];
    struct class_sums *sums = station_sums(s, j);
    int64_t stay_us = engine_now_us(k) - j->joined_us;

    station_withdraw(s, engine_now_us(k));
    sums->inside--;
    sums->done++;
    moments_add(&sums->stay, stay_us);
    s->stay_over += stay_us > s->stay_over_us;
    if (engine_now_us(k) >= s->period_end_us)
        station_close_periods(s, engine_now_us(k));
    s->period_done++;
    j->state = JOB_NOWHERE;
}

/* The first of those that wait for room here comes in, and its server is free. Returns the station
 * that it comes from, where there is room now. */
static struct station *station_admit(struct omo_kernel *k, struct station *s)
{
    uint32_t slot = s->blocked_first;
    struct job *j = &k->job[slot];
    struct station *from = &k->station[j->station];

    s->blocked_first = j->blocked_next;
    if (s->blocked_first == OMO_NONE)
        s->blocked_last = OMO_NONE;
    station_touch(from, engine_now_us(k));
    from->blocked--;
    gauge_add(&from->blocked_gauge, engine_now_us(k), -1);
    if (from->detailed)
        from->server[j->server].job = OMO_NONE;
    station_exit(k, from, slot);
    station_send(k, slot, s->index);
    server_note(k, from);
    station_fill(k, from);
    return from;
}

static uint32_t station_let_in_push(struct station *s, uint32_t top)
{
    if (s->lets_in || s->blocked_first == OMO_NONE)
        return top;
    s->lets_in = true;
    s->let_in_next = top;
    return s->index;
}

/* There is room again: those who were blocked come in, and behind them those who waited for their
 * room. Stations wait for their turn in a stack of links, not of calls: a line may be long. */
void station_let_in(struct omo_kernel *k, struct station *s)
{
    uint32_t top = station_let_in_push(s, OMO_NONE);

    while (top != OMO_NONE && k->status == OMO_OK) {
        s = &k->station[top];
        if (s->blocked_first != OMO_NONE && s->inside < s->room) {
            top = station_let_in_push(station_admit(k, s), top);
        } else {
            s->lets_in = false;
            top = s->let_in_next;
        }
    }
}

/* False when the job has to stay where it is until there is room ahead. */
bool station_passes(struct omo_kernel *k, struct station *s, uint32_t slot, uint32_t target)
{
    struct job *j = &k->job[slot];

    if (target == JOB_TARGET_END || &k->station[target] == s)
        return true;
    struct station *ahead = &k->station[target];
    if (ahead->options.when_full != OMO_BLOCK || ahead->inside < ahead->room)
        return true;
    s->busy -= j->state == JOB_SERVED;
    s->blocked++;
    gauge_add(&s->blocked_gauge, engine_now_us(k), 1);
    j->state = JOB_BLOCKED;
    j->target = target;
    j->blocked_next = OMO_NONE;
    if (ahead->blocked_last != OMO_NONE)
        k->job[ahead->blocked_last].blocked_next = slot;
    else
        ahead->blocked_first = slot;
    ahead->blocked_last = slot;
    return false;
}

void station_done(struct omo_kernel *k, uint32_t slot)
{
    struct job *j = &k->job[slot];
    struct station *s = &k->station[j->station];

    station_touch(s, engine_now_us(k));
    if (s->batches) {
        group_done(k, s, slot);
        return;
    }
    job_call(k, slot, s->options.on_done, s->options.user, true);
    uint32_t target = JOB_TARGET_END;
    if (j->target != JOB_TARGET_ROUTES || s->routes[OMO_DONE].count != 0)
        target = station_next(k, s, OMO_DONE, j);
    if (target != JOB_TARGET_END && !station_passes(k, s, slot, target))
        return;
    s->busy--;
    if (s->detailed)
        s->server[j->server].job = OMO_NONE;
    station_exit(k, s, slot);
    if (s->special)
        server_note(k, s);
    if (s->waiting != 0)
        station_fill_after(k, s);
    station_onward(k, slot, target);
    if (s->blocked_first != OMO_NONE)
        station_let_in(k, s);
}

void station_renege(struct omo_kernel *k, uint32_t slot)
{
    struct job *j = &k->job[slot];
    struct station *s = &k->station[j->station];
    bool gated = j->state == JOB_GATED;

    station_touch(s, engine_now_us(k));
    if (gated)
        queue_list_remove(k, &s->gate, slot);
    else
        queue_remove(k, station_queue(s, j), s->options.discipline, slot);
    j->patient = false; /* that was this event */
    station_unwait(k, s, j, slot);
    s->wait_over += engine_now_us(k) - j->joined_us > s->wait_over_us;
    station_withdraw(s, engine_now_us(k));
    station_sums(s, j)->inside--;
    station_sums(s, j)->reneged++;
    j->state = JOB_NOWHERE;
    if (s->batches && !gated)
        group_timer(k, s);
    job_call(k, slot, s->options.on_reneged, s->options.user, true);
    station_onward(k, slot, station_next(k, s, OMO_RENEGED, j));
    station_let_in(k, s);
}
