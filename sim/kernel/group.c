/* Batches, waves, branches: jobs that start together, or end together.
 *
 * A batch is a chain through its jobs' `next`, and one event for the first of them. It starts when
 * enough are waiting, or when the first has waited long enough for a batch of any size; the event
 * for that is cancelled by the station's stamp when another becomes the first. A wave is a gate in
 * front of the queue: jobs stand in a list of their own until the next multiple of the period.
 * A split job stays at its station without a server while its branches, jobs like any other, go
 * their ways; the last one that leaves the system sends it on. */
#include "kernel/group.h"
#include "kernel/station.h"

/* ---- batches --------------------------------------------------------------------------------- */

/* The time at which the first of those waiting has waited long enough for a batch of any size. */
static int64_t group_due_us(const struct omo_kernel *k, const struct station *s)
{
    int64_t since_us = k->job[s->queue[0].first].since_us;

    if (s->options.batch_wait_us > OMO_FOREVER - since_us)
        return OMO_FOREVER;
    return since_us + s->options.batch_wait_us;
}

/* The first of those waiting has changed: the event that waits for it, too. */
void group_timer(struct omo_kernel *k, struct station *s)
{
    uint32_t index = s->index;

    if (s->batch_timer) {
        k->station_stamp[index]++;
        s->batch_timer = false;
        calendar_cancelled(&k->calendar);
    }
    if (s->queue[0].count == 0)
        return;
    int64_t due_us = group_due_us(k, s), now_us = engine_now_us(k);
    if (due_us == OMO_FOREVER || due_us <= now_us)
        return;
    s->batch_timer = true;
    engine_schedule(k, due_us - now_us,
                    (struct event_about){ENGINE_BATCH, OWNER_STATION, index,
                                         k->station_stamp[index], 0});
}

void group_due(struct omo_kernel *k, uint32_t station)
{
    struct station *s = &k->station[station];

    s->batch_timer = false;
    station_touch(s, engine_now_us(k));
    station_fill(k, s);
}

/* One server takes the first `count` jobs; the first of them stands for all. */
static void group_start(struct omo_kernel *k, struct station *s, uint32_t count)
{
    uint32_t first = OMO_NONE, last = OMO_NONE;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t slot = queue_list_shift(k, &s->queue[0]);
        struct job *j = &k->job[slot];
        station_unwait(k, s, j, slot);
        station_first_start(k, s, j);
        j->state = JOB_SERVED;
        j->since_us = engine_now_us(k);
        j->next = OMO_NONE;
        if (first == OMO_NONE)
            first = slot;
        else
            k->job[last].next = slot;
        last = slot;
    }
    struct job *j = &k->job[first];
    j->pending = count;
    if (j->work_us == JOB_WORK_UNKNOWN)
        j->work_us = station_service(k, s, j);
    s->busy++;
    moments_add(&s->wave, count);
    engine_schedule(k, j->work_us,
                    (struct event_about){ENGINE_DONE, OWNER_JOB, first, k->stamp[first], 0});
    for (uint32_t slot = first; s->options.on_start != NULL && slot != OMO_NONE;
         slot = k->job[slot].next)
        job_call(k, slot, s->options.on_start, s->options.user, false);
}

void group_fill(struct omo_kernel *k, struct station *s)
{
    while (s->busy + s->blocked < s->duty && s->queue[0].count != 0) {
        if (s->queue[0].count < s->options.batch_min && group_due_us(k, s) > engine_now_us(k))
            break;
        group_start(k, s, core_min_u32(s->queue[0].count, s->options.batch_max));
    }
    group_timer(k, s);
}

/* ---- a batch is served ----------------------------------------------------------------------- */

void group_done(struct omo_kernel *k, struct station *s, uint32_t first)
{
    for (uint32_t slot = first; slot != OMO_NONE; slot = k->job[slot].next) {
        struct job *j = &k->job[slot];
        job_call(k, slot, s->options.on_done, s->options.user, true);
        j->target = station_next(k, s, OMO_DONE, j);
        station_exit(k, s, slot);
    }
    s->busy--;
    server_note(k, s);
    station_fill(k, s);
    for (uint32_t slot = first, next; slot != OMO_NONE && k->status == OMO_OK; slot = next) {
        next = k->job[slot].next;
        station_onward(k, slot, k->job[slot].target);
    }
    station_let_in(k, s);
}

/* ---- waves ----------------------------------------------------------------------------------- */

void group_wave(struct omo_kernel *k, uint32_t station)
{
    struct station *s = &k->station[station];

    station_touch(s, engine_now_us(k));
    moments_add(&s->wave, s->gate.count);
    s->waves_empty += s->gate.count == 0;
    engine_schedule(k, s->options.wave_us,
                    (struct event_about){ENGINE_WAVE, OWNER_NONE, station, 0, 0});
    while (s->gate.count != 0) {
        uint32_t slot = queue_list_shift(k, &s->gate);
        struct job *j = &k->job[slot];
        j->state = JOB_WAITING;
        queue_add(k, station_queue(s, j), s->options.discipline, slot, false);
    }
    station_fill(k, s);
}

/* ---- split and join -------------------------------------------------------------------------- */

void group_split(struct omo_kernel *k, struct station *s, uint32_t slot)
{
    struct job *j = &k->job[slot];

    station_first_start(k, s, j);
    j->state = JOB_FORKED;
    j->pending = s->options.branch_count + 1; /* one for ourselves: branches may end at once */
    for (uint32_t i = 0; i < s->options.branch_count && k->status == OMO_OK; i++) {
        uint32_t branch = job_take_branch(k, slot, i);
        if (branch == OMO_NONE || !engine_deeper(k, j->identity, s->options.name))
            return;
        station_send(k, branch, s->options.branches[i].index);
        engine_back(k);
    }
    if (--j->pending == 0 && engine_deeper(k, j->identity, s->options.name)) {
        group_joined(k, slot);
        engine_back(k);
    }
}

void group_joined(struct omo_kernel *k, uint32_t slot)
{
    struct job *j = &k->job[slot];
    struct station *s = &k->station[j->station];

    station_touch(s, engine_now_us(k));
    job_call(k, slot, s->options.on_done, s->options.user, true);
    uint32_t target = station_next(k, s, OMO_DONE, j);
    if (!station_passes(k, s, slot, target))
        return;
    station_exit(k, s, slot);
    station_onward(k, slot, target);
    station_let_in(k, s);
}
