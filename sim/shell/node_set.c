/* Changing a tree: overlays and single values.
 *
 * Both follow one rule for what a new value does to an old one, in node_merge_entry():
 *
 *   mapping over mapping   merge key by key
 *   text over mapping      in a shorthand block: sets the block's key, the rest stays
 *   mapping over text      in a shorthand block: the text becomes the block's key, then merge
 *   anything else          replaces
 *
 * except that a mapping given to --set replaces, since it is written out whole on one line. A null
 * (`~`) replaces too: that is how an overlay takes a block away.
 *
 * A path is split by hand rather than with g_strsplit(), because steps may be quoted and each
 * remembers its column for messages. Paths have a few steps; the linear search for a list's element
 * by id runs once per --set.
 */
#include "shell/node_private.h"
#include "shell/spelling.h"

#include <string.h>

#define NODE_SET_FILE "--set"

const char *node_shorthand_key(const struct node_shorthand *shorthands, const char *const *steps,
                               uint32_t step_count)
{
    for (; shorthands != NULL && shorthands->path != NULL; shorthands++) {
        const char *pattern = shorthands->path;
        uint32_t i = 0;
        for (; i < step_count && *pattern != '\0'; i++) {
            size_t length = strcspn(pattern, ".");
            bool any = length == 1 && *pattern == '*';
            if (!any && (strlen(steps[i]) != length || memcmp(steps[i], pattern, length) != 0))
                break;
            pattern += length;
            if (*pattern == '.')
                pattern++;
        }
        if (i == step_count && *pattern == '\0')
            return shorthands->key;
    }
    return NULL;
}

Node *node_lift(Node *mapping, const char *key, const char *shorthand)
{
    uint32_t i = (uint32_t)node_find(mapping, key);
    const Node *scalar = node_child(mapping, i);
    Node *lifted = node_new_mapping(scalar->at);

    node_put(lifted, shorthand, scalar->at, node_copy(scalar));
    node_put(mapping, key, node_key_position(mapping, i), lifted);
    return lifted;
}

/* Merges entry by entry; `steps` has room for NODE_PATH_MAX and holds the path of `base`. */
static void node_merge_below(Node *base, const Node *overlay,
                             const struct node_shorthand *shorthands, const char **steps,
                             uint32_t step_count)
{
    for (uint32_t i = 0; i < node_count(overlay); i++)
        node_merge_entry(base, node_key(overlay, i), node_key_position(overlay, i),
                         node_child(overlay, i), shorthands, steps, step_count);
}

static bool node_is_value(const Node *node)
{
    return node->kind == NODE_SCALAR && !node_is_null(node) && !node_is_empty(node);
}

void node_merge_entry(Node *mapping, const char *key, struct text_position key_at,
                      const Node *value, const struct node_shorthand *shorthands,
                      const char **steps, uint32_t step_count)
{
    Node *existing = node_get(mapping, key);
    bool merges = false;

    g_assert(step_count < NODE_PATH_MAX);
    steps[step_count] = key;
    const char *shorthand = node_shorthand_key(shorthands, steps, step_count + 1);
    if (existing != NULL && value->kind == NODE_MAPPING) {
        if (shorthand != NULL && node_is_value(existing))
            existing = node_lift(mapping, key, shorthand);
        merges = existing->kind == NODE_MAPPING;
    }

    if (merges)
        node_merge_below(existing, value, shorthands, steps, step_count + 1);
    else if (existing != NULL && shorthand != NULL && existing->kind == NODE_MAPPING &&
             node_is_value(value))
        node_put(existing, shorthand, value->at, node_copy(value));
    else
        node_put(mapping, key, key_at, node_copy(value));
}

void node_merge(Node *base, const Node *overlay, const struct node_shorthand *shorthands)
{
    const char *steps[NODE_PATH_MAX];

    g_assert(base->kind == NODE_MAPPING && overlay->kind == NODE_MAPPING);
    node_merge_below(base, overlay, shorthands, steps, 0);
}

