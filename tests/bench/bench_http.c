/* bench_http: what an answer costs.
 *
 * First the response parser alone, in nanoseconds an answer, beside http-parser of Debian over the
 * same bytes with callbacks that do as little. Then pool, links and HTTP/1.1 together in a closed
 * loop against nginx ("return 200", one process on the first core): processor time a request on the
 * second core, in user space and in all, beside wrk's in turns. Needs nginx and wrk for the second
 * part, and says so when they are missing. `--quick` runs a second each.
 */
#include "bench/bench.h"
#include "bench/nginx.h"
#include "replay/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef OMO_HTTP_PARSER
#include <http_parser.h>
#endif

/* ---- the parser ------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    const char *text;
} answers[] = {
    {"nginx, no body", "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\n"
                       "Date: Sun, 22 Nov 2026 12:00:00 GMT\r\nContent-Type: text/plain\r\n"
                       "Content-Length: 0\r\nConnection: keep-alive\r\n\r\n"},
    {"JSON, 11 headers",
     "HTTP/1.1 201 Created\r\nServer: nginx/1.22.1\r\nDate: Sun, 22 Nov 2026 12:00:00 GMT\r\n"
     "Content-Type: application/json; charset=utf-8\r\nContent-Length: 46\r\n"
     "Connection: keep-alive\r\nX-Request-Id: 6f1c2a3e-9d1b-4a77-a3fd-0a6c2c1b9f10\r\n"
     "ETag: \"2d-5f1c2a3e9d1b4a77\"\r\nCache-Control: no-store, max-age=0\r\n"
     "Vary: Accept-Encoding, Origin\r\nX-Content-Type-Options: nosniff\r\n"
     "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n\r\n"
     "{\"id\": \"4711\", \"status\": \"placed\", \"n\": 12345}"},
    {"chunked", "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 12:00:00 GMT\r\n"
                "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
                "Connection: keep-alive\r\n\r\n"
                "2e\r\n{\"id\": \"4711\", \"status\": \"placed\", \"n\": 12345}\r\n0\r\n\r\n"},
};

static struct {
    const char *text;
    size_t size;
    uint64_t body_bytes, answers;
} now;

static void on_body(void *user, const char *bytes, size_t size, bool whole)
{
    (void)user;
    (void)bytes;
    (void)whole;
    now.body_bytes += size;
}

static char *no_buffer(void *user)
{
    (void)user;
    return NULL;
}

static void parse_ours(uint64_t steps)
{
    const struct http1_sink sink = {.body = on_body};
    struct http1 parser = {0};

    for (uint64_t i = 0; i < steps; i++) {
        size_t used;
        http1_begin(&parser, false);
        if (http1_take(&parser, now.text, now.size, &sink, no_buffer, &used) == HTTP1_DONE)
            now.answers += used == now.size;
    }
}

#ifdef OMO_HTTP_PARSER
static int on_peer_body(http_parser *parser, const char *bytes, size_t size)
{
    (void)parser;
    (void)bytes;
    now.body_bytes += size;
    return 0;
}

static int on_peer_end(http_parser *parser)
{
    (void)parser;
    now.answers++;
    return 0;
}

static void parse_theirs(uint64_t steps)
{
    const http_parser_settings settings = {.on_body = on_peer_body,
                                           .on_message_complete = on_peer_end};
    http_parser parser;

    http_parser_init(&parser, HTTP_RESPONSE);
    for (uint64_t i = 0; i < steps; i++)
        http_parser_execute(&parser, &settings, now.text, now.size);
}
#endif

static bool bench_parser(struct bench *b)
{
    const uint64_t steps = b->quick ? 100000 : 1000000;
    uint64_t expected = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
        g_autofree char *name = g_strdup_printf("parse: %s", answers[i].name);
        now.text = answers[i].text;
        now.size = strlen(answers[i].text);
#ifdef OMO_HTTP_PARSER
        bench_time(b, name, steps, parse_ours, "http-parser", parse_theirs);
        expected += 2 * (BENCH_RUNS + 1) * steps;
#else
        bench_time(b, name, steps, parse_ours, NULL, NULL);
        expected += (BENCH_RUNS + 1) * steps;
#endif
    }
    return now.answers == expected;
}

/* ---- the closed loop ------------------------------------------------------------------------- */

#define CONNECTIONS 64

struct closed_loop {
    uv_loop_t loop;
    struct pool *pool;
    struct exchange exchange[CONNECTIONS];
    struct api_message message;
    uint64_t replies, failures, steps;
    bool over;
};

static bool on_render(void *user, struct exchange *exchange, struct api_message *ret_message)
{
    const struct closed_loop *c = user;

    (void)exchange;
    ret_message->method = c->message.method;
    ret_message->path = c->message.path;
    ret_message->body = c->message.body;
    ret_message->header_count = 0;
    ret_message->head_only = false;
    ret_message->idempotent = true;
    return true;
}

