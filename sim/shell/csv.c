/* CSV tables, one row in memory.
 *
 * A row is parsed byte by byte into one buffer, its fields one behind the other with a NUL between
 * them, so a row costs no allocation once the buffer has grown. Beside each field stands where it
 * began; columns count characters, that is bytes that don't continue one. UTF-8 is checked field by
 * field after the row is complete.
 *
 * Stricter than most readers on purpose: a quote in the middle of a bare field, text behind a
 * closing quote and a row of another length are errors. Each of them is a shifted column somewhere,
 * and a simulation of wrong stores looks as good as one of the right ones. The limit on a row's
 * size is what stops a missing quote from swallowing the rest of the file.
 */
#include "shell/csv.h"
#include "shell/spelling.h"
#include "shell/units.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CSV_BUFFER_SIZE ((size_t)1 << 16)
#define CSV_END (-1)
#define CSV_FAILED (-2)

struct csv_field {
    size_t offset; /* in the row's text */
    uint32_t line;
    uint32_t column;
    bool quoted;
};

struct csv {
    const char *file; /* interned */
    int descriptor;
    char *buffer;
    size_t buffer_length, buffer_next;
    int64_t file_size; /* 0 when it isn't known */
    int64_t read_size;
    uint32_t line, column; /* of the next byte */
    uint64_t row_count;
    GString *row;
    GArray *fields;    /* struct csv_field */
    GPtrArray *header; /* char *, NULL last */
};

static struct text_position csv_here(const Csv *csv)
{
    return diagnostic_at(csv->file, csv->line, csv->column);
}

/* Next byte without taking it, CSV_END or CSV_FAILED. */
static int csv_peek(Csv *csv, GError **ret_error)
{
    if (csv->buffer_next < csv->buffer_length)
        return (guchar)csv->buffer[csv->buffer_next];

    ssize_t got;
    do
        got = read(csv->descriptor, csv->buffer, CSV_BUFFER_SIZE);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        diagnostic_bad_input(ret_error, csv_here(csv), "cannot be read: %s", g_strerror(errno));
        return CSV_FAILED;
    }
    csv->buffer_next = 0;
    csv->buffer_length = (size_t)got;
    csv->read_size += got;
    if (csv->read_size > CSV_FILE_SIZE_MAX) {
        diagnostic_bad_input(ret_error, diagnostic_at(csv->file, 0, 0),
                             "is larger than %d GiB, too large for a table",
                             (int)(CSV_FILE_SIZE_MAX >> 30));
        return CSV_FAILED;
    }
    return got == 0 ? CSV_END : (guchar)csv->buffer[0];
}

/* Takes the byte that csv_peek() showed. */
static void csv_take(Csv *csv, int c)
{
    csv->buffer_next++;
    if (c == '\n') {
        csv->line++;
        csv->column = 1;
    } else if ((c & 0xc0) != 0x80) {
        csv->column++;
    }
}

static gboolean csv_keep(Csv *csv, int c, GError **ret_error)
{
    if (c == '\0') {
        diagnostic_bad_input(ret_error, csv_here(csv), "not a text file: it has a NUL byte here");
        return FALSE;
    }
    if (csv->row->len >= CSV_ROW_SIZE_MAX) {
        const struct csv_field *field =
            &g_array_index(csv->fields, struct csv_field, csv->fields->len - 1);
        diagnostic_bad_input(ret_error, diagnostic_at(csv->file, field->line, field->column),
                             "a row is longer than %d MiB; is a quote missing?",
                             (int)(CSV_ROW_SIZE_MAX >> 20));
        return FALSE;
    }
    g_string_append_c(csv->row, (char)c);
    return TRUE;
}

