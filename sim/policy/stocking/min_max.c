/* min_max: (s,S): when the position is at or below s, order up to S.
 *
 * With a fixed cost per order it pays to wait and then order more: (s,S) is optimal (Scarf 1960).
 * s protects the lead time and the review period; S adds what is sold between two orders. Given
 * levels always win: with S alone, s is the derived one but below S; with s alone, S lies one lot
 * above it. A position without demand keeps the facing stock and orders only what falls below it.
 *
 * "At or below" is the convention of Snyder & Shen (ex. 4.7) and of the (s,S) oracles; with unit
 * demands "below s" is the same policy with s one higher.
 */
#include "policy/stocking.h"

static void levels(const struct stocking_params *p, double demand_per_day, int32_t *ret_low,
                   int32_t *ret_high, int32_t *ret_opening)
{
    int32_t low = p->level_low;
    int32_t high = p->level_high;

    if (low == STOCKING_DERIVED)
        low = demand_per_day > 0.0 ? stocking_protection(p, demand_per_day)
                                   : core_max_i32(p->level_min, 0) - 1;
    if (high == STOCKING_DERIVED) {
        int32_t lot = core_max_i32(1, stocking_ceil(stocking_lot(p, demand_per_day)));

        high = core_max_i32(p->level_min, core_min_i32(low, STOCKING_LEVEL_MAX - lot) + lot);
    } else if (p->level_low == STOCKING_DERIVED) {
        low = core_min_i32(low, high - 1);
    }
    *ret_low = low;
    *ret_high = high;
    *ret_opening = core_max_i32(high, 0);
}

static void review(const struct stocking_table *t, int32_t *ret_quantity)
{
    for (uint32_t i = 0; i < t->count; i++) {
        int32_t missing = core_max_i32(t->high[i] - t->position[i], 0);

        ret_quantity[i] = t->position[i] <= t->low[i] ? missing : 0;
    }
}

const struct stocking_policy stocking_min_max = {
    .name = "min_max",
    .help = "(s,S): at or below the reorder point order up to the level",
    .levels = levels,
    .review = review,
};
