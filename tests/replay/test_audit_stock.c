/* The audit's judgement of units: sold once, never below zero, adding up, released, given back. */
#include "replay/audit_literals.h"

static void buy(uint64_t order, enum outcome outcome, int64_t at)
{
    ASK(&c, .step = STEP_add_to_cart, .order = order, .sku = "S1", .quantity = 1, .sent = at);
    ASK(&c, .step = STEP_check_out, .order = order, .place = "P1", .sent = at + 20,
        .outcome = outcome);
    ASK(&c, .step = STEP_pay, .order = order, .sent = at + 40, .outcome = outcome);
}

static void stock(Books *books, const char *rows) { audit_case_book(&c, books, BOOK_stock, rows); }

static void begin_orders(void)
{
    audit_case_book(&c, c.before, BOOK_orders, "order= cancelled= settled=");
    audit_case_book(&c, c.before, BOOK_order_lines, "place= sku= quantity=");
    audit_case_book(&c, c.after, BOOK_orders, "order= cancelled= settled=");
    audit_case_book(&c, c.after, BOOK_order_lines, "place= sku= quantity= handed_over= returned=");
}

static void order_row(uint64_t order, int cancelled, const char *line)
{
    g_autofree char *row =
        g_strdup_printf("order=%" G_GUINT64_FORMAT " cancelled=%d settled=1", order, cancelled);

    audit_case_book(&c, c.after, BOOK_orders, row);
    audit_case_book(&c, c.after, BOOK_order_lines, line);
}

#define LINE "place=P1 sku=S1 quantity=1 handed_over=0 returned=0"

/* A server that acknowledged three orders for two units, and whose stock looks right. */
START_TEST(test_oversold)
{
    stock(c.before, "place=P1 sku=S1 on_hand=2 reserved=0 available=2");
    stock(c.after, "place=P1 sku=S1 on_hand=2 reserved=2 available=0");
    begin_orders();
    for (uint64_t order = 1; order <= 3; order++) {
        buy(order, OUTCOME_ok, (int64_t)order * 1000);
        order_row(order, 0, LINE);
    }
    assert_verdict(units_sold_once, VIOLATED);
    assert_says(units_sold_once, "SKU S1 at P1: 3 units sold, 2 were there: 1 sold twice, from "
                                 "3.030 s on; the last to be promised: 3\n"
                                 "  check_out of order 3 at P1: acknowledged");
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_units_sold_once)->violations, 1);
    ck_assert_int_eq(audit_case_result(&c, AUDIT_units_sold_once)->amount, 1);
    assert_verdict(stock_adds_up, VIOLATED);
    assert_verdict(reservations_released, VIOLATED);
}
END_TEST

START_TEST(test_all_sold)
{
    stock(c.before, "place=P1 sku=S1 on_hand=2 reserved=0 available=2");
    stock(c.after, "place=P1 sku=S1 on_hand=2 reserved=2 available=0");
    begin_orders();
    for (uint64_t order = 1; order <= 2; order++) {
        buy(order, OUTCOME_ok, (int64_t)order * 1000);
        order_row(order, 0, LINE);
    }
    buy(3, OUTCOME_refused, 5000);
    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++) {
        g_autofree char *said = audit_case_text(&c, i);
        ck_assert_msg(audit_case_result(&c, i)->verdict != AUDIT_VIOLATED, "%s", said);
    }
    assert_verdict(units_sold_once, HOLDS);
    assert_verdict(stock_adds_up, HOLDS);
    assert_verdict(reservations_released, HOLDS);
}
END_TEST

/* The third buyer gets the unit that somebody may have given back. */
START_TEST(test_cancelled_between)
{
    stock(c.before, "place=P1 sku=S1 on_hand=1 reserved=0 available=1");
    begin_orders();
    buy(1, OUTCOME_ok, 0);
    ASK(&c, .step = STEP_cancel, .order = 1, .sent = 100, .outcome = OUTCOME_timeout);
    buy(2, OUTCOME_ok, 200);
    order_row(1, 1, LINE);
    order_row(2, 0, LINE);
    assert_verdict(units_sold_once, HOLDS);
    ck_assert_uint_gt(audit_case_result(&c, AUDIT_units_sold_once)->open, 0);
}
END_TEST