/* Inside of quotes, up to and with the closing one. */
static gboolean csv_read_quoted(Csv *csv, struct text_position opened_at, GError **ret_error)
{
    csv_take(csv, '"');
    for (;;) {
        int c = csv_peek(csv, ret_error);
        if (c == CSV_FAILED)
            return FALSE;
        if (c == CSV_END) {
            diagnostic_bad_input(ret_error, opened_at, "quote without an end");
            return FALSE;
        }
        if (c == '"') {
            csv_take(csv, c);
            c = csv_peek(csv, ret_error);
            if (c == CSV_FAILED)
                return FALSE;
            if (c != '"')
                break;
        }
        if (!csv_keep(csv, c, ret_error))
            return FALSE;
        csv_take(csv, c);
    }
    int next = csv_peek(csv, ret_error);
    if (next == CSV_FAILED || next == CSV_END || next == ',' || next == '\n' || next == '\r')
        return next != CSV_FAILED;
    diagnostic_bad_input(ret_error, csv_here(csv), "expected a comma after the closing quote");
    return FALSE;
}

/* A field without quotes, up to but without its comma or line end. */
static gboolean csv_read_bare(Csv *csv, GError **ret_error)
{
    for (;;) {
        int c = csv_peek(csv, ret_error);
        if (c == CSV_FAILED)
            return FALSE;
        if (c == CSV_END || c == ',' || c == '\n' || c == '\r')
            return TRUE;
        if (c == '"') {
            diagnostic_bad_input(ret_error, csv_here(csv),
                                 "a quote inside a field: quote the whole field and double it");
            return FALSE;
        }
        if (!csv_keep(csv, c, ret_error))
            return FALSE;
        csv_take(csv, c);
    }
}

/* Takes LF, CRLF or nothing at the end of the file. */
static gboolean csv_take_line_end(Csv *csv, GError **ret_error)
{
    int c = csv_peek(csv, ret_error);
    if (c == '\r') {
        struct text_position at = csv_here(csv);
        csv_take(csv, c);
        c = csv_peek(csv, ret_error);
        if (c != '\n' && c >= 0) {
            diagnostic_bad_input(ret_error, at, "a carriage return without a line feed");
            return FALSE;
        }
    }
    if (c == '\n')
        csv_take(csv, c);
    return c != CSV_FAILED;
}

static gboolean csv_check_text(const Csv *csv, GError **ret_error)
{
    for (guint i = 0; i < csv->fields->len; i++) {
        const struct csv_field *field = &g_array_index(csv->fields, struct csv_field, i);
        const char *text = csv->row->str + field->offset, *end;
        if (g_utf8_validate(text, -1, &end))
            continue;
        uint32_t column = field->column + (field->quoted ? 1 : 0) +
                          (uint32_t)g_utf8_strlen(text, (gssize)(end - text));
        diagnostic_bad_input(ret_error, diagnostic_at(csv->file, field->line, column),
                             "not a text file: byte 0x%02x is not valid UTF-8 here", (guchar)*end);
        return FALSE;
    }
    return TRUE;
}

/* Reads a row into `row` and `fields`; *ret_row is FALSE at the end of the file. */
static gboolean csv_read_row(Csv *csv, gboolean *ret_row, GError **ret_error)
{
    g_string_truncate(csv->row, 0);
    g_array_set_size(csv->fields, 0);

    int c = csv_peek(csv, ret_error);
    for (; c == '\n' || c == '\r'; c = csv_peek(csv, ret_error))
        if (!csv_take_line_end(csv, ret_error))
            return FALSE;
    if (c < 0) {
        *ret_row = FALSE;
        return c == CSV_END;
    }
    for (bool more = true; more;) {
        struct csv_field field = {.offset = csv->row->len,
                                  .line = csv->line,
                                  .column = csv->column,
                                  .quoted = c == '"'};
        if (csv->fields->len == CSV_COLUMN_COUNT_MAX) {
            diagnostic_bad_input(ret_error, csv_here(csv), "more than %d columns",
                                 CSV_COLUMN_COUNT_MAX);
            return FALSE;
        }
        g_array_append_val(csv->fields, field);
        if (field.quoted ? !csv_read_quoted(csv, csv_here(csv), ret_error)
                         : !csv_read_bare(csv, ret_error))
            return FALSE;
        g_string_append_c(csv->row, '\0');
        more = csv_peek(csv, ret_error) == ',';
        if (more) {
            csv_take(csv, ',');
            c = csv_peek(csv, ret_error);
            if (c == CSV_FAILED)
                return FALSE;
        }
    }
    *ret_row = TRUE;
    return csv_take_line_end(csv, ret_error) && csv_check_text(csv, ret_error);
}

