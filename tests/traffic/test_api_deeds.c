/* API maps: what requests mean in a service's books, and what answers tell. */
#define _GNU_SOURCE
#include "conformance/noalloc.h"

#include "shell/folder.h"
#include "traffic/api_books.h"
#include "traffic/api_case.h"

#include <string.h>

/* Judges an answer of the first request and keeps what it told. */
static enum api_verdict judge(struct api_case *c, uint32_t status, const char *body,
                              struct api_told *ret_told)
{
    static const struct api_text none[API_WANTED_MAX];
    const struct api_reply reply = {status, {body, (uint32_t)strlen(body)}, none};

    memset(c->captured, 0, sizeof(c->captured));
    memset(ret_told, 0xA5, sizeof(*ret_told));
    return api_judge(c->map, 0, &reply, c->room, sizeof(c->room), c->captured, ret_told);
}

static const struct api_telling *told_of(const struct api_told *told, enum telling what)
{
    for (uint32_t i = 0; i < told->count; i++)
        if (told->telling[i].what == what)
            return &told->telling[i];
    return NULL;
}

static void assert_told(const struct api_told *told, enum telling what, int64_t number)
{
    const struct api_telling *telling = told_of(told, what);

    ck_assert_ptr_nonnull(telling);
    ck_assert_int_eq(telling->number, number);
}

START_TEST(test_registries)
{
    ck_assert_str_eq(deed_name(DEED_place_and_pay), "place_and_pay");
    ck_assert_ptr_null(deed_name(DEED_COUNT));
    ck_assert_ptr_null(deed_help(DEED_COUNT));
    ck_assert_str_eq(telling_name(TELLING_points_spent), "points_spent");
    ck_assert_ptr_null(telling_name(TELLING_COUNT));
    ck_assert_ptr_null(telling_names()[TELLING_COUNT]);
    ck_assert(telling_is_text(TELLING_key) && telling_is_text(TELLING_order));
    ck_assert(!telling_is_text(TELLING_total) && !telling_is_text(TELLING_COUNT));
    ck_assert_int_eq(step_deed(STEP_add_to_cart), DEED_add);
    ck_assert_int_eq(step_deed(STEP_apply_coupon), DEED_redeem);
    ck_assert_int_eq(step_deed(STEP_check_out), DEED_place);
    ck_assert_int_eq(step_deed(STEP_pay), DEED_pay);
    ck_assert_int_eq(step_deed(STEP_cancel), DEED_cancel);
    ck_assert_int_eq(step_deed(STEP_collect), DEED_hand_over);
    ck_assert_int_eq(step_deed(STEP_deliver), DEED_hand_over);
    ck_assert_int_eq(step_deed(STEP_take_back), DEED_take_back);
    ck_assert_int_eq(step_deed(STEP_till), DEED_sell);
    ck_assert_int_eq(step_deed(STEP_browse), DEED_nothing);
    ck_assert_int_eq(step_deed(STEP_COUNT), DEED_nothing);
}
END_TEST

static enum deed deed_of(const ApiMap *map, uint32_t step, uint32_t request)
{
    uint32_t count;
    const uint32_t first = api_step_requests(map, step, &count);

    ck_assert_uint_lt(request, count);
    return api_deed(map, first + request);
}

