/* One request after the other, waited for: the books of a service, set-up and seeding.
 *
 * On the same pool and protocols as the load, so that whatever can be loaded can be read. One thread;
 * not for use while a load runs in the same thread.
 */
#ifndef REPLAY_FETCH_H
#define REPLAY_FETCH_H

#include "replay/pool.h"

typedef struct fetch Fetch;

/* Borrows target and map (its wanted headers are what answers have; its `connection` counts).
 * `timeout_ns` is for each whole answer. */
Fetch *fetch_new(const struct target *target, const ApiMap *map, int64_t timeout_ns,
                 GError **ret_error);
void fetch_free(Fetch *fetch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fetch, fetch_free)

/* Sends it and waits for the whole answer, of any size up to FETCH_BODY_MAX; sent again once after
 * `reset` when it is idempotent. CANNOT_RUN "GET http://...: no whole answer in time (10s)".
 * *ret_reply is borrowed until the next call. */
#define FETCH_BODY_MAX (64u << 20)
gboolean fetch_send(Fetch *fetch, const struct api_message *message, struct api_reply *ret_reply,
                    GError **ret_error);

#endif
