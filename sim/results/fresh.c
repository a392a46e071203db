/* Which files may be replaced is read off the first bytes, without SQLite: a foreign file must not
 * even be opened by it (it would look for a journal beside it and might roll one back).
 *
 * Between removing the old file's log and renaming there is a moment without either file. It can't
 * be closed: a log that stays behind would be taken for the new file's.
 */
#include "results/fresh.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "results/results.h"
#include "shell/diagnostic.h"

#define FRESH_HEADER_SIZE 72
#define FRESH_VERSION_OFFSET 60 /* big endian, as all of the head */
#define FRESH_ID_OFFSET 68

static uint32_t head_number(const unsigned char *head, size_t offset)
{
    return (uint32_t)head[offset] << 24 | (uint32_t)head[offset + 1] << 16 |
           (uint32_t)head[offset + 2] << 8 | head[offset + 3];
}

/* Whether the bytes are the head of a file of ours: SQLite's magic, then our application id. */
static gboolean head_is_ours(const unsigned char *head)
{
    return memcmp(head, "SQLite format 3", 16) == 0 &&
           head_number(head, FRESH_ID_OFFSET) == RESULTS_APPLICATION_ID;
}

/* The first bytes of a file, zeros where it is shorter. FALSE when it can't be opened. */
static gboolean head_read(const char *path, unsigned char *ret_head, size_t *ret_size)
{
    FILE *stream = g_fopen(path, "rb");

    if (stream == NULL)
        return FALSE;
    *ret_size = fread(ret_head, 1, FRESH_HEADER_SIZE, stream);
    fclose(stream);
    return TRUE;
}

int64_t fresh_format(const char *path)
{
    unsigned char head[FRESH_HEADER_SIZE] = {0};
    size_t size;

    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR) || !head_read(path, head, &size) ||
        !head_is_ours(head))
        return -1;
    return head_number(head, FRESH_VERSION_OFFSET);
}

gboolean fresh_check(const char *path, GError **ret_error)
{
    unsigned char head[FRESH_HEADER_SIZE] = {0};
    size_t size;

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return TRUE;
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: not a regular file, a result can't be written there", path);
        return FALSE;
    }
    if (!head_read(path, head, &size)) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                    "%s: exists and can't be read", path);
        return FALSE;
    }
    if (size != 0 && !head_is_ours(head)) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: exists and is no omosim result; it is left as it is, choose another name",
                    path);
        return FALSE;
    }
    return TRUE;
}

char *fresh_name(const char *path) { return g_strconcat(path, "-new", NULL); }

gboolean fresh_remove(const char *path, GError **ret_error)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};

    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *name = g_strconcat(path, suffixes[i], NULL);
        if (g_remove(name) != 0 && g_file_test(name, G_FILE_TEST_EXISTS)) {
            g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                        "%s: can't be replaced", name);
            return FALSE;
        }
    }
    return TRUE;
}

gboolean fresh_place(const char *made, const char *path, GError **ret_error)
{
    if (!fresh_remove(path, ret_error))
        return FALSE;
    if (g_rename(made, path) != 0) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s", path,
                    g_strerror(errno));
        fresh_remove(made, NULL);
        return FALSE;
    }
    return TRUE;
}

void fresh_blame(GError *error, const char *made, const char *path)
{
    if (error != NULL && g_str_has_prefix(error->message, made)) {
        g_autofree char *text = g_steal_pointer(&error->message);
        error->message = g_strconcat(path, text + strlen(made), NULL);
    }
}
