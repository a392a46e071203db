/* coupon: an amount off for members who claimed a coupon online, each used once.
 *
 * Claiming and redeeming are two moments, and that is what a coupon shows about integration: with
 * merged members it is claimed in the app and redeemed at the till; with siloed members the till
 * does not know of it. Whether the visitor holds one and is recognised comes with the query; who
 * holds how many is the members' business. per_member is at most 3, because claims are kept in two
 * bits.
 */
#include "demand/promotion.h"

static void defaults(omo_promotion_options *options)
{
    options->amount_cents = 500;
    options->threshold_cents = 2000;
    options->claim_ppm = 500000;
    options->per_member = 1;
}

static const char *check(const omo_promotion_options *options)
{
    if (options->amount_cents <= 0)
        return "amount must be above 0";
    if (options->threshold_cents < 0)
        return "threshold must not be negative";
    if (options->claim_ppm > OMO_PPM)
        return "claim must be a share, at most 100 %";
    if (options->per_member < 1 || options->per_member > 3)
        return "per_member must be 1, 2 or 3";
    return NULL;
}

static int64_t discount(const omo_promotion_options *options, const struct promotion_query *q)
{
    if (!q->holds_coupon || q->basket_cents < options->threshold_cents)
        return 0;
    return core_min_i64(options->amount_cents, q->basket_cents);
}

const struct promotion_kind promotion_coupon = {
    .name = "coupon",
    .help = "an amount off (default 5.00) baskets from the threshold (default 20.00) for members "
            "who claimed one "
            "online (claim default 50 %, one each)",
    .needs_coupon = true,
    .defaults = defaults,
    .check = check,
    .discount = discount,
};
