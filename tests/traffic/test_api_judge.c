/* API maps: what answers are worth, and what is captured of them. */
#include "shell/folder.h"
#include "traffic/api_case.h"

#include <string.h>

#define assert_captured(c, name, expected)                                                         \
    do {                                                                                           \
        g_autofree char *got = api_case_captured(c, name);                                         \
        ck_assert_ptr_nonnull(got);                                                                \
        ck_assert_str_eq(got, expected);                                                           \
    } while (0)

START_TEST(test_statuses)
{
    struct api_case c;

    api_case_open(&c, "api: 1\n"
                      "session: {valid_for: 10min, renew_on: 401}\n"
                      "steps:\n"
                      "  browse: {path: /, expect: [200, 3xx], refused: [404, 409]}\n"
                      "  log_in: {path: /}\n");
    ck_assert_int_eq(api_case_judge(&c, 200, ""), API_OK);
    ck_assert_int_eq(api_case_judge(&c, 301, ""), API_OK);
    ck_assert_int_eq(api_case_judge(&c, 201, ""), API_BAD_STATUS);
    ck_assert_int_eq(api_case_judge(&c, 409, ""), API_REFUSED);
    ck_assert_int_eq(api_case_judge(&c, 401, ""), API_RENEW);
    ck_assert_int_eq(api_case_judge(&c, 0, ""), API_BAD_STATUS);
    ck_assert_int_eq(api_case_judge(&c, 999, ""), API_BAD_STATUS);
    uint32_t count;
    uint32_t log_in = api_step_requests(c.map, STEP_log_in, &count);
    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(api_request(c.map, log_in)->status[401], API_STATUS_BAD);
    ck_assert_int_eq(api_session_valid_for_us(c.map), 600000000);
    api_case_close(&c);
}
END_TEST

START_TEST(test_captures)
{
    struct api_case c;

    api_case_open_request(&c, "    path: /\n"
                              "    capture:\n"
                              "      id: {json: /items/1/id}\n"
                              "      text: {json: /text}\n"
                              "      part: {regex: 'n=(\\d+)'}\n"
                              "      all: {json: ''}\n"
                              "      end: {json: /text, regex: '.$'}\n");
    const char *body = "{\"text\": \"a\\u00e9\\n\\\"z\", \"items\": [1, {\"id\": 12.50}], "
                       "\"q\": \"n=77;\"}";
    ck_assert_int_eq(api_case_judge(&c, 200, body), API_OK);
    assert_captured(&c, "id", "12.50");
    assert_captured(&c, "text", "a\xc3\xa9\n\"z");
    assert_captured(&c, "part", "77");
    assert_captured(&c, "all", body);
    assert_captured(&c, "end", "z");
    ck_assert_int_eq(api_case_judge(&c, 200, "{\"text\": null}"), API_MISSING_CAPTURE);
    ck_assert_ptr_null(api_case_captured(&c, "text"));
    ck_assert_int_eq(api_case_judge(&c, 200, NULL), API_MISSING_CAPTURE);
    ck_assert_int_eq(api_case_judge(&c, 500, body), API_BAD_STATUS);
    ck_assert_ptr_null(api_case_captured(&c, "id"));
    api_case_close(&c);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_statuses, test_captures};

    return folder_run("traffic/api_judge", tests, G_N_ELEMENTS(tests));
}
