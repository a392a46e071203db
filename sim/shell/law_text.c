/* Laws as text.
 *
 * A law is read in one pass over `name(p1, p2)`, keeping the byte where each parameter begins, so
 * that the column of an error is that of the parameter and not of the whole value. The mapping form
 * ends in the same place: parameters by name, then the same parse of each, then the same
 * omo_law_check(). What kinds there are, how many parameters they take and which of those carry the
 * unit of the variable is asked of the library; a new law needs no line here. Empirical laws, whose
 * parameters are a table, are law_table.c's.
 *
 * Parameter names of the mapping form are those of omo_law_parameters() ("mean, cv"), which is text
 * for people; a name ends at its comma, blanks inside become '_'.
 */
#include "shell/law_text.h"
#include "shell/law_table.h"
#include "shell/spelling.h"
#include "shell/units.h"

#include <string.h>

#define LAW_TEXT_PARAMETER_COUNT_MAX 3

/* Names of all kinds, NULL-terminated (caller frees the array alone). */
static const char **law_text_kinds(void)
{
    const char **names = g_new0(const char *, OMO_LAW_KIND_COUNT + 1);
    for (uint32_t i = 0; i < OMO_LAW_KIND_COUNT; i++)
        names[i] = omo_law_name((omo_law_kind)i);
    return names;
}

static gboolean law_text_kind(const char *name, omo_law_kind *ret_kind, GError **ret_error)
{
    g_autofree const char **names = law_text_kinds();
    for (uint32_t i = 0; i < OMO_LAW_KIND_COUNT; i++)
        if (strcmp(names[i], name) == 0) {
            *ret_kind = (omo_law_kind)i;
            return TRUE;
        }

    const char *nearest = spelling_nearest(name, names);
    g_autofree char *list = g_strjoinv(", ", (char **)names);
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                "unknown law '%s'%s%s%s (one of %s)", name,
                nearest == NULL ? "" : ", did you mean '", nearest == NULL ? "" : nearest,
                nearest == NULL ? "" : "'?", list);
    return FALSE;
}

static double *law_text_slot(omo_law *law, uint32_t i)
{
    return i == 0 ? &law->a : i == 1 ? &law->b : &law->c;
}

/* One parameter, by the flavour's unit when it scales. */
static gboolean law_text_parameter(const char *text, omo_law *law, uint32_t i,
                                   enum law_text_flavour flavour, int64_t bare_us,
                                   GError **ret_error)
{
    if (flavour == LAW_TEXT_TIME && omo_law_parameter_scales(law->kind, i)) {
        int64_t us;
        if (!units_parse_duration_us(text, bare_us, &us, ret_error))
            return FALSE;
        *law_text_slot(law, i) = (double)us;
        return TRUE;
    }
    return units_parse_number(text, law_text_slot(law, i), ret_error);
}

static gboolean law_text_check(const omo_law *law, GError **ret_error)
{
    omo_error error = {0};
    if (omo_law_check(law, &error) == OMO_OK)
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT, "%s", error.text);
    return FALSE;
}

static void law_text_expected(GError **ret_error, enum law_text_flavour flavour, const char *found)
{
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                "expected a law such as %s, found %s%s%s",
                flavour == LAW_TEXT_TIME ? "exponential(4h) or a duration such as 15min"
                                         : "poisson(3) or a number",
                *found == '\0' ? "" : "'", *found == '\0' ? "nothing" : found,
                *found == '\0' ? "" : "'");
}

/* A bare value: a constant. */
static gboolean law_text_bare(const char *text, enum law_text_flavour flavour, int64_t bare_us,
                              omo_law *ret_law, GError **ret_error)
{
    omo_law law = {.kind = OMO_LAW_CONSTANT};

    if (*text == '\0' || g_ascii_isalpha(*text)) {
        g_autofree const char **names = law_text_kinds();
        if (*text != '\0' && g_strv_contains(names, text)) {
            omo_law_kind kind = OMO_LAW_CONSTANT;
            law_text_kind(text, &kind, NULL);
            g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                        "law '%s' needs its parameters: %s(%s)", text, text,
                        omo_law_parameters(kind));
        } else {
            law_text_expected(ret_error, flavour, text);
        }
        return FALSE;
    }
    if (!law_text_parameter(text, &law, 0, flavour, bare_us, ret_error) ||
        !law_text_check(&law, ret_error))
        return FALSE;
    *ret_law = law;
    return TRUE;
}

