/* A CSV table that a scenario names: `file`, `where`, `columns`, and the tables that complete it:
 * `join`. Inside of sim/scenario.
 *
 * Wraps a Csv so that troubles go into a list of findings: those of the scenario (no such file, no
 * such column, a filter that cannot be read) with the scenario's position, those of a row with the
 * table's. Reading stops when the list is full.
 */
#ifndef SCENARIO_SOURCE_H
#define SCENARIO_SOURCE_H

#include "shell/csv.h"
#include "shell/schema.h"

typedef struct source Source;

/* Opens the table that `holder` names in `file_key`, filtered by its `where`. NULL with findings.
 * Caller frees with source_free(). Borrows the list and the tree. */
Source *source_open(struct schema_value holder, const char *file_key, GPtrArray *list);
void source_free(Source *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Source, source_free)

/* Adds the tables of `join` (absent: none); FALSE with findings. From then on source_column()
 * knows their columns, and source_next() finds fault with a row that one of them lacks. */
bool source_join(Source *source, struct schema_value joins);

/* Column of an attribute: the one that `columns` names, here or in a join, else the attribute's
 * default name. -1 when there is none; with `required`, and for a column that was named, that is a
 * finding. */
int64_t source_column(Source *source, const char *attribute, bool required);
/* A column by the name that `value` holds; -1 with a finding. */
int64_t source_column_named(Source *source, struct schema_value value);

/* Next row that fits; FALSE at the end or after findings that make going on pointless. */
bool source_next(Source *source);

/* Where a field of the current row begins, and its text (borrowed until the next row). */
struct text_position source_position(const Source *source, int64_t column);
const char *source_text(const Source *source, int64_t column);

/* Fields; FALSE with a finding. */
bool source_number(Source *source, int64_t column, double low, double high, double *ret_number);
/* The same for what only counts in proportion: 0.04 may be written 4%. */
bool source_weight(Source *source, int64_t column, double low, double high, double *ret_weight);
bool source_whole(Source *source, int64_t column, int64_t low, int64_t high, int64_t *ret_whole);
/* Rounded to the cent: tables hold averages. */
bool source_money_cents(Source *source, int64_t column, int64_t *ret_cents);
bool source_distance_m(Source *source, int64_t column, double *ret_m);
bool source_duration_us(Source *source, int64_t column, int64_t bare_us, int64_t *ret_us);
bool source_time_of_day_us(Source *source, int64_t column, int64_t *ret_us);
/* Text that must not be empty. */
bool source_id(Source *source, int64_t column, const char **ret_id);
/* Index of the field in a NULL-terminated list of names. */
bool source_enum(Source *source, int64_t column, const char *what, const char *const *names,
                 uint32_t *ret_index);

#endif
