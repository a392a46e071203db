/* The audit's judgement of coupons, points, money and prices. */
#include "replay/audit_literals.h"

/* Member `member` redeems C1 with this order and pays; the number of the payment. */
static uint64_t buy(uint64_t order, uint64_t member, enum outcome outcome, int64_t at)
{
    ASK(&c, .step = STEP_apply_coupon, .order = order, .member = member, .coupon = "C1",
        .sent = at);
    const uint64_t placed = ASK(&c, .step = STEP_check_out, .order = order, .member = member,
                                .sent = at + 20, .outcome = outcome);
    if (outcome == OUTCOME_ok)
        audit_case_tell(&c, placed, TELLING_discount, 100);
    return ASK(&c, .step = STEP_pay, .order = order, .member = member, .sent = at + 40,
               .outcome = outcome);
}

/* ---- coupons --------------------------------------------------------------------------------- */

START_TEST(test_coupons)
{
    buy(1, 7, OUTCOME_ok, 0);
    buy(2, 8, OUTCOME_ok, 100);
    audit_case_book(
        &c, c.after, BOOK_orders,
        "order=1 member=7 coupon=C1 cancelled=0\norder=2 member=8 coupon=C1 cancelled=0");
    audit_case_book(&c, c.after, BOOK_redemptions,
                    "coupon=C1 member=7 order=1\ncoupon=C1 member=8 order=2");
    audit_case_book(&c, c.after, BOOK_coupons, "coupon=C1 limit=2 per_member=1 redeemed=2");
    assert_verdict(coupons_once, HOLDS);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_coupons_once)->checked, 3);
}
END_TEST

START_TEST(test_coupon_twice)
{
    buy(1, 7, OUTCOME_ok, 0);
    buy(2, 7, OUTCOME_ok, 100);
    buy(3, 8, OUTCOME_ok, 100);
    audit_case_book(
        &c, c.after, BOOK_orders,
        "order=1 member=7 coupon=C1 cancelled=0\norder=2 member=7 coupon=C1 cancelled=0\n"
        "order=3 member=8 coupon=C1 cancelled=0");
    audit_case_book(&c, c.after, BOOK_redemptions,
                    "coupon=C1 member=7 order=1\ncoupon=C1 member=7 order=2\n"
                    "coupon=C1 member=8 order=3");
    audit_case_book(&c, c.after, BOOK_coupons, "coupon=C1 limit=2 per_member=1 redeemed=2");
    assert_verdict(coupons_once, VIOLATED);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_coupons_once)->violations, 3);
    assert_says(coupons_once, "coupon C1 of member 7: it was redeemed 2 times, and may be 1 times");
    assert_says(coupons_once, "coupon C1: it was redeemed 3 times, and may be 2 times");
    assert_says(coupons_once, "coupon C1: the service counts 2 redemptions, its books have 3");
}
END_TEST

/* Told alone: what the books don't contradict. */
START_TEST(test_coupon_told)
{
    buy(1, 7, OUTCOME_ok, 0);
    buy(2, 7, OUTCOME_timeout, 100);
    audit_case_book(&c, c.after, BOOK_coupons, "coupon=C1 limit=9 per_member=1");
    assert_verdict(coupons_once, HOLDS);
    buy(3, 7, OUTCOME_ok, 200);
    audit_case_run(&c);
    assert_verdict(coupons_once, VIOLATED);
    audit_case_book(&c, c.after, BOOK_orders,
                    "order=1 member=7 coupon=C1 cancelled=0\norder=3 member=7 coupon= cancelled=0");
    audit_case_run(&c);
    assert_verdict(coupons_once, HOLDS);
}
END_TEST

