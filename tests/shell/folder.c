/* Helpers of the shell's tests. */
#define _GNU_SOURCE
#include "shell/folder.h"

#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

static char *folder_path;
static char *folder_back;

void folder_enter(void)
{
    folder_back = g_get_current_dir();
    folder_path = g_dir_make_tmp("omosim-test-XXXXXX", NULL);
    ck_assert_ptr_nonnull(folder_path);
    ck_assert_int_eq(chdir(folder_path), 0);
}

static int folder_remove(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

void folder_leave(void)
{
    ck_assert_int_eq(chdir(folder_back), 0);
    nftw(folder_path, folder_remove, 8, FTW_DEPTH | FTW_PHYS);
    g_clear_pointer(&folder_path, g_free);
    g_clear_pointer(&folder_back, g_free);
}

void folder_write(const char *name, const char *text)
{
    ck_assert(g_file_set_contents(name, text, -1, NULL));
}

int folder_run(const char *name, const TTest *const *tests, size_t test_count)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);

    for (size_t i = 0; i < test_count; i++)
        tcase_add_test(tcase, tests[i]);
    tcase_add_checked_fixture(tcase, folder_enter, folder_leave);
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
