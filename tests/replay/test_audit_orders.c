/* The audit's judgement of orders: kept, once, asked for. Each has books that hold, books that break
 * it, books that can't tell, and what an open outcome saves. */
#include "replay/audit_literals.h"

#define HEAD "order= member= cancelled= settled="

static void begin_books(void)
{
    audit_case_book(&c, c.before, BOOK_orders, HEAD);
    audit_case_book(&c, c.after, BOOK_orders, HEAD);
}

/* An order of two units of S1, acknowledged; the number of its request. */
static uint64_t buy(uint64_t order, enum outcome outcome, int64_t at)
{
    ASK(&c, .step = STEP_add_to_cart, .order = order, .member = 7, .sku = "S1", .quantity = 2,
        .sent = at);
    return ASK(&c, .step = STEP_check_out, .order = order, .member = 7, .sent = at + 20,
               .outcome = outcome);
}

START_TEST(test_kept)
{
    buy(21, OUTCOME_ok, 0);
    begin_books();
    audit_case_book(&c, c.after, BOOK_orders, "order=21 member=7 cancelled=0 settled=0");
    assert_verdict(orders_kept, HOLDS);
    assert_verdict(orders_once, HOLDS);
    assert_verdict(orders_asked_for, HOLDS);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_orders_kept)->checked, 1);
    ck_assert_uint_eq(audit_counts(c.audit)->orders_done, 1);
    ck_assert_uint_eq(audit_counts(c.audit)->orders_in_books, 1);
}
END_TEST

START_TEST(test_lost)
{
    buy(21, OUTCOME_ok, 0);
    begin_books();
    assert_verdict(orders_kept, VIOLATED);
    assert_says(orders_kept, "order 21: it was promised to member 7 at 0.030 s, and isn't in the "
                             "books\n  check_out of order 21 by member 7: acknowledged, 200, sent "
                             "0.020 s, answered 0.030 s\n");
    ck_assert_int_eq(audit_verdict(c.audit), AUDIT_VIOLATED);
}
END_TEST

/* A time-out may have been an order, and none. */
START_TEST(test_open)
{
    buy(21, OUTCOME_timeout, 0);
    buy(22, OUTCOME_timeout, 100);
    begin_books();
    audit_case_book(&c, c.after, BOOK_orders, "order=22 member=7 cancelled=0 settled=0");
    assert_verdict(orders_kept, HOLDS);
    assert_verdict(orders_asked_for, HOLDS);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_orders_asked_for)->open, 1);
}
END_TEST

START_TEST(test_not_read)
{
    buy(21, OUTCOME_ok, 0);
    assert_verdict(orders_kept, CANNOT_TELL);
    assert_says(orders_kept, "missing: no book 'orders' after the run");
    begin_books();
    books_fail(c.after, BOOK_orders, "the service went away");
    audit_case_run(&c);
    assert_verdict(orders_kept, CANNOT_TELL);
    assert_says(orders_kept, "missing: book 'orders' after the run: the service went away");
}
END_TEST

START_TEST(test_contents)
{
    buy(21, OUTCOME_ok, 0);
    buy(22, OUTCOME_ok, 100);
    begin_books();
    audit_case_book(&c, c.after, BOOK_order_lines, "sku= quantity=");
    audit_case_book(&c, c.after, BOOK_orders, "order=21 member=7 cancelled=0 settled=0");
    audit_case_book(&c, c.after, BOOK_order_lines, "sku=S1 quantity=2");
    audit_case_book(&c, c.after, BOOK_orders, "order=22 member=7 cancelled=0 settled=0");
    audit_case_book(&c, c.after, BOOK_order_lines, "sku=S1 quantity=1\nsku=S2 quantity=3");
    assert_verdict(orders_kept, VIOLATED);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_orders_kept)->violations, 2);
    ck_assert_int_eq(audit_case_result(&c, AUDIT_orders_kept)->amount, 4);
    assert_says(orders_kept, "the books have 3 units of SKU S2, no more than 0 were ordered");
    assert_says(orders_kept, "2 units of SKU S1 were ordered and acknowledged, the books have 1");
}
END_TEST

