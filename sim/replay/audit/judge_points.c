/* Points: what was certainly added to a member's balance, what may have been, and whether a balance
 * can be explained by that.
 *
 * Answers tell what a request added (points_earned) and took (points_spent). Requests for the same
 * deed of the same order (a payment sent again, or twice) may be answered alike though only one of
 * them did something: one is certain, the others are open. An open request whose answer would have
 * told is worth what its likes told, else any amount. A cancellation or return that tells nothing may
 * give back up to what the order earned and spent, and so may an order that the service gave up.
 *
 * A balance is explained when a choice of the open effects gives it. Up to AUDIT_EXACT_MAX of them
 * all choices are tried; else anything between the least and the most will do.
 */
#include "replay/audit/judge.h"

#define ANY (INT64_C(1) << 50) /* points: more than anybody has */

enum tells { TELLS_EARNED = 1, TELLS_SPENT = 2 };

struct gathering {
    struct judge *judge;
    uint8_t *tells;    /* by request of the map */
    bool *is_answered; /* [the same]: some of them were acknowledged */
};

static uint32_t member_of(const struct judge *judge, const struct judge_order *order, uint32_t row)
{
    return order != NULL && order->member != JUDGE_NONE ? order->member
                                                        : judge_member_of_row(judge, row);
}

static bool told_amount(const struct judge *judge, uint32_t row, int64_t *ret_amount)
{
    int64_t earned = 0, spent = 0;
    const bool told_earned = judge_told(judge, row, TELLING_points_earned, &earned);
    const bool told_spent = judge_told(judge, row, TELLING_points_spent, &spent);

    *ret_amount = earned - spent;
    return told_earned || told_spent;
}

static void add(struct judge *judge, const struct judge_effect *effect)
{
    if (effect->member != JUDGE_NONE)
        g_array_append_val(judge->effects, *effect);
}

static uint8_t tells_of(const struct gathering *g, uint32_t row)
{
    const uint32_t request = g->judge->rows[row].request;

    return request < g->judge->request_count ? g->tells[request] : 0;
}

/* What a request of the order that was acknowledged for this deed certainly did: of several, the one
 * that told most. JUDGE_NONE = none. */
static uint32_t chosen_row(const struct judge *judge, const struct judge_order *order, uint8_t deed)
{
    uint32_t best = JUDGE_NONE;
    int64_t most = -1, amount;

    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *d = &judge->deeds[order->deed_first + k];
        if (d->deed == deed && d->certainty == CERTAINTY_DONE &&
            told_amount(judge, d->row, &amount) && ABS(amount) > most) {
            most = ABS(amount);
            best = d->row;
        }
    }
    return best;
}

/* When any request of the order for this deed that told the same was acknowledged first. */
static int64_t known_by(const struct judge *judge, const struct judge_order *order, uint8_t deed,
                        int64_t told)
{
    int64_t by_us = JUDGE_NEVER, amount;

    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *d = &judge->deeds[order->deed_first + k];
        if (d->deed == deed && d->certainty == CERTAINTY_DONE &&
            told_amount(judge, d->row, &amount) && amount == told)
            by_us = MIN(by_us, judge->rows[d->row].done_us);
    }
    return by_us;
}

static int64_t first_sent(const struct judge *judge, const struct judge_order *order, uint8_t deed)
{
    int64_t from_us = JUDGE_NEVER;

    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *d = &judge->deeds[order->deed_first + k];
        if (d->deed == deed && d->certainty != CERTAINTY_NOT_DONE)
            from_us = MIN(from_us, judge_from_us(judge, d->row));
    }
    return from_us;
}

static bool reverses(const struct judge_deed *deed)
{
    return deed->deed == DEED_cancel || deed->deed == DEED_take_back;
}

/* What one request of an order did, or may have done. */
static void gather_deed(struct gathering *g, const struct judge_order *order,
                        const struct judge_deed *deed, uint32_t chosen)
{
    struct judge *judge = g->judge;
    struct judge_effect effect = {.member = member_of(judge, order, deed->row),
                                  .row = deed->row,
                                  .from_us = judge_from_us(judge, deed->row),
                                  .by_us = JUDGE_NEVER};
    int64_t amount;

    if (deed->certainty == CERTAINTY_NOT_DONE)
        return;
    if (told_amount(judge, deed->row, &amount)) {
        effect.amount = amount;
        if (deed->row == chosen) {
            effect.by_us = known_by(judge, order, deed->deed, amount);
            effect.from_us = first_sent(judge, order, deed->deed);
        }
        if (amount != 0)
            add(judge, &effect);
    } else if (tells_of(g, deed->row) != 0 && deed->certainty == CERTAINTY_OPEN) {
        if (chosen != JUDGE_NONE) {
            told_amount(judge, chosen, &effect.amount);
        } else {
            effect.up = (tells_of(g, deed->row) & TELLS_EARNED) != 0 ? ANY : 0;
            effect.down = (tells_of(g, deed->row) & TELLS_SPENT) != 0 ? ANY : 0;
        }
        add(judge, &effect);
    }
}

