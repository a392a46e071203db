/* The public face of all registries: names and help by number, in the order of the .def files.
 *
 * One switch a question, not a table of tables: the entries are of eight types and have only a name
 * and a sentence in common. Facts keep the capitals of facts.def, as they stand in traces; the help
 * of a law is its parameter list. Everything is static, so any thread may ask at any time.
 */
#include <assert.h>

#include <omosim/law.h>
#include <omosim/registry.h>

#include "demand/channel.h"
#include "demand/promotion.h"
#include "measure/kpi.h"
#include "policy/routing.h"
#include "policy/stocking.h"

struct registry_fact {
    const char *name;
    const char *help;
    const char *amount;
};

#define REGISTRY_NONE "none"
#define REGISTRY_MONEY "money"
#define REGISTRY_SPAN "span"
#define REGISTRY_DISTANCE "distance"
#define REGISTRY_POINTS "points"
#define REGISTRY_LINE "line"

static const struct registry_fact registry_facts[] = {
#define FACT(name, amount, text) {#name, text, REGISTRY_##amount},
#include "measure/facts.def"
#undef FACT
};

static_assert(sizeof(registry_facts) / sizeof(registry_facts[0]) == FACT_KIND_COUNT,
              "one row a kind");
static_assert(FACT_KIND_COUNT <= 256, "a fact holds its kind in eight bits");

const char *omo_registry_title(omo_registry registry)
{
    static const char *const titles[OMO_REGISTRY_COUNT] = {
        [OMO_REGISTRY_ROUTING] = "routing",      [OMO_REGISTRY_STOCKING] = "stocking",
        [OMO_REGISTRY_PROMOTION] = "promotions", [OMO_REGISTRY_CHANNEL] = "channels",
        [OMO_REGISTRY_MODE] = "modes",           [OMO_REGISTRY_KPI] = "kpis",
        [OMO_REGISTRY_FACT] = "facts",           [OMO_REGISTRY_LAW] = "laws",
    };

    return (unsigned)registry < OMO_REGISTRY_COUNT ? titles[registry] : NULL;
}

uint32_t omo_registry_count(omo_registry registry)
{
    switch (registry) {
    case OMO_REGISTRY_ROUTING:
        return routing_registry_count;
    case OMO_REGISTRY_STOCKING:
        return stocking_registry_count;
    case OMO_REGISTRY_PROMOTION:
        return promotion_registry_count;
    case OMO_REGISTRY_CHANNEL:
        return channel_registry_count;
    case OMO_REGISTRY_MODE:
        return mode_registry_count;
    case OMO_REGISTRY_KPI:
        return kpi_registry_count;
    case OMO_REGISTRY_FACT:
        return FACT_KIND_COUNT;
    case OMO_REGISTRY_LAW:
        return OMO_LAW_KIND_COUNT;
    case OMO_REGISTRY_COUNT:
        break;
    }
    return 0;
}

const char *omo_registry_name(omo_registry registry, uint32_t i)
{
    if (i >= omo_registry_count(registry))
        return NULL;
    switch (registry) {
    case OMO_REGISTRY_ROUTING:
        return routing_registry[i]->name;
    case OMO_REGISTRY_STOCKING:
        return stocking_registry[i]->name;
    case OMO_REGISTRY_PROMOTION:
        return promotion_registry[i]->name;
    case OMO_REGISTRY_CHANNEL:
        return channel_registry[i]->name;
    case OMO_REGISTRY_MODE:
        return mode_registry[i]->name;
    case OMO_REGISTRY_KPI:
        return kpi_registry[i]->name;
    case OMO_REGISTRY_FACT:
        return registry_facts[i].name;
    case OMO_REGISTRY_LAW:
        return omo_law_name((omo_law_kind)i);
    case OMO_REGISTRY_COUNT:
        break;
    }
    return NULL;
}

const char *omo_registry_help(omo_registry registry, uint32_t i)
{
    if (i >= omo_registry_count(registry))
        return NULL;
    switch (registry) {
    case OMO_REGISTRY_ROUTING:
        return routing_registry[i]->help;
    case OMO_REGISTRY_STOCKING:
        return stocking_registry[i]->help;
    case OMO_REGISTRY_PROMOTION:
        return promotion_registry[i]->help;
    case OMO_REGISTRY_CHANNEL:
        return channel_registry[i]->help;
    case OMO_REGISTRY_MODE:
        return mode_registry[i]->help;
    case OMO_REGISTRY_KPI:
        return kpi_registry[i]->definition;
    case OMO_REGISTRY_FACT:
        return registry_facts[i].help;
    case OMO_REGISTRY_LAW:
        return omo_law_parameters((omo_law_kind)i);
    case OMO_REGISTRY_COUNT:
        break;
    }
    return NULL;
}

const char *omo_kpi_unit(uint32_t i)
{
    return i < kpi_registry_count ? kpi_registry[i]->unit : NULL;
}

const char *omo_kpi_group(uint32_t i)
{
    return i < kpi_registry_count ? kpi_registry[i]->group : NULL;
}

bool omo_kpi_per_channel(uint32_t i)
{
    return i < kpi_registry_count && kpi_registry[i]->per_channel;
}

int omo_kpi_direction(uint32_t i)
{
    return i < kpi_registry_count ? (int)kpi_registry[i]->direction : 0;
}

const char *omo_fact_amount(uint32_t i)
{
    return i < FACT_KIND_COUNT ? registry_facts[i].amount : NULL;
}

const char *omo_channel_mode(uint32_t i, uint32_t k)
{
    if (i >= channel_registry_count)
        return NULL;
    for (uint32_t mode = 0; channel_registry[i]->modes[mode] != NULL; mode++)
        if (mode == k)
            return channel_registry[i]->modes[mode];
    return NULL;
}

uint32_t omo_mode_capabilities(uint32_t i)
{
    return i < mode_registry_count ? mode_registry[i]->capability : 0;
}

bool omo_mode_to_locker(uint32_t i)
{
    return i < mode_registry_count && mode_registry[i]->to_locker;
}
