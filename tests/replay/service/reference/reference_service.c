/* reference_service: a small JSON service that answers scenarios/api/reference.openapi.yaml.
 *
 *     reference_service [--port N] [--for S] [--threads N] [--stock N] [--coupons N]
 *                       [--session-for S] [--delay MS] [--fail-rate SHARE]
 *
 * HTTP by libmicrohttpd, JSON by jansson, the books in memory (shop.c, orders.c). With --port 0, the
 * default, the system picks a free port. It prints "listening on http://127.0.0.1:PORT", ends on
 * SIGTERM, SIGINT or after --for seconds, and then prints what happened as one JSON object, which
 * GET /books gives at any time. --fail-rate lets that share of requests fail with 500, evenly;
 * --delay makes each answer wait, which takes a thread for each connection in place of a few for all.
 */
#include "shop.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BODY_MAX (1u << 20)
#define CONNECTIONS_MAX 10000

struct service {
    struct shop *shop;
    int delay_ms;
    double fail_rate;
    atomic_uint_fast64_t count;
};

/* ---- one request ----------------------------------------------------------------------------- */

/* Every 1 / rate of them, spread evenly. */
static bool fails(struct service *service)
{
    uint64_t n = atomic_fetch_add_explicit(&service->count, 1, memory_order_relaxed);

    return (uint64_t)((double)(n + 1) * service->fail_rate) >
           (uint64_t)((double)n * service->fail_rate);
}

/* Takes a decoded copy of each segment; they are freed with the array. FALSE: too many, or broken. */
static bool split_path(const char *url, GPtrArray *segments)
{
    g_auto(GStrv) parts = g_strsplit(url + (*url == '/'), "/", -1);

    for (char **part = parts; *part != NULL; part++) {
        char *segment = g_uri_unescape_string(*part, NULL);
        if (segment == NULL)
            return false;
        g_ptr_array_add(segments, segment);
    }
    return segments->len <= SHOP_SEGMENTS_MAX;
}

static char *parameter(struct MHD_Connection *connection, const char *name)
{
    const char *raw = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, name);

    if (raw == NULL)
        return NULL;
    g_autofree char *spaced = g_strdelimit(g_strdup(raw), "+", ' ');
    return g_uri_unescape_string(spaced, NULL);
}

static bool has_json_type(struct MHD_Connection *connection)
{
    const char *type =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_TYPE);

    return type != NULL && g_ascii_strncasecmp(type, "application/json", 16) == 0;
}

static struct shop_answer answer_request(struct service *service, struct MHD_Connection *connection,
                                         const char *url, const char *method, const GString *body)
{
    g_autoptr(GPtrArray) segments = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *place = parameter(connection, "place");
    g_autofree char *query = parameter(connection, "query");
    const char *authorization =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);
    struct shop_call call = {.method = method, .place = place, .query = query};
    json_t *object = NULL;

    if (strcmp(url, "/books") == 0)
        return (struct shop_answer){200, shop_books(service->shop)};
    if (fails(service))
        return shop_refuse(500, "fault", "asked for by --fail-rate");
    if (!split_path(url, segments))
        return shop_refuse(404, "no_such_path", "there is nothing here");
    call.segment_count = segments->len;
    memcpy(call.segment, segments->pdata, segments->len * sizeof(char *));
    if (authorization != NULL && g_str_has_prefix(authorization, "Bearer "))
        call.token = authorization + strlen("Bearer ");
    if (authorization != NULL && g_str_has_prefix(authorization, "Clerk "))
        call.clerk = authorization + strlen("Clerk ");
    if (body->len > 0 && !has_json_type(connection))
        return shop_refuse(415, "not_json", "Content-Type: application/json is asked for");
    if (body->len > 0)
        object = json_loadb(body->str, body->len, JSON_REJECT_DUPLICATES, NULL);
    if (body->len > 0 && !json_is_object(object)) {
        json_decref(object);
        return shop_refuse(400, "bad_request", "the body must be a JSON object");
    }
    call.body = object;
    struct shop_answer answer = shop_ask(service->shop, &call);
    json_decref(object);
    return answer;
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, struct shop_answer answer)
{
    char *text = json_dumps(answer.body, JSON_COMPACT);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);

    json_decref(answer.body);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    enum MHD_Result result = MHD_queue_response(connection, answer.status, response);
    MHD_destroy_response(response);
    return result;
}

