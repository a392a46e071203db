/* One exchange at a time on a pool of one link.
 *
 * The loop runs only inside fetch_send(), so what happened to the connection meanwhile is heard late:
 * each call first turns the loop once without waiting, which lets a close by the service and our own
 * idle limit take effect before the link is used again. What still crosses a close on the wire comes
 * back as `reset`, and is sent again once when that can do no harm.
 *
 * The reply's texts die with the pool's callback and are copied, body and wanted headers, into blocks
 * that live until the next call. A body of 64 MiB is thus twice in memory for a moment.
 */
#include "replay/fetch.h"

#include "replay/link.h"
#include "shell/diagnostic.h"
#include "shell/units.h"

#include <omosim/types.h>
#include <string.h>

#define TRIES_MAX 2
#define CONNECT_NS INT64_C(10000000000) /* at most, whatever an answer may take */
#define SHOWN_MAX 200                   /* bytes of a path in errors */

enum state { IDLE, WAITING, ANSWERED, FAILED, TIMED_OUT };

struct fetch {
    const struct target *target;
    int64_t timeout_ns;
    uint32_t wanted_count;
    uv_loop_t loop;
    bool has_loop, timer_closed;
    uv_timer_t timer;
    struct pool *pool;
    struct exchange_events events;
    struct exchange exchange;
    const struct api_message *message; /* while it is WAITING */
    enum state state;
    enum outcome outcome; /* of FAILED */
    bool cut;             /* the body was longer than is kept */
    struct api_reply reply;
    GByteArray *body;
    GByteArray *header;      /* values of wanted headers, one behind the other */
    struct api_text *wanted; /* into `header` */
};

/* ---- what the pool asks and tells ------------------------------------------------------------ */

static bool fetch_on_render(void *user, struct exchange *exchange, struct api_message *ret_message)
{
    const struct fetch *fetch = user;

    (void)exchange;
    *ret_message = *fetch->message;
    return true;
}

static void fetch_keep_wanted(struct fetch *fetch, const struct api_reply *reply)
{
    g_byte_array_set_size(fetch->header, 0);
    for (uint32_t i = 0; i < fetch->wanted_count; i++)
        if (reply->wanted[i].size > 0)
            g_byte_array_append(fetch->header, (const guint8 *)reply->wanted[i].text,
                                reply->wanted[i].size);
    const char *at = fetch->header->len > 0 ? (const char *)fetch->header->data : "";
    for (uint32_t i = 0; i < fetch->wanted_count; i++) {
        const struct api_text *value = &reply->wanted[i];
        fetch->wanted[i] = (struct api_text){value->text != NULL ? at : NULL, value->size};
        at += value->size;
    }
}

static void fetch_on_reply(void *user, struct exchange *exchange, const struct reply *reply)
{
    struct fetch *fetch = user;
    const struct api_text body = reply->api.body;

    (void)exchange;
    g_byte_array_set_size(fetch->body, 0);
    if (body.size > 0)
        g_byte_array_append(fetch->body, (const guint8 *)body.text, body.size);
    fetch_keep_wanted(fetch, &reply->api);
    fetch->cut = body.size == FETCH_BODY_MAX;
    fetch->reply = (struct api_reply){.status = reply->api.status,
                                      .body = {body.size > 0 ? (const char *)fetch->body->data : "",
                                               body.size},
                                      .wanted = fetch->wanted};
    fetch->state = ANSWERED;
}

static void fetch_on_fail(void *user, struct exchange *exchange, enum outcome outcome)
{
    struct fetch *fetch = user;

    (void)exchange;
    fetch->outcome = outcome;
    fetch->state = FAILED;
}

static void fetch_on_timer(uv_timer_t *timer)
{
    struct fetch *fetch = timer->data;

    if (fetch->state == WAITING)
        fetch->state = TIMED_OUT;
}

/* ---- life ------------------------------------------------------------------------------------ */

static struct pool_options fetch_options(const ApiMap *map, int64_t timeout_ns)
{
    return (struct pool_options){.links_max = 1,
                                 .pipeline = 1,
                                 .streams = 1,
                                 .waiting_max = 1,
                                 .connect_timeout_us = MAX(MIN(timeout_ns, CONNECT_NS) / 1000, 1),
                                 .idle_ms = api_connection_idle_us(map) / 1000,
                                 .body_max = FETCH_BODY_MAX,
                                 .user_agent = "omosim/" G_STRINGIFY(
                                     OMO_VERSION_MAJOR) "." G_STRINGIFY(OMO_VERSION_MINOR)};
}

