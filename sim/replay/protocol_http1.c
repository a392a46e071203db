/* HTTP/1.1 on a link (RFC 9112).
 *
 * A request is put together in the pool's send buffer and goes out in one write; of a large body
 * only the head is copied. Answers belong to the exchanges of the link in their order. What comes
 * when nobody waits for an answer, or behind the last answer that somebody waits for, is a fault of
 * the service that must not reach the next request: the link is closed.
 *
 * A redirect is an answer like any other, and Set-Cookie a header like any other: an API map captures
 * it when it is wanted, the first line of several. Nothing is followed or stored here.
 *
 * Values of wanted headers point into the bytes just read. They are copied only when the answer's
 * body isn't whole by the time those bytes go.
 */
#include "replay/pool_private.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BODY_COPY_MAX 4096 /* a larger body of a request is sent from where it is */

struct state {
    struct http1 parser;
    char *head;              /* collects a head that comes in pieces; NULL mostly */
    struct api_text *wanted; /* values of wanted headers, their texts behind them; NULL mostly */
    bool out_of_memory;
};

/* What the parser's sink needs. */
struct reading {
    struct link *link;
    struct state *state;
    struct exchange *exchange;
    struct api_text body; /* in place */
};

static bool http1_open(struct link *link)
{
    struct state *state = link_state_of(link);

    http1_begin(&state->parser, false);
    return true;
}

static uint32_t http1_room(const struct link *link)
{
    const uint32_t most = link->pool->options.pipeline;

    return link->unsent_size == 0 && link->in_flight < most ? most - link->in_flight : 0;
}

/* ---- requests -------------------------------------------------------------------------------- */

static char *put(char *at, const char *text, size_t size)
{
    memcpy(at, text, size);
    return at + size;
}

static char *put_number(char *at, uint32_t number)
{
    char digits[10];
    size_t count = 0;

    do
        digits[count++] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    while (count > 0)
        *at++ = digits[--count];
    return at;
}

/* Bytes that the head of a message takes at most. */
static size_t http1_head_bound(const struct pool_side *side, const struct api_message *message)
{
    size_t size = message->method.size + strlen(side->target->base_path) + message->path.size;

    size += side->host_size + side->agent_size + side->encoding_size + side->authorization_size;
    size += sizeof("  HTTP/1.1\r\nContent-Length: 4294967295\r\n\r\n");
    for (uint32_t i = 0; i < message->header_count; i++)
        size += message->header[i].name.size + message->header[i].value.size + sizeof(": \r\n");
    return size;
}

static bool is_name(const struct api_text *text, const char *name, size_t size)
{
    return text->size == size && strncasecmp(text->text, name, size) == 0;
}

static bool has_body(const struct api_message *message)
{
    const struct api_text *method = &message->method;

    /* RFC 9110, 8.6: a method that usually has a body says that there is none. */
    return message->body.text != NULL ||
           (method->size > 0 && method->text[0] == 'P' &&
            (is_name(method, "POST", 4) || is_name(method, "PUT", 3) ||
             is_name(method, "PATCH", 5)));
}

static char *http1_put_head(char *at, const struct pool_side *side,
                            const struct api_message *message)
{
    const char *fixed = side->fixed;
    bool agent = true, encoding = true, authorization = true;

    at = put(at, message->method.text, message->method.size);
    *at++ = ' ';
    if (!message->whole_path)
        at = put(at, side->target->base_path, strlen(side->target->base_path));
    at = put(at, message->path.text, message->path.size);
    at = put(at, " HTTP/1.1\r\n", 11);
    for (uint32_t i = 0; i < message->header_count; i++) {
        const struct api_text *name = &message->header[i].name;
        agent &= !is_name(name, "User-Agent", 10);
        encoding &= !is_name(name, "Accept-Encoding", 15);
        authorization &= !is_name(name, "Authorization", 13);
    }
    at = put(at, fixed, side->host_size);
    fixed += side->host_size;
    if (agent)
        at = put(at, fixed, side->agent_size);
    fixed += side->agent_size;
    if (encoding)
        at = put(at, fixed, side->encoding_size);
    fixed += side->encoding_size;
    if (authorization)
        at = put(at, fixed, side->authorization_size);
    for (uint32_t i = 0; i < message->header_count; i++) {
        at = put(at, message->header[i].name.text, message->header[i].name.size);
        at = put(at, ": ", 2);
        at = put(at, message->header[i].value.text, message->header[i].value.size);
        at = put(at, "\r\n", 2);
    }
    if (has_body(message)) {
        at = put(at, "Content-Length: ", 16);
        at = put_number(at, message->body.size);
        at = put(at, "\r\n", 2);
    }
    return put(at, "\r\n", 2);
}

