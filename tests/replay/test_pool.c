/* Connections to servers that behave well: kept, shared, queued for, waited for, closed when idle,
 * and what is sent on them. */
#include "replay/customer.h"
#include "replay/peer.h"
#include "shell/folder.h"

#include <check.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT(literal) ((struct api_text){literal, sizeof(literal) - 1})

static struct customer customer; /* too large for a stack */

static const char answer[] = PEER_ANSWER;

/* ---- keeping --------------------------------------------------------------------------------- */

START_TEST(test_keeps_alive)
{
    struct peer *peer = peer_start(PEER_IPV4, peer_serve_well);

    customer_open(&customer, peer_url(peer), NULL);
    customer.after = customer_ask_next;
    customer.user = 100;
    customer_ask(&customer, 0);
    customer_run(&customer, 100);
    for (uint32_t i = 0; i < 100; i++)
        customer_assert_fine(&customer, i);
    ck_assert_uint_eq(peer_connections(peer), 1);
    ck_assert_uint_eq(peer_requests(peer), 100);
    ck_assert_uint_eq(pool_counts(customer.pool)->bytes_in, 100 * (sizeof(answer) - 1));
    ck_assert_uint_gt(pool_counts(customer.pool)->bytes_out, 100 * 50);
    ck_assert_uint_lt(pool_counts(customer.pool)->link_memory, 2048);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

static void serve_one(struct peer *peer, int fd, uint32_t turn)
{
    (void)turn;
    if (peer_read(peer, fd, NULL, 0))
        peer_write(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
}

START_TEST(test_closed_after_each)
{
    struct peer *peer = peer_start(PEER_IPV4, serve_one);

    customer_open(&customer, peer_url(peer), NULL);
    customer.after = customer_ask_next;
    customer.user = 20;
    customer_ask(&customer, 0);
    customer_run(&customer, 20);
    for (uint32_t i = 0; i < 20; i++)
        customer_assert_fine(&customer, i);
    ck_assert_uint_eq(peer_connections(peer), 20);
    ck_assert_uint_eq(pool_counts(customer.pool)->resent, 0);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

START_TEST(test_limit_and_order)
{
    struct pool_options options = customer_options();
    struct peer *peer = peer_start(PEER_IPV4, peer_serve_well);

    options.links_max = 3;
    customer_open(&customer, peer_url(peer), &options);
    for (uint32_t i = 0; i < 200; i++)
        customer_ask(&customer, i);
    ck_assert_uint_eq(pool_counts(customer.pool)->waiting_now, 200);
    customer_run(&customer, 200);
    for (uint32_t i = 0; i < 200; i++) {
        customer_assert_fine(&customer, i);
        ck_assert(i == 0 || customer.exchange[i].sent_ns >= customer.exchange[i - 1].sent_ns);
    }
    ck_assert_uint_eq(peer_connections(peer), 3);
    ck_assert_uint_eq(pool_counts(customer.pool)->open_max, 3);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

START_TEST(test_shed)
{
    struct pool_options options = customer_options();
    struct peer *peer = peer_start(PEER_IPV4, peer_serve_well);

    options.waiting_max = 3;
    options.links_max = 1;
    customer_open(&customer, peer_url(peer), &options);
    for (uint32_t i = 0; i < 5; i++)
        customer_ask(&customer, i);
    ck_assert_uint_eq(customer.end_count, 2); /* at once */
    customer_run(&customer, 5);
    for (uint32_t i = 0; i < 5; i++) {
        ck_assert(customer.end[i].failed == (i >= 3));
        ck_assert(i < 3 || customer.end[i].outcome == OUTCOME_shed);
    }
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

START_TEST(test_idle)
{
    struct pool_options options = customer_options();
    struct peer *peer = peer_start(PEER_IPV4, peer_serve_well);

    options.idle_ms = 40;
    customer_open(&customer, peer_url(peer), &options);
    customer_ask(&customer, 0);
    customer_run(&customer, 1);
    ck_assert_uint_eq(pool_counts(customer.pool)->open_now, 1);
    for (int i = 0; i < 100 && pool_counts(customer.pool)->open_now > 0; i++)
        customer_run_ms(&customer, 50);
    ck_assert_uint_eq(pool_counts(customer.pool)->open_now, 0);
    customer_ask(&customer, 1);
    customer_run(&customer, 2);
    customer_assert_fine(&customer, 1);
    ck_assert_uint_eq(peer_connections(peer), 2);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

/* A service that closes what was idle for a second and says so, a little way off: its closing takes
 * 200 ms to get here, and what is sent meanwhile is lost. Customers come back around that moment
 * with what must not be sent twice: not one of them loses a request. */
static void serve_for_a_second(struct peer *peer, int fd, uint32_t turn)
{
    const struct timeval second = {.tv_sec = 1};

    (void)turn;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
    while (peer_read(peer, fd, NULL, 0))
        peer_write(fd,
                   "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 5\r\n\r\nhello");
    peer_sleep_ms(200);
    peer_reset(fd);
}

START_TEST(test_keep_alive_timeout)
{
    static const uint32_t pauses_ms[] = {0, 100, 990, 1000, 1050, 1150, 1300};
    struct pool_options options = customer_options();
    struct peer *peer = peer_start(PEER_IPV4, serve_for_a_second);
    uint32_t asked = 0;

    options.links_max = 4;
    customer_open(&customer, peer_url(peer), &options);
    customer.message.method = TEXT("POST");
    customer.message.idempotent = false;
    for (size_t p = 0; p < G_N_ELEMENTS(pauses_ms); p++) {
        customer_run_ms(&customer, pauses_ms[p]);
        for (int i = 0; i < 4; i++)
            customer_ask(&customer, asked++);
        customer_run(&customer, asked);
    }
    for (uint32_t i = 0; i < asked; i++)
        customer_assert_fine(&customer, i);
    ck_assert_uint_eq(peer_requests(peer), asked);
    ck_assert_uint_eq(pool_counts(customer.pool)->resent, 0);
    ck_assert_uint_lt(peer_connections(peer), asked); /* kept where the pause was short */
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

/* The limit of the options holds on the way of a request, too, whenever the timer may look. */
START_TEST(test_idle_is_not_used)
{
    struct pool_options options = customer_options();
    struct peer *peer = peer_start(PEER_IPV4, peer_serve_well);

    options.idle_ms = 300;
    customer_open(&customer, peer_url(peer), &options);
    customer_ask(&customer, 0);
    customer_run(&customer, 1);
    g_usleep(400000); /* the loop is held up */
    uv_update_time(&customer.loop);
    customer_ask(&customer, 1);
    customer_run(&customer, 2);
    customer_assert_fine(&customer, 1);
    ck_assert_uint_eq(peer_connections(peer), 2);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

START_TEST(test_refused_render)
{
    struct peer *peer = peer_start(PEER_IPV4, peer_serve_well);

    customer_open(&customer, peer_url(peer), NULL);
    customer.refuses = true;
    for (uint32_t i = 0; i < 3; i++)
        customer_ask(&customer, i);
    for (int i = 0; i < 100 && customer.render_count < 3; i++)
        customer_run_ms(&customer, 20);
    ck_assert_uint_eq(customer.render_count, 3);
    ck_assert_uint_eq(customer.end_count, 0); /* the pool has forgotten them */
    customer.refuses = false;
    customer_ask(&customer, 0);
    customer_run(&customer, 1);
    customer_assert_fine(&customer, 0);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

/* ---- addresses ------------------------------------------------------------------------------- */

static void run_kind(enum peer_kind kind)
{
    struct peer *peer = peer_start(kind, peer_serve_well);

    if (peer == NULL)
        return; /* no IPv6 here */
    customer_open(&customer, peer_url(peer), NULL);
    ck_assert(target_probe(customer.target, 1000, NULL));
    customer_ask(&customer, 0);
    customer_run(&customer, 1);
    customer_assert_fine(&customer, 0);
    customer_close(&customer);
    peer_stop(peer);
}

START_TEST(test_unix_socket) { run_kind(PEER_UNIX); }
END_TEST

START_TEST(test_ipv6) { run_kind(PEER_IPV6); }
END_TEST

START_TEST(test_second_address)
{
    /* "localhost" may be ::1 as well, where nobody listens: no request may fail for it. */
    struct peer *peer = peer_start(PEER_IPV4, peer_serve_well);
    g_autofree char *url = g_strdup_printf("http://localhost:%s", strrchr(peer_url(peer), ':') + 1);

    customer_open(&customer, url, NULL);
    if (customer.target->address_count == 1) { /* add one where nobody listens */
        struct sockaddr_storage *second = &customer.target->address[1];
        memcpy(second, &customer.target->address[0], sizeof(*second));
        ((struct sockaddr_in *)(void *)second)->sin_addr.s_addr = g_htonl(0x7f000002);
        customer.target->address_count = 2;
    }
    for (uint32_t i = 0; i < 20; i++)
        customer_ask(&customer, i);
    customer_run(&customer, 20);
    for (uint32_t i = 0; i < 20; i++)
        customer_assert_fine(&customer, i);
    ck_assert_uint_eq(pool_counts(customer.pool)->connect_errors, 0);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

/* ---- pipelining ------------------------------------------------------------------------------ */

static void serve_fours(struct peer *peer, int fd, uint32_t turn)
{
    char text[128];
    uint32_t number = 0;

    (void)turn;
    for (;;) {
        for (int i = 0; i < 4; i++)
            if (!peer_read(peer, fd, NULL, 0))
                return;
        for (int i = 0; i < 4; i++) {
            const int digits = g_snprintf(text, sizeof(text), "%u", number++);
            g_snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%u",
                       digits, number - 1);
            peer_write(fd, text);
        }
    }
}

START_TEST(test_pipeline)
{
    struct pool_options options = customer_options();
    struct peer *peer = peer_start(PEER_IPV4, serve_fours);

    options.pipeline = 4;
    options.links_max = 1;
    customer_open(&customer, peer_url(peer), &options);
    for (uint32_t i = 0; i < 40; i++)
        customer_ask(&customer, i);
    customer_run(&customer, 40);
    for (uint32_t i = 0; i < 40; i++) {
        ck_assert_uint_eq(customer.end[i].order, i + 1);
        ck_assert_int_eq(atoi(customer.end[i].body), (int)i);
    }
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

/* Three answers, the last of which may say that it is; then the connection ends. */
static void serve_three(struct peer *peer, int fd, bool says_so)
{
    for (int i = 0; i < 3; i++) {
        if (!peer_read(peer, fd, NULL, 0))
            return;
        peer_write(fd,
                   i < 2 || !says_so
                       ? answer
                       : "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
    }
    peer_end(fd);
}

static void serve_three_then_close(struct peer *peer, int fd, uint32_t turn)
{
    serve_three(peer, fd, turn <= 1);
}

START_TEST(test_pipeline_closed)
{
    /* What was sent behind the last answer of a connection is sent again elsewhere. */
    struct pool_options options = customer_options();
    struct peer *peer = peer_start(PEER_IPV4, serve_three_then_close);

    options.pipeline = 4;
    options.links_max = 1;
    customer_open(&customer, peer_url(peer), &options);
    for (uint32_t i = 0; i < 6; i++)
        customer_ask(&customer, i);
    customer_run(&customer, 6);
    for (uint32_t i = 0; i < 6; i++)
        customer_assert_fine(&customer, i);
    ck_assert_uint_ge(pool_counts(customer.pool)->resent, 1);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

/* ---- requests -------------------------------------------------------------------------------- */

static char asked[4096]; /* the last request's text */

static void serve_listening(struct peer *peer, int fd, uint32_t turn)
{
    (void)turn;
    while (peer_read(peer, fd, asked, sizeof(asked)))
        peer_write(fd, answer);
}

static void ask_for(const char *suffix, const struct api_message *message, const char *expected)
{
    struct peer *peer = peer_start(PEER_IPV4, serve_listening);
    const char *port = strrchr(peer_url(peer), ':') + 1;
    g_autofree char *url = g_strdup_printf("http://ann:s%%20c@127.0.0.1:%s%s", port, suffix);
    g_autoptr(GString) text = g_string_new(expected);

    customer_open(&customer, suffix[0] == '@' ? peer_url(peer) : url, NULL);
    ck_assert_ptr_null(strstr(customer.target->url, "ann"));
    customer.message = *message;
    customer_ask(&customer, 0);
    customer_run(&customer, 1);
    if (!message->head_only)
        customer_assert_fine(&customer, 0);
    g_string_replace(text, "PORT", port, 0);
    ck_assert_str_eq(asked, text->str);
    customer_close(&customer);
    peer_stop(peer);
}

START_TEST(test_requests)
{
    struct api_message message = {.method = TEXT("GET"), .path = TEXT("/a?b=c")};

    ask_for("@", &message,
            "GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nUser-Agent: test/1\r\n"
            "Accept-Encoding: gzip\r\n\r\n");
    ask_for("/base/", &message,
            "GET /base/a?b=c HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nUser-Agent: test/1\r\n"
            "Accept-Encoding: gzip\r\nAuthorization: Basic YW5uOnMgYw==\r\n\r\n");
    message.header_count = 4;
    message.header[0] = (struct api_pair){TEXT("user-agent"), TEXT("mine")};
    message.header[1] = (struct api_pair){TEXT("Accept-Encoding"), TEXT("identity")};
    message.header[2] = (struct api_pair){TEXT("Authorization"), TEXT("Bearer x")};
    message.header[3] = (struct api_pair){TEXT("Empty"), TEXT("")};
    ask_for("/", &message,
            "GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nuser-agent: mine\r\n"
            "Accept-Encoding: identity\r\nAuthorization: Bearer x\r\nEmpty: \r\n\r\n");
    message.header_count = 0;
    message.method = TEXT("POST");
    ask_for("@", &message,
            "POST /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nUser-Agent: test/1\r\n"
            "Accept-Encoding: gzip\r\nContent-Length: 0\r\n\r\n");
    message.body = TEXT("{\"a\": 1}");
    ask_for("@", &message,
            "POST /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nUser-Agent: test/1\r\n"
            "Accept-Encoding: gzip\r\nContent-Length: 8\r\n\r\n{\"a\": 1}");
}
END_TEST

static void serve_slow_reader(struct peer *peer, int fd, uint32_t turn)
{
    (void)turn;
    peer_sleep_ms(100); /* so that the kernel's buffers fill up */
    while (peer_read(peer, fd, NULL, 0))
        peer_write(fd, answer);
}

START_TEST(test_large_upload)
{
    const uint32_t size = 24u << 20;
    g_autofree char *body = g_malloc(size);
    struct peer *peer = peer_start(PEER_IPV4, serve_slow_reader);

    memset(body, 'x', size);
    customer_open(&customer, peer_url(peer), NULL);
    customer.message.method = TEXT("PUT");
    customer.message.body = (struct api_text){body, size};
    customer_ask(&customer, 0);
    customer_ask(&customer, 1);
    customer_run(&customer, 2);
    customer_assert_fine(&customer, 0);
    customer_assert_fine(&customer, 1);
    ck_assert_uint_gt(pool_counts(customer.pool)->bytes_out, 2ul * size);
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

static void serve_three_and_say_so(struct peer *peer, int fd, uint32_t turn)
{
    (void)turn;
    serve_three(peer, fd, true);
}

/* As nginx after keepalive_requests: what stands behind the last answer is sent again in its old
 * order, as often as it takes, since each time the service said that it stops there. */
START_TEST(test_pipeline_closed_often)
{
    struct pool_options options = customer_options();
    struct peer *peer = peer_start(PEER_IPV4, serve_three_and_say_so);

    options.pipeline = 12;
    options.links_max = 1;
    customer_open(&customer, peer_url(peer), &options);
    for (uint32_t i = 0; i < 40; i++)
        customer_ask(&customer, i);
    customer_run(&customer, 40);
    for (uint32_t i = 0; i < 40; i++) {
        customer_assert_fine(&customer, i);
        ck_assert_uint_eq(customer.end[i].order, i + 1);
    }
    customer_close(&customer);
    peer_stop(peer);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_keeps_alive,
                                  test_closed_after_each,
                                  test_limit_and_order,
                                  test_shed,
                                  test_idle,
                                  test_keep_alive_timeout,
                                  test_idle_is_not_used,
                                  test_refused_render,
                                  test_unix_socket,
                                  test_ipv6,
                                  test_second_address,
                                  test_pipeline,
                                  test_pipeline_closed,
                                  test_pipeline_closed_often,
                                  test_requests,
                                  test_large_upload};
    Suite *suite = suite_create("pool");
    TCase *tcase = tcase_create("pool");

    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        tcase_add_test(tcase, tests[i]);
    tcase_add_checked_fixture(tcase, folder_enter, folder_leave);
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
