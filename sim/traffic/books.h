/* A service's books as they were read: what an audit holds the history against.
 *
 * Columns are those of books.def. Texts are interned (shell/intern.h), so that the audit compares
 * numbers. In memory while they are read and judged; replay/audit/read.h lays them down in a record.
 */
#ifndef TRAFFIC_BOOKS_H
#define TRAFFIC_BOOKS_H

#include "shell/intern.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum book {
#define BOOK(name, help) BOOK_##name,
#define COLUMN(book, name, type, need, help)
#include "traffic/books.def"
#undef BOOK
#undef COLUMN
    BOOK_COUNT
};

/* Columns of each book are numbered from 0: BOOKS_COLUMN(stock, place) is 0, BOOKS_COLUMN(stock, sku)
 * is 1, and so on. */
enum books_numbers {
#define BOOK(name, help) BOOKS_FIRST_##name, BOOKS_BEFORE_##name = BOOKS_FIRST_##name - 1,
#define COLUMN(book, name, type, need, help) BOOKS_AT_##book##_##name,
#include "traffic/books.def"
#undef BOOK
#undef COLUMN
};
#define BOOKS_COLUMN(book, column) ((uint32_t)(BOOKS_AT_##book##_##column - BOOKS_FIRST_##book))
#define BOOKS_COLUMNS_MAX 12
enum book_column_type { BOOK_TEXT, BOOK_NUMBER, BOOK_FLAG };

struct book_column {
    const char *name, *help;
    enum book_column_type type;
    bool needed;
};
const char *book_name(enum book book);
const char *book_help(enum book book);
enum book book_find(const char *name); /* BOOK_COUNT = there is none of that name */
const char *const *book_names(void);   /* NULL-terminated, for hints */
/* Columns of a book; *ret_count of them. Static. */
const struct book_column *book_columns(enum book book, uint32_t *ret_count);
/* Number of a column in its book; G_MAXUINT32 = there is none of that name. */
uint32_t book_column_find(enum book book, const char *name);

#define BOOKS_NO_NUMBER INT64_MIN /* a NUMBER that was not there */
#define BOOKS_NO_TEXT INTERN_NONE /* a TEXT that was not there, or is "" */

typedef struct books Books;
Books *books_new(void);
void books_free(Books *books);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Books, books_free)

/* A value of a row: `text` of TEXT columns, else `number`. */
union book_value {
    uint32_t text;
    int64_t number;
};
/* Says that a book is being read and which of its columns (a bit each): afterwards books_has() is
 * true even when it has no rows. */
void books_begin(Books *books, enum book book, uint32_t column_mask);
/* Appends a row; `values` has all columns of the book. Lines are appended with books_add_line(). */
uint32_t books_add(Books *books, enum book book, const union book_value *values);
/* A row of order_lines, belonging to row `order` of orders (the last one appended, or a later one
 * than that of the line before). */
void books_add_line(Books *books, uint32_t order, const union book_value *values);
/* The book could not be read, or not to its end: why. Its rows stay, and prove nothing missing. */
void books_fail(Books *books, enum book book, const char *why);

/* Whether the book was read whole. */
bool books_has(const Books *books, enum book book);
bool books_has_column(const Books *books, enum book book, uint32_t column);
/* Why it was not; NULL = it was, or nobody tried. */
const char *books_problem(const Books *books, enum book book);
uint32_t books_row_count(const Books *books, enum book book);
/* The cells of a column, row by row. Borrowed until the next row is added. */
const union book_value *books_column(const Books *books, enum book book, uint32_t column);
/* Which row of orders each row of order_lines belongs to. */
const uint32_t *books_line_order(const Books *books);

#endif
