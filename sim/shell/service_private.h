/* What the files of the service share: service.c starts and stops, service_loop.c is one thread,
 * service_request.c follows one request, service_watch.c the connections. */
#ifndef SHELL_SERVICE_PRIVATE_H
#define SHELL_SERVICE_PRIVATE_H

#include "shell/service.h"

#include <microhttpd.h>
#include <stdatomic.h>

/* A client. In its thread's list from connect to close. */
struct service_connection {
    GList link;
    int fd;
    _Atomic int64_t reading_us; /* since when a request is awaited; 0 = one is being answered */
};

struct service_thread {
    Service *service;
    uint32_t index;
    struct MHD_Daemon *daemon;
    GThread *thread;
    int poll_fd, wake_fd; /* the loop sleeps in one, the other wakes it; -1 = none */
    _Atomic bool end;
    GMutex lock; /* guards the connections */
    GQueue connections;
    GMutex answered_lock;
    ServiceRequest *answered; /* by other threads, not yet known to the library */
};

struct service {
    struct service_options options;
    char *url;
    struct service_thread *thread;
    uint32_t started_count; /* of threads, in the order of the array */
    _Atomic uint32_t connection_count, open_count, handed_count;
    _Atomic bool stopping;
    GThread *watch;
    GMutex watch_lock;
    GCond watch_wake;
    bool watch_end;
};

#define SERVICE_SPARE_FILES 256 /* descriptors for all that is no connection */

/* service_loop.c: the thread; `fd` is the listening socket, borrowed. */
bool service_loop_start(struct service_thread *thread, int fd);
/* An answer has been put into a request that sleeps; any thread. */
void service_loop_wake(struct service_thread *thread, ServiceRequest *request);
/* Makes the loop look around. */
void service_loop_kick(struct service_thread *thread);
/* Frees what service_loop_start() has made, also when it failed. */
void service_loop_stop(struct service_thread *thread);

/* service_request.c: requests that were answered are a list. */
void service_request_link(ServiceRequest *request, ServiceRequest *next);
/* Wakes the connection; returns the next of the list. In the request's thread. */
ServiceRequest *service_request_resume(ServiceRequest *request);
/* service_request.c: the library's callbacks. `user` is a struct service_thread. */
enum MHD_Result service_request_take(void *user, struct MHD_Connection *connection,
                                     const char *path, const char *method, const char *version,
                                     const char *body, size_t *body_size, void **state);
void service_request_end(void *user, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code);

/* service_watch.c: connections, and the thread that looks after slow ones. */
enum MHD_Result service_watch_accept(void *user, const struct sockaddr *address, socklen_t size);
void service_watch_notify(void *user, struct MHD_Connection *connection, void **socket,
                          enum MHD_ConnectionNotificationCode code);
struct service_connection *service_watch_of(struct MHD_Connection *connection);
void service_watch_start(Service *service);
void service_watch_stop(Service *service);

#endif
