/* API maps of commerce servers of other styles than the reference service: one of GraphQL, whose
 * answers are 200 whatever the business says and whose session is a token in a header that changes;
 * and one of REST, with a key for each sales channel, carts that the server names, an order that is
 * placed and paid in one, answers of 200 that are no sale, and an administration of its own. Judged
 * and read from literal answers. */
#include "shell/folder.h"
#include "traffic/api_case.h"
#include "traffic/books_case.h"

#include <string.h>

/* ---- a visit, request by request --------------------------------------------------------------- */

struct visit {
    struct api_case c;
    char *kept[API_VARIABLES_MAX];
    struct api_told told;
};

static void visit_begin(struct visit *v, const char *map)
{
    memset(v, 0, sizeof(*v));
    api_case_open(&v->c, map);
}

static void visit_end(struct visit *v)
{
    for (uint32_t i = 0; i < API_VARIABLES_MAX; i++)
        g_free(v->kept[i]);
    api_case_close(&v->c);
}

static uint32_t request_of(const struct visit *v, enum step_kind step, uint32_t number)
{
    uint32_t count;
    const uint32_t first = api_step_requests(v->c.map, step, &count);

    ck_assert_uint_lt(number, count);
    return first + number;
}

static void render(struct visit *v, enum step_kind step, uint32_t number)
{
    ck_assert_int_eq(api_render(v->c.map, request_of(v, step, number), &v->c.values, v->c.room,
                                sizeof(v->c.room), &v->c.message),
                     API_RENDERED);
}

/* Judges an answer, with a value for each header that the map looks at, and keeps what it captured. */
static enum api_verdict answer(struct visit *v, enum step_kind step, uint32_t number,
                               const char *header, const char *body)
{
    struct api_text wanted[API_WANTED_MAX] = {{NULL, 0}};
    const struct api_reply reply = {200, {body, (uint32_t)strlen(body)}, wanted};
    char room[4096];

    if (header != NULL)
        for (uint32_t i = 0; i < api_wanted_count(v->c.map); i++)
            wanted[i] = (struct api_text){header, (uint32_t)strlen(header)};
    memset(v->c.captured, 0, sizeof(v->c.captured));
    const enum api_verdict verdict = api_judge(v->c.map, request_of(v, step, number), &reply, room,
                                               sizeof(room), v->c.captured, &v->told);
    for (uint32_t i = 0; i < api_variable_count(v->c.map); i++)
        if (v->c.captured[i].text != NULL) {
            g_free(v->kept[i]);
            v->kept[i] = api_case_text(v->c.captured[i]);
            v->c.variable[i] = (struct api_text){v->kept[i], v->c.captured[i].size};
        }
    return verdict;
}

static int64_t told(const struct visit *v, enum telling what)
{
    for (uint32_t i = 0; i < v->told.count; i++)
        if (v->told.telling[i].what == what)
            return v->told.telling[i].number;
    return INT64_MIN;
}

/* ---- GraphQL ----------------------------------------------------------------------------------- */

