/* One thread of libmicrohttpd answers everything; nothing here waits for a client.
 *
 * A listener (server-sent events, WHATWG HTML section 9.2) is a response without end. When it has
 * taken all there is, its connection is suspended: it costs no turn of the loop until serve_send()
 * gives it something and wakes it. Its backlog is bounded: a listener whose backlog is full gets no
 * event until it has taken what is there. Events tell the whole state, so losing some costs nothing.
 *
 * `lock` guards the list of listeners, their backlogs and whether they sleep; whether to sleep is
 * decided under it, so no wake-up is lost. libmicrohttpd holds the lock of one response when it asks
 * for bytes, and takes that of its connections within ours; nothing that we call takes the former.
 */
#include "shell/serve.h"

#include <errno.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "shell/diagnostic.h"
#include "shell/serve_address.h"

#define SERVE_TOKEN_BYTES 16
#define SERVE_IDLE_S 30
#define SERVE_MEMORY_SIZE 16384 /* of a connection: request head and answer's head */
#define SERVE_FAREWELL_MS 1000

struct serve {
    struct serve_options options;
    struct MHD_Daemon *daemon;
    char *host;
    char *url;
    char token[2 * SERVE_TOKEN_BYTES + 1];
    GMutex lock;
    GCond gone;           /* a listener has left */
    GPtrArray *listeners; /* struct listener * */
    gboolean closing;
};

struct listener {
    Serve *serve;
    struct MHD_Connection *connection;
    GString *backlog;
    size_t taken; /* of its front */
    gboolean asleep;
};

/* ---- listeners ------------------------------------------------------------------------------- */

/* Gives the library the next bytes, puts the connection to sleep when there are none. */
static ssize_t listener_read(void *user, uint64_t position, char *buffer, size_t size)
{
    struct listener *listener = user;
    Serve *serve = listener->serve;
    ssize_t given = 0;

    (void)position;
    g_mutex_lock(&serve->lock);
    if (listener->taken < listener->backlog->len) {
        given = (ssize_t)MIN(size, listener->backlog->len - listener->taken);
        memcpy(buffer, listener->backlog->str + listener->taken, (size_t)given);
        listener->taken += (size_t)given;
    } else if (serve->closing) {
        given = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        g_string_truncate(listener->backlog, 0);
        listener->taken = 0;
        listener->asleep = TRUE;
        MHD_suspend_connection(listener->connection);
    }
    g_mutex_unlock(&serve->lock);
    return given;
}

static void listener_free(void *user)
{
    struct listener *listener = user;
    Serve *serve = listener->serve;

    g_mutex_lock(&serve->lock);
    g_ptr_array_remove_fast(serve->listeners, listener);
    g_cond_signal(&serve->gone);
    g_mutex_unlock(&serve->lock);
    g_string_free(listener->backlog, TRUE);
    g_free(listener);
}

/* Under the lock. */
static void listener_give(struct listener *listener, const char *bytes, size_t size)
{
    if (listener->backlog->len - listener->taken + size > SERVE_BACKLOG_SIZE)
        return;
    if (listener->taken > 0) {
        g_string_erase(listener->backlog, 0, (gssize)listener->taken);
        listener->taken = 0;
    }
    g_string_append_len(listener->backlog, bytes, (gssize)size);
}

/* Under the lock. */
static void listener_wake(struct listener *listener)
{
    if (listener->asleep) {
        listener->asleep = FALSE;
        MHD_resume_connection(listener->connection);
    }
}

/* ---- answers --------------------------------------------------------------------------------- */

static enum MHD_Result answer_queue(struct MHD_Connection *connection, uint32_t status,
                                    struct MHD_Response *response, const char *type)
{
    enum MHD_Result queued;

    MHD_add_response_header(response, "Content-Type", type);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "X-Frame-Options", "DENY");
    queued = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

