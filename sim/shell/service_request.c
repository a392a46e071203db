/* A request, from its head to the end of its answer.
 *
 * The library calls with the head, then with pieces of the body, then once more: the request is
 * whole, and goes to the handler. Either it is answered when the handler returns, or the connection
 * is suspended until somebody answers; being resumed, the library calls again and gets the answer.
 * Both sides may be first: `stage` is swapped by the handler's side from HANDED to ASLEEP, after
 * suspending, and by the answering side to ANSWERED. Who finds that the other one was there wakes
 * the connection; so it is woken once, and never before it sleeps. Waking is always left to the loop,
 * between two calls of the library: without a thread of its own the library does not notice that a
 * connection was resumed from within its own call, until something else happens.
 *
 * A body that is too large is read on and thrown away, up to BODY_SWALLOW_MAX, and answered with 413
 * then: closing a socket that holds unread bytes resets it, and the client would lose the answer.
 * Who asks first (Expect: 100-continue) is told before sending.
 */
#include "shell/service_private.h"

#include <string.h>

#define BODY_SWALLOW_MAX ((size_t)64 << 20)

enum stage { STAGE_READING, STAGE_HANDED, STAGE_ASLEEP, STAGE_ANSWERED };

struct service_request {
    struct service_thread *thread;
    struct MHD_Connection *connection;
    struct service_connection *client;
    const char *method, *path;
    char *body; /* with a NUL behind it; NULL = none so far */
    size_t body_size, body_room;
    bool too_large;
    _Atomic enum stage stage;
    struct service_answer answer; /* once ANSWERED */
    ServiceRequest *next;         /* that was answered by another thread */
    GSList *texts;                /* decoded parameters */
    void *slot;
};

/* ---- answers --------------------------------------------------------------------------------- */

static enum MHD_Result request_send(ServiceRequest *request)
{
    struct service_answer *answer = &request->answer;
    struct MHD_Response *response =
        answer->body != NULL
            ? MHD_create_response_from_buffer_with_free_callback(answer->body_size, answer->body,
                                                                 g_free)
            : MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result queued;

    if (response == NULL)
        return MHD_NO;
    answer->body = NULL;
    if (answer->type != NULL)
        MHD_add_response_header(response, "Content-Type", answer->type);
    for (size_t i = 0; i < G_N_ELEMENTS(answer->header) && answer->header[i][0] != NULL; i++) {
        MHD_add_response_header(response, answer->header[i][0], answer->header[i][1]);
        g_free((char *)answer->header[i][1]);
    }
    memset(answer->header, 0, sizeof answer->header);
    if (request->thread->service->stopping || request->body_size > BODY_SWALLOW_MAX)
        MHD_add_response_header(response, "Connection", "close");
    queued = MHD_queue_response(request->connection, answer->status, response);
    MHD_destroy_response(response);
    return queued;
}

/* The service's own words. */
static enum MHD_Result request_refuse(ServiceRequest *request, uint32_t status)
{
    const struct service_options *options = &request->thread->service->options;

    request->answer = (struct service_answer){.status = status, .type = options->problem_type};
    request->answer.body = options->problem(options->user, status);
    request->answer.body_size = strlen(request->answer.body);
    request->stage = STAGE_ANSWERED;
    return request_send(request);
}

void service_answer(ServiceRequest *request, struct service_answer *answer)
{
    /* Once the stage is ANSWERED the request may be gone, unless it sleeps. */
    Service *service = request->thread->service;

    request->answer = *answer;
    for (size_t i = 0; i < G_N_ELEMENTS(answer->header) && answer->header[i][0] != NULL; i++) {
        request->answer.header[i][0] = g_intern_string(answer->header[i][0]);
        request->answer.header[i][1] = g_strdup(answer->header[i][1]);
    }
    if (atomic_exchange(&request->stage, STAGE_ANSWERED) == STAGE_ASLEEP)
        service_loop_wake(request->thread, request);
    service->handed_count--;
}

void service_request_link(ServiceRequest *request, ServiceRequest *next) { request->next = next; }

ServiceRequest *service_request_resume(ServiceRequest *request)
{
    ServiceRequest *next = request->next; /* the request ends within the next call */

    MHD_resume_connection(request->connection);
    return next;
}

/* ---- coming in ------------------------------------------------------------------------------- */

static ServiceRequest *request_new(struct service_thread *thread, struct MHD_Connection *connection,
                                   const char *path, const char *method)
{
    ServiceRequest *request = g_new0(ServiceRequest, 1);

    *request = (ServiceRequest){.thread = thread,
                                .connection = connection,
                                .client = service_watch_of(connection),
                                .method = method,
                                .path = path};
    thread->service->open_count++;
    return request;
}

