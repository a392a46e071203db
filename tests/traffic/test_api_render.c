/* API maps: what requests look like once their values are filled in. */
#define _GNU_SOURCE
#include "conformance/noalloc.h"

#include "shell/folder.h"
#include "traffic/api_case.h"

#include <string.h>

START_TEST(test_values)
{
    struct api_case c;

    api_case_open_request(&c, "    method: POST\n"
                              "    path: /{{member}}/{{order}}/{{quantity}}/{{channel}}/{{step}}\n"
                              "    headers: {X-Number: '{{number}}', X-Now: '{{now_ms}}'}\n"
                              "    body: '{\"a\": {{amount}}, \"p\": {{price}}}'\n");
    ck_assert_int_eq(api_case_render(&c), API_RENDERED);
    assert_text("POST", api_case_text(c.message.method));
    assert_text("/42/7001/3/app/add_to_cart", api_case_text(c.message.path));
    assert_text("17", api_case_header(&c.message, "x-number"));
    assert_text("1700000000123", api_case_header(&c.message, "x-now"));
    assert_text("{\"a\": 1500, \"p\": 500}", api_case_text(c.message.body));
    ck_assert(!c.message.constant && !c.message.idempotent && !c.message.head_only);
    c.values.pass = 2;
    ck_assert_int_eq(api_case_render(&c), API_RENDERED);
    assert_text("/42/7001-2/3/app/add_to_cart", api_case_text(c.message.path));
    api_case_close(&c);
}
END_TEST

START_TEST(test_extremes)
{
    struct api_case c;

    api_case_open_request(&c, "    path: /{{member}}/{{number}}?a={{amount}}&q={{quantity}}"
                              "&p={{price}}\n");
    omo_plan_journey journey = *c.values.journey;
    omo_plan_step step = *c.values.step;
    c.values.journey = &journey;
    c.values.step = &step;
    journey.member = c.values.number = UINT64_MAX;
    step.amount = INT64_MIN;
    step.quantity = 0;
    ck_assert_int_eq(api_case_render(&c), API_RENDERED);
    assert_text("/18446744073709551615/18446744073709551615?a=-9223372036854775808&q=0"
                "&p=-9223372036854775808",
                api_case_text(c.message.path));
    api_case_close(&c);
}
END_TEST

START_TEST(test_escapes)
{
    struct api_case c;

    api_case_open_request(&c, "    method: PUT\n"
                              "    path: /{{sku}}/{{place}}?c={{coupon}}&r={{channel|raw}}\n"
                              "    headers: {X-Sku: '{{sku}} {{sku|url}}'}\n"
                              "    body: '{\"sku\": \"{{sku}}\", \"place\": \"{{ place }}\"}'\n");
    ck_assert_int_eq(api_case_render(&c), API_RENDERED);
    assert_text("/tea%221/%E5%8C%97%E4%BA%AC%201?c=10%25%26off&r=app",
                api_case_text(c.message.path));
    assert_text("tea\"1 tea%221", api_case_header(&c.message, "X-Sku"));
    assert_text("{\"sku\": \"tea\\\"1\", \"place\": \"北京 1\"}", api_case_text(c.message.body));
    assert_text("application/json", api_case_header(&c.message, "Content-Type"));
    ck_assert(c.message.idempotent);
    api_case_close(&c);
}
END_TEST

