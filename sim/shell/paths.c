/* Shipped files.
 *
 * The executable's own place is asked of the kernel (/proc/self/exe), since argv[0] may be
 * anything. An installed program has its data in ../share/omosim; one in a build tree has it in the
 * sources above. The first place that holds the wanted file wins, not the first that exists, so
 * that OMOSIM_SHARE may hold one plot of one's own and no more.
 */
#include "shell/paths.h"
#include "shell/diagnostic.h"

static char *paths_program_directory(void)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    return program == NULL ? NULL : g_path_get_dirname(program);
}

/* Folders to look in, NULL-terminated. */
static GPtrArray *paths_folders(const char *program_directory)
{
    GPtrArray *folders = g_ptr_array_new_with_free_func(g_free);
    const char *share = g_getenv("OMOSIM_SHARE");

    if (share != NULL && *share != '\0')
        g_ptr_array_add(folders, g_canonicalize_filename(share, NULL));
    if (program_directory != NULL) {
        g_autofree char *installed =
            g_build_filename(program_directory, "..", "share", "omosim", NULL);
        g_autofree char *parent = g_build_filename(program_directory, "..", NULL);
        g_ptr_array_add(folders, g_canonicalize_filename(installed, NULL));
        g_ptr_array_add(folders, g_canonicalize_filename(parent, NULL));
    }
    g_ptr_array_add(folders, NULL);
    return folders;
}

char *paths_find_from(const char *program_directory, const char *relative, GError **ret_error)
{
    g_autoptr(GPtrArray) folders = paths_folders(program_directory);

    for (guint i = 0; i + 1 < folders->len; i++) {
        g_autofree char *path = g_build_filename(g_ptr_array_index(folders, i), relative, NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&path);
    }
    g_autofree char *list = g_strjoinv(", ", (char **)folders->pdata);
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                "cannot find '%s' in %s (OMOSIM_SHARE names another folder)", relative,
                *list == '\0' ? "any known folder" : list);
    return NULL;
}

char *paths_find(const char *relative, GError **ret_error)
{
    g_autofree char *program_directory = paths_program_directory();
    return paths_find_from(program_directory, relative, ret_error);
}
