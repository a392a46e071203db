/* The table of promotion kinds, made from promotion.def.
 *
 * A kind is a rule of discount; what a scenario runs is an instance of it: the kind and its
 * options. Names are looked up once, when a model is built, so a walk over a handful of strings is
 * enough.
 */
#include "demand/promotion.h"

#define PROMOTION(name) extern const struct promotion_kind promotion_##name;
#include "demand/promotion.def"
#undef PROMOTION

const struct promotion_kind *const promotion_registry[] = {
#define PROMOTION(name) &promotion_##name,
#include "demand/promotion.def"
#undef PROMOTION
};

const uint32_t promotion_registry_count =
    sizeof(promotion_registry) / sizeof(promotion_registry[0]);

const struct promotion_kind *promotion_find(const char *name)
{
    OMO_ASSERT(name != NULL);

    for (uint32_t i = 0; i < promotion_registry_count; i++)
        if (strcmp(promotion_registry[i]->name, name) == 0)
            return promotion_registry[i];
    return NULL;
}
