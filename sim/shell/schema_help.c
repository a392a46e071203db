/* The table as text, and the table's own check.
 *
 * Help is one row per key with its full path, so that a path can be copied behind --set:
 * `run.horizon`, `lanes[].lead_time`, `prices.NAME`. Rows come in the order of the table, which is
 * the order of reading.
 */
#include "shell/law_text.h"
#include "shell/schema_private.h"
#include "shell/table.h"

#include <string.h>

#define SCHEMA_HELP_NAMES_LENGTH_MAX 60

/* Called for each key with its path; depth is bounded by the caller's table. */
typedef void schema_visit(const char *path, const struct schema_key *key, enum schema_type type,
                          const char *variant, void *data);

static void schema_help_walk(const struct schema_key *key, enum schema_type type, const char *path,
                             uint32_t depth, schema_visit *visit, void *data);

static void schema_help_walk_table(const struct schema_key *table, const char *path,
                                   const char *variant, uint32_t depth, schema_visit *visit,
                                   void *data)
{
    for (; table != NULL && table->name != NULL; table++) {
        g_autofree char *below =
            *path == '\0' ? g_strdup(table->name) : g_strdup_printf("%s.%s", path, table->name);
        visit(below, table, table->type, variant, data);
        schema_help_walk(table, table->type, below, depth, visit, data);
    }
}

static void schema_help_walk_variants(const struct schema_key *key, const char *path,
                                      uint32_t depth, schema_visit *visit, void *data)
{
    const struct schema_key *selector = schema_table_find(key->child, key->variant);
    if (selector == NULL || selector->type != SCHEMA_ENUM || key->variant_keys == NULL)
        return;
    g_autofree const char **names = schema_enum_names(selector);
    for (uint32_t i = 0; names[i] != NULL; i++)
        schema_help_walk_table(key->variant_keys(names[i]), path, names[i], depth, visit, data);
}

/* Visits all that is below a key. */
static void schema_help_walk(const struct schema_key *key, enum schema_type type, const char *path,
                             uint32_t depth, schema_visit *visit, void *data)
{
    if (depth > SCHEMA_DEPTH_MAX)
        return;
    if (type == SCHEMA_MAPPING || type == SCHEMA_MAPPING_OR_LIST) {
        schema_help_walk_table(key->child, path, NULL, depth + 1, visit, data);
        if (key->variant != NULL)
            schema_help_walk_variants(key, path, depth + 1, visit, data);
    }
    if (schema_type_is_list(type) && (type != SCHEMA_MAPPING_OR_LIST || key->item != NULL)) {
        bool named = type == SCHEMA_NAMED || type == SCHEMA_NAMED_OR_LIST;
        enum schema_type item_type;
        const struct schema_key *item = schema_item_key(key, type, &item_type);
        g_autofree char *below = g_strdup_printf(named ? "%s.NAME" : "%s[]", path);
        schema_help_walk(item, item_type, below, depth + 1, visit, data);
    }
}

/* "list of duration, at least 0", "one of a, b". */
static char *schema_help_type(const struct schema_key *key, enum schema_type type)
{
    GString *text = g_string_new(schema_type_name(type));

    if (schema_type_is_list(type) && type != SCHEMA_MAPPING_OR_LIST) {
        schema_item_key(key, type, &type);
        g_string_append_printf(text, " of %s", schema_type_name(type));
    }
    if (type == SCHEMA_ENUM) {
        g_autofree const char **names = schema_enum_names(key->item != NULL ? key->item : key);
        g_autofree char *list = g_strjoinv(", ", (char **)names);
        if (strlen(list) <= SCHEMA_HELP_NAMES_LENGTH_MAX)
            g_string_append_printf(text, ": %s", list);
    }
    g_autofree char *bounds = schema_bounds_text(key, type);
    if (bounds != NULL)
        g_string_append_printf(text, ", %s", bounds);
    return g_string_free(text, FALSE);
}

struct schema_help {
    const char *prefix;
    schema_row row;
    void *user;
};

static void schema_help_row(const char *path, const struct schema_key *key, enum schema_type type,
                            const char *variant, void *data)
{
    struct schema_help *help = data;
    if (help->prefix != NULL && !g_str_has_prefix(path, help->prefix))
        return;

    g_autofree char *type_text = schema_help_type(key, type);
    g_autofree char *text =
        variant != NULL ? g_strdup_printf("%s: %s", variant, key->help) : g_strdup(key->help);
    help->row(help->user, path, type_text, key->required ? "required" : key->fallback, text);
}

