/* percent_off: a share off the whole basket.
 *
 * The plainest price cut; a threshold may keep small baskets out of it. Rounded to the cent, half
 * up, over the basket and not line by line, so that a basket's discount does not depend on how its
 * units are spread over lines.
 */
#include "base/money.h"
#include "demand/promotion.h"

static void defaults(omo_promotion_options *options)
{
    options->share_ppm = 100000;
    options->threshold_cents = 0;
}

static const char *check(const omo_promotion_options *options)
{
    if (options->share_ppm == 0 || options->share_ppm > OMO_PPM)
        return "share must be above 0 and at most 100 %";
    if (options->threshold_cents < 0)
        return "threshold must not be negative";
    return NULL;
}

static int64_t discount(const omo_promotion_options *options, const struct promotion_query *q)
{
    if (q->basket_cents < options->threshold_cents)
        return 0;
    return money_share(q->basket_cents, options->share_ppm);
}

const struct promotion_kind promotion_percent_off = {
    .name = "percent_off",
    .help = "a share off the basket (default 10 %), from the threshold on if one is given",
    .defaults = defaults,
    .check = check,
    .discount = discount,
};