START_TEST(test_deeds)
{
    struct api_case c;

    api_case_open(&c, "api: 1\n"
                      "connection: {idle: 4s}\n"
                      "steps:\n"
                      "  browse: {path: /}\n"
                      "  check_out: [{path: /a}, {path: /b}]\n"
                      "  pay: {path: /, does: place_and_pay}\n"
                      "  add_to_cart: [{path: /a}, {path: /b, does: add}, {path: /c}]\n"
                      "  cancel: {path: /, does: nothing}\n");
    ck_assert_int_eq(deed_of(c.map, STEP_browse, 0), DEED_nothing);
    ck_assert_int_eq(deed_of(c.map, STEP_check_out, 0), DEED_nothing);
    ck_assert_int_eq(deed_of(c.map, STEP_check_out, 1), DEED_place);
    ck_assert_int_eq(deed_of(c.map, STEP_pay, 0), DEED_place_and_pay);
    ck_assert_int_eq(deed_of(c.map, STEP_add_to_cart, 0), DEED_nothing);
    ck_assert_int_eq(deed_of(c.map, STEP_add_to_cart, 1), DEED_add);
    ck_assert_int_eq(deed_of(c.map, STEP_add_to_cart, 2), DEED_nothing);
    ck_assert_int_eq(deed_of(c.map, STEP_cancel, 0), DEED_nothing);
    ck_assert_int_eq(deed_of(c.map, STEP_request, 0), DEED_nothing);
    ck_assert_int_eq(api_connection_idle_us(c.map), 4000000);
    api_case_close(&c);
    api_case_open_request(&c, "    path: /\n");
    ck_assert_int_eq(api_connection_idle_us(c.map), 0);
    ck_assert_int_eq(api_stock_lag_us(c.map), 0);
    ck_assert_int_eq(api_answers_within_us(c.map), 0);
    api_case_close(&c);
}
END_TEST

START_TEST(test_told)
{
    struct api_case c;
    struct api_told told;

    api_case_open_request(&c, "    path: /\n"
                              "    refused: 409\n"
                              "    check: {json: /available, at_least: 0}\n"
                              "    tells:\n"
                              "      order: /id\n"
                              "      available: {json: /available}\n"
                              "      total: {json: /total, times: 100}\n"
                              "      discount: {json: /discount, times: '0.1'}\n"
                              "      points: {regex: 'you have (\\d+) points'}\n");
    ck_assert_int_eq(judge(&c, 200,
                           "{\"id\": \"o\\u00e9-7\", \"available\": 3, \"total\": \"12.50\","
                           " \"discount\": 15, \"note\": \"you have 70 points\"}",
                           &told),
                     API_OK);
    ck_assert_uint_eq(told.count, 5);
    const struct api_telling *order = told_of(&told, TELLING_order);
    ck_assert_ptr_nonnull(order);
    g_autofree char *id = api_case_text(order->text);
    ck_assert_str_eq(id, "o\xc3\xa9-7");
    assert_told(&told, TELLING_available, 3);
    assert_told(&told, TELLING_total, 1250);
    assert_told(&told, TELLING_discount, 2);
    assert_told(&told, TELLING_points, 70);
    /* Of failed checks and refusals too; what is null, nested, no number or not there is not told. */
    ck_assert_int_eq(judge(&c, 200, "{\"id\": 12, \"available\": -1, \"total\": null}", &told),
                     API_FAILED_CHECK);
    ck_assert_uint_eq(told.count, 2);
    assert_told(&told, TELLING_available, -1);
    ck_assert_int_eq(judge(&c, 409, "{\"id\": {}, \"available\": 1, \"total\": \"dear\"}", &told),
                     API_REFUSED);
    ck_assert_uint_eq(told.count, 1);
    assert_told(&told, TELLING_available, 1);
    ck_assert_int_eq(judge(&c, 500, "{\"available\": 1}", &told), API_BAD_STATUS);
    ck_assert_uint_eq(told.count, 0);
    api_case_close(&c);
}
END_TEST

