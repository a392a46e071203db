/* Inside of API maps, for the api_ files alone: what a compiled map looks like.
 *
 * All of it is laid down once, by api_read(), in a GStringChunk and arrays that never move again;
 * running threads only read it.
 */
#ifndef TRAFFIC_API_PRIVATE_H
#define TRAFFIC_API_PRIVATE_H

#define PCRE2_CODE_UNIT_WIDTH 8

#include "shell/schema.h"
#include "traffic/api.h"
#include "traffic/books.h"
#include "traffic/decimal.h"
#include "traffic/json_scan.h"

#include <pcre2.h>

struct api_reader;

/* ---- templates ------------------------------------------------------------------------------- */

/* What a template can name beside variables: VALUE(NAME, is it text, help). */
#define API_VALUES(VALUE)                                                                          \
    VALUE(member, false, "number of the member, empty when nobody is known")                       \
    VALUE(order, true, "the order's identity, empty when there is none")                           \
    VALUE(sku, true, "name of the SKU")                                                            \
    VALUE(quantity, false, "units of the SKU")                                                     \
    VALUE(place, true, "name of the step's place, else of the journey's")                          \
    VALUE(price, false, "cents a unit")                                                            \
    VALUE(coupon, true, "name of the coupon")                                                      \
    VALUE(channel, true, "name of the channel")                                                    \
    VALUE(amount, false, "cents of the line or the order")                                         \
    VALUE(step, true, "name of the step")                                                          \
    VALUE(number, false, "of this request in the run, different for each")                         \
    VALUE(now_ms, false, "milliseconds since 1970")

/* What the requests of `audit.books` can name: VALUE(SOURCE, NAME, is it text, help). */
#define API_PAGING_VALUES(VALUE)                                                                   \
    VALUE(offset, offset, false, "in `audit`: rows that were read so far")                         \
    VALUE(page, page, false, "in `audit`: pages that were read so far")                            \
    VALUE(page_number, page_number, false, "in `audit`: the page's number, from 1 on")             \
    VALUE(next, next, true, "in `audit`: what `next` found in the page before; empty at first")    \
    VALUE(each_sku, sku, true, "in `audit`: the SKU of `each`")                                    \
    VALUE(each_place, place, true, "in `audit`: the place of `each`")                              \
    VALUE(each_member, member, true, "in `audit`: the member of `each`, as `audit.member` says")   \
    VALUE(each_coupon, coupon, true, "in `audit`: the coupon of `each`")

enum api_source {
#define VALUE(name, text, help) API_SOURCE_##name,
    API_VALUES(VALUE)
#undef VALUE
#define VALUE(source, name, text, help) API_SOURCE_##source,
        API_PAGING_VALUES(VALUE)
#undef VALUE
            API_SOURCE_VARIABLE,
    API_SOURCE_ENVIRONMENT, /* {{env.NAME}}: a text that is known when the map is read */
    API_SOURCE_NONE         /* text alone */
};

/* Which names a template may use. */
enum api_scope {
    API_SCOPE_STEP,   /* the step's values and captured variables */
    API_SCOPE_MEMBER, /* {{member}} alone */
    API_SCOPE_BEGIN,  /* what `audit.begin` captured */
    API_SCOPE_BOOKS   /* that, and paging */
};

enum api_escape {
    API_RAW,
    API_URL,
    API_JSON,
    API_FORM,
    API_QUOTED, /* JSON in quotes, null when it is empty */
    API_LINE    /* a header's: one line */
};

struct api_table;

struct api_piece { /* a text, then a value */
    const char *text;
    uint32_t text_size;
    uint8_t source; /* enum api_source */
    uint8_t escape; /* enum api_escape */
    bool needed;    /* must not be empty: stands in a path */
    uint32_t variable;
    const struct api_table *table; /* the value is looked up in it; NULL = none */
    struct api_text environment;   /* of API_SOURCE_ENVIRONMENT, escaped already */
    const char *name;              /* as the map writes it */
    struct text_position at;       /* of the value's name */
};

struct api_template {
    const struct api_piece *pieces;
    uint32_t piece_count;
    bool constant; /* one piece, of text alone */
    bool optional; /* a header of the map: left out when a variable in it is not set */
};

