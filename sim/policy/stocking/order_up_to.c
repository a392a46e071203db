/* order_up_to: (R,S), or base stock under continuous review: bring the position back to S.
 *
 * S has to last until the order after this one can arrive, so it covers the lead time and one
 * review period. Optimal when orders cost nothing by themselves (Karlin 1960; Snyder & Shen, ch.
 * 4); with a fixed cost per order min_max is the better shape. A position without demand keeps the
 * facing stock level_min and nothing more. The lower level is S - 1: it orders as soon as anything
 * is missing.
 */
#include "policy/stocking.h"

static void levels(const struct stocking_params *p, double demand_per_day, int32_t *ret_low,
                   int32_t *ret_high, int32_t *ret_opening)
{
    int32_t high = p->level_high;

    if (high == STOCKING_DERIVED) {
        high = core_max_i32(p->level_min, stocking_protection(p, demand_per_day));
        if (demand_per_day > 0.0)
            high = core_max_i32(high, 1);
    }
    *ret_low = high - 1;
    *ret_high = high;
    *ret_opening = core_max_i32(high, 0);
}

static void review(const struct stocking_table *t, int32_t *ret_quantity)
{
    for (uint32_t i = 0; i < t->count; i++)
        ret_quantity[i] = core_max_i32(t->high[i] - t->position[i], 0);
}

const struct stocking_policy stocking_order_up_to = {
    .name = "order_up_to",
    .help = "(R,S): at each review order what is missing up to the level",
    .levels = levels,
    .review = review,
};
