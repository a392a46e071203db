/* Tables of an API map: the texts that a service knows the simulation's names by.
 *
 * A table is laid down once, from the map, a JSON or a CSV file, or a file that the command was given
 * (which omosim seed wrote), and then only looked up: open addressing over slots in one block, at
 * most half of them taken, keys hashed with FNV-1a (Fowler, Noll & Vo). A look-up is a hash and,
 * nearly always, one comparison.
 *
 * The key "*" stands for all keys that are not in the table.
 */
#include "traffic/api_private.h"

#include "shell/csv.h"
#include "shell/spelling.h"

#include <jansson.h>
#include <string.h>

#define API_TABLE_ENTRIES_MAX (1u << 28)

/* ---- looking up ------------------------------------------------------------------------------ */

uint64_t api_hash(const char *bytes, size_t size)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
    return hash;
}

/* The slot where the key stands, or a free one where it would. */
static uint32_t api_table_slot(const struct api_entry *slots, uint32_t mask, const char *key,
                               size_t size)
{
    const uint64_t hash = api_hash(key, size);
    uint32_t slot = (uint32_t)(hash ^ hash >> 32) & mask;

    while (slots[slot].key.text != NULL &&
           (slots[slot].key.size != size || memcmp(slots[slot].key.text, key, size) != 0))
        slot = (slot + 1) & mask;
    return slot;
}

const struct api_text *api_table_find(const struct api_table *table, const char *key, size_t size)
{
    const struct api_entry *found =
        &table->slots[api_table_slot(table->slots, table->mask, key, size)];

    if (found->key.text == NULL)
        found = table->other;
    return found != NULL ? &found->value : NULL;
}

/* ---- making ---------------------------------------------------------------------------------- */

struct api_table_maker {
    struct api_reader *r;
    GArray *entries;   /* struct api_entry */
    GHashTable *index; /* of const char * to the entry's number + 1 */
};

static void api_table_begin(struct api_table_maker *m, struct api_reader *r)
{
    m->r = r;
    m->entries = g_array_new(FALSE, FALSE, sizeof(struct api_entry));
    m->index = g_hash_table_new(g_str_hash, g_str_equal);
}

static void api_table_drop(struct api_table_maker *m)
{
    g_array_unref(m->entries);
    g_hash_table_unref(m->index);
}

static struct api_text api_table_text(struct api_reader *r, const char *text)
{
    const size_t size = strlen(text);

    return (struct api_text){api_keep_text(r->map, text, size), (uint32_t)size};
}

/* FALSE: the key was there. */
static bool api_table_put(struct api_table_maker *m, const char *key, const char *value)
{
    struct api_entry entry = {api_table_text(m->r, key), api_table_text(m->r, value)};

    if (m->entries->len == API_TABLE_ENTRIES_MAX || g_hash_table_contains(m->index, entry.key.text))
        return false;
    g_array_append_val(m->entries, entry);
    g_hash_table_insert(m->index, (gpointer)entry.key.text, GUINT_TO_POINTER(m->entries->len));
    return true;
}

/* Lays the table down. */
static struct api_table *api_table_end(struct api_table_maker *m, const char *name,
                                       struct text_position at)
{
    ApiMap *map = m->r->map;
    struct api_table *table = g_new0(struct api_table, 1);
    uint32_t size = 4;

    while (size < 2 * m->entries->len + 1)
        size *= 2;
    struct api_entry *slots = g_new0(struct api_entry, size);
    table->name = api_keep_text(map, name, strlen(name));
    table->at = at;
    table->mask = size - 1;
    table->count = m->entries->len;
    table->slots = slots;
    for (guint i = 0; i < m->entries->len; i++) {
        const struct api_entry *entry = &g_array_index(m->entries, struct api_entry, i);
        const uint32_t slot = api_table_slot(slots, table->mask, entry->key.text, entry->key.size);
        slots[slot] = *entry;
        if (entry->key.size == 1 && entry->key.text[0] == '*')
            table->other = &slots[slot];
    }
    g_ptr_array_add(map->blocks, slots);
    g_ptr_array_add(map->blocks, table);
    return table;
}

