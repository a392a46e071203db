/* courier: ship from store (SFS, 网订店送): a courier brings it from a store near by within the
 * hour.
 *
 * Riders average 15 km/h in a city, door to door; on top comes the hand-over at both ends
 * (exponential, mean 8 min). Beyond 3 km the hour can't be kept at a fair price, hence the radius.
 * The customer pays 5.00, nothing from 59.00 on; the trip costs 5.00 and 1.00 a km, picking 1.50 an
 * order and 0.50 a line.
 */
#include "demand/mode.h"

static void defaults(omo_channel_options *options)
{
    options->radius_km = 3.0;
    options->promise_us = OMO_US_PER_HOUR;
    options->travel = (omo_law){.kind = OMO_LAW_EXPONENTIAL, .a = 8.0 * (double)OMO_US_PER_MINUTE};
    options->speed_kmh = 15.0;
    options->fee_cents = 500;
    options->free_above_cents = 5900;
    options->cost_order_cents = 150;
    options->cost_line_cents = 50;
    options->cost_parcel_cents = 500;
    options->cost_km_cents = 100;
}

const struct mode_kind mode_courier = {
    .name = "courier",
    .help = "one-hour courier from a store within 3 km, 15 km/h plus an exponential 8 min; fee "
            "5.00, free from 59.00",
    .path = MODE_COURIER,
    .customer_travels = false,
    .capability = OMO_SHIPS_COURIER,
    .defaults = defaults,
};
