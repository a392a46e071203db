/* Jobs: their slots, what a model may ask of them, and their end.
 *
 * A job's identity is its source and ordinal, never its slot: the draws that concern it are
 * keyed by the identity and the number of the visit, so that another policy, which sends it
 * another way or lets it wait longer, meets the same customer. A branch of a split job mixes its
 * parent's identity with its number. */
#include "kernel/engine.h"

uint64_t job_entity(const struct job *j)
{
    if (j->visit == 1)
        return j->identity;
    return draw_mix(j->identity + j->visit * UINT64_C(0x9e3779b97f4a7c15));
}

/* A slot of the pool; OMO_NONE when that is full (noted). */
static OMO_HOT uint32_t job_slot(struct omo_kernel *k)
{
    if (__builtin_expect(k->jobs.used < k->jobs.capacity, 1))
        return pool_take(&k->jobs);
    engine_fail(k, OMO_ELIMIT, "pool jobs is full: job_max = %u", k->jobs.capacity);
    return OMO_NONE;
}

static OMO_HOT void job_begin(struct omo_kernel *k, struct job *j, struct source *source)
{
    j->identity = (uint64_t)j->source << JOB_ORDINAL_BITS | source->ordinal++;
    j->arrived_us = engine_now_us(k);
    j->next_work_us = JOB_WORK_UNKNOWN;
    j->visit = 0;
    source->sums.arrived++;
    source->sums.inside++;
}

OMO_HOT uint32_t job_take(struct omo_kernel *k, uint32_t source)
{
    struct source *from = &k->source[source];
    uint32_t slot = job_slot(k);

    if (slot == OMO_NONE)
        return OMO_NONE;
    struct job *j = &k->job[slot];
    *j = (struct job){
        .alive = true,
        .source = (uint16_t)source,
        .priority = from->options.priority,
        .skill = (uint8_t)from->options.skill,
        .parent = OMO_NONE,
        .station = OMO_NONE,
        .target = JOB_TARGET_ROUTES,
    };
    job_begin(k, j, from);
    return slot;
}

uint32_t job_take_branch(struct omo_kernel *k, uint32_t parent, uint32_t branch)
{
    uint32_t slot = job_slot(k);

    if (slot == OMO_NONE)
        return OMO_NONE;
    const struct job *p = &k->job[parent];
    k->job[slot] = (struct job){
        .alive = true,
        .identity = draw_mix(job_entity(p) + (branch + 1) * UINT64_C(0xbf58476d1ce4e5b9)),
        .arrived_us = engine_now_us(k),
        .work_us = JOB_WORK_UNKNOWN,
        .next_work_us = JOB_WORK_UNKNOWN,
        .source = p->source,
        .priority = p->priority,
        .skill = p->skill,
        .parent = parent,
        .station = OMO_NONE,
        .target = JOB_TARGET_ROUTES,
    };
    return slot;
}

void job_call_model(struct omo_kernel *k, uint32_t slot, omo_job_handler handler, void *user,
                    bool movable)
{
    k->job[slot].movable = movable;
    handler(k, user, job_handle(k, slot));
    k->job[slot].movable = false;
}

/* A branch has ended: its parent may have all of them back. */
static void job_leave_branch(struct omo_kernel *k, uint32_t slot)
{
    uint32_t parent = k->job[slot].parent;

    k->job[slot].alive = false;
    pool_give(&k->jobs, slot);
    if (--k->job[parent].pending == 0)
        group_joined(k, parent);
}

static void job_leave_again(struct omo_kernel *k, uint32_t slot)
{
    struct source *source = &k->source[k->job[slot].source];

    job_begin(k, &k->job[slot], source);
    station_send(k, slot, source->options.to.index);
}

OMO_HOT void job_leave(struct omo_kernel *k, uint32_t slot)
{
    struct job *j = &k->job[slot];
    struct source *source = &k->source[j->source];

    if (__builtin_expect(j->parent != OMO_NONE, 0)) {
        job_leave_branch(k, slot);
        return;
    }
    source->sums.done++;
    source->sums.inside--;
    moments_add(&source->sums.stay, engine_now_us(k) - j->arrived_us);
    j->state = JOB_ENDING;
    job_call(k, slot, source->options.on_end, source->options.user, false);
    if (__builtin_expect(source->options.population != 0, 0)) {
        job_leave_again(k, slot);
        return;
    }
    j->alive = false;
    pool_give(&k->jobs, slot);
}

/* ---- what a model may ask -------------------------------------------------------------------- */

bool omo_job_is_alive(const omo_kernel *k, omo_job job)
{
    return k->sealed && job.slot < k->jobs.touched &&
           k->jobs.generation[job.slot] == job.generation;
}

/* The job behind a handle, or NULL: asking about one that has ended is a mistake of the model. */
static struct job *job_of(const omo_kernel *k, omo_job job)
{
    return omo_job_is_alive(k, job) ? &k->job[job.slot] : NULL;
}

