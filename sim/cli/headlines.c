/* Columns of tables.
 *
 * A scenario has some hundred KPI columns and a screen room for a dozen. Each table has a list of
 * the measures that its reader decides on; a scenario whose run.kpis has none of them (a textbook
 * queue, say) shows what it asks for.
 */
#include "cli/headlines.h"

#include <math.h>
#include <omosim/registry.h>

static const omo_model *base_model(const Study *study)
{
    return omo_experiment_point_model(study_experiment(study), 0);
}

/* A column without a value at any finished point is left out. */
static bool has_value(const Study *study, uint32_t column)
{
    if (study_done_count(study) == 0)
        return true;
    for (uint32_t i = 0; i < study_done_count(study); i++)
        if (!isnan(omo_experiment_summary(study_experiment(study), i, column).mean))
            return true;
    return false;
}

/* The named measures that are selected and have a value, in the order of the list. */
static void add_named(const Study *study, const KpiFilter *filter, const char *const *names,
                      GArray *columns)
{
    const omo_model *model = base_model(study);

    for (const char *const *name = names; *name != NULL; name++) {
        uint32_t column;
        if (study_find_column(study, *name, &column, NULL) &&
            kpi_filter_wants(filter, model, column) && has_value(study, column))
            g_array_append_val(columns, column);
    }
}

/* Of a queueing network: what a job of each source meets, then how busy the stations are. */
static void add_network_headlines(const Study *study, const KpiFilter *filter, GArray *columns)
{
    static const char *const of_source[] = {"W", NULL};
    static const char *const of_station[] = {"Wq", "utilisation", "P_block", "P_abandon", NULL};
    const omo_model *model = base_model(study);

    for (int stations = 0; stations < 2; stations++)
        for (uint32_t i = 0; i < omo_model_kpi_count(model); i++) {
            uint32_t kpi;
            uint32_t station;
            uint32_t source;
            omo_model_kpi_name(model, i, &kpi, NULL);
            omo_model_kpi_subject(model, i, &station, &source);
            const bool wanted = stations ? station != UINT32_MAX && source == UINT32_MAX
                                         : station == UINT32_MAX && source != UINT32_MAX;
            if (wanted &&
                g_strv_contains(stations ? of_station : of_source,
                                omo_registry_name(OMO_REGISTRY_KPI, kpi)) &&
                kpi_filter_wants(filter, model, i) && has_value(study, i))
                g_array_append_val(columns, i);
        }
}

GArray *headlines_choose(const Study *study, const KpiFilter *filter, const char *const *names)
{
    const omo_model *model = base_model(study);
    GArray *columns = g_array_new(FALSE, FALSE, sizeof(uint32_t));

    if (!kpi_filter_is_explicit(filter))
        add_named(study, filter, names, columns);
    if (!kpi_filter_is_explicit(filter) && !scenario_names_kpis(study_scenario(study)))
        add_network_headlines(study, filter, columns);
    if (columns->len > 0)
        return columns;
    for (uint32_t i = 0; i < omo_model_kpi_count(model); i++)
        if (kpi_filter_wants(filter, model, i) && has_value(study, i))
            g_array_append_val(columns, i);
    return columns;
}
