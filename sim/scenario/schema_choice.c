/* Schema of what customers choose by and how they react: blocks within a segment and a channel. */
#include "scenario/tables.h"

const struct schema_key schema_slots_keys[] = {
    {"length", SCHEMA_DURATION, .required = true, .above = "59s", .help = "length of a slot"},
    {"count", SCHEMA_WHOLE, .fallback = "4", .at_least = "1", .at_most = "64",
     .help = "how many of the next slots are offered"},
    {"capacity", SCHEMA_WHOLE, .fallback = "0", .at_least = "0", .at_most = "1000000",
     .help = "orders of one place and slot; 0: no limit"},
    {"from", SCHEMA_TIME_OF_DAY, .fallback = "00:00", .help = "when a day's first slot begins"},
    {"until", SCHEMA_TIME_OF_DAY, .fallback = "24:00", .help = "when a day's last slot ends"},
    SCHEMA_END,
};

static const struct schema_key schema_nest_keys[] = {
    {"channels", SCHEMA_LIST, .of = SCHEMA_TEXT, .required = true, .single = true, .count_min = 1,
     .help = "that are more alike than others"},
    {"lambda", SCHEMA_NUMBER, .required = true, .above = "0", .at_most = "1",
     .help = "1: no more alike than others; near 0: the best one takes all"},
    SCHEMA_END,
};

const struct schema_key schema_nest_item = {"nest", SCHEMA_MAPPING, .child = schema_nest_keys,
                                            .help = "channels that are alike"};

const struct schema_key schema_gravity_keys[] = {
    {"attraction", SCHEMA_NUMBER, .fallback = "1", .at_least = "0", .at_most = "1000",
     .help = "exponent of a shop's attraction"},
    {"distance", SCHEMA_NUMBER, .fallback = "2", .at_least = "0", .at_most = "1000",
     .help = "exponent of its distance in km, within 50 m as at 50 m"},
    SCHEMA_END,
};

const struct schema_key schema_detour_keys[] = {
    {"share", SCHEMA_SHARE, .required = true, .help = "of the visits that it could be"},
    {"delay", SCHEMA_TIME_LAW, .required = true, .help = "time until the second visit"},
    {"channels", SCHEMA_LIST, .of = SCHEMA_TEXT, .single = true, .count_min = 1,
     .help = "that it chooses from; default: all that fit"},
    SCHEMA_END,
};

const struct schema_key schema_stockout_keys[] = {
    {"substitute", SCHEMA_SHARE, .fallback = "0",
     .help = "take what is nearest in popularity among shelf goods of two thirds to one and a half "
             "of the price"},
    {"endless_aisle", SCHEMA_SHARE, .fallback = "0",
     .help = "order it at the shop's screen, by parcel"},
    {"other_store", SCHEMA_SHARE, .fallback = "0", .help = "go to another shop for it"},
    {"travel", SCHEMA_TIME_LAW, .fallback = "30min", .help = "time to the other shop"},
    {"switch", SCHEMA_SHARE, .fallback = "0",
     .help = "order it online, where stock is merged; the same as the segment's own switch"},
    {"backorder", SCHEMA_SHARE, .fallback = "0", .help = "pay now and get it when it comes in"},
    SCHEMA_END,
};

const struct schema_key schema_balk_keys[] = {
    {"queue", SCHEMA_WHOLE, .at_least = "1", .at_most = "1000000",
     .help = "leave when so many wait at the till"},
    {"wait", SCHEMA_TIME_LAW,
     .help = "leave when the wait that they expect is longer than this, drawn for each"},
    SCHEMA_END,
};

const struct schema_key schema_churn_keys[] = {
    {"late", SCHEMA_SHARE, .fallback = "0", .help = "of members, after an order that is late"},
    {"cancelled", SCHEMA_SHARE, .fallback = "0",
     .help = "of members, after an order that is cancelled, in part or whole"},
    SCHEMA_END,
};