struct node_path {
    char *steps[NODE_DEPTH_MAX];
    uint32_t columns[NODE_DEPTH_MAX]; /* from 1 */
    uint32_t count;
};

static void node_path_clear(struct node_path *path)
{
    for (uint32_t i = 0; i < path->count; i++)
        g_free(path->steps[i]);
    path->count = 0;
}

static struct text_position node_set_at(uint32_t column)
{
    return diagnostic_at(NODE_SET_FILE, 1, column);
}

/* Splits "a.b."c.d".0". */
static gboolean node_path_split(const char *text, struct node_path *path, GError **ret_error)
{
    const char *at = text;

    path->count = 0;
    for (;;) {
        uint32_t column = (uint32_t)g_utf8_strlen(text, (gssize)(at - text)) + 1;
        bool quoted = *at == '"';
        size_t length = strcspn(at + quoted, quoted ? "\"" : ".");
        const char *end = at + quoted + length;
        if (quoted && (*end != '"' || (end[1] != '.' && end[1] != '\0'))) {
            diagnostic_bad_input(ret_error, node_set_at(column), "path '%s': quote without an end",
                                 text);
            return FALSE;
        }
        if (length == 0) {
            diagnostic_bad_input(ret_error, node_set_at(column), "path '%s': a step is empty",
                                 text);
            return FALSE;
        }
        if (path->count == NODE_DEPTH_MAX) {
            diagnostic_bad_input(ret_error, node_set_at(column), "a path has at most %d steps",
                                 NODE_DEPTH_MAX);
            return FALSE;
        }
        path->steps[path->count] = g_strndup(at + quoted, length);
        path->columns[path->count++] = column;
        at = end + quoted;
        if (*at == '\0')
            return TRUE;
        at++;
    }
}

static const char *node_item_id(const Node *item)
{
    const Node *id = node_get(item, "id");
    if (id == NULL)
        id = node_get(item, "name");
    return id == NULL ? NULL : node_text(id);
}

/* Index of the item that a step names in a sequence. */
static gboolean node_set_item(const Node *sequence, const struct node_path *path, uint32_t step,
                              uint32_t *ret_item, GError **ret_error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    const char *text = path->steps[step];

    for (uint32_t i = 0; i < node_count(sequence); i++) {
        const char *id = node_item_id(node_child(sequence, i));
        if (id != NULL && strcmp(id, text) == 0) {
            *ret_item = i;
            return TRUE;
        }
        if (id != NULL)
            g_ptr_array_add(ids, (gpointer)id);
    }
    guint64 number;
    if (g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT32, &number, NULL) &&
        number < node_count(sequence)) {
        *ret_item = (uint32_t)number;
        return TRUE;
    }
    g_ptr_array_add(ids, NULL);
    g_autofree char *hint = spelling_hint(text, (const char *const *)ids->pdata);
    diagnostic_bad_input(ret_error, node_set_at(path->columns[step]),
                         "no item '%s' in a list of %u%s", text, node_count(sequence), hint);
    return FALSE;
}

/* Goes one step down, making what is missing; NULL on failure. */
static Node *node_set_descend(Node *node, const struct node_path *path, uint32_t step,
                              const struct node_shorthand *shorthands, GError **ret_error)
{
    const char *text = path->steps[step];
    struct text_position at = node_set_at(path->columns[step]);

    if (node->kind == NODE_SEQUENCE) {
        uint32_t item;
        if (!node_set_item(node, path, step, &item, ret_error))
            return NULL;
        return node_child(node, item);
    }

    Node *child = node_get(node, text);
    if (child != NULL && node_is_value(child)) {
        const char *shorthand =
            node_shorthand_key(shorthands, (const char *const *)path->steps, step + 1);
        if (shorthand != NULL)
            return node_lift(node, text, shorthand);
    } else if (child == NULL || child->kind == NODE_SCALAR) {
        child = node_new_mapping(at);
        node_put(node, text, at, child);
    }
    return child;
}

