/* API maps: what is refused, where, and with which words. Every finding of a stage comes at once. */
#include "shell/folder.h"
#include "shell/schema.h"
#include "traffic/api_case.h"

#include <string.h>

/* A map of one request, browse, of these lines from line 4 on. */
static void refused(const char *request, const char *findings)
{
    g_autofree char *map = g_strdup_printf("api: 1\nsteps:\n  browse:\n%s", request);

    api_case_refused(map, findings);
}

START_TEST(test_keys)
{
    api_case_refused("api: 2\nsteps: {browse: {path: /}}\n",
                     "map.yaml:1:6: api: expected 1 to 1, found '2'");
    api_case_refused("steps: {browse: {path: /}}\n",
                     "map.yaml:1:1: missing key 'api', expected a whole number");
    api_case_refused("api: 1\nstep: {}\n",
                     "map.yaml:2:1: unknown key 'step', did you mean 'steps'?\n"
                     "map.yaml:1:1: missing key 'steps', expected a mapping from names");
    refused("    pat: /\n", "map.yaml:4:5: steps.browse: unknown key 'pat', did you mean 'path'?\n"
                            "map.yaml:4:5: steps.browse: missing key 'path', expected a text");
    refused("    path: /\n    on_failure: ignore\n",
            "map.yaml:5:17: steps.browse.on_failure: unknown on_failure 'ignore' (one of abort, "
            "continue, retry)");
    refused("    path: /\n    think: 5\n",
            "map.yaml:5:12: steps.browse.think: expected a duration such as 15min, 2h or 3d, "
            "found '5' without a unit");
    api_case_refused(
        "api: 1\nsteps: {browse: {path: /}\n",
        "map.yaml:3:1: not valid YAML: did not find expected ',' or '}', while parsing "
        "a flow mapping that began on line 2");
}
END_TEST

START_TEST(test_steps)
{
    api_case_refused("api: 1\nsteps:\n  chekout: {path: /}\n  request: {path: /}\n",
                     "map.yaml:3:3: unknown step 'chekout', did you mean 'check_out'?\n"
                     "map.yaml:4:3: recorded requests are sent as they are: leave 'request' out");
    api_case_refused("api: 1\nsession: {valid_for: 1h}\nsteps:\n  browse: {path: /}\n",
                     "map.yaml:2:10: a session needs the step log_in, which opens it");
}
END_TEST

START_TEST(test_templates)
{
    refused("    path: /{{skuu}}\n",
            "map.yaml:4:14: unknown name 'skuu' in a template: neither a step's value nor "
            "captured, did you mean 'sku'?");
    refused("    path: /{{sku|ulr}}\n",
            "map.yaml:4:14: unknown way 'ulr' of writing a value, did you mean 'url'? (one of raw, "
            "url, json, form, quoted)");
    refused("    path: /a{{sku}\n", "map.yaml:4:13: '{{' without '}}'");
    refused("    path: products\n", "map.yaml:4:11: a path begins with '/', found 'products'");
    refused("    path: /a b\n",
            "map.yaml:4:11: a path is percent-encoded ASCII: blanks, '#' and other characters must "
            "be written as %XX");
    refused("    path: /\n    headers: {X-A: '{{tokn}}'}\n    capture: {token: {json: /t}}\n",
            "map.yaml:5:23: unknown name 'tokn' in a template: neither a step's value nor "
            "captured, did you mean 'token'?");
    refused("    method: POST\n    path: /\n    body: '{\"a\": {{sku}}, \"b\": {{order}}}'\n",
            "map.yaml:6:20: this value is a text: in JSON it stands in quotes\n"
            "map.yaml:6:34: this value is a text: in JSON it stands in quotes");
    refused("    method: POST\n    path: /\n    body: '{\"a\": {{amount}}'\n",
            "map.yaml:6:11: the body is not JSON once its values are filled in; other bodies need "
            "a Content-Type of their own");
    refused("    path: /\n    body: |\n      {\"a\":\n       \"{{nobody}}\"}\n",
            "map.yaml:5:11: unknown name 'nobody' in a template: neither a step's value nor "
            "captured");
}
END_TEST

