/* Holding a map against the document of the service: paths, methods, parameters, statuses.
 *
 * Only what a template can show is judged. A path of the map is split where its values are; a
 * segment with a value in it fits a path parameter and nothing else, since what the value will be is
 * not known. Of several paths that fit, the one with the fewest parameters counts, as OpenAPI asks.
 * The base path of a server may stand before it or be part of the run's target: both fit.
 *
 * Findings stand at the map, which is what the user is writing, and name the document's nearest
 * path. Broken references are the document's fault and stand there.
 */
#include "traffic/api_openapi.h"

#include "shell/spelling.h"

#include <string.h>

#define OPENAPI_REF_MAX 32 /* references to references */

/* ---- references ------------------------------------------------------------------------------ */

static const Node *openapi_pointer(const Node *root, const char *pointer)
{
    g_auto(GStrv) steps = g_strsplit(pointer + 1, "/", -1);
    const Node *node = root;

    for (char **step = steps; *step != NULL && node != NULL; step++) {
        g_autofree char *decoded = g_uri_unescape_string(*step, NULL);
        g_autoptr(GString) key = g_string_new(decoded != NULL ? decoded : *step);
        g_string_replace(key, "~1", "/", 0);
        g_string_replace(key, "~0", "~", 0);
        if (node_kind(node) == NODE_SEQUENCE) {
            guint64 index = 0;
            node = g_ascii_string_to_unsigned(key->str, 10, 0, UINT32_MAX, &index, NULL) &&
                           index < node_count(node)
                       ? node_child(node, (uint32_t)index)
                       : NULL;
        } else {
            node = node_get(node, key->str);
        }
    }
    return node;
}

const Node *openapi_resolve(const struct openapi *o, const Node *node)
{
    for (uint32_t i = 0; node != NULL && i < OPENAPI_REF_MAX; i++) {
        const Node *reference = node_get(node, "$ref");
        const char *text = reference != NULL ? node_text(reference) : NULL;
        if (text == NULL)
            return node;
        node = g_str_has_prefix(text, "#/") ? openapi_pointer(o->root, text + 1) : NULL;
        if (node == NULL)
            diagnostic_add(o->reader->list, node_position(reference),
                           "'%s' leads nowhere in this document", text);
        else if (i + 1 == OPENAPI_REF_MAX)
            diagnostic_add(o->reader->list, node_position(reference), "'%s' leads in a circle",
                           text);
    }
    return NULL;
}

const Node *openapi_get(const struct openapi *o, const Node *node, const char *key)
{
    const Node *value = node != NULL ? node_get(node, key) : NULL;

    return value != NULL ? openapi_resolve(o, value) : NULL;
}

/* ---- paths ----------------------------------------------------------------------------------- */

/* Whether a segment of the document fits one of the map; adds to *parameters if by a parameter. */
static bool openapi_segment_fits(const char *known, const char *asked, uint32_t *parameters)
{
    const char *open = strchr(known, '{'), *close = open != NULL ? strchr(open, '}') : NULL;

    if (close == NULL) {
        g_autofree char *decoded = g_uri_unescape_string(asked, NULL);
        return strchr(asked, '{') == NULL &&
               (strcmp(known, asked) == 0 || (decoded != NULL && strcmp(known, decoded) == 0));
    }
    size_t before = (size_t)(open - known), after = strlen(close + 1), size = strlen(asked);
    ++*parameters;
    return size > before + after && strncmp(known, asked, before) == 0 &&
           strcmp(close + 1, asked + size - after) == 0;
}

/* Number of parameters, or UINT32_MAX when it does not fit. */
static uint32_t openapi_path_fits(const char *known, const char *asked)
{
    g_auto(GStrv) k = g_strsplit(known, "/", -1), a = g_strsplit(asked, "/", -1);
    uint32_t parameters = 0;

    if (g_strv_length(k) != g_strv_length(a))
        return UINT32_MAX;
    for (uint32_t i = 0; k[i] != NULL; i++)
        if (!openapi_segment_fits(k[i], a[i], &parameters))
            return UINT32_MAX;
    return parameters;
}

