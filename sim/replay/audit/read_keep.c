/* Books in a record: a table a book and moment, its columns those of books.def, NULL where a cell was
 * not there; lines of orders have `order_row`, the row of their order, from 0.
 *
 * `book_reading` says of each book what was read: a row (moment, book, rows, columns, at_us, problem)
 * for those of the map, none for the others. Columns are names, so that a record outlives changes of
 * books.def. All of it is replaced as a whole when books are read again.
 */
#include "replay/audit/read.h"

#include "results/record_table.h"
#include "shell/diagnostic.h"

#include <string.h>

#define READING "book_reading"
#define READING_COLUMNS 6
#define ORDER_ROW "order_row"

static const struct record_column reading_columns[READING_COLUMNS] = {{"moment", true},
                                                                      {"book", true},
                                                                      {"rows", false},
                                                                      {"columns", true},
                                                                      {"at_us", false},
                                                                      {"problem", true}};

struct reading_row {
    char *moment, *book, *columns, *problem;
    int64_t rows, at_us;
};

static void reading_row_free(gpointer data)
{
    struct reading_row *row = data;

    g_free(row->moment);
    g_free(row->book);
    g_free(row->columns);
    g_free(row->problem);
    g_free(row);
}

static void on_reading_row(void *user, const struct record_cell *cells)
{
    struct reading_row *row = g_new0(struct reading_row, 1);

    row->moment = g_strdup(cells[0].text);
    row->book = g_strdup(cells[1].text);
    row->rows = cells[2].number;
    row->columns = g_strdup(cells[3].text);
    row->at_us = cells[4].number;
    row->problem = g_strdup(cells[5].text);
    g_ptr_array_add(user, row);
}

/* What was read so far, of all moments; NULL = the record is damaged. */
static GPtrArray *load_readings(const char *record, GError **ret_error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(reading_row_free);
    bool found = false;

    if (!record_table_read(record, READING, reading_columns, READING_COLUMNS, on_reading_row, rows,
                           &found, ret_error))
        return NULL;
    return g_steal_pointer(&rows);
}

static char *table_name(enum book book, const char *moment)
{
    return g_strdup_printf("book_%s_%s", book_name(book), moment);
}

/* Columns of a book's table; lines have one more. Returns how many. */
static uint32_t table_columns(enum book book, struct record_column *ret_columns)
{
    uint32_t count = 0;
    const struct book_column *columns = book_columns(book, &count);

    for (uint32_t i = 0; i < count; i++)
        ret_columns[i] = (struct record_column){columns[i].name, columns[i].type == BOOK_TEXT};
    if (book == BOOK_order_lines)
        ret_columns[count++] = (struct record_column){ORDER_ROW, false};
    return count;
}

/* ---- saving ---------------------------------------------------------------------------------- */

static void fill_cells(const Books *books, enum book book, const Intern *texts, uint32_t row,
                       struct record_cell *ret_cells)
{
    uint32_t count = 0;
    const struct book_column *columns = book_columns(book, &count);

    for (uint32_t i = 0; i < count; i++) {
        const union book_value value = books_column(books, book, i)[row];
        ret_cells[i] = (struct record_cell){.number = RECORD_NO_NUMBER};
        if (columns[i].type != BOOK_TEXT)
            ret_cells[i].number = value.number == BOOKS_NO_NUMBER ? RECORD_NO_NUMBER : value.number;
        else if (value.text != BOOKS_NO_TEXT)
            ret_cells[i].text = intern_text(texts, value.text);
    }
    if (book == BOOK_order_lines)
        ret_cells[count] = (struct record_cell){.number = books_line_order(books)[row]};
}

static gboolean save_book(const Books *books, enum book book, const Intern *texts,
                          const char *record, const char *moment, GError **ret_error)
{
    struct record_column columns[BOOKS_COLUMNS_MAX + 1];
    struct record_cell cells[BOOKS_COLUMNS_MAX + 1];
    const uint32_t count = table_columns(book, columns);
    g_autofree char *name = table_name(book, moment);
    g_autoptr(RecordTable) table = record_table_write(record, name, columns, count, ret_error);

    if (table == NULL)
        return FALSE;
    for (uint32_t row = 0; row < books_row_count(books, book); row++) {
        fill_cells(books, book, texts, row, cells);
        if (!record_table_add(table, cells, ret_error))
            return FALSE;
    }
    return record_table_commit(table, ret_error);
}

static bool was_tried(const Books *books, enum book book)
{
    return books_has(books, book) || books_problem(books, book) != NULL;
}

/* Names of the columns that were read, "place sku on_hand". Caller frees. */
static char *columns_read(const Books *books, enum book book)
{
    uint32_t count = 0;
    const struct book_column *columns = book_columns(book, &count);
    GString *text = g_string_new(NULL);

    for (uint32_t i = 0; i < count; i++)
        if (books_has_column(books, book, i))
            g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", columns[i].name);
    return g_string_free(text, FALSE);
}

static gboolean add_reading(RecordTable *table, const struct reading_row *row, GError **ret_error)
{
    const struct record_cell cells[READING_COLUMNS] = {{.text = row->moment},
                                                       {.text = row->book},
                                                       {.number = row->rows},
                                                       {.text = row->columns},
                                                       {.number = row->at_us},
                                                       {.text = row->problem}};

    return record_table_add(table, cells, ret_error);
}

