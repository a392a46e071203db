/* Writing a result: a file that is whole after every design point.
 *
 * The file is begun under another name ("PATH-new"), with its schema and the facts about the run,
 * and renamed when that much is whole: what carries the name of a result can always be read, and
 * the next run knows it for one of ours and may replace it. Each point is one
 * transaction with a full sync; at one or a few syncs per point that costs milliseconds against
 * seconds of simulation. Closing goes back to a plain journal, which folds the log in and leaves
 * one file that opens from read-only media too.
 *
 * Keeping all points in memory and writing the file at the end was the other way; it loses hours
 * of a sweep to one signal.
 *
 * Same input, same bytes: rows go in by index, SQLite numbers pages in the order of use, nothing
 * asks for the time, and the log with its random salt is gone after closing.
 *
 * Paired differences are worked out from the saved values, not by the experiment, so that points
 * may come from several experiments (search, resumed sweeps) as long as they share seeds.
 */
#include "results/private.h"

#include <inttypes.h>
#include <string.h>

#include <omosim/registry.h>

#include "results/fresh.h"
#include "results/schema.h"

static gboolean create_write_calibration(struct database *database, const struct results_meta *meta,
                                         GError **ret_error)
{
    g_autoptr(sqlite3_stmt) insert =
        database_prepare(database, "INSERT INTO calibration VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                         ret_error);

    if (insert == NULL)
        return FALSE;
    for (uint32_t i = 0; i < meta->calibration_count; i++) {
        const struct results_calibration *c = &meta->calibration[i];
        sqlite3_bind_int64(insert, 1, i);
        database_bind_text(insert, 2, c->figure);
        database_bind_text(insert, 3, c->source);
        database_bind_text(insert, 4, c->point);
        database_bind_text(insert, 5, c->kpi);
        database_bind_text(insert, 6, c->unit);
        sqlite3_bind_double(insert, 7, c->published);
        sqlite3_bind_double(insert, 8, c->scale != 0.0 ? c->scale : 1.0);
        if (!database_insert(database, insert, ret_error))
            return FALSE;
    }
    return TRUE;
}

/* The axes of a sweep and the KPIs that it shows. */
static gboolean create_write_axes(struct database *database, const struct results_meta *meta,
                                  GError **ret_error)
{
    g_autoptr(sqlite3_stmt) axis =
        database_prepare(database, "INSERT INTO axis VALUES (?, ?, ?, ?, ?)", ret_error);
    g_autoptr(sqlite3_stmt) kpi =
        database_prepare(database, "INSERT INTO sweep_kpi VALUES (?, ?)", ret_error);

    if (axis == NULL || kpi == NULL)
        return FALSE;
    for (uint32_t i = 0; i < meta->axis_count; i++) {
        sqlite3_bind_int64(axis, 1, i);
        database_bind_text(axis, 2, meta->axes[i].path);
        database_bind_text(axis, 3, meta->axes[i].label);
        database_bind_text(axis, 4, meta->axes[i].kind);
        database_bind_text(axis, 5, meta->axes[i].unit);
        if (!database_insert(database, axis, ret_error))
            return FALSE;
    }
    for (uint32_t i = 0; i < meta->kpi_count; i++) {
        sqlite3_bind_int64(kpi, 1, i);
        database_bind_text(kpi, 2, meta->kpis[i]);
        if (!database_insert(database, kpi, ret_error))
            return FALSE;
    }
    return TRUE;
}

static gboolean create_write_run(struct database *database, const struct results_meta *meta,
                                 GError **ret_error)
{
    g_autofree char *seed = g_strdup_printf("%" PRIu64, meta->seed);
    g_autofree char *replications = g_strdup_printf("%" PRIu32, meta->replications);
    g_autofree char *points = g_strdup_printf("%" PRIu32, meta->point_count);
    g_autofree char *horizon = g_strdup_printf("%" PRId64, meta->horizon_us);
    g_autofree char *warm_up = g_strdup_printf("%" PRId64, meta->warm_up_us);
    const struct {
        const char *key, *value;
    } rows[] = {
        {"command", meta->command},
        {"scenario", meta->scenario},
        {"scenario_digest", meta->scenario_digest},
        {"title", meta->title},
        {"question", meta->question},
        {"currency", meta->currency},
        {"objective", meta->objective != NULL ? meta->objective : "profit"},
        {"version", meta->version != NULL ? meta->version : omo_version()},
        {"seed", seed},
        {"replications", replications},
        {"point_count", points},
        {"horizon_us", horizon},
        {"warm_up_us", warm_up},
        {"geometry", meta->geometry == OMO_GEOMETRY_PLANE ? "plane" : "sphere"},
    };
    g_autoptr(sqlite3_stmt) insert =
        database_prepare(database, "INSERT INTO run VALUES (?, ?)", ret_error);

    if (insert == NULL)
        return FALSE;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        database_bind_text(insert, 1, rows[i].key);
        database_bind_text(insert, 2, rows[i].value);
        if (!database_insert(database, insert, ret_error))
            return FALSE;
    }
    return create_write_axes(database, meta, ret_error) &&
           create_write_calibration(database, meta, ret_error);
}