START_TEST(test_coupon_given_back)
{
    buy(1, 7, OUTCOME_ok, 0);
    ASK(&c, .step = STEP_cancel, .order = 1, .member = 7, .sent = 100);
    buy(2, 7, OUTCOME_ok, 200);
    audit_case_book(
        &c, c.after, BOOK_orders,
        "order=1 member=7 coupon=C1 cancelled=1\norder=2 member=7 coupon=C1 cancelled=0");
    audit_case_book(&c, c.after, BOOK_redemptions, "coupon=C1 member=7 order=2");
    audit_case_book(&c, c.after, BOOK_coupons, "coupon=C1 limit=1 per_member=1 redeemed=1");
    assert_verdict(coupons_once, HOLDS);
    audit_case_book(&c, c.after, BOOK_orders, "order=3 member=9 coupon=C1 cancelled=0");
    audit_case_run(&c);
    assert_verdict(coupons_once, VIOLATED);
    assert_says(coupons_once, "order 3: it has coupon C1, which is not among the redemptions");
}
END_TEST

static void cancel(uint64_t order, uint64_t member, enum outcome outcome, int64_t at)
{
    ASK(&c, .step = STEP_cancel, .order = order, .member = member, .sent = at, .outcome = outcome);
}

/* Redeemed once too often for a while, then given back. */
START_TEST(test_coupon_over_time)
{
    buy(1, 7, OUTCOME_ok, 0);
    buy(2, 8, OUTCOME_ok, 100);
    cancel(2, 8, OUTCOME_ok, 300);
    audit_case_book(
        &c, c.after, BOOK_orders,
        "order=1 member=7 coupon=C1 cancelled=0\norder=2 member=8 coupon=C1 cancelled=1");
    audit_case_book(&c, c.after, BOOK_redemptions, "coupon=C1 member=7 order=1");
    audit_case_book(&c, c.after, BOOK_coupons, "coupon=C1 limit=1 per_member=1 redeemed=1");
    assert_verdict(coupons_once, VIOLATED);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_coupons_once)->violations, 1);
    assert_says(coupons_once,
                "coupon C1: orders that stood at 0.130 s had redeemed it 2 times, and "
                "it may be 1 times: too often from 0.130 s on; the last of them: 2");
    assert_says(coupons_once, "cancel of order 2 by member 8: acknowledged");
}
END_TEST

/* By one member, and by what was told alone. */
START_TEST(test_coupon_over_time_told)
{
    buy(1, 7, OUTCOME_ok, 0);
    buy(2, 7, OUTCOME_ok, 100);
    cancel(1, 7, OUTCOME_ok, 300);
    audit_case_book(&c, c.after, BOOK_coupons, "coupon=C1 limit=9 per_member=1");
    assert_verdict(coupons_once, VIOLATED);
    assert_says(coupons_once, "coupon C1 of member 7: orders that stood at 0.130 s");
}
END_TEST

/* No two of these hold it at once for certain. */
START_TEST(test_coupon_over_time_free)
{
    buy(1, 7, OUTCOME_ok, 0);
    cancel(1, 7, OUTCOME_timeout, 100); /* may be done before order 2 */
    buy(2, 8, OUTCOME_ok, 200);
    cancel(2, 8, OUTCOME_ok, 300);
    ASK(&c, .step = STEP_apply_coupon, .order = 3, .member = 9, .coupon = "C1", .sent = 400);
    ASK(&c, .step = STEP_check_out, .order = 3, .member = 9, .sent = 420); /* nobody pays it */
    buy(4, 7, OUTCOME_ok, 500);
    cancel(4, 7, OUTCOME_ok, 600);
    buy(5, 8, OUTCOME_ok, 700);
    cancel(5, 8, OUTCOME_ok, 800);
    buy(4, 7, OUTCOME_ok, 900); /* ordered again: it stands in the end */
    audit_case_book(
        &c, c.after, BOOK_orders,
        "order=1 member=7 coupon=C1 cancelled=1\norder=2 member=8 coupon=C1 cancelled=1\n"
        "order=3 member=9 coupon=C1 cancelled=1\norder=4 member=7 coupon=C1 cancelled=0\n"
        "order=5 member=8 coupon=C1 cancelled=1");
    audit_case_book(&c, c.after, BOOK_coupons, "coupon=C1 limit=1 per_member=1 redeemed=1");
    assert_verdict(coupons_once, HOLDS);
}
END_TEST

