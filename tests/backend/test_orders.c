/* Orders from the cart to the return, and what refuses them. */
#include "backend/shop_case.h"

#define LINE(sku, quantity) "{\"sku\": \"" sku "\", \"quantity\": " #quantity "}"
#define ORDER(reference, place)                                                                    \
    "{\"reference\": \"" reference "\", \"cart\": \"" reference "\", \"place\": \"" place "\"}"
#define UNITS(place, quantity) "{\"place\": \"" place "\", \"quantity\": " #quantity "}"

static void assert_whole(void)
{
    g_autofree char *found = shop_audit();

    ck_assert_str_eq(found, "");
}

START_TEST(test_the_whole_way)
{
    shop_open(NULL);
    g_autofree char *me = shop_member("7");
    json_t *answer;

    shop_want(201, NULL, me, "POST", "/carts/o1/lines", LINE("tea", 2));
    shop_want(201, NULL, me, "POST", "/carts/o1/lines", LINE("soap", 3));
    ck_assert_int_eq(shop_number(me, "/carts/o1", "total_cents"), 2999);
    shop_want(201, NULL, me, "POST", "/orders", ORDER("o1", "east"));
    shop_want(404, "no_such_cart", me, "GET", "/carts/o1", "");
    ck_assert_int_eq(shop_number("", "/places/east/stock/tea", "available"), 8);
    shop_want(409, "not_paid", CLERK("east"), "POST", "/orders/o1/picks", UNITS("east", 1));
    shop_want(400, "bad_request", me, "POST", "/orders/o1/payments",
              "{\"amount_cents\": 2999, \"method\": \"shells\"}");
    shop_want(422, "wrong_amount", me, "POST", "/orders/o1/payments",
              "{\"amount_cents\": 2998, \"method\": \"card\"}");
    ck_assert_int_eq(shop_pay(me, "o1"), 201);
    ck_assert_int_eq(shop_pay(me, "o1"), 200);
    ck_assert_int_eq(shop_number(me, "/members/7/points", "points"), 29);

    shop_want(409, "out_of_turn", CLERK("east"), "POST", "/orders/o1/ready", UNITS("east", 1));
    shop_want(409, "out_of_turn", CLERK("west"), "POST", "/orders/o1/picks", UNITS("west", 1));
    shop_want(403, "forbidden", CLERK("west"), "POST", "/orders/o1/picks", UNITS("east", 1));
    shop_want(409, "out_of_turn", CLERK("east"), "POST", "/orders/o1/picks", UNITS("east", 6));
    shop_want(201, NULL, CLERK("east"), "POST", "/orders/o1/picks", UNITS("east", 5));
    shop_want(201, NULL, CLERK("east"), "POST", "/orders/o1/ready", UNITS("east", 5));
    ck_assert_int_eq(shop_ask(CLERK("east"), "POST", "/orders/o1/collections", UNITS("east", 4),
                              &answer),
                     201);
    ck_assert_str_eq(json_string_value(json_object_get(answer, "status")), "handed_over");
    json_decref(answer);
    shop_want(409, "too_late", me, "POST", "/orders/o1/cancellation", "");
    shop_want(409, "out_of_turn", CLERK("east"), "POST", "/orders/o1/deliveries", UNITS("east", 2));
    shop_want(201, NULL, CLERK("east"), "POST", "/orders/o1/deliveries", UNITS("east", 1));
    assert_whole();

    /* Back to another place, where it can be sold again. */
    shop_want(409, "out_of_turn", CLERK("west"), "POST", "/orders/o1/returns",
              "{\"place\": \"west\", \"sku\": \"tea\", \"quantity\": 3}");
    ck_assert_int_eq(shop_ask(CLERK("west"), "POST", "/orders/o1/returns",
                              "{\"place\": \"west\", \"sku\": \"tea\", \"quantity\": 1}", &answer),
                     201);
    ck_assert_int_eq(json_integer_value(json_object_get(answer, "refunded_cents")), 1000);
    ck_assert_int_eq(json_integer_value(json_object_get(answer, "points_taken")), 10);
    json_decref(answer);
    ck_assert_int_eq(shop_number("", "/places/west/stock/tea", "available"), 11);
    assert_whole();
    shop_close();
}
END_TEST