/* Adding that timed out, or was sent twice, or refused for a part, leaves room; a full refusal none. */
START_TEST(test_contents_open)
{
    ASK(&c, .step = STEP_add_to_cart, .order = 21, .sku = "S1", .quantity = 2,
        .outcome = OUTCOME_timeout);
    ASK(&c, .step = STEP_add_to_cart, .order = 21, .sku = "S2", .quantity = 2, .tries = 2);
    ASK(&c, .step = STEP_add_to_cart, .order = 21, .sku = "S3", .quantity = 2,
        .outcome = OUTCOME_refused);
    ASK(&c, .step = STEP_check_out, .order = 21, .sent = 100);
    begin_books();
    audit_case_book(&c, c.after, BOOK_order_lines, "sku= quantity=");
    audit_case_book(&c, c.after, BOOK_orders, "order=21 cancelled=0");
    audit_case_book(&c, c.after, BOOK_order_lines,
                    "sku=S1 quantity=2\nsku=S2 quantity=4\nsku=S3 quantity=1");
    assert_verdict(orders_kept, HOLDS);
    audit_case_book(&c, c.after, BOOK_order_lines, "sku=S3 quantity=1");
    audit_case_run(&c);
    assert_verdict(orders_kept, VIOLATED);
}
END_TEST

/* What the service cancels by itself may have expired, unless it was paid for. */
START_TEST(test_cancelled)
{
    buy(21, OUTCOME_ok, 0);
    buy(22, OUTCOME_ok, 100);
    ASK(&c, .step = STEP_pay, .order = 22, .sent = 200);
    buy(23, OUTCOME_ok, 300);
    ASK(&c, .step = STEP_pay, .order = 23, .sent = 400);
    ASK(&c, .step = STEP_cancel, .order = 23, .sent = 500, .outcome = OUTCOME_timeout);
    begin_books();
    audit_case_book(&c, c.after, BOOK_orders,
                    "order=21 member=7 cancelled=1 settled=0\n"
                    "order=22 member=7 cancelled=1 settled=1\n"
                    "order=23 member=7 cancelled=1 settled=1");
    assert_verdict(orders_kept, VIOLATED);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_orders_kept)->violations, 1);
    assert_says(orders_kept, "order 22: it was acknowledged and paid for, and is cancelled");
}
END_TEST

START_TEST(test_twice)
{
    buy(21, OUTCOME_ok, 0);
    ASK(&c, .step = STEP_check_out, .order = 21, .member = 7, .sent = 25);
    begin_books();
    audit_case_book(&c, c.after, BOOK_orders,
                    "order=21 member=7 cancelled=0 settled=0\n"
                    "order=21 member=7 cancelled=0 settled=0");
    assert_verdict(orders_once, VIOLATED);
    assert_says(orders_once, "order 21: it is in the books 2 times");
    assert_verdict(orders_kept, HOLDS);
    assert_verdict(orders_asked_for, HOLDS);
}
END_TEST

/* Ordered again after a cancellation: two are right, when there was time for it. */
START_TEST(test_again)
{
    buy(21, OUTCOME_ok, 0);
    ASK(&c, .step = STEP_cancel, .order = 21, .sent = 50);
    ASK(&c, .step = STEP_check_out, .order = 21, .member = 7, .sent = 100);
    begin_books();
    audit_case_book(&c, c.after, BOOK_orders,
                    "order=21 member=7 cancelled=1 settled=0\n"
                    "order=21 member=7 cancelled=0 settled=0");
    assert_verdict(orders_once, HOLDS);
    assert_verdict(cancelled_gives_back, HOLDS);
}
END_TEST