static gboolean law_text_count_error(omo_law_kind kind, uint32_t found, GError **ret_error)
{
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                "law '%s' takes %u parameter%s (%s), found %u", omo_law_name(kind),
                omo_law_parameter_count(kind), omo_law_parameter_count(kind) == 1 ? "" : "s",
                omo_law_parameters(kind), found);
    return FALSE;
}

/* Parses "p1, p2)" at `text + at`. */
static gboolean law_text_arguments(const char *text, size_t at, enum law_text_flavour flavour,
                                   int64_t bare_us, omo_law *law, size_t *ret_offset,
                                   GError **ret_error)
{
    size_t begin = at;
    uint32_t count = 0;
    const uint32_t expected = omo_law_parameter_count(law->kind);

    for (bool last = false; !last; count++) {
        size_t length = strcspn(text + at, ",)");
        const char *end = text + at + length;
        *ret_offset = at + strspn(text + at, " ");
        if (*end == '\0') {
            *ret_offset = strlen(text);
            g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                        "expected ')' at the end of the law");
            return FALSE;
        }
        last = *end == ')';
        g_autofree char *word = g_strstrip(g_strndup(text + at, length));
        if (last && count == 0 && *word == '\0')
            break;
        if (count < expected && !law_text_parameter(word, law, count, flavour, bare_us, ret_error))
            return FALSE;
        at += length + 1;
    }
    if (count != expected) {
        *ret_offset = begin;
        return law_text_count_error(law->kind, count, ret_error);
    }
    *ret_offset = at + strspn(text + at, " ");
    if (text[*ret_offset] != '\0') {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "nothing may follow the law, found '%s'", text + *ret_offset);
        return FALSE;
    }
    *ret_offset = begin;
    return law_text_check(law, ret_error);
}

gboolean law_text_parse(const char *text, enum law_text_flavour flavour, int64_t bare_us,
                        omo_law *ret_law, size_t *ret_offset, GError **ret_error)
{
    size_t start = strspn(text, " ");
    size_t length = strcspn(text + start, "(");
    size_t offset = start;
    gboolean done;

    if (text[start + length] != '(') {
        g_autofree char *word = g_strstrip(g_strdup(text));
        done = law_text_bare(word, flavour, bare_us, ret_law, ret_error);
    } else {
        g_autofree char *name = g_strstrip(g_strndup(text + start, length));
        omo_law law = {0};
        done = law_text_kind(name, &law.kind, ret_error);
        if (done)
            done = (law.kind == OMO_LAW_EMPIRICAL ? law_table_parse
                                                  : law_text_arguments)(text, start + length + 1,
                                                                        flavour, bare_us, &law,
                                                                        &offset, ret_error);
        if (done)
            *ret_law = law;
    }
    if (!done && ret_offset != NULL)
        *ret_offset = offset;
    return done;
}

/* Names of a kind's parameters, as keys. Caller frees with g_strfreev(). */
static char **law_text_parameter_names(omo_law_kind kind)
{
    char **names = g_strsplit(omo_law_parameters(kind), ",", -1);
    for (char **name = names; *name != NULL; name++) {
        char *parenthesis = strchr(*name, '(');
        if (parenthesis != NULL)
            *parenthesis = '\0';
        g_strstrip(*name);
        g_strdelimit(*name, " -", '_');
    }
    return names;
}

