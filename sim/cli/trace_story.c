/* The story of a retail run, told from its facts.
 *
 * Facts say that a service began and how long the customer had waited, that a part was picked, that
 * an order is closed. A walk-in has no fact that closes it: it ends at the till, or at once where it
 * took nothing or the shop has no till. So an order that opens is looked at again at the end of its
 * moment: does anything hold it?
 *
 * A server's thread is the lowest that is free when the service begins (trace_lanes.h): a station with
 * three tills shows three rows, the first the busiest. A courier's row is taken only by channels that have
 * couriers; parcels are on their way without one of ours.
 *
 * Everything is kept by order, or by order and place for parts, in hash tables that are never gone
 * through except at the window's edges, in sorted order: the file is the same each time.
 */
#include "cli/trace_story.h"
#include "cli/trace_facts.h"
#include "cli/trace_lanes.h"

#include <omosim/registry.h>

#include <string.h>

struct span { /* an order under way */
    uint64_t order;
    int64_t opened_us;
    int64_t since_us; /* of the service at the till */
    uint32_t place;   /* of a walk-in */
    uint32_t lane;
    uint32_t channel;
    bool placed, failed, empty;
};

struct part { /* what one place does for an order */
    uint64_t order;
    uint32_t place;
    uint32_t lane;
    int64_t since_us; /* of the present step */
    enum trace_mark step;
};

struct trace_story {
    const struct trace_source *source;
    TraceChrome *chrome;
    int64_t from_us;
    bool begun;         /* the window is open */
    bool ended_a_slice; /* in the present moment, at its event */
    struct trace_fact *facts;
    GHashTable *spans; /* set of struct span, by order */
    GHashTable *parts; /* set of struct part, by order and place */
    GArray *opened;    /* uint64_t: orders opened in the present moment */
    TraceLanes *lanes;
    GHashTable *level; /* station -> level as last written, queue << 32 | busy, plus 1 */
    uint32_t last_place;
};

static guint hash_span(gconstpointer span)
{
    return g_int64_hash(&((const struct span *)span)->order);
}

static gboolean same_span(gconstpointer a, gconstpointer b)
{
    return ((const struct span *)a)->order == ((const struct span *)b)->order;
}

static guint hash_part(gconstpointer part)
{
    const struct part *p = part;

    return g_int64_hash(&p->order) * 31 + p->place;
}

static gboolean same_part(gconstpointer a, gconstpointer b)
{
    const struct part *x = a, *y = b;

    return x->order == y->order && x->place == y->place;
}

TraceStory *trace_story_new(const struct trace_source *source, TraceChrome *chrome, int64_t from_us)
{
    TraceStory *s = g_new0(TraceStory, 1);

    s->source = source;
    s->chrome = chrome;
    s->from_us = from_us;
    s->facts = trace_facts_new();
    s->spans = g_hash_table_new_full(hash_span, same_span, g_free, NULL);
    s->parts = g_hash_table_new_full(hash_part, same_part, g_free, NULL);
    s->opened = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    s->level = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    s->lanes = trace_lanes_new(g_strv_length(source->names->station));
    s->last_place = UINT32_MAX;
    return s;
}

void trace_story_free(TraceStory *s)
{
    if (s == NULL)
        return;
    trace_lanes_free(s->lanes);
    g_free(s->facts);
    g_hash_table_destroy(s->spans);
    g_hash_table_destroy(s->parts);
    g_hash_table_destroy(s->level);
    g_array_unref(s->opened);
    g_free(s);
}

uint32_t trace_story_open_count(const TraceStory *s) { return g_hash_table_size(s->spans); }

/* ---- servers --------------------------------------------------------------------------------- */

static uint32_t station_of(uint32_t place, uint32_t role) { return place * OMO_ROLE_COUNT + role; }

