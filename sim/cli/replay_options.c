/* Options that all load commands share. */
#include "cli/replay_options.h"
#include "cli/replay_plan.h"
#include "shell/diagnostic.h"
#include "shell/spelling.h"
#include "shell/units.h"

#include <omosim/types.h>
#include <string.h>

#define CONNECTIONS_MAX 10000000
#define IN_FLIGHT_MAX 100000000
#define PASS_MAX 1000000000
#define THREADS_MAX 1024
#define PROBE_MS 5000

static const char *const pace_names[] = {"auto", "timer", "tick", "spin", NULL};

#define TEXT(name, letter, field, help, value)                                                     \
    {                                                                                              \
        name, letter, 0, G_OPTION_ARG_FILENAME, field, help, value                                 \
    }
#define LIST(name, letter, field, help, value)                                                     \
    {                                                                                              \
        name, letter, 0, G_OPTION_ARG_FILENAME_ARRAY, field, help, value                           \
    }
#define FLAG(name, field, help)                                                                    \
    {                                                                                              \
        name, 0, 0, G_OPTION_ARG_NONE, field, help, NULL                                           \
    }

void replay_options_add_service(GArray *entries, struct replay_options *o)
{
    const GOptionEntry mine[] = {
        TEXT("api", 'a', &o->api, "API map: the requests that each step becomes", "FILE.yaml"),
        TEXT("openapi", 0, &o->openapi, "Check the map against an OpenAPI 3 document", "FILE"),
        TEXT("tables", 0, &o->tables,
             "Tables of names as `omosim seed` wrote them, in place of the map's", "FILE.json"),
        LIST("target", 't', &o->target_urls,
             "Service: http://, https:// or unix:PATH; may be repeated", "URL"),
        LIST("allow-host", 0, &o->allowed_hosts,
             "Allow a host that isn't this machine; may be repeated", "NAME"),
        TEXT("timeout", 0, &o->timeout_text, "For a whole answer (default: 30s)", "TIME"),
        FLAG("http2", &o->http2, "HTTP/2: by ALPN with https, with prior knowledge with http"),
        FLAG("insecure", &o->insecure, "Accept any certificate"),
        TEXT("ca", 0, &o->ca, "Certificates to trust instead of the system's", "FILE.pem"),
        TEXT("cert", 0, &o->certificate, "Certificate to show", "FILE.pem"),
        TEXT("key", 0, &o->key, "Its private key", "FILE.pem"),
    };

    g_array_append_vals(entries, mine, G_N_ELEMENTS(mine));
}

void replay_options_add(GArray *entries, struct replay_options *o)
{
    const GOptionEntry mine[] = {
        TEXT("speed", 0, &o->speed_text,
             "Speed of the plan's time, at a rate between steps (default: 1, capacity: 600)", "X"),
        TEXT("from", 0, &o->from_text, "Journeys of the plan from this time on", "TIME"),
        TEXT("to", 0, &o->to_text, "Journeys of the plan before this time", "TIME"),
        TEXT("connections", 'c', &o->connections_text,
             "Connections to each target at most (default: 256)", "N"),
        TEXT("threads", 0, &o->threads_text, "Threads (default: one less than processors)", "N"),
        TEXT("in-flight", 0, &o->in_flight_text,
             "Journeys in flight at most, more are shed (default: 1000000)", "N"),
        TEXT("drain", 0, &o->drain_text, "Wait for answers at the end (default: 30s)", "TIME"),
        TEXT("warm-up", 0, &o->warm_up_text, "Leave this long out of the measures", "TIME"),
        TEXT("pipeline", 0, &o->pipeline_text, "HTTP/1.1 requests in flight on a connection", "N"),
        TEXT("streams", 0, &o->streams_text, "HTTP/2 streams of a connection (default: 100)", "N"),
        TEXT("redirects", 0, &o->redirects_text,
             "Follow up to N redirects of a request within its target (default: 0)", "N"),
        TEXT("pace", 0, &o->pace_text, "How sending is timed (default: auto)",
             "auto|timer|tick|spin"),
        TEXT("own-lateness", 0, &o->own_lateness_text,
             "Lateness of its own, p99, that is no reason to call the generator too slow (default: "
             "5ms)",
             "TIME"),
        FLAG("poisson", &o->poisson, "Random gaps at a rate, instead of even ones"),
        TEXT("seed", 's', &o->seed_text, "Seed of the random gaps (default: 1)", "N"),
        TEXT("pass", 0, &o->pass_text,
             "Orders of pass N of the plan end in -N: new ones for a service that had the plan",
             "N"),
    };

    replay_options_add_service(entries, o);
    g_array_append_vals(entries, mine, G_N_ELEMENTS(mine));
}

