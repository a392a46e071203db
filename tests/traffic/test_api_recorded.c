/* Recorded requests: sent as they were, but for what belonged to their connection; and requests as
 * curl commands. */
#include "shell/folder.h"
#include "traffic/api_case.h"

#include <string.h>

struct recorded {
    ApiMap *map;
    Plan *plan;
    struct api_values values;
    struct api_message message;
};

static enum api_render render(struct recorded *r, const char *text)
{
    const struct plan_about about = {.epoch_us = INT64_MIN};
    const struct plan_payload payload = {text, strlen(text)};
    const omo_plan_journey journey = {.step_count = 1, .place = OMO_PLAN_NONE};
    const omo_plan_step step = {.kind = STEP_request};
    g_autoptr(GError) error = NULL;
    g_autoptr(PlanWriter) writer = plan_writer_open("case.plan", &about, &error);
    struct plan_cursor cursor;
    uint32_t count;

    folder_assert_fine(error);
    ck_assert(plan_write_journey(writer, &journey, &step, &payload, &error));
    ck_assert(plan_writer_commit(writer, NULL, &error));
    *r = (struct recorded){.map = api_new_raw(), .plan = plan_open("case.plan", &error)};
    folder_assert_fine(error);
    cursor = plan_begin(r->plan);
    r->values = (struct api_values){.plan = r->plan, .journey = plan_next(r->plan, &cursor)};
    r->values.step = plan_first_step(r->values.journey);
    uint32_t first = api_step_requests(r->map, STEP_request, &count);
    ck_assert_uint_eq(count, 1);
    return api_render(r->map, first, &r->values, NULL, 0, &r->message);
}

static void end(struct recorded *r)
{
    api_free(r->map);
    plan_free(r->plan);
}

/* "METHOD path|name: value|...|body". Caller frees. */
static char *told(const struct api_message *m)
{
    GString *text = g_string_new_len(m->method.text, m->method.size);

    g_string_append_printf(text, " %.*s|", (int)m->path.size, m->path.text);
    for (uint32_t i = 0; i < m->header_count; i++)
        g_string_append_printf(text, "%.*s: %.*s|", (int)m->header[i].name.size,
                               m->header[i].name.text, (int)m->header[i].value.size,
                               m->header[i].value.text);
    g_string_append_len(text, m->body.text, m->body.size);
    return g_string_free(text, FALSE);
}

static void assert_told(const char *message, const char *expected)
{
    struct recorded r;

    ck_assert_int_eq(render(&r, message), API_RENDERED);
    g_autofree char *text = told(&r.message);
    ck_assert_str_eq(text, expected);
    end(&r);
}

START_TEST(test_messages)
{
    assert_told("GET / HTTP/1.1\r\n\r\n", "GET /|");
    assert_told("GET /a?b=%20 HTTP/1.1\r\nHost: x\r\nAccept:  */* \r\n\r\n",
                "GET /a?b=%20|Accept: */*|");
    assert_told(
        "POST http://shop.example:80/a HTTP/1.1\r\nContent-Length: 3\r\nX-A: b\r\n\r\na\r\n",
        "POST /a|X-A: b|a\r\n");
    assert_told("GET https://shop.example HTTP/2.0\r\n:authority: x\r\naccept: a\r\n\r\n",
                "GET /|accept: a|");
    assert_told("OPTIONS * HTTP/1.0\n\n", "OPTIONS *|");
    assert_told("GET /a?to=http://x/ HTTP/1.1\nA:b\n\nbody", "GET /a?to=http://x/|A: b|body");
    assert_told("GET /a HTTP/1.1\r\nConnection: close, X-Hop\r\nx-hop: 1\r\nKeep-Alive: 5\r\n"
                "TE: trailers\r\nTransfer-Encoding: chunked\r\nUpgrade: h2c\r\nX-Hops: 2\r\n\r\n",
                "GET /a|X-Hops: 2|");
    assert_told("GET /a HTTP/1.1", "GET /a|");
}
END_TEST

START_TEST(test_broken_messages)
{
    static const char *const broken[] = {
        "",
        "\r\n\r\n",
        "GET",
        "GET /\r\n\r\n",
        " / HTTP/1.1\r\n\r\n",
        "GET  HTTP/1.1\r\n\r\n",
        "GET a HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
        struct recorded r;
        ck_assert_msg(render(&r, broken[i]) == API_MISSING_VALUE, "%s", broken[i]);
        end(&r);
    }
    g_autoptr(GString) many = g_string_new("GET / HTTP/1.1\r\n");
    for (uint32_t i = 0; i <= API_HEADERS_MAX; i++)
        g_string_append_printf(many, "X-%u: a\r\n", i);
    struct recorded r;
    ck_assert_int_eq(render(&r, many->str), API_TOO_LARGE);
    end(&r);
}
END_TEST

START_TEST(test_kinds)
{
    struct recorded r;
    static const struct api_text none[1];
    const struct api_reply good = {302, {"", 0}, none}, bad = {404, {"", 0}, none};

    ck_assert_int_eq(render(&r, "HEAD / HTTP/1.1\r\n\r\n"), API_RENDERED);
    ck_assert(r.message.head_only && r.message.idempotent && !r.message.constant);
    ck_assert_int_eq(api_judge(r.map, 0, &good, NULL, 0, NULL, NULL), API_OK);
    ck_assert_int_eq(api_judge(r.map, 0, &bad, NULL, 0, NULL, NULL), API_BAD_STATUS);
    ck_assert_ptr_null(api_path_text(r.map, 0));
    ck_assert_ptr_null(api_thresholds(r.map)[0]);
    end(&r);
    ck_assert_int_eq(render(&r, "POST / HTTP/1.1\r\n\r\n"), API_RENDERED);
    ck_assert(!r.message.head_only && !r.message.idempotent);
    end(&r);
}
END_TEST

static void assert_curl(const char *message, const char *target, const char *expected)
{
    struct recorded r;

    ck_assert_int_eq(render(&r, message), API_RENDERED);
    g_autofree char *text = api_to_curl(r.map, &r.message, target);
    ck_assert_str_eq(text, expected);
    end(&r);
}

START_TEST(test_curl)
{
    assert_curl("GET /a?b=1&c=2 HTTP/1.1\r\n\r\n", "http://127.0.0.1:80/",
                "curl 'http://127.0.0.1:80/a?b=1&c=2'");
    assert_curl("HEAD / HTTP/1.1\r\n\r\n", "http://[::1]", "curl --head 'http://[::1]/'");
    assert_curl("POST /a HTTP/1.1\r\nauthorization: Bearer secret\r\nX-A: it's $5\r\n\r\n"
                "{\"a\": \"it's `x`\\n\"}",
                "http://h",
                "curl -X POST 'http://h/a' \\\n  -H 'authorization: ***' \\\n"
                "  -H 'X-A: it'\\''s $5' \\\n  --data-raw '{\"a\": \"it'\\''s `x`\\n\"}'");
    assert_curl("DELETE /a HTTP/1.1\r\n\r\n", "http://h", "curl -X DELETE 'http://h/a'");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_messages, test_broken_messages, test_kinds, test_curl};

    return folder_run("traffic/api_recorded", tests, G_N_ELEMENTS(tests));
}
