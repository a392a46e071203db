/* Small helpers over jansson: numbers that read back exactly and no longer than needed, and a
 * writer.
 *
 * jansson prints every real with 17 digits (0.10000000000000001) and refuses NaN. Make numbers with
 * json_make_number() and write with json_write_...(): shortest text that reads back to the same
 * double, keys in insertion order.
 */
#ifndef SHELL_JSON_H
#define SHELL_JSON_H

#include <glib.h>
#include <jansson.h>
#include <stdio.h>

/* A real; null for NaN and infinity. Caller owns the reference. */
json_t *json_make_number(double number);
/* A string; bytes that aren't UTF-8 are replaced, NULL gives null. */
json_t *json_make_text(const char *text);

/* Shortest decimal text that reads back to the same double ("0.1", "1e+300"); "null" for NaN and
 * infinity. Caller frees. */
char *json_format_number(double number);

/* Appends a value: on one line, or `pretty` with two blanks a level and a line end last. */
void json_write_text(const json_t *json, gboolean pretty, GString *text);
/* Writes a value; FALSE with a CANNOT_RUN error when the stream fails. */
gboolean json_write_stream(const json_t *json, gboolean pretty, FILE *stream, GError **ret_error);

#endif
