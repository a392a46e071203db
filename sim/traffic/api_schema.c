/* Schema of an API map: what `omosim list schema api` prints. */
#include "traffic/api_private.h"

static const char *const failures[] = {"abort", "continue", "retry", NULL};
static const char *const refusals[] = {"end", "continue", NULL};

static const struct schema_key session_keys[] = {
    {"valid_for", SCHEMA_DURATION, .required = true, .above = "0",
     .help = "after that the member logs in anew before the next step"},
    {"renew_on", SCHEMA_LIST, .of = SCHEMA_TEXT, .single = true,
     .help = "statuses that mean that the session has ended: log in, send again"},
    SCHEMA_END,
};

#define SUBJECT_KEYS                                                                               \
    {"json", SCHEMA_TEXT, .help = "JSON pointer into the body, such as /items/0/id"},              \
        {"header", SCHEMA_TEXT, .help = "a header of the answer"},                                 \
    {                                                                                              \
        "regex", SCHEMA_TEXT,                                                                      \
            .help =                                                                                \
                "regular expression over the body, or over what json or header found; the first "  \
                "group counts, else all of the match"                                              \
    }

const struct schema_key api_schema_capture_keys[] = {
    SUBJECT_KEYS,
    {"optional", SCHEMA_BOOL, .fallback = "false",
     .help = "may be missing: then the variable stays as it was; taken from refused answers too"},
    SCHEMA_END,
};

static const struct schema_key tell_keys[] = {
    SUBJECT_KEYS,
    {"times", SCHEMA_TEXT,
     .help = "factor that makes the number whole, such as 100 for an amount in euros"},
    SCHEMA_END,
};

static const struct schema_key tell_item = {"tells", SCHEMA_MAPPING, .child = tell_keys,
                                            .shorthand = "json",
                                            .help = "where it stands in the answer"};

static const struct schema_key connection_keys[] = {
    {"idle", SCHEMA_DURATION, .above = "0",
     .help = "connections that were idle for longer are not used again; a little less than the "
             "service's keep-alive time"},
    SCHEMA_END,
};

const struct schema_key api_schema_check_keys[] = {
    {"json", SCHEMA_TEXT,
     .help = "JSON pointer to what is checked; without it and header: the body"},
    {"header", SCHEMA_TEXT, .help = "header that is checked"},
    {"is", SCHEMA_TEXT, .help = "it is this text, number, true, false or null"},
    {"is_not", SCHEMA_TEXT, .help = "it is there and is not this"},
    {"one_of", SCHEMA_LIST, .of = SCHEMA_TEXT, .single = true, .count_min = 1,
     .help = "it is one of these"},
    {"exists", SCHEMA_BOOL, .help = "it is there (true), or it is not (false)"},
    {"at_least", SCHEMA_NUMBER, .help = "it is a number and not less"},
    {"at_most", SCHEMA_NUMBER, .help = "it is a number and not more"},
    {"contains", SCHEMA_TEXT, .help = "this text stands in it"},
    {"matches", SCHEMA_TEXT, .help = "this regular expression matches somewhere in it"},
    SCHEMA_END,
};

static const struct schema_key retry_keys[] = {
    {"times", SCHEMA_WHOLE, .fallback = "3", .at_least = "1", .at_most = "100",
     .help = "how often at most; then the journey ends"},
    {"backoff", SCHEMA_DURATION, .fallback = "200ms", .above = "0",
     .help = "before the first; doubled each time"},
    SCHEMA_END,
};

