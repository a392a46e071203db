/* One request of an API map, from YAML to what is rendered and judged by.
 *
 * Headers of the map (or of its section `audit`) and of a request are merged here, so that a running
 * thread walks one list.
 */
#include "traffic/api_private.h"

#include "shell/spelling.h"

#include <string.h>

/* ---- small things ---------------------------------------------------------------------------- */

/* Characters of a token, RFC 9110 5.6.2. */
static bool api_is_token(const char *text)
{
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++)
        if (!g_ascii_isalnum(*text) && strchr("!#$%&'*+-.^_`|~", *text) == NULL)
            return false;
    return true;
}

static void api_read_statuses(struct api_reader *r, struct schema_value list, enum api_status as,
                              uint8_t *status)
{
    for (uint32_t i = 0; i < schema_count(list); i++) {
        struct schema_value item = schema_item(list, i);
        const char *text = schema_as_text(item);
        uint32_t first = 0, last = 0;
        if (strlen(text) == 3 && text[0] >= '1' && text[0] <= '5' &&
            g_ascii_strcasecmp(text + 1, "xx") == 0) {
            first = (uint32_t)(text[0] - '0') * 100;
            last = first + 99;
        } else if (strlen(text) == 3 && strspn(text, "0123456789") == 3 && text[0] >= '1' &&
                   text[0] <= '5') {
            first = last = (uint32_t)g_ascii_strtoull(text, NULL, 10);
        } else {
            diagnostic_add(r->list, schema_position(item),
                           "expected a status from 100 to 599 or a class such as 2xx, found '%s'",
                           text);
            continue;
        }
        for (uint32_t s = first; s <= last; s++) {
            if (as == API_STATUS_REFUSED && status[s] == API_STATUS_EXPECTED && first == last)
                diagnostic_add(r->list, schema_position(item),
                               "status %u is expected and refused at once", s);
            if (status[s] == API_STATUS_BAD)
                status[s] = (uint8_t)as;
        }
    }
}

/* ---- headers --------------------------------------------------------------------------------- */

/* A header as written, before it is taken apart. */
struct api_written {
    const char *name;
    const Node *value; /* null: taken away */
    bool of_map;
};

void api_request_header_names(struct api_reader *r, struct schema_value headers)
{
    static const char *const senders[] = {"host",       "content-length", "connection",
                                          "keep-alive", "upgrade",        "transfer-encoding",
                                          "te",         "trailer"};
    const Node *node = schema_node(headers);

    for (uint32_t i = 0; node != NULL && i < node_count(node); i++) {
        const char *name = node_key(node, i);
        if (!api_is_token(name))
            diagnostic_add(r->list, node_key_position(node, i), "'%s' is no name of a header",
                           name);
        for (size_t s = 0; s < G_N_ELEMENTS(senders); s++)
            if (g_ascii_strcasecmp(name, senders[s]) == 0)
                diagnostic_add(r->list, node_key_position(node, i),
                               "header '%s' is set by the sender, leave it out", name);
    }
}

/* Later ones win. */
static void api_merge_headers(GArray *written, struct schema_value headers, bool of_map)
{
    const Node *node = schema_node(headers);

    for (uint32_t i = 0; node != NULL && i < node_count(node); i++) {
        struct api_written header = {node_key(node, i), node_child(node, i), of_map};
        for (guint j = written->len; j-- > 0;)
            if (g_ascii_strcasecmp(g_array_index(written, struct api_written, j).name,
                                   header.name) == 0)
                g_array_remove_index(written, j);
        if (!node_is_null(header.value))
            g_array_append_val(written, header);
    }
}

static const ApiTemplate *api_read_header_value(struct api_reader *r, const struct api_written *h)
{
    for (const char *c = node_text(h->value); *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F) {
            diagnostic_add(r->list, node_position(h->value),
                           "a header is one line without control characters");
            return NULL;
        }
    const ApiTemplate *template = api_template_read(r, h->value, API_LINE, false);
    if (template == NULL || !h->of_map)
        return template;
    struct api_template optional = *template;
    optional.optional = true;
    return api_keep(r->map, &optional, 1, sizeof(optional));
}

/* How a body's values are escaped, by the Content-Type that goes with it. */
static enum api_escape api_read_body_escape(const char *type)
{
    g_autofree char *lower = g_ascii_strdown(type, -1);

    if (strstr(lower, "json") != NULL)
        return API_JSON;
    return strstr(lower, "x-www-form-urlencoded") != NULL ? API_FORM : API_RAW;
}

/* Headers of a request (those of the map, or of the section `audit`, before its own), and what they
 * say about its body. */