/* Books that don't say which orders are cancelled: these two may be. */
START_TEST(test_coupon_cancelled_not_read)
{
    buy(1, 7, OUTCOME_ok, 0);
    cancel(1, 7, OUTCOME_ok, 100);
    ASK(&c, .step = STEP_apply_coupon, .order = 2, .member = 9, .coupon = "C1", .sent = 400);
    ASK(&c, .step = STEP_check_out, .order = 2, .member = 9, .sent = 420);
    buy(3, 8, OUTCOME_ok, 700);
    audit_case_book(&c, c.after, BOOK_orders,
                    "order=1 member=7 coupon=C1\norder=2 member=9 coupon=C1\n"
                    "order=3 member=8 coupon=C1");
    audit_case_book(&c, c.after, BOOK_redemptions, "coupon=C1 member=8 order=3");
    audit_case_book(&c, c.after, BOOK_coupons, "coupon=C1 limit=1 redeemed=1");
    assert_verdict(coupons_once, HOLDS);
}
END_TEST

/* Applied and ordered with it, but nobody said that money was taken off: a shop may have dropped it
 * at the check-out. */
START_TEST(test_coupon_dropped)
{
    for (uint64_t order = 1; order <= 2; order++) {
        ASK(&c, .step = STEP_apply_coupon, .order = order, .member = 7, .coupon = "C1",
            .sent = (int64_t)order * 100);
        ASK(&c, .step = STEP_check_out, .order = order, .member = 7,
            .sent = (int64_t)order * 100 + 20);
        ASK(&c, .step = STEP_pay, .order = order, .member = 7, .sent = (int64_t)order * 100 + 40);
    }
    audit_case_book(&c, c.after, BOOK_coupons, "coupon=C1 limit=9 per_member=1");
    assert_verdict(coupons_once, HOLDS);
}
END_TEST

START_TEST(test_coupons_not_read)
{
    buy(1, 7, OUTCOME_ok, 0);
    assert_verdict(coupons_once, CANNOT_TELL);
    assert_says(coupons_once, "missing: no book 'coupons' after the run");
}
END_TEST

/* ---- points ---------------------------------------------------------------------------------- */

static void balance(int64_t before, int64_t after)
{
    g_autofree char *b = g_strdup_printf("member=7 balance=%" G_GINT64_FORMAT, before);
    g_autofree char *a = g_strdup_printf("member=7 balance=%" G_GINT64_FORMAT, after);

    books_free(c.before);
    books_free(c.after);
    c.before = books_new();
    c.after = books_new();
    audit_case_book(&c, c.before, BOOK_points, b);
    audit_case_book(&c, c.after, BOOK_points, a);
    audit_case_run(&c);
}

START_TEST(test_points)
{
    audit_case_tell(&c, buy(1, 7, OUTCOME_ok, 0), TELLING_points_earned, 30);
    const uint64_t spent = buy(2, 7, OUTCOME_ok, 100);
    audit_case_tell(&c, spent, TELLING_points_spent, 12);
    balance(100, 118);
    assert_verdict(points_balance, HOLDS);
    balance(100, 130);
    assert_verdict(points_balance, VIOLATED);
    assert_says(points_balance, "member 7: the balance was 100 and answers added 18; it is 130: "
                                "off by 12");
    balance(100, 88);
    ck_assert_int_eq(audit_case_result(&c, AUDIT_points_balance)->amount, 30);
}
END_TEST

/* Open ones whose worth is known: any choice of them, and no other sum. */
START_TEST(test_points_open)
{
    audit_case_tell(&c, buy(1, 7, OUTCOME_ok, 0), TELLING_points_earned, 30);
    audit_case_tell(&c, buy(2, 7, OUTCOME_failed_check, 100), TELLING_points_earned, 5);
    audit_case_tell(&c, buy(3, 7, OUTCOME_failed_check, 200), TELLING_points_earned, 8);
    for (int64_t change = 25; change < 50; change++) {
        balance(0, change);
        const bool good = change == 30 || change == 35 || change == 38 || change == 43;
        ck_assert_int_eq(audit_case_result(&c, AUDIT_points_balance)->verdict,
                         good ? AUDIT_HOLDS : AUDIT_VIOLATED);
    }
}
END_TEST

