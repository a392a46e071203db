/* Chrome's trace events.
 *
 * The format is described in "Trace Event Format" (Google, 2016): an object with a list
 * `traceEvents`, whose entries may come in any order except that those of one async track or thread
 * nest as they stand at equal times. So an order's `b` is written when it opens; steps are written as
 * pairs when they end, and slices as whole X entries, which cannot lose their end. A process or
 * thread is named when it is first used: a chain of 782 shops whose trace touches five names five.
 *
 * Slices of one thread must not overlap, so each server of a station has its own; the caller says
 * which. Ids of async tracks are hexadecimal texts; steps at a place have the place as category,
 * which makes them a track of their own, because two parts of one order may run side by side.
 */
#include "cli/trace_chrome.h"
#include "shell/json.h"

#include <string.h>

/* Process numbers. */
#define ORDERS 1
#define NETWORK 2
#define PLACES 3

struct trace_chrome {
    const TraceNames *names;
    int64_t from_us;
    FILE *stream;
    bool any;
    GHashTable *processes; /* set of process numbers that have their name */
    GHashTable *threads;   /* station << 32 | lane, or process << 32 | OWN -> thread number */
    int64_t thread_count;
};

#define OWN UINT32_MAX /* a process's thread for events; no station has that many servers */

TraceChrome *trace_chrome_new(const TraceNames *names, int64_t from_us, FILE *stream)
{
    TraceChrome *c = g_new0(TraceChrome, 1);

    c->names = names;
    c->from_us = from_us;
    c->stream = stream;
    c->processes = g_hash_table_new(g_direct_hash, g_direct_equal);
    c->threads = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    fputs("{\"displayTimeUnit\": \"ms\", \"traceEvents\": [", stream);
    return c;
}

void trace_chrome_free(TraceChrome *c)
{
    if (c == NULL)
        return;
    g_hash_table_destroy(c->processes);
    g_hash_table_destroy(c->threads);
    g_free(c);
}

/* A text with its quotes. Caller frees. */
static char *quote(const char *text)
{
    GString *quoted = g_string_new(NULL);
    json_t *json = json_make_text(text);

    json_write_text(json, FALSE, quoted);
    json_decref(json);
    return g_string_free(quoted, FALSE);
}

/* The name of an order or customer, with its quotes. Caller frees. */
static char *quote_id(const TraceChrome *c, uint64_t order)
{
    char name[TRACE_NAMES_TEXT_MAX];

    trace_names_id(c->names, order, name);
    return quote(name);
}

/* What args call it. */
static const char *key_of(const TraceChrome *c)
{
    return c->names->source != NULL ? "customer" : "order";
}