static const struct schema_key request_keys[] = {
    {"method", SCHEMA_TEXT, .fallback = "GET", .help = "of HTTP, in capitals"},
    {"path", SCHEMA_TEXT, .required = true,
     .help = "template of path and query; values are percent-encoded"},
    {"headers", SCHEMA_NAMED, .of = SCHEMA_TEXT,
     .help = "templates; they win over the map's, and ~ takes one of those away"},
    {"body", SCHEMA_TEXT,
     .help = "template; values are escaped as Content-Type asks: JSON (default), or a form"},
    {"graphql", SCHEMA_TEXT,
     .help = "a GraphQL document in place of a body: posted as {\"query\", \"variables\"}"},
    {"variables", SCHEMA_TEXT,
     .help = "template of a JSON object: the variables of the GraphQL document"},
    {"expect", SCHEMA_LIST, .of = SCHEMA_TEXT, .single = true,
     .help = "statuses, such as [200, 201] or 2xx; default: 2xx"},
    {"refused", SCHEMA_LIST, .of = SCHEMA_TEXT, .single = true,
     .help = "statuses by which the business says no: counted as refused, no errors"},
    {"refused_if", SCHEMA_LIST, .of = SCHEMA_MAPPING, .child = api_schema_check_keys,
     .single = true,
     .help = "checks by which an answer of an expected status is a refusal: one of them holds"},
    {"on_refusal", SCHEMA_ENUM, .names = refusals, .fallback = "end",
     .help = "whether a refusal ends the journey"},
    {"capture", SCHEMA_NAMED, .of = SCHEMA_MAPPING, .child = api_schema_capture_keys,
     .help = "variables that later templates may name"},
    {"unless", SCHEMA_TEXT,
     .help =
         "a captured variable: once it is known the request is passed over, such as the one that "
         "opens a cart"},
    {"check", SCHEMA_LIST, .of = SCHEMA_MAPPING, .child = api_schema_check_keys, .single = true,
     .help = "what an expected answer must be"},
    {"does", SCHEMA_ENUM, .name_at = deed_name,
     .help = "what it means in the service's books (list deeds); default: by step, of its last "
             "request"},
    {"tells", SCHEMA_NAMED, .item = &tell_item, .of = SCHEMA_MAPPING,
     .help = "what an audit holds against the books (list tellings), and where it stands in the "
             "answer"},
    {"takes", SCHEMA_DURATION, .fallback = "0s",
     .help = "nominal service time: when the request is meant to have ended"},
    {"think", SCHEMA_DURATION, .fallback = "0s",
     .help = "from there to the intended time of the step's next request"},
    {"timeout", SCHEMA_DURATION, .above = "0", .help = "in place of the run's"},
    {"idempotent", SCHEMA_BOOL,
     .help = "may be sent twice when a kept connection was closed; default: by method"},
    {"on_failure", SCHEMA_ENUM, .names = failures,
     .help = "what becomes of the journey; default: abort, with a `retry` block retry"},
    {"retry", SCHEMA_MAPPING, .child = retry_keys, .help = "how often, and after how long"},
    SCHEMA_END,
};

static const struct schema_key step_item = {"requests", SCHEMA_MAPPING_OR_LIST,
                                            .child = request_keys,
                                            .help = "one request or several"};

static const struct schema_key top_keys[] = {
    {"api", SCHEMA_WHOLE, .required = true, .at_least = "1", .at_most = "1",
     .help = "version of this format: 1"},
    {"name", SCHEMA_TEXT, .help = "what reports call it; default: the file's name"},
    {"openapi", SCHEMA_PATH, .help = "OpenAPI 3 document that the requests are held against"},
    {"headers", SCHEMA_NAMED, .of = SCHEMA_TEXT,
     .help = "of every request; left out where a captured variable in it is not set"},
    {"capture", SCHEMA_NAMED, .of = SCHEMA_MAPPING, .child = api_schema_capture_keys,
     .help = "variables that any answer may set anew, such as a session's token in a header"},
    {"tables", SCHEMA_NAMED, .of = SCHEMA_ANY,
     .help = "tables for {{name|table}}: {key: value}, or {file: F} of JSON (json: its pointer) or "
             "CSV (columns: [key, value]); the key \"*\" stands for all others"},
    {"connection", SCHEMA_MAPPING, .child = connection_keys, .help = "how connections are kept"},
    {"session", SCHEMA_MAPPING, .child = session_keys,
     .help = "log_in once a member; without it log_in is a step like any other"},
    {"steps", SCHEMA_NAMED, .required = true, .item = &step_item, .of = SCHEMA_MAPPING_OR_LIST,
     .help = "requests of each kind of step; kinds that are missing, or [], are left out of a run"},
    {"audit", SCHEMA_MAPPING, .child = api_schema_audit_keys,
     .help = "how the service's books are read"},
    {"seed", SCHEMA_MAPPING, .child = api_schema_seed_keys,
     .help =
         "how omosim seed gives the service a scenario's places, SKUs, stock, coupons, members"},
    {"thresholds", SCHEMA_LIST, .of = SCHEMA_TEXT, .single = true,
     .help = "what a run must hold, such as 'check_out p99<250ms'"},
    {"secret_headers", SCHEMA_LIST, .of = SCHEMA_TEXT, .single = true,
     .help = "headers never shown, beside Authorization, Cookie and X-Api-Key"},
    SCHEMA_END,
};

const struct schema_key api_schema_top = {"api", SCHEMA_MAPPING, .child = top_keys};

const struct schema_key *api_schema(void) { return &api_schema_top; }
