/* Non-homogeneous Poisson arrivals.
 *
 * Given its number, the arrivals of a Poisson process are independent points with the density of
 * its rate. So a cell's day is a Poisson count and that many points: hour by the weekday's
 * cumulative profile, then uniform within the hour, two 32-bit words each, two points to a
 * Philox block. A sinusoidal rate is thinned (Lewis & Shedler 1979): candidates at the highest
 * rate, each kept with rate(t) / highest. Draws are keyed by (cell, day): stream index 0 gives
 * the count, index 1 the points. Ordinals number a cell's points in the order of drawing, from
 * 1, since an order called 0 would be none; thinned candidates keep theirs, so leaving one out
 * renames nobody. The words come in batches, so that a large cell's day has them by vectors.
 * Cost of a visit by an hourly profile: 16 ns drawn in batches (21 word by word), 8 ns sorted; and one
 * count a cell and day. */
#include "demand/arrivals.h"

#include "base/batch.h"
#include "base/maths.h"
#include "demand/bursts.h"

#define ARRIVALS_BATCH 128   /* points */
#define ARRIVALS_WORDS_MAX 3 /* of a point */

static const struct segment *arrivals_segment(const struct arrivals *a, uint32_t segment)
{
    return &a->demand->segment[segment];
}

/* Mean number of points that a cell's day proposes. */
static double arrivals_mean(const struct segment *s, uint32_t zone, uint32_t weekday)
{
    double mean = s->visits_per_day[zone];

    if (s->profile == OMO_PROFILE_HOURLY)
        return mean * s->day_share[weekday];
    if (s->profile == OMO_PROFILE_SINUSOID)
        return mean * (1.0 + s->amplitude);
    return mean;
}

static uint64_t arrivals_entity(uint32_t cell, int64_t day)
{
    return (uint64_t)cell << 32 | (uint64_t)day;
}

uint64_t arrivals_count(struct arrivals *a, int64_t day)
{
    const struct demand *d = a->demand;
    uint32_t weekday = (uint32_t)((d->first_weekday + day) % 7);
    uint64_t sum = 0;

    for (uint32_t segment = 0; segment < d->segment_count; segment++)
        for (uint32_t zone = 0; zone < d->zone_count; zone++) {
            uint32_t cell = demand_cell(d, segment, zone);
            double mean = arrivals_mean(arrivals_segment(a, segment), zone, weekday);
            struct draw_cursor cursor;
            draw_begin(&cursor, a->key, DRAW_ARRIVAL, arrivals_entity(cell, day), 0);
            a->count[cell] = mean > 0.0 ? law_poisson(mean, &cursor) : 0;
            sum += a->count[cell];
            if (d->segment[segment].burst_count == 0)
                continue;
            a->burst_count[cell] =
                bursts_count(a->key, &(struct bursts_cell){&d->segment[segment], zone, cell, day});
            sum += a->burst_count[cell];
        }
    return sum;
}

static int64_t arrivals_hourly_us(const uint64_t hour_until[24], const uint32_t *word)
{
    uint32_t hour = 0;

    while (word[0] >= hour_until[hour])
        hour++;
    return hour * OMO_US_PER_HOUR +
           (int64_t)(((uint64_t)word[1] * (uint64_t)OMO_US_PER_HOUR) >> 32);
}

static int64_t arrivals_flat_us(const uint32_t *word)
{
    uint64_t share = (uint64_t)word[0] << 32 | word[1];

    return (int64_t)(((core_uint128)share * (uint64_t)OMO_US_PER_DAY) >> 64);
}

/* Whether a candidate at `at_us` (since the run began) is kept. */
static bool arrivals_keep(const struct segment *s, int64_t at_us, uint32_t word)
{
    double phase = (double)(at_us % s->period_us) / (double)s->period_us;
    double share = (1.0 + s->amplitude * maths_sin(2.0 * MATHS_PI * phase)) / (1.0 + s->amplitude);

    return law_unit_of_word(word) < share;
}

static void arrivals_draw_cell(struct arrivals *a, uint32_t cell, const struct segment *s,
                               int64_t day, int64_t until_us, struct tape *tape)
{
    uint32_t weekday = (uint32_t)((a->demand->first_weekday + day) % 7);
    int64_t midnight_us = day * OMO_US_PER_DAY;
    uint32_t point_words = s->profile == OMO_PROFILE_SINUSOID ? 3 : 2;
    uint32_t words[ARRIVALS_BATCH * ARRIVALS_WORDS_MAX];
    struct draw_cursor cursor;

    draw_begin(&cursor, a->key, DRAW_ARRIVAL, arrivals_entity(cell, day), 1);
    for (uint32_t i = 0; i < a->count[cell]; i++) {
        const uint32_t *word = words + i % ARRIVALS_BATCH * point_words;
        if (i % ARRIVALS_BATCH == 0)
            batch_words(&cursor, core_min_u32(ARRIVALS_BATCH, a->count[cell] - i) * point_words,
                        words);
        int64_t at_us = midnight_us + (s->profile == OMO_PROFILE_HOURLY
                                           ? arrivals_hourly_us(s->hour_until[weekday], word)
                                           : arrivals_flat_us(word));
        if (s->profile == OMO_PROFILE_SINUSOID) {
            bool kept = arrivals_keep(s, at_us, word[2]);
            a->candidates++;
            a->accepted += kept;
            if (!kept)
                continue;
        }
        if (at_us < until_us)
            tape_add(tape, (struct visit){.at_us = at_us, .cell = cell, .ordinal = i + 1});
    }
}

void arrivals_draw(struct arrivals *a, int64_t day, int64_t until_us, struct tape *tape)
{
    const struct demand *d = a->demand;

    a->candidates = a->accepted = 0;
    for (uint32_t segment = 0; segment < d->segment_count; segment++)
        for (uint32_t zone = 0; zone < d->zone_count; zone++) {
            uint32_t cell = demand_cell(d, segment, zone);
            if (a->count[cell] != 0)
                arrivals_draw_cell(a, cell, arrivals_segment(a, segment), day, until_us, tape);
            if (d->segment[segment].burst_count != 0)
                bursts_draw(a->key, &(struct bursts_cell){&d->segment[segment], zone, cell, day},
                            until_us, tape);
        }
}
