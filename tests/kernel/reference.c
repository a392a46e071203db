/* Every question is answered by looking through all customers; every rule is one function. Time
 * goes to the next instant at which anything is due, everything due is done, then `settle` repeats
 * "serve whom you can, let in whom there is room for" until nothing changes. There are no queues,
 * no events and no state that could disagree with another. */
#include "kernel/reference.h"

#include <stdlib.h>
#include <string.h>

#define NOBODY UINT32_MAX

enum state { OUT, GATE, WAITING, SERVING, BLOCKED, FORKED };

struct customer {
    enum state state;
    uint32_t plan;   /* NOBODY: a split job */
    uint32_t parent; /* of a split job */
    uint32_t open;   /* split jobs of this one that have not ended */
    uint32_t step, station, crew, target;
    int64_t joined_us, service_us, left_us, ends_us;
    int64_t order; /* in the queue; what is put back gets a smaller one than all */
    int64_t blocked_order;
    bool started;
    bool leads; /* the first of its batch, who holds the server */
};

struct reference {
    const struct reference_case *c;
    struct reference_result *result;
    int64_t now_us, order_last, order_first;
    uint32_t plan_next[REFERENCE_PLANS]; /* 1: has come */
    uint32_t count;
    bool changed;
    bool down[REFERENCE_STATIONS];
    int64_t toggle_us[REFERENCE_STATIONS];
    struct customer customer[REFERENCE_CUSTOMERS];
};

static void join(struct reference *r, uint32_t i, uint32_t station, bool from_server);
static void end(struct reference *r, uint32_t i);

void reference_note(struct reference_log *log, enum reference_what what, uint32_t station,
                    int64_t at_us)
{
    if (what == REFERENCE_START) /* begun already in this visit */
        for (uint32_t i = log->count; i-- > 0 && log->fact[i].what == REFERENCE_START;)
            if (log->fact[i].station == station)
                return;
    if (log->count == REFERENCE_FACTS)
        abort();
    log->fact[log->count++] = (struct reference_fact){at_us, station, what};
}

static void note(struct reference *r, uint32_t i, enum reference_what what, uint32_t station)
{
    const struct customer *u = &r->customer[i];

    if (u->plan != NOBODY) {
        reference_note(&r->result->plan[u->plan], what, station, r->now_us);
    } else if (what != REFERENCE_END) {
        struct reference_log *log = &r->result->child[station];
        if (log->count == REFERENCE_FACTS)
            abort();
        log->fact[log->count++] = (struct reference_fact){r->now_us, station, what};
    }
}

/* ---- questions ------------------------------------------------------------------------------- */

static const omo_station_options *at(const struct reference *r, uint32_t station)
{
    return &r->c->station[station];
}

static uint32_t count(const struct reference *r, uint32_t station, enum state state)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < r->count; i++)
        n += r->customer[i].state == state && r->customer[i].station == station;
    return n;
}

static uint32_t level(const struct reference *r, uint32_t station)
{
    return count(r, station, GATE) + count(r, station, WAITING) + count(r, station, SERVING) +
           count(r, station, BLOCKED) + count(r, station, FORKED);
}

/* Servers of a crew, or of all crews, that serve or are held by someone blocked. */
static uint32_t taken(const struct reference *r, uint32_t station, uint32_t crew)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < r->count; i++) {
        const struct customer *u = &r->customer[i];
        n += (u->state == SERVING || u->state == BLOCKED) && u->station == station && u->leads &&
             (crew == NOBODY || u->crew == crew);
    }
    return n;
}

static uint32_t duty(const struct reference *r, uint32_t station)
{
    const omo_station_options *o = at(r, station);
    uint32_t servers = o->servers;

    for (uint32_t i = 0; i < o->shift_count; i++)
        if (o->shifts[i].from_us <= r->now_us % o->shift_period_us)
            servers = o->shifts[i].servers;
    return r->down[station] ? 0 : servers;
}

static uint32_t bits(uint32_t word) { return word == 0 ? 0 : (word & 1) + bits(word >> 1); }

/* The free crew with the fewest skills that can serve this customer, NOBODY when there is none. */
static uint32_t crew_for(const struct reference *r, const struct customer *u)
{
    const omo_station_options *o = at(r, u->station);
    uint32_t skill = u->plan == NOBODY ? 0 : r->c->plan[u->plan].skill, best = NOBODY;

    if (o->crew_count == 0)
        return taken(r, u->station, NOBODY) < duty(r, u->station) ? 0 : NOBODY;
    for (uint32_t i = 0; i < o->crew_count; i++)
        if ((o->crews[i].skills >> skill & 1) && taken(r, u->station, i) < o->crews[i].servers &&
            (best == NOBODY || bits(o->crews[i].skills) < bits(o->crews[best].skills)))
            best = i;
    return best;
}

