/* One libmicrohttpd daemon for each thread, all on one listening socket: each has its own epoll set
 * and its own connections, and who wakes first accepts.
 *
 * Escapes of a path are left as they are: a decoded path can't be split, since %2F is no slash.
 */
#include "shell/service_private.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "shell/diagnostic.h"
#include "shell/serve_address.h"

#define SERVICE_STOP_STEP_US 2000

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
        options->connections_max = limit.rlim_cur > 2 * SERVICE_SPARE_FILES
                                       ? (uint32_t)limit.rlim_cur - SERVICE_SPARE_FILES
                                       : (uint32_t)MAX(limit.rlim_cur / 2, 1);
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
    service->url =
        g_strdup_printf(strchr(host, ':') != NULL ? "http://[%s]:%u" : "http://%s:%u", host, port);
    service->thread = g_new0(struct service_thread, options->threads);
    for (uint32_t i = 0; i < options->threads; i++) {
        service->thread[i] =
            (struct service_thread){.service = service, .index = i, .poll_fd = -1, .wake_fd = -1};
        g_mutex_init(&service->thread[i].lock);
        g_mutex_init(&service->thread[i].answered_lock);
    }
    for (uint32_t i = 0; i < options->threads; i++) {
        service->started_count++;
        if (!service_loop_start(&service->thread[i], fd)) {
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
    for (uint32_t i = 0; i < service->started_count; i++)
        service_loop_kick(&service->thread[i]);
    /* Polled: this happens once. Whoever was handed a request answers it, so that ends. */
    while (service->handed_count > 0 ||
           (service->open_count > 0 && g_get_monotonic_time() < until_us))
        g_usleep(SERVICE_STOP_STEP_US);
    service_watch_stop(service);
    for (uint32_t i = 0; i < service->started_count; i++)
        service_loop_stop(&service->thread[i]);
}

void service_free(Service *service)
{
    if (service == NULL)
        return;
    service_stop(service, 0);
    for (uint32_t i = 0; service->thread != NULL && i < service->options.threads; i++) {
        g_mutex_clear(&service->thread[i].lock);
        g_mutex_clear(&service->thread[i].answered_lock);
    }
    g_mutex_clear(&service->watch_lock);
    g_cond_clear(&service->watch_wake);
    g_free(service->thread);
    g_free(service->url);
    g_free(service);
}
