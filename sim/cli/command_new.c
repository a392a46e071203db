/* omosim new: a scenario to start from.
 *
 * The shipped scenarios are commented, checked by the tests and answer a question, so a copy of one
 * is a better start than a template of its own that would have to be kept right beside them. The
 * copy gets its own name and, where the original reads tables, copies of those beside it: the new
 * file runs from anywhere. Nothing that exists is overwritten; a table that is there already is
 * taken to be the user's.
 */
#include "cli/command.h"
#include "cli/options.h"
#include "shell/diagnostic.h"
#include "shell/output.h"
#include "shell/paths.h"
#include "shell/spelling.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define TABLES "tables/"

static const struct options_page page = {
    .usage = "new [OPTION...] NAME.yaml",
    .summary = "Starts a scenario: a commented copy of a shipped one, with its tables. Refuses to\n"
               "overwrite a file.\n",
    .examples = "  omosim new my_chain.yaml\n"
                "  omosim new my_chain.yaml --from o2o_vs_omo\n"
                "  omosim list scenarios\n",
    .positional_min = 1,
    .positional_max = 1,
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the shipped scenarios, NULL last. Caller frees. */
static GPtrArray *shipped_names(const char *folder)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
    const char *name;

    while (directory != NULL && (name = g_dir_read_name(directory)) != NULL)
        if (g_str_has_suffix(name, ".yaml"))
            g_ptr_array_add(names, g_strndup(name, strlen(name) - strlen(".yaml")));
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    return names;
}

/* Text of the shipped scenario called `from`. Caller frees. */
static char *read_shipped(const char *folder, const char *from, GError **ret_error)
{
    g_autofree char *stem = g_str_has_suffix(from, ".yaml")
                                ? g_strndup(from, strlen(from) - strlen(".yaml"))
                                : g_strdup(from);
    g_autofree char *file = g_strconcat(stem, ".yaml", NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    char *text = NULL;

    if (g_file_get_contents(path, &text, NULL, NULL))
        return text;
    g_autoptr(GPtrArray) names = shipped_names(folder);
    g_autofree char *hint = spelling_hint(stem, (const char *const *)names->pdata);
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                "--from: unknown scenario '%s'%s", from, hint);
    return NULL;
}

/* Copies each `tables/X.csv` that the text names from the shipped folder to beside the new file. */
static gboolean copy_tables(const char *text, const char *folder, const char *directory,
                            GError **ret_error)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

    for (const char *at = strstr(text, TABLES); at != NULL; at = strstr(at + 1, TABLES)) {
        const size_t stem_size = strspn(at + strlen(TABLES), letters);
        if (stem_size == 0 || strncmp(at + strlen(TABLES) + stem_size, ".csv", 4) != 0)
            continue;
        g_autofree char *name = g_strndup(at, strlen(TABLES) + stem_size + strlen(".csv"));
        g_autofree char *source = g_build_filename(folder, name, NULL);
        g_autofree char *target = g_build_filename(directory, name, NULL);
        g_autofree char *target_directory = g_path_get_dirname(target);
        g_autofree char *content = NULL;
        size_t size;
        if (g_file_test(target, G_FILE_TEST_EXISTS) ||
            !g_file_get_contents(source, &content, &size, NULL))
            continue;
        if (g_mkdir_with_parents(target_directory, 0777) != 0) {
            g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s",
                        target_directory, g_strerror(errno));
            return FALSE;
        }
        if (!output_write(target, content, size, ret_error))
            return FALSE;
        fprintf(stderr, "table: %s\n", target);
    }
    return TRUE;
}

/* The text under a new name, with a line on what to do next. Caller frees. */
static char *rename_scenario(const char *text, const char *path)
{
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *stem = g_strndup(base, strlen(base) - strlen(".yaml"));
    g_auto(GStrv) parts = g_strsplit(stem, "'", -1);
    g_autofree char *quoted = g_strjoinv("''", parts); /* as YAML doubles it */
    GString *result = g_string_new(NULL);
    const char *name = g_str_has_prefix(text, "name:") ? text : strstr(text, "\nname:");

    g_string_append_printf(result,
                           "# Every key is explained by: omosim list schema. Try a change with:\n"
                           "# omosim run %s --set routing=cheapest\n",
                           base);
    if (name == NULL)
        return g_string_free(g_string_append(result, text), FALSE);
    name += *name == '\n';
    const char *rest = strchr(name, '\n');
    g_string_append_len(result, text, name - text);
    g_string_append_printf(result, "name: '%s'%s", quoted, rest != NULL ? rest : "\n");
    return g_string_free(result, FALSE);
}

static gboolean start_scenario(const char *path, const char *from, GError **ret_error)
{
    g_autofree char *directory = g_path_get_dirname(path);
    g_autofree char *folder = NULL;
    g_autofree char *text = NULL;

    if (g_file_test(path, G_FILE_TEST_EXISTS) || g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "%s exists and is not overwritten", path);
        return FALSE;
    }
    folder = paths_find("scenarios", ret_error);
    text = folder != NULL ? read_shipped(folder, from, ret_error) : NULL;
    if (text == NULL || !copy_tables(text, folder, directory, ret_error))
        return FALSE;
    g_autofree char *renamed = rename_scenario(text, path);
    if (!output_write(path, renamed, strlen(renamed), ret_error))
        return FALSE;
    fprintf(stderr, "scenario: %s\nnext: omosim check %s, then omosim run %s\n", path, path, path);
    return TRUE;
}

enum command_status command_new(int argc, char **argv, GError **ret_error)
{
    g_autofree char *from = NULL;
    const GOptionEntry entries[] = {
        {"from", 0, 0, G_OPTION_ARG_FILENAME, &from, "Shipped scenario (default: two_stores)",
         "NAME"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    switch (options_parse(&page, entries, &argc, &argv, ret_error)) {
    case OPTIONS_GO:
        break;
    case OPTIONS_SHOWN:
        return COMMAND_DONE;
    case OPTIONS_ERROR:
        return COMMAND_ERROR;
    }
    g_autofree char *path = g_str_has_suffix(argv[1], ".yaml")
                                ? g_strdup(argv[1])
                                : g_strconcat(argv[1], ".yaml", NULL);
    return start_scenario(path, from != NULL ? from : "two_stores", ret_error) ? COMMAND_DONE
                                                                               : COMMAND_ERROR;
}
