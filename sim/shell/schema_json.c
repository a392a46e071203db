/* The table as JSON Schema (draft 2020-12), for the completion and the hints of editors.
 *
 * An editor's check is a courtesy: ours is the one that counts. So units are described and not
 * expressed as patterns, and the keys of all variants stand side by side, as the check accepts
 * them. What editors need is names, kinds, defaults, help.
 */
#include "shell/json.h"
#include "shell/schema_private.h"

#include <string.h>

static json_t *schema_json_value(const struct schema_key *key, enum schema_type type,
                                 uint32_t depth);

static json_t *schema_json_types(const char *first, const char *second)
{
    json_t *types = json_array();
    json_array_append_new(types, json_string(first));
    if (second != NULL)
        json_array_append_new(types, json_string(second));
    return types;
}

static json_t *schema_json_one_of(json_t *first, json_t *second)
{
    json_t *either = json_array();
    json_array_append_new(either, first);
    json_array_append_new(either, second);
    return json_pack("{s:o}", "anyOf", either);
}

static void schema_json_add_keys(json_t *properties, json_t *required,
                                 const struct schema_key *table, uint32_t depth)
{
    for (; table != NULL && table->name != NULL; table++) {
        if (json_object_get(properties, table->name) != NULL)
            continue;
        json_object_set_new(properties, table->name,
                            schema_json_value(table, table->type, depth + 1));
        if (table->required && required != NULL)
            json_array_append_new(required, json_string(table->name));
    }
}

static json_t *schema_json_mapping(const struct schema_key *key, bool is_listed_name,
                                   uint32_t depth)
{
    json_t *properties = json_object();
    json_t *required = json_array();

    schema_json_add_keys(properties, required, key->child, depth);
    if (is_listed_name && json_object_get(properties, "id") == NULL)
        json_object_set_new(properties, "id",
                            json_pack("{s:o}", "type", schema_json_types("string", "number")));
    if (key->variant != NULL) {
        const struct schema_key *selector = schema_table_find(key->child, key->variant);
        g_autofree const char **names = schema_enum_names(selector);
        for (uint32_t i = 0; names[i] != NULL; i++)
            schema_json_add_keys(properties, NULL, key->variant_keys(names[i]), depth);
    }
    json_t *mapping = json_pack("{s:s, s:o, s:b}", "type", "object", "properties", properties,
                                "additionalProperties", 0);
    if (json_array_size(required) > 0)
        json_object_set(mapping, "required", required);
    json_decref(required);
    const struct schema_key *shorthand =
        key->shorthand == NULL ? NULL : schema_table_find(key->child, key->shorthand);
    if (shorthand != NULL)
        return schema_json_one_of(mapping,
                                  schema_json_value(shorthand, shorthand->type, depth + 1));
    return mapping;
}

static json_t *schema_json_items(const struct schema_key *key, enum schema_type type,
                                 uint32_t depth)
{
    enum schema_type item_type;
    const struct schema_key *item = schema_item_key(key, type, &item_type);
    json_t *value = item_type == SCHEMA_MAPPING
                        ? schema_json_mapping(item, type == SCHEMA_NAMED_OR_LIST, depth + 1)
                        : schema_json_value(item, item_type, depth + 1);
    json_t *list = json_pack("{s:s, s:o}", "type", "array", "items", value);
    if (key->count_min > 0)
        json_object_set_new(list, "minItems", json_integer(key->count_min));
    if (key->count_max > 0)
        json_object_set_new(list, "maxItems", json_integer(key->count_max));
    return list;
}

static json_t *schema_json_named(const struct schema_key *key, enum schema_type type,
                                 uint32_t depth)
{
    enum schema_type item_type;
    const struct schema_key *item = schema_item_key(key, type, &item_type);
    return json_pack("{s:s, s:o}", "type", "object", "additionalProperties",
                     schema_json_value(item, item_type, depth + 1));
}

static json_t *schema_json_enum(const struct schema_key *key)
{
    json_t *values = json_array();
    g_autofree const char **names = schema_enum_names(key);
    for (uint32_t i = 0; names[i] != NULL; i++)
        json_array_append_new(values, json_string(names[i]));
    return json_pack("{s:o}", "enum", values);
}

static json_t *schema_json_kind(const struct schema_key *key, enum schema_type type, uint32_t depth)
{
    switch (type) {
    case SCHEMA_ANY:
        return json_object();
    case SCHEMA_BOOL:
        return json_pack("{s:s}", "type", "boolean");
    case SCHEMA_WHOLE:
        return json_pack("{s:s}", "type", "integer");
    case SCHEMA_NUMBER:
        return json_pack("{s:s}", "type", "number");
    case SCHEMA_TIME_OF_DAY:
    case SCHEMA_PATH:
        return json_pack("{s:s}", "type", "string");
    case SCHEMA_ENUM:
        return schema_json_enum(key);
    case SCHEMA_TIME_LAW:
    case SCHEMA_COUNT_LAW:
        return schema_json_one_of(json_pack("{s:o}", "type", schema_json_types("string", "number")),
                                  json_pack("{s:s}", "type", "object"));
    case SCHEMA_MAPPING:
        return schema_json_mapping(key, false, depth);
    case SCHEMA_LIST:
        if (key->single) {
            enum schema_type item_type;
            const struct schema_key *item = schema_item_key(key, type, &item_type);
            return schema_json_one_of(schema_json_items(key, type, depth),
                                      schema_json_value(item, item_type, depth + 1));
        }
        return schema_json_items(key, type, depth);
    case SCHEMA_NAMED:
        return schema_json_named(key, type, depth);
    case SCHEMA_NAMED_OR_LIST:
        return schema_json_one_of(schema_json_named(key, type, depth),
                                  schema_json_items(key, type, depth));
    case SCHEMA_MAPPING_OR_LIST:
        return schema_json_one_of(schema_json_mapping(key, false, depth),
                                  schema_json_items(key, type, depth));
    default:
        return json_pack("{s:o}", "type", schema_json_types("string", "number"));
    }
}

static json_t *schema_json_value(const struct schema_key *key, enum schema_type type,
                                 uint32_t depth)
{
    if (depth > SCHEMA_DEPTH_MAX)
        return json_object();

    json_t *value = schema_json_kind(key, type, depth);
    g_autofree char *bounds = schema_bounds_text(key, type);
    g_autofree char *text =
        g_strdup_printf("%s (%s%s%s)", key->help == NULL ? "" : key->help, schema_type_name(type),
                        bounds == NULL ? "" : ", ", bounds == NULL ? "" : bounds);
    json_object_set_new(value, "description", json_make_text(text));
    if (key->fallback != NULL && type == key->type)
        json_object_set_new(value, "default", json_make_text(key->fallback));
    return value;
}

json_t *schema_to_json_schema(const struct schema_key *top)
{
    json_t *schema =
        json_pack("{s:s, s:s}", "$schema", "https://json-schema.org/draft/2020-12/schema", "title",
                  top->name == NULL || *top->name == '\0' ? "omosim" : top->name);
    json_t *body = schema_json_value(top, top->type, 0);

    json_object_update(schema, body);
    json_decref(body);
    return schema;
}
