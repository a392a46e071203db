/* A call: one request on its way through its handler, and the answer that it gets.
 *
 * routes.def names for each method and path the handler, who may ask, and whether it writes. A
 * handler reads what it needs with call_text(), call_whole() ..., which answer for it when something
 * is wrong: they return false, and the handler returns at once. Handlers that write run in the writer
 * within a savepoint; an answer of 400 and above rolls it back. Handlers that read run in any thread.
 */
#ifndef BACKEND_CALL_H
#define BACKEND_CALL_H

#include "backend/faults.h"
#include "backend/store.h"
#include "shell/service.h"

#include <jansson.h>

#define CALL_SEGMENTS_MAX 6
#define CALL_ID_MAX 128 /* bytes of a name in paths and bodies */
#define CALL_QUANTITY_MAX 100000
#define CALL_CENTS_MAX INT64_C(1000000000000)

enum access { ACCESS_OPEN, ACCESS_MEMBER, ACCESS_CLERK, ACCESS_AUDITOR };

struct call {
    ServiceRequest *request;
    struct store *store;
    const struct faults *faults;
    struct backend_shared *shared;    /* of the whole service: backend_private.h */
    char *segment[CALL_SEGMENTS_MAX]; /* of the path, literals too, decoded and checked */
    uint32_t segment_count;
    json_t *body;                /* an object; NULL = none */
    const char *idempotency_key; /* header Idempotency-Key; NULL = none */
    int64_t now_us;              /* since 1970 */
    /* who asks: set as the route's access demands */
    int64_t member; /* row of the table member; 0 = nobody */
    const char *member_name;
    const char *clerk; /* name of the place where the clerk works */

    uint32_t status;  /* 0 = not answered yet */
    json_t *answer;   /* owned */
    GString *page;    /* or text that is JSON already; owned */
    const char *type; /* Content-Type of a page that is no JSON; static; NULL = JSON */
    void *state;      /* what a handler carries from its first part to its second (call_later());
                        from g_malloc(), freed with the call */
};

typedef void call_handler(struct call *call);

/* Answers. `answer` is taken; the first answer counts. */
void call_answer(struct call *call, uint32_t status, json_t *answer);
/* A problem of RFC 9457: {"type": "about:blank" or the kind's, "title", "status", "detail", "error"},
 * `error` being a word for programs such as "sold_out". */
void call_refuse(struct call *call, uint32_t status, const char *error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* Members of the body; false after answering 400 that names the member and what was expected. Texts are
 * 1..CALL_ID_MAX bytes of UTF-8 without control characters. */
bool call_text(struct call *call, const char *key, const char **ret_text);
bool call_text_or(struct call *call, const char *key, const char *fallback, const char **ret_text);
bool call_whole(struct call *call, const char *key, int64_t low, int64_t high, int64_t *ret_whole);
bool call_whole_or(struct call *call, const char *key, int64_t low, int64_t high, int64_t fallback,
                   int64_t *ret_whole);
/* Query parameters; NULL/fallback when not given. A number that is "" is not given. */
const char *call_parameter(struct call *call, const char *name);
bool call_parameter_whole(struct call *call, const char *name, int64_t low, int64_t high,
                          int64_t fallback, int64_t *ret_whole);

/* For a fault that does in two steps what belongs in one: the handler returns after this, other
 * requests are executed meanwhile, and it is called again at least `after_us` later with call->state
 * as it left it. In writing handlers only; what was written so far stays. */
void call_later(struct call *call, int64_t after_us);

#endif
