/* HTTP/2 against a scripted server in memory: answers, refusals, limits. What breaks the protocol
 * stands in test_http2_faults.c. */
#include "replay/fake_link.h"
#include "replay/http2_server.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* Lets both sides talk until they have nothing to say; the client gets pieces of at most `piece`
 * bytes. */
static void talk(struct fake_link *fake, struct http2_server *server, size_t piece)
{
    for (bool busy = true; busy;) {
        busy = false;
        fake_flush(fake);
        if (fake->sent->len > 0) {
            ck_assert(http2_server_take(server, fake->sent->data, fake->sent->len));
            g_byte_array_set_size(fake->sent, 0);
            fake->link->unsent_size = 0;
            busy = true;
        } else {
            http2_server_send(server);
        }
        g_autoptr(GByteArray) out = server->out;
        server->out = g_byte_array_new();
        for (size_t at = 0; at < out->len; at += piece) {
            fake_take(fake, out->data + at, MIN(piece, out->len - at));
            busy = true;
        }
    }
}

struct pair {
    struct fake_link *fake;
    struct http2_server *server;
};

static struct pair pair_new(uint32_t streams_max)
{
    const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, streams_max}};
    struct pair pair = {fake_link_new(&protocol_http2, NULL), http2_server_new(settings, 1)};

    talk(pair.fake, pair.server, SIZE_MAX);
    return pair;
}

static void pair_free(struct pair *pair)
{
    fake_link_free(pair->fake);
    http2_server_free(pair->server);
}

static struct fake_exchange *get(struct pair *pair, const char *path)
{
    struct fake_exchange *exchange = fake_get(pair->fake, path, true);

    ck_assert_ptr_nonnull(exchange);
    talk(pair->fake, pair->server, SIZE_MAX);
    ck_assert_uint_eq(exchange->end_count, 1);
    return exchange;
}

START_TEST(answers_of_all_kinds)
{
    static const struct {
        const char *path, *body;
        enum outcome outcome;
        uint32_t status;
        uint64_t body_bytes;
    } cases[] = {
        {"/ok", "hello", OUTCOME_ok, 200, 5},         {"/size/3", "abc", OUTCOME_ok, 200, 3},
        {"/length/3", "abc", OUTCOME_ok, 200, 3},     {"/length/0", "", OUTCOME_ok, 200, 0},
        {"/status/204", "", OUTCOME_ok, 204, 0},      {"/status/304", "", OUTCOME_ok, 304, 0},
        {"/status/500", "", OUTCOME_ok, 500, 0},      {"/interim", "final", OUTCOME_ok, 200, 5},
        {"/trailers", "body", OUTCOME_ok, 200, 4},    {"/gzip", "packed", OUTCOME_ok, 200, 26},
        {"/notgzip", "", OUTCOME_bad_response, 0, 0}, {"/head/60000", "", OUTCOME_ok, 200, 0},
        {"/head/66000", "", OUTCOME_too_large, 0, 0}, {"/short", "", OUTCOME_short_body, 0, 0},
        {"/long", "", OUTCOME_bad_response, 0, 0},    {"/refuse", "", OUTCOME_refused_stream, 0, 0},
        {"/reset", "", OUTCOME_reset, 0, 0},          {"/resetinside", "", OUTCOME_reset, 0, 0},
    };

    struct pair pair = pair_new(100);
    const struct fake_exchange *exchange = get(&pair, cases[_i].path);

    ck_assert_str_eq(outcome_name(exchange->outcome), outcome_name(cases[_i].outcome));
    ck_assert_uint_eq(exchange->status, cases[_i].status);
    ck_assert_str_eq(exchange->body->str, cases[_i].body);
    ck_assert_uint_eq(exchange->body_bytes, cases[_i].body_bytes);
    /* whatever it was, the link goes on */
    ck_assert_str_eq(get(&pair, "/ok")->body->str, "hello");
    pair_free(&pair);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("http2");
    TCase *tc = tcase_create("http2");

    tcase_add_loop_test(tc, answers_of_all_kinds, 0, 18);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    SRunner *runner = srunner_create(suite());

    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
