/* --set and points over a tree.
 *
 * node_set_argument() and node_merge() know how values replace each other, but not that two keys
 * may say the same thing in two ways: a station has a service rate or a service law, a run a number
 * of days or a duration. In a file both together are a mistake; with --set or in a point the new
 * one is meant, so its rivals are taken away before it is written. The table below lists them by
 * the path of their mapping, `*` for any one step.
 *
 * A station's profile, which has one form only, is not in the table.
 */
#include "scenario/overrides.h"

#include "scenario/tables.h"

#include <string.h>

#define OVERRIDES_FORMS 5

static const struct {
    const char *path;
    const char *forms[OVERRIDES_FORMS]; /* keys of one form, divided by blanks */
} overrides_rivals[] = {
    {"run", {"days", "duration", "customers"}},
    {"run", {"warm_up", "warm_up_customers"}},
    {"station", {"service", "service_rate"}},
    {"queueing.sources.*", {"rate hours", "interval", "rates period", "population"}},
    {"queueing.stations.*", {"service", "service_rate"}},
    {"queueing.stations.*", {"servers", "shifts", "crews"}},
    {"skus", {"file where columns", "generate"}},
    {"demand.zones", {"file where columns", "one_per"}},
    {"demand.segments.*", {"visits", "visits_per_zone"}},
    {"demand.segments.*.profile",
     {"shape", "hours weekdays", "file where columns", "amplitude period"}},
};

static bool overrides_path_fits(const char *pattern, const char *const *steps, uint32_t count)
{
    g_auto(GStrv) wanted = g_strsplit(pattern, ".", -1);

    if (g_strv_length(wanted) != count)
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (strcmp(wanted[i], "*") != 0 && strcmp(wanted[i], steps[i]) != 0)
            return false;
    return true;
}

static bool overrides_form_has(const char *form, const char *key)
{
    g_auto(GStrv) keys = g_strsplit(form, " ", -1);

    return g_strv_contains((const char *const *)keys, key);
}

static void overrides_remove_form(Node *mapping, const char *form)
{
    g_auto(GStrv) keys = g_strsplit(form, " ", -1);

    for (uint32_t i = 0; keys[i] != NULL; i++)
        node_remove(mapping, keys[i]);
}

/* Takes away what excludes `key` in the mapping at the path. */
static void overrides_clear(Node *mapping, const char *const *steps, uint32_t count,
                            const char *key)
{
    if (mapping == NULL || node_kind(mapping) != NODE_MAPPING)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(overrides_rivals); i++) {
        const char *const *forms = overrides_rivals[i].forms;
        bool concerned = false;
        if (!overrides_path_fits(overrides_rivals[i].path, steps, count))
            continue;
        for (uint32_t j = 0; j < OVERRIDES_FORMS && forms[j] != NULL; j++)
            concerned = concerned || overrides_form_has(forms[j], key);
        for (uint32_t j = 0; concerned && j < OVERRIDES_FORMS && forms[j] != NULL; j++)
            if (!overrides_form_has(forms[j], key))
                overrides_remove_form(mapping, forms[j]);
    }
}

gboolean overrides_set(Node *root, const char *argument, GError **ret_error)
{
    const char *equals = strchr(argument, '=');
    Node *node = root;

    if (equals != NULL) {
        g_autofree char *path = g_strndup(argument, (gsize)(equals - argument));
        g_auto(GStrv) steps = g_strsplit(path, ".", -1);
        uint32_t count = g_strv_length(steps);
        for (uint32_t i = 0; i < count && node != NULL; i++) {
            overrides_clear(node, (const char *const *)steps, i, steps[i]);
            node = node_get(node, steps[i]);
        }
    }
    return node_set_argument(root, argument, schema_shorthands, ret_error);
}

static void overrides_clear_below(Node *base, const Node *overlay, GPtrArray *steps)
{
    if (base == NULL || node_kind(base) != NODE_MAPPING || node_kind(overlay) != NODE_MAPPING)
        return;
    for (uint32_t i = 0; i < node_count(overlay); i++) {
        const char *key = node_key(overlay, i);
        overrides_clear(base, (const char *const *)steps->pdata, steps->len, key);
        g_ptr_array_add(steps, (gpointer)key);
        overrides_clear_below(node_get(base, key), node_child(overlay, i), steps);
        g_ptr_array_set_size(steps, (int)steps->len - 1);
    }
}

void overrides_merge(Node *root, const Node *overlay)
{
    g_autoptr(GPtrArray) steps = g_ptr_array_new();

    overrides_clear_below(root, overlay, steps);
    node_merge(root, overlay, schema_shorthands);
}

bool overrides_is_header(const char *argument)
{
    static const char *const headers[] = {"points", "factors", "calibration"};
    size_t length = strcspn(argument, ".=");

    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
        if (length == strlen(headers[i]) && strncmp(argument, headers[i], length) == 0)
            return true;
    return false;
}

static void overrides_append(GString *text, const char *path, const Node *node)
{
    if (node_kind(node) != NODE_MAPPING) {
        g_autofree char *value = node_to_text(node, 1000);
        g_string_append_printf(text, "%s%s=%s", text->len > 0 ? "\n" : "", path, value);
        return;
    }
    for (uint32_t i = 0; i < node_count(node); i++) {
        g_autofree char *below =
            g_strdup_printf("%s%s%s", path, *path == '\0' ? "" : ".", node_key(node, i));
        overrides_append(text, below, node_child(node, i));
    }
}

char *overrides_to_text(const Node *overlay)
{
    GString *text = g_string_new(NULL);

    overrides_append(text, "", overlay);
    return g_string_free(text, FALSE);
}
