/* Tables for terminals: columns as wide as their widest cell, in character cells (wide East Asian
 * characters take two, combining marks none), headings bold on a terminal only. Cells are added one
 * after the other, row by row.
 *
 *     g_autoptr(Table) table = table_new();
 *     table_column(table, "KPI", TABLE_LEFT);
 *     table_column(table, "mean", TABLE_RIGHT);
 *     table_add(table, "fill rate");
 *     table_add_format(table, "%.1f%%", 98.5);
 *     table_print(table, stdout);
 */
#ifndef SHELL_TABLE_H
#define SHELL_TABLE_H

#include <glib.h>
#include <stdint.h>
#include <stdio.h>

enum table_align { TABLE_LEFT, TABLE_RIGHT };

typedef struct table Table;

/* Caller frees with table_free(). */
Table *table_new(void);
void table_free(Table *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, table_free)

/* Adds a column; all of them before the first cell. Numbers go right. */
void table_column(Table *table, const char *heading, enum table_align align);
/* Adds the next cell. Copies; NULL is an empty cell; control characters (line ends too) show as
 * blanks. */
void table_add(Table *table, const char *text);
void table_add_format(Table *table, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* An empty line, once the current row is complete. */
void table_gap(Table *table);

/* Width of a text in terminal cells. */
uint32_t table_text_width(const char *text);
/* Appends the table; `bold` says whether headings carry terminal codes. A last row that is short is
 * filled up. */
void table_write(const Table *table, gboolean bold, GString *text);
/* Prints it, bold when diagnostic_use_colour() says so. */
void table_print(const Table *table, FILE *stream);

#endif
