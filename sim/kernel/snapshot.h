/* The register of a kernel's state: every member and every column, what it is and how much of it is
 * in use. Saving, restoring and their checks walk over this one list, so that they cannot disagree.
 *
 * A new member of struct omo_kernel, station or source, or a new column (kernel.c), needs a line in
 * snapshot.c: a kernel with a column that no line names is not saved but stops the program, and a
 * test looks at each byte of the structs. The kernel is sealed throughout.
 */
#ifndef OMO_KERNEL_SNAPSHOT_H
#define OMO_KERNEL_SNAPSHOT_H

#include "base/checkpoint.h"
#include "kernel/engine.h"

enum snapshot_kind {
    SNAPSHOT_STATE,   /* saved */
    SNAPSHOT_SCRATCH, /* a column that nobody reads again, or that follows from the model */
    SNAPSHOT_LINK     /* a member that follows from model, seed and address */
};

struct snapshot_piece {
    const char *name;
    enum snapshot_kind kind;
    void *bytes;         /* NULL: this kernel has no such column */
    const void *pointer; /* where the pointer to a column stands; NULL: within the kernel */
    size_t element_size;
    uint64_t count;    /* elements in use */
    uint64_t capacity; /* elements there is room for */
};

/* Returns false to end the walk. */
typedef bool (*snapshot_visitor)(void *user, const struct snapshot_piece *piece);

/* Members come before the columns whose number of elements they tell, and are looked at on the way:
 * a visitor may fill them in. False when the visitor said so. */
bool snapshot_each(struct omo_kernel *k, snapshot_visitor visit, void *user);

/* Stations and sources are saved packed, in columns of the kernel that are made for it. */
struct snapshot_member {
    const char *name;
    size_t at, size;
    bool saved;
};
const struct snapshot_member *snapshot_station_members(uint32_t *ret_count);
const struct snapshot_member *snapshot_source_members(uint32_t *ret_count);
/* Bytes of one packed station, of one packed source. */
size_t snapshot_station_size(void);
size_t snapshot_source_size(void);
void snapshot_pack(const struct omo_kernel *k);

/* Bytes that snapshot_write would write. */
uint64_t snapshot_size(const struct omo_kernel *k);
/* Writes the sections of a kernel that stands between two events. */
bool snapshot_write(const struct omo_kernel *k, const struct checkpoint_sink *sink);
/* Fills a kernel of the same shape, and audits it. False with the error set: the kernel is then of
 * no use. */
bool snapshot_read(struct omo_kernel *k, struct checkpoint_source *source);

#endif
