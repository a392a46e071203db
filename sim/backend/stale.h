/* The fault stale-stock: answers about stock that are kept for a while, and given although the stock
 * has moved on. Any thread. */
#ifndef BACKEND_STALE_H
#define BACKEND_STALE_H

#include <stdbool.h>
#include <stdint.h>

struct stale;

struct stale *stale_new(int64_t age_us);
void stale_free(struct stale *stale);
/* All take NULL: the fault is off, nothing is found and nothing is kept. */
bool stale_get(struct stale *stale, int64_t position, int64_t *ret_units);
void stale_put(struct stale *stale, int64_t position, int64_t units);

#endif