static gboolean csv_read_header(Csv *csv, GError **ret_error)
{
    gboolean row;

    if (csv_peek(csv, ret_error) == 0xef && csv->buffer_length >= 3 &&
        memcmp(csv->buffer, "\xef\xbb\xbf", 3) == 0)
        csv->buffer_next = 3;
    if (!csv_read_row(csv, &row, ret_error))
        return FALSE;
    if (!row) {
        diagnostic_bad_input(ret_error, diagnostic_at(csv->file, 1, 1),
                             "the table is empty, expected a header");
        return FALSE;
    }
    for (guint i = 0; i < csv->fields->len; i++)
        g_ptr_array_add(csv->header, g_strstrip(g_strdup(csv_text(csv, i))));
    g_ptr_array_add(csv->header, NULL);
    return TRUE;
}

Csv *csv_open(const char *path, GError **ret_error)
{
    struct stat status;
    struct text_position at = diagnostic_at(path, 0, 0);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);

    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        diagnostic_bad_input(ret_error, at, "cannot be read: %s", g_strerror(errno));
        if (descriptor >= 0)
            close(descriptor);
        return NULL;
    }
    g_autoptr(Csv) csv = g_new0(Csv, 1);
    *csv = (Csv){
        .file = at.file,
        .descriptor = descriptor,
        .buffer = g_malloc(CSV_BUFFER_SIZE),
        .file_size = S_ISREG(status.st_mode) ? status.st_size : 0,
        .line = 1,
        .column = 1,
        .row = g_string_new(NULL),
        .fields = g_array_new(FALSE, FALSE, sizeof(struct csv_field)),
        .header = g_ptr_array_new_with_free_func(g_free),
    };
    if (S_ISDIR(status.st_mode)) {
        diagnostic_bad_input(ret_error, at, "cannot be read: it is a directory");
        return NULL;
    }
    if (csv->file_size > CSV_FILE_SIZE_MAX) {
        diagnostic_bad_input(ret_error, at, "is larger than %d GiB, too large for a table",
                             (int)(CSV_FILE_SIZE_MAX >> 30));
        return NULL;
    }
    if (!csv_read_header(csv, ret_error))
        return NULL;
    return g_steal_pointer(&csv);
}

void csv_free(Csv *csv)
{
    if (csv == NULL)
        return;
    close(csv->descriptor);
    g_free(csv->buffer);
    g_string_free(csv->row, TRUE);
    g_array_unref(csv->fields);
    g_ptr_array_unref(csv->header);
    g_free(csv);
}

gboolean csv_next(Csv *csv, GError **ret_error)
{
    gboolean row;

    if (!csv_read_row(csv, &row, ret_error) || !row)
        return FALSE;
    if (csv->fields->len != csv_column_count(csv)) {
        uint32_t line = g_array_index(csv->fields, struct csv_field, 0).line;
        diagnostic_bad_input(ret_error, diagnostic_at(csv->file, line, 0),
                             "expected %u fields as in the header, found %u", csv_column_count(csv),
                             csv->fields->len);
        return FALSE;
    }
    csv->row_count++;
    return TRUE;
}

uint32_t csv_column_count(const Csv *csv) { return csv->header->len - 1; }

const char *const *csv_column_names(const Csv *csv)
{
    return (const char *const *)csv->header->pdata;
}

int64_t csv_column_find(const Csv *csv, const char *name)
{
    for (uint32_t i = 0; i < csv_column_count(csv); i++)
        if (strcmp(g_ptr_array_index(csv->header, i), name) == 0)
            return i;
    return -1;
}

