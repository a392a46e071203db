/* Options of `run` that trace or step through one replication. */
#ifndef CLI_TRACE_OPTIONS_H
#define CLI_TRACE_OPTIONS_H

#include "cli/options.h"

/* Set by GOption; freed with trace_options_clear(). Texts are checked by trace_options_check(). */
struct options_trace {
    char *events;   /* --trace-events */
    char **watches; /* --watch */
    gboolean step;
    char *replication_text, *from_text, *until_text, *limit_text;

    uint32_t replication;
    int64_t from_us, until_us; /* traced: from <= time < until */
    uint64_t limit;            /* events written; 0 = no limit */
};

#define TRACE_OPTIONS_LIMIT 200000

void trace_options_clear(struct options_trace *trace);
/* Turns the texts into numbers; options that contradict each other, or those of the study, are
 * BAD_USAGE. */
gboolean trace_options_check(struct options_trace *trace, const struct options_study *study,
                             GError **ret_error);
/* Whether a replication is to be traced at all. */
bool trace_options_wanted(const struct options_trace *trace);
/* Whether the trace has standard output for itself, so that nothing but that replication is run. */
bool trace_options_alone(const struct options_trace *trace);

/* Rows of a GOptionEntry array for `o`, a struct options_trace. */
#define OPTIONS_TRACE(o)                                                                           \
    {"trace-events",                                                                               \
     0,                                                                                            \
     0,                                                                                            \
     G_OPTION_ARG_FILENAME,                                                                        \
     &(o).events,                                                                                  \
     "Write every event of one replication: .json for Perfetto, else text; - prints the text",     \
     "FILE"},                                                                                      \
        {"watch",                                                                                  \
         0,                                                                                        \
         0,                                                                                        \
         G_OPTION_ARG_FILENAME_ARRAY,                                                              \
         &(o).watches,                                                                             \
         "Print what concerns order=ID, place=ID or station=PLACE.ROLE, or "                       \
         "customer=SOURCE.NUMBER "                                                                 \
         "or station=NAME of a queueing network; may be repeated",                                 \
         "WHAT=ID"},                                                                               \
        {"step",    0,                                                                             \
         0,         G_OPTION_ARG_NONE,                                                             \
         &(o).step, "Step through one replication, with commands from standard input (h: help)",   \
         NULL},                                                                                    \
        {"trace-replication",                                                                      \
         0,                                                                                        \
         0,                                                                                        \
         G_OPTION_ARG_FILENAME,                                                                    \
         &(o).replication_text,                                                                    \
         "Replication to trace, watch or step through (default: 0, the first)",                    \
         "N"},                                                                                     \
        {"trace-from",                                                                             \
         0,                                                                                        \
         0,                                                                                        \
         G_OPTION_ARG_FILENAME,                                                                    \
         &(o).from_text,                                                                           \
         "Simulated time to begin at, such as 36h or 7d",                                          \
         "TIME"},                                                                                  \
        {"trace-until", 0, 0, G_OPTION_ARG_FILENAME, &(o).until_text, "Simulated time to end at",  \
         "TIME"},                                                                                  \
    {                                                                                              \
        "trace-limit", 0, 0, G_OPTION_ARG_FILENAME, &(o).limit_text,                               \
            "Events to write at most, 0 for no limit (default: " G_STRINGIFY(                      \
                TRACE_OPTIONS_LIMIT) ")",                                                          \
            "N"                                                                                    \
    }

#endif
