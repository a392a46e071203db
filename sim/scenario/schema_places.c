/* Schema of the blocks about the network: `skus`, `places`, `lanes`, `stations`.
 *
 * Skus and places come in three forms: written out, from a CSV table, or generated. The forms share
 * one table of keys per block, because an attribute (opening hours, stocked products) means the
 * same in each; build_*.c refuses keys that belong to another form.
 */
#include "scenario/tables.h"

const char *const schema_place_kinds[] = {"store",    "dark_store", "warehouse",
                                          "supplier", "locker",     NULL};
const char *const schema_capabilities[] = {"on_site", "pickup",          "courier",
                                           "parcel",  "accepts_returns", NULL};
const char *const schema_roles[] = {"till", "picker", "courier", "counter", NULL};

/* ---- skus ------------------------------------------------------------------------------------ */

static const struct schema_key schema_sku_keys[] = {
    {"id", SCHEMA_TEXT, .required = true, .help = "name of the product"},
    {"price", SCHEMA_MONEY, .required = true, .at_least = "0", .help = "list price"},
    {"cost", SCHEMA_MONEY, .required = true, .at_least = "0", .help = "what a unit costs us"},
    {"popularity", SCHEMA_NUMBER, .fallback = "1", .above = "0",
     .help = "weight in the customers' choice"},
    {"shelf_life", SCHEMA_DURATION, .help = "whole days until a unit expires; default: never"},
    {"return_rate", SCHEMA_SHARE,
     .help = "of the units sold, those that come back; default: that of `returns`"},
    SCHEMA_END,
};

const struct schema_key schema_sku_item = {"sku", SCHEMA_MAPPING, .child = schema_sku_keys,
                                           .help = "a product"};

/* The id comes first: it is the first table's, the others may be joined. */
static const struct schema_key schema_sku_column_keys[] = {
    {"id", SCHEMA_TEXT, .help = "column of the name"},
    {"price", SCHEMA_TEXT, .help = "column of the list price, rounded to cents"},
    {"cost", SCHEMA_TEXT, .help = "column of the unit cost, rounded to cents"},
    {"popularity", SCHEMA_TEXT, .help = "column of the weight in the customers' choice, 3.5 or 4%"},
    {"shelf_life", SCHEMA_TEXT, .help = "column of the shelf life"},
    SCHEMA_END,
};

static const struct schema_key schema_sku_join_keys[] = {
    SCHEMA_JOIN_KEYS(schema_sku_column_keys + 1),
    SCHEMA_END,
};

static const struct schema_key schema_perishable_keys[] = {
    {"share", SCHEMA_SHARE, .required = true, .help = "share of the products, over all ranks"},
    {"shelf_life", SCHEMA_DURATION, .required = true, .above = "0", .help = "whole days"},
    SCHEMA_END,
};

static const struct schema_key schema_sku_generate_keys[] = {
    {"count", SCHEMA_WHOLE, .required = true, .at_least = "1", .at_most = "10000000",
     .help = "number of products"},
    {"price", SCHEMA_COUNT_LAW, .required = true,
     .help = "list price, or the law that prices spread by; rounded to 0.10"},
    {"cost_share", SCHEMA_SHARE, .required = true, .help = "unit cost as a share of the price"},
    {"popularity", SCHEMA_TEXT, .fallback = "uniform",
     .help = "uniform, zipf(s): weight of rank r is r to the power -s, or zipf(s, q): r + q for r"},
    {"perishable", SCHEMA_MAPPING, .child = schema_perishable_keys, .help = "products that expire"},
    SCHEMA_END,
};

static const struct schema_key schema_price_change_keys[] = {
    {"every", SCHEMA_DURATION, .required = true, .above = "0", .help = "length of a period"},
    {"share", SCHEMA_SHARE, .help = "products with another price in a period; default: 10%"},
    {"factor", SCHEMA_COUNT_LAW,
     .help = "their price is the list price times this, 2 at most; default: uniform(0.8, 1.1)"},
    SCHEMA_END,
};

