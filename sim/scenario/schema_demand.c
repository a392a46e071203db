/* Schema of the blocks about customers: `channels`, `demand` with its zones and segments.
 *
 * A channel's keys have no defaults here: the kind has them (omo_channel_defaults()), and a key
 * that is not written keeps the kind's.
 */
#include "scenario/tables.h"

static const char *schema_channel_kind_at(uint32_t i)
{
    return omo_registry_name(OMO_REGISTRY_CHANNEL, i);
}

static const char *schema_mode_at(uint32_t i) { return omo_registry_name(OMO_REGISTRY_MODE, i); }

static const struct schema_key schema_batch_keys[] = {
    {"orders", SCHEMA_WHOLE, .required = true, .at_least = "1", .at_most = "32",
     .help = "a courier takes up to so many at once, and leaves when there are so many"},
    {"wait", SCHEMA_DURATION, .fallback = "10min", .at_least = "0s",
     .help = "or when the first of them has waited so long"},
    SCHEMA_END,
};

static const struct schema_key schema_pay_keys[] = {
    {"time", SCHEMA_TIME_LAW, .help = "from check-out to payment; default: 0"},
    {"fail", SCHEMA_SHARE, .help = "payments that fail: the units are free again"},
    {"hold", SCHEMA_DURATION, .help = "unpaid units are free again after this; 0: never"},
    SCHEMA_END,
};

const struct schema_key schema_channel_keys[] = {
    {"kind", SCHEMA_ENUM, .name_at = schema_channel_kind_at, .required = true,
     .help = "where customers meet the chain"},
    {"mode", SCHEMA_ENUM, .name_at = schema_mode_at,
     .help = "how they get their goods; default: the first one of the kind"},
    {"enabled", SCHEMA_BOOL, .help = "whether customers can use it"},
    {"radius", SCHEMA_DISTANCE, .help = "places farther away are out of reach; 0: no limit"},
    {"promise", SCHEMA_DURATION, .help = "promised time from order to hand-over; 0: none"},
    {"travel", SCHEMA_TIME_LAW, .help = "time on the way to the customer, besides distance"},
    {"speed", SCHEMA_SPEED, .help = "of couriers: adds distance by speed"},
    {"collect", SCHEMA_TIME_LAW, .help = "time from ready to collected"},
    {"fee", SCHEMA_MONEY, .at_least = "0", .help = "what the customer pays per order"},
    {"free_above", SCHEMA_MONEY, .at_least = "0", .help = "no fee from this basket on; 0: never"},
    {"commission", SCHEMA_SHARE, .help = "of net sales, paid to a platform"},
    {"cost_order", SCHEMA_MONEY, .at_least = "0", .help = "handling per order"},
    {"cost_line", SCHEMA_MONEY, .at_least = "0", .help = "handling per line picked"},
    {"cost_parcel", SCHEMA_MONEY, .at_least = "0", .help = "per parcel or courier trip"},
    {"cost_km", SCHEMA_MONEY, .at_least = "0", .help = "per kilometre of a parcel or trip"},
    /* -- the touch point: steps, hours, outages, terms, what a customer costs -- */
    /* -- choice: places and slots offered -- */
    {"places", SCHEMA_WHOLE, .at_least = "1", .at_most = "32",
     .help = "where customers go there: how many of the nearest places they choose from; "
             "default: 1, the nearest, or for pickup the one that shows most"},
    {"slots", SCHEMA_MAPPING, .child = schema_slots_keys, .shorthand = "length",
     .help = "time slots of pickup or delivery that they choose from; default: none"},
    /* -- collection, couriers, parcels -- */
    {"hold", SCHEMA_DURATION, .at_least = "0s",
     .help = "goods that nobody has fetched by then go back on sale; 0: they wait for ever"},
    {"no_show", SCHEMA_SHARE, .help = "share of orders whose customer never comes"},
    {"verify", SCHEMA_TIME_LAW,
     .help = "time of the counter's staff to find an order and hand it over; 0: none"},
    {"priority", SCHEMA_WHOLE, .at_least = "0", .at_most = "3",
     .help = "at the pickers: the lowest number first"},
    {"batch", SCHEMA_MAPPING, .child = schema_batch_keys,
     .help = "couriers go on tours with several orders, the way back included"},
    {"cutoff", SCHEMA_TIME_OF_DAY,
     .help = "the carrier calls once a day, at this time; default: whenever a parcel is ready"},
    /* -- holds and payment -- */
    {"pay", SCHEMA_MAPPING, .child = schema_pay_keys,
     .help = "payment comes after check-out; default: at once"},
    /* -- returns -- */
    {"return_rate", SCHEMA_SHARE,
     .help = "of the units bought here, those that come back for a reason of the channel's"},
    /* -- integration: buffer, credit -- */
    {"buffer", SCHEMA_WHOLE, .at_least = "0", .at_most = "500000000",
     .help = "units of each position that it does not see; default: integration.buffer"},
    {"credit", SCHEMA_SHARE,
     .help = "of an order's revenue, counted as sales of the store that fulfils it"},
    SCHEMA_END,
};

