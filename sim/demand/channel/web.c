/* web: the chain's own web shop.
 *
 * As the app, for people at a desk: what they order comes as a parcel first of all.
 */
#include "demand/channel.h"

static const char *const steps[] = {"log_in", "browse", "cart", "check_out", "pay", NULL};

static void defaults(omo_channel_options *options) { channel_set_steps(options, steps); }

const struct channel_kind channel_web = {
    .name = "web",
    .help = "the chain's own web shop: members log in, stock is shown through integration.*",
    .online = true,
    .takes_over = true,
    .modes = {"parcel", "pickup", "courier", "reserve", "locker"},
    .defaults = defaults,
};
