/* Walking a checked tree and reading it.
 *
 * A `struct schema_value` is a key of the table and a node of the tree, side by side. Walking moves
 * both together, so a reader always has the type, the default and the position at hand without a
 * lookup by path, and a missing block is a value without a node, below which everything is at its
 * default. Values are parsed when they are read, not kept: a scenario reads each once, and a second
 * representation would have to be kept in step with --set.
 *
 * Reading what the table doesn't know, or with another type, aborts: the table and its reader are
 * one program, and a silent 0 would be a wrong result. The tests call schema_audit() on the tables
 * for the rest.
 */
#include "shell/law_text.h"
#include "shell/schema_private.h"
#include "shell/units.h"

#include <string.h>

struct schema_value schema_root(const struct schema_key *top, const Node *root,
                                int64_t time_unit_us)
{
    return (struct schema_value){
        .key = top,
        .type = top->type,
        .node = root,
        .time_unit_us = time_unit_us,
    };
}

int64_t schema_time_unit_us(const Node *root, const char *key, GPtrArray *list)
{
    const Node *node = node_get(root, key);
    g_autoptr(GError) error = NULL;
    int64_t us = 0;

    if (node == NULL || node_is_null(node))
        return 0;
    if (node_kind(node) != NODE_SCALAR)
        diagnostic_add(list, node_position(node), "%s: expected a unit of time, found %s", key,
                       node_kind_name(node));
    else if (!units_parse_time_unit_us(node_text(node), &us, &error))
        diagnostic_add(list, node_position(node), "%s: %s", key, error->message);
    return us;
}

const struct schema_key *schema_table_find(const struct schema_key *table, const char *name)
{
    for (; table != NULL && table->name != NULL; table++)
        if (strcmp(table->name, name) == 0)
            return table;
    return NULL;
}

/* A value of `mapping`'s key, from its node. */
static struct schema_value schema_value_below(struct schema_value mapping,
                                              const struct schema_key *key)
{
    struct schema_value value = {
        .key = key,
        .type = key->type,
        .time_unit_us = mapping.time_unit_us,
    };
    const Node *node = mapping.node;

    if (node != NULL && node_kind(node) == NODE_SCALAR) {
        const char *shorthand = mapping.key->shorthand;
        if (shorthand != NULL && strcmp(shorthand, key->name) == 0)
            value.node = node;
    } else if (node != NULL) {
        value.node = node_get(node, key->name);
    }
    if (value.node != NULL && node_is_null(value.node))
        value.node = NULL;
    return value;
}

const char *schema_mapping_variant(struct schema_value mapping)
{
    if (mapping.key->variant == NULL)
        return NULL;
    const struct schema_key *key = schema_table_find(mapping.key->child, mapping.key->variant);
    struct schema_value value = schema_value_below(mapping, key);
    return value.node != NULL ? node_text(value.node) : key->fallback;
}

const struct schema_key *schema_mapping_find(struct schema_value mapping, const char *name)
{
    const struct schema_key *found = schema_table_find(mapping.key->child, name);
    if (found != NULL || mapping.key->variant == NULL)
        return found;

    const struct schema_key *selector = schema_table_find(mapping.key->child, mapping.key->variant);
    g_autofree const char **names = schema_enum_names(selector);
    const char *chosen = schema_mapping_variant(mapping);
    if (chosen != NULL && g_strv_contains(names, chosen))
        found = schema_table_find(mapping.key->variant_keys(chosen), name);
    for (uint32_t i = 0; found == NULL && names[i] != NULL; i++)
        found = schema_table_find(mapping.key->variant_keys(names[i]), name);
    return found;
}

struct schema_value schema_get(struct schema_value mapping, const char *name)
{
    g_assert(mapping.type == SCHEMA_MAPPING || mapping.type == SCHEMA_MAPPING_OR_LIST);
    const struct schema_key *key = schema_mapping_find(mapping, name);
    if (key == NULL)
        g_error("schema: '%s' has no key '%s'", mapping.key->name, name);
    return schema_value_below(mapping, key);
}

bool schema_is_present(struct schema_value value) { return value.node != NULL; }

bool schema_has(struct schema_value mapping, const char *name)
{
    return schema_is_present(schema_get(mapping, name));
}

bool schema_is_list(struct schema_value value)
{
    return value.node != NULL && node_kind(value.node) == NODE_SEQUENCE;
}