/* ---- zones ----------------------------------------------------------------------------------- */

static const struct schema_key schema_zone_keys[] = {
    {"id", SCHEMA_TEXT, .required = true, .help = "name"},
    {"lat", SCHEMA_NUMBER, .at_least = "-90", .at_most = "90", .help = "latitude in degrees"},
    {"lon", SCHEMA_NUMBER, .at_least = "-180", .at_most = "180", .help = "longitude in degrees"},
    {"x", SCHEMA_DISTANCE, .help = "plane: first coordinate"},
    {"y", SCHEMA_DISTANCE, .help = "plane: second coordinate"},
    {"square", SCHEMA_DISTANCE, .above = "0m",
     .help = "plane: customers stand anywhere in a square of this side, x and y its corner"},
    {"weight", SCHEMA_NUMBER, .fallback = "1", .at_least = "0",
     .help = "share of the visits, relative to other zones"},
    {"members", SCHEMA_WHOLE, .fallback = "0", .at_least = "0", .at_most = "4000000000",
     .help = "members who live here"},
    SCHEMA_END,
};

static const struct schema_key schema_zone_item = {"zone", SCHEMA_MAPPING,
                                                   .child = schema_zone_keys,
                                                   .help = "where customers come from"};

static const struct schema_key schema_zone_column_keys[] = {
    {"id", SCHEMA_TEXT, .help = "column of the id"},
    {"lat", SCHEMA_TEXT, .help = "column of the latitude"},
    {"lon", SCHEMA_TEXT, .help = "column of the longitude"},
    {"x", SCHEMA_TEXT, .help = "plane: column of the first coordinate"},
    {"y", SCHEMA_TEXT, .help = "plane: column of the second coordinate"},
    {"weight", SCHEMA_TEXT, .help = "column of the weight, 3.5 or 4%"},
    {"members", SCHEMA_TEXT, .help = "column of the number of members"},
    SCHEMA_END,
};

static const struct schema_key schema_zone_join_keys[] = {
    SCHEMA_JOIN_KEYS(schema_zone_column_keys + 1),
    SCHEMA_END,
};

static const struct schema_key schema_zone_source_keys[] = {
    {"file", SCHEMA_PATH, .help = "CSV table, one zone a row"},
    {"where", SCHEMA_TEXT, .help = "which rows"},
    {"columns", SCHEMA_MAPPING, .child = schema_zone_column_keys,
     .help = "names of its columns; default: id, lat, lon (x, y)"},
    {"join", SCHEMA_LIST, .of = SCHEMA_MAPPING, .single = true, .child = schema_zone_join_keys,
     .help = "further tables with columns of the same zones: one or a list"},
    {"one_per", SCHEMA_TEXT, .help = "a zone at each place of this kind, entry or id"},
    {"members", SCHEMA_WHOLE, .at_least = "0", .at_most = "4000000000",
     .help = "members in all, shared out by weight"},
    SCHEMA_END,
};

/* ---- segments -------------------------------------------------------------------------------- */

static const char *const schema_shapes[] = {"flat", NULL};

static const struct schema_key schema_profile_column_keys[] = {
    {"day", SCHEMA_TEXT, .fallback = "day", .help = "column of the weekday: name, or 0 for monday"},
    {"hour", SCHEMA_TEXT, .fallback = "hour", .help = "column of the hour, 0 to 23"},
    {"weight", SCHEMA_TEXT, .fallback = "weight",
     .help = "column of the relative rate, such as the arrivals of that hour, or 4%"},
    SCHEMA_END,
};

static const struct schema_key schema_profile_keys[] = {
    {"shape", SCHEMA_ENUM, .names = schema_shapes, .help = "flat: the same at all times"},
    {"hours", SCHEMA_LIST, .of = SCHEMA_NUMBER, .at_least = "0", .count_min = 24, .count_max = 24,
     .help = "relative rate of each hour of a day from midnight"},
    {"weekdays", SCHEMA_LIST, .of = SCHEMA_NUMBER, .at_least = "0", .count_min = 7, .count_max = 7,
     .help = "relative rate of each weekday from monday"},
    {"file", SCHEMA_PATH, .help = "CSV table, one row for each of the 168 hours of a week"},
    {"where", SCHEMA_TEXT, .help = "which rows"},
    {"columns", SCHEMA_MAPPING, .child = schema_profile_column_keys,
     .help = "names of its columns"},
    {"amplitude", SCHEMA_NUMBER, .at_least = "0", .at_most = "1",
     .help = "sine: rate x (1 + amplitude sin(2 pi t / period))"},
    {"period", SCHEMA_DURATION, .above = "0", .help = "sine: its period; default: a day"},
    SCHEMA_END,
};

