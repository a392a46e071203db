/* Templates: texts with {{name}}, {{name|table}} and {{name|how}} in them.
 *
 * A template is taken apart once into pieces, each a text and the value behind it, so that rendering
 * is a copy and a switch a piece. Names are resolved to numbers here: an unknown one is an error of
 * the file with its position, never a surprise of the run.
 *
 * Escaping follows the place: a path takes percent-encoding (RFC 3986, all but unreserved
 * characters, so that a value is always one segment or one parameter), a JSON body the escapes of
 * RFC 8259, a form body those of application/x-www-form-urlencoded, a header none but that a control
 * character becomes a blank, as a value with a line end in it would be a header of its own. Numbers
 * need none and skip it.
 *
 * A value that the plan does not have is empty. In the path before a `?` that is never meant, and
 * the request is not sent; nor is it when a captured variable is not there.
 */
#include "traffic/api_private.h"

#include "shell/spelling.h"

#include <assert.h>
#include <string.h>

struct api_name {
    const char *name, *help;
    bool text;
    enum api_scope scope; /* API_SCOPE_STEP or API_SCOPE_BOOKS */
};

static const struct api_name names[] = {
#define VALUE(name, text, help) {#name, help, text, API_SCOPE_STEP},
    API_VALUES(VALUE)
#undef VALUE
#define VALUE(source, name, text, help) {#name, help, text, API_SCOPE_BOOKS},
        API_PAGING_VALUES(VALUE)
#undef VALUE
};
static_assert(G_N_ELEMENTS(names) == API_SOURCE_VARIABLE, "variables come behind the values");

static const char *const escape_names[] = {"raw", "url", "json", "form", "quoted", NULL};

/* ---- reading --------------------------------------------------------------------------------- */

const char *api_value_name(uint32_t i) { return i < API_SOURCE_VARIABLE ? names[i].name : NULL; }

const char *api_value_help(uint32_t i) { return i < API_SOURCE_VARIABLE ? names[i].help : NULL; }

bool api_is_value(const char *name)
{
    for (uint32_t i = 0; i < API_SOURCE_VARIABLE; i++)
        if (names[i].scope == API_SCOPE_STEP && strcmp(names[i].name, name) == 0)
            return true;
    return false;
}

enum api_kind api_piece_kind(const struct api_piece *piece)
{
    if (piece->source >= API_SOURCE_VARIABLE || piece->table != NULL || piece->escape == API_QUOTED)
        return API_KIND_ANY;
    return names[piece->source].text ? API_KIND_TEXT : API_KIND_NUMBER;
}

bool api_template_is_secret(const ApiTemplate *template)
{
    for (uint32_t i = 0; template != NULL && i < template->piece_count; i++)
        if (template->pieces[i].source == API_SOURCE_ENVIRONMENT)
            return true;
    return false;
}

uint32_t api_variable_find(const GArray *variables, const char *name)
{
    for (guint i = 0; i < variables->len; i++)
        if (strcmp(g_array_index(variables, struct api_variable, i).name, name) == 0)
            return i;
    return API_NONE;
}

static uint32_t api_escape_find(const char *name)
{
    uint32_t i = 0;

    while (escape_names[i] != NULL && strcmp(escape_names[i], name) != 0)
        i++;
    return i;
}

bool api_escape_is_name(const char *name) { return escape_names[api_escape_find(name)] != NULL; }

static bool api_is_in_scope(const struct api_reader *r, uint32_t source)
{
    if (r->scope == API_SCOPE_MEMBER)
        return source == API_SOURCE_member;
    return r->scope != API_SCOPE_BEGIN && names[source].scope == r->scope;
}

static void api_template_unknown(struct api_reader *r, struct text_position at, const char *name)
{
    g_autoptr(GPtrArray) known = g_ptr_array_new();

    for (uint32_t i = 0; i < API_SOURCE_VARIABLE; i++)
        if (api_is_in_scope(r, i))
            g_ptr_array_add(known, (gpointer)names[i].name);
    for (guint i = 0; i < r->variables->len; i++)
        g_ptr_array_add(known, (gpointer)g_array_index(r->variables, struct api_variable, i).name);
    g_ptr_array_add(known, NULL);
    g_autofree char *hint = spelling_hint(name, (const char *const *)known->pdata);
    diagnostic_add(r->list, at,
                   "unknown name '%s' in a template: neither a step's value nor captured%s", name,
                   hint);
}

/* What stands behind a bar: the name of a table, or a way of writing. */
static bool api_template_how(struct api_reader *r, const char *how, struct text_position at,
                             bool last, struct api_piece *piece)
{
    uint32_t escape = api_escape_find(how);

    if (escape_names[escape] != NULL && last) {
        /* A header stays one line whatever is asked for. */
        piece->escape =
            (uint8_t)(piece->escape == API_LINE && escape == API_RAW ? API_LINE : escape);
        return true;
    }
    if (piece->table == NULL) {
        if (r->map->tables->len > 0 || !last) {
            piece->table = api_table_named(r, how, at);
            return piece->table != NULL;
        }
    }
    g_autofree char *hint = spelling_hint(how, escape_names);
    diagnostic_add(r->list, at, "unknown way '%s' of writing a value%s", how, hint);
    return false;
}

