/* Design points of --vary: the cartesian product of the axes over one point, or a sample of it.
 *
 * Every value is checked alone against the point it is based on, which names the wrong one and
 * costs the sum of the axes; to check all combinations would cost their product, and building each
 * model does it anyway.
 */
#include "scenario/private.h"

#include <string.h>

/* Settings a run shares among all points. */
static gboolean scenario_vary_allowed(const char *path, GError **ret_error)
{
    static const char *const shared[] = {"run.seed", "run.replications", "run.kpis", NULL};

    if (g_strv_contains(shared, path)) {
        diagnostic_set(ret_error, OMO_SHELL_ERROR_BAD_USAGE, diagnostic_at("--vary", 0, 0),
                       "%s is the same for all points", path);
        return FALSE;
    }
    if (overrides_is_header(path)) {
        diagnostic_set(ret_error, OMO_SHELL_ERROR_BAD_USAGE, diagnostic_at("--vary", 0, 0),
                       "points cannot vary points, found '%s'", path);
        return FALSE;
    }
    return TRUE;
}

/* A point that is `base` with more settings, a value of each axis. */
static struct scenario_entry *scenario_vary_entry(const struct scenario_entry *base,
                                                  const GPtrArray *axes, const uint32_t *step)
{
    g_autoptr(GPtrArray) settings = g_ptr_array_new();
    g_autoptr(GPtrArray) chosen = g_ptr_array_new_with_free_func(g_free);

    for (guint j = 0; j < axes->len; j++) {
        const struct axis *axis = g_ptr_array_index(axes, j);
        g_ptr_array_add(chosen, g_strdup_printf("%s=%s", axis->path, axis_text(axis, step[j])));
    }
    g_ptr_array_add(chosen, NULL);
    g_autofree char *name = g_strjoinv(" ", (char **)chosen->pdata);
    struct scenario_entry *entry = scenario_entry_new(name);
    for (uint32_t j = 0; base->settings != NULL && base->settings[j] != NULL; j++)
        g_ptr_array_add(settings, base->settings[j]);
    for (guint j = 0; j < chosen->len; j++) /* the NULL too */
        g_ptr_array_add(settings, g_ptr_array_index(chosen, j));
    entry->settings = g_strdupv((char **)settings->pdata);
    entry->step = g_memdup2(step, axes->len * sizeof(uint32_t));
    entry->overlay = base->overlay == NULL ? NULL : node_copy(base->overlay);
    g_autofree char *lines = g_strjoinv("\n", (char **)chosen->pdata);
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
        const struct axis *axis = g_ptr_array_index(axes, i);
        g_autoptr(GPtrArray) alone = g_ptr_array_new();
        g_ptr_array_add(alone, (gpointer)axis);
        for (guint j = 0; j < axis->texts->len && list->len <= DIAGNOSTIC_COUNT_MAX; j++) {
            struct scenario_entry *entry = scenario_vary_entry(base, alone, &j);
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

/* Adds an axis (taken, NULL is FALSE) that no other one is the same path as. */
static gboolean scenario_vary_add(GPtrArray *axes, struct axis *axis, GError **ret_error)
{
    if (axis == NULL)
        return FALSE;
    g_ptr_array_add(axes, axis);
    for (guint i = 0; i + 1 < axes->len; i++)
        if (strcmp(((const struct axis *)g_ptr_array_index(axes, i))->path, axis->path) == 0) {
            diagnostic_set(ret_error, OMO_SHELL_ERROR_BAD_USAGE, diagnostic_at("--vary", 0, 0),
                           "two axes vary %s; list all of its values in one", axis->path);
            return FALSE;
        }
    return scenario_vary_allowed(axis->path, ret_error);
}

void scenario_vary_replace(Scenario *s, GPtrArray *points, GPtrArray *axes)
{
    g_ptr_array_unref(s->points);
    s->points = points;
    g_ptr_array_unref(s->axes);
    s->axes = axes;
    s->default_point = 0;
}

const struct scenario_entry *scenario_vary_base(const Scenario *s, const char *point,
                                                GError **ret_error)
{
    uint32_t base = s->default_point;

    if (point != NULL && !scenario_find_point(s, point, &base, ret_error))
        return NULL;
    return g_ptr_array_index(s->points, base);
}

gboolean scenario_vary(Scenario *s, const char *point, const char *const *varies,
                       GError **ret_error)
{
    g_autoptr(GPtrArray) axes = g_ptr_array_new_with_free_func(axis_free);
    const struct scenario_entry *base = scenario_vary_base(s, point, ret_error);
    uint32_t count = 1;

    g_assert(varies[0] != NULL);
    if (base == NULL)
        return FALSE;
    for (uint32_t i = 0; varies[i] != NULL; i++) {
        struct axis *axis = axis_parse(varies[i], ret_error);
        if (!scenario_vary_add(axes, axis, ret_error))
            return FALSE;
        if (axis->texts->len > SCENARIO_POINTS_MAX / count) {
            diagnostic_set(ret_error, OMO_SHELL_ERROR_BAD_USAGE, diagnostic_at("--vary", 0, 0),
                           "the values make more than %d points", SCENARIO_POINTS_MAX);
            return FALSE;
        }
        count *= axis->texts->len;
    }
    if (!scenario_vary_check(s, base, axes, ret_error))
        return FALSE;

    g_autofree uint32_t *step = g_new0(uint32_t, axes->len);
    GPtrArray *points = g_ptr_array_new_with_free_func(scenario_entry_free);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t rest = i;
        for (guint j = axes->len; j-- > 0;) { /* the last is the fastest */
            const struct axis *axis = g_ptr_array_index(axes, j);
            step[j] = rest % axis->texts->len;
            rest /= axis->texts->len;
        }
        g_ptr_array_add(points, scenario_vary_entry(base, axes, step));
    }
    scenario_vary_replace(s, points, g_steal_pointer(&axes));
    return TRUE;
}

static gboolean scenario_sample_fail(GError **ret_error, const char *option, const char *text)
{
    diagnostic_set(ret_error, OMO_SHELL_ERROR_BAD_USAGE, diagnostic_at(option, 0, 0), "%s", text);
    return FALSE;
}

gboolean scenario_sample(Scenario *s, const char *point, const char *const *varies, uint32_t count,
                         GError **ret_error)
{
    g_autoptr(GPtrArray) axes = g_ptr_array_new_with_free_func(axis_free);
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    const struct scenario_entry *base = scenario_vary_base(s, point, ret_error);
    const uint32_t dimensions = g_strv_length((char **)varies);

    g_assert(dimensions > 0);
    if (base == NULL)
        return FALSE;
    if (count < 1 || count > SCENARIO_POINTS_MAX)
        return scenario_sample_fail(ret_error, "--sample", "expected 1 to 10000 points");
    if (dimensions > AXIS_DIMENSIONS_MAX)
        return scenario_sample_fail(ret_error, "--vary", "a sample has at most 16 axes");
    for (uint32_t i = 0; i < dimensions; i++)
        if (!scenario_vary_add(axes, axis_sample(varies[i], i, dimensions, count, ret_error),
                               ret_error))
            return FALSE;
    if (!scenario_vary_check(s, base, axes, ret_error))
        return FALSE;

    g_autofree uint32_t *step = g_new(uint32_t, dimensions);
    GPtrArray *points = g_ptr_array_new_with_free_func(scenario_entry_free);
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < dimensions; j++)
            step[j] = i;
        struct scenario_entry *entry = scenario_vary_entry(base, axes, step);
        if (g_hash_table_contains(names, entry->name)) {
            scenario_entry_free(entry);
            continue;
        }
        g_hash_table_add(names, entry->name);
        g_ptr_array_add(points, entry);
    }
    scenario_vary_replace(s, points, g_steal_pointer(&axes));
    return TRUE;
}

/* ---- what was varied ------------------------------------------------------------------------- */

uint32_t scenario_axis_count(const Scenario *s) { return s->axes->len; }

const struct scenario_axis *scenario_axis(const Scenario *s, uint32_t axis)
{
    g_assert(axis < s->axes->len);
    return &((const struct axis *)g_ptr_array_index(s->axes, axis))->about;
}

struct scenario_value scenario_axis_value(const Scenario *s, uint32_t point, uint32_t axis)
{
    g_assert(point < s->points->len && axis < s->axes->len);
    const struct scenario_entry *entry = g_ptr_array_index(s->points, point);
    const struct axis *a = g_ptr_array_index(s->axes, axis);
    const uint32_t step = entry->step[axis];
    return (struct scenario_value){axis_text(a, step), g_array_index(a->numbers, double, step)};
}

const char *scenario_axis_kind_name(enum scenario_axis_kind kind)
{
    static const char *const names[] = {"category", "number", "duration", "factor"};

    return names[kind];
}
