/* A fake link with HTTP/2 on it and the scripted server at its other end. */
#ifndef TESTS_REPLAY_HTTP2_PAIR_H
#define TESTS_REPLAY_HTTP2_PAIR_H

#include "replay/fake_link.h"
#include "replay/http2_server.h"

struct pair {
    struct fake_link *fake;
    struct http2_server *server;
    size_t piece;         /* the client gets pieces of at most so many bytes */
    GByteArray *recorded; /* what the server has sent; NULL = not recorded */
};

/* With these limits in the server's SETTINGS, which have been exchanged. */
struct pair pair_new(uint32_t streams_max, uint32_t window_size);
void pair_free(struct pair *pair);
/* Lets both sides talk until they have nothing to say. */
void pair_talk(struct pair *pair);
/* Asks, talks, and expects an end. */
struct fake_exchange *pair_get(struct pair *pair, const char *path);

#endif
