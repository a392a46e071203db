/* The table of KPIs, made from kpi.def.
 *
 * Each line of the list is the stem of a file; the name that users see stands inside, because
 * textbook measures keep their symbols (L, Wq) and two of those may differ only in case, as file
 * names may not.
 */
#include "measure/kpi.h"

#define KPI(name) extern const struct kpi kpi_##name;
#include "measure/kpi.def"
#undef KPI

const struct kpi *const kpi_registry[] = {
#define KPI(name) &kpi_##name,
#include "measure/kpi.def"
#undef KPI
};

const uint32_t kpi_registry_count = sizeof(kpi_registry) / sizeof(kpi_registry[0]);
