/* The main thread makes texts, the server's thread hands them out: under `lock` stand the newest
 * state, history and metrics as text, so a browser that asks at a bad moment costs nobody anything.
 *
 * The state is one small JSON object that says everything, sent a few times a second; a page that
 * missed some is right again with the next one. History is kept here rather than in the page, so
 * that a page that is opened in the middle of a run shows its beginning.
 */
#include "replay/live.h"

#include <math.h>
#include <string.h>

#include "replay/live_page.h"
#include "replay/metrics.h"
#include "shell/json.h"
#include "shell/serve.h"

#define LIVE_HISTORY 600
#define LIVE_RECENT_NS (INT64_C(10) * 1000000000)

struct live_point { /* of a second */
    double at_s, rate, errors, p50_ms, p99_ms, max_ms;
};

struct live {
    Serve *serve;
    char *title, *mode, *target;
    void *user;
    void (*stop)(void *user);
    struct measure_window window; /* of the main thread */
    struct live_point history[LIVE_HISTORY];
    uint32_t history_count;
    int64_t sent_us, second_us; /* when the last state was sent, the last point made */
    double errors_before;
    GMutex lock;
    char *state;   /* JSON without history */
    char *points;  /* JSON list */
    char *metrics; /* text */
};

/* ---- the main thread's side ------------------------------------------------------------------ */

static void set_number(json_t *state, const char *key, double number)
{
    json_object_set_new(state, key, json_make_number(number));
}

static void set_count(json_t *state, const char *key, uint64_t count)
{
    json_object_set_new(state, key, json_integer((json_int_t)count));
}

static json_t *update_errors(const struct measure_all *all)
{
    json_t *errors = json_object();

    for (int o = 0; o < OUTCOME_COUNT; o++) {
        uint64_t count = measure_all_outcome(all, MEASURE_TOTAL, (enum outcome)o);
        if (count > 0 && outcome_is_error((enum outcome)o))
            set_count(errors, outcome_name((enum outcome)o), count);
    }
    return errors;
}

static json_t *update_state(Live *live, const struct load_now *now, const struct measure_all *all,
                            const char *verdict)
{
    json_t *state = json_object();

    measure_all_recent(all, MEASURE_TOTAL, MEASURE_LATENESS, now->elapsed_ns - LIVE_RECENT_NS,
                       now->elapsed_ns, &live->window);
    json_object_set_new(state, "running", json_boolean(verdict == NULL));
    json_object_set_new(state, "verdict", json_make_text(verdict));
    set_number(state, "elapsed_s", (double)now->elapsed_ns / 1e9);
    set_number(state, "total_s", now->total_ns > 0 ? (double)now->total_ns / 1e9 : (double)NAN);
    set_count(state, "requests", now->requests);
    set_count(state, "errors", now->errors);
    json_object_set_new(state, "errors_by", update_errors(all));
    set_number(state, "rate", now->rate);
    set_number(state, "p50_ms", (double)now->p50_ns / 1e6);
    set_number(state, "p99_ms", (double)now->p99_ns / 1e6);
    set_number(state, "max_ms", (double)now->max_ns / 1e6);
    set_number(state, "late_p99_ms",
               live->window.clock.count > 0
                   ? (double)coarse_sum_quantile_ns(&live->window.clock, 990000) / 1e6
                   : (double)NAN);
    set_count(state, "journeys_started", now->journeys_started);
    set_count(state, "journeys_ended", now->journeys_ended);
    set_count(state, "in_flight", now->in_flight);
    set_count(state, "connections", now->connections);
    set_count(state, "waiting", now->waiting);
    return state;
}

/* Adds a point; past LIVE_HISTORY of them the oldest goes. */
static void update_history(Live *live, const struct load_now *now)
{
    struct live_point *last;

    if (live->history_count == LIVE_HISTORY) {
        live->history_count--;
        memmove(live->history, live->history + 1, live->history_count * sizeof live->history[0]);
    }
    last = &live->history[live->history_count++];
    *last = (struct live_point){.at_s = (double)now->elapsed_ns / 1e9,
                                .rate = now->rate,
                                .errors = (double)now->errors - live->errors_before,
                                .p50_ms = (double)now->p50_ns / 1e6,
                                .p99_ms = (double)now->p99_ns / 1e6,
                                .max_ms = (double)now->max_ns / 1e6};
    live->errors_before = (double)now->errors;
}

static char *update_points(const Live *live)
{
    GString *text = g_string_new("[");

    for (uint32_t i = 0; i < live->history_count; i++) {
        const struct live_point *p = &live->history[i];
        const double numbers[] = {p->at_s, p->rate, p->errors, p->p50_ms, p->p99_ms, p->max_ms};
        for (size_t n = 0; n < G_N_ELEMENTS(numbers); n++) {
            char digits[G_ASCII_DTOSTR_BUF_SIZE];
            g_ascii_formatd(digits, sizeof digits, "%.6g", numbers[n]);
            g_string_append(text, n > 0 ? "," : i > 0 ? ",[" : "[");
            g_string_append(text, digits);
        }
        g_string_append_c(text, ']');
    }
    g_string_append_c(text, ']');
    return g_string_free(text, FALSE);
}

