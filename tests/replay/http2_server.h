/* A scripted HTTP/2 server in memory (nghttp2's server session): what it answers is in the path.
 *
 *     /ok              200 "hello"
 *     /size/N          200, N bytes, no length told
 *     /length/N        the same with Content-Length
 *     /status/N        N, no body
 *     /echo            200; the body is the request: "METHOD PATH" and a line a field, then the body
 *     /interim         103 twice, then 200 "final"
 *     /trailers        200 "body" and trailers
 *     /gzip            200 "packed" packed
 *     /notgzip         200 "plain" said to be packed
 *     /head/N          200 with a head of N bytes, in several fields
 *     /field/N         200 with one field of N bytes
 *     /short           says 10 bytes, sends 5
 *     /long            says 5 bytes, sends 10
 *     /refuse, /reset  RST_STREAM with REFUSED_STREAM, CANCEL
 *     /resetinside     a head and 5 bytes, then RST_STREAM
 *     /early           200 at the head of the request, its body not waited for
 *     /hold            nothing
 */
#ifndef TESTS_REPLAY_HTTP2_SERVER_H
#define TESTS_REPLAY_HTTP2_SERVER_H

#include <glib.h>
#include <nghttp2/nghttp2.h>
#include <stdbool.h>
#include <stdint.h>

struct http2_server {
    nghttp2_session *session;
    GByteArray *out; /* not yet taken by the client */
    GHashTable *requests;
    uint32_t request_count;
    uint32_t open_count, open_max; /* streams at once */
    uint32_t reset_count;          /* RST_STREAM from the client */
    uint32_t last_reset;           /* its code */
    bool holds;                    /* answers nothing until http2_server_answer_held() */
    uint64_t upload_bytes;
};

struct http2_server *http2_server_new(const nghttp2_settings_entry *settings, size_t count);
void http2_server_free(struct http2_server *server);
/* Bytes from the client; what it answers is appended to server->out. FALSE = they were no HTTP/2. */
bool http2_server_take(struct http2_server *server, const void *bytes, size_t size);
/* After submitting something to server->session by hand. */
void http2_server_send(struct http2_server *server);

#endif
