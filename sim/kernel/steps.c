/* What befalls customers, for a tracer: who starts, is interrupted, done, gone.
 *
 * A model's handlers are called at just these moments, and whether a station has any is asked there
 * already. So a reader of steps takes the handlers' places, shows the step, and calls the handler
 * that it has displaced with the user that the options still hold: nobody who does not read pays.
 * Interruptions have no handler and are rare; there one question is asked.
 *
 * A batch has one server and calls its handlers in a row, for its first job first, which holds the
 * batch's size: so many jobs later the next batch begins. */
#include "kernel/engine.h"

struct steps_own { /* of a station */
    omo_job_handler on_start, on_done, on_reneged, on_refused;
};

struct steps {
    omo_step_reader reader;
    void *user;
    uint32_t batch_left; /* jobs of a batch whose start is still to be shown */
    struct steps_own *station;
    omo_job_handler *on_end; /* [source] */
};

static omo_step steps_of(const struct omo_kernel *k, const struct job *j, omo_step_kind kind)
{
    return (omo_step){.at_us = engine_now_us(k),
                      .customer = inspect_customer(k, j),
                      .job = j->identity,
                      .arrived_us = j->arrived_us,
                      .joined_us = j->joined_us,
                      .station = j->station,
                      .kind = kind};
}

static void steps_show(const struct omo_kernel *k, uint32_t slot, omo_step_kind kind, bool leads)
{
    omo_step step = steps_of(k, &k->job[slot], kind);

    step.leads = leads;
    k->steps->reader(k->steps->user, &step);
}

void steps_interrupted(struct omo_kernel *k, uint32_t slot)
{
    steps_show(k, slot, OMO_STEP_INTERRUPTED, false);
}

/* ---- in place of the model's handlers -------------------------------------------------------- */

static const struct steps_own *steps_own_of(const struct omo_kernel *k, omo_job job)
{
    return &k->steps->station[k->job[job.slot].station];
}

static void steps_on_start(omo_kernel *k, void *user, omo_job job)
{
    const struct job *j = &k->job[job.slot];
    struct steps *s = k->steps;
    bool leads = s->batch_left == 0;

    if (leads && k->station[j->station].batches)
        s->batch_left = j->pending;
    s->batch_left -= s->batch_left != 0;
    steps_show(k, job.slot, OMO_STEP_STARTED, leads);
    if (steps_own_of(k, job)->on_start != NULL)
        steps_own_of(k, job)->on_start(k, user, job);
}

static void steps_on_done(omo_kernel *k, void *user, omo_job job)
{
    steps_show(k, job.slot, OMO_STEP_DONE, false);
    if (steps_own_of(k, job)->on_done != NULL)
        steps_own_of(k, job)->on_done(k, user, job);
}

static void steps_on_reneged(omo_kernel *k, void *user, omo_job job)
{
    steps_show(k, job.slot, OMO_STEP_RENEGED, false);
    if (steps_own_of(k, job)->on_reneged != NULL)
        steps_own_of(k, job)->on_reneged(k, user, job);
}

static void steps_on_refused(omo_kernel *k, void *user, omo_job job)
{
    steps_show(k, job.slot, OMO_STEP_REFUSED, false);
    if (steps_own_of(k, job)->on_refused != NULL)
        steps_own_of(k, job)->on_refused(k, user, job);
}

static void steps_on_end(omo_kernel *k, void *user, omo_job job)
{
    omo_job_handler own = k->steps->on_end[k->job[job.slot].source];

    steps_show(k, job.slot, OMO_STEP_ENDED, false);
    if (own != NULL)
        own(k, user, job);
}

/* ---- setting and unsetting ------------------------------------------------------------------- */

static void steps_take_places(struct omo_kernel *k)
{
    for (uint32_t i = 0; i < k->station_count; i++) {
        omo_station_options *o = &k->station[i].options;
        k->steps->station[i] =
            (struct steps_own){o->on_start, o->on_done, o->on_reneged, o->on_refused};
        o->on_start = steps_on_start;
        o->on_done = steps_on_done;
        o->on_reneged = steps_on_reneged;
        o->on_refused = steps_on_refused;
    }
    for (uint32_t i = 0; i < k->source_count; i++) {
        k->steps->on_end[i] = k->source[i].options.on_end;
        k->source[i].options.on_end = steps_on_end;
    }
}

static void steps_give_places(struct omo_kernel *k)
{
    for (uint32_t i = 0; i < k->station_count; i++) {
        omo_station_options *o = &k->station[i].options;
        const struct steps_own *own = &k->steps->station[i];
        o->on_start = own->on_start;
        o->on_done = own->on_done;
        o->on_reneged = own->on_reneged;
        o->on_refused = own->on_refused;
    }
    for (uint32_t i = 0; i < k->source_count; i++)
        k->source[i].options.on_end = k->steps->on_end[i];
}

omo_status omo_kernel_set_step_reader(omo_kernel *k, omo_step_reader reader, void *user)
{
    if (k->steps != NULL)
        steps_give_places(k);
    k->steps = NULL;
    arena_free(&k->steps_arena);
    if (reader == NULL)
        return OMO_OK;
    struct steps *s = arena_take(&k->steps_arena, 1, sizeof(*s));
    struct steps_own *station = arena_take(&k->steps_arena, k->station_count, sizeof(*station));
    omo_job_handler *on_end = arena_take(&k->steps_arena, k->source_count, sizeof(*on_end));
    if (s == NULL || station == NULL || on_end == NULL) {
        arena_free(&k->steps_arena);
        return OMO_ENOMEM;
    }
    *s = (struct steps){.reader = reader, .user = user, .station = station, .on_end = on_end};
    k->steps = s;
    steps_take_places(k);
    return OMO_OK;
}

/* ---- those under way ------------------------------------------------------------------------- */

void omo_kernel_list_customers(const omo_kernel *k, omo_step_reader reader, void *user)
{
    static const omo_step_kind kinds[] = {
        [JOB_GATED] = OMO_STEP_WAITS,   [JOB_WAITING] = OMO_STEP_WAITS,
        [JOB_SERVED] = OMO_STEP_SERVED, [JOB_BLOCKED] = OMO_STEP_BLOCKED,
        [JOB_FORKED] = OMO_STEP_SPLIT,
    };

    for (uint32_t slot = 0; k->sealed && slot < k->jobs.touched; slot++) {
        const struct job *j = &k->job[slot];
        if (!j->alive || j->state == JOB_NOWHERE || j->state == JOB_ENDING)
            continue;
        omo_step step = steps_of(k, j, kinds[j->state]);
        reader(user, &step);
    }
}
