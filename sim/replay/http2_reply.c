/* HTTP/2 answers: nghttp2's callbacks, and what the owner is told after them.
 *
 * nghttp2 must not be entered from its own callbacks, and the owner answers a reply by sending the
 * next request. So callbacks only take notes: a stream that has ended goes into a list, and
 * http2_tell() works it off when nghttp2_session_mem_recv() has returned. The bytes read are still
 * there then, so a wanted body that came in one piece is not copied at all; at most one stream at a
 * time has a piece that must be saved before they go (`borrower`).
 *
 * How a stream's end becomes an outcome:
 *
 *     END_STREAM with a final head         reply
 *     RST_STREAM or GOAWAY, REFUSED_STREAM refused_stream: the service has not looked at it
 *     RST_STREAM, any other code           reset
 *     nghttp2 ended it: head too large     too_large
 *                       length not kept    short_body
 *                       anything else      bad_response
 *
 * Content-Length, the order of frames, pseudo-headers and the like are held against RFC 9113 by
 * nghttp2. Interim heads (1xx) are skipped, trailers are counted and not looked at.
 */
#include "replay/http2.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

void http2_end(struct http2 *h, struct http2_stream *stream, enum outcome outcome)
{
    if (stream->has_ended)
        return;
    stream->has_ended = true;
    stream->outcome = outcome;
    stream->next = NULL;
    if (h->ended_last != NULL)
        h->ended_last->next = stream;
    else
        h->ended_first = stream;
    h->ended_last = stream;
    if (h->borrower == stream)
        h->borrower = NULL;
}

/* The stream of a frame; NULL = one that was given up, or none of ours. */
static struct http2_stream *http2_stream_of(nghttp2_session *session, int32_t id)
{
    struct http2_stream *stream = id > 0 ? nghttp2_session_get_stream_user_data(session, id) : NULL;

    return stream != NULL && !stream->has_ended ? stream : NULL;
}

/* ---- heads ----------------------------------------------------------------------------------- */

static int http2_on_begin_headers(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    const struct http2 *h = user;
    struct http2_stream *stream = http2_stream_of(session, frame->hd.stream_id);

    if (stream == NULL)
        return 0;
    stream->started = true;
    stream->list_size = 0;
    if (stream->has_head)
        return 0;
    stream->status = 0;
    stream->gzip = false;
    stream->content_length = -1;
    stream->text_size = 0;
    for (uint32_t i = h->link->pool->wanted_count; i-- > 0;)
        stream->wanted[i].begin = API_NONE;
    return 0;
}

static bool http2_keep_wanted(struct http2_stream *stream, uint32_t wanted, const char *value,
                              size_t size)
{
    if (stream->wanted[wanted].begin != API_NONE)
        return true; /* the first one counts */
    if (stream->text_size + size > stream->text_capacity) {
        const uint32_t capacity = 2 * (stream->text_size + (uint32_t)size);
        char *text = realloc(stream->text, capacity);

        if (text == NULL)
            return false;
        stream->text = text;
        stream->text_capacity = capacity;
    }
    if (size > 0)
        memcpy(stream->text + stream->text_size, value, size);
    stream->wanted[wanted].begin = stream->text_size;
    stream->wanted[wanted].size = (uint32_t)size;
    stream->text_size += (uint32_t)size;
    return true;
}

/* Digits alone, as nghttp2 has made sure; more than 18 of them say nothing that can come true. */
static int64_t http2_number(const char *digits, size_t size)
{
    int64_t number = 0;

    for (size_t i = 0; i < size && i < 18; i++)
        number = 10 * number + (digits[i] - '0');
    return number;
}