static int32_t priority(const struct reference *r, const struct customer *u)
{
    return u->plan == NOBODY ? 0 : r->c->plan[u->plan].priority;
}

static bool before(const struct reference *r, const struct customer *a, const struct customer *b)
{
    switch (at(r, a->station)->discipline) {
    case OMO_LIFO:
        return a->order > b->order;
    case OMO_SHORTEST:
        return a->service_us < b->service_us;
    case OMO_PRIORITY:
    case OMO_PRIORITY_PREEMPTIVE:
        if (priority(r, a) != priority(r, b))
            return priority(r, a) < priority(r, b);
        return a->order < b->order;
    default:
        return a->order < b->order;
    }
}

/* ---- serving --------------------------------------------------------------------------------- */

static void start(struct reference *r, uint32_t i, uint32_t crew, bool leads)
{
    struct customer *u = &r->customer[i];
    const omo_station_options *o = at(r, u->station);
    double speed = o->crew_count != 0 ? o->crews[crew].speed : 1;

    u->state = SERVING;
    u->crew = crew;
    u->leads = leads;
    u->ends_us = r->now_us + (int64_t)((double)u->left_us / speed);
    if (!u->started) {
        r->result->sums[u->station].started++;
        r->result->sums[u->station].wait_us += (double)(r->now_us - u->joined_us);
    }
    u->started = true;
    note(r, i, REFERENCE_START, u->station);
    r->changed = true;
}

static void put_back(struct reference *r, uint32_t i, bool work_lost)
{
    struct customer *u = &r->customer[i];

    u->state = WAITING;
    u->left_us = work_lost ? u->service_us : u->ends_us - r->now_us;
    u->order = --r->order_first;
    r->result->sums[u->station].preempted++;
}

static uint32_t oldest_waiting(const struct reference *r, uint32_t station)
{
    uint32_t oldest = NOBODY;

    for (uint32_t i = 0; i < r->count; i++) {
        const struct customer *u = &r->customer[i];
        if (u->state == WAITING && u->station == station &&
            (oldest == NOBODY || u->order < r->customer[oldest].order))
            oldest = i;
    }
    return oldest;
}

static void start_batch(struct reference *r, uint32_t station)
{
    const omo_station_options *o = at(r, station);
    uint32_t waiting = count(r, station, WAITING);
    uint32_t first = oldest_waiting(r, station);

    if (first == NOBODY || crew_for(r, &r->customer[first]) == NOBODY)
        return;
    bool waited = o->batch_wait_us != OMO_FOREVER &&
                  r->now_us >= r->customer[first].joined_us + o->batch_wait_us;
    if (waiting < o->batch_min && !waited)
        return;
    for (uint32_t i = 0; i < o->batch_max && i < waiting; i++)
        start(r, oldest_waiting(r, station), 0, i == 0);
}

static void start_best(struct reference *r, uint32_t station)
{
    uint32_t best = NOBODY;

    for (uint32_t i = 0; i < r->count; i++) {
        const struct customer *u = &r->customer[i];
        if (u->state == WAITING && u->station == station && crew_for(r, u) != NOBODY &&
            (best == NOBODY || before(r, u, &r->customer[best])))
            best = i;
    }
    if (best != NOBODY)
        start(r, best, crew_for(r, &r->customer[best]), true);
}

/* An arrival that finds no server takes the one who serves the highest number above its own. */
static void preempt(struct reference *r, uint32_t i)
{
    const struct customer *u = &r->customer[i];
    uint32_t worst = NOBODY;

    if (at(r, u->station)->discipline != OMO_PRIORITY_PREEMPTIVE || crew_for(r, u) != NOBODY)
        return;
    for (uint32_t j = 0; j < r->count; j++) {
        const struct customer *v = &r->customer[j];
        if (v->state == SERVING && v->station == u->station && priority(r, v) > priority(r, u) &&
            (worst == NOBODY || priority(r, v) > priority(r, &r->customer[worst])))
            worst = j;
    }
    if (worst != NOBODY)
        put_back(r, worst, false);
}

/* ---- coming and going ------------------------------------------------------------------------ */

static bool has_room(const struct reference *r, uint32_t station)
{
    return at(r, station)->room == OMO_UNLIMITED || level(r, station) < at(r, station)->room;
}

/* To the next step, or out. */
static void go_on(struct reference *r, uint32_t i, bool from_server)
{
    struct customer *u = &r->customer[i];

    u->step++;
    if (u->plan == NOBODY || u->step == r->c->plan[u->plan].step_count) {
        end(r, i);
        return;
    }
    join(r, i, r->c->plan[u->plan].step[u->step].station, from_server);
}

static void turn_away(struct reference *r, uint32_t i, uint32_t station, enum reference_what what)
{
    struct customer *u = &r->customer[i];

    u->state = OUT;
    note(r, i, what, station);
    if (u->plan != NOBODY && r->c->plan[u->plan].goes_on)
        go_on(r, i, false);
    else
        end(r, i);
}