/* The work of a server has ended, by the present event unless the trace is cut. */
static void end_service(TraceStory *s, uint64_t order, uint32_t place, uint32_t role,
                        uint32_t *lane, int64_t since_us, int64_t at_us, uint64_t event)
{
    const uint32_t station = station_of(place, role);

    if (*lane == TRACE_LANES_NONE)
        return;
    trace_lanes_give(s->lanes, station, *lane);
    trace_chrome_slice(s->chrome, place, station, *lane, order, since_us, at_us, event);
    s->ended_a_slice = s->ended_a_slice || event != 0;
    *lane = TRACE_LANES_NONE;
}

static void step(TraceStory *s, uint64_t order, uint32_t place, const char *name, int64_t begin_us,
                 int64_t end_us)
{
    if (end_us > begin_us)
        trace_chrome_step(s->chrome, order, place, name, begin_us, end_us);
}

/* ---- orders ---------------------------------------------------------------------------------- */

static struct span *find_span(const TraceStory *s, uint64_t order)
{
    const struct span key = {.order = order};

    return g_hash_table_lookup(s->spans, &key);
}

static const char *channel_of(const TraceStory *s, const struct span *span)
{
    return span->channel != OMO_FACT_NO_CHANNEL ? s->source->names->channel[span->channel]
                                                : "order";
}

static struct span *open_span(TraceStory *s, const omo_fact *f)
{
    struct span *span = g_new0(struct span, 1);

    *span = (struct span){.order = f->order,
                          .opened_us = f->at_us,
                          .place = f->place,
                          .channel = omo_fact_channel(f),
                          .lane = TRACE_LANES_NONE};
    g_hash_table_add(s->spans, span);
    g_array_append_val(s->opened, span->order);
    if (s->begun)
        trace_chrome_open(s->chrome, span->order, channel_of(s, span), f->at_us);
    return span;
}

static void close_span(TraceStory *s, struct span *span, int64_t at_us, bool cut)
{
    if (s->begun)
        trace_chrome_close(s->chrome, span->order, channel_of(s, span), at_us, cut);
    g_hash_table_remove(s->spans, span);
}

/* Whether anything holds an order that was opened in the present moment. */
static bool is_held(const TraceStory *s, const struct span *span)
{
    omo_station_level level;

    if (span->place == UINT32_MAX)
        return span->placed && !span->failed;
    return (span->placed || span->empty) &&
           s->source->level(s->source->user, station_of(span->place, OMO_ROLE_TILL), &level);
}

/* A fact of the order itself. False when it is one of a part. */
static void read_order(TraceStory *s, const omo_fact *f, enum trace_mark mark, uint64_t event)
{
    struct span *span = find_span(s, f->order);

    if (span == NULL && (mark == TRACE_MARK_OPENED || mark == TRACE_MARK_PLACED))
        span = open_span(s, f);
    if (span == NULL)
        return;
    switch (mark) {
    case TRACE_MARK_OPENED:
        span->empty = omo_fact_quantity(f) == 0;
        break;
    case TRACE_MARK_PLACED:
        span->placed = true;
        break;
    case TRACE_MARK_FAILED:
        span->failed = true;
        break;
    case TRACE_MARK_TILL_START:
        step(s, f->order, UINT32_MAX, "waits for a till", f->at_us - f->amount, f->at_us);
        span->since_us = f->at_us;
        span->lane = trace_lanes_take(s->lanes, station_of(f->place, OMO_ROLE_TILL));
        break;
    case TRACE_MARK_TILL_DONE:
        step(s, f->order, UINT32_MAX, "at the till", span->since_us, f->at_us);
        end_service(s, f->order, f->place, OMO_ROLE_TILL, &span->lane, span->since_us, f->at_us,
                    event);
        close_span(s, span, f->at_us, false);
        break;
    case TRACE_MARK_CLOSED:
        close_span(s, span, f->at_us, false);
        break;
    case TRACE_MARK_NOTE:
        if (s->begun)
            trace_chrome_note(s->chrome, f->order, s->source->names->fact[omo_fact_kind(f)],
                              f->at_us);
        break;
    default:
        break;
    }
}

/* ---- parts of orders ------------------------------------------------------------------------- */

