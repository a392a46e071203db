/* take_away: the customer goes to a store, takes the goods from the shelf and pays at the till.
 *
 * Sees the shelf itself, so there is no stale view and no promise to keep; the cost of the till is
 * its staff, hence no handling cost per order. The customer travels: distance counts in the choice.
 */
#include "demand/mode.h"

static void defaults(omo_channel_options *options)
{
    options->radius_km = 0.0;
    options->promise_us = 0;
    options->fee_cents = 0;
    options->free_above_cents = 0;
    options->cost_order_cents = 0;
    options->cost_line_cents = 0;
    options->cost_parcel_cents = 0;
    options->cost_km_cents = 0;
}

const struct mode_kind mode_take_away = {
    .name = "take_away",
    .help = "take away: goods from the shelf of a store, paid at its till; no radius, no fee, no "
            "handling cost",
    .path = MODE_TAKE_AWAY,
    .customer_travels = true,
    .capability = OMO_SELLS_ON_SITE,
    .defaults = defaults,
};
