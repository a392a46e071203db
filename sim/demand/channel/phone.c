/* phone: somebody takes the order on the phone.
 *
 * The line is manned: it has hours, and each order costs an agent's time, 5 minutes at 36.00 an hour
 * by default. Callers are known by their number.
 */
#include "demand/channel.h"

static const char *const steps[] = {"call", "order", "pay", NULL};

static void defaults(omo_channel_options *options)
{
    channel_set_steps(options, steps);
    options->opens_us = 9 * OMO_US_PER_HOUR;
    options->closes_us = 21 * OMO_US_PER_HOUR;
    options->agent_cost_cents = 300;
}

const struct channel_kind channel_phone = {
    .name = "phone",
    .help = "orders by phone, taken by an agent from 09:00 to 21:00; 3.00 an order for the agent",
    .online = true,
    .modes = {"parcel", "courier", "pickup", "reserve"},
    .defaults = defaults,
};
