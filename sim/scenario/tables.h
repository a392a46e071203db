/* The scenario language as schema tables, one group of blocks per schema_*.c, and what the readers
 * of the tables share: names of enums and shorthands. Static data, any thread. Not for other
 * folders: they use scenario_schema().
 */
#ifndef SCENARIO_TABLES_H
#define SCENARIO_TABLES_H

#include "shell/schema.h"

#include <omosim/members.h>
#include <omosim/model.h>
#include <omosim/registry.h>

/* schema.c */
extern const struct schema_key schema_scenario;
extern const struct node_shorthand schema_shorthands[];

/* schema_run.c */
extern const struct schema_key schema_run_keys[];
extern const struct schema_key schema_geometry_keys[];
extern const struct schema_key schema_station_keys[];
extern const struct schema_key schema_calibration_keys[];
extern const struct schema_key schema_point_keys[]; /* of a point beside its overrides */
extern const struct schema_key schema_factor_keys[]; /* of a factor, likewise */

/* schema_queueing.c */
extern const struct schema_key schema_queueing_keys[];

/* Keys of one entry of `join`. `columns_child` are the columns that may come from another table. */
#define SCHEMA_JOIN_KEYS(columns_child)                                                            \
    {"file", SCHEMA_PATH, .required = true, .help = "CSV table with more columns of the same"},    \
        {"where", SCHEMA_TEXT, .help = "which of its rows"},                                       \
        {"key", SCHEMA_TEXT, .required = true, .help = "its column that tells its rows apart"},    \
        {"match", SCHEMA_TEXT,                                                                     \
         .help = "column of the first table with the same values; default: named like `key`"},     \
    {                                                                                              \
        "columns", SCHEMA_MAPPING, .child = (columns_child), .required = true,                     \
                                   .help = "names of the columns that are taken from it"           \
    }

/* schema_places.c */
extern const struct schema_key schema_sku_source_keys[];
extern const struct schema_key schema_sku_item;
extern const struct schema_key schema_place_keys[];
extern const struct schema_key schema_lane_keys[];
extern const struct schema_key schema_stations_keys[];
/* Values of the enums below, in the order of their names. */
extern const char *const schema_place_kinds[];  /* omo_place_kind */
extern const char *const schema_capabilities[]; /* bit i of enum omo_capability */
extern const char *const schema_roles[];        /* omo_role */

/* schema_demand.c */
extern const struct schema_key schema_channel_keys[];
extern const struct schema_key schema_demand_keys[];

/* schema_members.c */
extern const struct schema_key schema_member_keys[];
/* schema_choice.c */
extern const struct schema_key schema_slots_keys[];
extern const struct schema_key schema_nest_item;
extern const struct schema_key schema_gravity_keys[];
extern const struct schema_key schema_detour_keys[];
extern const struct schema_key schema_stockout_keys[];
extern const struct schema_key schema_balk_keys[];
extern const struct schema_key schema_churn_keys[];

/* schema_traffic.c */
extern const struct schema_key schema_traffic_keys[];

/* schema_policies.c */
extern const struct schema_key schema_routing_keys[];
extern const struct schema_key schema_stocking_keys[];
extern const struct schema_key schema_promotion_keys[];
/* schema_integration.c */
extern const struct schema_key schema_integration_keys[];
extern const struct schema_key schema_cost_keys[];
extern const struct schema_key schema_returns_keys[];
extern const struct schema_key schema_accuracy_keys[];

#endif
