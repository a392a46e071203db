/* Schema of `members`: ids and their links, growth, lifetime, points. Defaults are the library's;
 * build_members.c starts from them.
 */
#include "scenario/tables.h"

static const struct schema_key schema_ids_keys[] = {
    {"till", SCHEMA_SHARE, .help = "members with a card of the till when they join; default: all"},
    {"own", SCHEMA_SHARE,
     .help = "members with an id of the chain's own online channels; default: all"},
    {"platform", SCHEMA_SHARE, .help = "members with an id of the platform; default: all"},
    SCHEMA_END,
};

static const struct schema_key schema_recognition_keys[] = {
    {"barcode", SCHEMA_SHARE,
     .help = "of their purchases at a till they show the member's barcode"},
    {"phone", SCHEMA_SHARE, .help = "they name their phone number"},
    {"binding", SCHEMA_SHARE, .help = "a payment or messaging account is bound to the id"},
    SCHEMA_END,
};

static const struct schema_key schema_register_keys[] = {
    {"all", SCHEMA_SHARE, .help = "in all channels that are not named; default: none"},
    {"channels", SCHEMA_NAMED, .of = SCHEMA_SHARE, .help = "in a channel"},
    SCHEMA_END,
};

static const struct schema_key schema_growth_keys[] = {
    {"start", SCHEMA_SHARE, .help = "members from the start, of the zones' members; default: all"},
    {"p", SCHEMA_NUMBER, .at_least = "0", .at_most = "1000", .help = "Bass: innovation per `per`"},
    {"q", SCHEMA_NUMBER, .at_least = "0", .at_most = "1000", .help = "Bass: imitation per `per`"},
    {"per", SCHEMA_DURATION, .above = "0", .help = "unit of time of p and q; default: 365d"},
    {"step", SCHEMA_DURATION, .above = "0",
     .help = "time between draws of how many joined; default: a hundredth of `per`"},
    SCHEMA_END,
};

static const struct schema_key schema_lifetime_keys[] = {
    {"r", SCHEMA_NUMBER, .at_least = "0.001", .at_most = "1000000", .required = true,
     .help = "BG/NBD: shape of the gamma law of the members' buying rates"},
    {"alpha", SCHEMA_DURATION, .above = "0",
     .help =
         "its rate: a member buys r times in alpha on average; default: as the segments' visits "
         "have it"},
    {"a", SCHEMA_NUMBER, .at_least = "0.001", .at_most = "1000000",
     .help = "beta law of the probability to drop out after a purchase; default: nobody does"},
    {"b", SCHEMA_NUMBER, .at_least = "0.001", .at_most = "1000000", .help = "its other parameter"},
    SCHEMA_END,
};

static const struct schema_key schema_retention_keys[] = {
    {"stay", SCHEMA_SHARE, .help = "members who stay, each period; default: all"},
    {"per", SCHEMA_DURATION, .above = "0", .help = "the period; default: 365d"},
    {"discount", SCHEMA_SHARE, .at_least = "0", .at_most = "100",
     .help = "a margin is worth less by 1 / (1 + discount) each period later; default: 0"},
    SCHEMA_END,
};

static const char *const schema_points_earned[] = {"handover", "payment", NULL};

static const struct schema_key schema_points_keys[] = {
    {"earn", SCHEMA_NUMBER, .at_least = "0", .at_most = "1000000", .required = true,
     .help = "points for each currency unit that is paid"},
    {"value", SCHEMA_NUMBER, .at_least = "0", .at_most = "1000000",
     .help = "what a point pays for, in currency units; default: 0.01"},
    {"spend", SCHEMA_SHARE,
     .help = "recognised purchases at which points are spent; default: none"},
    {"cover", SCHEMA_SHARE, .help = "of what is to be paid, points cover at most; default: all"},
    {"expiry", SCHEMA_DURATION,
     .help = "a member's points lapse so long after the last were earned, in whole days; 0: never"},
    {"earned_at", SCHEMA_ENUM, .names = schema_points_earned, .fallback = "handover",
     .help = "when an order earns them"},
    SCHEMA_END,
};

const struct schema_key schema_member_keys[] = {
    {"ids", SCHEMA_MAPPING, .child = schema_ids_keys, .help = "who has an id of which system"},
    {"linked", SCHEMA_SHARE,
     .help = "members whose ids are linked when they join, where integration.members is merged and "
             "they consent; default: all"},
    {"consent", SCHEMA_SHARE, .help = "members who allow their ids to be linked; default: all"},
    {"recognition", SCHEMA_MAPPING, .child = schema_recognition_keys,
     .help = "how members identify themselves at a till; the rest stays unknown; default: all show "
             "a barcode"},
    {"register", SCHEMA_MAPPING, .child = schema_register_keys, .shorthand = "all",
     .help = "buyers without an id of a channel's system who take one at a purchase"},
    {"bind", SCHEMA_SHARE,
     .help = "recognised, unlinked members who link their ids when they buy; default: none"},
    {"growth", SCHEMA_MAPPING, .child = schema_growth_keys, .help = "how a zone's members join"},
    {"lifetime", SCHEMA_MAPPING, .child = schema_lifetime_keys,
     .help = "buying rates and drop-out, each member's own (BG/NBD)"},
    {"retention", SCHEMA_MAPPING, .child = schema_retention_keys,
     .help = "members of a contract: who stays at the end of a period"},
    {"points", SCHEMA_MAPPING, .child = schema_points_keys, .help = "points on purchases"},
    SCHEMA_END,
};
