/* What the engine records beside outcomes: what answers told, how the books name an order, how often
 * the service may have done what was asked, and what was done to the service.
 */
#include "replay/load_case.h"
#include "results/history.h"

#include <check.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define MS INT64_C(1000000)

static char *record;
static History *history;

static void answer(int fd, const char *status, const char *headers, const char *body)
{
    g_autofree char *text = g_strdup_printf("HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n%s",
                                            status, headers, strlen(body), body);

    peer_write(fd, text);
}

static struct peer *begin(struct load_case *c, const char *map, peer_serve *serve)
{
    struct peer *peer = peer_start(PEER_IPV4, serve);

    load_case_open(c, map, peer_url(peer));
    record = g_build_filename(c->folder, "record.db", NULL);
    c->options.record = record;
    return peer;
}

/* Runs it and reads the record. */
static void run(struct load_case *c, void (*on_tick)(void *user, Load *load), void *user)
{
    g_autoptr(GError) error = NULL;

    load_case_run(c, on_tick, user);
    ck_assert_msg(c->error == NULL, "%s", c->error != NULL ? c->error->message : "");
    history = history_open(record, &error);
    ck_assert_msg(history != NULL, "%s", error != NULL ? error->message : "");
    ck_assert(history_complete(history));
}

static void finish(struct load_case *c, struct peer *peer)
{
    g_clear_pointer(&history, history_free);
    g_clear_pointer(&record, g_free);
    load_case_close(c);
    if (peer != NULL)
        peer_stop(peer);
}

/* All rows as texts "REQUEST OUTCOME tries+resent", by request number; caller frees. */
static char *rows_text(void)
{
    GString *text = g_string_new(NULL);
    uint64_t count;
    const struct record_row *rows = history_rows(history, &count);

    for (uint64_t i = 0; i < count; i++)
        g_string_append_printf(text, "%s %s %u+%u%s\n",
                               history_request_name(history, rows[i].request),
                               history_outcome_name(history, rows[i].outcome), rows[i].tries,
                               rows[i].resent, rows[i].sent_us < 0 ? " unsent" : "");
    return g_string_free(text, FALSE);
}

static void assert_rows(const char *expected)
{
    g_autofree char *text = rows_text();

    ck_assert_str_eq(text, expected);
}

/* All tellings as texts "REQUEST WHAT=VALUE". */
static void assert_tellings(const char *expected)
{
    g_autoptr(GString) text = g_string_new(NULL);
    uint64_t count, row_count;
    const struct history_telling *told = history_tellings(history, &count);
    const struct record_row *row = history_rows(history, &row_count);

    for (uint64_t i = 0; i < count; i++) {
        while (row->number < told[i].number)
            row++;
        ck_assert_uint_eq(row->number, told[i].number);
        g_string_append_printf(text, "%s %s=", history_request_name(history, row->request),
                               history_telling_name(history, told[i].what));
        if (told[i].text != INTERN_NONE)
            g_string_append_printf(text, "%s\n", intern_text(history_texts(history), told[i].text));
        else
            g_string_append_printf(text, "%" G_GINT64_FORMAT "\n", told[i].value);
    }
    ck_assert_str_eq(text->str, expected);
}

/* ---- what was told --------------------------------------------------------------------------- */

static const char shop[] =
    "api: 1\n"
    "name: test\n"
    "steps:\n"
    "  browse: {path: '/products/{{sku}}', tells: {price: {json: /price, times: 100},\n"
    "                 available: {json: /units}}}\n"
    "  add_to_cart: {method: POST, path: /carts, body: '{}', expect: [201], does: add,\n"
    "                capture: {cart: {json: /id}}}\n"
    "  check_out: {method: POST, path: '/carts/{{cart}}/order', body: '{}', expect: [201],\n"
    "              refused: [409], does: place, timeout: 300ms, check: [{json: /ok, is: true}],\n"
    "              on_failure: continue, tells: {order: {json: /order}, total: {json: /total}}}\n"
    "  pay: {method: POST, path: '/carts/{{cart}}/payment', body: '{}', does: pay}\n"
    "  points: {path: /points, tells: {points: {json: /points}}}\n"
    "audit: {order: 'cart-{{cart}}'}\n";

