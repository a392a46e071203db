/* CSV tables (RFC 4180), row by row.
 *
 *     g_autoptr(Csv) table = csv_open(path, ret_error);
 *     uint32_t latitude;
 *     if (!csv_column(table, "Latitude", &latitude, ret_error)) return FALSE;
 *     g_autoptr(GError) row_error = NULL;
 *     while (csv_next(table, &row_error)) {
 *         double degrees;
 *         if (!csv_get_number(table, latitude, &degrees, ret_error)) return FALSE;
 *     }
 *     if (row_error != NULL) {
 *         g_propagate_error(ret_error, g_steal_pointer(&row_error));
 *         return FALSE;
 *     }
 *
 * The first row is the header. Fields may be quoted, with doubled quotes, commas and line ends
 * inside; lines end with LF or CRLF; a byte order mark is skipped, blank lines too. Text must be
 * UTF-8. Every row has as many fields as the header. Only one row is in memory: fields are borrowed
 * until the next csv_next(). Limits: a file 4 GiB, a row 1 MiB, 4096 columns. Errors are BAD_INPUT
 * with file:line:column. One thread at a time.
 */
#ifndef SHELL_CSV_H
#define SHELL_CSV_H

#include "shell/diagnostic.h"

#define CSV_FILE_SIZE_MAX ((int64_t)4 << 30)
#define CSV_ROW_SIZE_MAX ((size_t)1 << 20)
#define CSV_COLUMN_COUNT_MAX 4096

typedef struct csv Csv;

/* Opens and reads the header. Caller frees with csv_free(). */
Csv *csv_open(const char *path, GError **ret_error);
void csv_free(Csv *csv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Csv, csv_free)

/* Reads the next row. FALSE at the end, with *ret_error left alone, or on an error. */
gboolean csv_next(Csv *csv, GError **ret_error);

uint32_t csv_column_count(const Csv *csv);
/* Header names, NULL-terminated. Borrowed. */
const char *const *csv_column_names(const Csv *csv);
/* Index of a column; a missing one is an error that names the nearest. */
gboolean csv_column(const Csv *csv, const char *name, uint32_t *ret_column, GError **ret_error);
/* Index of a column, or -1. */
int64_t csv_column_find(const Csv *csv, const char *name);
/* Rows read so far, the header not counted. */
uint64_t csv_row_count(const Csv *csv);
/* Share of the file's bytes that has been read, 0 to 1. */
double csv_share_done(const Csv *csv);

/* Field of the current row. Borrowed until the next csv_next(). */
const char *csv_text(const Csv *csv, uint32_t column);
/* Where it begins. */
struct text_position csv_position(const Csv *csv, uint32_t column);

/* Typed fields; units as in units.h. A failure reads
 * "t.csv:7:12: bad number in column 'Latitude': expected a number, found 'x'". */
gboolean csv_get_number(const Csv *csv, uint32_t column, double *ret_number, GError **ret_error);
gboolean csv_get_whole(const Csv *csv, uint32_t column, int64_t *ret_whole, GError **ret_error);
gboolean csv_get_money_cents(const Csv *csv, uint32_t column, int64_t *ret_cents,
                             GError **ret_error);
gboolean csv_get_share_ppm(const Csv *csv, uint32_t column, int64_t *ret_ppm, GError **ret_error);
gboolean csv_get_duration_us(const Csv *csv, uint32_t column, int64_t bare_us, int64_t *ret_us,
                             GError **ret_error);
gboolean csv_get_distance_m(const Csv *csv, uint32_t column, double *ret_m, GError **ret_error);
gboolean csv_get_bool(const Csv *csv, uint32_t column, gboolean *ret_bool, GError **ret_error);

#endif
