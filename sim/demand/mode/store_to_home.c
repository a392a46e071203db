/* store_to_home: chosen and paid in a store, brought home by its courier or by a carrier.
 *
 * For what nobody wants to carry: the customer travels, sees the shelf itself and pays at the till,
 * the goods are picked and follow. A store without couriers gives them to a carrier, who may have
 * a cut-off. By courier, same day: 15 km/h and an exponential 8 min at the door, within 10 km; the
 * delivery costs the customer 3.00, nothing from 49.00 on.
 */
#include "demand/mode.h"

static void defaults(omo_channel_options *options)
{
    options->radius_km = 10.0;
    options->promise_us = 8 * OMO_US_PER_HOUR;
    options->travel = (omo_law){.kind = OMO_LAW_EXPONENTIAL, .a = 8.0 * (double)OMO_US_PER_MINUTE};
    options->speed_kmh = 15.0;
    options->fee_cents = 300;
    options->free_above_cents = 4900;
    options->cost_order_cents = 50;
    options->cost_line_cents = 20;
    options->cost_parcel_cents = 500;
    options->cost_km_cents = 100;
}

const struct mode_kind mode_store_to_home = {
    .name = "store_to_home",
    .help = "bought and paid in a store within 10 km, brought home the same day by its courier or "
            "a carrier; fee 3.00, free from 49.00",
    .path = MODE_COURIER,
    .customer_travels = true,
    .in_store = true,
    .capability = OMO_SELLS_ON_SITE,
    .defaults = defaults,
};