/* Two names for what was asked for twice are two orders. */
/* The same order on two pages of the book is one; two ids are two. */
START_TEST(test_two_pages)
{
    ASK(&c, .step = STEP_check_out, .order = 1, .member = 7, .place = "P1", .sent = 0);
    audit_case_book(&c, c.after, BOOK_orders, "order=1 id=a cancelled=0\norder=1 id=a cancelled=0");
    assert_verdict(orders_once, HOLDS);
    audit_case_book(&c, c.after, BOOK_orders, "order=1 id=b cancelled=0");
    audit_case_run(&c);
    assert_verdict(orders_once, VIOLATED);
    assert_says(orders_once, "order 1: it is in the books 2 times");
}
END_TEST

START_TEST(test_two_names)
{
    audit_case_tell_text(&c, buy(21, OUTCOME_ok, 0), TELLING_order, "a1");
    audit_case_tell_text(&c, ASK(&c, .step = STEP_check_out, .order = 21, .sent = 25),
                         TELLING_order, "a2");
    assert_verdict(orders_once, VIOLATED);
    assert_says(orders_once, "it was acknowledged as 2 different orders");
}
END_TEST

START_TEST(test_unasked)
{
    buy(21, OUTCOME_refused, 0);
    buy(22, OUTCOME_refused, 100);
    begin_books();
    audit_case_book(&c, c.before, BOOK_orders, "order=9 member=7 cancelled=0 settled=1");
    audit_case_book(&c, c.after, BOOK_orders,
                    "order=9 member=7 cancelled=0 settled=1\n"
                    "order=21 member=7 cancelled=0 settled=0\n"
                    "order=22 member=7 cancelled=1 settled=0\n"
                    "order=99 member=7 cancelled=0 settled=0");
    assert_verdict(orders_asked_for, VIOLATED);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_orders_asked_for)->violations, 2);
    assert_says(orders_asked_for, "order 21: it stands in the books, though every request for it");
    assert_says(orders_asked_for, "order 99: it is in the books, though nobody asked for it");
}
END_TEST

/* A refusal of a request that was sent before may be the answer to the second. */
START_TEST(test_refused_again)
{
    ASK(&c, .step = STEP_check_out, .order = 21, .outcome = OUTCOME_refused, .tries = 2);
    ASK(&c, .step = STEP_check_out, .order = 22, .outcome = OUTCOME_refused, .resent = 1);
    ASK(&c, .step = STEP_check_out, .order = 23, .outcome = OUTCOME_connect_error, .tries = 1);
    begin_books();
    audit_case_book(&c, c.after, BOOK_orders, "order=21\norder=22\norder=23");
    assert_verdict(orders_asked_for, HOLDS);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_orders_asked_for)->open, 3);
}
END_TEST

/* Books that know their own names only: members' orders are counted. */
START_TEST(test_pools)
{
    buy(21, OUTCOME_ok, 0);
    buy(22, OUTCOME_timeout, 100);
    audit_case_book(&c, c.before, BOOK_orders, "id= member=");
    audit_case_book(&c, c.after, BOOK_orders, "id= member=");
    assert_verdict(orders_kept, VIOLATED);
    assert_says(orders_kept, "member 7: 1 orders were promised, and the books have 0 new ones");
    audit_case_book(&c, c.after, BOOK_orders, "id=a1 member=7\nid=a2 member=7");
    audit_case_run(&c);
    assert_verdict(orders_kept, HOLDS);
    assert_verdict(orders_asked_for, HOLDS);
    audit_case_book(&c, c.after, BOOK_orders, "id=a3 member=7");
    audit_case_run(&c);
    assert_verdict(orders_asked_for, VIOLATED);
    assert_says(orders_asked_for, "the books have 3 new orders that name no order of the run, of "
                                  "which 2 may have been asked for");
}
END_TEST

START_TEST(test_pool_twice)
{
    ASK(&c, .step = STEP_check_out, .order = 21, .member = 7, .tries = 3);
    audit_case_book(&c, c.before, BOOK_orders, "id= member=");
    audit_case_book(&c, c.after, BOOK_orders, "id= member=\nid=a1 member=7\nid=a2 member=7");
    assert_verdict(orders_once, VIOLATED);
    assert_verdict(orders_asked_for, HOLDS);
}
END_TEST