static const struct schema_key schema_segment_keys[] = {
    {"visits", SCHEMA_RATE, .help = "visits per time, shared out to the zones by weight"},
    {"visits_per_zone", SCHEMA_RATE, .help = "visits per time to each zone alike"},
    {"profile", SCHEMA_MAPPING, .child = schema_profile_keys, .shorthand = "shape",
     .help = "how the rate changes over the week; default: flat"},
    {"lines", SCHEMA_COUNT_LAW, .fallback = "1", .help = "lines of a basket"},
    {"quantity", SCHEMA_COUNT_LAW, .fallback = "1", .help = "units of a line"},
    {"assortment", SCHEMA_WHOLE, .at_least = "1",
     .help = "they choose among this many of the most popular products; default: all"},
    {"scatter", SCHEMA_DISTANCE, .fallback = "0",
     .help = "radius of the disc around the zone's point where they stand"},
    {"utility", SCHEMA_NAMED, .of = SCHEMA_TEXT, .required = true, .count_min = 1,
     .help = "of each channel against buying nothing at 0; always: never buys nothing"},
    {"price_sensitivity", SCHEMA_NUMBER, .fallback = "0", .at_least = "0",
     .help = "utility of a discount of 100%"},
    {"distance_sensitivity", SCHEMA_NUMBER, .fallback = "0", .at_least = "0",
     .help = "utility lost per kilometre that they travel"},
    {"wait_sensitivity", SCHEMA_NUMBER, .fallback = "0", .at_least = "0",
     .help = "utility lost per promised hour"},
    {"fee_sensitivity", SCHEMA_NUMBER, .fallback = "0", .at_least = "0",
     .help = "utility lost per currency unit of fee"},
    {"missing_sensitivity", SCHEMA_NUMBER, .fallback = "0", .at_least = "0",
     .help = "utility lost when the whole basket is shown as sold out"},
    {"member_share", SCHEMA_SHARE, .fallback = "0", .help = "share of visits made by members"},
    {"switch", SCHEMA_SHARE, .fallback = "0",
     .help = "in the shop, a missing line is ordered online instead, where stock is merged"},
    /* -- bursts -- */
    /* -- choice: nests, gravity, showrooming -- */
    {"nests", SCHEMA_NAMED, .of = SCHEMA_MAPPING, .item = &schema_nest_item,
     .count_max = OMO_NESTS_MAX, .help = "nested logit: groups of channels that are alike"},
    {"gravity", SCHEMA_MAPPING, .child = schema_gravity_keys,
     .help = "Huff's law: shops attract by size and distance; default: they do not"},
    {"sees_queue", SCHEMA_BOOL, .fallback = "false",
     .help = "the wait that a till's queue promises counts as a wait"},
    {"slot_utility", SCHEMA_LIST, .of = SCHEMA_NUMBER, .at_least = "-1000", .at_most = "1000",
     .count_min = 24, .count_max = 24,
     .help = "utility of a time slot by the hour that it begins in, from midnight; default: 0"},
    {"showroom", SCHEMA_MAPPING, .child = schema_detour_keys,
     .help = "visits to a shop that has all they want, but only to look: they order online later"},
    {"webroom", SCHEMA_MAPPING, .child = schema_detour_keys,
     .help = "online choices that only look: they come to a shop later"},
    /* -- what they do about a stock-out, a queue, a broken promise -- */
    {"stockout", SCHEMA_MAPPING, .child = schema_stockout_keys,
     .help = "what those do who find something missing in the shop; the rest goes without"},
    {"balk", SCHEMA_MAPPING, .child = schema_balk_keys,
     .help = "who leaves at the sight of a till's queue; default: nobody"},
    {"patience", SCHEMA_TIME_LAW,
     .help = "in a till's queue, drawn for each; they put everything back; default: endless"},
    {"churn", SCHEMA_MAPPING, .child = schema_churn_keys,
     .help = "members who leave for good after a broken promise; default: none"},
    SCHEMA_END,
};

const struct schema_key schema_demand_keys[] = {
    {"zones", SCHEMA_MAPPING_OR_LIST, .required = true, .child = schema_zone_source_keys,
     .item = &schema_zone_item,
     .help = "where customers come from: a list, a table, or one a place"},
    {"segments", SCHEMA_NAMED, .required = true, .of = SCHEMA_MAPPING, .child = schema_segment_keys,
     .count_min = 1, .count_max = OMO_SEGMENTS_MAX, .help = "kinds of customers"},
    SCHEMA_END,
};
