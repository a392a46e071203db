/* How to get these numbers again, and how to see that one did: the digest of a point covers every
 * fact of every replication, so two runs that agree in it agree in all that is on the page.
 */
#include <inttypes.h>

#include "report/page.h"

static void provenance_item(GString *html, const char *name, const char *value)
{
    if (value[0] == '\0')
        return;
    g_string_append_printf(html, "<dt>%s</dt><dd>", name);
    page_text(html, value);
    g_string_append(html, "</dd>\n");
}

/* "held" or the names of the laws that were broken. */
static gboolean provenance_audit(Results *results, uint32_t point, GString *html,
                                 GError **ret_error)
{
    g_autoptr(GArray) audits = results_audits(results, point, ret_error);
    gboolean held = TRUE;

    if (audits == NULL)
        return FALSE;
    for (uint32_t i = 0; i < audits->len; i++) {
        const struct results_audit *audit = &g_array_index(audits, struct results_audit, i);
        if (audit->held)
            continue;
        g_string_append(html, held ? "<strong>broken: " : ", ");
        page_text(html, audit->law);
        held = FALSE;
    }
    g_string_append(html, audits->len == 0 ? "\u2013" : held ? "held" : "</strong>");
    return TRUE;
}

static gboolean provenance_points(const struct finding *finding, GString *html, GError **ret_error)
{
    Results *results = finding->results;

    g_string_append(html, "<div class=\"box\"><table><thead><tr><th>Design point</th>"
                          "<th>name</th><th class=\"text\">overrides</th>"
                          "<th>audit of the books</th><th>digest</th></tr></thead><tbody>\n");
    for (uint32_t p = 0; p < results_point_count(results); p++) {
        const struct results_point *point = results_get_point(results, p);
        g_string_append(html, "<tr><td>");
        page_point(finding, html, p);
        g_string_append(html, "</td><td><code>");
        page_text(html, point->name);
        g_string_append(html, "</code></td><td class=\"text\"><code>");
        page_text(html, point->overrides);
        g_string_append(html, "</code></td><td>");
        if (!provenance_audit(results, p, html, ret_error))
            return FALSE;
        g_string_append_printf(html, "</td><td><code>%016" PRIx64 "</code></td></tr>\n",
                               point->digest);
    }
    g_string_append(html, "</tbody></table></div>\n");
    return TRUE;
}

gboolean provenance_write(const struct finding *finding, GString *html, GError **ret_error)
{
    const struct results_meta *meta = results_get_meta(finding->results);
    g_autofree char *seed = g_strdup_printf("%" PRIu64, meta->seed);
    g_autofree char *replications = g_strdup_printf("%u", meta->replications);
    g_autofree char *version = g_strdup_printf("omosim %s", meta->version);

    g_string_append(html, "<section>\n<h2>To get this again</h2>\n");
    if (meta->command[0] != '\0') {
        g_string_append(html, "<pre><code>");
        page_text(html, meta->command);
        g_string_append(html, "</code></pre>\n");
    }
    g_string_append(html, "<dl>\n");
    provenance_item(html, "Scenario", meta->scenario);
    provenance_item(html, "SHA-256 of its text", meta->scenario_digest);
    provenance_item(html, "Seed", seed);
    provenance_item(html, "Replications", replications);
    provenance_item(html, "Version", version);
    g_string_append(html, "</dl>\n");
    if (!provenance_points(finding, html, ret_error))
        return FALSE;
    g_string_append(html, "<p class=\"note\">The same scenario, seed and version give the same "
                          "digests on any machine and with any number of threads.</p>\n"
                          "</section>\n");
    return TRUE;
}