/* libmicrohttpd calls once with the head, then with each piece of the body, then with none. */
static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **request)
{
    struct service *service = user;
    GString *body = *request;

    (void)version;
    if (body == NULL) {
        *request = g_string_new(NULL);
        return MHD_YES;
    }
    if (*upload_size > 0) {
        if (body->len + *upload_size > BODY_MAX)
            return MHD_NO;
        g_string_append_len(body, upload, (gssize)*upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    if (service->delay_ms > 0)
        g_usleep((gulong)service->delay_ms * 1000);
    return send_answer(connection, answer_request(service, connection, url, method, body));
}

static void on_end(void *user, struct MHD_Connection *connection, void **request,
                   enum MHD_RequestTerminationCode code)
{
    (void)user;
    (void)connection;
    (void)code;
    if (*request != NULL)
        g_string_free(*request, TRUE);
    *request = NULL;
}

/* Paths are split before they are decoded: "%2F" in a segment is no separator. */
static size_t leave_escapes(void *user, struct MHD_Connection *connection, char *text)
{
    (void)user;
    (void)connection;
    return strlen(text);
}

/* ---- the service ----------------------------------------------------------------------------- */

static struct MHD_Daemon *start(struct service *service, int port, int threads)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    unsigned flags = service->delay_ms > 0
                         ? MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD
                         : MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO;
    struct MHD_OptionItem pool[] = {{MHD_OPTION_THREAD_POOL_SIZE, threads, NULL},
                                    {MHD_OPTION_END, 0, NULL}};

    if (service->delay_ms > 0 || threads == 1)
        pool[0].option = MHD_OPTION_END;
    return MHD_start_daemon(flags, (uint16_t)port, NULL, NULL, on_request, service,
                            MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_CONNECTION_LIMIT,
                            CONNECTIONS_MAX, MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL,
                            MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, NULL, MHD_OPTION_ARRAY,
                            pool, MHD_OPTION_END);
}

static int serve(struct service *service, int port, int threads, double for_s)
{
    sigset_t ends;
    int signal_number = 0;

    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    struct MHD_Daemon *daemon = start(service, port, threads);
    if (daemon == NULL) {
        fprintf(stderr, "reference_service: cannot listen on port %d\n", port);
        return 3;
    }
    printf("listening on http://127.0.0.1:%u\n",
           MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    if (for_s > 0) {
        const struct timespec limit = {(time_t)for_s,
                                       (long)((for_s - (double)(time_t)for_s) * 1e9)};
        sigtimedwait(&ends, NULL, &limit);
    } else {
        sigwait(&ends, &signal_number);
    }
    MHD_stop_daemon(daemon);
    json_t *books = shop_books(service->shop);
    char *text = json_dumps(books, 0);
    puts(text);
    free(text);
    json_decref(books);
    return 0;
}

int main(int argc, char **argv)
{
    int port = 0, threads = 2;
    double for_s = 0;
    struct shop_options options = {.stock = 1000000, .coupons = 1000000, .session_for_s = 1800};
    struct service service = {0};
    const GOptionEntry entries[] = {
        {"port", 0, 0, G_OPTION_ARG_INT, &port, "Port to listen on, 0 = a free one", "N"},
        {"for", 0, 0, G_OPTION_ARG_DOUBLE, &for_s, "End after this long, 0 = never", "S"},
        {"threads", 0, 0, G_OPTION_ARG_INT, &threads, "Threads that answer", "N"},
        {"stock", 0, 0, G_OPTION_ARG_INT64, &options.stock, "Units of each position", "N"},
        {"coupons", 0, 0, G_OPTION_ARG_INT64, &options.coupons, "Redemptions of a coupon", "N"},
        {"session-for", 0, 0, G_OPTION_ARG_INT64, &options.session_for_s, "Life of a token", "S"},
        {"delay", 0, 0, G_OPTION_ARG_INT, &service.delay_ms, "Each answer waits so long", "MS"},
        {"fail-rate", 0, 0, G_OPTION_ARG_DOUBLE, &service.fail_rate, "Share of answers 500",
         "SHARE"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;

    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || argc > 1 || threads < 1 ||
        service.fail_rate < 0 || service.fail_rate > 1 || service.delay_ms < 0) {
        fprintf(stderr, "reference_service: %s\n",
                error != NULL ? error->message : "bad arguments, see --help");
        return 2;
    }
    service.shop = shop_new(&options);
    int status = serve(&service, port, threads, for_s);
    shop_free(service.shop);
    return status;
}