/* It was asked back too late: both held the unit for a while. */
/* One unit: ordered, cancelled, sold to another, cancelled, and ordered again under the first key. */
START_TEST(test_ordered_again)
{
    stock(c.before, "place=P1 sku=S1 on_hand=1");
    begin_orders();
    buy(1, OUTCOME_ok, 0);
    ASK(&c, .step = STEP_cancel, .order = 1, .sent = 100);
    buy(2, OUTCOME_ok, 200);
    ASK(&c, .step = STEP_cancel, .order = 2, .sent = 300);
    ASK(&c, .step = STEP_check_out, .order = 1, .place = "P1", .sent = 400);
    order_row(1, 0, "place=P1 sku=S1 quantity=1 handed_over=0 returned=0");
    order_row(2, 1, "place=P1 sku=S1 quantity=1 handed_over=0 returned=0");
    assert_verdict(units_sold_once, HOLDS);
}
END_TEST

/* Books that don't say which orders are cancelled prove nothing of those that may be. */
START_TEST(test_cancelled_not_read)
{
    stock(c.before, "place=P1 sku=S1 on_hand=1 reserved=0");
    stock(c.after, "place=P1 sku=S1 on_hand=1 reserved=1");
    audit_case_book(&c, c.before, BOOK_orders, "order=");
    audit_case_book(&c, c.before, BOOK_order_lines, "place= sku= quantity=");
    ASK(&c, .step = STEP_add_to_cart, .order = 1, .sku = "S1", .quantity = 1, .sent = 0);
    ASK(&c, .step = STEP_check_out, .order = 1, .place = "P1", .sent = 10); /* it expires */
    buy(2, OUTCOME_ok, 200);
    ASK(&c, .step = STEP_cancel, .order = 2, .sent = 300);
    buy(3, OUTCOME_ok, 400);
    for (int order = 1; order <= 3; order++) {
        g_autofree char *row = g_strdup_printf("order=%d", order);
        audit_case_book(&c, c.after, BOOK_orders, row);
        audit_case_book(&c, c.after, BOOK_order_lines, "place=P1 sku=S1 quantity=1");
    }
    assert_verdict(units_sold_once, HOLDS);
    assert_verdict(reservations_released, CANNOT_TELL);
    assert_verdict(stock_adds_up, CANNOT_TELL);
    assert_says(stock_adds_up, "missing: no column `cancelled` of book 'orders'");
}
END_TEST

START_TEST(test_cancelled_after)
{
    stock(c.before, "place=P1 sku=S1 on_hand=1 reserved=0 available=1");
    begin_orders();
    buy(1, OUTCOME_ok, 0);
    buy(2, OUTCOME_ok, 200);
    ASK(&c, .step = STEP_cancel, .order = 1, .sent = 300);
    order_row(1, 1, LINE);
    order_row(2, 0, LINE);
    assert_verdict(units_sold_once, VIOLATED);
    assert_says(units_sold_once, "from 0.230 s on");
}
END_TEST

/* An open order that is in the books is one; one that isn't is none. */
START_TEST(test_open_orders)
{
    stock(c.before, "place=P1 sku=S1 on_hand=1 reserved=0 available=1");
    begin_orders();
    buy(1, OUTCOME_ok, 0);
    buy(2, OUTCOME_timeout, 100);
    order_row(1, 0, LINE);
    assert_verdict(units_sold_once, HOLDS);
    order_row(2, 0, LINE);
    audit_case_run(&c);
    assert_verdict(units_sold_once, VIOLATED);
    assert_says(units_sold_once, "known from the books after the run");
}
END_TEST

/* Tills sell as well; over all places when nobody knows where an order's units come from. */
START_TEST(test_tills)
{
    stock(c.before, "place=P1 sku=S1 on_hand=1\nplace=P2 sku=S1 on_hand=1");
    ASK(&c, .step = STEP_till, .order = 1, .place = "P1", .sku = "S1", .quantity = 1);
    ASK(&c, .step = STEP_till, .order = 2, .place = "P2", .sku = "S1", .quantity = 1);
    assert_verdict(units_sold_once, HOLDS);
    buy(3, OUTCOME_ok, 100);
    audit_case_run(&c);
    assert_verdict(units_sold_once, VIOLATED);
    assert_says(units_sold_once, "SKU S1 over all places: 3 units sold, 2 were there");
    ASK(&c, .step = STEP_till, .order = 4, .place = "P1", .sku = "S1", .quantity = 2, .sent = 200);
    audit_case_run(&c);
    ck_assert_int_eq(audit_case_result(&c, AUDIT_units_sold_once)->amount, 3);
    assert_says(units_sold_once, "SKU S1 at P1: 3 units sold, 1 were there: 2 sold twice");
}
END_TEST

