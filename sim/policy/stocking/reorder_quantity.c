/* reorder_quantity: (r,Q): when the position is at or below r, order whole lots of Q until it is
 * above.
 *
 * Suppliers sell cartons: the lot is given and only the moment is free. The smallest multiple of Q
 * that brings the position above r is ordered (nQ policy; Hadley & Whitin 1963), so the position
 * after a review lies in r+1 .. r+Q. A derived Q is the demand between two orders, a derived r
 * protects the lead time and the review period; r + Q is never below the facing stock. The upper
 * column of the table holds Q, not a level. One division an order; positions above r cost a
 * comparison.
 */
#include "base/maths.h"
#include "policy/stocking.h"

static void levels(const struct stocking_params *p, double demand_per_day, int32_t *ret_low,
                   int32_t *ret_high, int32_t *ret_opening)
{
    int32_t low = p->level_low;
    int32_t lot = p->quantity;

    if (lot == STOCKING_DERIVED) {
        double rounded = maths_floor(stocking_lot(p, demand_per_day) + 0.5);

        lot = core_max_i32(1, stocking_ceil(rounded));
    }
    OMO_ASSERT(lot > 0);
    if (low == STOCKING_DERIVED) {
        low = demand_per_day > 0.0 ? stocking_protection(p, demand_per_day) : -1;
        low = core_max_i32(low, p->level_min - lot);
    }
    *ret_low = low;
    *ret_high = lot;
    *ret_opening = core_max_i32(core_min_i32(low, STOCKING_LEVEL_MAX - lot) + lot, 0);
}

static void review(const struct stocking_table *t, int32_t *ret_quantity)
{
    for (uint32_t i = 0; i < t->count; i++) {
        int32_t below = t->low[i] - t->position[i]; /* 0 or more: order */
        int32_t lot = t->high[i];

        ret_quantity[i] = below < 0 ? 0 : (below / lot + 1) * lot;
    }
}

const struct stocking_policy stocking_reorder_quantity = {
    .name = "reorder_quantity",
    .help =
        "(r,Q): at or below the reorder point order the fewest lots of `quantity` that bring the "
        "position above it",
    .levels = levels,
    .review = review,
};
