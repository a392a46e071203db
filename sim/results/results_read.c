/* Reading a result: what is small (run, points, columns, channels) is read at opening and kept;
 * what grows with points, days or places is read when asked.
 *
 * The file is opened read-only, so a report never changes what it reports on. A log that a killed
 * writer left behind is read along by SQLite itself.
 */
#include "results/private.h"

#include <inttypes.h>
#include <string.h>

#include "results/record.h"
#include "shell/diagnostic.h"

static const char *open_text(struct results *results, sqlite3_stmt *statement, int i)
{
    return g_string_chunk_insert(results->chunk, database_text(statement, i));
}

/* Checks the two marks in the file's head. */
static gboolean open_check(struct database *database, GError **ret_error)
{
    g_autoptr(sqlite3_stmt) select = database_prepare(
        database,
        "SELECT application_id, user_version FROM pragma_application_id, pragma_user_version",
        ret_error);
    gboolean found;

    if (select == NULL || !database_next(database, select, &found, ret_error))
        return FALSE;
    if (!found || sqlite3_column_int64(select, 0) != RESULTS_APPLICATION_ID) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: is a database, but no omosim result", database->path);
        return FALSE;
    }
    if (sqlite3_column_int64(select, 1) == RECORD_FORMAT) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: the record of a load run's requests, not a result", database->path);
        return FALSE;
    }
    if (sqlite3_column_int64(select, 1) != RESULTS_FORMAT) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: result format %" PRId64 ", this version reads format %d", database->path,
                    (int64_t)sqlite3_column_int64(select, 1), RESULTS_FORMAT);
        return FALSE;
    }
    return TRUE;
}

