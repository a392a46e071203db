/* HTTP/2 (RFC 9113) by nghttp2, which reads and writes bytes and knows no sockets.
 *
 * Sending. A request's frames are made at once, while its texts hold, and packed behind each other
 * into `out`, which goes to the link in one write: at the end of take() for requests that answer a
 * reply, before the loop waits again for those that were due (link_flush_later()). A body that the
 * peer's window does not let out at once is copied; that is the only thing that is, and the only
 * memory of ours that a request may take. nghttp2 takes some a stream, from the allocator's caches.
 * While the kernel does not take bytes, nothing more is made, so that a peer which asks (PING,
 * SETTINGS) and never reads meets nghttp2's limit of open answers, not the end of our memory.
 *
 * Room. Until the peer's SETTINGS have come one stream is opened, not more: a limit below what we
 * would like is not known yet, and what is above it would be refused. One, not none, for a peer
 * that says nothing before it is asked. From then on the lesser of both limits counts, over streams
 * open in nghttp2 (a cancelled one counts until RST_STREAM has gone out).
 *
 * Windows are wide (16 MiB) and given back at once: bodies are counted and dropped as they come, or
 * kept up to link_body_max(), so they bind no memory, and the sockets' own flow control holds back a
 * peer that is too fast. Push is off. GOAWAY retires the link: streams above its last one were not
 * looked at (refused_stream), the others end in their time. Bytes that are not HTTP/2 end the link,
 * and what was in flight on it as bad_response.
 */
#include "replay/http2.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define HTTP2_STREAM_LAST (INT32_MAX - 2) /* numbers are used up: the link retires */
#define HTTP2_MEMORY 40960                /* nghttp2 1.52's session and our buffer, as measured */

static struct http2 *http2_of(const struct link *link) { return link_state_of(link); }

/* ---- streams --------------------------------------------------------------------------------- */

static struct http2_stream *http2_new_stream(struct http2 *h, struct exchange *exchange)
{
    struct http2_stream *stream = h->free;

    if (stream != NULL) {
        h->free = stream->next;
        *stream = (struct http2_stream){.older = stream->older,
                                        .text = stream->text,
                                        .text_capacity = stream->text_capacity};
    } else {
        stream = calloc(1, sizeof *stream);
        if (stream == NULL)
            return NULL;
        stream->older = h->newest;
        h->newest = stream;
    }
    stream->exchange = exchange;
    stream->content_length = -1;
    return stream;
}

void http2_release(struct http2 *h, struct http2_stream *stream)
{
    free(stream->upload_copy);
    stream->upload_copy = NULL;
    stream->exchange = NULL;
    stream->next = h->free;
    h->free = stream;
}

/* The stream of an exchange; NULL when nghttp2 has none of that number any more. */
static struct http2_stream *http2_find(const struct http2 *h, const struct exchange *exchange)
{
    struct http2_stream *stream =
        nghttp2_session_get_stream_user_data(h->session, (int32_t)exchange->stream);

    return stream != NULL && stream->exchange == exchange ? stream : NULL;
}

/* ---- bytes out ------------------------------------------------------------------------------- */

static bool http2_write(struct http2 *h)
{
    const uint32_t size = h->out_size;

    h->out_size = 0;
    if (size > 0 && !link_write(h->link, h->out, size))
        h->is_broken = true;
    return !h->is_broken;
}

/* Makes the frames that are due and packs them. */
static bool http2_pack(struct http2 *h)
{
    while (!h->is_broken && h->link->unsent_size < HTTP2_UNSENT_MAX) {
        const uint8_t *bytes;
        const ssize_t size = nghttp2_session_mem_send(h->session, &bytes);

        if (size == 0)
            break;
        if (size < 0) {
            h->is_broken = true;
            break;
        }
        if ((size_t)size > HTTP2_OUT_SIZE - h->out_size && !http2_write(h))
            break;
        if ((size_t)size > HTTP2_OUT_SIZE) {
            h->is_broken = !link_write(h->link, (const char *)bytes, (size_t)size);
            continue;
        }
        memcpy(h->out + h->out_size, bytes, (size_t)size);
        h->out_size += (uint32_t)size;
    }
    return !h->is_broken;
}

/* Packs, and sees to it that what is packed goes out. */
static bool http2_pack_and_ask(struct http2 *h)
{
    if (!http2_pack(h))
        return false;
    if (!h->taking && !h->flush_asked && (h->out_size > 0 || h->ended_first != NULL)) {
        h->flush_asked = true;
        link_flush_later(h->link);
    }
    return true;
}

/* Tells the owner what has ended, which may ask for more, until nothing is left to tell. FALSE =
 * the link is of no more use, or gone. */
static bool http2_tell_and_pack(struct http2 *h)
{
    h->taking = true;
    do
        if (!http2_tell(h))
            return false;
    while (http2_pack(h) && h->ended_first != NULL);
    h->taking = false;
    return !h->is_broken;
}

static bool http2_flush(struct link *link)
{
    struct http2 *h = http2_of(link);

    h->flush_asked = false;
    return http2_pack(h) && http2_tell_and_pack(h) && http2_write(h);
}

/* ---- requests ---------------------------------------------------------------------------------- */

static uint32_t http2_room(const struct link *link)
{
    const struct http2 *h = http2_of(link);
    const uint32_t used = h->stream_count > link->in_flight ? h->stream_count : link->in_flight;

    return h->is_broken || h->retires || used >= h->stream_max ? 0 : h->stream_max - used;
}

