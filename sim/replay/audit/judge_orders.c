/* The orders: what the history asked for and what the books have, under one roof.
 *
 * A request names its order by the key that it was told (how the books name it: `audit.order`), else
 * by the plan's order and pass. Where keys are captured (a cart's code), a request of an order that
 * captured nothing stands under the key that another request of the same order and pass was told;
 * requests that have neither stand under the only order of their journey. Rows of the books are found
 * by key, else by the name that the service told (tellings `order`).
 *
 * A plan that is sent to the same service once more under the same keys (without --pass) is answered
 * from memory by a service that keeps its promises: each acknowledgement may repeat what was done
 * before the run, and carts may hold what was left in them. So nothing of such a run is certain.
 */
#include "replay/audit/judge.h"

#include <inttypes.h>
#include <stdio.h>

struct joining {
    struct judge *judge;
    GHashTable *of_plan;    /* row (order, pass) -> order + 1 */
    GHashTable *key_of;     /* row (order, pass) -> key told */
    GHashTable *of_journey; /* journey -> order + 1 */
    GArray *deeds;          /* struct judge_deed, in the order of the history */
    bool is_plain;
    uint32_t astray; /* deeds whose order is not known yet */
};

static guint plan_hash(gconstpointer key)
{
    const struct record_row *row = key;
    const uint64_t mixed =
        (row->order ^ row->pass * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xbf58476d1ce4e5b9);

    return (guint)(mixed >> 32);
}

static gboolean plan_equal(gconstpointer a, gconstpointer b)
{
    const struct record_row *one = a, *other = b;

    return one->order == other->order && one->pass == other->pass;
}

enum deed judge_deed_of(const struct judge *judge, uint32_t row)
{
    const uint32_t request = judge->rows[row].request;

    return request < judge->request_count ? judge->deed_of[request] : DEED_nothing;
}

static void read_keys(struct joining *joining)
{
    struct judge *judge = joining->judge;
    uint32_t key;

    for (uint32_t row = 0; judge->telling_count > 0 && row < judge->row_count; row++)
        if (judge->rows[row].order != 0 && judge_told_text(judge, row, TELLING_key, &key) &&
            !g_hash_table_contains(joining->key_of, &judge->rows[row]))
            g_hash_table_insert(joining->key_of, (gpointer)&judge->rows[row],
                                GUINT_TO_POINTER(key));
}

static uint32_t new_order(struct judge *judge, const struct record_row *row, uint32_t key)
{
    struct judge_order order = {.key = key,
                                .member = JUDGE_NONE,
                                .pass = row->pass,
                                .number = row->order,
                                .book = JUDGE_NONE,
                                .placed_from_us = JUDGE_NEVER,
                                .placed_by_us = JUDGE_NEVER,
                                .cancelled_from_us = JUDGE_NEVER};

    g_array_append_val(judge->orders, order);
    if (key != INTERN_NONE)
        g_hash_table_insert(judge->order_of, GUINT_TO_POINTER(key),
                            GUINT_TO_POINTER(judge->orders->len));
    return judge->orders->len - 1;
}

static uint32_t order_of_key(struct judge *judge, const struct record_row *row, uint32_t key)
{
    const guint found =
        GPOINTER_TO_UINT(g_hash_table_lookup(judge->order_of, GUINT_TO_POINTER(key)));

    return found > 0 ? found - 1 : new_order(judge, row, key);
}

static uint32_t plain_key(struct judge *judge, const struct record_row *row)
{
    char text[48];

    if (row->pass == 0)
        snprintf(text, sizeof text, "%" PRIu64, row->order);
    else
        snprintf(text, sizeof text, "%" PRIu64 "-%" PRIu32, row->order, row->pass);
    return intern_put(judge->texts, text, -1);
}

static uint32_t order_of_plan(struct joining *joining, const struct record_row *row)
{
    struct judge *judge = joining->judge;
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(joining->of_plan, row));

    if (found == 0) {
        found = 1 + (joining->is_plain ? order_of_key(judge, row, plain_key(judge, row))
                                       : new_order(judge, row, INTERN_NONE));
        g_hash_table_insert(joining->of_plan, (gpointer)row, GUINT_TO_POINTER(found));
    }
    return found - 1;
}

static uint32_t order_of_row(struct joining *joining, uint32_t row)
{
    struct judge *judge = joining->judge;
    const struct record_row *r = &judge->rows[row];
    uint32_t key = INTERN_NONE;

    if (!judge_told_text(judge, row, TELLING_key, &key) && r->order != 0)
        key = GPOINTER_TO_UINT(g_hash_table_lookup(joining->key_of, r));
    if (key != INTERN_NONE)
        return order_of_key(judge, r, key);
    return r->order != 0 ? order_of_plan(joining, r) : JUDGE_NONE;
}

