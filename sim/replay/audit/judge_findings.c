/* Findings: the worst are kept with their evidence, all are counted. */
#include "replay/audit/judge.h"

#include <inttypes.h>
#include <string.h>

static gint64 worth(const struct audit_finding *finding) { return ABS(finding->amount); }

bool judge_violated(struct audit_result *result, int64_t amount)
{
    result->violations++;
    result->amount += ABS(amount);
    return result->findings->len < AUDIT_FINDINGS_MAX ||
           ABS(amount) > worth(result->findings->pdata[result->findings->len - 1]);
}

static void finding_free(gpointer data)
{
    struct audit_finding *finding = data;

    for (guint i = 0; i < finding->requests->len; i++)
        g_free(g_array_index(finding->requests, struct audit_request, i).text);
    g_array_unref(finding->requests);
    g_free(finding->subject);
    g_free(finding->text);
    g_free(finding);
}

GPtrArray *judge_findings_new(void) { return g_ptr_array_new_with_free_func(finding_free); }

/* Behind those that are as bad: the first found of equals is the first told. */
struct audit_finding *judge_find(struct audit_result *result, int64_t amount, int64_t at_us,
                                 char *subject, char *text)
{
    struct audit_finding *finding = g_new0(struct audit_finding, 1);
    guint at = result->findings->len;

    finding->subject = subject;
    finding->text = text;
    finding->at_us = at_us >= JUDGE_BOOKS ? -1 : at_us;
    finding->amount = amount;
    finding->requests = g_array_new(FALSE, FALSE, sizeof(struct audit_request));
    if (at == AUDIT_FINDINGS_MAX)
        g_ptr_array_remove_index(result->findings, --at);
    while (at > 0 && worth(result->findings->pdata[at - 1]) < worth(finding))
        at--;
    g_ptr_array_insert(result->findings, (gint)at, finding);
    return finding;
}

char *judge_time_text(int64_t at_us)
{
    return at_us >= JUDGE_BOOKS || at_us < 0 ? g_strdup("known from the books")
                                             : g_strdup_printf("%.3f s", (double)at_us / 1e6);
}

static const char *how_certain(const struct judge *judge, uint32_t row)
{
    static const char *const text[] = {"not done", "open", "acknowledged"};
    const char *outcome = history_outcome_name(judge->history, judge->rows[row].outcome);

    if (judge->certainty[row] == CERTAINTY_DONE || outcome == NULL)
        return text[judge->certainty[row]];
    return outcome;
}

static void add_times(GString *text, const struct record_row *row, uint32_t sendings)
{
    if (sendings > 1)
        g_string_append_printf(text, ", due %.3f s", (double)row->intended_us / 1e6);
    if (row->sent_us >= 0)
        g_string_append_printf(text, sendings > 1 ? ", last sent %.3f s" : ", sent %.3f s",
                               (double)row->sent_us / 1e6);
    else
        g_string_append(text, ", not sent");
    if (row->done_us >= 0 && row->status != 0)
        g_string_append_printf(text, ", answered %.3f s", (double)row->done_us / 1e6);
    if (sendings > 1)
        g_string_append_printf(text, ", %u tries", sendings);
}

/* "check_out of order 21-4 by member 7: acknowledged, 201, sent 12.041 s, answered 12.080 s, 3
 * tries" */
void judge_show(const struct judge *judge, struct audit_finding *finding, uint32_t row)
{
    const struct record_row *r = &judge->rows[row];
    const char *name = history_request_name(judge->history, r->request);
    struct audit_request request = {.number = r->number};
    g_autoptr(GString) text = g_string_new(NULL);

    if (finding->requests->len >= AUDIT_REQUESTS_MAX)
        return;
    for (guint i = 0; i < finding->requests->len; i++)
        if (g_array_index(finding->requests, struct audit_request, i).number == r->number)
            return;
    g_string_append(text, name != NULL ? name : "request");
    if (r->order != 0)
        g_string_append_printf(text, " of order %" PRIu64, r->order);
    if (r->order != 0 && r->pass > 0)
        g_string_append_printf(text, "-%" PRIu32, r->pass);
    if (history_sku(judge->history, r->sku) != INTERN_NONE) {
        if (r->quantity > 0)
            g_string_append_printf(text, ", %u x", r->quantity);
        g_string_append_printf(text, r->quantity > 0 ? " %s" : ", %s",
                               intern_text(judge->texts, history_sku(judge->history, r->sku)));
    }
    if (history_place(judge->history, r->place) != INTERN_NONE)
        g_string_append_printf(text, " at %s",
                               intern_text(judge->texts, history_place(judge->history, r->place)));
    if (r->member != 0)
        g_string_append_printf(text, " by member %" PRIu64, r->member);
    g_string_append_printf(text, ": %s", how_certain(judge, row));
    if (r->status != 0)
        g_string_append_printf(text, ", %u", r->status);
    add_times(text, r, judge_sendings(judge, row));
    request.text = g_strdup(text->str);
    g_array_append_val(finding->requests, request);
}

void judge_show_order(const struct judge *judge, struct audit_finding *finding,
                      const struct judge_order *order)
{
    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        if (deed->deed != DEED_add && deed->deed != DEED_redeem)
            judge_show(judge, finding, deed->row);
    }
}

void judge_missing(struct audit_result *result, const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    for (guint i = 0; i < result->missing->len; i++) {
        if (strcmp(result->missing->pdata[i], text) == 0) {
            g_free(text);
            return;
        }
    }
    g_ptr_array_add(result->missing, text);
}

bool judge_needs(struct audit_result *result, const Books *books, const char *moment,
                 enum book book)
{
    const char *problem = books_problem(books, book);

    if (books_has(books, book))
        return true;
    if (problem != NULL)
        judge_missing(result, "book '%s' %s the run: %s", book_name(book), moment, problem);
    else
        judge_missing(result, "no book '%s' %s the run", book_name(book), moment);
    return false;
}

void judge_needs_cancelled(const struct judge *judge, struct audit_result *result)
{
    const Books *both[] = {judge->before, judge->after};

    for (size_t i = 0; i < G_N_ELEMENTS(both); i++)
        if (books_row_count(both[i], BOOK_orders) > 0 && !JUDGE_HAS(both[i], orders, cancelled))
            judge_missing(result, "no column `cancelled` of book 'orders'");
}