static void end(struct reference *r, uint32_t i)
{
    struct customer *u = &r->customer[i];
    uint32_t parent = u->parent;

    u->state = OUT;
    note(r, i, REFERENCE_END, OMO_UNLIMITED);
    r->changed = true;
    if (parent != NOBODY && --r->customer[parent].open == 0) {
        uint32_t fork = r->customer[parent].station;
        r->customer[parent].state = OUT;
        r->result->sums[fork].done++;
        note(r, parent, REFERENCE_DONE, fork);
        go_on(r, parent, false);
    }
}

static uint32_t customer_new(struct reference *r, uint32_t plan, uint32_t parent)
{
    if (r->count == REFERENCE_CUSTOMERS)
        abort();
    r->customer[r->count] = (struct customer){.state = OUT, .plan = plan, .parent = parent};
    return r->count++;
}

static void split(struct reference *r, uint32_t i, uint32_t station)
{
    const omo_station_options *o = at(r, station);

    r->customer[i].state = FORKED;
    r->customer[i].open = o->branch_count;
    for (uint32_t branch = 0; branch < o->branch_count; branch++)
        join(r, customer_new(r, NOBODY, i), o->branches[branch].index, false);
}

static void join(struct reference *r, uint32_t i, uint32_t station, bool from_server)
{
    struct customer *u = &r->customer[i];
    const omo_station_options *o = at(r, station);
    struct reference_sums *sums = &r->result->sums[station];

    if (!has_room(r, station) && o->when_full == OMO_BLOCK && from_server) {
        u->state = BLOCKED;
        u->target = station;
        u->blocked_order = ++r->order_last;
        return;
    }
    u->state = OUT;
    sums->arrived++;
    if (o->balk_ppm == OMO_PPM &&
        count(r, station, WAITING) + count(r, station, GATE) >= o->balk_from) {
        sums->balked++;
        turn_away(r, i, station, REFERENCE_REFUSED);
        return;
    }
    if (!has_room(r, station)) {
        sums->refused++;
        turn_away(r, i, station, REFERENCE_REFUSED);
        return;
    }
    u->station = station;
    u->joined_us = r->now_us;
    u->started = false;
    u->service_us = u->plan != NOBODY ? r->c->plan[u->plan].step[u->step].service_us : -1;
    if (u->service_us < 0)
        u->service_us = (int64_t)o->service.a;
    u->left_us = u->service_us;
    u->order = ++r->order_last;
    u->state = o->wave_us != 0 ? GATE : WAITING;
    if (level(r, station) > sums->level_max)
        sums->level_max = level(r, station);
    r->changed = true;
    if (o->branch_count != 0)
        split(r, i, station);
    else
        preempt(r, i);
}

static void let_in(struct reference *r)
{
    uint32_t first = NOBODY;

    for (uint32_t i = 0; i < r->count; i++) {
        const struct customer *u = &r->customer[i];
        if (u->state == BLOCKED && has_room(r, u->target) &&
            (first == NOBODY || u->blocked_order < r->customer[first].blocked_order))
            first = i;
    }
    if (first != NOBODY)
        join(r, first, r->customer[first].target, true);
}

static void serve(struct reference *r, uint32_t station)
{
    if (at(r, station)->batch_max > 1)
        start_batch(r, station);
    else
        start_best(r, station);
}

static void settle(struct reference *r)
{
    do {
        r->changed = false;
        for (uint32_t station = 0; station < r->c->station_count; station++)
            serve(r, station);
        if (!r->changed)
            let_in(r);
    } while (r->changed);
}

/* ---- what is due ----------------------------------------------------------------------------- */

static bool may_renege(const struct reference *r, const struct customer *u)
{
    return (u->state == WAITING || u->state == GATE) && at(r, u->station)->impatient && !u->started;
}

static int64_t min(int64_t a, int64_t b) { return a < b ? a : b; }

static int64_t due_at_station(const struct reference *r, uint32_t station)
{
    const omo_station_options *o = at(r, station);
    int64_t due_us = o->breaks ? r->toggle_us[station] : OMO_FOREVER;

    for (uint32_t i = 0; i < o->shift_count; i++) {
        int64_t begin_us = r->now_us - r->now_us % o->shift_period_us + o->shifts[i].from_us;
        due_us = min(due_us, begin_us > r->now_us ? begin_us : begin_us + o->shift_period_us);
    }
    if (o->wave_us != 0)
        due_us = min(due_us, (r->now_us / o->wave_us + 1) * o->wave_us);
    return due_us;
}

