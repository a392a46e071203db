/* HTTP/2 against a scripted server in memory: answers, requests, limits. What breaks stands in
 * test_http2_faults.c. */
#include "replay/http2_pair.h"

#include <check.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) ((struct api_text){literal, sizeof(literal) - 1})
#define WINDOW 65535

static const struct {
    const char *path, *body;
    enum outcome outcome;
    uint32_t status;
    uint64_t body_bytes;
} answers[] = {
    {"/ok", "hello", OUTCOME_ok, 200, 5},          {"/size/3", "abc", OUTCOME_ok, 200, 3},
    {"/length/3", "abc", OUTCOME_ok, 200, 3},      {"/length/0", "", OUTCOME_ok, 200, 0},
    {"/status/204", "", OUTCOME_ok, 204, 0},       {"/status/304", "", OUTCOME_ok, 304, 0},
    {"/status/500", "", OUTCOME_ok, 500, 0},       {"/interim", "final", OUTCOME_ok, 200, 5},
    {"/trailers", "body", OUTCOME_ok, 200, 4},     {"/gzip", "packed", OUTCOME_ok, 200, 26},
    {"/notgzip", "", OUTCOME_bad_response, 0, 0},  {"/head/60000", "", OUTCOME_ok, 200, 0},
    {"/head/66000", "", OUTCOME_too_large, 0, 0},  {"/head/100000", "", OUTCOME_too_large, 0, 0},
    {"/short", "", OUTCOME_short_body, 0, 0},      {"/long", "", OUTCOME_bad_response, 0, 0},
    {"/refuse", "", OUTCOME_refused_stream, 0, 0}, {"/reset", "", OUTCOME_reset, 0, 0},
    {"/resetinside", "", OUTCOME_reset, 0, 0},
};

static void check_answer(const struct fake_exchange *exchange, size_t which)
{
    ck_assert_uint_eq(exchange->end_count, 1);
    ck_assert_str_eq(outcome_name(exchange->outcome), outcome_name(answers[which].outcome));
    ck_assert_uint_eq(exchange->status, answers[which].status);
    ck_assert_str_eq(exchange->body->str, answers[which].body);
    ck_assert_uint_eq(exchange->body_bytes, answers[which].body_bytes);
}

/* Each by itself, and whatever it was, the link goes on. */
START_TEST(answers_of_all_kinds)
{
    struct pair pair = pair_new(100, WINDOW);

    check_answer(pair_get(&pair, answers[_i].path), (size_t)_i);
    check_answer(pair_get(&pair, "/ok"), 0);
    pair_free(&pair);
}
END_TEST

/* All at once, in pieces of any size. Heads of several frames come in pieces of some size only: each
 * time that nghttp2 1.52 is called while it waits for the next CONTINUATION frame's own head counts
 * as one of the eight that it allows (a bound against floods, CVE-2024-28182). */
START_TEST(every_split)
{
    for (size_t piece = 1; piece < 20000; piece = piece < 40 ? piece + 1 : piece * 3 / 2) {
        struct pair pair = pair_new(100, WINDOW);
        struct fake_exchange *exchange[G_N_ELEMENTS(answers)];

        pair.piece = piece;
        for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
            exchange[i] = NULL;
            if (piece < 1000 && g_str_has_prefix(answers[i].path, "/head/"))
                continue;
            exchange[i] = fake_get(pair.fake, answers[i].path, true);
            ck_assert_ptr_nonnull(exchange[i]);
        }
        pair_talk(&pair);
        for (size_t i = 0; i < G_N_ELEMENTS(answers); i++)
            if (exchange[i] != NULL)
                check_answer(exchange[i], i);
        ck_assert_int_eq(pair.fake->link->state, LINK_OPEN);
        pair_free(&pair);
    }
}
END_TEST

/* ---- requests -------------------------------------------------------------------------------- */

