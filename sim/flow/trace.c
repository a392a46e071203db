/* What a tracer or debugger sees of a world: a record for each event before it is handled, and the
 * levels that can be asked for meanwhile.
 *
 * The loop exists twice (world.c): the one that calls trace_event() runs only when somebody reads,
 * so that nobody else pays, not even for looking. Facts are batched for their reader; here they are
 * flushed before each record, because a reader that sees both wants to know which event led to
 * which fact. Nothing here draws, schedules or emits: a traced run has the digest of any other.
 *
 * A stale event keeps its kind and loses its subject: its slot may be another order's by now. The
 * calendar is a radix heap and knows its earliest event only, so the list of what is pending ends
 * with that one. A queueing network asks its kernel for all of this. */
#include "flow/world.h"

struct trace_kind {
    const char *name, *help, *phase;
};

/* The kinds of the calendar, then the visit, which comes from the tape. */
static const struct trace_kind trace_kinds[EVENT_KIND_COUNT + 1] = {
#define EVENT(name, phase, text) {#name, text, #phase},
#include "kernel/kinds.def"
#undef EVENT
    {"VISIT", "a customer begins a visit", "DEMAND"},
};

static omo_event_record trace_record(const struct omo_world *w, int64_t at_us, uint32_t kind)
{
    return (omo_event_record){.at_us = at_us,
                              .number = w->event_count + 1,
                              .kind = trace_kinds[kind].name,
                              .help = trace_kinds[kind].help,
                              .phase = trace_kinds[kind].phase,
                              .subject = OMO_SUBJECT_NONE,
                              .place = OMO_NONE,
                              .station = OMO_NONE,
                              .pending = w->calendar.count};
}

static omo_event_record trace_visit(const struct omo_world *w, const struct visit *v)
{
    omo_event_record r = trace_record(w, v->at_us, EVENT_KIND_COUNT);

    r.subject = OMO_SUBJECT_ORDER;
    r.subject_id = orders_identity(v->cell, w->day - 1, v->ordinal);
    return r;
}

/* An event about an order: at which place, and at which of its stations if that has servers. */
static void trace_order(const struct omo_world *w, const struct event *e, omo_event_record *r)
{
    const struct order *o = &w->orders.order[e->slot];
    const omo_model *m = w->model;
    uint32_t role = OMO_ROLE_COUNT;

    r->subject = OMO_SUBJECT_ORDER;
    r->subject_id = o->identity;
    r->place = o->detail == OMO_NONE ? o->place : w->orders.detail[o->detail].part[e->arg].place;
    if (e->kind == EVENT_TILL_DONE)
        role = OMO_ROLE_TILL;
    else if (e->kind == EVENT_PICK_BEGIN || e->kind == EVENT_PICK_DONE ||
             e->kind == EVENT_ENTRY_DONE)
        role = OMO_ROLE_PICKER;
    else if (e->kind == EVENT_TRIP_DONE && m->demand.channel[o->channel].mode->path == MODE_COURIER)
        role = OMO_ROLE_COURIER;
    uint32_t station = r->place * OMO_ROLE_COUNT + role;
    if (role != OMO_ROLE_COUNT && m->network.station[station].servers != 0)
        r->station = station;
}

/* An event about something to be fetched. */
static void trace_pickup(const struct omo_world *w, const struct event *e, omo_event_record *r)
{
    const struct pickup *k = &w->pickups.item[e->slot];
    uint32_t counter = k->place * OMO_ROLE_COUNT + OMO_ROLE_COUNTER;

    r->place = k->place;
    if (k->order != OMO_NONE) {
        r->subject = OMO_SUBJECT_ORDER;
        r->subject_id = k->identity;
    } else {
        r->subject = OMO_SUBJECT_PLACE;
        r->subject_id = k->place;
    }
    if (e->kind == EVENT_VERIFY_DONE && w->model->network.station[counter].servers != 0)
        r->station = counter;
}

