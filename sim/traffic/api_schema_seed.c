/* Schema of the section `seed` of an API map. */
#include "traffic/api_private.h"

static const char *const each_names[] = {"place", "sku", "coupon", "member", NULL};

static const struct schema_key keep_keys[] = {
    {"key", SCHEMA_TEXT, .required = true, .help = "template of the key"},
    {"value", SCHEMA_TEXT, .required = true, .help = "template of the value"},
    SCHEMA_END,
};

static const struct schema_key request_keys[] = {
    {"each", SCHEMA_ENUM, .names = each_names,
     .help = "sent for each of these besides: a coupon that is assigned to all places"},
    {"method", SCHEMA_TEXT, .fallback = "GET", .help = "of HTTP, in capitals"},
    {"path", SCHEMA_TEXT, .required = true, .help = "template of path and query"},
    {"headers", SCHEMA_NAMED, .of = SCHEMA_TEXT, .help = "templates; they win over the section's"},
    {"body", SCHEMA_TEXT, .help = "template"},
    {"graphql", SCHEMA_TEXT, .help = "a GraphQL document in place of a body"},
    {"variables", SCHEMA_TEXT, .help = "template of a JSON object: the document's variables"},
    {"expect", SCHEMA_LIST, .of = SCHEMA_TEXT, .single = true, .help = "statuses; default: 2xx"},
    {"idempotent", SCHEMA_BOOL, .help = "may be sent twice when a connection was closed"},
    {"refused_if", SCHEMA_LIST, .of = SCHEMA_MAPPING, .child = api_schema_check_keys,
     .single = true,
     .help = "checks by which an answer means that it is there already: nothing is captured or "
             "kept, and the seeding goes on"},
    {"capture", SCHEMA_NAMED, .of = SCHEMA_MAPPING, .child = api_schema_capture_keys,
     .help = "variables that later templates of the section may name"},
    {"check", SCHEMA_LIST, .of = SCHEMA_MAPPING, .child = api_schema_check_keys, .single = true,
     .help = "what the answer must be"},
    {"keep", SCHEMA_NAMED, .of = SCHEMA_MAPPING, .child = keep_keys,
     .help = "entries of the map's tables, made of the answer: omosim seed --tables writes them"},
    SCHEMA_END,
};

#define SEED_STAGE(stage, text)                                                                    \
    {                                                                                              \
        stage, SCHEMA_LIST, .of = SCHEMA_MAPPING, .child = request_keys, .single = true,           \
                            .help = text                                                           \
    }

const struct schema_key api_schema_seed_keys[] = {
    {"headers", SCHEMA_NAMED, .of = SCHEMA_TEXT,
     .help = "of every request; left out where a captured variable in it is not set"},
    SEED_STAGE("begin", "sent once, first: a log-in, and what all else refers to"),
    SEED_STAGE("place", "sent for each place"),
    SEED_STAGE("sku", "sent for each SKU"),
    SEED_STAGE("position", "sent for each SKU of each place that stocks it"),
    SEED_STAGE("coupon", "sent for each coupon"),
    SEED_STAGE("member", "sent for each member"),
    SEED_STAGE("end", "sent once, last"),
    SCHEMA_END,
};