/* ---- tables ---------------------------------------------------------------------------------- */

struct api_entry {
    struct api_text key, value; /* terminated; key.text NULL = a free slot */
};

/* Open addressing, linear probing, at most half full. Only api_table_fill() changes one. */
struct api_table {
    const char *name;
    struct text_position at;
    struct api_entry *slots;
    uint32_t mask, count;
    const struct api_entry *other; /* "*": of keys that are not in it; NULL = none */
};

/* Reads `tables`, those of the file `given` (NULL = none) over them. */
void api_tables_read(struct api_reader *r, struct schema_value tables, const char *given);
/* NULL after a finding. */
const struct api_table *api_table_named(struct api_reader *r, const char *name,
                                        struct text_position at);
/* The table the other way round, values to keys. NULL after a finding: a value stands in it twice. */
const struct api_table *api_table_reversed(struct api_reader *r, const struct api_table *table,
                                           struct text_position at);
/* Adds or replaces an entry. While a service is seeded, one thread: all other tables never change. */
void api_table_fill(ApiMap *map, const char *table, const char *key, const char *value);
/* FNV-1a. */
uint64_t api_hash(const char *bytes, size_t size);
/* NULL = it is not in it. Any thread. */
const struct api_text *api_table_find(const struct api_table *table, const char *key, size_t size);

/* ---- captures and checks --------------------------------------------------------------------- */

/* Where a capture or a check looks. */
struct api_subject {
    bool is_json;
    uint32_t wanted; /* response header, else API_NONE: the body */
    const struct json_scan_step *steps;
    uint32_t step_count;
    pcre2_code *regex; /* owned by the map; narrows what was found */
};

enum api_operator {
    API_EXISTS,
    API_IS,
    API_IS_NOT,
    API_AT_LEAST,
    API_AT_MOST,
    API_CONTAINS,
    API_MATCHES,
    API_ONE_OF
};

struct api_choice {
    struct api_text text;
    double number;
    bool is_number;
};

struct api_check {
    struct api_subject subject;
    enum api_operator operator;
    const struct api_choice *choices; /* is, is_not, contains: one; one_of: any of them */
    uint32_t choice_count;
    double number; /* at_least, at_most */
    bool wanted;   /* exists: true or false */
    bool and_next; /* of refused_if: holds only together with the next one */
    pcre2_code *regex;
};

struct api_capture {
    struct api_subject subject;
    uint32_t variable;
    bool optional; /* may be missing; taken from refusals too */
};

struct api_tell {
    struct api_subject subject;
    struct decimal times; /* of numbers */
    uint8_t what;         /* enum telling */
};

/* What belongs to a request and is nobody else's business. */
struct api_rules {
    const struct api_check *checks, *refusals;
    const struct api_capture *captures;
    const struct api_tell *tells;
    uint32_t check_count, refusal_count, capture_count, tell_count;
    enum deed deed;
    bool recorded;    /* rendered from the step's payload */
    const Node *node; /* as written, for the OpenAPI check; NULL = recorded */
    enum api_escape body_escape;
    const char *body_type; /* Content-Type, without parameters */
};

/* ---- the map --------------------------------------------------------------------------------- */

struct api_variable {
    const char *name;
    bool session;
};

struct api_unset { /* a variable of the environment that is not set */
    const char *name;
    struct text_position at;
};

/* What the section `seed` says: api_seed.c. */
struct api_seed;
void api_seed_free(struct api_seed *seed);

/* What the section `audit` says, api_books.h. */
struct api_audit {
    GArray *unset;     /* struct api_unset */
    GArray *variables; /* struct api_variable, that `begin` captures */
    GArray *begin;     /* struct api_begin */
    GArray *books;     /* struct api_book, those of one book beside each other */
    uint32_t book_first[BOOK_COUNT], book_count[BOOK_COUNT];
    const ApiTemplate *order, *member; /* NULL = as the plan names them */
    int64_t stock_lag_us, answers_within_us;
};

