/* The progress line: time, rate, latency, errors, journeys in flight. */
#include "cli/replay_progress.h"
#include "shell/units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REDRAW_NS INT64_C(500000000)

void replay_progress_begin(struct replay_progress *progress)
{
    const char *terminal = getenv("TERM");

    *progress = (struct replay_progress){.draws = isatty(STDERR_FILENO) && terminal != NULL &&
                                                  strcmp(terminal, "dumb") != 0};
}

char *replay_progress_text(const struct load_now *now)
{
    g_autofree char *total = now->total_ns > 0
                                 ? g_strdup_printf(" of %.0f s", (double)now->total_ns / 1e9)
                                 : g_strdup("");
    g_autofree char *rate = units_format_count((int64_t)(now->rate + 0.5));
    g_autofree char *p50 = units_format_duration_short(now->p50_ns / 1000);
    g_autofree char *p99 = units_format_duration_short(now->p99_ns / 1000);
    g_autofree char *errors = units_format_count((int64_t)now->errors);
    g_autofree char *in_flight = units_format_count((int64_t)now->in_flight);

    return g_strdup_printf("%.1f s%s  %s/s  p50 %s  p99 %s  %s errors  %s in flight",
                           (double)now->elapsed_ns / 1e9, total, rate, p50, p99, errors, in_flight);
}

void replay_progress_update(struct replay_progress *progress, const Load *load)
{
    struct load_now now;

    if (!progress->draws)
        return;
    load_now(load, &now);
    if (now.elapsed_ns < progress->next_ns)
        return;
    progress->next_ns = now.elapsed_ns + REDRAW_NS;
    g_autofree char *text = replay_progress_text(&now);
    fprintf(stderr, "\r\033[K%.79s", text);
    progress->drawn = true;
}

void replay_progress_end(struct replay_progress *progress)
{
    if (progress->drawn)
        fputs("\r\033[K", stderr);
    progress->drawn = false;
}
