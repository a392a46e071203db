/* app: the chain's own app.
 *
 * Knows who is there, shows stock as the integration dial lets it, and takes orders for every mode
 * that brings or keeps goods for the customer. Nobody else earns on it.
 */
#include "demand/channel.h"

static const char *const steps[] = {"log_in", "browse", "cart", "check_out", "pay", NULL};

static void defaults(omo_channel_options *options) { channel_set_steps(options, steps); }

const struct channel_kind channel_app = {
    .name = "app",
    .help = "the chain's own app: members are known, stock is shown through integration.*",
    .online = true,
    .takes_over = true,
    .modes = {"pickup", "courier", "parcel", "reserve", "locker"},
    .defaults = defaults,
};