static void request_take_body(ServiceRequest *request, const char *bytes, size_t size)
{
    const size_t body_max = request->thread->service->options.body_max;

    if (size > body_max || request->body_size > body_max - size) {
        request->too_large = true;
        request->body_size += size;
        g_clear_pointer(&request->body, g_free);
        return;
    }
    if (request->body_size + size + 1 > request->body_room) {
        request->body_room = MAX(2 * request->body_room, request->body_size + size + 1);
        request->body = g_realloc(request->body, request->body_room);
    }
    memcpy(request->body + request->body_size, bytes, size);
    request->body_size += size;
    request->body[request->body_size] = '\0';
}

/* Whether a body is announced that is not worth waiting for. */
static bool request_announces_too_much(const ServiceRequest *request)
{
    const char *text = service_header(request, "Content-Length");
    const size_t body_max = request->thread->service->options.body_max;
    const uint64_t size = text != NULL ? g_ascii_strtoull(text, NULL, 10) : 0;

    return size > BODY_SWALLOW_MAX ||
           (size > body_max && service_header(request, "Expect") != NULL);
}

static enum MHD_Result request_hand_on(ServiceRequest *request)
{
    Service *service = request->thread->service;
    enum stage stage = STAGE_HANDED;

    if (request->client != NULL)
        request->client->reading_us = 0;
    if (request->too_large)
        return request_refuse(request, MHD_HTTP_CONTENT_TOO_LARGE);
    if (service->stopping)
        return request_refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE);
    request->stage = stage;
    service->handed_count++;
    service->options.handle(service->options.user, request->thread->index, request);
    if (request->stage == STAGE_ANSWERED)
        return request_send(request);
    MHD_suspend_connection(request->connection);
    if (!atomic_compare_exchange_strong(&request->stage, &stage, STAGE_ASLEEP))
        service_loop_wake(request->thread, request);
    return MHD_YES;
}

enum MHD_Result service_request_take(void *user, struct MHD_Connection *connection,
                                     const char *path, const char *method, const char *version,
                                     const char *body, size_t *body_size, void **state)
{
    ServiceRequest *request = *state;

    (void)version;
    if (request == NULL) {
        *state = request = request_new(user, connection, path, method);
        return request_announces_too_much(request)
                   ? request_refuse(request, MHD_HTTP_CONTENT_TOO_LARGE)
                   : MHD_YES;
    }
    if (*body_size > 0) {
        request_take_body(request, body, *body_size);
        *body_size = 0;
        return request->body_size > BODY_SWALLOW_MAX ? MHD_NO : MHD_YES;
    }
    return request->stage == STAGE_ANSWERED ? request_send(request) : request_hand_on(request);
}

void service_request_end(void *user, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    ServiceRequest *request = *state;

    (void)user;
    (void)connection;
    (void)code;
    if (request == NULL)
        return;
    if (request->client != NULL)
        request->client->reading_us = g_get_monotonic_time();
    request->thread->service->open_count--;
    for (size_t i = 0; i < G_N_ELEMENTS(request->answer.header); i++)
        g_free((char *)request->answer.header[i][1]);
    g_free(request->answer.body);
    g_free(request->body);
    g_slist_free_full(request->texts, g_free);
    g_free(request);
    *state = NULL;
}

/* ---- parts ----------------------------------------------------------------------------------- */

const char *service_method(const ServiceRequest *request) { return request->method; }

const char *service_path(const ServiceRequest *request) { return request->path; }

const char *service_parameter(ServiceRequest *request, const char *name)
{
    const char *raw = NULL;
    char *text;

    if (MHD_lookup_connection_value_n(request->connection, MHD_GET_ARGUMENT_KIND, name,
                                      strlen(name), &raw, NULL) == MHD_NO)
        return NULL;
    if (raw == NULL)
        return "";
    if (strchr(raw, '%') == NULL)
        return raw;
    text = g_uri_unescape_string(raw, NULL);
    if (text == NULL) /* no escape that can be decoded: as it is */
        return raw;
    request->texts = g_slist_prepend(request->texts, text);
    return text;
}

const char *service_header(const ServiceRequest *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

struct service_text service_body(const ServiceRequest *request)
{
    return (struct service_text){request->body != NULL ? request->body : "",
                                 request->body != NULL ? request->body_size : 0};
}

void **service_slot(ServiceRequest *request) { return &request->slot; }
