/* Checks of a touch point and of bursts, when they are added.
 *
 * What a kind has no use for must be left as it is by default: a group of a web shop, or what a guide
 * earns in a marketplace, is a slip that would go unnoticed. */
#include "experiment/draft.h"

#define MODEL_GROWTH_MAX (10 * OMO_PPM)
#define MODEL_GROUP_MAX 1000
#define MODEL_TIME_MAX (INT64_C(1) << 60)

static bool model_touch_finite(double value) { return value - value == 0.0; }

static omo_status model_touch_steps(const omo_channel_options *o, const char *id,
                                    omo_error *ret_error)
{
    DRAFT_CHECK(o->step_count <= OMO_STEPS_MAX, "%s: a touch point has at most %d steps", id,
                OMO_STEPS_MAX);
    for (uint32_t i = 0; i < o->step_count; i++) {
        DRAFT_CHECK(memchr(o->step[i].name, '\0', OMO_STEP_NAME_SIZE) != NULL &&
                        o->step[i].name[0] != '\0',
                    "%s: a step needs a name of at most %d letters", id, OMO_STEP_NAME_SIZE - 1);
        DRAFT_CHECK(o->step[i].abandon_ppm <= OMO_PPM,
                    "%s: more than 100 %% can't give up at step '%s'", id, o->step[i].name);
    }
    return OMO_OK;
}

static omo_status model_touch_times(const omo_channel_options *o, const char *id,
                                    omo_error *ret_error)
{
    DRAFT_CHECK(o->opens_us >= 0 && o->opens_us <= OMO_US_PER_DAY && o->closes_us >= 0 &&
                    o->closes_us <= OMO_US_PER_DAY,
                "%s: opening hours must lie within a day", id);
    DRAFT_CHECK(o->outage_count <= OMO_OUTAGES_MAX, "%s: a channel has at most %d planned outages",
                id, OMO_OUTAGES_MAX);
    for (uint32_t i = 0; i < o->outage_count; i++)
        DRAFT_CHECK(o->outage[i].from_us >= 0 && o->outage[i].from_us < MODEL_TIME_MAX &&
                        o->outage[i].for_us > 0 && o->outage[i].for_us < MODEL_TIME_MAX,
                    "%s: an outage must begin at 0 or later and take more than 0", id);
    DRAFT_CHECK((omo_law_mean(&o->down_every) > 0.0) == (omo_law_mean(&o->down_for) > 0.0),
                "%s: outages by chance need a time between them and a time that they take", id);
    DRAFT_CHECK(o->terms_count <= OMO_TERMS_MAX, "%s: a channel changes its terms at most %d times",
                id, OMO_TERMS_MAX);
    for (uint32_t i = 0; i < o->terms_count; i++) {
        DRAFT_CHECK(o->terms[i].at_us >= 0 && o->terms[i].at_us < MODEL_TIME_MAX &&
                        (i == 0 || o->terms[i].at_us > o->terms[i - 1].at_us),
                    "%s: changes of terms must stand in the order of their times", id);
        DRAFT_CHECK(o->terms[i].commission_ppm <= OMO_PPM, "%s: a commission can't be above 100 %%",
                    id);
        DRAFT_CHECK(o->terms[i].visit_cost_cents >= 0, "%s: a fee or cost can't be negative", id);
    }
    return OMO_OK;
}

static omo_status model_touch_followed(const struct channel_kind *kind,
                                       const omo_channel_options *o, const char *id,
                                       omo_error *ret_error)
{
    bool shares = kind->way == CHANNEL_SHARES, groups = kind->way == CHANNEL_GROUPS;
    bool subscribes = kind->way == CHANNEL_SUBSCRIBES;

    DRAFT_CHECK(o->share_ppm <= OMO_PPM && o->come_ppm <= OMO_PPM && o->skip_ppm <= OMO_PPM &&
                    o->cancel_ppm <= OMO_PPM && o->subscribe_ppm <= OMO_PPM &&
                    o->guide_share_ppm <= OMO_PPM,
                "%s: a share can't be above 1", id);
    DRAFT_CHECK(o->generations < 255, "%s: links are passed on at most 254 times", id);
    DRAFT_CHECK(shares || o->share_ppm == 0, "%s: a channel of kind %s shares no links", id,
                kind->name);
    DRAFT_CHECK(groups || o->group_size == 0, "%s: a channel of kind %s has no groups", id,
                kind->name);
    DRAFT_CHECK(subscribes || o->subscribe_ppm == 0, "%s: a channel of kind %s has no subscribers",
                id, kind->name);
    DRAFT_CHECK(kind->guided || o->guide_share_ppm == 0, "%s: a channel of kind %s has no guides",
                id, kind->name);
    DRAFT_CHECK(!groups || (o->group_size >= 2 && o->group_size <= MODEL_GROUP_MAX),
                "%s: a group is made of 2 to %d orders", id, MODEL_GROUP_MAX);
    DRAFT_CHECK(!groups || (o->group_within_us > 0 && o->group_within_us < MODEL_TIME_MAX),
                "%s: a group needs some time to fill", id);
    DRAFT_CHECK(!subscribes || (o->period_us > 0 && o->period_us < MODEL_TIME_MAX),
                "%s: the period of a subscription must be above 0", id);
    return OMO_OK;
}

omo_status draft_check_touch(struct arena *tables, const struct channel_kind *kind,
                             omo_channel_options *options, const char *id, omo_error *ret_error)
{
    omo_channel_options *o = options;
    omo_law *law[] = {&o->down_every, &o->down_for, &o->friends, &o->come_after};

    DRAFT_CHECK(o->visit_cost_cents >= 0 && o->acquisition_cents >= 0 && o->agent_cost_cents >= 0,
                "%s: a fee or cost can't be negative", id);
    DRAFT_CHECK(o->acquisition_growth_ppm <= MODEL_GROWTH_MAX,
                "%s: what a customer costs can grow by at most 1000 %% a year", id);
    for (size_t i = 0; i < sizeof(law) / sizeof(law[0]); i++)
        if (draft_keep_law(tables, law[i], ret_error) != OMO_OK)
            return OMO_EINVAL;
    if (model_touch_steps(o, id, ret_error) != OMO_OK ||
        model_touch_times(o, id, ret_error) != OMO_OK)
        return OMO_EINVAL;
    return model_touch_followed(kind, o, id, ret_error);
}

omo_status draft_check_bursts(const omo_segment_options *options, const char *id,
                              omo_error *ret_error)
{
    DRAFT_CHECK(options->burst_count <= OMO_BURSTS_MAX, "%s: a segment has at most %d bursts", id,
                OMO_BURSTS_MAX);
    for (uint32_t i = 0; i < options->burst_count; i++) {
        const omo_burst *b = &options->burst[i];
        DRAFT_CHECK(b->first_us >= 0 && b->first_us < MODEL_TIME_MAX && b->decay_us >= 0 &&
                        b->decay_us < MODEL_TIME_MAX,
                    "%s: a burst can't begin or decay at a negative time", id);
        DRAFT_CHECK(b->for_us > 0 && b->for_us < MODEL_TIME_MAX,
                    "%s: a burst must take more than 0", id);
        DRAFT_CHECK(b->every_us == 0 || (b->every_us >= OMO_US_PER_HOUR &&
                                         b->every_us < MODEL_TIME_MAX && b->every_us >= b->for_us),
                    "%s: bursts must be an hour apart at least, and one must end before the next",
                    id);
        DRAFT_CHECK(b->visits >= 0.0 && model_touch_finite(b->visits),
                    "%s: a rate of visits can't be negative", id);
    }
    return OMO_OK;
}
