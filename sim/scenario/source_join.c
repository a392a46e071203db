/* Tables that complete another one.
 *
 * Data that others publish comes in several tables about the same things, prices in one, shares of
 * sales in another, and whoever has to merge them by hand first has two copies to keep right. A
 * join looks its rows up from the first table's, many to one: several products may share the row
 * of their family, but two rows of one key are refused, because which of them counts would depend
 * on the order of the file.
 */
#include "scenario/source_join.h"

#include "scenario/source.h"

#include <string.h>

struct source_join {
    struct schema_value entry;
    GPtrArray *attributes; /* of each column, borrowed from the schema */
    GPtrArray *names;      /* of each column in the table, borrowed from the tree */
    GHashTable *rows;      /* key to struct source_field[], the key's own field behind the last */
    GStringChunk *texts;
};

void source_join_free(SourceJoin *join)
{
    if (join == NULL)
        return;
    g_ptr_array_unref(join->attributes);
    g_ptr_array_unref(join->names);
    g_hash_table_unref(join->rows);
    g_string_chunk_free(join->texts);
    g_free(join);
}

/* Finds the columns that the entry names; FALSE with a finding. */
static bool source_join_find_columns(SourceJoin *join, Source *table, GArray *columns)
{
    struct schema_value named = schema_get(join->entry, "columns");
    bool found = true;

    for (const struct schema_key *key = named.key->child; key->name != NULL; key++) {
        if (!schema_has(named, key->name))
            continue;
        int64_t column = source_column(table, key->name, false);
        found = found && column >= 0;
        g_array_append_val(columns, column);
        g_ptr_array_add(join->attributes, (gpointer)key->name);
        g_ptr_array_add(join->names, (gpointer)schema_get_text(named, key->name));
    }
    return found;
}

static struct source_field source_join_copy(SourceJoin *join, const Source *table, int64_t column)
{
    return (struct source_field){
        .text = g_string_chunk_insert_const(join->texts, source_text(table, column)),
        .at = source_position(table, column),
    };
}

/* Keeps the current row of the table. */
static void source_join_take(SourceJoin *join, Source *table, int64_t key, const GArray *columns,
                             GPtrArray *list)
{
    const struct source_field *first;
    const char *id;

    if (!source_id(table, key, &id))
        return;
    first = g_hash_table_lookup(join->rows, id);
    if (first != NULL) {
        g_autofree char *where = diagnostic_position_text(first[columns->len].at);
        diagnostic_add(list, source_position(table, key),
                       "there is a row with '%s' in column '%s' already, at %s", id,
                       schema_get_text(join->entry, "key"), where);
        return;
    }
    struct source_field *row = g_new(struct source_field, columns->len + 1);
    for (guint i = 0; i < columns->len; i++)
        row[i] = source_join_copy(join, table, g_array_index(columns, int64_t, i));
    row[columns->len] = source_join_copy(join, table, key);
    g_hash_table_insert(join->rows, (gpointer)row[columns->len].text, row);
}

static SourceJoin *source_join_new(struct schema_value entry)
{
    SourceJoin *join = g_new0(SourceJoin, 1);

    join->entry = entry;
    join->attributes = g_ptr_array_new();
    join->names = g_ptr_array_new();
    join->rows = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    join->texts = g_string_chunk_new(4096);
    return join;
}

SourceJoin *source_join_read(struct schema_value entry, GPtrArray *list)
{
    g_autoptr(Source) table = source_open(entry, "file", list);
    g_autoptr(GArray) columns = g_array_new(FALSE, FALSE, sizeof(int64_t));
    guint before = list->len;

    if (table == NULL)
        return NULL;
    SourceJoin *join = source_join_new(entry);
    int64_t key = source_column_named(table, schema_get(entry, "key"));
    if (source_join_find_columns(join, table, columns) && key >= 0)
        while (source_next(table))
            source_join_take(join, table, key, columns, list);
    if (list->len == before)
        return join;
    source_join_free(join);
    return NULL;
}

const char *source_join_match(const SourceJoin *join, struct text_position *ret_at)
{
    const char *key = schema_has(join->entry, "match") ? "match" : "key";

    *ret_at = schema_position(schema_get(join->entry, key));
    return schema_get_text(join->entry, key);
}

int64_t source_join_column(const SourceJoin *join, const char *attribute)
{
    for (guint i = 0; i < join->attributes->len; i++)
        if (strcmp(g_ptr_array_index(join->attributes, i), attribute) == 0)
            return i;
    return -1;
}

const char *source_join_column_name(const SourceJoin *join, int64_t column)
{
    return g_ptr_array_index(join->names, column);
}

const char *source_join_path(const SourceJoin *join)
{
    return schema_get_text(join->entry, "file");
}

struct text_position source_join_named_at(const SourceJoin *join, const char *attribute)
{
    return schema_position(schema_get(schema_get(join->entry, "columns"), attribute));
}

const struct source_field *source_join_row(const SourceJoin *join, const char *key)
{
    return g_hash_table_lookup(join->rows, key);
}
