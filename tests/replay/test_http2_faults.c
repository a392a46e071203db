/* HTTP/2 with a server that misbehaves: whatever it sends, each exchange ends once, with an outcome
 * that says what happened, nothing hangs, and memory stays small. */
#include "replay/http2_pair.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) ((struct api_text){literal, sizeof(literal) - 1})
#define WINDOW 65535

static void check_outcome(const struct fake_exchange *exchange, enum outcome outcome)
{
    ck_assert_uint_eq(exchange->end_count, 1);
    ck_assert_str_eq(outcome_name(exchange->outcome), outcome_name(outcome));
}

/* ---- GOAWAY ---------------------------------------------------------------------------------- */

/* Of five streams the server has looked at two; they end in their time, then the link is closed. */
START_TEST(goaway_in_flight)
{
    struct pair pair = pair_new(100, WINDOW);
    struct fake_exchange *exchange[5];

    for (size_t i = 0; i < 5; i++)
        exchange[i] = fake_get(pair.fake, i == 1 ? "/hold" : "/ok", true);
    pair.server->holds = true;
    pair_talk(&pair);
    nghttp2_submit_goaway(pair.server->session, 0, 3, NGHTTP2_NO_ERROR, NULL, 0);
    pair_talk(&pair);
    for (size_t i = 2; i < 5; i++)
        check_outcome(exchange[i], OUTCOME_refused_stream);
    ck_assert(pair.fake->retired);
    ck_assert_ptr_null(fake_get(pair.fake, "/ok", true));
    ck_assert_int_eq(pair.fake->link->state, LINK_OPEN);
    ck_assert_uint_eq(exchange[0]->end_count, 0);

    nghttp2_nv status = {(uint8_t *)":status", (uint8_t *)"200", 7, 3, 0};
    nghttp2_submit_response(pair.server->session, 3, &status, 1, NULL);
    pair_talk(&pair);
    check_outcome(exchange[1], OUTCOME_ok);
    ck_assert_int_eq(pair.fake->link->state, LINK_OPEN);
    nghttp2_submit_response(pair.server->session, 1, &status, 1, NULL);
    pair_talk(&pair);
    check_outcome(exchange[0], OUTCOME_ok);
    ck_assert_int_eq(pair.fake->link->state, LINK_CLOSING);
    pair_free(&pair);
}
END_TEST

START_TEST(goaway_when_idle)
{
    struct pair pair = pair_new(100, WINDOW);

    pair_get(&pair, "/ok");
    nghttp2_submit_goaway(pair.server->session, 0, 1,
                          _i == 0 ? NGHTTP2_NO_ERROR : NGHTTP2_ENHANCE_YOUR_CALM, NULL, 0);
    pair_talk(&pair);
    ck_assert_int_eq(pair.fake->link->state, LINK_CLOSING);
    pair_free(&pair);
}
END_TEST

/* First "no more, please" with the highest number, then the true one (RFC 9113 6.8). */
START_TEST(goaway_in_two_steps)
{
    struct pair pair = pair_new(100, WINDOW);
    struct fake_exchange *const looked_at = fake_get(pair.fake, "/hold", true);
    struct fake_exchange *const other = fake_get(pair.fake, "/hold", true);

    nghttp2_submit_shutdown_notice(pair.server->session);
    pair_talk(&pair);
    ck_assert_uint_eq(other->end_count, 0);
    ck_assert_uint_eq(protocol_http2.room(pair.fake->link), 0);
    nghttp2_submit_goaway(pair.server->session, 0, 1, NGHTTP2_NO_ERROR, NULL, 0);
    pair_talk(&pair);
    check_outcome(other, OUTCOME_refused_stream);
    ck_assert_uint_eq(looked_at->end_count, 0);
    fake_end(pair.fake); /* it goes without an answer after all */
    check_outcome(looked_at, OUTCOME_reset);
    pair_free(&pair);
}
END_TEST

/* ---- ends ------------------------------------------------------------------------------------ */

