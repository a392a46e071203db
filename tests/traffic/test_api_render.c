/* API maps: what requests look like once their values are filled in. */
#include "shell/folder.h"
#include "traffic/api_case.h"

#include <string.h>

#define assert_text(expected, text)                                                                \
    do {                                                                                           \
        g_autofree char *got = (text);                                                             \
        ck_assert_ptr_nonnull(got);                                                                \
        ck_assert_str_eq(got, expected);                                                           \
    } while (0)

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
    assert_text("17", api_case_header(&c, "x-number"));
    assert_text("1700000000123", api_case_header(&c, "x-now"));
    assert_text("{\"a\": 1500, \"p\": 500}", api_case_text(c.message.body));
    ck_assert(!c.message.constant && !c.message.idempotent && !c.message.head_only);
    c.values.pass = 2;
    ck_assert_int_eq(api_case_render(&c), API_RENDERED);
    assert_text("/42/7001-2/3/app/add_to_cart", api_case_text(c.message.path));
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
    assert_text("tea\"1 tea%221", api_case_header(&c, "X-Sku"));
    assert_text("{\"sku\": \"tea\\\"1\", \"place\": \"北京 1\"}", api_case_text(c.message.body));
    assert_text("application/json", api_case_header(&c, "Content-Type"));
    ck_assert(c.message.idempotent);
    api_case_close(&c);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_values, test_escapes};

    return folder_run("traffic/api_render", tests, G_N_ELEMENTS(tests));
}
