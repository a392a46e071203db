/* Sockets under the protocols.
 *
 * The hot path is one read and one write for an answer and a request: reads go to the pool's one
 * buffer, writes are tried at once (uv_try_write), and only what the kernel refuses is copied and
 * queued with libuv. Nothing is allocated for it.
 *
 * A link ends in one of two ways. What the socket says (end, reset, nonsense) is told at once by
 * link_lost(), from the read callback. What the owner does (a cancelled request, a failed write)
 * only closes the link, and its other exchanges are told from the close callback: so that no event
 * is ever told from within the owner's own call, however deep that stands. Either way the exchanges
 * stay on the link's list until each is told, and the owner may cancel any of them meanwhile.
 *
 * A connection that had answered before and ends before a byte of the next answer was closed by the
 * service while idle (RFC 9112, 9.3.1): idempotent requests on it are sent once more, unseen by the
 * owner but counted; more than once when the service had said that it closes, for requests that
 * are pipelined run into that again and again. So is, whatever it is, what an HTTP/2 service says
 * that it has not looked at (RFC 9113, 8.7): nginx for one ends each connection by GOAWAY after
 * keepalive_requests, and what was under way on it by then must not look like errors. Only
 * REFUSED_MAX times: not to be caught by a service that refuses all.
 */
#include "replay/pool_private.h"

#include <stdlib.h>
#include <string.h>

#define REFUSED_MAX 8

/* ---- exchanges on a link --------------------------------------------------------------------- */

void *link_state_of(const struct link *link)
{
    return (char *)(uintptr_t)link + ((sizeof(*link) + 15) & ~(size_t)15);
}

void link_put(struct link *link, struct exchange *exchange)
{
    exchange->link = link;
    exchange->next = NULL;
    exchange->previous = link->last;
    if (link->last != NULL)
        link->last->next = exchange;
    else
        link->first = exchange;
    link->last = exchange;
    link->in_flight++;
    link->request_count++;
}

void link_drop(struct link *link, struct exchange *exchange)
{
    if (exchange->previous != NULL)
        exchange->previous->next = exchange->next;
    else
        link->first = exchange->next;
    if (exchange->next != NULL)
        exchange->next->previous = exchange->previous;
    else
        link->last = exchange->previous;
    exchange->link = NULL;
    exchange->next = exchange->previous = NULL;
    link->in_flight--;
}

/* Takes the kept body off an exchange. Caller frees. */
static char *link_take_body(struct exchange *exchange)
{
    char *body = exchange->body;

    exchange->body = NULL;
    exchange->body_size = exchange->body_capacity = 0;
    return body;
}

/* Gives an exchange that is off the link back to the head of the queue. */
static void link_send_again(struct link *link, struct exchange *exchange)
{
    exchange->resent++;
    link->pool->counts.resent++;
    pool_requeue(link->side, exchange);
    pool_later(link->pool);
}

void link_reply(struct link *link, struct exchange *exchange, const struct reply *reply)
{
    struct pool *pool = link->pool;
    struct pool_side *side = link->side;
    char *body = link_take_body(exchange);

    link_drop(link, exchange);
    link->used_ms = uv_now(pool->loop);
    pool->counts.gzip_replies += reply->gzip;
    if (link->state == LINK_OPEN)
        pool_place(link);
    pool->events->reply(pool->events->user, exchange, reply);
    free(body);
    if (side->waiting_count > 0)
        pool_dispatch(side);
}

void link_fail(struct link *link, struct exchange *exchange, enum outcome outcome)
{
    struct pool *pool = link->pool;

    free(link_take_body(exchange));
    link_drop(link, exchange);
    if (link->state == LINK_OPEN)
        pool_place(link);
    if (outcome == OUTCOME_refused_stream && exchange->resent < REFUSED_MAX && !pool->closing) {
        link_send_again(link, exchange);
        return;
    }
    pool->events->fail(pool->events->user, exchange, outcome);
    if (link->side->waiting_count > 0)
        pool_later(pool);
}

/* ---- the end --------------------------------------------------------------------------------- */

/* Gives back what may be sent again, the newest first: each goes to the head of the queue, so that
 * they stand there in order. */
static void link_give_back(struct link *link)
{
    const bool kept = link->request_count > link->in_flight;
    const uint32_t resent_max = !kept ? 0 : link->announced ? REFUSED_MAX : 1;
    struct exchange *previous;

    for (struct exchange *exchange = link->last; exchange != NULL; exchange = previous) {
        previous = exchange->previous;
        if (!exchange->idempotent || exchange->resent >= resent_max ||
            link->protocol->started(link, exchange))
            continue;
        free(link_take_body(exchange));
        link_drop(link, exchange);
        exchange->unsure += !link->announced;
        link_send_again(link, exchange);
    }
}

