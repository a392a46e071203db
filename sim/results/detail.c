/* The detail of replication 0: what pictures are made of. Daily rows go in long form (measure,
 * day, value) so that a new measure needs no new column and a query names what it wants.
 *
 * Zeros are left out where a row means "something happened" (orders at a place); daily series keep
 * theirs, for a day without sales is a point of the line.
 */
#include "results/private.h"

static const char *const detail_kind_names[OMO_PLACE_KIND_COUNT] = {
    [OMO_PLACE_STORE] = "store",         [OMO_PLACE_DARK_STORE] = "dark store",
    [OMO_PLACE_WAREHOUSE] = "warehouse", [OMO_PLACE_SUPPLIER] = "supplier",
    [OMO_PLACE_LOCKER] = "locker",
};

static gboolean detail_write_channels(struct database *database, const omo_model *model,
                                      GError **ret_error)
{
    g_autoptr(sqlite3_stmt) insert =
        database_prepare(database, "INSERT OR IGNORE INTO channel VALUES (?, ?)", ret_error);

    if (insert == NULL)
        return FALSE;
    for (uint32_t c = 0; c < omo_model_channel_count(model); c++) {
        sqlite3_bind_int64(insert, 1, c);
        database_bind_text(insert, 2, omo_model_channel_id(model, c));
        if (!database_insert(database, insert, ret_error))
            return FALSE;
    }
    return TRUE;
}

static gboolean detail_write_value(struct database *database, sqlite3_stmt *insert,
                                   const char *name, int64_t channel, const omo_day_row *row,
                                   int64_t value, GError **ret_error)
{
    database_bind_text(insert, 2, name);
    sqlite3_bind_int64(insert, 3, channel);
    sqlite3_bind_int64(insert, 4, row->day);
    sqlite3_bind_int64(insert, 5, value);
    return database_insert(database, insert, ret_error);
}

static gboolean detail_write_day(struct database *database, sqlite3_stmt *insert,
                                 const omo_day_row *row, uint32_t channel_count, GError **ret_error)
{
    const struct {
        const char *name;
        int64_t value;
    } measures[] = {
        {"stock_units", row->stock_units},         {"in_transit_units", row->in_transit_units},
        {"backorder_units", row->backorder_units}, {"lost_units", row->lost_units},
        {"oversold_units", row->oversold_units},   {"wasted_units", row->wasted_units},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(measures); i++)
        if (!detail_write_value(database, insert, measures[i].name, -1, row, measures[i].value,
                                ret_error))
            return FALSE;
    for (uint32_t c = 0; c < channel_count; c++)
        if (!detail_write_value(database, insert, "orders", c, row, row->orders[c], ret_error) ||
            !detail_write_value(database, insert, "sales_cents", c, row, row->sales_cents[c],
                                ret_error))
            return FALSE;
    return TRUE;
}

static gboolean detail_write_days(struct database *database, const omo_experiment *experiment,
                                  uint32_t from, uint32_t point, GError **ret_error)
{
    uint32_t channels = omo_model_channel_count(omo_experiment_point_model(experiment, from));
    const omo_day_row *days = omo_experiment_days(experiment, from);
    g_autoptr(sqlite3_stmt) insert =
        database_prepare(database, "INSERT INTO series VALUES (?, ?, ?, ?, ?)", ret_error);

    if (insert == NULL)
        return FALSE;
    sqlite3_bind_int64(insert, 1, point);
    for (uint32_t d = 0; d < omo_experiment_day_count(experiment, from); d++)
        if (!detail_write_day(database, insert, &days[d], channels, ret_error))
            return FALSE;
    return TRUE;
}

static gboolean detail_write_place(struct database *database, sqlite3_stmt *place,
                                   sqlite3_stmt *channel, const omo_model *model, uint32_t i,
                                   const omo_place_row *row, GError **ret_error)
{
    double lat = 0.0, lon = 0.0;

    omo_model_place_position(model, i, &lat, &lon);
    sqlite3_bind_int64(place, 2, i);
    database_bind_text(place, 3, omo_model_place_id(model, i));
    database_bind_text(place, 4, detail_kind_names[omo_model_place_kind(model, i)]);
    sqlite3_bind_double(place, 5, lat);
    sqlite3_bind_double(place, 6, lon);
    sqlite3_bind_int64(place, 7, row->lost_units);
    sqlite3_bind_int64(place, 8, row->oversold_units);
    if (!database_insert(database, place, ret_error))
        return FALSE;
    for (uint32_t c = 0; c < omo_model_channel_count(model); c++) {
        if (row->orders[c] == 0 && row->units[c] == 0 && row->sales_cents[c] == 0)
            continue;
        sqlite3_bind_int64(channel, 2, i);
        sqlite3_bind_int64(channel, 3, c);
        sqlite3_bind_int64(channel, 4, row->orders[c]);
        sqlite3_bind_int64(channel, 5, row->units[c]);
        sqlite3_bind_int64(channel, 6, row->sales_cents[c]);
        if (!database_insert(database, channel, ret_error))
            return FALSE;
    }
    return TRUE;
}