/* Writes the whole file but its points, and closes it. WAL mode stays a property of the file. */
static gboolean create_fill(const char *path, const struct results_meta *meta, GError **ret_error)
{
    struct database database = {.sqlite = NULL};
    g_autofree char *mark = g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d",
                                            RESULTS_APPLICATION_ID, RESULTS_FORMAT);
    gboolean done;

    if (!fresh_remove(path, ret_error) ||
        !database_open(&database, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, ret_error))
        return FALSE;
    done = database_run(&database, "BEGIN IMMEDIATE", ret_error) &&
           database_run(&database, mark, ret_error) &&
           database_run(&database, schema_sql, ret_error) &&
           create_write_run(&database, meta, ret_error) &&
           database_run(&database, "COMMIT", ret_error) &&
           database_run(&database, "PRAGMA journal_mode = WAL", ret_error);
    database_close(&database);
    if (!done)
        fresh_remove(path, NULL);
    return done;
}

Results *results_create(const char *path, const struct results_meta *meta, GError **ret_error)
{
    g_autoptr(Results) results = g_new0(Results, 1);
    g_autofree char *begun = fresh_name(path);

    results->writing = TRUE;
    results->meta.axis_count = meta->axis_count;
    if (!fresh_check(path, ret_error) || !create_fill(begun, meta, ret_error) ||
        !fresh_place(begun, path, ret_error))
        return NULL;
    if (!database_open(&results->database, path, SQLITE_OPEN_READWRITE, ret_error) ||
        !database_run(&results->database, "PRAGMA synchronous = FULL", ret_error))
        return NULL;
    return g_steal_pointer(&results);
}

/* Number of the KPI column `from` of the model in the file, entered when it is new there. */
static gboolean add_point_column(struct database *database, const omo_model *model, uint32_t from,
                                 uint32_t *ret_column, GError **ret_error)
{
    uint32_t kpi = 0;
    const char *name = omo_model_kpi_name(model, from, &kpi, NULL);
    g_autoptr(sqlite3_stmt) find =
        database_prepare(database, "SELECT kpi FROM kpi_column WHERE name = ?", ret_error);
    g_autoptr(sqlite3_stmt) insert = database_prepare(
        database, "INSERT INTO kpi_column SELECT count(*), ?, ?, ?, ?, ?, ?, ? FROM kpi_column",
        ret_error);
    gboolean found;

    if (find == NULL || insert == NULL)
        return FALSE;
    database_bind_text(find, 1, name);
    if (!database_next(database, find, &found, ret_error))
        return FALSE;
    if (found) {
        *ret_column = (uint32_t)sqlite3_column_int64(find, 0);
        return TRUE;
    }
    const char *base = omo_registry_name(OMO_REGISTRY_KPI, kpi), *part = name + strlen(base);
    database_bind_text(insert, 1, name);
    database_bind_text(insert, 2, base);
    database_bind_text(insert, 3,
                       *part == '.' ? part + 1 : ""); /* channel, or station and source */
    database_bind_text(insert, 4, omo_kpi_unit(kpi));
    database_bind_text(insert, 5, omo_kpi_group(kpi));
    sqlite3_bind_int(insert, 6, omo_kpi_direction(kpi));
    database_bind_text(insert, 7, omo_registry_help(OMO_REGISTRY_KPI, kpi));
    if (!database_insert(database, insert, ret_error))
        return FALSE;
    *ret_column = (uint32_t)sqlite3_last_insert_rowid(database->sqlite);
    return TRUE;
}

static gboolean add_point_summary(struct database *database, sqlite3_stmt *insert, uint32_t point,
                                  uint32_t column, omo_summary summary, GError **ret_error)
{
    sqlite3_bind_int64(insert, 1, point);
    sqlite3_bind_int64(insert, 2, column);
    sqlite3_bind_double(insert, 3, summary.mean); /* NaN is bound as NULL */
    sqlite3_bind_double(insert, 4, summary.half_width);
    sqlite3_bind_double(insert, 5, summary.standard_error);
    sqlite3_bind_int64(insert, 6, summary.count);
    return database_insert(database, insert, ret_error);
}

