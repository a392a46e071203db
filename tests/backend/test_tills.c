/* What happens in shops: tills, goods put aside, transfers, prices, the feed; and what ends by itself. */
#include "backend/shop_case.h"

#define SALE(reference, place, sku, quantity, more)                                                \
    "{\"reference\": \"" reference "\", \"place\": \"" place "\", \"sku\": \"" sku                 \
    "\", \"quantity\": " #quantity more "}"

static void assert_whole(void)
{
    g_autofree char *found = shop_audit();

    ck_assert_str_eq(found, "");
}

static int64_t available(const char *place, const char *sku)
{
    g_autofree char *path = g_strdup_printf("/places/%s/stock/%s", place, sku);

    return shop_number("", path, "available");
}

START_TEST(test_till)
{
    json_t *answer;

    shop_open(NULL);
    ck_assert_int_eq(shop_ask(CLERK("east"), "POST", "/sales", SALE("r1", "east", "tea", 3, ""),
                              &answer),
                     201);
    ck_assert_int_eq(json_integer_value(json_object_get(answer, "amount_cents")), 3000);
    json_decref(answer);
    shop_want(200, NULL, CLERK("east"), "POST", "/sales", SALE("r1", "east", "tea", 3, ""));
    shop_want(422, "reference_reused", CLERK("east"), "POST", "/sales",
              SALE("r1", "east", "tea", 2, ""));
    shop_want(201, NULL, CLERK("east"), "POST", "/sales", SALE("r1", "east", "rice", 1, ""));
    shop_want(403, "forbidden", CLERK("west"), "POST", "/sales", SALE("r2", "east", "tea", 1, ""));
    shop_want(404, "no_such_member", CLERK("east"), "POST", "/sales",
              SALE("r2", "east", "tea", 1, ", \"card\": \"4711\""));
    shop_want(409, "sold_out", CLERK("east"), "POST", "/sales", SALE("r2", "east", "tea", 8, ""));
    /* Seven lie there, but an order has five of them. */
    g_autofree char *me = shop_member("7");
    shop_want(201, NULL, me, "POST", "/carts/o/lines", "{\"sku\": \"tea\", \"quantity\": 5}");
    shop_want(201, NULL, me, "POST", "/orders",
              "{\"reference\": \"o\", \"cart\": \"o\", \"place\": \"east\"}");
    shop_want(409, "sold_out", CLERK("east"), "POST", "/sales", SALE("r2", "east", "tea", 3, ""));
    shop_want(201, NULL, CLERK("east"), "POST", "/sales", SALE("r2", "east", "tea", 2, ""));
    ck_assert_int_eq(available("east", "tea"), 0);
    assert_whole();
    shop_close();
}
END_TEST

START_TEST(test_put_aside)
{
    shop_open(NULL);
    g_autofree char *me = shop_member("7"), *other = shop_member("8");

    shop_want(201, NULL, me, "POST", "/reservations", SALE("h1", "east", "tea", 8, ""));
    shop_want(200, NULL, me, "POST", "/reservations", SALE("h1", "east", "tea", 8, ""));
    shop_want(422, "reference_reused", me, "POST", "/reservations",
              SALE("h1", "east", "tea", 7, ""));
    shop_want(409, "sold_out", other, "POST", "/reservations", SALE("h2", "east", "tea", 3, ""));
    shop_want(403, "forbidden", other, "GET", "/reservations/h1", "");
    shop_want(403, "forbidden", other, "POST", "/reservations/h1/cancellation", "");
    ck_assert_int_eq(available("east", "tea"), 2);
    assert_whole();
    /* Fetched: six of the eight are bought, the other two are free again. */
    shop_want(409, "out_of_turn", CLERK("west"), "POST", "/sales",
              SALE("r1", "west", "tea", 6, ", \"reservation\": \"h1\""));
    shop_want(409, "out_of_turn", CLERK("east"), "POST", "/sales",
              SALE("r1", "east", "tea", 9, ", \"reservation\": \"h1\""));
    shop_want(201, NULL, CLERK("east"), "POST", "/sales",
              SALE("r1", "east", "tea", 6, ", \"reservation\": \"h1\""));
    shop_want(409, "out_of_turn", CLERK("east"), "POST", "/sales",
              SALE("r2", "east", "tea", 1, ", \"reservation\": \"h1\""));
    ck_assert_int_eq(available("east", "tea"), 4);
    ck_assert_int_eq(shop_number(me, "/members/7/points", "points"), 60);
    shop_want(409, "too_late", me, "POST", "/reservations/h1/cancellation", "");
    shop_want(201, NULL, me, "POST", "/reservations", SALE("h3", "east", "tea", 4, ""));
    shop_want(200, NULL, me, "POST", "/reservations/h3/cancellation", "");
    shop_want(200, NULL, me, "POST", "/reservations/h3/cancellation", "");
    ck_assert_int_eq(available("east", "tea"), 4);
    assert_whole();
    shop_close();
}
END_TEST

