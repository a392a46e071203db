/* What the shell says when something is wrong, and where.
 *
 * One error domain for everything above the library line. The code decides the exit status of the
 * command:
 *
 *   BAD_INPUT   a file, table or value is wrong       exit 2; begins with file:line:column
 *   BAD_USAGE   the command line is wrong             exit 2
 *   CANNOT_RUN  the machine refuses (disk, network)   exit 3
 *
 * A single failure is a GError. A check that finds several at once collects `struct diagnostic` in
 * a GPtrArray made by diagnostic_list_new() and turns it into one GError (one line per finding) at
 * the end. Nothing here prints except diagnostic_print(). Any thread may use any function; a list
 * belongs to one thread at a time.
 */
#ifndef SHELL_DIAGNOSTIC_H
#define SHELL_DIAGNOSTIC_H

#include <glib.h>
#include <stdint.h>
#include <stdio.h>

#define OMO_SHELL_ERROR (diagnostic_error_quark())

typedef enum {
    OMO_SHELL_ERROR_BAD_INPUT,
    OMO_SHELL_ERROR_BAD_USAGE,
    OMO_SHELL_ERROR_CANNOT_RUN,
} OmoShellError;

GQuark diagnostic_error_quark(void);

/* Exit status for an error: 2 or 3 as above; 3 for errors of another domain (files, threads). NULL
 * gives 0. */
int diagnostic_exit_status(const GError *error);

/* Where a character stands. `file` is interned (g_intern_string), so positions are copied freely
 * and never freed; NULL means "nowhere in particular". Line and column count from 1, columns in
 * characters; line 0 means the whole file, column 0 the whole line. */
struct text_position {
    const char *file;
    uint32_t line;
    uint32_t column;
};

struct text_position diagnostic_at(const char *file, uint32_t line, uint32_t column);

/* "file:line:column", with the parts that are known. Caller frees with g_free(). */
char *diagnostic_position_text(struct text_position at);

/* Sets *ret_error (when not NULL) to "file:line:column: text". */
void diagnostic_set(GError **ret_error, OmoShellError code, struct text_position at,
                    const char *format, ...) G_GNUC_PRINTF(4, 5);
/* The same with BAD_INPUT, the usual one. */
void diagnostic_bad_input(GError **ret_error, struct text_position at, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/* Puts "file:line:column: " before the text of an error that has none yet. */
void diagnostic_prefix(GError **error, struct text_position at);

/* A list keeps at most this many findings; the one after says that there are more. */
#define DIAGNOSTIC_COUNT_MAX 20

struct diagnostic {
    struct text_position at;
    char *text;
};

/* Returns an empty list (caller frees with g_ptr_array_unref(), g_autoptr(GPtrArray)). */
GPtrArray *diagnostic_list_new(void);
/* Appends a finding. Once the list is full a last line says that there are more, and the rest is
 * dropped. */
void diagnostic_add(GPtrArray *list, struct text_position at, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/* Appends "unknown WHAT 'found', did you mean '...'? (one of ...)". `names` ends with NULL. */
void diagnostic_add_unknown(GPtrArray *list, struct text_position at, const char *what,
                            const char *found, const char *const *names);
/* TRUE when the list is empty; else sets a BAD_INPUT error of one line per finding and returns
 * FALSE. */
gboolean diagnostic_list_finish(const GPtrArray *list, GError **ret_error);

/* Whether to write colour codes to this stream: a terminal, TERM not "dumb", NO_COLOR unset or
 * empty. */
gboolean diagnostic_use_colour(FILE *stream);
/* Prints an error, "error: " before each of its lines, with colour where diagnostic_use_colour()
 * says so. */
void diagnostic_print(FILE *stream, const GError *error);

#endif
