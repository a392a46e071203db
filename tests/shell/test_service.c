/* The service of several threads: answers at once and later, what it refuses, connections that are
 * slow, silent or too many, and its end.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "shell/diagnostic.h"
#include "shell/service.h"
#include "shell/web.h"

#define LATE_MAX 4096

/* Requests to /late are answered by a thread of the test. */
static struct {
    GMutex lock;
    GCond wake;
    ServiceRequest *late[LATE_MAX];
    uint32_t late_count;
    bool end, held; /* held: keep them until it is false */
    uint32_t handled;
    _Atomic(ServiceRequest *) raced; /* to /race: answered by a thread that spins for it */
    _Atomic bool race_ends;
} state;

static void hold(bool held)
{
    g_mutex_lock(&state.lock);
    state.held = held;
    g_cond_signal(&state.wake);
    g_mutex_unlock(&state.lock);
}

static void answer_text(ServiceRequest *request, uint32_t status, char *text)
{
    struct service_answer answer = {.status = status,
                                    .type = "text/plain",
                                    .body = text,
                                    .body_size = strlen(text),
                                    .header = {{"X-Test", "yes"}}};

    service_answer(request, &answer);
}

static void *late_run(void *user)
{
    (void)user;
    g_mutex_lock(&state.lock);
    while (!state.end || state.late_count > 0) {
        if (state.late_count == 0 || state.held) {
            g_cond_wait(&state.wake, &state.lock);
            continue;
        }
        ServiceRequest *request = state.late[--state.late_count];
        g_mutex_unlock(&state.lock);
        answer_text(request, 200, g_strdup("late"));
        g_mutex_lock(&state.lock);
    }
    g_mutex_unlock(&state.lock);
    return NULL;
}

static void handle(void *user, uint32_t thread, ServiceRequest *request)
{
    const struct service_text body = service_body(request);
    const char *path = service_path(request);

    (void)user;
    ck_assert_uint_lt(thread, 2);
    *service_slot(request) = user;
    g_mutex_lock(&state.lock);
    state.handled++;
    if (strcmp(path, "/race") == 0) {
        state.raced = request;
        g_mutex_unlock(&state.lock);
        return;
    }
    if (g_str_has_prefix(path, "/late")) {
        ck_assert_uint_lt(state.late_count, LATE_MAX);
        state.late[state.late_count++] = request;
        g_cond_signal(&state.wake);
        g_mutex_unlock(&state.lock);
        return;
    }
    g_mutex_unlock(&state.lock);
    if (strcmp(path, "/none") == 0)
        service_answer(request, &(struct service_answer){.status = 204});
    else
        answer_text(request, 200,
                    g_strdup_printf("%s %s q=%s h=%s %zu:%s", service_method(request), path,
                                    service_parameter(request, "q"), service_header(request, "X-H"),
                                    body.size, body.size < 100 ? body.text : ""));
}

static char *problem(void *user, uint32_t status)
{
    (void)user;
    return g_strdup_printf("{\"status\":%u}", status);
}

static Service *start(struct service_options options)
{
    GError *error = NULL;

    options.address = "0";
    options.threads = 2;
    options.handle = handle;
    options.problem = problem;
    options.problem_type = "application/problem+json";
    Service *service = service_start(&options, &error);
    ck_assert_msg(service != NULL, "%s", service == NULL ? error->message : "");
    return service;
}

static void check_ask(Service *service, const char *method, const char *path, const char *lines,
                      int status, const char *part)
{
    g_autofree char *answer = web_ask(service_url(service), method, path, lines);

    ck_assert_msg(web_status(answer) == status && strstr(answer, part) != NULL,
                  "%s %s: expected %d with '%s', found %s", method, path, status, part, answer);
}

/* One answer of a connection that stays open. Caller frees. */
static char *read_answer(int fd, const char *until) { return web_read(fd, until); }

