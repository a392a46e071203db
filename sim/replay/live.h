/* The live page of a load run: what is happening now, in a browser, with a button to stop it.
 *
 *     g_autoptr(Live) live = live_start("8089", &about, &error);
 *     fprintf(stderr, "live: %s\n", live_url(live));
 *     on each tick: live_update(live, &now, measures);
 *     at the end:   live_end(live, &now, measures, "FAILED: p99<250ms was 1.82 s");
 *
 *   GET  /            the page: no script, style or picture from elsewhere
 *   GET  /events      server-sent events: "state" with one JSON object, a few a second; "end" likewise,
 *                     the last
 *   GET  /state.json  the same object, with "history": a point a second, the newest 600
 *   GET  /metrics     Prometheus' text format (replay/metrics.h), renewed once a second
 *   POST /stop        ends the run; needs the token that the page holds
 *
 * State: running, verdict (null while it runs), elapsed_s, total_s (null: not known), requests,
 * errors, errors_by {OUTCOME: n}, rate (of the last second), p50_ms, p99_ms, max_ms (responses of the
 * last 10 s), late_p99_ms (due to sent, likewise; null: none), journeys_started, journeys_ended, in_flight,
 * connections, waiting.
 *
 * All functions are for one thread; answers are given by the server's.
 */
#ifndef REPLAY_LIVE_H
#define REPLAY_LIVE_H

#include "replay/load.h"

typedef struct live Live;

struct live_about { /* copied */
    const char *title, *mode, *target;
    void *user;
    void (*stop)(void *user); /* in the server's thread: load_stop() */
};

/* `address` is "[HOST:]PORT", bound to loopback unless it names a host (shell/serve.h). */
Live *live_start(const char *address, const struct live_about *about, GError **ret_error);
const char *live_url(const Live *live); /* borrowed */
/* Pages that are open now. */
uint32_t live_watchers(const Live *live);
/* As often as it likes; sends at most LIVE_SENDS_PER_S. Never waits for a browser. */
#define LIVE_SENDS_PER_S 5
void live_update(Live *live, const struct load_now *now, const struct measure_all *all);
/* The last state, with the verdict in a sentence. */
void live_end(Live *live, const struct load_now *now, const struct measure_all *all,
              const char *verdict);
/* Gives browsers a moment to take the last state. */
void live_free(Live *live);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Live, live_free)

#endif
