/* Names of what event records and facts number: places, stations, channels, orders.
 *
 * Made from a model here; whoever traces another engine fills the same struct with its own stations.
 * Writers of traces know these names and nothing else of what is simulated. Read-only once made. */
#ifndef CLI_TRACE_NAMES_H
#define CLI_TRACE_NAMES_H

#include <omosim/event.h>
#include <omosim/model.h>

#include <glib.h>

typedef struct trace_names {
    char **place; /* NULL after the last, as are the others */
    char **channel;
    char **station;  /* "east.till"; also of roles that the place lacks; of a network: "pick" */
    char **source;   /* of a queueing network, which has no places; NULL of a chain */
    char **role;     /* stations of one place by their turn; borrowed, static */
    bool *courier;   /* [channel]: a courier of the place is busy for the whole trip */
    char **fact;     /* by kind; borrowed, static */
    int where_width; /* of the widest name of a place or station */
} TraceNames;

#define TRACE_NAMES_TEXT_MAX 64

/* Borrows the ids' meaning, copies the texts. Caller frees. */
TraceNames *trace_names_new(const omo_model *model);
void trace_names_free(TraceNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TraceNames, trace_names_free)

/* "1.0.17": cell, day and ordinal of an order's identity; "1.0.17+" is the online order that the
 * walk-in of that name made of missing lines, "1.0.17~" the visit that followed from it; "-" for 0. */
void trace_names_order(uint64_t order, char ret_text[TRACE_NAMES_TEXT_MAX]);
/* Reads it back, or the identity as a number. */
gboolean trace_names_parse_order(const char *text, uint64_t *ret_order);
/* "web.17": source and ordinal of a customer's identity; and reads it back. FALSE with the nearest
 * spelling of the source. */
void trace_names_customer(const TraceNames *names, uint64_t customer,
                          char ret_text[TRACE_NAMES_TEXT_MAX]);
gboolean trace_names_parse_customer(const TraceNames *names, const char *text,
                                    uint64_t *ret_customer, GError **ret_error);
/* The one or the other. */
void trace_names_id(const TraceNames *names, uint64_t id, char ret_text[TRACE_NAMES_TEXT_MAX]);
/* "order 1.0.17", "customer web.17", "shipment 3.0", "place east", "-". */
void trace_names_subject(const TraceNames *names, const omo_event_record *record,
                         char ret_text[TRACE_NAMES_TEXT_MAX]);
/* Name of a record's station, else of its place, else "-". Borrowed. */
const char *trace_names_where(const TraceNames *names, const omo_event_record *record);

#endif