static bool http2_submit(struct link *link, struct exchange *exchange,
                         const struct api_message *message)
{
    struct http2 *h = http2_of(link);
    struct http2_stream *stream = NULL;

    if (!h->is_broken && !h->retires && h->stream_count < h->stream_max)
        stream = http2_new_stream(h, exchange);
    if (stream == NULL)
        return false;
    stream->upload = message->body.text;
    stream->upload_size = message->body.size;

    const int32_t id = http2_request(h, stream, message);
    if (id < 0) {
        http2_release(h, stream);
        return false;
    }
    if (id >= HTTP2_STREAM_LAST)
        h->retires = true;
    h->stream_count++;
    exchange->stream = (uint32_t)id;
    if (!http2_pack_and_ask(h) || !http2_keep_upload(stream)) {
        h->is_broken = true;
        nghttp2_session_set_stream_user_data(h->session, id, NULL);
        http2_release(h, stream);
        return false;
    }
    return true;
}

static bool http2_cancel(struct link *link, struct exchange *exchange)
{
    struct http2 *h = http2_of(link);
    struct http2_stream *stream = http2_find(h, exchange);

    for (struct http2_stream **at = &h->ended_first, *last = NULL; *at != NULL;
         last = *at, at = &(*at)->next)
        if ((*at)->exchange == exchange) {
            stream = *at;
            *at = stream->next;
            if (h->ended_last == stream)
                h->ended_last = last;
            break;
        }
    if (stream == NULL)
        return true;
    if (!stream->is_closed) {
        nghttp2_session_set_stream_user_data(h->session, (int32_t)exchange->stream, NULL);
        nghttp2_submit_rst_stream(h->session, NGHTTP2_FLAG_NONE, (int32_t)exchange->stream,
                                  NGHTTP2_CANCEL);
    }
    if (h->borrower == stream)
        h->borrower = NULL;
    http2_release(h, stream);
    return http2_pack_and_ask(h);
}

/* ---- the rest of the protocol ---------------------------------------------------------------- */

static bool http2_open(struct link *link)
{
    static const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, HTTP2_WINDOW_SIZE},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, HTTP2_HEAD_MAX},
    };
    struct http2 *h = http2_of(link);
    nghttp2_session_callbacks *callbacks;

    h->link = link;
    h->stream_max = 1;
    h->out = malloc(HTTP2_OUT_SIZE);
    if (h->out == NULL)
        return false;
    if (nghttp2_session_callbacks_new(&callbacks) != 0)
        return false;
    http2_set_callbacks(callbacks);
    const int made = nghttp2_session_client_new(&h->session, callbacks, h);
    nghttp2_session_callbacks_del(callbacks);
    return made == 0 &&
           nghttp2_submit_settings(h->session, NGHTTP2_FLAG_NONE, settings,
                                   G_N_ELEMENTS(settings)) == 0 &&
           nghttp2_session_set_local_window_size(h->session, NGHTTP2_FLAG_NONE, 0,
                                                 HTTP2_WINDOW_SIZE) == 0 &&
           http2_pack_and_ask(h);
}

/* The peer broke the protocol: what is in flight has no answer that could be trusted. */
static void http2_fail_all(struct link *link)
{
    while (link->first != NULL && link->state != LINK_CLOSING)
        link_fail(link, link->first, OUTCOME_bad_response);
}

static bool http2_take(struct link *link, const char *bytes, size_t size)
{
    struct http2 *h = http2_of(link);

    if (h->is_broken)
        return false;
    const ssize_t used = nghttp2_session_mem_recv(h->session, (const uint8_t *)bytes, size);
    if (used < 0 && used != NGHTTP2_ERR_NOMEM && used != NGHTTP2_ERR_CALLBACK_FAILURE)
        h->is_at_fault = true;
    if (used < 0 || !http2_return_borrowed(h))
        h->is_broken = true;

    if (h->retires && link->in_flight > 0)
        link_retire(link);
    const bool good = http2_tell_and_pack(h);
    if (link->state == LINK_CLOSING)
        return false;
    if (good)
        http2_write(h);
    if (h->is_at_fault) {
        h->is_broken = true;
        http2_fail_all(link);
        return false;
    }
    if (h->is_broken || (h->retires && link->in_flight == 0) ||
        nghttp2_session_want_read(h->session) == 0)
        return false;
    if (http2_room(link) > 0)
        link_has_room(link);
    return true;
}

/* Nothing in HTTP/2 ends with the connection. */
static void http2_end_of_stream(struct link *link) { (void)link; }

/* Among all streams, for some that have ended may not have been told of yet: O(n), when a link
 * ends. */
static bool http2_started(const struct link *link, const struct exchange *exchange)
{
    const struct http2_stream *stream = http2_of(link)->newest;

    while (stream != NULL && stream->exchange != exchange)
        stream = stream->older;
    return stream != NULL && stream->started;
}

static void http2_close(struct link *link)
{
    struct http2 *h = http2_of(link);

    nghttp2_session_del(h->session);
    h->session = NULL;
    free(h->out);
    h->out = NULL;
    while (h->newest != NULL) {
        struct http2_stream *stream = h->newest;

        h->newest = stream->older;
        free(stream->upload_copy);
        free(stream->text);
        free(stream);
    }
}

const struct protocol protocol_http2 = {
    .name = "h2",
    .size = sizeof(struct http2),
    .memory = HTTP2_MEMORY,
    .open = http2_open,
    .room = http2_room,
    .submit = http2_submit,
    .take = http2_take,
    .end = http2_end_of_stream,
    .started = http2_started,
    .flush = http2_flush,
    .cancel = http2_cancel,
    .close = http2_close,
};
