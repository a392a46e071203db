/* The register of a world's state: every column and every member, what it is and how much of it is
 * in use. Saving, restoring and their checks read this one list, so that they cannot disagree.
 *
 * A new column (memory.c) or member (world.h) needs a line in columns.c: a world with a column that
 * no line names is not saved but stops the program (columns_whole), and a test looks at each byte
 * of the struct. The list borrows the world; it holds until a pool grows. A queueing network's world
 * has another register (kernel/snapshot.h).
 */
#ifndef OMO_FLOW_COLUMNS_H
#define OMO_FLOW_COLUMNS_H

#include "base/checkpoint.h"
#include "flow/world.h"

#define COLUMNS_MAX 512
#define CHECKPOINT_WORLD "omoworld" /* the magic of a header */

enum column_kind {
    COLUMN_PART,      /* state within the world itself */
    COLUMN_STATE,     /* a column of the arena */
    COLUMN_HISTOGRAM, /* of the report's detail: a block of its own that knows its size */
    COLUMN_SCRATCH,   /* a column whose contents nobody reads again: not saved */
    COLUMN_LINK       /* a member that follows from model, seed and address: not saved */
};

struct column {
    char name[CHECKPOINT_NAME_SIZE];
    enum column_kind kind;
    void *bytes;    /* NULL: this world has no such column */
    void **pointer; /* to the column; NULL for parts and links */
    size_t element_size;
    uint64_t count;    /* elements in use */
    uint64_t capacity; /* elements there is room for */
};

struct column_list {
    uint32_t count;
    struct column column[COLUMNS_MAX];
};

/* Parts come first: they say how much of the other columns is in use. The order is the same for
 * every world. */
void columns_list(struct omo_world *w, struct column_list *ret_list);
/* Whether each column of the world's arena is on the list, once. */
bool columns_whole(const struct omo_world *w, const struct column_list *list);
/* Saved: a part, a column of state or a histogram, which this world has. */
static inline bool column_saved(const struct column *c)
{
    return c->kind <= COLUMN_HISTOGRAM && c->bytes != NULL;
}

#endif
