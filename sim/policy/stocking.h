/* The contract of a stocking policy: levels once, at sealing; order quantities at each review, over
 * whole columns.
 *
 * The inventory position is on hand + on order - backordered. Quantities come back in units, at
 * least 0. Positions and levels lie within +-STOCKING_LEVEL_MAX, so that a review needs no more
 * than 32 bits a column.
 */
#ifndef OMO_POLICY_STOCKING_H
#define OMO_POLICY_STOCKING_H

#include "base/core.h"

struct stocking_params {
    double lead_days;     /* mean lead time */
    double review_days;   /* 0 = continuous review */
    double safety_factor; /* standard deviations of demand over the protected time */
    int32_t level_low;    /* explicit s or r, or STOCKING_DERIVED */
    int32_t level_high;   /* explicit S, or STOCKING_DERIVED */
    int32_t quantity;     /* explicit Q, or STOCKING_DERIVED */
    int32_t level_min;    /* derived S is at least this */
};

#define STOCKING_DERIVED INT32_MIN
#define STOCKING_LEVEL_MAX (1 << 29)

struct stocking_table {
    uint32_t count;
    const int32_t *position; /* [count] inventory position */
    const int32_t *low;      /* [count] s or r */
    const int32_t *high;     /* [count] S; for (r,Q): Q */
};

struct stocking_policy {
    const char *name;
    const char *help;
    /* Works out the two levels of a position with Poisson demand of that mean per day. Called at
     * sealing, for each position. *ret_opening is a fair stock to begin with: the mean on hand just
     * after a receipt, or the upper level. */
    void (*levels)(const struct stocking_params *p, double demand_per_day, int32_t *ret_low,
                   int32_t *ret_high, int32_t *ret_opening);
    /* Fills ret_quantity[count]. A plain loop over columns that the compiler can vectorise. */
    void (*review)(const struct stocking_table *t, int32_t *ret_quantity);
};

/* Demand over the protected time (lead time and review period) with its safety stock, rounded up;
 * at least 0. */
int32_t stocking_protection(const struct stocking_params *p, double demand_per_day);
/* Demand between two orders: of the review period, or of one day where review is more frequent. */
double stocking_lot(const struct stocking_params *p, double demand_per_day);
/* Whole units at or above x, 0..STOCKING_LEVEL_MAX; what exceeds a whole number by less than 1e-9
 * is rounding noise. */
int32_t stocking_ceil(double x);

extern const struct stocking_policy *const stocking_registry[];
extern const uint32_t stocking_registry_count;
const struct stocking_policy *stocking_find(const char *name);

#endif