/* What an open payment is worth nobody knows: but it takes nothing away. */
START_TEST(test_points_unknown)
{
    audit_case_tell(&c, buy(1, 7, OUTCOME_ok, 0), TELLING_points_earned, 30);
    buy(2, 7, OUTCOME_timeout, 100);
    balance(0, 44);
    assert_verdict(points_balance, HOLDS);
    balance(0, 29);
    assert_verdict(points_balance, VIOLATED);
    ASK(&c, .step = STEP_cancel, .order = 1, .member = 7, .sent = 300);
    balance(0, 0);
    assert_verdict(points_balance, HOLDS);
    balance(0, -1);
    assert_verdict(points_balance, VIOLATED);
}
END_TEST

/* Paid twice on purpose, and answered alike: once is right, and twice would be. */
START_TEST(test_points_again)
{
    audit_case_tell(&c, buy(1, 7, OUTCOME_ok, 0), TELLING_points_earned, 30);
    audit_case_tell(&c, ASK(&c, .step = STEP_pay, .order = 1, .member = 7, .sent = 45),
                    TELLING_points_earned, 30);
    balance(0, 30);
    assert_verdict(points_balance, HOLDS);
    balance(0, 0);
    assert_verdict(points_balance, VIOLATED);
}
END_TEST

/* Nobody told points, and there is no ledger: balances alone prove nothing. */
/* An order of an earlier run expires in this one, and gives back the points that were spent on it. */
START_TEST(test_points_expired)
{
    audit_case_book(&c, c.before, BOOK_orders, "order=90 member=7 cancelled=0 settled=0");
    audit_case_book(&c, c.after, BOOK_orders, "order=90 member=7 cancelled=1 settled=0");
    audit_case_book(&c, c.before, BOOK_points, "member=7 balance=5\nmember=8 balance=5");
    audit_case_book(&c, c.after, BOOK_points, "member=7 balance=25\nmember=8 balance=15");
    audit_case_tell(&c, buy(1, 8, OUTCOME_ok, 0), TELLING_points_earned, 10);
    audit_case_tell(&c, ASK(&c, .step = STEP_points, .member = 7, .sent = 300), TELLING_points, 25);
    assert_verdict(points_balance, HOLDS);
    assert_verdict(read_your_writes, HOLDS);
    audit_case_book(&c, c.after, BOOK_points, "member=9 balance=15");
    audit_case_run(&c);
    assert_verdict(points_balance, VIOLATED);
}
END_TEST

START_TEST(test_points_untold)
{
    buy(1, 7, OUTCOME_ok, 0);
    audit_case_book(&c, c.before, BOOK_points, "member=7 balance=5");
    audit_case_book(&c, c.after, BOOK_points, "member=7 balance=900");
    assert_verdict(points_balance, CANNOT_TELL);
    assert_says(points_balance, "missing: no answer told points earned or spent");
}
END_TEST

START_TEST(test_points_ledger)
{
    audit_case_book(&c, c.before, BOOK_points, "member=7 balance=10 earned=0 spent=0");
    audit_case_book(&c, c.after, BOOK_points, "member=7 balance=40 earned=50 spent=20");
    assert_verdict(points_balance, HOLDS);
    audit_case_book(&c, c.after, BOOK_points, "member=8 balance=40 earned=50 spent=20");
    audit_case_run(&c);
    assert_verdict(points_balance, VIOLATED);
    assert_says(points_balance, "member 8: the service's ledger has 50 points earned and 20 spent");
    assert_says(points_balance, "missing: no answer told points earned or spent");
}
END_TEST

START_TEST(test_points_read)
{
    audit_case_tell(&c, buy(1, 7, OUTCOME_ok, 0), TELLING_points_earned, 30);
    audit_case_tell(&c, ASK(&c, .step = STEP_points, .member = 7, .sent = 45), TELLING_points, 10);
    audit_case_tell(&c, ASK(&c, .step = STEP_points, .member = 7, .sent = 55), TELLING_points, 40);
    balance(10, 40);
    assert_verdict(read_your_writes, HOLDS);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_read_your_writes)->checked, 3);
    audit_case_tell(&c, ASK(&c, .step = STEP_points, .member = 7, .sent = 60), TELLING_points, 10);
    balance(10, 40);
    assert_verdict(read_your_writes, VIOLATED);
    assert_says(read_your_writes,
                "member 7: the balance was 10 before the run, answers before "
                "this question added 30, and the member was told 10\n  points by");
    assert_verdict(points_balance, HOLDS);
}
END_TEST