START_TEST(the_connection_ends)
{
    struct pair pair = pair_new(100, WINDOW);
    struct fake_exchange *const silent = fake_get(pair.fake, "/hold", true);
    struct fake_exchange *const half = fake_get(pair.fake, "/length/50000", true);

    fake_flush(pair.fake);
    http2_server_take(pair.server, pair.fake->sent->data, pair.fake->sent->len);
    fake_take(pair.fake, pair.server->out->data, 20000);
    fake_end(pair.fake);
    check_outcome(silent, OUTCOME_reset);
    check_outcome(half, OUTCOME_short_body);
    pair_free(&pair);
}
END_TEST

static void close_it(struct fake_exchange *ended)
{
    const struct link *link = ended->fake->link;

    /* what has answered, if nobody was told yet, must not be sent again */
    for (const struct exchange *e = link->first; e != NULL; e = e->next)
        ck_assert_int_eq(link->protocol->started(link, e), e->stream % 4 == 1);
    fake_close(ended->fake, OUTCOME_cut_off);
}

/* The owner closes everything when it is told of one answer of several that have come. */
START_TEST(closed_from_a_reply)
{
    struct pair pair = pair_new(100, WINDOW);
    struct fake_exchange *exchange[10];

    for (size_t i = 0; i < 10; i++)
        exchange[i] = fake_get(pair.fake, i % 2 == 0 ? "/status/204" : "/hold", true);
    exchange[0]->on_end = close_it;
    pair_talk(&pair);
    for (size_t i = 0; i < 10; i++)
        ck_assert_uint_eq(exchange[i]->end_count, 1);
    pair_free(&pair);
}
END_TEST

static void ask_two(struct fake_exchange *ended)
{
    fake_get(ended->fake, "/ok", true);
    fake_get(ended->fake, "/size/40000", true);
}

/* Writes fail at every place in turn. */
START_TEST(writes_fail)
{
    struct pair pair = pair_new(100, WINDOW);
    g_autofree char *body = g_strnfill(50000, 'x');
    const struct api_message message = {.method = TEXT("POST"),
                                        .path = TEXT("/echo"),
                                        .body = {body, 50000}};

    struct fake_exchange *const first = fake_get(pair.fake, "/ok", true);
    if (_i == 1)
        first->on_end = ask_two;
    fake_flush(pair.fake);
    http2_server_take(pair.server, pair.fake->sent->data, pair.fake->sent->len);
    pair.fake->is_broken = true;
    if (_i == 2)
        ck_assert_ptr_null(fake_request(pair.fake, &message, true));
    if (_i == 3)
        fake_get(pair.fake, "/ok", true);
    if (_i == 3)
        ck_assert(!fake_flush(pair.fake));
    else
        fake_take(pair.fake, pair.server->out->data, pair.server->out->len);
    fake_close(pair.fake, OUTCOME_reset);
    for (guint i = 0; i < pair.fake->all->len; i++)
        ck_assert_uint_eq(((struct fake_exchange *)pair.fake->all->pdata[i])->end_count, 1);
    pair_free(&pair);
}
END_TEST

/* ---- what is not HTTP/2 ---------------------------------------------------------------------- */

#define FRAME(size, type, flags, id) 0, (char)((size) >> 8), (char)(size), type, flags, 0, 0, 0, id

START_TEST(not_http2)
{
    static const char http1[] = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
    static const char zeros[64];
    static const char push[] = {FRAME(5, 5, 4, 1), 0, 0, 0, 2, (char)0x88};
    static const char data_on_0[] = {FRAME(1, 0, 0, 0), 'x'};
    static const char bad_hpack[] = {FRAME(1, 1, 4, 1), (char)0xff};
    static const char short_ping[] = {FRAME(4, 6, 0, 0), 1, 2, 3, 4};
    static const char answer_to_3[] = {FRAME(1, 1, 5, 9), (char)0x88};
    static const char window_of_0[] = {FRAME(4, 8, 0, 0), 0, 0, 0, 0};
    static const char odd_settings[] = {FRAME(5, 4, 0, 0), 0, 0, 0, 0, 0};
    static const struct {
        const char *bytes;
        size_t size;
    } cases[] = {
        {http1, sizeof http1 - 1},
        {zeros, sizeof zeros},
        {push, sizeof push},
        {data_on_0, sizeof data_on_0},
        {bad_hpack, sizeof bad_hpack},
        {short_ping, sizeof short_ping},
        {answer_to_3, sizeof answer_to_3},
        {window_of_0, sizeof window_of_0},
        {odd_settings, sizeof odd_settings},
    };
    /* after SETTINGS, and in their place */
    for (int early = 0; early < 2; early++)
        for (size_t piece = 1; piece < 100; piece += 33) {
            struct pair pair = pair_new(100, WINDOW);
            struct fake_link *fresh = fake_link_new(&protocol_http2, NULL);
            struct fake_link *fake = early == 1 ? fresh : pair.fake;
            struct fake_exchange *const exchange = fake_get(fake, "/hold", true);

            fake_flush(fake);
            for (size_t at = 0; at < cases[_i].size; at += piece)
                fake_take(fake, cases[_i].bytes + at, MIN(piece, cases[_i].size - at));
            ck_assert_int_eq(fake->link->state, LINK_CLOSING);
            check_outcome(exchange, OUTCOME_bad_response);
            fake_link_free(fresh);
            pair_free(&pair);
        }
}
END_TEST

