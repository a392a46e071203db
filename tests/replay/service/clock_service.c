/* clock_service: an HTTP server that notes when each request reached it and when it was answered.
 *
 *     clock_service [--spin] [--freeze-at S --freeze-for S] [--log FILE] [--body BYTES] [--for S]
 *
 * It is the other clock of a load test: what a generator says of itself is held against what the
 * server saw. One thread, epoll; with --spin it polls without sleeping, so that its own waking up is
 * not taken for the generator's lateness. A freeze is counted from the first request: the server
 * then reads nothing for that long, as a process that is stopped, and answers what has come
 * meanwhile. Requests have no body; each ends with an empty line, several may come at once.
 *
 * It prints "listening on http://127.0.0.1:PORT", ends on SIGTERM, SIGINT or after --for seconds,
 * and then writes its log: int64 pairs of CLOCK_MONOTONIC nanoseconds, arrival and answer, in the
 * order of arrival.
 */
#define _GNU_SOURCE /* accept4 */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS_MAX 65536
#define ENTRIES_MAX (UINT64_C(1) << 24)
#define ANSWER_MAX 65536

struct service {
    int listener, epoll;
    bool spin;
    double freeze_at_s, freeze_for_s, for_s;
    const char *log;
    char answer[ANSWER_MAX];
    size_t answer_size;
    int64_t (*entry)[2]; /* arrival, answer */
    uint64_t count;
    int64_t first_ns;
    bool frozen_once;
    uint8_t matched[CLIENTS_MAX]; /* how much of the empty line a descriptor's bytes end with */
};

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
    (void)number;
    stopped = 1;
}

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int fail(const char *what)
{
    perror(what);
    return 3;
}

static int service_listen(struct service *s)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    struct epoll_event event = {.events = EPOLLIN};

    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    s->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (s->listener < 0 || s->epoll < 0)
        return fail("socket");
    event.data.fd = s->listener;
    if (bind(s->listener, (struct sockaddr *)&address, size) != 0 ||
        listen(s->listener, 4096) != 0 ||
        getsockname(s->listener, (struct sockaddr *)&address, &size) != 0 ||
        epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->listener, &event) != 0)
        return fail("listen");
    printf("listening on http://127.0.0.1:%u\n", ntohs(address.sin_port));
    fflush(stdout);
    return 0;
}

static void service_accept(struct service *s)
{
    const int on = 1;
    int fd;

    while ((fd = accept4(s->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

        if (fd >= CLIENTS_MAX) {
            close(fd);
            continue;
        }
        s->matched[fd] = 0;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &event);
    }
}

/* Requests that end in these bytes. */
static uint32_t service_count(struct service *s, int fd, const char *bytes, size_t size)
{
    static const char end[4] = {'\r', '\n', '\r', '\n'};
    uint32_t requests = 0;
    uint8_t matched = s->matched[fd];

    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == end[matched])
            matched++;
        else
            matched = bytes[i] == '\r' ? 1 : 0;
        if (matched == 4) {
            requests++;
            matched = 0;
        }
    }
    s->matched[fd] = matched;
    return requests;
}

static void service_answer(struct service *s, int fd, uint32_t requests, int64_t arrived_ns)
{
    for (uint32_t i = 0; i < requests; i++) {
        size_t sent = 0;

        while (sent < s->answer_size) {
            const ssize_t n = send(fd, s->answer + sent, s->answer_size - sent, MSG_NOSIGNAL);
            if (n < 0 && errno != EAGAIN && errno != EINTR)
                return;
            sent += n > 0 ? (size_t)n : 0;
        }
        if (s->count < ENTRIES_MAX) {
            s->entry[s->count][0] = arrived_ns;
            s->entry[s->count++][1] = now_ns();
        }
    }
}

static void service_freeze(struct service *s)
{
    const int64_t at_ns = s->first_ns + (int64_t)(s->freeze_at_s * 1e9);
    const int64_t end_ns = at_ns + (int64_t)(s->freeze_for_s * 1e9);
    const struct timespec until = {end_ns / 1000000000, end_ns % 1000000000};

    if (s->freeze_for_s <= 0.0 || s->frozen_once || s->first_ns == 0 || now_ns() < at_ns)
        return;
    s->frozen_once = true;
    while (!stopped && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {
    }
}

static void service_read(struct service *s, int fd)
{
    char bytes[65536];
    const ssize_t size = recv(fd, bytes, sizeof bytes, 0);

    if (size <= 0) {
        if (size == 0 || (errno != EAGAIN && errno != EINTR))
            close(fd);
        return;
    }
    const int64_t arrived_ns = now_ns();
    if (s->first_ns == 0)
        s->first_ns = arrived_ns;
    service_answer(s, fd, service_count(s, fd, bytes, (size_t)size), arrived_ns);
}

static void service_run(struct service *s)
{
    const int64_t end_ns = s->for_s > 0.0 ? now_ns() + (int64_t)(s->for_s * 1e9) : INT64_MAX;
    struct epoll_event events[256];

    while (!stopped && now_ns() < end_ns) {
        service_freeze(s);
        const int count = epoll_wait(s->epoll, events, 256, s->spin ? 0 : 10);
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd == s->listener)
                service_accept(s);
            else
                service_read(s, events[i].data.fd);
        }
    }
}

static int service_write_log(const struct service *s)
{
    FILE *file = s->log != NULL ? fopen(s->log, "wb") : NULL;

    if (s->log == NULL)
        return 0;
    if (file == NULL || fwrite(s->entry, sizeof *s->entry, s->count, file) != s->count ||
        fclose(file) != 0)
        return fail(s->log);
    return 0;
}

static bool service_options(struct service *s, int argc, char **argv, size_t *ret_body_size)
{
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;

        if (strcmp(argv[i], "--spin") == 0) {
            s->spin = true;
            continue;
        }
        if (value == NULL)
            return false;
        if (strcmp(argv[i], "--freeze-at") == 0)
            s->freeze_at_s = atof(value);
        else if (strcmp(argv[i], "--freeze-for") == 0)
            s->freeze_for_s = atof(value);
        else if (strcmp(argv[i], "--for") == 0)
            s->for_s = atof(value);
        else if (strcmp(argv[i], "--log") == 0)
            s->log = value;
        else if (strcmp(argv[i], "--body") == 0)
            *ret_body_size = (size_t)atol(value);
        else
            return false;
        i++;
    }
    return *ret_body_size <= ANSWER_MAX / 2;
}

int main(int argc, char **argv)
{
    static struct service s;
    const struct sigaction action = {.sa_handler = on_signal};
    size_t body_size = 2;

    if (!service_options(&s, argc, argv, &body_size)) {
        fputs("usage: clock_service [--spin] [--freeze-at S --freeze-for S] [--log FILE]"
              " [--body BYTES] [--for S]\n",
              stderr);
        return 2;
    }
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    s.entry = calloc(ENTRIES_MAX, sizeof *s.entry);
    if (s.entry == NULL)
        return fail("log");
    s.answer_size = (size_t)
        snprintf(s.answer, sizeof s.answer,
                 "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n",
                 body_size);
    memset(s.answer + s.answer_size, 'x', body_size);
    s.answer_size += body_size;

    const int status = service_listen(&s);
    if (status != 0)
        return status;
    service_run(&s);
    return service_write_log(&s);
}
