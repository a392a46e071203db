/* Files written whole or not at all.
 *
 *     g_autoptr(Output) output = output_open(path, &error);
 *     fprintf(output_stream(output), ...);
 *     if (!output_commit(output, &error)) return FALSE;
 *
 * Bytes go to a temporary file in the same directory, which output_commit() flushes to the disk and
 * renames over the target; freeing without a commit leaves the target as it was and nothing beside
 * it. A target that exists and is no regular file (a pipe, /dev/full) is written directly. A
 * symbolic link is followed. Errors are CANNOT_RUN, "PATH: No space left on device". A process that
 * sets file size limits must ignore SIGXFSZ, as the command line does, to see the error.
 */
#ifndef SHELL_OUTPUT_H
#define SHELL_OUTPUT_H

#include <glib.h>
#include <stdio.h>

typedef struct output Output;

/* Caller frees with output_free(). */
Output *output_open(const char *path, GError **ret_error);
/* The stream to write to; its errors may be left to output_commit(). Borrowed: not to be closed. */
FILE *output_stream(Output *output);
/* Overwrites bytes that were written before, from `offset` on: a header that is known last. FALSE,
 * with nothing written, when the target is written directly and cannot go back. */
gboolean output_patch(Output *output, int64_t offset, const void *bytes, size_t size);
/* Makes the file appear. To be called once; on failure nothing half-written is left. */
gboolean output_commit(Output *output, GError **ret_error);
void output_free(Output *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Output, output_free)

/* Whether a file could be written there, for work that takes long: its folder is there and may be
 * written to, and so may the file. Nothing is opened. */
gboolean output_check(const char *path, GError **ret_error);

/* All of it in one call. */
gboolean output_write(const char *path, const void *data, size_t size, GError **ret_error);

#endif