START_TEST(test_once)
{
    shop_open(NULL);
    g_autofree char *me = shop_member("7"), *other = shop_member("zoe");
    g_autofree char *key = g_strconcat(me, "Idempotency-Key: k\r\n", NULL);

    ck_assert_int_eq(shop_buy(me, "o1", "tea", "east"), 201);
    shop_want(200, NULL, me, "POST", "/orders", ORDER("o1", "east"));
    shop_want(422, "reference_reused", me, "POST", "/orders", ORDER("o1", "west"));
    shop_want(403, "forbidden", other, "POST", "/orders", ORDER("o1", "east"));
    shop_want(403, "forbidden", other, "GET", "/orders/o1", "");
    shop_want(403, "forbidden", other, "POST", "/orders/o1/cancellation", "");
    shop_want(403, "forbidden", other, "POST", "/orders/o1/payments",
              "{\"amount_cents\": 1000, \"method\": \"card\"}");
    shop_want(404, "no_such_order", me, "GET", "/orders/o2", "");
    /* A key: the same answer, and nothing is done twice; another body is refused. */
    shop_want(201, NULL, key, "POST", "/carts/o2/lines", LINE("tea", 2));
    shop_want(201, NULL, key, "POST", "/carts/o2/lines", LINE("tea", 2));
    shop_want(422, "key_reused", key, "POST", "/carts/o2/lines", LINE("tea", 3));
    shop_want(422, "key_reused", key, "POST", "/carts/o3/lines", LINE("tea", 2));
    ck_assert_int_eq(shop_number(me, "/carts/o2", "total_cents"), 2000);
    shop_want(403, "forbidden", other, "GET", "/carts/o2", "");
    shop_want(403, "forbidden", other, "POST", "/carts/o2/lines", LINE("tea", 1));
    shop_want(403, "forbidden", other, "POST", "/orders", ORDER("o2", "east"));
    g_autofree char *same = g_strconcat(other, "Idempotency-Key: k\r\n", NULL);
    shop_want(201, NULL, same, "POST", "/carts/o4/lines", LINE("tea", 1)); /* its own key */
    assert_whole();
    shop_close();
}
END_TEST

struct shopper {
    const char *who, *reference;
    int status;
};

static void *ask_order(void *user)
{
    struct shopper *s = user;
    g_autofree char *order =
        g_strdup_printf("{\"reference\": \"%s\", \"cart\": \"same\", \"place\": \"east\"}",
                        s->reference);

    s->status = shop_ask(s->who, "POST", "/orders", order, NULL);
    return NULL;
}

START_TEST(test_at_the_same_time)
{
    struct shopper shopper[8];
    GThread *thread[8];
    int made = 0;

    shop_open(NULL);
    g_autofree char *me = shop_member("7");
    shop_want(201, NULL, me, "POST", "/carts/same/lines", LINE("tea", 2));
    for (int i = 0; i < 8; i++) {
        shopper[i] = (struct shopper){me, "same", 0};
        thread[i] = g_thread_new("shopper", ask_order, &shopper[i]);
    }
    for (int i = 0; i < 8; i++) {
        g_thread_join(thread[i]);
        made += shopper[i].status == 201;
        ck_assert(shopper[i].status == 200 || shopper[i].status == 201);
    }
    ck_assert_int_eq(made, 1);
    ck_assert_int_eq(shop_number("", "/places/east/stock/tea", "available"), 8);
    assert_whole();
    shop_close();
}
END_TEST

/* What places serve an order, in the order of its lines: "east 3 tea, depot 1 rice". */
static char *served(const char *who, const char *path)
{
    GString *text = g_string_new(NULL);
    json_t *answer;
    size_t i;
    json_t *line;

    ck_assert_int_eq(shop_ask(who, "GET", path, "", &answer), 200);
    json_array_foreach(json_object_get(answer, "lines"), i, line)
        g_string_append_printf(text, "%s%s %d %s", i > 0 ? ", " : "",
                               json_string_value(json_object_get(line, "place")),
                               (int)json_integer_value(json_object_get(line, "quantity")),
                               json_string_value(json_object_get(line, "sku")));
    json_decref(answer);
    return g_string_free(text, FALSE);
}

