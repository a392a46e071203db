/* A flat folder for the files of one test, gone afterwards. For programs of one file. */
#ifndef TESTS_RESULTS_SCRATCH_H
#define TESTS_RESULTS_SCRATCH_H

#include <check.h>
#include <glib/gstdio.h>

static char *directory;

/* Caller frees. */
static char *path_of(const char *name) { return g_build_filename(directory, name, NULL); }

static void scratch_make(void)
{
    directory = g_dir_make_tmp("omosim-test-XXXXXX", NULL);
    ck_assert_ptr_nonnull(directory);
}

static void scratch_remove(void)
{
    GDir *dir = g_dir_open(directory, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = path_of(name);
        g_unlink(path);
    }
    g_dir_close(dir);
    g_rmdir(directory);
    g_free(directory);
}

#endif
