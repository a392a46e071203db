/* amount_off_threshold: an amount off once the basket is worth the threshold ("满减").
 *
 * Given once per order, however many times the threshold fits in. Compared at list prices, so that
 * another promotion can't push a basket below the threshold it has reached. A threshold below the
 * amount is allowed; the discount is then cut to the basket.
 */
#include "demand/promotion.h"

static void defaults(omo_promotion_options *options)
{
    options->amount_cents = 500;
    options->threshold_cents = 3000;
}

static const char *check(const omo_promotion_options *options)
{
    if (options->amount_cents <= 0)
        return "amount must be above 0";
    if (options->threshold_cents < 0)
        return "threshold must not be negative";
    return NULL;
}

static int64_t discount(const omo_promotion_options *options, const struct promotion_query *q)
{
    if (q->basket_cents < options->threshold_cents)
        return 0;
    return core_min_i64(options->amount_cents, q->basket_cents);
}

const struct promotion_kind promotion_amount_off_threshold = {
    .name = "amount_off_threshold",
    .help = "an amount off (default 5.00) when the basket at list prices reaches the threshold "
            "(default 30.00)",
    .defaults = defaults,
    .check = check,
    .discount = discount,
};