void link_drop_all(struct link *link, bool ended)
{
    struct pool *pool = link->pool;

    if (!pool->closing)
        link_give_back(link);
    for (struct exchange *exchange; (exchange = link->first) != NULL;) {
        const bool started = link->protocol->started(link, exchange);
        if (pool->closing)
            link_fail(link, exchange, pool->closing_outcome);
        else
            link_fail(link, exchange, started && ended ? OUTCOME_short_body : link->outcome);
    }
}

static void link_on_closed(uv_handle_t *handle)
{
    struct link *link = handle->data;

    pool_forget_flush(link);
    link_drop_all(link, false);
    if (link->protocol != NULL && link->state == LINK_CLOSING)
        link->protocol->close(link);
    pool_link_gone(link);
    tls_free(link->tls);
    free(link);
}

void link_close(struct link *link)
{
    if (link->state == LINK_CLOSING)
        return;
    if (link->tls != NULL)
        tls_end(link);
    pool_displace(link);
    if (link->state == LINK_OPEN)
        link->pool->counts.open_now--;
    link->state = LINK_CLOSING;
    link->usable = false;
    uv_close(&link->uv.handle, link_on_closed);
    pool_later(link->pool);
}

/* The socket or the protocol is of no more use. */
static void link_lost(struct link *link, bool ended)
{
    if (link->state == LINK_CLOSING)
        return;
    link->failed = link->state != LINK_OPEN;
    link_close(link);
    link_drop_all(link, ended);
}

/* It has left the service before we see it, and what we send takes time, too: a second is enough for
 * both, or half the time when that is less. */
void link_set_idle(struct link *link, uint32_t seconds)
{
    const uint64_t all_ms = (uint64_t)seconds * 1000, ms = all_ms - MIN(all_ms / 2, 1000);

    link->side->idle_ms = MIN(ms, pool_idle_ms(link->pool));
    link->idle_ms = link->side->idle_ms;
}

void link_has_room(struct link *link)
{
    if (link->state != LINK_OPEN || link->list == &link->side->ready)
        return;
    pool_place(link);
    if (link->side->waiting_count > 0)
        pool_dispatch(link->side);
}

void link_retire(struct link *link)
{
    link->usable = false;
    if (link->state == LINK_OPEN)
        pool_place(link);
}

/* ---- reading --------------------------------------------------------------------------------- */

static void link_on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_buffer)
{
    struct link *link = handle->data;

    (void)suggested;
    ret_buffer->base = link->pool->read;
    ret_buffer->len = POOL_READ_SIZE;
}

bool link_take_plain(struct link *link, const char *bytes, size_t size)
{
    link->pool->counts.bytes_in += size;
    return link->protocol->take(link, bytes, size);
}

/* The peer ended its side, in good order or not. */
static void link_ended(struct link *link, bool in_order)
{
    link->usable = false;
    if (link->state == LINK_HANDSHAKE) {
        tls_set_error(link->tls, "the connection ended in the handshake");
        link->outcome = OUTCOME_tls_error;
    }
    if (link->state == LINK_OPEN && in_order)
        link->protocol->end(link);
    link_lost(link, in_order);
}

static void link_on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct link *link = stream->data;

    if (size < 0) {
        link_ended(link, size == UV_EOF);
    } else if (size > 0 && link->tls == NULL) {
        if (!link_take_plain(link, buffer->base, (size_t)size))
            link_lost(link, false);
    } else if (size > 0) {
        enum outcome outcome = OUTCOME_reset;
        if (tls_take(link, buffer->base, (size_t)size, &outcome))
            return;
        if (outcome == OUTCOME_ok) {
            link_ended(link, true);
            return;
        }
        link->outcome = outcome;
        link_lost(link, false);
    }
}

/* ---- writing --------------------------------------------------------------------------------- */

struct link_unsent { /* bytes that the kernel did not take at once, in one block with the request */
    uv_write_t write;
    struct link *link;
    size_t size;
    char bytes[];
};

static void link_on_written(uv_write_t *write, int status)
{
    struct link_unsent *unsent = write->data;

    unsent->link->unsent_size -= unsent->size;
    if (status != 0) /* reading will say what happened, perhaps after an answer */
        unsent->link->usable = false;
    if (unsent->link->state == LINK_OPEN) {
        if (unsent->link->protocol->flush != NULL)
            link_flush_later(unsent->link);
        pool_place(unsent->link);
        pool_later(unsent->link->pool);
    }
    free(unsent);
}