static atomic_uint cart_count;
static const char *check_out_status, *check_out_body; /* NULL = none comes */

static void serve_shop(struct peer *peer, int fd, uint32_t turn)
{
    char request[512];

    (void)turn;
    while (peer_read(peer, fd, request, sizeof request)) {
        if (strstr(request, "GET /products") != NULL) {
            answer(fd, "200 OK", "", "{\"price\": 19.99, \"units\": -3}");
        } else if (strstr(request, "POST /carts ") != NULL) {
            g_autofree char *body = g_strdup_printf("{\"id\": \"c%u\"}", ++cart_count);
            answer(fd, "201 Created", "", body);
        } else if (strstr(request, "/order ") != NULL) {
            if (check_out_status == NULL) {
                peer_wait_end(fd);
                return;
            }
            answer(fd, check_out_status, "", check_out_body);
        } else {
            answer(fd, "200 OK", "", "{\"points\": 12}");
        }
    }
}

START_TEST(test_told)
{
    struct load_case c;
    struct peer *peer = begin(&c, shop, serve_shop);

    cart_count = 0;
    check_out_status = "201 Created";
    check_out_body = "{\"ok\": true, \"order\": \"o-1\", \"total\": 1999}";
    load_case_journey(&c, 0, 1, 77, 20, "browse add_to_cart check_out pay points");
    run(&c, NULL, NULL);
    assert_rows("browse ok 1+0\nadd_to_cart ok 1+0\ncheck_out ok 1+0\npay ok 1+0\n"
                "points ok 1+0\n");
    assert_tellings("browse price=1999\nbrowse available=-3\n"
                    "add_to_cart key=cart-c1\n"
                    "check_out order=o-1\ncheck_out total=1999\ncheck_out key=cart-c1\n"
                    "pay key=cart-c1\npoints points=12\n");
    ck_assert_str_eq(history_note(history, "order_key"), "told");
    finish(&c, peer);
}
END_TEST

/* No answer: the order may be in the books, and its name is known. Before the cart was known there is
 * none. A failed check and a refusal tell all the same; too long a text is not told. */
