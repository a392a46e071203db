/* Connections: how many, and for how long they take to say what they want.
 *
 * The library closes a connection on which nothing moves. A client that sends a byte now and then
 * keeps it open for ever ("slow loris"), so a thread of our own looks at all connections once a
 * second: between the end of one answer and the end of the next request there may be one idle time,
 * at whose end the library closes, and as much again for sending. Who takes longer gets 408 and is
 * shut down; the library then finds the end of the stream and closes it as any other. The list's
 * lock is taken by the library's callback before the socket is closed, so a number is never shut
 * down that belongs to a newer connection.
 *
 * A connection above the limit is closed when it is accepted: the limit that the library has itself
 * would leave it waiting unheard.
 */
#include "shell/service_private.h"

#include <string.h>
#include <sys/socket.h>

enum MHD_Result service_watch_accept(void *user, const struct sockaddr *address, socklen_t size)
{
    const struct service_thread *thread = user;
    const Service *service = thread->service;

    (void)address;
    (void)size;
    return service->connection_count < service->options.connections_max ? MHD_YES : MHD_NO;
}

void service_watch_notify(void *user, struct MHD_Connection *connection, void **socket,
                          enum MHD_ConnectionNotificationCode code)
{
    struct service_thread *thread = user;
    struct service_connection *c = *socket;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        c = g_new0(struct service_connection, 1);
        c->link.data = c;
        c->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        c->reading_us = g_get_monotonic_time();
        *socket = c;
        thread->service->connection_count++;
        g_mutex_lock(&thread->lock);
        g_queue_push_tail_link(&thread->connections, &c->link);
        g_mutex_unlock(&thread->lock);
    } else if (c != NULL) {
        g_mutex_lock(&thread->lock);
        g_queue_unlink(&thread->connections, &c->link);
        g_mutex_unlock(&thread->lock);
        thread->service->connection_count--;
        *socket = NULL;
        g_free(c);
    }
}

struct service_connection *service_watch_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

/* Says 408 as far as the socket takes it, and ends the stream. */
static void watch_end(const Service *service, const struct service_connection *c)
{
    g_autofree char *body = service->options.problem(service->options.user, 408);
    g_autofree char *answer =
        g_strdup_printf("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n"
                        "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
                        service->options.problem_type, strlen(body), body);

    (void)!send(c->fd, answer, strlen(answer), MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(c->fd, SHUT_RDWR);
}

static void watch_thread(struct service_thread *thread, int64_t before_us)
{
    g_mutex_lock(&thread->lock);
    for (GList *link = thread->connections.head; link != NULL; link = link->next) {
        struct service_connection *c = link->data;
        const int64_t reading_us = c->reading_us;
        if (reading_us != 0 && reading_us < before_us)
            watch_end(thread->service, c);
    }
    g_mutex_unlock(&thread->lock);
}

static void *watch_run(void *user)
{
    Service *service = user;
    const int64_t patience_us = 2 * (int64_t)service->options.idle_s * G_USEC_PER_SEC;

    g_mutex_lock(&service->watch_lock);
    while (!service->watch_end) {
        const int64_t now_us = g_get_monotonic_time();
        for (uint32_t i = 0; i < service->started_count; i++)
            watch_thread(&service->thread[i], now_us - patience_us);
        g_cond_wait_until(&service->watch_wake, &service->watch_lock, now_us + G_USEC_PER_SEC);
    }
    g_mutex_unlock(&service->watch_lock);
    return NULL;
}

void service_watch_start(Service *service)
{
    service->watch = g_thread_new("watch", watch_run, service);
}

void service_watch_stop(Service *service)
{
    if (service->watch == NULL)
        return;
    g_mutex_lock(&service->watch_lock);
    service->watch_end = true;
    g_cond_signal(&service->watch_wake);
    g_mutex_unlock(&service->watch_lock);
    g_thread_join(g_steal_pointer(&service->watch));
}