static gboolean save_readings(const Books *books, const GPtrArray *others, const char *record,
                              const char *moment, GError **ret_error)
{
    g_autoptr(RecordTable) table =
        record_table_write(record, READING, reading_columns, READING_COLUMNS, ret_error);

    for (guint i = 0; table != NULL && i < others->len; i++) {
        const struct reading_row *row = others->pdata[i];
        if (g_strcmp0(row->moment, moment) != 0 && !add_reading(table, row, ret_error))
            return FALSE;
    }
    for (enum book book = 0; table != NULL && book < BOOK_COUNT; book++) {
        if (!was_tried(books, book))
            continue;
        g_autofree char *columns = columns_read(books, book);
        const char *problem = books_problem(books, book);
        const struct reading_row row = {.moment = (char *)(uintptr_t)moment,
                                        .book = (char *)(uintptr_t)book_name(book),
                                        .columns = columns,
                                        .problem = (char *)(uintptr_t)problem,
                                        .rows = books_row_count(books, book),
                                        .at_us = g_get_real_time()};
        if (!add_reading(table, &row, ret_error))
            return FALSE;
    }
    return table != NULL && record_table_commit(table, ret_error);
}

gboolean audit_save_books(const Books *books, const Intern *texts, const char *record,
                          const char *moment, GError **ret_error)
{
    g_autoptr(GPtrArray) others = load_readings(record, ret_error);

    if (others == NULL)
        return FALSE;
    for (enum book book = 0; book < BOOK_COUNT; book++)
        if (was_tried(books, book) && !save_book(books, book, texts, record, moment, ret_error))
            return FALSE;
    return save_readings(books, others, record, moment, ret_error);
}

/* ---- loading --------------------------------------------------------------------------------- */

struct loader {
    Books *books;
    Intern *texts;
    enum book book;
    uint32_t orders;   /* rows of orders, which lines must belong to */
    int64_t last_line; /* the row of the line before */
    bool broken;       /* a line belonged to no order */
};

static void on_book_row(void *user, const struct record_cell *cells)
{
    struct loader *loader = user;
    uint32_t count = 0;
    const struct book_column *columns = book_columns(loader->book, &count);
    union book_value values[BOOKS_COLUMNS_MAX];

    for (uint32_t i = 0; i < count; i++)
        if (columns[i].type != BOOK_TEXT)
            values[i].number =
                cells[i].number == RECORD_NO_NUMBER ? BOOKS_NO_NUMBER : cells[i].number;
        else
            values[i] = (union book_value){
                .text = cells[i].text != NULL ? intern_put(loader->texts, cells[i].text, -1)
                                              : BOOKS_NO_TEXT};
    if (loader->book != BOOK_order_lines) {
        books_add(loader->books, loader->book, values);
        return;
    }
    const int64_t order = cells[count].number;
    if (order < loader->last_line || order >= loader->orders) {
        loader->broken = true;
        return;
    }
    loader->last_line = order;
    books_add_line(loader->books, (uint32_t)order, values);
}

static uint32_t column_mask(enum book book, const char *names)
{
    g_auto(GStrv) parts = g_strsplit(names != NULL ? names : "", " ", -1);
    uint32_t mask = 0;

    for (char **name = parts; *name != NULL; name++) {
        const uint32_t column = book_column_find(book, *name);
        if (column != G_MAXUINT32)
            mask |= 1u << column;
    }
    return mask;
}

static gboolean load_book(const struct reading_row *reading, enum book book, const char *record,
                          Books *books, Intern *texts, GError **ret_error)
{
    struct record_column columns[BOOKS_COLUMNS_MAX + 1];
    const uint32_t count = table_columns(book, columns);
    g_autofree char *name = table_name(book, reading->moment);
    struct loader loader = {.books = books,
                            .texts = texts,
                            .book = book,
                            .orders = books_row_count(books, BOOK_orders)};
    bool found = false;

    books_begin(books, book, column_mask(book, reading->columns));
    if (!record_table_read(record, name, columns, count, on_book_row, &loader, &found, ret_error))
        return FALSE;
    if (!found || loader.broken || books_row_count(books, book) != reading->rows) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT, "%s: %s: %s", record,
                    name,
                    !found          ? "the table is missing"
                    : loader.broken ? "a line belongs to no order"
                                    : "rows are missing");
        return FALSE;
    }
    if (reading->problem != NULL)
        books_fail(books, book, reading->problem);
    return TRUE;
}

Books *audit_load_books(const char *record, const char *moment, Intern *texts, GError **ret_error)
{
    g_autoptr(Books) books = books_new();
    g_autoptr(GPtrArray) readings = load_readings(record, ret_error);

    for (guint i = 0; readings != NULL && i < readings->len; i++) {
        const struct reading_row *reading = readings->pdata[i];
        const enum book book = reading->book != NULL ? book_find(reading->book) : BOOK_COUNT;
        if (g_strcmp0(reading->moment, moment) == 0 && book != BOOK_COUNT &&
            !load_book(reading, book, record, books, texts, ret_error))
            return NULL;
    }
    return readings != NULL ? g_steal_pointer(&books) : NULL;
}
