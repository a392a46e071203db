/* One table of a file of ours, read row by row without trusting it: the first thing that is wrong
 * ends it, and the error names file, table and row.
 *
 *     struct reader r;
 *     reader_begin(&r, &database, "hook", "at_us, what");
 *     while (reader_next(&r))
 *         use(reader_number(&r, 0), reader_text(&r, 1, NULL));
 *     return reader_end(&r, ret_error);
 *
 * A row in which something was wrong is still handed on, with 0 and "" in its place.
 */
#ifndef RESULTS_READER_H
#define RESULTS_READER_H

#include <stdbool.h>

#include "results/database.h"
#include "shell/diagnostic.h"

struct reader {
    struct database *database;
    const char *table;
    sqlite3_stmt *select;
    uint64_t row; /* from 1 */
    GError *error;
};

/* `columns` as SELECT has them; the table's name is one of SQL's identifiers. */
void reader_begin(struct reader *r, struct database *database, const char *table,
                  const char *columns);
/* FALSE behind the last row, or when something was wrong. */
bool reader_next(struct reader *r);
/* FALSE: something was wrong. */
gboolean reader_end(struct reader *r, GError **ret_error);
/* Says what is wrong, "FILE: TABLE: ...", unless something was before. */
void reader_refuse(struct reader *r, OmoShellError code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* A column that must be a whole number. */
int64_t reader_number(struct reader *r, int column);
/* One of 0 .. most, or `none` where there is none and there may be none. */
uint64_t reader_part(struct reader *r, int column, uint64_t most, bool optional, uint64_t none);
/* A column that must be a text; terminated, until the next row. *ret_size may be NULL. */
const char *reader_text(struct reader *r, int column, int64_t *ret_size);
bool reader_is_null(const struct reader *r, int column);

#endif
