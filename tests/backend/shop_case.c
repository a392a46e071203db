/* The audit here is by SQL and by hand, over the ledgers: it shares no code with the shop, and none
 * with `omosim audit`. */
#include "backend/shop_case.h"

const char *const shop_places[] = {"east", "middle", "west", "depot"};
const char *const shop_skus[] = {"tea", "rice", "salt", "soap", "watch", "match"};
const int64_t shop_cents[] = {1000, 500, 99, 333, 25000, 7};

static Backend *backend;
static _Atomic int64_t clock_us;

static int64_t shop_clock(void) { return clock_us; }

void shop_wait_s(int64_t seconds) { clock_us += seconds * G_USEC_PER_SEC; }

Backend *shop_backend(void) { return backend; }

static void shop_seed(void)
{
    static const struct backend_coupon coupons[] = {
        {"three", 300, 0, 2000, 5, 1},
        {"tenth", 0, 100000, 0, -1, -1},
    };

    for (uint32_t i = 0; i < SHOP_PLACES; i++) {
        const bool store = i < 3;
        ck_assert(backend_seed_place(backend,
                                     &(struct backend_place){.id = shop_places[i],
                                                             .kind = store ? "store" : "warehouse",
                                                             .lat = 37.8,
                                                             .lon = 112.5 + 0.01 * i,
                                                             .sells = store,
                                                             .pickup = store,
                                                             .ships = i != 0},
                                     NULL));
    }
    for (uint32_t i = 0; i < SHOP_SKUS; i++)
        ck_assert(backend_seed_product(backend,
                                       &(struct backend_product){shop_skus[i], shop_cents[i]},
                                       NULL));
    for (uint32_t i = 0; i < SHOP_PLACES; i++)
        for (uint32_t k = 0; k < SHOP_SKUS; k++)
            ck_assert(backend_seed_stock(backend, i, k, 10, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(coupons); i++)
        ck_assert(backend_seed_coupon(backend, &coupons[i], NULL));
    ck_assert(backend_seed_members(backend, 100, NULL));
    ck_assert(backend_seed_end(backend, "test", NULL));
}

void shop_open_with(struct backend_options options)
{
    GError *error = NULL;

    clock_us = INT64_C(1700000000) * G_USEC_PER_SEC;
    options.path = "shop.db";
    options.address = "0";
    options.clock = shop_clock;
    backend = backend_open(&options, &error);
    ck_assert_msg(backend != NULL, "%s", backend == NULL ? error->message : "");
    shop_seed();
    const bool started = backend_start(backend, &error);
    ck_assert_msg(started, "%s", started ? "" : error->message);
}

void shop_open(const char *const *faults)
{
    shop_open_with((struct backend_options){.faults = faults, .session_for_us = INT64_MAX / 4});
}

void shop_close(void)
{
    GError *error = NULL;
    const bool stopped = backend_stop(backend, &error);

    ck_assert_msg(stopped, "%s", stopped ? "" : error->message);
    backend_free(backend);
}

/* ---- asking ----------------------------------------------------------------------------------- */

int shop_ask(const char *who, const char *method, const char *path, const char *body,
             json_t **ret_answer)
{
    g_autofree char *lines = g_strconcat(who, "Content-Type: application/json\r\n", NULL);
    g_autofree char *answer = NULL;
    const int status = platform_ask(backend, method, path, lines, body, &answer);

    if (ret_answer != NULL) {
        *ret_answer = json_loads(answer, 0, NULL);
        ck_assert_msg(*ret_answer != NULL, "%s %s: %s", method, path, answer);
    }
    return status;
}

void shop_want(int status, const char *error, const char *who, const char *method, const char *path,
               const char *body)
{
    json_t *answer;
    const int got = shop_ask(who, method, path, body, &answer);
    g_autofree char *text = json_dumps(answer, JSON_COMPACT);
    const char *word = json_string_value(json_object_get(answer, "error"));

    ck_assert_msg(got == status && g_strcmp0(word, error) == 0,
                  "%s %s %s: expected %d %s, found %d: %s", method, path, body, status,
                  error != NULL ? error : "", got, text);
    json_decref(answer);
}

int64_t shop_number(const char *who, const char *path, const char *key)
{
    json_t *answer;
    const int status = shop_ask(who, "GET", path, "", &answer);
    const json_t *value = json_object_get(answer, key);

    ck_assert_msg(status == 200 && json_is_integer(value), "GET %s: %d, no %s", path, status, key);
    const int64_t number = json_integer_value(value);
    json_decref(answer);
    return number;
}

char *shop_member(const char *name)
{
    g_autofree char *body = g_strdup_printf("{\"member\": \"%s\"}", name);
    json_t *answer;

    ck_assert_int_eq(shop_ask("", "POST", "/sessions", body, &answer), 201);
    char *line = g_strdup_printf("Authorization: Bearer %s\r\n",
                                 json_string_value(json_object_get(answer, "token")));
    json_decref(answer);
    return line;
}

int shop_buy(const char *who, const char *reference, const char *sku, const char *place)
{
    g_autofree char *path = g_strdup_printf("/carts/%s/lines", reference);
    g_autofree char *line = g_strdup_printf("{\"sku\": \"%s\", \"quantity\": 1}", sku);
    g_autofree char *order =
        g_strdup_printf("{\"reference\": \"%s\", \"cart\": \"%s\", \"place\": \"%s\"}", reference,
                        reference, place);

    shop_want(201, NULL, who, "POST", path, line);
    return shop_ask(who, "POST", "/orders", order, NULL);
}

int shop_pay(const char *who, const char *reference)
{
    g_autofree char *path = g_strdup_printf("/orders/%s", reference);
    g_autofree char *payments = g_strconcat(path, "/payments", NULL);
    g_autofree char *body =
        g_strdup_printf("{\"amount_cents\": %" G_GINT64_FORMAT ", \"method\": \"card\"}",
                        shop_number(who, path, "total_cents"));

    return shop_ask(who, "POST", payments, body, NULL);
}

/* ---- books ------------------------------------------------------------------------------------ */

json_t *shop_book(const char *name)
{
    json_t *all = json_array();
    int64_t after = 0;

    for (;;) {
        g_autofree char *path =
            g_strdup_printf("/books/%s?limit=7&after=%" G_GINT64_FORMAT, name, after);
        json_t *page;
        ck_assert_int_eq(shop_ask(AUDITOR, "GET", path, "", &page), 200);
        json_array_extend(all, json_object_get(page, "rows"));
        const json_t *next = json_object_get(page, "next");
        after = json_integer_value(next);
        const bool more = next != NULL;
        json_decref(page);
        if (!more)
            return all;
    }
}

char *shop_audit(void)
{
    /* Each counts rows that break a law. */
    static const struct {
        const char *what, *sql;
    } laws[] = {
        {"available below 0", "SELECT count(*) FROM position WHERE on_hand < reserved"},
        {"on hand is not opening + movements",
         "SELECT count(*) FROM position AS p WHERE on_hand <> opening + (SELECT"
         " coalesce(sum(on_hand), 0) FROM movement WHERE position = p.id)"},
        {"reserved is not the sum of movements",
         "SELECT count(*) FROM position AS p WHERE reserved <> (SELECT coalesce(sum(reserved), 0)"
         " FROM movement WHERE position = p.id)"},
        {"reserved is not the sum of reservations",
         "SELECT count(*) FROM position AS p WHERE reserved <> (SELECT coalesce(sum(quantity), 0)"
         " FROM reservation WHERE position = p.id)"},
        {"units held for nobody",
         "SELECT count(*) FROM reservation LEFT JOIN orders ON orders.id = orders LEFT JOIN hold ON"
         " hold.id = hold WHERE NOT coalesce(orders.status < 2, hold.status = 0)"},
        {"open units of an order are not held",
         "SELECT count(*) FROM orders AS o WHERE (status < 2) * (SELECT sum(quantity - handed_over)"
         " FROM order_line WHERE orders = o.id) <> (SELECT coalesce(sum(quantity), 0) FROM"
         " reservation WHERE orders = o.id)"},
        {"stock is not opening - handed over - sold + returned",
         "SELECT (SELECT sum(opening - on_hand) FROM position) <> (SELECT coalesce(sum(handed_over "
         "-"
         " returned), 0) FROM order_line) + (SELECT coalesce(sum(quantity), 0) FROM sale) + (SELECT"
         " coalesce(sum(quantity), 0) FROM transfer WHERE status = 0)"},
        {"lines are not the order's value",
         "SELECT count(*) FROM orders AS o WHERE gross_cents <> (SELECT sum(quantity * price_cents)"
         " FROM order_line WHERE orders = o.id) OR units <> (SELECT sum(quantity) FROM order_line"
         " WHERE orders = o.id)"},
        {"paid is not the sum of payments", "SELECT count(*) FROM orders AS o WHERE paid_cents <> "
                                            "(SELECT coalesce(sum(amount_cents), 0)"
                                            " FROM payment WHERE orders = o.id)"},
        {"a cancelled order kept money",
         "SELECT count(*) FROM orders WHERE status = 2 AND paid_cents"},
        {"a paid order is short of money",
         "SELECT count(*) FROM orders AS o WHERE status = 1 AND paid_cents <> total_cents AND NOT"
         " (SELECT sum(returned) FROM order_line WHERE orders = o.id)"},
        {"points are not the sum of entries",
         "SELECT count(*) FROM member AS m WHERE points <> (SELECT coalesce(sum(points), 0) FROM"
         " point_entry WHERE member = m.id)"},
        {"points are not what money earned",
         "SELECT count(*) FROM orders WHERE points_earned - points_taken <> paid_cents / 100"},
        {"a coupon's count is not its redemptions",
         "SELECT count(*) FROM coupon AS c WHERE redeemed <> (SELECT count(*) FROM redemption WHERE"
         " coupon = c.id) OR held <> (SELECT count(*) FROM cart WHERE coupon = c.id)"},
        {"a coupon is beyond its budget",
         "SELECT count(*) FROM coupon WHERE budget >= 0 AND held + redeemed > budget"},
        {"a member is beyond a coupon's limit",
         "SELECT count(*) FROM claim JOIN coupon ON coupon.id = coupon WHERE per_member >= 0 AND"
         " claim.held + claim.redeemed > per_member"},
        {"a claim's count is not its redemptions",
         "SELECT count(*) FROM claim AS c WHERE redeemed <> (SELECT count(*) FROM redemption WHERE"
         " coupon = c.coupon AND member = c.member)"},
        {"a redemption of no standing order",
         "SELECT count(*) FROM redemption LEFT JOIN orders ON orders.id = orders WHERE status IS "
         "NULL"
         " OR status = 2 OR orders.coupon <> redemption.coupon"},
        {"two orders of one reference",
         "SELECT count(*) FROM (SELECT 1 FROM orders GROUP BY reference HAVING count(*) > 1)"},
        {"a price that was not the product's",
         "SELECT count(*) FROM order_line JOIN product ON product.id = position & 0xffffffff WHERE"
         " order_line.price_cents <> product.price_cents"},
        {"a sale at another price",
         "SELECT count(*) FROM sale JOIN product ON product.id = product WHERE sale.price_cents <>"
         " product.price_cents"},
    };
    GString *found = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(laws); i++) {
        const int64_t count = platform_count(laws[i].sql);
        if (count != 0)
            g_string_append_printf(found, "%s: %d\n", laws[i].what, (int)count);
    }
    return g_string_free(found, FALSE);
}

int shop_run(const char *name, const TTest *const *tests, size_t test_count)
{
    return platform_run(name, tests, test_count);
}
