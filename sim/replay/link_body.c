/* What links do with answers beside moving them: keeping bodies that come in pieces, knowing which
 * headers the API map wants, unpacking gzip.
 *
 * The tables and the buffers are the pool's. A header's name is compared only when some wanted name
 * has its length; most maps want none or two.
 */
#include "replay/pool_private.h"

#include <stdlib.h>
#include <string.h>

uint32_t link_body_max(const struct link *link)
{
    const uint32_t body_max = link->pool->options.body_max;

    return body_max > 0 ? body_max : API_BODY_MAX;
}

bool link_keep_body(const struct link *link, struct exchange *exchange, const char *bytes,
                    size_t size)
{
    const size_t room = link_body_max(link) - exchange->body_size;
    const size_t kept = size < room ? size : room;

    if (exchange->body_size + kept > exchange->body_capacity) {
        size_t capacity = exchange->body_capacity > 0 ? exchange->body_capacity : 4096;
        while (capacity < exchange->body_size + kept)
            capacity *= 2;
        char *body = realloc(exchange->body, capacity);
        if (body == NULL)
            return false;
        exchange->body = body;
        exchange->body_capacity = (uint32_t)capacity;
    }
    if (kept > 0)
        memcpy(exchange->body + exchange->body_size, bytes, kept);
    exchange->body_size += (uint32_t)kept;
    return true;
}

/* ---- wanted headers -------------------------------------------------------------------------- */

static void add_wanted(struct pool *pool, const char *name)
{
    const size_t size = strlen(name);

    pool->wanted_name[pool->wanted_count++] = (struct api_text){name, (uint32_t)size};
    pool->wanted_sizes |= UINT64_C(1) << (size % 64);
}

void link_prepare_wanted(struct pool *pool, const struct exchange_events *events)
{
    const uint32_t count = events->map != NULL ? api_wanted_count(events->map) : 0;

    for (uint32_t i = 0; i < count; i++)
        add_wanted(pool, api_wanted_name(events->map, i));
    if (events->also_wanted != NULL)
        add_wanted(pool, events->also_wanted);
}

uint32_t link_wanted(const struct link *link, const char *name, size_t size)
{
    const struct pool *pool = link->pool;

    if ((pool->wanted_sizes >> (size % 64) & 1) == 0)
        return API_NONE;
    for (uint32_t i = 0; i < pool->wanted_count; i++)
        if (pool->wanted_name[i].size == size &&
            g_ascii_strncasecmp(pool->wanted_name[i].text, name, size) == 0)
            return i;
    return API_NONE;
}

/* ---- gzip (RFC 1952) ------------------------------------------------------------------------- */

/* The pool's inflater, made when it is first needed and used again and again. */
static z_stream *link_inflater(const struct link *link)
{
    struct pool *pool = link->pool;

    if (pool->unpacked == NULL) {
        pool->unpacked = malloc(link_body_max(link));
        pool->inflater = (z_stream){0};
        if (pool->unpacked == NULL || inflateInit2(&pool->inflater, 15 + 16) != Z_OK) {
            free(pool->unpacked);
            pool->unpacked = NULL;
            return NULL;
        }
    }
    return inflateReset(&pool->inflater) == Z_OK ? &pool->inflater : NULL;
}

bool link_unpack(struct link *link, const char *bytes, size_t size, struct api_text *ret_body)
{
    struct pool *pool = link->pool;
    const uint32_t body_max = link_body_max(link);
    z_stream *z = link_inflater(link);
    int status = Z_OK;

    if (z == NULL)
        return false;
    z->next_in = (Bytef *)(uintptr_t)bytes;
    z->avail_in = (uInt)size;
    z->next_out = (Bytef *)pool->unpacked;
    z->avail_out = body_max;
    while (status == Z_OK && z->avail_out > 0) {
        status = inflate(z, Z_NO_FLUSH);
        if (status == Z_STREAM_END && z->avail_in > 0) /* members may follow each other */
            status = inflateReset(z);
    }
    const bool cut = z->avail_out == 0 || (status == Z_BUF_ERROR && size == body_max);
    if (status != Z_STREAM_END && !cut)
        return false;
    *ret_body = (struct api_text){pool->unpacked, body_max - z->avail_out};
    return true;
}

void link_free_unpacked(struct pool *pool)
{
    if (pool->unpacked != NULL)
        inflateEnd(&pool->inflater);
    free(pool->unpacked);
}
