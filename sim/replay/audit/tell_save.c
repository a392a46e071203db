/* What an audit found, into tables of the record (results/audit_results.h), where the report page
 * and later readers find it beside the requests. An audit of the same record made again replaces what
 * an earlier one said: each table is replaced whole, the one that says the verdicts last.
 */
#include "replay/audit/tell.h"

#include "results/record_table.h"

#include <inttypes.h>

/* Texts, a line each. Caller frees. */
static char *lines(const GPtrArray *texts)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < texts->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "",
                               (const char *)g_ptr_array_index(texts, i));
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *request_lines(const struct audit_finding *f)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < f->requests->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "",
                               g_array_index(f->requests, struct audit_request, i).text);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static gboolean save_findings(const Audit *audit, const char *record, GError **ret_error)
{
    static const struct record_column columns[] = {{"invariant", true}, {"rank", false},
                                                   {"subject", true},   {"text", true},
                                                   {"at_us", false},    {"amount", false},
                                                   {"requests", true}};
    g_autoptr(RecordTable) table =
        record_table_write(record, "audit_finding", columns, G_N_ELEMENTS(columns), ret_error);

    if (table == NULL)
        return FALSE;
    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++) {
        const GPtrArray *findings = audit_result(audit, i)->findings;
        for (guint k = 0; k < findings->len; k++) {
            const struct audit_finding *f = g_ptr_array_index(findings, k);
            g_autofree char *requests = request_lines(f);
            const struct record_cell cells[] = {
                {.text = audit_invariant_name(i)},
                {.number = k + 1},
                {.text = f->subject},
                {.text = f->text},
                {.number = f->at_us < 0 ? RECORD_NO_NUMBER : f->at_us},
                {.number = f->amount},
                {.text = requests},
            };
            if (!record_table_add(table, cells, ret_error))
                return FALSE;
        }
    }
    return record_table_commit(table, ret_error);
}

static gboolean save_levels(const Audit *audit, const char *record, GError **ret_error)
{
    static const struct record_column columns[] = {{"subject", true},
                                                   {"at_us", false},
                                                   {"sold", false},
                                                   {"there", false}};
    const struct audit_levels *levels = audit_levels(audit);
    g_autoptr(RecordTable) table =
        record_table_write(record, "audit_level", columns, G_N_ELEMENTS(columns), ret_error);

    if (table == NULL)
        return FALSE;
    for (guint i = 0; levels->rows != NULL && i < levels->rows->len; i++) {
        const struct audit_level *l = &g_array_index(levels->rows, struct audit_level, i);
        const struct record_cell cells[] = {{.text = levels->subject},
                                            {.number = l->at_us},
                                            {.number = l->sold},
                                            {.number = l->there}};
        if (!record_table_add(table, cells, ret_error))
            return FALSE;
    }
    return record_table_commit(table, ret_error);
}

static gboolean add_fact(RecordTable *table, const char *key, const char *value, GError **ret_error)
{
    const struct record_cell cells[] = {{.text = key}, {.text = value}};

    return record_table_add(table, cells, ret_error);
}

static gboolean add_count(RecordTable *table, const char *key, uint64_t count, GError **ret_error)
{
    g_autofree char *text = g_strdup_printf("%" PRIu64, count);

    return add_fact(table, key, text, ret_error);
}

static gboolean save_facts(const Audit *audit, const char *record, GError **ret_error)
{
    static const struct record_column columns[] = {{"key", true}, {"value", true}};
    const struct audit_counts *c = audit_counts(audit);
    g_autofree char *sentence = audit_sentence(audit);
    g_autoptr(RecordTable) table =
        record_table_write(record, "audit_fact", columns, G_N_ELEMENTS(columns), ret_error);

    if (table == NULL ||
        !add_fact(table, "verdict", audit_verdict_name(audit_verdict(audit)), ret_error) ||
        !add_fact(table, "sentence", sentence, ret_error) ||
        !add_count(table, "requests", c->requests, ret_error) ||
        !add_count(table, "done", c->done, ret_error) ||
        !add_count(table, "not_done", c->not_done, ret_error) ||
        !add_count(table, "open", c->open, ret_error) ||
        !add_count(table, "orders_asked", c->orders_asked, ret_error) ||
        !add_count(table, "orders_done", c->orders_done, ret_error) ||
        !add_count(table, "orders_open", c->orders_open, ret_error) ||
        !add_count(table, "orders_in_books", c->orders_in_books, ret_error))
        return FALSE;
    for (const char *const *note = audit_notes(audit); *note != NULL; note++)
        if (!add_fact(table, "note", *note, ret_error))
            return FALSE;
    return record_table_commit(table, ret_error);
}

static gboolean save_results(const Audit *audit, const char *record, GError **ret_error)
{
    static const struct record_column columns[] = {{"invariant", true},   {"title", true},
                                                   {"text", true},        {"verdict", true},
                                                   {"checked", false},    {"open", false},
                                                   {"violations", false}, {"amount", false},
                                                   {"missing", true}};
    g_autoptr(RecordTable) table =
        record_table_write(record, "audit", columns, G_N_ELEMENTS(columns), ret_error);

    if (table == NULL)
        return FALSE;
    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++) {
        const struct audit_result *r = audit_result(audit, i);
        g_autofree char *missing = lines(r->missing);
        const struct record_cell cells[] = {
            {.text = audit_invariant_name(i)},
            {.text = audit_invariant_title(i)},
            {.text = audit_invariant_text(i)},
            {.text = audit_verdict_name(r->verdict)},
            {.number = (int64_t)r->checked},
            {.number = (int64_t)r->open},
            {.number = (int64_t)r->violations},
            {.number = r->amount},
            {.text = missing},
        };
        if (!record_table_add(table, cells, ret_error))
            return FALSE;
    }
    return record_table_commit(table, ret_error);
}

gboolean audit_save(const Audit *audit, const char *record, GError **ret_error)
{
    return save_findings(audit, record, ret_error) && save_facts(audit, record, ret_error) &&
           save_levels(audit, record, ret_error) && save_results(audit, record, ret_error);
}