void replay_options_clear(struct replay_options *o)
{
    char **texts[] = {&o->api,
                      &o->openapi,
                      &o->tables,
                      &o->speed_text,
                      &o->from_text,
                      &o->to_text,
                      &o->connections_text,
                      &o->threads_text,
                      &o->timeout_text,
                      &o->drain_text,
                      &o->warm_up_text,
                      &o->pipeline_text,
                      &o->streams_text,
                      &o->in_flight_text,
                      &o->ca,
                      &o->certificate,
                      &o->key,
                      &o->pace_text,
                      &o->seed_text,
                      &o->pass_text,
                      &o->own_lateness_text,
                      &o->redirects_text,
                      &o->request_path};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
    g_clear_pointer(&o->target_urls, g_strfreev);
    g_clear_pointer(&o->allowed_hosts, g_strfreev);
    g_clear_pointer(&o->plan, plan_free);
    g_clear_pointer(&o->map, api_free);
    g_clear_pointer(&o->targets, g_ptr_array_unref);
}

/* ---- checks ---------------------------------------------------------------------------------- */

static gboolean check_speed(struct replay_options *o, GError **ret_error)
{
    if (o->speed_text == NULL)
        return TRUE;
    if (units_parse_number(o->speed_text, &o->load.speed, NULL) && o->load.speed >= 0.1 &&
        o->load.speed <= 10000)
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                "--speed: expected a number from 0.1 to 10000, found '%s'", o->speed_text);
    return FALSE;
}

/* A moment of the plan: "18:00" on its first day, or "7d18h" since its time 0. */
static gboolean parse_moment(const char *option, const char *text, int64_t *ret_us,
                             GError **ret_error)
{
    if (units_parse_time_of_day_us(text, ret_us, NULL) ||
        units_parse_duration_us(text, OMO_US_PER_SECOND, ret_us, NULL))
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                "--%s: expected a time such as 18:00 or 7d18h, found '%s'", option, text);
    return FALSE;
}

static bool is_by_clock(const char *text) { return text != NULL && strchr(text, ':') != NULL; }

/* Midnight before the plan's first journey, by the clock when the plan knows it. */
static int64_t first_midnight_us(const Plan *plan)
{
    struct plan_cursor cursor = plan_begin(plan);
    const omo_plan_journey *first = plan_next(plan, &cursor);
    const int64_t epoch_us = plan_header(plan)->epoch_us;
    const int64_t at_us = first != NULL ? first->at_us : 0;
    int64_t since_us = at_us;

    if (epoch_us != INT64_MIN && !__builtin_add_overflow(at_us, epoch_us, &since_us))
        since_us %= OMO_US_PER_DAY;
    else
        since_us = at_us % OMO_US_PER_DAY;
    return at_us - since_us - (since_us < 0 ? OMO_US_PER_DAY : 0);
}

/* The window of the plan. A time of day that --to names before --from is the next day's. */
static gboolean set_window(struct replay_options *o, GError **ret_error)
{
    const int64_t midnight_us = first_midnight_us(o->plan);
    int64_t moment_us = 0;

    if (o->from_text != NULL) {
        if (!parse_moment("from", o->from_text, &moment_us, ret_error))
            return FALSE;
        o->load.from_us = moment_us + (is_by_clock(o->from_text) ? midnight_us : 0);
    }
    if (o->to_text != NULL) {
        if (!parse_moment("to", o->to_text, &moment_us, ret_error))
            return FALSE;
        o->load.to_us = moment_us + (is_by_clock(o->to_text) ? midnight_us : 0);
        if (is_by_clock(o->to_text) && o->from_text != NULL && o->load.to_us <= o->load.from_us)
            o->load.to_us += OMO_US_PER_DAY;
    }
    return TRUE;
}

