/* Checking an API map: the findings, or the requests that each step becomes.
 *
 * The map itself is checked by whoever reads it. Its thresholds are texts to the reader, as what they
 * mean belongs to the engine; here both are at hand.
 */
#include "cli/check_api.h"

#include "cli/emit.h"
#include "replay/verdict.h"
#include "shell/json.h"
#include "shell/node.h"
#include "shell/table.h"
#include "traffic/api_books.h"

#include <stdio.h>

bool check_api_is_map(const char *path)
{
    g_autoptr(Node) root = node_read_file(path, NULL, NULL);

    return root != NULL && node_get(root, "api") != NULL;
}

/* "200 201", "2xx 409". Caller frees. */
static char *statuses_text(const struct api_request *request, enum api_status as)
{
    GString *text = g_string_new(NULL);

    for (uint32_t class = 1; class < 6; class ++) {
        uint32_t count = 0;
        for (uint32_t s = class * 100; s < class * 100 + 100; s++)
            count += request->status[s] == as;
        if (count == 100)
            g_string_append_printf(text, "%s%uxx", text->len > 0 ? " " : "", class);
        for (uint32_t s = class * 100; count < 100 && s < class * 100 + 100; s++)
            if (request->status[s] == as)
                g_string_append_printf(text, "%s%u", text->len > 0 ? " " : "", s);
    }
    return g_string_free(text, FALSE);
}

/* "order total". Caller frees. */
static char *tells_text(const ApiMap *map, uint32_t request)
{
    const uint32_t tells = api_tells(map, request);
    GString *text = g_string_new(NULL);

    for (uint32_t i = 0; telling_name(i) != NULL; i++)
        if ((tells >> i & 1) != 0)
            g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", telling_name(i));
    return g_string_free(text, FALSE);
}

/* Calls back for each column that is read. */
static void each_column(const ApiMap *map, enum book book,
                        void (*visit)(void *user, const char *column), void *user)
{
    uint32_t count;
    const struct book_column *columns = book_columns(book, &count);

    for (uint32_t c = 0; c < count; c++)
        if ((api_book_columns(map, book) >> c & 1) != 0)
            visit(user, columns[c].name);
}

static void append_column(void *user, const char *column)
{
    GString *text = user;

    g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", column);
}

static void append_column_json(void *user, const char *column)
{
    json_array_append_new(user, json_make_text(column));
}

/* What an audit can read. */
static void print_books(const ApiMap *map)
{
    g_autoptr(Table) table = table_new();

    if (!api_has_books(map)) {
        puts(
            "\nno books: an audit has only the answers (`audit` in the map says how to read them)");
        return;
    }
    putchar('\n');
    table_column(table, "book", TABLE_LEFT);
    table_column(table, "columns that are read", TABLE_LEFT);
    for (uint32_t b = 0; b < BOOK_COUNT; b++) {
        g_autoptr(GString) columns = g_string_new(NULL);
        each_column(map, (enum book)b, append_column, columns);
        if (columns->len == 0)
            continue;
        table_add(table, book_name((enum book)b));
        table_add(table, columns->str);
    }
    table_print(table, stdout);
}

static json_t *books_json(const ApiMap *map)
{
    json_t *books = json_object();

    for (uint32_t b = 0; b < BOOK_COUNT; b++) {
        json_t *columns = json_array();
        each_column(map, (enum book)b, append_column_json, columns);
        if (json_array_size(columns) > 0)
            json_object_set(books, book_name((enum book)b), columns);
        json_decref(columns);
    }
    return books;
}

/* The map's own requests; recorded ones are the same for all maps. */
static bool is_of_map(const struct api_request *request) { return request->step != STEP_request; }

