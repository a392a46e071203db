/* reserve: reserve & collect (ROPIS, 网订店付): set aside in a store from anywhere, paid there when it
 * is fetched.
 *
 * As pickup, but nothing is paid until the customer has the goods in hand, so many more never come:
 * without a stake a reservation is a wish. 15 % no-shows and a hold of two days are this project's
 * assumption, between what shops say of paid pickups (a few per cent) and restaurants of
 * reservations (up to a fifth). After the hold the goods are on sale again, and nothing is owed.
 */
#include "demand/mode.h"

static void defaults(omo_channel_options *options)
{
    options->radius_km = 0.0;
    options->promise_us = 2 * OMO_US_PER_HOUR;
    options->collect =
        (omo_law){.kind = OMO_LAW_LOGNORMAL, .a = 6.0 * (double)OMO_US_PER_HOUR, .b = 1.0};
    options->pickup_hold_us = 2 * OMO_US_PER_DAY;
    options->no_show_ppm = 150000;
    options->fee_cents = 0;
    options->free_above_cents = 0;
    options->cost_order_cents = 150;
    options->cost_line_cents = 50;
    options->cost_parcel_cents = 0;
    options->cost_km_cents = 0;
}

const struct mode_kind mode_reserve = {
    .name = "reserve",
    .help = "reserve & collect: as pickup, paid in the store when it is fetched after a lognormal "
            "6 h; held for 2 d, 15% never come",
    .path = MODE_COLLECT,
    .customer_travels = true,
    .pays_at_collection = true,
    .capability = OMO_OFFERS_PICKUP,
    .defaults = defaults,
};