/* Each byte in each place: what comes out is what the place's own decoder gives back. */
START_TEST(test_every_byte)
{
    struct api_case c;
    char bytes[128];

    for (int i = 0; i < 127; i++)
        bytes[i] = (char)(i + 1);
    bytes[127] = '\0';
    api_case_open_request(&c, "    method: POST\n"
                              "    path: /{{v}}\n"
                              "    headers: {X-V: 'a{{v}}b', X-R: '{{v|raw}}', X-F: '{{v|form}}'}\n"
                              "    body: '\"{{v}}\"'\n"
                              "    capture: {v: {json: /v}}\n");
    c.variable[0] = (struct api_text){bytes, 127};
    ck_assert_int_eq(api_case_render(&c), API_RENDERED);

    g_autofree char *path = api_case_text(c.message.path);
    assert_text(bytes, g_uri_unescape_string(path + 1, NULL));
    g_autofree char *body = api_case_text(c.message.body);
    json_t *decoded = json_loads(body, JSON_DECODE_ANY, NULL);
    ck_assert_str_eq(json_string_value(decoded), bytes);
    json_decref(decoded);
    g_autofree char *form = api_case_header(&c.message, "X-F");
    ck_assert_ptr_nonnull(strchr(form, '+'));
    assert_text(bytes, g_uri_unescape_string(g_strdelimit(form, "+", ' '), NULL));
    for (uint32_t i = 0; i < 2; i++) { /* a header stays one line, whatever is asked for */
        g_autofree char *header = api_case_header(&c.message, i == 0 ? "X-V" : "X-R");
        for (const char *h = header; *h != '\0'; h++)
            ck_assert(*h >= 0x20 && *h != 0x7F);
    }
    api_case_close(&c);
}
END_TEST

START_TEST(test_headers_merge)
{
    struct api_case c;

    api_case_open(&c, "api: 1\n"
                      "headers: {Accept: '*/*', X-A: map, Authorization: 'Bearer {{token}}'}\n"
                      "steps:\n"
                      "  browse:\n"
                      "    path: /\n"
                      "    headers: {x-a: own, ACCEPT: ~}\n"
                      "    capture: {token: {json: /t}}\n");
    ck_assert_int_eq(api_case_render(&c), API_RENDERED);
    ck_assert_uint_eq(c.message.header_count, 1); /* there is no token yet */
    assert_text("own", api_case_header(&c.message, "X-A"));
    ck_assert(!c.message.constant);
    c.variable[0] = (struct api_text){"t1", 2};
    ck_assert_int_eq(api_case_render(&c), API_RENDERED);
    ck_assert_uint_eq(c.message.header_count, 2);
    assert_text("Bearer t1", api_case_header(&c.message, "authorization"));
    api_case_close(&c);
}
END_TEST

START_TEST(test_missing_values)
{
    struct api_case c;

    api_case_open_request(&c, "    path: /{{member}}?p={{place}}&c={{coupon}}\n"
                              "    headers: {X-V: '{{v}}'}\n"
                              "    capture: {v: {json: /v}}\n");
    omo_plan_journey journey = *c.values.journey;
    omo_plan_step step = *c.values.step;
    c.values.journey = &journey;
    c.values.step = &step;
    ck_assert_int_eq(api_case_render(&c), API_MISSING_VALUE); /* v, in a header of its own */
    c.variable[0] = (struct api_text){"", 0};                 /* captured, and empty */
    journey.place = OMO_PLAN_NONE;
    step.coupon = OMO_PLAN_NO_COUPON;
    ck_assert_int_eq(api_case_render(&c), API_RENDERED);
    assert_text("/42?p=&c=", api_case_text(c.message.path));
    journey.member = 0;
    ck_assert_int_eq(api_case_render(&c), API_MISSING_VALUE);
    api_case_close(&c);
}
END_TEST

START_TEST(test_room)
{
    struct api_case c;
    bool rendered = false;

    api_case_open_request(&c, "    method: POST\n    path: /{{sku}}\n    body: '\"{{place}}\"'\n");
    for (size_t room = 0; room < 64; room++) {
        char *exact = g_malloc(room);
        enum api_render result = api_render(c.map, 0, &c.values, exact, room, &c.message);
        ck_assert(result == API_TOO_LARGE || result == API_RENDERED);
        ck_assert_msg(!rendered || result == API_RENDERED, "%zu bytes", room);
        rendered = result == API_RENDERED;
        g_free(exact);
    }
    ck_assert(rendered);
    api_case_close(&c);
}
END_TEST