/* What giving the order up may take away and give back. */
static void gather_reversal(struct gathering *g, const struct judge_order *order, guint first)
{
    struct judge *judge = g->judge;
    struct judge_effect effect = {.member = order->member,
                                  .row = JUDGE_NONE,
                                  .from_us = JUDGE_NEVER,
                                  .by_us = JUDGE_NEVER};

    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        if (!reverses(deed) || deed->certainty == CERTAINTY_NOT_DONE || tells_of(g, deed->row) != 0)
            continue;
        effect.row = deed->row;
        effect.from_us = MIN(effect.from_us, judge_from_us(judge, deed->row));
    }
    for (uint32_t row = order->book; row != JUDGE_NONE; row = judge->book_next[row])
        if (JUDGE_FLAG(judge->after, orders, cancelled, row) &&
            judge_certain(order, DEED_cancel) != CERTAINTY_DONE)
            effect.from_us = 0;
    if (effect.from_us == JUDGE_NEVER)
        return;
    if (order->is_old)
        effect.up = effect.down = ANY;
    for (guint i = first; i < judge->effects->len; i++) {
        const struct judge_effect *e = &g_array_index(judge->effects, struct judge_effect, i);
        effect.down = MIN(effect.down + MAX(e->amount, 0) + e->up, ANY);
        effect.up = MIN(effect.up + MAX(-e->amount, 0) + e->down, ANY);
    }
    if (effect.up > 0 || effect.down > 0)
        add(judge, &effect);
}

static void gather_order(struct gathering *g, const struct judge_order *order)
{
    const struct judge *judge = g->judge;
    const guint first = judge->effects->len;
    uint32_t chosen[DEED_COUNT];

    for (uint32_t deed = 0; deed < DEED_COUNT; deed++)
        chosen[deed] = judge->tells_points ? chosen_row(judge, order, (uint8_t)deed) : JUDGE_NONE;
    for (uint32_t k = 0; judge->tells_points && k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        gather_deed(g, order, deed, chosen[deed->deed]);
    }
    if (judge->tells_points)
        gather_reversal(g, order, first);
}

/* Requests that are no deed may add points all the same: a daily check-in. */
static void gather_others(struct gathering *g)
{
    struct judge *judge = g->judge;

    for (uint32_t row = 0; row < judge->row_count; row++) {
        struct judge_effect effect = {.member = judge_member_of_row(judge, row),
                                      .row = row,
                                      .from_us = judge_from_us(judge, row),
                                      .by_us = JUDGE_NEVER};
        if (tells_of(g, row) == 0 || judge_deed_of(judge, row) != DEED_nothing ||
            judge->certainty[row] == CERTAINTY_NOT_DONE)
            continue;
        if (told_amount(judge, row, &effect.amount)) {
            if (judge->certainty[row] == CERTAINTY_DONE)
                effect.by_us = judge->rows[row].done_us;
        } else if (judge->certainty[row] == CERTAINTY_OPEN) {
            effect.up = (tells_of(g, row) & TELLS_EARNED) != 0 ? ANY : 0;
            effect.down = (tells_of(g, row) & TELLS_SPENT) != 0 ? ANY : 0;
        }
        add(judge, &effect);
    }
}

static int compare(gconstpointer a, gconstpointer b)
{
    const struct judge_effect *one = a, *other = b;

    if (one->member != other->member)
        return one->member < other->member ? -1 : 1;
    return one->from_us < other->from_us ? -1 : one->from_us > other->from_us;
}

static void index_members(struct judge *judge)
{
    g_array_sort(judge->effects, compare);
    for (guint i = judge->effects->len; i-- > 0;) {
        struct judge_member *member =
            &g_array_index(judge->members, struct judge_member,
                           g_array_index(judge->effects, struct judge_effect, i).member);
        member->effect_first = i;
        member->effect_count++;
    }
}

/* Orders from before the run that were given up since, by nobody of the run: they may have given back
 * points that were spent, and taken those that were earned. */