/* ---- reading --------------------------------------------------------------------------------- */

static const struct schema_key file_keys[] = {
    {"file", SCHEMA_PATH, .required = true, .help = "JSON or CSV file, by its ending"},
    {"json", SCHEMA_TEXT, .help = "JSON pointer to an object in it; default: all of it"},
    {"columns", SCHEMA_LIST, .of = SCHEMA_TEXT, .count_min = 2, .count_max = 2,
     .help = "columns of the CSV file: key, value; default: its first two"},
    SCHEMA_END,
};

static const struct schema_key file_schema = {"table", SCHEMA_MAPPING, .child = file_keys};

static void api_table_read_inline(struct api_table_maker *m, const Node *node)
{
    for (uint32_t i = 0; i < node_count(node); i++) {
        const Node *value = node_child(node, i);
        if (node_kind(value) != NODE_SCALAR)
            diagnostic_add(m->r->list, node_position(value), "expected a text, found %s",
                           node_kind_name(value));
        else if (!node_is_null(value)) /* takes one of an included map away */
            api_table_put(m, node_key(node, i), node_text(value));
    }
}

/* Members of an object; texts and numbers. FALSE after a finding at `at`. */
static bool api_table_read_object(struct api_table_maker *m, const json_t *object,
                                  const char *where, struct text_position at)
{
    const char *key;
    json_t *value;

    if (!json_is_object(object)) {
        diagnostic_add(m->r->list, at, "%s: expected an object of texts", where);
        return false;
    }
    json_object_foreach((json_t *)object, key, value)
    {
        g_autofree char *number = NULL;
        if (json_is_integer(value))
            number = g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
        if (number == NULL && !json_is_string(value)) {
            diagnostic_add(m->r->list, at, "%s: '%s' is neither a text nor a whole number", where,
                           key);
            return false;
        }
        api_table_put(m, key, number != NULL ? number : json_string_value(value));
    }
    return true;
}

/* Caller frees; NULL after a finding. */
static json_t *api_table_load(struct api_reader *r, const char *path, struct text_position at)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    json_error_t wrong;
    gsize size;

    if (!g_file_get_contents(path, &text, &size, &error)) {
        diagnostic_add(r->list, at,
                       "cannot read the table's file: %s (omosim seed writes such files; --tables "
                       "names another)",
                       error->message);
        return NULL;
    }
    json_t *root = json_loadb(text, size, 0, &wrong);
    if (root == NULL)
        diagnostic_add(r->list,
                       diagnostic_at(g_intern_string(path), (uint32_t)MAX(wrong.line, 1),
                                     (uint32_t)MAX(wrong.column, 1)),
                       "not valid JSON: %s", wrong.text);
    return root;
}

/* What a pointer leads to, objects alone. NULL: nothing. Borrowed. */
static const json_t *api_table_follow(const json_t *root, const char *pointer)
{
    g_auto(GStrv) keys = g_strsplit(pointer, "/", -1);

    for (uint32_t i = 1; root != NULL && keys[0] != NULL && keys[i] != NULL; i++) {
        g_autoptr(GString) key = g_string_new(keys[i]);
        g_string_replace(key, "~1", "/", 0);
        g_string_replace(key, "~0", "~", 0);
        root = json_object_get(root, key->str);
    }
    return root;
}

static void api_table_read_json(struct api_table_maker *m, struct schema_value spec,
                                const char *path)
{
    const char *pointer = schema_has(spec, "json") ? schema_get_text(spec, "json") : "";
    struct text_position at = schema_position(schema_get(spec, "file"));
    json_t *root = api_table_load(m->r, path, at);

    if (root == NULL)
        return;
    const json_t *object =
        pointer[0] == '\0' || pointer[0] == '/' ? api_table_follow(root, pointer) : NULL;
    if (object == NULL)
        diagnostic_add(m->r->list, schema_position(schema_get(spec, "json")),
                       "nothing stands at '%s' in %s", pointer, path);
    else
        api_table_read_object(m, object, path, at);
    json_decref(root);
}