static const char graphql_map[] =
    "api: 1\n"
    "name: graphql\n"
    "headers:\n"
    "  Authorization: 'Bearer {{token}}'\n"
    "  shop-channel: '{{place|channels}}'\n"
    "session: {valid_for: 30min}\n"
    "capture: {token: {header: shop-auth-token}}\n"
    "connection: {idle: 4s}\n"
    "tables:\n"
    "  channels: {'北京 1': tok-1}\n"
    "  variants: {'tea\"1': '41'}\n"
    "steps:\n"
    "  log_in:\n"
    "    path: /shop-api\n"
    "    graphql: 'mutation($u: String!) { login(username: $u) { id } }'\n"
    "    variables: '{\"u\": \"m{{member}}@x.org\"}'\n"
    "    refused_if: {json: /data/login/errorCode, exists: true}\n"
    "    capture: {token: {header: shop-auth-token}}\n"
    "  add_to_cart:\n"
    "    path: /shop-api\n"
    "    graphql: |\n"
    "      mutation($v: ID!, $q: Int!) {\n"
    "        addItemToOrder(productVariantId: $v, quantity: $q) { ... on Order { code } }\n"
    "      }\n"
    "    variables: '{\"v\": \"{{sku|variants}}\", \"q\": {{quantity}}}'\n"
    "    refused_if: {json: /data/addItemToOrder/errorCode, exists: true}\n"
    "    capture: {code: {json: /data/addItemToOrder/code}}\n"
    "    check: {json: /errors, exists: false}\n"
    "  check_out:\n"
    "    - path: /shop-api\n"
    "      graphql: 'mutation { transitionOrderToState(state: \"ArrangingPayment\") { state } }'\n"
    "    - path: /shop-api\n"
    "      graphql: 'mutation { addPaymentToOrder { code totalWithTax } }'\n"
    "      does: place_and_pay\n"
    "      refused_if: {json: /data/addPaymentToOrder/errorCode, exists: true}\n"
    "      tells:\n"
    "        order: /data/addPaymentToOrder/code\n"
    "        total: /data/addPaymentToOrder/totalWithTax\n"
    "        paid: /data/addPaymentToOrder/totalWithTax\n"
    "audit:\n"
    "  order: '{{code}}'\n"
    "  member: 'm{{member}}@x.org'\n"
    "  headers: {Authorization: 'Bearer {{admin}}'}\n"
    "  begin:\n"
    "    path: /admin-api\n"
    "    graphql: 'mutation($p: String!) { login(username: \"root\", password: $p) { id } }'\n"
    "    variables: '{\"p\": {{env.OMO_TEST_PASSWORD|quoted}}}'\n"
    "    capture: {admin: {header: shop-auth-token}}\n"
    "  books:\n"
    "    stock:\n"
    "      path: /admin-api\n"
    "      graphql: 'query($skip: Int!) { productVariants(skip: $skip, take: 2) { items } }'\n"
    "      variables: '{\"skip\": {{offset}}}'\n"
    "      check: {json: /errors, exists: false}\n"
    "      rows: /data/productVariants/items/*/stockLevels\n"
    "      row: {place: /stockLocation/name, sku: 2/sku, on_hand: /stockOnHand,\n"
    "            reserved: /stockAllocated}\n"
    "    orders:\n"
    "      path: /admin-api\n"
    "      graphql: 'query($skip: Int!) { orders(skip: $skip, take: 100) { items } }'\n"
    "      variables: '{\"skip\": {{offset}}}'\n"
    "      rows: /data/orders/items\n"
    "      row:\n"
    "        order: /code\n"
    "        member: /customer/emailAddress\n"
    "        total: /totalWithTax\n"
    "        paid: {json: /payments/*/amount, where: {json: 1/state, is: Settled}}\n"
    "        coupon: /couponCodes/0\n"
    "        cancelled: {json: /state, is: Cancelled}\n"
    "        settled: {json: /state, one_of: [PaymentSettled, Shipped, Delivered]}\n"
    "      lines: /lines\n"
    "      line: {sku: /productVariant/sku, quantity: /quantity, price: /unitPriceWithTax}\n";

