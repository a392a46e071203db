/* omosim audit: whether a service kept its books, judged from the record of a run.
 *
 * The books before the run are in the record; those after it are read now, from --target, or were
 * kept by an earlier audit. The exit status is the verdict: 0 nothing is violated, 1 something is,
 * 2 the record is damaged or of another map, 3 the books can't be read.
 */
#include "cli/auditing.h"
#include "cli/command.h"
#include "cli/emit.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/replay_options.h"
#include "replay/audit/tell.h"
#include "report/report.h"
#include "shell/diagnostic.h"
#include "shell/output.h"

#include <stdio.h>

static const struct options_page page = {
    .usage = "audit [OPTION...] RUN.db --api MAP",
    .summary =
        "Holds what customers were told (`omosim replay --record RUN.db`) against the books of "
        "the\n"
        "service, which the section `audit` of the API map says how to read: units sold twice, "
        "lost\n"
        "orders, coupons, points, money. Without --target the books of an earlier audit are used.\n"
        "The exit status is 1 when something is violated.\n",
    .examples =
        "  omosim audit run.db --api scenarios/api/reference.yaml --target http://127.0.0.1:8080\n"
        "  omosim audit run.db --api api.yaml --json\n",
    .positional_min = 1,
    .positional_max = 1,
};

struct audit_command {
    struct replay_options options;
    struct auditing auditing;
    gboolean json;
    char *junit, *report, *findings_text;
    uint64_t findings;
};

static gboolean check_outputs(const struct audit_command *c, GError **ret_error)
{
    return (c->junit == NULL || output_check(c->junit, ret_error)) &&
           (c->report == NULL || (output_check(c->report, ret_error) && report_ready(ret_error)));
}

static enum command_status tell(const struct audit_command *c, const char *record,
                                GError **ret_error)
{
    const Audit *audit = c->auditing.audit;

    if (c->json)
        emit_json(audit_json(audit));
    else
        audit_print(audit, stdout, (uint32_t)c->findings);
    if ((c->junit != NULL && !audit_write_junit(audit, c->junit, ret_error)) ||
        (c->report != NULL && !report_write(record, c->report, NULL, ret_error)))
        return COMMAND_ERROR;
    return audit_verdict(audit) == AUDIT_VIOLATED ? COMMAND_FAILED : COMMAND_DONE;
}

static enum command_status audit(struct audit_command *c, const char *record, GError **ret_error)
{
    g_autoptr(GError) error = NULL;

    c->findings = AUDITING_FINDINGS;
    if (!replay_options_check_service(&c->options, ret_error) ||
        !replay_parse_whole("findings", c->findings_text, 0, AUDIT_FINDINGS_MAX, &c->findings,
                            ret_error) ||
        !check_outputs(c, ret_error) || !replay_options_open_service(&c->options, ret_error) ||
        !auditing_check_map(c->options.map, c->options.api, ret_error))
        return COMMAND_ERROR;
    c->auditing.map = c->options.map;
    c->auditing.record = record;
    c->auditing.timeout_ns = c->options.load.timeout_ns;
    if (c->options.targets->len > 0)
        c->auditing.target = c->options.targets->pdata[0];
    if (auditing_judge(&c->auditing, FALSE, &error))
        return tell(c, record, ret_error);
    if (interrupt_requested())
        return COMMAND_INTERRUPTED;
    g_propagate_error(ret_error, g_steal_pointer(&error));
    return COMMAND_ERROR;
}

enum command_status command_audit(int argc, char **argv, GError **ret_error)
{
    struct audit_command c = {.findings = 0};
    g_autoptr(GArray) entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    const GOptionEntry mine[] = {
        {"json", 'j', 0, G_OPTION_ARG_NONE, &c.json, "Machine output on standard output", NULL},
        {"junit", 0, 0, G_OPTION_ARG_FILENAME, &c.junit, "Write the invariants as JUnit XML",
         "FILE"},
        {"report", 'r', 0, G_OPTION_ARG_FILENAME, &c.report, "Write the report as a web page",
         "FILE.html"},
        {"findings", 0, 0, G_OPTION_ARG_FILENAME, &c.findings_text,
         "Show so many findings of each invariant (default: " G_STRINGIFY(AUDITING_FINDINGS) ")",
         "N"},
    };
    enum command_status status = COMMAND_ERROR;

    replay_options_add_service(entries, &c.options);
    g_array_append_vals(entries, mine, G_N_ELEMENTS(mine));
    switch (options_parse(&page, (const GOptionEntry *)(const void *)entries->data, &argc, &argv,
                          ret_error)) {
    case OPTIONS_GO:
        status = audit(&c, argv[1], ret_error);
        break;
    case OPTIONS_SHOWN:
        status = COMMAND_DONE;
        break;
    case OPTIONS_ERROR:
        break;
    }
    auditing_clear(&c.auditing);
    replay_options_clear(&c.options);
    return status;
}
