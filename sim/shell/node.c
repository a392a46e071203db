/* The tree itself: making, looking, copying, writing.
 *
 * A mapping is an array of entries in file order, because order is meaning here (places get their
 * index from it) and because most mappings have five keys. Past sixteen keys a hash table stands
 * beside the array, so that a table of a hundred thousand named places isn't searched
 * quadratically. It is built when keys are put, never when they are looked up: a finished tree may
 * be read by many threads.
 *
 * Texts are counted references (GRefString): a copy of a tree shares them, which keeps anchors and
 * named points cheap. Nodes themselves are never shared, since --set changes them in place.
 *
 * Recursion is bounded by the depth the reader admits.
 */
#include "shell/node_private.h"

#include <string.h>

#define NODE_INDEX_COUNT 16

static Node *node_new(enum node_kind kind, struct text_position at)
{
    Node *node = g_new0(Node, 1);
    node->kind = kind;
    node->at = at;
    return node;
}

Node *node_new_scalar(const char *text, struct text_position at)
{
    Node *node = node_new(NODE_SCALAR, at);
    node->text = g_ref_string_new(text);
    return node;
}

static void node_entry_clear(gpointer data)
{
    struct node_entry *entry = data;
    g_ref_string_release(entry->key);
    node_free(entry->value);
}

Node *node_new_mapping(struct text_position at)
{
    Node *node = node_new(NODE_MAPPING, at);
    node->entries = g_array_new(FALSE, FALSE, sizeof(struct node_entry));
    g_array_set_clear_func(node->entries, node_entry_clear);
    return node;
}

Node *node_new_sequence(struct text_position at)
{
    Node *node = node_new(NODE_SEQUENCE, at);
    node->items = g_ptr_array_new_with_free_func((GDestroyNotify)node_free);
    return node;
}

void node_free(Node *node)
{
    if (node == NULL)
        return;
    g_clear_pointer(&node->index, g_hash_table_unref);
    g_clear_pointer(&node->text, g_ref_string_release);
    g_clear_pointer(&node->entries, g_array_unref);
    g_clear_pointer(&node->items, g_ptr_array_unref);
    g_free(node);
}

enum node_kind node_kind(const Node *node) { return node->kind; }

const char *node_kind_name(const Node *node)
{
    static const char *const names[] = {"a text", "a mapping", "a list"};
    return names[node->kind];
}

struct text_position node_position(const Node *node) { return node->at; }

struct text_position node_text_position(const Node *node, size_t offset)
{
    struct text_position at = node->at;
    if (node->kind != NODE_SCALAR || node->folded || offset > strlen(node->text))
        return at;
    at.column += (node->quoted ? 1 : 0) + (uint32_t)g_utf8_strlen(node->text, (gssize)offset);
    return at;
}

const char *node_text(const Node *node) { return node->kind == NODE_SCALAR ? node->text : NULL; }

gboolean node_is_empty(const Node *node)
{
    return node->kind == NODE_SCALAR && !node->quoted && *node->text == '\0';
}

