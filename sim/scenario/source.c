/* Tables behind scenario blocks.
 *
 * A missing column is reported at the scenario's line, not at the table's header: the table is
 * somebody else's data, the scenario is what the reader of the message can put right. A bad field
 * is the table's fault and is reported there, in the words of csv.h. Rows go on after a bad field,
 * so that one run shows up to twenty of them.
 */
#include "scenario/source.h"

#include "shell/units.h"
#include "shell/where.h"

#include <string.h>

struct source {
    Csv *csv;
    Where *where;
    GPtrArray *list; /* borrowed */
    struct schema_value columns;
    struct text_position at; /* of the file's name in the scenario */
    char *path;
};

void source_free(Source *source)
{
    if (source == NULL)
        return;
    csv_free(source->csv);
    where_free(source->where);
    g_free(source->path);
    g_free(source);
}

/* Adds an error whose text already says where. */
static void source_fail(Source *source, GError *error)
{
    diagnostic_add(source->list, diagnostic_at(NULL, 0, 0), "%s", error->message);
    g_error_free(error);
}

static bool source_open_where(Source *source, struct schema_value where)
{
    GError *error = NULL;

    if (!schema_is_present(where))
        return true;
    source->where = where_parse(schema_as_text(where), schema_position(where), &error);
    if (source->where != NULL && where_bind(source->where, source->csv, &error))
        return true;
    source_fail(source, error);
    return false;
}

Source *source_open(struct schema_value holder, const char *file_key, GPtrArray *list)
{
    g_autoptr(Source) source = g_new0(Source, 1);
    GError *error = NULL;

    source->list = list;
    source->at = schema_position(schema_get(holder, file_key));
    source->path = schema_get_path(holder, file_key);
    source->columns = schema_get(holder, "columns");
    if (!g_file_test(source->path, G_FILE_TEST_IS_REGULAR)) {
        diagnostic_add(list, source->at, "there is no file '%s'", source->path);
        return NULL;
    }
    source->csv = csv_open(source->path, &error);
    if (source->csv == NULL) {
        source_fail(source, error);
        return NULL;
    }
    if (!source_open_where(source, schema_get(holder, "where")))
        return NULL;
    return g_steal_pointer(&source);
}

static int64_t source_column_missing(Source *source, struct text_position at, const char *name)
{
    g_autofree char *base = g_path_get_basename(source->path);
    g_autofree char *what = g_strdup_printf("column of %s", base);

    diagnostic_add_unknown(source->list, at, what, name, csv_column_names(source->csv));
    return -1;
}

int64_t source_column(Source *source, const char *attribute, bool required)
{
    struct schema_value named = schema_get(source->columns, attribute);
    const char *name = schema_as_text(named);

    if (name == NULL && required)
        name = attribute;
    if (name == NULL)
        return -1;
    int64_t column = csv_column_find(source->csv, name);
    if (column >= 0 || (!required && !schema_is_present(named)))
        return column;
    return source_column_missing(source,
                                 schema_is_present(named) ? schema_position(named) : source->at,
                                 name);
}

int64_t source_column_named(Source *source, struct schema_value value)
{
    int64_t column = csv_column_find(source->csv, schema_as_text(value));

    if (column >= 0)
        return column;
    return source_column_missing(source, schema_position(value), schema_as_text(value));
}

bool source_next(Source *source)
{
    GError *error = NULL;

    if (source->list->len > DIAGNOSTIC_COUNT_MAX)
        return false;
    while (csv_next(source->csv, &error))
        if (source->where == NULL || where_match(source->where, source->csv))
            return true;
    if (error != NULL)
        source_fail(source, error);
    return false;
}

struct text_position source_position(const Source *source, int64_t column)
{
    return csv_position(source->csv, (uint32_t)column);
}

const char *source_text(const Source *source, int64_t column)
{
    return csv_text(source->csv, (uint32_t)column);
}

static const char *source_name(const Source *source, int64_t column)
{
    return csv_column_names(source->csv)[column];
}

bool source_number(Source *source, int64_t column, double low, double high, double *ret_number)
{
    GError *error = NULL;
    double number;

    if (!csv_get_number(source->csv, (uint32_t)column, &number, &error)) {
        source_fail(source, error);
        return false;
    }
    if (number < low || number > high) {
        diagnostic_add(source->list, source_position(source, column),
                       "bad number in column '%s': %s is not between %g and %g",
                       source_name(source, column), source_text(source, column), low, high);
        return false;
    }
    *ret_number = number;
    return true;
}

bool source_whole(Source *source, int64_t column, int64_t low, int64_t high, int64_t *ret_whole)
{
    GError *error = NULL;
    int64_t whole;

    if (!csv_get_whole(source->csv, (uint32_t)column, &whole, &error)) {
        source_fail(source, error);
        return false;
    }
    if (whole < low || whole > high) {
        diagnostic_add(source->list, source_position(source, column),
                       "bad number in column '%s': %s is not between %" G_GINT64_FORMAT
                       " and %" G_GINT64_FORMAT,
                       source_name(source, column), source_text(source, column), low, high);
        return false;
    }
    *ret_whole = whole;
    return true;
}

bool source_money_cents(Source *source, int64_t column, int64_t *ret_cents)
{
    GError *error = NULL;
    int64_t cents;

    if (!csv_get_money_cents(source->csv, (uint32_t)column, &cents, &error)) {
        source_fail(source, error);
        return false;
    }
    if (cents < 0) {
        diagnostic_add(source->list, source_position(source, column),
                       "bad amount in column '%s': %s is below 0", source_name(source, column),
                       source_text(source, column));
        return false;
    }
    *ret_cents = cents;
    return true;
}

bool source_distance_m(Source *source, int64_t column, double *ret_m)
{
    GError *error = NULL;

    if (csv_get_distance_m(source->csv, (uint32_t)column, ret_m, &error))
        return true;
    source_fail(source, error);
    return false;
}

bool source_duration_us(Source *source, int64_t column, int64_t bare_us, int64_t *ret_us)
{
    GError *error = NULL;

    if (csv_get_duration_us(source->csv, (uint32_t)column, bare_us, ret_us, &error))
        return true;
    source_fail(source, error);
    return false;
}

bool source_time_of_day_us(Source *source, int64_t column, int64_t *ret_us)
{
    g_autoptr(GError) error = NULL;

    if (units_parse_time_of_day_us(source_text(source, column), ret_us, &error))
        return true;
    diagnostic_add(source->list, source_position(source, column), "bad time in column '%s': %s",
                   source_name(source, column), error->message);
    return false;
}

bool source_id(Source *source, int64_t column, const char **ret_id)
{
    if (*source_text(source, column) == '\0') {
        diagnostic_add(source->list, source_position(source, column), "column '%s' is empty",
                       source_name(source, column));
        return false;
    }
    *ret_id = source_text(source, column);
    return true;
}

bool source_enum(Source *source, int64_t column, const char *what, const char *const *names,
                 uint32_t *ret_index)
{
    for (uint32_t i = 0; names[i] != NULL; i++)
        if (strcmp(names[i], source_text(source, column)) == 0) {
            *ret_index = i;
            return true;
        }
    diagnostic_add_unknown(source->list, source_position(source, column), what,
                           source_text(source, column), names);
    return false;
}
