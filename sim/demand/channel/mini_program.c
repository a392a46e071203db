/* mini_program: the chain's shop inside somebody else's messenger.
 *
 * Nothing is installed and the messenger vouches for who it is, so that nobody has to log in: one
 * step less than in the app. The chain runs it and nobody takes a commission; what a campaign pays
 * for each visit is `visit_cost`.
 */
#include "demand/channel.h"

static const char *const steps[] = {"browse", "cart", "check_out", "pay", NULL};

static void defaults(omo_channel_options *options) { channel_set_steps(options, steps); }

const struct channel_kind channel_mini_program = {
    .name = "mini_program",
    .help = "a mini-programme in a messenger: as the app, without a step to log in",
    .online = true,
    .takes_over = true,
    .modes = {"pickup", "courier", "parcel", "reserve", "locker"},
    .defaults = defaults,
};
