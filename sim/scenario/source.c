/* Tables behind scenario blocks.
 *
 * A missing column is reported at the scenario's line, not at the table's header: the table is
 * somebody else's data, the scenario is what the reader of the message can put right. A bad field
 * is the table's fault and is reported there, in the words of csv.h. Rows go on after a bad field,
 * so that one run shows up to twenty of them.
 *
 * A column is a number: below CSV_COLUMN_COUNT_MAX one of the table's own, above it that limit times
 * the number of the join from 1, plus the join's column. Readers of fields do not see the
 * difference.
 */
#include "scenario/source.h"

#include "scenario/source_join.h"
#include "shell/units.h"
#include "shell/where.h"

#include <string.h>

struct source_joined {
    SourceJoin *join;
    uint32_t match;                 /* column of the first table */
    const struct source_field *row; /* that goes with the current one */
};

struct source {
    Csv *csv;
    GArray *joins; /* struct source_joined */
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
    for (guint i = 0; i < source->joins->len; i++)
        source_join_free(g_array_index(source->joins, struct source_joined, i).join);
    g_array_unref(source->joins);
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

    source->joins = g_array_new(FALSE, FALSE, sizeof(struct source_joined));
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

bool source_join(Source *source, struct schema_value joins)
{
    guint before = source->list->len;

    for (uint32_t i = 0; i < schema_count(joins); i++) {
        struct source_joined joined = {.join =
                                           source_join_read(schema_item(joins, i), source->list)};
        struct text_position at;

        if (joined.join == NULL)
            continue;
        const char *name = source_join_match(joined.join, &at);
        int64_t match = csv_column_find(source->csv, name);
        if (match < 0)
            source_column_missing(source, at, name);
        joined.match = (uint32_t)MAX(match, 0);
        g_array_append_val(source->joins, joined);
    }
    return source->list->len == before;
}

/* Column of an attribute in one of the joins, or -1. Named twice is a finding. */
static int64_t source_column_joined(Source *source, const char *attribute, bool named)
{
    int64_t found = -1;

    for (guint i = 0; i < source->joins->len; i++) {
        const SourceJoin *join = g_array_index(source->joins, struct source_joined, i).join;
        int64_t column = source_join_column(join, attribute);
        if (column < 0)
            continue;
        if (named || found >= 0)
            diagnostic_add(source->list, source_join_named_at(join, attribute),
                           "the column of '%s' is named in another table already", attribute);
        found = (i + 1) * (int64_t)CSV_COLUMN_COUNT_MAX + column;
    }
    return found;
}

int64_t source_column(Source *source, const char *attribute, bool required)
{
    struct schema_value named = schema_get(source->columns, attribute);
    const char *name = schema_as_text(named);
    int64_t joined = source_column_joined(source, attribute, schema_is_present(named));

    if (joined >= 0)
        return joined;
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

/* Finds the rows that go with the current one; FALSE with a finding. */
static bool source_next_joined(Source *source)
{
    bool found = true;

    for (guint i = 0; i < source->joins->len; i++) {
        struct source_joined *joined = &g_array_index(source->joins, struct source_joined, i);
        const char *key = csv_text(source->csv, joined->match);

        joined->row = source_join_row(joined->join, key);
        if (joined->row != NULL)
            continue;
        diagnostic_add(source->list, csv_position(source->csv, joined->match),
                       "no row of %s has '%s' as its key", source_join_path(joined->join), key);
        found = false;
    }
    return found;
}

bool source_next(Source *source)
{
    GError *error = NULL;

    while (source->list->len <= DIAGNOSTIC_COUNT_MAX && csv_next(source->csv, &error))
        if ((source->where == NULL || where_match(source->where, source->csv)) &&
            source_next_joined(source))
            return true;
    if (error != NULL)
        source_fail(source, error);
    return false;
}

static const struct source_joined *source_joined(const Source *source, int64_t column)
{
    if (column < CSV_COLUMN_COUNT_MAX)
        return NULL;
    return &g_array_index(source->joins, struct source_joined, column / CSV_COLUMN_COUNT_MAX - 1);
}

struct text_position source_position(const Source *source, int64_t column)
{
    const struct source_joined *joined = source_joined(source, column);

    return joined != NULL ? joined->row[column % CSV_COLUMN_COUNT_MAX].at
                          : csv_position(source->csv, (uint32_t)column);
}

const char *source_text(const Source *source, int64_t column)
{
    const struct source_joined *joined = source_joined(source, column);

    return joined != NULL ? joined->row[column % CSV_COLUMN_COUNT_MAX].text
                          : csv_text(source->csv, (uint32_t)column);
}

static const char *source_name(const Source *source, int64_t column)
{
    const struct source_joined *joined = source_joined(source, column);

    return joined != NULL ? source_join_column_name(joined->join, column % CSV_COLUMN_COUNT_MAX)
                          : csv_column_names(source->csv)[column];
}

/* Adds the finding of a field that could not be read and frees the error. */
static bool source_finish(Source *source, int64_t column, const char *kind, GError *error)
{
    if (error == NULL)
        return true;
    diagnostic_add(source->list, source_position(source, column), "bad %s in column '%s': %s", kind,
                   source_name(source, column), error->message);
    g_error_free(error);
    return false;
}

/* Whether a number that was read lies between the bounds; else a finding. */
static bool source_bounded(Source *source, int64_t column, double number, double low, double high)
{
    if (number >= low && number <= high)
        return true;
    diagnostic_add(source->list, source_position(source, column),
                   "bad number in column '%s': %s is not between %.10g and %.10g",
                   source_name(source, column), source_text(source, column), low, high);
    return false;
}

bool source_number(Source *source, int64_t column, double low, double high, double *ret_number)
{
    GError *error = NULL;
    double number;

    if (!units_parse_number(source_text(source, column), &number, &error))
        return source_finish(source, column, "number", error);
    if (!source_bounded(source, column, number, low, high))
        return false;
    *ret_number = number;
    return true;
}

bool source_weight(Source *source, int64_t column, double low, double high, double *ret_weight)
{
    const char *text = source_text(source, column);
    bool percent = g_str_has_suffix(text, "%");
    g_autofree char *digits = g_strndup(text, strlen(text) - percent);
    GError *error = NULL;
    double weight;

    if (!units_parse_number(digits, &weight, &error))
        return source_finish(source, column, "number", error);
    if (percent)
        weight /= 100;
    if (!source_bounded(source, column, weight, low, high))
        return false;
    *ret_weight = weight;
    return true;
}

bool source_whole(Source *source, int64_t column, int64_t low, int64_t high, int64_t *ret_whole)
{
    GError *error = NULL;
    int64_t whole;

    if (!units_parse_whole(source_text(source, column), &whole, &error))
        return source_finish(source, column, "whole number", error);
    if (!source_bounded(source, column, (double)whole, (double)low, (double)high))
        return false;
    *ret_whole = whole;
    return true;
}

bool source_money_cents(Source *source, int64_t column, int64_t *ret_cents)
{
    GError *error = NULL;
    int64_t cents;

    if (!units_parse_money_rounded_cents(source_text(source, column), &cents, &error))
        return source_finish(source, column, "amount of money", error);
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

    units_parse_distance_m(source_text(source, column), ret_m, &error);
    return source_finish(source, column, "distance", error);
}

bool source_duration_us(Source *source, int64_t column, int64_t bare_us, int64_t *ret_us)
{
    GError *error = NULL;

    units_parse_duration_us(source_text(source, column), bare_us, ret_us, &error);
    return source_finish(source, column, "duration", error);
}

bool source_time_of_day_us(Source *source, int64_t column, int64_t *ret_us)
{
    GError *error = NULL;

    units_parse_time_of_day_us(source_text(source, column), ret_us, &error);
    return source_finish(source, column, "time", error);
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