/* A value that stands alone where a list of such values could. */
static bool schema_is_alone(struct schema_value list)
{
    return node_kind(list.node) != NODE_SEQUENCE &&
           (list.type == SCHEMA_LIST ||
            (list.type == SCHEMA_MAPPING_OR_LIST && list.key->item == NULL));
}

uint32_t schema_count(struct schema_value list)
{
    g_assert(schema_type_is_list(list.type));
    if (list.node == NULL)
        return 0;
    if (schema_is_alone(list))
        return 1;
    bool is_block = list.type == SCHEMA_MAPPING_OR_LIST && !schema_is_list(list);
    return is_block ? 0 : node_count(list.node);
}

const struct schema_key *schema_item_key(const struct schema_key *key, enum schema_type list_type,
                                         enum schema_type *ret_type)
{
    if (key->item != NULL) {
        *ret_type = key->item->type;
        return key->item;
    }
    *ret_type = list_type == SCHEMA_MAPPING_OR_LIST ? SCHEMA_MAPPING : key->of;
    return key;
}

struct schema_value schema_item(struct schema_value list, uint32_t i)
{
    g_assert(i < schema_count(list));
    struct schema_value item = {.time_unit_us = list.time_unit_us};

    item.key = schema_item_key(list.key, list.type, &item.type);
    item.node = schema_is_alone(list) ? list.node : node_child(list.node, i);
    return item;
}

/* The node that names an item of a sequence, or NULL. */
static const Node *schema_item_id(const Node *item)
{
    const Node *id = node_get(item, "id");
    return id != NULL ? id : node_get(item, "name");
}

const char *schema_item_name(struct schema_value list, uint32_t i)
{
    g_assert(i < schema_count(list));
    if (node_kind(list.node) == NODE_MAPPING && !schema_is_alone(list))
        return node_key(list.node, i);
    const Node *id = schema_item_id(schema_item(list, i).node);
    return id == NULL ? NULL : node_text(id);
}

struct text_position schema_item_name_position(struct schema_value list, uint32_t i)
{
    g_assert(i < schema_count(list));
    if (node_kind(list.node) == NODE_MAPPING && !schema_is_alone(list))
        return node_key_position(list.node, i);
    const Node *item = schema_item(list, i).node;
    const Node *id = schema_item_id(item);
    return node_position(id == NULL ? item : id);
}

const Node *schema_node(struct schema_value value) { return value.node; }

struct text_position schema_position(struct schema_value value)
{
    return value.node == NULL ? diagnostic_at(NULL, 0, 0) : node_position(value.node);
}

/* Text of a value or of its default; NULL when there is neither. */
static const char *schema_text(struct schema_value value)
{
    return value.node != NULL ? node_text(value.node) : value.key->fallback;
}

/* A scalar that the check has passed; zeros when absent without a default. */
static struct schema_scalar schema_scalar(struct schema_value value, enum schema_type type)
{
    struct schema_scalar scalar = {0};
    g_autoptr(GError) error = NULL;

    g_assert(value.type == type);
    const char *text = schema_text(value);
    if (text != NULL && !schema_scalar_parse(type, text, value.time_unit_us, &scalar, &error))
        g_error("schema: '%s' is read unchecked: %s", value.key->name, error->message);
    return scalar;
}

bool schema_as_bool(struct schema_value value)
{
    return schema_scalar(value, SCHEMA_BOOL).whole != 0;
}

int64_t schema_as_whole(struct schema_value value)
{
    return schema_scalar(value, SCHEMA_WHOLE).whole;
}

double schema_as_number(struct schema_value value)
{
    return schema_scalar(value, SCHEMA_NUMBER).number;
}

int64_t schema_as_share_ppm(struct schema_value value)
{
    return schema_scalar(value, SCHEMA_SHARE).whole;
}

int64_t schema_as_money_cents(struct schema_value value)
{
    return schema_scalar(value, SCHEMA_MONEY).whole;
}

int64_t schema_as_duration_us(struct schema_value value)
{
    return schema_scalar(value, SCHEMA_DURATION).whole;
}

double schema_as_rate(struct schema_value value, int64_t per_us)
{
    double rate = 0;
    g_autoptr(GError) error = NULL;

    g_assert(value.type == SCHEMA_RATE);
    const char *text = schema_text(value);
    if (text != NULL && !units_parse_rate(text, value.time_unit_us, per_us, &rate, &error))
        g_error("schema: '%s' is read unchecked: %s", value.key->name, error->message);
    return rate;
}

