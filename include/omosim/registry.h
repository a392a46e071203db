/* What can be named in a scenario: policies, channels, promotions, KPIs, facts. Static data,
 * usable from any thread. */
#ifndef OMOSIM_REGISTRY_H
#define OMOSIM_REGISTRY_H

#include <omosim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum omo_registry {
    OMO_REGISTRY_ROUTING,
    OMO_REGISTRY_STOCKING,
    OMO_REGISTRY_PROMOTION,
    OMO_REGISTRY_CHANNEL,
    OMO_REGISTRY_MODE,
    OMO_REGISTRY_KPI,
    OMO_REGISTRY_FACT,
    OMO_REGISTRY_LAW,
    OMO_REGISTRY_COUNT
} omo_registry;

/* Plural name of a registry as `omosim list` spells it ("routing", "kpis", ...). */
OMO_API const char *omo_registry_title(omo_registry registry);
OMO_API uint32_t omo_registry_count(omo_registry registry);
/* Name and one-sentence help of entry `i`; NULL past the end. For KPIs the help is the
 * definition. */
OMO_API const char *omo_registry_name(omo_registry registry, uint32_t i);
OMO_API const char *omo_registry_help(omo_registry registry, uint32_t i);
/* Unit and group of KPI `i` ("CNY", "sales"), whether it is also given per channel, and whether
 * more is better (1), worse (-1) or neither (0). Money units read "money": the caller puts the
 * scenario's currency there. */
OMO_API const char *omo_kpi_unit(uint32_t i);
OMO_API const char *omo_kpi_group(uint32_t i);
OMO_API bool omo_kpi_per_channel(uint32_t i);
OMO_API int omo_kpi_direction(uint32_t i);

/* What the amount of facts of kind `i` is: "none", "money" (cents), "span" (us), "distance" (mm) or
 * "line" (SKU and cents), "points" (their number); NULL past the end. */
OMO_API const char *omo_fact_amount(uint32_t i);

/* Name of the mode number k that channels of kind `i` can have, the default one first; NULL past
 * the last. */
OMO_API const char *omo_channel_mode(uint32_t i, uint32_t k);
/* What a place needs to serve mode `i`: bits of enum omo_capability; 0 past the end. */
OMO_API uint32_t omo_mode_capabilities(uint32_t i);
/* Whether its goods go to a locker: a place of that kind is needed besides. */
OMO_API bool omo_mode_to_locker(uint32_t i);

#ifdef __cplusplus
}
#endif
#endif