/* Keys are told by the service; a request that was told none stands with its order. */
START_TEST(test_keys)
{
    ApiMap *keys = audit_case_map("api: 1\nname: keys\nsteps:\n"
                                  "  add_to_cart: {path: /a, capture: {code: {json: /code}}}\n"
                                  "  check_out: {path: '/o/{{code}}'}\n"
                                  "audit:\n  order: '{{code}}'\n  books:\n"
                                  "    stock: {path: /stock, rows: '', row: {sku: /sku}}\n");
    struct audit_case k;

    audit_case_begin(&k, keys);
    ASK(&k, .step = STEP_add_to_cart, .order = 21, .sku = "S1", .quantity = 1,
        .outcome = OUTCOME_timeout);
    audit_case_tell_text(&k,
                         ASK(&k, .step = STEP_add_to_cart, .order = 21, .sku = "S1", .quantity = 1),
                         TELLING_key, "XK1");
    audit_case_tell_text(&k, ASK(&k, .step = STEP_check_out, .order = 21, .sent = 20), TELLING_key,
                         "XK1");
    ASK(&k, .step = STEP_check_out, .order = 22, .outcome = OUTCOME_timeout);
    audit_case_book(&k, k.before, BOOK_orders, "order=");
    audit_case_book(&k, k.after, BOOK_orders, "order=\norder=XK1\norder=XK2");
    audit_case_run(&k);
    ck_assert_int_eq(audit_result(k.audit, AUDIT_orders_kept)->verdict, AUDIT_HOLDS);
    ck_assert_int_eq(audit_result(k.audit, AUDIT_orders_asked_for)->verdict, AUDIT_HOLDS);
    audit_case_book(&k, k.after, BOOK_orders, "order=XK3");
    audit_case_run(&k);
    ck_assert_int_eq(audit_result(k.audit, AUDIT_orders_asked_for)->verdict, AUDIT_VIOLATED);
    audit_case_end(&k);
    api_free(keys);
}
END_TEST

START_TEST(test_sales)
{
    ASK(&c, .step = STEP_till, .order = 31, .place = "P1", .sku = "S1", .quantity = 2);
    ASK(&c, .step = STEP_till, .order = 31, .place = "P1", .sku = "S2", .quantity = 1);
    ASK(&c, .step = STEP_till, .order = 32, .place = "P1", .sku = "S1", .quantity = 1,
        .outcome = OUTCOME_timeout);
    audit_case_book(&c, c.after, BOOK_orders, HEAD);
    audit_case_book(&c, c.after, BOOK_sales,
                    "sale=31 sku=S1 quantity=2\nsale=31 sku=S2 quantity=1");
    assert_verdict(orders_kept, HOLDS);
    audit_case_book(&c, c.after, BOOK_sales,
                    "sale=31 sku=S2 quantity=1\nsale=32 sku=S1 quantity=2");
    audit_case_run(&c);
    assert_verdict(orders_once, VIOLATED);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_orders_once)->violations, 2);
    ck_assert_int_eq(audit_verdict(c.audit), AUDIT_VIOLATED);
}
END_TEST

START_TEST(test_lost_sale)
{
    ASK(&c, .step = STEP_till, .order = 31, .place = "P1", .sku = "S1", .quantity = 2);
    audit_case_book(&c, c.after, BOOK_orders, HEAD);
    audit_case_book(&c, c.after, BOOK_sales, "sale= sku= quantity=");
    assert_verdict(orders_kept, VIOLATED);
    assert_says(orders_kept, "sale 31: a till was told that 2 units were sold, the books have 0");
}
END_TEST

