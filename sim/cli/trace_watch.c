/* Watching.
 *
 * A customer who joins a queue leaves no fact or step of it; the station's level tells. So a station counts
 * as touched when its level has changed, when an event names it, or when a fact of its role and
 * place says so. An order that never comes can only be known at the end of the run, since orders
 * have no list; then the highest number met on that day of that cell says what would have been there.
 */
#include "cli/trace_watch.h"
#include "cli/trace_facts.h"
#include "cli/trace_text.h"
#include "shell/diagnostic.h"
#include "shell/spelling.h"

#include <string.h>

#define NONE UINT32_MAX
#define ORDINALS ((UINT64_C(1) << 22) - 1)

enum target_kind { TARGET_ORDER, TARGET_CUSTOMER, TARGET_PLACE, TARGET_STATION };

struct target {
    enum target_kind kind;
    char *text;
    uint64_t order; /* or customer */
    uint32_t place; /* of a station too; NONE where stations stand alone */
    uint32_t station;
    bool seen;
    uint64_t nearest; /* an order's: the highest met of its cell and day; or of its source */
    omo_station_level last;
};

struct trace_watch {
    const struct trace_source *source;
    struct trace_fact *facts;
    struct target *targets;
    uint32_t count;
};

/* ---- targets --------------------------------------------------------------------------------- */

static gboolean set_unknown(GError **ret_error, const char *target, const char *what,
                            const char *found, char *const *names)
{
    g_autofree char *hint = spelling_hint(found, (const char *const *)names);

    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE, "%s: unknown %s '%s'%s",
                target, what, found, hint);
    return FALSE;
}

static gboolean find_name(char *const *names, const char *name, uint32_t *ret_index)
{
    for (uint32_t i = 0; names[i] != NULL; i++)
        if (strcmp(names[i], name) == 0) {
            *ret_index = i;
            return TRUE;
        }
    return FALSE;
}

/* The names of stations that exist. Caller frees the list, not the names. */
static char **existing_stations(const struct trace_source *source)
{
    GPtrArray *names = g_ptr_array_new();
    omo_station_level level;

    for (uint32_t i = 0; source->names->station[i] != NULL; i++)
        if (source->level(source->user, i, &level))
            g_ptr_array_add(names, source->names->station[i]);
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}

static gboolean parse_station(const struct trace_source *source, const char *text, const char *name,
                              struct target *target, GError **ret_error)
{
    omo_station_level level;

    if (!find_name(source->names->station, name, &target->station) ||
        !source->level(source->user, target->station, &level)) {
        g_autofree char **names = existing_stations(source);
        return set_unknown(ret_error, text, "station", name, names);
    }
    target->kind = TARGET_STATION;
    target->last = level;
    target->place = source->names->place[0] != NULL ? target->station / OMO_ROLE_COUNT : NONE;
    return TRUE;
}

static gboolean parse_order(const struct trace_source *source, const char *text, const char *name,
                            struct target *target, GError **ret_error)
{
    if (source->names->source != NULL) {
        target->kind = TARGET_CUSTOMER;
        return trace_names_parse_customer(source->names, name, &target->order, ret_error);
    }
    target->kind = TARGET_ORDER;
    if (trace_names_parse_order(name, &target->order))
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                "%s: expected an order such as 4.0.17 (cell, day, ordinal)", text);
    return FALSE;
}

static gboolean parse_target(const struct trace_source *source, const char *text,
                             struct target *target, GError **ret_error)
{
    static const char *const of_chain[] = {"order", "place", "station", NULL};
    static const char *const of_network[] = {"customer", "station", NULL};
    const bool network = source->names->source != NULL;
    const char *const *kinds = network ? of_network : of_chain;
    const char *sign = strchr(text, '=');

