/* Faults that are switched on (faults.def), and their dice.
 *
 * Which request a share hits is decided by its number, not by chance: the multiples of the golden
 * ratio spread evenly and never in step with a pattern of the traffic. Any thread. */
#ifndef BACKEND_FAULTS_H
#define BACKEND_FAULTS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum fault {
#define FAULT(symbol, name, argument, help) FAULT_##symbol,
#include "backend/faults.def"
#undef FAULT
    FAULT_COUNT
};

struct faults;

/* Texts such as "slow=0.1:500ms", NULL-terminated; NULL = none. BAD_USAGE with the nearest spelling.
 */
struct faults *faults_new(const char *const *texts, GError **ret_error);
void faults_free(struct faults *faults);
const char *faults_name(enum fault fault);
const char *faults_help(enum fault fault);

bool faults_has(const struct faults *faults, enum fault fault);
/* The fault's duration (stale_stock); 0 = it is off. */
int64_t faults_us(const struct faults *faults, enum fault fault);

enum faults_error { FAULTS_NO_ERROR, FAULTS_ERROR_BEFORE, FAULTS_ERROR_AFTER };
/* Whether the next request fails: before having been done, or after. */
enum faults_error faults_next_error(struct faults *faults);
/* How much longer the next request takes; 0 = no longer. */
int64_t faults_next_slow_us(struct faults *faults);
/* For how long the service stands still at this time since its start; it does at the end of each
 * period. */
int64_t faults_stall_us(const struct faults *faults, int64_t since_us);

#endif