START_TEST(test_parts)
{
    g_autoptr(Service) service = start((struct service_options){0});
    int fd = web_connect(service_url(service));

    check_ask(service, "GET", "/a%2Fb/c?q=x%20y+z&r", "X-H: v\r\n", 200,
              "GET /a%2Fb/c q=x y z h=v 0:");
    check_ask(service, "GET", "/a?q=%zz", "", 200, "q=%zz");
    check_ask(service, "GET", "/a?q", "", 200, "q= h");
    check_ask(service, "GET", "/a", "", 200, "q=(null)");
    check_ask(service, "DELETE", "/a", "", 200, "DELETE /a");
    check_ask(service, "HEAD", "/a", "", 200, "X-Test: yes");
    check_ask(service, "GET", "/none", "", 204, "Date");
    web_send(fd, "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");
    g_usleep(50000); /* in two pieces */
    web_send(fd, "cdePOST /q HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nGET /late HTTP/1.1\r\nHost: x\r\n\r\n");
    g_autofree char *answers = read_answer(fd, "late");
    ck_assert_ptr_nonnull(strstr(answers, "POST /p q=(null) h=(null) 5:abcde"));
    ck_assert_ptr_nonnull(strstr(answers, "POST /q q=(null) h=(null) 5:abcde"));
    ck_assert_ptr_nonnull(strstr(answers, "late"));
    close(fd);
}
END_TEST

/* Many wait at once for another thread; they are all answered, and others are served meanwhile. */
START_TEST(test_late)
{
    enum { COUNT = 200, ROUNDS = 5 };
    g_autoptr(Service) service = start((struct service_options){0});
    int fds[COUNT];

    for (int i = 0; i < COUNT; i++)
        fds[i] = web_connect(service_url(service));
    for (int round = 0; round < ROUNDS; round++) {
        hold(round % 2 == 0);
        for (int i = 0; i < COUNT; i++)
            web_send(fds[i], "GET /late HTTP/1.1\r\nHost: x\r\n\r\n");
        check_ask(service, "GET", "/now", "", 200, "GET /now");
        hold(false);
        for (int i = 0; i < COUNT; i++) {
            g_autofree char *answer = read_answer(fds[i], "late");
            ck_assert_int_eq(web_status(answer), 200);
        }
    }
    for (int i = 0; i < COUNT; i++)
        close(fds[i]);
}
END_TEST

static void *race_run(void *user)
{
    (void)user;
    for (uint32_t round = 0; !state.race_ends; round++) {
        ServiceRequest *request = atomic_exchange(&state.raced, NULL);
        if (request == NULL)
            continue;
        for (volatile uint32_t spin = round % 4096; spin > 0; spin--)
            continue;
        answer_text(request, 200, g_strdup("raced"));
    }
    return NULL;
}

/* An answer that comes just as its connection goes to sleep is sent at once, though nothing else
 * happens that would wake the thread: not once the second that it sleeps for. */
START_TEST(test_race)
{
    enum { ROUNDS = 5000 };
    g_autoptr(Service) service = start((struct service_options){0});
    GThread *racer = g_thread_new("race", race_run, NULL);
    const int fd = web_connect(service_url(service));
    uint32_t stalled = 0;

    for (int i = 0; i < ROUNDS && stalled < 3; i++) {
        const int64_t began_us = g_get_monotonic_time();
        web_send(fd, "GET /race HTTP/1.1\r\nHost: x\r\n\r\n");
        g_autofree char *answer = read_answer(fd, "raced");
        ck_assert_int_eq(web_status(answer), 200);
        stalled += g_get_monotonic_time() - began_us > 900000;
    }
    ck_assert_uint_lt(stalled, 3);
    close(fd);
    state.race_ends = true;
    g_thread_join(racer);
}
END_TEST

/* A client that goes away while it waits takes nothing with it. */
START_TEST(test_gone)
{
    g_autoptr(Service) service = start((struct service_options){0});

    hold(true);
    for (int i = 0; i < 50; i++) {
        int fd = web_connect(service_url(service));
        web_send(fd, "GET /late HTTP/1.1\r\nHost: x\r\n\r\n");
        close(fd);
    }
    check_ask(service, "GET", "/now", "", 200, "GET /now");
    hold(false);
    check_ask(service, "GET", "/late", "", 200, "late");
}
END_TEST

