/* Reading a scenario and handing out what it says.
 *
 * A Scenario keeps the tree of the file with its includes and --set arguments, and for each point
 * what is changed in it. A model is built from a fresh copy of the tree each time: trees are small
 * (tables stay outside), and a point never sees what another one changed.
 *
 * --set is applied twice, before the points are read and after a point's overrides, because both
 * readings of `--set routing=cheapest` must hold: it changes what a point overrides, and a path
 * into `points` changes the point itself. Setting the same value twice does no harm.
 */
#include "scenario/private.h"

#include "shell/spelling.h"

#include <string.h>

struct scenario_entry *scenario_entry_new(const char *name)
{
    struct scenario_entry *entry = g_new0(struct scenario_entry, 1);

    entry->name = g_strdup(name);
    entry->overrides = g_strdup("");
    entry->point = (struct scenario_point){.name = entry->name,
                                           .label = entry->name,
                                           .overrides = entry->overrides};
    return entry;
}

void scenario_entry_free(gpointer data)
{
    struct scenario_entry *entry = data;

    if (entry == NULL)
        return;
    g_free(entry->name);
    g_free(entry->overrides);
    g_free(entry->label);
    node_free(entry->overlay);
    g_strfreev(entry->settings);
    g_free(entry->step);
    if (entry->on != NULL)
        g_ptr_array_unref(entry->on);
    g_free(entry);
}

void scenario_free(Scenario *s)
{
    if (s == NULL)
        return;
    g_free(s->path);
    g_free(s->directory);
    g_free(s->name);
    g_free(s->text);
    g_free(s->hash);
    g_strfreev(s->sets);
    g_ptr_array_unref(s->points);
    g_ptr_array_unref(s->factors);
    g_ptr_array_unref(s->axes);
    g_ptr_array_unref(s->kpis);
    g_array_unref(s->calibration);
    node_free(s->root);
    g_free(s);
}

static Scenario *scenario_new(const char *path, const char *const *sets)
{
    static const char *const none[] = {NULL};
    Scenario *s = g_new0(Scenario, 1);
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);

    s->path = g_strdup(path);
    s->directory = g_path_get_dirname(absolute);
    s->name = g_str_has_suffix(base, ".yaml") ? g_strndup(base, strlen(base) - strlen(".yaml"))
                                              : g_strdup(base);
    s->sets = g_strdupv((char **)(sets == NULL ? none : sets));
    s->points = g_ptr_array_new_with_free_func(scenario_entry_free);
    s->factors = g_ptr_array_new_with_free_func(scenario_factor_free);
    s->axes = g_ptr_array_new_with_free_func(axis_free);
    s->kpis = g_ptr_array_new();
    s->calibration = g_array_new(FALSE, FALSE, sizeof(struct scenario_calibration));
    return s;
}

Node *scenario_tree(const Scenario *s, const struct scenario_entry *entry, GError **ret_error)
{
    g_autoptr(Node) tree = node_copy(s->root);

    if (entry == NULL)
        return g_steal_pointer(&tree);
    if (entry->overlay != NULL) {
        overrides_merge(tree, entry->overlay);
        for (uint32_t i = 0; s->sets[i] != NULL; i++)
            if (!overrides_is_header(s->sets[i]) && !overrides_set(tree, s->sets[i], ret_error))
                return NULL;
    }
    for (uint32_t i = 0; entry->on != NULL && i < entry->on->len; i++)
        overrides_merge(tree, g_ptr_array_index(entry->on, i));
    for (uint32_t i = 0; entry->settings != NULL && entry->settings[i] != NULL; i++)
        if (!overrides_set(tree, entry->settings[i], ret_error))
            return NULL;
    return g_steal_pointer(&tree);
}

Scenario *scenario_read(const char *path, const char *const *sets, GError **ret_error)
{
    g_autoptr(Scenario) s = scenario_new(path, sets);
    g_autoptr(GPtrArray) list = diagnostic_list_new();

    s->root = node_read_file(path, schema_shorthands, ret_error);
    if (s->root == NULL)
        return NULL;
    for (uint32_t i = 0; s->sets[i] != NULL; i++)
        if (!overrides_set(s->root, s->sets[i], ret_error))
            return NULL;
    scenario_check_entry(s, NULL, list);
    scenario_check_header(s, list);
    scenario_check_factors(s, list);
    for (guint i = 0; i < s->points->len; i++) {
        const struct scenario_entry *entry = g_ptr_array_index(s->points, i);
        if (entry->overlay != NULL)
            scenario_check_entry(s, entry, list);
    }
    if (!diagnostic_list_finish(list, ret_error))
        return NULL;
    s->text = node_to_canonical(s->root);
    s->hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, s->text, -1);
    return g_steal_pointer(&s);
}

omo_model *scenario_build(const Scenario *s, uint32_t point, GError **ret_error)
{
    g_assert(point < s->points->len);
    g_autoptr(GPtrArray) list = diagnostic_list_new();
    g_autoptr(Node) tree = scenario_tree(s, g_ptr_array_index(s->points, point), ret_error);

    if (tree == NULL)
        return NULL;
    omo_model *model = build_model(tree, true, list);
    if (model == NULL)
        diagnostic_list_finish(list, ret_error);
    return model;
}

/* ---- what the file says ---------------------------------------------------------------------- */

/* A view of a tree that has been checked. */
static struct schema_value scenario_top(const Node *root)
{
    g_autoptr(GPtrArray) list = diagnostic_list_new();

    return schema_root(&schema_scenario, root, build_time_unit_us(root, list));
}