START_TEST(test_graphql_visit)
{
    struct visit v;

    visit_begin(&v, graphql_map);
    ck_assert_int_eq(api_connection_idle_us(v.c.map), 4000000);
    render(&v, STEP_log_in, 0);
    ck_assert_ptr_null(api_case_header(&v.c.message, "authorization"));
    assert_text("tok-1", api_case_header(&v.c.message, "shop-channel"));
    assert_text("{\"query\":\"mutation($u: String!) { login(username: $u) { id } }\",\"variables\":"
                "{\"u\": \"m42@x.org\"}}",
                api_case_text(v.c.message.body));
    ck_assert_int_eq(answer(&v, STEP_log_in, 0, NULL, "{\"data\": {\"login\": {\"id\": 1}}}"),
                     API_MISSING_CAPTURE);
    ck_assert_int_eq(answer(&v, STEP_log_in, 0, NULL,
                            "{\"data\": {\"login\": {\"errorCode\": \"INVALID\"}}}"),
                     API_REFUSED);
    ck_assert_int_eq(answer(&v, STEP_log_in, 0, "t1", "{\"data\": {\"login\": {\"id\": 1}}}"),
                     API_OK);
    render(&v, STEP_add_to_cart, 0);
    assert_text("Bearer t1", api_case_header(&v.c.message, "authorization"));
    g_autofree char *body = api_case_text(v.c.message.body);
    ck_assert(g_str_has_suffix(body, ",\"variables\":{\"v\": \"41\", \"q\": 3}}"));
    /* A refusal whose answer changes the session all the same. */
    ck_assert_int_eq(answer(&v, STEP_add_to_cart, 0, "t2",
                            "{\"data\": {\"addItemToOrder\": {\"errorCode\": \"STOCK\"}}}"),
                     API_REFUSED);
    render(&v, STEP_add_to_cart, 0);
    assert_text("Bearer t2", api_case_header(&v.c.message, "authorization"));
    ck_assert_int_eq(
        answer(&v, STEP_add_to_cart, 0, NULL,
               "{\"errors\": [1], \"data\": {\"addItemToOrder\": {\"code\": \"C7\"}}}"),
        API_FAILED_CHECK);
    ck_assert_int_eq(answer(&v, STEP_add_to_cart, 0, NULL,
                            "{\"data\": {\"addItemToOrder\": {\"code\": \"C7\"}}}"),
                     API_OK);
    struct api_text key;
    char scratch[256];
    ck_assert(api_order_key(v.c.map, &v.c.values, scratch, sizeof scratch, &key));
    assert_text("C7", api_case_text(key));
    ck_assert_int_eq(api_deed(v.c.map, request_of(&v, STEP_check_out, 0)), DEED_nothing);
    ck_assert_int_eq(api_deed(v.c.map, request_of(&v, STEP_check_out, 1)), DEED_place_and_pay);
    ck_assert_uint_eq(api_tells(v.c.map, request_of(&v, STEP_check_out, 1)),
                      1u << TELLING_order | 1u << TELLING_total | 1u << TELLING_paid);
    ck_assert_int_eq(
        answer(&v, STEP_check_out, 1, NULL,
               "{\"data\": {\"addPaymentToOrder\": {\"code\": \"C7\", \"totalWithTax\": 4500}}}"),
        API_OK);
    ck_assert_int_eq(told(&v, TELLING_paid), 4500);
    visit_end(&v);
}
END_TEST

static void begin_books(struct books_case *c, const char *header, const char *body)
{
    struct api_text wanted[API_WANTED_MAX];
    const struct api_reply reply = {200, {body, (uint32_t)strlen(body)}, wanted};
    g_autoptr(GError) error = NULL;

    for (uint32_t i = 0; i < API_WANTED_MAX; i++)
        wanted[i] = (struct api_text){header, header != NULL ? (uint32_t)strlen(header) : 0};
    ck_assert_uint_eq(api_books_begin_count(c->map), 1);
    ck_assert(api_reading_begin_message(c->reading, 0, &c->message, &error));
    ck_assert(api_reading_begin_answer(c->reading, 0, &reply, &error));
    folder_assert_fine(error);
}

