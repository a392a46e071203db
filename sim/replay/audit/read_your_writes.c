/* Members see what they did: a balance that is read after an acknowledgement has it in it, and an
 * order that was acknowledged is not unknown to the member who placed it.
 *
 * A balance may count what was under way while it was read, and what is open; it must count what was
 * acknowledged before the question was sent. Each read is held against all requests of its member that
 * touch points, which members have few of; one with more than EFFECTS_MAX is passed over.
 */
#include "replay/audit/judge.h"

#define NOT_FOUND 404
#define EFFECTS_MAX 4096

static void judge_read(const struct judge *judge, uint32_t row, int64_t told,
                       struct audit_result *result)
{
    const uint32_t at = judge_member_of_row(judge, row);
    const struct judge_member *member =
        at == JUDGE_NONE ? NULL : &g_array_index(judge->members, struct judge_member, at);
    const uint32_t before_row = member != NULL ? judge_points_row(judge, member->name) : JUDGE_NONE;
    struct judge_points points;

    if (before_row == JUDGE_NONE)
        return;
    if (member->effect_count > EFFECTS_MAX) {
        judge_missing(result, "member %s has more than %d requests for points",
                      intern_text(judge->texts, member->name), EFFECTS_MAX);
        return;
    }
    const int64_t before = JUDGE_NUMBER(judge->before, points, balance, before_row);
    if (before == BOOKS_NO_NUMBER)
        return;
    const bool good = judge_points_explain(judge, member, judge_from_us(judge, row),
                                           judge->rows[row].done_us, told - before, &points);
    result->checked++;
    result->open += points.open_count > 0 || judge_points_moved(judge, member->name);
    if (good || judge_points_moved(judge, member->name))
        return;
    const int64_t amount = told - before < points.low    ? points.low - (told - before)
                           : told - before > points.high ? told - before - points.high
                                                         : 1;
    if (!judge_violated(result, amount))
        return;
    struct audit_finding *finding = judge_find(
        result, amount, judge->rows[row].done_us,
        g_strdup_printf("member %s", intern_text(judge->texts, member->name)),
        g_strdup_printf("the balance was %" G_GINT64_FORMAT
                        " before the run, answers before this question added %" G_GINT64_FORMAT
                        ", and the member was told %" G_GINT64_FORMAT,
                        before, points.certain, told));
    judge_show(judge, finding, row);
    for (uint32_t i = 0; i < member->effect_count; i++) {
        const struct judge_effect *effect =
            &g_array_index(judge->effects, struct judge_effect, member->effect_first + i);
        if (effect->row != JUDGE_NONE && effect->from_us <= judge->rows[row].done_us)
            judge_show(judge, finding, effect->row);
    }
}

/* Customers' own requests; clerks are sent to places where an order may well be unknown. */
/* Whether the service may have given the order up by itself: nobody paid in time, and it is not in the
 * books as one that stands. */
static bool may_be_expired(const struct judge *judge, const struct judge_order *order)
{
    return !judge_order_is_firm(judge, order) &&
           (order->book == JUDGE_NONE || !judge_row_stands(judge, order->book));
}

static void judge_order_reads(const struct judge *judge, const struct judge_order *order,
                              struct audit_result *result)
{
    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        const struct record_row *row = &judge->rows[deed->row];
        const int64_t from_us = judge_from_us(judge, deed->row);
        if ((deed->deed != DEED_pay && deed->deed != DEED_cancel) ||
            order->placed_by_us >= from_us || row->status == 0)
            continue;
        result->checked++;
        if (row->status != NOT_FOUND || order->cancelled_from_us < row->done_us ||
            may_be_expired(judge, order) || !judge_violated(result, 1))
            continue;
        g_autofree char *name = judge_order_text(judge, order);
        struct audit_finding *finding = judge_find(
            result, 1, row->done_us, g_strdup_printf("order %s", name),
            g_strdup("it was acknowledged, and the service did not know it when asked afterwards"));
        judge_show(judge, finding, deed->row);
        judge_show_order(judge, finding, order);
    }
}

void read_your_writes_judge(const struct judge *judge, struct audit_result *result)
{
    int64_t told;

    if (judge->tells_points)
        judge_needs(result, judge->before, "before", BOOK_points);
    if (judge->tells_points && !judge->is_complete)
        judge_missing(result, "the record is not complete: it may lack requests");
    for (uint32_t row = 0; judge->tells_points && judge->is_complete && row < judge->row_count;
         row++)
        if (judge->certainty[row] == CERTAINTY_DONE &&
            judge_told(judge, row, TELLING_points, &told))
            judge_read(judge, row, told, result);
    for (guint i = 0; i < judge->orders->len; i++)
        if (judge_order(judge, i)->placed_by_us != JUDGE_NEVER)
            judge_order_reads(judge, judge_order(judge, i), result);
}