START_TEST(test_order_unknown)
{
    buy(1, 7, OUTCOME_ok, 0);
    assert_verdict(read_your_writes, HOLDS);
    ASK(&c, .step = STEP_cancel, .order = 2, .member = 7, .sent = 90, .status = 404,
        .outcome = OUTCOME_refused);
    ASK(&c, .step = STEP_pay, .order = 1, .member = 7, .sent = 100, .status = 404,
        .outcome = OUTCOME_bad_status);
    audit_case_run(&c);
    assert_verdict(read_your_writes, VIOLATED);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_read_your_writes)->violations, 1);
}
END_TEST

/* ---- money and prices ------------------------------------------------------------------------ */

/* Nobody paid in time: the service gave it up, and does not know it any more. */
START_TEST(test_order_expired)
{
    ASK(&c, .step = STEP_check_out, .order = 1, .member = 7, .sent = 0);
    ASK(&c, .step = STEP_pay, .order = 1, .member = 7, .sent = 100, .status = 404,
        .outcome = OUTCOME_refused);
    audit_case_book(&c, c.after, BOOK_orders, "order=1 member=7 cancelled=1");
    assert_verdict(read_your_writes, HOLDS);
    audit_case_book(&c, c.after, BOOK_orders, "order=2 member=8 cancelled=0");
    ASK(&c, .step = STEP_check_out, .order = 2, .member = 8, .sent = 200);
    ASK(&c, .step = STEP_pay, .order = 2, .member = 8, .sent = 300, .status = 404,
        .outcome = OUTCOME_refused); /* and yet it stands */
    audit_case_run(&c);
    assert_verdict(read_your_writes, VIOLATED);
}
END_TEST

START_TEST(test_money)
{
    audit_case_tell(&c, buy(1, 7, OUTCOME_ok, 0), TELLING_paid, 900);
    buy(2, 7, OUTCOME_ok, 100);
    buy(3, 7, OUTCOME_timeout, 200);
    audit_case_book(&c, c.after, BOOK_orders,
                    "order=1 total=900 paid=900 settled=1 cancelled=0\n"
                    "order=2 total=500 paid=500 settled=1 cancelled=0\n"
                    "order=3 total=500 paid=100 settled=1 cancelled=0");
    assert_verdict(money_adds_up, HOLDS);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_money_adds_up)->open, 1);
    audit_case_book(&c, c.after, BOOK_orders,
                    "order=8 total=500 paid=1000 settled=1 cancelled=0\n"
                    "order=9 total=500 paid=0 settled=1 cancelled=0");
    audit_case_run(&c);
    assert_verdict(money_adds_up, VIOLATED);
    ck_assert_int_eq(audit_case_result(&c, AUDIT_money_adds_up)->amount, 1000);
    assert_says(money_adds_up, "order 8: it costs 500 cents, 1000 were received");
}
END_TEST

START_TEST(test_payment_lost)
{
    audit_case_tell(&c, buy(1, 7, OUTCOME_ok, 0), TELLING_paid, 800);
    buy(2, 7, OUTCOME_ok, 100);
    audit_case_book(&c, c.after, BOOK_orders,
                    "order=1 total=900 paid=900 settled=1 cancelled=0\n"
                    "order=2 total=500 paid=0 settled=0 cancelled=0");
    assert_verdict(money_adds_up, VIOLATED);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_money_adds_up)->violations, 2);
    assert_says(money_adds_up, "the customer was told that 800 cents were charged");
    assert_says(money_adds_up, "its payment was acknowledged, and the books have it as not paid");
}
END_TEST

