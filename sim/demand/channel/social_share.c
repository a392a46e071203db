/* social_share: a buyer sends a link to friends (C38).
 *
 * After a purchase in any channel the buyer shares with probability `share`, with so many friends;
 * each of them comes with probability `come` after a while, through this channel alone, and may buy
 * and share again: a branching process (Galton and Watson). The mean number of friends who come of
 * one purchase has to be below 1, or the links are passed on a limited number of times.
 */
#include "demand/channel.h"

static const char *const steps[] = {"browse", "cart", "check_out", "pay", NULL};

static void defaults(omo_channel_options *options)
{
    channel_set_steps(options, steps);
    options->share_ppm = 100000;
    options->friends = (omo_law){.kind = OMO_LAW_GEOMETRIC, .a = 3.0};
    options->come_ppm = 200000;
    options->come_after =
        (omo_law){.kind = OMO_LAW_EXPONENTIAL, .a = 6.0 * (double)OMO_US_PER_HOUR};
}

const struct channel_kind channel_social_share = {
    .name = "social_share",
    .help = "friends of buyers come by a link that was shared, and share again; nobody else does",
    .online = true,
    .way = CHANNEL_SHARES,
    .modes = {"parcel", "pickup", "courier"},
    .defaults = defaults,
};
