/* A body of the map held against a schema of the document.
 *
 * Bodies are judged by samples (api_body.c): names and kinds of values are known, the values are
 * not. So what is checked is what a wrong template gets wrong: a required property that is missing,
 * a name that the schema does not know, a text where a number belongs, a constant that is not in the
 * list. Bounds, patterns and formats are the service's business at run time.
 *
 * JSON Schema lets unknown properties pass unless `additionalProperties: false`. For a template a
 * name that a schema with properties does not list is nearly always a slip, so it is a finding,
 * unless the schema says that it wants more: additionalProperties true or a schema,
 * patternProperties. In allOf a name is known when any part knows it. Of oneOf and anyOf the
 * alternative with the fewest findings counts.
 */
#include "traffic/api_openapi.h"

#include <jansson.h>
#include <string.h>

#define OPENAPI_DEPTH_MAX 32

struct openapi_body {
    const struct openapi *o;
    const Node *node;    /* of the map: where findings stand */
    GPtrArray *findings; /* of the alternative that is being tried */
    uint32_t depth;
    bool typed; /* values have kinds; those of a form do not */
};

static void openapi_check_value(struct openapi_body *b, const json_t *value, const Node *schema,
                                const char *where);

/* Where a property's name stands in the body, else the body. */
static struct text_position openapi_body_at(const struct openapi_body *b, const char *name)
{
    const char *text = node_text(b->node);
    g_autofree char *quoted = g_strdup_printf("\"%s\"", name);
    const char *found = strstr(text, quoted);

    return found != NULL ? node_text_position(b->node, (size_t)(found - text) + 1)
                         : node_position(b->node);
}

/* "item.sku" of "item" and "sku". Caller frees. */
static char *openapi_below(const char *where, const char *name)
{
    return *where != '\0' ? g_strdup_printf("%s.%s", where, name) : g_strdup(name);
}

/* ---- objects --------------------------------------------------------------------------------- */

/* Names that a schema and its allOf parts know; FALSE when it takes any. */
static bool openapi_collect(const struct openapi *o, const Node *schema, GPtrArray *names,
                            uint32_t depth)
{
    const Node *properties = openapi_get(o, schema, "properties");
    const Node *additional = openapi_get(o, schema, "additionalProperties");
    const Node *all = node_get(schema, "allOf");
    bool closed = depth < OPENAPI_DEPTH_MAX && node_get(schema, "patternProperties") == NULL &&
                  node_get(schema, "oneOf") == NULL && node_get(schema, "anyOf") == NULL &&
                  (properties != NULL || additional != NULL || all != NULL);

    if (additional != NULL && g_strcmp0(node_text(additional), "false") != 0)
        closed = false;
    for (uint32_t i = 0; properties != NULL && i < node_count(properties); i++)
        g_ptr_array_add(names, (gpointer)node_key(properties, i));
    for (uint32_t i = 0; closed && all != NULL && i < node_count(all); i++) {
        const Node *part = openapi_resolve(o, node_child(all, i));
        if (part != NULL && !openapi_collect(o, part, names, depth + 1))
            closed = false;
    }
    return closed;
}

static void openapi_check_names(struct openapi_body *b, const json_t *object, const Node *schema,
                                const char *where)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    const char *name;
    json_t *value;

    bool closed = openapi_collect(b->o, schema, names, 0);
    g_ptr_array_add(names, NULL);
    json_object_foreach((json_t *)object, name, value)
    {
        if (closed && !g_strv_contains((const char *const *)names->pdata, name)) {
            g_autofree char *full = openapi_below(where, name);
            diagnostic_add_unknown(b->findings, openapi_body_at(b, name), "property", full,
                                   (const char *const *)names->pdata);
        }
    }
}

