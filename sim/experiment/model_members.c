/* The members' options: their defaults, what of them makes sense, and what sealing makes of them.
 *
 * What can be said of the options alone is checked when they are set; whether there is a population,
 * and whether its visits agree with the law of its buying rates, when the model is sealed. */
#include "experiment/seal.h"

#include "base/maths.h"

omo_member_options omo_member_defaults(void)
{
    omo_member_options o = {
        .size = sizeof(o),
        .id_ppm = {OMO_PPM, OMO_PPM, OMO_PPM},
        .linked_ppm = OMO_PPM,
        .consent_ppm = OMO_PPM,
        .recognition_ppm = {OMO_PPM},
        .start_ppm = OMO_PPM,
        .growth_unit_us = 365 * OMO_US_PER_DAY,
        .growth_step_us = 365 * OMO_US_PER_DAY / 100,
        .retention_ppm = OMO_PPM,
        .retention_period_us = 365 * OMO_US_PER_DAY,
        .point_microcents = 1000000,
        .points_cover_ppm = OMO_PPM,
    };
    return o;
}

static omo_status model_check_members(const omo_member_options *o, omo_error *ret_error)
{
    uint64_t recognised = 0;

    for (uint32_t i = 0; i < OMO_ID_COUNT; i++)
        DRAFT_CHECK(o->id_ppm[i] <= OMO_PPM, "members: a share of ids can't be above 1");
    for (uint32_t i = 0; i < OMO_CHANNELS_MAX; i++)
        DRAFT_CHECK(o->register_ppm[i] <= OMO_PPM, "members: register can't be above 1");
    for (uint32_t i = 0; i < OMO_RECOGNISED_COUNT; i++)
        recognised += o->recognition_ppm[i];
    DRAFT_CHECK(recognised <= OMO_PPM,
                "members: the shares of recognition add up to %.6g, more than 1",
                (double)recognised / (double)OMO_PPM);
    DRAFT_CHECK(o->linked_ppm <= OMO_PPM && o->consent_ppm <= OMO_PPM && o->bind_ppm <= OMO_PPM &&
                    o->start_ppm <= OMO_PPM && o->retention_ppm <= OMO_PPM &&
                    o->points_spend_ppm <= OMO_PPM && o->points_cover_ppm <= OMO_PPM,
                "members: a share can't be above 1");
    DRAFT_CHECK(o->growth_p >= 0.0 && o->growth_q >= 0.0 && o->growth_p + o->growth_q <= 1000.0,
                "members: p and q of the growth must be 0 to 1000");
    DRAFT_CHECK(o->growth_unit_us > 0 && o->growth_step_us > 0 && o->retention_period_us > 0,
                "members: a period must be above 0");
    DRAFT_CHECK(o->lifetime_r >= 0.0 && o->lifetime_alpha_us >= 0.0 && o->lifetime_a >= 0.0 &&
                    o->lifetime_b >= 0.0 && o->lifetime_r <= 1e6 && o->lifetime_a <= 1e6 &&
                    o->lifetime_b <= 1e6 && o->lifetime_alpha_us < 1e30,
                "members: r, alpha, a and b of the lifetime can't be negative");
    DRAFT_CHECK((o->lifetime_r == 0.0 || o->lifetime_r >= 0.001) &&
                    (o->lifetime_a == 0.0 || (o->lifetime_a >= 0.001 && o->lifetime_b >= 0.001)),
                "members: r, a and b of the lifetime must be at least 0.001");
    DRAFT_CHECK(o->points_earn >= 0.0 && o->points_earn <= 1e6 && o->point_microcents >= 0 &&
                    o->point_microcents <= INT64_C(100000000000000),
                "members: points earned and their value can't be negative");
    DRAFT_CHECK(o->points_expiry_us >= 0 && o->points_expiry_us <= 36500 * OMO_US_PER_DAY,
                "members: points lapse after at most 100 years");
    DRAFT_CHECK(o->discount_ppm <= 100 * OMO_PPM, "members: a discount must be at most 10,000 %%");
    return OMO_OK;
}