START_TEST(test_transfer)
{
    shop_open(NULL);
#define SEND(reference, quantity) SALE(reference, "depot", "tea", quantity, ", \"to\": \"east\"")
    shop_want(201, NULL, CLERK("depot"), "POST", "/transfers", SEND("t1", 4));
    shop_want(200, NULL, CLERK("depot"), "POST", "/transfers", SEND("t1", 4));
    shop_want(422, "reference_reused", CLERK("depot"), "POST", "/transfers", SEND("t1", 5));
    shop_want(409, "sold_out", CLERK("depot"), "POST", "/transfers", SEND("t2", 7));
    ck_assert_int_eq(available("depot", "tea"), 6);
    ck_assert_int_eq(available("east", "tea"), 10);
    assert_whole();
    shop_want(403, "forbidden", CLERK("west"), "POST", "/transfers/t1/receipt",
              "{\"place\": \"west\"}");
    shop_want(404, "no_such_transfer", CLERK("east"), "POST", "/transfers/t9/receipt",
              "{\"place\": \"east\"}");
    shop_want(201, NULL, CLERK("east"), "POST", "/transfers/t1/receipt", "{\"place\": \"east\"}");
    shop_want(200, NULL, CLERK("east"), "POST", "/transfers/t1/receipt", "{\"place\": \"east\"}");
    ck_assert_int_eq(available("east", "tea"), 14);
    assert_whole();
    shop_close();
}
END_TEST

START_TEST(test_price)
{
    shop_open(NULL);
    g_autofree char *me = shop_member("7");

    shop_want(201, NULL, me, "POST", "/carts/a/lines", "{\"sku\": \"tea\", \"quantity\": 1}");
    shop_want(401, "no_clerk", me, "PUT", "/products/tea/price", "{\"price_cents\": 1}");
    shop_want(400, "bad_request", CLERK("east"), "PUT", "/products/tea/price",
              "{\"price_cents\": -1}");
    shop_want(200, NULL, CLERK("east"), "PUT", "/products/tea/price", "{\"price_cents\": 1100}");
    ck_assert_int_eq(shop_number("", "/products/tea", "price_cents"), 1100);
    shop_want(201, NULL, me, "POST", "/carts/a/lines", "{\"sku\": \"tea\", \"quantity\": 1}");
    ck_assert_int_eq(shop_number(me, "/carts/a", "total_cents"), 2100); /* as each was shown */
    shop_want(201, NULL, me, "POST", "/orders",
              "{\"reference\": \"a\", \"cart\": \"a\", \"place\": \"east\"}");
    ck_assert_int_eq(shop_number(me, "/orders/a", "total_cents"), 2100);
    shop_close();
}
END_TEST

