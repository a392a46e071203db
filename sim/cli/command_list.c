/* omosim list: what can be named.
 *
 * Registries of the library come through its public face, so a policy that is added appears here
 * without a line of this file. The other kinds are the steps of customers and clerks, the shipped
 * scenarios, each with the question it answers, and the keys of a scenario file or an API map, as
 * text or as a JSON Schema for editors.
 */
#include "backend/backend.h"
#include "cli/command.h"
#include "cli/emit.h"
#include "cli/list_channel.h"
#include "cli/options.h"
#include "scenario/scenario.h"
#include "shell/diagnostic.h"
#include "shell/json.h"
#include "shell/paths.h"
#include "shell/spelling.h"
#include "shell/table.h"
#include "traffic/api.h"
#include "traffic/api_seed.h"
#include "traffic/books.h"

#include <omosim/registry.h>
#include <stdio.h>
#include <string.h>

static const struct options_page page = {
    .usage = "list [OPTION...] [KIND [PREFIX]]",
    .summary = "Lists what a scenario or an option can name. Without a kind: the kinds. A prefix\n"
               "cuts the scenario keys down to a block, or names the kind of channel to show.\n",
    .examples = "  omosim list kpis\n"
                "  omosim list scenarios\n"
                "  omosim list channels marketplace\n"
                "  omosim list schema places\n"
                "  omosim list schema api\n"
                "  omosim list schema --json > scenario.schema.json\n",
    .positional_min = 0,
    .positional_max = 2,
};

struct list_kind {
    const char *name;
    const char *help;
    gboolean (*list)(const struct list_kind *kind, const char *prefix, gboolean json,
                     GError **ret_error);
    enum omo_registry registry; /* list_registry(), list_kpis() */
    /* list_named(): names and helps until a name is NULL, the heading, and how a name is shown. */
    const char *(*name_of)(uint32_t i), *(*help_of)(uint32_t i);
    const char *heading, *before, *after;
};

static json_t *entry_json(const char *name, const char *help_key, const char *help)
{
    json_t *entry = json_object();

    json_object_set_new(entry, "name", json_make_text(name));
    json_object_set_new(entry, help_key, json_make_text(help));
    return entry;
}

/* One of the two; takes `entries`. */
static void print_entries(json_t *entries, const Table *table, gboolean json)
{
    if (json) {
        emit_json(entries);
        return;
    }
    json_decref(entries);
    table_print(table, stdout);
}

static gboolean list_registry(const struct list_kind *kind, const char *prefix, gboolean json,
                              GError **ret_error)
{
    const enum omo_registry registry = kind->registry;
    g_autoptr(Table) table = table_new();
    json_t *entries = json_array();

    (void)prefix;
    (void)ret_error;
    table_column(table, "name", TABLE_LEFT);
    table_column(table, registry == OMO_REGISTRY_LAW ? "parameters" : "what it is", TABLE_LEFT);
    for (uint32_t i = 0; i < omo_registry_count(registry); i++) {
        const char *name = omo_registry_name(registry, i);
        const char *help = omo_registry_help(registry, i);
        table_add(table, name);
        table_add(table, help);
        json_array_append_new(entries,
                              entry_json(name, registry == OMO_REGISTRY_LAW ? "parameters" : "help",
                                         help));
    }
    print_entries(entries, table, json);
    return TRUE;
}

static gboolean list_channels(const struct list_kind *kind, const char *prefix, gboolean json,
                              GError **ret_error)
{
    if (prefix != NULL)
        return list_channel(prefix, json, ret_error);
    list_channel_all(json);
    /* The short list comes last, where a terminal shows it. */
    return json || list_registry(kind, prefix, json, ret_error);
}