static omo_event_record trace_scheduled(const struct omo_world *w, const struct event *e)
{
    omo_event_record r = trace_record(w, e->at_us, e->kind);

    r.pending--;
    r.stale = world_stale(w, e);
    if (r.stale)
        return r;
    switch ((enum event_kind)e->kind) {
    case EVENT_TILL_DONE:
    case EVENT_ENTRY_BEGIN:
    case EVENT_ENTRY_DONE:
    case EVENT_PICK_BEGIN:
    case EVENT_PICK_DONE:
    case EVENT_TRIP_DONE:
    case EVENT_CARRIER:
        trace_order(w, e, &r);
        break;
    case EVENT_COLLECT:
    case EVENT_PICKUP_EXPIRE:
    case EVENT_VERIFY_DONE:
        trace_pickup(w, e, &r);
        break;
    case EVENT_RECEIVE:
        r.subject = OMO_SUBJECT_SHIPMENT;
        r.subject_id = (uint64_t)e->generation << 32 | e->slot;
        r.place = w->pipeline.shipment[e->slot].place;
        break;
    case EVENT_REVIEW:
        r.subject = OMO_SUBJECT_PLACE_KIND;
        r.subject_id = e->arg;
        break;
    case EVENT_REVIEW_ONE:
        r.subject = OMO_SUBJECT_PLACE;
        r.subject_id = r.place = e->slot;
        break;
    case EVENT_PAY:
        r.subject = OMO_SUBJECT_ORDER;
        r.subject_id = w->orders.order[w->checkouts.item[e->slot].slot].identity;
        break;
    case EVENT_PARCEL_ARRIVE:
        r.subject = OMO_SUBJECT_PLACE;
        r.subject_id = r.place = w->model->network.parcel_point[e->slot].place;
        break;
    case EVENT_TOUR_DONE:
    case EVENT_WAVE:
        r.subject = OMO_SUBJECT_PLACE;
        r.subject_id = r.place = e->slot;
        break;
    case EVENT_SHIFT:
        r.subject = OMO_SUBJECT_PLACE;
        r.subject_id = r.place = e->slot / OMO_ROLE_COUNT;
        r.station = e->slot;
        break;
    case EVENT_BATCH_CLOSE:
        r.subject = OMO_SUBJECT_PLACE;
        r.subject_id = r.place = e->slot / w->model->demand.channel_count;
        break;
    case EVENT_RENEGE: {
        const struct order *o = &w->orders.order[w->orders.carried[e->slot].order];
        r.subject = OMO_SUBJECT_ORDER;
        r.subject_id = o->identity;
        r.place = o->place;
        r.station = o->place * OMO_ROLE_COUNT + OMO_ROLE_TILL;
        break;
    }
    case EVENT_FOLLOW_UP:
        r.subject = OMO_SUBJECT_ORDER;
        r.subject_id = w->follow_ups.item[e->slot].identity;
        break;
    case EVENT_RETURN_BRING:
    case EVENT_RETURN_ARRIVE:
    case EVENT_RETURN_INSPECT:
        r.subject = OMO_SUBJECT_ORDER;
        r.subject_id = w->returns.item[e->slot].identity;
        r.place = w->returns.item[e->slot].place;
        break;
    case EVENT_CHANNEL: /* channels have no subject of their own */
    case EVENT_GROUP_END:
    case EVENT_SHRINK:
    case EVENT_COUNT:
    case EVENT_CLAIM_KNOWN:
    case EVENT_WARM_UP:
    case EVENT_SYNC:
    case EVENT_CHARGE:
    case EVENT_ADOPT:
    case EVENT_RETAIN:
    case EVENT_KIND_COUNT:
        break;
    }
    return r;
}

bool trace_event(struct omo_world *w, const struct event *event, const struct visit *visit)
{
    feed_flush(&w->feed);
    omo_event_record r = event != NULL ? trace_scheduled(w, event) : trace_visit(w, visit);
    return w->event_reader(w->event_reader_user, &r);
}

void omo_world_set_event_reader(omo_world *world, omo_event_reader reader, void *user)
{
    world->event_reader = reader;
    world->event_reader_user = user;
    if (world->kernel != NULL)
        omo_kernel_set_event_reader(world->kernel, reader, user);
}

bool omo_world_station(const omo_world *world, uint32_t place, uint32_t role,
                       omo_station_level *ret_level)
{
    if (world->kernel != NULL)
        return role == 0 &&
               omo_kernel_station_level(world->kernel, (omo_station){place}, ret_level) == OMO_OK;
    if (place >= world->model->network.place_count || role >= OMO_ROLE_COUNT)
        return false;
    const struct labour *s = &world->station[place * OMO_ROLE_COUNT + role];
    if (s->servers == 0)
        return false;
    *ret_level =
        (omo_station_level){.servers = s->servers, .busy = s->busy, .queue = s->queue_count};
    return true;
}

uint32_t omo_world_pending(const omo_world *world, omo_event_record *ret_records, uint32_t count)
{
    const struct omo_world *w = world;
    const struct event *top = calendar_peek(&w->calendar);
    uint32_t found = 0;
    bool more = true;

    if (w->kernel != NULL)
        return count != 0 && omo_kernel_next_event(w->kernel, ret_records);
    for (uint32_t i = w->tape.next; i < w->tape.count && found < count && more; i++) {
        const struct visit *v = &w->tape.sorted[i];
        more = !world_takes_event(top, v);
        if (more)
            ret_records[found++] = trace_visit(w, v);
    }
    if (top != NULL && found < count)
        ret_records[found++] = trace_scheduled(w, top);
    for (uint32_t i = 0; i < found; i++)
        ret_records[i].number += i;
    return found;
}

uint32_t omo_world_open_orders(const omo_world *world)
{
    return world->kernel != NULL ? omo_kernel_customer_count(world->kernel)
                                 : world->orders.slots.used;
}

omo_status omo_world_set_step_reader(omo_world *world, omo_step_reader reader, void *user,
                                     omo_error *ret_error)
{
    if (world->kernel == NULL)
        return core_error(ret_error, OMO_EINVAL, "only queueing networks have steps to read");
    if (omo_kernel_set_step_reader(world->kernel, reader, user) != OMO_OK)
        return core_error(ret_error, OMO_ENOMEM, "no memory for a reader of steps");
    return OMO_OK;
}

void omo_world_list_customers(const omo_world *world, omo_step_reader reader, void *user)
{
    if (world->kernel != NULL)
        omo_kernel_list_customers(world->kernel, reader, user);
}
