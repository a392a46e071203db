/* Where the files that ship with the program are: scenarios/, plots/.
 *
 * Looked for in this order: $OMOSIM_SHARE; ../share/omosim beside the directory of the executable
 * (installed); the parent of the executable's directory (a build tree inside the sources). Results
 * are absolute; callers free with g_free().
 */
#ifndef SHELL_PATHS_H
#define SHELL_PATHS_H

#include <glib.h>

/* Absolute path of a shipped file or folder ("plots/kpi.gp"), or NULL with a CANNOT_RUN error that
 * lists where it looked. */
char *paths_find(const char *relative, GError **ret_error);
/* The same with the executable's directory given, for tests. */
char *paths_find_from(const char *program_directory, const char *relative, GError **ret_error);

#endif
