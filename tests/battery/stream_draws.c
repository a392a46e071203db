/* stream_draws: the keyed generator's words on standard output, for batteries of statistical tests.
 *
 * `stream_draws keyed [SEED]` keys them as the simulator does: two purposes of each entity, two to
 * nine words from each stream, a fresh replication every 2^16 entities. Neighbouring keys stand next
 * to one another, so what they had in common would be seen. `stream_draws long [SEED]` is one stream
 * from its beginning, block after block. Both go on until the reader closes. Words are raw, 32 bits,
 * in the order of bytes of the machine.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/draws.h"

#define BUFFER_WORDS 16384
#define ENTITIES_PER_REPLICATION (1U << 16)

static uint32_t buffer[BUFFER_WORDS];
static size_t buffered;

static bool put(uint32_t word)
{
    buffer[buffered++] = word;
    if (buffered < BUFFER_WORDS)
        return true;
    buffered = 0;
    return fwrite(buffer, sizeof(buffer), 1, stdout) == 1;
}

static bool put_stream(struct draw_key key, enum draw_purpose purpose, uint64_t entity,
                       uint32_t index)
{
    struct draw_cursor c;
    uint32_t count = 2 + (uint32_t)(entity % 8);
    bool good = true;

    draw_begin(&c, key, purpose, entity, index);
    for (uint32_t i = 0; i < count && good; i++)
        good = put(draw_u32(&c));
    return good;
}

static void stream_keyed(uint64_t seed)
{
    bool good = true;

    for (uint64_t entity = 0; good; entity++) {
        struct draw_key key = draw_key_make(seed, entity / ENTITIES_PER_REPLICATION);

        good = put_stream(key, DRAW_BASKET, entity, 0) &&
               put_stream(key, DRAW_SERVICE, entity, (uint32_t)(entity % 3));
    }
}

static void stream_long(uint64_t seed)
{
    struct draw_cursor c;

    draw_begin(&c, draw_key_make(seed, 0), DRAW_ARRIVAL, 0, 0);
    while (put(draw_u32(&c)))
        continue;
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;

    if (strcmp(mode, "keyed") == 0)
        stream_keyed(seed);
    else if (strcmp(mode, "long") == 0)
        stream_long(seed);
    else {
        fprintf(stderr, "usage: stream_draws keyed|long [SEED]\n");
        return 2;
    }
    return 0;
}
