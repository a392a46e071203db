/* The server of pages: routes, what it refuses, listeners that come, sleep, go and never read.
 */
#include <stdlib.h>

#include "shell/diagnostic.h"
#include "shell/serve.h"
#include "shell/web.h"

static struct {
    GMutex lock;
    uint32_t stops;
} state;

static void answer_page(void *user, struct serve_reply *reply)
{
    reply->type = "text/html; charset=utf-8";
    reply->body = g_strdup_printf("<p>%s</p>", (const char *)user);
}

static void answer_stop(void *user, struct serve_reply *reply)
{
    (void)user;
    g_mutex_lock(&state.lock);
    state.stops++;
    g_mutex_unlock(&state.lock);
    reply->status = 202;
}

static char *greet(void *user)
{
    (void)user;
    return serve_event("hello", "you");
}

static Serve *start(const char *address, GError **ret_error)
{
    static const struct serve_route routes[] = {{"GET", "/", answer_page},
                                                {"POST", "/stop", answer_stop},
                                                {"GET", "/events", NULL},
                                                {NULL, NULL, NULL}};
    const struct serve_options options = {.address = address,
                                          .routes = routes,
                                          .user = (char *)"me",
                                          .greet = greet};

    return serve_start(&options, ret_error);
}

static void check_ask(Serve *serve, const char *method, const char *path, const char *lines,
                      int status, const char *part)
{
    g_autofree char *answer = web_ask(serve_url(serve), method, path, lines);

    ck_assert_msg(web_status(answer) == status && strstr(answer, part) != NULL,
                  "%s %s: expected %d with '%s', found %s", method, path, status, part, answer);
}

START_TEST(test_routes)
{
    g_autoptr(Serve) serve = start("0", NULL);
    g_autofree char *good = g_strdup_printf("X-Omosim-Token: %s\r\n", serve_token(serve));
    g_autofree char *bad = g_strdup_printf("X-Omosim-Token: %.31s!\r\n", serve_token(serve));

    ck_assert(g_str_has_prefix(serve_url(serve), "http://127.0.0.1:"));
    check_ask(serve, "GET", "/", "", 200, "<p>me</p>");
    check_ask(serve, "GET", "/", "", 200, "text/html");
    check_ask(serve, "GET", "/?x=1", "", 200, "<p>me</p>");
    check_ask(serve, "HEAD", "/", "", 200, "text/html");
    check_ask(serve, "GET", "/none", "", 404, "no such page");
    check_ask(serve, "GET", "/../etc/passwd", "", 404, "");
    check_ask(serve, "PUT", "/", "", 405, "");
    check_ask(serve, "GET", "/stop", good, 405, "");
    check_ask(serve, "POST", "/stop", "", 403, "token");
    check_ask(serve, "POST", "/stop", bad, 403, "token");
    check_ask(serve, "POST", "/stop", "X-Omosim-Token:\r\n", 403, "token");
    ck_assert_uint_eq(state.stops, 0);
    check_ask(serve, "POST", "/stop", good, 202, "");
    ck_assert_uint_eq(state.stops, 1);
}
END_TEST

/* A name that was made to lead here can't speak to us. */
START_TEST(test_host)
{
    g_autoptr(Serve) serve = start(":0", NULL), named = start("localhost:0", NULL);

    check_ask(serve, "GET", "/", "Host: localhost:1234\r\n", 200, "");
    check_ask(serve, "GET", "/", "Host: 127.0.0.1\r\n", 200, "");
    check_ask(serve, "GET", "/", "Host: [::1]:80\r\n", 200, "");
    check_ask(serve, "GET", "/", "Host: evil.example\r\n", 403, "");
    check_ask(serve, "GET", "/", "Host: evil.example:80\r\n", 403, "");
    check_ask(serve, "GET", "/", "Host: localhost.evil.example\r\n", 403, "");
    ck_assert(g_str_has_prefix(serve_url(named), "http://localhost:"));
}
END_TEST

START_TEST(test_address)
{
    static const char *const bad[] = {"", "x", "1:2:3", "127.0.0.1:", "70000", "-1", "::1:80"};
    g_autoptr(Serve) serve = start("0", NULL), second = NULL;
    g_autoptr(GError) taken = NULL, foreign = NULL;
    const char *port = strrchr(serve_url(serve), ':') + 1;
    g_autofree char *same = g_strndup(port, strcspn(port, "/"));

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        ck_assert_msg(start(bad[i], &error) == NULL, "'%s' is taken for an address", bad[i]);
        ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE));
    }
    ck_assert_ptr_null(start(same, &taken));
    ck_assert_int_eq(diagnostic_exit_status(taken), 3);
    ck_assert_ptr_nonnull(strstr(taken->message, "in use"));
    ck_assert_ptr_null(start("192.0.2.1:0", &foreign)); /* RFC 5737: nobody's */
    ck_assert_int_eq(diagnostic_exit_status(foreign), 3);
    second = start("[::1]:0", NULL); /* where there is IPv6 */
    if (second != NULL)
        ck_assert(g_str_has_prefix(serve_url(second), "http://[::1]:"));
}
END_TEST

