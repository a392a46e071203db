/* Files appear whole or not at all; JSON and shipped files beside them. */
#include "shell/folder.h"
#include "shell/json.h"
#include "shell/output.h"
#include "shell/paths.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void assert_file(const char *path, const char *expected)
{
    g_autofree char *text = NULL;
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    ck_assert_str_eq(text, expected);
}

/* Number of files here. */
static int file_count(void)
{
    int count = 0;
    g_autoptr(GDir) folder = g_dir_open(".", 0, NULL);
    while (g_dir_read_name(folder) != NULL)
        count++;
    return count;
}

START_TEST(test_write)
{
    g_autoptr(GError) error = NULL;
    struct stat status;

    umask(022);
    ck_assert(output_write("a.txt", "one", 3, &error));
    assert_file("a.txt", "one");
    ck_assert(stat("a.txt", &status) == 0 && (status.st_mode & 0777) == 0644);
    ck_assert_int_eq(chmod("a.txt", 0600), 0);
    ck_assert(output_write("a.txt", "two!", 4, &error));
    assert_file("a.txt", "two!");
    ck_assert(stat("a.txt", &status) == 0 && (status.st_mode & 0777) == 0600);

    ck_assert_int_eq(symlink("a.txt", "link"), 0);
    ck_assert(output_write("link", "three", 5, &error));
    assert_file("a.txt", "three");
    ck_assert(g_file_test("link", G_FILE_TEST_IS_SYMLINK));
    ck_assert_int_eq(file_count(), 2);
    folder_assert_fine(error);
}
END_TEST

START_TEST(test_check)
{
    g_autoptr(GError) error = NULL;

    folder_write("a.txt", "old");
    ck_assert(output_check("a.txt", &error) && output_check("new.txt", &error));
    ck_assert(output_check("/dev/full", &error));
    assert_file("a.txt", "old");
    ck_assert_int_eq(file_count(), 1);
    ck_assert(!output_check("nowhere/a.txt", &error));
    ck_assert_str_eq(error->message, "nowhere/a.txt: No such file or directory");
    g_clear_error(&error);
    ck_assert(!output_check(".", &error));
    ck_assert_str_eq(error->message, ".: Is a directory");
}
END_TEST

START_TEST(test_abandoned)
{
    g_autoptr(GError) error = NULL;

    folder_write("a.txt", "old");
    Output *output = output_open("a.txt", &error);
    folder_assert_fine(error);
    fputs("new", output_stream(output));
    fflush(output_stream(output));
    output_free(output);
    assert_file("a.txt", "old");
    ck_assert_int_eq(file_count(), 1);
    output_free(NULL);
}
END_TEST

static void assert_cannot_run(GError **error, const char *message)
{
    ck_assert_ptr_nonnull(*error);
    ck_assert_str_eq((*error)->message, message);
    ck_assert(g_error_matches(*error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN));
    ck_assert_int_eq(diagnostic_exit_status(*error), 3);
    g_clear_error(error);
}

/* A header that is known last. */
START_TEST(test_patched)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Output) output = output_open("a.txt", &error);
    g_autoptr(Output) direct = output_open("/dev/full", &error);

    folder_assert_fine(error);
    fputs("????: body", output_stream(output));
    ck_assert(output_patch(output, 0, "head", 4));
    fputs(", tail", output_stream(output));
    ck_assert(output_patch(output, 6, "B", 1));
    ck_assert(output_commit(output, &error));
    assert_file("a.txt", "head: Body, tail");
    ck_assert(!output_patch(direct, 0, "head", 4));
}
END_TEST

START_TEST(test_refused)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *data = g_malloc0(100000);

    ck_assert_int_eq(mkdir("folder", 0755), 0);
    ck_assert(!output_write("none/a.txt", "x", 1, &error));
    assert_cannot_run(&error, "none/a.txt: No such file or directory");
    ck_assert(!output_write("folder", "x", 1, &error));
    assert_cannot_run(&error, "folder: Is a directory");
    ck_assert(!output_write("/dev/full", "x", 1, &error));
    assert_cannot_run(&error, "/dev/full: No space left on device");
    ck_assert(!output_write("/dev/full", data, 100000, &error));
    assert_cannot_run(&error, "/dev/full: No space left on device");
    ck_assert(output_write("/dev/null", data, 100000, &error));
    ck_assert_int_eq(file_count(), 1);
}
END_TEST

