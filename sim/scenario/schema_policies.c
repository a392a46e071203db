/* Schema of the blocks about decisions and money: `routing`, `stocking`, `promotion`,
 * `costs`, `returns`, `accuracy`. Names of policies come from the library's registries: a new policy
 * is known here without a change. Defaults are the library's; the builders start from them.
 */
#include "scenario/tables.h"

static const char *schema_routing_at(uint32_t i)
{
    return omo_registry_name(OMO_REGISTRY_ROUTING, i);
}

static const char *schema_stocking_at(uint32_t i)
{
    return omo_registry_name(OMO_REGISTRY_STOCKING, i);
}

static const char *schema_promotion_at(uint32_t i)
{
    return i == 0 ? "none" : omo_registry_name(OMO_REGISTRY_PROMOTION, i - 1);
}

static const char *const schema_homes[] = {"all", "online", "store", NULL};
static const char *const schema_charges[] = {"continuous", "period", NULL};

const struct schema_key schema_routing_keys[] = {
    {"policy", SCHEMA_ENUM, .name_at = schema_routing_at, .required = true,
     .help = "rule of the choice"},
    SCHEMA_END,
};

/* The same keys for all places and for one kind of place. */
#define SCHEMA_STOCKING_KEYS                                                                       \
    {"policy", SCHEMA_ENUM, .name_at = schema_stocking_at, .help = "rule of the order"},           \
        {"review", SCHEMA_TEXT, .help = "time between reviews, or continuous"},                    \
        {"review_at", SCHEMA_DURATION, .help = "time of the first review"},                        \
        {"safety_factor", SCHEMA_NUMBER, .at_least = "0", .at_most = "100",                        \
         .help = "standard deviations of lead-time demand held as safety stock"},                  \
        {"level", SCHEMA_WHOLE, .at_least = "-500000000", .at_most = "500000000",                  \
         .help = "level that is ordered up to (S); default: from demand"},                         \
        {"reorder_point", SCHEMA_WHOLE, .at_least = "-500000000", .at_most = "500000000",          \
         .help = "order at or below this (s, r); default: from demand"},                           \
        {"quantity", SCHEMA_WHOLE, .at_least = "1", .at_most = "500000000",                        \
         .help = "fixed quantity of an order (Q); default: from demand"},                          \
        {"level_min", SCHEMA_WHOLE, .at_least = "0", .at_most = "500000000",                       \
         .help = "a level worked out from demand is at least this"},                               \
        {"opening", SCHEMA_WHOLE, .at_least = "0", .at_most = "500000000",                         \
         .help = "units of each product at the beginning; default: what the policy aims at"},      \
    {                                                                                              \
        "opening_share", SCHEMA_SHARE, .help = "probability that a product is there at all"        \
    }

static const struct schema_key schema_stocking_own_keys[] = {SCHEMA_STOCKING_KEYS, SCHEMA_END};

const struct schema_key schema_stocking_keys[] = {
    SCHEMA_STOCKING_KEYS,
    {"store", SCHEMA_MAPPING, .child = schema_stocking_own_keys, .shorthand = "policy",
     .help = "where stores differ"},
    {"dark_store", SCHEMA_MAPPING, .child = schema_stocking_own_keys, .shorthand = "policy",
     .help = "where dark stores differ"},
    {"warehouse", SCHEMA_MAPPING, .child = schema_stocking_own_keys, .shorthand = "policy",
     .help = "where warehouses differ"},
    SCHEMA_END,
};

const struct schema_key schema_promotion_keys[] = {
    {"policy", SCHEMA_ENUM, .name_at = schema_promotion_at, .fallback = "none",
     .help = "kind of promotion"},
    {"id", SCHEMA_TEXT, .help = "what plans and back ends call it; default: its number"},
    {"share", SCHEMA_SHARE, .help = "discount as a share of the price"},
    {"amount", SCHEMA_MONEY, .at_least = "0", .help = "amount off"},
    {"threshold", SCHEMA_MONEY, .at_least = "0", .help = "least basket at list prices"},
    {"claim", SCHEMA_SHARE, .help = "probability that an online visit of a member claims a coupon"},
    {"per_member", SCHEMA_WHOLE, .at_least = "1", .at_most = "3",
     .help = "coupons that a member may claim in all"},
    {"budget", SCHEMA_WHOLE, .at_least = "1", .at_most = "4000000000",
     .help = "coupons that may be redeemed in all; default: no limit"},
    {"channels", SCHEMA_LIST, .of = SCHEMA_TEXT, .single = true, .count_min = 1,
     .help = "where it holds; default: in all"},
    {"home", SCHEMA_ENUM, .names = schema_homes,
     .help = "side that it was made for: the other learns of it as integration.promotions says"},
    {"from", SCHEMA_DURATION, .help = "simulated time when it begins"},
    {"until", SCHEMA_DURATION, .help = "simulated time when it ends; default: never"},
    SCHEMA_END,
};

