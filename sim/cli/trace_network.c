/* The story of a queueing network, told from the steps of its customers.
 *
 * A step says what has begun or ended and since when the customer stands at the station; so a wait
 * is drawn when it ends, and who waits for room ahead is seen by joining later than the service
 * before had ended. A customer's span is opened, as of its arrival, when the first thing is to be
 * drawn in it. Branches of a split customer have no span, because they run side by side: their work
 * is seen in the servers' rows, under the name of the customer.
 *
 * A batch takes one row, that of the customer who leads it. An event that ends a service stands in
 * the file as the end of that slice; a service that is broken off, or that the end of the trace
 * cuts, belongs to no event.
 */
#include "cli/trace_network.h"
#include "cli/trace_lanes.h"

enum state { LEFT, WAITS_AGAIN, SERVED };

struct customer { /* or branch */
    uint64_t job;
    uint64_t name; /* of the customer that it is part of */
    int64_t since_us;
    uint32_t station; /* of the service under way */
    uint32_t lane;
    enum state state;
    bool left_once, shown;
};

struct trace_network {
    const struct trace_source *source;
    TraceChrome *chrome;
    int64_t from_us;
    int64_t now_us;
    uint64_t event;        /* of the present moment, until a slice has ended with it; 0 = none */
    GHashTable *customers; /* set of struct customer, by job */
    TraceLanes *lanes;
    uint32_t station_count;
    omo_station_level *level; /* [station] as last written */
};

static guint hash_customer(gconstpointer customer)
{
    return g_int64_hash(&((const struct customer *)customer)->job);
}

static gboolean same_customer(gconstpointer a, gconstpointer b)
{
    return ((const struct customer *)a)->job == ((const struct customer *)b)->job;
}

TraceNetwork *trace_network_new(const struct trace_source *source, TraceChrome *chrome,
                                int64_t from_us)
{
    TraceNetwork *n = g_new0(TraceNetwork, 1);

    n->source = source;
    n->chrome = chrome;
    n->from_us = from_us;
    n->customers = g_hash_table_new_full(hash_customer, same_customer, g_free, NULL);
    n->station_count = g_strv_length(source->names->station);
    n->lanes = trace_lanes_new(n->station_count);
    n->level = g_new(omo_station_level, n->station_count);
    for (uint32_t i = 0; i < n->station_count; i++)
        n->level[i] = (omo_station_level){.queue = UINT32_MAX};
    return n;
}

void trace_network_free(TraceNetwork *n)
{
    if (n == NULL)
        return;
    g_hash_table_destroy(n->customers);
    trace_lanes_free(n->lanes);
    g_free(n->level);
    g_free(n);
}

/* ---- drawing --------------------------------------------------------------------------------- */

static bool is_branch(const struct customer *c) { return c->job != c->name; }

static const char *station_of(const TraceNetwork *n, const omo_step *step)
{
    return n->source->names->station[step->station];
}

static const char *source_of(const TraceNetwork *n, const omo_step *step)
{
    return n->source->names->source[step->customer >> OMO_CUSTOMER_ORDINAL_BITS];
}

static struct customer *customer_of(TraceNetwork *n, const omo_step *step)
{
    const struct customer key = {.job = step->job,
                                 .name = step->customer,
                                 .lane = TRACE_LANES_NONE,
                                 .state = LEFT};
    struct customer *c = g_hash_table_lookup(n->customers, &key);

    if (c == NULL) {
        c = g_memdup2(&key, sizeof(key));
        g_hash_table_add(n->customers, c);
    }
    if (!c->shown && !is_branch(c) && n->now_us >= n->from_us) {
        c->shown = true;
        trace_chrome_open(n->chrome, c->job, source_of(n, step), MAX(step->arrived_us, n->from_us));
    }
    return c;
}

/* A stretch of the customer's life ends now. */
static void draw(TraceNetwork *n, const struct customer *c, const char *what, const char *station,
                 int64_t since_us, int64_t until_us)
{
    if (is_branch(c) || until_us <= since_us)
        return;
    g_autofree char *name = g_strconcat(what, station, NULL);
    trace_chrome_step(n->chrome, c->job, UINT32_MAX, name, since_us, until_us);
}

/* After a service the customer has stood at its server until it could join the next station. */
static void draw_blocked(TraceNetwork *n, const struct customer *c, int64_t until_us)
{
    if (c->state == LEFT && c->left_once)
        draw(n, c, "waits for room", "", c->since_us, until_us);
}

/* A wait in the queue ends now. */
static void draw_wait(TraceNetwork *n, const struct customer *c, const omo_step *step)
{
    if (c->state != WAITS_AGAIN)
        draw_blocked(n, c, step->joined_us);
    draw(n, c, "waits for ", station_of(n, step),
         c->state == WAITS_AGAIN ? c->since_us : step->joined_us, n->now_us);
}