static void openapi_check_object(struct openapi_body *b, const json_t *object, const Node *schema,
                                 const char *where)
{
    const Node *required = openapi_get(b->o, schema, "required");
    const Node *properties = openapi_get(b->o, schema, "properties");
    const char *name;
    json_t *value;

    for (uint32_t i = 0; required != NULL && i < node_count(required); i++) {
        const char *needed = node_text(node_child(required, i));
        if (needed == NULL || json_object_get(object, needed) != NULL)
            continue;
        g_autofree char *full = openapi_below(where, needed);
        diagnostic_add(b->findings, node_position(b->node),
                       "property '%s' is missing, %s requires it", full, b->o->name);
    }
    json_object_foreach((json_t *)object, name, value)
    {
        const Node *known = openapi_get(b->o, properties, name);
        g_autofree char *full = openapi_below(where, name);
        if (known != NULL)
            openapi_check_value(b, value, known, full);
    }
}

/* ---- kinds of values ------------------------------------------------------------------------- */

static bool openapi_is_any(const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) == API_SAMPLE_ANY;
}

static const char *openapi_kind(const json_t *value)
{
    static const char *const kinds[] = {
        [JSON_OBJECT] = "object",   [JSON_ARRAY] = "array", [JSON_STRING] = "string",
        [JSON_INTEGER] = "integer", [JSON_REAL] = "number", [JSON_TRUE] = "boolean",
        [JSON_FALSE] = "boolean",   [JSON_NULL] = "null",
    };

    return kinds[json_typeof(value)];
}

static bool openapi_kind_fits(const char *kind, const char *wanted)
{
    return g_strcmp0(kind, wanted) == 0 ||
           (g_strcmp0(wanted, "number") == 0 && strcmp(kind, "integer") == 0);
}

static bool openapi_type_fits(const struct openapi_body *b, const json_t *value, const Node *schema)
{
    const Node *type = openapi_get(b->o, schema, "type");
    const Node *nullable = openapi_get(b->o, schema, "nullable"); /* of 3.0 */
    const char *kind = openapi_kind(value);
    bool fits = type == NULL;

    if (!b->typed || openapi_is_any(value))
        return true;
    if (json_is_null(value) && nullable != NULL && g_strcmp0(node_text(nullable), "true") == 0)
        return true;
    if (type != NULL && node_kind(type) == NODE_SCALAR)
        fits = openapi_kind_fits(kind, node_text(type));
    for (uint32_t i = 0; type != NULL && !fits && i < node_count(type); i++)
        fits = openapi_kind_fits(kind, node_text(node_child(type, i)));
    return fits;
}

static void openapi_check_enum(struct openapi_body *b, const json_t *value, const Node *schema,
                               const char *where)
{
    const Node *list = openapi_get(b->o, schema, "enum");
    const char *text = json_string_value(value);
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    if (list == NULL || text == NULL || strstr(text, API_SAMPLE_MARK) != NULL)
        return;
    for (uint32_t i = 0; i < node_count(list); i++)
        if (node_text(node_child(list, i)) != NULL)
            g_ptr_array_add(names, (gpointer)node_text(node_child(list, i)));
    g_ptr_array_add(names, NULL);
    if (!g_strv_contains((const char *const *)names->pdata, text))
        diagnostic_add_unknown(b->findings, openapi_body_at(b, text), where, text,
                               (const char *const *)names->pdata);
}

/* ---- alternatives ---------------------------------------------------------------------------- */

static void openapi_check_choice(struct openapi_body *b, const json_t *value, const Node *choice,
                                 const char *where)
{
    g_autoptr(GPtrArray) best = NULL;
    GPtrArray *outer = b->findings;

    for (uint32_t i = 0; i < node_count(choice) && (best == NULL || best->len > 0); i++) {
        g_autoptr(GPtrArray) found = diagnostic_list_new();
        const Node *schema = openapi_resolve(b->o, node_child(choice, i));
        b->findings = found;
        if (schema != NULL)
            openapi_check_value(b, value, schema, where);
        if (best == NULL || found->len < best->len) {
            g_clear_pointer(&best, g_ptr_array_unref);
            best = g_steal_pointer(&found);
        }
    }
    b->findings = outer;
    for (guint i = 0; best != NULL && i < best->len; i++) {
        const struct diagnostic *d = g_ptr_array_index(best, i);
        diagnostic_add(outer, d->at, "%s", d->text);
    }
}

