/* Who is at the tills: they join when they pay, or when they queue with limited patience to pay later,
 * and leave when they are served or give up. */
#include "flow/swarm_till.h"

#include "flow/world.h"

/* Whether the order is among those who queue; it leaves them. */
static bool swarm_till_waited(struct swarm_till *t, uint64_t order)
{
    for (uint32_t i = 0; i < t->wait_count; i++)
        if (t->waits[i] == order) {
            t->waits[i] = t->waits[--t->wait_count];
            return true;
        }
    return false;
}

void swarm_till_until(struct swarm_till *t, int64_t at_us)
{
    int64_t from_us = core_max_i64(t->at_us, t->model->run.warm_up_us);

    if (at_us > from_us)
        t->area += (core_int128)t->inside * (at_us - from_us);
    t->at_us = at_us;
}

void swarm_till_read(void *user, const omo_fact *f, size_t count)
{
    struct swarm_till *t = user;

    for (size_t i = 0; i < count; i++) {
        uint32_t kind = omo_fact_kind(&f[i]);
        bool joins = kind == t->placed && f[i].place != OMO_NONE &&
                     t->model->network.station[f[i].place * OMO_ROLE_COUNT].servers != 0;
        swarm_till_until(t, f[i].at_us);
        if (kind == t->queued) {
            ck_assert_uint_lt(t->wait_count, 4096);
            t->waits[t->wait_count++] = f[i].order;
            joins = true;
        } else if (joins || kind == t->reneged) {
            joins = !swarm_till_waited(t, f[i].order) && joins;
        }
        t->inside += joins - (kind == t->done || kind == t->reneged);
    }
}