static void api_read_headers(struct api_reader *r, struct schema_value of_map,
                             struct schema_value item, struct api_request *request,
                             struct api_rules *rules)
{
    g_autoptr(GArray) written = g_array_new(FALSE, FALSE, sizeof(struct api_written));
    g_autoptr(GArray) headers = g_array_new(FALSE, FALSE, sizeof(struct api_header));
    bool has_body = schema_has(item, "body") || schema_has(item, "graphql");

    rules->body_escape = API_JSON;

    api_request_header_names(r, schema_get(item, "headers"));
    api_merge_headers(written, of_map, true);
    api_merge_headers(written, schema_get(item, "headers"), false);
    for (guint i = 0; i < written->len; i++) {
        const struct api_written *h = &g_array_index(written, struct api_written, i);
        if (g_ascii_strcasecmp(h->name, "content-type") == 0) {
            const char *type = node_text(h->value);
            rules->body_escape = api_read_body_escape(type);
            rules->body_type = api_keep_text(r->map, type, strcspn(type, "; "));
        }
        uint32_t size = (uint32_t)strlen(h->name);
        struct api_header header = {{api_keep_text(r->map, h->name, size), size},
                                    api_read_header_value(r, h)};
        if (header.value != NULL)
            g_array_append_val(headers, header);
        if (api_template_is_secret(header.value))
            g_ptr_array_add(r->map->secret_headers, g_strdup(h->name));
    }
    if (has_body && rules->body_type == NULL) {
        static const struct api_piece piece = {.text = "application/json",
                                               .text_size = 16,
                                               .source = API_SOURCE_NONE};
        static const struct api_template json = {&piece, 1, .constant = true};
        struct api_header header = {{"Content-Type", 12}, &json};
        rules->body_type = piece.text;
        g_array_append_val(headers, header);
    }
    if (headers->len > API_HEADERS_MAX)
        diagnostic_add(r->list, schema_position(item), "%u headers, at most %d are allowed",
                       headers->len, API_HEADERS_MAX);
    request->header_count = headers->len;
    request->headers = api_keep(r->map, headers->data, headers->len, sizeof(struct api_header));
}

/* ---- requests -------------------------------------------------------------------------------- */

static void api_read_method(struct api_reader *r, struct schema_value item,
                            struct api_request *request)
{
    static const char *const methods[] = {"GET",    "POST",    "PUT",  "PATCH",
                                          "DELETE", "OPTIONS", "HEAD", NULL};
    static const char *const safe_twice[] = {"GET",  "PUT",   "DELETE", "OPTIONS",
                                             "HEAD", "TRACE", NULL};
    bool posts = schema_has(item, "graphql") && !schema_has(item, "method");
    const char *method = posts ? "POST" : schema_get_text(item, "method");
    g_autofree char *upper = g_ascii_strup(method, -1);

    if (!api_is_token(method) || strcmp(upper, method) != 0) {
        g_autofree char *hint = spelling_hint(upper, methods);
        diagnostic_add(r->list, schema_position(schema_get(item, "method")),
                       "'%s' is no method of HTTP%s", method, hint);
    }
    request->method = api_keep_text(r->map, method, strlen(method));
    request->method_size = (uint32_t)strlen(method);
    request->head_only = strcmp(method, "HEAD") == 0;
    request->idempotent = schema_has(item, "idempotent") ? schema_get_bool(item, "idempotent")
                                                         : g_strv_contains(safe_twice, method);
}

static void api_read_path(struct api_reader *r, struct schema_value item,
                          struct api_request *request)
{
    const Node *node = schema_node(schema_get(item, "path"));
    const char *text = node_text(node);

    if (text[0] != '/' && !g_str_has_prefix(text, "{{"))
        diagnostic_add(r->list, node_position(node), "a path begins with '/', found '%s'", text);
    request->path = api_template_read(r, node, API_URL, true);
    for (uint32_t i = 0; request->path != NULL && i < request->path->piece_count; i++) {
        const struct api_piece *piece = &request->path->pieces[i];
        for (uint32_t b = 0; b < piece->text_size; b++) {
            unsigned char c = (unsigned char)piece->text[b];
            if (c > 0x20 && c < 0x7F && c != '#')
                continue;
            diagnostic_add(r->list, node_position(node),
                           "a path is percent-encoded ASCII: blanks, '#' and other characters "
                           "must be written as %%XX");
            return;
        }
    }
}

/* {"query": ..., "variables": ...}; both are templates whose values are escaped for JSON. */
static void api_read_graphql(struct api_reader *r, struct schema_value item,
                             struct api_request *request)
{
    struct schema_value graphql = schema_get(item, "graphql");
    struct schema_value variables = schema_get(item, "variables");
    const struct api_text query = api_escape_text(r->map, schema_as_text(graphql), API_JSON);
    const Node *node = schema_node(schema_is_present(variables) ? variables : graphql);
    g_autoptr(GString) body = g_string_new("{\"query\":\"");

