/* 64-bit checksum of a stream of bytes: tells damage from what was written, on any machine of the
 * same byte order. No protection against an adversary. About 8 GB/s. */
#ifndef OMO_BASE_CHECKSUM_H
#define OMO_BASE_CHECKSUM_H

#include "base/digest.h"

#define CHECKSUM_BLOCK 32

struct checksum {
    struct digest digest;
    uint64_t size; /* bytes so far */
    unsigned char rest[CHECKSUM_BLOCK];
};

void checksum_init(struct checksum *c);
/* The result depends on the bytes alone, not on how they are cut into calls. */
void checksum_add(struct checksum *c, const void *bytes, size_t size);
uint64_t checksum_value(const struct checksum *c);

#endif