/* Puts a new text in the place of an old one. Takes `text`. */
static void update_text(Live *live, char **place, char *text)
{
    g_autofree char *old = NULL;

    g_mutex_lock(&live->lock);
    old = *place;
    *place = text;
    g_mutex_unlock(&live->lock);
}

static void update_all(Live *live, const struct load_now *now, const struct measure_all *all,
                       const char *verdict)
{
    int64_t time_us = g_get_monotonic_time();
    json_t *state = update_state(live, now, all, verdict);
    g_autoptr(GString) text = g_string_new(NULL);

    json_write_text(state, FALSE, text);
    json_decref(state);
    if (verdict != NULL || live->second_us == 0 || time_us - live->second_us >= 1000000) {
        live->second_us = time_us;
        update_history(live, now);
        update_text(live, &live->points, update_points(live));
        update_text(live, &live->metrics, metrics_text(all, now));
    }
    update_text(live, &live->state, g_strdup(text->str));
    serve_send(live->serve, verdict != NULL ? "end" : "state", text->str);
    live->sent_us = time_us;
}

void live_update(Live *live, const struct load_now *now, const struct measure_all *all)
{
    /* A tenth less than the pause: callers tick in steps that may be the same size. */
    if (live->sent_us == 0 || g_get_monotonic_time() - live->sent_us >= 900000 / LIVE_SENDS_PER_S)
        update_all(live, now, all, NULL);
}

void live_end(Live *live, const struct load_now *now, const struct measure_all *all,
              const char *verdict)
{
    update_all(live, now, all, verdict);
}

/* ---- the server's side ----------------------------------------------------------------------- */

static void answer_page(void *user, struct serve_reply *reply)
{
    const Live *live = user;
    g_autofree char *title = g_markup_escape_text(live->title, -1);
    g_autofree char *mode = g_markup_escape_text(live->mode, -1);
    g_autofree char *target = g_markup_escape_text(live->target, -1);
    g_autoptr(GString) page = g_string_new(live_page);

    /* What titles hold is put in last and not looked through. */
    g_string_replace(page, "{style}", live_style, 1);
    g_string_replace(page, "{script}", live_script, 1);
    g_string_replace(page, "{token}", serve_token(live->serve), 1);
    g_string_replace(page, "{target}", target, 1);
    g_string_replace(page, "{mode}", mode, 1);
    g_string_replace(page, "{title}", title, 0);
    reply->type = "text/html; charset=utf-8";
    reply->body = g_string_free(g_steal_pointer(&page), FALSE);
}

static void answer_state(void *user, struct serve_reply *reply)
{
    Live *live = user;

    g_mutex_lock(&live->lock);
    /* "{...}\n" becomes "{..., "history": [...]}". */
    reply->body =
        g_strdup_printf("%.*s,\"history\":%s}\n", (int)(strrchr(live->state, '}') - live->state),
                        live->state, live->points);
    g_mutex_unlock(&live->lock);
    reply->type = "application/json";
}

static void answer_metrics(void *user, struct serve_reply *reply)
{
    Live *live = user;

    g_mutex_lock(&live->lock);
    reply->body = g_strdup(live->metrics);
    g_mutex_unlock(&live->lock);
    reply->type = METRICS_CONTENT_TYPE;
}

static void answer_stop(void *user, struct serve_reply *reply)
{
    Live *live = user;

    live->stop(live->user);
    reply->status = 202;
    reply->body = g_strdup("the run is ending\n");
}

static char *greet(void *user)
{
    Live *live = user;
    char *event;

    g_mutex_lock(&live->lock);
    event = serve_event("state", live->state);
    g_mutex_unlock(&live->lock);
    return event;
}

Live *live_start(const char *address, const struct live_about *about, GError **ret_error)
{
    static const struct serve_route routes[] = {
        {"GET", "/", answer_page},
        {"GET", "/events", NULL},
        {"GET", "/state.json", answer_state},
        {"GET", "/metrics", answer_metrics},
        {"POST", "/stop", answer_stop},
        {NULL, NULL, NULL},
    };
    g_autoptr(Live) live = g_new0(Live, 1);
    const struct serve_options options = {.address = address,
                                          .routes = routes,
                                          .user = live,
                                          .greet = greet};

    g_mutex_init(&live->lock);
    live->title = g_strdup(about->title);
    live->mode = g_strdup(about->mode);
    live->target = g_strdup(about->target);
    live->user = about->user;
    live->stop = about->stop;
    live->state = g_strdup("{\"running\":true,\"verdict\":null}");
    live->points = g_strdup("[]");
    live->metrics = g_strdup("");
    live->serve = serve_start(&options, ret_error);
    return live->serve != NULL ? g_steal_pointer(&live) : NULL;
}

const char *live_url(const Live *live) { return serve_url(live->serve); }

uint32_t live_watchers(const Live *live) { return serve_listener_count(live->serve); }

void live_free(Live *live)
{
    if (live == NULL)
        return;
    serve_free(live->serve);
    g_mutex_clear(&live->lock);
    g_free(live->title);
    g_free(live->mode);
    g_free(live->target);
    g_free(live->state);
    g_free(live->points);
    g_free(live->metrics);
    g_free(live);
}
