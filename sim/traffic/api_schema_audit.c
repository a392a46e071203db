/* Schema of the section `audit` of an API map. */
#include "traffic/api_private.h"

static const char *const each_names[] = {"once",   "sku",    "place", "position",
                                         "member", "coupon", NULL};

/* Beside the operators of checks. */
#define OPERATOR_KEYS                                                                              \
    {"is_not", SCHEMA_TEXT, .help = "it is there and is not this"},                                \
        {"one_of",       SCHEMA_LIST,    .of = SCHEMA_TEXT,                                        \
         .single = true, .count_min = 1, .help = "it is one of these"},                            \
        {"exists", SCHEMA_BOOL, .help = "it is there (true), or it is not (false)"},               \
        {"at_least", SCHEMA_NUMBER, .help = "it is a number and not less"},                        \
        {"at_most", SCHEMA_NUMBER, .help = "it is a number and not more"},                         \
        {"contains", SCHEMA_TEXT, .help = "this text stands in it"},                               \
    {                                                                                              \
        "matches", SCHEMA_TEXT, .help = "this regular expression matches somewhere in it"          \
    }

static const struct schema_key where_keys[] = {
    {"json", SCHEMA_TEXT, .fallback = "",
     .help = "relative JSON pointer to what is checked, from the row (from what `json` found)"},
    {"is", SCHEMA_TEXT, .help = "it is this text, number, true, false or null"},
    OPERATOR_KEYS,
    SCHEMA_END,
};

static const struct schema_key cell_keys[] = {
    {"json", SCHEMA_TEXT,
     .help = "JSON pointer from the row, such as /amount, or a relative one: 2/sku is two levels "
             "up; \"*\" stands for each: the sum of the numbers, the first text, any flag"},
    {"is", SCHEMA_TEXT,
     .help = "without json: a constant, a template of what `each` gives; with it: a flag"},
    {"regex", SCHEMA_TEXT, .help = "narrows the text: the first group counts, else all"},
    {"times", SCHEMA_TEXT, .help = "factor that makes a number whole, such as 100"},
    {"table", SCHEMA_TEXT,
     .help = "table that the text is looked up in; one that it does not have stays as it is"},
    {"reverse", SCHEMA_BOOL, .fallback = "false",
     .help = "look the table's values up for its keys"},
    {"where", SCHEMA_LIST, .of = SCHEMA_MAPPING, .child = where_keys, .single = true,
     .help = "what json found counts only where these hold"},
    OPERATOR_KEYS,
    SCHEMA_END,
};

static const struct schema_key cell_item = {"columns", SCHEMA_MAPPING, .child = cell_keys,
                                            .shorthand = "json", .help = "where its value stands"};

static const struct schema_key next_keys[] = {
    {"json", SCHEMA_TEXT, .help = "JSON pointer into the body"},
    {"header", SCHEMA_TEXT, .help = "a header of the answer, such as Link"},
    {"regex", SCHEMA_TEXT, .help = "narrows it: the first group counts, else all of the match"},
    SCHEMA_END,
};

static const struct schema_key check_keys[] = {
    {"json", SCHEMA_TEXT, .help = "JSON pointer to what is checked; else header, or the body"},
    {"header", SCHEMA_TEXT, .help = "header that is checked"},
    {"is", SCHEMA_TEXT, .help = "it is this text, number, true, false or null"},
    OPERATOR_KEYS,
    SCHEMA_END,
};

static const struct schema_key capture_keys[] = {
    {"json", SCHEMA_TEXT, .help = "JSON pointer into the body"},
    {"header", SCHEMA_TEXT, .help = "a header of the answer"},
    {"regex", SCHEMA_TEXT, .help = "narrows it: the first group counts, else all of the match"},
    {"optional", SCHEMA_BOOL, .fallback = "false", .help = "may be missing"},
    SCHEMA_END,
};

