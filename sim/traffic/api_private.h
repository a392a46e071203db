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
#include "traffic/json_scan.h"

#include <pcre2.h>

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

enum api_source {
#define VALUE(name, text, help) API_SOURCE_##name,
    API_VALUES(VALUE)
#undef VALUE
        API_SOURCE_VARIABLE,
    API_SOURCE_NONE /* text alone */
};

enum api_escape { API_RAW, API_URL, API_JSON, API_FORM, API_LINE /* a header's: one line */ };

struct api_piece { /* a text, then a value */
    const char *text;
    uint32_t text_size;
    uint8_t source; /* enum api_source */
    uint8_t escape; /* enum api_escape */
    bool needed;    /* must not be empty: stands in a path */
    uint32_t variable;
    struct text_position at; /* of the value's name */
};

struct api_template {
    const struct api_piece *pieces;
    uint32_t piece_count;
    bool constant; /* one piece, of text alone */
    bool optional; /* a header of the map: left out when a variable in it is not set */
};

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
    API_MATCHES
};

struct api_check {
    struct api_subject subject;
    enum api_operator operator;
    struct api_text text; /* is, is_not, contains */
    double number;        /* at_least, at_most; is and is_not when is_number */
    bool is_number;
    bool wanted; /* exists: true or false */
    pcre2_code *regex;
};

struct api_capture {
    struct api_subject subject;
    uint32_t variable;
};

/* What belongs to a request and is nobody else's business. */
struct api_rules {
    const struct api_check *checks;
    const struct api_capture *captures;
    uint32_t check_count, capture_count;
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
};

/* Copies `count` elements of `size` bytes into memory of the map. */
const void *api_keep(ApiMap *map, const void *elements, uint32_t count, size_t size);
const char *api_keep_text(ApiMap *map, const char *text, size_t size);
ApiMap *api_new(void);
/* Appends the request of recorded steps. Last. */
void api_add_recorded(ApiMap *map);

/* ---- reading: api_schema.c, api_template.c, api_rules.c, api_openapi.c ------------------------- */

extern const struct schema_key api_schema_top;

struct api_reader {
    ApiMap *map;
    GPtrArray *list; /* findings */
};

/* Tables of escaping; before anything is rendered. */
void api_template_prepare(void);
/* Takes a template apart. Names of variables must be known by now. NULL after a finding. */
const ApiTemplate *api_template_read(struct api_reader *r, const Node *node, enum api_escape escape,
                                     bool path);
/* Number of a variable or API_NONE. */
uint32_t api_variable_find(const ApiMap *map, const char *name);
/* Whether a name is one of the step's values. */
bool api_is_value(const char *name);

/* What a piece's value is called in a template. */
const char *api_piece_name(const ApiMap *map, const struct api_piece *piece);
/* Whether a source's value may be anything but a number; a variable may be one. */
bool api_source_is_text(uint32_t source);

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
/* Captures and checks of a request. */
void api_rules_read(struct api_reader *r, struct schema_value request, struct api_rules *rules,
                    struct api_request *compiled);

/* ---- running --------------------------------------------------------------------------------- */

struct api_room { /* scratch memory */
    char *at, *end;
};

enum api_render api_template_render(const ApiTemplate *template, const struct api_values *values,
                                    struct api_room *room, struct api_text *ret_text);
/* A recorded request, taken from its payload. */
enum api_render api_recorded_render(const struct api_values *values,
                                    struct api_message *ret_message);

#endif
