/* Points add up: each member's balance is what it was, plus what was earned, less what was spent, by
 * what the member was told; and the service's own ledger says the same. */
#include "replay/audit/judge.h"

static void show_effects(const struct judge *judge, const struct judge_member *member,
                         struct audit_finding *finding)
{
    for (uint32_t i = 0; i < member->effect_count; i++) {
        const struct judge_effect *effect =
            &g_array_index(judge->effects, struct judge_effect, member->effect_first + i);
        if (effect->row != JUDGE_NONE)
            judge_show(judge, finding, effect->row);
    }
}

static char *subject_of(const struct judge *judge, uint32_t name)
{
    return g_strdup_printf("member %s", intern_text(judge->texts, name));
}

/* By what the member was told. */
static void judge_told_points(const struct judge *judge, uint32_t name, int64_t before,
                              int64_t after, struct audit_result *result)
{
    static const struct judge_member nobody = {0};
    const uint32_t at = judge_member_find(judge, name);
    const struct judge_member *member =
        at == JUDGE_NONE ? &nobody : &g_array_index(judge->members, struct judge_member, at);
    struct judge_points points;
    const bool good =
        judge_points_explain(judge, member, JUDGE_BOOKS, JUDGE_BOOKS, after - before, &points);
    int64_t amount;

    const bool may_move = judge_points_moved(judge, name);
    result->open += points.open_count > 0 || may_move;
    if (good || may_move)
        return;
    amount = after - before < points.low    ? points.low - (after - before)
             : after - before > points.high ? after - before - points.high
                                            : 1; /* between two sums */
    if (!judge_violated(result, amount))
        return;
    g_autofree char *open =
        points.open_count == 0
            ? g_strdup("")
            : g_strdup_printf(", give or take %u open requests", points.open_count);
    show_effects(judge, member,
                 judge_find(result, amount, -1, subject_of(judge, name),
                            g_strdup_printf("the balance was %" G_GINT64_FORMAT
                                            " and answers added %" G_GINT64_FORMAT
                                            "%s; it is %" G_GINT64_FORMAT
                                            ": off by %" G_GINT64_FORMAT,
                                            before, points.certain, open, after, amount)));
}

/* By the service's own ledger: what changed, or all of it when the book before lacks the columns.
 * FALSE: it has none. */
static bool judge_ledger(const struct judge *judge, uint32_t row, uint32_t before_row,
                         struct audit_result *result)
{
    const Books *books = judge->after;
    int64_t balance = JUDGE_NUMBER(books, points, balance, row);
    int64_t earned = JUDGE_NUMBER(books, points, earned, row);
    int64_t spent = JUDGE_NUMBER(books, points, spent, row);

    if (earned == BOOKS_NO_NUMBER || spent == BOOKS_NO_NUMBER)
        return false;
    if (before_row != JUDGE_NONE &&
        JUDGE_NUMBER(judge->before, points, earned, before_row) != BOOKS_NO_NUMBER &&
        JUDGE_NUMBER(judge->before, points, spent, before_row) != BOOKS_NO_NUMBER) {
        balance -= JUDGE_NUMBER(judge->before, points, balance, before_row);
        earned -= JUDGE_NUMBER(judge->before, points, earned, before_row);
        spent -= JUDGE_NUMBER(judge->before, points, spent, before_row);
    }
    const int64_t amount = ABS(balance - (earned - spent));
    if (amount > 0 && judge_violated(result, amount))
        judge_find(result, amount, -1, subject_of(judge, JUDGE_TEXT(books, points, member, row)),
                   g_strdup_printf("the service's ledger has %" G_GINT64_FORMAT
                                   " points earned and %" G_GINT64_FORMAT
                                   " spent, the balance changed by %" G_GINT64_FORMAT,
                                   earned, spent, balance));
    return true;
}

void points_balance_judge(const struct judge *judge, struct audit_result *result)
{
    const bool is_whole = judge_needs(result, judge->before, "before", BOOK_points);

    if (!judge_needs(result, judge->after, "after", BOOK_points) &&
        books_row_count(judge->after, BOOK_points) == 0)
        return;
    if (!judge->tells_points)
        judge_missing(result, "no answer told points earned or spent");
    if (!judge->is_complete)
        judge_missing(result, "the record is not complete: it may lack requests");
    for (uint32_t row = 0; row < books_row_count(judge->after, BOOK_points); row++) {
        const uint32_t name = JUDGE_TEXT(judge->after, points, member, row);
        const uint32_t before_row = judge_points_row(judge, name);
        const int64_t before =
            before_row == JUDGE_NONE ? 0 : JUDGE_NUMBER(judge->before, points, balance, before_row);
        const int64_t after = JUDGE_NUMBER(judge->after, points, balance, row);
        if (after == BOOKS_NO_NUMBER || before == BOOKS_NO_NUMBER)
            continue;
        const bool by_told =
            judge->tells_points && judge->is_complete && (before_row != JUDGE_NONE || is_whole);
        const bool by_ledger = judge_ledger(judge, row, before_row, result);
        result->checked += by_told || by_ledger;
        if (by_told)
            judge_told_points(judge, name, before, after, result);
    }
}