    g_string_append_len(body, query.text, query.size);
    g_string_append_c(body, '"');
    if (schema_is_present(variables))
        g_string_append_printf(body, ",\"variables\":%s", schema_as_text(variables));
    g_string_append_c(body, '}');
    request->body = api_template_read_text(r, node, body->str, API_JSON, false);
    if (request->body != NULL)
        api_body_check(r, node, request->body);
}

static void api_read_body(struct api_reader *r, struct schema_value item,
                          struct api_request *request, struct api_rules *rules)
{
    struct schema_value graphql = schema_get(item, "graphql");

    if (schema_has(item, "body") && schema_is_present(graphql))
        diagnostic_add(r->list, schema_position(graphql), "body and graphql at once");
    if (schema_has(item, "variables") && !schema_is_present(graphql))
        diagnostic_add(r->list, schema_position(schema_get(item, "variables")),
                       "variables go with graphql");
    if (schema_is_present(graphql))
        api_read_graphql(r, item, request);
    if (!schema_has(item, "body"))
        return;
    const Node *node = schema_node(schema_get(item, "body"));
    request->body = api_template_read(r, node, rules->body_escape, false);
    if (request->body != NULL && rules->body_escape == API_JSON)
        api_body_check(r, node, request->body);
}

static void api_read_failure(struct api_reader *r, struct schema_value item,
                             struct api_request *request)
{
    struct schema_value retry = schema_get(item, "retry");
    struct schema_value on_failure = schema_get(item, "on_failure");
    bool retries = schema_is_present(retry);

    request->on_failure = retries ? API_RETRY : API_ABORT;
    if (schema_is_present(on_failure))
        request->on_failure = (enum api_on_failure)schema_as_enum(on_failure);
    if (retries && request->on_failure != API_RETRY)
        diagnostic_add(r->list, schema_position(retry), "retry is of no use with on_failure: %s",
                       schema_as_text(on_failure));
    if (request->on_failure == API_RETRY) {
        request->retry_count = (uint32_t)schema_get_whole(retry, "times");
        request->retry_backoff_us = schema_get_duration_us(retry, "backoff");
    }
    request->refusal_ends = schema_get_enum(item, "on_refusal") == 0;
    request->takes_us = schema_get_duration_us(item, "takes");
    request->think_us = schema_get_duration_us(item, "think");
    if (schema_has(item, "timeout"))
        request->timeout_us = schema_get_duration_us(item, "timeout");
}

void api_request_read(struct api_reader *r, struct schema_value headers, struct schema_value item,
                      struct api_request *request, struct api_rules *rules)
{
    rules->node = schema_node(item);
    api_read_method(r, item, request);
    api_read_path(r, item, request);
    api_read_headers(r, headers, item, request, rules);
    api_read_body(r, item, request, rules);
    api_read_statuses(r, schema_get(item, "expect"), API_STATUS_EXPECTED, request->status);
    if (!schema_has(item, "expect"))
        memset(request->status + 200, API_STATUS_EXPECTED, 100);
}

static void api_read_unless(struct api_reader *r, struct schema_value item,
                            struct api_request *request)
{
    struct schema_value unless = schema_get(item, "unless");

    if (!schema_is_present(unless))
        return;
    const uint32_t variable = api_variable_find(r->variables, schema_as_text(unless));
    if (variable == API_NONE)
        diagnostic_add(r->list, schema_position(unless), "no request captures '%s'",
                       schema_as_text(unless));
    else
        request->unless = variable + 1;
}

void api_request_read_step(struct api_reader *r, struct schema_value top, struct schema_value item,
                           uint32_t kind, uint32_t number)
{
    struct schema_value session = schema_get(top, "session");
    struct api_request request = {.step = kind};
    struct api_rules rules = {.deed = DEED_nothing};
    g_autofree char *name = number == 0 ? g_strdup(step_name(kind))
                                        : g_strdup_printf("%s/%u", step_name(kind), number + 1);

    request.name = api_keep_text(r->map, name, strlen(name));
    api_request_read(r, schema_get(top, "headers"), item, &request, &rules);
    api_read_statuses(r, schema_get(item, "refused"), API_STATUS_REFUSED, request.status);
    if (kind != STEP_log_in) /* a log-in that is refused for its session would never end */
        api_read_statuses(r, schema_get(session, "renew_on"), API_STATUS_RENEW, request.status);
    api_read_failure(r, item, &request);
    api_read_unless(r, item, &request);
    api_rules_read(r, top, item, &rules, &request);
    if (schema_has(item, "does"))
        rules.deed = (enum deed)schema_get_enum(item, "does");
    g_array_append_val(r->map->requests, request);
    g_array_append_val(r->map->rules, rules);
}