static gboolean list_kpis(const struct list_kind *kind, const char *prefix, gboolean json,
                          GError **ret_error)
{
    const enum omo_registry registry = kind->registry;
    static const char *const directions[] = {"less is better", "", "more is better"};
    g_autoptr(Table) table = table_new();
    json_t *entries = json_array();

    (void)prefix;
    (void)ret_error;
    table_column(table, "name", TABLE_LEFT);
    table_column(table, "unit", TABLE_LEFT);
    table_column(table, "group", TABLE_LEFT);
    table_column(table, "definition", TABLE_LEFT);
    for (uint32_t i = 0; i < omo_registry_count(registry); i++) {
        const char *name = omo_registry_name(registry, i);
        const char *direction = directions[omo_kpi_direction(i) + 1];
        json_t *entry = entry_json(name, "definition", omo_registry_help(registry, i));
        json_object_set_new(entry, "unit", json_make_text(omo_kpi_unit(i)));
        json_object_set_new(entry, "group", json_make_text(omo_kpi_group(i)));
        json_object_set_new(entry, "per_channel", json_boolean(omo_kpi_per_channel(i)));
        json_object_set_new(entry, "direction", json_integer(omo_kpi_direction(i)));
        json_array_append_new(entries, entry);
        table_add(table, name);
        table_add(table, omo_kpi_unit(i));
        table_add(table, omo_kpi_group(i));
        table_add_format(table, "%s%s%s%s%s", omo_registry_help(registry, i),
                         omo_kpi_per_channel(i) || direction[0] != '\0' ? "; " : "",
                         omo_kpi_per_channel(i) ? "per channel" : "",
                         omo_kpi_per_channel(i) && direction[0] != '\0' ? ", " : "", direction);
    }
    print_entries(entries, table, json);
    return TRUE;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Appends "FOLDER/NAME.yaml" of each scenario of a shipped folder, sorted. */
static gboolean find_scenarios(const char *folder, GPtrArray *names, GError **ret_error)
{
    g_autofree char *path = paths_find(folder, ret_error);
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    const char *name;

    if (path == NULL)
        return FALSE;
    g_autoptr(GDir) directory = g_dir_open(path, 0, ret_error);
    if (directory == NULL)
        return FALSE;
    while ((name = g_dir_read_name(directory)) != NULL)
        if (g_str_has_suffix(name, ".yaml"))
            g_ptr_array_add(found, g_build_filename(folder, name, NULL));
    g_ptr_array_sort(found, compare_names);
    g_ptr_array_extend_and_steal(names, g_steal_pointer(&found));
    return TRUE;
}

/* The question in a scenario's head; "" when it has none. Caller frees. */
static char *read_question(const char *relative)
{
    g_autofree char *path = paths_find(relative, NULL);
    g_autoptr(Node) root = path != NULL ? node_read_file(path, NULL, NULL) : NULL;
    const Node *question = root != NULL ? node_get(root, "question") : NULL;

    return g_strdup(question != NULL && node_text(question) != NULL ? node_text(question) : "");
}

static gboolean list_scenarios(const struct list_kind *kind, const char *prefix, gboolean json,
                               GError **ret_error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Table) table = table_new();

    (void)kind;
    (void)prefix;
    if (!find_scenarios("scenarios", names, ret_error) ||
        !find_scenarios("scenarios/oracles", names, ret_error))
        return FALSE;
    json_t *entries = json_array();
    table_column(table, "file", TABLE_LEFT);
    table_column(table, "question", TABLE_LEFT);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autofree char *question = read_question(name);
        json_array_append_new(entries, entry_json(name, "question", question));
        table_add(table, name);
        table_add(table, question);
    }
    print_entries(entries, table, json);
    return TRUE;
}

static gboolean list_steps(const struct list_kind *kind, const char *prefix, gboolean json,
                           GError **ret_error)
{
    static const char *const actors[] = {[STEP_CUSTOMER] = "customer", [STEP_CLERK] = "clerk"};
    g_autoptr(Table) table = table_new();
    json_t *entries = json_array();

    (void)kind;
    (void)prefix;
    (void)ret_error;
    table_column(table, "name", TABLE_LEFT);
    table_column(table, "who", TABLE_LEFT);
    table_column(table, "what it is", TABLE_LEFT);
    for (uint32_t i = 0; i < STEP_COUNT; i++) {
        json_t *entry = entry_json(step_name(i), "help", step_help(i));
        json_object_set_new(entry, "who", json_make_text(actors[step_actor(i)]));
        json_array_append_new(entries, entry);
        table_add(table, step_name(i));
        table_add(table, actors[step_actor(i)]);
        table_add(table, step_help(i));
    }
    print_entries(entries, table, json);
    return TRUE;
}