/* A record that was cut may lack the request that an order came from, and proves nothing missing. */
START_TEST(test_incomplete)
{
    buy(21, OUTCOME_ok, 0);
    c.is_incomplete = true;
    begin_books();
    audit_case_book(&c, c.after, BOOK_orders, "order=98 member=7 cancelled=0 settled=0");
    assert_verdict(orders_asked_for, CANNOT_TELL);
    assert_verdict(orders_kept, VIOLATED);
    ck_assert_str_eq(audit_notes(c.audit)[0],
                     "the record is not complete: requests may be missing in it");
}
END_TEST

/* A plan that was sent before under the same keys: answers repeat what was done then, and a cart has
 * what was left in it when its order was refused. */
START_TEST(test_plan_again)
{
    audit_case_book(&c, c.before, BOOK_stock, "place=P1 sku=S1 on_hand=3");
    audit_case_book(&c, c.before, BOOK_orders, "order=1 member=7 cancelled=0 settled=1");
    audit_case_book(&c, c.before, BOOK_order_lines, "place=P1 sku=S1 quantity=1");
    audit_case_book(&c, c.before, BOOK_sales, "sale=9 place=P1 sku=S1 quantity=2");
    audit_case_book(&c, c.before, BOOK_points, "member=7 balance=5");
    audit_case_book(&c, c.after, BOOK_stock, "place=P1 sku=S1 on_hand=1");
    audit_case_book(&c, c.after, BOOK_orders, "order=1 member=7 cancelled=0 settled=1");
    audit_case_book(&c, c.after, BOOK_order_lines, "place=P1 sku=S1 quantity=1");
    audit_case_book(&c, c.after, BOOK_orders, "order=2 member=7 cancelled=0 settled=1");
    audit_case_book(&c, c.after, BOOK_order_lines, "place=P1 sku=S1 quantity=2");
    audit_case_book(&c, c.after, BOOK_sales, "sale=9 place=P1 sku=S1 quantity=2");
    audit_case_book(&c, c.after, BOOK_points, "member=7 balance=10");
    for (uint64_t order = 1; order <= 3; order++) { /* 3 was placed before, and deleted since */
        const int64_t at = (int64_t)order * 100;
        ASK(&c, .step = STEP_add_to_cart, .order = order, .member = 7, .sku = "S1", .quantity = 1,
            .sent = at);
        ASK(&c, .step = STEP_check_out, .order = order, .member = 7, .place = "P1",
            .sent = at + 20);
        const uint64_t paid =
            ASK(&c, .step = STEP_pay, .order = order, .member = 7, .sent = at + 40);
        audit_case_tell(&c, paid, TELLING_points_earned, 5);
    }
    ASK(&c, .step = STEP_till, .order = 9, .place = "P1", .sku = "S1", .quantity = 2, .sent = 900);
    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++) {
        g_autofree char *said = audit_case_text(&c, i);
        ck_assert_msg(audit_case_result(&c, i)->violations == 0, "%s: %s", audit_invariant_name(i),
                      said);
    }
    assert_verdict(orders_kept, CANNOT_TELL);
    assert_says(orders_kept, "missing: no answer is certain to be of this run");
    ck_assert_ptr_nonnull(strstr(audit_notes(c.audit)[0], "it was sent before"));
}
END_TEST

START_TEST(test_passes)
{
    for (uint32_t pass = 0; pass < 3; pass++)
        ASK(&c, .step = STEP_check_out, .order = 21, .pass = pass, .journey = 21 + 1000 * pass);
    begin_books();
    audit_case_book(&c, c.after, BOOK_orders, "order=21\norder=21-1");
    assert_verdict(orders_kept, VIOLATED);
    assert_says(orders_kept, "order 21-2: it was promised");
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_orders_kept)->violations, 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_kept,          test_lost,       test_open,
                                  test_not_read,      test_contents,   test_contents_open,
                                  test_cancelled,     test_twice,      test_again,
                                  test_two_pages,     test_two_names,  test_unasked,
                                  test_refused_again, test_pools,      test_pool_twice,
                                  test_keys,          test_sales,      test_lost_sale,
                                  test_incomplete,    test_plan_again, test_passes};

    return run_literals("audit_orders", tests, G_N_ELEMENTS(tests));
}