double schema_as_distance_m(struct schema_value value)
{
    return schema_scalar(value, SCHEMA_DISTANCE).number;
}

double schema_as_speed_m_per_s(struct schema_value value)
{
    return schema_scalar(value, SCHEMA_SPEED).number;
}

int64_t schema_as_time_of_day_us(struct schema_value value)
{
    return schema_scalar(value, SCHEMA_TIME_OF_DAY).whole;
}

const char *schema_as_text(struct schema_value value)
{
    g_assert(value.type == SCHEMA_TEXT || value.type == SCHEMA_PATH || value.type == SCHEMA_ENUM);
    return schema_text(value);
}

uint32_t schema_as_enum(struct schema_value value)
{
    g_assert(value.type == SCHEMA_ENUM);
    const char *text = schema_text(value), *name;

    if (text == NULL)
        return UINT32_MAX;
    for (uint32_t i = 0; (name = schema_enum_name(value.key, i)) != NULL; i++)
        if (strcmp(name, text) == 0)
            return i;
    g_error("schema: '%s' is read unchecked: no name '%s'", value.key->name, text);
}

char *schema_as_path(struct schema_value value)
{
    g_assert(value.type == SCHEMA_PATH);
    const char *text = schema_text(value);
    if (text == NULL)
        return NULL;
    if (value.node == NULL || g_path_is_absolute(text) || node_position(value.node).file == NULL)
        return g_strdup(text);
    g_autofree char *directory = g_path_get_dirname(node_position(value.node).file);
    return strcmp(directory, ".") == 0 ? g_strdup(text) : g_build_filename(directory, text, NULL);
}

omo_law schema_as_law(struct schema_value value)
{
    enum law_text_flavour flavour = value.type == SCHEMA_TIME_LAW ? LAW_TEXT_TIME : LAW_TEXT_COUNT;
    omo_law law = {.kind = OMO_LAW_CONSTANT};
    g_autoptr(GError) error = NULL;
    gboolean done = TRUE;

    g_assert(schema_type_is_law(value.type));
    if (value.node != NULL)
        done = law_text_read(value.node, flavour, value.time_unit_us, &law, NULL, &error);
    else if (value.key->fallback != NULL)
        done = law_text_parse(value.key->fallback, flavour, value.time_unit_us, &law, NULL, &error);
    if (!done)
        g_error("schema: '%s' is read unchecked: %s", value.key->name, error->message);
    return law;
}

bool schema_get_bool(struct schema_value mapping, const char *name)
{
    return schema_as_bool(schema_get(mapping, name));
}

int64_t schema_get_whole(struct schema_value mapping, const char *name)
{
    return schema_as_whole(schema_get(mapping, name));
}

double schema_get_number(struct schema_value mapping, const char *name)
{
    return schema_as_number(schema_get(mapping, name));
}

int64_t schema_get_share_ppm(struct schema_value mapping, const char *name)
{
    return schema_as_share_ppm(schema_get(mapping, name));
}

int64_t schema_get_money_cents(struct schema_value mapping, const char *name)
{
    return schema_as_money_cents(schema_get(mapping, name));
}

int64_t schema_get_duration_us(struct schema_value mapping, const char *name)
{
    return schema_as_duration_us(schema_get(mapping, name));
}

double schema_get_rate(struct schema_value mapping, const char *name, int64_t per_us)
{
    return schema_as_rate(schema_get(mapping, name), per_us);
}

double schema_get_distance_m(struct schema_value mapping, const char *name)
{
    return schema_as_distance_m(schema_get(mapping, name));
}

double schema_get_speed_m_per_s(struct schema_value mapping, const char *name)
{
    return schema_as_speed_m_per_s(schema_get(mapping, name));
}

int64_t schema_get_time_of_day_us(struct schema_value mapping, const char *name)
{
    return schema_as_time_of_day_us(schema_get(mapping, name));
}

const char *schema_get_text(struct schema_value mapping, const char *name)
{
    return schema_as_text(schema_get(mapping, name));
}

uint32_t schema_get_enum(struct schema_value mapping, const char *name)
{
    return schema_as_enum(schema_get(mapping, name));
}

char *schema_get_path(struct schema_value mapping, const char *name)
{
    return schema_as_path(schema_get(mapping, name));
}

omo_law schema_get_law(struct schema_value mapping, const char *name)
{
    return schema_as_law(schema_get(mapping, name));
}
