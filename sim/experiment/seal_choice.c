/* Sealing of the choices: nests, alternatives, slots, and who can reach what.
 *
 * Here the channels are all known, so that what a segment says about them can be checked: a nest or
 * a detour that names a channel which is not there, more alternatives than a visit has room for, a
 * utility that could overflow. Nests with lambda 1 are dropped: they are none, to the bit. */
#include "experiment/seal.h"

#include "base/maths.h"

#define SEAL_UTILITY_MAX 1e100  /* far from overflow, far above any meaning */
#define SEAL_DISTANCE_KM 9.3e12 /* what a distance in millimetres can hold */
#define SEAL_HOURS 2.6e9        /* what a time in microseconds can hold */
#define SEAL_MONEY 9.3e16       /* likewise of cents, in currency units */

static double seal_choice_size(double x) { return x < 0.0 ? -x : x; }

/* The largest utility that any basket, place and promise could give. */
static omo_status seal_choice_bound(const omo_segment_options *o, const char *id,
                                    omo_error *ret_error)
{
    double bound = OMO_UTILITY_ALWAYS +
                   seal_choice_size(o->distance_sensitivity) * SEAL_DISTANCE_KM +
                   seal_choice_size(o->wait_sensitivity) * SEAL_HOURS +
                   seal_choice_size(o->fee_sensitivity) * SEAL_MONEY +
                   seal_choice_size(o->price_sensitivity) * SEAL_MONEY +
                   seal_choice_size(o->missing_sensitivity) * SEAL_MONEY +
                   (o->gravity_attraction + o->gravity_distance) * 800.0;

    for (uint32_t i = 0; i < 24; i++)
        bound += seal_choice_size(o->slot_utility[i]);
    DRAFT_CHECK(bound < SEAL_UTILITY_MAX,
                "%s: its sensitivities are so large that a utility could overflow", id);
    return OMO_OK;
}

static omo_status seal_choice_nests(const omo_model *m, struct segment *to,
                                    const omo_segment_options *o, const char *id,
                                    omo_error *ret_error)
{
    uint32_t channels = m->demand.channel_count;

    for (uint32_t i = 0; i < o->nest_count; i++) {
        DRAFT_CHECK(o->nest[i].channel_mask >> channels == 0, "%s: a nest names an unknown channel",
                    id);
        if (o->nest[i].lambda < 1.0)
            to->nest[to->nest_count++] = o->nest[i];
    }
    return OMO_OK;
}

/* Channels that a detour's second visit may choose from: those named, or all that fit. */
static omo_status seal_choice_detour(const omo_model *m, const struct segment *s,
                                     const omo_detour *from, bool online, const char *name,
                                     const char *id, omo_detour *ret_detour, omo_error *ret_error)
{
    const struct demand *d = &m->demand;
    uint32_t fit = 0;

    for (uint32_t i = 0; i < s->offered_count; i++)
        if (d->channel[s->offered[i]].kind->online == online)
            fit |= 1u << s->offered[i];
    DRAFT_CHECK(from->channel_mask >> d->channel_count == 0, "%s: %s names an unknown channel", id,
                name);
    for (uint32_t i = 0; i < d->channel_count; i++)
        DRAFT_CHECK((from->channel_mask >> i & 1) == 0 || d->channel[i].kind->online == online,
                    "%s: %s leads to channels that are %s, and %s is not", id, name,
                    online ? "online" : "shops", d->channel[i].options.id);
    *ret_detour = *from;
    ret_detour->channel_mask = from->channel_mask != 0 ? from->channel_mask & fit : fit;
    if (ret_detour->channel_mask == 0) /* switched off with its channels */
        ret_detour->share_ppm = 0;
    return OMO_OK;
}

omo_status seal_choice(const omo_model *m, struct segment *to, const omo_segment_options *o,
                       const char *id, omo_error *ret_error)
{
    const struct demand *d = &m->demand;
    uint64_t alternatives = 0;
    omo_status status = seal_choice_bound(o, id, ret_error);

    if (status == OMO_OK)
        status = seal_choice_nests(m, to, o, id, ret_error);
    if (status == OMO_OK)
        status =
            seal_choice_detour(m, to, &o->showroom, true, "showroom", id, &to->showroom, ret_error);
    if (status == OMO_OK)
        status =
            seal_choice_detour(m, to, &o->webroom, false, "webroom", id, &to->webroom, ret_error);
    if (status != OMO_OK)
        return status;
    for (uint32_t i = 0; i < to->offered_count; i++) {
        const omo_channel_options *c = &d->channel[to->offered[i]].options;
        alternatives += (uint64_t)c->place_count * (c->slot_us != 0 ? c->slot_count : 1);
    }
    DRAFT_CHECK(
        alternatives <= OMO_ALTERNATIVES_MAX,
        "%s: its channels offer %llu alternatives of place and slot, and a visit can choose "
        "from %d at most",
        id, (unsigned long long)alternatives, OMO_ALTERNATIVES_MAX);
    to->gravity_attraction = o->gravity_attraction;
    to->gravity_distance = o->gravity_distance;
    to->gravity = o->gravity_attraction != 0.0 || o->gravity_distance != 0.0;
    to->sees_queue = o->sees_queue;
    memcpy(to->slot_utility, o->slot_utility, sizeof(to->slot_utility));
    to->stockout = o->stockout;
    to->balk_queue = o->balk_queue;
    to->balk_wait = o->balk_wait;
    to->patience = o->patience;
    to->churn_late_ppm = o->churn_late_ppm;
    to->churn_cancelled_ppm = o->churn_cancelled_ppm;
    return OMO_OK;
}

omo_status seal_slots(omo_model *m, omo_error *ret_error)
{
    struct demand *d = &m->demand;

    uint32_t kiosks = 0, parcels = 0;

    for (uint32_t i = 0; i < d->channel_count; i++) {
        const struct channel *c = &d->channel[i];
        if (!c->options.enabled || c->mode->path == MODE_TAKE_AWAY)
            continue;
        kiosks |= strcmp(c->kind->name, "kiosk") == 0 ? 1u << i : 0;
        parcels |= c->mode->path == MODE_PARCEL ? 1u << i : 0;
        d->online_mask |= c->kind->online ? 1u << i : 0;
    }
    d->screen_mask = kiosks != 0 ? kiosks : parcels;
    for (uint32_t i = 0; i < d->channel_count; i++) {
        const omo_channel_options *o = &d->channel[i].options;
        d->channel[i].slot_first = d->slot_cells;
        if (o->slot_us != 0)
            d->slot_cells += (size_t)m->network.place_count * o->slot_count;
    }
    DRAFT_CHECK(d->slot_cells < OMO_NONE, "the channels offer more than 2^32 - 1 places and slots");
    return OMO_OK;
}
