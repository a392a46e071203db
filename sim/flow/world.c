/* The loop: the earliest of tape and calendar, one event at a time, until the horizon.
 *
 * Days frame the loop: at midnight the day's visits go onto the tape, in the system phase before
 * all else. Within a day the next event is the earlier of the tape's head and the calendar's
 * top; at the same instant the calendar goes first when its phase is before demand. Time only
 * goes forward. Everything random is keyed, so the loop needs no generator; everything that
 * happens is a fact, so it keeps no log. */
#define OMO_CORE_MAY_ALLOCATE
#include <stdlib.h>

#include "flow/member.h"

static void world_gauges(struct omo_world *w)
{
    struct gauge *g = w->tally.gauge;

    w->labour_gauges[OMO_ROLE_TILL] =
        (struct labour_gauges){&g[GAUGE_TILL_QUEUE], &g[GAUGE_TILL_BUSY], &g[GAUGE_TILL_OCCUPIED],
                               NULL};
    w->labour_gauges[OMO_ROLE_PICKER] =
        (struct labour_gauges){&g[GAUGE_PICKER_QUEUE], &g[GAUGE_PICKER_BUSY], NULL, NULL};
    w->labour_gauges[OMO_ROLE_COURIER] =
        (struct labour_gauges){&g[GAUGE_COURIER_QUEUE], &g[GAUGE_COURIER_BUSY], NULL, NULL};
    w->labour_gauges[OMO_ROLE_COUNTER] =
        (struct labour_gauges){&g[GAUGE_COUNTER_QUEUE], &g[GAUGE_COUNTER_BUSY], NULL, NULL};
}

static void world_stations(struct omo_world *w)
{
    const struct network *n = &w->model->network;
    bool unlimited[OMO_ROLE_COUNT] = {false};

    for (uint32_t i = 0; i < n->place_count * OMO_ROLE_COUNT; i++) {
        uint32_t servers = n->station[i].servers, role = i % OMO_ROLE_COUNT;
        if (n->station[i].shift != NULL) {
            w->tally.has_shifts[role] = true;
            servers = n->station[i].shift[0].servers;
        }
        labour_init(&w->station[i], servers);
        servers = n->station[i].servers;
        if (servers == 0)
            continue;
        w->tally.station_count[role]++;
        unlimited[role] = unlimited[role] || servers == OMO_UNLIMITED;
        if (servers != OMO_UNLIMITED)
            w->tally.server_count[role] += servers;
    }
    /* Where some station of a role is never short of servers, the role has no utilisation. */
    for (uint32_t role = 0; role < OMO_ROLE_COUNT; role++)
        if (unlimited[role])
            w->tally.server_count[role] = 0;
    /* Where servers come and go, those that are there are integrated. */
    for (uint32_t role = 0; role < OMO_ROLE_COUNT; role++)
        if (w->tally.has_shifts[role] && w->tally.server_count[role] != 0)
            w->labour_gauges[role].duty = &w->tally.gauge[GAUGE_DUTY + role];
}

static void world_tally(struct omo_world *w)
{
    const omo_model *m = w->model;
    struct tally *t = &w->tally;

    t->channel_count = m->demand.channel_count;
    for (uint32_t i = 0; i < t->channel_count; i++) {
        const struct channel *c = &m->demand.channel[i];
        t->online[i] = c->kind->online;
        t->comes_in[i] = c->mode->path == MODE_TAKE_AWAY || c->mode->in_store;
        t->ships[i] = c->mode->path == MODE_COURIER || c->mode->path == MODE_PARCEL;
    }
    t->position_count = m->network.position_count;
    t->member_potential = m->keeps_members ? m->demand.member_count : 0;
    t->member_period_us = m->members.retention_period_us;
    t->point_money = (double)m->members.point_microcents * 1e-8;
    t->time_unit_us = m->run.time_unit_us;
    t->per_period = m->costs.per_period;
    t->counts_over_wait = m->run.wait_over_us >= 0;
    t->counts_over_sojourn = m->run.sojourn_over_us >= 0;
    t->counts_over_distance = m->run.distance_over_km >= 0.0;
    t->counts_over_shelf = m->run.shelf_over >= 0;
    for (uint32_t i = 0; i < m->network.place_count; i++) {
        const struct place *p = &m->network.place[i];
        bool shelf = (p->capabilities & OMO_OFFERS_PICKUP) != 0 || p->parcels != OMO_NONE;
        if (p->kind == OMO_PLACE_LOCKER) {
            t->locker_count++;
            t->box_count += p->shelf_slots;
        } else if (shelf) {
            t->shelf_count++;
            t->shelf_limited_count += p->shelf_slots != 0;
        }
    }
    t->counts_returns = m->returns.on;
    t->counts_accuracy = m->accuracy.on;
}

