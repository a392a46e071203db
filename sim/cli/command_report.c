/* omosim report: a result database as one page.
 *
 * The page is made of the database alone, so a result can be carried to another machine and looked
 * at there. Its name says nothing about the content: without -o it takes the database's.
 */
#include "cli/command.h"
#include "cli/options.h"
#include "report/report.h"
#include "results/load_results.h"

#include <stdio.h>
#include <string.h>

static const struct options_page page = {
    .usage = "report [OPTION...] RESULT.db [LOAD.db...]",
    .summary = "Writes a self-contained HTML page about a result of `omosim run`, `compare`, `sweep`,\n"
               "`replay` or `capacity`, or about the record of an audited run. Several load\n"
               "results stand beside each other, the first in full. Pictures are drawn by gnuplot.\n",
    .examples = "  omosim report o2o.db\n"
                "  omosim report o2o.db -o page.html\n"
                "  omosim report open.db closed.db\n",
    .positional_min = 1,
    .positional_max = LOAD_RESULTS_OPEN_MAX,
};

/* "dir/x.db" gives "dir/x.html". Caller frees. */
static char *default_page(const char *result)
{
    g_autofree char *stem = g_str_has_suffix(result, ".db")
                                ? g_strndup(result, strlen(result) - strlen(".db"))
                                : g_strdup(result);

    return g_strconcat(stem, ".html", NULL);
}

enum command_status command_report(int argc, char **argv, GError **ret_error)
{
    g_autofree char *out = NULL;
    const GOptionEntry entries[] = {
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &out, "The page (default: RESULT.html)",
         "FILE.html"},
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
    if (out == NULL)
        out = default_page(argv[1]);
    if (argc == 2 ? !report_write(argv[1], out, NULL, ret_error)
                  : !report_write_load((const char *const *)argv + 1, (uint32_t)argc - 1, out, NULL,
                                       ret_error))
        return COMMAND_ERROR;
    fprintf(stderr, "report: %s\n", out);
    return COMMAND_DONE;
}