static void entry(TraceChrome *c, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void entry(TraceChrome *c, const char *format, ...)
{
    va_list arguments;

    fputs(c->any ? ",\n{" : "\n{", c->stream);
    c->any = true;
    va_start(arguments, format);
    vfprintf(c->stream, format, arguments);
    va_end(arguments);
    putc('}', c->stream);
}

/* ---- processes and threads ------------------------------------------------------------------- */

/* Number of the process of a place; without one, of orders or of the network. */
static uint32_t process(TraceChrome *c, uint32_t place, uint32_t other)
{
    const uint32_t number = place != UINT32_MAX ? PLACES + place : other;

    if (g_hash_table_add(c->processes, GUINT_TO_POINTER(number))) {
        g_autofree char *name =
            quote(number == ORDERS    ? (c->names->source != NULL ? "customers" : "orders")
                  : number == NETWORK ? "network"
                                      : c->names->place[place]);
        entry(c, "\"ph\": \"M\", \"name\": \"process_name\", \"pid\": %u, \"args\": {\"name\": %s}",
              number, name);
        entry(c,
              "\"ph\": \"M\", \"name\": \"process_sort_index\", \"pid\": %u, "
              "\"args\": {\"sort_index\": %u}",
              number, number);
    }
    return number;
}

static int64_t thread(TraceChrome *c, uint32_t pid, int64_t key, const char *name, int64_t sort)
{
    gpointer known = g_hash_table_lookup(c->threads, &key);

    if (known != NULL)
        return GPOINTER_TO_SIZE(known);
    c->thread_count++;
    g_hash_table_insert(c->threads, g_memdup2(&key, sizeof(key)),
                        GSIZE_TO_POINTER(c->thread_count));
    g_autofree char *quoted = quote(name);
    entry(c,
          "\"ph\": \"M\", \"name\": \"thread_name\", \"pid\": %u, \"tid\": %" G_GINT64_FORMAT
          ", \"args\": {\"name\": %s}",
          pid, c->thread_count, quoted);
    entry(c,
          "\"ph\": \"M\", \"name\": \"thread_sort_index\", \"pid\": %u, \"tid\": %" G_GINT64_FORMAT
          ", \"args\": {\"sort_index\": %" G_GINT64_FORMAT "}",
          pid, c->thread_count, sort);
    return c->thread_count;
}

/* A station's name without that of its place, which is the process's. */
static const char *station_name(const TraceChrome *c, uint32_t place, uint32_t station)
{
    const char *name = c->names->station[station];

    return place != UINT32_MAX ? name + strlen(c->names->place[place]) + 1 : name;
}

static int64_t server_thread(TraceChrome *c, uint32_t pid, uint32_t place, uint32_t station,
                             uint32_t lane)
{
    g_autofree char *name = g_strdup_printf("%s %u", station_name(c, place, station), lane + 1);

    return thread(c, pid, (int64_t)station << 32 | lane, name,
                  (int64_t)station * 1000 + MIN(lane, 998) + 1);
}

/* ---- entries --------------------------------------------------------------------------------- */

static bool too_early(const TraceChrome *c, int64_t end_us) { return end_us < c->from_us; }

void trace_chrome_slice(TraceChrome *c, uint32_t place, uint32_t station, uint32_t lane,
                        uint64_t order, int64_t begin_us, int64_t end_us, uint64_t event)
{
    if (too_early(c, end_us))
        return;
    const uint32_t pid = process(c, place, NETWORK);
    const int64_t tid = server_thread(c, pid, place, station, lane);
    const int64_t from_us = MAX(begin_us, c->from_us);
    g_autofree char *name = quote_id(c, order);
    entry(c,
          "\"ph\": \"X\", \"cat\": \"service\", \"name\": %s, \"pid\": %u, "
          "\"tid\": %" G_GINT64_FORMAT ", \"ts\": %" G_GINT64_FORMAT ", \"dur\": %" G_GINT64_FORMAT
          ", \"args\": {\"%s\": %s, %s%" G_GUINT64_FORMAT "%s}",
          name, pid, tid, from_us, end_us - from_us, key_of(c), name,
          event != 0 ? "\"event\": " : "\"cut\": ", event != 0 ? event : 1,
          begin_us < c->from_us ? ", \"began_before\": 1" : "");
}

static void order_entry(TraceChrome *c, char ph, uint64_t order, const char *quoted, int64_t at_us,
                        bool cut)
{
    g_autofree char *id = quote_id(c, order);

    entry(c,
          "\"ph\": \"%c\", \"cat\": \"order\", \"id\": \"0x%" G_GINT64_MODIFIER
          "x\", \"name\": %s, \"pid\": %u, \"tid\": 0, \"ts\": %" G_GINT64_FORMAT
          ", \"args\": {\"%s\": %s%s}",
          ph, order, quoted, process(c, UINT32_MAX, ORDERS), at_us, key_of(c), id,
          cut ? ", \"cut\": 1" : "");
}

void trace_chrome_open(TraceChrome *c, uint64_t order, const char *channel, int64_t at_us)
{
    g_autofree char *name = quote(channel);

    order_entry(c, 'b', order, name, at_us, false);
}

void trace_chrome_close(TraceChrome *c, uint64_t order, const char *channel, int64_t at_us,
                        bool cut)
{
    g_autofree char *name = quote(channel);

    order_entry(c, 'e', order, name, at_us, cut);
}

void trace_chrome_step(TraceChrome *c, uint64_t order, uint32_t place, const char *name,
                       int64_t begin_us, int64_t end_us)
{
    const int64_t at_us[2] = {MAX(begin_us, c->from_us), end_us};
    if (too_early(c, end_us))
        return;
    const uint32_t pid = process(c, place, ORDERS);
    g_autofree char *id = quote_id(c, order);
    g_autofree char *quoted = quote(name);
    g_autofree char *category = quote(place != UINT32_MAX ? c->names->place[place] : "order");
    for (int i = 0; i < 2; i++)
        entry(c,
              "\"ph\": \"%c\", \"cat\": %s, \"id\": \"0x%" G_GINT64_MODIFIER
              "x\", \"name\": %s, \"pid\": %u, \"tid\": 0, \"ts\": %" G_GINT64_FORMAT
              ", \"args\": {\"%s\": %s}",
              i == 0 ? 'b' : 'e', category, order, quoted, pid, at_us[i], key_of(c), id);
}

void trace_chrome_note(TraceChrome *c, uint64_t order, const char *name, int64_t at_us)
{
    g_autofree char *quoted = quote(name);

    if (!too_early(c, at_us))
        order_entry(c, 'n', order, quoted, at_us, false);
}

void trace_chrome_event(TraceChrome *c, const omo_event_record *r)
{
    const uint32_t other = r->subject == OMO_SUBJECT_ORDER ? ORDERS : NETWORK;
    char subject[TRACE_NAMES_TEXT_MAX];

    if (too_early(c, r->at_us))
        return;
    const uint32_t pid = process(c, r->place, other);
    const int64_t tid = thread(c, pid, (int64_t)pid << 32 | OWN, "events", 0);
    trace_names_subject(c->names, r, subject);
    g_autofree char *quoted = quote(subject);
    entry(c,
          "\"ph\": \"i\", \"s\": \"t\", \"cat\": \"%s\", \"name\": \"%s\", \"pid\": %u, "
          "\"tid\": %" G_GINT64_FORMAT ", \"ts\": %" G_GINT64_FORMAT
          ", \"args\": {\"event\": %" G_GUINT64_FORMAT ", \"subject\": %s, \"pending\": %u%s}",
          r->phase, r->kind, pid, tid, r->at_us, r->number, quoted, r->pending,
          r->stale ? ", \"stale\": 1" : "");
}

void trace_chrome_level(TraceChrome *c, uint32_t place, uint32_t station,
                        const omo_station_level *level, int64_t at_us)
{
    const uint32_t pid = process(c, place, NETWORK);
    g_autofree char *name = quote(station_name(c, place, station));

    entry(c,
          "\"ph\": \"C\", \"name\": %s, \"pid\": %u, \"tid\": 0, \"ts\": %" G_GINT64_FORMAT
          ", \"args\": {\"queue\": %u, \"busy\": %u}",
          name, pid, at_us, level->queue, level->busy);
}

void trace_chrome_finish(TraceChrome *c, int64_t until_us, uint64_t events, const char *stopped)
{
    g_autofree char *reason = quote(stopped);

    fprintf(c->stream,
            "\n], \"otherData\": {\"events\": %" G_GUINT64_FORMAT ", \"from_us\": %" G_GINT64_FORMAT
            ", \"until_us\": %" G_GINT64_FORMAT ", \"whole\": %s, \"stopped\": %s}}\n",
            events, c->from_us, until_us, stopped == NULL ? "true" : "false", reason);
}
