/* No unit sold twice: a sweep over time, position by position.
 *
 * At each moment the units that are certainly sold (judge_holds.c) must not be more than were there
 * at the beginning and may have come since. What is certain are promises, so a shop whose stock looks
 * right is caught all the same when it acknowledged more orders than it had units for: no count of
 * its own is asked but the one from before the run.
 *
 * Units that were sold twice at a place are told there; over all places only what is beyond that.
 */
#include "replay/audit/judge.h"

struct excess {
    int64_t units, sold, there; /* at the worst moment */
    int64_t at_us, from_us;     /* that moment, and the first of which it was too much */
};

/* Units that came back count as not sold. */
static struct excess sweep(const struct judge *judge, const struct judge_position *position,
                           GArray *changes)
{
    struct excess worst = {.from_us = JUDGE_NEVER};
    int64_t sold = 0;

    judge_changes(judge, position, changes);
    const int64_t there = g_array_index(changes, struct audit_level, 0).there;
    for (guint i = 1; i < changes->len; i++) {
        const struct audit_level *change = &g_array_index(changes, struct audit_level, i);
        sold += change->sold - change->there;
        if (i + 1 < changes->len && change[1].at_us == change->at_us)
            continue; /* all of one moment at once */
        if (sold > there)
            worst.from_us = MIN(worst.from_us, change->at_us);
        if (sold - there > worst.units)
            worst = (struct excess){sold - there, sold, there, change->at_us, worst.from_us};
    }
    return worst;
}

/* The surplus: the orders that were acknowledged last, of those that hold units at the worst
 * moment. Pointers to struct judge_hold. */
static GPtrArray *surplus(const struct judge *judge, const struct judge_position *position,
                          const struct excess *worst)
{
    GPtrArray *holds = g_ptr_array_new();
    int64_t left = worst->units;

    for (uint32_t i = position->hold_count; left > 0 && i-- > 0;) {
        struct judge_hold *hold =
            &g_array_index(judge->holds, struct judge_hold, position->hold_first + i);
        if (hold->from_us > worst->at_us || hold->until_us <= worst->at_us)
            continue;
        left -= hold->units;
        g_ptr_array_add(holds, hold);
    }
    return holds;
}

static char *surplus_text(const struct judge *judge, const GPtrArray *holds)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < MIN(holds->len, AUDIT_REQUESTS_MAX); i++) {
        const struct judge_hold *hold = g_ptr_array_index(holds, i);
        g_autofree char *name = hold->order == JUDGE_NONE
                                    ? g_strdup("nobody asked for")
                                    : judge_order_text(judge, judge_order(judge, hold->order));
        g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", name);
    }
    if (holds->len > AUDIT_REQUESTS_MAX)
        g_string_append_printf(text, " and %u more", holds->len - AUDIT_REQUESTS_MAX);
    return g_strdup(text->str);
}

static void tell(const struct judge *judge, const struct judge_position *position,
                 const struct excess *worst, int64_t amount, struct audit_result *result)
{
    g_autoptr(GPtrArray) holds = surplus(judge, position, worst);
    g_autofree char *orders = surplus_text(judge, holds);
    g_autofree char *since = worst->from_us < JUDGE_BOOKS ? judge_time_text(worst->from_us) : NULL;
    g_autofree char *from = since == NULL ? g_strdup("known from the books after the run")
                                          : g_strdup_printf("from %s on", since);
    g_autofree char *apart =
        amount < worst->units
            ? g_strdup_printf(" (%" G_GINT64_FORMAT " told of its places)", worst->units - amount)
            : g_strdup("");
    char *text = g_strdup_printf("%" G_GINT64_FORMAT " units sold, %" G_GINT64_FORMAT
                                 " were there: %" G_GINT64_FORMAT
                                 " sold twice%s, %s; the last to be promised: %s",
                                 worst->sold, worst->there, worst->units, apart, from, orders);

    struct audit_finding *finding =
        judge_find(result, amount, worst->from_us, judge_position_text(judge, position), text);
    for (guint i = 0; i < holds->len; i++) {
        const struct judge_hold *hold = g_ptr_array_index(holds, i);
        if (hold->row != JUDGE_NONE)
            judge_show(judge, finding, hold->row);
    }
}

void units_sold_once_judge(const struct judge *judge, struct audit_result *result)
{
    g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(struct audit_level));
    g_autofree int64_t *told = g_new0(int64_t, judge->positions->len + 1);

    if (!JUDGE_HAS(judge->after, stock, opening))
        judge_needs(result, judge->before, "before", BOOK_stock);
    judge_needs(result, judge->after, "after", BOOK_orders);
    if (books_row_count(judge->after, BOOK_orders) > 0 &&
        !JUDGE_HAS(judge->after, order_lines, quantity))
        judge_missing(result, "the orders' lines were not read");
    for (int over_all = 0; over_all < 2; over_all++) {
        for (guint i = 0; i < judge->positions->len; i++) {
            const struct judge_position *position = judge_position(judge, i);
            if ((position->place == INTERN_NONE) != (over_all == 1) || position->hold_count == 0)
                continue;
            if (position->supply == BOOKS_NO_NUMBER) {
                judge_missing(result,
                              "units that were there before the run, of positions sold from");
                continue;
            }
            const struct excess worst = sweep(judge, position, changes);
            const int64_t beyond = worst.units - (over_all == 1 ? told[i] : 0);
            result->checked++;
            result->open += position->has_open;
            told[judge_position_find(judge, INTERN_NONE, position->sku)] +=
                over_all == 0 ? worst.units : 0;
            if (beyond > 0 && judge_violated(result, beyond))
                tell(judge, position, &worst, beyond, result);
        }
    }
}