/* Type, properties and parts; not whether names are known, which only the whole can tell. */
static void openapi_check_part(struct openapi_body *b, const json_t *value, const Node *schema,
                               const char *where)
{
    static const char *const choices[] = {"oneOf", "anyOf"};
    const Node *all = node_get(schema, "allOf");

    if (b->depth == OPENAPI_DEPTH_MAX)
        return;
    b->depth++;
    if (!openapi_type_fits(b, value, schema)) {
        g_autofree char *type = node_to_text(openapi_get(b->o, schema, "type"), 40);
        diagnostic_add(b->findings, node_position(b->node), "%s is %s %s, %s wants %s",
                       *where != '\0' ? where : "the body",
                       strchr("aio", openapi_kind(value)[0]) != NULL ? "an" : "a",
                       openapi_kind(value), b->o->name, type);
    } else {
        openapi_check_enum(b, value, schema, where);
        if (json_is_object(value))
            openapi_check_object(b, value, schema, where);
        const Node *items = json_is_array(value) ? openapi_get(b->o, schema, "items") : NULL;
        for (size_t i = 0; items != NULL && i < json_array_size(value); i++) {
            g_autofree char *full = g_strdup_printf("%s[%zu]", where, i);
            openapi_check_value(b, json_array_get(value, i), items, full);
        }
    }
    for (uint32_t i = 0; all != NULL && i < node_count(all); i++) {
        const Node *part = openapi_resolve(b->o, node_child(all, i));
        if (part != NULL)
            openapi_check_part(b, value, part, where);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(choices); i++)
        if (node_get(schema, choices[i]) != NULL)
            openapi_check_choice(b, value, node_get(schema, choices[i]), where);
    b->depth--;
}

static void openapi_check_value(struct openapi_body *b, const json_t *value, const Node *schema,
                                const char *where)
{
    openapi_check_part(b, value, schema, where);
    if (json_is_object(value))
        openapi_check_names(b, value, schema, where);
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* A form as an object of texts; a name made of values is left out. */
static json_t *openapi_form(const ApiTemplate *body)
{
    g_autoptr(GString) sample = g_string_new(NULL);
    json_t *object = json_object();

    for (uint32_t i = 0; i < body->piece_count; i++) {
        g_string_append_len(sample, body->pieces[i].text, body->pieces[i].text_size);
        if (body->pieces[i].source != API_SOURCE_NONE)
            g_string_append(sample, API_SAMPLE_MARK);
    }
    g_auto(GStrv) pairs = g_strsplit(g_strstrip(sample->str), "&", -1);
    for (char **pair = pairs; *pair != NULL; pair++) {
        g_autofree char *raw = g_strndup(*pair, strcspn(*pair, "="));
        g_autofree char *name = g_uri_unescape_string(raw, NULL);
        if (name != NULL && *name != '\0' && strstr(name, API_SAMPLE_MARK) == NULL)
            json_object_set_new(object, name, json_string(API_SAMPLE_MARK));
    }
    return object;
}

void openapi_check_body(const struct openapi *o, const struct api_rules *rules,
                        const struct api_request *request, const Node *schema)
{
    struct openapi_body b = {.o = o,
                             .node = node_get(rules->node, "body"),
                             .findings = o->reader->list,
                             .typed = rules->body_escape == API_JSON};
    json_t *sample = NULL;

    if (rules->body_escape == API_JSON) {
        g_autoptr(GString) text = g_string_new(NULL);
        api_body_sample(NULL, request->body, text);
        sample = json_loadb(text->str, text->len, JSON_DECODE_ANY, NULL);
    } else if (rules->body_escape == API_FORM) {
        sample = openapi_form(request->body);
    }
    if (sample != NULL) /* else api_body.c has said what is wrong */
        openapi_check_value(&b, sample, schema, "");
    json_decref(sample);
}
