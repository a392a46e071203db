/* Members and their orders, carts, and what all of them are called. */
#include "replay/audit/judge.h"

#include <inttypes.h>

#define MEMBER_TEXT_MAX 256

static uint32_t member_of_name(struct judge *judge, uint32_t name, uint64_t number)
{
    const struct judge_member member = {.name = name, .number = number};
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(judge->member_of, GUINT_TO_POINTER(name)));

    if (found == 0) {
        g_array_append_val(judge->members, member);
        found = judge->members->len;
        g_hash_table_insert(judge->member_of, GUINT_TO_POINTER(name), GUINT_TO_POINTER(found));
    }
    return found - 1;
}

uint32_t judge_member_find(const struct judge *judge, uint32_t name)
{
    const guint found =
        GPOINTER_TO_UINT(g_hash_table_lookup(judge->member_of, GUINT_TO_POINTER(name)));

    return found > 0 ? found - 1 : JUDGE_NONE;
}

uint32_t judge_member_of_row(const struct judge *judge, uint32_t row)
{
    const guint found =
        GPOINTER_TO_UINT(g_hash_table_lookup(judge->member_of_number,
                                             GSIZE_TO_POINTER((gsize)judge->rows[row].member)));

    return found > 0 ? found - 1 : JUDGE_NONE;
}

static uint32_t member_of_number(struct judge *judge, uint64_t number)
{
    gpointer key = GSIZE_TO_POINTER((gsize)number);
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(judge->member_of_number, key));
    char text[MEMBER_TEXT_MAX];

    if (found == 0 && api_member_key(judge->input->map, number, text, sizeof text)) {
        found = 1 + member_of_name(judge, intern_put(judge->texts, text, -1), number);
        g_hash_table_insert(judge->member_of_number, key, GUINT_TO_POINTER(found));
    }
    return found > 0 ? found - 1 : JUDGE_NONE;
}

/* An order is of whoever asked for it; what clerks do with it tells nothing. */
static void find_member(struct judge *judge, struct judge_order *order)
{
    for (uint32_t k = 0; k < order->deed_count && order->member == JUDGE_NONE; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        const uint64_t member = judge->rows[deed->row].member;
        if (member != 0 && deed->deed != DEED_route && deed->deed != DEED_hand_over &&
            deed->deed != DEED_take_back && deed->deed != DEED_sell)
            order->member = member_of_number(judge, member);
    }
}

static void list_orders(struct judge *judge)
{
    uint32_t first = 0;

    judge->member_orders = g_new(uint32_t, judge->orders->len + 1);
    for (guint i = 0; i < judge->orders->len; i++)
        if (judge_order(judge, i)->member != JUDGE_NONE)
            g_array_index(judge->members, struct judge_member, judge_order(judge, i)->member)
                .order_count++;
    for (guint i = 0; i < judge->members->len; i++) {
        struct judge_member *member = &g_array_index(judge->members, struct judge_member, i);
        member->order_first = first;
        first += member->order_count;
        member->order_count = 0;
    }
    for (guint i = 0; i < judge->orders->len; i++) {
        const uint32_t of = judge_order(judge, i)->member;
        if (of == JUDGE_NONE)
            continue;
        struct judge_member *member = &g_array_index(judge->members, struct judge_member, of);
        judge->member_orders[member->order_first + member->order_count++] = i;
    }
}

void judge_make_members(struct judge *judge)
{
    judge->members = g_array_new(FALSE, FALSE, sizeof(struct judge_member));
    judge->member_of = g_hash_table_new(NULL, NULL);
    judge->member_of_number = g_hash_table_new(judge_pair_hash, g_direct_equal);
    for (uint32_t row = 0; row < judge->row_count; row++)
        if (judge->rows[row].member != 0)
            member_of_number(judge, judge->rows[row].member);
    for (guint i = 0; i < judge->orders->len; i++)
        find_member(judge, judge_order(judge, i));
    list_orders(judge);
}

/* ---- carts ----------------------------------------------------------------------------------- */

/* A refused request may have put in a part of what it asked for ("only 3 were left"), but not all;
 * one that was sent several times may have put it in as often. */
void judge_order_cart(const struct judge *judge, const struct judge_order *order, uint32_t sku,
                      int64_t *ret_low, int64_t *ret_high)
{
    int64_t low = 0, high = 0;

    for (uint32_t k = 0; k < order->deed_count; k++) {
        const struct judge_deed *deed = &judge->deeds[order->deed_first + k];
        const struct record_row *row = &judge->rows[deed->row];
        if (deed->deed != DEED_add || history_sku(judge->history, row->sku) != sku)
            continue;
        const int64_t units = row->quantity, sendings = judge_sendings(judge, deed->row);
        if (deed->certainty == CERTAINTY_NOT_DONE)
            high += sendings > 0 && units > 0 ? units - 1 : 0;
        else
            high += units * MAX(sendings, 1);
        if (deed->certainty == CERTAINTY_DONE && row->done_us <= order->placed_from_us)
            low += units;
    }
    *ret_low = low;
    *ret_high = high;
}

/* ---- names ----------------------------------------------------------------------------------- */

char *judge_order_text(const struct judge *judge, const struct judge_order *order)
{
    if (order->key != INTERN_NONE)
        return g_strdup(intern_text(judge->texts, order->key));
    if (order->id != INTERN_NONE)
        return g_strdup(intern_text(judge->texts, order->id));
    if (order->number == 0)
        return g_strdup("without a number");
    return order->pass == 0 ? g_strdup_printf("%" PRIu64, order->number)
                            : g_strdup_printf("%" PRIu64 "-%" PRIu32, order->number, order->pass);
}

char *judge_book_order_text(const struct judge *judge, uint32_t book_row)
{
    const uint32_t key = JUDGE_TEXT(judge->after, orders, order, book_row);
    const uint32_t id = JUDGE_TEXT(judge->after, orders, id, book_row);

    if (key == BOOKS_NO_TEXT && id == BOOKS_NO_TEXT)
        return g_strdup_printf("in row %u of the book", book_row);
    if (key == BOOKS_NO_TEXT || id == BOOKS_NO_TEXT || key == id)
        return g_strdup(intern_text(judge->texts, key == BOOKS_NO_TEXT ? id : key));
    return g_strdup_printf("%s (%s)", intern_text(judge->texts, key),
                           intern_text(judge->texts, id));
}

char *judge_member_text(const struct judge *judge, const struct judge_order *order)
{
    if (order->member == JUDGE_NONE)
        return g_strdup("nobody known");
    return g_strdup_printf(
        "member %s",
        intern_text(judge->texts,
                    g_array_index(judge->members, struct judge_member, order->member).name));
}

char *judge_sku_text(const struct judge *judge, const struct record_row *row)
{
    const uint32_t place = history_place(judge->history, row->place);
    const char *sku = intern_text(judge->texts, history_sku(judge->history, row->sku));

    return place == INTERN_NONE
               ? g_strdup_printf("SKU %s", sku)
               : g_strdup_printf("SKU %s at %s", sku, intern_text(judge->texts, place));
}
