/* What channels say about their touch point, and segments about bursts.
 *
 * Steps that are written replace those of the kind, because their order is part of what is said. A
 * platform's new terms keep what they do not name. The end of the run is known here, so that an outage
 * or a change that would never come is found where it stands. */
#include "scenario/build.h"

#include <string.h>

static int64_t build_touch_horizon_us(struct build *b)
{
    int64_t horizon_us = INT64_MAX, warm_up_us;
    g_autoptr(GPtrArray) seen_elsewhere = diagnostic_list_new();

    if (!build_run_span(b->top, seen_elsewhere, &horizon_us, &warm_up_us))
        return INT64_MAX;
    return horizon_us;
}

static void build_touch_within(struct build *b, struct schema_value at, const char *what)
{
    if (schema_as_duration_us(at) >= build_touch_horizon_us(b))
        diagnostic_add(b->list, schema_position(at), "%s begins after the end of the run", what);
}

static void build_touch_steps(struct build *b, struct schema_value steps, omo_channel_options *o)
{
    if (!schema_is_present(steps))
        return;
    o->step_count = 0;
    for (uint32_t i = 0; i < schema_count(steps); i++) {
        const char *name = schema_item_name(steps, i);
        struct schema_value share = schema_item(steps, i);
        if (strlen(name) >= OMO_STEP_NAME_SIZE || name[0] == '\0') {
            diagnostic_add(b->list, schema_item_name_position(steps, i),
                           "expected the name of a step, at most %d letters",
                           OMO_STEP_NAME_SIZE - 1);
            continue;
        }
        omo_touch_step *step = &o->step[o->step_count++];
        *step = (omo_touch_step){.abandon_ppm = (uint32_t)schema_as_share_ppm(share)};
        memcpy(step->name, name, strlen(name));
    }
}

static void build_touch_hours(struct build *b, struct schema_value channel, omo_channel_options *o)
{
    bool opens = schema_has(channel, "opens"), closes = schema_has(channel, "closes");

    if (!opens && !closes)
        return;
    if (opens != closes) {
        diagnostic_add(b->list, schema_position(schema_get(channel, opens ? "opens" : "closes")),
                       "hours need both: 'opens' and 'closes'");
        return;
    }
    o->opens_us = schema_get_time_of_day_us(channel, "opens");
    o->closes_us = schema_get_time_of_day_us(channel, "closes");
}

static void build_touch_outages(struct build *b, struct schema_value channel,
                                omo_channel_options *o)
{
    struct schema_value outages = schema_get(channel, "outages");
    struct schema_value down = schema_get(channel, "down");

    o->outage_count = schema_count(outages);
    for (uint32_t i = 0; i < o->outage_count; i++) {
        struct schema_value outage = schema_item(outages, i);
        build_touch_within(b, schema_get(outage, "from"), "an outage");
        o->outage[i] = (omo_outage){.from_us = schema_get_duration_us(outage, "from"),
                                    .for_us = schema_get_duration_us(outage, "for")};
    }
    if (!schema_is_present(down))
        return;
    o->down_every = schema_get_law(down, "every");
    o->down_for = schema_get_law(down, "for");
}

static void build_touch_terms(struct build *b, struct schema_value list, omo_channel_options *o)
{
    omo_terms before = {.at_us = -1,
                        .commission_ppm = o->commission_ppm,
                        .visit_cost_cents = o->visit_cost_cents};

    o->terms_count = schema_count(list);
    for (uint32_t i = 0; i < o->terms_count; i++) {
        struct schema_value terms = schema_item(list, i);
        struct schema_value at = schema_get(terms, "at");
        omo_terms *t = &o->terms[i];
        *t = before;
        t->at_us = schema_as_duration_us(at);
        build_touch_within(b, at, "a change of terms");
        if (t->at_us <= before.at_us)
            diagnostic_add(b->list, schema_position(at),
                           "changes of terms stand in the order of their times");
        if (schema_has(terms, "commission"))
            t->commission_ppm = (uint32_t)schema_get_share_ppm(terms, "commission");
        if (schema_has(terms, "visit_cost"))
            t->visit_cost_cents = schema_get_money_cents(terms, "visit_cost");
        before = *t;
    }
}

