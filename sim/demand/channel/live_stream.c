/* live_stream: somebody shows the goods live (C1, C50).
 *
 * The audience comes in bursts: those are the segment's (`bursts`). Who watches needs not look for
 * the goods; the link stands under the picture.
 */
#include "demand/channel.h"

static const char *const steps[] = {"watch", "cart", "check_out", "pay", NULL};

static void defaults(omo_channel_options *options) { channel_set_steps(options, steps); }

const struct channel_kind channel_live_stream = {
    .name = "live_stream",
    .help = "orders out of a live stream; its audience comes by the bursts of a segment",
    .online = true,
    .modes = {"parcel", "courier", "pickup"},
    .defaults = defaults,
};
