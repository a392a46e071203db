/* What the protocols ask about answers alike: headers that the map wants, packed bodies.
 *
 * A body is unpacked into one buffer of the pool's, taken when the first packed body comes that
 * somebody looks at, together with zlib's window; both are used again and again. A body that was
 * cut at API_BODY_MAX before it came here, or is longer when unpacked, is unpacked that far. */
#include "replay/pool_private.h"

#include <stdlib.h>
#include <strings.h>
#include <zlib.h>

struct pool_unpacker {
    z_stream z;
    char body[API_BODY_MAX];
};

uint32_t link_wanted(const struct link *link, const char *name, size_t size)
{
    const struct pool *pool = link->pool;

    for (uint32_t i = 0; i < pool->wanted_count; i++)
        if (strncasecmp(pool->wanted_name[i], name, size) == 0 &&
            pool->wanted_name[i][size] == '\0')
            return i;
    return API_NONE;
}

static struct pool_unpacker *pool_unpacker(struct pool *pool)
{
    if (pool->unpacker == NULL) {
        pool->unpacker = calloc(1, sizeof *pool->unpacker);
        if (pool->unpacker != NULL &&
            inflateInit2(&pool->unpacker->z, MAX_WBITS + 16) != Z_OK) { /* + 16: gzip alone */
            free(pool->unpacker);
            pool->unpacker = NULL;
        }
    }
    return pool->unpacker;
}

bool link_unpack(struct link *link, const char *bytes, size_t size, struct api_text *ret_body)
{
    struct pool_unpacker *unpacker = pool_unpacker(link->pool);

    if (unpacker == NULL || inflateReset(&unpacker->z) != Z_OK)
        return false;
    unpacker->z.next_in = (Bytef *)(uintptr_t)bytes;
    unpacker->z.avail_in = (uInt)size;
    unpacker->z.next_out = (Bytef *)unpacker->body;
    unpacker->z.avail_out = sizeof unpacker->body;

    const int result = inflate(&unpacker->z, Z_SYNC_FLUSH);
    const bool was_cut = unpacker->z.avail_out == 0 || size == API_BODY_MAX;
    if (result != Z_STREAM_END && !(was_cut && (result == Z_OK || result == Z_BUF_ERROR)))
        return false;
    *ret_body = (struct api_text){unpacker->body, API_BODY_MAX - unpacker->z.avail_out};
    return true;
}

void pool_free_unpacker(struct pool *pool)
{
    if (pool->unpacker == NULL)
        return;
    inflateEnd(&pool->unpacker->z);
    free(pool->unpacker);
}
