/* Choice by logit: multinomial (McFadden 1974), nested (Williams 1977; McFadden 1978).
 *
 * P(i) = exp(V_i) / (1 + sum exp(V_j)). Utilities are shifted by the largest one, so that
 * "always" (a very large utility) is a share of one and nothing overflows. One uniform word per
 * visit decides among cumulative shares, in the order of the alternatives: two settings meet the
 * same customer with the same word, so most customers choose alike under both.
 *
 * Nested: P(i) = P(nest) P(i | nest) with weights exp(lambda I) of a nest, where the inclusive value
 * is I = ln sum exp(V_j / lambda), and exp(V_i / lambda - I) within it. Their product is a weight
 * exp(W_i) with W_i = V_i / lambda - (1 - lambda) I, so the nested logit is a multinomial one of
 * other utilities. Taking the nest's best, M, out of I = M / lambda + ln S gives
 * W_i = M + (V_i - M) / lambda - (1 - lambda) ln S: differences of utilities are divided, never the
 * utilities, and S is 1 to the number of alternatives, so small lambdas and large utilities lose no
 * digits and nothing overflows. With lambda = 1 it is V_i again; such nests are none, so that the
 * bits are those of the multinomial logit. */
#include "demand/behaviour.h"

#include "base/maths.h"

#define BEHAVIOUR_NEAR_MM 50000 /* gravity grows no further than this near a shop */

double behaviour_utility(const struct segment *s, const struct channel *channel,
                         const struct behaviour_option *o, int64_t basket_cents)
{
    double basket = basket_cents > 0 ? (double)basket_cents : 1.0;
    double v = s->utility[o->channel];

    if (channel->mode->customer_travels)
        v -= s->distance_sensitivity * (double)o->distance_mm * 1e-6;
    v -= s->wait_sensitivity * (double)o->wait_us / (double)OMO_US_PER_HOUR;
    v -= s->fee_sensitivity * (double)o->fee_cents / 100.0;
    v += s->price_sensitivity * (double)o->discount_cents / basket;
    v -= s->missing_sensitivity * (double)o->missing_cents / basket;
    if (s->gravity && channel->mode->path == MODE_TAKE_AWAY) {
        double mm = (double)core_max_i64(o->distance_mm, BEHAVIOUR_NEAR_MM);
        v += s->gravity_attraction * o->size_log - s->gravity_distance * maths_log(mm * 1e-6);
    }
    return v + o->slot_utility;
}

void behaviour_nest(const struct segment *s, const uint8_t *channel, const bool *open,
                    uint32_t count, double *utility)
{
    for (uint32_t nest = 0; nest < s->nest_count; nest++) {
        double lambda = s->nest[nest].lambda, top = 0.0, sum = 0.0;
        uint32_t members = 0;

        for (uint32_t i = 0; i < count; i++)
            if (open[i] && (s->nest[nest].channel_mask >> channel[i] & 1) != 0)
                top = members++ == 0 || utility[i] > top ? utility[i] : top;
        if (members < 2)
            continue;
        for (uint32_t i = 0; i < count; i++)
            if (open[i] && (s->nest[nest].channel_mask >> channel[i] & 1) != 0)
                sum += maths_exp((utility[i] - top) / lambda);
        double shared = (1.0 - lambda) * maths_log(sum);
        for (uint32_t i = 0; i < count; i++)
            if (open[i] && (s->nest[nest].channel_mask >> channel[i] & 1) != 0)
                utility[i] = top + (utility[i] - top) / lambda - shared;
    }
}

double behaviour_weights(const double *utility, const bool *open, uint32_t count,
                         double *ret_weight)
{
    double top = 0.0, sum;

    for (uint32_t i = 0; i < count; i++)
        if (open[i] && utility[i] > top)
            top = utility[i];
    sum = maths_exp(-top);
    for (uint32_t i = 0; i < count; i++) {
        ret_weight[i] = open[i] ? maths_exp(utility[i] - top) : 0.0;
        sum += ret_weight[i];
    }
    return sum;
}

uint32_t behaviour_choose(const double *utility, const bool *open, uint32_t count,
                          struct draw_cursor *c)
{
    double weight[OMO_ALTERNATIVES_MAX];
    double u = draw_unit(c);

    OMO_ASSERT(count <= OMO_ALTERNATIVES_MAX);
    u *= behaviour_weights(utility, open, count, weight);
    for (uint32_t i = 0; i < count; i++) {
        if (u < weight[i])
            return i;
        u -= weight[i];
    }
    return BEHAVIOUR_NOTHING;
}