static void print_table(const char *path, const ApiMap *map)
{
    g_autoptr(Table) table = table_new();

    printf("OK %s: %s\n\n", path, api_name(map));
    table_column(table, "request", TABLE_LEFT);
    table_column(table, "method", TABLE_LEFT);
    table_column(table, "path", TABLE_LEFT);
    table_column(table, "expected", TABLE_LEFT);
    table_column(table, "refused", TABLE_LEFT);
    table_column(table, "does", TABLE_LEFT);
    table_column(table, "tells", TABLE_LEFT);
    for (uint32_t i = 0; i < api_request_count(map); i++) {
        const struct api_request *request = api_request(map, i);
        if (!is_of_map(request))
            continue;
        g_autofree char *target = api_path_text(map, i);
        g_autofree char *expected = statuses_text(request, API_STATUS_EXPECTED);
        g_autofree char *refused = statuses_text(request, API_STATUS_REFUSED);
        table_add(table, request->name);
        table_add(table, request->method);
        table_add(table, target);
        table_add(table, expected);
        g_autofree char *tells = tells_text(map, i);
        table_add_format(table, "%s%s%s", refused, *refused != '\0' && request->refusals ? " " : "",
                         request->refusals ? "refused_if" : "");
        table_add(table, api_deed(map, i) == DEED_nothing ? "" : deed_name(api_deed(map, i)));
        table_add(table, tells);
    }
    table_print(table, stdout);
    printf("\nleft out of a run:");
    for (uint32_t step = 0, count, missing = 0; step < STEP_COUNT; step++) {
        api_step_requests(map, step, &count);
        if (count == 0)
            printf(" %s", step_name(step));
        missing += count == 0;
        if (step + 1 == STEP_COUNT)
            puts(missing == 0 ? " no step" : "");
    }
    print_books(map);
}

/* `map` is NULL when `error` is not. */
static void print_json(const char *path, const ApiMap *map, const GError *error)
{
    json_t *root = json_object(), *findings = json_array(), *requests = json_array();

    json_object_set_new(root, "file", json_make_text(path));
    json_object_set_new(root, "ok", json_boolean(error == NULL));
    if (map != NULL)
        json_object_set_new(root, "api", json_make_text(api_name(map)));
    for (uint32_t i = 0; map != NULL && i < api_request_count(map); i++) {
        const struct api_request *request = api_request(map, i);
        if (!is_of_map(request))
            continue;
        g_autofree char *target = api_path_text(map, i);
        json_t *entry = json_object();
        json_object_set_new(entry, "request", json_make_text(request->name));
        json_object_set_new(entry, "method", json_make_text(request->method));
        json_object_set_new(entry, "path", json_make_text(target));
        g_autofree char *tells = tells_text(map, i);
        json_object_set_new(entry, "does", json_make_text(deed_name(api_deed(map, i))));
        json_object_set_new(entry, "tells", json_make_text(tells));
        json_array_append_new(requests, entry);
    }
    if (map != NULL)
        json_object_set_new(root, "books", books_json(map));
    if (error != NULL) {
        g_auto(GStrv) lines = g_strsplit(error->message, "\n", -1);
        for (char **line = lines; *line != NULL; line++)
            if (**line != '\0')
                json_array_append_new(findings, json_make_text(*line));
    }
    json_object_set_new(root, "requests", requests);
    json_object_set_new(root, "findings", findings);
    emit_json(root);
}

static gboolean check_thresholds(const char *path, GError **ret_error)
{
    g_autoptr(Node) root = node_read_file(path, NULL, ret_error);
    g_autoptr(GPtrArray) list = diagnostic_list_new();

    if (root == NULL)
        return FALSE;
    const Node *thresholds = node_get(root, "thresholds");
    bool is_list = thresholds != NULL && node_kind(thresholds) == NODE_SEQUENCE;
    uint32_t count = thresholds == NULL ? 0 : is_list ? node_count(thresholds) : 1;
    for (uint32_t i = 0; i < count; i++) {
        g_autoptr(GError) error = NULL;
        const Node *text = is_list ? node_child(thresholds, i) : thresholds;
        struct threshold *threshold = threshold_parse(node_text(text), "threshold", &error);
        if (threshold == NULL)
            diagnostic_add(list, node_position(text), "%s", error->message);
        threshold_free(threshold);
    }
    return diagnostic_list_finish(list, ret_error);
}

enum command_status check_api(const char *path, const char *openapi, const char *tables,
                              gboolean json, GError **ret_error)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ApiMap) map = api_read_with_tables(path, openapi, tables, &error);

    if (map != NULL && !check_thresholds(path, &error))
        g_clear_pointer(&map, api_free);
    if (json)
        print_json(path, map, error);
    if (error != NULL) {
        g_propagate_error(ret_error, g_steal_pointer(&error));
        return COMMAND_ERROR;
    }
    if (!json)
        print_table(path, map);
    return COMMAND_DONE;
}