/* {{env.NAME}} */
static bool api_template_environment(struct api_reader *r, const char *name,
                                     struct text_position at, struct api_piece *piece)
{
    const char *value = g_getenv(name + strlen("env."));

    piece->source = API_SOURCE_ENVIRONMENT;
    if (value == NULL && (r->scope == API_SCOPE_STEP || r->scope == API_SCOPE_MEMBER)) {
        diagnostic_add(r->list, at, "environment variable '%s' is not set", name + strlen("env."));
        return false;
    }
    if (value == NULL) {
        struct api_unset unset = {piece->name + strlen("env."), at};
        g_array_append_val(r->map->audit.unset, unset);
        value = "";
    }
    const bool indirect = piece->table != NULL || piece->escape == API_QUOTED;
    piece->environment =
        api_escape_text(r->map, value, indirect ? API_RAW : (enum api_escape)piece->escape);
    return true;
}

/* One {{...}}; `text` begins behind the braces. */
static bool api_template_value(struct api_reader *r, const char *text, size_t size,
                               struct text_position at, enum api_escape escape,
                               struct api_piece *piece)
{
    g_autofree char *inside = g_strndup(text, size);
    g_auto(GStrv) parts = g_strsplit(inside, "|", -1);
    const char *name = parts[0] != NULL ? g_strstrip(parts[0]) : "";

    piece->escape = (uint8_t)escape;
    piece->at = at;
    for (uint32_t i = 1; parts[0] != NULL && parts[i] != NULL; i++)
        if (!api_template_how(r, g_strstrip(parts[i]), at, parts[i + 1] == NULL, piece))
            return false;
    piece->name = api_keep_text(r->map, name, strlen(name));
    if (g_str_has_prefix(name, "env."))
        return api_template_environment(r, name, at, piece);
    uint32_t source = 0;
    while (source < API_SOURCE_VARIABLE &&
           (!api_is_in_scope(r, source) || strcmp(names[source].name, name) != 0))
        source++;
    piece->source = (uint8_t)source;
    if (source == API_SOURCE_VARIABLE) { /* past the last value */
        piece->variable = api_variable_find(r->variables, name);
        if (piece->variable == API_NONE) {
            api_template_unknown(r, at, name);
            return false;
        }
    } else if (!names[source].text && piece->table == NULL && piece->escape != API_QUOTED) {
        piece->escape = API_RAW;
    }
    return true;
}

/* A template of `text`, whose byte 0 stands at byte 0 of the node's when `exact`, else somewhere in
 * it. */
static const ApiTemplate *api_template_take(struct api_reader *r, const Node *node,
                                            const char *text, bool exact, enum api_escape escape,
                                            bool path)
{
    g_autoptr(GArray) pieces = g_array_new(FALSE, TRUE, sizeof(struct api_piece));
    const char *at = text;
    bool good = true, query = false;

    for (;;) {
        const char *open = strstr(at, "{{");
        size_t size = open != NULL ? (size_t)(open - at) : strlen(at);
        struct api_piece piece = {.text = api_keep_text(r->map, at, size),
                                  .text_size = (uint32_t)size,
                                  .source = API_SOURCE_NONE};
        query = query || memchr(at, '?', size) != NULL;
        if (open == NULL) {
            if (size > 0 || pieces->len == 0)
                g_array_append_val(pieces, piece);
            break;
        }
        const char *close = strstr(open, "}}");
        struct text_position where = node_position(node);
        if (exact)
            where = node_text_position(node, (size_t)(open - text) + (close == NULL ? 0 : 2));
        if (close == NULL) {
            diagnostic_add(r->list, where, "'{{' without '}}'");
            return NULL;
        }
        good &= api_template_value(r, open + 2, (size_t)(close - open) - 2, where, escape, &piece);
        piece.needed = path && !query;
        g_array_append_val(pieces, piece);
        at = close + 2;
    }
    if (!good)
        return NULL;
    const struct api_piece *first = &g_array_index(pieces, struct api_piece, 0);
    struct api_template template = {
        .pieces = api_keep(r->map, pieces->data, pieces->len, sizeof(struct api_piece)),
        .piece_count = pieces->len,
        .constant = pieces->len == 1 && first->source == API_SOURCE_NONE,
    };
    return api_keep(r->map, &template, 1, sizeof(template));
}

const ApiTemplate *api_template_read(struct api_reader *r, const Node *node, enum api_escape escape,
                                     bool path)
{
    return api_template_take(r, node, node_text(node), true, escape, path);
}

const ApiTemplate *api_template_read_text(struct api_reader *r, const Node *node, const char *text,
                                          enum api_escape escape, bool path)
{
    return api_template_take(r, node, text, false, escape, path);
}

const ApiTemplate *api_template_needed(struct api_reader *r, const ApiTemplate *template)
{
    if (template == NULL)
        return NULL;
    struct api_piece *pieces = g_memdup2(template->pieces, template->piece_count * sizeof *pieces);
    struct api_template needed = *template;
    for (uint32_t i = 0; i < template->piece_count; i++)
        pieces[i].needed = true;
    g_ptr_array_add(r->map->blocks, pieces);
    needed.pieces = pieces;
    return api_keep(r->map, &needed, 1, sizeof(needed));
}
