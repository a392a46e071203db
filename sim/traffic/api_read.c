/* From a YAML file to a compiled map.
 *
 * In two stages, each of which reports all of its findings together: what a table of keys can find,
 * then what only the whole can tell (steps, names in templates, statuses, the OpenAPI document).
 * Captures are declared before any template is read, since a template may name a variable that a
 * later step of the file sets: the order of a journey's steps is the plan's, not the file's.
 */
#include "traffic/api_openapi.h"
#include "traffic/api_private.h"

#include <string.h>

/* ---- the whole ------------------------------------------------------------------------------- */

static bool api_is_name(const char *text)
{
    if (!g_ascii_isalpha(*text) && *text != '_')
        return false;
    for (; *text != '\0'; text++)
        if (!g_ascii_isalnum(*text) && *text != '_')
            return false;
    return true;
}

static void api_read_step_name(struct api_reader *r, struct schema_value steps, uint32_t i)
{
    const char *name = schema_item_name(steps, i);
    struct text_position at = schema_item_name_position(steps, i);

    if (step_find(name) == STEP_COUNT)
        diagnostic_add_unknown(r->list, at, "step", name, step_names());
    else if (step_find(name) == STEP_request)
        diagnostic_add(r->list, at, "recorded requests are sent as they are: leave 'request' out");
}

void api_read_captures(struct api_reader *r, struct schema_value capture, bool of_session)
{
    for (uint32_t c = 0; c < schema_count(capture); c++) {
        const char *name = schema_item_name(capture, c);
        struct text_position at = schema_item_name_position(capture, c);
        if (!api_is_name(name))
            diagnostic_add(r->list, at, "'%s' is no name: letters, digits and _, no digit first",
                           name);
        else if (api_is_value(name))
            diagnostic_add(r->list, at, "'%s' is a value of the step: another name", name);
        else
            api_rules_declare(r, name, at, of_session);
    }
}

static void api_read_variables(struct api_reader *r, struct schema_value top, bool session)
{
    struct schema_value steps = schema_get(top, "steps");

    api_read_captures(r, schema_get(top, "capture"), session);
    for (uint32_t i = 0; i < schema_count(steps); i++) {
        struct schema_value requests = schema_item(steps, i);
        bool of_session = session && step_find(schema_item_name(steps, i)) == STEP_log_in;
        for (uint32_t q = 0; q < schema_count(requests); q++)
            api_read_captures(r, schema_get(schema_item(requests, q), "capture"), of_session);
    }
}

/* The last request of a step does what its kind of step does, when none says what it does. */
static void api_read_default_deed(struct api_reader *r, struct schema_value requests, uint32_t kind)
{
    bool said = false;

    for (uint32_t q = 0; q < schema_count(requests); q++)
        said |= schema_has(schema_item(requests, q), "does");
    if (!said && schema_count(requests) > 0)
        g_array_index(r->map->rules, struct api_rules, r->map->rules->len - 1).deed =
            step_deed(kind);
}

static void api_read_texts(GPtrArray *texts, struct schema_value list)
{
    for (uint32_t i = 0; i < schema_count(list); i++)
        g_ptr_array_add(texts, g_strdup(schema_as_text(schema_item(list, i))));
}

static void api_read_all(struct api_reader *r, struct schema_value top, const char *tables)
{
    ApiMap *map = r->map;
    struct schema_value steps = schema_get(top, "steps");
    struct schema_value session = schema_get(top, "session");

    if (schema_is_present(session))
        map->session_valid_for_us = schema_get_duration_us(session, "valid_for");
    api_read_texts(map->thresholds, schema_get(top, "thresholds"));
    g_ptr_array_add(map->thresholds, NULL);
    api_read_texts(map->secret_headers, schema_get(top, "secret_headers"));
    if (schema_has(schema_get(top, "connection"), "idle"))
        map->connection_idle_us = schema_get_duration_us(schema_get(top, "connection"), "idle");
    api_tables_read(r, schema_get(top, "tables"), tables);
    api_request_header_names(r, schema_get(top, "headers"));
    api_read_variables(r, top, map->session_valid_for_us > 0);
    for (uint32_t i = 0; i < schema_count(steps); i++) {
        struct schema_value requests = schema_item(steps, i);
        uint32_t kind = step_find(schema_item_name(steps, i));
        if (kind >= STEP_request)
            continue;
        map->step_first[kind] = map->requests->len;
        map->step_requests[kind] = schema_count(requests);
        for (uint32_t q = 0; q < schema_count(requests); q++)
            api_request_read_step(r, top, schema_item(requests, q), kind, q);
        api_read_default_deed(r, requests, kind);
    }
    if (map->session_valid_for_us > 0 && map->step_requests[STEP_log_in] == 0)
        diagnostic_add(r->list, schema_position(session),
                       "a session needs the step log_in, which opens it");
    api_add_recorded(map);
    api_audit_read(r, schema_get(top, "audit"));
    api_seed_read(r, schema_get(top, "seed"));
}

static char *api_read_openapi_path(struct schema_value top, const char *openapi)
{
    return openapi != NULL ? g_strdup(openapi) : schema_get_path(top, "openapi");
}

ApiMap *api_read(const char *path, const char *openapi, GError **ret_error)
{
    return api_read_with_tables(path, openapi, NULL, ret_error);
}

ApiMap *api_read_with_tables(const char *path, const char *openapi, const char *tables,
                             GError **ret_error)
{
    g_autoptr(ApiMap) map = api_new();
    g_autoptr(GPtrArray) list = diagnostic_list_new();
    struct api_reader r = {map, list, API_SCOPE_STEP, map->variables};

    map->root = node_read_file(path, NULL, ret_error);
    if (map->root == NULL)
        return NULL;
    struct schema_value top = schema_root(&api_schema_top, map->root, 0);
    bool readable = schema_check(top, list);
    struct schema_value steps = schema_get(top, "steps");
    if (schema_node(steps) != NULL && node_kind(schema_node(steps)) == NODE_MAPPING)
        for (uint32_t i = 0; i < schema_count(steps); i++)
            api_read_step_name(&r, steps, i);
    if (readable)
        api_read_all(&r, top, tables);
    if (readable) {
        g_autofree char *document = api_read_openapi_path(top, openapi);
        if (document != NULL && !api_openapi_check(&r, document, ret_error))
            return NULL;
    }
    if (!diagnostic_list_finish(list, ret_error))
        return NULL;
    g_autofree char *base = g_path_get_basename(path);
    const char *name = schema_get_text(top, "name");
    map->name = name != NULL                      ? g_strdup(name)
                : g_str_has_suffix(base, ".yaml") ? g_strndup(base, strlen(base) - 5)
                                                  : g_strdup(base);
    return g_steal_pointer(&map);
}
