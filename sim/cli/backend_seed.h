/* A back end that begins where a simulation does: same places, products, prices, stock, members and
 * coupons as replication 0 of a design point. */
#ifndef CLI_BACKEND_SEED_H
#define CLI_BACKEND_SEED_H

#include "backend/backend.h"
#include "scenario/scenario.h"

/* How a database names what it was seeded from: name, point and hash. Caller frees. */
char *backend_seed_name(const Scenario *scenario, uint32_t point);
gboolean backend_seed_model(Backend *backend, const Scenario *scenario, uint32_t point,
                            GError **ret_error);

#endif
