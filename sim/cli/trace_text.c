/* Lines of a trace.
 *
 * Columns have fixed widths, wide enough for what is usual: a line that is longer pushes the rest to
 * the right and loses nothing. The time is written with all its microseconds, because two events
 * that differ only there are the ones that somebody looks for. Money and times in facts are exact
 * too.
 */
#include "cli/trace_text.h"
#include "shell/units.h"

#include <omosim/registry.h>
#include <string.h>

void trace_text_time(int64_t at_us, char ret_text[TRACE_TEXT_TIME_MAX])
{
    const int64_t of_day_us = at_us % OMO_US_PER_DAY;

    snprintf(ret_text, TRACE_TEXT_TIME_MAX, "%4d %02d:%02d:%02d.%06d",
             (int)(at_us / OMO_US_PER_DAY), (int)(of_day_us / OMO_US_PER_HOUR),
             (int)(of_day_us % OMO_US_PER_HOUR / OMO_US_PER_MINUTE),
             (int)(of_day_us % OMO_US_PER_MINUTE / OMO_US_PER_SECOND),
             (int)(of_day_us % OMO_US_PER_SECOND));
}

void trace_text_heading(FILE *stream)
{
    fprintf(stream, "#day hh:mm:ss.us      %9s %7s  %-7s %-10s  %-20s where\n", "event", "pending",
            "phase", "kind", "subject");
}

void trace_text_event(const TraceNames *names, const omo_event_record *record, FILE *stream)
{
    char time[TRACE_TEXT_TIME_MAX];
    char subject[TRACE_NAMES_TEXT_MAX];

    trace_text_time(record->at_us, time);
    trace_names_subject(names, record, subject);
    fprintf(stream, "%s  %9" G_GUINT64_FORMAT " %7u  %-7s %-10s  %-20s %s%s\n", time,
            record->number, record->pending, record->phase, record->kind, subject,
            trace_names_where(names, record), record->stale ? "  stale" : "");
}

void trace_text_between(int64_t at_us, FILE *stream)
{
    char time[TRACE_TEXT_TIME_MAX];

    trace_text_time(at_us, time);
    fprintf(stream, "%s  between events\n", time);
}

/* The amount of a fact, by what its kind says that it is. Caller frees; NULL for none. */
static char *amount_text(const omo_fact *fact)
{
    const char *amount = omo_fact_amount(omo_fact_kind(fact));

    if (strcmp(amount, "money") == 0)
        return units_format_money(fact->amount);
    if (strcmp(amount, "span") == 0)
        return units_format_duration(fact->amount);
    if (strcmp(amount, "distance") == 0)
        return g_strdup_printf("%.3f km", (double)fact->amount * 1e-6);
    if (strcmp(amount, "points") == 0)
        return g_strdup_printf("%" G_GINT64_FORMAT " points", fact->amount);
    if (strcmp(amount, "line") == 0) {
        g_autofree char *money = units_format_money(omo_fact_line_cents(fact));
        return g_strdup_printf("%s, sku %u", money, omo_fact_sku(fact));
    }
    return NULL;
}

void trace_text_fact(const TraceNames *names, const omo_fact *fact, FILE *stream)
{
    const uint32_t channel = omo_fact_channel(fact);
    char order[TRACE_NAMES_TEXT_MAX];
    g_autofree char *amount = amount_text(fact);

    trace_names_order(fact->order, order);
    fprintf(stream, "%21s %-13s  %-14s %-*s  %-12s %5u", "", names->fact[omo_fact_kind(fact)],
            order, names->where_width, fact->place != UINT32_MAX ? names->place[fact->place] : "-",
            channel != OMO_FACT_NO_CHANNEL ? names->channel[channel] : "-",
            omo_fact_quantity(fact));
    if (amount != NULL)
        fprintf(stream, "  %s", amount);
    putc('\n', stream);
}

void trace_text_step(const TraceNames *names, const omo_step *step, FILE *stream)
{
    static const struct {
        const char *name, *span;
    } kinds[] = {
        [OMO_STEP_STARTED] = {"STARTED", "after"},
        [OMO_STEP_INTERRUPTED] = {"INTERRUPTED", "after"},
        [OMO_STEP_DONE] = {"DONE", "after"},
        [OMO_STEP_RENEGED] = {"RENEGED", "after"},
        [OMO_STEP_REFUSED] = {"REFUSED", NULL},
        [OMO_STEP_ENDED] = {"ENDED", "in all"},
        [OMO_STEP_WAITS] = {"WAITS", "for"},
        [OMO_STEP_SERVED] = {"SERVED", "for"},
        [OMO_STEP_BLOCKED] = {"BLOCKED", "for"},
        [OMO_STEP_SPLIT] = {"SPLIT", "for"},
    };
    const bool ended = step->kind == OMO_STEP_ENDED;
    char customer[TRACE_NAMES_TEXT_MAX];

    trace_names_customer(names, step->customer, customer);
    fprintf(stream, "%21s %-13s  %-14s %-*s", "", kinds[step->kind].name, customer,
            names->where_width, ended ? "-" : names->station[step->station]);
    if (kinds[step->kind].span != NULL) {
        g_autofree char *span =
            units_format_duration(step->at_us - (ended ? step->arrived_us : step->joined_us));
        fprintf(stream, "  %s %s", kinds[step->kind].span, span);
    }
    putc('\n', stream);
}

void trace_text_level(const char *station, const omo_station_level *level, FILE *stream)
{
    fprintf(stream, "%19s = %s: queue %u, busy %u", "", station, level->queue, level->busy);
    if (level->servers != OMO_UNLIMITED)
        fprintf(stream, " of %u", level->servers);
    putc('\n', stream);
}
