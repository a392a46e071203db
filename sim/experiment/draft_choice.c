/* What a segment may say about its choices and reactions, and a channel about places and slots:
 * everything that can be told before the whole model is there. What needs the other channels is
 * seal_choice.c's. */
#include "experiment/draft.h"

static bool draft_choice_finite(double value) { return value - value == 0.0; }

static omo_status draft_choice_nests(const omo_segment_options *o, const char *id,
                                     omo_error *ret_error)
{
    uint32_t seen = 0;

    DRAFT_CHECK(o->nest_count <= OMO_NESTS_MAX, "%s: a segment has at most %d nests", id,
                OMO_NESTS_MAX);
    for (uint32_t i = 0; i < o->nest_count; i++) {
        DRAFT_CHECK(o->nest[i].lambda > 0.0 && o->nest[i].lambda <= 1.0,
                    "%s: the lambda of a nest must be above 0 and at most 1, found %g", id,
                    o->nest[i].lambda);
        DRAFT_CHECK(o->nest[i].channel_mask != 0, "%s: a nest without channels", id);
        DRAFT_CHECK((o->nest[i].channel_mask & seen) == 0, "%s: a channel stands in two nests", id);
        seen |= o->nest[i].channel_mask;
    }
    return OMO_OK;
}

/* A law whose every draw is 0 would be a wish for nothing; constant 0 says so, others must mean
 * something. */
static omo_status draft_choice_laws(struct arena *tables, omo_segment_options *o,
                                    omo_error *ret_error)
{
    omo_law *law[] = {&o->showroom.delay, &o->webroom.delay, &o->stockout.travel, &o->balk_wait,
                      &o->patience};

    for (size_t i = 0; i < sizeof(law) / sizeof(law[0]); i++) {
        omo_status status = draft_keep_law(tables, law[i], ret_error);
        if (status != OMO_OK)
            return status;
    }
    return OMO_OK;
}

omo_status draft_check_choice(struct arena *tables, omo_segment_options *o, const char *id,
                              omo_error *ret_error)
{
    const omo_stockout *s = &o->stockout;
    uint64_t shares = (uint64_t)o->switch_ppm + s->substitute_ppm + s->endless_aisle_ppm +
                      s->other_store_ppm + s->backorder_ppm;
    omo_status status = draft_choice_nests(o, id, ret_error);

    if (status != OMO_OK)
        return status;
    DRAFT_CHECK(draft_choice_finite(o->gravity_attraction) &&
                    draft_choice_finite(o->gravity_distance) && o->gravity_attraction >= 0.0 &&
                    o->gravity_distance >= 0.0,
                "%s: gravity takes two numbers that are not negative", id);
    for (uint32_t i = 0; i < 24; i++)
        DRAFT_CHECK(draft_choice_finite(o->slot_utility[i]), "%s: a utility must be a number", id);
    DRAFT_CHECK(shares <= OMO_PPM,
                "%s: what customers do about a stock-out adds up to %.6g %% of them", id,
                (double)shares / 1e4);
    DRAFT_CHECK(o->showroom.share_ppm <= OMO_PPM && o->webroom.share_ppm <= OMO_PPM &&
                    o->churn_late_ppm <= OMO_PPM && o->churn_cancelled_ppm <= OMO_PPM,
                "%s: a share can't be above 1", id);
    return draft_choice_laws(tables, o, ret_error);
}

omo_status draft_check_slots(const omo_channel_options *o, const struct mode_kind *mode,
                             const char *id, omo_error *ret_error)
{
    int64_t day_us = o->slot_until_us - o->slot_from_us;

    DRAFT_CHECK(o->place_count >= 1 && o->place_count <= REACH_COUNT_MAX,
                "%s: 1 to %d places can be alternatives, found %u", id, REACH_COUNT_MAX,
                o->place_count);
    DRAFT_CHECK(o->place_count == 1 || mode->customer_travels,
                "%s: customers choose a place only where they go there themselves; who serves them "
                "by %s is the routing's decision",
                id, mode->name);
    if (o->slot_us == 0)
        return OMO_OK;
    DRAFT_CHECK(mode->path != MODE_TAKE_AWAY, "%s: goods that are taken away have no time slots",
                id);
    DRAFT_CHECK(o->slot_count >= 1 && o->slot_count <= OMO_ALTERNATIVES_MAX,
                "%s: 1 to %d slots can be offered, found %u", id, OMO_ALTERNATIVES_MAX,
                o->slot_count);
    DRAFT_CHECK(o->slot_from_us >= 0 && o->slot_until_us <= OMO_US_PER_DAY && o->slot_us > 0 &&
                    day_us >= o->slot_us,
                "%s: no slot of that length fits between the first's begin and the last's end", id);
    return OMO_OK;
}
