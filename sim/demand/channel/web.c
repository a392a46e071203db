/* web: the chain's own web shop.
 *
 * As the app, for people at a desk: what they order comes as a parcel first of all.
 */
#include "demand/channel.h"

const struct channel_kind channel_web = {
    .name = "web",
    .help = "the chain's own web shop: members log in, stock is shown through integration.*",
    .online = true,
    .modes = {"parcel", "pickup", "courier", "reserve", "locker"},
};