START_TEST(test_where_it_comes_from)
{
    static const struct {
        const char *line, *place, *served; /* NULL = sold out */
    } orders[] = {
        {LINE("tea", 10), "east", "east 10 tea"}, /* the place has all */
        {LINE("tea", 4), "east", "middle 4 tea"}, /* the nearest that ships */
        {LINE("tea", 7), "east", "west 7 tea"},   /* the nearest that has all of the line */
        {LINE("tea", 12), "west", "west 3 tea, middle 6 tea, depot 3 tea"}, /* nobody: several */
        {LINE("tea", 7), "", "depot 7 tea"},
        {LINE("tea", 1), "east", NULL},
        {LINE("rice", 31), "east", NULL}, /* east's own 10 do not ship */
        {LINE("rice", 30), "", "middle 10 rice, west 10 rice, depot 10 rice"},
        {LINE("rice", 10), "east", "east 10 rice"},
    };

    shop_open(NULL);
    g_autofree char *me = shop_member("7");
    for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
        g_autofree char *name = g_strdup_printf("o%zu", i);
        g_autofree char *lines = g_strdup_printf("/carts/%s/lines", name);
        g_autofree char *path = g_strdup_printf("/orders/%s", name);
        g_autofree char *order =
            g_strdup_printf("{\"reference\": \"%s\", \"cart\": \"%s\", \"place\": \"%s\"}", name,
                            name, orders[i].place);
        shop_want(201, NULL, me, "POST", lines, orders[i].line);
        shop_want(orders[i].served != NULL ? 201 : 409,
                  orders[i].served != NULL ? NULL : "sold_out", me, "POST", "/orders", order);
        if (orders[i].served == NULL)
            continue;
        g_autofree char *from = served(me, path);
        ck_assert_str_eq(from, orders[i].served);
    }
    /* All lines or none: two lines of one product need both. */
    shop_want(201, NULL, me, "POST", "/carts/two/lines", LINE("salt", 6));
    shop_want(201, NULL, me, "POST", "/carts/two/lines", LINE("salt", 6));
    shop_want(201, NULL, me, "POST", "/carts/two/lines", LINE("tea", 1));
    shop_want(409, "sold_out", me, "POST", "/orders", ORDER("two", "middle"));
    ck_assert_int_eq(shop_number("", "/places/middle/stock/salt", "available"), 10);
    shop_want(404, "no_such_place", me, "POST", "/orders", ORDER("two", "moon"));
    assert_whole();
    shop_close();
}
END_TEST

START_TEST(test_another_place_takes_over)
{
    shop_open(NULL);
    g_autofree char *me = shop_member("7");

    shop_want(201, NULL, me, "POST", "/carts/o1/lines", LINE("tea", 4));
    shop_want(201, NULL, me, "POST", "/carts/o1/lines", LINE("rice", 2));
    shop_want(201, NULL, me, "POST", "/orders", ORDER("o1", "east"));
    ck_assert_int_eq(shop_pay(me, "o1"), 201);
    shop_want(201, NULL, CLERK("east"), "POST", "/orders/o1/picks", UNITS("east", 1));
    shop_want(201, NULL, CLERK("west"), "POST", "/orders/o1/routes", UNITS("west", 4));
    shop_want(200, NULL, CLERK("west"), "POST", "/orders/o1/routes", UNITS("west", 4));
    g_autofree char *from = served(me, "/orders/o1");
    ck_assert_str_eq(from, "east 1 tea, east 1 rice, west 3 tea, west 1 rice");
    ck_assert_int_eq(shop_number("", "/places/east/stock/tea", "available"), 9);
    ck_assert_int_eq(shop_number("", "/places/west/stock/tea", "available"), 7);
    shop_want(409, "sold_out", CLERK("west"), "POST", "/orders/o1/routes", UNITS("west", 6));
    shop_want(201, NULL, CLERK("west"), "POST", "/orders/o1/picks", UNITS("west", 4));
    shop_want(403, "forbidden", CLERK("west"), "GET", "/orders/o1/pick-list?place=east", "");
    shop_want(400, "bad_request", CLERK("west"), "GET", "/orders/o1/pick-list", "");
    assert_whole();
    shop_close();
}
END_TEST