const struct schema_key schema_sku_source_keys[] = {
    {"file", SCHEMA_PATH, .help = "CSV table, one product a row"},
    {"where", SCHEMA_TEXT, .help = "which rows, such as Price > 0 and Kind == snack"},
    {"columns", SCHEMA_MAPPING, .child = schema_sku_column_keys,
     .help = "names of its columns; default: id, price, cost"},
    {"join", SCHEMA_LIST, .of = SCHEMA_MAPPING, .single = true, .child = schema_sku_join_keys,
     .help = "further tables with columns of the same products: one or a list"},
    {"cost_share", SCHEMA_SHARE, .help = "unit cost as a share of the price, without a column"},
    {"generate", SCHEMA_MAPPING, .child = schema_sku_generate_keys, .help = "made up evenly"},
    {"price_changes", SCHEMA_MAPPING, .child = schema_price_change_keys,
     .help = "prices at the tills differ from the list for a period; integration.prices says what "
             "online channels know of it; default: never"},
    SCHEMA_END,
};

/* ---- stations -------------------------------------------------------------------------------- */

static const struct schema_key schema_shift_keys[] = {
    {"from", SCHEMA_DURATION, .required = true, .help = "time of the period that it begins at"},
    {"servers", SCHEMA_WHOLE, .required = true, .at_least = "0", .at_most = "1000000",
     .help = "on duty from then on"},
    SCHEMA_END,
};

static const struct schema_key schema_shifts_keys[] = {
    {"period", SCHEMA_DURATION, .fallback = "24h", .above = "0", .help = "of the calendar"},
    {"at", SCHEMA_LIST, .required = true, .of = SCHEMA_MAPPING, .child = schema_shift_keys,
     .count_min = 1, .help = "shifts by time of the period, the first from 0"},
    SCHEMA_END,
};

#define SCHEMA_SERVERS_KEYS                                                                        \
    {"at", SCHEMA_LIST, .of = SCHEMA_TEXT, .single = true,                                         \
     .help = "kinds, ids and entries of places; default: all that have such work"},                \
        {"servers", SCHEMA_TEXT, .help = "a number, or unlimited"},                                \
    {                                                                                              \
        "shifts", SCHEMA_MAPPING, .child = schema_shifts_keys,                                     \
                                  .help = "servers on duty by time, in place of `servers`; who "   \
                                          "serves at the end of a shift finishes"                  \
    }

static const struct schema_key schema_servers_keys[] = {
    SCHEMA_SERVERS_KEYS,
    {"service", SCHEMA_TIME_LAW, .required = true, .help = "service time"},
    SCHEMA_END,
};

static const struct schema_key schema_picker_keys[] = {
    SCHEMA_SERVERS_KEYS,
    {"service", SCHEMA_TIME_LAW, .required = true, .help = "service time"},
    {"wave", SCHEMA_DURATION, .above = "0",
     .help = "orders wait at a gate that opens once in this time"},
    SCHEMA_END,
};

static const struct schema_key schema_counter_keys[] = {
    SCHEMA_SERVERS_KEYS,
    {"service", SCHEMA_TIME_LAW, .fallback = "0s",
     .help = "added to the time that what is handed over takes"},
    SCHEMA_END,
};

const struct schema_key schema_stations_keys[] = {
    {"till", SCHEMA_MAPPING_OR_LIST, .child = schema_servers_keys,
     .help = "serves customers in the shop; in a list the last that fits a place counts"},
    {"picker", SCHEMA_MAPPING_OR_LIST, .child = schema_picker_keys, .help = "picks online orders"},
    {"courier", SCHEMA_MAPPING_OR_LIST, .child = schema_servers_keys,
     .help = "takes orders to the door; the service time is added to the trip"},
    {"counter", SCHEMA_MAPPING_OR_LIST, .child = schema_counter_keys,
     .help = "hands over what customers come to fetch, where a channel's `verify` or `parcels` "
             "take time"},
    SCHEMA_END,
};

