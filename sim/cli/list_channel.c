/* What one kind of channel is: which modes it can have, and each of its parameters with unit, default
 * and meaning. Keys and meanings come from the scenario schema, defaults from the library, for the
 * kind's first mode; blocks that belong to other kinds are left out.
 */
#include "cli/list_channel.h"

#include "cli/emit.h"
#include "scenario/channel_defaults.h"
#include "scenario/scenario.h"
#include "shell/diagnostic.h"
#include "shell/json.h"
#include "shell/spelling.h"
#include "shell/table.h"

#include <omosim/registry.h>
#include <stdio.h>
#include <string.h>

#define LIST_CHANNEL_PATH "channels.NAME."

struct channel_rows {
    omo_channel_options defaults;
    Table *table;
    json_t *parameters;
};

/* "kind social_share: who comes" and "social_share" */
static bool is_of_another_kind(const char *key, const char *kind)
{
    static const struct {
        const char *key, *kind;
    } blocks[] = {{"share", "social_share"},
                  {"group", "group_buy"},
                  {"renewal", "subscription"},
                  {"guide_share", "guide_link"}};

    for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
        const size_t length = strlen(blocks[i].key);
        if (strncmp(key, blocks[i].key, length) == 0 && (key[length] == '\0' || key[length] == '.'))
            return strcmp(kind, blocks[i].kind) != 0;
    }
    return false;
}

static void add_row(void *user, const char *path, const char *type, const char *fallback,
                    const char *help)
{
    struct channel_rows *rows = user;
    const char *key = path + strlen(LIST_CHANNEL_PATH);

    if (is_of_another_kind(key, rows->defaults.kind))
        return;
    g_autofree char *value = channel_default_text(&rows->defaults, key);
    const char *shown = value != NULL ? value : fallback;
    json_t *entry = json_object();
    json_object_set_new(entry, "key", json_make_text(key));
    json_object_set_new(entry, "value", json_make_text(type));
    json_object_set_new(entry, "default", shown != NULL ? json_make_text(shown) : json_null());
    json_object_set_new(entry, "help", json_make_text(help));
    json_array_append_new(rows->parameters, entry);
    table_add(rows->table, key);
    table_add(rows->table, type);
    table_add(rows->table, shown);
    table_add(rows->table, help);
}

static gboolean find_kind(const char *name, uint32_t *ret_kind, GError **ret_error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (uint32_t i = 0; i < omo_registry_count(OMO_REGISTRY_CHANNEL); i++) {
        g_ptr_array_add(names, (gpointer)omo_registry_name(OMO_REGISTRY_CHANNEL, i));
        if (strcmp(name, omo_registry_name(OMO_REGISTRY_CHANNEL, i)) == 0) {
            *ret_kind = i;
            return TRUE;
        }
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = spelling_hint(name, (const char *const *)names->pdata);
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                "unknown kind of channel '%s'%s", name, hint);
    return FALSE;
}

/* Prints a kind, or gives it as JSON (caller frees with json_decref()). */
static json_t *show_kind(uint32_t index, gboolean json)
{
    const char *kind = omo_registry_name(OMO_REGISTRY_CHANNEL, index);
    const char *help = omo_registry_help(OMO_REGISTRY_CHANNEL, index);
    g_autoptr(Table) table = table_new();
    struct channel_rows rows = {.table = table, .parameters = json_array()};
    json_t *modes = json_array();

    rows.defaults = omo_channel_defaults(kind, omo_channel_mode(index, 0));
    table_column(table, "key", TABLE_LEFT);
    table_column(table, "value", TABLE_LEFT);
    table_column(table, "default", TABLE_LEFT);
    table_column(table, "meaning", TABLE_LEFT);
    schema_list_rows(scenario_schema(), LIST_CHANNEL_PATH, add_row, &rows);
    for (uint32_t i = 0; omo_channel_mode(index, i) != NULL; i++)
        json_array_append_new(modes, json_make_text(omo_channel_mode(index, i)));
    json_t *top = json_object();
    json_object_set_new(top, "name", json_make_text(kind));
    json_object_set_new(top, "help", json_make_text(help));
    json_object_set_new(top, "modes", modes);
    json_object_set_new(top, "parameters", rows.parameters);
    if (json)
        return top;
    printf("%s: %s\nmodes:", kind, help);
    for (uint32_t i = 0; omo_channel_mode(index, i) != NULL; i++)
        printf(" %s%s", omo_channel_mode(index, i), i == 0 ? " (default)" : "");
    printf("\n\n");
    table_print(table, stdout);
    json_decref(top);
    return NULL;
}

gboolean list_channel(const char *kind, gboolean json, GError **ret_error)
{
    uint32_t index;

    if (!find_kind(kind, &index, ret_error))
        return FALSE;
    json_t *top = show_kind(index, json);
    if (top != NULL)
        emit_json(top);
    return TRUE;
}

void list_channel_all(gboolean json)
{
    json_t *all = json_array();

    for (uint32_t i = 0; i < omo_registry_count(OMO_REGISTRY_CHANNEL); i++) {
        json_t *top = show_kind(i, json);
        if (top != NULL)
            json_array_append_new(all, top);
        else
            printf("\n");
    }
    if (json)
        emit_json(all);
    else
        json_decref(all);
}
