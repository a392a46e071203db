/* What the files of this folder share: the state behind Results. */
#ifndef RESULTS_PRIVATE_H
#define RESULTS_PRIVATE_H

#include "results/database.h"
#include "results/load_results.h"
#include "results/results.h"

struct results {
    struct database database;
    gboolean writing;
    uint32_t point_count; /* saved (writing) or found (reading) */
    /* Reading only. Strings live in the chunk. */
    GStringChunk *chunk;
    struct results_meta meta;
    GArray *calibration; /* struct results_calibration */
    GArray *points;      /* struct results_point */
    GArray *columns;     /* struct results_column */
    GPtrArray *channels; /* const char * */
};

/* Inserts the daily rows, places, flows and histograms of a point, inside the caller's
 * transaction. Nothing where the experiment kept no detail. */
gboolean detail_write(struct database *database, const omo_experiment *experiment, uint32_t from,
                      uint32_t point, GError **ret_error);

/* Binds parameter `i` (from 1); texts must live until the insert. */
void load_value_bind(sqlite3_stmt *insert, int i, const struct load_value *value);

/* Values of one KPI column by replication (GArray of double). */
GArray *values_read(struct database *database, uint32_t point, uint32_t column, GError **ret_error);
/* Summary of a[i] - b[i] over the shorter of the two. */
omo_summary values_paired(const GArray *a, const GArray *b);

#endif