    if (sign == NULL) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE, "'%s': expected %s",
                    text,
                    network ? "customer=SOURCE.NUMBER or station=NAME"
                            : "order=ID, place=ID or station=PLACE.ROLE");
        return FALSE;
    }
    g_autofree char *kind = g_strndup(text, (size_t)(sign - text));
    const char *name = sign + 1;
    if (strcmp(kind, "station") == 0)
        return parse_station(source, text, name, target, ret_error);
    if (!network && strcmp(kind, "place") == 0) {
        target->kind = TARGET_PLACE;
        return find_name(source->names->place, name, &target->place) ||
               set_unknown(ret_error, text, "place", name, source->names->place);
    }
    if (strcmp(kind, kinds[0]) == 0)
        return parse_order(source, text, name, target, ret_error);
    g_autofree char *hint = spelling_hint(kind, kinds);
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE, "%s: cannot watch a '%s'%s",
                text, kind, hint);
    return FALSE;
}

TraceWatch *trace_watch_new(const struct trace_source *source, const char *const *targets,
                            GError **ret_error)
{
    g_autoptr(TraceWatch) w = g_new0(TraceWatch, 1);

    w->source = source;
    w->facts = trace_facts_new();
    w->targets = g_new0(struct target, g_strv_length((char **)targets));
    for (; targets[w->count] != NULL; w->count++) {
        struct target *target = &w->targets[w->count];
        target->place = target->station = NONE;
        if (!parse_target(source, targets[w->count], target, ret_error))
            return NULL;
        target->text = g_strdup(targets[w->count]);
    }
    return g_steal_pointer(&w);
}

void trace_watch_free(TraceWatch *w)
{
    if (w == NULL)
        return;
    for (uint32_t i = 0; i < w->count; i++)
        g_free(w->targets[i].text);
    g_free(w->targets);
    g_free(w->facts);
    g_free(w);
}

/* ---- what concerns them ---------------------------------------------------------------------- */

static bool event_concerns(const struct target *t, const omo_event_record *r)
{
    switch (t->kind) {
    case TARGET_ORDER:
        return r->subject == OMO_SUBJECT_ORDER && r->subject_id == t->order;
    case TARGET_CUSTOMER:
        return r->subject == OMO_SUBJECT_CUSTOMER && r->subject_id == t->order;
    case TARGET_PLACE:
        return r->place == t->place;
    case TARGET_STATION:
        return r->station == t->station;
    }
    return false;
}

static bool fact_concerns(const TraceWatch *w, const struct target *t, const omo_fact *f)
{
    const uint32_t role = w->facts[omo_fact_kind(f)].role;
    const uint32_t channel = omo_fact_channel(f);

    switch (t->kind) {
    case TARGET_ORDER:
        return f->order == t->order;
    case TARGET_CUSTOMER:
        break;
    case TARGET_PLACE:
        return f->place == t->place;
    case TARGET_STATION:
        return f->place != NONE && f->place == t->place && role == t->station % OMO_ROLE_COUNT &&
               (role != OMO_ROLE_COURIER || channel == OMO_FACT_NO_CHANNEL ||
                w->source->names->courier[channel]);
    }
    return false;
}

static bool step_concerns(const struct target *t, const omo_step *step)
{
    if (t->kind == TARGET_CUSTOMER)
        return step->customer == t->order;
    return t->kind == TARGET_STATION && step->station == t->station && step->kind != OMO_STEP_ENDED;
}

/* Remembers a station's level; whether it has changed since last time. */
static bool level_changed(const TraceWatch *w, struct target *t)
{
    omo_station_level now;

    if (t->kind != TARGET_STATION || !w->source->level(w->source->user, t->station, &now))
        return false;
    const bool changed = now.busy != t->last.busy || now.queue != t->last.queue;
    t->last = now;
    return changed;
}

bool trace_watch_wants_event(const TraceWatch *w, const omo_event_record *record)
{
    for (uint32_t i = 0; i < w->count; i++)
        if (event_concerns(&w->targets[i], record))
            return true;
    return false;
}

/* Remembers the order or customer nearest to one that may never come. */
static void note_order(struct target *t, const omo_event_record *r)
{
    const uint64_t id = r->subject_id;
    const uint64_t other = id ^ t->order;

    if (id > t->nearest &&
        ((t->kind == TARGET_ORDER && r->subject == OMO_SUBJECT_ORDER && (other & ~ORDINALS) == 0) ||
         (t->kind == TARGET_CUSTOMER && r->subject == OMO_SUBJECT_CUSTOMER &&
          other >> OMO_CUSTOMER_ORDINAL_BITS == 0)))
        t->nearest = id;
}