/* Keys of a mapping must be `law` and the parameters. */
static gboolean law_text_read_keys(const Node *node, const omo_law *law, char **names,
                                   struct text_position *at, GError **ret_error)
{
    for (uint32_t i = 0; i < node_count(node); i++) {
        const char *key = node_key(node, i);
        if (strcmp(key, "law") == 0 || g_strv_contains((const char *const *)names, key))
            continue;
        g_autofree char *hint = spelling_hint(key, (const char *const *)names);
        *at = node_key_position(node, i);
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "law '%s' has no parameter '%s'%s", omo_law_name(law->kind), key, hint);
        return FALSE;
    }
    return TRUE;
}

static gboolean law_text_read_mapping(const Node *node, enum law_text_flavour flavour,
                                      int64_t bare_us, omo_law *ret_law, struct text_position *at,
                                      GError **ret_error)
{
    const Node *kind = node_get(node, "law");
    omo_law law = {0};

    if (kind == NULL || node_kind(kind) != NODE_SCALAR) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "missing key 'law' with the law's name, such as {law: exponential, mean: 4h}");
        return FALSE;
    }
    *at = node_position(kind);
    if (!law_text_kind(node_text(kind), &law.kind, ret_error))
        return FALSE;
    if (law.kind == OMO_LAW_EMPIRICAL)
        return law_table_read(node, flavour, bare_us, ret_law, at, ret_error);

    g_auto(GStrv) names = law_text_parameter_names(law.kind);
    if (!law_text_read_keys(node, &law, names, at, ret_error))
        return FALSE;
    for (uint32_t i = 0; names[i] != NULL && i < LAW_TEXT_PARAMETER_COUNT_MAX; i++) {
        const Node *value = node_get(node, names[i]);
        *at = node_position(value == NULL ? node : value);
        if (value == NULL || node_kind(value) != NODE_SCALAR) {
            g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                        "law '%s' needs its parameter '%s'", omo_law_name(law.kind), names[i]);
            return FALSE;
        }
        if (!law_text_parameter(node_text(value), &law, i, flavour, bare_us, ret_error))
            return FALSE;
    }
    *at = node_position(node);
    if (!law_text_check(&law, ret_error))
        return FALSE;
    *ret_law = law;
    return TRUE;
}

gboolean law_text_read(const Node *node, enum law_text_flavour flavour, int64_t bare_us,
                       omo_law *ret_law, struct text_position *ret_at, GError **ret_error)
{
    struct text_position at = node_position(node);
    gboolean done = FALSE;

    if (node_kind(node) == NODE_MAPPING) {
        done = law_text_read_mapping(node, flavour, bare_us, ret_law, &at, ret_error);
    } else if (node_kind(node) == NODE_SCALAR) {
        size_t offset = 0;
        done = law_text_parse(node_text(node), flavour, bare_us, ret_law, &offset, ret_error);
        at = node_text_position(node, offset);
    } else {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "expected a law such as %s, found a list",
                    flavour == LAW_TEXT_TIME ? "exponential(4h)" : "poisson(3)");
    }
    if (!done && ret_at != NULL)
        *ret_at = at;
    return done;
}

char *law_text_format(const omo_law *law, enum law_text_flavour flavour)
{
    GString *text = g_string_new(omo_law_name(law->kind));
    const double parameters[LAW_TEXT_PARAMETER_COUNT_MAX] = {law->a, law->b, law->c};

    g_string_append_c(text, '(');
    if (law->kind == OMO_LAW_EMPIRICAL)
        law_table_format(law->table, flavour, text);
    for (uint32_t i = 0; i < omo_law_parameter_count(law->kind); i++) {
        g_string_append(text, i == 0 ? "" : ", ");
        if (flavour == LAW_TEXT_TIME && omo_law_parameter_scales(law->kind, i)) {
            g_autofree char *duration = units_format_duration((int64_t)parameters[i]);
            g_string_append(text, duration);
        } else {
            char number[G_ASCII_DTOSTR_BUF_SIZE];
            g_string_append(text, g_ascii_formatd(number, sizeof number, "%.15g", parameters[i]));
        }
    }
    g_string_append_c(text, ')');
    return g_string_free(text, FALSE);
}