/* Whoever follows the feed knows what is available, position by position. */
START_TEST(test_feed)
{
    int64_t after = 0, tea = 10, seen = 0;

    shop_open(NULL);
    g_autofree char *me = shop_member("7");
    ck_assert_int_eq(shop_buy(me, "a", "tea", "east"), 201);
    shop_want(201, NULL, CLERK("east"), "POST", "/sales", SALE("r", "east", "tea", 2, ""));
    shop_want(200, NULL, me, "POST", "/orders/a/cancellation", "");
    shop_want(201, NULL, CLERK("east"), "POST", "/sales", SALE("q", "east", "rice", 2, ""));
    for (bool more = true; more;) {
        g_autofree char *path = g_strdup_printf("/feed?limit=2&after=%d", (int)after);
        json_t *page, *change;
        size_t i;
        ck_assert_int_eq(shop_ask("", "GET", path, "", &page), 200);
        json_array_foreach(json_object_get(page, "changes"), i, change)
        {
            ck_assert_int_gt(json_integer_value(json_object_get(change, "number")), after);
            if (strcmp(json_string_value(json_object_get(change, "sku")), "tea") == 0)
                tea += json_integer_value(json_object_get(change, "on_hand")) -
                       json_integer_value(json_object_get(change, "reserved"));
            seen++;
        }
        more = json_array_size(json_object_get(page, "changes")) == 2;
        after = json_integer_value(json_object_get(page, "next"));
        json_decref(page);
    }
    ck_assert_int_eq(seen, 4);
    ck_assert_int_eq(tea, available("east", "tea"));
    shop_want(400, "bad_request", "", "GET", "/feed?after=x", "");
    shop_close();
}
END_TEST

START_TEST(test_ends_by_itself)
{
    shop_open(NULL);
    g_autofree char *me = shop_member("7");

    for (int i = 0; i < 10; i++) {
        g_autofree char *name = g_strdup_printf("o%d", i);
        ck_assert_int_eq(shop_buy(me, name, "tea", "east"), 201);
    }
    ck_assert_int_eq(shop_pay(me, "o0"), 201);
    shop_want(201, NULL, me, "POST", "/reservations", SALE("h", "east", "rice", 10, ""));
    ck_assert_int_eq(shop_buy(me, "late", "rice", "east"), 201); /* from elsewhere */
    shop_wait_s(15 * 60 - 1);
    shop_want(409, "sold_out", CLERK("east"), "POST", "/sales", SALE("r", "east", "tea", 1, ""));
    shop_wait_s(1);
    /* At once, for whoever wants it. */
    shop_want(201, NULL, CLERK("east"), "POST", "/sales", SALE("r", "east", "tea", 9, ""));
    shop_want(409, "order_cancelled", me, "POST", "/orders/o1/payments",
              "{\"amount_cents\": 1000, \"method\": \"card\"}");
    shop_want(409, "out_of_turn", CLERK("east"), "POST", "/sales",
              SALE("r", "east", "rice", 1, ", \"reservation\": \"h\""));
    /* And for everybody, soon. */
    platform_await("SELECT sum(status = 2) FROM orders", 10);
    platform_await("SELECT sum(reserved) FROM position", 1); /* of the one that is paid */
    ck_assert_int_eq(available("east", "rice"), 10);
    assert_whole();
    /* Carts and keys of long ago. */
    g_autofree char *key = g_strconcat(me, "Idempotency-Key: k\r\n", NULL);
    shop_want(201, NULL, key, "POST", "/carts/old/lines", "{\"sku\": \"tea\", \"quantity\": 1}");
    shop_want(201, NULL, me, "POST", "/carts/old/coupons", "{\"coupon\": \"tenth\"}");
    shop_wait_s(8 * 24 * 3600);
    platform_await("SELECT count(*) FROM cart", 0);
    platform_await("SELECT count(*) FROM once", 0);
    ck_assert_int_eq(platform_count("SELECT count(*) FROM cart_line"), 0);
    assert_whole();
    shop_close();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_till,  test_put_aside, test_transfer,
                                  test_price, test_feed,      test_ends_by_itself};

    return shop_run("tills", tests, G_N_ELEMENTS(tests));
}
