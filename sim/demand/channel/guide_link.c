/* guide_link: a guide in the shop has sent a link (C77, C78).
 *
 * The customer has scanned the guide's code once; what is bought by the link earns the guide a share,
 * 5 % by default. The guide is one of the shop nearest to the customer, and the fact about the share
 * names that shop.
 */
#include "demand/channel.h"

static const char *const steps[] = {"browse", "cart", "check_out", "pay", NULL};

static void defaults(omo_channel_options *options)
{
    channel_set_steps(options, steps);
    options->guide_share_ppm = 50000;
}

const struct channel_kind channel_guide_link = {
    .name = "guide_link",
    .help = "orders by a guide's link: a guide of the nearest store has 5 % of them unless told "
            "otherwise",
    .online = true,
    .guided = true,
    .modes = {"parcel", "pickup", "courier"},
    .defaults = defaults,
};
