/* parcel: a parcel from the warehouse, or from stores where stock is merged, within two days.
 *
 * The carrier's network decides the time, not the distance: lognormal, mean 30 h, cv 0.3, speed 0.
 * Distance still costs a little (0.01 a km), so that routing has a reason to ship from near by. The
 * customer pays 8.00, nothing from 99.00 on; picking costs 1.00 an order and 0.50 a line, a
 * parcel 6.00.
 */
#include "demand/mode.h"

static void defaults(omo_channel_options *options)
{
    options->radius_km = 0.0;
    options->promise_us = 2 * OMO_US_PER_DAY;
    options->travel =
        (omo_law){.kind = OMO_LAW_LOGNORMAL, .a = 30.0 * (double)OMO_US_PER_HOUR, .b = 0.3};
    options->speed_kmh = 0.0;
    options->fee_cents = 800;
    options->free_above_cents = 9900;
    options->cost_order_cents = 100;
    options->cost_line_cents = 50;
    options->cost_parcel_cents = 600;
    options->cost_km_cents = 1;
}

const struct mode_kind mode_parcel = {
    .name = "parcel",
    .help = "parcel in 2 d, under way a lognormal 30 h; fee 8.00, free from 99.00; 6.00 a parcel "
            "and 0.01 a km",
    .path = MODE_PARCEL,
    .customer_travels = false,
    .capability = OMO_SHIPS_PARCEL,
    .defaults = defaults,
};
