/* What an audit found, for machines: JSON, and JUnit XML for build servers.
 *
 * In JUnit a violated invariant is a failure, with its findings as the text; one that cannot be told
 * is skipped, with what was missing as the reason: a build that does not read its books should not
 * look as if they had been found in order.
 */
#include "replay/audit/tell.h"

#include "shell/json.h"
#include "shell/output.h"
#include "shell/xml.h"

/* ---- JSON ------------------------------------------------------------------------------------ */

static json_t *json_of_finding(const struct audit_finding *f)
{
    json_t *object = json_object(), *requests = json_array();

    for (guint i = 0; i < f->requests->len; i++) {
        const struct audit_request *r = &g_array_index(f->requests, struct audit_request, i);
        json_t *request = json_object();
        json_object_set_new(request, "number", json_integer((json_int_t)r->number));
        json_object_set_new(request, "text", json_make_text(r->text));
        json_array_append_new(requests, request);
    }
    json_object_set_new(object, "subject", json_make_text(f->subject));
    json_object_set_new(object, "text", json_make_text(f->text));
    json_object_set_new(object, "at_s",
                        f->at_us < 0 ? json_null() : json_make_number((double)f->at_us / 1e6));
    json_object_set_new(object, "amount", json_integer(f->amount));
    json_object_set_new(object, "requests", requests);
    return object;
}

static json_t *json_of_result(const Audit *audit, enum audit_invariant invariant)
{
    const struct audit_result *r = audit_result(audit, invariant);
    json_t *object = json_object(), *missing = json_array(), *findings = json_array();

    for (guint i = 0; i < r->missing->len; i++)
        json_array_append_new(missing, json_make_text(g_ptr_array_index(r->missing, i)));
    for (guint i = 0; i < r->findings->len; i++)
        json_array_append_new(findings, json_of_finding(g_ptr_array_index(r->findings, i)));
    json_object_set_new(object, "name", json_make_text(audit_invariant_name(invariant)));
    json_object_set_new(object, "title", json_make_text(audit_invariant_title(invariant)));
    json_object_set_new(object, "verdict", json_make_text(audit_verdict_name(r->verdict)));
    json_object_set_new(object, "checked", json_integer((json_int_t)r->checked));
    json_object_set_new(object, "open", json_integer((json_int_t)r->open));
    json_object_set_new(object, "violations", json_integer((json_int_t)r->violations));
    json_object_set_new(object, "amount", json_integer(r->amount));
    json_object_set_new(object, "missing", missing);
    json_object_set_new(object, "findings", findings);
    return object;
}

static json_t *json_of_counts(const struct audit_counts *c)
{
    const struct {
        const char *name;
        uint64_t count;
    } counts[] = {{"requests", c->requests},         {"done", c->done},
                  {"not_done", c->not_done},         {"open", c->open},
                  {"orders_asked", c->orders_asked}, {"orders_done", c->orders_done},
                  {"orders_open", c->orders_open},   {"orders_in_books", c->orders_in_books}};
    json_t *object = json_object();

    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        json_object_set_new(object, counts[i].name, json_integer((json_int_t)counts[i].count));
    return object;
}

json_t *audit_json(const Audit *audit)
{
    json_t *root = json_object(), *notes = json_array(), *invariants = json_array();

    for (const char *const *note = audit_notes(audit); *note != NULL; note++)
        json_array_append_new(notes, json_make_text(*note));
    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++)
        json_array_append_new(invariants, json_of_result(audit, i));
    json_object_set_new(root, "verdict", json_make_text(audit_verdict_name(audit_verdict(audit))));
    json_object_set_new(root, "counts", json_of_counts(audit_counts(audit)));
    json_object_set_new(root, "notes", notes);
    json_object_set_new(root, "invariants", invariants);
    return root;
}

/* ---- JUnit ----------------------------------------------------------------------------------- */

/* The findings as text, a line each. Caller frees. */
static char *junit_findings(const struct audit_result *r)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < r->findings->len; i++) {
        const struct audit_finding *f = g_ptr_array_index(r->findings, i);
        g_string_append_printf(text, "%s: %s\n", f->subject, f->text);
        for (guint k = 0; k < f->requests->len; k++)
            g_string_append_printf(text, "    %s\n",
                                   g_array_index(f->requests, struct audit_request, k).text);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *junit_missing(const struct audit_result *r)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < r->missing->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? "; " : "",
                               (const char *)g_ptr_array_index(r->missing, i));
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void junit_case(const Audit *audit, enum audit_invariant invariant, FILE *stream)
{
    const struct audit_result *r = audit_result(audit, invariant);
    g_autofree char *title = xml_escape(audit_invariant_title(invariant));

    fprintf(stream, "    <testcase classname=\"omosim.audit.%s\" name=\"%s\"",
            audit_invariant_name(invariant), title);
    if (r->verdict == AUDIT_VIOLATED) {
        g_autofree char *all = junit_findings(r);
        g_autofree char *findings = xml_escape_lines(all);
        g_autofree char *text = xml_escape(audit_invariant_text(invariant));
        fprintf(stream,
                ">\n      <failure message=\"%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                " violate it: %s\" type=\"%s\">%s</failure>\n    </testcase>\n",
                r->violations, r->checked, text, audit_invariant_name(invariant), findings);
    } else if (r->verdict == AUDIT_CANNOT_TELL) {
        g_autofree char *missing = junit_missing(r);
        g_autofree char *reason = xml_escape(missing);
        fprintf(stream, ">\n      <skipped message=\"%s\"/>\n    </testcase>\n", reason);
    } else {
        fprintf(stream, "/>\n");
    }
}

static uint32_t junit_count(const Audit *audit, enum audit_verdict verdict)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++)
        count += audit_result(audit, i)->verdict == verdict;
    return count;
}

uint32_t audit_junit_failures(const Audit *audit) { return junit_count(audit, AUDIT_VIOLATED); }

void audit_junit_suite(const Audit *audit, FILE *stream)
{
    fprintf(stream,
            "  <testsuite name=\"audit\" tests=\"%d\" failures=\"%u\" errors=\"0\" "
            "skipped=\"%u\">\n",
            AUDIT_INVARIANT_COUNT, audit_junit_failures(audit),
            junit_count(audit, AUDIT_CANNOT_TELL));
    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++)
        junit_case(audit, i, stream);
    fprintf(stream, "  </testsuite>\n");
}

gboolean audit_write_junit(const Audit *audit, const char *path, GError **ret_error)
{
    g_autoptr(Output) output = output_open(path, ret_error);

    if (output == NULL)
        return FALSE;
    FILE *stream = output_stream(output);
    fprintf(stream, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    fprintf(stream, "<testsuites tests=\"%d\" failures=\"%u\" errors=\"0\">\n",
            AUDIT_INVARIANT_COUNT, audit_junit_failures(audit));
    audit_junit_suite(audit, stream);
    fprintf(stream, "</testsuites>\n");
    return output_commit(output, ret_error);
}