START_TEST(test_no_supply)
{
    begin_orders();
    buy(1, OUTCOME_ok, 0);
    order_row(1, 0, LINE);
    assert_verdict(units_sold_once, CANNOT_TELL);
    assert_says(units_sold_once, "missing: no book 'stock' before the run");
    stock(c.after, "place=P1 sku=S1 on_hand=0 opening=0");
    audit_case_run(&c);
    assert_verdict(units_sold_once, VIOLATED);
}
END_TEST

/* A book before the run that says nothing of what was there; orders without lines. */
START_TEST(test_supply_not_said)
{
    stock(c.before, "place=P1 sku=S1");
    begin_orders();
    buy(1, OUTCOME_ok, 0);
    order_row(1, 0, LINE);
    const uint64_t asked =
        ASK(&c, .step = STEP_check_stock, .place = "P1", .sku = "S1", .sent = 500);
    audit_case_tell(&c, asked, TELLING_available, 3);
    assert_verdict(units_sold_once, CANNOT_TELL);
    assert_verdict(stock_reads_current, CANNOT_TELL);
    assert_says(units_sold_once, "missing: units that were there before the run");
    assert_says(stock_reads_current, "missing: units that were there before the run");
}
END_TEST

/* A SKU that is not counted at one place: nobody can sell too many there, nor over all places. */
START_TEST(test_not_counted)
{
    stock(c.before, "place=P1 sku=S1 on_hand=\nplace=P2 sku=S1 on_hand=1");
    stock(c.after, "place=P1 sku=S1 on_hand=\nplace=P2 sku=S1 on_hand=1");
    begin_orders();
    for (uint64_t order = 1; order <= 4; order++) {
        buy(order, OUTCOME_ok, 0);
        order_row(order, 0, LINE);
    }
    assert_verdict(units_sold_once, CANNOT_TELL);
    assert_verdict(stock_adds_up, HOLDS);
    ASK(&c, .step = STEP_till, .order = 9, .place = "P2", .sku = "S1", .quantity = 2, .sent = 90);
    audit_case_run(&c);
    assert_verdict(units_sold_once, VIOLATED);
    assert_says(units_sold_once, "SKU S1 at P2: 2 units sold, 1 were there");
}
END_TEST

START_TEST(test_delivered_meanwhile)
{
    stock(c.before, "place=P1 sku=S1 on_hand=0");
    begin_orders();
    audit_case_book(&c, c.before, BOOK_movements, "place= sku= quantity= order=");
    audit_case_book(&c, c.after, BOOK_movements, "place=P1 sku=S1 quantity=1 order=");
    buy(1, OUTCOME_ok, 0);
    order_row(1, 0, LINE);
    assert_verdict(units_sold_once, HOLDS);
}
END_TEST

START_TEST(test_returned)
{
    stock(c.before, "place=P1 sku=S1 on_hand=1\nplace=P2 sku=S1 on_hand=0");
    begin_orders();
    buy(1, OUTCOME_ok, 0);
    order_row(1, 0, "place=P1 sku=S1 quantity=1 handed_over=1 returned=1");
    ASK(&c, .step = STEP_take_back, .order = 1, .place = "P2", .quantity = 1, .sent = 100);
    ASK(&c, .step = STEP_till, .order = 2, .place = "P2", .sku = "S1", .quantity = 1, .sent = 200);
    assert_verdict(units_sold_once, HOLDS);
    ASK(&c, .step = STEP_till, .order = 3, .place = "P2", .sku = "S1", .quantity = 1, .sent = 300);
    audit_case_run(&c);
    assert_verdict(units_sold_once, VIOLATED);
}
END_TEST

