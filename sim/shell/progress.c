/* The progress line.
 *
 * Workers call progress_update() as often as they like. The time of the next drawing is one atomic
 * word: who finds it in the future leaves at once, who doesn't takes the lock and draws. The first
 * drawing is due two seconds after the start, which is all it takes to stay silent for short jobs.
 *
 * Time left assumes that the rest goes as fast as what is done. The line is cut to the terminal's
 * width, since a line that wraps cannot be wiped with a carriage return.
 */
#include "shell/progress.h"
#include "shell/table.h"
#include "shell/units.h"

#include <omosim/types.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PROGRESS_SILENT_US (2 * OMO_US_PER_SECOND)
#define PROGRESS_REDRAW_US (100 * OMO_US_PER_MS)
#define PROGRESS_WIDTH 80

struct progress {
    char *label;
    int64_t first_day;
    FILE *stream;
    gboolean terminal;
    int64_t (*clock_us)(void);
    int64_t start_us;
    _Atomic int64_t next_draw_us;
    GMutex lock; /* over the stream and `drawn` */
    gboolean drawn;
};

static int64_t progress_clock_us(void) { return g_get_monotonic_time(); }

Progress *progress_new_full(const char *label, int64_t first_day, FILE *stream, gboolean terminal,
                            int64_t (*clock_us)(void))
{
    Progress *progress = g_new0(Progress, 1);

    progress->label = g_strdup(label);
    progress->first_day = first_day;
    progress->stream = stream;
    progress->terminal = terminal;
    progress->clock_us = clock_us;
    progress->start_us = clock_us();
    atomic_init(&progress->next_draw_us, progress->start_us + PROGRESS_SILENT_US);
    g_mutex_init(&progress->lock);
    return progress;
}

Progress *progress_new(const char *label, int64_t first_day)
{
    const char *terminal = getenv("TERM");
    gboolean draws = isatty(STDERR_FILENO) && terminal != NULL && strcmp(terminal, "dumb") != 0;
    return progress_new_full(label, first_day, stderr, draws, progress_clock_us);
}

static uint32_t progress_width(const Progress *progress)
{
    struct winsize size;
    if (ioctl(fileno(progress->stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
        return size.ws_col;
    return PROGRESS_WIDTH;
}

static void progress_append_date(const Progress *progress, int64_t simulated_us, GString *line)
{
    int64_t day = simulated_us / OMO_US_PER_DAY;

    if (simulated_us < 0)
        return;
    if (progress->first_day == PROGRESS_NO_DATE) {
        g_string_append_printf(line, "  day %" G_GINT64_FORMAT, day);
        return;
    }
    g_autoptr(GDateTime) date =
        g_date_time_new_from_unix_utc((progress->first_day + day) * INT64_C(86400));
    if (date != NULL) {
        g_autofree char *text = g_date_time_format(date, "%Y-%m-%d");
        g_string_append_printf(line, "  %s", text);
    }
}

static void progress_append_rate(double per_second, GString *line)
{
    if (per_second >= 1e6)
        g_string_append_printf(line, "  %.1fM events/s", per_second / 1e6);
    else if (per_second >= 1e3)
        g_string_append_printf(line, "  %.0fk events/s", per_second / 1e3);
    else
        g_string_append_printf(line, "  %.0f events/s", per_second);
}

/* Cuts a text to so many terminal cells. */
static void progress_cut(GString *line, uint32_t width)
{
    while (line->len > 0 && table_text_width(line->str) > width)
        g_string_truncate(line, (gsize)(g_utf8_prev_char(line->str + line->len) - line->str));
}

static void progress_draw(Progress *progress, double share, int64_t simulated_us,
                          uint64_t event_count, int64_t now_us)
{
    g_autoptr(GString) line = g_string_new(progress->label);
    double elapsed_us = (double)(now_us - progress->start_us);

    share = CLAMP(share, 0.0, 1.0);
    g_string_append_printf(line, "  %3.0f%%", share * 100);
    if (share > 0 && elapsed_us * (1 - share) / share < 1e15) {
        g_autofree char *left =
            units_format_duration_short((int64_t)(elapsed_us * (1 - share) / share));
        g_string_append_printf(line, "  %s left", left);
    }
    progress_append_date(progress, simulated_us, line);
    if (event_count > 0 && elapsed_us > 0)
        progress_append_rate((double)event_count * 1e6 / elapsed_us, line);
    progress_cut(line, progress_width(progress) - 1);
    fprintf(progress->stream, "\r%s\033[K", line->str);
    fflush(progress->stream);
    progress->drawn = TRUE;
}

void progress_update(Progress *progress, double share, int64_t simulated_us, uint64_t event_count)
{
    if (!progress->terminal)
        return;
    int64_t now_us = progress->clock_us();
    if (now_us < atomic_load_explicit(&progress->next_draw_us, memory_order_relaxed))
        return;

    if (!g_mutex_trylock(&progress->lock))
        return;
    if (now_us >= atomic_load_explicit(&progress->next_draw_us, memory_order_relaxed)) {
        atomic_store_explicit(&progress->next_draw_us, now_us + PROGRESS_REDRAW_US,
                              memory_order_relaxed);
        progress_draw(progress, share, simulated_us, event_count, now_us);
    }
    g_mutex_unlock(&progress->lock);
}

void progress_clear(Progress *progress)
{
    g_mutex_lock(&progress->lock);
    if (progress->drawn) {
        fputs("\r\033[K", progress->stream);
        fflush(progress->stream);
        progress->drawn = FALSE;
    }
    g_mutex_unlock(&progress->lock);
}

void progress_free(Progress *progress)
{
    if (progress == NULL)
        return;
    progress_clear(progress);
    g_mutex_clear(&progress->lock);
    g_free(progress->label);
    g_free(progress);
}
