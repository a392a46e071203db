/* Cents are whole numbers; this is where fractions of them end.
 *
 * Two operations produce fractions: a share of an amount (a discount, a commission) and holding
 * cost, a rate times an area of quantity and time. Both are computed exactly in 128 bits and
 * rounded once. Shares round half away from zero, as on a receipt, so that refunding is the mirror
 * image of charging. Areas round half up: they are not negative in practice, and then both rules
 * agree.
 *
 * How large: 10^8 positions x 10 units x a year in us is 3e22 unit.us; times 10^8 microcents a day
 * (one cent is 10^6) is 3e30, against 1.7e38 in 128 bits. The area is still split into whole days
 * and rest before multiplying, since the product of any area and any rate would not fit, and a
 * limit that cannot be reached needs no explanation to the caller.
 */
#include "base/money.h"

#define MONEY_AREA_UNIT                                                                            \
    ((core_int128)OMO_US_PER_DAY * 1000000) /* unit.us x microcents a day in one cent */

static int64_t money_narrow(core_int128 cents)
{
    OMO_ASSERT(cents <= INT64_MAX);
    OMO_ASSERT(cents >= INT64_MIN);
    return (int64_t)cents;
}

/* Division rounded towards minus infinity, where C rounds towards zero. */
static core_int128 money_divide_down(core_int128 a, core_int128 b)
{
    core_int128 quotient = a / b;

    return a % b < 0 ? quotient - 1 : quotient;
}

int64_t money_share(int64_t amount_cents, int64_t share_ppm)
{
    core_int128 product = (core_int128)amount_cents * share_ppm;
    core_int128 half = OMO_PPM / 2;

    return money_narrow((product < 0 ? product - half : product + half) / OMO_PPM);
}

int64_t money_of_area(core_int128 area_unit_us, int64_t rate_microcents_per_day)
{
    core_int128 whole = money_divide_down(area_unit_us, MONEY_AREA_UNIT);
    core_int128 rest = area_unit_us - whole * MONEY_AREA_UNIT; /* in [0, MONEY_AREA_UNIT) */
    core_int128 cents;

    OMO_ASSERT(whole <= INT64_MAX);
    OMO_ASSERT(whole >= INT64_MIN);
    cents = whole * rate_microcents_per_day;
    cents +=
        money_divide_down(rest * rate_microcents_per_day + MONEY_AREA_UNIT / 2, MONEY_AREA_UNIT);
    return money_narrow(cents);
}
