/* A fake link with HTTP/2 on it and the scripted server at its other end. */
#include "replay/http2_pair.h"

#include <check.h>

struct pair pair_new(uint32_t streams_max, uint32_t window_size)
{
    const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, streams_max},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, window_size},
    };
    struct pair pair = {fake_link_new(&protocol_http2, NULL), http2_server_new(settings, 2),
                        SIZE_MAX, NULL};

    pair_talk(&pair);
    return pair;
}

void pair_free(struct pair *pair)
{
    fake_link_free(pair->fake);
    http2_server_free(pair->server);
    if (pair->recorded != NULL)
        g_byte_array_unref(pair->recorded);
}

void pair_talk(struct pair *pair)
{
    struct fake_link *fake = pair->fake;
    struct http2_server *server = pair->server;

    for (bool busy = true; busy;) {
        busy = fake->sent->len > 0 || fake->flush_asked;
        fake_flush(fake);
        if (!fake->takes_nothing) {
            ck_assert(http2_server_take(server, fake->sent->data, fake->sent->len));
            g_byte_array_set_size(fake->sent, 0);
        }
        http2_server_send(server);
        g_autoptr(GByteArray) out = server->out;
        server->out = g_byte_array_new();
        if (pair->recorded != NULL)
            g_byte_array_append(pair->recorded, out->data, out->len);
        for (size_t at = 0; at < out->len; at += MIN(pair->piece, out->len - at)) {
            fake_take(fake, out->data + at, MIN(pair->piece, out->len - at));
            busy = true;
        }
        busy = busy && !fake->takes_nothing;
    }
}

struct fake_exchange *pair_get(struct pair *pair, const char *path)
{
    struct fake_exchange *exchange = fake_get(pair->fake, path, true);

    ck_assert_ptr_nonnull(exchange);
    pair_talk(pair);
    ck_assert_uint_eq(exchange->end_count, 1);
    return exchange;
}