static bool http1_submit(struct link *link, struct exchange *exchange,
                         const struct api_message *message)
{
    struct pool *pool = link->pool;
    const bool copy = message->body.size <= BODY_COPY_MAX;
    const size_t bound = http1_head_bound(link->side, message) + (copy ? message->body.size : 0);

    (void)exchange;
    if (bound > pool->send_capacity) {
        char *send = realloc(pool->send, bound * 2);
        if (send == NULL)
            return false;
        pool->send = send;
        pool->send_capacity = bound * 2;
    }
    char *end = http1_put_head(pool->send, link->side, message);
    if (copy) {
        if (message->body.size > 0)
            end = put(end, message->body.text, message->body.size);
        return link_write(link, pool->send, (size_t)(end - pool->send));
    }
    const uv_buf_t pieces[] = {
        {.base = pool->send, .len = (size_t)(end - pool->send)},
        {.base = (char *)(uintptr_t)message->body.text, .len = message->body.size},
    };
    return link_write_pieces(link, pieces, 2);
}

/* ---- answers --------------------------------------------------------------------------------- */

static void http1_on_body(void *user, const char *bytes, size_t size, bool whole)
{
    struct reading *reading = user;

    if (!reading->exchange->wants_body)
        return;
    if (whole && size <= link_body_max(reading->link))
        reading->body = (struct api_text){bytes, (uint32_t)size};
    else
        reading->state->out_of_memory |=
            !link_keep_body(reading->link, reading->exchange, bytes, size);
}

static void http1_on_header(void *user, const char *name, size_t name_size, const char *value,
                            size_t value_size)
{
    struct reading *reading = user;
    struct pool *pool = reading->link->pool;
    const uint32_t wanted = link_wanted(reading->link, name, name_size);

    if (wanted != API_NONE && pool->wanted[wanted].text == NULL) /* the first of several */
        pool->wanted[wanted] = (struct api_text){value, (uint32_t)value_size};
}

/* Copies the values of wanted headers: the bytes that they point into are about to go. */
static bool http1_keep_wanted(const struct pool *pool, struct state *state)
{
    size_t size = pool->wanted_count * sizeof(state->wanted[0]);

    for (uint32_t i = 0; i < pool->wanted_count; i++)
        size += pool->wanted[i].size;
    state->wanted = malloc(size);
    if (state->wanted == NULL)
        return false;
    char *at = (char *)(state->wanted + pool->wanted_count);
    for (uint32_t i = 0; i < pool->wanted_count; i++) {
        const struct api_text *value = &pool->wanted[i];
        state->wanted[i] = (struct api_text){value->text != NULL ? at : NULL, value->size};
        if (value->size > 0)
            at = put(at, value->text, value->size);
    }
    return true;
}

static char *http1_head_buffer(void *user)
{
    struct reading *reading = user;

    if (reading->state->head == NULL)
        reading->state->head = malloc(HTTP1_HEAD_MAX);
    return reading->state->head;
}

static void http1_forget(struct state *state)
{
    free(state->head);
    free(state->wanted);
}

