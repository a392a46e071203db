/* The steps of sealing that have a file of their own. */
#ifndef OMO_EXPERIMENT_SEAL_H
#define OMO_EXPERIMENT_SEAL_H

#include "experiment/draft.h"

/* Works out levels and opening stock of every position from forecast demand (seal_levels.c).
 * False when memory is short. */
bool seal_levels(omo_model *m);
/* Names the KPI columns (seal_kpis.c). */
bool seal_kpis(omo_model *m);

struct kpi_column {
    uint32_t kpi;
    uint32_t channel; /* TALLY_ALL or the channel */
    const char *name;
};

#endif
