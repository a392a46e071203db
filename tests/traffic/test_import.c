/* Recorded traffic: what it becomes, where the errors are, and what comes out again. */
#include "shell/folder.h"
#include "traffic/export.h"
#include "traffic/message.h"
#include "traffic/plan_merge.h"
#include "traffic/samples.h"

#include <omosim/types.h>
#include <stdlib.h>
#include <string.h>

static struct import_report imported(enum traffic_format format, const char *text,
                                     struct import_options options)
{
    g_autoptr(GError) error = NULL;
    struct import_report report;

    folder_write("in", text);
    ck_assert_msg(traffic_import(format, "in", "out.plan", &options, &report, &error), "%s",
                  error != NULL ? error->message : "");
    return report;
}

static void assert_bad(enum traffic_format format, const char *text, const char *expected)
{
    const struct import_options options = {.gap_us = -1};
    struct import_report report;
    g_autoptr(GError) error = NULL;

    folder_write("in", text);
    ck_assert(!traffic_import(format, "in", "bad.plan", &options, &report, &error));
    folder_assert_error(error, expected);
    ck_assert(!g_file_test("bad.plan", G_FILE_TEST_EXISTS));
}

/* "time: request line; header; header ... [body bytes]" of each step, journeys parted by '|'. */
static char *plan_text(const char *path)
{
    const char *const paths[] = {path, NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(PlanMerge) merge = plan_merge_open(paths, 0, &error);
    g_autoptr(GString) text = g_string_new(NULL);
    struct plan_visit visit;

    folder_assert_fine(error);
    while (plan_merge_next(merge, &visit, &error)) {
        g_string_append(text, "|");
        for (uint32_t i = 0; i < visit.journey.step_count; i++) {
            struct message message;
            struct message_text name, value;
            ck_assert(message_parse(&visit.payloads[i], &message));
            g_string_append_printf(text, " %d: %.*s %.*s", (int)(visit.steps[i].at_us / 1000),
                                   (int)message.method.size, message.method.text,
                                   (int)message.target.size, message.target.text);
            while (message_next_header(&message.headers, &name, &value))
                g_string_append_printf(text, "; %.*s=%.*s", (int)name.size, name.text,
                                       (int)value.size, value.text);
            if (message.body.size > 0)
                g_string_append_printf(text, " [%.*s]", (int)message.body.size, message.body.text);
        }
    }
    folder_assert_fine(error);
    return g_strdup(text->str);
}

/* ---- access logs ----------------------------------------------------------------------------- */

static const char log_text[] =
    "10.0.0.1 - - [10/Oct/2000:13:55:38 +0000] \"GET /c HTTP/1.1\" 200 1 \"-\" \"A\"\n"
    "10.0.0.1 - - [10/Oct/2000:13:55:36 +0000] \"GET /a HTTP/1.1\" 200 1 \"http://r/\" \"A\"\r\n"
    "10.0.0.2 - u v [10/Oct/2000:15:55:36 +0200] \"GET /\\xe7\\\"x HTTP/2.0\" 200 -\n"
    "\n"
    "10.0.0.2 - - [10/Oct/2000:13:55:37.500 +0000] \"POST /b HTTP/1.1\" 200 1\n"
    "10.0.0.1 - - [10/Oct/2000:13:55:36 +0000] \"-\" 408 0 \"-\" \"-\"";

START_TEST(test_log)
{
    struct import_report report =
        imported(FORMAT_log, log_text, (struct import_options){.gap_us = -1});
    g_autofree char *text = plan_text("out.plan");

    ck_assert_uint_eq(report.counts.journeys, 3);
    ck_assert_uint_eq(report.left_count, 2);
    ck_assert_str_eq(text, "| 0: GET /a; Referer=http://r/; User-Agent=A| 500: GET /%E7\"x"
                           "| 2000: GET /c; User-Agent=A");
    g_autoptr(Plan) plan = plan_open("out.plan", NULL);
    ck_assert_int_eq(plan_header(plan)->epoch_us, INT64_C(971186136000000));
    struct plan_cursor cursor = plan_begin(plan);
    const uint64_t first = plan_next(plan, &cursor)->member;
    const uint64_t second = plan_next(plan, &cursor)->member;
    ck_assert(first != 0 && second != 0 && first != second);
    ck_assert_uint_eq(plan_next(plan, &cursor)->member, first);
}
END_TEST

START_TEST(test_log_visits)
{
    struct import_report report =
        imported(FORMAT_log, log_text,
                 (struct import_options){.gap_us = 1800 * OMO_US_PER_SECOND, .all_methods = true});
    g_autofree char *text = plan_text("out.plan");

    ck_assert_uint_eq(report.left_count, 1);
    ck_assert_str_eq(text, "| 0: GET /a; Referer=http://r/; User-Agent=A 2000: GET /c; "
                           "User-Agent=A| 500: GET /%E7\"x 1500: POST /b");
}
END_TEST

START_TEST(test_log_errors)
{
    assert_bad(FORMAT_log, "\nx\n", "in:2:1: expected a client's address, found 'x'");
    assert_bad(FORMAT_log, "é - - [nonsense] \"GET / HTTP/1.1\" 200 1\n",
               "in:1:8: expected a time such as [10/Oct/2000:13:55:36 -0700], found 'nonsense] "
               "\"GET / HTTP/1.1\" 200 1'");
    assert_bad(FORMAT_log, "a - - [10/Oct/2000:13:55:36 -0700]",
               "in:1:35: expected a quoted request such as \"GET /path HTTP/1.1\", found the end");
    assert_bad(FORMAT_log, "a - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.1\" x 1",
               "in:1:53: expected a status, found 'x 1'");
    struct import_report report =
        imported(FORMAT_log, "x\na - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.1\" 200 1\ny\n",
                 (struct import_options){.skip_bad = true});
    ck_assert_uint_eq(report.counts.steps, 1);
    ck_assert_uint_eq(report.bad_count, 2);
    ck_assert_str_eq(report.first_bad, "in:1:1: expected a client's address, found 'x'");
    g_free(report.first_bad);
}
END_TEST

/* ---- HAR ------------------------------------------------------------------------------------- */

/* Single quotes stand for double ones. Caller frees. */
static char *har_file(const char *entries)
{
    char *text = g_strdup_printf("{'log':{'entries':[%s]}}", entries);

    return g_strdelimit(text, "'", '"');
}

static const char har_entries[] =
    "{'pageref': 'p2', 'startedDateTime': '2024-05-01T10:00:50Z',"
    "  'request': {'method': 'GET', 'url': 'http://h/late'}},"
    "{'pageref': 'p1', 'startedDateTime': '2024-05-01T10:00:01.5Z',"
    "  'request': {'method': 'POST', 'url': 'http://h/b#x',"
    "    'headers': [{'name': 'Host', 'value': 'h'}, {'name': 'A', 'value': '1'}],"
    "    'postData': {'mimeType': 'application/x-www-form-urlencoded',"
    "      'params': [{'name': 'a b', 'value': '&'}, {'name': 'c', 'value': 'd'}]}}},"
    "{'pageref': 'p1', 'startedDateTime': '2024-05-01T10:00:00Z',"
    "  'request': {'method': 'GET', 'url': 'http://h/a'}},"
    "{'startedDateTime': '2024-05-01T12:00:10+02:00',"
    "  'request': {'method': 'GET', 'url': 'http://h/1'}},"
    "{'startedDateTime': '2024-05-01T10:00:12Z',"
    "  'request': {'method': 'PUT', 'url': 'http://h/2',"
    "    'postData': {'text': 'aGk=', 'encoding': 'base64'}}},"
    "{'startedDateTime': '2024-05-01T10:00:55Z',"
    "  'request': {'method': 'GET', 'url': 'http://h/3'}},"
    "{'startedDateTime': '2024-05-01T10:00:56Z',"
    "  'request': {'method': 'GET', 'url': 'blob:x'}}";

START_TEST(test_har)
{
    g_autofree char *file = har_file(har_entries);
    struct import_report report = imported(FORMAT_har, file, (struct import_options){.gap_us = -1});
    g_autofree char *text = plan_text("out.plan");

    ck_assert_uint_eq(report.left_count, 1);
    ck_assert_str_eq(text,
                     "| 0: GET http://h/a 1500: POST http://h/b; A=1; "
                     "Content-Type=application/x-www-form-urlencoded [a%20b=%26&c=d]"
                     "| 10000: GET http://h/1 12000: PUT http://h/2 [hi]| 50000: GET http://h/late"
                     "| 55000: GET http://h/3");
}
END_TEST

START_TEST(test_har_errors)
{
    assert_bad(FORMAT_har, "{\n \"log\": ]", "in:2:9: not a HAR file: unexpected token near ']'");
    assert_bad(FORMAT_har, "{\"log\":{}}", "in: not a HAR file: it has no log.entries");
    g_autofree char *no_url = har_file("{'startedDateTime': '2024-05-01T10:00:50Z',"
                                       "'request': {'method': 'GET', 'url': 'http://h/'}}, 7");
    assert_bad(FORMAT_har, no_url, "in: log.entries[1].request.url: expected a text");
    g_autofree char *no_time = har_file("{'startedDateTime': 'noon',"
                                        "'request': {'method': 'GET', 'url': 'http://h/'}}");
    assert_bad(FORMAT_har, no_time,
               "in: log.entries[0].startedDateTime: expected a time such as "
               "2009-07-24T19:20:30.45+01:00, found 'noon'");
}
END_TEST

/* ---- vegeta ---------------------------------------------------------------------------------- */

START_TEST(test_vegeta)
{
    imported(
        FORMAT_vegeta,
        "{\"method\":\"GET\",\"url\":\"http://h/a\"}\n"
        "{\"method\":\"POST\",\"url\":\"http://h/b\",\"body\":\"aGk=\",\"header\":{\"A\":[\"1\","
        "\"2\"],\"Connection\":[\"A\"]}}\n"
        "{\"method\":\"GET\",\"url\":\"http://h/c\"}",
        (struct import_options){.rate_per_s = 4});
    g_autofree char *text = plan_text("out.plan");

    ck_assert_str_eq(text, "| 0: GET http://h/a| 250: POST http://h/b [hi]| 500: GET http://h/c");
    assert_bad(FORMAT_vegeta, "{\"method\":\"GET\",\"url\":\"http://h/\"}\n{\"method\":}\n",
               "in:2:11: unexpected token near '}'");
    assert_bad(FORMAT_vegeta, "{\"method\":\"GET\"}\n", "in:1:1: a target has no 'url'");
}
END_TEST

/* ---- CSV and all formats --------------------------------------------------------------------- */

static struct export_report exported(enum traffic_format format, const char *plan, const char *path)
{
    const struct export_options options = {.target = "http://h:1"};
    g_autoptr(GError) error = NULL;
    struct export_report report;

    ck_assert_msg(traffic_export(format, plan, path, &options, &report, &error), "%s",
                  error != NULL ? error->message : "");
    return report;
}

static void assert_same_files(const char *a, const char *b)
{
    g_autofree char *left = NULL, *right = NULL;
    gsize left_size, right_size;

    ck_assert(g_file_get_contents(a, &left, &left_size, NULL));
    ck_assert(g_file_get_contents(b, &right, &right_size, NULL));
    ck_assert_msg(left_size == right_size && memcmp(left, right, left_size) == 0,
                  "%s and %s differ", a, b);
}

/* A plan that goes through a table and back is the same to the byte; without the plan to be like,
 * the second table is the same as the first. */
START_TEST(test_csv_round_trip)
{
    const struct import_options like = {.like = "a.plan"}, unlike = {.like = NULL};
    g_autoptr(GError) error = NULL;
    struct import_report report;

    samples_write("a.plan");
    ck_assert_uint_eq(exported(FORMAT_csv, "a.plan", "a.csv").requests, SAMPLES_STEPS);
    ck_assert(traffic_import(FORMAT_csv, "a.csv", "b.plan", &like, &report, &error));
    ck_assert_uint_eq(report.counts.steps, SAMPLES_STEPS);
    assert_same_files("a.plan", "b.plan");
    ck_assert(traffic_import(FORMAT_csv, "a.csv", "c.plan", &unlike, &report, &error));
    exported(FORMAT_csv, "c.plan", "c.csv");
    assert_same_files("a.csv", "c.csv");
}
END_TEST

START_TEST(test_csv_errors)
{
    assert_bad(FORMAT_csv, "at_us,stp\n", "in:1:7: unknown column 'stp', did you mean 'step'?");
    assert_bad(FORMAT_csv, "at_us,step\n1,browse\n2,pya\n",
               "in:3:3: column 'step': unknown kind of step 'pya', did you mean 'pay'?");
    assert_bad(FORMAT_csv, "at_us,step\n5,pay\n4,pay\n",
               "in:3:1: column 'at_us': the journey starts before the one above; sort the table "
               "by start");
    assert_bad(FORMAT_csv, "journey,at_us,step,channel\na,5,pay,web\na,4,pay,web\n",
               "in:3:3: column 'at_us': the step is before the one above");
    assert_bad(FORMAT_csv, "at_us,step,quantity\n5,pay,70000\n",
               "in:2:7: column 'quantity': expected a whole number up to 65535, found '70000'");
    struct import_report report = imported(FORMAT_csv, "at_us,step\n1,browse\n2,pya\n3,pay\n",
                                           (struct import_options){.skip_bad = true});
    ck_assert_uint_eq(report.counts.steps, 2);
    ck_assert_uint_eq(report.bad_count, 1);
    g_free(report.first_bad);
}
END_TEST

/* HAR holds all of a recorded request, and so gives it back; the others what they can. */
START_TEST(test_formats_round_trip)
{
    imported(FORMAT_log, log_text, (struct import_options){.gap_us = -1, .all_methods = true});
    const struct import_options all = {.gap_us = 0, .all_methods = true, .rate_per_s = 2};
    g_autoptr(GError) error = NULL;
    struct import_report report;

    ck_assert_uint_eq(exported(FORMAT_har, "out.plan", "x.har").requests, 4);
    ck_assert(traffic_import(FORMAT_har, "x.har", "har.plan", &all, &report, &error));
    g_autofree char *har = plan_text("har.plan");
    ck_assert_str_eq(har, "| 0: GET http://h:1/a; Referer=http://r/; User-Agent=A"
                          "| 500: GET http://h:1/%E7\"x| 1500: POST http://h:1/b"
                          "| 2000: GET http://h:1/c; User-Agent=A");
    ck_assert_uint_eq(exported(FORMAT_vegeta, "out.plan", "x.vegeta").requests, 4);
    ck_assert(traffic_import(FORMAT_vegeta, "x.vegeta", "vegeta.plan", &all, &report, &error));
    g_autofree char *vegeta = plan_text("vegeta.plan");
    ck_assert_str_eq(vegeta, "| 0: GET http://h:1/a; Referer=http://r/; User-Agent=A"
                             "| 500: GET http://h:1/%E7\"x| 1000: POST http://h:1/b"
                             "| 1500: GET http://h:1/c; User-Agent=A");
    ck_assert_uint_eq(exported(FORMAT_log, "har.plan", "x.log").cut_count, 0);
    ck_assert(traffic_import(FORMAT_log, "x.log", "log.plan", &all, &report, &error));
    g_autofree char *log = plan_text("log.plan");
    ck_assert_str_eq(log, "| 0: GET /a; Referer=http://r/; User-Agent=A| 500: GET /%E7\"x"
                          "| 1000: POST /b| 2000: GET /c; User-Agent=A");
}
END_TEST

/* Requests come out in the order of time, not of journeys. */
START_TEST(test_exported_by_time)
{
    imported(FORMAT_csv,
             "journey,at_us,step,request\n"
             "a,0,request,R0VUIC8xIEhUVFAvMS4xDQoNCg==\n" /* GET /1 */
             "a,9,request,R0VUIC80IEhUVFAvMS4xDQoNCg==\n" /* GET /4 */
             "b,3,request,R0VUIC8yIEhUVFAvMS4xDQoNCg==\n" /* GET /2 */
             "c,9,request,R0VUIC81IEhUVFAvMS4xDQoNCg==\n" /* GET /5 */
             "d,9,browse,\n",
             (struct import_options){.gap_us = -1});
    const struct export_report report = exported(FORMAT_vegeta, "out.plan", "x.vegeta");
    g_autofree char *text = NULL;

    ck_assert_uint_eq(report.left_count, 1);
    ck_assert(g_file_get_contents("x.vegeta", &text, NULL, NULL));
    ck_assert_str_eq(text, "{\"method\":\"GET\",\"url\":\"http://h:1/1\"}\n"
                           "{\"method\":\"GET\",\"url\":\"http://h:1/2\"}\n"
                           "{\"method\":\"GET\",\"url\":\"http://h:1/4\"}\n"
                           "{\"method\":\"GET\",\"url\":\"http://h:1/5\"}\n");
}
END_TEST

/* Simulated steps become what a map makes of them, captures their own names. */
START_TEST(test_exported_by_map)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    struct export_report report;

    folder_write("map.yaml",
                 "api: 1\nname: tiny\nheaders: {Authorization: \"Bearer {{token}}\"}\nsteps:\n"
                 "  log_in:\n    - {method: POST, path: /sessions, body: '{\"m\": {{member}}}', "
                 "capture: {token: {json: /token}}}\n"
                 "  add_to_cart: [{method: PUT, path: \"/carts/{{token}}/{{sku}}\"}]\n");
    g_autoptr(ApiMap) map = api_read("map.yaml", NULL, &error);
    folder_assert_fine(error);
    samples_write("a.plan");
    const struct export_options options = {.map = map, .target = "http://h:1/"};
    ck_assert(traffic_export(FORMAT_vegeta, "a.plan", "x", &options, &report, &error));
    ck_assert_uint_eq(report.requests, 4); /* two of the map, two recorded */
    ck_assert_uint_eq(report.left_count, 2);
    ck_assert(g_file_get_contents("x", &text, NULL, NULL));
    ck_assert_ptr_nonnull(
        strstr(text, "\"url\":\"http://h:1/sessions\",\"body\":\"eyJtIjogOX0=\""));
    ck_assert_ptr_nonnull(
        strstr(text, "\"url\":\"http://h:1/carts/%7B%7Btoken%7D%7D/%E7%89%9B%E5%A5%B6\""));
    ck_assert_ptr_nonnull(strstr(text, "\"Authorization\":[\"Bearer {{token}}\"]"));
}
END_TEST