static int http2_on_header(nghttp2_session *session, const nghttp2_frame *frame,
                           const uint8_t *name, size_t name_size, const uint8_t *value,
                           size_t value_size, uint8_t flags, void *user)
{
    const struct http2 *h = user;
    struct http2_stream *stream = http2_stream_of(session, frame->hd.stream_id);
    const char *text = (const char *)value;

    (void)flags;
    if (stream == NULL)
        return 0;
    stream->list_size += (uint32_t)(name_size + value_size + 32);
    if (stream->list_size > HTTP2_HEAD_MAX) {
        http2_end(user, stream, OUTCOME_too_large);
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE; /* resets the stream */
    }
    if (stream->has_head)
        return 0;
    if (name_size == 7 && memcmp(name, ":status", 7) == 0)
        stream->status = (uint16_t)http2_number(text, value_size);
    else if (name_size == 14 && memcmp(name, "content-length", 14) == 0)
        stream->content_length = http2_number(text, value_size);
    else if (name_size == 16 && memcmp(name, "content-encoding", 16) == 0)
        stream->gzip = value_size == 4 && g_ascii_strncasecmp(text, "gzip", 4) == 0;
    if (h->link->pool->wanted_count == 0)
        return 0;

    const uint32_t wanted = link_wanted(h->link, (const char *)name, name_size);
    if (wanted != API_NONE && !http2_keep_wanted(stream, wanted, text, value_size))
        return NGHTTP2_ERR_CALLBACK_FAILURE;
    return 0;
}

/* ---- bodies ---------------------------------------------------------------------------------- */

static bool http2_keep_chunk(const struct http2 *h, struct http2_stream *stream)
{
    const char *chunk = stream->chunk;

    stream->chunk = NULL;
    return chunk == NULL || link_keep_body(h->link, stream->exchange, chunk, stream->chunk_size);
}

bool http2_return_borrowed(struct http2 *h)
{
    struct http2_stream *borrower = h->borrower;

    h->borrower = NULL;
    return borrower == NULL || http2_keep_chunk(h, borrower);
}

static int http2_on_data(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *bytes,
                         size_t size, void *user)
{
    struct http2 *h = user;
    struct http2_stream *stream = http2_stream_of(session, id);
    const char *text = (const char *)bytes;

    (void)flags;
    if (stream == NULL)
        return 0;
    stream->body_bytes += size;
    if (!stream->exchange->wants_body || size == 0)
        return 0;
    if (h->borrower != stream && stream->exchange->body_size == 0) {
        if (!http2_return_borrowed(h))
            return NGHTTP2_ERR_CALLBACK_FAILURE;
        stream->chunk = text;
        stream->chunk_size = (uint32_t)size;
        h->borrower = stream;
        return 0;
    }
    if (h->borrower == stream && !http2_return_borrowed(h))
        return NGHTTP2_ERR_CALLBACK_FAILURE;
    return link_keep_body(h->link, stream->exchange, text, size) ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE;
}

/* ---- ends ------------------------------------------------------------------------------------ */

static void http2_settings(struct http2 *h)
{
    const uint32_t theirs =
        nghttp2_session_get_remote_settings(h->session, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
    const uint32_t ours = h->link->pool->options.streams;

    h->stream_max = ours < theirs ? ours : theirs;
}

static int http2_on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    struct http2 *h = user;
    struct http2_stream *stream = http2_stream_of(session, frame->hd.stream_id);

    switch (frame->hd.type) {
    case NGHTTP2_SETTINGS:
        if ((frame->hd.flags & NGHTTP2_FLAG_ACK) == 0)
            http2_settings(h);
        return 0;
    case NGHTTP2_GOAWAY:
        h->retires = true;
        return 0;
    case NGHTTP2_RST_STREAM:
        if (stream != NULL)
            stream->was_reset = true;
        return 0;
    case NGHTTP2_HEADERS:
        if (stream != NULL) {
            stream->head_bytes += 9 + frame->hd.length;
            stream->has_head = stream->status >= 200;
        }
        break;
    case NGHTTP2_DATA:
        break;
    default:
        return 0;
    }
    if (stream != NULL && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
        http2_end(h, stream, stream->has_head ? OUTCOME_ok : OUTCOME_bad_response);
    return 0;
}

static int http2_on_close(nghttp2_session *session, int32_t id, uint32_t error, void *user)
{
    struct http2 *h = user;
    struct http2_stream *stream = nghttp2_session_get_stream_user_data(session, id);
    enum outcome outcome = OUTCOME_bad_response;

    h->stream_count--;
    if (stream == NULL)
        return 0;
    stream->is_closed = true;
    if (error == NGHTTP2_REFUSED_STREAM)
        outcome = OUTCOME_refused_stream;
    else if (stream->was_reset)
        outcome = OUTCOME_reset;
    else if (stream->content_length >= 0 && stream->body_bytes < (uint64_t)stream->content_length &&
             nghttp2_session_get_stream_remote_close(session, id) == 1)
        outcome = OUTCOME_short_body;
    http2_end(h, stream, outcome);
    return 0;
}

/* A request that never went out; nghttp2 closes its stream next. */
static int http2_on_not_sent(nghttp2_session *session, const nghttp2_frame *frame, int error,
                             void *user)
{
    struct http2_stream *stream = http2_stream_of(session, frame->hd.stream_id);

    (void)error;
    if (stream != NULL && frame->hd.type == NGHTTP2_HEADERS)
        http2_end(user, stream, OUTCOME_reset);
    return 0;
}

static int http2_on_sent(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    struct http2 *h = user;

    (void)session;
    if (frame->hd.type == NGHTTP2_GOAWAY && frame->goaway.error_code != NGHTTP2_NO_ERROR)
        h->is_at_fault = true;
    return 0;
}

void http2_set_callbacks(nghttp2_session_callbacks *callbacks)
{
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, http2_on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, http2_on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, http2_on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, http2_on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, http2_on_close);
    nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, http2_on_not_sent);
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, http2_on_sent);
}