/* Tells the owner of a whole answer. `more`: bytes follow it. */
static void http1_finish(struct reading *reading, bool more)
{
    struct link *link = reading->link;
    struct exchange *exchange = reading->exchange;
    struct state *state = reading->state, before = *state;
    struct reply reply = {
        .api = {.status = before.parser.status,
                .body = reading->body,
                .wanted = before.wanted != NULL ? before.wanted : link->pool->wanted},
        .body_bytes = before.parser.body_bytes,
        .head_bytes = before.parser.head_bytes,
        .gzip = before.parser.gzip,
    };

    if (exchange->body != NULL)
        reply.api.body = (struct api_text){exchange->body, exchange->body_size};
    if (!before.parser.keep_alive)
        link->announced = true;
    if (before.parser.says_timeout)
        link_set_idle(link, before.parser.keep_alive_s);
    if (link->announced || (more && link->in_flight == 1))
        link->usable = false;
    *state = (struct state){0}; /* the reply may cause the next request at once */
    http1_begin(&state->parser, false);
    if (before.out_of_memory)
        link_fail(link, exchange, OUTCOME_too_large);
    else if (reply.gzip && reply.api.body.size > 0 &&
             !link_unpack(link, reply.api.body.text, reply.api.body.size, &reply.api.body))
        link_fail(link, exchange, OUTCOME_bad_response);
    else
        link_reply(link, exchange, &reply);
    http1_forget(&before);
}

/* Some of an answer. FALSE = the link is of no more use. */
static bool http1_take_some(struct reading *reading, const char **bytes, size_t *size)
{
    struct link *link = reading->link;
    struct state *state = reading->state;
    struct pool *pool = link->pool;
    struct http1_sink sink = {.user = reading, .body = http1_on_body};
    size_t used;

    if (http1_is_fresh(&state->parser))
        state->parser.head_only = reading->exchange->head_only;
    if (pool->wanted_count > 0 && state->parser.status == 0) {
        memset(pool->wanted, 0, pool->wanted_count * sizeof(pool->wanted[0]));
        sink.header = http1_on_header;
    }
    const enum http1_result result =
        http1_take(&state->parser, *bytes, *size, &sink, http1_head_buffer, &used);
    *bytes += used;
    *size -= used;
    if (result == HTTP1_DONE) {
        http1_finish(reading, *size > 0);
        return link->state == LINK_OPEN && link->usable;
    }
    if (result == HTTP1_MORE) {
        if (sink.header != NULL && state->parser.status != 0)
            state->out_of_memory |= !http1_keep_wanted(pool, state);
        return true;
    }
    link->usable = false;
    link_fail(link, reading->exchange,
              result == HTTP1_TOO_LARGE ? OUTCOME_too_large : OUTCOME_bad_response);
    return false;
}

static bool http1_take_bytes(struct link *link, const char *bytes, size_t size)
{
    while (size > 0) {
        struct reading reading = {.link = link,
                                  .state = link_state_of(link),
                                  .exchange = link->first};
        if (reading.exchange == NULL) /* nobody asked */
            return false;
        if (!http1_take_some(&reading, &bytes, &size))
            return false;
    }
    return true;
}

static void http1_on_end(struct link *link)
{
    struct state *state = link_state_of(link);
    struct reading reading = {.link = link, .state = state, .exchange = link->first};

    if (reading.exchange != NULL && http1_end(&state->parser))
        http1_finish(&reading, false);
}

static bool http1_started(const struct link *link, const struct exchange *exchange)
{
    const struct state *state = link_state_of(link);

    return exchange == link->first && !http1_is_fresh(&state->parser);
}

static bool http1_cancel(struct link *link, struct exchange *exchange)
{
    (void)link;
    (void)exchange;
    return false; /* its answer would be taken for the next one's */
}

static void http1_close(struct link *link) { http1_forget(link_state_of(link)); }

const struct protocol protocol_http1 = {
    .name = "HTTP/1.1",
    .size = sizeof(struct state),
    .open = http1_open,
    .room = http1_room,
    .submit = http1_submit,
    .take = http1_take_bytes,
    .end = http1_on_end,
    .started = http1_started,
    .cancel = http1_cancel,
    .close = http1_close,
};
