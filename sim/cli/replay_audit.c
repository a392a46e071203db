/* The audit around a load run. */
#include "cli/replay_audit.h"

#include "shell/diagnostic.h"

#include <stdio.h>

void replay_audit_add(GArray *entries, struct replay_audit *a)
{
    const GOptionEntry mine[] = {
        {"audit", 0, 0, G_OPTION_ARG_NONE, &a->wanted,
         "Hold what customers were told against the service's books (omosim audit)", NULL},
        {"findings", 0, 0, G_OPTION_ARG_FILENAME, &a->findings_text,
         "Show so many findings of each invariant (default: " G_STRINGIFY(AUDITING_FINDINGS) ")",
         "N"},
    };

    g_array_append_vals(entries, mine, G_N_ELEMENTS(mine));
}

void replay_audit_clear(struct replay_audit *a)
{
    auditing_clear(&a->auditing);
    g_clear_pointer(&a->findings_text, g_free);
}

gboolean replay_audit_check(struct replay_audit *a, const struct replay_options *options,
                            GError **ret_error)
{
    uint64_t findings = AUDITING_FINDINGS;

    if (!replay_parse_whole("findings", a->findings_text, 0, AUDIT_FINDINGS_MAX, &findings,
                            ret_error))
        return FALSE;
    a->findings_max = (uint32_t)findings;
    return !a->wanted || auditing_check_map(options->map, options->api, ret_error);
}

gboolean replay_audit_begin(struct replay_audit *a, const struct replay_options *options,
                            const char *record, GError **ret_error)
{
    const struct load_options *load = &options->load;
    g_autoptr(GError) error = NULL;

    a->auditing.map = options->map;
    a->auditing.target = options->targets->pdata[0];
    a->auditing.timeout_ns = load->timeout_ns;
    a->auditing.record = record;
    if (record == NULL && !a->wanted)
        return TRUE;
    if (record == NULL && !auditing_make_record(&a->auditing, ret_error))
        return FALSE;
    if (options->targets->len > 1 && api_has_books(options->map))
        fprintf(stderr,
                "warning: the books are read at the first of %u targets: they must be "
                "addresses of one service\n",
                options->targets->len);
    if (!api_has_books(options->map) ||
        auditing_read_before(&a->auditing, load->plan, load->from_us, load->to_us, &error))
        return TRUE;
    if (a->wanted) {
        g_propagate_error(ret_error, g_steal_pointer(&error));
        return FALSE;
    }
    fprintf(stderr, "warning: %s: an audit of this run will know less\n", error->message);
    return TRUE;
}

gboolean replay_audit_end(struct replay_audit *a, bool judge, GError **ret_error)
{
    if (a->auditing.record == NULL)
        return TRUE;
    return auditing_keep_before(&a->auditing, ret_error) &&
           (!judge || auditing_judge(&a->auditing, TRUE, ret_error));
}
