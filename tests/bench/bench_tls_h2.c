/* bench_tls_h2: what a request costs over TLS and HTTP/2.
 *
 * Pool, links and protocol in a closed loop against nginx ("return 200 hello", one process on the
 * first core): processor time a request on the second core, in all and in user space, in turns with
 * the peer: wrk for HTTP/1.1 over TLS, h2load for HTTP/2 with and without TLS, at the same number of
 * connections and streams. Then bytes of our memory a connection, counted by the allocator. Needs
 * nginx; peers that are missing are left out. `--quick` runs a second each, once.
 */
#include "bench/bench.h"
#include "bench/nginx.h"
#include "replay/certificates.h"
#include "replay/nginx_tls.h"
#include "replay/pool.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define EXCHANGES_MAX 1024

static const struct bench_case {
    const char *name;
    bool tls, http2;
    uint32_t connections, streams;
} cases[] = {
    {"HTTP/1.1 over TLS, 64 connections", true, false, 64, 1},
    {"h2c, 10 connections of 10 streams", false, true, 10, 10},
    {"h2c, 64 connections of 1 stream", false, true, 64, 1},
    {"h2 over TLS, 10 connections of 10 streams", true, true, 10, 10},
};

struct closed_loop {
    uv_loop_t loop;
    struct pool *pool;
    struct exchange exchange[EXCHANGES_MAX];
    uint64_t replies, failures;
    bool over;
};

