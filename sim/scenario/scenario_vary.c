/* Design points of --vary: the cartesian product of the axes over one point.
 *
 * Every value is checked alone against the point it is based on, which names the wrong one and
 * costs the sum of the axes; to check all combinations would cost their product, and building each
 * model does it anyway.
 */
#include "scenario/private.h"

#include "scenario/axis.h"

#include <string.h>

/* Settings a run shares among all points. */
static gboolean scenario_vary_allowed(const char *setting, GError **ret_error)
{
    static const char *const shared[] = {"run.seed", "run.replications", "run.kpis"};
    size_t length = strcspn(setting, "=");

    for (size_t i = 0; i < G_N_ELEMENTS(shared); i++)
        if (strlen(shared[i]) == length && strncmp(setting, shared[i], length) == 0) {
            diagnostic_set(ret_error, OMO_SHELL_ERROR_BAD_USAGE, diagnostic_at("--vary", 0, 0),
                           "%s is the same for all points", shared[i]);
            return FALSE;
        }
    if (overrides_is_header(setting)) {
        diagnostic_set(ret_error, OMO_SHELL_ERROR_BAD_USAGE, diagnostic_at("--vary", 0, 0),
                       "points cannot vary points, found '%s'", setting);
        return FALSE;
    }
    return TRUE;
}

/* A point that is `base` with more settings, the i-th combination of the axes (the last is the
 * fastest). */
static struct scenario_entry *scenario_vary_entry(const struct scenario_entry *base,
                                                  const GPtrArray *axes, uint32_t i)
{
    g_autoptr(GPtrArray) settings = g_ptr_array_new();
    g_autofree const char **chosen = g_new0(const char *, axes->len + 1);

    for (guint j = axes->len; j-- > 0;) {
        const GPtrArray *axis = g_ptr_array_index(axes, j);
        chosen[j] = g_ptr_array_index(axis, i % axis->len);
        i /= axis->len;
    }
    g_autofree char *name = g_strjoinv(" ", (char **)chosen);
    struct scenario_entry *entry = scenario_entry_new(name);
    for (uint32_t j = 0; base->settings != NULL && base->settings[j] != NULL; j++)
        g_ptr_array_add(settings, base->settings[j]);
    for (guint j = 0; j < axes->len; j++)
        g_ptr_array_add(settings, (gpointer)chosen[j]);
    g_ptr_array_add(settings, NULL);
    entry->settings = g_strdupv((char **)settings->pdata);
    entry->overlay = base->overlay == NULL ? NULL : node_copy(base->overlay);
    g_autofree char *lines = g_strjoinv("\n", (char **)chosen);
    g_free(entry->overrides);
    entry->point.overrides = entry->overrides =
        g_strdup_printf("%s%s%s", base->overrides, *base->overrides == '\0' ? "" : "\n", lines);
    return entry;
}

/* Checks each value of each axis alone. */
static gboolean scenario_vary_check(const Scenario *s, const struct scenario_entry *base,
                                    const GPtrArray *axes, GError **ret_error)
{
    g_autoptr(GPtrArray) list = diagnostic_list_new();

    for (guint i = 0; i < axes->len; i++) {
        const GPtrArray *axis = g_ptr_array_index(axes, i);
        g_autoptr(GPtrArray) alone = g_ptr_array_new();
        g_ptr_array_add(alone, (gpointer)axis);
        for (guint j = 0; j < axis->len && list->len <= DIAGNOSTIC_COUNT_MAX; j++) {
            struct scenario_entry *entry = scenario_vary_entry(base, alone, j);
            scenario_check_entry(s, entry, list);
            scenario_entry_free(entry);
        }
    }
    for (guint i = 0; i < list->len; i++) { /* the tree calls every setting --set */
        struct diagnostic *d = g_ptr_array_index(list, i);
        if (g_strcmp0(d->at.file, "--set") == 0)
            d->at = diagnostic_at("--vary", 0, 0);
    }
    return diagnostic_list_finish(list, ret_error);
}

/* Parses the arguments into axes; NULL with an error. */
static GPtrArray *scenario_vary_axes(const char *const *varies, uint32_t *ret_count,
                                     GError **ret_error)
{
    g_autoptr(GPtrArray) axes = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    uint32_t count = 1;

    for (uint32_t i = 0; varies[i] != NULL; i++) {
        GPtrArray *axis = axis_parse(varies[i], ret_error);
        if (axis == NULL)
            return NULL;
        g_ptr_array_add(axes, axis);
        if (!scenario_vary_allowed(g_ptr_array_index(axis, 0), ret_error))
            return NULL;
        if (axis->len > SCENARIO_POINTS_MAX / count) {
            diagnostic_set(ret_error, OMO_SHELL_ERROR_BAD_USAGE, diagnostic_at("--vary", 0, 0),
                           "the values make more than %d points", SCENARIO_POINTS_MAX);
            return NULL;
        }
        count *= axis->len;
    }
    *ret_count = count;
    return g_steal_pointer(&axes);
}

gboolean scenario_vary(Scenario *s, const char *point, const char *const *varies,
                       GError **ret_error)
{
    uint32_t base_index = s->default_point, count;

    g_assert(varies[0] != NULL);
    if (point != NULL && !scenario_find_point(s, point, &base_index, ret_error))
        return FALSE;
    g_autoptr(GPtrArray) axes = scenario_vary_axes(varies, &count, ret_error);
    if (axes == NULL)
        return FALSE;
    const struct scenario_entry *base = g_ptr_array_index(s->points, base_index);
    if (!scenario_vary_check(s, base, axes, ret_error))
        return FALSE;

    g_autoptr(GPtrArray) points = g_ptr_array_new_with_free_func(scenario_entry_free);
    for (uint32_t i = 0; i < count; i++)
        g_ptr_array_add(points, scenario_vary_entry(base, axes, i));
    g_ptr_array_unref(s->points);
    s->points = g_steal_pointer(&points);
    s->default_point = 0;
    return TRUE;
}
