/* The readers of what grows: values, days, places, flows, histograms. Each is one SELECT in the
 * order of its primary key, so none sorts.
 */
#include "results/private.h"

#include <math.h>
#include <string.h>

/* Starts a SELECT with up to two whole-number parameters. */
static sqlite3_stmt *rows_select(struct database *database, const char *sql, uint32_t a, uint32_t b,
                                 GError **ret_error)
{
    sqlite3_stmt *select = database_prepare(database, sql, ret_error);

    if (select == NULL)
        return NULL;
    sqlite3_bind_int64(select, 1, a);
    if (sqlite3_bind_parameter_count(select) > 1)
        sqlite3_bind_int64(select, 2, b);
    return select;
}

GArray *values_read(struct database *database, uint32_t point, uint32_t column, GError **ret_error)
{
    g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(sqlite3_stmt) select =
        rows_select(database,
                    "SELECT value FROM replication_kpi WHERE point = ? AND kpi = ?"
                    " ORDER BY replication",
                    point, column, ret_error);
    gboolean found;

    if (select == NULL)
        return NULL;
    while (database_next(database, select, &found, ret_error)) {
        double value;
        if (!found)
            return g_steal_pointer(&values);
        value = database_number(select, 0);
        g_array_append_val(values, value);
    }
    return NULL;
}

omo_summary values_paired(const GArray *a, const GArray *b)
{
    uint32_t count = MIN(a->len, b->len);
    g_autofree double *difference = g_new(double, MAX(count, 1));

    for (uint32_t i = 0; i < count; i++)
        difference[i] = g_array_index(a, double, i) - g_array_index(b, double, i);
    return omo_summarise(difference, count, 0.95);
}

GArray *results_values(Results *results, uint32_t point, uint32_t column, GError **ret_error)
{
    return values_read(&results->database, point, column, ret_error);
}

gboolean results_summary(Results *results, uint32_t point, uint32_t column,
                         omo_summary *ret_summary, GError **ret_error)
{
    g_autoptr(sqlite3_stmt) select =
        rows_select(&results->database,
                    "SELECT mean, half_width, standard_error, count FROM kpi"
                    " WHERE point = ? AND kpi = ?",
                    point, column, ret_error);
    gboolean found;

    if (select == NULL || !database_next(&results->database, select, &found, ret_error))
        return FALSE;
    *ret_summary = (omo_summary){.mean = (double)NAN,
                                 .half_width = (double)NAN,
                                 .standard_error = (double)NAN};
    if (found)
        *ret_summary = (omo_summary){.mean = database_number(select, 0),
                                     .half_width = database_number(select, 1),
                                     .standard_error = database_number(select, 2),
                                     .count = (uint32_t)sqlite3_column_int64(select, 3)};
    return TRUE;
}

gboolean results_paired(Results *results, uint32_t point, uint32_t base, uint32_t column,
                        omo_summary *ret_summary, GError **ret_error)
{
    g_autoptr(GArray) values = results_values(results, point, column, ret_error);
    g_autoptr(GArray) base_values =
        values != NULL ? results_values(results, base, column, ret_error) : NULL;

    if (base_values == NULL)
        return FALSE;
    *ret_summary = values_paired(values, base_values);
    return TRUE;
}

GArray *results_digests(Results *results, uint32_t point, GError **ret_error)
{
    g_autoptr(GArray) digests = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    g_autoptr(sqlite3_stmt) select =
        rows_select(&results->database,
                    "SELECT digest FROM replication WHERE point = ? ORDER BY replication", point, 0,
                    ret_error);
    gboolean found;

    if (select == NULL)
        return NULL;
    while (database_next(&results->database, select, &found, ret_error)) {
        uint64_t digest;
        if (!found)
            return g_steal_pointer(&digests);
        digest = g_ascii_strtoull(database_text(select, 0), NULL, 16);
        g_array_append_val(digests, digest);
    }
    return NULL;
}

static void days_set(omo_day_row *row, const char *name, int64_t channel, int64_t value)
{
    const struct {
        const char *name;
        int64_t *value;
    } measures[] = {
        {"stock_units", &row->stock_units},         {"in_transit_units", &row->in_transit_units},
        {"backorder_units", &row->backorder_units}, {"lost_units", &row->lost_units},
        {"oversold_units", &row->oversold_units},   {"wasted_units", &row->wasted_units},
    };

    if (channel >= 0 && channel < OMO_CHANNELS_MAX) {
        if (strcmp(name, "orders") == 0)
            row->orders[channel] = value;
        else if (strcmp(name, "sales_cents") == 0)
            row->sales_cents[channel] = value;
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(measures); i++)
        if (strcmp(name, measures[i].name) == 0)
            *measures[i].value = value;
}

GArray *results_days(Results *results, uint32_t point, GError **ret_error)
{
    g_autoptr(GArray) days = g_array_new(FALSE, TRUE, sizeof(omo_day_row));
    g_autoptr(sqlite3_stmt) select =
        rows_select(&results->database,
                    "SELECT day, name, channel, value FROM series WHERE point = ?"
                    " ORDER BY day, name, channel",
                    point, 0, ret_error);
    gboolean found;

    if (select == NULL)
        return NULL;
    while (database_next(&results->database, select, &found, ret_error)) {
        int64_t day;
        if (!found)
            return g_steal_pointer(&days);
        day = sqlite3_column_int64(select, 0);
        if (days->len == 0 || g_array_index(days, omo_day_row, days->len - 1).day != day) {
            omo_day_row row = {.day = day};
            g_array_append_val(days, row);
        }
        days_set(&g_array_index(days, omo_day_row, days->len - 1), database_text(select, 1),
                 sqlite3_column_int64(select, 2), sqlite3_column_int64(select, 3));
    }
    return NULL;
}

