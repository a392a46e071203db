/* What a segment chooses by and how it reacts; the places and slots that a channel offers.
 *
 * Channels are named here and are bits to the library. An unknown one is a finding at its own
 * place in the file, with the nearest spelling; so is one that two nests name, which the library
 * could only report for the whole segment. */
#include "scenario/build.h"

#include <string.h>

void build_channels_choice(struct schema_value channel, omo_channel_options *options)
{
    struct schema_value slots = schema_get(channel, "slots");

    if (schema_has(channel, "places"))
        options->place_count = (uint32_t)schema_get_whole(channel, "places");
    if (!schema_is_present(slots))
        return;
    options->slot_us = schema_get_duration_us(slots, "length");
    options->slot_count = (uint32_t)schema_get_whole(slots, "count");
    options->slot_capacity = (uint32_t)schema_get_whole(slots, "capacity");
    options->slot_from_us = schema_get_time_of_day_us(slots, "from");
    options->slot_until_us = schema_get_time_of_day_us(slots, "until");
}

/* Bits of the channels in a list. */
static uint32_t build_choice_mask(struct build *b, struct schema_value list)
{
    uint32_t mask = 0;

    for (uint32_t i = 0; i < schema_count(list); i++) {
        struct schema_value item = schema_item(list, i);
        int64_t found = build_channel_find(b, schema_as_text(item), schema_position(item));
        if (found < 0)
            continue;
        const struct build_channel *channel =
            &g_array_index(b->channels, struct build_channel, found);
        if (channel->added)
            mask |= 1u << channel->channel.index;
    }
    return mask;
}

static void build_choice_nests(struct build *b, struct schema_value nests,
                               omo_segment_options *options)
{
    uint32_t seen = 0;

    for (uint32_t i = 0; i < schema_count(nests); i++) {
        struct schema_value nest = schema_item(nests, i);
        if (node_is_null(schema_node(nest))) /* taken away by a point */
            continue;
        uint32_t mask = build_choice_mask(b, schema_get(nest, "channels"));
        if ((mask & seen) != 0)
            diagnostic_add(b->list, schema_item_name_position(nests, i),
                           "nest '%s' has a channel that another nest has too",
                           schema_item_name(nests, i));
        seen |= mask;
        options->nest[options->nest_count++] =
            (omo_nest){.channel_mask = mask, .lambda = schema_get_number(nest, "lambda")};
    }
}

static void build_choice_detour(struct build *b, struct schema_value detour, omo_detour *ret_detour)
{
    if (!schema_is_present(detour))
        return;
    ret_detour->share_ppm = (uint32_t)schema_get_share_ppm(detour, "share");
    ret_detour->delay = schema_get_law(detour, "delay");
    ret_detour->channel_mask = build_choice_mask(b, schema_get(detour, "channels"));
}

static void build_choice_stockout(struct build *b, struct schema_value segment,
                                  omo_segment_options *options)
{
    struct schema_value stockout = schema_get(segment, "stockout");
    omo_stockout *s = &options->stockout;
    int64_t sum;

    options->switch_ppm = (uint32_t)schema_get_share_ppm(segment, "switch");
    if (!schema_is_present(stockout))
        return;
    if (schema_has(stockout, "switch") && schema_has(segment, "switch"))
        diagnostic_add(b->list, schema_position(schema_get(stockout, "switch")),
                       "the segment has a 'switch' already: keep one");
    if (schema_has(stockout, "switch"))
        options->switch_ppm = (uint32_t)schema_get_share_ppm(stockout, "switch");
    s->substitute_ppm = (uint32_t)schema_get_share_ppm(stockout, "substitute");
    s->endless_aisle_ppm = (uint32_t)schema_get_share_ppm(stockout, "endless_aisle");
    s->other_store_ppm = (uint32_t)schema_get_share_ppm(stockout, "other_store");
    s->backorder_ppm = (uint32_t)schema_get_share_ppm(stockout, "backorder");
    s->travel = schema_get_law(stockout, "travel");
    sum = (int64_t)options->switch_ppm + s->substitute_ppm + s->endless_aisle_ppm +
          s->other_store_ppm + s->backorder_ppm;
    if (sum > OMO_PPM)
        diagnostic_add(b->list, schema_position(stockout),
                       "the shares add up to %g%%, and customers do one thing each",
                       (double)sum / 1e4);
}

void build_segments_choice(struct build *b, struct schema_value segment,
                           omo_segment_options *options)
{
    struct schema_value gravity = schema_get(segment, "gravity");
    struct schema_value slot_utility = schema_get(segment, "slot_utility");
    struct schema_value balk = schema_get(segment, "balk"), churn = schema_get(segment, "churn");

    build_choice_nests(b, schema_get(segment, "nests"), options);
    if (schema_is_present(gravity)) {
        options->gravity_attraction = schema_get_number(gravity, "attraction");
        options->gravity_distance = schema_get_number(gravity, "distance");
    }
    options->sees_queue = schema_get_bool(segment, "sees_queue");
    for (uint32_t i = 0; i < schema_count(slot_utility); i++)
        options->slot_utility[i] = schema_as_number(schema_item(slot_utility, i));
    build_choice_detour(b, schema_get(segment, "showroom"), &options->showroom);
    build_choice_detour(b, schema_get(segment, "webroom"), &options->webroom);
    build_choice_stockout(b, segment, options);
    if (schema_has(balk, "queue"))
        options->balk_queue = (uint32_t)schema_get_whole(balk, "queue");
    if (schema_has(balk, "wait"))
        options->balk_wait = schema_get_law(balk, "wait");
    if (schema_is_present(balk) && !schema_has(balk, "queue") && !schema_has(balk, "wait"))
        diagnostic_add(b->list, schema_position(balk), "balk needs a queue or a wait");
    if (schema_has(segment, "patience"))
        options->patience = schema_get_law(segment, "patience");
    options->churn_late_ppm = (uint32_t)schema_get_share_ppm(churn, "late");
    options->churn_cancelled_ppm = (uint32_t)schema_get_share_ppm(churn, "cancelled");
}
