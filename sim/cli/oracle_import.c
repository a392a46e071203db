/* Oracles of real data: what the import reads, and what a scenario made of it does.
 *
 * The figures come from the reader that `omosim fit demand` uses, so a slip in it (a basket counted
 * twice, a column taken for another) shows as a wrong total. A fitted row goes all the way: the data
 * are fitted, the scenario written and read back, and simulated.
 */
#include "cli/fit_tell.h"
#include "cli/oracle.h"

#include <glib/gstdio.h>
#include <string.h>

/* The data of a row; NULL with the error set, or without one when a file is missing. */
static FitDemand *read_data(const struct oracle_row *row, const char *folder, GError **ret_error)
{
    const struct fit_demand_options options = {.columns = NULL};
    g_auto(GStrv) files = g_strsplit(row->scenario, "|", -1);
    g_autoptr(GStrvBuilder) found = g_strv_builder_new();

    for (char **file = files; *file != NULL; file++) {
        g_autofree char *path = oracle_find_data(folder, *file);
        if (path == NULL)
            return NULL;
        g_strv_builder_add(found, path);
    }
    g_auto(GStrv) paths = g_strv_builder_end(found);
    return fit_demand_read(paths, &options, ret_error);
}

gboolean oracle_import(struct oracle_row *row, const char *folder, GError **ret_error)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(FitDemand) data = read_data(row, folder, &error);
    double value;

    if (error != NULL) {
        g_propagate_error(ret_error, g_steal_pointer(&error));
        return FALSE;
    }
    if (data == NULL) {
        oracle_skip(row);
        return TRUE;
    }
    if (!fit_demand_figure(data, row->measure, &value)) {
        diagnostic_bad_input(ret_error, row->at, "the data have no figure '%s'", row->measure);
        return FALSE;
    }
    oracle_judge(row, value, 0);
    return TRUE;
}

char *oracle_fit_scenario(const struct oracle_row *row, const char *folder, GError **ret_error)
{
    g_autoptr(FitDemand) data = read_data(row, folder, ret_error);

    if (data == NULL)
        return NULL;
    g_autofree char *made = g_dir_make_tmp("omosim-oracle-XXXXXX", ret_error);
    if (made == NULL)
        return NULL;
    char *path = g_build_filename(made, "fitted.yaml", NULL);
    if (fit_scenario_write_demand(data, path, ret_error))
        return path;
    oracle_remove_scenario(path);
    return NULL;
}

void oracle_remove_scenario(char *path)
{
    if (path == NULL)
        return;
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *profile = g_build_filename(folder, "fitted_profile.csv", NULL);

    g_unlink(profile);
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
}