START_TEST(test_negative)
{
    stock(c.before, "place=P1 sku=S1 on_hand=1 available=1");
    stock(c.after, "place=P1 sku=S1 on_hand=1 available=1");
    assert_verdict(stock_not_negative, HOLDS);
    stock(c.after, "place=P2 sku=S1 on_hand=1 available=-2");
    audit_case_tell(&c, ASK(&c, .step = STEP_check_stock, .place = "P1", .sku = "S1"),
                    TELLING_available, -1);
    audit_case_run(&c);
    assert_verdict(stock_not_negative, VIOLATED);
    ck_assert_int_eq(audit_case_result(&c, AUDIT_stock_not_negative)->amount, 3);
    assert_says(stock_not_negative, "the book after the run has -2 units available");
}
END_TEST

START_TEST(test_nothing_read)
{
    assert_verdict(stock_not_negative, CANNOT_TELL);
    assert_verdict(stock_adds_up, CANNOT_TELL);
    assert_verdict(reservations_released, CANNOT_TELL);
    assert_verdict(cancelled_gives_back, CANNOT_TELL);
    ck_assert_int_eq(audit_case_result(&c, AUDIT_no_internal_errors)->verdict, AUDIT_HOLDS);
}
END_TEST

/* Cancelled, and its unit stays reserved. */
START_TEST(test_leak)
{
    stock(c.before, "place=P1 sku=S1 on_hand=5 reserved=0 available=5");
    stock(c.after, "place=P1 sku=S1 on_hand=5 reserved=1 available=4");
    begin_orders();
    buy(1, OUTCOME_ok, 0);
    ASK(&c, .step = STEP_cancel, .order = 1, .sent = 100);
    order_row(1, 1, LINE);
    assert_verdict(reservations_released, VIOLATED);
    assert_says(reservations_released, "SKU S1 at P1: 1 units are held by the book of stock, open "
                                       "orders have 0: 1 held for nobody\n  check_out of order 1");
    assert_verdict(cancelled_gives_back, VIOLATED);
    assert_says(cancelled_gives_back, "orders of 1 units were cancelled, 1 of them can't be sold");
    assert_verdict(stock_adds_up, VIOLATED);
    assert_verdict(units_sold_once, HOLDS);
}
END_TEST

/* The same with a request that may still be at it: nobody can tell; killed since, somebody can. */
START_TEST(test_leak_open)
{
    stock(c.before, "place=P1 sku=S1 on_hand=5 reserved=0 available=5");
    stock(c.after, "place=P1 sku=S1 on_hand=5 reserved=1 available=4");
    begin_orders();
    buy(1, OUTCOME_ok, 0);
    ASK(&c, .step = STEP_cancel, .order = 1, .sent = 100, .outcome = OUTCOME_timeout);
    order_row(1, 1, LINE);
    assert_verdict(reservations_released, HOLDS);
    assert_verdict(stock_adds_up, HOLDS);
    audit_case_hook(&c, 200, "kill");
    audit_case_hook(&c, 300, "restart");
    audit_case_run(&c);
    assert_verdict(reservations_released, VIOLATED);
}
END_TEST

START_TEST(test_reservations)
{
    begin_orders();
    audit_case_book(&c, c.after, BOOK_reservations,
                    "order=1 place=P1 sku=S1 quantity=1\norder=2 place=P1 sku=S1 quantity=1");
    buy(1, OUTCOME_ok, 0);
    buy(2, OUTCOME_ok, 100);
    order_row(1, 0, LINE);
    order_row(2, 0, LINE);
    assert_verdict(reservations_released, HOLDS);
    audit_case_book(&c, c.after, BOOK_reservations, "order=3 place=P1 sku=S1 quantity=1");
    audit_case_run(&c);
    assert_verdict(reservations_released, VIOLATED);
    ck_assert_int_eq(audit_case_result(&c, AUDIT_reservations_released)->amount, 1);
    assert_says(reservations_released,
                "order 3: 1 units of SKU S1 are still held for it, and it is "
                "not in the books");
}
END_TEST

START_TEST(test_not_held)
{
    begin_orders();
    audit_case_book(&c, c.after, BOOK_reservations, "order= place= sku= quantity=");
    buy(1, OUTCOME_ok, 0);
    order_row(1, 0, LINE);
    assert_verdict(reservations_released, VIOLATED);
    assert_says(reservations_released, "1 not held for anybody");
}
END_TEST