struct api_map {
    Node *root; /* of the file: positions of the OpenAPI check */
    char *name;
    GPtrArray *thresholds;     /* of char *, NULL-terminated */
    GPtrArray *secret_headers; /* of char *, lower case */
    GStringChunk *texts;
    GPtrArray *blocks;  /* all else that is owned: g_free() */
    GPtrArray *regexes; /* pcre2_code */
    pcre2_match_context *match_context;
    GArray *requests; /* struct api_request */
    GArray *rules;    /* struct api_rules, beside it */
    uint32_t step_first[STEP_COUNT], step_requests[STEP_COUNT];
    int64_t session_valid_for_us;
    GArray *variables; /* struct api_variable */
    GPtrArray *wanted; /* of const char * */
    GPtrArray *tables; /* of struct api_table *; in blocks */
    GPtrArray *walks;  /* of struct json_walk * */
    int64_t connection_idle_us;
    struct api_audit audit;
    struct api_seed *seed; /* NULL = the map has no such section */
};

/* Copies `count` elements of `size` bytes into memory of the map. */
const void *api_keep(ApiMap *map, const void *elements, uint32_t count, size_t size);
const char *api_keep_text(ApiMap *map, const char *text, size_t size);
ApiMap *api_new(void);
/* Appends the request of recorded steps. Last. */
void api_add_recorded(ApiMap *map);

/* ---- reading: api_schema.c, api_template.c, api_rules.c, api_openapi.c ------------------------- */

extern const struct schema_key api_schema_top;
extern const struct schema_key api_schema_audit_keys[], api_schema_seed_keys[];
/* Of checks and captures, as all sections have them. */
extern const struct schema_key api_schema_check_keys[], api_schema_capture_keys[];

struct api_reader {
    ApiMap *map;
    GPtrArray *list; /* findings */
    enum api_scope scope;
    GArray *variables; /* struct api_variable, that templates and captures of the scope mean */
};

/* Tables of escaping; before anything is rendered. */
void api_template_prepare(void);
/* A text of the map, escaped. */
struct api_text api_escape_text(ApiMap *map, const char *text, enum api_escape escape);
/* Takes a template apart. Names of variables must be known by now. NULL after a finding. */
const ApiTemplate *api_template_read(struct api_reader *r, const Node *node, enum api_escape escape,
                                     bool path);
/* The same of a text that is not in the file as it is; findings stand at the node. */
const ApiTemplate *api_template_read_text(struct api_reader *r, const Node *node, const char *text,
                                          enum api_escape escape, bool path);
/* The same template, none of whose values may be empty. NULL of NULL. */
const ApiTemplate *api_template_needed(struct api_reader *r, const ApiTemplate *template);
/* Whether it names a variable of the environment: not to be shown. */
bool api_template_is_secret(const ApiTemplate *template);
/* Number of a variable or API_NONE. */
uint32_t api_variable_find(const GArray *variables, const char *name);
/* Whether a name is one of the step's values. */
bool api_is_value(const char *name);

/* Whether it is a way of writing a value. */
bool api_escape_is_name(const char *name);

/* What a piece's value is in JSON. */
enum api_kind { API_KIND_TEXT, API_KIND_NUMBER, API_KIND_ANY };
enum api_kind api_piece_kind(const struct api_piece *piece);

/* What stands for a value in a sample of a JSON body: in a string, and bare when it may be anything.
 */
#define API_SAMPLE_MARK "\xEE\x80\x80" /* U+E000, of the private use area */
#define API_SAMPLE_ANY INT64_C(-6148914691236517205)

/* A JSON body with its values filled in by samples; adds a finding for a text outside of quotes. */
void api_body_sample(struct api_reader *r, const ApiTemplate *body, GString *sample);
/* Adds a finding when a JSON body is none. */
void api_body_check(struct api_reader *r, const Node *node, const ApiTemplate *body);

/* A captured variable, before templates are read. */
void api_rules_declare(struct api_reader *r, const char *name, struct text_position at,
                       bool session);
/* Method, path, headers, body and expected statuses of a request; `headers` are the map's. */
void api_request_read(struct api_reader *r, struct schema_value headers, struct schema_value item,
                      struct api_request *request, struct api_rules *rules);
