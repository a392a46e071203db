/* Group buys: orders that go on together, or not at all.
 *
 * Who chooses the channel pays and joins the group that is filling in the zone (or the chain), or
 * opens one. The n-th order makes the group, and all go on at once, in the order of joining; when
 * the time is up before, all have their money back. With joins at rate r the chance of a group is
 * that of n - 1 of them within its time, P(Poisson(r T) >= n - 1).
 *
 * What a customer has paid is held meanwhile and is nobody's sale: JOINED and GROUP_RELEASED, which the
 * audit adds up. Units are promised, not set aside: a reservation of stock for orders that may never
 * be made would starve the others, and the group is asked for only minutes or hours later. So an
 * order looks for its goods when the group is made, like one that is placed then, and pays for what
 * it gets. Lines are wanted then, not before. A join takes room for the order that it may become. */
#include "flow/world.h"

static uint32_t group_buy_column(const struct omo_world *w, const struct customer *c,
                                 uint32_t channel)
{
    const struct channel *ch = &w->model->demand.channel[channel];

    return ch->group_first + (ch->options.group_scope == OMO_GROUP_OF_ZONE ? c->zone : 0);
}

static uint32_t group_buy_open(struct omo_world *w, uint32_t channel, uint32_t column)
{
    struct groups *g = &w->groups;
    uint32_t slot = pool_take(&g->pool);

    g->group[slot] = (struct group){.opened_us = w->now_us,
                                    .first = OMO_NONE,
                                    .last = OMO_NONE,
                                    .column = column,
                                    .channel = channel};
    g->open[column] = slot;
    world_schedule(w, w->now_us + w->model->demand.channel[channel].options.group_within_us,
                   EVENT_GROUP_END, slot, g->pool.generation[slot], 0);
    return slot;
}

/* Takes the group off its column, and gives its slot back. */
static struct group group_buy_close(struct omo_world *w, uint32_t slot)
{
    struct group group = w->groups.group[slot];

    w->groups.open[group.column] = OMO_NONE;
    pool_give(&w->groups.pool, slot);
    return group;
}

/* An order of a group that is made: as if it were placed now. */
static void group_buy_order(struct omo_world *w, const struct joiner *j, uint32_t channel)
{
    struct customer c = {.order = j->identity,
                         .basket = j->basket,
                         .zone = j->zone,
                         .segment = j->segment,
                         .member = j->member,
                         .prospect = j->prospect,
                         .avoid = OMO_NONE,
                         .cause = (enum follow_cause)j->cause,
                         .from_channel = j->from_channel,
                         .depth = j->depth};
    struct feed_about about = world_about(j->identity, OMO_NONE, channel);
    struct candidates candidates;
    struct basket b;
    struct wish wish;

    if (!memory_before_visit(w))
        return;
    feed_span(&w->feed, FACT_GROUPED, about, 1, w->now_us - j->joined_us);
    feed_money(&w->feed, FACT_GROUP_RELEASED, about, 1, j->held_cents);
    order_near(w, &c);
    basket_draw(&w->model->demand, &w->model->network, &w->model->demand.segment[c.segment], w->key,
                c.basket, &b);
    order_choose_wish(&b, &wish);
    order_choose_lines(w, about, &b);
    order_gather(w, &c, channel, &wish, &candidates);
    if (w->model->demand.channel[channel].mode->path == MODE_COLLECT)
        order_gather_pickup(&candidates, &wish);
    order_place(w, &c, c.order, &wish, channel, &candidates);
}

static void group_buy_make(struct omo_world *w, uint32_t slot)
{
    struct group group = group_buy_close(w, slot);

    feed_span(&w->feed, FACT_GROUP_MADE, world_about(0, OMO_NONE, group.channel), group.count,
              w->now_us - group.opened_us);
    for (uint32_t at = group.first; at != OMO_NONE && w->status == OMO_OK;) {
        struct joiner j = w->groups.joiner[at];
        pool_give(&w->groups.joiners, at);
        group_buy_order(w, &j, group.channel);
        at = j.next;
    }
}

void group_buy_join(struct omo_world *w, const struct customer *c, const struct basket *b,
                    uint32_t channel)
{
    struct groups *g = &w->groups;
    uint32_t column = group_buy_column(w, c, channel);

    if (!memory_before_join(w))
        return;
    uint32_t slot = g->open[column], at = pool_take(&g->joiners);
    if (slot == OMO_NONE)
        slot = group_buy_open(w, channel, column);
    struct group *group = &g->group[slot];
    g->joiner[at] = (struct joiner){.identity = c->order,
                                    .basket = c->basket,
                                    .joined_us = w->now_us,
                                    .held_cents = b->cents,
                                    .zone = c->zone,
                                    .segment = c->segment,
                                    .member = c->member,
                                    .prospect = c->prospect,
                                    .next = OMO_NONE,
                                    .cause = (uint8_t)c->cause,
                                    .from_channel = (uint8_t)c->from_channel,
                                    .depth = (uint8_t)c->depth};
    if (group->first == OMO_NONE)
        group->first = at;
    else
        g->joiner[group->last].next = at;
    group->last = at;
    group->count++;
    feed_money(&w->feed, FACT_JOINED, world_about(c->order, OMO_NONE, channel), group->count,
               b->cents);
    if (group->count == w->model->demand.channel[channel].options.group_size)
        group_buy_make(w, slot);
}

void group_buy_end(struct omo_world *w, uint32_t slot)
{
    struct group group = group_buy_close(w, slot);

    feed_none(&w->feed, FACT_GROUP_FAILED, world_about(0, OMO_NONE, group.channel), group.count);
    for (uint32_t at = group.first; at != OMO_NONE;) {
        struct joiner j = w->groups.joiner[at];
        pool_give(&w->groups.joiners, at);
        feed_money(&w->feed, FACT_GROUP_RELEASED, world_about(j.identity, OMO_NONE, group.channel),
                   0, j.held_cents);
        at = j.next;
    }
}
