/* API maps: for each kind of step the requests that it becomes, and what their answers must be.
 *
 * A map is read from YAML once, compiled, and then shared read-only by all threads. Nothing below
 * "running" allocates. scenarios/api/reference.yaml is the example, README and
 * `omosim list schema api` the reference.
 *
 *     api: 1
 *     name: reference
 *     openapi: reference.openapi.yaml      optional: paths, methods and bodies are held against it
 *     headers: {Accept: application/json, Authorization: "Bearer {{token}}"}
 *     session: {valid_for: 30min, renew_on: [401]}    log_in's captures live as long as the session
 *     steps:
 *       check_out:
 *         - method: POST                   one request or a list of them
 *           path: /orders
 *           body: '{"reference": "{{order}}", "cart": "{{cart}}"}'
 *           expect: [201]
 *           refused: [409]                 an answer that the business gives: no error
 *           on_refusal: end                end (the journey, in peace) | continue
 *           capture: {order_id: {json: /id}, etag: {header: ETag}, n: {regex: 'n=(\d+)'}}
 *           check: [{json: /status, is: placed}, {header: ETag, exists: true}, {contains: ok}]
 *           takes: 20ms                    nominal service time: the intended end of the request
 *           think: 0s                      from there to the intended time of the next one
 *           on_failure: abort              abort (the journey) | continue | retry
 *           retry: {times: 3, backoff: 200ms}
 *           refused_if: [{json: /errorCode, exists: true}]   an expected status that is a refusal:
 *                                          one of these holds (all operators of it)
 *           unless: cart                   not sent when the journey (or its session) knows {{cart}}
 *           does: place                    what it means in the books (deeds.def)
 *           tells: {total: {json: /total, times: 100}, order: /id}             (tellings.def)
 *       browse:
 *         graphql: 'query($s: String!) { product(slug: $s) { id } }'     in place of a body
 *         variables: '{"s": "{{sku}}"}'
 *       points: []                       left out, as every kind that is not named
 *     capture: {token: {header: X-Token}}  of any answer, refused ones too, where it is there
 *     tables: {keys: {north: pk_1, "*": pk_web}, variants: {file: seeded.json, json: /variants}}
 *     connection: {idle: 4s}               connections idle for longer are not used again
 *     thresholds: ['check_out p99<250ms', 'errors<0.1%']
 *     audit:                               how the books are read: api_books.h
 *     secret_headers: [X-Api-Key]          never in reports (Authorization, Cookie ... never are)
 *
 * Templates are {{name}} or {{name|how}}, how being raw, url, json, form or quoted (JSON with its
 * quotes, null when it is empty or was not captured), or first the name of a table that the value is
 * looked up in: {{sku|variants}}, {{sku|variants|url}}. A value that the table does not have is one
 * that is missing, unless it has a key "*". Without how, a path takes url, a body what its
 * Content-Type asks for (json unless said otherwise), a header raw, on one line. {{env.NAME}} is a
 * variable of the environment; one that is not set is an error of the map.
 * Names: the step's values (member, order, sku, quantity, place, price, coupon, channel, amount,
 * step, number, now_ms), then captured variables. A template naming neither is an error of the
 * file. A value that the plan does not have is empty, but not in a path before its '?': then, as
 * with a variable that was not captured, the request is not sent. A header of the map with such a
 * variable, or with a value that its table does not have, is left out instead (Authorization before
 * the log-in).
 *
 * What is captured by log_in, or by the map's own `capture`, belongs to the session where sessions
 * are kept, and is renewed by any later answer that captures it.
 */
#ifndef TRAFFIC_API_H
#define TRAFFIC_API_H

#include "traffic/plan.h"
#include "traffic/steps.h"

#define API_VARIABLES_MAX 32
#define API_HEADERS_MAX 32      /* of one request */
#define API_WANTED_MAX 16       /* response headers that captures and checks look at */
#define API_STATUS_MAX 600      /* statuses 100..599 */
#define API_BODY_MAX (1u << 20) /* of a response, as far as captures and checks look */
#define API_KEY_MAX 63          /* bytes of an order's key: RECORD_TEXT_MAX of results/record.h */
#define API_NONE UINT32_MAX