static gboolean detail_write_places(struct database *database, const omo_experiment *experiment,
                                    uint32_t from, uint32_t point, GError **ret_error)
{
    const omo_model *model = omo_experiment_point_model(experiment, from);
    const omo_place_row *rows = omo_experiment_places(experiment, from);
    g_autoptr(sqlite3_stmt) place =
        database_prepare(database, "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?)", ret_error);
    g_autoptr(sqlite3_stmt) channel =
        database_prepare(database, "INSERT INTO place_channel VALUES (?, ?, ?, ?, ?, ?)",
                         ret_error);

    if (place == NULL || channel == NULL)
        return FALSE;
    sqlite3_bind_int64(place, 1, point);
    sqlite3_bind_int64(channel, 1, point);
    for (uint32_t i = 0; rows != NULL && i < omo_model_place_count(model); i++)
        if (!detail_write_place(database, place, channel, model, i, &rows[i], ret_error))
            return FALSE;
    return TRUE;
}

static gboolean detail_write_flows(struct database *database, const omo_experiment *experiment,
                                   uint32_t from, uint32_t point, GError **ret_error)
{
    const omo_model *model = omo_experiment_point_model(experiment, from);
    const omo_flow_row *flows = omo_experiment_flows(experiment, from);
    g_autoptr(sqlite3_stmt) insert =
        database_prepare(database, "INSERT INTO flow VALUES (?, ?, ?, ?, ?, ?, ?)", ret_error);

    if (insert == NULL)
        return FALSE;
    sqlite3_bind_int64(insert, 1, point);
    for (uint32_t i = 0; i < omo_experiment_flow_count(experiment, from); i++) {
        double lat = 0.0, lon = 0.0;
        omo_model_zone_position(model, flows[i].zone, &lat, &lon);
        sqlite3_bind_int64(insert, 2, i);
        sqlite3_bind_int64(insert, 3, flows[i].place);
        sqlite3_bind_int64(insert, 4, flows[i].zone);
        sqlite3_bind_double(insert, 5, lat);
        sqlite3_bind_double(insert, 6, lon);
        sqlite3_bind_int64(insert, 7, (int64_t)flows[i].trips);
        if (!database_insert(database, insert, ret_error))
            return FALSE;
    }
    return TRUE;
}

static gboolean detail_write_lead_times(struct database *database, const omo_experiment *experiment,
                                        uint32_t from, uint32_t point, GError **ret_error)
{
    const omo_model *model = omo_experiment_point_model(experiment, from);
    g_autoptr(sqlite3_stmt) insert =
        database_prepare(database, "INSERT INTO latency VALUES (?, 'lead_time', ?, ?, ?, ?)",
                         ret_error);

    if (insert == NULL)
        return FALSE;
    sqlite3_bind_int64(insert, 1, point);
    for (uint32_t c = 0; c < omo_model_channel_count(model); c++) {
        const omo_histogram *h = omo_experiment_lead_times(experiment, from, c);
        uint32_t cursor = 0;
        int64_t low, high;
        uint64_t count;
        sqlite3_bind_int64(insert, 2, c);
        while (h != NULL && omo_histogram_next(h, &cursor, &low, &high, &count)) {
            sqlite3_bind_int64(insert, 3, low);
            sqlite3_bind_int64(insert, 4, high);
            sqlite3_bind_int64(insert, 5, (int64_t)count);
            if (!database_insert(database, insert, ret_error))
                return FALSE;
        }
    }
    return TRUE;
}

gboolean detail_write(struct database *database, const omo_experiment *experiment, uint32_t from,
                      uint32_t point, GError **ret_error)
{
    const omo_model *model = omo_experiment_point_model(experiment, from);

    return detail_write_channels(database, model, ret_error) &&
           detail_write_days(database, experiment, from, point, ret_error) &&
           detail_write_places(database, experiment, from, point, ret_error) &&
           detail_write_flows(database, experiment, from, point, ret_error) &&
           detail_write_lead_times(database, experiment, from, point, ret_error);
}
