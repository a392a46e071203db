/* A small HTTP server for pages that show what is going on: live page, studio.
 *
 *     static const struct serve_route routes[] = {
 *         {"GET", "/", answer_page}, {"POST", "/stop", answer_stop}, {"GET", "/events", NULL}, {0}};
 *     g_autoptr(Serve) serve = serve_start(&(struct serve_options){.address = "8089",
 *         .routes = routes, .user = me}, &error);
 *     serve_send(serve, "state", json);        to all who listen at /events
 *
 * It has a thread of its own, in which routes are answered. It is bound to loopback unless the
 * address names a host. A request that changes something (POST) must carry the server's token in
 * the header X-Omosim-Token: the page gets it from serve_token(), pages of other sites can't read
 * it. Names in the Host header are refused unless they are localhost or the address's own, so that
 * no foreign name can be pointed here to get around that.
 *
 * Clients are bounded: connections, listeners, and what is kept for a listener that reads slowly
 * (older events that it has not taken are dropped). Nobody who sends waits for any of them.
 */
#ifndef SHELL_SERVE_H
#define SHELL_SERVE_H

#include <glib.h>
#include <stdint.h>

#define SERVE_CONNECTIONS_MAX 64
#define SERVE_LISTENERS_MAX 16
#define SERVE_BACKLOG_SIZE 65536 /* bytes of events kept for a listener */

typedef struct serve Serve;

struct serve_reply {
    uint32_t status;  /* 200 unless set */
    const char *type; /* static; "text/plain; charset=utf-8" unless set */
    char *body;       /* the server frees it with g_free(); NULL = empty */
};

/* The first route that fits answers; a path that is there with another method is 405, else 404. The
 * list ends with a route without path. */
struct serve_route {
    const char *method, *path; /* "GET" also answers HEAD */
    /* In the server's thread. NULL: whoever comes listens to serve_send(). */
    void (*answer)(void *user, struct serve_reply *reply);
};

struct serve_options {
    const char *address;              /* "[HOST:]PORT"; port 0 = any that is free */
    const struct serve_route *routes; /* borrowed */
    void *user;
    /* An event for a listener that has just come, "event: ...\ndata: ...\n\n" as serve_event() makes
     * it; in the server's thread. NULL = none. Caller of it frees. */
    char *(*greet)(void *user);
};

/* BAD_USAGE when the address is none ("--live: expected [HOST:]PORT"), CANNOT_RUN when it can't be
 * bound ("127.0.0.1:8089: Address already in use"). */
Serve *serve_start(const struct serve_options *options, GError **ret_error);
/* "http://127.0.0.1:8089/", borrowed. */
const char *serve_url(const Serve *serve);
/* Of this run; letters and digits. Borrowed. */
const char *serve_token(const Serve *serve);
/* Sends an event to all listeners; any thread, never blocks on a client. `data` is one line. */
void serve_send(Serve *serve, const char *event, const char *data);
/* The bytes of an event. Caller frees. */
char *serve_event(const char *event, const char *data);
uint32_t serve_listener_count(Serve *serve);
/* Gives listeners up to a second to take what was sent, then ends. */
void serve_free(Serve *serve);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Serve, serve_free)

#endif