START_TEST(test_refused_if)
{
    struct api_case c;

    api_case_open_request(&c, "    path: /\n"
                              "    capture:\n"
                              "      id: {json: /id}\n"
                              "      token: {json: /token, optional: true}\n"
                              "    refused_if:\n"
                              "      - {json: /errorCode, exists: true}\n"
                              "      - {json: /type, one_of: [cart, draft]}\n"
                              "      - {json: /left, at_least: 0, at_most: 0}\n"
                              "    check: {json: /id, is: '1'}\n");
    ck_assert_int_eq(api_case_judge(&c, 200, "{\"id\": 1, \"left\": 3}"), API_OK);
    ck_assert_int_eq(api_case_judge(&c, 200, "{\"id\": 2}"), API_FAILED_CHECK);
    ck_assert_int_eq(api_case_judge(&c, 200, "{\"token\": \"t\"}"), API_FAILED_CHECK);
    ck_assert_int_eq(api_case_judge(&c, 200,
                                    "{\"errorCode\": \"X\", \"id\": 1, \"token\": \"new\"}"),
                     API_REFUSED);
    g_autofree char *token = api_case_captured(&c, "token");
    g_autofree char *id = api_case_captured(&c, "id");
    ck_assert_str_eq(token, "new");
    ck_assert_ptr_null(id);
    ck_assert_int_eq(api_case_judge(&c, 200, "{\"id\": 1, \"type\": \"cart\"}"), API_REFUSED);
    ck_assert_int_eq(api_case_judge(&c, 200, "{\"id\": 1, \"type\": \"draft\"}"), API_REFUSED);
    ck_assert_int_eq(api_case_judge(&c, 200, "{\"id\": 1, \"type\": \"order\"}"), API_OK);
    ck_assert_int_eq(api_case_judge(&c, 200, "{\"id\": 1, \"left\": 0}"), API_REFUSED);
    ck_assert_int_eq(api_case_judge(&c, 200, "{\"id\": 1, \"left\": -1}"), API_OK);
    ck_assert_int_eq(api_case_judge(&c, 404, "{\"errorCode\": \"X\"}"), API_BAD_STATUS);
    api_case_close(&c);
}
END_TEST

/* A token that any answer may give anew belongs to the session all the same. */
START_TEST(test_captures_of_the_map)
{
    struct api_case c;
    const char *const map = "api: 1\n"
                            "session: {valid_for: 1h}\n"
                            "capture: {token: {json: /token}}\n"
                            "steps:\n"
                            "  browse: {path: /, capture: {id: {json: /id}}}\n"
                            "  log_in: {path: /, capture: {token: {json: /first}}}\n";

    api_case_open(&c, map);
    ck_assert(api_request(c.map, 0)->captures && api_request(c.map, 0)->wants_body);
    ck_assert_int_eq(api_case_judge(&c, 200, "{\"id\": 1}"), API_OK);
    ck_assert_ptr_null(api_case_captured(&c, "token"));
    ck_assert_int_eq(api_case_judge(&c, 200, "{\"id\": 1, \"token\": \"two\"}"), API_OK);
    g_autofree char *token = api_case_captured(&c, "token");
    ck_assert_str_eq(token, "two");
    for (uint32_t v = 0; v < api_variable_count(c.map); v++)
        ck_assert(api_variable_is_session(c.map, v) ==
                  (strcmp(api_variable_name(c.map, v), "token") == 0));
    api_case_close(&c);
}
END_TEST

static char *order_key(struct api_case *c)
{
    char scratch[512];
    struct api_text key;

    return api_order_key(c->map, &c->values, scratch, sizeof scratch, &key) ? api_case_text(key)
                                                                            : NULL;
}

START_TEST(test_keys)
{
    struct api_case c;
    char text[16];

    api_case_open_request(&c, "    path: /\n");
    g_autofree char *plain = order_key(&c);
    ck_assert_str_eq(plain, "7001");
    ck_assert(api_order_key_is_plain(c.map));
    ck_assert(api_member_key(c.map, 42, text, sizeof text));
    ck_assert_str_eq(text, "42");
    ck_assert(!api_member_key(c.map, 0, text, sizeof text));
    ck_assert(!api_member_key(c.map, 42, text, 2));
    omo_plan_journey journey = *c.values.journey;
    journey.order = 0;
    c.values.journey = &journey;
    ck_assert_ptr_null(order_key(&c));
    api_case_close(&c);

    api_case_open(&c, "api: 1\n"
                      "steps: {browse: {path: /, capture: {code: {json: /code}}}}\n"
                      "audit:\n"
                      "  order: '{{code}}/{{step}}'\n"
                      "  member: 'm{{member}}@example.com'\n"
                      "  stock_lag: 2s\n"
                      "  answers_within: 500ms\n");
    ck_assert(!api_order_key_is_plain(c.map));
    ck_assert_ptr_null(order_key(&c)); /* not captured yet */
    c.variable[0] = (struct api_text){"Z9", 2};
    g_autofree char *key = order_key(&c);
    ck_assert_str_eq(key, "Z9/add_to_cart");
    char longer[API_KEY_MAX + 1];
    memset(longer, 'x', sizeof longer);
    c.variable[0] = (struct api_text){longer, sizeof longer};
    ck_assert_ptr_null(order_key(&c));
    char address[32];
    ck_assert(api_member_key(c.map, 7, address, sizeof address));
    ck_assert_str_eq(address, "m7@example.com");
    ck_assert_int_eq(api_stock_lag_us(c.map), 2000000);
    ck_assert_int_eq(api_answers_within_us(c.map), 500000);
    api_case_close(&c);
}
END_TEST