static int64_t due(const struct reference *r)
{
    int64_t due_us = OMO_FOREVER;

    for (uint32_t p = 0; p < r->c->plan_count; p++)
        if (!r->plan_next[p])
            due_us = min(due_us, r->c->plan[p].arrive_us);
    for (uint32_t station = 0; station < r->c->station_count; station++)
        due_us = min(due_us, due_at_station(r, station));
    for (uint32_t i = 0; i < r->count; i++) {
        const struct customer *u = &r->customer[i];
        const omo_station_options *o = at(r, u->station);
        if (u->state == SERVING)
            due_us = min(due_us, u->ends_us);
        if (may_renege(r, u))
            due_us = min(due_us, u->joined_us + (int64_t)o->patience.a);
        if (u->state == WAITING && o->batch_max > 1 && o->batch_wait_us != OMO_FOREVER &&
            u->joined_us + o->batch_wait_us > r->now_us)
            due_us = min(due_us, u->joined_us + o->batch_wait_us);
    }
    return due_us;
}

static void turn_stations(struct reference *r)
{
    for (uint32_t station = 0; station < r->c->station_count; station++) {
        const omo_station_options *o = at(r, station);
        bool breaks = o->breaks && r->toggle_us[station] == r->now_us;
        if (breaks) {
            r->down[station] = !r->down[station];
            r->toggle_us[station] += (int64_t)(r->down[station] ? o->down.a : o->up.a);
        }
        bool ends =
            (breaks && r->down[station]) || (o->shift_count != 0 && o->shift_end == OMO_HAND_OVER);
        for (uint32_t i = 0; i < r->count; i++) {
            struct customer *u = &r->customer[i];
            if (ends && u->state == SERVING && u->station == station && u->ends_us != r->now_us &&
                taken(r, station, NOBODY) > duty(r, station))
                put_back(r, i, breaks && o->work_lost);
            if (u->state == GATE && u->station == station && r->now_us % o->wave_us == 0)
                u->state = WAITING;
        }
    }
}

/* Whoever is next at the server's own station is served before the one who was done goes on. */
static void complete(struct reference *r, uint32_t i)
{
    struct customer *u = &r->customer[i];
    uint32_t station = u->station;

    r->result->sums[station].done++;
    u->started = false;
    u->state = OUT;
    note(r, i, REFERENCE_DONE, station);
    if (u->plan != NOBODY && u->step + 1 < r->c->plan[u->plan].step_count) {
        uint32_t ahead = r->c->plan[u->plan].step[u->step + 1].station;
        if (at(r, ahead)->when_full == OMO_BLOCK && !has_room(r, ahead)) {
            go_on(r, i, true);
            return;
        }
    }
    serve(r, station);
    go_on(r, i, false);
}

static void turn_customers(struct reference *r)
{
    for (uint32_t i = 0; i < r->count; i++) {
        struct customer *u = &r->customer[i];
        uint32_t station = u->station;
        if (u->state == SERVING && u->ends_us == r->now_us) {
            complete(r, i);
        } else if (may_renege(r, u) &&
                   u->joined_us + (int64_t)at(r, station)->patience.a == r->now_us) {
            r->result->sums[station].reneged++;
            turn_away(r, i, station, REFERENCE_RENEGED);
        }
    }
    for (uint32_t p = 0; p < r->c->plan_count; p++)
        if (!r->plan_next[p] && r->c->plan[p].arrive_us == r->now_us) {
            r->plan_next[p] = 1;
            join(r, customer_new(r, p, NOBODY), r->c->plan[p].step[0].station, false);
        }
}

static void sum_up(struct reference *r, int64_t until_us)
{
    const double span_us = (double)(until_us - r->now_us);

    for (uint32_t station = 0; station < r->c->station_count; station++) {
        struct reference_sums *sums = &r->result->sums[station];
        uint32_t blocked = count(r, station, BLOCKED);
        sums->waiting_us += span_us * (count(r, station, WAITING) + count(r, station, GATE));
        sums->serving_us += span_us * (taken(r, station, NOBODY) - blocked);
        sums->blocked_us += span_us * blocked;
        sums->level_us += span_us * level(r, station);
        sums->duty_us += span_us * duty(r, station);
        sums->down_us += span_us * r->down[station];
    }
}

void reference_run(const struct reference_case *c, struct reference_result *ret_result)
{
    static struct reference reference;
    struct reference *r = &reference;

    memset(r, 0, sizeof(*r));
    memset(ret_result, 0, sizeof(*ret_result));
    r->c = c;
    r->result = ret_result;
    for (uint32_t station = 0; station < c->station_count; station++)
        r->toggle_us[station] = (int64_t)at(r, station)->up.a;
    for (;;) {
        int64_t next_us = due(r);
        sum_up(r, min(next_us, c->until_us));
        if (next_us > c->until_us)
            return;
        r->now_us = next_us;
        turn_stations(r);
        turn_customers(r);
        settle(r);
    }
}