static gboolean check_pace(struct replay_options *o, GError **ret_error)
{
    if (o->pace_text == NULL)
        return TRUE;
    for (uint32_t i = 0; pace_names[i] != NULL; i++)
        if (strcmp(pace_names[i], o->pace_text) == 0) {
            o->load.pace = (enum load_pace)i;
            return TRUE;
        }
    g_autofree char *hint = spelling_hint(o->pace_text, pace_names);
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                "--pace: unknown pace '%s'%s", o->pace_text, hint);
    return FALSE;
}

static gboolean check_counts(struct replay_options *o, GError **ret_error)
{
    uint64_t connections = o->load.pool.links_max;
    uint64_t threads = 0;
    uint64_t pipeline = o->load.pool.pipeline;
    uint64_t streams = o->load.pool.streams;
    uint64_t in_flight = o->load.journeys_max;
    uint64_t pass = 0;
    uint64_t redirects = 0;

    if (!replay_parse_whole("connections", o->connections_text, 1, CONNECTIONS_MAX, &connections,
                            ret_error) ||
        !replay_parse_whole("threads", o->threads_text, 1, THREADS_MAX, &threads, ret_error) ||
        !replay_parse_whole("pipeline", o->pipeline_text, 1, 1024, &pipeline, ret_error) ||
        !replay_parse_whole("streams", o->streams_text, 1, 65536, &streams, ret_error) ||
        !replay_parse_whole("in-flight", o->in_flight_text, 1, IN_FLIGHT_MAX, &in_flight,
                            ret_error) ||
        !replay_parse_whole("redirects", o->redirects_text, 0, 100, &redirects, ret_error) ||
        !replay_parse_whole("pass", o->pass_text, 0, PASS_MAX, &pass, ret_error) ||
        !replay_parse_whole("seed", o->seed_text, 0, G_MAXINT64, &o->load.seed, ret_error))
        return FALSE;
    o->load.first_pass = (uint32_t)pass;
    o->load.redirects = (uint32_t)redirects;
    o->load.pool.links_max = (uint32_t)connections;
    o->load.threads = (uint32_t)threads;
    o->load.pool.pipeline = (uint32_t)pipeline;
    o->load.pool.streams = (uint32_t)streams;
    o->load.journeys_max = (uint32_t)in_flight;
    return TRUE;
}

gboolean replay_options_check_service(struct replay_options *o, GError **ret_error)
{
    load_defaults(&o->load);
    if (!replay_parse_duration("timeout", o->timeout_text, &o->load.timeout_ns, ret_error))
        return FALSE;
    if (o->load.timeout_ns <= 0)
        o->load.timeout_ns = 1;
    o->load.pool.connect_timeout_us =
        MAX(MIN(o->load.timeout_ns / 1000, OMO_US_PER_SECOND * 10), 1);
    if ((o->certificate == NULL) != (o->key == NULL)) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--cert and --key go together");
        return FALSE;
    }
    return TRUE;
}

gboolean replay_options_check(struct replay_options *o, GError **ret_error)
{
    if (!replay_options_check_service(o, ret_error))
        return FALSE;
    o->load.seed = 1;
    o->load.poisson = o->poisson;
    if (!check_speed(o, ret_error) || !check_pace(o, ret_error) || !check_counts(o, ret_error) ||
        !replay_parse_duration("own-lateness", o->own_lateness_text, &o->load.own_lateness_ns,
                               ret_error) ||
        !replay_parse_duration("drain", o->drain_text, &o->load.drain_ns, ret_error) ||
        !replay_parse_duration("warm-up", o->warm_up_text, &o->load.warm_up_ns, ret_error))
        return FALSE;
    if (o->target_urls == NULL) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--target URL is missing: the service to send requests to");
        return FALSE;
    }
    return TRUE;
}

/* ---- opening --------------------------------------------------------------------------------- */

