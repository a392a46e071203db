/* Checking a tree against its table.
 *
 * One walk, every finding into one list, nothing stops at the first. Each message says where
 * (position and dotted path), what was expected and what was found; an unknown key or name gets the
 * nearest valid one. The walk follows the tree, not the table, since the tree is what the user
 * wrote and findings come in the order of the file; missing keys are reported at the mapping that
 * lacks them.
 *
 * Keys of variants that aren't chosen are accepted and checked (see schema.h). Refusing them would
 * make `--vary routing=nearest,cheapest` impossible as soon as one of the two has a parameter.
 */
#include "shell/law_text.h"
#include "shell/schema_private.h"
#include "shell/spelling.h"

#include <string.h>

struct schema_checker {
    GPtrArray *list;
    GString *path;
};

static void schema_check_value(struct schema_checker *c, struct schema_value value,
                               bool is_listed_name);

static void schema_check_say(struct schema_checker *c, struct text_position at, const char *format,
                             ...) G_GNUC_PRINTF(3, 4);

static void schema_check_say(struct schema_checker *c, struct text_position at, const char *format,
                             ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    diagnostic_add(c->list, at, "%s%s%s", c->path->str, c->path->len > 0 ? ": " : "", text);
}

/* Appends a step to the path; returns the length to go back to. */
static size_t schema_check_enter(struct schema_checker *c, const char *step)
{
    size_t length = c->path->len;
    if (length > 0)
        g_string_append_c(c->path, '.');
    g_string_append(c->path, step);
    return length;
}

static void schema_check_expected(struct schema_checker *c, const Node *node, enum schema_type type)
{
    if (node_is_empty(node))
        schema_check_say(c, node_position(node), "no value given, expected %s",
                         schema_type_expected(type));
    else if (node_kind(node) == NODE_SCALAR) {
        g_autofree char *found = node_to_text(node, 40);
        schema_check_say(c, node_position(node), "expected %s, found '%s'",
                         schema_type_expected(type), found);
    } else
        schema_check_say(c, node_position(node), "expected %s, found %s",
                         schema_type_expected(type), node_kind_name(node));
}

static void schema_check_scalar(struct schema_checker *c, struct schema_value value)
{
    const Node *node = value.node;
    struct schema_scalar scalar = {0};
    g_autoptr(GError) error = NULL;

    if (node_kind(node) != NODE_SCALAR || node_is_empty(node)) {
        schema_check_expected(c, node, value.type);
        return;
    }
    if (value.type == SCHEMA_TEXT)
        return;
    if (value.type == SCHEMA_PATH) {
        if (*node_text(node) == '\0')
            schema_check_expected(c, node, value.type);
        return;
    }
    if (!schema_scalar_parse(value.type, node_text(node), value.time_unit_us, &scalar, &error) ||
        !schema_scalar_in_bounds(value.key, value.type, node_text(node), scalar, value.time_unit_us,
                                 &error))
        schema_check_say(c, node_position(node), "%s", error->message);
}

static void schema_check_enum(struct schema_checker *c, struct schema_value value)
{
    const Node *node = value.node;
    if (node_kind(node) != NODE_SCALAR || node_is_empty(node)) {
        schema_check_expected(c, node, value.type);
        return;
    }

    g_autofree const char **names = schema_enum_names(value.key);
    if (g_strv_contains(names, node_text(node)))
        return;
    g_autofree char *hint = spelling_hint(node_text(node), names);
    schema_check_say(c, node_position(node), "unknown %s '%s'%s", value.key->name, node_text(node),
                     hint);
}

static void schema_check_law(struct schema_checker *c, struct schema_value value)
{
    struct text_position at;
    omo_law law;
    g_autoptr(GError) error = NULL;
    enum law_text_flavour flavour = value.type == SCHEMA_TIME_LAW ? LAW_TEXT_TIME : LAW_TEXT_COUNT;

    if (node_is_empty(value.node))
        schema_check_expected(c, value.node, value.type);
    else if (!law_text_read(value.node, flavour, value.time_unit_us, &law, &at, &error))
        schema_check_say(c, at, "%s", error->message);
}

static void schema_names_add(GPtrArray *names, const struct schema_key *table)
{
    for (; table != NULL && table->name != NULL; table++)
        g_ptr_array_add(names, (gpointer)table->name);
}

static void schema_check_unknown_key(struct schema_checker *c, struct schema_value mapping,
                                     uint32_t i)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    const char *chosen = schema_mapping_variant(mapping);

    schema_names_add(names, mapping.key->child);
    if (chosen != NULL) {
        const struct schema_key *selector =
            schema_table_find(mapping.key->child, mapping.key->variant);
        g_autofree const char **variants = schema_enum_names(selector);
        if (g_strv_contains(variants, chosen))
            schema_names_add(names, mapping.key->variant_keys(chosen));
    }
    g_ptr_array_add(names, NULL);
    const char *key = node_key(mapping.node, i);
    g_autofree char *hint = spelling_hint(key, (const char *const *)names->pdata);
    schema_check_say(c, node_key_position(mapping.node, i), "unknown key '%s'%s", key, hint);
}

static void schema_check_required(struct schema_checker *c, struct schema_value mapping,
                                  const struct schema_key *table)
{
    for (; table != NULL && table->name != NULL; table++)
        if (table->required && !schema_has(mapping, table->name))
            schema_check_say(c, node_position(mapping.node), "missing key '%s', expected %s",
                             table->name, schema_type_expected(table->type));
}

