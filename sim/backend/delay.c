/* A thread and a list by time, searched from its front: O(n) in the answers held back, some hundreds. */
#include "backend/delay.h"

struct delay {
    GMutex lock;
    GCond wake;
    GThread *thread;
    struct job *first;
    bool stopping;
};

static void *delay_run(void *user)
{
    struct delay *delay = user;

    g_mutex_lock(&delay->lock);
    while (delay->first != NULL || !delay->stopping) {
        struct job *job = delay->first;
        if (job == NULL) {
            g_cond_wait(&delay->wake, &delay->lock);
        } else if (!delay->stopping && job->due_us > g_get_monotonic_time()) {
            g_cond_wait_until(&delay->wake, &delay->lock, job->due_us);
        } else {
            delay->first = job->next;
            g_mutex_unlock(&delay->lock);
            job_finish(job);
            g_mutex_lock(&delay->lock);
        }
    }
    g_mutex_unlock(&delay->lock);
    return NULL;
}

struct delay *delay_start(void)
{
    struct delay *delay = g_new0(struct delay, 1);

    g_mutex_init(&delay->lock);
    g_cond_init(&delay->wake);
    delay->thread = g_thread_new("delay", delay_run, delay);
    return delay;
}

void delay_push(struct delay *delay, struct job *job, int64_t after_us)
{
    struct job **at = &delay->first;

    job->due_us = g_get_monotonic_time() + after_us;
    g_mutex_lock(&delay->lock);
    while (*at != NULL && (*at)->due_us <= job->due_us)
        at = &(*at)->next;
    job->next = *at;
    *at = job;
    g_cond_signal(&delay->wake);
    g_mutex_unlock(&delay->lock);
}

void delay_stop(struct delay *delay)
{
    if (delay == NULL)
        return;
    g_mutex_lock(&delay->lock);
    delay->stopping = true;
    g_cond_signal(&delay->wake);
    g_mutex_unlock(&delay->lock);
    g_thread_join(delay->thread);
    g_mutex_clear(&delay->lock);
    g_cond_clear(&delay->wake);
    g_free(delay);
}
