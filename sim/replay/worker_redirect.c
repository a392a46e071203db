/* Redirects: answers that send the customer on within the same request (RFC 9110, 15.4).
 *
 * A redirect is followed at once, from the list of the ready. The request stays one: its response
 * runs from its intended time to the last answer, its service from the first sending, and its own
 * lateness is the sum over all sendings. Each sending has the time-out anew, and a try again begins
 * where the first did.
 *
 * 303 asks for the other place with GET, and so do 301 and 302 after a POST, as browsers take them;
 * a HEAD stays one. 307 and 308, and 301 and 302 otherwise, repeat method and body. What must not be
 * followed (another scheme, host or port: only allowed targets may be loaded) and what comes after
 * too many ends as bad_status. Recorded requests have no list of statuses: theirs are followed, too.
 *
 * All of this lies beside the journeys and is there only when redirects are followed. A place takes
 * a block of worker->locations while its request is under way.
 */
#include "replay/location.h"
#include "replay/worker.h"

#include <string.h>

#define LOCATION_MAX (VALUES_BLOCK_MAX - 4) /* a block's end and a value's head */
#define RENDER_SCRATCH (WORKER_SCRATCH - 2 * LOCATION_MAX)

/* ---- set-up ---------------------------------------------------------------------------------- */

bool worker_redirect_init(struct worker *worker)
{
    const ApiMap *map = worker->run->options.map;

    if (worker->run->options.redirects == 0)
        return true;
    worker->location = api_wanted_count(map);
    for (uint32_t i = 0; i < api_wanted_count(map); i++)
        if (strcmp(api_wanted_name(map, i), "location") == 0)
            worker->location = i;
    worker->redirect = values_reserve(worker->journeys_max * sizeof *worker->redirect);
    return worker->redirect != NULL && values_init(&worker->locations, worker->journeys_max);
}

void worker_redirect_clear(struct worker *worker)
{
    values_clear(&worker->locations);
    values_release(worker->redirect, worker->journeys_max * sizeof *worker->redirect);
}

const char *worker_redirect_wanted(const struct worker *worker)
{
    return worker->redirect != NULL &&
                   worker->location == api_wanted_count(worker->run->options.map)
               ? "location"
               : NULL;
}

/* ---- following ------------------------------------------------------------------------------- */

static bool is_method(const struct api_text *method, const char *name)
{
    return method->size == strlen(name) && memcmp(method->text, name, method->size) == 0;
}

static bool is_redirect(uint32_t status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* The place asked now, base path included, in the scratch memory or a block. FALSE: too long. */
static bool place_asked(struct worker *worker, const struct journey *j, struct api_text *ret_method,
                        struct api_text *ret_path)
{
    const struct journey_request *r = j->log_ins_left > 0 ? &j->log_in : &j->own;
    const char *base = worker->run->options.targets[j->exchange.target]->base_path;
    const size_t base_size = strlen(base);
    char *room = worker->scratch + RENDER_SCRATCH;
    struct api_message message;

    if (!worker_render(worker, j, r, RENDER_SCRATCH, &message))
        return false;
    *ret_method = message.method;
    *ret_path = message.path;
    if (message.whole_path)
        return true;
    if (base_size + message.path.size > LOCATION_MAX)
        return false;
    memcpy(room, base, base_size);
    memcpy(room + base_size, message.path.text, message.path.size);
    *ret_path = (struct api_text){room, (uint32_t)base_size + message.path.size};
    return true;
}

/* Notes where the request goes on. FALSE: nowhere. */
static bool go_on(struct worker *worker, struct journey *j, const struct api_reply *reply)
{
    struct worker_redirect *to = &worker->redirect[worker_index_of(worker, j)];
    struct api_text method, base, path;

    if (to->count >= worker->run->options.redirects || !place_asked(worker, j, &method, &base) ||
        !location_resolve(worker->run->options.targets[j->exchange.target], &base,
                          &reply->wanted[worker->location],
                          worker->scratch + RENDER_SCRATCH + LOCATION_MAX, LOCATION_MAX, &path))
        return false;
    if (to->count == 0)
        *to = (struct worker_redirect){.sent_ns = j->exchange.sent_ns, .location = VALUES_NONE};
    if (!values_put(&worker->locations, &to->location, &path, 1, 1))
        return false;
    if (reply->status == 303)
        to->as_get |= !is_method(&method, "HEAD");
    else if (reply->status == 301 || reply->status == 302)
        to->as_get |= is_method(&method, "POST");
    to->late_ns += j->exchange.sent_ns - worker->run->start_ns - j->sendable_ns;
    to->count++;
    return true;
}

bool worker_redirect(struct worker *worker, struct journey *j, const struct api_reply *reply,
                     enum outcome *outcome)
{
    const struct api_request *request = worker->run->request[worker_request(j)->index];
    const bool listed = *outcome != OUTCOME_bad_status && request->step != STEP_request;

    if (listed || !is_redirect(reply->status) || reply->wanted[worker->location].text == NULL)
        return false;
    if (!go_on(worker, j, reply)) {
        *outcome = OUTCOME_bad_status;
        return false;
    }
    measure_add(worker->measure, MEASURE_REDIRECTS, 1);
    worker_note_sent(worker, j, false); /* once, at its end */
    j->exchange.sent_ns = 0;
    j->sendable_ns = worker->now_ns;
    worker_schedule(worker, j, worker->now_ns);
    return true;
}

/* ---- sending --------------------------------------------------------------------------------- */

/* A message that has lost its body says nothing about it (RFC 9110, 15.4). */
static void drop_body(struct api_message *message)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < message->header_count; i++) {
        const struct api_text *name = &message->header[i].name;
        if (name->size < 8 || g_ascii_strncasecmp(name->text, "content-", 8) != 0)
            message->header[kept++] = message->header[i];
    }
    message->header_count = kept;
    message->method = (struct api_text){"GET", 3};
    message->body = (struct api_text){NULL, 0};
    message->head_only = false;
    message->idempotent = true;
}

void worker_redirect_message(const struct worker *worker, const struct journey *j,
                             struct api_message *message)
{
    const struct worker_redirect *to = &worker->redirect[worker_index_of(worker, j)];

    values_get(&worker->locations, to->location, &message->path);
    message->whole_path = true;
    message->constant = false;
    if (to->as_get)
        drop_body(message);
}

void worker_redirect_end(struct worker *worker, struct journey *j)
{
    if (!worker_is_redirected(worker, j))
        return;
    struct worker_redirect *to = &worker->redirect[worker_index_of(worker, j)];
    const int64_t start_ns = worker->run->start_ns;

    if (j->exchange.sent_ns != 0)
        to->late_ns += j->exchange.sent_ns - start_ns - j->sendable_ns;
    j->exchange.sent_ns = to->sent_ns;
    j->sendable_ns = to->sent_ns - start_ns - to->late_ns;
    values_drop(&worker->locations, to->location);
    to->count = 0;
}