const struct schema_key schema_cost_keys[] = {
    {"holding", SCHEMA_NUMBER, .at_least = "0",
     .help = "money per unit held and time_unit (else day), or review period"},
    {"holding_value", SCHEMA_SHARE, .at_least = "0", .at_most = "10",
     .help = "of the stock's cost value per year, besides"},
    {"backorder", SCHEMA_NUMBER, .at_least = "0",
     .help = "money per unit backordered and time_unit (else day), or review period"},
    {"charge", SCHEMA_ENUM, .names = schema_charges, .fallback = "continuous",
     .help = "over time, or at the end of each review period"},
    {"lost", SCHEMA_MONEY, .at_least = "0", .help = "per unit of lost sale"},
    {"oversold", SCHEMA_MONEY, .at_least = "0", .help = "per oversold unit that is cancelled"},
    {"late", SCHEMA_MONEY, .at_least = "0", .help = "per order handed over after its promise"},
    SCHEMA_END,
};

/* The order of enum omo_return_to. */
static const char *const schema_returns_to[] = {"origin", "any", "warehouse", NULL};

const struct schema_key schema_returns_keys[] = {
    {"rate", SCHEMA_SHARE, .fallback = "0%",
     .help = "of the units sold of each product that has no return_rate of its own, those that come "
             "back"},
    {"to", SCHEMA_ENUM, .names = schema_returns_to,
     .help = "the place that handed the goods over, the nearest shop that accepts returns (both "
             "else a warehouse), or a warehouse by parcel"},
    {"delay", SCHEMA_TIME_LAW, .help = "from hand-over until the customer brings or posts them"},
    {"travel", SCHEMA_TIME_LAW,
     .help = "of a parcel to the warehouse, or on from a shop that does not stock the product"},
    {"inspect", SCHEMA_TIME_LAW, .help = "from arrival until they are looked at and refunded"},
    {"restock", SCHEMA_SHARE,
     .help = "of the units, those that can be sold again; perishables never"},
    {"handling", SCHEMA_MONEY, .at_least = "0", .help = "cost of each return"},
    {"parcel", SCHEMA_MONEY, .at_least = "0", .help = "cost of each parcel of returned goods"},
    SCHEMA_END,
};

static const char *const schema_shrink_by[] = {"stock", "popularity", NULL};
static const char *const schema_count_only[] = {"all", "suspects", NULL};

static const struct schema_key schema_count_keys[] = {
    {"every", SCHEMA_DURATION, .required = true, .above = "0",
     .help = "each position is counted once in this time, a slice of them a day"},
    {"at", SCHEMA_DURATION, .fallback = "0", .help = "time of the first count"},
    {"only", SCHEMA_ENUM, .names = schema_count_only, .fallback = "all",
     .help = "suspects: on record, but nothing was sold or picked since the last turn"},
    {"cost", SCHEMA_MONEY, .fallback = "0", .at_least = "0", .help = "of counting a position"},
    SCHEMA_END,
};

const struct schema_key schema_accuracy_keys[] = {
    {"shrink", SCHEMA_RATE, .help = "units that vanish from each place; the record still shows them"},
    {"shrink_share", SCHEMA_SHARE, .help = "besides: of a place's units, those that vanish in a week"},
    {"shrink_by", SCHEMA_ENUM, .names = schema_shrink_by, .fallback = "stock",
     .help = "where they vanish: any unit alike, or by the products' popularity"},
    {"scan_error", SCHEMA_SHARE,
     .help = "of the units sold or picked, those taken for another product"},
    {"count", SCHEMA_MAPPING, .child = schema_count_keys, .shorthand = "every",
     .help = "cycle counts that put the record right; default: none"},
    {"sensors", SCHEMA_SHARE, .help = "places whose shelves see at once what is on them"},
    {"sensor_cost", SCHEMA_MONEY, .at_least = "0", .help = "of these, per place and day"},
    SCHEMA_END,
};
