/* The top of the scenario language: its blocks, each with one spelling, and where a single word may
 * stand for a block.
 *
 * The tables say what a value looks like and what it defaults to; what depends on two blocks at
 * once (a lane's places, a segment's channels) is checked by build_*.c, with the position of the
 * node that is wrong. Defaults that the core owns (a channel kind's fee, a cost of 0) have no
 * `fallback` here: the builders start from omo_..._defaults() and change what was written, so that
 * a default stands in one place.
 *
 * `include` is taken out by the reader of trees; it is listed for help and editors.
 */
#include "scenario/tables.h"

#include "scenario/scenario.h"

static const char *const schema_shortages[] = {"lost", "backorder", NULL};

static const struct schema_key schema_top_keys[] = {
    {"name", SCHEMA_TEXT, .help = "short name, as in results; default: the file's"},
    {"title", SCHEMA_TEXT, .help = "headline of reports; default: the name"},
    {"question", SCHEMA_TEXT, .help = "the question that the scenario answers"},
    {"currency", SCHEMA_TEXT, .fallback = "CNY", .help = "unit of all money"},
    {"time_unit", SCHEMA_TEXT,
     .help = "what bare numbers of time and rates count: s, min, h, d, w"},
    {"include", SCHEMA_ANY, .help = "file or list of files that this one is merged over"},
    {"geometry", SCHEMA_MAPPING, .child = schema_geometry_keys, .shorthand = "kind",
     .help = "the globe, or a plane"},
    {"run", SCHEMA_MAPPING, .child = schema_run_keys, .help = "how long, how often, what is shown"},
    {"station", SCHEMA_MAPPING, .child = schema_station_keys,
     .help = "a bare station: a queue without goods, in place of a chain"},
    {"queueing", SCHEMA_MAPPING, .child = schema_queueing_keys,
     .help = "a network of queues without goods, in place of a chain"},
    {"skus", SCHEMA_MAPPING_OR_LIST, .child = schema_sku_source_keys, .item = &schema_sku_item,
     .help = "products: a list, a table or generated"},
    {"places", SCHEMA_MAPPING_OR_LIST, .child = schema_place_keys,
     .help = "stores, dark stores, warehouses, suppliers: an entry or a list of entries"},
    {"lanes", SCHEMA_LIST, .of = SCHEMA_MAPPING, .child = schema_lane_keys,
     .help = "who supplies whom"},
    {"stations", SCHEMA_MAPPING, .child = schema_stations_keys, .help = "servers of the places"},
    {"channels", SCHEMA_NAMED, .of = SCHEMA_MAPPING, .child = schema_channel_keys,
     .count_max = OMO_CHANNELS_MAX, .help = "how customers buy and get their goods"},
    {"demand", SCHEMA_MAPPING, .child = schema_demand_keys, .help = "who buys, where and how"},
    {"routing", SCHEMA_MAPPING, .child = schema_routing_keys, .shorthand = "policy",
     .help = "which place fulfils an order; default: nearest_in_stock"},
    {"stocking", SCHEMA_MAPPING, .child = schema_stocking_keys, .shorthand = "policy",
     .help = "when and how much is replenished"},
    {"promotion", SCHEMA_MAPPING_OR_LIST, .child = schema_promotion_keys, .shorthand = "policy",
     .help = "what customers are offered: one promotion or a list"},
    {"integration", SCHEMA_MAPPING, .child = schema_integration_keys,
     .help = "how far the channels are one: the dial from O2O to OMO"},
    {"members", SCHEMA_MAPPING, .child = schema_member_keys,
     .help = "members' ids and their links, growth, lifetime and points; default: all the zones' "
             "members, for ever"},
    {"costs", SCHEMA_MAPPING, .child = schema_cost_keys, .help = "what holding and failing cost"},
    {"accuracy", SCHEMA_MAPPING, .child = schema_accuracy_keys,
     .help = "how the record of stock goes wrong and is put right; default: it is always right"},
    {"returns", SCHEMA_MAPPING, .child = schema_returns_keys, .shorthand = "rate",
     .help = "what customers bring back; default: nothing"},
    {"shortage", SCHEMA_ENUM, .names = schema_shortages, .fallback = "lost",
     .help = "what becomes of units that are not there"},
    {"traffic", SCHEMA_MAPPING, .child = schema_traffic_keys,
     .help = "what customers do besides ordering, for `omosim trace`; changes no simulated result"},
    {"points", SCHEMA_NAMED, .of = SCHEMA_ANY,
     .help = "design points: named overrides with label, role and default"},
    {"factors", SCHEMA_NAMED, .of = SCHEMA_ANY,
     .help = "levers of a factorial design: named overrides, each switched on or off by "
             "`omosim sweep --factorial`"},
    {"calibration", SCHEMA_LIST, .of = SCHEMA_MAPPING, .child = schema_calibration_keys,
     .help = "published figures and the measures that stand for them"},
    SCHEMA_END,
};

const struct schema_key schema_scenario = {"scenario", SCHEMA_MAPPING, .child = schema_top_keys,
                                           .help = "a scenario file"};

const struct node_shorthand schema_shorthands[] = {
    {"geometry", "kind"},
    {"routing", "policy"},
    {"stocking", "policy"},
    {"stocking.store", "policy"},
    {"stocking.dark_store", "policy"},
    {"stocking.warehouse", "policy"},
    {"promotion", "policy"},
    {"returns", "rate"},
    {"accuracy.count", "every"},
    {"integration.inventory", "mode"},
    {"integration.members", "mode"},
    {"integration.prices", "mode"},
    {"integration.promotions", "mode"},
    {"integration.orders", "mode"},
    {NULL, NULL},
};

const struct schema_key *scenario_schema(void) { return &schema_scenario; }
