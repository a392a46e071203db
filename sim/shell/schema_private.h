/* Inside of the schema engine, for the schema files alone. */
#ifndef SHELL_SCHEMA_PRIVATE_H
#define SHELL_SCHEMA_PRIVATE_H

#include "shell/schema.h"

/* Tables may nest, but never refer to themselves; deeper than this is taken for a mistake. */
#define SCHEMA_DEPTH_MAX 24

/* A scalar in its base unit: integers in `whole`, distances, speeds, numbers and rates (per day) in
 * `number`. */
struct schema_scalar {
    int64_t whole;
    double number;
};

/* "a duration such as ...", for messages. */
const char *schema_type_expected(enum schema_type type);
/* "duration", for help. */
const char *schema_type_name(enum schema_type type);
bool schema_type_is_law(enum schema_type type);
bool schema_type_is_list(enum schema_type type); /* has items */
bool schema_type_has_bounds(enum schema_type type);

/* Parses a scalar of any type but law, enum, text and the collections. */
gboolean schema_scalar_parse(enum schema_type type, const char *text, int64_t time_unit_us,
                             struct schema_scalar *ret_scalar, GError **ret_error);
/* Whether a parsed scalar keeps the key's bounds; else the error says what they are. */
gboolean schema_scalar_in_bounds(const struct schema_key *key, enum schema_type type,
                                 const char *text, struct schema_scalar scalar,
                                 int64_t time_unit_us, GError **ret_error);
/* "1 to 10", "above 0", or NULL when there are no bounds. Caller frees with g_free(). */
char *schema_bounds_text(const struct schema_key *key, enum schema_type type);

/* Name `i` of an enum, NULL past the last. */
const char *schema_enum_name(const struct schema_key *key, uint32_t i);
/* All names, NULL-terminated. Caller frees the array with g_free(). */
const char **schema_enum_names(const struct schema_key *key);

/* Key of a table by name, or NULL. */
const struct schema_key *schema_table_find(const struct schema_key *table, const char *name);
/* Key of a mapping by name: its own, those of the chosen variant, then those of any variant. */
const struct schema_key *schema_mapping_find(struct schema_value mapping, const char *name);
/* The chosen variant's name, or NULL. Borrowed. */
const char *schema_mapping_variant(struct schema_value mapping);
/* Type of a list's items, and the key that describes them. */
const struct schema_key *schema_item_key(const struct schema_key *key, enum schema_type list_type,
                                         enum schema_type *ret_type);

#endif