START_TEST(test_methods_and_headers)
{
    refused("    method: get\n    path: /\n",
            "map.yaml:4:13: 'get' is no method of HTTP, did you mean 'GET'? (one of GET, POST, "
            "PUT, PATCH, DELETE, OPTIONS, HEAD)");
    refused("    path: /\n    headers: {'X A': b, Host: c}\n",
            "map.yaml:5:15: 'X A' is no name of a header\n"
            "map.yaml:5:25: header 'Host' is set by the sender, leave it out");
    refused("    path: /\n    headers: {X-A: \"b\\nEvil: c\"}\n",
            "map.yaml:5:20: a header is one line without control characters");
    g_autoptr(GString) many = g_string_new("    path: /\n    headers:\n");
    for (uint32_t i = 0; i <= API_HEADERS_MAX; i++)
        g_string_append_printf(many, "      X-%u: a\n", i);
    refused(many->str, "map.yaml:4:5: 33 headers, at most 32 are allowed");
}
END_TEST

START_TEST(test_statuses_and_failures)
{
    refused("    path: /\n    expect: [99, 2xy, 600]\n    refused: 4x\n",
            "map.yaml:5:14: expected a status from 100 to 599 or a class such as 2xx, found '99'\n"
            "map.yaml:5:18: expected a status from 100 to 599 or a class such as 2xx, found "
            "'2xy'\n"
            "map.yaml:5:23: expected a status from 100 to 599 or a class such as 2xx, found "
            "'600'\n"
            "map.yaml:6:14: expected a status from 100 to 599 or a class such as 2xx, found '4x'");
    refused("    path: /\n    expect: 409\n    refused: [404, 409]\n",
            "map.yaml:6:20: status 409 is expected and refused at once");
    refused("    path: /\n    on_failure: abort\n    retry: {times: 2}\n",
            "map.yaml:6:12: retry is of no use with on_failure: abort");
    refused("    path: /\n    retry: {times: 0, backof: 1s}\n",
            "map.yaml:5:20: steps.browse.retry.times: expected 1 to 100, found '0'\n"
            "map.yaml:5:23: steps.browse.retry: unknown key 'backof', did you mean 'backoff'? (one "
            "of times, backoff)");
}
END_TEST

START_TEST(test_captures_and_checks)
{
    refused("    path: /\n"
            "    capture:\n"
            "      2nd: {json: /a}\n"
            "      sku: {json: /a}\n"
            "      bad: {json: a/b}\n"
            "      none: {}\n"
            "      two: {json: /a, header: B}\n"
            "      regex: {regex: 'a(b'}\n",
            "map.yaml:6:7: '2nd' is no name: letters, digits and _, no digit first\n"
            "map.yaml:7:7: 'sku' is a value of the step: another name\n"
            "map.yaml:8:19: 'a/b' is no JSON pointer: \"\" or steps that begin with '/', such as "
            "/items/0/id\n"
            "map.yaml:9:13: a capture says where: json, header or regex\n"
            "map.yaml:10:31: json and header at once\n"
            "map.yaml:11:26: bad regular expression: missing closing parenthesis");
    refused("    path: /\n"
            "    check:\n"
            "      - {json: /a}\n"
            "      - {at_least: 3}\n"
            "      - {json: /b, is: '{{order}}'}\n"
            "      - {matches: '['}\n",
            "map.yaml:6:9: a check says what it wants: is, is_not, one_of, exists, at_least, "
            "at_most, contains or matches\n"
            "map.yaml:7:20: at_least needs json or header\n"
            "map.yaml:8:25: a check takes no template\n"
            "map.yaml:9:21: bad regular expression: missing terminating ] for character class");
}
END_TEST

START_TEST(test_limits)
{
    g_autoptr(GString) many = g_string_new("    path: /\n    capture:\n");
    for (uint32_t i = 0; i <= API_VARIABLES_MAX; i++)
        g_string_append_printf(many, "      v%u: {json: /a}\n", i);
    refused(many->str, "map.yaml:38:7: more than 32 captured variables");
    g_string_assign(many, "    path: /\n    check:\n");
    for (uint32_t i = 0; i <= API_WANTED_MAX; i++)
        g_string_append_printf(many, "      - {header: X-%u, exists: true}\n", i);
    refused(many->str, "map.yaml:22:18: more than 16 headers of answers are looked at");
}
END_TEST

