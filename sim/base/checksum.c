/* Bytes in blocks of four words through the digest of facts, the rest at the end with its length.
 *
 * A saved world is gigabytes of columns, so the sum has to run at the speed of memory; the digest
 * takes 32 bytes in two multiplications. A tail is filled up with zeros, and the length enters last,
 * so that zeros at the end count too. CRC-64 would need a table or special instructions for the
 * same speed and finds no more of what happens to files: cut, zeroed, and wrong pages. */
#include "base/checksum.h"

void checksum_init(struct checksum *c)
{
    *c = (struct checksum){.size = 0};
    digest_init(&c->digest);
}

static void checksum_block(struct checksum *c, const unsigned char block[CHECKSUM_BLOCK])
{
    uint64_t word[4];

    memcpy(word, block, sizeof(word));
    digest_add(&c->digest, word);
}

void checksum_add(struct checksum *c, const void *bytes, size_t size)
{
    const unsigned char *from = bytes;
    size_t filled = (size_t)(c->size % CHECKSUM_BLOCK);

    if (size == 0)
        return;
    c->size += size;
    if (filled != 0) {
        size_t part = size < CHECKSUM_BLOCK - filled ? size : CHECKSUM_BLOCK - filled;
        memcpy(c->rest + filled, from, part);
        from += part;
        size -= part;
        if (filled + part < CHECKSUM_BLOCK)
            return;
        checksum_block(c, c->rest);
    }
    for (; size >= CHECKSUM_BLOCK; size -= CHECKSUM_BLOCK, from += CHECKSUM_BLOCK)
        checksum_block(c, from);
    memcpy(c->rest, from, size);
}

uint64_t checksum_value(const struct checksum *c)
{
    struct checksum end = *c;
    size_t filled = (size_t)(c->size % CHECKSUM_BLOCK);
    uint64_t word[4] = {c->size, 0, 0, 0};

    if (filled != 0) {
        memset(end.rest + filled, 0, CHECKSUM_BLOCK - filled);
        checksum_block(&end, end.rest);
    }
    digest_add(&end.digest, word);
    return digest_value(&end.digest);
}
