/* The block `factors` and the points of a factorial design.
 *
 * A factor is a named overlay like a point's, but meant to be switched on together with others, so
 * it is merged over whatever the base is and over the --set arguments: those change the base (and a
 * path into `factors` the factor), while a lever that is on moves. Factors are merged in the order
 * of the block, not of the command line.
 *
 * Each factor is checked alone over the default point; combinations when their models are built.
 * Two factors that write one value may do so only with the same text: with both on the one would
 * undo the other, and the effect of neither would be what its name says.
 */
#include "scenario/private.h"

#include "shell/spelling.h"

#include <string.h>

void scenario_factor_free(gpointer data)
{
    struct scenario_factor *factor = data;

    if (factor == NULL)
        return;
    g_free(factor->name);
    node_free(factor->overlay);
    g_free(factor);
}

/* Reads the label and keeps the rest as overlay. */
static void scenario_check_factor(Scenario *s, const Node *factors, uint32_t i, GPtrArray *list)
{
    static const struct schema_key key = {"factor", SCHEMA_MAPPING, .child = schema_factor_keys,
                                          .help = "a lever of a factorial design"};
    const Node *node = node_child(factors, i);
    struct scenario_factor *factor = g_new0(struct scenario_factor, 1);
    g_autoptr(Node) header = node_new_mapping(node_position(node));

    factor->name = g_strdup(node_key(factors, i));
    factor->label = factor->name;
    factor->at = node_key_position(factors, i);
    g_ptr_array_add(s->factors, factor);
    if (node_kind(node) != NODE_MAPPING) {
        diagnostic_add(list, node_position(node), "factors.%s: expected a mapping, found %s",
                       factor->name, node_kind_name(node));
        return;
    }
    factor->overlay = node_copy(node);
    for (const struct schema_key *k = schema_factor_keys; k->name != NULL; k++) {
        const Node *value = node_get(node, k->name);
        if (value != NULL)
            node_put(header, k->name, node_key_position(node, (uint32_t)node_find(node, k->name)),
                     node_copy(value));
        node_remove(factor->overlay, k->name);
    }
    if (node_count(factor->overlay) == 0)
        diagnostic_add(list, factor->at,
                       "factors.%s overrides nothing: a factor is a mapping of what it changes",
                       factor->name);
    if (strpbrk(factor->name, "+, ") != NULL)
        diagnostic_add(list, factor->at, "factors.%s: a name without blanks, commas and plus signs",
                       factor->name);
    scenario_check_overlay(factor->overlay, "factor", list);
    if (schema_check(schema_root(&key, header, 0), list) && node_get(node, "label") != NULL)
        factor->label = node_text(node_get(node, "label"));
}

/* A point with the factors of `mask` on. */
static struct scenario_entry *scenario_factorial_entry(const struct scenario_entry *base,
                                                       const char *name, const GPtrArray *factors,
                                                       uint32_t mask)
{
    struct scenario_entry *entry = scenario_entry_new(name);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

    entry->overlay = base->overlay == NULL ? NULL : node_copy(base->overlay);
    entry->settings = g_strdupv(base->settings);
    entry->on = g_ptr_array_new();
    entry->step = g_new0(uint32_t, factors->len);
    if (*base->overrides != '\0')
        g_ptr_array_add(lines, g_strdup(base->overrides));
    for (guint i = 0; i < factors->len; i++) {
        const struct scenario_factor *factor = g_ptr_array_index(factors, i);
        if ((mask >> i & 1) == 0)
            continue;
        entry->step[i] = 1;
        g_ptr_array_add(entry->on, factor->overlay);
        g_ptr_array_add(lines, overrides_to_text(factor->overlay));
    }
    g_ptr_array_add(lines, NULL);
    g_free(entry->overrides);
    entry->point.overrides = entry->overrides = g_strjoinv("\n", (char **)lines->pdata);
    return entry;
}

void scenario_check_factors(Scenario *s, GPtrArray *list)
{
    const Node *factors = node_get(s->root, "factors");

    if (factors == NULL || node_kind(factors) != NODE_MAPPING)
        return;
    for (uint32_t i = 0; i < node_count(factors); i++) {
        const guint before = list->len;
        scenario_check_factor(s, factors, i, list);
        if (list->len > before)
            continue;
        g_autoptr(GPtrArray) alone = g_ptr_array_new();
        g_ptr_array_add(alone, g_ptr_array_index(s->factors, i));
        struct scenario_entry *entry =
            scenario_factorial_entry(g_ptr_array_index(s->points, s->default_point), "factor",
                                     alone, 1);
        scenario_check_entry(s, entry, list);
        scenario_entry_free(entry);
    }
}

static gboolean scenario_factorial_fail(GError **ret_error, struct text_position at,
                                        const char *format, ...) G_GNUC_PRINTF(3, 4);

static gboolean scenario_factorial_fail(GError **ret_error, struct text_position at,
                                        const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    diagnostic_set(ret_error, OMO_SHELL_ERROR_BAD_USAGE, at, "%s", text);
    return FALSE;
}

