/* Malformed files: each gives an error with a position, none a crash. Then the same files with bytes
 * cut, doubled and changed, of which some become valid and none may crash. */
#include "shell/csv.h"
#include "shell/folder.h"
#include "shell/mutate.h"
#include "shell/node.h"

#include <stdlib.h>
#include <string.h>

static GPtrArray *corpus_files(const char *suffix)
{
    const char *source = getenv("OMO_SOURCE_DIR");
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

    ck_assert_ptr_nonnull(source);
    g_autofree char *folder = g_build_filename(source, "tests", "shell", "corpus", NULL);
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
    ck_assert_ptr_nonnull(entries);
    for (const char *name; (name = g_dir_read_name(entries)) != NULL;)
        if (g_str_has_suffix(name, suffix))
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    ck_assert_uint_gt(paths->len, 10);
    return paths;
}

static void assert_bad_input(const GError *error, const char *path)
{
    ck_assert_msg(error != NULL, "%s is accepted", path);
    ck_assert_msg(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT), "%s", path);
    ck_assert_msg(strstr(error->message, ":") != NULL, "%s: %s", path, error->message);
    ck_assert_msg(g_utf8_validate(error->message, -1, NULL), "%s", path);
}

static void read_table(const char *path, GError **error)
{
    g_autoptr(Csv) csv = csv_open(path, error);
    while (csv != NULL && csv_next(csv, error))
        ;
}

START_TEST(test_yaml)
{
    g_autoptr(GPtrArray) paths = corpus_files(".yaml");
    for (guint i = 0; i < paths->len; i++) {
        const char *path = g_ptr_array_index(paths, i);
        g_autoptr(GError) error = NULL;
        g_autoptr(Node) root = node_read_file(path, NULL, &error);
        ck_assert_msg(root == NULL, "%s is accepted", path);
        assert_bad_input(error, path);
    }
}
END_TEST

START_TEST(test_csv)
{
    g_autoptr(GPtrArray) paths = corpus_files(".csv");
    for (guint i = 0; i < paths->len; i++) {
        const char *path = g_ptr_array_index(paths, i);
        g_autoptr(GError) error = NULL;
        read_table(path, &error);
        assert_bad_input(error, path);
    }
}
END_TEST

/* What changes put into a text. */
static const char *const pieces[] = {"\"", "{",  "[", ": ",  "\n", "&a ",  "*a", ",",
                                     "- ", "\t", "'", "|\n", "#",  "\xe5", "?",  "!"};

START_TEST(test_mutations)
{
    g_autoptr(GPtrArray) yaml = corpus_files(".yaml");
    g_autoptr(GPtrArray) tables = corpus_files(".csv");
    uint32_t state = 1;

    for (guint i = 0; i < yaml->len + tables->len; i++) {
        gboolean is_table = i >= yaml->len;
        const char *path =
            is_table ? g_ptr_array_index(tables, i - yaml->len) : g_ptr_array_index(yaml, i);
        g_autofree char *text = NULL;
        gsize size;
        ck_assert(g_file_get_contents(path, &text, &size, NULL));
        for (int round = 0; round < 100; round++) {
            g_autoptr(GString) mutated =
                mutate(text, size, pieces, G_N_ELEMENTS(pieces), 3, &state);
            g_autoptr(GError) error = NULL;
            if (is_table) {
                ck_assert(g_file_set_contents("m.csv", mutated->str, (gssize)mutated->len, NULL));
                read_table("m.csv", &error);
            } else {
                g_autoptr(Node) root = node_read_text(mutated->str, mutated->len, "m.yaml", &error);
                ck_assert((root == NULL) == (error != NULL));
            }
            if (error != NULL)
                assert_bad_input(error, path);
        }
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_yaml, test_csv, test_mutations};
    return folder_run("corpus", tests, G_N_ELEMENTS(tests));
}
