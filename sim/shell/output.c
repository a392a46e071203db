/* Files written whole or not at all.
 *
 * The temporary file stands beside the target, because rename() is atomic only within a file
 * system. It is flushed to the disk before the rename: after a crash there is the old file or the
 * new one. The folder is flushed too, or the rename itself could be lost; a file system that can't
 * do that is not an error.
 *
 * A full disk may show at any write. stdio remembers that a write failed but not why, and errno is
 * long overwritten when the writer asks. So the stream's write function is our own (fopencookie):
 * it keeps the first errno, and commit reports it. Callers may therefore print without looking and
 * still get "No space left on device".
 */
#define _GNU_SOURCE
#include "shell/output.h"
#include "shell/diagnostic.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct output {
    char *shown;     /* the path as given, for messages */
    char *target;    /* links resolved */
    char *temporary; /* NULL: written directly */
    FILE *stream;
    int file;
    int error_number; /* of the first write that failed */
};

static gboolean output_fail(const char *path, int error_number, GError **ret_error)
{
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s", path,
                g_strerror(error_number));
    return FALSE;
}

static ssize_t output_stream_write(void *cookie, const char *data, size_t size)
{
    Output *output = cookie;
    size_t done = 0;

    while (done < size && output->error_number == 0) {
        ssize_t written = write(output->file, data + done, size - done);
        if (written >= 0)
            done += (size_t)written;
        else if (errno != EINTR)
            output->error_number = errno;
    }
    return (ssize_t)done;
}

/* Opens the file itself; -1 with errno set. */
static int output_open_file(Output *output)
{
    struct stat status;

    if (stat(output->target, &status) != 0) {
        output->temporary = g_strconcat(output->target, ".XXXXXX", NULL);
        return g_mkstemp_full(output->temporary, O_WRONLY | O_CLOEXEC, 0666);
    }
    if (S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return -1;
    }
    if (!S_ISREG(status.st_mode))
        return open(output->target, O_WRONLY | O_CLOEXEC);
    if (access(output->target, W_OK) != 0)
        return -1;
    output->temporary = g_strconcat(output->target, ".XXXXXX", NULL);
    return g_mkstemp_full(output->temporary, O_WRONLY | O_CLOEXEC, (int)status.st_mode & 0777);
}

Output *output_open(const char *path, GError **ret_error)
{
    g_autoptr(Output) output = g_new0(Output, 1);
    char *resolved = realpath(path, NULL);

    output->shown = g_strdup(path);
    output->target = g_strdup(resolved == NULL ? path : resolved);
    free(resolved);
    output->file = output_open_file(output);
    if (output->file < 0) {
        output_fail(path, errno, ret_error);
        g_clear_pointer(&output->temporary, g_free);
        return NULL;
    }
    output->stream =
        fopencookie(output, "w", (cookie_io_functions_t){.write = output_stream_write});
    if (output->stream == NULL) {
        output_fail(path, errno, ret_error);
        return NULL;
    }
    return g_steal_pointer(&output);
}

FILE *output_stream(Output *output) { return output->stream; }

gboolean output_patch(Output *output, int64_t offset, const void *bytes, size_t size)
{
    size_t done = 0;

    if (output->temporary == NULL)
        return FALSE;
    fflush(output->stream);
    while (done < size && output->error_number == 0) {
        ssize_t written = pwrite(output->file, (const char *)bytes + done, size - done,
                                 (off_t)offset + (off_t)done);
        if (written >= 0)
            done += (size_t)written;
        else if (errno != EINTR)
            output->error_number = errno;
    }
    return TRUE;
}

/* Makes the rename itself last. */
static void output_flush_folder(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        return;
    (void)fsync(file);
    close(file);
}

/* Closes stream and file, keeping the first error. */
static void output_close(Output *output, gboolean flush_to_disk)
{
    if (output->stream != NULL && fclose(output->stream) != 0 && output->error_number == 0)
        output->error_number = errno;
    output->stream = NULL;
    if (output->file < 0)
        return;
    if (flush_to_disk && output->error_number == 0 && fsync(output->file) != 0)
        output->error_number = errno;
    if (close(output->file) != 0 && output->error_number == 0)
        output->error_number = errno;
    output->file = -1;
}

gboolean output_commit(Output *output, GError **ret_error)
{
    g_assert(output->stream != NULL);
    output_close(output, output->temporary != NULL);
    if (output->error_number != 0)
        return output_fail(output->shown, output->error_number, ret_error);
    if (output->temporary == NULL)
        return TRUE;
    if (rename(output->temporary, output->target) != 0)
        return output_fail(output->shown, errno, ret_error);
    g_clear_pointer(&output->temporary, g_free);
    output_flush_folder(output->target);
    return TRUE;
}

void output_free(Output *output)
{
    if (output == NULL)
        return;
    output_close(output, FALSE);
    if (output->temporary != NULL)
        unlink(output->temporary);
    g_free(output->temporary);
    g_free(output->target);
    g_free(output->shown);
    g_free(output);
}

gboolean output_check(const char *path, GError **ret_error)
{
    struct stat status;

    if (stat(path, &status) == 0) {
        if (S_ISDIR(status.st_mode))
            return output_fail(path, EISDIR, ret_error);
        if (access(path, W_OK) != 0)
            return output_fail(path, errno, ret_error);
        if (!S_ISREG(status.st_mode))
            return TRUE;
    }
    char *resolved = realpath(path, NULL);
    g_autofree char *folder = g_path_get_dirname(resolved != NULL ? resolved : path);
    free(resolved);
    if (access(folder, W_OK | X_OK) != 0)
        return output_fail(path, errno, ret_error);
    return TRUE;
}

gboolean output_write(const char *path, const void *data, size_t size, GError **ret_error)
{
    g_autoptr(Output) output = output_open(path, ret_error);
    if (output == NULL)
        return FALSE;
    fwrite(data, 1, size, output->stream);
    return output_commit(output, ret_error);
}
