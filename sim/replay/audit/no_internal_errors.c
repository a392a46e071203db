/* No internal errors: a service may say that it is too busy (503), not that it broke. One finding for
 * each kind of request and status. While it was killed and starting again everything is forgiven. */
#include "replay/audit/judge.h"

static uint32_t show_some(const struct judge *judge, uint32_t request, uint32_t status,
                          struct audit_finding *finding)
{
    uint32_t shown = 0;

    for (uint32_t row = 0; row < judge->row_count && shown < AUDIT_REQUESTS_MAX; row++) {
        const struct record_row *r = &judge->rows[row];
        if (r->request != request || r->status != status ||
            judge_was_down(judge, r->intended_us, r->done_us))
            continue;
        judge_show(judge, finding, row);
        shown++;
    }
    return shown;
}

void no_internal_errors_judge(const struct judge *judge, struct audit_result *result)
{
    g_autoptr(GHashTable) errors = g_hash_table_new(judge_pair_hash, g_direct_equal);
    GHashTableIter iterator;
    gpointer key, value;

    for (uint32_t row = 0; row < judge->row_count; row++) {
        const struct record_row *r = &judge->rows[row];
        if (r->status == 0 || judge_was_down(judge, r->intended_us, r->done_us))
            continue;
        result->checked++;
        if (r->status < 500 || r->status > 599 || r->status == 503)
            continue;
        key = judge_pair(r->request, r->status);
        g_hash_table_insert(errors, key,
                            GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(errors, key)) +
                                             1));
    }
    g_hash_table_iter_init(&iterator, errors);
    while (g_hash_table_iter_next(&iterator, &key, &value)) {
        const uint32_t request = (uint32_t)(GPOINTER_TO_SIZE(key) >> 32);
        const uint32_t status = (uint32_t)GPOINTER_TO_SIZE(key);
        const char *name = history_request_name(judge->history, request);
        const guint count = GPOINTER_TO_UINT(value);
        if (!judge_violated(result, count))
            continue;
        show_some(judge, request, status,
                  judge_find(result, count, -1,
                             g_strdup_printf("request %s", name != NULL ? name : "without a name"),
                             g_strdup_printf("%u of them answered %u", count, status)));
    }
}