START_TEST(what_a_request_carries)
{
    struct pair pair = pair_new(100, WINDOW);
    struct api_message message = {
        .method = TEXT("POST"),
        .path = TEXT("/echo"),
        .header = {{TEXT("X-Mixed-Case"), TEXT("Value")}, {TEXT("accept"), TEXT("*/*")}},
        .header_count = 2,
        .body = TEXT("the body"),
    };

    const struct fake_exchange *first = fake_request(pair.fake, &message, true);
    pair.fake->target.authorization = (char *)"Basic eA==";
    message.header[1] = (struct api_pair){TEXT("User-Agent"), TEXT("other")};
    message.body = (struct api_text){NULL, 0};
    const struct fake_exchange *second = fake_request(pair.fake, &message, true);
    message.header[1] = (struct api_pair){TEXT("Authorization"), TEXT("Bearer")};
    message.method = TEXT("GET");
    const struct fake_exchange *third = fake_request(pair.fake, &message, true);
    pair_talk(&pair);
    ck_assert_str_eq(first->body->str,
                     "POST\n:scheme: http\n:authority: 127.0.0.1:1\n:path: /echo\n"
                     "user-agent: omosim\naccept-encoding: gzip\n"
                     "x-mixed-case: Value\naccept: */*\ncontent-length: 8"
                     "the body");
    ck_assert_str_eq(second->body->str,
                     "POST\n:scheme: http\n:authority: 127.0.0.1:1\n:path: /echo\n"
                     "accept-encoding: gzip\nauthorization: Basic eA==\n"
                     "x-mixed-case: Value\nuser-agent: other\ncontent-length: 0");
    ck_assert_str_eq(third->body->str, "GET\n:scheme: http\n:authority: 127.0.0.1:1\n:path: /echo\n"
                                       "user-agent: omosim\naccept-encoding: gzip\n"
                                       "x-mixed-case: Value\nauthorization: Bearer");
    pair_free(&pair);
}
END_TEST

START_TEST(base_paths)
{
    struct pair pair = pair_new(100, WINDOW);
    g_autofree char *long_base = g_strnfill(3000, 'b');

    long_base[0] = '/';
    pair.fake->target.base_path = (char *)"/length";
    ck_assert_str_eq(pair_get(&pair, "/3")->body->str, "abc");
    pair.fake->target.base_path = long_base;
    ck_assert_str_eq(pair_get(&pair, "")->body->str, "hello");
    pair_free(&pair);
}
END_TEST

START_TEST(head)
{
    struct pair pair = pair_new(100, WINDOW);
    const struct api_message message = {.method = TEXT("HEAD"),
                                        .path = TEXT("/length/1000"),
                                        .head_only = true};
    const struct fake_exchange *exchange = fake_request(pair.fake, &message, true);

    pair_talk(&pair);
    ck_assert_uint_eq(exchange->end_count, 1);
    ck_assert_uint_eq(exchange->status, 200);
    ck_assert_uint_eq(exchange->body_bytes, 0);
    ck_assert_uint_gt(exchange->head_bytes, 9);
    pair_free(&pair);
}
END_TEST

START_TEST(wanted_headers)
{
    struct pair pair = pair_new(100, WINDOW);
    struct pool *pool = pair.fake->pool;

    pool->wanted_count = 3;
    pool->wanted_sizes = UINT64_MAX;
    pool->wanted_name[0] = TEXT("x-kind");
    pool->wanted_name[1] = TEXT("server");
    pool->wanted_name[2] = TEXT("x-check");
    ck_assert_str_eq(pair_get(&pair, "/echo")->wanted->str, "echo|script|-|");
    /* neither of an interim answer nor of trailers */
    ck_assert_str_eq(pair_get(&pair, "/interim")->wanted->str, "-|script|-|");
    ck_assert_str_eq(pair_get(&pair, "/trailers")->wanted->str, "-|script|-|");
    pair_free(&pair);
}
END_TEST

static bool is_alphabet(const char *bytes, size_t size, char first)
{
    size_t i = 0;

    while (i < size && bytes[i] == (char)(first + i % 26))
        i++;
    return i == size;
}

/* A body goes out as the peer's window lets it, and need not stay where it was. */
START_TEST(uploads_through_tiny_windows)
{
    static const uint32_t windows[] = {0, 1, 100, 16384, 65535, 10000000};
    struct pair pair = pair_new(100, windows[_i]);
    const uint32_t size = windows[_i] == 1 ? 3000 : 300000;
    char *body = malloc(size);
    struct api_message message = {.method = TEXT("POST"),
                                  .path = TEXT("/echo"),
                                  .body = {body, size}};

    for (uint32_t i = 0; i < size; i++)
        body[i] = (char)('A' + i % 26);
    const struct fake_exchange *exchange = fake_request(pair.fake, &message, true);
    memset(body, '!', size);
    free(body);
    pair_talk(&pair);
    if (windows[_i] == 0) {
        ck_assert_uint_eq(exchange->end_count, 0);
        const nghttp2_settings_entry wider = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, WINDOW};
        nghttp2_submit_settings(pair.server->session, 0, &wider, 1);
        pair_talk(&pair);
    }
    ck_assert_uint_eq(exchange->end_count, 1);
    ck_assert_uint_eq(pair.server->upload_bytes, size);
    ck_assert(is_alphabet(exchange->body->str + exchange->body->len - size, size, 'A'));
    pair_free(&pair);
}
END_TEST