static bool has_courier(const TraceStory *s, const omo_fact *f)
{
    const uint32_t channel = omo_fact_channel(f);
    omo_station_level level;

    return channel != OMO_FACT_NO_CHANNEL && s->source->names->courier[channel] &&
           s->source->level(s->source->user, station_of(f->place, OMO_ROLE_COURIER), &level);
}

static void begin_step(struct part *part, enum trace_mark mark, int64_t at_us)
{
    part->step = mark;
    part->since_us = at_us;
}

/* A fact of what a place does for an order. */
static void read_part(TraceStory *s, const omo_fact *f, enum trace_mark mark, uint64_t event)
{
    const struct part key = {.order = f->order, .place = f->place};
    struct part *part = g_hash_table_lookup(s->parts, &key);

    if (part == NULL && mark == TRACE_MARK_ROUTED) {
        part = g_memdup2(&key, sizeof(key));
        part->lane = TRACE_LANES_NONE;
        g_hash_table_add(s->parts, part);
    }
    if (part == NULL)
        return;
    switch (mark) {
    case TRACE_MARK_PICK_START:
        step(s, f->order, f->place, "not begun", part->since_us, f->at_us - f->amount);
        step(s, f->order, f->place, "waits for a picker", f->at_us - f->amount, f->at_us);
        part->lane = trace_lanes_take(s->lanes, station_of(f->place, OMO_ROLE_PICKER));
        break;
    case TRACE_MARK_PICKED:
        step(s, f->order, f->place, part->lane != TRACE_LANES_NONE ? "picking" : "not begun",
             part->since_us, f->at_us);
        end_service(s, f->order, f->place, OMO_ROLE_PICKER, &part->lane, part->since_us, f->at_us,
                    event);
        break;
    case TRACE_MARK_SHIPPED:
        step(s, f->order, f->place, "waits for a courier", part->since_us, f->at_us);
        if (has_courier(s, f))
            part->lane = trace_lanes_take(s->lanes, station_of(f->place, OMO_ROLE_COURIER));
        break;
    case TRACE_MARK_DELIVERED:
        step(s, f->order, f->place, "on the way", part->since_us, f->at_us);
        end_service(s, f->order, f->place, OMO_ROLE_COURIER, &part->lane, part->since_us, f->at_us,
                    event);
        g_hash_table_remove(s->parts, part);
        return;
    case TRACE_MARK_COLLECTED:
    case TRACE_MARK_EXPIRED:
        step(s, f->order, f->place, "ready for pickup", part->since_us, f->at_us);
        g_hash_table_remove(s->parts, part);
        return;
    default:
        break;
    }
    begin_step(part, mark, f->at_us);
}

static void read_fact(TraceStory *s, const omo_fact *f, uint64_t event)
{
    const enum trace_mark mark = s->facts[omo_fact_kind(f)].mark;

    if (f->order == 0 || mark == TRACE_MARK_NONE)
        return;
    switch (mark) {
    case TRACE_MARK_ROUTED:
    case TRACE_MARK_PICK_START:
    case TRACE_MARK_PICKED:
    case TRACE_MARK_READY:
    case TRACE_MARK_SHIPPED:
    case TRACE_MARK_DELIVERED:
    case TRACE_MARK_COLLECTED:
    case TRACE_MARK_EXPIRED:
        read_part(s, f, mark, event);
        break;
    default:
        read_order(s, f, mark, event);
        break;
    }
}

/* ---- levels ---------------------------------------------------------------------------------- */

static void write_level(TraceStory *s, uint32_t place, uint32_t station, int64_t at_us)
{
    omo_station_level level;

    if (!s->source->level(s->source->user, station, &level))
        return;
    const uint64_t now = (uint64_t)level.queue << 32 | level.busy;
    uint64_t *last = g_hash_table_lookup(s->level, GUINT_TO_POINTER(station));
    if (last != NULL && *last == now)
        return;
    if (last == NULL) {
        last = g_new(uint64_t, 1);
        g_hash_table_insert(s->level, GUINT_TO_POINTER(station), last);
    }
    *last = now;
    trace_chrome_level(s->chrome, place, station, &level, at_us);
}