static void read_deeds(struct joining *joining)
{
    struct judge *judge = joining->judge;

    for (uint32_t row = 0; row < judge->row_count; row++) {
        const enum deed deed = judge_deed_of(judge, row);
        if (deed == DEED_nothing)
            continue;
        const struct judge_deed done = {.row = row,
                                        .order = order_of_row(joining, row),
                                        .deed = (uint8_t)deed,
                                        .certainty = judge->certainty[row]};
        joining->astray += done.order == JUDGE_NONE;
        g_array_append_val(joining->deeds, done);
    }
}

/* Deeds without an order of their own belong to their journey's. One that places an order all the
 * same makes one. */
static void lead_home(struct joining *joining)
{
    struct judge *judge = joining->judge;

    for (guint i = 0; joining->astray > 0 && i < joining->deeds->len; i++) {
        const struct judge_deed *deed = &g_array_index(joining->deeds, struct judge_deed, i);
        gpointer journey = GSIZE_TO_POINTER((gsize)judge->rows[deed->row].journey);
        if (deed->order != JUDGE_NONE && !g_hash_table_contains(joining->of_journey, journey))
            g_hash_table_insert(joining->of_journey, journey, GUINT_TO_POINTER(deed->order + 1));
    }
    for (guint i = 0; joining->astray > 0 && i < joining->deeds->len; i++) {
        struct judge_deed *deed = &g_array_index(joining->deeds, struct judge_deed, i);
        const struct record_row *row = &judge->rows[deed->row];
        gpointer journey = GSIZE_TO_POINTER((gsize)row->journey);
        if (deed->order != JUDGE_NONE)
            continue;
        guint found = GPOINTER_TO_UINT(g_hash_table_lookup(joining->of_journey, journey));
        if (found == 0) {
            found = new_order(judge, row, INTERN_NONE) + 1;
            g_hash_table_insert(joining->of_journey, journey, GUINT_TO_POINTER(found));
        }
        deed->order = found - 1;
    }
}

/* By order, those of one order as they stand in the history. */
static void sort_deeds(struct joining *joining)
{
    struct judge *judge = joining->judge;
    uint32_t first = 0;

    judge->deed_count = joining->deeds->len;
    judge->deeds = g_new(struct judge_deed, judge->deed_count + 1);
    for (guint i = 0; i < joining->deeds->len; i++)
        judge_order(judge, g_array_index(joining->deeds, struct judge_deed, i).order)->deed_count++;
    for (guint i = 0; i < judge->orders->len; i++) {
        struct judge_order *order = judge_order(judge, i);
        order->deed_first = first;
        first += order->deed_count;
        order->deed_count = 0;
    }
    for (guint i = 0; i < joining->deeds->len; i++) {
        const struct judge_deed *deed = &g_array_index(joining->deeds, struct judge_deed, i);
        struct judge_order *order = judge_order(judge, deed->order);
        judge->deeds[order->deed_first + order->deed_count++] = *deed;
    }
}

static void note_deed(struct judge *judge, uint32_t number, const struct judge_deed *deed)
{
    struct judge_order *order = judge_order(judge, number);
    const uint32_t kinds = deed->deed == DEED_place_and_pay
                               ? 1u << DEED_place | 1u << DEED_pay | 1u << DEED_place_and_pay
                               : 1u << deed->deed;
    const int64_t from_us = judge_from_us(judge, deed->row);
    uint32_t id;

    order->asked |= (uint16_t)kinds;
    judge->deeds_asked |= kinds;
    for (uint32_t kind = 0; kind < DEED_COUNT; kind++)
        if ((kinds >> kind & 1) != 0)
            order->certain[kind] = MAX(order->certain[kind], deed->certainty);
    if (judge_told_text(judge, deed->row, TELLING_order, &id)) {
        order->id = order->id == INTERN_NONE ? id : order->id;
        g_hash_table_insert(judge->id_of, GUINT_TO_POINTER(id), GUINT_TO_POINTER(number + 1));
    }
    if (deed->certainty == CERTAINTY_NOT_DONE)
        return;
    if ((kinds >> DEED_place & 1) != 0) {
        order->placed_from_us = MIN(order->placed_from_us, from_us);
        if (deed->certainty == CERTAINTY_DONE)
            order->placed_by_us = MIN(order->placed_by_us, judge->rows[deed->row].done_us);
    } else if (deed->deed == DEED_cancel) {
        order->cancelled_from_us = MIN(order->cancelled_from_us, from_us);
    }
}