START_TEST(test_constant)
{
    struct api_case c;
    struct api_message again;

    api_case_open_request(&c, "    method: POST\n"
                              "    path: /a?b=c\n"
                              "    headers: {X-A: b}\n"
                              "    body: '{\"a\": [1, {\"b\": {}}]}'\n");
    ck_assert_int_eq(api_case_render(&c), API_RENDERED);
    ck_assert(c.message.constant);
    ck_assert_int_eq(api_render(c.map, 0, &c.values, NULL, 0, &again), API_RENDERED);
    ck_assert_ptr_eq(again.body.text, c.message.body.text);
    api_case_close(&c);
}
END_TEST

/* GraphQL and forms are templates like any other. */
START_TEST(test_graphql_and_forms)
{
    struct api_case c;

    api_case_open(&c, "api: 1\n"
                      "steps:\n"
                      "  browse:\n"
                      "    - method: POST\n"
                      "      path: /graphql\n"
                      "      body: |\n"
                      "        {\"query\": \"query Product($sku: ID!) { product(sku: $sku) { name "
                      "price } }\", \"variables\": {\"sku\": \"{{sku}}\"}}\n"
                      "    - method: POST\n"
                      "      path: /form\n"
                      "      headers: {Content-Type: application/x-www-form-urlencoded}\n"
                      "      body: sku={{sku}}&place={{place}}&coupon={{coupon}}&n={{quantity}}\n"
                      "    - method: POST\n"
                      "      path: /text\n"
                      "      headers: {Content-Type: text/plain}\n"
                      "      body: '{{sku}} {{sku|json}}'\n");
    ck_assert_int_eq(api_case_render(&c), API_RENDERED);
    g_autofree char *body = api_case_text(c.message.body);
    json_t *query = json_loads(body, 0, NULL);
    ck_assert_str_eq(json_string_value(json_object_get(json_object_get(query, "variables"), "sku")),
                     "tea\"1");
    ck_assert_str_eq(json_string_value(json_object_get(query, "query")),
                     "query Product($sku: ID!) { product(sku: $sku) { name price } }");
    json_decref(query);
    ck_assert_int_eq(api_render(c.map, 1, &c.values, c.room, sizeof(c.room), &c.message),
                     API_RENDERED);
    assert_text("sku=tea%221&place=%E5%8C%97%E4%BA%AC+1&coupon=10%25%26off&n=3",
                api_case_text(c.message.body));
    assert_text("application/x-www-form-urlencoded", api_case_header(&c.message, "content-type"));
    ck_assert_int_eq(api_render(c.map, 2, &c.values, c.room, sizeof(c.room), &c.message),
                     API_RENDERED);
    assert_text("tea\"1 tea\\\"1", api_case_text(c.message.body));
    api_case_close(&c);
}
END_TEST

START_TEST(test_nothing_is_allocated)
{
    struct api_case c;

    api_case_open_request(&c, "    method: POST\n"
                              "    path: /{{member}}/{{place}}\n"
                              "    headers: {X-N: '{{number}}'}\n"
                              "    body: '{\"sku\": \"{{sku}}\", \"n\": {{quantity}}}'\n"
                              "    capture: {v: {json: /v}, w: {regex: '(a+)b'}}\n"
                              "    check: [{json: /n, at_least: 1}, {matches: 'x.*z'}]\n");
    ck_assert_int_eq(api_case_render(&c), API_RENDERED); /* threads' own things are made once */
    const char *body = "{\"v\": \"a\\nb\", \"n\": 2.5, \"t\": \"xyz aab\"}";
    ck_assert_int_eq(api_case_judge(&c, 200, body), API_OK);
    unsigned long before = calls;
    for (uint32_t i = 0; i < 1000; i++) {
        c.values.number = i;
        if (api_case_render(&c) != API_RENDERED || api_case_judge(&c, 200, body) != API_OK)
            break;
    }
    ck_assert_uint_eq(calls - before, 0);
    ck_assert_uint_eq(c.values.number, 999);
    api_case_close(&c);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_values,
        test_extremes,
        test_escapes,
        test_every_byte,
        test_room,
        test_constant,
        test_graphql_and_forms,
        test_headers_merge,
        test_missing_values,
        test_nothing_is_allocated,
    };

    return folder_run("traffic/api_render", tests, G_N_ELEMENTS(tests));
}