static bool on_render(void *user, struct exchange *exchange, struct api_message *ret_message)
{
    (void)user;
    (void)exchange;
    ret_message->method = (struct api_text){"GET", 3};
    ret_message->path = (struct api_text){"/", 1};
    ret_message->body = (struct api_text){NULL, 0};
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

static double seconds(struct timeval t) { return (double)t.tv_sec + (double)t.tv_usec / 1e6; }

static void on_time_up(uv_timer_t *timer) { ((struct closed_loop *)timer->data)->over = true; }

/* Runs a case for so long; bytes of the heap that each connection takes go to *ret_memory. */
static bool run(const struct bench_case *bench, struct target *target, uint32_t time_s,
                struct nginx_peer *ret_run, double *ret_memory)
{
    static struct closed_loop c;
    const uint32_t exchanges = bench->connections * bench->streams;
    const struct pool_options options = {.links_max = bench->connections,
                                         .pipeline = 1,
                                         .streams = bench->streams,
                                         .waiting_max = exchanges,
                                         .connect_timeout_us = 5000000,
                                         .user_agent = "omosim"};
    const struct exchange_events events = {.user = &c,
                                           .render = on_render,
                                           .reply = on_reply,
                                           .fail = on_fail};
    struct rusage before, after;
    uv_timer_t timer;

    memset(&c, 0, sizeof c);
    uv_loop_init(&c.loop);
    c.pool = pool_new(&c.loop, (const struct target *const *)&target, 1, &options, &events);
    uv_timer_init(&c.loop, &timer);
    timer.data = &c;
    uv_timer_start(&timer, on_time_up, time_s * 1000ul, 0);
    const size_t heap_before = mallinfo2().uordblks;
    getrusage(RUSAGE_SELF, &before);
    for (uint32_t i = 0; i < exchanges; i++)
        pool_request(c.pool, &c.exchange[i]);
    while (!c.over)
        uv_run(&c.loop, UV_RUN_ONCE);
    getrusage(RUSAGE_SELF, &after);
    *ret_memory =
        (double)(mallinfo2().uordblks - heap_before) / (double)pool_counts(c.pool)->open_now;
    fprintf(stderr, "%s: %u links, %.0f bytes each, said to be %.0f, %llu opened\n", bench->name,
            pool_counts(c.pool)->open_now, *ret_memory,
            (double)pool_counts(c.pool)->link_memory / pool_counts(c.pool)->open_now,
            (unsigned long long)pool_counts(c.pool)->opened);
    ret_run->requests = c.replies;
    ret_run->user_s = seconds(after.ru_utime) - seconds(before.ru_utime);
    ret_run->system_s = seconds(after.ru_stime) - seconds(before.ru_stime);
    pool_close(c.pool, OUTCOME_cut_off);
    uv_close((uv_handle_t *)&timer, NULL);
    uv_run(&c.loop, UV_RUN_DEFAULT);
    pool_free(c.pool);
    return uv_loop_close(&c.loop) == 0 && c.failures == 0 && c.replies > 0;
}

static bool run_peer(const struct bench_case *bench, const char *url, uint32_t time_s,
                     struct nginx_peer *ret_peer)
{
    const struct nginx nginx = {.url = (char *)(uintptr_t)url};

    return bench->http2
               ? nginx_run_h2load(url, 1, bench->connections, bench->streams, time_s, ret_peer)
               : nginx_run_wrk(&nginx, 1, bench->connections, time_s, ret_peer);
}

static bool bench_case_run(struct bench *b, const struct bench_case *bench, struct target *target,
                           const char *url)
{
    const uint32_t runs = b->quick ? 1 : 3, time_s = b->quick ? 1 : 3;
    double user[3], all[3], peer_user[3], peer_all[3], memory = 0;
    bool with_peer = true;

    for (uint32_t i = 0; i < runs; i++) {
        struct nginx_peer ours, peer = {0};

        if (!run(bench, target, time_s, &ours, &memory))
            return false;
        with_peer = with_peer && run_peer(bench, url, time_s, &peer);
        user[i] = ours.user_s * 1e6 / (double)ours.requests;
        all[i] = (ours.user_s + ours.system_s) * 1e6 / (double)ours.requests;
        peer_user[i] = peer.user_s * 1e6 / (double)peer.requests;
        peer_all[i] = (peer.user_s + peer.system_s) * 1e6 / (double)peer.requests;
    }
    const char *peer = !with_peer ? NULL : bench->http2 ? "h2load" : "wrk";
    g_autofree char *user_name = g_strconcat(bench->name, ": user", NULL);
    g_autofree char *all_name = g_strconcat(bench->name, ": all", NULL);
    g_autofree char *memory_name = g_strconcat(bench->name, ": memory of one", NULL);

    bench_row(b, user_name, bench_median(user, runs), "us", peer, bench_median(peer_user, runs));
    bench_row(b, all_name, bench_median(all, runs), "us", peer, bench_median(peer_all, runs));
    bench_row(b, memory_name, memory, "bytes", NULL, 0);
    return true;
}

static bool bench_all(struct bench *b, const struct certificates *certificates)
{
    struct nginx_tls *nginx =
        nginx_tls_start(&(struct nginx_tls_options){.certificate = certificates->good,
                                                    .key = certificates->good_key,
                                                    .core = 0});
    bool good = nginx_pin(1);

    for (size_t i = 0; i < G_N_ELEMENTS(cases) && good; i++) {
        const struct tls_options options = {.ca_file = certificates->ca, .http2 = cases[i].http2};
        const char *url = cases[i].tls ? nginx->https : nginx->http2;
        struct target *target = target_new(url, NULL, NULL);

        if (cases[i].tls)
            target->tls_context = tls_context_new(&options, "127.0.0.1", NULL);
        else
            target->http2_prior = true;
        good = bench_case_run(b, &cases[i], target, url);
        tls_context_free(target->tls_context);
        target->tls_context = NULL;
        target_free(target);
    }
    nginx_tls_stop(nginx);
    return good;
}

int main(int argc, char **argv)
{
    struct bench b;

    if (!bench_begin(&b, "tls_h2", argc, argv))
        return 2;
    if (!nginx_tls_is_installed()) {
        fprintf(stderr, "no nginx: there is nothing to measure against\n");
        return bench_end(&b, true);
    }
    struct certificates *certificates = certificates_new();
    const bool good = bench_all(&b, certificates);
    certificates_free(certificates);
    return bench_end(&b, good);
}