Fetch *fetch_new(const struct target *target, const ApiMap *map, int64_t timeout_ns,
                 GError **ret_error)
{
    g_autoptr(Fetch) fetch = g_new0(Fetch, 1);
    const struct pool_options options = fetch_options(map, timeout_ns);
    int status;

    fetch->target = target;
    fetch->timeout_ns = timeout_ns;
    fetch->wanted_count = api_wanted_count(map);
    fetch->body = g_byte_array_new();
    fetch->header = g_byte_array_new();
    fetch->wanted = g_new0(struct api_text, fetch->wanted_count + 1);
    fetch->events = (struct exchange_events){.user = fetch,
                                             .render = fetch_on_render,
                                             .reply = fetch_on_reply,
                                             .fail = fetch_on_fail,
                                             .map = map};
    status = uv_loop_init(&fetch->loop);
    fetch->has_loop = status == 0;
    if (fetch->has_loop) {
        uv_timer_init(&fetch->loop, &fetch->timer);
        fetch->timer.data = fetch;
        fetch->pool = pool_new(&fetch->loop, &target, 1, &options, &fetch->events);
    }
    if (fetch->pool == NULL) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s", target->url,
                    status != 0 ? uv_strerror(status) : "no memory for a connection");
        return NULL;
    }
    return g_steal_pointer(&fetch);
}

static void fetch_on_timer_closed(uv_handle_t *handle)
{
    struct fetch *fetch = handle->data;

    fetch->timer_closed = true;
}

void fetch_free(Fetch *fetch)
{
    if (fetch == NULL)
        return;
    if (fetch->has_loop) {
        uv_close((uv_handle_t *)&fetch->timer, fetch_on_timer_closed);
        if (fetch->pool != NULL)
            pool_close(fetch->pool, OUTCOME_cut_off);
        while (!fetch->timer_closed || (fetch->pool != NULL && !pool_is_closed(fetch->pool)))
            uv_run(&fetch->loop, UV_RUN_ONCE);
        pool_free(fetch->pool);
        uv_loop_close(&fetch->loop);
    }
    g_byte_array_unref(fetch->body);
    g_byte_array_unref(fetch->header);
    g_free(fetch->wanted);
    g_free(fetch);
}

/* ---- sending --------------------------------------------------------------------------------- */

static gboolean fetch_fail(const struct fetch *fetch, const struct api_message *message,
                           GError **ret_error)
{
    const char *url = fetch->target->url;
    const size_t url_size = strlen(url) - g_str_has_suffix(url, "/");
    const bool cut = message->path.size > SHOWN_MAX;
    g_autofree char *what =
        g_strdup_printf("%.*s %.*s%.*s%s", (int)message->method.size, message->method.text,
                        (int)url_size, url, (int)MIN(message->path.size, SHOWN_MAX),
                        message->path.text, cut ? "..." : "");
    g_autofree char *within = units_format_duration_short(fetch->timeout_ns / 1000);
    const char *tls = fetch->state == FAILED && fetch->outcome == OUTCOME_tls_error
                          ? tls_last_error(fetch->target->tls_context)
                          : NULL;

    if (fetch->state == TIMED_OUT)
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s (%s)", what,
                    outcome_text(OUTCOME_timeout), within);
    else if (fetch->state == FAILED)
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s%s%s", what,
                    outcome_text(fetch->outcome), tls != NULL ? ": " : "", tls != NULL ? tls : "");
    else
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                    "%s: the answer is longer than %u MiB", what, FETCH_BODY_MAX >> 20);
    return FALSE;
}

/* One try. */
static void fetch_try(struct fetch *fetch)
{
    const uint64_t timeout_ms = (uint64_t)MAX(fetch->timeout_ns / 1000000, 1);

    fetch->state = WAITING;
    fetch->cut = false;
    fetch->exchange = (struct exchange){.wants_body = true};
    uv_update_time(&fetch->loop);
    uv_timer_start(&fetch->timer, fetch_on_timer, timeout_ms, 0);
    pool_request(fetch->pool, &fetch->exchange);
    while (fetch->state == WAITING)
        uv_run(&fetch->loop, UV_RUN_ONCE);
    if (fetch->state == TIMED_OUT)
        pool_cancel(fetch->pool, &fetch->exchange);
    uv_timer_stop(&fetch->timer);
}

gboolean fetch_send(Fetch *fetch, const struct api_message *message, struct api_reply *ret_reply,
                    GError **ret_error)
{
    fetch->message = message;
    for (int tries = 0; tries < TRIES_MAX; tries++) {
        uv_run(&fetch->loop, UV_RUN_NOWAIT);
        fetch_try(fetch);
        if (fetch->state != FAILED || fetch->outcome != OUTCOME_reset || !message->idempotent)
            break;
    }
    fetch->message = NULL;
    if (fetch->state != ANSWERED || fetch->cut)
        return fetch_fail(fetch, message, ret_error);
    *ret_reply = fetch->reply;
    return TRUE;
}
