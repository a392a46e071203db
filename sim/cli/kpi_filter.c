/* Selection of KPI columns.
 *
 * A word of the list selects every column whose group, KPI or own name it is; `cost` is a group and
 * a textbook measure at once, and selects both. Selection is by name at each question rather than a
 * set of column numbers, because the models of two design points may differ in their columns.
 */
#include "cli/kpi_filter.h"
#include "cli/options.h"
#include "shell/diagnostic.h"
#include "shell/spelling.h"

#include <omosim/registry.h>
#include <string.h>

struct kpi_filter {
    const Scenario *scenario;
    char **words; /* NULL: the scenario decides */
    bool all;
};

static void add_once(GPtrArray *names, const char *name)
{
    for (guint i = 0; i < names->len; i++)
        if (strcmp(g_ptr_array_index(names, i), name) == 0)
            return;
    g_ptr_array_add(names, (void *)name);
}

/* Every word that --kpis understands, NULL last. Caller frees the array. */
static GPtrArray *known_words(const omo_model *model)
{
    GPtrArray *names = g_ptr_array_new();

    g_ptr_array_add(names, (void *)"all");
    for (uint32_t i = 0; i < omo_registry_count(OMO_REGISTRY_KPI); i++)
        add_once(names, omo_kpi_group(i));
    for (uint32_t i = 0; i < omo_model_kpi_count(model); i++) {
        uint32_t kpi;
        const char *name = omo_model_kpi_name(model, i, &kpi, NULL);
        add_once(names, omo_registry_name(OMO_REGISTRY_KPI, kpi));
        add_once(names, name);
    }
    g_ptr_array_add(names, NULL);
    return names;
}

static gboolean check_words(char **words, const omo_model *model, GError **ret_error)
{
    g_autoptr(GPtrArray) known = known_words(model);
    const char *const *names = (const char *const *)known->pdata;

    for (char **word = words; *word != NULL; word++) {
        if (g_strv_contains(names, *word))
            continue;
        const char *nearest = spelling_nearest(*word, names);
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--kpis: unknown KPI or group '%s'%s%s%s (see omosim list kpis)", *word,
                    nearest != NULL ? ", did you mean '" : "", nearest != NULL ? nearest : "",
                    nearest != NULL ? "'?" : "");
        return FALSE;
    }
    return TRUE;
}

KpiFilter *kpi_filter_new(const char *list, const Scenario *scenario, const omo_model *model,
                          GError **ret_error)
{
    g_autoptr(KpiFilter) filter = g_new0(KpiFilter, 1);

    filter->scenario = scenario;
    if (list != NULL) {
        filter->words = options_split(list);
        filter->all = g_strv_contains((const char *const *)filter->words, "all");
        if (!check_words(filter->words, model, ret_error))
            return NULL;
    }
    return g_steal_pointer(&filter);
}

void kpi_filter_free(KpiFilter *filter)
{
    if (filter == NULL)
        return;
    g_strfreev(filter->words);
    g_free(filter);
}

bool kpi_filter_is_explicit(const KpiFilter *filter) { return filter->words != NULL; }

bool kpi_filter_wants(const KpiFilter *filter, const omo_model *model, uint32_t column)
{
    uint32_t kpi;
    const char *name = omo_model_kpi_name(model, column, &kpi, NULL);
    const char *base = omo_registry_name(OMO_REGISTRY_KPI, kpi);

    if (filter->all)
        return true;
    if (filter->words == NULL)
        return scenario_wants_kpi(filter->scenario, omo_kpi_group(kpi), base);
    const char *const *words = (const char *const *)filter->words;
    return g_strv_contains(words, omo_kpi_group(kpi)) || g_strv_contains(words, base) ||
           g_strv_contains(words, name);
}