/* The places of a field stand anew in each replication; how many there are is Poisson. */
static bool world_field(struct omo_world *w)
{
    const omo_model *m = w->model;
    const struct network *n = &m->network;
    double side_km = m->run.torus_side_km;
    struct arena work = {0};
    double *at = arena_take(&work, (size_t)n->place_count * 2, sizeof(double));
    uint32_t *place = arena_take(&work, n->place_count, sizeof(uint32_t));
    struct reach_node *node = arena_take(&w->arena, n->place_count, sizeof(struct reach_node));
    struct draw_cursor c;
    uint32_t count = 0;

    if (at == NULL || place == NULL || node == NULL) {
        arena_free(&work);
        return false;
    }
    draw_begin(&c, w->key, DRAW_FIELD, UINT64_MAX, 0);
    uint32_t drawn = law_poisson(m->field_density * side_km * side_km, &c);
    for (uint32_t i = 0, scattered = 0; i < n->place_count; i++) {
        const struct place *p = &n->place[i];
        if (p->kind != OMO_PLACE_STORE && p->kind != OMO_PLACE_DARK_STORE)
            continue;
        if (p->random_position && scattered++ >= drawn)
            continue;
        draw_begin(&c, w->key, DRAW_FIELD, i, 0);
        place[count] = i;
        at[count] = p->random_position ? draw_unit53(&c) * side_km : p->lat;
        at[n->place_count + count] = p->random_position ? draw_unit53(&c) * side_km : p->lon;
        count++;
    }
    reach_build(&w->stores_own, node, count, place, at, at + n->place_count, m->run.geometry,
                side_km);
    arena_free(&work);
    w->stores = &w->stores_own;
    return true;
}

omo_world *omo_world_new(const omo_model *model, uint64_t seed, uint32_t replication,
                         omo_error *ret_error)
{
    if (model == NULL || !model->sealed) {
        core_error(ret_error, OMO_EINVAL, "a world needs a sealed model");
        return NULL;
    }
    struct omo_world *w = calloc(1, sizeof(*w));
    if (w == NULL) {
        core_error(ret_error, OMO_ENOMEM, "no memory for a world");
        return NULL;
    }
    w->model = model;
    w->seed = seed;
    w->replication = replication;
    w->key = draw_key_make(seed, replication);
    w->error = ret_error;
    w->stores = &model->stores;
    w->warehouses = &model->warehouses;
    w->feed.tally = &w->tally;
    w->feed.now_us = &w->now_us;
    digest_init(&w->feed.digest);
    arena_init(&w->arena, model->run.memory_max);
    if (model->queueing.station_count != 0) {
        if (queueing_begin(w))
            return w;
        omo_world_free(w);
        return NULL;
    }
    world_gauges(w);
    world_tally(w);
    bool field = model->field_density > 0.0;
    if (!memory_take(w) || (field && !world_field(w))) {
        if (w->status == OMO_OK)
            core_error(ret_error, OMO_ENOMEM, "no memory for a world's columns");
        omo_world_free(w);
        return NULL;
    }
    world_stations(w);
    return w;
}

void omo_world_free(omo_world *world)
{
    if (world == NULL)
        return;
    omo_kernel_free(world->kernel);
    detail_free(&world->detail);
    arena_free(&world->arena);
    free(world);
}

void omo_world_set_reader(omo_world *world, omo_fact_reader reader, void *user)
{
    world->feed.reader = reader;
    world->feed.reader_user = user;
}