START_TEST(test_the_code)
{
    json_t *answer;

    shop_open(NULL);
    g_autofree char *me = shop_member("7");
    ck_assert_int_eq(shop_buy(me, "o1", "watch", "middle"), 201);
    ck_assert_int_eq(shop_pay(me, "o1"), 201);
    ck_assert_int_eq(shop_ask(me, "GET", "/orders/o1", "", &answer), 200);
    g_autofree char *body = g_strdup_printf("{\"place\": \"middle\", \"code\": \"%s\"}",
                                            json_string_value(json_object_get(answer, "code")));
    json_decref(answer);
    shop_want(409, "out_of_turn", CLERK("middle"), "POST", "/collections", body);
    shop_want(201, NULL, CLERK("middle"), "POST", "/orders/o1/picks", UNITS("middle", 1));
    shop_want(404, "no_such_code", CLERK("middle"), "POST", "/collections",
              "{\"place\": \"middle\", \"code\": \"0000000000\"}");
    shop_want(201, NULL, CLERK("middle"), "POST", "/collections", body);
    shop_want(409, "out_of_turn", CLERK("middle"), "POST", "/collections", body);
    assert_whole();
    shop_close();
}
END_TEST

/* Cents are split over what comes back, one after the other: in the end all is paid back. */
START_TEST(test_last_cent)
{
    int64_t back_cents = 0;

    shop_open(NULL);
    g_autofree char *me = shop_member("7");
    shop_want(201, NULL, me, "POST", "/carts/o1/lines", LINE("soap", 7));
    shop_want(201, NULL, me, "POST", "/carts/o1/lines", LINE("match", 3));
    shop_want(201, NULL, me, "POST", "/carts/o1/coupons", "{\"coupon\": \"tenth\"}");
    shop_want(201, NULL, me, "POST", "/orders", ORDER("o1", "west"));
    ck_assert_int_eq(shop_number(me, "/orders/o1", "total_cents"), 2352 - 235);
    ck_assert_int_eq(shop_pay(me, "o1"), 201);
    shop_want(201, NULL, CLERK("west"), "POST", "/orders/o1/picks", UNITS("west", 10));
    shop_want(201, NULL, CLERK("west"), "POST", "/orders/o1/collections", UNITS("west", 10));
    for (int i = 0; i < 10; i++) {
        json_t *answer;
        ck_assert_int_eq(shop_ask(CLERK("depot"), "POST", "/orders/o1/returns", UNITS("depot", 1),
                                  &answer),
                         201);
        back_cents += json_integer_value(json_object_get(answer, "refunded_cents"));
        json_decref(answer);
        assert_whole();
    }
    ck_assert_int_eq(back_cents, 2352 - 235);
    ck_assert_int_eq(shop_number(me, "/members/7/points", "points"), 0);
    shop_close();
}
END_TEST

START_TEST(test_too_much)
{
    shop_open(NULL);
    g_autofree char *me = shop_member("7");

    shop_want(400, "bad_request", me, "POST", "/carts/o1/lines", LINE("tea", 0));
    shop_want(400, "bad_request", me, "POST", "/carts/o1/lines", LINE("tea", -1));
    shop_want(400, "bad_request", me, "POST", "/carts/o1/lines", LINE("tea", 1000000000));
    shop_want(400, "bad_request", me, "POST", "/carts/o1/lines", LINE("tea", 1e3));
    shop_want(404, "no_such_product", me, "POST", "/carts/o1/lines", LINE("1' OR '1'='1", 1));
    shop_want(404, "no_such_product", me, "POST", "/carts/o1/lines", LINE("{{sku}}%s", 1));
    shop_want(401, "no_session", "", "POST", "/carts/o1/lines", LINE("tea", 1));
    shop_want(404, "no_such_cart", me, "GET", "/carts/o1", "");
    for (int i = 0; i < 100; i++)
        shop_want(201, NULL, me, "POST", "/carts/o1/lines", LINE("match", 1));
    shop_want(409, "cart_full", me, "POST", "/carts/o1/lines", LINE("match", 1));
    ck_assert_int_eq(shop_number(me, "/carts/o1", "total_cents"), 700);
    shop_want(409, "sold_out", me, "POST", "/orders", ORDER("o1", "east"));
    shop_close();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_the_whole_way,    test_once,
                                  test_at_the_same_time, test_where_it_comes_from,
                                  test_the_code,         test_another_place_takes_over,
                                  test_last_cent,        test_too_much};

    return shop_run("orders", tests, G_N_ELEMENTS(tests));
}
