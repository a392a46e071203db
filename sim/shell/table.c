/* Tables for terminals.
 *
 * Cells are kept as text and measured when written: a column is as wide as its widest cell. Width
 * is counted in terminal cells by GLib's tables of wide and zero-width characters, not in bytes or
 * characters, or a row with 太原市 would stand two cells to the left of its neighbours.
 *
 * The last column is never padded, so no line ends in blanks.
 */
#include "shell/table.h"
#include "shell/diagnostic.h"

#include <string.h>

#define TABLE_BETWEEN "  "

struct table_heading {
    char *text;
    enum table_align align;
};

struct table {
    GArray *headings; /* struct table_heading */
    GPtrArray *cells; /* char *, row by row; NULL in all of a row: a gap */
};

static void table_heading_clear(gpointer data) { g_free(((struct table_heading *)data)->text); }

Table *table_new(void)
{
    Table *table = g_new0(Table, 1);
    table->headings = g_array_new(FALSE, FALSE, sizeof(struct table_heading));
    g_array_set_clear_func(table->headings, table_heading_clear);
    table->cells = g_ptr_array_new_with_free_func(g_free);
    return table;
}

void table_free(Table *table)
{
    if (table == NULL)
        return;
    g_array_unref(table->headings);
    g_ptr_array_unref(table->cells);
    g_free(table);
}

/* Valid UTF-8 of one line. */
static char *table_clean(const char *text)
{
    char *clean = g_utf8_make_valid(text == NULL ? "" : text, -1);
    for (char *c = clean; *c != '\0'; c++)
        if ((guchar)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    return clean;
}

void table_column(Table *table, const char *heading, enum table_align align)
{
    g_assert(table->cells->len == 0);
    struct table_heading h = {.text = table_clean(heading), .align = align};
    g_array_append_val(table->headings, h);
}

void table_add(Table *table, const char *text)
{
    g_assert(table->headings->len > 0);
    g_ptr_array_add(table->cells, table_clean(text));
}

void table_add_format(Table *table, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    table_add(table, text);
}

void table_gap(Table *table)
{
    g_assert(table->headings->len > 0 && table->cells->len % table->headings->len == 0);
    for (guint i = 0; i < table->headings->len; i++)
        g_ptr_array_add(table->cells, NULL);
}

uint32_t table_text_width(const char *text)
{
    uint32_t width = 0;
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (g_unichar_iszerowidth(c))
            continue;
        width += g_unichar_iswide(c) ? 2 : 1;
    }
    return width;
}

static const char *table_cell(const Table *table, guint row, guint column)
{
    guint i = row * table->headings->len + column;
    const char *cell = i < table->cells->len ? g_ptr_array_index(table->cells, i) : NULL;
    return cell == NULL ? "" : cell;
}

static void table_write_cell(const Table *table, guint column, const char *cell, uint32_t width,
                             GString *text)
{
    enum table_align align = g_array_index(table->headings, struct table_heading, column).align;
    gboolean last = column == table->headings->len - 1;
    int pad = (int)(width - table_text_width(cell));

    if (column > 0)
        g_string_append(text, TABLE_BETWEEN);
    if (align == TABLE_RIGHT)
        g_string_append_printf(text, "%*s", pad, "");
    g_string_append(text, cell);
    if (align == TABLE_LEFT && !last)
        g_string_append_printf(text, "%*s", pad, "");
}

static void table_end_line(GString *text)
{
    while (text->len > 0 && text->str[text->len - 1] == ' ')
        g_string_truncate(text, text->len - 1);
    g_string_append_c(text, '\n');
}

void table_write(const Table *table, gboolean bold, GString *text)
{
    const guint column_count = table->headings->len;
    g_autofree uint32_t *widths = g_new0(uint32_t, column_count + 1);

    if (column_count == 0)
        return;
    const guint row_count = (table->cells->len + column_count - 1) / column_count;
    for (guint column = 0; column < column_count; column++) {
        const char *heading = g_array_index(table->headings, struct table_heading, column).text;
        widths[column] = table_text_width(heading);
        for (guint row = 0; row < row_count; row++)
            widths[column] = MAX(widths[column], table_text_width(table_cell(table, row, column)));
    }

    g_string_append(text, bold ? "\033[1m" : "");
    for (guint column = 0; column < column_count; column++)
        table_write_cell(table, column,
                         g_array_index(table->headings, struct table_heading, column).text,
                         widths[column], text);
    g_string_append(text, bold ? "\033[0m" : "");
    table_end_line(text);
    for (guint row = 0; row < row_count; row++) {
        for (guint column = 0; column < column_count; column++)
            table_write_cell(table, column, table_cell(table, row, column), widths[column], text);
        table_end_line(text);
    }
}

void table_print(const Table *table, FILE *stream)
{
    g_autoptr(GString) text = g_string_new(NULL);
    table_write(table, diagnostic_use_colour(stream), text);
    fwrite(text->str, 1, text->len, stream);
}