static gboolean set_tls(const struct replay_options *o, struct target *target, GError **ret_error)
{
    const struct tls_options tls = {.no_verify = o->insecure,
                                    .ca_file = o->ca,
                                    .certificate = o->certificate,
                                    .key = o->key,
                                    .http2 = o->http2};

    target->http2_prior = o->http2 && !target->tls;
    if (!target->tls)
        return TRUE;
    g_autofree char *host = replay_plan_host(target->url);
    target->tls_context = tls_context_new(&tls, host, ret_error);
    return target->tls_context != NULL;
}

static gboolean add_target(struct replay_options *o, const char *url, bool takes_path,
                           GError **ret_error)
{
    g_autofree char *path = NULL;
    g_autofree char *base = takes_path ? replay_plan_split(url, &path) : g_strdup(url);

    if (takes_path && o->request_path != NULL && strcmp(o->request_path, path) != 0) {
        g_set_error(
            ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
            "--target %s: without a plan all targets are asked for the same path, here '%s'", url,
            o->request_path);
        return FALSE;
    }
    if (takes_path && o->request_path == NULL)
        o->request_path = g_steal_pointer(&path);
    struct target *target = target_new(base, (const char *const *)o->allowed_hosts, ret_error);
    if (target == NULL)
        return FALSE;
    g_ptr_array_add(o->targets, target);
    return set_tls(o, target, ret_error);
}

/* Without a map only recorded requests can be sent. */
static gboolean open_map(struct replay_options *o, const char *plan_path, GError **ret_error)
{
    if (o->api != NULL) {
        o->map = api_read_with_tables(o->api, o->openapi, o->tables, ret_error);
        return o->map != NULL;
    }
    struct plan_cursor cursor = plan_begin(o->plan);
    const omo_plan_journey *journey = plan_next(o->plan, &cursor);
    const uint32_t kind =
        journey != NULL ? plan_step_kind(o->plan, plan_first_step(journey)->kind) : STEP_request;
    if (kind != STEP_request && kind < STEP_COUNT) {
        g_set_error(
            ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
            "%s has steps such as '%s': --api MAP is needed to say what requests they become",
            plan_path, step_name(kind));
        return FALSE;
    }
    o->map = api_new_raw();
    return TRUE;
}

static void free_target(gpointer target)
{
    tls_context_free(((struct target *)target)->tls_context);
    target_free(target);
}

static gboolean open_targets(struct replay_options *o, bool takes_path, GError **ret_error)
{
    o->targets = g_ptr_array_new_with_free_func(free_target);
    for (char **url = o->target_urls; url != NULL && *url != NULL; url++)
        if (!add_target(o, *url, takes_path, ret_error))
            return FALSE;
    return TRUE;
}

gboolean replay_options_open_service(struct replay_options *o, GError **ret_error)
{
    if (o->api == NULL) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE, "--api MAP is missing");
        return FALSE;
    }
    o->map = api_read_with_tables(o->api, o->openapi, o->tables, ret_error);
    return o->map != NULL && open_targets(o, false, ret_error);
}

gboolean replay_options_open(struct replay_options *o, const char *plan_path, GError **ret_error)
{
    if (!open_targets(o, plan_path == NULL, ret_error))
        return FALSE;
    o->plan = plan_path != NULL ? plan_open(plan_path, ret_error)
                                : replay_plan_of_get(o->request_path, ret_error);
    if (o->plan == NULL || !set_window(o, ret_error) || !open_map(o, plan_path, ret_error))
        return FALSE;
    o->load.plan = o->plan;
    o->load.map = o->map;
    o->load.targets = (struct target *const *)o->targets->pdata;
    o->load.target_count = o->targets->len;
    return TRUE;
}

gboolean replay_options_probe(const struct replay_options *o, GError **ret_error)
{
    for (guint i = 0; i < o->targets->len; i++)
        if (!target_probe(o->targets->pdata[i], PROBE_MS, ret_error))
            return FALSE;
    return TRUE;
}

const char **replay_options_urls(const struct replay_options *o)
{
    const char **urls = g_new0(const char *, o->targets->len + 1);

    for (guint i = 0; i < o->targets->len; i++)
        urls[i] = ((const struct target *)o->targets->pdata[i])->url;
    return urls;
}
