/* What the clock does by itself: days begin and end, stock is synchronised, costs are charged,
 * books are opened and closed.
 *
 * A day begins in the system phase of its midnight: tomorrow's visits go onto the tape, lots
 * age, pools get room. Nothing else allocates. */
#include "base/money.h"
#include "flow/member.h"

/* As many facts as it takes: one holds a cost of 21 million, and 2^19 - 1 units. */
static void day_expire_facts(struct omo_world *w, uint32_t place, uint32_t sku, int32_t units)
{
    int32_t cost_cents = w->model->network.cost_cents[sku];
    int32_t most = cost_cents == 0
                       ? (int32_t)OMO_FACT_QUANTITY_MAX
                       : core_min_i32((int32_t)OMO_FACT_QUANTITY_MAX, INT32_MAX / cost_cents);

    while (units > 0) {
        int32_t part = core_min_i32(units, most);
        feed_line(&w->feed, FACT_WASTED, world_about(0, place, OMO_FACT_NO_CHANNEL), sku, part,
                  (int64_t)cost_cents * part);
        units -= part;
    }
}

static void day_expire(struct omo_world *w)
{
    const struct network *n = &w->model->network;

    for (uint32_t i = 0; i < n->place_count; i++) {
        const struct place *p = &n->place[i];
        if (p->assortment == OMO_NONE || n->assortment[p->assortment].lot_first == NULL)
            continue;
        const struct assortment *a = &n->assortment[p->assortment];
        for (uint32_t rank = 0; rank < a->count; rank++) {
            if (a->lot_first[rank] == OMO_NONE)
                continue;
            int32_t missing;
            int32_t units = stock_expire(&w->stock, i, p->position_first + rank, &missing);
            if (units + missing == 0)
                continue;
            day_expire_facts(w, i, a->sku[rank], units);
            stock_written(w, i, a->sku[rank], -missing);
            stock_changed(w, i, p->position_first + rank,
                          stock_free(&w->stock, p->position_first + rank) == 0);
        }
    }
}

bool day_begin(struct omo_world *w)
{
    int64_t midnight_us = w->day * OMO_US_PER_DAY;
    int64_t until_us = core_min_i64(midnight_us + OMO_US_PER_DAY, w->model->run.horizon_us);

    w->now_us = midnight_us;
    uint64_t visits = arrivals_count(&w->arrivals, w->day);
    if (!memory_before_day(w, visits))
        return false;
    if (w->day > 0 && w->model->network.lot_count != 0)
        day_expire(w);
    tape_clear(&w->tape);
    arrivals_draw(&w->arrivals, w->day, until_us, &w->tape);
    tape_sort(&w->tape, midnight_us, midnight_us + OMO_US_PER_DAY);
    w->visits_today = w->visits_first_quarter = 0;
    w->derived_today = 0;
    w->returned_today = 0;
    w->tally.arrival.candidates += w->arrivals.candidates;
    w->tally.arrival.accepted += w->arrivals.accepted;
    w->day++;
    points_lapse(w);
    return true;
}

void day_end(struct omo_world *w)
{
    struct tally *t = &w->tally;

    t->arrival.days++;
    t->arrival.visits += w->visits_today;
    t->arrival.visits_square += (core_int128)w->visits_today * w->visits_today;
    t->arrival.first_quarter_visits += w->visits_first_quarter;
    t->arrival.returned += w->returned_today;
    t->arrival.returned_square += (core_int128)w->returned_today * w->returned_today;
    (void)audit_night(w); /* a failure stops the world by its status */
    if (w->detail_kept)
        detail_day(&w->detail, w->day - 1, t);
}

void day_sync(struct omo_world *w)
{
    const omo_model *m = w->model;

    if (w->stock.fenced != NULL) {
        for (uint32_t i = 0; i < m->network.place_count; i++) {
            const struct place *p = &m->network.place[i];
            if (model_online_pool_of(m, p) != STOCK_FENCED)
                continue;
            uint32_t count = network_place_positions(&m->network, p);
            for (uint32_t rank = 0; rank < count; rank++)
                stock_fence(&w->stock, p->position_first + rank, m->integration.online_share_ppm);
        }
    }
    view_refresh(&w->view, &w->stock);
    if (w->refresh.kind == SYNC_PERIODIC)
        world_schedule(w, sync_next_us(&w->refresh, w->now_us), EVENT_SYNC, 0, 0, 0);
}

void day_charge(struct omo_world *w)
{
    const omo_cost_options *c = &w->model->costs;
    struct tally *t = &w->tally;

    t->cost_microcents.holding += (core_int128)t->gauge[GAUGE_UNITS].level * c->holding_microcents;
    t->cost_microcents.backorder +=
        (core_int128)t->gauge[GAUGE_BACKORDERS].level * c->backorder_microcents;
    t->review_count++;
    world_schedule(w, w->now_us + w->charge_us, EVENT_CHARGE, 0, 0, 0);
}