static int listen_to(Serve *serve, uint32_t count)
{
    int fd = web_connect(serve_url(serve));
    g_autofree char *head = NULL;

    web_send(fd, "GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    head = web_read(fd, "data: you\n\n");
    ck_assert_ptr_nonnull(strstr(head, "text/event-stream"));
    ck_assert_ptr_nonnull(strstr(head, "event: hello"));
    ck_assert_uint_eq(serve_listener_count(serve), count);
    return fd;
}

START_TEST(test_events)
{
    Serve *serve = start("0", NULL);
    int one = listen_to(serve, 1), two = listen_to(serve, 2);

    for (int i = 0; i < 50; i++) {
        g_autofree char *data = g_strdup_printf("{\"n\":%d}", i);
        g_autofree char *part = g_strdup_printf("event: state\ndata: %s\n\n", data);
        serve_send(serve, "state", data);
        g_autofree char *first = web_read(one, part), *second = web_read(two, part);
        ck_assert_ptr_nonnull(strstr(first, part));
        ck_assert_ptr_nonnull(strstr(second, part));
    }
    close(two);
    for (int i = 0; i < 500 && serve_listener_count(serve) > 1; i++) {
        serve_send(serve, "state", "{}"); /* it is found out when it is written to */
        g_usleep(10000);
    }
    ck_assert_uint_eq(serve_listener_count(serve), 1);
    serve_send(serve, "end", "last words");
    serve_free(serve);
    {
        g_autofree char *rest = web_read(one, NULL); /* up to the end of the stream */
        ck_assert_ptr_nonnull(strstr(rest, "event: end\ndata: last words\n\n"));
    }
    close(one);
}
END_TEST

/* Who never reads gets little, costs little, and holds up nobody. */
START_TEST(test_slow_listener)
{
    Serve *serve = start("0", NULL);
    g_autofree char *data = g_strnfill(4000, 'x');
    int deaf = listen_to(serve, 1), good = listen_to(serve, 2);
    int64_t began_us = g_get_monotonic_time();
    g_autofree char *last = NULL;

    for (int i = 0; i < 20000; i++) /* 80 MB */
        serve_send(serve, "state", data);
    ck_assert_int_lt(g_get_monotonic_time() - began_us, 20000000);
    for (int i = 0; i < 200; i++) { /* it reads, so there is room for the last one again */
        char piece[65536];
        if (recv(good, piece, sizeof piece, MSG_DONTWAIT) <= 0)
            g_usleep(5000);
    }
    serve_send(serve, "state", "the last");
    last = web_read(good, "data: the last\n\n");
    ck_assert_ptr_nonnull(strstr(last, "data: the last\n\n"));
    began_us = g_get_monotonic_time();
    serve_free(serve); /* does not wait for the deaf one for long */
    ck_assert_int_lt(g_get_monotonic_time() - began_us, 20000000);
    close(deaf);
    close(good);
}
END_TEST

START_TEST(test_bounded)
{
    g_autoptr(Serve) serve = start("0", NULL);
    int fds[SERVE_LISTENERS_MAX];

    for (uint32_t i = 0; i < SERVE_LISTENERS_MAX; i++)
        fds[i] = listen_to(serve, i + 1);
    check_ask(serve, "GET", "/events", "", 503, "too many");
    check_ask(serve, "GET", "/", "", 200, "<p>me</p>");
    for (uint32_t i = 0; i < SERVE_LISTENERS_MAX; i++)
        close(fds[i]);
}
END_TEST

/* Nonsense and huge heads are refused and leave the server well. */
START_TEST(test_nonsense)
{
    g_autoptr(Serve) serve = start("0", NULL);
    g_autofree char *many = g_strnfill(200000, 'a');
    int fd = web_connect(serve_url(serve));

    web_send(fd, "\x16\x03\x01 this is not HTTP\r\n\r\n");
    g_free(web_read(fd, NULL));
    close(fd);
    fd = web_connect(serve_url(serve));
    web_send(fd, "GET /");
    send(fd, many, strlen(many), MSG_NOSIGNAL);
    close(fd);
    check_ask(serve, "GET", "/", "", 200, "<p>me</p>");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("serve");
    TCase *tests = tcase_create("serve");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, test_routes);
    tcase_add_test(tests, test_host);
    tcase_add_test(tests, test_address);
    tcase_add_test(tests, test_events);
    tcase_add_test(tests, test_slow_listener);
    tcase_add_test(tests, test_bounded);
    tcase_add_test(tests, test_nonsense);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