static gboolean add_point_paired(struct database *database, sqlite3_stmt *insert, uint32_t point,
                                 uint32_t column, GError **ret_error)
{
    g_autoptr(GArray) values = values_read(database, point, column, ret_error);
    g_autoptr(GArray) base = values != NULL ? values_read(database, 0, column, ret_error) : NULL;

    return base != NULL && add_point_summary(database, insert, point, column,
                                             values_paired(values, base), ret_error);
}

/* KPI columns: values of each replication, summary, and difference to point 0. */
static gboolean add_point_kpis(struct database *database, const omo_experiment *experiment,
                               uint32_t from, uint32_t point, GError **ret_error)
{
    const omo_model *model = omo_experiment_point_model(experiment, from);
    uint32_t replications = omo_experiment_replications(experiment);
    g_autoptr(sqlite3_stmt) value =
        database_prepare(database, "INSERT INTO replication_kpi VALUES (?, ?, ?, ?)", ret_error);
    g_autoptr(sqlite3_stmt) summary =
        database_prepare(database, "INSERT INTO kpi VALUES (?, ?, ?, ?, ?, ?)", ret_error);
    g_autoptr(sqlite3_stmt) paired =
        database_prepare(database, "INSERT INTO paired VALUES (?, ?, ?, ?, ?, ?)", ret_error);

    if (value == NULL || summary == NULL || paired == NULL)
        return FALSE;
    for (uint32_t i = 0; i < omo_model_kpi_count(model); i++) {
        uint32_t column;
        if (!add_point_column(database, model, i, &column, ret_error))
            return FALSE;
        for (uint32_t r = 0; r < replications; r++) {
            sqlite3_bind_int64(value, 1, point);
            sqlite3_bind_int64(value, 2, column);
            sqlite3_bind_int64(value, 3, r);
            sqlite3_bind_double(value, 4, omo_experiment_value(experiment, from, r, i));
            if (!database_insert(database, value, ret_error))
                return FALSE;
        }
        if (!add_point_summary(database, summary, point, column,
                               omo_experiment_summary(experiment, from, i), ret_error) ||
            !add_point_paired(database, paired, point, column, ret_error))
            return FALSE;
    }
    return TRUE;
}

static gboolean add_point_replications(struct database *database, const omo_experiment *experiment,
                                       uint32_t from, uint32_t point, GError **ret_error)
{
    g_autoptr(sqlite3_stmt) insert =
        database_prepare(database,
                         "INSERT INTO replication VALUES (?, ?, printf('%016x', ?), ?, ?)",
                         ret_error);

    if (insert == NULL)
        return FALSE;
    for (uint32_t r = 0; r < omo_experiment_replications(experiment); r++) {
        sqlite3_bind_int64(insert, 1, point);
        sqlite3_bind_int64(insert, 2, r);
        sqlite3_bind_int64(insert, 3, (int64_t)omo_experiment_digest(experiment, from, r));
        sqlite3_bind_int64(insert, 4, (int64_t)omo_experiment_event_count(experiment, from, r));
        sqlite3_bind_int64(insert, 5, (int64_t)omo_experiment_fact_count(experiment, from, r));
        if (!database_insert(database, insert, ret_error))
            return FALSE;
    }
    return TRUE;
}

static gboolean add_point_row(struct database *database, const omo_experiment *experiment,
                              uint32_t from, uint32_t point, const struct results_point_note *note,
                              GError **ret_error)
{
    const char *name = omo_experiment_point_name(experiment, from);
    g_autoptr(sqlite3_stmt) insert =
        database_prepare(database, "INSERT INTO point VALUES (?, ?, ?, ?, ?, printf('%016x', ?))",
                         ret_error);
    g_autoptr(sqlite3_stmt) audit = database_prepare(
        database,
        "INSERT INTO audit VALUES (?, 'books', 1, 'every replication closed its books: units and"
        " money in equal units and money out')",
        ret_error);

    if (insert == NULL || audit == NULL)
        return FALSE;
    sqlite3_bind_int64(insert, 1, point);
    database_bind_text(insert, 2, name);
    database_bind_text(insert, 3, note != NULL && note->label != NULL ? note->label : name);
    database_bind_text(insert, 4, note != NULL ? note->role : "");
    database_bind_text(insert, 5, note != NULL ? note->overrides : "");
    sqlite3_bind_int64(insert, 6, (int64_t)omo_experiment_point_digest(experiment, from));
    sqlite3_bind_int64(audit, 1, point);
    return database_insert(database, insert, ret_error) &&
           database_insert(database, audit, ret_error);
}

