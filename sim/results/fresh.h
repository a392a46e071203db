/* A new file of ours in the place of an old one: what may be replaced, and how.
 *
 * All files of this folder carry RESULTS_APPLICATION_ID in their head; nothing else is ever
 * overwritten. A file is made under another name (fresh_name()) until it is whole, or whole enough
 * to be read, and then put in its place.
 */
#ifndef RESULTS_FRESH_H
#define RESULTS_FRESH_H

#include <glib.h>
#include <stdint.h>

/* Whether a new file may take the place of what is there: nothing, an empty file, or one of ours.
 * BAD_INPUT for any other, CANNOT_RUN when it can't be read. */
gboolean fresh_check(const char *path, GError **ret_error);
/* Which of our files it is: the user_version in its head (RESULTS_FORMAT, ...), or -1 when it is
 * none of ours or can't be read. */
int64_t fresh_format(const char *path);
/* The name that a file has while it is made: "PATH-new". Caller frees. */
char *fresh_name(const char *path);
/* Removes a database with what may stand beside it (-wal, -shm, -journal). */
gboolean fresh_remove(const char *path, GError **ret_error);
/* Removes what has the name and gives it to the new file, which must be closed; on failure the new
 * file is removed. */
gboolean fresh_place(const char *made, const char *path, GError **ret_error);
/* In an error's text, puts the name that people gave in the place of the one that the file has
 * while it is made. `error` may be NULL. */
void fresh_blame(GError *error, const char *made, const char *path);

#endif