omo_status omo_world_keep_detail(omo_world *world, omo_error *ret_error)
{
    const omo_model *m = world->model;
    int64_t days = (m->run.horizon_us + OMO_US_PER_DAY - 1) / OMO_US_PER_DAY;

    if (!detail_init(&world->detail, &world->arena, m->demand.channel_count, m->network.place_count,
                     m->demand.zone_count, days))
        return core_error(ret_error, OMO_ENOMEM, "no memory for the report's detail");
    world->feed.detail = &world->detail;
    world->detail_kept = true;
    return OMO_OK;
}

/* Inlined into both loops: a call per event less. */
static inline __attribute__((always_inline)) void world_handle(struct omo_world *w,
                                                               const struct event *e)
{
    switch ((enum event_kind)e->kind) {
    case EVENT_WARM_UP:
        day_warm_up(w);
        break;
    case EVENT_SYNC:
        day_sync(w);
        break;
    case EVENT_RECEIVE:
        stock_receive_shipment(w, e->slot);
        break;
    case EVENT_TILL_DONE:
        order_till_done(w, e->slot);
        break;
    case EVENT_RENEGE:
        order_till_renege(w, e->slot);
        break;
    case EVENT_PICK_BEGIN:
        order_pick_begin(w, e->slot, e->arg);
        break;
    case EVENT_PICK_DONE:
        order_pick_done(w, e->slot, e->arg);
        break;
    case EVENT_TRIP_DONE:
        order_trip_done(w, e->slot, e->arg);
        break;
    case EVENT_COLLECT:
        order_collect(w, e->slot);
        break;
    case EVENT_PICKUP_EXPIRE:
        order_expire(w, e->slot);
        break;
    case EVENT_VERIFY_DONE:
        order_collect_done(w, e->slot);
        break;
    case EVENT_PARCEL_ARRIVE:
        parcel_point_arrive(w, e->slot, e->arg);
        break;
    case EVENT_CARRIER:
        order_ship(w, e->slot, e->arg);
        break;
    case EVENT_BATCH_CLOSE:
        order_tour_wait_over(w, e->slot, e->arg);
        break;
    case EVENT_TOUR_DONE:
        order_tour_done(w, e->slot);
        break;
    case EVENT_WAVE:
        order_pick_wave(w, e->slot);
        break;
    case EVENT_SHIFT:
        shift_begin(w, e->slot, e->arg);
        break;
    case EVENT_CHARGE:
        day_charge(w);
        break;
    case EVENT_REVIEW:
        stock_review(w, (omo_place_kind)e->arg);
        break;
    case EVENT_REVIEW_ONE:
        stock_review_one(w, e->slot, e->arg);
        break;
    case EVENT_CLAIM_KNOWN:
        order_arrive_known(w, e->slot, e->arg, e->generation);
        break;
    case EVENT_PAY:
        order_hold_end(w, e->slot, e->arg != 0);
        break;
    case EVENT_ENTRY_BEGIN:
        order_enter_begin(w, e->slot, e->arg);
        break;
    case EVENT_ENTRY_DONE:
        order_enter_done(w, e->slot, e->arg);
        break;
    case EVENT_ADOPT:
        member_adopt(w);
        break;
    case EVENT_RETAIN:
        member_retain(w);
        break;
    case EVENT_FOLLOW_UP:
        follow_up_begin(w, e->slot);
        break;
    case EVENT_CHANNEL:
        channel_event(w, e->slot, e->arg);
        break;
    case EVENT_GROUP_END:
        group_buy_end(w, e->slot);
        break;
    case EVENT_SHRINK:
        stock_shrink(w);
        break;
    case EVENT_COUNT:
        stock_count(w, e->arg);
        break;
    case EVENT_RETURN_BRING:
        order_return_bring(w, e->slot);
        break;
    case EVENT_RETURN_ARRIVE:
        order_return_arrive(w, e->slot);
        break;
    case EVENT_RETURN_INSPECT:
        order_return_inspect(w, e->slot);
        break;
    case EVENT_KIND_COUNT:
        OMO_ASSERT(e->kind != EVENT_KIND_COUNT);
        break;
    }
}

