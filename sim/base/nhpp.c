/* Arrivals by inversion of the cumulative rate, and by thinning.
 *
 * Let L(t) be the mean number of arrivals up to t. In the clock L arrivals are a Poisson process of
 * rate 1, so the next one after t is where L has grown by a unit exponential (Cinlar, "Introduction
 * to Stochastic Processes", 1975). For rates constant in pieces L is a polygon, `until` its corners:
 * whole periods are divided off, the corner is searched, and the rest is a division by the rate of
 * the piece. A piece of rate 0 has no length on L's axis, so no arrival can fall into it; the search
 * takes the first corner above the target, which passes over such pieces.
 *
 * Precision: everything is relative to the period in which `after` lies, so the rounding of doubles
 * is 10^-16 of a period's arrivals however long a run is. The microsecond of an arrival is kept
 * inside its piece.
 *
 * Thinning proposes at the bound's rate and keeps a proposal with probability rate / bound (Lewis and
 * Shedler, "Simulation of nonhomogeneous Poisson processes by thinning", Naval Research Logistics
 * Quarterly 26, 1979). The coin is 53 bits: rates of 10^-9 of the bound are kept as often as said.
 */
#include "base/nhpp.h"

#include "base/laws.h"

#define NHPP_TIME_MAX 0x1p62

void nhpp_init(struct nhpp *p, uint32_t count, const int64_t *begin_us, const double *per_hour,
               int64_t end_us, bool repeats, double *until)
{
    double sum = 0;

    OMO_ASSERT(count > 0);
    OMO_ASSERT(begin_us[0] == 0);

    for (uint32_t i = 0; i < count; i++) {
        int64_t next_us = i + 1 < count ? begin_us[i + 1] : end_us;

        OMO_ASSERT(next_us > begin_us[i]);
        OMO_ASSERT(per_hour[i] >= 0);
        sum += per_hour[i] * ((double)(next_us - begin_us[i]) / (double)OMO_US_PER_HOUR);
        until[i] = sum;
    }
    OMO_ASSERT(sum - sum == 0);
    *p = (struct nhpp){count, repeats, begin_us, per_hour, until, end_us};
}

/* The piece that holds `at_us`, below end_us. */
static uint32_t nhpp_piece_at(const struct nhpp *p, int64_t at_us)
{
    uint32_t low = 0, high = p->piece_count;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (p->begin_us[middle] <= at_us)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The first piece whose end is above `target` arrivals. */
static uint32_t nhpp_piece_of(const struct nhpp *p, double target)
{
    uint32_t low = 0, high = p->piece_count - 1;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (p->until[middle] > target)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static double nhpp_before(const struct nhpp *p, uint32_t piece)
{
    return piece > 0 ? p->until[piece - 1] : 0;
}

/* L(at_us) within one period. */
static double nhpp_cumulated(const struct nhpp *p, int64_t at_us)
{
    uint32_t piece = nhpp_piece_at(p, at_us);

    return nhpp_before(p, piece) +
           p->per_hour[piece] * ((double)(at_us - p->begin_us[piece]) / (double)OMO_US_PER_HOUR);
}

/* Where L reaches `target`, below the period's whole. */
static int64_t nhpp_inverse_us(const struct nhpp *p, double target)
{
    uint32_t piece = nhpp_piece_of(p, target);
    int64_t end_us = piece + 1 < p->piece_count ? p->begin_us[piece + 1] : p->end_us;
    double rest = (target - nhpp_before(p, piece)) / p->per_hour[piece];
    double us = rest * (double)OMO_US_PER_HOUR + 0.5;
    int64_t length_us = end_us - p->begin_us[piece];

    return p->begin_us[piece] +
           (us < (double)length_us ? core_max_i64((int64_t)us, 0) : length_us - 1);
}

static double nhpp_total(const struct nhpp *p) { return p->until[p->piece_count - 1]; }

double nhpp_mean(const struct nhpp *p, int64_t from_us, int64_t until_us)
{
    int64_t from_period = from_us / p->end_us, until_period = until_us / p->end_us;

    OMO_ASSERT(0 <= from_us);
    OMO_ASSERT(from_us <= until_us);

    if (!p->repeats) {
        double from = from_period > 0 ? nhpp_total(p) : nhpp_cumulated(p, from_us);

        return (until_period > 0 ? nhpp_total(p) : nhpp_cumulated(p, until_us)) - from;
    }
    return (double)(until_period - from_period) * nhpp_total(p) +
           nhpp_cumulated(p, until_us % p->end_us) - nhpp_cumulated(p, from_us % p->end_us);
}

int64_t nhpp_next_us(const struct nhpp *p, int64_t after_us, struct draw_cursor *c)
{
    double total = nhpp_total(p);
    double target = law_exponential(c);
    int64_t period = after_us / p->end_us;

    OMO_ASSERT(after_us >= 0);

    if (total <= 0 || (!p->repeats && period > 0))
        return NHPP_NEVER;
    target += nhpp_cumulated(p, after_us % p->end_us);
    if (target >= total) {
        double passed = maths_floor(target / total);

        if (!p->repeats || ((double)period + passed + 1) * (double)p->end_us >= NHPP_TIME_MAX)
            return NHPP_NEVER;
        target -= passed * total; /* rounding may leave it a digit outside 0 to total */
        if (target < 0)
            target = 0;
        period += (int64_t)passed;
        if (target >= total) {
            target -= total;
            period++;
        }
    }
    return core_max_i64(after_us, period * p->end_us + nhpp_inverse_us(p, target));
}

int64_t nhpp_thin_us(struct nhpp_thinning *t, int64_t after_us, int64_t until_us,
                     struct draw_cursor *c)
{
    double passed_us = 0;

    OMO_ASSERT(t->bound >= 0);
    OMO_ASSERT(after_us >= 0);

    if (t->bound <= 0)
        return NHPP_NEVER;
    for (;;) {
        int64_t at_us;
        double rate;

        passed_us += law_exponential(c) / t->bound * (double)OMO_US_PER_HOUR;
        if ((double)after_us + passed_us >= NHPP_TIME_MAX)
            return NHPP_NEVER;
        at_us = after_us + (int64_t)(passed_us + 0.5);
        if (at_us >= until_us)
            return NHPP_NEVER;
        rate = t->per_hour(t->context, at_us);
        OMO_ASSERT(rate >= 0);
        OMO_ASSERT(rate <= t->bound);
        t->proposals++;
        if (draw_unit53(c) * t->bound < rate) {
            t->acceptances++;
            return at_us;
        }
    }
}
