/* One connection to a target: a libuv stream (TCP or unix), TLS over it or not, and a protocol
 * (HTTP/1.1 or HTTP/2) that turns messages into bytes and bytes into replies.
 *
 *      pool_request()                     events->reply / fail
 *           |                                     ^
 *       protocol.submit   ->  link_write     protocol.take  <-  link (read)
 *                                 |                               ^
 *                              tls_write (if any)             tls_read (if any)
 *                                 |                               |
 *                             uv_try_write, rest queued       one shared read buffer a thread
 *
 * link.c is the socket, pool.c who uses which link, protocol_http1.c and protocol_http2.c the
 * protocols, tls.c the bytes in between. A link belongs to the thread of its pool. A
 * plain HTTP/1.1 link takes at most 8 KiB, kernel buffers not counted.
 */
#ifndef REPLAY_LINK_H
#define REPLAY_LINK_H

#include "replay/exchange.h"
#include "replay/http1.h"

#include <uv.h>

struct pool;
struct pool_side;
struct tls;
struct target;
struct link_list;

/* ---- protocols ------------------------------------------------------------------------------ */

/* A protocol's own state is `size` bytes behind the link, zeroed. All calls come from the link's
 * thread, never from within a call of the protocol's own to link_write(). */
struct protocol {
    const char *name;
    size_t size;
    size_t memory; /* what it takes beside its state when it is open, about */
    /* The link is up (TLS negotiated). FALSE = it can't be (memory). */
    bool (*open)(struct link *link);
    /* How many further exchanges the link can take now. */
    uint32_t (*room)(const struct link *link);
    /* Takes an exchange and writes its request. FALSE = it can't: the pool fails it as a reset. */
    bool (*submit)(struct link *link, struct exchange *exchange, const struct api_message *message);
    /* Bytes from the peer. Calls link_reply() and link_fail() as answers come. FALSE = the link is of
     * no more use (the protocol has failed what had to fail with its own outcome; the rest is failed
     * by the link as reset). */
    bool (*take)(struct link *link, const char *bytes, size_t size);
    /* The peer ended its side: last chance to complete an answer that ends with the connection;
     * what is left is failed by the link: as short_body when protocol.started() says that some of
     * the answer had come, else as reset. */
    void (*end)(struct link *link);
    bool (*started)(const struct link *link, const struct exchange *exchange);
    /* Writes what submit() and cancel() have packed, after link_flush_later(), and goes on after
     * unsent bytes have gone. FALSE = the link is broken. NULL = the protocol packs nothing. */
    bool (*flush)(struct link *link);
    /* The owner gives up on an exchange. TRUE = the link can go on without it (HTTP/2), FALSE = the
     * link must be closed. */
    bool (*cancel)(struct link *link, struct exchange *exchange);
    /* Frees what the state holds. */
    void (*close)(struct link *link);
};

extern const struct protocol protocol_http1;
extern const struct protocol protocol_http2;

/* ---- links ---------------------------------------------------------------------------------- */

enum link_state { LINK_CONNECTING, LINK_HANDSHAKE, LINK_OPEN, LINK_CLOSING };

struct link {
    struct pool *pool;
    struct pool_side *side; /* what the pool knows of the target */
    const struct target *target;
    const struct protocol *protocol; /* set before open(): by the target, or by ALPN */
    struct tls *tls;                 /* NULL = plain */
    struct link_list *list;          /* the pool's: opening, with room, or full; NULL = none */
    struct link *next, *previous;    /* in it */
    struct link *flush_next;         /* in the pool's list of links to be flushed */
    struct exchange *first, *last;   /* in flight, oldest first */
    uint32_t in_flight;
    uint64_t request_count; /* sent on it so far */
    enum link_state state;
    bool usable;      /* new exchanges may go on it: FALSE after Connection: close or GOAWAY */
    uint8_t address;  /* which of the target's */
    bool announced;   /* the peer said which answer is its last: what is behind it was not read */
    bool failed;      /* could not be opened: told when it has been closed */
    bool flush_asked; /* it is in the list */
    enum outcome outcome; /* how what is in flight fails when the link goes */
    uint64_t used_ms;     /* loop time of the last sending or answer */
    uint64_t idle_ms;     /* unused for that long it is used no more; UINT64_MAX = no limit */
    size_t unsent_size;   /* bytes that the kernel did not take yet: libuv has them queued */
    uint32_t memory;      /* bytes of this */
    uv_connect_t connect;
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } uv;
    /* the protocol's state follows, aligned */
};

