/* Who a visitor is to the chain.
 *
 * A zone's population is numbered in the order in which they may join. The first `joined` of it are
 * members, others by registering; the first `gone` of them have left again, others one by one. So a
 * member is two comparisons and, only when somebody of the table has left or registered, a lookup.
 * Which ids somebody has, whether these are linked and whether they consented are keyed draws of
 * the member: nothing of it is stored before it changes.
 *
 * With buying rates of their own (BG/NBD) the visitor is drawn with probability proportional to the
 * rate. Rates of a zone are the N quantile strata of gamma(r): rank i has the mean rate between the
 * quantiles i/N and (i+1)/N. A visitor's rate has the size-biased law, gamma(r + 1); one draw g of
 * it belongs to the stratum floor(N x P(r, g)), P being gamma(r)'s distribution function, and the
 * probability of each stratum is exactly its share of the rates. That is O(1) for any N and needs no
 * table. The rank is spread over the numbers by a stride of about N over the golden ratio, so that
 * the first to join are no slower buyers than the last. */
#include "flow/member.h"

#include "base/maths_gamma.h"
#include "base/pseudonym.h"

uint32_t member_draw(const struct omo_world *w, uint64_t order, uint32_t zone_index,
                     const struct segment *s)
{
    const struct zone *zone = &w->model->demand.zone[zone_index];

    if (s->member_share_ppm == 0 || zone->member_count == 0)
        return OMO_NONE;
    struct draw_cursor cursor;
    draw_begin(&cursor, w->key, DRAW_MEMBER, order, 0);
    if (!draw_share(&cursor, s->member_share_ppm))
        return OMO_NONE;
    if (w->model->members.lifetime_r <= 0.0 || !w->model->keeps_members)
        return zone->member_first + draw_below(&cursor, zone->member_count);
    double shape = w->model->members.lifetime_r;
    double u = maths_gamma_below(shape, law_gamma(shape + 1.0, &cursor));
    uint64_t rank = (uint64_t)(u * (double)zone->member_count);
    if (rank >= zone->member_count)
        rank = zone->member_count - 1;
    return zone->member_first + (uint32_t)(rank * zone->member_step % zone->member_count);
}

static bool member_flag(const struct omo_world *w, uint32_t member, uint32_t flag)
{
    const struct member *e = members_find(&w->members, member);

    return e != NULL && (e->flags & flag) != 0;
}

bool member_present(const struct omo_world *w, uint32_t zone, uint32_t member)
{
    const struct members *t = &w->members;
    uint32_t number = member - w->model->demand.zone[zone].member_first;

    if (t->zone != NULL) {
        const struct member_zone *z = &t->zone[zone];
        if (number >= z->joined &&
            (t->registered_count == 0 || !member_flag(w, member, MEMBER_REGISTERED)))
            return false;
        if (number < z->gone)
            return false;
    }
    return t->left_count == 0 || !member_flag(w, member, MEMBER_LEFT);
}

static bool member_left(const struct omo_world *w, uint32_t zone, uint32_t member)
{
    const struct members *t = &w->members;
    uint32_t number = member - w->model->demand.zone[zone].member_first;

    return (t->zone != NULL && number < t->zone[zone].gone) ||
           (t->left_count != 0 && member_flag(w, member, MEMBER_LEFT));
}

bool member_meet(struct omo_world *w, struct customer *c, uint32_t person)
{
    c->member = c->prospect = person;
    if (person == OMO_NONE || w->members.capacity == 0)
        return true;
    if (member_left(w, c->zone, person)) {
        feed_none(&w->feed, FACT_STAYED_AWAY, world_about(c->order, OMO_NONE, OMO_FACT_NO_CHANNEL),
                  1);
        return false;
    }
    if (!member_present(w, c->zone, person))
        c->member = OMO_NONE;
    return true;
}

omo_identity member_system(const struct channel *channel)
{
    return channel->kind->online ? OMO_ID_OWN : OMO_ID_TILL;
}

/* The static traits: bits of the ids, then consent, then linked. */
#define MEMBER_TRAIT_CONSENT (1u << OMO_ID_COUNT)
#define MEMBER_TRAIT_LINKED (2u << OMO_ID_COUNT)

