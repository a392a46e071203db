/* A thread of the service: one daemon of the library, which this loop runs, and a list of requests
 * that other threads have answered.
 *
 * The library could run its own thread and be told of each answer (MHD_resume_connection() from
 * anywhere); that takes its lock and writes to a pipe for each of them. Here a thread that answers
 * a hundred requests at once puts them into the list and wakes the loop with the first: one lock,
 * one write to an eventfd, and the library is only ever called by its own thread.
 */
#include "shell/service_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define LOOP_MEMORY_SIZE 16384 /* of a connection: heads of request and answer */
#define LOOP_WAIT_MS 1000      /* at most, between two looks at what ends */

static size_t loop_keep(void *user, struct MHD_Connection *connection, char *text)
{
    (void)user;
    (void)connection;
    return strlen(text);
}

void service_loop_wake(struct service_thread *thread, ServiceRequest *request)
{
    static const uint64_t one = 1;
    bool was_empty;

    g_mutex_lock(&thread->answered_lock);
    was_empty = thread->answered == NULL;
    service_request_link(request, thread->answered);
    thread->answered = request;
    g_mutex_unlock(&thread->answered_lock);
    if (was_empty)
        (void)!write(thread->wake_fd, &one, sizeof one);
}

/* Lets the library call again for all that have been answered. */
static void loop_resume(struct service_thread *thread)
{
    ServiceRequest *request;
    uint64_t count;

    (void)!read(thread->wake_fd, &count, sizeof count);
    g_mutex_lock(&thread->answered_lock);
    request = g_steal_pointer(&thread->answered);
    g_mutex_unlock(&thread->answered_lock);
    while (request != NULL)
        request = service_request_resume(request);
}

static int loop_timeout_ms(const struct service_thread *thread)
{
    MHD_UNSIGNED_LONG_LONG ms;

    if (MHD_get_timeout(thread->daemon, &ms) == MHD_NO || ms > LOOP_WAIT_MS)
        return LOOP_WAIT_MS;
    return (int)ms;
}

static void *loop_run(void *user)
{
    struct service_thread *thread = user;
    struct epoll_event events[2];
    bool listening = true;

    while (!thread->end) {
        const int count = epoll_wait(thread->poll_fd, events, 2, loop_timeout_ms(thread));
        for (int i = 0; i < count; i++)
            if (events[i].data.fd == thread->wake_fd)
                loop_resume(thread);
        if (listening && thread->service->stopping) {
            const int fd = MHD_quiesce_daemon(thread->daemon);
            if (fd >= 0)
                close(fd);
            listening = false;
        }
        MHD_run(thread->daemon);
    }
    return NULL;
}

static bool loop_watch_fd(struct service_thread *thread, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

    return epoll_ctl(thread->poll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

bool service_loop_start(struct service_thread *thread, int fd)
{
    const struct service_options *options = &thread->service->options;
    const int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);

    thread->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    thread->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (own < 0 || thread->wake_fd < 0 || thread->poll_fd < 0)
        return false;
    thread->daemon =
        MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, service_watch_accept, thread,
                         service_request_take, thread, MHD_OPTION_LISTEN_SOCKET, own,
                         MHD_OPTION_CONNECTION_LIMIT,
                         (unsigned)options->connections_max + SERVICE_SPARE_FILES,
                         MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)options->idle_s,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LOOP_MEMORY_SIZE,
                         MHD_OPTION_NOTIFY_COMPLETED, service_request_end, thread,
                         MHD_OPTION_NOTIFY_CONNECTION, service_watch_notify, thread,
                         MHD_OPTION_UNESCAPE_CALLBACK, loop_keep, NULL, MHD_OPTION_END);
    if (thread->daemon == NULL) {
        close(own);
        return false;
    }
    if (!loop_watch_fd(thread, thread->wake_fd) ||
        !loop_watch_fd(thread,
                       MHD_get_daemon_info(thread->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd))
        return false;
    thread->thread = g_thread_new("service", loop_run, thread);
    return true;
}

void service_loop_kick(struct service_thread *thread)
{
    static const uint64_t one = 1;

    (void)!write(thread->wake_fd, &one, sizeof one);
}

void service_loop_stop(struct service_thread *thread)
{
    if (thread->thread != NULL) {
        thread->end = true;
        service_loop_kick(thread);
        g_thread_join(g_steal_pointer(&thread->thread));
    }
    if (thread->daemon != NULL) {
        loop_resume(thread); /* the library takes no end while somebody sleeps */
        MHD_run(thread->daemon);
        MHD_stop_daemon(g_steal_pointer(&thread->daemon));
    }
    if (thread->wake_fd >= 0)
        close(thread->wake_fd);
    if (thread->poll_fd >= 0)
        close(thread->poll_fd);
    thread->wake_fd = thread->poll_fd = -1;
}