static gboolean add_point_values(struct database *database, uint32_t axis_count, uint32_t point,
                                 const struct results_point_note *note, GError **ret_error)
{
    g_autoptr(sqlite3_stmt) insert =
        database_prepare(database, "INSERT INTO axis_value VALUES (?, ?, ?, ?)", ret_error);
    g_autoptr(sqlite3_stmt) expected =
        database_prepare(database, "INSERT INTO expected VALUES (?, ?, ?, ?)", ret_error);

    if (insert == NULL || expected == NULL)
        return FALSE;
    sqlite3_bind_int64(expected, 1, point);
    for (uint32_t i = 0; note != NULL && i < note->expected_count; i++) {
        database_bind_text(expected, 2, note->expected[i].kpi);
        database_bind_text(expected, 3, note->expected[i].name);
        sqlite3_bind_double(expected, 4, note->expected[i].value);
        if (!database_insert(database, expected, ret_error))
            return FALSE;
    }
    sqlite3_bind_int64(insert, 1, point);
    for (uint32_t i = 0; i < axis_count && note != NULL && note->values != NULL; i++) {
        sqlite3_bind_int64(insert, 2, i);
        database_bind_text(insert, 3, note->values[i].text);
        sqlite3_bind_double(insert, 4, note->values[i].number); /* NaN is bound as NULL */
        if (!database_insert(database, insert, ret_error))
            return FALSE;
    }
    return TRUE;
}

gboolean results_add_point(Results *results, const omo_experiment *experiment, uint32_t point,
                           const struct results_point_note *note, GError **ret_error)
{
    struct database *database = &results->database;
    uint32_t to = results->point_count;

    g_assert(results->writing);
    g_assert(omo_experiment_point_done(experiment, point));
    if (!database_run(database, "BEGIN IMMEDIATE", ret_error))
        return FALSE;
    if (!add_point_row(database, experiment, point, to, note, ret_error) ||
        !add_point_values(database, results->meta.axis_count, to, note, ret_error) ||
        !add_point_replications(database, experiment, point, to, ret_error) ||
        !add_point_kpis(database, experiment, point, to, ret_error) ||
        !detail_write(database, experiment, point, to, ret_error) ||
        !database_run(database, "COMMIT", ret_error)) {
        database_roll_back(database);
        return FALSE;
    }
    results->point_count++;
    return TRUE;
}

static gboolean add_effects(struct database *database, const struct results_effect *effects,
                            uint32_t count, GError **ret_error)
{
    g_autoptr(sqlite3_stmt) insert =
        database_prepare(database, "INSERT INTO effect VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                         ret_error);

    if (insert == NULL)
        return FALSE;
    for (uint32_t i = 0; i < count; i++) {
        const struct results_effect *e = &effects[i];
        sqlite3_bind_int64(insert, 1, i);
        database_bind_text(insert, 2, e->kind);
        database_bind_text(insert, 3, e->term);
        sqlite3_bind_int64(insert, 4, e->size);
        database_bind_text(insert, 5, e->kpi);
        sqlite3_bind_double(insert, 6, e->value.mean); /* NaN is bound as NULL */
        sqlite3_bind_double(insert, 7, e->value.half_width);
        sqlite3_bind_double(insert, 8, e->value.standard_error);
        sqlite3_bind_int64(insert, 9, e->value.count);
        if (!database_insert(database, insert, ret_error))
            return FALSE;
    }
    return TRUE;
}

gboolean results_add_effects(Results *results, const struct results_effect *effects, uint32_t count,
                             GError **ret_error)
{
    struct database *database = &results->database;

    g_assert(results->writing);
    if (!database_run(database, "BEGIN IMMEDIATE", ret_error))
        return FALSE;
    if (!add_effects(database, effects, count, ret_error) ||
        !database_run(database, "COMMIT", ret_error)) {
        database_roll_back(database);
        return FALSE;
    }
    return TRUE;
}

gboolean results_close(Results *results, GError **ret_error)
{
    struct database *database = &results->database;
    gboolean closed;

    g_assert(results->writing);
    closed = database_run(database, "PRAGMA wal_checkpoint(TRUNCATE)", ret_error);
    /* Refused while somebody reads along: then the file stays in WAL mode, whole all the same. */
    if (closed)
        database_run(database, "PRAGMA journal_mode = DELETE", NULL);
    results_free(results);
    return closed;
}

void results_free(Results *results)
{
    if (results == NULL)
        return;
    database_close(&results->database);
    g_clear_pointer(&results->calibration, g_array_unref);
    g_clear_pointer(&results->points, g_array_unref);
    g_clear_pointer(&results->columns, g_array_unref);
    g_clear_pointer(&results->channels, g_ptr_array_unref);
    g_clear_pointer(&results->chunk, g_string_chunk_free);
    g_free(results);
}