START_TEST(test_large)
{
    g_autoptr(Service) service = start((struct service_options){.body_max = 1000});
    g_autofree char *body = g_strnfill(10 << 20, 'x');
    g_autofree char *head =
        g_strdup_printf("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", 10 << 20);
    g_autofree char *fits = g_strnfill(1000, 'y');
    int fd = web_connect(service_url(service));

    web_send(fd, head);
    for (size_t sent = 0; sent < 10 << 20;) { /* all of it is taken, and the answer is read */
        ssize_t size = send(fd, body + sent, (10 << 20) - sent, MSG_NOSIGNAL);
        ck_assert_int_gt(size, 0);
        sent += (size_t)size;
    }
    g_autofree char *answer = read_answer(fd, "{\"status\":413}");
    ck_assert_int_eq(web_status(answer), 413);
    web_send(fd, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
    web_send(fd, fits);
    g_autofree char *good = read_answer(fd, "1000:"); /* the connection lives */
    ck_assert_int_eq(web_status(good), 200);
    close(fd);
    fd = web_connect(service_url(service)); /* who asks first is told first */
    web_send(fd,
             "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\nExpect: 100-continue\r\n\r\n");
    g_autofree char *early = read_answer(fd, "{\"status\":413}");
    ck_assert_int_eq(web_status(early), 413);
    close(fd);
    check_ask(service, "GET", "/now", "", 200, "GET /now");
}
END_TEST

/* A byte now and then, or none at all: closed after a while. */
START_TEST(test_slow)
{
    g_autoptr(Service) service = start((struct service_options){.idle_s = 1});
    int silent = web_connect(service_url(service)), slow = web_connect(service_url(service));
    const int64_t began_us = g_get_monotonic_time();
    g_autoptr(GString) rest = g_string_new(NULL);
    char piece[1000];
    ssize_t size = -1;

    web_send(slow, "GET / HTTP/1.1\r\nX-Slow: ");
    while (g_get_monotonic_time() - began_us < 30 * G_USEC_PER_SEC && size != 0) {
        (void)!send(slow, "a", 1, MSG_NOSIGNAL);
        g_usleep(200000);
        size = recv(slow, piece, sizeof piece, MSG_DONTWAIT);
        if (size > 0)
            g_string_append_len(rest, piece, size);
        else if (size < 0 && errno == ECONNRESET)
            size = 0;
    }
    ck_assert_int_eq(size, 0);
    ck_assert_msg(rest->len == 0 || web_status(rest->str) == 408, "%s", rest->str);
    g_autofree char *nothing = web_read(silent, NULL);
    ck_assert_msg(*nothing == '\0' || web_status(nothing) == 408, "%s", nothing);
    ck_assert_int_lt(g_get_monotonic_time() - began_us, 30 * G_USEC_PER_SEC);
    close(silent);
    close(slow);
    check_ask(service, "GET", "/now", "", 200, "GET /now");
}
END_TEST

START_TEST(test_too_many)
{
    enum { MAX = 20 };
    g_autoptr(Service) service = start((struct service_options){.connections_max = MAX});
    int fds[MAX];

    for (int i = 0; i < MAX; i++) {
        fds[i] = web_connect(service_url(service));
        web_send(fds[i], "GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
        g_free(read_answer(fds[i], "GET /now"));
    }
    for (int i = 0; i < 5; i++) { /* closed at once, not left waiting */
        int fd = web_connect(service_url(service));
        (void)!send(fd, "GET / HTTP/1.1\r\n\r\n", 18, MSG_NOSIGNAL);
        g_autofree char *nothing = web_read(fd, NULL);
        ck_assert_str_eq(nothing, "");
        close(fd);
    }
    web_send(fds[0], "GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
    g_free(read_answer(fds[0], "GET /now"));
    close(fds[1]);
    for (int i = 0; i < 500; i++) { /* room again, once the end has been noticed */
        int fd = web_connect(service_url(service));
        (void)!send(fd, "GET /now HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 49,
                    MSG_NOSIGNAL);
        g_autofree char *answer = web_read(fd, NULL);
        close(fd);
        if (web_status(answer) == 200)
            break;
        ck_assert_int_lt(i, 499);
        g_usleep(10000);
    }
    for (int i = 0; i < MAX; i++)
        if (i != 1)
            close(fds[i]);
}
END_TEST

START_TEST(test_nonsense)
{
    static const char *const nonsense[] = {
        "\x16\x03\x01 this is not HTTP\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET /\r\nHost\r\n\r\n",
    };
    g_autoptr(Service) service = start((struct service_options){.idle_s = 2});
    g_autofree char *many = g_strnfill(200000, 'a');
    int fd;

    for (size_t i = 0; i < G_N_ELEMENTS(nonsense); i++) {
        fd = web_connect(service_url(service));
        web_send(fd, nonsense[i]);
        g_autofree char *answer = web_read(fd, NULL);
        ck_assert_msg(*answer == '\0' || web_status(answer) >= 400, "%zu: %s", i, answer);
        close(fd);
    }
    fd = web_connect(service_url(service));
    web_send(fd, "GET / HTTP/1.1\r\nX: ");
    (void)!send(fd, many, strlen(many), MSG_NOSIGNAL);
    close(fd);
    check_ask(service, "GET", "/now", "", 200, "GET /now");
}
END_TEST

/* Who waits is answered before the end; what comes after is told so. */
START_TEST(test_stop)
{
    Service *service = start((struct service_options){0});
    g_autofree char *url = g_strdup(service_url(service));
    int waiting = web_connect(url), idle = web_connect(url);

    hold(true);
    web_send(waiting, "GET /late HTTP/1.1\r\nHost: x\r\n\r\n");
    while (true) {
        g_mutex_lock(&state.lock);
        const bool there = state.late_count == 1;
        g_mutex_unlock(&state.lock);
        if (there)
            break;
        g_usleep(1000);
    }
    hold(false);
    service_stop(service, 5);
    g_autofree char *answer = web_read(waiting, NULL);
    ck_assert_int_eq(web_status(answer), 200);
    g_autofree char *nothing = web_read(idle, NULL);
    ck_assert_str_eq(nothing, "");
    close(waiting);
    close(idle);
    service_free(service);
}
END_TEST

START_TEST(test_address)
{
    g_autoptr(Service) service = start((struct service_options){0});
    g_autoptr(GError) bad = NULL, taken = NULL;
    struct service_options options = {.address = "x",
                                      .threads = 1,
                                      .handle = handle,
                                      .problem = problem};

    ck_assert(g_str_has_prefix(service_url(service), "http://127.0.0.1:"));
    ck_assert_ptr_null(service_start(&options, &bad));
    ck_assert_int_eq(diagnostic_exit_status(bad), 2);
    options.address = service_url(service) + strlen("http://");
    ck_assert_ptr_null(service_start(&options, &taken));
    ck_assert_int_eq(diagnostic_exit_status(taken), 3);
}
END_TEST

static GThread *late_thread;

static void begin(void)
{
    state.end = state.held = false;
    state.race_ends = false;
    state.raced = NULL;
    state.late_count = 0;
    late_thread = g_thread_new("late", late_run, NULL);
}

static void end(void)
{
    g_mutex_lock(&state.lock);
    state.end = true;
    g_cond_signal(&state.wake);
    g_mutex_unlock(&state.lock);
    g_thread_join(late_thread);
}

int main(void)
{
    Suite *suite = suite_create("service");
    TCase *tests = tcase_create("service");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, test_parts);
    tcase_add_test(tests, test_late);
    tcase_add_test(tests, test_race);
    tcase_add_test(tests, test_gone);
    tcase_add_test(tests, test_large);
    tcase_add_test(tests, test_slow);
    tcase_add_test(tests, test_too_many);
    tcase_add_test(tests, test_nonsense);
    tcase_add_test(tests, test_stop);
    tcase_add_test(tests, test_address);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