static gboolean list_named(const struct list_kind *kind, const char *prefix, gboolean json,
                           GError **ret_error)
{
    g_autoptr(Table) table = table_new();
    json_t *entries = json_array();

    (void)prefix;
    (void)ret_error;
    table_column(table, "name", TABLE_LEFT);
    table_column(table, kind->heading, TABLE_LEFT);
    for (uint32_t i = 0; kind->name_of(i) != NULL; i++) {
        json_array_append_new(entries, entry_json(kind->name_of(i), "help", kind->help_of(i)));
        table_add_format(table, "%s%s%s", kind->before, kind->name_of(i), kind->after);
        table_add(table, kind->help_of(i));
    }
    print_entries(entries, table, json);
    return TRUE;
}

static gboolean list_tellings(const struct list_kind *kind, const char *prefix, gboolean json,
                              GError **ret_error)
{
    g_autoptr(Table) table = table_new();
    json_t *entries = json_array();

    (void)kind;
    (void)prefix;
    (void)ret_error;
    table_column(table, "name", TABLE_LEFT);
    table_column(table, "type", TABLE_LEFT);
    table_column(table, "what an answer tells", TABLE_LEFT);
    for (uint32_t i = 0; telling_name(i) != NULL; i++) {
        const char *type = telling_is_text(i) ? "text" : "number";
        json_t *entry = entry_json(telling_name(i), "help", telling_help(i));
        json_object_set_new(entry, "type", json_make_text(type));
        json_array_append_new(entries, entry);
        table_add(table, telling_name(i));
        table_add(table, type);
        table_add(table, telling_help(i));
    }
    print_entries(entries, table, json);
    return TRUE;
}

/* A line for each column; a book's own help stands in the first. */
static gboolean list_books(const struct list_kind *kind, const char *prefix, gboolean json,
                           GError **ret_error)
{
    static const char *const types[] =
        {[BOOK_TEXT] = "text", [BOOK_NUMBER] = "number", [BOOK_FLAG] = "flag"};
    g_autoptr(Table) table = table_new();
    json_t *entries = json_array();

    (void)kind;
    (void)prefix;
    (void)ret_error;
    table_column(table, "book", TABLE_LEFT);
    table_column(table, "column", TABLE_LEFT);
    table_column(table, "type", TABLE_LEFT);
    table_column(table, "what it is", TABLE_LEFT);
    for (uint32_t b = 0; book_name((enum book)b) != NULL; b++) {
        uint32_t count;
        const struct book_column *columns = book_columns((enum book)b, &count);
        json_t *entry = entry_json(book_name((enum book)b), "help", book_help((enum book)b));
        json_t *list = json_array();
        table_add(table, book_name((enum book)b));
        table_add(table, "");
        table_add(table, "");
        table_add(table, book_help((enum book)b));
        for (uint32_t c = 0; c < count; c++) {
            json_t *column = entry_json(columns[c].name, "help", columns[c].help);
            json_object_set_new(column, "type", json_make_text(types[columns[c].type]));
            json_object_set_new(column, "needed", json_boolean(columns[c].needed));
            json_array_append_new(list, column);
            table_add(table, "");
            table_add(table, columns[c].name);
            table_add_format(table, "%s%s", types[columns[c].type],
                             columns[c].needed ? ", needed" : "");
            table_add(table, columns[c].help);
        }
        json_object_set_new(entry, "columns", list);
        json_array_append_new(entries, entry);
    }
    print_entries(entries, table, json);
    return TRUE;
}

/* The prefix "api" stands for the keys of an API map, "api.session" for a block of them. */
static gboolean list_schema(const struct list_kind *kind, const char *prefix, gboolean json,
                            GError **ret_error)
{
    const struct schema_key *schema = scenario_schema();

    (void)kind;
    (void)ret_error;
    if (prefix != NULL && (strcmp(prefix, "api") == 0 || g_str_has_prefix(prefix, "api."))) {
        schema = api_schema();
        prefix = prefix[3] == '.' ? prefix + 4 : NULL;
    }
    if (json)
        emit_json(schema_to_json_schema(schema));
    else
        schema_print_help(schema, prefix, stdout);
    return TRUE;
}

