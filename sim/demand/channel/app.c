/* app: the chain's own app.
 *
 * Knows who is there, shows stock as the integration dial lets it, and takes orders for every mode
 * that brings or keeps goods for the customer. Nobody else earns on it.
 */
#include "demand/channel.h"

const struct channel_kind channel_app = {
    .name = "app",
    .help = "the chain's own app: members are known, stock is shown through integration.*",
    .online = true,
    .modes = {"pickup", "courier", "parcel", "reserve", "locker"},
};