/* Handles everything before until_us that belongs to the day under way. `traced` is a constant
 * where this is called, so that the loop is compiled twice and asks nobody per event. False when the
 * reader of events stopped it. */
static inline __attribute__((always_inline)) bool world_loop(struct omo_world *w, int64_t until_us,
                                                             bool traced)
{
    while (w->status == OMO_OK) {
        const struct visit *visit = tape_peek(&w->tape);
        const struct event *top = calendar_peek(&w->calendar);
        bool from_calendar = world_takes_event(top, visit);
        int64_t at_us = from_calendar ? top->at_us : visit != NULL ? visit->at_us : until_us;
        if (at_us >= until_us)
            return true;
        OMO_ASSERT(at_us >= w->now_us);
        if (traced && !trace_event(w, from_calendar ? top : NULL, visit))
            return false;
        w->now_us = at_us;
        w->event_count++;
        view_advance(&w->view, at_us);
        if (from_calendar) {
            struct event e = calendar_pop(&w->calendar);
            if (world_stale(w, &e))
                w->calendar.stale++;
            else
                world_handle(w, &e);
        } else {
            struct visit v = tape_next(&w->tape);
            w->calendar.now_us = at_us;
            order_arrive(w, &v);
        }
    }
    return true;
}

static bool world_run_traced(struct omo_world *w, int64_t until_us)
{
    return world_loop(w, until_us, true);
}

static bool world_run_until(struct omo_world *w, int64_t until_us)
{
    return w->event_reader != NULL ? world_run_traced(w, until_us) : world_loop(w, until_us, false);
}

static void world_close(struct omo_world *w)
{
    w->now_us = w->model->run.horizon_us;
    member_close(w);
    day_close_books(w);
    if (audit_check(w)) {
        feed_flush(&w->feed);
        w->finished = true;
    }
}

omo_status omo_world_run(omo_world *world, int64_t until_us, omo_error *ret_error)
{
    struct omo_world *w = world;

    if (w == NULL)
        return core_error(ret_error, OMO_EINVAL, "there is no world to run");
    int64_t horizon_us = w->model->run.horizon_us;
    w->error = ret_error;
    /* Time never runs backwards, whatever is asked for. */
    until_us = core_max_i64(core_min_i64(until_us, horizon_us), w->now_us);
    if (w->kernel != NULL)
        return queueing_run(w, until_us);
    if (w->now_us == 0 && w->day == 0)
        day_open(w);
    while (w->status == OMO_OK && !w->finished) {
        int64_t day_end_us = core_min_i64(w->day * OMO_US_PER_DAY, horizon_us);
        if (w->day == 0 || (w->now_us >= day_end_us && day_end_us < horizon_us)) {
            if (day_end_us >= until_us && w->day != 0)
                break;
            if (!day_begin(w))
                break;
            continue;
        }
        int64_t stop_us = core_min_i64(day_end_us, until_us);
        if (!world_run_until(w, stop_us))
            return core_error(ret_error, OMO_ECANCELLED, "stopped by the reader of events");
        if (w->status != OMO_OK)
            break;
        w->now_us = stop_us;
        if (stop_us == day_end_us)
            day_end(w);
        if (stop_us == horizon_us)
            world_close(w);
        if (stop_us == until_us)
            break;
    }
    feed_flush(&w->feed);
    return w->status;
}

int64_t omo_world_now_us(const omo_world *world)
{
    return world->kernel != NULL ? omo_kernel_now_us(world->kernel) : world->now_us;
}
bool omo_world_finished(const omo_world *world) { return world->finished; }
uint64_t omo_world_digest(const omo_world *world)
{
    return world->kernel != NULL ? omo_kernel_digest(world->kernel)
                                 : digest_value(&world->feed.digest);
}
uint64_t omo_world_fact_count(const omo_world *world) { return world->feed.fact_count; }
uint64_t omo_world_event_count(const omo_world *world)
{
    return world->kernel != NULL ? omo_kernel_event_count(world->kernel) : world->event_count;
}
uint64_t omo_world_size(const omo_world *world) { return sizeof(*world) + world->arena.size; }