static const struct list_kind kinds[] = {
    {"routing", "policies: which place fulfils an order", list_registry, OMO_REGISTRY_ROUTING},
    {"stocking", "policies: when and how much is replenished", list_registry,
     OMO_REGISTRY_STOCKING},
    {"promotions", "kinds of promotion", list_registry, OMO_REGISTRY_PROMOTION},
    {"channels", "kinds of channel: where customers meet the chain; channels KIND: its parameters",
     list_channels, OMO_REGISTRY_CHANNEL},
    {"modes", "fulfilment modes: how goods get to the customer", list_registry, OMO_REGISTRY_MODE},
    {"kpis", "measures: name, unit, group, definition", list_kpis, OMO_REGISTRY_KPI},
    {"facts", "records of what happened", list_registry, OMO_REGISTRY_FACT},
    {"laws", "probability laws and their parameters", list_registry, OMO_REGISTRY_LAW},
    {"scenarios", "shipped scenarios and their questions", list_scenarios},
    {"steps", "what customers and clerks ask of a service", list_steps},
    {"values", "what templates of an API map may name, beside captured variables", list_named,
     .name_of = api_value_name, .help_of = api_value_help, .heading = "what it is", .before = "{{",
     .after = "}}"},
    {"seed_values", "what templates of its section `seed` may name", list_named,
     .name_of = api_seed_value_name, .help_of = api_seed_value_help, .heading = "what it is",
     .before = "{{", .after = "}}"},
    {"faults", "what `omosim backend` can do wrong on purpose", list_named,
     .name_of = backend_fault_name, .help_of = backend_fault_help,
     .heading = "what the service does wrong then", .before = "", .after = ""},
    {"deeds", "what requests do to a service's books: `does` in an API map", list_named,
     .name_of = deed_name, .help_of = deed_help, .heading = "what a request does", .before = "",
     .after = ""},
    {"tellings", "what answers tell that an audit holds against the books: `tells`", list_tellings},
    {"books", "a service's books and their columns: `audit.books` in an API map", list_books},
    {"schema", "keys of a scenario file; schema api: of an API map", list_schema},
};

static void list_kinds(gboolean json)
{
    g_autoptr(Table) table = table_new();
    json_t *entries = json_array();

    table_column(table, "kind", TABLE_LEFT);
    table_column(table, "what it is", TABLE_LEFT);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        table_add(table, kinds[i].name);
        table_add(table, kinds[i].help);
        json_array_append_new(entries, entry_json(kinds[i].name, "help", kinds[i].help));
    }
    print_entries(entries, table, json);
}

static gboolean list_one(const char *name, const char *prefix, gboolean json, GError **ret_error)
{
    const char *names[G_N_ELEMENTS(kinds) + 1] = {NULL};

    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (strcmp(kinds[i].name, name) == 0 && prefix != NULL && kinds[i].list != list_schema &&
            kinds[i].list != list_channels) {
            g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                        "list %s takes no prefix, found '%s'", name, prefix);
            return FALSE;
        }
        if (strcmp(kinds[i].name, name) == 0)
            return kinds[i].list(&kinds[i], prefix, json, ret_error);
        names[i] = kinds[i].name;
    }
    g_autofree char *hint = spelling_hint(name, names);
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE, "unknown kind '%s'%s", name,
                hint);
    return FALSE;
}

enum command_status command_list(int argc, char **argv, GError **ret_error)
{
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        {"json", 'j', 0, G_OPTION_ARG_NONE, &json, "Machine output on standard output", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    switch (options_parse(&page, entries, &argc, &argv, ret_error)) {
    case OPTIONS_GO:
        if (argc == 1) {
            list_kinds(json);
            return COMMAND_DONE;
        }
        return list_one(argv[1], argc > 2 ? argv[2] : NULL, json, ret_error) ? COMMAND_DONE
                                                                             : COMMAND_ERROR;
    case OPTIONS_SHOWN:
        return COMMAND_DONE;
    case OPTIONS_ERROR:
        break;
    }
    return COMMAND_ERROR;
}
