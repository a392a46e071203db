/* The shop's books, row by row, and what its bugs did to them. */
#include "replay/audit_shop_private.h"

#include <string.h>

static void write_stock(struct shop *s, Books *books)
{
    for (uint32_t place = 0; place < PLACES; place++)
        for (uint32_t sku = 0; sku < SKUS; sku++) {
            const int64_t on_hand = s->on_hand[place][sku], reserved = s->reserved[place][sku];
            g_autofree char *row =
                g_strdup_printf("place=P%u sku=S%u on_hand=%d reserved=%d available=%d", place, sku,
                                (int)on_hand, (int)reserved, (int)(on_hand - reserved));
            audit_case_book(s->c, books, BOOK_stock, row);
        }
}

static void write_order(struct shop *s, const struct shop_order *o, Books *books)
{
    g_autofree char *row = g_strdup_printf(
        "order=%d member=%d total=%d discount=%d paid=%d coupon=%s cancelled=%d settled=%d",
        (int)o->order, (int)o->member, (int)o->total, (int)o->discount, (int)o->paid,
        o->has_coupon ? "C1" : "", o->is_cancelled, o->is_paid);

    audit_case_book(s->c, books, BOOK_orders, row);
    for (uint32_t sku = 0; sku < SKUS; sku++) {
        if (o->quantity[sku] == 0)
            continue;
        g_autofree char *line =
            g_strdup_printf("place=P%u sku=S%u quantity=%d price=%d handed_over=%d returned=%d",
                            o->place, sku,
                            (int)(o->quantity[sku] - (o->quantity[sku] > 1 && !o->is_cancelled &&
                                                      o->rows > 0 &&
                                                      shop_bug_once(s, SHOP_BUG_lose_line))),
                            (int)o->price[sku], (int)o->handed_over[sku], (int)o->returned[sku]);
        audit_case_book(s->c, books, BOOK_order_lines, line);
    }
}

static void write_orders(struct shop *s, Books *books)
{
    audit_case_book(s->c, books, BOOK_orders,
                    "order= member= total= discount= paid= coupon= cancelled= settled=");
    audit_case_book(s->c, books, BOOK_order_lines,
                    "place= sku= quantity= price= handed_over= returned=");
    for (uint32_t i = 0; i < s->options->orders; i++) {
        struct shop_order *o = &s->order[i];
        if (o->rows > 0 && !o->is_cancelled && shop_bug_once(s, SHOP_BUG_lose_order))
            continue;
        for (uint32_t k = 0; k < o->rows; k++)
            write_order(s, o, books);
        if (o->rows == 0 && o->is_kept_refused && shop_bug_once(s, SHOP_BUG_keep_refused))
            write_order(s, o, books);
    }
    if (s->now > 0 && shop_bug_once(s, SHOP_BUG_invent_order))
        audit_case_book(s->c, books, BOOK_orders, "order=999 member=1 total=1 cancelled=0");
}

static void write_rest(struct shop *s, Books *books)
{
    audit_case_book(s->c, books, BOOK_sales, "sale= place= sku= quantity=");
    for (guint i = 0; i < s->sales->len; i++) {
        const struct shop_sale *sale = &g_array_index(s->sales, struct shop_sale, i);
        g_autofree char *row =
            g_strdup_printf("sale=%d place=P%u sku=S%u quantity=%d", (int)sale->sale, sale->place,
                            sale->sku, (int)sale->units);
        audit_case_book(s->c, books, BOOK_sales, row);
    }
    audit_case_book(s->c, books, BOOK_movements, "place= sku= quantity= order=");
    for (guint i = 0; i < s->movements->len; i++) {
        const struct shop_movement *m = &g_array_index(s->movements, struct shop_movement, i);
        g_autofree char *name = m->order != 0 ? g_strdup_printf("%d", (int)m->order) : g_strdup("");
        g_autofree char *row = g_strdup_printf("place=P%u sku=S%u quantity=%d order=%s", m->place,
                                               m->sku, (int)m->units, name);
        audit_case_book(s->c, books, BOOK_movements, row);
    }
    for (uint32_t member = 0; member < MEMBERS; member++) {
        g_autofree char *row =
            g_strdup_printf("member=%u balance=%d", member + 1, (int)s->points[member]);
        audit_case_book(s->c, books, BOOK_points, row);
    }
    g_autofree char *coupon =
        g_strdup_printf("coupon=C1 limit=%d per_member=1 redeemed=%d", BUDGET, (int)s->counted);
    audit_case_book(s->c, books, BOOK_coupons, coupon);
    audit_case_book(s->c, books, BOOK_redemptions, "coupon= member= order=");
    for (uint32_t i = 0; i < s->options->orders; i++) {
        const struct shop_order *o = &s->order[i];
        if (!o->has_coupon || o->is_cancelled)
            continue;
        g_autofree char *row =
            g_strdup_printf("coupon=C1 member=%d order=%d", (int)o->member, (int)o->order);
        audit_case_book(s->c, books, BOOK_redemptions, row);
    }
}

/* What was late may happen between one book and the next. */
void shop_write_books(struct shop *s, Books *books)
{
    write_stock(s, books);
    if (!s->c->is_still)
        shop_run_late(s);
    write_orders(s, books);
    if (!s->c->is_still)
        shop_run_late(s);
    write_rest(s, books);
}

/* Whether more units are sold for good than were there and came. */
bool shop_is_oversold(const struct shop *s)
{
    bool is = false;

    for (uint32_t place = 0; place < PLACES; place++)
        for (uint32_t sku = 0; sku < SKUS; sku++) {
            int64_t sold = 0;
            for (uint32_t i = 0; i < s->options->orders; i++) {
                const struct shop_order *o = &s->order[i];
                sold += o->place == place && o->rows > 0 && !o->is_cancelled ? o->quantity[sku] : 0;
                sold -= o->returned[sku];
            }
            for (guint i = 0; i < s->sales->len; i++) {
                const struct shop_sale *sale = &g_array_index(s->sales, struct shop_sale, i);
                sold += sale->place == place && sale->sku == sku ? sale->units : 0;
            }
            is |= sold > s->supply[place][sku];
        }
    return is;
}

bool shop_is_redeemed_too_often(const struct shop *s)
{
    int64_t by[MEMBERS] = {0}, all = 0;
    bool is = false;

    for (uint32_t i = 0; i < s->options->orders; i++) {
        const struct shop_order *o = &s->order[i];
        if (!o->has_coupon || o->is_cancelled || o->rows == 0)
            continue;
        all++;
        is |= ++by[o->member - 1] > 1;
    }
    return is || all > BUDGET;
}