START_TEST(test_export_errors)
{
    const struct export_options none = {.target = NULL};
    g_autoptr(GError) error = NULL;
    struct export_report report;

    imported(FORMAT_log, log_text, (struct import_options){.gap_us = -1});
    ck_assert(!traffic_export(FORMAT_har, "out.plan", "x.har", &none, &report, &error));
    ck_assert_str_eq(error->message, "out.plan: its requests have no host: give --target URL");
    ck_assert(!g_file_test("x.har", G_FILE_TEST_EXISTS));
    g_clear_error(&error);
    samples_write_many("s.plan", 3, 2);
    ck_assert(!traffic_export(FORMAT_log, "s.plan", "x.log", &none, &report, &error));
    folder_assert_error(error,
                        "s.plan: has no recorded requests: export it to csv, or give --api MAP");
    ck_assert(!traffic_export(FORMAT_csv, "s.plan", "/dev/full", &none, &report, &error));
    ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN));
}
END_TEST

static bool stop_at_once(double share, void *context)
{
    ck_assert(share >= 0 && share <= 1);
    *(bool *)context = true;
    return false;
}

START_TEST(test_stopped)
{
    bool asked = false;
    const struct export_options options = {.go_on = stop_at_once, .context = &asked};
    g_autoptr(GError) error = NULL;
    struct export_report report;

    samples_write_many("s.plan", 5000, 2);
    ck_assert(!traffic_export(FORMAT_csv, "s.plan", "x.csv", &options, &report, &error));
    ck_assert(asked);
    ck_assert(!g_file_test("x.csv", G_FILE_TEST_EXISTS));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_log,
                                  test_log_visits,
                                  test_log_errors,
                                  test_har,
                                  test_har_errors,
                                  test_vegeta,
                                  test_csv_round_trip,
                                  test_csv_errors,
                                  test_formats_round_trip,
                                  test_exported_by_time,
                                  test_exported_by_map,
                                  test_export_errors,
                                  test_stopped};
    return folder_run("import", tests, G_N_ELEMENTS(tests));
}