static gboolean scenario_factorial_known(const Scenario *s, const char *const *names,
                                         GError **ret_error)
{
    g_autoptr(GPtrArray) known = g_ptr_array_new();

    for (guint i = 0; i < s->factors->len; i++)
        g_ptr_array_add(known,
                        ((const struct scenario_factor *)g_ptr_array_index(s->factors, i))->name);
    g_ptr_array_add(known, NULL);
    for (uint32_t i = 0; names[i] != NULL; i++) {
        g_autofree char *hint = spelling_hint(names[i], (const char *const *)known->pdata);
        if (!g_strv_contains((const char *const *)known->pdata, names[i]))
            return scenario_factorial_fail(ret_error, diagnostic_at(s->path, 0, 0),
                                           "unknown factor '%s'%s", names[i], hint);
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(names[j], names[i]) == 0)
                return scenario_factorial_fail(ret_error, diagnostic_at("--factorial", 0, 0),
                                               "'%s' stands there twice", names[i]);
    }
    return TRUE;
}

/* The factors of those names, or all, in the order of the block. NULL with an error. */
static GPtrArray *scenario_factorial_chosen(const Scenario *s, const char *const *names,
                                            GError **ret_error)
{
    const bool all = names == NULL || names[0] == NULL;
    g_autoptr(GPtrArray) chosen = g_ptr_array_new();

    if (s->factors->len == 0) {
        scenario_factorial_fail(ret_error, diagnostic_at(s->path, 0, 0),
                                "there is no block `factors` to switch on and off");
        return NULL;
    }
    if (!all && !scenario_factorial_known(s, names, ret_error))
        return NULL;
    for (guint i = 0; i < s->factors->len; i++) {
        struct scenario_factor *factor = g_ptr_array_index(s->factors, i);
        if (all || g_strv_contains(names, factor->name))
            g_ptr_array_add(chosen, factor);
    }
    if (chosen->len > SCENARIO_FACTORS_MAX) {
        scenario_factorial_fail(ret_error, diagnostic_at("--factorial", 0, 0),
                                "%u factors make 2^%u points; expected at most %d, named as "
                                "--factorial=A,B,...",
                                chosen->len, chosen->len, SCENARIO_FACTORS_MAX);
        return NULL;
    }
    return g_steal_pointer(&chosen);
}

/* Whether two factors write one path with different values. */
static gboolean scenario_factorial_apart(const struct scenario_factor *a,
                                         const struct scenario_factor *b, GError **ret_error)
{
    g_autofree char *of_a = overrides_to_text(a->overlay), *of_b = overrides_to_text(b->overlay);
    g_auto(GStrv) lines_a = g_strsplit(of_a, "\n", -1), lines_b = g_strsplit(of_b, "\n", -1);

    for (uint32_t i = 0; lines_a[i] != NULL; i++)
        for (uint32_t j = 0; lines_b[j] != NULL; j++) {
            const size_t path = strcspn(lines_a[i], "=");
            if (path != strcspn(lines_b[j], "=") || strncmp(lines_a[i], lines_b[j], path) != 0 ||
                strcmp(lines_a[i], lines_b[j]) == 0)
                continue;
            lines_a[i][path] = '\0';
            return scenario_factorial_fail(
                ret_error, b->at,
                "the factors '%s' and '%s' set %s to different values: with both on, one undoes "
                "the other",
                a->name, b->name, lines_a[i]);
        }
    return TRUE;
}

/* "base", or the names of those that are on. Caller frees. */
static char *scenario_factorial_name(const GPtrArray *factors, uint32_t mask, bool labels)
{
    GString *name = g_string_new(NULL);

    for (guint i = 0; i < factors->len; i++) {
        const struct scenario_factor *factor = g_ptr_array_index(factors, i);
        if ((mask >> i & 1) != 0)
            g_string_append_printf(name, "%s%s",
                                   name->len == 0 ? ""
                                   : labels       ? " + "
                                                  : "+",
                                   labels ? factor->label : factor->name);
    }
    return g_string_free(name->len == 0 ? g_string_append(name, "base") : name, FALSE);
}

gboolean scenario_factorial(Scenario *s, const char *point, const char *const *names,
                            GError **ret_error)
{
    const struct scenario_entry *base = scenario_vary_base(s, point, ret_error);
    g_autoptr(GPtrArray) factors =
        base == NULL ? NULL : scenario_factorial_chosen(s, names, ret_error);

    if (factors == NULL)
        return FALSE;
    for (guint i = 0; i < factors->len; i++)
        for (guint j = 0; j < i; j++)
            if (!scenario_factorial_apart(g_ptr_array_index(factors, j),
                                          g_ptr_array_index(factors, i), ret_error))
                return FALSE;
    GPtrArray *points = g_ptr_array_new_with_free_func(scenario_entry_free);
    GPtrArray *axes = g_ptr_array_new_with_free_func(axis_free);
    for (guint i = 0; i < factors->len; i++) {
        const struct scenario_factor *factor = g_ptr_array_index(factors, i);
        g_ptr_array_add(axes, axis_of_factor(factor->name, factor->label));
    }
    for (uint32_t mask = 0; mask < UINT32_C(1) << factors->len; mask++) {
        g_autofree char *name = scenario_factorial_name(factors, mask, false);
        struct scenario_entry *entry = scenario_factorial_entry(base, name, factors, mask);
        entry->label = scenario_factorial_name(factors, mask, true);
        entry->point.label = entry->label;
        g_ptr_array_add(points, entry);
    }
    scenario_vary_replace(s, points, axes);
    return TRUE;
}