static void draw_note(TraceNetwork *n, const struct customer *c, const char *what,
                      const omo_step *step)
{
    g_autofree char *name = g_strconcat(what, station_of(n, step), NULL);

    if (!is_branch(c))
        trace_chrome_note(n->chrome, c->job, name, n->now_us);
}

static void end_service(TraceNetwork *n, struct customer *c, uint64_t event)
{
    draw(n, c, "at ", n->source->names->station[c->station], c->since_us, n->now_us);
    if (c->lane == TRACE_LANES_NONE)
        return;
    trace_lanes_give(n->lanes, c->station, c->lane);
    trace_chrome_slice(n->chrome, UINT32_MAX, c->station, c->lane, c->name, c->since_us, n->now_us,
                       event);
    c->lane = TRACE_LANES_NONE;
    if (event != 0)
        n->event = 0;
}

/* ---- steps ----------------------------------------------------------------------------------- */

static void leave(TraceNetwork *n, struct customer *c)
{
    c->state = LEFT;
    c->left_once = true;
    c->since_us = n->now_us;
    if (is_branch(c))
        g_hash_table_remove(n->customers, c);
}

static void read_step(TraceNetwork *n, const omo_step *step)
{
    struct customer *c = customer_of(n, step);

    switch (step->kind) {
    case OMO_STEP_STARTED:
        draw_wait(n, c, step);
        c->state = SERVED;
        c->since_us = n->now_us;
        c->station = step->station;
        c->lane = step->leads ? trace_lanes_take(n->lanes, step->station) : TRACE_LANES_NONE;
        break;
    case OMO_STEP_INTERRUPTED:
        end_service(n, c, 0);
        c->state = WAITS_AGAIN;
        c->since_us = n->now_us;
        break;
    case OMO_STEP_DONE:
        if (c->state == SERVED) {
            end_service(n, c, n->event);
        } else {
            draw_blocked(n, c, step->joined_us);
            draw(n, c, "split at ", station_of(n, step), step->joined_us, n->now_us);
        }
        leave(n, c);
        break;
    case OMO_STEP_RENEGED:
        draw_wait(n, c, step);
        draw_note(n, c, "gives up at ", step);
        leave(n, c);
        break;
    case OMO_STEP_REFUSED:
        draw_note(n, c, "refused at ", step);
        leave(n, c);
        break;
    case OMO_STEP_ENDED:
        if (c->shown)
            trace_chrome_close(n->chrome, c->job, source_of(n, step), n->now_us, false);
        g_hash_table_remove(n->customers, c);
        break;
    case OMO_STEP_WAITS:
    case OMO_STEP_SERVED:
    case OMO_STEP_BLOCKED:
    case OMO_STEP_SPLIT:
        break;
    }
}

/* Any event may change the level of any station. */
static void write_levels(TraceNetwork *n)
{
    for (uint32_t i = 0; i < n->station_count; i++) {
        omo_station_level now;
        if (!n->source->level(n->source->user, i, &now) ||
            (now.queue == n->level[i].queue && now.busy == n->level[i].busy))
            continue;
        n->level[i] = now;
        trace_chrome_level(n->chrome, UINT32_MAX, i, &now, n->now_us);
    }
}

void trace_network_add(TraceNetwork *n, const struct trace_moment *m)
{
    n->now_us = m->at_us;
    n->event = m->has_event ? m->event.number : 0;
    for (size_t i = 0; i < m->step_count; i++)
        read_step(n, &m->steps[i]);
    if (n->now_us < n->from_us)
        return;
    if (n->event != 0)
        trace_chrome_event(n->chrome, &m->event);
    write_levels(n);
}

/* ---- the end --------------------------------------------------------------------------------- */

static void cut_customer(void *user, const omo_step *step)
{
    TraceNetwork *n = user;
    struct customer *c = customer_of(n, step);

    switch (step->kind) {
    case OMO_STEP_WAITS:
        draw_wait(n, c, step);
        break;
    case OMO_STEP_SERVED:
        end_service(n, c, 0);
        break;
    case OMO_STEP_BLOCKED:
        draw_blocked(n, c, n->now_us);
        break;
    case OMO_STEP_SPLIT:
        draw_blocked(n, c, step->joined_us);
        draw(n, c, "split at ", station_of(n, step), step->joined_us, n->now_us);
        break;
    default:
        break;
    }
    if (c->shown)
        trace_chrome_close(n->chrome, c->job, source_of(n, step), n->now_us, true);
}

void trace_network_finish(TraceNetwork *n, int64_t until_us)
{
    if (until_us < n->from_us)
        return;
    n->now_us = until_us;
    n->source->list(n->source->user, cut_customer, n);
}
