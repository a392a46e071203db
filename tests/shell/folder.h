/* A folder of its own for a test, gone afterwards; and what tests say about errors. */
#ifndef TESTS_SHELL_FOLDER_H
#define TESTS_SHELL_FOLDER_H

#include "shell/diagnostic.h"

#include <check.h>
#include <glib.h>

/* Makes a folder and enters it, so that file names in messages are short. */
void folder_enter(void);
/* Goes back and removes it with all in it. */
void folder_leave(void);
/* Writes a file in it. */
void folder_write(const char *name, const char *text);

/* The error is bad input with exactly this text; clears it. */
#define folder_assert_error(error, expected)                                                       \
    do {                                                                                           \
        ck_assert_ptr_nonnull(error);                                                              \
        ck_assert_str_eq((error)->message, expected);                                              \
        ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT));             \
        g_clear_error(&(error));                                                                   \
    } while (0)

/* No error; prints it when there is one. */
#define folder_assert_fine(error)                                                                  \
    ck_assert_msg((error) == NULL, "%s", (error) == NULL ? "" : (error)->message)

/* Runs one suite of one case and returns what main() does. */
int folder_run(const char *name, const TTest *const *tests, size_t test_count);

#endif
