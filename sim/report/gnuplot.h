/* Runs gnuplot, and nothing else in the project does. */
#ifndef REPORT_GNUPLOT_H
#define REPORT_GNUPLOT_H

#include <glib.h>
#include <stdint.h>

/* Fails with CANNOT_RUN, naming the Debian package, when `program` can't be found. */
gboolean gnuplot_find(const char *program, GError **ret_error);

/* Runs one gnuplot for each script (paths, borrowed), all at once, and waits for all. FALSE with
 * what gnuplot said when one fails, or when `timeout_s` is over (the rest are then killed). Errors
 * of a script go to a file beside it, "SCRIPT.err". */
gboolean gnuplot_run_all(const char *program, const GPtrArray *scripts, uint32_t timeout_s,
                         GError **ret_error);

/* Appends `text` as a gnuplot string constant. */
void gnuplot_quote(GString *script, const char *text);

#endif
