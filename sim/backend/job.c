/* The way of a request: split the path, find the route, see who asks, read the body; run the handler;
 * answer. All but running the handler of a route that writes happens in the thread that received the
 * request.
 *
 * The path is split before its escapes are decoded: %2F within a name is no slash. Nothing of a
 * request is trusted to be of a sensible size, depth or encoding.
 */
#include "backend/backend_private.h"
#include "backend/store_private.h"
#include "shell/json.h"

#include <string.h>

#define JOB_DEPTH_MAX 16 /* of nested arrays and objects in a body */

static const struct {
    uint32_t status;
    const char *title;
} titles[] = {
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
};

char *problem_text(uint32_t status, const char *error, const char *detail)
{
    const char *title = "Problem";
    json_t *problem = json_object();
    char *dumped;

    for (size_t i = 0; i < G_N_ELEMENTS(titles); i++)
        if (titles[i].status == status)
            title = titles[i].title;
    json_object_set_new(problem, "type", json_string("about:blank"));
    json_object_set_new(problem, "title", json_string(title));
    json_object_set_new(problem, "status", json_integer(status));
    json_object_set_new(problem, "detail", json_make_text(detail));
    json_object_set_new(problem, "error", json_string(error));
    dumped = json_dumps(problem, JSON_COMPACT);
    json_decref(problem);
    return dumped;
}

/* ---- before ---------------------------------------------------------------------------------- */

struct job *job_new(struct backend_shared *shared, ServiceRequest *request)
{
    struct job *job = g_new0(struct job, 1);

    job->call.request = request;
    job->call.shared = shared;
    job->call.faults = shared->faults;
    job->call.now_us = shared->clock();
    job->again_us = -1;
    return job;
}

static int hex_digit(char c) { return g_ascii_xdigit_value(c); }

/* In place. False for an escape that is none. */
static bool path_decode(char *text)
{
    char *out = text;

    for (; *text != '\0'; text++) {
        if (*text != '%') {
            *out++ = *text;
            continue;
        }
        if (hex_digit(text[1]) < 0 || hex_digit(text[2]) < 0)
            return false;
        *out = (char)(hex_digit(text[1]) * 16 + hex_digit(text[2]));
        if (*out++ == '\0')
            return false;
        text += 2;
    }
    *out = '\0';
    return true;
}

/* False: more segments than any route has. */
static bool path_split(struct job *job, const char *path)
{
    struct call *call = &job->call;
    char *at;

    if (path[0] != '/')
        return false;
    job->path = at = g_strdup(path);
    while (at != NULL && *at == '/') {
        if (call->segment_count == CALL_SEGMENTS_MAX)
            return false;
        *at++ = '\0';
        call->segment[call->segment_count++] = at;
        at = strchr(at, '/');
    }
    return true;
}

static bool prepare_route(struct job *job)
{
    struct call *call = &job->call;
    const char *path = service_path(call->request);
    g_autofree char *allow = NULL;

    if (path_split(job, path))
        job->route =
            router_find(service_method(call->request), call->segment, call->segment_count, &allow);
    if (job->route == NULL && allow != NULL && *allow != '\0') {
        call_refuse(call, 405, "no_such_method", "this path takes %s", allow);
        job_header(job, "Allow", allow);
        return false;
    }
    if (job->route == NULL) {
        call_refuse(call, 404, "no_such_path", "there is nothing at this path");
        return false;
    }
    for (uint32_t i = 0; i < call->segment_count; i++)
        if (!path_decode(call->segment[i]) || !call_name_is_good(call->segment[i])) {
            call_refuse(call, 400, "bad_request",
                        "segment %u of the path: expected 1 to %d bytes of UTF-8 without control "
                        "characters, percent-encoded where needed",
                        i + 1, CALL_ID_MAX);
            return false;
        }
    return true;
}

