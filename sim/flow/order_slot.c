/* Time slots of handing over.
 *
 * A channel's day from `slot_from` to `slot_until` is cut into slots of one length; what is left
 * over at the end is none. A customer is offered the next few that have not begun. How many orders
 * a place has taken in a slot is kept in a ring of as many cells as slots are offered: a slot enters
 * the ring when it comes on offer, and by then the one whose cell it takes has begun and can't be
 * booked any more. An order that is cancelled later keeps its place in the slot: the van was
 * planned. */
#include "flow/world.h"

static int64_t order_slot_per_day(const struct channel *channel)
{
    const omo_channel_options *o = &channel->options;

    return (o->slot_until_us - o->slot_from_us) / o->slot_us;
}

int64_t order_slot_first(const struct channel *channel, int64_t now_us)
{
    const omo_channel_options *o = &channel->options;
    int64_t per_day = order_slot_per_day(channel), day = now_us / OMO_US_PER_DAY;
    int64_t into_us = now_us % OMO_US_PER_DAY - o->slot_from_us;
    int64_t today = into_us <= 0 ? 0 : (into_us + o->slot_us - 1) / o->slot_us;

    return day * per_day + core_min_i64(today, per_day);
}

int64_t order_slot_begin_us(const struct channel *channel, int64_t slot)
{
    int64_t per_day = order_slot_per_day(channel);

    return slot / per_day * OMO_US_PER_DAY + channel->options.slot_from_us +
           slot % per_day * channel->options.slot_us;
}

static struct slot_booked *order_slot_cell(const struct omo_world *w, const struct channel *channel,
                                           uint32_t place, int64_t slot)
{
    uint32_t count = channel->options.slot_count;

    return &w->slot[channel->slot_first + (size_t)place * count + (uint64_t)slot % count];
}

bool order_slot_free(const struct omo_world *w, const struct channel *channel, uint32_t place,
                     int64_t slot)
{
    const struct slot_booked *cell = order_slot_cell(w, channel, place, slot);

    return channel->options.slot_capacity == 0 || cell->slot != slot + 1 ||
           cell->orders < channel->options.slot_capacity;
}

void order_slot_book(struct omo_world *w, const struct channel *channel, uint32_t place,
                     int64_t slot)
{
    struct slot_booked *cell = order_slot_cell(w, channel, place, slot);

    if (cell->slot != slot + 1)
        *cell = (struct slot_booked){.slot = slot + 1};
    cell->orders++;
}