static void api_table_read_csv(struct api_table_maker *m, struct schema_value spec,
                               const char *path)
{
    struct schema_value columns = schema_get(spec, "columns");
    g_autoptr(GError) error = NULL;
    g_autoptr(Csv) csv = csv_open(path, &error);
    uint32_t column[2] = {0, 1};

    if (csv != NULL && csv_column_count(csv) < 2) {
        diagnostic_add(m->r->list, schema_position(schema_get(spec, "file")),
                       "%s: a table needs two columns", path);
        return;
    }
    for (uint32_t i = 0; csv != NULL && error == NULL && i < schema_count(columns); i++)
        csv_column(csv, schema_as_text(schema_item(columns, i)), &column[i], &error);
    while (error == NULL && csv != NULL && csv_next(csv, &error))
        if (!api_table_put(m, csv_text(csv, column[0]), csv_text(csv, column[1])))
            diagnostic_bad_input(&error, csv_position(csv, column[0]), "'%s' stands there twice",
                                 csv_text(csv, column[0]));
    if (error != NULL)
        diagnostic_add(m->r->list, schema_position(schema_get(spec, "file")), "%s", error->message);
}

static void api_table_read_file(struct api_table_maker *m, const Node *node)
{
    struct schema_value spec = schema_root(&file_schema, node, 0);

    if (!schema_check(spec, m->r->list))
        return;
    g_autofree char *path = schema_get_path(spec, "file");
    const bool csv = g_str_has_suffix(path, ".csv");
    const char *wrong = csv ? "json" : "columns";
    if (schema_has(spec, wrong))
        diagnostic_add(m->r->list, schema_position(schema_get(spec, wrong)),
                       "%s is for %s files, found '%s'", wrong, csv ? "JSON" : "CSV", path);
    else if (csv)
        api_table_read_csv(m, spec, path);
    else
        api_table_read_json(m, spec, path);
}

static void api_table_read(struct api_reader *r, const char *name, struct text_position at,
                           const Node *node)
{
    struct api_table_maker m;

    if (api_escape_is_name(name)) {
        diagnostic_add(r->list, at, "'%s' is a way of writing a value: another name", name);
        return;
    }
    if (node_kind(node) != NODE_MAPPING) {
        diagnostic_add(r->list, node_position(node),
                       "expected a mapping from texts to texts, or one with file, found %s",
                       node_kind_name(node));
        return;
    }
    api_table_begin(&m, r);
    const Node *file = node_get(node, "file");
    if (file != NULL && node_kind(file) == NODE_SCALAR)
        api_table_read_file(&m, node);
    else
        api_table_read_inline(&m, node);
    g_ptr_array_add(r->map->tables, api_table_end(&m, name, at));
    api_table_drop(&m);
}

/* Tables of the file that the command was given. */
static void api_tables_read_given(struct api_reader *r, const char *path)
{
    struct text_position at = diagnostic_at(g_intern_string(path), 0, 0);
    const char *name;
    json_t *object;
    json_t *root = api_table_load(r, path, at);

    if (root != NULL && !json_is_object(root))
        diagnostic_add(r->list, at, "expected {TABLE: {KEY: VALUE}}");
    json_object_foreach(root, name, object)
    {
        struct api_table_maker m;
        g_autofree char *where = g_strdup_printf("table '%s'", name);
        api_table_begin(&m, r);
        if (api_table_read_object(&m, object, where, at))
            g_ptr_array_add(r->map->tables, api_table_end(&m, name, at));
        api_table_drop(&m);
    }
    json_decref(root);
}