START_TEST(test_payments)
{
    buy(1, 7, OUTCOME_ok, 0);
    audit_case_book(&c, c.after, BOOK_orders, "order=1 total=900 cancelled=0");
    audit_case_book(&c, c.after, BOOK_payments, "order=1 amount=1000\norder=1 amount=-100");
    assert_verdict(money_adds_up, HOLDS);
    audit_case_book(&c, c.after, BOOK_payments, "order=77 amount=5");
    audit_case_run(&c);
    assert_verdict(money_adds_up, VIOLATED);
    assert_says(money_adds_up,
                "order 77: 5 cents were received for it, and it is not in the books");
}
END_TEST

START_TEST(test_money_not_read)
{
    buy(1, 7, OUTCOME_ok, 0);
    assert_verdict(money_adds_up, CANNOT_TELL);
    assert_verdict(price_as_shown, CANNOT_TELL);
    assert_verdict(points_balance, CANNOT_TELL);
}
END_TEST

static void shown(int64_t cents, int64_t at)
{
    audit_case_tell(&c, ASK(&c, .step = STEP_browse, .order = 1, .sku = "S1", .sent = at),
                    TELLING_price, cents);
}

START_TEST(test_price)
{
    shown(450, 0);
    shown(500, 20);
    audit_case_tell(&c, ASK(&c, .step = STEP_check_out, .order = 1, .sent = 100), TELLING_total,
                    1000);
    audit_case_book(&c, c.after, BOOK_orders, "order=1 total=1000 cancelled=0");
    audit_case_book(&c, c.after, BOOK_order_lines, "sku=S1 quantity=2 price=500");
    assert_verdict(price_as_shown, HOLDS);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_price_as_shown)->checked, 2);
    shown(450, 200); /* after the order */
    audit_case_run(&c);
    assert_verdict(price_as_shown, HOLDS);
}
END_TEST

START_TEST(test_price_skew)
{
    shown(500, 0);
    audit_case_tell(&c, ASK(&c, .step = STEP_check_out, .order = 1, .sent = 100), TELLING_total,
                    1000);
    audit_case_book(&c, c.after, BOOK_orders, "order=1 total=900 cancelled=0");
    audit_case_book(&c, c.after, BOOK_order_lines, "sku=S1 quantity=2 price=450");
    assert_verdict(price_as_shown, VIOLATED);
    ck_assert_uint_eq(audit_case_result(&c, AUDIT_price_as_shown)->violations, 2);
    assert_says(price_as_shown, "order 1: SKU S1 was shown at 500 cents and charged at 450\n"
                                "  browse of order 1");
    assert_says(price_as_shown, "the customer was told a total of 1000 cents, the books have 900");
}
END_TEST

/* Ordered again after a new price was shown: either may be meant. */
START_TEST(test_price_open)
{
    shown(500, 0);
    ASK(&c, .step = STEP_check_out, .order = 1, .sent = 100, .outcome = OUTCOME_timeout);
    shown(450, 200);
    ASK(&c, .step = STEP_check_out, .order = 1, .sent = 300);
    audit_case_book(&c, c.after, BOOK_orders, "order=1 cancelled=0");
    audit_case_book(&c, c.after, BOOK_order_lines, "sku=S1 quantity=2 price=500");
    assert_verdict(price_as_shown, HOLDS);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_coupons,
                                  test_coupon_twice,
                                  test_coupon_told,
                                  test_coupon_given_back,
                                  test_coupon_over_time,
                                  test_coupon_over_time_told,
                                  test_coupon_over_time_free,
                                  test_coupon_cancelled_not_read,
                                  test_coupon_dropped,
                                  test_coupons_not_read,
                                  test_points,
                                  test_points_open,
                                  test_points_unknown,
                                  test_points_again,
                                  test_points_expired,
                                  test_points_untold,
                                  test_points_ledger,
                                  test_points_read,
                                  test_order_unknown,
                                  test_order_expired,
                                  test_money,
                                  test_payment_lost,
                                  test_payments,
                                  test_money_not_read,
                                  test_price,
                                  test_price_skew,
                                  test_price_open};

    return run_literals("audit_money", tests, G_N_ELEMENTS(tests));
}