static const Node *openapi_find_path(const struct openapi *o, const char *asked)
{
    const Node *paths = node_get(o->root, "paths"), *found = NULL;
    uint32_t fewest = UINT32_MAX;

    for (uint32_t i = 0; i < node_count(paths); i++) {
        uint32_t parameters = openapi_path_fits(node_key(paths, i), asked);
        if (parameters < fewest) {
            fewest = parameters;
            found = node_child(paths, i);
        }
    }
    return found;
}

/* "/v1" of "https://shop.example/v1/". Caller frees. */
static char *openapi_base(const char *url)
{
    const char *scheme = strstr(url, "://");
    const char *path = strchr(scheme != NULL ? scheme + 3 : url, '/');
    char *base = g_strdup(path != NULL ? path : "");
    size_t size = strlen(base);

    if (size > 0 && base[size - 1] == '/')
        base[size - 1] = '\0';
    return base;
}

static const Node *openapi_find(const struct openapi *o, const char *asked)
{
    const Node *found = openapi_find_path(o, asked);
    const Node *servers = node_get(o->root, "servers");

    for (uint32_t i = 0; found == NULL && servers != NULL && i < node_count(servers); i++) {
        const Node *url = node_get(node_child(servers, i), "url");
        if (url == NULL || node_text(url) == NULL)
            continue;
        g_autofree char *base = openapi_base(node_text(url));
        if (*base != '\0' && g_str_has_prefix(asked, base))
            found = openapi_find_path(o, asked + strlen(base));
    }
    return found;
}

/* The path of the document that is most like the one asked for. */
static const char *openapi_nearest(const Node *paths, const char *asked)
{
    const char *nearest = NULL;
    uint32_t best = UINT32_MAX;

    for (uint32_t i = 0; i < node_count(paths); i++) {
        uint32_t distance = spelling_distance(asked, node_key(paths, i));
        if (distance < best) {
            best = distance;
            nearest = node_key(paths, i);
        }
    }
    return nearest;
}

/* ---- query parameters ------------------------------------------------------------------------ */

static void openapi_add_parameters(const struct openapi *o, const Node *owner, GPtrArray *names,
                                   GPtrArray *needed)
{
    const Node *list = openapi_get(o, owner, "parameters");

    for (uint32_t i = 0; list != NULL && i < node_count(list); i++) {
        const Node *parameter = openapi_resolve(o, node_child(list, i));
        const Node *name = openapi_get(o, parameter, "name");
        const Node *in = openapi_get(o, parameter, "in");
        const Node *required = openapi_get(o, parameter, "required");
        if (name == NULL || in == NULL || node_text(name) == NULL ||
            g_strcmp0(node_text(in), "query") != 0)
            continue;
        g_ptr_array_add(names, (gpointer)node_text(name));
        if (required != NULL && g_strcmp0(node_text(required), "true") == 0)
            g_ptr_array_add(needed, (gpointer)node_text(name));
    }
}

static void openapi_check_query(const struct openapi *o, const Node *item, const Node *operation,
                                const Node *path, const char *query)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new(), needed = g_ptr_array_new();
    g_autoptr(GHashTable) given = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) pairs = g_strsplit(query, "&", -1);

    openapi_add_parameters(o, item, names, needed);
    openapi_add_parameters(o, operation, names, needed);
    g_ptr_array_add(names, NULL);
    for (char **pair = pairs; *pair != NULL; pair++) {
        g_autofree char *key = g_strndup(*pair, strcspn(*pair, "="));
        if (*key == '\0' || strchr(key, '{') != NULL)
            continue;
        if (!g_strv_contains((const char *const *)names->pdata, key))
            diagnostic_add_unknown(o->reader->list, node_position(path), "query parameter", key,
                                   (const char *const *)names->pdata);
        g_hash_table_add(given, g_steal_pointer(&key));
    }
    for (guint i = 0; i < needed->len; i++)
        if (!g_hash_table_contains(given, g_ptr_array_index(needed, i)))
            diagnostic_add(o->reader->list, node_position(path),
                           "query parameter '%s' is required by %s",
                           (const char *)g_ptr_array_index(needed, i), o->name);
}