static uint32_t member_traits(const struct omo_world *w, uint32_t member)
{
    const omo_member_options *o = &w->model->members;
    struct draw_cursor cursor;
    uint32_t traits = 0;

    draw_begin(&cursor, w->key, DRAW_IDENTITY, member, 0);
    for (uint32_t i = 0; i < OMO_ID_COUNT; i++)
        traits |= (uint32_t)draw_share(&cursor, o->id_ppm[i]) << i;
    if (traits == 0)
        traits = 1u << OMO_ID_TILL;
    bool consents = draw_share(&cursor, o->consent_ppm);
    bool linked = draw_share(&cursor, o->linked_ppm);
    if (consents)
        traits |= MEMBER_TRAIT_CONSENT;
    if (consents && linked && w->model->integration.members == OMO_MERGED)
        traits |= MEMBER_TRAIT_LINKED;
    return traits;
}

bool member_has_id(const struct omo_world *w, uint32_t member, omo_identity system)
{
    return (member_traits(w, member) >> system & 1) != 0 ||
           member_flag(w, member, (uint32_t)MEMBER_ID << system);
}

bool member_consents(const struct omo_world *w, uint32_t member)
{
    return (member_traits(w, member) & MEMBER_TRAIT_CONSENT) != 0;
}

bool member_linked(const struct omo_world *w, uint32_t member)
{
    return (member_traits(w, member) & MEMBER_TRAIT_LINKED) != 0 ||
           member_flag(w, member, MEMBER_LINKED);
}

uint32_t member_recognition(const struct omo_world *w, uint64_t order, uint32_t member,
                            uint32_t channel)
{
    const omo_member_options *o = &w->model->members;
    const struct channel *ch = &w->model->demand.channel[channel];
    struct draw_cursor cursor;

    if (member == OMO_NONE ||
        (!member_has_id(w, member, member_system(ch)) && !member_linked(w, member)))
        return OMO_NONE;
    if (ch->kind->online)
        return OMO_RECOGNISED_COUNT;
    draw_begin(&cursor, w->key, DRAW_RECOGNITION, order, 0);
    uint64_t point = ((uint64_t)draw_u32(&cursor) * OMO_PPM) >> 32;
    for (uint32_t i = 0; i < OMO_RECOGNISED_COUNT; i++) {
        if (point < o->recognition_ppm[i])
            return i;
        point -= o->recognition_ppm[i];
    }
    return OMO_NONE;
}

uint32_t member_wallet(const struct omo_world *w, const struct customer *c, uint32_t channel)
{
    if (!w->model->keeps_members || member_recognition(w, c->order, c->member, channel) == OMO_NONE)
        return OMO_NONE;
    return member_linked(w, c->member) ? OMO_ID_OWN
                                       : member_system(&w->model->demand.channel[channel]);
}

bool member_known(const struct omo_world *w, const struct customer *c, uint32_t channel)
{
    if (c->member == OMO_NONE)
        return false;
    if (w->model->keeps_members)
        return member_wallet(w, c, channel) == OMO_ID_OWN;
    return w->model->demand.channel[channel].kind->online ||
           w->model->integration.members == OMO_MERGED;
}

bool member_claims(const struct omo_world *w, const struct customer *c)
{
    return c->member != OMO_NONE &&
           (!w->model->keeps_members || member_has_id(w, c->member, OMO_ID_OWN) ||
            member_linked(w, c->member));
}

bool member_holds(const struct omo_world *w, uint32_t member, uint32_t coupon)
{
    const struct member *e = members_find(&w->members, member);

    return e != NULL && (e->coupon[coupon] & 1) != 0;
}

/* The last zone that begins at or before the number. */
uint32_t member_zone_of(const struct demand *d, uint32_t member)
{
    uint32_t low = 0, high = d->zone_count;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (d->zone[middle].member_first <= member)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void member_leave(struct omo_world *w, struct feed_about about, uint32_t member)
{
    uint32_t zone = member_zone_of(&w->model->demand, member);

    if (!member_present(w, zone, member))
        return;
    members_take(&w->members, member)->flags |= MEMBER_LEFT;
    w->members.left_count++;
    feed_none(&w->feed, FACT_MEMBERS_LEFT, about, 1);
    if (w->members.zone == NULL)
        return;
    w->members.zone[zone].left++;
    gauge_add(&w->tally.gauge[GAUGE_MEMBERS], w->now_us, -1);
}

uint32_t omo_world_pseudonym(const omo_world *world, uint32_t member)
{
    const struct draw_key key = draw_key_make(world->seed, UINT64_MAX);

    return pseudonym_of((uint64_t)key.word[0] << 32 | key.word[1], member,
                        world->model->demand.member_count);
}
