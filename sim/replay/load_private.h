/* What load.c and load_result.c share. */
#ifndef REPLAY_LOAD_PRIVATE_H
#define REPLAY_LOAD_PRIVATE_H

#include "replay/worker.h"

struct load {
    struct run run;
    struct worker *worker; /* [run.worker_count] */
    uint32_t worker_made;  /* of them begun with worker_init() */
    struct measure **measure;
    struct measure_all *all; /* borrows `measure` */
    struct load_result result;
    int64_t ended_ns; /* since the run began, when all workers had ended */
    bool ran;
    GMutex hook_lock; /* of run.recorder, for load_hook() */
};

/* Fills in load->result once the workers have ended. */
void load_result_make(Load *load);
/* What must hold of any run: each request that was due has one outcome, the plan could be read to
 * its end, and what was to be recorded is on disk. */
gboolean load_result_check(Load *load, GError **ret_error);

#endif