static void read_map(struct joining *joining)
{
    struct judge *judge = joining->judge;
    const ApiMap *map = judge->input->map;

    joining->is_plain = api_order_key_is_plain(map);
    judge->request_count = api_request_count(map);
    judge->deed_of = g_new(enum deed, judge->request_count + 1);
    for (uint32_t i = 0; i < judge->request_count; i++) {
        judge->deed_of[i] = api_deed(map, i);
        judge->deeds_known |= 1u << judge->deed_of[i];
    }
    if (judge_knows(judge, DEED_place_and_pay))
        judge->deeds_known |= 1u << DEED_place | 1u << DEED_pay;
}

static void join_books(struct judge *judge)
{
    const uint32_t count = books_row_count(judge->after, BOOK_orders);
    const uint32_t line_count = books_row_count(judge->after, BOOK_order_lines);
    const uint32_t *line_order = line_count > 0 ? books_line_order(judge->after) : NULL;
    uint32_t line = 0;

    judge->book_order = g_new(uint32_t, count + 1);
    judge->book_next = g_new(uint32_t, count + 1);
    judge->book_is_old = g_new0(bool, count + 1);
    judge->line_first = g_new(uint32_t, count + 1);
    for (uint32_t row = 0; row < count; row++) {
        judge->line_first[row] = line;
        while (line < line_count && line_order[line] == row)
            line++;
    }
    judge->line_first[count] = line;
    for (uint32_t row = count; row-- > 0;) { /* chains begin with their first row */
        judge->book_order[row] = judge_order_of_book_row(judge, row);
        judge->book_is_old[row] = judge_book_row_is_old(judge, row);
        judge->book_next[row] = JUDGE_NONE;
        if (judge->book_order[row] == JUDGE_NONE)
            continue;
        struct judge_order *order = judge_order(judge, judge->book_order[row]);
        judge->book_next[row] = order->book;
        order->book = row;
        order->book_count++;
        order->is_old |= judge->book_is_old[row];
    }
}

/* Whether orders or sales of the run were in the books before it. */
static bool is_repeat(const struct judge *judge)
{
    GHashTableIter iterator;
    gpointer key;

    g_hash_table_iter_init(&iterator, judge->order_of);
    while (g_hash_table_iter_next(&iterator, &key, NULL))
        if (g_hash_table_contains(judge->old_keys, key))
            return true;
    for (uint32_t row = 0; row < books_row_count(judge->before, BOOK_sales); row++)
        if (g_hash_table_contains(judge->order_of,
                                  GUINT_TO_POINTER(JUDGE_TEXT(judge->before, sales, sale, row))))
            return true;
    return false;
}

void judge_make_orders(struct judge *judge)
{
    struct joining joining = {.judge = judge,
                              .of_plan = g_hash_table_new(plan_hash, plan_equal),
                              .key_of = g_hash_table_new(plan_hash, plan_equal),
                              .of_journey = g_hash_table_new(judge_pair_hash, g_direct_equal),
                              .deeds = g_array_new(FALSE, FALSE, sizeof(struct judge_deed))};

    judge->orders = g_array_new(FALSE, FALSE, sizeof(struct judge_order));
    judge->order_of = g_hash_table_new(NULL, NULL);
    judge->id_of = g_hash_table_new(NULL, NULL);
    read_map(&joining);
    read_keys(&joining);
    read_deeds(&joining);
    lead_home(&joining);
    sort_deeds(&joining);
    judge_index_books(judge);
    judge->is_repeat = is_repeat(judge);
    for (uint32_t i = 0; judge->is_repeat && i < judge->deed_count; i++)
        judge->deeds[i].certainty = MIN(judge->deeds[i].certainty, CERTAINTY_OPEN);
    for (guint i = 0; i < judge->orders->len; i++) {
        const struct judge_order *order = judge_order(judge, i);
        for (uint32_t k = 0; k < order->deed_count; k++)
            note_deed(judge, i, &judge->deeds[order->deed_first + k]);
    }
    judge->is_every_key_known = true;
    for (guint i = 0; i < judge->orders->len; i++)
        if (judge_may(judge_order(judge, i), DEED_place) &&
            judge_order(judge, i)->key == INTERN_NONE)
            judge->is_every_key_known = false;
    join_books(judge);
    g_hash_table_unref(joining.of_plan);
    g_hash_table_unref(joining.key_of);
    g_hash_table_unref(joining.of_journey);
    g_array_unref(joining.deeds);
}
