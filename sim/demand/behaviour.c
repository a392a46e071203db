/* Choice by multinomial logit (McFadden 1974).
 *
 * P(i) = exp(V_i) / (1 + sum exp(V_j)). Utilities are shifted by the largest one, so that
 * "always" (a very large utility) is a share of one and nothing overflows. One uniform word per
 * visit decides among cumulative shares, in the order of the channels: two settings meet the same
 * customer with the same word, so most customers choose alike under both. */
#include "demand/behaviour.h"

#include "base/maths.h"

double behaviour_utility(const struct segment *s, const struct channel *channel,
                         const struct behaviour_option *o, int64_t basket_cents)
{
    const omo_channel_options *options = &channel->options;
    double basket = basket_cents > 0 ? (double)basket_cents : 1.0;
    double v = s->utility[o->channel];

    if (channel->mode->customer_travels || channel->kind->in_shop)
        v -= s->distance_sensitivity * (double)o->distance_mm * 1e-6;
    v -= s->wait_sensitivity * (double)options->promise_us / (double)OMO_US_PER_HOUR;
    v -= s->fee_sensitivity * (double)o->fee_cents / 100.0;
    v += s->price_sensitivity * (double)o->discount_cents / basket;
    v -= s->missing_sensitivity * (double)o->missing_cents / basket;
    return v;
}

uint32_t behaviour_choose(const double *utility, const bool *open, uint32_t count,
                          struct draw_cursor *c)
{
    double top = 0.0, sum, weight[OMO_CHANNELS_MAX];
    double u = draw_unit(c);

    for (uint32_t i = 0; i < count; i++)
        if (open[i] && utility[i] > top)
            top = utility[i];
    sum = maths_exp(-top);
    for (uint32_t i = 0; i < count; i++) {
        weight[i] = open[i] ? maths_exp(utility[i] - top) : 0.0;
        sum += weight[i];
    }
    u *= sum;
    for (uint32_t i = 0; i < count; i++) {
        if (u < weight[i])
            return i;
        u -= weight[i];
    }
    return BEHAVIOUR_NOTHING;
}