/* Takes `body`. */
static enum MHD_Result answer_text(struct MHD_Connection *connection, uint32_t status,
                                   const char *type, char *body)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback(body != NULL ? strlen(body) : 0,
                                                           body != NULL ? body : g_strdup(""),
                                                           g_free);

    return response != NULL ? answer_queue(connection, status, response, type) : MHD_NO;
}

static enum MHD_Result answer_status(struct MHD_Connection *connection, uint32_t status,
                                     const char *text)
{
    return answer_text(connection, status, "text/plain; charset=utf-8",
                       g_strconcat(text, "\n", NULL));
}

static enum MHD_Result answer_listener(Serve *serve, struct MHD_Connection *connection)
{
    g_autofree char *greeting =
        serve->options.greet != NULL ? serve->options.greet(serve->options.user) : NULL;
    struct listener *listener = NULL;
    struct MHD_Response *response;

    g_mutex_lock(&serve->lock);
    if (!serve->closing && serve->listeners->len < SERVE_LISTENERS_MAX) {
        listener = g_new0(struct listener, 1);
        *listener = (struct listener){.serve = serve,
                                      .connection = connection,
                                      .backlog = g_string_new("retry: 1000\n\n")};
        if (greeting != NULL)
            g_string_append(listener->backlog, greeting);
        g_ptr_array_add(serve->listeners, listener);
    }
    g_mutex_unlock(&serve->lock);
    if (listener == NULL)
        return answer_status(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "too many listen already");
    response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, listener_read, listener,
                                                 listener_free);
    if (response == NULL) {
        listener_free(listener);
        return MHD_NO;
    }
    return answer_queue(connection, MHD_HTTP_OK, response, "text/event-stream");
}

/* Compares all of it, whatever the first difference: the time says nothing. */
static gboolean token_fits(const Serve *serve, const char *token)
{
    size_t size = sizeof serve->token - 1;
    unsigned char difference = 0;

    if (token == NULL || strlen(token) != size)
        return FALSE;
    for (size_t i = 0; i < size; i++)
        difference |= (unsigned char)(token[i] ^ serve->token[i]);
    return difference == 0;
}

static gboolean route_fits(const struct serve_route *route, const char *method)
{
    return strcmp(route->method, method) == 0 ||
           (strcmp(route->method, "GET") == 0 && strcmp(method, "HEAD") == 0);
}

static enum MHD_Result answer_route(Serve *serve, struct MHD_Connection *connection,
                                    const char *method, const char *path)
{
    const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
    const char *token = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "X-Omosim-Token");
    gboolean known = FALSE;

    if (host != NULL && !serve_address_fits(host, serve->host))
        return answer_status(connection, MHD_HTTP_FORBIDDEN, "not by this name");
    for (const struct serve_route *route = serve->options.routes; route->path != NULL; route++) {
        struct serve_reply reply = {.status = 200, .type = "text/plain; charset=utf-8"};
        if (strcmp(route->path, path) != 0)
            continue;
        known = TRUE;
        if (!route_fits(route, method))
            continue;
        if (strcmp(method, "POST") == 0 && !token_fits(serve, token))
            return answer_status(connection, MHD_HTTP_FORBIDDEN, "the token is missing or wrong");
        if (route->answer == NULL)
            return answer_listener(serve, connection);
        route->answer(serve->options.user, &reply);
        return answer_text(connection, reply.status, reply.type, reply.body);
    }
    return known ? answer_status(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "not by this method")
                 : answer_status(connection, MHD_HTTP_NOT_FOUND, "no such page");
}

/* The library's callback: first with the head, then with pieces of a body, then at its end. Bodies
 * are of no use here and are passed over. */
static enum MHD_Result serve_take(void *user, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *body,
                                  size_t *body_size, void **state)
{
    (void)version;
    (void)body;
    if (*state == NULL) {
        *state = user;
        return MHD_YES;
    }
    if (*body_size > 0) {
        *body_size = 0;
        return MHD_YES;
    }
    return answer_route(user, connection, method, path);
}