static GHashTable *find_moved(const struct judge *judge)
{
    GHashTable *moved = g_hash_table_new(NULL, NULL);

    for (uint32_t row = 0; row < books_row_count(judge->after, BOOK_orders); row++) {
        const uint32_t member = JUDGE_TEXT(judge->after, orders, member, row);
        if (judge->book_is_old[row] && member != BOOKS_NO_TEXT && !judge_row_stands(judge, row) &&
            judge_row_stood(judge, row))
            g_hash_table_add(moved, GUINT_TO_POINTER(member));
    }
    return moved;
}

bool judge_points_moved(const struct judge *judge, uint32_t name)
{
    return g_hash_table_contains(judge->moved_members, GUINT_TO_POINTER(name));
}

void judge_make_points(struct judge *judge)
{
    struct gathering g = {.judge = judge,
                          .tells = g_malloc0(judge->request_count + 1),
                          .is_answered = g_new0(bool, judge->request_count + 1)};
    int64_t number;

    judge->effects = g_array_new(FALSE, FALSE, sizeof(struct judge_effect));
    for (uint32_t row = 0; judge->telling_count > 0 && row < judge->row_count; row++) {
        const uint32_t request = judge->rows[row].request;
        if (request >= judge->request_count)
            continue;
        g.is_answered[request] |= judge->certainty[row] == CERTAINTY_DONE;
        if (judge_told(judge, row, TELLING_points_earned, &number))
            g.tells[request] |= TELLS_EARNED;
        if (judge_told(judge, row, TELLING_points_spent, &number))
            g.tells[request] |= TELLS_SPENT;
        judge->tells_points |= g.tells[request] != 0;
    }
    for (uint32_t request = 0; request < judge->request_count; request++)
        if (!g.is_answered[request]) /* nobody knows what its answers tell */
            g.tells[request] = TELLS_EARNED | TELLS_SPENT;
    for (guint i = 0; i < judge->orders->len; i++)
        gather_order(&g, judge_order(judge, i));
    if (judge->tells_points)
        gather_others(&g);
    index_members(judge);
    judge->moved_members = find_moved(judge);
    judge->points_row = g_hash_table_new(NULL, NULL);
    for (uint32_t row = books_row_count(judge->before, BOOK_points); row-- > 0;)
        g_hash_table_insert(judge->points_row,
                            GUINT_TO_POINTER(JUDGE_TEXT(judge->before, points, member, row)),
                            GUINT_TO_POINTER(row + 1));
    g_free(g.tells);
    g_free(g.is_answered);
}

/* ---- explaining ------------------------------------------------------------------------------ */

static bool is_sum(const int64_t *choice, uint32_t count, int64_t low, int64_t high)
{
    for (uint32_t set = 0; set < 1u << count; set++) {
        int64_t sum = 0;
        for (uint32_t i = 0; i < count; i++)
            sum += (set >> i & 1) != 0 ? choice[i] : 0;
        if (sum >= low && sum <= high)
            return true;
    }
    return false;
}

bool judge_points_explain(const struct judge *judge, const struct judge_member *member,
                          int64_t since_us, int64_t until_us, int64_t change,
                          struct judge_points *ret_points)
{
    struct judge_points points = {0};
    int64_t choice[AUDIT_EXACT_MAX], down = 0, up = 0;

    for (uint32_t i = 0; i < member->effect_count; i++) {
        const struct judge_effect *effect =
            &g_array_index(judge->effects, struct judge_effect, member->effect_first + i);
        if (effect->from_us > until_us)
            break; /* sorted */
        if (effect->by_us < since_us) {
            points.certain += effect->amount;
            continue;
        }
        if (points.open_count++ < AUDIT_EXACT_MAX)
            choice[points.open_count - 1] = effect->amount;
        points.low += MIN(effect->amount, 0);
        points.high += MAX(effect->amount, 0);
        down += effect->down;
        up += effect->up;
    }
    *ret_points = points;
    ret_points->low += points.certain - down;
    ret_points->high += points.certain + up;
    if (change < ret_points->low || change > ret_points->high)
        return false;
    return points.open_count > AUDIT_EXACT_MAX ||
           is_sum(choice, points.open_count, change - points.certain - up,
                  change - points.certain + down);
}

uint32_t judge_points_row(const struct judge *judge, uint32_t name)
{
    const guint found =
        GPOINTER_TO_UINT(g_hash_table_lookup(judge->points_row, GUINT_TO_POINTER(name)));

    return found > 0 ? found - 1 : JUDGE_NONE;
}
