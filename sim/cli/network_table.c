/* Tables of a queueing network.
 *
 * First the sources, which a planner asks about (how long does an order take?), then the stations
 * that explain it, then the jobs of each source at each station; the last only where there is more
 * than one source, since otherwise it repeats the stations. A network of many stations comes in
 * several tables side by side, of as many columns as fit a screen.
 */
#include "cli/network_table.h"
#include "cli/estimate.h"
#include "shell/table.h"

#include <math.h>
#include <omosim/registry.h>
#include <stdio.h>
#include <string.h>

#define SUBJECTS_PER_TABLE 4
#define POINT 0

struct network_table {
    const Study *study;
    const KpiFilter *filter;
    const omo_model *model;
    GArray *columns; /* of the kind of subject under way: struct network_column */
};

struct network_column {
    uint32_t column, kpi, station, source;
    omo_summary summary;
};

/* The columns of one kind of subject that are selected and have a value. */
static void collect(struct network_table *t, bool of_station, bool of_source)
{
    g_array_set_size(t->columns, 0);
    for (uint32_t i = 0; i < omo_model_kpi_count(t->model); i++) {
        struct network_column c = {.column = i};
        omo_model_kpi_name(t->model, i, &c.kpi, NULL);
        omo_model_kpi_subject(t->model, i, &c.station, &c.source);
        c.summary = omo_experiment_summary(study_experiment(t->study), POINT, i);
        if ((c.station != UINT32_MAX) == of_station && (c.source != UINT32_MAX) == of_source &&
            kpi_filter_wants(t->filter, t->model, i) && !isnan(c.summary.mean))
            g_array_append_val(t->columns, c);
    }
}

static const struct network_column *column_at(const struct network_table *t, guint i)
{
    return &g_array_index(t->columns, struct network_column, i);
}

/* "pick", "orders", "pick.orders": what stands behind the KPI's name. */
static const char *subject_name(const struct network_table *t, const struct network_column *c)
{
    return omo_model_kpi_name(t->model, c->column, NULL, NULL) +
           strlen(omo_registry_name(OMO_REGISTRY_KPI, c->kpi)) + 1;
}

/* First columns of each subject, in the order of the model. Caller frees. */
static GArray *list_subjects(const struct network_table *t)
{
    GArray *subjects = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    const uint32_t stations = MAX(omo_model_station_count(t->model), 1);
    const uint32_t sources = MAX(omo_model_source_count(t->model), 1);

    for (uint32_t i = 0; i < stations; i++)
        for (uint32_t j = 0; j < sources; j++)
            for (guint c = 0; c < t->columns->len; c++) {
                const struct network_column *column = column_at(t, c);
                const bool here =
                    (column->station == i || (column->station == UINT32_MAX && i == 0)) &&
                    (column->source == j || (column->source == UINT32_MAX && j == 0));
                if (here) {
                    g_array_append_val(subjects, c);
                    break;
                }
            }
    return subjects;
}

static void add_row(Table *table, const struct network_table *t, uint32_t kpi,
                    const guint *subjects, guint count)
{
    const char *unit = estimate_unit(kpi, scenario_currency(study_scenario(t->study)));

    table_add(table, omo_registry_name(OMO_REGISTRY_KPI, kpi));
    for (guint i = 0; i < count; i++) {
        const struct network_column *subject = column_at(t, subjects[i]);
        g_autofree char *text = NULL;
        for (guint c = 0; c < t->columns->len && text == NULL; c++) {
            const struct network_column *column = column_at(t, c);
            if (column->kpi == kpi && column->station == subject->station &&
                column->source == subject->source)
                text = estimate_format(column->summary, false);
        }
        table_add(table, text != NULL ? text : "–");
    }
    table_add(table, strcmp(unit, "1") == 0 ? NULL : unit);
}

static bool has_row(const struct network_table *t, uint32_t kpi, const guint *subjects, guint count)
{
    for (guint c = 0; c < t->columns->len; c++)
        for (guint i = 0; i < count; i++)
            if (column_at(t, c)->kpi == kpi &&
                column_at(t, c)->station == column_at(t, subjects[i])->station &&
                column_at(t, c)->source == column_at(t, subjects[i])->source)
                return true;
    return false;
}

static void print_kind(struct network_table *t, const char *heading, bool *is_first)
{
    g_autoptr(GArray) subjects = list_subjects(t);

    for (guint from = 0; from < subjects->len; from += SUBJECTS_PER_TABLE) {
        const guint *shown = &g_array_index(subjects, guint, from);
        const guint count = MIN(subjects->len - from, SUBJECTS_PER_TABLE);
        g_autoptr(Table) table = table_new();
        table_column(table, heading, TABLE_LEFT);
        for (guint i = 0; i < count; i++)
            table_column(table, subject_name(t, column_at(t, shown[i])), TABLE_RIGHT);
        table_column(table, "unit", TABLE_LEFT);
        for (uint32_t kpi = 0; kpi < omo_registry_count(OMO_REGISTRY_KPI); kpi++)
            if (has_row(t, kpi, shown, count))
                add_row(table, t, kpi, shown, count);
        if (!*is_first)
            putchar('\n');
        *is_first = false;
        table_print(table, stdout);
    }
}

void network_table_print(const Study *study, const KpiFilter *filter)
{
    g_autoptr(GArray) columns = g_array_new(FALSE, FALSE, sizeof(struct network_column));
    struct network_table t = {
        .study = study,
        .filter = filter,
        .model = omo_experiment_point_model(study_experiment(study), POINT),
        .columns = columns,
    };
    bool is_first = true;

    collect(&t, false, true);
    print_kind(&t, "by source", &is_first);
    collect(&t, true, false);
    print_kind(&t, "by station", &is_first);
    if (omo_model_source_count(t.model) < 2)
        return;
    collect(&t, true, true);
    print_kind(&t, "by station and source", &is_first);
}