#define MESSAGE_KEYS                                                                               \
    {"method", SCHEMA_TEXT, .fallback = "GET", .help = "of HTTP, in capitals"},                    \
        {"path", SCHEMA_TEXT, .required = true,                                                    \
         .help = "template of path and query; values are percent-encoded"},                        \
        {"headers", SCHEMA_NAMED, .of = SCHEMA_TEXT,                                               \
         .help = "templates; they win over the section's"},                                        \
        {"body", SCHEMA_TEXT, .help = "template; values are escaped as Content-Type asks"},        \
        {"graphql", SCHEMA_TEXT, .help = "a GraphQL document in place of a body"},                 \
        {"variables", SCHEMA_TEXT, .help = "template of a JSON object: its variables"},            \
        {"idempotent", SCHEMA_BOOL,                                                                \
         .help = "may be sent again when a kept connection was closed; default: by method, of "    \
                 "books always"},                                                                  \
        {"expect", SCHEMA_LIST, .of = SCHEMA_TEXT, .single = true,                                 \
         .help = "statuses; default: 2xx"},                                                        \
    {                                                                                              \
        "check", SCHEMA_LIST, .of = SCHEMA_MAPPING, .child = check_keys, .single = true,           \
                              .help = "what the answer must be"                                    \
    }

static const struct schema_key begin_keys[] = {
    MESSAGE_KEYS,
    {"capture", SCHEMA_NAMED, .of = SCHEMA_MAPPING, .child = capture_keys,
     .help = "variables that later requests of the section may name"},
    SCHEMA_END,
};

static const struct schema_key book_keys[] = {
    MESSAGE_KEYS,
    {"each", SCHEMA_ENUM, .names = each_names, .fallback = "once",
     .help = "sent for each sku, place, position (a SKU at a place), member or coupon of the plan"},
    {"rows", SCHEMA_TEXT, .fallback = "",
     .help =
         "JSON pointer to the list of rows, \"*\" for each on the way; what is no list is a row"},
    {"where", SCHEMA_LIST, .of = SCHEMA_MAPPING, .child = where_keys, .single = true,
     .help = "rows that fail one of these are passed over"},
    {"row", SCHEMA_NAMED, .required = true, .item = &cell_item, .of = SCHEMA_MAPPING,
     .help = "columns of the book (list books) and where their values stand"},
    {"lines", SCHEMA_TEXT, .help = "of orders: JSON pointer from the row to its lines"},
    {"line", SCHEMA_NAMED, .item = &cell_item, .of = SCHEMA_MAPPING,
     .help = "columns of order_lines, from the line"},
    {"next", SCHEMA_MAPPING, .child = next_keys, .shorthand = "json",
     .help = "where {{next}} of the next page stands; the last page has none"},
    SCHEMA_END,
};

static const struct schema_key book_item = {"requests", SCHEMA_MAPPING_OR_LIST, .child = book_keys,
                                            .help = "one request or several"};

const struct schema_key api_schema_audit_keys[] = {
    {"order", SCHEMA_TEXT,
     .help = "template of the name that the books give an order; default: {{order}}"},
    {"member", SCHEMA_TEXT,
     .help = "template of the name that the books give a member; default: {{member}}"},
    {"begin", SCHEMA_LIST, .of = SCHEMA_MAPPING, .child = begin_keys, .single = true,
     .help = "requests that are sent first, such as a log-in of the staff"},
    {"headers", SCHEMA_NAMED, .of = SCHEMA_TEXT,
     .help = "of all requests of this section; left out where a variable in it is not set"},
    {"books", SCHEMA_NAMED, .item = &book_item, .of = SCHEMA_MAPPING_OR_LIST,
     .help = "how each book is read (list books)"},
    {"stock_lag", SCHEMA_DURATION, .fallback = "0s",
     .help = "how old a number of units may be when it is told"},
    {"answers_within", SCHEMA_DURATION, .above = "0",
     .help = "an answer that takes longer is a slow one"},
    SCHEMA_END,
};