static void build_touch_costs(struct schema_value channel, omo_channel_options *o)
{
    if (schema_has(channel, "visit_cost"))
        o->visit_cost_cents = schema_get_money_cents(channel, "visit_cost");
    if (schema_has(channel, "acquisition"))
        o->acquisition_cents = schema_get_money_cents(channel, "acquisition");
    if (schema_has(channel, "acquisition_growth"))
        o->acquisition_growth_ppm = (uint32_t)schema_get_share_ppm(channel, "acquisition_growth");
    if (schema_has(channel, "agent_cost"))
        o->agent_cost_cents = schema_get_money_cents(channel, "agent_cost");
    if (schema_has(channel, "guide_share"))
        o->guide_share_ppm = (uint32_t)schema_get_share_ppm(channel, "guide_share");
}

static void build_touch_share(struct schema_value share, omo_channel_options *o)
{
    if (schema_has(share, "buyers"))
        o->share_ppm = (uint32_t)schema_get_share_ppm(share, "buyers");
    if (schema_has(share, "friends"))
        o->friends = schema_get_law(share, "friends");
    if (schema_has(share, "come"))
        o->come_ppm = (uint32_t)schema_get_share_ppm(share, "come");
    if (schema_has(share, "after"))
        o->come_after = schema_get_law(share, "after");
    if (schema_has(share, "generations"))
        o->generations = (uint32_t)schema_get_whole(share, "generations");
}

static void build_touch_group(struct schema_value group, omo_channel_options *o)
{
    if (schema_has(group, "size"))
        o->group_size = (uint32_t)schema_get_whole(group, "size");
    if (schema_has(group, "within"))
        o->group_within_us = schema_get_duration_us(group, "within");
    if (schema_has(group, "of"))
        o->group_scope = (omo_group_scope)schema_get_enum(group, "of");
}

static void build_touch_renewal(struct schema_value renewal, omo_channel_options *o)
{
    if (schema_has(renewal, "subscribe"))
        o->subscribe_ppm = (uint32_t)schema_get_share_ppm(renewal, "subscribe");
    if (schema_has(renewal, "every"))
        o->period_us = schema_get_duration_us(renewal, "every");
    if (schema_has(renewal, "skip"))
        o->skip_ppm = (uint32_t)schema_get_share_ppm(renewal, "skip");
    if (schema_has(renewal, "cancel"))
        o->cancel_ppm = (uint32_t)schema_get_share_ppm(renewal, "cancel");
}

/* A block of another kind of channel is a slip. */
static bool build_touch_block(struct build *b, struct schema_value channel, const char *key,
                              const char *kind)
{
    const char *is = schema_get_text(channel, "kind");

    if (!schema_has(channel, key))
        return false;
    if (strcmp(is, kind) == 0)
        return true;
    diagnostic_add(b->list, schema_position(schema_get(channel, key)),
                   "'%s' belongs to channels of kind %s, this one's is %s", key, kind, is);
    return false;
}

void build_touch(struct build *b, struct schema_value channel, omo_channel_options *options)
{
    build_touch_steps(b, schema_get(channel, "steps"), options);
    build_touch_hours(b, channel, options);
    build_touch_outages(b, channel, options);
    build_touch_costs(channel, options);
    build_touch_terms(b, schema_get(channel, "terms"), options);
    build_touch_block(b, channel, "guide_share", "guide_link");
    if (build_touch_block(b, channel, "share", "social_share"))
        build_touch_share(schema_get(channel, "share"), options);
    if (build_touch_block(b, channel, "group", "group_buy"))
        build_touch_group(schema_get(channel, "group"), options);
    if (build_touch_block(b, channel, "renewal", "subscription"))
        build_touch_renewal(schema_get(channel, "renewal"), options);
}

void build_bursts(struct build *b, struct schema_value segment, omo_segment_options *options)
{
    struct schema_value bursts = schema_get(segment, "bursts");

    options->burst_count = schema_count(bursts);
    for (uint32_t i = 0; i < options->burst_count; i++) {
        struct schema_value burst = schema_item(bursts, i);
        omo_burst *to = &options->burst[i];
        *to = (omo_burst){
            .first_us = schema_get_whole(burst, "first") * OMO_US_PER_DAY +
                        schema_get_time_of_day_us(burst, "at"),
            .every_us = schema_has(burst, "every") ? schema_get_duration_us(burst, "every") : 0,
            .for_us = schema_get_duration_us(burst, "for"),
            .decay_us = schema_get_duration_us(burst, "decay"),
            .visits = schema_get_number(burst, "visits"),
        };
        if (to->every_us != 0 && to->every_us < to->for_us)
            diagnostic_add(b->list, schema_position(schema_get(burst, "every")),
                           "a burst must end before the next one begins");
        if (to->every_us != 0 && to->every_us < OMO_US_PER_HOUR)
            diagnostic_add(b->list, schema_position(schema_get(burst, "every")),
                           "bursts must be an hour apart at least");
    }
}
