/* pickup: click & collect (BOPIS, 网订店取): ordered from anywhere, picked in a store, fetched by the
 * customer.
 *
 * The promise is the time until the order is ready in the store. Customers come when it suits them:
 * on the way home, hence a collection delay of hours with a long tail (lognormal, mean 4 h, cv 1).
 * Handling costs are a picker's minutes: 1.50 for each order and 0.50 for each line.
 */
#include "demand/mode.h"

static void defaults(omo_channel_options *options)
{
    options->radius_km = 0.0;
    options->promise_us = 2 * OMO_US_PER_HOUR;
    options->collect =
        (omo_law){.kind = OMO_LAW_LOGNORMAL, .a = 4.0 * (double)OMO_US_PER_HOUR, .b = 1.0};
    options->fee_cents = 0;
    options->free_above_cents = 0;
    options->cost_order_cents = 150;
    options->cost_line_cents = 50;
    options->cost_parcel_cents = 0;
    options->cost_km_cents = 0;
}

const struct mode_kind mode_pickup = {
    .name = "pickup",
    .help = "click & collect: ready in the store in 2 h, collected after a lognormal 4 h; 1.50 an "
            "order, 0.50 a line",
    .path = MODE_COLLECT,
    .customer_travels = true,
    .capability = OMO_OFFERS_PICKUP,
    .defaults = defaults,
};