struct schema_key;
struct api_paging;

typedef struct api_template ApiTemplate;
typedef struct api_map ApiMap;

struct api_text { /* not terminated; text NULL = there is none */
    const char *text;
    uint32_t size;
};

enum api_status { API_STATUS_BAD, API_STATUS_EXPECTED, API_STATUS_REFUSED, API_STATUS_RENEW };
enum api_on_failure { API_ABORT, API_CONTINUE, API_RETRY };

struct api_header {
    struct api_text name;
    const ApiTemplate *value;
};

struct api_request {
    const char *name; /* the step's; "STEP/2" for its second request */
    uint32_t step;
    const char *method;
    uint32_t method_size;
    bool head_only;  /* HEAD: the answer has no body */
    bool idempotent; /* may be sent again when a kept connection turns out to be closed */
    const ApiTemplate *path;
    const struct api_header *headers; /* the map's and its own; own ones win */
    uint32_t header_count;
    const ApiTemplate *body;        /* NULL = none */
    uint8_t status[API_STATUS_MAX]; /* enum api_status */
    bool wants_body;                /* captures or checks look at it */
    bool captures;                  /* it sets variables */
    bool refusals;                  /* an expected status may be a refusal: refused_if */
    int64_t takes_us, think_us;
    int64_t timeout_us; /* 0 = the run's */
    enum api_on_failure on_failure;
    bool refusal_ends; /* a refused answer ends the journey, in peace */
    uint32_t unless;   /* 1 + the variable that, once known, makes it be passed over; 0 = none */
    uint32_t retry_count;
    int64_t retry_backoff_us; /* doubled each time */
};

/* ---- reading -------------------------------------------------------------------------------- */

/* A map may `include` another and say only what differs. Recorded requests (the step `request`) are
 * sent as they are by every map.
 *
 * Reads, checks and compiles a map, its OpenAPI document too when it names one (or `openapi` does,
 * which wins; NULL = none). BAD_INPUT with all findings about keys and types, or, when there are
 * none, with all others. Caller frees. */
ApiMap *api_read(const char *path, const char *openapi, GError **ret_error);
/* The same with tables of a JSON file, {TABLE: {KEY: VALUE}} as `omosim seed` writes it, in place of
 * the map's of that name, whose files are then not read; NULL = none. */
ApiMap *api_read_with_tables(const char *path, const char *openapi, const char *tables,
                             GError **ret_error);
/* A map for plans of recorded requests alone: they are sent as they are, any status below 400 is
 * expected. */
ApiMap *api_new_raw(void);
void api_free(ApiMap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApiMap, api_free)

/* Keys of a map, for `omosim list schema api`. */
const struct schema_key *api_schema(void);
/* Values of a step that templates may name, for `omosim list values`; NULL behind the last. */
const char *api_value_name(uint32_t i);
const char *api_value_help(uint32_t i);

const char *api_name(const ApiMap *map);
/* Texts of its thresholds, NULL-terminated. Borrowed. */
const char *const *api_thresholds(const ApiMap *map);
/* Whether the value of this header must not be shown (also of requests of recorded traffic). */
bool api_header_is_secret(const ApiMap *map, const char *name);

/* Requests of a step: *ret_count of them from the index returned; 0 = the map leaves this step out.
 * */
uint32_t api_step_requests(const ApiMap *map, uint32_t step, uint32_t *ret_count);
uint32_t api_request_count(const ApiMap *map);
const struct api_request *api_request(const ApiMap *map, uint32_t request);

/* A session: log_in's requests are sent before the first step of a member whose session is not
 * open, and not again while it is. valid_for_us 0 = sessions are not kept: log_in is a step like
 * any other. */
int64_t api_session_valid_for_us(const ApiMap *map);

/* Captured variables. Those of log_in belong to the session, the others to the journey. */
uint32_t api_variable_count(const ApiMap *map);
const char *api_variable_name(const ApiMap *map, uint32_t variable);
bool api_variable_is_session(const ApiMap *map, uint32_t variable);
/* Response headers that must be handed to api_judge(), lower case. */
uint32_t api_wanted_count(const ApiMap *map);
const char *api_wanted_name(const ApiMap *map, uint32_t wanted);

