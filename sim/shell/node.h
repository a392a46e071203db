/* A YAML file as a tree that remembers where each key and value stood.
 *
 * A node is a scalar (text as written, unquoted), a mapping (ordered, keys unique) or a sequence.
 * Nothing is typed here: `12` and `"12"` are both the text 12; the schema decides. One owner per
 * tree: free the root and all is gone; a child is borrowed. A tree belongs to one thread at a time
 * while it changes; many may read it.
 *
 * The usual path of a scenario file:
 *
 *     g_autoptr(Node) root = node_read_file(path, shorthands, &error);    with includes
 *     node_merge(root, point_overlay, shorthands);                   the named point
 *     node_set_argument(root, "routing.policy=cheapest", shorthands, &error);     --set
 *
 * Errors are BAD_INPUT and begin with file:line:column. Limits: a file 64 MiB, depth 64, includes
 * 16 deep and 256 in all, aliases may add 200,000 nodes.
 */
#ifndef SHELL_NODE_H
#define SHELL_NODE_H

#include "shell/diagnostic.h"

#define NODE_FILE_SIZE_MAX ((int64_t)64 << 20)
#define NODE_DEPTH_MAX 64
#define NODE_INCLUDE_DEPTH_MAX 16
#define NODE_INCLUDE_COUNT_MAX 256
#define NODE_ALIAS_COUNT_MAX 200000

enum node_kind { NODE_SCALAR, NODE_MAPPING, NODE_SEQUENCE };

typedef struct node Node;

/* Blocks where a scalar stands for one key of a mapping: {"routing", "policy"} makes `routing:
 * cheapest`, merged or set onto `routing: {policy: nearest, radius: 3km}`, change the policy and
 * keep the rest; and makes `routing: nearest` grow into a mapping when something is set below it.
 * `path` is dotted from the root, a step `*` fits any. The array ends with a NULL path; NULL
 * instead of an array means none. */
struct node_shorthand {
    const char *path;
    const char *key;
};

/* --- Reading --- */

/* Reads a file and the files it includes (`include: FILE` or a list of them at the top: read first,
 * relative to this file, this file's values merged over them). The top must be a mapping; its
 * `include` key is gone afterwards. Returns a tree (caller frees with node_free()), or NULL:
 * CANNOT_RUN is never used, an unreadable file is bad input too. */
Node *node_read_file(const char *path, const struct node_shorthand *shorthands, GError **ret_error);
/* The same from memory, without includes; `name` stands for the file in positions. The top may be
 * of any kind. */
Node *node_read_text(const char *text, size_t size, const char *name, GError **ret_error);

void node_free(Node *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Node, node_free)

/* --- Looking --- */

enum node_kind node_kind(const Node *node);
/* "a text", "a mapping", "a list": for messages. */
const char *node_kind_name(const Node *node);
/* Where the value begins. */
struct text_position node_position(const Node *node);
/* Where byte `offset` of a scalar's text stands (exact for plain and simple quoted scalars on one
 * line). */
struct text_position node_text_position(const Node *node, size_t offset);

/* Text of a scalar (never NULL); NULL for the others. Borrowed. */
const char *node_text(const Node *node);
/* The value was left out (`key:`), or is an unquoted ~ or null. */
gboolean node_is_empty(const Node *node);
gboolean node_is_null(const Node *node);

/* Number of entries of a mapping or items of a sequence; 0 for a scalar. */
uint32_t node_count(const Node *node);
/* Entry or item `i` < node_count(). Borrowed. */
Node *node_child(const Node *node, uint32_t i);
/* Key of entry `i` of a mapping, and where it stands. Borrowed. */
const char *node_key(const Node *node, uint32_t i);
struct text_position node_key_position(const Node *node, uint32_t i);
/* Value of a key, or NULL when it isn't there or `node` is no mapping. Borrowed. */
Node *node_get(const Node *node, const char *key);
/* Index of a key in its mapping, or -1. */
int64_t node_find(const Node *node, const char *key);

/* --- Making and changing --- */

Node *node_new_scalar(const char *text, struct text_position at);
Node *node_new_mapping(struct text_position at);
Node *node_new_sequence(struct text_position at);
/* Appends, or replaces a key's value (which keeps its place). Takes `value`. */
void node_put(Node *mapping, const char *key, struct text_position key_at, Node *value);
void node_append(Node *sequence, Node *item);
/* Takes a key out of a mapping and frees its value; FALSE when it wasn't there. */
gboolean node_remove(Node *mapping, const char *key);
/* Deep copy, positions included (caller frees with node_free()). */
Node *node_copy(const Node *node);

/* Merges `overlay` over `base`, both mappings: mappings merge key by key, scalars and sequences
 * replace, shorthands apply. What comes from the overlay keeps its own position. Copies: the
 * overlay stays the caller's. */
void node_merge(Node *base, const Node *overlay, const struct node_shorthand *shorthands);

/* Sets the value at a dotted path. `value` is YAML (`cheapest`, `[a, b]`, `{x: 1}`, `"quoted"`). A
 * step is a key of a mapping, the number of an item from 0, or the `id` or `name` of an item; in
 * double quotes it may hold dots. Missing keys are made (the schema complains about those it
 * doesn't know), missing items are errors. Positions are those in the argument "path=value": file
 * "--set", line 1. */
gboolean node_set(Node *root, const char *path, const char *value,
                  const struct node_shorthand *shorthands, GError **ret_error);
/* The same for a whole `path=value`. A missing `=` or path is BAD_USAGE. */
gboolean node_set_argument(Node *root, const char *argument,
                           const struct node_shorthand *shorthands, GError **ret_error);

/* --- Writing --- */

/* One line for messages, `{a: 1, b: [x, y]}`, cut to about `length_max` characters. Caller frees
 * with g_free(). */
char *node_to_text(const Node *node, size_t length_max);
/* The whole tree as canonical text for hashing: every scalar quoted, keys in their order, no
 * positions. Trees that differ in layout, comments, includes or anchors only have the same text.
 * Caller frees with g_free(). */
char *node_to_canonical(const Node *node);

#endif
