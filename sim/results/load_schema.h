/* The tables of a load run's result, as load_results.h describes them. Version LOAD_RESULTS_FORMAT.
 */
#ifndef RESULTS_LOAD_SCHEMA_H
#define RESULTS_LOAD_SCHEMA_H

#include <glib.h>
#include <stdint.h>

#define LOAD_CLOCK_COLUMNS(clock)                                                                  \
    clock "_mean_ms REAL, " clock "_p50_ms REAL, " clock "_p90_ms REAL, " clock                    \
          "_p99_ms REAL, " clock "_p999_ms REAL, " clock "_max_ms REAL"

static const struct load_table {
    const char *name;
    uint32_t column_count;
    const char *columns;
} load_tables[] = {
    {"load", 2, "key TEXT PRIMARY KEY, value"},
    {"load_row", 20,
     "step TEXT PRIMARY KEY, requests INTEGER NOT NULL, " LOAD_CLOCK_COLUMNS(
         "response") ", " LOAD_CLOCK_COLUMNS("service") ", " LOAD_CLOCK_COLUMNS("lateness")},
    {"load_outcome", 4,
     "step TEXT NOT NULL, outcome TEXT NOT NULL, class TEXT NOT NULL, count INTEGER NOT NULL,"
     " PRIMARY KEY (step, outcome)"},
    {"load_count", 2, "name TEXT PRIMARY KEY, value INTEGER NOT NULL"},
    {"load_bucket", 5,
     "step TEXT NOT NULL, clock TEXT NOT NULL, low_ns INTEGER NOT NULL, high_ns INTEGER NOT NULL,"
     " count INTEGER NOT NULL, PRIMARY KEY (step, clock, low_ns)"},
    {"load_series", 14,
     "begin_s REAL PRIMARY KEY, end_s REAL NOT NULL, warm_up INTEGER NOT NULL,"
     " requests INTEGER NOT NULL, errors INTEGER NOT NULL, rate REAL, p50_ms REAL, p90_ms REAL,"
     " p99_ms REAL, p999_ms REAL, max_ms REAL, lateness_p50_ms REAL, lateness_p99_ms REAL,"
     " lateness_max_ms REAL"},
    {"load_heat", 4,
     "begin_s REAL NOT NULL, low_ms REAL NOT NULL, high_ms REAL NOT NULL, count INTEGER NOT NULL,"
     " PRIMARY KEY (begin_s, low_ms)"},
    {"load_stage", 5,
     "stage INTEGER PRIMARY KEY, begin_s REAL NOT NULL, end_s REAL NOT NULL,"
     " rate_from REAL NOT NULL, rate_to REAL NOT NULL"},
    {"threshold", 8,
     "threshold INTEGER PRIMARY KEY, text TEXT NOT NULL, source TEXT NOT NULL,"
     " held INTEGER NOT NULL, value REAL, limit_value REAL, unit TEXT NOT NULL, at_s REAL"},
    {"capacity", 10,
     "probe INTEGER PRIMARY KEY, repeat INTEGER NOT NULL, rate REAL NOT NULL,"
     " held INTEGER NOT NULL, too_slow INTEGER NOT NULL, held_rate REAL, p50_ms REAL, p99_ms REAL,"
     " errors REAL, lateness_p99_ms REAL"},
};

#define LOAD_TABLES G_N_ELEMENTS(load_tables)

#endif