START_TEST(test_standing)
{
    begin_orders();
    buy(1, OUTCOME_ok, 0);
    ASK(&c, .step = STEP_cancel, .order = 1, .sent = 100);
    order_row(1, 0, LINE);
    assert_verdict(cancelled_gives_back, VIOLATED);
    assert_says(cancelled_gives_back,
                "order 1: its cancellation was acknowledged, and it stands in the books");
}
END_TEST

START_TEST(test_money_kept)
{
    audit_case_book(&c, c.after, BOOK_orders, "order= cancelled= paid=");
    buy(1, OUTCOME_ok, 0);
    ASK(&c, .step = STEP_cancel, .order = 1, .sent = 100);
    audit_case_book(&c, c.after, BOOK_orders, "order=1 cancelled=1 paid=500");
    audit_case_book(&c, c.after, BOOK_redemptions, "coupon=C1 order=1");
    assert_verdict(cancelled_gives_back, VIOLATED);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_cancelled_gives_back)->violations, 2);
    assert_says(cancelled_gives_back, "500 cents that were paid for it were not given back");
    assert_says(cancelled_gives_back, "coupon C1 is still redeemed with it");
}
END_TEST

/* On hand, left and ledger, with a till's sale, a hand-over and a delivery to the shop. */
START_TEST(test_adds_up)
{
    stock(c.before, "place=P1 sku=S1 on_hand=10 reserved=0 available=10");
    stock(c.after, "place=P1 sku=S1 on_hand=11 reserved=1 available=10");
    begin_orders();
    audit_case_book(&c, c.before, BOOK_order_lines, "place= sku= quantity= handed_over= returned=");
    audit_case_book(&c, c.before, BOOK_sales, "sale= place= sku= quantity=");
    audit_case_book(&c, c.after, BOOK_sales, "sale=3 place=P1 sku=S1 quantity=2");
    audit_case_book(&c, c.before, BOOK_movements, "place= sku= quantity= order=");
    audit_case_book(&c, c.after, BOOK_movements,
                    "place=P1 sku=S1 quantity=-1 order=2\nplace=P1 sku=S1 quantity=-2 order=3\n"
                    "place=P1 sku=S1 quantity=4 order=");
    buy(1, OUTCOME_ok, 0);
    buy(2, OUTCOME_ok, 100);
    ASK(&c, .step = STEP_till, .order = 3, .place = "P1", .sku = "S1", .quantity = 2);
    order_row(1, 0, LINE);
    order_row(2, 0, "place=P1 sku=S1 quantity=1 handed_over=1 returned=0");
    assert_verdict(stock_adds_up, HOLDS);
    audit_case_book(&c, c.after, BOOK_movements, "place=P1 sku=S1 quantity=1 order=");
    audit_case_run(&c);
    assert_verdict(stock_adds_up, VIOLATED);
    assert_says(stock_adds_up, "units on hand changed by 1, the ledger's rows sum up to 2");
}
END_TEST

/* Three units are set aside for the tills: what may be promised is never below zero. */
START_TEST(test_set_aside)
{
    stock(c.before, "place=P1 sku=S1 on_hand=5 reserved=0 available=2");
    stock(c.after, "place=P1 sku=S1 on_hand=3 reserved=2 available=0");
    begin_orders();
    audit_case_book(&c, c.before, BOOK_sales, "sale= place= sku= quantity=");
    audit_case_book(&c, c.after, BOOK_sales, "sale=9 place=P1 sku=S1 quantity=2");
    ASK(&c, .step = STEP_add_to_cart, .order = 1, .sku = "S1", .quantity = 2, .sent = 0);
    ASK(&c, .step = STEP_check_out, .order = 1, .place = "P1", .sent = 20);
    ASK(&c, .step = STEP_pay, .order = 1, .sent = 40);
    ASK(&c, .step = STEP_till, .order = 9, .place = "P1", .sku = "S1", .quantity = 2, .sent = 60);
    order_row(1, 0, "place=P1 sku=S1 quantity=2 handed_over=0 returned=0");
    assert_verdict(stock_adds_up, HOLDS);
    assert_verdict(units_sold_once, HOLDS);
}
END_TEST

