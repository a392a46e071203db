/* Answers that are held back for a while (the fault slow). */
#ifndef BACKEND_DELAY_H
#define BACKEND_DELAY_H

#include "backend/backend_private.h"

struct delay;

struct delay *delay_start(void);
/* Finishes the job so much later. Any thread; the job is taken. */
void delay_push(struct delay *delay, struct job *job, int64_t after_us);
/* Finishes all at once and ends; nobody may push any more. NULL is fine. */
void delay_stop(struct delay *delay);

#endif
