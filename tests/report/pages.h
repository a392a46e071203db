/* A folder of its own for each test of pages, and where the plots stand. Included by each program
 * once. */
#ifndef TESTS_REPORT_PAGES_H
#define TESTS_REPORT_PAGES_H

#include "results/scratch.h"

#include <check.h>
#include <glib.h>

static char *plots;

static void make_directory(void)
{
    const char *source = g_getenv("OMO_SOURCE_DIR");

    scratch_make();
    ck_assert_msg(source != NULL, "OMO_SOURCE_DIR is the top of the tree");
    plots = g_build_filename(source, "plots", NULL);
}

static void remove_directory(void)
{
    scratch_remove();
    g_free(plots);
}

#endif
