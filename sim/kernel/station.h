/* Steps of a job's life at a station that its neighbours share: group.c joins and parts jobs by the
 * same steps. Levels are changed only after station_touch; handlers of the model may be called by
 * each of them but station_unwait and station_service. */
#ifndef OMO_KERNEL_STATION_H
#define OMO_KERNEL_STATION_H

#include "kernel/engine.h"

static inline struct class_sums *station_sums(const struct station *s, const struct job *j)
{
    return &s->sums[j->source];
}

static inline struct queue *station_queue(const struct station *s, const struct job *j)
{
    return &s->queue[s->queue_count == 1 ? 0 : j->skill];
}

/* One more, one fewer job inside; the areas are complete. Empty and crowded spans are noted
 * where they begin and end, which is rarer than events. */
static inline void station_enter(struct station *s, int64_t now_us)
{
    if (s->inside == 0)
        s->empty_us += now_us - s->empty_since_us;
    if (s->inside == s->level_over)
        s->over_since_us = now_us;
    if (++s->inside > s->level_max)
        s->level_max = s->inside;
}

static inline void station_withdraw(struct station *s, int64_t now_us)
{
    if (--s->inside == 0)
        s->empty_since_us = now_us;
    if (s->inside == s->level_over)
        s->over_us += now_us - s->over_since_us;
}

/* A service time, keyed by job, visit and station. */
int64_t station_service(const struct omo_kernel *k, const struct station *s, const struct job *j);
/* The job's time in the queue ends. */
void station_unwait(struct omo_kernel *k, struct station *s, struct job *j, uint32_t slot);
/* It is served, or split, for the first time here. */
void station_first_start(struct omo_kernel *k, struct station *s, struct job *j);
/* The job is done here, and stands nowhere. */
void station_exit(struct omo_kernel *k, struct station *s, uint32_t slot);
/* It goes to a station, or leaves the system (JOB_TARGET_END). */
void station_onward(struct omo_kernel *k, uint32_t slot, uint32_t target);
/* False when the job has to stay where it is until there is room ahead. */
bool station_passes(struct omo_kernel *k, struct station *s, uint32_t slot, uint32_t target);
/* There is room again: those who were blocked come in, and their servers are free. */
void station_let_in(struct omo_kernel *k, struct station *s);

#endif
