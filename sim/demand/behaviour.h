/* Behaviour: logit over alternatives, multinomial or nested, with "buy nothing" at utility 0 always
 * one of them. An alternative is a channel, with a place and a time slot where it offers several. */
#ifndef OMO_DEMAND_BEHAVIOUR_H
#define OMO_DEMAND_BEHAVIOUR_H

#include "demand/demand.h"

#define BEHAVIOUR_NOTHING UINT32_MAX

/* What a visitor knows of one alternative before choosing. */
struct behaviour_option {
    uint32_t channel;
    bool open;           /* some place can serve it */
    int64_t distance_mm; /* that the customer travels */
    int64_t wait_us;     /* promised, until the slot begins, or expected at the till */
    int64_t fee_cents;
    int64_t discount_cents;
    int64_t missing_cents; /* list value shown as sold out */
    double size_log;       /* of the shop: ln of its attraction */
    double slot_utility;   /* of the time of day of its slot */
};

/* Utility of an option for a basket of basket_cents. Source: McFadden 1974; linear in its
 * attributes, and in their logarithms where the segment has gravity (Huff 1964). */
double behaviour_utility(const struct segment *s, const struct channel *channel,
                         const struct behaviour_option *o, int64_t basket_cents);
/* Turns the utilities of a nested logit into those with which a multinomial one chooses alike:
 * behaviour_choose() and behaviour_weights() go on with them. Nothing happens in a segment without
 * nests. channel[i] is that of alternative i. */
void behaviour_nest(const struct segment *s, const uint8_t *channel, const bool *open,
                    uint32_t count, double *utility);
/* Weights of `count` options (at most OMO_ALTERNATIVES_MAX); a share is a weight over their sum,
 * which is returned and has that of buying nothing in it. The largest is 1 or near it. */
double behaviour_weights(const double *utility, const bool *open, uint32_t count,
                         double *ret_weight);
/* Chooses among options by their utilities; returns the index of the option or
 * BEHAVIOUR_NOTHING. */
uint32_t behaviour_choose(const double *utility, const bool *open, uint32_t count,
                          struct draw_cursor *c);

#endif
