/* locker: a parcel to a bank of boxes near the customer, who fetches it.
 *
 * The carrier's way is that of a parcel to the door and ends sooner (one stop for many), so it costs
 * 4.00 instead of 6.00 and the customer pays 3.00. People pass by when it suits them (lognormal,
 * mean 10 h, cv 1); after three days the carrier takes the parcel back, and one in fifty never
 * comes. Those figures are this project's assumption, in the range of what operators publish.
 */
#include "demand/mode.h"

static void defaults(omo_channel_options *options)
{
    options->radius_km = 2.0;
    options->promise_us = 2 * OMO_US_PER_DAY;
    options->travel =
        (omo_law){.kind = OMO_LAW_LOGNORMAL, .a = 26.0 * (double)OMO_US_PER_HOUR, .b = 0.3};
    options->collect =
        (omo_law){.kind = OMO_LAW_LOGNORMAL, .a = 10.0 * (double)OMO_US_PER_HOUR, .b = 1.0};
    options->pickup_hold_us = 3 * OMO_US_PER_DAY;
    options->no_show_ppm = 20000;
    options->speed_kmh = 0.0;
    options->fee_cents = 300;
    options->free_above_cents = 9900;
    options->cost_order_cents = 100;
    options->cost_line_cents = 50;
    options->cost_parcel_cents = 400;
    options->cost_km_cents = 1;
}

const struct mode_kind mode_locker = {
    .name = "locker",
    .help = "parcel to a locker within 2 km, a lognormal 26 h under way, fetched after a lognormal "
            "10 h; held for 3 d; fee 3.00, free from 99.00",
    .path = MODE_PARCEL,
    .customer_travels = true,
    .to_locker = true,
    .capability = OMO_SHIPS_PARCEL,
    .defaults = defaults,
};
