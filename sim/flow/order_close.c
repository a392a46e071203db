/* The end of an order: all parts handed over, or back on a shelf. Its slot is given back and its
 * generation raised, so no late event can touch the next order there. */
#include "flow/member.h"

void order_give_back(struct omo_world *w, struct order_detail *d, struct feed_about about,
                     int64_t units, int64_t cents)
{
    bool due = d->due_cents > 0;

    OMO_ASSERT(!due || d->due_cents >= cents);
    if (due)
        d->due_cents -= cents;
    feed_money(&w->feed, due ? FACT_WAIVED : FACT_REFUNDED, about, units, cents);
}

void order_part_done(struct omo_world *w, uint32_t slot)
{
    struct order *o = &w->orders.order[slot];

    struct feed_about about = world_about(o->identity, OMO_NONE, o->channel);

    OMO_ASSERT(o->parts_open > 0);
    if (--o->parts_open != 0)
        return;
    struct order_detail *d = &w->orders.detail[o->detail];
    if (d->due_cents > 0) /* the fee of an order of which nothing was fetched */
        order_give_back(w, d, about, 0, d->due_cents);
    int64_t span_us = d->ready_us - o->placed_us;
    bool late = d->due_us != 0 && d->ready_us > d->due_us;
    if (late && w->model->costs.late_cents != 0)
        feed_money(&w->feed, FACT_PENALTY, about, 1, w->model->costs.late_cents);
    if (late)
        order_churn(w, o, CHURN_LATE);
    feed_span(&w->feed, FACT_CLOSED, about, !late && o->in_full, span_us);
    if (d->earns_cents != 0)
        points_earn(w, about, d->member, d->earns_cents);
    gauge_add(&w->tally.gauge[GAUGE_ORDERS_OPEN], w->now_us, -1);
    pool_give(&w->orders.details, o->detail);
    pool_give(&w->orders.slots, slot);
}