START_TEST(test_graphql_books)
{
    struct books_case c;

    g_setenv("OMO_TEST_PASSWORD", "root\"1", TRUE);
    books_case_open_map(&c, graphql_map);
    begin_books(&c, "adm", "{}");
    g_autofree char *log_in = api_case_text(c.message.body);
    ck_assert(g_str_has_suffix(log_in, "\"variables\":{\"p\": \"root\\\"1\"}}"));
    books_case_read(&c, BOOK_stock,
                    "{\"data\": {\"productVariants\": {\"items\": ["
                    "{\"sku\": \"tea\", \"stockLevels\": ["
                    "{\"stockOnHand\": 5, \"stockAllocated\": 2, \"stockLocation\": {\"name\": "
                    "\"north\"}},"
                    "{\"stockOnHand\": 0, \"stockAllocated\": 0, \"stockLocation\": {\"name\": "
                    "\"south\"}}]},"
                    "{\"sku\": \"rye\", \"stockLevels\": []}]}}}");
    assert_text("Bearer adm", api_case_header(&c.message, "authorization"));
    ck_assert_uint_eq(c.rows, 2); /* variants, as the server counts: skip 2 comes next */
    ck_assert(c.more);
    ck_assert_uint_eq(books_row_count(c.books, BOOK_stock), 2);
    books_case_assert_row(&c, BOOK_stock, 0, "place=north sku=tea on_hand=5 reserved=2");
    books_case_assert_row(&c, BOOK_stock, 1, "place=south sku=tea on_hand=0 reserved=0");
    books_case_read(
        &c, BOOK_orders,
        "{\"data\": {\"orders\": {\"items\": [{\"code\": \"C7\", \"state\": \"PaymentSettled\","
        " \"customer\": {\"emailAddress\": \"m42@x.org\"}, \"totalWithTax\": 4500,"
        " \"couponCodes\": [\"TEN\"],"
        " \"payments\": [{\"amount\": 4500, \"state\": \"Settled\"},"
        " {\"amount\": 4500, \"state\": \"Declined\"}],"
        " \"lines\": [{\"productVariant\": {\"sku\": \"tea\"}, \"quantity\": 3,"
        " \"unitPriceWithTax\": 1500}]},"
        "{\"code\": \"C8\", \"state\": \"Cancelled\", \"customer\": null, \"totalWithTax\": 0,"
        " \"couponCodes\": [], \"payments\": [], \"lines\": []}]}}}");
    books_case_assert_row(&c, BOOK_orders, 0,
                          "order=C7 member=m42@x.org total=4500 paid=4500 coupon=TEN cancelled=0 "
                          "settled=1");
    books_case_assert_row(&c, BOOK_orders, 1, "order=C8 total=0 paid=0 cancelled=1 settled=0");
    books_case_assert_row(&c, BOOK_order_lines, 0, "sku=tea quantity=3 price=1500");
    g_autofree char *forbidden =
        books_case_page(&c, BOOK_stock, NULL, "{\"errors\": [{\"message\": \"FORBIDDEN\"}]}");
    ck_assert(g_str_has_suffix(forbidden, "POST /admin-api answered 200, which fails a check: "
                                          "{\"errors\": [{\"message\": \"FORBIDDEN\"}]}"));
    books_case_close(&c);
    g_unsetenv("OMO_TEST_PASSWORD");
}
END_TEST

/* ---- REST -------------------------------------------------------------------------------------- */

static const char rest_map[] =
    "api: 1\n"
    "name: rest\n"
    "headers:\n"
    "  x-publishable-api-key: '{{place|keys}}'\n"
    "  Authorization: 'Bearer {{token}}'\n"
    "session: {valid_for: 1h, renew_on: [401]}\n"
    "connection: {idle: 4s}\n"
    "tables:\n"
    "  keys: {'北京 1': pk_north, '*': pk_web}\n"
    "  variants: {'tea\"1': variant_01}\n"
    "  places: {sloc_1: '北京 1'}\n"
    "steps:\n"
    "  log_in:\n"
    "    method: POST\n"
    "    path: /auth/customer/emailpass\n"
    "    body: '{\"email\": \"m{{member}}@x.org\", \"password\": \"p{{member}}\"}'\n"
    "    capture: {token: {json: /token}}\n"
    "  add_to_cart:\n"
    "    - method: POST\n"
    "      path: /store/carts\n"
    "      body: '{\"region_id\": \"reg_1\", \"metadata\": {\"reference\": \"{{order}}\"}}'\n"
    "      capture: {cart: {json: /cart/id}}\n"
    "    - method: POST\n"
    "      path: /store/carts/{{cart}}/line-items\n"
    "      body: '{\"variant_id\": \"{{sku|variants}}\", \"quantity\": {{quantity}}}'\n"
    "      refused: [400]\n"
    "      tells: {price: {json: /cart/items/0/unit_price, times: 100}}\n"
    "  check_out:\n"
    "    - method: POST\n"
    "      path: /store/payment-collections\n"
    "      body: '{\"cart_id\": \"{{cart}}\"}'\n"
    "      capture: {collection: {json: /payment_collection/id}}\n"
    "    - method: POST\n"
    "      path: /store/carts/{{cart}}/complete\n"
    "      timeout: 60s\n"
    "      does: place_and_pay\n"
    "      refused: [409]\n"
    "      refused_if: {json: /type, is: cart}\n"
    "      check: {json: /type, is: order}\n"
    "      tells:\n"
    "        order: /order/id\n"
    "        total: {json: /order/total, times: 100}\n"
    "audit:\n"
    "  headers: {Authorization: 'Bearer {{admin}}'}\n"
    "  begin:\n"
    "    method: POST\n"
    "    path: /auth/user/emailpass\n"
    "    body: '{\"email\": \"admin@x.org\", \"password\": \"secret\"}'\n"
    "    capture: {admin: {json: /token}}\n"
    "  books:\n"
    "    stock:\n"
    "      path: /admin/inventory-items?limit=50&offset={{offset}}\n"
    "      rows: /inventory_items/*/location_levels\n"
    "      row:\n"
    "        place: {json: /location_id, table: places}\n"
    "        sku: 2/sku\n"
    "        on_hand: /stocked_quantity\n"
    "        reserved: /reserved_quantity\n"
    "        available: /available_quantity\n"
    "    reservations:\n"
    "      path: /admin/reservations?limit=50&offset={{offset}}\n"
    "      rows: /reservations\n"
    "      row: {order: /line_item/order_id, place: {json: /location_id, table: places},\n"
    "            sku: /inventory_item/sku, quantity: /quantity}\n"
    "    orders:\n"
    "      path: /admin/orders?limit=50&offset={{offset}}\n"
    "      rows: /orders\n"
    "      row:\n"
    "        order: /metadata/reference\n"
    "        id: /id\n"
    "        member: /email\n"
    "        total: {json: /total, times: 100}\n"
    "        discount: {json: /discount_total, times: 100}\n"
    "        paid: {json: /payment_collections/*/captured_amount, times: 100}\n"
    "        coupon: {json: /promotions/*/code}\n"
    "        cancelled: {json: /canceled_at, is_not: 'null'}\n"
    "        settled: {json: /payment_status, one_of: [captured, partially_refunded]}\n"
    "      lines: /items\n"
    "      line: {sku: /variant_sku, quantity: /quantity, price: {json: /unit_price, times: 100},\n"
    "             handed_over: /detail/fulfilled_quantity,\n"
    "             returned: /detail/return_received_quantity}\n";