/* Sets the last step in its parent. Takes `value`. */
static gboolean node_set_last(Node *parent, const struct node_path *path, Node *value,
                              const struct node_shorthand *shorthands, GError **ret_error)
{
    g_autoptr(Node) owned = value;
    uint32_t step = path->count - 1;
    struct text_position at = node_set_at(path->columns[step]);

    if (parent->kind == NODE_SEQUENCE) {
        uint32_t item;
        if (!node_set_item(parent, path, step, &item, ret_error))
            return FALSE;
        node_free(g_ptr_array_index(parent->items, item));
        g_ptr_array_index(parent->items, item) = g_steal_pointer(&owned);
        return TRUE;
    }
    if (owned->kind == NODE_SCALAR) {
        const char *steps[NODE_PATH_MAX];
        memcpy(steps, path->steps, step * sizeof *steps);
        node_merge_entry(parent, path->steps[step], at, owned, shorthands, steps, step);
        return TRUE;
    }
    node_put(parent, path->steps[step], at, g_steal_pointer(&owned));
    return TRUE;
}

static gboolean node_set_path(Node *root, const struct node_path *path, Node *value,
                              const struct node_shorthand *shorthands, GError **ret_error)
{
    g_autoptr(Node) owned = value;
    Node *node = root;

    for (uint32_t step = 0;; step++) {
        if (node->kind == NODE_SCALAR) {
            g_autofree char *found = node_to_text(node, 40);
            diagnostic_bad_input(ret_error, node_set_at(path->columns[step]),
                                 "cannot set '%s' below '%s', which is the text '%s'",
                                 path->steps[step], step == 0 ? "" : path->steps[step - 1], found);
            return FALSE;
        }
        if (step == path->count - 1)
            return node_set_last(node, path, g_steal_pointer(&owned), shorthands, ret_error);
        node = node_set_descend(node, path, step, shorthands, ret_error);
        if (node == NULL)
            return FALSE;
    }
}

gboolean node_set(Node *root, const char *path, const char *value,
                  const struct node_shorthand *shorthands, GError **ret_error)
{
    struct node_path steps;
    gboolean done = FALSE;

    if (!g_utf8_validate(path, -1, NULL)) {
        diagnostic_bad_input(ret_error, node_set_at(1), "the path is not valid UTF-8");
        return FALSE;
    }
    uint32_t offset = (uint32_t)g_utf8_strlen(path, -1) + 1;
    if (node_path_split(path, &steps, ret_error)) {
        Node *node = node_read_part(value, strlen(value), NODE_SET_FILE, offset, ret_error);
        if (node != NULL && node_is_empty(node))
            diagnostic_bad_input(ret_error, node->at, "no value for '%s' (an empty text is '\"\"')",
                                 path);
        else if (node != NULL)
            done = node_set_path(root, &steps, g_steal_pointer(&node), shorthands, ret_error);
        node_free(node);
    }
    node_path_clear(&steps);
    return done;
}

gboolean node_set_argument(Node *root, const char *argument,
                           const struct node_shorthand *shorthands, GError **ret_error)
{
    const char *equals = argument;

    for (bool quoted = false; *equals != '\0' && (quoted || *equals != '='); equals++)
        quoted ^= *equals == '"';
    if (*equals != '=' || equals == argument) {
        diagnostic_set(ret_error, OMO_SHELL_ERROR_BAD_USAGE, diagnostic_at(NODE_SET_FILE, 0, 0),
                       "expected path=value such as routing.policy=cheapest, found '%s'", argument);
        return FALSE;
    }
    g_autofree char *path = g_strndup(argument, (gsize)(equals - argument));
    return node_set(root, path, equals + 1, shorthands, ret_error);
}