static void schema_check_mapping(struct schema_checker *c, struct schema_value value,
                                 bool is_listed_name)
{
    const Node *node = value.node;
    const char *shorthand = value.key->shorthand;

    if (node_kind(node) == NODE_SEQUENCE || node_is_empty(node) ||
        (node_kind(node) == NODE_SCALAR && shorthand == NULL)) {
        schema_check_expected(c, node, value.type);
        return;
    }
    if (node_kind(node) == NODE_SCALAR)
        schema_check_value(c, schema_get(value, shorthand), false);
    for (uint32_t i = 0; i < node_count(node); i++) {
        const char *name = node_key(node, i);
        const struct schema_key *key = schema_mapping_find(value, name);
        if (key == NULL && is_listed_name && strcmp(name, "id") == 0)
            continue;
        if (key == NULL) {
            schema_check_unknown_key(c, value, i);
            continue;
        }
        size_t length = schema_check_enter(c, name);
        schema_check_value(c, schema_get(value, name), false);
        g_string_truncate(c->path, length);
    }

    schema_check_required(c, value, value.key->child);
    const char *chosen = schema_mapping_variant(value);
    if (chosen != NULL) {
        const struct schema_key *selector = schema_table_find(value.key->child, value.key->variant);
        g_autofree const char **variants = schema_enum_names(selector);
        if (g_strv_contains(variants, chosen))
            schema_check_required(c, value, value.key->variant_keys(chosen));
    }
}

/* Items of a sequence that stand for named ones must have names, each its own. */
static void schema_check_names(struct schema_checker *c, struct schema_value list)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (uint32_t i = 0; i < schema_count(list); i++) {
        const char *name = schema_item_name(list, i);
        struct text_position at = schema_item_name_position(list, i);
        gpointer first;
        if (name == NULL || *name == '\0') {
            schema_check_say(c, at, "missing key 'id', expected a name");
        } else if (g_hash_table_lookup_extended(seen, name, NULL, &first)) {
            g_autofree char *where =
                diagnostic_position_text(schema_item_name_position(list, GPOINTER_TO_UINT(first)));
            schema_check_say(c, at, "the name '%s' stands here twice, first at %s", name, where);
        } else {
            g_hash_table_insert(seen, (gpointer)name, GUINT_TO_POINTER(i));
        }
    }
}

static void schema_check_list(struct schema_checker *c, struct schema_value list)
{
    const Node *node = list.node;
    bool sequence = node_kind(node) == NODE_SEQUENCE;
    bool named = !sequence && list.type != SCHEMA_LIST;
    bool fits = list.type == SCHEMA_LIST    ? sequence || list.key->single
                : list.type == SCHEMA_NAMED ? node_kind(node) == NODE_MAPPING
                                            : node_kind(node) != NODE_SCALAR;

    if (!fits || node_is_empty(node)) {
        schema_check_expected(c, node, list.type);
        return;
    }
    uint32_t count = schema_count(list);
    if (count < list.key->count_min)
        schema_check_say(c, node_position(node), "expected at least %u item%s, found %u",
                         list.key->count_min, list.key->count_min == 1 ? "" : "s", count);
    if (list.key->count_max > 0 && count > list.key->count_max)
        schema_check_say(c, node_position(node), "expected at most %u item%s, found %u",
                         list.key->count_max, list.key->count_max == 1 ? "" : "s", count);
    if (sequence && list.type == SCHEMA_NAMED_OR_LIST)
        schema_check_names(c, list);
    for (uint32_t i = 0; i < count; i++) {
        size_t length = c->path->len;
        if (named)
            schema_check_enter(c, node_key(node, i));
        else if (sequence)
            g_string_append_printf(c->path, "[%u]", i);
        schema_check_value(c, schema_item(list, i), sequence && list.type == SCHEMA_NAMED_OR_LIST);
        g_string_truncate(c->path, length);
    }
}

/* `is_listed_name`: the value is an item of a list and carries its name as `id`. */
static void schema_check_value(struct schema_checker *c, struct schema_value value,
                               bool is_listed_name)
{
    if (value.node == NULL || c->list->len > DIAGNOSTIC_COUNT_MAX)
        return;
    switch (value.type) {
    case SCHEMA_ANY:
        return;
    case SCHEMA_ENUM:
        schema_check_enum(c, value);
        return;
    case SCHEMA_TIME_LAW:
    case SCHEMA_COUNT_LAW:
        schema_check_law(c, value);
        return;
    case SCHEMA_MAPPING_OR_LIST:
        if (node_kind(value.node) == NODE_SEQUENCE)
            schema_check_list(c, value);
        else
            schema_check_mapping(c, value, is_listed_name);
        return;
    case SCHEMA_MAPPING:
        schema_check_mapping(c, value, is_listed_name);
        return;
    case SCHEMA_LIST:
    case SCHEMA_NAMED:
    case SCHEMA_NAMED_OR_LIST:
        schema_check_list(c, value);
        return;
    default:
        schema_check_scalar(c, value);
    }
}

gboolean schema_check(struct schema_value value, GPtrArray *list)
{
    struct schema_checker c = {.list = list, .path = g_string_new(NULL)};
    guint before = list->len;

    schema_check_value(&c, value, false);
    g_string_free(c.path, TRUE);
    return list->len == before && before <= DIAGNOSTIC_COUNT_MAX;
}
