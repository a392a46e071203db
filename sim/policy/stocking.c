/* The table of stocking policies, made from stocking.def.
 *
 * A policy is a file of its own and one line of the list; nothing here knows what any of them does.
 * Names are looked up once, when a model is built, so a walk over a handful of strings is enough.
 *
 * Beside it, what the policies share: a level that protects against Poisson demand over a protected
 * time t is mean + z sqrt(mean), the normal approximation with the variance of a Poisson count
 * (Silver, Pyke & Thomas, Inventory and Production Management in Supply Chains, ch. 6). The
 * variance of the lead time itself is left out: z is a scenario's lever, and is searched, not
 * derived.
 */
#include "base/maths.h"
#include "policy/stocking.h"

#define STOCKING(name) extern const struct stocking_policy stocking_##name;
#include "policy/stocking.def"
#undef STOCKING

const struct stocking_policy *const stocking_registry[] = {
#define STOCKING(name) &stocking_##name,
#include "policy/stocking.def"
#undef STOCKING
};

const uint32_t stocking_registry_count = sizeof(stocking_registry) / sizeof(stocking_registry[0]);

const struct stocking_policy *stocking_find(const char *name)
{
    OMO_ASSERT(name != NULL);

    for (uint32_t i = 0; i < stocking_registry_count; i++)
        if (strcmp(stocking_registry[i]->name, name) == 0)
            return stocking_registry[i];
    return NULL;
}

int32_t stocking_ceil(double x)
{
    double below;

    OMO_ASSERT(x == x);
    if (x <= 0.0)
        return 0;
    if (x >= (double)STOCKING_LEVEL_MAX)
        return STOCKING_LEVEL_MAX;
    below = maths_floor(x);
    return (int32_t)below + (x - below > 1e-9 ? 1 : 0);
}

int32_t stocking_protection(const struct stocking_params *p, double demand_per_day)
{
    double mean = demand_per_day * (p->lead_days + p->review_days);

    OMO_ASSERT(mean >= 0.0);
    return stocking_ceil(mean + p->safety_factor * maths_sqrt(mean));
}

double stocking_lot(const struct stocking_params *p, double demand_per_day)
{
    return demand_per_day * (p->review_days > 1.0 ? p->review_days : 1.0);
}
