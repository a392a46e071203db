/* Checking a scenario as a whole: the base, every point, and the blocks about the scenario itself.
 *
 * A mistake of the base shows again in every point; findings that stand in the list already are
 * left out. Points are checked after the base even when the base has findings, so that a file with
 * a slip in two places needs one look.
 *
 * A point changes the chain, not the experiment: what must be the same for all points (seed,
 * replications, the KPIs shown) and what belongs to the file (name, title, further points) is
 * refused there.
 */
#include "scenario/private.h"

#include <string.h>

/* ---- trees ----------------------------------------------------------------------------------- */

static bool scenario_check_known(const GPtrArray *list, const struct diagnostic *d)
{
    for (guint i = 0; i < list->len; i++) {
        const struct diagnostic *other = g_ptr_array_index(list, i);
        if (other->at.file == d->at.file && other->at.line == d->at.line &&
            other->at.column == d->at.column && strcmp(other->text, d->text) == 0)
            return true;
    }
    return false;
}

void scenario_check_entry(const Scenario *s, const struct scenario_entry *entry, GPtrArray *list)
{
    g_autoptr(GPtrArray) found = diagnostic_list_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(Node) tree = scenario_tree(s, entry, &error);

    if (tree == NULL)
        diagnostic_add(found, diagnostic_at(NULL, 0, 0), "%s", error->message);
    else
        omo_model_free(build_model(tree, false, found));
    for (guint i = 0; i < found->len; i++) {
        const struct diagnostic *d = g_ptr_array_index(found, i);
        if (!scenario_check_known(list, d))
            diagnostic_add(list, d->at, "%s", d->text);
    }
}

/* ---- KPIs ------------------------------------------------------------------------------------ */

/* Names of groups and KPIs, each once, NULL last. Borrowed texts. */
static GPtrArray *scenario_check_kpi_names(void)
{
    GPtrArray *names = g_ptr_array_new();

    for (int groups = 1; groups >= 0; groups--)
        for (uint32_t i = 0; i < omo_registry_count(OMO_REGISTRY_KPI); i++) {
            const char *name = groups ? omo_kpi_group(i) : omo_registry_name(OMO_REGISTRY_KPI, i);
            if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
                g_ptr_array_add(names, (gpointer)name);
        }
    g_ptr_array_add(names, NULL);
    return names;
}

static void scenario_check_kpis(Scenario *s, struct schema_value top, GPtrArray *list)
{
    struct schema_value kpis = schema_get(schema_get(top, "run"), "kpis");
    g_autoptr(GPtrArray) names = scenario_check_kpi_names();

    for (uint32_t i = 0; i < schema_count(kpis); i++) {
        struct schema_value kpi = schema_item(kpis, i);
        if (g_strv_contains((const char *const *)names->pdata, schema_as_text(kpi)))
            g_ptr_array_add(s->kpis, (gpointer)schema_as_text(kpi));
        else
            diagnostic_add_unknown(list, schema_position(kpi), "KPI or group", schema_as_text(kpi),
                                   (const char *const *)names->pdata);
    }
}

/* ---- calibration ----------------------------------------------------------------------------- */

static bool scenario_check_channel(struct schema_value top, const char *name)
{
    struct schema_value channels = schema_get(top, "channels");

    for (uint32_t i = 0; i < schema_count(channels); i++)
        if (strcmp(schema_item_name(channels, i), name) == 0)
            return true;
    return false;
}

/* A KPI, or NAME.CHANNEL of one that is given per channel. Of a queueing network only the name is
 * looked at: whether the rest has a column is known when the model is built. */
static void scenario_check_measure(struct schema_value top, struct schema_value measure,
                                   GPtrArray *list)
{
    const char *text = schema_as_text(measure),
               *dot = schema_has(top, "queueing") ? strchr(text, '.') : strrchr(text, '.');
    g_autofree char *name = g_strndup(text, dot == NULL ? strlen(text) : (gsize)(dot - text));
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (uint32_t i = 0; i < omo_registry_count(OMO_REGISTRY_KPI); i++) {
        const char *kpi = omo_registry_name(OMO_REGISTRY_KPI, i);
        g_ptr_array_add(names, (gpointer)kpi);
        if (strcmp(kpi, text) == 0)
            return;
        if (dot == NULL || strcmp(kpi, name) != 0)
            continue;
        if (schema_has(top, "queueing"))
            return;
        if (!omo_kpi_per_channel(i))
            diagnostic_add(list, schema_position(measure), "'%s' is not given per channel", name);
        else if (!scenario_check_channel(top, dot + 1))
            diagnostic_add(list, schema_position(measure), "there is no channel '%s'", dot + 1);
        return;
    }
    g_ptr_array_add(names, NULL);
    diagnostic_add_unknown(list, schema_position(measure), "KPI", name,
                           (const char *const *)names->pdata);
}