gboolean node_is_null(const Node *node)
{
    return node->kind == NODE_SCALAR && !node->quoted &&
           (strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

uint32_t node_count(const Node *node)
{
    if (node->kind == NODE_MAPPING)
        return node->entries->len;
    return node->kind == NODE_SEQUENCE ? node->items->len : 0;
}

static struct node_entry *node_entry_at(const Node *node, uint32_t i)
{
    g_assert(node->kind == NODE_MAPPING && i < node->entries->len);
    return &g_array_index(node->entries, struct node_entry, i);
}

Node *node_child(const Node *node, uint32_t i)
{
    g_assert(i < node_count(node));
    return node->kind == NODE_MAPPING ? node_entry_at(node, i)->value
                                      : g_ptr_array_index(node->items, i);
}

const char *node_key(const Node *node, uint32_t i) { return node_entry_at(node, i)->key; }

struct text_position node_key_position(const Node *node, uint32_t i)
{
    return node_entry_at(node, i)->key_at;
}

int64_t node_find(const Node *node, const char *key)
{
    if (node->kind != NODE_MAPPING)
        return -1;
    if (node->index != NULL)
        return (int64_t)GPOINTER_TO_UINT(g_hash_table_lookup(node->index, key)) - 1;
    for (uint32_t i = 0; i < node->entries->len; i++)
        if (strcmp(node_entry_at(node, i)->key, key) == 0)
            return i;
    return -1;
}

Node *node_get(const Node *node, const char *key)
{
    int64_t i = node_find(node, key);
    return i < 0 ? NULL : node_entry_at(node, (uint32_t)i)->value;
}

static void node_index_add(Node *mapping, uint32_t i)
{
    g_hash_table_insert(mapping->index, node_entry_at(mapping, i)->key, GUINT_TO_POINTER(i + 1));
}

static void node_index_build(Node *mapping)
{
    g_clear_pointer(&mapping->index, g_hash_table_unref);
    if (mapping->entries->len < NODE_INDEX_COUNT)
        return;
    mapping->index = g_hash_table_new(g_str_hash, g_str_equal);
    for (uint32_t i = 0; i < mapping->entries->len; i++)
        node_index_add(mapping, i);
}

void node_put(Node *mapping, const char *key, struct text_position key_at, Node *value)
{
    int64_t found = node_find(mapping, key);

    g_assert(mapping->kind == NODE_MAPPING && value != NULL);
    if (found >= 0) {
        struct node_entry *entry = node_entry_at(mapping, (uint32_t)found);
        node_free(entry->value);
        entry->value = value;
        entry->key_at = key_at;
        return;
    }

    struct node_entry entry = {
        .key = g_ref_string_new(key),
        .key_at = key_at,
        .value = value,
    };
    g_array_append_val(mapping->entries, entry);
    if (mapping->index != NULL)
        node_index_add(mapping, mapping->entries->len - 1);
    else
        node_index_build(mapping);
}

void node_append(Node *sequence, Node *item)
{
    g_assert(sequence->kind == NODE_SEQUENCE && item != NULL);
    g_ptr_array_add(sequence->items, item);
}

gboolean node_remove(Node *mapping, const char *key)
{
    int64_t found = node_find(mapping, key);
    if (found < 0)
        return FALSE;
    g_clear_pointer(&mapping->index, g_hash_table_unref);
    g_array_remove_index(mapping->entries, (guint)found);
    node_index_build(mapping);
    return TRUE;
}

Node *node_copy(const Node *node)
{
    Node *copy;

    switch (node->kind) {
    case NODE_MAPPING:
        copy = node_new_mapping(node->at);
        for (uint32_t i = 0; i < node->entries->len; i++) {
            const struct node_entry *entry = node_entry_at(node, i);
            struct node_entry twin = {
                .key = g_ref_string_acquire(entry->key),
                .key_at = entry->key_at,
                .value = node_copy(entry->value),
            };
            g_array_append_val(copy->entries, twin);
        }
        node_index_build(copy);
        return copy;
    case NODE_SEQUENCE:
        copy = node_new_sequence(node->at);
        for (uint32_t i = 0; i < node->items->len; i++)
            node_append(copy, node_copy(g_ptr_array_index(node->items, i)));
        return copy;
    case NODE_SCALAR:
    default:
        copy = node_new(NODE_SCALAR, node->at);
        copy->text = g_ref_string_acquire(node->text);
        copy->quoted = node->quoted;
        copy->folded = node->folded;
        return copy;
    }
}

/* A scalar that a flow collection may hold without quotes. */
static gboolean node_text_is_plain(const char *text)
{
    return *text != '\0' && strpbrk(text, ",[]{}\"'\n\t") == NULL && strstr(text, ": ") == NULL &&
           strstr(text, " #") == NULL && *text != ' ' && text[strlen(text) - 1] != ' ';
}

static void node_append_quoted(GString *text, const char *scalar)
{
    g_string_append_c(text, '"');
    for (const char *c = scalar; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            g_string_append_c(text, '\\');
        if (*c == '\n')
            g_string_append(text, "\\n");
        else if ((guchar)*c < 0x20 || *c == 0x7f)
            g_string_append_printf(text, "\\x%02x", (guchar)*c);
        else
            g_string_append_c(text, *c);
    }
    g_string_append_c(text, '"');
}

static void node_append_scalar(GString *text, const Node *node, gboolean canonical)
{
    if (node_is_null(node))
        g_string_append_c(text, '~');
    else if (node_is_empty(node))
        g_string_append(text, canonical ? "-" : "");
    else if (!canonical && node_text_is_plain(node->text))
        g_string_append(text, node->text);
    else
        node_append_quoted(text, node->text);
}

/* Appends the flow form; stops growing once past `length_max` bytes. */
static void node_append_text(GString *text, const Node *node, gboolean canonical, size_t length_max)
{
    if (node->kind == NODE_SCALAR) {
        node_append_scalar(text, node, canonical);
        return;
    }

    gboolean mapping = node->kind == NODE_MAPPING;
    g_string_append_c(text, mapping ? '{' : '[');
    for (uint32_t i = 0; i < node_count(node) && text->len <= length_max; i++) {
        if (i > 0)
            g_string_append(text, canonical ? "," : ", ");
        if (mapping && !canonical && node_text_is_plain(node_key(node, i)))
            g_string_append(text, node_key(node, i));
        else if (mapping)
            node_append_quoted(text, node_key(node, i));
        if (mapping)
            g_string_append(text, canonical ? ":" : ": ");
        node_append_text(text, node_child(node, i), canonical, length_max);
    }
    g_string_append_c(text, mapping ? '}' : ']');
}

char *node_to_text(const Node *node, size_t length_max)
{
    GString *text = g_string_new(NULL);

    node_append_text(text, node, FALSE, 4 * length_max);
    if ((size_t)g_utf8_strlen(text->str, (gssize)text->len) > length_max) {
        const char *end = g_utf8_offset_to_pointer(text->str, (glong)length_max);
        g_string_truncate(text, (gsize)(end - text->str));
        g_string_append(text, "...");
    }
    return g_string_free(text, FALSE);
}

char *node_to_canonical(const Node *node)
{
    GString *text = g_string_new(NULL);
    node_append_text(text, node, TRUE, SIZE_MAX);
    return g_string_free(text, FALSE);
}
