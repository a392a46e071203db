/* Which days, times, channels and places `omosim trace` writes a plan of. */
#ifndef CLI_TRACE_FILTER_H
#define CLI_TRACE_FILTER_H

#include "traffic/journeys.h"

/* Set by GOption; freed with trace_filter_options_clear(). */
struct trace_filter_options {
    char *days, *day, *from, *to, *channels, *places;
    gboolean clerks; /* TRUE at first */
};

void trace_filter_options_clear(struct trace_filter_options *options);

typedef struct trace_filter TraceFilter;

/* Checks the options against a model: BAD_USAGE with the nearest spelling. Without --day the first
 * whole day after the warm-up is the first. Caller frees. */
TraceFilter *trace_filter_new(const struct trace_filter_options *options, const omo_model *model,
                              GError **ret_error);
void trace_filter_free(TraceFilter *filter);
/* Sets days, times, channels, places and clerks; the arrays are the filter's. */
void trace_filter_apply(const TraceFilter *filter, struct journeys_options *options);

/* Rows of a GOptionEntry array for `f`, a struct trace_filter_options. */
#define TRACE_FILTER_ROW(name, letter, field, help, value)                                         \
    {                                                                                              \
        name, letter, 0, G_OPTION_ARG_FILENAME, field, help, value                                 \
    }
#define TRACE_FILTER_OPTIONS(f)                                                                    \
    TRACE_FILTER_ROW("days", 'd', &(f).days, "How many days (default 1)", "N"),                    \
        TRACE_FILTER_ROW("day", 0, &(f).day,                                                       \
                         "The first of them, counted from 0 (default: after the warm-up)", "D"),   \
        TRACE_FILTER_ROW("from", 0, &(f).from,                                                     \
                         "Only journeys that start from this time of day on", "18:00"),            \
        TRACE_FILTER_ROW("to", 0, &(f).to,                                                         \
                         "... and before this one; an earlier one is that of the next day",        \
                         "22:00"),                                                                 \
        TRACE_FILTER_ROW("channel", 'c', &(f).channels,                                            \
                         "Channels, their kinds, or what stands before a kind's first underscore " \
                         "(default: all online ones; walk_in: sales at tills)",                    \
                         "NAME,..."),                                                              \
        TRACE_FILTER_ROW("place", 0, &(f).places, "Only orders and tasks of these places",         \
                         "ID,..."),                                                                \
        {"clerks",    0,                                                                           \
         0,           G_OPTION_ARG_NONE,                                                           \
         &(f).clerks, "With picking, handing over and returns (default)",                          \
         NULL},                                                                                    \
    {                                                                                              \
        "no-clerks", 0, G_OPTION_FLAG_REVERSE, G_OPTION_ARG_NONE, &(f).clerks, "Without them",     \
            NULL                                                                                   \
    }

#endif
