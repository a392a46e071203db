/* Any SELECT as a table of tab-separated text, for gnuplot.
 *
 * Text stands in double quotes, so that blanks and '#' in a store's name do not end a field; what
 * gnuplot's data reader could not take within quotes (quotes, backslashes, control characters) is
 * replaced. Numbers have 17 digits only where 15 are not exact. The queries come from files that a
 * user may have written, so only one statement that reads is let through.
 */
#include "results/private.h"

#include <math.h>
#include <string.h>

#include "shell/diagnostic.h"

static void query_write_text(FILE *stream, const char *text)
{
    fputc('"', stream);
    for (const char *c = text; *c != '\0'; c++)
        fputc(*c == '"' ? '\'' : *c == '\\' ? '/' : (unsigned char)*c < ' ' ? ' ' : *c, stream);
    fputc('"', stream);
}

static void query_write_number(FILE *stream, double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd(text, sizeof text, "%.15g", number);
    if (g_ascii_strtod(text, NULL) != number)
        g_ascii_formatd(text, sizeof text, "%.17g", number);
    fputs(text, stream);
}

static void query_write_row(FILE *stream, sqlite3_stmt *select)
{
    for (int i = 0; i < sqlite3_column_count(select); i++) {
        if (i > 0)
            fputc('\t', stream);
        switch (sqlite3_column_type(select, i)) {
        case SQLITE_NULL:
            fputs("NaN", stream);
            break;
        case SQLITE_INTEGER:
            fputs((const char *)sqlite3_column_text(select, i), stream);
            break;
        case SQLITE_FLOAT:
            query_write_number(stream, sqlite3_column_double(select, i));
            break;
        default:
            query_write_text(stream, database_text(select, i));
        }
    }
    fputc('\n', stream);
}

static void query_bind(sqlite3_stmt *select, const struct results_parameter *parameters,
                       uint32_t count)
{
    for (uint32_t p = 0; p < count; p++) {
        g_autofree char *name = g_strconcat(":", parameters[p].name, NULL);
        int i = sqlite3_bind_parameter_index(select, name);
        if (i == 0)
            continue;
        if (parameters[p].text != NULL)
            sqlite3_bind_text(select, i, parameters[p].text, -1, SQLITE_TRANSIENT);
        else
            sqlite3_bind_double(select, i, parameters[p].number);
    }
}

/* Compiles one SELECT with its parameters, or says why it is none. */
static sqlite3_stmt *query_prepare(Results *results, const char *sql,
                                   const struct results_parameter *parameters, uint32_t count,
                                   GError **ret_error)
{
    g_autoptr(sqlite3_stmt) select = NULL;
    const char *rest = "";

    if (sqlite3_prepare_v2(results->database.sqlite, sql, -1, &select, &rest) != SQLITE_OK) {
        database_fail(&results->database, ret_error);
        return NULL;
    }
    if (select == NULL || !sqlite3_stmt_readonly(select) || sqlite3_column_count(select) == 0 ||
        rest[strspn(rest, " ;\n")] != '\0') {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "only one SELECT can be asked for, not '%s'", sql);
        return NULL;
    }
    query_bind(select, parameters, count);
    return g_steal_pointer(&select);
}

gboolean results_query(Results *results, const char *sql,
                       const struct results_parameter *parameters, uint32_t count, FILE *stream,
                       uint64_t *ret_row_count, GError **ret_error)
{
    g_autoptr(sqlite3_stmt) select = query_prepare(results, sql, parameters, count, ret_error);
    uint64_t row_count = 0;
    gboolean found;

    if (select == NULL)
        return FALSE;
    for (int i = 0; i < sqlite3_column_count(select); i++)
        fprintf(stream, "%s%s", i > 0 ? "\t" : "", sqlite3_column_name(select, i));
    fputc('\n', stream);
    while (database_next(&results->database, select, &found, ret_error)) {
        if (!found) {
            if (ret_row_count != NULL)
                *ret_row_count = row_count;
            return TRUE;
        }
        query_write_row(stream, select);
        row_count++;
    }
    return FALSE;
}

char *results_query_text(Results *results, const char *sql,
                         const struct results_parameter *parameters, uint32_t count,
                         GError **ret_error)
{
    g_autoptr(sqlite3_stmt) select = query_prepare(results, sql, parameters, count, ret_error);
    gboolean found;

    if (select == NULL || !database_next(&results->database, select, &found, ret_error))
        return NULL;
    return g_strdup(found ? database_text(select, 0) : "");
}

GPtrArray *results_query_cells(Results *results, const char *sql,
                               const struct results_parameter *parameters, uint32_t count,
                               uint32_t *ret_column_count, GError **ret_error)
{
    g_autoptr(sqlite3_stmt) select = query_prepare(results, sql, parameters, count, ret_error);
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    gboolean found;

    if (select == NULL)
        return NULL;
    for (int i = 0; i < sqlite3_column_count(select); i++)
        g_ptr_array_add(cells, g_strdup(sqlite3_column_name(select, i)));
    while (database_next(&results->database, select, &found, ret_error)) {
        if (!found) {
            *ret_column_count = (uint32_t)sqlite3_column_count(select);
            return g_steal_pointer(&cells);
        }
        for (int i = 0; i < sqlite3_column_count(select); i++)
            g_ptr_array_add(cells, g_strdup(database_text(select, i)));
    }
    return NULL;
}

struct query_function {
    results_format format;
    void *user;
};

static void query_function_call(sqlite3_context *context, int count, sqlite3_value **values)
{
    const struct query_function *function = sqlite3_user_data(context);
    double number[2];
    char *text;

    g_assert(count == 3);
    for (int i = 0; i < 2; i++)
        number[i] = sqlite3_value_type(values[i]) == SQLITE_NULL ? (double)NAN
                                                                 : sqlite3_value_double(values[i]);
    text = function->format(function->user, number[0], number[1],
                            sqlite3_value_type(values[2]) == SQLITE_NULL
                                ? ""
                                : (const char *)sqlite3_value_text(values[2]));
    sqlite3_result_text(context, text, -1, g_free);
}

gboolean results_add_format(Results *results, const char *name, results_format format, void *user,
                            GError **ret_error)
{
    struct query_function *function = g_new(struct query_function, 1);

    *function = (struct query_function){.format = format, .user = user};
    if (sqlite3_create_function_v2(results->database.sqlite, name, 3, SQLITE_UTF8, function,
                                   query_function_call, NULL, NULL, g_free) != SQLITE_OK)
        return database_fail(&results->database, ret_error);
    return TRUE;
}
