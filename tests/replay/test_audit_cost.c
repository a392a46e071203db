/* What the audit costs grows as the history does: four times the history, four times the looks at it,
 * whatever is wrong in it; and about four times the processor's time. */
#include "replay/audit_case.h"

#include <check.h>
#include <time.h>

#define ORDERS 1500

static ApiMap *map;

static double processor_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Orders of one popular SKU at one place and by one member, and of many of each, in turns; some time
 * out, some are cancelled, some are lost, every tenth is there twice. */
static void fill(struct audit_case *c, uint32_t orders)
{
    audit_case_book(c, c->before, BOOK_stock, "place= sku= on_hand= reserved=");
    audit_case_book(c, c->before, BOOK_orders, "order= member= cancelled= total= paid= coupon=");
    audit_case_book(c, c->before, BOOK_order_lines, "place= sku= quantity= price=");
    audit_case_book(c, c->before, BOOK_points, "member=1 balance=0");
    audit_case_book(c, c->after, BOOK_orders, "order= member= cancelled= total= paid= coupon=");
    audit_case_book(c, c->after, BOOK_order_lines, "place= sku= quantity= price=");
    audit_case_book(c, c->after, BOOK_reservations, "order= place= sku= quantity=");
    audit_case_book(c, c->after, BOOK_redemptions, "coupon= member= order=");
    audit_case_book(c, c->after, BOOK_points, "member=1 balance=5");
    audit_case_book(c, c->after, BOOK_coupons, "coupon=C1 limit=3 per_member=1 redeemed=9");
    for (uint32_t i = 1; i <= orders; i++) {
        const bool is_hot = i % 2 == 0;
        g_autofree char *sku = g_strdup_printf("S%u", is_hot ? 1 : i);
        g_autofree char *place = g_strdup_printf("P%u", i % 10);
        const uint64_t member = i % 3 == 0 ? 1 : i;
        const int64_t at = 100 * i;
        const enum outcome outcome = i % 9 == 0 ? OUTCOME_timeout : OUTCOME_ok;
        audit_case_tell(c,
                        ASK(c, .step = STEP_browse, .order = i, .member = member, .sku = sku,
                            .sent = at),
                        TELLING_price, 10);
        audit_case_tell(c,
                        ASK(c, .step = STEP_check_stock, .order = i, .member = member, .sku = sku,
                            .place = place, .sent = at + 10),
                        TELLING_available, 3);
        ASK(c, .step = STEP_add_to_cart, .order = i, .member = member, .sku = sku, .quantity = 1,
            .sent = at + 20);
        ASK(c, .step = STEP_apply_coupon, .order = i, .member = member, .coupon = "C1",
            .sent = at + 30);
        ASK(c, .step = STEP_check_out, .order = i, .member = member, .place = place,
            .sent = at + 40, .outcome = outcome);
        audit_case_tell(c,
                        ASK(c, .step = STEP_pay, .order = i, .member = member, .sent = at + 50,
                            .outcome = outcome),
                        TELLING_points_earned, 1);
        if (i % 5 == 0)
            ASK(c, .step = STEP_cancel, .order = i, .member = member, .sent = at + 60);
        for (uint32_t k = 0; k < (i % 7 == 0 ? 0 : i % 10 == 0 ? 2 : 1); k++) {
            g_autofree char *row =
                g_strdup_printf("order=%u member=%u cancelled=%d total=10 paid=%u coupon=C1", i,
                                (uint32_t)member, i % 5 == 0, i % 4);
            g_autofree char *line =
                g_strdup_printf("place=%s sku=%s quantity=1 price=11", place, sku);
            g_autofree char *held =
                g_strdup_printf("order=%u place=%s sku=%s quantity=1", i, place, sku);
            audit_case_book(c, c->after, BOOK_orders, row);
            audit_case_book(c, c->after, BOOK_order_lines, line);
            audit_case_book(c, c->after, BOOK_reservations, held);
        }
    }
}

static void measure(uint32_t orders, uint64_t *ret_looks, double *ret_s)
{
    struct audit_case c;

    audit_case_begin(&c, map);
    fill(&c, orders);
    c.looks = 0;
    const double began_s = processor_s();
    audit_case_run(&c);
    *ret_s = processor_s() - began_s;
    *ret_looks = c.looks;
    ck_assert_int_eq(audit_verdict(c.audit), AUDIT_VIOLATED);
    ck_assert_uint_gt(audit_case_result(&c, AUDIT_units_sold_once)->violations, 0);
    ck_assert_uint_gt(audit_case_result(&c, AUDIT_orders_kept)->violations, orders / 10);
    ck_assert_uint_gt(audit_case_result(&c, AUDIT_reservations_released)->violations, orders / 10);
    audit_case_end(&c);
}

START_TEST(test_linear)
{
    uint64_t small, large;
    double small_s, large_s;

    measure(ORDERS, &small, &small_s);
    measure(4 * ORDERS, &large, &large_s);
    ck_assert_msg(large <= 4 * small + 4 * small / 10,
                  "%" G_GUINT64_FORMAT " looks, of four times "
                  "the history %" G_GUINT64_FORMAT,
                  small, large);
    ck_assert_msg(large_s < 10 * small_s + 0.2, "%.3f s, of four times the history %.3f s", small_s,
                  large_s);
}
END_TEST

static void set_up(void) { map = audit_case_map(NULL); }

static void tear_down(void) { api_free(map); }

int main(void)
{
    Suite *suite = suite_create("audit_cost");
    TCase *all = tcase_create("all");

    tcase_set_timeout(all, 300);
    tcase_add_unchecked_fixture(all, set_up, tear_down);
    tcase_add_test(all, test_linear);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
