/* The layout of a saved world, which include/omosim/checkpoint.h draws. */
#ifndef OMO_FLOW_CHECKPOINT_H
#define OMO_FLOW_CHECKPOINT_H

#include <omosim/checkpoint.h>

#include "flow/columns.h"
#include "flow/likeness.h"

#define CHECKPOINT_MAGIC "omoworld"
#define CHECKPOINT_FORMAT 1
#define CHECKPOINT_ORDER UINT32_C(0x01020304)
#define CHECKPOINT_DETAIL 1u /* flag */

struct checkpoint_header {
    char magic[8];
    uint32_t format;
    uint32_t order;
    char version[16];
    uint64_t seed;
    uint32_t replication;
    uint32_t flags;
    int64_t now_us;
    int64_t horizon_us;
    uint64_t size;
    uint64_t checksum;
};
_Static_assert(sizeof(struct checkpoint_header) == 80, "written to files");

struct checkpoint_section {
    char name[COLUMNS_NAME_SIZE];
    uint64_t element_size;
    uint64_t count;
    uint64_t checksum;
};
_Static_assert(sizeof(struct checkpoint_section) == 56, "written to files");

#define CHECKPOINT_SECTION_SUMMED offsetof(struct checkpoint_section, checksum)
#define CHECKPOINT_HEADER_SUMMED offsetof(struct checkpoint_header, checksum)

/* Zeros behind a section of so many bytes. */
static inline size_t checkpoint_padding(uint64_t size) { return (size_t)(-size & 7); }

/* Checksums of both, with the elements of the section. */
uint64_t checkpoint_header_sum(const struct checkpoint_header *header);
uint64_t checkpoint_section_sum(const struct checkpoint_section *section, const void *bytes);

#endif