/* An answer that does not wait for the request: the rest of it is not sent. */
START_TEST(early_answers)
{
    struct pair pair = pair_new(2, 100);
    g_autofree char *body = g_strnfill(100000, 'x');
    const struct api_message message = {.method = TEXT("POST"),
                                        .path = TEXT("/early"),
                                        .body = {body, 100000}};

    for (int i = 0; i < 10; i++) {
        const struct fake_exchange *exchange = fake_request(pair.fake, &message, true);
        ck_assert_ptr_nonnull(exchange);
        pair_talk(&pair);
        ck_assert_uint_eq(exchange->end_count, 1);
        ck_assert_uint_eq(exchange->status, 200);
        ck_assert_uint_eq(pair.server->reset_count, (uint32_t)i + 1);
        ck_assert_uint_eq(pair.server->last_reset, NGHTTP2_CANCEL);
        ck_assert_uint_eq(protocol_http2.room(pair.fake->link), 2);
    }
    pair_free(&pair);
}
END_TEST

/* ---- bodies ---------------------------------------------------------------------------------- */

START_TEST(big_bodies)
{
    struct pair pair = pair_new(100, WINDOW);
    struct fake_exchange *exchange[8];

    for (size_t i = 0; i < G_N_ELEMENTS(exchange); i++)
        exchange[i] = fake_get(pair.fake, "/size/5000000", i % 2 == 0);
    pair_talk(&pair);
    for (size_t i = 0; i < G_N_ELEMENTS(exchange); i++) {
        ck_assert_uint_eq(exchange[i]->end_count, 1);
        ck_assert_uint_eq(exchange[i]->body_bytes, 5000000);
        ck_assert_uint_eq(exchange[i]->body->len, i % 2 == 0 ? API_BODY_MAX : 0);
        ck_assert(is_alphabet(exchange[i]->body->str, exchange[i]->body->len, 'a'));
    }
    pair_free(&pair);
}
END_TEST

/* ---- limits ---------------------------------------------------------------------------------- */

START_TEST(room)
{
    const uint32_t theirs = (const uint32_t[]){0, 1, 7, 100, 1000}[_i];
    const nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, theirs}};
    struct pair pair = {fake_link_new(&protocol_http2, NULL), http2_server_new(settings, 1),
                        SIZE_MAX, NULL};
    uint32_t count = 0;

    /* nothing is known before the server's SETTINGS */
    ck_assert_uint_eq(protocol_http2.room(pair.fake->link), 1);
    pair_talk(&pair);
    pair.server->holds = true;
    while (fake_get(pair.fake, "/ok", false) != NULL)
        count++;
    ck_assert_uint_eq(count, MIN(theirs, 100));
    pair_talk(&pair);
    ck_assert_uint_eq(pair.server->open_max, count);

    /* more, later */
    const nghttp2_settings_entry more = {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, theirs + 5};
    pair.fake->has_room_count = 0;
    nghttp2_submit_settings(pair.server->session, 0, &more, 1);
    pair_talk(&pair);
    ck_assert_uint_eq(protocol_http2.room(pair.fake->link), MIN(theirs + 5, 100) - count);
    ck_assert_uint_eq(pair.fake->has_room_count > 0, theirs < 100);
    /* less, below what is open */
    const nghttp2_settings_entry less = {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 0};
    nghttp2_submit_settings(pair.server->session, 0, &less, 1);
    pair_talk(&pair);
    ck_assert_uint_eq(protocol_http2.room(pair.fake->link), 0);
    pair_free(&pair);
}
END_TEST

START_TEST(what_is_due_together_is_one_write)
{
    struct pair pair = pair_new(100, WINDOW);

    pair.fake->write_count = 0;
    for (int i = 0; i < 50; i++)
        fake_get(pair.fake, "/ok", false);
    ck_assert_uint_eq(pair.fake->write_count, 0);
    fake_flush(pair.fake);
    ck_assert_uint_eq(pair.fake->write_count, 1);
    pair_talk(&pair);
    ck_assert_uint_eq(pair.fake->link->in_flight, 0);
    pair_free(&pair);
}
END_TEST

static void ask_again(struct fake_exchange *ended)
{
    ck_assert_int_eq(ended->outcome, OUTCOME_ok);
    ck_assert_str_eq(ended->body->str, "hello");
    if (ended->fake->all->len < 5000)
        fake_get(ended->fake, "/ok", true)->on_end = ask_again;
}

/* Each reply asks for the next one at once: a link goes on for long, in one write for each read,
 * and its memory does not grow. */