omo_status omo_model_set_members(omo_model *model, const omo_member_options *options,
                                 omo_error *ret_error)
{
    DRAFT_OPEN(model, options);
    if (model_check_members(options, ret_error) != OMO_OK)
        return OMO_EINVAL;
    model->members = *options;
    model->keeps_members = true;
    return OMO_OK;
}

/* Visits a day of a zone's population. */
static double seal_members_visits(const struct demand *d, uint32_t zone)
{
    double visits = 0.0;

    for (uint32_t i = 0; i < d->segment_count; i++)
        visits += d->segment[i].visits_per_day[zone] * (double)d->segment[i].member_share_ppm /
                  (double)OMO_PPM;
    return visits;
}

static uint64_t seal_members_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The step that takes rank i to member i x step modulo count, so that the ranks of the first so many
 * members are spread evenly: its inverse is the number nearest to count / golden ratio without a
 * common divisor. */
static uint32_t seal_members_step(uint32_t count)
{
    const double golden = 0.6180339887498949;
    uint64_t stride = (uint64_t)((double)count * golden);
    int64_t before = 0, inverse = 1;

    if (count <= 3)
        return 1;
    while (seal_members_divisor(stride, count) != 1)
        stride++;
    /* Euclid's extended algorithm. */
    for (int64_t a = count, b = (int64_t)(stride % count); b != 0;) {
        int64_t quotient = a / b, rest = a % b, next = before - quotient * inverse;
        a = b;
        b = rest;
        before = inverse;
        inverse = next;
    }
    return (uint32_t)(before < 0 ? before + count : before);
}

static omo_status seal_members_lifetime(omo_model *m, omo_error *ret_error)
{
    const omo_member_options *o = &m->members;
    struct demand *d = &m->demand;

    for (uint32_t i = 0; i < d->zone_count && o->lifetime_r > 0.0; i++) {
        struct zone *z = &d->zone[i];
        double visits = seal_members_visits(d, i);
        double wanted = o->lifetime_alpha_us > 0.0
                            ? o->lifetime_r / o->lifetime_alpha_us * (double)OMO_US_PER_DAY *
                                  (double)z->member_count
                            : visits;
        z->member_step = seal_members_step(z->member_count);
        DRAFT_CHECK(visits >= wanted * 0.99 && visits <= wanted * 1.01,
                    "%s: its %u members visit %.6g times a day as the segments have it, but "
                    "%.6g times by members.lifetime (r / alpha each): let them agree, or leave "
                    "alpha out",
                    d->zone_id[i], z->member_count, visits, wanted);
    }
    return OMO_OK;
}

omo_status seal_members(omo_model *m, omo_error *ret_error)
{
    const omo_member_options *o = &m->members;
    const struct demand *d = &m->demand;
    bool registers = false;

    if (!m->keeps_members)
        return OMO_OK;
    DRAFT_CHECK(d->member_count > 0, "members: the zones have 0 members (demand.zones.members)");
    for (uint32_t i = 0; i < OMO_CHANNELS_MAX; i++)
        registers = registers || o->register_ppm[i] != 0;
    double visits = 0.0;
    for (uint32_t i = 0; i < d->zone_count; i++)
        visits += seal_members_visits(d, i);
    DRAFT_CHECK(visits > 0.0 || o->growth_p + o->growth_q > 0.0,
                "members: no segment has visits of members (demand.segments.member_share)");
    DRAFT_CHECK(
        o->growth_p > 0.0 || o->growth_q == 0.0 || o->start_ppm > 0 || registers,
        "members: by imitation alone (growth.q) nobody joins who is not there at the start");
    DRAFT_CHECK(o->retention_ppm == OMO_PPM || (o->growth_p + o->growth_q == 0.0 && !registers),
                "members: retention is for those who are there at the start: it can't go together "
                "with growth or registration");
    return seal_members_lifetime(m, ret_error);
}
