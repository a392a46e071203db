/* A further table of a scenario block, read whole and looked up by key: an entry of `join`. Inside
 * of sim/scenario, for source.c.
 *
 * Only the columns that the entry names are kept, so that a wide table costs what is used of it.
 */
#ifndef SCENARIO_SOURCE_JOIN_H
#define SCENARIO_SOURCE_JOIN_H

#include "shell/diagnostic.h"
#include "shell/schema.h"

typedef struct source_join SourceJoin;

struct source_field {
    const char *text;
    struct text_position at;
};

/* Reads the table of one entry. NULL with findings: no such file or column, two rows of one key.
 * Caller frees with source_join_free(). Borrows the tree. */
SourceJoin *source_join_read(struct schema_value entry, GPtrArray *list);
void source_join_free(SourceJoin *join);

/* The name of the first table's column that the key is compared with, and where it is written. */
const char *source_join_match(const SourceJoin *join, struct text_position *ret_at);
/* Number of the column of an attribute, or -1. */
int64_t source_join_column(const SourceJoin *join, const char *attribute);
/* Name of such a column in the table, and the path of the table. */
const char *source_join_column_name(const SourceJoin *join, int64_t column);
const char *source_join_path(const SourceJoin *join);
/* Where an attribute's column is named in the scenario. */
struct text_position source_join_named_at(const SourceJoin *join, const char *attribute);

/* The row of a key: a field per column, borrowed; NULL when there is none. */
const struct source_field *source_join_row(const SourceJoin *join, const char *key);

#endif