START_TEST(test_rest_visit)
{
    struct visit v;

    visit_begin(&v, rest_map);
    ck_assert_int_eq(answer(&v, STEP_log_in, 0, NULL, "{\"token\": \"jwt\"}"), API_OK);
    render(&v, STEP_add_to_cart, 0);
    assert_text("pk_north", api_case_header(&v.c.message, "x-publishable-api-key"));
    assert_text("Bearer jwt", api_case_header(&v.c.message, "authorization"));
    assert_text("{\"region_id\": \"reg_1\", \"metadata\": {\"reference\": \"7001\"}}",
                api_case_text(v.c.message.body));
    ck_assert_int_eq(answer(&v, STEP_add_to_cart, 0, NULL, "{\"cart\": {\"id\": \"cart_9\"}}"),
                     API_OK);
    render(&v, STEP_add_to_cart, 1);
    assert_text("/store/carts/cart_9/line-items", api_case_text(v.c.message.path));
    assert_text("{\"variant_id\": \"variant_01\", \"quantity\": 3}",
                api_case_text(v.c.message.body));
    ck_assert_int_eq(api_deed(v.c.map, request_of(&v, STEP_add_to_cart, 0)), DEED_nothing);
    ck_assert_int_eq(api_deed(v.c.map, request_of(&v, STEP_add_to_cart, 1)), DEED_add);
    ck_assert_int_eq(answer(&v, STEP_add_to_cart, 1, NULL,
                            "{\"cart\": {\"items\": [{\"unit_price\": 19.99}]}}"),
                     API_OK);
    ck_assert_int_eq(told(&v, TELLING_price), 1999);
    ck_assert_int_eq(api_request(v.c.map, request_of(&v, STEP_check_out, 1))->timeout_us, 60000000);
    ck_assert_int_eq(answer(&v, STEP_check_out, 1, NULL,
                            "{\"type\": \"cart\", \"error\": {\"message\": \"sold out\"}}"),
                     API_REFUSED);
    ck_assert_uint_eq(v.told.count, 0);
    ck_assert_int_eq(answer(&v, STEP_check_out, 1, NULL, "{\"type\": \"draft\"}"),
                     API_FAILED_CHECK);
    ck_assert_int_eq(answer(&v, STEP_check_out, 1, NULL,
                            "{\"type\": \"order\", \"order\": {\"id\": \"order_1\", \"total\": "
                            "59.97}}"),
                     API_OK);
    ck_assert_int_eq(told(&v, TELLING_total), 5997);
    omo_plan_journey elsewhere = *v.c.values.journey;
    omo_plan_step step = *v.c.values.step;
    elsewhere.place = step.place = OMO_PLAN_NONE;
    v.c.values.journey = &elsewhere;
    v.c.values.step = &step;
    render(&v, STEP_add_to_cart, 0);
    assert_text("pk_web", api_case_header(&v.c.message, "x-publishable-api-key"));
    visit_end(&v);
}
END_TEST