/* A head of so many frames, or a single field of more than 64 KiB, is an error of the whole
 * connection to nghttp2: whose head it was is known only in the first case. */
START_TEST(enormous_heads)
{
    struct pair pair = pair_new(100, WINDOW);
    struct fake_exchange *const other = fake_get(pair.fake, "/hold", true);
    struct fake_exchange *const exchange =
        fake_get(pair.fake, _i == 0 ? "/head/1000000" : "/field/1000000", true);

    pair_talk(&pair);
    check_outcome(exchange, _i == 0 ? OUTCOME_too_large : OUTCOME_bad_response);
    check_outcome(other, OUTCOME_bad_response);
    ck_assert_int_eq(pair.fake->link->state, LINK_CLOSING);
    pair_free(&pair);
}
END_TEST

/* ---- floods ---------------------------------------------------------------------------------- */

/* Thousands of streams, all reset or refused: the link lives, nothing piles up. */
START_TEST(reset_storms)
{
    struct pair pair = pair_new(100, WINDOW);

    for (int round = 0; round < 300; round++) {
        struct fake_exchange *exchange[50];

        for (int i = 0; i < 50; i++)
            exchange[i] = fake_get(pair.fake, i % 2 == 0 ? "/reset" : "/refuse", true);
        pair_talk(&pair);
        for (int i = 0; i < 50; i++)
            check_outcome(exchange[i], i % 2 == 0 ? OUTCOME_reset : OUTCOME_refused_stream);
    }
    ck_assert_int_eq(pair.fake->link->state, LINK_OPEN);
    check_outcome(pair_get(&pair, "/ok"), OUTCOME_ok);
    pair_free(&pair);
}
END_TEST

/* Frames that ask for an answer, from a server that reads them, and from one that doesn't. */
START_TEST(floods)
{
    static const char ping[] = {FRAME(8, 6, 0, 0), 1, 2, 3, 4, 5, 6, 7, 8};
    static const char settings[] = {FRAME(0, 4, 0, 0)};
    static const char empty_data[] = {FRAME(0, 0, 0, 1)};
    static const struct {
        const char *bytes;
        size_t size;
        bool answered;
    } cases[] = {
        {ping, sizeof ping, true},
        {settings, sizeof settings, true},
        {empty_data, sizeof empty_data, false},
    };
    const bool reads = _i % 2 == 0;
    const char *bytes = cases[_i / 2].bytes;
    const size_t size = cases[_i / 2].size;
    g_autoptr(GByteArray) flood = g_byte_array_new();
    struct pair pair = pair_new(100, WINDOW);
    struct fake_exchange *const exchange = fake_get(pair.fake, "/hold", true);

    pair_talk(&pair);
    if (_i / 2 == 2) { /* the head comes first */
        static const char begin[] = {FRAME(1, 1, 4, 1), (char)0x88};
        g_byte_array_append(flood, (const guint8 *)begin, sizeof begin);
    }
    for (int i = 0; i < 1000; i++)
        g_byte_array_append(flood, (const guint8 *)bytes, (guint)size);
    pair.fake->takes_nothing = !reads;
    for (int i = 0; i < 100; i++) {
        fake_take(pair.fake, flood->data, flood->len);
        if (i == 0 && _i / 2 == 2)
            g_byte_array_remove_range(flood, 0, 10);
        if (reads)
            g_byte_array_set_size(pair.fake->sent, 0);
        ck_assert_uint_lt(pair.fake->sent->len, 400000);
    }
    if (reads || !cases[_i / 2].answered) {
        ck_assert_int_eq(pair.fake->link->state, LINK_OPEN);
        ck_assert_uint_eq(exchange->end_count, 0);
    } else {
        check_outcome(exchange, OUTCOME_bad_response);
    }
    pair_free(&pair);
}
END_TEST