/* ---- telling --------------------------------------------------------------------------------- */

/* Fills in a reply. FALSE: its body is not what its head says. */
static bool http2_reply(struct http2 *h, const struct http2_stream *stream, struct api_text *wanted,
                        struct reply *ret_reply)
{
    const struct exchange *exchange = stream->exchange;

    *ret_reply = (struct reply){
        .api = {.status = stream->status, .wanted = wanted},
        .body_bytes = stream->body_bytes,
        .head_bytes = stream->head_bytes,
        .gzip = stream->gzip,
    };
    for (uint32_t i = h->link->pool->wanted_count; i-- > 0;) {
        wanted[i] = (struct api_text){NULL, 0};
        if (stream->wanted[i].begin != API_NONE)
            wanted[i] =
                (struct api_text){stream->text + stream->wanted[i].begin, stream->wanted[i].size};
    }
    if (!exchange->wants_body)
        return true;

    struct api_text *body = &ret_reply->api.body;
    if (stream->chunk != NULL)
        *body = (struct api_text){stream->chunk, stream->chunk_size};
    else if (exchange->body_size > 0)
        *body = (struct api_text){exchange->body, exchange->body_size};
    else
        *body = (struct api_text){"", 0};
    return !stream->gzip || body->size == 0 || link_unpack(h->link, body->text, body->size, body);
}

bool http2_tell(struct http2 *h)
{
    struct api_text wanted[EXCHANGE_WANTED_MAX];
    struct link *link = h->link;

    while (h->ended_first != NULL) {
        struct http2_stream *stream = h->ended_first;
        struct exchange *exchange = stream->exchange;
        struct reply reply;

        h->ended_first = stream->next;
        if (h->ended_first == NULL)
            h->ended_last = NULL;
        if (!stream->is_closed) { /* answered before all of the request was sent */
            nghttp2_session_set_stream_user_data(h->session, (int32_t)exchange->stream, NULL);
            nghttp2_submit_rst_stream(h->session, NGHTTP2_FLAG_NONE, (int32_t)exchange->stream,
                                      NGHTTP2_CANCEL);
        }
        if (stream->outcome == OUTCOME_ok && !http2_reply(h, stream, wanted, &reply))
            stream->outcome = OUTCOME_bad_response;
        stream->exchange = NULL; /* the owner may use it again at once */
        if (stream->outcome == OUTCOME_ok)
            link_reply(link, exchange, &reply);
        else
            link_fail(link, exchange, stream->outcome);
        if (link->state == LINK_CLOSING)
            return false;
        http2_release(h, stream);
    }
    return true;
}