static void open_read_key(struct results_meta *meta, const char *key, const char *value)
{
    const struct {
        const char *key;
        const char **text;
    } texts[] = {
        {"command", &meta->command},
        {"scenario", &meta->scenario},
        {"scenario_digest", &meta->scenario_digest},
        {"title", &meta->title},
        {"question", &meta->question},
        {"currency", &meta->currency},
        {"objective", &meta->objective},
        {"version", &meta->version},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (strcmp(key, texts[i].key) == 0)
            *texts[i].text = value;
    if (strcmp(key, "seed") == 0)
        meta->seed = g_ascii_strtoull(value, NULL, 10);
    else if (strcmp(key, "replications") == 0)
        meta->replications = (uint32_t)g_ascii_strtoull(value, NULL, 10);
    else if (strcmp(key, "point_count") == 0)
        meta->point_count = (uint32_t)g_ascii_strtoull(value, NULL, 10);
    else if (strcmp(key, "horizon_us") == 0)
        meta->horizon_us = g_ascii_strtoll(value, NULL, 10);
    else if (strcmp(key, "warm_up_us") == 0)
        meta->warm_up_us = g_ascii_strtoll(value, NULL, 10);
    else if (strcmp(key, "geometry") == 0)
        meta->geometry = strcmp(value, "plane") == 0 ? OMO_GEOMETRY_PLANE : OMO_GEOMETRY_SPHERE;
}

static gboolean open_read_axes(struct results *results, GError **ret_error)
{
    g_autoptr(sqlite3_stmt) select =
        database_prepare(&results->database, "SELECT count(*) FROM axis", ret_error);
    gboolean found;

    if (select == NULL || !database_next(&results->database, select, &found, ret_error))
        return FALSE;
    results->meta.axis_count = (uint32_t)sqlite3_column_int64(select, 0);
    return TRUE;
}

static gboolean open_read_run(struct results *results, GError **ret_error)
{
    struct database *database = &results->database;
    struct results_meta *meta = &results->meta;
    g_autoptr(sqlite3_stmt) select =
        database_prepare(database, "SELECT key, value FROM run", ret_error);
    gboolean found;

    if (select == NULL)
        return FALSE;
    *meta = (struct results_meta){.command = "",
                                  .scenario = "",
                                  .scenario_digest = "",
                                  .title = "",
                                  .question = "",
                                  .currency = "",
                                  .objective = "profit",
                                  .version = ""};
    while (database_next(database, select, &found, ret_error)) {
        if (!found)
            return open_read_axes(results, ret_error);
        open_read_key(meta, database_text(select, 0), open_text(results, select, 1));
    }
    return FALSE;
}

static gboolean open_read_calibration(struct results *results, GError **ret_error)
{
    struct database *database = &results->database;
    g_autoptr(sqlite3_stmt) select = database_prepare(
        database,
        "SELECT figure, source, point, kpi, unit, published, scale FROM calibration ORDER BY row",
        ret_error);
    gboolean found;

    if (select == NULL)
        return FALSE;
    while (database_next(database, select, &found, ret_error)) {
        struct results_calibration row;
        if (!found) {
            results->meta.calibration =
                (const struct results_calibration *)(void *)results->calibration->data;
            results->meta.calibration_count = results->calibration->len;
            return TRUE;
        }
        row = (struct results_calibration){
            .figure = open_text(results, select, 0),
            .source = open_text(results, select, 1),
            .point = open_text(results, select, 2),
            .kpi = open_text(results, select, 3),
            .unit = open_text(results, select, 4),
            .published = database_number(select, 5),
            .scale = database_number(select, 6),
        };
        g_array_append_val(results->calibration, row);
    }
    return FALSE;
}

static gboolean open_read_points(struct results *results, GError **ret_error)
{
    struct database *database = &results->database;
    g_autoptr(sqlite3_stmt) select =
        database_prepare(database,
                         "SELECT name, label, role, overrides, digest,"
                         " (SELECT count(*) FROM replication r WHERE r.point = p.point)"
                         " FROM point p ORDER BY point",
                         ret_error);
    gboolean found;

    if (select == NULL)
        return FALSE;
    while (database_next(database, select, &found, ret_error)) {
        struct results_point row;
        if (!found) {
            results->point_count = results->points->len;
            return TRUE;
        }
        row = (struct results_point){
            .name = open_text(results, select, 0),
            .label = open_text(results, select, 1),
            .role = open_text(results, select, 2),
            .overrides = open_text(results, select, 3),
            .digest = g_ascii_strtoull(database_text(select, 4), NULL, 16),
            .replications = (uint32_t)sqlite3_column_int64(select, 5),
        };
        g_array_append_val(results->points, row);
    }
    return FALSE;
}

static gboolean open_read_columns(struct results *results, GError **ret_error)
{
    struct database *database = &results->database;
    g_autoptr(sqlite3_stmt) select = database_prepare(
        database,
        "SELECT name, base, channel, unit, family, definition, direction FROM kpi_column"
        " ORDER BY kpi",
        ret_error);
    gboolean found;

    if (select == NULL)
        return FALSE;
    while (database_next(database, select, &found, ret_error)) {
        struct results_column row;
        if (!found)
            return TRUE;
        row = (struct results_column){
            .name = open_text(results, select, 0),
            .base = open_text(results, select, 1),
            .channel = open_text(results, select, 2),
            .unit = open_text(results, select, 3),
            .family = open_text(results, select, 4),
            .definition = open_text(results, select, 5),
            .direction = sqlite3_column_int(select, 6),
        };
        if (strcmp(row.unit, "money") == 0 && results->meta.currency[0] != '\0')
            row.unit = results->meta.currency;
        g_array_append_val(results->columns, row);
    }
    return FALSE;
}

static gboolean open_read_channels(struct results *results, GError **ret_error)
{
    struct database *database = &results->database;
    g_autoptr(sqlite3_stmt) select =
        database_prepare(database, "SELECT id FROM channel ORDER BY channel", ret_error);
    gboolean found;

    if (select == NULL)
        return FALSE;
    while (database_next(database, select, &found, ret_error)) {
        if (!found)
            return TRUE;
        g_ptr_array_add(results->channels, (gpointer)open_text(results, select, 0));
    }
    return FALSE;
}

Results *results_open(const char *path, GError **ret_error)
{
    g_autoptr(Results) results = g_new0(Results, 1);

    results->chunk = g_string_chunk_new(4096);
    results->calibration = g_array_new(FALSE, TRUE, sizeof(struct results_calibration));
    results->points = g_array_new(FALSE, TRUE, sizeof(struct results_point));
    results->columns = g_array_new(FALSE, TRUE, sizeof(struct results_column));
    results->channels = g_ptr_array_new();
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT, "%s: %s", path,
                    g_file_test(path, G_FILE_TEST_EXISTS) ? "not a regular file" : "no such file");
        return NULL;
    }
    if (!database_open(&results->database, path, SQLITE_OPEN_READONLY, ret_error) ||
        !open_check(&results->database, ret_error) || !open_read_run(results, ret_error) ||
        !open_read_calibration(results, ret_error) || !open_read_points(results, ret_error) ||
        !open_read_columns(results, ret_error) || !open_read_channels(results, ret_error))
        return NULL;
    return g_steal_pointer(&results);
}

const struct results_meta *results_get_meta(const Results *results) { return &results->meta; }

uint32_t results_point_count(const Results *results) { return results->point_count; }

const struct results_point *results_get_point(const Results *results, uint32_t point)
{
    g_assert(point < results->points->len);
    return &g_array_index(results->points, struct results_point, point);
}

uint32_t results_channel_count(const Results *results) { return results->channels->len; }

const char *results_channel_id(const Results *results, uint32_t channel)
{
    g_assert(channel < results->channels->len);
    return g_ptr_array_index(results->channels, channel);
}

uint32_t results_column_count(const Results *results) { return results->columns->len; }

const struct results_column *results_get_column(const Results *results, uint32_t column)
{
    g_assert(column < results->columns->len);
    return &g_array_index(results->columns, struct results_column, column);
}

int64_t results_find_column(const Results *results, const char *name)
{
    for (uint32_t i = 0; i < results->columns->len; i++)
        if (strcmp(g_array_index(results->columns, struct results_column, i).name, name) == 0)
            return i;
    return -1;
}
