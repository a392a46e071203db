/* The table of fulfilment modes, made from mode.def.
 *
 * A mode says how goods reach the customer and what a place needs for it; its defaults are those of
 * the work (handling, travel, promise), while a channel's kind adds what the touch point itself
 * costs. Names are looked up once, when a model is built.
 */
#include "demand/mode.h"

#define MODE(name) extern const struct mode_kind mode_##name;
#include "demand/mode.def"
#undef MODE

const struct mode_kind *const mode_registry[] = {
#define MODE(name) &mode_##name,
#include "demand/mode.def"
#undef MODE
};

const uint32_t mode_registry_count = sizeof(mode_registry) / sizeof(mode_registry[0]);

uint32_t mode_find(const char *name)
{
    OMO_ASSERT(name != NULL);

    for (uint32_t i = 0; i < mode_registry_count; i++)
        if (strcmp(mode_registry[i]->name, name) == 0)
            return i;
    return OMO_NONE;
}
