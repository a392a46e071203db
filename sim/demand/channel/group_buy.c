/* group_buy: together it is cheaper, or not at all (C39).
 *
 * Who chooses it pays and joins the open group of the zone (or of the chain), or opens one. When the
 * group is full, all its orders go on; when its time is up before, all have their money back. Units
 * are promised and not set aside meanwhile: what is not there when the group is full is lost like in
 * any other channel, and not charged.
 */
#include "demand/channel.h"

static const char *const steps[] = {"browse", "join", "pay", NULL};

static void defaults(omo_channel_options *options)
{
    channel_set_steps(options, steps);
    options->group_size = 3;
    options->group_within_us = OMO_US_PER_DAY;
}

const struct channel_kind channel_group_buy = {
    .name = "group_buy",
    .help = "orders that go on when enough customers have joined in time, else all have their "
            "money back",
    .online = true,
    .way = CHANNEL_GROUPS,
    .modes = {"pickup", "parcel", "courier"},
    .defaults = defaults,
};