/* ---- statuses -------------------------------------------------------------------------------- */

static bool openapi_has_response(const Node *responses, uint32_t status)
{
    char exact[8], class_upper[8], class_lower[8];

    snprintf(exact, sizeof(exact), "%u", status);
    snprintf(class_upper, sizeof(class_upper), "%uXX", status / 100);
    snprintf(class_lower, sizeof(class_lower), "%uxx", status / 100);
    return node_get(responses, exact) != NULL || node_get(responses, class_upper) != NULL ||
           node_get(responses, class_lower) != NULL || node_get(responses, "default") != NULL;
}

/* A whole class (2xx) needs one documented status, a status of its own itself. */
static void openapi_check_class(const struct openapi *o, const struct api_request *request,
                                enum api_status as, uint32_t class, struct text_position at,
                                const Node *responses)
{
    const char *word = as == API_STATUS_EXPECTED ? "expected" : "refused";
    uint32_t count = 0, known = 0;

    for (uint32_t s = class * 100; s < class * 100 + 100; s++)
        count += request->status[s] == as;
    for (uint32_t s = class * 100; s < class * 100 + 100; s++) {
        if (request->status[s] != as)
            continue;
        if (openapi_has_response(responses, s))
            known++;
        else if (count < 90)
            diagnostic_add(o->reader->list, at, "%s status %u is not among the responses in %s",
                           word, s, o->name);
    }
    if (count >= 90 && known == 0)
        diagnostic_add(o->reader->list, at, "no %s status %uxx is among the responses in %s", word,
                       class, o->name);
}

static void openapi_check_statuses(const struct openapi *o, const struct api_request *request,
                                   const Node *node, const Node *operation)
{
    const Node *responses = openapi_get(o, operation, "responses");
    const Node *expect = node_get(node, "expect"), *refused = node_get(node, "refused");

    if (responses == NULL)
        return;
    for (uint32_t class = 1; class < 6; class ++) {
        openapi_check_class(o, request, API_STATUS_EXPECTED, class,
                            node_position(expect != NULL ? expect : node), responses);
        openapi_check_class(o, request, API_STATUS_REFUSED, class,
                            node_position(refused != NULL ? refused : node), responses);
    }
}

/* ---- bodies ---------------------------------------------------------------------------------- */

/* The media type that fits: itself, or a range. */
static const Node *openapi_media(const struct openapi *o, const Node *content, const char *type)
{
    for (uint32_t i = 0; i < node_count(content); i++) {
        g_autofree char *known =
            g_strndup(node_key(content, i), strcspn(node_key(content, i), "; "));
        g_autofree char *pattern = g_ascii_strdown(known, -1);
        g_autofree char *lower = g_ascii_strdown(type, -1);
        if (g_pattern_match_simple(pattern, lower))
            return openapi_resolve(o, node_child(content, i));
    }
    return NULL;
}

