/* marketplace: a platform that belongs to somebody else (C2, C44, C51, C75).
 *
 * It brings customers and takes its share: a commission on what is sold (the take rate), a price for
 * traffic (`visit_cost`). The chain has no say in it: the platform may be out of order (`outages`,
 * `down`) and may change its `terms`.
 */
#include "demand/channel.h"

static const char *const steps[] = {"browse", "cart", "check_out", "pay", NULL};

static void defaults(omo_channel_options *options)
{
    channel_set_steps(options, steps);
    options->commission_ppm = 50000;
}

const struct channel_kind channel_marketplace = {
    .name = "marketplace",
    .help = "a third party's platform: takes a commission, 5 % unless told otherwise, and may "
            "change its terms",
    .online = true,
    .platform = true,
    .modes = {"parcel", "courier", "pickup", "locker"},
    .defaults = defaults,
};