void schema_list_rows(const struct schema_key *top, const char *prefix, schema_row row, void *user)
{
    struct schema_help help = {.prefix = prefix, .row = row, .user = user};

    schema_help_walk(top, top->type, "", 0, schema_help_row, &help);
}

static void schema_help_print(void *user, const char *path, const char *type, const char *fallback,
                              const char *help)
{
    Table *table = user;

    table_add(table, path);
    table_add(table, type);
    table_add(table, fallback);
    table_add(table, help);
}

void schema_print_help(const struct schema_key *top, const char *prefix, FILE *stream)
{
    g_autoptr(Table) table = table_new();

    table_column(table, "key", TABLE_LEFT);
    table_column(table, "value", TABLE_LEFT);
    table_column(table, "default", TABLE_LEFT);
    table_column(table, "meaning", TABLE_LEFT);
    schema_list_rows(top, prefix, schema_help_print, table);
    table_print(table, stream);
}

static gboolean schema_audit_scalar(const struct schema_key *key, enum schema_type type,
                                    const char *text, GError **ret_error)
{
    struct schema_scalar scalar = {0};
    omo_law law;

    if (text == NULL || type == SCHEMA_TEXT || type == SCHEMA_PATH)
        return TRUE;
    if (type == SCHEMA_ENUM) {
        g_autofree const char **names = schema_enum_names(key);
        if (g_strv_contains(names, text))
            return TRUE;
        diagnostic_bad_input(ret_error, diagnostic_at(NULL, 0, 0), "no name '%s'", text);
        return FALSE;
    }
    if (schema_type_is_law(type))
        return law_text_parse(text, type == SCHEMA_TIME_LAW ? LAW_TEXT_TIME : LAW_TEXT_COUNT, 0,
                              &law, NULL, ret_error);
    if (type == SCHEMA_BOOL || schema_type_has_bounds(type))
        return schema_scalar_parse(type, text, 0, &scalar, ret_error);
    diagnostic_bad_input(ret_error, diagnostic_at(NULL, 0, 0), "%s cannot have a default or bounds",
                         schema_type_name(type));
    return FALSE;
}

/* What a table row must hold beyond what its texts say. */
static const char *schema_audit_shape(const struct schema_key *key, enum schema_type type)
{
    enum schema_type item = type;
    if (schema_type_is_list(type))
        schema_item_key(key, type, &item);

    if (key->help == NULL || *key->help == '\0')
        return "has no help";
    if (item == SCHEMA_ENUM && key->item == NULL && key->names == NULL && key->name_at == NULL)
        return "is an enum without names";
    if (item == SCHEMA_MAPPING && key->item == NULL && key->child == NULL)
        return "is a mapping without keys";
    if (key->item == NULL && schema_type_is_list(type) && schema_type_is_list(item))
        return "is a list of lists and needs `item`";
    if (key->shorthand != NULL && schema_table_find(key->child, key->shorthand) == NULL)
        return "has a shorthand that is no key of its";
    if (key->variant != NULL && key->variant_keys == NULL)
        return "has a variant without keys";
    if (key->variant == NULL)
        return NULL;
    const struct schema_key *selector = schema_table_find(key->child, key->variant);
    if (selector == NULL || selector->type != SCHEMA_ENUM)
        return "has a variant that is no enum of its";
    return NULL;
}

struct schema_audit {
    GError *error;
};

static void schema_audit_key(const char *path, const struct schema_key *key, enum schema_type type,
                             G_GNUC_UNUSED const char *variant, void *data)
{
    struct schema_audit *audit = data;
    enum schema_type item = type;
    if (audit->error != NULL)
        return;

    const char *fault = schema_audit_shape(key, type);
    if (fault != NULL) {
        diagnostic_bad_input(&audit->error, diagnostic_at(NULL, 0, 0), "key '%s' %s", path, fault);
        return;
    }
    if (schema_type_is_list(type))
        schema_item_key(key, type, &item);
    bool fine = schema_audit_scalar(key, type, key->fallback, &audit->error) &&
                schema_audit_scalar(key, item, key->at_least, &audit->error) &&
                schema_audit_scalar(key, item, key->above, &audit->error) &&
                schema_audit_scalar(key, item, key->at_most, &audit->error);
    if (!fine)
        g_prefix_error(&audit->error, "key '%s': ", path);
}

gboolean schema_audit(const struct schema_key *top, GError **ret_error)
{
    struct schema_audit audit = {0};

    schema_help_walk(top, top->type, "", 0, schema_audit_key, &audit);
    if (audit.error == NULL)
        return TRUE;
    g_propagate_error(ret_error, audit.error);
    return FALSE;
}
