/* A link without a socket, for tests of TLS and the protocols: what would go to the kernel is kept,
 * what the peer says is handed in, and owners are noted.
 *
 * The functions of link.h are taken over by the linker (--wrap), for programs that say so in
 * tests/CMakeLists.txt. One thread. */
#ifndef TESTS_REPLAY_FAKE_LINK_H
#define TESTS_REPLAY_FAKE_LINK_H

#include "replay/pool_private.h"

#include <glib.h>

struct fake_link;

/* An exchange and what became of it. */
struct fake_exchange {
    struct exchange exchange;
    struct fake_link *fake;
    uint32_t end_count; /* must become 1 */
    enum outcome outcome;
    uint32_t status;
    GString *body; /* what was handed over, when wanted */
    uint64_t body_bytes, head_bytes;
    bool gzip;
    GString *wanted; /* "value|value|-": the wanted headers, "-" = none */
    void (*on_end)(struct fake_exchange *exchange);
};

struct fake_link {
    struct link *link;
    struct target target;
    struct pool_side side;
    struct pool *pool;
    GByteArray *sent; /* to the socket, in order */
    uint32_t write_count, has_room_count;
    bool takes_nothing; /* the kernel's buffer is full: bytes queue as unsent */
    bool is_broken;     /* writes fail */
    bool flush_asked, retired;
    GByteArray *plain; /* what came out of TLS when there is no protocol->take */
    bool keep_plain;
    GPtrArray *all;
};

struct fake_link *fake_link_new(const struct protocol *protocol, struct tls *tls);
void fake_link_free(struct fake_link *fake);
/* A new exchange, in flight. NULL when the link had no room or refused it. */
struct fake_exchange *fake_request(struct fake_link *fake, const struct api_message *message,
                                   bool wants_body);
/* "GET /path". */
struct fake_exchange *fake_get(struct fake_link *fake, const char *path, bool wants_body);
/* The owner gives up: no end is told. */
void fake_cancel(struct fake_link *fake, struct fake_exchange *exchange);
/* Bytes from the peer, for the protocol or TLS; what the link does at a failure is done. */
bool fake_take(struct fake_link *fake, const void *bytes, size_t size);
/* The end of a loop turn. */
bool fake_flush(struct fake_link *fake);
/* The peer's side of the socket has ended. */
void fake_end(struct fake_link *fake);
/* Closes it as link.c does: what is in flight fails as `outcome`. */
void fake_close(struct fake_link *fake, enum outcome outcome);

#endif
