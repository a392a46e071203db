/* kiosk: a smart screen in the shop: the endless aisle (C11, C80).
 *
 * The customer stands in a shop and has come there, so that its distance counts; the screen shows
 * what the whole chain has, 2,000 products on the shelves and a million in the catalogue. What is
 * ordered comes from where it lies, as from any channel that is online. Units that the shop does not
 * stock at all are what the screen is for, and are counted (AISLE).
 */
#include "demand/channel.h"

static const char *const steps[] = {"browse", "cart", "pay", NULL};

static void defaults(omo_channel_options *options) { channel_set_steps(options, steps); }

const struct channel_kind channel_kiosk = {
    .name = "kiosk",
    .help = "a smart screen in a store: orders what the store does not stock, from the whole chain",
    .online = true,
    .takes_over = true,
    .in_shop = true,
    .modes = {"parcel", "pickup", "courier", "store_to_home", "locker"},
    .defaults = defaults,
};