static void openapi_check_request_body(const struct openapi *o, const struct api_rules *rules,
                                       const struct api_request *request, const Node *operation)
{
    const Node *known = openapi_get(o, operation, "requestBody");
    const Node *body = node_get(rules->node, "body");
    const Node *required = openapi_get(o, known, "required");
    const Node *content = openapi_get(o, known, "content");

    if (body == NULL || request->body == NULL) {
        if (required != NULL && g_strcmp0(node_text(required), "true") == 0)
            diagnostic_add(o->reader->list, node_position(rules->node), "a body is required by %s",
                           o->name);
        return;
    }
    if (known == NULL) {
        diagnostic_add(o->reader->list, node_position(body), "%s knows of no body here", o->name);
        return;
    }
    if (content == NULL)
        return;
    const Node *media = openapi_media(o, content, rules->body_type);
    if (media == NULL) {
        diagnostic_add(o->reader->list, node_position(body), "the body is %s, %s knows %s%s here",
                       rules->body_type, o->name,
                       node_count(content) > 0 ? node_key(content, 0) : "nothing",
                       node_count(content) > 1 ? " and others" : "");
        return;
    }
    const Node *schema = openapi_get(o, media, "schema");
    if (schema != NULL)
        openapi_check_body(o, rules, request, schema);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static const char *const methods[] = {"get",  "put",   "post",  "delete", "options",
                                      "head", "patch", "trace", NULL};

static const Node *openapi_operation(const struct openapi *o, const Node *item, const char *method,
                                     const char *path, struct text_position at)
{
    g_autofree char *lower = g_ascii_strdown(method, -1);
    const Node *operation = openapi_get(o, item, lower);
    g_autoptr(GString) known = g_string_new(NULL);

    if (operation != NULL)
        return operation;
    for (uint32_t i = 0; methods[i] != NULL; i++)
        if (node_get(item, methods[i]) != NULL) {
            g_autofree char *upper = g_ascii_strup(methods[i], -1);
            g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", upper);
        }
    diagnostic_add(o->reader->list, at, "%s has no method %s for %s, only %s", o->name, method,
                   path, known->len > 0 ? known->str : "none at all");
    return NULL;
}

static void openapi_check_request(const struct openapi *o, uint32_t index)
{
    const ApiMap *map = o->reader->map;
    const struct api_request *request = api_request(map, index);
    const struct api_rules *rules = &g_array_index(map->rules, struct api_rules, index);

    if (rules->recorded || request->path == NULL)
        return;
    const Node *path_node = node_get(rules->node, "path");
    const Node *method_node = node_get(rules->node, "method");
    g_autofree char *path = api_path_text(map, index);
    char *query = strchr(path, '?');
    const Node *paths = node_get(o->root, "paths");

    if (query != NULL)
        *query++ = '\0';
    if (path[0] != '/') /* a captured link: it leads where the service says */
        return;
    const Node *found = openapi_find(o, path);
    if (found == NULL) {
        const char *nearest = openapi_nearest(paths, path);
        diagnostic_add(o->reader->list, node_position(path_node),
                       "%s has no path %s; the nearest is %s", o->name, path,
                       nearest != NULL ? nearest : "none, it has no paths");
        return;
    }
    const Node *item = openapi_resolve(o, found);
    if (item == NULL)
        return;
    const Node *operation =
        openapi_operation(o, item, request->method, path,
                          node_position(method_node != NULL ? method_node : path_node));
    if (operation == NULL)
        return;
    openapi_check_query(o, item, operation, path_node, query != NULL ? query : "");
    openapi_check_request_body(o, rules, request, operation);
    openapi_check_statuses(o, request, rules->node, operation);
}

gboolean api_openapi_check(struct api_reader *r, const char *path, GError **ret_error)
{
    g_autoptr(Node) root = node_read_file(path, NULL, ret_error);
    g_autofree char *name = g_path_get_basename(path);
    struct openapi o = {r, root, name};

    if (root == NULL)
        return FALSE;
    const Node *version = node_get(root, "openapi"), *paths = node_get(root, "paths");
    if (version == NULL || node_text(version) == NULL ||
        !g_str_has_prefix(node_text(version), "3.")) {
        diagnostic_bad_input(ret_error,
                             version != NULL ? node_position(version) : node_position(root),
                             "expected an OpenAPI document of version 3 (`openapi: 3.1.0`)");
        return FALSE;
    }
    if (paths == NULL || node_kind(paths) != NODE_MAPPING) {
        diagnostic_bad_input(ret_error, paths != NULL ? node_position(paths) : node_position(root),
                             "an OpenAPI document that is of use here has `paths`");
        return FALSE;
    }
    for (uint32_t i = 0; i < r->map->requests->len; i++)
        openapi_check_request(&o, i);
    return TRUE;
}