static bool link_queue(struct link *link, const uv_buf_t *pieces, uint32_t count, size_t sent,
                       size_t size)
{
    struct link_unsent *unsent = malloc(sizeof(*unsent) + size - sent);

    if (unsent == NULL)
        return false;
    unsent->link = link;
    unsent->size = 0;
    unsent->write.data = unsent;
    for (uint32_t i = 0; i < count; i++) {
        const size_t skip = sent < pieces[i].len ? sent : pieces[i].len;
        memcpy(unsent->bytes + unsent->size, pieces[i].base + skip, pieces[i].len - skip);
        unsent->size += pieces[i].len - skip;
        sent -= skip;
    }
    const uv_buf_t rest = {.base = unsent->bytes, .len = unsent->size};
    if (uv_write(&unsent->write, &link->uv.stream, &rest, 1, link_on_written) != 0) {
        free(unsent);
        return false;
    }
    link->unsent_size += rest.len;
    return true;
}

bool link_write_raw(struct link *link, const uv_buf_t *pieces, uint32_t count)
{
    size_t size = 0;

    for (uint32_t i = 0; i < count; i++)
        size += pieces[i].len;
    const int sent = uv_try_write(&link->uv.stream, pieces, count);
    if (sent == (int)size)
        return true;
    if (sent < 0 && sent != UV_EAGAIN)
        return false;
    return link_queue(link, pieces, count, sent < 0 ? 0 : (size_t)sent, size);
}

bool link_write_pieces(struct link *link, const uv_buf_t *pieces, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        link->pool->counts.bytes_out += pieces[i].len;
    return link->tls != NULL ? tls_write(link, pieces, count) : link_write_raw(link, pieces, count);
}

bool link_write(struct link *link, const char *bytes, size_t size)
{
    const uv_buf_t piece = {.base = (char *)(uintptr_t)bytes, .len = size};

    return link_write_pieces(link, &piece, 1);
}

/* ---- opening --------------------------------------------------------------------------------- */

static void link_add_memory(struct link *link, size_t size)
{
    link->memory += (uint32_t)size;
    link->pool->counts.link_memory += size;
}

void link_is_up(struct link *link, const struct protocol *protocol)
{
    link->protocol = protocol;
    link->state = LINK_OPEN;
    link->usable = true;
    link->outcome = OUTCOME_reset;
    link_add_memory(link, protocol->memory);
    if (!protocol->open(link)) {
        link->state = LINK_HANDSHAKE; /* it never was up */
        link_lost(link, false);
        return;
    }
    pool_link_up(link);
}

static void link_on_connected(uv_connect_t *connect, int status)
{
    struct link *link = connect->data;

    if (link->state == LINK_CLOSING)
        return;
    if (status == 0)
        status = uv_read_start(&link->uv.stream, link_on_alloc, link_on_read);
    if (status != 0) {
        link_lost(link, false);
        return;
    }
    if (link->tls == NULL) {
        link_is_up(link, link->target->http2_prior ? &protocol_http2 : &protocol_http1);
        return;
    }
    link->state = LINK_HANDSHAKE;
    if (!tls_start(link)) {
        link->outcome = OUTCOME_tls_error;
        link_lost(link, false);
    }
}

static int link_connect(struct link *link)
{
    const struct target *target = link->target;

    link->connect.data = link;
    if (target->unix_path != NULL) {
        uv_pipe_connect(&link->connect, &link->uv.pipe, target->unix_path, link_on_connected);
        return 0;
    }
    link->address = (uint8_t)pool_next_address(link->side);
    int status = uv_tcp_nodelay(&link->uv.tcp, 1);
    if (status == 0)
        status = uv_tcp_connect(&link->connect, &link->uv.tcp,
                                (const struct sockaddr *)&target->address[link->address],
                                link_on_connected);
    return status;
}

/* Bytes of a link with the state of its protocol, or of the larger one when ALPN will choose. */
static size_t link_size(const struct target *target)
{
    const size_t http1 = protocol_http1.size, http2 = protocol_http2.size;
    const size_t state = (target->tls && http2 > http1) || target->http2_prior ? http2 : http1;

    return ((sizeof(struct link) + 15) & ~(size_t)15) + state;
}

struct link *link_open(struct pool_side *side)
{
    struct pool *pool = side->pool;
    const size_t size = link_size(side->target);
    struct link *link = calloc(1, size);

    if (link == NULL)
        return NULL;
    if (side->target->tls) {
        link->tls = tls_new(side->target->tls_context);
        if (link->tls == NULL) {
            free(link);
            return NULL;
        }
    }
    link->outcome = OUTCOME_connect_error;
    link->pool = pool;
    link->side = side;
    link->target = side->target;
    link->state = LINK_CONNECTING;
    link->used_ms = uv_now(pool->loop);
    link->idle_ms = side->idle_ms;
    if (side->target->unix_path != NULL)
        uv_pipe_init(pool->loop, &link->uv.pipe, 0);
    else
        uv_tcp_init(pool->loop, &link->uv.tcp);
    link->uv.handle.data = link;
    pool->handle_count++;
    pool->counts.opened++;
    link_add_memory(link, size + tls_memory(link->tls));
    if (link_connect(link) != 0)
        link_lost(link, false);
    return link;
}
