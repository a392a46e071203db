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

/* Whether an answer passes one check. */
static bool holds(const char *check, const char *body)
{
    g_autofree char *request = g_strdup_printf("    path: /\n    check: [%s]\n", check);
    struct api_case c;

    api_case_open_request(&c, request);
    enum api_verdict verdict = api_case_judge(&c, 200, body);
    api_case_close(&c);
    ck_assert(verdict == API_OK || verdict == API_FAILED_CHECK);
    return verdict == API_OK;
}

START_TEST(test_checks)
{
    static const struct {
        const char *check, *body;
        bool holds;
    } cases[] = {
        {"{json: /a, is: placed}", "{\"a\": \"placed\"}", true},
        {"{json: /a, is: placed}", "{\"a\": \"Placed\"}", false},
        {"{json: /a, is: placed}", "{}", false},
        {"{json: /a, is: 'x\"y'}", "{\"a\": \"x\\\"y\"}", true},
        {"{json: /a, is: 5}", "{\"a\": 5.0}", true},
        {"{json: /a, is: 5}", "{\"a\": 5e0}", true},
        {"{json: /a, is: 5}", "{\"a\": \"5\"}", true},
        {"{json: /a, is: 5}", "{\"a\": \"5.0\"}", false},
        {"{json: /a, is: 9007199254740993}", "{\"a\": 9007199254740993}", true},
        {"{json: /a, is: 9007199254740993}", "{\"a\": 9007199254740992}", false},
        {"{json: /a, is: true}", "{\"a\": true}", true},
        {"{json: /a, is: 'null'}", "{\"a\": null}", true},
        {"{json: /a, is_not: 5}", "{\"a\": 5.0}", false},
        {"{json: /a, is_not: 5}", "{\"a\": 6}", true},
        {"{json: /a, is_not: 5}", "{}", false},
        {"{json: /a, exists: true}", "{\"a\": null}", true},
        {"{json: /a, exists: true}", "{\"b\": null}", false},
        {"{json: /a, exists: false}", "{\"b\": null}", true},
        {"{json: /a, exists: true}", "not JSON", false},
        {"{json: /a, exists: false}", "<html>not JSON", false},
        {"{json: /a, exists: false}", "", false},
        {"{json: /a, exists: false}", "{\"b\": ", false},
        {"{json: /a, at_least: 2.5}", "{\"a\": 2.5}", true},
        {"{json: /a, at_least: 2.5}", "{\"a\": 2.4}", false},
        {"{json: /a, at_least: 2.5}", "{\"a\": \"3\"}", false},
        {"{json: /a, at_most: -1}", "{\"a\": -1e1}", true},
        {"{json: /a, at_most: -1}", "{\"a\": 0}", false},
        {"{json: /a, at_least: 1, at_most: 3}", "{\"a\": 4}", false},
        {"{json: /a, contains: bc}", "{\"a\": \"abcd\"}", true},
        {"{json: /a, contains: bc}", "{\"a\": \"acbd\", \"b\": \"bc\"}", false},
        {"{json: /a, contains: '\"b\": 1'}", "{\"a\": {\"b\": 1}}", true},
        {"{json: /a, matches: '^[a-f0-9]+$'}", "{\"a\": \"9e37\"}", true},
        {"{json: /a, matches: '^[a-f0-9]+$'}", "{\"a\": \"9g37\"}", false},
        {"{contains: Welcome}", "<h1>Welcome</h1>", true},
        {"{contains: Welcome}", "<h1>Error</h1>", false},
        {"{matches: 'W.*e'}", "<h1>Welcome</h1>", true},
        {"{is: ok}", "ok", true},
        {"{is: ok}", "ok ", false},
        {"{contains: a}, {contains: b}", "a", false},
        /* A pattern that would take years counts as no match after a while. */
        {"{matches: '^(a+)+$'}", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        ck_assert_msg(holds(cases[i].check, cases[i].body) == cases[i].holds, "%s of %s",
                      cases[i].check, cases[i].body);
}
END_TEST

START_TEST(test_headers)
{
    struct api_case c;
    struct api_text wanted[2] = {{NULL, 0}, {NULL, 0}};
    struct api_reply reply = {200, {NULL, 0}, wanted};

    api_case_open_request(&c, "    path: /\n"
                              "    capture:\n"
                              "      id: {header: Location, regex: '/orders/([^/]+)$'}\n"
                              "      etag: {header: ETag}\n"
                              "    check:\n"
                              "      - {header: etag, at_least: 3}\n");
    ck_assert(!api_request(c.map, 0)->wants_body);
    ck_assert_uint_eq(api_wanted_count(c.map), 2);
    ck_assert_str_eq(api_wanted_name(c.map, 0), "location");
    ck_assert_int_eq(api_judge(c.map, 0, &reply, c.room, sizeof(c.room), c.captured, NULL),
                     API_FAILED_CHECK);
    wanted[0] = (struct api_text){"/v1/orders/o-7", 14};
    wanted[1] = (struct api_text){"4", 1};
    ck_assert_int_eq(api_judge(c.map, 0, &reply, c.room, sizeof(c.room), c.captured, NULL), API_OK);
    assert_captured(&c, "id", "o-7");
    assert_captured(&c, "etag", "4");
    wanted[0] = (struct api_text){"/v1/carts/o-7", 13};
    memset(c.captured, 0, sizeof(c.captured));
    ck_assert_int_eq(api_judge(c.map, 0, &reply, c.room, sizeof(c.room), c.captured, NULL),
                     API_MISSING_CAPTURE);
    assert_captured(&c, "etag", "4"); /* the others are there all the same */
    ck_assert_ptr_null(api_case_captured(&c, "id"));
    api_case_close(&c);
}
END_TEST

/* What is too little scratch memory is a missing capture, never a byte too far. */
START_TEST(test_room)
{
    struct api_case c;
    const char *body = "{\"a\": \"x\\ny\\nz\", \"b\": \"b77\"}";
    const struct api_reply reply = {200, {body, (uint32_t)strlen(body)}, NULL};
    bool fitted = false;

    api_case_open_request(&c, "    path: /\n"
                              "    capture: {a: {json: /a}, b: {json: /b, regex: '(7)(7)'}}\n");
    for (size_t room = 0; room < 1024; room++) {
        char *exact = g_malloc(room);
        enum api_verdict verdict = api_judge(c.map, 0, &reply, exact, room, c.captured, NULL);
        ck_assert(verdict == API_OK || (verdict == API_MISSING_CAPTURE && !fitted));
        fitted = verdict == API_OK;
        g_free(exact);
    }
    ck_assert(fitted);
    assert_captured(&c, "b", "7");
    api_case_close(&c);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_statuses, test_captures, test_checks, test_headers,
                                  test_room};

    return folder_run("traffic/api_judge", tests, G_N_ELEMENTS(tests));
}