/* ---- the server ------------------------------------------------------------------------------ */

static gboolean start_token(Serve *serve, GError **ret_error)
{
    unsigned char bytes[SERVE_TOKEN_BYTES];

    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                    "no random numbers from the system: %s", g_strerror(errno));
        return FALSE;
    }
    for (size_t i = 0; i < sizeof bytes; i++)
        g_snprintf(serve->token + 2 * i, 3, "%02x", bytes[i]);
    return TRUE;
}

Serve *serve_start(const struct serve_options *options, GError **ret_error)
{
    g_autoptr(Serve) serve = g_new0(Serve, 1);
    uint16_t port;
    int fd;

    serve->options = *options;
    g_mutex_init(&serve->lock);
    g_cond_init(&serve->gone);
    serve->listeners = g_ptr_array_new();
    if (!start_token(serve, ret_error))
        return NULL;
    fd = serve_address_listen(options->address, &serve->host, &port, ret_error);
    if (fd < 0)
        return NULL;
    serve->url =
        g_strdup_printf(strchr(serve->host, ':') != NULL ? "http://[%s]:%u/" : "http://%s:%u/",
                        serve->host, port);
    serve->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_ALLOW_SUSPEND_RESUME |
                                         MHD_USE_ITC | MHD_USE_AUTO,
                                     port, NULL, NULL, serve_take, serve, MHD_OPTION_LISTEN_SOCKET,
                                     fd, MHD_OPTION_CONNECTION_LIMIT,
                                     (unsigned)SERVE_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
                                     (unsigned)SERVE_IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                     (size_t)SERVE_MEMORY_SIZE, MHD_OPTION_END);
    if (serve->daemon == NULL) {
        close(fd);
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                    "%s: the server can't be started", serve->url);
        return NULL;
    }
    return g_steal_pointer(&serve);
}

const char *serve_url(const Serve *serve) { return serve->url; }

const char *serve_token(const Serve *serve) { return serve->token; }

char *serve_event(const char *event, const char *data)
{
    return g_strdup_printf("event: %s\ndata: %s\n\n", event, data);
}

void serve_send(Serve *serve, const char *event, const char *data)
{
    g_autofree char *bytes = serve_event(event, data);
    size_t size = strlen(bytes);

    g_mutex_lock(&serve->lock);
    for (uint32_t i = 0; i < serve->listeners->len; i++) {
        struct listener *listener = g_ptr_array_index(serve->listeners, i);
        listener_give(listener, bytes, size);
        listener_wake(listener);
    }
    g_mutex_unlock(&serve->lock);
}

uint32_t serve_listener_count(Serve *serve)
{
    uint32_t count;

    g_mutex_lock(&serve->lock);
    count = serve->listeners->len;
    g_mutex_unlock(&serve->lock);
    return count;
}

/* Ends the streams once their readers have taken what is left, or time is over. */
static void free_listeners(Serve *serve)
{
    int64_t until = g_get_monotonic_time() + SERVE_FAREWELL_MS * 1000;

    g_mutex_lock(&serve->lock);
    serve->closing = TRUE;
    for (uint32_t i = 0; i < serve->listeners->len; i++)
        listener_wake(g_ptr_array_index(serve->listeners, i));
    while (serve->listeners->len > 0 && g_cond_wait_until(&serve->gone, &serve->lock, until)) {
    }
    g_mutex_unlock(&serve->lock);
}

void serve_free(Serve *serve)
{
    if (serve == NULL)
        return;
    if (serve->daemon != NULL) {
        free_listeners(serve);
        MHD_stop_daemon(serve->daemon); /* frees listeners that are left */
    }
    g_clear_pointer(&serve->listeners, g_ptr_array_unref);
    g_mutex_clear(&serve->lock);
    g_cond_clear(&serve->gone);
    g_free(serve->host);
    g_free(serve->url);
    g_free(serve);
}
