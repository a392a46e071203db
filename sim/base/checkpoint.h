/* The frame of a saved state, world or kernel: a header, traits, and sections, which
 * include/omosim/checkpoint.h draws. Reading believes nothing: name, element and number of a
 * section are known before it is read.
 */
#ifndef OMO_BASE_CHECKPOINT_H
#define OMO_BASE_CHECKPOINT_H

#include "base/traits.h"

#define CHECKPOINT_NAME_SIZE 32
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
    char name[CHECKPOINT_NAME_SIZE];
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

/* ---- writing --------------------------------------------------------------------------------- */

struct checkpoint_sink {
    omo_bytes_writer write;
    void *user;
};

/* Bytes of a section of the file, its head and padding included. */
uint64_t checkpoint_section_size(uint64_t element_size, uint64_t count);
/* Fills in magic, format, order, version and checksum, and writes. */
bool checkpoint_write_header(const struct checkpoint_sink *sink, const char *magic,
                             struct checkpoint_header *header);
bool checkpoint_write_section(const struct checkpoint_sink *sink, const char *name,
                              uint64_t element_size, uint64_t count, const void *bytes);
bool checkpoint_write_traits(const struct checkpoint_sink *sink, const struct traits *traits);

/* ---- reading: false with the error set ------------------------------------------------------- */

struct checkpoint_source {
    omo_bytes_reader read;
    void *user;
    omo_error *error;
    const char *what; /* "world", "kernel": for texts */
};

/* Sets the error: "the saved world " and the text. */
bool checkpoint_refuse(struct checkpoint_source *s, const char *text);
bool checkpoint_read_header(struct checkpoint_source *s, const char *magic,
                            struct checkpoint_header *ret_header);
/* Reads a section whose name, element and number are known; `bytes` has room for them. A count of
 * UINT64_MAX takes up to `room` elements. */
bool checkpoint_read_section(struct checkpoint_source *s, const char *name, uint64_t element_size,
                             uint64_t count, uint64_t room, void *bytes, uint64_t *ret_count);
/* Reads the traits, and compares them with those of the model. */
bool checkpoint_read_traits(struct checkpoint_source *s, const struct traits *here);

#endif
