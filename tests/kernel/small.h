/* A small model to make mistakes with: a till, a door that brings nobody, a kind of event; and what
 * must follow from a mistake. */
#ifndef OMO_TESTS_KERNEL_SMALL_H
#define OMO_TESTS_KERNEL_SMALL_H

#include <omosim/kernel.h>

struct small {
    omo_kernel *k;
    omo_station till;
    omo_source door;
    omo_kind bell;
    void (*on_bell)(struct small *m, uint32_t subject);
    omo_job_handler on_start, on_done, on_refused, on_arrival, on_end;
    uint64_t bells;
    omo_job job;
};

/* Makes the kernel of a model whose handlers are set. Without options the till serves for a second.
 * The caller frees `k`; small_must_fail does. */
void small_begin(struct small *m, const omo_station_options *till, uint32_t job_max,
                 uint32_t timer_max);
/* At this time the bell rings, and each bell does this. */
void small_ring(struct small *m, int64_t at_us, void (*what)(struct small *m, uint32_t subject));
void small_bell(omo_kernel *k, void *user, uint32_t subject);
/* A bell: one job goes to the till. */
void small_one_job(struct small *m, uint32_t subject);

void small_must_run(struct small *m, int64_t until_us);
/* Runs into a mistake with that text; then calls everything there is: nothing may happen any more.
 * Frees the kernel. */
void small_must_fail(struct small *m, omo_status status, const char *text);

#endif