/* ---- running: no allocation, any thread ----------------------------------------------------- */

struct api_values {
    const Plan *plan;
    const omo_plan_journey *journey;
    const omo_plan_step *step;
    uint32_t pass;   /* how often the plan has begun anew; orders get "-PASS" from 1 on */
    uint64_t number; /* of this request in this run, unique over all threads */
    int64_t now_ms;  /* since 1970 */
    const struct api_text *variable; /* [api_variable_count()] */
    const struct api_paging *paging; /* of the requests that read books, else NULL */
};

struct api_pair {
    struct api_text name, value;
};

/* A request ready to be sent. Texts point into the scratch memory, the map or the plan. Host,
 * Content-Length and connection management are the sender's. */
struct api_message {
    struct api_text method, path;
    struct api_pair header[API_HEADERS_MAX];
    uint32_t header_count;
    struct api_text body;
    bool head_only, idempotent;
    bool whole_path; /* path has the base path of its target in it already */
    bool constant;   /* nothing in it depends on the values: the same bytes each time */
};

enum api_render { API_RENDERED, API_MISSING_VALUE, API_TOO_LARGE };

/* Fills in a request. A step of kind `request` gives its payload as recorded (hop-by-hop headers
 * and Host left out); one that is no HTTP message is API_MISSING_VALUE. */
enum api_render api_render(const ApiMap *map, uint32_t request, const struct api_values *values,
                           char *scratch, size_t scratch_size, struct api_message *ret_message);

struct api_reply {
    uint32_t status;
    struct api_text body;          /* given when the request wants it, cut at API_BODY_MAX */
    const struct api_text *wanted; /* [api_wanted_count()] */
};

enum api_verdict {
    API_OK,
    API_REFUSED,
    API_BAD_STATUS,
    API_FAILED_CHECK,
    API_MISSING_CAPTURE,
    API_RENEW
};

/* What an answer told: what is not in it was not told. */
struct api_telling {
    uint8_t what;         /* enum telling */
    struct api_text text; /* of TEXT ones; as captured */
    int64_t number;       /* of NUMBER ones: value x times, rounded */
};
struct api_told {
    uint32_t count;
    struct api_telling telling[TELLING_COUNT];
};

/* Judges an answer, and sets captured[variable] for those that the request captures (pointing into
 * the reply or the scratch memory); the others are left alone. A refused answer sets those alone
 * that may be missing. *ret_told (NULL = nobody asks) is what answers of an expected or refused
 * status told, failed checks or not, its texts as captured ones; nothing for others. */
enum api_verdict api_judge(const ApiMap *map, uint32_t request, const struct api_reply *reply,
                           char *scratch, size_t scratch_size, struct api_text *captured,
                           struct api_told *ret_told);

/* ---- the books ------------------------------------------------------------------------------- */

/* What a request does: what the map says, else, of a step none of whose requests says it, the last
 * one does what its kind of step does (step_deed()), and all others nothing. */
enum deed api_deed(const ApiMap *map, uint32_t request);
/* What its answers may tell: a bit for each enum telling. */
uint32_t api_tells(const ApiMap *map, uint32_t request);
/* Renders `audit.order`, how the books name the order of these values. FALSE: a value is missing, or
 * it is longer than API_KEY_MAX. Default: {{order}}. */
bool api_order_key(const ApiMap *map, const struct api_values *values, char *scratch,
                   size_t scratch_size, struct api_text *ret_key);
/* Whether the key is {{order}}, which a record has anyway. */
bool api_order_key_is_plain(const ApiMap *map);
/* Connections idle for longer are not used again; 0 = the run's own limit. */
int64_t api_connection_idle_us(const ApiMap *map);

/* ---- telling -------------------------------------------------------------------------------- */

/* The path of a request as OpenAPI would write it, "/products/{sku}?limit=20"; NULL when it is that
 * of recorded requests. Caller frees. */
char *api_path_text(const ApiMap *map, uint32_t request);

/* A message as a curl command of one or more lines, secrets shown as "***". `target` is the base
 * URL. Caller frees. */
char *api_to_curl(const ApiMap *map, const struct api_message *message, const char *target);

#endif
