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
    GMutex hook_lock; /* of run.recorder for load_hook(), which another thread calls */
};

/* ---- load_record.c --------------------------------------------------------------------------- */

/* Opens the record, if one is to be kept, and says in it what it is about. */
gboolean load_record_open(struct run *run, GError **ret_error);
void load_record_started(const struct run *run, int64_t started_unix_us);
/* Closes it; load->result.recorded is how many outcomes are on disk. */
gboolean load_record_close(Load *load, GError **ret_error);

/* ---- load_result.c --------------------------------------------------------------------------- */

/* Fills in load->result once the workers have ended. */
void load_result_make(Load *load);
/* What must hold of any run: each request that was due has one outcome, the plan could be read to
 * its end, and what was to be recorded is on disk. */
gboolean load_result_check(Load *load, GError **ret_error);

#endif
