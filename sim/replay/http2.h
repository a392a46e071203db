/* HTTP/2 on one link: what protocol_http2.c (the protocol's functions, bytes out), http2_request.c
 * and http2_reply.c (nghttp2's callbacks) share. For these alone; one thread, the link's. */
#ifndef REPLAY_HTTP2_H
#define REPLAY_HTTP2_H

#include "replay/pool_private.h"

#include <nghttp2/nghttp2.h>

#define HTTP2_OUT_SIZE 16384 /* what is packed into one write: a TLS record */
#define HTTP2_HEAD_MAX 65536 /* of a header list, as SETTINGS_MAX_HEADER_LIST_SIZE counts it */
#define HTTP2_WINDOW_SIZE 16777216 /* of a stream and of the connection */
#define HTTP2_UNSENT_MAX 262144    /* no more is packed while so much waits for the kernel */

/* An exchange's stream. nghttp2 knows it as the stream's user data, until the stream is closed or
 * given up. Kept for the next exchange when it is done with. */
struct http2_stream {
    struct http2_stream *next;  /* among the free ones, or those that have ended */
    struct http2_stream *older; /* among all */
    struct exchange *exchange;
    enum outcome outcome; /* of one that has ended; OUTCOME_ok = it has a reply */
    uint16_t status;      /* of the last head; 1xx are forgotten at the next one */
    bool has_head;        /* the final head is in: what comes now are trailers */
    bool started;         /* something of the answer has come */
    bool gzip;
    bool has_ended; /* it is in the list of those */
    bool is_closed; /* nghttp2 has forgotten it */
    bool was_reset; /* by the peer */
    uint32_t list_size;
    int64_t content_length; /* -1 = none */
    uint64_t body_bytes, head_bytes;
    const char *chunk; /* first piece of a wanted body, where it lies in what was read */
    uint32_t chunk_size;
    char *text; /* values of wanted headers, one after the other */
    uint32_t text_size, text_capacity;
    struct {
        uint32_t begin, size;
    } wanted[EXCHANGE_WANTED_MAX]; /* begin API_NONE = it did not come */
    const char *upload;            /* the request's body, what is left of it */
    size_t upload_size;
    char *upload_copy; /* owned: of a body that could not go out at once */
};

struct http2 {
    struct link *link;
    nghttp2_session *session;
    struct http2_stream *newest; /* of all */
    struct http2_stream *free;
    struct http2_stream *ended_first, *ended_last; /* to be told to the owner, in order */
    struct http2_stream *borrower; /* its chunk lies in what was read, and it has not ended */
    uint32_t stream_count;         /* open in nghttp2 */
    uint32_t stream_max;           /* ours and the peer's limit */
    bool flush_asked;              /* link_flush_later() was called */
    bool taking;                   /* take() is on the stack and will write at its end */
    bool retires;                  /* GOAWAY came, or the stream numbers have run out */
    bool is_at_fault;              /* the peer broke the protocol: GOAWAY was sent for it */
    bool is_broken;                /* of no more use */
    uint32_t out_size;
    char *out; /* [HTTP2_OUT_SIZE] */
};

/* http2_reply.c */

void http2_set_callbacks(nghttp2_session_callbacks *callbacks);
/* Puts a stream among those that have ended. */
void http2_end(struct http2 *h, struct http2_stream *stream, enum outcome outcome);
/* Copies what is borrowed from bytes that are about to go. FALSE when memory is short. */
bool http2_return_borrowed(struct http2 *h);
/* Tells the owner about the streams that have ended. FALSE = the link is being closed: `h` may be
 * gone. */
bool http2_tell(struct http2 *h);

/* http2_request.c */

/* Opens nghttp2's stream for a message; its number, or negative. */
int32_t http2_request(struct http2 *h, struct http2_stream *stream,
                      const struct api_message *message);
/* Copies what has not gone out yet of a request's body, which must outlive the message. */
bool http2_keep_upload(struct http2_stream *stream);

/* protocol_http2.c */

/* Gives a stream's memory back for the next one. */
void http2_release(struct http2 *h, struct http2_stream *stream);

#endif
