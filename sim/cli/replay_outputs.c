/* Outputs of load runs. */
#include "cli/replay_outputs.h"
#include "cli/emit.h"
#include "replay/audit/tell.h"
#include "report/report.h"
#include "shell/diagnostic.h"
#include "shell/output.h"

#include <string.h>
#include <unistd.h>

void replay_outputs_add(GArray *entries, struct replay_outputs *o)
{
    const GOptionEntry mine[] = {
        {"json", 'j', 0, G_OPTION_ARG_NONE, &o->json, "Machine output on standard output", NULL},
        {"junit", 0, 0, G_OPTION_ARG_FILENAME, &o->junit, "Write thresholds as JUnit XML", "FILE"},
        {"csv", 0, 0, G_OPTION_ARG_FILENAME, &o->csv, "Write the series, a row an interval",
         "FILE"},
        {"hlog", 0, 0, G_OPTION_ARG_FILENAME, &o->hlog, "Write histograms as HdrHistogram log V2",
         "FILE"},
        {"hgrm", 0, 0, G_OPTION_ARG_FILENAME, &o->hgrm,
         "Write the response's percentiles as HdrHistogram text", "FILE"},
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &o->out, "Write the result database (SQLite)",
         "FILE.db"},
        {"report", 'r', 0, G_OPTION_ARG_FILENAME, &o->report, "Write the report as a web page",
         "FILE.html"},
    };

    g_array_append_vals(entries, mine, G_N_ELEMENTS(mine));
}

void replay_outputs_clear(struct replay_outputs *o)
{
    g_free(o->junit);
    g_free(o->csv);
    g_free(o->hlog);
    g_free(o->hgrm);
    g_free(o->out);
    g_free(o->report);
    *o = (struct replay_outputs){.json = FALSE};
}

gboolean replay_outputs_ready(const struct replay_outputs *o, GError **ret_error)
{
    const char *const paths[] = {o->junit, o->csv, o->hlog, o->hgrm, o->out, o->report};

    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        if (g_strcmp0(paths[i], "-") == 0) { /* elsewhere that is standard output */
            g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                        "'-' is no file: standard output has the summary, or --json");
            return FALSE;
        }
        if (paths[i] != NULL && !output_check(paths[i], ret_error))
            return FALSE;
    }
    return o->report == NULL || report_ready(ret_error);
}

/* The page is made of the database; without --out it is written beside the page and removed. */
static gboolean write_report(const struct replay_outputs *o, const struct load_report *report,
                             GError **ret_error)
{
    g_autofree char *aside = NULL;

    if (o->report == NULL)
        return TRUE;
    if (o->out != NULL)
        return report_write(o->out, o->report, NULL, ret_error);
    aside = g_strconcat(o->report, ".db.part", NULL);
    const gboolean done = summary_write_database(report, aside, ret_error) &&
                          report_write(aside, o->report, NULL, ret_error);
    unlink(aside);
    return done;
}

static void write_standard_output(const struct replay_outputs *o, const struct load_report *report)
{
    if (o->json) {
        json_t *summary = summary_json(report);
        if (report->audit != NULL)
            json_object_set_new(summary, "audit", audit_json(report->audit));
        emit_json(summary);
        return;
    }
    summary_print(report, stdout);
    if (report->audit == NULL)
        return;
    putchar('\n');
    audit_print(report->audit, stdout, o->findings_max);
}

gboolean replay_outputs_write(const struct replay_outputs *o, const struct load_report *report,
                              GError **ret_error)
{
    write_standard_output(o, report);
    return (o->junit == NULL || summary_write_junit(report, o->junit, ret_error)) &&
           (o->csv == NULL || summary_write_csv(report, o->csv, ret_error)) &&
           (o->hlog == NULL || summary_write_hlog(report, o->hlog, ret_error)) &&
           (o->hgrm == NULL || summary_write_hgrm(report, o->hgrm, ret_error)) &&
           (o->out == NULL || summary_write_database(report, o->out, ret_error)) &&
           write_report(o, report, ret_error);
}

/* A URL with three stars for its user and password. Caller frees. */
static char *hide_user(const char *text)
{
    const char *begin = strstr(text, "://");

    if (begin == NULL)
        return g_strdup(text);
    begin += 3;
    const char *end = begin + strcspn(begin, "/?#");
    const char *at = g_strrstr_len(begin, end - begin, "@");
    if (at == NULL)
        return g_strdup(text);
    return g_strdup_printf("%.*s***%s", (int)(begin - text), text, at);
}

char *replay_outputs_command(int argc, char *const *argv)
{
    GString *line = g_string_new("omosim");

    for (int i = 0; i < argc; i++) {
        g_autofree char *shown = hide_user(argv[i]);
        g_autofree char *quoted = g_shell_quote(shown);
        const bool plain =
            shown[0] != '\0' && strspn(shown, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789_.=,:%+-@*/") == strlen(shown);
        g_string_append_printf(line, " %s", plain ? shown : quoted);
    }
    return g_string_free(line, FALSE);
}