gboolean csv_column(const Csv *csv, const char *name, uint32_t *ret_column, GError **ret_error)
{
    int64_t found = csv_column_find(csv, name);
    if (found < 0) {
        g_autofree char *hint = spelling_hint(name, csv_column_names(csv));
        diagnostic_bad_input(ret_error, diagnostic_at(csv->file, 1, 0), "no column '%s'%s", name,
                             hint);
        return FALSE;
    }
    *ret_column = (uint32_t)found;
    return TRUE;
}

uint64_t csv_row_count(const Csv *csv) { return csv->row_count; }

double csv_share_done(const Csv *csv)
{
    if (csv->file_size <= 0)
        return 0;
    size_t waiting = csv->buffer_length - csv->buffer_next;
    return CLAMP((double)(csv->read_size - (int64_t)waiting) / (double)csv->file_size, 0.0, 1.0);
}

static const struct csv_field *csv_field(const Csv *csv, uint32_t column)
{
    g_assert(column < csv->fields->len);
    return &g_array_index(csv->fields, struct csv_field, column);
}

const char *csv_text(const Csv *csv, uint32_t column)
{
    return csv->row->str + csv_field(csv, column)->offset;
}

struct text_position csv_position(const Csv *csv, uint32_t column)
{
    const struct csv_field *field = csv_field(csv, column);
    return diagnostic_at(csv->file, field->line, field->column);
}

/* Completes the error of a typed field. */
static gboolean csv_finish(const Csv *csv, uint32_t column, const char *kind, gboolean done,
                           GError **ret_error)
{
    if (!done && ret_error != NULL) {
        g_prefix_error(ret_error, "bad %s in column '%s': ", kind, csv_column_names(csv)[column]);
        diagnostic_prefix(ret_error, csv_position(csv, column));
    }
    return done;
}

gboolean csv_get_number(const Csv *csv, uint32_t column, double *ret_number, GError **ret_error)
{
    gboolean done = units_parse_number(csv_text(csv, column), ret_number, ret_error);
    return csv_finish(csv, column, "number", done, ret_error);
}

gboolean csv_get_whole(const Csv *csv, uint32_t column, int64_t *ret_whole, GError **ret_error)
{
    gboolean done = units_parse_whole(csv_text(csv, column), ret_whole, ret_error);
    return csv_finish(csv, column, "whole number", done, ret_error);
}

gboolean csv_get_money_cents(const Csv *csv, uint32_t column, int64_t *ret_cents,
                             GError **ret_error)
{
    gboolean done = units_parse_money_cents(csv_text(csv, column), ret_cents, ret_error);
    return csv_finish(csv, column, "amount of money", done, ret_error);
}

gboolean csv_get_share_ppm(const Csv *csv, uint32_t column, int64_t *ret_ppm, GError **ret_error)
{
    gboolean done = units_parse_share_ppm(csv_text(csv, column), ret_ppm, ret_error);
    return csv_finish(csv, column, "share", done, ret_error);
}

gboolean csv_get_duration_us(const Csv *csv, uint32_t column, int64_t bare_us, int64_t *ret_us,
                             GError **ret_error)
{
    gboolean done = units_parse_duration_us(csv_text(csv, column), bare_us, ret_us, ret_error);
    return csv_finish(csv, column, "duration", done, ret_error);
}

gboolean csv_get_distance_m(const Csv *csv, uint32_t column, double *ret_m, GError **ret_error)
{
    gboolean done = units_parse_distance_m(csv_text(csv, column), ret_m, ret_error);
    return csv_finish(csv, column, "distance", done, ret_error);
}

gboolean csv_get_bool(const Csv *csv, uint32_t column, gboolean *ret_bool, GError **ret_error)
{
    gboolean done = units_parse_bool(csv_text(csv, column), ret_bool, ret_error);
    return csv_finish(csv, column, "truth value", done, ret_error);
}
