/* An HTTP service of several threads, for answers that take their time: the reference back end.
 *
 *     Service *service = service_start(&(struct service_options){.address = "8080", .threads = 2,
 *         .handle = handle, .user = me}, &error);
 *
 * Each thread has an epoll loop. `handle` is called there with a whole request; it either answers at
 * once with service_answer() or hands the request to another thread, which answers later: until
 * then the connection sleeps and costs nothing. Bodies that are
 * too large, requests that take too long to come, and those that come while the service ends never
 * reach the handler: they are answered with `problem` (413, 408, 503). What is no HTTP, or has a head
 * of more than 16 KiB, is answered by libmicrohttpd in its own words (400, 414, 431, 505 ...), or
 * closed when no room is left for words (a query of hundreds of parameters); connections above the
 * limit are closed at once.
 *
 * serve.h is for pages (routes, events, one thread); this is for load.
 */
#ifndef SHELL_SERVICE_H
#define SHELL_SERVICE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct service Service;
typedef struct service_request ServiceRequest;

struct service_text {
    const char *text; /* not terminated unless said so */
    size_t size;
};

struct service_options {
    const char *address; /* "[HOST:]PORT"; loopback unless HOST says otherwise; 0 = any free port */
    uint32_t threads;    /* at least 1 */
    uint32_t connections_max; /* 0 = SERVICE_CONNECTIONS; more are refused at once */
    size_t body_max;          /* 0 = SERVICE_BODY; larger bodies: 413 */
    /* 0 = SERVICE_IDLE_S. Without a byte for so long: closed. Twice as long from the last answer to the
     * end of the next request: 408, closed, however many bytes came meanwhile. */
    uint32_t idle_s;
    /* In one of the threads. Must lead to exactly one service_answer(). */
    void (*handle)(void *user, uint32_t thread, ServiceRequest *request);
    /* Body of an answer that the service gives by itself, such as RFC 9457; caller of it frees. */
    char *(*problem)(void *user, uint32_t status);
    const char *problem_type; /* its Content-Type; static */
    void *user;
};
#define SERVICE_CONNECTIONS 10000
#define SERVICE_BODY ((size_t)1 << 20)
#define SERVICE_IDLE_S 60

/* Errors as serve_start(). */
Service *service_start(const struct service_options *options, GError **ret_error);
const char *service_url(const Service *service);
/* Stops taking connections, waits until all requests that were handed to `handle` are answered,
 * however long that takes, gives clients at most `seconds` to take their answers, closes. */
void service_stop(Service *service, uint32_t seconds);
void service_free(Service *service);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Service, service_free)

/* Parts of a request, terminated texts, borrowed until it is answered. The path is as it was sent:
 * not decoded, without the query. */
const char *service_method(const ServiceRequest *request);
const char *service_path(const ServiceRequest *request);
/* Decoded value of a query parameter, "" when it is given without one; NULL = not given. */
const char *service_parameter(ServiceRequest *request, const char *name);
const char *service_header(const ServiceRequest *request, const char *name);
struct service_text service_body(const ServiceRequest *request);
/* A place for the handler's own state. */
void **service_slot(ServiceRequest *request);

struct service_answer {
    uint32_t status;
    const char *type; /* static; NULL = no body */
    char *body;       /* taken, freed with g_free() */
    size_t body_size;
    const char *header[4][2]; /* name, value; copied; name NULL ends */
};
/* Ends the request, which is gone afterwards. Any thread. */
void service_answer(ServiceRequest *request, struct service_answer *answer);

#endif
