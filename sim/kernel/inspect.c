/* What a tracer or debugger sees of a kernel: a record for each event before it is handled.
 *
 * The loop exists twice (engine.c), and only the one that calls inspect_event() looks whether
 * anybody reads, so that nobody else pays. Nothing here draws or schedules: a traced run has the
 * digest of any other. An event that has gone stale keeps its kind and loses its subject. */
#include "kernel/engine.h"

struct inspect_kind {
    const char *name, *help;
};

static const struct inspect_kind inspect_kinds[ENGINE_KINDS] = {
    [ENGINE_ARRIVAL] = {"ARRIVAL", "a source sends a customer, or opens"},
    [ENGINE_DONE] = {"DONE", "a service ends"},
    [ENGINE_PATIENCE] = {"PATIENCE", "a waiting customer's patience ends"},
    [ENGINE_BATCH] = {"BATCH", "the first of those that wait for a batch has waited long enough"},
    [ENGINE_WAVE] = {"WAVE", "a gate opens"},
    [ENGINE_SHIFT] = {"SHIFT", "a shift begins"},
    [ENGINE_FAIL] = {"FAIL", "a server breaks down"},
    [ENGINE_REPAIR] = {"REPAIR", "a server is up again"},
};

uint64_t inspect_customer(const struct omo_kernel *k, const struct job *j)
{
    while (j->parent != OMO_NONE)
        j = &k->job[j->parent];
    return j->identity;
}

static void inspect_subject(const struct omo_kernel *k, const struct event *e, omo_event_record *r)
{
    switch (e->kind) {
    case ENGINE_ARRIVAL:
        r->station = k->source[e->slot].options.to.index;
        if (e->arg != 0) /* it opens: nobody yet, or all of its population */
            break;
        r->subject = OMO_SUBJECT_CUSTOMER;
        r->subject_id = (uint64_t)e->slot << JOB_ORDINAL_BITS | k->source[e->slot].ordinal;
        break;
    case ENGINE_DONE:
    case ENGINE_PATIENCE:
        r->subject = OMO_SUBJECT_CUSTOMER;
        r->subject_id = inspect_customer(k, &k->job[e->slot]);
        r->station = k->job[e->slot].station;
        break;
    case ENGINE_BATCH:
    case ENGINE_WAVE:
    case ENGINE_SHIFT:
    case ENGINE_FAIL:
    case ENGINE_REPAIR:
        r->station = e->slot;
        break;
    default:
        r->subject_id = e->arg;
        break;
    }
}

static omo_event_record inspect_record(const struct omo_kernel *k, const struct event *e)
{
    bool own = e->kind >= ENGINE_KINDS;
    omo_event_record r = {
        .at_us = e->at_us,
        .number = k->event_count + 1,
        .kind = own ? k->handler[e->kind - ENGINE_KINDS].name : inspect_kinds[e->kind].name,
        .help = own ? "an event of the model's own" : inspect_kinds[e->kind].help,
        .phase = "WORK",
        .place = OMO_NONE,
        .station = OMO_NONE,
        .pending = k->calendar.count + k->ahead_count - 1,
        .stale = calendar_is_stale(&k->calendar, e),
    };

    if (!r.stale)
        inspect_subject(k, e, &r);
    return r;
}

bool inspect_event(struct omo_kernel *k, const struct event *e)
{
    omo_event_record r = inspect_record(k, e);

    k->interrupted = !k->event_reader(k->event_reader_user, &r);
    return !k->interrupted;
}

bool omo_kernel_next_event(const omo_kernel *k, omo_event_record *ret_record)
{
    struct event next;

    if (!k->sealed || !engine_next(k, &next))
        return false;
    *ret_record = inspect_record(k, &next);
    return true;
}

uint32_t omo_kernel_customer_count(const omo_kernel *k) { return k->jobs.used; }
int64_t omo_kernel_measured_from_us(const omo_kernel *k) { return k->reset_us; }

void omo_kernel_set_event_reader(omo_kernel *k, omo_event_reader reader, void *user)
{
    k->event_reader = reader;
    k->event_reader_user = user;
}

omo_status omo_kernel_station_level(const omo_kernel *k, omo_station station,
                                    omo_station_level *ret_level)
{
    if (k == NULL || ret_level == NULL || station.index >= k->station_count)
        return OMO_EINVAL;
    const struct station *s = &k->station[station.index];
    *ret_level = (omo_station_level){.servers = s->duty, .busy = s->busy, .queue = s->waiting};
    return OMO_OK;
}
