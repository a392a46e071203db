/* Money in int64 cents with explicit rounding; overflow is a bug and asserted. */
#ifndef OMO_BASE_MONEY_H
#define OMO_BASE_MONEY_H

#include "base/core.h"

/* amount * share_ppm / 10^6, rounded half away from zero. */
int64_t money_share(int64_t amount_cents, int64_t share_ppm);
/* Whole cents of an accumulated area: sum(quantity x time) in unit.us times a rate in microcents
 * per unit and day, rounded half up. */
int64_t money_of_area(core_int128 area_unit_us, int64_t rate_microcents_per_day);

#endif
