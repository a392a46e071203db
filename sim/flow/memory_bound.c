/* How much the day's visits can need at most, worked out from the model and their number alone.
 *
 * The bounds are generous where being exact would cost: room that stays untouched is address space,
 * not memory. */
#include "flow/memory_bound.h"

/* Units of a line, or lines of a basket, at most. */
static uint64_t memory_bound_law(const omo_law *law, uint64_t max)
{
    if (law->kind != OMO_LAW_CONSTANT || law->a >= (double)max)
        return max;
    return law->a < 1.5 ? 1 : (uint64_t)(law->a + 0.5);
}

/* What the day's visits can do at most. */
struct memory_bound_visits {
    uint64_t online;   /* of them can make an online order */
    uint64_t changes;  /* of positions: reserved, taken, put back, or backordered */
    uint64_t carrying; /* of them may lose patience at a till */
};

static struct memory_bound_visits memory_bound_visits(const struct omo_world *w)
{
    const struct demand *d = &w->model->demand;
    struct memory_bound_visits sum = {0};

    for (uint32_t segment = 0; segment < d->segment_count; segment++) {
        const struct segment *s = &d->segment[segment];
        bool switches = (s->switch_ppm != 0 && w->model->integration.inventory == OMO_MERGED) ||
                        s->stockout.endless_aisle_ppm != 0;
        bool patient = law_is_zero(&s->patience);
        bool online = s->orders || switches;
        uint64_t lines = memory_bound_law(&s->lines, OMO_LINES_MAX), visits = 0;
        uint64_t parts = lines * memory_bound_law(&s->quantity, ORDERS_PARTS_MAX);
        if (parts > ORDERS_ALLOCATIONS_MAX)
            parts = ORDERS_ALLOCATIONS_MAX;
        for (uint32_t zone = 0; zone < d->zone_count; zone++)
            visits += arrivals_of_cell(&w->arrivals, demand_cell(d, segment, zone));
        sum.online += online ? visits : 0;
        /* A line is taken from the shelf and the rest of it backordered, ordered online, or
         * something else taken in its place; all of it may be put back. */
        sum.changes += visits * ((patient ? 2 : 4) * lines + (online ? parts : 0));
        if (online && model_gives_back(w->model))
            sum.changes += visits * parts;
        sum.carrying += patient ? 0 : visits;
    }
    return sum;
}

uint64_t memory_bound_triggers(const omo_model *m, uint64_t changes)
{
    return m->continuous ? changes * m->lane_depth : 0;
}

uint64_t memory_bound_claims(const omo_model *m)
{
    enum sync_kind kind = model_sync(m, OMO_DATA_MEMBERS).kind;

    return kind == SYNC_EVENT || kind == SYNC_PERIODIC ? m->demand.coupon_count : 0;
}

uint64_t memory_bound_part_events(const omo_model *m)
{
    return ORDERS_PARTS_MAX * (model_batches(m) ? 3 : 1);
}

/* A part has its events pending; so has a walk-in; shipments theirs; syncs, reviews and the like a
 * few. Each shipment takes from one position and fills another. */
struct memory_room memory_bound_day(const struct omo_world *w, uint64_t visits)
{
    struct memory_bound_visits of = memory_bound_visits(w);
    /* Every lot may expire tonight. */
    uint64_t changes = of.changes + w->model->network.lot_count;
    uint64_t triggers = memory_bound_triggers(w->model, changes);
    uint64_t returns = w->model->returns.on ? of.changes : 0;

    return (struct memory_room){
        .shipments = triggers,
        .chunks = triggers,
        .events = visits * memory_bound_claims(w->model) + visits + of.carrying +
                  of.online * memory_bound_part_events(w->model) + 2 * triggers + 64 + returns,
        .notes = changes + 2 * triggers + returns + (model_fetches(w->model) ? of.changes : 0),
        .visits = visits,
        .online = of.online,
        .carrying = of.carrying,
        .waiting = w->model->backorders ? of.changes : 0,
        /* Who holds points or a coupon is in the table already; a visit is of one member. */
        .members = visits < w->model->demand.member_count ? visits : w->model->demand.member_count,
        .returns = returns,
    };
}