/* A head that never ends. */
START_TEST(continuation_without_end)
{
    struct pair pair = pair_new(100, WINDOW);
    struct fake_exchange *const exchange = fake_get(pair.fake, "/hold", true);
    char frame[9 + 16384];
    const char begin[] = {FRAME(1, 1, 0, 1), (char)0x88};

    pair_talk(&pair);
    memcpy(frame, (const char[]){FRAME(16384, 9, 0, 1)}, 9);
    for (size_t at = 9; at < sizeof frame; at += 4) /* "a: b", over and over */
        memcpy(frame + at, (const char[]){0, 1, 'a', 0}, 4);
    fake_take(pair.fake, begin, sizeof begin);
    for (int i = 0; i < 1000 && exchange->end_count == 0; i++)
        fake_take(pair.fake, frame, sizeof frame);
    ck_assert_uint_eq(exchange->end_count, 1);
    ck_assert(exchange->outcome == OUTCOME_too_large || exchange->outcome == OUTCOME_bad_response);
    pair_free(&pair);
}
END_TEST

/* While the kernel takes nothing, little is packed; all of it goes when it does. */
START_TEST(the_kernel_takes_nothing)
{
    struct pair pair = pair_new(100, 1 << 30);
    g_autofree char *body = g_strnfill(100000, 'x');
    const struct api_message message = {.method = TEXT("POST"),
                                        .path = TEXT("/size/5"),
                                        .body = {body, 100000}};

    nghttp2_session_set_local_window_size(pair.server->session, 0, 0, 1 << 30);
    pair_talk(&pair);
    pair.fake->takes_nothing = true;
    for (int i = 0; i < 50; i++)
        ck_assert_ptr_nonnull(fake_request(pair.fake, &message, true));
    fake_flush(pair.fake);
    ck_assert_uint_ge(pair.fake->sent->len, 262144);
    ck_assert_uint_lt(pair.fake->sent->len, 262144 + 100000);
    pair.fake->takes_nothing = false;
    pair.fake->link->unsent_size = 0;
    pair.fake->flush_asked = true; /* as the link does when its bytes have gone */
    pair_talk(&pair);
    ck_assert_uint_eq(pair.server->upload_bytes, 50 * 100000);
    for (int i = 0; i < 50; i++)
        check_outcome(pair.fake->all->pdata[i], OUTCOME_ok);
    pair_free(&pair);
}
END_TEST

/* ---- mutations ------------------------------------------------------------------------------- */

static const char *const paths[] = {"/ok",         "/length/3000", "/interim", "/trailers",
                                    "/gzip",       "/short",       "/reset",   "/status/204",
                                    "/head/20000", "/size/40000",  "/refuse",  "/resetinside"};

static GByteArray *record(void)
{
    struct pair pair = {fake_link_new(&protocol_http2, NULL), http2_server_new(NULL, 0), SIZE_MAX,
                        g_byte_array_new()};

    fake_get(pair.fake, "/ok", true);
    pair_talk(&pair);
    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++)
        fake_get(pair.fake, paths[i], i % 2 == 0);
    pair_talk(&pair);
    GByteArray *bytes = g_byte_array_ref(pair.recorded);
    pair_free(&pair);
    return bytes;
}