/* Made by hand, and not sent yet. */
static bool job_is_by_hand(const struct job *j)
{
    return !j->movable && j->state == JOB_NOWHERE && j->station == OMO_NONE &&
           j->parent == OMO_NONE;
}

/* Between two stations: what it takes to the next one may be set. */
static bool job_may_change(const struct job *j)
{
    return j->state == JOB_NOWHERE || j->state == JOB_ENDING || j->movable;
}

omo_job omo_job_new(omo_kernel *k, omo_source source)
{
    const omo_job none = {OMO_NONE, 0};

    if (k->status == OMO_OK && !k->sealed)
        omo_kernel_run(k, 0, NULL); /* seals */
    if (k->status != OMO_OK)
        return none;
    if (source.index >= k->source_count) {
        engine_fail(k, OMO_EINVAL, "a job was made of source %u, which does not exist",
                    source.index);
        return none;
    }
    uint32_t slot = job_take(k, source.index);
    return slot == OMO_NONE ? none : job_handle(k, slot);
}

void omo_job_send(omo_kernel *k, omo_job job, omo_station to)
{
    struct job *j = job_of(k, job);

    if (k->status != OMO_OK)
        return;
    if (j == NULL || to.index >= k->station_count) {
        engine_fail(k, OMO_EINVAL,
                    j == NULL ? "a job was sent to station %u after its end"
                              : "a job was sent to station %u, which does not exist",
                    to.index);
        return;
    }
    if (j->movable && j->target == JOB_TARGET_ROUTES) {
        j->target = to.index;
    } else if (job_is_by_hand(j)) {
        if (!engine_deeper(k, j->identity, k->station[to.index].options.name))
            return;
        station_send(k, job.slot, to.index);
        engine_back(k);
    } else {
        engine_fail(k, OMO_EINVAL, "job %llu was sent to station %s while it stands elsewhere",
                    (unsigned long long)j->identity, k->station[to.index].options.name);
    }
}

void omo_job_end(omo_kernel *k, omo_job job)
{
    struct job *j = job_of(k, job);

    if (k->status != OMO_OK)
        return;
    if (j != NULL && j->movable && j->target == JOB_TARGET_ROUTES)
        j->target = JOB_TARGET_END;
    else if (j != NULL && job_is_by_hand(j))
        job_leave(k, job.slot);
    else
        engine_fail(k, OMO_EINVAL, "a job was ended that %s",
                    j == NULL || j->state == JOB_ENDING ? "had ended already"
                                                        : "stands at a station");
}

uint64_t omo_job_identity(const omo_kernel *k, omo_job job)
{
    const struct job *j = job_of(k, job);

    return j != NULL ? j->identity : 0;
}

omo_source omo_job_source(const omo_kernel *k, omo_job job)
{
    const struct job *j = job_of(k, job);

    return (omo_source){j != NULL ? j->source : OMO_NONE};
}

int64_t omo_job_age_us(const omo_kernel *k, omo_job job)
{
    const struct job *j = job_of(k, job);

    return j != NULL ? engine_now_us(k) - j->arrived_us : -1;
}

void omo_job_set_priority(omo_kernel *k, omo_job job, int32_t priority)
{
    struct job *j = job_of(k, job);

    if (j == NULL)
        engine_fail(k, OMO_EINVAL, "a job was given a priority after its end");
    else if (!job_may_change(j))
        engine_fail(k, OMO_EINVAL, "job %llu was given a priority while it stands at a station",
                    (unsigned long long)j->identity);
    else
        j->priority = priority;
}

void omo_job_set_skill(omo_kernel *k, omo_job job, uint32_t skill)
{
    struct job *j = job_of(k, job);

    if (j == NULL || skill >= OMO_SKILLS_MAX)
        engine_fail(k, OMO_EINVAL,
                    j == NULL ? "a job was given skill %u after its end"
                              : "a job was given skill %u; there are 32, from 0",
                    skill);
    else if (!job_may_change(j))
        engine_fail(k, OMO_EINVAL, "job %llu was given a skill while it stands at a station",
                    (unsigned long long)j->identity);
    else
        j->skill = (uint8_t)skill;
}

void omo_job_set_service_us(omo_kernel *k, omo_job job, int64_t service_us)
{
    struct job *j = job_of(k, job);

    if (j == NULL)
        engine_fail(k, OMO_EINVAL, "a job was given a service time after its end");
    else if (!job_may_change(j))
        engine_fail(k, OMO_EINVAL, "job %llu was given a service time while it stands at a station",
                    (unsigned long long)j->identity);
    else
        j->next_work_us = service_us < 0 ? JOB_WORK_UNKNOWN : service_us;
}

uint64_t *omo_job_data(omo_kernel *k, omo_job job)
{
    struct job *j = job_of(k, job);

    if (j == NULL)
        engine_fail(k, OMO_EINVAL, "the data of a job was asked for after its end");
    return j != NULL ? &j->data : NULL;
}
