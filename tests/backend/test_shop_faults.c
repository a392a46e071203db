/* Each fault of the shop breaks what it says, and nothing else. Without one nothing breaks
 * (test_shop_swarm.c). */
#include "backend/shop_swarm.h"

#include "backend/faults.h"

/* Laws of shop_audit() that a fault must break, and those that it may. */
static const struct broken {
    const char *fault, *must, *may[4];
} broken[] = {
    {"oversell-race", "available below 0", {NULL}},
    {"lost-update-points", "points are not the sum of entries", {NULL}},
    {"duplicate-on-retry",
     "two orders of one reference",
     {"a coupon's count is not its redemptions", "a member is beyond a coupon's limit",
      "a coupon is beyond its budget"}},
    {"leak-reservation", "units held for nobody", {"open units of an order are not held"}},
    {"price-skew", "a price that was not the product's", {"a sale at another price"}},
};

static bool is_expected(const struct broken *b, const char *law)
{
    bool expected = g_str_has_prefix(law, b->must);

    for (int i = 0; i < 4 && b->may[i] != NULL; i++)
        expected |= g_str_has_prefix(law, b->may[i]);
    return expected;
}

START_TEST(test_fault)
{
    const struct broken *b = &broken[_i];
    const uint32_t seed = swarm_seed(7);
    bool seen = false;

    /* Chance has its say in who meets whom: it may take more than one shop. */
    for (uint32_t i = 0; i < 10 && !seen; i++) {
        struct swarm_told told;
        shop_open((const char *const[]){b->fault, NULL});
        swarm_run(seed + i, 8, 30, &told);
        swarm_clear(&told);
        g_autofree char *found = shop_audit();
        g_auto(GStrv) laws = g_strsplit(found, "\n", -1);
        for (char **law = laws; *law != NULL && **law != '\0'; law++) {
            ck_assert_msg(is_expected(b, *law), "%s broke: %s", b->fault, *law);
            seen |= g_str_has_prefix(*law, b->must);
        }
        shop_close();
        ck_assert_int_eq(remove("shop.db"), 0);
    }
    ck_assert_msg(seen, "%s did not break: %s", b->fault, b->must);
}
END_TEST

/* A coupon that is once for each member, in two carts before one of them is ordered. */
START_TEST(test_double_coupon)
{
    static const char *const carts[] = {"a", "b"};

    for (int faulty = 0; faulty <= 1; faulty++) {
        shop_open((const char *const[]){faulty ? "double-coupon" : NULL, NULL});
        g_autofree char *me = shop_member("7");
        for (int i = 0; i < 2; i++) {
            g_autofree char *lines = g_strdup_printf("/carts/%s/lines", carts[i]);
            g_autofree char *coupons = g_strdup_printf("/carts/%s/coupons", carts[i]);
            shop_want(201, NULL, me, "POST", lines, "{\"sku\": \"tea\", \"quantity\": 2}");
            shop_want(i == 0 || faulty ? 201 : 410, i == 0 || faulty ? NULL : "coupon_used_up", me,
                      "POST", coupons, "{\"coupon\": \"three\"}");
        }
        for (int i = 0; i < 2; i++) {
            g_autofree char *order =
                g_strdup_printf("{\"reference\": \"%s\", \"cart\": \"%s\"}", carts[i], carts[i]);
            shop_want(201, NULL, me, "POST", "/orders", order);
        }
        g_autofree char *found = shop_audit();
        ck_assert_str_eq(found, faulty ? "a member is beyond a coupon's limit: 1\n" : "");
        ck_assert_int_eq(platform_count("SELECT count(*) FROM redemption"), 1 + faulty);
        shop_close();
        ck_assert_int_eq(remove("shop.db"), 0);
    }
}
END_TEST

START_TEST(test_stale)
{
    shop_open((const char *const[]){"stale-stock=15min", NULL});
    g_autofree char *me = shop_member("7");
    ck_assert_int_eq(shop_number("", "/places/east/stock/tea", "available"), 10);
    ck_assert_int_eq(shop_buy(me, "a", "tea", "east"), 201);
    ck_assert_int_eq(shop_number("", "/places/east/stock/tea", "available"), 10);
    ck_assert_int_eq(shop_number("", "/places/west/stock/tea", "available"), 10);
    g_autofree char *found = shop_audit();
    ck_assert_str_eq(found, ""); /* only what is told is wrong */
    shop_close();
}
END_TEST

/* A fault that looks, then acts, still does one thing for one reference. */
START_TEST(test_look_then_act)
{
    shop_open((const char *const[]){"oversell-race", "lost-update-points", NULL});
    g_autofree char *me = shop_member("7");
    ck_assert_int_eq(shop_buy(me, "a", "tea", "east"), 201);
    ck_assert_int_eq(shop_pay(me, "a"), 201);
    ck_assert_int_eq(shop_pay(me, "a"), 200);
    shop_want(201, NULL, CLERK("east"), "POST", "/sales",
              "{\"reference\": \"s\", \"place\": \"east\", \"sku\": \"tea\", \"quantity\": 9,"
              " \"card\": \"7\"}");
    shop_want(409, "sold_out", CLERK("east"), "POST", "/sales",
              "{\"reference\": \"t\", \"place\": \"east\", \"sku\": \"tea\", \"quantity\": 1}");
    g_autofree char *found = shop_audit();
    ck_assert_str_eq(found, "");
    shop_close();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("shop_faults");
    TCase *tcase = tcase_create("shop_faults");
    int failed;

    tcase_add_checked_fixture(tcase, platform_begin, platform_end);
    tcase_add_loop_test(tcase, test_fault, 0, (int)G_N_ELEMENTS(broken));
    tcase_add_test(tcase, test_double_coupon);
    tcase_add_test(tcase, test_stale);
    tcase_add_test(tcase, test_look_then_act);
    tcase_set_timeout(tcase, 300);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
