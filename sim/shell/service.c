/* One libmicrohttpd daemon for each thread, all on one listening socket: each has its own epoll set
 * and its own connections, and who wakes first accepts. (Its own thread pool would do the same, but
 * not tell a callback which thread it is in; the handler has a database connection for each.)
 *
 * Escapes of a path are left as they are: a decoded path can't be split, since %2F is no slash.
 */
#include "shell/service_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "shell/diagnostic.h"
#include "shell/serve_address.h"

#define SERVICE_MEMORY_SIZE 16384 /* of a connection: heads of request and answer */
#define SERVICE_SPARE_FILES 256   /* for all that is no connection */
#define SERVICE_STOP_STEP_US 2000

static size_t start_keep(void *user, struct MHD_Connection *connection, char *text)
{
    (void)user;
    (void)connection;
    return strlen(text);
}

/* As many files as connections need, or the other way round. */
static void start_limit(struct service_options *options)
{
    const rlim_t wanted = (rlim_t)options->connections_max + SERVICE_SPARE_FILES;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = MIN(wanted, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < wanted)
        options->connections_max =
            limit.rlim_cur > 2 * SERVICE_SPARE_FILES
                ? (uint32_t)limit.rlim_cur - SERVICE_SPARE_FILES
                : (uint32_t)MAX(limit.rlim_cur / 2, 1);
}

static gboolean start_thread(Service *service, struct service_thread *thread, int fd)
{
    const struct service_options *options = &service->options;
    const unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL |
                           MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
    const int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);

    if (own < 0)
        return FALSE;
    thread->daemon = MHD_start_daemon(
        flags, 0, service_watch_accept, thread, service_request_take, thread,
        MHD_OPTION_LISTEN_SOCKET, own, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)options->connections_max + SERVICE_SPARE_FILES, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)options->idle_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SERVICE_MEMORY_SIZE,
        MHD_OPTION_NOTIFY_COMPLETED, service_request_end, thread, MHD_OPTION_NOTIFY_CONNECTION,
        service_watch_notify, thread, MHD_OPTION_UNESCAPE_CALLBACK, start_keep, NULL,
        MHD_OPTION_END);
    if (thread->daemon == NULL)
        close(own);
    return thread->daemon != NULL;
}

Service *service_start(const struct service_options *options, GError **ret_error)
{
    g_autoptr(Service) service = g_new0(Service, 1);
    g_autofree char *host = NULL;
    uint16_t port;
    int fd;

    service->options = *options;
    if (service->options.connections_max == 0)
        service->options.connections_max = SERVICE_CONNECTIONS;
    if (service->options.body_max == 0)
        service->options.body_max = SERVICE_BODY;
    if (service->options.idle_s == 0)
        service->options.idle_s = SERVICE_IDLE_S;
    start_limit(&service->options);
    g_mutex_init(&service->watch_lock);
    g_cond_init(&service->watch_wake);
    fd = serve_address_listen(options->address, &host, &port, ret_error);
    if (fd < 0)
        return NULL;
    service->url = g_strdup_printf(
        strchr(host, ':') != NULL ? "http://[%s]:%u" : "http://%s:%u", host, port);
    service->thread = g_new0(struct service_thread, options->threads);
    for (uint32_t i = 0; i < options->threads; i++) {
        service->thread[i] = (struct service_thread){.service = service, .index = i};
        g_mutex_init(&service->thread[i].lock);
    }
    for (uint32_t i = 0; i < options->threads; i++) {
        service->started_count++;
        if (!start_thread(service, &service->thread[i], fd)) {
            g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                        "%s: the server can't be started: %s", service->url, g_strerror(errno));
            close(fd);
            return NULL;
        }
    }
    close(fd);
    service_watch_start(service);
    return g_steal_pointer(&service);
}

const char *service_url(const Service *service) { return service->url; }

void service_stop(Service *service, uint32_t seconds)
{
    const int64_t until_us = g_get_monotonic_time() + (int64_t)seconds * G_USEC_PER_SEC;

    if (atomic_exchange(&service->stopping, true))
        return;
    for (uint32_t i = 0; i < service->started_count; i++) {
        const int fd =
            service->thread[i].daemon != NULL ? MHD_quiesce_daemon(service->thread[i].daemon) : -1;
        if (fd >= 0)
            close(fd);
    }
    /* Polled: this happens once. Whoever was handed a request answers it, so that ends. */
    while (service->handed_count > 0 ||
           (service->open_count > 0 && g_get_monotonic_time() < until_us))
        g_usleep(SERVICE_STOP_STEP_US);
    service_watch_stop(service);
    for (uint32_t i = 0; i < service->started_count; i++)
        if (service->thread[i].daemon != NULL)
            MHD_stop_daemon(g_steal_pointer(&service->thread[i].daemon));
}

void service_free(Service *service)
{
    if (service == NULL)
        return;
    service_stop(service, 0);
    for (uint32_t i = 0; i < service->started_count; i++)
        g_mutex_clear(&service->thread[i].lock);
    g_mutex_clear(&service->watch_lock);
    g_cond_clear(&service->watch_wake);
    g_free(service->thread);
    g_free(service->url);
    g_free(service);
}
