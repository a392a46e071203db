/* Bursts of visits: a Poisson process with a density that begins at its highest and falls.
 *
 * Of a burst that begins at s, the share F(t) = (1 - exp(-t / d)) / (1 - exp(-T / d)) has come by s + t,
 * T being how long it takes and d its decay; without a decay F(t) = t / T. Parts of a Poisson process
 * over times that do not overlap are independent, so each day draws its own part of a burst that
 * passes midnight: a count with the part's mean, then points by inversion of F. All is keyed by the
 * cell and the day, the burst and which of its occurrences within the day it is.
 *
 * Ordinals run downwards from the last below ORDERS_DERIVED, so that a visit of a burst has the same
 * identity whatever the profile brings; sealing keeps the two apart. */
#include "demand/bursts.h"

#include "base/maths.h"
#include "network/orders.h"

#define BURSTS_A_DAY 64 /* occurrences of a burst within a day; they begin an hour apart at least */

struct bursts_part { /* of one occurrence, within the day */
    int64_t begin_us;
    int64_t from_us, to_us; /* since it began */
    double from, to;        /* F there */
};

static double bursts_until(const omo_burst *b, int64_t t_us)
{
    if (b->decay_us == 0)
        return (double)t_us / (double)b->for_us;
    double decay = (double)b->decay_us;
    return (1.0 - maths_exp(-(double)t_us / decay)) / (1.0 - maths_exp(-(double)b->for_us / decay));
}

static int64_t bursts_inverse_us(const omo_burst *b, double share)
{
    if (b->decay_us == 0)
        return (int64_t)(share * (double)b->for_us);
    double decay = (double)b->decay_us;
    return (int64_t)(-decay *
                     maths_log(1.0 - share * (1.0 - maths_exp(-(double)b->for_us / decay))));
}

/* First occurrence that may reach into the day. */
static int64_t bursts_first(const omo_burst *b, int64_t midnight_us)
{
    int64_t since_us = midnight_us - b->for_us - b->first_us;

    return b->every_us == 0 || since_us < 0 ? 0 : since_us / b->every_us;
}

/* The part of occurrence k within the day; false when there is none. */
static bool bursts_part_of(const omo_burst *b, int64_t midnight_us, int64_t k,
                           struct bursts_part *ret_part)
{
    struct bursts_part p = {.begin_us = b->first_us + k * b->every_us};

    p.from_us = core_max_i64(0, midnight_us - p.begin_us);
    p.to_us = core_min_i64(b->for_us, midnight_us + OMO_US_PER_DAY - p.begin_us);
    if (p.from_us >= p.to_us)
        return false;
    p.from = bursts_until(b, p.from_us);
    p.to = bursts_until(b, p.to_us);
    *ret_part = p;
    return true;
}

static uint32_t bursts_index(uint32_t burst, uint32_t occurrence, uint32_t which)
{
    return 2 * (burst * BURSTS_A_DAY + occurrence) + which;
}

static uint64_t bursts_entity(const struct bursts_cell *of)
{
    return (uint64_t)of->cell << 32 | (uint64_t)of->day;
}

/* How many visits the occurrence brings within the day. */
static uint32_t bursts_part_count(struct draw_key key, const struct bursts_cell *of, uint32_t burst,
                                  uint32_t occurrence, const struct bursts_part *part)
{
    const struct segment *s = of->segment;
    double mean = s->burst[burst].visits * s->burst_share[of->zone] * (part->to - part->from);
    struct draw_cursor c;

    draw_begin(&c, key, DRAW_BURST, bursts_entity(of), bursts_index(burst, occurrence, 0));
    return mean > 0.0 ? law_poisson(mean, &c) : 0;
}

static void bursts_part_draw(struct draw_key key, const struct bursts_cell *of, uint32_t burst,
                             uint32_t occurrence, const struct bursts_part *part, int64_t until_us,
                             uint32_t *ordinal, struct tape *tape)
{
    const omo_burst *b = &of->segment->burst[burst];
    uint32_t count = bursts_part_count(key, of, burst, occurrence, part);
    struct draw_cursor c;

    draw_begin(&c, key, DRAW_BURST, bursts_entity(of), bursts_index(burst, occurrence, 1));
    for (uint32_t i = 0; i < count; i++) {
        double share = part->from + draw_unit53(&c) * (part->to - part->from);
        int64_t since_us = core_max_i64(part->from_us, bursts_inverse_us(b, share));
        int64_t at_us = part->begin_us + core_min_i64(since_us, part->to_us - 1);
        uint32_t name = (*ordinal)--;
        if (at_us < until_us)
            tape_add(tape, (struct visit){.at_us = at_us, .cell = of->cell, .ordinal = name});
    }
}

uint32_t bursts_count(struct draw_key key, const struct bursts_cell *of)
{
    int64_t midnight_us = of->day * OMO_US_PER_DAY;
    uint32_t sum = 0;

    for (uint32_t i = 0; i < of->segment->burst_count; i++) {
        const omo_burst *b = &of->segment->burst[i];
        int64_t k = bursts_first(b, midnight_us);
        for (uint32_t n = 0; n < BURSTS_A_DAY && (b->every_us != 0 || n == 0); n++, k++) {
            struct bursts_part part;
            if (bursts_part_of(b, midnight_us, k, &part))
                sum += bursts_part_count(key, of, i, n, &part);
        }
    }
    return sum;
}

void bursts_draw(struct draw_key key, const struct bursts_cell *of, int64_t until_us,
                 struct tape *tape)
{
    int64_t midnight_us = of->day * OMO_US_PER_DAY;
    uint32_t ordinal = ORDERS_DERIVED - 1;

    for (uint32_t i = 0; i < of->segment->burst_count; i++) {
        const omo_burst *b = &of->segment->burst[i];
        int64_t k = bursts_first(b, midnight_us);
        for (uint32_t n = 0; n < BURSTS_A_DAY && (b->every_us != 0 || n == 0); n++, k++) {
            struct bursts_part part;
            if (bursts_part_of(b, midnight_us, k, &part))
                bursts_part_draw(key, of, i, n, &part, until_us, &ordinal, tape);
        }
    }
}