/* Levels of the stations of a place, where they have changed. */
static void touch_place(TraceStory *s, uint32_t place, int64_t at_us)
{
    if (place == UINT32_MAX || place == s->last_place)
        return;
    s->last_place = place;
    for (uint32_t role = 0; role < OMO_ROLE_COUNT; role++)
        write_level(s, place, station_of(place, role), at_us);
}

static void write_levels(TraceStory *s, const struct trace_moment *m)
{
    s->last_place = UINT32_MAX;
    if (m->has_event) {
        if (m->event.place == UINT32_MAX && m->event.station != UINT32_MAX)
            write_level(s, UINT32_MAX, m->event.station, m->at_us);
        touch_place(s, m->event.place, m->at_us);
    }
    for (size_t i = 0; i < m->fact_count; i++)
        touch_place(s, m->facts[i].place, m->at_us);
}

/* ---- the window ------------------------------------------------------------------------------ */

static gint compare_spans(gconstpointer a, gconstpointer b)
{
    const struct span *x = a, *y = b;

    if (x->opened_us != y->opened_us)
        return x->opened_us < y->opened_us ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static gint compare_parts(gconstpointer a, gconstpointer b)
{
    const struct part *x = a, *y = b;

    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

/* What is under way when the window opens. */
static void begin_window(TraceStory *s)
{
    GList *spans = g_list_sort(g_hash_table_get_keys(s->spans), compare_spans);

    s->begun = true;
    for (const GList *i = spans; i != NULL; i = i->next) {
        const struct span *span = i->data;
        trace_chrome_open(s->chrome, span->order, channel_of(s, span), s->from_us);
    }
    g_list_free(spans);
}

void trace_story_add(TraceStory *s, const struct trace_moment *m)
{
    const uint64_t event = m->has_event ? m->event.number : 0;

    if (!s->begun && m->at_us >= s->from_us)
        begin_window(s);
    s->ended_a_slice = false;
    g_array_set_size(s->opened, 0);
    for (size_t i = 0; i < m->fact_count; i++)
        read_fact(s, &m->facts[i], event);
    for (guint i = 0; i < s->opened->len; i++) {
        struct span *span = find_span(s, g_array_index(s->opened, uint64_t, i));
        if (span != NULL && !is_held(s, span))
            close_span(s, span, m->at_us, false);
    }
    if (!s->begun)
        return;
    if (m->has_event && !s->ended_a_slice)
        trace_chrome_event(s->chrome, &m->event);
    write_levels(s, m);
}

static void finish_part(TraceStory *s, struct part *part, int64_t until_us)
{
    const uint32_t role = part->step == TRACE_MARK_PICK_START ? OMO_ROLE_PICKER : OMO_ROLE_COURIER;
    const char *name = part->step == TRACE_MARK_ROUTED       ? "not begun"
                       : part->step == TRACE_MARK_PICK_START ? "picking"
                       : part->step == TRACE_MARK_PICKED     ? "waits for a courier"
                       : part->step == TRACE_MARK_READY      ? "ready for pickup"
                                                             : "on the way";

    step(s, part->order, part->place, name, part->since_us, until_us);
    end_service(s, part->order, part->place, role, &part->lane, part->since_us, until_us, 0);
}

void trace_story_finish(TraceStory *s, int64_t until_us)
{
    if (!s->begun)
        return;
    GList *parts = g_list_sort(g_hash_table_get_keys(s->parts), compare_parts);
    GList *spans = g_list_sort(g_hash_table_get_keys(s->spans), compare_spans);
    for (const GList *i = parts; i != NULL; i = i->next)
        finish_part(s, i->data, until_us);
    for (const GList *i = spans; i != NULL; i = i->next) {
        struct span *span = i->data;
        if (span->lane != TRACE_LANES_NONE)
            step(s, span->order, UINT32_MAX, "at the till", span->since_us, until_us);
        end_service(s, span->order, span->place, OMO_ROLE_TILL, &span->lane, span->since_us,
                    until_us, 0);
        close_span(s, span, until_us, true);
    }
    g_list_free(parts);
    g_list_free(spans);
}
