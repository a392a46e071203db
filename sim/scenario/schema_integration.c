/* Schema of `integration`: five dimensions, each a word (siloed, merged) or a mapping with a sync of
 * its own, and what follows from a dial that is not turned to the end.
 */
#include "scenario/tables.h"

static const char *const schema_siloed_merged[] = {"siloed", "merged", NULL};
/* In the order of omo_sync_kind, then the other word for the first. */
static const char *const schema_syncs[] = {"delayed", "periodic", "nightly", "event", NULL};
static const char *const schema_oversold[] = {"reroute", "cancel", NULL};
static const char *const schema_mismatches[] = {"honour", "charge", NULL};

#define SCHEMA_SYNC_HELP                                                                           \
    "how a change becomes known: each some time later (delayed, event), or all at regular times "  \
    "(periodic), or once a day (nightly)"

static const struct schema_key schema_dimension_keys[] = {
    {"mode", SCHEMA_ENUM, .names = schema_siloed_merged, .help = "one, or two that don't talk"},
    {"sync", SCHEMA_ENUM, .names = schema_syncs, .help = SCHEMA_SYNC_HELP},
    {"lag", SCHEMA_DURATION, .help = "delayed: how late; periodic: time between; 0: real time"},
    {"at", SCHEMA_TIME_OF_DAY, .help = "nightly: when"},
    SCHEMA_END,
};

static const struct schema_key schema_entry_keys[] = {
    {"time", SCHEMA_TIME_LAW, .help = "a clerk's time per store and order; default: 5min"},
    {"staff", SCHEMA_BOOL, .help = "the store's pickers do it, where it has any; default: yes"},
    {"error", SCHEMA_SHARE, .help = "keyed wrongly: cancelled, refunded, back on the shelf"},
    {"error_cost", SCHEMA_MONEY, .at_least = "0", .help = "what such a mistake costs besides"},
    SCHEMA_END,
};

static const struct schema_key schema_acceptance_keys[] = {
    {"base", SCHEMA_NUMBER, .at_least = "-1000", .at_most = "1000",
     .help = "inclination of a store that gets no credit and has nothing to do; default: 2"},
    {"credit", SCHEMA_NUMBER, .at_least = "-1000", .at_most = "1000",
     .help = "times the share of the order's revenue that the store is credited; default: 0"},
    {"load", SCHEMA_NUMBER, .at_least = "0", .at_most = "1000",
     .help = "taken off for each order that waits for a picker or is being picked; default: 0"},
    {"max_rejects", SCHEMA_WHOLE, .at_least = "0", .at_most = "8",
     .help = "after so many rejections of an order the next place has to take it; default: 3"},
    SCHEMA_END,
};

const struct schema_key schema_integration_keys[] = {
    {"inventory", SCHEMA_MAPPING, .child = schema_dimension_keys, .shorthand = "mode",
     .help = "one stock, or a part of each shelf set aside for online orders"},
    {"members", SCHEMA_MAPPING, .child = schema_dimension_keys, .shorthand = "mode",
     .help = "one membership, or two; known at once unless it has a lag of its own"},
    {"prices", SCHEMA_MAPPING, .child = schema_dimension_keys, .shorthand = "mode",
     .help = "price changes reach the online channels, or never do"},
    {"promotions", SCHEMA_MAPPING, .child = schema_dimension_keys, .shorthand = "mode",
     .help = "promotions with a home reach the other side, or never do"},
    {"orders", SCHEMA_MAPPING, .child = schema_dimension_keys, .shorthand = "mode",
     .help = "online orders reach the store by themselves (at once unless there is a lag of its "
             "own), or are keyed in by hand"},
    {"sync", SCHEMA_ENUM, .names = schema_syncs, .help = SCHEMA_SYNC_HELP},
    {"sync_lag", SCHEMA_DURATION,
     .help = "delayed: how late; periodic: time between; 0: real time; siloed inventory: between "
             "splits, 0: a day"},
    {"sync_at", SCHEMA_TIME_OF_DAY, .help = "nightly: when"},
    {"buffer", SCHEMA_WHOLE, .at_least = "0", .at_most = "500000000",
     .help = "units of each position that online channels do not see"},
    {"oversold", SCHEMA_ENUM, .names = schema_oversold, .help = "what becomes of units sold twice"},
    {"online_share", SCHEMA_SHARE,
     .help = "siloed: share of each store position set aside for online orders"},
    {"mismatch", SCHEMA_ENUM, .names = schema_mismatches,
     .help = "an order's price shown is not the till's: honour the lower, or charge the till's"},
    {"mismatch_leave", SCHEMA_SHARE, .help = "charge: share of those asked for more who leave"},
    {"entry", SCHEMA_MAPPING, .child = schema_entry_keys,
     .help = "orders siloed: keyed in by hand at the store"},
    {"acceptance", SCHEMA_MAPPING, .child = schema_acceptance_keys,
     .help = "stores may reject online orders; default: they take them all"},
    SCHEMA_END,
};
