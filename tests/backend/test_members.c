/* Coupons, points and identities of members. */
#include "backend/shop_case.h"

#define COUPON(name) "{\"coupon\": \"" name "\"}"

static void assert_whole(void)
{
    g_autofree char *found = shop_audit();

    ck_assert_str_eq(found, "");
}

static void fill(const char *who, const char *cart, const char *sku, int quantity)
{
    g_autofree char *path = g_strdup_printf("/carts/%s/lines", cart);
    g_autofree char *line = g_strdup_printf("{\"sku\": \"%s\", \"quantity\": %d}", sku, quantity);

    shop_want(201, NULL, who, "POST", path, line);
}

static void apply(int status, const char *error, const char *who, const char *cart,
                  const char *coupon)
{
    g_autofree char *path = g_strdup_printf("/carts/%s/coupons", cart);
    g_autofree char *body = g_strdup_printf("{\"coupon\": \"%s\"}", coupon);

    shop_want(status, error, who, "POST", path, body);
}

static void order(int status, const char *error, const char *who, const char *cart, int points)
{
    g_autofree char *body = g_strdup_printf(
        "{\"reference\": \"%s\", \"cart\": \"%s\", \"place\": \"east\", \"points\": %d}", cart,
        cart, points);

    shop_want(status, error, who, "POST", "/orders", body);
}

START_TEST(test_coupon)
{
    shop_open(NULL);
    g_autofree char *me = shop_member("7"), *other = shop_member("8");

    apply(404, "no_such_cart", me, "a", "three");
    fill(me, "a", "tea", 1);
    apply(404, "no_such_coupon", me, "a", "four");
    apply(409, "coupon_refused", me, "a", "three"); /* below 20.00 */
    fill(me, "a", "tea", 1);
    apply(403, "forbidden", other, "a", "three");
    apply(201, NULL, me, "a", "three");
    apply(201, NULL, me, "a", "three");
    apply(409, "coupon_refused", me, "a", "tenth");
    ck_assert_int_eq(shop_number(me, "/carts/a", "discount_cents"), 300);
    ck_assert_int_eq(platform_count("SELECT held FROM coupon WHERE name = 'three'"), 1);
    fill(me, "b", "tea", 2);
    apply(410, "coupon_used_up", me, "b", "three"); /* once a member, and the cart a has it */
    order(201, NULL, me, "a", 0);
    ck_assert_int_eq(shop_number(me, "/orders/a", "total_cents"), 1700);
    apply(410, "coupon_used_up", me, "b", "three");
    assert_whole();
    /* Given back with the order, the member has it again. */
    shop_want(200, NULL, me, "POST", "/orders/a/cancellation", "");
    apply(201, NULL, me, "b", "three");
    assert_whole();
    shop_close();
}
END_TEST

START_TEST(test_budget)
{
    shop_open(NULL);
    for (int i = 0; i < 7; i++) { /* five may */
        g_autofree char *name = g_strdup_printf("%d", 10 + i);
        g_autofree char *who = shop_member(name);
        g_autofree char *claim = g_strdup_printf("/members/%s/coupons", name);
        fill(who, name, "tea", 2);
        if (i < 3)
            shop_want(201, NULL, who, "POST", claim, COUPON("three"));
        if (i < 3)
            shop_want(200, NULL, who, "POST", claim, COUPON("three"));
        apply(i < 5 ? 201 : 410, i < 5 ? NULL : "coupon_used_up", who, name, "three");
        if (i < 2)
            order(201, NULL, who, name, 0);
        if (i > 5)
            shop_want(410, "coupon_used_up", who, "POST", claim, COUPON("three"));
    }
    assert_whole();
    /* Three are held by carts that nobody orders. */
    shop_wait_s(15 * 60 + 1);
    g_autofree char *late = shop_member("50");
    fill(late, "late", "tea", 2);
    platform_await("SELECT held FROM coupon WHERE name = 'three'", 0); /* the writer sweeps */
    apply(201, NULL, late, "late", "three");
    assert_whole();
    shop_close();
}
END_TEST

