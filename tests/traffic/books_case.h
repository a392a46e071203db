/* A map with a section `audit` and answers given by hand: for the tests of reading books. */
#ifndef TESTS_TRAFFIC_BOOKS_CASE_H
#define TESTS_TRAFFIC_BOOKS_CASE_H

#include "traffic/api_books.h"

struct books_case {
    ApiMap *map;
    ApiReading *reading;
    Intern *texts;
    Books *books;
    struct api_message message;
    uint64_t rows;
    bool more;
    char *next;
};

/* Reads a whole map and begins a reading. */
void books_case_open_map(struct books_case *c, const char *map);
/* The same of a map of these lines below `audit:` (and of `head` above it); its books are begun. */
void books_case_open(struct books_case *c, const char *head, const char *audit);
void books_case_close(struct books_case *c);

/* Renders the first request of a book and reads an answer to it; `paging` NULL = the first page.
 * NULL, or the error's text (caller frees). */
char *books_case_page(struct books_case *c, enum book book, const struct api_paging *paging,
                      const char *body);
/* The same; it must go well. */
void books_case_read(struct books_case *c, enum book book, const char *body);

/* A row's cells by their columns, "place=north sku=tea on_hand=3": those that are there. Caller
 * frees. */
char *books_case_row(const struct books_case *c, enum book book, uint32_t row);
#define books_case_assert_row(c, book, row, expected)                                              \
    do {                                                                                           \
        g_autofree char *got = books_case_row(c, book, row);                                       \
        ck_assert_str_eq(got, expected);                                                           \
    } while (0)

#endif
