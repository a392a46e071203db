/* Where a Location header leads, as long as it is the same service. Static data, any thread. */
#ifndef REPLAY_LOCATION_H
#define REPLAY_LOCATION_H

#include "replay/pool.h"

/* Resolves a URI reference (RFC 3986, 5.2) against `base`, path and query of the request that it
 * answers, the target's base path included. *ret_path is path and query without fragment, in `room`;
 * what must not stand in a request line is percent-coded. FALSE: it leads to another scheme, host or
 * port, or it does not fit. */
bool location_resolve(const struct target *target, const struct api_text *base,
                      const struct api_text *reference, char *room, size_t room_size,
                      struct api_text *ret_path);

#endif