START_TEST(a_closed_loop)
{
    struct pair pair = pair_new(10, WINDOW);

    for (int i = 0; i < 10; i++)
        fake_get(pair.fake, "/ok", true)->on_end = ask_again;
    pair.fake->write_count = 0;
    pair_talk(&pair);
    ck_assert_uint_ge(pair.fake->all->len, 5000);
    ck_assert_uint_eq(pair.server->open_max, 10);
    ck_assert_uint_eq(pair.server->request_count, pair.fake->all->len);
    ck_assert_uint_le(pair.fake->write_count, 1 + pair.server->request_count / 10 + 10);
    pair_free(&pair);
}
END_TEST

/* What it is said to take beside its state is about what becomes free with it. */
START_TEST(memory_of_a_link)
{
    struct pair pair = pair_new(100, WINDOW);

    for (int i = 0; i < 30; i++)
        pair_get(&pair, "/ok");
    const size_t before = mallinfo2().uordblks;
    fake_close(pair.fake, OUTCOME_cut_off);
    const size_t size = before - mallinfo2().uordblks;
    if (size > 0) { /* the sanitizers' allocator does not tell */
        printf("HTTP/2 takes %zu bytes, said to be %zu\n", size, protocol_http2.memory);
        ck_assert_uint_gt(protocol_http2.memory, size / 2);
        ck_assert_uint_lt(protocol_http2.memory, size * 2);
    }
    pair_free(&pair);
}
END_TEST

/* ---- giving up ------------------------------------------------------------------------------- */

static void give_up(struct fake_exchange *exchange)
{
    struct fake_link *fake = exchange->fake;

    fake_cancel(fake, exchange);
    ck_assert_uint_eq(exchange->end_count, 0);
}

START_TEST(cancelling)
{
    struct pair pair = pair_new(3, WINDOW);
    struct fake_exchange *const held = fake_get(pair.fake, "/hold", true);
    struct fake_exchange *const fresh = fake_get(pair.fake, "/size/100000", true);

    give_up(fresh); /* before its bytes have gone */
    pair_talk(&pair);
    give_up(held);
    pair_talk(&pair);
    ck_assert_uint_eq(pair.server->last_reset, NGHTTP2_CANCEL);
    ck_assert_uint_eq(pair.server->open_count, 0);
    ck_assert_uint_eq(protocol_http2.room(pair.fake->link), 3);

    /* while the answer comes in */
    struct fake_exchange *const half = fake_get(pair.fake, "/size/50000", true);
    fake_flush(pair.fake);
    http2_server_take(pair.server, pair.fake->sent->data, pair.fake->sent->len);
    g_byte_array_set_size(pair.fake->sent, 0);
    fake_take(pair.fake, pair.server->out->data, 20000);
    ck_assert(protocol_http2.started(pair.fake->link, &half->exchange));
    ck_assert_uint_eq(half->end_count, 0);
    give_up(half);
    g_byte_array_remove_range(pair.server->out, 0, 20000);
    check_answer(pair_get(&pair, "/ok"), 0);
    pair_free(&pair);
}
END_TEST

static struct fake_exchange *victim;

static void give_up_victim(struct fake_exchange *ended)
{
    (void)ended;
    give_up(victim);
}

/* Its whole answer has been read already, in the same piece as that of the one which gives it up. */
START_TEST(cancelling_what_is_about_to_be_told)
{
    struct pair pair = pair_new(10, WINDOW);
    struct fake_exchange *const first = fake_get(pair.fake, _i == 0 ? "/ok" : "/status/204", true);

    victim = fake_get(pair.fake, _i == 0 ? "/ok" : "/reset", true);
    first->on_end = give_up_victim;
    const struct fake_exchange *last = fake_get(pair.fake, "/ok", true);
    pair_talk(&pair);
    ck_assert_uint_eq(first->end_count, 1);
    ck_assert_uint_eq(victim->end_count, 0);
    check_answer(last, 0);
    check_answer(pair_get(&pair, "/ok"), 0);
    pair_free(&pair);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("http2");
    TCase *tc = tcase_create("http2");

    tcase_add_loop_test(tc, answers_of_all_kinds, 0, G_N_ELEMENTS(answers));
    tcase_add_test(tc, every_split);
    tcase_add_test(tc, what_a_request_carries);
    tcase_add_test(tc, base_paths);
    tcase_add_test(tc, head);
    tcase_add_test(tc, wanted_headers);
    tcase_add_loop_test(tc, uploads_through_tiny_windows, 0, 6);
    tcase_add_test(tc, early_answers);
    tcase_add_test(tc, big_bodies);
    tcase_add_loop_test(tc, room, 0, 5);
    tcase_add_test(tc, what_is_due_together_is_one_write);
    tcase_add_test(tc, a_closed_loop);
    tcase_add_test(tc, memory_of_a_link);
    tcase_add_test(tc, cancelling);
    tcase_add_loop_test(tc, cancelling_what_is_about_to_be_told, 0, 2);
    tcase_set_timeout(tc, 120);
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
