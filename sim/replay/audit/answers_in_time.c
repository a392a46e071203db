/* Answers in time: how many requests waited longer than the map allows, from their sending (or, of
 * those sent several times, from when they were due) to their answer, or until nobody waited any
 * more. Whoever gave up before the limit may have waited too long or not (`open`). While the service
 * was killed and starting again nobody counts. */
#include "replay/audit/judge.h"

#define SLOW_IN 1000 /* one of so many may be slow */

static int64_t waited_us(const struct judge *judge, uint32_t row)
{
    return judge->rows[row].done_us - judge_from_us(judge, row);
}

static bool counts(const struct judge *judge, uint32_t row)
{
    return judge_sendings(judge, row) > 0 && judge->rows[row].done_us >= 0 &&
           !judge_was_down(judge, judge->rows[row].intended_us, judge->rows[row].done_us);
}

/* The slowest, by insertion: there are few. */
static void show_slowest(const struct judge *judge, int64_t limit_us, struct audit_finding *finding)
{
    uint32_t slowest[AUDIT_REQUESTS_MAX], count = 0;

    for (uint32_t row = 0; row < judge->row_count; row++) {
        const int64_t waited = waited_us(judge, row);
        if (!counts(judge, row) || waited <= limit_us ||
            (count == AUDIT_REQUESTS_MAX && waited <= waited_us(judge, slowest[count - 1])))
            continue;
        uint32_t at = count < AUDIT_REQUESTS_MAX ? count++ : count - 1;
        for (; at > 0 && waited_us(judge, slowest[at - 1]) < waited; at--)
            slowest[at] = slowest[at - 1];
        slowest[at] = row;
    }
    for (uint32_t i = 0; i < count; i++)
        judge_show(judge, finding, slowest[i]);
}

void answers_in_time_judge(const struct judge *judge, struct audit_result *result)
{
    const int64_t limit_us = api_answers_within_us(judge->input->map);
    uint64_t slow = 0;

    if (limit_us == 0) {
        judge_missing(result, "the API map does not say `audit.answers_within`");
        return;
    }
    for (uint32_t row = 0; row < judge->row_count; row++) {
        if (!counts(judge, row))
            continue;
        const bool waited_long = waited_us(judge, row) > limit_us;
        result->checked++;
        result->open += !waited_long && judge->rows[row].status == 0;
        slow += waited_long;
    }
    if (slow * SLOW_IN <= result->checked || !judge_violated(result, (int64_t)slow))
        return;
    show_slowest(judge, limit_us,
                 judge_find(result, (int64_t)slow, -1, g_strdup("all requests"),
                            g_strdup_printf("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                                            " requests waited longer than %.3f s: one in %u may",
                                            slow, result->checked, (double)limit_us / 1e6,
                                            SLOW_IN)));
}
