/* The one thread that writes. Calls are executed in the order of their coming, each in a savepoint,
 * many to a transaction; all of them are answered when it is on disk. */
#ifndef BACKEND_WRITER_H
#define BACKEND_WRITER_H

#include "backend/backend_private.h"

#define WRITER_BATCH_MAX 1024 /* calls in one transaction */

struct writer;

/* Takes the store and the job that finished: `answer` is called with each, in the writer's thread. */
struct writer *writer_start(struct store *store, struct backend_shared *shared,
                            void (*answer)(struct job *job));
/* Any thread. The job is the writer's. */
void writer_push(struct writer *writer, struct job *job);
/* Executes and answers what has been pushed, commits, folds the log into the database and ends.
 * Nobody may push any more. */
void writer_stop(struct writer *writer);

struct writer_figures {
    uint64_t call_count, commit_count, lost_count; /* lost: done, but could not be committed */
};
struct writer_figures writer_figures(struct writer *writer);

#endif
