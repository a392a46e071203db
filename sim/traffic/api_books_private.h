/* Inside of the section `audit` of API maps: what its requests look like, compiled. For the api_
 * files alone. */
#ifndef TRAFFIC_API_BOOKS_PRIVATE_H
#define TRAFFIC_API_BOOKS_PRIVATE_H

#include "traffic/api_books.h"
#include "traffic/api_private.h"
#include "traffic/json_walk.h"

/* What a value that a pointer leads to must be: all checks hold. */
struct api_where {
    const struct json_walk *walk;
    const struct api_check *checks;
    uint32_t check_count;
};

/* One column of a row, and where its value comes from. */
struct api_cell {
    uint32_t column;
    const struct book_column *is; /* what the column is */
    const ApiTemplate *constant;  /* else: */
    const struct json_walk *walk;
    const struct api_where *where;
    uint32_t where_count;
    pcre2_code *regex; /* owned by the map */
    struct decimal times;
    const struct api_table *table;
    const struct api_check *checks; /* of a FLAG: whether they hold */
    uint32_t check_count;
};

struct api_cells {
    const struct api_cell *cell;
    uint32_t count, columns; /* a bit for each column */
};

struct api_begin {
    struct api_request request;
    struct api_rules rules;
    struct text_position at;
};

struct api_book {
    struct api_request request;
    struct api_rules rules;
    struct text_position at;
    enum api_each each;
    bool pages;      /* its templates name offset or page */
    bool names_next; /* and `next` */
    bool has_next;
    struct api_subject next;
    const struct json_walk *rows, *lines; /* lines NULL = none are read */
    const struct api_where *where;
    uint32_t where_count;
    struct api_cells row, line;
};

/* Reads the rows of an answer into the books. `values` are those of its request. CANNOT_RUN: what is
 * wrong with which row, without a position. */
gboolean api_rows_read(const ApiMap *map, enum book book, const struct api_book *request,
                       const struct api_values *values, const json_t *root, Intern *texts,
                       Books *books, uint64_t *ret_rows, GError **ret_error);

#endif
