/* Row filters: `City == 太原市 or (Area >= 120 and not Kind == "dark store")`.
 *
 *   expression   comparisons joined by and, or, not, with parentheses; and binds tighter than or
 *   comparison   COLUMN OP VALUE, OP one of == != < <= > >=
 *   COLUMN       a bare word, or `in backticks` when it holds blanks or operators
 *   VALUE        a bare word, 'quoted' or "quoted" text (a doubled quote is one quote), or a
 *                `column` in backticks
 *
 * Both sides are compared as numbers when both are numbers, else as bytes of UTF-8; a field that is
 * no number is neither below nor above a number. Parse once, bind to a table, match each row.
 * Errors are BAD_INPUT with the column of the trouble.
 */
#ifndef SHELL_WHERE_H
#define SHELL_WHERE_H

#include "shell/csv.h"

#define WHERE_DEPTH_MAX 64
#define WHERE_CHAIN_MAX 1000 /* conditions joined by one and or one or */

typedef struct where Where;

/* Parses an expression. `at` is where its first character stands (file NULL: reported as
 * "where:1:N"). Caller frees with where_free(). */
Where *where_parse(const char *expression, struct text_position at, GError **ret_error);
void where_free(Where *where);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Where, where_free)

/* Finds the columns; an unknown one is an error that names the nearest. To be called before
 * where_match(). */
gboolean where_bind(Where *where, const Csv *csv, GError **ret_error);
/* Whether the table's current row fits. */
gboolean where_match(const Where *where, const Csv *csv);

#endif
