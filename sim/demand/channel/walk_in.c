/* walk_in: the customer comes to a store and buys what stands there.
 *
 * Sees the shelf itself, so there is no stale view and no promise to keep; the cost of the till is
 * its staff, hence no handling cost per order.
 */
#include "demand/channel.h"

const struct channel_kind channel_walk_in = {
    .name = "walk_in",
    .help = "in a store: goods from the shelf, paid at its till",
    .online = false,
    .modes = {"take_away", "store_to_home"},
};
