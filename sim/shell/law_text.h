/* Probability laws as a scenario writes them: `exponential(4h)`, `uniform(0.5, 1.5)`,
 * `constant(1d)`, or a bare value, which is a constant; or a mapping `{law: exponential, mean:
 * 4h}`. Kinds and parameters come from <omosim/law.h>.
 *
 * A time law has its scaling parameters (means, bounds) in durations, the result in microseconds; a
 * count law has plain numbers. Shapes, phases and coefficients of variation are plain numbers in
 * both.
 */
#ifndef SHELL_LAW_TEXT_H
#define SHELL_LAW_TEXT_H

#include "shell/node.h"

#include <omosim/law.h>

enum law_text_flavour { LAW_TEXT_TIME, LAW_TEXT_COUNT };

/* Parses one text. `bare_us` is the meaning of a bare number in a time law (0: refused). On failure
 * *ret_offset (may be NULL) is the byte in `text` where the trouble is and the error carries no
 * position. */
gboolean law_text_parse(const char *text, enum law_text_flavour flavour, int64_t bare_us,
                        omo_law *ret_law, size_t *ret_offset, GError **ret_error);

/* Parses a scalar or mapping node. On failure *ret_at (may be NULL) is the position, and the error
 * carries none. */
gboolean law_text_read(const Node *node, enum law_text_flavour flavour, int64_t bare_us,
                       omo_law *ret_law, struct text_position *ret_at, GError **ret_error);

/* "lognormal(7d, 0.5)": read back by law_text_parse(). Caller frees with g_free(). */
char *law_text_format(const omo_law *law, enum law_text_flavour flavour);

#endif