static void on_reply(void *user, struct exchange *exchange, const struct reply *reply)
{
    struct closed_loop *c = user;

    c->replies += reply->api.status == 200;
    if (!c->over)
        pool_request(c->pool, exchange);
}

static void on_fail(void *user, struct exchange *exchange, enum outcome outcome)
{
    struct closed_loop *c = user;

    (void)exchange;
    c->failures += outcome != OUTCOME_cut_off;
}

static void on_time_up(uv_timer_t *timer) { ((struct closed_loop *)timer->data)->over = true; }

/* Returns the number of answers, 0 when something failed. */
static uint64_t run_closed_loop(const char *url, uint32_t time_s)
{
    static struct closed_loop c;
    struct target *target = target_new(url, NULL, NULL);
    const struct pool_options options = {.links_max = CONNECTIONS,
                                         .pipeline = 1,
                                         .waiting_max = CONNECTIONS,
                                         .connect_timeout_us = 5000000};
    const struct exchange_events events = {.user = &c,
                                           .render = on_render,
                                           .reply = on_reply,
                                           .fail = on_fail};
    uv_timer_t timer;

    c.message.method = (struct api_text){"GET", 3};
    c.message.path = (struct api_text){"/", 1};
    uv_loop_init(&c.loop);
    c.pool = pool_new(&c.loop, (const struct target *const *)&target, 1, &options, &events);
    uv_timer_init(&c.loop, &timer);
    timer.data = &c;
    uv_timer_start(&timer, on_time_up, time_s * 1000ul, 0);
    for (uint32_t i = 0; i < CONNECTIONS; i++)
        pool_request(c.pool, &c.exchange[i]);
    while (!c.over)
        uv_run(&c.loop, UV_RUN_ONCE);
    fprintf(stderr, "%u links of %u bytes\n", pool_counts(c.pool)->open_now,
            (uint32_t)(pool_counts(c.pool)->link_memory / CONNECTIONS));
    pool_close(c.pool, OUTCOME_cut_off);
    uv_close((uv_handle_t *)&timer, NULL);
    uv_run(&c.loop, UV_RUN_DEFAULT);
    pool_free(c.pool);
    target_free(target);
    return uv_loop_close(&c.loop) == 0 && c.failures == 0 ? c.replies : 0;
}

/* The same in a process of its own: the kernel splits a process's time into user and system time by
 * the ratio of its whole life, so what it did before would be seen in it. */
static bool run_apart(const char *url, uint32_t time_s, struct nginx_peer *ret_run)
{
    struct rusage usage;
    int pipes[2], status;

    if (pipe(pipes) != 0)
        return false;
    const pid_t pid = fork();
    if (pid == 0) {
        nginx_pin(1);
        const uint64_t answers_count = run_closed_loop(url, time_s);
        _exit(write(pipes[1], &answers_count, sizeof(answers_count)) < 0);
    }
    close(pipes[1]);
    const bool told =
        read(pipes[0], &ret_run->requests, sizeof(ret_run->requests)) == sizeof(ret_run->requests);
    close(pipes[0]);
    wait4(pid, &status, 0, &usage);
    ret_run->user_s = (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6;
    ret_run->system_s = (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6;
    return told && status == 0 && ret_run->requests > 0;
}

static bool bench_closed_loop(struct bench *b)
{
    const uint32_t runs = b->quick ? 1 : 3, time_s = b->quick ? 1 : 3;
    double user[3], all[3], peer_user[3], peer_all[3];
    struct nginx nginx;
    bool good = true, with_peer = true;

    if (!nginx_start(&nginx, 0, "return 200;")) {
        fprintf(stderr, "no nginx: the closed loop is left out\n");
        return true;
    }
    for (uint32_t i = 0; i < runs && good; i++) {
        struct nginx_peer run, peer = {0};
        good = run_apart(nginx.url, time_s, &run);
        with_peer = with_peer && nginx_run_wrk(&nginx, 1, CONNECTIONS, time_s, &peer);
        user[i] = run.user_s * 1e6 / (double)run.requests;
        all[i] = (run.user_s + run.system_s) * 1e6 / (double)run.requests;
        peer_user[i] = peer.user_s * 1e6 / (double)peer.requests;
        peer_all[i] = (peer.user_s + peer.system_s) * 1e6 / (double)peer.requests;
    }
    nginx_stop(&nginx);
    if (good) {
        const char *peer = with_peer ? "wrk" : NULL;
        bench_row(b, "GET, 64 connections: user", bench_median(user, runs), "us", peer,
                  bench_median(peer_user, runs));
        bench_row(b, "GET, 64 connections: all", bench_median(all, runs), "us", peer,
                  bench_median(peer_all, runs));
    }
    return good;
}

int main(int argc, char **argv)
{
    struct bench b;

    if (!bench_begin(&b, "http", argc, argv))
        return 2;
    const bool good = bench_parser(&b) && bench_closed_loop(&b);
    return bench_end(&b, good);
}
