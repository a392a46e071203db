/* subscription: the same basket again and again (C126).
 *
 * After a purchase in any channel the buyer subscribes to its basket with probability `subscribe`.
 * Every period the subscriber cancels, or leaves this one out, or has the basket ordered without
 * going through any step. Nobody comes here by themselves.
 */
#include "demand/channel.h"

static const char *const steps[] = {"renew", NULL};

static void defaults(omo_channel_options *options)
{
    channel_set_steps(options, steps);
    options->subscribe_ppm = 50000;
    options->period_us = 28 * OMO_US_PER_DAY;
    options->skip_ppm = 100000;
    options->cancel_ppm = 100000;
}

const struct channel_kind channel_subscription = {
    .name = "subscription",
    .help = "buyers who subscribe to their basket have it again every period, until they cancel",
    .online = true,
    .way = CHANNEL_SUBSCRIBES,
    .modes = {"parcel", "courier", "pickup"},
    .defaults = defaults,
};