static const struct schema_key schema_own_servers_keys[] = {
    {"servers", SCHEMA_TEXT, .help = "a number, or unlimited"},
    {"shifts", SCHEMA_MAPPING, .child = schema_shifts_keys,
     .help = "servers on duty by time, in place of `servers`"},
    {"service", SCHEMA_TIME_LAW, .help = "service time"},
    SCHEMA_END,
};

static const struct schema_key schema_own_stations_keys[] = {
    {"till", SCHEMA_MAPPING, .child = schema_own_servers_keys, .help = "tills of this place"},
    {"picker", SCHEMA_MAPPING, .child = schema_own_servers_keys, .help = "pickers of this place"},
    {"courier", SCHEMA_MAPPING, .child = schema_own_servers_keys, .help = "couriers of this place"},
    {"counter", SCHEMA_MAPPING, .child = schema_own_servers_keys, .help = "counter of this place"},
    SCHEMA_END,
};

/* ---- places ---------------------------------------------------------------------------------- */

static const char *const schema_layouts[] = {"table", "grid", "field", NULL};

static const struct schema_key schema_place_column_keys[] = {
    {"id", SCHEMA_TEXT, .help = "column of the id"},
    {"lat", SCHEMA_TEXT, .help = "column of the latitude"},
    {"lon", SCHEMA_TEXT, .help = "column of the longitude"},
    {"x", SCHEMA_TEXT, .help = "plane: column of the first coordinate"},
    {"y", SCHEMA_TEXT, .help = "plane: column of the second coordinate"},
    {"kind", SCHEMA_TEXT, .help = "column of the kind"},
    {"stocks", SCHEMA_TEXT, .help = "column of the number of products stocked"},
    {"opens", SCHEMA_TEXT, .help = "column of the opening time"},
    {"closes", SCHEMA_TEXT, .help = "column of the closing time"},
    {"opening", SCHEMA_TEXT, .help = "column of the opening stock"},
    {"attraction", SCHEMA_TEXT, .help = "column of the attraction, such as the floor space"},
    SCHEMA_END,
};

static const struct schema_key schema_place_join_keys[] = {
    SCHEMA_JOIN_KEYS(schema_place_column_keys + 1),
    SCHEMA_END,
};

static const struct schema_key schema_place_generate_keys[] = {
    {"on", SCHEMA_ENUM, .names = schema_layouts, .fallback = "table",
     .help = "around the rows of a table, on a square grid, or a Poisson field on the torus"},
    {"count", SCHEMA_WHOLE, .at_least = "1", .at_most = "1000000", .help = "number of places"},
    {"by", SCHEMA_PATH, .help = "table: CSV of districts with lat and lon"},
    {"where", SCHEMA_TEXT, .help = "table: which rows"},
    {"columns", SCHEMA_MAPPING, .child = schema_place_column_keys,
     .help = "table: names of its columns (lat and lon, or x and y)"},
    {"weight", SCHEMA_TEXT,
     .help = "table: column that the count is shared out by; default: evenly"},
    {"spread", SCHEMA_DISTANCE, .fallback = "0",
     .help = "table: radius of the disc that a district's places fill"},
    {"spacing", SCHEMA_DISTANCE, .above = "0m", .help = "grid: distance of neighbours"},
    {"density_per_km2", SCHEMA_NUMBER, .above = "0",
     .help = "field: mean number of places per square kilometre"},
    SCHEMA_END,
};

static const struct schema_key schema_parcels_keys[] = {
    {"rate", SCHEMA_RATE, .required = true, .above = "0/d", .help = "parcels per time"},
    {"collect", SCHEMA_TIME_LAW, .required = true,
     .help = "time from arrival on the shelf to the visit that fetches one"},
    {"service", SCHEMA_TIME_LAW, .fallback = "0s",
     .help = "time of the counter's staff to hand one over"},
    {"fee", SCHEMA_MONEY, .fallback = "0", .at_least = "0",
     .help = "paid by the third party for each one handed over"},
    SCHEMA_END,
};