/* A request of a step: appends it to the map. */
void api_request_read_step(struct api_reader *r, struct schema_value top, struct schema_value item,
                           uint32_t kind, uint32_t number);
void api_request_header_names(struct api_reader *r, struct schema_value headers);
/* Declares the variables that a request captures. */
void api_read_captures(struct api_reader *r, struct schema_value capture, bool of_session);
/* The section `audit`; after the steps. */
void api_audit_read(struct api_reader *r, struct schema_value audit);
/* Its begin, headers and books. */
void api_books_read(struct api_reader *r, struct schema_value audit);

/* Where to look, of an item with json, header and, if asked for, regex. FALSE: it doesn't say. */
bool api_rules_subject(struct api_reader *r, struct schema_value item, bool regex,
                       struct api_subject *subject);
/* NULL after a finding. The map's. */
pcre2_code *api_rules_regex(struct api_reader *r, struct schema_value value);

/* The section `seed`; after `audit`. */
void api_seed_read(struct api_reader *r, struct schema_value section);

/* Checks of a list; *wants_body grows. */
const struct api_check *api_rules_checks(struct api_reader *r, struct schema_value list,
                                         uint32_t *ret_count, bool *wants_body);
/* The operators (is, exists ...) of an item as checks of a subject, appended; their count. */
uint32_t api_rules_operators(struct api_reader *r, struct schema_value item,
                             const struct api_subject *subject, bool on_body, GArray *checks);
/* The factor `times` of an item; 1. */
struct decimal api_rules_times(struct api_reader *r, struct schema_value item);
/* Captures (those of the map too), checks, refusals and tellings of a request. */
void api_rules_read(struct api_reader *r, struct schema_value top, struct schema_value request,
                    struct api_rules *rules, struct api_request *compiled);

/* ---- running --------------------------------------------------------------------------------- */

struct api_room { /* scratch memory */
    char *at, *end;
};

enum api_render api_template_render(const ApiTemplate *template, const struct api_values *values,
                                    struct api_room *room, struct api_text *ret_text);
/* What a subject or a pointer leads to. */
struct api_found {
    struct api_text text; /* text NULL: it is not there */
    bool null;            /* JSON's null */
    bool broken;          /* JSON was asked for, and this is none */
    bool number;          /* may be compared as one */
    bool nested;          /* an object or a list */
};

/* Where the reply has a subject. Decoded texts are put into the room. */
struct api_found api_find(const ApiMap *map, const struct api_subject *subject,
                          const struct api_reply *reply, struct api_room *room);
/* The first group of the first match, or all of it. FALSE: no match. The room is as before. */
bool api_match(const ApiMap *map, const pcre2_code *regex, const struct api_text *text,
               struct api_room *room, struct api_text *ret_part);
/* Whether what was found is as a check wants it. */
bool api_check_holds(const ApiMap *map, const struct api_check *check,
                     const struct api_found *found, struct api_room room);
/* A path as OpenAPI would write it. Caller frees. */
char *api_template_text(const ApiTemplate *path);
/* api_render() and api_judge() of any request. */
enum api_render api_render_by(const struct api_request *request, const struct api_values *values,
                              struct api_room room, struct api_message *ret_message);
enum api_verdict api_judge_by(const ApiMap *map, const struct api_request *request,
                              const struct api_rules *rules, const struct api_reply *reply,
                              struct api_room room, struct api_text *captured,
                              struct api_told *ret_told);
/* For errors of requests outside of journeys (api_wrong.c). CANNOT_RUN, naming the place, when
 * something that the section names is not set. */
gboolean api_is_set(const GArray *unset, GError **ret_error);
/* The first variable that a request names and that is not there, or not in its table; NULL = none. */
const char *api_request_missing(const struct api_request *request, const struct api_text *variable);
/* The beginning of an answer, on one line. Caller frees. */
char *api_excerpt(const struct api_reply *reply);
/* Goes behind "answered 200": what else was wrong with it. */
const char *api_verdict_text(enum api_verdict verdict);
/* A recorded request, taken from its payload. */
enum api_render api_recorded_render(const struct api_values *values,
                                    struct api_message *ret_message);

#endif
