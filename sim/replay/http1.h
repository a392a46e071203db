/* HTTP/1.1 responses, parsed as their bytes come (RFC 9112). Sans I/O, no allocation, any thread.
 *
 * Head lines may be split anywhere; a head that lies whole in one piece, which is nearly always, is
 * parsed in place, one that does not is collected in a side buffer of the owner's. Stricter than
 * browsers where leniency hides a broken service: bad chunk sizes, conflicting or repeated
 * different Content-Lengths, both Content-Length and Transfer-Encoding, bare CR, control characters
 * and obsolete folding are HTTP1_BROKEN. Interim answers (1xx) are skipped.
 */
#ifndef REPLAY_HTTP1_H
#define REPLAY_HTTP1_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP1_HEAD_MAX 65536 /* bytes of a head, interim heads before it and trailers behind it */

enum http1_result {
    HTTP1_MORE,      /* all bytes used, the answer isn't whole */
    HTTP1_DONE,      /* the answer is whole; bytes behind it belong to the next one */
    HTTP1_BROKEN,    /* not HTTP */
    HTTP1_TOO_LARGE, /* head over HTTP1_HEAD_MAX */
};

struct http1_sink {
    void *user;
    /* A header line: names as they came, values without blanks around them. May be NULL. */
    void (*header)(void *user, const char *name, size_t name_size, const char *value,
                   size_t value_size);
    /* A piece of the body, chunked coding taken off; not called for an empty one. `whole`: it is all
     * of it, in one piece. */
    void (*body)(void *user, const char *bytes, size_t size, bool whole);
};

struct http1 {
    uint16_t status;  /* 100..599 once the head is in */
    bool keep_alive;  /* the connection may be used again */
    bool until_close; /* neither length nor chunks: the body ends with the connection */
    bool gzip;
    bool head_only;        /* the answer to a HEAD */
    bool says_timeout;     /* Keep-Alive: timeout=N, closed when idle for */
    uint32_t keep_alive_s; /* N seconds */
    uint8_t state;
    uint8_t chunk_digits;
    uint16_t extension_size; /* of a chunk */
    int64_t content_length;  /* -1 = none */
    uint64_t left;           /* of the body or chunk */
    uint64_t body_bytes;     /* without the lines around chunks */
    uint64_t head_bytes;     /* interim heads and trailers too */
    char *head; /* collected head: the owner's buffer of HTTP1_HEAD_MAX bytes, asked for by need */
    uint32_t head_size;
};

/* Gets ready for the next answer. */
void http1_begin(struct http1 *parser, bool head_only);
/* Takes bytes; *ret_used of them belong to this answer. `buffer` (of HTTP1_HEAD_MAX bytes, shared
 * by nothing while parser->head_size > 0) is asked for with sink->user only when a head is split over
 * pieces; headers are then shown from there. NULL from it is HTTP1_TOO_LARGE. */
enum http1_result http1_take(struct http1 *parser, const char *bytes, size_t size,
                             const struct http1_sink *sink, char *(*buffer)(void *user),
                             size_t *ret_used);
/* The connection ended: TRUE when that ends the answer properly (until_close). */
bool http1_end(struct http1 *parser);
/* Nothing of this answer has come yet. */
bool http1_is_fresh(const struct http1 *parser);

#endif
