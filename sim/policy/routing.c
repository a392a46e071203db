/* The table of routing policies, made from routing.def.
 *
 * A policy is a file of its own and one line of the list; nothing here knows what any of them does.
 * Names are looked up once, when a model is built, so a walk over a handful of strings is enough.
 */
#include "policy/routing.h"

#define ROUTING(name) extern const struct routing_policy routing_##name;
#include "policy/routing.def"
#undef ROUTING

const struct routing_policy *const routing_registry[] = {
#define ROUTING(name) &routing_##name,
#include "policy/routing.def"
#undef ROUTING
};

const uint32_t routing_registry_count = sizeof(routing_registry) / sizeof(routing_registry[0]);

const struct routing_policy *routing_find(const char *name)
{
    OMO_ASSERT(name != NULL);

    for (uint32_t i = 0; i < routing_registry_count; i++)
        if (strcmp(routing_registry[i]->name, name) == 0)
            return routing_registry[i];
    return NULL;
}