START_TEST(test_rest_books)
{
    struct books_case c;

    books_case_open_map(&c, rest_map);
    begin_books(&c, NULL, "{\"token\": \"adm\"}");
    books_case_read(&c, BOOK_stock,
                    "{\"inventory_items\": [{\"sku\": \"tea\", \"location_levels\": ["
                    "{\"location_id\": \"sloc_1\", \"stocked_quantity\": 7, \"reserved_quantity\": "
                    "2, \"available_quantity\": 5}, {\"location_id\": \"sloc_2\","
                    "\"stocked_quantity\": 1, \"reserved_quantity\": 0, \"available_quantity\": "
                    "1}]}], \"count\": 1, \"offset\": 0, \"limit\": 50}");
    assert_text("/admin/inventory-items?limit=50&offset=0", api_case_text(c.message.path));
    assert_text("Bearer adm", api_case_header(&c.message, "authorization"));
    ck_assert_ptr_null(api_case_header(&c.message, "x-publishable-api-key"));
    books_case_assert_row(&c, BOOK_stock, 0,
                          "place=北京 1 sku=tea on_hand=7 reserved=2 available=5");
    books_case_assert_row(&c, BOOK_stock, 1,
                          "place=sloc_2 sku=tea on_hand=1 reserved=0 available=1");
    books_case_read(&c, BOOK_reservations,
                    "{\"reservations\": [{\"location_id\": \"sloc_1\", \"quantity\": 2,"
                    " \"line_item\": {\"order_id\": \"order_1\"},"
                    " \"inventory_item\": {\"sku\": \"tea\"}}]}");
    books_case_assert_row(&c, BOOK_reservations, 0,
                          "order=order_1 place=北京 1 sku=tea quantity=2");
    books_case_read(
        &c, BOOK_orders,
        "{\"orders\": [{\"id\": \"order_1\", \"email\": \"m42@x.org\", \"total\": 59.97,"
        " \"discount_total\": \"0\", \"metadata\": {\"reference\": \"7001\"},"
        " \"payment_collections\": [{\"captured_amount\": 40}, {\"captured_amount\": 19.97}],"
        " \"promotions\": [{\"code\": \"TEN\"}], \"canceled_at\": null,"
        " \"payment_status\": \"captured\","
        " \"items\": [{\"variant_sku\": \"tea\", \"quantity\": 3, \"unit_price\": 19.99,"
        " \"detail\": {\"fulfilled_quantity\": 1, \"return_received_quantity\": 0}}]},"
        "{\"id\": \"order_2\", \"metadata\": null, \"total\": 1.005, \"items\": [],"
        " \"payment_collections\": [], \"canceled_at\": \"2026-01-01T00:00:00Z\","
        " \"payment_status\": \"canceled\"}], \"count\": 2}");
    books_case_assert_row(&c, BOOK_orders, 0,
                          "order=7001 id=order_1 member=m42@x.org total=5997 discount=0 paid=5997 "
                          "coupon=TEN cancelled=0 settled=1");
    books_case_assert_row(&c, BOOK_orders, 1, "id=order_2 total=101 paid=0 cancelled=1 settled=0");
    books_case_assert_row(&c, BOOK_order_lines, 0,
                          "sku=tea quantity=3 price=1999 handed_over=1 returned=0");
    books_case_close(&c);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_graphql_visit, test_graphql_books, test_rest_visit,
                                  test_rest_books};

    return folder_run("traffic/api_commerce", tests, G_N_ELEMENTS(tests));
}