static void scenario_check_calibration(Scenario *s, struct schema_value top, GPtrArray *list)
{
    struct schema_value rows = schema_get(top, "calibration");

    for (uint32_t i = 0; i < schema_count(rows); i++) {
        struct schema_value row = schema_item(rows, i);
        const char *source = schema_get_text(row, "source");
        struct scenario_calibration c = {
            .figure = schema_get_text(row, "figure"),
            .published = schema_get_number(row, "published"),
            .measure = schema_get_text(row, "measure"),
            .scale = (enum scenario_scale)schema_get_enum(row, "scale"),
            .source = source == NULL ? "" : source,
        };
        scenario_check_measure(top, schema_get(row, "measure"), list);
        g_array_append_val(s->calibration, c);
    }
}

/* ---- points ---------------------------------------------------------------------------------- */

void scenario_check_overlay(const Node *overlay, const char *what, GPtrArray *list)
{
    static const char *const top[] = {"name",    "title",  "question", "currency",    "time_unit",
                                      "include", "points", "factors",  "calibration", NULL};
    static const char *const run[] = {"seed", "replications", "kpis", NULL};
    const Node *below = node_get(overlay, "run");

    for (uint32_t i = 0; i < node_count(overlay); i++)
        if (g_strv_contains(top, node_key(overlay, i)))
            diagnostic_add(list, node_key_position(overlay, i),
                           "'%s' belongs to the scenario, not to a %s", node_key(overlay, i), what);
    for (uint32_t i = 0; below != NULL && i < node_count(below); i++)
        if (node_kind(below) == NODE_MAPPING && g_strv_contains(run, node_key(below, i)))
            diagnostic_add(list, node_key_position(below, i),
                           "run.%s is the same for all points: set it at the top",
                           node_key(below, i));
}

/* Reads label, role and default, and keeps the rest as overlay. */
static void scenario_check_point(Scenario *s, const Node *points, uint32_t i,
                                 struct text_position *default_at, GPtrArray *list)
{
    static const struct schema_key key = {"point", SCHEMA_MAPPING, .child = schema_point_keys,
                                          .help = "a design point"};
    const Node *node = node_child(points, i);
    struct scenario_entry *entry = scenario_entry_new(node_key(points, i));
    g_autoptr(Node) header = node_new_mapping(node_position(node));

    g_ptr_array_add(s->points, entry);
    if (node_kind(node) != NODE_MAPPING) {
        diagnostic_add(list, node_position(node), "points.%s: expected a mapping, found %s",
                       entry->name, node_kind_name(node));
        return;
    }
    entry->overlay = node_copy(node);
    for (const struct schema_key *k = schema_point_keys; k->name != NULL; k++) {
        const Node *value = node_get(node, k->name);
        if (value != NULL)
            node_put(header, k->name, node_key_position(node, (uint32_t)node_find(node, k->name)),
                     node_copy(value));
        node_remove(entry->overlay, k->name);
    }
    scenario_check_overlay(entry->overlay, "point", list);
    struct schema_value value = schema_root(&key, header, 0);
    if (!schema_check(value, list))
        return;
    if (schema_has(value, "label"))
        entry->point.label = node_text(node_get(node, "label"));
    entry->point.role = (enum scenario_role)schema_get_enum(value, "role");
    g_free(entry->overrides);
    entry->point.overrides = entry->overrides = overrides_to_text(entry->overlay);
    if (!schema_get_bool(value, "default"))
        return;
    if (default_at->file != NULL) {
        g_autofree char *first = diagnostic_position_text(*default_at);
        diagnostic_add(list, schema_position(schema_get(value, "default")),
                       "there is a default point already, at %s", first);
        return;
    }
    *default_at = schema_position(schema_get(value, "default"));
    s->default_point = i;
}

void scenario_check_header(Scenario *s, GPtrArray *list)
{
    g_autoptr(GPtrArray) ignored = diagnostic_list_new();
    struct schema_value top =
        schema_root(&schema_scenario, s->root, build_time_unit_us(s->root, ignored));
    const Node *points = node_get(s->root, "points");
    struct text_position default_at = {0};

    if (points != NULL && node_kind(points) == NODE_MAPPING)
        for (uint32_t i = 0; i < node_count(points); i++)
            scenario_check_point(s, points, i, &default_at, list);
    if (s->points->len == 0)
        g_ptr_array_add(s->points, scenario_entry_new("base"));
    if (!schema_check(top, ignored))
        return;
    scenario_check_kpis(s, top, list);
    scenario_check_calibration(s, top, list);
}