START_TEST(test_points)
{
    shop_open(NULL);
    g_autofree char *me = shop_member("7");

    fill(me, "a", "watch", 1);
    order(409, "points_short", me, "a", 1);
    order(201, NULL, me, "a", 0);
    ck_assert_int_eq(shop_pay(me, "a"), 201);
    ck_assert_int_eq(shop_number(me, "/members/7/points", "points"), 250);
    fill(me, "b", "salt", 1);
    order(422, "too_many_points", me, "b", 100);
    order(201, NULL, me, "b", 99); /* it costs nothing else */
    ck_assert_int_eq(shop_number(me, "/orders/b", "total_cents"), 0);
    ck_assert_int_eq(shop_number(me, "/members/7/points", "points"), 151);
    ck_assert_int_eq(shop_pay(me, "b"), 201);
    assert_whole();
    shop_want(200, NULL, me, "POST", "/orders/b/cancellation", "");
    ck_assert_int_eq(shop_number(me, "/members/7/points", "points"), 250);
    fill(me, "c", "tea", 1);
    order(201, NULL, me, "c", 240);
    /* The points that are taken back were spent: the balance is owed. */
    shop_want(200, NULL, me, "POST", "/orders/a/cancellation", "");
    ck_assert_int_eq(shop_number(me, "/members/7/points", "points"), -240);
    shop_want(200, NULL, me, "POST", "/orders/c/cancellation", "");
    shop_want(200, NULL, me, "POST", "/orders/c/cancellation", "");
    ck_assert_int_eq(shop_number(me, "/members/7/points", "points"), 0);
    g_autofree char *other = shop_member("8");
    shop_want(403, "forbidden", other, "GET", "/members/7/points", "");
    shop_want(403, "forbidden", other, "GET", "/members/7/coupons", "");
    shop_want(403, "forbidden", other, "POST", "/members/7/coupons", COUPON("tenth"));
    shop_want(403, "forbidden", other, "GET", "/members/7/identities", "");
    assert_whole();
    shop_close();
}
END_TEST

START_TEST(test_one_person)
{
    shop_open(NULL);
    g_autofree char *zoe = shop_member("zoe");

    /* Points of a card, collected at a till, and a coupon of whoever logs in with it. */
    shop_want(201, NULL, CLERK("east"), "POST", "/sales",
              "{\"reference\": \"s1\", \"place\": \"east\", \"sku\": \"tea\", \"quantity\": 2,"
              " \"card\": \"42\"}");
    g_autofree char *card = shop_member("42");
    shop_want(201, NULL, card, "POST", "/members/42/coupons", COUPON("three"));
    fill(card, "a", "tea", 2);
    apply(201, NULL, card, "a", "three");
    order(201, NULL, card, "a", 0);
    ck_assert_int_eq(shop_pay(card, "a"), 201);
    ck_assert_int_eq(shop_number(card, "/members/42/points", "points"), 20 + 17);

    shop_want(401, "no_clerk", zoe, "POST", "/members/zoe/identities",
              "{\"kind\": \"card\", \"value\": \"42\"}");
    shop_want(400, "bad_request", CLERK("east"), "POST", "/members/zoe/identities",
              "{\"kind\": \"face\", \"value\": \"42\"}");
    shop_want(404, "no_such_member", CLERK("east"), "POST", "/members/nobody/identities",
              "{\"kind\": \"card\", \"value\": \"42\"}");
    shop_want(201, NULL, CLERK("east"), "POST", "/members/zoe/identities",
              "{\"kind\": \"card\", \"value\": \"42\"}");
    shop_want(200, NULL, CLERK("east"), "POST", "/members/zoe/identities",
              "{\"kind\": \"card\", \"value\": \"42\"}");
    ck_assert_int_eq(shop_number(zoe, "/members/zoe/points", "points"), 37);
    ck_assert_int_eq(shop_number(zoe, "/orders/a", "total_cents"), 1700);
    fill(zoe, "b", "tea", 2);
    apply(410, "coupon_used_up", zoe, "b", "three"); /* one person, one coupon */
    assert_whole();
    /* From now on the card is zoe's, at the till and at the log-in. */
    shop_want(201, NULL, CLERK("east"), "POST", "/sales",
              "{\"reference\": \"s2\", \"place\": \"east\", \"sku\": \"tea\", \"quantity\": 1,"
              " \"card\": \"42\"}");
    ck_assert_int_eq(shop_number(zoe, "/members/zoe/points", "points"), 47);
    g_autofree char *again = shop_member("42");
    ck_assert_int_eq(shop_number(again, "/members/42/points", "points"), 47);

    shop_want(201, NULL, "", "POST", "/members", "{\"member\": \"yan\", \"phone\": \"0351\"}");
    shop_want(409, "name_taken", "", "POST", "/members", "{\"member\": \"yan\"}");
    shop_want(409, "identity_taken", "", "POST", "/members",
              "{\"member\": \"wu\", \"phone\": \"0351\"}");
    shop_want(404, "no_such_member", CLERK("east"), "POST", "/members/wu/identities",
              "{\"kind\": \"phone\", \"value\": \"1\"}"); /* refused whole */
    assert_whole();
    shop_close();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_coupon, test_budget, test_points, test_one_person};

    return shop_run("members", tests, G_N_ELEMENTS(tests));
}