bool trace_watch_touched(TraceWatch *w, const struct trace_moment *m)
{
    bool any = false;

    for (uint32_t i = 0; i < w->count; i++) {
        struct target *t = &w->targets[i];
        bool touched = level_changed(w, t);
        if (m->has_event) {
            note_order(t, &m->event);
            touched = touched || event_concerns(t, &m->event);
        }
        for (size_t k = 0; k < m->fact_count && !touched; k++)
            touched = fact_concerns(w, t, &m->facts[k]);
        for (size_t k = 0; k < m->step_count && !touched; k++)
            touched = step_concerns(t, &m->steps[k]);
        t->seen = t->seen || touched;
        any = any || touched;
    }
    return any;
}

static bool fact_is_wanted(const TraceWatch *w, const omo_fact *f)
{
    for (uint32_t i = 0; i < w->count; i++)
        if (fact_concerns(w, &w->targets[i], f))
            return true;
    return false;
}

static bool step_is_wanted(const TraceWatch *w, const omo_step *step)
{
    for (uint32_t i = 0; i < w->count; i++)
        if (step_concerns(&w->targets[i], step))
            return true;
    return false;
}

static void print_level(const TraceWatch *w, uint32_t station, FILE *stream)
{
    omo_station_level level;

    if (w->source->level(w->source->user, station, &level))
        trace_text_level(w->source->names->station[station], &level, stream);
}

/* Whether the levels of a station are printed for its own sake, or its place's. */
static bool station_is_watched(const TraceWatch *w, uint32_t station, uint32_t place)
{
    for (uint32_t i = 0; i < w->count; i++)
        if ((w->targets[i].kind == TARGET_STATION && w->targets[i].station == station) ||
            (w->targets[i].kind == TARGET_PLACE && w->targets[i].place == place))
            return true;
    return false;
}

/* Levels of watched stations, of all stations of watched places, and of the station that an event
 * about an order names. */
static void print_levels(const TraceWatch *w, const struct trace_moment *m, FILE *stream)
{
    for (uint32_t i = 0; i < w->count; i++) {
        const struct target *t = &w->targets[i];
        if (t->kind == TARGET_STATION)
            print_level(w, t->station, stream);
        for (uint32_t role = 0; t->kind == TARGET_PLACE && role < OMO_ROLE_COUNT; role++)
            print_level(w, t->place * OMO_ROLE_COUNT + role, stream);
    }
    if (m->has_event && m->event.station != NONE &&
        !station_is_watched(w, m->event.station, m->event.place))
        print_level(w, m->event.station, stream);
}

void trace_watch_print(const TraceWatch *w, const struct trace_moment *m, FILE *stream)
{
    if (m->has_event)
        trace_text_event(w->source->names, &m->event, stream);
    else
        trace_text_between(m->at_us, stream);
    for (size_t i = 0; i < m->fact_count; i++)
        if (fact_is_wanted(w, &m->facts[i]))
            trace_text_fact(w->source->names, &m->facts[i], stream);
    for (size_t i = 0; i < m->step_count; i++)
        if (step_is_wanted(w, &m->steps[i]))
            trace_text_step(w->source->names, &m->steps[i], stream);
    print_levels(w, m, stream);
}

gboolean trace_watch_check_seen(const TraceWatch *w, GError **ret_error)
{
    for (uint32_t i = 0; i < w->count; i++) {
        const struct target *t = &w->targets[i];
        char nearest[TRACE_NAMES_TEXT_MAX];
        const bool customer = t->kind == TARGET_CUSTOMER;
        if ((t->kind != TARGET_ORDER && !customer) || t->seen)
            continue;
        trace_names_id(w->source->names, t->nearest, nearest);
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "%s: there was no such %s%s%s", t->text, customer ? "customer" : "order",
                    t->nearest == 0 ? ""
                    : customer      ? "; the last one of that source was "
                                    : "; the last one of that cell and day was ",
                    t->nearest != 0 ? nearest : "");
        return FALSE;
    }
    return TRUE;
}