/* A map that is another one but for a path, a header and a step. */
START_TEST(test_include)
{
    struct api_case c;
    uint32_t count;

    folder_write("base.yaml", "api: 1\nname: base\nheaders: {X-A: base, X-B: base}\nsteps:\n"
                              "  browse: {path: /base, headers: {X-C: base}}\n"
                              "  points: {path: /points}\n");
    api_case_open(&c, "include: base.yaml\nname: mine\nheaders: {X-A: mine}\nsteps:\n"
                      "  browse: {path: /mine}\n  points: []\n");
    ck_assert_int_eq(api_case_render(&c), API_RENDERED);
    g_autofree char *path = api_case_text(c.message.path);
    g_autofree char *a = api_case_header(&c.message, "X-A"),
                    *b = api_case_header(&c.message, "X-B");
    g_autofree char *own = api_case_header(&c.message, "X-C");
    ck_assert_str_eq(path, "/mine");
    ck_assert_str_eq(a, "mine");
    ck_assert_str_eq(b, "base");
    ck_assert_str_eq(own, "base");
    api_step_requests(c.map, STEP_points, &count);
    ck_assert_uint_eq(count, 0);
    api_case_close(&c);
    api_case_refused("include: base.yaml\nsteps: {browse: {pth: /mine}}\n",
                     "map.yaml:2:18: steps.browse: unknown key 'pth', did you mean 'path'?");
}
END_TEST

START_TEST(test_schema)
{
    g_autoptr(GError) error = NULL;

    schema_audit(api_schema(), &error);
    folder_assert_fine(error);
}
END_TEST

START_TEST(test_accessors)
{
    struct api_case c;

    api_case_open(&c, "api: 1\n"
                      "session: {valid_for: 90s}\n"
                      "thresholds: 'p99<1s'\n"
                      "secret_headers: [X-Device]\n"
                      "steps:\n"
                      "  log_in: {path: /, capture: {token: {json: /t}}}\n"
                      "  browse:\n"
                      "    - {path: '/a/{{sku}}', takes: 20ms, think: 3s, timeout: 5s}\n"
                      "    - method: POST\n"
                      "      path: /b\n"
                      "      capture: {etag: {header: ETag}}\n"
                      "      retry: {backoff: 1s}\n"
                      "      on_refusal: continue\n");
    uint32_t count;
    uint32_t first = api_step_requests(c.map, STEP_browse, &count);
    const struct api_request *one = api_request(c.map, first);
    const struct api_request *two = api_request(c.map, first + 1);
    ck_assert_uint_eq(count, 2);
    ck_assert_str_eq(api_name(c.map), "map");
    ck_assert_str_eq(one->name, "browse");
    ck_assert_str_eq(two->name, "browse/2");
    ck_assert_int_eq(one->takes_us, 20000);
    ck_assert_int_eq(one->think_us, 3000000);
    ck_assert_int_eq(one->timeout_us, 5000000);
    ck_assert(one->idempotent && one->refusal_ends && !one->captures && !one->wants_body);
    ck_assert(!two->idempotent && !two->refusal_ends && two->captures && !two->wants_body);
    ck_assert_int_eq(one->on_failure, API_ABORT);
    ck_assert_int_eq(two->on_failure, API_RETRY);
    ck_assert_uint_eq(two->retry_count, 3);
    ck_assert_int_eq(two->retry_backoff_us, 1000000);
    ck_assert_uint_eq(api_variable_count(c.map), 2);
    ck_assert(api_variable_is_session(c.map, 0) && !api_variable_is_session(c.map, 1));
    ck_assert_uint_eq(api_wanted_count(c.map), 1);
    ck_assert_str_eq(api_wanted_name(c.map, 0), "etag");
    ck_assert_str_eq(api_thresholds(c.map)[0], "p99<1s");
    ck_assert_ptr_null(api_thresholds(c.map)[1]);
    ck_assert(api_header_is_secret(c.map, "x-device") && api_header_is_secret(c.map, "COOKIE"));
    ck_assert(!api_header_is_secret(c.map, "Accept"));
    ck_assert_int_eq(api_session_valid_for_us(c.map), 90000000);
    api_step_requests(c.map, STEP_pay, &count);
    ck_assert_uint_eq(count, 0);
    api_step_requests(c.map, STEP_COUNT, &count);
    ck_assert_uint_eq(count, 0);
    g_autofree char *path = api_path_text(c.map, first);
    ck_assert_str_eq(path, "/a/{sku}");
    api_case_close(&c);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_keys,      test_steps,
        test_templates, test_methods_and_headers,
        test_limits,    test_statuses_and_failures,
        test_accessors, test_include,
        test_schema,    test_captures_and_checks,
    };

    return folder_run("traffic/api_read", tests, G_N_ELEMENTS(tests));
}