START_TEST(test_nothing_is_allocated)
{
    struct api_case c;
    struct api_told told;
    char scratch[512];
    struct api_text key;
    uint32_t good = 0;

    api_case_open(&c, "api: 1\n"
                      "steps:\n"
                      "  browse:\n"
                      "    path: /\n"
                      "    refused_if: [{json: /e, one_of: [a, b]}]\n"
                      "    tells: {total: {json: /total, times: 100}, order: {json: /id}}\n"
                      "audit: {order: 'r-{{order}}'}\n");
    const unsigned long before = calls;
    for (uint32_t i = 0; i < 100; i++) {
        good += judge(&c, 200, "{\"total\": 1.25, \"id\": \"a\\\"b\"}", &told) == API_OK;
        good += api_order_key(c.map, &c.values, scratch, sizeof scratch, &key);
    }
    const unsigned long after = calls;
    ck_assert_uint_eq(good, 200);
    ck_assert_uint_eq(after, before);
    assert_told(&told, TELLING_total, 125);
    api_case_close(&c);
}
END_TEST

START_TEST(test_refused_maps)
{
    api_case_refused(
        "api: 1\nsteps:\n  browse:\n    path: /\n    does: plce\n",
        "map.yaml:5:11: steps.browse.does: unknown does 'plce', did you mean 'place'?");
    api_case_refused("api: 1\nsteps:\n  browse:\n    path: /\n"
                     "    tells:\n"
                     "      totl: /a\n"
                     "      key: /a\n"
                     "      order: {json: /a, times: 100}\n"
                     "      price: {json: /a, times: ten}\n"
                     "      paid: {times: 100}\n"
                     "      points: {json: a}\n",
                     "map.yaml:6:7: unknown telling 'totl', did you mean 'total'? (one of key, "
                     "order, available, price, total, discount, paid, points, points_earned, "
                     "points_spent)\n"
                     "map.yaml:7:7: the key is what audit.order renders: no answer tells it\n"
                     "map.yaml:8:32: 'order' is a text: times is for numbers\n"
                     "map.yaml:9:32: expected a factor such as 100 or 0.01, found 'ten'\n"
                     "map.yaml:10:13: what is told says where: json, header or regex\n"
                     "map.yaml:11:22: 'a' is no JSON pointer: \"\" or steps that begin with '/', "
                     "such as /items/0/id");
    api_case_refused("api: 1\nsteps:\n  browse:\n    path: /\n    refused_if: {json: /a}\n",
                     "map.yaml:5:17: a check says what it wants: is, is_not, one_of, exists, "
                     "at_least, at_most, contains or matches");
    api_case_refused("api: 1\nsteps: {browse: {path: /}}\n"
                     "audit: {order: fixed, member: '{{sku}}'}\n",
                     "map.yaml:3:16: a name of every one of them needs a value in it, such as "
                     "{{order}}\n"
                     "map.yaml:3:34: unknown name 'sku' in a template: neither a step's value nor "
                     "captured (one of member)");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_registries,
        test_deeds,
        test_told,
        test_refused_if,
        test_captures_of_the_map,
        test_keys,
        test_nothing_is_allocated,
        test_refused_maps,
    };

    return folder_run("traffic/api_deeds", tests, G_N_ELEMENTS(tests));
}