static const char *scenario_top_text(const Scenario *s, const char *key, const char *otherwise)
{
    const char *text = schema_get_text(scenario_top(s->root), key);

    return text != NULL ? text : otherwise;
}

const char *scenario_path(const Scenario *s) { return s->path; }

const char *scenario_directory(const Scenario *s) { return s->directory; }

const char *scenario_name(const Scenario *s) { return scenario_top_text(s, "name", s->name); }

const char *scenario_title(const Scenario *s)
{
    return scenario_top_text(s, "title", scenario_name(s));
}

const char *scenario_question(const Scenario *s) { return scenario_top_text(s, "question", ""); }

const char *scenario_currency(const Scenario *s) { return scenario_top_text(s, "currency", ""); }

const char *scenario_text(const Scenario *s) { return s->text; }

const char *scenario_hash(const Scenario *s) { return s->hash; }

uint64_t scenario_seed(const Scenario *s)
{
    return (uint64_t)schema_get_whole(schema_get(scenario_top(s->root), "run"), "seed");
}

uint32_t scenario_replications(const Scenario *s)
{
    return (uint32_t)schema_get_whole(schema_get(scenario_top(s->root), "run"), "replications");
}

/* Horizon and warm-up of a point; zeros when its settings contradict each other. */
static void scenario_span(const Scenario *s, uint32_t point, int64_t *ret_horizon_us,
                          int64_t *ret_warm_up_us)
{
    g_autoptr(GPtrArray) list = diagnostic_list_new();
    g_autoptr(Node) tree = scenario_tree(s, g_ptr_array_index(s->points, point), NULL);

    *ret_horizon_us = *ret_warm_up_us = 0;
    if (tree == NULL)
        return;
    struct schema_value top = scenario_top(tree);
    if (schema_check(top, list))
        build_run_span(top, list, ret_horizon_us, ret_warm_up_us);
}

double scenario_days(const Scenario *s)
{
    int64_t horizon_us, warm_up_us;

    scenario_span(s, s->default_point, &horizon_us, &warm_up_us);
    return (double)horizon_us / (double)OMO_US_PER_DAY;
}

double scenario_warm_up_days(const Scenario *s)
{
    int64_t horizon_us, warm_up_us;

    scenario_span(s, s->default_point, &horizon_us, &warm_up_us);
    return (double)warm_up_us / (double)OMO_US_PER_DAY;
}

gboolean scenario_names_kpis(const Scenario *s) { return s->kpis->len > 0; }

gboolean scenario_wants_kpi(const Scenario *s, const char *group, const char *name)
{
    static const char *const chain[] = {"sales", "service", "fulfilment", "stock", "cost", NULL};
    static const char *const network[] = {"queue", "queueing", NULL};

    if (s->kpis->len == 0 && node_get(s->root, "members") != NULL && strcmp(group, "members") == 0)
        return TRUE;
    if (s->kpis->len == 0)
        return g_strv_contains(node_get(s->root, "queueing") != NULL ? network : chain, group);
    for (guint i = 0; i < s->kpis->len; i++) {
        const char *wanted = g_ptr_array_index(s->kpis, i);
        if (strcmp(wanted, group) == 0 || strcmp(wanted, name) == 0)
            return TRUE;
    }
    return FALSE;
}

/* ---- points and calibration ------------------------------------------------------------------ */

uint32_t scenario_point_count(const Scenario *s) { return s->points->len; }

const struct scenario_point *scenario_point(const Scenario *s, uint32_t point)
{
    g_assert(point < s->points->len);
    const struct scenario_entry *entry = g_ptr_array_index(s->points, point);
    return &entry->point;
}

uint32_t scenario_default_point(const Scenario *s) { return s->default_point; }

gboolean scenario_find_point(const Scenario *s, const char *name, uint32_t *ret_point,
                             GError **ret_error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (uint32_t i = 0; i < s->points->len; i++) {
        if (strcmp(scenario_point(s, i)->name, name) == 0) {
            *ret_point = i;
            return TRUE;
        }
        g_ptr_array_add(names, (gpointer)scenario_point(s, i)->name);
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = spelling_hint(name, (const char *const *)names->pdata);
    diagnostic_set(ret_error, OMO_SHELL_ERROR_BAD_USAGE, diagnostic_at(s->path, 0, 0),
                   "unknown point '%s'%s", name, hint);
    return FALSE;
}

const char *scenario_role_name(enum scenario_role role)
{
    return role == SCENARIO_ROLE_CALIBRATED  ? "calibrated"
           : role == SCENARIO_ROLE_PREDICTED ? "predicted"
                                             : "";
}

uint32_t scenario_calibration_count(const Scenario *s) { return s->calibration->len; }

const struct scenario_calibration *scenario_calibration(const Scenario *s, uint32_t row)
{
    g_assert(row < s->calibration->len);
    return &g_array_index(s->calibration, struct scenario_calibration, row);
}

double scenario_calibration_factor(const Scenario *s, uint32_t row, uint32_t point,
                                   const omo_model *model)
{
    enum scenario_scale scale = scenario_calibration(s, row)->scale;
    int64_t horizon_us, warm_up_us;
    uint32_t stores = 0;

    if (scale == SCENARIO_SCALE_NONE)
        return 1;
    scenario_span(s, point, &horizon_us, &warm_up_us);
    double days = (double)(horizon_us - warm_up_us) / (double)OMO_US_PER_DAY;
    if (scale == SCENARIO_SCALE_PER_YEAR)
        return 365 / days;
    for (uint32_t i = 0; i < omo_model_place_count(model); i++)
        stores += omo_model_place_kind(model, i) == OMO_PLACE_STORE;
    return 1 / (days * MAX(stores, 1));
}