static omo_place_kind places_kind(const char *name)
{
    if (strcmp(name, "dark store") == 0)
        return OMO_PLACE_DARK_STORE;
    if (strcmp(name, "warehouse") == 0)
        return OMO_PLACE_WAREHOUSE;
    if (strcmp(name, "locker") == 0)
        return OMO_PLACE_LOCKER;
    return strcmp(name, "supplier") == 0 ? OMO_PLACE_SUPPLIER : OMO_PLACE_STORE;
}

/* Adds the orders of each channel to rows that are there. Places are dense: row i is place i. */
static gboolean places_read_channels(Results *results, uint32_t point, GArray *places,
                                     GError **ret_error)
{
    g_autoptr(sqlite3_stmt) select =
        rows_select(&results->database,
                    "SELECT place, channel, orders, units, sales_cents FROM place_channel"
                    " WHERE point = ?",
                    point, 0, ret_error);
    gboolean found;

    if (select == NULL)
        return FALSE;
    while (database_next(&results->database, select, &found, ret_error)) {
        int64_t place, channel;
        if (!found)
            return TRUE;
        place = sqlite3_column_int64(select, 0);
        channel = sqlite3_column_int64(select, 1);
        if (place >= 0 && place < places->len && channel >= 0 && channel < OMO_CHANNELS_MAX) {
            omo_place_row *row = &g_array_index(places, struct results_place, place).row;
            row->orders[channel] = sqlite3_column_int64(select, 2);
            row->units[channel] = sqlite3_column_int64(select, 3);
            row->sales_cents[channel] = sqlite3_column_int64(select, 4);
        }
    }
    return FALSE;
}

GArray *results_places(Results *results, uint32_t point, GError **ret_error)
{
    g_autoptr(GArray) places = g_array_new(FALSE, TRUE, sizeof(struct results_place));
    g_autoptr(sqlite3_stmt) select =
        rows_select(&results->database,
                    "SELECT id, kind, lat, lon, lost_units, oversold_units FROM place"
                    " WHERE point = ? ORDER BY place",
                    point, 0, ret_error);
    gboolean found;

    if (select == NULL)
        return NULL;
    while (database_next(&results->database, select, &found, ret_error)) {
        struct results_place row;
        if (!found)
            return places_read_channels(results, point, places, ret_error)
                       ? g_steal_pointer(&places)
                       : NULL;
        row = (struct results_place){
            .id = g_intern_string(database_text(select, 0)),
            .kind = places_kind(database_text(select, 1)),
            .lat = database_number(select, 2),
            .lon = database_number(select, 3),
            .row.lost_units = sqlite3_column_int64(select, 4),
            .row.oversold_units = sqlite3_column_int64(select, 5),
        };
        g_array_append_val(places, row);
    }
    return NULL;
}

GArray *results_flows(Results *results, uint32_t point, GError **ret_error)
{
    g_autoptr(GArray) flows = g_array_new(FALSE, TRUE, sizeof(struct results_flow));
    g_autoptr(sqlite3_stmt) select =
        rows_select(&results->database,
                    "SELECT place, zone, zone_lat, zone_lon, trips FROM flow WHERE point = ?"
                    " ORDER BY rank",
                    point, 0, ret_error);
    gboolean found;

    if (select == NULL)
        return NULL;
    while (database_next(&results->database, select, &found, ret_error)) {
        struct results_flow row;
        if (!found)
            return g_steal_pointer(&flows);
        row = (struct results_flow){
            .place = (uint32_t)sqlite3_column_int64(select, 0),
            .zone = (uint32_t)sqlite3_column_int64(select, 1),
            .zone_lat = database_number(select, 2),
            .zone_lon = database_number(select, 3),
            .trips = (uint64_t)sqlite3_column_int64(select, 4),
        };
        g_array_append_val(flows, row);
    }
    return NULL;
}

GArray *results_lead_times(Results *results, uint32_t point, uint32_t channel, GError **ret_error)
{
    g_autoptr(GArray) buckets = g_array_new(FALSE, TRUE, sizeof(struct results_bucket));
    g_autoptr(sqlite3_stmt) select =
        rows_select(&results->database,
                    "SELECT low, high, count FROM latency WHERE point = ? AND name = 'lead_time'"
                    " AND channel = ? ORDER BY low",
                    point, channel, ret_error);
    gboolean found;

    if (select == NULL)
        return NULL;
    while (database_next(&results->database, select, &found, ret_error)) {
        struct results_bucket row;
        if (!found)
            return g_steal_pointer(&buckets);
        row = (struct results_bucket){
            .low = sqlite3_column_int64(select, 0),
            .high = sqlite3_column_int64(select, 1),
            .count = (uint64_t)sqlite3_column_int64(select, 2),
        };
        g_array_append_val(buckets, row);
    }
    return NULL;
}

GArray *results_audits(Results *results, uint32_t point, GError **ret_error)
{
    g_autoptr(GArray) audits = g_array_new(FALSE, TRUE, sizeof(struct results_audit));
    g_autoptr(sqlite3_stmt) select =
        rows_select(&results->database,
                    "SELECT law, held, detail FROM audit WHERE point = ? ORDER BY law", point, 0,
                    ret_error);
    gboolean found;

    if (select == NULL)
        return NULL;
    while (database_next(&results->database, select, &found, ret_error)) {
        struct results_audit row;
        if (!found)
            return g_steal_pointer(&audits);
        row = (struct results_audit){
            .law = g_intern_string(database_text(select, 0)),
            .held = sqlite3_column_int(select, 1) != 0,
            .detail = g_intern_string(database_text(select, 2)),
        };
        g_array_append_val(audits, row);
    }
    return NULL;
}
