/* A service's books in memory: for each book as many columns as it has, row beside row.
 *
 * A column is an array of 8-byte cells, so the audit sorts and sums plain arrays; a book of a million
 * orders with ten columns is 80 MB. Lines of orders are a book of their own with one more array,
 * which row of orders each belongs to.
 */
#include "traffic/books.h"

#include <string.h>

static const struct book_column columns[] = {
#define BOOK(name, help)
#define COLUMN(book, name, type, need, help) {#name, help, BOOK_##type, COLUMN_##need},
#define COLUMN_NEEDED true
#define COLUMN_OPTIONAL false
#include "traffic/books.def"
#undef BOOK
#undef COLUMN
#undef COLUMN_NEEDED
#undef COLUMN_OPTIONAL
};

/* Which book each of them belongs to, in the same order. */
static const uint8_t column_books[] = {
#define BOOK(name, help)
#define COLUMN(book, name, type, need, help) BOOK_##book,
#include "traffic/books.def"
#undef BOOK
#undef COLUMN
};

static const char *const names[] = {
#define BOOK(name, help) #name,
#define COLUMN(book, name, type, need, help)
#include "traffic/books.def"
#undef BOOK
#undef COLUMN
    NULL,
};

static const char *const helps[] = {
#define BOOK(name, help) help,
#define COLUMN(book, name, type, need, help)
#include "traffic/books.def"
#undef BOOK
#undef COLUMN
};

struct rows {
    GArray *column[BOOKS_COLUMNS_MAX]; /* union book_value */
    uint32_t column_count, row_count, mask;
    bool begun;
    char *problem;
};

struct books {
    struct rows book[BOOK_COUNT];
    GArray *line_order; /* uint32_t */
};

/* ---- the registry ---------------------------------------------------------------------------- */

const char *book_name(enum book book) { return book < BOOK_COUNT ? names[book] : NULL; }

const char *book_help(enum book book) { return book < BOOK_COUNT ? helps[book] : NULL; }

enum book book_find(const char *name)
{
    uint32_t book = 0;

    while (book < BOOK_COUNT && strcmp(names[book], name) != 0)
        book++;
    return (enum book)book;
}

const char *const *book_names(void) { return names; }

const struct book_column *book_columns(enum book book, uint32_t *ret_count)
{
    uint32_t first = 0, count = 0;

    while (first < G_N_ELEMENTS(columns) && column_books[first] != book)
        first++;
    while (first + count < G_N_ELEMENTS(columns) && column_books[first + count] == book)
        count++;
    g_assert(count <= BOOKS_COLUMNS_MAX);
    *ret_count = count;
    return &columns[first];
}

uint32_t book_column_find(enum book book, const char *name)
{
    uint32_t count;
    const struct book_column *column = book_columns(book, &count);

    for (uint32_t i = 0; i < count; i++)
        if (strcmp(column[i].name, name) == 0)
            return i;
    return G_MAXUINT32;
}

/* ---- filling --------------------------------------------------------------------------------- */

Books *books_new(void)
{
    Books *books = g_new0(Books, 1);

    for (uint32_t b = 0; b < BOOK_COUNT; b++) {
        struct rows *rows = &books->book[b];
        book_columns((enum book)b, &rows->column_count);
        for (uint32_t c = 0; c < rows->column_count; c++)
            rows->column[c] = g_array_new(FALSE, FALSE, sizeof(union book_value));
    }
    books->line_order = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    return books;
}

void books_free(Books *books)
{
    if (books == NULL)
        return;
    for (uint32_t b = 0; b < BOOK_COUNT; b++) {
        for (uint32_t c = 0; c < books->book[b].column_count; c++)
            g_array_unref(books->book[b].column[c]);
        g_free(books->book[b].problem);
    }
    g_array_unref(books->line_order);
    g_free(books);
}

void books_begin(Books *books, enum book book, uint32_t column_mask)
{
    books->book[book].begun = true;
    books->book[book].mask |= column_mask;
}

uint32_t books_add(Books *books, enum book book, const union book_value *values)
{
    struct rows *rows = &books->book[book];

    g_assert(book != BOOK_order_lines || books->line_order->len > rows->row_count);
    for (uint32_t c = 0; c < rows->column_count; c++)
        g_array_append_val(rows->column[c], values[c]);
    return rows->row_count++;
}

void books_add_line(Books *books, uint32_t order, const union book_value *values)
{
    const GArray *owners = books->line_order;

    g_assert(order < books->book[BOOK_orders].row_count);
    g_assert(owners->len == 0 || g_array_index(owners, uint32_t, owners->len - 1) <= order);
    g_array_append_val(books->line_order, order);
    books_add(books, BOOK_order_lines, values);
}

void books_fail(Books *books, enum book book, const char *why)
{
    g_free(books->book[book].problem);
    books->book[book].problem = g_strdup(why);
}

/* ---- looking --------------------------------------------------------------------------------- */

bool books_has(const Books *books, enum book book)
{
    return books->book[book].begun && books->book[book].problem == NULL;
}

bool books_has_column(const Books *books, enum book book, uint32_t column)
{
    return books_has(books, book) && column < books->book[book].column_count &&
           (books->book[book].mask >> column & 1) != 0;
}

const char *books_problem(const Books *books, enum book book) { return books->book[book].problem; }

uint32_t books_row_count(const Books *books, enum book book) { return books->book[book].row_count; }

const union book_value *books_column(const Books *books, enum book book, uint32_t column)
{
    g_assert(column < books->book[book].column_count);
    return (const union book_value *)(const void *)books->book[book].column[column]->data;
}

const uint32_t *books_line_order(const Books *books)
{
    return (const uint32_t *)(const void *)books->line_order->data;
}