START_TEST(test_told_by_others)
{
    static const struct {
        const char *status, *body, *outcome, *told;
    } cases[] = {
        {NULL, "", "timeout", ""},
        {"500 Oh", "{\"order\": \"o-no\"}", "bad_status", ""},
        {"409 No", "{\"order\": \"o-17\"}", "refused", "check_out order=o-17\n"},
        {"201 X", "{\"ok\": false, \"order\": \"o-bad\"}", "failed_check",
         "check_out order=o-bad\n"},
        {"201 X",
         "{\"ok\": true, \"order\":"
         " \"0123456789012345678901234567890123456789012345678901234567890123\"}",
         "ok", ""},
        {"201 X",
         "{\"ok\": true, \"order\":"
         " \"012345678901234567890123456789012345678901234567890123456789012\"}",
         "ok", "check_out order=012345678901234567890123456789012345678901234567890123456789012\n"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct load_case c;
        struct peer *peer = begin(&c, shop, serve_shop);
        g_autofree char *rows =
            g_strdup_printf("add_to_cart ok 1+0\ncheck_out %s 1+0\n", cases[i].outcome);
        g_autofree char *told = g_strconcat("add_to_cart key=cart-c1\n", cases[i].told,
                                            "check_out key=cart-c1\n", NULL);
        cart_count = 0;
        check_out_status = cases[i].status;
        check_out_body = cases[i].body;
        load_case_journey(&c, 0, 1, 77, 1, "add_to_cart check_out");
        run(&c, NULL, NULL);
        assert_rows(rows);
        assert_tellings(told);
        finish(&c, peer);
    }
}
END_TEST

/* ---- how often it was sent ------------------------------------------------------------------- */

static const char tries_map[] =
    "api: 1\n"
    "name: test\n"
    "session: {valid_for: 10min, renew_on: [401]}\n"
    "steps:\n"
    "  log_in: {method: POST, path: '/log_in', body: '{}', capture: {token: {json: /token}}}\n"
    "  browse: {path: '/browse'}\n"
    "  pay: {method: POST, path: '/pay', body: '{}', timeout: 200ms,\n"
    "        on_failure: retry, retry: {times: 3, backoff: 10ms}}\n";

/* What is answered to the pays, one after the other; "" = the connection is reset, "-" = nothing
 * comes. The last one is answered for ever. */
static const char *const *pay_answers;

static void serve_tries(struct peer *peer, int fd, uint32_t turn)
{
    char request[512];

    (void)turn;
    while (peer_read(peer, fd, request, sizeof request)) {
        if (strstr(request, "/log_in") != NULL) {
            answer(fd, "200 OK", "", "{\"token\": \"t\"}");
            continue;
        }
        if (strstr(request, "/pay") == NULL && strstr(request, "/moved") == NULL) {
            answer(fd, "200 OK", "", "{}");
            continue;
        }
        const char *next = *pay_answers;
        if (pay_answers[1] != NULL)
            pay_answers++;
        if (next[0] == '\0') {
            peer_reset(fd);
            return;
        }
        if (next[0] == '-') {
            peer_wait_end(fd);
            return;
        }
        answer(fd, next, strstr(next, "Moved") != NULL ? "Location: /moved\r\n" : "", "");
    }
}

static void assert_tries(const char *const *answers, uint64_t member, const char *expected)
{
    struct load_case c;
    struct peer *peer = begin(&c, tries_map, serve_tries);

    pay_answers = answers;
    c.options.redirects = 3;
    load_case_journey(&c, 0, member, 77, 1, "pay");
    run(&c, NULL, NULL);
    assert_rows(expected);
    finish(&c, peer);
}

START_TEST(test_retries)
{
    static const char *const once[] = {"200 OK", NULL};
    static const char *const busy[] = {"503 Busy", "", "200 OK", NULL};
    static const char *const silent[] = {"-", "200 OK", NULL};
    static const char *const dead[] = {"", NULL};

    assert_tries(once, 0, "pay ok 1+0\n");
    assert_tries(busy, 0, "pay ok 3+0\n");
    assert_tries(silent, 0, "pay ok 2+0\n");
    assert_tries(dead, 0, "pay reset 4+0\n");
}
END_TEST

/* An answer that asks for a log-in did nothing; nor did one that sends on, but what came of it may. */
START_TEST(test_renewed_and_redirected)
{
    static const char *const renewed[] = {"401 Who", "200 OK", NULL};
    static const char *const failed[] = {"401 Who", "503 Busy", "200 OK", NULL};
    static const char *const moved[] = {"307 Moved", "307 Moved", "200 OK", NULL};
    static const char *const lost[] = {"303 Moved", "", "307 Moved", "200 OK", NULL};

    assert_tries(renewed, 5, "pay ok 1+0\nlog_in ok 1+0\nlog_in ok 1+0\n");
    assert_tries(failed, 5, "pay ok 2+0\nlog_in ok 1+0\nlog_in ok 1+0\n");
    assert_tries(moved, 0, "pay ok 1+0\n");
    assert_tries(lost, 0, "pay ok 1+1\n"); /* the GET after the 303 on a kept connection */
}
END_TEST

/* Nobody listens: not one try was sent. */
START_TEST(test_never_sent)
{
    struct load_case c;
    struct peer *peer = begin(&c, tries_map, serve_tries);

    load_case_journey(&c, 0, 0, 77, 1, "pay");
    peer_stop(peer);
    run(&c, NULL, NULL);
    assert_rows("pay connect_error 0+0 unsent\n");
    finish(&c, NULL);
}
END_TEST

/* Kept connections are closed as the next request comes in: what may be sent again is, on a new one.
 * If it came in the service may have done it. */
static void serve_one_and_close(struct peer *peer, int fd, uint32_t turn)
{
    if (!peer_read(peer, fd, NULL, 0))
        return;
    answer(fd, "200 OK", "", "{}");
    if (turn == 0 && peer_read(peer, fd, NULL, 0))
        return;
    peer_serve_well(peer, fd, turn);
}

START_TEST(test_resent)
{
    struct load_case c;
    struct peer *peer = begin(&c, tries_map, serve_one_and_close);

    load_case_journey(&c, 0, 0, 77, 50, "browse browse browse");
    run(&c, NULL, NULL);
    assert_rows("browse ok 1+0\nbrowse ok 1+1\nbrowse ok 1+0\n");
    finish(&c, peer);
}
END_TEST

/* The run ends: what had been sent may be done, what waits for its next try was sent before, what is
 * behind was never sent. */
START_TEST(test_cut_off)
{
    static const char map[] =
        "api: 1\nname: test\nsteps:\n"
        "  pay: {method: POST, path: '/pay', body: '{}'}\n"
        "  browse: {path: '/browse'}\n"
        "  search: {method: POST, path: '/pay/slow', body: '{}', on_failure: retry,\n"
        "           retry: {times: 3, backoff: 60s}}\n";
    static const char *const answers[] = {"503 Busy", "-", NULL};
    struct load_case c;
    struct peer *peer = begin(&c, map, serve_tries);
    uint64_t count;

    pay_answers = answers;
    c.options.drain_ns = 300 * MS;
    load_case_journey(&c, 0, 0, 77, 1, "search");
    load_case_journey(&c, 100, 0, 78, 1, "pay browse");
    run(&c, NULL, NULL);
    assert_rows("search cut_off 1+0\npay cut_off 1+0\nbrowse cut_off 0+0 unsent\n");
    ck_assert_int_ge(history_rows(history, &count)[0].sent_us, 0);
    finish(&c, peer);
}
END_TEST

/* ---- beside the requests --------------------------------------------------------------------- */

static void on_tick(void *user, Load *load)
{
    uint32_t *ticks = user;

    if ((*ticks)++ == 0)
        load_hook(load, 12345678, "kill", "42");
}

START_TEST(test_notes)
{
    struct load_case c;
    struct peer *peer = begin(&c, tries_map, serve_tries);
    const int64_t before_us = g_get_real_time();
    uint32_t ticks = 0, hook_count;

    c.options.api = "maps/test.yaml";
    c.options.speed = 2.5;
    load_case_journey(&c, 1000, 0, 77, 1, "browse");
    load_case_journey(&c, 2000, 0, 78, 1, "browse");
    run(&c, on_tick, &ticks);
    ck_assert_str_eq(history_note(history, "api"), "maps/test.yaml");
    ck_assert_str_eq(history_note(history, "api_name"), "test");
    ck_assert_str_eq(history_note(history, "target"), peer_url(peer));
    ck_assert_str_eq(history_note(history, "speed"), "2.5");
    ck_assert_str_eq(history_note(history, "mode"), "plan");
    ck_assert_str_eq(history_note(history, "first_us"), "1000000");
    ck_assert_str_eq(history_note(history, "passes"), "1");
    ck_assert_str_eq(history_note(history, "order_key"), "order");
    ck_assert_ptr_null(history_note(history, "epoch_us"));
    const int64_t started_us = g_ascii_strtoll(history_note(history, "started"), NULL, 10);
    ck_assert_int_ge(started_us, before_us);
    ck_assert_int_lt(started_us, g_get_real_time());
    const struct history_hook *hooks = history_hooks(history, &hook_count);
    ck_assert_uint_eq(hook_count, 1);
    ck_assert_str_eq(hooks[0].what, "kill");
    ck_assert_str_eq(hooks[0].detail, "42");
    ck_assert_int_eq(hooks[0].at_us, 12345678);
    load_hook(c.load, 0, "late", ""); /* nothing happens */
    finish(&c, peer);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_told,       test_told_by_others, test_retries, test_renewed_and_redirected,
        test_never_sent, test_resent,         test_cut_off, test_notes,
    };
    Suite *suite = suite_create("worker_record");
    TCase *tc = tcase_create("worker_record");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tc, 60);
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        tcase_add_test(tc, tests[i]);
    suite_add_tcase(suite, tc);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
