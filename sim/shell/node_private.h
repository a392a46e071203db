/* Inside of a node, for the node files alone. */
#ifndef SHELL_NODE_PRIVATE_H
#define SHELL_NODE_PRIVATE_H

#include "shell/node.h"

#include <stdbool.h>

struct node_entry {
    char *key; /* GRefString */
    struct text_position key_at;
    Node *value;
};

struct node {
    enum node_kind kind;
    bool quoted; /* scalar: written in quotes or as a block, so never null or empty */
    bool folded; /* scalar: a block or several lines, whose inside has no simple columns */
    struct text_position at;
    char *text;        /* scalar: GRefString, shared between copies */
    GArray *entries;   /* mapping: struct node_entry */
    GHashTable *index; /* mapping: key to entry + 1, once there are many; keys borrowed */
    GPtrArray *items;  /* sequence: Node */
};

/* Reads YAML whose first line begins `column_offset` characters into the line it came from. */
Node *node_read_part(const char *text, size_t size, const char *file, uint32_t column_offset,
                     GError **ret_error);

/* Key that a scalar stands for in the block at the dotted path `steps`, or NULL. */
const char *node_shorthand_key(const struct node_shorthand *shorthands, const char *const *steps,
                               uint32_t step_count);
/* Puts a copy of `value` where `existing` is in `mapping`, by the rules of node_merge(). */
void node_merge_entry(Node *mapping, const char *key, struct text_position key_at,
                      const Node *value, const struct node_shorthand *shorthands,
                      const char **steps, uint32_t step_count);
/* Turns the scalar `key` of `mapping` into a mapping with the scalar below `shorthand`. */
Node *node_lift(Node *mapping, const char *key, const char *shorthand);

/* Longest path below a root: what a file may nest, and as much again that was set into it. */
#define NODE_PATH_MAX (2 * NODE_DEPTH_MAX + 2)

#endif