/* Changes some bytes, leaves some out, doubles some, mostly in the frames' heads. */
static void mutate(GByteArray *bytes, GRand *random)
{
    const int count = g_rand_int_range(random, 1, 6);

    for (int i = 0; i < count && bytes->len > 16; i++) {
        guint at = (guint)g_rand_int_range(random, 0, (gint32)bytes->len - 16);

        if (g_rand_boolean(random)) { /* to the head of some frame */
            guint frame = 0;
            while (frame + 9 <= at)
                frame += 9 + ((guint)bytes->data[frame] << 16 | (guint)bytes->data[frame + 1] << 8 |
                              bytes->data[frame + 2]);
            at = frame + (guint)g_rand_int_range(random, 0, 10);
            if (at >= bytes->len)
                continue;
        }
        switch (g_rand_int_range(random, 0, 5)) {
        case 0:
            bytes->data[at] ^= (guint8)(1 << g_rand_int_range(random, 0, 8));
            break;
        case 1:
            bytes->data[at] = (guint8)g_rand_int_range(random, 0, 256);
            break;
        case 2:
            g_byte_array_remove_range(bytes, at,
                                      (guint)g_rand_int_range(random, 1, 16) % (bytes->len - at));
            break;
        case 3:
            g_byte_array_append(bytes, bytes->data, 0);
            g_byte_array_set_size(bytes, bytes->len + 8);
            memmove(bytes->data + at + 8, bytes->data + at, bytes->len - at - 8);
            break;
        default:
            g_byte_array_set_size(bytes, at + 1);
        }
    }
}

static void try_mutation(const GByteArray *recorded, guint32 seed)
{
    GRand *random = g_rand_new_with_seed(seed);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    struct fake_link *fake = fake_link_new(&protocol_http2, NULL);
    bool asked = false;

    g_byte_array_append(bytes, recorded->data, recorded->len);
    mutate(bytes, random);
    fake->pool->wanted_count = 1;
    fake->pool->wanted_sizes = UINT64_MAX;
    fake->pool->wanted_name[0] = TEXT("server");
    fake_get(fake, "/ok", true);
    for (guint at = 0; at < bytes->len;) {
        const guint size =
            MIN((guint)g_rand_int_range(random, 1, seed % 2 == 0 ? 50 : 5000), bytes->len - at);

        fake_flush(fake);
        if (!fake_take(fake, bytes->data + at, size))
            break;
        at += size;
        if (!asked && fake->link->in_flight == 0) {
            asked = true;
            for (size_t i = 0; i < G_N_ELEMENTS(paths); i++)
                fake_get(fake, paths[i], i % 2 == 0);
        }
        if (fake->link->in_flight > 0 && g_rand_int_range(random, 0, 50) == 0) {
            struct fake_exchange *some = (struct fake_exchange *)fake->link->last;
            fake_cancel(fake, some);
            some->end_count++;
        }
    }
    fake_end(fake);
    ck_assert_uint_eq(fake->link->in_flight, 0);
    for (guint i = 0; i < fake->all->len; i++)
        ck_assert_uint_eq(((struct fake_exchange *)fake->all->pdata[i])->end_count, 1);
    fake_link_free(fake);
    g_rand_free(random);
}

START_TEST(mutations)
{
    g_autoptr(GByteArray) recorded = record();
    const char *given = getenv("OMO_SEED");
    const guint32 first = given != NULL ? (guint32)strtoul(given, NULL, 10) : 0;

    ck_assert_uint_gt(recorded->len, 50000);
    printf("OMO_SEED=%u, and the 4,999 behind it\n", first);
    for (guint32 seed = first; seed < first + 5000; seed++)
        try_mutation(recorded, seed);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("http2_faults");
    TCase *tc = tcase_create("http2_faults");

    tcase_add_test(tc, goaway_in_flight);
    tcase_add_loop_test(tc, goaway_when_idle, 0, 2);
    tcase_add_test(tc, goaway_in_two_steps);
    tcase_add_test(tc, the_connection_ends);
    tcase_add_test(tc, closed_from_a_reply);
    tcase_add_loop_test(tc, writes_fail, 0, 4);
    tcase_add_loop_test(tc, not_http2, 0, 9);
    tcase_add_loop_test(tc, enormous_heads, 0, 2);
    tcase_add_test(tc, reset_storms);
    tcase_add_loop_test(tc, floods, 0, 6);
    tcase_add_test(tc, continuation_without_end);
    tcase_add_test(tc, the_kernel_takes_nothing);
    tcase_add_test(tc, mutations);
    tcase_set_timeout(tc, 300);
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