/* Nesting, without reading it as JSON: brackets within texts don't count. */
static bool body_is_deep(struct service_text body)
{
    uint32_t depth = 0;
    bool in_text = false;

    for (size_t i = 0; i < body.size; i++) {
        const char c = body.text[i];
        if (in_text) {
            i += c == '\\';
            in_text = c != '"';
        } else if (c == '"') {
            in_text = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JOB_DEPTH_MAX)
                return true;
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return false;
}

/* "application/json", whatever parameters follow; none given is taken for it. */
static bool body_is_json(const ServiceRequest *request)
{
    const char *type = service_header(request, "Content-Type");
    size_t size;

    if (type == NULL)
        return true;
    size = strcspn(type, "; \t");
    return size == strlen("application/json") &&
           g_ascii_strncasecmp(type, "application/json", size) == 0;
}

static bool prepare_body(struct job *job)
{
    struct call *call = &job->call;
    const struct service_text body = service_body(call->request);
    json_error_t error;

    if (body.size == 0 || !job->route->writes)
        return true;
    if (!body_is_json(call->request)) {
        call_refuse(call, 415, "not_json", "expected a body of type application/json");
        return false;
    }
    if (body_is_deep(body)) {
        call_refuse(call, 400, "bad_request", "the body is nested deeper than %d levels",
                    JOB_DEPTH_MAX);
        return false;
    }
    call->body = json_loadb(body.text, body.size, JSON_REJECT_DUPLICATES, &error);
    if (call->body == NULL) {
        call_refuse(call, 400, "bad_request", "the body is no JSON: line %d column %d: %s",
                    error.line, error.column, error.text);
        return false;
    }
    if (!json_is_object(call->body)) {
        call_refuse(call, 400, "bad_request", "the body is no JSON object");
        return false;
    }
    return true;
}

bool job_prepare(struct job *job)
{
    struct call *call = &job->call;

    if (!prepare_route(job) || !access_check(job) || !prepare_body(job))
        return false;
    call->idempotency_key = service_header(call->request, "Idempotency-Key");
    if (call->idempotency_key != NULL && !call_name_is_good(call->idempotency_key)) {
        call_refuse(call, 400, "bad_request",
                    "Idempotency-Key: expected 1 to %d bytes without control characters",
                    CALL_ID_MAX);
        return false;
    }
    return true;
}

/* ---- after ----------------------------------------------------------------------------------- */

void job_run(struct job *job)
{
    struct call *call = &job->call;

    job->again_us = -1;
    job->route->handler(call);
    store_settle(call->store);
    if (store_failed(call->store)) {
        const bool full = store_is_full(call->store);
        job_fail(job, full ? 503 : 500, full ? "not_saved" : "internal",
                 store_problem(call->store));
        store_clear(call->store);
    }
    if (call->status != 0)
        job->again_us = -1;
    else if (job->again_us < 0)
        job_fail(job, 500, "internal", "the request was not answered");
}

void job_fail(struct job *job, uint32_t status, const char *error, const char *detail)
{
    struct call *call = &job->call;

    g_clear_pointer(&call->answer, json_decref);
    if (call->page == NULL)
        call->page = g_string_new(NULL);
    char *text = problem_text(status, error, detail);
    g_string_assign(call->page, text);
    g_free(text);
    call->status = status;
    job->again_us = -1;
}

void job_header(struct job *job, const char *name, const char *value)
{
    const size_t i = job->header[0][0] == NULL ? 0 : 1;

    g_assert(job->header[i][0] == NULL);
    job->header[i][0] = name;
    job->header[i][1] = g_strdup(value);
}

static void job_free(struct job *job)
{
    json_decref(job->call.body);
    json_decref(job->call.answer);
    if (job->call.page != NULL)
        g_string_free(job->call.page, TRUE);
    for (size_t i = 0; i < G_N_ELEMENTS(job->header); i++)
        g_free((char *)job->header[i][1]);
    g_free(job->call.state);
    g_free(job->path);
    g_free(job);
}

void job_finish(struct job *job)
{
    struct call *call = &job->call;
    struct backend_shared *shared = call->shared;
    struct service_answer answer = {.status = call->status};

    if (job->fails_afterwards)
        job_fail(job, 500, "fault", "this request was chosen to fail after having been done");
    answer.status = call->status;
    answer.type = call->type != NULL    ? call->type
                  : call->status >= 400 ? "application/problem+json"
                                        : "application/json";
    if (call->page != NULL) {
        answer.body_size = call->page->len;
        answer.body = g_string_free(g_steal_pointer(&call->page), FALSE);
    } else if (call->answer != NULL) {
        answer.body = json_dumps(call->answer, JSON_COMPACT);
        answer.body_size = strlen(answer.body);
    } else {
        answer.type = NULL;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(job->header); i++) {
        answer.header[i][0] = job->header[i][0];
        answer.header[i][1] = job->header[i][1];
    }
    shared->request_count++;
    shared->refused_count += answer.status >= 400 && answer.status < 500;
    shared->failed_count += answer.status >= 500;
    service_answer(call->request, &answer);
    job_free(job);
}
