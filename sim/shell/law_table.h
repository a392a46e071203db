/* Empirical laws as a scenario writes them: `empirical(1:0.5, 2:0.3, 5:0.2)`, values with weights
 * that need not add up to 1; `empirical(10min, 12min, 31min)`, observations of equal weight; or a
 * mapping, `{law: empirical, values: [1, 2, 5], weights: [5, 3, 2]}` or `{law: empirical, file:
 * baskets.csv}` with the columns value and, if there is one, weight. (A blank after a colon needs
 * quotes round the whole in YAML.)
 *
 * Values carry the unit of the flavour (law_text.h), weights are plain numbers. Equal tables are one
 * object, made once and kept until the process ends, so laws may be copied without an owner. Any
 * thread.
 */
#ifndef SHELL_LAW_TABLE_H
#define SHELL_LAW_TABLE_H

#include "shell/law_text.h"

/* Parses "v:w, v:w)" at `text + at`, to the end of the text. On failure *ret_offset is the byte
 * where the trouble is. */
gboolean law_table_parse(const char *text, size_t at, enum law_text_flavour flavour,
                         int64_t bare_us, omo_law *ret_law, size_t *ret_offset, GError **ret_error);

/* Reads a mapping whose `law` is empirical. On failure *ret_at is the position. */
gboolean law_table_read(const Node *mapping, enum law_text_flavour flavour, int64_t bare_us,
                        omo_law *ret_law, struct text_position *ret_at, GError **ret_error);

/* Appends "1:0.5, 2:0.3", read back by law_table_parse(). */
void law_table_format(const omo_empirical *table, enum law_text_flavour flavour, GString *text);

#endif