static const struct api_table *api_table_get(const ApiMap *map, const char *name)
{
    for (guint i = 0; i < map->tables->len; i++) {
        const struct api_table *table = g_ptr_array_index(map->tables, i);
        if (strcmp(table->name, name) == 0)
            return table;
    }
    return NULL;
}

void api_tables_read(struct api_reader *r, struct schema_value tables, const char *given)
{
    if (given != NULL)
        api_tables_read_given(r, given);
    for (uint32_t i = 0; i < schema_count(tables); i++)
        if (api_table_get(r->map, schema_item_name(tables, i)) == NULL)
            api_table_read(r, schema_item_name(tables, i), schema_item_name_position(tables, i),
                           schema_node(schema_item(tables, i)));
}

const struct api_table *api_table_named(struct api_reader *r, const char *name,
                                        struct text_position at)
{
    const struct api_table *found = api_table_get(r->map, name);
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    if (found != NULL)
        return found;
    for (guint i = 0; i < r->map->tables->len; i++)
        g_ptr_array_add(names,
                        (gpointer)((const struct api_table *)g_ptr_array_index(r->map->tables, i))
                            ->name);
    g_ptr_array_add(names, NULL);
    diagnostic_add_unknown(r->list, at, "table", name, (const char *const *)names->pdata);
    return NULL;
}

/* Slots are doubled when they are half full; the old ones stay with the map, all together no more
 * than the last. */
static void api_table_grow(ApiMap *map, struct api_table *table)
{
    const uint32_t size = 2 * (table->mask + 1);
    struct api_entry *slots = g_new0(struct api_entry, size);

    g_ptr_array_add(map->blocks, slots);
    for (uint32_t i = 0; i <= table->mask; i++) {
        const struct api_entry *entry = &table->slots[i];
        if (entry->key.text == NULL)
            continue;
        struct api_entry *slot =
            &slots[api_table_slot(slots, size - 1, entry->key.text, entry->key.size)];
        *slot = *entry;
        if (entry == table->other)
            table->other = slot;
    }
    table->slots = slots;
    table->mask = size - 1;
}

void api_table_fill(ApiMap *map, const char *name, const char *key, const char *value)
{
    const size_t key_size = strlen(key), value_size = strlen(value);
    struct api_table *table = NULL;

    for (guint i = 0; i < map->tables->len && table == NULL; i++) {
        struct api_table *one = g_ptr_array_index(map->tables, i);
        table = strcmp(one->name, name) == 0 ? one : NULL;
    }
    g_return_if_fail(table != NULL);
    if (2 * (table->count + 1) > table->mask + 1)
        api_table_grow(map, table);
    struct api_entry *slot =
        &table->slots[api_table_slot(table->slots, table->mask, key, key_size)];
    if (slot->key.text == NULL) {
        slot->key = (struct api_text){api_keep_text(map, key, key_size), (uint32_t)key_size};
        table->count++;
    }
    slot->value = (struct api_text){api_keep_text(map, value, value_size), (uint32_t)value_size};
    if (strcmp(key, "*") == 0)
        table->other = slot;
}

const struct api_table *api_table_reversed(struct api_reader *r, const struct api_table *table,
                                           struct text_position at)
{
    struct api_table_maker m;
    struct api_table *reversed = NULL;
    bool good = true;

    api_table_begin(&m, r);
    for (uint32_t i = 0; good && i <= table->mask; i++) {
        const struct api_entry *entry = &table->slots[i];
        if (entry->key.text == NULL || entry == table->other)
            continue;
        good = api_table_put(&m, entry->value.text, entry->key.text);
        if (!good)
            diagnostic_add(r->list, at,
                           "the table '%s' has no reverse: '%s' stands for several keys, '%s' is "
                           "one of them",
                           table->name, entry->value.text, entry->key.text);
    }
    if (good)
        reversed = api_table_end(&m, table->name, table->at);
    api_table_drop(&m);
    return reversed;
}