START_TEST(test_size_limit)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *data = g_malloc0(100000);
    struct rlimit before, small;

    folder_write("a.txt", "old");
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 10000;
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    gboolean written = output_write("a.txt", data, 100000, &error);
    g_autoptr(Output) output = output_open("b.txt", NULL);
    for (int i = 0; i < 100; i++)
        fwrite(data, 1, 1000, output_stream(output));
    errno = 0;
    gboolean committed = output_commit(output, NULL);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert(!written && !committed);
    assert_cannot_run(&error, "a.txt: File too large");
    g_clear_pointer(&output, output_free);
    assert_file("a.txt", "old");
    ck_assert_int_eq(file_count(), 1);
}
END_TEST

START_TEST(test_json)
{
    static const struct {
        double number;
        const char *text;
    } numbers[] = {
        {0.1, "0.1"},       {1.0 / 3, "0.3333333333333333"},      {1e300, "1e+300"},
        {5, "5"},           {-0.1 - 0.2, "-0.30000000000000004"}, {NAN, "null"},
        {INFINITY, "null"},
    };
    g_autoptr(GString) text = g_string_new(NULL);
    json_t *json = json_object();

    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree char *number = json_format_number(numbers[i].number);
        ck_assert_str_eq(number, numbers[i].text);
    }
    json_object_set_new(json, "z", json_make_number(0.1));
    json_object_set_new(json, "a", json_make_number(NAN));
    json_object_set_new(json, "t", json_make_text("太\"\\\n\x01\xff"));
    json_object_set_new(json, "l", json_pack("[i, b, {}, []]", 3, 1));
    json_write_text(json, FALSE, text);
    ck_assert_str_eq(text->str, "{\"z\":0.1,\"a\":null,\"t\":\"太\\\"\\\\\\n\\u0001\uFFFD\","
                                "\"l\":[3,true,{},[]]}");
    g_string_assign(text, "");
    json_object_del(json, "t");
    json_write_text(json, TRUE, text);
    ck_assert_str_eq(text->str, "{\n  \"z\": 0.1,\n  \"a\": null,\n  \"l\": [\n    3,\n    true,\n"
                                "    {},\n    []\n  ]\n}\n");

    g_autoptr(GError) error = NULL;
    FILE *full = fopen("/dev/full", "w");
    ck_assert(!json_write_stream(json, FALSE, full, &error));
    fclose(full);
    assert_cannot_run(&error, "cannot write JSON: No space left on device");
    json_decref(json);
}
END_TEST

START_TEST(test_paths)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *here = g_get_current_dir();
    g_autofree char *program = g_build_filename(here, "tree", "build", NULL);
    g_autofree char *share = g_build_filename(here, "own", NULL);
    g_autofree char *expected_tree = g_build_filename(here, "tree", "plots", "k.gp", NULL);
    g_autofree char *expected_own = g_build_filename(here, "own", "plots", "k.gp", NULL);
    g_autofree char *expected_installed =
        g_build_filename(here, "tree", "share", "omosim", "plots", "k.gp", NULL);

    unsetenv("OMOSIM_SHARE");
    g_mkdir_with_parents("tree/build", 0755);
    g_mkdir_with_parents("tree/plots", 0755);
    g_mkdir_with_parents("tree/share/omosim/plots", 0755);
    g_mkdir_with_parents("own/plots", 0755);
    ck_assert_ptr_null(paths_find_from(program, "plots/k.gp", &error));
    g_autofree char *missing =
        g_strdup_printf("cannot find 'plots/k.gp' in %s/tree/share/omosim, %s/tree (OMOSIM_SHARE "
                        "names another folder)",
                        here, here);
    assert_cannot_run(&error, missing);

    folder_write("tree/plots/k.gp", "");
    g_autofree char *tree = paths_find_from(program, "plots/k.gp", &error);
    ck_assert_str_eq(tree, expected_tree);
    folder_write("tree/share/omosim/plots/k.gp", "");
    g_autofree char *installed = paths_find_from(program, "plots/k.gp", &error);
    ck_assert_str_eq(installed, expected_installed);
    folder_write("own/plots/k.gp", "");
    setenv("OMOSIM_SHARE", share, 1);
    g_autofree char *own = paths_find_from(program, "plots/k.gp", &error);
    ck_assert_str_eq(own, expected_own);
    g_autofree char *found = paths_find("plots/k.gp", &error);
    ck_assert_str_eq(found, expected_own);
    unsetenv("OMOSIM_SHARE");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_write,   test_check,      test_abandoned, test_patched,
        test_refused, test_size_limit, test_json,      test_paths,
    };
    return folder_run("output", tests, G_N_ELEMENTS(tests));
}