void day_warm_up(struct omo_world *w)
{
    struct tally *t = &w->tally;

    if (!audit_check(w))
        return;
    for (uint32_t kind = 0; kind < FACT_KIND_COUNT; kind++)
        if (kind != FACT_OPENING)
            memset(t->cell[kind], 0, sizeof(t->cell[kind]));
    memset(&t->arrival, 0, sizeof(t->arrival));
    memset(&t->wave, 0, sizeof(t->wave));
    memset(&t->cost_microcents, 0, sizeof(t->cost_microcents));
    t->review_count = t->cycle_count = 0;
    for (uint32_t i = 0; i < GAUGE_COUNT; i++) {
        gauge_touch(&t->gauge[i], w->now_us);
        t->gauge[i].area = 0;
    }
    audit_reset(w);
    w->detail.measuring = true;
}

bool day_opens_with(const struct omo_world *w, uint32_t place, uint32_t rank)
{
    const struct network *n = &w->model->network;
    const struct place *p = &n->place[place];
    struct draw_cursor c;

    if (p->opening_share_ppm >= OMO_PPM)
        return true;
    draw_begin(&c, w->key, DRAW_OPENING,
               (uint64_t)place << 32 | n->assortment[p->assortment].sku[rank], 0);
    return draw_share(&c, p->opening_share_ppm);
}

static void day_open_place(struct omo_world *w, uint32_t place)
{
    const struct network *n = &w->model->network;
    const struct place *p = &n->place[place];
    uint32_t count = network_place_positions(n, p);
    int64_t units = 0;

    for (uint32_t rank = 0; rank < count; rank++) {
        size_t position = p->position_first + rank;
        if (!day_opens_with(w, place, rank))
            continue;
        stock_open(&w->stock, place, position, n->opening[position]);
        units += n->opening[position];
    }
    feed_units(&w->feed, FACT_OPENING, place, units);
}

static bool day_reviews(const omo_model *m, uint32_t kind)
{
    return m->stocking[kind].options.review_us != 0 && model_supplies(m, kind);
}

int64_t day_charge_period_us(const omo_model *m)
{
    for (uint32_t kind = 0; kind < OMO_PLACE_KIND_COUNT; kind++)
        if (day_reviews(m, kind))
            return m->stocking[kind].options.review_us;
    return 0;
}

void day_open(struct omo_world *w)
{
    const omo_model *m = w->model;

    for (uint32_t i = 0; i < m->network.place_count; i++)
        day_open_place(w, i);
    shift_open(w);
    parcel_point_open(w);
    day_sync(w);
    member_open(w);
    for (uint32_t kind = 0; kind < OMO_PLACE_KIND_COUNT; kind++) {
        const omo_stocking_options *o = &m->stocking[kind].options;
        if (!day_reviews(m, kind))
            continue;
        world_schedule(w, o->review_at_us, EVENT_REVIEW, 0, 0, kind);
        if (m->costs.per_period && w->charge_us == 0) {
            w->charge_us = day_charge_period_us(m);
            world_schedule(w, o->review_at_us + o->review_us, EVENT_CHARGE, 0, 0, 0);
        }
    }
    channel_open_books(w);
    if (m->run.warm_up_us > 0)
        world_schedule(w, m->run.warm_up_us, EVENT_WARM_UP, 0, 0, 0);
    if (m->accuracy.on)
        stock_count_open(w);
    w->detail.measuring = m->run.warm_up_us == 0;
}

void day_close_books(struct omo_world *w)
{
    const omo_model *m = w->model;
    const omo_cost_options *c = &m->costs;
    struct tally *t = &w->tally;

    channel_close_books(w);
    for (uint32_t i = 0; i < GAUGE_COUNT; i++)
        gauge_touch(&t->gauge[i], w->now_us);
    t->span_us = m->run.horizon_us - m->run.warm_up_us;
    if (c->per_period) {
        t->cost.holding_cents = (int64_t)(t->cost_microcents.holding / 1000000);
        t->cost.backorder_cents = (int64_t)(t->cost_microcents.backorder / 1000000);
    } else {
        t->cost.holding_cents = money_of_area(t->gauge[GAUGE_UNITS].area, c->holding_microcents);
        t->cost.backorder_cents =
            money_of_area(t->gauge[GAUGE_BACKORDERS].area, c->backorder_microcents);
    }
    /* A share of value a year: cents x ppm / 365 days are microcents a day. */
    t->cost.holding_cents +=
        money_of_area(t->gauge[GAUGE_VALUE].area / 365 * c->holding_value_ppm, 1);
}