START_TEST(test_missing_units)
{
    stock(c.before, "place=P1 sku=S1 available=10");
    stock(c.after, "place=P1 sku=S1 available=8");
    begin_orders();
    buy(1, OUTCOME_ok, 0);
    order_row(1, 0, LINE);
    assert_verdict(stock_adds_up, VIOLATED);
    assert_says(stock_adds_up, "10 units left were there before; by orders, sales and returns 9, 9 "
                               "should be now, the book has 8: 1 are missing");
}
END_TEST

START_TEST(test_reads)
{
    stock(c.before, "place=P1 sku=S1 available=2");
    begin_orders();
    buy(1, OUTCOME_ok, 0);
    order_row(1, 0, LINE);
    audit_case_tell(&c, ASK(&c, .step = STEP_check_stock, .place = "P1", .sku = "S1", .sent = 25),
                    TELLING_available, 2); /* while it was bought */
    audit_case_tell(&c, ASK(&c, .step = STEP_check_stock, .place = "P1", .sku = "S1", .sent = 100),
                    TELLING_available, 1);
    assert_verdict(stock_reads_current, HOLDS);
    audit_case_tell(&c, ASK(&c, .step = STEP_check_stock, .place = "P1", .sku = "S1", .sent = 200),
                    TELLING_available, 2);
    audit_case_run(&c);
    assert_verdict(stock_reads_current, VIOLATED);
    assert_says(stock_reads_current, "2 units were promised when no more than 1 of 2 were left");
}
END_TEST

/* A book of touched positions alone: what it lacks before the run is as it was opened, and what it
 * lacks altogether is not known. */
START_TEST(test_touched_alone)
{
    stock(c.before, "place= sku= on_hand= reserved= available= opening=");
    stock(c.after, "place=P1 sku=S1 on_hand=5 reserved=1 available=4 opening=5");
    begin_orders();
    buy(1, OUTCOME_ok, 0);
    order_row(1, 0, LINE);
    ASK(&c, .step = STEP_till, .order = 2, .place = "P2", .sku = "S1", .quantity = 1,
        .outcome = OUTCOME_timeout);
    audit_case_tell(&c, ASK(&c, .step = STEP_check_stock, .place = "P2", .sku = "S1", .sent = 200),
                    TELLING_available, 3);
    audit_case_tell(&c, ASK(&c, .step = STEP_check_stock, .sku = "S1", .sent = 200),
                    TELLING_available, 7);
    assert_verdict(stock_reads_current, CANNOT_TELL); /* over all places */
    assert_verdict(stock_adds_up, HOLDS);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_stock_adds_up)->checked, 1);
    assert_verdict(units_sold_once, HOLDS);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_units_sold_once)->checked, 2);
    stock(c.after, "place=P3 sku=S1 on_hand=5 reserved=0 available=5 opening=6");
    audit_case_run(&c);
    assert_verdict(stock_adds_up, VIOLATED);
}
END_TEST

/* A cancellation that is open may have given the unit back. */
START_TEST(test_reads_open)
{
    stock(c.before, "place=P1 sku=S1 available=2");
    begin_orders();
    buy(1, OUTCOME_ok, 0);
    ASK(&c, .step = STEP_cancel, .order = 1, .sent = 150, .outcome = OUTCOME_reset);
    order_row(1, 1, LINE);
    audit_case_tell(&c, ASK(&c, .step = STEP_check_stock, .place = "P1", .sku = "S1", .sent = 200),
                    TELLING_available, 2);
    assert_verdict(stock_reads_current, HOLDS);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_oversold,
                                  test_all_sold,
                                  test_cancelled_between,
                                  test_ordered_again,
                                  test_cancelled_not_read,
                                  test_cancelled_after,
                                  test_open_orders,
                                  test_tills,
                                  test_no_supply,
                                  test_supply_not_said,
                                  test_not_counted,
                                  test_delivered_meanwhile,
                                  test_returned,
                                  test_negative,
                                  test_nothing_read,
                                  test_leak,
                                  test_leak_open,
                                  test_reservations,
                                  test_not_held,
                                  test_standing,
                                  test_money_kept,
                                  test_adds_up,
                                  test_set_aside,
                                  test_missing_units,
                                  test_reads,
                                  test_reads_open,
                                  test_touched_alone};

    return run_literals("audit_stock", tests, G_N_ELEMENTS(tests));
}