void *link_state_of(const struct link *link); /* the protocol's bytes */

/* For protocols and TLS: sends bytes (through TLS when there is one). Copies only what the kernel
 * does not take at once. FALSE = the link is broken and will be closed by the caller's caller. */
bool link_write(struct link *link, const char *bytes, size_t size);
/* Several pieces in one go (plain: one writev). At most 8. */
bool link_write_pieces(struct link *link, const uv_buf_t *pieces, uint32_t count);
/* Below TLS: straight to the socket. */
bool link_write_raw(struct link *link, const uv_buf_t *pieces, uint32_t count);
/* Hands a whole answer, or a failure, to the owner: takes the exchange off the link first, so that
 * the owner may use it again at once. */
void link_reply(struct link *link, struct exchange *exchange, const struct reply *reply);
void link_fail(struct link *link, struct exchange *exchange, enum outcome outcome);
/* Has protocol->flush() called once before the loop waits again, so that what is due at one moment
 * goes out in one write. exchange->sent_ns is the time of its submit(), up to one turn earlier. */
void link_flush_later(struct link *link);
/* The protocol has room where it had none when it was last asked (SETTINGS came, a stream has been
 * taken off): what waits may be sent. */
void link_has_room(struct link *link);
/* The service says that it closes the link when it was idle for that long. */
void link_set_idle(struct link *link, uint32_t seconds);
/* The link takes no new exchanges (Connection: close, GOAWAY); it is closed when the last one ends.
 * */
void link_retire(struct link *link);

/* How much of a wanted body is kept. */
uint32_t link_body_max(const struct link *link);
/* For protocols: keeps a piece of a wanted body (up to link_body_max()) with its exchange; freed by
 * link_reply() and link_fail(). FALSE when memory is short. */
bool link_keep_body(const struct link *link, struct exchange *exchange, const char *bytes,
                    size_t size);
/* Index of a response header among the map's wanted ones, or API_NONE. Case-blind. */
uint32_t link_wanted(const struct link *link, const char *name, size_t size);
/* Unpacks a gzip body into the thread's buffer (at most link_body_max()). FALSE = it is not gzip. */
bool link_unpack(struct link *link, const char *bytes, size_t size, struct api_text *ret_body);

/* ---- TLS (tls.c) ---------------------------------------------------------------------------- */

struct tls_options {
    bool no_verify;                /* --insecure */
    const char *ca_file;           /* NULL = the system's */
    const char *server_name;       /* NULL = the target's host */
    const char *certificate, *key; /* of the client; NULL = none */
    bool http2;                    /* offer h2 by ALPN beside http/1.1 */
};

/* Shared by all threads. CANNOT_RUN or BAD_INPUT. */
struct tls_context;
struct tls_context *tls_context_new(const struct tls_options *options, const char *host,
                                    GError **ret_error);
void tls_context_free(struct tls_context *context);

struct tls *tls_new(struct tls_context *context);
void tls_free(struct tls *tls);
/* Starts the handshake: writes the first flight by link_write_raw(). */
bool tls_start(struct link *link);
/* Bytes from the socket; plain bytes go to link_take_plain(). When the handshake ends, link_is_up()
 * is called with the protocol of ALPN. *ret_outcome says why on FALSE: tls_error, reset, or ok when
 * the peer has ended the stream (close_notify), to be taken like the end of the socket's. */
bool tls_take(struct link *link, const char *bytes, size_t size, enum outcome *ret_outcome);
bool tls_write(struct link *link, const uv_buf_t *pieces, uint32_t count);
/* Notes why a handshake failed: static text, for tls_last_error(). */
void tls_set_error(struct tls *tls, const char *text);
/* Says close_notify, once; before the link's side of the socket is closed in peace. */
void tls_end(struct link *link);
/* Why the last handshake of this context failed, for the summary: "certificate has expired";
 * NULL = none did. Static or owned by the context. */
const char *tls_last_error(const struct tls_context *context);
size_t tls_memory(const struct tls *tls); /* about, for the report */

/* Called by tls.c. */
void link_is_up(struct link *link, const struct protocol *protocol);
bool link_take_plain(struct link *link, const char *bytes, size_t size);

#endif