const struct schema_key schema_place_keys[] = {
    {"id", SCHEMA_TEXT, .help = "name; of an entry with file or generate, the name of them all"},
    {"kind", SCHEMA_ENUM, .names = schema_place_kinds, .fallback = "store", .help = "what it is"},
    {"lat", SCHEMA_NUMBER, .at_least = "-90", .at_most = "90", .help = "latitude in degrees"},
    {"lon", SCHEMA_NUMBER, .at_least = "-180", .at_most = "180", .help = "longitude in degrees"},
    {"x", SCHEMA_DISTANCE, .help = "plane: first coordinate"},
    {"y", SCHEMA_DISTANCE, .help = "plane: second coordinate"},
    {"file", SCHEMA_PATH, .help = "CSV table, one place a row"},
    {"where", SCHEMA_TEXT, .help = "which rows, such as City == Taiyuan and Area >= 80"},
    {"columns", SCHEMA_MAPPING, .child = schema_place_column_keys,
     .help = "names of its columns; default: id, lat, lon (x, y)"},
    {"join", SCHEMA_LIST, .of = SCHEMA_MAPPING, .single = true, .child = schema_place_join_keys,
     .help = "further tables with columns of the same places: one or a list"},
    {"spread", SCHEMA_DISTANCE,
     .help = "with `file`: a place stands in a disc of this radius around the row's position, for "
             "tables that round positions; default: 0"},
    {"generate", SCHEMA_MAPPING, .child = schema_place_generate_keys, .help = "made up evenly"},
    {"opens", SCHEMA_TIME_OF_DAY, .help = "with `closes`; default: open day and night"},
    {"closes", SCHEMA_TIME_OF_DAY, .help = "with `opens`"},
    {"stocks", SCHEMA_TEXT,
     .help = "how many of the most popular products, all or none; default: all, suppliers none"},
    {"sells", SCHEMA_LIST, .of = SCHEMA_ENUM, .names = schema_capabilities, .single = true,
     .help = "what it can do; default by kind: store all, dark store pickup and courier, "
             "warehouse parcel and accepts_returns"},
    {"ships", SCHEMA_LIST, .of = SCHEMA_ENUM, .names = schema_capabilities, .single = true,
     .help = "what it can do besides"},
    {"opening", SCHEMA_WHOLE, .at_least = "0", .at_most = "500000000",
     .help = "units of each product at the beginning; default: as `stocking` says"},
    {"opening_share", SCHEMA_SHARE, .fallback = "100%",
     .help = "with `opening`: probability that a product is there at all"},
    {"acceptance", SCHEMA_NUMBER, .at_least = "-1000", .at_most = "1000",
     .help = "inclination to take online orders; default: integration.acceptance.base"},
    {"shrink_factor", SCHEMA_NUMBER, .at_least = "0", .at_most = "1000",
     .help = "what vanishes here, relative to what `accuracy` says; default: 1"},
    {"attraction", SCHEMA_NUMBER, .above = "0", .at_most = "1e12",
     .help = "how large it is for its customers' gravity, in any unit; default: 1"},
    {"stations", SCHEMA_MAPPING, .child = schema_own_stations_keys,
     .help = "servers that differ from the block `stations`"},
    {"shelf_slots", SCHEMA_WHOLE, .at_least = "0", .at_most = "1000000000",
     .help = "slots of the pickup shelf, or boxes of a locker; 0: no limit"},
    {"parcels", SCHEMA_MAPPING, .child = schema_parcels_keys,
     .help = "a third party's parcels that people fetch here"},
    SCHEMA_END,
};

/* ---- lanes ----------------------------------------------------------------------------------- */

const struct schema_key schema_lane_keys[] = {
    {"from", SCHEMA_TEXT, .required = true,
     .help = "id, entry or kind of place; of several the one nearest to the receiver"},
    {"to", SCHEMA_TEXT, .required = true, .help = "id, entry or kind of place"},
    {"lead_time", SCHEMA_TIME_LAW, .required = true, .help = "from order to receipt"},
    {"order_cost", SCHEMA_MONEY, .fallback = "0", .at_least = "0",
     .help = "fixed cost of each purchase order"},
    SCHEMA_END,
};
